//! What a summary is, and what is kept of what a machine says. Pure.

use std::collections::HashSet;

use faff_types::MessageId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

faff_store::words! {
    /// Who made a summary.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
    #[schema(as = SummarySource, rename_all = "kebab-case")]
    pub enum Source {
        /// A language model.
        Ai = "ai",
        /// The built-in engine.
        BuiltIn = "built-in",
        /// A person.
        Person = "person",
    }
}

/// Characters of a text that a machine made, at most.
const LONGEST: usize = 20_000;
/// Characters of a point or an entity, at most.
const LONGEST_POINT: usize = 1000;
/// Points, and entities, at most.
const MOST: usize = 100;
/// Messages that one of them cites, at most.
const MOST_CITED: usize = 100;

/// Something that matters, and the messages that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SummaryPoint)]
pub struct Point {
    /// In a sentence, as plain text.
    #[schema(example = "The fan was replaced.")]
    pub text: String,
    /// Messages of this task.
    #[schema(example = json!([3, 7]))]
    pub message_ids: Vec<i64>,
}

/// Something that is named, and the messages that name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SummaryEntity)]
pub struct Entity {
    /// What it is, in a word: `link`, `email`, `phone`, `ticket`, `money`, `date`, `host`, `version`, or another.
    #[schema(example = "host")]
    pub kind: String,
    /// As it is named, as plain text.
    #[schema(example = "printer-2.faff.example")]
    pub text: String,
    /// Messages of this task.
    #[schema(example = json!([3]))]
    pub message_ids: Vec<i64>,
}

/// A made summary, before it is known which of the messages it cites are there.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(super) content: String,
    pub(super) issue: String,
    pub(super) investigation: String,
    pub(super) next_steps: String,
    pub(super) points: Vec<Point>,
    pub(super) entities: Vec<Entity>,
}

impl Made {
    /// What of a machine's answer can be kept: no more of it than anybody would read, and nothing a database cannot hold.
    pub(super) fn check(told: faff_analysis::Summary) -> Self {
        let cited = |mut ids: Vec<i64>| {
            ids.sort_unstable();
            ids.dedup();
            ids.truncate(MOST_CITED);
            ids
        };
        let points = told.key_points.into_iter().take(MOST).map(|point| Point {
            text: tame(&point.text, LONGEST_POINT),
            message_ids: cited(point.message_ids),
        });
        let entities = told.entities.into_iter().take(MOST).map(|entity| Entity {
            kind: tame(&entity.kind, 64),
            text: tame(&entity.text, LONGEST_POINT),
            message_ids: cited(entity.message_ids),
        });
        Self {
            content: tame(&told.content, LONGEST),
            issue: tame(&told.issue, LONGEST),
            investigation: tame(&told.investigation, LONGEST),
            next_steps: tame(&told.next_steps, LONGEST),
            points: points.filter(|point| !point.text.is_empty()).collect(),
            entities: entities.filter(|entity| !entity.text.is_empty()).collect(),
        }
    }

    /// The messages that it cites.
    pub(super) fn cited(&self) -> HashSet<i64> {
        let points = self.points.iter().flat_map(|point| &point.message_ids);
        points.chain(self.entities.iter().flat_map(|entity| &entity.message_ids)).copied().collect()
    }

    /// Leaves out citations of anything but these messages, and what then has none.
    pub(super) fn cite_only(&mut self, there: &HashSet<MessageId>) {
        let keep = |ids: &mut Vec<i64>| {
            ids.retain(|id| there.contains(&MessageId::from_db(*id)));
            !ids.is_empty()
        };
        self.points.retain_mut(|point| keep(&mut point.message_ids));
        self.entities.retain_mut(|entity| keep(&mut entity.message_ids));
    }
}

/// A machine's text, trimmed, cut, and without the one character that PostgreSQL cannot hold.
pub(crate) fn tame(text: &str, most: usize) -> String {
    let text: String = text.trim().chars().filter(|c| *c != '\0').take(most).collect();
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_a_machine_says_only_so_much_is_kept_and_only_what_is_there_is_cited() {
        let point = |text: &str, ids: &[i64]| faff_analysis::Point {
            text: text.to_owned(),
            message_ids: ids.to_vec(),
        };
        let entity = |text: &str, ids: &[i64]| faff_analysis::Entity {
            kind: "host\0".to_owned(),
            text: text.to_owned(),
            message_ids: ids.to_vec(),
        };
        let told = faff_analysis::Summary {
            content: format!(" \0a\0{}", "ü".repeat(30_000)),
            key_points: vec![
                point("one", &[2, 1, 2, 99]),
                point("two", &[99]),
                point(" \0 ", &[1]),
                point("none", &[]),
            ],
            entities: vec![entity("printer", &[1]), entity("elsewhere", &[-1, 0, i64::MAX])],
            ..Default::default()
        };
        let mut made = Made::check(told);
        assert_eq!(made.content.chars().count(), LONGEST);
        assert!(made.content.starts_with("aü"));
        assert_eq!(made.cited(), [1, 2, 99, -1, 0, i64::MAX].into());
        made.cite_only(&[1, 2].map(MessageId::from_db).into());
        assert_eq!(made.points, [Point { text: "one".to_owned(), message_ids: vec![1, 2] }]);
        let kept: Vec<_> =
            made.entities.iter().map(|entity| (entity.kind.as_str(), entity.text.as_str())).collect();
        assert_eq!(kept, [("host", "printer")]);
        let many = faff_analysis::Summary { key_points: vec![point("x", &[1]); 5000], ..Default::default() };
        assert_eq!(Made::check(many).points.len(), MOST);
    }
}
