//! Takes the documents in: what each says it is, by itself, and the names that it goes by.

use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;
use rayon::prelude::*;
use thin_vec::ThinVec;

use super::{
    Article, ArticleId, Due, DueChange, Entity, EntityId, Model, Omission, OmissionReason, Page, Publisher,
    PublisherId, Topic, TopicId,
    build::EXCERPT_WORDS,
    digest::DigestDocument,
    edition::EditionDocument,
    index::{ArticleSlot, Index, file_slug},
};
use crate::{
    config::{Config, Now},
    date::When,
    diagnostic::{Diagnostic, Place, SitePath},
    fingerprint::{Fingerprint, short},
    parse::{
        Document, Matter,
        matter::{Display, EntityKind, EntityMatter},
    },
    slug::{is_segment, slugify},
};

/// Documents of which the drafts are held at a time.
const CHUNK: usize = 4096;

/// What is built from once every name is known.
pub struct Taken {
    /// The written digests.
    pub digests: Vec<DigestDocument>,
    /// What was frozen of digests.
    pub editions: Vec<EditionDocument>,
    /// Articles that are no part of the site for now.
    pub left_out: Vec<Article>,
}

/// Puts what documents say into a model, and the names of it into an index.
pub fn take_in<'a>(
    model: &mut Model,
    index: &mut Index,
    documents: impl Iterator<Item = &'a Arc<Document>> + Clone,
    config: &Config,
    now: &Now,
    diagnostics: &mut Vec<Diagnostic>,
) -> Taken {
    let is_article = |document: &&Arc<Document>| matches!(document.matter, Matter::Article(_));
    // To grow, a list of a hundred thousand needs twice its room for a moment.
    let count = documents.clone().filter(is_article).count();
    model.articles.reserve_exact(count);
    index.articles.reserve(2 * count, count);
    let taken = Taken { digests: Vec::new(), editions: Vec::new(), left_out: Vec::new() };
    let mut intake = Intake { model, index, taken, config, diagnostics, is_twice: false };
    let documents: Vec<_> = documents.collect();
    for documents in documents.chunks(CHUNK) {
        let drafts: Vec<_> =
            documents.par_iter().with_min_len(64).map(|document| draft(document, config, now)).collect();
        for (document, draft) in documents.iter().zip(drafts) {
            match draft {
                Some(draft) => intake.add_article(draft),
                None => intake.add(document),
            }
        }
    }
    let Intake { taken, is_twice, .. } = intake;
    let Model { articles, places, .. } = model;
    places.reserve(articles.len(), |at| short(&articles[*at as usize].path));
    for (at, article) in (0..).zip(&*articles) {
        places.insert_unique(short(&article.path), at, |at| short(&articles[*at as usize].path));
    }
    if is_twice {
        check_ids(model, diagnostics);
    }
    taken
}

/// Takes the documents in, one by one.
struct Intake<'a> {
    model: &'a mut Model,
    index: &'a mut Index,
    taken: Taken,
    config: &'a Config,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Whether two things that can be articles go by one name.
    is_twice: bool,
}

