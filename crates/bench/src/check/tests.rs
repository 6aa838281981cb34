//! The check finds each kind of mistake, and none where there is none.

use super::courier::{self, Fate, Files, Kept};
use super::history::{Arrival, Connection, Deed, End, Heard, How, Kind, Op, client_id, content};
use super::judge::judge;
use super::plant::Plant;
use super::truth::{Logged, Stored, Ticket, Truth};
use super::verdict::{Record, Rule};
use clap::ValueEnum;
use futures_util::{SinkExt, StreamExt};
use std::sync::Arc;
use tokio_tungstenite::tungstenite::Message;

use super::history::Clock;
use super::reader::Reader;
use super::stage::{Phase, Stage};

fn op(deed: Deed, number: u64, edition: u32, (invoked, answered): (u64, u64)) -> Op {
    let content = if deed == Deed::Delete { String::new() } else { content(0, number, edition) };
    let seq = i64::try_from(number).unwrap() + 1;
    let end = if deed == Deed::Clash { End::Refused("idempotency_key_reused".to_owned()) } else { End::Ok };
    let message = (end == End::Ok && deed != Deed::Delete).then_some((100 + seq, seq));
    Op {
        deed,
        sender: 0,
        number,
        ticket: 0,
        content,
        invoked,
        answered,
        node: 0,
        unanswered: 0,
        end,
        message,
    }
}

/// Five messages, of which one is edited and one is deleted, and a reader who heard of them partly live.
fn fine() -> Record {
    let mut ops: Vec<Op> = (1..=5).map(|n| op(Deed::Post, n, 0, (n * 10, n * 10 + 5))).collect();
    ops.push(op(Deed::Edit, 2, 1, (60, 65)));
    ops.push(op(Deed::Delete, 3, 0, (70, 75)));
    ops.push(op(Deed::Again, 1, 0, (80, 85)));
    ops.push(op(Deed::Clash, 1, 9, (90, 95)));
    let mut log = vec![Logged { seq: 1, kind: Kind::Ticket, message: 0 }];
    log.extend((2..=6).map(|seq| Logged { seq, kind: Kind::Posted, message: 100 + seq }));
    log.push(Logged { seq: 7, kind: Kind::Edited, message: 103 });
    log.push(Logged { seq: 8, kind: Kind::Deleted, message: 104 });
    let messages = [1, 2, 4, 5].map(|n: i64| {
        let number = u64::try_from(n).unwrap();
        let content = content(0, number, u32::from(n == 2));
        Stored { id: 101 + n, seq: n + 1, client_id: client_id(0, number), content }
    });
    let arrivals = log.iter().map(|event| Arrival {
        at: 100,
        connection: 0,
        how: if event.seq <= 3 { How::CaughtUp } else { How::Live },
        ticket: 0,
        seq: event.seq,
        kind: event.kind,
        message: event.message,
        content: match (event.kind, event.message) {
            (Kind::Posted, id) => Some(content(0, u64::try_from(id - 101).unwrap(), 0).into()),
            (Kind::Edited, _) => Some(content(0, 2, 1).into()),
            _ => None,
        },
    });
    let heard = Heard {
        from: vec![0],
        connections: vec![Connection { node: 0, at: 0 }],
        arrivals: arrivals.collect(),
        ..Heard::default()
    };
    Record {
        ops,
        heard: vec![heard.clone(), heard],
        truth: Truth(vec![Ticket { log, messages: messages.into() }]),
        files: Files {
            sent: vec![Fate::Acknowledged, Fate::Unknown, Fate::Unknown],
            kept: [0, 2].map(kept).into(),
        },
    }
}

fn kept(number: usize) -> Kept {
    Kept { client_id: courier::client_id(number), bytes: Some(courier::content(number)) }
}

/// The rules that are broken after a change.
fn broken(change: impl FnOnce(&mut Record)) -> Vec<Rule> {
    let mut record = fine();
    change(&mut record);
    judge(&record).broken.into_keys().collect()
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(broken(|_| {}), []);
    // What was never answered may be there or not.
    assert_eq!(broken(|record| record.ops[3].end = End::Unknown), [Rule::Answered], "stored");
    let gone = |record: &mut Record| {
        let mut lost = op(Deed::Post, 6, 0, (60, 65));
        (lost.end, lost.message) = (End::Unknown, None);
        record.ops.push(lost);
    };
    assert_eq!(broken(gone), [Rule::Answered], "not stored");
}

