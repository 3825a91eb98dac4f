//! Many names in one text.

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use super::cache::Packed;
use crate::fingerprint::short;

/// Names with numbers, each once, without a piece of memory for each.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Names {
    text: String,
    /// Where each ends in the text.
    ends: Packed<u32>,
    /// Numbers by their names; made when they are first asked for.
    #[serde(skip)]
    numbers: Option<HashTable<u32>>,
}

impl Names {
    /// None yet, with room for so many, of so many bytes together.
    pub fn with_room(count: usize, bytes: usize) -> Self {
        Names {
            text: String::with_capacity(bytes),
            ends: Packed(Vec::with_capacity(count)),
            numbers: Some(HashTable::with_capacity(count)),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.0.len()
    }

    /// Whether every name can be had: a cache may hold anything.
    pub fn is_sound(&self) -> bool {
        self.ends.0.is_sorted()
            && self.ends.0.last().is_none_or(|end| *end as usize == self.text.len())
            && self.ends.0.iter().all(|end| self.text.is_char_boundary(*end as usize))
    }

    /// The name of a number that was given.
    pub fn get(&self, number: u32) -> &str {
        name(&self.text, &self.ends.0, number)
    }

    /// The number of a name, where it has one.
    pub fn find(&mut self, wanted: &str) -> Option<u32> {
        self.table();
        let Names { text, ends, numbers } = self;
        let is_it = |number: &u32| name(text, &ends.0, *number) == wanted;
        numbers.as_ref()?.find(short(wanted), is_it).copied()
    }

    /// The number of a name; one that has none gets one.
    pub fn number(&mut self, wanted: &str) -> u32 {
        if let Some(number) = self.find(wanted) {
            return number;
        }
        // A text of four thousand million letters would not fit in memory beside the rest.
        let as_number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let number = as_number(self.len());
        if self.text.capacity() - self.text.len() < wanted.len() {
            self.text.reserve_exact(self.text.len() / 4 + wanted.len());
        }
        self.text.push_str(wanted);
        push(&mut self.ends.0, as_number(self.text.len()));
        let Names { text, ends, numbers } = self;
        if let Some(table) = numbers {
            table.insert_unique(short(wanted), number, |number| short(name(text, &ends.0, *number)));
        }
        number
    }

    fn table(&mut self) {
        let Names { text, ends, numbers } = self;
        numbers.get_or_insert_with(|| {
            let mut table = HashTable::with_capacity(ends.0.len());
            for number in (0..).take(ends.0.len()) {
                let hash = |number: &u32| short(name(text, &ends.0, *number));
                table.insert_unique(hash(&number), number, hash);
            }
            table
        });
    }
}

/// Adds to a column. There are many, and most room of a site's traces lies in them: they grow by a quarter, not to their double.
pub fn push<T>(column: &mut Vec<T>, value: T) {
    if column.len() == column.capacity() {
        column.reserve_exact(column.len() / 4 + 16);
    }
    column.push(value);
}

fn name<'a>(text: &'a str, ends: &[u32], number: u32) -> &'a str {
    let number = number as usize;
    let from = number.checked_sub(1).map_or(0, |before| ends[before] as usize);
    &text[from..ends[number] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number() {
        let mut names = Names::default();
        assert_eq!(names.find("a"), None);
        assert_eq!((names.number("a"), names.number("жó"), names.number(""), names.number("a")), (0, 1, 2, 0));
        assert_eq!((names.get(0), names.get(1), names.get(2), names.len()), ("a", "жó", "", 3));
        assert!(names.is_sound());
        names.ends.0[0] = 2;
        assert!(!names.is_sound());
    }
}
