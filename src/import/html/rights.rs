//! What a page says of its use, to machines and to people.

use serde_json::{Map, Value};

use super::{
    dom::{Dom, Tag},
    linked::texts,
    meta::{Meta, object_names},
};
use crate::import::{
    rights::spdx,
    story::{Display, Rights},
};

/// Characters of a word with the blank after it, at least: so that an excerpt of so many words is never too long.
const CHARACTERS_OF_WORD: usize = 8;

/// Reads them. `robots` directives bound what may be shown: `nosnippet` leaves the headline, `max-snippet` an excerpt,
/// `noarchive` (no copies kept) an excerpt as well.
#[must_use]
pub fn read(dom: &Dom, meta: &Meta, article: Option<&Map<String, Value>>) -> Rights {
    let mut rights = Rights::default();
    let mut said: Vec<String> = Vec::new();
    let mut say = |text: String| {
        if !said.contains(&text) {
            said.push(text);
        }
    };
    for key in ["robots", "googlebot", "googlebot-news", "bingbot"] {
        for value in meta.all(key) {
            for directive in value.to_ascii_lowercase().split([',', ';']) {
                let directive = directive.trim();
                let (name, amount) = directive
                    .split_once(':')
                    .map_or((directive, None), |(n, a)| (n.trim(), a.trim().parse::<i64>().ok()));
                match name {
                    "noarchive" | "nocache" | "noai" | "noimageai" => {
                        say(name.to_owned());
                        if name == "noarchive" {
                            lower(&mut rights, Display::Excerpt);
                        }
                    }
                    "nosnippet" => {
                        say(name.to_owned());
                        lower(&mut rights, Display::Headline);
                    }
                    "max-snippet" => match amount {
                        Some(0) => {
                            say("max-snippet: 0".to_owned());
                            lower(&mut rights, Display::Headline);
                        }
                        Some(characters) if characters > 0 => {
                            say(format!("max-snippet: {characters}"));
                            lower(&mut rights, Display::Excerpt);
                            let words = usize::try_from(characters).unwrap_or(usize::MAX) / CHARACTERS_OF_WORD;
                            rights.max_words = Some(rights.max_words.map_or(words, |w| w.min(words)));
                        }
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
    }
    if let Some(value) = meta.first(&["tdm-reservation"]) {
        say(format!("tdm-reservation: {value}"));
    }
    if let Some(value) = meta.first(&["tdm-policy"]) {
        say(format!("tdm-policy: {value}"));
    }
    let text = |key: &str| article.and_then(|a| texts(a.get(key)).into_iter().next()).filter(|t| !t.is_empty());
    if let Some(terms) = text("usageInfo") {
        say(terms);
    }
    rights.license = text("license")
        .or_else(|| meta.link("license").map(str::to_owned))
        .or_else(|| meta.first(&["dcterms.license", "dc.rights.license", "license"]).map(str::to_owned))
        .or_else(|| {
            (1..dom.nodes.len() as u32)
                .filter(|id| dom.node(*id).tag == Tag::A)
                .find(|id| {
                    dom.raw_attr(*id, "rel")
                        .is_some_and(|rel| rel.split_whitespace().any(|r| r.eq_ignore_ascii_case("license")))
                })
                .and_then(|id| dom.attr(id, "href").map(|href| href.into_owned()))
        })
        .map(|license| spdx(&license))
        .filter(|license| license.len() < 300);
    rights.holder = article
        .and_then(|a| object_names(a.get("copyrightHolder")).into_iter().next())
        .or_else(|| meta.first(&["dcterms.rightsholder", "dc.rightsholder"]).map(str::to_owned))
        .filter(|holder| !holder.is_empty() && holder.len() < 200 && !holder.contains("://"));
    if !said.is_empty() {
        rights.usage = Some(said.join("; "));
    }
    rights
}

/// The narrower of two.
fn lower(rights: &mut Rights, display: Display) {
    if rights.display.is_none_or(|known| display > known) {
        rights.display = Some(display);
    }
}
