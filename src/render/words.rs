//! What a theme's pages say besides what the author wrote: its words, in the site's language.
//!
//! A theme has a file for each language, `words/<tag>.toml`. A value is a text; a table of texts by plural form (CLDR's: `one`,
//! `few`, `other` …), of which `count` takes one; or a table of texts by another name, of which `of` takes one. `{name}` in a
//! text is a place for a value.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use crate::{
    diagnostic::{Diagnostic, Place, SitePath, did_you_mean},
    fingerprint::{Fingerprint, Mixer},
    locale::Locale,
    parse::{Entry, Value, parse_toml},
};

/// Words that pages take without a template: those of lists, of titles and of what stands in no section.
pub const ENGINE_WORDS: [&str; 37] = [
    "also_carried_by",
    "approximate",
    "carried_by",
    "carried_by_many",
    "change",
    "comma",
    "contents",
    "correction",
    "correction_of",
    "date_approximate",
    "date_uncertain",
    "disputed",
    "edition",
    "found",
    "gone",
    "is_corrected",
    "kind",
    "labelled",
    "list",
    "more",
    "more_on_this",
    "no_longer_here",
    "nothing_found",
    "on_the_web",
    "our_comment",
    "page_not_found",
    "retracted",
    "retracted_before",
    "search",
    "search_failed",
    "searching",
    "see_also",
    "since_edition_before",
    "some_words_found",
    "title_of_edition",
    "title_of_page",
    "uncertain",
];

/// The plural forms of CLDR.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A theme's words.
pub struct Words {
    locale: Arc<Locale>,
    words: BTreeMap<String, Word>,
    /// What is wrong with the files, which is said at every build.
    diagnostics: Vec<Diagnostic>,
    fingerprint: Fingerprint,
}

/// A file of words, and where it lies.
pub struct WordFile<'a> {
    /// Where it lies, or would lie in a site.
    pub path: SitePath,
    /// Its TOML.
    pub text: Cow<'a, str>,
}

/// A word, in the language that its file is in: not always the site's.
#[derive(Debug)]
struct Word {
    locale: Arc<Locale>,
    text: Text,
    /// The file that it is from.
    path: SitePath,
}

#[derive(Debug)]
enum Text {
    Plain(Pattern),
    Plural(BTreeMap<String, Pattern>),
}

/// A text with places for values.
#[derive(Debug)]
struct Pattern(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Text(String),
    Slot(String),
}

/// A value for a place in a word.
#[derive(Clone, Copy, Debug)]
pub enum Argument<'a> {
    /// A number, which is written as the language writes numbers.
    Number(i64),
    /// A number with a fraction, likewise.
    Fraction(f64),
    /// Text.
    Text(&'a str),
    /// HTML that is ready to print.
    Html(&'a str),
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("locale", &self.locale).finish_non_exhaustive()
    }
}

