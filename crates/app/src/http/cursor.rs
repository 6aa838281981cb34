//! Cursors and page sizes of lists.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{Code, Problem};

/// A place in a sorted list: the sort key of a row, and its id to break ties.
///
/// On the wire it is opaque: base64 of a digest of the query it belongs to (8 bytes), the key and the id (8 bytes
/// each). It holds nothing secret and grants nothing; it fits only the query that gave it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The value of the sort column.
    pub key: i64,
    /// The row's id.
    pub id: i64,
}

impl Cursor {
    /// Writes a cursor that fits only `query`, a text that tells the list, its filters and its order.
    pub fn encode(self, query: &str) -> String {
        let mut bytes = [0; 24];
        let (bound, rest) = bytes.split_at_mut(8);
        bound.copy_from_slice(&digest(query));
        let (key, id) = rest.split_at_mut(8);
        key.copy_from_slice(&self.key.to_be_bytes());
        id.copy_from_slice(&self.id.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor that was given out for `query`.
    ///
    /// # Errors
    /// `invalid_cursor` for anything else.
    pub fn decode(text: &str, query: &str) -> Result<Self, Problem> {
        let wrong = || {
            let message = "This cursor does not belong to this query; start again without it";
            Problem::new(Code::InvalidCursor, message)
        };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        let numbers: Vec<[u8; 8]> = bytes.chunks(8).filter_map(|chunk| chunk.try_into().ok()).collect();
        match numbers.as_slice() {
            [bound, key, id] if bytes.len() == 24 && *bound == digest(query) => {
                Ok(Self { key: i64::from_be_bytes(*key), id: i64::from_be_bytes(*id) })
            }
            _ => Err(wrong()),
        }
    }
}

fn digest(query: &str) -> [u8; 8] {
    let mut short = [0; 8];
    for (to, from) in short.iter_mut().zip(Sha256::digest(query.as_bytes())) {
        *to = from;
    }
    short
}

/// How many rows a page holds: 1 to 100, 20 when not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(usize);

impl Limit {
    /// Checks what the client asked for.
    ///
    /// # Errors
    /// `validation_failed` outside 1 to 100.
    pub fn check(asked: Option<i64>) -> Result<Self, Problem> {
        match asked {
            None => Ok(Self(20)),
            Some(limit @ 1..=100) => Ok(Self(usize::try_from(limit).unwrap_or(20))),
            Some(_) => Err(Problem::field("limit", "range", "limit must be from 1 to 100")),
        }
    }

    /// The rows on a page.
    pub const fn get(self) -> usize {
        self.0
    }

    /// The rows to ask the database for: at least one more than the page holds, to know whether there are more,
    /// in few different numbers, since each is a statement of its own to prepare.
    pub const fn fetch(self) -> usize {
        match self.0 {
            ..=20 => 21,
            21..=50 => 51,
            _ => 101,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_went_and_fits_no_other_query(key: i64, id: i64, query: String, other: String) {
            let cursor = Cursor { key, id };
            let text = cursor.encode(&query);
            prop_assert_eq!(Cursor::decode(&text, &query).unwrap(), cursor);
            prop_assume!(query != other);
            prop_assert!(Cursor::decode(&text, &other).is_err());
        }

        #[test]
        fn garbage_is_refused(text: String) {
            prop_assert!(Cursor::decode(&text, "tasks").is_err());
        }
    }

    #[test]
    fn what_is_read_as_a_cursor_is_the_one_that_was_written() {
        const CORPUS: &[&str] = &[
            "ZYM3DM4sVYoAAAAAAAAABwAAAAAAAAAH",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "________________________________",
            "",
        ];
        const WORDS: &[&str] = &["A", "=", "_", "-", "+", "/", "AAAA", "\0", "é", "%3D", "\n", "9"];
        let good = Cursor { key: 7, id: 7 }.encode("tasks");
        faff_fuzz::Target { name: "cursors", source: file!(), corpus: CORPUS, words: WORDS }.check(|input| {
            let text = String::from_utf8_lossy(input);
            for given in [text.to_string(), format!("{}{text}", &good[..11]), format!("{good}{text}")] {
                if let Ok(cursor) = Cursor::decode(&given, "tasks") {
                    assert_eq!(cursor.encode("tasks"), given, "one cursor has one form");
                }
            }
        });
    }
}
