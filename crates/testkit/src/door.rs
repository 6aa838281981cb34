//! A fixed address before nodes that come and go, as a load balancer has.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Passes connections on to a node; gone with this value, but for the connections it has let through.
#[derive(Debug)]
pub struct Door {
    /// Where it is.
    pub url: String,
    behind: Arc<Mutex<Option<String>>>,
    held: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Door {
    /// Opens one before the node at this address.
    pub async fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let behind = Arc::new(Mutex::new(Some(url.to_owned())));
        let (held, holds) = watch::channel(false);
        let leads_to = behind.clone();
        let task = tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                let target = leads_to.lock().unwrap().clone();
                // Whoever comes while nobody is there is turned away.
                let Some(target) = target else { continue };
                tokio::spawn(pass(client, target, holds.clone()));
            }
        });
        Self { url: format!("http://{address}"), behind, held, task }
    }

    /// Leads those who come from now on to another node, or to none.
    pub fn lead_to(&self, url: Option<&str>) {
        *self.behind.lock().unwrap() = url.map(str::to_owned);
    }

    /// Keeps back what nodes answer, or lets it through again.
    pub fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(client: TcpStream, target: String, holds: watch::Receiver<bool>) {
    let Ok(node) = TcpStream::connect(target.trim_start_matches("http://")).await else { return };
    let (_, never) = watch::channel(false);
    let (client_reads, client_writes) = client.into_split();
    let (node_reads, node_writes) = node.into_split();
    tokio::join!(copy(client_reads, node_writes, never), copy(node_reads, client_writes, holds));
}

/// Copies until the end, except while it is held.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut holds: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let _ = holds.wait_for(|held| !held).await;
        if to.write_all(&bytes[..read]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
