//! The shapes of answers, as JSON schemas, for endpoints that hold a model to one.

use serde_json::{Value, json};

/// What a model is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A summary of a ticket.
    Summary,
    /// An opinion of a message.
    Review,
}

impl Shape {
    /// `response_format` of a request: this shape, or just an object where endpoints know no shapes.
    pub(super) fn response_format(self, by_schema: bool) -> Value {
        if !by_schema {
            return json!({"type": "json_object"});
        }
        let (name, schema) = match self {
            Self::Summary => ("summary", summary()),
            Self::Review => ("review", review()),
        };
        json!({"type": "json_schema", "json_schema": {"name": name, "strict": true, "schema": schema}})
    }
}

/// An object of exactly these fields: "strict" wants every field to be required, and no other.
fn object(fields: &Value) -> Value {
    let names: Vec<&String> = fields.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
    json!({"type": "object", "required": names, "additionalProperties": false, "properties": fields})
}

fn list(of: &Value) -> Value {
    json!({"type": "array", "items": of})
}

fn summary() -> Value {
    let (text, ids) = (json!({"type": "string"}), list(&json!({"type": "integer"})));
    object(&json!({
        "summary": text, "issue": text, "investigation": text, "nextSteps": text,
        "keyPoints": list(&object(&json!({"text": text, "messageIds": ids}))),
        "entities": list(&object(&json!({"kind": text, "text": text, "messageIds": ids}))),
    }))
}

fn review() -> Value {
    let text = json!({"type": "string"});
    let quotes = list(&object(&json!({"kind": text, "quote": text})));
    let one_of = |words: &[&str]| json!({"type": "string", "enum": words});
    object(&json!({
        "verdict": one_of(&["approve", "reject"]), "feedback": text,
        "appropriateness": one_of(&["appropriate", "questionable", "inappropriate"]),
        "sentiment": one_of(&["positive", "neutral", "negative"]),
        "escalate": {"type": "boolean"},
        "accuracy": one_of(&["consistent", "contradicted", "unverified"]),
        "compliance": quotes, "evidence": quotes,
    }))
}
