//! Redis's publish and subscribe.

use std::time::Duration;

use faff_types::Secret;
use futures_util::StreamExt;
use redis::aio::MultiplexedConnection;
use tokio::sync::{Mutex, mpsc};

/// How long an answer of Redis is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long after a connection has broken another is tried.
const AGAIN: Duration = Duration::from_millis(500);

/// A channel of a Redis server, as far as it can be reached.
#[derive(Debug)]
pub(crate) struct Redis {
    client: Result<redis::Client, String>,
    channel: String,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Redis {
    /// Begins to hear.
    pub(super) fn start(url: &Secret, channel: String, heard: mpsc::Sender<String>) -> Self {
        // The error names the address, which may hold a password.
        let client =
            redis::Client::open(url.reveal().as_str()).map_err(|_| "REDIS_URL is not one".to_owned());
        if let Ok(client) = client.clone() {
            let channel = channel.clone();
            tokio::spawn(async move {
                while !heard.is_closed() {
                    if let Err(error) = listen(&client, &channel, &heard).await {
                        tracing::debug!(kind = ?error.kind(), "Redis is not heard");
                    }
                    tokio::time::sleep(AGAIN).await;
                }
            });
        }
        Self { client, channel, connection: Mutex::default() }
    }

    /// Says something to all who listen.
    pub(super) async fn publish(&self, text: &str) -> Result<(), String> {
        self.ask(redis::cmd("PUBLISH").arg(&self.channel).arg(text)).await
    }

    /// Whether it answers.
    pub(crate) async fn ping(&self) -> Result<(), String> {
        self.ask(&redis::cmd("PING")).await
    }

    async fn ask(&self, command: &redis::Cmd) -> Result<(), String> {
        let mut kept = self.connection.lock().await;
        let said = tokio::time::timeout(PATIENCE, async {
            let mut connection = if let Some(connection) = kept.take() {
                connection
            } else {
                let client = self.client.as_ref().map_err(Clone::clone)?;
                client.get_multiplexed_async_connection().await.map_err(|error| describe(&error))?
            };
            command.query_async::<()>(&mut connection).await.map_err(|error| describe(&error))?;
            *kept = Some(connection);
            Ok(())
        });
        said.await.unwrap_or_else(|_| Err("Redis does not answer".to_owned()))
    }
}

fn describe(error: &redis::RedisError) -> String {
    format!("Redis: {}", error.code().unwrap_or_else(|| error.category()))
}

async fn listen(
    client: &redis::Client,
    channel: &str,
    heard: &mpsc::Sender<String>,
) -> Result<(), redis::RedisError> {
    let mut subscribed = client.get_async_pubsub().await?;
    subscribed.subscribe(channel).await?;
    let mut messages = subscribed.on_message();
    loop {
        tokio::select! {
            message = messages.next() => {
                let Some(message) = message else { return Ok(()) };
                // Full: whoever hears is behind, and will look by itself.
                let _ = heard.try_send(message.get_payload()?);
            }
            () = heard.closed() => return Ok(()),
        }
    }
}
