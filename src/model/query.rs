//! Which articles a digest asks for.

use std::cmp::Reverse;

use jiff::civil;
use rayon::prelude::*;

use crate::{
    date::Period,
    model::{Article, ArticleId, DigestId, EntityId, Item, Model, PublisherId, TagId, Target, TopicId},
    parse::matter::{Genre, Order},
};

/// A `[query]` with its references resolved. All conditions hold; an empty list is no condition.
#[derive(Debug, Default)]
pub struct Query {
    pub topics: Vec<TopicId>,
    /// Whether there is a condition on tags: one that names only tags that no article has lets nothing in.
    pub asks_for_tags: bool,
    pub tags: Vec<TagId>,
    pub publishers: Vec<PublisherId>,
    pub agencies: Vec<PublisherId>,
    pub people: Vec<EntityId>,
    pub places: Vec<EntityId>,
    pub organizations: Vec<EntityId>,
    pub genres: Vec<Genre>,
    pub languages: Vec<String>,
    pub urgency: Option<u8>,
    pub period: Option<Period>,
    pub exclude: Vec<ArticleId>,
}

impl Query {
    /// The articles that meet every condition, in the given order.
    pub fn run(&self, model: &Model, site_language: &str, order: Order) -> Vec<ArticleId> {
        // A topic knows its articles, narrower ones included: no need to look at all of the site.
        let mut found: Vec<ArticleId> = match self.topics.as_slice() {
            [] => self.found_in(&model.newest_first, model, site_language).collect(),
            [topic] => self.found_in(&model[*topic].articles, model, site_language).collect(),
            several => {
                let found =
                    several.iter().flat_map(|topic| self.found_in(&model[*topic].articles, model, site_language));
                let mut ids: Vec<ArticleId> = found.collect();
                newest_first(&mut ids, |id| &model[id]);
                ids.dedup();
                ids
            }
        };
        match order {
            Order::DateDesc | Order::Manual => {}
            Order::DateAsc => found.sort_by_key(|id| (model[*id].date, *id)),
            // Stable: of one urgency, newest first.
            Order::Urgency => found.sort_by_key(|id| model[*id].matter.urgency.unwrap_or(u8::MAX)),
        }
        found
    }

    /// Those of a list that meet every condition. The list is newest first, so a period is a stretch of it.
    fn found_in<'a>(
        &'a self,
        list: &'a [ArticleId],
        model: &'a Model,
        site_language: &'a str,
    ) -> impl Iterator<Item = ArticleId> + 'a {
        let day = |id: &ArticleId| -> civil::Date { model[*id].date.date() };
        let stretch = match self.period {
            Some(period) => {
                let from = list.partition_point(|id| day(id) > period.last);
                let to = list.partition_point(|id| day(id) >= period.first);
                &list[from..to.max(from)]
            }
            None => list,
        };
        stretch.iter().copied().filter(move |id| self.refusal(*id, model, site_language).is_none())
    }

    /// The first condition that an article does not meet. Who, where and what its copies name counts as well, and the
    /// outlets that carried them.
    pub fn refusal(&self, id: ArticleId, model: &Model, site_language: &str) -> Option<Refusal> {
        let article = &model[id];
        let group = || model.group(id).map(|id| &model[id]);
        let any = |wanted: &[EntityId], has: fn(&Article) -> &[EntityId]| {
            wanted.is_empty() || group().any(|article| wanted.iter().any(|id| has(article).contains(id)))
        };
        let one = |wanted: &[PublisherId], has: fn(&Article) -> Option<PublisherId>| {
            wanted.is_empty() || group().any(|article| has(article).is_some_and(|id| wanted.contains(&id)))
        };
        let language = article.matter.lang.as_deref().unwrap_or(site_language);
        let day: civil::Date = article.date.date();
        let is_placed = || group().any(|article| article.located.is_some_and(|place| self.places.contains(&place)));
        let meets = [
            (Refusal::Excluded, !self.exclude.contains(&id)),
            (Refusal::Period, self.period.is_none_or(|period| period.contains(day))),
            (
                Refusal::Tag,
                !self.asks_for_tags || group().any(|article| self.tags.iter().any(|tag| article.tags.contains(tag))),
            ),
            (Refusal::Publisher, one(&self.publishers, |article| article.publisher)),
            (Refusal::Agency, one(&self.agencies, |article| article.agency)),
            (Refusal::Person, any(&self.people, |article| &article.people)),
            (Refusal::Place, any(&self.places, |article| &article.places) || is_placed()),
            (Refusal::Organization, any(&self.organizations, |article| &article.organizations)),
            (Refusal::Genre, {
                self.genres.is_empty() || article.matter.genre.is_some_and(|genre| self.genres.contains(&genre))
            }),
            (Refusal::Language, {
                self.languages.is_empty() || self.languages.iter().any(|wanted| speaks(language, wanted))
            }),
            (Refusal::Urgency, {
                self.urgency.is_none_or(|highest| article.matter.urgency.is_some_and(|urgency| urgency <= highest))
            }),
        ];
        meets.into_iter().find(|(_, is_met)| !is_met).map(|(refusal, _)| refusal)
    }
}

