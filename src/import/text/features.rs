//! What can be said of each block without knowing the text: the numbers that the trees are asked about.

use std::collections::{HashMap, HashSet};

use super::lines::{Block, ends_sentence};
use super::mark::is_prose;
use super::score::{self, Known};
use crate::import::story::Kind;

/// How many numbers there are of a block.
pub const COUNT: usize = 96;

/// A block's numbers.
pub type Row = [f32; COUNT];

/// What the rules found, as evidence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence<'a> {
    /// What each block is.
    pub known: &'a [Known],
    /// How much speaks for each block alone.
    pub weights: &'a [f32],
    /// What the weights of all blocks together say.
    pub rules: &'a [bool],
    /// Index of the headline.
    pub title: Option<usize>,
    /// Index before which nothing is story.
    pub start: Option<usize>,
    /// Index after a closing credit line or end rule.
    pub end: Option<usize>,
}

/// Beyond this many blocks two are not near each other.
const FAR: f32 = 60.0;

/// The numbers of each block.
pub(super) fn rows(blocks: &[Block], evidence: &Evidence<'_>) -> Vec<Row> {
    let n = blocks.len();
    let Evidence { known, weights, rules, title, start, end } = *evidence;
    let prose: Vec<bool> =
        (0..n).map(|i| is_prose(&blocks[i]) && matches!(known[i], Known::Open | Known::Story)).collect();
    let kept = |i: usize| rules[i] && matches!(known[i], Known::Open | Known::Story);
    let mut seen: HashMap<&str, u16> = HashMap::new();
    for block in blocks {
        *seen.entry(block.norm.as_str()).or_default() += 1;
    }
    let stems: Vec<HashSet<String>> = blocks.iter().map(|b| stems(&b.norm)).collect();
    // How many kept paragraphs have a stem: what the story is about.
    let mut about: HashMap<&str, u16> = HashMap::new();
    for i in (0..n).filter(|&i| kept(i) && prose[i]) {
        for stem in &stems[i] {
            *about.entry(stem.as_str()).or_default() += 1;
        }
    }
    let empty = HashSet::new();
    let title_stems = title.map_or(&empty, |t| &stems[t]);
    let before = nearest(n, |i| prose[i], false);
    let after = nearest(n, |i| prose[i], true);
    let kinds: [fn(&Known) -> bool; 7] = [
        |k| matches!(k, Known::Not(Kind::Comments)),
        |k| matches!(k, Known::Not(Kind::Related)),
        |k| matches!(k, Known::Not(Kind::Newsletter | Kind::Appeal)),
        |k| matches!(k, Known::Not(Kind::Legal)),
        |k| matches!(k, Known::Not(Kind::Navigation | Kind::Tags)),
        |k| matches!(k, Known::Not(Kind::Biography | Kind::Note)),
        |k| matches!(k, Known::Taken),
    ];
    let near: Vec<(Vec<f32>, Vec<f32>)> =
        kinds.iter().map(|is| (nearest(n, |i| is(&known[i]), false), nearest(n, |i| is(&known[i]), true))).collect();
    let first = (0..n).find(|&i| kept(i)).unwrap_or(0);
    let last = (0..n).rfind(|&i| kept(i)).unwrap_or(0);
    let mut words_before = vec![0.0f32; n + 1];
    let mut kept_before = vec![0.0f32; n + 1];
    let mut bare_before = vec![0.0f32; n + 1];
    for i in 0..n {
        words_before[i + 1] = words_before[i] + if prose[i] { blocks[i].words as f32 } else { 0.0 };
        kept_before[i + 1] = kept_before[i] + if kept(i) { 1.0 } else { 0.0 };
        bare_before[i + 1] = bare_before[i] + if ends_sentence(&blocks[i].norm) { 0.0 } else { 1.0 };
    }
    let all_words = words_before[n].max(1.0);
    let mut longest: Vec<f32> = (0..n).filter(|&i| kept(i) && prose[i]).map(|i| blocks[i].words as f32).collect();
    longest.sort_by(f32::total_cmp);
    let usual = longest.get(longest.len() / 2).copied().unwrap_or(0.0);
    let window = |sums: &[f32], from: usize, to: usize| {
        let (from, to) = (from.min(n), to.min(n));
        if to > from { (sums[to] - sums[from]) / (to - from) as f32 } else { 0.0 }
    };
    let mut out = Vec::with_capacity(n);
    for (i, block) in blocks.iter().enumerate() {
        let mut row = [0.0f32; COUNT];
        let mut at = 0;
        let mut put = |value: f32| {
            row[at] = value;
            at += 1;
        };
        form(block, &mut put);
        put(f32::from(seen[block.norm.as_str()]));
        put(weights[i].clamp(-12.0, 12.0));
        put(f32::from(u8::from(kept(i))));
        put(i as f32 / n as f32);
        put((i as f32).min(400.0));
        put(((n - i) as f32).min(400.0));
        put(words_before[i] / all_words);
        put((all_words - words_before[i + 1]).max(0.0));
        put(before[i]);
        put(after[i]);
        put((i as f32 - first as f32).clamp(-FAR, FAR));
        put((i as f32 - last as f32).clamp(-FAR, FAR));
        put(kept_before[n]);
        put(usual);
        put(block.words as f32 / usual.max(1.0));
        put(start.map_or(-FAR, |s| (i as f32 - s as f32).clamp(-FAR, FAR)));
        put(end.map_or(FAR, |e| (e as f32 - i as f32).clamp(-FAR, FAR)));
        put(title.map_or(-FAR, |t| (i as f32 - t as f32).clamp(-FAR, FAR)));
        put(share(&stems[i], |s| title_stems.contains(s)));
        let own = u16::from(kept(i) && prose[i]);
        put(share(&stems[i], |s| about.get(s).copied().unwrap_or_default() > own));
        put(share(&stems[i], |s| about.get(s).copied().unwrap_or_default() > own + 1));
        for (back, forth) in &near {
            put(back[i]);
            put(forth[i]);
        }
        put(window(&kept_before, i.saturating_sub(4), i));
        put(window(&kept_before, i + 1, i + 5));
        put(window(&kept_before, i.saturating_sub(12), i));
        put(window(&kept_before, i + 1, i + 13));
        put(window(&bare_before, i.saturating_sub(3), i));
        put(window(&bare_before, i + 1, i + 4));
        put(window(&bare_before, i.saturating_sub(10), i));
        put(window(&bare_before, i + 1, i + 11));
        for step in [-2isize, -1, 1, 2] {
            match i.checked_add_signed(step).filter(|&j| j < n) {
                Some(j) => {
                    put((blocks[j].words as f32).min(80.0));
                    put(f32::from(u8::from(ends_sentence(&blocks[j].norm))));
                    put(match known[j] {
                        Known::Open => weights[j].clamp(-12.0, 12.0),
                        Known::Story => 13.0,
                        Known::Taken => -13.0,
                        Known::Not(_) => -14.0,
                    });
                }
                None => (0..3).for_each(|_| put(-20.0)),
            }
        }
        put(f32::from(u8::from(matches!(known[i], Known::Not(_)))));
        put(f32::from(u8::from(known.contains(&Known::Story))));
        put((n as f32).min(600.0));
        out.push(row);
    }
    out
}

