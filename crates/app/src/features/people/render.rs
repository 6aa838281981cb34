//! Renders a text with the names of those whom it mentions.

use std::collections::BTreeMap;

use faff_types::UserId;

use super::People;
use crate::App;
use crate::http::mention::mentioned;
use crate::http::{Problem, text};

/// A text as it is stored beside its source, and whom it mentions.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// HTML that is safe to show.
    pub html: String,
    /// Accounts that there are, each once.
    pub mentioned: Vec<UserId>,
}

/// Renders markdown. Names come from memory, or with one query.
///
/// # Errors
/// When the database fails.
pub async fn render(app: &App, markdown: &str) -> Result<Rendered, Problem> {
    let mut mentioned = mentioned(markdown);
    if mentioned.is_empty() {
        return Ok(Rendered { html: text::render(markdown).await?, mentioned });
    }
    let people = People::refs(app, mentioned.iter().copied()).await?;
    let names: BTreeMap<UserId, String> =
        mentioned.iter().filter_map(|id| Some((*id, people.get(*id)?.name))).collect();
    mentioned.retain(|id| names.contains_key(id));
    Ok(Rendered { html: text::render_with(markdown, names).await?, mentioned })
}
