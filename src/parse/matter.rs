//! What each kind of file can say: typed front matter, its references still as written.

use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

use super::{
    fields::{Choice, Located},
    value::{Value, on_record},
};
use crate::{
    date::{Period, When},
    diagnostic::Span,
};

/// A reference as the author wrote it: a slug, an id, a path or a name.
pub type Reference = Located<String>;

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }
        impl Choice for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, $name::$variant),)+];
        }
    };
}

choice! {
    /// How much of an article may be shown.
    Display {
        /// All of it.
        Full = "full",
        /// Its first words.
        Excerpt = "excerpt",
        /// Its headline, and what the curator wrote on it.
        Headline = "headline",
    }
}

choice! {
    /// What somebody did for an article.
    Role {
        /// Wrote it and has the byline.
        Author = "author",
        /// Reported for it.
        Contributor = "contributor",
        /// Put it together at the desk.
        Writer = "writer",
        /// Edited it.
        Editor = "editor",
        /// Took a picture.
        Photographer = "photographer",
    }
}

choice! {
    /// The kind of text, after the subtypes of schema.org's `NewsArticle`.
    Genre {
        /// `ReportageNewsArticle`.
        Report = "report",
        /// `AnalysisNewsArticle`.
        Analysis = "analysis",
        /// `OpinionNewsArticle`.
        Opinion = "opinion",
        /// `BackgroundNewsArticle`.
        Background = "background",
        /// A claim held against the facts.
        FactCheck = "fact-check",
        /// `LiveBlogPosting`.
        Live = "live",
    }
}

choice! {
    /// What a correction does.
    CorrectionKind {
        /// Something was wrong.
        Correction = "correction",
        /// Something could be misread.
        Clarification = "clarification",
        /// Something came to be known.
        Update = "update",
        /// The article no longer stands.
        Retraction = "retraction",
    }
}

choice! {
    /// Whether a story goes on.
    Status {
        /// It does.
        Ongoing = "ongoing",
        /// It does not.
        Ended = "ended",
    }
}

choice! {
    /// Which digests a topic makes by itself.
    Frequency {
        /// One for each month with articles.
        Monthly = "monthly",
        /// One for each ISO week with articles.
        Weekly = "weekly",
        /// None.
        None = "none",
    }
}

choice! {
    /// What a publisher is.
    PublisherKind {
        /// A daily or weekly paper.
        Newspaper = "newspaper",
        /// Radio or television.
        Broadcaster = "broadcaster",
        /// A wire service, whose texts others print.
        Agency = "agency",
        /// A magazine.
        Magazine = "magazine",
        /// A site that is none of the others.
        Website = "website",
        /// A government, an authority or an intergovernmental body.
        Official = "official",
        /// A non-governmental organization.
        Ngo = "ngo",
        /// One person's or a few people's site.
        Blog = "blog",
    }
}

choice! {
    /// The order of a digest's items that are not listed.
    Order {
        /// Oldest first.
        DateAsc = "date-asc",
        /// Newest first.
        DateDesc = "date-desc",
        /// Lowest urgency number first, then newest.
        Urgency = "urgency",
        /// As listed; what the query adds comes after, newest first.
        Manual = "manual",
    }
}

choice! {
    /// The part of an item in its digest.
    ItemRole {
        /// On top.
        Lead = "lead",
        /// Kept at the top of its section.
        Pinned = "pinned",
        /// An item like any other.
        Item = "item",
        /// A pointer for those who want more.
        SeeAlso = "see-also",
    }
}

choice! {
    /// Who or what an entity is.
    EntityKind {
        /// Somebody.
        Person = "person",
        /// Somewhere.
        Place = "place",
        /// A body of people.
        Organization = "organization",
    }
}

/// `[rights]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Rights {
    /// Who holds them.
    pub holder: Option<String>,
    /// An SPDX identifier, a name or an address.
    pub license: Option<String>,
    /// What may be done, in words.
    pub usage: Option<String>,
    /// How much may be shown.
    pub display: Option<Display>,
    /// Words of an excerpt, at most.
    pub max_words: Option<usize>,
}

/// One row of `[[credits]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credit {
    /// The name as printed.
    pub name: String,
    /// What they did.
    pub role: Role,
    /// Where they reported from.
    pub place: Option<String>,
}

/// One row of `[[images]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Image {
    /// A path such as `/images/talks.jpg`, for a file in `static/`; none when only caption and credit are known.
    pub src: Option<Located<String>>,
    /// What it shows, for those who do not see it.
    pub alt: Option<String>,
    /// What stands under it.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
}

/// One row of `[[corrections]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Correction {
    /// When it was made.
    pub date: When,
    /// What it does.
    pub kind: CorrectionKind,
    /// What it says.
    pub text: String,
}

