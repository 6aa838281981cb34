//! Rust source told apart: code, string literals, comments, tests.

/// A Rust file, read well enough for the laws.
pub(super) struct Source {
    /// The text with comments, strings and test items blanked, line for line.
    pub(super) production: String,
    /// The same with the test items left in.
    pub(super) code: String,
    /// The strings outside of test items.
    pub(super) literals: Vec<Literal>,
}

/// A string literal, without its quotes, and the line it begins on.
pub(super) struct Literal {
    pub(super) line: usize,
    pub(super) text: String,
}

impl Source {
    /// Reads a text.
    pub(super) fn read(text: &str) -> Self {
        let (code, mut literals) =
            Reader { rest: text, line: 1, code: String::new(), literals: Vec::new() }.read();
        let (production, tests) = without_tests(&code);
        literals.retain(|literal| !tests.contains(&literal.line));
        Self { production, code, literals }
    }

    /// The number of lines that are not in test items; comments count.
    pub(super) fn length(text: &str) -> usize {
        let (code, _) = Reader { rest: text, line: 1, code: String::new(), literals: Vec::new() }.read();
        let (_, tests) = without_tests(&code);
        (1..=text.lines().count()).filter(|line| !tests.contains(line)).count()
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Reader<'_> {
    fn read(mut self) -> (String, Vec<Literal>) {
        while let Some(next) = self.rest.chars().next() {
            if self.rest.starts_with("//") {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.blank(end);
            } else if self.rest.starts_with("/*") {
                let end = end_of_comment(self.rest);
                self.blank(end);
            } else if let Some(hashes) = self.raw_string() {
                self.raw(hashes);
            } else if next == '"' {
                self.string();
            } else if next == '\'' {
                let end = end_of_char(self.rest);
                self.blank(end);
            } else {
                self.code.push(next);
                self.line += usize::from(next == '\n');
                self.advance(next.len_utf8());
            }
        }
        (self.code, self.literals)
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Leaves blanks in the code where something else was.
    fn blank(&mut self, bytes: usize) {
        let gone = self.rest.get(..bytes).unwrap_or(self.rest);
        self.code.extend(gone.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        self.line += gone.matches('\n').count();
        self.advance(gone.len());
    }

    /// The number of hashes, if a raw string begins here.
    fn raw_string(&self) -> Option<usize> {
        let inside_a_word = self.code.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        if inside_a_word {
            return None;
        }
        let rest = self.rest.strip_prefix(['b', 'c']).unwrap_or(self.rest).strip_prefix('r')?;
        let after = rest.trim_start_matches('#');
        after.starts_with('"').then(|| rest.len() - after.len())
    }

    fn raw(&mut self, hashes: usize) {
        let closing = format!("\"{}", "#".repeat(hashes));
        let start = self.rest.find('"').map_or(self.rest.len(), |quote| quote + 1);
        let body = self.rest.get(start..).unwrap_or_default();
        let length = body.find(&closing).unwrap_or(body.len());
        self.keep(start, length, closing.len());
    }

    fn string(&mut self) {
        let body = self.rest.get(1..).unwrap_or_default();
        let mut escaped = false;
        let length = body.find(|character| {
            let closing = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            closing
        });
        self.keep(1, length.unwrap_or(body.len()), 1);
    }

    fn keep(&mut self, start: usize, length: usize, closing: usize) {
        let text = self.rest.get(start..start + length).unwrap_or_default().to_owned();
        self.literals.push(Literal { line: self.line, text });
        self.blank(start + length + closing);
    }
}

fn end_of_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut rest = text;
    loop {
        if let Some(after) = rest.strip_prefix("/*") {
            depth += 1;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = after;
        } else {
            let mut characters = rest.chars();
            characters.next();
            rest = characters.as_str();
        }
        if depth == 0 || rest.is_empty() {
            return text.len() - rest.len();
        }
    }
}

/// The length of a character literal; of a lifetime, just the apostrophe.
fn end_of_char(text: &str) -> usize {
    let body = text.get(1..).unwrap_or_default();
    let mut characters = body.chars();
    match (characters.next(), characters.next()) {
        (Some('\\'), Some(escaped)) => {
            let start = 2 + escaped.len_utf8();
            let closing = text.get(start..).and_then(|rest| rest.find('\''));
            closing.map_or(text.len(), |closing| start + closing + 1)
        }
        (Some(only), Some('\'')) => 2 + only.len_utf8(),
        _ => 1,
    }
}

/// Blanks the items under `#[cfg(test)]`, and tells which lines they were on.
fn without_tests(code: &str) -> (String, std::collections::BTreeSet<usize>) {
    let mut production = String::new();
    let mut tests = std::collections::BTreeSet::new();
    let mut rest = code;
    let mut line = 1;
    while let Some(start) = ["#[cfg(test)]", "#[cfg(all(test"].iter().filter_map(|mark| rest.find(mark)).min()
    {
        let (before, from) = rest.split_at(start);
        let (item, after) = from.split_at(end_of_item(from));
        line += before.matches('\n').count();
        let last = line + item.matches('\n').count();
        tests.extend(line..=last);
        line = last;
        production.push_str(before);
        production.extend(item.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        rest = after;
    }
    production.push_str(rest);
    (production, tests)
}

/// The length of an item with its attributes: up to its semicolon, or to the
/// brace that closes it.
fn end_of_item(code: &str) -> usize {
    let mut depth = 0_i32;
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' => depth -= 1,
            '}' => {
                depth -= 1;
                if depth <= 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(text: &str) -> Vec<(usize, String)> {
        Source::read(text).literals.into_iter().map(|literal| (literal.line, literal.text)).collect()
    }

    #[test]
    fn strings_of_every_kind_are_found_and_nothing_else() {
        let text = "let a = \"x\\\"y\"; // \"no\"\n/* \"no\" /* \"no\" */ \"no\" */\nlet b = r#\"raw \"q\" \"#;\n\
                    let c = b\"bytes\"; let d = '\"'; let e = '\\''; fn f<'a>(g: &'a str) { h(\"last\") }\n";
        assert_eq!(
            literals(text),
            [(1, "x\\\"y".into()), (3, "raw \"q\" ".into()), (4, "bytes".into()), (4, "last".into())]
        );
    }

    #[test]
    fn test_items_end_where_their_braces_do() {
        let text = "fn a() {}\n#[cfg(test)]\nuse b::{c, d};\n#[cfg(test)]\nmod tests {\n    fn e() { \"}\" }\n}\nfn f() {}\n";
        let source = Source::read(text);
        assert!(source.production.contains("fn a()") && source.production.contains("fn f()"));
        assert!(!source.production.contains("fn e()") && source.code.contains("fn e()"));
        assert!(source.literals.is_empty());
        assert_eq!(Source::length(text), 2);
        assert_eq!(Source::length("a\n#[cfg(test)]\nmod tests;\nb\n"), 2);
    }
}
