//! How a task fails: with a sentence for people and an exit code for programs.

use std::process::ExitCode;

/// What a task, or a step of one, comes to.
pub(crate) type Outcome = Result<(), Failure>;

/// Why a task failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// `None` when a program that failed has already said why.
    message: Option<String>,
    code: u8,
}

impl Failure {
    /// A failure with a sentence of its own.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), code: 1 }
    }

    /// The task was called wrongly.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), code: 2 }
    }

    /// A program ended with this code.
    pub(crate) fn exit(message: impl Into<String>, code: u8) -> Self {
        Self { message: Some(message.into()), code }
    }

    /// The same failure without a word, its cause having been told already.
    pub(crate) fn silent(self) -> Self {
        Self { message: None, ..self }
    }

    /// Says what there is to say at once, because other output is to come last.
    pub(crate) fn told(self) -> Self {
        if let Some(message) = &self.message {
            eprintln!("xtask: {message}");
        }
        self.silent()
    }

    /// Says what there is to say and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        ExitCode::from(self.told().code)
    }
}

/// Puts into words what was being done when the operating system refused.
pub(crate) trait Doing<T> {
    /// `what` completes the sentence "could not …".
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(format!("could not {}: {error}", what())))
    }
}
