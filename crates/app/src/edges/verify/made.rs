//! Holds what machines and people made of tickets against the folded log.

use std::collections::BTreeMap;

use faff_store::Reader;

use super::fold::{self, Fold};
use super::{Report, Window, sql};
use crate::http::Problem;

/// Every summary is there because the log says so, and by whom it says.
pub(super) async fn summaries(
    reader: &mut Reader<'_>,
    window: Window,
    folds: &mut BTreeMap<i64, Fold>,
    report: &mut Report,
) -> Result<(), Problem> {
    let rows = sql::summaries(reader, window.after, window.to).await?;
    report.summaries += rows.len();
    for row in rows {
        let what = format!("task {}, summary {}", row.task_id, row.id);
        let Some(fold) = folds.get_mut(&row.task_id) else { continue };
        match fold.summaries.remove(&row.id) {
            Some(source) if source == row.source => {}
            Some(source) => {
                let (now, told) = (row.source.as_str(), source.as_str());
                report.fault(format!("{what}: its source is {now}, but the log says {told}"));
            }
            None => report.fault(format!("{what}: the log does not tell of it")),
        }
        if row.up_to_seq >= row.seq || row.seq > fold.seq {
            let (up_to, seq, last) = (row.up_to_seq, row.seq, fold.seq);
            report.fault(format!(
                "{what}: it goes up to event {up_to} as event {seq}, and event {last} is the last"
            ));
        }
    }
    for (stream, fold) in folds.range(1..).filter(|(_, fold)| !fold.gone) {
        for id in fold.summaries.keys() {
            report.fault(format!("{}, summary {id}: it is missing", fold::name(*stream)));
        }
    }
    Ok(())
}

/// Every review is there because the log says so, and is decided as it says.
pub(super) async fn reviews(
    reader: &mut Reader<'_>,
    window: Window,
    folds: &mut BTreeMap<i64, Fold>,
    report: &mut Report,
) -> Result<(), Problem> {
    let rows = sql::reviews(reader, window.after, window.to).await?;
    report.reviews += rows.len();
    for row in rows {
        let what = format!("task {}, review {}", row.task_id, row.id);
        let Some(fold) = folds.get_mut(&row.task_id) else { continue };
        match fold.reviews.remove(&row.id) {
            Some(status) if status == row.status => {}
            Some(status) => {
                let (now, told) = (row.status.as_str(), status.as_str());
                report.fault(format!("{what}: it is {now}, but the log says {told}"));
            }
            None => report.fault(format!("{what}: the log does not tell of it")),
        }
        if row.elsewhere {
            report.fault(format!("{what}: its message is not of this task"));
        }
    }
    for (stream, fold) in folds.range(1..).filter(|(_, fold)| !fold.gone) {
        for id in fold.reviews.keys() {
            report.fault(format!("{}, review {id}: it is missing", fold::name(*stream)));
        }
    }
    Ok(())
}
