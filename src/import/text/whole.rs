//! What a text as a whole says of each of its blocks: blocks of the same form, the names that its paragraphs have, the
//! paragraphs around it.

use std::{collections::HashMap, ops::Range};

use super::SHORT;
use super::features::{Evidence, FAR, hash, nearest, share};
use super::lines::Block;
use super::mark::{Mark, is_prose};
use super::score::{self, Known};
use crate::import::html::phrases;
use crate::import::story::Kind;

/// What is known of a text by what is thought of its blocks so far.
pub(super) struct Whole<'a> {
    blocks: &'a [Block],
    evidence: &'a Evidence<'a>,
    sentence: &'a [bool],
    stems: &'a [Vec<u32>],
    /// Blocks that are paragraphs of the story, in order.
    paragraphs: Vec<usize>,
    /// For each block how many of them stand before it.
    before: Vec<usize>,
    /// For each block how far the nearest paragraph beyond doubt is, before and after it.
    sure: (Vec<f32>, Vec<f32>),
    /// The first and the last of those.
    first_sure: usize,
    last_sure: usize,
    /// The sum of the weights before each block, and the number of blocks asked about.
    sums: Vec<(f32, f32)>,
    /// The form of each block, and whether it stands within the story.
    forms: Vec<(u8, bool)>,
    /// Blocks of each form within the story.
    alike: HashMap<u8, Vec<usize>>,
    /// How many paragraphs have a name.
    names: HashMap<u32, u16>,
    /// The names in each block.
    each_name: Vec<Vec<u32>>,
    /// Whom bylines name.
    authors: Vec<String>,
    /// How often a line stands among those that the rules keep.
    told: HashMap<&'a str, u16>,
    /// The share of paragraphs that speak to the reader.
    speaks: f32,
    /// How many short lines there are for each paragraph of the story.
    headed: f32,
    /// Whether a credit line closes the story, or it is short.
    framed: bool,
    /// The phrases of furniture in each block.
    phrases: Vec<[u8; phrases::KINDS]>,
}

/// From which odds on a paragraph is beyond doubt.
const SURE: f32 = 2.5;

/// How many blocks of the same form are looked at before a block, and after it.
const ALIKE: usize = 20;

impl<'a> Whole<'a> {
    pub(super) fn of(
        blocks: &'a [Block],
        evidence: &'a Evidence<'a>,
        sentence: &'a [bool],
        stems: &'a [Vec<u32>],
    ) -> Self {
        let n = blocks.len();
        let Evidence { marks, known, weights, held, rules, asked, end, .. } = *evidence;
        let kept = |i: usize| held[i] && (asked[i] || known[i] == Known::Story);
        let paragraphs: Vec<usize> = (0..n).filter(|&i| kept(i) && is_prose(&blocks[i])).collect();
        let mut before = vec![0; n];
        for i in 1..n {
            before[i] = before[i - 1] + usize::from(kept(i - 1) && is_prose(&blocks[i - 1]));
        }
        let sure = |i: usize| is_prose(&blocks[i]) && (known[i] == Known::Story || asked[i] && weights[i] > SURE);
        let (first, last) = (paragraphs.first().copied().unwrap_or(n), paragraphs.last().copied().unwrap_or(0));
        let mut sums = vec![(0.0, 0.0); n + 1];
        for i in 0..n {
            let add = if asked[i] { weights[i].clamp(-6.0, 6.0) } else { 0.0 };
            sums[i + 1] = (sums[i].0 + add, sums[i].1 + f32::from(u8::from(asked[i])));
        }
        let mut alike: HashMap<u8, Vec<usize>> = HashMap::new();
        let mut forms = Vec::with_capacity(n);
        for (i, block) in blocks.iter().enumerate() {
            let text = block.norm.as_str();
            let size = match score::size(block) as u32 {
                0..=3 => 0,
                4..=8 => 1,
                9..=16 => 2,
                17..=30 => 3,
                _ => 4,
            };
            let capitals = text.contains(char::is_uppercase) && !text.contains(char::is_lowercase);
            let start = if text.starts_with(|c: char| c.is_ascii_digit()) {
                1
            } else if text.starts_with(|c: char| !c.is_alphanumeric()) {
                2
            } else {
                0
            };
            let form = size
                + 5 * (u8::from(sentence[i])
                    + 2 * (u8::from(text.ends_with(':')) + 2 * (start + 3 * u8::from(capitals))));
            let within = asked[i] && i > first && i < last;
            forms.push((form, within));
            if within {
                alike.entry(form).or_default().push(i);
            }
        }
        let each_name: Vec<Vec<u32>> = blocks.iter().map(|b| names(&b.norm)).collect();
        let mut all_names: HashMap<u32, u16> = HashMap::new();
        for &i in &paragraphs {
            for name in &each_name[i] {
                *all_names.entry(*name).or_default() += 1;
            }
        }
        let mut authors = Vec::new();
        for mark in marks {
            if let Mark::Byline(by, _) = mark {
                authors.extend(by.people.iter().map(|person| person.name.clone()));
            }
        }
        authors.retain(|name| name.contains(' '));
        authors.truncate(8);
        let mut told: HashMap<&str, u16> = HashMap::new();
        for i in (0..n).filter(|&i| rules[i]) {
            *told.entry(blocks[i].norm.as_str()).or_default() += 1;
        }
        let speaks = paragraphs.iter().filter(|&&i| score::signs(&blocks[i].norm, blocks[i].words).you > 0).count();
        let bare = (first..last).filter(|&i| asked[i] && !sentence[i] && blocks[i].words <= 14).count();
        let all = paragraphs.len().max(1) as f32;
        Whole {
            blocks,
            evidence,
            sentence,
            stems,
            sure: (nearest(n, sure, false), nearest(n, sure, true)),
            first_sure: (0..n).find(|&i| sure(i)).unwrap_or(0),
            last_sure: (0..n).rfind(|&i| sure(i)).unwrap_or(0),
            before,
            sums,
            forms,
            alike,
            names: all_names,
            each_name,
            authors,
            told,
            speaks: speaks as f32 / all,
            headed: bare as f32 / all,
            framed: end.is_some() || rules.iter().filter(|kept| **kept).count() <= SHORT,
            phrases: blocks.iter().map(|b| phrases::count(&b.norm)).collect(),
            paragraphs,
        }
    }

