//! The theme: templates and static files, the site's own over those built into the binary. The only room that knows
//! `tera`.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fs, io,
    ops::Deref,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use include_dir::{Dir, include_dir};
use serde::{Serialize, Serializer};
use tera::{Context, ErrorKind, Kwargs, ReportError, State, Tera, TeraResult, Value};

use super::{
    needs::{Catalogue, Needs},
    parts::Parts,
    words::{self, Argument, WordFile, Words},
};

use crate::{
    config::{Config, DEFAULT_THEME},
    diagnostic::{Diagnostic, Place, SitePath, did_you_mean},
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
    load::{Area, Snapshot},
    locale::direction,
    parse::{self, parse_toml},
    plan::{Route, Urls},
    social::{Colours, colour},
};

/// The themes in the binary. The first is under every other.
static BUILT_IN: [(&str, Dir<'static>); 2] = [
    (DEFAULT_THEME, include_dir!("$CARGO_MANIFEST_DIR/themes/broadsheet")),
    ("bulletin", include_dir!("$CARGO_MANIFEST_DIR/themes/bulletin")),
];

/// Templates that every theme has, from itself or from the built-in one.
pub(super) const PAGE_TEMPLATES: [&str; 18] = [
    "404.html",
    "a-z.html",
    "archive.html",
    "article.html",
    "corrections.html",
    "digest.html",
    "email.html",
    "home.html",
    "list.html",
    "organization.html",
    "page.html",
    "person.html",
    "place.html",
    "publisher.html",
    "redirect.html",
    "search.html",
    "tag.html",
    "topic.html",
];

/// A static file of a theme.
#[derive(Clone, Debug)]
enum Asset {
    BuiltIn(&'static [u8]),
    OnDisk(PathBuf, Fingerprint),
}

/// A value that several pages show: where it is held for them, it is made ready for templates when the first does, and once.
#[derive(Debug)]
pub struct Shared<T>(Arc<(T, Option<Ready>)>);

/// A value as the templates of a site need it.
#[derive(Debug)]
struct Ready {
    needs: Arc<Needs>,
    value: OnceLock<Value>,
}

impl<T> Shared<T> {
    /// Shares a value, for templates that need no more of it than these.
    pub fn new(value: T, needs: Arc<Needs>) -> Self {
        Shared(Arc::new((value, Some(Ready { needs, value: OnceLock::new() }))))
    }

    /// A value that only one page has.
    pub fn single(value: T) -> Self {
        Shared(Arc::new((value, None)))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let (value, ready) = &*self.0;
        match ready {
            // A ready value goes into another one as it is; anywhere else it would only be a detour.
            Some(Ready { needs, value: known }) if FOR_TEMPLATES.get() => {
                known.get_or_init(|| Value::from_serializable(&Parts(value, needs))).serialize(serializer)
            }
            _ => value.serialize(serializer),
        }
    }
}

/// One of the values that a page lists.
#[derive(Clone, Debug)]
pub enum Listed<T> {
    /// All of it.
    Whole(Shared<T>),
    /// What the page's template needs of it, ready: there may be very many, and with all of them whole beside what is ready, a
    /// list takes twice the memory.
    Ready(Value),
}

impl<T: Serialize> Listed<T> {
    /// What a template needs of a value.
    pub fn ready(value: &T, needs: &Needs) -> Self {
        Listed::Ready(ready(value, needs))
    }

    /// All of it, where that is there.
    pub fn whole(&self) -> Option<&T> {
        match self {
            Listed::Whole(value) => Some(value),
            Listed::Ready(_) => None,
        }
    }
}

impl<T: Serialize> Serialize for Listed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Listed::Whole(value) => value.serialize(serializer),
            Listed::Ready(value) => value.serialize(serializer),
        }
    }
}

thread_local! {
    /// Whether this thread makes a value ready for templates.
    static FOR_TEMPLATES: Cell<bool> = const { Cell::new(false) };
}

/// Gives templates what they need of a value, under a name.
pub fn give<T: Serialize + ?Sized>(context: &mut Context, name: &'static str, value: &T, needs: &Needs) {
    context.insert_value(name, ready(value, needs));
}

fn ready<T: Serialize + ?Sized>(value: &T, needs: &Needs) -> Value {
    let before = FOR_TEMPLATES.replace(true);
    let ready = Value::from_serializable(&Parts(value, needs));
    FOR_TEMPLATES.set(before);
    ready
}

/// A theme, ready to render.
pub struct Theme {
    templates: Arc<Templates>,
    words: Arc<Words>,
    assets: BTreeMap<String, Asset>,
    colours: Colours,
}

