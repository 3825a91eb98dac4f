//! Reading what a curator clipped: bytes in, stories out.
//!
//! ```text
//! input ─ pieces ─▶ [Piece] ─ recognise ─▶ Format ─▶ text, html, feed, mail, … ─▶ [Story] ─ merge::Index ─▶ Decision
//!                                                                                   ├─ markdown::file ─▶ the article's file
//!                                                                                   └─ update::compare ─▶ what changed
//! ```
//!
//! [`pieces`] takes an input apart: the pages of a web archive and the mails of a mailbox come one by one, everything else is one
//! piece. [`read_from`] reads a piece, whatever it is. What holds a page hands it to [`html`], whether it came from a mail, a feed or an
//! archive; what only names stories gives [`Story`] values without a text.
//!
//! Pages and texts are read with what is known of other stories' lines, in [`Context::repeats`]; what is to be remembered of each
//! stands in [`Story::sighting`], see [`repeats`].
//!
//! Nothing here touches the disk or the web, nothing prints. The command opens the inputs, asks [`merge::Index`], shows what
//! [`update::compare`] finds, and writes.
//!
//! **Bounded.** What is unpacked is unpacked up to [`MAX_BYTES`]; XML entities are never expanded; what nests is read to a depth; no step
//! takes more than linear time but for comparisons, which give up on what is too long.
//!
//! **Never invent.** A field that the text does not state is left out; one that is not sure is taken with an entry in
//! [`Story::check`] that says why. A wrong date is worse than none.
//!
//! **Never lose.** What is left out of the body stands in [`Story::removed`] with its kind, and what is doubtful is kept
//! and reported.

pub mod address;
mod bookmarks;
mod feed;
pub mod forest;
pub mod html;
mod letters;
mod list;
mod listed;
mod mail;
pub mod markdown;
mod mbox;
pub mod merge;
mod moment;
mod plain;
pub mod recognise;
pub mod repeats;
pub mod report;
mod rights;
mod sections;
pub mod story;
pub mod text;
pub mod update;
mod warc;

use std::{
    collections::BTreeMap,
    io::{BufReader, Read},
};

use jiff::civil::Date;
use url::Url;

pub use recognise::{Format, recognise};
pub use report::Report;
pub use story::{Context, Story};

use feed::with_text;

/// Why an input gave no stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead {
    /// What it is.
    pub format: Format,
    /// A sentence for the curator, without the file's name and without a full stop.
    pub message: String,
}

impl std::fmt::Display for NotRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// The headers of an HTTP answer, with names in small letters.
pub type Headers = Vec<(String, String)>;

/// What is known of an input besides its bytes.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The address that it was read at.
    pub url: Option<Url>,
    /// The headers that came with it over HTTP.
    pub headers: Headers,
    /// The day that it was read.
    pub retrieved: Option<Date>,
    /// Whether it is one of many, such as the pages of an archive, most of which hold no story.
    pub is_one_of_many: bool,
}

/// One thing to read: a file, or one of the many things in a file.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Where in the file it stands, for messages; empty for a whole file.
    pub place: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What else is known.
    pub source: Source,
}

