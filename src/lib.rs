//! Dateline turns clipped news articles into a published digest site.

pub mod cli;
pub mod command;
pub mod config;
pub mod date;
pub mod diagnostic;
pub mod error;
pub mod fingerprint;
pub mod import;
pub mod load;
pub mod model;
pub mod parse;
pub mod plan;
pub mod render;
pub mod report;
pub mod session;
pub mod write;
