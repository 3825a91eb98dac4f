//! People, places and organizations.

use std::sync::Arc;

use crate::{
    date::Period,
    diagnostic::SitePath,
    fingerprint::Fingerprint,
    model::ArticleId,
    parse::matter::{EntityMatter, Position},
};

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
    /// An organization's people: those with a role there, in the order of their paths.
    pub members: Vec<crate::model::EntityId>,
    /// Articles with it, newest first; a place has those with its dateline too.
    pub articles: Vec<ArticleId>,
    /// What the person said, by the day on which it was said, newest first: an article and the row of its `[[quotes]]`.
    pub quotes: Vec<(ArticleId, usize)>,
}

/// How well the dates of a role agree with a day or a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    /// They may: a month or a year says no more.
    Perhaps,
    /// They do.
    Surely,
}

impl Entity {
    /// The rows of `[[roles]]` that the person held on some day of a period, the earliest first. A role that was surely
    /// held then displaces those of which the dates leave it open.
    pub fn roles_in(&self, period: Period) -> Vec<usize> {
        let held = |role: &Position| {
            let overlaps = |from: Option<jiff::civil::Date>, to: Option<jiff::civil::Date>| {
                from.is_none_or(|from| from <= period.last) && to.is_none_or(|to| period.first <= to)
            };
            if overlaps(role.from.map(|date| date.last), role.to.map(|date| date.first)) {
                Some(Held::Surely)
            } else if overlaps(role.from.map(|date| date.first), role.to.map(|date| date.last)) {
                Some(Held::Perhaps)
            } else {
                None
            }
        };
        let found: Vec<(usize, Held)> =
            self.matter.roles.iter().enumerate().filter_map(|(row, role)| Some((row, held(role)?))).collect();
        let best = found.iter().map(|(_, held)| *held).max();
        let mut rows: Vec<usize> =
            found.into_iter().filter(|(_, held)| Some(*held) == best).map(|(row, _)| row).collect();
        rows.sort_by_key(|row| self.matter.roles[*row].from.map(|date| date.first));
        rows
    }
}
