//! Two nodes on one database: what is said on one is heard on the other, whatever happens to what is between them.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod crowd;
mod fleeting;
mod rights;
mod stage;
mod start;
mod volume;
