//! Outlets and agencies.

use std::sync::Arc;

use crate::{diagnostic::SitePath, fingerprint::Fingerprint, model::ArticleId, parse::matter::PublisherMatter};

/// An outlet that was read, or an agency that reported.
#[derive(Debug)]
pub struct Publisher {
    /// Its file.
    pub path: SitePath,
    /// Where its Markdown starts in it.
    pub body: usize,
    /// Its front matter.
    pub matter: Arc<PublisherMatter>,
    /// Of the front matter as written.
    pub front: Fingerprint,
    /// The last part of its address.
    pub slug: String,
    /// Articles read there or reported by it, newest first.
    pub articles: Vec<ArticleId>,
}
