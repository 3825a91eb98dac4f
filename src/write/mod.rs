//! Stage 6: the rendered site goes somewhere, whole or not at all.

mod disk;

use std::path::{Path, PathBuf};

pub use disk::{Disk, resolved};

use crate::{error::Result, render::Rendered};

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
}

impl Output {
    /// A folder. What Dateline wrote there is remembered below the site's `root`.
    pub fn disk(folder: PathBuf, root: &Path) -> Self {
        Output::Disk(Disk::new(folder, root))
    }

    /// Finishes what an interrupted run had promised, so that a site with errors now is whole as it was last.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn recover(&self) -> Result<()> {
        match self {
            Output::Disk(disk) => disk.recover(),
            Output::Discard => Ok(()),
        }
    }

    /// Writes the site.
    ///
    /// # Errors
    /// When a file cannot be written, or one that Dateline did not write stands in the way; then nothing has changed.
    pub fn write(&self, rendered: &[Rendered]) -> Result<Written> {
        match self {
            Output::Disk(disk) => disk.write(rendered),
            Output::Discard => Ok(Written {
                files: rendered.len(),
                bytes: rendered.iter().map(|output| output.bytes.len() as u64).sum(),
                ..Written::default()
            }),
        }
    }
}
