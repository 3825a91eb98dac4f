//! Stage 2: one file in, a typed [`Document`] and its diagnostics out. Never fails.

pub mod document;
mod fields;
mod front_matter;
pub mod markdown;
pub mod matter;
pub mod sketch;
mod value;
pub mod words;

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use document::{Document, Matter};
pub use fields::{Choice, Fields, Located};
pub use front_matter::split;
pub use value::{Entry, Node, Value, parse_toml};

use crate::{
    diagnostic::Diagnostic,
    error::Result,
    load::{self, Before, Listing, Loaded, Reader, Record, Snapshot, SourceFile, Taken},
};

/// Everything below `content/`, parsed.
#[derive(Debug)]
pub struct Parsed {
    zone: TimeZone,
    /// One for each file of `content/` in the snapshot, in the same order; `None` for those that are no text.
    files: Vec<Option<Arc<ParsedFile>>>,
    /// Those of them that something is wrong with.
    loud: Vec<Arc<ParsedFile>>,
}

/// One file, parsed.
#[derive(Debug)]
pub struct ParsedFile {
    document: Option<Arc<Document>>,
    diagnostics: Vec<Diagnostic>,
}

/// A parsed file, for a later process. One that something is wrong with is not kept: it is read again, and the same
/// is said of it again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    file: Record,
    document: Document,
}

impl Kept {
    /// The file and its document again.
    pub fn restore(self) -> (Arc<SourceFile>, Arc<Document>) {
        let file = SourceFile::from_record(self.document.path.clone(), self.file);
        (Arc::new(file), Arc::new(self.document))
    }
}

/// A [`Kept`] that is only to be written.
#[derive(Debug, Serialize)]
pub struct ToKeep<'a> {
    file: Record,
    document: &'a Document,
}

impl<'a> ToKeep<'a> {
    /// A file and its document.
    pub fn new(file: &SourceFile, document: &'a Document) -> Self {
        ToKeep { file: file.record(), document }
    }
}

/// The name of a zone, to tell what was read in it from what was read in another.
pub fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().map_or_else(|| format!("{zone:?}"), str::to_owned)
}

impl Parsed {
    /// The name of the zone that dates were read in.
    pub fn zone_name(&self) -> String {
        zone_name(&self.zone)
    }

    /// The documents, in the order of their paths.
    pub fn documents(&self) -> impl Iterator<Item = &Arc<Document>> + Clone {
        self.files.iter().flatten().filter_map(|file| file.document.as_ref())
    }

    /// What is wrong in the files.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.loud.iter().flat_map(|file| &file.diagnostics)
    }

    /// The documents of an earlier process, one for each file of its snapshot and in the same order.
    pub fn from_record(zone: TimeZone, documents: Vec<Arc<Document>>) -> Self {
        let files = documents
            .into_iter()
            .map(|document| Some(Arc::new(ParsedFile { document: Some(document), diagnostics: Vec::new() })));
        Parsed { zone, files: files.collect(), loud: Vec::new() }
    }

    /// The document of the file at a place among those of `content/`, when nothing is wrong with it.
    pub fn clean(&self, place: usize) -> Option<&Arc<Document>> {
        let file = self.files.get(place)?.as_ref()?;
        file.document.as_ref().filter(|_| file.diagnostics.is_empty())
    }
}

/// Parses texts while they are read. Dates are read in a zone; what was parsed before in the same one is kept.
#[derive(Debug)]
pub struct Parser<'a> {
    zone: &'a TimeZone,
    before: Option<&'a Arc<Parsed>>,
}

impl<'a> Parser<'a> {
    /// A parser that goes on from `before`.
    pub fn new(zone: &'a TimeZone, before: Option<&'a Arc<Parsed>>) -> Self {
        Parser { zone, before: before.filter(|parsed| parsed.zone == *zone) }
    }

    /// All of it, for a snapshot that was loaded with this parser.
    pub fn finish(self, loaded: Loaded<ParsedFile>) -> (Snapshot, Arc<Parsed>) {
        let Loaded { snapshot, taken } = loaded;
        if let (None, Some(before)) = (&taken, self.before) {
            return (snapshot, Arc::clone(before));
        }
        let files: Vec<Option<Arc<ParsedFile>>> = taken
            .into_iter()
            .flatten()
            .zip(snapshot.content())
            .map(|(taken, file)| match taken {
                Taken::Kept(place) => self.before.and_then(|parsed| parsed.files.get(place)?.clone()),
                Taken::Fresh { was, made } => Some(self.with_known_document(was, made)),
                Taken::Nothing => document::not_a_document(&file.path)
                    .map(|diagnostic| Arc::new(ParsedFile { document: None, diagnostics: vec![diagnostic] })),
            })
            .collect();
        let loud = files.iter().flatten().filter(|file| !file.diagnostics.is_empty()).cloned().collect();
        (snapshot, Arc::new(Parsed { zone: self.zone.clone(), files, loud }))
    }

    /// A text that changed under the same front matter, and whose sketch is the same where it has one, leaves the document
    /// what it was: the very same one, so that what follows from it need not be worked out again.
    fn with_known_document(&self, was: Option<usize>, mut parsed: ParsedFile) -> Arc<ParsedFile> {
        let known = was.and_then(|place| self.before?.files.get(place)?.as_ref()?.document.as_ref());
        if let (Some(document), Some(known)) = (&mut parsed.document, known)
            && document.front == known.front
            && document.sketch == known.sketch
        {
            *document = Arc::clone(known);
        }
        Arc::new(parsed)
    }
}

/// Reads and parses a whole site.
///
/// # Errors
/// When a file cannot be read.
pub fn read(listing: Listing, zone: &TimeZone) -> Result<(Snapshot, Arc<Parsed>)> {
    let before = Before { snapshot: None, reader: Parser::new(zone, None) };
    let loaded = load::load(listing, &before)?;
    Ok(before.reader.finish(loaded))
}

impl Reader for Parser<'_> {
    type Taken = ParsedFile;

    fn goes_on(&self) -> bool {
        self.before.is_some()
    }

    fn knows(&self, place: usize) -> bool {
        self.before.is_some_and(|parsed| parsed.files.get(place).is_some_and(Option::is_some))
    }

    fn read(&self, file: &SourceFile, text: &str) -> ParsedFile {
        let (document, diagnostics) = document::parse(&file.path, text, self.zone);
        ParsedFile { document: document.map(Arc::new), diagnostics }
    }
}
