//! Pages: for each kind its template, its data, its place in the site.

use std::collections::BTreeSet;

use serde::Serialize;
use tera::Context;

use super::{
    Reader, Theme,
    linked::{self, Graph, Node},
    listed, map,
    needs::Needs,
    parts::Both,
    reader::ListKind,
    theme,
    view::{self, Counted, Link},
    words::Argument,
};
use crate::{
    date::Period,
    diagnostic::Diagnostic,
    locale::{Locale, direction},
    model::{
        ArticleId, ChangeKind, DigestId, DigestOrigin, EntityId, FactKind, Item, Model, PublisherId, TagId, TopicId,
    },
    parse::{
        Choice,
        markdown::PAGE_ANCHORS,
        markdown::Resolved,
        matter::{Display, EntityKind, Role},
    },
    plan::{PageKind, Pager, Route, Scope, SearchFile, TimelineFormat, TimelineOf},
    search::fold,
    slug::slugify,
};

/// Words that people read in a minute, by the mean of Brysbaert's review of 190 studies (2019), for non-fiction 238.
const WORDS_PER_MINUTE: usize = 230;

/// Renders a page; what fails is reported, and the page is empty.
pub fn render(
    reader: &Reader<'_>,
    theme: &Theme,
    route: &Route,
    kind: PageKind,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let template = template_of(reader.whole.model, kind);
    let reader = &reader.for_template(template);
    Draft { reader, theme, route, template, is_json: false, diagnostics }.make(kind)
}

/// What a page's template gets, as JSON: with addresses that have scheme and host, and as much of a text as the page shows.
pub fn json(
    reader: &Reader<'_>,
    theme: &Theme,
    route: &Route,
    kind: PageKind,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let template = template_of(reader.whole.model, kind);
    let reader = &reader.with_absolute_links();
    Draft { reader, theme, route, template, is_json: true, diagnostics }.make(kind)
}

/// The template that a page is made with.
pub fn template_of(model: &Model, kind: PageKind) -> &'static str {
    match kind {
        PageKind::Home => "home.html",
        PageKind::Article(_) => "article.html",
        PageKind::Topic(..) => "topic.html",
        PageKind::Digest(_) => "digest.html",
        PageKind::Publisher(..) => "publisher.html",
        PageKind::Entity(id, _) => match model[id].matter.kind {
            EntityKind::Person => "person.html",
            EntityKind::Place => "place.html",
            EntityKind::Organization => "organization.html",
        },
        PageKind::Tag(..) => "tag.html",
        PageKind::Archive | PageKind::Year(_) | PageKind::Month(..) | PageKind::Day(..) => "archive.html",
        PageKind::Page(_) => "page.html",
        PageKind::Topics | PageKind::Digests(_) | PageKind::Publishers | PageKind::Entities(_) | PageKind::Tags => {
            "list.html"
        }
        PageKind::AToZ(_) => "a-z.html",
        PageKind::Corrections(_) => "corrections.html",
        PageKind::Search => "search.html",
        PageKind::NotFound => "404.html",
    }
}

/// A page that leads from an old address to the present one.
pub fn redirect(
    reader: &Reader<'_>,
    theme: &Theme,
    route: &Route,
    target: &Route,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let mut draft = Draft { reader, theme, route, template: "redirect.html", is_json: false, diagnostics };
    let mut page = draft.page("redirect", reader.config.title.clone(), None);
    page.permalink = reader.urls.absolute(target);
    let target = Link { title: reader.config.title.clone(), url: reader.urls.absolute(target) };
    draft.finish(page, &[("target", &target)])
}

/// An edition as an e-mail.
pub fn email(
    reader: &Reader<'_>,
    theme: &Theme,
    route: &Route,
    issue: &view::Issue,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let mut draft = Draft { reader, theme, route, template: "email.html", is_json: false, diagnostics };
    let mut page = draft.page("email", issue.title.clone(), issue.summary.clone());
    (page.language, page.direction) = (issue.language.clone(), issue.direction);
    draft.finish(page, &[("edition", issue)])
}

/// A page in the making.
struct Draft<'a, 'r, 'd> {
    reader: &'a Reader<'r>,
    theme: &'a Theme,
    route: &'a Route,
    template: &'static str,
    /// It becomes JSON.
    is_json: bool,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// A value for the template, whatever its type.
trait Data {
    fn insert(&self, name: &'static str, context: &mut Context, needs: &Needs);

    fn json(&self) -> serde_json::Value;
}

impl<T: Serialize> Data for T {
    fn insert(&self, name: &'static str, context: &mut Context, needs: &Needs) {
        theme::give(context, name, self, needs);
    }

