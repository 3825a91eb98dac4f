//! Feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1. Links are absolute; ids are `tag:` URIs (RFC 4151) that outlive
//! every change of title, address and host.
//!
//! What is in another language than the feed says so: in Atom title, summary and content by `xml:lang`, in RSS the item by
//! `dc:language`, in JSON Feed the item by `language`. None of these has a word for the direction of writing, so that in each
//! the HTML of the text says both.

use std::{borrow::Cow, collections::BTreeMap};

use atom_syndication as atom;
use rss::extension::{Extension, dublincore::DublinCoreExtension};
use serde::Serialize;

use super::{
    Reader,
    cards::{correction_anchor, correction_key},
    escaped,
    view::Link,
    words::Argument,
};
use crate::{
    date::When,
    diagnostic::Diagnostic,
    locale::direction,
    model::{Article, ArticleId},
    parse::{
        Choice as _,
        matter::{Correction, Display, Role},
    },
    plan::{FeedFormat, Route, Scope},
};

/// A feed before its format.
struct Feed<'a> {
    title: String,
    description: Option<&'a str>,
    home: String,
    own: String,
    id: String,
    entries: Vec<Entry<'a>>,
}

/// An article in a feed, or something that was put right.
struct Entry<'a> {
    id: String,
    title: Cow<'a, str>,
    url: String,
    source_url: Option<&'a str>,
    published: &'a When,
    updated: &'a When,
    authors: Vec<&'a str>,
    categories: Vec<&'a str>,
    summary: Option<&'a str>,
    content: Option<String>,
    /// Who else carried the text, and their pages.
    carriers: Vec<Link>,
    /// BCP 47 tag of title, summary and text, where it is not the feed's.
    language: Option<&'a str>,
}

/// Writes a feed.
pub fn render(
    reader: &Reader<'_>,
    route: &Route,
    format: FeedFormat,
    scope: Scope,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let reader = reader.with_absolute_links();
    let feed = collect(&reader, route, scope, diagnostics);
    match format {
        FeedFormat::Atom => write_atom(&reader, feed),
        FeedFormat::Rss => write_rss(&reader, feed),
        FeedFormat::Json => write_json(&reader, feed),
    }
}

fn collect<'a>(reader: &'a Reader<'_>, route: &Route, scope: Scope, diagnostics: &mut Vec<Diagnostic>) -> Feed<'a> {
    let (title, description, home, articles): (String, _, _, &[ArticleId]) = match scope {
        Scope::Corrections => return corrections(reader, route),
        Scope::Site => (
            reader.config.title.clone(),
            reader.config.description.as_deref(),
            Route::home(),
            reader.model.newest(reader.config.feed_items),
        ),
        Scope::Topic(id) => {
            let topic = &reader.model[id];
            (
                format!("{}: {}", reader.config.title, topic.matter.title),
                topic.matter.summary.as_deref(),
                Route::topic(topic),
                &topic.articles,
            )
        }
    };
    let entries = articles.iter().take(reader.config.feed_items).map(|id| entry(reader, *id, diagnostics)).collect();
    Feed {
        title,
        description,
        // A feed's own name must not depend on its format's file: readers take it for the feed.
        id: format!("tag:{},2022:{home}", reader.config.tag_authority),
        home: reader.urls.absolute(&home),
        own: reader.urls.absolute(route),
        entries,
    }
}

/// The log of corrections.
fn corrections<'a>(reader: &'a Reader<'_>, route: &Route) -> Feed<'a> {
    let rows = reader.model.corrections().iter().take(reader.config.feed_items);
    let home = Route::corrections();
    Feed {
        title: format!("{}: {}", reader.config.title, reader.word_of("list", "corrections")),
        description: None,
        id: format!("tag:{},2022:{home}", reader.config.tag_authority),
        home: reader.urls.absolute(&home),
        own: reader.urls.absolute(route),
        entries: rows.map(|(id, row)| corrected(reader, reader.model.corrected(*id), *row)).collect(),
    }
}

