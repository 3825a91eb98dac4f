//! What can be said of each block without knowing the text: the numbers that the trees are asked about.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use xxhash_rust::xxh3::xxh3_64;

use super::lines::{Block, ends_sentence};
use super::mark::{Mark, is_prose};
use super::re;
use super::score::{self, Known};
use super::whole::Whole;
use crate::import::story::Kind;

/// How many numbers there are of a block.
pub const COUNT: usize = 198;

/// A block's numbers.
pub type Row = [f32; COUNT];

/// What is thought of the blocks so far, as evidence: first by the rules, then by the trees themselves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence<'a> {
    /// The form of each block.
    pub marks: &'a [Mark],
    /// What each block is.
    pub known: &'a [Known],
    /// How much speaks for each block.
    pub weights: &'a [f32],
    /// Whether each block is held for story.
    pub held: &'a [bool],
    /// Whether the rules hold it for story.
    pub rules: &'a [bool],
    /// Whether each block is asked about.
    pub asked: &'a [bool],
    /// Index of the headline.
    pub title: Option<usize>,
    /// Index before which nothing is story.
    pub start: Option<usize>,
    /// Index after a closing credit line or end rule.
    pub end: Option<usize>,
}

/// Beyond this many blocks two are not near each other.
pub(super) const FAR: f32 = 60.0;

