//! TLS of the server's own: what goes over it, another certificate while it runs, and who is kept out.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::time::Duration;

use faff_app::http::Tls;
use faff_testkit::{Authority, Engine, Issued, TestApp, Tunnel, on_both_engines};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_mins(1);
const GOOD: (i32, i32) = (2020, 4000);
const ASK: &[u8] = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// An application that speaks TLS, and what its clients need.
struct Stage {
    app: TestApp,
    tls: Tls,
    authority: Authority,
    first: Issued,
    /// Its own address; the application's is that of the tunnel.
    url: String,
    _tunnel: Tunnel,
    folder: Folder,
}

struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("faff-tls-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Stage {
    async fn set(engine: Engine) -> Self {
        let (authority, folder) = (Authority::default(), Folder::new());
        let first = authority.issue("first", GOOD);
        let (cert, key) = first.write(&folder.0);
        let tls = Tls::read(&cert, &key).unwrap();
        let mut app = TestApp::start_with(engine, |settings| settings.tls = Some(tls.clone())).await;
        let tunnel = authority.before(&app.url).await;
        let url = std::mem::replace(&mut app.url, tunnel.url());
        Self { app, tls, authority, first, url, _tunnel: tunnel, folder }
    }

    /// The certificate that whoever comes now is shown.
    async fn shown(&self) -> Vec<u8> {
        let stream = self.authority.connect(&self.url).await.unwrap();
        stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    }

    async fn clear(&self) -> TcpStream {
        TcpStream::connect(self.url.strip_prefix("https://").unwrap()).await.unwrap()
    }
}

/// Sends a request, and reads until its answer has come.
async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    stream.write_all(ASK).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(br#"{"status":"ok"}"#) {
        let read = tokio::time::timeout(PATIENCE, stream.read_buf(&mut answer)).await.unwrap().unwrap();
        assert!(read > 0, "it ended after {}", String::from_utf8_lossy(&answer));
    }
    String::from_utf8(answer).unwrap()
}

/// Everything until the end, which must be a clean one.
async fn until_end(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut answer = String::new();
    tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    answer
}

on_both_engines! {
    async fn people_work_over_tls_by_requests_and_sockets(engine) {
        let stage = Stage::set(engine).await;
        let world = stage.app.world().await;
        let task = world.bo.files("Over TLS", json!({})).await;
        let mut live = world.cy.watch(&task).await;
        world.bo.says(&task, "Nobody on the way reads this").await;
        assert_eq!(live.next("new_message").await["content"], "Nobody on the way reads this");
        // Longer than a record and than what is written at once, both ways.
        let long = "long ".repeat(3_000);
        let sent = live.ask("send_message", &json!({"taskId": task["id"], "content": long.trim()})).await;
        assert_eq!((&sent["ok"], &sent["message"]["content"]), (&json!(true), &json!(long.trim())));
        let list = world.bo.get(&format!("/api/tasks/{}/messages", task["id"])).await;
        assert_eq!(list.body["messages"].as_array().unwrap().len(), 2);

        let body = json!({"email": world.bo.email, "password": faff_testkit::PASSWORD});
        let anyone = stage.app.anyone();
        let request = anyone.request(reqwest::Method::POST, "/api/auth/login").header("x-faff-csrf", "1");
        let login = anyone.send(request.json(&body)).await;
        assert_eq!(login.header("strict-transport-security"), "max-age=31536000");
        let cookie = login.header("set-cookie");
        assert!(cookie.starts_with("__Host-faff_session=") && cookie.contains("; Secure"), "{cookie}");
    }

    async fn another_certificate_is_for_those_who_come_later(engine) {
        let stage = Stage::set(engine).await;
        let ada = stage.app.set_up("Ada").await;
        let mut live = ada.connect().await;
        let mut early = stage.authority.connect(&stage.url).await.unwrap();
        assert_eq!(stage.shown().await, stage.first.der);
        let second = stage.authority.issue("second", GOOD);
        second.write(&stage.folder.0);
        stage.tls.look().await;
        assert_eq!(stage.shown().await, second.der);
        assert!(stage.tls.certificate().to_string().starts_with("CN=second, for localhost 127.0.0.1, valid until 4000-01-01"));
        // Whoever was there before stays, and asks on.
        ask(&mut early).await;
        assert_eq!(live.ask("sync", &json!({})).await["ok"], true);

        let told = async || {
            let text = ada.get("/metrics").await.text;
            let line = text.lines().find(|line| line.starts_with("faff_tls_reload_failed ")).unwrap();
            line.ends_with(" 1")
        };
        assert!(!told().await);
        let third = stage.authority.issue("third", GOOD);
        let broken = [
            ("half written", Issued { cert: third.cert[..100].to_owned(), ..third.clone() }),
            ("empty", Issued { cert: String::new(), ..third.clone() }),
            ("not its key", Issued { key: second.key.clone(), ..third.clone() }),
            ("no key", Issued { key: "hunter2".to_owned(), ..third.clone() }),
            ("expired", stage.authority.issue("expired", (2000, 2001))),
            ("not yet valid", stage.authority.issue("early", (3000, 4000))),
        ];
        for (what, files) in broken {
            files.write(&stage.folder.0);
            stage.tls.look().await;
            assert_eq!(stage.shown().await, second.der, "{what}");
            assert!(told().await, "{what}");
        }
        std::fs::remove_file(stage.folder.0.join("key.pem")).unwrap();
        stage.tls.look().await;
        assert!(told().await && stage.shown().await == second.der);
        // What was in use is put back, and then the third is written as it should be.
        second.write(&stage.folder.0);
        stage.tls.look().await;
        assert!(!told().await);
        third.write(&stage.folder.0);
        stage.tls.look().await;
        assert!(!told().await && stage.shown().await == third.der);
        let text = ada.get("/metrics").await.text;
        let year_4000 = 64_060_588_800_u64;
        assert!(text.contains(&format!("faff_tls_certificate_expiry_timestamp_seconds {year_4000}\n")), "{text}");
    }

    async fn whoever_says_nothing_holds_up_nobody_and_is_sent_away(engine) {
        let stage = Stage::set(engine).await;
        let mut silent = Vec::new();
        for n in 0..100 {
            let mut stream = stage.clear().await;
            if n % 2 == 0 {
                // The beginning of a record that says it is long, and no more.
                stream.write_all(&[22, 3, 1, 2, 0, 1, 0]).await.unwrap();
            }
            silent.push(stream);
        }
        let mut stream = stage.authority.connect(&stage.url).await.unwrap();
        ask(&mut stream).await;
        assert_eq!(stage.app.anyone().get("/health/live").await.status, 200);
        for mut stream in silent {
            // However it is ended, it is.
            let mut said = Vec::new();
            let ended = stream.read_to_end(&mut said);
            let _ = tokio::time::timeout(PATIENCE, ended).await.unwrap();
        }
        ask(&mut stream).await;
    }
}

