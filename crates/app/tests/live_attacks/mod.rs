//! Attacks at the socket's edge: whoever tries them is refused, and nobody else notices.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod entry;
mod floods;
mod nonsense;
mod origins;
mod polling;
mod rooms;
mod size;
mod stalled;
mod strangers;
mod wire;
