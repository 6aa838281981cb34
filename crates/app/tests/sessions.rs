//! Logins at the HTTP edge: how one begins, what keeps it alive, and everything that must end it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use faff_app::access::Role;
use faff_app::features::people;
use faff_testkit::{Answer, Client, PASSWORD, Person, TestApp, on_both_engines};
use faff_types::Secret;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};

const LOGIN: &str = "/api/auth/login";
const ME: &str = "/api/auth/me";
const NEW_PASSWORD: &str = "printer put out 8";

/// Asks who a token is, at any node.
async fn me(client: &Client, token: &str) -> Answer {
    client.send(client.request(Method::GET, ME).bearer_auth(token)).await
}

async fn log_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    let anyone = app.anyone();
    anyone.send(anyone.request(Method::POST, LOGIN).header("x-request-id", "one").json(&body)).await
}

/// Waits until a node refuses a token, and fails when that takes longer than promised.
async fn dies_within(node: &Client, token: &str, promised: Duration) {
    let asked = tokio::time::Instant::now();
    while me(node, token).await.status == 200 {
        assert!(asked.elapsed() < promised, "the token lives on at another node");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn sign(header: &Header, claims: &Value, secret: &[u8]) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

fn with(base: &Value, key: &str, value: Value) -> Value {
    let mut changed = base.clone();
    changed[key] = value;
    changed
}

async fn change_password(person: &Person, current: &str, new: &str) -> Answer {
    person.put("/api/auth/password", &json!({"currentPassword": current, "newPassword": new})).await
}

on_both_engines! {
    async fn login_does_not_tell_whether_an_account_exists(engine) {
        let app = TestApp::start(engine).await;
        let (ada, bo) = (app.set_up("Ada").await, app.register("Bo").await);
        let eve = app.register("Eve").await;
        assert_eq!(ada.put(&format!("/api/users/{}", eve.id), &json!({"active": false})).await.status, 200);
        let wrong = log_in(&app, &bo.email, "wrong password").await;
        assert_eq!(wrong.refusal(), (401, "invalid_credentials"));
        for (email, password) in [
            ("nobody@faff.example", PASSWORD), ("not an address", PASSWORD), ("", ""), (&*eve.email, PASSWORD),
            (&bo.email, ""), (&bo.email, "Printer on fire 7"), (&bo.email, "printer on fire 7 "),
            (&bo.email, "printer on fire 7\0"), (&bo.email, &"x".repeat(73)), (&bo.email, "' or 1=1 --"),
            ("' or 1=1 --@faff.example", PASSWORD), ("%@faff.example", PASSWORD), ("\0@faff.example", PASSWORD),
        ] {
            let answer = log_in(&app, email, password).await;
            assert_eq!(answer.text, wrong.text, "{email:?} {password:?}");
            let without_date = |answer: &Answer| { let mut headers = answer.headers.clone(); headers.remove("date"); headers };
            assert_eq!(without_date(&answer), without_date(&wrong), "{email:?} {password:?}");
        }
        for email in ["bo@faff.example", " BO@faff.example. ", "ｂｏ@faff.example"] {
            let answer = log_in(&app, email, PASSWORD).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.body["user"], bo.get(ME).await.body["user"]);
            assert!(!answer.text.contains(PASSWORD));
        }
        let body = json!({"email": "bo@faff.example", "password": PASSWORD, "remember": true});
        assert_eq!(app.anyone().post(LOGIN, &body).await.body["fields"][0]["code"], "unknown");
        let token = log_in(&app, &bo.email, PASSWORD).await.body["token"].as_str().unwrap().to_owned();
        let claims = claims(&token);
        assert_eq!((&claims["userId"], &claims["email"], &claims["role"]), (&json!(bo.id), &json!(bo.email), &json!("user")));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 24 * 3600);
    }

    async fn login_costs_one_comparison_whoever_is_named(engine) {
        let app = TestApp::start(engine).await;
        let (ada, bo, eve) = (app.set_up("Ada").await, app.register("Bo").await, app.register("Eve").await);
        assert_eq!(ada.put(&format!("/api/users/{}", eve.id), &json!({"active": false})).await.status, 200);
        // The hash of nobody's password is there from now on.
        assert_eq!(log_in(&app, "nobody@faff.example", PASSWORD).await.status, 401);
        let passwords = app.app.passwords();
        for round in 0..10 {
            for (email, password, status) in [
                ("nobody@faff.example", PASSWORD, 401), (&*bo.email, "wrong password", 401), ("not an address", PASSWORD, 401),
                (&eve.email, PASSWORD, 401), (&bo.email, &"x".repeat(73), 401), ("nobody@faff.example", &"x".repeat(73), 401),
                (&bo.email, "printer on fire 7\0", 401), ("", "", 401), (&bo.email, PASSWORD, 200),
            ] {
                let before = passwords.computed();
                assert_eq!(log_in(&app, email, password).await.status, status, "{email:?}");
                assert_eq!(passwords.computed() - before, 1, "{email:?} in round {round}");
            }
        }
    }

    async fn a_new_login_ends_the_one_whose_cookie_it_replaces(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let anyone = app.anyone();
        let log_in = async |email: &str, cookie: &str, csrf: bool| {
            let mut request = anyone.request(Method::POST, LOGIN).header("cookie", format!("faff_session={cookie}"));
            if csrf {
                request = request.header("x-faff-csrf", "1");
            }
            let answer = anyone.send(request.json(&json!({"email": email, "password": PASSWORD}))).await;
            answer.body["token"].as_str().unwrap().to_owned()
        };
        let first = log_in(&bo.email, "", true).await;
        let second = log_in(&bo.email, &first, true).await;
        assert_eq!(me(&anyone, &first).await.refusal(), (401, "unauthenticated"), "nobody holds it any more");
        assert_eq!(me(&anyone, &second).await.status, 200);
        // Another person at the same browser.
        let third = log_in(&cy.email, &second, true).await;
        assert_eq!([me(&anyone, &second).await.status, me(&anyone, &third).await.status], [401, 200]);
        // Who gets no cookie replaces none, and what is none, or was altered, or has ended, ends nothing.
        let other = log_in(&cy.email, &third, false).await;
        for old in ["garbage", &format!("{third}x"), &first] {
            log_in(&cy.email, old, true).await;
        }
        for alive in [&third, &other, &bo.token, &cy.token] {
            assert_eq!(me(&anyone, alive).await.status, 200);
        }
        let wrong = anyone.request(Method::POST, LOGIN).header("cookie", format!("faff_session={third}")).header("x-faff-csrf", "1");
        let wrong = anyone.send(wrong.json(&json!({"email": cy.email, "password": "wrong password"}))).await;
        assert_eq!((wrong.status, me(&anyone, &third).await.status), (401, 200), "a login that fails ends none");
    }

    async fn a_login_ends_by_logout_alone_and_at_its_time(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let (desk, phone) = (app.log_in(&bo.email).await, app.log_in(&bo.email).await);
        let out = desk.send(desk.request(Method::POST, "/api/auth/logout")).await;
        assert_eq!((out.status, out.text.as_str()), (204, ""));
        assert_eq!(desk.get(ME).await.refusal(), (401, "unauthenticated"));
        assert_eq!(desk.get(ME).await.header("www-authenticate"), "Bearer");
        assert_eq!(desk.send(desk.request(Method::POST, "/api/auth/logout")).await.status, 401, "it has ended already");
        assert_eq!(phone.get(ME).await.status, 200, "other logins go on");
        app.clock.advance(24 * 3600 * 1000 - 1000);
        assert_eq!(phone.get(ME).await.status, 200);
        app.clock.advance(1000);
        for person in [&phone, &bo] {
            assert_eq!(person.get(ME).await.refusal(), (401, "unauthenticated"));
            assert_eq!(person.post("/api/tasks", &json!({"title": "x", "description": "y"})).await.status, 401);
        }
    }

    async fn a_new_password_ends_every_other_login(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let (desk, phone) = (app.log_in(&bo.email).await, app.log_in(&bo.email).await);
        for wrong in ["", "wrong password", "printer on fire 7\0", &"x".repeat(100)] {
            assert_eq!(change_password(&desk, wrong, NEW_PASSWORD).await.refusal(), (401, "invalid_credentials"));
        }
        let weak = [("password", "common"), ("short", "length"), ("bo@faff.example", "common"), ("nul\0inside", "format")];
        for (weak, code) in weak {
            let answer = change_password(&desk, PASSWORD, weak).await;
            assert_eq!(answer.body["fields"][0], json!({"field": "newPassword", "code": code,
                "message": answer.body["message"]}), "{answer:?}");
        }
        assert_eq!(phone.get(ME).await.status, 200, "a refused change ends nothing");
        let changed = change_password(&desk, PASSWORD, NEW_PASSWORD).await;
        assert_eq!((changed.status, changed.text.as_str()), (204, ""));
        assert_eq!(desk.get(ME).await.status, 200, "this login goes on");
        for other in [&bo, &phone] {
            assert_eq!(other.get(ME).await.refusal(), (401, "unauthenticated"));
        }
        assert_eq!(log_in(&app, &bo.email, PASSWORD).await.status, 401);
        let phone = app.person(&log_in(&app, &bo.email, NEW_PASSWORD).await);
        // Two logins change it at once: one wins, and the other has lost its right to.
        for round in 0..5 {
            let (old, new) = (format!("{NEW_PASSWORD}{round}"), format!("{NEW_PASSWORD}{}", round + 1));
            let start = if round == 0 { NEW_PASSWORD } else { &old };
            let phone = if round == 0 { phone.clone() } else { app.person(&log_in(&app, &bo.email, start).await) };
            let desk = app.person(&log_in(&app, &bo.email, start).await);
            let (one, two) = tokio::join!(change_password(&phone, start, &new), change_password(&desk, start, &new));
            let mut statuses = [one.status, two.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 401], "{one:?} {two:?}");
            assert_eq!([phone.get(ME).await.status, desk.get(ME).await.status].map(|status| status == 200),
                [one.status == 204, two.status == 204], "only the winner's login goes on");
        }
    }

    async fn what_ends_a_login_ends_it_on_every_node(engine) {
        let app = TestApp::start(engine).await;
        let ada = app.set_up("Ada").await;
        let node = app.another_node().await;
        let other = node.anyone();
        let second = Duration::from_millis(1500);
        let bo = app.register("Bo").await;
        let path = format!("/api/users/{}", bo.id);
        for change in [json!({"role": "admin"}), json!({"role": "user"}), json!({"active": false})] {
            let login = app.log_in(&bo.email).await;
            assert_eq!(me(&other, &login.token).await.status, 200, "a token works on any node");
            assert_eq!(ada.put(&path, &change).await.status, 200);
            assert_eq!(login.get(ME).await.refusal(), (401, "unauthenticated"), "here at once");
            dies_within(&other, &login.token, second).await;
        }
        assert_eq!(log_in(&app, &bo.email, PASSWORD).await.refusal(), (401, "invalid_credentials"));
        assert_eq!(ada.put(&path, &json!({"active": true})).await.status, 200);
        let login = app.log_in(&bo.email).await;
        assert_eq!(me(&other, &login.token).await.status, 200);
        login.send(login.request(Method::POST, "/api/auth/logout")).await;
        dies_within(&other, &login.token, second).await;
        let (desk, phone) = (app.log_in(&bo.email).await, app.log_in(&bo.email).await);
        assert_eq!(me(&other, &phone.token).await.status, 200);
        assert_eq!(change_password(&desk, PASSWORD, NEW_PASSWORD).await.status, 204);
        dies_within(&other, &phone.token, second).await;
        assert_eq!(me(&other, &desk.token).await.status, 200);
        // From the command line, which is a process of its own.
        assert_eq!(me(&app.anyone(), &desk.token).await.status, 200);
        let found = people::find_by_email(&node.app, "BO@faff.example").await.unwrap();
        people::set_password(&node.app, &found, &bo.email, &Secret::new(PASSWORD.to_owned())).await.unwrap();
        dies_within(&app.anyone(), &desk.token, second).await;
        let login = app.log_in(&bo.email).await;
        let changed = people::set_access(&node.app, &found, Some(Role::Admin), None).await.unwrap();
        assert_eq!(changed.role, Role::Admin);
        dies_within(&app.anyone(), &login.token, second).await;
        // What was found before a change does not undo it: the last administrator is who it is now.
        assert_eq!(ada.put(&format!("/api/users/{}", ada.id), &json!({"role": "user"})).await.status, 200);
        let last = people::set_access(&node.app, &found, Some(Role::User), Some(false)).await;
        assert_eq!(last.unwrap_err().code(), faff_app::http::Code::LastAdministrator);
        assert_eq!(app.log_in(&bo.email).await.get("/api/users").await.status, 200);
    }

    async fn a_forged_token_opens_nothing(engine) {
        let app = TestApp::start(engine).await;
        let (ada, bo, eve) = (app.set_up("Ada").await, app.register("Bo").await, app.register("Eve").await);
        let secret = app.app.settings().jwt_secret.reveal().clone();
        let hs256 = Header::new(Algorithm::HS256);
        let good = claims(&bo.token);
        let (header, payload) = (bo.token.split('.').next().unwrap(), bo.token.split('.').nth(1).unwrap());
        let raw = |header: &Value, claims: &Value, signature: &str| format!("{}.{}.{signature}",
            URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let without = |key: &str| { let mut claims = good.clone(); claims.as_object_mut().unwrap().remove(key); claims };
        let signature = bo.token.split('.').nth(2).unwrap();
        let mut flipped = bo.token.clone();
        flipped.replace_range(flipped.len() - 20..flipped.len() - 19, if signature.as_bytes()[23] == b'A' { "B" } else { "A" });
        let mut forgeries = vec![
            format!("{header}.{payload}."), format!("{header}.{payload}"), format!("{header}..{signature}"), flipped,
            sign(&hs256, &good, b"another secret of at least 32 bytes!"), sign(&hs256, &good, b""),
            sign(&Header::new(Algorithm::HS512), &good, &secret),
            sign(&Header::new(Algorithm::HS384), &good, &secret),
            sign(&hs256, &with(&good, "exp", json!(1)), &secret),
            sign(&hs256, &with(&good, "exp", json!("9999999999")), &secret),
            sign(&hs256, &with(&good, "exp", json!(app.app.now().as_seconds())), &secret),
            sign(&hs256, &with(&good, "userId", json!(eve.id)), &secret),
            sign(&hs256, &with(&good, "userId", json!(ada.id)), &secret),
            sign(&hs256, &with(&good, "sid", claims(&eve.token)["sid"].clone()), &secret),
            sign(&hs256, &with(&good, "sid", json!(4711)), &secret),
            sign(&hs256, &with(&good, "sid", json!(-1)), &secret),
            sign(&hs256, &with(&good, "sid", json!("1 or 1=1")), &secret),
            sign(&hs256, &with(&good, "nbf", json!(i64::MAX)), &secret),
            String::new(), ".".to_owned(), "..".to_owned(), "garbage".to_owned(), "null".to_owned(),
            "A".repeat(20_000),
            URL_SAFE_NO_PAD.encode(vec![0; 3000]), format!("{} x", bo.token), format!("{0},{0}", bo.token),
        ];
        forgeries.extend(["none", "None", "NONE", "nOnE", "", "RS256", "ES256"].iter().flat_map(|alg| {
            let header = json!({"alg": alg, "typ": "JWT"});
            [raw(&header, &good, ""), raw(&header, &good, signature)]
        }));
        forgeries.extend(["exp", "sid", "userId", "role", "iat"].map(|key| sign(&hs256, &without(key), &secret)));
        for more in [json!({"kid": "../../dev/null"}), json!({"jku": "http://evil.example"}), json!({"jwk": {"kty": "oct", "k": ""}})] {
            let mut header = json!({"alg": "HS256", "typ": "JWT"});
            header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            forgeries.push(raw(&header, &good, signature));
        }
        for forged in &forgeries {
            let answer = me(&app.anyone(), forged).await;
            assert_eq!(answer.refusal(), (401, "unauthenticated"), "{forged:.300}");
        }
        let huge = app.anyone();
        let huge = huge.request(Method::GET, ME).bearer_auth("A".repeat(1 << 20)).send().await;
        // The server loop refuses it unread, and may hang up before the client has sent it all.
        assert!(huge.map_or(431, |answer| answer.status().as_u16()) == 431);
        assert_eq!(me(&app.anyone(), &bo.token).await.status, 200, "the real one works");
        // A claim of ours is not believed about the role either: the account is asked.
        let boasting = sign(&hs256, &with(&good, "role", json!("admin")), &secret);
        let anyone = app.anyone();
        let users = anyone.send(anyone.request(Method::GET, "/api/users").bearer_auth(&boasting)).await;
        assert_eq!(users.refusal(), (403, "forbidden"));
        assert_eq!(me(&anyone, &boasting).await.body["user"]["role"], "user");
        for scheme in ["Basic", "Token", "bearer,", ""] {
            let request = anyone.request(Method::GET, ME).header("authorization", format!("{scheme} {}", bo.token));
            assert_eq!(anyone.send(request).await.status, 401, "{scheme}");
        }
        let query = anyone.get(&format!("{ME}?token={0}&access_token={0}", bo.token)).await;
        assert_eq!(query.status, 401, "a token in the address is not looked at");
    }

    async fn a_browser_may_use_a_cookie_which_no_other_site_can_write_with(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let anyone = app.anyone();
        let body = json!({"email": bo.email, "password": PASSWORD});
        assert_eq!(anyone.post(LOGIN, &body).await.header("set-cookie"), "", "only who asks gets a cookie");
        let answer = anyone.send(anyone.request(Method::POST, LOGIN).header("x-faff-csrf", "1").json(&body)).await;
        let set = answer.header("set-cookie").to_owned();
        let token = answer.body["token"].as_str().unwrap();
        assert_eq!(set, format!("faff_session={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400"));
        let cookie = format!("theme=dark; faff_session={token}; faff_session_old=1");
        let send = async |method: Method, path: &str, csrf: bool, body: Value| {
            let mut request = anyone.request(method, path).header("cookie", &cookie);
            if csrf {
                request = request.header("x-faff-csrf", "1");
            }
            anyone.send(if body.is_null() { request } else { request.json(&body) }).await
        };
        assert_eq!(send(Method::GET, ME, false, Value::Null).await.body["user"]["id"], bo.id);
        assert_eq!(send(Method::HEAD, ME, false, Value::Null).await.status, 200);
        let task = json!({"title": "By cookie", "description": "x"});
        for (method, path, body) in [
            (Method::POST, "/api/tasks", task.clone()), (Method::PUT, "/api/auth/profile", json!({"name": "Eve"})),
            (Method::POST, "/api/auth/logout", Value::Null), (Method::DELETE, "/api/messages/1", Value::Null),
            (Method::PUT, "/api/auth/password", json!({"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD})),
        ] {
            let refused = send(method, path, false, body).await;
            assert_eq!(refused.refusal(), (403, "csrf_header_missing"), "{path}");
        }
        assert_eq!(send(Method::POST, "/api/tasks", true, task.clone()).await.status, 201);
        // Files go up and down by cookie as well; a form of parts is what other sites could send.
        for (csrf, status) in [(false, 403), (true, 200)] {
            let file = reqwest::multipart::Part::bytes(b"Words".to_vec()).file_name("words.txt");
            let form = reqwest::multipart::Form::new().text("taskId", "1").part("files", file);
            let mut request = anyone.request(Method::POST, "/api/attachments/upload").header("cookie", &cookie).multipart(form);
            if csrf {
                request = request.header("x-faff-csrf", "1");
            }
            let answer = anyone.send(request).await;
            assert_eq!(answer.status, status, "{answer:?}");
            if csrf {
                let url = answer.body["attachments"][0]["url"].as_str().unwrap();
                assert_eq!(send(Method::GET, url, false, Value::Null).await.text, "Words");
            } else {
                assert_eq!(answer.code(), "csrf_header_missing");
            }
        }
        // A form of another site has no such header, and no JSON either.
        let form = anyone.request(Method::POST, "/api/tasks").header("cookie", &cookie).header("x-faff-csrf", "1");
        let form = anyone.send(form.header("content-type", "text/plain").body(task.to_string())).await;
        assert_eq!(form.refusal(), (415, "unsupported_media_type"));
        // A header counts before a cookie, also when it is wrong.
        let both = anyone.request(Method::GET, ME).header("cookie", &cookie).bearer_auth("garbage");
        assert_eq!(anyone.send(both).await.status, 401);
        let out = send(Method::POST, "/api/auth/logout", true, Value::Null).await;
        assert_eq!(out.header("set-cookie"), "faff_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
        assert_eq!(send(Method::GET, ME, false, Value::Null).await.status, 401);
        let first = TestApp::start(engine).await;
        let set_up = json!({"token": first.app.set_up().issue(faff_types::Random).unwrap().reveal(), "name": "Ada",
            "email": "ada@faff.example", "password": PASSWORD});
        let request = first.anyone().request(Method::POST, "/api/auth/setup").header("x-faff-csrf", "1");
        let made = first.anyone().send(request.json(&set_up)).await;
        assert!(made.status == 201 && made.header("set-cookie").starts_with("faff_session="), "{made:?}");
        let live = TestApp::start_with(engine, |settings| settings.production = true).await;
        let register = json!({"name": "Cy", "email": "cy@faff.example", "password": PASSWORD});
        let request = live.anyone().request(Method::POST, "/api/auth/register").header("x-faff-csrf", "1");
        let made = live.anyone().send(request.json(&register)).await;
        let set = made.header("set-cookie");
        assert!(set.starts_with("__Host-faff_session=") && set.ends_with("; Secure"), "{made:?}");
        assert!(!set.contains("Domain"), "{set}");
        let token = made.body["token"].as_str().unwrap();
        for (name, status) in [("__Host-faff_session", 200), ("faff_session", 401), ("__Secure-faff_session", 401)] {
            let request = live.anyone().request(Method::GET, ME).header("cookie", format!("{name}={token}"));
            assert_eq!(live.anyone().send(request).await.status, status, "{name}");
        }
        assert_eq!(made.header("strict-transport-security"), "max-age=31536000");
    }
}
