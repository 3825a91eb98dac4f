//! People, places and organizations.

use std::sync::Arc;

use crate::{diagnostic::SitePath, fingerprint::Fingerprint, model::ArticleId, parse::matter::EntityMatter};

/// A person, place or organization.
#[derive(Debug)]
pub struct Entity {
    /// Its file.
    pub path: SitePath,
    /// Where its Markdown starts in it.
    pub body: usize,
    /// Its front matter.
    pub matter: Arc<EntityMatter>,
    /// Of the front matter as written.
    pub front: Fingerprint,
    /// The last part of its address.
    pub slug: String,
    /// The page of the organization in each row of `[[roles]]`, where the site has one.
    pub role_organizations: Vec<Option<crate::model::EntityId>>,
    /// Articles with it, newest first; a place has those with its dateline too.
    pub articles: Vec<ArticleId>,
    /// What the person said, newest first: an article and the row of its `[[quotes]]`.
    pub quotes: Vec<(ArticleId, usize)>,
}