#[test]
fn what_is_planted_is_caught() {
    let record = fine();
    for plant in Plant::value_variants() {
        for seed in 0..20 {
            assert_eq!(plant.is_caught(&record, seed, |_| 0), Some(true), "{plant:?} {seed}");
        }
    }
}

#[test]
fn a_message_that_is_gone_twice_there_or_another_is_found() {
    let messages = |record: &mut Record| std::mem::take(&mut record.truth.0[0].messages);
    let lost = broken(|record| {
        let mut all = messages(record);
        all.pop();
        record.truth.0[0].messages = all;
    });
    assert_eq!(lost, [Rule::Kept, Rule::Fold]);
    let twice = broken(|record| {
        let mut all = messages(record);
        all.push(Stored { id: 999, ..all[0].clone() });
        record.truth.0[0].messages = all;
    });
    assert_eq!(twice, [Rule::Once, Rule::Fold]);
    let stale = broken(|record| record.truth.0[0].messages[1].content = content(0, 2, 0));
    assert_eq!(stale, [Rule::Content, Rule::Fold]);
    let back = broken(|record| record.ops.retain(|op| op.deed != Deed::Delete));
    assert_eq!(back, [Rule::Kept, Rule::Log]);
    let refused = broken(|record| {
        record.ops[3].end = End::Refused("busy".to_owned());
        record.ops[3].message = None;
    });
    assert_eq!(refused, [Rule::Once, Rule::Refused, Rule::Answer]);
    let strange = broken(|record| record.truth.0[0].messages[0].content = "something else".to_owned());
    assert!(strange.contains(&Rule::Refused) && strange.contains(&Rule::Kept));
}

#[test]
fn a_file_that_is_gone_twice_there_or_another_is_found() {
    let files = |change: fn(&mut Files)| broken(|record| change(&mut record.files));
    assert_eq!(files(|files| _ = files.kept.pop()), [], "it was never answered");
    assert_eq!(files(|files| files.sent[1] = Fate::Refused), []);
    for change in [
        (|files| files.sent[1] = Fate::Acknowledged) as fn(&mut Files),
        |files| files.sent[2] = Fate::Refused,
        |files| files.kept.push(kept(0)),
        |files| files.kept.push(kept(7)),
        |files| files.kept[0].bytes = None,
        |files| files.kept[1].bytes = Some(courier::content(1)),
    ] {
        assert_eq!(files(change), [Rule::Files]);
    }
}

#[test]
fn answers_logs_and_times_that_are_wrong_are_found() {
    assert_eq!(broken(|record| record.ops[7].message = Some((999, 2))), [Rule::Answer]);
    assert_eq!(broken(|record| record.ops[8].end = End::Ok), [Rule::Answer]);
    let late = broken(|record| record.ops[0].invoked = 1_000);
    assert_eq!(late, [Rule::Time]);
    let hole = broken(|record| {
        record.truth.0[0].log.remove(6);
    });
    assert!(hole.contains(&Rule::Log));
    let uncounted = broken(|record| record.truth.0[0].log[6].message = 105);
    assert!(uncounted.contains(&Rule::Log) && uncounted.contains(&Rule::Same));
}

#[test]
fn what_readers_were_told_wrongly_is_found() {
    let of_first = |change: fn(&mut Vec<Arrival>)| broken(|record| change(&mut record.heard[0].arrivals));
    assert_eq!(of_first(|arrivals| _ = arrivals.remove(7)), [Rule::Complete, Rule::Fold]);
    assert_eq!(of_first(|arrivals| arrivals[1].message = 999), [Rule::Same, Rule::Fold]);
    assert_eq!(of_first(|arrivals| arrivals.swap(4, 5)), [Rule::Ascending]);
    assert_eq!(of_first(|arrivals| arrivals[6].content = Some(content(0, 2, 0).into())), [Rule::Fold]);
    let other = of_first(|arrivals| arrivals[4].content = Some(content(0, 1, 0).into()));
    assert!(other.contains(&Rule::Same));
    let single = of_first(|arrivals| {
        let message = arrivals[1].message;
        arrivals[2].message = message;
    });
    assert!(single.contains(&Rule::Single));
    let leak = broken(|record| record.heard[1].leaks.push("secret".to_owned()));
    assert_eq!(leak, [Rule::Private]);
}

