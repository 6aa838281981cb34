//! Follows the event log from its head, so that this node notices what any node has changed.
//!
//! A commit of this process wakes it; a look every [`POLL`] is the truth, for other nodes and for the command line.

use std::time::Duration;

use faff_store::{Reader, log};
use faff_types::Position;
use tokio::time::Instant;

use crate::App;
use crate::access::System;
use crate::http::Problem;

/// How long a change by another process may go unnoticed.
const POLL: Duration = Duration::from_millis(400);
/// Events taken at once.
const PAGE: usize = 500;

/// Starts following. It ends with the runtime.
pub(crate) fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        let mut position = None;
        let mut commits = app.db().commits();
        loop {
            let asked = Instant::now();
            match follow(&app, position).await {
                Ok((reached, complete)) => {
                    position = Some(reached);
                    if complete {
                        app.sessions().heard(asked);
                    }
                }
                Err(problem) => {
                    tracing::warn!(cause = problem.cause(), "the event log could not be followed");
                }
            }
            // A commit of our own was applied before it was answered, so there is no hurry to look again.
            let _ = tokio::time::timeout(POLL, commits.changed()).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

/// Applies everything behind `from`; says how far is settled, and whether nothing that is committed was left out.
/// Without a position, it begins at the head.
async fn follow(app: &App, from: Option<Position>) -> Result<(Position, bool), Problem> {
    let system = System::for_reason(app, "what this node remembers must follow the log");
    let Some(mut position) = from else {
        let head = system.read(async |reader: &mut Reader<'_>| Ok::<_, Problem>(log::head(reader).await?));
        return Ok((head.await?, true));
    };
    loop {
        let page = system
            .read(async move |reader: &mut Reader<'_>| {
                Ok::<_, Problem>(log::page(reader, position, PAGE).await?)
            })
            .await?;
        let (settled, ahead) = (page.settled.len(), page.ahead.len());
        if let Some((last, _)) = page.settled.last() {
            position = *last;
        }
        // What is not settled yet is applied too, and again once it is: forgetting twice is harmless, while a
        // transaction that stays open elsewhere would delay it for as long.
        for event in page.settled.iter().map(|(_, event)| event).chain(&page.ahead) {
            app.sessions().apply(event);
        }
        if settled < PAGE {
            return Ok((position, settled + ahead < PAGE));
        }
    }
}
