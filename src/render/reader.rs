//! What a page may know: the model, the settings, the plan, through one door.

use super::{
    links::TextLinks,
    view::{self, Link},
    words::{DateStyle, direction},
};
use crate::{
    config::Config,
    date::{Period, When},
    diagnostic::{Diagnostic, SitePath, Span},
    load::Snapshot,
    model::{Article, EntityId, Model, PublisherId, TagId, TopicId},
    parse::{
        Located,
        markdown::{self, Html, Style},
        matter::{Display, EntityKind},
    },
    plan::{FeedFormat, Pager, Plan, Route, Scope, Urls},
};

/// Reads the site for the pages.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The site.
    pub model: &'a Model,
    /// Its settings.
    pub config: &'a Config,
    /// Its outputs.
    pub plan: &'a Plan,
    /// Its addresses.
    pub urls: &'a Urls,
    /// Its files.
    pub snapshot: &'a Snapshot,
    /// How it writes dates.
    pub(super) dates: DateStyle,
    /// Links carry scheme and host: what leaves the site has no place of its own.
    absolute_links: bool,
}

impl<'a> Reader<'a> {
    /// A reader of the whole site.
    pub fn new(model: &'a Model, config: &'a Config, plan: &'a Plan, urls: &'a Urls, snapshot: &'a Snapshot) -> Self {
        Reader { model, config, plan, urls, snapshot, dates: DateStyle::of(&config.language), absolute_links: false }
    }

    /// The same site, for texts that are read elsewhere: links carry scheme and host.
    pub fn with_absolute_links(&self) -> Self {
        Reader { absolute_links: true, ..*self }
    }

    /// The address of a route.
    pub fn url(&self, route: &Route) -> String {
        if self.absolute_links { self.urls.absolute(route) } else { self.urls.path(route) }
    }