/// One row of `[[events]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    /// A day, a month, a year or a range.
    pub date: Period,
    /// The date is about right: `~` of ISO 8601-2 (EDTF), or `approximate = true`.
    pub is_approximate: bool,
    /// The date may be another: `?` of ISO 8601-2.
    pub is_uncertain: bool,
    /// Who says otherwise, and what.
    pub disputed: Option<String>,
    /// From 1, a turning point, to 3, a detail.
    pub importance: u8,
    /// What happened.
    pub headline: String,
    /// The articles that say so; none for the article that the row stands in.
    pub citations: Vec<Reference>,
}

/// One row of `[[quotes]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Quote {
    /// The words.
    pub text: Located<String>,
    /// Whose: a person's slug or name.
    pub speaker: Option<Reference>,
    /// When they were said.
    pub date: Option<When>,
    /// Where they stand: an article or an address elsewhere; none for the article that the row stands in.
    pub citation: Option<Reference>,
}

/// One row of `[[figures]]`: a number that somebody gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// What is counted.
    pub label: String,
    /// How many or how much: text as it is shown, or the digits of a number.
    pub value: String,
    /// It is a number, which each language writes in its own way.
    pub is_number: bool,
    /// Where that stands in the file.
    pub value_span: Span,
    /// Of what: `people`, `km`, `US$`.
    pub unit: Option<String>,
    /// The day or period that it holds for.
    pub as_of: Option<Period>,
    /// Who says so: a publisher's or an organization's slug, or a name. Who reported the cited article, unless set.
    pub source: Option<Reference>,
    /// Where it stands: an article or an address elsewhere; none for the article that the row stands in.
    pub citation: Option<Reference>,
}

/// `[claim]`: what a fact-check looks into, and what it finds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// What was claimed, in short.
    pub text: String,
    /// Who claimed it.
    pub by: Option<String>,
    /// When.
    pub date: Option<When>,
    /// What the check finds, in its own words: `False`, `Missing context`.
    pub rating: String,
    /// The same as a number.
    pub scale: Option<Scale>,
    /// Addresses where it was claimed.
    pub appearances: Vec<String>,
}

/// A number on a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// The number.
    pub value: i64,
    /// What the scale ends with.
    pub best: i64,
    /// What it begins with.
    pub worst: i64,
}

/// `copy_of`: what a curator says of a text that others carry as well.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum CopyOf {
    /// It is the same text as another article's.
    Article(Reference),
    /// `false`: it is no copy, whatever it looks like.
    Nothing,
}

/// `[import]`: where the text came from.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ImportRecord {
    /// SHA-256 of the file that was imported, in hexadecimal.
    pub sha256: Option<String>,
    /// When.
    pub date: Option<When>,
    /// Words that were not the story.
    pub words_removed: Option<i64>,
    /// Keys that a curator should look at.
    pub check: Vec<Located<String>>,
    /// Fingerprints of each key and paragraph as they were first written: what tells a curator's edit from the source's.
    pub base: Option<String>,
}

/// The front matter of an article. A site has very many: what few have is boxed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArticleMatter {
    /// Never changes; part of every feed id.
    pub id: Option<Box<Located<String>>>,
    /// The headline.
    pub title: String,
    /// What it says, in a sentence or two.
    pub summary: Option<String>,
    /// The last part of its address; the file's name unless set.
    pub slug: Option<Box<Located<String>>>,
    /// BCP 47 tag; the site's language unless set.
    pub lang: Option<String>,
    /// Not yet to be published.
    pub draft: bool,
    /// Free keywords.
    pub tags: ThinVec<Located<String>>,
    /// Old addresses that lead here.
    pub aliases: ThinVec<Located<String>>,
    /// When it was published; none only after a diagnostic.
    pub date: Option<Located<When>>,
    /// When it was last changed at its source.
    pub updated: Option<Box<When>>,
    /// Place, date and agency as printed.
    pub dateline: Option<Box<str>>,
    /// The place of the dateline.
    pub located: Option<Box<Reference>>,
    /// Where it was read.
    pub publisher: Option<Reference>,
    /// Who reported it.
    pub agency: Option<Box<Reference>>,
    /// The article that it is a copy of.
    pub copy_of: Option<Box<CopyOf>>,
    /// Where it was read, as an address.
    pub url: Option<String>,
    /// The publisher's own preferred address.
    pub canonical_url: Option<Box<str>>,
    /// A copy in an archive.
    pub archived_url: Option<Box<str>>,
    /// When it was read.
    pub retrieved: Option<Box<When>>,
    /// Who made it.
    pub credits: ThinVec<Credit>,
    /// The kind of text.
    pub genre: Option<Genre>,
    /// The storylines it belongs to.
    pub topics: ThinVec<Reference>,
    /// Who is in it.
    pub people: ThinVec<Reference>,
    /// Where it happens.
    pub places: ThinVec<Reference>,
    /// Which bodies are in it.
    pub organizations: ThinVec<Reference>,
    /// The curator's line, in Markdown.
    pub commentary: Option<Box<Located<String>>>,
    /// The curator's reason, in Markdown.
    pub why_it_matters: Option<Box<Located<String>>>,
    /// What may be shown.
    pub rights: Option<Box<Rights>>,
    /// Pictures.
    pub images: ThinVec<Image>,
    /// What was put right.
    pub corrections: ThinVec<Correction>,
    /// What happened when.
    pub events: ThinVec<Event>,
    /// Who said what.
    pub quotes: ThinVec<Quote>,
    /// Who gives which number.
    pub figures: ThinVec<Figure>,
    /// What was claimed and checked.
    pub claim: Option<Box<Claim>>,
    /// Not to be published before.
    pub embargoed_until: Option<Box<When>>,
    /// Not to be published after.
    pub expires: Option<Box<When>>,
    /// From 1, flash, to 9, filler (IPTC).
    pub urgency: Option<u8>,
    /// For the desk; never shown.
    pub ed_note: Option<Box<str>>,
    /// Where the text came from.
    pub import: Option<Box<ImportRecord>>,
    /// The author's own keys.
    #[serde(with = "on_record")]
    pub extra: Option<Value>,
}

