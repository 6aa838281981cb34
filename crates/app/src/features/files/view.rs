//! Files as JSON, shared by every door.

use std::sync::Arc;

use faff_types::{AttachmentId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::clear::thumbnail_of;
use super::sql::AttachmentRow;

/// A file of a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// The file.
    #[schema(value_type = String, format = "uuid")]
    pub id: AttachmentId,
    /// Its name here: random.
    #[schema(example = "5f3c9a17d2e84b60b1c5d7f09a3e42860")]
    pub filename: String,
    /// Its name where it came from, without folders and control characters.
    #[schema(example = "printer.jpg")]
    pub original_name: String,
    /// Where to read it, with the same login; a path, unless the server was told its own address.
    #[schema(example = "/uploads/messages/5f3c9a17d2e84b60b1c5d7f09a3e42860")]
    pub url: String,
    /// Where to read a small picture of it, the same way; `null` when there is none, as of what is no image, of one that
    /// cannot be read, and of one that is very large.
    #[schema(example = "/uploads/messages/5f3c9a17d2e84b60b1c5d7f09a3e42860t")]
    pub thumbnail_url: Option<String>,
    /// What it is, by its content.
    #[schema(example = "image/jpeg")]
    pub mimetype: String,
    /// Bytes.
    #[schema(example = 48213)]
    pub size: i64,
    /// Pixels from left to right, of an image whose header tells, as it is shown.
    pub width: Option<i64>,
    /// Pixels from top to bottom, of an image whose header tells, as it is shown.
    pub height: Option<i64>,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl Attachment {
    pub(super) fn new(row: AttachmentRow, links: &Links) -> Self {
        Self {
            id: AttachmentId::from_db(row.id),
            url: links.of(&row.stored),
            thumbnail_url: row.thumbnail.is_some().then(|| links.of(&thumbnail_of(&row.stored))),
            filename: row.stored,
            original_name: row.original_name,
            mimetype: row.mimetype,
            size: row.size,
            width: row.width,
            height: row.height,
            created_at: row.created_at,
        }
    }
}

/// A staged file, to go with a message.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttachmentRef {
    /// As the upload answered.
    #[schema(value_type = String, format = "uuid")]
    pub(crate) id: AttachmentId,
}

/// Where files are read, for whoever is told of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links(Arc<str>);

impl Links {
    /// By the server's own address, if it was told.
    pub(super) fn new(base: Option<&str>) -> Self {
        Self(base.unwrap_or_default().trim_end_matches('/').into())
    }

    /// The address of an object.
    pub(super) fn of(&self, stored: &str) -> String {
        format!("{}/uploads/messages/{stored}", self.0)
    }
}
