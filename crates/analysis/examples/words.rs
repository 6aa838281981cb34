//! `cargo xtask bench words`: how good the built-in analysis is, and how fast.
//!
//! With `--misses`, every mistake is told as well; with `--quick`, nothing is timed; with
//! `--late`, only what was written last is measured.

#[path = "../quality/mod.rs"]
mod quality;

use faff_analysis::{Conversation, Message, review, summarise};
use quality::measure::{Engine, floors, measure, misses};
use quality::set::{Labelled, late, set};
use std::sync::LazyLock;
use std::time::Instant;

fn main() {
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    let set = if asked("--late") { late() } else { set() };
    let messages: usize = set.iter().map(|labelled| labelled.conversation.messages.len()).sum();
    let scores = measure(&Engine { summarise, review }, &set);

    println!("{} conversations, {messages} messages\n", set.len());
    println!("| What | Marked | Found | Precision | Recall | Floor |");
    println!("|---|---|---|---|---|---|");
    for (name, score) in &scores {
        let (precision, recall) = floors().get(name).copied().unwrap_or_default();
        println!(
            "| {name} | {} | {} | {:.3} | {:.3} | {precision:.2} / {recall:.2} |",
            score.right + score.missed.len(),
            score.right + score.wrong.len(),
            score.precision(),
            score.recall()
        );
    }
    for below in misses(&scores) {
        println!("\nbelow its floor: {below}");
    }
    if asked("--misses") {
        for (name, score) in &scores {
            for wrong in &score.wrong {
                println!("\n{name}, wrong: {wrong}");
            }
            for missed in &score.missed {
                println!("\n{name}, missed: {missed}");
            }
        }
    }

    if asked("--quick") {
        return;
    }
    println!("\n| Conversation | Summary, ms of one processor (best and median of 15) |");
    println!("|---|---|");
    for (name, conversation) in conversations(&set) {
        let mut times: Vec<f64> = (0..15)
            .map(|_| {
                let begin = milliseconds();
                std::hint::black_box(summarise(std::hint::black_box(&conversation), None));
                milliseconds() - begin
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("| {name} | {:.1}, {:.1} |", times[0], times[times.len() / 2]);
    }
    let long =
        Message { id: 1, seq: 1, text: "The order 4711 is not paid. ".repeat(700), ..Message::default() };
    let begin = milliseconds();
    std::hint::black_box(review(&Conversation::default(), &long));
    println!("\nReview of a message of {} bytes: {:.1} ms", long.text.len(), milliseconds() - begin);
}

/// Time spent on a processor by this thread, so that a busy machine measures the same; elsewhere than on Linux, the clock's.
fn milliseconds() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds =
        spent.and_then(|spent| spent.split(' ').next().and_then(|first| first.parse::<f64>().ok()));
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64() * 1000.0, |nanoseconds| nanoseconds / 1e6)
}

/// What summaries are timed on: what people write, and what only somebody with ill will writes.
fn conversations(set: &[Labelled]) -> Vec<(&'static str, Conversation)> {
    let written: Vec<&str> = set
        .iter()
        .flat_map(|labelled| &labelled.conversation.messages)
        .map(|message| message.text.as_str())
        .collect();
    let of = |count: usize, text: &dyn Fn(usize) -> String| Conversation {
        title: "Everything at once".to_owned(),
        description: "The printer, the gateway and the invoice.".to_owned(),
        messages: (0..count)
            .map(|at| Message {
                id: i64::try_from(at).expect("few messages") + 1,
                seq: i64::try_from(at).expect("few messages") + 1,
                author: format!("person {}", at % 7),
                text: text(at),
                ..Message::default()
            })
            .collect(),
        ..Conversation::default()
    };
    vec![
        ("1,000 messages as people write them", of(1000, &|at| written[at % written.len()].to_owned())),
        ("1,000 messages of one word of 20,000 letters", of(1000, &|_| "ä".repeat(20_000))),
        ("1,000 messages of 20,000 digits with spaces", of(1000, &|_| "4 ".repeat(10_000))),
        ("one message of 10,000 sentences", of(1, &|_| (0..10_000).map(|at| format!("No {at}. ")).collect())),
        (
            "1,000 messages of 1,000 sentences each",
            of(1000, &|at| (0..1000).map(|no| format!("Order {} is {at}. ", no % 97)).collect()),
        ),
        ("1,000 messages of quotes within quotes", of(1000, &|_| "> ".repeat(10_000))),
        ("1,000 messages of brackets and stars", of(1000, &|_| "[*_`(".repeat(4_000))),
        ("20,000 messages as people write them", of(20_000, &|at| written[at % written.len()].to_owned())),
    ]
}
