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
    diagnostic::Diagnostic,
    load::{Area, Snapshot},
};

/// Parses everything below `content/`, on all cores, in the order of the paths. Dates are read in `zone`.
pub fn parse(snapshot: &Snapshot, zone: &TimeZone, diagnostics: &mut Vec<Diagnostic>) -> Vec<Document> {
    let files: Vec<_> = snapshot.area(Area::Content).collect();
    let parsed: Vec<_> = files.into_par_iter().map(|file| document::parse(file, zone)).collect();
    let mut documents = Vec::with_capacity(parsed.len());
    for (document, mut found) in parsed {
        documents.extend(document);
        diagnostics.append(&mut found);
    }
    documents
}
