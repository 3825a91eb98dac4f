//! The site's folders, walked, and what the disk says of each file without reading it.

use std::{
    collections::BTreeSet,
    fs::{self, Metadata},
    io::ErrorKind,
    path::{Component, Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};
use xxhash_rust::xxh3::xxh3_128;

use super::snapshot::{Area, Part, Snapshot, SourceFile, Stamp};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    error::{Error, Result},
};

/// What a site is made of, from its root.
pub const SOURCES: [&str; 4] = ["site.toml", "content", "static", "themes"];

const FOLDERS: [(&str, Area); 3] = [("content", Area::Content), ("static", Area::Static), ("themes", Area::Theme)];

/// A file that a walk found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub path: SitePath,
    pub area: Area,
    pub stamp: Stamp,
}

impl Found {
    fn again(file: &SourceFile) -> Self {
        Found { path: file.path.clone(), area: file.area, stamp: file.stamp }
    }
}

/// What a listing says of one area.
#[derive(Debug)]
pub(super) enum Listed {
    /// Nobody touched it: it is as it was when it was read.
    Untouched(Arc<Part>),
    /// Its files, in the order of their paths.
    Files(Vec<Found>),
}

impl Listed {
    /// Its files, to be looked at one by one.
    pub fn into_files(self) -> Vec<Found> {
        match self {
            Listed::Untouched(part) => part.files.iter().map(|file| Found::again(file)).collect(),
            Listed::Files(files) => files,
        }
    }
}

/// The files that a site has, none of them read yet.
#[derive(Debug)]
pub struct Listing {
    pub(super) root: PathBuf,
    /// By area.
    pub(super) parts: [Listed; Area::ALL.len()],
    /// What is wrong with names and links.
    pub diagnostics: Vec<Diagnostic>,
    /// All of it in one value.
    pub look: Look,
}

/// What one look at a site's files saw: two looks that are equal saw the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Path, size, times and inode of every file, in one number.
    files: u128,
    /// Path and inode of every folder, in one number: while it stays, folders are where they were.
    pub folders: u128,
    /// What links of the site lead to: it may lie where nobody looks for it.
    pub linked: Vec<PathBuf>,
}

/// Lists the site below `root`.
///
/// # Errors
/// When a folder or file cannot be looked at.
pub fn list(root: &Path) -> Result<Listing> {
    let mut walk = Walk::of(root);
    match walk.failure.take() {
        Some(failure) => Err(failure),
        None => walk.listing(),
    }
}

/// Looks at the site below `root`. What cannot be looked at is as if it were not there.
pub fn look(root: &Path) -> Look {
    let walk = Walk::of(root);
    walk.listing().map_or_else(|_| Look::default(), |listing| listing.look)
}

/// Lists a site that is as it was in `before` but for some of its files, by their paths from the root: only these are looked
/// at, and those that were so young that they may have changed unseen. The listing has the look that a look at everything
/// would see, if that is so.
///
/// `None` where more than files must have changed, or what these paths lead to cannot be told.
pub fn list_touched(before: &Snapshot, look: &Look, touched: &BTreeSet<String>) -> Option<Listing> {
    if !look.linked.is_empty() {
        return None;
    }
    let now = SystemTime::now();
    let mut look = look.clone();
    let mut parts = Area::ALL.map(|area| Listed::Untouched(Arc::clone(before.part(area))));
    let young = Area::ALL.iter().flat_map(|area| &before.part(*area).young).map(|path| path.to_string());
    let paths: BTreeSet<String> = young.chain(touched.iter().cloned()).collect();
    for path in paths {
        let Some(area) = area_of(&path) else { continue };
        if path.split('/').skip(1).any(|name| is_ignored(name, area)) {
            continue;
        }
        let part = &mut parts[area as usize];
        if let Listed::Untouched(known) = part {
            *part = Listed::Files(known.files.iter().map(|file| Found::again(file)).collect());
        }
        let Listed::Files(files) = part else { continue };
        let place = files.binary_search_by(|found| (*found.path).cmp(&path));
        if let Ok(place) = place {
            look.files = look.files.wrapping_sub(of_file(&files[place]));
        }
        let disk = before.root().join(&path);
        match (fs::symlink_metadata(&disk), place) {
            (Ok(metadata), place) if metadata.is_file() => {
                let found = Found { path: path.into(), area, stamp: stamp(&metadata, now) };
                look.files = look.files.wrapping_add(of_file(&found));
                match place {
                    Ok(place) => files[place] = Found { path: files[place].path.clone(), ..found },
                    Err(place) => files.insert(place, found),
                }
            }
            (Err(error), Ok(place)) if error.kind() == ErrorKind::NotFound => drop(files.remove(place)),
            // It came and went, as the files do that editors write first.
            (Err(error), Err(place)) if error.kind() == ErrorKind::NotFound => {
                let folder = format!("{path}/");
                if files[place..].iter().take(1).any(|found| found.path.starts_with(&folder)) {
                    return None;
                }
            }
            _ => return None,
        }
    }
    Some(Listing { root: before.root().to_owned(), parts, diagnostics: Vec::new(), look })
}

