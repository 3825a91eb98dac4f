//! Stage 6: the rendered site goes somewhere, whole or not at all.
//!
//! An output is staged the moment it is made, from whatever core made it, and takes its place when all are: a site is
//! never held in memory.

mod disk;
mod manifest;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

pub use disk::{Disk, resolved};

use crate::{engine::Cache, error::Result, fingerprint::Fingerprint};

/// What a write did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files in the site.
    pub files: usize,
    /// Files that are new or differ from before, by their paths from the output's root, in order.
    pub changed: Vec<Arc<str>>,
    /// Files that the site no longer has, likewise.
    pub removed: Vec<Arc<str>>,
}

/// Where a built site goes.
#[derive(Debug)]
pub enum Output {
    /// A folder.
    Disk(Disk),
    /// Nowhere: `check` builds and writes nothing.
    Discard,
    /// Nowhere, but what a folder holds counts as there: what a build would do, without doing it.
    Look(Disk),
}

impl Output {
    /// A folder. What Dateline wrote there is remembered below the site's `root`.
    pub fn disk(folder: PathBuf, root: &Path) -> Self {
        Output::Disk(Disk::new(folder, root))
    }

    /// A folder to look at and not to write to.
    pub fn look(folder: PathBuf, root: &Path) -> Self {
        Output::Look(Disk::new(folder, root))
    }

    /// Where to remember what the outputs in this folder were made from.
    pub fn cache(&self) -> Option<Cache> {
        match self {
            Output::Disk(disk) | Output::Look(disk) => Some(disk.cache()),
            Output::Discard => None,
        }
    }

    /// Finishes what an interrupted run began, and gets ready for a build.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn prepare(&mut self) -> Result<()> {
        match self {
            Output::Disk(disk) => disk.prepare(),
            Output::Look(disk) => {
                disk.read_manifest();
                Ok(())
            }
            Output::Discard => Ok(()),
        }
    }

    /// Whether all that an earlier commit of this process wrote is known to be there.
    pub fn is_settled(&self) -> bool {
        match self {
            Output::Disk(disk) => disk.is_settled(),
            Output::Discard | Output::Look(_) => false,
        }
    }

    /// Whether a file is there with these bytes, so that it need not be made again.
    pub fn holds(&self, path: &str, fingerprint: Fingerprint) -> bool {
        match self {
            Output::Disk(disk) | Output::Look(disk) => disk.holds(path, fingerprint),
            Output::Discard => false,
        }
    }

    /// Takes in an output that was made. What is there already with the same bytes stays.
    ///
    /// # Errors
    /// When it cannot be staged, or a file that Dateline did not write stands in its way.
    pub fn put(&self, path: &Arc<str>, fingerprint: Fingerprint, bytes: &[u8]) -> Result<()> {
        match self {
            Output::Disk(disk) => disk.put(path, fingerprint, bytes),
            Output::Discard | Output::Look(_) => Ok(()),
        }
    }

    /// Puts all that was taken in into its place, and removes what is there and `is_wanted` does not have; without it,
    /// nothing. `files` is how many files the site has.
    ///
    /// # Errors
    /// When a file cannot be put into its place; the next run then finishes it.
    pub fn commit(&mut self, files: usize, is_wanted: Option<&dyn Fn(&str) -> bool>) -> Result<Written> {
        match self {
            Output::Disk(disk) => Ok(Written { files, ..disk.commit(is_wanted)? }),
            Output::Discard | Output::Look(_) => Ok(Written { files, ..Written::default() }),
        }
    }

    /// Lets go of all that was taken in: what was there before stays.
    pub fn abandon(&mut self) {
        if let Output::Disk(disk) = self {
            disk.abandon();
        }
    }

    /// Notes on the disk what the last commit did, and clears away. Until then, an interruption is mended by the next run.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn settle(&mut self) -> Result<()> {
        match self {
            Output::Disk(disk) => disk.settle(),
            Output::Discard | Output::Look(_) => Ok(()),
        }
    }

    /// Lets other processes build into the folder: this one has written all that it had to.
    pub fn release(&mut self) {
        if let Output::Disk(disk) = self {
            disk.release();
        }
    }
}
