//! The contract with theme authors: which template gets which data.
//!
//! Every template gets [`Site`] as `site` and [`Page`] as `page`, and the value of its own kind:
//!
//! | template | gets, besides `site` and `page` |
//! |---|---|
//! | `home.html` | `home`: [`Home`] |
//! | `article.html` | `article`: [`Article`] |
//! | `topic.html` | `topic`: [`Topic`], `pager`: [`Pager`] |
//! | `digest.html` | `digest`: [`Digest`] |
//! | `publisher.html` | `publisher`: [`Publisher`], `pager`: [`Pager`] |
//! | `person.html`, `place.html`, `organization.html` | `entity`: [`Entity`], `pager`: [`Pager`] |
//! | `tag.html` | `tag`: [`Tag`], `pager`: [`Pager`] |
//! | `archive.html` | `archive`: [`Archive`], `pager`: [`Pager`] |
//! | `list.html` (all topics, digests, publishers, people, places, organizations, tags) | `list`: [`List`], `pager`: [`Pager`] |
//! | `a-z.html` (all names, by their letters) | `names`: [`Names`], `pager`: [`Pager`] |
//! | `corrections.html` (what was put right) | `corrections`: list of [`Corrected`], `pager`: [`Pager`] |
//! | `search.html` | `search`: [`Search`] |
//! | `page.html` | `content`: HTML, `extra`: `[extra]`, or `null` |
//! | `404.html` | |
//! | `redirect.html` (an old address) | `target`: [`Link`], its `url` absolute |
//!
//! Fields whose names end in `_html`, and `content`, are HTML that is ready to print: `{{ article.content | safe }}`.
//! `page.structured_data` is JSON that is ready to stand in a `script` element.
//! All else is text, which templates escape by themselves. A field that has no value is `null`; lists are never
//! `null`. All addresses are ready to print, the base path included. `{{ url(path="/style.css") }}` makes one for a
//! file of `static/`.

use std::sync::Arc;

use serde::Serialize;

use super::theme::{Listed, Shared};
use crate::parse::Value;

/// A name and where it leads.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// What to call it.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// A name that may lead somewhere.
#[derive(Clone, Debug, Serialize)]
pub struct MaybeLink {
    /// What to call it.
    pub title: String,
    /// Its address, where the site has a page of it.
    pub url: Option<String>,
}

/// A name, where it leads, and how many articles are there.
#[derive(Clone, Debug, Serialize)]
pub struct Counted {
    /// What to call it.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Articles.
    pub count: usize,
}

/// A feed of the site or a topic.
#[derive(Clone, Debug, Serialize)]
pub struct FeedLink {
    /// What to call it.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What its format is called: `Atom`, `RSS` or `JSON`.
    pub format: &'static str,
}

/// The same on every page.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    /// The site's name.
    pub title: String,
    /// One sentence on what it is.
    pub description: Option<String>,
    /// Who makes it.
    pub author: Option<String>,
    /// BCP 47 tag of its language.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// Address of the home page.
    pub url: String,
    /// The same with scheme and host.
    pub permalink: String,
    /// Topics that are part of no other, by title.
    pub topics: Vec<Link>,
    /// Plain pages, by title.
    pub pages: Vec<Link>,
    /// Lists that the site has: topics, digests, archive, A to Z, publishers, people, places, organizations, tags,
    /// corrections.
    pub lists: Vec<Link>,
    /// Feeds of the whole site.
    pub feeds: Vec<FeedLink>,
    /// The search page, which takes the words as `q`; `null` where the site has no search.
    pub search: Option<String>,
    /// The licence of the site's own words.
    pub license: Option<String>,
    /// `[extra]` of `site.toml`.
    pub extra: Option<Value>,
    /// `Dateline` and its version.
    pub generator: String,
}

