//! The head of a story: headline, standfirst, byline, and where the text begins.

use std::collections::HashSet;

use super::lines::{Block, ends_sentence};
use super::mark::{Mark, is_name, is_prose};
use super::{caption, dates, names, score};
use crate::import::story::Kind;

/// What stands above the story.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// Index of the headline.
    pub title: Option<usize>,
    /// Index of the headline's second line, where it takes two.
    pub title_goes_on: Option<usize>,
    /// Index before which nothing is story.
    pub start: Option<usize>,
    /// Index of the first block that is surely story.
    pub first: Option<usize>,
    /// Indices of sentences between headline and story: standfirst, or a caption without a credit.
    pub standfirst: Option<usize>,
    /// Indices of blocks that are captions by their place.
    pub captions: Vec<usize>,
    /// Indices of blocks that are an author's name alone.
    pub names: Vec<usize>,
}

/// How many blocks may come between the first paragraph and the rest of the story.
const FAR: usize = 24;

/// Finds the head and marks what it takes.
pub(super) fn read(blocks: &[Block], marks: &mut [Mark], end: Option<usize>) -> Head {
    let mut head = Head { first: first(blocks, marks), ..Head::default() };
    let Some(first) = head.first else {
        // No prose at all: a headline and little else
        if matches!(marks[0], Mark::Open) && blocks.len() > 1 && could_be_title(&blocks[0]) {
            head.title = Some(0);
            marks[0] = Mark::Title;
        }
        return head;
    };
    head.title = title(blocks, marks, first);
    if let Some(t) = head.title {
        marks[t] = Mark::Title;
        let same = squash(&blocks[t].norm);
        // Copied from a narrow column: the next line goes on in small letters.
        if t + 1 < first
            && matches!(marks[t + 1], Mark::Open)
            && !blocks[t + 1].apart
            && (blocks[t + 1].norm.starts_with(char::is_lowercase) || blocks[t + 1].may_go_on)
            && blocks[t].words + blocks[t + 1].words <= 32
            && !ends_sentence(&blocks[t + 1].norm)
        {
            head.title_goes_on = Some(t + 1);
            marks[t + 1] = Mark::Title;
        }
        for i in 0..blocks.len() {
            if i != t
                && matches!(marks[i], Mark::Open | Mark::Not(_))
                && blocks[i].words <= 40
                && squash(&blocks[i].norm) == same
            {
                marks[i] = Mark::Not(Kind::Title);
            }
        }
    }
    let above = head.title_goes_on.or(head.title).map_or(0, |t| t + 1);
    let by_dateline = matches!(marks[first], Mark::Dateline(_));
    for i in above..first {
        if !matches!(marks[i], Mark::Open) {
            continue;
        }
        if caption::describes(&blocks[i].norm)
            || by_dateline && (next_is_bare_credit(marks, i) || has_full_date(&blocks[i]))
        {
            head.captions.push(i);
            marks[i] = Mark::Caption(Box::new(caption::bare(&blocks[i].norm)));
        } else if is_name(&blocks[i]) && blocks[i].norm.contains(char::is_uppercase) && beside_byline(marks, i) {
            head.names.push(i);
            marks[i] = Mark::Not(Kind::Credit);
        }
    }
    // Between headline and dateline stands what the outlet added.
    if by_dateline && head.title.is_some() {
        head.standfirst = (above..first).find(|&i| matches!(marks[i], Mark::Open) && blocks[i].words >= 6);
    }
    head.start = if by_dateline { Some(first) } else { head.title.map(|_| above) };
    // A dateline that the end rule precedes is of the next item.
    if end.is_some_and(|e| e <= first) {
        head.start = None;
    }
    head
}