    /// The mean weight of the blocks of a range that are asked about.
    fn mean(&self, from: usize, to: usize) -> f32 {
        let to = to.min(self.blocks.len());
        let (a, b) = (self.sums[from.min(to)], self.sums[to]);
        if b.1 > a.1 { (b.0 - a.0) / (b.1 - a.1) } else { -8.0 }
    }

    /// The numbers of a block.
    pub(super) fn numbers(&self, i: usize, put: &mut impl FnMut(f32)) {
        let flag = |b: bool| f32::from(u8::from(b));
        let Evidence { marks, known, weights, rules, asked, .. } = *self.evidence;
        let n = self.blocks.len();
        let block = &self.blocks[i];
        put(match (&marks[i], known[i]) {
            (Mark::Title, _) => 1.0,
            (Mark::Date(_), _) => 2.0,
            _ => 0.0,
        });
        put(number(known[i]));
        for kind in [
            Kind::Comments,
            Kind::Related,
            Kind::Newsletter,
            Kind::Appeal,
            Kind::Legal,
            Kind::Navigation,
            Kind::Biography,
            Kind::Advertisement,
        ] {
            put(flag(known[i] == Known::Not(kind)));
        }
        for count in self.phrases[i] {
            put(f32::from(count));
        }
        for beside in [i.checked_sub(1), Some(i + 1).filter(|&j| j < n)] {
            let Some(j) = beside else {
                (0..9).for_each(|_| put(-1.0));
                continue;
            };
            let text = self.blocks[j].norm.as_str();
            put(self.phrases[j][..7].iter().map(|n| f32::from(*n)).sum());
            put(flag(text.starts_with(char::is_lowercase)));
            put(flag(text.ends_with(':')));
            let big = text.split(' ').take(40).filter(|w| w.starts_with(char::is_uppercase)).count();
            put(big as f32 / text.split(' ').take(40).count().max(1) as f32);
            put(flag(self.forms[j].0 == self.forms[i].0));
            put(flag(matches!(&marks[j], Mark::Caption(c) if c.image.caption.is_none())));
            put(flag(matches!(&marks[j], Mark::Caption(c) if c.image.caption.is_some())));
            put(flag(matches!(marks[j], Mark::Byline(..) | Mark::Credit(_) | Mark::Title | Mark::Date(_))));
            put(number(known[j]));
        }
        put(flag(rules[i]));
        put(flag(self.told.get(block.norm.as_str()).copied().unwrap_or_default() > u16::from(rules[i])));
        put(flag(self.framed));
        put(self.sure.0[i]);
        put(self.sure.1[i]);
        put((i as f32 - self.first_sure as f32).clamp(-FAR, FAR));
        put((i as f32 - self.last_sure as f32).clamp(-FAR, FAR));
        put(self.mean(i.saturating_sub(6), i));
        put(self.mean(i + 1, i + 7));
        put(self.mean(i.saturating_sub(15), i));
        put(self.mean(i + 1, i + 16));
        let most = |from: usize, to: usize| {
            (from..to.min(n)).filter(|&j| asked[j]).map(|j| weights[j]).fold(-12.0, f32::max).min(12.0)
        };
        put(most(i + 1, i + 5));
        put(most(i + 1, i + 13));
        put(most(i.saturating_sub(4), i));
        // The paragraphs around it.
        let at = self.before[i];
        let own = usize::from(self.paragraphs.get(at) == Some(&i));
        let near = |k: Option<usize>| k.and_then(|k| self.paragraphs.get(k)).copied();
        for other in [near(at.checked_sub(1)), near(Some(at + own))] {
            match other {
                Some(j) => {
                    put(score::size(&self.blocks[j]).min(150.0));
                    put(if known[j] == Known::Story { 13.0 } else { weights[j].clamp(-12.0, 12.0) });
                    put(share(&self.stems[i], |s| self.stems[j].binary_search(&s).is_ok()));
                    put(flag(self.blocks[j].norm.ends_with(':')));
                }
                None => (0..4).for_each(|_| put(-20.0)),
            }
        }
        put((self.paragraphs.len() - at - own).min(6) as f32);
        let most_shared = |range: Range<usize>| {
            range
                .filter_map(|k| self.paragraphs.get(k))
                .filter(|&&j| j != i)
                .map(|&j| share(&self.stems[i], |s| self.stems[j].binary_search(&s).is_ok()))
                .fold(-1.0, f32::max)
        };
        put(most_shared(at.saturating_sub(4)..at));
        put(most_shared(at + own..at + own + 4));
        put(most_shared(0..3));
        // Blocks of the same form within the story: a page mostly sets what it sets alike for the same purpose.
        let (form, within) = self.forms[i];
        let alike = self.alike.get(&form).map_or(&[][..], Vec::as_slice);
        let (mut sum, mut least, mut most, mut count) = (0.0f32, 20.0f32, -20.0f32, 0.0f32);
        let (mut led, mut credited) = (0.0f32, 0.0f32);
        let here = alike.partition_point(|&j| j < i);
        for &j in alike[here.saturating_sub(ALIKE)..alike.len().min(here + ALIKE)].iter().filter(|&&j| j != i) {
            let weight = weights[j].clamp(-6.0, 6.0);
            sum += weight;
            least = least.min(weight);
            most = most.max(weight);
            count += 1.0;
            led += flag(j + 1 < n && is_prose(&self.blocks[j + 1]));
            credited += flag(j + 1 < n && matches!(marks[j + 1], Mark::Caption(_)));
        }
        put(flag(within));
        put(count);
        put(if count > 0.0 { sum / count } else { -20.0 });
        put(least);
        put(most);
        put(if count > 0.0 { led / count } else { -1.0 });
        put(if count > 0.0 { credited / count } else { -1.0 });
        let names = &self.each_name[i];
        let own = own as u16;
        put(names.len() as f32);
        put(share(names, |s| self.names.get(&s).copied().unwrap_or_default() > own));
        let text = block.norm.as_str();
        put(flag(block.words <= 150 && self.authors.iter().any(|a| text.contains(a.as_str()))));
        put(flag(self.authors.iter().any(|a| text.starts_with(a.as_str()))));
        put(self.speaks);
        put(self.headed);
        put(flag(self.sentence[i] && block.words < 12));
    }
}

/// The kind of furniture as a number: the trees were grown with the kinds in this order.
fn number(known: Known) -> f32 {
    match known {
        Known::Not(kind) => 1.0 + f32::from(kind as u8),
        _ => 0.0,
    }
}

/// The words that begin with a capital letter where no sentence does.
fn names(text: &str) -> Vec<u32> {
    let mut out = Vec::new();
    let mut begins = true;
    for word in text.split(' ').take(300) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !begins && bare.starts_with(char::is_uppercase) && bare.chars().nth(1).is_some() {
            out.push(hash(bare));
        }
        begins = word.ends_with(['.', '!', '?', '…', '”', '"', ':']);
    }
    out.sort_unstable();
    out.dedup();
    out
}
