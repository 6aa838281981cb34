//! A language model for tests: an endpoint that speaks OpenAI's protocol, or does wrong what it is told to do wrong.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use faff_app::{Endpoint, OpenAi};
use faff_types::Secret;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The key that the endpoint's clients are given.
pub const MODEL_KEY: &str = "sk-the-key-of-the-tests-51c3";

/// An endpoint; gone with this value.
#[derive(Debug)]
pub struct FakeModel {
    /// Its base address.
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    does: Mutex<(VecDeque<Does>, Does)>,
    asked: Mutex<Vec<Asked>>,
}

/// What the endpoint does with a request.
#[derive(Debug, Clone)]
pub enum Does {
    /// Answers well: a summary that cites the messages it was shown, or a review that quotes the message.
    Right,
    /// Says this, whatever was asked.
    Says(Value),
    /// The same, as a text that need not be JSON.
    SaysText(String),
    /// Says all that it was told.
    Echoes,
    /// Gives a summary and a review, well-formed, whose every text is all of the user's message that it was sent.
    EchoesInside,
    /// Answers with these bytes instead of the protocol's.
    Sends(String),
    /// Says that it cannot answer in full: `finish_reason` is this, over half of an answer.
    Stops(&'static str),
    /// Fails with this status, and this text for people.
    Fails(u16, &'static str),
    /// Has had too many requests, and says for how many seconds to wait.
    IsBusyFor(u64),
    /// Points elsewhere.
    Redirects(String),
    /// Answers well, but late.
    IsSlow(Duration),
    /// Takes the request and says nothing.
    Hangs,
    /// Begins an answer and never ends it, a byte now and then.
    NeverEnds,
    /// Sends as much as is taken, without an end.
    Floods,
    /// Breaks off in the middle.
    BreaksOff,
    /// Takes no question with this part, and answers others well.
    DoesNotKnow(&'static str),
}

/// What the endpoint was sent.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The headers.
    pub headers: HeaderMap,
    /// The path.
    pub path: String,
    /// The body.
    pub body: Value,
}

impl Asked {
    /// The rules it was given.
    pub fn rules(&self) -> &str {
        self.body["messages"][0]["content"].as_str().unwrap()
    }

    /// What the user's message holds.
    pub fn material(&self) -> Value {
        serde_json::from_str(self.body["messages"][1]["content"].as_str().unwrap()).unwrap()
    }
}

impl FakeModel {
    /// Starts one that answers well.
    pub async fn start() -> Self {
        let does = Mutex::new((VecDeque::new(), Does::Right));
        let shared = Arc::new(Shared { does, asked: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { url, shared, task }
    }

    /// From now on it does this.
    pub fn does(&self, does: Does) {
        *self.shared.does.lock().unwrap() = (VecDeque::new(), does);
    }

    /// With the next requests it does these, one with each, before it goes on as it did.
    pub fn next(&self, does: impl IntoIterator<Item = Does>) {
        self.shared.does.lock().unwrap().0.extend(does);
    }

    /// What it was sent so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// Settings that lead to it, fit for tests: little patience.
    pub fn settings(&self) -> OpenAi {
        OpenAi {
            endpoint: Endpoint::parse(&self.url).unwrap(),
            api_key: Some(Secret::new(MODEL_KEY.to_owned())),
            model: "a-model".to_owned(),
            context_tokens: 16_000,
            timeout: Duration::from_secs(10),
            concurrency: 4,
            rest: Duration::from_millis(300),
        }
    }
}

impl Drop for FakeModel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: axum::extract::Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024 * 1024).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let asked = Asked { headers: head.headers, path: head.uri.path().to_owned(), body };
    shared.asked.lock().unwrap().push(asked.clone());
    let does = {
        let mut does = shared.does.lock().unwrap();
        does.0.pop_front().unwrap_or_else(|| does.1.clone())
    };
    respond(does, &asked).await
}

async fn respond(does: Does, asked: &Asked) -> Response {
    let all = || {
        let messages = asked.body["messages"].as_array().unwrap();
        messages.iter().map(|message| message["content"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
    };
    match does {
        Does::Right => said(&right(asked).to_string()),
        Does::Says(value) => said(&value.to_string()),
        Does::SaysText(text) => said(&text),
        Does::Echoes => said(&all()),
        Does::EchoesInside => said(&inside(&asked.material().to_string()).to_string()),
        Does::Sends(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Does::Stops(reason) => {
            let whole = right(asked).to_string();
            let half = &whole[..whole.len() / 2];
            completion(half, reason).into_response()
        }
        Does::Fails(status, text) => {
            let body = json!({"error": {"message": text, "type": "error"}});
            (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
        }
        Does::IsBusyFor(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Does::Redirects(to) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Does::IsSlow(time) => {
            tokio::time::sleep(time).await;
            said(&right(asked).to_string())
        }
        Does::Hangs => std::future::pending().await,
        Does::NeverEnds => {
            let now_and_then = stream::unfold((), async |()| {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
            });
            Body::from_stream(now_and_then).into_response()
        }
        Does::Floods => {
            let bytes = Bytes::from(vec![b' '; 64 * 1024]);
            Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(bytes.clone())))
                .into_response()
        }
        Does::BreaksOff => {
            let whole = completion(&right(asked).to_string(), "stop").0.to_string();
            let half = Bytes::from(whole[..whole.len() / 2].to_owned());
            let broken = stream::iter([Ok(half)]).chain(stream::once(async {
                // What was sent is on its way before the connection breaks.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Err(std::io::Error::other("broken off"))
            }));
            Body::from_stream(broken).into_response()
        }
        Does::DoesNotKnow(part) => {
            let knows = !asked.body.to_string().contains(part);
            if knows {
                return said(&right(asked).to_string());
            }
            let body = json!({"error": {"message": format!("Unsupported value: '{part}'")}});
            (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
        }
    }
}

fn said(text: &str) -> Response {
    completion(text, "stop").into_response()
}

fn completion(content: &str, reason: &str) -> axum::Json<Value> {
    axum::Json(json!({
        "id": "chatcmpl-1", "object": "chat.completion", "model": "a-model-of-today",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": reason}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }))
}

/// An answer as it should be.
fn right(asked: &Asked) -> Value {
    let material = asked.material();
    if let Some(text) = material["message"]["text"].as_str() {
        let first = text.split_whitespace().next().unwrap_or_default();
        return json!({
            "verdict": "approve", "feedback": "It says what it should.", "appropriateness": "appropriate",
            "sentiment": "neutral", "escalate": false, "accuracy": "consistent", "compliance": [],
            "evidence": [{"kind": "opening", "quote": first}],
        });
    }
    let messages = material["messages"].as_array().unwrap();
    let point = |message: &Value| json!({"text": format!("{} said something", message["author"].as_str().unwrap()), "messageIds": [message["id"]]});
    let earlier = material["soFar"]["keyPoints"].as_array().cloned().unwrap_or_default();
    let points: Vec<Value> = earlier.into_iter().chain(messages.iter().take(3).map(point)).collect();
    let ids: Vec<&Value> = messages.iter().map(|message| &message["id"]).take(1).collect();
    json!({
        "summary": format!("{}: {} more messages", material["ticket"]["title"].as_str().unwrap(), messages.len()),
        "issue": "Something is broken.", "investigation": "Somebody looked.", "nextSteps": "It will be mended.",
        "keyPoints": points, "entities": [{"kind": "host", "text": "printer-2", "messageIds": ids}],
    })
}

/// Well-formed answers of both kinds in one, made of this text.
fn inside(text: &str) -> Value {
    json!({
        "summary": text, "issue": text, "investigation": text, "nextSteps": text,
        "keyPoints": [{"text": text, "messageIds": [1, 2, 3]}],
        "entities": [{"kind": text, "text": text, "messageIds": [1, 2, 3]}],
        "verdict": "approve", "feedback": text, "appropriateness": text, "sentiment": text, "accuracy": text,
        "compliance": [{"kind": text, "quote": text}], "evidence": [{"kind": text, "quote": text}],
    })
}
