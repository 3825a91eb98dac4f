//! `dateline import`: clipped stories become articles.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::{Outcome, Terminal, init::create, now};
use crate::{
    cli::{ImportArgs, ImportTarget},
    config::{self, Config, Now, Overrides},
    error::{Error, Result},
    import::{
        self, Context, NotRead, Report, Story, markdown,
        merge::{Decision, Existing, decide},
        story::Outlet,
        text::agency,
    },
    load::{self, Area, Snapshot},
    model::{self, Model},
    parse::{self, Value, split},
};

/// A story is text; what is larger than this is something else.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

pub fn run(root: &Path, args: &ImportArgs, terminal: &Terminal) -> Result<Outcome> {
    let (snapshot, mut diagnostics) = load::load(root, None)?;
    let Some(config) = config::read(&snapshot, &Overrides::default(), &mut diagnostics) else {
        terminal.problem(
            &format!("there is no `site.toml` in `{}`", root.display()),
            Some("run this in a site's folder, name it with `--root DIR`, or make a new site: `dateline init DIR`"),
        );
        return Ok(Outcome::WrongUsage);
    };
    let now = now(None)?;
    let site = Site::new(&snapshot, &config, &now);
    if let Some(unknown) = args.topics.iter().find(|topic| !site.topics().any(|slug| slug == *topic)) {
        terminal.unknown_topic(unknown, site.topics());
        return Ok(Outcome::WrongUsage);
    }
    let context = Context {
        topics: args.topics.clone(),
        inbox: args.to == Some(ImportTarget::Inbox),
        outlets: site.outlets(),
        ..Context::on(now.today(&TimeZone::UTC))
    };
    let inputs = inputs(&args.inputs, terminal)?;
    let mut outcome = if inputs.has_missing { Outcome::SiteHasErrors } else { Outcome::Done };
    let read: Vec<(PathBuf, Result<Stories>)> = inputs
        .files
        .into_par_iter()
        .map(|path| {
            let stories = bytes(&path).map(|bytes| import::read(&bytes, &context));
            (path, stories)
        })
        .collect();
    let mut existing = existing(&snapshot);
    let mut tally = Tally::default();
    for (path, stories) in read {
        let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
        match stories {
            Err(error) => {
                terminal.failure(&error);
                outcome = Outcome::SiteHasErrors;
            }
            Ok(Err(refusal)) => {
                terminal.problem(&format!("{name} {refusal}"), None);
                outcome = Outcome::SiteHasErrors;
            }
            Ok(Ok(stories)) => {
                for mut story in stories {
                    site.settle_agency(&mut story, &mut tally);
                    site.settle_publisher(&mut story, &mut tally);
                    take(root, args, &name, &story, &mut existing, &mut tally, terminal)?;
                }
            }
        }
    }
    site.add_agencies(root, args, &tally, terminal)?;
    site.add_outlets(root, args, &tally, terminal)?;
    terminal.say(&tally.sentence(args.dry_run));
    Ok(outcome)
}

/// The host of an address, without `www.`.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// What one input gave: its stories, or why there are none.
type Stories = std::result::Result<Vec<Story>, NotRead>;

/// What an import did.
#[derive(Default)]
struct Tally {
    new: usize,
    same: usize,
    changed: usize,
    agencies: BTreeSet<&'static str>,
    outlets: BTreeMap<String, Outlet>,
}

impl Tally {
    fn sentence(&self, is_dry: bool) -> String {
        let would = if is_dry { "would be " } else { "" };
        let mut parts = vec![format!("{} {would}imported", self.new)];
        if self.same > 0 {
            parts.push(format!("{} in the site already", self.same));
        }
        if self.changed > 0 {
            parts.push(format!("{} changed at the source, left as they are", self.changed));
        }
        parts.join(", ")
    }
}

/// What the site knows that an import can use.
struct Site<'a> {
    snapshot: &'a Snapshot,
    model: Model,
}

