//! Changes one's own name and e-mail address.

use faff_store::Tx;
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::{check_email, check_name, refuse_taken};
use super::sql;
use super::view::UserAnswer;
use crate::access::{self, Caller, ChangeOwn};
use crate::event::{Change, Event, record_user};
use crate::http::text::Check;
use crate::http::{Json, Problem};

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeProfile)]
pub(crate) struct Input {
    /// 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100, example = "Bo Ek")]
    name: Option<String>,
    /// One account each.
    #[schema(format = "email", max_length = 254, example = "bo@faff.example")]
    email: Option<String>,
}

/// Change your name or address.
#[utoipa::path(put, path = "/api/auth/profile", tag = "people", request_body = Input, responses(
    (status = 200, body = UserAnswer), (status = 409, description = "The address is taken")))]
pub(crate) async fn handler(caller: Caller, Json(input): Json<Input>) -> Result<Json<UserAnswer>, Problem> {
    let mut check = Check::default();
    let name = input.name.map(|name| check_name(&mut check, &name));
    let email = input.email.map(|email| check_email(&mut check, &email));
    check.done()?;
    let (who, now) = (caller.who(), caller.now());
    let user = caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::user::<ChangeOwn>(tx, &who, who.id).await?;
            let before = sql::find(tx, permit.id).await?.ok_or_else(Problem::unauthenticated)?;
            let name = name.as_ref().filter(|name| **name != before.name);
            let email = email.as_ref().filter(|email| **email != before.email);
            let changes: Vec<Change> =
                [name.map(|_| Change::text("name")), email.map(|_| Change::text("email"))]
                    .into_iter()
                    .flatten()
                    .collect();
            if changes.is_empty() {
                tx.commit_quietly("nothing was to be changed");
                return Ok(before);
            }
            let (name, email) = (name.unwrap_or(&before.name), email.unwrap_or(&before.email));
            let user = sql::set_profile(tx, permit.id, name, email, now).await?.ok_or_else(refuse_taken)?;
            record_user(tx, Some(who.id), now, user.id, Event::UserChanged { changes }).await?;
            Ok(user)
        })
        .await?;
    Ok(Json(UserAnswer { user }))
}
