//! Articles, and what is left out of the site.

use std::sync::{Arc, OnceLock};

use jiff::{Timestamp, civil};
use thin_vec::ThinVec;

use crate::{
    date::When,
    diagnostic::SitePath,
    fingerprint::Fingerprint,
    model::{ArticleId, DigestId, EntityId, Figure, PublisherId, TagId, TopicId},
    parse::{
        matter::{ArticleMatter, Display},
        sketch::Sketch,
    },
};

/// A published article.
#[derive(Debug)]
pub struct Article {
    /// Its file.
    pub path: SitePath,
    /// Where its Markdown starts in it.
    pub body: usize,
    /// Its front matter.
    pub matter: Arc<ArticleMatter>,
    /// Of the front matter as written.
    pub front: Fingerprint,
    /// The last part of its address.
    pub slug: String,
    /// What it is called for ever.
    pub id: String,
    /// When it was published.
    pub date: When,
    /// Its topics, as listed.
    pub topics: ThinVec<TopicId>,
    /// Where it was read.
    pub publisher: Option<PublisherId>,
    /// Who reported it.
    pub agency: Option<PublisherId>,
    /// The place of its dateline.
    pub located: Option<EntityId>,
    /// Who is in it.
    pub people: ThinVec<EntityId>,
    /// Where it happens.
    pub places: ThinVec<EntityId>,
    /// Which bodies are in it.
    pub organizations: ThinVec<EntityId>,
    /// Its keywords.
    pub tags: ThinVec<TagId>,
    /// The person of each row of `[[quotes]]`, where the site has a page of them.
    pub speakers: ThinVec<Option<EntityId>>,
    /// The article that each row of `[[quotes]]` cites, in the same way; none for an address elsewhere.
    pub quote_citations: ThinVec<Option<ArticleId>>,
    /// Its `[[figures]]`, resolved.
    pub figures: ThinVec<Figure>,
    /// Of its text, where an agency reported it.
    pub sketch: Option<Arc<Sketch>>,
    /// The article whose text this one carries as well: lists show that one alone.
    pub copy_of: Option<ArticleId>,
    /// Whether all of its text, but for a few words, stands in that of `copy_of`.
    pub repeats: bool,
    /// The articles that carry this one's text, the earliest first.
    pub copies: ThinVec<ArticleId>,
    /// The articles that each row of `[[events]]` cites: this one, where the row names none. A row with none of them in
    /// the site is not shown.
    pub citations: ThinVec<Vec<ArticleId>>,
    /// How much of it may be shown, by itself, its agency, its publisher or the site.
    pub display: Display,
    /// Words of an excerpt, at most.
    pub max_words: usize,
    /// The licence of its text, from the same four.
    pub license: Option<String>,
    /// Who holds the rights, from the same four.
    pub rights_holder: Option<String>,
    /// The digests that hold it, the latest period first.
    pub(super) digests: ThinVec<DigestId>,
    /// The next newer article of its first topic; of the site, when it has none.
    pub(super) newer: Option<ArticleId>,
    /// The next older one.
    pub(super) older: Option<ArticleId>,
    /// Of all of it, and of its name alone, once somebody asked: every list that shows it does.
    pub(super) fingerprints: OnceLock<(Fingerprint, Fingerprint)>,
}

impl Article {
    /// When it last said something new: published, updated at its source, or corrected.
    pub fn last_changed(&self) -> &When {
        let corrections = self.matter.corrections.iter().map(|row| &row.date);
        corrections.chain(self.matter.updated.as_deref()).fold(&self.date, |latest, date| latest.max(date))
    }

    /// The day on which the words of a row of `[[quotes]]` were said: the article's, where the row names none.
    pub fn said_on(&self, row: usize) -> civil::Date {
        let said = self.matter.quotes.get(row).and_then(|quote| quote.date);
        said.unwrap_or(self.date).date()
    }
}

/// Why something is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OmissionReason {
    /// `draft = true`.
    Draft,
    /// Dated later than the build.
    Scheduled,
    /// `embargoed_until` lies ahead.
    Embargoed,
    /// `expires` has passed.
    Expired,
    /// In `content/inbox/`.
    Inbox,
}

impl OmissionReason {
    /// For counts: "2 drafts".
    pub fn noun(&self, count: usize) -> &'static str {
        match (self, count) {
            (OmissionReason::Draft, 1) => "draft",
            (OmissionReason::Draft, _) => "drafts",
            (OmissionReason::Scheduled, _) => "scheduled for later",
            (OmissionReason::Embargoed, _) => "under embargo",
            (OmissionReason::Expired, _) => "expired",
            (OmissionReason::Inbox, _) => "in the inbox",
        }
    }
}

/// A file that is not part of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omission {
    /// The file.
    pub path: SitePath,
    /// Why.
    pub reason: OmissionReason,
}

/// A moment at which the same files make another site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The moment.
    pub at: Timestamp,
    /// The article's file.
    pub path: SitePath,
    /// What becomes of the article.
    pub change: DueChange,
}

/// What becomes of an article when its time comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DueChange {
    /// Its date is reached.
    Appears,
    /// Its embargo ends.
    EmbargoEnds,
    /// It expires.
    Expires,
}