/// What every page has.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// `home`, `article`, `topic`, `digest`, `publisher`, `person`, `place`, `organization`, `tag`, `archive`, `list`,
    /// `a-z`, `corrections`, `search`, `page`, `not-found` or `redirect`.
    pub kind: &'static str,
    /// Its title; the site's on the home page.
    pub title: String,
    /// A sentence for search engines and previews.
    pub description: Option<String>,
    /// Its address.
    pub url: String,
    /// The same with scheme and host: the canonical link.
    pub permalink: String,
    /// BCP 47 tag of its language.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// The way to it from the home page, which comes first; the page itself is not part of it.
    pub breadcrumbs: Vec<Link>,
    /// Feeds that belong to it.
    pub feeds: Vec<FeedLink>,
    /// What it says to machines: JSON-LD, ready to print in a `script` element; `null` where the site does without.
    pub structured_data: Option<String>,
    /// The same page as JSON, where the site gives it.
    pub json_url: Option<String>,
    /// A picture for previews.
    pub image: Option<Preview>,
}

/// A picture for previews on other sites.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    /// Its address, with scheme and host.
    pub url: String,
    /// What it shows; may be empty.
    pub alt: String,
    /// Pixels from side to side, where they are known.
    pub width: Option<u32>,
    /// Pixels from top to bottom, where they are known.
    pub height: Option<u32>,
}

/// A day or a moment.
#[derive(Clone, Debug, Serialize)]
pub struct Date {
    /// For `datetime`: `2022-01-21`, or `2022-01-21T14:05:00+02:00`.
    pub iso: String,
    /// For people: "21 January 2022".
    pub text: Arc<str>,
    /// For people, in a list of one year: "21 Jan".
    pub short: Arc<str>,
    /// "14:05", when there is a time.
    pub time: Option<String>,
    /// The day's page in the archive, where the site has one.
    pub url: Option<Arc<str>>,
}

/// Days from a first to a last.
#[derive(Clone, Debug, Serialize)]
pub struct Period {
    /// For `datetime` and schema.org: `2022-01-01/2022-01-31`.
    pub iso: String,
    /// For people: "1–31 January 2022".
    pub text: String,
    /// The first day, as `2022-01-01`.
    pub first: String,
    /// The last day, as `2022-01-31`.
    pub last: String,
}

/// An article in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// What it is called for ever.
    pub id: String,
    /// Its headline.
    pub title: String,
    /// Its page on this site.
    pub url: String,
    /// What it says.
    pub summary: Option<String>,
    /// When it was published.
    pub date: Date,
    /// When it was last changed.
    pub updated: Option<Box<Date>>,
    /// Where it was read.
    pub publisher: Option<Link>,
    /// Who reported it.
    pub agency: Option<Link>,
    /// The kind of text: `report`, `analysis`, `opinion`, `background`, `fact-check`, `live`.
    pub genre: Option<&'static str>,
    /// Its topics.
    pub topics: Vec<Link>,
    /// BCP 47 tag, when its language is not the site's.
    pub language: Option<String>,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// The curator's line.
    pub commentary_html: Option<String>,
    /// From 1, flash, to 9, filler.
    pub urgency: Option<u8>,
    /// Whether something in it was put right.
    pub is_corrected: bool,
    /// Whether it no longer stands.
    pub is_retracted: bool,
    /// Its address at the publisher.
    pub source_url: Option<String>,
    /// The same text at other outlets: who carried it, and their pages on this site.
    pub also_carried_by: Vec<Link>,
    /// `[extra]`.
    pub extra: Option<Value>,
}

/// An article or a link in a digest.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// The article, when the site has it.
    pub article: Option<Shared<Card>>,
    /// Its headline.
    pub title: String,
    /// Its page on this site, or elsewhere when there is no `article`.
    pub url: String,
    /// Who published a link.
    pub source: Option<MaybeLink>,
    /// `lead`, `pinned`, `item` or `see-also`.
    pub role: &'static str,
    /// The curator's line: the digest's own, else the article's.
    pub commentary_html: Option<String>,
    /// What it is called for ever, in feeds, mails and books as well: a `tag:` URI, or a link's address.
    pub id: String,
    /// Whether it came in after the digest's latest edition.
    pub is_since_edition: bool,
}

