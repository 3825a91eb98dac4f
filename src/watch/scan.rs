//! A cheap look at all of a site's files: two looks that are equal saw the same.

use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use rayon::prelude::*;
use walkdir::WalkDir;
use xxhash_rust::xxh3::xxh3_128;

/// What a site is made of, from its root.
pub const SOURCES: [&str; 4] = ["site.toml", "content", "static", "themes"];

/// What one look saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Path, size, times and inode of every file and folder, in one number.
    files: u128,
    /// Path and inode of every folder, in one number: while it stays, the watches stand where they should.
    pub folders: u128,
    /// What links of the site lead to: it may lie where nothing else is watched.
    pub linked: Vec<PathBuf>,
}

impl Scan {
    /// Looks at the site in `root`. What cannot be looked at is as if it were not there; a build will report it.
    pub fn take(root: &Path) -> Self {
        let inside = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let mut entries = Vec::new();
        let mut linked = Vec::new();
        for source in SOURCES {
            let walker = WalkDir::new(root.join(source)).follow_links(true).into_iter().filter_entry(|entry| {
                if !entry.path_is_symlink() {
                    return true;
                }
                // A link out of the site is an error to the build, and must not send this walk over the whole disk.
                let real = entry.path().canonicalize().ok().filter(|real| real.starts_with(&inside));
                linked.extend(real.clone());
                real.is_some()
            });
            entries.extend(walker.filter_map(Result::ok));
        }
        linked.sort();
        linked.dedup();
        // Sums do not depend on the order in which a folder lists its entries, so nothing has to be sorted.
        let (files, folders) = entries
            .par_iter()
            .map(|entry| {
                let Ok(metadata) = entry.metadata() else { return (0, 0) };
                let path = entry.path().as_os_str().as_encoded_bytes();
                let file = number(path, &stamp(&metadata));
                let folder = if metadata.is_dir() { number(path, &[identity(&metadata)]) } else { 0 };
                (file, folder)
            })
            .reduce(|| (0, 0), |a: (u128, u128), b| (a.0.wrapping_add(b.0), a.1.wrapping_add(b.1)));
        Scan { files, folders, linked }
    }
}

fn number(path: &[u8], stamp: &[u128]) -> u128 {
    let mut bytes = path.to_vec();
    // No path holds a zero byte: path and numbers cannot be taken for each other.
    bytes.push(0);
    bytes.extend(stamp.iter().flat_map(|number| number.to_le_bytes()));
    xxh3_128(&bytes)
}

fn stamp(metadata: &Metadata) -> [u128; 4] {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let size = if metadata.is_dir() { 0 } else { u128::from(metadata.len()) };
    [size, modified.map_or(0, |time| time.as_nanos()), identity(metadata), changed(metadata)]
}

/// What tells a file from another one that took its place.
#[cfg(unix)]
pub fn identity(metadata: &Metadata) -> u128 {
    use std::os::unix::fs::MetadataExt as _;
    (u128::from(metadata.dev()) << 64) | u128::from(metadata.ino())
}

/// What tells a file from another one that took its place.
#[cfg(not(unix))]
pub fn identity(metadata: &Metadata) -> u128 {
    metadata.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map_or(0, |time| time.as_nanos())
}

/// When the system last touched the entry: no program can set it back.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> u128 {
    use std::os::unix::fs::MetadataExt as _;
    (u128::from(metadata.ctime().cast_unsigned()) << 64) | u128::from(metadata.ctime_nsec().cast_unsigned())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> u128 {
    0
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn site() -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("content/a")).unwrap();
        fs::write(site.path().join("content/a/one.md"), "one").unwrap();
        site
    }

    #[test]
    fn two_looks_at_the_same_files_are_equal() {
        let site = site();
        assert_eq!(Scan::take(site.path()), Scan::take(site.path()));
    }

    #[test]
    fn a_write_a_new_file_and_a_rename_are_seen() {
        let site = site();
        let start = Scan::take(site.path());
        fs::write(site.path().join("content/a/one.md"), "two!").unwrap();
        let written = Scan::take(site.path());
        assert_ne!(start, written);
        assert_eq!(start.folders, written.folders);
        fs::rename(site.path().join("content/a"), site.path().join("content/b")).unwrap();
        assert_ne!(written.folders, Scan::take(site.path()).folders);
    }

    #[test]
    fn what_is_no_source_is_not_seen() {
        let site = site();
        let start = Scan::take(site.path());
        fs::create_dir_all(site.path().join("public")).unwrap();
        fs::write(site.path().join("public/index.html"), "").unwrap();
        assert_eq!(start, Scan::take(site.path()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_site_is_not_followed_and_a_loop_ends() {
        let outside = tempfile::tempdir().unwrap();
        let site = site();
        std::os::unix::fs::symlink(outside.path(), site.path().join("content/out")).unwrap();
        std::os::unix::fs::symlink(site.path().join("content"), site.path().join("content/a/loop")).unwrap();
        let start = Scan::take(site.path());
        fs::write(outside.path().join("x.md"), "").unwrap();
        assert_eq!(start, Scan::take(site.path()));
    }
}
