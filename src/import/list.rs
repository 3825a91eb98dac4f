//! Lists from reading services, as CSV and JSON: one row a story, under the names that the services have for their columns.

use serde_json::{Map, Value};

use super::{
    Context, Found,
    listed::{Listed, fold},
    moment, plain,
    story::Published,
};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Url,
    Title,
    Note,
    Summary,
    Tags,
    Folder,
    Saved,
    Published,
    Text,
}

/// The names of columns, in small letters with `_` for what is no letter. The first column of a kind counts.
const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Url,
        &[
            "url",
            "link",
            "href",
            "uri",
            "address",
            "source_url",
            "given_url",
            "resolved_url",
            "original_url",
            "article_url",
            "page_url",
            "web_address",
            "permalink",
            "adresse",
        ],
    ),
    (
        Column::Title,
        &[
            "title",
            "headline",
            "name",
            "resolved_title",
            "given_title",
            "article_title",
            "page_title",
            "description",
            "titel",
            "titre",
            "título",
        ],
    ),
    (
        Column::Note,
        &[
            "note",
            "notes",
            "comment",
            "comments",
            "commentary",
            "annotation",
            "annotations",
            "extended",
            "my_note",
            "document_note",
            "notiz",
            "kommentar",
        ],
    ),
    (Column::Summary, &["summary", "excerpt", "abstract", "abstract_note", "snippet"]),
    (
        Column::Tags,
        &[
            "tags",
            "tag",
            "labels",
            "label",
            "keywords",
            "categories",
            "category",
            "document_tags",
            "manual_tags",
            "schlagwörter",
        ],
    ),
    (Column::Folder, &["folder", "collection", "list"]),
    (
        Column::Saved,
        &[
            "date",
            "saved",
            "saved_at",
            "saved_date",
            "date_saved",
            "added",
            "added_at",
            "date_added",
            "created",
            "created_at",
            "time",
            "time_added",
            "timestamp",
            "bookmarked_at",
            "datum",
        ],
    ),
    (
        Column::Published,
        &["published", "published_at", "date_published", "publication_date", "pubdate", "published_date"],
    ),
    (Column::Text, &["content", "html", "body", "full_text"]),
];

fn column(name: &str) -> Option<Column> {
    let name: String = name
        .trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace())
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(column, _)| *column)
}

/// The sign between the fields of a table of links: the one that makes the first line a row of names, one of which is that of an
/// address. `None` for what is no such table.
pub(super) fn delimiter(text: &str) -> Option<u8> {
    let line = text.trim_start_matches('\u{feff}').lines().next()?;
    if line.len() > 2000 {
        return None;
    }
    [b',', b';', b'\t', b'|'].into_iter().find(|sign| {
        let names: Vec<&str> = line.split(char::from(*sign)).map(|name| name.trim().trim_matches('"')).collect();
        let known = names.iter().filter(|name| column(name).is_some()).count();
        let short = names.iter().all(|name| name.chars().count() <= 40);
        short && names.len() >= 2 && known >= 2 && names.iter().any(|name| column(name) == Some(Column::Url))
    })
}

/// Reads a table with a first row of names.
///
/// # Errors
/// When no row can be read.
pub(super) fn csv(text: &str, ctx: &Context) -> Result<Found, String> {
    let sign = delimiter(text).ok_or("is a table in which no column is named as an address (`url`, `link`)")?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(sign)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names = reader.headers().map_err(|error| format!("is a damaged table: {error}"))?.clone();
    let columns: Vec<Option<Column>> = names.iter().map(column).collect();
    let mut found = Found::default();
    let mut rows = 0usize;
    for record in reader.records() {
        rows += 1;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                found.troubles.push(format!("row {rows} cannot be read: {error}"));
                continue;
            }
        };
        let line = record.position().map_or(rows + 1, |position| usize::try_from(position.line()).unwrap_or(rows + 1));
        let mut row = Row::default();
        for (column, value) in columns.iter().zip(record.iter()) {
            if let Some(column) = column {
                row.put(*column, value, ctx);
            }
        }
        if record.iter().all(|value| value.trim().is_empty()) {
            continue;
        }
        // A quotation mark that is never closed swallows the rest of the table.
        if record.iter().any(|value| value.len() > 100_000) {
            found.troubles.push(format!("line {line} has a field of more than 100 KB: is a quotation mark missing?"));
            continue;
        }
        let is_swallowed = (row.listed.url.is_empty() || row.listed.url.contains('\n'))
            && record.iter().any(|value| value.contains('\n'));
        if is_swallowed {
            found.troubles.push(format!("line {line} has no address: is a quotation mark missing there?"));
            continue;
        }
        row.into_story(&mut found, &format!("line {line}"), ctx);
    }
    if found.stories.is_empty() && found.troubles.is_empty() {
        return Err("is a table of links without a row".to_owned());
    }
    Ok(found)
}

