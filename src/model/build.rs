//! Documents → [`Model`]: names first, then references, then what follows from them.

use std::{collections::BTreeMap, sync::Arc};

use hashbrown::HashMap;
use rayon::prelude::*;

use super::{
    Article, ArticleId, EntityId, Model, Publisher, PublisherId, Tag, TagId, TopicId, copies, digest, edition,
    event::cite,
    figure,
    index::Index,
    intake::{self, Taken},
    query::newest_first,
};
use crate::{
    config::{Config, Now},
    diagnostic::{Diagnostic, Place, Severity, SitePath, Span},
    parse::{
        Document, Located,
        matter::{CopyOf, Display, Reference},
    },
    slug::{is_segment, slugify},
};

/// Words of an excerpt where nobody says how many.
pub(super) const EXCERPT_WORDS: usize = 60;

/// Builds the model. What is wrong is reported, and the rest is built all the same.
pub fn build<'a>(
    documents: impl Iterator<Item = &'a Arc<Document>> + Clone,
    config: &Config,
    now: &Now,
    diagnostics: &mut Vec<Diagnostic>,
) -> Model {
    let mut model = Model::default();
    let mut index = Index::new();
    let Taken { digests, editions, left_out } =
        intake::take_in(&mut model, &mut index, documents, config, now, diagnostics);
    check_left_out(left_out, &index, diagnostics);
    resolve_articles(&mut model, &index, config, diagnostics);
    model.tags_by_slug = model.tags().map(|(id, tag)| (tag.slug.clone(), id)).collect();
    for (id, tag) in model.tags() {
        index.tags.add_slug(&tag.slug, id);
        index.tags.add_spelling(&tag.name, id);
    }
    resolve_topics(&mut model, &index, diagnostics);
    resolve_roles(&mut model, &index);
    copies::fold(&mut model, &index, diagnostics);
    collect(&mut model);
    if config.outputs.news_sitemap {
        model.news = news(&model, now);
    }
    digest::build(&mut model, &index, digests, config, diagnostics);
    edition::build(&mut model, &index, editions, diagnostics);
    model.omissions.sort_by(|a, b| a.path.cmp(&b.path));
    model.dues.sort();
    model
}

fn resolve_articles(model: &mut Model, index: &Index, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    let mut tags: BTreeMap<String, TagId> = BTreeMap::new();
    // Spellings that nothing is wrong with: most articles share theirs.
    let mut spelt: HashMap<String, TagId> = HashMap::new();
    let publishers = model.publishers.as_slice();
    let found = model.articles.par_iter_mut().enumerate().with_min_len(512).map(|(at, article)| {
        let mut found = Vec::new();
        resolve_references(article, Some(ArticleId::new(at)), index, &mut found);
        resolve_rights(article, publishers, config);
        found
    });
    diagnostics.extend(found.flatten_iter().collect::<Vec<_>>());
    for article in &mut model.articles {
        for tag in &article.matter.tags {
            let known = spelt.get(&tag.value).copied();
            let id = known.or_else(|| {
                let before = diagnostics.len();
                let id = add_tag(tag, &article.path, &mut model.tags, &mut tags, diagnostics)?;
                if diagnostics.len() == before {
                    spelt.insert(tag.value.clone(), id);
                }
                Some(id)
            });
            if let Some(id) = id.filter(|id| !article.tags.contains(id)) {
                article.tags.push(id);
            }
        }
    }
}

/// What is left out is checked as well: a mistake should not wait for the day of publication. It does not hold up the
/// site, though.
fn check_left_out(mut left_out: Vec<Article>, index: &Index, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    for article in &mut left_out {
        resolve_references(article, None, index, &mut found);
    }
    diagnostics.extend(found.into_iter().map(|diagnostic| Diagnostic { severity: Severity::Warning, ..diagnostic }));
}

