//! The articles that a page lists: read as one thing, so that a page on ten thousand of them is not made from ten thousand
//! facts.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::civil;

use crate::{
    date::Period,
    fingerprint::{Fingerprint, Mixer},
    model::{ArticleId, Model},
    plan::{PageKind, Plan},
};

/// The articles on a page that is a list of them; none on any other.
pub fn listed(model: &Model, kind: PageKind) -> Cow<'_, [ArticleId]> {
    match kind {
        PageKind::Topic(id, pager) => model[id].articles[pager.range()].into(),
        PageKind::Publisher(id, pager) => model[id].articles[pager.range()].into(),
        PageKind::Entity(id, pager) => model[id].articles[pager.range()].into(),
        PageKind::Tag(id, pager) => model[id].articles[pager.range()].into(),
        PageKind::Digest(id) => model[id].articles().collect(),
        PageKind::Day(day, pager) => model.by_day().get(&day).map_or(&[][..], |ids| &ids[pager.range()]).into(),
        PageKind::Month(year, month, pager) => {
            let Some(period) = Period::month(year, month) else { return Cow::default() };
            let ids = of_period(model.by_day(), period);
            ids.skip(pager.range().start).take(pager.range().len()).collect()
        }
        _ => Cow::default(),
    }
}

/// The articles of a period, the latest first.
pub fn of_period(by_day: &BTreeMap<civil::Date, Vec<ArticleId>>, period: Period) -> impl Iterator<Item = ArticleId> {
    by_day.range(period.first..=period.last).rev().flat_map(|(_, ids)| ids.iter().copied())
}

/// The articles that the page or the JSON at a path lists; `None` where neither is there.
pub fn listed_at<'a>(model: &'a Model, plan: &Plan, path: &str) -> Option<Cow<'a, [ArticleId]>> {
    plan.get(path)?.kind.page().map(|kind| listed(model, kind))
}

/// Of the front matter of all of them, and of what their references mean.
pub fn fingerprint(model: &Model, plan: &Plan, path: &str) -> Option<Fingerprint> {
    let mut mixer = Mixer::new();
    for id in listed_at(model, plan, path)?.iter() {
        mixer.fingerprint(model.whole(*id));
    }
    Some(mixer.finish())
}
