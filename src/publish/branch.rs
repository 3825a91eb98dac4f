//! The branch that a host serves: what is on it, what a publication changes, and the commit.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{
    Halt, Result, Tree,
    git::{Commit, Entries, Entry, Git, Id, Pushed, Remote},
};

/// Commits that a message names.
const NAMED: usize = 5;

/// What the branch is at.
#[derive(Clone, Debug)]
pub struct Tip {
    /// The commit.
    pub commit: Id,
    /// Its files.
    pub entries: Entries,
}

/// Looks at a remote's branch, and brings its commits here under no name. `None` where there is no such branch yet.
pub fn tip(git: &Git, remote: &Remote, branch: &str) -> Result<Option<Tip>> {
    // Between the two looks the branch may move on; then the commit that the first one saw is its ancestor.
    let Some(commit) = git.remote_tip(remote, branch)? else { return Ok(None) };
    git.fetch(remote, branch)?;
    if git.commit(commit.as_str())?.is_none() {
        return Err(Halt::stop(
            format!("the branch `{branch}` of {} was set to something else at this moment", remote.shown()),
            "run this again",
        ));
    }
    let entries = git.entries(&commit)?;
    Ok(Some(Tip { commit, entries }))
}

/// The files of a built site as Git names them. With `write` their objects are kept; those of `tip` are there already.
pub fn entries(git: &Git, tree: &Tree, tip: Option<&Tip>, write: bool) -> Result<Entries> {
    let paths: Vec<_> = tree.files.iter().map(|file| file.disk.clone()).collect();
    let ids = git.hash(&paths, false)?;
    if write {
        let there: BTreeSet<&Id> = tip.iter().flat_map(|tip| tip.entries.values().map(|entry| &entry.id)).collect();
        let new: Vec<_> =
            paths.into_iter().zip(&ids).filter(|(_, id)| !there.contains(id)).map(|(path, _)| path).collect();
        git.hash(&new, true)?;
    }
    let entry =
        |(file, id): (&super::File, Id)| (file.path.clone(), Entry { mode: "100644".to_owned(), id, size: file.size });
    Ok(tree.files.iter().zip(ids).map(entry).collect())
}

/// A file that a publication adds, changes or removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path.
    pub path: String,
    /// Its bytes before, where it was there.
    pub before: Option<u64>,
    /// Its bytes after, where it is there.
    pub after: Option<u64>,
}

/// What a publication changes, each list in the order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Files that are new.
    pub added: Vec<Change>,
    /// Files with other bytes than before.
    pub changed: Vec<Change>,
    /// Files that are no more.
    pub removed: Vec<Change>,
    /// Files that were there before.
    pub before: usize,
}

impl Difference {
    /// Nothing changes.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// More than a quarter of what was there goes.
    pub fn removes_much(&self) -> bool {
        self.removed.len() * 4 > self.before
    }
}

