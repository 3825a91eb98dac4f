//! The story that was found in an input, before it becomes a file.

use std::sync::Arc;

use jiff::civil::Date;

pub use crate::parse::matter::{Display, Genre, Role};

use super::repeats::{Repeats, Sighting};
use super::text::lines::words;

/// What an import is told besides the input.
#[derive(Debug, Clone)]
pub struct Context {
    /// The day of the import: goes into `[import] date`.
    pub today: Date,
    /// Topics that the curator gave (`--topic`), slugs.
    pub topics: Vec<String>,
    /// Whether everything goes to `content/inbox/`, placed or not.
    pub inbox: bool,
    /// Names of outlets that the site knows already: (slug, name). They make publisher candidates surer.
    pub outlets: Vec<(String, String)>,
    /// What is known of earlier stories' lines.
    pub repeats: Arc<Repeats>,
}

impl Context {
    /// A context with nothing but the day of the import.
    #[must_use]
    pub fn on(today: Date) -> Self {
        Context { today, topics: Vec::new(), inbox: false, outlets: Vec::new(), repeats: Arc::default() }
    }
}

/// A person and what they did: one row of `[[credits]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// In normal case.
    pub name: String,
    /// What they did.
    pub role: Role,
    /// Where they reported from, where it is said.
    pub place: Option<String>,
}

/// A picture that the story shows or describes: one row of `[[images]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// Its address, absolute; plain text has none.
    pub src: Option<String>,
    /// What it shows, for those who do not see it, as the page says.
    pub alt: Option<String>,
    /// The caption without the credit.
    pub caption: Option<String>,
    /// The credit in normal case: `EPA-EFE/Martial Trezzini`.
    pub credit: Option<String>,
}

/// When a story was published, with what it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The calendar day, as printed.
    pub date: Date,
    /// A time of day, where it is printed with a zone: hour, minute, offset from UTC in minutes.
    pub time: Option<(i8, i8, i16)>,
    /// Where day and year come from, for the report: one clause.
    pub how: String,
}

/// A field that the curator should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The key in front matter (`body` for the text itself).
    pub field: &'static str,
    /// Why, in one sentence without a full stop.
    pub reason: String,
}

/// Kinds of text that are not the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Menus, section names, share bars, buttons, reading time.
    Navigation,
    /// Prompts to comment, and comments.
    Comments,
    /// Appeals for money or membership, subscription offers.
    Appeal,
    /// Newsletters and apps.
    Newsletter,
    /// Other stories: headlines, "Read more".
    Related,
    /// Advertisements.
    Advertisement,
    /// Copyright and other legal lines, cookie notices.
    Legal,
    /// Tags and topics.
    Tags,
    /// Who the author is.
    Biography,
    /// A credit line, its people kept under `[[credits]]`.
    Credit,
    /// A line of dates.
    Date,
    /// A caption, kept under `[[images]]`.
    Caption,
    /// The outlet's summary between headline and story.
    Standfirst,
    /// A note of the agency or the desk.
    Note,
    /// The headline again.
    Title,
    /// A line that the outlet prints under other titles as well.
    Repeated,
    /// Anything else outside the story.
    Other,
}

impl Kind {
    /// In words, for the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Navigation => "navigation",
            Kind::Comments => "comments",
            Kind::Appeal => "appeal",
            Kind::Newsletter => "newsletter",
            Kind::Related => "related stories",
            Kind::Advertisement => "advertisement",
            Kind::Legal => "legal notice",
            Kind::Tags => "tags",
            Kind::Biography => "biography",
            Kind::Credit => "credit line",
            Kind::Date => "date line",
            Kind::Caption => "caption",
            Kind::Standfirst => "standfirst",
            Kind::Note => "note",
            Kind::Title => "headline again",
            Kind::Repeated => "repeated by the outlet",
            Kind::Other => "not the story",
        }
    }
}

/// A stretch of the input that is not in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// What it is.
    pub kind: Kind,
    /// The first line, counted from 1.
    pub line: usize,
    /// How many lines it takes.
    pub lines: usize,
    /// Its words.
    pub words: usize,
    /// The text.
    pub text: String,
}

/// An outlet that may be where the story was read: offered, never asserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The name as printed.
    pub name: String,
    /// The slug, where the site knows the outlet.
    pub slug: Option<String>,
    /// Why: one clause.
    pub reason: String,
}

