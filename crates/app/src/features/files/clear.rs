//! Removes objects that nothing refers to: after a refusal, after a deletion, and after a crash.

use faff_store::{Reader, Tx};

use super::{MOST_FILES, STAGED_MILLIS, sql};
use crate::App;
use crate::access::System;
use crate::http::Problem;

/// Beyond the hour that is promised: whoever attaches at its last moment is not met by the sweeper.
const GRACE_MILLIS: i64 = 10 * 60 * 1000;

/// What the name of a thumbnail ends with: no digit of other names.
const THUMBNAIL: char = 't';

/// The name of the object that holds the nth file of an upload.
pub(super) fn object(upload: &str, n: usize) -> String {
    format!("{upload}{n}")
}

/// The name of the object that holds the thumbnail of what is in another.
pub(crate) fn thumbnail_of(object: &str) -> String {
    format!("{object}{THUMBNAIL}")
}

/// The object that holds a file, whether it or its thumbnail is named.
pub(crate) fn file_of(object: &str) -> &str {
    object.strip_suffix(THUMBNAIL).unwrap_or(object)
}

/// The upload that an object would be of.
pub(crate) fn upload_of(object: &str) -> Option<&str> {
    let file = file_of(object);
    file.get(..file.len().checked_sub(1)?)
}

/// Removes a file, with its thumbnail if it has one.
async fn remove(app: &App, object: &str) -> Result<(), Problem> {
    app.files().storage.remove(object).await?;
    app.files().storage.remove(&thumbnail_of(object)).await
}

/// After an upload, whatever became of it: what no transaction has taken is removed. What cannot be removed now is found
/// by the sweeper.
pub(crate) async fn settle(app: &App, upload: Option<&str>) {
    let Some(upload) = upload else { return };
    if let Err(problem) = release(app, upload.to_owned()).await {
        tracing::warn!(cause = problem.cause(), "an upload was not cleared away; the sweeper will");
    }
}

async fn release(app: &App, upload: String) -> Result<(), Problem> {
    let system = System::for_reason(app, "what a request has left is cleared away");
    let asked = upload.clone();
    let left = system
        .read(async move |reader: &mut Reader<'_>| Ok::<_, Problem>(sql::is_under_way(reader, &asked).await?))
        .await?;
    if !left {
        return Ok(());
    }
    for n in 0..MOST_FILES {
        remove(app, &object(&upload, n)).await?;
    }
    system
        .write(async move |tx: &mut Tx<'_>| {
            tx.commit_quietly("nothing came of it");
            sql::end(tx, &upload).await?;
            Ok(())
        })
        .await
}

/// Removes the objects that are noted for removal; not while a backup is made.
pub(crate) async fn clear(app: &App) -> Result<usize, Problem> {
    let system = System::for_reason(app, "objects follow their rows");
    let mut count = 0;
    loop {
        let names = system
            .read(async |reader: &mut Reader<'_>| Ok::<_, Problem>(sql::to_remove(reader).await?))
            .await?;
        // A backup has copied the rows, and reads their objects now. Asked after the names were read: their rows were gone by
        // then, so a backup that begins only now does not know them.
        if names.is_empty() || system.is_held().await? {
            return Ok(count);
        }
        for name in &names {
            remove(app, name).await?;
        }
        count += names.len();
        system
            .write(async move |tx: &mut Tx<'_>| {
                tx.commit_quietly("that they go was told when their rows went");
                Ok(sql::removed(tx, &names).await?)
            })
            .await?;
    }
}

/// Finds what nobody will ask for any more: files staged and not attached, uploads that a crash has cut off. Then clears.
pub(crate) async fn sweep(app: &App) -> Result<usize, Problem> {
    let now = app.now();
    let before = now.plus_millis(-STAGED_MILLIS - GRACE_MILLIS);
    let system = System::for_reason(app, "what has expired is cleared away");
    loop {
        let begun = system
            .write(async move |tx: &mut Tx<'_>| {
                tx.commit_quietly("nobody was told of them");
                sql::unstage(tx, before, now).await?;
                let begun = sql::begun_before(tx, before).await?;
                for upload in &begun {
                    // Whoever ends it has its files: a request that is still at it, or we.
                    if sql::end(tx, upload).await? {
                        for n in 0..MOST_FILES {
                            sql::note_removal(tx, &object(upload, n), now).await?;
                        }
                    }
                }
                Ok(begun.len())
            })
            .await?;
        if begun == 0 {
            break;
        }
    }
    clear(app).await
}
