//! What a message is. Pure.

use faff_types::{MessageId, TaskId, UserId};
use sha2::{Digest, Sha256};

use crate::App;
use crate::features::files::NewFiles;
use crate::features::people::{Rendered, render};
use crate::http::Problem;
use crate::http::text::Check;

/// A checked message-to-be.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// 1 to 20,000 characters of markdown; with files, it may be empty.
    pub content: String,
    /// The same, rendered.
    pub content_html: String,
    /// Whom it mentions.
    pub mentioned: Vec<UserId>,
    /// What it answers.
    pub reply_to_id: Option<MessageId>,
    /// The sender's own name for it.
    pub client_id: Option<String>,
    /// Its files.
    pub files: NewFiles,
}

impl NewMessage {
    /// Checks what was given, and renders it.
    ///
    /// # Errors
    /// `validation_failed`.
    pub async fn check(
        app: &App,
        content: Option<&str>,
        reply_to_id: Option<MessageId>,
        client_id: Option<String>,
        files: NewFiles,
    ) -> Result<Self, Problem> {
        let mut check = Check::default();
        let content = check_content(&mut check, content, !files.is_empty());
        files.check(&mut check);
        if let Some(name) = &client_id {
            let fits = (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
            if !fits {
                check.refuse("clientId", "format", "clientId must have 1 to 64 visible ASCII characters");
            }
        }
        check.done()?;
        let Rendered { html, mentioned } = render(app, &content).await?;
        Ok(Self { content, content_html: html, mentioned, reply_to_id, client_id, files })
    }

    /// What distinguishes this message from another under the same client id.
    pub(super) fn fingerprint(&self, task: TaskId) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(task.get().to_be_bytes());
        hash.update(self.reply_to_id.map_or(0, MessageId::get).to_be_bytes());
        hash.update(self.content.as_bytes());
        self.files.fingerprint(&mut hash);
        hash.finalize().into()
    }
}

/// Checks what is said, which may be nothing with files.
pub(super) fn check_content(check: &mut Check, given: Option<&str>, with_files: bool) -> String {
    match given {
        None if with_files => String::new(),
        None => {
            check.refuse("content", "required", "The field \"content\" is missing");
            String::new()
        }
        Some(given) => check.text("content", "Content", given, usize::from(!with_files)..=20_000),
    }
}

/// What is to become of a message.
#[derive(Debug, Clone)]
pub struct Revision {
    /// What it shall say, and the same rendered; `None` leaves it.
    pub(super) content: Option<(String, Rendered)>,
    /// Files to add.
    pub(super) files: NewFiles,
}

impl Revision {
    /// Checks what was given, and renders it. Whether a message may say nothing depends on its files.
    ///
    /// # Errors
    /// `validation_failed`.
    pub async fn check(app: &App, content: Option<&str>, files: NewFiles) -> Result<Self, Problem> {
        let mut check = Check::default();
        let given = content.map(|content| check_content(&mut check, Some(content), true));
        if content.is_none() {
            check_content(&mut check, None, !files.is_empty());
        }
        files.check(&mut check);
        check.done()?;
        let content = match given {
            Some(content) => Some((content.clone(), render(app, &content).await?)),
            None => None,
        };
        Ok(Self { content, files })
    }
}