/// The dateline's paragraph, else the first prose with more prose near it.
fn first(blocks: &[Block], marks: &[Mark]) -> Option<usize> {
    if let Some(i) = marks.iter().position(|m| matches!(m, Mark::Dateline(_))) {
        return Some(i);
    }
    let prose = |i: usize| matches!(marks[i], Mark::Open) && is_prose(&blocks[i]);
    let mut best: Option<(usize, usize)> = None;
    for i in (0..blocks.len()).filter(|&i| prose(i)) {
        let near = (i + 1..blocks.len().min(i + 7)).filter(|&j| prose(j)).count();
        // A long paragraph needs less company than a line that may be a teaser.
        if near >= 3 || (near >= 1 && blocks[i].words >= 30) {
            return Some(i);
        }
        if best.is_none_or(|(_, n)| near > n) {
            best = Some((i, near));
        }
    }
    best.map(|(i, _)| i)
}

/// A headline's form: some words, no full stop, not a label.
fn could_be_title(block: &Block) -> bool {
    let text = block.norm.as_str();
    let stop = text.ends_with(['.', '。']) && !text.ends_with("...") && !text.ends_with("U.S.") && block.words > 3;
    (2..=32).contains(&block.words) && block.norm.chars().count() <= 240 && !stop && !text.ends_with([':', ',', ';'])
        || is_unspaced_title(text)
}

fn is_unspaced_title(text: &str) -> bool {
    let n = text.chars().count();
    (6..=60).contains(&n)
        && !ends_sentence(text)
        && text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')).count() * 2 > n
}

/// The headline among the blocks above the story: the one that says what the story says.
fn title(blocks: &[Block], marks: &[Mark], first: usize) -> Option<usize> {
    let mut content: HashSet<String> = HashSet::new();
    for (block, mark) in blocks.iter().zip(marks).skip(first).take(12) {
        if matches!(mark, Mark::Open | Mark::Dateline(_)) {
            content.extend(stems(&block.norm));
        }
    }
    let mut repeated: HashSet<String> = HashSet::new();
    let mut seen: HashSet<String> = HashSet::new();
    for block in blocks.iter().filter(|b| b.words >= 3 && b.words <= 32) {
        let key = squash(&block.norm);
        if !seen.insert(key.clone()) {
            repeated.insert(key);
        }
    }
    let mut best: Option<(usize, f32)> = None;
    let mut above_byline = true;
    for i in 0..first {
        if matches!(marks[i], Mark::Byline(..)) {
            above_byline = false;
        }
        if !matches!(marks[i], Mark::Open) || !could_be_title(&blocks[i]) || is_lead_in(&blocks[i]) {
            continue;
        }
        let block = &blocks[i];
        let stems: Vec<String> = stems(&block.norm).collect();
        let shared = stems.iter().filter(|s| content.contains(*s)).count();
        let share = if stems.is_empty() { 0.0 } else { shared as f32 / stems.len() as f32 };
        let mut w = share * 3.0 + (shared.min(5) as f32) * 0.5;
        w += match block.words {
            0..=2 => -1.0,
            3 => 0.3,
            4..=5 => 1.2,
            6..=20 => 2.0,
            _ => 1.0,
        };
        w += if i == 0 { 1.5 } else { 0.0 };
        w += if repeated.contains(&squash(&block.norm)) { 1.5 } else { 0.0 };
        w += if above_byline { 0.4 } else { -1.0 };
        w -= if ends_sentence(&block.norm) && block.norm.ends_with('.') { 1.5 } else { 0.0 };
        // A sentence with something in brackets after it is a caption with its credit.
        w -= if block.norm.ends_with(')') && block.norm.contains(". (") { 2.5 } else { 0.0 };
        w -= if has_clock(&block.norm) { 2.5 } else { 0.0 };
        w -= if caption::describes(&block.norm) { 3.0 } else { 0.0 };
        w -= if is_name(block) { 2.0 } else { 0.0 };
        // The first good one wins: what follows it is its standfirst.
        if best.is_none_or(|(_, b)| w > b + 0.9) {
            best = Some((i, w));
        }
    }
    let (i, w) = best?;
    // A breadcrumb trail or a share button repeats the headline with words of its own.
    let with_more = |b: &Block| {
        let (long, short) = (blocks[i].norm.as_str(), b.norm.as_str());
        b.words >= 4
            && long.len() > short.len()
            && (long.ends_with(short) || long.strip_prefix(short).is_some_and(|rest| rest.starts_with(" | ")))
    };
    if let Some(bare) = (0..first).find(|&j| matches!(marks[j], Mark::Open) && with_more(&blocks[j])) {
        return Some(bare);
    }
    (w >= 1.4 || (i == 0 && first > 0)).then_some(i)
}