    /// What is the same on every page.
    pub fn site(&self) -> view::Site {
        let config = self.config;
        let mut topics: Vec<Link> = self
            .model
            .topics()
            .filter(|(_, topic)| topic.broader.is_empty())
            .map(|(id, _)| self.topic_link(id))
            .collect();
        topics.sort_by_key(|link| link.title.to_lowercase());
        let mut pages: Vec<Link> = self
            .model
            .pages()
            .map(|(_, page)| Link { title: page.matter.title.clone(), url: self.url(&Route::page(page)) })
            .collect();
        pages.sort_by_key(|link| link.title.to_lowercase());
        let lists = [
            ("Topics", Route::topics()),
            ("Digests", Route::digests()),
            ("Archive", Route::archive()),
            ("Publishers", Route::publishers()),
            ("People", Route::entities(EntityKind::Person)),
            ("Places", Route::entities(EntityKind::Place)),
            ("Organizations", Route::entities(EntityKind::Organization)),
            ("Tags", Route::tags()),
        ];
        let lists = lists
            .into_iter()
            .filter(|(_, route)| self.plan.get(&route.output_path()).is_some())
            .map(|(title, route)| Link { title: title.to_owned(), url: self.url(&route) })
            .collect();
        view::Site {
            title: config.title.clone(),
            description: config.description.clone(),
            author: config.author.clone(),
            language: config.language.clone(),
            direction: direction(&config.language),
            url: self.url(&Route::home()),
            permalink: self.urls.absolute(&Route::home()),
            topics,
            pages,
            lists,
            feeds: self.feeds(Scope::Site),
            license: config.rights.license.clone(),
            extra: config.extra.clone(),
            generator: concat!("Dateline ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// The feeds of the site or a topic.
    pub fn feeds(&self, scope: Scope) -> Vec<view::FeedLink> {
        let title = match scope {
            Scope::Site => self.config.title.clone(),
            Scope::Topic(id) => format!("{}: {}", self.config.title, self.model[id].matter.title),
        };
        FeedFormat::enabled(self.config)
            .into_iter()
            .map(|format| view::FeedLink {
                title: title.clone(),
                url: self.url(&Route::feed(format, scope, self.model)),
                media_type: format.media_type(),
            })
            .collect()
    }

    /// A topic's name and page.
    pub fn topic_link(&self, id: TopicId) -> Link {
        let topic = &self.model[id];
        Link { title: topic.matter.title.clone(), url: self.url(&Route::topic(topic)) }
    }

    /// A publisher's name and page.
    pub fn publisher_link(&self, id: PublisherId) -> Link {
        let publisher = &self.model[id];
        Link { title: publisher.matter.name.value.clone(), url: self.url(&Route::publisher(publisher)) }
    }

    /// An entity's name and page.
    pub fn entity_link(&self, id: EntityId) -> Link {
        let entity = &self.model[id];
        Link { title: entity.matter.name.value.clone(), url: self.url(&Route::entity(entity)) }
    }

    /// A tag's name and page.
    pub fn tag_link(&self, id: TagId) -> Link {
        let tag = &self.model[id];
        Link { title: tag.name.clone(), url: self.url(&Route::tag(tag)) }
    }

    /// An article's headline and page.
    pub fn article_link(&self, article: &Article) -> Link {
        Link { title: article.matter.title.clone(), url: self.url(&Route::article(article)) }
    }

    /// An address as something to show: its host, without `www.`.
    pub fn host_link(&self, address: &str) -> Link {
        let host = url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
        let title = host.map_or_else(|| address.to_owned(), |host| host.trim_start_matches("www.").to_owned());
        Link { title, url: address.to_owned() }
    }

    /// A day or moment in the site's words.
    pub fn date(&self, when: &When) -> view::Date {
        let day = when.date();
        let route = Route::day(day);
        let has_page = self.plan.get(&route.output_path()).is_some();
        view::Date {
            iso: when.iso(),
            text: self.dates.day(day),
            short: self.dates.short(day),
            time: when.clock(),
            url: has_page.then(|| self.url(&route)),
        }
    }

    /// A period in the site's words.
    pub fn period(&self, period: Period) -> view::Period {
        view::Period {
            iso: period.iso(),
            text: self.dates.period(period),
            first: period.first.to_string(),
            last: period.last.to_string(),
        }
    }

    /// Where a page stands among the pages of its list.
    pub fn pager(&self, list: &Route, pager: Pager) -> view::Pager {
        let at = |number: usize| self.url(&list.numbered(number));
        view::Pager {
            number: pager.number,
            count: pager.count,
            total: pager.total,
            previous: (pager.number > 1).then(|| at(pager.number - 1)),
            next: (pager.number < pager.count).then(|| at(pager.number + 1)),
            first: at(1),
        }
    }

    fn style(&self) -> Style {
        Style { smart_punctuation: self.config.smart_punctuation, ..Style::default() }
    }

    /// The Markdown at `body` of `source` as HTML.
    pub fn body(&self, source: &SitePath, body: &Span, diagnostics: &mut Vec<Diagnostic>) -> Html {
        let text = self.snapshot.get(source).and_then(|file| file.text()).unwrap_or_default();
        let mut links = TextLinks::body(self, source, body.clone(), diagnostics);
        markdown::render(&text[body.clone()], self.style(), &mut links)
    }

    /// An article's text, as much of it as may be shown.
    pub fn article_body(&self, article: &Article, diagnostics: &mut Vec<Diagnostic>) -> Html {
        let text = self.snapshot.get(&article.path).and_then(|file| file.text()).unwrap_or_default();
        let max_words = match article.display {
            Display::Full => None,
            Display::Excerpt => Some(article.max_words),
            Display::Headline => Some(0),
        };
        let style = Style { max_words, ..self.style() };
        let mut links = TextLinks::body(self, &article.path, article.body.clone(), diagnostics);
        markdown::render(&text[article.body.clone()], style, &mut links)
    }

    /// A value of front matter as HTML.
    pub fn inline(&self, source: &SitePath, text: &str, span: &Span, diagnostics: &mut Vec<Diagnostic>) -> String {
        let mut links = TextLinks::value(self, source, span.clone(), diagnostics);
        let style = Style { is_brief: true, ..self.style() };
        markdown::render(text, style, &mut links).html
    }

    /// A value of front matter as HTML, where there is one.
    pub fn maybe_inline(
        &self,
        source: &SitePath,
        text: Option<&Located<String>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        text.map(|text| self.inline(source, &text.value, &text.span, diagnostics))
    }

    /// The `tag:` id of an article or digest (RFC 4151), which never changes: an article's own date is no part of it,
    /// because that may be put right.
    pub fn tag_uri(&self, id: &str) -> String {
        // RFC 4151 allows what a path of RFC 3986 may hold.
        let id: String = percent_encoding::utf8_percent_encode(id, percent_encoding::CONTROLS).to_string();
        format!("tag:{},2022:{}", self.config.tag_authority, id.replace(' ', "%20"))
    }
}
