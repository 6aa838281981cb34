//! SQLite through `rusqlite`: as many readers as cores, or one writer that commits in groups; the server's pragmas.

use std::hint::black_box;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, params};

use super::{Posting, Value, Window, weigh};
use crate::seed::world::Size;
use crate::work::{Ask, Asker, Work};
use crate::{Outcome, statements};

/// As in crates/store/src/sqlite.rs.
fn connect(path: &Path) -> Outcome<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.set_prepared_statement_cache_capacity(256);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    conn.pragma_update(None, "cache_size", -16_384)?;
    Ok(conn)
}

/// What the pragma says about durability.
pub(crate) fn durability(path: &Path) -> Outcome<String> {
    let conn = connect(path)?;
    let (journal, synchronous): (String, i64) = (
        conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        conn.pragma_query_value(None, "synchronous", |row| row.get(0))?,
    );
    let version = rusqlite::version();
    Ok(format!("SQLite {version}, journal_mode={journal}, synchronous={synchronous} (2 is FULL)"))
}

/// `?1` for `$1`.
fn ours(sql: &str) -> String {
    sql.replace('$', "?")
}

/// Requests a second; `group` messages share a commit.
pub(crate) fn run(path: &Path, work: Work, size: Size, window: Window, group: usize) -> Outcome<f64> {
    if work == Work::Post {
        return write(path, size, window, group);
    }
    let readers = thread::available_parallelism()?.get();
    let counted = thread::scope(|scope| {
        let threads: Vec<_> = (0..readers)
            .map(|n| scope.spawn(move || read(path, Asker::new(work, size, n), work, window)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a reader panicked".into())))
            .sum::<Outcome<u64>>()
    })?;
    Ok(window.per_second(counted))
}

fn read(path: &Path, mut asker: Asker, work: Work, window: Window) -> Outcome<u64> {
    let conn = connect(path)?;
    conn.pragma_update(None, "query_only", true)?;
    let (get, list, messages) = (ours(statements::GET), ours(statements::LIST), ours(statements::MESSAGES));
    let mut counted = 0;
    while let Some(counts) = window.look() {
        let ask = asker.ask();
        let rows = match work {
            Work::List => rows(&conn, &list, params![ask.user, "open", ask.assignee])?,
            Work::Messages => rows(&conn, &messages, params![ask.task, 0, ask.user])?,
            Work::Get | Work::Post => rows(&conn, &get, params![ask.task, ask.user])?,
        };
        black_box(weigh(&rows));
        counted += u64::from(counts);
    }
    Ok(counted)
}

fn rows(conn: &Connection, sql: &str, params: impl Params) -> Outcome<Vec<Vec<Value>>> {
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let value = |column| {
            Ok(match row.get_ref(column)? {
                ValueRef::Null | ValueRef::Real(_) => Value::Null,
                ValueRef::Integer(number) => Value::Int(number),
                ValueRef::Text(text) => Value::Text(std::str::from_utf8(text)?.to_owned()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
            })
        };
        found.push((0..columns).map(value).collect::<Outcome<_>>()?);
    }
    Ok(found)
}

fn write(path: &Path, size: Size, window: Window, group: usize) -> Outcome<f64> {
    let conn = connect(path)?;
    let mut askers: Vec<Asker> = (0..group).map(|n| Asker::new(Work::Post, size, n)).collect();
    let index = ours(statements::INDEX);
    let (open, closed) = channel::<()>();
    let counted = thread::scope(|scope| {
        let checkpoints = scope.spawn(move || -> Outcome<()> {
            let conn = connect(path)?;
            while closed.recv_timeout(Duration::from_millis(500)) == Err(RecvTimeoutError::Timeout) {
                conn.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()))?;
            }
            Ok(())
        });
        let mut counted = 0;
        let mut run = || -> Outcome<u64> {
            while let Some(counts) = window.look() {
                conn.execute_batch("begin immediate")?;
                let posted = askers.iter_mut().map(|asker| post(&conn, &asker.ask()));
                for id in posted.collect::<Outcome<Vec<_>>>()? {
                    conn.prepare_cached(&index)?.execute([id])?;
                }
                conn.execute_batch("commit")?;
                if counts {
                    counted += askers.len() as u64;
                }
            }
            Ok(counted)
        };
        let counted = run();
        drop(open);
        checkpoints.join().map_err(|_| "the checkpoints panicked")??;
        counted
    })?;
    Ok(window.per_second(counted))
}

/// Everything but the text index, which is for the end of the commit: a message.
fn post(conn: &Connection, ask: &Ask) -> Outcome<i64> {
    let posting = Posting::new(ask);
    let now = posting.now;
    let key = rows(conn, &ours(statements::KEY), params![ask.task, ask.user])?;
    let Some([.., Value::Int(seq), Value::Bytes(chain)]) = key.first().map(Vec::as_slice) else {
        return Err("a task without a stream".into());
    };
    let nobody: Option<i64> = None;
    let id: i64 = conn.prepare_cached(&ours(statements::INSERT))?.query_row(
        params![
            ask.task,
            seq + 1,
            ask.user,
            ask.content,
            posting.html,
            ask.client_id,
            &posting.fingerprint[..],
            nobody,
            nobody,
            now,
            0_i64,
            false
        ],
        |row| row.get(0),
    )?;
    let execute =
        |sql: &str, params: &[&dyn rusqlite::ToSql]| conn.prepare_cached(&ours(sql))?.execute(params);
    execute(statements::COUNT, params![ask.task, now])?;
    let event = posting.event(ask, id, (*seq, chain));
    execute(
        statements::EVENT,
        params![
            ask.task,
            event.seq,
            event.kind,
            ask.user,
            now,
            event.audience,
            event.payload,
            &event.chain[..]
        ],
    )?;
    execute(statements::HEAD, params![ask.task, event.seq, &event.chain[..]])?;
    Ok(id)
}
