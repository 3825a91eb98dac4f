//! Outlets and agencies.

use crate::{
    diagnostic::{SitePath, Span},
    model::ArticleId,
    parse::matter::PublisherMatter,
};

/// An outlet that was read, or an agency that reported.
#[derive(Debug)]
pub struct Publisher {
    /// Its file.
    pub path: SitePath,
    /// The bytes of its Markdown.
    pub body: Span,
    /// Its front matter.
    pub matter: PublisherMatter,
    /// The last part of its address.
    pub slug: String,
    /// Articles read there or reported by it, newest first.
    pub articles: Vec<ArticleId>,
}
