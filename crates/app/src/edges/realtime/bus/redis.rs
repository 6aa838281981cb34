//! Redis's publish and subscribe.

use std::sync::Arc;
use std::time::Duration;

use faff_types::Secret;
use futures_util::StreamExt;
use redis::aio::MultiplexedConnection;
use tokio::sync::{Mutex, mpsc};

use crate::redis_server::{RedisServer, fault};

/// How long an answer of Redis is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long after a connection has broken another is tried.
const AGAIN: Duration = Duration::from_millis(500);

/// A channel of a Redis server, as far as it can be reached.
#[derive(Debug)]
pub(crate) struct Redis {
    server: Option<Arc<RedisServer>>,
    channel: String,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Redis {
    /// Begins to hear.
    pub(super) fn start(url: &Secret, channel: String, heard: mpsc::Sender<String>) -> Self {
        let server = RedisServer::parse(url.reveal()).map(Arc::new);
        if let Some(server) = server.clone() {
            let channel = channel.clone();
            tokio::spawn(async move {
                while !heard.is_closed() {
                    if let Err(error) = listen(&server, &channel, &heard).await {
                        tracing::debug!(why = fault(&error), "Redis is not heard");
                    }
                    tokio::time::sleep(AGAIN).await;
                }
            });
        }
        Self { server, channel, connection: Mutex::default() }
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
                let server = self.server.as_ref().ok_or("REDIS_URL is not one")?;
                let client = server.client().await.map_err(|error| fault(&error))?;
                client.get_multiplexed_async_connection().await.map_err(|error| fault(&error))?
            };
            command.query_async::<()>(&mut connection).await.map_err(|error| fault(&error))?;
            *kept = Some(connection);
            Ok(())
        });
        said.await.unwrap_or_else(|_| Err("Redis does not answer".to_owned()))
    }
}

async fn listen(
    server: &RedisServer,
    channel: &str,
    heard: &mpsc::Sender<String>,
) -> Result<(), redis::RedisError> {
    let mut subscribed = server.client().await?.get_async_pubsub().await?;
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