/// The numbers of each block.
///
/// None of them says how much text there is, nor what stands far below the story: what follows it changes nothing in it.
pub(super) fn rows(blocks: &[Block], evidence: &Evidence<'_>) -> Vec<Row> {
    let n = blocks.len();
    let Evidence { marks, known, weights, held, asked, title, start, end, .. } = *evidence;
    let may_be = |i: usize| matches!(known[i], Known::Open | Known::Story);
    let sentence: Vec<bool> = blocks.iter().map(|b| ends_sentence(&b.norm)).collect();
    let sizes: Vec<f32> = blocks.iter().map(score::size).collect();
    let prose: Vec<bool> = (0..n).map(|i| may_be(i) && is_prose(&blocks[i])).collect();
    let kept = |i: usize| held[i] && (asked[i] || known[i] == Known::Story);
    let mut seen: HashMap<&str, u16> = HashMap::new();
    for block in blocks {
        *seen.entry(block.norm.as_str()).or_default() += 1;
    }
    let stems: Vec<Vec<u32>> = blocks.iter().map(|b| stems(&b.norm)).collect();
    // How many kept paragraphs have a stem: what the story is about.
    let mut about: HashMap<u32, u16> = HashMap::new();
    for i in (0..n).filter(|&i| kept(i) && is_prose(&blocks[i])) {
        for stem in &stems[i] {
            *about.entry(*stem).or_default() += 1;
        }
    }
    let runs = Runs::of(blocks);
    let title_stems = title.map_or(&[][..], |t| &stems[t]);
    let before = nearest(n, |i| prose[i], false);
    let after = nearest(n, |i| prose[i], true);
    let kinds: [fn(&Known, &Mark) -> bool; 10] = [
        |k, _| matches!(k, Known::Not(Kind::Comments)),
        |k, _| matches!(k, Known::Not(Kind::Related)),
        |k, _| matches!(k, Known::Not(Kind::Newsletter | Kind::Appeal)),
        |k, _| matches!(k, Known::Not(Kind::Legal)),
        |k, _| matches!(k, Known::Not(Kind::Navigation | Kind::Tags)),
        |k, _| matches!(k, Known::Not(Kind::Biography | Kind::Note)),
        |k, _| matches!(k, Known::Not(Kind::Advertisement)),
        |_, m| matches!(m, Mark::Caption(_)),
        |_, m| matches!(m, Mark::Byline(..) | Mark::Credit(_)),
        |_, m| matches!(m, Mark::Date(_)),
    ];
    let near: Vec<(Vec<f32>, Vec<f32>)> = kinds
        .iter()
        .map(|is| {
            let is = |i: usize| is(&known[i], &marks[i]);
            (nearest(n, is, false), nearest(n, is, true))
        })
        .collect();
    let strong = |i: usize| kept(i) && is_prose(&blocks[i]);
    let held_before = nearest(n, strong, false);
    let held_after = nearest(n, strong, true);
    let first = (0..n).find(|&i| kept(i)).unwrap_or(0);
    let last = (0..n).rfind(|&i| kept(i)).unwrap_or(0);
    let mut words_before = vec![0.0f32; n + 1];
    let mut kept_before = vec![0.0f32; n + 1];
    let mut bare_before = vec![0.0f32; n + 1];
    for i in 0..n {
        words_before[i + 1] = words_before[i] + if strong(i) { sizes[i] } else { 0.0 };
        kept_before[i + 1] = kept_before[i] + if kept(i) { 1.0 } else { 0.0 };
        bare_before[i + 1] = bare_before[i] + if sentence[i] { 0.0 } else { 1.0 };
    }
    let mut longest: Vec<f32> = (0..n).filter(|&i| strong(i)).map(|i| sizes[i]).collect();
    longest.sort_by(f32::total_cmp);
    let usual = longest.get(longest.len() / 2).copied().unwrap_or(0.0);
    let window = |sums: &[f32], from: usize, to: usize| {
        let (from, to) = (from.min(n), to.min(n));
        if to > from { (sums[to] - sums[from]) / (to - from) as f32 } else { 0.0 }
    };
    let sum = |from: usize, to: usize| words_before[to.min(n)] - words_before[from.min(n)];
    let of_agency = f32::from(u8::from(known.contains(&Known::Story)));
    let (run_lines, run_words) = stretches(blocks, &sentence);
    let whole = Whole::of(blocks, evidence, &sentence, &stems);
    let mut out = Vec::with_capacity(n);
    for (i, block) in blocks.iter().enumerate() {
        let mut row = [0.0f32; COUNT];
        let mut at = 0;
        let mut put = |value: f32| {
            row[at] = value;
            at += 1;
        };
        form(block, &mut put);
        wording(block, sentence[i], &mut put);
        put(f32::from(seen[block.norm.as_str()].min(50)));
        put(weights[i].clamp(-12.0, 12.0));
        put(f32::from(u8::from(kept(i))));
        put((i as f32).min(400.0));
        put(words_before[i].min(3000.0));
        put(sum(i + 1, i + 31).min(1000.0));
        put(before[i]);
        put(after[i]);
        put(held_before[i]);
        put(held_after[i]);
        put((i as f32 - first as f32).clamp(-FAR, FAR));
        put((i as f32 - last as f32).clamp(-FAR, FAR));
        put(usual);
        put(sizes[i] / usual.max(1.0));
        put(start.map_or(-FAR, |s| (i as f32 - s as f32).clamp(-FAR, FAR)));
        put(end.map_or(FAR, |e| (e as f32 - i as f32).clamp(-FAR, FAR)));
        put(title.map_or(-FAR, |t| (i as f32 - t as f32).clamp(-FAR, FAR)));
        put(share(&stems[i], |s| title_stems.binary_search(&s).is_ok()));
        let own = u16::from(strong(i));
        put(share(&stems[i], |s| about.get(&s).copied().unwrap_or_default() > own));
        put(share(&stems[i], |s| about.get(&s).copied().unwrap_or_default() > own + 1));
        for beside in [i.checked_sub(1), Some(i + 1).filter(|&j| j < n)] {
            put(beside.map_or(-2.0, |j| share(&stems[i], |s| stems[j].binary_search(&s).is_ok())));
        }
        put(runs.again(i));
        put(run_lines[i]);
        put(run_words[i]);
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
        for step in [-3isize, -2, -1, 1, 2, 3] {
            match i.checked_add_signed(step).filter(|&j| j < n) {
                Some(j) => {
                    put(sizes[j].min(80.0));
                    put(f32::from(u8::from(sentence[j])));
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
        put(of_agency);
        whole.numbers(i, &mut put);
        out.push(row);
    }
    out
}

/// For each block how many lines and words the run has in which it stands: of sentences, or of what is none.
fn stretches(blocks: &[Block], sentence: &[bool]) -> (Vec<f32>, Vec<f32>) {
    let (mut lines, mut words) = (Vec::with_capacity(blocks.len()), Vec::with_capacity(blocks.len()));
    for run in sentence.chunk_by(|a, b| a == b) {
        let from = lines.len();
        let total: usize = blocks[from..from + run.len()].iter().map(|b| b.words).sum();
        lines.resize(from + run.len(), (run.len() as f32).min(FAR));
        words.resize(from + run.len(), (total as f32).min(1500.0));
    }
    (lines, words)
}

/// Four words in a row that stand in other blocks, too: a sentence pulled out of the story, a teaser of it.
struct Runs {
    each: Vec<Vec<u32>>,
    times: HashMap<u32, u8>,
}

/// How many words of a block are looked at, and how many runs of a text are remembered.
const LOOKED_AT: usize = 120;
const REMEMBERED: usize = 100_000;

impl Runs {
    fn of(blocks: &[Block]) -> Self {
        let mut times: HashMap<u32, u8> = HashMap::new();
        let mut each = Vec::with_capacity(blocks.len());
        for block in blocks {
            if times.len() > REMEMBERED {
                each.push(Vec::new());
                continue;
            }
            let words: Vec<u32> = words(&block.norm).take(LOOKED_AT).map(hash).collect();
            let mut runs: Vec<u32> = words
                .windows(4)
                .map(|w| w.iter().fold(0u32, |sum, word| sum.rotate_left(7).wrapping_mul(0x9e37_79b1) ^ word))
                .collect();
            runs.sort_unstable();
            runs.dedup();
            for run in &runs {
                let n = times.entry(*run).or_default();
                *n = n.saturating_add(1);
            }
            each.push(runs);
        }
        Runs { each, times }
    }

    /// The share of a block's runs that come again; below zero where it has none.
    fn again(&self, i: usize) -> f32 {
        share(&self.each[i], |run| self.times.get(&run).is_some_and(|n| *n > 1))
    }
}

/// What picture desks write into captions, and pages around them: who stands where, who is seen, a full date.
static SEEN: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?i)\((?:l|r|left|right|li|re|centre|center|c|top|bottom|back|front|from left|second from left)\.?\)|^v\. ?l|\bfrom left\b|\bpictured\b|\b(?:is|are) (?:seen|shown)\b|\bseen (?:in|on|at|here|during)\b|\bposes?\b|\b(?:photo|foto|image|bild|fotograf\w*|photograph\w*|screenshot|courtesy)\b",
    )
});
static DAY: LazyLock<Regex> =
    LazyLock::new(|| re(r"\b\d{1,2},? (?:19|20)\d\d\b|\b\d{1,2}\.? \p{L}{3,12}\.? (?:19|20)\d\d\b"));
