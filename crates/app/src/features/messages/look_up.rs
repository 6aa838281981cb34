//! Reads messages for those who are told of them.

use faff_store::Reader;
use faff_types::MessageId;

use super::sql::{self, MessageRow, with_files};
use super::view::Message;
use crate::App;
use crate::access::System;
use crate::features::files::Attached;
use crate::features::people::People;
use crate::http::Problem;

/// The messages with these ids, in no order, whatever became of them since; those whose task is gone are left out.
/// Whoever asks sees to who may be shown them.
pub(crate) async fn look_up(app: &App, ids: Vec<MessageId>) -> Result<Vec<Message>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let system = System::for_reason(app, "who may be told is decided where it is told");
    let links = app.files().links.clone();
    let (rows, files): (Vec<MessageRow>, Attached) = system
        .read(async move |reader: &mut Reader<'_>| {
            let rows = sql::by_ids(reader, &ids).await?;
            let files = Attached::read(reader, &links, with_files(&rows)).await?;
            Ok::<_, Problem>((rows, files))
        })
        .await?;
    let people = People::refs(app, rows.iter().flat_map(MessageRow::people)).await?;
    rows.into_iter().map(|row| Message::new(row, &people, &files)).collect()
}
