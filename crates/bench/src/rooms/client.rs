//! The client, a process of its own so that its work is not counted as the server's. One thread.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt};
use tokio::sync::watch;

use super::packet::Packet;
use super::plan::{Arrival, Plan, Sit, Talk, Window, Work};
use super::sender::{Mode, Sender};
use super::shared::Shared;
use super::socket::Socket;
use crate::Outcome;
use crate::server::Usage;

/// How many arrive at the same time.
const ARRIVING: usize = 32;
/// How many senders there are, and so how many messages are on their way at most.
pub(super) const SENDERS: usize = 8;
/// How long stragglers are waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a plan may take.
const AT_MOST: Duration = Duration::from_mins(5);

/// Does what the plan on standard input says, and prints what came of it.
pub(crate) fn run() -> Outcome<()> {
    let plan: Plan = serde_json::from_reader(std::io::stdin().lock())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(async { tokio::time::timeout(AT_MOST, carry_out(&plan)).await });
    crate::say(&answer.map_err(|_| "the client did not come to an end")??);
    Ok(())
}

/// What came of it, as JSON.
async fn carry_out(plan: &Plan) -> Outcome<String> {
    match plan.work {
        Work::Talk { task, sockets, warm_up, seconds } => {
            Ok(serde_json::to_string(&talk(plan, task, sockets, warm_up, seconds).await?)?)
        }
        Work::Sit { ref tasks, sockets, room, arrival, settle } => {
            let seats = Seats { tasks, sockets, room, arrival };
            Ok(serde_json::to_string(&sit(plan, &seats, Duration::from_secs_f64(settle)).await?)?)
        }
    }
}

impl Plan {
    /// Whose the `n`th socket is: the senders have one each.
    fn token(&self, n: usize) -> Outcome<&str> {
        let readers = self.tokens.len().saturating_sub(SENDERS).max(1);
        let at = if n < SENDERS { n } else { SENDERS + (n - SENDERS) % readers };
        Ok(self.tokens.get(at).ok_or("too few tokens")?)
    }
}

async fn talk(plan: &Plan, task: i64, sockets: usize, warm_up: f64, seconds: f64) -> Outcome<Talk> {
    let shared = Arc::new(Shared::new(sockets, SENDERS));
    let (switch, mode) = watch::channel(Mode::Silent);
    futures_util::stream::iter(0..sockets)
        .map(|n| {
            let (shared, mode) = (Arc::clone(&shared), mode.clone());
            async move {
                let mut socket = Socket::connect(plan.address, plan.token(n)?, Arrival::WebSocket).await?;
                socket.join(task, |packet| _ = shared.take(packet)).await?;
                if n < SENDERS {
                    let sender = Sender::new(n, task, plan.run, socket, Arc::clone(&shared), mode);
                    tokio::spawn(shared.noting(sender.run()));
                } else {
                    tokio::spawn(Arc::clone(&shared).noting(listen(socket, Arc::clone(&shared))));
                }
                Outcome::Ok(())
            }
        })
        .buffer_unordered(ARRIVING)
        .try_collect::<()>()
        .await?;
    // What is told of those who came is not to be measured.
    tokio::time::sleep(Duration::from_secs(1)).await;

    let (warm_up, seconds) = (Duration::from_secs_f64(warm_up), Duration::from_secs_f64(seconds));
    switch.send_replace(Mode::Full);
    let full = window(plan, &shared, warm_up, seconds).await;
    switch.send_replace(Mode::Silent);
    shared.drained(PATIENCE).await;

    let sends = full.per_second() / 2.0 / f64::from(u32::try_from(sockets)?);
    let half = if sends > 0.0 && sends.is_finite() {
        let interval = Duration::from_secs_f64(1.0 / sends);
        switch.send_replace(Mode::Paced { start: Instant::now() + Duration::from_millis(10), interval });
        window(plan, &shared, warm_up / 2, seconds).await
    } else {
        Window::default()
    };
    switch.send_replace(Mode::Silent);
    shared.drained(PATIENCE).await;
    Ok(Talk { full, half, missing: shared.missing(), errors: shared.errors() })
}

