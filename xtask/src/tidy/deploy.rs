//! Laws about `deploy/`: metrics, settings, paths, ports, versions and times that it names are those of the program.
//!
//! What is there is read by no tool of Rust's, and a name that is wrong is told by nobody until the night it is needed.

use super::Violation;
use super::source::Source;
use super::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

const FOLDER: &str = "deploy/";
const MANUAL: &str = "docs/operations.md";
const METRICS: &str = "docs/metrics.md";
const GATHERED: &str = "crates/app/src/edges/metrics/";
const PROBES: &str = "crates/app/src/edges/health/show.rs";
const SETTINGS: &str = "crates/server/src/settings/table.rs";
const SERVER: &str = "crates/app/src/http/serve.rs";
const ALERTS: &str = "deploy/prometheus/alerts.yml";
const ALERT_TESTS: &str = "deploy/prometheus/alerts_test.yml";

/// What else is set there: for images of others, for compose itself, and for tools.
const OTHERS: [&str; 14] = [
    "GARAGE_DEFAULT_ACCESS_KEY",
    "GARAGE_DEFAULT_BUCKET",
    "GARAGE_DEFAULT_SECRET_KEY",
    "GARAGE_RPC_SECRET",
    "POSTGRES_DB",
    "POSTGRES_INITDB_ARGS",
    "POSTGRES_PASSWORD",
    "POSTGRES_USER",
    "REDISCLI_AUTH",
    "REDIS_PASSWORD",
    "RUSTUP_TOOLCHAIN",
    "S3_KEY_ID",
    "S3_KEY_SECRET",
    "SITE",
];

/// Seconds that a server needs to end, beyond those that it gives to requests.
const BESIDE: u64 = 2;

/// Each metric is documented, and each documented one is gathered.
pub(super) fn metrics(tree: &Tree) -> Vec<Violation> {
    let documented: BTreeSet<&str> =
        tree.under(METRICS, "").flat_map(|(_, text)| words(text)).filter_map(metric).collect();
    let gathered: BTreeSet<String> = tree
        .under(GATHERED, ".rs")
        .flat_map(|(_, text)| Source::read(text).literals)
        .map(|literal| literal.text)
        .collect();
    let mut violations = Vec::new();
    for (path, number, line) in lines(tree, &[FOLDER, MANUAL]) {
        for name in words(line).filter_map(metric).filter(|name| !documented.contains(name)) {
            violations.push(Violation::new(path, number, format!("{METRICS} knows no metric {name}")));
        }
    }
    for (path, number, line) in lines(tree, &[METRICS]) {
        for name in words(line).filter_map(metric) {
            let bare = name.split_once('_').map_or(name, |(_, rest)| rest);
            let names = [Some(bare), bare.strip_suffix("_total"), bare.strip_suffix("_info")];
            if !names.into_iter().flatten().any(|name| gathered.contains(name)) {
                violations.push(Violation::new(path, number, format!("nothing gathers {name}")));
            }
        }
    }
    violations
}

/// Each variable is a setting, or known to be somebody else's.
pub(super) fn settings(tree: &Tree) -> Vec<Violation> {
    let known: BTreeSet<String> = table(tree).into_keys().collect();
    let mut violations = Vec::new();
    for (path, number, line) in lines(tree, &[FOLDER, MANUAL]) {
        for name in variables(line).filter(|name| !OTHERS.contains(name) && !known.contains(*name)) {
            violations.push(Violation::new(path, number, format!("there is no setting {name}")));
        }
    }
    violations
}

