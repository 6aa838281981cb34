//! Texts that people write: how long they may be, and how markdown becomes HTML that is safe to show.

use std::ops::RangeInclusive;

use super::{FieldProblem, Problem};

/// Gathers everything that is wrong with a request, so that a client learns it at once.
#[derive(Debug, Default)]
pub struct Check {
    problems: Vec<FieldProblem>,
}

impl Check {
    /// Notes that a field is wrong.
    pub fn refuse(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        self.problems.push(FieldProblem { field: field.to_owned(), code, message: message.into() });
    }

    /// Trims a text and holds its length, in characters, to the range.
    pub fn text(&mut self, field: &str, label: &str, value: &str, length: RangeInclusive<usize>) -> String {
        let trimmed = value.trim();
        if !length.contains(&trimmed.chars().count()) {
            let (least, most) = (length.start(), length.end());
            self.refuse(field, "length", format!("{label} must have {least} to {most} characters"));
        } else if trimmed.contains('\0') {
            self.refuse(field, "format", format!("{label} must not contain the character U+0000"));
        }
        trimmed.to_owned()
    }

    /// Reads one of a closed set of words.
    pub fn word<T>(
        &mut self,
        field: &str,
        value: &str,
        parse: fn(&str) -> Option<T>,
        all: &[&str],
    ) -> Option<T> {
        let parsed = parse(value);
        if parsed.is_none() {
            self.refuse(field, "choice", format!("{field} must be one of {}", all.join(", ")));
        }
        parsed
    }

    /// Ends the check.
    ///
    /// # Errors
    /// `validation_failed` with everything that was refused.
    pub fn done(self) -> Result<(), Problem> {
        if self.problems.is_empty() { Ok(()) } else { Err(Problem::fields(self.problems)) }
    }
}

/// Texts longer than this, in bytes, are rendered off the threads that serve requests.
const LONG: usize = 4096;

/// Elements within elements, at most; deeper markdown is shown as it was written.
const DEEPEST: usize = 50;

/// How deep elements lie within elements in well-formed HTML.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (at, _) in html.match_indices('<') {
        let tag = html.get(at + 1..).unwrap_or_default();
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !["br", "hr", "img", "input", "!"].iter().any(|void| tag.starts_with(void)) {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// Renders markdown (CommonMark with GitHub's tables, task lists, strikethrough and autolinks) as HTML that is safe
/// to show: raw HTML is left out, and what remains is cut down to a list of allowed elements and attributes.
pub async fn render(markdown: &str) -> Result<String, Problem> {
    render_with(markdown, true).await
}

/// Renders what a machine has written: the same without pictures, whose addresses could carry away what the machine was
/// shown as soon as somebody looks.
pub async fn render_machine(markdown: &str) -> Result<String, Problem> {
    render_with(markdown, false).await
}

async fn render_with(markdown: &str, pictures: bool) -> Result<String, Problem> {
    if markdown.len() <= LONG {
        return Ok(render_now(markdown, pictures));
    }
    let markdown = markdown.to_owned();
    tokio::task::spawn_blocking(move || render_now(&markdown, pictures)).await.map_err(Problem::internal)
}

fn render_now(markdown: &str, pictures: bool) -> String {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.render.hardbreaks = true;
    let html = comrak::markdown_to_html(markdown, &options);
    if depth(&html) > DEEPEST {
        // No person writes so, and the time to clean it grows with the square of the depth.
        return format!("<p>{}</p>\n", ammonia::clean_text(markdown));
    }
    let mut cleaner = ammonia::Builder::default();
    if !pictures {
        cleaner.rm_tags(["img"]);
    }
    cleaner
        .add_tags(["input"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        // The language of a code block, for whoever highlights it.
        .add_tag_attributes("code", ["class"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("code", "class") => value.starts_with("language-").then(|| value.into()),
            _ => Some(value.into()),
        })
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean(&html)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered_and_nothing_active_survives() {
        let render_now = |markdown: &str| render_now(markdown, true);
        assert_eq!(render_now("**hi** `x`"), "<p><strong>hi</strong> <code>x</code></p>\n");
        assert!(render_now("```rust\nfn x() {}\n```").contains("class=\"language-rust\""));
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
        ] {
            let html = render_now(attack).to_lowercase();
            for sign in ["<script", "onerror=", "href=\"javascript", "href=\"data:", "<svg", "<style"] {
                assert!(!html.contains(sign), "{attack}: {html}");
            }
        }
    }

    #[test]
    fn machines_show_no_pictures() {
        let markdown = "A ![b](https://evil.example/?q=secret) [c](https://fine.example)";
        assert!(render_now(markdown, true).contains("<img"));
        let html = render_now(markdown, false);
        assert!(
            !html.contains("<img") && !html.contains("secret") && html.contains("fine.example"),
            "{html}"
        );
    }

    #[test]
    fn deep_nesting_is_shown_as_it_was_written() {
        let render_now = |markdown: &str| render_now(markdown, true);
        let nested = ">".repeat(20_000);
        assert_eq!(render_now(&nested), format!("<p>{}</p>\n", "&gt;".repeat(20_000)));
        let sane = format!("{} deep", "> ".repeat(12));
        assert_eq!(render_now(&sane).matches("<blockquote>").count(), 12);
    }
}
