//! One look at a page: which blocks are the story, and what the page says of it.

use hashbrown::HashSet;
use jiff::civil::Date;
use url::Url;

use super::{
    blocks::{self, Block, Blocks},
    body,
    dom::Dom,
    features::{Evidence, Page, squash},
    forest,
    linked::{Linked, texts},
    links, meta,
    meta::Meta,
    outlet,
    people::{self, Named},
    rights, when,
};
use crate::import::{
    repeats::{Line, Repeats, Sighting},
    story::{Genre, Published, Rights},
};

/// What was read from a page.
#[derive(Debug, Default)]
pub struct Reading {
    /// The headline.
    pub title: Option<String>,
    /// Where the headline was read.
    pub title_from: &'static str,
    /// The paragraphs of the story, as the page has them: dateline, credit lines and all.
    pub text: Vec<String>,
    /// The names of the byline.
    pub byline: Vec<Named>,
    /// When it was published.
    pub published: Option<Published>,
    /// When it was last changed.
    pub updated: Option<Published>,
    /// Why the date wants a look.
    pub date_doubt: Option<String>,
    /// The address that the page was read at, or that it gives as its own.
    pub address: Option<Url>,
    /// The publisher's own preferred address.
    pub canonical: Option<Url>,
    /// What the page says of itself in a sentence or two.
    pub summary: Option<String>,
    /// The outlet's name.
    pub publisher: Option<String>,
    /// The outlet's home page.
    pub publisher_url: Option<String>,
    /// The language as the page states it.
    pub lang: Option<String>,
    /// The kind of text.
    pub genre: Option<Genre>,
    /// What is said of its use.
    pub rights: Rights,
    /// The picture that the page gives for itself.
    pub picture: Option<Url>,
    /// Whether the text is that of the structured data, as the page itself shows none.
    pub only_data: bool,
    /// Whether the page is longer than what was read of it.
    pub is_cut: bool,
    pub(super) blocks: Blocks,
    pub(super) keep: Vec<bool>,
    pub(super) odds: Vec<f32>,
    /// For each block whether it is left out as the outlet prints it under other titles, too; empty where there is none.
    pub(super) repeated: Vec<bool>,
    pub(super) sighting: Option<Sighting>,
    /// For each node the hints of its own names.
    pub(super) hints: Vec<u32>,
    evidence: Evidence,
    pub(super) headline: Option<usize>,
}

/// The odds of what cannot be of the story.
const CLOSED: f32 = -9.0;

impl Reading {
    /// Looks at a page. `base` is where it was read, `today` bounds its dates.
    #[must_use]
    pub fn of(dom: &Dom, base: Option<&Url>, today: Date) -> Reading {
        Reading::after(dom, base, today, &Repeats::default())
    }

