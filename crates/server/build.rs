//! Lists the files of the web client, if it has been built, for `src/client.rs` to put into the binary. Never builds it:
//! that needs Node, and the server does not.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Where the client's build leaves it.
const DIST: &str = "../../web/dist";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let dist = Path::new(&variable("CARGO_MANIFEST_DIR")?).join(DIST);
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        let dist = dist.canonicalize()?;
        // A folder that is missing would make Cargo build this crate anew each time; `cargo xtask run` touches this script
        // when the client is built for the first time.
        println!("cargo::rerun-if-changed={}", dist.display());
        list(&dist, "", &mut files)?;
        files.sort();
    }
    let mut table = String::from("&[\n");
    for (path, file) in &files {
        let file = file.to_str().ok_or_else(|| format!("the path {} is no text", file.display()))?;
        writeln!(table, "    ({path:?}, include_bytes!({file:?})),")?;
    }
    table.push_str("]\n");
    std::fs::write(Path::new(&variable("OUT_DIR")?).join("client.rs"), table)?;
    println!("cargo::rustc-env=EMBEDDED_CLIENT_FILES={}", files.len());
    Ok(())
}

fn list(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| format!("the name {} is no text", name.display()))?;
        // What is for tools, such as the list of chunks, is not for browsers.
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push((path, entry.path()));
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is how Cargo talks to a build script")]
fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    Ok(std::env::var(name)?)
}
