//! `cargo xtask sbom`: what the server is made of, for whoever has to know (CycloneDX).

use crate::failure::{Doing, Failure, Outcome};
use crate::node::Node;
use crate::{process, web, workspace};

/// How cargo-cyclonedx ends the names of its files, of which it writes one for every binary of the workspace, beside its manifest.
const WRITTEN: &str = "_bin.cdx.json";

/// Writes one file about the crates of the binary, and one about the packages that the client within is built from and with.
pub(crate) fn execute() -> Outcome {
    if !workspace::installed("cargo-cyclonedx") {
        eprintln!("cargo-cyclonedx is not installed: installing it takes a few minutes, once.");
        process::run(&mut process::cargo(["install", "--locked", "cargo-cyclonedx"]))?;
    }
    let folder = workspace::target()?.join("sbom");
    std::fs::create_dir_all(&folder).doing(|| format!("create {}", folder.display()))?;
    let mut crates =
        process::cargo(["cyclonedx", "--manifest-path", "crates/server/Cargo.toml", "--format", "json"]);
    process::run(crates.args(["--describe", "binaries", "--spec-version", "1.5"]))?;
    let kept = folder.join("faff.cdx.json");
    std::fs::copy(workspace::root().join(format!("crates/server/faff{WRITTEN}")), &kept)
        .doing(|| format!("write {}", kept.display()))?;
    tidy_up()?;
    Node::provide()?;
    let client =
        process::output(&mut web::npm(&["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"]))?;
    if !client.contains("\"bomFormat\"") {
        return Err(Failure::new("npm says nothing of the client's packages"));
    }
    let client_file = folder.join("web.cdx.json");
    std::fs::write(&client_file, client).doing(|| format!("write {}", client_file.display()))?;
    println!("{}\n{}", kept.display(), client_file.display());
    Ok(())
}

fn tidy_up() -> Outcome {
    let root = workspace::root();
    let crates = root.join("crates");
    let members = std::fs::read_dir(&crates).doing(|| format!("read {}", crates.display()))?;
    for folder in members.flatten().map(|member| member.path()).chain([root.join("xtask")]) {
        for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if file.file_name().to_string_lossy().ends_with(WRITTEN) {
                std::fs::remove_file(file.path()).doing(|| format!("remove {}", file.path().display()))?;
            }
        }
    }
    Ok(())
}
