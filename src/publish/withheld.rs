//! Proof that no more of an article's text is shown than may be: every run of [`RUN`] words beyond that is looked for in every
//! byte of the output.
//!
//! What is looked for is a table of short runs of words: of each hidden text one in [`STEP`]. A run of [`RUN`] words has one of
//! these, wherever it starts, so nothing can slip through; what is found is then compared word by word. The words of an output
//! pass the table once, so that all of it is linear in the bytes of the site.
//!
//! Words that may be shown anyway are no find: headlines, summaries, captions, corrections, claims and the rows of `[[quotes]]` of
//! any article, and as much of any article's text as its own rights allow.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use rayon::prelude::*;

use super::reading::{Word, normal, read, read_words, weight};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath, Span},
    error::Result,
    load::Snapshot,
    model::{Article, ArticleId, Model},
    parse::{markdown, matter::Display},
};

/// Words in a row that must not be shown.
const RUN: usize = 12;
/// Words of an entry of the table.
const GRAM: usize = 6;
/// Each so many words of a hidden text an entry starts: the most that leaves one in every run.
const STEP: usize = RUN - GRAM + 1;
/// Finds that are reported.
const REPORTED: usize = 20;
/// Files that are named in one message.
const NAMED: usize = 5;

/// A short run of words of a hidden text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    gram: u64,
    /// Of the words around it: of two entries with the same ones, one is enough.
    around: u32,
    /// Where it starts among the words of all.
    at: u32,
}

/// What is hidden of a site's articles.
#[derive(Debug, Default)]
pub struct Withheld {
    /// The articles, and where the words of each start among those of all.
    articles: Vec<(SitePath, usize)>,
    words: Vec<Word>,
    /// In order.
    entries: Vec<Entry>,
    /// A bit for some bits of each entry's hash: most words of an output are in no entry, and need not be looked for.
    filter: Vec<u64>,
    finds: Mutex<Vec<Find>>,
}

/// Words of a hidden text in an output.
#[derive(Debug)]
struct Find {
    article: u32,
    output: String,
    /// Where in it.
    place: String,
    /// As they stand there.
    said: String,
    /// Hashes of its runs of [`RUN`] words.
    runs: Vec<u64>,
}

impl Withheld {
    /// What a site hides.
    ///
    /// # Errors
    /// When a text cannot be read.
    pub fn of(model: &Model, snapshot: &Snapshot) -> Result<Self> {
        let cited = quotes_elsewhere(model);
        let hidden: Vec<(ArticleId, &Article)> =
            model.articles().filter(|(_, article)| article.display != Display::Full).collect();
        let texts = hidden.par_iter().map(|(id, article)| -> Result<(Vec<Word>, Vec<u32>)> {
            let whole = snapshot.text(&article.path)?.unwrap_or_default();
            let shown = if article.display == Display::Excerpt { article.max_words } else { 0 };
            let mut text = String::new();
            markdown::words_beyond(whole.get(article.body..).unwrap_or_default(), shown, &mut text);
            let words = words_of(&text);
            let mut open: BTreeSet<u64> = BTreeSet::new();
            for said in said_of(article).chain(cited.get(id).into_iter().flatten().copied()) {
                open.extend(runs(&words_of(said)).map(|(_, hash)| hash));
            }
            // Where a run starts that must not be shown, up to its end.
            let mut is_secret = vec![false; words.len()];
            let mut marked = 0;
            for (span, hash) in runs(&words) {
                if !open.contains(&hash) {
                    is_secret[span.start.max(marked)..span.end].fill(true);
                    marked = span.end;
                }
            }
            let starts = (0..words.len().saturating_sub(GRAM - 1)).step_by(STEP);
            let starts = starts.filter(|at| is_secret[*at..*at + GRAM].contains(&true));
            Ok((words, starts.map(|at| at as u32).collect()))
        });
        let texts: Vec<_> = texts.collect::<Result<_>>()?;
        let mut withheld = Withheld::default();
        let mut starts = Vec::new();
        for ((_, article), (words, of_text)) in hidden.iter().zip(texts) {
            let from = withheld.words.len();
            starts.extend(of_text.into_iter().map(|at| (from + at as usize, from, from + words.len())));
            withheld.articles.push((article.path.clone(), from));
            withheld.words.extend(words);
        }
        let words = &withheld.words;
        let mut entries: Vec<Entry> = starts
            .par_iter()
            .map(|(at, from, to)| {
                let around = at.saturating_sub(RUN - GRAM).max(*from)..(at + RUN).min(*to);
                Entry { gram: hash(&words[*at..at + GRAM]), around: hash(&words[around]) as u32, at: *at as u32 }
            })
            .collect();
        entries.par_sort_unstable();
        entries.dedup_by_key(|entry| (entry.gram, entry.around));
        withheld.filter = vec![0; (entries.len() / 4).next_power_of_two()];
        for entry in &entries {
            let (at, bit) = withheld.bit(entry.gram);
            withheld.filter[at] |= bit;
        }
        withheld.entries = entries;
        Ok(withheld)
    }

