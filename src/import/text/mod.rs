//! Plain text → [`Story`].
//!
//! ```text
//! text ─ lines ─▶ blocks ─ mark ─▶ what each is by its form ─ head ─▶ title, start ─ score, trees ─▶ story or not ─ gather ─▶ Story
//! ```
//!
//! Every step looks at each block a bounded number of times, so time is linear in the length of the text; no step can
//! fail. Rules are about the trade's conventions (datelines, credit lines, captions, furniture), never about one outlet.

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

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::forest::Forest;
use super::story::{Context, Kind, Story};
pub(crate) use gather::{sha256, start_of};
use mark::Mark;
use score::Known;

/// The last word on blocks that neither form nor wording settles. The trees were grown from texts with known lines, by
/// `benches/pages/train_lines.py`, which also says how well they do on sites that they have not seen.
static TREES: LazyLock<Forest> = LazyLock::new(|| Forest::read(include_bytes!("forest.bin")));

/// The logarithm of the odds from which on a block is kept: what is lost is worse than what is left over.
///
/// Where the rules keep it and a credit line closes the story (`framed`), little can be wrong. A line that is no sentence
/// and that the rules leave out has to be surer: it may be a headline among others, or stand in a table of contents for what
/// they keep further down (`told`).
fn bound(block: &lines::Block, rules: bool, framed: bool, told: &HashSet<&str>) -> f32 {
    match rules {
        false if told.contains(block.norm.as_str()) => f32::INFINITY,
        true if framed => -2.2,
        false if !lines::ends_sentence(&block.norm) => 1.1,
        _ => -0.405,
    }
}

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
    let (story, _) = read_blocks(text, &blocks, ctx);
    vec![story]
}

/// For each line of the input whether it is of the story: for measuring against labelled lines.
#[must_use]
pub fn kept_lines(text: &str, ctx: &Context) -> Vec<bool> {
    let blocks = lines::blocks(text);
    let mut out = vec![false; text.lines().count()];
    if blocks.is_empty() {
        return out;
    }
    let (_, keep) = read_blocks(text, &blocks, ctx);
    for (block, keep) in blocks.iter().zip(keep) {
        for line in block.line..block.line + block.lines {
            if let Some(slot) = out.get_mut(line - 1) {
                *slot = keep;
            }
        }
    }
    out
}

/// What is known of a text's blocks before the last word on them.
struct Weighed {
    marks: Vec<Mark>,
    end: Option<usize>,
    head: head::Head,
    known: Vec<Known>,
    /// For each block whether the rules hold it for story.
    rules: Vec<bool>,
    rows: Vec<features::Row>,
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
    let weights = score::weights(blocks, &known);
    let rules = score::assign(blocks, &known, &weights, head.start, end);
    let evidence = features::Evidence {
        known: &known,
        weights: &weights,
        rules: &rules,
        title: head.title,
        start: head.start,
        end,
    };
    let rows = features::rows(blocks, &evidence);
    Weighed { marks, end, head, known, rules, rows }
}

/// For each block of the text its lines (the first, counted from 1, and how many), whether it is open to be story, whether
/// the rules hold it for story, and its numbers: what the trees are grown from.
#[must_use]
pub fn rows(text: &str) -> Vec<(usize, usize, bool, bool, features::Row)> {
    let blocks = lines::blocks(text);
    if blocks.is_empty() {
        return Vec::new();
    }
    let weighed = weigh(&blocks);
    let each = blocks.iter().zip(&weighed.known).zip(&weighed.rules).zip(weighed.rows);
    each.map(|(((block, known), rules), row)| (block.line, block.lines, *known == Known::Open, *rules, row)).collect()
}

fn read_blocks(text: &str, blocks: &[lines::Block], ctx: &Context) -> (Story, Vec<bool>) {
    let Weighed { marks, end, head, known, rules, rows } = weigh(blocks);
    let told: HashSet<&str> =
        blocks.iter().zip(&rules).filter(|(_, kept)| **kept).map(|(b, _)| b.norm.as_str()).collect();
    let mut keep = rules;
    // After a credit line or end rule nothing is asked about: the story is over.
    let open: Vec<usize> = (0..end.unwrap_or(blocks.len())).filter(|&i| known[i] == Known::Open).collect();
    let asked: Vec<&features::Row> = open.iter().map(|&i| &rows[i]).collect();
    for (i, odds) in open.iter().zip(TREES.odds(&asked)) {
        keep[*i] = odds > bound(&blocks[*i], keep[*i], end.is_some(), &told);
    }
    for (keep, known) in keep.iter_mut().zip(&known) {
        *keep &= matches!(known, Known::Open | Known::Story);
    }
    head::settle(blocks, &marks, &head, &mut keep);
    let story = gather::story(text, blocks, &marks, &head, &keep, end, ctx);
    (story, keep)
}

/// The kind that the report gives to a block that was weighed and found to be no story.
fn kind_of_rest(norm: &str) -> Kind {
    if lines::ends_sentence(norm) { Kind::Other } else { Kind::Related }
}
