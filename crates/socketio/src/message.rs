//! Socket.IO packets: `<type>[<attachments>-][<namespace>,][<acknowledgement>][<JSON>]`.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::frame::Frame;

/// Something that a client has sent.
#[derive(Debug)]
pub struct Event {
    /// What it is called.
    pub name: String,
    /// Its arguments as they came; a binary one holds `{"_placeholder":true,"num":N}`.
    pub arguments: Vec<Box<RawValue>>,
    /// Its binary arguments.
    pub attachments: Vec<Bytes>,
    /// The number to answer under, if the client waits for an answer.
    pub ack: Option<u64>,
}

/// Why a client was not let in; sent to it as `connect_error`.
#[derive(Debug, Clone, Serialize)]
pub struct Refusal {
    /// For people.
    pub message: String,
    /// For programs.
    pub data: serde_json::Value,
}

/// A packet of a client.
#[derive(Debug)]
pub(crate) struct Packet {
    pub(crate) namespace: Box<str>,
    pub(crate) kind: Kind,
    /// Attachments that follow.
    pub(crate) attachments: usize,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Connect(Option<Box<RawValue>>),
    Disconnect,
    Event(Event),
    /// The answer to something that was asked of the client. We ask nothing.
    Ack,
}

impl Packet {
    /// Reads a packet; `None` when it is not one that a client may send.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let kind = *text.as_bytes().first()?;
        let mut rest = text.get(1..)?;
        let mut attachments = 0;
        if matches!(kind, b'5' | b'6') {
            let (count, behind) = rest.split_once('-')?;
            attachments = number(count)?.try_into().ok()?;
            rest = behind;
        }
        let mut namespace = "/";
        if rest.starts_with('/') {
            (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
            // What stands behind a question mark is a relic of older clients.
            namespace = namespace.split('?').next().unwrap_or(namespace);
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (id, json) = rest.split_at_checked(digits)?;
        let ack = if id.is_empty() { None } else { Some(number(id)?) };
        let kind = match kind {
            b'0' if ack.is_none() => Kind::Connect(object(json)?),
            b'1' if ack.is_none() && json.is_empty() => Kind::Disconnect,
            b'2' | b'5' => {
                let mut arguments: Vec<Box<RawValue>> = serde_json::from_str(json).ok()?;
                if arguments.is_empty() {
                    return None;
                }
                let name = serde_json::from_str(arguments.remove(0).get()).ok()?;
                Kind::Event(Event { name, arguments, attachments: Vec::new(), ack })
            }
            b'3' | b'6' => {
                ack?;
                serde_json::from_str::<Vec<&RawValue>>(json).ok()?;
                Kind::Ack
            }
            _ => return None,
        };
        Some(Self { namespace: namespace.into(), kind, attachments })
    }
}

impl Event {
    /// Whether every placeholder among the arguments stands for one of so many attachments.
    pub(crate) fn names(&self, attachments: usize) -> bool {
        self.arguments.iter().all(|argument| {
            serde_json::from_str(argument.get()).is_ok_and(|argument| names(&argument, attachments))
        })
    }
}

fn names(value: &Value, attachments: usize) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|value| names(value, attachments)),
        Value::Object(fields) if fields.get("_placeholder") == Some(&Value::Bool(true)) => {
            let number = fields.get("num").and_then(Value::as_u64);
            number.is_some_and(|number| usize::try_from(number).is_ok_and(|number| number < attachments))
        }
        Value::Object(fields) => fields.values().all(|value| names(value, attachments)),
        _ => true,
    }
}

/// Digits as a number that JavaScript can hold.
fn number(digits: &str) -> Option<u64> {
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|number| all && *number < 1 << 53)
}

/// What a client sends along when it connects: an object or nothing.
#[expect(clippy::option_option, reason = "nothing sent is not the same as something wrong")]
fn object(json: &str) -> Option<Option<Box<RawValue>>> {
    if json.is_empty() {
        return Some(None);
    }
    let value: Box<RawValue> = serde_json::from_str(json).ok()?;
    value.get().starts_with('{').then_some(Some(value))
}

