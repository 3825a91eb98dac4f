//! Reads a table key by key, reporting every wrong value, and in the end every key that nobody asked for.

use std::ops::RangeInclusive;

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use toml::value::{Datetime, Offset};

use super::value::{Entry, Node, Value};
use crate::{
    date::{Period, Qualifier, When},
    diagnostic::{Diagnostic, Place, SitePath, Span, did_you_mean},
};

/// A value and where it stands, for messages that only a later stage can give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file.
    pub span: Span,
}

/// A table that is being read.
pub struct Fields<'a> {
    entries: &'a [Entry],
    asked: Vec<&'static str>,
    /// What the table is, for messages: "an article", "`[rights]`".
    what: &'static str,
    span: Span,
    path: &'a SitePath,
    zone: &'a TimeZone,
    diagnostics: &'a mut Vec<Diagnostic>,
    is_complete: bool,
}

impl<'a> Fields<'a> {
    /// Starts to read `entries`. `span` is where a missing key is reported.
    pub fn new(
        entries: &'a [Entry],
        what: &'static str,
        span: Span,
        path: &'a SitePath,
        zone: &'a TimeZone,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let asked = Vec::new();
        Fields { entries, asked, what, span, path, zone, diagnostics, is_complete: true }
    }

    /// Says that parts of the text could not be read: then nothing is reported as missing.
    pub fn incomplete(mut self, is_incomplete: bool) -> Self {
        self.is_complete = !is_incomplete;
        self
    }

