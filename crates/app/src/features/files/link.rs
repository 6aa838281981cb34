//! Makes addresses of files that need no login of their own for some minutes: for `<img>` and for downloads of pages of
//! other origins.
//!
//! Invariants:
//! - An address is good for one file, one person and one login, until it expires; a signature holds these together.
//! - It is no more than another way to say who asks: whether that login goes on, and whether that person may read the task,
//!   is asked when it is used.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use faff_store::Reader;
use faff_types::{AttachmentId, Secret, SessionId, Timestamp, UserId};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::{IntoParams, ToSchema};

use super::view::Attachment;
use super::{sql, thumbnail_of};
use crate::access::Caller;
use crate::http::{Client, Json, Problem, Query, Subject};
use crate::{App, derived};

/// How long an address is good.
const GOOD_MILLIS: i64 = 10 * 60 * 1000;
/// Files of one request, at most: those of a page of messages.
pub(super) const MOST_LINKS: usize = 100;
/// The parameter that holds who asks.
const PASS: &str = "pass";
/// What the key is for, so that it is no other's.
const PURPOSE: &[u8] = b"faff: addresses of files, 1";
/// Bytes of a pass: a person, a login, until when, and the signature.
const BEFORE: usize = 24;
const LONG: usize = BEFORE + 32;

/// Signs addresses and knows its signatures.
pub(super) struct Signer(Hmac<Sha256>);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

/// Who may use an address, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Holder {
    user: UserId,
    session: SessionId,
    until: Timestamp,
}

impl Signer {
    /// Its key follows from the server's secret, and tells nothing of it.
    pub(super) fn new(secret: &Secret<Vec<u8>>) -> Self {
        Self(derived::key(PURPOSE, secret))
    }

    fn mac(&self, object: &str, before: &[u8]) -> Hmac<Sha256> {
        // The first part has a fixed length, so that nothing can move from one to the other.
        self.0.clone().chain_update(before).chain_update(object.as_bytes())
    }

    /// The pass to an object.
    fn sign(&self, object: &str, holder: Holder) -> String {
        let Holder { user, session, until } = holder;
        let mut pass = Vec::with_capacity(LONG);
        for number in [user.get(), session.get(), until.as_millis()] {
            pass.extend(number.to_be_bytes());
        }
        let mac = self.mac(object, &pass).finalize().into_bytes();
        pass.extend(mac);
        URL_SAFE_NO_PAD.encode(pass)
    }

    /// Whose pass to an object it is, if it is one of ours and good.
    fn holder(&self, object: &str, pass: &str, now: Timestamp) -> Option<Holder> {
        if pass.len() > 2 * LONG {
            return None;
        }
        let pass = URL_SAFE_NO_PAD.decode(pass).ok()?;
        let (before, signature) = pass.split_at_checked(BEFORE)?;
        self.mac(object, before).verify_slice(signature).ok()?;
        let mut numbers =
            before.chunks_exact(8).filter_map(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?)));
        let user = UserId::try_from(numbers.next()?).ok()?;
        let session = SessionId::try_from(numbers.next()?).ok()?;
        let until = Timestamp::from_millis(numbers.next()?);
        (until > now).then_some(Holder { user, session, until })
    }
}

/// Whoever asks for a file: by a login, or by a pass.
#[derive(Debug)]
pub(super) struct Visitor {
    pub(super) caller: Caller,
    /// By a pass.
    pub(super) signed: bool,
}

#[derive(Deserialize)]
struct Shown {
    pass: Option<String>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Query(Shown { pass: Some(pass) }) = Query::from_request_parts(parts, app).await? else {
            let caller = Caller::from_request_parts(parts, app).await?;
            return Ok(Self { caller, signed: false });
        };
        let object = parts.uri.path().rsplit('/').next().unwrap_or_default();
        match holder(app, object, &pass).await {
            Ok(caller) => {
                app.limits().user.count(Subject::User(caller.id), app.now())?;
                Ok(Self { caller, signed: true })
            }
            Err(problem) => {
                // Guessing passes counts like guessing tokens.
                let client = Client::of(parts, app);
                app.limits().anonymous.count(Subject::address(client.address), app.now()).await?;
                Err(problem)
            }
        }
    }
}

