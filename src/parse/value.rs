//! Front matter as a tree of values, each with its place, the same for TOML and YAML.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde::Serialize;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
    value::Datetime,
};

use crate::diagnostic::{Diagnostic, Place, SitePath, Span};

/// A value and the bytes of the file that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What was read.
    pub value: Value,
    /// Where.
    pub span: Span,
}

/// What front matter can hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Text.
    String(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A TOML date, time or both.
    #[serde(serialize_with = "datetime_as_text")]
    Datetime(Datetime),
    /// A list.
    #[serde(serialize_with = "nodes_as_list")]
    Array(Vec<Node>),
    /// Keys and values.
    #[serde(serialize_with = "entries_as_map")]
    Table(Vec<Entry>),
}

/// One key of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

fn datetime_as_text<S: serde::Serializer>(datetime: &Datetime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(datetime)
}

fn nodes_as_list<S: serde::Serializer>(nodes: &[Node], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(nodes.iter().map(|node| &node.value))
}

fn entries_as_map<S: serde::Serializer>(entries: &[Entry], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|entry| (&entry.key, &entry.node.value)))
}

/// Values on record: tagged, with their places. (Their own form in serde is the plain one that templates see.)
pub mod on_record {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    use super::{Entry, Node, Value};
    use crate::diagnostic::Span;

    #[derive(Serialize, Deserialize)]
    enum Recorded {
        String(String),
        Integer(i64),
        Float(f64),
        Boolean(bool),
        Datetime(String),
        Array(Vec<(Recorded, Span)>),
        Table(Vec<(String, Span, Recorded, Span)>),
    }

    impl From<&Value> for Recorded {
        fn from(value: &Value) -> Self {
            match value {
                Value::String(text) => Recorded::String(text.clone()),
                Value::Integer(number) => Recorded::Integer(*number),
                Value::Float(number) => Recorded::Float(*number),
                Value::Boolean(flag) => Recorded::Boolean(*flag),
                Value::Datetime(datetime) => Recorded::Datetime(datetime.to_string()),
                Value::Array(nodes) => {
                    Recorded::Array(nodes.iter().map(|node| ((&node.value).into(), node.span.clone())).collect())
                }
                Value::Table(entries) => Recorded::Table(
                    entries
                        .iter()
                        .map(|Entry { key, key_span, node }| {
                            (key.clone(), key_span.clone(), (&node.value).into(), node.span.clone())
                        })
                        .collect(),
                ),
            }
        }
    }

    impl Recorded {
        fn value(self) -> Result<Value, toml::value::DatetimeParseError> {
            Ok(match self {
                Recorded::String(text) => Value::String(text),
                Recorded::Integer(number) => Value::Integer(number),
                Recorded::Float(number) => Value::Float(number),
                Recorded::Boolean(flag) => Value::Boolean(flag),
                Recorded::Datetime(text) => Value::Datetime(text.parse()?),
                Recorded::Array(nodes) => {
                    let nodes = nodes.into_iter().map(|(value, span)| Ok(Node { value: value.value()?, span }));
                    Value::Array(nodes.collect::<Result<_, _>>()?)
                }
                Recorded::Table(entries) => {
                    let entries = entries.into_iter().map(|(key, key_span, value, span)| {
                        Ok(Entry { key, key_span, node: Node { value: value.value()?, span } })
                    });
                    Value::Table(entries.collect::<Result<_, _>>()?)
                }
            })
        }
    }

    pub fn serialize<S: Serializer>(value: &Option<Value>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Recorded::from).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
        let recorded = Option::<Recorded>::deserialize(deserializer)?;
        recorded.map(Recorded::value).transpose().map_err(D::Error::custom)
    }
}

