//! `faff serve`: the server, from its first line on standard output to its end in good order.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use faff_app::App;
use faff_app::features::files::Unfit;
use faff_app::features::people;
use faff_app::http::{self, Code};
use faff_types::Random;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use crate::failure::{Failure, say};
use crate::settings::Settings;
use crate::{key, open, schedule};

/// Signals within this time are one: some who stop a program send theirs to it and to its group.
const ONCE: Duration = Duration::from_millis(500);

/// Serves until SIGTERM or SIGINT, and then until the requests in flight have ended. A second signal does not wait
/// for them.
pub(crate) async fn run(settings: Settings) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let tls = settings.certificate().map_err(Failure::Settings)?;
    // First, so that a port in use is told before anything is made.
    let listener = bind(&settings).await?;
    let address =
        listener.local_addr().map_err(|error| Failure::work(format!("no address to listen on: {error}")))?;
    let app = open::app_over(tls.clone(), &settings, key::signing_key(&settings)?).await?;
    check_files(&app).await?;
    let administered = has_administrator(&app, &settings).await?;
    let (router, _) = faff_app::build(&app);
    faff_app::start(&app).await?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    say(&format!("listening on {scheme}://{address}"));
    if !administered {
        say(&set_up(&app, scheme, address)?);
    }
    if let Some(tls) = &tls {
        tracing::info!(certificate = %tls.certificate(), "TLS is spoken");
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %address, database = %settings.database, "started");
    let mut backups = schedule::start(&app, &settings)?;

    let (stop, stopped) = oneshot::channel::<()>();
    let (drained, sockets_closed) = oneshot::channel::<()>();
    let served = async {
        http::serve_over(tls, listener, router, async { drop(stopped.await) }).await;
        drop(sockets_closed.await);
    };
    let told_twice = async {
        signals.next().await;
        let told = Instant::now();
        tracing::info!("stopping: requests in flight may end");
        let _ = stop.send(());
        let again = async {
            signals.next().await;
            while told.elapsed() < ONCE {
                signals.next().await;
            }
        };
        tokio::join!(
            async {
                faff_app::drain(&app).await;
                let _ = drained.send(());
            },
            again
        );
    };
    let ended = tokio::select! {
        () = served => {
            tracing::info!("stopped");
            Ok(())
        }
        () = told_twice => Err(Failure::work("stopped at once, by a second signal")),
    };
    if let Some(backups) = backups.take() {
        backups.stop().await;
    }
    ended
}

/// Whether the store of files lets us in. One that is away may come back; one that refuses was told to us wrongly.
async fn check_files(app: &App) -> Result<(), Failure> {
    match faff_app::edges::files::check(app).await {
        Ok(()) => Ok(()),
        Err(Unfit::Refused(why)) => Err(Failure::Settings(vec![format!("STORAGE_URL: {why}")])),
        Err(Unfit::Away(why)) => {
            tracing::warn!(why, "the store of files cannot be reached; all else works without it");
            Ok(())
        }
    }
}

/// Whether anybody can administer; makes the administrator that the settings name, if nobody can.
async fn has_administrator(app: &App, settings: &Settings) -> Result<bool, Failure> {
    let named = settings.admin.as_ref().map(|(email, password)| (email.as_str(), password));
    people::ensure_administrator(app, named).await.map_err(|problem| match problem.code() {
        // The address was checked before.
        Code::Validation => Failure::Settings(vec![format!("FAFF_ADMIN_PASSWORD: {}", problem.message())]),
        _ => problem.into(),
    })
}

async fn bind(settings: &Settings) -> Result<TcpListener, Failure> {
    let (host, port) = (settings.host.as_str(), settings.port);
    let bound = TcpListener::bind((host, port)).await;
    bound.map_err(|error| Failure::work(format!("cannot listen on {host} port {port}: {error}")))
}

/// How to become the first administrator, ready to be pasted.
fn set_up(app: &App, scheme: &str, address: SocketAddr) -> Result<String, Failure> {
    let token = app.set_up().issue(Random)?.reveal();
    let host = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
    let address = match app.settings().tls.as_ref().and_then(|tls| tls.certificate().host()) {
        Some(name) => format!("{name}:{}", address.port()),
        None => SocketAddr::new(host, address.port()).to_string(),
    };
    // Behind the `#`, which browsers keep to themselves: the token is in no log and no history of a proxy.
    let page = if app.pages().has_client() {
        format!("Open {scheme}://{address}/setup#token={token} in a browser, or:\n")
    } else {
        String::new()
    };
    Ok(format!(
        "There is no administrator yet. Whoever sends this first becomes one; the token is good until then, or until \
         a restart:\n\
         {page}\
         curl {scheme}://{address}/api/auth/setup -H 'Content-Type: application/json' \
         -d '{{\"token\":\"{token}\",\"name\":\"YOUR NAME\",\"email\":\"YOU@EXAMPLE.COM\",\"password\":\"YOUR PASSWORD\"}}'"
    ))
}

/// The signals that ask for an end.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Hears them from now on, instead of being ended by them.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let listen =
            |kind| signal(kind).map_err(|error| Failure::work(format!("no signals can be heard: {error}")));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// The next of them.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
