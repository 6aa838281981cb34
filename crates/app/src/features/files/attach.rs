//! Gives files to a message, and takes them away: the steps that the doors of messages share.

use std::collections::{HashMap, HashSet};

use faff_store::{Reader, StoreError, Tx};
use faff_types::{AttachmentId, MessageId, TaskId, Timestamp, UserId};
use sha2::{Digest, Sha256};

use super::receive::NewFile;
use super::sql::{self, AttachmentRow};
use super::view::{Attachment, AttachmentRef, Links};
use super::{MOST_FILES, STAGED_MILLIS};
use crate::App;
use crate::access::{Edit, MessageKey, Permit, Post, Remove, TaskKey};
use crate::http::Problem;
use crate::http::text::Check;

/// Files that are to go with a message: staged before, or come with it.
#[derive(Debug, Clone, Default)]
pub struct NewFiles {
    pub(super) links: Links,
    pub(super) staged: Vec<AttachmentId>,
    /// The upload that they came by.
    pub(super) upload: Option<String>,
    pub(super) come: Vec<NewFile>,
}

impl NewFiles {
    /// Files that were staged before.
    pub(crate) fn staged(app: &App, refs: Option<Vec<AttachmentRef>>) -> Self {
        let staged = refs.unwrap_or_default().into_iter().map(|file| file.id).collect();
        Self { links: app.files().links.clone(), staged, ..Self::default() }
    }

    /// Refuses too many, and one twice.
    pub(crate) fn check(&self, check: &mut Check) {
        if self.len() > MOST_FILES {
            check.refuse("attachments", "length", format!("A message has at most {MOST_FILES} files"));
        } else if self.staged.iter().collect::<HashSet<_>>().len() < self.staged.len() {
            check.refuse("attachments", "duplicate", "attachments names a file twice");
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.staged.len() + self.come.len()
    }

    /// The upload that they came by, for [`super::settle`].
    pub(crate) fn upload(&self) -> Option<&str> {
        self.upload.as_deref()
    }

    /// Where files are read.
    pub(crate) const fn links(&self) -> &Links {
        &self.links
    }

    /// What distinguishes these files from others; nothing, without files.
    pub(crate) fn fingerprint(&self, hash: &mut Sha256) {
        for id in &self.staged {
            hash.update(b"\0staged\0");
            hash.update(id.as_str().as_bytes());
        }
        for file in &self.come {
            hash.update(b"\0file\0");
            hash.update(file.digest);
            hash.update(file.original_name.as_bytes());
        }
    }
}

/// Leave to give files to a message: to the new one that somebody posts, or to one's own.
pub(crate) trait MayAttach {
    /// The task.
    fn task(&self) -> TaskId;
}

impl MayAttach for Permit<'_, Post, TaskKey> {
    fn task(&self) -> TaskId {
        self.id
    }
}

impl MayAttach for Permit<'_, Edit, MessageKey> {
    fn task(&self) -> TaskId {
        self.task_id
    }
}

/// Gives files to a message of `sender` behind those it has, and returns them.
pub(crate) async fn attach(
    tx: &mut Tx<'_>,
    permit: &impl MayAttach,
    (message, sender, has_files): (MessageId, UserId, bool),
    files: &NewFiles,
    now: Timestamp,
) -> Result<Vec<Attachment>, Problem> {
    let task = permit.task();
    let mut place = if has_files { sql::next_place(tx, message).await? } else { 0 };
    let mut attached = Vec::with_capacity(files.len());
    if !files.staged.is_empty() {
        let since = now.plus_millis(-STAGED_MILLIS);
        let rows = sql::claim(tx, &files.staged, (task, sender, message), (place, since)).await?;
        if rows.len() < files.staged.len() {
            let text = "attachments must name files that you have staged for this task within the last hour, each \
                        for one message";
            return Err(Problem::field("attachments", "reference", text));
        }
        place += i64::try_from(rows.len()).unwrap_or(0);
        attached.extend(rows.into_iter().map(|row| Attachment::new(row, &files.links)));
    }
    if let Some(upload) = &files.upload {
        take_over(tx, upload).await?;
    }
    for file in &files.come {
        sql::insert(tx, file, (task, sender, Some(message)), (place, now)).await?;
        place += 1;
        attached.push(file.view(&files.links, now));
    }
    Ok(attached)
}

/// Ends an upload whose files become rows in this transaction.
pub(super) async fn take_over(tx: &mut Tx<'_>, upload: &str) -> Result<(), Problem> {
    if sql::end(tx, upload).await? {
        return Ok(());
    }
    Err(Problem::internal("an upload was cleared away before its files were taken"))
}

/// Takes one file from a message; `false` when it has no such file.
pub(crate) async fn remove(
    tx: &mut Tx<'_>,
    permit: &Permit<'_, Remove, MessageKey>,
    id: &AttachmentId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    sql::take(tx, permit.id, id, now).await
}

/// Takes all files from a message.
pub(crate) async fn remove_all(
    tx: &mut Tx<'_>,
    permit: &Permit<'_, Remove, MessageKey>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::take_all(tx, permit.id, now).await
}

/// The files of some messages.
#[derive(Debug)]
pub(crate) struct Attached {
    links: Links,
    rows: HashMap<MessageId, Vec<AttachmentRow>>,
}

impl Attached {
    /// Reads the files of these messages: one query, or none for no messages.
    pub(crate) async fn read(
        reader: &mut Reader<'_>,
        links: &Links,
        messages: Vec<MessageId>,
    ) -> Result<Self, StoreError> {
        let mut rows: HashMap<MessageId, Vec<AttachmentRow>> = HashMap::new();
        if !messages.is_empty() {
            for row in sql::of_messages(reader, &messages).await? {
                if let Some(message) = row.message_id {
                    rows.entry(message).or_default().push(row);
                }
            }
        }
        Ok(Self { links: links.clone(), rows })
    }

    /// The files of one message.
    pub(crate) fn of(&self, message: MessageId) -> Vec<Attachment> {
        let rows = self.rows.get(&message).map(Vec::as_slice).unwrap_or_default();
        rows.iter().map(|row| Attachment::new(row.clone(), &self.links)).collect()
    }
}
