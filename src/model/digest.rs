//! Digests: a topic over a period, or any list or query.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil;
use rayon::prelude::*;

use crate::{
    config::Config,
    date::Period,
    diagnostic::{Diagnostic, Place, Severity, SitePath, Span, did_you_mean},
    fingerprint::Fingerprint,
    locale::Locale,
    model::{
        ArticleId, DigestId, Edition, Figure, Model, PublisherId, TagId, TopicId,
        event::cite,
        figure,
        index::{ArticleSlot, Index, file_slug},
        query::Query,
    },
    parse::matter::{DigestMatter, Frequency, ItemLink, ItemMatter, ItemRole, ItemTarget, Order, QueryMatter},
    slug::slugify,
};

/// Where a digest comes from.
#[derive(Debug)]
pub enum DigestOrigin {
    /// A file in `content/digests/`.
    Written {
        /// The file.
        path: SitePath,
        /// Where its introduction starts in it.
        body: usize,
        /// Its front matter.
        matter: Arc<DigestMatter>,
        /// Of the front matter as written.
        front: Fingerprint,
    },
    /// Made by its topic for a month or a week.
    Made,
}

impl DigestOrigin {
    /// Whether it is the same file with the same front matter, or none.
    pub(super) fn is_as(&self, other: &DigestOrigin) -> bool {
        match (self, other) {
            (
                DigestOrigin::Written { path, front, .. },
                DigestOrigin::Written { path: other_path, front: other_front, .. },
            ) => path == other_path && front == other_front,
            (DigestOrigin::Made, DigestOrigin::Made) => true,
            _ => false,
        }
    }
}

/// A digest with its items in their places.
#[derive(Debug)]
pub struct Digest {
    /// Where it comes from.
    pub origin: DigestOrigin,
    /// Its address below the root: `ukraine-crisis/2022-01`.
    pub slug: String,
    /// What it is called for ever.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The storyline.
    pub topic: Option<TopicId>,
    /// The days it covers.
    pub coverage: Option<Period>,
    /// Its keywords.
    pub tags: Vec<TagId>,
    /// The item on top.
    pub lead: Option<Item>,
    /// Its parts, none of them empty. A digest without sections has one, which has no title.
    pub sections: Vec<Section>,
    /// Pointers for those who want more.
    pub see_also: Vec<Item>,
    /// Its own `[[figures]]`, resolved.
    pub figures: Vec<Figure>,
    /// The articles that each row of its own `[[events]]` cites.
    pub citations: Vec<Vec<ArticleId>>,
    /// What was frozen of it, the first one first.
    pub editions: Vec<Edition>,
    /// What it asks for besides what is listed.
    pub(super) query: Option<Query>,
}

impl Digest {
    /// Its front matter, when a file was written for it.
    pub fn matter(&self) -> Option<&DigestMatter> {
        match &self.origin {
            DigestOrigin::Written { matter, .. } => Some(matter),
            DigestOrigin::Made => None,
        }
    }

    /// Its file, when one was written for it.
    pub fn path(&self) -> Option<&SitePath> {
        match &self.origin {
            DigestOrigin::Written { path, .. } => Some(path),
            DigestOrigin::Made => None,
        }
    }

    /// All items: the lead, then section by section, then the pointers.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.lead.iter().chain(self.sections.iter().flat_map(|section| &section.items)).chain(&self.see_also)
    }

    /// The articles among the items, in the same order.
    pub fn articles(&self) -> impl Iterator<Item = ArticleId> {
        self.items().filter_map(|item| match item.target {
            Target::Article(id) => Some(id),
            Target::Link(_) => None,
        })
    }
}

/// A part of a digest.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// Its anchor; none for the only section of a digest without sections.
    pub id: Option<String>,
    /// Its heading; none for what belongs to no section of the digest.
    pub title: Option<String>,
    /// Its items, in order.
    pub items: Vec<Item>,
}

/// What an item points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An article of this site.
    Article(ArticleId),
    /// A page elsewhere.
    Link(Box<LinkTarget>),
}

