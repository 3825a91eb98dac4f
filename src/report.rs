//! What a build did, and what was wrong.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    config::BaseUrl,
    diagnostic::{self, Diagnostic, Format, Severity, SitePath, Sources},
    engine::Reason,
    error::Result,
    load::Snapshot,
    model::{Due, FactKind, Omission, OmissionReason},
    render,
    write::Written,
};

/// An output that was made and not kept: its path, and why.
pub type Made = (Arc<str>, Reason<FactKind>);

/// A part of a build, and what it took.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// From its start to its end.
    pub wall: Duration,
    /// Of all cores together; `None` where the system does not say.
    pub cpu: Option<Duration>,
}

/// What a build took.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// Each stage, in their order.
    pub stages: Vec<Stage>,
    /// What pages took, when that was asked for.
    pub pages: Option<Pages>,
}

impl Timings {
    /// Adds what a whole run took besides its stages, so that these make up all of it.
    pub fn close(&mut self, wall: Duration) {
        let sum = self.sum();
        let cpu = cpu().zip(sum.cpu).map(|(all, sum)| all.saturating_sub(sum));
        self.stages.push(Stage { name: "all else", wall: wall.saturating_sub(sum.wall), cpu });
    }

    fn sum(&self) -> Stage {
        let wall = self.stages.iter().map(|stage| stage.wall).sum();
        Stage { name: "total", wall, cpu: self.stages.iter().map(|stage| stage.cpu).sum() }
    }

    /// A table of the stages, "model   2.4 ms   3.1 ms   4.0 %" with wall time, CPU time and share of the wall time, and
    /// where pages were timed, one of templates and one of the slowest pages.
    pub fn lines(&self) -> Vec<String> {
        let sum = self.sum();
        let mut lines = vec![format!("{:<24} {:>12} {:>12} {:>8}", "stage", "wall", "CPU", "share")];
        for stage in self.stages.iter().chain([&sum]) {
            let cpu = stage.cpu.map_or_else(String::new, in_ms);
            let share = 100.0 * stage.wall.as_secs_f64() / sum.wall.as_secs_f64().max(f64::MIN_POSITIVE);
            lines.push(format!("{:<24} {:>12} {cpu:>12} {share:>6.1} %", stage.name, in_ms(stage.wall)));
        }
        lines.extend(self.pages.iter().flat_map(Pages::lines));
        lines
    }
}

fn in_ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// CPU time of this process so far, of all cores together; `None` where the system does not say.
fn cpu() -> Option<Duration> {
    #[cfg(unix)]
    return Duration::try_from(rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime)).ok();
    #[cfg(not(unix))]
    None
}

/// Takes the time of each stage.
#[derive(Debug)]
pub struct Clock {
    last: (Instant, Option<Duration>),
    /// The stages that have ended.
    pub laps: Timings,
}

impl Clock {
    /// A clock at the start of the first stage.
    #[expect(clippy::new_without_default, reason = "each is a look at the time")]
    pub fn new() -> Self {
        Clock { last: (Instant::now(), cpu()), laps: Timings::default() }
    }

    /// A stage has ended.
    pub fn lap(&mut self, stage: &'static str) {
        let now = (Instant::now(), cpu());
        let cpu = now.1.zip(self.last.1).map(|(now, last)| now.saturating_sub(last));
        self.laps.stages.push(Stage { name: stage, wall: now.0 - self.last.0, cpu });
        self.last = now;
    }
}

/// What pages took, each on its core: from its data to its bytes, without writing them.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// By template; `None` for what has none: how many, and what they took together.
    templates: BTreeMap<Option<&'static str>, (usize, Duration)>,
    /// The slowest, the slowest first.
    slowest: Vec<(Duration, Arc<str>)>,
}

/// How many of the slowest pages are named.
const SLOWEST: usize = 10;

