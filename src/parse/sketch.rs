//! Sketches: what is kept of a text to see later whether another is the same, when neither is in memory any more.
//!
//! A sketch holds the smallest hashes of the text's shingles (runs of five words): a bottom-k sample, as in Broder, "On the
//! resemblance and containment of documents" (1997). Below the larger of the smallest limits, two sketches are samples of
//! both texts by the same rule, so what share of one text stands in the other can be read off them. Names and figures are
//! kept beside it: an update of a story often differs from it in these alone.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::words::{fold, words};
use crate::fingerprint::{Fingerprint, Mixer, short, short_of};

/// Words in a shingle.
const SHINGLE: usize = 5;
/// Hashes of shingles that are kept.
const HASHES: usize = 64;
/// Hashes of names, and of figures, that are kept.
const MARKS: usize = 16;
/// Characters in which a dateline (`GENEVA, Jan 21 (Reuters) -`) must end.
const DATELINE: usize = 80;

/// A text in less than half a kilobyte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// Words of the text, its dateline not among them.
    pub words: u32,
    /// The smallest of its shingles' hashes, in order.
    shingles: Vec<u32>,
    /// The same of its names: words with a capital that no sentence starts with.
    names: Vec<u32>,
    /// The same of its numbers, in digits or in words.
    figures: Vec<u32>,
}

/// How much of one text stands in another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Containment {
    /// The share of its shingles that the other has, from 0 to 1.
    pub share: f64,
    /// Shingles that this was measured on.
    pub sample: usize,
    /// Whether the other lacks one of its figures.
    pub lacks_figures: bool,
    /// The share of its names that the other lacks, from 0 to 1.
    pub lacking_names: f64,
}

impl Sketch {
    /// The sketch of a Markdown text; none of one too short to have a shingle.
    pub fn of(text: &str) -> Option<Self> {
        let text = after_dateline(text.trim());
        let mut ring = [0_u64; SHINGLE];
        let (mut shingles, mut names, mut figures) = (Vec::new(), Vec::new(), Vec::new());
        let mut count = 0;
        let mut end = 0;
        for span in words(text) {
            let between = &text[end..span.start];
            let starts_sentence = count == 0 || between.contains(['.', '!', '?', ':', '\n', '"', '“', '«', '„']);
            let word = &text[span.clone()];
            end = span.end;
            let folded = fold(word);
            let hash = short(&folded);
            if word.starts_with(char::is_numeric) || NUMBER_HASHES.binary_search(&hash).is_ok() {
                figures.push(hash as u32);
            } else if !starts_sentence && word.starts_with(char::is_uppercase) {
                names.push(hash as u32);
            }
            ring[count % SHINGLE] = hash;
            count += 1;
            if count >= SHINGLE {
                let mut bytes = [0; SHINGLE * 8];
                for (at, chunk) in bytes.chunks_exact_mut(8).enumerate() {
                    chunk.copy_from_slice(&ring[(count + at) % SHINGLE].to_le_bytes());
                }
                shingles.push(short_of(&bytes) as u32);
            }
        }
        if shingles.is_empty() {
            return None;
        }
        Some(Sketch {
            words: u32::try_from(count).unwrap_or(u32::MAX),
            shingles: smallest(shingles, HASHES),
            names: smallest(names, MARKS),
            figures: smallest(figures, MARKS),
        })
    }

    /// Of all of it.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut mixer = Mixer::new();
        mixer.number(u64::from(self.words));
        for list in [&self.shingles, &self.names, &self.figures] {
            mixer.number(list.len() as u64);
            for hash in list {
                mixer.number(u64::from(*hash));
            }
        }
        mixer.finish()
    }

    /// The few hashes by which texts that may be the same are found.
    pub fn keys(&self) -> &[u32] {
        &self.shingles[..self.shingles.len().min(8)]
    }

    /// How much of this text stands in another.
    pub fn in_other(&self, other: &Sketch) -> Containment {
        let limit = common_limit(&self.shingles, &other.shingles, HASHES);
        let (sample, found) = counted(&self.shingles, &other.shingles, limit);
        let figures = counted(&self.figures, &other.figures, common_limit(&self.figures, &other.figures, MARKS));
        let names = counted(&self.names, &other.names, common_limit(&self.names, &other.names, MARKS));
        let share = |(sample, found): (usize, usize)| if sample == 0 { 0.0 } else { found as f64 / sample as f64 };
        Containment {
            share: share((sample, found)),
            sample,
            lacks_figures: figures.1 < figures.0,
            lacking_names: share((names.0, names.0 - names.1)),
        }
    }
}

