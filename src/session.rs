//! Runs the stages in order. `build` and `check` differ only in where the output goes.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashSet},
    path::PathBuf,
    sync::Arc,
    time::Instant,
};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::{
    config::{self, Config, Now, Overrides},
    diagnostic::{self, Diagnostic, Severity, SitePath},
    engine::{Cache, Reason, Traces, Verdict, cache},
    error::Result,
    fingerprint::{Fingerprint, Mixer},
    load::{self, Before, Listing, Look, Snapshot, SourceFile},
    model::{self, FactKind, Model},
    parse::{self, Document, Parsed, Parser},
    plan::{self, Plan, Urls},
    render::{self, Site, Theme},
    report::{Made, Report, Texts, Timings},
    write::{Output, Written},
};

/// A site that can be built again and again, each time at the cost of what changed.
///
/// A build takes no list of changes: it looks for itself. What it remembers only saves work; without it the result would
/// be the same, byte for byte and message for message.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    overrides: Overrides,
    now: Now,
    /// Where documents are kept for the next process, when they are.
    cache: Option<Cache>,
    memory: Memory,
}

/// What a session knows of its last build.
#[derive(Debug, Default)]
struct Memory {
    snapshot: Option<Arc<Snapshot>>,
    parsed: Option<Arc<Parsed>>,
    /// The files and documents that are in the cache.
    saved: Saved,
    theme: Option<Theme>,
    structure: Option<Arc<Structure>>,
    /// The traces, once an output asked for them.
    traces: Option<Traces<FactKind>>,
    look: Option<Look>,
    /// What was seen when the snapshot was taken.
    snapshot_look: Option<Look>,
    /// Whether nothing was wrong with the names of files and with links.
    names_are_clean: bool,
    /// What is said to have changed since.
    touched: Option<BTreeSet<String>>,
}

/// A file and what it says.
type Kept = (Arc<SourceFile>, Arc<Document>);

/// What is in the cache, in the order of the paths.
#[derive(Debug, Default)]
struct Saved {
    shards: usize,
    files: Vec<Kept>,
}

/// Model and plan, and what they were made from: while that stays, so do they.
#[derive(Debug)]
struct Structure {
    documents: Vec<Arc<Document>>,
    /// Of the settings, the options over them, and the names of the files that are copied.
    setting: Fingerprint,
    /// Of all that model and plan follow from.
    fingerprint: Fingerprint,
    /// From when until when the same files make the same site.
    since: Timestamp,
    until: Option<Timestamp>,
    model: Model,
    plan: Plan,
    diagnostics: Vec<Diagnostic>,
}

/// Looks at a rendered site before it takes its place, and adds what it finds.
pub trait Inspect: Sync {
    /// Sees an output that was made, from any thread.
    fn see(&self, _path: &str, _bytes: &[u8]) {}

    /// Sees the whole site.
    fn inspect(&self, site: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>);
}

impl<F: Fn(&Inspected<'_>, &mut Vec<Diagnostic>) + Sync> Inspect for F {
    fn inspect(&self, site: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>) {
        self(site, diagnostics);
    }
}

/// What an inspection sees.
pub struct Inspected<'a> {
    /// The site's data.
    pub model: &'a Model,
    /// Its files.
    pub snapshot: &'a Snapshot,
    /// Its settings.
    pub config: &'a Config,
    /// Its addresses.
    pub urls: &'a Urls,
    /// Its outputs.
    pub plan: &'a Plan,
}

/// How often a build begins anew because a file changed while it was at work.
const ATTEMPTS: usize = 5;

/// What the files of documents are called in the cache.
const DOCUMENTS: &str = "documents";

impl Session {
    /// A session for the site in `root`, which knows nothing yet.
    pub fn new(root: PathBuf, overrides: Overrides, now: Now) -> Self {
        Session { root, overrides, now, cache: None, memory: Memory::default() }
    }

    /// Takes over what an earlier process left in the site's cache, and leaves it there for later ones.
    pub fn with_cache(mut self) -> Self {
        self.cache = Some(Cache::new(self.root.join(".dateline/cache")));
        self
    }

    /// Takes another moment for the present, for the builds to come.
    pub fn set_now(&mut self, now: Now) {
        self.now = now;
    }

