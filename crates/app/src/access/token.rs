//! Tokens: JSON Web Tokens (RFC 7519) signed with HS256, each for one login.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use faff_types::{SessionId, Timestamp, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Role;
use crate::Settings;
use crate::http::Problem;

/// Tokens longer than this are not looked at.
const LONGEST: usize = 4096;

/// Tokens remembered, at most; beyond, all are forgotten and checked anew.
const REMEMBERED: usize = 50_000;

/// What a token says. The role is for clients to show; the server asks the account itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claims {
    /// Whose it is.
    pub user_id: UserId,
    /// Their e-mail address at login.
    pub email: String,
    /// Their role at login.
    pub role: Role,
    /// The login it belongs to and dies with.
    pub sid: SessionId,
    /// Issued at, in seconds since the epoch.
    pub iat: i64,
    /// Expires at, in seconds since the epoch.
    pub exp: i64,
    /// Not before, in seconds since the epoch; not in tokens of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
}

/// What matters of a token that was found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verified {
    /// Whose it is.
    pub(crate) user_id: UserId,
    /// The login it belongs to.
    pub(crate) sid: SessionId,
    nbf: Option<i64>,
    /// Until when it is good, in seconds since the epoch.
    pub(crate) exp: i64,
}

/// Makes and checks tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    lifetime: Duration,
    /// Those that were found good, by their SHA-256: a token itself is a secret of its owner. Whether the login goes on is
    /// not a matter of the signature, and is asked each time.
    verified: RwLock<HashMap<[u8; 32], Verified>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

impl Tokens {
    pub(crate) fn new(settings: &Settings) -> Self {
        let secret = settings.jwt_secret.reveal();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        // The clock is the application's, so the caller compares; here the claim must only be there.
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp"]);
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            lifetime: settings.session_lifetime,
            verified: RwLock::default(),
        }
    }

    /// When a login that begins now ends.
    pub(crate) fn expiry(&self, now: Timestamp) -> Timestamp {
        now.plus_millis(i64::try_from(self.lifetime.as_millis()).unwrap_or(i64::MAX))
    }

    pub(crate) fn sign(&self, claims: &Claims) -> Result<String, Problem> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encoding)
            .map_err(Problem::internal)
    }

    /// What a token says, if we signed it and it has not expired.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Option<Verified> {
        if token.len() > LONGEST {
            return None;
        }
        let (digest, now) = (Sha256::digest(token).into(), now.as_seconds());
        let known = self.verified.read().unwrap_or_else(PoisonError::into_inner).get(&digest).copied();
        let verified = match known {
            Some(verified) => verified,
            None => self.read(token)?,
        };
        if verified.exp <= now {
            if known.is_some() {
                self.verified.write().unwrap_or_else(PoisonError::into_inner).remove(&digest);
            }
            return None;
        }
        if known.is_none() {
            self.remember(digest, verified, now);
        }
        verified.nbf.is_none_or(|nbf| nbf <= now).then_some(verified)
    }

    /// What a token says, if we signed it.
    fn read(&self, token: &str) -> Option<Verified> {
        let Claims { user_id, sid, nbf, exp, .. } =
            jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        Some(Verified { user_id, sid, nbf, exp })
    }

    fn remember(&self, digest: [u8; 32], token: Verified, now: i64) {
        let mut verified = self.verified.write().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= REMEMBERED {
            verified.retain(|_, token| token.exp > now);
        }
        if verified.len() >= REMEMBERED {
            verified.clear();
        }
        verified.insert(digest, token);
    }
}
