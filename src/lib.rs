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
//! to write to and `check` gives it none, so both report the same. No stage holds a large site's texts, and none any page: a text is
//! let go when it was parsed and read again when its page is made, and a page goes to the disk the moment it is made.
//! What reading a large site took, [`memory`] gives back before its pages are made.
//!
//! # Steps
//!
//! 1. [`load`] lists `site.toml`, `content/`, `static/` and `themes/`, and reads what looks other than it did.
//! 2. [`parse`] makes a typed [`parse::Document`] of each text of `content/` while it is in memory, on all cores. It never
//!    fails: what cannot be read is a diagnostic with a place, and the rest goes on. [`config`] reads `site.toml` in the same
//!    way, before the rest.
//! 3. [`model`] resolves every reference, leaves out what is not for publication, nests topics and puts each digest's
//!    items in their places. Plain data, ids over vectors.
//!    Beside it stands [`search`]: the words of all that can be found, in blocks that follow from their articles alone, for
//!    the index that a reader's browser loads piece by piece.
//!    [`social`] knows which letters the typefaces at hand can draw, and draws the pictures that other sites show with a link.
//! 4. [`plan`] decides every output and its path before anything is rendered. Two outputs with one path are a diagnostic.
//!    [`plan::Route`] is the one maker of addresses, [`plan::Urls`] the one place that knows the base URL.
//! 5. [`render`] turns each output into bytes, on all cores. A [`render::Reader`] is all that a page knows of the site;
//!    [`render::view`] is the contract with theme authors; of it, what none of a page's templates names is not made.
//!    A page that lists articles reads them as one thing, the list, so that ten thousand of them are one fact of its trace.
//! 6. [`mod@write`] stages each output as it comes and, when all are there, puts them into their folder, whole or not at all.
//!
//! A build looks for itself, and takes over what is as it was. A file that looks the same on the disk is not read again; a
//! text that is the same is not parsed again; while no front matter changed, model and plan stay; an output whose facts are
//! all the same is not made again ([`engine`], verifying traces), and facts that follow from what did not change are not even
//! asked; bytes that are the same are not written again. Each of these can be taken away without changing a byte of the
//! result, and a property test holds every warm build to a clean one. A file that changes while a build reads it makes the
//! build begin anew.
//!
//! Documents are kept in `.dateline/cache`, traces and the list of what was written in `.dateline/outputs`, by output folder:
//! a preview and the published site do not undo each other's. All but that list can be lost at any time, and are kept in
//! shards, so that a small change writes little; [`replace`] puts a file in the place of another. What cannot be trusted is as if it were not there. An import keeps
//! `.dateline/outlets` beside them: what outlets repeat ([`import::repeats`]), which can be lost as well.
//!
//! [`import`] stands beside this line: it turns what was clipped into files of `content/`. [`fetch`] asks the web on its behalf,
//! [`unpack`] opens what is packed, both within bounds. [`command`] holds the verbs, one
//! file each; [`cli`] what can be typed.
//!
//! # Watching
//!
//! `dateline watch` is build, wait, build: no path of its own through the stages. An event says where to look first: the next
//! build looks at the files that it names, and at everything when it names a folder, or when events were lost. Then [`watch`]
//! compares what that build saw with a look at everything, right after it and a moment later; where they differ, a build
//! that looks at everything follows. So what no event told of is seen a moment later, and nothing is missed. [`serve`] is told what a build wrote; it numbers these changes, and each open tab asks for all
//! since the number that its page was served at, so that none can be missed. What it puts into a page it puts into the
//! answer, never into a file.
//!
//! # Publishing
//!
//! `dateline publish` is a clean build in a folder of its own, a look at that folder, and Git. [`publish`] holds the parts, and
//! [`command`] puts them in their order: which address follows from the settings and the remote; what a build shows that
//! must not be shown (rights, from the model and from each output as it is made; everything else, from the files as a host
//! would serve them); what differs from the branch; the commit on top of it. The push is a compare-and-swap: a child commit, never forced. [`publish::Git`] is
//! the one door to the `git` program, and keeps it off everything that a person would miss. A [`publish::Halt`] says what ended
//! a publication: something for a person to decide, the machine, or Ctrl-C.
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
//! - An external crate that does a stage's work has one home: ICU4X in [`locale`], what reads, shapes and draws letters in [`social`], `tera` and the feed writers in [`render`], `pulldown_cmark`
//!   and `ammonia` in [`parse::markdown`], stemmers in [`search`], `notify` in [`watch`], `axum` in [`serve`]. Other programs are run in
//!   [`publish::Git`] alone.
//! - A page knows the site through its [`render::Reader`] alone, which logs every read as a [`model::Fact`]. What reached a page
//!   by another way would make warm builds wrong.
//! - What a page says besides its content stands in the theme's words, and [`locale`] alone knows how a language writes dates and
//!   numbers.
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
pub mod locale;
pub mod memory;
pub mod model;
pub mod parse;
pub mod plan;
pub mod publish;
pub mod render;
pub mod replace;
pub mod report;
pub mod search;
pub mod serve;
pub mod session;
pub mod slug;
pub mod social;
pub mod unpack;
pub mod watch;
pub mod write;
