//! All blocks of a site, and the files that are put together from them.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rayon::prelude::*;

use super::{
    block::{Draft, Lexicon, Records},
    entry::{Described, describe},
    layout::{Layout, LayoutBlock},
    shard::Shard,
    store::{self, Stored},
};
use crate::{
    engine::cache::program_seal,
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
    load::{Area, Snapshot},
    model::Model,
    parse::matter::Display,
};

/// What an index is made from.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// The site's data.
    pub model: &'a Model,
    /// Of all that the data follow from: while it stays, so do they.
    pub structure: Fingerprint,
    /// Its texts.
    pub snapshot: &'a Snapshot,
    /// BCP 47 tag of its language.
    pub language: &'a str,
}

/// The search index of a site.
#[derive(Debug)]
pub struct Index {
    layout: Arc<Layout>,
    structure: Fingerprint,
    texts: Fingerprint,
    blocks: Vec<Arc<Block>>,
    /// Of each shard, the sum over all blocks: where one block is another, only its part is taken out and put in.
    sums: Vec<u128>,
    /// What was read of all blocks for some shards, and shards that were put together: for the files that come next.
    bands: Recent<Vec<Piece>>,
    shards: Recent<Shard>,
}

#[derive(Debug)]
struct Block {
    key: u32,
    /// Of what its entries are besides their texts.
    front: Fingerprint,
    /// Of all that it is made from.
    basis: Fingerprint,
    stored: Stored,
}

/// A block's key, its records of some shards, and where those of each end.
type Piece = (u32, Vec<u8>, Vec<usize>);

/// Shards that are read at once.
const BAND: usize = 8;

impl Index {
    /// The index of a site. Blocks of an index `before`, or in the folder, that are made from the same things are taken over.
    ///
    /// # Errors
    /// When a text cannot be read or a block not be written.
    pub fn new(basis: Basis<'_>, before: Option<&Arc<Index>>, folder: Option<&Path>) -> Result<Arc<Self>> {
        let texts = basis.snapshot.fingerprint(Area::Content);
        let before_of_structure = before.filter(|before| before.structure == basis.structure);
        if let Some(same) = before_of_structure.filter(|before| before.texts == texts) {
            return Ok(Arc::clone(same));
        }
        if let Some(folder) = folder {
            store::prepare(folder)?;
        }
        let layout =
            before_of_structure.map_or_else(|| Arc::new(Layout::new(basis.model)), |before| Arc::clone(&before.layout));
        let of_articles = fingerprints(basis);
        let lexicons: Mutex<Vec<Lexicon>> = Mutex::default();
        let lock = || lexicons.lock().unwrap_or_else(PoisonError::into_inner);
        let block = |planned: &LayoutBlock| -> Result<Arc<Block>> {
            let known = before.and_then(|before| before.block(planned.key));
            let front = match known.filter(|_| before_of_structure.is_some()) {
                Some(known) => known.front,
                None => front(basis, planned),
            };
            let of_block = whole(basis, planned, layout.shards, front, &of_articles);
            if let Some(known) = known.filter(|known| known.basis == of_block) {
                return Ok(Arc::clone(known));
            }
            let stored = folder.and_then(|folder| Stored::load(folder, planned.key, of_block, layout.shards));
            let stored = match stored {
                Some(stored) => stored,
                None => {
                    let mut lexicon = lock().pop().unwrap_or_default();
                    let records = records(basis, planned, layout.shards, &mut lexicon)?;
                    lock().push(lexicon);
                    Stored::save(folder, planned.key, of_block, records)?
                }
            };
            Ok(Arc::new(Block { key: planned.key, front, basis: of_block, stored }))
        };
        let blocks: Vec<Arc<Block>> = layout.blocks.par_iter().map(block).collect::<Result<_>>()?;
        if let Some(folder) = folder {
            let wanted: Vec<(u32, Fingerprint)> = blocks.iter().map(|block| (block.key, block.basis)).collect();
            store::tidy(folder, &wanted);
        }
        let sums = sums(&blocks, layout.shards, before.map(AsRef::as_ref));
        Ok(Arc::new(Index {
            layout,
            structure: basis.structure,
            texts,
            blocks,
            sums,
            bands: Recent::new(3),
            shards: Recent::new(8),
        }))
    }

    /// What can be found.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Of all that the files of a shard are made from.
    pub fn fingerprint(&self, shard: usize) -> Option<Fingerprint> {
        self.sums.get(shard).map(|sum| Fingerprint::from_bytes(sum.to_le_bytes()))
    }

    /// The files of a shard.
    ///
    /// # Errors
    /// When the blocks cannot be read.
    pub fn shard(&self, shard: usize) -> Result<Arc<Shard>> {
        self.shards.get(shard, || {
            let first = shard / BAND * BAND;
            let shards = first..(first + BAND).min(self.layout.shards);
            let band = self.bands.get(first, || {
                let read = |block: &Arc<Block>| {
                    let (bytes, ends) = block.stored.read(shards.clone())?;
                    Ok((block.key, bytes, ends))
                };
                self.blocks.iter().map(read).collect::<Result<_>>()
            })?;
            let at = shard - first;
            let of_shard = band.iter().map(|(key, bytes, ends)| {
                let from = at.checked_sub(1).map_or(0, |before| ends[before]);
                (*key, &bytes[from..ends[at]])
            });
            Shard::new(of_shard).ok_or_else(|| Error::new("read the search index that this program made"))
        })
    }

