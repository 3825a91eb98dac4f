//! What an outlet repeats: a line that turns up under several titles is the outlet's own and no story's, in any language.
//!
//! Of each story that was read a [`Sighting`] is kept: fingerprints of the lines that stood in its body and of those that were left
//! out, no text. When the next story of the outlet is read, [`Repeats::against`] says how much the past speaks against each of its lines.
//!
//! An agency repeats a paragraph of background in a running story as well. So what stood in a body elsewhere counts as furniture
//! only when it was seen under two other titles, and wants something of the reader, or stands outside what is this story's own, as it
//! does under nearly all titles of the outlet; under one, when it does both. A short line between two paragraphs of the story may be a heading that a series has in each part. Versions of one story
//! under several headlines are one story.
//!
//! A page is of the outlet whose host it is at. A text mostly does not say where it is from: it is of the outlet of those texts
//! with which it shares some lines.

use std::{collections::BTreeMap, fmt::Write as _};

use xxhash_rust::xxh3::xxh3_64;

use super::{html, letters, story::Role, text};

/// Stories that are remembered of a host: enough to see what comes again, and the latest, as pages change.
const OF_A_HOST: usize = 12;
/// Texts that are remembered in all.
const TEXTS: usize = 400;
/// Outlets that are remembered.
const OUTLETS: usize = 3000;
/// Lines that are remembered of a story.
const LINES: usize = 800;
/// How many lines are the beginning of a body, and how many its end at most: of a short one it is the last third.
const BEGINNING: usize = 2;
const END: usize = 4;
/// Telling lines that two texts of one outlet share at least.
const SHARED: usize = 2;
/// How many lines after the story are looked at for its credit line.
const LOOKED_AT: usize = 40;
/// Letters of a line that tells where it is from.
const TELLING: usize = 18;

/// What was seen of one story: what its lines were, as fingerprints. No text can be read out of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sighting {
    /// The host of the page, without `www.`; empty for a text.
    pub outlet: String,
    /// The fingerprint of the headline: the same story again is no other title.
    pub title: u32,
    /// Lines of the body, sorted.
    pub kept: Vec<u32>,
    /// Those of them at its beginning or its end, sorted.
    pub ends: Vec<u32>,
    /// Lines that the curator took out of the article, sorted.
    pub cut: Vec<u32>,
    /// Lines that were left out, sorted.
    pub dropped: Vec<u32>,
}

impl Sighting {
    /// What is remembered of a story, by its lines and whether each is in the body.
    pub fn of<'a>(outlet: &str, title: Option<&str>, lines: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        for (text, is_kept) in lines.take(LINES) {
            let Some((print, _)) = print(text) else { continue };
            if is_kept { &mut kept } else { &mut dropped }.push(print);
        }
        let tail = kept.len().saturating_sub(END).max(kept.len() * 2 / 3);
        let ends = kept.iter().take(BEGINNING).chain(&kept[tail..]).copied().collect();
        let first = kept.first().copied();
        let [kept, ends, mut dropped] = [kept, ends, dropped].map(sorted);
        dropped.retain(|print| kept.binary_search(print).is_err());
        let title = title.and_then(print).map(|(print, _)| print).or(first).unwrap_or_default();
        Sighting { outlet: outlet.to_owned(), title, kept, ends, dropped, cut: Vec::new() }
    }

    /// What an article of the site says, by the blocks and the lines of its Markdown.
    #[must_use]
    pub fn of_article(title: &str, url: Option<&str>, markdown: &str) -> Self {
        let plain = without_addresses(markdown);
        let blocks = plain.split("\n\n").map(|block| (block, true));
        let mut out = Sighting::of(url.map(host_of).unwrap_or_default(), Some(title), blocks);
        // A list is one block of several lines.
        let lines = plain.lines().filter_map(|line| Some(print(line)?.0));
        out.kept = sorted(out.kept.iter().copied().chain(lines).collect());
        out
    }

    /// Takes over what the article that came of it says by now.
    fn agree(&mut self, article: &Sighting) {
        let says = |print: &u32| article.kept.binary_search(print).is_ok();
        // Where little is left, it was written anew.
        if self.kept.iter().filter(|print| says(print)).count() * 2 < self.kept.len() {
            return;
        }
        let parted = |prints: &[u32]| -> (Vec<u32>, Vec<u32>) { prints.iter().partition(|print| says(print)) };
        let ((kept, gone), (back, dropped), (again, cut)) =
            (parted(&self.kept), parted(&self.dropped), parted(&self.cut));
        self.kept = sorted([kept, back, again].concat());
        self.cut = sorted([gone, cut].concat());
        self.ends = sorted([&self.ends[..], &article.ends].concat());
        self.dropped = dropped;
    }

    /// Whether it is much the same story as one whose body has these lines.
    fn is_version(&self, lines: &[u32]) -> bool {
        let same = lines.iter().filter(|print| self.kept.binary_search(print).is_ok()).count();
        same > 2 && same * 2 >= lines.len().min(self.kept.len())
    }
}

