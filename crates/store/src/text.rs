//! SQLite's text index, kept beside the rows, and the same question asked of a single text.
//!
//! Changes wait until the end of a group of transactions and are made at once: the index writes what it has gathered
//! at every savepoint, so a change inside each transaction's own would cost a segment of the index, and its merging.

/// A word of texts that a search may leave out ([`crate::Texts::Open`]): a letter for private use, which nobody can search for,
/// since [`crate::Engine::text_query`] takes it for no letter. The views that say what is indexed write it, and no other.
pub(crate) const MARK: char = '\u{F0000}';

/// A row whose text, as it is at the end of the group, is to be found from then on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextChange {
    /// The row's table. What is indexed of a row is what the view says that has `_words` behind the name, and nothing where
    /// that has no such row; the index is the one with `_text`.
    pub(crate) table: &'static str,
    /// The row.
    pub(crate) id: i64,
}

impl TextChange {
    /// Makes the change.
    pub(crate) fn apply(self, conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        let Self { table, id } = self;
        let put = format!(
            "insert or replace into {table}_text (rowid, content) select id, words from {table}_words where id = ?1"
        );
        if conn.prepare_cached(&put)?.execute((id,))? == 0 {
            conn.prepare_cached(&format!("delete from {table}_text where rowid = ?1"))?.execute((id,))?;
        }
        Ok(())
    }
}

/// The words of a query of the text index ([`crate::Engine::text_query`]), to be looked for in a text that is at hand.
///
/// A text has them when each is the beginning of a word of it, whatever the case of its letters, as the index has it. For letters
/// that the index knows otherwise than Rust (it takes some marks for parts of words, others not) the two may differ.
#[derive(Debug)]
pub(crate) struct Words(Vec<String>);

impl Words {
    pub(crate) fn of(query: &str) -> Self {
        let words = query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self(words.map(|word| folded(word).collect()).collect())
    }

    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.0.iter().all(|word| {
            let mut in_word = false;
            let begins = |(at, c): (usize, char)| {
                let before = std::mem::replace(&mut in_word, c.is_alphanumeric());
                (in_word && !before).then_some(at)
            };
            let mut beginnings = text.char_indices().filter_map(begins);
            beginnings.any(|at| text.get(at..).is_some_and(|rest| begins_with(rest, word)))
        })
    }
}

/// Whether a text begins with a folded word.
fn begins_with(text: &str, word: &str) -> bool {
    let mut letters = folded(text);
    word.chars().all(|letter| letters.next() == Some(letter))
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Engine;

    /// What the index says.
    fn is_found(text: &str, query: &str) -> bool {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let schema = "create virtual table note_text using fts5 (content, content = '', contentless_delete = 1, \
                      tokenize = 'unicode61 remove_diacritics 0'); \
                      create table note_words (id integer primary key, words text)";
        conn.execute_batch(schema).unwrap();
        conn.execute("insert into note_words values (1, ?1)", [text]).unwrap();
        TextChange { table: "note", id: 1 }.apply(&conn).unwrap();
        let count = "select count(*) from note_text where note_text match ?1";
        conn.query_row(count, [query], |row| row.get::<_, i64>(0)).unwrap() == 1
    }

    fn both(text: &str, typed: &str) -> (bool, bool) {
        let query = Engine::Sqlite.text_query(typed).unwrap();
        (is_found(text, &query), Words::of(&query).are_in(text))
    }

    #[test]
    fn words_are_in_a_text_that_has_a_beginning_of_each() {
        for (text, typed, expected) in [
            ("The Printer is on fire", "PRINT fire", true),
            ("The Printer is on fire", "printers", false),
            ("The Printer is on fire", "rinter", false),
            ("reprint 10-20 <b>x</b>", "20 b", true),
            ("reprint 10-20 <b>x</b>", "0", false),
            ("Größe", "GRÖSSE", false),
            ("Größe", "GRÖ", true),
            ("naïve", "naive", false),
            ("Ёлка и ёж", "ЁЖ", true),
            ("日本語 のテキスト", "日本", true),
            ("日本語 のテキスト", "本", false),
            ("", "x", false),
            ("@[Bo](user:7)", "user 7 bo", true),
        ] {
            assert_eq!(both(text, typed), (expected, expected), "{text:?} {typed:?}");
        }
    }

    proptest! {
        #[test]
        fn a_text_has_words_where_the_index_finds_it(
            text in "([abAÄäß1é_,.*\"' -]{0,3}(ab|Ab|ba|ÄB|b1)){0,4}[ ,]?",
            typed in "[abAä]{1,2}( [abB1]{1,2})?",
        ) {
            let (found, has) = both(&text, &typed);
            prop_assert_eq!(found, has, "{:?} {:?}", text, typed);
        }
    }
}
