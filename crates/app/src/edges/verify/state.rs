//! Holds the state against the folded log.

use std::collections::BTreeMap;

use faff_store::Reader;

use super::fold::{self, Fold};
use super::{PAGE, Report, Window, sql};
use crate::http::Problem;

/// Every account has a log that begins with its registration, and is what its log says.
pub(super) async fn accounts(
    reader: &mut Reader<'_>,
    window: Window,
    folds: &BTreeMap<i64, Fold>,
    report: &mut Report,
) -> Result<(), Problem> {
    // An account's stream has its id below zero, so the window is turned round.
    let below_zero = |stream: i64| stream.checked_neg().unwrap_or(i64::MAX);
    let rows = sql::accounts(reader, below_zero(window.to), below_zero(window.after)).await?;
    report.accounts += rows.len();
    let mut rows: BTreeMap<i64, sql::AccountRow> = rows.into_iter().map(|row| (-row.id, row)).collect();
    for (stream, told) in folds.range(..0) {
        let Some(row) = rows.remove(stream) else {
            report.fault(format!("{}: it has a log, but does not exist", fold::name(*stream)));
            continue;
        };
        if !told.begun {
            report.fault(format!("{}: its log holds no registration", fold::name(*stream)));
        }
        // An account begins active.
        let active = told.values.get("active").map_or("true", String::as_str);
        if active != row.active.to_string() {
            report.fault(format!(
                "{}: active is {}, but the log says {active}",
                fold::name(*stream),
                row.active
            ));
        }
        if let Some(fault) = told.disagrees("role", &row.role) {
            report.fault(format!("{}: {fault}", fold::name(*stream)));
        }
    }
    for stream in rows.keys() {
        report.fault(format!("{}: it has no log", fold::name(*stream)));
    }
    Ok(())
}

/// Every task has a log that begins with its creation, and is what its log says; so are its messages.
pub(super) async fn tasks(
    reader: &mut Reader<'_>,
    window: Window,
    folds: &mut BTreeMap<i64, Fold>,
    report: &mut Report,
) -> Result<(), Problem> {
    let rows = sql::tasks(reader, window.after, window.to).await?;
    report.tasks += rows.len();
    let mut rows: BTreeMap<i64, sql::TaskRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut counts = messages(reader, window, folds, report).await?;
    for (stream, told) in folds.range(1..) {
        let name = fold::name(*stream);
        let row = match (rows.remove(stream), told.gone) {
            (Some(row), false) => row,
            (None, true) => continue,
            (Some(_), true) => {
                report.fault(format!("{name}: it exists, but the log says that it was deleted"));
                continue;
            }
            (None, false) => {
                report.fault(format!("{name}: it has a log, but does not exist"));
                continue;
            }
        };
        if !told.begun {
            report.fault(format!("{name}: its log holds no creation"));
        }
        for (seq, message) in &told.posted {
            report.fault(format!("{name}: message {message}, posted by event {seq}, is missing"));
        }
        let assignee = row.assigned_to_id.map_or_else(|| "nobody".to_owned(), |id| id.to_string());
        let fields = [("status", &row.status), ("priority", &row.priority), ("visibility", &row.visibility)];
        for (field, now) in fields.into_iter().chain([("assignedToId", &assignee)]) {
            if let Some(fault) = told.disagrees(field, now) {
                report.fault(format!("{name}: {fault}"));
            }
        }
        if row.version != told.changes + 1 {
            let (version, changes) = (row.version, told.changes);
            report.fault(format!("{name}: its version is {version}, but the log holds {changes} changes"));
        }
        let live = counts.remove(stream).unwrap_or(0);
        if row.message_count != live {
            report.fault(format!(
                "{name}: its messageCount is {}, but it has {live} messages",
                row.message_count
            ));
        }
    }
    for stream in rows.keys() {
        report.fault(format!("{}: it has no log", fold::name(*stream)));
    }
    Ok(())
}

/// Every message is where its event says, and deleted exactly if an event says so; its answers are counted right.
/// Takes the messages it finds out of the folds, and returns how many each task has that are not deleted.
async fn messages(
    reader: &mut Reader<'_>,
    window: Window,
    folds: &mut BTreeMap<i64, Fold>,
    report: &mut Report,
) -> Result<BTreeMap<i64, i64>, Problem> {
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    let mut answers = Answers::default();
    let mut place = (window.after, i64::MAX);
    loop {
        let page = sql::messages(reader, place, window.to, PAGE).await?;
        let Some(last) = page.last() else { break };
        place = (last.task_id, last.seq);
        let full = page.len() == PAGE;
        report.messages += page.len();
        for row in page {
            let what = format!("task {}, message {}", row.task_id, row.id);
            let fold = folds.get_mut(&row.task_id);
            let (posted, deleted) = fold
                .map_or((None, false), |fold| (fold.posted.remove(&row.seq), fold.deleted.contains(&row.id)));
            match posted {
                Some(id) if id == row.id => {}
                Some(id) => report.fault(format!("{what}: its place, {}, is that of message {id}", row.seq)),
                None => report.fault(format!("{what}: event {} did not post it", row.seq)),
            }
            match (row.deleted, deleted) {
                (true, false) => report.fault(format!("{what}: it is deleted, but the log does not say so")),
                (false, true) => {
                    report.fault(format!("{what}: it is there, but the log says that it was deleted"));
                }
                (true, true) | (false, false) => {}
            }
            if !row.deleted {
                *counts.entry(row.task_id).or_default() += 1;
            }
            answers.count(&row);
        }
        if !full {
            break;
        }
    }
    for fault in answers.miscounted() {
        report.fault(fault);
    }
    Ok(counts)
}

/// Answers that messages say they have, and those that are there.
#[derive(Debug, Default)]
struct Answers(BTreeMap<i64, (Option<i64>, i64)>);

impl Answers {
    fn count(&mut self, row: &sql::MessageRow) {
        self.0.entry(row.id).or_default().0 = Some(row.reply_count);
        if row.deleted {
            return;
        }
        // An answer counts at the message it answers, and at the one that began the thread.
        let root = row.root_id.filter(|root| Some(*root) != row.reply_to_id);
        for answered in row.reply_to_id.into_iter().chain(root) {
            self.0.entry(answered).or_default().1 += 1;
        }
    }

    fn miscounted(self) -> impl Iterator<Item = String> {
        self.0.into_iter().filter_map(|(id, (noted, counted))| match noted {
            Some(noted) if noted != counted => {
                Some(format!("message {id}: its replyCount is {noted}, but it has {counted} answers"))
            }
            _ => None,
        })
    }
}