    fn json(&self) -> serde_json::Value {
        // Plain data always has a JSON form.
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Draft<'_, '_, '_> {
    fn make(&mut self, kind: PageKind) -> String {
        match kind {
            PageKind::Home => self.home(),
            PageKind::Article(id) => self.article(id),
            PageKind::Topic(id, pager) => self.topic(id, pager),
            PageKind::Digest(id) => self.digest(id),
            PageKind::Publisher(id, pager) => self.publisher(id, pager),
            PageKind::Entity(id, pager) => self.entity(id, pager),
            PageKind::Tag(id, pager) => self.tag(id, pager),
            PageKind::Archive => self.archive(),
            PageKind::Year(year) => self.year(year),
            PageKind::Month(year, month, pager) => self.month(year, month, pager),
            PageKind::Day(day, pager) => self.day(day, pager),
            PageKind::Page(id) => self.plain(id),
            PageKind::Topics => self.list(ListKind::Topics, None),
            PageKind::Digests(pager) => self.list(ListKind::Digests, Some(pager)),
            PageKind::Publishers => self.list(ListKind::Publishers, None),
            PageKind::Entities(EntityKind::Person) => self.list(ListKind::People, None),
            PageKind::Entities(EntityKind::Place) => self.list(ListKind::Places, None),
            PageKind::Entities(EntityKind::Organization) => self.list(ListKind::Organizations, None),
            PageKind::Tags => self.list(ListKind::Tags, None),
            PageKind::AToZ(pager) => self.a_to_z(pager),
            PageKind::Corrections(pager) => self.corrections(pager),
            PageKind::Search => self.search(),
            PageKind::NotFound => self.not_found(),
        }
    }

    fn page(&self, kind: &'static str, title: String, description: Option<String>) -> view::Page {
        let reader = self.reader;
        let language = reader.config.language.clone();
        let has_json = !matches!(kind, "search" | "not-found" | "redirect");
        view::Page {
            kind,
            title,
            description,
            url: reader.url(self.route),
            permalink: reader.urls.absolute(self.route),
            direction: direction(&language),
            language,
            breadcrumbs: vec![Link { title: reader.config.title.clone(), url: reader.url(&Route::home()) }],
            feeds: Vec::new(),
            structured_data: None,
            json_url: (reader.config.outputs.json && has_json).then(|| reader.url(&Route::json(self.route))),
            image: None,
        }
    }

    /// What the page says to machines, where somebody prints it: made last, of what the page shows.
    fn describe<'p>(&'p self, page: &'p view::Page, nodes: impl FnOnce(Graph<'p>) -> Vec<Node<'p>>) -> Option<String> {
        let is_shown = !self.is_json && self.reader.describes();
        is_shown.then(|| linked::script(nodes(Graph::new(self.reader, page))))
    }

    /// A page whose words the author says are in a language of their own.
    fn speak(page: &mut view::Page, language: Option<&String>) {
        if let Some(language) = language {
            page.language = language.clone();
            page.direction = direction(language);
        }
    }

