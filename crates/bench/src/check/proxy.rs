//! What stands between two who speak by TCP, and may fail them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::Outcome;

/// How long a slow one holds back each piece.
const SLOW: Duration = Duration::from_millis(150);

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Hands everything on.
    Open,
    /// Ends every connection, and takes no new one.
    Cut,
    /// Hands nothing on, and ends nothing.
    Stalled,
    /// Hands on nothing of what is asked.
    Deaf,
    /// Hands on nothing of what is answered.
    Mute,
    /// Hands everything on, late.
    Slow,
}

/// One that stands before one address.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    mode: watch::Sender<Mode>,
    /// Bytes of answers that each connection hands on before it ends.
    limit: Arc<AtomicUsize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Asked,
    Answered,
}

impl Proxy {
    /// Stands at `address` for `upstream`, until this process ends.
    pub(super) async fn start(address: SocketAddr, upstream: SocketAddr) -> Outcome<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let proxy = Self {
            address,
            mode: watch::Sender::new(Mode::Open),
            limit: Arc::new(AtomicUsize::new(usize::MAX)),
        };
        let (mode, limit) = (proxy.mode.clone(), proxy.limit.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *mode.borrow() != Mode::Cut {
                    let limit = limit.load(Ordering::Relaxed);
                    tokio::spawn(join(client, upstream, mode.subscribe(), limit));
                }
            }
        });
        Ok(proxy)
    }

    pub(super) fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// Ends each new connection after so many bytes of answers.
    pub(super) fn cut_after(&self, bytes: usize) {
        self.limit.store(bytes, Ordering::Relaxed);
    }
}

async fn join(client: TcpStream, upstream: SocketAddr, mode: watch::Receiver<Mode>, limit: usize) {
    let Ok(server) = TcpStream::connect(upstream).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let asked = pass(from_client, to_server, mode.clone(), (Way::Asked, usize::MAX));
    let answered = pass(from_server, to_client, mode, (Way::Answered, limit));
    // When one way has ended, so has the other.
    tokio::select! {
        () = asked => {}
        () = answered => {}
    }
}

async fn pass(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut mode: watch::Receiver<Mode>,
    (way, mut left): (Way, usize),
) {
    let stands = |mode: Mode| match mode {
        Mode::Stalled => true,
        Mode::Deaf => way == Way::Asked,
        Mode::Mute => way == Way::Answered,
        Mode::Open | Mode::Cut | Mode::Slow => false,
    };
    let mut piece = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut piece) => read,
            // Whoever asks has to be heard before the answer can be cut off.
            cut = mode.wait_for(|mode| *mode == Mode::Cut) => {
                drop(cut);
                return;
            }
        };
        let Some(read) = read.ok().filter(|read| *read > 0) else { return };
        let Ok(now) = mode.wait_for(|mode| !stands(*mode)).await.map(|mode| *mode) else { return };
        match now {
            Mode::Cut => return,
            Mode::Slow => tokio::time::sleep(SLOW).await,
            _ => {}
        }
        let fits = read.min(left);
        left -= fits;
        let Some(bytes) = piece.get(..fits) else { return };
        if to.write_all(bytes).await.is_err() || fits < read {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers everything with itself.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        address
    }

    async fn say(stream: &mut TcpStream) -> String {
        let mut heard = [0; 5];
        if stream.write_all(b"hello").await.is_err() {
            return String::new();
        }
        let mut length = 0;
        while length < 5 {
            match stream.read(heard.get_mut(length..).unwrap()).await {
                Ok(read) if read > 0 => length += read,
                _ => break,
            }
        }
        String::from_utf8_lossy(&heard[..length]).into_owned()
    }

    #[tokio::test]
    async fn it_hands_on_or_cuts_or_holds_back() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let proxy = Proxy::start(any, echo().await).await.unwrap();
        let mut stream = TcpStream::connect(proxy.address).await.unwrap();
        assert_eq!(say(&mut stream).await, "hello");
        for mode in [Mode::Stalled, Mode::Deaf, Mode::Mute] {
            proxy.set(mode);
            let held = tokio::time::timeout(Duration::from_millis(50), say(&mut stream)).await;
            assert!(held.is_err(), "{mode:?}: {held:?}");
            proxy.set(Mode::Open);
            let mut late = [0; 5];
            stream.read_exact(&mut late).await.unwrap();
            assert_eq!(&late, b"hello", "{mode:?}: what was held back comes");
        }
        proxy.set(Mode::Cut);
        assert_eq!(say(&mut stream).await, "");
        proxy.set(Mode::Open);
        for bytes in 0..5 {
            proxy.cut_after(bytes);
            let mut stream = TcpStream::connect(proxy.address).await.unwrap();
            assert_eq!(say(&mut stream).await, "hello"[..bytes]);
        }
    }
}
