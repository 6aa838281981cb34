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
                Ok(reached) => {
                    position = Some(reached);
                    app.sessions().heard(asked);
                }
                Err(problem) => {
                    tracing::warn!(cause = problem.cause(), "the event log could not be followed")
                }
            }
            // A commit of our own was applied before it was answered, so there is no hurry to look again.
            let _ = tokio::time::timeout(POLL, commits.changed()).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

/// Applies everything behind `from`, and says how far that is. Without a position, it begins at the head.
async fn follow(app: &App, from: Option<Position>) -> Result<Position, Problem> {
    let system = System::for_reason(app, "what this node remembers must follow the log");
    let Some(mut position) = from else {
        return system
            .read(async |reader: &mut Reader<'_>| Ok(log::head(reader).await?))
            .await;
    };
    loop {
        let page = system
            .read(async move |reader: &mut Reader<'_>| {
                Ok::<_, Problem>(log::after(reader, position, PAGE).await?)
            })
            .await?;
        let Some((last, _)) = page.last() else {
            return Ok(position);
        };
        position = *last;
        for (_, event) in &page {
            app.sessions().apply(event);
        }
        if page.len() < PAGE {
            return Ok(position);
        }
    }
}
