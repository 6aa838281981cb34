//! The words every other crate speaks: ids, time, secrets. No I/O except reading the clock and the
//! operating system's randomness, each behind a value that a test can replace.

mod attachment;
mod id;
mod planted;
mod point;
mod random;
mod secret;
mod time;

pub use attachment::AttachmentId;
pub use id::{
    EntryId, Id, InvalidId, MAX_ID, MessageId, Position, ReviewId, SessionId, SummaryId, TaskId, UserId,
    ViewId, kind,
};
pub use planted::Planted;
pub use point::Point;
pub use random::Random;
pub use secret::Secret;
pub use time::{Clock, Timestamp};
