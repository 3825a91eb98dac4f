//! What the rows of `[[events]]` rest on.

use super::{
    ArticleId, Model,
    index::{ArticleSlot, Index},
};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    parse::matter::Event,
};

/// The articles that each event cites: `own`, where it names none. One that the site leaves out is no citation now, and an
/// event with no other is left out with it.
pub fn cite(
    events: &[Event],
    own: Option<ArticleId>,
    index: &Index,
    path: &SitePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<ArticleId>> {
    let mut cited = Vec::with_capacity(events.len());
    for event in events {
        if event.citations.is_empty() {
            cited.push(Vec::from_iter(own));
            continue;
        }
        let slots = index.articles.resolve_all(&event.citations, "citation", path, diagnostics);
        let published = slots.iter().filter_map(|slot| match slot {
            ArticleSlot::Published(id) => Some(*id),
            ArticleSlot::LeftOut(_) => None,
        });
        let published: Vec<ArticleId> = published.collect();
        if published.is_empty() && !slots.is_empty() {
            let place = Place::new(path, event.citations[0].span.clone());
            let message = format!("`{}` is left out, and with it the event that cites it", event.citations[0].value);
            diagnostics.push(
                Diagnostic::warning(message, place).hint("cite another article as well, or wait until it comes in"),
            );
        }
        cited.push(published);
    }
    cited
}

impl Model {
    /// Whether anything that happened is known of a list of articles, or of the topic or digest with these citations.
    pub fn has_events(&self, own: &[Vec<ArticleId>], articles: impl IntoIterator<Item = ArticleId>) -> bool {
        let is_shown = |rows: &[Vec<ArticleId>]| rows.iter().any(|row| !row.is_empty());
        is_shown(own) || articles.into_iter().any(|id| is_shown(&self[id].citations))
    }
}
