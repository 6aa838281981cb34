//! `cargo xtask openapi`: docs/openapi.json, as the server itself describes it.

use crate::failure::{Doing, Failure, Outcome};
use crate::{build, process, workspace};
use std::ffi::OsString;
use std::process::Command;

const FILE: &str = "docs/openapi.json";

/// Writes the description, or with `--check` fails when the file differs.
pub(crate) fn execute(arguments: &[OsString]) -> Outcome {
    let check = match arguments {
        [] => false,
        [only] if only == "--check" => true,
        _ => {
            return Err(Failure::usage("`cargo xtask openapi` takes no argument but --check"));
        }
    };
    let description = description()?;
    let path = workspace::root().join(FILE);
    if !check {
        std::fs::write(&path, &description).doing(|| format!("write {FILE}"))?;
        eprintln!("openapi: wrote {FILE}");
        return Ok(());
    }
    match std::fs::read_to_string(&path) {
        Ok(written) if written == description => Ok(()),
        Ok(_) => Err(Failure::new(format!("{FILE} is not what the server says: run `cargo xtask openapi`"))),
        Err(error) => Err(Failure::new(format!("could not read {FILE}: {error}; run `cargo xtask openapi`"))),
    }
}

fn description() -> Result<String, Failure> {
    let description = process::output(Command::new(build::server()?).arg("openapi"))?;
    let description = description.trim();
    if !description.starts_with('{') {
        return Err(Failure::new("`faff openapi` printed no JSON object"));
    }
    Ok(format!("{description}\n"))
}
