//! The people of the company get their accounts.

use faff_app::App;
use faff_app::access::{Role, System, Who};
use faff_app::features::people::{self, NewAccount};
use faff_app::http::Problem;
use faff_store::{Reader, Tx};
use faff_types::{SessionId, Timestamp};

use super::company::{Company, Person};
use crate::failure::Failure;
use crate::user::{NO_PASSWORD, Password};

/// Makes an account for everyone, a day before the first ticket, and returns them in the company's order.
pub(super) async fn join(
    app: &App,
    company: &Company,
    now: Timestamp,
    password: &Password,
) -> Result<Vec<Who>, Failure> {
    let first = company.tickets.first().map_or(0, |ticket| ticket.minutes_ago);
    let at = now.plus_millis(-(first + 24 * 60) * 60_000);
    let hash = hash(app, company, at, password).await?;
    let accounts: Vec<_> = company.people.iter().skip(1).map(|person| account(person, &hash)).collect();
    let system = System::for_reason(app, "the people of the demo are there before anybody can invite them");
    let made = system
        .write(async move |tx: &mut Tx<'_>| {
            let mut made = Vec::new();
            for (account, role) in &accounts {
                made.push(people::create(tx, None, account, *role, at).await?);
            }
            Ok(made)
        })
        .await?;
    let first = company.people.first().map_or("", |person| person.email).to_owned();
    Ok(made.into_iter().map(|user| Who { id: user.id, name: user.name, email: user.email, role: user.role, session: SessionId::from_db(0) }).collect())
}
