//! `dateline publish` with real repositories: what reaches the remote, what does not, and that nothing else is touched.

mod actions;
mod address;
mod branch;
mod changes;
mod crawl;
mod places;
mod repository;
mod stops;
mod trouble;