fn sorted(mut prints: Vec<u32>) -> Vec<u32> {
    prints.sort_unstable();
    prints.dedup();
    prints
}

/// A line's fingerprint and the number of its letters: of its letters alone, so that `3 comments` is `12 comments`.
fn print(text: &str) -> Option<(u32, usize)> {
    let mut letters = Vec::with_capacity(text.len());
    let count = letters::fold::<false>(&mut letters, text);
    (count > 1).then(|| (xxh3_64(&letters) as u32, count))
}

/// A line of the story that is being read.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// What it says.
    pub text: &'a str,
    /// Its words.
    pub words: usize,
    /// What speaks for it to be of the story, as the logarithm of the odds; none where it is out of the question.
    pub odds: Option<f32>,
    /// Whether it ends as a sentence does.
    pub is_sentence: bool,
}

/// Under how many other titles of the outlet a line was seen.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Left out there.
    dropped: usize,
    /// In the body there.
    kept: usize,
    /// In the body there, and neither at its beginning nor at its end.
    inside: usize,
    /// Taken out of the article by the curator.
    cut: usize,
}

impl Seen {
    fn all(self) -> usize {
        self.dropped + self.kept + self.cut
    }
}

/// Past stories, by outlet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repeats {
    outlets: BTreeMap<String, Vec<Sighting>>,
}

impl Repeats {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.outlets.is_empty()
    }

    /// Remembers a story, in the place of what was remembered of it before. The oldest of its outlet is forgotten.
    pub fn remember(&mut self, sighting: Sighting) {
        if sighting.kept.is_empty() || sighting.title == 0 {
            return;
        }
        let Some((known, most)) = self.room(&sighting.outlet) else { return };
        if let Some(same) = known.iter_mut().find(|known| known.title == sighting.title) {
            *same = sighting;
            return;
        }
        if known.len() >= most {
            known.remove(0);
        }
        known.push(sighting);
    }

    /// The stories that are remembered of an outlet, and how many it has room for. None where there is no room for one more outlet.
    fn room(&mut self, outlet: &str) -> Option<(&mut Vec<Sighting>, usize)> {
        if self.outlets.len() >= OUTLETS && !self.outlets.contains_key(outlet) {
            return None;
        }
        let most = if outlet.is_empty() { TEXTS } else { OF_A_HOST };
        Some((self.outlets.entry(outlet.to_owned()).or_default(), most))
    }

    /// Takes in the articles of the site, in any order: they say which lines are story. What the curator took out of one is none,
    /// what they put back is; an article that nothing is remembered of is remembered by its paragraphs.
    pub fn agree(&mut self, mut articles: Vec<Sighting>) {
        articles.retain(|article| !article.kept.is_empty());
        articles.sort_by(|a, b| (&a.outlet, a.title, &a.kept).cmp(&(&b.outlet, b.title, &b.kept)));
        for article in articles {
            // A text that states an address was remembered as one of the texts.
            let outlets = [article.outlet.clone(), String::new()];
            let same = outlets.iter().find(|outlet| {
                self.outlets.get(*outlet).is_some_and(|all| all.iter().any(|known| known.title == article.title))
            });
            if let Some(known) = same.and_then(|outlet| self.outlets.get_mut(outlet)) {
                known.iter_mut().filter(|known| known.title == article.title).for_each(|known| known.agree(&article));
                continue;
            }
            let Some((known, most)) = self.room(&article.outlet) else { continue };
            // Under a headline of the curator's own it is still the same story.
            if known.len() < most && !known.iter().any(|known| known.is_version(&article.kept)) {
                known.insert(0, article);
            }
        }
    }

    /// How much the past speaks against each line, to be added to its odds: zero or less.
    #[must_use]
    pub fn against(&self, outlet: &str, title: Option<&str>, lines: &[Line<'_>]) -> Vec<f32> {
        let mut out = vec![0.0; lines.len()];
        let Some(known) = self.outlets.get(outlet) else { return out };
        let prints: Vec<Option<(u32, usize)>> = lines.iter().map(|line| print(line.text)).collect();
        let is_kept = |i: usize| lines[i].odds.is_some_and(|odds| odds > 0.0);
        let ours: Vec<u32> = (0..lines.len()).filter(|&i| is_kept(i)).filter_map(|i| Some(prints[i]?.0)).collect();
        let title = title.and_then(print).map(|(print, _)| print);
        let mut seen = vec![Seen::default(); lines.len()];
        let mut others = 0;
        for other in known.iter().filter(|other| Some(other.title) != title) {
            // A version of this story under another headline.
            if other.is_version(&ours) {
                continue;
            }
            let is_in = |prints: &[u32], print: u32| prints.binary_search(&print).is_ok();
            let has = |print: u32| [&other.kept, &other.dropped, &other.cut].iter().any(|all| is_in(all, print));
            if outlet.is_empty() {
                let telling = prints.iter().flatten().filter(|(_, letters)| *letters >= TELLING);
                if telling.filter(|(print, _)| has(*print)).take(SHARED).count() < SHARED {
                    continue;
                }
            }
            // Of what is known by its article alone nobody can say what was left out.
            others += usize::from(!other.dropped.is_empty());
            for (seen, print) in seen.iter_mut().zip(&prints).filter_map(|(seen, print)| Some((seen, (*print)?.0))) {
                if is_in(&other.kept, print) {
                    seen.kept += 1;
                    seen.inside += usize::from(!is_in(&other.ends, print));
                } else if is_in(&other.cut, print) {
                    seen.cut += 1;
                } else {
                    seen.dropped += usize::from(is_in(&other.dropped, print));
                }
            }
        }
        // The story's own: paragraphs that no other title has.
        let own: Vec<bool> = (0..lines.len())
            .map(|i| is_kept(i) && lines[i].words >= 12 && lines[i].is_sentence && seen[i].all() == 0)
            .collect();
        let Some((first, last)) = own.iter().position(|own| *own).zip(own.iter().rposition(|own| *own)) else {
            return out;
        };
        // What stands above an agency's credit line is the agency's.
        let tail = lines.iter().enumerate().skip(last + 1).take(LOOKED_AT);
        let last =
            tail.filter(|(_, line)| line.words <= 80 && credits(line.text)).map(|(i, _)| i).next_back().unwrap_or(last);
        for i in (0..lines.len()).filter(|&i| seen[i].all() > 0 && lines[i].odds.is_some()) {
            let line = &lines[i];
            let heads = !line.is_sentence
                && line.words <= 14
                && i.checked_sub(1).is_some_and(|above| own[above])
                && own.get(i + 1) == Some(&true);
            let outside = i < first || i > last;
            out[i] = speaks(seen[i], others, heads, outside, || wants(line));
        }
        out
    }
}

