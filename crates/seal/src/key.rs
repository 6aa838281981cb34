//! The master key, and how it is written down.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use faff_types::{Random, Secret};
use sha2::{Digest as _, Sha256};

const ANY_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const USUAL: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING);
const OF_ADDRESSES: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING);

/// A master key: 32 random bytes. It cannot be printed by accident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(Secret<[u8; 32]>);

/// What tells keys apart, and gives nothing of them away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyId(pub(crate) [u8; 8]);

/// What was given is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 32 random bytes, as 64 hexadecimal digits or in base64, such as `faff key new` prints")]
pub struct Malformed;

impl Key {
    /// Makes a key.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate(random: Random) -> std::io::Result<Self> {
        Ok(Self(Secret::new(random.bytes()?)))
    }

    /// Reads a key: 64 hexadecimal digits, or base64 of either alphabet, with spaces and line ends around it.
    ///
    /// # Errors
    /// When it is anything else. The refusal does not repeat it.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let bytes = match from_hex(text) {
            Some(bytes) => bytes,
            None => USUAL.decode(text).or_else(|_| OF_ADDRESSES.decode(text)).map_err(|_| Malformed)?,
        };
        Ok(Self(Secret::new(bytes.try_into().map_err(|_| Malformed)?)))
    }

    /// The key as [`Key::parse`] reads it, for whoever is to keep it.
    pub fn to_text(&self) -> Secret {
        Secret::new(STANDARD.encode(self.0.reveal()))
    }

    /// What tells it from others.
    pub fn id(&self) -> KeyId {
        let digest = Sha256::new().chain_update("faff key id").chain_update(self.0.reveal()).finalize();
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        KeyId(id)
    }

    pub(crate) const fn reveal(&self) -> &[u8; 32] {
        self.0.reveal()
    }
}

/// One master key or several: the first seals, each opens. So a key can be replaced while what it has sealed is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    first: Key,
    others: Vec<Key>,
}

impl Keys {
    /// Reads keys as [`Key::parse`] does, with commas, spaces or line ends between them.
    ///
    /// # Errors
    /// When there is none, or one of them is anything else. The refusal does not repeat it.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut keys = text
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|part| !part.is_empty())
            .map(Key::parse);
        let first = keys.next().ok_or(Malformed)??;
        Ok(Self { first, others: keys.collect::<Result<_, _>>()? })
    }

    /// The one that seals.
    pub const fn first(&self) -> &Key {
        &self.first
    }

    /// What tells them apart, that of the first at first.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> {
        self.all().map(Key::id)
    }

    pub(crate) fn find(&self, id: KeyId) -> Option<&Key> {
        self.all().find(|key| key.id() == id)
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(16);
        for byte in self.0 {
            write!(text, "{byte:02x}")?;
        }
        f.pad(&text)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_however_it_is_written_and_never_shown() {
        let hex = "00112233445566778899aabbccddeeffFFEEDDCCBBAA99887766554433221100";
        let key = Key::parse(hex).unwrap();
        let text = key.to_text().reveal().clone();
        assert_eq!(text, "ABEiM0RVZneImaq7zN3u///u3cy7qpmId2ZVRDMiEQA=");
        for same in [
            format!(" {text}\n"),
            text.trim_end_matches('=').to_owned(),
            text.replace('/', "_").replace('+', "-"),
        ] {
            assert_eq!(Key::parse(&same), Ok(key.clone()), "{same}");
        }
        for not in ["", "correct horse", &hex[2..], &text[4..], &format!("{hex}00"), &format!("{text}{text}")]
        {
            assert_eq!(Key::parse(not), Err(Malformed), "{not}");
        }
        let two = format!("{hex},\n {}\n", "ab".repeat(32));
        let keys = Keys::parse(&two).unwrap();
        assert_eq!((keys.first(), keys.ids().count()), (&key, 2));
        assert_eq!(format!("{keys:?}"), "Keys { first: Key([secret]), others: [Key([secret])] }");
        for not in ["", " ,\n", &format!("{hex},short"), &format!("{hex}{hex}")] {
            assert_eq!(Keys::parse(not), Err(Malformed), "{not}");
        }
        assert_eq!(format!("{key:?}"), "Key([secret])");
        let other = Key::generate(Random).unwrap();
        assert_eq!(key.id().to_string().len(), 16);
        assert!(key.id() != other.id() && key.id() == Key::parse(hex).unwrap().id());
    }
}
