//! Feeds → stories: RSS from 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed; and OPML, a list of feeds.
//!
//! The XML is read as a stream of events. No entity that a document declares is expanded, so none can grow; a feed that is
//! cut short gives what stands before the cut.

use std::collections::HashSet;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use serde_json::Value;
use url::Url;

use super::{
    Context, Found, Source, address,
    listed::fold,
    moment, plain, rights,
    story::{Candidate, Check, Credit, Image, Rights, Role, Story},
    text::sha256,
};

/// What a feed says of itself.
#[derive(Default)]
struct Head {
    title: Option<String>,
    home: Option<String>,
    lang: Option<String>,
    rights: Option<String>,
    license: Option<String>,
}

/// What a feed says of one story, as it stands there.
#[derive(Default)]
struct Entry {
    title: Option<String>,
    link: Option<String>,
    guid: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    summary: Option<String>,
    content: Option<String>,
    authors: Vec<String>,
    lang: Option<String>,
    rights: Option<String>,
    license: Option<String>,
    source: Option<String>,
    images: Vec<Image>,
}

/// Reads an XML feed.
///
/// # Errors
/// When no entry can be read, with a clause that goes after the file's name.
pub(super) fn xml(text: &str, source: &Source, ctx: &Context) -> Result<Found, String> {
    let mut feed = Parse::default();
    let trouble = feed.run(text);
    if feed.entries.is_empty() {
        return Err(match trouble {
            Some(trouble) => format!("is a damaged feed: {trouble}, and no entry stands before that"),
            None => "is a feed without entries".to_owned(),
        });
    }
    let mut found = Found::default();
    for entry in feed.entries {
        match story(entry, &feed.head, source, ctx) {
            Some(story) => found.stories.push(story),
            None => found.troubles.push("has an entry with neither a title nor an address nor a text".to_owned()),
        }
    }
    if let Some(trouble) = trouble {
        found.troubles.push(format!("is damaged: {trouble}; the entries before that were read"));
    }
    if feed.declares {
        found.notes.push("declares entities of its own, which are not expanded".to_owned());
    }
    Ok(found)
}

#[derive(Default)]
struct Parse {
    head: Head,
    entries: Vec<Entry>,
    entry: Option<Entry>,
    stack: Vec<Open>,
    declares: bool,
}

/// An element that is not closed yet.
struct Open {
    name: String,
    text: String,
    /// `rel`, `type` and such, of the elements that need them.
    kind: Option<String>,
}

/// How deep elements may nest; what is deeper is read as if it were not.
const DEEPEST: usize = 200;
/// How many entries are read.
const MOST: usize = 20_000;

