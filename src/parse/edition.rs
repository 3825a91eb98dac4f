//! `content/editions/`: a digest as it was at one moment. These files are TOML alone; `dateline edition` writes them.

use serde::{Deserialize, Serialize};

use super::{
    fields::{Fields, Located},
    matter::ItemRole,
};
use crate::{date::When, diagnostic::Span};

/// The folder of the editions, from the site's root.
pub const EDITIONS: &str = "content/editions/";

/// The list of a digest at the moment of an edition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditionMatter {
    /// The digest, by its id.
    pub digest: Located<String>,
    /// From 1.
    pub number: u32,
    /// The moment.
    pub date: Option<When>,
    /// The digest's title then.
    pub title: String,
    /// The digest's summary then.
    pub summary: Option<String>,
    /// The digest's introduction then, in Markdown; its links are relative to the digest's file.
    pub introduction: Option<Located<String>>,
    /// What was in it, in order.
    pub items: Vec<EditionItem>,
}

/// An item as it was at the moment of an edition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditionItem {
    /// The row's bytes in the file.
    pub span: Span,
    /// What it points to.
    pub target: EditionTarget,
    /// Its headline then.
    pub title: String,
    /// The heading of its section.
    pub section: Option<String>,
    /// Its part in the digest.
    pub role: ItemRole,
    /// The digest's line on it, in Markdown.
    pub commentary: Option<Located<String>>,
    /// How many corrections the article had.
    pub corrections: usize,
    /// Whether the article no longer stood.
    pub is_retracted: bool,
    /// Of what the item showed.
    pub shown: String,
}

/// What an item of an edition points to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EditionTarget {
    /// An article, by its id.
    Article(String),
    /// A page elsewhere.
    Link {
        /// Its address.
        url: String,
        /// Who published it.
        source: Option<String>,
    },
}

impl EditionItem {
    /// What it is called for ever: the article's id, or the link's address.
    pub fn id(&self) -> &str {
        match &self.target {
            EditionTarget::Article(id) => id,
            EditionTarget::Link { url, .. } => url,
        }
    }
}

/// Reads the file of an edition. `None`, with diagnostics, when it does not say which one it is.
pub(super) fn read(fields: &mut Fields<'_>) -> Option<EditionMatter> {
    let digest = fields.required_text("digest", "the id of the digest; `dateline edition DIGEST` writes these files");
    let has_number = fields.has("number");
    let number = fields.number("number", 1..=i64::from(u32::MAX)).and_then(|number| u32::try_from(number).ok());
    if !has_number {
        fields.missing("number", "which edition of the digest it is, from 1: `number = 1`");
    }
    let has_date = fields.has("date");
    let date = fields.when("date").map(|date| date.value);
    if !has_date {
        fields.missing("date", "when the digest was frozen: `date = 2022-02-01T08:00:00Z`");
    }
    let title = fields.required_text("title", "add a line `title = \"…\"`");
    let summary = fields.text("summary").map(|text| text.value);
    let introduction = fields.text("introduction");
    let items = fields.tables("items", "`[[items]]`", item);
    Some(EditionMatter {
        digest: digest?,
        number: number?,
        date,
        title: title.map_or_else(String::new, |title| title.value),
        summary,
        introduction,
        items: items.into_iter().flatten().collect(),
    })
}

fn item(fields: &mut Fields<'_>) -> Option<EditionItem> {
    let article = fields.text("article").map(|text| text.value);
    let url = fields.url("url").map(|url| url.value);
    let source = fields.text("source").map(|text| text.value);
    let title = fields.required_text("title", "the headline that the item had: `title = \"…\"`");
    let section = fields.text("section").map(|text| text.value);
    let role = fields.choice("role").unwrap_or(ItemRole::Item);
    let commentary = fields.text("commentary");
    let corrections = fields.number("corrections", 0..=i64::from(u32::MAX)).unwrap_or(0);
    let is_retracted = fields.flag("retracted").unwrap_or(false);
    let shown = fields.text("shown").map_or_else(String::new, |text| text.value);
    let target = match (article, url) {
        (Some(id), _) => EditionTarget::Article(id),
        (None, Some(url)) => EditionTarget::Link { url, source },
        (None, None) => {
            fields.missing("article", "the id of an article, or `url` for a page elsewhere");
            return None;
        }
    };
    Some(EditionItem {
        span: fields.span(),
        target,
        title: title?.value,
        section,
        role,
        commentary,
        corrections: usize::try_from(corrections).unwrap_or_default(),
        is_retracted,
        shown,
    })
}