/// What an input holds.
#[derive(Debug, Default)]
pub struct Found {
    /// Its stories, in its order.
    pub stories: Vec<Story>,
    /// The feeds that it lists.
    pub feeds: Vec<Url>,
    /// What in it could not be read: clauses that go after the file's name.
    pub troubles: Vec<String>,
    /// What is worth knowing, and wrong with nothing: clauses that go after the file's name.
    pub notes: Vec<String>,
    /// Pictures that came with a page, by their addresses.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// What one thing may have, packed or unpacked: a story is text, and what is larger is something else.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads one input, whatever it is, of which nothing else is known.
///
/// # Errors
/// As [`read_from`].
pub fn read(bytes: &[u8], ctx: &Context) -> Result<Vec<Story>, NotRead> {
    read_from(bytes, &Source::default(), ctx).map(|found| found.stories)
}

/// Reads one input, whatever it is. The fingerprint of a story is that of the bytes as given; where an input holds several
/// stories, that of the story's own part.
///
/// # Errors
/// For inputs that hold nothing to read, or are of a kind that is not read: the message says what they are.
pub fn read_from(bytes: &[u8], source: &Source, ctx: &Context) -> Result<Found, NotRead> {
    let format = recognise(bytes);
    let not_read = |message: String| NotRead { format, message };
    match format {
        Format::Html => Ok(web_page(bytes, source, ctx)),
        Format::Text => plain_text(bytes, source, ctx),
        Format::Mhtml => mail::mhtml(bytes, source, ctx).map_err(not_read),
        Format::Mail => mail::read(bytes, ctx).map_err(not_read),
        Format::Feed => feed::xml(&recognise::decode_xml(bytes), source, ctx).map_err(not_read),
        Format::JsonFeed => feed::json(&recognise::decode(bytes).0, source, ctx).map_err(not_read),
        Format::Opml => feed::opml(&recognise::decode_xml(bytes)).map_err(not_read),
        Format::Bookmarks => bookmarks::read(&html::decode(bytes, None).0, ctx).map_err(not_read),
        Format::Csv => list::csv(&recognise::decode(bytes).0, ctx).map_err(not_read),
        Format::Json => list::json(&recognise::decode(bytes).0, ctx).map_err(not_read),
        Format::Warc | Format::Mbox | Format::Gzip => many(bytes, ctx).map_err(not_read),
        Format::Empty | Format::Article | Format::Xml | Format::Binary(_) => Err(not_read(refusal(format))),
    }
}

fn web_page(bytes: &[u8], source: &Source, ctx: &Context) -> Found {
    let charset = source.headers.iter().find(|(name, _)| name == "content-type").and_then(|(_, kind)| {
        let (_, rest) = kind.split_once("charset=").or_else(|| kind.split_once("CHARSET="))?;
        Some(rest.split(';').next().unwrap_or_default().trim().trim_matches('"').to_owned())
    });
    let mut story = page(bytes, charset.as_deref(), source.url.as_ref(), ctx);
    story.retrieved = source.retrieved.or(story.retrieved);
    rights::from_headers(&source.headers, &mut story);
    if source.is_one_of_many && (story.title.is_none() || story.words() < 40) {
        return Found::default();
    }
    if is_cut(bytes) {
        let reason = "the page ends in the middle, as if it were cut short: compare it with the source";
        story.check.push(story::Check { field: "body", reason: reason.to_owned() });
    }
    Found { stories: vec![story], ..Found::default() }
}

/// Whether a page ends in the middle of a tag or a sentence. Its last end tags may be left out, its last full stop is not.
fn is_cut(bytes: &[u8]) -> bool {
    let tail = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(2000)..]);
    let lower = tail.to_ascii_lowercase();
    let ends = ["</html", "</body"].iter().any(|tag| lower.contains(tag));
    let open = lower.rfind('<') > lower.rfind('>');
    !ends && (open || !lower.trim_end().ends_with(['>', '.', '!', '?', '"', '”', '»', '。', '…', ')']))
}

fn plain_text(bytes: &[u8], source: &Source, ctx: &Context) -> Result<Found, NotRead> {
    let (decoded, encoding) = recognise::decode(bytes);
    let mut stories = sections::read(&decoded, ctx);
    if stories.is_empty() {
        return Err(NotRead { format: Format::Empty, message: refusal(Format::Empty) });
    }
    let is_one = stories.len() == 1;
    let fingerprint = text::sha256(bytes);
    for story in &mut stories {
        if is_one {
            story.sha256.clone_from(&fingerprint);
            story.url = story.url.take().or_else(|| source.url.clone().map(String::from));
        }
        story.retrieved = source.retrieved;
        rights::from_headers(&source.headers, story);
        if encoding != "UTF-8" {
            story.warnings.push(format!("read as {encoding}"));
        }
    }
    Ok(Found { stories, ..Found::default() })
}

/// What holds many things, or is packed, read whole.
fn many(bytes: &[u8], ctx: &Context) -> Result<Found, String> {
    let pieces = pieces(bytes, ctx.today).map_err(|error| format!("cannot be read: {error}"))?;
    let mut found = Found::default();
    for piece in pieces {
        let piece = match piece {
            Ok(piece) => piece,
            Err(trouble) => {
                found.troubles.push(trouble);
                continue;
            }
        };
        if matches!(recognise(&piece.bytes), Format::Warc | Format::Mbox | Format::Gzip) {
            return Err("is packed more than once".to_owned());
        }
        match read_from(&piece.bytes, &piece.source, ctx) {
            Ok(one) => {
                found.stories.extend(one.stories);
                found.feeds.extend(one.feeds);
                found.troubles.extend(one.troubles);
            }
            Err(refusal) if piece.place.is_empty() => return Err(refusal.message),
            Err(refusal) => found.troubles.push(format!("{} {refusal}", piece.place)),
        }
    }
    match found.troubles.first() {
        Some(trouble) if found.stories.is_empty() => Err(trouble.clone()),
        None if found.stories.is_empty() => Err("holds no story".to_owned()),
        _ => Ok(found),
    }
}