/// Images have versions, and ours is the one that this is; ports are the server's; the compiler is the pinned one.
pub(super) fn versions(tree: &Tree) -> Vec<Violation> {
    let version = quoted(tree, "Cargo.toml", "version = ");
    let compiler = quoted(tree, "rust-toolchain.toml", "channel = ");
    let port = table(tree).remove("PORT").unwrap_or_default();
    let mut violations = Vec::new();
    for (path, number, line) in lines(tree, &[FOLDER, MANUAL]) {
        let mut wrong = |what: String| violations.push(Violation::new(path, number, what));
        for behind in ours(line) {
            if behind.contains('.') {
                if behind != version {
                    wrong(format!("faff:{behind} is not this version, {version}"));
                }
            } else if behind != port {
                wrong(format!("the server listens on {port}, not on {behind}"));
            }
        }
        let bare = line.trim().trim_start_matches("- ").trim_start_matches(['{', '#']);
        for (key, right) in [
            ("newTag: ", &version),
            ("containerPort: ", &port),
            ("EXPOSE ", &port),
            ("PORT=", &port),
            ("ENV RUSTUP_TOOLCHAIN=", &compiler),
        ] {
            let value = bare.split(key).nth(1).filter(|_| !bare.contains(&format!("_{key}")));
            let value = value.map(|value| value.trim_end_matches([' ', '\\', '}', ',']));
            if let Some(value) = value.filter(|value| value != right) {
                wrong(format!("{key}{value} should be {right}"));
            }
        }
        let image = bare.strip_prefix("image: ").or_else(|| bare.strip_prefix("FROM "));
        let image = image.and_then(|image| image.split_whitespace().next());
        if let Some(image) = image.filter(|image| !matches!(*image, "scratch" | "faff")) {
            match image.split_once(':') {
                None | Some((_, "latest")) => wrong(format!("{image} says no version")),
                Some(("rust", tag)) if !tag.starts_with(compiler.as_str()) => {
                    wrong(format!("{image} is not the pinned compiler, {compiler}"));
                }
                Some(_) => {}
            }
        }
    }
    violations
}

/// What asks for health asks where it is told.
pub(super) fn probes(tree: &Tree) -> Vec<Violation> {
    let routes: String = tree.under(PROBES, "").map(|(_, text)| text).collect();
    let mut violations = Vec::new();
    for (path, number, line) in lines(tree, &[FOLDER, MANUAL]) {
        for (at, _) in line.match_indices("/health") {
            let rest = line.get(at..).unwrap_or_default();
            let probe: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '/').collect();
            if !routes.contains(&format!("path = \"{}\"", probe.trim_end_matches('/'))) {
                violations.push(Violation::new(path, number, format!("there is no {probe}")));
            }
        }
    }
    violations
}

/// Whoever stops a server gives it the time that it takes.
pub(super) fn patience(tree: &Tree) -> Vec<Violation> {
    let source: String = tree.under(SERVER, "").map(|(_, text)| text).collect();
    let drain = source.split("DRAIN: Duration = Duration::from_secs(").nth(1).and_then(number);
    let Some(drain) = drain.map(|drain| drain + BESIDE) else {
        let missing = !source.is_empty();
        return missing
            .then(|| Violation::new(SERVER, 0, "says no longer how long DRAIN is"))
            .into_iter()
            .collect();
    };
    let mut violations = Vec::new();
    for (path, text) in tree.under(FOLDER, "") {
        // Kubernetes counts what it waits before from the same sum.
        let before: u64 = text.split("sleep: {seconds: ").skip(1).filter_map(number).sum();
        for (line, text) in (1..).zip(text.lines()) {
            let said = ["terminationGracePeriodSeconds: ", "TimeoutStopSec=", "stop_grace_period: "]
                .iter()
                .find_map(|key| text.trim_start().strip_prefix(key));
            let Some(said) = said.filter(|said| !said.ends_with('m')).and_then(number) else { continue };
            if said < before + drain {
                let what = format!("{said} s are too short: it takes {} to end", before + drain);
                violations.push(Violation::new(path, line, what));
            }
        }
    }
    violations
}

/// Each alert has a test, and a row in the manual that says what to do.
pub(super) fn alerts(tree: &Tree) -> Vec<Violation> {
    let text = |path: &str| tree.under(path, "").map(|(_, text)| text).collect::<String>();
    let (manual, tests) = (text(MANUAL), text(ALERT_TESTS));
    let mut violations = Vec::new();
    for (path, number, line) in lines(tree, &[ALERTS]) {
        let Some(name) = line.trim().strip_prefix("- alert: ") else { continue };
        if !manual.lines().any(|line| line.starts_with(&format!("| `{name}` |"))) {
            violations.push(Violation::new(path, number, format!("{MANUAL} has no row for {name}")));
        }
        if !tests.contains(&format!("alertname: {name}\n")) {
            violations.push(Violation::new(path, number, format!("{ALERT_TESTS} does not await {name}")));
        }
    }
    violations
}

