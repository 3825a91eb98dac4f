//! `dateline import`: what was clipped becomes articles.
//!
//! Inputs are opened one after another, and what is in them is read in batches on all cores, so that a run over ten thousand files
//! holds a few of them at a time. What becomes of a story is decided one by one, in the order of the inputs.

mod history;
mod inputs;
mod outlets;
mod pictures;
mod site;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::tz::TimeZone;
use rayon::prelude::*;
use url::Url;

use super::{Outcome, Terminal, init::create, now};
use crate::{
    cli::{ImportArgs, ImportTarget},
    config::{self, Overrides},
    error::{Error, Result},
    fetch::{Client, Limits, Private, Refusal},
    import::{
        self, Context, Found, MAX_BYTES, NotRead, Report, Source, Story, markdown,
        merge::{Decision, Index},
        repeats::Repeats,
        update::{self, Change, Side, compare},
    },
    load, replace,
};
use inputs::{Inputs, Next};
use site::Site;

/// How much is read before anything is decided.
const BATCH_BYTES: usize = 16 * 1024 * 1024;
/// How many things are read before anything is decided.
const BATCH: usize = 128;
/// How many addresses are asked at once; each site is asked one thing at a time.
const ASKED_AT_ONCE: usize = 16;
/// With more stories than this, each gets one line and no report.
const REPORTED: usize = 20;

pub fn run(root: &Path, args: &ImportArgs, terminal: &Terminal) -> Result<Outcome> {
    let listing = load::list(root)?;
    let settings = load::settings(&listing, None)?;
    let Some(config) = config::read(&settings, &Overrides::default(), &mut Vec::new()) else {
        terminal.problem(
            &format!("there is no `site.toml` in `{}`", root.display()),
            Some("run this in a site's folder, name it with `--root DIR`, or make a new site: `dateline init DIR`"),
        );
        return Ok(Outcome::WrongUsage);
    };
    let now = now(None)?;
    let (snapshot, parsed, articles) = site::read(listing, &config.zone)?;
    let site = Site::new(&snapshot, &parsed, &config, &now);
    if let Some(unknown) = args.topics.iter().find(|topic| !site.topics.contains(topic)) {
        terminal.unknown_topic(unknown, site.topics.iter().map(String::as_str));
        return Ok(Outcome::WrongUsage);
    }
    let mut context = Context {
        topics: args.topics.clone(),
        inbox: args.to == Some(ImportTarget::Inbox),
        outlets: site.outlets(),
        ..Context::on(now.today(&TimeZone::UTC))
    };
    let (existing, sightings): (Vec<_>, Vec<_>) = articles.into_iter().unzip();
    let index: Index = existing.into_iter().collect();
    let mut repeats = outlets::load(root);
    repeats.agree(sightings);
    let known = repeats.clone();
    context.repeats = Arc::new(repeats);
    // The site itself is not needed any more.
    drop((snapshot, parsed, config));
    let private = match args.allow_private.as_slice() {
        [] => Private::None,
        hosts if hosts.iter().any(|host| host == "all") => Private::All,
        hosts => Private::Hosts(hosts.to_vec()),
    };
    let limits = Limits { timeout: args.timeout, bytes: MAX_BYTES, private };
    let inputs = Inputs::new(&args.inputs, context.today);
    let is_terse = inputs.len() > REPORTED;
    let bar = bar(inputs.len(), terminal);
    if inputs.len() > 1 || args.inputs.iter().any(|path| path.is_file()) {
        bar.set_message("a first look, for what outlets repeat");
        outlets::look(&args.inputs, &mut context, || bar.tick());
        bar.set_message("");
    }
    let run = Run {
        root,
        args,
        terminal,
        context,
        client: Client::new(limits),
        bar,
        is_terse,
        site,
        index,
        known,
        removed: if args.again { Index::default() } else { history::removed(root) },
        tally: Tally::default(),
        held: BTreeMap::new(),
        unwritten: BTreeMap::new(),
    };
    run.finish(inputs)
}

/// A bar at a terminal, and only where there is something to wait for.
fn bar(count: usize, terminal: &Terminal) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::stderr());
    if count <= 8 || terminal.is_quiet() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} inputs {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// One import.
struct Run<'a> {
    root: &'a Path,
    args: &'a ImportArgs,
    terminal: &'a Terminal,
    context: Context,
    client: Client,
    bar: ProgressBar,
    is_terse: bool,
    site: Site,
    index: Index,
    /// What is known for the next import of the lines of those that became articles.
    known: Repeats,
    /// What the site had once.
    removed: Index,
    tally: Tally,
    /// How many stories each input has held so far, and how many things without one.
    held: BTreeMap<String, (usize, usize)>,
    /// With `--dry-run`: what would have been written, by path.
    unwritten: BTreeMap<String, String>,
}

