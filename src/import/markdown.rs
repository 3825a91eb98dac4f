//! A [`Story`] as a Markdown file with TOML front matter.
//!
//! The body is written so that the rendered text equals the source word for word: whatever Markdown would take for
//! markup is escaped.

use toml_edit::{Array, ArrayOfTables, Date, Datetime, DocumentMut, Item, Offset, Table, Time, value};

use crate::parse::Choice as _;

use super::story::{Published, Rights, Story};

/// The whole file: front matter between `+++` lines, then the body.
#[must_use]
pub fn file(story: &Story) -> String {
    file_with(story, &story.slug())
}

/// As [`file()`], for a slug that had to differ from the rule's.
#[must_use]
pub fn file_with(story: &Story, slug: &str) -> String {
    let body = blocks(story);
    format!("+++\n{}+++\n\n{body}", front_matter(story, slug, &body))
}

/// The story's blocks, a blank line between them: Markdown as it is, plain paragraphs escaped.
fn blocks(story: &Story) -> String {
    if story.markdown.is_empty() {
        return body(&story.body);
    }
    let mut out = story.markdown.join("\n\n");
    out.push('\n');
    out
}

/// The paragraphs as Markdown, a blank line between them.
#[must_use]
pub fn body(paragraphs: &[String]) -> String {
    let mut out = String::new();
    for (i, paragraph) in paragraphs.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        out.push_str(&escape(paragraph));
        out.push('\n');
    }
    out
}

fn front_matter(story: &Story, slug: &str, body: &str) -> String {
    let mut doc = DocumentMut::new();
    let table = doc.as_table_mut();
    table["id"] = value(story.id_with(slug));
    text(table, "title", story.title.as_deref());
    if let Some(published) = &story.published {
        table["date"] = value(date(published));
    }
    if let Some(updated) = &story.updated {
        table["updated"] = value(date(updated));
    }
    text(table, "dateline", story.dateline.as_deref());
    text(table, "publisher", story.publisher.as_ref().map(|outlet| outlet.slug.as_str()));
    text(table, "agency", story.agency.as_deref());
    text(table, "url", story.url.as_deref());
    text(table, "canonical_url", story.canonical_url.as_deref());
    if let Some(retrieved) = story.retrieved {
        table["retrieved"] = value(day(retrieved));
    }
    text(table, "summary", story.summary.as_deref());
    text(table, "lang", story.lang.as_deref());
    text(table, "genre", story.genre.map(|genre| genre.word()));
    if !story.tags.is_empty() {
        table["tags"] = value(story.tags.iter().collect::<Array>());
    }
    text(table, "commentary", story.commentary.as_deref());
    if !story.topics.is_empty() {
        table["topics"] = value(story.topics.iter().collect::<Array>());
    }
    rights(table, &story.rights);
    let mut images = ArrayOfTables::new();
    for image in &story.images {
        let mut row = Table::new();
        text(&mut row, "src", image.src.as_deref());
        text(&mut row, "alt", image.alt.as_deref());
        text(&mut row, "caption", image.caption.as_deref());
        text(&mut row, "credit", image.credit.as_deref());
        images.push(row);
    }
    if !images.is_empty() {
        table["images"] = Item::ArrayOfTables(images);
    }
    let mut credits = ArrayOfTables::new();
    for credit in &story.credits {
        let mut row = Table::new();
        row["name"] = value(&credit.name);
        row["role"] = value(credit.role.word());
        text(&mut row, "place", credit.place.as_deref());
        credits.push(row);
    }
    if !credits.is_empty() {
        table["credits"] = Item::ArrayOfTables(credits);
    }
    let mut import = Table::new();
    import["sha256"] = value(&story.sha256);
    import["date"] = value(day(story.imported));
    import["words_removed"] = value(i64::try_from(story.words_removed).unwrap_or(i64::MAX));
    let mut check: Vec<&str> = Vec::new();
    for one in &story.check {
        if !check.contains(&one.field) {
            check.push(one.field);
        }
    }
    if !check.is_empty() {
        import["check"] = value(check.into_iter().collect::<Array>());
    }
    import["base"] = value(super::update::base(table, body));
    table["import"] = Item::Table(import);
    doc.to_string()
}

