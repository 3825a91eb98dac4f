//! What can be found, in the order in which the index counts it.

use crate::{
    model::{ArticleId, DigestId, EntityId, Model, PageId, PublisherId, TopicId},
    parse::matter::EntityKind,
};

/// Entries in a block at most. The format counts on it.
pub const BLOCK: usize = 128;
/// Entries in a file of cards.
pub const CARDS: usize = 16;
/// Entries for which there is one shard, and shards at most.
const ENTRIES: usize = 128;
const SHARDS: usize = 512;
/// Letters of a word, less those of an ending that says nothing, up to which one letter of its end is enough.
const LONG: usize = 5;
/// Blocks of one month before they take numbers of the next.
const BLOCKS_OF_MONTH: u32 = 4096;

/// What a term begins with that is no word but a filter.
pub const FILTER: char = '\u{1}';
/// What a word begins with that is spelt backwards.
pub const BACKWARDS: char = '\u{2}';

/// A page that can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A topic.
    Topic(TopicId),
    /// A digest.
    Digest(DigestId),
    /// A person, place or organization.
    Entity(EntityId),
    /// A publisher or agency.
    Publisher(PublisherId),
    /// A plain page.
    Page(PageId),
    /// An article.
    Article(ArticleId),
}

/// Entries that are indexed together.
#[derive(Debug)]
pub struct LayoutBlock {
    /// Its number. Those of later articles are higher; most stay when articles come and go.
    pub key: u32,
    /// In the order of their days, of one day in the order of their paths.
    pub entries: Vec<Entry>,
}

/// All entries in their blocks.
///
/// Articles are parted by month, so that a new one leaves the blocks of other months, and the numbers of their articles, as
/// they were.
#[derive(Debug, Default)]
pub struct Layout {
    /// By ascending keys.
    pub blocks: Vec<LayoutBlock>,
    /// Entries in all blocks.
    pub count: usize,
    /// Into how many parts the words are divided.
    pub shards: usize,
}

impl Layout {
    /// The layout of a site.
    pub fn new(model: &Model) -> Self {
        let mut layout = Layout::default();
        let entities = |kind: EntityKind| {
            let of_kind = model.entities().filter(move |(_, entity)| entity.matter.kind == kind);
            of_kind.map(|(id, _)| Entry::Entity(id)).collect::<Vec<_>>()
        };
        layout.add(1, model.pages().map(|(id, _)| Entry::Page(id)).collect());
        layout.add(2, model.publishers().map(|(id, _)| Entry::Publisher(id)).collect());
        layout.add(3, entities(EntityKind::Place));
        layout.add(4, entities(EntityKind::Organization));
        layout.add(5, entities(EntityKind::Person));
        layout.add(6, model.digests().map(|(id, _)| Entry::Digest(id)).collect());
        layout.add(7, model.topics().map(|(id, _)| Entry::Topic(id)).collect());
        let mut month = None;
        let mut entries = Vec::new();
        for (day, ids) in model.by_day() {
            let of_day = (u32::try_from(day.year()).unwrap_or(0), day.month().unsigned_abs());
            if month.replace(of_day).is_some_and(|month| month != of_day)
                && let Some(Entry::Article(id)) = entries.last().copied()
            {
                layout.add(number_of_month(model, id), std::mem::take(&mut entries));
            }
            let from = entries.len();
            entries.extend(ids.iter().map(|id| Entry::Article(*id)));
            // Of one day in the order of their paths: an hour that is put right moves nothing.
            entries[from..].sort_unstable_by_key(|entry| match entry {
                Entry::Article(id) => Some(*id),
                _ => None,
            });
        }
        if let Some(Entry::Article(id)) = entries.last().copied() {
            layout.add(number_of_month(model, id), entries);
        }
        layout.shards = layout.count.div_ceil(ENTRIES).next_power_of_two().clamp(1, SHARDS);
        layout
    }

    fn add(&mut self, number: u32, entries: Vec<Entry>) {
        self.count += entries.len();
        for (key, chunk) in (number.saturating_mul(BLOCKS_OF_MONTH)..).zip(entries.chunks(BLOCK)) {
            let free = self.blocks.last().map_or(0, |block| block.key + 1);
            self.blocks.push(LayoutBlock { key: key.max(free), entries: chunk.to_vec() });
        }
    }

    /// The block of a key.
    pub fn block(&self, key: u32) -> Option<&LayoutBlock> {
        let at = self.blocks.binary_search_by_key(&key, |block| block.key).ok()?;
        Some(&self.blocks[at])
    }

    /// Every file of cards: the key of its block, and which part of it.
    pub fn cards(&self) -> impl Iterator<Item = (u32, u32)> {
        self.blocks
            .iter()
            .flat_map(|block| (0..).take(block.entries.len().div_ceil(CARDS)).map(|part| (block.key, part)))
    }
}

/// Months since the year 0, and after what is no article.
fn number_of_month(model: &Model, id: ArticleId) -> u32 {
    let day = model[id].date.date();
    let year = u32::try_from(day.year()).unwrap_or(0);
    (year * 12 + u32::from(day.month().unsigned_abs())).max(8)
}

/// The part of the words that a term lies in: terms that begin alike lie together, so that all of them are at hand when the
/// beginning is known. FNV-1a, which `search.js` computes as well.
pub fn shard_of(term: &str, shards: usize) -> usize {
    hash(beginning(term)) as usize % shards.max(1)
}

/// What decides where a term lies: its first four letters, one letter in scripts without spaces; a filter lies by itself, a
/// word spelt backwards under as many of its last letters as leave few others with it.
fn beginning(term: &str) -> &str {
    let Some(first) = term.chars().next() else { return term };
    let letters = match first {
        FILTER => return term,
        BACKWARDS => return ending(term),
        first if super::words::gram(first) > 0 => 1,
        _ => 4,
    };
    term.char_indices().nth(letters).map_or(term, |(end, _)| &term[..end])
}

/// What a word spelt backwards lies under: its last letter or, of a longer word, the last two. One name is written with -y, -yy,
/// -iy, -yj, -ij and -i: these letters say nothing.
fn ending(backwards: &str) -> &str {
    let stem = backwards.trim_start_matches([BACKWARDS, 'i', 'j', 'y']);
    let letters = if stem.chars().count() > LONG { 2 } else { 1 };
    stem.char_indices().nth(letters).map_or(stem, |(end, _)| &stem[..end])
}

/// Of a whole term: which file its list is in, when that is long.
pub fn part_of(term: &str) -> usize {
    hash(term) as usize % PARTS
}

/// Files that the long lists of a shard are divided into.
pub const PARTS: usize = 8;

fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
