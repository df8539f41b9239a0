//! Which processes of a data folder live. Each holds the lock of a file of its own, which the system takes back when the
//! process dies, in whatever way: what it held is proved to be nobody's, and its jobs need not wait for their leases.
//!
//! Only what is certain counts. A file that another machine wrote, that was copied with the folder or that was there
//! before this machine started says nothing of a life; it is removed, and the leases decide as ever.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::platform;

/// The sign that this process lives, for as long as it is held.
#[derive(Debug)]
pub struct Presence {
    file: PathBuf,
    _locked: File,
}

impl Presence {
    /// Shows the process of this name as living. None where the system has no proof to give.
    pub fn show(folder: &Path, name: &str) -> io::Result<Option<Self>> {
        platform::create_private_folder(folder)?;
        let file = folder.join(name);
        let mut own = platform::create_private(&file)?;
        own.lock()?;
        let Some(mark) = platform::mark_of(&own) else {
            drop(own);
            fs::remove_file(file)?;
            return Ok(None);
        };
        own.write_all(mark.as_bytes())?;
        Ok(Some(Self { file, _locked: own }))
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        // One that stays is found to be nobody's.
        drop(fs::remove_file(&self.file));
    }
}

/// A process that has died. Nobody else finds it while this is held.
#[derive(Debug)]
pub struct Dead {
    /// Its name.
    pub name: String,
    file: PathBuf,
    _locked: File,
}

impl Dead {
    /// Forgets it: nothing is its own any more.
    pub fn forget(self) -> io::Result<()> {
        fs::remove_file(&self.file)
    }
}

/// The processes of this folder that are proved to have died.
pub fn dead(folder: &Path) -> io::Result<Vec<Dead>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut dead = Vec::new();
    for entry in entries {
        let file = entry?.path();
        match look(&file) {
            Ok(Some(locked)) => {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                dead.push(Dead { name, file, _locked: locked });
            }
            Ok(None) => {}
            // Another process was faster, or it is somebody else's.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(dead)
}

/// The file with its lock, if whoever held it is dead. One that proves nothing is removed.
fn look(file: &Path) -> io::Result<Option<File>> {
    let mut known = OpenOptions::new().read(true).write(true).open(file)?;
    let mut mark = String::new();
    known.read_to_string(&mut mark)?;
    if platform::mark_of(&known).is_none_or(|own| own != mark) {
        fs::remove_file(file)?;
        return Ok(None);
    }
    match known.try_lock() {
        Ok(()) => Ok(Some(known)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        dead(folder).unwrap().into_iter().map(|dead| dead.name).collect()
    }

    #[test]
    fn who_lives_is_not_dead_and_who_ended_in_order_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(names(&folder.path().join("nothing yet")).is_empty());
        let one = Presence::show(folder.path(), "one").unwrap().unwrap();
        assert!(names(folder.path()).is_empty());
        drop(one);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn who_died_is_found_by_one_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let one = Presence::show(folder.path(), "one").unwrap().unwrap();
        // The system closes the files of a process that dies; nobody removes them.
        let Presence { _locked: locked, .. } = &*std::mem::ManuallyDrop::new(one);
        locked.unlock().unwrap();
        let found = dead(folder.path()).unwrap();
        assert_eq!(found[0].name, "one");
        assert!(names(folder.path()).is_empty(), "it is in hand already");
        for dead in found {
            dead.forget().unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_copy_of_the_folder_and_another_boot_prove_nothing() {
        let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let one = Presence::show(folder.path(), "one").unwrap().unwrap();
        fs::copy(&one.file, copy.path().join("one")).unwrap();
        fs::write(copy.path().join("two"), "another boot").unwrap();
        assert!(names(copy.path()).is_empty());
        assert_eq!(fs::read_dir(copy.path()).unwrap().count(), 0);
    }
}
