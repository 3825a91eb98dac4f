//! In what a model differs from the one before, so that what is as it was need not be worked out to be told so.

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::{Article, ArticleId, Digest, Entity, FactKind, Figure, Model, Publisher, Tag, Topic};
use crate::diagnostic::SitePath;

/// Which facts may be other than in the model before.
///
/// It never says of a fact that changed that it did not; builds with debug assertions ask all the same, and compare.
#[derive(Debug)]
pub struct Delta {
    /// The articles, by path, of which a fact of their own ([`FactKind::is_of_one_article`]) changed.
    articles: HashSet<SitePath>,
    /// What may have changed of lists; `None` where all of it may.
    lists: Option<Lists>,
}

/// What may have changed where all lists are as they were.
#[derive(Debug)]
struct Lists {
    /// Which articles are not as they were, by their ids.
    is_other: Vec<bool>,
    /// The topics, by path, with another summary.
    summaries: HashSet<SitePath>,
    /// The digests, by slug, of which editions were made: what changed since is told from the articles themselves.
    with_editions: BTreeSet<String>,
}

impl Delta {
    /// In what a model differs from the one before.
    pub fn new(model: &Model, before: &Model) -> Self {
        if !model.has_the_ids_of(before) {
            return Delta { articles: model.changed_articles(before), lists: None };
        }
        // Where nothing came or went, what articles refer to is told apart by its ids: a fraction of the work.
        let pairs = model.articles.par_iter().zip(&before.articles);
        let is_other: Vec<bool> = pairs.map(|(article, known)| !article.is_as(known)).collect();
        let (others, articles) = match is_other.contains(&true) {
            true => {
                let all = || model.articles.par_iter().zip(&is_other).with_min_len(512);
                let paths = |(article, _): (&Article, &bool)| article.path.clone();
                // What is beside a changed article shows its headline.
                let is_meant = |id: &ArticleId| is_other[id.index()];
                let is_beside = |article: &Article| [article.newer, article.older].iter().flatten().any(is_meant);
                let others: HashSet<SitePath> = all().filter(|(_, is_other)| **is_other).map(paths).collect();
                (others, all().filter(|(article, is_other)| **is_other || is_beside(article)).map(paths).collect())
            }
            false => Default::default(),
        };
        let with_editions = model.digests.iter().filter(|digest| !digest.editions.is_empty());
        let lists = model.has_the_lists_of(before).then(|| Lists {
            is_other,
            summaries: model.topics_with(&others, before),
            with_editions: with_editions.map(|digest| digest.slug.clone()).collect(),
        });
        Delta { articles, lists }
    }

    /// Whether one of these articles may have changed, or whether it is these.
    pub fn may_have_changed_any(&self, ids: &[ArticleId]) -> bool {
        self.lists.as_ref().is_none_or(|lists| ids.iter().any(|id| lists.is_other[id.index()]))
    }

    /// Whether a fact may have changed.
    pub fn may_have_changed(&self, kind: FactKind, name: &str) -> bool {
        match (kind, &self.lists) {
            (kind, _) if kind.is_of_one_article() => self.articles.contains(name),
            (FactKind::TopicSummary, Some(lists)) => lists.summaries.contains(name),
            (FactKind::Digest, Some(lists)) => lists.with_editions.contains(name),
            (kind, Some(_)) => !kind.is_of_lists(),
            _ => true,
        }
    }
}

impl FactKind {
    /// Whether lists of ids, and the front matter of what is no article, decide it alone.
    fn is_of_lists(self) -> bool {
        matches!(
            self,
            FactKind::Topic
                | FactKind::Series
                | FactKind::Publisher
                | FactKind::Entity
                | FactKind::Tag
                | FactKind::Newest
                | FactKind::NewestDigests
                | FactKind::TopicsByNews
                | FactKind::Years
                | FactKind::Month
                | FactKind::Day
        )
    }
}

impl Model {
    /// The articles, by path, of which a fact of their own is other than in another model, whose ids mean other things: found
    /// at once for all, before each page that shows one asks.
    fn changed_articles(&self, before: &Model) -> HashSet<SitePath> {
        let facts = |model: &Model, article: &Article| {
            (model.fingerprints(article), model.beside(article), model.holders(article))
        };
        let is_changed = |article: &&Article| {
            let known = before.article_at(&article.path);
            known.is_none_or(|known| facts(before, known) != facts(self, article))
        };
        let changed = self.articles.par_iter().filter(is_changed);
        let gone = before.articles.par_iter().filter(|article| self.article_at(&article.path).is_none());
        changed.chain(gone).map(|article| article.path.clone()).collect()
    }

    /// Whether every id stands for the same thing in both models, by its path or slug.
    fn has_the_ids_of(&self, other: &Model) -> bool {
        are_same(&self.articles, &other.articles, |a, b| a.path == b.path)
            && are_same(&self.topics, &other.topics, |a, b| a.path == b.path)
            && are_same(&self.publishers, &other.publishers, |a, b| a.path == b.path)
            && are_same(&self.entities, &other.entities, |a, b| a.path == b.path)
            && are_same(&self.pages, &other.pages, |a, b| a.path == b.path)
            && are_same(&self.tags, &other.tags, |a, b| a.slug == b.slug)
            && are_same(&self.digests, &other.digests, |a, b| a.slug == b.slug)
    }

