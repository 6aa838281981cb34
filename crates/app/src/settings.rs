//! What the application can be told. Where the values come from is the server's business.

use std::time::Duration;

use faff_types::Secret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::edges::ai::OpenAi;
use crate::features::tasks::Priority;
use crate::http::Tls;

/// The settings of one running application.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Refuses what is only fit for development.
    pub production: bool,
    /// Signs tokens.
    pub jwt_secret: Secret<Vec<u8>>,
    /// How long a login lasts.
    pub session_lifetime: Duration,
    /// The work factor of bcrypt, 4 to 15.
    pub bcrypt_cost: u32,
    /// Who may make an account.
    pub registration: Registration,
    /// Exact origins, besides our own, that a browser may call from.
    pub origins: Vec<String>,
    /// A Redis server through which nodes tell each other what is fleeting, wake each other, and share limits.
    pub redis_url: Option<Secret>,
    /// Lets whoever sends it read metrics.
    pub metrics_token: Option<Secret>,
    /// The certificate, if this server speaks TLS itself.
    pub tls: Option<Tls>,
    /// Networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Requests of one address without a valid login.
    pub rate_anonymous: Rate,
    /// Requests of one user.
    pub rate_user: Rate,
    /// Failed logins, of one account and of one address.
    pub rate_login: Rate,
    /// Requests of one user that carry files.
    pub rate_upload: Rate,
    /// The priority that a ticket is raised to when a review says that somebody should look at it soon.
    pub escalation_priority: Option<Priority>,
    /// Whether this process works on jobs, too.
    pub worker: bool,
    /// The server's own address, if the addresses of files are to begin with it.
    pub api_base_url: Option<String>,
    /// A language model, if one is to serve instead of the built-in engine.
    pub openai: Option<OpenAi>,
    /// All of these as people gave them, to be shown to administrators.
    pub in_effect: Vec<InEffect>,
}

/// A setting as it is shown: no secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InEffect {
    /// The environment variable.
    #[schema(example = "PORT")]
    pub name: &'static str,
    /// What holds.
    #[schema(example = "3000")]
    pub value: String,
    /// Where that comes from.
    #[schema(example = "default")]
    pub origin: String,
}

impl Settings {
    /// Whether whoever asks does so over TLS: this server's own, or in production that of a proxy before it.
    pub const fn is_over_tls(&self) -> bool {
        self.production || self.tls.is_some()
    }
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Anyone who reaches the server.
    Open,
    /// Whoever holds an invitation of an administrator.
    Invite,
    /// Nobody; administrators make accounts on the command line.
    Closed,
}

impl Registration {
    /// The word of the setting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }
}

/// So many within so long; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(pub Option<(u32, Duration)>);

impl Rate {
    /// Reads `100/15m`, with the units s, m, h and d, or `off`.
    ///
    /// # Errors
    /// Says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(None));
        }
        let wrong = || format!("expected a number and a time such as 100/15m, or off, not {text:?}");
        let (count, time) = text.split_once('/').ok_or_else(wrong)?;
        let count = count.trim().parse().ok().filter(|count| *count > 0).ok_or_else(wrong)?;
        let time = parse_duration(time.trim()).ok_or_else(wrong)?;
        Ok(Self(Some((count, time))))
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            None => f.write_str("off"),
            Some((count, time)) => write!(f, "{count}/{}s", time.as_secs()),
        }
    }
}

/// Reads a whole number of seconds, minutes, hours or days: `90s`, `15m`, `24h`, `7d`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    let count: u64 = text.strip_suffix(unit)?.parse().ok().filter(|count| *count > 0)?;
    count.checked_mul(seconds).filter(|total| *total <= 366 * 86_400).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_refused() {
        assert_eq!(Rate::parse("100/15m"), Ok(Rate(Some((100, Duration::from_mins(15))))));
        assert_eq!(Rate::parse("off"), Ok(Rate(None)));
        for wrong in ["", "100", "0/15m", "-1/15m", "100/15", "100/0m", "100/15y", "100/99999999999999d", "é"]
        {
            assert!(Rate::parse(wrong).is_err(), "{wrong}");
        }
    }
}
