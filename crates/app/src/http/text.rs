//! Texts that people write: how long they may be, and how markdown becomes HTML that is safe to show.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use faff_types::UserId;

use super::{FieldProblem, Problem, mention};

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
    render_with(markdown, BTreeMap::new()).await
}

/// Renders what a machine has written: the same without pictures, whose addresses could carry away what the machine was
/// shown as soon as somebody looks.
pub async fn render_machine(markdown: &str) -> Result<String, Problem> {
    render_off(markdown, BTreeMap::new(), false).await
}

/// The same with the names of the people whom the text mentions ([`super::mention`]); others are not marked.
pub async fn render_with(markdown: &str, names: BTreeMap<UserId, String>) -> Result<String, Problem> {
    render_off(markdown, names, true).await
}

async fn render_off(
    markdown: &str,
    names: BTreeMap<UserId, String>,
    pictures: bool,
) -> Result<String, Problem> {
    if markdown.len() <= LONG {
        return Ok(render_now(markdown, &names, pictures));
    }
    let markdown = markdown.to_owned();
    let rendered = tokio::task::spawn_blocking(move || render_now(&markdown, &names, pictures));
    rendered.await.map_err(Problem::internal)
}

/// What of markdown is known.
pub(super) fn options() -> comrak::Options<'static> {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.render.hardbreaks = true;
    options
}

fn render_now(markdown: &str, names: &BTreeMap<UserId, String>, pictures: bool) -> String {
    let html = if names.is_empty() {
        comrak::markdown_to_html(markdown, &options())
    } else {
        mention::render(markdown, &options(), names)
    };
    if depth(&html) > DEEPEST {
        // No person writes so, and the time to clean it grows with the square of the depth.
        let plain = ammonia::clean_text(markdown).replace("&#10;", "<br />");
        return cleaner(pictures).clean(&format!("<p>{plain}</p>\n")).to_string();
    }
    cleaner(pictures).clean(&html).to_string()
}

/// Where links may lead.
const SCHEMES: [&str; 6] = ["http", "https", "mailto", "tel", "ftp", "ssh"];

