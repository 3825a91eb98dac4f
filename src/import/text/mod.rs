//! Plain text → [`Story`].
//!
//! ```text
//! text ─ lines ─▶ blocks ─ mark ─▶ what each is by its form ─ head ─▶ title, start ─ score, trees ─▶ story or not ─ gather ─▶ Story
//! ```
//!
//! What comes out says where the story ends; from `mark` on it is then done again with what stands before that alone, so that the
//! story does not depend on what follows it. Every step looks at each block a bounded number of times, so time is linear in the
//! length of the text; no step can fail. Rules are about the trade's conventions (datelines, credit lines, captions, furniture), never about one outlet.

pub mod agency;
mod byline;
mod calendar;
pub mod caption;
pub mod credits;
pub mod dateline;
pub mod dates;
mod eastern;
pub mod features;
pub mod furniture;
mod gather;
mod head;
pub mod lines;
mod mark;
pub mod names;
mod outlet;
mod places;
mod score;
mod taken;
pub mod when;
mod whole;

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::forest::Forest;
use super::repeats::{Line, Sighting};
use super::story::{Context, Kind, Story};
pub(crate) use gather::{sha256, start_of};
use mark::Mark;
use score::Known;
pub(crate) use score::wants;

/// The last word on blocks that neither form nor wording settles. The trees were grown from texts with known lines, by
/// `benches/pages/train_lines.py`, which also says how well they do on sites that they have not seen.
static TREES: LazyLock<Forest> = LazyLock::new(|| Forest::read(include_bytes!("forest.bin")));
/// Trees that know what the first ones said of a block and of those around it.
static AGAIN: LazyLock<Forest> = LazyLock::new(|| Forest::read(include_bytes!("again.bin")));

/// How many blocks of story a short text has at most.
const SHORT: usize = 8;

/// The logarithm of the odds from which on a block is kept: what is lost is worse than what is left over.
const KEPT: f32 = -0.2;
/// The same where the rules keep it and a credit line closes the story: little can be wrong.
const CLOSED: f32 = -2.5;
/// The same where the rules keep it and the text is so short that little is to be learned from it.
const BRIEF: f32 = -0.8;
/// The same for a line of such a text that is no sentence and that the rules leave out: it may be a headline among others.
const LINE: f32 = 0.3;
/// The same for a sentence between the headline and the rest of the story.
const PERHAPS: f32 = -0.8;
/// The same for what by its wording or its place is something else.
const TAKEN: f32 = 0.1;
/// The same for what by its wording wants something of the reader.
const WANTS: f32 = 1.0;
/// From which odds on a block of prose is a paragraph of the story beyond doubt.
const PARAGRAPH: f32 = 2.0;

/// A fixed pattern. Every one is compiled by a test.
fn re(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are fixed and tested")
}

/// Reads a text as news. Total and pure: it never fails, and an empty text holds no story.
///
/// Several stories in one text are not told apart yet: the result has at most one.
#[must_use]
pub fn read(text: &str, ctx: &Context) -> Vec<Story> {
    let blocks = lines::blocks(text);
    if blocks.is_empty() {
        return Vec::new();
    }
    let (story, _) = read_blocks(text, &blocks, weigh(&blocks), ctx, &mut trees);
    vec![story]
}

/// For each line of the input whether it is of the story: for measuring against labelled lines.
#[must_use]
pub fn kept_lines(text: &str, ctx: &Context) -> Vec<bool> {
    kept_by(text, ctx, &mut trees).0
}

/// What is known of a text's blocks before the last word on them.
struct Weighed {
    marks: Vec<Mark>,
    end: Option<usize>,
    head: head::Head,
    known: Vec<Known>,
    /// How much speaks for each block alone.
    weights: Vec<f32>,
    /// For each block whether the rules hold it for story.
    rules: Vec<bool>,
    /// For each block whether it is asked about: what only its own wording or place makes furniture, a date or the headline may yet be story.
    asked: Vec<bool>,
}

fn weigh(blocks: &[lines::Block]) -> Weighed {
    let mut marks = mark::all(blocks);
    let end = mark::end(blocks, &marks);
    let head = head::read(blocks, &mut marks, end);
    let known: Vec<Known> = marks
        .iter()
        .map(|m| match m {
            Mark::Open => Known::Open,
            Mark::Dateline(_) => Known::Story,
            Mark::Not(kind) => Known::Not(*kind),
            _ => Known::Taken,
        })
        .collect();
    let asked = marks.iter().map(|m| matches!(m, Mark::Open | Mark::Not(_) | Mark::Title | Mark::Date(_))).collect();
    let weights = score::weights(blocks, &known);
    let rules = score::assign(blocks, &known, &weights, head.start, end);
    Weighed { marks, end, head, known, weights, rules, asked }
}

impl Weighed {
    /// The numbers of each block, where `weights` and `held` are what is thought of the blocks so far.
    fn rows(&self, blocks: &[lines::Block], weights: &[f32], held: &[bool]) -> Vec<features::Row> {
        let evidence = features::Evidence {
            marks: &self.marks,
            known: &self.known,
            weights,
            held,
            rules: &self.rules,
            asked: &self.asked,
            title: self.head.title,
            start: self.head.start,
            end: self.end,
        };
        features::rows(blocks, &evidence)
    }

