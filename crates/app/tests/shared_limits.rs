//! Rate limits of two nodes: shared as long as there is a Redis, each node's own while it is away, shared again when it is
//! back, and how often it is asked.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::time::Duration;

use faff_app::{Rate, Settings};
use faff_testkit::{Engine, PASSWORD, Person, TestApp, TestRedis};
use faff_types::{Clock, Secret};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

const TOKEN: &str = "scrape-me-0123456789";
/// Between two looks at what will be so soon.
const AGAIN: Duration = Duration::from_millis(20);

/// So many in 15 minutes.
fn rate(count: u32) -> Rate {
    Rate(Some((count, Duration::from_mins(15))))
}

/// Two nodes on one database and one Redis. Their clocks stand still, and are an hour apart: Redis goes by its own.
struct Nodes {
    /// The first is the one that counts, where nothing else is said.
    redis: Vec<TestRedis>,
    nodes: [TestApp; 2],
}

/// What the nodes have asked of Redis.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Asked {
    asked: [u64; 2],
    unanswered: [u64; 2],
}

impl Nodes {
    async fn start(set: impl Fn(&mut Settings)) -> Self {
        let redis = TestRedis::start().await;
        let url = redis.url();
        Self::start_by(vec![redis], &url, set).await
    }

    /// The same, on whatever the address leads to.
    async fn start_by(redis: Vec<TestRedis>, url: &str, set: impl Fn(&mut Settings)) -> Self {
        let set = |settings: &mut Settings| {
            settings.redis_url = Some(Secret::new(url.to_owned()));
            settings.metrics_token = Some(Secret::new(TOKEN.to_owned()));
            settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
            set(settings);
        };
        let one = TestApp::start_with(Engine::Postgres, set).await;
        let two = one.another_node_by(Clock::manual(one.app.now().plus_millis(3_600_000)), set).await;
        Self { redis, nodes: [one, two] }
    }

