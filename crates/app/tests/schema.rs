//! The two schemas are one: the same tables, columns, keys, indexes, triggers and closed sets of words on both engines.

use std::collections::{BTreeMap, BTreeSet};

use faff_store::migrate::Migration;
use faff_store::{Db, Engine, Reader};
use faff_testkit::TestDatabase;

/// What is there on one engine only: the text indexes, and what SQLite keeps for itself.
const POSTGRES_ONLY: [&str; 6] = [
    "column task.text_index tsvector",
    "column message.text_index tsvector",
    "index task_text_index",
    "index message_text_index",
    "index task_text_open",
    "index message_text_open",
];
const SQLITE_ONLY: [&str; 3] = ["sqlite_sequence", "task_text", "message_text"];

/// A schema as sentences that compare, without what the engines write differently.
type Schema = BTreeSet<String>;

async fn rows(db: &Db, sql: &'static str) -> Vec<(String, String, String)> {
    db.read(async move |reader: &mut Reader<'_>| reader.all(sql, &[]).await).await.unwrap_or_default()
}

/// An index definition or a check without casts, brackets and names of places.
fn plain(definition: &str) -> String {
    let text = definition.to_lowercase();
    let text = [
        ("::text", ""),
        ("::bigint", ""),
        ("public.", ""),
        ("using btree", ""),
        (" as bigint", ""),
        ("cast", ""),
    ]
    .into_iter()
    .fold(text, |text, (from, to)| text.replace(from, to));
    let text: String = text.chars().filter(|c| !matches!(c, '(' | ')')).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(" ,", ",")
}

/// The quoted words of a table's checks, in order.
fn words(definition: &str) -> String {
    let quoted: Vec<&str> = definition.split('\'').skip(1).step_by(2).collect();
    quoted.join(", ")
}

/// Says of columns in the order of the table what the engines must share.
fn columns(rows: Vec<(String, String, String)>) -> Schema {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut schema = Schema::new();
    for (table, column, ty) in rows {
        let ty = ty.to_lowercase();
        let (kind, null) = ty.split_once('|').unwrap_or((&ty, ""));
        let kind = match kind {
            "integer" => "bigint",
            "blob" => "bytea",
            other => other,
        };
        if kind == "tsvector" {
            schema.insert(format!("column {table}.{column} {kind}"));
            continue;
        }
        let place = places.entry(table.clone()).or_default();
        *place += 1;
        schema.insert(format!("column {place} of {table}: {column} {kind} {null}"));
    }
    schema
}

async fn sqlite(migrations: &[Migration]) -> Schema {
    let database = TestDatabase::create(Engine::Sqlite, migrations).await;
    let db = database.open().await;
    let own = |table: &str| SQLITE_ONLY.iter().any(|own| table.starts_with(own));
    let mut schema = columns(
        rows(&db, "select m.name, c.name, c.type || case when c.\"notnull\" or c.pk > 0 then '|not null' else '|null' end \
                   from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' order by m.name, c.cid")
            .await
            .into_iter()
            .filter(|(table, ..)| !own(table))
            .collect(),
    );
    for (table, column, place) in rows(
        &db,
        "select m.name, c.name, cast(c.pk as text) from sqlite_master m, \
        pragma_table_info(m.name) c where m.type = 'table' and c.pk > 0",
    )
    .await
    {
        schema.insert(format!("primary key of {table}: {column} {place}"));
    }
    for (name, _, definition) in
        rows(&db, "select name, tbl_name, sql from sqlite_master where type = 'index' and sql is not null")
            .await
    {
        schema.insert(format!("index {name}: {}", plain(&definition)));
    }
    for (table, from, to) in rows(
        &db,
        "select m.name, f.\"from\", f.\"table\" || ' ' || f.\"to\" from sqlite_master m, \
        pragma_foreign_key_list(m.name) f where m.type = 'table'",
    )
    .await
    {
        schema.insert(format!("foreign key of {table}: {from} to {to}"));
    }
    for (name, table, _) in
        rows(&db, "select name, tbl_name, '' from sqlite_master where type = 'trigger'").await
    {
        schema.insert(format!("trigger {name} of {table}"));
    }
    for (table, definition, _) in
        rows(&db, "select name, sql, '' from sqlite_master where type = 'table'").await
    {
        for check in definition.split("CHECK (").skip(1) {
            let check = check.split("))").next().unwrap_or_default();
            schema.insert(format!("words of {table}: {}", words(check)));
        }
    }
    schema.retain(|line| !SQLITE_ONLY.iter().any(|own| line.contains(&format!(" {own}"))));
    schema
}

async fn postgres() -> Schema {
    let database = TestDatabase::create(Engine::Postgres, faff_app::MIGRATIONS).await;
    let db = database.open().await;
    let mut schema = columns(
        rows(&db, "select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) || \
                   case when a.attnotnull then '|not null' else '|null' end \
                   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
                   where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname, a.attnum")
            .await,
    );
    for (table, column, place) in rows(&db, "select i.indrelid::regclass::text, a.attname::text, \
        array_position(i.indkey::int2[], a.attnum)::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid and \
        a.attnum = any(i.indkey) join pg_class c on c.oid = i.indrelid where i.indisprimary and c.relnamespace = 'public'::regnamespace").await
    {
        // Places in a vector count from 0, in SQLite's list from 1.
        let place = place.parse::<i64>().map_or(0, |place| place + 1);
        schema.insert(format!("primary key of {table}: {column} {place}"));
    }
    for (name, _, definition) in rows(&db, "select x.indexrelid::regclass::text, '', pg_get_indexdef(x.indexrelid) from pg_index x \
        join pg_class c on c.oid = x.indrelid where not x.indisprimary and c.relnamespace = 'public'::regnamespace").await
    {
        schema.insert(format!("index {name}: {}", plain(&definition)));
    }
    for (table, from, to) in rows(
        &db,
        "select f.conrelid::regclass::text, a.attname::text, f.confrelid::regclass::text || ' ' || b.attname \
        from pg_constraint f join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1] \
        join pg_attribute b on b.attrelid = f.confrelid and b.attnum = f.confkey[1] where f.contype = 'f'",
    )
    .await
    {
        schema.insert(format!("foreign key of {table}: {from} to {to}"));
    }
    for (table, check, _) in rows(
        &db,
        "select conrelid::regclass::text, pg_get_constraintdef(oid), '' from pg_constraint \
        where contype = 'c' and connamespace = 'public'::regnamespace",
    )
    .await
    {
        schema.insert(format!("words of {table}: {}", words(&check)));
    }
    for (name, table, _) in
        rows(&db, "select tgname::text, tgrelid::regclass::text, '' from pg_trigger where not tgisinternal")
            .await
    {
        schema.insert(format!("trigger {name} of {table}"));
    }
    for own in POSTGRES_ONLY {
        assert!(schema.iter().any(|line| line.starts_with(own)), "{own} is no exception any more");
    }
    schema.retain(|line| !POSTGRES_ONLY.iter().any(|own| line.starts_with(own)));
    schema
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_have_the_same_schema() {
    let (sqlite, postgres) = (sqlite(faff_app::MIGRATIONS).await, postgres().await);
    let only = |a: &Schema, b: &Schema| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(
        only(&sqlite, &postgres),
        only(&postgres, &sqlite),
        "SQLite has the left, PostgreSQL the right"
    );
    for (what, count) in [
        ("column ", 60),
        ("primary key", 10),
        ("index ", 15),
        ("foreign key", 8),
        ("words of", 4),
        ("trigger", 1),
    ] {
        let found = sqlite.iter().filter(|line| line.starts_with(what)).count();
        assert!(found >= count, "only {found} times {what}: is everything looked at?");
    }
}

#[test]
fn a_difference_is_seen_and_another_spelling_is_none() {
    let sqlite = "CREATE INDEX task_rank ON task (CAST(CASE priority WHEN 'high' THEN 2 ELSE 0 END AS BIGINT), id) WHERE (tag IS NOT NULL)";
    let postgres = "CREATE INDEX task_rank ON public.task USING btree ((\nCASE priority\n    WHEN 'high'::text THEN 2\n    \
                    ELSE 0\nEND)::bigint, id) WHERE (tag IS NOT NULL)";
    assert_eq!(plain(sqlite), plain(postgres));
    for (from, to) in [
        ("'high'", "'low'"),
        (" id)", " id desc)"),
        ("INDEX", "UNIQUE INDEX"),
        ("NOT NULL", "NULL"),
        (", id", ""),
    ] {
        assert_ne!(plain(&sqlite.replace(from, to)), plain(postgres), "{to} instead of {from}");
    }
    assert_eq!(
        words("role IN ('admin', 'user')"),
        words("CHECK ((role = ANY (ARRAY['admin'::text, 'user'::text])))")
    );
    assert_ne!(words("role IN ('admin', 'user')"), words("role IN ('user', 'admin')"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planted_difference_is_found() {
    let whole = sqlite(faff_app::MIGRATIONS).await;
    for (from, to) in [
        ("title            TEXT NOT NULL", "title BLOB NOT NULL"),
        ("title            TEXT NOT NULL", "title TEXT"),
        ("last_message_at  BIGINT,", ""),
        ("resolved_at      BIGINT", "resolved_at BIGINT, spare TEXT"),
        ("assigned_to_id   BIGINT REFERENCES account (id)", "assigned_to_id BIGINT"),
        ("'closed'", "'shut'"),
        ("PRIMARY KEY (task_id, tag)", "PRIMARY KEY (tag, task_id)"),
        ("(status, id, visibility,", "(id, status, visibility,"),
        ("CREATE INDEX event_actor", "CREATE UNIQUE INDEX event_actor"),
        ("CREATE INDEX event_actor", "CREATE INDEX event_who"),
        ("WHERE root_id IS NOT NULL", ""),
        ("WHEN 'high' THEN 2", "WHEN 'high' THEN 1"),
        ("TRIGGER task_visibility", "TRIGGER visibility"),
    ] {
        let plant = |migration: &Migration| Migration {
            sqlite: migration.sqlite.replacen(from, to, 1).leak(),
            ..*migration
        };
        let planted: Vec<Migration> = faff_app::MIGRATIONS.iter().map(plant).collect();
        assert_ne!(sqlite(&planted).await, whole, "{to:?} instead of {from:?} went unseen");
    }
}
