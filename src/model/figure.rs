//! Figures: who gives which number.

use super::{
    ArticleId, EntityId, PublisherId,
    index::{ArticleSlot, Index},
};
use crate::{
    diagnostic::{Diagnostic, SitePath},
    parse::matter::{self, Reference},
};

/// A row of `[[figures]]` with its references resolved.
#[derive(Debug, PartialEq, Eq)]
pub struct Figure {
    /// Who says so.
    pub source: Option<Source>,
    /// The article that it stands in.
    pub citation: Option<ArticleId>,
    /// The address elsewhere that it stands at.
    pub url: Option<String>,
}

/// Who gives a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A publisher or an agency.
    Publisher(PublisherId),
    /// An organization with a page of its own.
    Organization(EntityId),
}

/// Where a row stands: an article, or an address elsewhere. `own` where it says nothing.
pub(super) fn cited(
    citation: Option<&Reference>,
    own: Option<ArticleId>,
    index: &Index,
    path: &SitePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<ArticleId>, Option<String>) {
    match citation {
        None => (own, None),
        Some(address) if is_address(&address.value) => (None, Some(address.value.clone())),
        Some(reference) => match index.articles.resolve(reference, "citation", path, diagnostics) {
            Some(ArticleSlot::Published(id)) => (Some(id), None),
            _ => (None, None),
        },
    }
}

/// Whether a citation names an address elsewhere.
fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Resolves the rows of a file. A source need not have a page: a name alone is shown as it is.
pub(super) fn resolve(
    rows: &[matter::Figure],
    own: Option<ArticleId>,
    index: &Index,
    path: &SitePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Figure> {
    rows.iter()
        .map(|row| {
            let (citation, url) = cited(row.citation.as_ref(), own, index, path, diagnostics);
            let source = row.source.as_ref().and_then(|source| {
                let organization = || index.organizations.find(&source.value).map(Source::Organization);
                index.publishers.find(&source.value).map(Source::Publisher).or_else(organization)
            });
            Figure { source, citation, url }
        })
        .collect()
}
