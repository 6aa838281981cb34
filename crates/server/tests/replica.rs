//! The binary with the address of a replica: it reads from it, and shows that it does.

use std::time::Duration;

use crate::process::{self, Server};
use faff_testkit::TestReplicated;

#[tokio::test]
async fn it_reads_from_the_replica_that_its_settings_name() {
    let replicated = TestReplicated::create(faff_app::MIGRATIONS).await;
    let database = replicated.database();
    let mut command = process::command(&database, None, database.folder());
    let token = "a-token-for-whoever-scrapes-the-metrics";
    command.env("DATABASE_REPLICA_URL", replicated.replica_url()).env("METRICS_TOKEN", token);
    let server = Server::begin(command);
    let metrics = async || {
        let request = reqwest::Client::new().get(format!("{}/metrics", server.url)).bearer_auth(token);
        request.send().await.unwrap().text().await.unwrap()
    };
    let used = async {
        while !metrics().await.contains("\nfaff_replica_used 1\n") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), used).await.unwrap();
}