    fn finish(&mut self, page: view::Page, data: &[(&'static str, &dyn Data)]) -> String {
        if self.is_json {
            return write_json(&page, data);
        }
        self.reader.log.add(FactKind::Theme, "");
        self.reader.log.made_with(self.template);
        let needs = self.reader.needs;
        let mut context = Context::new();
        self.reader.shell().insert("site", &mut context, needs);
        page.insert("page", &mut context, needs);
        for (name, value) in data {
            value.insert(name, &mut context, needs);
        }
        match self.theme.render(self.template, &context, self.route) {
            Ok(html) => html,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                String::new()
            }
        }
    }

    fn home(&mut self) -> String {
        let reader = self.reader;
        let model = reader.model;
        let newest = model.newest_digests();
        // The latest digest that is no empty frame.
        let lead = newest.iter().copied().find(|id| model[*id].lead.is_some());
        let latest = model.newest(reader.config.home_items);
        let home = view::Home {
            lead: lead.map(|id| self.digest_view(id)),
            digests: newest
                .iter()
                .filter(|id| Some(**id) != lead)
                .take(reader.config.home_items)
                .map(|id| reader.digest_card(*id))
                .collect(),
            topics: model.topics_by_news().into_iter().map(|id| reader.topic_card(id, self.diagnostics)).collect(),
            latest: reader.cards(latest, self.diagnostics),
        };
        let mut page = self.page("home", reader.config.title.clone(), reader.config.description.clone());
        page.breadcrumbs.clear();
        page.image = reader.social_card(self.route, &reader.config.title);
        page.feeds = reader.feeds(Scope::Site);
        page.structured_data = self.describe(&page, |graph| graph.home(&home));
        self.finish(page, &[("home", &home)])
    }

    fn article(&mut self, id: ArticleId) -> String {
        let reader = self.reader;
        let article = &reader.model[id];
        let matter = &article.matter;
        let card = reader.card(id, self.diagnostics);
        let body = reader.article_body(article, self.diagnostics);
        let roles = [Role::Author, Role::Contributor, Role::Writer, Role::Editor, Role::Photographer];
        let credits = roles.into_iter().filter_map(|role| {
            let of_role = matter.credits.iter().filter(|credit| credit.role == role);
            let people: Vec<view::Credit> =
                of_role.map(|credit| view::Credit { name: credit.name.clone(), place: credit.place.clone() }).collect();
            (!people.is_empty()).then(|| view::CreditGroup { role: role.word(), people })
        });
        let images = matter.images.iter().map(|image| {
            let found = image
                .src
                .as_ref()
                .map(|src| reader.image(&article.path, &src.value, src.span.clone(), self.diagnostics));
            let (url, source_url) = match found {
                Some(Resolved::To(url)) => (Some(url), None),
                Some(Resolved::LinkInstead(url)) => (None, Some(url)),
                Some(Resolved::Nowhere) | None => (None, None),
            };
            view::Image {
                url,
                source_url,
                alt: image.alt.clone().unwrap_or_default(),
                caption: image.caption.clone(),
                credit: image.credit.clone(),
            }
        });
        let images = images.collect();
        let mut corrections: Vec<usize> = (0..matter.corrections.len()).collect();
        corrections.sort_by_key(|row| std::cmp::Reverse(matter.corrections[*row].date));
        let (newer, older) = reader.model.neighbours(id);
        let entities = |ids: &[EntityId]| ids.iter().map(|id| reader.entity_link(*id)).collect();
        let view = view::Article {
            content: (article.display != Display::Headline).then_some(body.html),
            is_excerpt: body.is_cut && article.display == Display::Excerpt,
            words: body.words,
            minutes: (body.words / WORDS_PER_MINUTE).max(1),
            dateline: matter.dateline.clone().map(String::from),
            located: article.located.map(|id| reader.entity_link(id)),
            credits: credits.collect(),
            images,
            retraction: matter.retraction_row().map(|row| reader.correction(article, row)),
            corrections: corrections.into_iter().map(|row| reader.correction(article, row)).collect(),
            events: reader.events(&reader.happenings(std::iter::empty(), [id])),
            quotes: (0..matter.quotes.len()).map(|row| reader.quote(id, row)).collect(),
            why_it_matters_html: reader.maybe_inline(&article.path, matter.why_it_matters.as_deref(), self.diagnostics),
            people: article.people.iter().map(|id| reader.who(*id, article.date.date())).collect(),
            places: entities(&article.places),
            organizations: entities(&article.organizations),
            tags: article.tags.iter().map(|id| reader.tag_link(*id)).collect(),
            digests: reader.model.digests_of(id).iter().map(|id| reader.digest_link(*id)).collect(),
            canonical_url: matter.canonical_url.clone().map(String::from),
            archived_url: matter.archived_url.clone().map(String::from),
            retrieved: matter.retrieved.as_ref().map(|when| reader.date(when)),
            rights: reader.rights(
                article.rights_holder.as_deref(),
                article.license.as_deref(),
                matter.rights(),
                article.display.word(),
            ),
            copy_of: article.copy_of.map(|id| reader.article_link(id)),
            figures: reader.figures((&matter.figures, &article.figures), []),
            claim: matter.claim.as_deref().map(|claim| reader.claim(claim, article)),
            newer: newer.map(|article| reader.link_to(article)),
            older: older.map(|article| reader.link_to(article)),
            card,
        };
        let description = matter.summary.clone();
        let mut page = self.page("article", matter.title.clone(), description);
        if let Some(original) = reader.model.preferred(id) {
            page.permalink = reader.urls.absolute(&Route::article(&reader.model[original]));
        }
        Draft::speak(&mut page, matter.lang.as_ref());
        page.image = view.images.iter().find_map(|image| {
            let url = image.url.as_deref()?;
            let url = if url.starts_with('/') { reader.urls.with_host(url) } else { url.to_owned() };
            Some(view::Preview { url, alt: image.alt.clone(), width: None, height: None })
        });
        page.image = page.image.or_else(|| reader.social_card(self.route, &matter.title));
        if let Some(topic) = article.topics.first() {
            page.breadcrumbs.push(reader.topic_link(*topic));
            page.feeds = reader.feeds(Scope::Topic(*topic));
        }
        page.structured_data = self.describe(&page, |graph| graph.article(&view, article.last_changed().iso()));
        self.finish(page, &[("article", &Both(&*view.card, &view))])
    }

    fn topic(&mut self, id: TopicId, pager: Pager) -> String {
        let reader = self.reader;
        let topic = &reader.model[id];
        let mut narrower: Vec<Counted> = topic
            .narrower
            .iter()
            .map(|id| {
                let Link { title, url } = reader.topic_link(*id);
                Counted { title, url, count: reader.model[*id].articles.len() }
            })
            .collect();
        narrower.sort_by(|a, b| a.title.cmp(&b.title));
        let (summary, timeline) = reader.summary(id);
        // A long story has many pages and many events: each page with all of them would cost their product.
        let is_first = pager.number == 1;
        let summary = view::Summary {
            origin_count: summary.origin_count,
            country_count: summary.country_count,
            figures: if is_first { summary.figures.clone() } else { Vec::new() },
            coverage: summary.coverage.clone(),
            events: if is_first { summary.events.clone() } else { Vec::new() },
            people: summary.people.clone(),
            places: summary.places.clone(),
            organizations: summary.organizations.clone(),
        };
        let view = view::Topic {
            title: topic.matter.title.clone(),
            summary: topic.matter.summary.clone(),
            content: reader.body(&topic.path, topic.body, self.diagnostics).html,
            status: topic.matter.status.word(),
            broader: topic.broader.iter().map(|id| reader.topic_link(*id)).collect(),
            narrower,
            related: topic.related.iter().map(|id| reader.topic_link(*id)).collect(),
            same_as: topic.matter.same_as.iter().map(|url| reader.host_link(&url.value)).collect(),
            digests: topic.digests.iter().map(|id| reader.digest_card(*id)).collect(),
            count: topic.articles.len(),
            months: reader.months(&topic.articles[pager.range()], self.diagnostics),
            summary_of_articles: summary,
            timeline: is_first.then(|| exported(reader, timeline.clone(), TimelineOf::Topic(id))),
            extra: topic.matter.extra.clone(),
        };
        let mut page = self.page("topic", topic.matter.title.clone(), topic.matter.summary.clone());
        Draft::speak(&mut page, topic.matter.lang.as_ref());
        if let Some(broader) = topic.broader.first() {
            page.breadcrumbs.push(reader.topic_link(*broader));
        } else {
            self.crumb_to(&mut page, "topics", Route::topics());
        }
        page.feeds = reader.feeds(Scope::Topic(id));
        page.image = reader.social_card(&Route::topic(topic), &topic.matter.title);
        let first = pager.range().start;
        let pager = self.pager(&mut page, &Route::topic(topic), pager);
        page.structured_data = self.describe(&page, |graph| graph.topic(&view, first));
        self.finish(page, &[("topic", &view), ("pager", &pager)])
    }

    fn digest_view(&mut self, id: DigestId) -> view::Digest {
        let reader = self.reader;
        let digest = &reader.model[id];
        let content = match &digest.origin {
            DigestOrigin::Written { path, body, .. } => reader.body(path, *body, self.diagnostics).html,
            DigestOrigin::Made => String::new(),
        };
        let articles: Vec<ArticleId> = digest.articles().collect();
        let matters = || articles.iter().map(|id| &reader.model[*id]);
        let (origin_count, country_count) = reader.origins(articles.iter().copied());
        let series = digest.topic.map(|topic| reader.model.series(topic)).unwrap_or_default();
        let at = series.iter().position(|other| *other == id);
        let happenings = reader.happenings(reader.rows_of_digest(id), articles.iter().copied());
        let language = digest.matter().and_then(|matter| matter.lang.as_ref()).unwrap_or(&reader.config.language);
        let period = digest.coverage.or_else(|| reader.days(&articles));
        let since = reader.changes_since_edition(id).unwrap_or_default();
        let added: BTreeSet<&str> =
            since.iter().filter(|row| row.kind == ChangeKind::Added).map(|row| row.id.as_str()).collect();
        let mut item = |item: &Item| {
            let mut view = reader.item(id, item, self.diagnostics);
            view.is_since_edition =
                added.contains(view.article.as_ref().map_or(view.id.as_str(), |card| card.id.as_str()));
            view
        };
        let neighbour = |at: Option<usize>| at.and_then(|at| series.get(at)).map(|other| reader.digest_link(*other));
        view::Digest {
            card: reader.digest_card(id),
            lead_item: digest.lead.as_ref().map(&mut item),
            sections: digest
                .sections
                .iter()
                .map(|section| view::Section {
                    id: section.id.as_deref().map(|id| section_anchor(id, &content)),
                    // What belongs to none of the digest's sections stands in one that only the theme has a name for.
                    title: section.title.clone().or_else(|| section.id.as_ref().map(|_| reader.word("more"))),
                    items: section.items.iter().map(&mut item).collect(),
                })
                .collect(),
            see_also: digest.see_also.iter().map(&mut item).collect(),
            article_count: articles.len(),
            origin_count,
            country_count,
            figures: reader.figures(
                (digest.matter().map_or(&[][..], |matter| &matter.figures), &digest.figures),
                articles.iter().copied(),
            ),
            corrections: reader.corrected(articles.iter().copied()),
            events: reader.events(&happenings),
            timeline: exported(
                reader,
                reader.timeline(&happenings, &articles, digest.coverage, language),
                TimelineOf::Digest(id),
            ),
            people: reader.counted_people(matters().flat_map(|article| article.people.iter().copied()), period),
            places: reader.counted(matters().flat_map(|article| article.places.iter().copied())),
            organizations: reader.counted(matters().flat_map(|article| article.organizations.iter().copied())),
            tags: digest.tags.iter().map(|id| reader.tag_link(*id)).collect(),
            editions: (0..digest.editions.len()).rev().map(|at| reader.edition(id, at)).collect(),
            changes_since_edition: since.iter().map(|change| reader.change(change)).collect(),
            newer: neighbour(at.and_then(|at| at.checked_sub(1))),
            older: neighbour(at.map(|at| at + 1)),
            extra: digest.matter().and_then(|matter| matter.extra.clone()),
            content,
        }
    }

    fn digest(&mut self, id: DigestId) -> String {
        let reader = self.reader;
        let digest = &reader.model[id];
        let view = self.digest_view(id);
        let mut page = self.page("digest", digest.title.clone(), view.card.summary.clone());
        Draft::speak(&mut page, digest.matter().and_then(|matter| matter.lang.as_ref()));
        match digest.topic {
            Some(topic) => {
                page.breadcrumbs.push(reader.topic_link(topic));
                page.feeds = reader.feeds(Scope::Topic(topic));
            }
            None => self.crumb_to(&mut page, "digests", Route::digests()),
        }
        page.image = reader.social_card(self.route, &digest.title);
        page.structured_data = self.describe(&page, |graph| graph.digest(&view));
        self.finish(page, &[("digest", &view)])
    }

    fn publisher(&mut self, id: PublisherId, pager: Pager) -> String {
        let reader = self.reader;
        let publisher = &reader.model[id];
        let matter = &publisher.matter;
        let display = matter.rights.display.or(reader.config.rights.display).unwrap_or(Display::Full);
        let view = view::Publisher {
            name: matter.name.value.clone(),
            alternate_names: matter.alternate_names.iter().map(|name| name.value.clone()).collect(),
            kind: matter.kind.map(Choice::word),
            home_url: matter.url.clone(),
            country: matter.country.clone(),
            country_name: reader.country_name(matter.country.as_deref()),
            owner: matter.owner.clone(),
            feeds: matter.feeds.iter().map(|url| url.value.clone()).collect(),
            corrections_url: matter.corrections_url.clone(),
            rights: reader.rights(
                matter.rights.holder.as_deref(),
                matter.rights.license.as_deref(),
                &matter.rights,
                display.word(),
            ),
            ratings: matter
                .ratings
                .iter()
                .map(|rating| view::Rating {
                    by: rating.by.clone(),
                    value: rating.value.clone(),
                    date: rating.date.as_ref().map(|when| reader.date(when)),
                    url: rating.url.clone(),
                })
                .collect(),
            content: reader.body(&publisher.path, publisher.body, self.diagnostics).html,
            count: publisher.articles.len(),
            articles: reader.cards(&publisher.articles[pager.range()], self.diagnostics),
            extra: matter.extra.clone(),
        };
        let mut page = self.page("publisher", matter.name.value.clone(), None);
        self.crumb_to(&mut page, "publishers", Route::publishers());
        let first = pager.range().start;
        let pager = self.pager(&mut page, &Route::publisher(publisher), pager);
        page.structured_data = self.describe(&page, |graph| graph.publisher(&view, first));
        self.finish(page, &[("publisher", &view), ("pager", &pager)])
    }

    fn entity(&mut self, id: EntityId, pager: Pager) -> String {
        let reader = self.reader;
        let entity = &reader.model[id];
        let matter = &entity.matter;
        let mut rows: Vec<usize> = (0..matter.roles.len()).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(matter.roles[*row].from.map(|period| period.first)));
        let roles = rows.into_iter().filter_map(|row| reader.role(entity, row));
        let mut members: Vec<view::Who> = entity
            .members
            .iter()
            .map(|person| {
                let Link { title, url } = reader.entity_link(*person);
                view::Who { title, url, count: None, roles: reader.roles_at(*person, id) }
            })
            .collect();
        members.sort_by(|a, b| reader.locale.compare(&a.title, &b.title).then_with(|| a.url.cmp(&b.url)));
        let view = view::Entity {
            name: matter.name.value.clone(),
            summary: matter.summary.clone(),
            alternate_names: matter.alternate_names.iter().map(|name| name.value.clone()).collect(),
            same_as: matter.same_as.iter().map(|url| reader.host_link(&url.value)).collect(),
            roles: roles.collect(),
            members,
            map: matter.geo.map(|(latitude, longitude)| map::around(latitude, longitude)),
            geo: matter.geo.map(|(latitude, longitude)| view::Geo { latitude, longitude }),
            country: matter.country.clone(),
            country_name: reader.country_name(matter.country.as_deref()),
            content: reader.body(&entity.path, entity.body, self.diagnostics).html,
            quotes: entity.quotes.iter().map(|(article, row)| reader.quote(*article, *row)).collect(),
            count: entity.articles.len(),
            articles: reader.cards(&entity.articles[pager.range()], self.diagnostics),
            extra: matter.extra.clone(),
        };
        let (kind, list) = match matter.kind {
            EntityKind::Person => ("person", "people"),
            EntityKind::Place => ("place", "places"),
            EntityKind::Organization => ("organization", "organizations"),
        };
        let mut page = self.page(kind, matter.name.value.clone(), matter.summary.clone());
        self.crumb_to(&mut page, list, Route::entities(matter.kind));
        let first = pager.range().start;
        let pager = self.pager(&mut page, &Route::entity(entity), pager);
        page.structured_data = self.describe(&page, |graph| graph.entity(&view, first));
        self.finish(page, &[("entity", &view), ("pager", &pager)])
    }

