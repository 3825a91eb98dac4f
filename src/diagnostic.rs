//! What is wrong with the author's content, settings or theme: data with a place, a message and a way out.
//!
//! Stages collect diagnostics and go on; nothing is printed here. A [`Place`] is a path and a byte range; lines and
//! columns are worked out when the report is written, from the text that [`Sources`] still has.

use std::{borrow::Cow, fmt::Write as _, ops::Range, sync::Arc};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};
use serde::Serialize;

/// A path from the site's root with `/` between its parts, such as `content/topics/ukraine-crisis.md`.
pub type SitePath = Arc<str>;

/// A byte range in a source file.
pub type Span = Range<usize>;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The site is not written.
    Error,
    /// The site is written, and the author should know.
    Warning,
}

/// Where: a source file, and the bytes in it when the trouble has a place smaller than the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: SitePath,
    /// The bytes that are wrong, as `(start, end)`.
    pub span: Option<(usize, usize)>,
}

impl Place {
    /// The whole of `path`.
    pub fn file(path: &SitePath) -> Self {
        Place { path: path.clone(), span: None }
    }

    /// The bytes `span` of `path`.
    pub fn new(path: &SitePath, span: Span) -> Self {
        Place { path: path.clone(), span: Some((span.start, span.end)) }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong: lower case, names in backticks.
    pub message: String,
    /// Where; `None` when the trouble is with the site as a whole.
    pub place: Option<Place>,
    /// Other places that belong to it, each with what it is ("first used here").
    pub related: Vec<(Place, String)>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error: the site is not written.
    pub fn error(message: impl Into<String>, place: Place) -> Self {
        Diagnostic {
            severity: Severity::Error,
            message: message.into(),
            place: Some(place),
            related: Vec::new(),
            hint: None,
        }
    }

    /// A warning: the site is written all the same.
    pub fn warning(message: impl Into<String>, place: Place) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(message, place) }
    }

    /// Adds the way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the way out where there is one.
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// Its places: where it is, and the others that belong to it.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.place.iter().chain(self.related.iter().map(|(place, _)| place))
    }

    /// Adds another place that belongs to the same trouble.
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }
}

/// Sorts by place, so that every run reports in the same order however its threads ran, and drops exact repeats.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (&a.place, a.severity, &a.message).cmp(&(&b.place, b.severity, &b.message)));
    diagnostics.dedup();
}

/// The candidate that `word` was most likely meant to be, if any is near enough to be worth saying.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(score, _)| *score > 0.8)
        // Of equal scores the first in the alphabet: the message must not depend on the order of the candidates.
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

/// Who still has the text of the source files.
pub trait Sources {
    /// The text of `path`, or `None` when the file is not text or not there.
    fn text(&self, path: &str) -> Option<Cow<'_, str>>;
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: message, place, the text itself and a hint.
    Human,
    /// For programs: one JSON object a line.
    Json,
    /// For GitHub Actions: workflow commands that become annotations.
    Github,
}

/// Writes `diagnostics` in the given format; `color` applies to [`Format::Human`] alone.
pub fn render(diagnostics: &[Diagnostic], sources: &dyn Sources, format: Format, color: bool) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        match format {
            Format::Human => human(&mut out, diagnostic, sources, color),
            Format::Json => json(&mut out, diagnostic, sources),
            Format::Github => github(&mut out, diagnostic, sources),
        }
    }
    out
}

fn human(out: &mut String, diagnostic: &Diagnostic, sources: &dyn Sources, color: bool) {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    let mut places: Vec<(&Place, Option<&str>)> = Vec::new();
    places.extend(diagnostic.place.iter().map(|place| (place, None)));
    places.extend(diagnostic.related.iter().map(|(place, label)| (place, Some(label.as_str()))));
    let texts: Vec<_> = places.iter().map(|(place, _)| excerpt(place, sources)).collect();

    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()));
    for ((place, label), text) in places.iter().zip(&texts) {
        group = match text {
            Some(excerpt) => {
                let kind = if label.is_some() { AnnotationKind::Context } else { AnnotationKind::Primary };
                group.element(
                    Snippet::source(excerpt.text.as_str())
                        .line_start(excerpt.line)
                        .path(place.path.as_ref())
                        .annotation(kind.span(excerpt.span.clone()).label(*label)),
                )
            }
            None => group.element(annotate_snippets::Origin::path(place.path.as_ref())),
        };
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.with_name(Some("hint")).message(hint.as_str()));
    }
    out.push_str(&renderer.render(&[group]));
    out.push_str("\n\n");
}

/// What stands for a whole file: the line with its title or name, else its first line.
fn whole(text: &str) -> (usize, usize) {
    let mut start = 0;
    for line in text.split_inclusive('\n').take(50) {
        let is_name = ["title", "name"]
            .iter()
            .any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ':'])));
        if is_name {
            return (start, start + line.trim_end().len());
        }
        start += line.len();
    }
    (0, text.lines().next().unwrap_or_default().trim_end().len())
}

/// The lines around a place, short enough to print.
struct Excerpt {
    text: String,
    line: usize,
    span: Span,
}

fn excerpt(place: &Place, sources: &dyn Sources) -> Option<Excerpt> {
    let text = sources.text(&place.path).filter(|text| !text.is_empty())?;
    let (start, end) = place.span.unwrap_or_else(|| whole(&text));
    let start = floor_char(&text, start);
    // A place that runs over several lines is shown by its first one: the rest says nothing more.
    let first_line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = floor_char(&text, end.max(start)).clamp(start, first_line_end);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[..line_start].matches('\n').count() + 1;
    // `trim_end` drops the `\r` of Windows line ends, which would garble a terminal.
    let shown = text[line_start..first_line_end].trim_end();
    let (from, to) = window(shown, start - line_start);
    let clip = |at: usize| (at - line_start).clamp(from, to) - from;
    Some(Excerpt {
        // Tabs and other control characters would move the marker away from its text, or worse, the terminal.
        text: shown[from..to].chars().map(printable).collect(),
        line,
        span: clip(start)..clip(end),
    })
}