/// The part of the site that a path from its root leads to.
pub(super) fn area_of(path: &str) -> Option<Area> {
    if path == "site.toml" {
        return Some(Area::Settings);
    }
    let (first, _) = path.split_once('/')?;
    FOLDERS.into_iter().find(|(folder, _)| *folder == first).map(|(_, area)| area)
}

/// What tells a file or folder from another one that took its place.
#[cfg(unix)]
pub fn identity(metadata: &Metadata) -> u128 {
    use std::os::unix::fs::MetadataExt as _;
    (u128::from(metadata.dev()) << 64) | u128::from(metadata.ino())
}

/// What tells a file or folder from another one that took its place.
#[cfg(not(unix))]
pub fn identity(metadata: &Metadata) -> u128 {
    metadata.created().map_or(0, |time| nanoseconds(time).cast_unsigned().into())
}

#[derive(Default)]
struct Walk {
    root: PathBuf,
    found: Vec<(DirEntry, String, Area)>,
    folders: Vec<(PathBuf, String)>,
    linked: Vec<PathBuf>,
    diagnostics: Vec<Diagnostic>,
    failure: Option<Error>,
    settings: bool,
}

impl Walk {
    fn of(root: &Path) -> Self {
        let settings = root.join("site.toml").is_file();
        let mut walk = Walk { root: root.to_owned(), settings, ..Walk::default() };
        for (folder, area) in FOLDERS {
            if root.join(folder).exists() {
                walk.folder(folder, area);
            }
        }
        walk
    }

    fn folder(&mut self, folder: &str, area: Area) {
        let start = self.root.join(folder);
        let inside = match self.root.canonicalize() {
            Ok(inside) => inside,
            Err(cause) => {
                self.failure = Some(Error::io("find the site's folder", &self.root, cause));
                return;
            }
        };
        let mut walker = WalkDir::new(&start)
            .follow_links(true)
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !is_ignored(&entry.file_name().to_string_lossy(), area));
        while let Some(entry) = walker.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.trouble(error, &start);
                    continue;
                }
            };
            let path = match site_path(&self.root, entry.path()) {
                Ok(path) => path,
                Err(lossy) => {
                    self.diagnostics.push(
                        Diagnostic::error("the file's name is not UTF-8", Place::file(&lossy.into()))
                            .hint("rename the file: its name becomes part of an address"),
                    );
                    continue;
                }
            };
            if entry.path_is_symlink() {
                match entry.path().canonicalize() {
                    Ok(real) if real.starts_with(&inside) => self.linked.push(real),
                    _ => {
                        self.diagnostics.push(
                            Diagnostic::error("symbolic link leads out of the site", Place::file(&path.into()))
                                .hint("copy the file into the site: what is published must lie in it"),
                        );
                        // What lies behind it is not ours to read; it may be the whole disk.
                        if entry.file_type().is_dir() {
                            walker.skip_current_dir();
                        }
                        continue;
                    }
                }
            }
            if entry.file_type().is_file() {
                self.found.push((entry, path, area));
            } else if entry.file_type().is_dir() {
                self.folders.push((entry.into_path(), path));
            }
        }
    }

    fn trouble(&mut self, error: walkdir::Error, start: &Path) {
        let path = error.path().unwrap_or(start).to_owned();
        let place = Place::file(&SitePath::from(site_path(&self.root, &path).unwrap_or_else(|lossy| lossy)));
        if error.loop_ancestor().is_some() {
            self.diagnostics.push(
                Diagnostic::error("symbolic link leads back to a folder above it", place)
                    .hint("remove the link: a site cannot contain itself"),
            );
        } else if error.io_error().is_some_and(|error| error.kind() == ErrorKind::NotFound) {
            // A folder that went away during the walk was never there; a link to nothing is a mistake.
            if path.is_symlink() {
                self.diagnostics.push(
                    Diagnostic::error("symbolic link leads nowhere", place)
                        .hint("remove the link, or put back the file that it names"),
                );
            }
        } else {
            let cause = error.into_io_error().unwrap_or_else(|| ErrorKind::Other.into());
            self.failure.get_or_insert(Error::io("read", path, cause));
        }
    }

    /// Asks the disk about every file, on all cores.
    fn listing(self) -> Result<Listing> {
        let Walk { root, found, folders, mut linked, diagnostics, settings, .. } = self;
        let now = SystemTime::now();
        let stat = |disk: &Path| match fs::metadata(disk) {
            Ok(metadata) => Ok(Some(stamp(&metadata, now))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(cause) => Err(Error::io("read", disk, cause)),
        };
        let mut files = found
            .into_par_iter()
            .with_min_len(64)
            .filter_map(|(entry, path, area)| match stat(entry.path()) {
                Ok(stamp) => stamp.map(|stamp| Ok(Found { path: path.into(), area, stamp })),
                Err(error) => Some(Err(error)),
            })
            .collect::<Result<Vec<Found>>>()?;
        if settings && let Some(stamp) = stat(&root.join("site.toml"))? {
            files.push(Found { path: "site.toml".into(), area: Area::Settings, stamp });
        }
        files.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let files_look = files.par_iter().with_min_len(256).map(of_file).reduce(|| 0, u128::wrapping_add);
        let mut parts = Area::ALL.map(|_| Vec::new());
        for found in files {
            parts[found.area as usize].push(found);
        }
        linked.sort();
        linked.dedup();
        // Sums do not depend on the order in which a folder lists its entries.
        let look = Look {
            files: files_look,
            folders: folders.iter().map(|(folder, path)| of_folder(folder, path)).fold(0, u128::wrapping_add),
            linked,
        };
        Ok(Listing { root, parts: parts.map(Listed::Files), diagnostics, look })
    }
}

