//! What a task is. Pure.

use faff_types::UserId;
use utoipa::ToSchema;

use crate::http::text::Check;

faff_store::words! {
    /// How far a task has come.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum Status {
        /// Nobody has begun.
        Open = "open",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Done, as far as whoever did it can tell.
        Resolved = "resolved",
        /// Over.
        Closed = "closed",
    }
}

impl Status {
    /// Whether the work is over.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed)
    }
}

faff_store::words! {
    /// How much it matters.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum Priority {
        /// Whenever there is time.
        Low = "low",
        /// In its turn.
        Medium = "medium",
        /// Before others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
}

impl Priority {
    /// How much it weighs: the number that lists are sorted by, here and in SQL.
    pub(super) const fn rank(self) -> i64 {
        match self {
            Self::Low => 0,
            Self::Medium => 1,
            Self::High => 2,
            Self::Urgent => 3,
        }
    }
}

faff_store::words! {
    /// Whom a task exists for.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum Visibility {
        /// Every active user.
        Team = "team",
        /// Its creator, its assignee, its participants and administrators.
        Private = "private",
    }
}

/// A checked task-to-be.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// 1 to 255 characters.
    pub title: String,
    /// 1 to 10,000 characters of markdown.
    pub description: String,
    /// The same, rendered.
    pub description_html: String,
    /// Whom it mentions.
    pub mentioned: Vec<UserId>,
    /// How much it matters.
    pub priority: Priority,
    /// How far it has come.
    pub status: Status,
    /// Whom it exists for.
    pub visibility: Visibility,
    /// Words to find it by: sorted, each once.
    pub tags: Vec<String>,
    /// Who is to work on it.
    pub assigned_to_id: Option<UserId>,
}

pub(super) fn check_title(check: &mut Check, given: &str) -> String {
    check.text("title", "Title", given, 1..=255)
}

pub(super) fn check_description(check: &mut Check, given: &str) -> String {
    check.text("description", "Description", given, 1..=10_000)
}

/// Checks tags: at most 10, each 1 to 32 letters, digits, `-`, `_` or `.`; in lower case, sorted, each once.
pub(super) fn check_tags(check: &mut Check, given: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = given.iter().filter_map(|tag| canonical_tag(tag)).collect();
    tags.sort_unstable();
    if tags.len() < given.len() || given.len() > 10 {
        let message = "tags must be at most 10, each 1 to 32 letters, digits, '-', '_' or '.'";
        check.refuse("tags", "format", message);
    }
    tags.dedup();
    tags
}

/// The one form of a tag; `None` when it is none.
pub(super) fn canonical_tag(given: &str) -> Option<String> {
    let tag = given.trim().to_lowercase();
    let fits = (1..=32).contains(&tag.chars().count());
    (fits && tag.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).then_some(tag)
}

/// Tags that the database has joined by commas, in the order in which they are told.
pub(super) fn split_tags(joined: Option<&str>) -> Vec<String> {
    let tags = joined.unwrap_or_default().split(',');
    let mut tags: Vec<String> = tags.filter(|tag| !tag.is_empty()).map(ToOwned::to_owned).collect();
    tags.sort_unstable();
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_one_form() {
        let tags = |given: &[&str]| {
            let given: Vec<String> = given.iter().map(ToString::to_string).collect();
            let mut check = Check::default();
            let tags = check_tags(&mut check, &given);
            check.done().is_ok().then_some(tags)
        };
        assert_eq!(tags(&["VPN", " printer ", "vpn"]), Some(vec!["printer".to_owned(), "vpn".to_owned()]));
        assert_eq!(tags(&["größe.2"]), Some(vec!["größe.2".to_owned()]));
        for wrong in ["", "a,b", "a b", "a\nb", &"x".repeat(33)] {
            assert_eq!(tags(&[wrong]), None, "{wrong:?}");
        }
        assert_eq!(tags(&["a"; 11]), None);
    }
}
