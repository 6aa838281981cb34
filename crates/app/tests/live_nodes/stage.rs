//! Two nodes, each of which can end and be followed by another.

use std::sync::Mutex;
use std::time::Duration;

use faff_app::Settings;
use faff_testkit::{Engine, TestApp};
use faff_types::Secret;
use tokio::runtime::Runtime;

/// Between two attempts at what will work again soon.
pub(crate) const AGAIN: Duration = Duration::from_millis(20);

/// A node with a runtime of its own: when that ends, all ends that the node does, and its connections break.
struct Node {
    runtime: Runtime,
    test: TestApp,
}

/// The database, and two places for nodes.
pub(crate) struct Stage {
    /// A node that nothing befalls; it owns the database, and is asked what is true in the end.
    pub(crate) keeper: std::sync::Arc<TestApp>,
    redis: Option<String>,
    nodes: [Mutex<Option<Node>>; 2],
}

impl Stage {
    /// Starts two nodes that tell each other by this Redis, or else by PostgreSQL.
    pub(crate) async fn set(redis: Option<String>) -> Self {
        let keeper = TestApp::start_with(Engine::Postgres, by(redis.clone())).await;
        let stage =
            Self { keeper: std::sync::Arc::new(keeper), redis, nodes: [Mutex::default(), Mutex::default()] };
        for place in 0..2 {
            stage.start(place).await;
        }
        stage
    }

    /// Starts a node at a place that is free.
    pub(crate) async fn start(&self, place: usize) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (keeper, set) = (self.keeper.clone(), by(self.redis.clone()));
        let test = runtime.spawn(async move { keeper.another_node_with(set).await }).await.unwrap();
        *self.nodes[place].lock().unwrap() = Some(Node { runtime, test });
    }

    /// Ends a node in the middle of whatever it does.
    pub(crate) fn kill(&self, place: usize) {
        let node = self.nodes[place].lock().unwrap().take().expect("a node is there");
        node.runtime.shutdown_background();
    }

    /// Ends a node as the server does: its sockets are closed bit by bit, and requests in flight end.
    pub(crate) async fn drain(&self, place: usize) {
        let Node { runtime, mut test } = self.nodes[place].lock().unwrap().take().expect("a node is there");
        // What it still does is done on its own runtime, while others find nobody at its address.
        let test = runtime.spawn(async move {
            test.drain().await;
            test
        });
        drop(test.await.unwrap());
        runtime.shutdown_background();
    }

    /// Where the node at a place listens, once there is one.
    pub(crate) async fn url(&self, place: usize) -> String {
        loop {
            let url = self.nodes[place].lock().unwrap().as_ref().map(|node| node.test.url.clone());
            match url {
                Some(url) => return url,
                None => tokio::time::sleep(AGAIN).await,
            }
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for node in &self.nodes {
            if let Some(node) = node.lock().unwrap().take() {
                node.runtime.shutdown_background();
            }
        }
    }
}

/// Settings with this Redis.
pub(crate) fn by(redis: Option<String>) -> impl FnOnce(&mut Settings) + Send {
    move |settings| settings.redis_url = redis.map(Secret::new)
}