    fn tag(&mut self, id: TagId, pager: Pager) -> String {
        let reader = self.reader;
        let tag = &reader.model[id];
        let view = view::Tag {
            name: tag.name.clone(),
            count: tag.articles.len(),
            articles: reader.cards(&tag.articles[pager.range()], self.diagnostics),
        };
        let mut page = self.page("tag", tag.name.clone(), None);
        self.crumb_to(&mut page, "tags", Route::tags());
        let first = pager.range().start;
        let pager = self.pager(&mut page, &Route::tag(tag), pager);
        page.structured_data = self.describe(&page, |graph| graph.collection(first, linked::names(&view.articles)));
        self.finish(page, &[("tag", &view), ("pager", &pager)])
    }

    fn archive(&mut self) -> String {
        let archive = view::Archive {
            level: "all",
            title: self.reader.word_of("list", "archive"),
            count: self.reader.model.days().values().map(Vec::len).sum(),
            years: self.years(None),
            articles: Vec::new(),
            newer: None,
            older: None,
        };
        let page = self.page("archive", archive.title.clone(), None);
        self.finish_archive(page, &archive, None)
    }

    fn year(&mut self, year: i16) -> String {
        let reader = self.reader;
        let mut others: Vec<i16> = reader.model.days().keys().map(|day| day.year()).collect();
        others.dedup();
        let link = |year: i16| Link { title: reader.locale.year(year), url: reader.url(&Route::year(year)) };
        let archive = view::Archive {
            level: "year",
            title: reader.locale.year(year),
            count: self.reader.model.days().iter().filter(|(day, _)| day.year() == year).map(|(_, a)| a.len()).sum(),
            years: self.years(Some(year)),
            articles: Vec::new(),
            newer: others.iter().copied().find(|other| *other > year).map(link),
            older: others.iter().rev().copied().find(|other| *other < year).map(link),
        };
        let mut page = self.page("archive", archive.title.clone(), None);
        self.crumb_to(&mut page, "archive", Route::archive());
        self.finish_archive(page, &archive, None)
    }

