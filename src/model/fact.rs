//! What a page can read of the site, and how each such thing is told from what it was.

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::{Article, Digest, Entity, Item, Model, Publisher, Tag, Target, Topic};
use crate::{
    diagnostic::SitePath,
    fingerprint::{Fingerprint, Mixer},
    parse::Choice as _,
};

/// One thing that a page read. Named by paths, slugs and dates, which mean the same in the next build.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fact {
    /// The settings, and the options that stand in for some of them.
    Settings,
    /// What is the same on every page.
    Shell,
    /// The templates.
    Theme,
    /// An article's front matter, and what its references mean.
    Article(SitePath),
    /// An article's headline and address.
    ArticleName(SitePath),
    /// The articles beside an article.
    Neighbours(SitePath),
    /// The digests that hold an article.
    DigestsOf(SitePath),
    /// The whole text of a file.
    Text(SitePath),
    /// A topic with its lists.
    Topic(SitePath),
    /// A topic's title and address.
    TopicName(SitePath),
    /// Who, where and what is in a topic's articles.
    TopicSummary(SitePath),
    /// A topic's digests that cover a period.
    Series(SitePath),
    /// A digest with its items.
    Digest(String),
    /// A digest's title and address.
    DigestName(String),
    /// A publisher with its articles.
    Publisher(SitePath),
    /// A publisher's name and address.
    PublisherName(SitePath),
    /// A person, place or organization with its articles.
    Entity(SitePath),
    /// An entity's name and address.
    EntityName(SitePath),
    /// A tag with its articles.
    Tag(String),
    /// A tag's name and address.
    TagName(String),
    /// A plain page's front matter.
    Page(SitePath),
    /// So many of the newest articles.
    Newest(usize),
    /// All digests, the latest period first.
    NewestDigests,
    /// Topics, the one with the newest article first.
    TopicsByNews,
    /// Everything of one kind, as its list shows it.
    List(String),
    /// How many articles each month has.
    Years,
    /// The articles of a month, and the months beside it.
    Month(i16, i8),
    /// The articles of a day, as `2022-01-21`, and the days beside it.
    Day(String),
    /// Whether an address has a page.
    Route(String),
    /// Where a link in a text leads.
    Target(String),
    /// Every address of the site, and when each last changed.
    Sitemap,
    /// A file that is copied.
    File(SitePath),
    /// A static file of the theme, by its name.
    ThemeFile(String),
    /// What the plan wants at a path.
    Output(String),
}

impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fact::Settings => write!(f, "the settings in site.toml"),
            Fact::Shell => write!(f, "what every page shows: the site's name, topics, pages and feeds"),
            Fact::Theme => write!(f, "the theme's templates"),
            Fact::Article(path) | Fact::Page(path) => write!(f, "the front matter of {path}"),
            Fact::ArticleName(path) => write!(f, "the headline or address of {path}"),
            Fact::Neighbours(path) => write!(f, "the articles before and after {path}"),
            Fact::DigestsOf(path) => write!(f, "the digests that hold {path}"),
            Fact::Text(path) | Fact::File(path) => write!(f, "{path}"),
            Fact::Topic(path) => write!(f, "the topic {path}, or the articles and digests in it"),
            Fact::TopicName(path) | Fact::PublisherName(path) | Fact::EntityName(path) => {
                write!(f, "the name or address of {path}")
            }
            Fact::TopicSummary(path) => write!(f, "who, where and what is in the articles of {path}"),
            Fact::Series(path) => write!(f, "the digests of {path}"),
            Fact::Digest(slug) => write!(f, "the items of the digest /{slug}/"),
            Fact::DigestName(slug) => write!(f, "the title of the digest /{slug}/"),
            Fact::Publisher(path) | Fact::Entity(path) => write!(f, "{path}, or the articles with it"),
            Fact::Tag(slug) => write!(f, "the articles with the tag /tags/{slug}/"),
            Fact::TagName(slug) => write!(f, "the name of the tag /tags/{slug}/"),
            Fact::Newest(_) => write!(f, "the newest articles"),
            Fact::NewestDigests => write!(f, "the list of digests"),
            Fact::TopicsByNews => write!(f, "which topic has the newest article"),
            Fact::List(kind) => write!(f, "the list of all {kind}"),
            Fact::Years => write!(f, "how many articles each month has"),
            Fact::Month(year, month) => write!(f, "the articles of {year:04}-{month:02}"),
            Fact::Day(day) => write!(f, "the articles of {day}"),
            Fact::Route(route) => write!(f, "whether there is a page at {route}"),
            Fact::Target(target) => write!(f, "where a link to {target} leads"),
            Fact::Sitemap => write!(f, "the addresses of the site"),
            Fact::ThemeFile(name) => write!(f, "the theme's file {name}"),
            Fact::Output(path) => write!(f, "what stands at {path}"),
        }
    }
}