/// What is left of HTML: a list of elements and attributes.
fn cleaner(pictures: bool) -> ammonia::Builder<'static> {
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
        // Whom a text mentions. The renderer lets no HTML through that people wrote, so only ours is so.
        .add_tag_attributes("span", ["class", "data-user-id"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("code", "class") => value.starts_with("language-").then(|| value.into()),
            ("span", "class") => (value == "mention").then(|| value.into()),
            _ => Some(value.into()),
        })
        .url_schemes(SCHEMES.into())
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        render_now(markdown, &BTreeMap::new(), true)
    }

    /// The tags of HTML as it is written after cleaning, and their attributes, in small letters. Between tags it holds no `<`.
    fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
        let (mut found, mut rest) = (Vec::new(), html);
        while let Some((_, behind)) = rest.split_once('<') {
            let end = behind.find([' ', '>']).expect("a tag ends");
            let (name, mut inside) = behind.split_at(end);
            let mut attributes = Vec::new();
            while let Some(attribute) = inside.strip_prefix(' ') {
                let (name, value) = attribute.split_once("=\"").expect("an attribute has a value");
                let (value, behind) = value.split_once('"').expect("a value ends");
                attributes.push((name.to_lowercase(), value.to_lowercase()));
                inside = behind;
            }
            rest = inside.strip_prefix('>').expect("a tag ends");
            found.push((name.to_lowercase(), attributes));
        }
        found
    }

    #[test]
    fn markdown_is_rendered_and_nothing_active_survives() {
        assert_eq!(html("**hi** `x`"), "<p><strong>hi</strong> <code>x</code></p>\n");
        assert!(html("```rust\nfn x() {}\n```").contains("class=\"language-rust\""));
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
        ] {
            let html = html(attack).to_lowercase();
            for sign in ["<script", "onerror=", "href=\"javascript", "href=\"data:", "<svg", "<style"] {
                assert!(!html.contains(sign), "{attack}: {html}");
            }
        }
    }

    #[test]
    fn machines_show_no_pictures() {
        let markdown = "A ![b](https://evil.example/?q=secret) [c](https://fine.example)";
        assert!(html(markdown).contains("<img"));
        let html = render_now(markdown, &BTreeMap::new(), false);
        assert!(
            !html.contains("<img") && !html.contains("secret") && html.contains("fine.example"),
            "{html}"
        );
    }

    #[test]
    fn whoever_is_mentioned_is_called_by_their_own_name() {
        let names: BTreeMap<UserId, String> = [(7, "Bo <b>Ek</b>"), (8, "\" onclick=x")]
            .map(|(id, name)| (UserId::from_db(id), name.to_owned()))
            .into();
        let html = |markdown: &str| render_now(markdown, &names, true);
        assert_eq!(
            html("Hi @[Ada](user:7)!"),
            "<p>Hi <span class=\"mention\" data-user-id=\"7\">@Bo &lt;b&gt;Ek&lt;/b&gt;</span>!</p>\n"
        );
        assert!(
            html("**@[*x*](user:8)**")
                .contains("<strong><span class=\"mention\" data-user-id=\"8\">@\" onclick=x</span>")
        );
        // Of nobody it is a link that leads nowhere, and what people write as HTML is left out.
        for other in [
            "@[Ada](user:9)",
            "<span class=\"mention\" data-user-id=\"7\">@Bo</span>",
            "`@[Ada](user:7)`",
            "[x](user:7)",
        ] {
            let html = html(other);
            assert!(
                !html.contains("mention") && !html.contains("href") && !html.contains("data-user"),
                "{other}: {html}"
            );
        }
    }

    #[tokio::test]
    async fn no_markdown_takes_for_ever() {
        // Of each, as much as a message may hold; what takes time by the square or worse would take hours.
        let deadline = std::time::Duration::from_mins(2);
        for piece in [
            "[",
            "]",
            "![",
            "[a](",
            "[a](<",
            "[](",
            "(",
            "*",
            "**a",
            "_a",
            "*a_",
            "~~a",
            "`",
            "`a``",
            "<",
            "<a ",
            "<!--",
            "<?",
            "&",
            "&#1;",
            "\\",
            "> ",
            ">>a\n",
            "- ",
            "- a\n",
            "1. ",
            "  - a\n",
            "#",
            "# a\n",
            "|",
            "|a|\n|-|\n",
            "|-",
            "a|",
            "---\n",
            "===\n",
            "```\n",
            "~~~",
            "\t",
            " a\n\n",
            "[a]: b\n",
            "[a]\n",
            "[^a]",
            "@[a](user:7)",
            "@[",
            "http://a.example/?",
            "www.",
            "a@b.",
            "https://(",
            "\u{a0}",
            "\u{301}",
            "\u{202e}",
            "🔥",
            "- [ ] a\n",
            "<b>a",
            "</b>",
            "*a **b _c ",
            "[a][b]",
            "![a](data:x)",
            "a\\\n",
            "\u{1}",
        ] {
            let names: BTreeMap<UserId, String> = [(UserId::from_db(7), "Bo".to_owned())].into();
            let text: String = piece.chars().cycle().take(20_000).collect();
            let rendered = tokio::time::timeout(deadline, render_with(&text, names.clone())).await;
            let html = rendered.unwrap_or_else(|_| panic!("{piece:?} takes for ever")).unwrap();
            // What comes out is bounded by what goes in.
            assert!(html.len() <= 100 * text.len(), "{piece:?}: {} bytes", html.len());
        }
    }

    #[test]
    fn deep_nesting_is_shown_as_it_was_written() {
        let nested = ">".repeat(20_000);
        assert_eq!(html(&nested), format!("<p>{}</p>\n", "&gt;".repeat(20_000)));
        let sane = format!("{} deep", "> ".repeat(12));
        assert_eq!(html(&sane).matches("<blockquote>").count(), 12);
    }

    #[test]
    fn whatever_is_written_is_shown_without_anything_active() {
        const CORPUS: &[&str] = &[
            "# Title\n\n**bold** _em_ ~~no~~ `code` [a](https://a.example \"t\") <b>x</b>\n\n- [ ] a\n- [x] b\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n",
            "> quote\n> > deeper\n\n```rust\nfn x() {}\n```\n\n1. one\n2. two\n\n---\n![p](https://a.example/p.png)\n",
            "Hi @[Bo](user:7) and @[Eve](user:9), see https://a.example/?q=1&r=2 or bo@faff.example\n\n[x]: https://b.example 't'\n[x] [y][x]",
            "<script>alert(1)</script><svg onload=alert(1)><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
            "[x](javascript:alert(1)) <a href=\"data:text/html,x\">x</a> ![x](data:image/svg+xml;base64,AAAA) <http://a.example/\"onclick=x>",
            "&lt;script&gt; &#60;b&#62; &#x3c; &amp;lt; &nbsp; &NotAThing; \\<b\\> \\[x\\](y)",
            "<!-- --><![CDATA[x]]><?php x ?><!DOCTYPE html><noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        ];
        const WORDS: &[&str] = &[
            "<",
            ">",
            "\"",
            "'",
            "`",
            "```",
            "*",
            "**",
            "_",
            "~~",
            "[",
            "](",
            ")",
            "![",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "- [ ] ",
            "|",
            "|-|\n",
            "#",
            "    ",
            "\t",
            "\\",
            "&",
            "&#",
            ";",
            "=",
            "/",
            "--",
            "<!--",
            "-->",
            "javascript:",
            "data:text/html,",
            "JaVaScRiPt&colon;",
            " onerror=x ",
            "style=",
            "<svg",
            "<math",
            "<style>",
            "</style>",
            "<template>",
            "<noscript>",
            "<textarea>",
            "<title>",
            "<iframe srcdoc=",
            "<input type=checkbox>",
            "<span class=mention data-user-id=1>",
            "@[",
            "(user:7)",
            "user:",
            "http://",
            "www.",
            "\u{0}",
            "\u{202e}",
            "\u{feff}",
            "]: ",
            "language-",
            "x\" onclick=\"y",
        ];
        let names: BTreeMap<UserId, String> =
            [(UserId::from_db(7), "Bo \"><b onclick=x> Ek".to_owned())].into();
        faff_fuzz::Target { name: "markdown", source: file!(), corpus: CORPUS, words: WORDS }.check(
            |input| {
                let text = String::from_utf8_lossy(input);
                for (names, pictures) in [(&names, true), (&BTreeMap::new(), false)] {
                    let html = render_now(&text, names, pictures);
                    // A browser that reads it builds what was meant, and cleaning that finds nothing to take away: what
                    // changes its meaning between two readings would be seen here.
                    assert_eq!(cleaner(pictures).clean(&html).to_string(), html, "cleaned twice");
                    for (tag, attributes) in tags(&html) {
                        const ACTIVE: [&str; 9] = [
                            "script", "svg", "math", "style", "iframe", "template", "noscript", "form",
                            "object",
                        ];
                        assert!(
                            !ACTIVE.contains(&tag.as_str()) && (pictures || tag != "img"),
                            "<{tag}> in {html}"
                        );
                        for (name, value) in attributes {
                            assert!(!name.starts_with("on") && name != "style", "{name} in {html}");
                            // RFC 3986, section 3.1; what has none leads to ourselves.
                            let scheme = value.split_once(':').map_or("", |(scheme, _)| scheme);
                            let is_one = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
                            let leads = is_one && matches!(name.as_str(), "href" | "src");
                            assert!(!leads || SCHEMES.contains(&scheme), "{name}={value} in {html}");
                        }
                    }
                }
            },
        );
    }
}
