//! `cargo xtask bench words`: how good the built-in analysis is, and how fast.
//!
//! With `--misses`, every mistake is told as well; with `--quick`, nothing is timed; with
//! `--late`, only what was written last is measured.

#[path = "../quality/mod.rs"]
mod quality;

use faff_analysis::{Conversation, Message, review, summarise};
use quality::measure::{Engine, floors, measure, misses};
use quality::set::{Labelled, set};
use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::Instant;

fn main() -> ExitCode {
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    let set = match set(asked("--late")) {
        Ok(set) => set,
        Err(wrong) => {
            eprintln!("the set is not in its notation: {wrong}");
            return ExitCode::FAILURE;
        }
    };
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
        return ExitCode::SUCCESS;
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
        let (best, median) =
            (times.first().copied().unwrap_or_default(), times.get(7).copied().unwrap_or_default());
        println!("| {name} | {best:.1}, {median:.1} |");
    }
    let long =
        Message { id: 1, seq: 1, text: "The order 4711 is not paid. ".repeat(700), ..Message::default() };
    let begin = milliseconds();
    std::hint::black_box(review(&Conversation::default(), &long));
    println!("\nReview of a message of {} bytes: {:.1} ms", long.text.len(), milliseconds() - begin);
    ExitCode::SUCCESS
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
    let written: Vec<String> = set
        .iter()
        .flat_map(|labelled| &labelled.conversation.messages)
        .map(|message| message.text.clone())
        .collect();
    let sentences =
        |count: usize| -> Vec<String> { (0..count).map(|at| format!("Order {at} is late.")).collect() };
    vec![
        ("1,000 messages as people write them", of(1000, &written)),
        ("1,000 messages of one word of 20,000 letters", of(1000, &["ä".repeat(20_000)])),
        ("1,000 messages of 20,000 digits with spaces", of(1000, &["4 ".repeat(10_000)])),
        ("one message of 10,000 sentences", of(1, &[sentences(10_000).join(" ")])),
        ("1,000 messages of 1,000 sentences each", of(1000, &[sentences(1000).join(" ")])),
        ("1,000 messages of quotes within quotes", of(1000, &["> ".repeat(10_000)])),
        ("1,000 messages of brackets and stars", of(1000, &["[*_`(".repeat(4_000)])),
        ("20,000 messages as people write them", of(20_000, &written)),
    ]
}

/// So many messages with these texts in turn.
fn of(count: usize, texts: &[String]) -> Conversation {
    Conversation {
        title: "Everything at once".to_owned(),
        description: "The printer, the gateway and the invoice.".to_owned(),
        messages: (1..)
            .zip(texts.iter().cycle().take(count))
            .map(|(seq, text)| Message {
                id: seq,
                seq,
                author: format!("person {}", seq % 7),
                text: text.clone(),
                ..Message::default()
            })
            .collect(),
        ..Conversation::default()
    }
}
