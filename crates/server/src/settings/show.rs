//! What holds, and where it comes from: for `faff config check`, and for administrators. No secret is shown.

use std::fmt::Write as _;

use faff_app::InEffect;
use faff_app::http::Certificate;
use faff_seal::Keys;

use super::{Given, SETTINGS, Settings};

/// The effective configuration, a setting a line.
pub(crate) fn show(settings: &Settings, certificate: Option<&Certificate>, keys: Option<&Keys>) -> String {
    let mut text = String::new();
    for InEffect { name, value, origin } in &settings.in_effect {
        let certificate = certificate.filter(|_| *name == "TLS_CERT");
        let certificate = certificate.map(|certificate| format!(": {certificate}")).unwrap_or_default();
        let keys = keys.filter(|_| name.starts_with("FILES_KEY")).map(ids).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<28} {value}{certificate}{keys}  ({origin})");
    }
    text
}

/// What tells the keys of files apart.
fn ids(keys: &Keys) -> String {
    let mut ids = keys.ids().map(|id| id.to_string());
    let (first, others) = (ids.next().unwrap_or_default(), ids.collect::<Vec<_>>());
    let others =
        if others.is_empty() { String::new() } else { format!(", opens {}, too", others.join(", ")) };
    format!(": seals with the key {first}{others}")
}

/// What holds of each setting.
pub(super) fn in_effect(given: &Given, settings: &Settings) -> Vec<InEffect> {
    let mut shown = Vec::new();
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
        shown.push(InEffect { name: setting.name, value, origin });
    }
    shown
}