    /// The place of a hash in the filter: some of its upper bits.
    fn bit(&self, gram: u64) -> (usize, u64) {
        let bit = (gram >> 20) as usize % (self.filter.len() * 64);
        (bit / 64, 1 << (bit % 64))
    }

    /// Looks for hidden words in an output.
    pub fn see(&self, path: &str, bytes: &[u8]) {
        if self.entries.is_empty() {
            return;
        }
        let mut finds = Vec::new();
        let (mut words, mut spans) = (Vec::new(), Vec::new());
        read(path, bytes, &mut |place, text| {
            let text = normal(text);
            words.clear();
            spans.clear();
            read_words(&text, &mut words, |span| spans.push(span));
            self.look(&words, |article, run| {
                let said = text.get(spans[run.start].start..spans[run.end - 1].end).unwrap_or_default();
                finds.push(Find {
                    article,
                    output: path.to_owned(),
                    place: place.to_owned(),
                    said: said.split_whitespace().collect::<Vec<_>>().join(" "),
                    runs: runs(&words[run]).map(|(_, hash)| hash).collect(),
                });
            });
        });
        if !finds.is_empty() {
            self.finds.lock().unwrap_or_else(PoisonError::into_inner).extend(finds);
        }
    }

    /// Shows each run of hidden words among the words of an output.
    fn look(&self, words: &[Word], mut found: impl FnMut(u32, Span)) {
        let mut before: BTreeMap<u32, usize> = BTreeMap::new();
        let mut gram = 0;
        for (at, word) in words.iter().enumerate() {
            gram = next(gram, *word, at.checked_sub(GRAM).map(|gone| words[gone]));
            let (place, bit) = self.bit(gram);
            let Some(start) = (at + 1).checked_sub(GRAM).filter(|_| self.filter[place] & bit != 0) else { continue };
            let first = self.entries.partition_point(|entry| entry.gram < gram);
            for entry in self.entries[first..].iter().take_while(|entry| entry.gram == gram) {
                let hidden = entry.at as usize;
                let article = self.articles.partition_point(|(_, from)| *from <= hidden) - 1;
                let from = self.articles[article].1;
                let to = self.articles.get(article + 1).map_or(self.words.len(), |(_, from)| *from);
                let article = article as u32;
                if before.get(&article).is_some_and(|end| start < *end) {
                    continue;
                }
                let same = |(a, b): &(&Word, &Word)| a == b;
                let back =
                    words[..start].iter().rev().zip(self.words[from..hidden].iter().rev()).take_while(same).count();
                let on = words[start..].iter().zip(&self.words[hidden..to]).take_while(same).count();
                let run = start - back..start + on;
                if words[run.clone()].iter().copied().map(weight).sum::<usize>() >= 2 * RUN {
                    before.insert(article, run.end);
                    found(article, run);
                }
            }
        }
    }

