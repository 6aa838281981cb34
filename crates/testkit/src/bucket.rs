//! A server that speaks S3, in the test's own process and on a folder of its own, with one bucket.

use std::path::{Path, PathBuf};

use faff_app::features::files::Bucket;
use faff_types::Secret;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::database::mark;

const NAME: &str = "desk-files";
const PREFIX: &str = "faff/files";
const KEY_ID: &str = "faff-of-tests";
const SECRET: &str = "canary-of-the-bucket-key-5e21";

/// A bucket, empty at first; its server is gone with this value.
#[derive(Debug)]
pub struct TestBucket {
    /// The folder in which its server keeps our objects, each a file of its name.
    pub objects: PathBuf,
    url: String,
    server: JoinHandle<()>,
}

impl TestBucket {
    /// Starts a server on a folder.
    pub async fn start(folder: &Path) -> Self {
        mark("s3");
        let root = folder.join("s3");
        let objects = root.join(NAME).join(PREFIX);
        std::fs::create_dir_all(&objects).unwrap();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(&root).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(serve(listener, builder.build()));
        Self { objects, url, server }
    }

    /// How to get in.
    pub fn bucket(&self) -> Bucket {
        Bucket {
            name: NAME.to_owned(),
            prefix: PREFIX.to_owned(),
            region: "us-east-1".to_owned(),
            endpoint: Some(self.url.clone()),
            key_id: KEY_ID.to_owned(),
            secret: Secret::new(SECRET.to_owned()),
            session_token: None,
        }
    }

    /// The same as a server's environment says it.
    pub fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("STORAGE_URL", format!("s3://{NAME}/{PREFIX}")),
            ("AWS_ENDPOINT_URL", self.url.clone()),
            ("AWS_ACCESS_KEY_ID", KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ]
    }

    /// The key, which must be nowhere.
    pub const fn secret(&self) -> &'static str {
        SECRET
    }

    /// Ends the server: from now on nobody answers.
    pub fn end(&self) {
        self.server.abort();
    }
}

impl Drop for TestBucket {
    fn drop(&mut self) {
        self.end();
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    // They end with the server.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let service = service.clone();
        connections.spawn(async move {
            let io = TokioIo::new(stream);
            let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(io, service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}
