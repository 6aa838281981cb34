//! `faff demo`: fills an empty database with a made-up company, through the same functions as every other change, so
//! that its log is real. Its last working day is the last Friday before now.

mod company;
mod people;
mod steps;

use faff_app::App;
use faff_app::access::System;
use faff_app::http::Problem;
use faff_store::Reader;
use faff_types::Timestamp;
use tokio::time::Instant;

use crate::failure::{Failure, say};
use crate::settings::Settings;
use crate::user::Password;
use crate::{key, open};
use company::company;

/// Makes the company, and says how to log in.
pub(crate) async fn run(settings: Settings) -> Result<(), Failure> {
    let started = Instant::now();
    let app = open::app(&settings, key::throwaway()?).await?;
    if has_tasks(&app).await? {
        return Err(Failure::work(format!(
            "{} holds tasks already; the demo is for an empty one",
            settings.database
        )));
    }
    let company = company();
    let now = last_friday(app.now());
    let password = Password::generate()?;
    let people = people::join(&app, &company, now, &password).await?;
    steps::take(&app, &company, &people, now).await?;

    let messages: usize = company.tickets.iter().map(|ticket| ticket.messages.len()).sum();
    say(&format!(
        "made {} people, {} tasks and {messages} messages in {:.1} s",
        people.len(),
        company.tickets.len(),
        started.elapsed().as_secs_f64()
    ));
    for person in &company.people {
        let role = if person.role_admin { "administrator; " } else { "" };
        say(&format!("  {:<24} {role}{}", person.email, person.about));
    }
    say(&format!("They all log in with the password {}", password.text.reveal()));
    Ok(())
}

async fn has_tasks(app: &App) -> Result<bool, Failure> {
    let found: Option<i64> = System::for_reason(app, "the demo must not spoil real data")
        .read(async |reader: &mut Reader<'_>| {
            Ok::<_, Problem>(reader.optional("select id from task limit 1", &[]).await?)
        })
        .await?;
    Ok(found.is_some())
}

const HOUR: i64 = 3_600_000;
const WEEK: i64 = 7 * 24 * HOUR;
/// 1970-01-01 was a Thursday, so this is the first Friday at 17:00.
const FIRST_FRIDAY: i64 = (24 + 17) * HOUR;

/// Friday at 17:00 (UTC), not after `now`.
fn last_friday(now: Timestamp) -> Timestamp {
    now.plus_millis(-(now.as_millis() - FIRST_FRIDAY).rem_euclid(WEEK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_friday_is_found() {
        let friday = Timestamp::from_millis(1_795_194_000_000);
        assert_eq!(friday.to_string(), "2026-11-20T17:00:00.000Z");
        for later in [0, 1, WEEK - 1] {
            assert_eq!(last_friday(friday.plus_millis(later)), friday);
        }
        assert_eq!(last_friday(friday.plus_millis(-1)), friday.plus_millis(-WEEK));
    }
}