fn corrected<'a>(reader: &'a Reader<'_>, article: &'a Article, row: usize) -> Entry<'a> {
    let matter = &article.matter;
    let correction = &matter.corrections[row];
    Entry {
        id: reader.tag_uri(&format!("{}/correction/{}", article.id, correction_key(article, row))),
        title: format!("{}: {}", reader.word_of("correction", correction.kind.word()), matter.title).into(),
        url: format!("{}#{}", reader.url(&Route::article(article)), correction_anchor(article, row)),
        source_url: None,
        published: &correction.date,
        updated: &correction.date,
        authors: reader.config.author.as_deref().into_iter().collect(),
        categories: vec![correction.kind.word()],
        summary: None,
        content: Some(format!("<p>{}</p>\n", escaped(&correction.text))),
        carriers: Vec::new(),
        language: None,
    }
}

/// What was put right in an article, as paragraphs below its text, the latest first: whoever reads it in a feed reads this, too.
fn put_right(article: &Article, reader: &Reader<'_>) -> String {
    let mut rows: Vec<_> = article.matter.corrections.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.date));
    let tag = in_sites_language(article, reader);
    let paragraph = |row: &&Correction| {
        let kind = format!("<strong>{}</strong>", escaped(&reader.word_of("correction", row.kind.word())));
        let date = reader.locale.day(row.date.date());
        let text = escaped(&row.text);
        let values =
            [("kind", Argument::Html(&kind)), ("date", Argument::Html(&date)), ("text", Argument::Html(&text))];
        format!("<p{tag}>{}</p>\n", reader.word_with("correction_of", &values))
    };
    rows.iter().map(paragraph).collect()
}

fn entry<'a>(reader: &'a Reader<'_>, id: ArticleId, diagnostics: &mut Vec<Diagnostic>) -> Entry<'a> {
    let article: &'a Article = &reader.model[id];
    let matter = &article.matter;
    let content = (article.display != Display::Headline).then(|| reader.article_body(article, diagnostics).html);
    let mut authors: Vec<&str> =
        matter.credits.iter().filter(|credit| credit.role == Role::Author).map(|credit| credit.name.as_str()).collect();
    if authors.is_empty() {
        let outlet = article.agency.or(article.publisher);
        authors.extend(outlet.map(|id| reader.model[id].matter.name.value.as_str()));
    }
    let carriers = reader.carriers(article);
    let language = language(article, reader);
    let content = content.filter(|html| !html.is_empty()).map(|html| match language {
        Some(language) => format!("<div{}>\n{html}</div>\n", attributes(language)),
        None => html,
    });
    let content = content.map(|html| html + &also_carried_by(&carriers, article, reader));
    let notes = put_right(article, reader);
    // Where nothing of the text is shown, the summary stands in its place; beside a correction it stands before it.
    let summary = || {
        let tag = language.map(attributes).unwrap_or_default();
        matter.summary.as_deref().map(|text| format!("<p{tag}>{}</p>\n", escaped(text))).unwrap_or_default()
    };
    let content = if notes.is_empty() { content } else { Some(content.unwrap_or_else(summary) + &notes) };
    let title = match matter.retraction() {
        Some(_) => format!("{}: {}", reader.word("retracted"), matter.title).into(),
        None => Cow::Borrowed(matter.title.as_str()),
    };
    let topics = article.topics.iter().map(|id| reader.model[*id].matter.title.as_str());
    let tags = article.tags.iter().map(|id| reader.model[*id].name.as_str());
    Entry {
        id: reader.tag_uri(&article.id),
        title,
        url: reader.url(&Route::article(article)),
        source_url: matter.url.as_deref().or(matter.canonical_url.as_deref()),
        published: &article.date,
        updated: article.last_changed(),
        authors,
        categories: topics.chain(tags).collect(),
        summary: matter.summary.as_deref(),
        content,
        carriers,
        language,
    }
}

