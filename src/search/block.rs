//! The words of up to 128 entries, by shards: what the index is put together from.
//!
//! What a block says depends on its entries alone, so that an edit makes one block anew. For each shard it has a run of
//! records in the order of their terms:
//!
//! ```text
//! record = length of the term × 2 + kind (varint), term, value
//! kind 0: the entries with a term.  value = list
//! kind 1: a word as written.        value = length of its stem (varint), stem; or
//!         a word spelt backwards, after a byte 2. value = 0
//! list   = number of entries − 1, plus 128 where a bitmap follows; then
//!          that bitmap of 16 bytes, or the entries' places in the block, a byte each; then
//!          how much the term says in each, four bits each, the first in the lower half
//! ```

use hashbrown::HashTable;

use super::{
    entry::{Described, Part},
    layout::{BACKWARDS, shard_of},
    words::{Stemmer, Token, divide, fold, gram},
};
use crate::{
    fingerprint::{Fingerprint, short},
    parse::markdown,
};

/// Words of a text of middling length: longer ones must say a word more often for it to count the same.
const USUAL_WORDS: f32 = 400.0;
/// How much the length of a text matters, from 0 to 1.
const LENGTH_MATTERS: f32 = 0.6;

/// Mentions in the text that one in another part stands for.
fn weight(part: Part, is_about: bool) -> f32 {
    match part {
        Part::Title if is_about => 30.0,
        Part::Title => 12.0,
        Part::Summary | Part::Note => 3.0,
        Part::Name => 3.0,
        Part::Filter => 1.0,
    }
}

/// The records of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// Of all shards, one after the other.
    pub bytes: Vec<u8>,
    /// Where those of each shard end.
    pub ends: Vec<u32>,
}

/// Words with their stems, so that each is worked out once for many blocks, and room to work in.
#[derive(Debug, Default)]
pub struct Lexicon {
    text: String,
    stemmers: Vec<Stemmer>,
    words: Vec<Word>,
    words_by_text: HashTable<u32>,
    /// Most words are short, and are compared as one number.
    short_words: HashTable<(u128, u32)>,
    terms: Vec<Term>,
    terms_by_text: HashTable<u32>,
    /// The number of the block at hand: what bears another is not of it.
    block: u32,
    buffer: String,
    plain: String,
}

type Range = (u32, u32);

#[derive(Clone, Copy, Debug)]
struct Word {
    /// As found in a text.
    text: Range,
    stemmer: u8,
    /// Folded.
    form: Range,
    term: u32,
    block: u32,
    /// The last entry of the block that has it, and how many do: [`SPELT`] when it is spelt backwards.
    entry: u8,
    entries: u8,
    /// Its form spelt backwards, as soon as that was asked for.
    backwards: Option<Range>,
}

#[derive(Clone, Copy, Debug)]
struct Term {
    text: Range,
    block: u32,
    /// Its place among the terms of the block.
    place: u32,
    /// Its last posting.
    posting: u32,
}

#[derive(Clone, Copy, Debug)]
struct Posting {
    place: u32,
    entry: u8,
    /// Mentions in the text.
    in_text: f32,
    /// What mentions elsewhere stand for.
    elsewhere: f32,
}

/// Letters of a word that is spelt backwards at least, and its bytes at most.
const FEWEST: usize = 5;
const LONGEST: usize = 48;
/// Entries of a block that have a word of their texts before it is spelt backwards. One of a headline or a name always is.
const FREQUENT: u8 = 3;
const SPELT: u8 = u8::MAX;

/// Words at which a lexicon is emptied: rare ones do not come again.
const LEXICON: usize = 50_000;

fn text_of(text: &str, (from, to): Range) -> &str {
    &text[from as usize..to as usize]
}

/// A word of up to 14 bytes and its stemmer as one number.
fn pack(word: &str, stemmer: u8) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes.get_mut(..word.len()).filter(|_| word.len() <= 14)?.copy_from_slice(word.as_bytes());
    bytes[14] = stemmer;
    bytes[15] = word.len() as u8;
    Some(u128::from_le_bytes(bytes))
}

