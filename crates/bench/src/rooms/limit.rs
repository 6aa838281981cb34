//! The most that a server could do: as much of WebSocket, Engine.IO and Socket.IO as the benchmark's client needs, and
//! for each message one frame, made once and written to every socket of the room. It checks nothing and keeps nothing.
//!
//! A frame that the kernel does not take as a whole closes the socket; the load is such that this does not happen.

use std::collections::HashMap;
use std::io::{Error, ErrorKind};
use std::sync::{Arc, Weak};

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::Outcome;

const OPEN: &str =
    r#"0{"sid":"limit","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
const CONNECTED: &str = r#"40{"sid":"limit"}"#;

/// What a writer is told.
enum Job {
    Join(i64, Weak<TcpStream>),
    Say(i64, Arc<[u8]>),
}

type Writers = Arc<[UnboundedSender<Job>]>;

/// What a client says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said<'a> {
    task_id: i64,
    content: &'a str,
    client_id: &'a str,
}

/// Serves until it is ended.
pub(crate) async fn serve(batching: bool) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    crate::say(&format!("listening on http://{}", listener.local_addr()?));
    accept(listener, batching).await
}

/// Serves whoever connects.
pub(super) async fn accept(listener: TcpListener, batching: bool) -> Outcome<()> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let writers: Writers = (0..cores)
        .map(|_| {
            let (sender, receiver) = unbounded_channel();
            tokio::spawn(write(receiver, batching));
            sender
        })
        .collect();
    for n in 0.. {
        let (stream, _) = listener.accept().await?;
        let writers = Arc::clone(&writers);
        tokio::spawn(async move {
            // A client that leaves is no news.
            let _ = listen(stream, n, writers).await;
        });
    }
    Ok(())
}

/// Writes to a share of every room.
async fn write(mut jobs: UnboundedReceiver<Job>, batching: bool) {
    let mut rooms: HashMap<i64, Vec<Weak<TcpStream>>> = HashMap::new();
    let mut next = None;
    while let Some(job) = match next.take() {
        Some(job) => Some(job),
        None => jobs.recv().await,
    } {
        match job {
            Job::Join(task, stream) => rooms.entry(task).or_default().push(stream),
            Job::Say(task, mut frames) => {
                while batching && next.is_none() {
                    match jobs.try_recv() {
                        Ok(Job::Say(again, more)) if again == task => {
                            frames = [frames, more].concat().into();
                        }
                        Ok(job) => next = Some(job),
                        Err(_) => break,
                    }
                }
                if let Some(room) = rooms.get_mut(&task) {
                    room.retain(|stream| {
                        let written = stream.upgrade().map(|stream| stream.try_write(&frames));
                        matches!(written, Some(Ok(written)) if written == frames.len())
                    });
                }
            }
        }
    }
}

/// A text as a frame of a server.
fn frame(text: &str) -> Outcome<Vec<u8>> {
    let length = text.len();
    let mut frame = Vec::with_capacity(length + 4);
    frame.push(0x81);
    if length < 126 {
        frame.push(u8::try_from(length)?);
    } else {
        frame.push(126);
        frame.extend(u16::try_from(length)?.to_be_bytes());
    }
    frame.extend_from_slice(text.as_bytes());
    Ok(frame)
}

/// The first frame of a client, unmasked, and how many bytes it took; nothing if it is not there as a whole.
fn unmask(received: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (&[_, length], rest) = received.split_first_chunk()?;
    let (length, rest) = match length & 0x7f {
        126 => {
            rest.split_first_chunk().map(|(&length, rest)| (usize::from(u16::from_be_bytes(length)), rest))?
        }
        length => (usize::from(length), rest),
    };
    let (mask, rest) = rest.split_first_chunk::<4>()?;
    let payload = rest.get(..length)?;
    let text = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    Some((text, received.len() - rest.len() + length))
}

async fn listen(mut stream: TcpStream, n: usize, writers: Writers) -> Outcome<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::with_capacity(2048);
    while !received.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut received).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8(received)?;
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    let key = headers.find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"));
    let accept = derive_accept_key(key.ok_or("no WebSocket")?.1.as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.write_all(&frame(OPEN)?).await?;
    let stream = Arc::new(stream);
    let mut received = Vec::with_capacity(1024);
    loop {
        stream.readable().await?;
        match stream.try_read_buf(&mut received) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error.into()),
        }
        while let Some((text, length)) = unmask(&received) {
            received.drain(..length);
            take(&String::from_utf8(text)?, &stream, n, &writers)?;
        }
    }
}

/// Does what a packet asks for.
fn take(text: &str, stream: &Arc<TcpStream>, n: usize, writers: &Writers) -> Outcome<()> {
    let answer = if text.starts_with("40") {
        CONNECTED.to_owned()
    } else if let Some((id, event)) = text.strip_prefix("42").and_then(|text| text.split_once('[')) {
        let (name, input) = event.trim_end_matches(']').split_once(',').ok_or("an event without a value")?;
        if name == "\"join_task\"" {
            let writer = writers.get(n % writers.len().max(1)).ok_or("no writer")?;
            writer.send(Job::Join(input.parse()?, Arc::downgrade(stream)))?;
            format!(r#"43{id}[{{"ok":true,"seq":0,"events":[],"viewers":[]}}]"#)
        } else {
            let said: Said<'_> = serde_json::from_str(input)?;
            let message = message(&said);
            let event: Arc<[u8]> = frame(&format!(r#"42["new_message",{message}]"#))?.into();
            for writer in writers.iter() {
                writer.send(Job::Say(said.task_id, Arc::clone(&event)))?;
            }
            format!(r#"43{id}[{{"ok":true,"message":{message}}}]"#)
        }
    } else {
        return Ok(());
    };
    let frame = frame(&answer)?;
    if stream.try_write(&frame)? == frame.len() {
        Ok(())
    } else {
        Err(Error::from(ErrorKind::WouldBlock).into())
    }
}

/// A message as Faff sends it.
fn message(said: &Said<'_>) -> String {
    let Said { task_id, content, client_id } = said;
    format!(
        r#"{{"id":12345,"taskId":{task_id},"senderId":7,"sender":{{"id":7,"name":"User number 7","email":"user7@bench.example"}},"content":"{content}","contentHtml":"<p>{content}</p>\n","clientId":"{client_id}","replyToId":null,"replyTo":null,"replyCount":0,"attachments":[],"seq":12345,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","editedAt":null,"deletedAt":null}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_masks_is_read() {
        let mut masked = vec![0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        // The example of RFC 6455, 5.7.
        assert_eq!(unmask(&masked), Some((b"Hello".to_vec(), masked.len())));
        assert_eq!(unmask(&masked[..10]), None);
        masked.push(0x81);
        assert_eq!(unmask(&masked), Some((b"Hello".to_vec(), masked.len() - 1)));
    }

    #[test]
    fn frames_say_how_long_they_are() {
        assert_eq!(frame("Hello").unwrap(), b"\x81\x05Hello");
        let long = frame(&"x".repeat(300)).unwrap();
        assert_eq!((long.len(), &long[..4]), (304, &[0x81, 126, 1, 44][..]));
    }

    #[test]
    fn a_message_is_json_of_the_size_of_most() {
        let content = super::super::packet::Mark { sender: 1, number: 2, sent: 3 }.content();
        let message = message(&Said { task_id: 1, content: &content, client_id: "bench-1-2-3" });
        let value: serde_json::Value = serde_json::from_str(&message).unwrap();
        assert_eq!(value["content"], content);
        assert!((500..650).contains(&message.len()), "{}", message.len());
    }
}
