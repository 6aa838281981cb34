//! A seeded PostgreSQL database, filled by `COPY`.

use std::pin::pin;
use std::time::Instant;

use faff_store::{Db, Engine, Options, PostgresAddress, migrate};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, NoTls};

use super::tables::{TABLES, Table};
use super::world::{self, Size, World};
use crate::Outcome;

/// The database that a run measures on.
pub(crate) const RUN: &str = "faff_bench_run";

/// Connects; the connection ends with the client.
pub(crate) async fn connect(config: &Config) -> Outcome<Client> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// The name of the seeded database of this size in the cluster, made when it is missing.
pub(crate) async fn seed(url: &str, size: Size) -> Outcome<String> {
    let admin = connect(&url.parse()?).await?;
    let seeded = format!("faff_bench_{}", super::name(Engine::Postgres, size));
    let known = admin.query_opt("select 1 from pg_database where datname = $1", &[&seeded]).await?;
    if known.is_none() {
        let (started, draft) = (Instant::now(), format!("{seeded}_draft"));
        admin.batch_execute(&format!("drop database if exists {draft} with (force)")).await?;
        admin.batch_execute(&format!("create database {draft}")).await?;
        fill(&of_database(url, &draft)?.parse()?, size).await?;
        disconnect(&admin, &draft).await?;
        admin.batch_execute(&format!("alter database {draft} rename to {seeded}")).await?;
        eprintln!("seeded database {seeded} in {:.0} s", started.elapsed().as_secs_f64());
    }
    Ok(seeded)
}

/// A copy of the seeded database of this size, to measure on.
pub(crate) async fn provide(url: &str, size: Size) -> Outcome<String> {
    let seeded = seed(url, size).await?;
    let admin = connect(&url.parse()?).await?;
    let version: String = admin.query_one("show server_version_num", &[]).await?.get(0);
    // Otherwise the copy goes through the write-ahead log.
    let strategy = if version.parse::<u32>()? >= 150_000 { " strategy file_copy" } else { "" };
    admin.batch_execute(&format!("drop database if exists {RUN} with (force)")).await?;
    disconnect(&admin, &seeded).await?;
    admin.batch_execute(&format!("create database {RUN} template {seeded}{strategy}")).await?;
    admin.batch_execute("checkpoint").await?;
    of_database(url, RUN)
}

/// The address of another database of the same cluster.
pub(crate) fn of_database(url: &str, name: &str) -> Outcome<String> {
    let (address, options) = url.split_once('?').map_or((url, ""), |(address, options)| (address, options));
    let (server, _) = address.rsplit_once('/').ok_or("the address of the cluster must end in /DATABASE")?;
    let mark = if options.is_empty() { "" } else { "?" };
    Ok(format!("{server}/{name}{mark}{options}"))
}

async fn disconnect(admin: &Client, database: &str) -> Outcome<()> {
    let others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
    admin.execute(others, &[&database]).await?;
    while admin
        .query_one("select count(*) from pg_stat_activity where datname = $1", &[&database])
        .await?
        .get::<_, i64>(0)
        > 0
    {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn fill(config: &Config, size: Size) -> Outcome<()> {
    let address = Box::new(PostgresAddress::new(config.clone())?);
    let db = Db::open(Options::Postgres { address, replica: None, pool_max: 2 }).await?;
    migrate::run(&db, faff_app::MIGRATIONS).await?;
    drop(db);
    let world = world::build(size);
    let client = connect(config).await?;
    // References are right by construction, and indexes are made faster over all rows than row by row.
    client
        .batch_execute("set session_replication_role = replica; set maintenance_work_mem = '512MB'")
        .await?;
    let plain = "select format('drop index %I', indexname), indexdef from pg_indexes \
                 where schemaname = 'public' and indexname not in (select conname from pg_constraint)";
    let indexes = client.query(plain, &[]).await?;
    for index in &indexes {
        client.batch_execute(index.get(0)).await?;
    }
    for table in &TABLES {
        copy(&client, table, &world).await?;
    }
    for index in &indexes {
        client.batch_execute(index.get(1)).await?;
    }
    for table in ["account", "session", "task", "message"] {
        let sql =
            format!("select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))");
        client.query_one(&sql, &[]).await?;
    }
    Ok(client.batch_execute("vacuum analyze").await?)
}

async fn copy(client: &Client, table: &Table, world: &World) -> Outcome<()> {
    let Table { name, columns, rows, .. } = table;
    let probe = client.prepare(&format!("select {columns} from {name}")).await?;
    let types: Vec<Type> = probe.columns().iter().map(|column| column.type_().clone()).collect();
    let sink = client.copy_in(&format!("copy {name} ({columns}) from stdin (format binary)")).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for row in rows(world) {
        writer.as_mut().write_raw(row).await?;
    }
    writer.finish().await?;
    Ok(())
}
