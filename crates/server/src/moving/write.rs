//! Writes an export.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use faff_store::{Db, Engine, Reader, bulk};
use faff_types::Clock;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::format::{self, End, First, Head, Last, Sum, Summing};
use super::refused::Refused;
use super::tables;

/// What was written, and what the target must hold.
#[derive(Debug)]
pub(super) struct Exported {
    pub(super) sums: Vec<Sum>,
    pub(super) events: i64,
}

impl Exported {
    pub(super) fn sentence(&self, done: &str) -> String {
        let rows: u64 = self.sums.iter().map(|sum| sum.rows).sum();
        format!("{done} {} tables with {rows} rows, {} of them events", self.sums.len(), self.events)
    }
}

/// Where lines go.
struct Out {
    to: Box<dyn Write + Send>,
    hash: Sha256,
}

impl Out {
    fn line(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.hash.update(line);
        self.to.write_all(line)
    }

    fn json(&mut self, value: &impl Serialize) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.line(&line)
    }
}

/// Writes everything, as it is at one moment.
pub(super) async fn write(db: &Db, to: Box<dyn Write + Send>) -> Result<Exported, Refused> {
    let out = Mutex::new(Some(Out { to, hash: Sha256::new() }));
    db.snapshot(async move |reader: &mut Reader<'_>| {
        let out = out.lock().unwrap_or_else(PoisonError::into_inner).take();
        write_all(reader, out.ok_or_else(|| Refused::new("an export is written once"))?).await
    })
    .await
}

async fn write_all(reader: &mut Reader<'_>, mut out: Out) -> Result<Exported, Refused> {
    let tables = tables::carried(reader).await?;
    tables::demand_nothing_lost(reader).await?;
    out.json(&First {
        faff_export: format::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: tables::schema(),
        engine: if reader.engine() == Engine::Sqlite { "sqlite" } else { "postgres" }.to_owned(),
        at: Clock::system().now().to_string(),
    })?;
    let mut sums = Vec::with_capacity(tables.len());
    for table in &tables {
        let last_id = if table.numbered { Some(bulk::last_id(reader, table).await?) } else { None };
        out.json(&Head::of(table, last_id))?;
        sums.push(rows(reader, table, |line| out.line(line)).await?);
    }
    let events = bulk::events(reader).await?;
    let sha256 = format::hex(&out.hash.clone().finalize());
    out.json(&Last { end: End { tables: sums.clone(), events, sha256 } })?;
    out.to.flush()?;
    Ok(Exported { sums, events })
}

/// Hands on the lines of a table's rows, and sums them up.
pub(super) async fn rows(
    reader: &mut Reader<'_>,
    table: &bulk::Table,
    mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> Result<Sum, Refused> {
    let opening = format::opening(table);
    let (mut line, mut sum) = (Vec::new(), Summing::default());
    bulk::each(reader, table, |values| {
        format::row(&mut line, &opening, &values)?;
        sum.add(&line);
        take(&line)?;
        Ok::<(), Refused>(())
    })
    .await?;
    Ok(sum.of(table))
}
