//! Gathers what is counted all over the application.

use faff_store::{Reader, jobs};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::process::Process;
use crate::App;
use crate::access::System;
use crate::http::{Problem, Tls};

type By<const N: usize> = Family<[(&'static str, String); N], Gauge>;

/// Everything, as text.
pub(super) async fn gather(app: &App) -> Result<String, Problem> {
    let system = System::for_reason(app, "metrics tell how jobs stand");
    let jobs =
        system.read(async |reader: &mut Reader<'_>| Ok::<_, Problem>(jobs::census(reader).await?)).await?;

    let mut all = Registry::default();
    process(&mut all);
    let all_of_ours = all.sub_registry_with_prefix("faff");
    let engine = app.db().engine().name();
    let build = Info::new([("version", env!("CARGO_PKG_VERSION")), ("engine", engine)]);
    all_of_ours.register("build", "This program, and its database", build);
    all_of_ours.register(
        "http_request_seconds",
        "Requests and their time, until the answer begins",
        app.requests().times(),
    );
    store(app, all_of_ours);
    live(app, all_of_ours);
    model(app, all_of_ours);
    limits(app, all_of_ours);
    tls(app, all_of_ours);
    backups(app, all_of_ours);

    let now = app.now().as_millis();
    let (count, late) = (By::<2>::default(), By::<1>::default());
    for jobs::Census { kind, state, jobs, due } in jobs {
        let state = state.as_str().to_owned();
        if state == jobs::State::Waiting.as_str() {
            late.get_or_create(&[("kind", kind.clone())]).set((now - due.as_millis()).max(0) / 1000);
        }
        count.get_or_create(&[("kind", kind), ("state", state)]).set(jobs);
    }
    all_of_ours.register("jobs", "Jobs of all nodes, by how far they have come", count);
    all_of_ours.register("jobs_late_seconds", "How long the first job that waits has been due", late);

    let mut text = String::new();
    encode(&mut text, &all).map_err(Problem::internal)?;
    Ok(text)
}

fn counter(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstCounter::new(value));
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: usize) {
    registry.register(name, help, ConstGauge::new(value));
}

/// By the names that Prometheus's own clients use.
fn process(all: &mut Registry) {
    let told = all.sub_registry_with_prefix("process");
    let Process { resident, seconds, descriptors } = Process::look();
    if let Some(bytes) = resident {
        told.register("resident_memory_bytes", "Memory in use", ConstGauge::new(bytes));
    }
    if let Some(seconds) = seconds {
        told.register("cpu_seconds", "Processor time of all threads", ConstCounter::new(seconds));
    }
    if let Some(open) = descriptors {
        told.register("open_fds", "Open files and sockets", ConstGauge::new(open));
    }
}

fn store(app: &App, all: &mut Registry) {
    let counted = app.store_counters();
    counter(all, "store_queries", "Statements that requests and others have sent", counted.queries());
    counter(all, "store_transactions", "Transactions that were committed", counted.commits());
    counter(all, "store_commits", "Commits, which several transactions may share", counted.groups());
    counter(
        all,
        "store_retries",
        "Transactions that lost against another, and were tried again",
        counted.retries(),
    );
    if let Some(pool) = app.db().connections() {
        gauge(all, "store_connections", "Connections to the database", pool.open);
        gauge(all, "store_connections_idle", "Those of them that nobody uses", pool.idle);
        gauge(all, "store_connections_wanted", "Who waits for one", pool.waiting);
    }
    if let Some(replica) = app.replication() {
        gauge(all, "replica_used", "Whether pages are read from the replica now", usize::from(replica.used));
        counter(all, "replica_reads", "Reads that the replica served", replica.served);
        let help = "Reads that the replica was asked for, and the database had to serve";
        counter(all, "replica_missed", help, replica.missed);
    }
    let behind = app.last_word().age().map_or(f64::INFINITY, |age| age.as_secs_f64());
    let help = "Since when this node has not followed the event log";
    all.register("log_followed_seconds_ago", help, ConstGauge::new(behind));
}

fn live(app: &App, all: &mut Registry) {
    let Some(seen) = app.realtime().census() else { return };
    gauge(all, "sockets", "Sockets that are connected", seen.sockets);
    gauge(all, "rooms", "Tickets that somebody has open here", seen.rooms);
    counter(all, "socket_deliveries", "Lasting events sent, counted once for each socket", seen.deliveries);
    counter(all, "sockets_opened", "Sockets that were connected", seen.opened);
    let closed: Family<[(&str, &str); 1], Counter> = Family::default();
    for (why, count) in seen.closed {
        closed.get_or_create(&[("why", why)]).inc_by(count);
    }
    all.register("sockets_closed", "Sockets that this node has given up", closed);
}

fn limits(app: &App, all: &mut Registry) {
    let Some(counted) = app.limits().census() else { return };
    gauge(all, "limits_shared", "Whether Redis counts limits for all nodes now", usize::from(counted.shared));
    counter(all, "limits_asked", "Questions about limits to Redis", counted.asked);
    counter(all, "limits_unanswered", "Those that it did not answer, or not in time", counted.unanswered);
}

fn tls(app: &App, all: &mut Registry) {
    let Some(stands) = app.settings().tls.as_ref().map(Tls::standing) else { return };
    let expires = ConstGauge::new(stands.expires.as_seconds());
    all.register("tls_certificate_expiry_timestamp_seconds", "When the certificate in use expires", expires);
    let help = "Whether the files of the certificate cannot be used, so that an older one is";
    gauge(all, "tls_reload_failed", help, usize::from(stands.refused));
    counter(all, "tls_handshakes_failed", "Connections that ended before a request", stands.failed);
}

fn backups(app: &App, all: &mut Registry) {
    let Some((age, failures)) = app.backups().seen(app.now()) else { return };
    all.register("backup_age_seconds", "Age of the newest backup", ConstGauge::new(age));
    counter(all, "backup_failures", "Backups that this node could not make", failures);
}

fn model(app: &App, all: &mut Registry) {
    let Some(counted) = app.ai().counters() else { return };
    counter(all, "ai_questions", "Questions to the language model", counted.questions());
    counter(all, "ai_answers", "Questions that it answered", counted.answers());
    counter(all, "ai_attempts", "Requests to it", counted.attempts());
    counter(all, "ai_failures", "Requests that brought no answer", counted.failures());
    counter(all, "ai_spared", "Requests not made, because it had failed too often", counted.spared());
    counter(all, "ai_prompt_tokens", "Tokens of questions, as it counts them", counted.prompt_tokens());
    counter(all, "ai_answer_tokens", "Tokens of answers, as it counts them", counted.answer_tokens());
}
