//! Plain text → [`Story`].
//!
//! ```text
//! text ─ lines ─▶ blocks ─ mark ─▶ what each is by its form ─ head ─▶ title, start ─ score ─▶ story or not ─ gather ─▶ Story
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

use regex::Regex;

use super::story::{Context, Kind, Story};
pub(crate) use gather::{sha256, start_of};
use mark::Mark;
use score::Known;

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

fn read_blocks(text: &str, blocks: &[lines::Block], ctx: &Context) -> (Story, Vec<bool>) {
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
    let mut keep = score::assign(blocks, &known, head.start, end);
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
