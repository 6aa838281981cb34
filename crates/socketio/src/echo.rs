//! WebSockets as they are accepted, read, written and ended, with an echo in the place of a session. With
//! `FAFF_AUTOBAHN=WSTEST`, the program of Autobahn's test suite, its cases are put to it, but those that are about megabytes and
//! about compression: `FAFF_AUTOBAHN=wstest cargo test -p faff-socketio --lib echo -- --nocapture`.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::process::Command;

use axum::body::Body;
use axum::http::{Request, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::frame::Frame;
use crate::session::Reason;
use crate::transport::{FAREWELL, part, write};
use crate::websocket::{Stream, accept, hear};
use crate::{Config, Connection};

/// As much as somebody who was let in.
async fn echo(mut stream: Stream) {
    stream.get_mut().trust();
    let ended = loop {
        let heard = match hear(&mut stream).await {
            Ok(heard) => heard,
            Err(reason) => break reason,
        };
        if let Err(reason) = write(&mut stream, VecDeque::from([Frame(heard)]), FAREWELL).await {
            break reason;
        }
    };
    if ended == Reason::Faulty {
        let _ = timeout(FAREWELL, part(&mut stream, VecDeque::new())).await;
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    Ok(accept(request.map(Body::new), &Config::default(), echo).unwrap())
}

async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let stream = TokioIo::new(Connection::Plain(stream));
            let connection =
                http1::Builder::new().serve_connection(stream, service_fn(answer)).with_upgrades();
            tokio::spawn(async move { drop(connection.await) });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_comes_back_and_who_closes_is_answered() {
    let address = start().await;
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut wire, _) = tokio_tungstenite::client_async(format!("ws://{address}/"), stream).await.unwrap();
    let close = CloseFrame { code: CloseCode::Normal, reason: "enough".into() };
    for said in [Message::text("é"), Message::binary(vec![0, 255]), Message::Close(Some(close))] {
        wire.send(said.clone()).await.unwrap();
        assert_eq!(timeout(FAREWELL * 5, wire.next()).await.unwrap().unwrap().unwrap(), said);
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "asks for a test's extent, which is no setting of the server"
    )]
    let wstest = std::env::var_os("FAFF_AUTOBAHN");
    if let Some(wstest) = wstest {
        tokio::task::spawn_blocking(move || autobahn(&wstest, address)).await.unwrap();
    }
}

/// Fails if a case has. Reports stay where it says.
fn autobahn(wstest: &OsStr, address: SocketAddr) {
    let folder = std::env::temp_dir().join(format!("faff-autobahn-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let spec = serde_json::json!({
        "outdir": folder,
        "servers": [{"agent": "faff", "url": format!("ws://{address}")}],
        "cases": ["*"],
        "exclude-cases": ["9.*", "12.*", "13.*"],
        "exclude-agent-cases": {},
    });
    let file = folder.join("spec.json");
    std::fs::write(&file, spec.to_string()).unwrap();
    let status = Command::new(wstest).args(["--mode", "fuzzingclient", "--spec"]).arg(file).status().unwrap();
    assert!(status.success(), "{status}");
    let index = std::fs::read(folder.join("index.json")).unwrap();
    let mut index: BTreeMap<String, BTreeMap<String, serde_json::Value>> =
        serde_json::from_slice(&index).unwrap();
    let (mut counts, mut wrong) = (BTreeMap::<String, usize>::new(), Vec::new());
    for (case, report) in index.remove("faff").unwrap() {
        let [behaviour, close] =
            ["behavior", "behaviorClose"].map(|key| report[key].as_str().unwrap().to_owned());
        if [&behaviour, &close]
            .into_iter()
            .any(|how| !matches!(how.as_str(), "OK" | "NON-STRICT" | "INFORMATIONAL"))
        {
            wrong.push(format!("{case}: {behaviour}, closed {close}"));
        }
        *counts.entry(behaviour).or_default() += 1;
    }
    println!("autobahn: {counts:?}; reports in {}", folder.display());
    assert!(wrong.is_empty() && !counts.is_empty(), "{wrong:#?}");
}
