//! Stage 6: the rendered site goes somewhere, whole or not at all.

mod disk;

use std::path::{Path, PathBuf};

pub use disk::{Disk, resolved};

use crate::{error::Result, fingerprint::Fingerprint, render::Rendered};

/// What a write did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files in the site.
    pub files: usize,
    /// Bytes in the site.
    pub bytes: u64,
    /// Files that are new or differ from before, by their paths from the output's root, in order.
    pub changed: Vec<String>,
    /// Files that the site no longer has, likewise.
    pub removed: Vec<String>,
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

    /// Finishes what an interrupted run began.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn prepare(&mut self) -> Result<()> {
        match self {
            Output::Disk(disk) => disk.prepare(),
            Output::Discard | Output::Look(_) => Ok(()),
        }
    }

    /// Whether a file is there with these bytes, so that it need not be made again.
    pub fn holds(&self, path: &str, fingerprint: Fingerprint, size: u64) -> bool {
        match self {
            Output::Disk(disk) | Output::Look(disk) => disk.holds(path, fingerprint, size),
            Output::Discard => false,
        }
    }

    /// Writes the site.
    ///
    /// # Errors
    /// When a file cannot be written, or one that Dateline did not write stands in the way; then nothing has changed.
    pub fn write(&mut self, rendered: &[Rendered]) -> Result<Written> {
        match self {
            Output::Disk(disk) => disk.write(rendered),
            Output::Discard | Output::Look(_) => Ok(Written {
                files: rendered.len(),
                bytes: rendered.iter().map(|output| output.size).sum(),
                ..Written::default()
            }),
        }
    }
}