/// A hash of such a number.
fn mix(packed: u128) -> u64 {
    let (low, high) = (packed as u64, (packed >> 64) as u64);
    let product = u128::from(low ^ 0x9e37_79b9_7f4a_7c15) * u128::from(high ^ 0xbf58_476d_1ce4_e5b9);
    (product as u64) ^ (product >> 64) as u64
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Lexicon {
    fn append(&mut self, text: &str) -> Range {
        let from = number(self.text.len());
        self.text.push_str(text);
        (from, number(self.text.len()))
    }

    fn stemmer(&mut self, stemmer: Stemmer) -> u8 {
        let at = self.stemmers.iter().position(|known| *known == stemmer).unwrap_or_else(|| {
            self.stemmers.push(stemmer);
            self.stemmers.len() - 1
        });
        // There are not so many languages.
        u8::try_from(at).unwrap_or(u8::MAX)
    }

    fn word(&mut self, word: &str, stemmer: u8) -> u32 {
        let Some(packed) = pack(word, stemmer) else { return self.long_word(word, stemmer) };
        if let Some((_, at)) = self.short_words.find(mix(packed), |(known, _)| *known == packed) {
            return *at;
        }
        let at = self.add_word(word, stemmer);
        self.short_words.insert_unique(mix(packed), (packed, at), |(known, _)| mix(*known));
        at
    }

    fn long_word(&mut self, word: &str, stemmer: u8) -> u32 {
        let hash = short(word) ^ u64::from(stemmer);
        let Lexicon { text, words, words_by_text, .. } = self;
        let is_it = |at: &u32| {
            let known = &words[*at as usize];
            known.stemmer == stemmer && text_of(text, known.text) == word
        };
        if let Some(at) = words_by_text.find(hash, is_it) {
            return *at;
        }
        let at = self.add_word(word, stemmer);
        let Lexicon { text, words, words_by_text, .. } = self;
        words_by_text.insert_unique(hash, at, |at| {
            let word = &words[*at as usize];
            short(text_of(text, word.text)) ^ u64::from(word.stemmer)
        });
        at
    }

    fn add_word(&mut self, word: &str, stemmer: u8) -> u32 {
        let as_found = self.append(word);
        let folded = fold(word);
        let form = if folded == word { as_found } else { self.append(&folded) };
        let stem = self.stemmers[stemmer as usize].stem(word);
        let folded_stem = fold(&stem);
        // A stem of nothing says nothing.
        let term = self.term(if folded_stem.is_empty() { &folded } else { &folded_stem });
        let at = number(self.words.len());
        let word = Word { text: as_found, stemmer, form, term, block: 0, entry: 0, entries: 0, backwards: None };
        self.words.push(word);
        at
    }

    /// Spells a word backwards, where a slip in its beginning can be told from another word.
    fn spell_backwards(&mut self, word: u32) -> Option<Range> {
        let Word { form, backwards, .. } = self.words[word as usize];
        if backwards.is_some() {
            return backwards;
        }
        let form = text_of(&self.text, form);
        let is_name_or_word = form.chars().nth(FEWEST - 1).is_some()
            && form.len() <= LONGEST
            && form.chars().all(|c| gram(c) == 0 && !c.is_numeric());
        let spelt: String = std::iter::once(BACKWARDS).chain(form.chars().rev()).collect();
        let range = is_name_or_word.then(|| self.append(&spelt))?;
        self.words[word as usize].backwards = Some(range);
        Some(range)
    }

    fn term(&mut self, term: &str) -> u32 {
        let hash = short(term);
        let Lexicon { text, terms, terms_by_text, .. } = self;
        if let Some(at) = terms_by_text.find(hash, |at| text_of(text, terms[*at as usize].text) == term) {
            return *at;
        }
        let text = self.append(term);
        let at = number(self.terms.len());
        self.terms.push(Term { text, block: 0, place: 0, posting: 0 });
        let Lexicon { text, terms, terms_by_text, .. } = self;
        terms_by_text.insert_unique(hash, at, |at| short(text_of(text, terms[*at as usize].text)));
        at
    }
}

/// A block in the making.
pub struct Draft<'a> {
    lexicon: &'a mut Lexicon,
    block: u32,
    site: u8,
    own: u8,
    unstemmed: u8,
    is_about: bool,
    entry: u8,
    /// Where the postings of the entry at hand start.
    from: usize,
    in_text: bool,
    length: usize,
    postings: Vec<Posting>,
    /// Terms, in the order in which they came.
    terms: Vec<u32>,
    /// Postings of each.
    counts: Vec<u32>,
    /// Words that are not their own stems.
    forms: Vec<u32>,
    /// Words spelt backwards, for readers whose fingers slip at the beginning of one.
    backwards: Vec<Range>,
}

