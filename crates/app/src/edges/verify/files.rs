//! Holds the files against their messages and their objects.

use std::collections::HashSet;

use faff_store::Reader;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{PAGE, Report, sql};
use crate::App;
use crate::access::System;
use crate::features::files::{State, file_of, thumbnail_of, upload_of};
use crate::http::Problem;

/// Objects that are looked into at once.
const AT_ONCE: usize = 8;

/// What the database knows of objects.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Those that hold a file or a thumbnail.
    held: Vec<String>,
    /// Those that are to be removed, and uploads under way.
    passing: HashSet<String>,
}

/// Every message has as many files as it says.
pub(super) async fn rows(reader: &mut Reader<'_>, report: &mut Report) -> Result<Noted, Problem> {
    for (message, said, there) in sql::miscounted_files(reader).await? {
        report.fault(format!("message {message}: it says that it has {said} files, but it has {there}"));
    }
    let mut noted = Noted::default();
    let mut after = String::new();
    loop {
        let page = sql::stored(reader, &after, PAGE).await?;
        let full = page.len() == PAGE;
        if let Some((last, _)) = page.last() {
            after.clone_from(last);
        }
        report.files += page.len();
        for (stored, has_thumbnail) in page {
            noted.held.extend(has_thumbnail.then(|| thumbnail_of(&stored)));
            noted.held.push(stored);
        }
        if !full {
            break;
        }
    }
    noted.passing = sql::passing_objects(reader).await?.into_iter().collect();
    Ok(noted)
}

/// Every file has its object, and every object is of a file, to be removed, or of an upload under way. What a server that
/// runs beside has changed meanwhile is looked at again.
pub(super) async fn objects(
    app: &App,
    system: &System,
    objects: Vec<String>,
    noted: Noted,
    report: &mut Report,
) -> Result<(), Problem> {
    let storage = &app.files().storage;
    let there: HashSet<&str> = objects.iter().map(String::as_str).collect();
    for stored in noted.held.iter().filter(|stored| !there.contains(stored.as_str())) {
        if storage.has(stored).await? {
            continue;
        }
        let asked = file_of(stored).to_owned();
        let still = system
            .read(async move |reader: &mut Reader<'_>| {
                Ok::<_, Problem>(sql::is_stored(reader, &asked).await?)
            })
            .await?;
        if still {
            report.fault(format!("file {stored}: its object is missing"));
        }
    }
    let held: HashSet<&str> = noted.held.iter().map(String::as_str).collect();
    let passing = |name: &str| {
        noted.passing.contains(file_of(name))
            || upload_of(name).is_some_and(|upload| noted.passing.contains(upload))
    };
    for name in &objects {
        // What is being written has a number behind it.
        let object = name.split('#').next().unwrap_or_default();
        if (name == object && held.contains(object)) || passing(object) {
            continue;
        }
        if held.contains(object) && system.is_held().await? {
            // It is being sealed anew.
            continue;
        }
        if storage.is_there(name).await? {
            report.fault(format!("object {name}: no file and no upload is noted for it"));
        }
    }
    sealing(app, noted.held, report).await
}

/// Which key each object is sealed with, and that it opens. One that has gone meanwhile was told of above.
async fn sealing(app: &App, held: Vec<String>, report: &mut Report) -> Result<(), Problem> {
    let storage = &app.files().storage;
    let states = held.into_iter().map(async |name| {
        let state = storage.state(&name).await?;
        Ok::<_, Problem>((name, state))
    });
    let mut states = stream::iter(states).buffer_unordered(AT_ONCE);
    while let Some((name, state)) = states.try_next().await? {
        match state {
            None => {}
            Some(State::Plain) => report.plain_files += 1,
            Some(State::Sealed(id)) if storage.seals_with() == Some(id) => report.sealed_files += 1,
            Some(State::Sealed(_)) => report.older_files += 1,
            Some(State::Refused(why)) => report.fault(format!("file {name}: {why}")),
        }
    }
    Ok(())
}
