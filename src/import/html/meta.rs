//! What a page says about its story: structured data first, then `<meta>` conventions, then what is there to see.

use serde_json::{Map, Value};
use url::Url;

use super::{
    dom::{Dom, Tag},
    features::squash,
    linked::{self, Linked, clean, texts, types},
};
use crate::import::story::Genre;

/// The page's statements, by key.
#[derive(Debug)]
pub struct Meta {
    entries: Vec<(String, String)>,
    /// Addresses of `<link>` elements, by relation.
    links: Vec<(String, String)>,
    /// `<title>`.
    pub title: String,
    /// `<html lang>`.
    pub lang: Option<String>,
    /// `<base href>`.
    pub base: Option<String>,
}

impl Meta {
    /// Gathers them.
    #[must_use]
    pub fn read(dom: &Dom) -> Meta {
        let mut meta = Meta { entries: Vec::new(), links: Vec::new(), title: String::new(), lang: None, base: None };
        for id in 1..dom.nodes.len() as u32 {
            match dom.node(id).tag {
                Tag::Meta => {
                    let Some(content) = dom.raw_attr(id, "content") else { continue };
                    if content.len() > 20_000 {
                        continue;
                    }
                    for key in ["property", "name", "itemprop", "http-equiv"] {
                        if let Some(name) = dom.raw_attr(id, key) {
                            let value = clean(content);
                            if !value.is_empty() {
                                meta.entries.push((name.trim().to_ascii_lowercase(), value));
                            }
                        }
                    }
                }
                Tag::Link => {
                    if let (Some(rel), Some(href)) = (dom.raw_attr(id, "rel"), dom.attr(id, "href")) {
                        meta.links.push((rel.trim().to_ascii_lowercase(), href.trim().to_owned()));
                    }
                }
                Tag::Title if meta.title.is_empty() && dom.node(id).end > id + 1 => {
                    meta.title = clean(dom.node(id + 1).text);
                }
                Tag::Html => {
                    meta.lang = dom.raw_attr(id, "lang").or_else(|| dom.raw_attr(id, "xml:lang")).map(str::to_owned)
                }
                Tag::Base if meta.base.is_none() => meta.base = dom.attr(id, "href").map(|href| href.into_owned()),
                _ => {}
            }
        }
        meta
    }

    /// The first value of the first key that has one.
    #[must_use]
    pub fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.all(key).next())
    }

    /// All values of a key.
    pub fn all<'m>(&'m self, key: &str) -> impl Iterator<Item = &'m str> {
        self.entries.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The address of the first link with a relation.
    #[must_use]
    pub fn link(&self, rel: &str) -> Option<&str> {
        self.links.iter().find(|(name, _)| name.split_whitespace().any(|r| r == rel)).map(|(_, href)| href.as_str())
    }
}

/// The object of the structured data that is the story of this page.
#[must_use]
pub fn article<'l>(linked: &'l Linked, meta: &Meta) -> Option<&'l Map<String, Value>> {
    let articles = linked.articles();
    let title = squash(meta.first(&["og:title", "twitter:title"]).unwrap_or(&meta.title));
    // A page may describe its neighbours as well.
    articles
        .iter()
        .find(|a| {
            let headline = texts(a.get("headline")).into_iter().next().unwrap_or_default();
            let headline = squash(&headline);
            !headline.is_empty() && !title.is_empty() && (title.contains(&headline) || headline.contains(&title))
        })
        .or_else(|| articles.first())
        .copied()
}

/// The names by which the site may be called in titles and bylines, squashed.
#[must_use]
pub fn site_names(meta: &Meta, article: Option<&Map<String, Value>>, address: Option<&Url>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let name = squash(name);
        if name.len() > 1 && !names.contains(&name) {
            names.push(name);
        }
    };
    for key in [
        "og:site_name",
        "application-name",
        "apple-mobile-web-app-title",
        "twitter:site",
        "dc.publisher",
        "copyright",
        "publisher",
    ] {
        meta.all(key).for_each(&mut add);
    }
    if let Some(article) = article {
        object_names(article.get("publisher")).iter().for_each(|name| add(name));
    }
    if let Some(host) = address.and_then(Url::host_str) {
        let host = host.strip_prefix("www.").unwrap_or(host);
        add(host);
        let parts: Vec<&str> = host.split('.').collect();
        for part in &parts[..parts.len().saturating_sub(1)] {
            if part.len() > 3 {
                add(part);
            }
        }
        if parts.len() > 1 {
            add(&parts[parts.len() - 2..].join(""));
        }
    }
    names
}

/// The names of an object, or of each in a list; a text is its own name.
pub fn object_names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![clean(text)],
        Some(Value::Array(items)) => items.iter().flat_map(|item| object_names(Some(item))).collect(),
        Some(Value::Object(object)) => {
            let names = texts(object.get("name"));
            if names.is_empty() {
                let parts: Vec<String> =
                    ["givenName", "familyName"].iter().flat_map(|key| texts(object.get(*key))).collect();
                if parts.is_empty() { Vec::new() } else { vec![parts.join(" ")] }
            } else {
                names
            }
        }
        _ => Vec::new(),
    }
}

