//! `cargo xtask fuzz`: the fuzz targets for longer than CI has time for, one after the other.

use crate::failure::{Failure, Outcome};
use crate::process;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

/// The targets: a crate, and the path of the test within it. In CI each does a few thousand executions.
const TARGETS: [(&str, &str); 8] = [
    ("faff-socketio", "fuzz::whatever_a_client_sends_is_read_or_refused"),
    (
        "faff-app",
        "edges::realtime::live::tests::whatever_stands_in_an_event_is_understood_or_refused_in_a_few_words",
    ),
    ("faff-app", "access::token::tests::nothing_that_resembles_a_token_is_one"),
    ("faff-app", "features::files::meter::tests::whatever_comes_as_a_form_is_read_or_refused"),
    ("faff-app", "features::files::name::tests::no_name_leaves_its_header_or_its_folder"),
    ("faff-app", "http::text::tests::whatever_is_written_is_shown_without_anything_active"),
    ("faff-app", "http::cursor::tests::what_is_read_as_a_cursor_is_the_one_that_was_written"),
    ("faff-app", "features::search::snippet::tests::whatever_is_searched_for_is_words_and_no_syntax"),
];

/// Runs each target for so many seconds.
pub(crate) fn execute(arguments: &[OsString]) -> Outcome {
    let seconds = seconds(arguments)?;
    for (package, test) in TARGETS {
        let mut command = process::cargo(["test", "--quiet", "--package", package, "--lib", "--"]);
        command.args(["--exact", test, "--nocapture"]).env("FAFF_FUZZ_SECONDS", seconds.to_string());
        let mut child = process::spawn(command.stdout(Stdio::piped()))?;
        let ran = child.stdout.take().is_some_and(|output| pass_on(output, std::io::stdout()));
        let status = process::wait(&mut child)?;
        process::check(&command, status)?;
        if !ran {
            return Err(Failure::new(format!("{package} has no test {test}")));
        }
    }
    Ok(())
}

/// Passes the target's own line on, and tells whether it came.
fn pass_on(output: impl Read, mut to: impl Write) -> bool {
    let mut ran = false;
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if let Some(at) = line.find("fuzz: ") {
            ran = true;
            let _ = writeln!(to, "{}", line.get(at..).unwrap_or_default());
        }
    }
    ran
}

fn seconds(arguments: &[OsString]) -> Result<u32, Failure> {
    let text: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let text: Vec<&str> = text.iter().map(AsRef::as_ref).collect();
    let given = match text.as_slice() {
        [] => Some(60),
        ["--seconds", number] => number.parse().ok().filter(|seconds| *seconds > 0),
        _ => None,
    };
    given.ok_or_else(|| Failure::usage("expected: cargo xtask fuzz [--seconds N]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_usual() {
        let of = |text: &str| seconds(&text.split_whitespace().map(OsString::from).collect::<Vec<_>>()).ok();
        assert_eq!((of(""), of("--seconds 5")), (Some(60), Some(5)));
        for wrong in ["--seconds", "--seconds 0", "--seconds x", "5", "--seconds 5 6"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_target_that_did_not_run_is_noticed() {
        let mut told = Vec::new();
        assert!(pass_on(&b"\nrunning 1 test\nfuzz: x: 7 executions in 1 s, no findings\n.\n"[..], &mut told));
        assert_eq!(told, b"fuzz: x: 7 executions in 1 s, no findings\n");
        assert!(!pass_on(&b"\nrunning 0 tests\n\n"[..], Vec::new()));
    }
}