impl Parse {
    /// Reads to the end, or to the first thing that cannot be read, and says what that was.
    fn run(&mut self, text: &str) -> Option<String> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let mut depth = 0usize;
        loop {
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let line = text[..at(text, reader.error_position())].matches('\n').count() + 1;
                    return Some(format!("line {line} cannot be read as XML ({error})"));
                }
            };
            match event {
                Event::Start(start) => {
                    depth += 1;
                    if depth <= DEEPEST {
                        let is_xhtml = self.open(&start);
                        if is_xhtml {
                            // Its markup is content, and is taken as it stands.
                            let raw = reader.read_text(start.name()).ok().map(|raw| raw.into_inner().into_owned());
                            if let Some(open) = self.stack.last_mut() {
                                open.text = raw.unwrap_or_default();
                            }
                            self.close();
                            depth -= 1;
                        }
                    }
                }
                Event::Empty(start) if depth < DEEPEST => {
                    self.open(&start);
                    self.close();
                }
                Event::End(end) => {
                    // An end without a start closes nothing; one that was forgotten is closed by the next that fits.
                    if depth > DEEPEST {
                        depth -= 1;
                        continue;
                    }
                    let name = name_of(end.name().as_ref());
                    if let Some(from) = self.stack.iter().rposition(|open| open.name == name) {
                        while self.stack.len() > from {
                            self.close();
                        }
                        depth = from;
                    }
                }
                Event::Text(text) => self.push(&text.xml10_content()),
                Event::CData(data) => self.push(&data.into_inner()),
                Event::GeneralRef(reference) => {
                    let inner = reference.into_inner();
                    self.push(&resolve(&inner));
                }
                Event::DocType(doctype) => {
                    self.declares |= doctype.into_inner().to_ascii_uppercase().contains("<!ENTITY")
                }
                Event::Eof => {
                    let is_open = !self.stack.is_empty();
                    return is_open.then(|| "it ends in the middle".to_owned());
                }
                _ => {}
            }
            if self.entries.len() >= MOST {
                return Some(format!("it has more than {MOST} entries"));
            }
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(open) = self.stack.last_mut() {
            open.text.push_str(text);
        }
    }

    /// Opens an element; whether its markup is its content.
    fn open(&mut self, start: &BytesStart<'_>) -> bool {
        let name = name_of(start.name().as_ref());
        let attribute = |wanted: &str| {
            start
                .attributes()
                .with_checks(false)
                .flatten()
                .find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(wanted))
                .map(|attribute| resolve_all(&attribute.value))
        };
        let mut kind = None;
        let mut is_xhtml = false;
        match name.as_str() {
            "item" | "entry" => {
                self.finish();
                let mut entry = Entry { lang: attribute("xml:lang"), ..Entry::default() };
                entry.guid = attribute("rdf:about");
                self.entry = Some(entry);
            }
            "feed" | "rss" => self.head.lang = attribute("xml:lang"),
            "guid" => kind = attribute("isPermaLink"),
            "link" | "atom:link" => {
                if let Some(href) = attribute("href") {
                    let rel = attribute("rel").unwrap_or_else(|| "alternate".to_owned());
                    self.link(&rel, href, attribute("type").as_deref());
                }
            }
            "content" | "summary" | "title" | "rights" => {
                kind = attribute("type");
                is_xhtml = kind.as_deref() == Some("xhtml") || kind.as_deref() == Some("application/xhtml+xml");
            }
            "xhtml:body" => is_xhtml = true,
            "enclosure" | "media:content" | "media:thumbnail" => {
                let media = attribute("type").unwrap_or_default();
                let is_picture = media.starts_with("image/")
                    || attribute("medium").as_deref() == Some("image")
                    || name == "media:thumbnail";
                if let Some(entry) = self.entry.as_mut().filter(|entry| is_picture && entry.images.len() < 50)
                    && let Some(src) = attribute("url")
                    && (name != "media:thumbnail" || entry.images.is_empty())
                    && !entry.images.iter().any(|image| image.src.as_deref() == Some(&src))
                {
                    entry.images.push(Image { src: Some(src), ..Image::default() });
                }
            }
            "cc:license" | "creativecommons:license" => {
                if let Some(license) = attribute("rdf:resource") {
                    self.license(license);
                }
            }
            _ => {}
        }
        self.stack.push(Open { name, text: String::new(), kind });
        is_xhtml
    }

    fn license(&mut self, license: String) {
        let slot = self.entry.as_mut().map_or(&mut self.head.license, |entry| &mut entry.license);
        slot.get_or_insert(license);
    }

    fn link(&mut self, rel: &str, href: String, media: Option<&str>) {
        match (rel, self.entry.as_mut()) {
            ("license", _) => self.license(href),
            // Atom has the same for other media; the first is the page.
            ("alternate", Some(entry)) if media.is_none_or(|media| media.contains("html")) => {
                entry.link.get_or_insert(href);
            }
            ("enclosure", Some(entry)) if media.is_some_and(|media| media.starts_with("image/")) => {
                entry.images.push(Image { src: Some(href), ..Image::default() });
            }
            ("alternate", None) => {
                self.head.home.get_or_insert(href);
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        let Some(Open { name, text, kind }) = self.stack.pop() else { return };
        if matches!(name.as_str(), "item" | "entry") {
            self.finish();
            return;
        }
        let parent = self.stack.last().map_or("", |open| open.name.as_str());
        let value = text.trim();
        if value.is_empty() {
            return;
        }
        let owned = || value.to_owned();
        let Some(entry) = &mut self.entry else {
            match name.as_str() {
                _ if !matches!(parent, "channel" | "feed") => {}
                "title" => self.head.title = Some(plain::text(value)),
                "link" => self.head.home = Some(owned()),
                "language" | "dc:language" => self.head.lang = Some(owned()),
                "copyright" | "rights" | "dc:rights" => self.head.rights = Some(plain::text(value)),
                "cc:license" | "creativecommons:license" => self.head.license = Some(owned()),
                _ => {}
            }
            return;
        };
        match (name.as_str(), parent) {
            ("source", _) => entry.source = entry.source.take().or_else(|| Some(plain::text(value))),
            ("title", "source") => entry.source = Some(plain::text(value)),
            // A feed that the entry was taken from has keys of the same names.
            (_, "source" | "image" | "media:group" | "textinput") => {}
            ("name", "author" | "contributor") if parent == "author" => entry.authors.push(plain::text(value)),
            (_, "author" | "contributor") => {}
            ("media:credit", _) => {
                if let Some(image) = entry.images.last_mut() {
                    image.credit = Some(plain::text(value));
                }
            }
            ("media:description", _) => {
                if let Some(image) = entry.images.last_mut() {
                    image.caption = Some(plain::text(value).replace('\n', " "));
                }
            }
            ("title", _) => entry.title = Some(fold(&plain::text(value))),
            ("feedburner:origlink", _) => entry.link = Some(owned()),
            ("link", _) => {
                entry.link.get_or_insert_with(owned);
            }
            ("guid" | "id", _) if kind.as_deref() != Some("false") => entry.guid = Some(owned()),
            (
                "pubdate" | "dc:date" | "dcterms:issued" | "dcterms:created" | "published" | "issued" | "created"
                | "date",
                _,
            ) => {
                entry.published.get_or_insert_with(owned);
            }
            ("updated" | "atom:updated" | "modified" | "dcterms:modified" | "lastbuilddate", _) => {
                entry.updated.get_or_insert_with(owned);
            }
            ("content:encoded" | "content" | "xhtml:body" | "fulltext", _) => {
                // What is plain text has its signs for markup as text.
                let html = if kind.as_deref().is_some_and(|kind| kind == "text" || kind == "text/plain") {
                    escape(value)
                } else {
                    owned()
                };
                if entry.content.as_ref().is_none_or(|known| known.len() < html.len()) {
                    entry.content = Some(html);
                }
            }
            ("description" | "summary" | "dc:description" | "itunes:summary", _)
                if entry.summary.as_ref().is_none_or(|known| known.len() < value.len()) =>
            {
                entry.summary = Some(owned());
            }
            ("author" | "dc:creator" | "itunes:author", _) => {
                let name = author(value);
                if let Some(name) = name.filter(|name| entry.authors.len() < 50 && !entry.authors.contains(name)) {
                    entry.authors.push(name);
                }
            }
            ("language" | "dc:language", _) => entry.lang = Some(owned()),
            ("rights" | "dc:rights" | "copyright", _) => entry.rights = Some(plain::text(value)),
            ("cc:license" | "creativecommons:license", _) => entry.license = Some(owned()),
            _ => {}
        }
    }

    fn finish(&mut self) {
        self.entries.extend(self.entry.take());
    }
}

fn at(text: &str, position: u64) -> usize {
    let mut at = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The name as feeds use it, with its customary prefix, in small letters.
fn name_of(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.split_once(':') {
        // Some documents give the prefix to what needs none.
        Some(("rss" | "atom" | "atom10" | "a10" | "rss10", local)) => local.to_owned(),
        Some(("cc" | "creativecommons", local)) => format!("cc:{local}"),
        _ => name,
    }
}

/// A reference without its `&` and `;`: what it stands for, or itself as text. What a document declares is not looked up.
fn resolve(inner: &str) -> String {
    if let Some(number) = inner.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        };
        return code.and_then(char::from_u32).filter(|c| *c != '\0').map(String::from).unwrap_or_default();
    }
    match inner {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        // Names of HTML mean the same here, and are resolved with the markup.
        _ => format!("&{inner};"),
    }
}