    /// Whether all things but articles are the same in both models, which have the same ids, and all lists of articles.
    fn has_the_lists_of(&self, other: &Model) -> bool {
        are_same(&self.topics, &other.topics, Topic::is_as)
            && are_same(&self.publishers, &other.publishers, Publisher::is_as)
            && are_same(&self.entities, &other.entities, Entity::is_as)
            && are_same(&self.tags, &other.tags, Tag::is_as)
            && are_same(&self.digests, &other.digests, Digest::is_as)
            && are_same(&self.pages, &other.pages, |a, b| a.front == b.front)
            && self.newest_first == other.newest_first
            && self.by_day == other.by_day
            && self.newest_digests == other.newest_digests
    }

    /// The topics whose articles or events lead to one of these articles, now or before; both models have the same ids and
    /// lists.
    fn topics_with(&self, articles: &HashSet<SitePath>, before: &Model) -> HashSet<SitePath> {
        if articles.is_empty() {
            return HashSet::new();
        }
        let mut is_meant = vec![false; self.articles.len()];
        for at in articles.iter().filter_map(|path| self.article_place(path)) {
            // A copy speaks for its original.
            for article in [&self.articles[at], &before.articles[at]] {
                for id in article.copies.iter().copied().chain(article.copy_of) {
                    is_meant[id.index()] = true;
                }
            }
            is_meant[at] = true;
        }
        // Whoever cites one of them shows its name.
        let cites = |figures: &[Figure], citations: &[Vec<ArticleId>], quoted: &[Option<ArticleId>]| {
            let of_figures = figures.iter().filter_map(|figure| figure.citation);
            let mut all = of_figures.chain(citations.iter().flatten().copied()).chain(quoted.iter().flatten().copied());
            all.any(|id| is_meant[id.index()])
        };
        let citing = |article: &Article| cites(&article.figures, &article.citations, &article.quote_citations);
        let is_shown: Vec<bool> =
            self.articles.par_iter().zip(&is_meant).with_min_len(512).map(|(one, is)| *is || citing(one)).collect();
        let leads = |topic: &Topic| {
            topic.articles.iter().any(|id| is_shown[id.index()]) || cites(&topic.figures, &topic.citations, &[])
        };
        self.topics.iter().filter(|topic| leads(topic)).map(|topic| topic.path.clone()).collect()
    }
}

fn are_same<T>(these: &[T], those: &[T], is_same: impl Fn(&T, &T) -> bool) -> bool {
    these.len() == those.len() && these.iter().zip(those).all(|(a, b)| is_same(a, b))
}

impl Article {
    /// Whether all of its own facts are those of an article in a model with the same ids. Their fingerprints are then taken
    /// over, where they are known.
    fn is_as(&self, other: &Article) -> bool {
        let is_same = self.front == other.front
            && self.slug == other.slug
            && self.id == other.id
            && self.date == other.date
            && self.topics == other.topics
            && (self.publisher, self.agency, self.located) == (other.publisher, other.agency, other.located)
            && self.people == other.people
            && self.places == other.places
            && self.organizations == other.organizations
            && self.tags == other.tags
            && self.speakers == other.speakers
            && self.quote_citations == other.quote_citations
            && self.figures == other.figures
            && (self.copy_of, self.repeats) == (other.copy_of, other.repeats)
            && self.copies == other.copies
            && self.citations == other.citations
            && (self.display, self.max_words) == (other.display, other.max_words)
            && self.license == other.license
            && self.rights_holder == other.rights_holder
            && (self.newer, self.older) == (other.newer, other.older)
            && self.digests == other.digests;
        if is_same && let Some(known) = other.fingerprints.get() {
            // Where somebody asked already, it is the same.
            let _ = self.fingerprints.set(*known);
        }
        is_same
    }
}

impl Topic {
    fn is_as(&self, other: &Topic) -> bool {
        self.front == other.front
            && self.slug == other.slug
            && self.broader == other.broader
            && self.narrower == other.narrower
            && self.related == other.related
            && self.articles == other.articles
            && self.figures == other.figures
            && self.digests == other.digests
            && self.citations == other.citations
    }
}

impl Publisher {
    fn is_as(&self, other: &Publisher) -> bool {
        self.front == other.front && self.articles == other.articles
    }
}

impl Entity {
    fn is_as(&self, other: &Entity) -> bool {
        self.front == other.front
            && self.role_organizations == other.role_organizations
            && self.members == other.members
            && self.articles == other.articles
            && self.quotes == other.quotes
    }
}

impl Tag {
    fn is_as(&self, other: &Tag) -> bool {
        self.name == other.name && self.articles == other.articles
    }
}

impl Digest {
    fn is_as(&self, other: &Digest) -> bool {
        self.origin.is_as(&other.origin)
            && self.id == other.id
            && self.title == other.title
            && self.topic == other.topic
            && self.coverage == other.coverage
            && self.tags == other.tags
            && self.lead == other.lead
            && self.sections == other.sections
            && self.see_also == other.see_also
            && self.figures == other.figures
            && self.citations == other.citations
            && are_same(&self.editions, &other.editions, |a, b| a.is_as(b))
    }
}
