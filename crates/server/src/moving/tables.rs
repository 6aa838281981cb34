//! What is carried from one database into another: every table and column of the schema but these.

use faff_app::MIGRATIONS;
use faff_store::{Reader, bulk};

use super::refused::Refused;

/// Tables that stay behind, with the reason, and whether one that holds rows keeps everything from being moved.
const LEFT_OUT: [(&str, bool, &str); 2] = [
    ("migration", false, "what was applied to this database; the target has its own, up to the same number"),
    (
        "consumer",
        true,
        "places in the order of this database's log, which the target numbers anew; nobody keeps one",
    ),
];

/// Columns that stay behind, with the reason. The target fills in its default.
const COLUMNS_LEFT_OUT: [(&str, &str, &str); 1] = [(
    "event",
    "tx",
    "the transaction that wrote it, by this database's count: to the target, that of the import",
)];

/// What is found by its text.
pub(super) const TEXTS: [&str; 2] = ["task", "message"];

/// The number of the schema that this program knows.
pub(super) fn schema() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// The tables that are carried, in order.
///
/// # Errors
/// When the database has another schema than this program knows.
pub(super) async fn carried(reader: &mut Reader<'_>) -> Result<Vec<bulk::Table>, Refused> {
    let mut tables = bulk::tables(reader).await?;
    if !tables.iter().any(|table| table.name == "migration") {
        return Err(Refused::new("this is no database of faff: it has no migrations"));
    }
    let (theirs, ours) = (bulk::schema(reader).await?, schema());
    if theirs < ours {
        return Err(Refused::new(format!(
            "its schema is {theirs}, this program's {ours}: run `faff migrate` on it first"
        )));
    }
    if theirs > ours {
        return Err(Refused::new(format!(
            "its schema is {theirs}, this program knows {ours}: use the newer faff that has migrated it"
        )));
    }
    tables.retain(|table| !LEFT_OUT.iter().any(|(name, ..)| *name == table.name));
    for table in &mut tables {
        let bulk::Table { name, fields, .. } = table;
        fields
            .retain(|field| !COLUMNS_LEFT_OUT.iter().any(|(of, left, _)| of == name && *left == field.name));
        if table.key.is_empty() {
            return Err(Refused::new(format!("the table {} has no key to go by", table.name)));
        }
    }
    Ok(tables)
}

/// Demands that what stays behind is nothing that anybody would miss.
pub(super) async fn demand_nothing_lost(reader: &mut Reader<'_>) -> Result<(), Refused> {
    let tables = bulk::tables(reader).await?;
    for (name, matters, reason) in LEFT_OUT {
        if matters
            && let Some(table) = tables.iter().find(|table| table.name == name)
            && !bulk::is_empty(reader, table).await?
        {
            return Err(Refused::new(format!(
                "the table {name} holds rows, which cannot be moved: {reason}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use faff_testkit::{TestDatabase, on_both_engines};

    use super::*;

    on_both_engines! {
        /// Whoever adds a table or column decides here whether it goes along, in the list above or in this one.
        async fn every_table_is_decided_about(engine) {
            let database = TestDatabase::create(engine, MIGRATIONS).await;
            let db = database.open().await;
            let (all, carried) = db
                .read(async |reader: &mut Reader<'_>| {
                    Ok::<_, Refused>((bulk::tables(reader).await?, carried(reader).await?))
                })
                .await
                .unwrap();
            let names: Vec<&str> = carried.iter().map(|table| table.name.as_str()).collect();
            assert_eq!(names, [
                "account", "event", "file_removal", "idempotency", "job", "review_guidance", "saved_view", "session",
                "stream", "task", "message", "attachment", "inbox", "participant", "reading", "review", "summary",
                "task_tag", "upload",
            ]);
            for (name, _, reason) in LEFT_OUT {
                assert!(all.iter().any(|table| table.name == name) && !reason.is_empty(), "{name}");
            }
            assert_eq!(all.len(), names.len() + LEFT_OUT.len());
            for (table, column, _) in COLUMNS_LEFT_OUT {
                let of = |tables: &[bulk::Table]| {
                    let found = tables.iter().find(|found| found.name == table).unwrap();
                    found.fields.iter().any(|field| field.name == column)
                };
                assert!(of(&all) && !of(&carried), "{table}.{column}");
            }
            let columns: usize = carried.iter().map(|table| table.fields.len()).sum();
            assert_eq!(columns, 152, "a column that goes along or not");
            let numbered: Vec<&str> =
                carried.iter().filter(|table| table.numbered).map(|table| table.name.as_str()).collect();
            assert_eq!(numbered, [
                "account", "event", "job", "saved_view", "session", "task", "message", "inbox", "review", "summary"
            ]);
        }
    }
}
