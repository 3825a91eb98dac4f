//! What stands on an article that was withdrawn: events, figures and quotes that cite it, copies of its text, texts that link to
//! it, digests that list it. Readers of these do not see that their source no longer stands.

use super::quotes::linked;
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    error::Result,
    model::{Article, ArticleId, DigestOrigin, Figure},
    parse::{
        Located,
        matter::{self, CopyOf, Event, ItemTarget},
    },
    session::Inspected,
};

/// Adds a warning for each place.
///
/// # Errors
/// When a text cannot be read.
pub fn inspect(site: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<()> {
    let model = site.model;
    let withdrawn: Vec<ArticleId> =
        model.articles().filter(|(_, article)| article.matter.retraction().is_some()).map(|(id, _)| id).collect();
    if withdrawn.is_empty() {
        return Ok(());
    }
    let mut look = Look { site, withdrawn: &withdrawn, diagnostics };
    for (_, article) in model.articles() {
        let (path, matter) = (&article.path, &article.matter);
        look.copy(article);
        look.events(path, &matter.events, &article.citations);
        look.figures(path, &matter.figures, &article.figures);
        for (row, cited) in matter.quotes.iter().zip(&article.quote_citations) {
            look.reference("the quote", path, row.citation.as_ref(), *cited);
        }
        look.text(path, article.body)?;
    }
    for (_, topic) in model.topics() {
        look.events(&topic.path, &topic.matter.events, &topic.citations);
        look.figures(&topic.path, &topic.matter.figures, &topic.figures);
        look.text(&topic.path, topic.body)?;
    }
    for (_, digest) in model.digests() {
        let DigestOrigin::Written { path, body, matter, .. } = &digest.origin else { continue };
        look.events(path, &matter.events, &digest.citations);
        look.figures(path, &matter.figures, &digest.figures);
        for item in &matter.items {
            if let ItemTarget::Article(reference) = &item.target {
                look.item(path, reference);
            }
        }
        look.text(path, *body)?;
    }
    for (_, page) in model.pages() {
        look.text(&page.path, page.body)?;
    }
    Ok(())
}

struct Look<'a> {
    site: &'a Inspected<'a>,
    /// In order.
    withdrawn: &'a [ArticleId],
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Look<'_> {
    fn is_withdrawn(&self, id: ArticleId) -> bool {
        self.withdrawn.binary_search(&id).is_ok()
    }

    fn warn(&mut self, message: String, place: Place, article: ArticleId, hint: &str) {
        let article = &self.site.model[article];
        let diagnostic = Diagnostic::warning(message, place).hint(hint.to_owned());
        self.diagnostics.push(diagnostic.related(Place::file(&article.path), "it was withdrawn here"));
    }

    fn reference(
        &mut self,
        what: &str,
        path: &SitePath,
        reference: Option<&Located<String>>,
        cited: Option<ArticleId>,
    ) {
        let (Some(reference), Some(id)) = (reference, cited) else { return };
        if self.is_withdrawn(id) {
            self.warn(
                format!("{what} cites `{}`, which was withdrawn", reference.value),
                Place::new(path, reference.span.clone()),
                id,
                "cite an article that stands, or take it out",
            );
        }
    }

    /// A text that stands although the one that it carries does not.
    fn copy(&mut self, article: &Article) {
        let (Some(CopyOf::Article(reference)), Some(id)) = (article.matter.copy_of.as_deref(), article.copy_of) else {
            return;
        };
        if self.is_withdrawn(id) && article.matter.retraction().is_none() {
            self.warn(
                format!("the text is that of `{}`, which was withdrawn", reference.value),
                Place::new(&article.path, reference.span.clone()),
                id,
                "withdraw it as well, with a row of `[[corrections]]`, or write `copy_of = false`",
            );
        }
    }

    fn events(&mut self, path: &SitePath, rows: &[Event], cited: &[Vec<ArticleId>]) {
        for (row, cited) in rows.iter().zip(cited) {
            // One that stands is enough.
            if row.citations.is_empty() || cited.iter().any(|id| !self.is_withdrawn(*id)) {
                continue;
            }
            self.reference("the event", path, row.citations.first(), cited.first().copied());
        }
    }

    fn figures(&mut self, path: &SitePath, rows: &[matter::Figure], cited: &[Figure]) {
        for (row, cited) in rows.iter().zip(cited) {
            self.reference("the figure", path, row.citation.as_ref(), cited.citation);
        }
    }

    fn item(&mut self, path: &SitePath, reference: &Located<String>) {
        let is_it = |article: &Article| {
            let name = reference.value.as_str();
            article.id == name
                || article.slug == name
                || *article.path == *name
                || article.path.ends_with(&format!("/{name}"))
        };
        let Some(id) = self.withdrawn.iter().copied().find(|id| is_it(&self.site.model[*id])) else { return };
        self.warn(
            format!("the digest lists `{}`, which was withdrawn", reference.value),
            Place::new(path, reference.span.clone()),
            id,
            "take it out, or say in the digest's text what became of it",
        );
    }

    fn text(&mut self, path: &SitePath, body: usize) -> Result<()> {
        let text = self.site.snapshot.text(path)?.unwrap_or_default();
        let text = text.get(body..).unwrap_or_default();
        for (id, span) in linked(self.site, path, text) {
            if self.is_withdrawn(id) && self.site.model[id].path != *path {
                self.warn(
                    "the text links to an article that was withdrawn".to_owned(),
                    Place::new(path, body + span.start..body + span.end),
                    id,
                    "say so beside the link, or lead to one that stands",
                );
            }
        }
        Ok(())
    }
}
