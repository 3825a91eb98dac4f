//! What a page can read of the site, and how each such thing is told from what it was.

use std::sync::Arc;

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::{Article, Digest, Entity, Figure, Item, Model, Publisher, Source, Tag, Target, Topic};
use crate::{
    engine::Key,
    fingerprint::{Fingerprint, Mixer, short},
    parse::Choice as _,
};

/// One thing that a page read, named by a path, slug, date or number, which mean the same in the next build.
pub type Fact = Key<FactKind>;

/// Kinds of things that a page can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FactKind {
    /// The settings, and the options that stand in for some of them.
    Settings,
    /// What is the same on every page.
    Shell,
    /// The templates.
    Theme,
    /// An article's front matter, and what its references mean.
    Article,
    /// The same of all articles that a page lists, by the page's path.
    Listed,
    /// An article's headline and address.
    ArticleName,
    /// The articles beside an article, with their headlines and addresses.
    Neighbours,
    /// The digests that hold an article.
    DigestsOf,
    /// The whole text of a file.
    Text,
    /// A topic with its lists.
    Topic,
    /// A topic's title and address.
    TopicName,
    /// Who, where and what is in a topic's articles.
    TopicSummary,
    /// A topic's digests that cover a period.
    Series,
    /// A digest with its items.
    Digest,
    /// A digest's title and address.
    DigestName,
    /// A publisher with its articles.
    Publisher,
    /// A publisher's name, address and country.
    PublisherName,
    /// A person, place or organization with its articles.
    Entity,
    /// An entity's name and address.
    EntityName,
    /// A person's name and address, and what they were when.
    EntityRoles,
    /// A tag with its articles.
    Tag,
    /// A tag's name and address.
    TagName,
    /// A plain page's front matter.
    Page,
    /// So many of the newest articles.
    Newest,
    /// All digests, the latest period first.
    NewestDigests,
    /// Topics, the one with the newest article first.
    TopicsByNews,
    /// Everything of one kind, as its list shows it.
    List,
    /// How many articles each month has.
    Years,
    /// The articles of a month (`2022-01`), and the months beside it.
    Month,
    /// The articles of a day, as `2022-01-21`, and the days beside it.
    Day,
    /// Whether an address has a page.
    Route,
    /// Where a link in a text leads.
    Target,
    /// Every address of the site, and when each last changed.
    Sitemap,
    /// The articles of the last two days, as the news sitemap has them.
    News,
    /// The publishers with feeds.
    Outlets,
    /// All names of the A to Z.
    Names,
    /// Of the search index: which entries there are, and their days.
    SearchLayout,
    /// How some entries are shown where they are found, by the key of their block and the number of the part.
    SearchCards,
    /// The words of a shard of the search index, by its number.
    SearchWords,
    /// A file that is copied.
    File,
    /// A static file of the theme, by its name.
    ThemeFile,
    /// What the plan wants at a path.
    Output,
    /// Everything that was put right.
    Corrections,
    /// The typefaces of social cards: the theme's and those in the binary, or by the name `system` those of the machine.
    Typefaces,
    /// What social cards look like, and the words that they say besides content.
    CardStyle,
}

impl FactKind {
    /// The fact of this kind with a name.
    pub fn of(self, name: impl Into<Arc<str>>) -> Fact {
        Key { kind: self, name: name.into() }
    }

    /// Whether it is about many articles at once, so that it takes long to compare.
    pub fn is_of_many(self) -> bool {
        matches!(
            self,
            FactKind::Topic
                | FactKind::TopicSummary
                | FactKind::Series
                | FactKind::Digest
                | FactKind::Publisher
                | FactKind::Entity
                | FactKind::Tag
                | FactKind::Newest
                | FactKind::NewestDigests
                | FactKind::TopicsByNews
                | FactKind::List
                | FactKind::Years
                | FactKind::Month
                | FactKind::Day
                | FactKind::Sitemap
                | FactKind::News
                | FactKind::Outlets
                | FactKind::Names
                | FactKind::SearchLayout
                | FactKind::Corrections
        )
    }
}

impl FactKind {
    /// Whether it is about one article by itself, named by its path.
    pub fn is_of_one_article(self) -> bool {
        matches!(self, FactKind::Article | FactKind::ArticleName | FactKind::Neighbours | FactKind::DigestsOf)
    }

