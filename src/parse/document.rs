//! What each kind of file says: typed front matter, its references still as written.

use jiff::tz::TimeZone;

use super::{
    fields::{Choice, Fields, Located},
    front_matter,
    value::Value,
};
use crate::{
    config::{Config, language},
    date::{Period, When},
    diagnostic::{Diagnostic, Place, SitePath, Span, did_you_mean},
    load::SourceFile,
};

/// A reference as the author wrote it: a slug, an id, a path or a name.
pub type Reference = Located<String>;

/// One file of `content/`.
#[derive(Debug)]
pub struct Document {
    /// The file.
    pub path: SitePath,
    /// The file's name without `.md`.
    pub stem: String,
    /// What it says.
    pub matter: Matter,
    /// The bytes of its Markdown.
    pub body: Span,
}

/// The front matter of each kind of file.
#[derive(Debug)]
pub enum Matter {
    /// `content/articles/`.
    Article(Box<ArticleMatter>),
    /// `content/topics/`.
    Topic(TopicMatter),
    /// `content/digests/`.
    Digest(Box<DigestMatter>),
    /// `content/publishers/`.
    Publisher(Box<PublisherMatter>),
    /// `content/people/`, `content/places/`, `content/organizations/`.
    Entity(EntityMatter),
    /// `content/pages/`.
    Page(PageMatter),
    /// `content/inbox/`: imported, not yet placed, never published.
    Inbox,
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Clone, Debug, Default)]
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

impl Rights {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        Rights {
            holder: plain(fields.text("holder")),
            license: plain(fields.text("license")),
            usage: plain(fields.text("usage")),
            display: fields.choice("display"),
            max_words: fields.number("max_words", 0..=1_000_000).and_then(|number| usize::try_from(number).ok()),
        }
    }
}

/// One row of `[[credits]]`.
#[derive(Clone, Debug)]
pub struct Credit {
    /// The name as printed.
    pub name: String,
    /// What they did.
    pub role: Role,
    /// Where they reported from.
    pub place: Option<String>,
}

/// One row of `[[images]]`.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
pub struct Correction {
    /// When it was made.
    pub date: When,
    /// What it does.
    pub kind: CorrectionKind,
    /// What it says.
    pub text: String,
}

/// One row of `[[events]]`.
#[derive(Clone, Debug)]
pub struct Event {
    /// A day, a month or a range.
    pub date: Period,
    /// What happened.
    pub headline: String,
    /// The article that says so; none for the article that the row stands in.
    pub citation: Option<Reference>,
}

/// One row of `[[quotes]]`.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// Whose: a person's slug or name.
    pub speaker: Option<Reference>,
    /// When they were said.
    pub date: Option<When>,
}

/// `[import]`: where the text came from.
#[derive(Clone, Debug, Default)]
pub struct ImportRecord {
    /// SHA-256 of the file that was imported, in hexadecimal.
    pub sha256: Option<String>,
    /// When.
    pub date: Option<When>,
    /// Words that were not the story.
    pub words_removed: Option<i64>,
    /// Keys that a curator should look at.
    pub check: Vec<Located<String>>,
}

/// The front matter of an article.
#[derive(Debug)]
pub struct ArticleMatter {
    /// Never changes; part of every feed id.
    pub id: Option<Located<String>>,
    /// The headline.
    pub title: String,
    /// What it says, in a sentence or two.
    pub summary: Option<String>,
    /// The last part of its address; the file's name unless set.
    pub slug: Option<Located<String>>,
    /// BCP 47 tag; the site's language unless set.
    pub lang: Option<String>,
    /// Not yet to be published.
    pub draft: bool,
    /// Free keywords.
    pub tags: Vec<Located<String>>,
    /// Old addresses that lead here.
    pub aliases: Vec<Located<String>>,
    /// When it was published; none only after a diagnostic.
    pub date: Option<Located<When>>,
    /// When it was last changed at its source.
    pub updated: Option<When>,
    /// Place, date and agency as printed.
    pub dateline: Option<String>,
    /// The place of the dateline.
    pub located: Option<Reference>,
    /// Where it was read.
    pub publisher: Option<Reference>,
    /// Who reported it.
    pub agency: Option<Reference>,
    /// Where it was read, as an address.
    pub url: Option<String>,
    /// The publisher's own preferred address.
    pub canonical_url: Option<String>,
    /// A copy in an archive.
    pub archived_url: Option<String>,
    /// When it was read.
    pub retrieved: Option<When>,
    /// Who made it.
    pub credits: Vec<Credit>,
    /// The kind of text.
    pub genre: Option<Genre>,
    /// The storylines it belongs to.
    pub topics: Vec<Reference>,
    /// Who is in it.
    pub people: Vec<Reference>,
    /// Where it happens.
    pub places: Vec<Reference>,
    /// Which bodies are in it.
    pub organizations: Vec<Reference>,
    /// The curator's line, in Markdown.
    pub commentary: Option<Located<String>>,
    /// The curator's reason, in Markdown.
    pub why_it_matters: Option<Located<String>>,
    /// What may be shown.
    pub rights: Rights,
    /// Pictures.
    pub images: Vec<Image>,
    /// What was put right.
    pub corrections: Vec<Correction>,
    /// What happened when.
    pub events: Vec<Event>,
    /// Who said what.
    pub quotes: Vec<Quote>,
    /// Not to be published before.
    pub embargoed_until: Option<When>,
    /// Not to be published after.
    pub expires: Option<When>,
    /// From 1, flash, to 9, filler (IPTC).
    pub urgency: Option<u8>,
    /// For the desk; never shown.
    pub ed_note: Option<String>,
    /// Where the text came from.
    pub import: Option<ImportRecord>,
    /// The author's own keys.
    pub extra: Option<Value>,
}