/// The outlet that the input itself names as its publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlet {
    /// The name as the page gives it.
    pub name: String,
    /// The slug: the site's own where it knows the outlet, else made of the name.
    pub slug: String,
    /// Its home page.
    pub url: Option<String>,
}

/// What a page says of its use: `[rights]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// Who holds them.
    pub holder: Option<String>,
    /// A licence's SPDX identifier, name or address.
    pub license: Option<String>,
    /// The page's own words for machines: `noarchive`, `tdm-reservation: 1`.
    pub usage: Option<String>,
    /// How much may be shown, where that follows.
    pub display: Option<Display>,
    /// Words of an excerpt, at most, where that follows.
    pub max_words: Option<usize>,
}

/// Everything that was found in one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The headline.
    pub title: Option<String>,
    /// The dateline as printed, without its dash: `GENEVA, Jan 21 (Reuters)`.
    pub dateline: Option<String>,
    /// Where the reporter was, in normal case: `Geneva`. Not where the event was.
    pub place: Option<String>,
    /// The agency's slug.
    pub agency: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// When it was last changed at its source, where that is another day or a later time.
    pub updated: Option<Published>,
    /// The page's own description of the story. Always none for plain text: a summary is the curator's to write.
    pub summary: Option<String>,
    /// The outlet's own standfirst, where it stands before a dateline and so is no part of the agency's story.
    pub standfirst: Option<String>,
    /// The language, only where it is sure.
    pub lang: Option<String>,
    /// The kind of text, where the page states it.
    pub genre: Option<Genre>,
    /// Keywords that a reader gave it: in a bookmark or a reading service.
    pub tags: Vec<String>,
    /// What a reader noted on it, in Markdown.
    pub commentary: Option<String>,
    /// Pictures, in the order of the text.
    pub images: Vec<Image>,
    /// People, in the order of the text; one row per person.
    pub credits: Vec<Credit>,
    /// The address of the story: where it was read, or as the text states it.
    pub url: Option<String>,
    /// The publisher's own preferred address, where it is another one.
    pub canonical_url: Option<String>,
    /// The day it was read, where that is known: of a page fetched or archived.
    pub retrieved: Option<Date>,
    /// The outlet, where the input states it.
    pub publisher: Option<Outlet>,
    /// What the input says of its use.
    pub rights: Rights,
    /// Outlets that may have published it, the likeliest first.
    pub publishers: Vec<Candidate>,
    /// The paragraphs of the story, plain text, word for word: what the story says.
    pub body: Vec<String>,
    /// The same as blocks of Markdown (headings, quotations, lists, tables, links), where the input has such structure;
    /// empty where [`body`](Self::body) is all there is.
    pub markdown: Vec<String>,
    /// What the curator should check, and why.
    pub check: Vec<Check>,
    /// What was left out of the body, in the order of the input.
    pub removed: Vec<Removed>,
    /// Words of the input that stand in no field and not in the body: the furniture that was dropped. A word is a run
    /// without white space, as `wc -w` counts.
    pub words_removed: usize,
    /// What is remembered of its lines; none where the input is no page and no text.
    pub sighting: Option<Sighting>,
    /// The input's fingerprint, hexadecimal.
    pub sha256: String,
    /// What else is worth saying, one sentence each.
    pub warnings: Vec<String>,
    /// The day of the import.
    pub imported: Date,
    /// Topics that the curator gave.
    pub topics: Vec<String>,
    /// Whether it belongs in the inbox whatever was found.
    pub inbox: bool,
}

impl Story {
    /// The name made by rule from the title (or the first words): short, ASCII, no stop words.
    #[must_use]
    pub fn slug(&self) -> String {
        let from = self.title.as_deref().or(self.body.first().map(String::as_str)).unwrap_or_default();
        slug(from)
    }

    /// The article's id, made once: `2022-01-21-us-russia-expect-no-breakthrough`. Without a date it is the day of the import.
    #[must_use]
    pub fn id(&self) -> String {
        self.id_with(&self.slug())
    }

    /// The id for a slug that had to differ from the rule's.
    #[must_use]
    pub fn id_with(&self, slug: &str) -> String {
        let date = self.published.as_ref().map_or(self.imported, |p| p.date);
        format!("{date}-{slug}")
    }

