//! Importing again: what to do with a story when the site has articles already. Never over a curator's edit.

use std::collections::HashSet;

use super::story::Story;
use super::text::sha256;

/// An article that the site has, as far as an import needs to know it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Existing {
    /// Its path, relative to the site.
    pub path: String,
    /// Its id.
    pub id: Option<String>,
    /// `[import] sha256`, where it was imported.
    pub sha256: Option<String>,
    /// `url`.
    pub url: Option<String>,
    /// [`body_fingerprint`] of its body as it is now.
    pub body_fingerprint: String,
    /// A fingerprint of each paragraph, sorted: tells a changed story from another one of the same name.
    pub paragraphs: Vec<u64>,
}

impl Existing {
    /// Reads off what is needed from an article's parts; `markdown` is the body without the front matter.
    #[must_use]
    pub fn new(path: &str, id: Option<&str>, sha256: Option<&str>, url: Option<&str>, markdown: &str) -> Self {
        Existing {
            path: path.to_owned(),
            id: id.map(str::to_owned),
            sha256: sha256.map(str::to_owned),
            url: url.map(str::to_owned),
            body_fingerprint: body_fingerprint(std::iter::once(markdown)),
            paragraphs: paragraphs(markdown.split("\n\n")),
        }
    }
}

/// What an import should do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Write a new file.
    New {
        /// The path that is free, relative to the site.
        path: String,
        /// The slug that the path ends in: pass it on to `markdown::file_with`.
        slug: String,
    },
    /// The same input, or the same text, is there: nothing to write, whatever the curator made of it.
    Same {
        /// The file that has it.
        path: String,
    },
    /// The same story with another text, by its address or by most of its paragraphs: nothing is written, the curator
    /// is told.
    Changed {
        /// The file that has the other text.
        path: String,
        /// Paragraphs of the import that the file does not have.
        new: usize,
        /// Paragraphs of the file that the import does not have: taken out at the source, or written by the curator.
        gone: usize,
    },
}

/// Decides what becomes of a story. Pure; `existing` is every article of the site, in any order.
#[must_use]
pub fn decide(existing: &[Existing], story: &Story) -> Decision {
    let mut sorted: Vec<&Existing> = existing.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let body = story.body_fingerprint();
    let is_same = |e: &Existing| {
        e.sha256.as_deref() == Some(story.sha256.as_str()) || (!story.body.is_empty() && e.body_fingerprint == body)
    };
    if let Some(found) = sorted.iter().find(|e| is_same(e)) {
        return Decision::Same { path: found.path.clone() };
    }
    let ours = paragraphs(story.blocks());
    let id = story.id();
    let is_version = |e: &Existing| {
        let by_address = e.url.as_deref().zip(story.url.as_deref()).is_some_and(|(a, b)| same_address(a, b));
        let shared = shared(&e.paragraphs, &ours);
        let by_name =
            e.id.as_deref() == Some(id.as_str()) && shared * 3 >= ours.len().min(e.paragraphs.len()) && shared > 0;
        by_address || by_name
    };
    if let Some(found) = sorted.iter().find(|e| is_version(e)) {
        let shared = shared(&found.paragraphs, &ours);
        return Decision::Changed {
            path: found.path.clone(),
            new: ours.len() - shared,
            gone: found.paragraphs.len() - shared,
        };
    }
    free(&sorted, story)
}

/// The first path and id that no article has: `slug`, `slug-2`, `slug-3`.
fn free(existing: &[&Existing], story: &Story) -> Decision {
    let paths: HashSet<String> = existing.iter().map(|e| e.path.to_lowercase()).collect();
    let ids: HashSet<&str> = existing.iter().filter_map(|e| e.id.as_deref()).collect();
    let base = story.slug();
    let mut slug = base.clone();
    let mut n = 1u64;
    while paths.contains(&story.path_with(&slug).to_lowercase()) || ids.contains(story.id_with(&slug).as_str()) {
        n += 1;
        slug = format!("{base}-{n}");
    }
    Decision::New { path: story.path_with(&slug), slug }
}

/// The fingerprint of a text, of its letters and digits alone: blind to markup, spacing, line ends and quotation marks.
pub fn body_fingerprint<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut letters = String::new();
    for part in parts {
        letters.extend(part.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    }
    sha256(letters.as_bytes())
}

fn paragraphs<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<u64> {
    let mut out: Vec<u64> = parts
        .map(|p| body_fingerprint(std::iter::once(p)))
        .filter(|p| *p != sha256(b""))
        .map(|p| u64::from_str_radix(&p[..16], 16).unwrap_or_default())
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// How many values two sorted lists share.
fn shared(a: &[u64], b: &[u64]) -> usize {
    a.iter().filter(|x| b.binary_search(x).is_ok()).count()
}

/// Whether two addresses are one page: scheme, `www.`, trailing slash and fragment aside.
fn same_address(a: &str, b: &str) -> bool {
    fn bare(url: &str) -> &str {
        let url = url.split('#').next().unwrap_or_default();
        let url = url.split_once("://").map_or(url, |(_, rest)| rest);
        url.strip_prefix("www.").unwrap_or(url).trim_end_matches('/')
    }
    !bare(a).is_empty() && bare(a) == bare(b)
}
