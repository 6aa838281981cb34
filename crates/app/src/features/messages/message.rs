//! What a message is. Pure.

use faff_types::{MessageId, TaskId};
use sha2::{Digest, Sha256};

use crate::http::Problem;
use crate::http::text::{Check, render};

/// A checked message-to-be.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// 1 to 20,000 characters of markdown.
    pub content: String,
    /// The same, rendered.
    pub content_html: String,
    /// What it answers.
    pub reply_to_id: Option<MessageId>,
    /// The sender's own name for it.
    pub client_id: Option<String>,
}

impl NewMessage {
    /// Checks what was given, and renders it.
    ///
    /// # Errors
    /// `validation_failed`.
    pub async fn check(
        content: &str,
        reply_to_id: Option<MessageId>,
        client_id: Option<String>,
    ) -> Result<Self, Problem> {
        let mut check = Check::default();
        let content = check_content(&mut check, content);
        if let Some(name) = &client_id {
            let fits = (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
            if !fits {
                check.refuse("clientId", "format", "clientId must have 1 to 64 visible ASCII characters");
            }
        }
        check.done()?;
        Ok(Self { content_html: render(&content).await?, content, reply_to_id, client_id })
    }

    /// What distinguishes this message from another under the same client id.
    pub(super) fn fingerprint(&self, task: TaskId) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(task.get().to_be_bytes());
        hash.update(self.reply_to_id.map_or(0, MessageId::get).to_be_bytes());
        hash.update(self.content.as_bytes());
        hash.finalize().into()
    }
}

pub(super) fn check_content(check: &mut Check, given: &str) -> String {
    check.text("content", "Content", given, 1..=20_000)
}
