//! Articles, digests and topics as lists show them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil;

use super::{
    Reader,
    reader::ListKind,
    theme::Listed,
    view::{self, Counted, Link, ListEntry, MaybeLink},
};
use crate::{
    date::Period,
    diagnostic::Diagnostic,
    locale::direction,
    model::{
        Article, ArticleId, DigestId, DigestOrigin, EntityId, Figure, Item, PublisherId, Source, Target, TopicId,
        event_rows,
    },
    parse::{
        Choice,
        matter::{self, EntityKind, Rights},
    },
    plan::Route,
};

/// Names in a box of who and where.
const BOX_ENTRIES: usize = 12;

/// What a row of `[[corrections]]` is known by in its article: its date, so that it may move among the others; of one date,
/// its place as well.
pub(super) fn correction_key(article: &Article, row: usize) -> String {
    let rows = &article.matter.corrections;
    let date = rows[row].date;
    match rows[..row].iter().filter(|other| other.date == date).count() {
        0 => date.iso(),
        before => format!("{}-{}", date.iso(), before + 1),
    }
}

/// Where that row stands on the article's page.
pub(super) fn correction_anchor(article: &Article, row: usize) -> String {
    format!("correction-{}", correction_key(article, row))
}

impl Reader<'_> {
    /// An article in a list, made anew.
    pub(super) fn new_card(&self, id: ArticleId, diagnostics: &mut Vec<Diagnostic>) -> view::Card {
        let article = &self.model[id];
        let matter = &article.matter;
        let language = matter.lang.clone().filter(|lang| *lang != self.config.language);
        // What takes a look at something else, or much room. What may have to be reported is made in any case.
        let is_shown = |part: &str| self.is_shown(part);
        let agency = || article.agency.filter(|id| Some(*id) != article.publisher);
        view::Card {
            id: article.id.clone(),
            title: matter.title.clone(),
            url: self.url(&Route::article(article)),
            summary: matter.summary.as_ref().filter(|_| is_shown("summary")).cloned(),
            date: self.published(article),
            updated: matter.updated.as_ref().filter(|_| is_shown("updated")).map(|when| Box::new(self.date(when))),
            publisher: article.publisher.filter(|_| is_shown("publisher")).map(|id| self.publisher_link(id)),
            agency: agency().filter(|_| is_shown("agency")).map(|id| self.publisher_link(id)),
            genre: matter.genre.map(Choice::word),
            topics: if is_shown("topics") {
                article.topics.iter().map(|id| self.topic_link(*id)).collect()
            } else {
                Vec::new()
            },
            direction: direction(language.as_deref().unwrap_or(&self.config.language)),
            language,
            commentary_html: self.maybe_inline(&article.path, matter.commentary.as_deref(), diagnostics),
            urgency: matter.urgency,
            is_corrected: !matter.corrections.is_empty(),
            is_retracted: matter.retraction().is_some(),
            source_url: matter
                .url
                .as_deref()
                .or(matter.canonical_url.as_deref())
                .filter(|_| is_shown("source_url"))
                .map(str::to_owned),
            also_carried_by: if is_shown("also_carried_by") { self.carriers(article) } else { Vec::new() },
            extra: matter.extra.as_ref().filter(|_| is_shown("extra")).cloned(),
        }
    }

    /// A row of `[[corrections]]`.
    pub fn correction(&self, article: &Article, row: usize) -> view::Correction {
        let correction = &article.matter.corrections[row];
        view::Correction {
            anchor: correction_anchor(article, row),
            date: self.date(&correction.date),
            kind: correction.kind.word(),
            text: correction.text.clone(),
        }
    }

    /// The same with its article.
    pub fn corrected_row(&self, article: &Article, row: usize) -> view::Corrected {
        let language = article.matter.lang.clone().filter(|lang| *lang != self.config.language);
        view::Corrected {
            correction: self.correction(article, row),
            article: Link {
                title: article.matter.title.clone(),
                url: format!("{}#{}", self.url(&Route::article(article)), correction_anchor(article, row)),
            },
            direction: direction(language.as_deref().unwrap_or(&self.config.language)),
            language,
        }
    }

    /// What was put right in some articles, newest first.
    pub fn corrected(&self, ids: impl IntoIterator<Item = ArticleId>) -> Vec<view::Corrected> {
        let of_article = |id: ArticleId| {
            let article = &self.model[id];
            (0..article.matter.corrections.len()).map(move |row| (article, row))
        };
        // With an original, its copies are in the list.
        let group = |id: ArticleId| std::iter::once(id).chain(self.model[id].copies.iter().copied());
        let mut rows: Vec<(&Article, usize)> = ids.into_iter().flat_map(group).flat_map(of_article).collect();
        rows.sort_by_key(|(article, row)| std::cmp::Reverse(article.matter.corrections[*row].date));
        rows.into_iter().map(|(article, row)| self.corrected_row(article, row)).collect()
    }

    /// Who else carried an article's text, and their pages; a page's headline where no outlet is known.
    pub fn carriers(&self, article: &Article) -> Vec<Link> {
        let carrier = |id: &ArticleId| {
            let Link { title, url } = self.article_link(*id);
            let outlet = self.model[*id].publisher.map(|publisher| self.publisher_link(publisher).title);
            Link { title: outlet.unwrap_or(title), url }
        };
        article.copies.iter().map(carrier).collect()
    }

    /// How many agencies and publishers articles come from, and of how many countries these are.
    pub fn origins(&self, ids: impl IntoIterator<Item = ArticleId>) -> (usize, usize) {
        let of_article = |id: ArticleId| {
            let article = &self.model[id];
            article.agency.or(article.publisher)
        };
        let origins: BTreeSet<PublisherId> = ids.into_iter().filter_map(of_article).collect();
        let countries: BTreeSet<&str> = origins.iter().filter_map(|id| self.country(*id)).collect();
        (origins.len(), countries.len())
    }

    /// Who gives which number: the rows of a digest or topic, then those of articles and their copies. Each number stands once.
    pub fn figures(
        &self,
        own: (&[matter::Figure], &[Figure]),
        ids: impl IntoIterator<Item = ArticleId>,
    ) -> Vec<view::Figures> {
        let mut groups: Vec<(String, view::Figures)> = Vec::new();
        let mut add = |row: &matter::Figure, figure: &Figure| {
            let key = row.label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let shown = self.figure(row, figure);
            let group = match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, group)) => group,
                None => {
                    groups.push((key, view::Figures { label: row.label.clone(), rows: Vec::new() }));
                    let Some((_, group)) = groups.last_mut() else { return };
                    group
                }
            };
            let named = |row: &view::Figure| row.source.as_ref().map(|source| source.title.clone());
            let is_same = |known: &view::Figure| {
                let day = |row: &view::Figure| row.as_of.as_ref().map(|period| period.iso.clone());
                known.value == shown.value && day(known) == day(&shown) && named(known) == named(&shown)
            };
            if !group.rows.iter().any(is_same) {
                group.rows.push(shown);
            }
        };
        for (row, figure) in own.0.iter().zip(own.1) {
            add(row, figure);
        }
        for id in ids {
            let copies = &self.model[id].copies;
            for article in std::iter::once(&id).chain(copies).map(|id| &self.model[*id]) {
                for (row, figure) in article.matter.figures.iter().zip(&article.figures) {
                    add(row, figure);
                }
            }
        }
        let mut groups: Vec<view::Figures> = groups.into_iter().map(|(_, group)| group).collect();
        for group in &mut groups {
            group.rows.sort_by_key(|row| row.as_of.as_ref().map(|period| period.last.clone()));
        }
        groups
    }

    /// What a fact-check is about. Who made the claim is known where the article names them.
    pub fn claim(&self, claim: &matter::Claim, article: &Article) -> view::Claim {
        let named = |name: &String| {
            let all = article.people.iter().chain(&article.organizations);
            let link = all.map(|id| self.entity_link(*id)).find(|link| link.title == *name);
            MaybeLink { title: name.clone(), url: link.map(|link| link.url) }
        };
        view::Claim {
            text: claim.text.clone(),
            by: claim.by.as_ref().map(named),
            date: claim.date.as_ref().map(|when| self.date(when)),
            rating: claim.rating.clone(),
            rating_value: claim.scale.map(|scale| scale.value),
            best_rating: claim.scale.map(|scale| scale.best),
            worst_rating: claim.scale.map(|scale| scale.worst),
            appearances: claim.appearances.iter().map(|url| self.host_link(url)).collect(),
        }
    }

    fn figure(&self, row: &matter::Figure, figure: &Figure) -> view::Figure {
        let reported = || {
            let article = &self.model[figure.citation?];
            article.agency.or(article.publisher).map(|id| self.publisher_link(id))
        };
        let source = match (figure.source, &row.source) {
            (Some(Source::Publisher(id)), _) => Some(self.publisher_link(id)),
            (Some(Source::Organization(id)), _) => Some(self.entity_link(id)),
            (None, Some(_)) => None,
            (None, None) => reported(),
        };
        let source = match (source, &row.source) {
            (Some(Link { title, url }), _) => Some(MaybeLink { title, url: Some(url) }),
            (None, Some(name)) => Some(MaybeLink { title: name.value.clone(), url: None }),
            (None, None) => None,
        };
        let elsewhere = figure.url.as_deref().map(|url| self.host_link(url));
        view::Figure {
            value: if row.is_number { self.locale.decimal(&row.value) } else { row.value.clone() },
            unit: row.unit.clone(),
            as_of: row.as_of.map(|period| self.period(period)),
            source,
            is_external: elsewhere.is_some(),
            citation: elsewhere.or_else(|| figure.citation.map(|id| self.article_link(id))),
        }
    }

    /// Articles in a list.
    pub fn cards(&self, ids: &[ArticleId], diagnostics: &mut Vec<Diagnostic>) -> Vec<Listed<view::Card>> {
        let is_whole = self.shows_whole_cards();
        let mut card = |id: &ArticleId| match is_whole {
            true => Listed::Whole(self.card(*id, diagnostics)),
            false => Listed::ready(&self.new_card(*id, diagnostics), self.needs),
        };
        ids.iter().map(&mut card).collect()
    }

    /// Articles, newest first, by month.
    pub fn months(&self, ids: &[ArticleId], diagnostics: &mut Vec<Diagnostic>) -> Vec<view::Month> {
        let month_of = |id: &ArticleId| self.model[*id].date.date().first_of_month();
        ids.chunk_by(|a, b| month_of(a) == month_of(b))
            .map(|chunk| {
                let first = month_of(&chunk[0]);
                view::Month {
                    title: self.locale.month(first),
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
                Target::Link(link) => Link { title: link.title.clone(), url: link.url.clone() },
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
        let own = match (item.commentary.as_deref(), &self.model[digest].origin) {
            (Some((text, span)), DigestOrigin::Written { path, .. }) => {
                Some(self.inline(path, text, span, diagnostics))
            }
            _ => None,
        };
        match &item.target {
            Target::Article(id) => {
                let card = self.card(*id, diagnostics);
                view::Item {
                    id: self.tag_uri(&card.id),
                    is_since_edition: false,
                    title: card.title.clone(),
                    url: card.url.clone(),
                    source: None,
                    role: item.role.word(),
                    commentary_html: own.or_else(|| card.commentary_html.clone()),
                    article: Some(card),
                }
            }
            Target::Link(link) => view::Item {
                id: link.url.clone(),
                is_since_edition: false,
                article: None,
                title: link.title.clone(),
                url: link.url.clone(),
                source: link.source.as_ref().map(|name| MaybeLink {
                    title: name.clone(),
                    url: link.publisher.map(|id| self.publisher_link(id).url),
                }),
                role: item.role.word(),
                commentary_html: own,
            },
        }
    }

    /// Who or what is most often in articles; of equal counts in the order of their names.
    pub fn counted(&self, lists: impl Iterator<Item = EntityId>) -> Vec<Counted> {
        self.most_often(lists).into_iter().map(|(_, counted)| counted).collect()
    }

    fn most_often(&self, lists: impl Iterator<Item = EntityId>) -> Vec<(EntityId, Counted)> {
        let mut counts: BTreeMap<EntityId, usize> = BTreeMap::new();
        for id in lists {
            *counts.entry(id).or_default() += 1;
        }
        let mut counted: Vec<(EntityId, Counted)> = counts
            .into_iter()
            .map(|(id, count)| {
                let Link { title, url } = self.entity_link(id);
                (id, Counted { title, url, count })
            })
            .collect();
        let by_name =
            |a: &Counted, b: &Counted| self.locale.compare(&a.title, &b.title).then_with(|| a.url.cmp(&b.url));
        counted.sort_by(|(_, a), (_, b)| b.count.cmp(&a.count).then_with(|| by_name(a, b)));
        counted.truncate(BOX_ENTRIES);
        counted
    }

    /// Who is most often in articles, each with what they were in a period; of equal counts in the order of their names.
    pub fn counted_people(&self, lists: impl Iterator<Item = EntityId>, period: Option<Period>) -> Vec<view::Who> {
        self.most_often(lists)
            .into_iter()
            .map(|(id, Counted { title, url, count })| {
                let roles = period.map(|period| self.roles_in(id, period)).unwrap_or_default();
                view::Who { title, url, count: Some(count), roles }
            })
            .collect()
    }

    /// A person with what they were on a day.
    pub fn who(&self, id: EntityId, day: civil::Date) -> view::Who {
        let roles = self.roles_in(id, Period { first: day, last: day });
        // The roles are read with the name.
        let entity = &self.whole.model[id];
        let (title, url) = (entity.matter.name.value.clone(), self.url(&Route::entity(entity)));
        view::Who { title, url, count: None, roles }
    }

    /// A row of `[[quotes]]`.
    pub fn quote(&self, id: ArticleId, row: usize) -> view::Quote {
        let article = &self.model[id];
        let day = article.said_on(row);
        let quote = &article.matter.quotes[row];
        let page = article.speakers[row].map(|speaker| self.entity_link(speaker));
        let cited = article.quote_citations[row].unwrap_or(id);
        let speaker = match (page, &quote.speaker) {
            (Some(Link { title, url }), _) => Some(MaybeLink { title, url: Some(url) }),
            (None, Some(name)) => Some(MaybeLink { title: name.value.clone(), url: None }),
            (None, None) => None,
        };
        view::Quote {
            text: quote.text.value.clone(),
            speaker,
            roles: article.speakers[row]
                .map(|id| self.roles_in(id, Period { first: day, last: day }))
                .unwrap_or_default(),
            date: quote.date.as_ref().map(|when| self.date(when)),
            article: self.article_link(cited),
            published: self.published(&self.model[cited]),
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

    /// The first and the last day of articles.
    pub fn days(&self, ids: &[ArticleId]) -> Option<Period> {
        let days = || ids.iter().map(|id| self.model[*id].date.date());
        Some(Period { first: days().min()?, last: days().max()? })
    }

    /// Who, where and what is in a topic's articles, and when.
    pub(super) fn summarize(&self, id: TopicId) -> (view::Summary, view::Timeline) {
        let topic = &self.model[id];
        let articles = || topic.articles.iter().map(|id| &self.model[*id]);
        let (origin_count, country_count) = self.origins(topic.articles.iter().copied());
        let happenings =
            self.happenings(event_rows(&topic.matter.events, &topic.citations), topic.articles.iter().copied());
        let language = topic.matter.lang.as_ref().unwrap_or(&self.config.language);
        let days = self.days(&topic.articles);
        let summary = view::Summary {
            origin_count,
            country_count,
            figures: self.figures((&topic.matter.figures, &topic.figures), topic.articles.iter().copied()),
            coverage: days.map(|period| self.period(period)),
            events: self.events(&happenings),
            people: self.counted_people(articles().flat_map(|article| article.people.iter().copied()), days),
            places: self.counted(articles().flat_map(|article| article.places.iter().copied())),
            organizations: self.counted(articles().flat_map(|article| article.organizations.iter().copied())),
        };
        (summary, self.timeline(&happenings, &topic.articles, None, language))
    }

    /// By title, in the order that the site's language puts names in.
    fn by_title(&self, mut entries: Vec<ListEntry>) -> Vec<ListEntry> {
        entries.sort_by(|a, b| self.locale.compare(&a.title, &b.title).then_with(|| a.url.cmp(&b.url)));
        entries
    }

    /// Everything of one kind, in the order of its list.
    pub(super) fn entries(&self, kind: ListKind) -> Vec<ListEntry> {
        let model = self.whole.model;
        let entity = |kind: EntityKind| {
            model.entities_of(kind).into_iter().map(|id| {
                let Link { title, url } = self.entity_link(id);
                let entity = &model[id];
                let alternate_names = entity.matter.alternate_names.iter().map(|name| name.value.clone()).collect();
                let (summary, count) = (entity.matter.summary.clone(), entity.articles.len());
                ListEntry { title, url, summary, alternate_names, count }
            })
        };
        let by_title = |entries: &mut dyn Iterator<Item = ListEntry>| self.by_title(entries.collect());
        match kind {
            ListKind::Topics => by_title(&mut model.topics().map(|(id, topic)| {
                let Link { title, url } = self.topic_link(id);
                ListEntry {
                    title,
                    url,
                    summary: topic.matter.summary.clone(),
                    alternate_names: Vec::new(),
                    count: topic.articles.len(),
                }
            })),
            ListKind::Digests => model
                .newest_digests()
                .iter()
                .map(|id| {
                    let card = self.digest_card(*id);
                    ListEntry {
                        title: card.title,
                        url: card.url,
                        summary: card.summary,
                        alternate_names: Vec::new(),
                        count: card.count,
                    }
                })
                .collect(),
            ListKind::Publishers => by_title(&mut model.publishers().map(|(id, publisher)| {
                let Link { title, url } = self.publisher_link(id);
                let alternate_names = publisher.matter.alternate_names.iter().map(|name| name.value.clone()).collect();
                ListEntry { title, url, summary: None, alternate_names, count: publisher.articles.len() }
            })),
            ListKind::People => by_title(&mut entity(EntityKind::Person)),
            ListKind::Places => by_title(&mut entity(EntityKind::Place)),
            ListKind::Organizations => by_title(&mut entity(EntityKind::Organization)),
            ListKind::Tags => by_title(&mut model.tags().map(|(id, tag)| {
                let Link { title, url } = self.tag_link(id);
                ListEntry { title, url, summary: None, alternate_names: Vec::new(), count: tag.articles.len() }
            })),
        }
    }
}

impl Reader<'_> {
    /// The names of topics, people, places, organizations, publishers and tags, by their letters.
    pub(super) fn all_names(&self) -> Vec<view::Name> {
        let kinds = [
            (ListKind::Topics, "topic"),
            (ListKind::People, "person"),
            (ListKind::Places, "place"),
            (ListKind::Organizations, "organization"),
            (ListKind::Publishers, "publisher"),
            (ListKind::Tags, "tag"),
        ];
        let of_kind = |(list, kind): (ListKind, &'static str)| {
            self.list(list).iter().map(move |entry| {
                let ListEntry { title, url, count, .. } = entry.clone();
                view::Name { title, url, kind, count }
            })
        };
        // Names without a letter come first, and what stands before the first letter of others does not count.
        let bare = |name: &str| name.trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let mut names: Vec<(String, view::Name)> =
            kinds.into_iter().flat_map(of_kind).map(|name| (bare(&name.title), name)).collect();
        names.sort_by(|(a, one), (b, other)| {
            self.locale.compare(a, b).then_with(|| (&one.title, &one.url).cmp(&(&other.title, &other.url)))
        });
        names.into_iter().map(|(_, name)| name).collect()
    }
}

/// Where a licence can be read: itself when it is an address, else that of a Creative Commons identifier (SPDX).
pub(super) fn license_url(license: &str) -> Option<String> {
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
