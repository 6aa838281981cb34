//! What strangers may cost. The runner gives each test a process of its own, whose memory is looked at.

use crate::support::{Test, Wire, frame};
use faff_socketio::Config;

/// Bytes of this process in memory.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unfinished_message_of_a_stranger_holds_little_memory() {
    const STRANGERS: usize = 200;
    let test = Test::start(Config::default()).await;
    let mut wires: Vec<Wire> = Vec::new();
    let before = resident();
    for _ in 0..STRANGERS {
        let mut wire = test.open().await;
        // The worst that may be sent: most of a message, and a frame that announces as much again.
        let begun = frame(0x01, 8_000, &[b'4'; 8_000]);
        assert!(wire.raw(&begun).await && wire.raw(&frame(0x00, 120_000, &[b'x'; 7_900])).await);
        wires.push(wire);
    }
    // Each has read all of it by the time it answers a newcomer.
    for _ in 0..20 {
        test.open().await;
    }
    let each = (resident() - before) / STRANGERS;
    println!("{each} bytes a stranger");
    assert!(each < 128 * 1024, "{each} bytes for an unfinished message");
    let large = frame(0x01, 100_000, &vec![b'4'; 100_000]);
    for wire in &mut wires {
        wire.raw(&large).await;
    }
    test.until("who sends more is gone", |test| test.server.counters().faulty() == STRANGERS as u64).await;
}
