//! Ends this login.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use faff_store::Tx;

use super::{log_in, sql};
use crate::access::{self, Caller, ChangeOwn};
use crate::event::{Event, record_user};
use crate::http::Problem;

/// Log out: this login's token is good no more.
#[utoipa::path(post, path = "/api/auth/logout", tag = "people", responses((status = 204, description = "Ended")))]
pub(crate) async fn handler(caller: Caller) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1]), Problem> {
    let (who, now) = (caller.who(), caller.now());
    caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::user::<ChangeOwn>(tx, &who, who.id).await?;
            if sql::end_session(tx, who.session, now).await? {
                let ended = Event::SessionEnded { session_id: who.session };
                record_user(tx, Some(who.id), now, permit.id, ended).await?;
            } else {
                tx.commit_quietly("it had ended already");
            }
            Ok(())
        })
        .await?;
    let gone = log_in::set_cookie(caller.app(), "", 0).unwrap_or(HeaderValue::from_static(""));
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]))
}