impl ArticleMatter {
    /// What it says of rights, if anything.
    pub fn rights(&self) -> &Rights {
        static NONE: Rights = Rights { holder: None, license: None, usage: None, display: None, max_words: None };
        self.rights.as_deref().unwrap_or(&NONE)
    }

    /// The row that withdraws the article, the latest where there are several.
    pub fn retraction(&self) -> Option<&Correction> {
        self.retraction_row().map(|row| &self.corrections[row])
    }

    /// Which row of `corrections` that is.
    pub fn retraction_row(&self) -> Option<usize> {
        let rows = self.corrections.iter().enumerate();
        let withdrawn = rows.filter(|(_, row)| row.kind == CorrectionKind::Retraction);
        withdrawn.max_by_key(|(_, row)| row.date).map(|(at, _)| at)
    }

    /// What is left of it once it is withdrawn: what it is called, where it came from, what it was about, and what was put
    /// right. Nothing of what it said.
    pub fn withdrawn(&self) -> Self {
        ArticleMatter {
            summary: None,
            dateline: None,
            commentary: None,
            why_it_matters: None,
            images: ThinVec::new(),
            events: ThinVec::new(),
            quotes: ThinVec::new(),
            figures: ThinVec::new(),
            claim: None,
            ..self.clone()
        }
    }
}

/// The front matter of a topic.
#[derive(Debug, Serialize, Deserialize)]
pub struct TopicMatter {
    /// Its name.
    pub title: String,
    /// What it is about.
    pub summary: Option<String>,
    /// The wider topics it is part of.
    pub broader: Vec<Reference>,
    /// Topics to see as well.
    pub related: Vec<Reference>,
    /// Whether the story goes on.
    pub status: Status,
    /// The digests it makes by itself.
    pub period: Frequency,
    /// Articles that a month or week needs for a digest of its own.
    pub min_items: usize,
    /// The same thing elsewhere.
    pub same_as: Vec<Located<String>>,
    /// What happened when, besides what its articles say of it.
    pub events: Vec<Event>,
    /// Old addresses that lead here.
    pub aliases: Vec<Located<String>>,
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// Who gives which number.
    pub figures: Vec<Figure>,
    /// The author's own keys.
    #[serde(with = "on_record")]
    pub extra: Option<Value>,
}

/// One row of `[[ratings]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rating {
    /// Who rates.
    pub by: String,
    /// What they say.
    pub value: String,
    /// When.
    pub date: Option<When>,
    /// Where to read it.
    pub url: Option<String>,
}

/// The front matter of a publisher or agency.
#[derive(Debug, Serialize, Deserialize)]
pub struct PublisherMatter {
    /// Its name.
    pub name: Located<String>,
    /// Other spellings of the name.
    pub alternate_names: Vec<Located<String>>,
    /// What it is.
    pub kind: Option<PublisherKind>,
    /// Its home page.
    pub url: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Its feeds.
    pub feeds: Vec<Located<String>>,
    /// Where it says what it got wrong.
    pub corrections_url: Option<String>,
    /// What may be shown of its texts.
    pub rights: Rights,
    /// What raters say of it.
    pub ratings: Vec<Rating>,
    /// Old addresses that lead here.
    pub aliases: Vec<Located<String>>,
    /// The author's own keys.
    #[serde(with = "on_record")]
    pub extra: Option<Value>,
}

