//! Verification: whether the log is whole, and whether the state is what the log says.
//!
//! Everything is read in one snapshot, so a server that runs beside is no reason for a false alarm. It goes through
//! the streams in windows: the log of each is folded into what must be, which is then held against the rows.

mod files;
mod fold;
mod made;
mod sql;
mod state;

use std::collections::BTreeMap;

use faff_store::{Engine, Reader, jobs};

use crate::App;
use crate::access::System;
use crate::http::Problem;
use fold::Fold;

/// Streams that are held in memory at once.
const WINDOW: usize = 256;
/// Rows that one query reads.
const PAGE: usize = 2000;
/// Faults that are kept in full; the rest are counted.
const KEPT: usize = 100;

/// What was looked at, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Report {
    /// Streams of the log.
    pub streams: usize,
    /// Events in them.
    pub events: usize,
    /// Tasks.
    pub tasks: usize,
    /// Messages, deleted ones included.
    pub messages: usize,
    /// Accounts.
    pub accounts: usize,
    /// Files.
    pub files: usize,
    /// Objects of files and thumbnails that are stored as they are.
    pub plain_files: usize,
    /// Those that are sealed with the first key.
    pub sealed_files: usize,
    /// Those that are sealed with another of the keys that were given.
    pub older_files: usize,
    /// Summaries.
    pub summaries: usize,
    /// Reviews.
    pub reviews: usize,
    /// Jobs that were given up, a sentence each: no faults, but nobody works on them.
    pub parked: Vec<String>,
    /// The first faults, a sentence each.
    pub faults: Vec<String>,
    /// How many faults there are.
    pub found: usize,
}

impl Report {
    fn fault(&mut self, sentence: String) {
        self.found += 1;
        if self.faults.len() < KEPT {
            self.faults.push(sentence);
        }
    }
}

/// Looks at everything.
pub async fn verify(app: &App) -> Result<Report, Problem> {
    let system = System::for_reason(app, "whoever holds the database may ask whether it is whole");
    // Listed first: what comes later is no orphan.
    let objects = app.files().storage.names().await?;
    let (mut report, noted) = system
        .snapshot(async |reader: &mut Reader<'_>| {
            let mut report = look(reader).await?;
            let noted = files::rows(reader, &mut report).await?;
            let parked = jobs::parked(reader).await?.into_iter();
            report.parked = parked.map(|job| describe(&job)).collect();
            Ok::<_, Problem>((report, noted))
        })
        .await?;
    files::objects(app, &system, objects, noted, &mut report).await?;
    Ok(report)
}

/// Looks at all rows, also inside a transaction that may yet be taken back; not at the objects of files.
pub async fn verify_rows(reader: &mut Reader<'_>) -> Result<Report, Problem> {
    let mut report = look(reader).await?;
    files::rows(reader, &mut report).await?;
    Ok(report)
}

fn describe((kind, subject, reason): &(String, i64, Option<String>)) -> String {
    let reason = reason.as_deref().unwrap_or("no reason is noted");
    format!("the job {kind} of {subject} was given up: {reason}")
}

async fn look(reader: &mut Reader<'_>) -> Result<Report, Problem> {
    let mut report = Report::default();
    let mut after = i64::MIN;
    loop {
        let heads = sql::heads(reader, after, WINDOW).await?;
        // The last window reaches to the end, so that rows without a stream are seen, too.
        let last = heads.last().filter(|_| heads.len() == WINDOW).map(|head| head.id);
        let window = Window { after, to: last.unwrap_or(i64::MAX) };
        look_through(reader, window, heads, &mut report).await?;
        let Some(last) = last else { break };
        after = last;
    }
    if reader.engine() == Engine::Sqlite {
        for fault in sql::damage(reader).await? {
            report.fault(fault);
        }
    }
    Ok(report)
}

/// Streams behind one number and up to another.
#[derive(Debug, Clone, Copy)]
struct Window {
    after: i64,
    to: i64,
}

async fn look_through(
    reader: &mut Reader<'_>,
    window: Window,
    heads: Vec<sql::HeadRow>,
    report: &mut Report,
) -> Result<(), Problem> {
    let mut folds = fold_events(reader, window, report).await?;
    report.streams += heads.len();
    for head in heads {
        let fold = folds.entry(head.id).or_default();
        fold.has_head = true;
        if (fold.seq, &fold.chain[..]) != (head.seq, head.chain.as_slice()) {
            let (name, head, last) = (fold::name(head.id), head.seq, fold.seq);
            report.fault(format!("{name}: its end is noted as event {head}, but event {last} is the last"));
        }
    }
    for (stream, _) in folds.iter().filter(|(_, fold)| !fold.has_head) {
        report.fault(format!("{}: it has events, but its end is not noted", fold::name(*stream)));
    }
    state::accounts(reader, window, &folds, report).await?;
    state::tasks(reader, window, &mut folds, report).await?;
    made::summaries(reader, window, &mut folds, report).await?;
    made::reviews(reader, window, &mut folds, report).await
}

/// Reads the log of a window, checks that it is whole, and folds it.
async fn fold_events(
    reader: &mut Reader<'_>,
    window: Window,
    report: &mut Report,
) -> Result<BTreeMap<i64, Fold>, Problem> {
    let mut folds: BTreeMap<i64, Fold> = BTreeMap::new();
    let mut place = (window.after, i64::MAX);
    loop {
        let page = sql::events(reader, place, window.to, PAGE).await?;
        let Some(last) = page.last() else { return Ok(folds) };
        place = (last.stream, last.seq);
        let full = page.len() == PAGE;
        report.events += page.len();
        for row in page {
            let fold = folds.entry(row.stream).or_default();
            for fault in fold.take(row) {
                report.fault(fault);
            }
        }
        if !full {
            return Ok(folds);
        }
    }
}
