//! Names and paths in Rust code whose comments and strings are blanked.

use std::iter::Peekable;

/// A piece of code, as far as names and paths need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    /// `::`
    Separator,
    Open,
    Close,
    Comma,
    Other,
}

/// A path, its groups written out: `a::{b, c::*}` is two.
pub(super) struct PathUse {
    pub(super) line: usize,
    pub(super) parts: Vec<String>,
}

/// The tokens with the lines they are on.
pub(super) fn tokens(code: &str) -> impl Iterator<Item = (usize, Token<'_>)> {
    let mut rest = code;
    let mut line = 1;
    std::iter::from_fn(move || {
        let trimmed = rest.trim_start();
        let (skipped, _) = rest.split_at(rest.len() - trimmed.len());
        line += skipped.matches('\n').count();
        let first = trimmed.chars().next()?;
        let word = trimmed.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(trimmed.len());
        let (length, token) = match first {
            _ if word > 0 => (word, Token::Word(trimmed.get(..word).unwrap_or_default())),
            ':' if trimmed.starts_with("::") => (2, Token::Separator),
            '{' => (1, Token::Open),
            '}' => (1, Token::Close),
            ',' => (1, Token::Comma),
            other => (other.len_utf8(), Token::Other),
        };
        rest = trimmed.get(length..).unwrap_or_default();
        Some((line, token))
    })
}

/// Every path of at least one name; those of `use` are written out.
pub(super) fn paths(code: &str) -> Vec<PathUse> {
    let mut tokens = tokens(code).peekable();
    let mut found = Vec::new();
    while let Some((line, token)) = tokens.next() {
        if let Token::Word(word) = token {
            path(&mut tokens, vec![word.to_owned()], line, &mut found);
        }
    }
    found
}

/// Reads on behind the first name of a path.
fn path<'a>(
    tokens: &mut Peekable<impl Iterator<Item = (usize, Token<'a>)>>,
    mut parts: Vec<String>,
    line: usize,
    found: &mut Vec<PathUse>,
) {
    while tokens.next_if(|(_, token)| *token == Token::Separator).is_some() {
        match tokens.peek() {
            Some((_, Token::Word(word))) => parts.push((*word).to_owned()),
            Some((_, Token::Open)) => {
                tokens.next();
                return group(tokens, &parts, found);
            }
            // A glob, or type arguments.
            _ => break,
        }
        tokens.next();
    }
    found.push(PathUse { line, parts });
}

/// Reads the branches of `a::{…}` up to the closing brace.
fn group<'a>(
    tokens: &mut Peekable<impl Iterator<Item = (usize, Token<'a>)>>,
    prefix: &[String],
    found: &mut Vec<PathUse>,
) {
    while let Some((line, token)) = tokens.next() {
        match token {
            Token::Close => return,
            Token::Word("as") => {
                tokens.next();
            }
            Token::Word(word) => {
                let mut parts = prefix.to_vec();
                parts.push(word.to_owned());
                path(tokens, parts, line, found);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_written_out() {
        let found: Vec<(usize, String)> = paths("use a::{b::{self, c as d}, e};\nf::g::<H>();")
            .into_iter()
            .map(|path| (path.line, path.parts.join("::")))
            .collect();
        let expected = [(1, "use"), (1, "a::b::self"), (1, "a::b::c"), (1, "a::e"), (2, "f::g"), (2, "H")];
        assert_eq!(found, expected.map(|(line, path)| (line, path.to_owned())));
    }
}
