//! The documents that are kept for the next process, and what changed between two snapshots.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashSet},
    path::Path,
    sync::Arc,
};

use jiff::tz::TimeZone;
use rayon::prelude::*;

use crate::{
    diagnostic::SitePath,
    engine::{Cache, cache},
    error::Result,
    load::{Area, Snapshot, SourceFile},
    parse::{self, Document, Parsed},
};

/// A file and what it says.
type Kept = (Arc<SourceFile>, Arc<Document>);

/// The documents in a cache.
#[derive(Debug)]
pub struct Documents {
    cache: Cache,
    /// In how many shards they lie there; 0 for none yet.
    shards: usize,
    /// What lies there, in the order of the paths.
    files: Vec<Kept>,
    /// What it was last compared with.
    saved: Option<(Arc<Snapshot>, Arc<Parsed>)>,
}

/// What their files are called.
const NAME: &str = "documents";

impl Documents {
    /// Those in a cache, none of them read yet.
    pub fn new(cache: Cache) -> Self {
        Documents { cache, shards: 0, files: Vec::new(), saved: None }
    }

    /// What an earlier process left, for a site in `root` whose dates are in `zone`.
    pub fn recall(&mut self, root: &Path, zone: &TimeZone) -> Option<(Snapshot, Parsed)> {
        let shards: Vec<(String, Vec<parse::Kept>)> = self.cache.load(NAME)?;
        self.shards = shards.len();
        // Under another zone nothing of it holds.
        let name = parse::zone_name(zone);
        let mut files: Vec<Kept> = shards
            .into_par_iter()
            .filter(|(known, _)| *known == name)
            .flat_map_iter(|(_, files)| files)
            .map(parse::Kept::restore)
            .collect();
        files.par_sort_unstable_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        files.dedup_by(|(a, _), (b, _)| a.path == b.path);
        let (sources, documents): (Vec<_>, Vec<_>) = files.iter().cloned().unzip();
        self.files = files;
        Some((Snapshot::from_records(root, sources), Parsed::from_record(zone.clone(), documents)))
    }

    /// Writes what is other than what lies there.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&mut self, snapshot: &Arc<Snapshot>, parsed: &Arc<Parsed>) -> Result<()> {
        if self
            .saved
            .as_ref()
            .is_some_and(|(saved, documents)| saved.shares(Area::Content, snapshot) && Arc::ptr_eq(documents, parsed))
        {
            return Ok(());
        }
        let with_document =
            |(place, file): (usize, &Arc<SourceFile>)| Some((Arc::clone(file), Arc::clone(parsed.clean(place)?)));
        let files: Vec<Kept> = snapshot.content().iter().enumerate().filter_map(with_document).collect();
        let count = cache::shards_for(files.len(), self.shards);
        let mut unsaved: BTreeMap<usize, Vec<parse::ToKeep<'_>>> = BTreeMap::new();
        if count == self.shards {
            let is_same = |(file, document): &Kept, (other, known): &Kept| {
                Arc::ptr_eq(document, known) && (Arc::ptr_eq(file, other) || file.looks_like(other))
            };
            for path in differences(&self.files, &files, |(file, _)| &file.path, is_same) {
                unsaved.entry(cache::shard_of(path, count)).or_default();
            }
        } else {
            unsaved.extend((0..count).map(|shard| (shard, Vec::new())));
        }
        let saved = Some((Arc::clone(snapshot), Arc::clone(parsed)));
        if unsaved.is_empty() {
            self.saved = saved;
            return Ok(());
        }
        for (file, document) in &files {
            if let Some(shard) = unsaved.get_mut(&cache::shard_of(&file.path, count)) {
                shard.push(parse::ToKeep::new(file, document));
            }
        }
        let zone = parsed.zone_name();
        let shards: Vec<_> = unsaved.into_iter().map(|(at, files)| (at, (&zone, files))).collect();
        self.cache.save(NAME, count, shards.into_par_iter())?;
        (self.shards, self.files, self.saved) = (count, files, saved);
        Ok(())
    }
}

/// The paths of the files of `content/` that are other in one snapshot than in the other.
pub fn changed(old: &Snapshot, new: &Snapshot) -> HashSet<SitePath> {
    let is_same = |a: &Arc<SourceFile>, b: &Arc<SourceFile>| Arc::ptr_eq(a, b) || a.fingerprint == b.fingerprint;
    differences(old.content(), new.content(), |file| &file.path, is_same).into_iter().cloned().collect()
}

/// The paths that are in one of two lists alone, or in both and not the same. Both are in the order of the paths.
fn differences<'a, T>(
    old: &'a [T],
    new: &'a [T],
    path: impl Fn(&'a T) -> &'a SitePath,
    is_same: impl Fn(&T, &T) -> bool,
) -> Vec<&'a SitePath> {
    let mut found = Vec::new();
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => path(a).cmp(path(b)),
        };
        let gone = if order.is_le() { old.next() } else { None };
        let there = if order.is_ge() { new.next() } else { None };
        let is_kept = gone.zip(there).is_some_and(|(a, b)| is_same(a, b));
        if !is_kept {
            found.extend(gone.or(there).map(&path));
        }
    }
}
