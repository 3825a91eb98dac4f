//! Wire copies: articles that carry one text of one agency become one group, which lists show once.
//!
//! Who says so is a curator (`copy_of`), or two sketches that leave no doubt. What is likely and not sure is kept as a
//! [`Doubt`], for `dateline check`, and folds nothing.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use jiff::civil;

use super::{
    Article, ArticleId, Model, PublisherId,
    index::{ArticleSlot, Index},
};
use crate::{
    diagnostic::{Diagnostic, Place},
    parse::{
        matter::{CopyOf, PublisherKind},
        sketch::{Containment, Sketch},
    },
};

/// Days between two texts, at most, for one to be a copy of the other.
const DAYS: i32 = 2;

/// What must hold for a text to be surely a copy of another: measured on made-up cases (`tests/testsuite/copies.rs`).
const SURE: Bounds = Bounds { share: 0.9, sample: 16, words: 60, length: 0.4 };
/// What makes a pair worth a curator's look.
const LIKELY: Bounds = Bounds { share: 0.5, sample: 8, words: 40, length: 0.0 };
/// Names of the shorter text that the longer may lack: those of the desk that cut it.
const LACKING_NAMES: f64 = 0.15;

/// Lower bounds of what is measured.
struct Bounds {
    /// Of the shorter text's shingles, the share that the longer one has.
    share: f64,
    /// Shingles that this was measured on.
    sample: usize,
    /// Words of the shorter text.
    words: u32,
    /// Its length as a share of the longer one's.
    length: f64,
}

/// How like two texts are, and what speaks against it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Of the shorter text, the share that stands in the longer one, from 0 to 1.
    pub share: f64,
    /// The shorter text's length as a share of the longer one's, from 0 to 1.
    pub length: f64,
    /// Days between them.
    pub days: u32,
    /// Whether the figures in them differ.
    pub other_figures: bool,
    /// Whether many names in them differ.
    pub other_names: bool,
    /// Whether both were read at one outlet, or it is not known where: then one may be an update of the other.
    pub same_outlet: bool,
    /// Whether the shorter text has too few words to be sure of anything.
    pub is_short: bool,
    /// Whether nothing speaks against it.
    pub is_sure: bool,
}

/// Two articles that may carry one text.
#[derive(Clone, Copy, Debug)]
pub struct Doubt {
    /// The later one.
    pub article: ArticleId,
    /// The earlier one.
    pub other: ArticleId,
    /// What was measured.
    pub likeness: Likeness,
}

/// Folds the articles into groups: sets each copy's original, and each original's copies.
pub(super) fn fold(model: &mut Model, index: &Index, diagnostics: &mut Vec<Diagnostic>) {
    let named = named(model, index, diagnostics);
    let mut groups = Groups::default();
    for (copy, original) in &named {
        groups.join(*copy, *original);
    }
    let mut doubts = Vec::new();
    for list in by_agency(model).values_mut() {
        list.sort_unstable_by_key(|id| (model[*id].date, *id));
        find(model, list, &mut groups, &mut doubts);
    }
    doubts.retain(|doubt| {
        !named.contains_key(&doubt.article) && groups.founder(doubt.article) != groups.founder(doubt.other)
    });
    doubts.sort_unstable_by_key(|doubt| (doubt.article, doubt.other));
    model.doubts = doubts;
    let originals: BTreeSet<ArticleId> = named.values().copied().collect();
    for mut members in groups.into_lists() {
        let rank = |id: &ArticleId| {
            let article = &model[*id];
            let is_original = originals.contains(id) && !named.contains_key(id);
            (named.contains_key(id), !is_original, !is_agencys_own(model, article), article.date, *id)
        };
        members.sort_unstable_by_key(rank);
        let Some((leader, copies)) = members.split_first() else { continue };
        for copy in copies {
            let repeats = match (&model[*copy].sketch, &model[*leader].sketch) {
                (Some(copy), Some(leader)) => meets(copy.in_other(leader), copy.words, 1.0, &SURE),
                _ => false,
            };
            let article = &mut model.articles[copy.index()];
            (article.copy_of, article.repeats) = (Some(*leader), repeats);
        }
        model.articles[leader.index()].copies = copies.into();
    }
}