    /// Whether the plan alone decides it.
    pub fn is_of_the_plan(self) -> bool {
        matches!(self, FactKind::Route | FactKind::Target | FactKind::Output)
    }
}

impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = &self.name;
        match self.kind {
            FactKind::Settings => write!(f, "the settings in site.toml"),
            FactKind::Shell => write!(f, "what every page shows: the site's name, topics, pages and feeds"),
            FactKind::Theme => write!(f, "the theme's templates"),
            FactKind::Article | FactKind::Page => write!(f, "the front matter of {name}"),
            FactKind::Listed => write!(f, "the front matter of an article that {name} lists"),
            FactKind::ArticleName => write!(f, "the headline or address of {name}"),
            FactKind::Neighbours => write!(f, "the articles before and after {name}, or their headlines"),
            FactKind::DigestsOf => write!(f, "the digests that hold {name}"),
            FactKind::Text | FactKind::File => write!(f, "{name}"),
            FactKind::Topic => write!(f, "the topic {name}, or the articles and digests in it"),
            FactKind::TopicName | FactKind::EntityName => write!(f, "the name or address of {name}"),
            FactKind::PublisherName => write!(f, "the name, address or country of {name}"),
            FactKind::EntityRoles => write!(f, "the name, address or roles of {name}"),
            FactKind::TopicSummary => write!(f, "who, where and what is in the articles of {name}"),
            FactKind::Series => write!(f, "the digests of {name}"),
            FactKind::Digest => write!(f, "the items of the digest /{name}/"),
            FactKind::DigestName => write!(f, "the title of the digest /{name}/"),
            FactKind::Publisher | FactKind::Entity => write!(f, "{name}, or the articles with it"),
            FactKind::Tag => write!(f, "the articles with the tag /tags/{name}/"),
            FactKind::TagName => write!(f, "the name of the tag /tags/{name}/"),
            FactKind::Newest => write!(f, "the newest articles"),
            FactKind::NewestDigests => write!(f, "the list of digests"),
            FactKind::TopicsByNews => write!(f, "which topic has the newest article"),
            FactKind::List => write!(f, "the list of all {name}"),
            FactKind::Years => write!(f, "how many articles each month has"),
            FactKind::Month => write!(f, "the articles of {name}"),
            FactKind::Day => write!(f, "the articles of {name}"),
            FactKind::Route => write!(f, "whether there is a page at {name}"),
            FactKind::Target => write!(f, "where a link to {name} leads"),
            FactKind::Sitemap => write!(f, "the addresses of the site"),
            FactKind::News => write!(f, "the articles of the last two days"),
            FactKind::Outlets => write!(f, "the feeds of the publishers"),
            FactKind::Names => write!(f, "the names of topics, people, places, organizations, publishers and tags"),
            FactKind::SearchLayout => write!(f, "which pages can be found"),
            FactKind::SearchCards => write!(f, "what the search shows of the articles in its part {name}"),
            FactKind::SearchWords => write!(f, "the words in part {name} of the search index"),
            FactKind::ThemeFile => write!(f, "the theme's file {name}"),
            FactKind::Output => write!(f, "what stands at {name}"),
            FactKind::Corrections => write!(f, "the log of corrections"),
            FactKind::Typefaces => write!(f, "the typefaces of social cards"),
            FactKind::CardStyle => write!(f, "the colours and words of social cards"),
        }
    }
}

