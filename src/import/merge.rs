//! Importing again: what to do with a story when the site has articles already. Never over a curator's edit.

use std::collections::{HashMap, HashSet};

use super::address;
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
    /// What its addresses have in common with others of the same page, see [`address::key`].
    pub addresses: Vec<String>,
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
            addresses: url.and_then(address::key).into_iter().collect(),
            body_fingerprint: body_fingerprint(std::iter::once(markdown)),
            paragraphs: paragraphs(markdown.split("\n\n")),
        }
    }

    /// The same article under one more address.
    #[must_use]
    pub fn also_at(mut self, url: &str) -> Self {
        self.addresses.extend(address::key(url).filter(|key| !self.addresses.contains(key)));
        self
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
    /// The same story, by its address or by most of its paragraphs, perhaps with another text:
    /// [`compare`](super::update::compare) tells.
    Version {
        /// The file that has it.
        path: String,
    },
}

/// Decides what becomes of a story. Pure; `existing` is every article of the site, in any order.
#[must_use]
pub fn decide(existing: &[Existing], story: &Story) -> Decision {
    existing.iter().cloned().collect::<Index>().decide(story)
}

/// Every article of a site, so that each question is answered by a look-up.
#[derive(Debug, Default)]
pub struct Index {
    all: Vec<Existing>,
    by_sha256: HashMap<String, Vec<usize>>,
    by_body: HashMap<String, Vec<usize>>,
    by_address: HashMap<String, Vec<usize>>,
    by_id: HashMap<String, Vec<usize>>,
    by_paragraph: HashMap<u64, Vec<usize>>,
    paths: HashSet<String>,
    /// The number that a slug was last given, so that a thousand stories of one name are not counted a thousand times.
    numbers: HashMap<String, u64>,
}

impl FromIterator<Existing> for Index {
    fn from_iter<I: IntoIterator<Item = Existing>>(articles: I) -> Self {
        let mut index = Index::default();
        for article in articles {
            index.add(article);
        }
        index
    }
}

impl Index {
    /// Adds an article.
    pub fn add(&mut self, article: Existing) {
        let at = self.all.len();
        if let Some(sha256) = &article.sha256 {
            self.by_sha256.entry(sha256.clone()).or_default().push(at);
        }
        self.by_body.entry(article.body_fingerprint.clone()).or_default().push(at);
        for address in &article.addresses {
            self.by_address.entry(address.clone()).or_default().push(at);
        }
        if let Some(id) = &article.id {
            self.by_id.entry(id.clone()).or_default().push(at);
        }
        for paragraph in &article.paragraphs {
            self.by_paragraph.entry(*paragraph).or_default().push(at);
        }
        self.paths.insert(article.path.to_lowercase());
        self.all.push(article);
    }

    /// How many articles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Decides what becomes of a story.
    #[must_use]
    pub fn decide(&self, story: &Story) -> Decision {
        if let Some(path) = self.first(self.by_sha256.get(&story.sha256)) {
            return Decision::Same { path };
        }
        let keys: Vec<String> =
            [&story.url, &story.canonical_url].into_iter().flatten().filter_map(|url| address::key(url)).collect();
        let ours = paragraphs(story.blocks());
        if let Some(path) = keys.iter().find_map(|key| self.first(self.by_address.get(key))) {
            // What only names a story adds nothing to one that is there.
            return if ours.is_empty() { Decision::Same { path } } else { Decision::Version { path } };
        }
        if !ours.is_empty()
            && let Some(path) = self.first(self.by_body.get(&story.body_fingerprint()))
        {
            return Decision::Same { path };
        }
        if let Some(path) = self.version(story, &ours, &keys) {
            return Decision::Version { path };
        }
        self.free(story)
    }

    /// Of several, the first by path: the answer is the same whatever the order of reading.
    fn first(&self, found: Option<&Vec<usize>>) -> Option<String> {
        found?.iter().map(|at| &self.all[*at].path).min().cloned()
    }

    /// The article that is another version of a story: of the same day and name with a third of its paragraphs, or, where
    /// not both tell their addresses, with four fifths of them.
    fn version(&self, story: &Story, ours: &[u64], keys: &[String]) -> Option<String> {
        let named = self.by_id.get(&story.id()).into_iter().flatten().filter(|at| {
            let theirs = &self.all[**at].paragraphs;
            let shared = shared(theirs, ours);
            shared > 0 && shared * 3 >= ours.len().min(theirs.len())
        });
        if let Some(path) = named.map(|at| &self.all[*at].path).min() {
            return Some(path.clone());
        }
        // A paragraph that many articles share is no story's own.
        const COMMON: usize = 20;
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for paragraph in ours {
            for at in self.by_paragraph.get(paragraph).filter(|found| found.len() <= COMMON).into_iter().flatten() {
                *counts.entry(*at).or_default() += 1;
            }
        }
        let near = counts.into_iter().filter(|(at, count)| {
            let article = &self.all[*at];
            let most = ours.len().max(article.paragraphs.len());
            *count >= 3 && count * 5 >= most * 4 && (keys.is_empty() || article.addresses.is_empty())
        });
        near.map(|(at, _)| &self.all[at].path).min().cloned()
    }

    /// The first path and id that no article has: `slug`, `slug-2`, `slug-3`.
    fn free(&self, story: &Story) -> Decision {
        let base = story.slug();
        let mut slug = base.clone();
        let mut n = 1u64;
        let key = story.path_with(&base).to_lowercase();
        while self.paths.contains(&story.path_with(&slug).to_lowercase())
            || self.by_id.contains_key(story.id_with(&slug).as_str())
        {
            n = if n == 1 { self.numbers.get(&key).copied().unwrap_or(1) + 1 } else { n + 1 };
            slug = format!("{base}-{n}");
        }
        Decision::New { path: story.path_with(&slug), slug }
    }

    /// Remembers that a story was given a path, so that the next of its name need not count from the start.
    pub fn gave(&mut self, story: &Story, slug: &str) {
        let base = story.slug();
        if let Some(n) = slug.strip_prefix(&base).and_then(|rest| rest.strip_prefix('-')).and_then(|n| n.parse().ok()) {
            self.numbers.insert(story.path_with(&base).to_lowercase(), n);
        }
    }
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
        .filter(|part| part.chars().any(char::is_alphanumeric))
        .map(|part| body_fingerprint(std::iter::once(part)))
        .map(|print| u64::from_str_radix(&print[..16], 16).unwrap_or_default())
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// How many values two sorted lists share.
fn shared(a: &[u64], b: &[u64]) -> usize {
    a.iter().filter(|x| b.binary_search(x).is_ok()).count()
}