impl Pages {
    /// An output was made.
    pub fn add(&mut self, path: &Arc<str>, template: Option<&'static str>, took: Duration) {
        let (count, all) = self.templates.entry(template).or_default();
        *count += 1;
        *all += took;
        if self.slowest.len() < SLOWEST || self.slowest.last().is_some_and(|(least, _)| took > *least) {
            let at = self.slowest.partition_point(|(other, _)| *other >= took);
            self.slowest.insert(at, (took, Arc::clone(path)));
            self.slowest.truncate(SLOWEST);
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines =
            vec![String::new(), format!("{:<24} {:>12} {:>12} {:>8}", "template", "together", "each", "pages")];
        let mut templates: Vec<_> = self.templates.iter().collect();
        templates.sort_by_key(|(_, (_, all))| std::cmp::Reverse(*all));
        for (template, (count, all)) in templates {
            let each = format!("{:.3} ms", all.as_secs_f64() * 1000.0 / *count as f64);
            let template = template.unwrap_or("(none)");
            lines.push(format!("{template:<24} {:>12} {each:>12} {count:>8}", in_ms(*all)));
        }
        lines.extend([String::new(), "slowest pages".to_owned()]);
        lines.extend(self.slowest.iter().map(|(took, path)| format!("{:>12}  {path}", in_ms(*took))));
        lines.push(String::new());
        lines
    }
}

/// The outcome of one build.
#[derive(Debug)]
pub struct Report {
    /// What was wrong, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Articles in the site.
    pub articles: usize,
    /// Digests in the site.
    pub digests: usize,
    /// What was left out.
    pub omissions: Vec<Omission>,
    /// What was written; `None` when errors kept the site from being written.
    pub written: Option<Written>,
    /// The outputs that were made and not kept, each with why, in the order of their paths.
    pub made: Vec<Made>,
    /// Where the site is published, or previewed; `None` when there are no settings.
    pub base_url: Option<BaseUrl>,
    /// When an article is the next to appear or to expire: then the same files make another site.
    pub next_due: Option<Due>,
    /// The texts that the diagnostics point into.
    pub texts: Texts,
    /// What it took.
    pub timings: Timings,
}

impl Report {
    /// A build that could not even start.
    pub fn failed(diagnostics: Vec<Diagnostic>, texts: Texts) -> Self {
        Report {
            diagnostics,
            articles: 0,
            digests: 0,
            omissions: Vec::new(),
            written: None,
            made: Vec::new(),
            base_url: None,
            next_due: None,
            texts,
            timings: Timings::default(),
        }
    }

    /// How many diagnostics are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// A line for each output that was made: "made index.html: changed: the list of digests".
    pub fn explanations(&self) -> impl Iterator<Item = String> {
        self.made.iter().map(|(path, reason)| format!("made {path}: {}", because(reason)))
    }

    /// Why a build would make the output at `path`; `None` where it would keep it.
    pub fn explanation(&self, path: &str) -> Option<String> {
        let (_, reason) = self.made.iter().find(|(made, _)| **made == *path)?;
        Some(format!("{path} would be made: {}", because(reason)))
    }

    /// The diagnostics in a format.
    pub fn render(&self, format: Format, color: bool) -> String {
        diagnostic::render(&self.diagnostics, &self.texts, format, color)
    }

    /// "2 errors and 1 warning", or nothing.
    pub fn trouble(&self) -> Option<String> {
        let part = |severity, word: &str| match self.count(severity) {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        };
        match (part(Severity::Error, "error"), part(Severity::Warning, "warning")) {
            (Some(errors), Some(warnings)) => Some(format!("{errors} and {warnings}")),
            (errors, warnings) => errors.or(warnings),
        }
    }

    /// "38 articles and 1 digest".
    pub fn contents(&self) -> String {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (articles, digests) = (self.articles, self.digests);
        format!("{articles} article{} and {digests} digest{}", plural(articles), plural(digests))
    }

    /// "left out: 2 drafts, 1 in the inbox", or nothing.
    pub fn left_out(&self) -> Option<String> {
        let mut counts: BTreeMap<&OmissionReason, usize> = BTreeMap::new();
        for omission in &self.omissions {
            *counts.entry(&omission.reason).or_default() += 1;
        }
        if counts.is_empty() {
            return None;
        }
        let mut text = "left out: ".to_owned();
        for (at, (reason, count)) in counts.into_iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}{count} {}", reason.noun(count));
        }
        Some(text)
    }
}

fn because(reason: &Reason<FactKind>) -> String {
    match reason {
        Reason::New => "nothing is known of an earlier one".to_owned(),
        Reason::Gone => "it is not where it was written".to_owned(),
        Reason::Changed(fact) => format!("changed: {fact}"),
    }
}

/// The texts that a report quotes: the site's own, and the built-in theme's.
#[derive(Debug, Default)]
pub struct Texts(BTreeMap<SitePath, String>);

impl Texts {
    /// The texts that diagnostics point into, from the snapshot that they are about.
    ///
    /// # Errors
    /// When a file cannot be read, or is no longer what it was.
    pub fn of(diagnostics: &[Diagnostic], snapshot: &Snapshot) -> Result<Self> {
        let mut texts = BTreeMap::new();
        for path in diagnostics.iter().flat_map(Diagnostic::places).map(|place| &place.path) {
            if !texts.contains_key(path)
                && let Some(text) = snapshot.text(path)?
            {
                texts.insert(path.clone(), text.into_owned());
            }
        }
        Ok(Texts(texts))
    }
}

impl Sources for Texts {
    fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        let own = self.0.get(path).map(String::as_str);
        own.or_else(|| render::built_in_text(path)).map(Cow::Borrowed)
    }
}