/// How the things of the model are told from what they were. `None`: there is no such thing now.
impl Model {
    /// The fingerprint of a fact that the model alone decides; `None` also for every other fact.
    pub fn fingerprint(&self, kind: FactKind, name: &str) -> Option<Fingerprint> {
        match kind {
            FactKind::Article => self.article_at(name).map(|article| self.fingerprints(article).0),
            FactKind::ArticleName => self.article_at(name).map(|article| self.fingerprints(article).1),
            FactKind::Neighbours => self.article_at(name).map(|article| self.beside(article)),
            FactKind::DigestsOf => self.article_at(name).map(|article| self.holders(article)),
            FactKind::Topic => self.topic_at(name).map(|topic| self.whole_topic(topic)),
            FactKind::TopicName => {
                self.topic_at(name).map(|topic| Mixer::new().text(&topic.matter.title).text(&topic.slug).finish())
            }
            FactKind::Series => self.topic_at(name).map(|topic| {
                let mut mixer = Mixer::new();
                for id in &topic.digests {
                    mixer.text(&self[*id].slug).number(u64::from(self[*id].coverage.is_some()));
                }
                mixer.finish()
            }),
            FactKind::Corrections => {
                let mut mixer = Mixer::new();
                for (id, row) in &self.corrections {
                    let article = &self[*id];
                    let correction = &article.matter.corrections[*row];
                    mixer.text(&article.path).text(&article.id).text(&article.matter.title).text(&article.slug);
                    mixer.text(&article.date.iso()).text(&correction.date.iso()).text(correction.kind.word());
                    mixer.text(&correction.text).maybe(article.matter.lang.as_deref()).number(*row as u64);
                }
                Some(mixer.finish())
            }
            FactKind::Digest => self.digest_at(name).map(|digest| self.whole_digest(digest)),
            FactKind::DigestName => {
                self.digest_at(name).map(|digest| Mixer::new().text(&digest.title).text(&digest.slug).finish())
            }
            FactKind::Publisher => self.publisher_at(name).map(|publisher| {
                let mut mixer = Mixer::new();
                mixer.fingerprint(publisher.front);
                self.paths(&mut mixer, &publisher.articles);
                mixer.finish()
            }),
            FactKind::PublisherName => self.publisher_at(name).map(|publisher| {
                let matter = &publisher.matter;
                let mut mixer = Mixer::new();
                mixer.text(&matter.name.value).text(&publisher.slug).maybe(matter.country.as_deref()).finish()
            }),
            FactKind::Entity => self.entity_at(name).map(|entity| self.whole_entity(entity)),
            FactKind::EntityName => self
                .entity_at(name)
                .map(|entity| Mixer::new().text(&entity.matter.name.value).text(&entity.slug).finish()),
            FactKind::EntityRoles => self.entity_at(name).map(|entity| self.roles(entity)),
            FactKind::Tag => self.tag_at(name).map(|tag| {
                let mut mixer = Mixer::new();
                mixer.text(&tag.name);
                self.paths(&mut mixer, &tag.articles);
                mixer.finish()
            }),
            FactKind::TagName => self.tag_at(name).map(|tag| Mixer::new().text(&tag.name).finish()),
            FactKind::Page => {
                let at = self.pages.binary_search_by(|page| (*page.path).cmp(name)).ok()?;
                Some(self.pages[at].front)
            }
            FactKind::Newest => {
                let count: usize = name.parse().ok()?;
                let mut mixer = Mixer::new();
                self.paths(&mut mixer, &self.newest_first[..self.newest_first.len().min(count)]);
                Some(mixer.finish())
            }
            FactKind::News => {
                let mut mixer = Mixer::new();
                for id in &self.news {
                    let article = &self[*id];
                    mixer.fingerprint(self.fingerprints(article).1).maybe(article.matter.lang.as_deref());
                }
                Some(mixer.finish())
            }
            FactKind::Outlets => {
                let mut mixer = Mixer::new();
                for publisher in self.with_feeds() {
                    mixer.fingerprint(publisher.front).text(&publisher.slug);
                }
                Some(mixer.finish())
            }
            FactKind::NewestDigests => {
                let mut mixer = Mixer::new();
                for id in &self.newest_digests {
                    mixer.text(&self[*id].slug);
                }
                Some(mixer.finish())
            }
            FactKind::TopicsByNews => {
                let mut mixer = Mixer::new();
                for id in self.topics_by_news() {
                    mixer.text(&self[id].path);
                }
                Some(mixer.finish())
            }
            FactKind::Years => {
                let mut mixer = Mixer::new();
                for (day, articles) in &self.by_day {
                    mixer.text(&day.to_string()).number(articles.len() as u64);
                }
                Some(mixer.finish())
            }
            FactKind::Month => {
                let period = crate::date::Period::parse(name)?;
                let mut mixer = Mixer::new();
                for ids in self.by_day.range(period.first..=period.last).map(|(_, ids)| ids) {
                    self.paths(&mut mixer, ids);
                }
                let beside = |day: Option<&civil::Date>| day.map(|day| day.first_of_month().to_string());
                mixer.maybe(beside(self.by_day.range(..period.first).next_back().map(|(day, _)| day)).as_deref());
                let after = self.by_day.keys().find(|day| **day > period.last);
                mixer.maybe(beside(after).as_deref());
                Some(mixer.finish())
            }
            FactKind::Day => {
                let day: civil::Date = name.parse().ok()?;
                let mut mixer = Mixer::new();
                self.paths(&mut mixer, self.by_day.get(&day)?);
                let before = self.by_day.range(..day).next_back().map(|(day, _)| day.to_string());
                let after = self.by_day.range(day..).nth(1).map(|(day, _)| day.to_string());
                Some(mixer.maybe(before.as_deref()).maybe(after.as_deref()).finish())
            }
            _ => None,
        }
    }

