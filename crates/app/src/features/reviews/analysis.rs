//! What a machine thinks of a message, as it is kept and told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::place::in_utf16;
use super::view::{Status, Verdict};
use crate::features::summaries::{Source, tame};
use crate::http::Problem;
use crate::http::text::render_machine;

/// Characters of what a machine says, at most.
const LONGEST: usize = 5000;
/// Quotes of one sort, at most.
const MOST: usize = 100;

/// What a machine thinks of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewAnalysis)]
pub struct Analysis {
    /// What it would decide.
    pub verdict: Verdict,
    /// Why, as markdown; empty when it has nothing to say.
    pub feedback: String,
    /// The same as HTML that is safe to show.
    pub feedback_html: String,
    /// How fit it is to be said to a colleague: `appropriate`, `questionable`, `inappropriate`; a model may have other words.
    #[schema(example = "appropriate")]
    pub appropriateness: Option<String>,
    /// How it sounds: `positive`, `neutral`, `negative`; a model may have other words.
    #[schema(example = "neutral")]
    pub sentiment: Option<String>,
    /// Whether somebody should look at it soon.
    pub escalate: bool,
    /// Whether it agrees with the rest of the task: `consistent`, `contradicted`, `unverified`; a model may have other words.
    #[schema(example = "unverified")]
    pub accuracy: Option<String>,
    /// What should not stand there.
    pub compliance: Vec<Quote>,
    /// What the opinion rests on.
    pub evidence: Vec<Quote>,
    /// Who thinks so: `ai` or `built-in`.
    pub source: Source,
    /// Which language model, if one does.
    pub model: Option<String>,
}

/// What is said of a decision: markdown, and the same as HTML.
pub(super) type Feedback = (String, String);

/// A part of the message that was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewQuote)]
#[expect(clippy::struct_field_names, reason = "the contract calls it so")]
pub struct Quote {
    /// What it is, in a word.
    #[schema(example = "card")]
    pub kind: String,
    /// The very words.
    #[schema(example = "4111 1111 1111 1111")]
    pub quote: String,
    /// Where they begin in the message, in UTF-16 code units: `content.slice(start, end)` is the quote.
    #[schema(example = 12)]
    pub start: usize,
    /// Where they end.
    #[schema(example = 31)]
    pub end: usize,
}

impl Analysis {
    /// What of a machine's answer can be kept: no more than anybody would read, and only quotes that stand in the text.
    pub(super) async fn check(
        told: faff_analysis::Review,
        text: &str,
        (source, model): (Source, Option<String>),
    ) -> Result<Self, Problem> {
        let quotes = |found: Vec<faff_analysis::Finding>| -> Vec<Quote> {
            let quotes = found.into_iter().filter_map(|finding| {
                let (start, end) = in_utf16(text, &finding.quote, &finding.place)?;
                Some(Quote { kind: tame(&finding.kind, 64), quote: finding.quote, start, end })
            });
            quotes.take(MOST).collect()
        };
        let word = |word: Option<String>| word.map(|word| tame(&word, 64)).filter(|word| !word.is_empty());
        let verdict = match told.verdict {
            faff_analysis::Verdict::Approve => Verdict::Approve,
            faff_analysis::Verdict::Reject => Verdict::Reject,
        };
        let feedback = tame(&told.feedback, LONGEST);
        Ok(Self {
            verdict,
            feedback_html: render_machine(&feedback).await?,
            feedback,
            appropriateness: word(told.appropriateness),
            sentiment: word(told.sentiment),
            escalate: told.escalate,
            accuracy: word(told.accuracy),
            compliance: quotes(told.compliance),
            evidence: quotes(told.evidence),
            source,
            model: word(model),
        })
    }

    /// The decision that takes its verdict.
    pub(super) const fn decision(&self) -> Status {
        match self.verdict {
            Verdict::Approve => Status::Approved,
            Verdict::Reject => Status::Rejected,
        }
    }

    /// What it says to whoever wrote the message, as markdown and as HTML. A rejection always says something.
    pub(super) fn says(&self) -> Option<Feedback> {
        if !self.feedback.is_empty() {
            return Some((self.feedback.clone(), self.feedback_html.clone()));
        }
        let text = "It should not stand as it is: see the quoted parts.";
        (self.verdict == Verdict::Reject).then(|| (text.to_owned(), format!("<p>{text}</p>\n")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faff_analysis::Finding;

    #[tokio::test]
    async fn only_quotes_that_stand_in_the_text_are_kept() {
        let text = "My card 🔥 is 4111 1111 1111 1111";
        let finding = |kind: &str, quote: &str, start: usize| Finding {
            kind: kind.to_owned(),
            quote: quote.to_owned(),
            place: start..start + quote.len(),
        };
        let at = text.find("4111").unwrap();
        let told = faff_analysis::Review {
            verdict: faff_analysis::Verdict::Reject,
            feedback: String::new(),
            appropriateness: Some("\0".to_owned()),
            sentiment: Some("x".repeat(500)),
            escalate: false,
            accuracy: None,
            compliance: vec![finding("card", "4111 1111 1111 1111", at), finding("card", "4111", at + 1)],
            evidence: vec![
                finding("tone", "My", 0),
                finding("tone", "", 0),
                finding("tone", "not there", 900),
            ],
        };
        let by = (Source::Ai, Some("model".to_owned()));
        let analysis = Analysis::check(told, text, by).await.unwrap();
        assert_eq!(analysis.compliance.len(), 1);
        let quote = analysis.compliance.first().unwrap();
        assert_eq!((quote.start, quote.end), (14, 33));
        assert_eq!(analysis.evidence.len(), 1);
        assert_eq!((analysis.appropriateness.as_deref(), analysis.sentiment.unwrap().len()), (None, 64));
    }
}