/// The front matter of a topic.
#[derive(Debug)]
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
    /// Old addresses that lead here.
    pub aliases: Vec<Located<String>>,
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// The author's own keys.
    pub extra: Option<Value>,
}

/// One row of `[[ratings]]`.
#[derive(Clone, Debug)]
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
#[derive(Debug)]
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
    pub extra: Option<Value>,
}

/// One row of `[[roles]]`.
#[derive(Clone, Debug)]
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
#[derive(Debug)]
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
    pub extra: Option<Value>,
}

/// The front matter of a plain page.
#[derive(Debug)]
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
    pub extra: Option<Value>,
}

/// `[query]` of a digest: all conditions hold; a list means any of.
#[derive(Debug, Default)]
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
#[derive(Clone, Debug)]
pub struct SectionMatter {
    /// What items name it by.
    pub id: String,
    /// Its heading.
    pub title: String,
}

/// What an item of a digest points to.
#[derive(Clone, Debug)]
pub enum ItemTarget {
    /// An article of this site.
    Article(Reference),
    /// A page elsewhere that the site has no article of.
    Link {
        /// Its address.
        url: String,
        /// Its headline.
        title: String,
        /// Who published it: a publisher's slug or a name.
        source: Option<String>,
    },
}

/// One row of `[[items]]`.
#[derive(Clone, Debug)]
pub struct ItemMatter {
    /// What it points to.
    pub target: ItemTarget,
    /// Its part in the digest.
    pub role: ItemRole,
    /// The section it belongs to.
    pub section: Option<Located<String>>,
    /// The curator's line, in Markdown.
    pub commentary: Option<Located<String>>,
}

/// The front matter of a digest.
#[derive(Debug)]
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
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// Not yet to be published.
    pub draft: bool,
    /// Free keywords.
    pub tags: Vec<Located<String>>,
    /// Old addresses that lead here.
    pub aliases: Vec<Located<String>>,
    /// The author's own keys.
    pub extra: Option<Value>,
}

fn plain(text: Option<Located<String>>) -> Option<String> {
    text.map(|text| text.value)
}

fn moment(when: Option<Located<When>>) -> Option<When> {
    when.map(|when| when.value)
}

fn lang(fields: &mut Fields<'_>) -> Option<String> {
    let text = fields.text("lang")?;
    language(fields, text.value, text.span)
}

fn title(fields: &mut Fields<'_>) -> String {
    fields.required_text("title", "add a line `title = \"…\"`").map_or_else(String::new, |title| title.value)
}

fn urgency(fields: &mut Fields<'_>) -> Option<u8> {
    fields.number("urgency", 1..=9).and_then(|number| u8::try_from(number).ok())
}

fn country(fields: &mut Fields<'_>) -> Option<String> {
    let text = fields.text("country")?;
    let is_code = text.value.len() == 2 && text.value.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code {
        return Some(text.value);
    }
    fields.report(
        format!("`{}` is no country code", text.value),
        text.span,
        "write the two capital letters of ISO 3166, such as `UA` or `ZA`",
    );
    None
}

/// Parses one file of `content/`. `None`, with a diagnostic, when the file is no document at all.
pub fn parse(file: &SourceFile, config: &Config) -> (Option<Document>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let document = parse_file(file, &config.zone, &mut diagnostics);
    (document, diagnostics)
}

