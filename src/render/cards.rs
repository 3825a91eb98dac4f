//! Articles, digests and topics as lists show them.

use std::collections::BTreeMap;

use jiff::civil;

use super::{
    Reader,
    reader::ListKind,
    view::{self, Counted, Link, ListEntry, MaybeLink},
    words::direction,
};
use crate::{
    date::Period,
    diagnostic::Diagnostic,
    model::{ArticleId, DigestId, DigestOrigin, EntityId, Item, Target, TopicId},
    parse::{
        Choice,
        matter::{CorrectionKind, EntityKind, Rights},
    },
    plan::Route,
};

/// Names in a box of who and where.
const BOX_ENTRIES: usize = 12;

impl Reader<'_> {
    /// An article in a list.
    pub fn card(&self, id: ArticleId, diagnostics: &mut Vec<Diagnostic>) -> view::Card {
        let article = &self.model[id];
        let matter = &article.matter;
        let language = matter.lang.clone().filter(|lang| *lang != self.config.language);
        view::Card {
            id: article.id.clone(),
            title: matter.title.clone(),
            url: self.url(&Route::article(article)),
            summary: matter.summary.clone(),
            date: self.date(&article.date),
            updated: matter.updated.as_ref().map(|when| self.date(when)),
            publisher: article.publisher.map(|id| self.publisher_link(id)),
            agency: article.agency.filter(|id| Some(*id) != article.publisher).map(|id| self.publisher_link(id)),
            genre: matter.genre.map(Choice::word),
            topics: article.topics.iter().map(|id| self.topic_link(*id)).collect(),
            direction: direction(language.as_deref().unwrap_or(&self.config.language)),
            language,
            commentary_html: self.maybe_inline(&article.path, matter.commentary.as_ref(), diagnostics),
            urgency: matter.urgency,
            is_corrected: !matter.corrections.is_empty(),
            is_retracted: matter.corrections.iter().any(|row| row.kind == CorrectionKind::Retraction),
            source_url: matter.url.clone().or_else(|| matter.canonical_url.clone()),
            extra: matter.extra.clone(),
        }
    }

    /// Articles in a list.
    pub fn cards(&self, ids: &[ArticleId], diagnostics: &mut Vec<Diagnostic>) -> Vec<view::Card> {
        ids.iter().map(|id| self.card(*id, diagnostics)).collect()
    }

    /// Articles, newest first, by month.
    pub fn months(&self, ids: &[ArticleId], diagnostics: &mut Vec<Diagnostic>) -> Vec<view::Month> {
        let month_of = |id: &ArticleId| self.model[*id].date.date().first_of_month();
        ids.chunk_by(|a, b| month_of(a) == month_of(b))
            .map(|chunk| {
                let first = month_of(&chunk[0]);
                view::Month {
                    title: self.dates.month(first),
                    iso: first.strftime("%Y-%m").to_string(),
                    url: self.page_url(&Route::month(first.year(), first.month())),
                    articles: self.cards(chunk, diagnostics),
                }
            })
            .collect()
    }

    /// The address of a route that the plan has.
    pub fn page_url(&self, route: &Route) -> Option<String> {
        self.has(route).then(|| self.url(route))
    }

    /// A digest in a list.
    pub fn digest_card(&self, id: DigestId) -> view::DigestCard {
        let digest = &self.model[id];
        view::DigestCard {
            title: digest.title.clone(),
            url: self.url(&Route::digest(digest)),
            summary: digest.matter().and_then(|matter| matter.summary.clone()),
            topic: digest.topic.map(|id| self.topic_link(id)),
            coverage: digest.coverage.map(|period| self.period(period)),
            count: digest.items().count(),
            lead: digest.lead.as_ref().map(|item| match &item.target {
                Target::Article(id) => self.article_link(*id),
                Target::Link { url, title, .. } => Link { title: title.clone(), url: url.clone() },
            }),
        }
    }

    /// A topic in a list.
    pub fn topic_card(&self, id: TopicId, diagnostics: &mut Vec<Diagnostic>) -> view::TopicCard {
        let topic = &self.model[id];
        view::TopicCard {
            title: topic.matter.title.clone(),
            url: self.url(&Route::topic(topic)),
            summary: topic.matter.summary.clone(),
            count: topic.articles.len(),
            status: topic.matter.status.word(),
            latest: topic.articles.first().map(|id| self.card(*id, diagnostics)),
        }
    }

    /// An item of a digest.
    pub fn item(&self, digest: DigestId, item: &Item, diagnostics: &mut Vec<Diagnostic>) -> view::Item {
        let own = match (&item.commentary, &self.model[digest].origin) {
            (Some((text, span)), DigestOrigin::Written { path, .. }) => {
                Some(self.inline(path, text, span, diagnostics))
            }
            _ => None,
        };
        match &item.target {
            Target::Article(id) => {
                let card = self.card(*id, diagnostics);
                view::Item {
                    title: card.title.clone(),
                    url: card.url.clone(),
                    source: None,
                    role: item.role.word(),
                    commentary_html: own.or_else(|| card.commentary_html.clone()),
                    article: Some(card),
                }
            }
            Target::Link { url, title, source, publisher } => view::Item {
                article: None,
                title: title.clone(),
                url: url.clone(),
                source: source.as_ref().map(|name| MaybeLink {
                    title: name.clone(),
                    url: publisher.map(|id| self.publisher_link(id).url),
                }),
                role: item.role.word(),
                commentary_html: own,
            },
        }
    }

    /// The events of articles, oldest first, each once.
    pub fn events(&self, ids: impl IntoIterator<Item = ArticleId>) -> Vec<view::Event> {
        let mut rows: BTreeMap<(Period, &str), Option<ArticleId>> = BTreeMap::new();
        for id in ids {
            let article = &self.model[id];
            for (event, citation) in article.matter.events.iter().zip(&article.citations) {
                rows.entry((event.date, event.headline.as_str())).or_insert(*citation);
            }
        }
        rows.into_iter()
            .map(|((date, headline), citation)| view::Event {
                date: self.period(date),
                headline: headline.to_owned(),
                citation: citation.map(|id| self.article_link(id)),
            })
            .collect()
    }

    /// Who or what is most often in articles; of equal counts in the order of their names.
    pub fn counted(&self, lists: impl Iterator<Item = EntityId>) -> Vec<Counted> {
        let mut counts: BTreeMap<EntityId, usize> = BTreeMap::new();
        for id in lists {
            *counts.entry(id).or_default() += 1;
        }
        let mut counted: Vec<Counted> = counts
            .into_iter()
            .map(|(id, count)| {
                let Link { title, url } = self.entity_link(id);
                Counted { title, url, count }
            })
            .collect();
        counted.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.title.cmp(&b.title)));
        counted.truncate(BOX_ENTRIES);
        counted
    }

    /// A row of `[[quotes]]`.
    pub fn quote(&self, id: ArticleId, row: usize) -> view::Quote {
        let article = &self.model[id];
        let quote = &article.matter.quotes[row];
        let page = article.speakers[row].map(|speaker| self.entity_link(speaker));
        let speaker = match (page, &quote.speaker) {
            (Some(Link { title, url }), _) => Some(MaybeLink { title, url: Some(url) }),
            (None, Some(name)) => Some(MaybeLink { title: name.value.clone(), url: None }),
            (None, None) => None,
        };
        view::Quote {
            text: quote.text.clone(),
            speaker,
            date: quote.date.as_ref().map(|when| self.date(when)),
            article: self.article_link(id),
            language: article.matter.lang.clone().filter(|lang| *lang != self.config.language),
        }
    }

    /// `[rights]` for a page.
    pub fn rights(
        &self,
        holder: Option<&str>,
        license: Option<&str>,
        rights: &Rights,
        display: &'static str,
    ) -> view::Rights {
        view::Rights {
            holder: holder.map(str::to_owned),
            license: license.map(str::to_owned),
            license_url: license.and_then(license_url),
            usage: rights.usage.clone(),
            display,
        }
    }

    /// The first and the last day of articles that are newest first.
    pub fn coverage(&self, ids: &[ArticleId]) -> Option<view::Period> {
        let day = |id: &ArticleId| -> civil::Date { self.model[*id].date.date() };
        let period = Period { first: day(ids.last()?), last: day(ids.first()?) };
        Some(self.period(period))
    }

    /// Who, where and what is in a topic's articles.
    pub(super) fn summarize(&self, id: TopicId) -> view::Summary {
        let topic = &self.model[id];
        let articles = || topic.articles.iter().map(|id| &self.model[*id]);
        view::Summary {
            coverage: self.coverage(&topic.articles),
            events: self.events(topic.articles.iter().copied()),
            people: self.counted(articles().flat_map(|article| article.people.iter().copied())),
            places: self.counted(articles().flat_map(|article| article.places.iter().copied())),
            organizations: self.counted(articles().flat_map(|article| article.organizations.iter().copied())),
        }
    }

    /// Everything of one kind, in the order of its list.
    pub(super) fn entries(&self, kind: ListKind) -> Vec<ListEntry> {
        let model = self.whole.model;
        let entity = |kind: EntityKind| {
            model.entities_of(kind).into_iter().map(|id| {
                let Link { title, url } = self.entity_link(id);
                let entity = &model[id];
                ListEntry { title, url, summary: entity.matter.summary.clone(), count: entity.articles.len() }
            })
        };
        match kind {
            ListKind::Topics => by_title(model.topics().map(|(id, topic)| {
                let Link { title, url } = self.topic_link(id);
                ListEntry { title, url, summary: topic.matter.summary.clone(), count: topic.articles.len() }
            })),
            ListKind::Digests => model
                .newest_digests()
                .iter()
                .map(|id| {
                    let card = self.digest_card(*id);
                    ListEntry { title: card.title, url: card.url, summary: card.summary, count: card.count }
                })
                .collect(),
            ListKind::Publishers => by_title(model.publishers().map(|(id, publisher)| {
                let Link { title, url } = self.publisher_link(id);
                ListEntry { title, url, summary: None, count: publisher.articles.len() }
            })),
            ListKind::People => entity(EntityKind::Person).collect(),
            ListKind::Places => entity(EntityKind::Place).collect(),
            ListKind::Organizations => entity(EntityKind::Organization).collect(),
            ListKind::Tags => by_title(model.tags().map(|(id, tag)| {
                let Link { title, url } = self.tag_link(id);
                ListEntry { title, url, summary: None, count: tag.articles.len() }
            })),
        }
    }
}

fn by_title(entries: impl Iterator<Item = ListEntry>) -> Vec<ListEntry> {
    let mut entries: Vec<ListEntry> = entries.collect();
    entries.sort_by_key(|entry| (entry.title.to_lowercase(), entry.url.clone()));
    entries
}

/// Where a licence can be read: itself when it is an address, else that of a Creative Commons identifier (SPDX).
fn license_url(license: &str) -> Option<String> {
    if license.starts_with("https://") || license.starts_with("http://") {
        return Some(license.to_owned());
    }
    if license == "CC0-1.0" {
        return Some("https://creativecommons.org/publicdomain/zero/1.0/".to_owned());
    }
    let rest = license.strip_prefix("CC-")?;
    let (terms, version) = rest.rsplit_once('-')?;
    let is_known = matches!(terms, "BY" | "BY-SA" | "BY-ND" | "BY-NC" | "BY-NC-SA" | "BY-NC-ND")
        && matches!(version, "1.0" | "2.0" | "2.5" | "3.0" | "4.0");
    is_known.then(|| format!("https://creativecommons.org/licenses/{}/{version}/", terms.to_lowercase()))
}
