//! Asks an endpoint until it answers, within reason: several attempts within one deadline, a few questions at once, and
//! none while the endpoint rests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use faff_types::Random;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;
use tracing::field::Empty;

use super::breaker::{Breaker, Sign};
use super::counters::Counters;
use super::endpoint::OpenAi;
use super::prompt::Question;
use super::send::{Failure, Line, Part, Reply};
use super::{AiError, prompt};
use crate::http::Code;
use crate::trace::step;

/// Attempts at an answer.
const ATTEMPTS: u32 = 3;
/// The longest wait before the second attempt; it doubles with each.
const BACKOFF: Duration = Duration::from_millis(500);
/// The longest wait that an endpoint may ask for. Beyond it, whoever wants the answer comes back later.
const PATIENCE: Duration = Duration::from_secs(20);

/// An endpoint, and what is known of it.
#[derive(Debug)]
pub(super) struct Asker {
    line: Line,
    model: String,
    timeout: Duration,
    turns: Semaphore,
    breaker: Breaker,
    pub(super) counters: Counters,
    /// Whether it takes the shape of the answer; if not, it is asked for just an object.
    takes_schema: AtomicBool,
    /// Whether it takes a temperature.
    takes_temperature: AtomicBool,
}

impl Asker {
    pub(super) fn new(settings: OpenAi) -> Self {
        Self {
            line: Line::to(settings.endpoint, settings.api_key.as_ref()),
            model: settings.model,
            timeout: settings.timeout,
            turns: Semaphore::new(settings.concurrency),
            breaker: Breaker::new(settings.rest),
            counters: Counters::default(),
            takes_schema: AtomicBool::new(true),
            takes_temperature: AtomicBool::new(true),
        }
    }

    pub(super) fn model(&self) -> &str {
        &self.model
    }

    pub(super) fn sign(&self) -> Sign {
        self.breaker.last()
    }

    /// What the model says to a question.
    pub(super) async fn ask(&self, question: &Question) -> Result<String, AiError> {
        let closed = |_| AiError::new(Code::Internal, "The language model is asked no more", false);
        let _turn = self.turns.acquire().await.map_err(closed)?;
        self.counters.count_question();
        let deadline = Instant::now() + self.timeout;
        let mut attempt = 1;
        loop {
            let parts = self.parts();
            let failure = match self.attempt(question, parts, deadline).await {
                Ok(said) if prompt::is_repeated_in(&said) => {
                    return Err(AiError::invalid("The language model has repeated its question"));
                }
                Ok(said) => return Ok(said),
                Err(failure) => failure,
            };
            if let Failure::Unknown(part) = failure
                && parts.contains(&part)
            {
                self.leave_out(part);
                continue;
            }
            let wait =
                wait(failure, attempt).filter(|wait| attempt < ATTEMPTS && Instant::now() + *wait < deadline);
            let Some(wait) = wait else {
                return Err(tell(failure));
            };
            sleep(wait).await;
            attempt += 1;
        }
    }

