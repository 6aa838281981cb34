//! Where files are: a folder, or a bucket of a server that speaks S3.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use faff_app::features::files::Bucket;
use faff_types::Secret;

use super::Given;
use super::value::{self, Read};

/// Where files are.
#[derive(Debug, Clone)]
pub(crate) enum Storage {
    /// A folder.
    Folder(PathBuf),
    /// A bucket; its key is inside and is not printed.
    Bucket(Box<Bucket>),
}

/// What a server that is not Amazon's need not be told.
const ANY_REGION: &str = "us-east-1";

/// Reads the settings that say where files are. Each refusal begins with the name of a setting, and repeats no value that may
/// hold a key.
pub(super) fn read(given: &Given, data_dir: &Path) -> Result<Storage, Vec<String>> {
    let Some(url) = given.get("STORAGE_URL") else {
        return Ok(Storage::Folder(data_dir.join("files")));
    };
    let of_url = |why: String| vec![format!("STORAGE_URL: {why}")];
    if let Some(path) = url.strip_prefix("file://").map(Path::new) {
        return if path.is_absolute() {
            Ok(Storage::Folder(path.to_owned()))
        } else {
            Err(of_url("expected file:///PATH with the whole path of a folder".to_owned()))
        };
    }
    let Some(place) = url.strip_prefix("s3://") else {
        return Err(of_url("expected file:///PATH or s3://BUCKET/PREFIX".to_owned()));
    };
    let mut problems = Vec::new();
    let place = bucket(place).map_err(|why| problems.extend(of_url(why))).ok();
    let mut needed = |name: &str, names: &[&str]| {
        let value = names.iter().find_map(|name| given.get(name));
        if value.is_none() {
            problems.push(format!("{name}: STORAGE_URL names a bucket, which is not reached without it"));
        }
        value.map(str::to_owned)
    };
    let key_id = needed("AWS_ACCESS_KEY_ID", &["AWS_ACCESS_KEY_ID"]);
    let secret = needed("AWS_SECRET_ACCESS_KEY", &["AWS_SECRET_ACCESS_KEY"]).map(Secret::new);
    let regions = ["AWS_REGION", "AWS_DEFAULT_REGION"];
    let region = if given.get("AWS_ENDPOINT_URL").is_some() {
        let region = regions.iter().find_map(|name| given.get(name));
        Some(region.unwrap_or(ANY_REGION).to_owned())
    } else {
        needed("AWS_REGION", &regions)
    };
    let endpoint = given.get("AWS_ENDPOINT_URL").map(|url| endpoint(given, url)).transpose();
    let endpoint = endpoint.map_err(|why| problems.push(why)).ok();
    let session_token = given.get("AWS_SESSION_TOKEN").map(|token| Secret::new(token.to_owned()));
    let bucket = (|| {
        let (name, prefix) = place?;
        let (region, endpoint, key_id, secret) = (region?, endpoint?, key_id?, secret?);
        Some(Bucket { name, prefix, region, endpoint, key_id, secret, session_token })
    })();
    match bucket {
        Some(bucket) if problems.is_empty() => Ok(Storage::Bucket(Box::new(bucket))),
        _ => Err(problems),
    }
}

/// The name of a bucket and what names in it begin with. A refusal repeats neither: there may be a key in them.
fn bucket(place: &str) -> Read<(String, String)> {
    let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
    let prefix = prefix.trim_end_matches('/');
    let fits = |text: &str, also: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c));
    if !(3..=63).contains(&name.len()) || !fits(name, ".-") || name.contains(|c: char| c.is_ascii_uppercase())
    {
        return Err("expected s3://BUCKET/PREFIX, with a bucket of 3 to 63 small letters, digits, dots and hyphens; keys \
                    are settings of their own (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
            .to_owned());
    }
    let named = |part: &str| !part.trim_matches('.').is_empty();
    if !prefix.is_empty() && (!fits(prefix, "/-_.") || !prefix.split('/').all(named)) {
        return Err(
            "what follows the bucket may have letters, digits, hyphens, underscores, dots, and single \
                    slashes"
                .to_owned(),
        );
    }
    Ok((name.to_owned(), prefix.to_owned()))
}

/// The address of the server, over TLS, or on a network where nobody listens.
fn endpoint(given: &Given, url: &str) -> Read<String> {
    let url = value::base_url(url).map_err(|_| {
        "AWS_ENDPOINT_URL: expected an address such as https://s3.desk.example, without a bucket or keys"
            .to_owned()
    })?;
    let allowed = match given.get("AWS_ALLOW_HTTP") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err("AWS_ALLOW_HTTP: expected true or false".to_owned()),
    };
    match url.strip_prefix("http://") {
        Some(rest) if !allowed && !is_loopback(rest) => Err(
            "AWS_ENDPOINT_URL: over http, everybody on the way can read files; use https, or say AWS_ALLOW_HTTP=true on a \
             network of your own"
                .to_owned(),
        ),
        _ => Ok(url),
    }
}

/// Whether an address, behind its scheme, is of this machine.
fn is_loopback(rest: &str) -> bool {
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
