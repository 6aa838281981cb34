//! Where a language model is, and how it is asked.

use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;

use axum::http::Uri;
use faff_types::Secret;

use super::address;

/// A language model behind an endpoint that speaks OpenAI's protocol.
#[derive(Debug, Clone)]
pub struct OpenAi {
    /// Where it is.
    pub endpoint: Endpoint,
    /// What lets us in; some endpoints ask for nothing.
    pub api_key: Option<Secret>,
    /// Which model to ask.
    pub model: String,
    /// How much the model can look at, question and answer together, in its tokens.
    pub context_tokens: usize,
    /// How long one answer is waited for, with all attempts at it.
    pub timeout: Duration,
    /// Questions at once, at most.
    pub concurrency: usize,
    /// How long an endpoint that fails time after time is left alone.
    pub rest: Duration,
}

impl OpenAi {
    /// How long an endpoint that fails time after time is left alone, if nobody says otherwise.
    pub const REST: Duration = Duration::from_secs(30);
}

/// The address of an endpoint: `http` or `https`, without credentials, query and fragment, and not one that only a
/// machine's own network has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Uri);

impl Endpoint {
    /// Reads a base address such as `https://api.openai.com/v1`.
    ///
    /// # Errors
    /// Says what was expected. What was given is not repeated: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "expected an address such as https://api.openai.com/v1, without ? and #".to_owned();
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#\\".contains(&byte));
        let base = Uri::from_str(text.trim_end_matches('/')).ok().filter(|_| plain).ok_or_else(wrong)?;
        let authority = base.authority().ok_or_else(wrong)?;
        if !matches!(base.scheme_str(), Some("http" | "https")) {
            return Err("expected an address that begins with https:// or http://".to_owned());
        }
        if authority.as_str().contains('@') {
            return Err("must not hold a name or password; the key is a setting of its own".to_owned());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(wrong());
        }
        if host.parse::<IpAddr>().is_ok_and(address::is_forbidden) {
            return Err(
                "must not be an address that belongs to no server, such as 0.0.0.0 or 169.254.169.254"
                    .to_owned(),
            );
        }
        let path = base.path().trim_end_matches('/');
        let scheme = base.scheme_str().unwrap_or_default();
        let full = Uri::from_str(&format!("{scheme}://{authority}{path}/chat/completions"));
        full.map(Self).map_err(|_| wrong())
    }

    /// Where questions are sent.
    pub(super) fn completions(&self) -> &Uri {
        &self.0
    }

    pub(super) fn is_secure(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_an_address_of_the_web_without_secrets() {
        for (given, asked) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
            ("https://api.openai.com/v1//", "https://api.openai.com/v1/chat/completions"),
            ("http://127.0.0.1:11434", "http://127.0.0.1:11434/chat/completions"),
            ("http://[::1]:8000/v1", "http://[::1]:8000/v1/chat/completions"),
            ("http://10.0.0.7/v1", "http://10.0.0.7/v1/chat/completions"),
        ] {
            assert_eq!(Endpoint::parse(given).unwrap().completions(), asked, "{given}");
        }
        for wrong in [
            "",
            "api.openai.com/v1",
            "/v1",
            "https://",
            "https:///v1",
            "file:///etc/passwd",
            "gopher://h/",
            "ftp://h/v1",
            "https://user:hunter2@h/v1",
            "https://hunter2@h/v1",
            "https://h/v1?key=hunter2",
            "https://h/v1#hunter2",
            "https://h/ v1",
            "https://h\\@hunter2/",
            "http://0.0.0.0/v1",
            "http://[::]/v1",
            "http://169.254.169.254/v1",
            "http://[::ffff:169.254.169.254]/v1",
            "http://[fe80::1]/v1",
            "http://[fd00:ec2::254]/v1",
            "http://224.0.0.1/v1",
            "http://255.255.255.255/v1",
        ] {
            let said = Endpoint::parse(wrong).expect_err(wrong);
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}