impl Value {
    /// What to call it in a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::String(_) => "text",
            Value::Integer(_) => "a number",
            Value::Float(_) => "a number with a fraction",
            Value::Boolean(_) => "true or false",
            Value::Datetime(_) => "a date",
            Value::Array(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Reads TOML. `offset` is where `text` starts in its file. What cannot be read is reported, the rest is kept.
pub fn parse_toml(text: &str, offset: usize, path: &SitePath, diagnostics: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let message = format!("invalid TOML: {}", first_line(error.message()));
        let place = match error.span() {
            Some(span) => Place::new(path, span.start + offset..span.end + offset),
            None => Place::file(path),
        };
        let hint = toml_hint(error.message(), error.span().map_or("", |span| &text[line_of(text, span.start)]));
        diagnostics.push(Diagnostic::error(message, place).maybe_hint(hint));
    }
    toml_entries(table.into_inner(), offset)
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

fn line_of(text: &str, at: usize) -> Span {
    let at = at.min(text.len());
    let start = text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1);
    let end = text.as_bytes()[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |found| at + found);
    start..end
}

/// The mistakes that people make most: text without quotes, and a quote that is not closed.
fn toml_hint(message: &str, line: &str) -> Option<String> {
    let value = line.split_once('=').map(|(_, value)| value.trim());
    if message.contains("duplicate key") {
        return Some("a key stands once; a list is written `[\"one\", \"two\"]`".to_owned());
    }
    if message.contains("expected `]`") {
        return Some("close the bracket: `key = [\"one\", \"two\"]`, or `[name]` on a line of its own".to_owned());
    }
    match value {
        Some(value) if !value.is_empty() && !value.starts_with(['"', '\'', '[', '{']) => {
            Some("text wants quotes: `key = \"text\"`; a date is written `2022-01-21`".to_owned())
        }
        Some(value) if value.starts_with('\'') => {
            Some("close the quote on the same line; a text with `'` in it stands in `\"…\"`".to_owned())
        }
        Some(value) if value.starts_with('"') => Some(
            "close the quote on the same line; a quote inside text is written `\\\"`, or wrap the text in '…'"
                .to_owned(),
        ),
        None if line.contains(':') => Some("TOML writes `key = value`; for YAML, put `---` around it".to_owned()),
        _ => None,
    }
}

fn toml_entries(table: DeTable<'_>, offset: usize) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            Entry {
                key_span: span.start + offset..span.end + offset,
                key: key.into_inner().into_owned(),
                node: toml_node(value, offset),
            }
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    entries
}

fn toml_node(value: Spanned<DeValue<'_>>, offset: usize) -> Node {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            // Too large for a machine word: kept as written, so that whoever wants a number says so.
            Err(_) => Value::String(number.as_str().to_owned()),
        },
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Boolean(flag),
        DeValue::Datetime(datetime) => Value::Datetime(datetime),
        DeValue::Array(items) => Value::Array(items.into_iter().map(|item| toml_node(item, offset)).collect()),
        DeValue::Table(table) => Value::Table(toml_entries(table, offset)),
    };
    Node { value, span: span.start + offset..span.end + offset }
}

/// Reads YAML 1.2 with the core schema: `NO` is text, and so is a date, which whoever wants a date reads.
pub fn parse_yaml(text: &str, offset: usize, path: &SitePath, diagnostics: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let mut tree = YamlTree {
        text,
        offset,
        line_starts: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect(),
        stack: Vec::new(),
        root: None,
    };
    for result in Parser::new_from_str(text) {
        match result {
            Ok((event, span)) => {
                let from = tree.byte(span.start.line(), span.start.col());
                let to = tree.byte(span.end.line(), span.end.col());
                if let Err(message) = tree.accept(event, from..to.max(from)) {
                    diagnostics.push(Diagnostic::error(message, Place::new(path, from..to.max(from))).hint(
                        "each key stands once, and each value is written out; there is TOML between `+++` lines too",
                    ));
                    break;
                }
            }
            Err(error) => {
                let at = tree.byte(error.marker().line(), error.marker().col());
                diagnostics.push(
                    Diagnostic::error(format!("invalid YAML: {}", error.info()), Place::new(path, at..at)).hint(
                        "text with a colon, a quote or a `#` in it wants quotes around it: `title: \"Talks: day one\"`",
                    ),
                );
                break;
            }
        }
    }
    match tree.root.take() {
        Some(Node { value: Value::Table(entries), .. }) => entries,
        None => Vec::new(),
        Some(node) => {
            let message = format!("front matter must be keys and values, found {}", node.value.kind());
            diagnostics.push(Diagnostic::error(message, Place::new(path, node.span)));
            Vec::new()
        }
    }
}

/// A key that waits for its value.
type PendingKey = Option<(String, Span)>;

enum Open {
    Sequence(Vec<Node>, usize),
    Mapping(Vec<Entry>, PendingKey, usize),
}

struct YamlTree<'a> {
    text: &'a str,
    offset: usize,
    line_starts: Vec<usize>,
    stack: Vec<Open>,
    root: Option<Node>,
}

