//! What tests need beside a compiler: their runner, Node with npm's client, and servers of PostgreSQL, one of them with a
//! replica, and of Redis.

use crate::cluster::{Cluster, Durability};
use crate::failure::{Doing, Failure};
use crate::node::Node;
use crate::redis::Redis;
use crate::{nextest, process};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Running until it is dropped.
pub(crate) struct Servers {
    /// Dropped before the one that it follows.
    replica: Cluster,
    primary: Cluster,
    pub(crate) cluster: Cluster,
    pub(crate) redis: Redis,
    node: Node,
    engines: PathBuf,
}

impl Servers {
    /// Installs what is missing, and starts them.
    pub(crate) fn start() -> Result<Self, Failure> {
        nextest::provide()?;
        let node = Node::provide_for_tests()?;
        let redis = Redis::start()?;
        process::unless_stopped()?;
        let cluster = Cluster::start(Durability::Off)?;
        let primary = Cluster::start(Durability::Replicated)?;
        let replica = primary.follow()?;
        let engines = cluster.directory().join("engines");
        std::fs::create_dir(&engines).doing(|| format!("create {}", engines.display()))?;
        Ok(Self { replica, primary, cluster, redis, node, engines })
    }

    /// The command, told of them.
    pub(crate) fn given(&self, mut command: Command) -> Command {
        command
            .env("FAFF_TEST_POSTGRES", self.cluster.url("postgres"))
            .env("FAFF_TEST_PRIMARY", self.primary.url("postgres"))
            .env("FAFF_TEST_REPLICA", self.replica.url("postgres"))
            .env("FAFF_TEST_REDIS", self.redis.url())
            .env("FAFF_TEST_REDIS_SERVER", self.redis.program())
            .env("FAFF_TEST_NODE", self.node.program())
            .env("FAFF_TEST_ENGINES", &self.engines);
        command
    }

    /// Where each test leaves a byte in the file of what it ran on.
    pub(crate) fn engines(&self) -> &Path {
        &self.engines
    }
}