fn resolve_references(article: &mut Article, own: Option<ArticleId>, index: &Index, diagnostics: &mut Vec<Diagnostic>) {
    let path = &article.path;
    let matter = &article.matter;
    article.people = index.people.resolve_all(&matter.people, "people", path, diagnostics).into();
    article.places = index.places.resolve_all(&matter.places, "places", path, diagnostics).into();
    article.organizations =
        index.organizations.resolve_all(&matter.organizations, "organizations", path, diagnostics).into();
    article.topics = index.topics.resolve_all(&matter.topics, "topics", path, diagnostics).into();
    article.located =
        matter.located.as_ref().and_then(|place| index.places.resolve(place, "located", path, diagnostics));
    let mut outlet = |reference: Option<&Reference>, key: &str| {
        reference.and_then(|name| index.publishers.resolve(name, key, path, diagnostics))
    };
    article.publisher = outlet(matter.publisher.as_ref(), "publisher");
    article.agency = outlet(matter.agency.as_deref(), "agency");
    // A speaker need not have a page: a name alone is shown as it is.
    article.speakers = matter
        .quotes
        .iter()
        .map(|quote| quote.speaker.as_ref().and_then(|speaker| index.people.find(&speaker.value)))
        .collect();
    article.quote_citations = matter
        .quotes
        .iter()
        .map(|quote| figure::cited(quote.citation.as_ref(), own, index, path, diagnostics).0)
        .collect();
    article.figures = figure::resolve(&matter.figures, own, index, path, diagnostics).into();
    // Of a published one this is resolved once all are known.
    if let (None, Some(CopyOf::Article(reference))) = (own, matter.copy_of.as_deref()) {
        index.articles.resolve(reference, "copy_of", path, diagnostics);
    }
    article.citations = cite(&matter.events, own, index, path, diagnostics).into();
}

/// How much may be shown: by the article's own word, then the agency's, the publisher's and the site's. Licence and
/// holder of the site are those of its own words, so they say nothing of what others wrote.
fn resolve_rights(article: &mut Article, publishers: &[Publisher], config: &Config) {
    let of = |id: Option<PublisherId>| id.map(|id| &publishers[id.index()].matter.rights);
    let given = [Some(article.matter.rights()), of(article.agency), of(article.publisher)];
    let is_own = article.agency.is_none() && article.publisher.is_none();
    let given = || given.into_iter().flatten();
    let shown = || given().chain([&config.rights]);
    let granted = || given().chain(is_own.then_some(&config.rights));
    let display = shown().find_map(|rights| rights.display).unwrap_or(Display::Full);
    let max_words = shown().find_map(|rights| rights.max_words).unwrap_or(EXCERPT_WORDS);
    let license = granted().find_map(|rights| rights.license.clone());
    let holder = granted().find_map(|rights| rights.holder.clone());
    // Of a text that was withdrawn nothing is shown.
    article.display = if article.matter.retraction().is_some() { Display::Headline } else { display };
    article.max_words = max_words;
    article.license = license;
    article.rights_holder = holder;
}

fn add_tag(
    tag: &Located<String>,
    path: &SitePath,
    tags: &mut Vec<Tag>,
    by_slug: &mut BTreeMap<String, TagId>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<TagId> {
    let slug = slugify(&tag.value);
    if slug.is_empty() {
        let place = Place::new(path, tag.span.clone());
        diagnostics.push(
            Diagnostic::error(format!("the tag `{}` has neither letter nor digit", tag.value), place)
                .hint("a tag becomes an address; write a word"),
        );
        return None;
    }
    if !is_segment(&slug) {
        let place = Place::new(path, tag.span.clone());
        diagnostics.push(
            Diagnostic::error("the tag is too long to be part of an address", place).hint("a tag is a word or a few"),
        );
        return None;
    }
    // `Climate Finance` and `climate-finance` are one tag; `C` and `C++` are two that an address cannot tell apart.
    let folded = |name: &str| -> String {
        name.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '\'' | '’'))
            .flat_map(char::to_lowercase)
            .collect()
    };
    if let Some(known) = by_slug.get(&slug).map(|id| &tags[id.index()].name)
        && folded(known) != folded(&tag.value)
    {
        let place = Place::new(path, tag.span.clone());
        diagnostics.push(
            Diagnostic::warning(
                format!("the tags `{}` and `{known}` have the same address, and become one", tag.value),
                place,
            )
            .hint("spell one of them out, such as `C plus plus`"),
        );
    }
    Some(*by_slug.entry(slug).or_insert_with_key(|slug| {
        tags.push(Tag { slug: slug.clone(), name: tag.value.trim().to_owned(), articles: Vec::new() });
        TagId::new(tags.len() - 1)
    }))
}

