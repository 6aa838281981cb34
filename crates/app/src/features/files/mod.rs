//! Files that people attach to messages: received, staged, attached, shown to whoever may read the task, removed.
//!
//! A file comes with its message, or is staged first and then named by its id within [`STAGED_MILLIS`]. Its bytes are an
//! object in [`Storage`] under a random name; what is known of it is a row.
//!
//! Events: `attachment_removed`; that a message has files is told by the events of the message.
//!
//! Invariants:
//! - No object without a note of it: an upload is noted ([`clear`]) before its first byte is stored, and the note goes in
//!   the transaction that makes rows of its files. What refers to an object no more is noted for removal in the
//!   transaction that takes the row. So what a crash leaves is found.
//! - A file belongs to one message, of the task that it was sent for, by the person who sent it.
//! - What a file is, its bytes say ([`kind`]). Nothing that a person chose is in the name of an object.
//! - A file and its thumbnail come and go together: the name of the one follows from that of the other ([`clear`]).
//! - While somebody copies the database, no object is removed ([`clear`]): what a backup has found in its copy it finds
//!   in the store of files, too, whatever is deleted meanwhile.
//! - No file is ever whole in memory, but for the one image that is being made small ([`thumbnail`]).
//! - Who holds a signed address ([`link`]) gets no more by it than by the login that it was made for, and no longer.

mod attach;
mod clear;
mod download;
mod kind;
mod link;
mod meter;
mod name;
mod receive;
mod sql;
mod storage;
mod thumbnail;
mod upload;
mod view;

use std::sync::Arc;

use faff_types::Secret;
use tokio::sync::Notify;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub use attach::NewFiles;
pub(crate) use attach::{Attached, attach, remove, remove_all};
pub(crate) use clear::{clear, file_of, settle, sweep, thumbnail_of, upload_of};
pub(crate) use receive::{MessageForm, Sent};
pub use sql::objects;
pub use storage::{Bucket, Copied, Renewed, State, Storage, Unfit};
pub use view::Attachment;
pub(crate) use view::{AttachmentRef, Links};

/// Files of a request and of a message, at most.
pub const MOST_FILES: usize = 5;
/// Bytes of a file, at most.
pub const LARGEST: u64 = 10 * 1024 * 1024;
/// How long a staged file waits for its message.
pub const STAGED_MILLIS: i64 = 3600 * 1000;

/// What the application knows of files.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) storage: Storage,
    pub(crate) links: Links,
    signer: link::Signer,
    thumbnails: thumbnail::Thumbnails,
    /// There is something to remove.
    pub(crate) wake: Arc<Notify>,
}

impl Files {
    pub(crate) fn new(storage: Storage, base: Option<&str>, secret: &Secret<Vec<u8>>) -> Self {
        Self {
            storage,
            links: Links::new(base),
            signer: link::Signer::new(secret),
            thumbnails: thumbnail::Thumbnails::default(),
            wake: Arc::default(),
        }
    }
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload::handler))
        .routes(routes!(link::handler))
        .routes(routes!(download::handler))
}
