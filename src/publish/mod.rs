//! A built site onto GitHub Pages: where it goes, what keeps it from going there, and Git.
//!
//! A publication is a clean build in a folder of its own, looked at as a host would serve it, then a commit on top of the
//! branch that the host serves. The commit is the child of what the branch was when it was looked at, and is pushed without
//! force: that makes the push a compare-and-swap, and whatever happens on the way leaves the remote as it was.

mod branch;
mod due;
mod git;
mod leaks;
mod limits;
mod reading;
mod rights;
mod source;
mod target;
mod tree;
mod withheld;
mod workflow;
mod workspace;

pub use branch::{
    Change, Difference, Note, Publication, Sent, Tip, day, diff, entries, find, notice, previous, send, source_of, tip,
};
pub use due::{cron, moment};
pub use git::{Commit, Entries, Git, Id, Interrupt, Prompts, Remote};
pub use leaks::{Secrets, inspect as inspect_leaks};
pub use limits::inspect as inspect_limits;
pub use rights::inspect as inspect_rights;
pub use source::{Sources, differing};
pub use target::{Address, GitHub, Known, address, remote};
pub use tree::{File, Tree, size};
pub use withheld::Withheld;
pub use workflow::{Install, PATH as WORKFLOW, Standing, Workflow, standing};
pub use workspace::Workspace;

use crate::error::Error;

/// What ends a publication before it is done. The remote is as it was, unless something else is said.
#[derive(Debug)]
pub enum Halt {
    /// Something about the site or its repository is for a person to decide: what it is, and the ways out.
    Stop {
        /// What is the matter.
        message: String,
        /// What to do about it.
        hint: String,
    },
    /// The machine failed.
    Failed(Error),
    /// The run was asked to end.
    Interrupted {
        /// Git was about to set the remote's branch; it did so or it did not.
        while_pushing: bool,
    },
}

/// The result of a step of a publication.
pub type Result<T> = std::result::Result<T, Halt>;

impl Halt {
    /// Something for a person to decide.
    pub fn stop(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Halt::Stop { message: message.into(), hint: hint.into() }
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Halt::Failed(error)
    }
}