    fn month(&mut self, year: i16, month: i8, pager: Pager) -> String {
        let reader = self.reader;
        let by_day = reader.model.days_of_month(year, month);
        let Some(period) = Period::month(year, month) else { return String::new() };
        let ids: Vec<ArticleId> = listed::of_period(by_day, period).collect();
        let link = |day: &jiff::civil::Date| Link {
            title: reader.locale.month(day.first_of_month()),
            url: reader.url(&Route::month(day.year(), day.month())),
        };
        let archive = view::Archive {
            level: "month",
            title: reader.locale.month(period.first),
            count: ids.len(),
            years: Vec::new(),
            articles: reader.cards(&ids[pager.range()], self.diagnostics),
            newer: by_day.keys().find(|day| **day > period.last).map(link),
            older: by_day.keys().rev().find(|day| **day < period.first).map(link),
        };
        let mut page = self.page("archive", archive.title.clone(), None);
        self.crumb_to(&mut page, "archive", Route::archive());
        self.crumb(&mut page, &reader.locale.year(year), Route::year(year));
        self.finish_archive(page, &archive, Some((Route::month(year, month), pager)))
    }

    fn day(&mut self, day: jiff::civil::Date, pager: Pager) -> String {
        let reader = self.reader;
        let by_day = reader.model.days_of(day);
        let ids = by_day.get(&day).map_or(&[][..], Vec::as_slice);
        let link =
            |day: &jiff::civil::Date| Link { title: reader.locale.day(*day), url: reader.url(&Route::day(*day)) };
        let archive = view::Archive {
            level: "day",
            title: reader.locale.day(day),
            count: ids.len(),
            years: Vec::new(),
            articles: reader.cards(&ids[pager.range()], self.diagnostics),
            newer: by_day.keys().find(|other| **other > day).map(link),
            older: by_day.keys().rev().find(|other| **other < day).map(link),
        };
        let mut page = self.page("archive", archive.title.clone(), None);
        self.crumb_to(&mut page, "archive", Route::archive());
        self.crumb(&mut page, &reader.locale.year(day.year()), Route::year(day.year()));
        let month = reader.locale.month(day.first_of_month());
        self.crumb(&mut page, &month, Route::month(day.year(), day.month()));
        self.finish_archive(page, &archive, Some((Route::day(day), pager)))
    }