    /// Reports something about a place in this file.
    pub fn report(&mut self, message: impl Into<String>, span: Span, hint: impl Into<String>) {
        let place = Place::new(self.path, span);
        self.diagnostics.push(Diagnostic::error(message, place).hint(hint));
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    fn wrong(&mut self, key: &str, node: &Node, wanted: &str, hint: impl Into<String>) {
        let message = format!("`{key}` must be {wanted}, found {}", node.value.kind());
        self.report(message, node.span.clone(), hint);
    }

    /// Reports that `key`, which must be there, is not.
    pub fn missing(&mut self, key: &str, hint: impl Into<String>) {
        if !self.is_complete {
            return;
        }
        let message = format!("{} has no `{key}`", self.what);
        self.report(message, self.span.clone(), hint);
    }

    /// Text with something in it.
    pub fn text(&mut self, key: &'static str) -> Option<Located<String>> {
        let node = self.get(key)?;
        self.text_of(key, node)
    }

    fn text_of(&mut self, key: &'static str, node: &Node) -> Option<Located<String>> {
        match &node.value {
            Value::String(text) if text.trim().is_empty() => {
                let message = format!("`{key}` is empty");
                self.report(message, node.span.clone(), "write something between the quotes, or remove the line");
                None
            }
            Value::String(text) => Some(Located { value: text.clone(), span: node.span.clone() }),
            _ => {
                self.wrong(key, node, "text", format!("write `{key} = \"…\"`"));
                None
            }
        }
    }

    /// Text, or `false`, which is `Some(None)`.
    pub fn text_or_false(&mut self, key: &'static str, hint: &str) -> Option<Option<Located<String>>> {
        match self.get(key)? {
            Node { value: Value::Boolean(false), .. } => Some(None),
            node @ Node { value: Value::String(_), .. } => self.text_of(key, node).map(Some),
            node => {
                self.wrong(key, node, "text or `false`", hint);
                None
            }
        }
    }

    /// How many or how much: text as it stands, or the digits of a number, and which of them it is.
    pub fn figure(&mut self, key: &'static str) -> Option<Located<(String, bool)>> {
        let node = self.get(key)?;
        let digits = match &node.value {
            Value::Integer(number) => number.to_string(),
            Value::Float(number) if number.is_finite() => number.to_string(),
            _ => {
                let Located { value, span } = self.text_of(key, node)?;
                return Some(Located { value: (value, false), span });
            }
        };
        Some(Located { value: (digits, true), span: node.span.clone() })
    }

    /// Text that must be there.
    pub fn required_text(&mut self, key: &'static str, hint: &str) -> Option<Located<String>> {
        let is_there = self.entries.iter().any(|entry| entry.key == key);
        let value = self.text(key);
        if !is_there {
            self.missing(key, hint);
        }
        value
    }

    /// A list of text; a single text is a list of one.
    pub fn texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let items = match &node.value {
            Value::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Value::String(text) if text.trim().is_empty() => {
                    let message = format!("an entry of `{key}` is empty");
                    self.report(message, item.span.clone(), "remove the entry, or write something between the quotes");
                }
                Value::String(text) => texts.push(Located { value: text.clone(), span: item.span.clone() }),
                _ => self.wrong(key, item, "a list of text", format!("write `{key} = [\"one\", \"two\"]`")),
            }
        }
        texts
    }

    /// An `http` or `https` address, or a `mailto:` one.
    pub fn url(&mut self, key: &'static str) -> Option<Located<String>> {
        let mut text = self.text(key)?;
        self.check_url(key, &mut text).then_some(text)
    }

    /// A list of addresses.
    pub fn urls(&mut self, key: &'static str) -> Vec<Located<String>> {
        let mut texts = self.texts(key);
        texts.retain_mut(|text| self.check_url(key, text));
        texts
    }

    /// Whether the text is an address. One with characters that no address has gets them percent-encoded.
    fn check_url(&mut self, key: &str, text: &mut Located<String>) -> bool {
        let is_web = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        match url::Url::parse(&text.value).ok().filter(is_web) {
            Some(url) => {
                if text.value.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c)) {
                    // The parser lets some of them stand in a query.
                    text.value = String::from(url).replace('{', "%7B").replace('}', "%7D").replace('|', "%7C");
                    text.value = text.value.replace('^', "%5E").replace('`', "%60").replace('\\', "%5C");
                }
                true
            }
            None => {
                let message = format!("`{}` in `{key}` is no web address", text.value);
                self.report(message, text.span.clone(), "an address starts with `https://` or `http://`");
                false
            }
        }
    }

    /// A BCP 47 language tag, checked for its form.
    pub fn language(&mut self, key: &'static str) -> Option<String> {
        let tag = self.text(key)?;
        let mut parts = tag.value.split('-');
        let is_language = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic());
        let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if parts.next().is_some_and(is_language) && parts.all(is_subtag) {
            return Some(tag.value);
        }
        self.report(
            format!("`{}` in `{key}` is no language tag", tag.value),
            tag.span,
            "write a BCP 47 tag such as `en`, `uk`, `pt-BR` or `zh-Hant`",
        );
        None
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let node = self.get(key)?;
        match node.value {
            Value::Boolean(flag) => Some(flag),
            _ => {
                self.wrong(key, node, "true or false", format!("write `{key} = true`, without quotes"));
                None
            }
        }
    }

    /// A whole number in a range.
    pub fn number(&mut self, key: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        let node = self.get(key)?;
        match node.value {
            Value::Integer(number) if range.contains(&number) => Some(number),
            Value::Integer(number) => {
                let (low, high) = range.into_inner();
                let wanted = if high == i64::MAX {
                    format!("`{key}` must be at least {low}, found {number}")
                } else {
                    format!("`{key}` must be from {low} to {high}, found {number}")
                };
                self.report(wanted, node.span.clone(), format!("write `{key} = {low}`, for example"));
                None
            }
            _ => {
                self.wrong(key, node, "a whole number", format!("write `{key} = {}`, without quotes", range.start()));
                None
            }
        }
    }

    /// Latitude and longitude in degrees (WGS 84), as a list of two.
    pub fn coordinates(&mut self, key: &'static str) -> Option<(f64, f64)> {
        let node = self.get(key)?;
        let degrees = |node: &Node| match node.value {
            Value::Integer(number) => Some(number as f64),
            Value::Float(number) => Some(number),
            _ => None,
        };
        let hint = "write `geo = [46.2044, 6.1432]`: latitude from -90 to 90, then longitude from -180 to 180";
        let pair = match &node.value {
            Value::Array(items) if items.len() == 2 => degrees(&items[0]).zip(degrees(&items[1])),
            _ => None,
        };
        match pair {
            Some((latitude, longitude)) if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 => {
                Some((latitude, longitude))
            }
            Some(_) => {
                self.report(format!("`{key}` lies outside the globe"), node.span.clone(), hint);
                None
            }
            None => {
                self.wrong(key, node, "a latitude and a longitude", hint);
                None
            }
        }
    }

    /// One of the words of `T`.
    pub fn choice<T: Choice>(&mut self, key: &'static str) -> Option<T> {
        let text = self.text(key)?;
        let found = T::WORDS.iter().find(|(word, _)| *word == text.value).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = T::WORDS.iter().map(|(word, _)| *word).collect();
            let hint = match did_you_mean(&text.value, words.iter().copied()) {
                Some(word) => format!("did you mean `{word}`? it can be {}", one_of(&words)),
                None => format!("it can be {}", one_of(&words)),
            };
            self.report(format!("unknown `{key}`: `{}`", text.value), text.span, hint);
        }
        found
    }

    /// A day, or a moment.
    pub fn when(&mut self, key: &'static str) -> Option<Located<When>> {
        let node = self.get(key)?;
        let datetime = match &node.value {
            Value::Datetime(datetime) => Some(*datetime),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let hint = format!("write `{key} = 2022-01-21`, or `{key} = 2022-01-21T14:05:00+02:00`");
        let Some(datetime) = datetime else {
            let message = match &node.value {
                Value::String(text) => format!("`{text}` in `{key}` is no date"),
                other => format!("`{key}` must be a date, found {}", other.kind()),
            };
            self.report(message, node.span.clone(), hint);
            return None;
        };
        if datetime.date.is_none() && datetime.time.is_none() {
            // What stands here is no TOML, which was reported.
            return None;
        }
        match when(&datetime, self.zone) {
            Some(value) => Some(Located { value, span: node.span.clone() }),
            None => {
                self.report(format!("`{datetime}` in `{key}` is no date"), node.span.clone(), hint);
                None
            }
        }
    }

    /// A date, a month, a year or two of them with `/` between.
    pub fn period(&mut self, key: &'static str) -> Option<Located<Period>> {
        self.read_period(key, |text| Period::parse(text).map(|period| (period, ()))).map(|(period, ())| period)
    }

    /// The same, each date with `~`, `?` or `%` after it where it is about right, may be another, or both (ISO 8601-2).
    pub fn qualified_period(&mut self, key: &'static str) -> Option<(Located<Period>, Qualifier)> {
        self.read_period(key, Period::parse_qualified)
    }

    fn read_period<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Option<(Period, T)>,
    ) -> Option<(Located<Period>, T)> {
        let node = self.get(key)?;
        let text = match &node.value {
            Value::String(text) => text.clone(),
            Value::Datetime(datetime) if datetime.time.is_none() => datetime.to_string(),
            Value::Integer(year) => year.to_string(),
            _ => {
                self.wrong(key, node, "a date or a period", format!("write `{key} = \"2022-01-01/2022-01-31\"`"));
                return None;
            }
        };
        let period = parse(&text);
        if period.is_none() {
            self.report(
                format!("`{text}` in `{key}` is no date or period"),
                node.span.clone(),
                "write a day `2022-01-21`, a month `2022-01`, a year, or `first/last`, the earlier one first",
            );
        }
        let (value, more) = period?;
        Some((Located { value, span: node.span.clone() }, more))
    }

    /// A table under `key`, read by `read`.
    pub fn table<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let node = self.get(key)?;
        match &node.value {
            Value::Table(entries) => Some(self.nested(entries, what, node.span.clone(), read)),
            _ => {
                self.wrong(key, node, "a table", format!("write `[{key}]` on a line of its own, its keys below"));
                None
            }
        }
    }

    /// A list of tables under `key`, each read by `read`.
    pub fn tables<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
        mut read: impl FnMut(&mut Fields<'_>) -> T,
    ) -> Vec<T> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let hint = format!("write `[[{key}]]` on a line of its own, its keys below, once for each");
        let Value::Array(items) = &node.value else {
            self.wrong(key, node, "a list of tables", hint);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Value::Table(entries) => tables.push(self.nested(entries, what, item.span.clone(), &mut read)),
                _ => self.wrong(key, item, "a list of tables", hint.clone()),
            }
        }
        tables
    }

    fn nested<T>(
        &mut self,
        entries: &'a [Entry],
        what: &'static str,
        span: Span,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> T {
        let mut fields =
            Fields::new(entries, what, span, self.path, self.zone, self.diagnostics).incomplete(!self.is_complete);
        let value = read(&mut fields);
        fields.finish();
        value
    }

    /// Everything under `key`, as it stands: the author's own keys.
    pub fn any(&mut self, key: &'static str) -> Option<Value> {
        self.get(key).map(|node| node.value.clone())
    }

    /// The place of the table being read.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Whether the table has `key` at all.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Reports every key that was not asked for.
    pub fn finish(self) {
        for entry in self.entries {
            if self.asked.contains(&entry.key.as_str()) {
                continue;
            }
            let hint = match did_you_mean(&entry.key, self.asked.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None if self.asked.contains(&"extra") => "keys of your own go under `[extra]`".to_owned(),
                None => format!("it can be {}", one_of(&self.asked)),
            };
            let message = format!("unknown key `{}` in {}", entry.key, self.what);
            let place = Place::new(self.path, entry.key_span.clone());
            self.diagnostics.push(Diagnostic::error(message, place).hint(hint));
        }
    }
}

/// A key whose value is one of a few words.
pub trait Choice: Copy + 'static {
    /// The words, and what each stands for.
    const WORDS: &'static [(&'static str, Self)];

    /// The word for this value.
    fn word(self) -> &'static str
    where
        Self: PartialEq,
    {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }
}

fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// A TOML date or date-time in the site's zone; a time alone is none.
fn when(datetime: &Datetime, zone: &TimeZone) -> Option<When> {
    let date = datetime.date?;
    let date =
        civil::Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
            .ok()?;
    let Some(time) = datetime.time else {
        return When::day(date, zone);
    };
    let local = date.at(
        i8::try_from(time.hour).ok()?,
        i8::try_from(time.minute).ok()?,
        // A leap second is written as 60, which civil time does not have.
        i8::try_from(time.second.unwrap_or(0).min(59)).ok()?,
        0,
    );
    let minutes = match datetime.offset {
        None => return When::local(local, zone),
        Some(Offset::Z) => 0,
        Some(Offset::Custom { minutes }) => minutes,
    };
    let offset = jiff::tz::Offset::from_seconds(i32::from(minutes) * 60).ok()?;
    let timestamp: Timestamp = offset.to_timestamp(local).ok()?;
    Some(When::moment(timestamp, zone))
}
