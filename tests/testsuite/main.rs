//! The tests of Dateline from outside: each makes a site, runs the real program, and looks at what a user would see.
//!
//! Expected messages stand in the tests as they are printed. After a change of wording, `SNAPSHOTS=overwrite cargo test`
//! writes the new ones; read the difference before you commit it.
//!
//! Tests that need a tool (a browser, Java) say so and pass where the tool is missing, unless `DATELINE_REQUIRE_TOOLS=1`.

mod import;
mod import_again;
mod import_containers;
mod import_damage;
mod import_forms;
mod import_gold;
mod import_languages;
mod import_layouts;
mod import_outlets;
mod import_pages;
mod import_properties;
mod import_repeats;
mod import_web;
mod site_test;
mod web;

mod architecture;
mod browser;
mod build;
mod check;
mod copies;
mod corrections;
mod determinism;
mod editions;
mod equivalence;
mod errors;
mod html;
mod init;
mod languages;
mod lighthouse;
mod machines;
mod new;
mod output;
mod publish;
mod quotes;
mod reload_browser;
mod rights;
mod search;
mod social;
mod theme;
mod theme_tools;
mod timeline_readers;
mod watch;
mod why;