/// Looks at what happens for a while.
async fn window(plan: &Plan, shared: &Shared, warm_up: Duration, measured: Duration) -> Window {
    tokio::time::sleep(warm_up).await;
    shared.begin();
    let (began, server, client) = (Instant::now(), Usage::of(plan.server), Usage::of(std::process::id()));
    tokio::time::sleep(measured).await;
    let after = Usage::of(plan.server);
    let client = Usage::of(std::process::id()).cpu - client.cpu;
    let mut window = Window {
        seconds: began.elapsed().as_secs_f64(),
        server: after.cpu - server.cpu,
        kernel: after.kernel - server.kernel,
        client,
        resident: after.resident,
        ..Window::default()
    };
    shared.end(&mut window);
    window
}

/// Reads what comes.
async fn listen(mut socket: Socket, shared: Arc<Shared>) -> Outcome<()> {
    loop {
        let text = socket.receive().await?;
        if let Some(packet) = shared.hear(&text) {
            socket.answer(&packet).await?;
        }
    }
}

/// Who sits where.
struct Seats<'a> {
    tasks: &'a [i64],
    sockets: usize,
    room: usize,
    arrival: Arrival,
}

impl Seats<'_> {
    /// The first ones arrive, and stay as long as the answer does.
    async fn fill(&self, plan: &Plan, sockets: usize) -> Outcome<Seated> {
        let listeners = futures_util::stream::iter(0..sockets)
            .map(|n| async move {
                let task = *self.tasks.get(n / self.room).ok_or("too few tasks")?;
                let mut socket = Socket::connect(plan.address, plan.token(n)?, self.arrival).await?;
                socket.join(task, |_| {}).await?;
                Outcome::Ok(tokio::spawn(hold(socket)))
            })
            .buffer_unordered(ARRIVING)
            .try_collect()
            .await?;
        Ok(Seated(listeners))
    }
}

/// Sockets that leave when this is dropped.
struct Seated(Vec<tokio::task::JoinHandle<Outcome<()>>>);

impl Drop for Seated {
    fn drop(&mut self) {
        self.0.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

async fn hold(mut socket: Socket) -> Outcome<()> {
    loop {
        let text = socket.receive().await?;
        socket.answer(&Packet::read(&text)).await?;
    }
}

async fn sit(plan: &Plan, seats: &Seats<'_>, settle: Duration) -> Outcome<Sit> {
    // A few come and go first: what the first of all costs is not for each.
    drop(seats.fill(plan, seats.room.min(seats.sockets)).await?);
    tokio::time::sleep(settle).await;
    let before = Usage::of(plan.server).resident;
    let seated = seats.fill(plan, seats.sockets).await?;
    tokio::time::sleep(settle).await;
    let with = Usage::of(plan.server).resident;
    let left = seated.0.iter().filter(|listener| listener.is_finished()).count();
    if left > 0 {
        return Err(format!("{left} sockets were closed while they sat").into());
    }
    Ok(Sit { sockets: seats.sockets, before, with })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::limit;

    /// What a client makes of the limit, for which any token will do.
    async fn against_the_limit(work: Work, batching: bool) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(limit::accept(listener, batching));
        let tokens = vec!["token".to_owned(); SENDERS + 2];
        let plan = Plan { address, server: std::process::id(), run: 1, tokens, work };
        carry_out(&plan).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_said_comes_to_everyone() {
        for batching in [false, true] {
            let work = Work::Talk { task: 1, sockets: 12, warm_up: 0.01, seconds: 0.05 };
            let talk: Talk = serde_json::from_str(&against_the_limit(work, batching).await).unwrap();
            assert_eq!((talk.missing, talk.errors), (0, Vec::new()));
            assert!(talk.full.deliveries > 0 && talk.full.acknowledged > 0);
            assert!(talk.half.deliveries > 0 && talk.half.p99 >= talk.half.p50);
        }
    }

    #[tokio::test]
    async fn whoever_sits_stays() {
        let (tasks, arrival) = (vec![1, 2, 3], Arrival::WebSocket);
        let work = Work::Sit { tasks, sockets: 12, room: 5, arrival, settle: 0.01 };
        let sit: Sit = serde_json::from_str(&against_the_limit(work, false).await).unwrap();
        assert!((sit.sockets, sit.before > 0, sit.with > 0) == (12, true, true));
    }
}
