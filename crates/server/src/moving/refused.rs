//! Why everything was left as it was.

use faff_app::http::Problem;
use faff_store::StoreError;

use crate::failure::Failure;

/// A sentence, and what else the command must know.
#[derive(Debug, Clone, Default)]
pub(super) struct Refused {
    pub(super) sentence: String,
    /// Whoever reads what is written has gone, and knows why.
    pub(super) broken_pipe: bool,
}

impl Refused {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), ..Self::default() }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<std::io::Error> for Refused {
    fn from(error: std::io::Error) -> Self {
        let broken_pipe = error.kind() == std::io::ErrorKind::BrokenPipe;
        Self { broken_pipe, ..Self::new(format!("it could not be written: {error}")) }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Failure::from(problem).into()
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Work(sentence) => Self::new(sentence),
            Failure::Settings(sentences) => Self::new(sentences.join("\n")),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Work(refused.sentence)
    }
}