impl Intake<'_> {
    fn add(&mut self, document: &Document) {
        let (body, front) = (document.body, document.front);
        let (path, stem) = (document.path.clone(), document.stem());
        match document.matter.clone() {
            Matter::Inbox => self.model.omissions.push(Omission { path, reason: OmissionReason::Inbox }),
            Matter::Edition(matter) => self.taken.editions.push((path, matter, front)),
            // These come as drafts.
            Matter::Article(_) => {}
            Matter::Topic(matter) => {
                let Some(slug) = file_slug(stem, &path, self.diagnostics) else { return };
                let id = TopicId::new(self.model.topics.len());
                if let Some(taken) = self.index.topics.add_slug(&slug, id) {
                    self.diagnostics.push(twice("topic", &slug, &path, &self.model[taken].path));
                    return;
                }
                self.index.topics.add_spelling(&matter.title, id);
                self.model.topics.push(Topic {
                    path,
                    body,
                    matter,
                    front,
                    slug,
                    broader: Vec::new(),
                    narrower: Vec::new(),
                    related: Vec::new(),
                    articles: Vec::new(),
                    figures: Vec::new(),
                    digests: Vec::new(),
                    citations: Vec::new(),
                });
            }
            Matter::Digest(matter) => {
                if matter.draft && !self.config.drafts {
                    self.model.omissions.push(Omission { path, reason: OmissionReason::Draft });
                } else {
                    self.taken.digests.push((path, body, matter, front));
                }
            }
            Matter::Publisher(matter) => {
                let Some(slug) = file_slug(stem, &path, self.diagnostics) else { return };
                let id = PublisherId::new(self.model.publishers.len());
                if let Some(taken) = self.index.publishers.add_slug(&slug, id) {
                    self.diagnostics.push(twice("publisher", &slug, &path, &self.model[taken].path));
                    return;
                }
                for name in std::iter::once(&matter.name).chain(&matter.alternate_names) {
                    self.index.publishers.add_spelling(&name.value, id);
                }
                self.model.publishers.push(Publisher { path, body, matter, front, slug, articles: Vec::new() });
            }
            Matter::Entity(matter) => self.add_entity(path, stem, matter, body, front),
            Matter::Page(matter) => {
                if matter.draft && !self.config.drafts {
                    self.model.omissions.push(Omission { path, reason: OmissionReason::Draft });
                    return;
                }
                let below = path.strip_prefix("content/pages/").and_then(|rest| rest.strip_suffix(".md"));
                let slug = below.unwrap_or(stem).to_owned();
                if slug.split('/').all(|part| file_slug(part, &path, self.diagnostics).is_some()) {
                    self.model.pages.push(Page { path, body, slug, matter, front });
                }
            }
        }
    }

    fn add_article(&mut self, draft: Draft) {
        let Draft { article, omission, dues, diagnostics } = draft;
        self.diagnostics.extend(diagnostics);
        self.model.dues.extend(dues);
        let names = [SitePath::from(article.id.as_str()), article.path.clone()];
        let slug = article.slug.clone();
        let slot = match omission {
            Some(reason) => {
                self.model.omissions.push(Omission { path: article.path.clone(), reason });
                self.taken.left_out.push(article);
                ArticleSlot::LeftOut(self.model.omissions.len() - 1)
            }
            None => {
                self.model.articles.push(article);
                ArticleSlot::Published(ArticleId::new(self.model.articles.len() - 1))
            }
        };
        for name in names {
            self.is_twice |= self.index.articles.add_shared_slug(name, slot).is_some();
        }
        // A slug can stand for two articles of different days; then it is no reference.
        self.index.articles.add_spelling(&slug, slot);
    }

    fn add_entity(&mut self, path: SitePath, stem: &str, matter: Arc<EntityMatter>, body: usize, front: Fingerprint) {
        let Some(slug) = file_slug(stem, &path, self.diagnostics) else { return };
        let id = EntityId::new(self.model.entities.len());
        let (names, what) = match matter.kind {
            EntityKind::Person => (&mut self.index.people, "person"),
            EntityKind::Place => (&mut self.index.places, "place"),
            EntityKind::Organization => (&mut self.index.organizations, "organization"),
        };
        if let Some(taken) = names.add_slug(&slug, id) {
            self.diagnostics.push(twice(what, &slug, &path, &self.model[taken].path));
            return;
        }
        for name in std::iter::once(&matter.name).chain(&matter.alternate_names) {
            names.add_spelling(&name.value, id);
        }
        self.model.entities.push(Entity {
            path,
            body,
            matter,
            front,
            slug,
            role_organizations: Vec::new(),
            members: Vec::new(),
            articles: Vec::new(),
            quotes: Vec::new(),
        });
    }
}