    fn finish_archive(
        &mut self,
        mut page: view::Page,
        archive: &view::Archive,
        pager: Option<(Route, Pager)>,
    ) -> String {
        let first = pager.as_ref().map_or(0, |(_, pager)| pager.range().start);
        let pager = match pager {
            Some((route, pager)) => self.pager(&mut page, &route, pager),
            None => one_page(&page, archive.count),
        };
        page.structured_data = self.describe(&page, |graph| {
            let months = archive.years.iter().flat_map(|year| &year.months);
            let months = months.map(|month| (month.title.as_str(), month.url.as_str()));
            graph.collection(first, linked::names(&archive.articles).chain(months))
        });
        self.finish(page, &[("archive", archive), ("pager", &pager)])
    }

    fn years(&self, only: Option<i16>) -> Vec<view::Year> {
        let reader = self.reader;
        let mut years: Vec<view::Year> = Vec::new();
        for (day, ids) in reader.model.days().iter().rev() {
            if only.is_some_and(|year| year != day.year()) {
                continue;
            }
            let title = reader.locale.year(day.year());
            if years.last().is_none_or(|year| year.title != title) {
                let url = reader.url(&Route::year(day.year()));
                years.push(view::Year { title, url, count: 0, months: Vec::new() });
            }
            let Some(year) = years.last_mut() else { continue };
            year.count += ids.len();
            let url = reader.url(&Route::month(day.year(), day.month()));
            match year.months.last_mut() {
                Some(month) if month.url == url => month.count += ids.len(),
                _ => year.months.push(Counted {
                    title: reader.locale.month(day.first_of_month()),
                    url,
                    count: ids.len(),
                }),
            }
        }
        years
    }

