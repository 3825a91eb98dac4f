//! One file of `content/` → a [`Document`]: which kind it is, and its front matter read key by key.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    edition::{self, EditionMatter},
    fields::{Choice, Fields, Located},
    front_matter,
    matter::*,
    sketch::Sketch,
    value::parse_toml,
};
use crate::{
    date::When,
    diagnostic::{Diagnostic, Place, SitePath, did_you_mean},
    fingerprint::Fingerprint,
};

/// What one file of `content/` says in its front matter. Of its text it knows where it starts, and a sketch where an agency
/// reported it; but for that, a change of the text leaves the document as it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct Document {
    /// The file.
    pub path: SitePath,
    /// What it says.
    pub matter: Matter,
    /// Where its Markdown starts, in bytes; it goes on to the end of the file.
    pub body: usize,
    /// Of its front matter as written.
    pub front: Fingerprint,
    /// Of the text of an article that an agency reported: others may carry it as well.
    pub sketch: Option<Arc<Sketch>>,
}

impl Document {
    /// The file's name without `.md`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".md").unwrap_or(name)
    }
}

/// The front matter of each kind of file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Matter {
    /// `content/articles/`.
    Article(Arc<ArticleMatter>),
    /// `content/topics/`.
    Topic(Arc<TopicMatter>),
    /// `content/digests/`.
    Digest(Arc<DigestMatter>),
    /// `content/publishers/`.
    Publisher(Arc<PublisherMatter>),
    /// `content/people/`, `content/places/`, `content/organizations/`.
    Entity(Arc<EntityMatter>),
    /// `content/pages/`.
    Page(Arc<PageMatter>),
    /// `content/inbox/`: imported, not yet placed, never published.
    Inbox,
    /// `content/editions/`: a digest as it was.
    Edition(Arc<EditionMatter>),
}

fn plain(text: Option<Located<String>>) -> Option<String> {
    text.map(|text| text.value)
}

fn moment(when: Option<Located<When>>) -> Option<When> {
    when.map(|when| when.value)
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
pub fn parse(path: &SitePath, text: &str, zone: &TimeZone) -> (Option<Document>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let document = parse_text(path, text, zone, &mut diagnostics);
    (document, diagnostics)
}

/// What is wrong with a file of `content/` that is no text to be read.
pub fn not_a_document(path: &SitePath) -> Option<Diagnostic> {
    let mut diagnostics = Vec::new();
    kind_of(path, &mut diagnostics);
    diagnostics.pop()
}

/// The folder that says which kind of file this is. `None`, mostly with a diagnostic, when it is none.
fn kind_of<'a>(path: &'a SitePath, diagnostics: &mut Vec<Diagnostic>) -> Option<&'a str> {
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
    if folder == "editions" {
        let is_edition = path.ends_with(".toml");
        if !is_edition {
            diagnostics.push(
                Diagnostic::warning("this is no edition, so it is passed over", Place::file(path))
                    .hint("an edition is a TOML file that `dateline edition DIGEST` writes"),
            );
        }
        return is_edition.then_some(folder);
    }
    if !path.ends_with(".md") {
        if folder != "inbox" {
            diagnostics.push(
                Diagnostic::warning("this is no Markdown file, so it is not published", Place::file(path))
                    .hint("pictures and other files to publish go to static/; Markdown files end in `.md`"),
            );
        }
        return None;
    }
    Some(folder)
}

fn parse_text(path: &SitePath, text: &str, zone: &TimeZone, diagnostics: &mut Vec<Diagnostic>) -> Option<Document> {
    let folder = kind_of(path, diagnostics)?;
    if folder == "inbox" {
        return Some(Document {
            path: path.clone(),
            matter: Matter::Inbox,
            body: 0,
            front: Fingerprint::of(b""),
            sketch: None,
        });
    }
    if folder == "editions" {
        let before = diagnostics.len();
        let entries = parse_toml(text, 0, path, diagnostics);
        let is_incomplete = diagnostics.len() > before;
        let mut fields = Fields::new(&entries, "the edition", 0..0, path, zone, diagnostics).incomplete(is_incomplete);
        let matter = edition::read(&mut fields).map(Arc::new);
        fields.finish();
        let front = Fingerprint::of(text.as_bytes());
        let matter = Matter::Edition(matter?);
        return Some(Document { path: path.clone(), matter, body: text.len(), front, sketch: None });
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let split = front_matter::split(text, path, diagnostics)?;
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
        "articles" => Matter::Article(Arc::new(article(&mut fields))),
        "topics" => Matter::Topic(Arc::new(topic(&mut fields))),
        "digests" => Matter::Digest(Arc::new(digest(&mut fields))),
        "publishers" => Matter::Publisher(Arc::new(publisher(&mut fields, stem))),
        "people" => Matter::Entity(Arc::new(entity(&mut fields, EntityKind::Person, stem))),
        "places" => Matter::Entity(Arc::new(entity(&mut fields, EntityKind::Place, stem))),
        "organizations" => Matter::Entity(Arc::new(entity(&mut fields, EntityKind::Organization, stem))),
        _ => Matter::Page(Arc::new(page(&mut fields))),
    };
    fields.finish();
    let body = split.body.start;
    let front = Fingerprint::of(&text.as_bytes()[..body]);
    let sketch = match &matter {
        Matter::Article(article) if article.agency.is_some() => Sketch::of(&text[body..]).map(Arc::new),
        _ => None,
    };
    Some(Document { path: path.clone(), matter, body, front, sketch })
}

