//! This process, as the operating system sees it. Empty where there is no `/proc`.

use std::fs::{read_dir, read_to_string};

/// What is told of it, by the names that Prometheus's own clients use.
#[derive(Debug, Default)]
pub(crate) struct Process {
    /// Memory that is its own or shared and in use, in bytes.
    pub(crate) resident: Option<u64>,
    /// Processor time of all its threads, in seconds.
    pub(crate) seconds: Option<f64>,
    /// Files, sockets and the like that are open.
    pub(crate) descriptors: Option<u64>,
}

impl Process {
    pub(crate) fn look() -> Self {
        Self {
            resident: resident(&read_to_string("/proc/self/status").unwrap_or_default()),
            seconds: seconds(&read_to_string("/proc/self/stat").unwrap_or_default()),
            descriptors: read_dir("/proc/self/fd").ok().map(|open| open.count() as u64),
        }
    }
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Fields 14 and 15 of proc_pid_stat(5), in ticks, of which Linux tells 100 a second whatever its own clock does. The second
/// field is the program's name, which may hold anything.
fn seconds(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok().map(f64::from);
    Some((ticks()? + ticks()?) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_tells_is_read() {
        assert_eq!(resident("Name:\tfaff\nVmRSS:\t   20480 kB\nThreads:\t9\n"), Some(20_971_520));
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 900 0 0 0 250 50 0 0 20 0 9 0 100 1000 500";
        assert_eq!(seconds(stat), Some(3.0));
        assert_eq!((resident("x"), seconds("7 (a"), seconds("")), (None, None, None));
        #[cfg(target_os = "linux")]
        {
            let me = Process::look();
            assert!(
                me.resident > Some(1 << 20) && me.seconds.is_some() && me.descriptors > Some(2),
                "{me:?}"
            );
        }
    }
}