    fn plain(&mut self, id: crate::model::PageId) -> String {
        let reader = self.reader;
        let plain = &reader.model[id];
        let content = reader.body(&plain.path, plain.body, self.diagnostics).html;
        let mut page = self.page("page", plain.matter.title.clone(), plain.matter.summary.clone());
        Draft::speak(&mut page, plain.matter.lang.as_ref());
        page.structured_data = self.describe(&page, |graph| graph.plain());
        self.finish(page, &[("content", &content), ("extra", &plain.matter.extra)])
    }

    fn list(&mut self, kind: ListKind, pager: Option<Pager>) -> String {
        let title = self.reader.word_of("list", kind.word());
        let entries = self.reader.list(kind);
        let mut page = self.page("list", title.clone(), None);
        let first = pager.map_or(0, |pager| pager.range().start);
        let (pager, entries) = match pager {
            Some(pager) => (self.pager(&mut page, &Route::digests(), pager), &entries[pager.range()]),
            None => (one_page(&page, entries.len()), entries),
        };
        let opml_url = match kind {
            ListKind::Publishers => self.reader.page_url(&Route::opml()),
            _ => None,
        };
        let list = view::List { kind: kind.word(), title, entries: entries.to_vec(), opml_url };
        page.structured_data = self.describe(&page, |graph| {
            graph.collection(first, list.entries.iter().map(|entry| (entry.title.as_str(), entry.url.as_str())))
        });
        self.finish(page, &[("list", &list), ("pager", &pager)])
    }

    fn a_to_z(&mut self, pager: Pager) -> String {
        let names = self.reader.names();
        let route = Route::a_to_z();
        let mut letters: Vec<Link> = Vec::new();
        let mut groups: Vec<view::NameGroup> = Vec::new();
        let of_page = pager.range();
        for (at, name) in names.iter().enumerate() {
            let letter = first_letter(&name.title, self.reader.locale);
            let is_next = |last: &String| !self.reader.locale.is_same_letter(last, &letter);
            if letters.last().is_none_or(|last| is_next(&last.title)) {
                let page = self.reader.url(&route.numbered(pager.page_of(at)));
                letters.push(Link { url: format!("{page}#{}", letter_anchor(&letter)), title: letter.clone() });
            }
            let heading = letters.last().map(|last| last.title.clone()).unwrap_or_default();
            if of_page.contains(&at) {
                match groups.last_mut().filter(|group| group.letter == heading) {
                    Some(group) => group.names.push(name.clone()),
                    None => groups.push(view::NameGroup {
                        id: letter_anchor(&heading),
                        letter: heading,
                        names: vec![name.clone()],
                    }),
                }
            }
        }
        let of_page = &names[of_page];
        let view = view::Names { letters, groups };
        let mut page = self.page("a-z", self.reader.word_of("list", "a_to_z"), None);
        let first = pager.range().start;
        let pager = self.pager(&mut page, &route, pager);
        page.structured_data = self.describe(&page, |graph| {
            graph.collection(first, of_page.iter().map(|name| (name.title.as_str(), name.url.as_str())))
        });
        self.finish(page, &[("names", &view), ("pager", &pager)])
    }

