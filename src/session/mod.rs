//! Runs the stages in order. `build` and `check` differ only in where the output goes.

mod documents;
mod structure;

use std::{
    collections::{BTreeSet, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use rayon::prelude::*;

use self::{
    documents::Documents,
    structure::{Setting, Structure},
};
use crate::{
    config::{self, Config, Now, Overrides},
    diagnostic::{self, Diagnostic, Severity, SitePath},
    engine::{Cache, Reason, Traces, Verdict},
    error::{Error, Result},
    fingerprint::Mixer,
    load::{self, Area, Before, Listing, Look, Snapshot},
    memory,
    model::{self, Delta, FactKind, Model},
    parse::{Parsed, Parser},
    plan::{self, Plan, Urls},
    render::{self, Site, Theme},
    report::{Clock, Made, Pages, Report, Texts, Timings},
    search::{self, Index},
    social::Fonts,
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
    /// The documents that are kept for the next process, when they are.
    documents: Option<Documents>,
    memory: Memory,
    /// What each page of the present build took, when that is asked for.
    pages: Option<Mutex<Pages>>,
}

/// What a session knows of its last build.
#[derive(Debug, Default)]
struct Memory {
    snapshot: Option<Arc<Snapshot>>,
    parsed: Option<Arc<Parsed>>,
    theme: Option<Theme>,
    structure: Option<Arc<Structure>>,
    /// The structure whose outputs, all of them, are in their places.
    committed: Option<Arc<Structure>>,
    /// The search index of the last build that succeeded.
    search: Option<Arc<Index>>,
    /// Outputs that something is wrong with: they have no trace, and are made each time.
    loud: Vec<Arc<str>>,
    /// What social cards are drawn with.
    fonts: Option<Arc<Fonts>>,
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

/// Looks at a rendered site before it takes its place, and adds what it finds.
pub trait Inspect: Sync {
    /// Sees the site before its outputs are made; again where a build begins anew.
    fn begin(&self, _site: &Inspected<'_>) {}

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

/// Files of a site that takes much memory.
const MANY: usize = 20_000;

/// How often a build begins anew because a file changed while it was at work.
const ATTEMPTS: usize = 5;

impl Session {
    /// A session for the site in `root`, which knows nothing yet.
    pub fn new(root: PathBuf, overrides: Overrides, now: Now) -> Self {
        Session { root, overrides, now, documents: None, memory: Memory::default(), pages: None }
    }

    /// Takes over what an earlier process left in the site's cache, and leaves it there for later ones.
    pub fn with_cache(mut self) -> Self {
        self.documents = Some(Documents::new(Cache::new(self.root.join(".dateline/cache"))));
        self
    }

    /// Takes the time of every page, too.
    pub fn with_page_timings(mut self) -> Self {
        self.pages = Some(Mutex::default());
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
        let noted = self.note(output);
        output.release();
        noted
    }

    fn note(&mut self, output: &mut Output) -> Result<()> {
        if self.documents.is_none() {
            return output.settle();
        }
        let cache = output.cache().filter(|_| matches!(output, Output::Disk(_)));
        let traces = &mut self.memory.traces;
        let save_traces = || match (traces, cache) {
            (Some(traces), Some(cache)) => traces.save(&cache),
            _ => Ok(()),
        };
        // Each is true by itself: a trace without its file is one of a file that is gone.
        let (settled, saved) = rayon::join(|| output.settle(), save_traces);
        settled?;
        self.save_documents()?;
        saved
    }

    fn save_documents(&mut self) -> Result<()> {
        match (&mut self.documents, &self.memory.snapshot, &self.memory.parsed) {
            (Some(documents), Some(snapshot), Some(parsed)) => documents.save(snapshot, parsed),
            _ => Ok(()),
        }
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
                Err(error) => {
                    output.release();
                    return Err(error);
                }
                Ok(report) => return Ok(report),
            }
        }
    }

    fn attempt(&mut self, output: &mut Output, inspect: Option<&dyn Inspect>) -> Result<Report> {
        let mut clock = Clock::new();
        // Those of an attempt that came to nothing do not count.
        self.pages.as_mut().map(taken);
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
        let urls = Urls::new(config.base_url.clone());
        let before_theme = self.memory.theme.take();
        let mut of_theme = Vec::new();
        let (loaded, theme) = rayon::join(
            || self.load(listing, &config),
            || Theme::load(&settings, &config, &urls, before_theme.as_ref(), &mut of_theme),
        );
        let (snapshot, parsed) = loaded?;
        for area in [Area::Settings, Area::Theme] {
            if snapshot.fingerprint(area) != settings.fingerprint(area) {
                return Err(Error::outdated(self.root.join(if area == Area::Theme { "themes" } else { "site.toml" })));
            }
        }
        clock.lap("load, parse, theme");
        diagnostics.extend(snapshot.diagnostics().cloned());
        diagnostics.extend(parsed.diagnostics().cloned());
        diagnostics.append(&mut of_theme);
        let before_fonts = self.memory.fonts.take();
        let fonts =
            config.outputs.social_cards.then(|| Fonts::load(&snapshot, &config.theme, before_fonts)).transpose()?;
        self.memory.fonts.clone_from(&fonts);
        // The documents are what they are, whatever becomes of the build: they are kept while one core makes the model. What fails
        // here is done again when the build is over, and said then.
        let mut documents = self.documents.take();
        let ((structure, previous), _) = rayon::join(
            || self.structure(&snapshot, &parsed, (&config, theme.as_ref(), fonts.as_deref()), &mut clock),
            || documents.as_mut().map(|documents| documents.save(&snapshot, &parsed)),
        );
        self.documents = documents;
        let is_same_plan = previous.as_ref().is_some_and(|previous| previous.plan.is_same(&structure.plan));
        let Structure { model, plan, .. } = &*structure;
        diagnostics.extend(structure.diagnostics.iter().cloned());
        // Whether every output is known to be in its place, but for those that the traces say are not. From here on none is,
        // until all are again.
        let committed = self.memory.committed.take();
        let is_same = output.is_settled()
            && committed.as_ref().is_some_and(|committed| {
                let is = |other: &Arc<Structure>| Arc::ptr_eq(committed, other);
                is(&structure) || is_same_plan && previous.as_ref().is_some_and(is)
            });
        let mut made = Vec::new();
        // What reading a large site took; small ones, and later builds, take it up again before the system missed it.
        let is_much_free = committed.is_none() && snapshot.content().len() > MANY;
        if let Some(theme) = &theme {
            let index = self.index(&structure, &snapshot, &config)?;
            if is_much_free {
                memory::give_back();
            }
            clock.lap("search index");
            let site = Site::new(model, &config, plan, &structure.templates, &urls, &snapshot, theme);
            let site = site.with_search(index.as_deref()).with_fonts(fonts.as_deref());
            let differences = previous.as_deref().map(|previous| Differences {
                previous,
                delta: structure.is_set_as(previous).then(|| Delta::new(model, &previous.model)),
                is_same_plan,
            });
            self.compare(output, &site, &before, &structure, differences);
            // The old ones are of no more use; to take them apart takes as long as to make new ones, so another core does.
            rayon::spawn(move || drop((previous, committed)));
            clock.lap("compare");
            let is_broken = has_errors(&diagnostics);
            if let Some(inspect) = inspect {
                inspect.begin(&Inspected { model, snapshot: &snapshot, config: &config, urls: &urls, plan });
            }
            let result = self.render(&site, output, is_same, is_broken, inspect);
            if is_much_free {
                memory::give_back();
            }
            clock.lap("render and write");
            match result {
                Ok((outputs, found)) => {
                    self.memory.search = index;
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
        let written = self.commit(output, &structure, is_same, &diagnostics)?;
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
            timings: Timings { pages: self.pages.as_mut().map(taken), ..clock.laps },
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

    fn commit(
        &mut self,
        output: &mut Output,
        structure: &Arc<Structure>,
        is_same: bool,
        diagnostics: &[Diagnostic],
    ) -> Result<Option<Written>> {
        if has_errors(diagnostics) {
            return Ok(None);
        }
        let plan = &structure.plan;
        let is_wanted = |path: &str| plan.get(path).is_some();
        let written = output.commit(plan.outputs().len(), (!is_same).then_some(&is_wanted))?;
        self.memory.committed = Some(Arc::clone(structure));
        Ok(Some(written))
    }

    /// Takes over what the cache has, the first time.
    fn recall(&mut self, config: &Config) {
        let Some(documents) = self.documents.as_mut().filter(|_| self.memory.snapshot.is_none()) else { return };
        let Some((snapshot, parsed)) = documents.recall(&self.root, &config.zone) else { return };
        self.memory.snapshot = Some(Arc::new(snapshot));
        self.memory.parsed = Some(Arc::new(parsed));
    }

    fn load(&mut self, listing: Listing, config: &Config) -> Result<(Arc<Snapshot>, Arc<Parsed>)> {
        let before = (self.memory.snapshot.clone(), self.memory.parsed.clone());
        let before = Before { snapshot: before.0.as_deref(), reader: Parser::new(&config.zone, before.1.as_ref()) };
        let loaded = load::load(listing, &before)?;
        let (snapshot, parsed) = before.reader.finish(loaded);
        let snapshot = Arc::new(snapshot);
        self.memory.snapshot = Some(Arc::clone(&snapshot));
        self.memory.snapshot_look = self.memory.look.clone();
        self.memory.parsed = Some(Arc::clone(&parsed));
        Ok((snapshot, parsed))
    }

    /// Model and plan: those of the last build, while everything that they were made from is as it was; else new ones, and
    /// those of the last build beside them.
    fn structure(
        &mut self,
        snapshot: &Snapshot,
        parsed: &Arc<Parsed>,
        (config, theme, fonts): (&Config, Option<&Theme>, Option<&Fonts>),
        clock: &mut Clock,
    ) -> (Arc<Structure>, Option<Arc<Structure>>) {
        let theme_files = theme.map(Theme::static_files).unwrap_or_default();
        let setting = Setting::new(snapshot, config, &theme_files, fonts, &self.now);
        if let Some(known) = self.memory.structure.as_ref().filter(|known| known.holds(&setting, parsed)) {
            clock.lap("model and plan");
            return (Arc::clone(known), None);
        }
        let previous = self.memory.structure.take();
        let mut diagnostics = Vec::new();
        let model = model::build(parsed.documents(), config, &self.now, &mut diagnostics);
        clock.lap("model");
        let plan = plan::plan(&model, config, snapshot, &theme_files, fonts, &mut diagnostics);
        clock.lap("plan");
        // What is wrong may be so only at this moment: an article without a date gets the present one.
        let is_lasting = !has_errors(&diagnostics) && parsed.diagnostics().next().is_none();
        let structure = Arc::new(Structure::new(setting, parsed, is_lasting, fonts, model, plan, diagnostics));
        self.memory.structure = is_lasting.then(|| Arc::clone(&structure));
        (structure, previous)
    }

    /// The search index, where the site has one. That of the last build is given up until this one has succeeded: what its
    /// blocks need of the cache may be gone.
    fn index(&mut self, structure: &Structure, snapshot: &Snapshot, config: &Config) -> Result<Option<Arc<Index>>> {
        let before = self.memory.search.take();
        if !config.search {
            return Ok(None);
        }
        let folder = self.documents.as_ref().map(|_| self.root.join(".dateline/cache/search"));
        let (model, language) = (&structure.model, config.language.as_str());
        let basis = search::Basis { model, structure: structure.fingerprint, snapshot, language };
        Index::new(basis, before.as_ref(), folder.as_deref()).map(Some)
    }

    /// Brings the traces to what the facts are now. Facts that follow from what is as it was are not asked again.
    fn compare(
        &mut self,
        output: &Output,
        site: &Site<'_>,
        before: &Snapshot,
        structure: &Structure,
        differences: Option<Differences<'_>>,
    ) {
        let (snapshot, theme) = (site.snapshot(), site.theme());
        let outputs = structure.plan.outputs().len();
        let has_cache = self.documents.is_some();
        let traces = self.memory.traces.get_or_insert_with(|| {
            let stored = output.cache().filter(|_| has_cache).and_then(|cache| Traces::load(&cache));
            stored.unwrap_or_else(|| Traces::new(outputs))
        });
        let templates = theme.fingerprint();
        let copied = Mixer::new()
            .fingerprint(snapshot.fingerprint(Area::Static))
            .fingerprint(theme.assets_fingerprint())
            .finish();
        let texts = snapshot.fingerprint(Area::Content);
        let basis = vec![structure.fingerprint, templates, copied, texts];
        let known = traces.basis();
        let is_as_it_was = |part: usize| known.get(part) == basis.get(part);
        let structure_is_suspect = !is_as_it_was(0);
        let templates_are_suspect = !is_as_it_was(1);
        // What differs from a structure that the traces are not true of says nothing.
        let differences = differences.filter(|differences| known.first() == Some(&differences.previous.fingerprint));
        let is_same_plan = differences.as_ref().is_some_and(|differences| differences.is_same_plan);
        let copied_are_suspect = !is_as_it_was(2);
        let suspect_texts = if is_as_it_was(3) {
            SuspectTexts::None
        } else if known.get(3) == Some(&before.fingerprint(Area::Content)) {
            SuspectTexts::These(documents::changed(before, snapshot))
        } else {
            SuspectTexts::All
        };
        let may_have_changed = |kind: FactKind| match kind {
            FactKind::Text => !matches!(suspect_texts, SuspectTexts::None),
            FactKind::SearchWords => structure_is_suspect || !matches!(suspect_texts, SuspectTexts::None),
            FactKind::File | FactKind::ThemeFile => copied_are_suspect,
            FactKind::Theme | FactKind::CardStyle => templates_are_suspect,
            kind if kind.is_of_the_plan() => structure_is_suspect && !is_same_plan,
            _ => structure_is_suspect,
        };
        let is_suspect = |kind: FactKind, name: &str| match (kind, &suspect_texts, &differences) {
            (FactKind::Text, SuspectTexts::These(paths), _) => paths.contains(name),
            (FactKind::Listed, _, Some(Differences { delta: Some(delta), previous, .. })) => {
                let ids = render::listed_at(&structure.model, &structure.plan, name);
                let is_suspect = ids.is_none_or(|ids| delta.may_have_changed_any(&ids));
                let of = |structure: &Structure| render::fingerprint_of_listed(&structure.model, &structure.plan, name);
                debug_assert!(is_suspect || of(structure) == of(previous), "what {name} lists changed unseen");
                is_suspect
            }
            (kind, _, Some(Differences { delta: Some(delta), previous, .. })) => {
                let is_suspect = delta.may_have_changed(kind, name);
                let of = |structure: &Structure| structure.model.fingerprint(kind, name);
                debug_assert!(is_suspect || of(structure) == of(previous), "{name} changed unseen");
                is_suspect
            }
            _ => true,
        };
        traces.compare(basis, may_have_changed, is_suspect, |kind, name| site.fingerprint(kind, name));
    }

    /// Makes what is not as it was, notes what it was made from, and hands it to the output. Gives why each was made, and
    /// what was wrong.
    fn render(
        &mut self,
        site: &Site<'_>,
        output: &Output,
        is_same: bool,
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
            let started = self.pages.as_ref().map(|pages| (pages, Instant::now()));
            let rendered = render::render(site, path, planned)?;
            if let Some((pages, started)) = started {
                let took = started.elapsed();
                pages.lock().unwrap_or_else(PoisonError::into_inner).add(path, rendered.template, took);
            }
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
        let results: Vec<_> = if is_same {
            // Only what is known to be other than it was: to ask of each of a hundred thousand takes its time, too.
            let mut paths: Vec<Arc<str>> =
                traces.untrue().into_iter().map(Arc::from).chain(self.memory.loud.iter().cloned()).collect();
            paths.sort_unstable();
            paths.dedup();
            paths.par_iter().filter_map(|path| make(path, plan.get(path)?).transpose()).collect::<Result<_>>()?
        } else {
            // What takes long comes first, and what takes little in the end: then no core waits for another. The first core works
            // through the long lists, which take much memory while they are made, and the others begin with what is behind them.
            let mut outputs: Vec<(usize, &(Arc<str>, plan::Output))> =
                plan.outputs().iter().map(|output| (output.1.kind.weight(), output)).collect();
            outputs.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
            let wanted = outputs.par_iter().with_max_len(16);
            let mut results = wanted
                .filter_map(|(_, (path, planned))| make(path, planned).transpose())
                .collect::<Result<Vec<_>>>()?;
            results.par_sort_by(|((a, _), _), ((b, _), _)| a.cmp(b));
            results
        };
        if is_same {
            traces.finish_same();
        } else {
            traces.finish(plan.outputs().len(), |path| plan.get(path).is_some());
        }
        let is_loud = |((path, _), found): &(Made, Vec<Diagnostic>)| (!found.is_empty()).then(|| Arc::clone(path));
        self.memory.loud = results.iter().filter_map(is_loud).collect();
        let (made, found): (Vec<Made>, Vec<Vec<Diagnostic>>) = results.into_iter().unzip();
        Ok((made, found.into_iter().flatten().collect()))
    }
}

/// What was in it; nothing is any more.
fn taken<T: Default>(cell: &mut Mutex<T>) -> T {
    std::mem::take(cell.get_mut().unwrap_or_else(PoisonError::into_inner))
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// In what a structure differs from the one before.
struct Differences<'a> {
    /// The one before.
    previous: &'a Structure,
    /// Which facts of the model may be other; nothing where the settings are, which facts follow from as well.
    delta: Option<Delta>,
    is_same_plan: bool,
}

/// Texts that may be other than they were.
enum SuspectTexts {
    None,
    These(HashSet<SitePath>),
    All,
}
