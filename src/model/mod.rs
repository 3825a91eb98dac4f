//! Stage 3: the documents as one immutable, indexed whole, every reference resolved.
//!
//! Plain data with typed ids over vectors. Nothing here knows of addresses, templates or the disk.

mod article;
mod build;
mod copies;
mod delta;
mod digest;
mod edition;
mod entity;
mod event;
mod fact;
mod figure;
mod index;
mod intake;
mod names;
mod publisher;
mod query;
mod topic;

use std::{collections::BTreeMap, sync::Arc};

use hashbrown::HashTable;
use jiff::{Timestamp, civil};

pub use article::{Article, Due, DueChange, Omission, OmissionReason};
pub use build::build;
pub use copies::{Doubt, Likeness};
pub use delta::Delta;
pub use digest::{Digest, DigestOrigin, Item, LinkTarget, Section, Target};
pub use edition::{Change, ChangeKind, Edition, Row, Standing};
pub use entity::Entity;
pub use event::{EventRow, event_rows};
pub use fact::{Fact, FactKind};
pub use figure::{Figure, Source};
pub use publisher::Publisher;
pub use query::{Membership, Refusal};
pub use topic::Topic;

use crate::{
    diagnostic::SitePath,
    fingerprint::Fingerprint,
    parse::matter::{Display, EntityKind, PageMatter},
};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident for $type:ty, in $field:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(u32);

            impl $name {
                fn new(index: usize) -> Self {
                    // A site of four thousand million files would not fit in memory.
                    $name(u32::try_from(index).unwrap_or(u32::MAX))
                }

                /// Its place among the others of its kind.
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }

            impl std::ops::Index<$name> for Model {
                type Output = $type;

                fn index(&self, id: $name) -> &$type {
                    &self.$field[id.index()]
                }
            }
        )+

        impl Model {
            $(
                #[doc = concat!("Every `", stringify!($type), "` with its id, in the order of their paths.")]
                pub fn $field(&self) -> impl ExactSizeIterator<Item = ($name, &$type)> {
                    self.$field.iter().enumerate().map(|(index, value)| ($name::new(index), value))
                }
            )+
        }
    };
}

ids! {
    /// A published article.
    ArticleId for Article, in articles;
    /// A topic.
    TopicId for Topic, in topics;
    /// A digest, written or made by its topic.
    DigestId for Digest, in digests;
    /// A publisher or agency.
    PublisherId for Publisher, in publishers;
    /// A person, place or organization.
    EntityId for Entity, in entities;
    /// A tag.
    TagId for Tag, in tags;
    /// A plain page.
    PageId for Page, in pages;
}

/// A keyword and what carries it.
#[derive(Debug)]
pub struct Tag {
    /// Its part of the address.
    pub slug: String,
    /// As first written.
    pub name: String,
    /// Newest first.
    pub articles: Vec<ArticleId>,
}

/// A plain page.
#[derive(Debug)]
pub struct Page {
    /// Its file.
    pub path: SitePath,
    /// Where its Markdown starts in it.
    pub body: usize,
    /// Its address below the root, without slashes at the ends: `about`.
    pub slug: String,
    /// Its front matter.
    pub matter: Arc<PageMatter>,
    /// Of the front matter as written.
    pub front: Fingerprint,
}

/// How old an article may be to be news, in hours, as search engines for news have it.
pub const NEWS_HOURS: i64 = 48;

/// The moment at which what was published at another is no news any more.
pub fn news_until(published: Timestamp) -> Timestamp {
    published.saturating_add(jiff::SignedDuration::from_hours(NEWS_HOURS)).unwrap_or(Timestamp::MAX)
}

/// Articles in a news sitemap, at most.
pub const NEWS_LIMIT: usize = 1000;

/// The whole site.
#[derive(Debug, Default)]
pub struct Model {
    articles: Vec<Article>,
    topics: Vec<Topic>,
    digests: Vec<Digest>,
    publishers: Vec<Publisher>,
    entities: Vec<Entity>,
    tags: Vec<Tag>,
    pages: Vec<Page>,
    newest_first: Vec<ArticleId>,
    by_day: BTreeMap<civil::Date, Vec<ArticleId>>,
    news: Vec<ArticleId>,
    newest_digests: Vec<DigestId>,
    corrections: Vec<(ArticleId, usize)>,
    digests_by_slug: BTreeMap<String, DigestId>,
    tags_by_slug: BTreeMap<String, TagId>,
    omissions: Vec<Omission>,
    doubts: Vec<Doubt>,
    dues: Vec<Due>,
    /// Places among the articles, by path.
    places: HashTable<u32>,
}

