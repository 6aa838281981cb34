//! The command line of `rooms`.

use std::path::PathBuf;

use clap::Args;

use super::side::Side;

#[derive(Debug, Args)]
pub(crate) struct RoomsArguments {
    /// Sockets in a room, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = [50, 500, 2000])]
    pub(super) room: Vec<usize>,
    /// Sockets that sit in rooms of 50 while memory is looked at; 0 leaves that out
    #[arg(long, default_value_t = 2000)]
    pub(super) sockets: usize,
    /// Seconds that full load and half load are measured in each round
    #[arg(long, default_value_t = 5)]
    pub(super) seconds: u32,
    /// Rounds of every side; 0 leaves the load out
    #[arg(long, default_value_t = 3)]
    pub(super) rounds: usize,
    /// Only these sides, separated by commas
    #[arg(long, value_delimiter = ',')]
    side: Vec<Side>,
    /// A server that was built already, instead of building one
    #[arg(long)]
    pub(super) server: Option<PathBuf>,
    /// Also writes FILE, as Markdown, and FILE with the ending .json
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
}

impl RoomsArguments {
    pub(super) fn sides(&self) -> impl Iterator<Item = Side> {
        Side::ALL.into_iter().filter(|side| self.side.is_empty() || self.side.contains(side))
    }

    /// How many sockets there are at once, at most.
    pub(super) fn most_sockets(&self) -> usize {
        self.room.iter().copied().chain([self.sockets]).max().unwrap_or(0)
    }
}