    /// The same where earlier stories of the outlet are known.
    #[must_use]
    pub fn after(dom: &Dom, base: Option<&Url>, today: Date, repeats: &Repeats) -> Reading {
        let meta = Meta::read(dom);
        let linked = Linked::read(dom);
        let article = meta::article(&linked, &meta);
        let address = address(&meta, base);
        let sites = meta::site_names(&meta, article, address.as_ref());
        let headline = meta::headline(dom, &meta, article, &sites);
        let summary = summary(&meta, article);
        let evidence = Evidence {
            title: headline.as_ref().map(|(title, _)| title.clone()).unwrap_or_default(),
            description: summary.clone().unwrap_or_default(),
            body: meta::body(&linked, article),
        };
        let page = Page::new(dom, blocks::cut(dom), &evidence);
        let rows = page.rows(&evidence);
        let open: Vec<usize> = (0..rows.len()).filter(|i| page.open[*i]).collect();
        let asked: Vec<_> = open.iter().map(|i| &rows[*i]).collect();
        let mut odds = vec![CLOSED; rows.len()];
        for (i, found) in open.iter().zip(forest::odds(&asked)) {
            odds[*i] = found;
        }
        let host = address.as_ref().and_then(Url::host_str).map(|host| host.strip_prefix("www.").unwrap_or(host));
        let title = headline.as_ref().map(|(title, _)| title.as_str());
        let repeated = repeated(&page, &mut odds, host, title, repeats);
        let keep = select(&page, &odds);
        let list = &page.blocks.list;
        let lines = list.iter().zip(&keep).map(|(block, keep)| (page.blocks.text(block), *keep));
        let sighting = host.map(|host| Sighting::of(host, title, lines));
        let mut text: Vec<String> = list
            .iter()
            .zip(&keep)
            .filter(|(_, keep)| **keep)
            .map(|(block, _)| page.blocks.text(block).to_owned())
            .collect();
        let letters: usize = list.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(b, _)| b.letters as usize).sum();
        // Pages that a script fills hold their text as data alone.
        let only_data = evidence.body.len() > 400
            && letters * 3 < evidence.body.chars().filter(|c| c.is_alphanumeric()).count()
            && !seen(&page);
        if only_data {
            text =
                evidence.body.split(['\n', '\r']).map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect();
        }
        let title_key = squash(&evidence.title);
        let headline_block = list.iter().position(|b| {
            b.letters < 400
                && !title_key.is_empty()
                && dom.node(b.element).tag.is_heading()
                && squash(page.blocks.text(b)).contains(&title_key)
        });
        let (head, tail) = surroundings(dom, list, &keep, headline_block);
        let byline = people::byline(dom, &meta, &linked, article, &sites, head.clone());
        let dates = when::dates(dom, &meta, article, address.as_ref(), head, tail, today);
        let home = address.as_ref().filter(|url| url.host_str().is_some()).and_then(|url| url.join("/").ok());
        let canonical = canonical(&meta, article, base);
        Reading {
            title_from: headline.as_ref().map_or("", |(_, how)| how),
            title: headline.map(|(title, _)| title),
            text,
            byline,
            published: dates.published.map(|(stamp, how)| stamp.published(&how)),
            updated: dates.updated.map(|(stamp, how)| stamp.published(&how)),
            date_doubt: dates.doubt,
            canonical,
            summary,
            publisher: outlet::name(dom, &meta, &linked, article, address.as_ref()),
            publisher_url: home.map(String::from),
            lang: meta
                .lang
                .clone()
                .or_else(|| article.and_then(|a| texts(a.get("inLanguage")).into_iter().next()))
                .or_else(|| {
                    meta.first(&["og:locale", "content-language", "dc.language", "language"]).map(str::to_owned)
                }),
            genre: meta::genre(article),
            rights: rights::read(dom, &meta, article),
            picture: meta
                .first(&["og:image", "og:image:url", "twitter:image", "twitter:image:src"])
                .and_then(|src| links::clean(src, address.as_ref())),
            only_data,
            is_cut: dom.is_cut,
            address,
            odds,
            keep,
            repeated,
            sighting,
            evidence,
            headline: headline_block,
            blocks: page.blocks,
            hints: page.hints,
        }
    }
}

impl Reading {
    /// For each block its text, whether it may be of the story at all, and its numbers: what the trees are grown from.
    #[must_use]
    pub fn rows(&self, dom: &Dom) -> Vec<(String, bool, Vec<f32>)> {
        let page = Page::new(dom, blocks::cut(dom), &self.evidence);
        let rows = page.rows(&self.evidence);
        let list = page.blocks.list.iter().zip(&page.open).zip(rows);
        list.map(|((block, open), row)| (page.blocks.text(block).to_owned(), *open, row.to_vec())).collect()
    }
}

/// Takes what the past speaks against each block from its odds. Says which blocks that leaves out.
fn repeated(page: &Page, odds: &mut [f32], outlet: Option<&str>, title: Option<&str>, repeats: &Repeats) -> Vec<bool> {
    let Some(outlet) = outlet.filter(|_| !repeats.is_empty()) else { return Vec::new() };
    let list = &page.blocks.list;
    let lines: Vec<Line> = (0..list.len())
        .map(|i| Line {
            text: page.blocks.text(&list[i]),
            words: list[i].words as usize,
            odds: page.open[i].then_some(odds[i]),
            is_sentence: list[i].ends,
        })
        .collect();
    let against = repeats.against(outlet, title, &lines);
    let mut out = vec![false; list.len()];
    for (i, against) in against.into_iter().enumerate().filter(|(_, against)| *against < 0.0) {
        out[i] = odds[i] > 0.0 && odds[i] + against <= 0.0;
        odds[i] += against;
    }
    out
}

/// Whether the page shows a good part of the text that its data hold.
fn seen(page: &Page) -> bool {
    page.quoted.iter().zip(&page.blocks.list).filter(|(q, _)| **q > 0.5).map(|(_, b)| b.letters).sum::<u32>() > 600
}

/// The blocks that are the story.
fn select(page: &Page, odds: &[f32]) -> Vec<bool> {
    let list = &page.blocks.list;
    let mut keep: Vec<bool> = odds.iter().map(|odds| *odds > 0.0).collect();
    whole_tables(page, odds, &mut keep);
    // The same text twice: for another width of screen, or as a pulled quotation.
    let mut known: HashSet<&str> = HashSet::new();
    for (i, block) in list.iter().enumerate() {
        let text = page.blocks.text(block);
        if keep[i] && block.letters > 50 && !known.insert(text) {
            keep[i] = false;
        }
    }
    keep
}