/// Whether a time of day stands in the line, as in lines of dates; hardly a headline has one.
fn has_clock(text: &str) -> bool {
    text.as_bytes().windows(5).any(|w| {
        w[0].is_ascii_digit() && w[1].is_ascii_digit() && w[2] == b':' && w[3].is_ascii_digit() && w[4].is_ascii_digit()
    })
}

/// A label over something else.
fn is_lead_in(block: &Block) -> bool {
    block.words <= 3
        && names::is_caps(&block.norm)
        && block.norm.chars().count() < 24
        && !block.norm.contains(' ')
        && !is_unspaced_title(&block.norm)
}

/// The words that carry meaning, cut to their stem's first letters.
fn stems(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() > 3)
        .map(|w| w.to_lowercase().chars().take(6).collect())
}

/// A text without case, punctuation and spaces, for telling that two lines say the same.
fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a sentence above the dateline names a day with its year: a photograph's caption does, a standfirst hardly.
fn has_full_date(block: &Block) -> bool {
    block.words <= 80 && ends_sentence(&block.norm) && dates::find(&block.norm).iter().any(|d| d.date().is_some())
}

fn next_is_bare_credit(marks: &[Mark], i: usize) -> bool {
    matches!(marks.get(i + 1), Some(Mark::Caption(c)) if c.image.caption.is_none())
}

fn beside_byline(marks: &[Mark], i: usize) -> bool {
    let beside = |m: Option<&Mark>| matches!(m, Some(Mark::Date(_)));
    beside(marks.get(i + 1)) || (i > 0 && beside(marks.get(i - 1)))
}

/// Takes back a headline that is a line of the story itself, or stands below its beginning, which `told` says: then the text has none.
pub(super) fn doubt(head: &mut Head, marks: &mut [Mark], told: impl Fn(usize) -> bool) {
    let Some(title) = head.title else { return };
    if head.first.is_some_and(|first| matches!(marks[first], Mark::Dateline(_))) {
        return;
    }
    if told(title) {
        for i in [Some(title), head.title_goes_on].into_iter().flatten() {
            marks[i] = Mark::Open;
        }
        (head.title, head.title_goes_on, head.start, head.standfirst) = (None, None, None, None);
    }
}

/// Last word on what is kept: nothing above the headline, and no sentence lost between it and the story that may well be of it, which
/// `perhaps` says.
pub(super) fn settle(
    blocks: &[Block],
    marks: &[Mark],
    head: &Head,
    perhaps: impl Fn(usize) -> bool,
    keep: &mut [bool],
) {
    if let Some(start) = head.start {
        for k in &mut keep[..start.min(blocks.len())] {
            *k = false;
        }
        // A standfirst with no dateline after it may be the first sentence of the story: kept when in doubt.
        if let Some(first) = head.first
            && !matches!(marks[first], Mark::Dateline(_))
        {
            // So is a longer sentence further up: a list or an offer may have come between it and the rest.
            let shown = keep.iter().position(|k| *k).unwrap_or(first).max(first);
            for i in start..shown {
                let sentence = matches!(marks[i], Mark::Open) && ends_sentence(&blocks[i].norm);
                let near = i < first && first - i <= 8 && blocks[i].words >= 8;
                let told = shown - i <= FAR && blocks[i].words >= 15 && !score::sells(&blocks[i]);
                if sentence && (near || told) && perhaps(i) {
                    keep[i] = true;
                }
            }
        }
    }
    // Nothing was found to be story: what has the form of sentences is kept rather than lost.
    if !keep.iter().any(|k| *k) {
        let start = head.start.unwrap_or(0);
        for i in start..blocks.len() {
            keep[i] = matches!(marks[i], Mark::Open | Mark::Dateline(_));
        }
    }
}
