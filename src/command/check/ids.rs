//! Items go by one id wherever they are shown: on the web, in mails, books and feeds.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read as _},
};

use html5gum::{Token, Tokenizer};
use url::Url;
use zip::ZipArchive;

use super::crawl::Page;
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    model::{Digest, Edition, Standing},
    parse::edition::EditionTarget,
    plan::{EditionFile, Route},
    session::Inspected,
};

/// The address of an item and its id, as one file has them.
pub type Named = (String, String);

/// The items of an output: elements with `data-id` and the first link in each, or the entries of a feed.
pub fn of(path: &str, bytes: &[u8]) -> Vec<Named> {
    let text = || std::str::from_utf8(bytes).unwrap_or_default();
    match path.rsplit('.').next() {
        Some("html") => of_html(text()),
        Some("atom" | "rss") => of_feed(text()),
        Some("json") if path.ends_with("feed.json") => of_json_feed(text()),
        Some("epub") => of_book(bytes),
        _ => Vec::new(),
    }
}

fn of_html(html: &str) -> Vec<Named> {
    let mut found = Vec::new();
    if !html.contains("data-id=") {
        return found;
    }
    let mut open = None;
    // A string has no input errors, so every token is there.
    for Ok(token) in Tokenizer::new(html) {
        let Token::StartTag(tag) = token else { continue };
        let attribute =
            |name: &str| tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned());
        if let Some(id) = attribute("data-id") {
            open = Some(id);
        }
        if *tag.name == *b"a"
            && let Some(href) = attribute("href")
            && let Some(id) = open.take()
        {
            found.push((href, id));
        }
    }
    found
}

/// Atom and RSS. Their elements are told apart well enough by an HTML tokenizer: escaped content is text to it.
fn of_feed(xml: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let (mut is_in, mut key) = (false, "");
    let (mut id, mut url) = (String::new(), String::new());
    for Ok(token) in Tokenizer::new(xml) {
        match token {
            Token::StartTag(tag) => {
                let attribute = |name: &str| {
                    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
                };
                key = "";
                match tag.name.as_slice() {
                    b"entry" | b"item" => (is_in, id, url) = (true, String::new(), String::new()),
                    b"id" | b"guid" => key = "id",
                    b"link" => {
                        key = "url";
                        let is_page = attribute("rel").is_none_or(|rel| rel == "alternate");
                        if let Some(href) = attribute("href").filter(|_| is_page && url.is_empty()) {
                            url = href;
                        }
                    }
                    _ => {}
                }
            }
            Token::String(text) if is_in => match key {
                "id" => id.push_str(&String::from_utf8_lossy(&text)),
                "url" => url.push_str(String::from_utf8_lossy(&text).trim()),
                _ => {}
            },
            Token::EndTag(tag) => {
                key = "";
                if matches!(tag.name.as_slice(), b"entry" | b"item") {
                    is_in = false;
                    found.push((std::mem::take(&mut url), std::mem::take(&mut id)));
                }
            }
            _ => {}
        }
    }
    found
}

fn of_json_feed(json: &str) -> Vec<Named> {
    let feed: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let items = feed["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    items.iter().map(|item| (text(&item["url"]), text(&item["id"]))).collect()
}

fn of_book(bytes: &[u8]) -> Vec<Named> {
    let mut found = Vec::new();
    let Ok(mut book) = ZipArchive::new(Cursor::new(bytes)) else { return found };
    for at in 0..book.len() {
        let Ok(mut file) = book.by_index(at) else { continue };
        let mut text = String::new();
        if file.name().is_ok_and(|name| name.ends_with(".xhtml")) && file.read_to_string(&mut text).is_ok() {
            found.extend(of_html(&text));
        }
    }
    found
}

/// Says where an item has two ids, and where an edition's item is missing from one of its forms.
pub fn inspect(site: &Inspected<'_>, pages: &BTreeMap<String, Page>, diagnostics: &mut Vec<Diagnostic>) {
    let mut ids: BTreeMap<String, BTreeMap<&str, &str>> = BTreeMap::new();
    let mut addresses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (path, page) in pages.iter().filter(|(_, page)| !page.items.is_empty()) {
        let Some(output) = site.plan.get(path) else { continue };
        let Ok(here) = Url::parse(&site.urls.absolute(&output.route)) else { continue };
        for (address, id) in &page.items {
            let address = here.join(address).map_or_else(|_| address.clone(), String::from);
            // A link elsewhere has its address for an id, and may lead to a page of this site as well.
            if *id != address {
                ids.entry(address.clone()).or_default().entry(id).or_insert(path);
            }
            addresses.entry(path).or_default().insert(address);
        }
    }
    for (address, ids) in ids.iter().filter(|(_, ids)| ids.len() > 1) {
        let said: Vec<String> = ids.iter().map(|(id, path)| format!("`{id}` in {path}")).collect();
        diagnostics.push(
            Diagnostic::error(
                format!("one item goes by {} ids: {address} is {}", ids.len(), said.join(", ")),
                Place::file(&place(site, ids.values().copied())),
            )
            .hint("a template writes `data-id=\"{{ item.id }}\"` on each item, and nothing else there"),
        );
    }
    let none = BTreeSet::new();
    for (_, digest) in site.model.digests() {
        for edition in &digest.editions {
            let forms =
                [EditionFile::Html, EditionFile::Epub].map(|file| Route::edition(file, digest, edition.number()));
            for route in forms.into_iter().chain([Route::digest(digest)]) {
                let is_page = route == Route::digest(digest);
                let path = route.output_path();
                // The site may not give it.
                if site.plan.get(&path).is_none() {
                    continue;
                }
                let there = addresses.get(path.as_str()).unwrap_or(&none);
                let wanted = expected(site, digest, edition, is_page);
                if let Some(lost) = wanted.iter().find(|address| !there.contains(*address)) {
                    let count = wanted.iter().filter(|address| !there.contains(*address)).count();
                    diagnostics.push(
                        Diagnostic::error(
                            format!("edition {} has {count} items that `{route}` does not show by their ids, such as {lost}", edition.number()),
                            Place::file(&edition.path),
                        )
                        .hint("the theme's template must write `data-id=\"{{ item.id }}\"` on each item, its headline's link first"),
                    );
                }
            }
        }
    }
}

/// The addresses of an edition's items: of all that are shown, or of those that the digest still has.
fn expected(site: &Inspected<'_>, digest: &Digest, edition: &Edition, is_page: bool) -> BTreeSet<String> {
    let now: BTreeSet<_> = digest.articles().collect();
    let address = |(item, standing): (&crate::parse::edition::EditionItem, &Standing)| match (&item.target, standing) {
        (_, Standing::Shown(id)) if !is_page || now.contains(id) => {
            site.plan.route_of(&site.model[*id].path).map(|route| site.urls.absolute(route))
        }
        (EditionTarget::Link { url, .. }, _) if !is_page => {
            Some(Url::parse(url).map_or_else(|_| url.clone(), String::from))
        }
        _ => None,
    };
    edition.items().filter_map(address).collect()
}

/// The source of the first of some outputs that has one; else the settings.
fn place<'a>(site: &Inspected<'_>, mut paths: impl Iterator<Item = &'a str>) -> SitePath {
    let source = paths.find_map(|path| site.plan.get(path)?.source.clone());
    source.unwrap_or_else(|| "site.toml".into())
}
