//! Long lists over several pages.

use std::ops::Range;

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pager {
    /// Which page this is, from 1.
    pub number: usize,
    /// How many pages there are, at least 1.
    pub count: usize,
    /// Items on all pages.
    pub total: usize,
    /// Items on a full page.
    size: usize,
}

impl Pager {
    /// The items of this page.
    pub fn range(&self) -> Range<usize> {
        let start = (self.number - 1) * self.size;
        start.min(self.total)..(start + self.size).min(self.total)
    }
}

impl Pager {
    /// The number of the page that the item at a place stands on.
    pub fn page_of(&self, at: usize) -> usize {
        at / self.size + 1
    }
}

/// The pages of a list of `total` items with `size` on each; 0 puts all on one.
pub fn paginate(total: usize, size: usize) -> impl Iterator<Item = Pager> {
    let size = if size == 0 { total.max(1) } else { size };
    let count = total.div_ceil(size).max(1);
    (1..=count).map(move |number| Pager { number, count, total, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_on_one_page() {
        for (total, size, pages) in [(0, 10, 1), (10, 10, 1), (11, 10, 2), (25, 10, 3), (25, 0, 1), (0, 0, 1)] {
            let pagers: Vec<Pager> = paginate(total, size).collect();
            assert_eq!(pagers.len(), pages);
            let shown: Vec<usize> = pagers.iter().flat_map(Pager::range).collect();
            assert_eq!(shown, (0..total).collect::<Vec<_>>());
        }
    }
}