    /// What speaks for each block that is open to be story, as the logarithm of the odds: `ask` is asked twice, first what
    /// it thinks of the blocks by what the rules think of them, then by what it thought itself.
    fn odds(&self, blocks: &[lines::Block], ask: &mut Ask<'_>) -> Vec<f32> {
        let open: Vec<usize> = (0..blocks.len()).filter(|&i| self.asked[i]).collect();
        let (mut weights, mut held) = (self.weights.clone(), self.rules.clone());
        for pass in [Pass::First, Pass::Second] {
            let rows = self.rows(blocks, &weights, &held);
            let asked: Vec<&features::Row> = open.iter().map(|&i| &rows[i]).collect();
            for (&i, odds) in open.iter().zip(ask(pass, &asked)) {
                weights[i] = odds;
                held[i] = odds > 0.0;
            }
        }
        weights
    }
}

/// Which time the trees are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// By the evidence of the rules.
    First,
    /// By the answers of the first.
    Second,
}

/// Who is asked: the numbers of the blocks that are open to be story → the logarithms of the odds that each is.
pub type Ask<'a> = dyn FnMut(Pass, &[&features::Row]) -> Vec<f32> + 'a;

/// Asks the trees.
fn trees(pass: Pass, rows: &[&features::Row]) -> Vec<f32> {
    match pass {
        Pass::First => TREES.odds(rows),
        Pass::Second => AGAIN.odds(rows),
    }
}

/// What is known of a block before anybody is asked about it: what the trees are grown from.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The first line of the input that it came from, counted from 1.
    pub line: usize,
    /// How many lines it took.
    pub lines: usize,
    /// Whether it is open to be story.
    pub open: bool,
}

/// For each line of the input whether it is of the story, its blocks, and the story, where `ask` is asked instead of the trees:
/// for growing them, and for judging others.
#[must_use]
pub fn kept_by(text: &str, ctx: &Context, ask: &mut Ask<'_>) -> (Vec<bool>, Vec<Asked>, Option<Story>) {
    let blocks = lines::blocks(text);
    let mut out = vec![false; text.lines().count()];
    if blocks.is_empty() {
        return (out, Vec::new(), None);
    }
    let weighed = weigh(&blocks);
    let each = blocks.iter().zip(&weighed.asked);
    let asked = each.map(|(block, asked)| Asked { line: block.line, lines: block.lines, open: *asked }).collect();
    let (story, keep) = read_blocks(text, &blocks, weighed, ctx, ask);
    for (block, keep) in blocks.iter().zip(keep) {
        for line in block.line..block.line + block.lines {
            if let Some(slot) = out.get_mut(line - 1) {
                *slot = keep;
            }
        }
    }
    (out, asked, Some(story))
}

/// What is made of a text's blocks.
struct Settled {
    marks: Vec<Mark>,
    end: Option<usize>,
    head: head::Head,
    /// For each block whether it is of the story.
    keep: Vec<bool>,
    /// For each block whether it is left out for its past.
    is_repeated: Vec<bool>,
}

/// `headline` is one that is beyond doubt.
fn settle(
    blocks: &[lines::Block],
    weighed: Weighed,
    headline: Option<usize>,
    ctx: &Context,
    ask: &mut Ask<'_>,
) -> Settled {
    let mut odds = weighed.odds(blocks, ask);
    let title = weighed.head.title.map(|t| blocks[t].norm.as_str());
    let against = against(blocks, &weighed.known, &odds, title, ctx);
    for (odds, against) in odds.iter_mut().zip(&against) {
        *odds += against;
    }
    even_out(blocks, &weighed.asked, &mut odds);
    let Weighed { mut marks, end, mut head, known, rules, asked, .. } = weighed;
    let above = |i: usize| asked[i] && mark::is_prose(&blocks[i]) && odds[i] > PARAGRAPH;
    if headline.is_none() || headline != head.title {
        head::doubt(&mut head, &mut marks, |title| odds[title] > TAKEN || (0..title).any(above));
    }
    let is_short = rules.iter().filter(|kept| **kept).count() <= SHORT;
    // A line that the rules keep elsewhere stands in a table of contents.
    let told: HashSet<&str> =
        blocks.iter().zip(&rules).filter(|(_, kept)| **kept).map(|(b, _)| b.norm.as_str()).collect();
    let bound = |i: usize, repeated: bool| match known[i] {
        Known::Not(Kind::Appeal | Kind::Newsletter | Kind::Comments | Kind::Advertisement) => WANTS,
        Known::Open if !rules[i] && told.contains(blocks[i].norm.as_str()) => f32::INFINITY,
        Known::Open if repeated => KEPT,
        Known::Open if rules[i] && end.is_some() => CLOSED,
        Known::Open if rules[i] && is_short => BRIEF,
        Known::Open if is_short && !lines::ends_sentence(&blocks[i].norm) => LINE,
        Known::Open => KEPT,
        _ => TAKEN,
    };
    let mut keep: Vec<bool> = known.iter().zip(&rules).map(|(known, rules)| *known == Known::Story && *rules).collect();
    // After a credit line or end rule nothing is asked about: the story is over.
    for i in (0..end.unwrap_or(blocks.len())).filter(|&i| asked[i]) {
        keep[i] = odds[i] > bound(i, against[i] < 0.0);
    }
    head::settle(blocks, &marks, &head, |i| odds[i] > PERHAPS, &mut keep);
    let is_repeated: Vec<bool> = (0..blocks.len()).map(|i| against[i] < 0.0 && odds[i] <= bound(i, true)).collect();
    if keep.iter().zip(&is_repeated).any(|(keep, repeated)| *keep && !repeated) {
        keep.iter_mut().zip(&is_repeated).for_each(|(keep, repeated)| *keep &= !repeated);
    }
    Settled { marks, end, head, keep, is_repeated }
}

