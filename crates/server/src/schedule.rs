//! Backups that the server makes by itself, if the settings say so: one node of several at a time, since a database is copied by
//! one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use faff_app::App;
use faff_app::edges::backup::{self, Fault, Order, Watch};
use faff_seal::Key;
use faff_types::Timestamp;
use tokio::task::JoinHandle;

use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// After a failure, or while somebody else has the database to themselves, it is tried again so soon, or when it is due anyway, if that is sooner.
const AGAIN: Duration = Duration::from_mins(5);
/// How long a backup under way is given to clear away at the end.
const ENDING: Duration = Duration::from_secs(5);

/// When backups are made, where, and how many are kept.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// The age at which the newest is old.
    pub(crate) every: Duration,
    /// How many there may be.
    pub(crate) keep: usize,
}

/// The work under way.
pub(crate) struct Running {
    watch: Arc<Watch>,
    task: JoinHandle<()>,
}

impl Running {
    /// Ends it, and clears away what is half done.
    pub(crate) async fn stop(self) {
        self.watch.stop();
        // Whatever it says: this is the end.
        let _ = tokio::time::timeout(ENDING, self.task).await;
    }
}

/// Starts, if there is a schedule.
pub(crate) fn start(app: &App, settings: &Settings) -> Result<Option<Running>, Failure> {
    let Some(schedule) = settings.schedule.clone() else { return Ok(None) };
    // A copy of the database waits there.
    open::make_data_dir(&settings.data_dir)?;
    let (app, key, spool) = (app.clone(), settings.backup_key.clone(), settings.data_dir.clone());
    let watch = Arc::new(Watch::default());
    let watched = watch.clone();
    let task = tokio::spawn(async move {
        while !watched.is_stopped() {
            let wait = match turn(&app, &schedule, key.clone(), &spool, &watched).await {
                Ok(wait) => wait,
                Err(_) if watched.is_stopped() => return,
                Err(fault) if fault.is_busy() => {
                    tracing::info!(%fault, "no backup was made yet");
                    AGAIN.min(schedule.every)
                }
                Err(fault) => {
                    tracing::error!(%fault, "no backup was made");
                    app.backups().failed();
                    AGAIN.min(schedule.every)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = watched.stopped() => {}
            }
        }
    });
    Ok(Some(Running { watch, task }))
}

/// Makes a backup if the newest is old. Returns how long it is until that may be so.
async fn turn(
    app: &App,
    schedule: &Schedule,
    key: Option<Key>,
    spool: &Path,
    watch: &Arc<Watch>,
) -> Result<Duration, Fault> {
    let Schedule { folder, every, keep } = schedule;
    let newest = newest(there(folder)?.into_iter().map(|(time, _)| time), app.now(), *every);
    if let Some(newest) = newest {
        app.backups().made(newest);
        if let Some(left) = left(newest, app.now(), *every) {
            return Ok(left);
        }
    }
    let spool = spool.to_owned();
    let order = Order { to: folder.clone(), force: false, key, without_missing: false, spool };
    let made = backup::make(app, order, watch.clone()).await?;
    tracing::info!(path = %made.path.display(), bytes = made.bytes, files = made.files, "a backup was made");
    app.backups().made(app.now());
    let all = there(folder)?;
    let old = all.len().saturating_sub(*keep);
    for (_, path) in all.into_iter().take(old) {
        std::fs::remove_file(&path)
            .map_err(|error| Fault::new(format!("{} cannot be removed: {error}", path.display())))?;
    }
    Ok(*every)
}

/// The newest of these times, in ascending order, without those that are far from coming: a clock was wrong, and nobody wants to
/// wait for that day.
fn newest(
    times: impl DoubleEndedIterator<Item = Timestamp>,
    now: Timestamp,
    every: Duration,
) -> Option<Timestamp> {
    let far = |time: Timestamp| i128::from(time.as_millis()) - i128::from(now.as_millis());
    times.rev().find(|time| far(*time) <= i128::try_from(every.as_millis()).unwrap_or(i128::MAX))
}

/// How long a backup of one moment is young enough at another; `None` when it is old.
fn left(made: Timestamp, now: Timestamp, every: Duration) -> Option<Duration> {
    let age = u64::try_from(now.as_millis() - made.as_millis()).unwrap_or(0);
    every.checked_sub(Duration::from_millis(age)).filter(|left| !left.is_zero())
}

/// The backups in a folder that are called as they are called here, the oldest first.
fn there(folder: &Path) -> Result<Vec<(Timestamp, PathBuf)>, Fault> {
    let look = || {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if !is_named(&entry.file_name().to_string_lossy()) {
                continue;
            }
            let made = entry.metadata()?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            let made = i64::try_from(made.as_millis()).unwrap_or(i64::MAX);
            found.push((Timestamp::from_millis(made), entry.path()));
        }
        found.sort();
        Ok(found)
    };
    look().map_err(|error: std::io::Error| {
        Fault::new(format!("the folder of backups {} cannot be read: {error}", folder.display()))
    })
}

/// Whether a file is called like a backup that was put into a folder.
fn is_named(name: &str) -> bool {
    let time = name.strip_prefix("faff-").and_then(|rest| {
        let (time, kind) = rest.rsplit_once('.')?;
        matches!(kind, "tar" | "sealed").then_some(time)?.strip_suffix('Z')
    });
    time.is_some_and(|time| {
        time.len() == 15
            && time
                .bytes()
                .enumerate()
                .all(|(n, byte)| if n == 8 { byte == b'T' } else { byte.is_ascii_digit() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_called_like_a_backup_is_counted_and_removed() {
        for name in ["faff-20261127T021500Z.tar", "faff-20261127T021500Z.sealed"] {
            assert!(is_named(name), "{name}");
        }
        for name in [
            "faff-20261127T021500Z.txt",
            "faff-.tar",
            ".faff-x.part",
            "faff-2026112 T021500Z.tar",
            "faff.sqlite",
        ] {
            assert!(!is_named(name), "{name}");
        }
    }

    #[test]
    fn a_backup_is_old_when_its_time_has_passed() {
        let at = Timestamp::from_millis;
        let hour = Duration::from_hours(1);
        assert_eq!(left(at(0), at(0), hour), Some(hour));
        assert_eq!(left(at(0), at(3_599_000), hour), Some(Duration::from_secs(1)));
        assert_eq!(left(at(0), at(3_600_000), hour), None);
        assert_eq!(left(at(9_000), at(0), hour), Some(hour), "a clock that went back makes none at once");
        let all = [1_000, 9_000, 3_600_001].map(at);
        assert_eq!(newest(all.into_iter(), at(0), hour), Some(at(9_000)), "one that is far ahead is none");
        assert_eq!(newest(all.into_iter(), at(1), hour), Some(at(3_600_001)));
    }
}
