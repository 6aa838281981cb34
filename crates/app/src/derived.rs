//! Keys that follow from the server's secret, each for one purpose: whoever has one knows neither the secret nor another.

use faff_types::Secret;
use hmac::digest::Key;
use hmac::{Hmac, KeyInit};
use sha2::{Digest, Sha256};

/// The key for a purpose, which is a sentence that no other key has.
pub(crate) fn key(purpose: &[u8], secret: &Secret<Vec<u8>>) -> Hmac<Sha256> {
    let derived = Sha256::new().chain_update(purpose).chain_update(secret.reveal()).finalize();
    let mut key = Key::<Hmac<Sha256>>::default();
    key.iter_mut().zip(derived).for_each(|(byte, derived)| *byte = derived);
    Hmac::new(&key)
}
