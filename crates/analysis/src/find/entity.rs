//! What a whole conversation names.

use std::collections::HashMap;

use super::Found;
use super::scan::Scan;
use crate::summary::{Entity, Summary};
use crate::text::Reading;

/// Entities kept. Of more, those named first.
const MOST: usize = 200;
/// Messages cited with one entity.
const CITED: usize = 50;

/// What a conversation names, as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    found: Vec<Entity>,
    places: HashMap<(String, String), usize>,
}

impl Entities {
    /// Begins with what the last summary named.
    pub(crate) fn from(last: Option<&Summary>) -> Self {
        let mut entities = Self::default();
        let old = last.into_iter().flat_map(|last| &last.entities);
        for entity in old.filter(|entity| !entity.message_ids.is_empty()).take(MOST) {
            let key = (entity.kind.clone(), key(&entity.kind, &entity.text));
            entities.places.entry(key).or_insert(entities.found.len());
            entities.found.push(entity.clone());
        }
        entities
    }

    /// Adds what a message names.
    pub(crate) fn add(&mut self, message: i64, text: &str, named: Vec<Found>) {
        for found in named {
            let known = (found.kind.to_owned(), found.key);
            if let Some(entity) = self.places.get(&known).and_then(|place| self.found.get_mut(*place)) {
                if !entity.message_ids.contains(&message) && entity.message_ids.len() < CITED {
                    entity.message_ids.push(message);
                }
            } else if self.found.len() < MOST {
                self.places.insert(known, self.found.len());
                let text = text.get(found.place).unwrap_or_default().to_owned();
                self.found.push(Entity { kind: found.kind.to_owned(), text, message_ids: vec![message] });
            }
        }
    }

    /// In the order in which they were named first.
    pub(crate) fn finish(self) -> Vec<Entity> {
        self.found
    }
}

/// What an entity of the last summary says, however it is written.
fn key(kind: &str, text: &str) -> String {
    let reading = Reading::default();
    let found = super::named(&mut Scan::of(text, &reading));
    found
        .things
        .into_iter()
        .find(|found| found.kind == kind)
        .map_or_else(|| text.to_owned(), |found| found.key)
}
