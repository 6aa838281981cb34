//! What clients send, in every way that it can be broken.

use faff_fuzz::Target;

use crate::message::{self, Kind};
use crate::packet::Packet;

/// Bodies of polling, each of which is packets.
const BODIES: &[&str] = &[
    "42[\"join_task\",7]",
    "42[\"send_message\",{\"taskId\":7,\"content\":\"hi\",\"clientId\":\"m-1\",\"replyToId\":null}]",
    "4212[\"sync\",{\"after\":\"x\"}]\u{1e}3\u{1e}1",
    "451-[\"upload\",{\"_placeholder\":true,\"num\":0}]\u{1e}bAQIDBA==",
    "452-/custom,456[\"a\",{\"_placeholder\":true,\"num\":0},[{\"_placeholder\":true,\"num\":1}]]",
    "40{\"token\":\"x.y.z\"}",
    "40/custom?a=b,{\"token\":1}",
    "41",
    "41/custom,",
    "431[]",
    "461-1[{\"_placeholder\":true,\"num\":0}]",
    "42[\"\\ud83d\\ude00\",\"\\u0000\",1e400,-0,[[[[]]]]]",
    "bAQ==\u{1e}bAQID\u{1e}b",
];
const WORDS: &[&str] = &[
    "\u{1e}",
    "4",
    "b",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    ",",
    ":",
    "/",
    "?",
    "-",
    "0",
    "2",
    "5",
    "9007199254740991",
    "18446744073709551616",
    "null",
    "{\"_placeholder\":true,\"num\":",
    "_placeholder",
    "\\ud800",
    "é",
    "\u{661}",
    "[[",
    "=",
    "1e",
    " ",
];

#[test]
fn whatever_a_client_sends_is_read_or_refused() {
    Target { name: "socket packets", source: file!(), corpus: BODIES, words: WORDS }.check(|input| {
        // A body that is not UTF-8 is refused before it comes here.
        let Ok(body) = std::str::from_utf8(input) else { return };
        for packet in Packet::parse_all(body) {
            let Some(Packet::Message(text)) = packet else { continue };
            let Some(packet) = message::Packet::parse(Packet::body(&text)) else { continue };
            assert!(packet.namespace.starts_with('/'));
            if let Kind::Event(mut event) = packet.kind {
                assert!(event.ack.is_none_or(|ack| ack < 1 << 53));
                // Arguments stay what came, and each placeholder stands for one of the attachments.
                for argument in &event.arguments {
                    assert!(body.contains(argument.get()));
                }
                if event.names(packet.attachments) {
                    assert!(event.names(packet.attachments.saturating_add(1)));
                }
                // An answer under any number that was read can be read.
                let answer = message::packet('3', &packet.namespace, event.ack, &[&event.name]);
                assert!(answer.is_ok());
                event.arguments.clear();
            }
        }
    });
}
