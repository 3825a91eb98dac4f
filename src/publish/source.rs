//! Whether what is built is what was committed.

use std::collections::BTreeSet;

use super::{
    Result,
    git::{Difference, Git},
};
use crate::load::{Area, Snapshot};

/// The files that a build read, by paths from the site's folder. The inbox is no part of them: nothing of it is published.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeSet<String>);

/// What a site is made from.
const PARTS: [&str; 4] = ["site.toml", "content", "static", "themes"];
const INBOX: &str = "content/inbox/";

impl Sources {
    /// The files of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let areas = [Area::Settings, Area::Content, Area::Static, Area::Theme];
        let files = areas.into_iter().flat_map(|area| snapshot.area(area)).map(|file| file.path.to_string());
        Sources(files.filter(|path| !path.starts_with(INBOX)).collect())
    }
}

/// The sources that differ from the commit, by paths from the top folder of the repository: changed, added, removed, and
/// those that Git does not know or is told to ignore, where the build reads them.
///
/// To be asked after the build: whatever was edited before the build read it differs still.
pub fn differing(git: &Git, sources: &Sources) -> Result<Vec<String>> {
    let prefix = git.prefix()?;
    let inbox = format!("{prefix}{INBOX}");
    let all = git.differences(&PARTS)?;
    let counts = |(path, difference): &(String, Difference)| {
        let is_read = || path.strip_prefix(&prefix).is_some_and(|below| sources.0.contains(below));
        !path.starts_with(&inbox) && (*difference == Difference::Changed || is_read())
    };
    Ok(all.into_iter().filter(counts).map(|(path, _)| path).collect())
}