/// What may be parts of one paragraph is judged as one.
fn even_out(blocks: &[lines::Block], asked: &[bool], odds: &mut [f32]) {
    let mut from = 0;
    for to in 1..=blocks.len() {
        let is_part = |i: usize| asked[i] && lines::ends_sentence(&blocks[i].norm);
        if to < blocks.len() && blocks[to].may_go_on && is_part(to - 1) && is_part(to) {
            continue;
        }
        if to - from > 1 {
            let words = |i: usize| blocks[i].words as f32;
            let all: f32 = (from..to).map(words).sum();
            let mean = (from..to).map(|i| odds[i] * words(i)).sum::<f32>() / all.max(1.0);
            odds[from..to].fill(mean);
        }
        from = to;
    }
}

/// How often the end of the story is looked for at most.
const LOOKS: usize = 8;
/// A text of more blocks is no clipping, and reading it again would only cost time.
const MOST: usize = 10_000;

fn read_blocks(
    text: &str,
    blocks: &[lines::Block],
    weighed: Weighed,
    ctx: &Context,
    ask: &mut Ask<'_>,
) -> (Story, Vec<bool>) {
    let mut found = settle(blocks, weighed, None, ctx, ask);
    // What follows the story tells where it ends; what is of it is then decided without, so that other furniture changes nothing.
    let mut to = blocks.len();
    let looks = if blocks.len() > MOST { 0 } else { LOOKS };
    for _ in 0..looks {
        let last = found.keep.iter().rposition(|keep| *keep).map_or(0, |last| last + 1);
        let here = found.end.unwrap_or(last);
        if here == 0 || here >= to {
            break;
        }
        to = here;
        let again = settle(&blocks[..to], weigh(&blocks[..to]), found.head.title, ctx, ask);
        found.marks.splice(..to, again.marks);
        found.keep.fill(false);
        found.keep.splice(..to, again.keep);
        found.is_repeated.splice(..to, again.is_repeated);
        (found.head, found.end) = (again.head, again.end);
    }
    let Settled { marks, end, head, keep, is_repeated } = found;
    let mut story = gather::story(text, blocks, &marks, &head, &keep, end, ctx);
    for removed in &mut story.removed {
        let at = blocks.partition_point(|block| block.line < removed.line);
        if is_repeated.get(at) == Some(&true) && matches!(removed.kind, Kind::Other | Kind::Related) {
            removed.kind = Kind::Repeated;
            if blocks[at].words >= TOLD && story.warnings.len() < 8 {
                story.warnings.push(left_out(&removed.text));
            }
        }
    }
    let lines = blocks.iter().zip(&keep).map(|(block, keep)| (block.norm.as_str(), *keep));
    story.sighting = Some(Sighting::of("", story.title.as_deref(), lines));
    (story, keep)
}

/// So many words of a line that is left out for its past are worth a look.
pub(crate) const TOLD: usize = 20;

/// What the report says of a paragraph that is left out for its past.
pub(crate) fn left_out(text: &str) -> String {
    format!("left out, as the outlet prints it under other titles, too: \"{}\"", start_of(text))
}

/// How much the past speaks against each block.
fn against(blocks: &[lines::Block], known: &[Known], odds: &[f32], title: Option<&str>, ctx: &Context) -> Vec<f32> {
    if ctx.repeats.is_empty() {
        return vec![0.0; blocks.len()];
    }
    let lines: Vec<Line> = blocks
        .iter()
        .zip(known.iter().zip(odds))
        .map(|(block, (known, odds))| Line {
            text: &block.norm,
            words: block.words,
            odds: match known {
                Known::Open => Some(*odds),
                Known::Story => Some(f32::INFINITY),
                Known::Taken | Known::Not(_) => (*odds > TAKEN).then_some(*odds),
            },
            is_sentence: lines::ends_sentence(&block.norm),
        })
        .collect();
    ctx.repeats.against("", title, &lines)
}

/// The kind that the report gives to a block that was weighed and found to be no story.
fn kind_of_rest(norm: &str) -> Kind {
    if lines::ends_sentence(norm) { Kind::Other } else { Kind::Related }
}