/// A table of data between paragraphs of the story is kept whole or not at all: a column without its heading says nothing.
fn whole_tables(page: &Page, odds: &[f32], keep: &mut [bool]) {
    let list = &page.blocks.list;
    let Some((first, last)) = keep.iter().position(|k| *k).zip(keep.iter().rposition(|k| *k)) else { return };
    let parent = |block: &Block| page.dom.node(block.element).parent;
    let beside: HashSet<u32> =
        list.iter().zip(keep.iter()).filter(|(b, k)| **k && b.words > 20).map(|(b, _)| parent(b)).collect();
    for table in body::data_tables(page.dom, list) {
        let end = page.dom.node(table).end;
        let from = list.partition_point(|b| b.first < table).max(first);
        let to = list.partition_point(|b| b.first < end).min(last + 1);
        let Some(cells) = list.get(from..to).filter(|cells| !cells.is_empty()) else { continue };
        let letters: f32 = cells.iter().map(|b| b.letters as f32).sum();
        let linked: f32 = cells.iter().map(|b| b.link_letters as f32).sum();
        let mean = cells.iter().zip(&odds[from..to]).map(|(b, o)| o * b.letters as f32).sum::<f32>() / letters.max(1.0);
        // Beside a paragraph of the story it is one of its parts, unless much speaks against it.
        let is_part = beside.contains(&page.dom.node(table).parent);
        let is_kept = linked < letters * 0.5 && (mean > TABLE || is_part && mean > PART);
        keep[from..to].fill(is_kept);
    }
}

/// The mean odds of its cells from which a table is of the story.
const TABLE: f32 = -1.5;
/// The same for a table that stands beside paragraphs of the story.
const PART: f32 = -4.0;

/// The nodes between headline and text, where byline and date stand, and those right after the text.
fn surroundings(
    dom: &Dom,
    list: &[Block],
    keep: &[bool],
    headline: Option<usize>,
) -> (std::ops::Range<u32>, std::ops::Range<u32>) {
    let count = dom.nodes.len() as u32;
    let kept: Vec<usize> = (0..list.len()).filter(|i| keep[*i]).collect();
    let Some((first, last)) = kept.first().zip(kept.last()) else { return (0..count.min(3000), 0..0) };
    // Past the standfirst, which stands before the byline.
    let third = kept.iter().copied().filter(|i| list[*i].words > 20).nth(2).unwrap_or(*last);
    let from = headline.map_or_else(|| first.saturating_sub(12), |h| h.min(*first).saturating_sub(6));
    let end = list[third].first.max(list[*first].first);
    let after = list.get(last + 8).map_or(count, |b| b.first);
    (list[from].first..end, list[*last].last..after)
}

fn address(meta: &Meta, base: Option<&Url>) -> Option<Url> {
    let mut url = base.cloned().or_else(|| {
        [meta.link("canonical"), meta.first(&["og:url", "twitter:url", "parsely-link"])]
            .into_iter()
            .flatten()
            .find_map(|href| links::clean(href, None))
    })?;
    if let Some(href) = &meta.base
        && let Ok(joined) = url.join(href)
        && base.is_none()
        && url.host_str().is_none()
    {
        url = joined;
    }
    Some(url)
}

fn canonical(
    meta: &Meta,
    article: Option<&serde_json::Map<String, serde_json::Value>>,
    base: Option<&Url>,
) -> Option<Url> {
    let of_article = article.and_then(|a| {
        let page = a.get("mainEntityOfPage");
        page.and_then(|p| p.as_str().map(str::to_owned).or_else(|| p.get("@id")?.as_str().map(str::to_owned)))
            .or_else(|| a.get("url").and_then(|u| u.as_str()).map(str::to_owned))
    });
    [meta.link("canonical").map(str::to_owned), meta.first(&["og:url"]).map(str::to_owned), of_article]
        .into_iter()
        .flatten()
        .filter_map(|href| links::clean(&href, base))
        // The front page is no story's address.
        .find(|url| url.path().len() > 1)
}

fn summary(meta: &Meta, article: Option<&serde_json::Map<String, serde_json::Value>>) -> Option<String> {
    let stated = article.and_then(|a| texts(a.get("description")).into_iter().next());
    [
        meta.first(&["og:description"]).map(str::to_owned),
        stated,
        meta.first(&[
            "description",
            "twitter:description",
            "sailthru.description",
            "dc.description",
            "dcterms.description",
            "abstract",
        ])
        .map(str::to_owned),
    ]
    .into_iter()
    .flatten()
    .find(|text| {
        // The outlet's name alone says nothing; in scripts without spaces a sentence is one word.
        let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let unspaced = text.chars().filter(|c| super::blocks::is_unspaced(*c)).count();
        text.split_whitespace().filter(is_word).count() >= 3 || unspaced >= 8 && unspaced * 2 > letters
    })
}
