//! Everything that can be referred to, by all its names.

use super::{ArticleId, EntityId, PublisherId, TagId, TopicId, names::Names};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    slug::{is_segment, slugify},
};

/// The names of each kind of thing.
pub struct Index {
    pub topics: Names<TopicId>,
    pub publishers: Names<PublisherId>,
    pub people: Names<EntityId>,
    pub places: Names<EntityId>,
    pub organizations: Names<EntityId>,
    pub tags: Names<TagId>,
    pub articles: Names<ArticleSlot>,
}

/// An article that can be referred to: in the site, or left out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleSlot {
    Published(ArticleId),
    /// Its place among the omissions.
    LeftOut(usize),
}

impl Index {
    /// An index of nothing yet.
    pub fn new() -> Self {
        Index {
            topics: Names::new("topic", "content/topics/"),
            publishers: Names::new("publisher", "content/publishers/"),
            people: Names::new("person", "content/people/"),
            places: Names::new("place", "content/places/"),
            organizations: Names::new("organization", "content/organizations/"),
            tags: Names::new("tag", "the articles' `tags`"),
            articles: Names::new("article", "content/articles/"),
        }
    }
}

/// The file's name as a part of an address.
pub fn file_slug(stem: &str, path: &SitePath, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    if is_segment(stem) {
        return Some(stem.to_owned());
    }
    let safe = slugify(stem);
    let hint = if safe.is_empty() {
        "rename it: letters, digits and hyphens".to_owned()
    } else {
        format!("rename it, for example to `{safe}.md`")
    };
    let message = format!("the file's name `{stem}` cannot be part of an address");
    diagnostics.push(Diagnostic::error(message, Place::file(path)).hint(hint));
    None
}
