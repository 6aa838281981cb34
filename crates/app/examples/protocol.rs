//! A server for the protocols' own test suites: behind the layers and the server loop of the product, with the names,
//! times and limits that the suites prescribe. `cargo xtask protocol` runs them.
#![expect(clippy::unwrap_used, reason = "a test's server")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use bytes::Bytes;
use faff_socketio::{Config, Event, Handler, Refusal, Server, Socket};
use faff_testkit::TestApp;
use serde_json::value::RawValue;

/// What the suite for Socket.IO asks for.
struct SocketIo;

impl Handler for SocketIo {
    type Handshake = ();
    type Client = Socket;

    async fn connect(&self, socket: Socket, (): &(), auth: Option<Box<RawValue>>) -> Result<Socket, Refusal> {
        let auth = auth.map_or_else(|| "{}".to_owned(), |auth| auth.get().to_owned());
        let later = socket.clone();
        // Once it has been told that it is in.
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            later.send_binary(None, &format!("[\"auth\",{auth}]"), Vec::new());
        });
        Ok(socket)
    }

    fn has_namespace(&self, namespace: &str) -> bool {
        matches!(namespace, "/" | "/custom")
    }

    async fn event(&self, socket: &Socket, event: Event) {
        let arguments: Vec<&str> = event.arguments.iter().map(|argument| argument.get()).collect();
        let attachments: Vec<Bytes> = event.attachments;
        match (event.name.as_str(), event.ack) {
            ("message", None) => {
                let body = std::iter::once("\"message-back\"").chain(arguments).collect::<Vec<_>>().join(",");
                socket.send_binary(None, &format!("[{body}]"), attachments);
            }
            ("message-with-ack", Some(ack)) => {
                socket.send_binary(Some(ack), &format!("[{}]", arguments.join(",")), attachments);
            }
            _ => {}
        }
    }

    fn disconnect(&self, _: &Socket) {}
}

/// What the suite for Engine.IO asks for.
struct EngineIo;

impl Handler for EngineIo {
    type Handshake = ();
    type Client = ();
    const ECHO: bool = true;

    async fn connect(&self, _: Socket, (): &(), _: Option<Box<RawValue>>) -> Result<(), Refusal> {
        Ok(())
    }
    async fn event(&self, (): &(), _: Event) {}
    fn disconnect(&self, (): &()) {}
}

fn route<S: Handler<Handshake = ()>>(handler: S) -> axum::routing::MethodRouter<faff_app::App> {
    let config = Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        connect_timeout: Duration::from_secs(1),
        max_payload: 1_000_000,
        max_attachments: 10,
        ..Config::default()
    };
    let server: Arc<Server<S>> = Server::new(handler, config);
    any(move |request: Request| async move { server.answer(request, |_| Ok(())).await })
}

#[tokio::main]
async fn main() {
    let test = TestApp::start(faff_store::Engine::Sqlite).await;
    let routes = Router::new().route("/socket.io/", route(SocketIo)).route("/engine.io/", route(EngineIo));
    let router = faff_app::http::layer(&test.app, routes);
    let port = std::env::args().nth(1).map_or(3000, |port| port.parse().unwrap());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    println!("listening on http://{}", listener.local_addr().unwrap());
    faff_app::http::serve(listener, router, std::future::pending()).await;
}
