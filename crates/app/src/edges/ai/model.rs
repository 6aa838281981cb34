//! A language model as an engine: questions of a size that it can take, and answers that have been checked.

use std::collections::BTreeSet;
use std::time::Duration;

use faff_analysis::{Conversation, Message, Review, Summary};
use tokio::time::timeout;

use super::ask::Asker;
use super::breaker::Sign;
use super::built_in::BuiltIn;
use super::counters::Counters;
use super::endpoint::OpenAi;
use super::portion::{Piece, portions};
use super::prompt::{self, Room};
use super::{AiError, Analysed, Source, answer};
use crate::http::Code;

/// The longest that an analysis takes, with all its questions.
pub(super) const LONGEST: Duration = Duration::from_mins(10);
/// Questions about one conversation, at most.
const PORTIONS: usize = 24;

/// A language model.
#[derive(Debug)]
pub(super) struct Model {
    asker: Asker,
    context_tokens: usize,
}

impl Model {
    pub(super) fn new(settings: OpenAi) -> Self {
        Self { context_tokens: settings.context_tokens, asker: Asker::new(settings) }
    }

    /// Says that this model has said it.
    pub(super) fn named<T>(&self, value: T) -> Analysed<T> {
        Analysed { value, source: Source::Ai, model: Some(self.asker.model().to_owned()) }
    }

    pub(super) fn sign(&self) -> Sign {
        self.asker.sign()
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.asker.counters
    }

    /// Sums a conversation up, portion by portion: each is folded into the summary of those before it.
    ///
    /// Of a conversation of more than [`PORTIONS`], what is older is first put in short by the built-in engine: a ticket of
    /// any length costs no more than so many questions.
    pub(super) async fn summarise(
        &self,
        built_in: &BuiltIn,
        conversation: Conversation,
        last: Option<Summary>,
    ) -> Result<Summary, AiError> {
        within(self.fold(built_in, conversation, last)).await
    }

    async fn fold(
        &self,
        built_in: &BuiltIn,
        conversation: Conversation,
        last: Option<Summary>,
    ) -> Result<Summary, AiError> {
        let room = Room::to_summarise(self.context_tokens);
        let mut portions = portions(&conversation.messages, room.messages);
        let mut known: BTreeSet<i64> = conversation.messages.iter().map(|message| message.id).collect();
        let mut so_far = last;
        known.extend(so_far.iter().flat_map(cited));
        if portions.len() > PORTIONS {
            let newer = portions.split_off(portions.len() - PORTIONS);
            let older: BTreeSet<i64> = portions.iter().flatten().map(Piece::id).collect();
            let older = Conversation {
                id: conversation.id,
                title: conversation.title.clone(),
                description: conversation.description.clone(),
                status: conversation.status.clone(),
                messages: conversation
                    .messages
                    .iter()
                    .filter(|one| older.contains(&one.id))
                    .cloned()
                    .collect(),
            };
            so_far = Some(built_in.summarise(older, so_far).await?);
            portions = newer;
        }
        // A ticket in which nothing was said is about something all the same.
        if portions.is_empty() {
            portions.push(Vec::new());
        }
        for portion in portions {
            let question = prompt::summarise(&conversation, so_far.as_ref(), &portion, room)?;
            let mut summary = answer::summary(&self.asker.ask(&question).await?, &known)?;
            let earlier = so_far.map(|earlier| earlier.entities).unwrap_or_default();
            summary.entities = answer::gather(earlier, summary.entities);
            so_far = Some(summary);
        }
        so_far.ok_or_else(|| AiError::new(Code::Internal, "There was nothing to sum up", false))
    }

    pub(super) async fn review(
        &self,
        conversation: &Conversation,
        message: &Message,
        guidance: &str,
    ) -> Result<Review, AiError> {
        let question = prompt::review(conversation, message, guidance, self.context_tokens)?;
        within(async { answer::review(&self.asker.ask(&question).await?, message) }).await
    }
}

/// The messages that a summary cites.
fn cited(summary: &Summary) -> impl Iterator<Item = i64> {
    let points = summary.key_points.iter().flat_map(|point| &point.message_ids);
    points.chain(summary.entities.iter().flat_map(|entity| &entity.message_ids)).copied()
}

async fn within<T>(work: impl Future<Output = Result<T, AiError>>) -> Result<T, AiError> {
    let late = |_| AiError::new(Code::AiTimeout, "The language model has taken too long", true);
    timeout(LONGEST, work).await.map_err(late)?
}