/// What an import did.
#[derive(Default)]
struct Tally {
    new: usize,
    inbox: usize,
    same: usize,
    removed: usize,
    changed: usize,
    updated: usize,
    left_out: Vec<String>,
    failed: Vec<String>,
}

impl Tally {
    fn sentence(&self, is_dry: bool) -> String {
        let would = if is_dry { "would be " } else { "" };
        let inbox = match self.inbox {
            0 => String::new(),
            all if all == self.new => ", to the inbox".to_owned(),
            some => format!(", {some} of them to the inbox"),
        };
        let mut parts = vec![format!("{} {would}imported{inbox}", self.new)];
        if self.same > 0 {
            parts.push(format!("{} in the site already", self.same));
        }
        if self.removed > 0 {
            parts.push(format!("{} removed from the site earlier and not brought back", self.removed));
        }
        if self.updated > 0 {
            parts.push(format!("{} {would}updated", self.updated));
        }
        if self.changed > 0 {
            parts.push(format!("{} changed at the source and left as they are", self.changed));
        }
        if !self.left_out.is_empty() {
            parts.push(format!("{} left out", self.left_out.len()));
        }
        if !self.failed.is_empty() {
            parts.push(format!("{} not read, or not in full", self.failed.len()));
        }
        parts.join("; ")
    }
}

/// The first names of a list, and how many more there are.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 10;
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    format!("{}{more}", names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", "))
}

/// Why something gave no story.
struct Refused {
    /// A clause that goes after its name.
    message: String,
    /// A way out.
    hint: Option<&'static str>,
}

impl From<NotRead> for Refused {
    fn from(not_read: NotRead) -> Self {
        use import::Format;
        let is_plain = matches!(
            not_read.format,
            Format::Text | Format::Binary(_) | Format::Empty | Format::Xml | Format::Article | Format::Gzip
        );
        let hint = (!is_plain).then_some("open it in the program that it comes from, and save it anew");
        Refused { message: not_read.message, hint }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Refused { message: refusal.message, hint: refusal.hint }
    }
}

/// What something gave.
type Given = std::result::Result<Found, Refused>;
/// An input, the place in it, and what it gave.
type Read = (String, String, Given);

