//! The binary as people and process managers meet it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use faff_testkit::{TestDatabase, on_both_engines};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

const PASSWORD: &str = "printer on fire 7";

/// A folder to run the binary in; gone with this value.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("faff-cli-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_faff"));
        command.args(arguments).current_dir(&self.0).env_clear().env("BCRYPT_COST", "4");
        command.envs(environment.iter().copied()).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        self.command(arguments, environment).output().unwrap()
    }

    /// The same with something on standard input.
    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Output {
        let mut command = self.command(arguments, environment);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    async fn serve(&self, environment: &[(&str, &str)]) -> Server {
        let mut command = tokio::process::Command::from(self.command(&["--port", "0"], environment));
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next_line().await.unwrap().unwrap();
        let url = first.strip_prefix("listening on ").expect(&first).to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{first}");
        Server { child, lines, url, http: reqwest::Client::new() }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running server.
struct Server {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    url: String,
    http: reqwest::Client,
}

impl Server {
    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let answer = self.http.post(format!("{}{path}", self.url)).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        let answer = self.http.get(format!("{}{path}", self.url)).bearer_auth(token).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn log_in(&self, email: &str, password: &str) -> (u16, String) {
        let (status, answer) =
            self.post("/api/auth/login", json!({"email": email, "password": password})).await;
        (status, answer["token"].as_str().unwrap_or_default().to_owned())
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Asks it to end, and says with which code it did.
    async fn stop(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        let asked = Instant::now();
        let ended = tokio::time::timeout(Duration::from_secs(10), self.child.wait()).await.unwrap().unwrap();
        assert!(asked.elapsed() < Duration::from_secs(3), "nothing is to be waited for");
        ended.code()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn done(output: Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{}", said(output));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn it_starts_answers_stops_and_starts_again() {
    let home = Home::new("start");
    let mut server = home.serve(&[]).await;
    let (status, answer) = server.get("/api/auth/me", "nonsense").await;
    assert_eq!((status, answer["code"].as_str()), (401, Some("unauthenticated")));

    // The set-up command that was printed works as it is, but for the names in it.
    let mut set_up = Vec::new();
    for _ in 0..3 {
        set_up.push(server.lines.next_line().await.unwrap().unwrap());
    }
    assert!(set_up[1].contains(&format!("{}/setup#token=", server.url)), "{set_up:?}");
    let body = set_up[2].split('\'').rev().nth(1).unwrap();
    assert!(set_up[2].contains(&format!("{}/api/auth/setup", server.url)), "{set_up:?}");
    let mut body: Value = serde_json::from_str(body).unwrap();
    body["email"] = json!("ada@faff.example");
    body["password"] = json!(PASSWORD);
    let (status, answer) = server.post("/api/auth/setup", body.clone()).await;
    assert_eq!((status, answer["user"]["role"].as_str()), (201, Some("admin")));
    let token = answer["token"].as_str().unwrap().to_owned();
    assert_eq!(server.stop("-TERM").await, Some(0));

    let data = home.0.join("faff-data");
    assert_eq!((mode(&data), mode(&data.join("jwt-secret"))), (0o700, 0o600));
    assert_eq!(mode(&data.join("faff.sqlite")), 0o600);

    // The key was kept, so the login lasts; there is an administrator, so nothing more is printed.
    let mut server = home.serve(&[]).await;
    assert_eq!(server.get("/api/auth/me", &token).await.0, 200);
    assert_eq!(server.post("/api/auth/setup", body).await.0, 403);
    let more = tokio::time::timeout(Duration::from_millis(50), server.lines.next_line()).await;
    assert!(more.is_err(), "{more:?}");
    assert_eq!(server.stop("-INT").await, Some(0));
}

#[tokio::test]
async fn it_shows_the_client_that_it_was_built_with_or_says_that_there_is_none() {
    let home = Home::new("page");
    let server = home.serve(&[]).await;
    let page = server.http.get(&server.url).header("accept", "text/html").send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    let text = page.text().await.unwrap();
    let has_client = env!("EMBEDDED_CLIENT_FILES") != "0";
    assert_eq!(text.contains("<script"), has_client, "{text}");
    assert_eq!(text.contains("built without its web client"), !has_client, "{text}");
    assert_eq!(server.stop("-TERM").await, Some(0));
}

#[test]
fn a_build_for_users_makes_no_mistakes_on_purpose() {
    let version = done(Home::new("version").run(&["--version"], &[]));
    assert_eq!(version, concat!("faff ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn an_administrator_needs_a_password_that_is_one() {
    let home = Home::new("weak");
    let environment = [("FAFF_ADMIN_EMAIL", "ada@faff.example"), ("FAFF_ADMIN_PASSWORD", "hunter2")];
    let said = refused(&home.run(&["--port", "0"], &environment), 2);
    assert!(said.contains("FAFF_ADMIN_PASSWORD: Password must have at least 8 characters"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[tokio::test]
async fn a_second_signal_does_not_wait_for_requests_in_flight() {
    let home = Home::new("twice");
    let mut server = home.serve(&[]).await;
    let address = server.url.strip_prefix("http://").unwrap();
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    let half = b"POST /api/auth/login HTTP/1.1\r\nhost: faff\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    connection.write_all(half).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.signal("-TERM");
    // As by who sends it to a process and to its group.
    tokio::time::sleep(Duration::from_millis(20)).await;
    server.signal("-TERM");
    let waits = tokio::time::timeout(Duration::from_millis(700), server.child.wait()).await;
    assert!(waits.is_err(), "it waits for the request: {waits:?}");
    assert_eq!(server.stop("-TERM").await, Some(1));
}

#[tokio::test]
async fn a_port_in_use_is_said_before_anything_is_made() {
    let home = Home::new("port");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = refused(&home.run(&["serve", "--port", &port], &[]), 1);
    assert!(said.contains("cannot listen on 127.0.0.1 port"), "{said}");
    assert!(!home.0.join("faff-data").exists());
}

#[test]
fn an_account_is_not_looked_for_in_a_database_that_is_not_there() {
    let home = Home::new("nowhere");
    for command in ["reset-password", "activate", "deactivate"] {
        let said = refused(&home.run(&["user", command, "ada@faff.example"], &[]), 1);
        assert!(said.contains("there is no database at"), "{said}");
    }
    assert!(!home.0.join("faff-data").exists());
}

#[test]
fn settings_that_cannot_be_stop_the_start() {
    let home = Home::new("settings");
    for (arguments, environment, sentence) in [
        (&[][..], ("PORT", "many"), "PORT: expected a number from 0 to 65535, not \"many\""),
        (&["--port", "many"], ("HOST", "127.0.0.1"), "PORT: expected"),
        (&["serve"], ("FAFF_PROT", "1"), "FAFF_PROT (in the environment) is not a setting of faff"),
        (&["config", "check"], ("JWT_SECRET", "hunter2"), "JWT_SECRET: needs 32 bytes or more"),
        (&["migrate"], ("DATABASE_URL", "mysql://faff:hunter2@db/faff"), "DATABASE_URL: expected"),
        (&["verify"], ("DB_PASSWORD", "hunter2"), "belong together; missing: DB_HOST, DB_NAME, DB_USER"),
    ] {
        let said = refused(&home.run(arguments, &[environment]), 2);
        assert!(said.contains(sentence), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    refused(&home.run(&["--prot", "1"], &[]), 2);
    refused(&home.run(&["user", "set-role", "ada@faff.example", "king"], &[]), 2);
    std::fs::write(home.0.join(".env"), "PORT=4000\nRATE_LIMIT_LOGINS=off\n").unwrap();
    assert!(refused(&home.run(&[], &[]), 2).contains("RATE_LIMIT_LOGINS (in .env)"));
    assert!(!home.0.join("faff-data").exists());
}

#[test]
fn the_configuration_is_shown_without_secrets() {
    let home = Home::new("config");
    std::fs::write(home.0.join(".env"), "PORT=4000\nHOST=0.0.0.0\nREGISTRATION=closed\n").unwrap();
    let environment = [
        ("HOST", "127.0.0.2"),
        ("JWT_SECRET", "hunter2 hunter2 hunter2 hunter2 hunter2"),
        ("DATABASE_URL", "postgres://faff:hunter2@db.example:5432/desk"),
        ("FAFF_ADMIN_EMAIL", "ada@faff.example"),
        ("FAFF_ADMIN_PASSWORD", "hunter2 hunter2"),
        ("REDIS_URL", "redis://:hunter2@redis"),
        ("OPENAI_API_KEY", "hunter2"),
        ("OPENAI_MODEL", "a-model"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "key=hunter2"),
    ];
    let shown = done(home.run(&["config", "check", "--registration", "invite"], &environment));
    assert!(!shown.contains("hunter2"), "{shown}");
    let shown: Vec<String> =
        shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "HOST 127.0.0.2 (environment)",
        "PORT 4000 (.env)",
        "REGISTRATION invite (flag)",
        "DATABASE_URL postgres://faff@db.example:5432/desk (environment)",
        "JWT_SECRET (hidden) (environment)",
        "JWT_EXPIRATION 24h (default)",
        "REDIS_URL (hidden) (environment)",
        "OPENAI_API_KEY (hidden) (environment)",
        "OPENAI_MODEL a-model (environment)",
        "OPENAI_TIMEOUT 60s (default)",
        "OTEL_EXPORTER_OTLP_ENDPOINT http://collector:4318 (environment)",
        "OTEL_EXPORTER_OTLP_HEADERS (hidden) (environment)",
        "OTEL_TRACES_SAMPLER parentbased_always_on (default)",
    ] {
        assert!(shown.iter().any(|shown| shown == line), "{line}: {shown:#?}");
    }
    let help = done(home.run(&["--help"], &environment));
    assert!(help.contains("--jwt-secret") && !help.contains("hunter2"), "{help}");
}

#[test]
fn the_api_is_described_without_a_database() {
    let home = Home::new("openapi");
    let described: Value = serde_json::from_str(&done(home.run(&["openapi"], &[("PORT", "x")]))).unwrap();
    assert!(described["paths"]["/api/tasks"]["post"].is_object());
    assert_eq!(std::fs::read_dir(&home.0).unwrap().count(), 0, "nothing is left behind");
}

#[tokio::test]
async fn an_administrator_can_come_from_the_settings_and_the_log_is_json() {
    let home = Home::new("admin");
    let environment = [
        ("FAFF_ADMIN_EMAIL", "Ada@faff.example"),
        ("FAFF_ADMIN_PASSWORD", PASSWORD),
        ("OPENAI_API_KEY", "hunter2"),
    ];
    let mut command = home.command(&["--port", "0"], &environment);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line)
        .unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    let body = json!({"email": "ada@faff.example", "password": PASSWORD});
    let answer =
        reqwest::Client::new().post(format!("{url}/api/auth/login")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let log = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(lines.iter().any(|line| line["message"] == "stopped"), "{log}");
    assert!(!log.contains("hunter2") && !log.contains(PASSWORD), "{log}");
}

on_both_engines! {
    async fn accounts_are_changed_beside_a_running_server(engine) {
        let home = Home::new(&format!("user-{}", engine.name()));
        let database = TestDatabase::create(engine, &[]).await;
        let environment = [("DATABASE_URL", database.url.as_str())];
        let applied = done(home.run(&["migrate"], &environment));
        assert!(applied.contains("applied 0001_log"), "{applied}");
        assert!(done(home.run(&["migrate"], &environment)).contains("nothing to do"));

        let create = ["user", "create", "--email", "Ada@faff.example", "--name", "Ada Lind", "--admin"];
        let made = done(home.run(&create, &environment));
        let password = made.trim().rsplit(' ').next().unwrap();
        assert!(refused(&home.run(&create, &environment), 1).contains("account with this e-mail address"));
        let create = ["user", "create", "--email", "bo@faff.example", "--name", "Bo", "--password-stdin"];
        assert!(!done(home.run_with(&create, &environment, &format!("{PASSWORD}\n"))).contains(PASSWORD));

        let server = home.serve(&environment).await;
        let (status, ada) = server.log_in("ada@faff.example", password).await;
        assert_eq!(status, 200);
        let (status, bo) = server.log_in("bo@faff.example", PASSWORD).await;
        assert_eq!(status, 200);
        assert_eq!(server.get("/api/users/1", &bo).await.0, 403);

        // A change on the command line ends the logins of the account, here within a second.
        let soon = async |token: &str| {
            let asked = Instant::now();
            while server.get("/api/auth/me", token).await.0 == 200 {
                assert!(asked.elapsed() < Duration::from_secs(1), "the server has not noticed");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let changed = done(home.run(&["user", "set-role", "BO@faff.example", "admin"], &environment));
        assert_eq!(changed, "bo@faff.example is admin and active\n");
        soon(&bo).await;
        let (_, bo) = server.log_in("bo@faff.example", PASSWORD).await;
        assert_eq!(server.get("/api/users/1", &bo).await.0, 200);
        assert_eq!(server.get("/api/auth/me", &ada).await.0, 200, "others go on");

        done(home.run(&["user", "deactivate", "bo@faff.example"], &environment));
        soon(&bo).await;
        assert_eq!(server.log_in("bo@faff.example", PASSWORD).await.0, 401);
        let last = refused(&home.run(&["user", "set-role", "ada@faff.example", "user"], &environment), 1);
        assert!(last.contains("active administrator"), "{last}");
        done(home.run(&["user", "activate", "bo@faff.example"], &environment));
        assert_eq!(server.log_in("bo@faff.example", PASSWORD).await.0, 200);

        let reset = ["user", "reset-password", "bo@faff.example", "--password-stdin"];
        assert!(refused(&home.run_with(&reset, &environment, "short"), 1).contains("8 characters"));
        let password = done(home.run(&["user", "reset-password", "bo@faff.example"], &environment));
        let password = password.trim().rsplit(' ').next().unwrap();
        assert_eq!(server.log_in("bo@faff.example", PASSWORD).await.0, 401);
        assert_eq!(server.log_in("bo@faff.example", password).await.0, 200);
        let nobody = refused(&home.run(&["user", "activate", "cy@faff.example"], &environment), 1);
        assert!(nobody.contains("no account with the address cy@faff.example"), "{nobody}");

        assert!(done(home.run(&["verify"], &environment)).ends_with("ok\n"));
        assert_eq!(server.stop("-TERM").await, Some(0));
    }

    async fn jobs_are_worked_on_by_a_process_of_their_own(engine) {
        let home = Home::new(&format!("worker-{}", engine.name()));
        let database = TestDatabase::create(engine, &[]).await;
        let environment = [("DATABASE_URL", database.url.as_str()), ("RUST_LOG", "warn")];
        let command = home.command(&["serve", "--no-worker", "--port", "0"], &environment);
        let mut command = tokio::process::Command::from(command);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.next_line().await.unwrap().unwrap().strip_prefix("listening on ").unwrap().to_owned();
        let server = Server { child, lines, url, http: reqwest::Client::new() };
        let account = json!({"name": "Bo", "email": "bo@faff.example", "password": PASSWORD});
        let token = server.post("/api/auth/register", account).await.1["token"].as_str().unwrap().to_owned();
        let post = async |path: &str, body: Value| {
            let request = server.http.post(format!("{}{path}", server.url)).bearer_auth(&token).json(&body);
            request.send().await.unwrap().json::<Value>().await.unwrap()
        };
        let task = post("/api/tasks", json!({"title": "Printer", "description": "It burns."})).await;
        let id = task["task"]["id"].clone();
        post("/api/messages", json!({"taskId": id, "content": "The fan is broken, I think."})).await;
        assert_eq!(post(&format!("/api/summaries/generate/{id}"), json!({})).await["job"]["state"], "waiting");
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let shown = async || server.get(&format!("/api/summaries/task/{id}"), &token).await.1;
        assert_eq!(shown().await["job"]["state"], "waiting", "the server leaves it alone");

        let mut worker = tokio::process::Command::from(home.command(&["worker"], &environment));
        let mut worker = worker.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let mut said = BufReader::new(worker.stdout.take().unwrap()).lines();
        assert_eq!(said.next_line().await.unwrap().unwrap(), "working");
        let begun = Instant::now();
        while shown().await["generated"].is_null() {
            assert!(begun.elapsed() < Duration::from_secs(30), "the worker does nothing");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let id = worker.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert_eq!(worker.wait().await.unwrap().code(), Some(0));
        assert_eq!(server.stop("-TERM").await, Some(0));
        assert!(done(home.run(&["verify"], &environment)).ends_with("ok\n"));
    }

    async fn the_demo_fills_an_empty_database_and_no_other(engine) {
        let home = Home::new(&format!("demo-{}", engine.name()));
        let database = TestDatabase::create(engine, &[]).await;
        let environment = [("DATABASE_URL", database.url.as_str())];
        let made = done(home.run(&["demo"], &environment));
        assert!(made.starts_with("made 12 people, 60 tasks and 1500 messages"), "{made}");
        let password = made.trim().rsplit(' ').next().unwrap();
        let checked = done(home.run(&["verify"], &environment));
        assert!(checked.contains("12 accounts, 60 tasks, 1500 messages") && checked.ends_with("ok\n"), "{checked}");
        assert!(refused(&home.run(&["demo"], &environment), 1).contains("holds tasks already"));

        let server = home.serve(&environment).await;
        let (_, anneke) = server.log_in("anneke@larkmoor.example", password).await;
        let (_, lorcan) = server.log_in("lorcan@larkmoor.example", password).await;
        let count = async |token: &str| {
            server.get("/api/tasks?page=1", token).await.1["totalCount"].as_i64().unwrap()
        };
        assert_eq!(count(&anneke).await, 60);
        assert!(count(&lorcan).await < 60, "private tickets are not for everyone");
        assert_eq!(server.stop("-TERM").await, Some(0));
    }
}

#[test]
fn verify_wants_a_database_that_is_there() {
    let home = Home::new("verify");
    assert!(refused(&home.run(&["verify"], &[]), 1).contains("there is no database"));
    assert!(!home.0.join("faff-data").exists());
}
