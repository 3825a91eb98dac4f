//! The folder that a publication works in.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use crate::error::{Error, Result};

/// A folder of its own for one run, below the site's `.dateline/`. It goes when this does; what a killed run left, the next
/// run clears away.
#[derive(Debug)]
pub struct Workspace {
    folder: PathBuf,
    own: PathBuf,
    /// Held for as long as the folder is in use, so that no other run takes it for a dead one's.
    _lock: File,
}

/// How the folders are called.
const PREFIX: &str = "publish-";

impl Workspace {
    /// Makes the folder for the process with this number.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(root: &Path, process: u32) -> Result<Self> {
        // Git is told where things lie, and it runs in another folder.
        let root = std::path::absolute(root).map_err(|cause| Error::io("find", root, cause))?;
        let own = root.join(".dateline");
        clear(&own);
        let folder = own.join(format!("{PREFIX}{process}"));
        fs::create_dir_all(&folder).map_err(|cause| Error::io("make the folder", &folder, cause))?;
        let path = folder.join("lock");
        let lock = File::create(&path).map_err(|cause| Error::io("write", &path, cause))?;
        // A file system without locks keeps no run from working; two at once there could clear each other's folder.
        let _ = lock.try_lock();
        Ok(Workspace { folder, own, _lock: lock })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the site is built.
    pub fn site(&self) -> PathBuf {
        self.folder.join("site")
    }

    /// Where Git's index of the built site is.
    pub fn index(&self) -> PathBuf {
        self.folder.join("index")
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        // A folder with nothing in it was made for this run.
        let _ = fs::remove_dir(&self.own);
    }
}

/// Removes the folders of runs that are no more.
fn clear(own: &Path) {
    let Ok(entries) = fs::read_dir(own) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let is_run = number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
        if !is_run || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let lock = File::open(entry.path().join("lock"));
        let is_alive = lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)));
        if !is_alive {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