/// An article's language, where it is not the site's.
fn language<'a>(article: &'a Article, reader: &Reader<'_>) -> Option<&'a str> {
    article.matter.lang.as_deref().filter(|lang| *lang != reader.config.language)
}

/// Attributes of HTML in a language.
fn attributes(language: &str) -> String {
    format!(" lang=\"{}\" dir=\"{}\"", escaped(language), direction(language))
}

/// Of what the site says below an article in another language.
fn in_sites_language(article: &Article, reader: &Reader<'_>) -> String {
    language(article, reader).map(|_| attributes(&reader.config.language)).unwrap_or_default()
}

/// Who else carried a text, as a paragraph below it.
fn also_carried_by(carriers: &[Link], article: &Article, reader: &Reader<'_>) -> String {
    if carriers.is_empty() {
        return String::new();
    }
    let link = |link: &Link| format!("<a href=\"{}\">{}</a>", escaped(&link.url), escaped(&link.title));
    let outlets = carriers.iter().map(link).collect::<Vec<_>>().join(", ");
    let tag = in_sites_language(article, reader);
    format!("<p{tag}>{}</p>\n", reader.word_with("also_carried_by", &[("outlets", Argument::Html(&outlets))]))
}

impl Feed<'_> {
    /// When anything in it last changed.
    fn updated(&self) -> Option<&When> {
        self.entries.iter().map(|entry| entry.updated).max()
    }
}

fn moment(when: Option<&When>) -> atom::FixedDateTime {
    // The form is the one that the parser reads; a feed of nothing has never changed.
    when.and_then(|when| when.rfc3339().parse().ok()).unwrap_or_default()
}

fn atom_link(href: &str, rel: &str, mime: &str) -> atom::Link {
    atom::Link { href: href.to_owned(), rel: rel.to_owned(), mime_type: Some(mime.to_owned()), ..atom::Link::default() }
}

fn atom_person(name: &str) -> atom::Person {
    atom::Person { name: name.to_owned(), ..atom::Person::default() }
}

fn write_atom(reader: &Reader<'_>, feed: Feed<'_>) -> String {
    let updated = moment(feed.updated());
    let entries = feed.entries.into_iter().map(|entry| {
        let mut links = vec![atom_link(&entry.url, "alternate", "text/html")];
        links.extend(entry.source_url.map(|url| atom_link(url, "via", "text/html")));
        links.extend(entry.carriers.iter().map(|carrier| atom::Link {
            title: Some(carrier.title.clone()),
            ..atom_link(&carrier.url, "related", "text/html")
        }));
        let text = |value: String| atom::Text { lang: entry.language.map(str::to_owned), ..atom::Text::plain(value) };
        let content = entry.content.map(|html| atom::Content {
            value: Some(html),
            content_type: Some("html".to_owned()),
            lang: entry.language.map(str::to_owned),
            ..atom::Content::default()
        });
        atom::Entry {
            title: text(entry.title.into_owned()),
            id: entry.id,
            updated: moment(Some(entry.updated)),
            published: Some(moment(Some(entry.published))),
            authors: entry.authors.iter().map(|name| atom_person(name)).collect(),
            categories: entry
                .categories
                .iter()
                .map(|term| atom::Category { term: (*term).to_owned(), ..atom::Category::default() })
                .collect(),
            links,
            summary: entry.summary.map(|summary| text(summary.to_owned())),
            content,
            ..atom::Entry::default()
        }
    });
    let document = atom::Feed {
        title: atom::Text::plain(feed.title),
        subtitle: feed.description.map(atom::Text::plain),
        id: feed.id,
        updated,
        authors: vec![atom_person(reader.config.author.as_deref().unwrap_or(&reader.config.title))],
        generator: Some(atom::Generator {
            value: "Dateline".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            uri: None,
        }),
        links: vec![
            atom_link(&feed.own, "self", FeedFormat::Atom.media_type()),
            atom_link(&feed.home, "alternate", "text/html"),
        ],
        entries: entries.collect(),
        lang: Some(reader.config.language.clone()),
        ..atom::Feed::default()
    };
    let mut text = document.to_string();
    text.push('\n');
    text
}