/// At most 240 bytes of a line around `at`: an unwrapped paragraph would fill the screen.
fn window(line: &str, at: usize) -> (usize, usize) {
    let from = if line.len() <= 240 { 0 } else { floor_char(line, at.saturating_sub(80)) };
    (from, floor_char(line, from + 240))
}

fn printable(c: char) -> char {
    match c {
        // One byte for one byte, so that spans keep their meaning.
        '\t' => ' ',
        c if c.is_ascii_control() => '?',
        c => c,
    }
}

fn floor_char(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A line and column, both counted from 1; columns count characters.
fn position(place: &Place, sources: &dyn Sources) -> Option<(usize, usize, String)> {
    let text = sources.text(&place.path)?;
    let (start, _) = place.span.unwrap_or_else(|| whole(&text));
    let start = floor_char(&text, start);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[..line_start].matches('\n').count() + 1;
    let snippet = text[line_start..].lines().next().unwrap_or_default();
    Some((line, text[line_start..start].chars().count() + 1, snippet.to_owned()))
}

#[derive(Serialize)]
struct Record<'a> {
    severity: Severity,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    snippet: Option<String>,
    hint: Option<&'a str>,
    related: Vec<RelatedRecord<'a>>,
}

#[derive(Serialize)]
struct RelatedRecord<'a> {
    message: &'a str,
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
}

fn json(out: &mut String, diagnostic: &Diagnostic, sources: &dyn Sources) {
    let own = diagnostic.place.as_ref().and_then(|place| position(place, sources));
    let (line, column, snippet) = match own {
        Some((line, column, snippet)) => (Some(line), Some(column), Some(snippet)),
        None => (None, None, None),
    };
    let record = Record {
        severity: diagnostic.severity,
        message: &diagnostic.message,
        file: diagnostic.place.as_ref().map(|place| place.path.as_ref()),
        line,
        column,
        snippet,
        hint: diagnostic.hint.as_deref(),
        related: diagnostic
            .related
            .iter()
            .map(|(place, label)| {
                let own = position(place, sources);
                RelatedRecord {
                    message: label,
                    file: &place.path,
                    line: own.as_ref().map(|(line, ..)| *line),
                    column: own.as_ref().map(|(_, column, _)| *column),
                }
            })
            .collect(),
    };
    // A record of strings and numbers always has a JSON form.
    out.push_str(&serde_json::to_string(&record).unwrap_or_default());
    out.push('\n');
}

/// Workflow commands as GitHub documents them; `%`, line ends and in properties `:` and `,` are escaped.
fn github(out: &mut String, diagnostic: &Diagnostic, sources: &dyn Sources) {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    out.push_str(match diagnostic.severity {
        Severity::Error => "::error",
        Severity::Warning => "::warning",
    });
    if let Some(place) = &diagnostic.place {
        let _ = write!(out, " file={}", property(&place.path));
        if let Some((line, column, _)) = position(place, sources) {
            let _ = write!(out, ",line={line},col={column}");
        }
    }
    let _ = write!(out, "::{}", data(&diagnostic.message));
    for (place, label) in &diagnostic.related {
        let _ = write!(out, "%0A{}: {}", data(label), data(&place.path));
    }
    if let Some(hint) = &diagnostic.hint {
        let _ = write!(out, "%0Ahint: {}", data(hint));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(&'static str);

    impl Sources for One {
        fn text(&self, _: &str) -> Option<Cow<'_, str>> {
            Some(Cow::Borrowed(self.0))
        }
    }

    fn sample() -> Diagnostic {
        let path: SitePath = "content/articles/talks.md".into();
        Diagnostic::error("unknown topic `ukrane`", Place::new(&path, 21..29)).hint("did you mean `ukraine-crisis`?")
    }

    const TEXT: &str = "+++\ntitle = \"é\"\nt = [\"ukrane\"]\n+++\n";

    #[test]
    fn human_names_line_column_text_and_hint() {
        let text = render(&[sample()], &One(TEXT), Format::Human, false);
        assert!(text.contains("content/articles/talks.md:3:5"), "{text}");
        assert!(text.contains("3 | t = [\"ukrane\"]"), "{text}");
        assert!(text.contains("hint: did you mean `ukraine-crisis`?"), "{text}");
    }

    #[test]
    fn json_is_one_object_a_line() {
        let text = render(&[sample(), sample()], &One(TEXT), Format::Json, false);
        let records: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(records.len(), 2);
        assert_eq!(records[0]["line"], 3);
        assert_eq!(records[0]["column"], 5);
    }

    #[test]
    fn github_escapes_what_would_end_the_command() {
        let path: SitePath = "content/a,b.md".into();
        let diagnostic = Diagnostic::warning("100 %\nsure", Place::file(&path));
        let text = render(&[diagnostic], &One(TEXT), Format::Github, false);
        assert_eq!(text, "::warning file=content/a%2Cb.md,line=2,col=1::100 %25%0Asure\n");
    }

    #[test]
    fn suggestions_are_near_or_absent() {
        let topics = ["ukraine-crisis", "webb-telescope"];
        assert_eq!(did_you_mean("ukrane", topics), Some("ukraine-crisis"));
        assert_eq!(did_you_mean("zebra", topics), None);
    }
}