/// An edition of a digest.
#[derive(Clone, Debug, Serialize)]
pub struct Edition {
    /// From 1.
    pub number: u32,
    /// When the digest was frozen.
    pub date: Date,
    /// Items in it.
    pub count: usize,
    /// How many of them are no longer in the site.
    pub missing: usize,
    /// The e-mail as a page, when the site gives it.
    pub email_url: Option<String>,
    /// The e-mail for a mail program.
    pub mail_url: Option<String>,
    /// The book.
    pub epub_url: Option<String>,
    /// What changed since the edition before.
    pub changes: Vec<Change>,
}

/// What became of an item of a digest.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// `added`, `retracted`, `corrected`, `updated` or `removed`.
    pub kind: &'static str,
    /// Its headline; `null` for an article that is no longer shown.
    pub title: Option<String>,
    /// Its page here, or elsewhere for a link.
    pub url: Option<String>,
}

/// An edition with all that it says: `email.html`. Every address has scheme and host.
#[derive(Clone, Debug, Serialize)]
pub struct Issue {
    /// What lists show of it.
    #[serde(flatten)]
    pub edition: Edition,
    /// The digest's title then.
    pub title: String,
    /// The digest's summary then.
    pub summary: Option<String>,
    /// The curator's introduction then.
    pub content: Option<String>,
    /// The digest's page.
    pub url: String,
    /// The lead alone, then the digest's parts, then its pointers; none of them empty.
    pub sections: Vec<Section>,
    /// What it is called for ever.
    pub id: String,
    /// BCP 47 tag.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
}

/// A part of a digest.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Its anchor; `null` for the only section of a digest without sections.
    pub id: Option<String>,
    /// Its heading.
    pub title: Option<String>,
    /// Its items.
    pub items: Vec<Item>,
}

/// A digest in a list.
#[derive(Clone, Debug, Serialize)]
pub struct DigestCard {
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// What the period brought.
    pub summary: Option<String>,
    /// Its storyline.
    pub topic: Option<Link>,
    /// The days it covers.
    pub coverage: Option<Period>,
    /// Items in it.
    pub count: usize,
    /// The headline of its lead.
    pub lead: Option<Link>,
}

/// A topic in a list.
#[derive(Clone, Debug, Serialize)]
pub struct TopicCard {
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// What it is about.
    pub summary: Option<String>,
    /// Articles in it and its narrower topics.
    pub count: usize,
    /// `ongoing` or `ended`.
    pub status: &'static str,
    /// Its newest article.
    pub latest: Option<Shared<Card>>,
}

/// Articles of one month.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    /// "January 2022".
    pub title: String,
    /// For `datetime`: `2022-01`.
    pub iso: String,
    /// The month's page in the archive, where the site has one.
    pub url: Option<String>,
    /// Its articles, newest first.
    pub articles: Vec<Listed<Card>>,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// When.
    pub date: Period,
    /// When, for people, in a list of one month: "21 Jan" for a day, else as in `date`.
    pub short: String,
    /// Whether the date is about right.
    pub is_approximate: bool,
    /// Whether the date may be another.
    pub is_uncertain: bool,
    /// Who says otherwise, and what.
    pub disputed: Option<String>,
    /// From 1, a turning point, to 3, a detail.
    pub importance: u8,
    /// What.
    pub headline: String,
    /// The first article that says so.
    pub citation: Option<Link>,
    /// All articles that say so.
    pub citations: Vec<Link>,
    /// When one of these last said something new (RFC 3339).
    pub updated: String,
}

/// What happened when, and when it was written about.
#[derive(Clone, Debug, Serialize)]
pub struct Timeline {
    /// When most happened, to be drawn; `null` where there is too little to see.
    pub overview: Option<Overview>,
    /// The years of a timeline so long that a reader may want to jump.
    pub years: Vec<Link>,
    /// The same where a page lists the events alone.
    pub event_years: Vec<Link>,
    /// Its months, oldest first.
    pub months: Vec<TimelineMonth>,
    /// Events of importance 1.
    pub turning_point_count: usize,
    /// Events of importance 1 or 2.
    pub main_event_count: usize,
    /// All events, those that are left out here too.
    pub event_count: usize,
    /// Events that are left out here, because there are too many: the least important, and of these the oldest.
    pub left_out: usize,
    /// Articles in the months; 0 where there are too many to list.
    pub article_count: usize,
    /// All events as a calendar (RFC 5545), where the site gives it.
    pub calendar_url: Option<String>,
    /// All events for TimelineJS, where the site gives it.
    pub timelinejs_url: Option<String>,
}

