//! What one build knows of the disk.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    diagnostic::{Diagnostic, SitePath, Sources},
    fingerprint::Fingerprint,
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

/// What was read of a file.
#[derive(Clone, Debug)]
pub enum Content {
    /// The whole text.
    Text(Arc<str>),
    /// A file that is only copied, and is read when it is.
    Asset,
    /// A file that should be text and is not; a diagnostic says so.
    Refused,
}

/// One file of the site.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path from the site's root.
    pub path: SitePath,
    /// Where it is on this machine.
    pub disk: PathBuf,
    /// Its part of the site.
    pub area: Area,
    /// Its text, where the build needs it.
    pub content: Content,
    /// Changes when its bytes do; that of a file that is only copied also when it was touched.
    pub fingerprint: Fingerprint,
    /// How it looked on the disk when it was read.
    pub(super) stamp: Stamp,
    /// What was wrong with it when it was read.
    pub(super) diagnostic: Option<Diagnostic>,
}

/// What the disk says of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: i128,
    pub inode: u64,
    /// Whether the file was so young that a later change might leave the stamp as it is: Git's racy files.
    pub is_racy: bool,
}

impl SourceFile {
    /// The text; none for a file that is only copied, or refused.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Asset | Content::Refused => None,
        }
    }
}

/// The site's files at one moment, in the order of their paths.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(super) root: PathBuf,
    pub(super) files: BTreeMap<SitePath, SourceFile>,
}

impl Snapshot {
    /// The site's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The files of one part of the site, by path.
    pub fn area(&self, area: Area) -> impl Iterator<Item = &SourceFile> {
        self.files.values().filter(move |file| file.area == area)
    }

    /// The file at a path from the site's root.
    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path)
    }
}

impl Sources for Snapshot {
    fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        self.get(path)?.text().map(Cow::Borrowed)
    }
}