fn of_file(found: &Found) -> u128 {
    let Stamp { size, modified, changed, inode, is_racy: _ } = found.stamp;
    number(found.path.as_bytes(), &[size, modified.cast_unsigned(), changed.cast_unsigned(), inode])
}

fn of_folder(folder: &Path, path: &str) -> u128 {
    let identity = folder.metadata().map_or(0, |metadata| identity(&metadata));
    number(path.as_bytes(), &[identity as u64, (identity >> 64) as u64])
}

fn number(path: &[u8], stamp: &[u64]) -> u128 {
    let mut bytes = Vec::with_capacity(path.len() + 1 + 8 * stamp.len());
    bytes.extend_from_slice(path);
    // No path holds a zero byte: path and numbers cannot be taken for each other.
    bytes.push(0);
    bytes.extend(stamp.iter().flat_map(|number| number.to_le_bytes()));
    xxh3_128(&bytes)
}

/// Files that editors and systems leave behind. In `static/` a dot is no reason: `.well-known/` is published.
fn is_ignored(name: &str, area: Area) -> bool {
    let left_behind = name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".swx")
        || name.starts_with(".#")
        || (name.starts_with('#') && name.ends_with('#'))
        || name == ".DS_Store"
        || name == "Thumbs.db"
        || name == ".git";
    left_behind || (area != Area::Static && name.starts_with('.'))
}

/// The path from the root with `/` between its parts; the readable form as the error when it is not UTF-8.
fn site_path(root: &Path, path: &Path) -> std::result::Result<String, String> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    #[cfg(unix)]
    if let Some(text) = relative.to_str() {
        return Ok(text.to_owned());
    }
    let parts = relative.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    let strict: Option<Vec<&str>> = parts.clone().map(|name| name.to_str()).collect();
    match strict {
        Some(names) => Ok(names.join("/")),
        None => Err(parts.map(|name| name.to_string_lossy()).collect::<Vec<_>>().join("/")),
    }
}

/// A file changed within the last two seconds may change again without its stamp showing it: clocks of file systems are
/// that coarse. It is read again next time.
const RACY: Duration = Duration::from_secs(2);

