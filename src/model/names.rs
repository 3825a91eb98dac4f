//! Finds what a reference means: by slug, by name, under any spelling.

use hashbrown::{HashMap, hash_map::Entry};

use crate::{
    diagnostic::{Diagnostic, Place, SitePath, did_you_mean},
    parse::matter::Reference,
};

/// What the names of one kind of thing lead to.
pub struct Names<Id> {
    /// For messages: "topic", and the folder it lies in.
    what: &'static str,
    folder: &'static str,
    slugs: HashMap<SitePath, Id>,
    spellings: HashMap<String, Spelling<Id>>,
}

/// What a spelling means.
#[derive(Clone, Copy, PartialEq)]
enum Spelling<Id> {
    One(Id),
    /// More than one thing.
    Several,
}

impl<Id: Copy + PartialEq> Names<Id> {
    pub fn new(what: &'static str, folder: &'static str) -> Self {
        Names { what, folder, slugs: HashMap::new(), spellings: HashMap::new() }
    }

    /// Makes room for so many more.
    pub fn reserve(&mut self, slugs: usize, spellings: usize) {
        self.slugs.reserve(slugs);
        self.spellings.reserve(spellings);
    }

    /// Adds a slug; gives back who had it before, if anybody.
    pub fn add_slug(&mut self, slug: &str, id: Id) -> Option<Id> {
        self.add_shared_slug(slug.into(), id)
    }

    /// The same for a text that others have as well.
    pub fn add_shared_slug(&mut self, slug: SitePath, id: Id) -> Option<Id> {
        match self.slugs.entry(slug) {
            Entry::Occupied(taken) => Some(*taken.get()),
            Entry::Vacant(free) => {
                free.insert(id);
                None
            }
        }
    }

    /// Adds a name or another spelling of it.
    pub fn add_spelling(&mut self, name: &str, id: Id) {
        let spelling = self.spellings.entry(fold(name)).or_insert(Spelling::One(id));
        if *spelling != Spelling::One(id) {
            *spelling = Spelling::Several;
        }
    }

    /// What `text` means, if it means one thing.
    pub fn find(&self, text: &str) -> Option<Id> {
        if let Some(id) = self.slugs.get(text) {
            return Some(*id);
        }
        match self.spellings.get(&fold(text)) {
            Some(Spelling::One(id)) => Some(*id),
            Some(Spelling::Several) => None,
            // The path of a file, named from `content/`.
            None if text.contains('/') => self.slugs.get(format!("content/{text}").as_str()).copied(),
            None => None,
        }
    }

    /// What a reference means; a diagnostic when it means nothing, or more than one thing.
    pub fn resolve(
        &self,
        reference: &Reference,
        key: &str,
        path: &SitePath,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Id> {
        let found = self.find(&reference.value);
        if found.is_none() {
            let place = Place::new(path, reference.span.clone());
            diagnostics.push(self.unknown(&reference.value, key, place));
        }
        found
    }

    /// What a list of references means, each thing once.
    pub fn resolve_all(
        &self,
        references: &[Reference],
        key: &str,
        path: &SitePath,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Id> {
        let mut ids = Vec::with_capacity(references.len());
        for reference in references {
            if let Some(id) = self.resolve(reference, key, path, diagnostics)
                && !ids.contains(&id)
            {
                ids.push(id);
            }
        }
        ids
    }

    fn unknown(&self, text: &str, key: &str, place: Place) -> Diagnostic {
        let is_ambiguous = self.spellings.get(&fold(text)).is_some_and(|spelling| *spelling == Spelling::Several);
        if is_ambiguous {
            let message = format!("`{text}` in `{key}` is the name of more than one {}", self.what);
            let hint = match self.what {
                "article" => "write its `id` instead, or its path: `articles/2022/01/talks.md`",
                _ => "write the slug instead: its file's name without `.md`",
            };
            return Diagnostic::error(message, place).hint(hint);
        }
        let spellings = self.spellings.keys().map(String::as_str);
        let candidates = self.slugs.keys().map(AsRef::as_ref).chain(spellings);
        let kind = match self.what {
            "tag" => format!("tags come from {}", self.folder),
            what => format!("{} are files in {}", plural(what), self.folder),
        };
        let hint = match did_you_mean(text, candidates) {
            Some(near) => format!("did you mean `{}`? {kind}", self.slug_of(near).unwrap_or(near)),
            None => format!("{kind}; add one, or remove the name here"),
        };
        Diagnostic::error(format!("unknown {} `{text}` in `{key}`", self.what), place).hint(hint)
    }

    fn slug_of(&self, candidate: &str) -> Option<&str> {
        let id = self.find(candidate)?;
        // The first in the alphabet: the message must not depend on the order of a table.
        self.slugs.iter().filter(|(_, other)| **other == id).map(|(slug, _)| slug.as_ref()).min()
    }
}

fn plural(what: &str) -> String {
    match what {
        "person" => "people".to_owned(),
        _ => format!("{what}s"),
    }
}

/// Names are the same whatever their case and the spaces in them.
fn fold(name: &str) -> String {
    let is_folded = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    if name.bytes().all(is_folded) {
        return name.to_owned();
    }
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