impl Words {
    /// The words for a language. `files` gives those of a tag, the later ones over the earlier; what a language does not have
    /// is taken from what its tag is a case of, and from English in the end. Words from the same files are taken over from
    /// `before`.
    pub fn load<'a>(
        language: &str,
        files: impl Fn(&str) -> Vec<WordFile<'a>>,
        before: Option<&Arc<Words>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Arc<Self> {
        let locale = Locale::of(language);
        let tags = locale.fallbacks();
        let files: Vec<(&String, WordFile<'a>)> =
            tags.iter().rev().flat_map(|tag| files(tag).into_iter().map(move |file| (tag, file))).collect();
        let mut mixer = Mixer::new();
        mixer.text(language);
        for (_, file) in &files {
            mixer.text(&file.path).text(&file.text);
        }
        let fingerprint = mixer.finish();
        let known = before.filter(|before| before.fingerprint == fingerprint);
        let words = known.map_or_else(|| Arc::new(Words::read(language, locale, &files, fingerprint)), Arc::clone);
        diagnostics.extend(words.diagnostics.iter().cloned());
        words
    }

    fn read(language: &str, locale: Arc<Locale>, files: &[(&String, WordFile<'_>)], fingerprint: Fingerprint) -> Self {
        let mut words = BTreeMap::new();
        let mut diagnostics = Vec::new();
        let mut is_translated = false;
        for (tag, file) in files {
            is_translated |= *tag != "en";
            let entries = parse_toml(&file.text, 0, &file.path, &mut diagnostics);
            read(&entries, &Locale::of(tag), &file.path, &mut words, &mut diagnostics);
        }
        let primary = language.split('-').next().unwrap_or_default();
        if !is_translated && !primary.eq_ignore_ascii_case("en") {
            let message = format!("the theme has no words in `{language}`; what it says by itself is in English");
            diagnostics.push(Diagnostic::warning(message, Place::file(&SitePath::from("site.toml"))).hint(format!(
                "translate them in a file words/{primary}.toml of the theme; themes/README.md says how"
            )));
        }
        Words { locale, words, diagnostics, fingerprint }
    }

    /// The site's language.
    pub fn locale(&self) -> &Arc<Locale> {
        &self.locale
    }

    /// Changes when any word does.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The keys, and the file that each word is from. That of a table of texts is `table.name`.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &SitePath)> {
        self.words.iter().map(|(key, word)| (key.as_str(), &word.path))
    }

    /// Whether there is a word of this key, or a table of them.
    pub fn has(&self, key: &str, is_table: bool) -> bool {
        if is_table {
            let start = format!("{key}.");
            self.words.range(start.clone()..).next().is_some_and(|(key, _)| key.starts_with(&start))
        } else {
            self.words.contains_key(key)
        }
    }

    /// A key that is near to one that is not there.
    pub fn near(&self, key: &str) -> Option<&str> {
        let tables = self.words.keys().filter_map(|key| key.split_once('.').map(|(table, _)| table));
        did_you_mean(key, self.words.keys().map(String::as_str).chain(tables))
    }

    /// A word as HTML: values are escaped, unless they are HTML.
    ///
    /// # Errors
    /// When there is no such word, or a place in it has no value: what to tell the theme's author.
    pub fn html<'a>(
        &self,
        key: &str,
        of: Option<&str>,
        count: Option<u64>,
        argument: impl Fn(&str) -> Option<Argument<'a>>,
    ) -> Result<String, String> {
        self.write(key, of, count, argument, push_escaped)
    }

    /// A word as text; its `count`, where it has one, says the plural form.
    pub fn text(&self, key: &str, of: Option<&str>, arguments: &[(&str, Argument<'_>)]) -> String {
        let argument = |name: &str| arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let count = match argument("count") {
            Some(Argument::Number(count)) => Some(count.unsigned_abs()),
            _ => None,
        };
        // The words that are asked for here are in the built-in theme, which every theme rests on.
        self.write(key, of, count, argument, |out, text| out.push_str(text)).unwrap_or_else(|_| key.to_owned())
    }

    /// The forms of a word by their names, with its places as they stand in the file, and the language that it is in. A word
    /// without forms has `other` alone.
    pub fn forms(&self, key: &str) -> Option<(&str, BTreeMap<&str, String>)> {
        let word = self.words.get(key)?;
        let forms = match &word.text {
            Text::Plain(pattern) => BTreeMap::from([("other", pattern.source())]),
            Text::Plural(forms) => forms.iter().map(|(form, pattern)| (form.as_str(), pattern.source())).collect(),
        };
        Some((word.locale.tag(), forms))
    }

    fn write<'a>(
        &self,
        key: &str,
        of: Option<&str>,
        count: Option<u64>,
        argument: impl Fn(&str) -> Option<Argument<'a>>,
        push: impl Fn(&mut String, &str),
    ) -> Result<String, String> {
        let word = match of {
            None => self.words.get(key),
            Some(name) => self.words.get(&format!("{key}.{name}")),
        };
        let Some(word) = word else {
            let key = of.map_or_else(|| key.to_owned(), |name| format!("{key}.{name}"));
            return Err(match self.near(&key) {
                Some(near) => format!("the theme has no word `{key}`; did you mean `{near}`?"),
                None => format!("the theme has no word `{key}`; its words are in words/en.toml"),
            });
        };
        let pattern = match (&word.text, count) {
            (Text::Plain(pattern), _) => Some(pattern),
            (Text::Plural(_), None) => return Err(format!("the word `{key}` has plural forms and needs a `count`")),
            (Text::Plural(forms), Some(count)) => forms.get(word.locale.plural(count)).or_else(|| forms.get("other")),
        };
        let mut out = String::new();
        for piece in pattern.map_or(&[][..], |pattern| &pattern.0) {
            match piece {
                Piece::Text(text) => push(&mut out, text),
                Piece::Slot(name) => match argument(name) {
                    Some(Argument::Number(number)) => out.push_str(&self.locale.number(number)),
                    Some(Argument::Fraction(number)) => out.push_str(&self.locale.fraction(number)),
                    Some(Argument::Text(text)) => push(&mut out, text),
                    Some(Argument::Html(html)) => out.push_str(html),
                    None => return Err(format!("`{{{name}}}` in the word `{key}` of {} has no value here", word.path)),
                },
            }
        }
        Ok(out)
    }
}

/// Reads a file of words over those that are there.
fn read(
    entries: &[Entry],
    locale: &Arc<Locale>,
    path: &SitePath,
    words: &mut BTreeMap<String, Word>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_plural = |entries: &[Entry]| entries.iter().all(|entry| FORMS.contains(&entry.key.as_str()));
    for entry in entries {
        let mut add = |key: &str, text: Text| {
            words.insert(key.to_owned(), Word { locale: Arc::clone(locale), text, path: path.clone() });
        };
        match &entry.node.value {
            Value::String(text) => add(&entry.key, Text::Plain(Pattern::parse(text))),
            Value::Table(forms) if is_plural(forms) => {
                let texts = forms.iter().filter_map(|form| {
                    let text = text_of(form, path, diagnostics)?;
                    Some((form.key.clone(), Pattern::parse(text)))
                });
                let texts: BTreeMap<String, Pattern> = texts.collect();
                if !texts.contains_key("other") {
                    diagnostics.push(
                        Diagnostic::error(
                            format!("`{}` has no form `other`", entry.key),
                            Place::new(path, entry.key_span.clone()),
                        )
                        .hint("`other` is for every number that has no form of its own"),
                    );
                }
                add(&entry.key, Text::Plural(texts));
            }
            Value::Table(names) => {
                for name in names {
                    if let Some(text) = text_of(name, path, diagnostics) {
                        add(&format!("{}.{}", entry.key, name.key), Text::Plain(Pattern::parse(text)));
                    }
                }
            }
            _ => drop(text_of(entry, path, diagnostics)),
        }
    }
}

fn text_of<'a>(entry: &'a Entry, path: &SitePath, diagnostics: &mut Vec<Diagnostic>) -> Option<&'a str> {
    if let Value::String(text) = &entry.node.value {
        return Some(text);
    }
    diagnostics.push(
        Diagnostic::error(format!("the word `{}` is no text", entry.key), Place::new(path, entry.node.span.clone()))
            .hint("a word is a text, or a table of texts; themes/README.md says how"),
    );
    None
}

