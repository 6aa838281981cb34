//! Randomness from the operating system, in one place.

/// The source of unguessable values: secrets, request ids, set-up tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Random;

impl Random {
    /// Bytes fit for a key.
    ///
    /// # Errors
    /// When the operating system has no randomness to give, which ends the work at hand.
    #[expect(clippy::disallowed_methods, reason = "this is the source that everything else asks")]
    pub fn bytes<const N: usize>(self) -> std::io::Result<[u8; N]> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(bytes)
    }

    /// `2 * N` lower-case hexadecimal digits.
    ///
    /// # Errors
    /// As [`Random::bytes`].
    pub fn hex<const N: usize>(self) -> std::io::Result<String> {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(2 * N);
        for byte in self.bytes::<N>()? {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(text)
    }
}