impl<'a> Site<'a> {
    fn new(snapshot: &'a Snapshot, config: &Config, now: &Now) -> Self {
        // What is wrong with the site is for `check` to say; an import needs only the names.
        let mut ignored = Vec::new();
        let parsed = parse::parse(snapshot, &config.zone, None);
        let documents = parsed.documents(&mut ignored);
        Site { snapshot, model: model::build(documents, config, now, &mut ignored) }
    }

    fn topics(&self) -> impl Iterator<Item = &str> {
        self.model.topics().map(|(_, topic)| topic.slug.as_str())
    }

    fn outlets(&self) -> Vec<(String, String)> {
        self.model
            .publishers()
            .map(|(_, publisher)| (publisher.slug.clone(), publisher.matter.name.value.clone()))
            .collect()
    }

    /// Gives the story the slug that this site has for its agency: its file may be named by any of its names.
    fn settle_agency(&self, story: &mut Story, tally: &mut Tally) {
        let Some(found) = story.agency.as_deref().and_then(agency::by_slug) else { return };
        let is_it = |publisher: &model::Publisher| {
            let matter = &publisher.matter;
            let names = std::iter::once(&matter.name).chain(&matter.alternate_names);
            publisher.slug == found.slug || names.into_iter().any(|name| found.is_called(&name.value))
        };
        match self.model.publishers().find(|(_, publisher)| is_it(publisher)) {
            Some((_, publisher)) => story.agency = Some(publisher.slug.clone()),
            None => {
                tally.agencies.insert(found.slug);
            }
        }
    }

    /// Gives the story the slug that this site has for its outlet, by the outlet's name or its home page.
    fn settle_publisher(&self, story: &mut Story, tally: &mut Tally) {
        let Some(outlet) = &mut story.publisher else { return };
        let host = outlet.url.as_deref().map(host_of);
        let is_it = |publisher: &model::Publisher| {
            let matter = &publisher.matter;
            let mut names = std::iter::once(&matter.name).chain(&matter.alternate_names);
            publisher.slug == outlet.slug
                || names.any(|name| name.value.to_lowercase() == outlet.name.to_lowercase())
                || host.is_some() && matter.url.as_deref().map(host_of) == host
        };
        match self.model.publishers().find(|(_, publisher)| is_it(publisher)) {
            Some((_, publisher)) => outlet.slug.clone_from(&publisher.slug),
            None => {
                tally.outlets.entry(outlet.slug.clone()).or_insert_with(|| outlet.clone());
            }
        }
    }

    /// A file for each outlet that the imported pages name and the site does not know yet.
    fn add_outlets(&self, root: &Path, args: &ImportArgs, tally: &Tally, terminal: &Terminal) -> Result<()> {
        for (slug, outlet) in &tally.outlets {
            let path = format!("content/publishers/{slug}.md");
            if self.snapshot.get(&path).is_some() || tally.agencies.contains(slug.as_str()) {
                continue;
            }
            let quoted = |text: &str| toml_edit::Value::from(text).to_string().trim().to_owned();
            let url = outlet.url.as_ref().map(|url| format!("url = {}\n", quoted(url))).unwrap_or_default();
            if !args.dry_run {
                create(&root.join(&path), &format!("+++\nname = {}\n{url}+++\n", quoted(&outlet.name)))?;
            }
            terminal.say(&format!("{path}: a file for the publisher {}, which the site did not know", outlet.name));
        }
        Ok(())
    }

    /// A file for each agency that the imported articles name and the site does not know yet.
    fn add_agencies(&self, root: &Path, args: &ImportArgs, tally: &Tally, terminal: &Terminal) -> Result<()> {
        for slug in &tally.agencies {
            let path = format!("content/publishers/{slug}.md");
            let Some(found) = agency::by_slug(slug).filter(|_| self.snapshot.get(&path).is_none()) else { continue };
            let name = toml_edit::Value::from(found.name).to_string();
            let text = format!("+++\nname = {}\nkind = \"agency\"\n+++\n", name.trim());
            if !args.dry_run {
                create(&root.join(&path), &text)?;
            }
            terminal.say(&format!("{path}: a file for the agency {}, which the site did not know", found.name));
        }
        Ok(())
    }
}