/// Answers that a server gives to who joins, by what they ask, and what it says then.
const SCRIPT: [(&str, &str, &[&str]); 4] = [
    (
        r#"{"taskId":7,"afterSeq":0}"#,
        r#"{"ok":true,"seq":2,"hasMore":true,"events":[
            {"taskId":7,"seq":1,"event":"task_created","data":{"id":7,"seq":1}},
            {"taskId":7,"seq":2,"event":"new_message","data":{"taskId":7,"id":1,"seq":2,"content":"a","deletedAt":null}}]}"#,
        &[],
    ),
    (
        r#"{"taskId":7,"afterSeq":2}"#,
        r#"{"ok":true,"seq":2,"hasMore":false,"events":[]}"#,
        &[
            r#"["presence",{"taskId":7,"users":[]}]"#,
            r#"["message_updated",{"taskId":7,"id":1,"seq":2,"eventSeq":3,"content":"b","deletedAt":null}]"#,
            r#"["message_deleted",{"taskId":7,"id":1,"seq":5}]"#,
            r#"["new_message",{"taskId":8,"id":9,"seq":1,"content":"c","deletedAt":null}]"#,
        ],
    ),
    (
        r#"{"taskId":7,"afterSeq":3}"#,
        r#"{"ok":true,"seq":5,"hasMore":false,"events":[
            {"taskId":7,"seq":4,"event":"message_updated","data":{"taskId":7,"id":1,"seq":2,"eventSeq":4,"content":"","deletedAt":"x"}},
            {"taskId":7,"seq":5,"event":"message_deleted","data":{"taskId":7,"id":1,"seq":5}}]}"#,
        &[],
    ),
    ("8", r#"{"ok":false,"error":{"code":"not_found"}}"#, &[]),
];

/// Serves one client by the script.
async fn play(listener: tokio::net::TcpListener) {
    let (stream, _) = listener.accept().await.unwrap();
    let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
    socket.send(Message::text("0{}")).await.unwrap();
    while let Some(Ok(Message::Text(text))) = socket.next().await {
        if text.starts_with("40") {
            socket.send(Message::text("40{}")).await.unwrap();
        } else if let Some((ack, asked)) = text[2..].split_once("[\"join_task\",") {
            let asked = asked.strip_suffix(']').unwrap();
            let (_, answer, then) = SCRIPT.iter().find(|(ask, ..)| *ask == asked).unwrap();
            socket.send(Message::text(format!("43{ack}[{answer}]"))).await.unwrap();
            for event in *then {
                socket.send(Message::text(format!("42{event}"))).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_reader_reads_on_asks_for_what_is_missing_and_notes_what_is_not_for_it() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(play(listener));
    let stage = Arc::new(Stage::new(Clock::start(), vec![address], (vec![7], 8, 9), 1, 0));
    let reader = Reader::new(0, "token".to_owned(), stage.clone(), 1, Some((0, vec![0])));
    let reading = tokio::spawn(reader.run());
    while !stage.all_reached(1, &[5]) {
        tokio::task::yield_now().await;
    }
    stage.phase.send_replace(Phase::Over);
    let heard = reading.await.unwrap();
    let came: Vec<_> =
        heard.arrivals.iter().map(|arrival| (arrival.seq, arrival.how, arrival.kind)).collect();
    assert_eq!(
        came,
        [
            (1, How::CaughtUp, Kind::Ticket),
            (2, How::CaughtUp, Kind::Posted),
            (3, How::Live, Kind::Edited),
            (5, How::Live, Kind::Deleted),
            (4, How::AskedAgain, Kind::Edited),
            (5, How::AskedAgain, Kind::Deleted),
        ]
    );
    assert_eq!(heard.arrivals[4].content, None, "it was deleted when it was told");
    assert_eq!((heard.gaps.len(), heard.unhealed, heard.leaks.len(), heard.oddities.len()), (1, 0, 1, 0));
    assert_eq!(stage.troubles().len(), 0);
}