    /// The parts that the endpoint is not known not to understand.
    fn parts(&self) -> &'static [Part] {
        let takes = |known: &AtomicBool| known.load(Ordering::Relaxed);
        match (takes(&self.takes_schema), takes(&self.takes_temperature)) {
            (true, true) => &[Part::Schema, Part::Temperature],
            (true, false) => &[Part::Schema],
            (false, true) => &[Part::Temperature],
            (false, false) => &[],
        }
    }

    /// Asks without this part from now on.
    fn leave_out(&self, part: Part) {
        let takes = match part {
            Part::Schema => &self.takes_schema,
            Part::Temperature => &self.takes_temperature,
        };
        takes.store(false, Ordering::Relaxed);
    }

    async fn attempt(
        &self,
        question: &Question,
        parts: &[Part],
        deadline: Instant,
    ) -> Result<String, Failure> {
        let Some(pass) = self.breaker.pass(Instant::now()) else {
            self.counters.count_spared();
            return Err(Failure::Resting);
        };
        self.counters.count_attempt();
        let started = Instant::now();
        let span = step!(
            "ask the language model",
            otel.kind = "client",
            otel.status_code = Empty,
            gen_ai.request.model = self.model,
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
            "error.type" = Empty,
        );
        let answered = timeout_at(deadline, self.line.send(self.body(question, parts)));
        let answered = answered.instrument(span.clone()).await;
        match answered.unwrap_or(Err(Failure::TimedOut)) {
            Ok(Reply { said, prompt_tokens, answer_tokens }) => {
                self.counters.count_answer(prompt_tokens, answer_tokens);
                span.record("gen_ai.usage.input_tokens", prompt_tokens);
                span.record("gen_ai.usage.output_tokens", answer_tokens);
                pass.worked(started.elapsed());
                Ok(said)
            }
            Err(failure) => {
                self.counters.count_failure();
                tracing::warn!(?failure, "the language model has not answered");
                let (code, message, _) = describe(failure);
                span.record("error.type", code.as_str());
                span.record("otel.status_code", "ERROR");
                match failure {
                    // It has answered, if not as hoped.
                    Failure::Declined | Failure::Cut | Failure::TooLong | Failure::Unknown(_) => {
                        pass.worked(started.elapsed());
                    }
                    Failure::RateLimited(_) | Failure::Refusing(_) => pass.complained(message),
                    _ => pass.failed(message, Instant::now()),
                }
                Err(failure)
            }
        }
    }

    fn body(&self, question: &Question, parts: &[Part]) -> Bytes {
        let mut body = json!({
            "model": self.model,
            "messages": [
                {"role": "system", "content": question.rules},
                {"role": "user", "content": question.material},
            ],
            "response_format": question.shape.response_format(parts.contains(&Part::Schema)),
        });
        if parts.contains(&Part::Temperature)
            && let Some(body) = body.as_object_mut()
        {
            // The most likely words, not the most surprising ones.
            body.insert("temperature".to_owned(), json!(0.1));
        }
        body.to_string().into()
    }
}

/// How long to wait before the next attempt, if another may help.
fn wait(failure: Failure, attempt: u32) -> Option<Duration> {
    let longest = BACKOFF * 2_u32.pow(attempt.min(6) - 1);
    match failure {
        Failure::RateLimited(Some(asked)) => {
            Some(asked).filter(|asked| *asked <= PATIENCE).map(|asked| asked + jitter(BACKOFF))
        }
        Failure::RateLimited(None) | Failure::Unreachable | Failure::Failing(_) => Some(jitter(longest)),
        _ => None,
    }
}

/// A random part of a time, so that those who failed together do not come back together.
fn jitter(longest: Duration) -> Duration {
    let byte = Random.bytes::<1>().map_or(u8::MAX, |[byte]| byte);
    longest * u32::from(byte) / 255
}

fn tell(failure: Failure) -> AiError {
    let (code, message, retry) = describe(failure);
    let message = match failure {
        Failure::Failing(status) | Failure::Refusing(status) => {
            format!("{message} (status {})", status.as_u16())
        }
        _ => message.to_owned(),
    };
    AiError::new(code, message, retry)
}

/// The code of a failure, what it is for people, and whether it may go better later.
fn describe(failure: Failure) -> (Code, &'static str, bool) {
    match failure {
        Failure::NoCertificates => (
            Code::AiUnavailable,
            "The system has no certificates to know the language model's endpoint by; install ca-certificates",
            false,
        ),
        Failure::Unreachable => {
            (Code::AiUnavailable, "The language model's endpoint cannot be reached", true)
        }
        Failure::TimedOut => (Code::AiTimeout, "The language model has not answered in time", true),
        Failure::Resting => (
            Code::AiUnavailable,
            "The language model's endpoint has failed several times and is left alone for a while",
            true,
        ),
        Failure::RateLimited(_) => {
            (Code::AiRateLimited, "The language model's endpoint has had too many requests", true)
        }
        Failure::Failing(_) => (Code::AiUnavailable, "The language model's endpoint fails", true),
        Failure::Redirecting => (
            Code::AiRefused,
            "The language model's endpoint points to another address, which is not followed; see OPENAI_BASE_URL",
            false,
        ),
        Failure::Refusing(_) | Failure::Unknown(_) => (
            Code::AiRefused,
            "The language model's endpoint refuses the request; see OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL",
            false,
        ),
        Failure::TooLong => (
            Code::AiTooLong,
            "This is longer than the language model can look at; lower OPENAI_CONTEXT_TOKENS",
            false,
        ),
        Failure::TooLarge => (Code::AiAnswerInvalid, "The language model's answer is too large", true),
        Failure::Unreadable => {
            (Code::AiAnswerInvalid, "The language model's endpoint does not speak the protocol", true)
        }
        Failure::Declined => (Code::AiRefused, "The language model declines to answer", false),
        Failure::Cut => (Code::AiAnswerInvalid, "The language model's answer ends in the middle", true),
    }
}
