//! Reads an export into an empty database, in one transaction.

use std::io::{BufRead, Read as _};
use std::sync::{Mutex, PoisonError};

use faff_app::edges::verify::verify_rows;
use faff_store::bulk::Table;
use faff_store::{Db, Param, Reader, Tx, bulk};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::format::{self, End, First, Head, Last, Sum, Summing, Version};
use super::refused::Refused;
use super::tables::{self, TEXTS};
use super::write::{Exported, rows};

/// The longest line, in bytes: far beyond what the limits of messages allow.
const LONGEST: u64 = 64 << 20;

/// What was read in.
#[derive(Debug)]
pub(super) struct Imported {
    pub(super) exported: Exported,
    /// What the checks have found, the first of it as sentences.
    pub(super) found: usize,
    pub(super) faults: Vec<String>,
}

/// What is read of, once: a transaction that is run again must not go on in the middle.
enum Source {
    Whole(Lines),
    Spent,
    Refused(Refused),
}

/// Reads everything in, or nothing.
pub(super) async fn read(
    db: &Db,
    input: Box<dyn BufRead + Send>,
    with_faults: bool,
) -> Result<Imported, Refused> {
    let source = Mutex::new(Source::Whole(Lines::of(input)));
    let committed = db
        .write(async move |tx: &mut Tx<'_>| {
            let lock = || source.lock().unwrap_or_else(PoisonError::into_inner);
            let before = std::mem::replace(&mut *lock(), Source::Spent);
            let mut lines = match before {
                Source::Whole(lines) => lines,
                Source::Spent => {
                    return Err(Refused::new("the transaction lost against another; import again"));
                }
                Source::Refused(refused) => return Err(refused),
            };
            let read = read_all(tx, &mut lines, with_faults).await;
            if let Err(refused) = &read {
                // SQLite's writer runs what has failed once more.
                *lock() = Source::Refused(refused.clone());
            }
            read
        })
        .await?;
    Ok(committed.value)
}

async fn read_all(tx: &mut Tx<'_>, lines: &mut Lines, with_faults: bool) -> Result<Imported, Refused> {
    tx.commit_quietly("what is imported brings its events with it");
    let tables = tables::carried(tx).await?;
    demand_empty(tx, &tables).await?;
    lines.first()?;
    let (mut sums, mut last_ids) = (Vec::with_capacity(tables.len()), Vec::with_capacity(tables.len()));
    for table in &tables {
        let last_id = lines.head(table)?;
        sums.push(read_table(tx, lines, table, last_id).await?);
        last_ids.push(last_id);
    }
    let end = lines.end(&sums)?;
    if bulk::events(tx).await? != end.events {
        return Err(Refused::new(format!(
            "the export tells of {} events, but its streams of others",
            end.events
        )));
    }
    for table in TEXTS {
        bulk::index_texts(tx, table).await?;
    }
    bulk::analyze(tx).await?;
    for (table, told) in tables.iter().zip(&sums) {
        let found = rows(tx, table, |_| Ok(())).await?;
        if found != *told {
            return Err(Refused::new(format!(
                "read again, {} has {} rows with the hash {}, but the export has {} with {}",
                table.name, found.rows, found.sha256, told.rows, told.sha256
            )));
        }
    }
    let report = verify_rows(tx).await?;
    if report.found > 0 && !with_faults {
        return Err(Refused::new(format!(
            "{}\nthe checks of `faff verify` find {} faults in what the export holds; look for them in its database, or take \
             it as it is by --with-faults",
            report.faults.join("\n"),
            report.found
        )));
    }
    // Last, since PostgreSQL would keep it.
    for (table, last_id) in tables.iter().zip(last_ids) {
        if let Some(last_id) = last_id {
            bulk::set_last_id(tx, table, last_id).await?;
        }
    }
    let exported = Exported { sums, events: end.events };
    Ok(Imported { exported, found: report.found, faults: report.faults })
}

