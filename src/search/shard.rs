//! The files that a reader's browser loads: of each shard the words, and beside them the lists that are long.
//!
//! ```text
//! words  = version (a byte), then for each word in order:
//!          bytes shared with the word before (varint), further bytes (varint), these bytes, then
//!          0, bytes shared with its stem (varint), further bytes (varint), these bytes: a word as written (a word spelt
//!          backwards has a stem of no bytes); or
//!          entries × 2 (varint), bytes of the list (varint), the list; or
//!          entries × 2 + 1 (varint): the list is in the file of lists
//! lists  = for each of its terms: bytes (varint), term, bytes of the list (varint), the list
//! list   = for each block: its key less that of the one before (varint), then as in the block
//! ```

use hashbrown::HashTable;

use super::{
    block::{Record, put, take_record},
    layout::{PARTS, part_of},
};
use crate::fingerprint::short;

/// What the first byte of each file of words says.
pub const VERSION: u8 = 1;
/// Lists up to so many bytes stand beside their terms.
const SHORT: usize = 48;

/// The files of a shard.
#[derive(Debug, Default)]
pub struct Shard {
    /// The words.
    pub words: Vec<u8>,
    /// The long lists.
    pub lists: [Vec<u8>; PARTS],
}

struct Term<'a> {
    name: &'a str,
    count: usize,
    key: u32,
    list: Vec<u8>,
}

impl Shard {
    /// Puts a shard together from the records of all blocks, by ascending keys. `None` where these are no records.
    pub fn new<'a>(blocks: impl Iterator<Item = (u32, &'a [u8])>) -> Option<Self> {
        let mut terms: Vec<Term<'a>> = Vec::new();
        let mut by_name: HashTable<u32> = HashTable::new();
        let mut forms: Vec<(&str, &str)> = Vec::new();
        for (key, mut records) in blocks {
            while !records.is_empty() {
                match take_record(&mut records)? {
                    (name, Record::Form(stem)) => forms.push((name, stem)),
                    (name, Record::Term(count, list)) => {
                        let hash = short(name);
                        let known = by_name.find(hash, |at| terms[*at as usize].name == name).copied();
                        let at = known.unwrap_or_else(|| {
                            let at = u32::try_from(terms.len()).unwrap_or(u32::MAX);
                            terms.push(Term { name, count: 0, key: 0, list: Vec::new() });
                            by_name.insert_unique(hash, at, |at| short(terms[*at as usize].name));
                            at
                        });
                        let term = &mut terms[at as usize];
                        term.count += count;
                        put(&mut term.list, (key - term.key) as usize);
                        term.list.extend_from_slice(list);
                        term.key = key;
                    }
                }
            }
        }
        forms.sort_unstable();
        forms.dedup();
        terms.sort_unstable_by_key(|term| term.name);
        Some(Shard::write(&terms, &forms))
    }

    fn write(terms: &[Term<'_>], forms: &[(&str, &str)]) -> Self {
        let mut shard = Shard { words: vec![VERSION], ..Shard::default() };
        let words = &mut shard.words;
        let mut before = "";
        let mut forms = forms.iter().peekable();
        let mut terms = terms.iter().peekable();
        loop {
            let is_form_next = match (forms.peek(), terms.peek()) {
                (Some((form, _)), Some(term)) => *form < term.name,
                (form, None) if form.is_none() => return shard,
                (form, _) => form.is_some(),
            };
            if is_form_next && let Some((form, stem)) = forms.next() {
                put_after(words, before, form);
                words.push(0);
                put_after(words, form, stem);
                before = form;
            } else if let Some(term) = terms.next() {
                put_after(words, before, term.name);
                before = term.name;
                let is_long = term.list.len() > SHORT;
                put(words, term.count * 2 + usize::from(is_long));
                let list = if is_long {
                    let lists = &mut shard.lists[part_of(term.name)];
                    put(lists, term.name.len());
                    lists.extend_from_slice(term.name.as_bytes());
                    lists
                } else {
                    &mut *words
                };
                put(list, term.list.len());
                list.extend_from_slice(&term.list);
            }
        }
    }
}

/// Appends a word, less the bytes that it shares with the one before.
fn put_after(bytes: &mut Vec<u8>, before: &str, word: &str) {
    let shared = before.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
    put(bytes, shared);
    put(bytes, word.len() - shared);
    bytes.extend_from_slice(&word.as_bytes()[shared..]);
}