/// What a line's past speaks against it, where the outlet has so many `others`.
fn speaks(seen: Seen, others: usize, heads: bool, outside: bool, wants: impl Fn() -> bool) -> f32 {
    match (seen.kept, seen.all()) {
        (0, 1) if heads => 0.0,
        // The curator knows.
        (0, _) if seen.cut > 0 => -12.0,
        (0, 1) => -3.0,
        (0, _) => -5.0,
        // Under two titles it takes its wording as well.
        (_, 1) if outside && wants() => -4.0,
        (_, 1) => 0.0,
        _ if heads => 0.0,
        // A story's background is in its middle in one part of it or another, and in no other story.
        _ if outside && seen.inside == 0 && seen.all() * 5 >= others * 4 => -8.0,
        _ if wants() => -4.0,
        _ if seen.dropped > seen.kept => -2.0,
        _ => 0.0,
    }
}

/// Whether a line says who reported or edited a story.
fn credits(text: &str) -> bool {
    text::credits::line(text).is_some_and(|found| found.people.iter().any(|person| person.role != Role::Photographer))
}

/// Whether a line wants something of the reader, or is a notice of the page: a paragraph by more than one word.
fn wants(line: &Line<'_>) -> bool {
    text::wants(line.text, line.words, line.words >= 12) || html::wants(line.text, line.words >= 12)
}

/// The host of an address, without `www.`: by what an outlet is known here.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// The text of a block of Markdown without the addresses of its links, so that its letters are those of the page.
fn without_addresses(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

/// The first line of a file of what is remembered.
const HEAD: &str = "dateline outlets 1";

impl Repeats {
    /// As a file: a line for each story, its outlet, headline and lines as numbers.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::from(HEAD);
        let list = |out: &mut String, prints: &[u32]| {
            out.push('\t');
            for print in prints {
                let _ = write!(out, "{print:08x}");
            }
        };
        for sighting in self.outlets.values().flatten() {
            let _ = write!(out, "\n{}\t{:08x}", sighting.outlet, sighting.title);
            for prints in [&sighting.kept, &sighting.ends, &sighting.dropped, &sighting.cut] {
                list(&mut out, prints);
            }
        }
        out.push('\n');
        out
    }

    /// Reads such a file. What is none, or damaged, is as if it were not there.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut out = Repeats::default();
        let mut lines = text.lines();
        if lines.next() != Some(HEAD) {
            return out;
        }
        let list = |field: &str| -> Option<Vec<u32>> {
            let bytes = field.as_bytes();
            let print = |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
            bytes.chunks(8).take(LINES).map(print).collect::<Option<_>>().map(sorted)
        };
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            let [outlet, title, kept, ends, dropped, cut] = fields[..] else { continue };
            let lists = [kept, ends, dropped, cut].map(list);
            if let (Ok(title), [Some(kept), Some(ends), Some(dropped), Some(cut)]) =
                (u32::from_str_radix(title, 16), lists)
            {
                out.remember(Sighting { outlet: outlet.to_owned(), title, kept, ends, dropped, cut });
            }
        }
        out
    }
}