const FOLDERS: [&str; 10] =
    ["articles", "topics", "digests", "publishers", "people", "places", "organizations", "pages", "inbox", "editions"];

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

fn article(fields: &mut Fields<'_>) -> ArticleMatter {
    let id = fields.text("id").map(Box::new);
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
        slug: fields.text("slug").map(Box::new),
        lang: fields.language("lang"),
        draft: fields.flag("draft").unwrap_or(false),
        tags: fields.texts("tags").into(),
        aliases: fields.texts("aliases").into(),
        updated: moment(fields.when("updated")).map(Box::new),
        dateline: plain(fields.text("dateline")).map(String::into_boxed_str),
        located: fields.text("located").map(Box::new),
        publisher: fields.text("publisher"),
        agency: fields.text("agency").map(Box::new),
        copy_of: copy_of(fields).map(Box::new),
        url: plain(fields.url("url")),
        canonical_url: plain(fields.url("canonical_url")).map(String::into_boxed_str),
        archived_url: plain(fields.url("archived_url")).map(String::into_boxed_str),
        retrieved: moment(fields.when("retrieved")).map(Box::new),
        credits: fields.tables("credits", "`[[credits]]`", credit).into_iter().flatten().collect(),
        genre: fields.choice("genre"),
        topics: fields.texts("topics").into(),
        people: fields.texts("people").into(),
        places: fields.texts("places").into(),
        organizations: fields.texts("organizations").into(),
        commentary: fields.text("commentary").map(Box::new),
        why_it_matters: fields.text("why_it_matters").map(Box::new),
        rights: fields.table("rights", "`[rights]`", Rights::read).map(Box::new),
        images: fields.tables("images", "`[[images]]`", image).into(),
        corrections: fields.tables("corrections", "`[[corrections]]`", correction).into_iter().flatten().collect(),
        events: events(fields, false).into(),
        quotes: fields.tables("quotes", "`[[quotes]]`", quote).into_iter().flatten().collect(),
        figures: figures(fields).into(),
        claim: fields.table("claim", "`[claim]`", claim).flatten().map(Box::new),
        embargoed_until: moment(fields.when("embargoed_until")).map(Box::new),
        expires: moment(fields.when("expires")).map(Box::new),
        urgency: urgency(fields),
        ed_note: plain(fields.text("ed_note")).map(String::into_boxed_str),
        import: fields
            .table("import", "`[import]`", |fields| ImportRecord {
                sha256: plain(fields.text("sha256")),
                date: moment(fields.when("date")),
                words_removed: fields.number("words_removed", 0..=i64::MAX),
                check: fields.texts("check"),
                base: plain(fields.text("base")),
            })
            .map(Box::new),
        extra: fields.any("extra"),
    }
}

