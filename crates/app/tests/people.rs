//! People at the HTTP edge: who gets an account, what it may hold, and who may change it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::time::Duration;

use faff_app::Registration;
use faff_app::access::System;
use faff_app::edges::sweeper;
use faff_app::features::people;
use faff_app::http::Problem;
use faff_testkit::{Answer, PASSWORD, Person, TestApp, on_both_engines};
use faff_types::{Random, Secret};
use reqwest::Method;
use serde_json::{Value, json};

const REGISTER: &str = "/api/auth/register";
const INVITATIONS: &str = "/api/users/invitations";
/// What an invitation that is not good is answered with.
const BAD: (u16, &str) = (403, "invitation_invalid");
const WEEK: i64 = 7 * 24 * 3_600_000;
const PROFILE: &str = "/api/auth/profile";

fn with(base: &Value, change: &Value) -> Value {
    let mut body = base.clone();
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

/// The first refused field and its code.
fn field(answer: &Answer) -> (&str, &str) {
    assert_eq!(answer.refusal(), (400, "validation_failed"), "{answer:?}");
    let field = &answer.body["fields"][0];
    (field["field"].as_str().unwrap(), field["code"].as_str().unwrap())
}

fn keys(value: &Value) -> Vec<&String> {
    value.as_object().unwrap().keys().collect()
}

fn names(answer: &Answer) -> Vec<&str> {
    let users = answer.body["users"].as_array().unwrap();
    users.iter().map(|user| user["name"].as_str().unwrap()).collect()
}

fn at(person: &Person) -> String {
    format!("/api/users/{}", person.id)
}

/// How many rows there are of this.
async fn count(app: &TestApp, of: &str) -> i64 {
    let sql = format!("select count(*) from {of}");
    let counted = System::for_reason(&app.app, "a test looks at what is left");
    counted.read(async move |reader| Ok::<i64, Problem>(reader.one(&sql, &[]).await?)).await.unwrap()
}

/// The token of an invitation.
fn token(answer: &Answer) -> &str {
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["invitation"]["token"].as_str().unwrap()
}

async fn invite(by: &Person, email: &str) -> String {
    token(&by.post(INVITATIONS, &json!({"email": email})).await).to_owned()
}

async fn accept(app: &TestApp, email: &str, token: &str) -> Answer {
    let body = json!({"name": "Bo", "email": email, "password": PASSWORD, "invitation": token});
    app.anyone().post(REGISTER, &body).await
}

/// Makes somebody an administrator, which ends their login, and logs them in again.
async fn promote(app: &TestApp, admin: &Person, who: &Person) -> Person {
    let made = admin.put(&at(who), &json!({"role": "admin"})).await;
    assert_eq!(made.status, 200, "{made:?}");
    app.log_in(&who.email).await
}

on_both_engines! {
    async fn an_account_is_made_of_a_name_an_address_and_a_password_and_of_nothing_else(engine) {
        let app = TestApp::start(engine).await;
        let anyone = app.anyone();
        let body = json!({"name": "  Bo Ek ", "email": " BO@Faff.Example ", "password": PASSWORD});
        for more in [
            json!({"role": "admin"}), json!({"id": 1}), json!({"active": true}), json!({"is_active": true}),
            json!({"createdAt": "2020-01-01T00:00:00.000Z"}), json!({"passwordHash": "x"}), json!({"__proto__": {}}),
        ] {
            let answer = anyone.post(REGISTER, &with(&body, &more)).await;
            assert_eq!(field(&answer), (keys(&more)[0].as_str(), "unknown"));
        }
        for missing in ["name", "email", "password"] {
            let mut body = body.clone();
            body.as_object_mut().unwrap().remove(missing);
            assert_eq!(field(&anyone.post(REGISTER, &body).await), (missing, "required"));
            for wrong in [json!(null), json!(12_345_678), json!(["a@b.example"]), json!({"$ne": ""}), json!(true)] {
                let answer = anyone.post(REGISTER, &with(&body, &json!({missing: wrong}))).await;
                assert_eq!(field(&answer), (missing, "type"));
                assert!(!answer.text.contains("12345678"), "{answer:?}");
            }
        }
        let made = anyone.post(REGISTER, &body).await;
        assert_eq!(made.status, 201);
        assert_eq!(keys(&made.body), ["token", "user"]);
        let user = &made.body["user"];
        assert_eq!(keys(user), ["active", "createdAt", "email", "id", "name", "role", "updatedAt"]);
        assert_eq!((&user["name"], &user["email"]), (&json!("Bo Ek"), &json!("bo@faff.example")));
        assert_eq!((&user["role"], &user["active"]), (&json!("user"), &json!(true)));
        assert_eq!(user["createdAt"], "2026-11-18T11:06:40.000Z");
        let bo = app.person(&made);
        assert_eq!(bo.get("/api/auth/me").await.body["user"], *user);
        for answer in [made, bo.get("/api/auth/me").await, bo.get("/api/auth/users").await] {
            assert!(!answer.text.contains(PASSWORD) && !answer.text.contains("$2b$"), "{answer:?}");
        }
    }

    async fn an_address_belongs_to_one_account_however_it_is_written(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let eve = app.register("Eve").await;
        let base = json!({"name": "Bo", "password": PASSWORD});
        let same = [
            "bo@faff.example", "BO@FAFF.EXAMPLE", " bo@faff.example\t", "ｂｏ@faff.example", "bo@faff.example.",
            "bo＠faff.example", "bo@ｆａｆｆ．example",
        ];
        for email in same {
            let answer = app.anyone().post(REGISTER, &with(&base, &json!({"email": email}))).await;
            assert_eq!(answer.refusal(), (409, "email_taken"), "{email:?}");
            assert_eq!(eve.put(PROFILE, &json!({"email": email})).await.refusal(), (409, "email_taken"));
            let mine = bo.put(PROFILE, &json!({"email": email})).await;
            assert_eq!(mine.body["user"]["email"], "bo@faff.example", "{mine:?}");
            assert_eq!(app.log_in(email).await.id, bo.id);
        }
        let long = format!("{}@faff.example", "a".repeat(320));
        let wrong = [
            "", "bo", "@faff.example", "bo@", "a@b@c", "bo@faff..example", "bo@faff.example..", "b o@faff.example",
            "bo@faff.example\r\nBcc: eve@faff.example", "bo\u{200b}@faff.example", "\u{202e}bo@faff.example",
            "bo@faff.example\0", "bo\u{ad}@faff.example", "bo\u{0}@faff.example", &long,
        ];
        for email in wrong {
            let answer = app.anyone().post(REGISTER, &with(&base, &json!({"email": email}))).await;
            assert_eq!(field(&answer), ("email", "format"), "{email:?}");
            assert_eq!(field(&bo.put(PROFILE, &json!({"email": email})).await), ("email", "format"), "{email:?}");
        }
        // Two people at once: one account.
        let twice = with(&base, &json!({"email": "cy@faff.example"}));
        let posts = (0..8).map(|_| app.anyone()).map(|anyone| { let body = twice.clone();
            tokio::spawn(async move { anyone.post(REGISTER, &body).await.status }) });
        let mut statuses = Vec::new();
        for post in posts.collect::<Vec<_>>() {
            statuses.push(post.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
        // A plus and a homoglyph are other addresses.
        for email in ["bo+desk@faff.example", "bо@faff.example"] {
            assert_eq!(app.anyone().post(REGISTER, &with(&base, &json!({"email": email}))).await.status, 201, "{email}");
        }
    }

    async fn passwords_and_names_keep_the_rules(engine) {
        let app = TestApp::start(engine).await;
        let anyone = app.anyone();
        let base = json!({"name": "Bo", "email": "bo@faff.example", "password": PASSWORD});
        let (bytes_73, wide) = ("x1".repeat(36) + "y", "ä".repeat(37));
        let refused = [
            ("", "length"), ("short12", "length"), (&bytes_73, "length"), (&wide, "length"),
            ("password", "common"), ("PASSWORD1", "common"), ("aaaaaaaaaaaa", "common"),
            ("Bo@faff.example", "common"), ("nul\0inside1", "format"),
        ];
        for (password, code) in refused {
            let answer = anyone.post(REGISTER, &with(&base, &json!({"password": password}))).await;
            assert_eq!(field(&answer), ("password", code), "{password:?}");
            assert!(password.len() < 20 || !answer.text.contains(password), "{answer:?}");
        }
        let megabyte = "p1".repeat(500_000);
        for path in [REGISTER, "/api/auth/login", "/api/auth/setup"] {
            let answer = anyone.post(path, &with(&base, &json!({"password": megabyte}))).await;
            assert_eq!(answer.refusal(), (413, "too_large"), "{path}");
        }
        let long = "n".repeat(101);
        for (name, code) in [
            ("", "length"), (" \t\n ", "length"), (&*long, "length"), ("a\nb", "format"), ("a\0b", "format"),
            ("a\u{202e}b", "format"), ("\u{200b}", "format"), ("a\u{7f}", "format"), ("a\u{2028}b", "format"),
        ] {
            let answer = anyone.post(REGISTER, &with(&base, &json!({"name": name}))).await;
            assert_eq!(field(&answer), ("name", code), "{name:?}");
        }
        // Everything that is wrong is told at once.
        let all = anyone.post(REGISTER, &json!({"name": "", "email": "x", "password": "y"})).await;
        let fields: Vec<_> = all.body["fields"].as_array().unwrap().iter().map(|field| &field["field"]).collect();
        assert_eq!(fields, ["name", "email", "password"]);
        // 72 bytes are a password, and the last of them counts.
        let whole = "x1".repeat(36);
        let flames = "🔥".repeat(100);
        for (n, name) in [&*flames, "O'Brien; drop table account--", "عمر"].into_iter().enumerate() {
            let body = json!({"name": name, "email": format!("n{n}@faff.example"), "password": whole});
            let made = anyone.post(REGISTER, &body).await;
            assert_eq!(made.body["user"]["name"], name, "{made:?}");
        }
        for (password, status) in [(whole.clone(), 200), (whole[..71].to_owned(), 401), (format!("{whole}!"), 401)] {
            let body = json!({"email": "n0@faff.example", "password": password});
            assert_eq!(anyone.post("/api/auth/login", &body).await.status, status);
        }
    }

    async fn an_invitation_is_for_one_address_and_good_until_its_time(engine) {
        let app = TestApp::start_with(engine, |settings| settings.registration = Registration::Invite).await;
        let ada = app.set_up("Ada").await;
        let made = ada.post(INVITATIONS, &json!({"email": " BO@Faff.Example "})).await;
        assert_eq!((made.status, &made.body["invitation"]["email"]), (201, &json!("bo@faff.example")), "{made:?}");
        assert_eq!(made.body["invitation"]["expiresAt"], "2026-11-25T11:06:40.000Z");
        let bos = token(&made);
        for (email, token) in [
            ("cy@faff.example", bos), ("bo@faff.example.", ""), ("bo@faff.example", &bos[1..]), ("bo@faff.example", &ada.token),
        ] {
            assert_eq!(accept(&app, email, token).await.refusal(), BAD, "{email}");
        }
        // What is wrong with the rest uses nothing up, and the address may be written in any way.
        let short = json!({"name": "Bo", "email": "bo@faff.example", "password": "x", "invitation": bos});
        assert_eq!(field(&app.anyone().post(REGISTER, &short).await), ("password", "length"));
        let bo = accept(&app, " Bo@FAFF.example.", bos).await;
        assert_eq!((bo.status, &bo.body["user"]["role"]), (201, &json!("user")), "{bo:?}");
        assert_eq!(accept(&app, "bo@faff.example", bos).await.refusal(), (409, "email_taken"));
        let audit = ada.get("/api/audit?limit=3").await.body["events"].clone();
        let told: Vec<_> = audit.as_array().unwrap().iter().map(|event| (&event["kind"], &event["actorId"], &event["userId"])).collect();
        let (of_ada, of_bo) = (json!(ada.id), bo.body["user"]["id"].clone());
        assert_eq!(told, [
            (&json!("session_started"), &of_bo, &of_bo), (&json!("user_registered"), &of_ada, &of_bo), (&json!("user_invited"), &of_ada, &of_ada),
        ]);
        assert_eq!(count(&app, "event where payload like '%faff.example%'").await, 0, "the log holds no addresses");

        let bo = app.person(&bo);
        assert_eq!(bo.post(INVITATIONS, &json!({"email": "di@faff.example"})).await.refusal(), (403, "forbidden"));
        assert_eq!(ada.post(INVITATIONS, &json!({"email": "Bo@faff.example"})).await.refusal(), (409, "email_taken"));
        assert_eq!(field(&ada.post(INVITATIONS, &json!({"email": "di"})).await), ("email", "format"));
        let more = json!({"email": "di@faff.example", "role": "admin"});
        assert_eq!(field(&ada.post(INVITATIONS, &more).await), ("role", "unknown"));
        let [di, eve] = [invite(&ada, "di@faff.example").await, invite(&ada, "eve@faff.example").await];
        app.clock.advance(WEEK - 1);
        assert_eq!(accept(&app, "di@faff.example", &di).await.status, 201);
        app.clock.advance(1);
        assert_eq!(accept(&app, "eve@faff.example", &eve).await.refusal(), BAD);
    }

    async fn an_invitation_is_good_once_whatever_becomes_of_the_account(engine) {
        let app = TestApp::start_with(engine, |settings| settings.registration = Registration::Invite).await;
        let ada = app.set_up("Ada").await;
        let link = invite(&ada, "bo@faff.example").await;
        // At once: one of many comes in.
        let many = futures_util::future::join_all((0..8).map(|_| accept(&app, "bo@faff.example", &link))).await;
        let mut statuses: Vec<u16> = many.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
        let bo = app.person(many.iter().find(|answer| answer.status == 201).unwrap());
        // Whoever is in gives the address up, and would come in again.
        assert_eq!(bo.put(PROFILE, &json!({"email": "bo.ek@faff.example"})).await.status, 200);
        assert_eq!(accept(&app, "bo@faff.example", &link).await.refusal(), BAD);
        app.clock.advance(WEEK - 1);
        sweeper::sweep(&app.app).await.unwrap();
        assert_eq!(accept(&app, "bo@faff.example", &link).await.refusal(), BAD, "it is remembered as long as it could be used");
        // Whom an administrator invites anew comes in.
        let ada = app.log_in(&ada.email).await;
        let anew = invite(&ada, "bo@faff.example").await;
        assert_eq!(accept(&app, "bo@faff.example", &anew).await.status, 201);
        // One who was deactivated keeps the address, and does not come in by another door.
        let di = invite(&ada, "di@faff.example").await;
        let in_ = app.person(&accept(&app, "di@faff.example", &di).await);
        assert_eq!(ada.put(&at(&in_), &json!({"active": false})).await.status, 200);
        assert_eq!(accept(&app, "di@faff.example", &di).await.refusal(), (409, "email_taken"));
        assert_eq!(ada.post(INVITATIONS, &json!({"email": "di@faff.example"})).await.refusal(), (409, "email_taken"));
        // And it all fits together.
        app.clock.advance(2 * WEEK + 1);
        sweeper::sweep(&app.app).await.unwrap();
        assert_eq!(count(&app, "idempotency").await, 0);
    }

    async fn who_administers_no_more_or_has_a_new_password_has_withdrawn_their_invitations(engine) {
        let app = TestApp::start_with(engine, |settings| settings.registration = Registration::Invite).await;
        let ada = app.set_up("Ada").await;
        let link = invite(&ada, "bo@faff.example").await;
        let bo = app.person(&accept(&app, "bo@faff.example", &link).await);
        let bo = promote(&app, &ada, &bo).await;
        let before = invite(&bo, "cy@faff.example").await;
        let passwords = json!({"currentPassword": PASSWORD, "newPassword": "printer is out 8"});
        assert_eq!(bo.put("/api/auth/password", &passwords).await.status, 204);
        assert_eq!(accept(&app, "cy@faff.example", &before).await.refusal(), BAD, "it was made with another password");
        let after = invite(&bo, "cy@faff.example").await;
        assert_eq!(ada.put(&at(&bo), &json!({"role": "user"})).await.status, 200);
        assert_eq!(accept(&app, "cy@faff.example", &after).await.refusal(), BAD, "bo is no administrator");
        assert_eq!(ada.put(&at(&bo), &json!({"role": "admin", "active": false})).await.status, 200);
        assert_eq!(accept(&app, "cy@faff.example", &after).await.refusal(), BAD, "bo is not active");
        assert_eq!(count(&app, "account").await, 2);
    }

    async fn an_invitation_that_is_sent_again_under_a_key_is_the_same_and_is_not_kept(engine) {
        let app = TestApp::start_with(engine, |settings| settings.registration = Registration::Invite).await;
        let ada = app.set_up("Ada").await;
        let send = async |email: &str| {
            let request = ada.request(Method::POST, INVITATIONS).header("idempotency-key", "once");
            ada.send(request.json(&json!({"email": email}))).await
        };
        let first = send("bo@faff.example").await;
        app.clock.advance(1000);
        let again = send("bo@faff.example").await;
        assert_eq!((again.status, &again.text, again.header("idempotency-replayed")), (201, &first.text, "true"));
        assert_eq!(send("cy@faff.example").await.refusal(), (422, "idempotency_key_reused"));
        assert_eq!(count(&app, "event where kind = 'user_invited'").await, 1);
        assert_eq!(count(&app, "idempotency where answer like '%bo@faff.example%'").await, 1);
        assert_eq!(count(&app, &format!("idempotency where answer like '%{}%'", token(&first))).await, 0);
        assert_eq!(accept(&app, "bo@faff.example", token(&again)).await.status, 201);
    }

    async fn where_anybody_may_register_an_invitation_tells_who_invited_and_bars_nobody(engine) {
        let app = TestApp::start(engine).await;
        let ada = app.world().await.ada;
        let link = invite(&ada, "di@faff.example").await;
        let di = accept(&app, "di@faff.example", &link).await;
        let lu = accept(&app, "lu@faff.example", &link).await;
        assert_eq!((di.status, lu.status), (201, 201), "{di:?} {lu:?}");
        for (answer, by) in [(&di, json!(ada.id)), (&lu, lu.body["user"]["id"].clone())] {
            let path = format!("/api/audit?kind=user_registered&userId={}", answer.body["user"]["id"]);
            assert_eq!(ada.get(&path).await.body["events"][0]["actorId"], by);
        }
        // It was used, also for when registration is not open any more.
        assert_eq!(app.person(&di).put(PROFILE, &json!({"email": "di.moe@faff.example"})).await.status, 200);
        let again = accept(&app, "di@faff.example", &link).await;
        let path = format!("/api/audit?kind=user_registered&userId={}", again.body["user"]["id"]);
        assert_eq!(ada.get(&path).await.body["events"][0]["actorId"], again.body["user"]["id"]);
    }

    async fn where_registration_is_closed_nobody_invites(engine) {
        let app = TestApp::start_with(engine, |settings| settings.registration = Registration::Closed).await;
        let ada = app.set_up("Ada").await;
        let refused = ada.post(INVITATIONS, &json!({"email": "bo@faff.example"})).await;
        assert_eq!(refused.refusal(), (403, "registration_closed"));
        assert_eq!(accept(&app, "bo@faff.example", "").await.refusal(), (403, "registration_closed"));
    }

    async fn closed_registration_lets_nobody_in(engine) {
        for registration in [Registration::Closed, Registration::Invite] {
            let app = TestApp::start_with(engine, |settings| settings.registration = registration).await;
            let body = json!({"name": "Bo", "email": "bo@faff.example", "password": PASSWORD});
            assert_eq!(app.anyone().post(REGISTER, &body).await.refusal(), (403, "registration_closed"));
            let ada = app.set_up("Ada").await;
            assert_eq!(names(&ada.get("/api/users").await), ["Ada"]);
        }
    }

    async fn a_profile_is_its_owners_to_change(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let before = bo.get("/api/auth/me").await.body;
        app.clock.advance(1000);
        for same in [json!({}), json!({"name": "Bo"}), json!({"name": null, "email": "BO@faff.example"})] {
            assert_eq!(bo.put(PROFILE, &same).await.body, before, "nothing was changed by {same}");
        }
        for (body, refused) in [
            (json!({"role": "admin"}), ("role", "unknown")), (json!({"active": false}), ("active", "unknown")),
            (json!({"password": "x"}), ("password", "unknown")), (json!({"name": " "}), ("name", "length")),
            (json!({"name": 7}), ("name", "type")), (json!({"email": ["bo@faff.example"]}), ("email", "type")),
        ] {
            assert_eq!(field(&bo.put(PROFILE, &body).await), refused);
        }
        assert_eq!(bo.get("/api/auth/me").await.body, before);
        let after = bo.put(PROFILE, &json!({"name": " Bo Ek ", "email": "Bo.Ek@faff.example"})).await.body;
        assert_eq!((&after["user"]["name"], &after["user"]["email"]), (&json!("Bo Ek"), &json!("bo.ek@faff.example")));
        assert_ne!(after["user"]["updatedAt"], before["user"]["updatedAt"]);
        assert_eq!(bo.get("/api/auth/me").await.body, after, "the login goes on");
        let old = json!({"email": "bo@faff.example", "password": PASSWORD});
        assert_eq!(app.anyone().post("/api/auth/login", &old).await.status, 401);
        assert_eq!(app.log_in("bo.ek@faff.example").await.id, bo.id);
        app.register("Bo").await;
    }

    async fn a_new_name_is_told_wherever_somebody_is_named_and_by_every_node(engine) {
        let app = TestApp::start(engine).await;
        let node = app.another_node().await;
        let (ada, bo) = (app.set_up("Ada").await, app.register("Bo").await);
        let there = node.log_in(&ada.email).await;
        let task = bo.files("Printer", json!({"assignedToId": bo.id})).await;
        let first = bo.says(&task, "First").await;
        bo.answers(&task, "Second", &first).await;
        let path = format!("/api/tasks/{}", task["id"]);
        let paths = [path.clone(), "/api/tasks".to_owned(), format!("{path}/messages"), format!("{path}/events"),
            format!("/api/messages/{}/thread", first["id"])];
        let told = async |person: &Person| {
            let mut told = Vec::new();
            for path in &paths {
                told.push(person.get(path).await.text);
            }
            told
        };
        let mut before = "Bo".to_owned();
        for round in 0..5 {
            // Those who read meanwhile must not bring the old name back.
            let (name, change) = (format!("Bo {round}"), json!({"name": format!("Bo {round}")}));
            told(&there).await;
            let (changed, ..) = tokio::join!(bo.put(PROFILE, &change), told(&ada), told(&there));
            assert_eq!(changed.status, 200, "{changed:?}");
            let (new, old) = (format!("\"name\":\"{name}\""), format!("\"name\":\"{before}\""));
            let renewed = |told: &[String]| told.iter().all(|text| text.contains(&new) && !text.contains(&old));
            let here = told(&ada).await;
            assert!(renewed(&here), "here at once: {here:#?}");
            let edited = bo.put(&format!("/api/messages/{}", first["id"]), &json!({"content": name})).await;
            let retitled = bo.put(&path, &json!({"title": name})).await;
            assert!(renewed(&[edited.text, retitled.text]), "in answers to changes, too");
            let asked = tokio::time::Instant::now();
            while !renewed(&told(&there).await) {
                assert!(asked.elapsed() < Duration::from_millis(1500), "the old name lives on at another node");
            }
            before = name;
        }
    }

    async fn people_are_listed_for_everyone_and_accounts_for_administrators(engine) {
        let app = TestApp::start(engine).await;
        let ada = app.set_up("Ada").await;
        let bo = app.register("Bo").await;
        for name in ["Cy", "Dee", "50%_off!", "Åsa", "Eve"] {
            let email = format!("{}@faff.example", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
            let body = json!({"name": name, "email": email, "password": PASSWORD});
            assert_eq!(app.anyone().post(REGISTER, &body).await.status, 201);
        }
        let eve = app.log_in("eve@faff.example").await;
        assert_eq!(ada.put(&at(&eve), &json!({"active": false})).await.status, 200);
        let all = bo.get("/api/auth/users").await;
        assert_eq!(names(&all), ["Ada", "Bo", "Cy", "Dee", "50%_off!", "Åsa"], "who is inactive is not offered");
        assert_eq!(keys(&all.body["users"][0]), ["email", "id", "name"]);
        assert_eq!((&all.body["hasMore"], &all.body["nextCursor"]), (&json!(false), &Value::Null));
        for (search, found) in [
            ("c", vec!["Cy"]), ("CY%40FAFF", vec!["Cy"]), ("%25_", vec!["50%_off!"]), ("!", vec!["50%_off!"]),
            ("_", vec!["50%_off!"]), ("%25", vec!["50%_off!"]), ("nobody", vec![]), ("'", vec![]), ("%5C", vec![]),
            ("%C3%85s", vec!["Åsa"]),
            ("%C3%A5SA", vec!["Åsa"]),
        ] {
            assert_eq!(names(&bo.get(&format!("/api/auth/users?search={search}")).await), found, "{search}");
            assert_eq!(names(&ada.get(&format!("/api/users?search={search}")).await), found, "{search}");
        }
        for (person, list, total) in [(&bo, "/api/auth/users", 6), (&ada, "/api/users", 7)] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = person.get(&format!("{list}?limit=2{cursor}")).await;
                seen.extend(names(&page).into_iter().map(ToOwned::to_owned));
                assert_eq!(page.body["hasMore"], json!(!page.body["nextCursor"].is_null()));
                let Some(next) = page.body["nextCursor"].as_str() else { break };
                let elsewhere = person.get(&format!("{list}?search=x&cursor={next}")).await;
                assert_eq!(elsewhere.refusal(), (400, "invalid_cursor"));
                cursor = format!("&cursor={next}");
            }
            assert_eq!(seen.len(), total, "{seen:?}");
        }
        assert_eq!(bo.get("/api/users").await.refusal(), (403, "forbidden"));
        assert_eq!(field(&bo.get(&format!("/api/auth/users?search={}", "x".repeat(201))).await), ("search", "length"));
        let accounts = ada.get("/api/users").await;
        assert_eq!(accounts.body["users"][6]["active"], false);
    }

    async fn accounts_are_administered_by_administrators(engine) {
        let app = TestApp::start(engine).await;
        let (ada, bo) = (app.set_up("Ada").await, app.register("Bo").await);
        assert_eq!(bo.get(&at(&bo)).await.body["user"]["name"], "Bo");
        assert_eq!(ada.get(&at(&bo)).await.body["user"]["name"], "Bo");
        // For others it makes no difference whether an account exists.
        for path in [at(&ada), "/api/users/4711".to_owned()] {
            assert_eq!(bo.get(&path).await.refusal(), (403, "forbidden"));
            assert_eq!(bo.put(&path, &json!({"role": "admin"})).await.refusal(), (403, "forbidden"));
        }
        assert_eq!(bo.put(&at(&bo), &json!({"role": "admin"})).await.refusal(), (403, "forbidden"));
        for (path, answer) in [
            ("/api/users/4711", (404, "not_found")), ("/api/users/0", (400, "invalid_id")),
            ("/api/users/x", (400, "invalid_id")),
        ] {
            assert_eq!(ada.get(path).await.refusal(), answer);
            assert_eq!(ada.put(path, &json!({"active": false})).await.refusal(), answer);
        }
        for (body, refused) in [
            (json!({"role": "root"}), ("role", "choice")), (json!({"role": 1}), ("role", "type")),
            (json!({"active": "yes"}), ("active", "type")), (json!({"name": "Eve"}), ("name", "unknown")),
            (json!({"password": "x"}), ("password", "unknown")),
        ] {
            assert_eq!(field(&ada.put(&at(&bo), &body).await), refused);
        }
        let before = ada.get(&at(&bo)).await.body;
        app.clock.advance(1000);
        for same in [json!({}), json!({"role": "user", "active": true}), json!({"role": null})] {
            assert_eq!(ada.put(&at(&bo), &same).await.body, before, "{same}");
        }
        assert_eq!(bo.get("/api/auth/me").await.status, 200, "nothing was changed, so the login goes on");
    }

    async fn an_administrator_remains_whatever_they_do_to_each_other(engine) {
        let app = TestApp::start(engine).await;
        let mut ada = app.set_up("Ada").await;
        for last in [json!({"role": "user"}), json!({"active": false}), json!({"role": "user", "active": false})] {
            assert_eq!(ada.put(&at(&ada), &last).await.refusal(), (409, "last_administrator"));
        }
        let mut bo = app.register("Bo").await;
        bo = promote(&app, &ada, &bo).await;
        let cy = app.register("Cy").await;
        for round in 0..20 {
            // With a third administrator about in some rounds, who would make it lawful to remove both.
            if round == 10 {
                promote(&app, &ada, &cy).await;
            }
            let change = if round % 2 == 0 { json!({"role": "user"}) } else { json!({"active": false}) };
            let (to_bo, to_ada) = (at(&bo), at(&ada));
            let (one, two) = tokio::join!(ada.put(&to_bo, &change), bo.put(&to_ada, &change));
            let won = [&one, &two].iter().filter(|answer| answer.status == 200).count();
            assert_eq!(won, 1, "round {round}: whoever was removed removes nobody: {one:?} {two:?}");
            let (winner, loser) = if one.status == 200 { (&ada, &bo) } else { (&bo, &ada) };
            let back = winner.put(&at(loser), &json!({"role": "admin", "active": true})).await;
            assert_eq!(back.status, 200, "{back:?}");
            ada = app.log_in(&ada.email).await;
            bo = app.log_in(&bo.email).await;
        }
        // One who is not the last may go.
        assert_eq!(bo.put(&at(&bo), &json!({"role": "user"})).await.body["user"]["role"], "user");
        assert_eq!(bo.get("/api/auth/me").await.status, 401);
    }

    async fn the_set_up_token_makes_one_administrator_once(engine) {
        let app = TestApp::start(engine).await;
        let body = |n: usize, token: &str| json!({"token": token, "name": "Ada",
            "email": format!("ada{n}@faff.example"), "password": PASSWORD});
        let set_up = async |n: usize, token: &str| app.anyone().post("/api/auth/setup", &body(n, token)).await;
        assert_eq!(set_up(0, "").await.refusal(), (403, "forbidden"), "none was issued");
        let token = app.app.set_up().issue(Random).unwrap().reveal().clone();
        assert_eq!(app.app.set_up().issue(Random).unwrap().reveal(), &token, "asked again, it is the same");
        // Two letters in each other's place: both differ from the right ones, by the same bits.
        let mut swapped: Vec<char> = token.chars().collect();
        let other = swapped.iter().position(|letter| *letter != swapped[0]).unwrap();
        swapped.swap(0, other);
        let swapped: String = swapped.into_iter().collect();
        for wrong in ["", "0", &token[1..], &token.to_uppercase().replace(char::is_numeric, "7"), &format!("{token}0"), &swapped] {
            assert_eq!(set_up(0, wrong).await.refusal(), (403, "forbidden"));
        }
        let weak = with(&body(0, &token), &json!({"password": "password"}));
        assert_eq!(field(&app.anyone().post("/api/auth/setup", &weak).await), ("password", "common"));
        assert_eq!(field(&app.anyone().post("/api/auth/setup", &with(&weak, &json!({"role": "admin"}))).await).1, "unknown");
        let mut answers = Vec::new();
        let asking: Vec<_> = (0..8).map(|n| { let (anyone, body) = (app.anyone(), body(n, &token));
            tokio::spawn(async move { anyone.post("/api/auth/setup", &body).await }) }).collect();
        for asked in asking {
            answers.push(asked.await.unwrap());
        }
        let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
        assert_eq!(made.len(), 1, "{answers:?}");
        assert!(refused.iter().all(|answer| [(409, "already_set_up"), (403, "forbidden")].contains(&answer.refusal())));
        let ada = app.person(made[0]);
        assert_eq!(ada.get("/api/users").await.body["users"].as_array().unwrap().len(), 1, "the others made no account");
        assert_eq!(set_up(9, &token).await.refusal(), (403, "forbidden"), "it is used up");
        // Another node's token is void as well, since there is an administrator.
        let node = app.another_node().await;
        let other = node.app.set_up().issue(Random).unwrap().reveal().clone();
        let late = node.anyone().post("/api/auth/setup", &body(9, &other)).await;
        assert_eq!(late.refusal(), (409, "already_set_up"));
    }

    async fn the_settings_can_name_the_first_administrator(engine) {
        let app = TestApp::start(engine).await;
        let password = Secret::new(PASSWORD.to_owned());
        assert!(!people::ensure_administrator(&app.app, None).await.unwrap());
        let weak = Secret::new("password".to_owned());
        assert!(people::ensure_administrator(&app.app, Some(("ada@faff.example", &weak))).await.is_err());
        for email in ["Ada@Faff.example", "ada@faff.example", "other@faff.example"] {
            assert!(people::ensure_administrator(&app.app, Some((email, &password))).await.unwrap());
        }
        let ada = app.log_in("ada@faff.example").await;
        assert_eq!(ada.get("/api/users").await.body["users"].as_array().unwrap().len(), 1);
        // Whoever has registered under the address that the settings name does not become an administrator by it.
        let app = TestApp::start(engine).await;
        let eve = app.register("Eve").await;
        let named = people::ensure_administrator(&app.app, Some((&eve.email, &password))).await;
        assert_eq!(named.unwrap_err().code(), faff_app::http::Code::EmailTaken);
        assert_eq!(eve.get("/api/auth/me").await.body["user"]["role"], "user");
        assert_eq!(eve.send(eve.request(Method::HEAD, "/api/users")).await.status, 403);
    }
}
