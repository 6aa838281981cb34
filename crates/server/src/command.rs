//! The command line.

use std::ffi::OsString;
use std::future::Future;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use faff_types::Planted;

use crate::failure::{Failure, say};
use crate::settings::{self, SETTINGS, Settings};
use crate::telemetry::Telemetry;
use crate::{backup, demo, log, migrate, moving, openapi, restore, rotate, serve, user, verify, worker};

/// A build that makes mistakes on purpose says so.
const VERSION: &str = if Planted::BUILT_IN {
    concat!(env!("CARGO_PKG_VERSION"), " WITH PLANTED MISTAKES: NOT FOR USE")
} else {
    env!("CARGO_PKG_VERSION")
};

/// Tickets that are live, threaded conversations.
#[derive(Debug, Parser)]
#[command(
    name = "faff",
    version = VERSION,
    after_help = "Every setting is a flag and an environment variable; .env is read. --help lists them."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What `faff` alone does.
const DEFAULT: Command = Command::Serve { no_worker: false };

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (what `faff` alone does)
    Serve {
        /// Leave jobs to other processes (`faff worker`); the same as --worker off
        #[arg(long)]
        no_worker: bool,
    },
    /// Work on jobs, and nothing else
    Worker,
    /// Bring the database's schema up to date
    Migrate,
    /// Make and change accounts
    #[command(subcommand)]
    User(user::Command),
    /// Look at the configuration
    #[command(subcommand)]
    Config(Config),
    /// Print the description of the HTTP API (OpenAPI, JSON)
    Openapi,
    /// Fill an empty database with a made-up company
    Demo,
    /// Check that the log is whole and that the state agrees with it
    Verify,
    /// Copy everything into one file, while the server runs
    Backup(backup::Arguments),
    /// Put a backup into an empty place
    Restore(restore::Arguments),
    /// Keys for backups and files
    #[command(subcommand)]
    Key(Key),
    /// Write all rows into a file of JSON lines, which any faff of this schema imports; it holds password hashes
    Export(moving::Export),
    /// Read such a file into an empty database of either engine, all of it or nothing
    Import(moving::Import),
    /// Copy all rows into an empty database of either engine; stop every server first
    Move(moving::Move),
}

#[derive(Debug, Subcommand)]
enum Key {
    /// Print a new key, to be kept in a safe place and given as BACKUP_KEY, by --key-file, or as FILES_KEY
    New,
    /// Seal all files of messages with the first key of FILES_KEY, while the server runs
    Rotate,
}

#[derive(Debug, Subcommand)]
enum Config {
    /// Print what is in effect and where it comes from, without secrets
    Check,
}

/// Does what the arguments say.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let matches = Cli::command().args(SETTINGS.iter().map(flag)).try_get_matches_from(arguments);
    match matches.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches))) {
        Ok((cli, matches)) => execute(cli.command.unwrap_or(DEFAULT), &matches)
            .map_or_else(Failure::report, |()| ExitCode::SUCCESS),
        Err(error) => {
            // It may also be the help that was asked for.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

/// The flag of a setting. Values stay text here, so that one place checks them, whatever way they came.
fn flag(setting: &'static settings::Setting) -> Arg {
    let default = if setting.default.is_empty() { String::new() } else { format!(" [{}]", setting.default) };
    Arg::new(setting.name)
        .long(setting.flag)
        .value_name(setting.name)
        .help(format!("{}{default}", setting.help))
        .help_heading("Settings")
        // There are many, and `-h` is for what can be done.
        .hide_short_help(true)
        .global(true)
}

fn execute(command: Command, matches: &ArgMatches) -> Result<(), Failure> {
    match command {
        Command::Openapi => return block_on(openapi::run()),
        Command::Key(Key::New) => return backup::new_key(),
        _ => {}
    }
    // The first counts, so it is not overruled.
    let no_worker = matches!(command, Command::Serve { no_worker: true });
    let flags = no_worker.then(|| ("WORKER", "off".to_owned())).into_iter().chain(flags(matches));
    let settings = settings_from(flags)?;
    if Planted::BUILT_IN && settings.is_production() {
        return Err(Failure::work("this build makes mistakes on purpose; production is not for it"));
    }
    let stays = matches!(command, Command::Serve { .. } | Command::Worker);
    let collector = settings.collector.as_ref().filter(|_| stays);
    let telemetry = collector.map(Telemetry::start).transpose()?;
    if !matches!(command, Command::Config(_)) {
        log::start(&settings, if stays { "info" } else { "warn" }, telemetry.as_ref())?;
    }
    let done = perform(command, settings, matches);
    if let Some(telemetry) = telemetry {
        telemetry.end();
    }
    done
}

fn perform(command: Command, settings: Settings, matches: &ArgMatches) -> Result<(), Failure> {
    match command {
        Command::Serve { .. } => block_on(serve::run(settings)),
        Command::Worker => block_on(worker::run(settings)),
        Command::Migrate => block_on(migrate::run(settings)),
        Command::User(command) => block_on(user::run(settings, command)),
        Command::Demo => block_on(demo::run(settings)),
        Command::Verify => block_on(verify::run(settings)),
        Command::Export(arguments) => block_on(moving::export(settings, arguments)),
        Command::Import(arguments) => block_on(moving::import(settings, arguments)),
        Command::Move(arguments) => {
            let target = settings_from(arguments.storage().into_iter().chain(self::flags(matches)))?;
            block_on(moving::move_to(settings, target, arguments))
        }
        Command::Config(Config::Check) => {
            let tls = settings.certificate().map_err(Failure::Settings)?;
            let certificate = tls.map(|tls| tls.certificate());
            let keys = settings.files_keys().map_err(|why| Failure::Settings(vec![why]))?;
            say(settings::show(&settings, certificate.as_ref(), keys.as_ref()).trim_end());
            Ok(())
        }
        Command::Backup(arguments) => block_on(backup::run(settings, arguments)),
        Command::Key(Key::Rotate) => block_on(rotate::run(settings)),
        Command::Restore(arguments) => block_on(restore::run(settings, arguments)),
        Command::Openapi | Command::Key(Key::New) => Ok(()),
    }
}

/// The settings that were given as flags.
fn flags(matches: &ArgMatches) -> impl Iterator<Item = (&'static str, String)> {
    SETTINGS.iter().filter_map(|setting| {
        let value = matches.get_one::<String>(setting.name)?;
        Some((setting.name, value.clone()))
    })
}

/// All that is wrong is told at once.
fn settings_from(flags: impl Iterator<Item = (&'static str, String)>) -> Result<Settings, Failure> {
    let (given, mut problems) = settings::gather(flags);
    match settings::check(&given) {
        Ok(settings) if problems.is_empty() => Ok(settings),
        checked => {
            problems.extend(checked.err().unwrap_or_default());
            Err(Failure::Settings(problems))
        }
    }
}

/// Runs a command on as many threads as there are cores. What it left running ends with it.
fn block_on(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::work(format!("no threads could be started: {error}")))?;
    let done = runtime.block_on(command);
    runtime.shutdown_background();
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().args(SETTINGS.iter().map(flag)).debug_assert();
    }
}
