//! Follows every link of the built site, in pages, feeds and sitemap, and reports those that lead nowhere or out of the
//! base path.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use html5gum::{Token, Tokenizer};
use percent_encoding::percent_decode_str;
use url::Url;

use super::ids;
use crate::{
    diagnostic::{Diagnostic, Place, SitePath, did_you_mean},
    plan::Output,
    session::Inspected,
};

/// What one file links to, and what can be linked to in it.
#[derive(Default)]
pub struct Page {
    /// The addresses in it, as written.
    pub links: BTreeSet<String>,
    anchors: BTreeSet<String>,
    /// The items in it, each with its id.
    pub items: Vec<ids::Named>,
}

/// The links of every output, gathered while the outputs are made: none of them is held.
#[derive(Default)]
pub struct Pages {
    found: Mutex<BTreeMap<String, Page>>,
}

impl Pages {
    /// Sees an output.
    pub fn see(&self, path: &str, bytes: &[u8]) {
        let text = || std::str::from_utf8(bytes).unwrap_or_default();
        let mut page = match path.rsplit('.').next() {
            Some("html") => read_html(text()),
            Some("xml" | "atom" | "rss" | "json") => Page { links: addresses(text()), ..Page::default() },
            // A long line of a calendar goes on after a line break and a space.
            Some("ics") => Page { links: addresses(&text().replace("\r\n ", "")), ..Page::default() },
            _ => Page::default(),
        };
        page.items = ids::of(path, bytes);
        self.found.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), page);
    }

    /// All that was seen, by path.
    pub fn take(&self) -> BTreeMap<String, Page> {
        std::mem::take(&mut self.found.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Adds a diagnostic for each link that is wrong.
pub fn inspect(site: &Inspected<'_>, pages: &BTreeMap<String, Page>, diagnostics: &mut Vec<Diagnostic>) {
    for (path, page) in pages {
        let Some(output) = site.plan.get(path) else { continue };
        // Feeds and lists hold addresses of other sites as well, in texts that say nothing of where they end.
        let is_html = path.ends_with(".html");
        let base = site.urls.base().to_string();
        for link in page.links.iter().filter(|link| is_html || link.starts_with(&base)) {
            if let Some((message, hint)) = wrong(site, pages, output, link) {
                let settings = SitePath::from("site.toml");
                let place = Place::file(output.source.as_ref().unwrap_or(&settings));
                diagnostics.push(Diagnostic::error(message, place).hint(hint));
            }
        }
    }
}

fn read_html(html: &str) -> Page {
    let mut page = Page::default();
    // A string has no input errors, so every token is there.
    for Ok(token) in Tokenizer::new(html) {
        let Token::StartTag(tag) = token else { continue };
        for (name, value) in &tag.attributes {
            let value = || String::from_utf8_lossy(value).into_owned();
            match name.as_slice() {
                b"href" | b"src" | b"action" | b"poster" => {
                    page.links.insert(value());
                }
                b"srcset" => {
                    page.links.extend(
                        value().split(',').filter_map(|part| part.split_whitespace().next()).map(str::to_owned),
                    );
                }
                b"id" => {
                    page.anchors.insert(value());
                }
                _ => {}
            }
        }
    }
    page
}

/// Whole addresses in a feed or sitemap, whatever its syntax: they end where no address goes on.
fn addresses(text: &str) -> BTreeSet<String> {
    text.match_indices("http")
        .map(|(at, _)| &text[at..])
        .filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"))
        .map(|rest| {
            let end = rest.find(|c: char| c.is_whitespace() || "\"'<>\\&)".contains(c)).unwrap_or(rest.len());
            rest[..end].to_owned()
        })
        .collect()
}

/// What is wrong with a link, and what to do about it.
fn wrong(site: &Inspected<'_>, pages: &BTreeMap<String, Page>, from: &Output, link: &str) -> Option<(String, String)> {
    let here = Url::parse(&site.urls.absolute(&from.route)).ok()?;
    let Ok(target) = here.join(link) else {
        return Some((
            format!("the page `{}` has a link that is no address: `{link}`", from.route),
            "write a whole address".to_owned(),
        ));
    };
    let base = site.urls.base();
    if target.origin().ascii_serialization() != base.origin() {
        return None;
    }
    let decoded = percent_decode_str(target.path()).decode_utf8_lossy().into_owned();
    let root = percent_decode_str(base.path()).decode_utf8_lossy();
    let Some(below) = decoded.strip_prefix(root.as_ref()) else {
        return Some((
            format!("the page `{}` links to `{link}`, which lies outside `{}`", from.route, base.path()),
            "in templates, write `{{ url(path=\"…\") }}`; in text, a path from the site's root".to_owned(),
        ));
    };
    let path = if below.is_empty() || below.ends_with('/') { format!("{below}index.html") } else { below.to_owned() };
    let Some(page) = pages.get(&path) else {
        let addresses = pages.keys().map(|path| path.strip_suffix("index.html").unwrap_or(path));
        let hint = match did_you_mean(below, addresses) {
            Some(near) => format!("did you mean `/{near}`?"),
            None => "remove the link, or make what it leads to".to_owned(),
        };
        return Some((format!("the page `{}` links to `/{below}`, which is not there", from.route), hint));
    };
    // A feed says what its articles say: there the anchor was checked.
    if !from.route.output_path().ends_with(".html") {
        return None;
    }
    let fragment = percent_decode_str(target.fragment()?).decode_utf8_lossy();
    let is_there = fragment.is_empty() || fragment == "top" || page.anchors.contains(fragment.as_ref());
    (!is_there).then(|| {
        let hint = match did_you_mean(&fragment, page.anchors.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `#{near}`?"),
            None => "an anchor is made from each heading: `## Two words` is `#two-words`".to_owned(),
        };
        (format!("the page `{}` links to `{link}`, where no `#{fragment}` is", from.route), hint)
    })
}
