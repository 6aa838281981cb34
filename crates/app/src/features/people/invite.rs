//! Invitations: an administrator lets whoever has an address make an account, for a week.
//!
//! Invariants:
//! - An invitation is a signature: nothing in the database lets anybody in. That one was used is remembered for as long as it
//!   could be used again, so it is good once, whatever becomes of the account and its address.
//! - It is for one address, in the form in which accounts are looked up, and never says what the account may do.
//! - It is good until its time, and as long as whoever gave it administers with the password they had: who has lost either has
//!   withdrawn it.
//! - It is no login: its key is another.

use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use faff_store::log::Stream;
use faff_store::{Reader, Tx};
use faff_types::{Secret, Timestamp, UserId};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

use super::account::{check_email, refuse_taken};
use super::sql;
use crate::access::{self, Administer, Caller, System};
use crate::event::{Event, record_user};
use crate::http::idempotency::{self, Answer, Keyed};
use crate::http::text::Check;
use crate::http::{Code, Problem};
use crate::{App, Registration, derived};

/// How long an invitation is good: time enough for somebody who is on holiday, and little for one that was passed on.
const GOOD_MILLIS: i64 = 7 * 24 * 3_600 * 1_000;
/// What the key is for, so that it is no other's.
const PURPOSE: &[u8] = b"faff: invitations, 1";
/// Bytes of a token: who invites, until when, and the signature.
const BEFORE: usize = 16;
const LONG: usize = BEFORE + 32;

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Invite)]
pub(crate) struct Input {
    /// The address that the account will have.
    #[schema(format = "email", max_length = 254, example = "bo@faff.example")]
    email: String,
}

/// An invitation without what makes it one, which is kept nowhere.
#[derive(Debug, Serialize, Deserialize)]
struct Promise {
    email: String,
    /// In milliseconds.
    until: i64,
}

/// What lets somebody make an account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invitation {
    /// The canonical e-mail address that it is for.
    #[schema(example = "bo@faff.example")]
    email: String,
    /// Give it to `POST /api/auth/register`, as `invitation`.
    token: String,
    /// Until when it is good.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// An invitation.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationAnswer {
    invitation: Invitation,
}

/// Invite somebody: for administrators. Nothing is sent: hand them the address of the page
/// `/register#email=EMAIL&invitation=TOKEN`, of which no log sees what is behind the `#`.
#[utoipa::path(post, path = "/api/users/invitations", tag = "people", request_body = Input,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 201, body = InvitationAnswer),
        (status = 403, description = "Not an administrator, or registration is closed"),
        (status = 409, description = "The address has an account")))]
pub(crate) async fn handler(
    State(app): State<App>,
    caller: Caller,
    Keyed { input, key }: Keyed<Input>,
) -> Result<Answer, Problem> {
    if !caller.is_admin() {
        return Err(Problem::forbidden("Only an administrator may invite"));
    }
    if app.settings().registration == Registration::Closed {
        let message = "Registration is closed here; accounts are made on the command line";
        return Err(Problem::new(Code::RegistrationClosed, message));
    }
    let mut check = Check::default();
    let email = check_email(&mut check, &input.email);
    check.done()?;
    let (who, now) = (caller.who(), caller.now());
    let promised = caller.answer_once(key, async move |tx: &mut Tx<'_>| {
        let permit = access::user::<Administer>(tx, &who, who.id).await?;
        if sql::find_by_email(tx, &email).await?.is_some() {
            return Err(refuse_taken());
        }
        record_user(tx, Some(who.id), now, permit.id, Event::UserInvited {}).await?;
        let until = now.plus_millis(GOOD_MILLIS).as_millis();
        Answer::new(StatusCode::CREATED, &Promise { email: email.clone(), until })
    });
    let promised = promised.await?;
    // Signed now, so that no token is kept beside the key: who reads the database is not invited by that.
    let by = caller.id;
    let standing =
        caller.look_up(async move |reader: &mut Reader<'_>| Ok(sql::administers(reader, by).await?));
    let standing = standing.await?.ok_or_else(Problem::unauthenticated)?;
    let signer = Signer::new(&app.settings().jwt_secret);
    promised.completed(|Promise { email, until }| {
        let expires_at = Timestamp::from_millis(until);
        let token = signer.sign(&email, by, expires_at, &standing);
        InvitationAnswer { invitation: Invitation { email, token, expires_at } }
    })
}

/// An invitation that somebody has shown, and whoever has given it.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    by: UserId,
    until: Timestamp,
    /// The password's hash that it was signed with.
    standing: String,
    /// What is remembered when it is used.
    name: String,
}