/// Refuses a database that holds anything.
pub(super) async fn demand_empty(reader: &mut Reader<'_>, tables: &[Table]) -> Result<(), Refused> {
    for table in tables {
        if !bulk::is_empty(reader, table).await? {
            return Err(Refused::new(format!(
                "the database is not empty: its table {} has rows; name a new one",
                table.name
            )));
        }
    }
    Ok(())
}

/// A value that rows are ordered by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    Text(String),
}

/// The key of a row.
fn key(table: &Table, values: &[Param<'_>]) -> Vec<Key> {
    let value = |name: &String| {
        let place = table.fields.iter().position(|field| field.name == *name)?;
        match values.get(place)? {
            Param::Int(number) => Some(Key::Int(*number)),
            Param::Text(text) => Some(Key::Text(text.clone().into_owned())),
            _ => None,
        }
    };
    table.key.iter().filter_map(value).collect()
}

/// Reads the rows of a table, up to a line that is none.
async fn read_table(
    tx: &mut Tx<'_>,
    lines: &mut Lines,
    table: &Table,
    last_id: Option<i64>,
) -> Result<Sum, Refused> {
    let (opening, engine) = (format::opening(table), tx.engine());
    let most = table.batch() * table.fields.len();
    let (mut sum, mut before) = (Summing::default(), Vec::new());
    let mut batch = Batch { values: Vec::with_capacity(most), from: lines.number + 1 };
    while let Some(rest) = lines.row(&opening)? {
        let values = format::values(rest, table, engine).map_err(|why| lines.refuse(why))?;
        let key = key(table, &values);
        if key <= before {
            return Err(lines.refuse("its key does not come behind that of the row before"));
        }
        if let (Some(last_id), [Key::Int(id)]) = (last_id, key.as_slice())
            && *id > last_id
        {
            return Err(lines.refuse(format!("its id is above {last_id}, which its table calls the last")));
        }
        sum.add(&lines.line);
        lines.take();
        batch.values.extend(values);
        before = key;
        if batch.values.len() >= most {
            batch.insert(tx, table, lines.number).await?;
        }
    }
    batch.insert(tx, table, lines.number).await?;
    Ok(sum.of(table))
}

/// Rows that wait to be inserted, from one line on.
struct Batch {
    values: Vec<Param<'static>>,
    from: u64,
}

impl Batch {
    async fn insert(&mut self, tx: &mut Tx<'_>, table: &Table, to: u64) -> Result<(), Refused> {
        if !self.values.is_empty() {
            let rows = (self.values.len() / table.fields.len().max(1)) as u64;
            bulk::insert(tx, table, &self.values).await.map_err(|error| {
                let to = self.from + rows - 1;
                Refused::new(format!(
                    "lines {} to {to}: the database refuses these rows of {}: {error}",
                    self.from, table.name
                ))
            })?;
        }
        self.values.clear();
        self.from = to + 1;
        Ok(())
    }
}

/// The lines of an export.
struct Lines {
    input: Box<dyn BufRead + Send>,
    /// The number of the line at hand, from 1.
    number: u64,
    /// The line at hand, with its end.
    line: Vec<u8>,
    is_loaded: bool,
    /// Over the lines that were taken.
    hash: Sha256,
}

impl Lines {
    fn of(input: Box<dyn BufRead + Send>) -> Self {
        Self { input, number: 0, line: Vec::new(), is_loaded: false, hash: Sha256::new() }
    }

    /// What is wrong with the line at hand.
    fn refuse(&self, why: impl std::fmt::Display) -> Refused {
        Refused::new(format!("line {}: {why}", self.number))
    }

    /// Has a line at hand; false when there is none any more.
    fn load(&mut self) -> Result<bool, Refused> {
        if !self.is_loaded {
            self.line.clear();
            let read = self.input.by_ref().take(LONGEST).read_until(b'\n', &mut self.line);
            let read = read.map_err(|error| {
                Refused::new(format!("behind line {}, the export cannot be read: {error}", self.number))
            })?;
            if read == 0 {
                return Ok(false);
            }
            self.number += 1;
            if !self.line.ends_with(b"\n") {
                let is_long = self.line.len() as u64 == LONGEST;
                let cut = "it ends in the middle: the file was cut; export again";
                return Err(self.refuse(if is_long { "it is longer than 64 MiB" } else { cut }));
            }
            self.is_loaded = true;
        }
        Ok(true)
    }

    /// Goes on to the next line.
    fn take(&mut self) {
        self.hash.update(&self.line);
        self.is_loaded = false;
    }

    /// The line at hand as JSON of a certain shape.
    fn json<T: DeserializeOwned>(&mut self, what: &str) -> Result<T, Refused> {
        if !self.load()? {
            let behind = self.number;
            let end =
                format!("the export ends behind line {behind}, before {what}: it was cut; export again");
            return Err(Refused::new(end));
        }
        serde_json::from_slice(&self.line).map_err(|error| self.refuse(format!("it is not {what}: {error}")))
    }

    /// The first line.
    fn first(&mut self) -> Result<(), Refused> {
        const WHAT: &str = "the first line of an export of faff";
        let Version { faff_export: format } = self.json(WHAT)?;
        if format != format::FORMAT {
            let ours = format::FORMAT;
            return Err(self.refuse(format!(
                "it has the format {format}, this program reads {ours}: use the faff that wrote it, or a newer one"
            )));
        }
        let First { schema, version, .. } = self.json(WHAT)?;
        let ours = tables::schema();
        if schema < ours {
            return Err(self.refuse(format!(
                "it has the schema {schema}, this program {ours}: run this program's `faff migrate` on the database that it \
                 is of, and export again"
            )));
        }
        if schema > ours {
            return Err(self.refuse(format!(
                "it has the schema {schema}, this program knows {ours}: use faff {version}, which wrote it, or a newer one"
            )));
        }
        self.take();
        Ok(())
    }

    /// The head of a table: the highest number that a row ever had.
    fn head(&mut self, table: &Table) -> Result<Option<i64>, Refused> {
        let head: Head =
            self.json(&format!("a row of the table before or the head of the table {}", table.name))?;
        if head.table != table.name {
            return Err(self.refuse(format!(
                "here stands the table {}, but it must be {}: tables have one order, and all are there",
                head.table, table.name
            )));
        }
        let ours = Head::of(table, head.last_id);
        if head != ours
            || head.last_id.is_some() != table.numbered
            || head.last_id < table.numbered.then_some(0)
        {
            let columns = ours.columns.join(", ");
            let id = if table.numbered { ", and a last_id" } else { "" };
            return Err(self.refuse(format!("the table {} must have the columns {columns}{id}", table.name)));
        }
        self.take();
        Ok(head.last_id)
    }

    /// The values of a row and what closes them, if a row with this opening is at hand.
    fn row(&mut self, opening: &str) -> Result<Option<&[u8]>, Refused> {
        if !self.load()? {
            return Ok(None);
        }
        let rest = self.line.strip_prefix(opening.as_bytes());
        Ok(rest.map(|rest| rest.strip_suffix(b"\n").unwrap_or(rest)))
    }

    /// The last line, which must tell of what stands before it.
    fn end(&mut self, sums: &[Sum]) -> Result<End, Refused> {
        let Last { end } = self.json("a row of the table before or the last line of an export")?;
        let names = |sums: &[Sum]| sums.iter().map(|sum| sum.table.clone()).collect::<Vec<_>>();
        if names(&end.tables) != names(sums) {
            return Err(self.refuse(format!("it must tell of the tables {}", names(sums).join(", "))));
        }
        for (told, found) in end.tables.iter().zip(sums) {
            if told != found {
                return Err(self.refuse(format!(
                    "it tells of {} rows of {} with the hash {}, but there are {} with {}: something was changed, or is \
                     missing; export again",
                    told.rows, told.table, told.sha256, found.rows, found.sha256
                )));
            }
        }
        if end.sha256 != format::hex(&self.hash.clone().finalize()) {
            return Err(self.refuse("the lines before it are not those that were written; export again"));
        }
        self.take();
        if self.load()? {
            return Err(self.refuse("nothing may stand behind the last line"));
        }
        Ok(end)
    }
}
