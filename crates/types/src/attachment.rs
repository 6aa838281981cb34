//! The ids of files.

use serde::{Deserialize, Deserializer, Serialize};

use crate::Random;

/// The id of a file: a random UUID in small letters, which tells nothing of any other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AttachmentId(String);

impl AttachmentId {
    /// A new one (RFC 9562, version 4).
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn random(random: Random) -> std::io::Result<Self> {
        let bits = u128::from_be_bytes(random.bytes::<16>()?);
        let bits = bits & !(0xf << 76) | (0x4 << 76);
        let bits = bits & !(0x3 << 62) | (0x2 << 62);
        let part = |shift: u32, width: u32| (bits >> shift) & ((1 << width) - 1);
        Ok(Self(format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            part(96, 32),
            part(80, 16),
            part(64, 16),
            part(48, 16),
            part(0, 48)
        )))
    }

    /// Takes an id that the database gave.
    pub const fn from_db(text: String) -> Self {
        Self(text)
    }

    /// Reads what a client sent.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 36
            && text.bytes().enumerate().all(|(n, byte)| match n {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        fits.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for AttachmentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("the id of a file is a UUID"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_a_uuid_and_what_is_none_is_refused() {
        let id = AttachmentId::random(Random).unwrap();
        assert_eq!(AttachmentId::parse(id.as_str()), Some(id.clone()));
        assert_eq!(id.as_str().as_bytes()[14], b'4');
        assert!(b"89ab".contains(&id.as_str().as_bytes()[19]), "{id:?}");
        assert_ne!(id, AttachmentId::random(Random).unwrap());
        for wrong in [
            "",
            "7",
            "../../etc/passwd",
            &"a".repeat(36),
            &id.as_str()[1..],
            "0-----------------------------------",
        ] {
            assert_eq!(AttachmentId::parse(wrong), None, "{wrong}");
        }
    }
}