/// A month of a timeline; or a year, of which no more is known.
#[derive(Clone, Debug, Serialize)]
pub struct TimelineMonth {
    /// "January 2022".
    pub title: String,
    /// For `datetime`: `2022-01`.
    pub iso: String,
    /// Its anchor, which no heading of a text has.
    pub anchor: String,
    /// The importance of its most important event, from 1 to 3; 4 when it has articles only.
    pub importance: u8,
    /// What happened or was written, oldest first.
    pub entries: Vec<TimelineEntry>,
}

/// Something that happened, or an article.
#[derive(Clone, Debug, Serialize)]
pub struct TimelineEntry {
    /// What happened; `null` for an article.
    pub event: Option<Event>,
    /// The article; `null` for an event.
    pub article: Option<Link>,
    /// The article's day.
    pub day: Option<Date>,
}

/// A picture of when most was written and happened: bars over a line for articles, bars below it for events, dots on top
/// for turning points. Places and lengths are percentages of the picture's width and height, so that its letters keep
/// their size.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// What a bar stands for: `day`, `week`, `month`, `year` or, for very long stories, `years`.
    pub unit: &'static str,
    /// Bars, each with something in it, oldest first.
    pub bars: Vec<OverviewBar>,
    /// Turning points.
    pub marks: Vec<OverviewMark>,
    /// What stands below the bars.
    pub labels: Vec<OverviewLabel>,
    /// From the first day to the last.
    pub coverage: Period,
    /// Articles in it.
    pub article_count: usize,
    /// Events in it.
    pub event_count: usize,
    /// The bar with the most articles, if there is one that has the most.
    pub busiest: Option<OverviewBar>,
    /// Events too long before the rest to be drawn.
    pub earlier: usize,
    /// Events too long after the rest to be drawn.
    pub later: usize,
}

/// A day, week, month or year of an overview.
#[derive(Clone, Debug, Serialize)]
pub struct OverviewBar {
    /// "January 2022"; of a week, its first day.
    pub title: String,
    /// Its left edge.
    pub x: f64,
    /// How wide it is.
    pub width: f64,
    /// Articles.
    pub articles: usize,
    /// The top of the articles' bar.
    pub articles_y: f64,
    /// How high the articles' bar is.
    pub articles_height: f64,
    /// Events.
    pub events: usize,
    /// How high the events' bar is.
    pub events_height: f64,
}

/// A turning point in an overview.
#[derive(Clone, Debug, Serialize)]
pub struct OverviewMark {
    /// What happened.
    pub title: String,
    /// Its middle.
    pub x: f64,
}

/// A date below an overview.
#[derive(Clone, Debug, Serialize)]
pub struct OverviewLabel {
    /// "2022", "January 2022" or "21 Jan".
    pub text: String,
    /// Where.
    pub x: f64,
    /// What of the text stands there: `start`, `middle` or `end`.
    pub anchor: &'static str,
}

/// Something that somebody said.
#[derive(Clone, Debug, Serialize)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// Whose.
    pub speaker: Option<MaybeLink>,
    /// What the speaker was then.
    pub roles: Vec<Role>,
    /// When they were said.
    pub date: Option<Date>,
    /// The article that has it.
    pub article: Link,
    /// When that was published.
    pub published: Date,
    /// BCP 47 tag, when it is not in the site's language.
    pub language: Option<String>,
}

/// What several may give a number of.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// What is counted.
    pub label: String,
    /// The numbers, by the day that they hold for.
    pub rows: Vec<Figure>,
}

/// A number that somebody gives.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// How many or how much.
    pub value: String,
    /// Of what.
    pub unit: Option<String>,
    /// The day or period that it holds for.
    pub as_of: Option<Period>,
    /// Who says so.
    pub source: Option<MaybeLink>,
    /// Where it stands: an article of this site, or a page elsewhere.
    pub citation: Option<Link>,
    /// Whether `citation` leads to another site.
    pub is_external: bool,
}

