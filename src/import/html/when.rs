//! When the story was published and last changed, as the page states it.

use jiff::civil::Date;
use serde_json::{Map, Value};
use url::Url;

use super::{
    dom::{Dom, Tag},
    linked::texts,
    meta::Meta,
    stamp::{self, Stamp},
};
use crate::import::text::dates;

/// What a page says of its dates.
#[derive(Debug, Default)]
pub struct Dates {
    /// When it was published, and what says so.
    pub published: Option<(Stamp, String)>,
    /// When it was last changed, and what says so.
    pub updated: Option<(Stamp, String)>,
    /// Why the date wants a look.
    pub doubt: Option<String>,
}

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "pub_date",
    "published-date",
    "publisheddate",
    "publishedat",
    "date.issued",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_date",
    "originalpublicationdate",
    "displaydate",
    "ptime",
    "published_at",
    "article.published",
    "article.created",
    "article_date_original",
    "rnews:datepublished",
    "datecreated",
    "timestamp",
    "date",
    "last-published",
    "shareaholic:article_published_time",
    "vr:published_time",
    "bt:pubdate",
    "analyticsattributes.articledate",
    "ga_published",
    "iso-8601-publish-date",
    "og:pubdate",
];

const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "article:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "dc.date.modified",
    "lastupdated",
    "revised",
    "article.updated",
    "parsely-updated-date",
];

/// Finds the dates. `head` are the nodes between the headline and the text; `today` bounds what can be.
#[must_use]
pub fn dates(
    dom: &Dom,
    meta: &Meta,
    article: Option<&Map<String, Value>>,
    address: Option<&Url>,
    head: std::ops::Range<u32>,
    tail: std::ops::Range<u32>,
    today: Date,
) -> Dates {
    let last = today.tomorrow().unwrap_or(today);
    let could_be = |stamp: &Stamp| stamp.date <= last;
    let add = |found: &mut Vec<(Stamp, String)>, text: &str, how: &str| {
        if let Some(stamp) = stamp::read(text).filter(|s| could_be(s)) {
            found.push((stamp, how.to_owned()));
        }
    };
    let mut found: Vec<(Stamp, String)> = Vec::new();
    if let Some(article) = article {
        for key in ["datePublished", "dateCreated"] {
            if let Some(text) = texts(article.get(key)).first() {
                add(&mut found, text, "the page's structured data");
                break;
            }
        }
    }
    for key in PUBLISHED {
        if let Some(text) = meta.first(&[key]) {
            add(&mut found, text, &format!("the page's `{key}`"));
        }
    }
    for id in 1..dom.nodes.len() as u32 {
        if dom.raw_attr(id, "itemprop").is_some_and(|p| p.eq_ignore_ascii_case("datePublished"))
            && dom.node(id).tag != Tag::Meta
        {
            let text = ["datetime", "content"]
                .iter()
                .find_map(|k| dom.raw_attr(id, k))
                .map_or_else(|| dom.text(id), str::to_owned);
            add(&mut found, &text, "the page's item property");
            break;
        }
    }
    let by_address = address.and_then(|url| stamp::of_address(url.path())).filter(|d| *d <= last);
    let stated = found.len();
    if found.is_empty() {
        for (text, how) in shown(dom, head.clone()).into_iter().chain(shown(dom, tail)) {
            add(&mut found, &text, how);
        }
    }
    let updated = article
        .and_then(|a| texts(a.get("dateModified")).into_iter().next())
        .as_deref()
        .into_iter()
        .map(|text| (text, "the page's structured data".to_owned()))
        .chain(MODIFIED.iter().filter_map(|key| Some((meta.first(&[key])?, format!("the page's `{key}`")))))
        .find_map(|(text, how)| Some((stamp::read(text).filter(|s| could_be(s))?, how)));
    let mut doubt = None;
    let mut published = found.first().cloned();
    if let Some((first, _)) = &published {
        let far = |a: Date, b: Date| a.since(b).map_or(0, |span| span.get_days()).abs() > 1;
        if let Some((other, how)) =
            found[..stated.max(1).min(found.len())].iter().find(|(other, _)| far(other.date, first.date))
        {
            // Two statements: the one that the address bears out, else the first.
            if by_address.is_some_and(|day| !far(day, other.date) && far(day, first.date)) {
                published = Some((other.clone(), how.clone()));
            } else if by_address.is_none_or(|day| far(day, first.date)) {
                doubt = Some(format!("the page also gives {} ({how})", other.date));
            }
        }
        if stated == 0 && doubt.is_none() {
            let days: Vec<Date> = found.iter().map(|(s, _)| s.date).collect();
            if by_address.is_none_or(|day| far(day, days[0])) {
                doubt =
                    Some("no data of the page state the date; it is a date that stands beside the story".to_owned());
            }
        }
    } else if let Some(day) = by_address {
        published = Some((Stamp { date: day, time: None }, "the page's address".to_owned()));
        doubt = Some("nothing but the page's address gives a date".to_owned());
    }
    let updated = updated.filter(|(updated, _)| {
        published.as_ref().is_some_and(|(p, _)| {
            updated.date > p.date
                || updated.date == p.date
                    && updated.time.is_some()
                    && p.time.is_some()
                    && updated.minutes() > p.minutes() + 1
        })
    });
    Dates { published, updated, doubt }
}

/// Dates that stand near the headline: `<time>` first, then words.
fn shown(dom: &Dom, range: std::ops::Range<u32>) -> Vec<(String, &'static str)> {
    let mut times = Vec::new();
    let mut lines = Vec::new();
    let mut id = range.start.max(1);
    while id < range.end.min(dom.nodes.len() as u32) {
        let node = dom.node(id);
        if node.tag.is_hidden() || matches!(node.tag, Tag::Nav | Tag::Aside) {
            id = node.end;
            continue;
        }
        let says_update = |id: u32| {
            dom.ancestors(id).take(3).any(|a| {
                ["class", "itemprop"].iter().filter_map(|k| dom.raw_attr(a, k)).any(|v| {
                    let v = v.to_ascii_lowercase();
                    v.contains("updat") || v.contains("modif")
                })
            })
        };
        if node.tag == Tag::Time {
            let text = dom.text(id);
            let lower = text.to_lowercase();
            let is_update = says_update(id)
                || lower.contains("updated")
                || lower.contains("aktualisiert")
                || lower.contains("mis à jour");
            if !is_update {
                let stated = dom.raw_attr(id, "datetime").map(str::to_owned).filter(|t| stamp::read(t).is_some());
                times.push((stated.unwrap_or(text), "the time beside the headline"));
            }
            id = node.end;
            continue;
        }
        if node.tag == Tag::Text
            && node.text.len() < 160
            && node.text.bytes().any(|b| b.is_ascii_digit())
            && !node.in_link
        {
            let mut text = super::dom::decode(node.text).trim().to_owned();
            let has_date = |text: &str| stamp::read(text).is_some();
            if !has_date(&text) && text.len() < 30 {
                // `December 22,` and the year are often parted by markup.
                text = dom.text(node.parent);
            }
            let lower = text.to_lowercase();
            let is_update = says_update(node.parent)
                || ["updated", "aktualisiert", "mis à jour", "actualizado", "aggiornato", "modified"]
                    .iter()
                    .any(|w| lower.contains(w))
                    && !["published", "veröffentlicht", "publié", "publicado"].iter().any(|w| lower.contains(w));
            if text.len() < 200 && has_date(&text) && !is_update && dates::find(&text).len() < 4 {
                lines.push((text, "the date beside the headline"));
            }
        }
        id += 1;
    }
    times.extend(lines);
    times
}
