//! Splits a file into front matter and body.

use super::value::{Entry, parse_toml, parse_yaml};
use crate::diagnostic::{Diagnostic, Place, SitePath, Span};

/// A file in its two parts.
pub struct Split {
    /// The keys of the front matter.
    pub entries: Vec<Entry>,
    /// Whether all of it could be read: else a key that is not there may only be hidden behind a mistake.
    pub is_complete: bool,
    /// The line that opens the front matter: where a missing key is reported.
    pub opening: Span,
    /// The bytes after the front matter.
    pub body: Span,
}

/// TOML between `+++` lines or YAML between `---` lines, then the body.
///
/// `None`, with a diagnostic, when there is no front matter or it does not end.
pub fn split(text: &str, path: &SitePath, diagnostics: &mut Vec<Diagnostic>) -> Option<Split> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    if text.trim().is_empty() {
        diagnostics.push(Diagnostic::error("the file is empty", Place::file(path)).hint(
            "`dateline new article \"Title\"` makes one with its front matter; remove this one if it is not needed",
        ));
        return None;
    }
    let first = text[start..].lines().next().unwrap_or_default();
    let opening = start..start + first.len();
    let fence = match first.trim_end() {
        "+++" => "+++",
        "---" => "---",
        _ => {
            diagnostics.push(
                Diagnostic::error("the file has no front matter", Place::new(path, opening))
                    .hint("start it with a line `+++`, then `title = \"…\"` and the other keys, then a line `+++`"),
            );
            return None;
        }
    };
    let header_start = next_line(text, opening.end);
    let mut at = header_start;
    let closing = loop {
        if at >= text.len() {
            break None;
        }
        let line = text[at..].lines().next().unwrap_or_default();
        if line.trim_end() == fence {
            break Some(at..at + line.len());
        }
        at = next_line(text, at + line.len());
    };
    let Some(closing) = closing else {
        diagnostics.push(
            Diagnostic::error(format!("the front matter never ends: no second `{fence}`"), Place::new(path, opening))
                .hint(format!("put a line `{fence}` after the last key")),
        );
        return None;
    };
    let header = &text[header_start..closing.start];
    let before = diagnostics.len();
    let entries = match fence {
        "+++" => parse_toml(header, header_start, path, diagnostics),
        _ => parse_yaml(header, header_start, path, diagnostics),
    };
    let is_complete = diagnostics.len() == before;
    Some(Split { entries, is_complete, opening, body: next_line(text, closing.end)..text.len() })
}

/// The start of the line after the one that ends at `end`.
fn next_line(text: &str, end: usize) -> usize {
    text[end..].find('\n').map_or(text.len(), |at| end + at + 1)
}
