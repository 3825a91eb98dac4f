//! What one build knows of the disk.

use std::{
    borrow::Cow,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Serialize};

use crate::{
    diagnostic::{Diagnostic, SitePath, Sources},
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
};

/// Which part of a site a file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// `site.toml`.
    Settings,
    /// `content/`.
    Content,
    /// `static/`: copied as it is.
    Static,
    /// `themes/`.
    Theme,
}

/// What a file is to a build.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Settings and templates: few and small, and looked into again and again, so the text is held.
    Held(Arc<str>),
    /// A text that is read when it is needed.
    Text,
    /// A file that is only copied, and is read when it is.
    Asset,
    /// A file that should be text and is not, as this says.
    Refused(Diagnostic),
}

/// One file of the site.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path from the site's root.
    pub path: SitePath,
    /// Its part of the site.
    pub area: Area,
    /// Changes when its bytes do; that of a file that is only copied also when it was touched.
    pub fingerprint: Fingerprint,
    pub(super) kind: Kind,
    /// How it looked on the disk when it was read.
    pub(super) stamp: Stamp,
}

/// What the disk says of a file without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
    /// When the system last touched the entry, in nanoseconds since 1970: no program can set it back.
    pub changed: i64,
    pub inode: u64,
    /// Whether the file was so young that a later change might leave the stamp as it is: Git's racy files.
    pub is_racy: bool,
}

/// What a later process must know of a file not to read it again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Record {
    stamp: Stamp,
    fingerprint: Fingerprint,
}

impl SourceFile {
    /// A file of `content/` as an earlier process left it on record.
    pub fn from_record(path: SitePath, record: Record) -> Self {
        let Record { stamp, fingerprint } = record;
        SourceFile { path, area: Area::Content, fingerprint, kind: Kind::Text, stamp }
    }

    /// The file for the record.
    pub fn record(&self) -> Record {
        Record { stamp: self.stamp, fingerprint: self.fingerprint }
    }

    /// Whether two files are the same, down to how they look on the disk.
    pub fn looks_like(&self, other: &SourceFile) -> bool {
        self.stamp == other.stamp && self.fingerprint == other.fingerprint
    }

    /// The text of settings and templates; none for any other file.
    pub fn held_text(&self) -> Option<&Arc<str>> {
        match &self.kind {
            Kind::Held(text) => Some(text),
            Kind::Text | Kind::Asset | Kind::Refused(_) => None,
        }
    }
}

/// The site's files at one moment, in the order of their paths.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    root: PathBuf,
    files: Vec<Arc<SourceFile>>,
    /// Of the texts and of the files that are copied, once somebody asked.
    fingerprints: [OnceLock<Fingerprint>; 2],
}

impl Snapshot {
    /// Files on record, as a snapshot that another can be compared with.
    pub fn from_records(root: &Path, mut files: Vec<Arc<SourceFile>>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Snapshot::new(root.to_owned(), files)
    }

    /// The files below `root`, in the order of their paths.
    pub(super) fn new(root: PathBuf, files: Vec<Arc<SourceFile>>) -> Self {
        Snapshot { root, files, fingerprints: [const { OnceLock::new() }; 2] }
    }

    /// Of all texts of `content/`: the same where every one is.
    pub fn texts_fingerprint(&self) -> Fingerprint {
        *self.fingerprints[0].get_or_init(|| self.fingerprint(Area::Content))
    }

    /// Of all files of `static/`: the same where every one is.
    pub fn copied_fingerprint(&self) -> Fingerprint {
        *self.fingerprints[1].get_or_init(|| self.fingerprint(Area::Static))
    }

    fn fingerprint(&self, area: Area) -> Fingerprint {
        let mut mixer = Mixer::new();
        for file in self.area(area) {
            mixer.text(&file.path).fingerprint(file.fingerprint);
        }
        mixer.finish()
    }

    /// The site's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All files, by path.
    pub fn files(&self) -> &[Arc<SourceFile>] {
        &self.files
    }

    /// The files of one part of the site, by path.
    pub fn area(&self, area: Area) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().map(AsRef::as_ref).filter(move |file| file.area == area)
    }

    /// The file at a path from the site's root.
    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        let at = self.files.binary_search_by(|file| file.path.as_ref().cmp(path)).ok()?;
        Some(&self.files[at])
    }

    /// What is wrong with the files themselves.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.files.iter().filter_map(|file| match &file.kind {
            Kind::Refused(diagnostic) => Some(diagnostic),
            Kind::Held(_) | Kind::Text | Kind::Asset => None,
        })
    }

    /// The text of a file; none where there is no such file, or it is no text.
    ///
    /// # Errors
    /// When it cannot be read, or is no longer what it was in this snapshot ([`Error::is_outdated`]).
    pub fn text(&self, path: &str) -> Result<Option<Cow<'_, str>>> {
        let Some(file) = self.get(path) else { return Ok(None) };
        match &file.kind {
            Kind::Held(text) => Ok(Some(Cow::Borrowed(text))),
            Kind::Asset | Kind::Refused(_) => Ok(None),
            Kind::Text => {
                let bytes = self.bytes(file)?;
                if Fingerprint::of(&bytes) != file.fingerprint {
                    return Err(Error::outdated(self.disk(file)));
                }
                // The bytes are those of a text: they have its fingerprint.
                Ok(String::from_utf8(bytes).ok().map(Cow::Owned))
            }
        }
    }

    /// Where a file is on this machine.
    pub fn disk(&self, file: &SourceFile) -> PathBuf {
        self.root.join(&*file.path)
    }

    /// The bytes of a file as they are now.
    ///
    /// # Errors
    /// When it cannot be read; when it is no longer there, that is [`Error::is_outdated`].
    pub fn bytes(&self, file: &SourceFile) -> Result<Vec<u8>> {
        let disk = self.disk(file);
        fs::read(&disk).map_err(|cause| match cause.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Error::outdated(disk),
            _ => Error::io("read", disk, cause),
        })
    }
}

/// A text that cannot be read now is as if it were not there.
impl Sources for Snapshot {
    fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        Snapshot::text(self, path).ok().flatten()
    }
}
