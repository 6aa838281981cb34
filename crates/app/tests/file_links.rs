//! Addresses of files that need no login of their own: who gets one, and what ends it.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Answer, Person, TestApp, on_both_engines};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// Posts a message with a picture and a text to a task.
async fn post(person: &Person, task: &Value) -> Value {
    let mut picture = std::io::Cursor::new(Vec::new());
    assert!(image::RgbImage::new(9, 6).write_to(&mut picture, image::ImageFormat::Png).is_ok());
    let form = Form::new()
        .text("taskId", task["id"].to_string())
        .part("files", Part::bytes(picture.into_inner()).file_name("a.png"))
        .part("files", Part::bytes("Secrets".as_bytes()).file_name("salaries.txt"));
    let answer = person.send(person.request(Method::POST, "/api/messages").multipart(form)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["data"].clone()
}

/// Asks for the addresses of a message's files, and returns the answer.
async fn ask(person: &Person, message: &Value) -> Answer {
    let files = message["attachments"].as_array().cloned().unwrap_or_default();
    let ids: Vec<&str> = files.iter().filter_map(|file| file["id"].as_str()).collect();
    let answer = person.get(&format!("/api/attachments/links?ids={}", ids.join(","))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

/// The addresses of a message's files: the picture, its thumbnail, and the text.
async fn links(person: &Person, message: &Value) -> [String; 3] {
    let answer = ask(person, message).await;
    let links = answer.body["links"].as_array().cloned().unwrap_or_default();
    let of = |n: usize| {
        let id = &message["attachments"][n]["id"];
        links.iter().find(|link| link["id"] == *id).cloned().unwrap_or_default()
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    assert_eq!(of(1)["thumbnailUrl"], Value::Null);
    [text(&of(0)["url"]), text(&of(0)["thumbnailUrl"]), text(&of(1)["url"])]
}

on_both_engines! {
    async fn a_signed_address_shows_its_file_without_a_login_for_ten_minutes(engine) {
        let app = TestApp::start(engine).await;
        let (bo, anyone) = (app.register("Bo").await, app.anyone());
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        let message = post(&bo, &task).await;
        let [picture, small, text] = links(&bo, &message).await;
        let shown = anyone.get(&text).await;
        assert_eq!((shown.status, shown.text.as_str()), (200, "Secrets"));
        for (name, value) in [
            ("cross-origin-resource-policy", "cross-origin"), ("cache-control", "private, no-store"),
            ("content-security-policy", "sandbox; default-src 'none'"), ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"), ("content-disposition", "attachment; filename=\"salaries.txt\""),
        ] {
            assert_eq!(shown.header(name), value);
        }
        let by_login = bo.get(message["attachments"][1]["url"].as_str().unwrap_or_default()).await;
        assert_eq!(by_login.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(anyone.get(&picture).await.header("content-type"), "image/png");
        assert_eq!(anyone.get(&small).await.header("content-disposition"), "inline");
        let part = anyone.send(anyone.request(Method::GET, &text).header("range", "bytes=0-2")).await;
        assert_eq!((part.status, part.text.as_str()), (206, "Sec"));

        // It is good for one file, and for nothing but reading it.
        let (path, pass) = text.split_once('?').unwrap_or_default();
        let (other, _) = picture.split_once('?').unwrap_or_default();
        let (small, _) = small.split_once('?').unwrap_or_default();
        let changed = format!("{path}?{}A", &pass[..pass.len() - 1]);
        let moved = format!("{path}?pass=B{}", &pass["pass=A".len()..]);
        let twice = format!("{text}&{pass}");
        for address in [
            format!("{other}?{pass}"), format!("{small}?{pass}"), changed, moved, path.to_owned(), format!("{path}?pass="),
            format!("{path}?pass={}", "A".repeat(5000)), format!("/api/auth/me?{pass}"), format!("/api/tasks?{pass}"),
        ] {
            if address != text {
                assert_eq!(anyone.get(&address).await.refusal(), (401, "unauthenticated"), "{address}");
            }
        }
        assert_eq!(anyone.get(&twice).await.status, 400, "nobody knows which of two counts");
        assert_eq!(anyone.send(anyone.request(Method::DELETE, &text)).await.status, 405);
        // Whoever has a login, and an address of somebody else, is who the address is of.
        assert_eq!(app.register("Eve").await.get(&text).await.status, 200);

        app.clock.advance(10 * 60 * 1000 - 1);
        assert_eq!(anyone.get(&text).await.status, 200);
        app.clock.advance(1);
        assert_eq!(anyone.get(&text).await.refusal(), (401, "unauthenticated"));
        let second = app.another_node().await;
        let [_, _, text] = links(&bo, &message).await;
        assert_eq!(second.anyone().get(&text).await.status, 200, "nodes know each other's");
    }

    async fn a_signed_address_dies_with_the_login_and_with_the_right_to_read(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let anyone = app.anyone();
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        let message = post(bo, &task).await;
        assert_eq!(ask(eve, &message).await.body, json!({"links": []}), "what is not hers has none");

        let participant = format!("/api/tasks/{}/participants/{}", task["id"], cy.id);
        bo.send(bo.request(Method::PUT, &participant)).await;
        let [_, small, text] = links(cy, &message).await;
        assert_eq!(anyone.get(&text).await.status, 200);
        bo.delete(&participant).await;
        assert_eq!(anyone.get(&text).await.refusal(), (404, "not_found"));
        assert_eq!(anyone.get(&small).await.refusal(), (404, "not_found"));
        bo.send(bo.request(Method::PUT, &participant)).await;
        assert_eq!(anyone.get(&text).await.status, 200);

        let second = app.log_in(&cy.email).await;
        let [_, _, of_second] = links(&second, &message).await;
        assert_eq!(second.post("/api/auth/logout", &json!({})).await.status, 204);
        assert_eq!(anyone.get(&of_second).await.refusal(), (401, "unauthenticated"));
        assert_eq!(anyone.get(&text).await.status, 200, "that of another login goes on");
        ada.put(&format!("/api/users/{}", cy.id), &json!({"active": false})).await;
        assert_eq!(anyone.get(&text).await.refusal(), (401, "unauthenticated"));

        let [picture, _, text] = links(bo, &message).await;
        let first = json!({"attachmentId": message["attachments"][1]["id"]});
        let removed = bo.request(Method::DELETE, &format!("/api/messages/{}/attachment", message["id"]));
        assert_eq!(bo.send(removed.json(&first)).await.status, 200);
        assert_eq!(anyone.get(&text).await.refusal(), (404, "not_found"));
        assert_eq!(anyone.get(&picture).await.status, 200);
        assert_eq!(ada.delete(&format!("/api/tasks/{}", task["id"])).await.status, 204);
        assert_eq!(anyone.get(&picture).await.refusal(), (404, "not_found"));
    }

    async fn addresses_are_asked_for_by_the_ids_of_files_a_hundred_at_most(engine) {
        let app = TestApp::start_with(engine, |settings| {
            settings.api_base_url = Some("https://desk.example".to_owned());
            settings.rate_anonymous = faff_app::Rate(Some((3, std::time::Duration::from_mins(1))));
        }).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let message = post(&bo, &task).await;
        let [picture, ..] = links(&bo, &message).await;
        assert!(picture.starts_with("https://desk.example/uploads/messages/"), "{picture}");
        let id = message["attachments"][0]["id"].as_str().unwrap_or_default();
        let unknown = "00000000-0000-4000-8000-000000000000";
        let both = bo.get(&format!("/api/attachments/links?ids={unknown},{id},{id}")).await;
        assert_eq!(both.body["links"].as_array().map(Vec::len), Some(1), "{both:?}");
        let hundred = vec![id; 100].join(",");
        assert_eq!(bo.get(&format!("/api/attachments/links?ids={hundred}")).await.status, 200);
        for (query, code) in [
            (format!("?ids={hundred},{id}"), "length"), ("?ids=".to_owned(), "format"), ("?ids=7".to_owned(), "format"),
            ("?ids=%00".to_owned(), "format"),
        ] {
            assert_eq!(bo.get(&format!("/api/attachments/links{query}")).await.fields(), [("ids", code)], "{query}");
        }
        assert_eq!(bo.get("/api/attachments/links").await.status, 400);
        // Guessing passes is limited like guessing anything.
        let guess = format!("/uploads/messages/{}?pass=AAAA", message["attachments"][0]["filename"].as_str().unwrap_or_default());
        let mut statuses = Vec::new();
        for _ in 0..4 {
            statuses.push(app.anyone().get(&guess).await.status);
        }
        assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    }
}
