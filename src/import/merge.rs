//! Importing again: what to do with a story when the site has articles already. Never over a curator's edit.

use std::collections::HashMap;

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
    /// The same story by its address, or by its day and name, perhaps with another text:
    /// [`compare`](super::update::compare) tells.
    Version {
        /// The file that has it.
        path: String,
    },
    /// Much the same text, of which it is not sure that it has the same source: nothing to write.
    Alike {
        /// The file that has it.
        path: String,
    },
}

/// Decides what becomes of a story. Pure; `existing` is every article of the site, in any order.
#[must_use]
pub fn decide(existing: &[Existing], story: &Story) -> Decision {
    existing.iter().cloned().collect::<Index>().decide(story)
}

/// Every article of a site, so that each question is answered by a look-up. It keeps fingerprints and no texts: about a
/// kilobyte an article.
#[derive(Debug, Default)]
pub struct Index {
    all: Vec<Article>,
    /// By what an article is known, see [`key`].
    by: HashMap<u64, Places>,
    by_paragraph: HashMap<u64, Places>,
    /// The number that a slug was last given, so that a thousand stories of one name are not counted a thousand times.
    numbers: HashMap<u64, u64>,
}

#[derive(Debug)]
struct Article {
    path: Box<str>,
    paragraphs: Box<[u64]>,
    has_address: bool,
}

/// Places in [`Index::all`]: nearly always one.
#[derive(Debug)]
enum Places {
    One(u32),
    // Boxed, so that the many that are one take no more room than they need.
    #[allow(clippy::box_collection)]
    Several(Box<Vec<u32>>),
}

impl Places {
    fn list(&self) -> &[u32] {
        match self {
            Places::One(at) => std::slice::from_ref(at),
            Places::Several(list) => list,
        }
    }

    fn add(map: &mut HashMap<u64, Places>, key: u64, at: u32) {
        map.entry(key)
            .and_modify(|places| match places {
                Places::One(first) => *places = Places::Several(Box::new(vec![*first, at])),
                Places::Several(list) => list.push(at),
            })
            .or_insert(Places::One(at));
    }
}

/// What a text stands for.
#[derive(Debug, Clone, Copy)]
enum Known {
    Input,
    Body,
    Address,
    Id,
    Path,
}

/// A text and what it stands for, as the index keeps it. That two of a hundred thousand share one is less likely than one in a
/// billion.
fn key(known: Known, text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(text.as_bytes(), known as u64)
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
        let Ok(at) = u32::try_from(self.all.len()) else { return };
        let known = article
            .sha256
            .iter()
            .map(|text| key(Known::Input, text))
            .chain(article.addresses.iter().map(|text| key(Known::Address, text)))
            .chain(article.id.iter().map(|text| key(Known::Id, text)))
            .chain([key(Known::Body, &article.body_fingerprint), key(Known::Path, &article.path.to_lowercase())]);
        for known in known {
            Places::add(&mut self.by, known, at);
        }
        for paragraph in &article.paragraphs {
            Places::add(&mut self.by_paragraph, *paragraph, at);
        }
        self.all.push(Article {
            path: article.path.into(),
            paragraphs: article.paragraphs.into(),
            has_address: !article.addresses.is_empty(),
        });
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

    /// Whether the article at a path only names a story.
    #[must_use]
    pub fn has_no_text(&self, path: &str) -> bool {
        let places = self.by.get(&key(Known::Path, &path.to_lowercase())).map(Places::list).unwrap_or_default();
        places.iter().any(|at| self.all[*at as usize].paragraphs.is_empty())
    }

    /// Decides what becomes of a story.
    #[must_use]
    pub fn decide(&self, story: &Story) -> Decision {
        if let Some(path) = self.first(Known::Input, &story.sha256) {
            return Decision::Same { path };
        }
        let keys: Vec<String> =
            [&story.url, &story.canonical_url].into_iter().flatten().filter_map(|url| address::key(url)).collect();
        let ours = paragraphs(story.blocks());
        if let Some(path) = keys.iter().find_map(|address| self.first(Known::Address, address)) {
            // What only names a story adds nothing to one that is there.
            return if ours.is_empty() { Decision::Same { path } } else { Decision::Version { path } };
        }
        if !ours.is_empty()
            && let Some(path) = self.first(Known::Body, &story.body_fingerprint())
        {
            return Decision::Same { path };
        }
        if let Some(path) = self.version(story, &ours) {
            return Decision::Version { path };
        }
        if let Some(path) = self.alike(&ours, &keys) {
            return Decision::Alike { path };
        }
        self.free(story)
    }

    /// Of several, the first by path: the answer is the same whatever the order of reading.
    fn first(&self, known: Known, text: &str) -> Option<String> {
        let places = self.by.get(&key(known, text))?;
        places.list().iter().map(|at| &self.all[*at as usize].path).min().map(|path| path.to_string())
    }

    /// The article of the same day and name, where it has a third of the paragraphs.
    fn version(&self, story: &Story, ours: &[u64]) -> Option<String> {
        let named = self.by.get(&key(Known::Id, &story.id())).map(Places::list).unwrap_or_default();
        let named = named.iter().map(|at| &self.all[*at as usize]).filter(|article| {
            let shared = shared(&article.paragraphs, ours);
            shared > 0 && shared * 3 >= ours.len().min(article.paragraphs.len())
        });
        named.map(|article| &article.path).min().map(|path| path.to_string())
    }

    /// The article that has four fifths of the paragraphs, where not both tell their addresses.
    fn alike(&self, ours: &[u64], keys: &[String]) -> Option<String> {
        // A paragraph that many articles share is no story's own.
        const COMMON: usize = 20;
        let mut counts: HashMap<u32, usize> = HashMap::new();
        for paragraph in ours {
            let places = self.by_paragraph.get(paragraph).map(Places::list).unwrap_or_default();
            for at in places.iter().filter(|_| places.len() <= COMMON) {
                *counts.entry(*at).or_default() += 1;
            }
        }
        let near = counts.into_iter().filter_map(|(at, count)| {
            let article = &self.all[at as usize];
            let most = ours.len().max(article.paragraphs.len());
            let is_near = count >= 3 && count * 5 >= most * 4 && (keys.is_empty() || !article.has_address);
            is_near.then_some(&article.path)
        });
        near.min().map(|path| path.to_string())
    }

    /// The first path and id that no article has: `slug`, `slug-2`, `slug-3`.
    fn free(&self, story: &Story) -> Decision {
        let base = story.slug();
        let mut slug = base.clone();
        let mut n = 1u64;
        let name = key(Known::Path, &story.path_with(&base).to_lowercase());
        let is_taken = |slug: &str| {
            self.by.contains_key(&key(Known::Path, &story.path_with(slug).to_lowercase()))
                || self.by.contains_key(&key(Known::Id, &story.id_with(slug)))
        };
        while is_taken(&slug) {
            n = if n == 1 { self.numbers.get(&name).copied().unwrap_or(1) + 1 } else { n + 1 };
            slug = format!("{base}-{n}");
        }
        Decision::New { path: story.path_with(&slug), slug }
    }

    /// Remembers that a story was given a path, so that the next of its name need not count from the start.
    pub fn gave(&mut self, story: &Story, slug: &str) {
        let base = story.slug();
        if let Some(n) = slug.strip_prefix(&base).and_then(|rest| rest.strip_prefix('-')).and_then(|n| n.parse().ok()) {
            self.numbers.insert(key(Known::Path, &story.path_with(&base).to_lowercase()), n);
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