    /// Adds an error for each text of which more is shown than may be.
    ///
    /// # Errors
    /// When a text cannot be read.
    pub fn report(
        &self,
        model: &Model,
        snapshot: &Snapshot,
        source: impl Fn(&str) -> Option<SitePath>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<()> {
        let mut finds = std::mem::take(&mut *self.finds.lock().unwrap_or_else(PoisonError::into_inner));
        if finds.is_empty() {
            return Ok(());
        }
        let asked: BTreeSet<u64> = finds.iter().flat_map(|find| find.runs.iter().copied()).collect();
        let shown = shown_anyway(model, snapshot, &asked)?;
        finds.retain(|find| find.runs.iter().any(|run| !shown.contains(run)));
        finds.sort_by(|a, b| (a.article, &a.output, &a.place, &a.said).cmp(&(b.article, &b.output, &b.place, &b.said)));
        // What is said once is seen more than once: a page and its feeds.
        let mut groups: BTreeMap<(u32, &str), Vec<&Find>> = BTreeMap::new();
        for find in &finds {
            groups.entry((find.article, &find.said)).or_default().push(find);
        }
        let more = groups.len().saturating_sub(REPORTED);
        for (number, ((article, said), finds)) in groups.into_iter().take(REPORTED).enumerate() {
            let path = &self.articles[article as usize].0;
            let mut files: Vec<&str> = finds.iter().map(|find| find.output.as_str()).collect();
            files.dedup();
            let others = match files.len().saturating_sub(NAMED) {
                0 => String::new(),
                others => format!(" and {others} more files"),
            };
            let count = said.split_whitespace().count();
            let mut message = format!(
                "{}{others}: words of {path} that must not be shown ({count} in a row, in {}): “{}”",
                files.iter().take(NAMED).copied().collect::<Vec<_>>().join(", "),
                finds[0].place,
                start_of(said),
            );
            if more > 0 && number + 1 == REPORTED {
                message.push_str(&format!("; and {more} more like this"));
            }
            let place = source(files[0]).unwrap_or_else(|| path.clone());
            diagnostics.push(Diagnostic::error(message, Place::file(&place)).hint(format!(
                "{path} may be shown as {}; quote less of it, or make the words a row of `[[quotes]]`; or let more be shown: \
                 `display`, `max_words` under `[rights]`",
                allowance(model, path)
            )));
        }
        Ok(())
    }
}

/// How much of an article may be shown, in words.
fn allowance(model: &Model, path: &SitePath) -> String {
    let article = model.articles().find(|(_, article)| article.path == *path).map(|(_, article)| article);
    match article.map(|article| (article.display, article.max_words)) {
        Some((Display::Excerpt, words)) => format!("an excerpt of {words} words"),
        _ => "a headline".to_owned(),
    }
}

/// Enough of a run to know it.
fn start_of(said: &str) -> String {
    let words: Vec<&str> = said.split(' ').collect();
    let more = if words.len() > RUN { " …" } else { "" };
    let start: String = words[..words.len().min(RUN)].join(" ");
    format!("{start}{more}")
}

/// Rows of `[[quotes]]` by the article that they cite, where they stand in another.
fn quotes_elsewhere(model: &Model) -> BTreeMap<ArticleId, Vec<&str>> {
    let mut all: BTreeMap<ArticleId, Vec<&str>> = BTreeMap::new();
    for (id, article) in model.articles() {
        for (quote, cited) in article.matter.quotes.iter().zip(&article.quote_citations) {
            if let Some(cited) = cited.filter(|cited| *cited != id) {
                all.entry(cited).or_default().push(&quote.text.value);
            }
        }
    }
    all
}

/// What the front matter of an article says in words of its own text, for all to see.
fn said_of(article: &Article) -> impl Iterator<Item = &str> {
    let matter = &article.matter;
    let images = matter.images.iter().flat_map(|image| [image.caption.as_deref(), image.alt.as_deref()]);
    let single = [Some(&*matter.title), matter.summary.as_deref(), matter.dateline.as_deref()];
    let quotes = matter.quotes.iter().map(|quote| &*quote.text.value);
    let corrections = matter.corrections.iter().map(|row| &*row.text);
    let claim = matter.claim.iter().map(|claim| &*claim.text);
    single.into_iter().chain(images).flatten().chain(quotes).chain(corrections).chain(claim)
}

/// Those of some runs that stand in what may be shown of any article.
fn shown_anyway(model: &Model, snapshot: &Snapshot, asked: &BTreeSet<u64>) -> Result<BTreeSet<u64>> {
    let articles: Vec<&Article> = model.articles().map(|(_, article)| article).collect();
    let of_article = |article: &&Article| -> Result<Vec<u64>> {
        let whole = snapshot.text(&article.path)?.unwrap_or_default();
        let mut text = String::new();
        let max_words = match article.display {
            Display::Full => None,
            Display::Excerpt => Some(article.max_words),
            Display::Headline => Some(0),
        };
        markdown::shown_words(whole.get(article.body..).unwrap_or_default(), max_words, &mut text);
        let mut shown = Vec::new();
        for text in said_of(article).chain([text.as_str()]) {
            shown.extend(runs(&words_of(text)).map(|(_, hash)| hash).filter(|hash| asked.contains(hash)));
        }
        Ok(shown)
    };
    let shown: Vec<Vec<u64>> = articles.par_iter().map(of_article).collect::<Result<_>>()?;
    Ok(shown.into_iter().flatten().collect())
}

fn words_of(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    read_words(&normal(text), &mut words, |_| {});
    words
}

/// The base of the rolling hash, as in Rabin and Karp: any odd number without a pattern.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

fn hash(words: &[Word]) -> u64 {
    words.iter().fold(0, |hash, word| next(hash, *word, None))
}

/// The hash of a run with one more word, and without its first one of [`GRAM`].
fn next(hash: u64, word: Word, gone: Option<Word>) -> u64 {
    let hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(word) + 1);
    gone.map_or(hash, |gone| hash.wrapping_sub((u64::from(gone) + 1).wrapping_mul(BASE.wrapping_pow(GRAM as u32))))
}

