//! What ends a command, and with which exit code.

use std::io::Write as _;
use std::process::ExitCode;

use faff_app::edges::backup::Fault;
use faff_app::http::Problem;
use faff_store::StoreError;

/// Why a command did not do what it should.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was told something that cannot be: each sentence says what. Exit code 2.
    Settings(Vec<String>),
    /// It could not be done: a sentence. Exit code 1.
    Work(String),
}

impl Failure {
    /// Something that could not be done.
    pub(crate) fn work(sentence: impl Into<String>) -> Self {
        Self::Work(sentence.into())
    }

    /// Tells the person at the command line, and the process that started us.
    pub(crate) fn report(self) -> ExitCode {
        let (sentences, code) = match self {
            Self::Settings(sentences) => (sentences, 2),
            Self::Work(sentence) => (vec![sentence], 1),
        };
        let mut stderr = std::io::stderr().lock();
        for sentence in sentences {
            // Nobody reads it, then.
            let _ = writeln!(stderr, "faff: {sentence}");
        }
        ExitCode::from(code)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Work(error.to_string())
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Work(fault.to_string())
    }
}

impl From<Problem> for Failure {
    /// In the words of the cause, which whoever holds the command line may know.
    fn from(problem: Problem) -> Self {
        Self::Work(problem.cause().unwrap_or(problem.message()).to_owned())
    }
}

/// Prints to standard output. A reader who has left is no reason to fail.
pub(crate) fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
}