impl Model {
    /// All articles but copies of others, newest first; of one moment in the order of their paths.
    pub fn newest_first(&self) -> &[ArticleId] {
        &self.newest_first
    }

    /// The articles of the last [`NEWS_HOURS`] hours but copies of others, newest first, at most [`NEWS_LIMIT`]; none where
    /// the site gives no news sitemap.
    pub fn news(&self) -> &[ArticleId] {
        &self.news
    }

    /// The publishers with feeds, in the order of their paths.
    pub fn with_feeds(&self) -> impl Iterator<Item = &Publisher> {
        self.publishers.iter().filter(|publisher| !publisher.matter.feeds.is_empty())
    }

    /// All articles by day; of one day, newest first.
    pub fn by_day(&self) -> &BTreeMap<civil::Date, Vec<ArticleId>> {
        &self.by_day
    }

    /// All digests, those of the latest period first.
    pub fn newest_digests(&self) -> &[DigestId] {
        &self.newest_digests
    }

    /// Every row of `[[corrections]]`, as its article and its place there, the latest first.
    pub fn corrections(&self) -> &[(ArticleId, usize)] {
        &self.corrections
    }

    /// All topics, the one with the newest article first.
    pub fn topics_by_news(&self) -> Vec<TopicId> {
        let mut topics: Vec<TopicId> = self.topics().map(|(id, _)| id).collect();
        topics.sort_by_key(|id| {
            let latest = self[*id].articles.first().map(|article| self[*article].date);
            (std::cmp::Reverse(latest), *id)
        });
        topics
    }

    /// The articles beside an article in its first topic, or in the site when it has none: the newer and the older one.
    pub fn neighbours(&self, id: ArticleId) -> (Option<ArticleId>, Option<ArticleId>) {
        (self[id].newer, self[id].older)
    }

    /// The digests that hold an article, the latest period first.
    pub fn digests_of(&self, id: ArticleId) -> &[DigestId] {
        &self[id].digests
    }

    /// A topic's digests that cover a period, the latest first.
    pub fn series(&self, id: TopicId) -> Vec<DigestId> {
        self[id].digests.iter().copied().filter(|id| self[*id].coverage.is_some()).collect()
    }

    /// An article and its copies.
    pub fn group(&self, id: ArticleId) -> impl Iterator<Item = ArticleId> + '_ {
        std::iter::once(id).chain(self[id].copies.iter().copied())
    }

    /// The original of a copy, where its page shows all that the copy's page shows of the text: the preferred address of the
    /// text is then that of the original (RFC 6596).
    pub fn preferred(&self, id: ArticleId) -> Option<ArticleId> {
        let article = &self[id];
        let original = article.copy_of.filter(|_| article.repeats)?;
        let shown = |article: &Article| match article.display {
            Display::Full => usize::MAX,
            Display::Excerpt => article.max_words,
            Display::Headline => 0,
        };
        (shown(article) > 0 && shown(&self[original]) >= shown(article)).then_some(original)
    }

    /// Pairs of articles that may carry one text, for a curator to decide.
    pub fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// What was left out of the site, and why, in the order of the paths.
    pub fn omissions(&self) -> &[Omission] {
        &self.omissions
    }

    /// The moments at which the same files make another site, the next one first.
    pub fn dues(&self) -> &[Due] {
        &self.dues
    }

    /// When an article is the next to appear or to expire: until then, the same files make the same site.
    pub fn next_due(&self) -> Option<Due> {
        self.dues.first().cloned()
    }

    /// The entities of one kind, in the order of their names.
    pub fn entities_of(&self, kind: EntityKind) -> Vec<EntityId> {
        let mut ids: Vec<EntityId> =
            self.entities().filter(|(_, entity)| entity.matter.kind == kind).map(|(id, _)| id).collect();
        ids.sort_by_key(|id| (self[*id].matter.name.value.to_lowercase(), *id));
        ids
    }
}
