//! The packets of Engine.IO 4 and Socket.IO 5 that the benchmark meets, read as cheaply as they can be told apart
//! (<https://socket.io/docs/v4/engine-io-protocol/>, <https://socket.io/docs/v4/socket-io-protocol/>).

/// What a packet is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    /// `0`: the session is open.
    Open(&'a str),
    /// `2`, `2probe`: to be answered with the same under `3`.
    Ping(&'a str),
    /// `3`, `3probe`.
    Pong,
    /// `40`: the token was taken.
    Connected,
    /// `44`: it was not.
    Refused(&'a str),
    /// `43`: the answer to what was sent under that number.
    Ack { id: u64, answer: &'a str },
    /// `42["new_message"`: somebody said something.
    Message(&'a str),
    /// `42`: something else.
    Event { name: &'a str },
    /// Something that the benchmark has no use for.
    Other,
}

impl<'a> Packet<'a> {
    pub(crate) fn read(text: &'a str) -> Self {
        let head = text.as_bytes();
        match (head.first(), head.get(1)) {
            (Some(b'0'), _) => Self::Open(text),
            (Some(b'2'), _) => Self::Ping(text.get(1..).unwrap_or_default()),
            (Some(b'3'), _) => Self::Pong,
            (Some(b'4'), Some(b'0')) => Self::Connected,
            (Some(b'4'), Some(b'4')) => Self::Refused(text),
            (Some(b'4'), Some(b'3')) => {
                let rest = text.get(2..).unwrap_or_default();
                let (id, answer) = rest.split_at(rest.find('[').unwrap_or(rest.len()));
                id.parse().map_or(Self::Other, |id| Self::Ack { id, answer })
            }
            (Some(b'4'), Some(b'2')) => match text.get(4..).and_then(|text| text.split_once('"')) {
                Some(("new_message", rest)) => Self::Message(rest),
                Some((name, _)) => Self::Event { name },
                None => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// Whether an acknowledgement says that all went well.
    pub(crate) fn is_fine(answer: &str) -> bool {
        answer.starts_with("[{\"ok\":true")
    }
}

/// What a message of the benchmark says about itself; it stands at the beginning of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) sender: usize,
    pub(crate) number: u64,
    /// Microseconds of the client's clock.
    pub(crate) sent: u64,
}

/// What stands before a mark, in the message as JSON.
const BEFORE: &str = "\"content\":\"bench ";
/// What is said besides, so that a message has the size of most: short ones, with their HTML.
const WORDS: &str = "the printer on floor two is on fire again and it still prints, so";

impl Mark {
    pub(crate) fn content(self) -> String {
        let Self { sender, number, sent } = self;
        format!("bench {sender} {number} {sent} {WORDS}")
    }

    /// The mark of a message, if it has one.
    pub(crate) fn read(message: &str) -> Option<Self> {
        let at = message.find(BEFORE)? + BEFORE.len();
        let mut numbers = message.get(at..)?.splitn(4, ' ').map(str::parse::<u64>);
        let mut next = || numbers.next()?.ok();
        Some(Self { sender: usize::try_from(next()?).ok()?, number: next()?, sent: next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_told_apart() {
        for (text, packet) in [
            ("0{\"sid\":\"a\"}", Packet::Open("0{\"sid\":\"a\"}")),
            ("2", Packet::Ping("")),
            ("3probe", Packet::Pong),
            ("40{\"sid\":\"a\"}", Packet::Connected),
            ("44{\"message\":\"no\"}", Packet::Refused("44{\"message\":\"no\"}")),
            ("4317[{\"ok\":true}]", Packet::Ack { id: 17, answer: "[{\"ok\":true}]" }),
            ("42[\"new_message\",{}]", Packet::Message(",{}]")),
            ("42[\"presence\"]", Packet::Event { name: "presence" }),
            ("42", Packet::Other),
            ("6", Packet::Other),
            ("", Packet::Other),
        ] {
            assert_eq!(Packet::read(text), packet, "{text}");
        }
        assert!(Packet::is_fine("[{\"ok\":true,\"seq\":1}]"));
        assert!(!Packet::is_fine("[{\"ok\":false}]"));
    }

    #[test]
    fn a_mark_is_found_in_its_message() {
        let mark = Mark { sender: 7, number: 12, sent: 345_678 };
        let message = serde_json::json!({ "id": 1, "content": mark.content(), "seq": 2 }).to_string();
        assert_eq!(Mark::read(&message), Some(mark));
        assert_eq!(Mark::read("{\"content\":\"something else\"}"), None);
    }
}