/// The lines of these files and folders.
fn lines<'a>(tree: &'a Tree, places: &'a [&str]) -> impl Iterator<Item = (&'a str, usize, &'a str)> {
    let files = places.iter().flat_map(move |place| tree.under(place, ""));
    files.flat_map(|(path, text)| (1..).zip(text.lines()).map(move |(number, line)| (path, number, line)))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The metric that a word names; a histogram's series are its own.
fn metric(word: &str) -> Option<&str> {
    let series = ["_bucket", "_count", "_sum"].iter().find_map(|end| word.strip_suffix(end));
    Some(series.unwrap_or(word)).filter(|name| name.starts_with("faff_") || name.starts_with("process_"))
}

/// The settings and their defaults: in the table, a name is followed by its flag, and that by the default if it has one.
fn table(tree: &Tree) -> BTreeMap<String, String> {
    let literals: Vec<String> = tree
        .under(SETTINGS, "")
        .flat_map(|(_, text)| Source::read(text).literals)
        .map(|literal| literal.text)
        .collect();
    let names = literals.iter().zip(literals.iter().skip(1)).zip(literals.iter().skip(2));
    names
        .filter(|((name, flag), _)| is_variable(name) && **flag == name.to_lowercase().replace('_', "-"))
        .map(|((name, _), default)| (name.clone(), default.clone()))
        .collect()
}

fn is_variable(word: &str) -> bool {
    word.len() > 2
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The variables that a line sets or asks for: `NAME=`, `NAME:`, `$NAME`, `${NAME…}`, `{$NAME…}`.
fn variables(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.char_indices().filter(move |(at, c)| {
        let before = line.get(..*at).unwrap_or_default().chars().next_back();
        c.is_ascii_uppercase() && !before.is_some_and(|c| c.is_ascii_alphanumeric() || "_%-".contains(c))
    });
    starts.filter_map(move |(at, _)| {
        let (before, rest) = line.split_at_checked(at)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end)?;
        let asked = before.ends_with('$') || before.ends_with("${");
        let set = behind.starts_with('=') || behind.starts_with(": ") || behind == ":";
        (is_variable(name) && (asked || set)).then_some(name)
    })
}

/// What follows our name and a colon: the version of an image, or the port of a node.
fn ours(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("faff").filter_map(move |(at, _)| {
        let rest = line.get(at..)?;
        let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.')?;
        let behind = rest.get(name..)?.strip_prefix(':')?;
        let end = behind.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(behind.len());
        behind.get(..end).map(|value| value.trim_end_matches('.')).filter(|value| !value.is_empty())
    })
}

/// What stands in quotes behind a key, in the first line that begins with it.
fn quoted(tree: &Tree, file: &str, key: &str) -> String {
    let line = tree.under(file, "").find_map(|(path, text)| {
        (path == file).then(|| text.lines().find_map(|line| line.strip_prefix(key))).flatten()
    });
    line.unwrap_or_default().trim_matches('"').to_owned()
}

