//! The site's folders, walked in order and read on all cores.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::snapshot::{Area, Content, Snapshot, SourceFile};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    error::{Error, Result},
};

/// Reads the site below `root`.
///
/// # Errors
/// When a folder or file cannot be read. A file that is there but is no text where text is needed is a diagnostic.
pub fn load(root: &Path) -> Result<(Snapshot, Vec<Diagnostic>)> {
    let mut diagnostics = Vec::new();
    let mut found = Vec::new();
    let settings = root.join("site.toml");
    if settings.is_file() {
        found.push((SitePath::from("site.toml"), settings, Area::Settings));
    }
    for (folder, area) in [("content", Area::Content), ("static", Area::Static), ("themes", Area::Theme)] {
        walk(root, folder, area, &mut found, &mut diagnostics)?;
    }
    let read: Vec<Result<(SourceFile, Option<Diagnostic>)>> = found.into_par_iter().map(read).collect();
    let mut files = BTreeMap::new();
    for result in read {
        let (file, diagnostic) = result?;
        diagnostics.extend(diagnostic);
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
    let walker = WalkDir::new(&start)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_ignored(entry, area));
    for entry in walker {
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
fn read((path, disk, area): Found) -> Result<(SourceFile, Option<Diagnostic>)> {
    let is_text = match area {
        Area::Settings => true,
        Area::Content => path.ends_with(".md"),
        Area::Static => false,
        Area::Theme => path.ends_with(".toml") || path.contains("/templates/"),
    };
    if !is_text {
        let content = Content::Asset;
        return Ok((SourceFile { path, disk, area, content }, None));
    }
    let bytes = fs::read(&disk).map_err(|cause| Error::io("read", &disk, cause))?;
    let (content, diagnostic) = match decode(bytes, &path, area) {
        Ok(text) => (Content::Text(text.into()), None),
        Err(diagnostic) => (Content::Refused, Some(diagnostic)),
    };
    Ok((SourceFile { path, disk, area, content }, diagnostic))
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
