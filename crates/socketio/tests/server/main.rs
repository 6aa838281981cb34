//! The server at the wire, with a handler that does what its clients tell it. No database plays a part.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::indexing_slicing, reason = "of JSON, where what is missing is null")]

mod ends;
mod limits;
mod memory;
mod order;
mod panics;
mod polling;
mod support;