/// What the block's own form says.
fn form(block: &Block, put: &mut impl FnMut(f32)) {
    let text = block.norm.as_str();
    let flag = |b: bool| f32::from(u8::from(b));
    let (mut letters, mut capitals, mut digits, mut marks, mut stops, mut commas, mut wide) =
        (0u32, 0u32, 0u32, 0u32, 0u32, 0u32, 0u32);
    for c in text.chars().take(2000) {
        if c.is_alphabetic() {
            letters += 1;
            capitals += u32::from(c.is_uppercase());
            wide += u32::from(matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'));
        } else if c.is_ascii_digit() {
            digits += 1;
        } else if !c.is_whitespace() {
            marks += 1;
            stops += u32::from(matches!(c, '.' | '!' | '?' | '。' | '…'));
            commas += u32::from(matches!(c, ',' | ';' | '、' | '，'));
        }
    }
    let all = (letters + digits + marks).max(1) as f32;
    let words = (block.words as f32).max(1.0);
    let (mut big, mut small, mut short) = (0u32, 0u32, 0u32);
    for word in text.split(' ').take(300) {
        big += u32::from(word.starts_with(char::is_uppercase));
        small += u32::from(word.starts_with(char::is_lowercase));
        short += u32::from(word.chars().count() <= 3);
    }
    put(words.min(200.0));
    put(score::size(block).min(300.0));
    put(all.min(1500.0));
    put(letters as f32 / words);
    put(capitals as f32 / letters.max(1) as f32);
    put(digits as f32 / all);
    put(marks as f32 / all);
    put((stops as f32).min(12.0));
    put(commas as f32 / words);
    put(big as f32 / words);
    put(small as f32 / words);
    put(short as f32 / words);
    put(flag(wide * 2 > letters));
    put(flag(ends_sentence(text)));
    put(flag(text.ends_with([':'])));
    put(flag(text.ends_with([',', ';'])));
    put(flag(text.ends_with(['?', '!'])));
    put(flag(text.starts_with(char::is_lowercase)));
    put(flag(text.starts_with(|c: char| c.is_ascii_digit())));
    put(flag(text.starts_with(|c: char| !c.is_alphanumeric())));
    put(flag(text.contains(['“', '”', '„', '«', '»', '"'])));
    put(flag(block.apart));
    let signs = score::signs(text, block.words);
    put(f32::from(signs.sells));
    put(f32::from(signs.you));
    put(f32::from(signs.we));
    put(f32::from(signs.money));
    put(flag(signs.asks));
    put(flag(signs.linked));
    put(flag(signs.arrow));
    put(flag(signs.bar));
}

/// For each block how far the nearest one of some kind is, before or after it.
fn nearest(n: usize, is: impl Fn(usize) -> bool, after: bool) -> Vec<f32> {
    let mut out = vec![FAR; n];
    let mut since = FAR;
    for k in 0..n {
        let i = if after { n - 1 - k } else { k };
        out[i] = since;
        since = if is(i) { 1.0 } else { (since + 1.0).min(FAR) };
    }
    out
}

/// The words that carry meaning, cut to their stem's first letters.
fn stems(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().nth(3).is_some())
        .take(300)
        .map(|w| w.to_lowercase().chars().take(6).collect())
        .collect()
}

fn share(stems: &HashSet<String>, is: impl Fn(&str) -> bool) -> f32 {
    if stems.is_empty() {
        return -1.0;
    }
    stems.iter().filter(|s| is(s)).count() as f32 / stems.len() as f32
}
