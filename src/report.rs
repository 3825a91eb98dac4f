//! What a build did, and what was wrong.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write as _, sync::Arc, time::Duration};

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

/// How long the stages of a build took.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// Each stage with its wall time, in their order.
    pub stages: Vec<(&'static str, Duration)>,
}

impl Timings {
    /// A line for each stage: "model                          2.4 ms".
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let in_ms = |time: &Duration| time.as_secs_f64() * 1000.0;
        self.stages.iter().map(move |(stage, time)| format!("{stage:<24} {:>9.1} ms", in_ms(time)))
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
    /// How long each stage took.
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