/// What was claimed, and what a check of it finds.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// What was claimed, in short.
    pub text: String,
    /// Who claimed it; with a page where the article names them among its people or organizations.
    pub by: Option<MaybeLink>,
    /// When.
    pub date: Option<Date>,
    /// What the check finds, in its own words.
    pub rating: String,
    /// The same as a number.
    pub rating_value: Option<i64>,
    /// The end of the scale for what is true.
    pub best_rating: Option<i64>,
    /// The other end.
    pub worst_rating: Option<i64>,
    /// Where it was claimed.
    pub appearances: Vec<Link>,
}

/// `home.html`.
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    /// The digest of the latest period.
    pub lead: Option<Digest>,
    /// The digests after it.
    pub digests: Vec<DigestCard>,
    /// Topics, the one with the newest article first.
    pub topics: Vec<TopicCard>,
    /// The newest articles.
    pub latest: Vec<Listed<Card>>,
}

/// Who did one thing for an article.
#[derive(Clone, Debug, Serialize)]
pub struct CreditGroup {
    /// `author`, `contributor`, `writer`, `editor` or `photographer`.
    pub role: &'static str,
    /// Their names, in the order of the byline.
    pub people: Vec<Credit>,
}

/// Somebody who made an article.
#[derive(Clone, Debug, Serialize)]
pub struct Credit {
    /// The name as printed.
    pub name: String,
    /// Where they reported from.
    pub place: Option<String>,
}

/// A picture.
#[derive(Clone, Debug, Serialize)]
pub struct Image {
    /// Its address; `null` when the site does not have it.
    pub url: Option<String>,
    /// Where it is elsewhere, for a link: a page loads nothing from other sites.
    pub source_url: Option<String>,
    /// What it shows, for those who do not see it; may be empty.
    pub alt: String,
    /// What stands under it.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
}

/// Something that was put right.
#[derive(Clone, Debug, Serialize)]
pub struct Correction {
    /// Its place on the article's page: the `id` there, and what links end in. It follows from the date.
    pub anchor: String,
    /// When.
    pub date: Date,
    /// `correction`, `clarification`, `update` or `retraction`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

/// Something that was put right, and in which article.
#[derive(Clone, Debug, Serialize)]
pub struct Corrected {
    /// What was put right.
    #[serde(flatten)]
    pub correction: Correction,
    /// The article; its address leads to what was put right in it.
    pub article: Link,
    /// BCP 47 tag of the article's language, where it is not the site's.
    pub language: Option<String>,
    /// `ltr` or `rtl`, as the article reads.
    pub direction: &'static str,
}

/// What may be done with an article.
#[derive(Clone, Debug, Serialize)]
pub struct Rights {
    /// Who holds the rights.
    pub holder: Option<String>,
    /// The licence: a name, an SPDX identifier or an address.
    pub license: Option<String>,
    /// The licence's address, where there is one.
    pub license_url: Option<String>,
    /// What may be done, in words.
    pub usage: Option<String>,
    /// `full`, `excerpt` or `headline`: how much of the text is here.
    pub display: &'static str,
}

/// `article.html`.
#[derive(Clone, Debug, Serialize)]
pub struct Article {
    /// What lists show of it: fields that stand beside these.
    #[serde(skip)]
    pub card: Shared<Card>,
    /// The text, as much of it as may be shown; `null` when nothing may.
    pub content: Option<String>,
    /// Whether `content` stops before the text's end.
    pub is_excerpt: bool,
    /// Words of the whole text.
    pub words: usize,
    /// Minutes to read it, at 230 words a minute, at least 1.
    pub minutes: usize,
    /// Place, date and agency as printed: "GENEVA, Jan 21 (Reuters)".
    pub dateline: Option<String>,
    /// The place of the dateline.
    pub located: Option<Link>,
    /// Who made it.
    pub credits: Vec<CreditGroup>,
    /// Pictures.
    pub images: Vec<Image>,
    /// What was put right, newest first.
    pub corrections: Vec<Correction>,
    /// What withdrew it; then neither its text nor what it said is here. `null` for an article that stands.
    pub retraction: Option<Correction>,
    /// What happened when.
    pub events: Vec<Event>,
    /// Who said what.
    pub quotes: Vec<Quote>,
    /// The curator's reason.
    pub why_it_matters_html: Option<String>,
    /// Who is in it.
    pub people: Vec<Who>,
    /// Where it happens.
    pub places: Vec<Link>,
    /// Which bodies are in it.
    pub organizations: Vec<Link>,
    /// Its keywords.
    pub tags: Vec<Link>,
    /// The digests that hold it.
    pub digests: Vec<Link>,
    /// The publisher's own preferred address.
    pub canonical_url: Option<String>,
    /// A copy in an archive.
    pub archived_url: Option<String>,
    /// When it was read.
    pub retrieved: Option<Date>,
    /// What may be done with it.
    pub rights: Rights,
    /// The article that carries the same text and stands for it in lists.
    pub copy_of: Option<Link>,
    /// Who gives which number in it.
    pub figures: Vec<Figures>,
    /// What was claimed and checked, where it is a fact-check.
    pub claim: Option<Claim>,
    /// The next newer article of its first topic, or of the site.
    pub newer: Option<Link>,
    /// The next older one.
    pub older: Option<Link>,
}

/// Who, where and what is in a topic's articles.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// From its first article to its last.
    pub coverage: Option<Period>,
    /// Different agencies and publishers that its articles come from; those who carried an agency's text are none.
    pub origin_count: usize,
    /// Countries of these, as far as they are known.
    pub country_count: usize,
    /// What happened, oldest first; on the first page of the list alone.
    pub events: Vec<Event>,
    /// Who gives which number; on the first page of the list alone.
    pub figures: Vec<Figures>,
    /// Who is in it, most often first, at most 12.
    pub people: Vec<Who>,
    /// Where it happens, most often first, at most 12.
    pub places: Vec<Counted>,
    /// Which bodies are in it, most often first, at most 12.
    pub organizations: Vec<Counted>,
}

