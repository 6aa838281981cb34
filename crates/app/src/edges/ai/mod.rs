//! The engines of analysis.

use faff_analysis::{Conversation, Message, Review, Summary};

use crate::Settings;
use crate::http::Code;

/// Which engine has said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A language model.
    Ai,
    /// The built-in engine.
    BuiltIn,
}

/// What an engine has said.
#[derive(Debug, Clone)]
pub(crate) struct Analysed<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
    pub(crate) model: Option<String>,
}

/// Why an engine has said nothing.
#[derive(Debug, Clone)]
pub(crate) struct AiError {
    pub(crate) code: Code,
    pub(crate) message: String,
    /// Whether it may pass.
    pub(crate) retry: bool,
}

/// The engines.
#[derive(Debug)]
pub(crate) struct Ai;

impl Ai {
    pub(crate) const fn new(_settings: &Settings) -> Self {
        Self
    }

    pub(crate) async fn summarise(
        &self,
        conversation: Conversation,
        last: Option<Summary>,
    ) -> Result<Analysed<Summary>, AiError> {
        let mut summary = last.unwrap_or_default();
        summary.issue = conversation.title;
        for message in conversation.messages {
            summary.content.push_str(&message.text);
            summary.content.push('\n');
            summary
                .key_points
                .push(faff_analysis::Point { text: message.text, message_ids: vec![message.id] });
        }
        Ok(Analysed { value: summary, source: Source::BuiltIn, model: None })
    }

    pub(crate) async fn review(
        &self,
        _conversation: Conversation,
        _message: Message,
        _guidance: &str,
    ) -> Result<Analysed<Review>, AiError> {
        Err(AiError { code: Code::Busy, message: String::new(), retry: false })
    }
}
