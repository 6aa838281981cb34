//! Conversations in portions that a model can take.
//!
//! Tokens are estimated, since every model counts them its own way: a third of a text's bytes. English takes a quarter
//! of its bytes and most other scripts less than a third; keys and hashes take up to a half, and the third of
//! a model's context that is never filled makes up for them.

use faff_analysis::Message;
use serde::{Serialize, Serializer};

/// An estimate of the tokens of a text, rather too many.
pub(super) fn tokens(text: &str) -> usize {
    text.len().div_ceil(3)
}

/// A message, or a part of a long one, as a model is shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Piece<'a> {
    id: i64,
    author: &'a str,
    #[serde(serialize_with = "moment")]
    at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<i64>,
    text: &'a str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn moment<S: Serializer>(millis: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    faff_types::Timestamp::from_millis(*millis).serialize(serializer)
}

impl<'a> Piece<'a> {
    pub(super) fn of(message: &'a Message) -> Self {
        let Message { id, author, at, reply_to, text, .. } = message;
        Self { id: *id, author, at: *at, reply_to: *reply_to, text }
    }

    pub(super) fn id(&self) -> i64 {
        self.id
    }

    fn with(&self, text: &'a str) -> Self {
        Self { text, ..self.clone() }
    }

    /// What it takes as JSON, in bytes, and a comma.
    pub(super) fn bytes(&self) -> usize {
        // Ids, the time, and the names and punctuation around them.
        112 + written(self.author) + written(self.text)
    }
}

/// The bytes of a text as JSON.
fn written(text: &str) -> usize {
    text.chars().map(written_character).sum()
}

fn written_character(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        // Of `<` see `prompt.rs`.
        '<' | '\0'..='\u{1f}' => 6,
        other => other.len_utf8(),
    }
}

/// The messages in their order, in portions of at most so many bytes. A message longer than a portion is continued in the
/// next one under the same id.
pub(super) fn portions(messages: &[Message], room: usize) -> Vec<Vec<Piece<'_>>> {
    let (mut portions, mut portion, mut left) = (Vec::new(), Vec::new(), room);
    for message in messages {
        let mut piece = Piece::of(message);
        loop {
            let bytes = piece.bytes();
            if bytes <= left {
                left -= bytes;
                portion.push(piece);
                break;
            }
            if !portion.is_empty() {
                portions.push(std::mem::take(&mut portion));
                left = room;
                continue;
            }
            let (head, rest) = split(piece.text, room.saturating_sub(piece.with("").bytes()));
            let next = piece.with(rest);
            portions.push(vec![piece.with(head)]);
            if rest.is_empty() {
                break;
            }
            piece = next;
        }
    }
    if !portion.is_empty() {
        portions.push(portion);
    }
    portions
}

/// Splits a text where what is before takes at most so many bytes as JSON, but one character at least.
fn split(text: &str, room: usize) -> (&str, &str) {
    let mut used = 0;
    let end = text.char_indices().find(|(at, character)| {
        used += written_character(*character);
        used > room && *at > 0
    });
    text.split_at_checked(end.map_or(text.len(), |(at, _)| at)).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(id: i64, text: &str) -> Message {
        Message {
            id,
            seq: id,
            author: "Bo \"the\" Ek".to_owned(),
            at: 1_795_000_000_000,
            text: text.to_owned(),
            ..Message::default()
        }
    }

    proptest! {
        #[test]
        fn portions_hold_everything_in_order_and_none_is_too_large(
            texts in prop::collection::vec(r#"([a-z<\n"]|\PC|[\x01-\x1f]){0,300}"#, 0..12),
            room in 200_usize..900,
        ) {
            let messages: Vec<Message> = (1..).zip(&texts).map(|(id, text)| message(id, text)).collect();
            let portions = portions(&messages, room);
            for portion in &portions {
                prop_assert!(!portion.is_empty());
                let json = serde_json::to_string(portion).unwrap();
                prop_assert!(json.len() <= room + 2, "{} in {room}", json.len());
            }
            let pieces: Vec<&Piece<'_>> = portions.iter().flatten().collect();
            for message in &messages {
                let whole: String = pieces.iter().filter(|piece| piece.id == message.id).map(|piece| piece.text).collect();
                prop_assert_eq!(&whole, &message.text);
            }
            prop_assert!(pieces.is_sorted_by_key(|piece| piece.id));
            prop_assert!(messages.iter().all(|message| pieces.iter().any(|piece| piece.id == message.id)));
        }
    }

    #[test]
    fn what_fits_is_one_portion_and_a_message_that_does_not_is_continued() {
        let messages = [message(1, "short"), message(2, &"x".repeat(1000)), message(3, "end")];
        let ids = |room: usize| -> Vec<Vec<i64>> {
            portions(&messages, room)
                .iter()
                .map(|portion| portion.iter().map(|piece| piece.id).collect())
                .collect()
        };
        assert_eq!(ids(10_000), [[1, 2, 3]]);
        assert_eq!(ids(600), [vec![1], vec![2], vec![2], vec![2, 3]]);
        assert!(portions(&[], 600).is_empty());
    }
}
