//! Open files: every socket is one, and the limit that a shell gives is too low for thousands.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::Outcome;

/// For whatever is no socket of the benchmark.
const BESIDES: usize = 256;

/// Sees to it that this process, and those that it starts, may open so many sockets: by starting itself anew with as
/// many files as the system allows, if need be.
pub(super) fn allow(sockets: usize) -> Outcome<()> {
    let needed = sockets + BESIDES;
    let (soft, hard) = limits(&std::fs::read_to_string("/proc/self/limits")?);
    if soft >= needed {
        return Ok(());
    }
    if hard < needed {
        return Err(format!("{needed} open files are needed, and the system allows {hard}").into());
    }
    let error = Command::new("sh")
        .args(["-c", "ulimit -n \"$(ulimit -Hn)\" && exec \"$0\" \"$@\""])
        .arg(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .exec();
    Err(error.into())
}

/// The soft and the hard limit of open files.
fn limits(text: &str) -> (usize, usize) {
    let line = text.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
    let mut limits = line.split_whitespace().map(|limit| limit.parse().unwrap_or(usize::MAX));
    (limits.next().unwrap_or(0), limits.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read() {
        let text = "Max processes   10 20 processes\nMax open files            1024                 524288               files\n";
        assert_eq!(limits(text), (1024, 524_288));
        assert_eq!(limits("Max open files 64 unlimited files"), (64, usize::MAX));
        assert_eq!(limits(""), (0, 0));
    }
}
