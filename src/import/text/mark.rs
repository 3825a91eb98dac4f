//! What each block is by its own form, before the blocks are looked at together.

use std::collections::HashMap;

use super::caption::{self, Caption};
use super::credits::{self, Credits};
use super::dateline::{self, Dateline};
use super::lines::{Block, ends_sentence};
use super::when::{self, DateLine};
use super::{dates, furniture, names, score};
use crate::import::story::{Image, Kind, Role};

/// A block's form.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// Nothing special: the story, or furniture that only weighing tells.
    Open,
    /// The paragraph that the dateline opens.
    Dateline(Box<Dateline>),
    /// A byline; its line may hold the date too.
    Byline(Box<Credits>, Option<DateLine>),
    /// An agency's closing credit line.
    Credit(Box<Credits>),
    /// A caption or the credit of a photograph.
    Caption(Box<Caption>),
    /// A line of dates.
    Date(DateLine),
    /// An address alone on a line, or one that is said to be the source's.
    Address(String),
    /// A rule such as AP's `___`, or an end mark.
    Rule,
    /// The headline.
    Title,
    /// Certainly not the story.
    Not(Kind),
}

/// How many blocks may precede a dateline: menus come before, but a story does not start on line 400.
const DATELINE_WITHIN: usize = 400;

pub(super) fn all(blocks: &[Block]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = blocks.iter().map(one).collect();
    together(blocks, &mut marks);
    dateline(blocks, &mut marks);
    let by = biographies(blocks, &mut marks);
    let long_after = long_after(blocks, &marks);
    for (i, block) in blocks.iter().enumerate() {
        match &marks[i] {
            // In the middle of a story `Jane Doe is a journalist who …` is about its subject.
            Mark::Not(Kind::Biography) if block.words > 12 && long_after[i] >= 2 && !by[i] => marks[i] = Mark::Open,
            Mark::Byline(..) if i > 0 && block.words > 14 && ends_sentence(&block.norm) => marks[i] = Mark::Open,
            _ => {}
        }
    }
    marks
}

/// The most blocks that an author's name may open: an interviewer's opens every question.
const OPENED: usize = 3;

/// Marks the blocks that the name of an author opens: no story begins a paragraph with who tells it, in any language. Says
/// for each block whether it is one.
fn biographies(blocks: &[Block], marks: &mut [Mark]) -> Vec<bool> {
    let mut out = vec![false; blocks.len()];
    let mut authors: Vec<&str> = Vec::new();
    for mark in marks.iter() {
        if let Mark::Byline(by, _) = mark {
            authors.extend(by.people.iter().filter(|c| c.role == Role::Author).map(|c| c.name.as_str()));
        }
    }
    authors.retain(|name| name.contains(' '));
    authors.truncate(8);
    for name in authors {
        let of = |i: usize| {
            (6..=100).contains(&blocks[i].words)
                && blocks[i].norm.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', ',']))
        };
        let found: Vec<usize> = (0..blocks.len()).filter(|&i| of(i)).collect();
        if found.len() <= OPENED {
            found.into_iter().for_each(|i| out[i] = true);
        }
    }
    for (i, _) in out.iter().enumerate().filter(|(_, by)| **by) {
        if matches!(marks[i], Mark::Open) {
            marks[i] = Mark::Not(Kind::Biography);
        }
    }
    out
}

/// What only neighbours tell: a byline on two lines, an agency's name under a caption, a button that comes again and
/// again, a paragraph under "About the author".
fn together(blocks: &[Block], marks: &mut [Mark]) {
    let mut times: HashMap<&str, u32> = HashMap::new();
    for block in blocks.iter().filter(|b| b.words <= 4) {
        *times.entry(block.norm.as_str()).or_default() += 1;
    }
    for i in 0..blocks.len() {
        let block = &blocks[i];
        // A byline stands once; an agency's name that comes again is the credit of photographs.
        if matches!(&marks[i], Mark::Byline(by, _) if by.people.is_empty())
            && credits::agency_alone(&block.norm).is_some()
            && times.get(block.norm.as_str()).is_some_and(|n| *n >= 2)
            && let Mark::Byline(by, _) = &marks[i]
        {
            marks[i] = Mark::Credit(by.clone());
        }
        if matches!(marks[i], Mark::Open)
            && !ends_sentence(&block.norm)
            && times.get(block.norm.as_str()).is_some_and(|n| *n >= 3)
        {
            marks[i] = Mark::Not(Kind::Navigation);
            continue;
        }
        let Some(before) = i.checked_sub(1) else { continue };
        let lead = blocks[before].norm.as_str();
        if matches!(lead, "By" | "BY" | "by" | "Von" | "Par" | "Por" | "By:")
            && block.words <= 14
            && matches!(marks[i], Mark::Open | Mark::Byline(..))
            && let Some(found) = credits::byline(&format!("By {}", block.norm))
        {
            marks[before] = Mark::Not(Kind::Credit);
            marks[i] = Mark::Byline(Box::new(found), None);
        } else if let (Mark::Caption(above), Mark::Byline(by, _)) = (&marks[before], &marks[i])
            && by.people.is_empty()
            && let Some(agency) = by.agency
        {
            match above.image.credit.as_deref() {
                None => {
                    let image = Image { credit: Some(block.text.clone()), ..Image::default() };
                    marks[i] = Mark::Caption(Box::new(Caption { image, photographer: None }));
                }
                Some(credit) if credit.split(['/', ' ', ',']).any(|part| agency.is_called(part)) => {
                    marks[i] = Mark::Not(Kind::Caption);
                }
                Some(_) => {}
            }
        } else if matches!(marks[before], Mark::Not(Kind::Biography))
            && blocks[before].words <= 4
            && matches!(marks[i], Mark::Open)
            && (8..=90).contains(&block.words)
            && (i + 1..blocks.len().min(i + 6)).filter(|&j| is_prose(&blocks[j])).count() < 3
        {
            marks[i] = Mark::Not(Kind::Biography);
        }
    }
}