/// What a token says, when it is good for this address. It may have been used.
pub(super) async fn show(app: &App, token: &Secret, email: &str) -> Result<Option<Shown>, Problem> {
    let Some(token) = Token::read(token.reveal()).filter(|token| token.until > app.now()) else {
        return Ok(None);
    };
    let by = token.by;
    let standing = System::for_reason(app, "whoever is invited is not yet anybody")
        .look_up(async move |reader: &mut Reader<'_>| Ok::<_, Problem>(sql::administers(reader, by).await?))
        .await?;
    let signer = Signer::new(&app.settings().jwt_secret);
    Ok(standing.filter(|standing| signer.has_signed(&token, email, standing)).map(|standing| Shown {
        by,
        until: token.until,
        standing,
        name: format!("invitation {}", URL_SAFE_NO_PAD.encode(token.signature)),
    }))
}

impl Shown {
    /// Uses it up. Says who has given it, if it is still good.
    pub(super) async fn use_up(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<UserId>, Problem> {
        // Under these locks nobody loses a role or a password, and nobody uses the same invitation.
        tx.lock(Stream::Workspace).await?;
        tx.lock(Stream::User(self.by)).await?;
        let good = self.until > now
            && sql::administers(tx, self.by).await?.as_ref() == Some(&self.standing)
            && idempotency::is_first(tx, self.by, &self.name, self.until).await?;
        Ok(good.then_some(self.by))
    }
}

/// One answer for whatever is wrong: it tells nobody which addresses were invited.
pub(super) fn refuse() -> Problem {
    let message =
        "This invitation is not good any more, or is for another address; ask an administrator for a new one";
    Problem::new(Code::InvitationInvalid, message)
}

/// A token as it comes: anybody may have written it.
struct Token {
    by: UserId,
    until: Timestamp,
    before: [u8; BEFORE],
    signature: Vec<u8>,
}

impl Token {
    fn read(token: &str) -> Option<Self> {
        if token.len() > 2 * LONG {
            return None;
        }
        let token = URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
        let (before, signature) = token.split_first_chunk::<BEFORE>()?;
        let (by, until) = before.split_at(BEFORE / 2);
        Some(Self {
            by: UserId::try_from(i64::from_be_bytes(by.try_into().ok()?)).ok()?,
            until: Timestamp::from_millis(i64::from_be_bytes(until.try_into().ok()?)),
            before: *before,
            signature: signature.to_vec(),
        })
    }
}

struct Signer(Hmac<Sha256>);

impl Signer {
    fn new(secret: &Secret<Vec<u8>>) -> Self {
        Self(derived::key(PURPOSE, secret))
    }

    fn mac(&self, before: &[u8; BEFORE], email: &str, standing: &str) -> Hmac<Sha256> {
        // The first part has a fixed length, and no address holds U+0000, so that nothing can move from one to the next.
        let parts = [before, email.as_bytes(), b"\0", standing.as_bytes()];
        parts.into_iter().fold(self.0.clone(), Mac::chain_update)
    }

    fn sign(&self, email: &str, by: UserId, until: Timestamp, standing: &str) -> String {
        let mut before = [0; BEFORE];
        let numbers = [by.get(), until.as_millis()].map(i64::to_be_bytes);
        before.iter_mut().zip(numbers.as_flattened()).for_each(|(byte, given)| *byte = *given);
        let signature = self.mac(&before, email, standing).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([&before[..], &signature].concat())
    }

    /// In constant time.
    fn has_signed(&self, token: &Token, email: &str, standing: &str) -> bool {
        self.mac(&token.before, email, standing).verify_slice(&token.signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_one_address_of_one_server_and_holds_with_one_password() {
        let signer = |secret: &str| Signer::new(&Secret::new(secret.as_bytes().to_vec()));
        let (ours, until) = (signer("ours"), Timestamp::from_millis(1_000));
        let ada = UserId::try_from(7).unwrap();
        let token = ours.sign("bo@faff.example", ada, until, "hash");
        let read = Token::read(&token).unwrap();
        assert_eq!((read.by, read.until), (ada, until));
        assert!(ours.has_signed(&read, "bo@faff.example", "hash"));
        assert!(!ours.has_signed(&read, "cy@faff.example", "hash"));
        assert!(!ours.has_signed(&read, "bo@faff.example", "another"));
        assert!(!ours.has_signed(&read, "bo@faff.exampl", "ehash"));
        assert!(!signer("theirs").has_signed(&read, "bo@faff.example", "hash"));
        let good = |token: &str| {
            Token::read(token).is_some_and(|token| ours.has_signed(&token, "bo@faff.example", "hash"))
        };
        assert!(good(&format!(" {token}\n")), "as it may be copied");
        for end in 0..token.len() {
            assert!(!good(&token[..end]), "{end}");
        }
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert!(!good(&String::from_utf8(other).unwrap()), "{at}");
        }
        for wrong in [format!("{token}AAAA"), format!("{token}="), "A".repeat(10_000), String::new()] {
            assert!(!good(&wrong), "{wrong}");
        }
    }
}
