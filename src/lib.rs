//! Dateline turns clipped news articles into a published digest site. This page is the map of the code.
//!
//! # One idea
//!
//! A site is a pure function of a snapshot of its files.
//!
//! ```text
//! load        parse           model            plan             render             write
//! root ──▶ Snapshot ──▶ [Document] ──▶ Model ──▶ Plan ──▶ [Rendered] ──▶ public/
//! (disk)   every file   typed front   one whole,   every output   every output's    (disk)
//!                       matter        indexed      and its path   bytes
//! ```
//!
//! Only the two ends touch the disk. [`session::Session::build`] runs the six stages in order; `build` gives it a folder
//! to write to and `check` gives it none, so both report the same.
//!
//! # Steps
//!
//! 1. [`load`] walks `site.toml`, `content/`, `static/` and `themes/` in the order of their names and reads what is text.
//! 2. [`parse`] makes a typed [`parse::Document`] of each file of `content/`, on all cores. It never fails: what cannot be
//!    read is a diagnostic with a place, and the rest goes on. [`config`] reads `site.toml` in the same way.
//! 3. [`model`] resolves every reference, leaves out what is not for publication, nests topics and puts each digest's
//!    items in their places. Plain data, ids over vectors.
//! 4. [`plan`] decides every output and its path before anything is rendered. Two outputs with one path are a diagnostic.
//!    [`plan::Route`] is the one maker of addresses, [`plan::Urls`] the one place that knows the base URL.
//! 5. [`render`] turns each output into bytes, on all cores. A [`render::Reader`] is all that a page knows of the site;
//!    [`render::view`] is the contract with theme authors.
//! 6. [`mod@write`] puts the result into its folder, whole or not at all.
//!
//! A build takes no list of changes: it looks for itself, and takes over what is as it was. A file that looks the same on the
//! disk is not read again; a text that is the same is not parsed again; an output whose facts are all the same is not made
//! again ([`engine`], verifying traces); bytes that are the same are not written again. Model and plan are made anew each
//! time. Each of these can be taken away without changing a byte of the result, and a property test holds every warm build
//! to a clean one. The traces are kept in `.dateline/cache`; a cache that cannot be trusted is an empty one.
//!
//! [`import`] stands beside this line: it turns what was clipped into files of `content/`. [`fetch`] asks the web on its behalf,
//! [`unpack`] opens what is packed, both within bounds. [`command`] holds the verbs, one
//! file each; [`cli`] what can be typed.
//!
//! # Watching
//!
//! `dateline watch` is build, wait, build: no path of its own through the stages. [`watch`] says *that* something happened,
//! never what; [`session`] looks for itself. A look at all files before a build, right after it and a moment later catches
//! what no event told of. [`serve`] is told what a build wrote; it numbers these changes, and each open tab asks for all
//! since the number that its page was served at, so that none can be missed. What it puts into a page it puts into the
//! answer, never into a file.
//!
//! # Two kinds of trouble
//!
//! A [`diagnostic::Diagnostic`] says that the author's content, settings or theme are wrong. It is data; all of them are
//! collected, sorted by place and reported once, and a site with an error is not written. An [`error::Error`] says that the
//! machine failed; it names the path and stops the run.
//!
//! # Invariants
//!
//! - A stage knows the types of earlier stages, never of later ones. `tests/testsuite/architecture.rs` reads the `use`
//!   lines and keeps this true.
//! - An external crate that does a stage's work has one home: `tera` and the feed writers in [`render`], `pulldown_cmark`
//!   and `ammonia` in [`parse::markdown`], `notify` in [`watch`], `axum` in [`serve`].
//! - A page knows the site through its [`render::Reader`] alone, which logs every read as a [`model::Fact`]. What reached a page
//!   by another way would make warm builds wrong.
//! - Nothing below [`command`] prints.
//! - Text of an article never passes through the template engine.
//! - The same files, settings and `--now` give the same bytes: walks are sorted, parallel maps keep their order, ties are
//!   broken by path, no map without an order reaches an output, and no clock or machine's zone is read below [`command`].
//! - A file that Dateline did not write is never overwritten or removed.

#![warn(missing_docs)]

pub mod cli;
pub mod command;
pub mod config;
pub mod date;
pub mod diagnostic;
pub mod engine;
pub mod error;
pub mod fetch;
pub mod fingerprint;
pub mod import;
pub mod load;
pub mod model;
pub mod parse;
pub mod plan;
pub mod render;
pub mod report;
pub mod serve;
pub mod session;
pub mod slug;
pub mod unpack;
pub mod watch;
pub mod write;