    fn paths(&self, mixer: &mut Mixer, ids: &[super::ArticleId]) {
        mixer.number(ids.len() as u64);
        for id in ids {
            mixer.text(&self[*id].path);
        }
    }

    /// Of an article with what its references mean.
    pub fn whole(&self, id: super::ArticleId) -> Fingerprint {
        self.fingerprints(&self[id]).0
    }

    /// Of an article with what its references mean, and of its headline and address alone.
    pub(super) fn fingerprints(&self, article: &Article) -> (Fingerprint, Fingerprint) {
        let name = || Mixer::new().text(&article.matter.title).text(&article.slug).text(&article.date.iso()).finish();
        *article.fingerprints.get_or_init(|| (self.whole_article(article), name()))
    }

    /// Of the articles beside an article, and how they are called.
    pub(super) fn beside(&self, article: &Article) -> Fingerprint {
        let mut mixer = Mixer::new();
        for id in [article.newer, article.older] {
            mixer.maybe(id.map(|id| self[id].path.as_ref()));
            mixer.fingerprint(id.map_or(Fingerprint::NONE, |id| self.fingerprints(&self[id]).1));
        }
        mixer.finish()
    }

    /// Of the digests that hold an article.
    pub(super) fn holders(&self, article: &Article) -> Fingerprint {
        let mut mixer = Mixer::new();
        for id in &article.digests {
            mixer.text(&self[*id].slug);
        }
        mixer.finish()
    }

    fn whole_article(&self, article: &Article) -> Fingerprint {
        let mut mixer = Mixer::new();
        mixer.fingerprint(article.front).text(&article.slug).text(&article.id).text(&article.date.iso());
        for id in &article.topics {
            mixer.text(&self[*id].path);
        }
        for id in [article.publisher, article.agency] {
            mixer.maybe(id.map(|id| self[id].path.as_ref()));
        }
        mixer.maybe(article.located.map(|id| self[id].path.as_ref()));
        for list in [&article.people, &article.places, &article.organizations] {
            mixer.number(list.len() as u64);
            for id in list {
                mixer.text(&self[*id].path);
            }
        }
        for id in &article.tags {
            mixer.text(&self[*id].slug);
        }
        for speaker in &article.speakers {
            mixer.maybe(speaker.map(|id| self[id].path.as_ref()));
        }
        for citation in &article.quote_citations {
            mixer.maybe(citation.map(|id| self[id].path.as_ref()));
        }
        self.figures(&mut mixer, &article.figures);
        mixer.maybe(article.copy_of.map(|id| self[id].path.as_ref())).number(u64::from(article.repeats));
        self.paths(&mut mixer, &article.copies);
        self.citations(&mut mixer, &article.citations);
        mixer.text(article.display.word()).number(article.max_words as u64);
        mixer.maybe(article.license.as_deref()).maybe(article.rights_holder.as_deref());
        mixer.finish()
    }

    fn whole_topic(&self, topic: &Topic) -> Fingerprint {
        let mut mixer = Mixer::new();
        mixer.fingerprint(topic.front).text(&topic.slug);
        for list in [&topic.broader, &topic.narrower, &topic.related] {
            mixer.number(list.len() as u64);
            for id in list {
                mixer.text(&self[*id].path);
            }
        }
        self.paths(&mut mixer, &topic.articles);
        self.figures(&mut mixer, &topic.figures);
        for id in &topic.digests {
            mixer.text(&self[*id].slug);
        }
        self.citations(&mut mixer, &topic.citations);
        mixer.finish()
    }

    fn citations(&self, mixer: &mut Mixer, citations: &[Vec<super::ArticleId>]) {
        for row in citations {
            self.paths(mixer, row);
        }
    }