fn rights(table: &mut Table, rights: &Rights) {
    if *rights == Rights::default() {
        return;
    }
    let mut row = Table::new();
    text(&mut row, "holder", rights.holder.as_deref());
    text(&mut row, "license", rights.license.as_deref());
    text(&mut row, "usage", rights.usage.as_deref());
    text(&mut row, "display", rights.display.map(|display| display.word()));
    if let Some(words) = rights.max_words.and_then(|words| i64::try_from(words).ok()) {
        row["max_words"] = value(words);
    }
    table["rights"] = Item::Table(row);
}

fn text(table: &mut Table, key: &str, found: Option<&str>) {
    if let Some(found) = found {
        table[key] = value(found);
    }
}

fn day(date: jiff::civil::Date) -> Datetime {
    Datetime { date: Some(civil(date)), time: None, offset: None }
}

fn civil(date: jiff::civil::Date) -> Date {
    // The importer's dates lie between 1800 and 2100, so nothing is cut.
    Date { year: date.year().unsigned_abs(), month: date.month().unsigned_abs(), day: date.day().unsigned_abs() }
}

fn date(published: &Published) -> Datetime {
    let mut out = day(published.date);
    if let Some((hour, minute, offset)) = published.time {
        let (hour, minute) = (hour.unsigned_abs(), minute.unsigned_abs());
        out.time = Some(Time { hour, minute, second: Some(0), nanosecond: None });
        out.offset = Some(if offset == 0 { Offset::Z } else { Offset::Custom { minutes: offset } });
    }
    out
}

/// Escapes what CommonMark and its common extensions would take for markup in a one-line paragraph.
#[must_use]
pub fn escape(paragraph: &str) -> String {
    escaped(paragraph, block_mark(paragraph), false)
}

/// The same for a text that goes on in the middle of a line, right behind a letter.
#[must_use]
pub fn escape_within(text: &str) -> String {
    escaped(text, None, true)
}

fn escaped(text: &str, mark: Option<usize>, after_letter: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let bytes = text.as_bytes();
    let mut from = 0;
    for (i, byte) in bytes.iter().enumerate() {
        let is_markup = match byte {
            b'\\' | b'`' | b'*' | b'[' | b']' | b'<' | b'~' | b'|' => true,
            // Inside a word an underscore means nothing
            b'_' => {
                let before = text[..i].chars().next_back().map_or(after_letter, char::is_alphanumeric);
                !(before && text[i + 1..].chars().next().is_some_and(char::is_alphanumeric))
            }
            b'&' => entity(&bytes[i + 1..]),
            _ => false,
        };
        if is_markup || mark == Some(i) {
            out.push_str(&text[from..i]);
            out.push('\\');
            from = i;
        }
    }
    out.push_str(&text[from..]);
    out
}

/// Whether these bytes could finish a character reference after `&`.
fn entity(rest: &[u8]) -> bool {
    rest.first().is_some_and(|b| *b == b'#' || b.is_ascii_alphabetic())
        && rest.iter().take(40).find(|b| !b.is_ascii_alphanumeric() && **b != b'#').is_some_and(|b| *b == b';')
}

/// Where the mark stands that would make the line a heading, list item, quotation, rule or definition.
fn block_mark(paragraph: &str) -> Option<usize> {
    match paragraph.chars().next()? {
        '#' | '-' | '+' | '>' | '=' | ':' => Some(0),
        '0'..='9' => {
            let digits = paragraph.bytes().take_while(u8::is_ascii_digit).count();
            let rest = &paragraph[digits..];
            let mark = rest.starts_with(['.', ')']) && rest[1..].chars().next().is_none_or(char::is_whitespace);
            (digits <= 9 && mark).then_some(digits)
        }
        _ => None,
    }
}
