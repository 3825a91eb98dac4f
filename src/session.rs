//! Runs the stages in order. `build` and `check` differ only in where the output goes.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    config::{self, Now, Overrides},
    diagnostic::{self, Diagnostic, Severity},
    engine::{CacheFile, Reason, Traces, Verdict},
    error::Result,
    load::{self, Snapshot},
    model::{self, Fact, Model},
    parse::{self, Parsed},
    plan::{self, Plan, Urls},
    render::{self, Rendered, Site, Theme},
    report::{Made, Report, Texts},
    write::Output,
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
    cache: Option<CacheFile>,
    memory: Memory,
}

/// What a session knows of its last build.
#[derive(Debug, Default)]
struct Memory {
    snapshot: Option<Snapshot>,
    parsed: Option<Parsed>,
    stored: Stored,
}

/// What is kept for the next process.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Stored {
    traces: Traces<Fact>,
}

/// Looks at a rendered site before it is written, and adds what it finds.
pub type Inspect<'a> = &'a dyn Fn(&Inspected<'_>, &mut Vec<Diagnostic>);

/// What an inspection sees.
pub struct Inspected<'a> {
    /// The site's data.
    pub model: &'a Model,
    /// Its files.
    pub snapshot: &'a Snapshot,
    /// Its addresses.
    pub urls: &'a Urls,
    /// Its outputs.
    pub plan: &'a Plan,
    /// BCP 47 tag of its language.
    pub language: &'a str,
    /// Their bytes.
    pub rendered: &'a [Rendered],
}

impl Session {
    /// A session for the site in `root`, which knows nothing yet.
    pub fn new(root: PathBuf, overrides: Overrides, now: Now) -> Self {
        Session { root, overrides, now, cache: None, memory: Memory::default() }
    }

    /// Takes over what an earlier process left in the site's cache, and leaves it there for later ones.
    pub fn with_cache(mut self) -> Self {
        let cache = CacheFile::new(self.root.join(".dateline/cache"));
        self.memory.stored = cache.load();
        self.cache = Some(cache);
        self
    }

    /// Writes what the session knows to the site's cache, where it has one.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn save(&self) -> Result<()> {
        match &self.cache {
            Some(cache) => cache.save(&self.memory.stored),
            None => Ok(()),
        }
    }

    /// Takes another moment for the present, for the builds to come.
    pub fn set_now(&mut self, now: Now) {
        self.now = now;
    }

    /// Builds the site as its files are now into `output`; with an error in it, `output` stays as it was.
    ///
    /// # Errors
    /// When the machine fails. What is wrong with the site is in the report.
    pub fn build(&mut self, output: &mut Output, inspect: Option<Inspect<'_>>) -> Result<Report> {
        output.prepare()?;
        let (snapshot, mut diagnostics) = load::load(&self.root, self.memory.snapshot.as_ref())?;
        let Some(config) = config::read(&snapshot, &self.overrides, &mut diagnostics) else {
            return Ok(Report::failed(diagnostics, Texts::new(snapshot)));
        };
        let parsed = parse::parse(&snapshot, &config.zone, self.memory.parsed.as_ref());
        let documents = parsed.documents(&mut diagnostics);
        let model = model::build(documents, &config, &self.now, &mut diagnostics);
        let urls = Urls::new(config.base_url.clone());
        let theme = Theme::load(&snapshot, &config, &urls, &mut diagnostics);
        let theme_files = theme.as_ref().map(Theme::static_files).unwrap_or_default();
        let plan = plan::plan(&model, &config, &snapshot, &theme_files, &mut diagnostics);
        let mut rendered = Vec::new();
        let mut made = Vec::new();
        if let Some(theme) = &theme {
            let site = Site::new(&model, &config, &plan, &urls, &snapshot, theme);
            (rendered, made) = self.render(&site, output, &mut diagnostics)?;
        }
        if let Some(inspect) = inspect {
            let inspected = Inspected {
                model: &model,
                snapshot: &snapshot,
                urls: &urls,
                plan: &plan,
                language: &config.language,
                rendered: &rendered,
            };
            inspect(&inspected, &mut diagnostics);
        }
        diagnostic::sort(&mut diagnostics);
        let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        let written = if has_errors { None } else { Some(output.write(&rendered)?) };
        self.memory.snapshot = Some(snapshot.clone());
        self.memory.parsed = Some(parsed);
        Ok(Report {
            diagnostics,
            articles: model.articles().count(),
            digests: model.digests().count(),
            omissions: model.omissions().to_vec(),
            written,
            made,
            base_url: Some(config.base_url.clone()),
            next_due: model.next_due(),
            texts: Texts::new(snapshot),
        })
    }

    /// Renders what is not as it was, and notes what it was made from. Gives also why each output was made.
    fn render(
        &mut self,
        site: &Site<'_>,
        output: &Output,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<(Vec<Rendered>, Vec<Made>)> {
        let traces = &mut self.memory.stored.traces;
        let now = traces.now(|fact| site.fingerprint(fact));
        let verdict = |path: &str| match traces.verify(path, &now) {
            Verdict::Same { output: fingerprint, size } if !output.holds(path, fingerprint, size) => {
                Verdict::Make(Reason::Gone)
            }
            verdict => verdict,
        };
        let keep = |path: &str| match verdict(path) {
            Verdict::Same { output, size } => Some((output, size)),
            Verdict::Make(_) => None,
        };
        let mut rendered = render::render(site, keep, diagnostics)?;
        let made = rendered
            .iter()
            .filter(|output| output.bytes.is_some())
            .filter_map(|output| match verdict(&output.path) {
                Verdict::Make(reason) => Some((output.path.clone(), reason)),
                Verdict::Same { .. } => None,
            })
            .collect();
        let noted: Vec<_> = rendered
            .iter_mut()
            .filter(|output| output.bytes.is_some() && !output.has_diagnostics)
            .map(|output| (output.path.clone(), std::mem::take(&mut output.reads), output.fingerprint, output.size))
            .collect();
        let wrong: Vec<&str> =
            rendered.iter().filter(|output| output.has_diagnostics).map(|output| output.path.as_str()).collect();
        for path in wrong {
            traces.forget(path);
        }
        let plan = site.plan();
        traces.update(now, noted.into_iter(), |path| plan.get(path).is_some(), |fact| site.fingerprint(fact));
        Ok((rendered, made))
    }
}