impl YamlTree<'_> {
    /// The byte in the file of a line (from 1) and a column (characters, from 0).
    fn byte(&self, line: usize, column: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let within = self.text[start..].chars().take(column).map(char::len_utf8).sum::<usize>();
        self.offset + start + within
    }

    fn accept(&mut self, event: Event<'_>, span: Span) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, _, tag) => {
                if let Some((entries, key @ None)) = self.mapping() {
                    if entries.iter().any(|entry| entry.key == *text) {
                        return Err(format!("duplicate key `{text}`"));
                    }
                    *key = Some((text.into_owned(), span));
                    return Ok(());
                }
                let is_text = style != ScalarStyle::Plain || tag.is_some();
                if !is_text && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL") {
                    // A key without a value is a key that is not there.
                    if let Some((_, key)) = self.mapping() {
                        *key = None;
                    }
                    return Ok(());
                }
                let value = if is_text { Value::String(text.into_owned()) } else { scalar(text) };
                self.add(Node { value, span })?;
            }
            Event::SequenceStart(..) => self.open(Open::Sequence(Vec::new(), span.start))?,
            Event::MappingStart(..) => self.open(Open::Mapping(Vec::new(), None, span.start))?,
            Event::SequenceEnd | Event::MappingEnd => {
                let (value, start) = match self.stack.pop() {
                    Some(Open::Sequence(items, start)) => (Value::Array(items), start),
                    Some(Open::Mapping(entries, _, start)) => (Value::Table(entries), start),
                    None => return Ok(()),
                };
                self.add(Node { value, span: start..span.end.max(start) })?;
            }
            Event::Alias(_) => return Err("YAML aliases are not read".to_owned()),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, open: Open) -> Result<(), String> {
        // Nothing in front matter is deep; a bound keeps hostile nesting from the stack.
        if self.stack.len() >= 32 {
            return Err("front matter is nested too deep".to_owned());
        }
        if let Some((_, None)) = self.mapping() {
            return Err("a key must be text".to_owned());
        }
        self.stack.push(open);
        Ok(())
    }

    fn mapping(&mut self) -> Option<(&mut Vec<Entry>, &mut PendingKey)> {
        match self.stack.last_mut() {
            Some(Open::Mapping(entries, key, _)) => Some((entries, key)),
            _ => None,
        }
    }

    fn add(&mut self, node: Node) -> Result<(), String> {
        match self.stack.last_mut() {
            None => {
                if self.root.is_some() {
                    return Err("front matter holds one YAML document".to_owned());
                }
                self.root = Some(node);
            }
            Some(Open::Sequence(items, _)) => items.push(node),
            Some(Open::Mapping(entries, key, _)) => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, node });
                }
            }
        }
        Ok(())
    }
}

/// The YAML 1.2 core schema for a plain scalar.
fn scalar(text: Cow<'_, str>) -> Value {
    match text.as_ref() {
        "true" | "True" | "TRUE" => return Value::Boolean(true),
        "false" | "False" | "FALSE" => return Value::Boolean(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let is_numeric = digits.starts_with(|c: char| c.is_ascii_digit()) && !digits.contains(['_', 'x', 'o']);
    // `007` is text that somebody wrote with care, not seven.
    let is_padded = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    if is_numeric && !is_padded {
        if let Ok(number) = text.parse() {
            return Value::Integer(number);
        }
        if let Ok(number) = text.parse() {
            return Value::Float(number);
        }
    }
    Value::String(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> (Vec<Entry>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        (parse_yaml(text, 0, &"a.md".into(), &mut diagnostics), diagnostics)
    }

    #[test]
    fn yaml_keeps_norway_and_dates_as_text() {
        let (entries, diagnostics) = yaml("country: NO\ndate: 2022-01-21\nurgency: 3\ndraft: true\nid: 007\n");
        assert!(diagnostics.is_empty());
        let values: Vec<&Value> = entries.iter().map(|entry| &entry.node.value).collect();
        assert_eq!(*values[0], Value::String("NO".to_owned()));
        assert_eq!(*values[1], Value::String("2022-01-21".to_owned()));
        assert_eq!(*values[2], Value::Integer(3));
        assert_eq!(*values[3], Value::Boolean(true));
        assert_eq!(*values[4], Value::String("007".to_owned()));
    }

    #[test]
    fn places_are_bytes_of_the_file_in_both_forms() {
        let text = "title: \"Żółć\"\ntopics:\n  - ukraine\n";
        let (entries, _) = yaml(text);
        let Value::Array(items) = &entries[1].node.value else { panic!("a list") };
        assert_eq!(&text[items[0].span.clone()], "ukraine");

        let text = "title = \"Żółć\"\ntopics = [\"ukraine\"]\n";
        let entries = parse_toml(text, 0, &"a.md".into(), &mut Vec::new());
        let Value::Array(items) = &entries[1].node.value else { panic!("a list") };
        assert_eq!(&text[items[0].span.clone()], "\"ukraine\"");
    }

    #[test]
    fn broken_input_is_reported_and_the_rest_is_kept() {
        let mut diagnostics = Vec::new();
        let entries = parse_toml("title = \"a\"\nslug = b\ndate = 2022-01-21\n", 4, &"a.md".into(), &mut diagnostics);
        assert_eq!(diagnostics.len(), 1);
        assert!(diagnostics[0].hint.as_deref().unwrap().contains("quotes"));
        assert!(entries.iter().any(|entry| entry.key == "date"));
        assert!(!yaml("a: [b\n").1.is_empty());
        assert!(!yaml("a: &x 1\nb: *x\n").1.is_empty());
    }
}