/// Templates, ready to render.
struct Templates {
    tera: Tera,
    /// What each asks for, once somebody wants to know.
    catalogue: OnceLock<Catalogue>,
    sources: BTreeMap<String, Source>,
    fingerprint: Fingerprint,
}

/// A template's text.
struct Source {
    /// Where it lies, or would lie in a site.
    path: SitePath,
    text: Arc<str>,
    /// Whether the site has it, not the binary.
    is_own: bool,
}

/// The names of the themes in the binary.
pub fn built_in_themes() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// The text of a built-in file, by the path that it would have in a site.
pub fn built_in_text(path: &str) -> Option<&'static str> {
    let (theme, below) = path.strip_prefix("themes/")?.split_once('/')?;
    let (_, dir) = BUILT_IN.iter().find(|(name, _)| *name == theme)?;
    dir.get_file(below)?.contents_utf8()
}

/// The built-in themes that a theme stands on, the lowest first: the one under every other, and the one of its own name.
fn layers(theme: &str) -> impl Iterator<Item = &'static (&'static str, Dir<'static>)> {
    BUILT_IN.iter().filter(move |(name, _)| *name == DEFAULT_THEME || *name == theme)
}

impl std::fmt::Debug for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Theme").field("templates", &self.templates.fingerprint).finish_non_exhaustive()
    }
}

impl Theme {
    /// Loads the theme that the settings name; templates that are as they were `before` are taken over. `None`, with
    /// diagnostics, when it cannot be used.
    pub fn load(
        snapshot: &Snapshot,
        config: &Config,
        urls: &Urls,
        before: Option<&Theme>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let folder = format!("themes/{}/", config.theme);
        let files = || snapshot.area(Area::Theme).filter(|file| file.path.starts_with(&folder));
        if !built_in_themes().any(|name| name == config.theme) && files().next().is_none() {
            diagnostics.push(unknown_theme(snapshot, config));
            return None;
        }
        let mut sources: BTreeMap<String, Source> = BTreeMap::new();
        let mut assets: BTreeMap<String, Asset> = BTreeMap::new();
        for BuiltIn { theme, path, bytes } in built_in_files(&config.theme) {
            if let Some(name) = path.strip_prefix("templates/") {
                let text = String::from_utf8_lossy(bytes).into();
                let path = SitePath::from(format!("themes/{theme}/{path}"));
                sources.insert(name.to_owned(), Source { path, text, is_own: false });
            } else if let Some(name) = path.strip_prefix("static/") {
                assets.insert(name.to_owned(), Asset::BuiltIn(bytes));
            }
        }
        for file in files() {
            let below = &file.path[folder.len()..];
            if let Some(name) = below.strip_prefix("templates/") {
                if let Some(text) = file.held_text() {
                    let source = Source { path: file.path.clone(), text: text.clone(), is_own: true };
                    sources.insert(name.to_owned(), source);
                }
            } else if let Some(name) = below.strip_prefix("static/") {
                assets.insert(name.to_owned(), Asset::OnDisk(snapshot.root().join(&*file.path), file.fingerprint));
            }
        }
        let files = |tag: &str| word_files(snapshot, &config.theme, tag);
        let words = Words::load(&config.language, files, before.map(|before| &before.words), diagnostics);
        let mut mixer = Mixer::new();
        // A template can make addresses, and reports name its file.
        mixer.text(&folder).text(&urls.base().to_string()).fingerprint(words.fingerprint());
        let colours = card_colours(snapshot, &config.theme, diagnostics);
        mixer.data(&[colours.paper, colours.ink, colours.accent]);
        for (name, source) in &sources {
            mixer.text(name).text(&source.path).text(&source.text).number(u64::from(source.is_own));
        }
        let fingerprint = mixer.finish();
        if let Some(before) = before.filter(|before| before.templates.fingerprint == fingerprint) {
            return Some(Theme { templates: Arc::clone(&before.templates), words, assets, colours });
        }
        let catalogue = OnceLock::new();
        let mut made = Templates { tera: engine(urls, &words), catalogue, sources, fingerprint };
        let unknown = made.unknown_words(&words);
        let is_whole = made.add(diagnostics) && unknown.is_empty();
        diagnostics.extend(unknown);
        is_whole.then(|| Theme { templates: Arc::new(made), words, assets, colours })
    }

    /// What it says by itself, in the site's language.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// What social cards look like.
    pub fn card_colours(&self) -> Colours {
        self.colours
    }

