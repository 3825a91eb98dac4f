//! Which articles a digest asks for.

use jiff::civil;

use crate::{
    date::Period,
    model::{Article, ArticleId, EntityId, Model, PublisherId, TagId, TopicId},
    parse::matter::{Genre, Order},
};

/// A `[query]` with its references resolved. All conditions hold; an empty list is no condition.
#[derive(Debug, Default)]
pub struct Query {
    pub topics: Vec<TopicId>,
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
        let candidates: Vec<ArticleId> = match self.topics.as_slice() {
            [] => model.newest_first.clone(),
            [topic] => model[*topic].articles.clone(),
            several => {
                let mut ids: Vec<ArticleId> =
                    several.iter().flat_map(|topic| model[*topic].articles.iter().copied()).collect();
                newest_first(&mut ids, |id| &model[id]);
                ids.dedup();
                ids
            }
        };
        let mut found: Vec<ArticleId> =
            candidates.into_iter().filter(|id| self.matches(*id, &model[*id], site_language)).collect();
        match order {
            Order::DateDesc | Order::Manual => {}
            Order::DateAsc => found.sort_by_key(|id| (model[*id].date.clone(), *id)),
            // Stable: of one urgency, newest first.
            Order::Urgency => found.sort_by_key(|id| model[*id].matter.urgency.unwrap_or(u8::MAX)),
        }
        found
    }

    fn matches(&self, id: ArticleId, article: &Article, site_language: &str) -> bool {
        let any = |wanted: &[EntityId], has: &[EntityId]| wanted.is_empty() || wanted.iter().any(|id| has.contains(id));
        let one = |wanted: &[PublisherId], has: Option<PublisherId>| {
            wanted.is_empty() || has.is_some_and(|id| wanted.contains(&id))
        };
        let language = article.matter.lang.as_deref().unwrap_or(site_language);
        let day: civil::Date = article.date.date();
        !self.exclude.contains(&id)
            && self.period.is_none_or(|period| period.contains(day))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| article.tags.contains(tag)))
            && one(&self.publishers, article.publisher)
            && one(&self.agencies, article.agency)
            && any(&self.people, &article.people)
            && (any(&self.places, &article.places) || article.located.is_some_and(|place| self.places.contains(&place)))
            && any(&self.organizations, &article.organizations)
            && (self.genres.is_empty() || article.matter.genre.is_some_and(|genre| self.genres.contains(&genre)))
            && (self.languages.is_empty() || self.languages.iter().any(|wanted| speaks(language, wanted)))
            && self.urgency.is_none_or(|highest| article.matter.urgency.is_some_and(|urgency| urgency <= highest))
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
pub fn newest_first<'a>(ids: &mut [ArticleId], article: impl Fn(ArticleId) -> &'a Article) {
    ids.sort_by(|a, b| article(*b).date.cmp(&article(*a).date).then(a.cmp(b)));
}
