//! What the product does, a folder each. A slice may use the slices before it, in this order.

pub mod files;
pub mod inbox;
pub mod messages;
pub mod people;
pub mod reading;
pub mod reviews;
pub mod search;
pub mod summaries;
pub mod tasks;
pub mod views;