/// What each article is a copy of by its curator's word. Circles are reported and broken.
fn named(model: &Model, index: &Index, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<ArticleId, ArticleId> {
    let mut named = BTreeMap::new();
    for (id, article) in model.articles() {
        let Some(CopyOf::Article(reference)) = article.matter.copy_of.as_deref() else { continue };
        let place = || Place::new(&article.path, reference.span.clone());
        match index.articles.resolve(reference, "copy_of", &article.path, diagnostics) {
            Some(ArticleSlot::Published(other)) if other == id => diagnostics.push(
                Diagnostic::error("an article is no copy of itself", place())
                    .hint("name the article that carried the text first, or remove the line"),
            ),
            Some(ArticleSlot::Published(other)) => drop(named.insert(id, other)),
            Some(ArticleSlot::LeftOut(omission)) => {
                let omission = &model.omissions[omission];
                let message = format!(
                    "`{}` is left out ({}), so its copy stands by itself",
                    reference.value,
                    omission.reason.noun(1)
                );
                diagnostics.push(
                    Diagnostic::warning(message, place())
                        .related(Place::file(&omission.path), "the article")
                        .hint("it comes in by itself when its time comes, or with `--drafts`"),
                );
            }
            None => {}
        }
    }
    let starts: Vec<ArticleId> = named.keys().copied().collect();
    for start in starts {
        let mut way = vec![start];
        while let Some(next) = way.last().and_then(|last| named.get(last)).filter(|next| !way.contains(next)) {
            way.push(*next);
        }
        if way.last().and_then(|last| named.get(last)) == Some(&start) {
            let names: Vec<String> = way.iter().chain([&start]).map(|id| format!("`{}`", model[*id].id)).collect();
            let place = match model[start].matter.copy_of.as_deref() {
                Some(CopyOf::Article(reference)) => Place::new(&model[start].path, reference.span.clone()),
                _ => Place::file(&model[start].path),
            };
            diagnostics.push(
                Diagnostic::error(format!("`copy_of` goes in a circle: {}", names.join(" → ")), place)
                    .hint("remove one of these: one of the articles had the text first"),
            );
            named.remove(&start);
        }
    }
    named
}

/// The articles that may be copies by the look of their texts, by the agency that reported them.
fn by_agency(model: &Model) -> BTreeMap<PublisherId, Vec<ArticleId>> {
    let mut lists: BTreeMap<PublisherId, Vec<ArticleId>> = BTreeMap::new();
    for (id, article) in model.articles() {
        let is_none = matches!(article.matter.copy_of.as_deref(), Some(CopyOf::Nothing));
        if let (Some(agency), Some(sketch), false) = (article.agency, &article.sketch, is_none)
            && sketch.words >= LIKELY.words
        {
            lists.entry(agency).or_default().push(id);
        }
    }
    lists.retain(|_, list| list.len() > 1);
    lists
}

/// The first articles of groups, by the keys of their sketches: those of the last few days, in two halves so that old ones
/// go without being looked for.
#[derive(Default)]
struct Recent {
    since: Option<civil::Date>,
    new: HashMap<u32, Vec<ArticleId>>,
    old: HashMap<u32, Vec<ArticleId>>,
}

impl Recent {
    /// Forgets what is too old for an article of `day`.
    fn advance(&mut self, day: civil::Date) {
        let Some(since) = self.since else {
            self.since = Some(day);
            return;
        };
        let passed = days_between(since, day);
        if passed > 2 * DAYS {
            self.old.clear();
            self.new.clear();
            self.since = Some(day);
        } else if passed > DAYS {
            self.old = std::mem::take(&mut self.new);
            self.since = Some(day);
        }
    }

    /// How many keys of a sketch each known article has.
    fn candidates(&self, sketch: &Sketch) -> BTreeMap<ArticleId, usize> {
        let mut counts = BTreeMap::new();
        for key in sketch.keys() {
            for id in [&self.new, &self.old].into_iter().filter_map(|half| half.get(key)).flatten() {
                *counts.entry(*id).or_default() += 1;
            }
        }
        counts
    }

    fn add(&mut self, id: ArticleId, sketch: &Sketch) {
        for key in sketch.keys() {
            let list = self.new.entry(*key).or_default();
            // What stands in so many texts is a phrase of the house.
            if list.len() < CARRIERS_OF_A_KEY {
                list.push(id);
            }
        }
    }
}

/// Texts that are compared for one key, at most: what makes the work linear in the articles.
const CARRIERS_OF_A_KEY: usize = 12;

/// Joins the articles of one agency, oldest first, to groups.
fn find(model: &Model, list: &[ArticleId], groups: &mut Groups, doubts: &mut Vec<Doubt>) {
    let mut recent = Recent::default();
    for id in list {
        let article = &model[*id];
        let Some(sketch) = &article.sketch else { continue };
        recent.advance(article.date.date());
        let likenesses = recent.candidates(sketch).into_keys().filter_map(|other| {
            let likeness = likeness(&model[other], article)?;
            Some((other, likeness))
        });
        // The surest; of equals the earliest.
        let best = likenesses.reduce(|best, next| {
            let key = |likeness: &Likeness| (likeness.is_sure, likeness.share * likeness.length.sqrt());
            if key(&next.1) > key(&best.1) { next } else { best }
        });
        match best {
            Some((other, likeness)) if likeness.is_sure => groups.join(*id, other),
            best => {
                doubts.extend(best.map(|(other, likeness)| Doubt { article: *id, other, likeness }));
                recent.add(*id, sketch);
            }
        }
    }
}

/// How like two articles of one agency are; nothing when they are not.
fn likeness(earlier: &Article, later: &Article) -> Option<Likeness> {
    let days = days_between(earlier.date.date(), later.date.date());
    if days > DAYS || matches!((&earlier.matter.lang, &later.matter.lang), (Some(a), Some(b)) if a != b) {
        return None;
    }
    let (a, b) = (earlier.sketch.as_deref()?, later.sketch.as_deref()?);
    let (shorter, longer) = if a.words <= b.words { (a, b) } else { (b, a) };
    let length = f64::from(shorter.words) / f64::from(longer.words.max(1));
    let forth = shorter.in_other(longer);
    let back = longer.in_other(shorter);
    if !meets(forth, shorter.words, length, &LIKELY) {
        return None;
    }
    // Figures of two texts of one length are held against each other both ways; of one that was cut, what is gone is not
    // missed. Names are not: an outlet adds those of the desk.
    let is_whole = length > 0.95;
    let other_figures = forth.lacks_figures || is_whole && back.lacks_figures;
    let other_names = forth.lacking_names > LACKING_NAMES;
    let same_outlet = earlier.publisher == later.publisher || earlier.publisher.is_none() || later.publisher.is_none();
    let is_sure = meets(forth, shorter.words, length, &SURE) && !other_figures && !other_names && !same_outlet;
    let is_short = shorter.words < SURE.words || forth.sample < SURE.sample;
    let days = days.unsigned_abs();
    Some(Likeness { share: forth.share, length, days, other_figures, other_names, same_outlet, is_short, is_sure })
}

fn meets(contained: Containment, words: u32, length: f64, bounds: &Bounds) -> bool {
    contained.share >= bounds.share
        && contained.sample >= bounds.sample
        && words >= bounds.words
        && length >= bounds.length
}

fn days_between(first: civil::Date, last: civil::Date) -> i32 {
    (last - first).get_days().abs()
}

/// Whether an article was read at the agency that reported it.
fn is_agencys_own(model: &Model, article: &Article) -> bool {
    match (article.publisher, article.agency) {
        (Some(publisher), None) => model[publisher].matter.kind == Some(PublisherKind::Agency),
        (publisher, agency) => publisher.is_some() && publisher == agency,
    }
}

/// Sets of articles, each known by one of its members.
#[derive(Default)]
struct Groups(BTreeMap<ArticleId, ArticleId>);

impl Groups {
    fn founder(&self, mut id: ArticleId) -> ArticleId {
        while let Some(next) = self.0.get(&id) {
            id = *next;
        }
        id
    }

    fn join(&mut self, a: ArticleId, b: ArticleId) {
        let (a, b) = (self.founder(a), self.founder(b));
        if a != b {
            self.0.insert(a, b);
        }
    }

    fn into_lists(self) -> Vec<Vec<ArticleId>> {
        let mut lists: BTreeMap<ArticleId, Vec<ArticleId>> = BTreeMap::new();
        for id in self.0.keys() {
            let founder = self.founder(*id);
            lists.entry(founder).or_insert_with(|| vec![founder]).push(*id);
        }
        lists.into_values().collect()
    }
}
