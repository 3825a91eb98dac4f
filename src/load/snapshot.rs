//! What one build knows of the disk.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, ErrorKind, Read as _},
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
    /// `content/`.
    Content,
    /// `site.toml`.
    Settings,
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
    /// A text that is still held from when it was first read: the site is small.
    Read(Box<str>),
    /// A file that is only copied, and is read when it is.
    Asset,
    /// A file that should be text and is not, as this says.
    Refused(Box<Diagnostic>),
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

impl Area {
    /// All of them, in the order of their paths: whatever lies in one comes before whatever lies in the next.
    pub(super) const ALL: [Area; 4] = [Area::Content, Area::Settings, Area::Static, Area::Theme];
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
            Kind::Text | Kind::Read(_) | Kind::Asset | Kind::Refused(_) => None,
        }
    }
}

/// The site's files at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    root: PathBuf,
    /// By their area. One in which nothing changed is shared with the snapshot before: an edit of a style sheet costs
    /// nothing for each article.
    parts: [Arc<Part>; Area::ALL.len()],
}

/// The files of one area, in the order of their paths.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub files: Vec<Arc<SourceFile>>,
    /// Those so young that they may change without their stamp showing it.
    pub young: Vec<SitePath>,
    /// Those that should be text and are not.
    refused: Vec<Arc<SourceFile>>,
    /// Of paths and contents, once somebody asked.
    fingerprint: OnceLock<Fingerprint>,
}

impl Part {
    /// A part with files in the order of their paths.
    pub fn new(files: Vec<Arc<SourceFile>>) -> Self {
        let is_refused = |file: &&Arc<SourceFile>| matches!(file.kind, Kind::Refused(_));
        Part {
            young: files.iter().filter(|file| file.stamp.is_racy).map(|file| file.path.clone()).collect(),
            refused: files.iter().filter(is_refused).cloned().collect(),
            fingerprint: OnceLock::new(),
            files,
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        *self.fingerprint.get_or_init(|| {
            let mut mixer = Mixer::new();
            for file in &self.files {
                mixer.text(&file.path).fingerprint(file.fingerprint);
            }
            mixer.finish()
        })
    }
}

impl Snapshot {
    /// Files of `content/` on record, as a snapshot that another can be compared with.
    pub fn from_records(root: &Path, mut files: Vec<Arc<SourceFile>>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut parts: [Arc<Part>; Area::ALL.len()] = Default::default();
        parts[Area::Content as usize] = Arc::new(Part::new(files));
        Snapshot::new(root.to_owned(), parts)
    }

    /// The files below `root`.
    pub(super) fn new(root: PathBuf, parts: [Arc<Part>; Area::ALL.len()]) -> Self {
        Snapshot { root, parts }
    }

    /// Of all files of an area: the same where every one is.
    pub fn fingerprint(&self, area: Area) -> Fingerprint {
        self.part(area).fingerprint()
    }

    pub(super) fn part(&self, area: Area) -> &Arc<Part> {
        &self.parts[area as usize]
    }

    /// Whether an area is known to be as it was in another snapshot, without a look at its files.
    pub fn shares(&self, area: Area, other: &Snapshot) -> bool {
        Arc::ptr_eq(self.part(area), other.part(area))
    }

    /// The site's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All files, by path.
    pub fn files(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.parts.iter().flat_map(|part| &part.files)
    }

    /// The files of one part of the site, by path.
    pub fn area(&self, area: Area) -> impl Iterator<Item = &SourceFile> {
        self.part(area).files.iter().map(AsRef::as_ref)
    }

    /// The files of `content/`, by path.
    pub fn content(&self) -> &[Arc<SourceFile>] {
        &self.part(Area::Content).files
    }

    /// The file at a path from the site's root.
    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        let files = &self.part(super::walk::area_of(path)?).files;
        let at = files.binary_search_by(|file| file.path.as_ref().cmp(path)).ok()?;
        Some(&files[at])
    }

    /// What is wrong with the files themselves.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.parts.iter().flat_map(|part| &part.refused).filter_map(|file| match &file.kind {
            Kind::Refused(diagnostic) => Some(&**diagnostic),
            Kind::Held(_) | Kind::Text | Kind::Read(_) | Kind::Asset => None,
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
            Kind::Read(text) => Ok(Some(Cow::Borrowed(text))),
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
        whole_file(&disk, file.stamp.size).map_err(|cause| match cause.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Error::outdated(disk),
            _ => Error::io("read", disk, cause),
        })
    }
}

/// The bytes of a file that is likely to be so large: it is not asked for its size again, and no read finds nothing.
pub(super) fn whole_file(path: &Path, size: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let size = usize::try_from(size).unwrap_or_default();
    let mut bytes = vec![0; size.saturating_add(1)];
    let mut length = 0;
    while let Some(room) = bytes.get_mut(length..).filter(|room| !room.is_empty()) {
        match file.read(room) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if length == size {
            break;
        }
    }
    bytes.truncate(length);
    // It has grown since its size was asked for.
    if length > size {
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// A text that cannot be read now is as if it were not there.
impl Sources for Snapshot {
    fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        Snapshot::text(self, path).ok().flatten()
    }
}