/// When an item last changed, in Atom's word.
fn updated(when: &When) -> Extension {
    Extension { name: "atom:updated".to_owned(), value: Some(when.rfc3339()), ..Extension::default() }
}

fn write_rss(reader: &Reader<'_>, feed: Feed<'_>) -> String {
    let built = feed.updated().map(When::rfc2822);
    let items = feed.entries.into_iter().map(|entry| rss::Item {
        title: Some(entry.title.into_owned()),
        link: Some(entry.url),
        // RSS has no word for it.
        extensions: BTreeMap::from([(
            "atom".to_owned(),
            BTreeMap::from([("updated".to_owned(), vec![updated(entry.updated)])]),
        )]),
        description: entry.summary.map(str::to_owned),
        content: entry.content,
        guid: Some(rss::Guid { value: entry.id, permalink: false }),
        pub_date: Some(entry.published.rfc2822()),
        categories: entry
            .categories
            .iter()
            .map(|name| rss::Category { name: (*name).to_owned(), domain: None })
            .collect(),
        dublin_core_ext: (!entry.authors.is_empty() || entry.language.is_some()).then(|| DublinCoreExtension {
            creators: entry.authors.iter().map(|name| (*name).to_owned()).collect(),
            languages: entry.language.map(str::to_owned).into_iter().collect(),
            ..DublinCoreExtension::default()
        }),
        ..rss::Item::default()
    });
    let own = Extension {
        name: "atom:link".to_owned(),
        attrs: BTreeMap::from([
            ("href".to_owned(), feed.own),
            ("rel".to_owned(), "self".to_owned()),
            ("type".to_owned(), FeedFormat::Rss.media_type().to_owned()),
        ]),
        ..Extension::default()
    };
    let channel = rss::Channel {
        description: feed.description.unwrap_or(&feed.title).to_owned(),
        title: feed.title,
        link: feed.home,
        language: Some(reader.config.language.clone()),
        generator: Some(concat!("Dateline ", env!("CARGO_PKG_VERSION")).to_owned()),
        last_build_date: built,
        items: items.collect(),
        extensions: BTreeMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), vec![own])]))]),
        namespaces: BTreeMap::from([("atom".to_owned(), "http://www.w3.org/2005/Atom".to_owned())]),
        ..rss::Channel::default()
    };
    let mut text = channel.to_string();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    language: &'a str,
    authors: Vec<JsonAuthor<'a>>,
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    /// An item without HTML must have text: its headline, when nothing else may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    date_published: String,
    date_modified: String,
    authors: Vec<JsonAuthor<'a>>,
    tags: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

fn write_json(reader: &Reader<'_>, feed: Feed<'_>) -> String {
    let items = feed.entries.iter().map(|entry| JsonItem {
        id: &entry.id,
        url: &entry.url,
        external_url: entry.source_url,
        title: &entry.title,
        content_html: entry.content.as_deref(),
        content_text: entry.content.is_none().then_some(entry.summary.unwrap_or(&entry.title)),
        summary: entry.summary,
        date_published: entry.published.rfc3339(),
        date_modified: entry.updated.rfc3339(),
        authors: entry.authors.iter().map(|name| JsonAuthor { name }).collect(),
        tags: &entry.categories,
        language: entry.language,
    });
    let document = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.home,
        feed_url: &feed.own,
        description: feed.description,
        language: &reader.config.language,
        authors: vec![JsonAuthor { name: reader.config.author.as_deref().unwrap_or(&reader.config.title) }],
        items: items.collect(),
    };
    // Strings and lists always have a JSON form.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
