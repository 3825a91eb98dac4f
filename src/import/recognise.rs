//! What kind of input some bytes are, by their content; a file's name proves nothing.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A kind of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text: read.
    Text,
    /// Nothing but white space.
    Empty,
    /// A Markdown article with front matter, as Dateline writes them.
    Article,
    /// A saved web page.
    Html,
    /// A web page with its parts in one file.
    Mhtml,
    /// RSS, Atom or another XML feed.
    Feed,
    /// A JSON Feed.
    JsonFeed,
    /// A list of feeds.
    Opml,
    /// One mail.
    Mail,
    /// A mailbox.
    Mbox,
    /// A web archive.
    Warc,
    /// A browser's exported bookmarks.
    Bookmarks,
    /// Other JSON: a list from a reading service.
    Json,
    /// A table with a row of names, one of which is that of an address.
    Csv,
    /// XML that is neither a page nor a feed.
    Xml,
    /// Something packed with gzip: what is in it is looked at once more.
    Gzip,
    /// No text at all: a picture, a PDF, an archive, an office document. The name of the kind, where it is known.
    Binary(&'static str),
}

impl Format {
    /// In words, with the article: `a saved web page`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "plain text",
            Format::Empty => "an empty file",
            Format::Article => "a Markdown file with front matter",
            Format::Html => "a saved web page (HTML)",
            Format::Mhtml => "a saved web page (MHTML)",
            Format::Feed => "a feed (RSS or Atom)",
            Format::JsonFeed => "a JSON feed",
            Format::Opml => "a list of feeds (OPML)",
            Format::Mail => "a mail",
            Format::Mbox => "a mailbox (mbox)",
            Format::Warc => "a web archive (WARC)",
            Format::Bookmarks => "exported bookmarks",
            Format::Json => "JSON",
            Format::Csv => "a table of links (CSV)",
            Format::Xml => "an XML document",
            Format::Gzip => "a gzip archive",
            Format::Binary(kind) => kind,
        }
    }
}

/// How many bytes are looked at; formats show themselves at once.
pub(super) const LOOK: usize = 16 * 1024;

/// Recognises a format by its first bytes. Never fails: what is nothing else is text.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Format {
    let head = &bytes[..bytes.len().min(LOOK)];
    if head.starts_with(b"\x1f\x8b") {
        return Format::Gzip;
    }
    // Before the look for what is no text: an archive holds pictures too.
    if head.starts_with(b"WARC/") {
        return Format::Warc;
    }
    if let Some(kind) = magic(head) {
        return Format::Binary(kind);
    }
    let utf16 = Encoding::for_bom(head).is_some_and(|(e, _)| e == UTF_16LE || e == UTF_16BE);
    if !utf16 && is_binary(head) {
        return Format::Binary("a binary file");
    }
    let (text, _) = decode(head);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() {
        let rest = bytes.get(LOOK..).unwrap_or_default();
        let more = rest.iter().any(|b| !b.is_ascii_whitespace() && *b != 0);
        return if more { Format::Text } else { Format::Empty };
    }
    markup(start)
        .or_else(|| headers(start))
        .or_else(|| super::list::delimiter(start).map(|_| Format::Csv))
        .unwrap_or(Format::Text)
}

/// Decodes text: by its byte order mark, else as UTF-8 if it is, else as Windows-1252, of which every byte means something.
/// Returns the name of the encoding, for the report.
#[must_use]
pub fn decode(bytes: &[u8]) -> (String, &'static str) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_with_bom_removal(bytes);
        return (text.into_owned(), encoding.name());
    }
    // A cut in the middle of a character is no reason to doubt the rest.
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), UTF_8.name()),
        Err(e) if e.error_len().is_none() => {
            (String::from_utf8_lossy(&bytes[..e.valid_up_to()]).into_owned(), UTF_8.name())
        }
        // Mostly UTF-8 with a damaged byte or two: the rest would turn to rubbish in another encoding.
        Err(_) if mostly_utf8(bytes) => (String::from_utf8_lossy(bytes).into_owned(), "UTF-8 with damaged characters"),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), WINDOWS_1252.name()),
    }
}