    /// A figure that a node tells.
    async fn told(&self, node: usize, name: &str) -> u64 {
        let anyone = self.nodes[node].anyone();
        let text = anyone.send(anyone.request(Method::GET, "/metrics").bearer_auth(TOKEN)).await.text;
        let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
        let line = line.unwrap_or_else(|| panic!("no {name} in:\n{text}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    async fn asked(&self) -> Asked {
        let both = async |name| [self.told(0, name).await, self.told(1, name).await];
        let asked = both("faff_limits_asked_total").await;
        Asked { asked, unanswered: both("faff_limits_unanswered_total").await }
    }

    /// Waits until both nodes say that Redis counts.
    async fn until_shared(&self) {
        for node in 0..2 {
            while self.told(node, "faff_limits_shared").await < 1 {
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    /// Tells a story, again and under another number until Redis has answered all of it in time: on a busy machine it may not,
    /// and then each node counts for itself, which is another test's. Returns what came of it, and the questions of each node.
    async fn undisturbed<T>(&self, story: impl AsyncFn(u8) -> T) -> (T, [u64; 2]) {
        for n in 0..20 {
            self.until_shared().await;
            let before = self.asked().await;
            let told = story(n).await;
            let after = self.asked().await;
            if before.unanswered == after.unanswered {
                return (told, [0, 1].map(|node| after.asked[node] - before.asked[node]));
            }
        }
        panic!("Redis was never in time");
    }

    /// Asks for something without a login, from an address, of nodes one after the other.
    async fn ask(&self, from: &str, nodes: &[usize]) -> Vec<u16> {
        let mut statuses = Vec::new();
        for node in nodes {
            let anyone = self.nodes[*node].anyone();
            let request = anyone.request(Method::GET, "/api/tasks").header("x-forwarded-for", from);
            statuses.push(anyone.send(request).await.status);
        }
        statuses
    }

    /// Logs in from an address.
    async fn log_in(&self, node: usize, from: &str, email: &str, password: &str) -> u16 {
        let anyone = self.nodes[node].anyone();
        let request = anyone.request(Method::POST, "/api/auth/login").header("x-forwarded-for", from);
        anyone.send(request.json(&json!({"email": email, "password": password}))).await.status
    }

    /// Somebody, as each node knows them.
    async fn person(&self, name: &str) -> [Person; 2] {
        let one = self.nodes[0].register(name).await;
        let two = self.nodes[1].log_in(&one.email).await;
        [one, two]
    }

    /// The names in Redis and how long they live, in milliseconds.
    async fn kept(&self) -> Vec<(String, i64)> {
        let client = redis::Client::open(self.redis[0].url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
        let mut kept = Vec::new();
        for key in keys {
            let left = redis::cmd("PTTL").arg(&key).query_async(&mut connection).await.unwrap();
            kept.push((key, left));
        }
        kept
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_one_limit_at_all_nodes_whatever_their_clocks_say() {
    let nodes = Nodes::start(|settings| settings.rate_anonymous = rate(6)).await;
    let (statuses, asked) = nodes
        .undisturbed(async |n| {
            let (limited, free) = (format!("192.0.2.{n}"), format!("198.51.100.{n}"));
            let mut statuses = nodes.ask(&limited, &[0, 1, 0, 1, 0, 1]).await;
            statuses.extend(nodes.ask(&limited, &[0, 1, 0, 0, 0, 1, 1, 1]).await);
            statuses.extend(nodes.ask(&free, &[0, 1]).await);
            statuses
        })
        .await;
    let expected = [vec![401; 6], vec![429; 8], vec![401; 2]].concat();
    assert_eq!(statuses, expected);
    // One round trip a request; of the refused ones only the first, at the node that did not know of the last one let through.
    assert_eq!(asked, [3 + 1 + 1, 3 + 1]);

    let (answer, _) = nodes
        .undisturbed(async |n| {
            let anyone = nodes.nodes[1].anyone();
            let from = format!("203.0.113.{n}");
            nodes.ask(&from, &[0; 6]).await;
            anyone.send(anyone.request(Method::GET, "/api/tasks").header("x-forwarded-for", &from)).await
        })
        .await;
    assert_eq!(answer.refusal(), (429, "rate_limited"));
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=150).contains(&seconds), "{answer:?}");
    assert_eq!(answer.header("ratelimit-policy"), "6;w=900");

    let kept = nodes.kept().await;
    assert!(kept.len() > 2, "{kept:?}");
    for (name, left) in kept {
        let rest = name.strip_prefix("faff:{").unwrap();
        let (tag, rest) = rest.split_once("}:limit:").unwrap();
        assert!(tag.len() == 16 && (rest == "trial" || rest.len() == 32), "{name}");
        assert!(["192.0.2", "198.51", "203.0.113"].iter().all(|address| !name.contains(address)), "{name}");
        assert!((-2..=900_000).contains(&left) && left != -1, "{name} lives for {left} ms");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_has_one_limit_of_guesses_and_who_is_right_has_none() {
    let nodes = Nodes::start(|settings| settings.rate_login = rate(4)).await;
    let (statuses, asked) = nodes
        .undisturbed(async |n| {
            let [bo, _] = nodes.person(&format!("Bo{n}")).await;
            let mut statuses = Vec::new();
            for login in 0..10 {
                statuses.push(nodes.log_in(login % 2, &format!("192.0.2.{n}"), &bo.email, PASSWORD).await);
            }
            statuses
        })
        .await;
    assert_eq!(statuses, [200; 10]);
    // The address and the account, counted and taken back; the second node logs in once more, to know who it is.
    assert_eq!(asked, [5 * 4, 6 * 4]);

    let (statuses, _) = nodes
        .undisturbed(async |n| {
            let [cy, _] = nodes.person(&format!("Cy{n}")).await;
            let mut statuses = Vec::new();
            for (guess, password) in
                ["wrong", "wrong", "wrong", "wrong", "wrong", PASSWORD].iter().enumerate()
            {
                let from = format!("10.{n}.{guess}.1");
                statuses.push(nodes.log_in(guess % 2, &from, &cy.email, password).await);
            }
            // Many accounts from one address.
            for guess in 0..5 {
                let email = format!("n{n}{guess}@faff.example");
                statuses.push(nodes.log_in(guess % 2, &format!("10.{n}.99.1"), &email, "wrong").await);
            }
            // The current password is guessed at the account, too.
            let [eve, at_two] = nodes.person(&format!("Eve{n}")).await;
            let guess = json!({"currentPassword": "wrong", "newPassword": "printer put out 8"});
            for person in [&eve, &at_two, &eve, &at_two, &eve, &at_two] {
                statuses.push(person.put("/api/auth/password", &guess).await.status);
            }
            statuses
        })
        .await;
    let (by_account, rest) = statuses.split_at(6);
    assert_eq!(by_account, [401, 401, 401, 401, 429, 429], "right or wrong");
    assert_eq!(rest, [401, 401, 401, 401, 429, 401, 401, 401, 401, 429, 429]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_of_a_user_have_one_limit_at_all_nodes() {
    let nodes =
        Nodes::start(|settings| settings.rate_upload = Rate(Some((3, Duration::from_hours(1))))).await;
    let (statuses, asked) = nodes
        .undisturbed(async |n| {
            let bo = nodes.person(&format!("Bo{n}")).await;
            let task = bo[0].files("Printer", json!({})).await;
            let mut statuses = Vec::new();
            for node in [0, 1, 0, 1, 0] {
                let file = Part::text("x").file_name("x.txt").mime_str("text/plain").unwrap();
                let form = Form::new().text("taskId", task["id"].to_string()).text("content", "x");
                let request =
                    bo[node].request(Method::POST, "/api/messages").multipart(form.part("files", file));
                statuses.push(bo[node].send(request).await.status);
            }
            statuses
        })
        .await;
    assert_eq!(statuses, [201, 201, 201, 429, 429]);
    assert_eq!(asked, [2, 2], "the node that let the last one through need not ask");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_who_has_used_up_a_limit_is_soon_held_up_elsewhere_and_no_request_waits() {
    let nodes = Nodes::start(|settings| settings.rate_user = rate(50)).await;
    let mut held_up = 0;
    // A second try for a busy machine: what is not told in time is told no more.
    for n in 0..5 {
        nodes.until_shared().await;
        let [bo, at_two] = nodes.person(&format!("Bo{n}")).await;
        let before = nodes.asked().await;
        let mut statuses = Vec::new();
        for _ in 0..51 {
            statuses.push(bo.get("/api/auth/me").await.status);
        }
        assert_eq!(statuses, [vec![200; 50], vec![429]].concat());
        let after = nodes.asked().await;
        assert!(after.asked[0] - before.asked[0] < 25, "{before:?} {after:?}");
        // Its own count would let through 50 here, too.
        let mut passed = 0;
        while passed < 50 && at_two.get("/api/auth/me").await.status == 200 {
            passed += 1;
            tokio::time::sleep(AGAIN * 10).await;
        }
        held_up += usize::from(passed < 50);
        if held_up > 0 {
            assert!(passed > 0, "the first request asks nobody");
            let cy = nodes.nodes[1].register(&format!("Cy{n}")).await;
            assert_eq!(cy.get("/api/auth/me").await.status, 200, "others go on");
            return;
        }
    }
    panic!("the second node never learned of the first one's count");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_each_node_holds_its_own_limits_and_with_it_they_are_shared_again() {
    let mut nodes = Nodes::start(|settings| {
        settings.rate_anonymous = rate(4);
        settings.rate_login = rate(4);
    })
    .await;
    nodes.until_shared().await;
    let shared = async |nodes: &Nodes, from: &str| {
        let (statuses, _) =
            nodes.undisturbed(async |n| nodes.ask(&format!("{from}.{n}"), &[0, 1, 0, 1, 0, 1]).await).await;
        assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
    };
    shared(&nodes, "192.0.2").await;
    for (round, from) in ["10.1.0.1", "10.2.0.1"].into_iter().enumerate() {
        let before = nodes.asked().await;
        if round == 0 {
            nodes.redis[0].stall();
        } else {
            nodes.redis[0].kill();
        }
        for node in 0..2 {
            assert_eq!(nodes.ask(from, &[node; 6]).await, [401, 401, 401, 401, 429, 429], "each for itself");
            let bo = nodes.nodes[node].register(&format!("Bo{round}{node}")).await;
            for n in 0..4 {
                let from = format!("10.9{round}.{node}.{n}");
                assert_eq!(nodes.log_in(node, &from, &bo.email, "wrong").await, 401);
            }
            assert_eq!(nodes.log_in(node, &format!("10.9{round}.{node}.9"), &bo.email, PASSWORD).await, 429);
        }
        // One request of each node has waited for an answer, and no other.
        let after = nodes.asked().await;
        for node in 0..2 {
            let waited = after.asked[node] - before.asked[node];
            assert!(
                waited <= 1 && waited == after.unanswered[node] - before.unanswered[node],
                "{before:?} {after:?}"
            );
            assert!(nodes.told(node, "faff_limits_shared").await < 1);
        }
        if round == 0 {
            nodes.redis[0].resume();
        } else {
            nodes.redis[0].restart().await;
        }
        shared(&nodes, &format!("198.51.{round}")).await;
    }
}

/// A limit of four that two nodes share, each time from other addresses.
async fn share(nodes: &Nodes, from: &str) {
    let told = async |n| nodes.ask(&format!("{from}.{n}"), &[0, 1, 0, 1, 0, 1]).await;
    let (statuses, _) = nodes.undisturbed(told).await;
    assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
    for node in &nodes.nodes {
        // It is looked at every two seconds.
        let healthy = async {
            while node.anyone().get("/health").await.body["services"]["redis"]["healthy"] != true {
                tokio::time::sleep(AGAIN).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), healthy).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinels_say_which_redis_counts_and_when_it_is_another() {
    let master = TestRedis::start().await;
    let replica = master.replica().await;
    let sentinel = master.sentinel().await;
    let follows = async {
        while !sentinel.command("SENTINEL replicas desk").await.unwrap().contains(&replica.port().to_string())
        {
            tokio::time::sleep(AGAIN).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), follows).await.unwrap();
    // The first of the sentinels is away.
    let url = format!("redis+sentinel://127.0.0.1:1,127.0.0.1:{}/desk", sentinel.port());
    let redis = vec![master, replica, sentinel];
    let mut nodes = Nodes::start_by(redis, &url, |settings| settings.rate_anonymous = rate(4)).await;
    share(&nodes, "192.0.2").await;
    let counted = async |nodes: &Nodes| {
        let names = nodes.kept().await.into_iter().map(|(name, _)| name);
        names.filter(|name| !name.ends_with("trial")).collect::<Vec<_>>()
    };
    let before = counted(&nodes).await;
    assert!(!before.is_empty());
    nodes.redis[0].kill();
    nodes.redis.remove(0);
    share(&nodes, "198.51.100").await;
    assert!(nodes.redis[0].command("ROLE").await.unwrap().contains("master"));
    let after = counted(&nodes).await;
    assert!(after.iter().any(|name| !before.contains(name)), "the one that was a replica counts now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_counts_at_whichever_node_has_the_slot_and_carries_what_nodes_say() {
    let cluster = TestRedis::cluster().await;
    let [first, second, _] = &cluster[..] else { panic!("three nodes") };
    let url = format!("redis+cluster://127.0.0.1:{},127.0.0.1:{}", first.port(), second.port());
    let mut nodes = Nodes::start_by(cluster, &url, |settings| settings.rate_anonymous = rate(4)).await;
    share(&nodes, "192.0.2").await;
    let mut owners = 0;
    for redis in &nodes.redis {
        owners += usize::from(redis.command("DBSIZE").await.unwrap() != ":0\r\n");
    }
    assert_eq!(owners, 1, "all names are in one slot");
    // Each in turn, so the owner, too, and the one that is asked first.
    for at in 0..3 {
        nodes.redis[at].kill();
        tokio::time::sleep(AGAIN).await;
        nodes.redis[at].restart().await;
        share(&nodes, &format!("198.51.{at}")).await;
    }
}