/// For each block how many long sentences follow it that nothing else claims.
fn long_after(blocks: &[Block], marks: &[Mark]) -> Vec<usize> {
    let mut out = vec![0; blocks.len()];
    let mut n = 0;
    for i in (0..blocks.len()).rev() {
        out[i] = n;
        n += usize::from(is_prose(&blocks[i]) && matches!(marks[i], Mark::Open | Mark::Dateline(_)));
    }
    out
}

/// A block of one sentence or more, long enough to tell something.
pub(super) fn is_prose(block: &Block) -> bool {
    (block.words >= 12 && ends_sentence(&block.norm))
        || block.words >= 35
        || (block.words >= 1
            && block.norm.len() > 60
            && ends_sentence(&block.norm)
            && block.words < 8
            && is_unspaced(&block.norm))
}

fn is_unspaced(text: &str) -> bool {
    text.chars()
        .take(60)
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{e00}'..='\u{e7f}'))
}

/// The longest block, in bytes, that can be anything but story or furniture: no caption or credit line is as long.
const LONGEST: usize = 4000;

fn one(block: &Block) -> Mark {
    let norm = block.norm.as_str();
    if norm.len() > LONGEST {
        return Mark::Open;
    }
    if furniture::is_rule(norm) || furniture::is_end_mark(norm) {
        return Mark::Rule;
    }
    if let Some(address) = address(norm) {
        return Mark::Address(address);
    }
    if block.words == 0 {
        return Mark::Not(Kind::Navigation);
    }
    // Names that end a credit line look like a byline only without their duty.
    if block.words <= 400
        && let Some(found) = credits::line(norm)
    {
        return Mark::Credit(Box::new(found));
    }
    if !photo_byline(norm)
        && let Some(found) = credits::byline(norm)
    {
        return Mark::Byline(Box::new(found), when::line(block).or_else(|| dated(block)));
    }
    if let Some(agency) = credits::agency_alone(norm) {
        return Mark::Byline(Box::new(Credits { agency: Some(agency), ..Credits::default() }), None);
    }
    if let Some(credit) = credits::name_and_duty(norm) {
        return Mark::Byline(Box::new(Credits { people: vec![credit], ..Credits::default() }), None);
    }
    // `Published: 12.03.2024 | Source: …` ends like a caption.
    if let Some(line) = when::line(block).filter(|l| matches!(l.label, when::Label::Published | when::Label::Updated)) {
        return Mark::Date(line);
    }
    if let Some(found) = caption::read(norm)
        && !is_long_story(block, &found)
    {
        return Mark::Caption(Box::new(found));
    }
    if caption::is_file(norm) {
        return Mark::Caption(Box::new(caption::bare(norm)));
    }
    if let Some(kind) = furniture::kind(norm, block.words)
        && !is_told(block, kind)
    {
        // `March 12, 2024, 9:41 AM Updated 3 hours ago`
        if kind == Kind::Related
            && let Some(line) = when::line(block).filter(|l| l.found.year.is_some())
        {
            return Mark::Date(line);
        }
        return Mark::Not(kind);
    }
    if let Some(line) = when::line(block) {
        return Mark::Date(line);
    }
    Mark::Open
}

/// `By Jane Doe/Getty Images` credits a photograph.
fn photo_byline(norm: &str) -> bool {
    norm.contains('/') && (caption::read(norm).is_some() || norm.contains("Getty"))
}

/// A date at the end of a byline.
fn dated(block: &Block) -> Option<DateLine> {
    let found = dates::find(&block.norm).into_iter().find(|d| d.year.is_some())?;
    Some(DateLine { found, label: when::Label::Bare })
}

/// A paragraph of several sentences with something like a credit at its end is a story with an attribution.
fn is_long_story(block: &Block, caption: &Caption) -> bool {
    let bare_agency = caption.image.credit.as_deref().is_some_and(|c| !c.contains(['/', ' ', '|']));
    block.words > 110 || (bare_agency && block.words > 60)
}

