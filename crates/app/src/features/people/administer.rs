//! Changes what others may do: for administrators, and for whoever holds the command line.

use faff_store::log::Stream;
use faff_store::{Tx, record};
use faff_types::{Secret, Timestamp, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::check_password;
use super::view::{User, UserAnswer};
use super::{canonical_email, sql};
use crate::App;
use crate::access::{self, Administer, Caller, Role, System};
use crate::event::{Change, Event, record_user};
use crate::http::text::Check;
use crate::http::{Code, Json, Path, Problem};

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeAccess)]
pub(crate) struct Input {
    role: Option<Role>,
    /// An account that is not active cannot log in, and its logins end now.
    active: Option<bool>,
}

/// Change a person's role, or whether they may log in. Their logins end.
#[utoipa::path(put, path = "/api/users/{id}", tag = "people", params(("id" = i64, Path, example = 2)), request_body = Input,
    responses((status = 200, body = UserAnswer), (status = 409, description = "It is the last administrator")))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<UserId>,
    Json(input): Json<Input>,
) -> Result<Json<UserAnswer>, Problem> {
    if !caller.is_admin() {
        return Err(Problem::forbidden("Only an administrator may change accounts"));
    }
    let (who, now) = (caller.who(), caller.now());
    let user = caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::user::<Administer>(tx, &who, id).await?;
            let role = input.role.unwrap_or(permit.role);
            let active = input.active.unwrap_or(permit.active);
            change(tx, Some(who.id), permit.id, (permit.role, permit.active), (role, active), now).await
        })
        .await?;
    Ok(Json(UserAnswer { user }))
}

async fn change(
    tx: &mut Tx<'_>,
    actor: Option<UserId>,
    id: UserId,
    before: (Role, bool),
    after: (Role, bool),
    now: Timestamp,
) -> Result<User, Problem> {
    let mut changes = Vec::new();
    if before.0 != after.0 {
        changes.push(Change::value("role", before.0.as_str(), after.0.as_str()));
    }
    if before.1 != after.1 {
        changes.push(Change::value("active", before.1.to_string(), after.1.to_string()));
    }
    if changes.is_empty() {
        tx.commit_quietly("nothing was to be changed");
        return sql::find(tx, id).await?.ok_or_else(|| Problem::not_found("User"));
    }
    let administers = |(role, active): (Role, bool)| role == Role::Admin && active;
    if administers(before) && !administers(after) && !sql::has_other_administrator(tx, id).await? {
        let message = "This is the last active administrator; make another one first";
        return Err(Problem::new(Code::LastAdministrator, message));
    }
    let user = sql::set_access(tx, id, after.0, after.1, now).await?;
    sql::end_sessions(tx, id, None, now).await?;
    record_user(tx, actor, now, id, Event::UserChanged { changes }).await?;
    Ok(user)
}

record! {
    /// An account as found by its address, for the command line and for login.
    #[derive(Debug)]
    pub struct Found {
        /// The account.
        pub id: UserId,
        pub(super) password_hash: String,
        pub(super) active: bool,
    }
}

/// Finds an account by any form of its address, for the command line.
pub async fn find_by_email(app: &App, email: &str) -> Result<Found, Problem> {
    let email = canonical_email(email).unwrap_or_default();
    System::for_reason(app, "whoever holds the command line holds the database")
        .read(async move |reader| Ok::<_, Problem>(sql::find_by_email(reader, &email).await?))
        .await?
        .ok_or_else(|| Problem::not_found("User"))
}

/// Changes role and activity from the command line.
pub async fn set_access(
    app: &App,
    found: &Found,
    role: Option<Role>,
    active: Option<bool>,
) -> Result<User, Problem> {
    let (id, now) = (found.id, app.now());
    System::for_reason(app, "whoever holds the command line holds the database")
        .write(async move |tx: &mut Tx<'_>| {
            tx.lock(Stream::Workspace).await?;
            tx.lock(Stream::User(id)).await?;
            let before = sql::find(tx, id).await?.ok_or_else(|| Problem::not_found("User"))?;
            let after = (role.unwrap_or(before.role), active.unwrap_or(before.active));
            change(tx, None, id, (before.role, before.active), after, now).await
        })
        .await
}

/// Sets a new password from the command line. Every login of the account ends.
pub async fn set_password(app: &App, found: &Found, email: &str, password: &Secret) -> Result<(), Problem> {
    let mut check = Check::default();
    check_password(&mut check, "password", password.reveal(), &canonical_email(email).unwrap_or_default());
    check.done()?;
    let hash = app.passwords().hash(password).await?;
    let (id, now) = (found.id, app.now());
    System::for_reason(app, "whoever holds the command line holds the database")
        .write(async move |tx: &mut Tx<'_>| {
            tx.lock(Stream::User(id)).await?;
            sql::set_password(tx, id, &hash, now).await?;
            sql::end_sessions(tx, id, None, now).await?;
            record_user(tx, None, now, id, Event::PasswordChanged {}).await?;
            Ok(())
        })
        .await
}