/// Compares two trees.
pub fn diff(before: Option<&Entries>, after: &Entries) -> Difference {
    let none = Entries::new();
    let before = before.unwrap_or(&none);
    let mut difference = Difference { before: before.len(), ..Difference::default() };
    for (path, entry) in after {
        let change = |before| Change { path: path.clone(), before, after: Some(entry.size) };
        match before.get(path) {
            None => difference.added.push(change(None)),
            Some(old) if old.id != entry.id || old.mode != entry.mode => {
                difference.changed.push(change(Some(old.size)));
            }
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(path, _)| !after.contains_key(*path));
    difference.removed =
        gone.map(|(path, old)| Change { path: path.clone(), before: Some(old.size), after: None }).collect();
    difference
}

/// What a commit of ours says of itself, in lines at the end of its message.
const VERSION: &str = "Dateline-Version";
const SOURCE: &str = "Source-Commit";
const CHANGES: &str = "Source-Changes";
const ROLLBACK: &str = "Rollback-To";

/// What the message of a publication's commit tells.
#[derive(Clone, Debug)]
pub struct Note {
    /// The first line, and more where a person wrote more.
    pub text: String,
    /// The commit of the sources.
    pub source: Option<String>,
    /// Files among the sources that differ from it.
    pub uncommitted: usize,
    /// The earlier publication that this one goes back to.
    pub rollback: Option<Id>,
}

impl Note {
    /// The whole message.
    pub fn message(&self, version: &str) -> String {
        let mut message = format!("{}\n\n", self.text.trim());
        if let Some(source) = &self.source {
            let _ = writeln!(message, "{SOURCE}: {source}");
        }
        match self.uncommitted {
            0 => {}
            1 => _ = writeln!(message, "{CHANGES}: 1 file differs from that commit"),
            count => _ = writeln!(message, "{CHANGES}: {count} files differ from that commit"),
        }
        if let Some(rollback) = &self.rollback {
            let _ = writeln!(message, "{ROLLBACK}: {}", rollback.as_str());
        }
        let _ = writeln!(message, "{VERSION}: {version}");
        message
    }
}

fn trailer<'a>(commit: &'a Commit, key: &str) -> Option<&'a str> {
    let last = commit.message.trim_end().rsplit("\n\n").next()?;
    last.lines().find_map(|line| Some(line.strip_prefix(key)?.strip_prefix(':')?.trim()))
}

/// The commit of the sources that a publication was made from.
pub fn source_of(commit: &Commit) -> Option<&str> {
    trailer(commit, SOURCE)
}

fn is_ours(commit: &Commit) -> bool {
    trailer(commit, VERSION).is_some()
}

/// A tree to be published, and what its commit says.
#[derive(Debug)]
pub struct Publication<'a> {
    /// The files, whose objects are there.
    pub entries: &'a Entries,
    /// The tree of them.
    pub tree: Id,
    /// The commit's message.
    pub message: String,
    /// The commit of the sources, where it is known.
    pub source: Option<Id>,
    /// The commit is signed where the user's Git signs commits.
    pub sign: bool,
    /// More than a quarter of what was there may go.
    pub may_remove: bool,
}

/// What became of a publication.
#[derive(Debug)]
pub enum Sent {
    /// The branch has this tree already.
    Same,
    /// The branch is at this new commit.
    Done {
        /// The commit.
        commit: Id,
        /// Publications by others, also by Dateline, that came in between and that this one stands on.
        between: Vec<Commit>,
    },
}

/// Commits on top of `tip` and pushes; once more where only other publications of Dateline's came in between.
pub fn send(
    git: &Git,
    remote: &Remote,
    branch: &str,
    mut at: Option<Tip>,
    publication: &Publication<'_>,
) -> Result<Sent> {
    let mut between = Vec::new();
    for is_last in [false, true] {
        if let Some(tip) = &at
            && git.tree_of(&tip.commit)? == publication.tree
        {
            return Ok(Sent::Same);
        }
        let parent = at.as_ref().map(|tip| &tip.commit);
        let commit = git.write_commit(&publication.tree, parent, &publication.message, publication.sign)?;
        match git.push(remote, branch, &commit)? {
            Pushed::Done => return Ok(Sent::Done { commit, between }),
            Pushed::Refused(words) => {
                return Err(Halt::stop(
                    format!("the branch `{branch}` of {} was not updated: {words}", remote.shown()),
                    "the remote is as it was; see what the message asks for (rights to push, branch protection, a hook), \
                     then run this again",
                ));
            }
            Pushed::Moved => {
                let now = tip(git, remote, branch)?;
                let came = came_between(git, at.as_ref(), now.as_ref())?;
                may_go_on(git, remote, branch, at.as_ref(), now.as_ref(), &came, publication, is_last)?;
                between.extend(came);
                at = now;
            }
        }
    }
    // The second refusal is reported above.
    Err(Halt::stop(format!("the branch `{branch}` of {} keeps moving", remote.shown()), "run this again later"))
}

