//! Rate limits: who is held up, for how long, and that nobody else is.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::time::Duration;

use faff_app::Rate;
use faff_testkit::{Answer, PASSWORD, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::json;

/// So many in 15 minutes.
fn rate(count: u32) -> Rate {
    Rate(Some((count, Duration::from_mins(15))))
}

/// Logs in from an address, as a proxy would tell it.
async fn log_in(app: &TestApp, from: &str, email: &str, password: &str) -> u16 {
    let anyone = app.anyone();
    let request = anyone.request(Method::POST, "/api/auth/login").header("x-forwarded-for", from);
    anyone.send(request.json(&json!({"email": email, "password": password}))).await.status
}

async fn get_from(app: &TestApp, from: &[&str]) -> u16 {
    let anyone = app.anyone();
    let request = anyone.request(Method::GET, "/api/tasks");
    let request = from.iter().fold(request, |request, from| request.header("x-forwarded-for", *from));
    anyone.send(request).await.status
}

fn check_refusal(answer: &Answer, count: u32) {
    assert_eq!(answer.refusal(), (429, "rate_limited"), "{answer:?}");
    let seconds = 900 / count;
    assert_eq!(answer.header("retry-after"), seconds.to_string());
    assert_eq!(answer.header("ratelimit-reset"), seconds.to_string());
    assert_eq!(answer.header("ratelimit-limit"), count.to_string());
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    assert_eq!(answer.header("ratelimit-policy"), format!("{count};w=900"));
}

on_both_engines! {
    async fn an_address_without_a_login_is_held_up_and_who_is_logged_in_is_not(engine) {
        let app = TestApp::start_with(engine, |settings| settings.rate_anonymous = rate(10)).await;
        let bo = app.register("Bo").await;
        let anyone = app.anyone();
        // Guessing tokens and asking for nothing are requests like any other.
        for n in 0..3 {
            assert_eq!(anyone.get("/api/tasks").await.status, 401);
            assert_eq!(anyone.send(anyone.request(Method::GET, "/api/auth/me").bearer_auth(n)).await.status, 401);
            assert_eq!(anyone.get("/nothing").await.status, 404);
        }
        for path in ["/api/tasks", "/nothing"] {
            check_refusal(&anyone.get(path).await, 10);
        }
        let body = json!({"name": "Eve", "email": "eve@faff.example", "password": PASSWORD});
        check_refusal(&anyone.post("/api/auth/register", &body).await, 10);
        check_refusal(&anyone.post("/api/auth/login", &body).await, 10);
        for spoofed in ["192.0.2.1", "::1", "10.0.0.1, 192.0.2.1", "127.0.0.1"] {
            assert_eq!(get_from(&app, &[spoofed]).await, 429, "nobody told us to believe {spoofed}");
        }
        for _ in 0..20 {
            assert_eq!(bo.get("/api/auth/me").await.status, 200, "a known login goes on from the same address");
        }
        app.clock.advance(89_000);
        assert_eq!(anyone.get("/api/tasks").await.header("retry-after"), "1");
        app.clock.advance(1000);
        assert_eq!(anyone.get("/api/tasks").await.status, 401);
        check_refusal(&anyone.get("/api/tasks").await, 10);
        app.clock.advance(900_000);
        for _ in 0..10 {
            assert_eq!(anyone.get("/api/tasks").await.status, 401, "all is forgotten after the whole time");
        }
        check_refusal(&anyone.get("/api/tasks").await, 10);
    }

    async fn a_user_is_held_up_whatever_the_login_and_others_are_not(engine) {
        let app = TestApp::start_with(engine, |settings| settings.rate_user = rate(5)).await;
        let (bo, eve) = (app.register("Bo").await, app.register("Eve").await);
        let phone = app.log_in(&bo.email).await;
        for _ in 0..2 {
            assert_eq!(bo.get("/api/auth/me").await.status, 200);
            assert_eq!(phone.post("/api/tasks", &json!({})).await.status, 400);
        }
        bo.files("The last for now", json!({})).await;
        for person in [&bo, &phone] {
            check_refusal(&person.get("/api/auth/me").await, 5);
            check_refusal(&person.post("/api/tasks", &json!({"title": "T", "description": "D"})).await, 5);
        }
        assert_eq!(eve.get("/api/tasks").await.body["tasks"].as_array().unwrap().len(), 1, "what was refused had no effect");
        app.clock.advance(180_000);
        assert_eq!(phone.get("/api/auth/me").await.status, 200);
        assert_eq!(phone.get("/api/auth/me").await.status, 429);
    }

    async fn guessing_passwords_ends_soon_by_account_and_by_address(engine) {
        let app = TestApp::start_with(engine, |settings| {
            settings.rate_login = rate(5);
            settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        }).await;
        let (bo, eve) = (app.register("Bo").await, app.register("Eve").await);
        for n in 0..20 {
            assert_eq!(log_in(&app, "192.0.2.9", &bo.email, PASSWORD).await, 200, "login {n}: who is right is not counted");
        }
        // One account from many addresses, in every way to write the account.
        let spellings = ["bo@faff.example", "BO@faff.example", " bo@faff.example", "bo@faff.example.", "ｂｏ@faff.example"];
        for (n, email) in spellings.iter().enumerate() {
            assert_eq!(log_in(&app, &format!("192.0.2.{n}"), email, "wrong password").await, 401);
        }
        for password in ["wrong password", PASSWORD] {
            assert_eq!(log_in(&app, "192.0.2.77", &bo.email, password).await, 429, "right or wrong");
        }
        let refused = app.anyone().post("/api/auth/login", &json!({"email": bo.email, "password": PASSWORD})).await;
        check_refusal(&refused, 5);
        assert_eq!(bo.get("/api/auth/me").await.status, 200, "a known login goes on");
        assert_eq!(log_in(&app, "192.0.2.78", &eve.email, PASSWORD).await, 200, "and so do others");
        // Many accounts from one address; what does not exist counts alike.
        for n in 0..5 {
            assert_eq!(log_in(&app, "198.51.100.1", &format!("n{n}@faff.example"), "wrong password").await, 401);
        }
        for _ in 0..10 {
            assert_eq!(log_in(&app, "198.51.100.1", &eve.email, "wrong password").await, 429);
        }
        assert_eq!(log_in(&app, "198.51.100.2", &eve.email, PASSWORD).await, 200, "who may guess no more locks nobody out");
        // Guessing the current password is guessing too.
        let guess = json!({"currentPassword": "wrong password", "newPassword": "printer put out 8"});
        let statuses = [(); 6].map(|()| eve.put("/api/auth/password", &guess));
        let mut refused = Vec::new();
        for status in statuses {
            refused.push(status.await.status);
        }
        assert_eq!(refused, [401, 401, 401, 401, 401, 429]);
        // And so is guessing the set-up token.
        let set_up = json!({"token": "0", "name": "Ada", "email": "ada@faff.example", "password": PASSWORD});
        let mut last = 0;
        for _ in 0..6 {
            last = app.anyone().post("/api/auth/setup", &set_up).await.status;
        }
        assert_eq!(last, 429);
        app.clock.advance(180_000);
        assert_eq!(log_in(&app, "192.0.2.77", &bo.email, PASSWORD).await, 200, "the owner gets in again");
    }

    async fn a_proxy_we_trust_tells_who_asks_and_nobody_else_does(engine) {
        let app = TestApp::start_with(engine, |settings| {
            settings.rate_anonymous = rate(2);
            settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        }).await;
        // Each group is one asker, however it is told.
        for group in [
            vec![vec!["203.0.113.1"], vec!["1.1.1.1, 203.0.113.1"], vec!["1.1.1.2,203.0.113.1"], vec!["1.1.1.3", "203.0.113.1"]],
            vec![vec!["203.0.113.2, 10.0.0.7"], vec!["1.1.1.1, 203.0.113.2, 10.0.0.8, 10.0.0.9"], vec!["203.0.113.2", "10.0.0.7"]],
            vec![vec!["203.0.113.3:4711"], vec!["203.0.113.3"], vec!["1.1.1.1, 203.0.113.3:80"]],
            vec![vec!["[2001:db8:7::1]:80"], vec!["2001:db8:7::2"], vec!["[2001:db8:7:0:9::]"]],
            // What cannot be read is not passed over for what a client has written before it.
            vec![vec!["1.1.1.1, unknown"], vec!["1.1.1.3, _hidden"], vec!["1.1.1.4, "], vec![""]],
            vec![vec!["::ffff:203.0.113.5"], vec!["203.0.113.5"], vec!["1.1.1.1, ::ffff:203.0.113.5"]],
        ] {
            let mut statuses = Vec::new();
            for from in &group {
                statuses.push(get_from(&app, from).await);
            }
            let expected: Vec<u16> = (0..group.len()).map(|n| if n < 2 { 401 } else { 429 }).collect();
            assert_eq!(statuses, expected, "{group:?}");
        }
    }

    async fn many_logins_at_once_hold_up_only_each_other(engine) {
        let app = TestApp::start_with(engine, |settings| {
            settings.bcrypt_cost = 8;
            settings.rate_login = rate(200);
        }).await;
        let bo = app.register("Bo").await;
        let body = json!({"email": bo.email, "password": PASSWORD});
        let mut statuses = Vec::new();
        for burst in [200, 40] {
            let logins: Vec<_> = (0..burst).map(|_| {
                let (anyone, body) = (app.anyone(), body.clone());
                tokio::spawn(async move {
                    let answer = anyone.send_any(anyone.request(Method::POST, "/api/auth/login").json(&body)).await;
                    assert_eq!(answer.status == 503, answer.header("retry-after") == "2", "{answer:?}");
                    answer.status
                })
            }).collect();
            while !logins.iter().all(tokio::task::JoinHandle::is_finished) {
                let meanwhile = async { (app.anyone().get("/health/live").await.status, bo.get("/api/auth/me").await.status) };
                let answered = tokio::time::timeout(Duration::from_secs(5), meanwhile).await;
                assert_eq!(answered.unwrap(), (200, 200));
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            for login in logins {
                statuses.push(login.await.unwrap());
            }
        }
        // Those that were turned away for want of time were no guesses, so the limit of 200 was not reached.
        let of = |status: u16| statuses.iter().filter(|other| **other == status).count();
        assert_eq!(of(200) + of(503), 240, "{statuses:?}");
        assert!(of(200) > 30 && of(503) > 100, "{} got in, {} were turned away", of(200), of(503));
    }
}
