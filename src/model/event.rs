//! What the rows of `[[events]]` rest on.

use super::{
    ArticleId, Digest, Model,
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

/// An event and the articles that it cites. With none it is not shown.
pub type EventRow<'a> = (&'a Event, &'a [ArticleId]);

/// Events with what each of them cites.
pub fn event_rows<'a>(events: &'a [Event], citations: &'a [Vec<ArticleId>]) -> impl Iterator<Item = EventRow<'a>> {
    events.iter().zip(citations.iter().map(Vec::as_slice))
}

impl Model {
    /// What happened besides what a digest's articles say: its own rows, and those of its topic's file that belong to its period.
    pub fn rows_of_digest<'a>(&'a self, digest: &'a Digest) -> impl Iterator<Item = EventRow<'a>> {
        let own = digest.matter().map_or(&[][..], |matter| &matter.events);
        event_rows(own, &digest.citations).chain(self.rows_of_its_topic(digest))
    }

    /// The rows of a digest's topic that belong to its period.
    pub(super) fn rows_of_its_topic<'a>(&'a self, digest: &'a Digest) -> impl Iterator<Item = EventRow<'a>> {
        let of_topic = digest.topic.zip(digest.coverage).into_iter().flat_map(|(topic, period)| {
            let topic = &self[topic];
            event_rows(&topic.matter.events, &topic.citations).filter(move |(event, _)| period.covers(event.date))
        });
        of_topic.filter(|(_, cited)| !cited.is_empty())
    }

    /// Whether anything that happened is known of a list of articles, or from these rows.
    pub fn has_events<'a>(
        &self,
        mut own: impl Iterator<Item = EventRow<'a>>,
        articles: impl IntoIterator<Item = ArticleId>,
    ) -> bool {
        let is_said = |id: ArticleId| self[id].citations.iter().any(|cited| !cited.is_empty());
        own.any(|(_, cited)| !cited.is_empty()) || articles.into_iter().any(is_said)
    }
}
