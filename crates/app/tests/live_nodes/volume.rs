//! Many who write and many who read, on two nodes, while something goes wrong: what is acknowledged is stored is heard.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use faff_testkit::{Person, TestRedis};
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::watch;

use super::crowd::{Crowd, Heard, Reader, Said, Writer};
use super::stage::Stage;

/// One that is busy, and others.
const TICKETS: usize = 11;
const WRITERS: usize = 8;
const READERS: usize = 8;
/// What each writer says at least.
const LEAST: usize = 50;

async fn moment(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

/// Lets them write and read while `fault` does what it does, and then compares what everybody has.
async fn nothing_is_lost(name: &str, redis: Option<String>, fault: impl AsyncFnOnce(&Stage)) {
    let stage = Stage::set(redis).await;
    let world = stage.keeper.world().await;
    let mut tickets = Vec::new();
    for n in 0..TICKETS {
        tickets.push(world.bo.files(&format!("Ticket {n}"), json!({})).await["id"].as_i64().unwrap());
    }
    let people = [&world.ada, &world.bo, &world.cy, &world.eve];
    let crowd = Crowd {
        stage: &stage,
        tickets,
        enough: AtomicBool::new(false),
        acknowledged: Mutex::default(),
        ends: watch::Sender::new(None),
    };
    let readers = (0..READERS).map(|number| {
        let reader =
            Reader { person: people[number % 4], place: number % 2, number, heard: Heard::default() };
        reader.read(&crowd)
    });
    let writers = (0..WRITERS).map(|number| {
        let (person, by_socket) = (people[number % 4], number / 2 % 2 == 0);
        Writer { person, place: number % 2, by_socket, number }.write(&crowd, LEAST)
    });
    let fault = async {
        fault(&stage).await;
        crowd.enough.store(true, std::sync::atomic::Ordering::Relaxed);
    };
    let all = async {
        let ((), said) = tokio::join!(fault, join_all(writers));
        let said: Vec<Said> = said.into_iter().flatten().collect();
        let stored = stored(&crowd, &world.bo).await;
        compare(&said, &stored);
        let ends = stored.iter().map(|(ticket, messages)| (*ticket, *messages.last_key_value().unwrap().0));
        crowd.ends.send_replace(Some(ends.collect()));
        (said, stored)
    };
    let ((said, stored), heard) = tokio::join!(all, join_all(readers));
    for heard in &heard {
        assert_eq!(heard.events.len(), TICKETS);
        for (ticket, events) in &heard.events {
            let messages: BTreeMap<i64, String> =
                events.clone().into_iter().filter(|(seq, _)| *seq > 1).collect();
            assert_eq!(messages, stored[ticket], "ticket {ticket}");
        }
    }
    let sum = |count: fn(&Heard) -> usize| heard.iter().map(count).sum::<usize>();
    let (live, caught_up) = (sum(|heard| heard.live), sum(|heard| heard.caught_up));
    println!(
        "{name}: {} acknowledged ({} sent more than once), {} delivered to {READERS} readers over {} connections \
         ({live} live, {caught_up} by catching up), {} raw duplicates",
        said.len(),
        said.iter().filter(|said| said.sent > 1).count(),
        live + caught_up,
        sum(|heard| heard.connections),
        sum(|heard| heard.again),
    );
}

/// What the database holds: of each ticket, the messages by `seq`.
async fn stored(crowd: &Crowd<'_>, person: &Person) -> HashMap<i64, BTreeMap<i64, String>> {
    let mut stored = HashMap::new();
    for ticket in &crowd.tickets {
        let messages = person.walk(&format!("/api/tasks/{ticket}/messages?limit=100"), "messages").await;
        let by_seq: BTreeMap<i64, String> = messages
            .iter()
            .map(|message| {
                (message["seq"].as_i64().unwrap(), message["content"].as_str().unwrap().to_owned())
            })
            .collect();
        assert_eq!(by_seq.len(), messages.len(), "no seq twice");
        stored.insert(*ticket, by_seq);
    }
    stored
}

/// What was acknowledged is what is stored, and numbered without gaps; a ticket's first event is that it was filed.
fn compare(said: &[Said], stored: &HashMap<i64, BTreeMap<i64, String>>) {
    for said in said {
        assert_eq!(stored[&said.ticket].get(&said.seq), Some(&said.content), "{said:?}");
    }
    let messages: usize = stored.values().map(BTreeMap::len).sum();
    assert_eq!(messages, said.len(), "nothing is stored twice, or without having been said");
    for (ticket, messages) in stored {
        assert!(messages.keys().copied().eq((2..).take(messages.len())), "ticket {ticket} has gaps");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_notifications() {
    nothing_is_lost("notifications", None, async |_| moment(4_000).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_redis() {
    let redis = TestRedis::start().await;
    nothing_is_lost("redis", Some(redis.url()), async |_| moment(4_000).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_redis_dies_and_stands_still() {
    let mut redis = TestRedis::start().await;
    let url = redis.url();
    let mistreat = async |_: &Stage| {
        moment(500).await;
        redis.kill();
        moment(1_000).await;
        redis.restart().await;
        moment(1_000).await;
        redis.stall();
        moment(3_000).await;
        redis.resume();
        moment(500).await;
    };
    nothing_is_lost("redis killed and stalled", Some(url), mistreat).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_the_listening_connections_are_cut() {
    let mut cut = 0;
    let cutting = async |stage: &Stage| {
        for _ in 0..16 {
            moment(250).await;
            cut += stage.keeper.database.cut_listeners().await;
        }
    };
    nothing_is_lost("listening cut", None, cutting).await;
    assert!(cut >= 6, "only {cut} connections were cut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_nodes_are_killed_and_replaced() {
    let replace = async |stage: &Stage| {
        moment(700).await;
        for place in [0, 1, 0, 1] {
            stage.kill(place);
            moment(200).await;
            stage.start(place).await;
            moment(500).await;
        }
        stage.drain(1).await;
        stage.start(1).await;
        moment(500).await;
    };
    nothing_is_lost("nodes replaced", None, replace).await;
}
