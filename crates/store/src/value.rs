//! Values on their way into a statement ([`Param`]) and out of a row ([`Row`], [`Column`], [`FromRow`]),
//! the same for both drivers.

use std::borrow::Cow;
use std::error::Error;

use faff_types::{Id, Timestamp};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::StoreError;

/// A value for a placeholder of a statement.
#[derive(Debug, Clone)]
pub enum Param<'a> {
    /// No value, for a column of any type.
    Null,
    /// A `BIGINT`.
    Int(i64),
    /// A `BOOLEAN`.
    Bool(bool),
    /// A `TEXT`.
    Text(Cow<'a, str>),
    /// A `BYTEA` or `BLOB`.
    Bytes(Cow<'a, [u8]>),
}

impl Param<'_> {
    /// The same value without borrowed parts, for a statement that runs later.
    pub fn into_owned(self) -> Param<'static> {
        match self {
            Self::Null => Param::Null,
            Self::Int(value) => Param::Int(value),
            Self::Bool(value) => Param::Bool(value),
            Self::Text(value) => Param::Text(Cow::Owned(value.into_owned())),
            Self::Bytes(value) => Param::Bytes(Cow::Owned(value.into_owned())),
        }
    }
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl<K> From<Id<K>> for Param<'_> {
    fn from(value: Id<K>) -> Self {
        Self::Int(value.get())
    }
}
impl From<Timestamp> for Param<'_> {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.as_millis())
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}
impl From<String> for Param<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(value))
    }
}
impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The parameters of a statement: `params![task.id, "open"]` is an array of [`Param`].
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::Param::from($value)),*] };
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Bool(value) => ValueRef::Integer(i64::from(*value)),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) if *ty == Type::INT8 => value.to_sql(ty, out),
            Self::Bool(value) if *ty == Type::BOOL => value.to_sql(ty, out),
            Self::Text(value) if *ty == Type::TEXT => value.as_ref().to_sql(ty, out),
            Self::Bytes(value) if *ty == Type::BYTEA => value.as_ref().to_sql(ty, out),
            other => Err(format!("the statement wants {ty} but was given {other:?}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A row of either engine, valid while the statement runs.
#[derive(Debug)]
pub enum Row<'a> {
    /// A row of SQLite.
    Sqlite(&'a rusqlite::Row<'a>),
    /// A row of PostgreSQL.
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// The value of a column, counted from 0.
    pub fn get<T: Column>(&self, column: usize) -> Result<T, StoreError> {
        let problem = |problem: String| StoreError::Column { column, problem };
        match self {
            Self::Sqlite(row) => {
                let value = row.get_ref(column).map_err(|e| problem(e.to_string()))?;
                T::from_sqlite(value).ok_or_else(|| problem(format!("unexpected {}", value.data_type())))
            }
            Self::Postgres(row) => T::from_postgres(row, column).map_err(|e| problem(e.to_string())),
        }
    }
}

/// A type that a column can hold.
pub trait Column: Sized {
    /// Reads SQLite's value; `None` when it is of another type.
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self>;
    /// Reads PostgreSQL's value.
    fn from_postgres(row: &tokio_postgres::Row, column: usize) -> Result<Self, Box<dyn Error + Sync + Send>>;
}

macro_rules! native_column {
    ($($ty:ty: $($value:pat => $result:expr),+;)+) => {$(
        impl Column for $ty {
            fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
                match value { $($value => $result,)+ _ => None }
            }
            fn from_postgres(row: &tokio_postgres::Row, column: usize) -> Result<Self, Box<dyn Error + Sync + Send>> {
                Ok(row.try_get(column)?)
            }
        }
    )+};
}

native_column! {
    i64: ValueRef::Integer(value) => Some(value);
    bool: ValueRef::Integer(value) => Some(value != 0);
    String: ValueRef::Text(value) => String::from_utf8(value.to_vec()).ok();
    Vec<u8>: ValueRef::Blob(value) => Some(value.to_vec());
    Option<i64>: ValueRef::Integer(value) => Some(Some(value)), ValueRef::Null => Some(None);
    Option<bool>: ValueRef::Integer(value) => Some(Some(value != 0)), ValueRef::Null => Some(None);
    Option<String>: ValueRef::Text(value) => String::from_utf8(value.to_vec()).ok().map(Some), ValueRef::Null => Some(None);
    Option<Vec<u8>>: ValueRef::Blob(value) => Some(Some(value.to_vec())), ValueRef::Null => Some(None);
}

