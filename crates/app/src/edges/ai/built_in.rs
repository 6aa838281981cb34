//! The engine that is built in: away from the threads that serve requests, and never more of it at once than the machine
//! has cores to spare.

use std::sync::Arc;

use faff_analysis::{Conversation, Message, Review, Summary};
use tokio::sync::Semaphore;

use super::AiError;
use crate::http::Code;

/// Computes what conversations say.
#[derive(Debug)]
pub(super) struct BuiltIn {
    turns: Arc<Semaphore>,
}

impl Default for BuiltIn {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        // One core is left to everybody else.
        Self { turns: Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))) }
    }
}

impl BuiltIn {
    pub(super) async fn summarise(
        &self,
        conversation: Conversation,
        last: Option<Summary>,
    ) -> Result<Summary, AiError> {
        self.run(move || faff_analysis::summarise(&conversation, last.as_ref())).await
    }

    pub(super) async fn review(
        &self,
        conversation: Conversation,
        message: Message,
    ) -> Result<Review, AiError> {
        self.run(move || faff_analysis::review(&conversation, &message)).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AiError> {
        let broken = |_| AiError::new(Code::Internal, "The built-in engine has failed", false);
        // The turn goes with the work, which nobody can stop once it runs.
        let turn = self.turns.clone().acquire_owned().await.map_err(|error| broken(error.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| broken(error.to_string()))
    }
}
