//! People and tasks in a new database of Faff's, made as anybody would make them.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::side::PEOPLE;
use crate::Outcome;
use crate::load::Connection;
use crate::seed::email;

/// Their tokens, and the tasks.
pub(super) fn provide(address: SocketAddr, tasks: usize) -> Outcome<(Vec<String>, Vec<i64>)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        let mut tokens: Vec<String> = Vec::new();
        for user in 1..=PEOPLE {
            let person = json!({
                "name": format!("User number {user}"), "email": email(user), "password": "printer on fire 7",
            });
            let answer = post(&mut connection, "/api/auth/register", "", &person).await?;
            tokens.push(text(&answer, "token")?);
        }
        let token = tokens.first().map_or("", String::as_str).to_owned();
        let mut ids = Vec::new();
        for n in 1..=tasks {
            let task =
                json!({ "title": format!("Room number {n}"), "description": "Smoke. It still prints." });
            let answer = post(&mut connection, "/api/tasks", &token, &task).await?;
            let id = answer.pointer("/task/id").and_then(Value::as_i64);
            ids.push(id.ok_or_else(|| format!("no task: {answer}"))?);
        }
        Ok((tokens, ids))
    })
}

fn text(answer: &Value, name: &str) -> Outcome<String> {
    let value = answer.get(name).and_then(Value::as_str);
    Ok(value.ok_or_else(|| format!("no {name}: {answer}"))?.to_owned())
}

async fn post(connection: &mut Connection, path: &str, token: &str, body: &Value) -> Outcome<Value> {
    let body = body.to_string();
    let login = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\n{login}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let (status, answer) = connection.exchange(request.as_bytes()).await?;
    match status {
        200..300 => Ok(serde_json::from_slice(answer)?),
        _ => Err(format!("POST {path}: {status}: {}", String::from_utf8_lossy(answer)).into()),
    }
}
