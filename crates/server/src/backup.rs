//! `faff backup` and `faff key new`.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use faff_app::edges::backup::{self, Fault, Made, Order, Watch};
use faff_seal::Key;
use faff_types::Random;

use crate::failure::{Failure, say};
use crate::serve::Signals;
use crate::settings::Settings;
use crate::{key, open};

/// How often progress is shown.
const EVERY: Duration = Duration::from_millis(200);

/// What can be said of a backup.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file to be made; or a folder, in which it gets a name after the time
    #[arg(long)]
    out: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// Seal it with the key in this file, instead of BACKUP_KEY
    #[arg(long)]
    key_file: Option<PathBuf>,
    /// Make it although files are missing in the store, and tell which
    #[arg(long)]
    without_missing: bool,
}

/// Makes a backup and says what is in it.
pub(crate) async fn run(settings: Settings, arguments: Arguments) -> Result<(), Failure> {
    let begun = Instant::now();
    let Arguments { out, force, key_file, without_missing } = arguments;
    let key = key_for(&settings, key_file.as_deref())?;
    let app = open::app_as_it_is(&settings, key::throwaway()?).await?;
    open::make_data_dir(&settings.data_dir)?;
    let order = Order { to: out, force, key, without_missing, spool: settings.data_dir.clone() };
    let watch = Arc::new(Watch::default());
    let Made { path, bytes, files, missing, .. } =
        shown(&watch, "backing up", backup::make(&app, order, watch.clone())).await?;
    for object in &missing {
        say(&format!("missing, and left out: {object}"));
    }
    let seconds = begun.elapsed().as_secs_f64();
    say(&format!("{}: {bytes} bytes, {files} files, {seconds:.1} seconds", path.display()));
    Ok(())
}

/// The key of a file, or that of the settings, if there is one.
pub(crate) fn key_for(settings: &Settings, file: Option<&std::path::Path>) -> Result<Option<Key>, Failure> {
    match file {
        Some(file) => Ok(Some(backup::key_of(file)?)),
        None => Ok(settings.backup_key.clone()),
    }
}

/// Prints a new key.
pub(crate) fn new_key() -> Result<(), Failure> {
    let key = Key::generate(Random).map_err(|error| Failure::work(format!("no randomness: {error}")))?;
    say(key.to_text().reveal());
    Ok(())
}

/// Waits for something, and shows on a terminal how far it has come. A signal ends it in good order.
pub(crate) async fn shown<T>(
    watch: &Watch,
    what: &str,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let mut signals = Signals::listen().map_err(|_| Fault::new("no signals can be heard"))?;
    let on_terminal = std::io::stderr().is_terminal();
    let mut tick = tokio::time::interval(EVERY);
    let mut work = pin!(work);
    let show = |text: &str| {
        // Nobody reads it, then.
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K{text}");
    };
    loop {
        tokio::select! {
            done = &mut work => {
                if on_terminal {
                    show("");
                }
                return done;
            }
            _ = tick.tick(), if on_terminal => {
                let (bytes, files, all) = watch.seen();
                show(&format!("{what}: {} MB, {files} of {all} files", bytes / 1_000_000));
            }
            () = signals.next() => watch.stop(),
        }
    }
}
