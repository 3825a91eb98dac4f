//! Several stories in one text. A text is parted only where it is sure: each part must read as a story of its own, with a
//! headline, a text, and a date, dateline or author.

use super::{
    Context,
    story::Story,
    text::{self, dateline, lines, sha256},
};

/// Words that a part has at least.
const LEAST: usize = 30;

/// Reads a text as one story, or as several where it surely holds several.
pub(super) fn read(text: &str, ctx: &Context) -> Vec<Story> {
    for parts in [by_marks(text), by_rules(text), by_datelines(text)] {
        if parts.len() < 2 {
            continue;
        }
        let stories: Vec<Option<Story>> = parts.iter().map(|(line, part)| story(part, *line, ctx)).collect();
        if stories.iter().all(Option::is_some) {
            return stories.into_iter().flatten().collect();
        }
    }
    text::read(text, ctx)
}

fn story(part: &str, line: usize, ctx: &Context) -> Option<Story> {
    let mut stories = text::read(part, ctx);
    let mut story = stories.pop().filter(|_| stories.is_empty())?;
    let is_signed = story.dateline.is_some() || story.published.is_some() || !story.credits.is_empty();
    if story.title.is_none() || story.words() < LEAST || !is_signed {
        return None;
    }
    for removed in &mut story.removed {
        removed.line += line - 1;
    }
    story.sha256 = sha256(part.as_bytes());
    story.warnings.push(format!("one of several stories in the file: from line {line}"));
    Some(story)
}

/// The parts of a text between some of its lines, each with its first line, counted from 1. Parts without words are none.
fn between(text: &str, is_border: impl Fn(&str) -> bool) -> Vec<(usize, String)> {
    let mut parts = Vec::new();
    let (mut part, mut start) = (String::new(), 1);
    for (at, line) in text.lines().enumerate() {
        if is_border(line) {
            parts.push((start, std::mem::take(&mut part)));
            start = at + 2;
        } else {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts.push((start, part));
    parts.retain(|(_, part)| part.chars().any(char::is_alphanumeric));
    parts
}

/// As databases of the press export: `2 of 17 DOCUMENTS`, `Document 2 of 17`, `End of Document`.
fn by_marks(text: &str) -> Vec<(usize, String)> {
    between(text, |line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_number = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        match words.as_slice() {
            [a, "of" | "von" | "de" | "sur", b, last] => {
                is_number(a) && is_number(b) && last.to_lowercase().starts_with("document")
            }
            [first, a, "of" | "von" | "de" | "sur", b] => {
                first.to_lowercase().starts_with("dokument") && is_number(a) && is_number(b)
                    || first.to_lowercase().starts_with("document") && is_number(a) && is_number(b)
            }
            ["End", "of", "Document"] | ["END", "OF", "DOCUMENT"] => true,
            _ => false,
        }
    })
}

/// At rules drawn with signs, and at the ends of pages.
fn by_rules(text: &str) -> Vec<(usize, String)> {
    between(text, |line| {
        if line.contains('\u{c}') && line.trim().is_empty() {
            return true;
        }
        let signs: String = line.split_whitespace().collect();
        let Some(first) = signs.chars().next() else { return false };
        "=-*_~#+—–•".contains(first) && signs.chars().count() >= 3 && signs.chars().all(|c| c == first)
    })
}

/// Before each headline that stands over a dateline with an agency.
fn by_datelines(text: &str) -> Vec<(usize, String)> {
    let blocks = lines::blocks(text);
    let mut starts: Vec<usize> = Vec::new();
    for pair in blocks.windows(2) {
        let (above, below) = (&pair[0], &pair[1]);
        let is_lead = dateline::read(&below.norm).is_some_and(|found| found.agency.is_some() && found.start == 0);
        if !is_lead {
            continue;
        }
        let is_headline =
            (2..=25).contains(&above.words) && !above.norm.trim_end().ends_with(['.', ':', ';', ',']) && above.apart;
        if !is_headline {
            return Vec::new();
        }
        starts.push(above.line);
    }
    if starts.len() < 2 {
        return Vec::new();
    }
    // What stands above the first headline is its own.
    starts[0] = 1;
    let all: Vec<&str> = text.lines().collect();
    let ends = starts[1..].iter().map(|line| line - 1).chain([all.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| (*start, all.get(start - 1..end).unwrap_or_default().join("\n")))
        .collect()
}