/// Reads a list of objects, as it is or one level down.
///
/// # Errors
/// When the JSON is damaged, or holds no list of links.
pub(super) fn json(text: &str, ctx: &Context) -> Result<Found, String> {
    const NO_LIST: &str = "is JSON without a list of stories: no objects with an address (`url`, `link`, `href`)";
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        // One object a line is as common as one list.
        Err(error) => match lines(text) {
            Some(objects) => Value::Array(objects),
            None => return Err(format!("is damaged JSON: {error}")),
        },
    };
    let rows = rows(&value).ok_or(NO_LIST)?;
    let mut found = Found::default();
    for (at, object) in rows.into_iter().enumerate() {
        let mut row = Row::default();
        for (name, value) in object {
            if let Some(column) = column(name) {
                row.put_json(column, value, ctx);
            }
        }
        // Pinboard has the title under `description`, and the note under `extended`; elsewhere a description is the source's.
        if object.contains_key("title")
            && let Some(text) = object.get("description").and_then(Value::as_str)
        {
            row.listed.summary.get_or_insert_with(|| plain::text(text));
        }
        row.into_story(&mut found, &format!("entry {}", at + 1), ctx);
    }
    Ok(found)
}

fn lines(text: &str) -> Option<Vec<Value>> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str::<Value>(line).ok().filter(Value::is_object))
        .collect::<Option<Vec<_>>>()
        .filter(|objects| !objects.is_empty())
}

fn is_row(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.keys().any(|name| column(name) == Some(Column::Url)))
}

/// The objects that have an address: of a list, of an object's values, or of the first list inside an object.
fn rows(value: &Value) -> Option<Vec<&Map<String, Value>>> {
    let of = |values: &mut dyn Iterator<Item = &'_ Value>| -> bool { values.take(20).any(is_row) };
    match value {
        Value::Array(values) if of(&mut values.iter()) => Some(values.iter().filter_map(Value::as_object).collect()),
        Value::Object(object) if is_row(value) => Some(vec![object]),
        Value::Object(object) if of(&mut object.values()) => {
            Some(object.values().filter_map(Value::as_object).collect())
        }
        Value::Object(object) => {
            object.values().filter(|value| value.is_array() || value.is_object()).find_map(|value| match value {
                Value::Array(values) if of(&mut values.iter()) => {
                    Some(values.iter().filter_map(Value::as_object).collect())
                }
                Value::Object(inner) if of(&mut inner.values()) => {
                    Some(inner.values().filter_map(Value::as_object).collect())
                }
                _ => None,
            })
        }
        _ => None,
    }
}

#[derive(Default)]
struct Row {
    listed: Listed,
    text: Option<String>,
    wrong_date: Option<String>,
}

