//! Who may do what: every route for everybody, and private tickets that exist nowhere for strangers.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;

use faff_testkit::{Client, Dice, PASSWORD, Person, TestApp, World, on_both_engines};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// What a request is about: a private ticket, and what is in it.
struct Ticket {
    task: Value,
    /// The author's, and the member's answer to it.
    message: Value,
    answer: Value,
    /// A file of the author's message.
    file: Value,
    /// A review of the author's message, which the member has asked for.
    review: Value,
    /// That the author was answered, as their inbox tells it.
    entry: Value,
    /// A view of the author's, where one is needed.
    view: Value,
}

/// A private ticket of bo's, with cy as participant and whoever was deactivated since.
async fn private_ticket(world: &World, former: i64) -> Ticket {
    let (bo, cy) = (&world.bo, &world.cy);
    let task = bo.files("Salaries", json!({"visibility": "private"})).await;
    for id in [cy.id, former] {
        let path = format!("/api/tasks/{}/participants/{id}", task["id"]);
        bo.send(bo.request(Method::PUT, &path)).await;
    }
    let form = form(&task["id"]).text("content", "Everybody earns too little");
    let message =
        bo.send(bo.request(Method::POST, "/api/messages").multipart(form)).await.body["data"].clone();
    let file = message["attachments"][0].clone();
    let answer = cy.answers(&task, "Indeed", &message).await;
    let review = cy.post("/api/qa", &json!({"messageId": message["id"]})).await.body["review"].clone();
    let entry = bo.get("/api/inbox?limit=1").await.body["entries"][0].clone();
    Ticket { task, message, answer, file, review, entry, view: Value::Null }
}

/// A file for a task.
fn form(task: &Value) -> Form {
    let file = Part::bytes(b"Secrets".to_vec()).file_name("salaries.txt");
    Form::new().text("taskId", task.to_string()).part("files", file)
}

/// A well-formed request for a route, by whoever has this number, about the ticket and the author's account.
fn sample(
    method: &str,
    route: &str,
    ticket: &Ticket,
    world: &World,
    caller: usize,
) -> Option<(String, Option<Value>)> {
    let (task, message, bo) = (&ticket.task["id"], &ticket.message["id"], world.bo.id);
    let account = |name: &str| json!({"name": name, "email": format!("{name}-{caller}@faff.example"), "password": PASSWORD});
    let body = match (method, route) {
        ("POST", "/api/auth/register") => Some(account("new")),
        ("POST", "/api/auth/setup") => {
            let mut body = account("first");
            body["token"] = json!("0123456789abcdef0123456789abcdef");
            Some(body)
        }
        ("POST", "/api/auth/login") => Some(json!({"email": world.bo.email, "password": PASSWORD})),
        ("PUT", "/api/auth/profile") => Some(json!({"name": "Other"})),
        ("PUT", "/api/auth/password") => {
            Some(json!({"currentPassword": PASSWORD, "newPassword": "printer is out 8"}))
        }
        ("PUT", "/api/users/{id}") => Some(json!({"active": true})),
        ("POST", "/api/users/invitations") => Some(json!({"email": "invited@faff.example"})),
        ("POST", "/api/tasks") => Some(json!({"title": "x", "description": "x"})),
        ("PUT", "/api/tasks/{id}") => Some(json!({"title": "Wages"})),
        ("PUT", "/api/tasks/{id}/read") => Some(json!({"seq": 1})),
        ("PUT", "/api/inbox/{id}") => Some(json!({"done": true})),
        ("POST", "/api/inbox/read-all") => Some(json!({})),
        ("POST", "/api/views") => Some(json!({"name": "x", "query": "status=open"})),
        ("PUT", "/api/views/{id}") => Some(json!({"name": "y"})),
        ("POST", "/api/tasks/{id}/messages") | ("PUT", "/api/qa/guidance") => Some(json!({"content": "x"})),
        ("POST", "/api/messages") => Some(json!({"content": "x", "taskId": task})),
        ("POST", "/api/attachments/upload") => Some(task.clone()),
        ("POST", "/api/summaries") => Some(json!({"taskId": task, "content": "x"})),
        ("POST", "/api/qa") => Some(json!({"messageId": message})),
        ("PUT", "/api/qa/{id}") => Some(json!({"status": "approved"})),
        ("DELETE", "/api/messages/{id}/attachment") => Some(json!({"attachmentId": ticket.file["id"]})),
        ("PUT", "/api/messages/{id}") => Some(json!({"content": "Edited"})),
        (
            "GET",
            "/health"
            | "/health/live"
            | "/health/ready"
            | "/metrics"
            | "/api/meta"
            | "/api/auth/me"
            | "/api/auth/users"
            | "/api/users"
            | "/api/audit"
            | "/api/admin/status"
            | "/api/inbox"
            | "/api/reading"
            | "/api/views"
            | "/api/search"
            | "/api/tasks/{id}/read"
            | "/api/users/{id}"
            | "/uploads/messages/{filename}"
            | "/api/attachments/links"
            | "/api/tasks"
            | "/api/tasks/{id}"
            | "/api/tasks/{id}/events"
            | "/api/tasks/{id}/participants"
            | "/api/tasks/{id}/messages"
            | "/api/messages/task/{taskId}"
            | "/api/messages/{id}/thread"
            | "/api/messages/thread/{id}"
            | "/api/summaries/task/{taskId}"
            | "/api/qa"
            | "/api/qa/guidance"
            | "/api/qa/task/{taskId}"
            | "/api/qa/{id}",
        )
        | ("POST", "/api/summaries/generate/{taskId}" | "/api/auth/logout")
        | ("PUT" | "DELETE", "/api/tasks/{id}/participants/{userId}")
        | ("DELETE", "/api/tasks/{id}" | "/api/messages/{id}" | "/api/views/{id}") => None,
        _ => return None,
    };
    let id = if route.starts_with("/api/tasks") {
        task.clone()
    } else if route.starts_with("/api/users") {
        json!(bo)
    } else if route.starts_with("/api/qa") {
        ticket.review["id"].clone()
    } else if route.starts_with("/api/inbox") {
        ticket.entry["id"].clone()
    } else if route.starts_with("/api/views") {
        ticket.view.clone()
    } else {
        message.clone()
    };
    if route == "/api/attachments/links" {
        return Some((format!("{route}?ids={}", ticket.file["id"].as_str()?), None));
    }
    // The participant who is let in or taken out is the member.
    let path = route
        .replace("{id}", &id.to_string())
        .replace("{filename}", ticket.file["filename"].as_str().unwrap_or_default())
        .replace("{taskId}", &task.to_string())
        .replace("{userId}", &world.cy.id.to_string());
    let path = match route {
        "/api/reading" => format!("{path}?taskIds={task}"),
        "/api/search" => format!("{path}?q=salaries"),
        _ => path,
    };
    Some((path, body))
}

