//! Which blocks are the story: boosted decision trees over the [numbers](super::features) of a block.
//!
//! The trees were grown from pages with known text, by `benches/pages/train.py`, which also says how to repeat it and how
//! well they do on sites that they have not seen. They know numbers alone: no word, no name, no site.

use std::sync::LazyLock;

use super::features::Row;
use crate::import::forest::Forest;

static TREES: LazyLock<Forest> = LazyLock::new(|| Forest::read(include_bytes!("forest.bin")));

/// How much speaks for each block to be of the story, as the logarithm of the odds: above zero it rather is.
#[must_use]
pub fn odds(rows: &[&Row]) -> Vec<f32> {
    TREES.odds(rows)
}