impl Pattern {
    /// `{name}` is a place; any other brace is a brace.
    fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            let name = rest[start + 1..].split('}').next().unwrap_or_default();
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            let end = start + 1 + name.len();
            if is_name && rest[end..].starts_with('}') {
                pieces.push(Piece::Text(rest[..start].to_owned()));
                pieces.push(Piece::Slot(name.to_owned()));
                rest = &rest[end + 1..];
            } else {
                pieces.push(Piece::Text(rest[..=start].to_owned()));
                rest = &rest[start + 1..];
            }
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Pattern(pieces)
    }

    /// What it was parsed from.
    fn source(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Slot(name) => format!("{{{name}}}"),
        };
        self.0.iter().map(piece).collect()
    }
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c => out.push(c),
        }
    }
}

/// A word that a template asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Use<'a> {
    /// Its key; that of the table when the template takes a word `of` it.
    pub key: &'a str,
    /// Whether it is a table's.
    pub is_table: bool,
    /// Where the key stands in the template, in bytes.
    pub at: usize,
}

/// The words that a template asks for by a key that stands in it.
pub fn uses(template: &str) -> Vec<Use<'_>> {
    let mut found = Vec::new();
    for (start, call) in template.match_indices("words(") {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        if template[..start].chars().next_back().is_some_and(is_word) {
            continue;
        }
        let start = start + call.len();
        let (mut depth, mut quote, mut is_table, mut key) = (1, None, false, None);
        let text = &template[start..];
        for (at, c) in text.char_indices() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => continue,
                (None, '"' | '\'' | '`') => {
                    quote = Some(c);
                    let name = text[..at].trim_end().strip_suffix('=').map(str::trim_end).unwrap_or_default();
                    let is_key = name.strip_suffix("key").is_some_and(|before| !before.ends_with(is_word));
                    if is_key && depth == 1 {
                        let value = &text[at + 1..];
                        key = value.split(c).next().map(|key| (key, start + at + 1));
                    }
                }
                (None, '(') => depth += 1,
                (None, ')') => depth -= 1,
                (None, '=') if depth == 1 => {
                    let name = text[..at].trim_end();
                    is_table |= name.strip_suffix("of").is_some_and(|before| !before.ends_with(is_word));
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        if let Some((key, at)) = key {
            found.push(Use { key, is_table, at });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: &str, files: &[(&str, &str)]) -> (Arc<Words>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let of = |tag: &str| {
            let of_tag = files.iter().filter(|(known, _)| *known == tag);
            of_tag.map(|(tag, text)| WordFile { path: format!("{tag}.toml").into(), text: (*text).into() }).collect()
        };
        (Words::load(language, of, None, &mut diagnostics), diagnostics)
    }

    const ENGLISH: (&str, &str) = (
        "en",
        "home = \"Home\"\nby = \"By {names}, for {count}\"\n[items]\none = \"{count} item\"\nother = \"{count} items\"\n\
         [genre]\nlive = \"Live\"\nopinion = \"Opinion\"\n",
    );

    #[test]
    fn words_of_the_same_files_are_taken_over_with_what_is_wrong_with_them() {
        let load = |text: &'static str, before: Option<&Arc<Words>>| {
            let mut wrong = Vec::new();
            let of = |tag: &str| match tag {
                "en" => vec![WordFile { path: "en.toml".into(), text: text.into() }],
                _ => Vec::new(),
            };
            (Words::load("xx", of, before, &mut wrong), wrong)
        };
        let (first, said) = load(ENGLISH.1, None);
        let (again, said_again) = load(ENGLISH.1, Some(&first));
        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!(said.len(), 1, "there are no words in that language");
        assert_eq!(said_again, said);
        let (other, _) = load("home = \"Start\"\n", Some(&first));
        assert_eq!(other.text("home", None, &[]), "Start");
    }

    #[test]
    fn a_plural_is_that_of_the_language_that_the_word_is_in() {
        let russian = (
            "ru",
            "[items]\none = \"{count} материал\"\nfew = \"{count} материала\"\nother = \"{count} материалов\"\n",
        );
        let (words, wrong) = words("ru", &[ENGLISH, russian]);
        assert!(wrong.is_empty());
        let say = |count: i64| {
            let argument = |_: &str| Some(Argument::Number(count));
            words.html("items", None, Some(count.unsigned_abs()), argument).unwrap()
        };
        assert_eq!(
            [1, 3, 5, 21, 11].map(say),
            ["1 материал", "3 материала", "5 материалов", "21 материал", "11 материалов"]
        );
        assert_eq!(words.text("home", None, &[]), "Home");
    }

    #[test]
    fn one_word_can_be_replaced_and_a_table_need_not_be_whole() {
        let own = ("en", "home = \"Front\"\n[genre]\nlive = \"As it happens\"\n");
        let (words, _) = words("en-GB", &[ENGLISH, own]);
        assert_eq!(words.text("home", None, &[]), "Front");
        assert_eq!(words.text("genre", Some("live"), &[]), "As it happens");
        assert_eq!(words.text("genre", Some("opinion"), &[]), "Opinion");
        assert!(words.has("genre", true) && !words.has("genre", false) && words.has("home", false));
    }

    #[test]
    fn values_are_escaped_and_html_is_not() {
        let (words, _) = words("en", &[ENGLISH]);
        let argument =
            |name: &str| Some(if name == "names" { Argument::Html("<b>A</b>") } else { Argument::Text("R&D \"x\"") });
        assert_eq!(words.html("by", None, None, argument).unwrap(), "By <b>A</b>, for R&amp;D &quot;x&quot;");
        assert!(words.html("by", None, None, |_| None).unwrap_err().contains("{names}"));
        assert!(words.html("hme", None, None, |_| None).unwrap_err().contains("did you mean `home`"));
        assert!(words.html("items", None, None, |_| None).unwrap_err().contains("needs a `count`"));
    }

    #[test]
    fn what_a_language_lacks_is_told() {
        let (_, wrong) = words("pl", &[ENGLISH]);
        assert_eq!(wrong.len(), 1);
        let (_, wrong) = words("en", &[("en", "[items]\none = \"x\"\n"), ("en", "a = 1\n")]);
        assert_eq!(wrong.len(), 2);
    }

    #[test]
    fn uses_are_found_where_they_stand() {
        let template = "{{ words(key=\"a\") }} {{ words(n=f(x=\"key\"), key = 'b', of=c.d) }} {{ swords(key=\"c\") }} {{ words(key=k) }}";
        let found: Vec<(&str, bool)> = uses(template).iter().map(|word| (word.key, word.is_table)).collect();
        assert_eq!(found, [("a", false), ("b", true)]);
        assert!(template[uses(template)[1].at..].starts_with("b'"));
    }
}
