//! What is said of tickets by a machine: one `Ai`, and behind it either the engine that is built in or a language model
//! at an endpoint that speaks OpenAI's protocol.
//!
//! Invariants:
//! - An engine sees the one conversation that it is given, and knows no database. What its asker may not see never
//!   reaches it.
//! - With an endpoint, the endpoint serves. Its failure is a failure, told by a stable code: nobody is handed the work
//!   of another engine without knowing.
//! - What a model says is text of a stranger: of a known shape and bounded length, without control characters and
//!   markup, citing only messages it was shown and quoting only what stands in them; or it is refused.
//! - No key, prompt or answer is logged.

mod address;
mod answer;
mod ask;
mod breaker;
mod built_in;
mod counters;
mod endpoint;
mod model;
mod plain;
mod portion;
mod prompt;
mod schema;
mod send;

use std::time::Duration;

use faff_analysis::{Conversation, Message, Review, Summary};

use crate::Settings;
use crate::http::Code;
use built_in::BuiltIn;
use model::Model;

pub use breaker::Sign;
pub use counters::Counters;
pub use endpoint::{Endpoint, OpenAi};

/// What is said of tickets by a machine.
#[derive(Debug)]
pub struct Ai {
    built_in: BuiltIn,
    model: Option<Model>,
}

/// What an engine says, and which engine it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysed<T> {
    /// What it says.
    pub value: T,
    /// Which kind of engine.
    pub source: Source,
    /// The model, as it was asked for; none for the built-in engine.
    pub model: Option<String>,
}

/// A kind of engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A language model.
    Ai,
    /// The built-in engine.
    BuiltIn,
}

impl Source {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ai => "ai",
            Self::BuiltIn => "built-in",
        }
    }
}

/// Why an engine has nothing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AiError {
    /// For programs.
    pub code: Code,
    /// For people. It repeats nothing that was sent or answered.
    pub message: String,
    /// Whether it may go better later, with nothing changed.
    pub retry: bool,
}

impl AiError {
    fn new(code: Code, message: impl Into<String>, retry: bool) -> Self {
        Self { code, message: message.into(), retry }
    }

    /// The answer is not what was asked for. A model may do better the next time.
    fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::AiAnswerInvalid, message, true)
    }
}

impl Ai {
    /// The longest that an analysis takes before it is given up, waiting for its turn aside.
    pub const LONGEST: Duration = model::LONGEST;

    /// The engine that the settings ask for.
    pub(crate) fn new(settings: &Settings) -> Self {
        Self::with(settings.openai.clone())
    }

    /// A language model, or the built-in engine.
    pub fn with(openai: Option<OpenAi>) -> Self {
        Self { built_in: BuiltIn::default(), model: openai.map(Model::new) }
    }

    /// Whether a language model serves.
    pub fn enabled(&self) -> bool {
        self.model.is_some()
    }

    /// Puts a conversation in short. With `last`, the conversation holds what was said after it, which is folded into it;
    /// what `last` cites may be cited again.
    ///
    /// # Errors
    /// `ai_…`, as far as there is a language model.
    pub async fn summarise(
        &self,
        conversation: Conversation,
        last: Option<Summary>,
    ) -> Result<Analysed<Summary>, AiError> {
        match &self.model {
            Some(model) => Ok(model.named(model.summarise(&self.built_in, conversation, last).await?)),
            None => Ok(built_in(self.built_in.summarise(conversation, last).await?)),
        }
    }

    /// Gives an opinion of a message of a conversation. `guidance` is what the administrator wants to be looked at.
    ///
    /// # Errors
    /// `ai_…`, as far as there is a language model.
    pub async fn review(
        &self,
        conversation: Conversation,
        message: Message,
        guidance: &str,
    ) -> Result<Analysed<Review>, AiError> {
        match &self.model {
            Some(model) => Ok(model.named(model.review(&conversation, &message, guidance).await?)),
            None => Ok(built_in(self.built_in.review(conversation, message).await?)),
        }
    }

    /// How the endpoint was when it was last asked; none without one.
    pub fn sign(&self) -> Option<Sign> {
        self.model.as_ref().map(Model::sign)
    }

    /// What the endpoint was asked so far; none without one.
    pub fn counters(&self) -> Option<&Counters> {
        self.model.as_ref().map(Model::counters)
    }
}

fn built_in<T>(value: T) -> Analysed<T> {
    Analysed { value, source: Source::BuiltIn, model: None }
}
