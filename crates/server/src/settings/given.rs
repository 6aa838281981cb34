//! What was given, and where: on the command line, in the environment, or in the file `.env`. The first of these that
//! gives a setting counts; one that is given empty counts as not given.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

use super::table::{OF_TESTS, OURS, SETTINGS};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag.
    Flag,
    /// A variable of the process.
    Environment,
    /// A line of `.env`.
    DotEnv,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::DotEnv => ".env",
        })
    }
}

/// A name that is so few letters away from a setting's is taken for that, where the setting's is as long as this.
const ALIKE: usize = 2;
const ALIKE_LENGTH: usize = 8;

/// Values by name. It may hold secrets, so it has no `Debug`.
#[derive(Default)]
pub(crate) struct Given {
    values: BTreeMap<&'static str, (String, Origin)>,
}

impl Given {
    /// Puts the three sources together, and says what in them cannot be ours.
    pub(crate) fn collect(
        flags: impl IntoIterator<Item = (&'static str, String)>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        dotenv: impl IntoIterator<Item = (String, String)>,
    ) -> (Self, Vec<String>) {
        let (mut given, mut problems) = (Self::default(), Vec::new());
        for (name, value) in flags {
            given.add(name, value, Origin::Flag);
        }
        let mut strangers = Vec::new();
        for (name, value) in environment {
            let Ok(name) = name.into_string() else { continue };
            match (known(&name), value.into_string()) {
                (Some(name), Ok(value)) => given.add(name, value, Origin::Environment),
                (Some(name), Err(_)) => problems.push(format!("{name} is not valid UTF-8")),
                (None, _) => strangers.push((name, "in the environment")),
            }
        }
        for (name, value) in dotenv {
            match known(&name) {
                Some(name) => given.add(name, value, Origin::DotEnv),
                None => strangers.push((name, "in .env")),
            }
        }
        problems.extend(strangers.iter().filter_map(|(name, place)| given.misspelt(name, place)));
        (given, problems)
    }

    /// What to say of a variable that we do not know: something if it looks like ours.
    fn misspelt(&self, name: &str, place: &str) -> Option<String> {
        let ours = OURS.iter().any(|prefix| name.starts_with(prefix)) && !name.starts_with(OF_TESTS);
        // A setting that is given under its own name is not also meant by another.
        let missing = SETTINGS.iter().map(|setting| setting.name).filter(|known| self.get(known).is_none());
        let meant = missing
            .filter(|known| known.len() >= ALIKE_LENGTH)
            .map(|known| (strsim::osa_distance(name, known), known))
            .filter(|(distance, _)| *distance <= ALIKE)
            .min();
        let hint = match meant {
            Some((_, meant)) => format!("did you mean {meant}?"),
            None if ours => "`faff --help` lists them all".to_owned(),
            None => return None,
        };
        Some(format!("{name} ({place}) is not a setting of faff; {hint}"))
    }

    fn add(&mut self, name: &'static str, value: String, origin: Origin) {
        if !value.trim().is_empty() {
            self.values.entry(name).or_insert_with(|| (value, origin));
        }
    }

    /// The value of a setting, if it was given.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|(value, _)| value.as_str())
    }

    /// Where the value of a setting comes from, if it was given.
    pub(crate) fn origin(&self, name: &str) -> Option<Origin> {
        self.values.get(name).map(|(_, origin)| *origin)
    }
}

/// The name as our tables hold it.
fn known(name: &str) -> Option<&'static str> {
    SETTINGS.iter().map(|setting| setting.name).find(|known| *known == name)
}

/// The pairs in the text of a `.env` file.
pub(crate) fn read_dotenv(text: &str) -> (Vec<(String, String)>, Vec<String>) {
    let (mut pairs, mut problems) = (Vec::new(), Vec::new());
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        match line {
            Ok(pair) => pairs.push(pair),
            // The line may hold a secret, so only its number is told.
            Err(dotenvy::Error::LineParse(line, _)) => {
                // It is the whole line, or only the value of one.
                let line = line.lines().next().unwrap_or_default().trim();
                let number = text.lines().position(|other| other.contains(line)).map_or(1, |index| index + 1);
                problems.push(format!(
                    ".env: line {number} is not of the form NAME=value; a value with blanks, #, $, quotes or backslashes \
                     stands in single quotes"
                ));
            }
            Err(_) => problems.push(".env cannot be read".to_owned()),
        }
    }
    (pairs, problems)
}