    /// The theme's static files, by their paths in its `static/`.
    pub fn static_files(&self) -> Vec<String> {
        self.assets.keys().cloned().collect()
    }

    /// The bytes of a static file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn static_file(&self, name: &str) -> Result<Vec<u8>> {
        match self.assets.get(name) {
            Some(Asset::BuiltIn(bytes)) => Ok(bytes.to_vec()),
            Some(Asset::OnDisk(path, _)) => fs::read(path).map_err(|cause| match cause.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Error::outdated(path),
                _ => Error::io("read", path, cause),
            }),
            None => Err(Error::new(format!("find the theme's file `{name}`"))),
        }
    }

    /// What some page templates ask for.
    pub fn needs(&self, templates: BTreeSet<&'static str>) -> Arc<Needs> {
        let Templates { catalogue, sources, .. } = &*self.templates;
        let all = || sources.iter().map(|(name, source)| (name.as_str(), &*source.text));
        catalogue.get_or_init(|| Catalogue::new(all())).needs(templates)
    }

    /// Changes when any template or word does.
    pub fn fingerprint(&self) -> Fingerprint {
        self.templates.fingerprint
    }

    /// Changes when any static file does.
    pub fn assets_fingerprint(&self) -> Fingerprint {
        let mut mixer = Mixer::new();
        for name in self.assets.keys() {
            mixer.text(name).fingerprint(self.file_fingerprint(name).unwrap_or(Fingerprint::NONE));
        }
        mixer.finish()
    }

    /// Changes when a static file does.
    pub fn file_fingerprint(&self, name: &str) -> Option<Fingerprint> {
        match self.assets.get(name)? {
            Asset::BuiltIn(bytes) => Some(Fingerprint::of(bytes)),
            Asset::OnDisk(_, fingerprint) => Some(*fingerprint),
        }
    }

    /// Renders a template. `page` is the address that it is for, which the diagnostic names.
    pub fn render(&self, template: &str, context: &Context, page: &Route) -> std::result::Result<String, Diagnostic> {
        let Templates { tera, .. } = &*self.templates;
        tera.render(template, context).map_err(|error| self.templates.diagnostic(&error, Some(page)))
    }
}

/// The colours that `[card]` in `theme.toml` sets, of the site's file or the one in the binary.
fn card_colours(snapshot: &Snapshot, theme: &str, diagnostics: &mut Vec<Diagnostic>) -> Colours {
    let path = SitePath::from(format!("themes/{theme}/theme.toml"));
    let own = snapshot.get(&path).and_then(|file| file.held_text());
    let text = own.map(|text| &**text).or_else(|| built_in_text(&path)).unwrap_or_default();
    let mut colours = Colours::default();
    let card = parse_toml(text, 0, &path, diagnostics).into_iter().find(|entry| entry.key == "card");
    let rows = card.map(|card| card.node.value);
    let Some(parse::Value::Table(rows)) = rows else { return colours };
    for row in rows {
        let part = match row.key.as_str() {
            "paper" => &mut colours.paper,
            "ink" => &mut colours.ink,
            "accent" => &mut colours.accent,
            other => {
                let place = Place::new(&path, row.key_span.clone());
                let diagnostic = Diagnostic::error(format!("unknown key `{other}` in `[card]`"), place);
                let near = did_you_mean(other, ["paper", "ink", "accent"]);
                diagnostics.push(match near {
                    Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                    None => diagnostic.hint("a card has `paper`, `ink` and `accent`"),
                });
                continue;
            }
        };
        let read = match &row.node.value {
            parse::Value::String(text) => colour(text),
            _ => None,
        };
        match read {
            Some(read) => *part = read,
            None => diagnostics.push(
                Diagnostic::error(format!("`{}` is no colour", row.key), Place::new(&path, row.node.span.clone()))
                    .hint("write red, green and blue as style sheets do: `\"#8c1c13\"`"),
            ),
        }
    }
    colours
}

impl Templates {
    /// Adds all templates; each that is broken is reported, so that one run shows all of them.
    fn add(&mut self, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let mut templates: BTreeMap<String, Arc<str>> =
            self.sources.iter().map(|(name, source)| (name.clone(), Arc::clone(&source.text))).collect();
        let mut broken: BTreeSet<String> = BTreeSet::new();
        loop {
            let Err(error) = self.tera.add_raw_templates(&templates) else { return broken.is_empty() };
            let unknown = self.unknown_names(&error);
            if !unknown.is_empty() {
                diagnostics.extend(unknown);
                return false;
            }
            diagnostics.push(self.diagnostic(&error, None));
            let name = match error.kind() {
                ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => report.filename().to_owned(),
                _ => return false,
            };
            // The broken one is out of the way, and the next attempt finds the next.
            if !templates.contains_key(&name) || !broken.insert(name.clone()) {
                return false;
            }
            templates.insert(name, Arc::from(""));
        }
    }