/// The value of an attribute.
fn resolve_all(value: &str) -> String {
    if !value.contains('&') {
        return value.trim().to_owned();
    }
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.find(';').filter(|end| *end <= 12) {
            Some(end) => {
                out.push_str(&resolve(&rest[..end]));
                rest = &rest[end + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace("\n\n", "<p>")
}

/// `name@example.org (A Name)`, `A Name <name@example.org>`, or the name alone; an address alone is no name.
fn author(text: &str) -> Option<String> {
    let text = fold(&plain::text(text));
    let name = match (text.split_once('('), text.split_once('<')) {
        (Some((before, after)), _) if before.contains('@') => after.trim_end_matches(')').trim().to_owned(),
        (_, Some((before, after))) if after.contains('@') => before.trim().to_owned(),
        _ => text,
    };
    (!name.is_empty() && !name.contains('@')).then_some(name)
}

fn story(entry: Entry, head: &Head, source: &Source, ctx: &Context) -> Option<Story> {
    let base = source.url.clone().or_else(|| Url::parse(head.home.as_deref()?).ok());
    let resolve = |text: &str| address::parse(text, base.as_ref()).map(String::from);
    let url = entry.link.as_deref().and_then(resolve).or_else(|| {
        let guid = entry.guid.as_deref()?;
        guid.starts_with("http").then(|| resolve(guid)).flatten()
    });
    let text = entry.content.as_deref().or(entry.summary.as_deref()).unwrap_or_default();
    let title = entry.title.clone().filter(|title| !title.is_empty());
    if title.is_none() && url.is_none() && text.trim().is_empty() {
        return None;
    }
    let link = url.as_deref().and_then(|url| Url::parse(url).ok());
    let summary = entry.summary.as_deref().map(|html| teaser(&plain::text(html)));
    let full = if is_full(entry.content.as_deref(), entry.summary.as_deref()) { Some(text) } else { None };
    let mut story = match full {
        Some(html) => body(html, title.as_deref(), link.as_ref().or(base.as_ref()), ctx),
        None => Story::empty(ctx),
    };
    story.sha256 = sha256(
        format!("{}\n{}\n{text}", url.as_deref().unwrap_or_default(), title.as_deref().unwrap_or_default()).as_bytes(),
    );
    story.check.clear();
    story.warnings.clear();
    if title.is_none() {
        story.check.push(Check { field: "title", reason: "the feed gives none".into() });
    }
    story.title = title;
    story.url = url;
    story.canonical_url = None;
    dates(&mut story, &entry, ctx);
    // A summary that is the text again says nothing more.
    let plain_body: String = story.body.join(" ");
    story.summary = summary
        .or_else(|| entry.content.as_deref().filter(|_| full.is_none()).map(|html| teaser(&plain::text(html))))
        .filter(|summary| !summary.is_empty() && Some(summary.as_str()) != story.title.as_deref())
        .filter(|summary| !plain_body.starts_with(&summary.chars().take(60).collect::<String>()));
    if story.body.is_empty() {
        story.check.push(Check {
            field: "body",
            reason: "the feed gives only a summary: import the page itself, or let `--fetch` do it".into(),
        });
    }
    story.lang = story.lang.or_else(|| language(entry.lang.as_deref().or(head.lang.as_deref())));
    if !entry.authors.is_empty() {
        story.credits.retain(|credit| credit.role != Role::Author);
        story.credits.extend(people(&entry.authors));
    }
    for mut image in entry.images {
        image.src = image.src.as_deref().and_then(resolve);
        let is_known = story.images.iter().any(|known| known.src == image.src);
        if image.src.is_some() && !is_known {
            story.images.push(image);
        }
    }
    rights(
        &mut story.rights,
        entry.rights.or_else(|| head.rights.clone()),
        entry.license.or_else(|| head.license.clone()),
    );
    let outlet = entry.source.or_else(|| head.title.clone()).filter(|name| !name.is_empty());
    story.publisher = None;
    if let Some(name) = outlet {
        let name = fold(&name);
        story.check.push(Check { field: "publisher", reason: format!("perhaps {name}: so the feed calls itself") });
        story.publishers.insert(0, Candidate { name, slug: None, reason: "so the feed calls itself".into() });
    }
    Some(story)
}

fn dates(story: &mut Story, entry: &Entry, ctx: &Context) {
    let read = |text: &Option<String>, how: &str| text.as_deref().and_then(|text| moment::read(text, how, ctx.today));
    let published = read(&entry.published, "the feed says so");
    let updated = read(&entry.updated, "the feed says so");
    let reason = match (&published, &updated, &entry.published) {
        (Some(_), _, _) => None,
        (None, _, Some(wrong)) => {
            Some(format!("the feed gives `{}`, which cannot be", wrong.chars().take(60).collect::<String>()))
        }
        (None, Some(_), None) => Some("the feed tells only when it was last changed, and that was taken".to_owned()),
        (None, None, None) => Some("the feed gives none".to_owned()),
    };
    if let Some(reason) = reason {
        story.check.push(Check { field: "date", reason });
    }
    story.updated = None;
    match (published, updated) {
        (Some(published), updated) => {
            story.updated = updated.filter(|updated| (updated.date, updated.time) > (published.date, published.time));
            story.published = Some(published);
        }
        // Taken only where the feed does not contradict itself.
        (None, Some(updated)) if entry.published.is_none() => story.published = Some(updated),
        _ => story.published = None,
    }
}

/// Whether what a feed gives is the story and not a teaser of it.
fn is_full(content: Option<&str>, summary: Option<&str>) -> bool {
    let Some(html) = content.or(summary) else { return false };
    let text = plain::text(html);
    let weight = text.chars().filter(|c| c.is_alphanumeric()).count();
    let end: String = text.trim_end().chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
    let lower = end.to_lowercase();
    const GOES_ON: [&str; 9] =
        ["[…", "[...", "…", "...", "read more", "continue reading", "weiterlesen", "lire la suite", "leer más"];
    let lower = lower.trim_end_matches([']', '→', '»', ' ']);
    let goes_on = GOES_ON.iter().any(|mark| lower.ends_with(mark));
    if goes_on && weight < 2000 {
        return false;
    }
    // A description is a summary unless it is too long to be one.
    let least = if content.is_some() { 250 } else { 900 };
    // A sign of Chinese or Japanese says as much as three letters.
    let dense =
        text.chars().filter(|c| ('\u{2e80}'..'\u{a000}').contains(c) || ('\u{ac00}'..'\u{d7b0}').contains(c)).count();
    weight + 2 * dense >= least
}

/// The first sentences of a summary: no more than a summary should have.
fn teaser(text: &str) -> String {
    let mut text = fold(text);
    for tail in ["[…]", "[...]", "Read more", "Continue reading", "Weiterlesen", "Lire la suite"] {
        text = text
            .trim_end_matches(['→', '»', ' ', '.'])
            .strip_suffix(tail)
            .map_or(text.clone(), |rest| format!("{} …", rest.trim_end()));
    }
    if let Some(at) = text.find(" The post ").filter(|at| text[*at..].contains(" appeared first on ")) {
        text.truncate(at);
    }
    if text.chars().count() <= 600 {
        return text;
    }
    let cut: String = text.chars().take(600).collect();
    match cut.rfind(['.', '!', '?', '。']) {
        Some(end) if end > 200 => cut[..end + cut[end..].chars().next().map_or(1, char::len_utf8)].to_owned(),
        _ => format!("{} …", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head)),
    }
}

/// The text of an entry, read as a page that has nothing else on it.
fn body(html: &str, title: Option<&str>, base: Option<&Url>, ctx: &Context) -> Story {
    let mut html = html;
    if let Some(at) = html.rfind("<p>The post ").filter(|at| html[*at..].contains("appeared first on")) {
        html = &html[..at];
    }
    let heading = title.map(escape).unwrap_or_default();
    let page = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>{heading}</title></head><body><article><h1>{heading}</h1>\n{html}\n</article></body></html>"
    );
    let mut story = super::html::read(&page, base, ctx);
    if story.body.is_empty() {
        // Too little for a page, but here it is known to be the text.
        story.body = plain::text(html).lines().map(str::to_owned).collect();
    }
    story
}

/// Gives a story that was known by its address the text that came with it.
pub(super) fn with_text(story: &mut Story, html: &str, title: Option<&str>, ctx: &Context) {
    let base = story.url.as_deref().and_then(|url| Url::parse(url).ok());
    let found = body(html, title, base.as_ref(), ctx);
    if found.body.is_empty() {
        return;
    }
    story.check.retain(|check| check.field != "body");
    story.sha256 = sha256(format!("{}\n{html}", story.url.as_deref().unwrap_or_default()).as_bytes());
    story.body = found.body;
    story.markdown = found.markdown;
    story.images = found.images;
    story.lang = found.lang;
}

fn people(names: &[String]) -> impl Iterator<Item = Credit> {
    names.iter().flat_map(|name| {
        let found =
            super::text::credits::byline(&format!("By {name}")).map(|credits| credits.people).unwrap_or_default();
        found.into_iter().map(|credit| Credit { role: Role::Author, ..credit })
    })
}

/// A language tag of the form that front matter takes.
pub(super) fn language(tag: Option<&str>) -> Option<String> {
    let tag = tag?.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let first =
        parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (first && rest).then_some(tag)
}

fn rights(out: &mut Rights, words: Option<String>, license: Option<String>) {
    if let Some(license) = license {
        out.license.get_or_insert(rights::spdx(&license));
    }
    if let Some(words) = words.map(|words| fold(&words)).filter(|words| !words.is_empty()) {
        if let Some(license) = rights::license_in(&words) {
            out.license.get_or_insert(license);
        }
        rights::say(&mut out.usage, &words.chars().take(300).collect::<String>());
    }
}

/// Reads a JSON Feed, version 1 or 1.1.
///
/// # Errors
/// When the JSON is damaged, or holds no items.
pub(super) fn json(text: &str, source: &Source, ctx: &Context) -> Result<Found, String> {
    let feed: Value = serde_json::from_str(text).map_err(|error| format!("is a damaged JSON feed: {error}"))?;
    let of = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let head = Head {
        title: of(&feed, "title"),
        home: of(&feed, "home_page_url"),
        lang: of(&feed, "language"),
        ..Head::default()
    };
    let authors = |value: &Value| -> Vec<String> {
        let many = value.get("authors").and_then(Value::as_array).cloned().unwrap_or_default();
        let one = value.get("author").cloned();
        many.iter()
            .chain(&one)
            .filter_map(|author| author.as_str().map(str::to_owned).or_else(|| of(author, "name")))
            .collect()
    };
    let whole = authors(&feed);
    let items = feed
        .get("items")
        .and_then(Value::as_array)
        .filter(|items| !items.is_empty())
        .ok_or("is a JSON feed without items")?;
    let mut found = Found::default();
    for item in items.iter().take(MOST) {
        let mut names = authors(item);
        if names.is_empty() {
            names.clone_from(&whole);
        }
        let id = item.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let picture = of(item, "image").or_else(|| of(item, "banner_image"));
        let entry = Entry {
            title: of(item, "title").map(|title| fold(&title)),
            link: of(item, "external_url").filter(|_| item.get("url").is_none()).or_else(|| of(item, "url")),
            guid: id,
            published: of(item, "date_published"),
            updated: of(item, "date_modified"),
            summary: of(item, "summary").map(|text| escape(&text)),
            content: of(item, "content_html").or_else(|| of(item, "content_text").map(|text| escape(&text))),
            authors: names,
            lang: of(item, "language"),
            images: picture.map(|src| Image { src: Some(src), ..Image::default() }).into_iter().collect(),
            ..Entry::default()
        };
        match story(entry, &head, source, ctx) {
            Some(story) => found.stories.push(story),
            None => found.troubles.push("has an item with neither a title nor an address nor a text".to_owned()),
        }
    }
    Ok(found)
}

/// Reads a list of feeds: their addresses, each once, in order.
///
/// # Errors
/// When it names none.
pub(super) fn opml(text: &str) -> Result<Found, String> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut found = Found::default();
    let mut known = HashSet::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) if start.name().as_ref().eq_ignore_ascii_case("outline") => {
                let address = start
                    .attributes()
                    .with_checks(false)
                    .flatten()
                    .filter(|attribute| attribute.key.as_ref().eq_ignore_ascii_case("xmlUrl"))
                    .find_map(|attribute| {
                        let text = resolve_all(&attribute.value);
                        // `feed:` is what some readers put before the address.
                        let text = text.strip_prefix("feed://").map_or(text.clone(), |rest| format!("https://{rest}"));
                        Url::parse(text.strip_prefix("feed:").unwrap_or(&text))
                            .ok()
                            .filter(|url| matches!(url.scheme(), "http" | "https"))
                    });
                if let Some(address) = address.filter(|address| known.insert(address.clone())) {
                    found.feeds.push(address);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                found.troubles.push(format!("is damaged ({error}); the feeds before that were read"));
                break;
            }
        }
    }
    if found.feeds.is_empty() {
        return Err("is a list of feeds (OPML) that names none: its `outline` elements have no `xmlUrl`".to_owned());
    }
    Ok(found)
}