/// Whether a part of a title is a name of the site.
fn is_site(part: &str, names: &[String]) -> bool {
    let part = squash(part);
    part.len() > 1
        && names.iter().any(|name| {
            *name == part
                || part.len() > 3 && name.len() > 3 && (name.starts_with(&part) || part.starts_with(name.as_str()))
                || part.len() > 5 && name.contains(&part)
        })
}

/// Marks that part a headline from the site's name.
pub const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " · ", " • ", " » ", " « ", " / ", "｜", "ㅣ", " |", "| ", " ‒ ", " ― ", "：",
    " : ", " ~ ", " -- ", " > ", " < ",
];

/// A title without the site's name before or after it.
#[must_use]
pub fn bare_title(title: &str, names: &[String]) -> String {
    let mut title = title.trim();
    for _ in 0..4 {
        let last = SEPARATORS
            .iter()
            .filter_map(|s| title.rfind(s).map(|at| (at, at + s.len())))
            .filter(|(at, _)| *at > 0)
            .max();
        let first = SEPARATORS
            .iter()
            .filter_map(|s| title.find(s).map(|at| (at, at + s.len())))
            .filter(|(at, _)| *at > 0)
            .min();
        if let Some((at, end)) = last
            && is_site(&title[end..], names)
        {
            title = title[..at].trim_end();
        } else if let Some((at, end)) = first
            && is_site(&title[..at], names)
        {
            title = title[end..].trim_start();
        } else {
            break;
        }
    }
    title.to_owned()
}

/// Whether an element is a headline of the site rather than of the story: in the trail of sections, in the logo, unseen.
fn is_furniture(dom: &Dom, id: u32) -> bool {
    const WORDS: &[&str] = &[
        "breadcrumb",
        "logo",
        "seotitle",
        "seo-title",
        "masthead",
        "site-title",
        "site-name",
        "sitename",
        "cookie",
        "consent",
    ];
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    };
    let own = dom.attrs(id).iter().any(|(key, value)| {
        let is_name = key.eq_ignore_ascii_case("class") || key.eq_ignore_ascii_case("id");
        key.to_ascii_lowercase().contains("breadcrumb") || is_name && says(value)
    });
    own || dom.ancestors(id).skip(1).enumerate().take(8).any(|(step, up)| {
        matches!(dom.node(up).tag, Tag::Nav | Tag::Dialog)
            || step < 2
                && ["class", "id"].iter().any(|key| {
                    dom.raw_attr(up, key)
                        .is_some_and(|name| says(name) || name.to_ascii_lowercase().contains("related"))
                })
    })
}

/// A heading's text; parts that only their look sets apart are parted by a blank.
fn heading_text(dom: &Dom, id: u32) -> String {
    let mut out = String::new();
    let mut at = id + 1;
    while at < dom.node(id).end {
        let node = dom.node(at);
        if node.tag.is_hidden() {
            at = node.end;
            continue;
        }
        if node.tag == Tag::Text {
            let text = super::dom::decode(node.text);
            let glued = out.chars().next_back().is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
                && text.starts_with(char::is_uppercase);
            if glued {
                out.push(' ');
            }
            super::dom::push_text(&mut out, &text);
        } else if !node.tag.is_inline() {
            super::dom::push_text(&mut out, " ");
        }
        at += 1;
    }
    out.trim().to_owned()
}

/// Whether two headlines share a good part of their words.
fn is_alike(a: &str, b: &str) -> bool {
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.chars().count() > 2)
            .map(str::to_lowercase)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let (a, b) = (words(a), words(b));
    let shared = a.intersection(&b).count();
    shared > 0 && shared * 5 >= a.len().min(b.len()) * 2
}

const TITLE: &str = "the page's <title>";
const HEADING: &str = "the heading of the page";

