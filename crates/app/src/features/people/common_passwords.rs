//! Passwords that are tried first: of those that people choose again and again, the ones long enough to pass the
//! other rules.

use std::collections::HashSet;
use std::sync::LazyLock;

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// Whether a password, in lower case, is one of them.
pub(super) fn is_common(lower: &str) -> bool {
    COMMON.contains(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_thousands_and_each_could_be_chosen() {
        // ASVS 5.0, 6.2.4: at least the 3000 most frequent ones that the other rules allow.
        assert!(COMMON.len() > 5000, "{}", COMMON.len());
        for password in COMMON.iter() {
            assert!(password.chars().count() >= 8 && password.len() <= 72, "{password}");
            assert_eq!(*password, password.to_lowercase());
        }
        for common in ["password1", "qwertyuiop", "liverpool", "faffpassword"] {
            assert!(is_common(common), "{common}");
        }
        assert!(!is_common("printer on fire 7"));
    }
}
