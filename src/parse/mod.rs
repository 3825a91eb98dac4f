//! Stage 2: one file in, a typed [`Document`] and its diagnostics out. Never fails.

pub mod document;
mod fields;
mod front_matter;
pub mod markdown;
pub mod matter;
mod value;

use jiff::tz::TimeZone;
use rayon::prelude::*;

pub use document::{Document, Matter};
pub use fields::{Choice, Fields, Located};
pub use front_matter::split;
pub use value::{Entry, Node, Value, parse_toml};

use crate::{
    diagnostic::{Diagnostic, SitePath},
    fingerprint::Fingerprint,
    load::{Area, Snapshot, SourceFile},
};

/// Everything below `content/`, parsed, in the order of the paths.
#[derive(Debug)]
pub struct Parsed {
    zone: TimeZone,
    files: Vec<ParsedFile>,
}

/// One file, parsed.
#[derive(Clone, Debug)]
struct ParsedFile {
    path: SitePath,
    fingerprint: Fingerprint,
    document: Option<Document>,
    diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// The documents; what was wrong in the files goes to `diagnostics`.
    pub fn documents(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Document> {
        diagnostics.extend(self.files.iter().flat_map(|file| file.diagnostics.iter().cloned()));
        self.files.iter().filter_map(|file| file.document.clone()).collect()
    }

    fn get(&self, path: &str, fingerprint: Fingerprint) -> Option<&ParsedFile> {
        let at = self.files.binary_search_by(|file| file.path.as_ref().cmp(path)).ok()?;
        Some(&self.files[at]).filter(|file| file.fingerprint == fingerprint)
    }
}

/// Parses everything below `content/`, on all cores. Dates are read in `zone`. A file that is as it was in `before` is
/// taken over from there.
pub fn parse(snapshot: &Snapshot, zone: &TimeZone, before: Option<&Parsed>) -> Parsed {
    let before = before.filter(|parsed| parsed.zone == *zone);
    let files: Vec<_> = snapshot.area(Area::Content).collect();
    let parse_file = |file: &SourceFile| {
        if let Some(known) = before.and_then(|parsed| parsed.get(&file.path, file.fingerprint)) {
            return known.clone();
        }
        let (document, diagnostics) = document::parse(file, zone);
        ParsedFile { path: file.path.clone(), fingerprint: file.fingerprint, document, diagnostics }
    };
    Parsed { zone: zone.clone(), files: files.into_par_iter().map(parse_file).collect() }
}