fn resolve_topics(model: &mut Model, index: &Index, diagnostics: &mut Vec<Diagnostic>) {
    for at in 0..model.topics.len() {
        let path = model.topics[at].path.clone();
        let mut resolve = |references: &[Reference], key: &str| {
            let mut ids: Vec<(TopicId, Span)> = Vec::new();
            for reference in references {
                let Some(id) = index.topics.resolve(reference, key, &path, diagnostics) else { continue };
                if ids.iter().all(|(known, _)| *known != id) {
                    ids.push((id, reference.span.clone()));
                }
            }
            ids
        };
        let broader = resolve(&model.topics[at].matter.broader, "broader");
        let related = resolve(&model.topics[at].matter.related, "related");
        model.topics[at].related = related.into_iter().map(|(id, _)| id).collect();
        let figures = figure::resolve(&model.topics[at].matter.figures, None, index, &path, diagnostics);
        model.topics[at].figures = figures;
        let matter = Arc::clone(&model.topics[at].matter);
        model.topics[at].citations = cite(&matter.events, None, index, &path, diagnostics);
        for (id, span) in broader {
            let own = TopicId::new(at);
            // Topics are added one link at a time, so the link that closes a circle is the one to report.
            if let Some(way) = way_up(model, id, own) {
                let names: Vec<String> =
                    std::iter::once(own).chain(way).map(|id| format!("`{}`", model[id].slug)).collect();
                diagnostics.push(
                    Diagnostic::error(
                        format!("`broader` goes in a circle: {}", names.join(" → ")),
                        Place::new(&path, span),
                    )
                    .hint("remove one of these: a topic cannot be part of itself"),
                );
                continue;
            }
            model.topics[at].broader.push(id);
            model.topics[id.index()].narrower.push(own);
        }
    }
}

/// The way from `from` up through `broader` to `to`, both ends in, if there is one.
fn way_up(model: &Model, from: TopicId, to: TopicId) -> Option<Vec<TopicId>> {
    let mut ways = vec![vec![from]];
    let mut seen = vec![from];
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        for next in &model[last].broader {
            if !seen.contains(next) {
                seen.push(*next);
                ways.push(way.iter().copied().chain([*next]).collect());
            }
        }
    }
    None
}

/// An organization in a role need not have a page: a name alone is shown as it is. One that has a page shows who was there.
fn resolve_roles(model: &mut Model, index: &Index) {
    let mut members: Vec<(EntityId, EntityId)> = Vec::new();
    for (at, entity) in model.entities.iter_mut().enumerate() {
        entity.role_organizations = entity
            .matter
            .roles
            .iter()
            .map(|role| role.organization.as_ref().and_then(|name| index.organizations.find(&name.value)))
            .collect();
        members.extend(entity.role_organizations.iter().flatten().map(|id| (*id, EntityId::new(at))));
    }
    for (organization, person) in members {
        let known = &mut model.entities[organization.index()].members;
        if known.last() != Some(&person) {
            known.push(person);
        }
    }
}

