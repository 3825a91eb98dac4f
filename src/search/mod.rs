//! The search index: what a reader's browser loads to find articles, with no server that searches.
//!
//! Entries (articles, and the pages on topics, digests, people, places, organizations and publishers) lie in *blocks* of
//! up to 128, by month. A block's words follow from its entries alone and are kept in the cache, so that an edit reads one
//! block's texts again and no others. The words of all blocks are divided into *shards* by their first letters; a shard's
//! files are what the blocks say in it, one after the other, so that an edit changes the files of those words alone that an
//! article has more or less often than before.
//!
//! A search loads the shards that its words lie in, the lists of those that are in many entries, and the cards of the
//! entries that it shows. How much a term says of an entry (BM25F's weighted and damped count, in 15 steps) lies beside the
//! entry's place; the rest of the formula is in `search.js`. Which words belong together is known when the index is made: of
//! each word as written, the index has its stem, so that no stemmer is loaded. The words that are looked for most, those of
//! headlines and names and the frequent ones of texts, are there once more, spelt backwards: a slip in the first letters of a
//! word leads to a wrong shard, and then its last letters lead to the right one.
//!
//! Only what the site shows is indexed: of an article that may be shown in part, that part.

mod block;
mod entry;
mod index;
mod layout;
mod shard;
mod store;
mod words;

pub use entry::Filter;
pub use index::{Basis, Index};
pub use layout::{CARDS, Entry, Layout, LayoutBlock, PARTS};
pub use shard::Shard;
pub use words::fold;

/// The program that searches, for the reader's browser.
pub const SCRIPT: &str = include_str!("search.js");
