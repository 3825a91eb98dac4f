//! What is said of an entry, and by which filters it is found: only what the site shows.

use super::layout::{Entry, FILTER};
use crate::{
    diagnostic::SitePath,
    model::{Article, DigestOrigin, Model, TopicId},
    parse::matter::Display,
};

/// A part of what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The headline or name of a page.
    Title,
    /// What it says in short, in its own language.
    Summary,
    /// The curator's line, in Markdown and the site's language.
    Note,
    /// A name: of somebody in an article, or of what it is filed under.
    Name,
    /// A filter's term.
    Filter,
}

/// The text of an entry.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// The file.
    pub path: &'a SitePath,
    /// Where the text starts in it.
    pub from: usize,
    /// How much of it is shown.
    pub max_words: Option<usize>,
}

/// What an entry is besides its parts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Described<'a> {
    /// Its text, where some of it is shown.
    pub body: Option<Body<'a>>,
    /// BCP 47 tag, where it is not the site's.
    pub language: Option<&'a str>,
    /// A page on something, not an article: by its name, it comes first.
    pub is_about: bool,
}

/// The kinds of filters, as the terms of the index have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// A topic, or one that it is part of.
    Topic,
    /// The publisher or the agency.
    Publisher,
    /// A person.
    Person,
}

impl Filter {
    /// The term of a slug.
    fn term(self, slug: &str) -> String {
        let letter = match self {
            Filter::Topic => 't',
            Filter::Publisher => 's',
            Filter::Person => 'p',
        };
        format!("{FILTER}{letter}/{slug}")
    }
}

/// Shows every part of an entry, in an order that is always the same.
pub fn describe<'a>(model: &'a Model, entry: Entry, mut see: impl FnMut(Part, &str)) -> Described<'a> {
    let see = &mut see;
    match entry {
        Entry::Article(id) => article(model, &model[id], see),
        Entry::Topic(id) => {
            let topic = &model[id];
            see(Part::Title, &topic.matter.title);
            maybe(see, Part::Summary, topic.matter.summary.as_deref());
            filters(model, &[id], see);
            about(&topic.path, topic.body, topic.matter.lang.as_deref())
        }
        Entry::Digest(id) => {
            let digest = &model[id];
            see(Part::Title, &digest.title);
            filters(model, digest.topic.as_slice(), see);
            match &digest.origin {
                DigestOrigin::Written { path, body, matter, .. } => {
                    maybe(see, Part::Summary, matter.summary.as_deref());
                    about(path, *body, matter.lang.as_deref())
                }
                DigestOrigin::Made => Described { is_about: true, ..Described::default() },
            }
        }
        Entry::Entity(id) => {
            let entity = &model[id];
            let matter = &entity.matter;
            see(Part::Title, &matter.name.value);
            matter.alternate_names.iter().for_each(|name| see(Part::Title, &name.value));
            maybe(see, Part::Summary, matter.summary.as_deref());
            see(Part::Filter, &Filter::Person.term(&entity.slug));
            about(&entity.path, entity.body, None)
        }
        Entry::Publisher(id) => {
            let publisher = &model[id];
            see(Part::Title, &publisher.matter.name.value);
            publisher.matter.alternate_names.iter().for_each(|name| see(Part::Title, &name.value));
            see(Part::Filter, &Filter::Publisher.term(&publisher.slug));
            about(&publisher.path, publisher.body, None)
        }
        Entry::Page(id) => {
            let page = &model[id];
            see(Part::Title, &page.matter.title);
            maybe(see, Part::Summary, page.matter.summary.as_deref());
            about(&page.path, page.body, page.matter.lang.as_deref())
        }
    }
}

fn article<'a>(model: &'a Model, article: &'a Article, see: &mut impl FnMut(Part, &str)) -> Described<'a> {
    let matter = &article.matter;
    see(Part::Title, &matter.title);
    maybe(see, Part::Summary, matter.summary.as_deref());
    for note in [&matter.commentary, &matter.why_it_matters] {
        maybe(see, Part::Note, note.as_ref().map(|note| note.value.as_str()));
    }
    let entities = article.people.iter().chain(&article.places).chain(&article.organizations).chain(&article.located);
    for id in entities {
        let matter = &model[*id].matter;
        see(Part::Name, &matter.name.value);
        matter.alternate_names.iter().for_each(|name| see(Part::Name, &name.value));
    }
    for id in article.publisher.iter().chain(&article.agency) {
        see(Part::Name, &model[*id].matter.name.value);
        see(Part::Filter, &Filter::Publisher.term(&model[*id].slug));
    }
    article.tags.iter().for_each(|id| see(Part::Name, &model[*id].name));
    article.topics.iter().for_each(|id| see(Part::Name, &model[*id].matter.title));
    matter.credits.iter().for_each(|credit| see(Part::Name, &credit.name));
    article.people.iter().for_each(|id| see(Part::Filter, &Filter::Person.term(&model[*id].slug)));
    filters(model, &article.topics, see);
    let max_words = match article.display {
        Display::Full => None,
        Display::Excerpt => Some(article.max_words),
        Display::Headline => Some(0),
    };
    Described {
        body: Some(Body { path: &article.path, from: article.body, max_words }),
        language: matter.lang.as_deref(),
        is_about: false,
    }
}

fn about<'a>(path: &'a SitePath, from: usize, language: Option<&'a str>) -> Described<'a> {
    Described { body: Some(Body { path, from, max_words: None }), language, is_about: true }
}

fn maybe(see: &mut impl FnMut(Part, &str), part: Part, text: Option<&str>) {
    if let Some(text) = text {
        see(part, text);
    }
}

/// The terms of some topics and of those that they are part of.
fn filters(model: &Model, topics: &[TopicId], see: &mut impl FnMut(Part, &str)) {
    let mut all: Vec<TopicId> = topics.to_vec();
    let mut at = 0;
    while let Some(id) = all.get(at).copied() {
        see(Part::Filter, &Filter::Topic.term(&model[id].slug));
        let broader = model[id].broader.iter().copied().filter(|id| !all.contains(id));
        let broader: Vec<TopicId> = broader.collect();
        all.extend(broader);
        at += 1;
    }
}