/// The text after its dateline, where it starts with one: outlets write that each in their way.
fn after_dateline(text: &str) -> &str {
    let head = text.char_indices().nth(DATELINE).map_or(text, |(end, _)| &text[..end]);
    let is_of_place = head.chars().take_while(|c| !matches!(c, ',' | '(' | '-' | '–' | '—')).all(|c| !c.is_lowercase());
    let end = [" - ", " – ", " — ", ") -", ") —", ") –"]
        .iter()
        .filter_map(|dash| head.find(dash).map(|at| at + dash.len()))
        .min();
    match end {
        Some(end) if is_of_place && !head[..end].contains(". ") => &text[end..],
        _ => text,
    }
}

fn smallest(mut hashes: Vec<u32>, count: usize) -> Vec<u32> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(count);
    hashes.shrink_to_fit();
    hashes
}

/// Up to which hash both lists have all that their texts have.
fn common_limit(a: &[u32], b: &[u32], most: usize) -> u32 {
    let limit = |list: &[u32]| if list.len() < most { u32::MAX } else { list.last().copied().unwrap_or(u32::MAX) };
    limit(a).min(limit(b))
}

/// How many of a list's hashes lie within a limit, and how many of these another has.
fn counted(list: &[u32], other: &[u32], limit: u32) -> (usize, usize) {
    let within = &list[..list.partition_point(|hash| *hash <= limit)];
    (within.len(), within.iter().filter(|hash| other.binary_search(hash).is_ok()).count())
}

/// Numbers in words, in the languages that most texts of agencies are in: an update of a count often changes no digit. Those
/// that are another word in another of these languages (`once`, `cent`) are left out.
const NUMBERS: &[&str] = &[
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "hundreds",
    "thousand",
    "thousands",
    "million",
    "millions",
    "dozen",
    "dozens",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "doce",
    "veinte",
    "treinta",
    "cien",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "vingt",
    "trente",
    "mille",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "zwölf",
    "zwanzig",
    "dreißig",
    "hundert",
    "tausend",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "dodici",
    "venti",
    "trenta",
    "cento",
    "dois",
    "três",
    "quatro",
    "sete",
    "oito",
    "dez",
    "doze",
    "vinte",
    "два",
    "две",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "двадцать",
    "сто",
    "тысяча",
    "дві",
    "чотири",
    "шість",
    "сім",
    "вісім",
    "тисяча",
    "اثنان",
    "ثلاثة",
    "أربعة",
    "خمسة",
    "ستة",
    "سبعة",
    "ثمانية",
    "تسعة",
    "عشرة",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "百",
    "千",
    "万",
];

/// The hashes of [`NUMBERS`], in order: every word of a text is looked up.
static NUMBER_HASHES: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut hashes: Vec<u64> = NUMBERS.iter().map(|word| short(word)).collect();
    hashes.sort_unstable();
    hashes
});

#[cfg(test)]
mod tests {
    use super::*;

    fn story(words: std::ops::Range<u32>) -> String {
        words.map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_part_stands_in_the_whole() {
        let whole = Sketch::of(&story(0..900)).unwrap();
        let part = Sketch::of(&story(0..500)).unwrap();
        let forth = part.in_other(&whole);
        assert!(forth.share == 1.0 && forth.sample >= 20, "{forth:?}");
        let back = whole.in_other(&part);
        assert!((0.35..0.75).contains(&back.share), "{back:?}");
    }

    #[test]
    fn figures_and_names_are_held_apart() {
        let base = format!("{} after which Marta Lind counted 12 boats and two ferries", story(0..200));
        let sketch = |text: &str| Sketch::of(text).unwrap();
        let (old, new) = (sketch(&base), sketch(&base.replace("two ferries", "three ferries")));
        assert!(old.in_other(&new).share > 0.9 && old.in_other(&new).lacks_figures);
        assert!(!old.in_other(&old).lacks_figures && old.in_other(&old).lacking_names == 0.0);
        assert!(old.in_other(&sketch(&base.replace("Lind", "Berg"))).lacking_names > 0.4);
    }

    #[test]
    fn a_dateline_is_no_part_of_it() {
        let body = story(0..100);
        let plain = Sketch::of(&body);
        for dateline in ["GENEVA, Jan 21 (Wire) - ", "GENEVA (Wire) — ", "NEW YORK — "] {
            assert_eq!(Sketch::of(&format!("{dateline}{body}")), plain, "{dateline}");
        }
        assert_ne!(Sketch::of(&format!("The boats - all of them - sailed. {body}")), plain);
    }

    #[test]
    fn too_short_for_a_sketch() {
        assert_eq!(Sketch::of("Only four words here"), None);
        assert_eq!(Sketch::of(""), None);
    }
}
