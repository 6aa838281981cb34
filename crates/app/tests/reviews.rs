//! Reviews: asked for, analysed by a machine, decided by people, and gone with what they are about.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_app::features::tasks::Priority;
use faff_testkit::{Answer, Does, FakeModel, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

async fn request(person: &Person, message: &Value) -> Answer {
    person.post("/api/qa", &json!({"messageId": message["id"]})).await
}

/// A review that was opened now.
async fn opened(person: &Person, message: &Value) -> Value {
    let answer = request(person, message).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["review"].clone()
}

async fn decide(person: &Person, review: &Value, decision: Value) -> Answer {
    person.put(&format!("/api/qa/{}", review["id"]), &decision).await
}

async fn show(person: &Person, review: &Value) -> Value {
    let answer = person.get(&format!("/api/qa/{}", review["id"])).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["review"].clone()
}

/// The kinds of events of a task, from its third on.
async fn kinds(person: &Person, task: &Value) -> Vec<String> {
    let events = person.get(&format!("/api/tasks/{}/events?limit=100&after=2", task["id"])).await;
    let events = events.body["events"].as_array().cloned().unwrap();
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

/// What a model says of a message.
fn says(verdict: &str, more: &Value) -> Does {
    let mut said = json!({
        "verdict": verdict, "feedback": "", "appropriateness": "appropriate", "sentiment": "neutral",
        "escalate": false, "accuracy": "unverified", "compliance": [], "evidence": [],
    });
    said.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    Does::Says(said)
}

async fn with_model(engine: faff_testkit::Engine, priority: Option<Priority>) -> (TestApp, FakeModel) {
    let model = FakeModel::start().await;
    let openai = model.settings();
    let app = TestApp::start_with(engine, |settings| {
        settings.openai = Some(openai);
        settings.escalation_priority = priority;
    });
    (app.await, model)
}

on_both_engines! {
    async fn a_machine_says_what_it_thinks_and_a_person_decides(engine) {
        let (app, model) = with_model(engine, None).await;
        let world = app.world().await;
        let (bo, cy, ada) = (&world.bo, &world.cy, &world.ada);
        let task = bo.files("Refund", json!({})).await;
        let text = "Sure 🔥, my card is 4111 1111 1111 1111, idiot.";
        let message = bo.says(&task, text).await;
        let review = opened(cy, &message).await;
        assert_eq!(
            (&review["messageId"], &review["taskId"], &review["requestedById"], &review["requestedBy"]["name"]),
            (&message["id"], &task["id"], &json!(cy.id), &json!("Cy"))
        );
        assert_eq!((&review["status"], &review["analysis"], &review["usedAI"]), (&json!("pending"), &Value::Null, &json!(false)));
        assert_eq!(review["job"], json!({"state": "waiting", "code": null}));
        let again = request(bo, &message).await;
        assert_eq!((again.status, &again.body["review"]["id"]), (200, &review["id"]), "one is open");
        assert_eq!(decide(cy, &review, json!({"useAI": true})).await.refusal(), (409, "analysis_missing"));

        model.does(says("reject", &json!({
            "feedback": "Leave out the **card**.", "appropriateness": "inappropriate",
            "compliance": [{"kind": "card", "quote": "4111 1111 1111 1111"}, {"kind": "card", "quote": "not there"}],
            "evidence": [{"kind": "insult", "quote": "idiot"}],
        })));
        assert_eq!(app.work().await, 1);
        let analysed = show(cy, &review).await;
        let analysis = &analysed["analysis"];
        assert_eq!((&analysed["status"], &analysed["job"], &analysed["outdated"]), (&json!("pending"), &Value::Null, &json!(false)));
        assert_eq!(
            (&analysis["verdict"], &analysis["source"], &analysis["model"], &analysis["feedback"]),
            (&json!("reject"), &json!("ai"), &json!("a-model"), &json!("Leave out the **card**."))
        );
        // As JavaScript slices: in UTF-16 code units.
        let units: Vec<u16> = text.encode_utf16().collect();
        for (list, quote) in [("compliance", "4111 1111 1111 1111"), ("evidence", "idiot")] {
            let quotes = analysis[list].as_array().unwrap();
            assert_eq!((quotes.len(), quotes[0]["quote"].as_str()), (1, Some(quote)));
            let at = |end: &str| usize::try_from(quotes[0][end].as_i64().unwrap()).unwrap();
            assert_eq!(String::from_utf16(&units[at("start")..at("end")]).unwrap(), quote);
        }
        for (person, decision, refusal) in [
            (bo, json!({"status": "approved"}), (403, "forbidden")),
            (cy, json!({"status": "rejected"}), (400, "validation_failed")),
            (cy, json!({"status": "rejected", "feedback": "  "}), (400, "validation_failed")),
            (cy, json!({"status": "maybe"}), (400, "validation_failed")),
            (cy, json!({}), (400, "validation_failed")),
            (cy, json!({"useAI": false}), (400, "validation_failed")),
            (cy, json!({"status": "approved", "useAI": true}), (400, "validation_failed")),
            (cy, json!({"status": "pending", "useAI": true}), (400, "validation_failed")),
            (cy, json!({"status": "approved", "feedback": "x".repeat(5001)}), (400, "validation_failed")),
            (cy, json!({"status": "approved", "verdict": "approve"}), (400, "validation_failed")),
        ] {
            assert_eq!(decide(person, &review, decision.clone()).await.refusal(), refusal, "{decision}");
        }
        let decided = decide(cy, &review, json!({"useAI": true})).await.body["review"].clone();
        assert_eq!(
            (&decided["status"], &decided["usedAI"], &decided["feedback"], &decided["reviewer"]["name"]),
            (&json!("rejected"), &json!(true), &json!("Leave out the **card**."), &json!("Cy"))
        );
        assert!(decided["feedbackHtml"].as_str().unwrap().contains("<strong>card</strong>"));
        assert_eq!(decide(cy, &review, json!({"status": "rejected", "useAI": true})).await.status, 200, "the same again is no other");
        let late = decide(ada, &review, json!({"status": "approved"})).await;
        assert_eq!(late.refusal(), (409, "review_decided"));

        // Undone by who decided, decided anew by somebody else.
        assert_eq!(decide(bo, &review, json!({"status": "pending"})).await.refusal(), (403, "forbidden"));
        let reopened = decide(cy, &review, json!({"status": "pending"})).await.body["review"].clone();
        assert_eq!((&reopened["status"], &reopened["feedback"], &reopened["reviewerId"]), (&json!("pending"), &Value::Null, &Value::Null));
        let own = decide(ada, &review, json!({"status": "approved", "feedback": "It is a *test* card."})).await;
        assert_eq!((&own.body["review"]["status"], &own.body["review"]["usedAI"]), (&json!("approved"), &json!(false)));
        assert_eq!(own.body["review"]["analysis"]["verdict"], "reject", "what the machine thinks stays");
        assert_eq!(kinds(bo, &task).await, [
            "review_requested", "review_analysed", "review_decided", "review_reopened", "review_decided",
        ]);
        let audit = ada.get(&format!("/api/audit?taskId={}&kind=review_decided", task["id"])).await;
        let decisions: Vec<_> = audit.body["events"].as_array().unwrap().iter().map(|event| event["data"].clone()).collect();
        assert_eq!(decisions, [
            json!({"reviewId": review["id"], "status": "approved", "usedAI": false}),
            json!({"reviewId": review["id"], "status": "rejected", "usedAI": true}),
        ]);
        assert!(!audit.text.contains("test* card") && !audit.text.contains("Leave out"), "the log holds no words");

        // Of a decided one, a new one may be asked for; the old one cannot be taken back beside it.
        let second = opened(bo, &message).await;
        assert_ne!(second["id"], review["id"]);
        assert_eq!(decide(ada, &review, json!({"status": "pending"})).await.refusal(), (409, "review_open"));
    }

    async fn an_edit_makes_an_analysis_one_of_an_older_text(engine) {
        let (app, model) = with_model(engine, None).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Refund", json!({})).await;
        let message = bo.says(&task, "First text").await;
        let review = opened(cy, &message).await;
        app.work().await;
        assert_eq!(show(cy, &review).await["analysis"]["evidence"][0]["quote"], "First");
        let path = format!("/api/messages/{}", message["id"]);
        bo.put(&path, &json!({"content": "First text"})).await;
        assert_eq!(show(cy, &review).await["outdated"], false, "nothing was changed");
        bo.put(&path, &json!({"content": "Second text"})).await;
        bo.put(&path, &json!({"content": "Third text"})).await;
        assert_eq!(show(cy, &review).await["outdated"], true);
        assert_eq!(decide(cy, &review, json!({"useAI": true})).await.refusal(), (409, "analysis_outdated"));
        let again = request(bo, &message).await;
        assert_eq!((again.status, &again.body["review"]["job"]["state"]), (200, &json!("waiting")), "asked again, it is analysed again");
        assert_eq!(app.work().await, 1);
        let shown = show(cy, &review).await;
        assert_eq!((&shown["outdated"], &shown["analysis"]["evidence"][0]["quote"]), (&json!(false), &json!("Third")));

        // An edit while the machine looks: what it has seen is not kept.
        bo.put(&path, &json!({"content": "Fourth text"})).await;
        request(bo, &message).await;
        let before = model.asked().len();
        model.next([Does::IsSlow(std::time::Duration::from_millis(400))]);
        let working = app.work();
        let editing = async {
            while model.asked().len() == before {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            assert_eq!(bo.put(&path, &json!({"content": "Fifth text"})).await.status, 200);
        };
        tokio::join!(working, editing);
        let shown = show(cy, &review).await;
        assert_eq!((&shown["outdated"], &shown["analysis"]["evidence"][0]["quote"]), (&json!(false), &json!("Fifth")));
        assert_eq!(model.asked().len(), before + 2);
    }

    async fn of_many_who_decide_at_once_one_does(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Refund", json!({})).await;
        let message = world.bo.says(&task, "Done").await;
        let review = opened(&world.bo, &message).await;
        let mut deciding = tokio::task::JoinSet::new();
        for n in 0..12 {
            let person = [&world.ada, &world.cy, &world.eve][n % 3].clone();
            let review = review.clone();
            let decision = if n % 2 == 0 {
                json!({"status": "approved", "feedback": n.to_string()})
            } else {
                json!({"status": "rejected", "feedback": n.to_string()})
            };
            deciding.spawn(async move { (n, decide(&person, &review, decision).await) });
        }
        let (mut won, mut lost) = (Vec::new(), 0);
        while let Some(Ok((n, answer))) = deciding.join_next().await {
            if answer.status == 200 {
                won.push((n, answer.body["review"].clone()));
            } else {
                assert_eq!(answer.refusal(), (409, "review_decided"));
                lost += 1;
            }
        }
        assert_eq!((won.len(), lost), (1, 11));
        let (n, mut decided) = won.remove(0);
        assert_eq!(decided["feedback"], n.to_string());
        let shown = show(&world.bo, &review).await;
        decided["job"] = shown["job"].clone();
        assert_eq!(shown, decided);
        assert_eq!(kinds(&world.bo, &task).await, ["review_requested", "review_decided"]);
    }

    async fn who_asks_at_once_for_a_review_asks_for_one(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Refund", json!({})).await;
        let message = world.bo.says(&task, "Done").await;
        let mut asking = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (person, message) = ([&world.bo, &world.cy][n % 2].clone(), message.clone());
            asking.spawn(async move { request(&person, &message).await });
        }
        let mut statuses = Vec::new();
        while let Some(Ok(answer)) = asking.join_next().await {
            statuses.push(answer.status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
        assert_eq!(app.work().await, 1);
        assert_eq!(kinds(&world.bo, &task).await, ["review_requested", "review_analysed"]);
        let list = world.bo.get(&format!("/api/qa/task/{}", task["id"])).await;
        assert_eq!(list.ids("reviews").len(), 1);
    }

    async fn what_must_be_looked_at_soon_is_told_and_raised_once(engine) {
        let (app, model) = with_model(engine, Some(Priority::High)).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Refund", json!({"priority": "low"})).await;
        let message = bo.says(&task, "I shall sue you").await;
        let mut live = cy.watch(&task).await;
        let review = opened(cy, &message).await;
        model.does(says("reject", &json!({"escalate": true, "sentiment": "negative"})));
        assert_eq!(app.work().await, 1);
        assert_eq!(kinds(bo, &task).await, ["review_requested", "review_analysed", "review_escalated", "task_changed"]);
        let now = bo.get(&format!("/api/tasks/{}", task["id"])).await.body["task"].clone();
        assert_eq!((&now["priority"], &now["version"]), (&json!("high"), &json!(2)));
        let events = bo.get(&format!("/api/tasks/{}/events?after=5", task["id"])).await;
        let raised = &events.body["events"][0];
        assert_eq!((&raised["actorId"], &raised["data"]["changes"]), (&Value::Null, &json!([{"field": "priority", "from": "low", "to": "high"}])));
        let told = [live.next("review_updated").await, live.next("review_updated").await, live.next("review_updated").await];
        assert_eq!(told.each_ref().map(|told| told["eventSeq"].as_i64().unwrap()), [3, 4, 5]);
        assert_eq!(told[2]["analysis"]["escalate"], true);
        assert_eq!(live.next("task_changed").await["priority"], "high");
        // A rejection that the machine does not explain is explained all the same.
        let decided = decide(cy, &review, json!({"useAI": true})).await;
        assert!(!decided.body["review"]["feedback"].as_str().unwrap().is_empty());

        // Looked at again, it is no news; and what is urgent is not lowered.
        decide(cy, &review, json!({"status": "pending"})).await;
        bo.put(&format!("/api/tasks/{}", task["id"]), &json!({"priority": "urgent"})).await;
        bo.put(&format!("/api/messages/{}", message["id"]), &json!({"content": "I shall sue you all"})).await;
        assert_eq!(request(cy, &message).await.status, 200);
        assert_eq!(app.work().await, 1);
        let other = bo.says(&task, "And you").await;
        opened(cy, &other).await;
        assert_eq!(app.work().await, 1);
        let last = kinds(bo, &task).await.split_off(7);
        assert_eq!(last, [
            "message_edited", "review_requested", "review_analysed", "message_posted", "review_requested", "review_analysed",
            "review_escalated",
        ]);
        assert_eq!(bo.get(&format!("/api/tasks/{}", task["id"])).await.body["task"]["priority"], "urgent");
    }

    async fn without_the_setting_an_escalation_changes_no_priority(engine) {
        let (app, model) = with_model(engine, None).await;
        let world = app.world().await;
        let task = world.bo.files("Refund", json!({"priority": "low"})).await;
        let message = world.bo.says(&task, "I shall sue you").await;
        opened(&world.cy, &message).await;
        model.does(says("approve", &json!({"escalate": true})));
        app.work().await;
        assert_eq!(kinds(&world.bo, &task).await, ["review_requested", "review_analysed", "review_escalated"]);
    }

    async fn a_failure_is_told_and_the_review_can_go_on_without(engine) {
        let (app, model) = with_model(engine, None).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Refund", json!({})).await;
        let message = bo.says(&task, "Done").await;
        let mut live = cy.watch(&task).await;
        let review = opened(cy, &message).await;
        model.does(Does::Fails(401, "no"));
        assert_eq!(app.work().await, 1);
        let failed = show(cy, &review).await;
        assert_eq!(failed["job"], json!({"state": "failed", "code": "ai_refused"}));
        live.next("review_updated").await;
        assert_eq!(live.next("review_updated").await["job"]["state"], "failed");
        assert_eq!(kinds(bo, &task).await, ["review_requested", "review_failed"]);
        // Asked again, it is tried again; and the decision need not wait.
        assert_eq!(request(cy, &message).await.body["review"]["job"], json!({"state": "waiting", "code": null}));
        assert_eq!(decide(cy, &review, json!({"status": "approved"})).await.status, 200);
        model.does(Does::Right);
        app.clock.advance(600_000);
        app.work().await;
        let late = show(cy, &review).await;
        assert_eq!((&late["status"], &late["analysis"]["verdict"]), (&json!("approved"), &json!("approve")), "it is told all the same");
    }

    async fn with_a_deleted_message_goes_what_machines_said_of_it(engine) {
        let (app, model) = with_model(engine, None).await;
        let world = app.world().await;
        let (bo, cy, ada) = (&world.bo, &world.cy, &world.ada);
        let task = bo.files("Refund", json!({})).await;
        let message = bo.says(&task, "hunter2 is my password").await;
        let answer = cy.answers(&task, "Oh", &message).await;
        model.does(says("reject", &json!({
            "feedback": "Do not say hunter2", "compliance": [{"kind": "secret", "quote": "hunter2"}],
        })));
        let by_machine = opened(cy, &message).await;
        app.work().await;
        decide(cy, &by_machine, json!({"useAI": true})).await;
        let own = opened(cy, &message).await;
        app.work().await;
        decide(cy, &own, json!({"status": "rejected", "feedback": "No passwords, please."})).await;
        let open = opened(cy, &message).await;
        app.work().await;
        let mut live = cy.watch(&task).await;
        assert_eq!(bo.delete(&format!("/api/messages/{}", message["id"])).await.status, 200, "a review is no obstacle");
        assert_eq!(live.next("review_withdrawn").await["id"], open["id"]);
        assert_eq!(ada.get(&format!("/api/qa/{}", open["id"])).await.status, 404);
        for (review, feedback) in [(&by_machine, Value::Null), (&own, json!("No passwords, please."))] {
            let stays = show(cy, review).await;
            assert_eq!((&stays["status"], &stays["analysis"], &stays["feedback"]), (&json!("rejected"), &Value::Null, &feedback));
            assert!(!stays.to_string().contains("hunter2"));
            assert_eq!(decide(cy, review, json!({"status": "pending"})).await.refusal(), (409, "message_deleted"));
        }
        assert_eq!(request(cy, &message).await.refusal(), (409, "message_deleted"));

        // One that is being analysed, and one that waits.
        let slow = opened(cy, &answer).await;
        let before = model.asked().len();
        model.next([Does::IsSlow(std::time::Duration::from_millis(400))]);
        let deleting = async {
            while model.asked().len() == before {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            assert_eq!(cy.delete(&format!("/api/messages/{}", answer["id"])).await.status, 200);
        };
        tokio::join!(app.work(), deleting);
        assert_eq!(cy.get(&format!("/api/qa/{}", slow["id"])).await.status, 404);
        let waiting = bo.says(&task, "Another").await;
        opened(cy, &waiting).await;
        bo.delete(&format!("/api/messages/{}", waiting["id"])).await;
        let asked = model.asked().len();
        app.work().await;
        assert_eq!(model.asked().len(), asked, "nobody is asked about what is gone");
        assert_eq!(ada.delete(&format!("/api/tasks/{}", task["id"])).await.status, 204);
        assert_eq!(cy.get("/api/qa").await.ids("reviews"), [0_i64; 0]);
    }

    async fn what_administrators_ask_for_is_told_to_the_model(engine) {
        let (app, model) = with_model(engine, None).await;
        let world = app.world().await;
        let (bo, ada) = (&world.bo, &world.ada);
        let path = "/api/qa/guidance";
        assert_eq!(bo.get(path).await.refusal(), (403, "forbidden"));
        assert_eq!(bo.put(path, &json!({"content": "x"})).await.refusal(), (403, "forbidden"));
        let empty = ada.get(path).await.body["guidance"].clone();
        assert_eq!(empty, json!({"content": "", "version": 0, "updatedById": null, "updatedAt": null}));
        let text = " Amounts are in euros. ";
        let first = ada.put(path, &json!({"content": text, "version": 0})).await;
        assert_eq!((first.status, &first.body["guidance"]["version"]), (200, &json!(1)), "{first:?}");
        assert_eq!(ada.put(path, &json!({"content": "y", "version": 0})).await.refusal(), (409, "version_conflict"));
        assert_eq!(ada.put(path, &json!({"content": text})).await.body["guidance"]["version"], 1, "it says so already");
        assert_eq!(ada.put(path, &json!({"content": "x".repeat(10_001)})).await.refusal(), (400, "validation_failed"));
        let shown = ada.get(path).await.body["guidance"].clone();
        assert_eq!((&shown["content"], &shown["updatedById"]), (&json!("Amounts are in euros."), &json!(ada.id)));
        let audit = ada.get("/api/audit?kind=guidance_changed").await;
        assert_eq!(audit.body["events"].as_array().unwrap().len(), 1);
        assert_eq!(audit.body["events"][0]["data"], json!({"version": 1}));

        let task = bo.files("Refund", json!({})).await;
        let other = bo.files("Other", json!({})).await;
        bo.says(&other, "Words of another ticket").await;
        bo.says(&task, "Words of this ticket").await;
        let message = bo.says(&task, "You get 40 dollars").await;
        opened(bo, &message).await;
        app.work().await;
        let asked = model.asked().pop().unwrap();
        let whole = asked.body.to_string();
        assert!(whole.contains("Amounts are in euros.") && whole.contains("Words of this ticket"), "{whole}");
        assert!(!whole.contains("another ticket"), "{whole}");
    }

    async fn lists_hold_what_exists_for_who_asks(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy, eve) = (&world.bo, &world.cy, &world.eve);
        let private = bo.files("Salaries", json!({"visibility": "private"})).await;
        let task = bo.files("Refund", json!({})).await;
        let mut reviews = Vec::new();
        for n in 0..13 {
            let message = bo.says(if n % 4 == 0 { &private } else { &task }, &format!("Message {n}")).await;
            reviews.push(opened(bo, &message).await["id"].as_i64().unwrap());
        }
        app.work().await;
        let secret = reviews[0];
        for n in [1, 2, 5] {
            let decision = json!({"status": if n == 2 { "rejected" } else { "approved" }, "feedback": "So."});
            assert_eq!(cy.put(&format!("/api/qa/{}", reviews[n]), &decision).await.status, 200);
        }
        let ids = |found: Vec<Value>| found.iter().map(|review| review["id"].as_i64().unwrap()).collect::<Vec<_>>();
        let newest = |wanted: &[usize]| wanted.iter().rev().map(|n| reviews[*n]).collect::<Vec<_>>();
        let shared = [1, 2, 3, 5, 6, 7, 9, 10, 11];
        assert_eq!(ids(bo.walk("/api/qa?limit=4", "reviews").await), newest(&(0..13).collect::<Vec<_>>()));
        assert_eq!(ids(eve.walk("/api/qa?limit=2", "reviews").await), newest(&shared));
        assert_eq!(ids(eve.walk("/api/qa?status=approved&limit=1", "reviews").await), newest(&[1, 5]));
        assert_eq!(ids(eve.walk("/api/qa?status=pending&limit=3&sort=createdAt", "reviews").await), [3, 6, 7, 9, 10, 11].map(|n| reviews[n]));
        assert_eq!(ids(eve.walk(&format!("/api/qa/task/{}?limit=5", task["id"]), "reviews").await), newest(&shared));
        assert_eq!(ids(eve.walk(&format!("/api/qa?taskId={}", private["id"]), "reviews").await), [0_i64; 0]);
        assert_eq!(ids(bo.walk(&format!("/api/qa?taskId={}&status=pending", private["id"]), "reviews").await), newest(&[0, 4, 8, 12]));
        let cursor = bo.get("/api/qa?limit=2").await.body["nextCursor"].as_str().unwrap().to_owned();
        for (person, path, refusal) in [
            (eve, format!("/api/qa/{secret}"), (404, "not_found")),
            (eve, format!("/api/qa/task/{}", private["id"]), (404, "not_found")),
            (eve, "/api/qa/task/4711".to_owned(), (404, "not_found")),
            (bo, "/api/qa/4711".to_owned(), (404, "not_found")),
            (bo, "/api/qa/x".to_owned(), (400, "invalid_id")),
            (bo, "/api/qa?status=odd".to_owned(), (400, "validation_failed")),
            (bo, "/api/qa?sort=odd".to_owned(), (400, "validation_failed")),
            (bo, "/api/qa?taskId=0".to_owned(), (400, "validation_failed")),
            (bo, "/api/qa?limit=0".to_owned(), (400, "validation_failed")),
            (bo, format!("/api/qa?status=pending&cursor={cursor}"), (400, "invalid_cursor")),
            (eve, format!("/api/qa?cursor={cursor}"), (400, "invalid_cursor")),
        ] {
            assert_eq!(person.get(&path).await.refusal(), refusal, "{path}");
        }
        let hers = json!({"status": "approved"});
        assert_eq!(eve.put(&format!("/api/qa/{secret}"), &hers).await.refusal(), (404, "not_found"));
        let quiet = bo.files("Nothing to review", json!({})).await;
        let none = bo.get(&format!("/api/qa/task/{}", quiet["id"])).await;
        assert_eq!(none.body, json!({"reviews": [], "nextCursor": null, "hasMore": false}));
    }

    async fn a_stranger_asks_for_nothing_and_hears_nothing(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy, eve) = (&world.bo, &world.cy, &world.eve);
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        bo.send(bo.request(Method::PUT, &format!("/api/tasks/{}/participants/{}", task["id"], cy.id))).await;
        let message = bo.says(&task, "Everybody earns too little").await;
        let mut strange = eve.connect().await;
        let mut watching = bo.watch(&task).await;
        assert_eq!(request(eve, &message).await.refusal(), (404, "not_found"));
        assert_eq!(request(eve, &json!({"id": 4711})).await.refusal(), (404, "not_found"));
        // A review is told as it is when it is told: each change waits until the one before was heard.
        let review = opened(cy, &message).await;
        assert_eq!(watching.next("review_updated").await["status"], "pending");
        app.work().await;
        assert_eq!(watching.next("review_updated").await["status"], "pending");
        decide(cy, &review, json!({"status": "rejected", "feedback": "Do not say so."})).await;
        let last = watching.next("review_updated").await;
        assert_eq!(last["status"], "rejected");
        let mut shown = show(cy, &review).await;
        shown["eventSeq"] = json!(6);
        assert_eq!(last, shown);
        let mut late = cy.connect().await;
        let joined = late.ask("join_task", &json!({"taskId": task["id"], "afterSeq": 5})).await;
        assert_eq!((&joined["events"][0]["event"], &joined["events"][0]["data"]), (&json!("review_updated"), &last));
        assert_eq!(strange.names().await, [""; 0]);
    }

    async fn the_same_key_gives_the_same_review(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Refund", json!({})).await;
        let message = world.bo.says(&task, "Done").await;
        let ask = || {
            let request = world.bo.request(Method::POST, "/api/qa").header("Idempotency-Key", "mine");
            world.bo.send(request.json(&json!({"messageId": message["id"]})))
        };
        let (first, again) = (ask().await, ask().await);
        assert_eq!((first.status, &first.body), (201, &again.body));
        assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
        for (body, field, code) in [
            (json!({}), "messageId", "required"),
            (json!({"messageId": "x"}), "messageId", "type"),
            (json!({"messageId": 1, "taskId": 1}), "taskId", "unknown"),
        ] {
            let answer = world.bo.post("/api/qa", &body).await;
            assert_eq!((answer.refusal(), answer.fields()), ((400, "validation_failed"), vec![(field, code)]));
        }
    }
}
