//! Editions: a digest as it was at one moment, what became of its items, and what changed from one to the next.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    ArticleId, Digest, DigestId, Item, LinkTarget, Model, OmissionReason, Target,
    index::{ArticleSlot, Index},
};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    fingerprint::{Fingerprint, Mixer},
    parse::{
        edition::{EditionItem, EditionMatter, EditionTarget},
        matter::CorrectionKind,
    },
};

/// A digest as it was at one moment.
#[derive(Debug)]
pub struct Edition {
    /// Its file.
    pub path: SitePath,
    /// What the file says.
    pub matter: Arc<EditionMatter>,
    /// What each item points to now, in the order of the items.
    pub now: Vec<Standing>,
    /// Of the file.
    front: Fingerprint,
}

/// What became of an item of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The article is in the site.
    Shown(ArticleId),
    /// The article is there and left out of the site.
    LeftOut(OmissionReason),
    /// There is no article with this id.
    Gone,
    /// A page elsewhere.
    Link,
}

impl Edition {
    /// From 1.
    pub fn number(&self) -> u32 {
        self.matter.number
    }

    /// Whether it is the same edition, whose items stand as they did.
    pub(super) fn is_as(&self, other: &Edition) -> bool {
        self.path == other.path && self.front == other.front && self.now == other.now
    }

    /// The items with what became of them, in order.
    pub fn items(&self) -> impl Iterator<Item = (&EditionItem, &Standing)> {
        self.matter.items.iter().zip(&self.now)
    }
}

/// An item of a digest, now or in an edition, as far as two lists are compared.
#[derive(Clone, Debug)]
pub struct Row {
    /// The article's id or the link's address.
    pub id: String,
    /// Its headline.
    pub title: String,
    /// What it points to.
    pub standing: Standing,
    /// How many corrections the article has.
    pub corrections: usize,
    /// Whether the article no longer stands.
    pub is_retracted: bool,
    /// Tells what the item shows from what it showed: headline, dates, summary, corrections and the curator's line.
    pub shown: String,
}

/// Something that is other in a list than in the list before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// The headline; none for an article that is no longer shown.
    pub title: Option<String>,
    /// The article's id or the link's address.
    pub id: String,
    /// What it points to.
    pub standing: Standing,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It came in.
    Added,
    /// Its article no longer stands.
    Retracted,
    /// Its article was corrected.
    Corrected,
    /// It shows something else.
    Updated,
    /// It went out.
    Removed,
}

impl ChangeKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Retracted => "retracted",
            ChangeKind::Corrected => "corrected",
            ChangeKind::Updated => "updated",
            ChangeKind::Removed => "removed",
        }
    }
}

/// An edition's file before its references are resolved.
pub type EditionDocument = (SitePath, Arc<EditionMatter>, Fingerprint);

/// Gives each digest its editions, the first one first.
pub(super) fn build(
    model: &mut Model,
    index: &Index,
    mut documents: Vec<EditionDocument>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if documents.is_empty() {
        return;
    }
    documents.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let digests: BTreeMap<String, DigestId> = model.digests().map(|(id, digest)| (digest.id.clone(), id)).collect();
    for (path, matter, front) in documents {
        let Some(id) = digests.get(&matter.digest.value).copied() else {
            let place = Place::new(&path, matter.digest.span.clone());
            let message = format!("an edition of `{}`, and the site has no such digest", matter.digest.value);
            let near = crate::diagnostic::did_you_mean(&matter.digest.value, digests.keys().map(String::as_str));
            diagnostics.push(Diagnostic::warning(message, place).hint(match near {
                Some(near) => format!("did you mean `{near}`? a digest is named by its `id`"),
                None => "give the digest back the `id` that it had, or remove the edition's file".to_owned(),
            }));
            continue;
        };
        if let Some(other) = model[id].editions.iter().find(|other| other.number() == matter.number) {
            let message = format!("there are two files for edition {} of `{}`", matter.number, matter.digest.value);
            diagnostics.push(
                Diagnostic::error(message, Place::file(&path))
                    .related(Place::file(&other.path), "the other one")
                    .hint("remove one of them, or give it a `number` of its own"),
            );
            continue;
        }
        let now = matter.items.iter().map(|item| standing(model, index, &item.target)).collect();
        model.digests[id.index()].editions.push(Edition { path, matter, now, front });
    }
    for digest in &mut model.digests {
        digest.editions.sort_by_key(Edition::number);
        // Of an edition that another one followed, nothing is left to do.
        if let Some(latest) = digest.editions.last() {
            missing(latest, diagnostics);
        }
    }
}

fn standing(model: &Model, index: &Index, target: &EditionTarget) -> Standing {
    match target {
        EditionTarget::Link { .. } => Standing::Link,
        EditionTarget::Article(id) => match index.articles.find(id) {
            // A slug or a path is a name as well, but not one that lasts.
            Some(ArticleSlot::Published(article)) if model[article].id == *id => Standing::Shown(article),
            Some(ArticleSlot::LeftOut(at)) => Standing::LeftOut(model.omissions[at].reason.clone()),
            _ => Standing::Gone,
        },
    }
}

