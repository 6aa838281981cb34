//! What there is to choose from, within bounds.

use std::collections::HashMap;
use std::ops::Range;

use super::cues::{self, Cues};
use crate::conversation::Conversation;
use crate::find::{self, Entities, Scan};
use crate::summary::Summary;
use crate::text::{Language, Reading, Word, head, stem, words};

/// Bytes read of all messages together, and at least and at most of each. People write far less.
const READ: usize = 256 * 1024;
const READ_EACH: (usize, usize) = (240, 4096);
/// Messages read: the first ones, which say what it is about, and the last ones, which say how it stands.
const FIRST_MESSAGES: usize = 200;
const LAST_MESSAGES: usize = 1_800;
/// Sentences weighed in all, and of one message.
const SENTENCES: usize = 6_000;
const SENTENCES_EACH: usize = 40;
/// Points of the last summary that are weighed again.
const OLD_POINTS: usize = 40;
/// Letters of a sentence that is shown.
pub(super) const SHOWN: usize = 300;

/// A sentence to choose or not.
#[derive(Debug)]
pub(super) struct Candidate {
    /// What it says, in plain words.
    pub(super) text: String,
    /// Who said it.
    pub(super) author: String,
    /// The messages that say it. None for the description's, and those of the last summary's parts.
    pub(super) cites: Vec<i64>,
    pub(super) origin: Origin,
    /// The messages before it.
    pub(super) turn: usize,
    /// Its own words, as numbers, in order and each once.
    pub(super) terms: Vec<usize>,
    /// How many words it has.
    pub(super) length: usize,
    /// What its words say it is for.
    pub(super) cues: Cues,
    /// Whether nobody would quote it by itself.
    pub(super) heading: bool,
}

/// Where a sentence stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Description,
    Message,
    /// A key point of the last summary.
    Point,
    /// What the last summary said of the investigation.
    Investigation,
}

/// Everything there is to choose from.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) candidates: Vec<Candidate>,
    /// How many terms there are.
    pub(super) terms: usize,
    /// Which of them the title and the description use.
    pub(super) topic: Vec<bool>,
    /// How many messages were read.
    pub(super) turns: usize,
    /// What they name.
    pub(super) entities: Entities,
    /// The title, if it says something.
    pub(super) title: String,
    /// `open`, `in_progress`, `resolved` or `closed`.
    pub(super) status: String,
}

/// Reads title, description, the last summary and the messages.
pub(super) fn gather(conversation: &Conversation, last: Option<&Summary>) -> Gathered {
    let mut gathering = Gathering {
        numbers: HashMap::new(),
        language: None,
        gathered: Gathered {
            title: clip(conversation.title.trim()),
            status: conversation.status.clone(),
            entities: Entities::from(last),
            ..Gathered::default()
        },
    };
    gathering.topic(conversation);
    if let Some(last) = last {
        gathering.old(last);
    }
    gathering.messages(conversation);
    gathering.gathered.terms = gathering.numbers.len();
    gathering.gathered.topic.resize(gathering.gathered.terms, false);
    gathering.gathered
}

struct Gathering {
    numbers: HashMap<String, usize>,
    language: Option<Language>,
    gathered: Gathered,
}

impl Gathering {
    fn topic(&mut self, conversation: &Conversation) {
        let description = head(&conversation.description, READ_EACH.1);
        let title = words(head(&conversation.title, READ_EACH.1));
        self.language = Language::of(&title).or_else(|| Language::of(&words(description)));
        self.terms(&title);
        let place = Place { author: String::new(), cites: Vec::new(), origin: Origin::Description, turn: 0 };
        self.read(description, &place);
        self.gathered.topic = vec![true; self.numbers.len()];
    }

    fn old(&mut self, last: &Summary) {
        for point in last.key_points.iter().take(OLD_POINTS).filter(|point| !point.message_ids.is_empty()) {
            let text = clip(&point.text);
            let cites = point.message_ids.clone();
            self.add(text, false, &Place { author: String::new(), cites, origin: Origin::Point, turn: 0 });
        }
        let place =
            Place { author: String::new(), cites: Vec::new(), origin: Origin::Investigation, turn: 0 };
        self.read(head(&last.investigation, READ_EACH.1), &place);
    }

    fn messages(&mut self, conversation: &Conversation) {
        let messages = &conversation.messages;
        let skipped: Range<usize> =
            FIRST_MESSAGES..messages.len().saturating_sub(LAST_MESSAGES).max(FIRST_MESSAGES);
        let read = messages.len() - skipped.len().min(messages.len());
        let share = (READ / read.max(1)).clamp(READ_EACH.0, READ_EACH.1);
        for (_, message) in messages.iter().enumerate().filter(|(index, _)| !skipped.contains(index)) {
            if self.gathered.candidates.len() >= SENTENCES {
                break;
            }
            let text = head(&message.text, share);
            if self.language.is_none() {
                self.language = Language::of(&words(text));
            }
            let place = Place {
                author: message.author.trim().to_owned(),
                cites: vec![message.id],
                origin: Origin::Message,
                turn: self.gathered.turns,
            };
            self.read(text, &place);
            self.gathered.turns += 1;
        }
    }

    /// A text's sentences, and what it names, which counts if it is cited. A sentence that holds what should not stand there
    /// is not repeated.
    fn read(&mut self, text: &str, place: &Place) {
        let reading = Reading::of(text);
        let named = find::named(&mut Scan::of(text, &reading));
        let held =
            |at: &Range<usize>| named.sensitive.iter().any(|held| held.start < at.end && at.start < held.end);
        let own = reading.sentences.into_iter().filter(|sentence| !sentence.quoted && !held(&sentence.place));
        for sentence in own.take(SENTENCES_EACH) {
            self.add(clip(&sentence.text), sentence.heading, place);
        }
        for id in &place.cites {
            self.gathered.entities.add(*id, text, named.things.clone());
        }
    }

    fn add(&mut self, text: String, heading: bool, place: &Place) {
        let said = words(&text);
        let candidate = Candidate {
            author: place.author.clone(),
            cites: place.cites.clone(),
            origin: place.origin,
            turn: place.turn,
            terms: self.terms(&said),
            length: said.len(),
            cues: cues::of(&said, &text),
            heading,
            text,
        };
        self.gathered.candidates.push(candidate);
    }

    /// The numbers of the words that say something.
    fn terms(&mut self, said: &[Word]) -> Vec<usize> {
        let mut terms = Vec::new();
        for word in said {
            let little = match self.language {
                Some(language) => {
                    language.is_function_word(&word.text) || Language::English.is_function_word(&word.text)
                }
                None => Language::is_little_anywhere(&word.text),
            };
            if little || word.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
                continue;
            }
            let next = self.numbers.len();
            terms.push(*self.numbers.entry(stem(&word.text).to_owned()).or_insert(next));
        }
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

/// Where a sentence came from.
struct Place {
    author: String,
    cites: Vec<i64>,
    origin: Origin,
    turn: usize,
}

/// A sentence as long as is shown, ended between words.
pub(super) fn clip(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(SHOWN) else { return text };
    let short = text.get(..end).unwrap_or_default();
    let end = short.rfind(' ').filter(|space| *space > end / 2).unwrap_or(end);
    format!("{}…", short.get(..end).unwrap_or_default().trim_end_matches([',', ';', ':', ' ']))
}
