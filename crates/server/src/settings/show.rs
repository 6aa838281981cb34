//! `faff config check`: what holds, and where it comes from. No secret is shown.

use std::fmt::Write as _;

use super::{Given, SETTINGS, Settings};

/// The effective configuration, a setting a line.
pub(crate) fn show(given: &Given, settings: &Settings) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str, origin: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<28} {value}  ({origin})");
    };
    for setting in SETTINGS {
        let origin = given.origin(setting.name).map(|origin| origin.to_string());
        let value = match (setting.name, given.get(setting.name)) {
            ("DATABASE_URL", _) => settings.database.to_string(),
            ("JWT_SECRET", None) => {
                format!("generated, kept in {}", settings.data_dir.join("jwt-secret").display())
            }
            ("LOG_FORMAT", None) => if settings.log_json { "json" } else { "text" }.to_owned(),
            (_, Some(_)) if setting.secret => "(hidden)".to_owned(),
            (_, Some(value)) => value.to_owned(),
            (_, None) if setting.default.is_empty() => continue,
            (_, None) => setting.default.to_owned(),
        };
        let derived = setting.name == "DATABASE_URL" && given.get("DB_HOST").is_some();
        let origin = origin.unwrap_or_else(|| if derived { "DB_HOST …" } else { "default" }.to_owned());
        line(setting.name, &value, &origin);
    }
    for name in &settings.unused {
        line(name, "set", "not used by this version");
    }
    text
}
