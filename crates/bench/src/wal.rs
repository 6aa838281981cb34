//! How many messages share a commit of the server: its commits are counted in the write-ahead log, where the last
//! frame of each says so (<https://sqlite.org/fileformat2.html#the_write_ahead_log>).

use std::cell::RefCell;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::load::{self, Load, Spans};
use crate::server::Server;
use crate::work::Work;

const HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;

/// A reader that goes on where it was.
struct Commits {
    file: File,
    generation: [u8; 8],
    next: u64,
    page: u64,
}

impl Commits {
    fn open(database: &Path) -> Outcome<Self> {
        let mut name = database.as_os_str().to_owned();
        name.push("-wal");
        let file = File::open(name)?;
        let mut header = [0; 24];
        file.read_exact_at(&mut header, 0)?;
        let [.., a, b, c, d] = header.first_chunk::<12>().copied().unwrap_or_default();
        let generation = header.last_chunk().copied().unwrap_or_default();
        Ok(Self { file, generation, next: HEADER, page: u64::from(u32::from_be_bytes([a, b, c, d])) })
    }

    /// Commits since the last look.
    fn look(&mut self) -> u64 {
        let mut commits = 0;
        let mut header = [0; 16];
        while self.file.read_exact_at(&mut header, self.next).is_ok()
            && header.last_chunk() == Some(&self.generation)
        {
            commits += u64::from(header.get(4..8) != Some(&[0; 4]));
            self.next += FRAME_HEADER + self.page;
        }
        commits
    }
}

/// Messages in a commit of the server, on average, under this load.
pub(crate) fn messages_per_commit(server: &Server, database: &Path, load: Load) -> Outcome<f64> {
    // In short looks: the log begins anew a few times a second.
    let spans = Spans { warm_up: Duration::from_millis(300), measured: Duration::from_millis(200) };
    let load = Load { spans, ..load };
    for _ in 0..30 {
        let commits = RefCell::new(None);
        let (measured, _, seen) = load::run(server.address, Work::Post, load, || {
            let known = commits.take();
            match known {
                None => {
                    let mut reader = Commits::open(database)?;
                    reader.look();
                    commits.replace(Some(reader));
                    Outcome::Ok(0)
                }
                // A log that began anew in between tells too little.
                Some(mut reader) => {
                    let same = Commits::open(database)?.generation == reader.generation;
                    Ok(if same { reader.look() } else { 0 })
                }
            }
        })?;
        let seen = seen?;
        let messages = measured.latencies.len();
        // No more can wait than there are connections; a log cut short while it was read has too few commits.
        if messages as u64 <= seen * load.connections as u64 {
            #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 commits")]
            return Ok(messages as f64 / seen.max(1) as f64);
        }
    }
    Err("the commits of the server could not be counted".into())
}
