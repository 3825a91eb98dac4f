//! Reads what looks other than it did.

use std::{io::ErrorKind, path::Path, sync::Arc};

use rayon::prelude::*;

use super::{
    snapshot::{Area, Kind, Part, Snapshot, SourceFile, whole_file},
    walk::{Found, Listed, Listing, list},
};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
};

/// Bytes of a site's texts that are held from their first reading on, at most.
const ROOM: u64 = 8_000_000;

/// Looks at each text once, while it is in memory.
pub trait Reader: Sync {
    /// What it makes of a text.
    type Taken: Send;

    /// Whether it still has what it made of the texts of the snapshot before.
    fn goes_on(&self) -> bool;

    /// Whether it has something of the file that stood at this place among the files of `content/` before.
    fn knows(&self, place: usize) -> bool;

    /// Looks at a text of `content/`.
    fn read(&self, file: &SourceFile, text: &str) -> Self::Taken;
}

/// The last snapshot, and who has looked at its texts.
pub struct Before<'a, R> {
    /// The files as they were.
    pub snapshot: Option<&'a Snapshot>,
    /// Who looks at those that are other now.
    pub reader: R,
}

/// What became of one file.
#[derive(Debug)]
pub enum Taken<T> {
    /// Its text is that of the file at this place among the files of `content/` before.
    Kept(usize),
    /// Its text was read.
    Fresh {
        /// The place of the file among those before, where it was there.
        was: Option<usize>,
        /// What was made of it.
        made: T,
    },
    /// It is no text.
    Nothing,
}

/// A file, and what became of it.
type TakenIn<T> = (Arc<SourceFile>, Taken<T>);

/// The files of an area, and what became of each; `None` where every one is as it was.
type PartTakenIn<T> = (Arc<Part>, Option<Vec<Taken<T>>>);

/// The site's files, and what became of the texts among them.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The files.
    pub snapshot: Snapshot,
    /// What became of the files of `content/`, in the same order; `None` where every one is as it was.
    pub taken: Option<Vec<Taken<T>>>,
}

/// Reads the files of a listing. Of a file that looks as it did before, what was read then is taken over.
///
/// # Errors
/// When a file cannot be read. A file that is no text where text is needed is a diagnostic of the snapshot.
pub fn load<R: Reader>(listing: Listing, before: &Before<'_, R>) -> Result<Loaded<R::Taken>> {
    let Listing { root, parts, .. } = listing;
    let mut taken = None;
    let mut loaded: [Arc<Part>; Area::ALL.len()] = Default::default();
    for (area, listed) in Area::ALL.into_iter().zip(parts) {
        let is_known = area != Area::Content || before.reader.goes_on();
        let (part, became) = match listed {
            Listed::Untouched(part) if is_known => (part, None),
            listed => load_part(&root, area, listed.into_files(), before)?,
        };
        loaded[area as usize] = part;
        if area == Area::Content {
            taken = became;
        }
    }
    Ok(Loaded { snapshot: Snapshot::new(root, loaded), taken })
}

/// Reads the files of one area.
fn load_part<R: Reader>(
    root: &Path,
    area: Area,
    files: Vec<Found>,
    before: &Before<'_, R>,
) -> Result<PartTakenIn<R::Taken>> {
    let known = before.snapshot.map_or(&[][..], |snapshot| &snapshot.part(area).files);
    // Where all is read and the site is small, its texts stay: they need not be read again for the pages.
    let size: u64 = files.iter().map(|found| found.stamp.size).sum();
    let is_held = known.is_empty() && area == Area::Content && size <= ROOM;
    let matched = side_by_side(files, known);
    let read: Vec<Result<Option<TakenIn<R::Taken>>>> = matched
        .into_par_iter()
        .with_min_len(64)
        .map(|(found, place)| take(root, found, place.map(|place| (place, &known[place])), &before.reader, is_held))
        .collect();
    let mut files = Vec::with_capacity(read.len());
    let mut taken = Vec::with_capacity(read.len());
    for result in read {
        // A file that went away between the walk and the reading was never there.
        let Some((file, became)) = result? else { continue };
        files.push(file);
        taken.push(became);
    }
    let is_same = |(a, b): (&Arc<SourceFile>, &Arc<SourceFile>)| Arc::ptr_eq(a, b);
    if let Some(before) = before.snapshot
        && files.len() == known.len()
        && files.iter().zip(known).all(is_same)
        && !files.is_empty()
    {
        return Ok((Arc::clone(before.part(area)), None));
    }
    Ok((Arc::new(Part::new(files)), Some(taken)))
}

/// The settings, which the reading of all else depends on, and the themes, which depend on nothing else.
///
/// # Errors
/// When they cannot be read.
pub fn settings(listing: &Listing, before: Option<&Snapshot>) -> Result<Snapshot> {
    let root = listing.root.clone();
    let mut parts: [Arc<Part>; Area::ALL.len()] = Default::default();
    for area in [Area::Settings, Area::Theme] {
        parts[area as usize] = match &listing.parts[area as usize] {
            Listed::Untouched(part) => Arc::clone(part),
            Listed::Files(files) => {
                load_part(&root, area, files.clone(), &Before { snapshot: before, reader: Nobody })?.0
            }
        };
    }
    Ok(Snapshot::new(root, parts))
}

