//! Stage 2: one file in, a typed [`Document`] and its diagnostics out. Never fails.

pub mod document;
mod fields;
mod front_matter;
pub mod markdown;
mod value;

use rayon::prelude::*;

pub use document::{Document, Matter};
pub use fields::{Choice, Fields, Located};
pub use value::{Entry, Node, Value, parse_toml};

use crate::{
    config::Config,
    diagnostic::Diagnostic,
    load::{Area, Snapshot},
};

/// Parses everything below `content/`, on all cores, in the order of the paths.
pub fn parse(snapshot: &Snapshot, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Vec<Document> {
    let files: Vec<_> = snapshot.area(Area::Content).collect();
    let parsed: Vec<_> = files.into_par_iter().map(|file| document::parse(file, config)).collect();
    let mut documents = Vec::with_capacity(parsed.len());
    for (document, mut found) in parsed {
        documents.extend(document);
        diagnostics.append(&mut found);
    }
    documents
}
