//! Running other programs: in the foreground (they get the terminal and the
//! signals), in the background (quiet, and out of ctrl-c's reach), or in this
//! program's place.

use crate::failure::{Doing, Failure, Outcome};
use crate::signals::{self, Signal};
use crate::workspace;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub(crate) const POLL: Duration = Duration::from_millis(20);
/// A test runner that is told to stop gives its tests ten seconds; this is more.
const GRACE: Duration = Duration::from_secs(20);

/// What cargo says to this task of its package, and ring's build script goes by: left to another cargo, it would compile
/// that anew, with all that depends on it, whenever tasks and plain commands take turns.
const OF_THIS_PACKAGE: [&str; 6] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_PKG_NAME",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
];

/// The cargo that runs this task, at work in the repository's root.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let program = workspace::variable("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(workspace::root());
    for name in OF_THIS_PACKAGE {
        command.env_remove(name);
    }
    command
}

/// Runs a program in the foreground until it succeeds.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let mut child = spawn(command)?;
    let status = wait(&mut child)?;
    check(command, status)
}

/// The same for a program that explains a failure of its own well enough.
pub(crate) fn run_unexplained(command: &mut Command) -> Outcome {
    let mut child = spawn(command)?;
    let status = wait(&mut child)?;
    check(command, status).map_err(Failure::silent)
}

/// Starts a program in the foreground, unless the task has been told to stop.
pub(crate) fn spawn(command: &mut Command) -> Result<Child, Failure> {
    if let Some(signal) = signals::latest() {
        return Err(Failure::exit(format!("stopped by SIG{}", signal.name()), signal.exit_code()));
    }
    command.spawn().doing(|| format!("start {}", describe(command)))
}

/// Starts a program in the background: with nothing to read, and out of ctrl-c's
/// reach. Who starts it stops it.
pub(crate) fn background(command: &mut Command) -> Result<Child, Failure> {
    command.stdin(Stdio::null()).process_group(0).spawn().doing(|| format!("start {}", describe(command)))
}

/// Fails when the task has been told to stop: asked between steps, since those
/// in the background do not notice.
pub(crate) fn unless_stopped() -> Outcome {
    signals::latest().map_or(Ok(()), |signal| {
        Err(Failure::exit(format!("stopped by SIG{}", signal.name()), signal.exit_code()))
    })
}

/// Waits for a program in the foreground, passing on requests to stop.
pub(crate) fn wait(child: &mut Child) -> Result<ExitStatus, Failure> {
    let mut deadline = None;
    loop {
        if let Some(status) = child.try_wait().doing(|| "wait for a child process".into())? {
            return Ok(status);
        }
        if let Some(signal) = signals::take() {
            // The terminal sends ctrl-c to the child as well, which may well
            // have a use for it (an SQL prompt drops the line); twice would
            // mean something else.
            if signal != Signal::Interrupt || !std::io::stdin().is_terminal() {
                send(signal, child);
            }
            if signal != Signal::Interrupt {
                deadline.get_or_insert_with(|| Instant::now() + GRACE);
            }
        }
        if deadline.is_some_and(|deadline| Instant::now() > deadline) {
            child.kill().doing(|| "kill a child process that does not stop".into())?;
        }
        pause(POLL);
    }
}

/// Ends a program in the background: asked to, so that it can clean up, and killed
/// if it does not listen.
pub(crate) fn stop(child: &mut Child) {
    let deadline = Instant::now() + GRACE;
    if matches!(child.try_wait(), Ok(None)) {
        send(Signal::Terminate, child);
    }
    while matches!(child.try_wait(), Ok(None)) {
        if Instant::now() > deadline {
            // Fails when it has ended meanwhile, which is what was wanted.
            let _ = child.kill();
        }
        pause(POLL);
    }
}

/// Turns an exit status into an outcome with the same exit code.
pub(crate) fn check(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    let (how, code) = match (status.code(), status.signal()) {
        (Some(code), _) => (format!("failed with exit code {code}"), code),
        (None, Some(signal)) => (format!("was ended by signal {signal}"), 128 + signal),
        (None, None) => ("failed".into(), 1),
    };
    Err(Failure::exit(format!("{} {how}", describe(command)), u8::try_from(code).unwrap_or(1)))
}

/// Runs a program in the background and gives what it printed; should it fail,
/// that becomes part of the failure. It has a process group of its own: ctrl-c
/// must not hit the very programs that clean up.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .process_group(0)
        .output()
        .doing(|| format!("start {}", describe(command)))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    match check(command, output.status) {
        Ok(()) => Ok(printed),
        Err(_) => Err(Failure::new(format!(
            "{} failed:\n{}{}",
            describe(command),
            printed,
            String::from_utf8_lossy(&output.stderr)
        ))),
    }
}

/// Becomes the other program: same process, so that signals reach it and its
/// exit code is this one's. Returns only if that is impossible.
pub(crate) fn become_it(command: &mut Command) -> Failure {
    let error = command.exec();
    Failure::new(format!("could not start {}: {error}", describe(command)))
}

/// `kill` as the shell has it: std can send no signal but SIGKILL.
fn send(signal: Signal, child: &Child) {
    let mut kill = Command::new("sh");
    kill.args(["-c", r#"kill -s "$1" "$2""#, "sh", signal.name(), &child.id().to_string()]);
    // Fails when the child has ended meanwhile, which is what was wanted.
    let _ = output(&mut kill);
}

#[expect(clippy::disallowed_methods, reason = "no async runtime here, hence no worker to block")]
pub(crate) fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

/// A command the way a person would write it, short of quoting.
fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut text = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_and_the_words_of_a_failed_program_are_kept() {
        let failure = run(Command::new("sh").args(["-c", "exit 7"])).unwrap_err();
        assert_eq!(
            format!("{failure:?}"),
            r#"Failure { message: Some("`sh -c exit 7` failed with exit code 7"), code: 7 }"#
        );

        let failure = output(Command::new("sh").args(["-c", "echo no >&2; exit 1"])).unwrap_err();
        assert!(format!("{failure:?}").contains("no\\n"), "{failure:?}");
    }

    #[test]
    fn a_program_ended_by_a_signal_counts_as_shells_count_it() {
        let failure = run(Command::new("sh").args(["-c", "kill -TERM $$"])).unwrap_err();
        assert!(format!("{failure:?}").contains("code: 143"), "{failure:?}");
    }
}
