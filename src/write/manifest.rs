//! What Dateline wrote into a folder: it overwrites and removes nothing else.

use std::{
    collections::HashMap,
    fs,
    path::{Component, Path},
    sync::Arc,
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use crate::{
    engine::cache::{seal_with_room, unseal},
    error::Result,
    fingerprint::Fingerprint,
    replace,
};

/// A file as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub fingerprint: Fingerprint,
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
}

impl Entry {
    /// A file that holds these bytes.
    pub fn of(fingerprint: Fingerprint, metadata: &fs::Metadata) -> Self {
        Entry { fingerprint, size: metadata.len(), modified: modified(metadata) }
    }

    /// Whether a file looks as it did when it was written.
    pub fn looks_like(&self, metadata: &fs::Metadata) -> bool {
        metadata.is_file() && metadata.len() == self.size && modified(metadata) == self.modified
    }
}

fn modified(metadata: &fs::Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default()
}

/// Every file that Dateline wrote, by its path from the folder.
#[derive(Debug, Default)]
pub struct Manifest {
    pub files: HashMap<Arc<str>, Entry>,
}

/// What the file is sealed as. Not of one build of the program: a newer one must know what an older one wrote.
const SEAL: &str = "outputs 1";

impl Manifest {
    /// An unreadable manifest is an empty one: then Dateline takes nothing for its own.
    pub fn read(path: &Path) -> Self {
        let files = fs::read(path).ok().and_then(|bytes| unseal::<Vec<(Arc<str>, Entry)>>(SEAL, &bytes));
        let files = files.unwrap_or_default().into_iter().filter(|(path, _)| stays_below(path));
        Manifest { files: files.collect() }
    }

    /// Writes it down.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut files: Vec<(&Arc<str>, &Entry)> = self.files.iter().collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        // A fingerprint, a size and a time take 30 bytes or so.
        let room = files.iter().map(|(path, _)| path.len() + 32).sum();
        replace::file(path, &seal_with_room(SEAL, &files, room), "write")
    }
}

/// Whether a path leads to something below the folder that it is joined to.
pub fn stays_below(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
