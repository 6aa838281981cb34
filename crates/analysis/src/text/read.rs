//! From markdown to sentences.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::split;

/// A text as it was read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// What is said, in order.
    pub(crate) sentences: Vec<Sentence>,
    /// Where code stands, inline or in blocks.
    pub(crate) code: Vec<Range<usize>>,
}

/// A sentence in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Without markup, with single spaces.
    pub(crate) text: String,
    /// Where it stands in the source, markup within it included.
    pub(crate) place: Range<usize>,
    /// Whether it repeats what somebody else said.
    pub(crate) quoted: bool,
    /// Whether it is a heading, or what introduces a list: nothing by itself.
    pub(crate) heading: bool,
}

impl Reading {
    /// Reads a text.
    pub(crate) fn of(source: &str) -> Self {
        let mut reader =
            Reader { source, reading: Self::default(), block: Block::default(), state: State::default() };
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        for (event, place) in Parser::new_ext(source, options).into_offset_iter() {
            reader.take(event, place);
        }
        reader.flush();
        reader.reading
    }

    /// Whether code stands there.
    pub(crate) fn is_code(&self, place: &Range<usize>) -> bool {
        touches(&self.code, place)
    }
}

/// Whether one of the ranges, which are in order of their starts, shares a byte with `place`.
fn touches(ranges: &[Range<usize>], place: &Range<usize>) -> bool {
    let next = ranges.partition_point(|range| range.end <= place.start);
    ranges.get(next).is_some_and(|range| range.start < place.end)
}

#[derive(Default)]
struct State {
    quoted: usize,
    code: bool,
    picture: usize,
    heading: bool,
}

struct Reader<'a> {
    source: &'a str,
    reading: Reading,
    block: Block,
    state: State,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, place: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(&tag, place),
            Event::End(tag) => self.close(tag),
            Event::Text(text) if !self.state.code && self.state.picture == 0 => {
                self.block.push(&text, place, self.source);
            }
            Event::Code(text) => {
                note(&mut self.reading.code, place.clone());
                self.block.push(&text, place, self.source);
            }
            Event::SoftBreak => self.block.push("\n", place, self.source),
            Event::HardBreak => self.block.push("\n\n", place, self.source),
            Event::Rule => self.flush(),
            _ => {}
        }
    }

    fn open(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        match tag {
            Tag::CodeBlock(_) => {
                self.flush();
                self.state.code = true;
                note(&mut self.reading.code, place);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.state.quoted += 1;
            }
            Tag::Image { .. } => self.state.picture += 1,
            Tag::Heading { .. } => {
                self.flush();
                self.state.heading = true;
            }
            Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::TableCell | Tag::TableHead | Tag::TableRow => {
                self.flush();
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => self.state.code = false,
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.state.quoted = self.state.quoted.saturating_sub(1);
            }
            TagEnd::Image => self.state.picture = self.state.picture.saturating_sub(1),
            TagEnd::Heading(_) => {
                self.flush();
                self.state.heading = false;
            }
            TagEnd::Paragraph
            | TagEnd::Item
            | TagEnd::List(_)
            | TagEnd::TableCell
            | TagEnd::TableHead
            | TagEnd::TableRow => self.flush(),
            _ => {}
        }
    }

    /// Ends a block: no sentence goes on from one to the next.
    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        for plain in split::sentences(&block.text) {
            let Some(text) = block.text.get(plain.clone()) else { continue };
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let Some(place) = block.place(&plain).filter(|_| !text.is_empty()) else { continue };
            let heading = self.state.heading || text.ends_with(':');
            self.reading.sentences.push(Sentence { text, place, quoted: self.state.quoted > 0, heading });
        }
    }
}

/// Adds a range, unless it lies within the one before.
fn note(ranges: &mut Vec<Range<usize>>, place: Range<usize>) {
    if ranges.last().is_none_or(|last| place.start >= last.end) {
        ranges.push(place);
    }
}

/// A block of plain text that knows where it came from.
#[derive(Default)]
struct Block {
    text: String,
    pieces: Vec<Piece>,
}

struct Piece {
    /// Where it begins in the plain text.
    start: usize,
    /// Where it stands in the source.
    source: Range<usize>,
    /// Whether the source says the very same there.
    verbatim: bool,
}

impl Block {
    fn push(&mut self, text: &str, place: Range<usize>, source: &str) {
        let verbatim = source.get(place.clone()) == Some(text);
        self.pieces.push(Piece { start: self.text.len(), source: place, verbatim });
        self.text.push_str(text);
    }

    /// Where a part of the plain text stands in the source.
    fn place(&self, plain: &Range<usize>) -> Option<Range<usize>> {
        let first = self.piece(plain.start)?;
        let last = self.piece(plain.end.checked_sub(1)?)?;
        let start = if first.verbatim {
            first.source.start + (plain.start - first.start)
        } else {
            first.source.start
        };
        let end = if last.verbatim { last.source.start + (plain.end - last.start) } else { last.source.end };
        (start < end).then_some(start..end)
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= at);
        self.pieces.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(source: &str) -> Vec<String> {
        Reading::of(source).sentences.into_iter().map(|sentence| sentence.text).collect()
    }

    #[test]
    fn markup_goes_and_what_it_marks_stays() {
        assert_eq!(
            said(
                "**Bold** and [a link](https://a.example). `df` says 87 %.\n\n- one\n- two\n\n```\ncode. More.\n```\nEnd."
            ),
            ["Bold and a link.", "df says 87 %.", "one", "two", "End."]
        );
    }

    #[test]
    fn places_quote_the_source() {
        let source = "Größe **gut**. Tom &amp; ich. `x`!";
        let reading = Reading::of(source);
        let quotes: Vec<&str> =
            reading.sentences.iter().filter_map(|sentence| source.get(sentence.place.clone())).collect();
        assert_eq!(quotes, ["Größe **gut**.", "Tom &amp; ich.", "`x`!"]);
    }

    #[test]
    fn quotes_and_code_are_known() {
        let source = "> you said so\n\nI `did` not.";
        let reading = Reading::of(source);
        assert!(reading.sentences[0].quoted && !reading.sentences[1].quoted);
        assert!(reading.is_code(&(17..20)));
    }
}
