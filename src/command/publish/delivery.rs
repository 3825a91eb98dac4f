//! What is said of a tree before it goes to the branch, and after.

use super::{NAMED, Outcome, Terminal, destination::Destination, during, show};
use crate::{
    cli::PublishArgs,
    config::BaseUrl,
    diagnostic::Format,
    publish::{self, Difference, Entries, Halt, Id, Note, Publication, Sent, Tip, Workspace},
};

/// A tree that is to be published, and everything that is said about it.
pub struct Delivery<'a> {
    pub destination: &'a Destination<'a>,
    pub tip: Option<Tip>,
    pub work: &'a Workspace,
    pub note: Note,
    pub source: Option<Id>,
    pub base: Option<&'a BaseUrl>,
    pub entries: Entries,
    pub difference: Difference,
}

impl Delivery<'_> {
    pub fn deliver(self, args: &PublishArgs, what: &str, terminal: &Terminal) -> publish::Result<Outcome> {
        let Destination { git, remote, github, branch } = self.destination;
        let (files, bytes) = (self.entries.len(), self.entries.values().map(|entry| entry.size).sum());
        let whole = format!("{files} file{}, {}", if files == 1 { "" } else { "s" }, publish::size(bytes));
        let where_to = format!("`{branch}` of {}", remote.shown());
        if self.tip.is_some() && self.difference.is_empty() {
            terminal.say(&format!("nothing to publish: {where_to} has {what} already ({whole})"));
            return Ok(Outcome::Done);
        }
        if args.dry_run && args.format == Format::Human {
            show::changes(&self.difference, self.base, terminal);
        }
        show::lost(&self.difference, self.base, if args.dry_run { usize::MAX } else { NAMED }, terminal);
        if self.difference.removes_much() && !args.confirm_removals {
            return Err(Halt::stop(
                format!(
                    "this removes {} of the {} published files, more than a quarter",
                    self.difference.removed.len(),
                    self.difference.before
                ),
                if args.dry_run {
                    "if that is right, publish with `--confirm-removals`"
                } else {
                    "see what goes with `--dry-run`; if that is right, add `--confirm-removals`"
                },
            ));
        }
        let counts = show::counts(&self.difference);
        if args.dry_run {
            terminal.say(&format!("would publish {what}: {counts} ({whole})"));
            terminal.say(&format!("nothing was pushed to {where_to}"));
            return Ok(Outcome::Done);
        }
        let is_first = self.tip.is_none();
        let publication = Publication {
            tree: git.write_tree(&self.entries, &self.work.index())?,
            entries: &self.entries,
            message: self.note.message(env!("CARGO_PKG_VERSION")),
            source: self.source,
            sign: !args.no_gpg_sign,
            may_remove: args.confirm_removals,
        };
        let send = || publish::send(git, remote, branch, self.tip, &publication);
        match during(&format!("pushing to {}", remote.shown()), terminal, send)? {
            Sent::Same => terminal.say(&format!("nothing to publish: {where_to} has {what} already ({whole})")),
            Sent::Done { commit, between } => {
                for passed in &between {
                    terminal.say(&format!("in between came {}: {}", passed.id.short(), passed.subject()));
                }
                terminal.say(&format!("published {what}: {counts} ({whole})"));
                terminal.say(&format!("commit {} on {where_to}", commit.short()));
                if let Some(base) = self.base {
                    terminal.say(&format!("{base}"));
                }
                if let Some(github) = github.as_ref().filter(|_| is_first) {
                    terminal.say(&format!(
                        "the branch is new: under {} choose \"Deploy from a branch\", {branch}, / (root)",
                        github.settings()
                    ));
                }
            }
        }
        Ok(Outcome::Done)
    }
}