/// Looks at no text.
struct Nobody;

impl Reader for Nobody {
    type Taken = ();

    fn goes_on(&self) -> bool {
        false
    }

    fn knows(&self, _: usize) -> bool {
        false
    }

    fn read(&self, _: &SourceFile, _: &str) {}
}

/// The site below `root`, for who needs its files alone.
///
/// # Errors
/// When a folder or file cannot be read.
pub fn read(root: &Path) -> Result<(Snapshot, Vec<Diagnostic>)> {
    let mut listing = list(root)?;
    let mut diagnostics = std::mem::take(&mut listing.diagnostics);
    let Loaded { snapshot, .. } = load(listing, &Before { snapshot: None, reader: Nobody })?;
    diagnostics.extend(snapshot.diagnostics().cloned());
    Ok((snapshot, diagnostics))
}

/// Each file with the place of the one that had its path before. Both lists are in the order of the paths.
fn side_by_side(files: Vec<Found>, known: &[Arc<SourceFile>]) -> Vec<(Found, Option<usize>)> {
    let mut at = 0;
    files
        .into_iter()
        .map(|found| {
            let is_same = |file: &Arc<SourceFile>| Arc::ptr_eq(&file.path, &found.path) || file.path == found.path;
            while known.get(at).is_some_and(|file| !is_same(file) && file.path < found.path) {
                at += 1;
            }
            let is_there = known.get(at).is_some_and(is_same);
            (found, is_there.then_some(at))
        })
        .collect()
}

fn take<R: Reader>(
    root: &Path,
    found: Found,
    known: Option<(usize, &Arc<SourceFile>)>,
    reader: &R,
    is_held: bool,
) -> Result<Option<TakenIn<R::Taken>>> {
    let Found { path, area, stamp } = found;
    let is_text = is_text(&path, area);
    let is_taken = is_text && area == Area::Content;
    if let Some((place, file)) = known
        && file.stamp == stamp
        && !stamp.is_racy
        && (!is_taken || reader.knows(place))
    {
        return Ok(Some((Arc::clone(file), if is_taken { Taken::Kept(place) } else { Taken::Nothing })));
    }
    let path = known.map_or(path, |(_, file)| file.path.clone());
    let disk = root.join(&*path);
    let bytes = || match whole_file(&disk, stamp.size) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Error::io("read", &disk, cause)),
    };
    if !is_text {
        let mut mixer = Mixer::new();
        // With the one time that no program can set back: a tool may give every file of its own the same other one.
        mixer.number(stamp.size).number(stamp.modified.cast_unsigned()).number(stamp.changed.cast_unsigned());
        mixer.number(stamp.inode);
        if stamp.is_racy {
            let Some(bytes) = bytes()? else { return Ok(None) };
            mixer.fingerprint(Fingerprint::of(&bytes));
        }
        let file = SourceFile { path, area, fingerprint: mixer.finish(), kind: Kind::Asset, stamp };
        return Ok(Some((Arc::new(file), Taken::Nothing)));
    }
    let Some(bytes) = bytes()? else { return Ok(None) };
    let fingerprint = Fingerprint::of(&bytes);
    let text = match decode(bytes, &path, area) {
        Ok(text) => text,
        Err(diagnostic) => {
            let file = SourceFile { path, area, fingerprint, kind: Kind::Refused(diagnostic.into()), stamp };
            return Ok(Some((Arc::new(file), Taken::Nothing)));
        }
    };
    if !is_taken {
        let file = SourceFile { path, area, fingerprint, kind: Kind::Held(text.into()), stamp };
        return Ok(Some((Arc::new(file), Taken::Nothing)));
    }
    let mut file = SourceFile { path, area, fingerprint, kind: Kind::Text, stamp };
    let taken = match known {
        Some((place, before)) if before.fingerprint == fingerprint && reader.knows(place) => Taken::Kept(place),
        _ => Taken::Fresh { was: known.map(|(place, _)| place), made: reader.read(&file, &text) },
    };
    if is_held {
        file.kind = Kind::Read(text.into());
    }
    Ok(Some((Arc::new(file), taken)))
}

/// Markdown, editions, settings and templates are read; all else is only copied.
fn is_text(path: &str, area: Area) -> bool {
    match area {
        Area::Settings => true,
        Area::Content => path.ends_with(".md") || path.starts_with("content/editions/") && path.ends_with(".toml"),
        Area::Static => false,
        Area::Theme => path.ends_with(".toml") || path.contains("/templates/"),
    }
}

/// UTF-8; a byte order mark stays, so that offsets keep their meaning.
fn decode(bytes: Vec<u8>, path: &SitePath, area: Area) -> std::result::Result<String, Diagnostic> {
    if memchr::memchr(0, &bytes).is_some() {
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