/// The things to read in what `input` gives: the pages of a web archive and the mails of a mailbox one after another, without
/// holding the whole; anything else as one. What is packed with gzip is unpacked once, never beyond [`MAX_BYTES`] a thing.
///
/// # Errors
/// When the input cannot be read at all.
pub fn pieces<'r>(input: impl Read + Send + 'r, today: Date) -> std::io::Result<Pieces<'r>> {
    let (head, input) = peek(input)?;
    if !head.starts_with(b"\x1f\x8b") {
        return Ok(parts(&head, input, today, false));
    }
    // A packed archive may be large; what is in it is read piece by piece. But no honest one unpacks to this.
    let mut unpacked = crate::unpack::stream(input).take(MAX_UNPACKED);
    let mut head = Vec::new();
    let read = unpacked.by_ref().take(recognise::LOOK as u64).read_to_end(&mut head);
    match read {
        Ok(_) => {
            let whole = std::io::Cursor::new(head.clone()).chain(unpacked);
            Ok(parts(&head, Box::new(whole), today, true))
        }
        Err(error) if head.is_empty() => Ok(Box::new(std::iter::once(Err(damaged(&error))))),
        Err(error) => {
            let before = parts(&head, Box::new(std::io::Cursor::new(head.clone())), today, true);
            Ok(Box::new(before.chain(std::iter::once(Err(damaged(&error))))))
        }
    }
}

/// The things to read in an input: each, or a clause on what in it cannot be read.
pub type Pieces<'r> = Box<dyn Iterator<Item = Result<Piece, String>> + 'r>;

/// What a packed archive unpacks to, at most: 32 GiB.
const MAX_UNPACKED: u64 = 32 << 30;

fn damaged(error: &std::io::Error) -> String {
    format!("is a damaged gzip archive ({error}); what stands before the damage was read")
}

/// The beginning of an input, and the input with its beginning.
fn peek<'r>(mut input: impl Read + Send + 'r) -> std::io::Result<(Vec<u8>, Box<dyn Read + Send + 'r>)> {
    let mut head = Vec::new();
    input.by_ref().take(recognise::LOOK as u64).read_to_end(&mut head)?;
    Ok((head.clone(), Box::new(std::io::Cursor::new(head).chain(input))))
}

fn parts<'r>(head: &[u8], mut input: Box<dyn Read + 'r>, today: Date, is_packed: bool) -> Pieces<'r> {
    match recognise(head) {
        Format::Warc => return Box::new(warc::Warc::new(BufReader::new(input), today)),
        Format::Mbox => return Box::new(mbox::Mbox::new(BufReader::new(input))),
        _ => {}
    }
    let mut bytes = Vec::new();
    let read = (&mut input).take(MAX_BYTES + 1).read_to_end(&mut bytes);
    let is_too_large = bytes.len() as u64 > MAX_BYTES;
    let trouble = match read {
        _ if is_too_large && is_packed => Some("unpacks to more than 64 MB".to_owned()),
        _ if is_too_large => Some("is larger than 64 MB: a story is text, cut the file down to it".to_owned()),
        Err(error) if is_packed => Some(damaged(&error)),
        Err(error) => Some(format!("cannot be read: {error}")),
        Ok(_) => None,
    };
    let is_readable = !is_too_large && (trouble.is_none() || is_packed && !bytes.is_empty());
    let whole = is_readable.then(|| Ok(Piece { place: String::new(), bytes, source: Source::default() }));
    Box::new(whole.into_iter().chain(trouble.map(Err)))
}

/// Reads the bytes of one web page. `charset` is what came with it from outside (an HTTP header), `base` the address that
/// it was read at; a page mostly states both itself.
#[must_use]
pub fn page(bytes: &[u8], charset: Option<&str>, base: Option<&Url>, ctx: &Context) -> Story {
    let (decoded, encoding) = html::decode(bytes, charset);
    let mut story = html::read(&decoded, base, ctx);
    story.sha256 = text::sha256(bytes);
    if encoding != "UTF-8" {
        story.warnings.push(format!("read as {encoding}"));
    }
    story
}

fn refusal(format: Format) -> String {
    match format {
        Format::Empty => "is empty, there is nothing to import".to_owned(),
        Format::Article => "has front matter already: put it into `content/` as it is".to_owned(),
        Format::Binary(kind) if kind.contains("ZIP") => {
            format!("is {kind}: unpack it, and import the folder that comes of it")
        }
        Format::Binary(kind) => {
            format!("is {kind}, which holds no text that can be read: save the story as text")
        }
        Format::Xml => "is an XML document that is neither a page nor a feed".to_owned(),
        other => format!("is {}, which is not read", other.name()),
    }
}