/// Whether a long line that has the wording of furniture is told by somebody: then it is a story about such things.
fn is_told(block: &Block, kind: Kind) -> bool {
    const TOLD: &[&str] = &[
        " said",
        " says",
        " told ",
        " according to",
        " announced",
        " reported that",
        " sagte",
        " teilte",
        " erklärte",
        " a déclaré",
        " a annoncé",
        " selon ",
        " dijo",
        " según ",
        " afirmó",
        " заявил",
        " сказал",
        " повідомив",
        " заявив",
        " added",
        "” ",
        ",” ",
        ",\" ",
    ];
    block.words > 14
        && !matches!(kind, Kind::Note | Kind::Tags | Kind::Biography)
        && !block.norm.starts_with('©')
        && TOLD.iter().any(|t| block.norm.contains(t))
}

fn address(norm: &str) -> Option<String> {
    if norm.len() > 600 {
        return None;
    }
    let rest = [
        "Source:",
        "URL:",
        "Link:",
        "Quelle:",
        "Fuente:",
        "Original:",
        "Permalink:",
        "From:",
        "Retrieved from",
        "Read the original article at",
        "Originally published at",
        "Источник:",
        "Джерело:",
    ]
    .iter()
    .find_map(|label| {
        norm.get(..label.len()).filter(|h| h.eq_ignore_ascii_case(label)).map(|_| norm[label.len()..].trim())
    })
    .unwrap_or(norm);
    let rest = rest.trim_matches(['<', '>', '(', ')', '[', ']']);
    let ok = (rest.starts_with("https://") || rest.starts_with("http://")) && !rest.contains(' ') && rest.len() > 12;
    ok.then(|| rest.trim_end_matches(['.', ',']).to_owned())
}

/// Keeps the one dateline of the text: an agency's before any other, the first of its kind.
fn dateline(blocks: &[Block], marks: &mut [Mark]) {
    let mut plain: Option<(usize, Dateline)> = None;
    let mut prose = 0;
    for i in 0..blocks.len().min(DATELINE_WITHIN) {
        if !matches!(marks[i], Mark::Open | Mark::Byline(..) | Mark::Not(_) | Mark::Caption(_) | Mark::Date(_)) {
            continue;
        }
        if let Some(found) = dateline::read(&blocks[i].norm) {
            let goes_on = blocks[i].norm[found.rest..].split(' ').count() >= 5
                || blocks.get(i + 1).is_some_and(|next| is_prose(next) && !next.norm.starts_with(char::is_lowercase));
            if !goes_on || (found.agency.is_none() && matches!(marks[i], Mark::Caption(_))) {
                continue;
            }
            if found.agency.is_some() && prose <= 8 {
                marks[i] = Mark::Dateline(Box::new(found));
                return;
            }
            if plain.is_none() && prose <= 2 && matches!(marks[i], Mark::Open) {
                plain = Some((i, found));
            }
        }
        prose += usize::from(matches!(marks[i], Mark::Open) && is_prose(&blocks[i]));
        if prose > 8 {
            break;
        }
    }
    if let Some((i, found)) = plain {
        marks[i] = Mark::Dateline(Box::new(found));
    }
}

/// Where the story has certainly ended: the index after its closing credit line or end rule.
///
/// A credit line at the head ends nothing, nor does one after which more story follows than went before.
pub(super) fn end(blocks: &[Block], marks: &[Mark]) -> Option<usize> {
    let total: usize = (0..blocks.len()).filter(|&i| told(&blocks[i], &marks[i])).map(|i| blocks[i].words).sum();
    let mut before = 0;
    for i in 0..blocks.len() {
        if told(&blocks[i], &marks[i]) {
            before += blocks[i].words;
        }
        let closes = match &marks[i] {
            Mark::Credit(c) => before * 2 >= total && (is_duty(c) || i + 1 == blocks.len() || before * 4 >= total * 3),
            Mark::Rule => {
                let norm = blocks[i].norm.as_str();
                (furniture::is_end_rule(norm) && before * 2 >= total)
                    || (furniture::is_end_mark(norm) && before * 4 >= total * 3)
            }
            _ => false,
        };
        if closes && before > 0 && !story_follows(blocks, marks, i + 1) {
            return Some(i + 1);
        }
    }
    None
}

/// Whether clearly story follows: several long paragraphs among the next blocks that want nothing of the reader.
fn story_follows(blocks: &[Block], marks: &[Mark], from: usize) -> bool {
    let clear = |i: usize| {
        matches!(marks[i], Mark::Open)
            && blocks[i].words >= 28
            && ends_sentence(&blocks[i].norm)
            && !score::sells(&blocks[i])
    };
    (from..blocks.len().min(from + 8)).filter(|&i| clear(i)).count() >= 3
}

fn told(block: &Block, mark: &Mark) -> bool {
    matches!(mark, Mark::Open | Mark::Dateline(_)) && is_prose(block)
}

fn is_duty(credits: &Credits) -> bool {
    credits.people.iter().any(|c| c.role != Role::Photographer) || !credits.places.is_empty()
}

/// Whether the block is nothing but a person's name.
pub(super) fn is_name(block: &Block) -> bool {
    block.words <= 4 && !block.norm.ends_with(['.', ':', '?', '!']) && names::is_person(&block.norm)
}