    fn corrections(&mut self, pager: Pager) -> String {
        let reader = self.reader;
        let rows = &reader.model.corrections()[pager.range()];
        let corrections: Vec<view::Corrected> =
            rows.iter().map(|(id, row)| reader.corrected_row(reader.model.corrected(*id), *row)).collect();
        let mut page = self.page("corrections", self.reader.word_of("list", "corrections"), None);
        page.feeds = reader.feeds(Scope::Corrections);
        let pager = self.pager(&mut page, &Route::corrections(), pager);
        page.structured_data = self.describe(&page, |graph| graph.plain());
        self.finish(page, &[("corrections", &corrections), ("pager", &pager)])
    }

    fn search(&mut self) -> String {
        let reader = self.reader;
        let search = view::Search {
            script_url: reader.url(&Route::search_file(SearchFile::Script)),
            base_url: reader.url(&Route::home()),
            words: super::search::words(reader),
            archive_url: reader.page_url(&Route::archive()),
            a_to_z_url: reader.page_url(&Route::a_to_z()),
        };
        let mut page = self.page("search", self.reader.word("search"), None);
        page.structured_data = self.describe(&page, |graph| graph.plain());
        self.finish(page, &[("search", &search)])
    }

    fn not_found(&mut self) -> String {
        let page = self.page("not-found", self.reader.word("page_not_found"), None);
        self.finish(page, &[])
    }

    /// A step of the way to the page, where the site has that step.
    fn crumb(&self, page: &mut view::Page, title: &str, route: Route) {
        if let Some(url) = self.reader.page_url(&route) {
            page.breadcrumbs.push(Link { title: title.to_owned(), url });
        }
    }

    /// The step of a list, by its word in the contract with themes.
    fn crumb_to(&self, page: &mut view::Page, list: &str, route: Route) {
        self.crumb(page, &self.reader.word_of("list", list), route);
    }

    /// Where the page stands in its list; later pages say so in their title.
    fn pager(&self, page: &mut view::Page, list: &Route, pager: Pager) -> view::Pager {
        if pager.number > 1 {
            let number = i64::try_from(pager.number).unwrap_or(i64::MAX);
            let arguments = [("title", Argument::Text(&page.title)), ("number", Argument::Number(number))];
            page.title = self.reader.word_with("title_of_page", &arguments);
        }
        self.reader.pager(list, pager)
    }
}

/// A page and what it is about.
fn write_json(page: &view::Page, data: &[(&'static str, &dyn Data)]) -> String {
    let mut document = serde_json::Map::new();
    let mut page = page.json();
    if let Some(page) = page.as_object_mut() {
        // What is for templates alone.
        for name in ["structured_data", "json_url"] {
            page.remove(name);
        }
    }
    document.extend([("page".to_owned(), page)]);
    document.extend(data.iter().map(|(name, value)| ((*name).to_owned(), value.json())));
    let mut text = serde_json::to_string(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// The letter that a name stands under in the A to Z: without accents, where the language takes it for the same letter.
fn first_letter(name: &str, locale: &Locale) -> String {
    match name.chars().find(|c| c.is_alphanumeric()) {
        Some(c) if c.is_numeric() => "0–9".to_owned(),
        Some(c) => {
            let letter: String = c.to_uppercase().collect();
            let plain = fold(&c.to_lowercase().collect::<String>()).to_uppercase();
            if locale.is_same_letter(&letter, &plain) { plain } else { letter }
        }
        None => "#".to_owned(),
    }
}

fn letter_anchor(letter: &str) -> String {
    match letter {
        "0–9" => "digits".to_owned(),
        "#" => "signs".to_owned(),
        letter => format!("letter-{}", letter.to_lowercase()),
    }
}

/// The anchor of a digest's section, which must not be one of its introduction's or of the page itself.
fn section_anchor(id: &str, content: &str) -> String {
    let slug = slugify(id);
    let is_taken = PAGE_ANCHORS.contains(&slug.as_str()) || content.contains(&format!("id=\"{slug}\""));
    if slug.is_empty() || is_taken { format!("section-{slug}") } else { slug }
}

fn one_page(page: &view::Page, total: usize) -> view::Pager {
    view::Pager { number: 1, count: 1, total, previous: None, next: None, first: page.url.clone() }
}

/// A timeline with the addresses of its files for other programs, where the site has them.
fn exported(reader: &Reader<'_>, timeline: view::Timeline, of: TimelineOf) -> view::Timeline {
    let address = |format| reader.timeline_url(format, of);
    view::Timeline {
        calendar_url: address(TimelineFormat::Calendar),
        timelinejs_url: address(TimelineFormat::TimelineJs),
        ..timeline
    }
}