/// The runs of some words that count [`RUN`], each with its hash.
fn runs(words: &[Word]) -> impl Iterator<Item = (Span, u64)> {
    let (mut end, mut counts) = (0, 0);
    (0..words.len()).map_while(move |start| {
        while counts < 2 * RUN {
            counts += weight(*words.get(end)?);
            end += 1;
        }
        counts -= weight(words[start]);
        Some((start..end, hash(&words[start..end])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rolling_hash_is_that_of_its_last_words() {
        let words: Vec<Word> = (1..40).map(|word| word * 7919).collect();
        let mut rolled = 0;
        for at in 0..words.len() {
            rolled = next(rolled, words[at], at.checked_sub(GRAM).map(|gone| words[gone]));
            assert_eq!(rolled, hash(&words[(at + 1).saturating_sub(GRAM)..=at]));
        }
    }

    /// Wherever a run starts in the hidden text and however long it is, it is found when it has 12 words, and only then.
    #[test]
    fn every_run_is_found_and_no_shorter_one() {
        let hidden: Vec<Word> = (0..60).map(|word| short_word(&format!("hidden{word}"))).collect();
        let mut withheld =
            Withheld { articles: vec![("a.md".into(), 0)], words: hidden.clone(), ..Withheld::default() };
        let starts = (0..=hidden.len() - GRAM).step_by(STEP);
        withheld.entries =
            starts.map(|at| Entry { gram: hash(&hidden[at..at + GRAM]), around: 0, at: at as u32 }).collect();
        withheld.entries.sort_unstable();
        withheld.filter = vec![u64::MAX; 4];
        for start in 0..hidden.len() {
            for length in 1..=(hidden.len() - start).min(30) {
                let around = |name: &str| (0..9).map(|word| short_word(&format!("{name}{word}"))).collect::<Vec<_>>();
                let output = [around("before"), hidden[start..start + length].to_vec(), around("after")].concat();
                let mut found = Vec::new();
                withheld.look(&output, |_, run| found.push(run));
                let expected: Vec<Span> = (length >= RUN).then_some(9..9 + length).into_iter().collect();
                assert_eq!(found, expected, "{start} {length}");
            }
        }
    }

    fn short_word(text: &str) -> Word {
        words_of(text)[0]
    }
}
