//! Which Redis: a server, the one of several that their sentinels call the master, or a cluster.
//!
//! Invariants:
//! - Nothing that is told of it holds its address, which may hold a password.
//! - A connection is to one server. What Faff keeps there is in one slot of a cluster, and what is published at any node of a
//!   cluster is heard at all of them; so there is no need to spread commands over nodes.

use redis::{Client, ErrorKind, RedisError, RedisResult};

/// Where a server listens that names no port, and a sentinel.
const PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26_379;

/// What `REDIS_URL` names.
pub(crate) struct RedisServer {
    kind: Kind,
    /// Where one asks, in this order.
    seeds: Vec<(String, u16)>,
    /// What is before the name of a machine in the address of a server, and what is behind its port.
    before: String,
    behind: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Server,
    /// The name that sentinels know the master by.
    Sentinels(String),
    Cluster,
}

/// Whether an address is one of a Redis: `redis://`, `redis+sentinel://` or `redis+cluster://`, with `rediss` over TLS.
pub fn is_redis_address(url: &str) -> bool {
    RedisServer::parse(url).is_some()
}

impl RedisServer {
    /// Reads an address.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (transport, kind) =
            scheme.split_once('+').map_or((scheme, None), |(first, kind)| (first, Some(kind)));
        if !matches!(transport, "redis" | "rediss") {
            return None;
        }
        let (account, rest) = rest.rsplit_once('@').map_or(("", rest), |(account, rest)| (account, rest));
        let (places, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (kind, database) = match (kind, path.split_once('/').unwrap_or((path, ""))) {
            (None, _) => (Kind::Server, path),
            (Some("sentinel"), (name, database)) if !name.is_empty() => {
                (Kind::Sentinels(name.to_owned()), database)
            }
            // A cluster has no other database than 0.
            (Some("cluster"), ("", "")) => (Kind::Cluster, ""),
            _ => return None,
        };
        let port = if matches!(kind, Kind::Sentinels(_)) { SENTINEL_PORT } else { PORT };
        let seeds = places.split(',').map(|place| machine(place, port)).collect::<Option<Vec<_>>>()?;
        if kind == Kind::Server && seeds.len() > 1 {
            return None;
        }
        let at = if account.is_empty() { "" } else { "@" };
        let before = format!("{transport}://{account}{at}");
        let behind = if database.is_empty() { String::new() } else { format!("/{database}") };
        let read = Self { kind, seeds, before, behind };
        let (host, port) = read.seeds.first()?;
        // Whatever else may be wrong with it.
        read.at(host, *port).is_ok().then_some(read)
    }