/// `topic.html`.
#[derive(Clone, Debug, Serialize)]
pub struct Topic {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: Option<String>,
    /// The background.
    pub content: String,
    /// `ongoing` or `ended`.
    pub status: &'static str,
    /// The topics it is part of.
    pub broader: Vec<Link>,
    /// The topics that are part of it.
    pub narrower: Vec<Counted>,
    /// Topics to see as well.
    pub related: Vec<Link>,
    /// The same thing elsewhere.
    pub same_as: Vec<Link>,
    /// Its digests, the latest period first.
    pub digests: Vec<DigestCard>,
    /// Articles in it and its narrower topics.
    pub count: usize,
    /// The articles of this page of the list, by month, newest first.
    pub months: Vec<Month>,
    /// Who, where and what is in its articles.
    #[serde(flatten)]
    pub summary_of_articles: Summary,
    /// What happened when, and when it was written about; on the first page of the list alone.
    pub timeline: Option<Timeline>,
    /// `[extra]`.
    pub extra: Option<Value>,
}

/// `digest.html`.
#[derive(Clone, Debug, Serialize)]
pub struct Digest {
    /// What lists show of it.
    #[serde(flatten)]
    pub card: DigestCard,
    /// The curator's introduction.
    pub content: String,
    /// The item on top.
    pub lead_item: Option<Item>,
    /// Its parts, none of them empty.
    pub sections: Vec<Section>,
    /// Pointers for those who want more.
    pub see_also: Vec<Item>,
    /// Articles of this site in it; copies of one text are one.
    pub article_count: usize,
    /// Different agencies and publishers that they come from; those who carried an agency's text are none.
    pub origin_count: usize,
    /// Countries of these, as far as they are known.
    pub country_count: usize,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// Who gives which number.
    pub figures: Vec<Figures>,
    /// What was put right in its articles, newest first.
    pub corrections: Vec<Corrected>,
    /// What happened when, and when it was written about.
    pub timeline: Timeline,
    /// Who is in it, most often first, at most 12.
    pub people: Vec<Who>,
    /// Where it happens, most often first, at most 12.
    pub places: Vec<Counted>,
    /// Which bodies are in it, most often first, at most 12.
    pub organizations: Vec<Counted>,
    /// Its keywords.
    pub tags: Vec<Link>,
    /// What was frozen of it, the latest first.
    pub editions: Vec<Edition>,
    /// What changed since the latest edition.
    pub changes_since_edition: Vec<Change>,
    /// The topic's digest of the period after it.
    pub newer: Option<Link>,
    /// The topic's digest of the period before it.
    pub older: Option<Link>,
    /// `[extra]`.
    pub extra: Option<Value>,
}