    /// Says which files, by their paths from the root, have changed since the last build, if any have: the next one looks at
    /// these alone. Whoever says so must compare what that build saw ([`Session::look`]) with a look at everything.
    pub fn touched(&mut self, paths: BTreeSet<String>) {
        self.memory.touched = Some(paths);
    }

    /// What the last build saw of the site's files; nothing when it could not look.
    pub fn look(&self) -> Option<&Look> {
        self.memory.look.as_ref()
    }

    /// Notes on the disk what the next build and the next process go on from. To be called after every build; until then,
    /// what an interruption leaves half done is finished by the next build.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn remember(&mut self, output: &mut Output) -> Result<()> {
        output.settle()?;
        let Some(documents) = self.cache.clone() else { return Ok(()) };
        self.save_documents(&documents)?;
        if let (Output::Disk(_), Some(traces), Some(cache)) = (&*output, &mut self.memory.traces, output.cache()) {
            traces.save(&cache)?;
        }
        Ok(())
    }

    /// Builds the site as its files are now into `output`; with an error in it, `output` stays as it was.
    ///
    /// # Errors
    /// When the machine fails. What is wrong with the site is in the report.
    pub fn build(&mut self, output: &mut Output, inspect: Option<&dyn Inspect>) -> Result<Report> {
        let mut attempts = 1;
        loop {
            let result = output.prepare().and_then(|()| self.attempt(output, inspect));
            match result {
                Err(error) if error.is_outdated() && attempts < ATTEMPTS => attempts += 1,
                result => return result,
            }
        }
    }

    fn attempt(&mut self, output: &mut Output, inspect: Option<&dyn Inspect>) -> Result<Report> {
        let mut clock = Clock::new();
        let listing = self.list()?;
        clock.lap("list");
        let mut diagnostics = listing.diagnostics.clone();
        let settings = load::settings(&listing, self.memory.snapshot.as_deref())?;
        let Some(config) = config::read(&settings, &self.overrides, &mut diagnostics) else {
            diagnostics.extend(settings.diagnostics().cloned());
            let texts = Texts::of(&diagnostics, &settings)?;
            return Ok(Report::failed(diagnostics, texts));
        };
        self.recall(&config);
        clock.lap("cache");
        let before = self.memory.snapshot.clone().unwrap_or_default();
        let (snapshot, parsed) = self.load(listing, &config)?;
        if snapshot.get("site.toml").map(|file| file.fingerprint)
            != settings.get("site.toml").map(|file| file.fingerprint)
        {
            return Err(crate::error::Error::outdated(self.root.join("site.toml")));
        }
        clock.lap("load and parse");
        diagnostics.extend(snapshot.diagnostics().cloned());
        diagnostics.extend(parsed.diagnostics().cloned());
        let urls = Urls::new(config.base_url.clone());
        let theme = Theme::load(&snapshot, &config, &urls, self.memory.theme.as_ref(), &mut diagnostics);
        clock.lap("theme");
        let structure = self.structure(&snapshot, &parsed, &config, theme.as_ref(), &mut clock);
        let Structure { model, plan, .. } = &*structure;
        diagnostics.extend(structure.diagnostics.iter().cloned());
        let mut made = Vec::new();
        if let Some(theme) = &theme {
            let site = Site::new(model, &config, plan, &urls, &snapshot, theme);
            self.compare(output, &site, &before, &snapshot, &structure, theme);
            clock.lap("compare");
            let is_broken = has_errors(&diagnostics);
            let result = self.render(&site, output, is_broken, inspect);
            clock.lap("render and write");
            match result {
                Ok((outputs, found)) => {
                    made = outputs;
                    diagnostics.extend(found);
                }
                Err(error) => {
                    output.abandon();
                    return Err(error);
                }
            }
        }
        self.memory.theme = theme;
        if let Some(inspect) = inspect {
            let inspected = Inspected { model, snapshot: &snapshot, config: &config, urls: &urls, plan };
            inspect.inspect(&inspected, &mut diagnostics);
        }
        diagnostic::sort(&mut diagnostics);
        let texts = Texts::of(&diagnostics, &snapshot);
        if texts.is_err() || has_errors(&diagnostics) {
            output.abandon();
        }
        let texts = texts?;
        let written = self.commit(output, plan, &diagnostics)?;
        clock.lap("put into place");
        Ok(Report {
            articles: model.articles().len(),
            digests: model.digests().len(),
            omissions: model.omissions().to_vec(),
            written,
            made,
            base_url: Some(config.base_url.clone()),
            next_due: model.next_due(),
            texts,
            timings: clock.laps,
            diagnostics,
        })
    }

    /// The files as they are now.
    fn list(&mut self) -> Result<Listing> {
        let (look, touched) = (self.memory.snapshot_look.take(), self.memory.touched.take());
        self.memory.look = None;
        let listing = match (&self.memory.snapshot, look, touched) {
            (Some(snapshot), Some(look), Some(touched)) if self.memory.names_are_clean => {
                load::list_touched(snapshot, &look, &touched)
            }
            _ => None,
        };
        let listing = listing.map_or_else(|| load::list(&self.root), Ok)?;
        self.memory.names_are_clean = listing.diagnostics.is_empty();
        self.memory.look = Some(listing.look.clone());
        Ok(listing)
    }

    fn commit(&mut self, output: &mut Output, plan: &Plan, diagnostics: &[Diagnostic]) -> Result<Option<Written>> {
        if has_errors(diagnostics) {
            return Ok(None);
        }
        output.commit(plan.outputs().len(), |path| plan.get(path).is_some()).map(Some)
    }

    /// Takes over what the cache has, the first time.
    fn recall(&mut self, config: &Config) {
        let Some(cache) = self.cache.as_ref().filter(|_| self.memory.snapshot.is_none()) else { return };
        let Some(shards) = cache.load::<(String, Vec<parse::Kept>)>(DOCUMENTS) else { return };
        self.memory.saved.shards = shards.len();
        // Dates were read in a zone; under another one nothing of it holds.
        let zone = parse::zone_name(&config.zone);
        let mut files: Vec<Kept> = shards
            .into_par_iter()
            .filter(|(known, _)| *known == zone)
            .flat_map_iter(|(_, files)| files)
            .map(parse::Kept::restore)
            .collect();
        files.par_sort_unstable_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        files.dedup_by(|(a, _), (b, _)| a.path == b.path);
        let (sources, documents): (Vec<_>, Vec<_>) = files.iter().cloned().unzip();
        self.memory.snapshot = Some(Arc::new(Snapshot::from_records(&self.root, sources)));
        self.memory.parsed = Some(Arc::new(Parsed::from_record(config.zone.clone(), documents)));
        self.memory.saved.files = files;
    }

    fn load(&mut self, listing: Listing, config: &Config) -> Result<(Arc<Snapshot>, Arc<Parsed>)> {
        let before = (self.memory.snapshot.clone(), self.memory.parsed.clone());
        let before = Before { snapshot: before.0.as_deref(), reader: Parser::new(&config.zone, before.1.as_deref()) };
        let loaded = load::load(listing, &before)?;
        let (snapshot, parsed) = before.reader.finish(loaded);
        let (snapshot, parsed) = (Arc::new(snapshot), Arc::new(parsed));
        self.memory.snapshot = Some(Arc::clone(&snapshot));
        self.memory.snapshot_look = self.memory.look.clone();
        self.memory.parsed = Some(Arc::clone(&parsed));
        Ok((snapshot, parsed))
    }

    /// Model and plan: those of the last build, while everything that they were made from is as it was.
    fn structure(
        &mut self,
        snapshot: &Snapshot,
        parsed: &Parsed,
        config: &Config,
        theme: Option<&Theme>,
        clock: &mut Clock,
    ) -> Arc<Structure> {
        let theme_files = theme.map(Theme::static_files).unwrap_or_default();
        let statics = snapshot.area(load::Area::Static).map(|file| &*file.path);
        let mut setting = Mixer::new();
        setting.maybe(snapshot.get("site.toml").map(|file| file.fingerprint.to_string()).as_deref());
        setting.text(&config.base_url.to_string()).number(u64::from(config.drafts));
        for name in theme_files.iter().map(String::as_str).chain(statics) {
            setting.text(name);
        }
        let setting = setting.finish();
        let now = self.now.timestamp;
        if let Some(known) = &self.memory.structure
            && known.setting == setting
            && known.since <= now
            && known.until.is_none_or(|until| now < until)
            && parsed.documents().map(Arc::as_ptr).eq(known.documents.iter().map(Arc::as_ptr))
        {
            clock.lap("model and plan");
            return Arc::clone(known);
        }
        // The old ones are of no more use, and need not be held beside the new.
        self.memory.structure = None;
        let mut diagnostics = Vec::new();
        let model = model::build(parsed.documents(), config, &self.now, &mut diagnostics);
        clock.lap("model");
        let plan = plan::plan(&model, config, snapshot, &theme_files, &mut diagnostics);
        clock.lap("plan");
        // What is wrong may be so only at this moment: an article without a date gets the present one.
        let is_wrong = has_errors(&diagnostics) || parsed.diagnostics().next().is_some();
        let mut mixer = Mixer::new();
        mixer.fingerprint(setting);
        if is_wrong {
            mixer.text(&now.to_string());
        }
        for document in parsed.documents() {
            mixer.text(&document.path).fingerprint(document.front);
        }
        for omission in model.omissions() {
            mixer.text(&omission.path).text(omission.reason.noun(1));
        }
        let structure = Arc::new(Structure {
            documents: parsed.documents().cloned().collect(),
            setting,
            fingerprint: mixer.finish(),
            since: now,
            until: model.next_due(),
            model,
            plan,
            diagnostics,
        });
        self.memory.structure = (!is_wrong).then(|| Arc::clone(&structure));
        structure
    }

    /// Brings the traces to what the facts are now. Facts that follow from what is as it was are not asked again.
    fn compare(
        &mut self,
        output: &Output,
        site: &Site<'_>,
        before: &Snapshot,
        snapshot: &Snapshot,
        structure: &Structure,
        theme: &Theme,
    ) {
        let outputs = structure.plan.outputs().len();
        let has_cache = self.cache.is_some();
        let traces = self.memory.traces.get_or_insert_with(|| {
            let stored = output.cache().filter(|_| has_cache).and_then(|cache| Traces::load(&cache));
            stored.unwrap_or_else(|| Traces::new(outputs))
        });
        let of = |snapshot: &Snapshot, area| {
            let mut mixer = Mixer::new();
            for file in snapshot.area(area) {
                mixer.text(&file.path).fingerprint(file.fingerprint);
            }
            mixer.finish()
        };
        let templates = theme.fingerprint();
        let copied =
            Mixer::new().fingerprint(of(snapshot, load::Area::Static)).fingerprint(theme.assets_fingerprint()).finish();
        let texts = of(snapshot, load::Area::Content);
        let basis = vec![structure.fingerprint, templates, copied, texts];
        let known = traces.basis();
        let is_as_it_was = |part: usize| known.get(part) == basis.get(part);
        let structure_is_suspect = !(is_as_it_was(0) && is_as_it_was(1));
        let copied_are_suspect = !is_as_it_was(2);
        let suspect_texts = if is_as_it_was(3) {
            SuspectTexts::None
        } else if known.get(3) == Some(&of(before, load::Area::Content)) {
            SuspectTexts::These(changed(before, snapshot))
        } else {
            SuspectTexts::All
        };
        let is_suspect = |kind: FactKind, name: &str| match kind {
            FactKind::Text => match &suspect_texts {
                SuspectTexts::None => false,
                SuspectTexts::These(paths) => paths.contains(name),
                SuspectTexts::All => true,
            },
            FactKind::File | FactKind::ThemeFile => copied_are_suspect,
            _ => structure_is_suspect,
        };
        traces.compare(basis.clone(), is_suspect, |kind, name| site.fingerprint(kind, name));
    }

    /// Makes what is not as it was, notes what it was made from, and hands it to the output. Gives why each was made, and
    /// what was wrong.
    fn render(
        &mut self,
        site: &Site<'_>,
        output: &Output,
        is_broken: bool,
        inspect: Option<&dyn Inspect>,
    ) -> Result<(Vec<Made>, Vec<Diagnostic>)> {
        let Some(traces) = self.memory.traces.as_mut() else { return Ok((Vec::new(), Vec::new())) };
        let plan = site.plan();
        let make = |path: &Arc<str>, planned: &plan::Output| -> Result<Option<(Made, Vec<Diagnostic>)>> {
            let reason = match traces.verify(path) {
                Verdict::Same { output: fingerprint, .. } if output.holds(path, fingerprint) => return Ok(None),
                Verdict::Same { .. } => Reason::Gone,
                Verdict::Make(reason) => reason,
            };
            let rendered = render::render(site, path, planned)?;
            if let Some(inspect) = inspect {
                inspect.see(path, &rendered.bytes);
            }
            if !is_broken {
                output.put(path, rendered.fingerprint, &rendered.bytes)?;
            }
            if rendered.diagnostics.is_empty() {
                traces.note(path, &rendered.reads, rendered.fingerprint, |kind, name| site.fingerprint(kind, name));
            } else {
                traces.forget(path);
            }
            Ok(Some(((Arc::clone(path), reason), rendered.diagnostics)))
        };
        let results: Vec<_> = plan
            .outputs()
            .par_iter()
            .with_max_len(512)
            .filter_map(|(path, planned)| make(path, planned).transpose())
            .collect::<Result<_>>()?;
        let (made, found): (Vec<Made>, Vec<Vec<Diagnostic>>) = results.into_iter().unzip();
        traces.finish(plan.outputs().len(), |path| plan.get(path).is_some());
        Ok((made, found.into_iter().flatten().collect()))
    }

    fn save_documents(&mut self, cache: &Cache) -> Result<()> {
        let Memory { snapshot: Some(snapshot), parsed: Some(parsed), saved, .. } = &mut self.memory else {
            return Ok(());
        };
        let with_document =
            |(place, file): (usize, &Arc<SourceFile>)| Some((Arc::clone(file), Arc::clone(parsed.clean(place)?)));
        let files: Vec<_> = snapshot.files().iter().enumerate().filter_map(with_document).collect();
        let count = cache::shards_for(files.len(), saved.shards);
        let mut unsaved: BTreeMap<usize, Vec<parse::ToKeep<'_>>> = BTreeMap::new();
        if count == saved.shards {
            let is_same = |(file, document): &Kept, (other, known): &Kept| {
                Arc::ptr_eq(document, known) && (Arc::ptr_eq(file, other) || file.looks_like(other))
            };
            for path in differences(&saved.files, &files, |(file, _)| &file.path, is_same) {
                unsaved.entry(cache::shard_of(path, count)).or_default();
            }
        } else {
            unsaved.extend((0..count).map(|shard| (shard, Vec::new())));
        }
        if unsaved.is_empty() {
            return Ok(());
        }
        for (file, document) in &files {
            if let Some(shard) = unsaved.get_mut(&cache::shard_of(&file.path, count)) {
                shard.push(parse::ToKeep::new(file, document));
            }
        }
        let zone = parsed.zone_name();
        let shards: Vec<_> = unsaved.into_iter().map(|(at, files)| (at, (&zone, files))).collect();
        cache.save(DOCUMENTS, count, shards.into_par_iter())?;
        *saved = Saved { shards: count, files };
        Ok(())
    }
}

