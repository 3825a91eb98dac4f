//! The site's folders, walked in order and read on all cores.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
    time::{Duration, SystemTime},
};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::snapshot::{Area, Content, Snapshot, SourceFile, Stamp};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
};

/// Reads the site below `root`. Of a file that looks as it did in `before`, what was read then is taken over.
///
/// # Errors
/// When a folder or file cannot be read. A file that is there but is no text where text is needed is a diagnostic.
pub fn load(root: &Path, before: Option<&Snapshot>) -> Result<(Snapshot, Vec<Diagnostic>)> {
    let mut diagnostics = Vec::new();
    let mut found = Vec::new();
    let settings = root.join("site.toml");
    if settings.is_file() {
        found.push((SitePath::from("site.toml"), settings, Area::Settings));
    }
    for (folder, area) in [("content", Area::Content), ("static", Area::Static), ("themes", Area::Theme)] {
        walk(root, folder, area, &mut found, &mut diagnostics)?;
    }
    let now = SystemTime::now();
    let read: Vec<Result<Option<SourceFile>>> = found
        .into_par_iter()
        .map(|found| {
            let known = before.and_then(|snapshot| snapshot.get(&found.0));
            read(found, known, now)
        })
        .collect();
    let mut files = BTreeMap::new();
    for result in read {
        // A file that went away between the walk and the reading was never there.
        let Some(file) = result? else { continue };
        diagnostics.extend(file.diagnostic.clone());
        files.insert(file.path.clone(), file);
    }
    let root = root.to_owned();
    Ok((Snapshot { root, files }, diagnostics))
}

type Found = (SitePath, PathBuf, Area);

fn walk(
    root: &Path,
    folder: &str,
    area: Area,
    found: &mut Vec<Found>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<()> {
    let start = root.join(folder);
    if !start.exists() {
        return Ok(());
    }
    let inside = root.canonicalize().map_err(|cause| Error::io("find the site's folder", root, cause))?;
    let mut walker = WalkDir::new(&start)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_ignored(entry, area));
    while let Some(entry) = walker.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(&start).to_owned();
                let place = Place::file(&site_path(root, &path).unwrap_or_else(|lossy| lossy));
                if error.loop_ancestor().is_some() {
                    diagnostics.push(
                        Diagnostic::error("symbolic link leads back to a folder above it", place)
                            .hint("remove the link: a site cannot contain itself"),
                    );
                } else if error.io_error().is_some_and(|e| e.kind() == ErrorKind::NotFound) {
                    diagnostics.push(
                        Diagnostic::error("symbolic link leads nowhere", place)
                            .hint("remove the link, or put back the file that it names"),
                    );
                } else {
                    let cause = error.into_io_error().unwrap_or_else(|| ErrorKind::Other.into());
                    return Err(Error::io("read", path, cause));
                }
                continue;
            }
        };
        let path = match site_path(root, entry.path()) {
            Ok(path) => path,
            Err(lossy) => {
                diagnostics.push(
                    Diagnostic::error("the file's name is not UTF-8", Place::file(&lossy))
                        .hint("rename the file: its name becomes part of an address"),
                );
                continue;
            }
        };
        if entry.path_is_symlink() && !entry.path().canonicalize().is_ok_and(|real| real.starts_with(&inside)) {
            diagnostics.push(
                Diagnostic::error("symbolic link leads out of the site", Place::file(&path))
                    .hint("copy the file into the site: what is published must lie in it"),
            );
            // What lies behind it is not ours to read; it may be the whole disk.
            if entry.file_type().is_dir() {
                walker.skip_current_dir();
            }
            continue;
        }
        if entry.file_type().is_file() {
            found.push((path, entry.into_path(), area));
        }
    }
    Ok(())
}

/// Files that editors and systems leave behind. In `static/` a dot is no reason: `.well-known/` is published.
fn is_ignored(entry: &DirEntry, area: Area) -> bool {
    let name = entry.file_name().to_string_lossy();
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
fn site_path(root: &Path, path: &Path) -> std::result::Result<SitePath, SitePath> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts = relative.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    let strict: Option<Vec<&str>> = parts.clone().map(|name| name.to_str()).collect();
    match strict {
        Some(names) => Ok(names.join("/").into()),
        None => Err(parts.map(|name| name.to_string_lossy()).collect::<Vec<_>>().join("/").into()),
    }
}

/// Markdown, settings and templates are read; all else is only copied.
fn read((path, disk, area): Found, known: Option<&SourceFile>, now: SystemTime) -> Result<Option<SourceFile>> {
    let stamp = match fs::metadata(&disk) {
        Ok(metadata) => stamp(&metadata, now),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(Error::io("read", &disk, cause)),
    };
    if let Some(known) = known
        && known.stamp == stamp
        && !stamp.is_racy
        && known.area == area
    {
        return Ok(Some(known.clone()));
    }
    let is_text = match area {
        Area::Settings => true,
        Area::Content => path.ends_with(".md"),
        Area::Static => false,
        Area::Theme => path.ends_with(".toml") || path.contains("/templates/"),
    };
    if !is_text {
        let mut mixer = Mixer::new();
        mixer.number(stamp.size).text(&stamp.modified.to_string()).number(stamp.inode);
        if stamp.is_racy {
            let bytes = fs::read(&disk).map_err(|cause| Error::io("read", &disk, cause))?;
            mixer.fingerprint(Fingerprint::of(&bytes));
        }
        let (content, fingerprint) = (Content::Asset, mixer.finish());
        return Ok(Some(SourceFile { path, disk, area, content, fingerprint, stamp, diagnostic: None }));
    }
    let bytes = match fs::read(&disk) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(Error::io("read", &disk, cause)),
    };
    let fingerprint = Fingerprint::of(&bytes);
    let (content, diagnostic) = match decode(bytes, &path, area) {
        Ok(text) => (Content::Text(text.into()), None),
        Err(diagnostic) => (Content::Refused, Some(diagnostic)),
    };
    Ok(Some(SourceFile { path, disk, area, content, fingerprint, stamp, diagnostic }))
}

/// A file changed within the last two seconds may change again without its stamp showing it: clocks of file systems are
/// that coarse. It is read again next time.
const RACY: Duration = Duration::from_secs(2);

fn stamp(metadata: &fs::Metadata, now: SystemTime) -> Stamp {
    let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let nanoseconds = match modified.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    };
    // A file from the future is as racy as one of this moment.
    let is_racy = now.duration_since(modified).map_or(true, |age| age < RACY);
    Stamp { size: metadata.len(), modified: nanoseconds, inode: inode(metadata), is_racy }
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ino()
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}

/// UTF-8; a byte order mark stays, so that offsets keep their meaning.
fn decode(bytes: Vec<u8>, path: &SitePath, area: Area) -> std::result::Result<String, Diagnostic> {
    if bytes.contains(&0) {
        let is_utf_16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let hint = match area {
            Area::Content if !is_utf_16 => "only Markdown belongs here; put other files in static/",
            _ => "save it as UTF-8; in most editors: \"Save with encoding\"",
        };
        return Err(Diagnostic::error("the file is not text", Place::file(path)).hint(hint));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Diagnostic::error(format!("the file is not UTF-8 (line {line})"), Place::file(path))
            .hint("save it as UTF-8; in most editors: \"Save with encoding\"")
    })
}