/// What a record is of: a term, a word as written, a word spelt backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Term(u32),
    Form(u32),
    Backwards,
}

impl<'a> Draft<'a> {
    /// An empty block of a site in a language.
    pub fn new(lexicon: &'a mut Lexicon, language: &str) -> Self {
        if lexicon.words.len() > LEXICON {
            *lexicon = Lexicon::default();
        }
        lexicon.block += 1;
        let (block, site) = (lexicon.block, lexicon.stemmer(Stemmer::of(language)));
        let unstemmed = lexicon.stemmer(Stemmer::None);
        Draft {
            lexicon,
            block,
            site,
            own: site,
            unstemmed,
            is_about: false,
            entry: 0,
            from: 0,
            in_text: false,
            length: 0,
            postings: Vec::new(),
            terms: Vec::new(),
            counts: Vec::new(),
            forms: Vec::new(),
            backwards: Vec::new(),
        }
    }

    /// Starts the entry at a place of the block.
    pub fn start(&mut self, place: usize, described: &Described<'_>) {
        self.entry = u8::try_from(place).unwrap_or(u8::MAX);
        self.own = described.language.map_or(self.site, |tag| self.lexicon.stemmer(Stemmer::of(tag)));
        self.is_about = described.is_about;
        self.from = self.postings.len();
        self.length = 0;
    }

    /// Adds a part of the entry.
    pub fn add(&mut self, part: Part, text: &str) {
        let weight = weight(part, self.is_about);
        self.in_text = false;
        match part {
            Part::Filter => {
                let term = self.lexicon.term(text);
                self.count(term, weight);
            }
            Part::Note => {
                let mut plain = std::mem::take(&mut self.lexicon.plain);
                plain.clear();
                markdown::shown_words(text, None, &mut plain);
                self.divide(&plain, self.site, weight, FREQUENT);
                self.lexicon.plain = plain;
            }
            Part::Name => self.divide(text, self.unstemmed, weight, 1),
            Part::Title | Part::Summary => self.divide(text, self.own, weight, 1),
        }
    }

    /// Adds the Markdown of the entry's text.
    pub fn add_text(&mut self, text: &str, max_words: Option<usize>) {
        let mut plain = std::mem::take(&mut self.lexicon.plain);
        plain.clear();
        markdown::shown_words(text, max_words, &mut plain);
        self.in_text = true;
        self.divide(&plain, self.own, 1.0, FREQUENT);
        self.lexicon.plain = plain;
    }

    /// Ends the entry: how much its words say depends on how many there are, doubled or halved.
    pub fn end(&mut self) {
        let usual = (self.length.max(1) as f32).log2().round().exp2() / USUAL_WORDS;
        let norm = 1.0 - LENGTH_MATTERS + LENGTH_MATTERS * usual;
        for posting in &mut self.postings[self.from..] {
            posting.in_text /= norm;
        }
    }