macro_rules! integer_column {
    ($([$($generic:ident)?] $ty:ty: $from:expr;)+) => {$(
        impl$(<$generic>)? Column for $ty {
            fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
                i64::from_sqlite(value).map($from)
            }
            fn from_postgres(row: &tokio_postgres::Row, column: usize) -> Result<Self, Box<dyn Error + Sync + Send>> {
                i64::from_postgres(row, column).map($from)
            }
        }
        impl$(<$generic>)? Column for Option<$ty> {
            fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
                Option::<i64>::from_sqlite(value).map(|value| value.map($from))
            }
            fn from_postgres(row: &tokio_postgres::Row, column: usize) -> Result<Self, Box<dyn Error + Sync + Send>> {
                Ok(Option::<i64>::from_postgres(row, column)?.map($from))
            }
        }
    )+};
}

integer_column! {
    [K] Id<K>: Id::from_db;
    [] Timestamp: Timestamp::from_millis;
}

/// A type that a whole row can be read into, by the order of the columns.
pub trait FromRow: Sized {
    /// The names that the columns must have, in order; empty where names do not matter.
    /// Builds with debug assertions hold every statement to them.
    const COLUMNS: &'static [&'static str];
    /// Reads the row.
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError>;
}

macro_rules! scalar_row {
    ($([$($generic:ident)?] $ty:ty),+ $(,)?) => {$(
        impl$(<$generic>)? FromRow for $ty {
            const COLUMNS: &'static [&'static str] = &[];
            fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
                row.get(0)
            }
        }
    )+};
}
scalar_row!([] i64, [] bool, [] String, [] Vec<u8>, [] Option<i64>, [] Option<String>, [K] Id<K>, [K] Option<Id<K>>, [] Timestamp);

macro_rules! tuple_row {
    ($($name:ident $index:tt),+) => {
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            const COLUMNS: &'static [&'static str] = &[];
            fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
                Ok(($(row.get::<$name>($index)?,)+))
            }
        }
    };
}
tuple_row!(A 0, B 1);
tuple_row!(A 0, B 1, C 2);
tuple_row!(A 0, B 1, C 2, D 3);
tuple_row!(A 0, B 1, C 2, D 3, E 4);

/// Declares a struct that is read from a row: field by field, in the order of the columns, whose names must
/// be those of the fields.
#[macro_export]
macro_rules! record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $ty:ty),+ $(,)? }) => {
        $(#[$meta])* $vis struct $name { $($(#[$field_meta])* $field_vis $field: $ty),+ }
        impl $crate::FromRow for $name {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];
            fn from_row(row: &$crate::Row<'_>) -> Result<Self, $crate::StoreError> {
                let mut column = 0..;
                Ok(Self { $($field: row.get(column.next().unwrap_or_default())?),+ })
            }
        }
    };
}

/// Declares an enum that is a `TEXT` column holding one of a closed set of words. It also gets `as_str`, `parse`,
/// `ALL`, and JSON as the word.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])* $vis enum $name { $($(#[$variant_meta])* $variant),+ }
        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [&'static str] = &[$($word),+];
            /// The word as the database and the wire hold it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            /// Reads the word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
        impl $crate::Column for $name {
            fn from_sqlite(value: $crate::dialect::SqliteValue<'_>) -> Option<Self> {
                value.as_str().ok().and_then(Self::parse)
            }
            fn from_postgres(
                row: &$crate::dialect::PostgresRow,
                column: usize,
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                let word: &str = row.try_get(column)?;
                Self::parse(word).ok_or_else(|| format!("unknown word {word:?}").into())
            }
        }
        impl From<$name> for $crate::Param<'_> {
            fn from(value: $name) -> Self {
                $crate::Param::from(value.as_str())
            }
        }
        // By hand: the derived one would also take an object with the word as its key.
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as $crate::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&word).ok_or_else(|| $crate::serde::de::Error::unknown_variant(&word, Self::ALL))
            }
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
