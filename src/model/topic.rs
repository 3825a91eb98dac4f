//! Topics: storylines.

use std::sync::Arc;

use crate::{
    diagnostic::SitePath,
    fingerprint::Fingerprint,
    model::{ArticleId, DigestId, Figure, TopicId},
    parse::matter::TopicMatter,
};

/// A storyline.
#[derive(Debug)]
pub struct Topic {
    /// Its file.
    pub path: SitePath,
    /// Where its background starts in it.
    pub body: usize,
    /// Its front matter.
    pub matter: Arc<TopicMatter>,
    /// Of the front matter as written.
    pub front: Fingerprint,
    /// Its address below the root.
    pub slug: String,
    /// The topics it is part of.
    pub broader: Vec<TopicId>,
    /// The topics that are part of it.
    pub narrower: Vec<TopicId>,
    /// Topics to see as well.
    pub related: Vec<TopicId>,
    /// Its articles and those of all narrower topics, newest first.
    pub articles: Vec<ArticleId>,
    /// Its own `[[figures]]`, resolved.
    pub figures: Vec<Figure>,
    /// Its digests, the latest period first.
    pub digests: Vec<DigestId>,
    /// The articles that each row of its own `[[events]]` cites.
    pub citations: Vec<Vec<ArticleId>>,
}
