//! EPUB 3.3: a package, a navigation document, a title page, and a document for each item. Files are stored, not packed: the
//! bytes are the same whoever makes them, and a search through the site's files for what must not be shown finds it here.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use html5gum::{Token, Tokenizer};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{Reader, escaped, view, words::Argument};
use crate::{
    date::When,
    error::{Error, Result},
    locale::direction,
    model::{Article, Edition, Standing},
    parse::{Choice as _, matter::Display},
};

/// Writes an edition as a book.
///
/// # Errors
/// When the archive cannot be written.
pub fn render(reader: &Reader<'_>, edition: &Edition, issue: &view::Issue) -> Result<Vec<u8>> {
    let mut files = vec![
        ("META-INF/container.xml".to_owned(), CONTAINER.to_owned()),
        ("EPUB/style.css".to_owned(), STYLE.to_owned()),
        ("EPUB/title.xhtml".to_owned(), title_page(reader, issue)),
    ];
    let articles: Vec<&Article> = edition
        .now
        .iter()
        .filter_map(|standing| match standing {
            Standing::Shown(id) => Some(&reader.model[*id]),
            _ => None,
        })
        .collect();
    let mut chapters = Vec::new();
    for item in issue.sections.iter().flat_map(|section| &section.items) {
        let name = format!("item-{}.xhtml", chapters.len() + 1);
        let article =
            item.article.as_ref().and_then(|card| articles.iter().find(|article| article.id == card.id).copied());
        files.push((format!("EPUB/{name}"), chapter(reader, issue, item, article)));
        chapters.push(name);
    }
    files.push(("EPUB/nav.xhtml".to_owned(), navigation(reader, issue)));
    let modified = articles.iter().map(|article| article.last_changed()).chain(&edition.matter.date).max();
    files.push(("EPUB/package.opf".to_owned(), package(reader, edition, issue, &chapters, modified)));
    archive(&files).map_err(|cause| Error::new(format!("write the book of `{}`: {cause}", edition.path)))
}

/// A ZIP with the file that says what it is in front (OCF 3.3, 4.2 and 4.3).
fn archive(files: &[(String, String)]) -> std::result::Result<Vec<u8>, zip::result::ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("mimetype", options)?;
    zip.write_all(b"application/epub+zip")?;
    for (name, text) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(&super::text(text.clone()))?;
    }
    Ok(zip.finish()?.into_inner())
}

const CONTAINER: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"#;