fn stamp(metadata: &Metadata, now: SystemTime) -> Stamp {
    let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    // A file from the future is as racy as one of this moment.
    let is_racy = now.duration_since(modified).map_or(true, |age| age < RACY);
    Stamp {
        size: metadata.len(),
        modified: nanoseconds(modified),
        changed: changed(metadata),
        inode: identity(metadata) as u64,
        is_racy,
    }
}

/// Since 1970; the years 1678 to 2262 fit.
fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> i64 {
    0
}

#[cfg(test)]
mod tests {
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
        assert_eq!(look(site.path()), look(site.path()));
        assert_eq!(list(site.path()).unwrap().look, look(site.path()));
    }

    #[test]
    fn a_write_a_new_file_and_a_rename_are_seen() {
        let site = site();
        let start = look(site.path());
        fs::write(site.path().join("content/a/one.md"), "two!").unwrap();
        let written = look(site.path());
        assert_ne!(start, written);
        assert_eq!(start.folders, written.folders);
        fs::rename(site.path().join("content/a"), site.path().join("content/b")).unwrap();
        assert_ne!(written.folders, look(site.path()).folders);
    }

    #[test]
    fn what_is_no_source_is_not_seen() {
        let site = site();
        let start = look(site.path());
        fs::create_dir_all(site.path().join("public")).unwrap();
        fs::write(site.path().join("public/index.html"), "").unwrap();
        assert_eq!(start, look(site.path()));
    }

    /// Lists after `edit`, looking at the `touched` files alone.
    fn touched(site: &Path, edit: impl Fn(), paths: &[&str]) -> Option<Listing> {
        let (before, _) = crate::load::read(site).unwrap();
        let seen = look(site);
        edit();
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        list_touched(&before, &seen, &paths)
    }

    #[test]
    fn a_look_at_what_was_touched_sees_what_a_look_at_everything_does() {
        let site = site();
        let at = |path: &str| site.path().join(path);
        fs::create_dir_all(at("static")).unwrap();
        let edits: [(&dyn Fn(), &[&str]); 6] = [
            (&|| fs::write(at("content/a/one.md"), "two!").unwrap(), &["content/a/one.md"]),
            (&|| fs::write(at("content/a/new.md"), "new").unwrap(), &["content/a/.new.md.swp", "content/a/new.md"]),
            (&|| fs::remove_file(at("content/a/one.md")).unwrap(), &["content/a/one.md"]),
            (
                &|| fs::rename(at("content/a/new.md"), at("content/b.md")).unwrap(),
                &["content/b.md", "content/a/new.md"],
            ),
            (&|| fs::write(at("site.toml"), "").unwrap(), &["site.toml", "content/gone.md~", "public/x"]),
            (&|| fs::write(at("static/.hidden"), "").unwrap(), &["static/.hidden", "static/4913"]),
        ];
        for (edit, paths) in edits {
            let listing = touched(site.path(), edit, paths).expect("files alone");
            let all = list(site.path()).unwrap();
            assert_eq!(listing.look, all.look, "{paths:?}");
            let names = |listing: Listing| -> Vec<SitePath> {
                listing.parts.into_iter().flat_map(Listed::into_files).map(|found| found.path).collect()
            };
            assert_eq!(names(listing), names(all), "{paths:?}");
        }
    }

    #[test]
    fn where_folders_come_or_go_everything_is_looked_at() {
        let site = site();
        let at = |path: &str| site.path().join(path);
        assert!(touched(site.path(), || fs::create_dir(at("content/c")).unwrap(), &["content/c"]).is_none());
        let rename = || fs::rename(at("content/a"), at("content/z")).unwrap();
        assert!(touched(site.path(), rename, &["content/a", "content/z"]).is_none());
        assert!(touched(site.path(), || fs::remove_dir_all(at("content/z")).unwrap(), &["content/z"]).is_none());
        // A file that nobody spoke of: the look tells.
        let missed = touched(site.path(), || fs::write(at("content/m.md"), "").unwrap(), &[]).unwrap();
        assert_ne!(missed.look, look(site.path()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_site_is_not_followed_and_a_loop_ends() {
        let outside = tempfile::tempdir().unwrap();
        let site = site();
        std::os::unix::fs::symlink(outside.path(), site.path().join("content/out")).unwrap();
        std::os::unix::fs::symlink(site.path().join("content"), site.path().join("content/a/loop")).unwrap();
        let start = look(site.path());
        fs::write(outside.path().join("x.md"), "").unwrap();
        assert_eq!(start, look(site.path()));
    }
}