    fn roles(&self, entity: &Entity) -> Fingerprint {
        let mut mixer = Mixer::new();
        mixer.text(&entity.matter.name.value).text(&entity.slug);
        for (role, page) in entity.matter.roles.iter().zip(&entity.role_organizations) {
            mixer.text(&role.title).maybe(role.organization.as_ref().map(|name| name.value.as_str()));
            for date in [role.from, role.to] {
                mixer.maybe(date.map(|period| period.iso()).as_deref());
            }
            mixer.maybe(page.map(|id| self[id].path.as_ref()));
        }
        mixer.finish()
    }

    fn whole_entity(&self, entity: &Entity) -> Fingerprint {
        let mut mixer = Mixer::new();
        mixer.fingerprint(entity.front).text(&entity.slug);
        for id in &entity.role_organizations {
            mixer.maybe(id.map(|id| self[id].path.as_ref()));
        }
        for id in &entity.members {
            mixer.text(&self[*id].path);
        }
        self.paths(&mut mixer, &entity.articles);
        for (id, row) in &entity.quotes {
            mixer.text(&self[*id].path).number(*row as u64);
        }
        mixer.finish()
    }

    fn whole_digest(&self, digest: &Digest) -> Fingerprint {
        let mut mixer = Mixer::new();
        if let super::DigestOrigin::Written { path, front, .. } = &digest.origin {
            mixer.text(path).fingerprint(*front);
        }
        mixer.text(&digest.slug).text(&digest.id).text(&digest.title);
        mixer.maybe(digest.topic.map(|id| self[id].path.as_ref()));
        mixer.maybe(digest.coverage.map(|period| period.iso()).as_deref());
        for id in &digest.tags {
            mixer.text(&self[*id].slug);
        }
        self.figures(&mut mixer, &digest.figures);
        self.items(&mut mixer, digest.lead.as_slice());
        for section in &digest.sections {
            mixer.maybe(section.id.as_deref()).maybe(section.title.as_deref());
            self.items(&mut mixer, &section.items);
        }
        self.items(&mut mixer, &digest.see_also);
        self.editions(&mut mixer, digest);
        self.citations(&mut mixer, &digest.citations);
        for (event, cited) in self.rows_of_its_topic(digest) {
            mixer.data(event);
            self.paths(&mut mixer, cited);
        }
        mixer.finish()
    }

    fn items(&self, mixer: &mut Mixer, items: &[Item]) {
        mixer.number(items.len() as u64);
        for item in items {
            match &item.target {
                Target::Article(id) => mixer.text(&self[*id].path),
                Target::Link(link) => mixer
                    .text(&link.url)
                    .text(&link.title)
                    .maybe(link.source.as_deref())
                    .maybe(link.publisher.map(|id| self[id].path.as_ref())),
            };
            mixer.text(item.role.word()).maybe(item.commentary.as_ref().map(|line| line.0.as_str()));
        }
    }

    fn figures(&self, mixer: &mut Mixer, figures: &[Figure]) {
        mixer.number(figures.len() as u64);
        for figure in figures {
            mixer.maybe(figure.citation.map(|id| self[id].path.as_ref()));
            mixer.maybe(figure.source.map(|source| match source {
                Source::Publisher(id) => self[id].path.as_ref(),
                Source::Organization(id) => self[id].path.as_ref(),
            }));
        }
    }

    pub(super) fn article_at(&self, path: &str) -> Option<&Article> {
        self.article_place(path).map(|at| &self.articles[at])
    }

    /// Where an article stands among the others.
    pub(super) fn article_place(&self, path: &str) -> Option<usize> {
        self.places.find(short(path), |at| *self.articles[*at as usize].path == *path).map(|at| *at as usize)
    }

    fn topic_at(&self, path: &str) -> Option<&Topic> {
        self.topics.binary_search_by(|topic| (*topic.path).cmp(path)).ok().map(|at| &self.topics[at])
    }

    fn publisher_at(&self, path: &str) -> Option<&Publisher> {
        self.publishers.binary_search_by(|publisher| (*publisher.path).cmp(path)).ok().map(|at| &self.publishers[at])
    }

    fn entity_at(&self, path: &str) -> Option<&Entity> {
        self.entities.binary_search_by(|entity| (*entity.path).cmp(path)).ok().map(|at| &self.entities[at])
    }

    fn digest_at(&self, slug: &str) -> Option<&Digest> {
        self.digests_by_slug.get(slug).map(|id| &self[*id])
    }

    fn tag_at(&self, slug: &str) -> Option<&Tag> {
        self.tags_by_slug.get(slug).map(|id| &self[*id])
    }
}