const STYLE: &str = "body { font-family: serif; line-height: 1.5; margin: 1em; }
h1 { font-size: 1.5em; line-height: 1.2; }
.meta { font-size: .85em; color: #5d5850; }
.note { border-inline-start: 3px solid #8c1c13; padding-inline-start: .8em; font-style: italic; }
.flag { color: #8c1c13; font-weight: bold; }
table { border-collapse: collapse; }
td, th { border: 1px solid #999; padding: .2em .5em; }
";

/// A document in the language of the edition.
fn document(issue: &view::Issue, title: &str, body: &str) -> String {
    let (language, direction) = (escaped(&issue.language), issue.direction);
    let title = escaped(title);
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<!DOCTYPE html>
<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{language}\" xml:lang=\"{language}\" dir=\"{direction}\">
<head><title>{title}</title><link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/></head>
<body>
{body}</body>
</html>
"
    )
}

/// The attributes of what the site says by itself, where what stands around it is in another language.
fn own_words(reader: &Reader<'_>, around: &str) -> String {
    let language = reader.config.language.as_str();
    if language == around {
        return String::new();
    }
    format!(" lang=\"{0}\" xml:lang=\"{0}\" dir=\"{1}\"", escaped(language), direction(language))
}

fn title_page(reader: &Reader<'_>, issue: &view::Issue) -> String {
    let edition = &issue.edition;
    let mut body = format!("<section epub:type=\"titlepage\">\n<h1>{}</h1>\n", escaped(&issue.title));
    let name = escaped(&reader.edition_name(edition));
    let own = own_words(reader, &issue.language);
    let _ = writeln!(body, "<p class=\"meta\"{own}>{name} · {}</p>", escaped(&edition.date.text));
    if let Some(summary) = &issue.summary {
        let _ = writeln!(body, "<p>{}</p>", escaped(summary));
    }
    if let Some(content) = &issue.content {
        let _ = writeln!(body, "<div>{}</div>", xhtml(content));
    }
    if !edition.changes.is_empty() {
        let _ = write!(body, "<h2{own}>{}</h2>\n<ul{own}>\n", escaped(&reader.word("since_edition_before")));
        for change in &edition.changes {
            let _ = writeln!(body, "<li>{}</li>", escaped(&reader.change_line(change)));
        }
        body.push_str("</ul>\n");
    }
    if edition.missing > 0 {
        let _ = writeln!(body, "<p{own}>{}</p>", escaped(&reader.missing(edition.missing)));
    }
    let on_the_web = escaped(&reader.word("on_the_web"));
    let _ = writeln!(body, "<p{own}><a href=\"{}\">{on_the_web}</a></p>\n</section>", escaped(&issue.url));
    document(issue, &issue.title, &body)
}

/// An item with as much of its article as may be shown.
fn chapter(reader: &Reader<'_>, issue: &view::Issue, item: &view::Item, article: Option<&Article>) -> String {
    let card = item.article.as_ref();
    let language = card.and_then(|card| card.language.as_deref()).map_or_else(String::new, |language| {
        let direction = card.map_or("ltr", |card| card.direction);
        format!(" lang=\"{0}\" xml:lang=\"{0}\" dir=\"{direction}\"", escaped(language))
    });
    let own = own_words(reader, &issue.language);
    let flag = card.filter(|card| card.is_retracted).map_or_else(String::new, |card| {
        let flagged = own_words(reader, card.language.as_deref().unwrap_or(&issue.language));
        format!("<span class=\"flag\"{flagged}>{}</span> ", escaped(&reader.word("retracted_before")))
    });
    let mut body = format!("<article data-id=\"{}\">\n", escaped(&item.id));
    let (url, title) = (escaped(&item.url), escaped(&item.title));
    let _ = writeln!(body, "<h1{language}>{flag}<a href=\"{url}\">{title}</a></h1>");
    let origin = reader.origin(item);
    if !origin.is_empty() {
        let _ = writeln!(body, "<p class=\"meta\"{own}>{}</p>", escaped(&origin));
    }
    if let Some(summary) = card.and_then(|card| card.summary.as_deref()) {
        let _ = writeln!(body, "<p{language}><b>{}</b></p>", escaped(summary));
    }
    if let Some(commentary) = &item.commentary_html {
        let _ = writeln!(body, "<div class=\"note\">{}</div>", xhtml(commentary));
    }
    if let Some(article) = article {
        for row in &article.matter.corrections {
            let kind = reader.word_of("correction", row.kind.word());
            let date = reader.date(&row.date).text;
            let values =
                [("kind", Argument::Text(&kind)), ("date", Argument::Text(&date)), ("text", Argument::Text(&row.text))];
            let _ =
                writeln!(body, "<p class=\"note\"{own}>{}</p>", escaped(&reader.word_with("correction_of", &values)));
        }
        if article.display != Display::Headline {
            // The article's page says what is wrong in it.
            let text = reader.article_body(article, &mut Vec::new());
            let _ = writeln!(body, "<div{language}>{}</div>", xhtml(&text.html));
            if text.is_cut {
                let _ = writeln!(body, "<p{own}><a href=\"{url}\">{}</a></p>", escaped(&reader.word("more_on_this")));
            }
        }
    }
    body.push_str("</article>\n");
    document(issue, &item.title, &body)
}

fn navigation(reader: &Reader<'_>, issue: &view::Issue) -> String {
    let contents = reader.word("contents");
    let own = own_words(reader, &issue.language);
    let mut body = format!("<nav epub:type=\"toc\" id=\"toc\">\n<h1{own}>{}</h1>\n<ol>\n", escaped(&contents));
    let _ = writeln!(body, "<li><a href=\"title.xhtml\">{}</a></li>", escaped(&issue.title));
    let mut number = 0;
    for section in &issue.sections {
        if let Some(title) = &section.title {
            let _ = write!(body, "<li><span>{}</span>\n<ol>\n", escaped(title));
        }
        for item in &section.items {
            number += 1;
            let flag = match &item.article {
                Some(card) if card.is_retracted => escaped(&reader.word("retracted_before")) + " ",
                _ => String::new(),
            };
            let _ = writeln!(body, "<li><a href=\"item-{number}.xhtml\">{flag}{}</a></li>", escaped(&item.title));
        }
        if section.title.is_some() {
            body.push_str("</ol>\n</li>\n");
        }
    }
    body.push_str("</ol>\n</nav>\n");
    document(issue, &contents, &body)
}

/// The package document (EPUB 3.3, 5).
fn package(
    reader: &Reader<'_>,
    edition: &Edition,
    issue: &view::Issue,
    chapters: &[String],
    modified: Option<&When>,
) -> String {
    let utc = |when: &When| when.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let modified = modified.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), utc);
    let language = escaped(&issue.language);
    let direction = issue.direction;
    let author = reader.config.author.as_deref().unwrap_or(&reader.config.title);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\" xml:lang=\"{language}\" dir=\"{direction}\">
<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">
<dc:identifier id=\"id\">{}</dc:identifier>
<dc:title>{}</dc:title>
<dc:language>{language}</dc:language>
<dc:creator>{}</dc:creator>
<dc:publisher>{}</dc:publisher>
<dc:source>{}</dc:source>
",
        escaped(&issue.id),
        escaped(&issue.title),
        escaped(author),
        escaped(&reader.config.title),
        escaped(&issue.url),
    );
    if let Some(date) = &edition.matter.date {
        let _ = writeln!(text, "<dc:date>{}</dc:date>", utc(date));
    }
    if let Some(summary) = &issue.summary {
        let _ = writeln!(text, "<dc:description>{}</dc:description>", escaped(summary));
    }
    let _ = writeln!(text, "<meta property=\"dcterms:modified\">{modified}</meta>");
    // It is text alone.
    for (property, value) in [
        ("accessMode", "textual"),
        ("accessModeSufficient", "textual"),
        ("accessibilityFeature", "tableOfContents"),
        ("accessibilityFeature", "readingOrder"),
        ("accessibilityHazard", "none"),
    ] {
        let _ = writeln!(text, "<meta property=\"schema:{property}\">{value}</meta>");
    }
    text.push_str(
        "</metadata>
<manifest>
<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>
<item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>
<item id=\"title\" href=\"title.xhtml\" media-type=\"application/xhtml+xml\"/>
",
    );
    for (at, name) in chapters.iter().enumerate() {
        let number = at + 1;
        let _ = writeln!(text, "<item id=\"item-{number}\" href=\"{name}\" media-type=\"application/xhtml+xml\"/>");
    }
    let _ = writeln!(text, "</manifest>\n<spine page-progression-direction=\"{direction}\">");
    text.push_str("<itemref idref=\"title\"/>\n<itemref idref=\"nav\"/>\n");
    for number in 1..=chapters.len() {
        let _ = writeln!(text, "<itemref idref=\"item-{number}\"/>");
    }
    text.push_str("</spine>\n</package>\n");
    text
}