    fn block(&self, key: u32) -> Option<&Arc<Block>> {
        let at = self.blocks.binary_search_by_key(&key, |block| block.key).ok()?;
        Some(&self.blocks[at])
    }
}

/// The fingerprints of the articles' files, in the order of the articles, which is that of the files.
fn fingerprints(basis: Basis<'_>) -> Vec<Fingerprint> {
    let mut files = basis.snapshot.content().iter();
    let fingerprint =
        |path: &str| files.find(|file| &*file.path == path).map_or(Fingerprint::NONE, |file| file.fingerprint);
    basis.model.articles().map(|(_, article)| &*article.path).map(fingerprint).collect()
}

/// Of what the entries of a block are besides their texts.
fn front(basis: Basis<'_>, planned: &LayoutBlock) -> Fingerprint {
    let mut mixer = Mixer::new();
    for entry in &planned.entries {
        let described = describe(basis.model, *entry, |part, text| {
            mixer.number(part as u64).text(text);
        });
        let Described { body, language, is_about } = described;
        mixer.maybe(language).number(u64::from(is_about)).maybe(body.map(|body| body.path.as_ref()));
        if let Some(body) = body {
            mixer.number(body.from as u64).number(body.max_words.map_or(u64::MAX, |words| words as u64));
        }
    }
    mixer.finish()
}

/// Of all that a block is made from.
fn whole(
    basis: Basis<'_>,
    planned: &LayoutBlock,
    shards: usize,
    front: Fingerprint,
    of_articles: &[Fingerprint],
) -> Fingerprint {
    let mut mixer = Mixer::new();
    mixer.text(&program_seal()).text(basis.language).number(shards as u64).fingerprint(front);
    for entry in &planned.entries {
        let text = match entry {
            super::Entry::Article(id) if basis.model[*id].display == Display::Headline => None,
            super::Entry::Article(id) => of_articles.get(id.index()).copied(),
            entry => {
                let body = describe(basis.model, *entry, |_, _| ()).body;
                body.and_then(|body| basis.snapshot.get(body.path)).map(|file| file.fingerprint)
            }
        };
        mixer.fingerprint(text.unwrap_or(Fingerprint::NONE));
    }
    mixer.finish()
}

/// The records of a block, from its entries' texts.
fn records(basis: Basis<'_>, planned: &LayoutBlock, shards: usize, lexicon: &mut Lexicon) -> Result<Records> {
    let mut draft = Draft::new(lexicon, basis.language);
    let mut parts = Vec::new();
    for (place, entry) in planned.entries.iter().enumerate() {
        parts.clear();
        let described = describe(basis.model, *entry, |part, text| parts.push((part, text.to_owned())));
        draft.start(place, &described);
        for (part, text) in &parts {
            draft.add(*part, text);
        }
        if let Some(body) = described.body.filter(|body| body.max_words != Some(0)) {
            let text = basis.snapshot.text(body.path)?.unwrap_or_default();
            draft.add_text(text.get(body.from..).unwrap_or_default(), body.max_words);
        }
        draft.end();
    }
    Ok(draft.finish(shards))
}

/// Of each shard, the sum over all blocks of what it says there.
fn sums(blocks: &[Arc<Block>], shards: usize, before: Option<&Index>) -> Vec<u128> {
    let of = |block: &Block, hash: u64| {
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&block.key.to_le_bytes());
        bytes[4..].copy_from_slice(&hash.to_le_bytes());
        u128::from_le_bytes(Fingerprint::of(&bytes).to_bytes())
    };
    let mut sums = match before.filter(|before| before.layout.shards == shards) {
        Some(before) => before.sums.clone(),
        None => vec![0; shards],
    };
    let before = before.filter(|before| before.layout.shards == shards);
    let is_in = |blocks: &[Arc<Block>], block: &Arc<Block>| {
        let at = blocks.binary_search_by_key(&block.key, |block| block.key);
        at.is_ok_and(|at| Arc::ptr_eq(&blocks[at], block))
    };
    for block in before.map_or(&[][..], |before| &before.blocks).iter().filter(|block| !is_in(blocks, block)) {
        for (sum, hash) in sums.iter_mut().zip(block.stored.hashes()) {
            *sum = sum.wrapping_sub(of(block, *hash));
        }
    }
    for block in blocks.iter().filter(|block| !before.is_some_and(|before| is_in(&before.blocks, block))) {
        for (sum, hash) in sums.iter_mut().zip(block.stored.hashes()) {
            *sum = sum.wrapping_add(of(block, *hash));
        }
    }
    sums
}

/// What was made last, for whoever asks next: files that come from one thing are made one after the other.
#[derive(Debug)]
struct Recent<T> {
    entries: Mutex<Vec<(usize, Slot<T>)>>,
    limit: usize,
}

type Slot<T> = Arc<Mutex<Option<Arc<T>>>>;

impl<T> Recent<T> {
    fn new(limit: usize) -> Self {
        Recent { entries: Mutex::default(), limit }
    }

    /// The thing of a number. While it is made, others who want it wait.
    fn get(&self, number: usize, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let slot = {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            let known = entries.iter().position(|(known, _)| *known == number);
            let entry = known.map_or_else(|| (number, Slot::default()), |at| entries.remove(at));
            let slot = Arc::clone(&entry.1);
            entries.push(entry);
            if entries.len() > self.limit {
                entries.remove(0);
            }
            slot
        };
        let mut made = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = &*made {
            return Ok(Arc::clone(made));
        }
        let new = Arc::new(make()?);
        *made = Some(Arc::clone(&new));
        Ok(new)
    }
}