impl Row {
    fn put(&mut self, column: Column, value: &str, ctx: &Context) {
        let value = value.trim();
        if value.is_empty() || value == "null" {
            return;
        }
        let listed = &mut self.listed;
        match column {
            Column::Url if listed.url.is_empty() => value.clone_into(&mut listed.url),
            Column::Title => {
                listed.title.get_or_insert_with(|| plain::text(value).replace('\n', " "));
            }
            Column::Note => {
                listed.note.get_or_insert_with(|| plain::text(value));
            }
            Column::Summary => {
                listed.summary.get_or_insert_with(|| plain::text(value));
            }
            Column::Tags => listed.tags.extend(tags(value)),
            Column::Folder => {
                let is_plain = matches!(
                    value.to_lowercase().as_str(),
                    "unread" | "archive" | "starred" | "unsorted" | "inbox" | "later"
                );
                listed.tags.extend((!is_plain).then(|| value.to_owned()));
            }
            Column::Saved => match moment::day_of(value, ctx.today) {
                Some(day) => listed.saved = listed.saved.or(Some(day)),
                None => self.wrong_date = Some(value.chars().take(40).collect()),
            },
            Column::Published => listed.published = listed.published.take().or_else(|| published(value, ctx)),
            Column::Text => {
                self.text.get_or_insert_with(|| value.to_owned());
            }
            Column::Url => {}
        }
    }

    fn put_json(&mut self, column: Column, value: &Value, ctx: &Context) {
        match value {
            Value::String(text) => self.put(column, text, ctx),
            Value::Number(number) => self.put(column, &number.to_string(), ctx),
            Value::Array(values) => {
                for value in values {
                    let text = value
                        .as_str()
                        .or_else(|| ["label", "name", "tag", "slug"].iter().find_map(|key| value.get(key)?.as_str()));
                    match (column, text) {
                        // A tag in a list may hold blanks and commas.
                        (Column::Tags, Some(text)) => self.listed.tags.push(text.to_owned()),
                        (_, Some(text)) => self.put(column, text, ctx),
                        _ => {}
                    }
                }
            }
            // Pocket has tags as the keys of an object.
            Value::Object(object) if column == Column::Tags => self.listed.tags.extend(object.keys().cloned()),
            _ => {}
        }
    }

    fn into_story(self, found: &mut Found, place: &str, ctx: &Context) {
        if self.listed.url.is_empty() {
            found.troubles.push(format!("{place} has no address"));
            return;
        }
        let url = self.listed.url.clone();
        let (text, title) = (self.text, self.listed.title.clone());
        let Some(mut story) = self.listed.story("list", ctx) else {
            let shown: String = url.chars().take(60).collect();
            found.troubles.push(format!("{place}: `{shown}` is no address of the web"));
            return;
        };
        if let Some(wrong) = self.wrong_date {
            story.warnings.push(format!("{place} has the date `{wrong}`, which cannot be read, and was left out"));
        }
        if let Some(text) = text.filter(|text| text.len() > 400) {
            super::with_text(&mut story, &text, title.as_deref(), ctx);
        }
        found.stories.push(story);
    }
}

fn published(value: &str, ctx: &Context) -> Option<Published> {
    moment::read(value, "the list says so", ctx.today)
}

/// Tags in one field: a list in brackets, or parted by commas, semicolons or bars; by blanks where there is none of these.
fn tags(value: &str) -> Vec<String> {
    let value = value.trim().trim_start_matches('[').trim_end_matches(']');
    let sign = [',', ';', '|'].into_iter().find(|sign| value.contains(*sign));
    let parts: Vec<&str> = match sign {
        Some(sign) => value.split(sign).collect(),
        None => vec![value],
    };
    parts
        .into_iter()
        .map(|part| fold(part.trim().trim_matches(['"', '\''])).trim_start_matches('#').to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_links_are_told_from_text() {
        assert_eq!(delimiter("url,title\nhttps://example.org/,x"), Some(b','));
        assert_eq!(delimiter("Title;URL;Tags\n"), Some(b';'));
        assert_eq!(delimiter("\u{feff}\"URL\",\"Title\",\"Selection\",\"Folder\",\"Timestamp\"\n"), Some(b','));
        assert_eq!(delimiter("title\turl\tnote\n"), Some(b'\t'));
        assert_eq!(delimiter("Ministers met, the link was cut, and the title went elsewhere\n"), None);
        assert_eq!(delimiter("name,age\nAnn,3"), None);
    }

    #[test]
    fn tags_in_one_field() {
        assert_eq!(tags("a, b c ,#d"), ["a", "b c", "d"]);
        assert_eq!(tags("[\"x\", \"y\"]"), ["x", "y"]);
        assert_eq!(tags("one|two"), ["one", "two"]);
    }
}