/// A page elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget {
    /// Its address.
    pub url: String,
    /// Its headline.
    pub title: String,
    /// Who published it, by name.
    pub source: Option<String>,
    /// Who published it, where the site has a page of them.
    pub publisher: Option<PublisherId>,
}

/// An article or link in a digest. There are very many: what few have is boxed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it points to.
    pub target: Target,
    /// Its part in the digest.
    pub role: ItemRole,
    /// The curator's line for this digest, in Markdown, and its bytes in the digest's file.
    pub commentary: Option<Box<(String, Span)>>,
    /// Whether it stands under `[[items]]`; else the query found it.
    pub is_listed: bool,
}

/// A digest's file before its references are resolved.
pub type DigestDocument = (SitePath, usize, Arc<DigestMatter>, Fingerprint);

/// Adds the written digests, then those that topics make by themselves.
pub(super) fn build(
    model: &mut Model,
    index: &Index,
    documents: Vec<DigestDocument>,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let resolve = |(path, body, matter, front): DigestDocument| {
        let mut found = Vec::new();
        let below = path.strip_prefix("content/digests/").and_then(|rest| rest.strip_suffix(".md"));
        let slug = below.unwrap_or(&path).to_owned();
        let is_address = slug.split('/').all(|part| file_slug(part, &path, &mut found).is_some());
        let digest = is_address.then(|| written(model, index, path, body, matter, front, slug, config, &mut found));
        (digest, found)
    };
    for (digest, found) in documents.into_par_iter().map(resolve).collect::<Vec<_>>() {
        model.digests.extend(digest);
        diagnostics.extend(found);
    }
    let written: BTreeSet<String> = model.digests.iter().map(|digest| digest.slug.clone()).collect();
    for at in 0..model.topics.len() {
        made(model, TopicId::new(at), &written, config);
    }
    model.digests_by_slug = model.digests().map(|(id, digest)| (digest.slug.clone(), id)).collect();
    model.newest_digests = (0..model.digests.len()).map(DigestId::new).collect();
    let digests = &model.digests;
    let latest = |id: &DigestId| {
        let coverage = digests[id.index()].coverage;
        (std::cmp::Reverse(coverage.map(|period| (period.last, period.first))), *id)
    };
    model.newest_digests.sort_by_key(latest);
    for id in model.newest_digests.clone() {
        if let Some(topic) = model.digests[id.index()].topic {
            model.topics[topic.index()].digests.push(id);
        }
        for article in model.digests[id.index()].articles().collect::<Vec<_>>() {
            model.articles[article.index()].digests.push(id);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of a document and what it is resolved with")]
fn written(
    model: &Model,
    index: &Index,
    path: SitePath,
    body: usize,
    matter: Arc<DigestMatter>,
    front: Fingerprint,
    slug: String,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Digest {
    let topic = matter.topic.as_ref().and_then(|topic| index.topics.resolve(topic, "topic", &path, diagnostics));
    let asked = matter.query.as_ref().and_then(|query| query.temporal_coverage);
    let coverage = matter.temporal_coverage.as_ref().map(|period| period.value).or(asked);
    let listed = list(model, index, &matter, &path, diagnostics);
    let implied = QueryMatter::default();
    let query = match &matter.query {
        Some(query) => Some(query),
        // A topic or a period and nothing else asks for what falls under it.
        None if matter.items.is_empty() && (topic.is_some() || coverage.is_some()) => Some(&implied),
        None => None,
    };
    let mut items = listed;
    let listed = items.len();
    let query = query.map(|query| resolve(query, topic, coverage, index, &path, diagnostics));
    if let Some(query) = &query {
        let has: BTreeSet<ArticleId> = items.iter().filter_map(|(item, _)| article_of(item)).collect();
        for id in query.run(model, &config.language, matter.order) {
            if !has.contains(&id) {
                items.push((item_of(id), None));
            }
        }
    }
    // Of items that cannot be shown, each has its own message.
    if items.is_empty() && matter.items.is_empty() {
        diagnostics.push(
            Diagnostic::warning("the digest is empty", Place::file(&path))
                .hint("list articles under `[[items]]`, or widen `[query]` or `temporal_coverage`"),
        );
    }
    let tags = matter.tags.iter().filter_map(|tag| {
        let slug = slugify(&tag.value);
        model.tags().find(|(_, known)| known.slug == slug).map(|(id, _)| id)
    });
    let mut digest = Digest {
        id: matter.id.as_ref().map_or_else(|| slug.replace('/', "-"), |id| id.value.clone()),
        title: matter.title.clone(),
        tags: tags.collect(),
        slug,
        topic,
        coverage,
        lead: None,
        sections: Vec::new(),
        see_also: Vec::new(),
        editions: Vec::new(),
        figures: figure::resolve(&matter.figures, None, index, &path, diagnostics),
        citations: cite(&matter.events, None, index, &path, diagnostics),
        query,
        origin: DigestOrigin::Written { path: path.clone(), body, matter, front },
    };
    place(&mut digest, items, listed, model, &path, diagnostics);
    digest
}

/// The listed items, each with the section that it names.
type Placed = (Item, Option<(String, Span)>);

fn list(
    model: &Model,
    index: &Index,
    matter: &DigestMatter,
    path: &SitePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Placed> {
    let mut items: Vec<Placed> = Vec::with_capacity(matter.items.len());
    let mut seen: BTreeSet<ArticleId> = BTreeSet::new();
    for row in &matter.items {
        let Some(target) = target(model, index, row, &mut seen, path, diagnostics) else { continue };
        let commentary = row.commentary.as_ref().map(|text| Box::new((text.value.clone(), text.span.clone())));
        let section = row.section.as_ref().map(|section| (section.value.clone(), section.span.clone()));
        items.push((Item { target, role: row.role, commentary, is_listed: true }, section));
    }
    items
}

fn target(
    model: &Model,
    index: &Index,
    row: &ItemMatter,
    seen: &mut BTreeSet<ArticleId>,
    path: &SitePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Target> {
    let reference = match &row.target {
        ItemTarget::Link(link) => {
            let ItemLink { url, title, source } = &**link;
            let publisher = source.as_ref().and_then(|source| index.publishers.find(source));
            let source = match publisher {
                Some(id) => Some(model[id].matter.name.value.clone()),
                None => source.clone(),
            };
            return Some(Target::Link(Box::new(LinkTarget {
                url: url.clone(),
                title: title.clone(),
                source,
                publisher,
            })));
        }
        ItemTarget::Article(reference) => reference,
    };
    let place = || Place::new(path, reference.span.clone());
    match index.articles.resolve(reference, "article", path, diagnostics)? {
        // A copy is shown as its original, which says who else carried it.
        ArticleSlot::Published(id) if seen.insert(model[id].copy_of.unwrap_or(id)) => {
            Some(Target::Article(model[id].copy_of.unwrap_or(id)))
        }
        ArticleSlot::Published(id) if model[id].copy_of.is_some() || !model[id].copies.is_empty() => {
            let message = format!("`{}` is the same text as another listed article; it is shown once", reference.value);
            diagnostics.push(
                Diagnostic::warning(message, place()).hint(
                    "remove one of the two `[[items]]`; when they differ, write `copy_of = false` in one of them",
                ),
            );
            None
        }
        ArticleSlot::Published(_) => {
            diagnostics.push(
                Diagnostic::warning(format!("`{}` is listed twice; it is shown once", reference.value), place())
                    .hint("remove one of the two `[[items]]`"),
            );
            None
        }
        ArticleSlot::LeftOut(omission) => {
            let omission = &model.omissions[omission];
            diagnostics.push(
                Diagnostic::warning(
                    format!("`{}` is listed but left out: {}", reference.value, omission.reason.noun(1)),
                    place(),
                )
                .related(Place::file(&omission.path), "the article")
                .hint("it comes in by itself when its time comes, or with `--drafts`"),
            );
            None
        }
    }
}

fn resolve(
    matter: &QueryMatter,
    topic: Option<TopicId>,
    coverage: Option<Period>,
    index: &Index,
    path: &SitePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Query {
    let mut topics = index.topics.resolve_all(&matter.topic, "topic", path, diagnostics);
    if matter.topic.is_empty() {
        topics.extend(topic);
    }
    let excluded = index.articles.resolve_all(&matter.exclude, "exclude", path, diagnostics);
    // A tag that only drafts have yet is no reason to hold up the site.
    let mut unknown = Vec::new();
    let tags = index.tags.resolve_all(&matter.tag, "tag", path, &mut unknown);
    diagnostics.extend(unknown.into_iter().map(|diagnostic| Diagnostic { severity: Severity::Warning, ..diagnostic }));
    Query {
        topics,
        asks_for_tags: !matter.tag.is_empty(),
        tags,
        publishers: index.publishers.resolve_all(&matter.publisher, "publisher", path, diagnostics),
        agencies: index.publishers.resolve_all(&matter.agency, "agency", path, diagnostics),
        people: index.people.resolve_all(&matter.person, "person", path, diagnostics),
        places: index.places.resolve_all(&matter.place, "place", path, diagnostics),
        organizations: index.organizations.resolve_all(&matter.organization, "organization", path, diagnostics),
        genres: matter.genre.clone(),
        languages: matter.lang.iter().map(|lang| lang.value.clone()).collect(),
        urgency: matter.urgency,
        period: matter.temporal_coverage.or(coverage),
        exclude: excluded
            .into_iter()
            .filter_map(|slot| match slot {
                ArticleSlot::Published(id) => Some(id),
                ArticleSlot::LeftOut(_) => None,
            })
            .collect(),
    }
}

fn item_of(id: ArticleId) -> Item {
    Item { target: Target::Article(id), role: ItemRole::Item, commentary: None, is_listed: false }
}

fn article_of(item: &Item) -> Option<ArticleId> {
    match item.target {
        Target::Article(id) => Some(id),
        Target::Link(_) => None,
    }
}

/// Puts the lead on top, pointers at the end, and every other item into its section.
fn place(
    digest: &mut Digest,
    mut items: Vec<Placed>,
    listed: usize,
    model: &Model,
    path: &SitePath,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(matter) = digest.matter() else { return };
    let sections: Vec<(String, String)> =
        matter.sections.iter().map(|section| (section.id.clone(), section.title.clone())).collect();
    if items.iter().filter(|(item, _)| item.role == ItemRole::Lead).count() > 1 {
        diagnostics.push(
            Diagnostic::warning("more than one item has `role = \"lead\"`; the first one leads", Place::file(path))
                .hint("write `role = \"pinned\"` for the others"),
        );
    }
    let lead = lead_of(&items, listed, model).map(|at| items.remove(at).0);
    let mut parts: Vec<Vec<Item>> = sections.iter().map(|_| Vec::new()).collect();
    let mut more = Vec::new();
    let mut see_also = Vec::new();
    for (item, section) in items {
        if item.role == ItemRole::SeeAlso {
            see_also.push(item);
            continue;
        }
        let at = section.as_ref().and_then(|(id, _)| sections.iter().position(|(known, _)| known == id));
        match (at, section) {
            (Some(at), _) => parts[at].push(item),
            (None, Some((id, span))) => {
                let near = did_you_mean(&id, sections.iter().map(|(known, _)| known.as_str()));
                let hint = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "sections are made with `[[sections]]`, each with an `id` and a `title`".to_owned(),
                };
                diagnostics.push(
                    Diagnostic::warning(
                        format!("unknown section `{id}`; the item falls to \"More\""),
                        Place::new(path, span),
                    )
                    .hint(hint),
                );
                more.push(item);
            }
            (None, None) => more.push(item),
        }
    }
    let mut result: Vec<Section> = sections
        .into_iter()
        .zip(parts)
        .map(|((id, title), items)| Section { id: Some(id), title: Some(title), items })
        .collect();
    let rest = if result.is_empty() {
        Section { id: None, title: None, items: more }
    } else {
        Section { id: Some("more".to_owned()), title: None, items: more }
    };
    result.push(rest);
    result.retain(|section| !section.items.is_empty());
    for section in &mut result {
        section.items.sort_by_key(|item| item.role != ItemRole::Pinned && item.role != ItemRole::Lead);
        section.items.shrink_to_fit();
    }
    digest.lead = lead;
    digest.sections = result;
    digest.see_also = see_also;
}

/// `role = "lead"`, else the first listed, else the lowest urgency, else the newest of those that stand.
fn lead_of(items: &[Placed], listed: usize, model: &Model) -> Option<usize> {
    if let Some(at) = items.iter().position(|(item, _)| item.role == ItemRole::Lead) {
        return Some(at);
    }
    if let Some(at) = items[..listed].iter().position(|(item, _)| item.role != ItemRole::SeeAlso) {
        return Some(at);
    }
    let key = |(item, _): &Placed| {
        let article = &model[article_of(item)?];
        let is_withdrawn = article.matter.retraction().is_some();
        Some((is_withdrawn, article.matter.urgency.unwrap_or(u8::MAX), std::cmp::Reverse(article.date)))
    };
    items
        .iter()
        .enumerate()
        .filter(|(_, (item, _))| item.role != ItemRole::SeeAlso)
        .filter_map(|(at, item)| key(item).map(|key| (key, at)))
        .min()
        .map(|(_, at)| at)
}

/// The digests that a topic makes by itself: one for each month or week with enough articles and no file of its own.
fn made(model: &mut Model, id: TopicId, written: &BTreeSet<String>, config: &Config) {
    let topic = &model[id];
    let span_of = |day: civil::Date| match topic.matter.period {
        Frequency::Monthly => Period::month(day.year(), day.month()),
        Frequency::Weekly => Period::week_of(day),
        Frequency::None => None,
    };
    let mut periods: BTreeMap<Period, usize> = BTreeMap::new();
    for article in &topic.articles {
        if let Some(period) = span_of(model[*article].date.date()) {
            *periods.entry(period).or_default() += 1;
        }
    }
    let mut digests = Vec::new();
    for (period, count) in periods {
        let (name, label) = name_of(period, topic.matter.period, config);
        let slug = format!("{}/{name}", topic.slug);
        if count < topic.matter.min_items || written.contains(&slug) {
            continue;
        }
        let query = Query { topics: vec![id], period: Some(period), ..Query::default() };
        let mut items: Vec<Placed> =
            query.run(model, &config.language, Order::DateAsc).into_iter().map(|id| (item_of(id), None)).collect();
        let lead = lead_of(&items, 0, model).map(|at| items.remove(at).0);
        let items: Vec<Item> = items.into_iter().map(|(item, _)| item).collect();
        let sections = if items.is_empty() { Vec::new() } else { vec![Section { id: None, title: None, items }] };
        digests.push(Digest {
            origin: DigestOrigin::Made,
            id: slug.replace('/', "-"),
            title: format!("{}, {label}", topic.matter.title),
            slug,
            topic: Some(id),
            coverage: Some(period),
            tags: Vec::new(),
            lead,
            sections,
            see_also: Vec::new(),
            editions: Vec::new(),
            figures: Vec::new(),
            citations: Vec::new(),
            query: Some(query),
        });
    }
    model.digests.extend(digests);
}

/// The last part of the address and the words after the topic's title: `2022-01` and "Jan 2022".
fn name_of(period: Period, frequency: Frequency, config: &Config) -> (String, String) {
    let locale = Locale::of(&config.language);
    if frequency == Frequency::Weekly {
        let week = period.first.iso_week_date();
        let name = format!("{}-w{:02}", week.year(), week.week());
        let is_english = config.language.split('-').next() == Some("en");
        let label = if is_english { format!("week {} of {}", week.week(), week.year()) } else { locale.period(period) };
        return (name, label);
    }
    (period.first.strftime("%Y-%m").to_string(), locale.short_month(period.first))
}
