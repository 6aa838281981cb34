//! What PostgreSQL's processes have used, where they run on the same machine.

use std::collections::BTreeMap;

use crate::server::Usage;

/// CPU seconds of each process that serves a connection to this database. Their titles tell: `postgres: USER DATABASE …`.
pub(crate) fn seconds(database: &str) -> BTreeMap<u32, f64> {
    let of_database = format!(" {database} ");
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|process: &u32| {
            let title = std::fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
            title.starts_with("postgres: ") && title.contains(&of_database)
        })
        .map(|process| (process, Usage::of(process).cpu))
        .collect()
}

/// What was used between two looks; `NaN` where nothing was seen, on another machine.
pub(crate) fn used(before: &BTreeMap<u32, f64>, after: &BTreeMap<u32, f64>) -> f64 {
    if after.is_empty() {
        return f64::NAN;
    }
    after.iter().map(|(process, seconds)| seconds - before.get(process).unwrap_or(&0.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_that_of_old_processes_and_of_new_ones() {
        let before = BTreeMap::from([(1, 5.0), (2, 1.0)]);
        let after = BTreeMap::from([(1, 5.5), (3, 0.25)]);
        assert!((used(&before, &after) - 0.75).abs() < 1e-9);
        assert!(used(&before, &BTreeMap::new()).is_nan());
    }
}
