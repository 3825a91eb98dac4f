//! Finds what a reference means: by slug, by name, under any spelling.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Diagnostic, Place, SitePath, did_you_mean},
    parse::matter::Reference,
};

/// What the names of one kind of thing lead to.
pub struct Names<Id> {
    /// For messages: "topic", and the folder it lies in.
    what: &'static str,
    folder: &'static str,
    slugs: BTreeMap<String, Id>,
    spellings: BTreeMap<String, Vec<Id>>,
}

impl<Id: Copy + PartialEq> Names<Id> {
    pub fn new(what: &'static str, folder: &'static str) -> Self {
        Names { what, folder, slugs: BTreeMap::new(), spellings: BTreeMap::new() }
    }

    /// Adds a slug; gives back who had it before, if anybody.
    pub fn add_slug(&mut self, slug: &str, id: Id) -> Option<Id> {
        match self.slugs.get(slug) {
            Some(taken) => Some(*taken),
            None => {
                self.slugs.insert(slug.to_owned(), id);
                None
            }
        }
    }

    /// Adds a name or another spelling of it.
    pub fn add_spelling(&mut self, name: &str, id: Id) {
        let ids = self.spellings.entry(fold(name)).or_default();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }

    /// What `text` means, if it means one thing.
    pub fn find(&self, text: &str) -> Option<Id> {
        if let Some(id) = self.slugs.get(text) {
            return Some(*id);
        }
        match self.spellings.get(&fold(text)).map(Vec::as_slice) {
            Some([id]) => Some(*id),
            _ => None,
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
        let is_ambiguous = self.spellings.get(&fold(text)).is_some_and(|ids| ids.len() > 1);
        if is_ambiguous {
            let message = format!("`{text}` in `{key}` is the name of more than one {}", self.what);
            let hint = match self.what {
                "article" => "write its `id` instead, or its path: `articles/2022/01/talks.md`",
                _ => "write the slug instead: its file's name without `.md`",
            };
            return Diagnostic::error(message, place).hint(hint);
        }
        let spellings = self.spellings.keys().map(String::as_str);
        let candidates = self.slugs.keys().map(String::as_str).chain(spellings);
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
        self.slugs.iter().find(|(_, other)| **other == id).map(|(slug, _)| slug.as_str())
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
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
