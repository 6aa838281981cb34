//! Reads single values. A refusal says what was expected; the caller puts the setting's name before it.

use std::net::IpAddr;
use std::time::Duration;

use faff_app::features::tasks::Priority;
use faff_app::{Endpoint, Rate, Registration};
use faff_types::Secret;
use ipnet::IpNet;
use tracing_subscriber::EnvFilter;

/// A key shorter than the hash it is for adds nothing but risk (RFC 7518, section 3.2).
const KEY_BYTES: usize = 32;

/// What a log can be set to, as a whole or for a part.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

pub(super) type Read<T> = Result<T, String>;

pub(super) fn expected<T>(what: &str, text: &str) -> Read<T> {
    Err(format!("expected {what}, not {text:?}"))
}

/// The name or address of a machine.
pub(super) fn host(text: &str) -> Read<String> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let named = bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if named || bare.parse::<IpAddr>().is_ok() {
        Ok(bare.to_owned())
    } else {
        expected("an address such as 0.0.0.0", text)
    }
}

pub(super) fn port(text: &str) -> Read<u16> {
    text.parse().or_else(|_| expected("a number from 0 to 65535", text))
}

/// Whether this is production.
pub(super) fn production(text: &str) -> Read<bool> {
    match text {
        "production" => Ok(true),
        "development" | "test" => Ok(false),
        _ => expected("development, production or test", text),
    }
}

pub(super) fn pool(text: &str) -> Read<usize> {
    let count = text.parse().ok().filter(|count| (1..=1000).contains(count));
    count.map_or_else(|| expected("a number from 1 to 1000", text), Ok)
}

pub(super) fn bcrypt_cost(text: &str) -> Read<u32> {
    let cost = text.parse().ok().filter(|cost| (4..=15).contains(cost));
    cost.map_or_else(|| expected("a number from 4 to 15", text), Ok)
}

pub(super) fn key(text: &str) -> Read<Secret<Vec<u8>>> {
    if text.len() < KEY_BYTES {
        return Err(format!("needs {KEY_BYTES} bytes or more; `openssl rand -hex 32` makes some"));
    }
    Ok(Secret::new(text.as_bytes().to_vec()))
}

/// What a scraper shows.
pub(super) fn token(text: &str) -> Read<Secret> {
    if text.len() < 16 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "needs 16 letters, digits and signs or more; `openssl rand -hex 16` makes some".to_owned()
        );
    }
    Ok(Secret::new(text.to_owned()))
}

pub(super) fn duration(text: &str) -> Read<Duration> {
    let time = faff_app::parse_duration(text);
    time.map_or_else(|| expected("a time of at most 366 days such as 90s, 15m, 24h or 7d", text), Ok)
}

pub(super) fn registration(text: &str) -> Read<Registration> {
    match text {
        "open" => Ok(Registration::Open),
        "invite" => Ok(Registration::Invite),
        "closed" => Ok(Registration::Closed),
        _ => expected("open, invite or closed", text),
    }
}

/// An e-mail address in its canonical form.
pub(super) fn email(text: &str) -> Read<String> {
    faff_app::features::people::canonical_email(text).map_or_else(|| expected("an e-mail address", text), Ok)
}

/// Networks; a lone address is a network of one.
pub(super) fn networks(text: &str) -> Read<Vec<IpNet>> {
    let network = |item: &str| {
        let network = item.parse().ok().or_else(|| item.parse::<IpAddr>().ok().map(IpNet::from));
        network.map_or_else(|| expected("networks such as 10.0.0.0/8,::1", item), Ok)
    };
    items(text).map(network).collect()
}

pub(super) fn origins(text: &str) -> Read<Vec<String>> {
    items(text).map(origin).collect()
}

/// An origin as browsers send it: `scheme://host` or `scheme://host:port`, in small letters, without the port that
/// the scheme has anyway.
fn origin(text: &str) -> Read<String> {
    let lower = text.to_ascii_lowercase();
    let wrong =
        || expected("an origin of the form scheme://host or scheme://host:port, without path or *", text);
    let Some((scheme, authority)) = lower.split_once("://") else {
        return wrong();
    };
    let (host, port) = match authority.rsplit_once(':') {
        // A colon inside the brackets of an IPv6 address begins no port.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let named = |part: &str, also: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
    };
    let v6 = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let host_is_one = v6.map_or_else(|| named(host, ".-_"), |v6| v6.parse::<std::net::Ipv6Addr>().is_ok());
    let port_is_one = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0));
    if !named(scheme, "+-.") || !host_is_one || !port_is_one {
        return wrong();
    }
    Ok(match (scheme, port) {
        ("http", Some("80")) | ("https", Some("443")) | (_, None) => format!("{scheme}://{host}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}"),
    })
}