async fn send(client: &Client, method: &str, path: &str, body: Option<&Value>) -> u16 {
    let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
    let request = client.request(method, path);
    let request = match body {
        Some(task) if path.ends_with("/upload") => request.multipart(form(task)),
        Some(body) => request.json(body),
        None => request,
    };
    client.send(request).await.status
}

/// The routes of the document, each with its method.
fn routes(app: &TestApp) -> Vec<(String, String)> {
    let (_, document) = faff_app::build(&app.app);
    let document: Value = document.to_json().ok().and_then(|json| json.parse().ok()).unwrap_or_default();
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let methods = |(path, item): (String, Value)| {
        let methods: Vec<String> =
            item.as_object().into_iter().flatten().map(|(method, _)| method.to_uppercase()).collect();
        methods.into_iter().map(move |method| (path.clone(), method))
    };
    let mut routes: Vec<_> = paths.into_iter().flat_map(methods).collect();
    routes.sort();
    routes
}

on_both_engines! {
    async fn every_route_answers_everybody_as_the_access_matrix_says(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let former = app.register("Fay").await;
        let mut ticket = private_ticket(&world, former.id).await;
        world.ada.put(&format!("/api/users/{}", former.id), &json!({"active": false})).await;
        let routes = routes(&app);
        assert!(routes.len() > 20);
        // Views of the author's, one to try for each.
        let views = async || {
            for view in world.bo.get("/api/views?limit=100").await.body["views"].as_array().into_iter().flatten() {
                world.bo.delete(&format!("/api/views/{}", view["id"])).await;
            }
            let mut ids = Vec::new();
            for _ in 0..6 {
                let saved = world.bo.post("/api/views", &json!({"name": "x", "query": ""})).await;
                ids.push(saved.body["view"]["id"].clone());
            }
            ids
        };
        let mut table = format!("{:<50} nobody stranger member author admin deactivated\n", "");
        for (route, method) in &routes {
            let mut statuses = Vec::new();
            let views = if route == "/api/views/{id}" { views().await } else { Vec::new() };
            for caller in 0..6 {
                if method != "GET" && route.contains("{id}") || route == "/api/messages" {
                    ticket = private_ticket(&world, former.id).await;
                }
                // Logins of their own: some of these requests end them.
                let client: Client = match caller {
                    0 => app.anyone(),
                    5 => (*former).clone(),
                    n => {
                        let person = [&world.eve, &world.cy, &world.bo, &world.ada][n - 1];
                        (*if route.ends_with("logout") { app.log_in(&person.email).await } else { person.clone() }).clone()
                    }
                };
                ticket.view = views.get(caller).cloned().unwrap_or_default();
                let Some((path, body)) = sample(method, route, &ticket, &world, caller) else {
                    panic!("{method} {route} has no sample request: write one, and look at its row of the access matrix");
                };
                statuses.push(send(&client, method, &path, body.as_ref()).await);
            }
            let [nobody, stranger, member, author, admin, former] = statuses[..] else { unreachable!() };
            let name = format!("{method:<6} {route}");
            let row = writeln!(table, "{name:<50} {nobody:<6} {stranger:<8} {member:<6} {author:<6} {admin:<5} {former}");
            assert!(row.is_ok());
            if route.contains("{id}") && !route.starts_with("/api/users") || route.contains("{taskId}") || route == "/api/messages" {
                assert_eq!((nobody, stranger, former), (401, 404, 401), "{name} tells of what is private");
            }
        }
        insta::assert_snapshot!("access_matrix", table);
    }

    async fn a_private_ticket_exists_in_no_list_no_count_and_no_answer_for_a_stranger(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let Ticket { task, message, answer, .. } = private_ticket(&world, cy.id).await;
        let hers = eve.files("Her own", json!({})).await;
        let secret = |person: &Person| {
            let (person, task) = (person.clone(), task.clone());
            async move {
                let mut seen = Vec::new();
                for query in [
                    "limit=100", "page=1", "search=salaries", "search=everybody%20earns", "visibility=private", "tag=none&status=open",
                    "createdById=2", "assigneeId=none", "assigneeId=3", "sort=-priority", "sort=updatedAt", "status=open",
                ] {
                    let list = person.get(&format!("/api/tasks?{query}")).await;
                    let there = list.ids("tasks").contains(&task["id"].as_i64().unwrap_or_default());
                    if query == "page=1" {
                        assert_eq!(list.body["totalCount"], list.ids("tasks").len(), "counts tell no more than lists");
                    }
                    if there {
                        seen.push(query);
                    }
                }
                let one = person.get(&format!("/api/tasks/{}", task["id"])).await;
                assert_eq!(one.status, if seen.is_empty() { 404 } else { 200 });
                seen.len()
            }
        };
        assert_eq!(secret(eve).await, 0);
        for person in [ada, bo, cy] {
            assert_eq!(secret(person).await, 10, "{}", person.name);
        }
        // Nothing tells it from a ticket that does not exist.
        for (path, nowhere) in [
            (format!("/api/tasks/{}", task["id"]), "/api/tasks/999"),
            (format!("/api/tasks/{}/messages?around={}", task["id"], message["id"]), "/api/tasks/999/messages?around=999"),
            (format!("/api/messages/{}/thread", answer["id"]), "/api/messages/999/thread"),
        ] {
            let (mut there, mut not) = (eve.get(&path).await.body, eve.get(nowhere).await.body);
            (there["requestId"], not["requestId"]) = (Value::Null, Value::Null);
            assert_eq!(there, not);
        }
        let mut refusals = Vec::new();
        for id in [&message["id"], &json!(999)] {
            let answer = eve.post(&format!("/api/tasks/{}/messages", hers["id"]), &json!({"content": "x", "replyToId": id})).await;
            let edit = eve.put(&format!("/api/messages/{id}"), &json!({"content": "x"})).await;
            let delete = eve.delete(&format!("/api/messages/{id}")).await;
            let around = eve.get(&format!("/api/tasks/{}/messages?around={id}", hers["id"])).await;
            refusals.push([answer, edit, delete, around].map(|mut answer| {
                answer.body["requestId"] = Value::Null;
                answer.body
            }));
        }
        assert_eq!(refusals[0], refusals[1]);

        // It comes and goes with the right to see it.
        let path = format!("/api/tasks/{}", task["id"]);
        let participant = format!("{path}/participants/{}", eve.id);
        bo.send(bo.request(Method::PUT, &participant)).await;
        assert_eq!(secret(eve).await, 10);
        bo.delete(&participant).await;
        assert_eq!(secret(eve).await, 0);
        for (there, change) in [
            (9, json!({"assignedToId": eve.id})), (0, json!({"assignedToId": null})),
            (9, json!({"visibility": "team"})), (0, json!({"visibility": "private"})),
        ] {
            assert_eq!(bo.put(&path, &change).await.status, 200);
            assert_eq!(secret(eve).await, there, "{change}");
        }
        // The role counts that the account has now, not the one in a token.
        ada.put(&format!("/api/users/{}", eve.id), &json!({"role": "admin"})).await;
        let eve = app.log_in(&eve.email).await;
        assert_eq!(secret(&eve).await, 10);
        ada.put(&format!("/api/users/{}", eve.id), &json!({"role": "user"})).await;
        assert_eq!(secret(&app.log_in(&eve.email).await).await, 0);
    }

    async fn what_a_list_holds_is_what_can_be_read_and_written(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let people = [&world.ada, &world.bo, &world.cy, &world.eve];
        let mut dice = Dice::new(5);
        let mut tasks = Vec::new();
        for n in 0..15 {
            let creator = dice.pick(&people);
            let assignee = dice.pick(&[None, Some(world.bo.id), Some(world.cy.id), Some(world.eve.id)]);
            let visibility = dice.pick(&["team", "private", "private"]);
            let task = creator.files(&format!("Task {n}"), json!({"assignedToId": assignee, "visibility": visibility})).await;
            let mut sees: Vec<i64> = [Some(world.ada.id), Some(creator.id), assignee].into_iter().flatten().collect();
            for person in people {
                if dice.below(4) == 0 {
                    let path = format!("/api/tasks/{}/participants/{}", task["id"], person.id);
                    assert_eq!(send(creator, "PUT", &path, None).await, 204);
                    sees.push(person.id);
                    if dice.below(3) == 0 {
                        assert_eq!(send(creator, "DELETE", &path, None).await, 204);
                        sees.pop();
                    }
                }
            }
            tasks.push((task["id"].as_i64().unwrap_or_default(), visibility == "team", sees));
        }
        for person in people {
            let listed = person.get("/api/tasks?limit=100&sort=createdAt").await.ids("tasks");
            let sees: Vec<i64> = tasks.iter()
                .filter(|(_, team, sees)| *team || sees.contains(&person.id)).map(|(id, ..)| *id).collect();
            assert_eq!(listed, sees, "{}", person.name);
            for (id, ..) in &tasks {
                let there = sees.contains(id);
                let task = format!("/api/tasks/{id}");
                let read = if there { 200 } else { 404 };
                for path in ["", "/events", "/participants", "/messages", "/messages?page=1", "/messages?before=latest"] {
                    assert_eq!(send(person, "GET", &format!("{task}{path}"), None).await, read, "{} {task}{path}", person.name);
                }
                let posted = send(person, "POST", &format!("{task}/messages"), Some(&json!({"content": "x"}))).await;
                assert_eq!(posted, if there { 201 } else { 404 }, "{} {task}", person.name);
                let changed = send(person, "PUT", &task, Some(&json!({"title": person.name}))).await;
                assert_eq!(changed, read, "{} {task}", person.name);
            }
        }
    }

    async fn a_former_colleague_is_nobody_from_now_on_and_all_else_stays(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy) = (&world.ada, &world.bo, &world.cy);
        let Ticket { task, message, answer, .. } = private_ticket(&world, cy.id).await;
        let second = app.log_in(&cy.email).await;
        ada.put(&format!("/api/users/{}", cy.id), &json!({"active": false})).await;
        for login in [cy, &second] {
            assert_eq!(login.get("/api/tasks").await.refusal(), (401, "unauthenticated"));
            assert_eq!(login.put(&format!("/api/messages/{}", answer["id"]), &json!({"content": "x"})).await.status, 401);
        }
        let list = bo.get(&format!("/api/tasks/{}/messages", task["id"])).await;
        assert_eq!(list.ids("messages"), [message["id"].as_i64(), answer["id"].as_i64()].map(Option::unwrap_or_default));
        assert_eq!(list.body["messages"][1]["sender"]["name"], "Cy");
        ada.put(&format!("/api/users/{}", cy.id), &json!({"active": true})).await;
        assert_eq!(cy.get("/api/tasks").await.status, 401, "the old logins stay over");
        assert_eq!(app.log_in(&cy.email).await.get(&format!("/api/tasks/{}", task["id"])).await.status, 200);
    }
}
