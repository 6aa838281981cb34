//! What an account is, and what it takes to be one. Pure.

use unicode_normalization::UnicodeNormalization;

use super::common_passwords::is_common;
use crate::http::Problem;
use crate::http::text::Check;

/// E-mail addresses at most, in bytes (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const EMAIL_LENGTH: usize = 254;
/// bcrypt reads no further than this, so a longer password would be cut in silence.
const PASSWORD_BYTES: usize = 72;

/// A checked account-to-be.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name that others see.
    pub name: String,
    /// The canonical e-mail address.
    pub email: String,
    /// The hash of the password.
    pub password_hash: String,
}

/// The one form in which an address is stored and looked up: trimmed, compatibility forms folded (NFKC), in lower
/// case, the domain without a final dot. `None` when it is no address, or holds what cannot be seen.
pub fn canonical_email(given: &str) -> Option<String> {
    let folded: String = given.trim().nfkc().collect::<String>().to_lowercase();
    let folded = folded.strip_suffix('.').unwrap_or(&folded);
    let (local, domain) = folded.split_once('@')?;
    let sane = |part: &str| {
        !part.is_empty() && !part.chars().any(|c| c == '@' || c.is_whitespace() || is_invisible(c))
    };
    let labels = domain.split('.').all(|label| !label.is_empty());
    (sane(local) && sane(domain) && labels && folded.len() <= EMAIL_LENGTH).then(|| folded.to_owned())
}

/// Control characters, and those that change how others are shown without being seen: zero-width and
/// bidirectional marks (Unicode categories Cc and Cf as far as they occur in text).
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Checks a name: 1 to 100 characters, on one line, all of them visible.
pub(super) fn check_name(check: &mut Check, given: &str) -> String {
    let name = check.text("name", "Name", given, 1..=100);
    if name.chars().any(is_invisible) {
        check.refuse("name", "format", "Name must not contain line breaks or invisible characters");
    }
    name
}

pub(super) fn check_email(check: &mut Check, given: &str) -> String {
    canonical_email(given).unwrap_or_else(|| {
        check.refuse("email", "format", "Email must be an e-mail address of at most 254 characters");
        String::new()
    })
}

/// Checks a password that somebody chooses: 8 characters to 72 bytes, not one of those tried first.
pub(super) fn check_password(check: &mut Check, field: &str, given: &str, email: &str) {
    let lower = given.to_lowercase();
    if given.chars().count() < 8 || given.len() > PASSWORD_BYTES {
        check.refuse(field, "length", "Password must have at least 8 characters and at most 72 bytes");
    } else if given.contains('\0') {
        check.refuse(field, "format", "Password must not contain the character U+0000");
    } else if is_common(&lower) || is_one_character(&lower) || lower == email {
        check.refuse(field, "common", "This password is among those that are tried first; choose another");
    }
}

fn is_one_character(password: &str) -> bool {
    let mut characters = password.chars();
    let first = characters.next();
    characters.all(|c| Some(c) == first)
}

/// Checks a password that should be right already; one that nobody could have chosen is simply wrong.
pub(super) fn could_be_password(given: &str) -> bool {
    given.len() <= PASSWORD_BYTES && !given.contains('\0')
}

pub(super) fn refuse_taken() -> Problem {
    Problem::new(crate::http::Code::EmailTaken, "There is an account with this e-mail address already")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for same in ["ada@faff.example", " ADA@Faff.Example ", "ａｄａ@faff.example", "ada@faff.example."]
        {
            assert_eq!(canonical_email(same).as_deref(), Some("ada@faff.example"), "{same}");
        }
        assert_eq!(canonical_email("ada+desk@faff.example").as_deref(), Some("ada+desk@faff.example"));
        let long = format!("{}@faff.example", "a".repeat(320));
        for wrong in [
            "",
            "ada",
            "@faff.example",
            "ada@",
            "a@b@c",
            "ada@faff..example",
            "a da@faff.example",
            "ada@faff.example\r\nx: y",
            "ada\u{200b}@faff.example",
            "\u{202e}ada@faff.example",
            "ada@.example",
            &long,
        ] {
            assert_eq!(canonical_email(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn passwords_that_are_tried_first_are_refused() {
        let refused = |password: &str| {
            let mut check = Check::default();
            check_password(&mut check, "password", password, "ada@faff.example");
            check.done().is_err()
        };
        let long = "ä".repeat(37);
        for wrong in
            ["", "short12", "password", "Password1", "aaaaaaaaaaaa", "ADA@faff.example", "nul\0inside", &long]
        {
            assert!(refused(wrong), "{wrong:?}");
        }
        for good in ["correct horse", "ünïcödé-ok", &"x1".repeat(36)] {
            assert!(!refused(good), "{good:?}");
        }
    }
}
