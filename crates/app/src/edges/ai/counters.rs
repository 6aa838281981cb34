//! What the endpoint was asked.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the start, for metrics.
#[derive(Debug, Default)]
pub struct Counters {
    questions: AtomicU64,
    answers: AtomicU64,
    attempts: AtomicU64,
    failures: AtomicU64,
    spared: AtomicU64,
    prompt_tokens: AtomicU64,
    answer_tokens: AtomicU64,
}

impl Counters {
    pub(super) fn count_question(&self) {
        self.questions.fetch_add(1, Ordering::Relaxed);
    }
    pub(super) fn count_attempt(&self) {
        self.attempts.fetch_add(1, Ordering::Relaxed);
    }
    pub(super) fn count_failure(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }
    pub(super) fn count_spared(&self) {
        self.spared.fetch_add(1, Ordering::Relaxed);
    }
    pub(super) fn count_answer(&self, prompt_tokens: u64, answer_tokens: u64) {
        self.answers.fetch_add(1, Ordering::Relaxed);
        self.prompt_tokens.fetch_add(prompt_tokens, Ordering::Relaxed);
        self.answer_tokens.fetch_add(answer_tokens, Ordering::Relaxed);
    }

    /// Questions that somebody had.
    pub fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }
    /// Questions that were answered, well or badly.
    pub fn answers(&self) -> u64 {
        self.answers.load(Ordering::Relaxed)
    }
    /// Requests that were sent.
    pub fn attempts(&self) -> u64 {
        self.attempts.load(Ordering::Relaxed)
    }
    /// Requests that brought no answer.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }
    /// Requests that were not sent, because the endpoint had failed too often.
    pub fn spared(&self) -> u64 {
        self.spared.load(Ordering::Relaxed)
    }
    /// Tokens of questions, as the endpoint counts them.
    pub fn prompt_tokens(&self) -> u64 {
        self.prompt_tokens.load(Ordering::Relaxed)
    }
    /// Tokens of answers, as the endpoint counts them.
    pub fn answer_tokens(&self) -> u64 {
        self.answer_tokens.load(Ordering::Relaxed)
    }
}