    /// A client of the server that takes what is written, or of any node of a cluster.
    ///
    /// # Errors
    /// That of the last who was asked.
    pub(crate) async fn client(&self) -> RedisResult<Client> {
        let mut last = RedisError::from((ErrorKind::Io, "nobody was asked"));
        for (host, port) in &self.seeds {
            let found = match &self.kind {
                // Whether it is there is found out by whoever connects.
                Kind::Server => return self.at(host, *port),
                Kind::Sentinels(name) => self.master(host, *port, name).await,
                Kind::Cluster => self.answering(host, *port).await,
            };
            match found {
                Ok(client) => return Ok(client),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// A client of the node of a cluster that an answer names in place of the one that was asked.
    pub(crate) fn moved(&self, answer: &RedisError) -> Option<RedisResult<Client>> {
        let (host, port) =
            answer.redirect_node().filter(|_| self.kind == Kind::Cluster)?.0.rsplit_once(':')?;
        Some(self.at(host, port.parse().ok()?))
    }

    fn at(&self, host: &str, port: u16) -> RedisResult<Client> {
        let (open, close) = if host.contains(':') { ("[", "]") } else { ("", "") };
        Client::open(format!("{}{open}{host}{close}:{port}{}", self.before, self.behind))
    }

    /// The master, in the words of a sentinel. Sentinels are asked without a name or a password.
    async fn master(&self, host: &str, port: u16, name: &str) -> RedisResult<Client> {
        let transport = self.before.split_once("://").map_or("redis", |(transport, _)| transport);
        let sentinel = Self {
            kind: Kind::Server,
            seeds: Vec::new(),
            before: format!("{transport}://"),
            behind: String::new(),
        };
        let mut sentinel = sentinel.at(host, port)?.get_multiplexed_async_connection().await?;
        let mut question = redis::cmd("SENTINEL");
        let answer: Option<(String, u16)> =
            question.arg("get-master-addr-by-name").arg(name).query_async(&mut sentinel).await?;
        let (host, port) = answer.ok_or((ErrorKind::Client, "no sentinel knows a master of this name"))?;
        self.at(&host, port)
    }

    /// A node that answers.
    async fn answering(&self, host: &str, port: u16) -> RedisResult<Client> {
        let client = self.at(host, port)?;
        let mut node = client.get_multiplexed_async_connection().await?;
        redis::cmd("PING").query_async::<()>(&mut node).await?;
        Ok(client)
    }
}

impl std::fmt::Debug for RedisServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisServer").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// `HOST`, `HOST:PORT`, `[ADDRESS]` or `[ADDRESS]:PORT`.
fn machine(place: &str, port: u16) -> Option<(String, u16)> {
    let (host, given) = match place.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(host, rest)| (host, rest.strip_prefix(':')))?,
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    let port = given.map_or(Some(port), |port| port.parse().ok())?;
    (!host.is_empty()).then(|| (host.to_owned(), port))
}

/// The fault in words for whoever runs the server.
pub(crate) fn fault(error: &RedisError) -> String {
    if error.is_connection_refusal() {
        return "Redis refuses connections, or nothing listens there".to_owned();
    }
    if error.is_timeout() {
        return "Redis does not answer in time".to_owned();
    }
    if error.is_connection_dropped() {
        return "Redis has ended the connection".to_owned();
    }
    if error.is_io_error() {
        return "Redis cannot be reached: is its name known, and the network there?".to_owned();
    }
    match (error.kind(), error.code()) {
        (ErrorKind::AuthenticationFailed, _) => "Redis does not take the password of REDIS_URL".to_owned(),
        // Such as READONLY, NOAUTH, OOM.
        (_, Some(code)) => format!("Redis answers {code}"),
        (kind, None) => format!("Redis: {kind:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_a_server_a_master_or_a_cluster() {
        for (url, kind, seeds) in [
            ("redis://cache", Kind::Server, vec![("cache", 6379)]),
            ("rediss://ada:hunter2@cache:6380/1", Kind::Server, vec![("cache", 6380)]),
            ("redis://:hunter2@[::1]:6380", Kind::Server, vec![("::1", 6380)]),
            (
                "redis+sentinel://:hunter2@a,b:1/desk",
                Kind::Sentinels("desk".to_owned()),
                vec![("a", 26_379), ("b", 1)],
            ),
            ("redis+sentinel://a/desk/3", Kind::Sentinels("desk".to_owned()), vec![("a", 26_379)]),
            ("rediss+cluster://:p@a:1,[::1]:2,c", Kind::Cluster, vec![("a", 1), ("::1", 2), ("c", 6379)]),
        ] {
            let read = RedisServer::parse(url).expect(url);
            let found: Vec<_> = read.seeds.iter().map(|(host, port)| (host.as_str(), *port)).collect();
            assert_eq!((&read.kind, found), (&kind, seeds), "{url}");
            assert!(!format!("{read:?}").contains("hunter2"));
        }
        for wrong in [
            "cache:6379",
            "redis://",
            "redis:///1",
            "redis://cache:x",
            "redis://a,b",
            "http://cache",
            "redis+sentinel://a",
            "redis+sentinel://a/",
            "redis+sentinel:///desk",
            "redis+cluster://a/1",
            "redis+cluster://a,,b",
            "redis+moon://a",
            "redis://cache/one",
            "redis+cluster://",
        ] {
            assert!(RedisServer::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_name_and_the_password_go_to_the_master_and_not_to_its_sentinels() {
        let read = RedisServer::parse("rediss+sentinel://ada:hunter2@a/desk/3").unwrap();
        assert_eq!((read.before.as_str(), read.behind.as_str()), ("rediss://ada:hunter2@", "/3"));
    }
}