/// An article as its document says it is; nothing for a document of another kind.
fn draft(document: &Document, config: &Config, now: &Now) -> Option<Draft> {
    let Matter::Article(matter) = &document.matter else { return None };
    let (matter, path, stem) = (Arc::clone(matter), document.path.clone(), document.stem());
    let mut diagnostics = Vec::new();
    let mut dues = Vec::new();
    // An article with a wrong slug or date goes on with a stand-in: what else is wrong with it is wanted in the same
    // run, and a site with errors is not written.
    let slug = match &matter.slug {
        None => file_slug(stem, &path, &mut diagnostics).unwrap_or_else(|| slugify(stem)),
        Some(slug) if is_segment(&slug.value) => slug.value.clone(),
        Some(slug) => {
            let place = Place::new(&path, slug.span.clone());
            let safe = slugify(&slug.value);
            diagnostics.push(Diagnostic::error(format!("`{}` cannot be part of an address", slug.value), place).hint(
                format!(
                    "write one part without slashes, spaces or dots at its ends, such as `slug = \"{}\"`",
                    if safe.is_empty() { "talks-in-geneva" } else { &safe }
                ),
            ));
            slugify(stem)
        }
    };
    let date = match &matter.date {
        Some(date) => date.value,
        None => When::moment(now.timestamp, &config.zone),
    };
    let id = matter.id.as_ref().map_or_else(|| format!("{}-{slug}", date.date()), |id| id.value.clone());
    let omission = if matter.draft && !config.drafts {
        Some(OmissionReason::Draft)
    } else if date.timestamp() > now.timestamp && !config.drafts {
        Some(OmissionReason::Scheduled)
    } else if matter.embargoed_until.as_ref().is_some_and(|until| until.timestamp() > now.timestamp) {
        Some(OmissionReason::Embargoed)
    } else if matter.expires.as_ref().is_some_and(|expiry| expiry.timestamp() <= now.timestamp) {
        Some(OmissionReason::Expired)
    } else {
        None
    };
    if omission != Some(OmissionReason::Draft) {
        let from = (!config.drafts).then(|| (date.timestamp(), DueChange::Appears));
        let embargo = matter.embargoed_until.as_ref().map(|until| (until.timestamp(), DueChange::EmbargoEnds));
        let expiry = matter.expires.as_ref().map(|expiry| expiry.timestamp());
        // What is both scheduled and under embargo waits for the later of the two.
        let shown = from.into_iter().chain(embargo).max_by_key(|(at, _)| *at);
        let is_ever_shown = expiry.is_none_or(|expiry| shown.is_none_or(|(at, _)| at < expiry));
        let expiry = expiry.map(|at| (at, DueChange::Expires));
        for (at, change) in shown.into_iter().chain(expiry) {
            if at > now.timestamp && is_ever_shown {
                dues.push(Due { at, path: path.clone(), change });
            }
        }
    }
    let is_withdrawn = matter.retraction().is_some();
    let matter = if is_withdrawn { Arc::new(matter.withdrawn()) } else { matter };
    let article = Article {
        path,
        body: document.body,
        matter,
        front: document.front,
        slug,
        id,
        date,
        topics: ThinVec::new(),
        publisher: None,
        agency: None,
        located: None,
        people: ThinVec::new(),
        places: ThinVec::new(),
        organizations: ThinVec::new(),
        tags: ThinVec::new(),
        speakers: ThinVec::new(),
        citations: ThinVec::new(),
        quote_citations: ThinVec::new(),
        figures: ThinVec::new(),
        // A text that no longer stands is no other's original.
        sketch: document.sketch.clone().filter(|_| !is_withdrawn),
        copy_of: None,
        repeats: false,
        copies: ThinVec::new(),
        display: Display::Full,
        max_words: EXCERPT_WORDS,
        license: None,
        rights_holder: None,
        digests: ThinVec::new(),
        newer: None,
        older: None,
        fingerprints: OnceLock::new(),
    };
    Some(Draft { article, omission, dues, diagnostics })
}

/// An article before anybody can refer to it.
struct Draft {
    article: Article,
    /// Why it is left out, where it is.
    omission: Option<OmissionReason>,
    dues: Vec<Due>,
    /// What is wrong with it by itself.
    diagnostics: Vec<Diagnostic>,
}

fn twice(what: &str, slug: &str, path: &SitePath, first: &SitePath) -> Diagnostic {
    Diagnostic::error(format!("there are two files for the {what} `{slug}`"), Place::file(path))
        .related(Place::file(first), "the other one")
        .hint("keep one of them, or rename one")
}

/// Ids go into feeds, where a second entry of the same id would hide the first.
fn check_ids(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, &Article> = HashMap::with_capacity(model.articles.len());
    for article in &model.articles {
        if let Some(first) = seen.insert(&article.id, article) {
            let place = |article: &Article| match &article.matter.id {
                Some(id) => Place::new(&article.path, id.span.clone()),
                None => Place::file(&article.path),
            };
            diagnostics.push(
                Diagnostic::error(format!("two articles have the id `{}`", article.id), place(article))
                    .related(place(first), "the other one")
                    .hint("give one of them an id of its own; an id that was published must stay as it is"),
            );
        }
    }
}