/// What of HTML goes into a book. Of anything else the words stay.
const ELEMENTS: [&str; 64] = [
    "a",
    "abbr",
    "address",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements without an end.
const VOID: [&str; 4] = ["br", "hr", "col", "wbr"];

/// Well-formed HTML of a text as XHTML. A picture is not taken along: its description stands for it.
fn xhtml(html: &str) -> String {
    let anchors = anchors(html);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut out = String::with_capacity(html.len());
    // A string has no input errors, so every token is there.
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::String(text) => out.push_str(&escaped(&String::from_utf8_lossy(&text))),
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let attribute = |wanted: &str| {
                    let value = tag.attributes.get(wanted.as_bytes())?;
                    Some(String::from_utf8_lossy(value).into_owned())
                };
                if name == "img"
                    && let Some(alt) = attribute("alt").filter(|alt| !alt.trim().is_empty())
                {
                    let _ = write!(out, "<span>[{}]</span>", escaped(&alt));
                }
                if !ELEMENTS.contains(&name.as_str()) {
                    continue;
                }
                out.push('<');
                out.push_str(&name);
                let mut add = |key: &str, value: &str| {
                    let _ = write!(out, " {key}=\"{}\"", escaped(value));
                };
                if let Some(id) = attribute("id").filter(|id| is_id(id) && seen.insert(id.clone())) {
                    add("id", &id);
                }
                if let Some(language) = attribute("lang") {
                    add("lang", &language);
                    add("xml:lang", &language);
                }
                if let Some(direction) = attribute("dir") {
                    add("dir", &direction);
                }
                let of_element: &[&str] = match name.as_str() {
                    "ol" => &["start"],
                    "td" | "th" => &["colspan", "rowspan"],
                    _ => &[],
                };
                for key in of_element {
                    if let Some(value) = attribute(key) {
                        add(key, &value);
                    }
                }
                if let Some(href) = attribute("href").filter(|href| name == "a" && leads_somewhere(href, &anchors)) {
                    add("href", &href);
                }
                out.push_str(if VOID.contains(&name.as_str()) { "/>" } else { ">" });
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name);
                if ELEMENTS.contains(&name.as_ref()) && !VOID.contains(&name.as_ref()) {
                    let _ = write!(out, "</{name}>");
                }
            }
            _ => {}
        }
    }
    out
}

/// What can be linked to in a text.
fn anchors(html: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for Ok(token) in Tokenizer::new(html) {
        let Token::StartTag(tag) = token else { continue };
        if !ELEMENTS.iter().any(|name| name.as_bytes() == tag.name.as_slice()) {
            continue;
        }
        let id = tag.attributes.get(b"id".as_slice()).map(|id| String::from_utf8_lossy(id).into_owned());
        anchors.extend(id.filter(|id| is_id(id)));
    }
    anchors
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && !id.contains(char::is_whitespace)
}

/// Whether a link of a text leads anywhere from a book.
fn leads_somewhere(href: &str, anchors: &BTreeSet<String>) -> bool {
    match href.strip_prefix('#') {
        Some(anchor) => {
            let anchor = percent_encoding::percent_decode_str(anchor).decode_utf8_lossy();
            anchors.contains(anchor.as_ref())
        }
        None => url::Url::parse(href).is_ok(),
    }
}