/// Decodes XML: by its byte order mark, else by the encoding that it declares, else as [`decode`].
#[must_use]
pub fn decode_xml(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declared = head.split_once("encoding=").and_then(|(before, rest)| {
        let name = rest.trim_start_matches(['"', '\'']).split(['"', '\'', '?']).next()?;
        before.trim_start().starts_with("<?xml").then(|| Encoding::for_label(name.as_bytes()))?
    });
    match declared {
        // What says that it is UTF-16 and can be read as ASCII is not; and what is no UTF-8 has a wrong label.
        Some(encoding)
            if Encoding::for_bom(bytes).is_none()
                && encoding != UTF_8
                && encoding != UTF_16LE
                && encoding != UTF_16BE =>
        {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        _ => decode(bytes).0,
    }
}

/// Whether bytes above ASCII stand mostly in valid UTF-8 sequences.
pub(super) fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

fn magic(head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF"),
        (b"\x89PNG", "a picture (PNG)"),
        (b"\xff\xd8\xff", "a picture (JPEG)"),
        (b"GIF8", "a picture (GIF)"),
        (b"RIFF", "a media file"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"BZh", "a bzip2 archive"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"{\\rtf", "a rich text (RTF) document"),
        (b"bplist", "a binary property list (Safari web archive)"),
        (b"SQLite format 3", "a database"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"ID3", "an audio file"),
        (b"OggS", "an audio file"),
    ];
    MAGIC.iter().find(|(m, _)| head.starts_with(m)).map(|(_, kind)| *kind)
}

/// A zero byte, or many control characters: no text in a one-byte encoding or UTF-8.
fn is_binary(head: &[u8]) -> bool {
    let control =
        head.iter().filter(|b| **b < 32 && !matches!(**b, b'\n' | b'\r' | b'\t' | 0x0c | 0x0b | 0x1b)).count();
    head.contains(&0) || control * 50 > head.len().max(1)
}

fn markup(start: &str) -> Option<Format> {
    let lower: String = start.chars().take(12_000).collect::<String>().to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("+++").or_else(|| lower.strip_prefix("---")) {
        let keyed = rest
            .lines()
            .skip(1)
            .take(30)
            .any(|l| l.starts_with("title =") || l.starts_with("id =") || l.starts_with("title:"));
        return (rest.starts_with(['\n', '\r']) && keyed).then_some(Format::Article);
    }
    if lower.starts_with("<!doctype netscape-bookmark") {
        return Some(Format::Bookmarks);
    }
    if lower.starts_with('{') || lower.starts_with('[') {
        if lower.contains("jsonfeed.org/version") {
            return Some(Format::JsonFeed);
        }
        let json = lower.starts_with("{\"")
            || lower.starts_with("[{")
            || lower[1..].trim_start().starts_with(['"', '{', '}']) && lower.contains("\":");
        return json.then_some(Format::Json);
    }
    if !lower.starts_with('<') {
        return None;
    }
    let has = |tag: &str| lower.contains(tag);
    if has("<opml") {
        return Some(Format::Opml);
    }
    // Pocket's export, and those that follow it.
    if has("time_added=\"") && has("<li>") {
        return Some(Format::Bookmarks);
    }
    let is_page = has("<html") || lower.starts_with("<!doctype html");
    if !is_page
        && (has("<rss") || has("<rdf:rdf") || has("<feed") || lower.starts_with("<channel") || has("<!doctype rss"))
    {
        return Some(Format::Feed);
    }
    if lower.starts_with("<svg") || lower.starts_with("<?xml") && has("<svg") && !is_page {
        return Some(Format::Binary("a picture (SVG)"));
    }
    if lower.starts_with("<?xml") && !is_page {
        return Some(Format::Xml);
    }
    let html = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<div",
        "<article",
        "<p>",
        "<p ",
        "<meta",
        "<!--",
        "<h1",
        "<script",
        "<title",
        "<?xml",
    ];
    html.iter().any(|t| lower.starts_with(t)).then_some(Format::Html)
}

/// Mail-like headers at the start.
fn headers(start: &str) -> Option<Format> {
    if start.starts_with("From ")
        && start
            .lines()
            .take(200)
            .any(|l| l.starts_with("Received:") || l.starts_with("Subject:") || l.starts_with("Date:"))
    {
        let line = start.lines().next().unwrap_or_default();
        if line.contains(':') || line.contains('@') {
            return Some(Format::Mbox);
        }
    }
    let mut names = Vec::new();
    for line in start.lines().take(300) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            break;
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            break;
        }
        names.push(name.to_ascii_lowercase());
    }
    let has = |n: &str| names.iter().any(|x| x == n);
    if has("mime-version")
        && has("content-type")
        && start.to_ascii_lowercase().contains("multipart/related")
        && (has("snapshot-content-location") || !["received", "message-id", "to"].into_iter().any(has))
    {
        return Some(Format::Mhtml);
    }
    let mail =
        has("message-id") || has("received") || has("mime-version") || has("return-path") || has("dkim-signature");
    (mail && (has("subject") || has("from"))).then_some(Format::Mail)
}