/// The number that a text begins with.
fn number(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "const SETTINGS: &[Setting] = &[\n    open(\"PORT\", \"port\", \"3000\", \"Port\"),\n    \
                         secret(\"JWT_SECRET\", \"jwt-secret\", \"Signs\"),\n];\nconst UNUSED: &[&str] = &[\"OLD_ONE\"];\n";

    fn found(law: fn(&Tree) -> Vec<Violation>, files: &[(&str, &str)]) -> Vec<(String, usize)> {
        law(&Tree::of(files)).into_iter().map(|violation| (violation.path, violation.line)).collect()
    }

    fn at(path: &str, lines: &[usize]) -> Vec<(String, usize)> {
        lines.iter().map(|line| (path.to_owned(), *line)).collect()
    }

    #[test]
    fn a_metric_that_nobody_gathers_is_found() {
        let gather = "fn a() { counter(all, \"ai_answers\", \"x\"); gauge(all, \"http_seconds\", \"y\"); f(\"build\"); f(\"open_fds\") }";
        let document = "`faff_ai_answers_total`, `faff_http_seconds{a,b}`\n`faff_build_info` `process_open_fds`\n`faff_gone`\n";
        let rules = "expr: rate(faff_ai_answers_total{job=\"faff\"}[5m]) > faff_build_info\n\
                     x: faff_http_seconds_bucket / faff_http_seconds_count\ny: process_open_fds + faff_sockets\n";
        let files = [
            ("crates/app/src/edges/metrics/gather.rs", gather),
            (METRICS, document),
            ("deploy/prometheus/alerts.yml", rules),
        ];
        let both = [at("deploy/prometheus/alerts.yml", &[3]), at(METRICS, &[3])].concat();
        assert_eq!(found(metrics, &files), both);
    }

    #[test]
    fn a_variable_that_is_no_setting_is_found() {
        let text = "ENV PORT=3000 \\\n    HOSTNAME=x\nJWT_SECRET: ${JWT_SECRET:?x}\nOLD_ONE: \"\"\n# JWT_SECRETS=a\n- CAP_NET: [ALL]\n\
                    caddy {$SIGHT:a}\nPOSTGRES_DB: faff\nlog-format %HM: GET, TLS by HTTP\nx-AAA-BBB: y\n\"$$REDIS_PASSWORD\"\n";
        let files = [(SETTINGS, TABLE), ("deploy/x.yaml", text)];
        assert_eq!(found(settings, &files), at("deploy/x.yaml", &[2, 4, 5, 6, 7]));
    }

    #[test]
    fn versions_and_ports_of_others_are_found() {
        let text = "FROM rust:1.95.0-slim AS a\nFROM rust:1.94.0\nFROM scratch\nimage: faff:0.1.0\nimage: faff:0.2.0\nimage: faff\n\
                    image: redis\nimage: redis:latest\nimage: redis:8\nserver faff-1:3000;\nserver faff-2:3001;\n\
                    volumes: [\"faff-1:/var/lib/faff\"]\n- {name: http, containerPort: 3000}\n- {name: http, containerPort: 80}\n\
                    EXPOSE 3000\n    PORT=3000 \\\nPORT=80\nnewTag: 0.1.0\nnewTag: 0.1.1\nENV RUSTUP_TOOLCHAIN=1.94.0\nDB_PORT=5432\n\
                    docker build -t faff:0.1.0.\n";
        let files = [
            (SETTINGS, TABLE),
            ("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\n"),
            ("deploy/x", text),
        ];
        assert_eq!(found(versions, &files), at("deploy/x", &[2, 5, 7, 8, 11, 14, 17, 19, 20]));
    }

    #[test]
    fn a_probe_that_is_not_answered_is_found() {
        let routes =
            "#[utoipa::path(get, path = \"/health\")]\n#[utoipa::path(get, path = \"/health/live\")]\n";
        let text = "path: /health/live, port: http\nuri /health\nroute!~\"/health.*\"\npath: /health/alive\npath: /healthz\n";
        assert_eq!(found(probes, &[(PROBES, routes), ("deploy/x", text)]), at("deploy/x", &[4, 5]));
    }

    #[test]
    fn too_little_patience_is_found() {
        let serve = "pub const DRAIN: Duration = Duration::from_secs(8);\n";
        let pod = "terminationGracePeriodSeconds: 19\npreStop:\n  sleep: {seconds: 10}\n";
        let files = [
            (SERVER, serve),
            ("deploy/a.service", "TimeoutStopSec=10\nTimeoutStopSec=9\n"),
            ("deploy/compose.yaml", "  stop_grace_period: 9s\n  stop_grace_period: 1m\n"),
            ("deploy/pod.yaml", pod),
        ];
        let expected =
            [at("deploy/a.service", &[2]), at("deploy/compose.yaml", &[1]), at("deploy/pod.yaml", &[1])]
                .concat();
        assert_eq!(found(patience, &files), expected);
        assert_eq!(found(patience, &[(SERVER, "const DRAIN: u8 = 8;")]), at(SERVER, &[0]));
    }

    #[test]
    fn an_alert_without_test_or_advice_is_found() {
        let files = [
            (ALERTS, "- alert: A\n- alert: B\n- alert: C\n"),
            (ALERT_TESTS, "alertname: A\nalertname: B\n- {alertname: C}\n"),
            (MANUAL, "| `A` | do |\n| `C` | do |\nB\n"),
        ];
        assert_eq!(found(alerts, &files), at(ALERTS, &[2, 3]));
    }
}