/// What a rater says of a publisher.
#[derive(Clone, Debug, Serialize)]
pub struct Rating {
    /// Who rates.
    pub by: String,
    /// What they say.
    pub value: String,
    /// When.
    pub date: Option<Date>,
    /// Where to read it.
    pub url: Option<String>,
}

/// `publisher.html`.
#[derive(Clone, Debug, Serialize)]
pub struct Publisher {
    /// Its name.
    pub name: String,
    /// Other spellings of it.
    pub alternate_names: Vec<String>,
    /// `newspaper`, `broadcaster`, `agency`, `magazine`, `website`, `official`, `ngo` or `blog`.
    pub kind: Option<&'static str>,
    /// Its home page.
    pub home_url: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// That country's name in the site's language.
    pub country_name: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Its feeds.
    pub feeds: Vec<String>,
    /// Where it says what it got wrong.
    pub corrections_url: Option<String>,
    /// What may be shown of its texts.
    pub rights: Rights,
    /// What raters say of it.
    pub ratings: Vec<Rating>,
    /// What the site says of it.
    pub content: String,
    /// Articles from it.
    pub count: usize,
    /// Those of this page of the list, newest first.
    pub articles: Vec<Listed<Card>>,
    /// `[extra]`.
    pub extra: Option<Value>,
}

/// What a person was, and when.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    /// What they are called.
    pub title: String,
    /// Of what.
    pub organization: Option<MaybeLink>,
    /// Since when, as given: a day, month or year.
    pub from: Option<String>,
    /// Until when.
    pub to: Option<String>,
}

/// A person, and what they were at the time that a page is about.
#[derive(Clone, Debug, Serialize)]
pub struct Who {
    /// The name.
    pub title: String,
    /// Their page.
    pub url: String,
    /// Articles with them; `null` where the page is about one.
    pub count: Option<usize>,
    /// What they were then, the earliest first.
    pub roles: Vec<Role>,
}

/// A map of the part of the world around a place: equirectangular, true to scale at the place's latitude.
#[derive(Clone, Debug, Serialize)]
pub struct Map {
    /// Its width, for `viewBox`.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Where the place is, from the left.
    pub x: f64,
    /// Where the place is, from the top.
    pub y: f64,
    /// The land, as an SVG path to be filled by the even-odd rule; empty where there is none.
    pub land: String,
    /// Every tenth meridian and parallel, as an SVG path.
    pub graticule: String,
}

/// A point on the globe (WGS 84).
#[derive(Clone, Debug, Serialize)]
pub struct Geo {
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
}

/// `person.html`, `place.html`, `organization.html`.
#[derive(Clone, Debug, Serialize)]
pub struct Entity {
    /// The name.
    pub name: String,
    /// Who or what it is.
    pub summary: Option<String>,
    /// Other spellings of the name.
    pub alternate_names: Vec<String>,
    /// The same one elsewhere.
    pub same_as: Vec<Link>,
    /// What a person was, and when, newest first.
    pub roles: Vec<Role>,
    /// An organization's people, in the order of their names, each with the roles that they had there.
    pub members: Vec<Who>,
    /// Where a place lies.
    pub geo: Option<Geo>,
    /// The land around a place.
    pub map: Option<Map>,
    /// ISO 3166-1 alpha-2 code of a place or organization.
    pub country: Option<String>,
    /// That country's name in the site's language.
    pub country_name: Option<String>,
    /// What the site says of it.
    pub content: String,
    /// What a person said, newest first.
    pub quotes: Vec<Quote>,
    /// Articles with it.
    pub count: usize,
    /// Those of this page of the list, newest first.
    pub articles: Vec<Listed<Card>>,
    /// `[extra]`.
    pub extra: Option<Value>,
}