#[tokio::test]
async fn who_speaks_without_tls_is_told_so_and_gets_nothing_else() {
    let stage = Stage::set(Engine::Sqlite).await;
    let body = "x".repeat(200_000);
    let posts =
        format!("POST /api/auth/login HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    for request in ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", posts.as_str()] {
        let mut stream = stage.clear().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = until_end(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("HTTPS"), "{answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    }
    let mut stream = stage.clear().await;
    stream.write_all(b"\0\0\0\0 what is this\r\n\r\n").await.unwrap();
    let answer = until_end(&mut stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test]
async fn versions_and_protocols_are_those_that_the_edge_is_made_for() {
    let stage = Stage::set(Engine::Sqlite).await;
    for (protocols, only_tls12) in [(&["http/1.1"][..], false), (&["h2", "http/1.1"], true), (&[], false)] {
        let mut stream = stage.authority.connect_with(&stage.url, protocols, only_tls12).await.unwrap();
        let negotiated = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        assert_eq!(negotiated.as_deref(), (!protocols.is_empty()).then_some(&b"http/1.1"[..]));
        let answer = ask(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        // The limits of requests hold here, too.
        let lines = "x-a: b\r\n".repeat(200);
        stream.write_all(format!("GET / HTTP/1.1\r\n{lines}\r\n").as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 431");
    }
    assert!(stage.authority.connect_with(&stage.url, &["h2"], false).await.is_err());
    // A client of another authority is not talked to by mistake.
    assert!(Authority::default().connect(&stage.url).await.is_err());
}

#[test]
fn files_that_cannot_be_served_are_refused_in_words() {
    let (authority, folder) = (Authority::default(), Folder::new());
    let good = authority.issue("good", GOOD);
    let other = authority.issue("other", GOOD);
    let refused = |issued: &Issued| {
        let (cert, key) = issued.write(&folder.0);
        Tls::read(&cert, &key).err().unwrap_or_default().join("\n")
    };
    assert_eq!(refused(&good), "");
    // With those that vouch for it behind it.
    assert_eq!(refused(&Issued { cert: good.cert.clone() + &authority.pem(), ..good.clone() }), "");
    let with =
        |cert: &str, key: &str| refused(&Issued { cert: cert.into(), key: key.into(), der: Vec::new() });
    assert!(with(&good.cert, &other.key).contains("does not belong to the certificate"));
    assert!(
        with(&good.key, &good.key).contains("TLS_CERT: ")
            && with(&good.key, &good.key).contains("no certificate")
    );
    assert!(with(&good.cert, &good.cert).contains("no private key"));
    let both = with("", "");
    assert!(both.contains("TLS_CERT: ") && both.contains("TLS_KEY: "), "{both}");
    assert!(
        refused(&authority.issue("old", (2000, 2001))).contains("has expired at 2001-01-01T00:00:00.000Z")
    );
    assert!(refused(&authority.issue("new", (3000, 3001))).contains("is not valid before 3000-01-01"));
    let missing = folder.0.join("nothing.pem");
    let said = Tls::read(&missing, &missing).unwrap_err();
    assert_eq!(said.len(), 2);
    assert!(said[0].contains("cannot be read"), "{said:?}");
}