/// How the things of the model are told from what they were. `None`: there is no such thing now.
impl Model {
    /// The fingerprint of a fact that the model alone decides; `None` also for every other fact.
    pub fn fingerprint(&self, fact: &Fact) -> Option<Fingerprint> {
        match fact {
            Fact::Article(path) => self.article_at(path).map(|article| self.whole_article(article)),
            Fact::ArticleName(path) => self.article_at(path).map(|article| {
                Mixer::new().text(&article.matter.title).text(&article.slug).text(&article.date.iso()).finish()
            }),
            Fact::Neighbours(path) => self.article_at(path).map(|article| {
                let path = |id: Option<super::ArticleId>| id.map(|id| self[id].path.as_ref());
                Mixer::new().maybe(path(article.newer)).maybe(path(article.older)).finish()
            }),
            Fact::DigestsOf(path) => self.article_at(path).map(|article| {
                let mut mixer = Mixer::new();
                for id in &article.digests {
                    mixer.text(&self[*id].slug);
                }
                mixer.finish()
            }),
            Fact::Topic(path) => self.topic_at(path).map(|topic| self.whole_topic(topic)),
            Fact::TopicName(path) => {
                self.topic_at(path).map(|topic| Mixer::new().text(&topic.matter.title).text(&topic.slug).finish())
            }
            Fact::Series(path) => self.topic_at(path).map(|topic| {
                let mut mixer = Mixer::new();
                for id in &topic.digests {
                    mixer.text(&self[*id].slug).number(u64::from(self[*id].coverage.is_some()));
                }
                mixer.finish()
            }),
            Fact::Digest(slug) => self.digest_at(slug).map(|digest| self.whole_digest(digest)),
            Fact::DigestName(slug) => {
                self.digest_at(slug).map(|digest| Mixer::new().text(&digest.title).text(&digest.slug).finish())
            }
            Fact::Publisher(path) => self.publisher_at(path).map(|publisher| {
                let mut mixer = Mixer::new();
                mixer.fingerprint(publisher.front);
                self.paths(&mut mixer, &publisher.articles);
                mixer.finish()
            }),
            Fact::PublisherName(path) => self
                .publisher_at(path)
                .map(|publisher| Mixer::new().text(&publisher.matter.name.value).text(&publisher.slug).finish()),
            Fact::Entity(path) => self.entity_at(path).map(|entity| self.whole_entity(entity)),
            Fact::EntityName(path) => self
                .entity_at(path)
                .map(|entity| Mixer::new().text(&entity.matter.name.value).text(&entity.slug).finish()),
            Fact::Tag(slug) => self.tag_at(slug).map(|tag| {
                let mut mixer = Mixer::new();
                mixer.text(&tag.name);
                self.paths(&mut mixer, &tag.articles);
                mixer.finish()
            }),
            Fact::TagName(slug) => self.tag_at(slug).map(|tag| Mixer::new().text(&tag.name).finish()),
            Fact::Page(path) => {
                let at = self.pages.binary_search_by(|page| page.path.cmp(path)).ok()?;
                Some(self.pages[at].front)
            }
            Fact::Newest(count) => {
                let mut mixer = Mixer::new();
                self.paths(&mut mixer, &self.newest_first[..self.newest_first.len().min(*count)]);
                Some(mixer.finish())
            }
            Fact::NewestDigests => {
                let mut mixer = Mixer::new();
                for id in &self.newest_digests {
                    mixer.text(&self[*id].slug);
                }
                Some(mixer.finish())
            }
            Fact::TopicsByNews => {
                let mut mixer = Mixer::new();
                for id in self.topics_by_news() {
                    mixer.text(&self[id].path);
                }
                Some(mixer.finish())
            }
            Fact::Years => {
                let mut mixer = Mixer::new();
                for (day, articles) in &self.by_day {
                    mixer.text(&day.to_string()).number(articles.len() as u64);
                }
                Some(mixer.finish())
            }
            Fact::Month(year, month) => {
                let period = crate::date::Period::month(*year, *month)?;
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
            Fact::Day(day) => {
                let day: civil::Date = day.parse().ok()?;
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
        for citation in &article.citations {
            mixer.maybe(citation.map(|id| self[id].path.as_ref()));
        }
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
        for id in &topic.digests {
            mixer.text(&self[*id].slug);
        }
        mixer.finish()
    }

    fn whole_entity(&self, entity: &Entity) -> Fingerprint {
        let mut mixer = Mixer::new();
        mixer.fingerprint(entity.front).text(&entity.slug);
        for id in &entity.role_organizations {
            mixer.maybe(id.map(|id| self[id].path.as_ref()));
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
        self.items(&mut mixer, digest.lead.as_slice());
        for section in &digest.sections {
            mixer.maybe(section.id.as_deref()).maybe(section.title.as_deref());
            self.items(&mut mixer, &section.items);
        }
        self.items(&mut mixer, &digest.see_also);
        mixer.finish()
    }

    fn items(&self, mixer: &mut Mixer, items: &[Item]) {
        mixer.number(items.len() as u64);
        for item in items {
            match &item.target {
                Target::Article(id) => mixer.text(&self[*id].path),
                Target::Link { url, title, source, publisher } => mixer
                    .text(url)
                    .text(title)
                    .maybe(source.as_deref())
                    .maybe(publisher.map(|id| self[id].path.as_ref())),
            };
            mixer.text(item.role.word()).maybe(item.commentary.as_ref().map(|(text, _)| text.as_str()));
        }
    }

    fn article_at(&self, path: &SitePath) -> Option<&Article> {
        self.articles.binary_search_by(|article| article.path.cmp(path)).ok().map(|at| &self.articles[at])
    }

    fn topic_at(&self, path: &SitePath) -> Option<&Topic> {
        self.topics.binary_search_by(|topic| topic.path.cmp(path)).ok().map(|at| &self.topics[at])
    }

    fn publisher_at(&self, path: &SitePath) -> Option<&Publisher> {
        self.publishers.binary_search_by(|publisher| publisher.path.cmp(path)).ok().map(|at| &self.publishers[at])
    }

    fn entity_at(&self, path: &SitePath) -> Option<&Entity> {
        self.entities.binary_search_by(|entity| entity.path.cmp(path)).ok().map(|at| &self.entities[at])
    }

    fn digest_at(&self, slug: &str) -> Option<&Digest> {
        self.digests_by_slug.get(slug).map(|id| &self[*id])
    }

    fn tag_at(&self, slug: &str) -> Option<&Tag> {
        self.tags_by_slug.get(slug).map(|id| &self[*id])
    }
}
