//! The people of the company get their accounts.

use faff_app::App;
use faff_app::access::{Role, System, Who};
use faff_app::features::people::{self, NewAccount, User};
use faff_store::Tx;
use faff_types::{SessionId, Timestamp};

use super::company::Company;
use crate::failure::Failure;
use crate::user::Password;

/// Makes an account for everyone, a day before the first ticket, and returns them in the company's order.
pub(super) async fn join(
    app: &App,
    company: &Company,
    now: Timestamp,
    password: &Password,
) -> Result<Vec<Who>, Failure> {
    let first_ticket = company.tickets.first().map_or(0, |ticket| ticket.minutes_ago);
    let at = now.plus_millis(-(first_ticket + 24 * 60) * 60_000);
    let mut accounts: Vec<(NewAccount, Role)> = Vec::new();
    for person in &company.people {
        // All have the same password, so it is hashed once.
        let account = match accounts.first() {
            None => people::prepare(app, person.name, person.email, &password.text).await?,
            Some((first, _)) => NewAccount {
                name: person.name.to_owned(),
                email: person.email.to_owned(),
                password_hash: first.password_hash.clone(),
            },
        };
        accounts.push((account, if person.role_admin { Role::Admin } else { Role::User }));
    }
    let users = System::for_reason(app, "the people of the demo are there before anybody could invite them")
        .write(async move |tx: &mut Tx<'_>| {
            let mut users = Vec::new();
            for (account, role) in &accounts {
                users.push(people::create(tx, None, account, *role, at).await?);
            }
            Ok(users)
        })
        .await?;
    // They work without ever having logged in.
    let session = SessionId::from_db(0);
    Ok(users
        .into_iter()
        .map(|User { id, name, email, role, .. }| Who { id, name, email, role, session })
        .collect())
}