/// Says which items are no longer shown.
fn missing(edition: &Edition, diagnostics: &mut Vec<Diagnostic>) {
    for (item, standing) in edition.items() {
        let (what, hint) = match standing {
            Standing::LeftOut(reason) => {
                (format!("is left out: {}", reason.noun(1)), "the edition says that an item is no longer here")
            }
            Standing::Gone => (
                "is not in the site".to_owned(),
                "the edition says that an item is no longer here; an article keeps its place through its `id`, wherever \
                 its file lies",
            ),
            Standing::Shown(_) | Standing::Link => continue,
        };
        let message = format!("the article `{}` of this edition {what}", item.id());
        diagnostics.push(Diagnostic::warning(message, Place::new(&edition.path, item.span.clone())).hint(hint));
    }
}

impl Model {
    /// What a digest has now.
    pub fn rows(&self, id: DigestId) -> Vec<Row> {
        self[id].items().map(|item| self.row(item)).collect()
    }

    fn row(&self, item: &Item) -> Row {
        let own = item.commentary.as_ref().map(|line| line.0.as_str());
        let mut shown = Mixer::new();
        let (id, title, standing, corrections, is_retracted) = match &item.target {
            Target::Link(link) => {
                let LinkTarget { url, title, source, .. } = &**link;
                shown.text(title).maybe(source.as_deref()).maybe(own);
                (url, title, Standing::Link, 0, false)
            }
            Target::Article(id) => {
                let article = &self[*id];
                let matter = &article.matter;
                shown.text(&matter.title).text(&article.date.iso()).text(&article.last_changed().iso());
                shown.maybe(matter.summary.as_deref());
                shown.maybe(own.or(matter.commentary.as_ref().map(|text| text.value.as_str())));
                for row in &matter.corrections {
                    shown.text(&row.text);
                }
                let is_retracted = matter.corrections.iter().any(|row| row.kind == CorrectionKind::Retraction);
                (&article.id, &matter.title, Standing::Shown(*id), matter.corrections.len(), is_retracted)
            }
        };
        let shown = shown.finish().to_string()[..16].to_owned();
        Row { id: id.clone(), title: title.clone(), standing, corrections, is_retracted, shown }
    }

    /// What an edition had. An article that is a copy of another by now stands for that one, as it does in a digest.
    pub fn rows_of(&self, edition: &Edition) -> Vec<Row> {
        let row = |(item, standing): (&EditionItem, &Standing)| {
            let original = match standing {
                Standing::Shown(id) => self[*id].copy_of,
                _ => None,
            };
            Row {
                id: original.map_or_else(|| item.id().to_owned(), |id| self[id].id.clone()),
                title: item.title.clone(),
                standing: original.map_or_else(|| standing.clone(), Standing::Shown),
                corrections: item.corrections,
                is_retracted: item.is_retracted,
                shown: item.shown.clone(),
            }
        };
        edition.items().map(row).collect()
    }

    /// What changed in a digest since its latest edition; `None` when it has none.
    pub fn changes_since_edition(&self, id: DigestId) -> Option<Vec<Change>> {
        let latest = self[id].editions.last()?;
        Some(changes(&self.rows_of(latest), &self.rows(id)))
    }

    /// What changed from the edition before to the one at a place; `None` for the first one.
    pub fn changes_to_edition(&self, digest: &Digest, at: usize) -> Option<Vec<Change>> {
        let before = digest.editions.get(at.checked_sub(1)?)?;
        Some(changes(&self.rows_of(before), &self.rows_of(digest.editions.get(at)?)))
    }

    /// Adds all that a digest's editions say, and what they are compared with.
    pub(super) fn editions(&self, mixer: &mut Mixer, digest: &Digest) {
        mixer.number(digest.editions.len() as u64);
        for edition in &digest.editions {
            mixer.text(&edition.path).fingerprint(edition.front);
            for standing in &edition.now {
                match standing {
                    Standing::Shown(id) => {
                        let article = &self[*id];
                        let original = article.copy_of.map(|id| self[id].id.as_str());
                        mixer.text(&article.path).maybe(original)
                    }
                    Standing::LeftOut(reason) => mixer.text(reason.noun(1)),
                    Standing::Gone | Standing::Link => mixer.number(0),
                };
            }
        }
        if !digest.editions.is_empty() {
            for row in digest.items().map(|item| self.row(item)) {
                mixer.text(&row.id).text(&row.shown).number(row.corrections as u64).number(u64::from(row.is_retracted));
            }
        }
    }
}

/// What is other in `after` than it was in `before`, in the order of `after`; then what is gone.
fn changes(before: &[Row], after: &[Row]) -> Vec<Change> {
    let known: BTreeMap<&str, &Row> = before.iter().map(|row| (row.id.as_str(), row)).collect();
    let mut found: Vec<Change> = Vec::new();
    let change = |kind: ChangeKind, row: &Row| {
        let is_shown = matches!(row.standing, Standing::Shown(_) | Standing::Link);
        let (title, id, standing) = (row.title.clone(), row.id.clone(), row.standing.clone());
        Change { kind, title: is_shown.then_some(title), id, standing }
    };
    for row in after {
        let kind = match known.get(row.id.as_str()) {
            None => ChangeKind::Added,
            Some(was) if row.is_retracted && !was.is_retracted => ChangeKind::Retracted,
            Some(was) if row.corrections > was.corrections => ChangeKind::Corrected,
            Some(was) if row.shown != was.shown => ChangeKind::Updated,
            Some(_) => continue,
        };
        found.push(change(kind, row));
    }
    let there: BTreeSet<&str> = after.iter().map(|row| row.id.as_str()).collect();
    found.extend(
        before.iter().filter(|row| !there.contains(row.id.as_str())).map(|row| change(ChangeKind::Removed, row)),
    );
    found
}