async fn holder(app: &App, object: &str, pass: &str) -> Result<Caller, Problem> {
    let holder = app.files().signer.holder(object, pass, app.now()).ok_or_else(Problem::unauthenticated)?;
    let caller = Caller::from_session(app, holder.session).await?;
    if caller.id == holder.user { Ok(caller) } else { Err(Problem::unauthenticated()) }
}

/// Which files.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Ids of 1 to 100 files, with commas between them.
    #[param(example = "0b6f3c9a-17d2-4e84-a60b-1c5d7f09a3e4")]
    ids: String,
}

/// An address that is good without a login.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Link {
    /// The file.
    #[schema(value_type = String, format = "uuid")]
    id: AttachmentId,
    /// Where to read it.
    #[schema(example = "/uploads/messages/5f3c9a17d2e84b60b1c5d7f09a3e42860?pass=AAAAAAAAAAE")]
    url: String,
    /// Where to read its thumbnail; `null` when there is none.
    thumbnail_url: Option<String>,
    /// Until when both are good.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Addresses of files.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Links {
    /// In no particular order; a file that does not exist, or not for you, has none.
    links: Vec<Link>,
}

/// Addresses of files that are good for ten minutes without a login, for images and downloads in pages of other origins.
/// They are no better than the login they are made with: when it ends, or you may no longer read the task, so do they.
#[utoipa::path(get, path = "/api/attachments/links", tag = "files", params(Asked),
    responses((status = 200, body = Links)))]
pub(crate) async fn handler(caller: Caller, Query(asked): Query<Asked>) -> Result<Json<Links>, Problem> {
    let ids: Option<Vec<AttachmentId>> = asked.ids.split(',').map(AttachmentId::parse).collect();
    let ids = ids.ok_or_else(|| {
        Problem::field("ids", "format", "ids must be ids of files, with commas between them")
    })?;
    if ids.len() > MOST_LINKS {
        return Err(Problem::field("ids", "length", format!("ids must be at most {MOST_LINKS}")));
    }
    let (user, scope) = (caller.id, caller.scope());
    let rows = caller
        .read(async move |reader: &mut Reader<'_>| Ok(sql::readable(reader, &ids, user, scope).await?))
        .await?;
    let files = caller.app().files();
    let until = caller.now().plus_millis(GOOD_MILLIS);
    let holder = Holder { user, session: caller.session, until };
    let signed = |object: &str| {
        let pass = files.signer.sign(object, holder);
        format!("{}?{PASS}={pass}", files.links.of(object))
    };
    let links = rows.into_iter().map(|row| Link {
        url: signed(&row.stored),
        thumbnail_url: row.thumbnail.is_some().then(|| signed(&thumbnail_of(&row.stored))),
        id: Attachment::new(row, &files.links).id,
        expires_at: until,
    });
    Ok(Json(Links { links: links.collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn signer(secret: &str) -> Signer {
        Signer::new(&Secret::new(secret.as_bytes().to_vec()))
    }

    proptest! {
        #[test]
        fn a_pass_opens_its_own_object_to_its_own_holder_until_it_expires(
            user in 1_i64..1 << 53, session in 1_i64..1 << 53, until in 1_i64..1 << 50, flipped in 0..LONG, bit in 0..8,
        ) {
            let holder = Holder {
                user: UserId::from_db(user), session: SessionId::from_db(session), until: Timestamp::from_millis(until),
            };
            let (ours, before) = (signer("one"), Timestamp::from_millis(until - 1));
            let pass = ours.sign("f00d0", holder);
            prop_assert_eq!(ours.holder("f00d0", &pass, before), Some(holder));
            prop_assert_eq!(ours.holder("f00d0", &pass, holder.until), None);
            prop_assert_eq!(ours.holder("f00d0t", &pass, before), None);
            prop_assert_eq!(ours.holder("f00d", &pass, before), None);
            prop_assert_eq!(signer("other").holder("f00d0", &pass, before), None);
            let mut bytes = URL_SAFE_NO_PAD.decode(&pass).unwrap_or_default();
            bytes[flipped] ^= 1_u8 << bit;
            prop_assert_eq!(ours.holder("f00d0", &URL_SAFE_NO_PAD.encode(bytes), before), None);
            prop_assert_eq!(ours.holder("f00d0", &pass[..pass.len() - 4], before), None);
        }

        #[test]
        fn whatever_is_no_pass_opens_nothing(given: String) {
            prop_assert_eq!(signer("one").holder("f00d0", &given, Timestamp::from_millis(0)), None);
        }
    }
}