impl Run<'_> {
    fn finish(mut self, mut inputs: Inputs) -> Result<Outcome> {
        loop {
            let (mut pieces, mut addresses, mut closed) = (Vec::new(), Vec::new(), Vec::new());
            let mut bytes = 0;
            let mut is_over = false;
            // A batch ends before an address: what comes after it is decided after it.
            while bytes < BATCH_BYTES && pieces.len() + addresses.len() < BATCH {
                match inputs.next() {
                    None => {
                        is_over = true;
                        break;
                    }
                    Some(Next::Opened) => {
                        self.bar.set_length(inputs.len() as u64);
                        self.bar.set_position(inputs.opened() as u64);
                    }
                    Some(Next::Failed(name, message, hint)) => self.fail(&name, &message, hint),
                    Some(Next::LeftOut(name)) => self.tally.left_out.push(name),
                    Some(Next::Closed(name)) => closed.push(name),
                    Some(Next::Piece(name, piece)) => {
                        bytes += piece.bytes.len();
                        pieces.push((name, piece));
                    }
                    Some(Next::Address(url)) => {
                        addresses.push(url);
                        if addresses.len() >= ASKED_AT_ONCE {
                            break;
                        }
                    }
                }
            }
            let context = &self.context;
            let read: Vec<Read> = pieces
                .into_par_iter()
                .map(|(input, piece)| {
                    let found = import::read_from(&piece.bytes, &piece.source, context).map_err(Refused::from);
                    let name = if piece.place.is_empty() { input.clone() } else { format!("{input}, {}", piece.place) };
                    (input, name, found)
                })
                .collect();
            for (input, name, found) in read {
                let count = found.as_ref().map_or(0, |found| found.stories.len());
                let is_empty =
                    found.as_ref().is_ok_and(|found| count == 0 && found.feeds.is_empty() && found.troubles.is_empty());
                let held = self.held.entry(input).or_default();
                held.0 += count;
                held.1 += usize::from(is_empty);
                self.found(&name, found, &mut inputs)?;
            }
            for name in closed {
                match self.held.remove(&name).unwrap_or_default() {
                    (0, _) if self.tally.failed.last() == Some(&name) => {}
                    (0, _) => self.fail(&name, "holds no story", None),
                    (_, 0) => {}
                    (_, 1) => self.say(&format!("{name}: one more page in it holds no story, and was left out")),
                    (_, more) => self.say(&format!("{name}: {more} more pages in it hold no story, and were left out")),
                }
            }
            for (url, found) in self.ask(addresses) {
                self.found(&format!("`{url}`"), found, &mut inputs)?;
            }
            if is_over && inputs.is_over() {
                break;
            }
        }
        self.bar.finish_and_clear();
        if !self.tally.left_out.is_empty() {
            self.say(&format!("left out, as they are no text: {}", some(&self.tally.left_out)));
        }
        if !self.args.dry_run
            && let Err(cause) = outlets::save(self.root, &self.known)
        {
            self.say(&format!("what outlets repeat could not be remembered for the next import: {cause}"));
        }
        self.say(&self.tally.sentence(self.args.dry_run));
        if self.tally.failed.is_empty() {
            return Ok(Outcome::Done);
        }
        if self.is_terse {
            self.say(&format!("not read, or not in full: {}", some(&self.tally.failed)));
        }
        Ok(Outcome::SiteHasErrors)
    }

    fn say(&self, line: &str) {
        self.bar.suspend(|| self.terminal.say(line));
    }

    fn fail(&mut self, name: &str, message: &str, hint: Option<&str>) {
        self.bar.suspend(|| self.terminal.problem(&format!("{name} {message}"), hint));
        let name = name.trim_matches('`').to_owned();
        if self.tally.failed.last() != Some(&name) {
            self.tally.failed.push(name);
        }
    }

    /// Asks for addresses, several at once, and reads what they answer.
    fn ask(&self, addresses: Vec<Url>) -> Vec<(Url, Given)> {
        if addresses.is_empty() {
            return Vec::new();
        }
        let ask = |url: Url| {
            let found = self.client.get(&url).map_err(Refused::from).and_then(|answer| {
                let source = Source {
                    url: Some(import::address::of_page(&answer.url)),
                    headers: answer.headers,
                    retrieved: Some(self.context.today),
                    is_one_of_many: false,
                };
                Ok(import::read_from(&answer.bytes, &source, &self.context)?)
            });
            (url, found)
        };
        // Waiting takes no processor: more threads than there are cores.
        match rayon::ThreadPoolBuilder::new().num_threads(ASKED_AT_ONCE.min(addresses.len())).build() {
            Ok(pool) => pool.install(|| addresses.into_par_iter().map(ask).collect()),
            Err(_) => addresses.into_iter().map(ask).collect(),
        }
    }

    /// Takes what an input gave.
    fn found(&mut self, name: &str, found: Given, inputs: &mut Inputs) -> Result<()> {
        let found = match found {
            Ok(found) => found,
            Err(refused) => {
                self.fail(name, &refused.message, refused.hint);
                return Ok(());
            }
        };
        for note in &found.notes {
            self.say(&format!("{name} {note}"));
        }
        for trouble in &found.troubles {
            self.fail(name, trouble, None);
        }
        if !found.feeds.is_empty() {
            let count = found.feeds.len();
            self.say(&format!(
                "{name}: a list of {count} feed{}, each of which is read",
                if count == 1 { "" } else { "s" }
            ));
            inputs.add(found.feeds);
        }
        self.is_terse |= found.stories.len() > REPORTED;
        let mut stories = found.stories.into_iter().peekable();
        while stories.peek().is_some() {
            let mut chunk: Vec<Story> = stories.by_ref().take(ASKED_AT_ONCE * 4).collect();
            if self.args.fetch {
                self.fill(&mut chunk);
            }
            for story in chunk {
                self.take(name, story, &found.pictures)?;
            }
        }
        Ok(())
    }

    /// Gives the stories that are known by their address alone the text of their page.
    fn fill(&mut self, stories: &mut [Story]) {
        let is_wanted = |story: &Story| {
            let is_unread = match self.index.decide(story) {
                Decision::New { .. } => matches!(self.removed.decide(story), Decision::New { .. }),
                Decision::Same { path } | Decision::Version { path } | Decision::Alike { path } => {
                    self.index.has_no_text(&path)
                }
            };
            story.blocks().next().is_none() && is_unread
        };
        let wanted: Vec<(usize, Url)> = stories
            .iter()
            .enumerate()
            .filter(|(_, story)| is_wanted(story))
            .filter_map(|(at, story)| Some((at, Url::parse(story.url.as_deref()?).ok()?)))
            .collect();
        let asked = self.ask(wanted.iter().map(|(_, url)| url.clone()).collect());
        for ((at, _), (url, answer)) in wanted.into_iter().zip(asked) {
            let (why, hint) = match answer {
                Ok(mut found) if found.stories.len() == 1 => {
                    stories[at] = join(&stories[at], found.stories.remove(0));
                    continue;
                }
                Ok(_) => ("holds no single story".to_owned(), None),
                Err(refused) => (refused.message, refused.hint),
            };
            self.fail(&format!("`{url}`"), &format!("{why}; its address alone is kept"), hint);
        }
    }

    /// Does what is decided for one story.
    fn take(&mut self, name: &str, mut story: Story, pictures: &BTreeMap<String, Vec<u8>>) -> Result<()> {
        if let Some(sighting) = &story.sighting {
            Arc::make_mut(&mut self.context.repeats).remember(sighting.clone());
        }
        self.site.settle(&mut story);
        match self.index.decide(&story) {
            Decision::Same { path } => self.same(name, &story, &path, pictures),
            Decision::Alike { path } => {
                self.tally.same += 1;
                self.say(&format!("{name}: much the same text is in the site, as {path}; nothing is changed"));
                Ok(())
            }
            Decision::Version { path } => self.compare(name, &story, &path, pictures),
            Decision::New { path, slug } => match self.removed.decide(&story) {
                Decision::Same { path } | Decision::Version { path } | Decision::Alike { path } => {
                    self.tally.removed += 1;
                    self.say(&format!(
                        "{name}: was in the site, as {path}, and was removed; it is not brought back (`--again` does)"
                    ));
                    Ok(())
                }
                Decision::New { .. } => self.write(name, &story, &path, &slug, pictures),
            },
        }
    }

    fn write(
        &mut self,
        name: &str,
        story: &Story,
        path: &str,
        slug: &str,
        pictures: &BTreeMap<String, Vec<u8>>,
    ) -> Result<()> {
        self.tally.new += 1;
        self.tally.inbox += usize::from(path.starts_with("content/inbox/"));
        let mut text = markdown::file_with(story, slug);
        self.index.gave(story, slug);
        self.index.add(site::existing(path, &text).unwrap_or_default());
        if self.args.images {
            text = self.with_pictures(story, slug, text, pictures)?;
        }
        if self.is_terse {
            let mut fields: Vec<&str> = story.check.iter().map(|check| check.field).collect();
            fields.dedup();
            let check = if fields.is_empty() { String::new() } else { format!("  (check: {})", fields.join(", ")) };
            self.say(&format!("{name} → {path}{check}"));
        } else {
            self.say(&format!("{name} → {path}"));
            self.say(&Report::new(story).to_string());
        }
        if self.args.dry_run {
            self.bar.suspend(|| self.terminal.print(&text));
            self.unwritten.insert(path.to_owned(), text);
        } else {
            create(&self.root.join(path), &text)?;
        }
        if let Some(sighting) = &story.sighting {
            self.known.remember(sighting.clone());
        }
        for (path, text, why) in self.site.missing(story) {
            if !self.args.dry_run {
                create(&self.root.join(&path), &text)?;
            }
            self.say(&format!("{path}: {why}"));
        }
        Ok(())
    }

    /// Leaves an article as it is, but for its pictures where they are asked for now.
    fn same(&mut self, name: &str, story: &Story, path: &str, pictures: &BTreeMap<String, Vec<u8>>) -> Result<()> {
        self.tally.same += 1;
        let at = self.root.join(path);
        if self.args.images && !self.args.dry_run && at.is_file() {
            let file = fs::read_to_string(&at).map_err(|cause| Error::io("read", &at, cause))?;
            let slug = slug_of(path);
            let text = self.with_pictures(story, slug, file.clone(), pictures)?;
            if text != file {
                replace::file(&at, text.as_bytes(), "write")?;
                self.say(&format!("{name}: in the site already, as {path}; its pictures are in static/ now"));
                return Ok(());
            }
        }
        self.say(&format!("{name}: in the site already, as {path}; nothing is changed"));
        Ok(())
    }

    /// Shows what changed at the source of an article, and takes it over where that is asked for.
    fn compare(&mut self, name: &str, story: &Story, path: &str, pictures: &BTreeMap<String, Vec<u8>>) -> Result<()> {
        let at = self.root.join(path);
        let file = match self.unwritten.get(path) {
            Some(text) => text.clone(),
            None => fs::read_to_string(&at).map_err(|cause| Error::io("read", &at, cause))?,
        };
        let slug = slug_of(path);
        let comparison = match compare(&file, &markdown::file_with(story, slug)) {
            Ok(comparison) => comparison,
            Err(why) => {
                self.tally.same += 1;
                self.say(&format!("{name}: in the site already, as {path}, which {why}; nothing is changed"));
                return Ok(());
            }
        };
        if comparison.is_same() {
            return self.same(name, story, path, pictures);
        }
        // What was fetched for an article that had no text was asked for.
        let is_asked = self.args.update || self.args.fetch && self.index.has_no_text(path);
        let is_taken = is_asked && !comparison.changes.is_empty();
        if is_taken {
            self.tally.updated += 1;
            self.say(&format!("{name}: changed at the source since it became {path}; taken over:"));
        } else {
            self.tally.changed += 1;
            let way_out = if comparison.changes.is_empty() || is_asked { "" } else { " (`--update` takes it over)" };
            self.say(&format!("{name}: changed at the source since it became {path}; nothing is changed{way_out}"));
        }
        for change in &comparison.changes {
            self.show(change);
        }
        if !comparison.kept.is_empty() {
            let why = if comparison.has_base {
                "changed by you as well, and left as you have it:"
            } else {
                "may be your own words, as the article does not tell how it was imported; left as you have it:"
            };
            self.say(&format!("  {why}"));
            for change in &comparison.kept {
                self.show(change);
            }
        }
        // What was shown once and stays as it is need not be shown again: the record of the source goes on.
        if is_asked && !self.args.dry_run && comparison.text != file {
            let mut text = comparison.text;
            if self.args.images && is_taken {
                text = self.with_pictures(story, slug, text, pictures)?;
            }
            replace::file(&at, text.as_bytes(), "write")?;
        } else if self.args.dry_run && is_taken {
            self.unwritten.insert(path.to_owned(), comparison.text);
        }
        Ok(())
    }

    /// Shows one difference, word by word: `[-gone-]` and `{+new+}`, as Git does.
    fn show(&self, change: &Change) {
        let (red, green, reset) =
            if self.terminal.color() { ("\u{1b}[31m", "\u{1b}[32m", "\u{1b}[0m") } else { ("", "", "") };
        let mut line = format!("  {}: ", change.key);
        for (side, words) in update::words(&change.old, &change.new) {
            let text = words.trim_end();
            let gap = &words[text.len()..];
            match side {
                Side::Both => line.push_str(&words),
                Side::Old => line.push_str(&format!("{red}[-{text}-]{reset}{gap}")),
                Side::New => line.push_str(&format!("{green}{{+{text}+}}{reset}{gap}")),
            }
        }
        self.say(&line.replace('\n', "\n    "));
    }

    fn with_pictures(
        &mut self,
        story: &Story,
        slug: &str,
        text: String,
        carried: &BTreeMap<String, Vec<u8>>,
    ) -> Result<String> {
        let mut pictures = pictures::Pictures {
            root: self.root,
            client: &self.client,
            carried,
            is_dry: self.args.dry_run,
            troubles: Vec::new(),
        };
        let text = pictures.bring_home(story, slug, text)?;
        for (url, trouble) in std::mem::take(&mut pictures.troubles) {
            self.fail(&format!("the picture `{url}`"), &format!("{trouble}; its address stays"), None);
        }
        Ok(text)
    }
}

/// The name of an article's file, without its end.
fn slug_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default().trim_end_matches(".md")
}

/// A story that a list named, with the text of its page: what the reader wrote stays theirs.
fn join(listed: &Story, page: Story) -> Story {
    let mut story = page;
    story.tags.clone_from(&listed.tags);
    story.commentary.clone_from(&listed.commentary);
    if story.title.is_none() && listed.title.is_some() {
        story.title.clone_from(&listed.title);
        story.check.retain(|check| check.field != "title");
    }
    if story.published.is_none() && listed.published.is_some() {
        story.published.clone_from(&listed.published);
        story.check.retain(|check| check.field != "date");
    }
    story.summary = story.summary.or_else(|| listed.summary.clone());
    if story.url.is_none() {
        story.url.clone_from(&listed.url);
    }
    story
}
