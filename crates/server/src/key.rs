//! The key that signs tokens: from the settings, or made once and kept in the data folder.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use faff_types::{Random, Secret};

use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// The key of this server.
pub(crate) fn signing_key(settings: &Settings) -> Result<Secret<Vec<u8>>, Failure> {
    if let Some(given) = &settings.jwt_secret {
        return Ok(given.clone());
    }
    open::make_data_dir(&settings.data_dir)?;
    let path = settings.data_dir.join("jwt-secret");
    kept(&path).map_err(|why| Failure::work(format!("{} cannot be used: {why}", path.display())))
}

/// A key for a command that signs nothing.
pub(crate) fn throwaway() -> Result<Secret<Vec<u8>>, Failure> {
    let bytes = Random.bytes::<32>().map_err(|error| Failure::work(format!("no randomness: {error}")))?;
    Ok(Secret::new(bytes.to_vec()))
}

/// Reads the key, or makes it. Two servers that start at once agree: the file appears whole, and only once.
fn kept(path: &Path) -> std::io::Result<Secret<Vec<u8>>> {
    if !path.exists() {
        let draft = path.with_extension(std::process::id().to_string());
        let made = write(&draft).and_then(|()| fs::hard_link(&draft, path));
        fs::remove_file(&draft)?;
        made.or_else(|error| if error.kind() == ErrorKind::AlreadyExists { Ok(()) } else { Err(error) })?;
    }
    let key = fs::read_to_string(path)?.trim().to_owned().into_bytes();
    if key.len() < 32 {
        return Err(std::io::Error::other("it holds fewer than 32 bytes"));
    }
    Ok(Secret::new(key))
}

fn write(path: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "{}", Random.hex::<32>()?)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_for_its_owner_only() {
        let folder = std::env::temp_dir().join(format!("faff-key-{}", std::process::id()));
        open::make_data_dir(&folder).unwrap();
        let path = folder.join("jwt-secret");
        let first = kept(&path).unwrap();
        assert_eq!(first.reveal().len(), 64);
        assert!(kept(&path).unwrap() == first);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no draft is left behind");
        fs::write(&path, "short").unwrap();
        assert!(kept(&path).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
