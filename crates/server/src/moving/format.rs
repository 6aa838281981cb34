//! The file: JSON lines, the same whatever engine they come from.
//!
//! ```text
//! {"faff_export":1,"version":"0.1.0","schema":14,"engine":"sqlite","at":"2026-11-27T09:30:00.000Z"}
//! {"table":"account","columns":["id int","name text", …],"last_id":4}
//! {"account":[1,"Ada", …]}
//! …
//! {"end":{"tables":[{"table":"account","rows":4,"sha256":"…"}, …],"events":31,"sha256":"…"}}
//! ```
//!
//! Invariants:
//! - There is one way to write a row, and so one hash of a table: over its lines, line ends included.
//! - The hash at the end is over all lines before it, so that nothing in the file can be changed unseen by accident. It is no
//!   signature: whoever changes a file on purpose can make it anew.

use std::fmt::Write as _;

use faff_store::bulk::{Field, Kind, Table};
use faff_store::{Engine, Param};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The version of all this. A reader refuses those that it does not know.
pub(super) const FORMAT: u32 = 1;

/// The first line, as far as any version must have it.
#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) faff_export: u32,
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct First {
    pub(super) faff_export: u32,
    /// The program that wrote it.
    pub(super) version: String,
    /// The number of the last migration of its database.
    pub(super) schema: i64,
    pub(super) engine: String,
    pub(super) at: String,
}

/// The line before the rows of a table.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) table: String,
    /// Name and kind of each; a question mark where there may be nothing.
    pub(super) columns: Vec<String>,
    /// The highest number that a row ever had, if the database numbers them: none may have one again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_id: Option<i64>,
}

impl Head {
    pub(super) fn of(table: &Table, last_id: Option<i64>) -> Self {
        let column = |field: &Field| {
            let optional = if field.optional { "?" } else { "" };
            format!("{} {}{optional}", field.name, field.kind.name())
        };
        Self { table: table.name.clone(), columns: table.fields.iter().map(column).collect(), last_id }
    }
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Last {
    pub(super) end: End,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    pub(super) tables: Vec<Sum>,
    /// How many events the log has; the hash of the table `stream` is that of its heads.
    pub(super) events: i64,
    /// Over all lines before this one.
    pub(super) sha256: String,
}

/// How many rows a table has, and their hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sum {
    pub(super) table: String,
    pub(super) rows: u64,
    pub(super) sha256: String,
}

/// A [`Sum`] that grows row by row.
#[derive(Debug, Default)]
pub(super) struct Summing {
    rows: u64,
    hash: Sha256,
}

impl Summing {
    /// Adds a line of a row, with its end.
    pub(super) fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        self.hash.update(line);
    }

    pub(super) fn of(self, table: &Table) -> Sum {
        Sum { table: table.name.clone(), rows: self.rows, sha256: hex(&self.hash.finalize()) }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        // One way to write it.
        .map(|c| {
            c.to_digit(16).filter(|_| !c.is_ascii_uppercase()).and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let (pairs, rest) = digits.as_ref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high * 16 + low).collect())
}

/// What a line of a row begins with.
pub(super) fn opening(table: &Table) -> String {
    format!("{{\"{}\":[", table.name)
}

/// What it ends with.
const CLOSING: &[u8] = b"]}";

/// Writes the line of a row in place of what the buffer holds.
pub(super) fn row(line: &mut Vec<u8>, opening: &str, values: &[Param<'_>]) -> std::io::Result<()> {
    line.clear();
    line.extend_from_slice(opening.as_bytes());
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            line.push(b',');
        }
        match value {
            Param::Null => line.extend_from_slice(b"null"),
            Param::Int(number) => serde_json::to_writer(&mut *line, number)?,
            Param::Bool(truth) => serde_json::to_writer(&mut *line, truth)?,
            Param::Text(text) => serde_json::to_writer(&mut *line, text)?,
            Param::Bytes(bytes) => serde_json::to_writer(&mut *line, &hex(bytes))?,
        }
    }
    line.extend_from_slice(CLOSING);
    line.push(b'\n');
    Ok(())
}

/// Reads the values of a row from what stands behind its opening, line end excluded. A refusal says what is wrong.
pub(super) fn values(rest: &[u8], table: &Table, engine: Engine) -> Result<Vec<Param<'static>>, String> {
    let inside = rest.strip_suffix(CLOSING).ok_or("it does not end as a row does")?;
    let mut list = Vec::with_capacity(inside.len() + 2);
    list.push(b'[');
    list.extend_from_slice(inside);
    list.push(b']');
    let values: Vec<Value> =
        serde_json::from_slice(&list).map_err(|error| format!("it is no JSON: {error}"))?;
    if values.len() != table.fields.len() {
        return Err(format!(
            "it has {} values, but {} has {} columns",
            values.len(),
            table.name,
            table.fields.len()
        ));
    }
    values.into_iter().zip(&table.fields).map(|(value, field)| param(value, field, engine)).collect()
}

