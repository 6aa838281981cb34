//! PostgreSQL through `tokio-postgres`: prepared statements over as many connections as the server's pool has.

use std::hint::black_box;
use std::pin::pin;

use futures_util::TryStreamExt;
use futures_util::future::{try_join_all, try_join3, try_join4};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, Statement};

use super::{Posting, Value, Window, weigh};
use crate::Outcome;
use crate::seed::postgres::connect;
use crate::seed::world::Size;
use crate::statements as sql;
use crate::work::{Ask, Asker, Work};

/// The server's pool, as `DATABASE_POOL_MAX` has it when not told.
const CONNECTIONS: usize = 20;

/// What the server says about itself.
pub(crate) async fn durability(url: &str) -> Outcome<String> {
    let client = connect(&url.parse()?).await?;
    let mut said = vec!["PostgreSQL".to_owned()];
    for name in ["server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers"] {
        let value: String = client.query_one(&format!("show {name}"), &[]).await?.get(0);
        said.push(format!("{name}={value}"));
    }
    Ok(said.join(" "))
}

/// Requests a second.
pub(crate) async fn run(url: &str, work: Work, size: Size, window: Window, clients: usize) -> Outcome<f64> {
    let config = url.parse()?;
    let connections = try_join_all((0..CONNECTIONS).map(|_| connect(&config))).await?;
    let mut prepared = Vec::new();
    for connection in connections {
        prepared.push(std::sync::Arc::new(Prepared::new(connection, work).await?));
    }
    // A transaction has a connection to itself; reads may share one.
    let tasks = if work == Work::Post { CONNECTIONS } else { clients };
    let running = prepared.into_iter().cycle().take(tasks).enumerate().map(|(n, connection)| {
        let mut asker = Asker::new(work, size, n);
        tokio::spawn(async move {
            let mut counted = 0;
            while let Some(counts) = window.look() {
                connection.answer(work, &asker.ask()).await?;
                counted += u64::from(counts);
            }
            Outcome::Ok(counted)
        })
    });
    let mut counted = 0;
    for ended in try_join_all(running).await? {
        counted += ended?;
    }
    Ok(window.per_second(counted))
}

struct Prepared {
    client: Client,
    statements: Vec<Statement>,
}

impl Prepared {
    async fn new(client: Client, work: Work) -> Outcome<Self> {
        let texts: &[&str] = match work {
            Work::Get => &[sql::GET],
            Work::List => &[sql::LIST],
            Work::Messages => &[sql::MESSAGES],
            Work::Post => &[sql::LOCK, sql::KEY, sql::INSERT, sql::COUNT, sql::EVENT, sql::HEAD],
        };
        let mut statements = Vec::new();
        for text in texts {
            statements.push(client.prepare(text).await?);
        }
        Ok(Self { client, statements })
    }

    async fn answer(&self, work: Work, ask: &Ask) -> Outcome<()> {
        let read = self.statements.first().ok_or("nothing prepared")?;
        let rows = match work {
            Work::Get => self.rows(read, &[&ask.task, &ask.user]).await?,
            Work::List => self.rows(read, &[&ask.user, &"open", &ask.assignee]).await?,
            Work::Messages => self.rows(read, &[&ask.task, &0_i64, &ask.user]).await?,
            Work::Post => return self.post(ask).await,
        };
        black_box(weigh(&rows));
        Ok(())
    }

    async fn rows(&self, statement: &Statement, params: &[&(dyn ToSql + Sync)]) -> Outcome<Vec<Vec<Value>>> {
        let mut rows = pin!(self.client.query_raw(statement, params.iter().copied()).await?);
        let mut found = Vec::new();
        while let Some(row) = rows.try_next().await? {
            found.push(values(&row)?);
        }
        Ok(found)
    }

    async fn execute(&self, statement: &Statement, params: &[&(dyn ToSql + Sync)]) -> Outcome<()> {
        self.client.execute_raw(statement, params.iter().copied()).await?;
        Ok(())
    }

    async fn batch(&self, text: &str) -> Outcome<()> {
        Ok(self.client.batch_execute(text).await?)
    }

    /// In three round trips, as the application does it.
    async fn post(&self, ask: &Ask) -> Outcome<()> {
        let [lock, key, insert, count, event, head] = self.statements.as_slice() else {
            return Err("not prepared for posting".into());
        };
        let posting = Posting::new(ask);
        let now = posting.now;
        let (.., rows) = try_join3(
            self.batch("BEGIN"),
            self.rows(lock, &[&ask.task]),
            self.rows(key, &[&ask.task, &ask.user]),
        )
        .await?;
        let Some([.., Value::Int(seq), Value::Bytes(chain)]) = rows.first().map(Vec::as_slice) else {
            return Err("a task without a stream".into());
        };
        let (fingerprint, nobody, next) = (&posting.fingerprint[..], None::<i64>, seq + 1);
        let rows = self
            .rows(
                insert,
                &[
                    &ask.task,
                    &next,
                    &ask.user,
                    &ask.content,
                    &posting.html,
                    &ask.client_id,
                    &fingerprint,
                    &nobody,
                    &nobody,
                    &now,
                    &0_i64,
                    &false,
                ],
            )
            .await?;
        let Some([Value::Int(id)]) = rows.first().map(Vec::as_slice) else {
            return Err("no message".into());
        };
        let logged = posting.event(ask, *id, (*seq, chain));
        let chain = &logged.chain[..];
        try_join4(
            self.execute(count, &[&ask.task, &now]),
            self.execute(
                event,
                &[
                    &ask.task,
                    &logged.seq,
                    &logged.kind,
                    &ask.user,
                    &now,
                    &logged.audience,
                    &logged.payload,
                    &chain,
                ],
            ),
            self.execute(head, &[&ask.task, &logged.seq, &chain]),
            self.batch("COMMIT"),
        )
        .await?;
        Ok(())
    }
}

fn values(row: &Row) -> Outcome<Vec<Value>> {
    let value = |at: usize, ty: &Type| -> Outcome<Value> {
        Ok(match *ty {
            Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map_or(Value::Null, Value::Int),
            Type::BOOL => row.try_get::<_, Option<bool>>(at)?.map_or(Value::Null, Value::Bool),
            Type::TEXT => row.try_get::<_, Option<String>>(at)?.map_or(Value::Null, Value::Text),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.map_or(Value::Null, Value::Bytes),
            // What a lock returns: nothing.
            _ => Value::Null,
        })
    };
    row.columns().iter().enumerate().map(|(at, column)| value(at, column.type_())).collect()
}