/// Verbs of saying: what is told by somebody is of a story.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?i)\b(?:said|says|told|added|according to|announced|sagte|sagt|teilte|erklärte|a déclaré|selon|dijo|según|afirmó|заявил|сказал|повідомив|заявив)\b",
    )
});

/// What the block says, by signs that need no more than a look at it.
fn wording(block: &Block, sentence: bool, put: &mut impl FnMut(f32)) {
    let flag = |b: bool| f32::from(u8::from(b));
    // Beyond this a block is no caption and no line of furniture, and looking would only cost time.
    let mut to = block.norm.len().min(1500);
    while !block.norm.is_char_boundary(to) {
        to -= 1;
    }
    let text = &block.norm[..to];
    let chars: Vec<char> = text.chars().collect();
    let (mut stops, mut glued, mut last) = (0u32, 0u32, 0usize);
    for (i, trio) in chars.windows(3).enumerate() {
        let ends = matches!(trio[0], '.' | '!' | '?' | '…' | '”' | '"' | ')');
        if matches!(trio[0], '.' | '!' | '?' | '…') && trio[1] == ' ' && !trio[2].is_lowercase() {
            stops += 1;
            last = i + 2;
        }
        // `communityNews`, `Tuesday.Reuters`: what stood apart on the page
        glued += u32::from(trio[0].is_lowercase() && trio[1].is_uppercase());
        glued += u32::from(ends && trio[1].is_uppercase() && trio[2].is_lowercase());
    }
    let count = |is: fn(&char) -> bool| chars.iter().filter(|c| is(c)).count() as f32;
    put((stops as f32).min(12.0));
    put(block.words as f32 / (stops + 1) as f32);
    // What stands after the last full stop: a credit is short and all names.
    let tail: String = if last > 0 && !sentence { chars[last..].iter().collect() } else { String::new() };
    let (mut tail_words, mut tail_big) = (0u32, 0u32);
    for word in tail.split(' ').filter(|w| !w.is_empty()) {
        tail_words += 1;
        tail_big += u32::from(word.starts_with(char::is_uppercase));
    }
    put(if tail.is_empty() { -1.0 } else { tail_words as f32 });
    put(if tail.is_empty() { -1.0 } else { tail_big as f32 / tail_words.max(1) as f32 });
    put(flag(SAID.is_match(text)));
    put(flag(SEEN.is_match(text)));
    put(flag(DAY.is_match(text)));
    let label = text.find(": ").filter(|&at| at < 60).map_or(0, |at| text[..at].split(' ').count());
    put(label as f32);
    put(glued as f32);
    put(count(|c| matches!(c, '@' | '#')));
    put(count(|c| matches!(c, '(' | '[' | '<')));
    put(count(|c| *c == '/'));
    put(count(|c| matches!(c, '–' | '—')));
    put(count(|c| !c.is_alphanumeric() && *c > '\u{2600}').min(20.0));
    put(flag(text.ends_with(['…']) || text.ends_with("...")));
    put(flag(text.starts_with(['-', '–', '—', '•', '*', '·', '>', '»', '+'])));
    put(flag(text.starts_with(['"', '“', '„', '«', '\''])));
    put(flag(text.ends_with(['"', '”', '“', '»'])));
    put(flag(text.contains(char::is_uppercase) && !text.contains(char::is_lowercase)));
    put(text.split(' ').map(str::len).max().unwrap_or_default().min(60) as f32);
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
pub(super) fn nearest(n: usize, is: impl Fn(usize) -> bool, after: bool) -> Vec<f32> {
    let mut out = vec![FAR; n];
    let mut since = FAR;
    for k in 0..n {
        let i = if after { n - 1 - k } else { k };
        out[i] = since;
        since = if is(i) { 1.0 } else { (since + 1.0).min(FAR) };
    }
    out
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// A word by the first letters of its small form, as a number.
pub(super) fn hash(word: &str) -> u32 {
    let mut head = [0u8; 32];
    let mut to = 0;
    for c in word.chars().flat_map(char::to_lowercase).take(6) {
        to += c.encode_utf8(&mut head[to..]).len();
    }
    xxh3_64(&head[..to]) as u32
}

/// The words that carry meaning, by their stems, in order.
fn stems(text: &str) -> Vec<u32> {
    let mut out: Vec<u32> = words(text).filter(|w| w.chars().nth(3).is_some()).take(300).map(hash).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The share of some numbers of which something holds; below zero where there are none.
pub(super) fn share(numbers: &[u32], is: impl Fn(u32) -> bool) -> f32 {
    if numbers.is_empty() {
        return -1.0;
    }
    numbers.iter().filter(|n| is(**n)).count() as f32 / numbers.len() as f32
}