fn param(value: Value, field: &Field, engine: Engine) -> Result<Param<'static>, String> {
    let Field { name, kind, optional } = field;
    match (kind, value) {
        (_, Value::Null) if *optional => Some(Param::Null),
        (Kind::Int, Value::Number(number)) => number.as_i64().map(Param::Int),
        (Kind::Bool, Value::Bool(truth)) => Some(Param::Bool(truth)),
        (Kind::Text, Value::String(text)) => {
            if engine == Engine::Postgres && text.contains('\0') {
                return Err(format!("the column {name} holds a NUL, which PostgreSQL cannot keep"));
            }
            Some(Param::Text(text.into()))
        }
        (Kind::Bytes, Value::String(hex)) => bytes(&hex).map(|bytes| Param::Bytes(bytes.into())),
        _ => None,
    }
    .ok_or_else(|| {
        let kind = if *kind == Kind::Bytes { "bytes in hexadecimal" } else { kind.name() };
        format!("the column {name} must hold {kind}{}", if *optional { " or null" } else { "" })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let field = |name: &str, kind, optional| Field { name: name.to_owned(), kind, optional };
        Table {
            name: "odd".to_owned(),
            fields: vec![
                field("id", Kind::Int, false),
                field("said", Kind::Text, true),
                field("done", Kind::Bool, false),
                field("chain", Kind::Bytes, true),
            ],
            key: vec!["id".to_owned()],
            numbered: true,
        }
    }

    fn read(line: &[u8], engine: Engine) -> Result<Vec<Param<'static>>, String> {
        let rest = line.strip_prefix(opening(&table()).as_bytes()).unwrap();
        values(rest.strip_suffix(b"\n").unwrap_or(rest), &table(), engine)
    }

    #[test]
    fn what_is_written_is_read_and_written_the_same() {
        let texts = [
            "",
            "a\nb\r\t\u{1}",
            "\"{\\\"a\\\":[1]}\"",
            "\u{202e}שלום 🦀 e\u{301}\u{2028}\u{feff}",
            "\u{10ffff}",
        ];
        let rows = texts.into_iter().flat_map(|text| {
            [i64::MIN, -1, 0, i64::MAX].map(|number| {
                vec![
                    number.into(),
                    text.into(),
                    Param::Bool(number > 0),
                    Param::Bytes(vec![0, 255, 16].into()),
                ]
            })
        });
        let nothing = vec![Param::Int(1), Param::Null, Param::Bool(true), Param::Null];
        let mut written = Vec::new();
        for row in rows.chain([nothing]) {
            let (mut line, mut again) = (Vec::new(), b"old".to_vec());
            super::row(&mut line, &opening(&table()), &row).unwrap();
            let (end, line_itself) = line.split_last().unwrap();
            assert!(*end == b'\n' && !line_itself.contains(end), "one line");
            let read = read(&line, Engine::Postgres).unwrap();
            super::row(&mut again, &opening(&table()), &read).unwrap();
            assert_eq!(line, again);
            written.push(line);
        }
        let count = written.len();
        written.sort();
        written.dedup();
        assert_eq!(written.len(), count, "nothing and an empty text differ, too");
    }

    #[test]
    fn what_is_no_row_is_refused() {
        for (line, why) in [
            ("{\"odd\":[1,\"a\",true,null", "end as a row"),
            ("{\"odd\":[1,\"a\",true]}", "3 values"),
            ("{\"odd\":[1,\"a\",true,null],\"odd\":[2]}", "no JSON"),
            ("{\"odd\":[1,\"a,true,null]}", "no JSON"),
            ("{\"odd\":[1.5,\"a\",true,null]}", "column id must hold int"),
            ("{\"odd\":[9223372036854775808,\"a\",true,null]}", "column id must hold int"),
            ("{\"odd\":[null,\"a\",true,null]}", "column id must hold int"),
            ("{\"odd\":[1,2,true,null]}", "column said must hold text or null"),
            ("{\"odd\":[1,\"a\",1,null]}", "column done must hold bool"),
            ("{\"odd\":[1,\"a\",true,\"abc\"]}", "column chain must hold bytes in hexadecimal or null"),
            ("{\"odd\":[1,\"a\",true,\"AB\"]}", "column chain must hold bytes"),
            ("{\"odd\":[1,\"\\u0000\",true,null]}", "NUL"),
            ("{\"odd\":[1,\"\\ud800\",true,null]}", "no JSON"),
        ] {
            let said = read(line.as_bytes(), Engine::Postgres).unwrap_err();
            assert!(said.contains(why), "{line}: {said}");
        }
        assert!(read(b"{\"odd\":[1,\"\\u0000\",true,null]}", Engine::Sqlite).is_ok());
    }
}