/// The beginning of a packet: its Engine.IO type, its type, attachments, namespace and number.
pub(crate) fn head(kind: char, attachments: usize, namespace: &str, ack: Option<u64>) -> String {
    use std::fmt::Write as _;
    let mut head = String::with_capacity(64);
    head.push('4');
    head.push(kind);
    // Writing to a String cannot fail.
    if attachments > 0 {
        let _ = write!(head, "{attachments}-");
    }
    if namespace != "/" {
        let _ = write!(head, "{namespace},");
    }
    if let Some(ack) = ack {
        let _ = write!(head, "{ack}");
    }
    head
}

/// A packet of one client with `body` as JSON.
pub(crate) fn packet<T: Serialize + ?Sized>(
    kind: char,
    namespace: &str,
    ack: Option<u64>,
    body: &T,
) -> Result<Frame, serde_json::Error> {
    let mut text = head(kind, 0, namespace, ack);
    text.push_str(&serde_json::to_string(body)?);
    Ok(Frame::text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> Event {
        match Packet::parse(text).unwrap().kind {
            Kind::Event(event) => event,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn packets_are_read() {
        let plain = event(r#"2["join_task",7]"#);
        assert_eq!((plain.name.as_str(), plain.ack), ("join_task", None));
        assert_eq!(plain.arguments.iter().map(|a| a.get()).collect::<Vec<_>>(), ["7"]);
        assert_eq!(event(r#"212["a"]"#).ack, Some(12));
        let custom = Packet::parse(r#"51-/custom,456["a",{"_placeholder":true,"num":0}]"#).unwrap();
        assert_eq!((&*custom.namespace, custom.attachments), ("/custom", 1));
        assert!(
            matches!(Packet::parse("0").unwrap(), Packet { kind: Kind::Connect(None), namespace, .. } if &*namespace == "/")
        );
        assert!(matches!(Packet::parse(r#"0/x?a=b,{"t":1}"#).unwrap(),
            Packet { kind: Kind::Connect(Some(auth)), namespace, .. } if auth.get() == r#"{"t":1}"# && &*namespace == "/x"));
        assert!(matches!(Packet::parse("1/custom,").unwrap().kind, Kind::Disconnect));
        assert!(matches!(Packet::parse("31[]").unwrap().kind, Kind::Ack));
    }

    #[test]
    fn what_is_not_a_packet_is_refused() {
        let deep = format!("2[\"a\",{}1{}]", "[".repeat(200), "]".repeat(200));
        let wrong = [
            "",
            "4",
            "4{}",
            "9",
            "abc",
            "2",
            "2{}",
            "2[]",
            "2[1]",
            "2[null]",
            "20[\"a\"",
            "2-1[\"a\"]",
            "0[]",
            "01{}",
            "0\"x\"",
            "0123",
            "2abc",
            "3[]",
            "31{}",
            "5[\"a\"]",
            "5-[\"a\"]",
            "5x-[\"a\"]",
            "5-1-[\"a\"]",
            "299999999999999999999[\"a\"]",
            "29007199254740992[\"a\"]",
            "1{}",
            "é",
            "2\u{0661}[\"a\"]",
        ];
        for text in wrong {
            assert!(Packet::parse(text).is_none(), "{text:?}");
        }
        // Depth is for whoever reads the argument.
        let _ = Packet::parse(&deep);
    }

    #[test]
    fn packets_are_written() {
        let text = |frame: Frame| frame.into_message().into_text().unwrap().to_string();
        assert_eq!(text(packet('3', "/", Some(7), &[1]).unwrap()), "437[1]");
        assert_eq!(
            text(packet('0', "/custom", None, &serde_json::json!({"sid": "x"})).unwrap()),
            "40/custom,{\"sid\":\"x\"}"
        );
        assert_eq!(text(Frame::event("a\"b", &1).unwrap()), "42[\"a\\\"b\",1]");
        assert_eq!(head('5', 2, "/c", Some(1)), "452-/c,1");
    }
}