    /// Words that templates ask for by name and that the theme does not have.
    fn unknown_words(&self, words: &Words) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for Source { path, text, .. } in self.sources.values() {
            for word in words::uses(text).into_iter().filter(|word| !words.has(word.key, word.is_table)) {
                let hint = match words.near(word.key) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write it in words/en.toml of the theme; themes/README.md says how".to_owned(),
                };
                let message = format!("the theme has no word `{}`", word.key);
                let place = Place::new(path, word.at..word.at + word.key.len());
                found.push(Diagnostic::error(message, place).hint(hint));
            }
        }
        found
    }

    /// Filters, functions, tests, components and templates that do not exist. Tera gives them as one finished text of
    /// reports, each with a line `error: …` and a line `--> name:line:column`.
    fn unknown_names(&self, error: &tera::Error) -> Vec<Diagnostic> {
        let ErrorKind::Msg(text) = error.kind() else { return Vec::new() };
        let mut found = Vec::new();
        let mut message = None;
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("error: ") {
                message = Some(lower_first(rest));
            } else if let Some(place) = line.strip_prefix("--> ")
                && let Some(message) = message.take()
            {
                let mut parts = place.rsplitn(3, ':');
                let column: usize = parts.next().and_then(|part| part.parse().ok()).unwrap_or(1);
                let line: usize = parts.next().and_then(|part| part.parse().ok()).unwrap_or(1);
                // The name ends the message, between backticks.
                let length = message.split('`').nth(1).map_or(0, |name| name.chars().count());
                let place =
                    self.place_at(parts.next().unwrap_or_default(), (line, column - 1), (line, column - 1 + length));
                found.push(Diagnostic::error(format!("the template is broken: {message}"), place).hint(BROKEN_HINT));
            }
        }
        found
    }

    fn diagnostic(&self, error: &tera::Error, page: Option<&Route>) -> Diagnostic {
        let hint = match page {
            Some(page) => format!("this happened on `{page}`; themes/README.md lists what each template gets"),
            None => BROKEN_HINT.to_owned(),
        };
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let place = self.place(report);
                let message = report.message().lines().next().unwrap_or_default().to_owned();
                let kind = if page.is_some() { "the template failed" } else { "the template is broken" };
                Diagnostic::error(format!("{kind}: {}", lower_first(&message)), place).hint(hint)
            }
            other => {
                let message = other.to_string().replace("n't ", " not ").replace('\'', "`");
                let name = self
                    .sources
                    .iter()
                    .find(|(name, source)| source.is_own && message.contains(&format!("`{name}`")))
                    .map(|(_, source)| source.path.clone());
                let path = name.unwrap_or_else(|| SitePath::from("site.toml"));
                Diagnostic::error(format!("the theme is broken: {}", lower_first(&message)), Place::file(&path))
                    .hint(hint)
            }
        }
    }

    fn place(&self, report: &ReportError) -> Place {
        let span = report.span();
        self.place_at(report.filename(), (span.start_line, span.start_col), (span.end_line, span.end_col))
    }

    /// A place in a template; lines are counted from 1, columns from 0.
    fn place_at(&self, name: &str, start: (usize, usize), end: (usize, usize)) -> Place {
        let Some(Source { path, text, .. }) = self.sources.get(name) else {
            return Place::file(&SitePath::from(format!("themes/{DEFAULT_THEME}/templates/{name}")));
        };
        let byte = |(line, column): (usize, usize)| {
            let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
            let start = start.min(text.len());
            start + text[start..].chars().take(column).map(char::len_utf8).sum::<usize>()
        };
        let from = byte(start);
        Place::new(path, from..byte(end).max(from))
    }
}

const BROKEN_HINT: &str = "themes/README.md describes templates; remove the file to use the built-in one";

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A file of a built-in theme.
pub(super) struct BuiltIn {
    /// The theme's name.
    pub theme: &'static str,
    /// Where it lies in the theme.
    pub path: String,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// The built-in files that a theme stands on; of two with one path, the later takes the place of the earlier.
pub(super) fn built_in_files(theme: &str) -> Vec<BuiltIn> {
    fn walk(theme: &'static str, dir: &'static Dir<'static>, found: &mut Vec<BuiltIn>) {
        for file in dir.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            found.push(BuiltIn { theme, path, bytes: file.contents() });
        }
        for dir in dir.dirs() {
            walk(theme, dir, found);
        }
    }
    let mut found = Vec::new();
    for (name, dir) in layers(theme) {
        walk(name, dir, &mut found);
    }
    found
}

