//! The log at its most talkative, searched for what must never be in it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Does, FakeModel, Logs, MODEL_KEY, PASSWORD, Place, Store, TestApp, on_both_engines};
use faff_types::{Random, Secret};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

on_both_engines! {
    async fn no_secret_and_nothing_that_people_write_is_logged_at_any_level(engine) {
        let kept = Logs::keep();
        let canary = |what: &str| format!("canary-of-the-{what}-7d1f");
        let app = TestApp::start(Place { engine, store: Store::Bucket }).await;
        let anyone = app.anyone();
        let set_up = app.app.set_up().issue(Random).unwrap().reveal().clone();
        let ada = app.set_up("Ada").await;
        let register = json!({"name": canary("name"), "email": "canary.address@faff.example", "password": canary("password")});
        let made = anyone.post("/api/auth/register", &register).await;
        let bo = app.person(&made);
        let cookie_login = anyone.request(Method::POST, "/api/auth/login").header("x-faff-csrf", "1");
        let body = json!({"email": bo.email, "password": canary("password")});
        let by_cookie = anyone.send(cookie_login.json(&body)).await;
        let cookie_token = by_cookie.body["token"].as_str().unwrap().to_owned();
        let cookie = format!("faff_session={cookie_token}");
        assert_eq!(anyone.send(anyone.request(Method::GET, "/api/auth/me").header("cookie", cookie)).await.status, 200);
        // What is refused is logged with its reason, which must not hold what was sent.
        for (path, body) in [
            ("/api/auth/login", json!({"email": bo.email, "password": canary("guess")})),
            ("/api/auth/login", json!({"password": [canary("guess")]})),
            ("/api/auth/register", json!({canary("guess"): 1})),
            ("/api/auth/register", json!({"password": canary("guess"), "email": 1, "name": "x"})),
            ("/api/auth/setup", json!({"token": canary("guess"), "name": "x", "email": "x@faff.example", "password": canary("guess")})),
        ] {
            assert!(anyone.post(path, &body).await.status >= 400);
        }
        let garbage = anyone.request(Method::POST, "/api/auth/login").header("content-type", "application/json");
        assert_eq!(anyone.send(garbage.body(format!("{{\"password\": \"{}\" oops", canary("guess")))).await.status, 400);
        assert_eq!(anyone.send(anyone.request(Method::GET, "/api/auth/me").bearer_auth(canary("guess"))).await.status, 401);
        let invited = ada.post("/api/users/invitations", &json!({"email": "canary.address.too@faff.example"})).await;
        let invitation = invited.body["invitation"]["token"].as_str().unwrap().to_owned();
        let register = json!({"name": canary("name"), "email": "canary.address.too@faff.example", "password": canary("password"), "invitation": invitation});
        assert_eq!(anyone.post("/api/auth/register", &register).await.status, 201);
        assert_eq!(anyone.post("/api/auth/register", &register).await.refusal(), (409, "email_taken"));
        let passwords = json!({"currentPassword": canary("password"), "newPassword": canary("next")});
        assert_eq!(bo.put("/api/auth/password", &passwords).await.status, 204);
        let task = bo.files(&canary("title"), json!({"description": canary("text"), "visibility": "private"})).await;
        let body = json!({"content": canary("text"), "clientId": canary("client-id")});
        let path = format!("/api/tasks/{}/messages", task["id"]);
        let said = bo.request(Method::POST, &path).header("idempotency-key", canary("key"));
        assert_eq!(bo.send(said.json(&body)).await.status, 201);
        assert_eq!(bo.get(&format!("/api/tasks?search={}", canary("text"))).await.status, 200);
        assert_eq!(ada.get("/api/audit").await.status, 200);
        // Files go to a bucket by signed addresses, and are shown by others; some are refused.
        let file = Part::bytes(canary("text").into_bytes()).file_name(canary("title"));
        let form = Form::new().text("taskId", task["id"].to_string()).part("files", file);
        let sent = bo.send(bo.request(Method::POST, "/api/messages").multipart(form)).await;
        assert_eq!(sent.status, 201, "{sent:?}");
        let file = &sent.body["data"]["attachments"][0];
        let links = bo.get(&format!("/api/attachments/links?ids={}", file["id"].as_str().unwrap())).await;
        let link = links.body["links"][0]["url"].as_str().unwrap().to_owned();
        let pass = link.split_once("pass=").unwrap().1.to_owned();
        assert_eq!(anyone.get(&link).await.text, canary("text"));
        assert_eq!(anyone.get(&format!("{}?pass={pass}", "/uploads/messages/f00d")).await.status, 401);
        let key = app.bucket.as_ref().unwrap().secret();
        app.bucket.as_ref().unwrap().end();
        let file = Part::bytes(canary("text").into_bytes()).file_name("a.txt");
        let form = Form::new().text("taskId", task["id"].to_string()).part("files", file);
        let sent = bo.send_any(bo.request(Method::POST, "/api/messages").multipart(form)).await;
        assert_eq!(sent.refusal(), (503, "storage_unavailable"));
        // A fault of the database is told in the log, without the values.
        let db = app.database.open().await;
        db.write(async |tx: &mut faff_store::Tx<'_>| {
            tx.execute("alter table message rename to no_message", &[]).await?;
            tx.commit_quietly("this is a test");
            Ok::<_, faff_store::StoreError>(())
        }).await.unwrap();
        let said = bo.request(Method::POST, &path).header("x-request-id", "the-broken-one");
        assert_eq!(bo.send_any(said.json(&json!({"content": canary("text")}))).await.status, 500);
        assert_eq!(format!("{:?}", Secret::new(set_up.clone())), "[secret]");

        // The bucket's server is in this process, and says much of what it is asked; what it says is not ours.
        let log = kept.text();
        let log: String = log.lines().filter(|line| !line.contains(r#""target":"s3s"#)).flat_map(|line| [line, "\n"]).collect();
        assert!(log.contains("the-broken-one"), "the fault itself is logged");
        assert!(log.contains("no such table") || log.contains("does not exist"), "and why");
        let signature = |token: &str| token.rsplit('.').next().unwrap().to_owned();
        let secret = String::from_utf8(app.app.settings().jwt_secret.reveal().clone()).unwrap();
        for never in [
            "canary-of-the-", "canary.address", PASSWORD, "faff_session=", "$2b$", &set_up, &secret,
            &signature(&bo.token), &signature(&cookie_token),
            &signature(&ada.token), &invitation, &pass, "pass=", key, "X-Amz-Signature=",
        ] {
            let line = log.lines().find(|line| line.contains(never));
            assert!(line.is_none(), "{never} is in the log: {:.600}", line.unwrap());
        }
        for line in log.lines() {
            let parsed: Result<Value, _> = serde_json::from_str(line);
            assert!(parsed.is_ok_and(|line| line["level"].is_string()), "one object a line: {line:.200}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_writes_a_line_of_their_own_into_the_log() {
    let kept = Logs::keep();
    let app = TestApp::start(faff_testkit::Engine::Sqlite).await;
    let bo = app.register("Bo").await;
    let forged = "forged\"}\r\n{\"level\":\"ERROR\",\"forged\":true}\r\n\u{1b}[31mred\u{2028}\u{85}";
    let coded = "forged%22%7D%0D%0A%7B%22level%22%3A%22ERROR%22%2C%22forged%22%3Atrue%7D%0D%0A%1B%5B31mred";
    let task = bo.files("Printer", json!({})).await;
    let mut live = bo.watch(&task).await;
    live.ask(forged, &json!(forged)).await;
    live.ask("typing", &json!({"taskId": forged, forged: forged})).await;
    live.ask("send_message", &json!({"taskId": task["id"], "content": forged, "clientId": forged})).await;
    for path in [
        format!("/{coded}"),
        format!("/api/tasks/{coded}"),
        format!("/api/tasks?cursor={coded}&search={coded}"),
        format!("/socket.io/?{coded}&transport={coded}"),
    ] {
        for method in [Method::GET, Method::POST] {
            let request = bo
                .request(method, &path)
                .header("user-agent", "forged\t{}")
                .header("x-request-id", "forged {}");
            assert!((200..500).contains(&bo.send(request).await.status), "{path}");
        }
    }
    let odd = bo.request(Method::from_bytes(b"FORGED'|~").unwrap(), "/api/tasks");
    assert_eq!(bo.send(odd).await.status, 405);
    for (name, value) in [("email", forged), ("name", forged), ("password", forged), (forged, "x")] {
        let answer =
            bo.send(bo.request(Method::POST, "/api/auth/register").json(&json!({name: value}))).await;
        assert_eq!(answer.status, 400);
    }
    let log = kept.text();
    assert!(
        log.contains("a socket's request was refused") && log.contains("refused"),
        "there is much to log"
    );
    assert!(
        !log.contains('\u{1b}') && !log.contains('\r') && !log.contains('\u{0}'),
        "nothing that steers a terminal"
    );
    for line in log.split('\n').filter(|line| !line.is_empty()) {
        let parsed: Value = serde_json::from_str(line).unwrap();
        assert!(parsed["timestamp"].is_string() && parsed["forged"].is_null(), "{line:.300}");
    }
}

#[tokio::test]
async fn neither_the_key_nor_what_a_model_is_asked_and_says_is_logged_at_any_level() {
    let kept = Logs::keep();
    let fake = FakeModel::start().await;
    let mut settings = fake.settings();
    settings.timeout = std::time::Duration::from_secs(1);
    let ai = faff_app::edges::ai::Ai::with(Some(settings.clone()));
    let canary = "canary-in-the-ticket-9b2e";
    let message = faff_analysis::Message { id: 1, seq: 1, text: canary.to_owned(), ..Default::default() };
    let conversation = faff_analysis::Conversation {
        title: canary.to_owned(),
        messages: vec![message],
        ..Default::default()
    };
    let answer = "canary-in-the-answer-4c7d";
    for does in [
        Does::Says(json!({"summary": answer})),
        Does::SaysText(answer.to_owned()),
        Does::Sends(answer.to_owned()),
        Does::Fails(401, "canary-in-the-answer-4c7d sk-the-key-of-the-tests-51c3"),
        Does::Fails(500, "canary-in-the-answer-4c7d"),
        Does::Redirects(format!("http://127.0.0.1:9/{answer}")),
        Does::Echoes,
        Does::BreaksOff,
        Does::Hangs,
    ] {
        fake.does(does);
        let _ = ai.summarise(conversation.clone(), None).await;
        let _ = ai.review(conversation.clone(), conversation.messages[0].clone(), canary).await;
    }
    let log = kept.text();
    assert!(log.contains("the language model has not answered"), "failures are logged");
    for never in [MODEL_KEY, "canary-in-the-", "Bearer"] {
        let line = log.lines().find(|line| line.contains(never));
        assert!(line.is_none(), "{never} is in the log: {:.600}", line.unwrap());
    }
    assert!(!format!("{settings:?} {ai:?}").contains(MODEL_KEY));
}
