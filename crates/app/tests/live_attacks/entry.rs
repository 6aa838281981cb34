//! A12: whoever has no good login gets no further than the door.

use faff_testkit::{Live, TestApp, on_both_engines};
use serde_json::{Value, json};

use super::wire::{Wire, http};

on_both_engines! {
    async fn whoever_has_no_good_login_is_told_so_and_hears_nothing(engine) {
        let test = TestApp::start(engine).await;
        let world = test.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let out = test.log_in(&cy.email).await;
        assert_eq!(out.post("/api/auth/logout", &json!({})).await.status, 204);
        let altered = format!("{}x", cy.token);
        let (head, _) = cy.token.rsplit_once('.').unwrap();
        let unsigned = format!("{head}.");
        let mut strangers = Vec::new();
        for auth in [
            String::new(),
            "{}".to_owned(),
            r#"{"token":null}"#.to_owned(),
            r#"{"token":""}"#.to_owned(),
            r#"{"token":7}"#.to_owned(),
            r#"{"token":["x"]}"#.to_owned(),
            json!({"token": altered}).to_string(),
            json!({"token": unsigned}).to_string(),
            json!({"token": format!("Bearer {}", cy.token)}).to_string(),
            json!({"token": out.token}).to_string(),
            json!({"Token": cy.token, "sid": "x"}).to_string(),
        ] {
            let mut wire = Wire::open(&test.url).await;
            wire.send(&format!("40{auth}")).await;
            let answer = wire.text().await.unwrap_or_else(|| panic!("{auth} is answered"));
            let refusal: Value = serde_json::from_str(answer.strip_prefix("44").unwrap()).unwrap();
            assert!(refusal["message"].as_str().unwrap().starts_with("Authentication error: "), "{refusal}");
            assert_eq!(refusal["data"]["code"], "unauthenticated");
            assert!(!answer.contains(head), "a token is not said back");
            strangers.push(wire);
        }
        // In the address, a token would be in logs and histories everywhere: there it counts for nothing.
        let mut query = Wire::knock(&test.url, &format!("&token={0}&auth[token]={0}", cy.token), "").await.unwrap();
        query.text().await.unwrap();
        query.send("40").await;
        assert!(query.text().await.unwrap().starts_with("44"));
        strangers.push(query);

        let mut cy_hears = cy.watch(&task).await;
        for n in 0..strangers.len() {
            bo.says(&task, &n.to_string()).await;
            cy_hears.next("new_message").await;
        }
        for mut wire in strangers {
            wire.send(&format!(r#"421["join_task",{}]"#, task["id"])).await;
            assert_eq!(wire.rest().await, [""; 0], "who was refused, and goes on, is closed, and has heard nothing");
        }
    }

    async fn a_login_that_has_run_out_opens_nothing_and_a_header_opens_as_much_as_a_token(engine) {
        let test = TestApp::start(engine).await;
        let bo = test.register("Bo").await;
        for header in [format!("authorization: Bearer {}\r\n", bo.token), format!("origin: {}\r\ncookie: faff_session={}\r\n", test.url, bo.token)] {
            let mut wire = Wire::knock(&test.url, "", &header).await.unwrap();
            wire.text().await.unwrap();
            wire.send("40{}").await;
            assert!(wire.text().await.unwrap().starts_with("40{"), "{header}");
            let mut wrong = Wire::knock(&test.url, "", &header).await.unwrap();
            wrong.text().await.unwrap();
            wrong.send(r#"40{"token":"wrong"}"#).await;
            assert!(wrong.text().await.unwrap().starts_with("44{"), "what is said counts before what is sent along");
        }
        test.clock.advance(25 * 3_600_000);
        let refusal = Live::connect(&test.url, &bo.token).await.unwrap_err();
        assert_eq!(refusal["data"]["code"], "unauthenticated", "{refusal}");
        let (status, _) = http(&test.url, "GET /socket.io/?EIO=4&transport=polling&sid=unknown HTTP/1.1", b"").await;
        assert_eq!(status, 400);
    }
}