/// One row of `[[roles]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Position {
    /// What they are called.
    pub title: String,
    /// Of what: an organization's slug or name.
    pub organization: Option<Reference>,
    /// Since when.
    pub from: Option<Period>,
    /// Until when.
    pub to: Option<Period>,
}

/// The front matter of a person, place or organization.
#[derive(Debug, Serialize, Deserialize)]
pub struct EntityMatter {
    /// Which of the three.
    pub kind: EntityKind,
    /// The name to show.
    pub name: Located<String>,
    /// Who or what it is.
    pub summary: Option<String>,
    /// Other spellings of the name.
    pub alternate_names: Vec<Located<String>>,
    /// The same one elsewhere, such as on Wikidata.
    pub same_as: Vec<Located<String>>,
    /// What a person was, and when.
    pub roles: Vec<Position>,
    /// Latitude and longitude of a place.
    pub geo: Option<(f64, f64)>,
    /// ISO 3166-1 alpha-2 code of a place or organization.
    pub country: Option<String>,
    /// Old addresses that lead here.
    pub aliases: Vec<Located<String>>,
    /// The author's own keys.
    #[serde(with = "on_record")]
    pub extra: Option<Value>,
}

/// The front matter of a plain page.
#[derive(Debug, Serialize, Deserialize)]
pub struct PageMatter {
    /// Its title.
    pub title: String,
    /// What it says.
    pub summary: Option<String>,
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// Not yet to be published.
    pub draft: bool,
    /// Old addresses that lead here.
    pub aliases: Vec<Located<String>>,
    /// The author's own keys.
    #[serde(with = "on_record")]
    pub extra: Option<Value>,
}

/// `[query]` of a digest: all conditions hold; a list means any of.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct QueryMatter {
    /// Topics, with their narrower ones.
    pub topic: Vec<Reference>,
    /// Tags.
    pub tag: Vec<Reference>,
    /// Publishers.
    pub publisher: Vec<Reference>,
    /// Agencies.
    pub agency: Vec<Reference>,
    /// People.
    pub person: Vec<Reference>,
    /// Places.
    pub place: Vec<Reference>,
    /// Organizations.
    pub organization: Vec<Reference>,
    /// Kinds of text.
    pub genre: Vec<Genre>,
    /// Languages.
    pub lang: Vec<Located<String>>,
    /// The highest urgency number let in.
    pub urgency: Option<u8>,
    /// Days.
    pub temporal_coverage: Option<Period>,
    /// Articles to leave out.
    pub exclude: Vec<Reference>,
}

/// One row of `[[sections]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SectionMatter {
    /// What items name it by.
    pub id: String,
    /// Its heading.
    pub title: String,
}

/// What an item of a digest points to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ItemTarget {
    /// An article of this site.
    Article(Reference),
    /// A page elsewhere that the site has no article of.
    Link(Box<ItemLink>),
}

/// A page elsewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemLink {
    /// Its address.
    pub url: String,
    /// Its headline.
    pub title: String,
    /// Who published it: a publisher's slug or a name.
    pub source: Option<String>,
}

/// One row of `[[items]]`. Digests have very many: what few have is boxed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemMatter {
    /// What it points to.
    pub target: ItemTarget,
    /// Its part in the digest.
    pub role: ItemRole,
    /// The section it belongs to.
    pub section: Option<Box<Located<String>>>,
    /// The curator's line, in Markdown.
    pub commentary: Option<Box<Located<String>>>,
}

/// The front matter of a digest.
#[derive(Debug, Serialize, Deserialize)]
pub struct DigestMatter {
    /// Never changes; part of every feed id.
    pub id: Option<Located<String>>,
    /// Its title.
    pub title: String,
    /// What the period brought.
    pub summary: Option<String>,
    /// The storyline.
    pub topic: Option<Reference>,
    /// The days it covers.
    pub temporal_coverage: Option<Located<Period>>,
    /// The order of items that are not listed.
    pub order: Order,
    /// Which articles belong to it.
    pub query: Option<QueryMatter>,
    /// Its parts, in order.
    pub sections: Vec<SectionMatter>,
    /// Its listed items, in order.
    pub items: Vec<ItemMatter>,
    /// Who gives which number.
    pub figures: Vec<Figure>,
    /// What happened when, besides what its articles say of it.
    pub events: Vec<Event>,
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// Not yet to be published.
    pub draft: bool,
    /// Free keywords.
    pub tags: Vec<Located<String>>,
    /// Old addresses that lead here.
    pub aliases: Vec<Located<String>>,
    /// The author's own keys.
    #[serde(with = "on_record")]
    pub extra: Option<Value>,
}
