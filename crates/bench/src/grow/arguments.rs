//! The command line of `grow`.

use std::path::PathBuf;

use clap::Args;
use faff_store::Engine;

use crate::Outcome;
use crate::arguments::Engines;
use crate::seed::world::Size;

#[derive(Debug, Args)]
pub(crate) struct GrowArguments {
    /// Tasks in the databases, separated by commas; each has ten times as many messages
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000])]
    tasks: Vec<i64>,
    /// On which engine
    #[arg(long, default_value = "both")]
    engine: Engines,
    /// Seconds that each kind of request is asked
    #[arg(long, default_value_t = 2)]
    pub(super) seconds: u64,
    /// Minutes after which no other database is begun with; making databases does not count
    #[arg(long, default_value_t = 15)]
    pub(super) minutes: u64,
    /// Only makes the databases that are missing
    #[arg(long)]
    pub(super) only_seed: bool,
    /// A server that was built already, instead of building one
    #[arg(long)]
    pub(super) server: Option<PathBuf>,
    /// Also writes FILE, as Markdown, and FILE with the endings .json and .svg
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    /// Any database of the PostgreSQL cluster to measure on, as `cargo xtask postgres --fsync` gives it
    #[arg(long, env = "FAFF_TEST_POSTGRES", hide_env_values = true)]
    cluster: Option<String>,
}

impl GrowArguments {
    /// From the smallest on, on every engine.
    pub(super) fn stages(&self) -> Vec<(Engine, Size)> {
        let mut tasks = self.tasks.clone();
        tasks.sort_unstable();
        let size = |tasks| Size { tasks, messages: tasks * 10 };
        tasks
            .into_iter()
            .flat_map(|tasks| self.engine.each().map(move |engine| (engine, size(tasks))))
            .collect()
    }

    pub(super) fn cluster(&self) -> Outcome<&str> {
        let missing = "no PostgreSQL: run by `cargo xtask postgres --fsync -- cargo xtask bench grow`, or leave it out by \
                       `--engine sqlite`";
        Ok(self.cluster.as_deref().ok_or(missing)?)
    }
}