    /// Counts the words of a text. `frequent` is how many entries of the block have one that is spelt backwards.
    fn divide(&mut self, text: &str, stemmer: u8, weight: f32, frequent: u8) {
        let mut buffer = std::mem::take(&mut self.lexicon.buffer);
        divide(text, &mut buffer, |token| {
            let word = match token {
                Token::Word(word) => self.lexicon.word(word, stemmer),
                Token::Gram(gram) => self.lexicon.word(gram, self.unstemmed),
            };
            let known = &mut self.lexicon.words[word as usize];
            let is_new = known.block != self.block;
            if is_new {
                (known.block, known.entries) = (self.block, 0);
            }
            let is_counted = !is_new && known.entry == self.entry && frequent > 1;
            let is_spelt = known.entries < SPELT && !is_counted && {
                (known.entry, known.entries) = (self.entry, known.entries + 1);
                known.entries >= frequent
            };
            let Word { term, form, .. } = *known;
            if is_new {
                let text = &self.lexicon.text;
                if text_of(text, form) != text_of(text, self.lexicon.terms[term as usize].text) {
                    self.forms.push(word);
                }
            }
            if is_spelt {
                self.lexicon.words[word as usize].entries = SPELT;
                self.backwards.extend(self.lexicon.spell_backwards(word));
            }
            self.length += usize::from(self.in_text);
            self.count(term, weight);
        });
        self.lexicon.buffer = buffer;
    }

    fn count(&mut self, term: u32, weight: f32) {
        let known = &mut self.lexicon.terms[term as usize];
        if known.block != self.block {
            known.block = self.block;
            known.place = number(self.terms.len());
            known.posting = u32::MAX;
            self.terms.push(term);
            self.counts.push(0);
        }
        let posting = known.posting as usize;
        if known.posting == u32::MAX || posting < self.from {
            known.posting = number(self.postings.len());
            self.counts[known.place as usize] += 1;
            self.postings.push(Posting { place: known.place, entry: self.entry, in_text: 0.0, elsewhere: 0.0 });
        }
        let posting = &mut self.postings[known.posting as usize];
        if self.in_text {
            posting.in_text += weight;
        } else {
            posting.elsewhere += weight;
        }
    }
}

impl Draft<'_> {
    /// The records of all that was added.
    pub fn finish(self, shards: usize) -> Records {
        let Draft { lexicon, postings, terms, counts, forms, backwards, .. } = self;
        let lexicon = &*lexicon;
        // The postings of each term together, by entry: they came in that order.
        let mut ends: Vec<usize> = Vec::with_capacity(counts.len());
        let mut total = 0;
        for count in &counts {
            ends.push(total);
            total += *count as usize;
        }
        let mut grouped: Vec<(u8, u8)> = vec![(0, 0); total];
        for posting in &postings {
            let end = &mut ends[posting.place as usize];
            grouped[*end] = (posting.entry, level(posting.in_text + posting.elsewhere));
            *end += 1;
        }
        let text = lexicon.text.as_str();
        let term_text = |term: u32| text_of(text, lexicon.terms[term as usize].text);
        let count = terms.len() + forms.len() + backwards.len();
        let mut records: Vec<(usize, u64, &str, Of)> = Vec::with_capacity(count);
        records.extend(terms.iter().map(|term| record(term_text(*term), Of::Term(*term), shards)));
        let form = |word: &u32| text_of(text, lexicon.words[*word as usize].form);
        records.extend(forms.iter().map(|word| record(form(word), Of::Form(*word), shards)));
        records.extend(backwards.iter().map(|word| record(text_of(text, *word), Of::Backwards, shards)));
        let stem = |word: u32| term_text(lexicon.words[word as usize].term);
        records.sort_unstable_by(|a, b| {
            let first = (a.0, a.1).cmp(&(b.0, b.1));
            first.then_with(|| a.2.cmp(b.2)).then_with(|| match (a.3, b.3) {
                (Of::Form(one), Of::Form(other)) => stem(one).cmp(stem(other)),
                (one, other) => one.cmp(&other),
            })
        });
        // The same word with and without its accents, or of two languages.
        records.dedup_by(|a, b| {
            a.2 == b.2
                && match (a.3, b.3) {
                    (Of::Form(one), Of::Form(other)) => stem(one) == stem(other),
                    (one, other) => one == other,
                }
        });
        let mut bytes = Vec::with_capacity(total * 2 + records.len() * 10);
        let mut shard_ends = Vec::with_capacity(shards);
        for (shard, _, name, of) in records {
            while shard_ends.len() < shard {
                shard_ends.push(number(bytes.len()));
            }
            put(&mut bytes, name.len() * 2 + usize::from(!matches!(of, Of::Term(_))));
            bytes.extend_from_slice(name.as_bytes());
            match of {
                Of::Term(at) => {
                    let place = lexicon.terms[at as usize].place as usize;
                    let from = ends[place] - counts[place] as usize;
                    put_list(&mut bytes, &grouped[from..ends[place]]);
                }
                Of::Form(word) => {
                    let stem = stem(word);
                    put(&mut bytes, stem.len());
                    bytes.extend_from_slice(stem.as_bytes());
                }
                Of::Backwards => bytes.push(0),
            }
        }
        shard_ends.resize(shards, number(bytes.len()));
        Records { bytes, ends: shard_ends }
    }
}