/// The headline, with what it was read from: the heading that the page shows, where its statements bear it out.
#[must_use]
pub fn headline(
    dom: &Dom,
    meta: &Meta,
    article: Option<&Map<String, Value>>,
    names: &[String],
) -> Option<(String, &'static str)> {
    let mut stated: Vec<(String, &'static str)> = Vec::new();
    let mut add = |text: Option<String>, how: &'static str| {
        if let Some(text) = text {
            let text = bare_title(&text, names);
            if text.chars().any(char::is_alphanumeric) && !is_site(&text, names) {
                stated.push((text, how));
            }
        }
    };
    let og = meta.first(&["og:title"]).map(str::to_owned);
    add(article.and_then(|a| texts(a.get("headline")).into_iter().next()), "structured data");
    add(og.clone(), "og:title");
    add(meta.first(&["twitter:title"]).map(str::to_owned), "twitter:title");
    add(
        meta.first(&["parsely-title", "sailthru.title", "dc.title", "dcterms.title", "headline", "title"])
            .map(str::to_owned),
        "a <meta> element",
    );
    let from_meta = stated.len();
    let text = bare_title(&meta.title, names);
    if text.chars().any(char::is_alphanumeric) {
        stated.push((text, TITLE));
    }
    let mut shown: Vec<String> = Vec::new();
    let mut unseen: Vec<String> = Vec::new();
    for id in 1..dom.nodes.len() as u32 {
        let is_it = dom.node(id).tag == Tag::H1
            || dom
                .raw_attr(id, "itemprop")
                .is_some_and(|p| p.split_whitespace().any(|p| p.eq_ignore_ascii_case("headline")))
                && !matches!(dom.node(id).tag, Tag::Meta | Tag::Text | Tag::Link | Tag::Img);
        if !is_it {
            continue;
        }
        let text = bare_title(&heading_text(dom, id), names);
        if text.chars().any(char::is_alphanumeric) && !is_site(&text, names) && text.len() < 500 {
            if is_furniture(dom, id) { unseen.push(squash(&text)) } else { shown.push(text) }
        }
        if shown.len() >= 12 {
            break;
        }
    }
    let key = squash;
    for heading in &shown {
        let h = key(heading);
        if stated.iter().any(|(s, _)| key(s) == h) {
            return Some((shorter(heading, og.as_deref()).unwrap_or_else(|| heading.clone()), HEADING));
        }
        // A label stands before the headline, inside the same heading.
        if let Some((title, how)) = stated[..from_meta].iter().find(|(s, _)| {
            let s = key(s);
            s.len() >= 8 && h.ends_with(&s) && h.len() < s.len() * 2
        }) {
            return Some((title.clone(), how));
        }
        // Two statements agree on more than is shown.
        if let [(first, how), (second, _), ..] = &stated[..from_meta]
            && key(first) == key(second)
            && key(first).ends_with(&h)
            && first.contains(": ")
        {
            return Some((first.clone(), how));
        }
        // The statements say more: a section, the site under another name.
        if h.len() >= 12 && stated.iter().map(|(s, _)| key(s)).any(|s| s.contains(&h) && s.len() < h.len() * 3) {
            return Some((heading.clone(), HEADING));
        }
        if heading.split_whitespace().count() >= 3 && stated.iter().any(|(s, _)| is_alike(s, heading)) {
            return Some((heading.clone(), HEADING));
        }
    }
    // A heading that only search engines see repeats one of the statements; the other one is the headline.
    if !unseen.is_empty()
        && let Some((title, how)) = stated[..from_meta].iter().take(2).find(|(s, _)| !unseen.contains(&key(s)))
    {
        return Some((title.clone(), how));
    }
    if let [only] = shown.as_slice()
        && only.split_whitespace().count() >= 5
    {
        return Some((only.clone(), HEADING));
    }
    if let Some((title, how)) = stated[..from_meta].first() {
        return Some((title.clone(), how));
    }
    shown.into_iter().next().map(|h| (h, HEADING)).or_else(|| stated.into_iter().next())
}

/// The headline without the label before it, where the page's own short form says so: `Label: Headline`.
fn shorter(heading: &str, short: Option<&str>) -> Option<String> {
    let short = short?.trim();
    let at = heading.len().checked_sub(short.len())?;
    let before = heading.get(..at)?;
    let label = before.trim_end().strip_suffix([':', '/', '|'])?;
    let is_label = heading.get(at..).is_some_and(|rest| squash(rest) == squash(short))
        && label.split_whitespace().count() <= 6
        && short.split_whitespace().count() >= 3;
    is_label.then(|| short.to_owned())
}

/// The kind of text, where the types of the structured data name it.
#[must_use]
pub fn genre(article: Option<&Map<String, Value>>) -> Option<Genre> {
    types(article?).find_map(|name| match name {
        "OpinionNewsArticle" | "ReviewNewsArticle" => Some(Genre::Opinion),
        "AnalysisNewsArticle" => Some(Genre::Analysis),
        "BackgroundNewsArticle" => Some(Genre::Background),
        "ReportageNewsArticle" => Some(Genre::Report),
        "LiveBlogPosting" => Some(Genre::Live),
        "ClaimReview" => Some(Genre::FactCheck),
        _ => None,
    })
}

/// The text of the story, where structured data have it.
#[must_use]
pub fn body(linked: &Linked, article: Option<&Map<String, Value>>) -> String {
    let text = |object: &Map<String, Value>| {
        let text = linked::texts(object.get("articleBody")).join("\n");
        // Some put the markup in.
        if text.contains("</p>") || text.contains("<br") { strip(&text) } else { text }
    };
    if let Some(article) = article {
        let own = text(article);
        if !own.is_empty() {
            return own;
        }
    }
    let mut best = String::new();
    for object in linked.articles().into_iter().take(3) {
        let found = text(object);
        if found.len() > best.len() {
            best = found;
        }
    }
    best
}

fn strip(html: &str) -> String {
    let dom = Dom::parse(html);
    dom.text(0)
}