fn came_between(git: &Git, before: Option<&Tip>, now: Option<&Tip>) -> Result<Vec<Commit>> {
    match now {
        Some(now) => git.commits(&now.commit, before.map(|before| &before.commit), 1000),
        None => Ok(Vec::new()),
    }
}

#[expect(clippy::too_many_arguments, reason = "all that the decision depends on, and it is made once")]
fn may_go_on(
    git: &Git,
    remote: &Remote,
    branch: &str,
    before: Option<&Tip>,
    now: Option<&Tip>,
    came: &[Commit],
    publication: &Publication<'_>,
    is_last: bool,
) -> Result<()> {
    let place = format!("the branch `{branch}` of {}", remote.shown());
    let Some(now) = now else {
        return Err(Halt::stop(format!("{place} was removed in between"), "run this again to make it anew"));
    };
    let follows = match before {
        Some(before) => git.is_ancestor(&before.commit, &now.commit)?,
        None => true,
    };
    if !follows {
        return Err(Halt::stop(
            format!("{place} was set to another history in between, which ends with\n{}", listed(came)),
            "nothing was published; look at that history, then run this again",
        ));
    }
    let others: Vec<&Commit> = came.iter().filter(|commit| !is_ours(commit)).collect();
    if !others.is_empty() {
        return Err(Halt::stop(
            format!("nothing was published: somebody else changed {place} in between:\n{}", listed(came)),
            "what they changed would be undone; if that is right, run this again, and else put it into the site first",
        ));
    }
    if is_last {
        return Err(Halt::stop(
            format!("nothing was published: {place} moved twice while this was tried:\n{}", listed(came)),
            "run this again when the other publications are done",
        ));
    }
    // The other one may have been made from newer sources.
    let theirs = came.first().and_then(source_of);
    if let (Some(own), Some(theirs)) = (&publication.source, theirs)
        && theirs != own.as_str()
        && let Some(theirs) = git.commit(theirs)?
        && git.is_ancestor(own, &theirs)?
    {
        return Err(Halt::stop(
            format!("nothing was published: a newer commit of the sources ({}) was, in between", theirs.short()),
            "there is nothing to do, unless you want to go back: `dateline publish --rollback`",
        ));
    }
    if !publication.may_remove && diff(Some(&now.entries), publication.entries).removes_much() {
        return Err(Halt::stop(
            format!(
                "nothing was published: what came in between would lose more than a quarter of its files:\n{}",
                listed(came)
            ),
            "run this again and look at what it says; if that is right, add `--confirm-removals`",
        ));
    }
    Ok(())
}

/// What a person should know of the sources of the present state before another takes its place: they are newer, or they
/// are not here.
pub fn notice(git: &Git, tip: &Tip, own: &Id) -> Result<Option<String>> {
    let commits = git.commits(&tip.commit, None, 1)?;
    let Some(theirs) = commits.first().and_then(source_of).filter(|theirs| *theirs != own.as_str()) else {
        return Ok(None);
    };
    let Some(theirs) = git.commit(theirs)? else {
        let short = theirs.get(..10).unwrap_or(theirs);
        return Ok(Some(format!(
            "what is published was made from {short}, which is not here: is there something to pull?"
        )));
    };
    let is_newer = git.is_ancestor(own, &theirs)?;
    Ok(is_newer.then(|| format!("what is published was made from {}, which is newer than this commit", theirs.short())))
}

/// A line for each commit, the newest first.
fn listed(commits: &[Commit]) -> String {
    let mut text = String::new();
    for commit in commits.iter().take(NAMED) {
        let _ =
            writeln!(text, "  {} {}, {}: {}", commit.id.short(), day(&commit.date), commit.author, commit.subject());
    }
    if commits.len() > NAMED {
        let _ = writeln!(text, "  and {} more", commits.len() - NAMED);
    }
    text.trim_end().to_owned()
}

/// `2026-12-01` of `2026-12-01T09:00:00+01:00`.
pub fn day(date: &str) -> &str {
    date.split('T').next().unwrap_or(date)
}

/// Commits of the branch that are looked through for a publication.
const HISTORY: usize = 10_000;