pub(super) fn rate(text: &str) -> Read<Rate> {
    Rate::parse(text)
}

/// A priority to raise to, or none.
pub(super) fn priority(text: &str) -> Read<Option<Priority>> {
    match Priority::parse(text) {
        None if text == "off" => Ok(None),
        Some(Priority::Low) | None => expected("medium, high, urgent or off", text),
        raised => Ok(raised),
    }
}

/// Whether something is on.
pub(super) fn on(text: &str) -> Read<bool> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => expected("on or off", text),
    }
}

/// Whether the log is JSON.
pub(super) fn json(text: &str) -> Read<bool> {
    match text {
        "json" => Ok(true),
        "text" => Ok(false),
        _ => expected("text or json", text),
    }
}

/// Directives of a log filter, only checked here.
pub(super) fn filter(text: &str) -> Read<String> {
    // A word alone is a level, or else the name of a part, of which all is wanted, and of others nothing.
    let nearly = |word: &str| LEVELS.iter().any(|level| (1..=2).contains(&strsim::osa_distance(word, level)));
    let mistaken = items(text).any(|item| !LEVELS.contains(&item) && nearly(item));
    match EnvFilter::builder().parse(text) {
        Ok(_) if !mistaken => Ok(text.to_owned()),
        _ => expected("levels such as info or faff_app=debug,info", text),
    }
}

pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// The address of a Redis server. A refusal does not repeat it: it may hold a password.
pub(super) fn redis(text: &str) -> Read<Secret> {
    if faff_app::is_redis_address(text) {
        return Ok(Secret::new(text.to_owned()));
    }
    Err("expected redis://HOST:PORT, redis+sentinel://HOST:PORT,HOST:PORT/MASTER or redis+cluster://HOST:PORT,HOST:PORT, \
         rediss in place of redis over TLS, with :PASSWORD@ before the host if it needs one"
        .to_owned())
}

/// An address that others are made of: an origin, and perhaps a path.
pub(super) fn base_url(text: &str) -> Read<String> {
    let wrong = || expected("an address such as https://desk.example", text);
    let Some((scheme, rest)) =
        text.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
    else {
        return wrong();
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let fits = path.chars().all(|c| c.is_ascii_alphanumeric() || "/-._~".contains(c));
    match origin(&format!("{scheme}://{host}")) {
        Ok(origin) if fits => Ok(format!("{origin}/{path}").trim_end_matches('/').to_owned()),
        _ => wrong(),
    }
}

/// The key of an endpoint, which travels in a header.
pub(super) fn api_key(text: &str) -> Read<Secret> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(Secret::new(text.to_owned()))
    } else {
        Err("expected letters, digits and signs without blanks".to_owned())
    }
}

/// The address of a language model. A refusal does not repeat it: it may hold a key.
pub(super) fn endpoint(text: &str) -> Read<Endpoint> {
    Endpoint::parse(text.trim())
}

/// The name of a language model, or of a service.
pub(super) fn model(text: &str) -> Read<String> {
    let fits = text.chars().count() <= 200 && !text.chars().any(char::is_control);
    if fits { Ok(text.trim().to_owned()) } else { expected("a name of at most 200 characters", text) }
}

pub(super) fn context_tokens(text: &str) -> Read<usize> {
    let tokens = text.parse().ok().filter(|tokens| (8000..=2_000_000).contains(tokens));
    tokens.map_or_else(|| expected("a number from 8000 to 2000000", text), Ok)
}

/// How long somebody else is waited for.
pub(super) fn patience(text: &str) -> Read<Duration> {
    let time = faff_app::parse_duration(text).filter(|time| *time <= Duration::from_mins(10));
    time.map_or_else(|| expected("a time from 1s to 10m", text), Ok)
}

pub(super) fn concurrency(text: &str) -> Read<usize> {
    let count = text.parse().ok().filter(|count| (1..=100).contains(count));
    count.map_or_else(|| expected("a number from 1 to 100", text), Ok)
}