    /// Where the file should go, relative to the site: by year and month, or the inbox where date or title are missing.
    #[must_use]
    pub fn path(&self) -> String {
        self.path_with(&self.slug())
    }

    /// The path for a slug that had to differ from the rule's.
    #[must_use]
    pub fn path_with(&self, slug: &str) -> String {
        match &self.published {
            Some(p) if !self.inbox && self.title.is_some() => {
                format!("content/articles/{:04}/{:02}/{slug}.md", p.date.year(), p.date.month())
            }
            _ => format!("content/inbox/{slug}.md"),
        }
    }

    /// The number of words in the body.
    #[must_use]
    pub fn words(&self) -> usize {
        self.body.iter().map(|p| words(p)).sum()
    }

    /// The fingerprint of the text alone, blind to line ends, spacing and the kind of quotation marks: two clips of one
    /// story share it whatever stood around them.
    #[must_use]
    pub fn body_fingerprint(&self) -> String {
        super::merge::body_fingerprint(self.blocks())
    }

    /// The blocks that go into the file: Markdown where there is any, else the plain paragraphs.
    pub fn blocks(&self) -> impl Iterator<Item = &str> {
        let blocks = if self.markdown.is_empty() { &self.body } else { &self.markdown };
        blocks.iter().map(String::as_str)
    }

    /// A story that holds nothing yet, for a day of import.
    #[must_use]
    pub fn empty(ctx: &Context) -> Self {
        Story {
            title: None,
            dateline: None,
            place: None,
            agency: None,
            published: None,
            updated: None,
            summary: None,
            standfirst: None,
            lang: None,
            genre: None,
            tags: Vec::new(),
            commentary: None,
            images: Vec::new(),
            credits: Vec::new(),
            url: None,
            canonical_url: None,
            retrieved: None,
            publisher: None,
            rights: Rights::default(),
            publishers: Vec::new(),
            body: Vec::new(),
            markdown: Vec::new(),
            check: Vec::new(),
            removed: Vec::new(),
            words_removed: 0,
            sighting: None,
            sha256: String::new(),
            warnings: Vec::new(),
            imported: ctx.today,
            topics: ctx.topics.clone(),
            inbox: ctx.inbox,
        }
    }
}

/// Words that say nothing in a file's name.
const STOP: &[&str] = &[
    "a", "an", "the", "and", "or", "but", "of", "in", "on", "at", "to", "for", "from", "with", "by", "as", "is", "are",
    "was", "were", "be", "it", "its", "that", "this", "than", "into", "over", "after", "says", "say", "said", "s", "t",
    "der", "die", "das", "ein", "eine", "und", "oder", "im", "am", "zu", "zum", "zur", "mit", "von", "für", "auf",
    "bei", "den", "dem", "des", "le", "la", "les", "un", "une", "et", "de", "du", "à", "au", "aux", "pour", "dans",
    "sur", "par", "l", "d", "el", "los", "las", "una", "y", "en", "del", "al", "por", "con", "que", "se", "su",
];

/// A slug from a title: ASCII, at most 8 words and 60 characters, stop words left out.
#[must_use]
pub fn slug(title: &str) -> String {
    // A title is never long; a paragraph that stands in for one is cut before the work, not after.
    let head: String = title.chars().take(400).collect();
    // `U.S.` is one word, `Ukraine’s` is not two
    let head = head.replace(['’', '\'', 'ʼ'], "'");
    let mut kept: Vec<String> = Vec::new();
    let mut all: Vec<String> = Vec::new();
    for raw in head.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '/' | ':' | ',')) {
        let bare = raw.trim_end_matches("'s").trim_end_matches("'S");
        let word: String =
            deunicode::deunicode(bare).chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        if word.is_empty() {
            continue;
        }
        let plain = raw.to_lowercase();
        let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
        all.push(word.clone());
        if !STOP.contains(&plain) {
            kept.push(word);
        }
    }
    let words = if kept.is_empty() { all } else { kept };
    let mut out = String::new();
    for word in words.iter().take(8) {
        if !out.is_empty() && out.len() + 1 + word.len() > 60 {
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.extend(word.chars().take(60));
    }
    if out.is_empty() { "untitled".to_owned() } else { out }
}