fn take(
    root: &Path,
    args: &ImportArgs,
    name: &str,
    story: &Story,
    existing: &mut Vec<Existing>,
    tally: &mut Tally,
    terminal: &Terminal,
) -> Result<()> {
    match decide(existing, story) {
        Decision::Same { path } => {
            tally.same += 1;
            terminal.say(&format!("{name}: in the site already, as {path}; nothing is changed"));
        }
        Decision::Changed { path, new, gone } => {
            tally.changed += 1;
            terminal.say(&format!(
                "{name}: another version is in the site, as {path} ({new} paragraphs are new, {gone} are gone); \
                 nothing is changed"
            ));
        }
        Decision::New { path, slug } => {
            tally.new += 1;
            let text = markdown::file_with(story, &slug);
            terminal.say(&format!("{name} → {path}"));
            terminal.say(&Report::new(story).to_string());
            if args.dry_run {
                terminal.print(&text);
            } else {
                create(&root.join(&path), &text)?;
            }
            existing.extend(existing_of(&path, &text));
        }
    }
    Ok(())
}

/// The files to read.
struct Inputs {
    files: Vec<PathBuf>,
    has_missing: bool,
}

/// Folders stand for the files in them, in order; hidden files are left out.
fn inputs(given: &[PathBuf], terminal: &Terminal) -> Result<Inputs> {
    let mut inputs = Inputs { files: Vec::new(), has_missing: false };
    for path in given {
        let text = path.to_string_lossy();
        if path == Path::new("-") || path.is_file() {
            inputs.files.push(path.clone());
        } else if path.is_dir() {
            let visible =
                |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
            for entry in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(visible) {
                let entry = entry.map_err(|error| {
                    let at = error.path().unwrap_or(path).to_owned();
                    let cause = error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
                    Error::io("read", at, cause)
                })?;
                if entry.file_type().is_file() {
                    inputs.files.push(entry.into_path());
                }
            }
        } else {
            inputs.has_missing = true;
            if text.starts_with("http://") || text.starts_with("https://") {
                terminal.problem(
                    &format!("`{text}` is an address, and addresses are not read yet"),
                    Some("save the story's text to a file and import that"),
                );
            } else {
                terminal.problem(&format!("there is no file `{text}`"), Some("look at its name and folder"));
            }
        }
    }
    Ok(inputs)
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|cause| Error::io("read", "standard input", cause))?;
    } else {
        let file = fs::File::open(path).map_err(|cause| Error::io("read", path, cause))?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|cause| Error::io("read", path, cause))?;
    }
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Error::new(format!("import `{}`: it is larger than 64 MB", path.display()))
            .with_hint("a story is text; cut the file down to it"));
    }
    Ok(bytes)
}

/// Every article of the site, the inbox included.
fn existing(snapshot: &Snapshot) -> Vec<Existing> {
    let files: Vec<_> = snapshot
        .area(Area::Content)
        .filter(|file| file.path.starts_with("content/articles/") || file.path.starts_with("content/inbox/"))
        .collect();
    files.into_par_iter().filter_map(|file| existing_of(&file.path, file.text()?)).collect()
}

fn existing_of(path: &str, text: &str) -> Option<Existing> {
    let split = split(text, &path.into(), &mut Vec::new())?;
    let fields: BTreeMap<&str, &Value> =
        split.entries.iter().map(|entry| (entry.key.as_str(), &entry.node.value)).collect();
    let text_of = |key: &str| match fields.get(key) {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let sha256 = match fields.get("import") {
        Some(Value::Table(entries)) => {
            entries.iter().find(|entry| entry.key == "sha256").and_then(|entry| match &entry.node.value {
                Value::String(text) => Some(text.as_str()),
                _ => None,
            })
        }
        _ => None,
    };
    Some(Existing::new(path, text_of("id"), sha256, text_of("url"), &text[split.body]))
}
