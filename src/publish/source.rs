//! Whether what is built is what was committed.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    Result,
    git::{Difference, Git},
};
use crate::load::{Area, Snapshot};

/// The files that a build read. The inbox is no part of them: nothing of it is published.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Their paths from the site's folder; of one behind a symbolic link also where it really is.
    files: BTreeSet<String>,
    /// What lies in these besides the usual places is read too: links lead there.
    elsewhere: BTreeSet<String>,
}

/// What a site is made from.
const PARTS: [&str; 4] = ["site.toml", "content", "static", "themes"];
const INBOX: &str = "content/inbox/";

impl Sources {
    /// The files of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut sources = Sources::default();
        let root = resolved(snapshot.root());
        for area in [Area::Settings, Area::Content, Area::Static, Area::Theme] {
            for file in snapshot.area(area).filter(|file| !file.path.starts_with(INBOX)) {
                sources.files.insert(file.path.to_string());
                let real = resolved(&snapshot.disk(file));
                let below = real.strip_prefix(&root).ok().map(|below| below.to_string_lossy().replace('\\', "/"));
                if let Some(below) = below.filter(|below| **below != *file.path) {
                    sources.elsewhere.extend(below.split('/').next().map(str::to_owned));
                    sources.files.insert(below);
                }
            }
        }
        sources
    }

    /// Whether a file, or one in a folder that ends with `/`, was read.
    fn read(&self, path: &str) -> bool {
        match path.ends_with('/') {
            true => self.files.range(path.to_owned()..).next().is_some_and(|next| next.starts_with(path)),
            false => self.files.contains(path),
        }
    }
}

/// Where a path leads, as far as it leads anywhere.
fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The sources that differ from the commit, by paths from the top folder of the repository: changed, added, removed, and
/// those that Git does not know or is told to ignore, where the build reads them.
///
/// To be asked after the build: whatever was edited before the build read it differs still.
pub fn differing(git: &Git, sources: &Sources) -> Result<Vec<String>> {
    let prefix = git.prefix()?;
    let mut places: Vec<&str> = PARTS.to_vec();
    places.extend(sources.elsewhere.iter().map(String::as_str));
    let counts = |(path, difference): &(String, Difference)| {
        let Some(below) = path.strip_prefix(&prefix) else { return false };
        let is_part = PARTS.iter().any(|part| {
            below.strip_prefix(part).is_some_and(|rest| matches!(rest.as_bytes().first(), None | Some(b'/')))
        });
        !below.starts_with(INBOX) && (is_part && *difference == Difference::Changed || sources.read(below))
    };
    Ok(git.differences(&places)?.into_iter().filter(counts).map(|(path, _)| path).collect())
}