/// The condition of a query that an article does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// In none of the topics, nor in a narrower one.
    Topic,
    /// Named under `exclude`.
    Excluded,
    /// Dated outside the period.
    Period,
    /// Without any of the tags.
    Tag,
    /// From none of the publishers.
    Publisher,
    /// From none of the agencies.
    Agency,
    /// Without any of the people.
    Person,
    /// Without any of the places.
    Place,
    /// Without any of the organizations.
    Organization,
    /// Of another genre.
    Genre,
    /// In another language.
    Language,
    /// Less urgent.
    Urgency,
}

/// Why an article is in a digest, or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It stands under `[[items]]`.
    Listed,
    /// The query asks for it.
    Found,
    /// The query does not let it in.
    Refused(Refusal),
    /// It is not listed, and the digest has no query.
    NotListed,
}

impl Model {
    /// Why an article is in a digest, or is not: by the comparison that decided it. Of a copy, why its original is.
    pub fn membership(&self, article: ArticleId, digest: DigestId, site_language: &str) -> Membership {
        let article = self[article].copy_of.unwrap_or(article);
        let digest = &self[digest];
        let is_listed = |item: &Item| item.target == Target::Article(article) && item.is_listed;
        if digest.items().any(is_listed) {
            return Membership::Listed;
        }
        let Some(query) = &digest.query else { return Membership::NotListed };
        let in_topic = |topic: &TopicId| self[*topic].articles.contains(&article);
        if !query.topics.is_empty() && !query.topics.iter().any(in_topic) {
            return Membership::Refused(Refusal::Topic);
        }
        match query.refusal(article, self, site_language) {
            Some(refusal) => Membership::Refused(refusal),
            None => Membership::Found,
        }
    }
}

/// `pt-BR` is Portuguese, so a query for `pt` takes it in.
fn speaks(tag: &str, wanted: &str) -> bool {
    tag.eq_ignore_ascii_case(wanted)
        || (tag.len() > wanted.len()
            && tag.as_bytes()[wanted.len()] == b'-'
            && tag.is_char_boundary(wanted.len())
            && tag[..wanted.len()].eq_ignore_ascii_case(wanted))
}

/// Sorts newest first; of one moment in the order of the paths.
pub fn newest_first<'a>(ids: &mut Vec<ArticleId>, article: impl Fn(ArticleId) -> &'a Article) {
    // The keys beside each other: to look into an article for each comparison takes ten times as long.
    let mut keyed: Vec<_> = ids.iter().map(|id| (Reverse(article(*id).date), *id)).collect();
    keyed.par_sort_unstable();
    ids.clear();
    ids.extend(keyed.into_iter().map(|(_, id)| id));
}
