//! The file with the sealing key: 32 random bytes, readable by their owner alone.
//!
//! It is never written over, and never made anew for a database that was sealed with another. Start at [`read`].

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use folkmoot_app::ports::Randomness;

/// Bytes of the key.
const LENGTH: usize = 32;

/// Why there is no sealing key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileFault {
    /// There is no such file.
    #[error("there is no key file {}; put it back from its copy: without it nothing can be signed any more", .0.display())]
    Missing(PathBuf),
    /// It has another length than a key.
    #[error("the key file {} does not hold {LENGTH} bytes; put it back from its copy", .0.display())]
    Length(PathBuf),
    /// The system did not let us.
    #[error("the key file {} cannot be used: {cause}", .file.display())]
    System {
        /// The file.
        file: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

/// Reads the key.
pub fn read(file: &Path) -> Result<[u8; LENGTH], KeyFileFault> {
    let bytes = fs::read(file).map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => KeyFileFault::Missing(file.to_owned()),
        _ => system(file, cause),
    })?;
    bytes.try_into().map_err(|_| KeyFileFault::Length(file.to_owned()))
}

/// A fresh key, not yet written anywhere.
pub fn fresh(random: &dyn Randomness) -> [u8; LENGTH] {
    let mut key = [0; LENGTH];
    random.fill(&mut key);
    key
}

/// Writes a key into a new file. An existing file is left alone, and the answer is an error.
pub fn write_new(file: &Path, key: &[u8; LENGTH]) -> Result<(), KeyFileFault> {
    let write = || {
        let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
        made.write_all(key)?;
        made.sync_all()
    };
    write().map_err(|cause| system(file, cause))
}

/// May others on this machine read it?
pub fn is_open_to_others(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

fn system(file: &Path, cause: io::Error) -> KeyFileFault {
    KeyFileFault::System { file: file.to_owned(), cause }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Ports;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("folkmoot.key");
        assert!(matches!(read(&file), Err(KeyFileFault::Missing(_))));
        let random = Ports::real().random;
        let key = fresh(random.as_ref());
        write_new(&file, &key).unwrap();
        assert_eq!(read(&file).unwrap(), key);
        assert!(!is_open_to_others(&file));
        assert!(write_new(&file, &fresh(random.as_ref())).is_err());
        assert_eq!(read(&file).unwrap(), key);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(is_open_to_others(&file));
        fs::write(&file, b"short").unwrap();
        assert!(matches!(read(&file), Err(KeyFileFault::Length(_))));
    }
}