fn parse_file(file: &SourceFile, zone: &TimeZone, diagnostics: &mut Vec<Diagnostic>) -> Option<Document> {
    let path = &file.path;
    let below = path.strip_prefix("content/").unwrap_or(path);
    let (folder, _) = below.split_once('/').unwrap_or(("", below));
    if !FOLDERS.contains(&folder) {
        let message = match folder {
            "" => "a file directly in `content/` has no kind".to_owned(),
            _ => format!("unknown folder `content/{folder}/`"),
        };
        let hint = match did_you_mean(folder, FOLDERS.iter().copied()) {
            Some(known) => format!("did you mean `content/{known}/`?"),
            None => format!("content lies in {}", FOLDERS.map(|name| format!("{name}/")).join(", ")),
        };
        diagnostics.push(Diagnostic::error(message, Place::file(path)).hint(hint));
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(stem) = name.strip_suffix(".md") else {
        if folder != "inbox" {
            diagnostics.push(
                Diagnostic::warning("this is no Markdown file, so it is not published", Place::file(path))
                    .hint("pictures and other files to publish go to static/; Markdown files end in `.md`"),
            );
        }
        return None;
    };
    if folder == "inbox" {
        return Some(Document { path: path.clone(), stem: stem.to_owned(), matter: Matter::Inbox, body: 0..0 });
    }
    let split = front_matter::split(file.text()?, path, diagnostics)?;
    let what = match folder {
        "articles" => "the article",
        "topics" => "the topic",
        "digests" => "the digest",
        "publishers" => "the publisher",
        "people" => "the person",
        "places" => "the place",
        "organizations" => "the organization",
        _ => "the page",
    };
    let mut fields =
        Fields::new(&split.entries, what, split.opening, path, zone, diagnostics).incomplete(!split.is_complete);
    let matter = match folder {
        "articles" => Matter::Article(Box::new(article(&mut fields))),
        "topics" => Matter::Topic(topic(&mut fields)),
        "digests" => Matter::Digest(Box::new(digest(&mut fields))),
        "publishers" => Matter::Publisher(Box::new(publisher(&mut fields, stem))),
        "people" => Matter::Entity(entity(&mut fields, EntityKind::Person, stem)),
        "places" => Matter::Entity(entity(&mut fields, EntityKind::Place, stem)),
        "organizations" => Matter::Entity(entity(&mut fields, EntityKind::Organization, stem)),
        _ => Matter::Page(page(&mut fields)),
    };
    fields.finish();
    Some(Document { path: path.clone(), stem: stem.to_owned(), matter, body: split.body })
}

const FOLDERS: [&str; 9] =
    ["articles", "topics", "digests", "publishers", "people", "places", "organizations", "pages", "inbox"];

fn article(fields: &mut Fields<'_>) -> ArticleMatter {
    let id = fields.text("id");
    let title = title(fields);
    let has_date = fields.has("date");
    let date = fields.when("date");
    if !has_date {
        fields
            .missing("date", "the day it was published: `date = 2022-01-21`; without one it belongs in content/inbox/");
    }
    ArticleMatter {
        id,
        title,
        date,
        summary: plain(fields.text("summary")),
        slug: fields.text("slug"),
        lang: lang(fields),
        draft: fields.flag("draft").unwrap_or(false),
        tags: fields.texts("tags"),
        aliases: fields.texts("aliases"),
        updated: moment(fields.when("updated")),
        dateline: plain(fields.text("dateline")),
        located: fields.text("located"),
        publisher: fields.text("publisher"),
        agency: fields.text("agency"),
        url: plain(fields.url("url")),
        canonical_url: plain(fields.url("canonical_url")),
        archived_url: plain(fields.url("archived_url")),
        retrieved: moment(fields.when("retrieved")),
        credits: fields.tables("credits", "`[[credits]]`", credit).into_iter().flatten().collect(),
        genre: fields.choice("genre"),
        topics: fields.texts("topics"),
        people: fields.texts("people"),
        places: fields.texts("places"),
        organizations: fields.texts("organizations"),
        commentary: fields.text("commentary"),
        why_it_matters: fields.text("why_it_matters"),
        rights: fields.table("rights", "`[rights]`", Rights::read).unwrap_or_default(),
        images: fields.tables("images", "`[[images]]`", image),
        corrections: fields.tables("corrections", "`[[corrections]]`", correction).into_iter().flatten().collect(),
        events: fields.tables("events", "`[[events]]`", event).into_iter().flatten().collect(),
        quotes: fields.tables("quotes", "`[[quotes]]`", quote).into_iter().flatten().collect(),
        embargoed_until: moment(fields.when("embargoed_until")),
        expires: moment(fields.when("expires")),
        urgency: urgency(fields),
        ed_note: plain(fields.text("ed_note")),
        import: fields.table("import", "`[import]`", |fields| ImportRecord {
            sha256: plain(fields.text("sha256")),
            date: moment(fields.when("date")),
            words_removed: fields.number("words_removed", 0..=i64::MAX),
            check: fields.texts("check"),
        }),
        extra: fields.any("extra"),
    }
}

fn credit(fields: &mut Fields<'_>) -> Option<Credit> {
    let name = fields.required_text("name", "add a line `name = \"…\"`");
    let has_role = fields.has("role");
    let role = fields.choice("role");
    let place = plain(fields.text("place"));
    if !has_role {
        fields.missing("role", "add a line `role = \"author\"`, or contributor, writer, editor, photographer");
    }
    Some(Credit { name: name?.value, role: role?, place })
}

fn image(fields: &mut Fields<'_>) -> Image {
    Image {
        src: fields.text("src"),
        alt: plain(fields.text("alt")),
        caption: plain(fields.text("caption")),
        credit: plain(fields.text("credit")),
    }
}

fn correction(fields: &mut Fields<'_>) -> Option<Correction> {
    let has_date = fields.has("date");
    let date = fields.when("date");
    let kind = fields.choice("kind").unwrap_or(CorrectionKind::Correction);
    let text = fields.required_text("text", "say what was wrong and what is right: `text = \"…\"`");
    if !has_date {
        fields.missing("date", "the day of the correction: `date = 2022-01-22`");
    }
    Some(Correction { date: date?.value, kind, text: text?.value })
}

fn event(fields: &mut Fields<'_>) -> Option<Event> {
    let has_date = fields.has("date");
    let date = fields.period("date");
    let headline = fields.required_text("headline", "say what happened: `headline = \"…\"`");
    let citation = fields.text("citation");
    if !has_date {
        fields.missing("date", "when it happened: `date = \"2022-01-21\"`, a month or `first/last`");
    }
    Some(Event { date: date?.value, headline: headline?.value, citation })
}

fn quote(fields: &mut Fields<'_>) -> Option<Quote> {
    let text = fields.required_text("text", "the words, without quotation marks around them: `text = \"…\"`");
    let speaker = fields.text("speaker");
    let date = moment(fields.when("date"));
    Some(Quote { text: text?.value, speaker, date })
}

fn topic(fields: &mut Fields<'_>) -> TopicMatter {
    TopicMatter {
        title: title(fields),
        summary: plain(fields.text("summary")),
        broader: fields.texts("broader"),
        related: fields.texts("related"),
        status: fields.choice("status").unwrap_or(Status::Ongoing),
        period: fields.choice("period").unwrap_or(Frequency::None),
        min_items: fields.number("min_items", 1..=1000).and_then(|number| usize::try_from(number).ok()).unwrap_or(1),
        same_as: fields.urls("same_as"),
        aliases: fields.texts("aliases"),
        lang: lang(fields),
        extra: fields.any("extra"),
    }
}

/// The name to show; the file's name in its place after a diagnostic.
fn name(fields: &mut Fields<'_>, stem: &str) -> Located<String> {
    fields
        .required_text("name", "add a line `name = \"…\"`")
        .unwrap_or_else(|| Located { value: stem.to_owned(), span: fields.span() })
}

fn publisher(fields: &mut Fields<'_>, stem: &str) -> PublisherMatter {
    PublisherMatter {
        name: name(fields, stem),
        alternate_names: fields.texts("alternate_names"),
        kind: fields.choice("kind"),
        url: plain(fields.url("url")),
        country: country(fields),
        owner: plain(fields.text("owner")),
        feeds: fields.urls("feeds"),
        corrections_url: plain(fields.url("corrections_url")),
        rights: fields.table("rights", "`[rights]`", Rights::read).unwrap_or_default(),
        ratings: fields.tables("ratings", "`[[ratings]]`", rating).into_iter().flatten().collect(),
        aliases: fields.texts("aliases"),
        extra: fields.any("extra"),
    }
}

fn rating(fields: &mut Fields<'_>) -> Option<Rating> {
    let by = fields.required_text("by", "a rating without its rater says nothing: `by = \"…\"`");
    let value = fields.required_text("value", "what the rater says: `value = \"…\"`");
    let date = moment(fields.when("date"));
    let url = plain(fields.url("url"));
    Some(Rating { by: by?.value, value: value?.value, date, url })
}

fn entity(fields: &mut Fields<'_>, kind: EntityKind, stem: &str) -> EntityMatter {
    let is_person = kind == EntityKind::Person;
    EntityMatter {
        kind,
        name: name(fields, stem),
        summary: plain(fields.text("summary")),
        alternate_names: fields.texts("alternate_names"),
        same_as: fields.urls("same_as"),
        roles: if is_person {
            fields.tables("roles", "`[[roles]]`", position).into_iter().flatten().collect()
        } else {
            Vec::new()
        },
        geo: if kind == EntityKind::Place { fields.coordinates("geo") } else { None },
        country: if is_person { None } else { country(fields) },
        aliases: fields.texts("aliases"),
        extra: fields.any("extra"),
    }
}

fn position(fields: &mut Fields<'_>) -> Option<Position> {
    let title = fields.required_text("title", "what they are called: `title = \"Foreign minister\"`");
    let organization = fields.text("organization");
    let from = fields.period("from").map(|period| period.value);
    let to = fields.period("to").map(|period| period.value);
    Some(Position { title: title?.value, organization, from, to })
}

fn page(fields: &mut Fields<'_>) -> PageMatter {
    PageMatter {
        title: title(fields),
        summary: plain(fields.text("summary")),
        lang: lang(fields),
        draft: fields.flag("draft").unwrap_or(false),
        aliases: fields.texts("aliases"),
        extra: fields.any("extra"),
    }
}

fn digest(fields: &mut Fields<'_>) -> DigestMatter {
    DigestMatter {
        id: fields.text("id"),
        title: title(fields),
        summary: plain(fields.text("summary")),
        topic: fields.text("topic"),
        temporal_coverage: fields.period("temporal_coverage"),
        order: fields.choice("order").unwrap_or(Order::DateDesc),
        query: fields.table("query", "`[query]`", query),
        sections: fields.tables("sections", "`[[sections]]`", section).into_iter().flatten().collect(),
        items: fields.tables("items", "`[[items]]`", item).into_iter().flatten().collect(),
        lang: lang(fields),
        draft: fields.flag("draft").unwrap_or(false),
        tags: fields.texts("tags"),
        aliases: fields.texts("aliases"),
        extra: fields.any("extra"),
    }
}

fn query(fields: &mut Fields<'_>) -> QueryMatter {
    let mut genres = Vec::new();
    for genre in fields.texts("genre") {
        match Genre::WORDS.iter().find(|(word, _)| *word == genre.value) {
            Some((_, known)) => genres.push(*known),
            None => {
                let words: Vec<&str> = Genre::WORDS.iter().map(|(word, _)| *word).collect();
                let hint = format!("it can be {}", words.join(", "));
                fields.report(format!("unknown `genre`: `{}`", genre.value), genre.span, hint);
            }
        }
    }
    QueryMatter {
        genre: genres,
        topic: fields.texts("topic"),
        tag: fields.texts("tag"),
        publisher: fields.texts("publisher"),
        agency: fields.texts("agency"),
        person: fields.texts("person"),
        place: fields.texts("place"),
        organization: fields.texts("organization"),
        lang: fields.texts("lang"),
        urgency: urgency(fields),
        temporal_coverage: fields.period("temporal_coverage").map(|period| period.value),
        exclude: fields.texts("exclude"),
    }
}

fn section(fields: &mut Fields<'_>) -> Option<SectionMatter> {
    let id = fields.required_text("id", "what items name the section by: `id = \"diplomacy\"`");
    let title = fields.required_text("title", "the section's heading: `title = \"Diplomacy\"`");
    Some(SectionMatter { id: id?.value, title: title?.value })
}

fn item(fields: &mut Fields<'_>) -> Option<ItemMatter> {
    let names_target = fields.has("article") || fields.has("url");
    let article = fields.text("article");
    let url = fields.url("url");
    let has_title = fields.has("title");
    let title = plain(fields.text("title"));
    let source = plain(fields.text("source"));
    let role = fields.choice("role").unwrap_or(ItemRole::Item);
    let section = fields.text("section");
    let commentary = fields.text("commentary");
    let target = match (article, url) {
        (Some(article), None) => Some(ItemTarget::Article(article)),
        (None, Some(url)) => {
            if !has_title {
                fields.missing("title", "a link needs its headline: `title = \"…\"`");
            }
            title.map(|title| ItemTarget::Link { url: url.value, title, source })
        }
        (Some(_), Some(url)) => {
            fields.report(
                "an item names an article or an address, not both",
                url.span,
                "remove `url`: the article has its own",
            );
            None
        }
        (None, None) => {
            if !names_target {
                fields.missing("article", "name an article by its id, slug or path, or give `url` and `title`");
            }
            None
        }
    };
    Some(ItemMatter { target: target?, role, section, commentary })
}