fn record(text: &str, of: Of, shards: usize) -> (usize, u64, &str, Of) {
    let mut first = [0; 8];
    let length = text.len().min(8);
    first[..length].copy_from_slice(&text.as_bytes()[..length]);
    (shard_of(text, shards), u64::from_be_bytes(first), text, of)
}

/// How much a term says of an entry, from 1 to 15: three steps for each doubling of its mentions.
fn level(mentions: f32) -> u8 {
    // A number from 1 to 15.
    (3.0 * (1.0 + mentions).log2()).round().clamp(1.0, 15.0) as u8
}

/// Appends a number in groups of seven bits, the lowest first.
pub fn put(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 127 {
        bytes.push((number & 127) as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes such a number from the front.
pub fn take(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        number |= usize::from(byte & 127) << (7 * at);
        if byte & 128 == 0 {
            *bytes = &bytes[at + 1..];
            return Some(number);
        }
    }
    None
}

/// So many entries take less room as a bitmap.
const BITMAP: usize = 16;

fn put_list(bytes: &mut Vec<u8>, entries: &[(u8, u8)]) {
    // A block has at most 128 entries.
    let count = entries.len() as u8 - 1;
    if entries.len() > BITMAP {
        bytes.push(count | 128);
        let mut map = [0u8; BITMAP];
        for (entry, _) in entries {
            map[usize::from(entry / 8) % BITMAP] |= 1 << (entry % 8);
        }
        bytes.extend_from_slice(&map);
    } else {
        bytes.push(count);
        bytes.extend(entries.iter().map(|(entry, _)| *entry));
    }
    bytes.extend(entries.chunks(2).map(|pair| pair[0].1 | pair.get(1).map_or(0, |(_, level)| level << 4)));
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// The entries with a term: how many, and their list.
    Term(usize, &'a [u8]),
    /// The stem of a word; empty where the name is a word spelt backwards.
    Form(&'a str),
}

/// Takes a record from the front; `None` at the end, or where these are no records.
pub fn take_record<'a>(bytes: &mut &'a [u8]) -> Option<(&'a str, Record<'a>)> {
    let header = take(bytes)?;
    let mut text = |length: usize| {
        let (text, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        std::str::from_utf8(text).ok()
    };
    let name = text(header / 2)?;
    if header % 2 == 1 {
        let length = take(bytes)?;
        let (stem, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        return Some((name, Record::Form(std::str::from_utf8(stem).ok()?)));
    }
    let first = *bytes.first()?;
    let count = usize::from(first & 127) + 1;
    let length = 1 + if first & 128 == 0 { count } else { BITMAP } + count.div_ceil(2);
    let (list, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some((name, Record::Term(count, list)))
}

impl Records {
    /// Where the records of a shard lie.
    pub fn range(&self, shard: usize) -> std::ops::Range<usize> {
        let from = shard.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        from..self.ends[shard] as usize
    }

    /// A short hash of the records of each shard.
    pub fn hashes(&self) -> Vec<u64> {
        (0..self.ends.len()).map(|shard| hash(&self.bytes[self.range(shard)])).collect()
    }
}

/// Of the records of a shard.
pub fn hash(bytes: &[u8]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = Fingerprint::of(bytes).to_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}