/// The lists that pages are made from, each newest first. A copy stands in the archive and with the outlet that carried it;
/// everywhere else its original stands for it, with what both say of who, where and what.
fn collect(model: &mut Model) {
    let mut order: Vec<ArticleId> = (0..model.articles.len()).map(ArticleId::new).collect();
    newest_first(&mut order, |id| &model.articles[id.index()]);
    let mut above: Vec<TopicId> = Vec::new();
    for id in &order {
        let article = &model.articles[id.index()];
        model.by_day.entry(article.date.date()).or_default().push(*id);
        // With its agency the original stands for a copy as well.
        let agency = article.agency.filter(|agency| {
            let original = article.copy_of.map(|original| &model.articles[original.index()]);
            let is_there = original.is_some_and(|other| [other.publisher, other.agency].contains(&Some(*agency)));
            Some(*agency) != article.publisher && !is_there
        });
        let outlets = [article.publisher, agency];
        for publisher in outlets.into_iter().flatten() {
            model.publishers[publisher.index()].articles.push(*id);
        }
        for (row, speaker) in article.speakers.iter().enumerate() {
            if let Some(speaker) = speaker {
                model.entities[speaker.index()].quotes.push((*id, row));
            }
        }
        if article.copy_of.is_some() {
            continue;
        }
        let group = || std::iter::once(article).chain(article.copies.iter().map(|copy| &model.articles[copy.index()]));
        let mut tags: Vec<TagId> = Vec::new();
        let mut seen: Vec<EntityId> = Vec::new();
        // An article belongs to its topics and to every topic above them, once.
        above.clear();
        for member in group() {
            let of_member = member.people.iter().chain(&member.places).chain(&member.organizations);
            add_new(&mut seen, of_member.chain(&member.located));
            add_new(&mut tags, &member.tags);
            add_new(&mut above, &member.topics);
        }
        for tag in tags {
            model.tags[tag.index()].articles.push(*id);
        }
        for entity in seen {
            model.entities[entity.index()].articles.push(*id);
        }
        let mut at = 0;
        while at < above.len() {
            for broader in &model.topics[above[at].index()].broader {
                if !above.contains(broader) {
                    above.push(*broader);
                }
            }
            at += 1;
        }
        for topic in &above {
            model.topics[topic.index()].articles.push(*id);
        }
    }
    order.retain(|id| model.articles[id.index()].copy_of.is_none());
    for entity in &mut model.entities {
        let articles = &model.articles;
        // What was said in one article stays in the order of its rows.
        entity.quotes.sort_by_key(|(id, row)| std::cmp::Reverse(articles[id.index()].said_on(*row)));
    }
    model.newest_first = order;
    collect_corrections(model);
    link_neighbours(model);
}

/// Everything that was put right, the latest first; of one moment in the order of the articles' paths.
fn collect_corrections(model: &mut Model) {
    let of_article = |(id, article): (ArticleId, &Article)| {
        let rows = article.matter.corrections.len();
        (0..rows).map(move |row| (id, row)).collect::<Vec<_>>()
    };
    let mut all: Vec<(ArticleId, usize)> = model.articles().flat_map(of_article).collect();
    all.sort_by_key(|(id, row)| (std::cmp::Reverse(model[*id].matter.corrections[*row].date), *id, *row));
    model.corrections = all;
}

/// What was published within the hours before now that count as news, and stands.
fn news(model: &Model, now: &Now) -> Vec<ArticleId> {
    let moment = |id: &ArticleId| model[*id].date.timestamp();
    let is_news = |id: &ArticleId| now.timestamp < super::news_until(moment(id));
    let newest = model.newest_first.iter().copied().skip_while(|id| moment(id) > now.timestamp);
    let stands = |id: &ArticleId| model[*id].matter.retraction().is_none();
    newest.take_while(is_news).filter(stands).take(super::NEWS_LIMIT).collect()
}

/// Adds what a list does not have yet.
fn add_new<'a, T: Copy + PartialEq + 'a>(list: &mut Vec<T>, more: impl IntoIterator<Item = &'a T>) {
    for one in more {
        if !list.contains(one) {
            list.push(*one);
        }
    }
}

/// Each article gets the ones beside it in its first topic, or in the site when it has none.
fn link_neighbours(model: &mut Model) {
    let topics = model.topics.iter().enumerate().map(|(at, topic)| (Some(TopicId::new(at)), &topic.articles));
    let lists = topics.chain([(None, &model.newest_first)]);
    for (topic, list) in lists {
        for (at, id) in list.iter().enumerate() {
            let article = &mut model.articles[id.index()];
            if article.topics.first().copied() == topic {
                article.newer = at.checked_sub(1).map(|newer| list[newer]);
                article.older = list.get(at + 1).copied();
            }
        }
    }
}
