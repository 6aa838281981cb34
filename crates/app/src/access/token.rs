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

/// A token that was issued further ahead than this, in seconds, is nobody's: more than clocks of nodes may differ.
const AHEAD: i64 = 24 * 3600;

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
    /// From when it is good, in seconds since the epoch.
    from: i64,
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
        Self::with(settings.jwt_secret.reveal(), settings.session_lifetime)
    }

    fn with(secret: &[u8], lifetime: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        // The clock is the application's, so the caller compares; here the claim must only be there.
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp"]);
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            lifetime,
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
        (verified.from <= now).then_some(verified)
    }

    /// What a token says, if we signed it.
    fn read(&self, token: &str) -> Option<Verified> {
        let token = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?;
        if token.header.crit.is_some() {
            // Whatever it is, we do not know it (RFC 7515, section 4.1.11).
            return None;
        }
        let Claims { user_id, sid, iat, nbf, exp, .. } = token.claims;
        let from = iat.saturating_sub(AHEAD).max(nbf.unwrap_or(i64::MIN));
        Some(Verified { user_id, sid, from, exp })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens in the manner of Project Wycheproof: each with what must become of it. They were not made by the library that
    /// reads them here.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vectors {
        key: String,
        now: i64,
        number_of_tests: usize,
        groups: Vec<Group>,
    }

    #[derive(Deserialize)]
    struct Group {
        name: String,
        result: String,
        tests: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        comment: String,
        jws: String,
    }

    fn vectors() -> (Vectors, Tokens, Timestamp) {
        let vectors: Vectors = serde_json::from_str(include_str!("jws_vectors.json")).unwrap();
        let tokens = Tokens::with(vectors.key.as_bytes(), Duration::from_hours(24));
        let now = Timestamp::from_millis(vectors.now * 1000);
        (vectors, tokens, now)
    }

    #[test]
    fn each_vector_is_accepted_or_refused_as_it_says() {
        let (vectors, tokens, now) = vectors();
        let (mut wrong, mut count) = (Vec::new(), 0);
        for group in &vectors.groups {
            for vector in &group.tests {
                count += 1;
                let valid = group.result == "valid";
                // Twice: what was found good is remembered, and what was not must not be.
                for _ in 0..2 {
                    let accepted = tokens.verify(&vector.jws, now).is_some();
                    if accepted != valid {
                        wrong.push(format!("{}: {}", group.name, vector.comment));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(count, vectors.number_of_tests);
        let accepted = vectors.groups.iter().filter(|group| group.result == "valid");
        assert_eq!(accepted.map(|group| group.tests.len()).sum::<usize>(), 11);
    }

    #[test]
    fn a_token_with_one_other_letter_or_one_less_is_refused() {
        let (vectors, tokens, now) = vectors();
        let good = &vectors.groups[0].tests[0].jws;
        assert!(tokens.verify(good, now).is_some());
        for (at, letter) in good.char_indices() {
            for other in ["A", "B", "-", "=", "."] {
                let mut altered = good.clone();
                altered.replace_range(at..=at, other);
                assert_eq!(
                    tokens.verify(&altered, now).is_some(),
                    letter.to_string() == other,
                    "{at} {other}"
                );
            }
            let mut shorter = good.clone();
            shorter.remove(at);
            assert!(tokens.verify(&shorter, now).is_none(), "without {at}");
            assert!(tokens.verify(&good[..at], now).is_none(), "up to {at}");
        }
    }

    #[test]
    fn a_token_that_was_found_good_ends_at_its_time() {
        let (vectors, tokens, now) = vectors();
        let good = &vectors.groups[0].tests[0].jws;
        for (seconds, lives) in [(0, true), (3599, true), (3600, false), (3599, true), (3601, false)] {
            assert_eq!(tokens.verify(good, now.plus_millis(seconds * 1000)).is_some(), lives, "{seconds}");
            assert_eq!(tokens.verified.read().unwrap().len(), usize::from(lives), "{seconds}: remembered");
        }
    }

    #[test]
    fn no_more_tokens_are_remembered_than_there_is_room_for_and_those_that_ended_go_first() {
        let (_, tokens, _) = vectors();
        let now = 100;
        let remember = |number: usize, exp: i64| {
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&number.to_be_bytes());
            let token = Verified { user_id: UserId::from_db(7), sid: SessionId::from_db(42), from: 0, exp };
            tokens.remember(digest, token, now);
            tokens.verified.read().unwrap().len()
        };
        for number in 0..REMEMBERED {
            assert_eq!(remember(number, if number == 0 { now + 1 } else { now }), number + 1);
        }
        assert_eq!(remember(REMEMBERED, now + 1), 2, "the first one and this one go on");
        for number in 2..REMEMBERED {
            assert_eq!(remember(REMEMBERED + number, now + 1), number + 1);
        }
        assert_eq!(remember(0, now + 1), 1, "none has ended, so all are asked for anew");
    }

    #[test]
    fn clocks_differ_by_a_day_at_most_and_tokens_are_no_longer_than_anybody_needs() {
        let (_, tokens, now) = vectors();
        let signed = |iat: i64, padding: usize| {
            let claims = serde_json::json!({
                "userId": 7, "email": "bo@desk.example", "role": "user", "sid": 42, "iat": iat,
                "exp": now.as_seconds() + 3600, "padding": "x".repeat(padding),
            });
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &tokens.encoding).unwrap()
        };
        for (ahead, good) in [(0, true), (86_400, true), (86_401, false)] {
            assert_eq!(tokens.verify(&signed(now.as_seconds() + ahead, 0), now).is_some(), good, "{ahead}");
        }
        let of_length = |length: usize| {
            (0..length).map(|padding| signed(0, padding)).find(|token| token.len() >= length).unwrap()
        };
        let (longest, longer) = (of_length(4096), of_length(4097));
        assert_eq!((longest.len(), tokens.verify(&longest, now).is_some()), (4096, true));
        assert!(longer.len() < 4100 && tokens.verify(&longer, now).is_none());
        assert_eq!(format!("{tokens:?}"), "Tokens { lifetime: 86400s, .. }");
    }

    #[test]
    fn nothing_that_resembles_a_token_is_one() {
        const CORPUS: &[&str] = &[
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOjd9.c2lnbmF0dXJl",
            "eyJhbGciOiJub25lIn0.eyJ1c2VySWQiOjd9.",
            "..",
            "a.b.c",
        ];
        const WORDS: &[&str] = &[
            ".",
            "=",
            "eyJ",
            "eyJhbGciOiJub25lIn0",
            "eyJhbGciOiJIUzI1NiJ9",
            "bnVsbA",
            "e30",
            "W10",
            "-",
            "_",
            "+",
            "/",
            "\0",
            "é",
            " ",
        ];
        let (vectors, tokens, now) = vectors();
        let good = &vectors.groups[0].tests[0].jws;
        faff_fuzz::Target { name: "tokens", source: file!(), corpus: CORPUS, words: WORDS }.check(|input| {
            let text = String::from_utf8_lossy(input);
            assert!(tokens.verify(&text, now).is_none());
            // The same changes in the place of each part of a good one.
            let mut parts: Vec<&str> = good.split('.').collect();
            parts[input.len() % 3] = &text;
            let altered = parts.join(".");
            assert!(altered == *good || tokens.verify(&altered, now).is_none());
            // And signed as it should be, whatever it says: only claims that are ours are good.
            let payload: Result<serde_json::Value, _> = serde_json::from_slice(input);
            if let Ok(payload) = payload {
                let signed =
                    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &payload, &tokens.encoding).unwrap();
                assert!(tokens.verify(&signed, now).is_none_or(|found| found.exp > now.as_seconds()));
            }
        });
    }
}