/// The publication that a person means: a commit of the branch, or the commit of the sources that was published.
pub fn find(git: &Git, tip: &Tip, branch: &str, name: &str) -> Result<Commit> {
    let meant = git.commit(name)?;
    let history = git.commits(&tip.commit, None, HISTORY)?;
    let found = history.iter().find(|commit| meant.as_ref() == Some(&commit.id)).or_else(|| {
        let is_meant = |commit: &&Commit| {
            let source = source_of(commit);
            source.is_some_and(|source| meant.as_ref().is_some_and(|meant| meant.as_str() == source))
                || name.len() >= 7 && source.is_some_and(|source| source.starts_with(name))
        };
        history.iter().find(is_meant)
    });
    found.cloned().ok_or_else(|| {
        Halt::stop(
            format!("`{name}` was never published on the branch `{branch}`"),
            format!("name one of these, or the commit of the sources that it was made from:\n{}", listed(&history)),
        )
    })
}

/// The publication before the present one. Where the present one goes back to an earlier one, that one's predecessor: so
/// that going back twice goes back by two.
pub fn previous(git: &Git, tip: &Tip, branch: &str) -> Result<Commit> {
    let history = git.commits(&tip.commit, None, HISTORY)?;
    let position = |id: &str| history.iter().position(|commit| commit.id.as_str() == id);
    let mut at = 0;
    // A rollback leads to an older commit, so this ends.
    while let Some(earlier) = history.get(at).and_then(|commit| trailer(commit, ROLLBACK)).and_then(position) {
        if earlier <= at {
            break;
        }
        at = earlier;
    }
    history.get(at + 1).cloned().ok_or_else(|| {
        Halt::stop(
            format!("there is nothing older on the branch `{branch}` to go back to"),
            format!("what is there:\n{}", listed(&history)),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(files: &[(&str, char, u64)]) -> Entries {
        let entry = |(path, content, size): &(&str, char, u64)| {
            let id = crate::publish::git::tests_id(*content);
            ((*path).to_owned(), Entry { mode: "100644".to_owned(), id, size: *size })
        };
        files.iter().map(entry).collect()
    }

    #[test]
    fn differences() {
        let before = entries(&[("a", '1', 1), ("b", '2', 2), ("c", '3', 3), ("d", '4', 4)]);
        let after = entries(&[("a", '1', 1), ("b", '5', 9), ("d", '4', 4), ("e", '6', 6)]);
        let difference = diff(Some(&before), &after);
        let paths = |changes: &[Change]| changes.iter().map(|change| change.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&difference.added), ["e"]);
        assert_eq!(difference.changed, [Change { path: "b".to_owned(), before: Some(2), after: Some(9) }]);
        assert_eq!(paths(&difference.removed), ["c"]);
        // One of four is a quarter, and not more.
        assert!(!difference.removes_much());
        assert!(diff(Some(&before), &entries(&[("a", '1', 1), ("b", '2', 2)])).removes_much());
        assert!(!diff(None, &after).removes_much());
        assert!(diff(Some(&before), &before).is_empty());
    }

    #[test]
    fn a_commit_says_what_it_was_made_from() {
        let note = Note {
            text: "Say hello\n\nMore.".to_owned(),
            source: Some("a".repeat(40)),
            uncommitted: 2,
            rollback: None,
        };
        let commit = Commit {
            id: crate::publish::git::tests_id('1'),
            author: "A".to_owned(),
            date: String::new(),
            message: note.message("1.2.3"),
        };
        assert_eq!(commit.subject(), "Say hello");
        assert_eq!(source_of(&commit), Some("a".repeat(40).as_str()));
        assert_eq!(trailer(&commit, CHANGES), Some("2 files differ from that commit"));
        assert!(is_ours(&commit));
        // What stands in the text above is no such line.
        let forged = Commit { message: "Dateline-Version: 1\n\nby hand".to_owned(), ..commit };
        assert!(!is_ours(&forged));
    }
}