/// The paths that are in one of two lists alone, or in both and not the same. Both are in the order of the paths.
fn differences<'a, T>(
    old: &'a [T],
    new: &'a [T],
    path: impl Fn(&'a T) -> &'a SitePath,
    is_same: impl Fn(&T, &T) -> bool,
) -> Vec<&'a SitePath> {
    let mut found = Vec::new();
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => path(a).cmp(path(b)),
        };
        let gone = if order.is_le() { old.next() } else { None };
        let there = if order.is_ge() { new.next() } else { None };
        let is_kept = gone.zip(there).is_some_and(|(a, b)| is_same(a, b));
        if !is_kept {
            found.extend(gone.or(there).map(&path));
        }
    }
}

/// The paths of the files that are other in one snapshot than in the other.
fn changed(old: &Snapshot, new: &Snapshot) -> HashSet<SitePath> {
    let is_same = |a: &Arc<SourceFile>, b: &Arc<SourceFile>| Arc::ptr_eq(a, b) || a.fingerprint == b.fingerprint;
    differences(old.files(), new.files(), |file| &file.path, is_same).into_iter().cloned().collect()
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Texts that may be other than they were.
enum SuspectTexts {
    None,
    These(HashSet<SitePath>),
    All,
}

/// Takes the time of each stage.
struct Clock {
    last: Instant,
    laps: Timings,
}

impl Clock {
    fn new() -> Self {
        Clock { last: Instant::now(), laps: Timings::default() }
    }

    /// A stage has ended.
    fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.laps.stages.push((stage, now - self.last));
        self.last = now;
    }
}