/// `tag.html`.
#[derive(Clone, Debug, Serialize)]
pub struct Tag {
    /// The keyword.
    pub name: String,
    /// Articles with it.
    pub count: usize,
    /// Those of this page of the list, newest first.
    pub articles: Vec<Listed<Card>>,
}

/// `archive.html`: all years, a year, a month or a day.
#[derive(Clone, Debug, Serialize)]
pub struct Archive {
    /// `all`, `year`, `month` or `day`.
    pub level: &'static str,
    /// "Archive", "2022", "January 2022" or "21 January 2022".
    pub title: String,
    /// Articles in it.
    pub count: usize,
    /// The years of the archive, newest first, each with its months; of a year, that year alone.
    pub years: Vec<Year>,
    /// The articles of this page of a month or day.
    pub articles: Vec<Listed<Card>>,
    /// The next newer period of the same length that has articles.
    pub newer: Option<Link>,
    /// The next older one.
    pub older: Option<Link>,
}

/// A year of the archive.
#[derive(Clone, Debug, Serialize)]
pub struct Year {
    /// "2022".
    pub title: String,
    /// Its page.
    pub url: String,
    /// Articles in it.
    pub count: usize,
    /// Its months with articles, newest first.
    pub months: Vec<Counted>,
}

/// `list.html`: everything of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// `topics`, `digests`, `publishers`, `people`, `places`, `organizations` or `tags`.
    pub kind: &'static str,
    /// Its title.
    pub title: String,
    /// What there is.
    pub entries: Vec<ListEntry>,
    /// The feeds of all publishers as OPML; of the list of publishers alone, where the site gives it.
    pub opml_url: Option<String>,
}

/// An entry of a list.
#[derive(Clone, Debug, Serialize)]
pub struct ListEntry {
    /// What to call it.
    pub title: String,
    /// Its page.
    pub url: String,
    /// What it is.
    pub summary: Option<String>,
    /// Other spellings of a name.
    pub alternate_names: Vec<String>,
    /// Articles in it.
    pub count: usize,
}

/// Where a page stands among the pages of a long list.
#[derive(Clone, Debug, Serialize)]
pub struct Pager {
    /// Which page this is, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// Entries on all of them.
    pub total: usize,
    /// The page before it, with newer articles.
    pub previous: Option<String>,
    /// The page after it, with older ones.
    pub next: Option<String>,
    /// The first page.
    pub first: String,
}

/// `a-z.html`: the names of topics, people, places, organizations, publishers and tags.
#[derive(Clone, Debug, Serialize)]
pub struct Names {
    /// Every letter that a name starts with, and where its names are.
    pub letters: Vec<Link>,
    /// The names of this page, by letter.
    pub groups: Vec<NameGroup>,
}

/// Names with one first letter.
#[derive(Clone, Debug, Serialize)]
pub struct NameGroup {
    /// The letter; `0–9` for all digits, `#` for what is neither.
    pub letter: String,
    /// Its anchor.
    pub id: String,
    /// The names.
    pub names: Vec<Name>,
}

/// A name of the A to Z.
#[derive(Clone, Debug, Serialize)]
pub struct Name {
    /// The name.
    pub title: String,
    /// Its page.
    pub url: String,
    /// `topic`, `person`, `place`, `organization`, `publisher` or `tag`.
    pub kind: &'static str,
    /// Articles with it.
    pub count: usize,
}

/// `search.html`: the form, and the place for what is found.
///
/// The script finds its place by ids and `data-` attributes, as the built-in template has them.
#[derive(Clone, Debug, Serialize)]
pub struct Search {
    /// The script.
    pub script_url: String,
    /// The site's root, which addresses in the index are below.
    pub base_url: String,
    /// What the script says, as JSON for its `data-words`.
    pub words: String,
    /// The archive, where the site has one.
    pub archive_url: Option<String>,
    /// The A to Z, where the site has one.
    pub a_to_z_url: Option<String>,
}
