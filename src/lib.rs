//! Dateline turns clipped news articles into a published digest site.

pub mod import;