fn copy_of(fields: &mut Fields<'_>) -> Option<CopyOf> {
    match fields
        .text_or_false("copy_of", "name the article that it is a copy of, or write `copy_of = false`: it is none")?
    {
        Some(reference) => Some(CopyOf::Article(reference)),
        None => Some(CopyOf::Nothing),
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

/// `[[events]]`. An article's own are said by the article; anybody else must say which article it is that says so.
fn events(fields: &mut Fields<'_>, must_cite: bool) -> Vec<Event> {
    let rows = fields.tables("events", "`[[events]]`", |fields| event(fields, must_cite));
    rows.into_iter().flatten().collect()
}

fn event(fields: &mut Fields<'_>, must_cite: bool) -> Option<Event> {
    let has_date = fields.has("date");
    let date = fields.qualified_period("date");
    let headline = fields.required_text("headline", "say what happened: `headline = \"…\"`");
    let approximate = fields.flag("approximate").unwrap_or(false);
    let disputed = plain(fields.text("disputed"));
    let importance = fields.number("importance", 1..=3).and_then(|number| u8::try_from(number).ok());
    let has_citation = fields.has("citation");
    let citations = fields.texts("citation");
    if !has_date {
        fields.missing("date", "when it happened: `date = \"2022-01-21\"`, a month or `first/last`");
    }
    if must_cite && citations.is_empty() {
        let hint = "name the article that says so: `citation = \"2022-01-21-talks\"`";
        if has_citation {
            fields.report("the event cites nothing", fields.span(), hint);
        } else {
            fields.missing("citation", hint);
        }
    }
    let (date, qualifier) = date?;
    Some(Event {
        date: date.value,
        is_approximate: approximate || qualifier.is_approximate,
        is_uncertain: qualifier.is_uncertain,
        disputed,
        importance: importance.unwrap_or(2),
        headline: headline?.value,
        citations,
    })
}

fn quote(fields: &mut Fields<'_>) -> Option<Quote> {
    let text = fields.required_text("text", "the words, without quotation marks around them: `text = \"…\"`");
    let speaker = fields.text("speaker");
    let date = moment(fields.when("date"));
    let citation = fields.text("citation");
    Some(Quote { text: text?, speaker, date, citation })
}

fn figures(fields: &mut Fields<'_>) -> Vec<Figure> {
    fields.tables("figures", "`[[figures]]`", figure).into_iter().flatten().collect()
}

fn figure(fields: &mut Fields<'_>) -> Option<Figure> {
    let label = fields.required_text("label", "what is counted: `label = \"Dead in Tonga\"`");
    let has_value = fields.has("value");
    let value = fields.figure("value");
    let unit = plain(fields.text("unit"));
    let as_of = fields.period("as_of").map(|period| period.value);
    let source = fields.text("source");
    let citation = fields.text("citation");
    if !has_value {
        fields.missing("value", "how many or how much: `value = 3`, or `value = \"about 84,000\"`");
    }
    let Located { value: (value, is_number), span: value_span } = value?;
    Some(Figure { label: label?.value, value, is_number, value_span, unit, as_of, source, citation })
}

fn claim(fields: &mut Fields<'_>) -> Option<Claim> {
    let text = fields.required_text("text", "what was claimed, in short: `text = \"The harbour is closed\"`");
    let by = plain(fields.text("by"));
    let date = moment(fields.when("date"));
    let rating = fields.required_text("rating", "what the check finds: `rating = \"False\"`");
    let keys = ["rating_value", "best_rating", "worst_rating"];
    let missing: Vec<&str> = keys.into_iter().filter(|key| !fields.has(key)).collect();
    let numbers = keys.map(|key| fields.number(key, -1000..=1000));
    let mut scale = None;
    if (1..3).contains(&missing.len()) {
        let what = missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
        let hint =
            "a number says nothing without its scale: give `rating_value`, `best_rating` and `worst_rating`, or none";
        fields.report(format!("`[claim]` has no {what}"), fields.span(), hint);
    } else if let [Some(value), Some(best), Some(worst)] = numbers {
        if best == worst || !(worst.min(best)..=worst.max(best)).contains(&value) {
            let message = format!("`rating_value` {value} is not on a scale from {worst} to {best}");
            fields.report(message, fields.span(), "it lies between `worst_rating` and `best_rating`, which differ");
        } else {
            scale = Some(Scale { value, best, worst });
        }
    }
    let appearances = fields.urls("appearance").into_iter().map(|url| url.value).collect();
    Some(Claim { text: text?.value, by, date, rating: rating?.value, scale, appearances })
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
        events: events(fields, true),
        aliases: fields.texts("aliases"),
        lang: fields.language("lang"),
        figures: figures(fields),
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
    let to = fields.period("to");
    if let (Some(from), Some(to)) = (&from, &to)
        && to.value.last < from.first
    {
        fields.report(
            "the role ends before it begins",
            to.span.clone(),
            "`from` is the earlier date, `to` the later one",
        );
    }
    Some(Position { title: title?.value, organization, from, to: to.map(|period| period.value) })
}

fn page(fields: &mut Fields<'_>) -> PageMatter {
    PageMatter {
        title: title(fields),
        summary: plain(fields.text("summary")),
        lang: fields.language("lang"),
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
        items: exact(fields.tables("items", "`[[items]]`", item).into_iter().flatten()),
        figures: figures(fields),
        events: events(fields, true),
        lang: fields.language("lang"),
        draft: fields.flag("draft").unwrap_or(false),
        tags: fields.texts("tags"),
        aliases: fields.texts("aliases"),
        extra: fields.any("extra"),
    }
}

/// In no more room than they take.
fn exact<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.shrink_to_fit();
    items
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
    let section = fields.text("section").map(Box::new);
    let commentary = fields.text("commentary").map(Box::new);
    let target = match (article, url) {
        (Some(article), None) => Some(ItemTarget::Article(article)),
        (None, Some(url)) => {
            if !has_title {
                fields.missing("title", "a link needs its headline: `title = \"…\"`");
            }
            title.map(|title| ItemTarget::Link(Box::new(ItemLink { url: url.value, title, source })))
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
