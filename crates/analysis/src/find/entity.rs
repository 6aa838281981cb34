//! What a whole conversation names.

use std::collections::HashMap;

use super::scan::Scan;
use crate::conversation::Conversation;
use crate::summary::{Entity, Summary};
use crate::text::{Reading, head};

/// Entities kept. Of more, those named first.
const MOST: usize = 200;
/// Messages cited with one entity.
const CITED: usize = 50;

/// Adds what the messages name to what the last summary named. `shares` says which messages are read, and how far.
pub(crate) fn merge(
    last: Option<&Summary>,
    conversation: &Conversation,
    shares: &[(usize, usize)],
) -> Vec<Entity> {
    let mut entities: Vec<Entity> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for entity in
        last.into_iter().flat_map(|last| &last.entities).filter(|entity| !entity.message_ids.is_empty())
    {
        if entities.len() < MOST {
            places.insert((entity.kind.clone(), key(&entity.kind, &entity.text)), entities.len());
            entities.push(entity.clone());
        }
    }
    for (index, bytes) in shares {
        let Some(message) = conversation.messages.get(*index) else { continue };
        let text = head(&message.text, *bytes);
        let reading = Reading::of(text);
        let mut scan = Scan::of(text, &reading);
        for found in super::named(&mut scan) {
            let known = places.get(&(found.kind.to_owned(), found.key.clone())).copied();
            if let Some(entity) = known.and_then(|place| entities.get_mut(place)) {
                if !entity.message_ids.contains(&message.id) && entity.message_ids.len() < CITED {
                    entity.message_ids.push(message.id);
                }
            } else if entities.len() < MOST {
                places.insert((found.kind.to_owned(), found.key), entities.len());
                let named = text.get(found.place).unwrap_or_default().to_owned();
                entities.push(Entity {
                    kind: found.kind.to_owned(),
                    text: named,
                    message_ids: vec![message.id],
                });
            }
        }
    }
    entities
}

/// What an entity of the last summary says, however it is written.
fn key(kind: &str, text: &str) -> String {
    let reading = Reading::default();
    let found = super::named(&mut Scan::of(text, &reading));
    found.into_iter().find(|found| found.kind == kind).map_or_else(|| text.to_owned(), |found| found.key)
}
