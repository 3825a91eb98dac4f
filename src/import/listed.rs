//! Stories that are known by their address: what bookmarks, lists and newsletters hold.

use jiff::civil::Date;

use super::{
    Context, address,
    story::{Check, Published, Story},
    text::sha256,
};

/// What a list says of one story.
#[derive(Debug, Clone, Default)]
pub(super) struct Listed {
    /// Its address.
    pub url: String,
    /// Its headline.
    pub title: Option<String>,
    /// What the reader wrote on it.
    pub note: Option<String>,
    /// What the source says of it.
    pub summary: Option<String>,
    /// The reader's keywords.
    pub tags: Vec<String>,
    /// The day it was put on the list.
    pub saved: Option<Date>,
    /// When it was published, where the list says so.
    pub published: Option<Published>,
}

impl Listed {
    /// As a story without a text; `None` where the address is none of the web. `from` is what the list is, for the marks.
    pub fn story(self, from: &str, ctx: &Context) -> Option<Story> {
        let url = String::from(address::parse(&self.url, None)?);
        let mut story = Story::empty(ctx);
        story.title =
            self.title.map(|title| fold(&title)).filter(|title| !title.is_empty() && address::key(title).is_none());
        if story.title.is_none() {
            story.check.push(Check { field: "title", reason: format!("the {from} gives none") });
        }
        if self.published.is_none() {
            let reason = match self.saved {
                Some(day) => format!("the {from} tells only that it was there on {day}"),
                None => format!("the {from} gives none"),
            };
            story.check.push(Check { field: "date", reason });
        }
        story.check.push(Check {
            field: "body",
            reason: format!("the {from} gives no text: import the page itself, or let `--fetch` do it"),
        });
        story.published = self.published;
        story.retrieved = self.saved;
        story.summary = self.summary.map(|text| fold(&text)).filter(|text| !text.is_empty());
        story.commentary = self.note.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        story.tags = tags(self.tags);
        story.sha256 = sha256(format!("{url}\n{}", story.title.as_deref().unwrap_or_default()).as_bytes());
        story.url = Some(url);
        Some(story)
    }
}

/// Each keyword once, without blanks around it; a hundred at most.
fn tags(found: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for tag in found {
        let tag = fold(&tag);
        if !tag.is_empty() && out.len() < 100 && !out.contains(&tag) {
            out.push(tag);
        }
    }
    out
}

/// Runs of white space made one blank each; control characters gone.
pub(super) fn fold(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}