fn unknown_theme(snapshot: &Snapshot, config: &Config) -> Diagnostic {
    let site = SitePath::from("site.toml");
    let place = match &config.theme_span {
        Some(span) => Place::new(&site, span.clone()),
        None => Place::file(&site),
    };
    let mut themes: BTreeSet<&str> = built_in_themes().collect();
    let own = snapshot.area(Area::Theme).filter_map(|file| file.path.strip_prefix("themes/")?.split_once('/'));
    themes.extend(own.map(|(name, _)| name));
    let hint = match did_you_mean(&config.theme, themes.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? a theme is a folder in themes/, or built in"),
        None => format!("a theme is a folder in themes/, or built in; there are {}", Vec::from_iter(themes).join(", ")),
    };
    Diagnostic::error(format!("unknown theme `{}`", config.theme), place).hint(hint)
}

/// The words of a tag: those built in, then the site's own.
fn word_files<'a>(snapshot: &'a Snapshot, theme: &str, tag: &str) -> Vec<WordFile<'a>> {
    let name = format!("words/{tag}.toml");
    let built_in = layers(theme).filter_map(|(theme, dir)| {
        let text = dir.get_file(&name)?.contents_utf8()?;
        Some(WordFile { path: SitePath::from(format!("themes/{theme}/{name}")), text: text.into() })
    });
    let own = snapshot.get(&format!("themes/{theme}/{name}"));
    let own = own.and_then(|file| Some(WordFile { path: file.path.clone(), text: file.held_text()?.as_ref().into() }));
    built_in.chain(own).collect()
}

/// No clock and no chance in it: the same data give the same page.
fn engine(urls: &Urls, words: &Arc<Words>) -> Tera {
    let mut tera = Tera::default();
    let urls = urls.clone();
    tera.register_function("url", move |arguments: Kwargs, _: &State| -> TeraResult<String> {
        let path = arguments.must_get::<&str>("path")?;
        Ok(urls.path(&Route::file(path.trim_start_matches('/'))))
    });
    // Functions that are called inside a component do not see the page: these know the site's language by themselves.
    let known = Arc::clone(words);
    tera.register_function("words", move |arguments: Kwargs, _: &State| word(&known, &arguments));
    let known = Arc::clone(words);
    tera.register_function("direction", move |_: Kwargs, _: &State| -> &'static str {
        direction(known.locale().tag())
    });
    let known = Arc::clone(words);
    tera.register_filter("number", move |number: i64, _: Kwargs, _: &State| known.locale().number(number));
    tera
}

/// `words(key="…")`, with `of`, `count` and a value for each place in the word. What it gives is HTML: only values that are
/// HTML themselves, such as a block of `set`, go in as they are.
fn word(words: &Words, arguments: &Kwargs) -> TeraResult<Value> {
    let key = arguments.must_get::<&str>("key")?;
    let of = arguments.get::<&str>("of")?;
    let count = arguments.get::<u64>("count")?;
    let argument = |name: &str| {
        let (_, value) = arguments.iter().find(|(known, _)| known.as_str() == Some(name))?;
        match value.as_str() {
            Some(text) if value.is_safe() => Some(Argument::Html(text)),
            Some(text) => Some(Argument::Text(text)),
            None => value.as_i64().map(Argument::Number).or_else(|| value.as_f64().map(Argument::Fraction)),
        }
    };
    words.html(key, of, count, argument).map(|html| Value::safe_string(&html)).map_err(tera::Error::message)
}

/// The templates that pages are made from.
pub fn page_templates() -> &'static [&'static str] {
    &PAGE_TEMPLATES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::needs::EVERYTHING;

    #[test]
    fn the_built_in_templates_name_what_they_ask_for() {
        for theme in built_in_themes() {
            let files: BTreeMap<String, String> = built_in_files(theme)
                .into_iter()
                .filter_map(|file| {
                    let name = file.path.strip_prefix("templates/")?.to_owned();
                    Some((name, String::from_utf8_lossy(file.bytes).into_owned()))
                })
                .collect();
            let catalogue = Catalogue::new(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
            for template in PAGE_TEMPLATES {
                let needs = catalogue.needs(BTreeSet::from([template]));
                assert_ne!(*needs, EVERYTHING, "{theme}: {template}");
            }
        }
    }
}
