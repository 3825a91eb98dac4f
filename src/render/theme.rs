//! The theme: templates and static files, the site's own over those built into the binary. The only room that knows
//! `tera`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::PathBuf,
    sync::Arc,
};

use include_dir::{Dir, include_dir};
use tera::{Context, ErrorKind, Kwargs, ReportError, State, Tera, TeraResult};

use crate::{
    config::{Config, DEFAULT_THEME},
    diagnostic::{Diagnostic, Place, SitePath, did_you_mean},
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
    load::{Area, Snapshot},
    plan::{Route, Urls},
};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/broadsheet");

/// Templates that every theme has, from itself or from the built-in one.
const PAGE_TEMPLATES: [&str; 17] = [
    "404.html",
    "a-z.html",
    "archive.html",
    "article.html",
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

/// A value that many pages get, made ready for templates once.
pub struct Shared(tera::Value);

impl Shared {
    /// Makes a value ready.
    pub fn new<T: serde::Serialize>(value: &T) -> Self {
        Shared(tera::Value::from_serializable(value))
    }

    /// Gives it to a template under a name.
    pub fn insert(&self, name: &'static str, context: &mut Context) {
        context.insert_value(name, self.0.clone());
    }
}

/// A theme, ready to render.
pub struct Theme {
    templates: Arc<Templates>,
    assets: BTreeMap<String, Asset>,
}

/// Templates, ready to render.
struct Templates {
    tera: Tera,
    /// The templates that the site has of its own: where each lies, and its text.
    own: BTreeMap<String, (SitePath, Arc<str>)>,
    fingerprint: Fingerprint,
}

/// The text of a built-in template, for reports, by the path that it would have in a site.
pub fn built_in_text(path: &str) -> Option<&'static str> {
    let below = path.strip_prefix("themes/broadsheet/")?;
    BUILT_IN.get_file(below)?.contents_utf8()
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
        if config.theme != DEFAULT_THEME && files().next().is_none() {
            diagnostics.push(unknown_theme(snapshot, config));
            return None;
        }
        let mut templates: BTreeMap<String, String> = BTreeMap::new();
        let mut assets: BTreeMap<String, Asset> = BTreeMap::new();
        for (path, bytes) in built_in_files() {
            if let Some(name) = path.strip_prefix("templates/") {
                templates.insert(name.to_owned(), String::from_utf8_lossy(bytes).into_owned());
            } else if let Some(name) = path.strip_prefix("static/") {
                assets.insert(name.to_owned(), Asset::BuiltIn(bytes));
            }
        }
        let mut own = BTreeMap::new();
        for file in files() {
            let below = &file.path[folder.len()..];
            if let Some(name) = below.strip_prefix("templates/") {
                if let Some(text) = file.held_text() {
                    templates.insert(name.to_owned(), text.to_string());
                    own.insert(name.to_owned(), (file.path.clone(), text.clone()));
                }
            } else if let Some(name) = below.strip_prefix("static/") {
                assets.insert(name.to_owned(), Asset::OnDisk(snapshot.root().join(&*file.path), file.fingerprint));
            }
        }
        let mut mixer = Mixer::new();
        // A template can make addresses, and reports name its file.
        mixer.text(&folder).text(&urls.base().to_string());
        for (name, text) in &templates {
            mixer.text(name).text(text).number(u64::from(own.contains_key(name)));
        }
        let fingerprint = mixer.finish();
        if let Some(before) = before.filter(|before| before.templates.fingerprint == fingerprint) {
            return Some(Theme { templates: Arc::clone(&before.templates), assets });
        }
        let mut made = Templates { tera: engine(urls), own, fingerprint };
        made.add(templates, diagnostics).then(|| Theme { templates: Arc::new(made), assets })
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

    /// Changes when any template does.
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

impl Templates {
    /// Adds all templates; each that is broken is reported, so that one run shows all of them.
    fn add(&mut self, mut templates: BTreeMap<String, String>, diagnostics: &mut Vec<Diagnostic>) -> bool {
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
            templates.insert(name, String::new());
        }
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
                    .own
                    .iter()
                    .find(|(name, _)| message.contains(&format!("`{name}`")))
                    .map(|(_, (path, _))| path.clone());
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
        let built_in = || SitePath::from(format!("themes/{DEFAULT_THEME}/templates/{name}"));
        let (path, text) = match self.own.get(name) {
            Some((path, text)) => (path.clone(), Some(text.as_ref())),
            None => (built_in(), built_in_text(&built_in())),
        };
        let Some(text) = text else { return Place::file(&path) };
        let byte = |(line, column): (usize, usize)| {
            let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
            let start = start.min(text.len());
            start + text[start..].chars().take(column).map(char::len_utf8).sum::<usize>()
        };
        let from = byte(start);
        Place::new(&path, from..byte(end).max(from))
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

fn built_in_files() -> Vec<(String, &'static [u8])> {
    fn walk(dir: &'static Dir<'static>, found: &mut Vec<(String, &'static [u8])>) {
        for file in dir.files() {
            found.push((file.path().to_string_lossy().replace('\\', "/"), file.contents()));
        }
        for dir in dir.dirs() {
            walk(dir, found);
        }
    }
    let mut found = Vec::new();
    walk(&BUILT_IN, &mut found);
    found.sort();
    found
}

fn unknown_theme(snapshot: &Snapshot, config: &Config) -> Diagnostic {
    let site = SitePath::from("site.toml");
    let place = match &config.theme_span {
        Some(span) => Place::new(&site, span.clone()),
        None => Place::file(&site),
    };
    let themes: BTreeSet<&str> = snapshot
        .area(Area::Theme)
        .filter_map(|file| file.path.strip_prefix("themes/")?.split_once('/'))
        .map(|(name, _)| name)
        .chain([DEFAULT_THEME])
        .collect();
    let hint = match did_you_mean(&config.theme, themes.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? a theme is a folder in themes/"),
        None => format!("a theme is a folder in themes/; there is {}", Vec::from_iter(themes).join(", ")),
    };
    Diagnostic::error(format!("unknown theme `{}`", config.theme), place).hint(hint)
}

/// No clock and no chance in it: the same data give the same page.
fn engine(urls: &Urls) -> Tera {
    let mut tera = Tera::default();
    let urls = urls.clone();
    tera.register_function("url", move |arguments: Kwargs, _: &State| -> TeraResult<String> {
        let path = arguments.must_get::<&str>("path")?;
        Ok(urls.path(&Route::file(path.trim_start_matches('/'))))
    });
    tera
}

/// The templates that pages are made from.
pub fn page_templates() -> &'static [&'static str] {
    &PAGE_TEMPLATES
}
