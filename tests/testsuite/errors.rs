//! What bad input gets: a clear message with file, line, column, the text and a way out, all of them in one run.

mod content;
mod events;
mod extremes;
mod files;
mod formats;
mod fuzz;
mod references;
mod settings;
mod theme;

use snapbox::IntoData;

use crate::site_test::Site;

/// The site has errors, and these are all the messages.
#[track_caller]
fn reports(site: Site, expected: impl IntoData) {
    site.run("build").has_errors().stdout_has("").stderr_is(expected);
    assert!(!site.path("public").exists(), "nothing is written");
}

/// The site has nothing but warnings, and these are all of them.
#[track_caller]
fn warns(site: Site, expected: impl IntoData) {
    site.run("build").succeeds().stderr_is(expected);
}
