//! Shows it.

use faff_store::{Reader, jobs};
use faff_types::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::sql;
use crate::access::Caller;
use crate::edges::health::Services;
use crate::edges::metrics::Process;
use crate::http::{Json, Problem};
use crate::{App, InEffect};

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusAnswer {
    /// Of this program.
    version: &'static str,
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
    /// When this node was started.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// How long ago that was, in seconds.
    #[schema(example = 86_400)]
    uptime: i64,
    /// What this node relies on, as `/health` tells it.
    services: Services,
    database: DatabaseStatus,
    log: LogStatus,
    node: NodeStatus,
    jobs: JobsStatus,
    files: FilesStatus,
    ai: AiStatus,
    /// The certificate, if this node speaks TLS itself.
    tls: Option<TlsStatus>,
    /// The settings of this node that are in effect, as `faff config check` prints them: without secrets.
    settings: Vec<InEffect>,
}

/// The database, which all nodes share.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DatabaseStatus {
    /// `sqlite` or `postgres`.
    #[schema(example = "postgres")]
    engine: &'static str,
    /// The last step of the schema.
    #[schema(example = 14)]
    schema: i64,
    /// How large it is, on disk.
    bytes: i64,
    /// This node's connections to it; null where there are none.
    pool: Option<PoolStatus>,
}

/// Connections to the database.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PoolStatus {
    open: usize,
    /// Those of them that nobody uses.
    idle: usize,
    /// Who waits for one.
    waiting: usize,
}

/// The event log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogStatus {
    /// The id of its last event.
    head: i64,
    /// Since when this node has not followed it, in milliseconds; null before the first time.
    followed_ms_ago: Option<u64>,
}

/// This node.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NodeStatus {
    /// Connected sockets.
    sockets: usize,
    /// Tickets that somebody has open here.
    rooms: usize,
    /// Whether it works on jobs, too.
    worker: bool,
    /// Memory in use, where the system tells.
    memory_bytes: Option<u64>,
}

/// The jobs of all nodes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobsStatus {
    /// How many there are, by what they are for and how far they have come. What is done is gone.
    counts: Vec<JobCount>,
    /// Since when the first that waits has been due, in seconds; null when none is.
    oldest_waiting: Option<i64>,
}

/// Jobs of a kind and a state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobCount {
    #[schema(example = "summary")]
    kind: String,
    /// `waiting`, `running`, or `parked`: given up.
    #[schema(example = "waiting")]
    state: &'static str,
    count: i64,
}

/// The files of messages.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilesStatus {
    /// `folder` or `bucket`.
    #[schema(example = "folder")]
    store: &'static str,
    count: i64,
    /// Of all of them, without thumbnails.
    bytes: i64,
}

/// What makes summaries and analyses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AiStatus {
    /// `built-in` or `model`.
    #[schema(example = "built-in")]
    engine: &'static str,
    /// The name of the language model, if there is one.
    model: Option<String>,
}

/// The certificate in use.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TlsStatus {
    subject: String,
    /// The hosts that it is for.
    names: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Whether its files hold something by now that cannot be used.
    reload_failed: bool,
}

/// How this node and what it shares with others are. Only for administrators.
#[utoipa::path(get, path = "/api/admin/status", tag = "health",
    responses((status = 200, body = StatusAnswer), (status = 403, description = "Only for administrators")))]
pub(crate) async fn handler(caller: Caller) -> Result<Json<StatusAnswer>, Problem> {
    if !caller.is_admin() {
        return Err(Problem::forbidden("Only an administrator may see how the server is"));
    }
    let app = caller.app();
    let (extent, jobs) = caller
        .read(async |reader: &mut Reader<'_>| Ok((sql::extent(reader).await?, jobs::census(reader).await?)))
        .await?;
    let settings = app.settings();
    let (now, started) = (app.now(), app.started());
    let pool = app.db().connections().map(|pool| PoolStatus {
        open: pool.open,
        idle: pool.idle,
        waiting: pool.waiting,
    });
    Ok(Json(StatusAnswer {
        version: env!("CARGO_PKG_VERSION"),
        now,
        started_at: started,
        uptime: (now.as_seconds() - started.as_seconds()).max(0),
        services: Services::look(app).await,
        database: DatabaseStatus {
            engine: app.db().engine().name(),
            schema: extent.schema,
            bytes: extent.bytes,
            pool,
        },
        log: LogStatus {
            head: extent.head,
            followed_ms_ago: app
                .last_word()
                .age()
                .map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
        },
        node: node(app),
        jobs: of_jobs(jobs, now),
        files: FilesStatus {
            store: app.files().storage.kind(),
            count: extent.files,
            bytes: extent.file_bytes,
        },
        ai: AiStatus {
            engine: if settings.openai.is_some() { "model" } else { "built-in" },
            model: settings.openai.as_ref().map(|model| model.model.clone()),
        },
        tls: settings.tls.as_ref().map(|tls| {
            let certificate = tls.certificate();
            TlsStatus {
                subject: certificate.subject,
                names: certificate.names,
                expires_at: certificate.expires,
                reload_failed: tls.standing().refused,
            }
        }),
        settings: settings.in_effect.clone(),
    }))
}

fn node(app: &App) -> NodeStatus {
    let seen = app.realtime().census();
    NodeStatus {
        sockets: seen.as_ref().map_or(0, |seen| seen.sockets),
        rooms: seen.as_ref().map_or(0, |seen| seen.rooms),
        worker: app.settings().worker,
        memory_bytes: Process::look().resident,
    }
}

fn of_jobs(census: Vec<jobs::Census>, now: Timestamp) -> JobsStatus {
    let waiting = census.iter().filter(|of| of.state == jobs::State::Waiting);
    let due = waiting.map(|of| (now.as_millis() - of.due.as_millis()) / 1000).max();
    let counts = census
        .into_iter()
        .map(|of| JobCount { kind: of.kind, state: of.state.as_str(), count: of.jobs })
        .collect();
    JobsStatus { counts, oldest_waiting: due.filter(|seconds| *seconds >= 0) }
}
