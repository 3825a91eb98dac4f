//! `dateline publish`: a fresh build onto GitHub Pages.

mod delivery;
mod destination;
mod scrutiny;
mod setup;
mod show;

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use self::{
    delivery::Delivery,
    destination::{Destination, given_address},
    scrutiny::{build, judge, look_while_building},
};
use super::{Outcome, Terminal, build::unusable, now};
use crate::{
    cli::{PublishArgs, Setup},
    config::{BaseUrl, Now, Overrides},
    diagnostic::Format,
    error::Result,
    publish::{self, Halt, Interrupt, Known, Note, Workspace},
    session::Session,
    write::Output,
};

/// Files that a message names.
const NAMED: usize = 10;

pub fn run(root: &Path, args: &PublishArgs, terminal: &Terminal) -> Result<Outcome> {
    // For programs, the report is the result, and nothing else goes where it goes.
    let for_programs = Terminal { quiet: terminal.quiet || args.format != Format::Human, ..*terminal };
    let terminal = &for_programs;
    let done = match (args.setup, &args.rollback, &args.output) {
        (Some(Setup::Actions), ..) => setup::actions(root, args, terminal),
        (_, Some(commit), _) => roll_back(root, args, commit.as_deref(), terminal),
        (_, _, Some(folder)) => into_folder(root, args, folder, terminal),
        _ => publish(root, args, terminal),
    };
    match done {
        Ok(outcome) => Ok(outcome),
        Err(Halt::Stop { message, hint }) => {
            terminal.problem(&message, Some(&hint));
            Ok(Outcome::SiteHasErrors)
        }
        Err(Halt::Interrupted { while_pushing }) => {
            terminal.trouble(if while_pushing {
                "interrupted in the middle of the push: it came through as a whole or not at all, and \
                 `dateline publish --dry-run` says which\n"
            } else {
                "interrupted; nothing was published\n"
            });
            Ok(Outcome::Interrupted)
        }
        Err(Halt::Failed(error)) => Err(error),
    }
}

/// Builds, looks at what was built, and puts it on the branch.
fn publish(root: &Path, args: &PublishArgs, terminal: &Terminal) -> publish::Result<Outcome> {
    let interrupt = on_interrupt();
    let destination = Destination::find(root, args, &interrupt)?;
    let tip = destination.tip(terminal)?;
    let address = destination.address(root, args, tip.as_ref())?;
    let work = Workspace::new(root, std::process::id())?;
    let source = destination.git.head()?;
    let mut output = Output::disk(work.site(), work.folder());
    let session = Session::new(root.to_owned(), overrides(&address.base), present()?);
    let Some((built, tree)) = build(session, &mut output, &work.site(), &address, args, terminal)? else {
        terminal.trouble("nothing was published\n");
        return Ok(Outcome::SiteHasErrors);
    };
    interrupt.check()?;
    let git = &destination.git;
    let differing = publish::differing(git, &built.sources)?;
    if git.head()? != source {
        return Err(Halt::stop("another commit was checked out while the site was built", "run this again"));
    }
    if !args.allow_dirty {
        refuse_uncommitted(&differing, source.is_some())?;
    }
    if let (Some(tip), Some(source)) = (&tip, &source)
        && let Some(notice) = publish::notice(git, tip, source)?
    {
        terminal.say(&notice);
    }
    let entries = during("comparing", terminal, || publish::entries(git, &tree, tip.as_ref(), !args.dry_run))?;
    let difference = publish::diff(tip.as_ref().map(|tip| &tip.entries), &entries);
    let note = Note {
        text: args.message.clone().unwrap_or_else(|| format!("Publish {}", built.report.contents())),
        source: source.as_ref().map(|source| source.as_str().to_owned()),
        uncommitted: differing.len(),
        rollback: None,
    };
    let delivery = Delivery {
        destination: &destination,
        tip,
        work: &work,
        note,
        source,
        base: Some(&address.base),
        entries,
        difference,
    };
    let outcome = delivery.deliver(args, &built.report.contents(), terminal)?;
    super::next::say(root, &built.report, terminal);
    Ok(outcome)
}

/// Puts an earlier state on the branch again.
fn roll_back(root: &Path, args: &PublishArgs, commit: Option<&str>, terminal: &Terminal) -> publish::Result<Outcome> {
    let destination = Destination::find(root, args, &on_interrupt())?;
    let git = &destination.git;
    let Some(tip) = destination.tip(terminal)? else {
        return Err(Halt::stop(
            format!("{} has no branch `{}` to go back on", destination.remote.shown(), args.branch),
            "publish first: `dateline publish`",
        ));
    };
    let earlier = match commit {
        Some(name) => publish::find(git, &tip, &args.branch, name)?,
        None => publish::previous(git, &tip, &args.branch)?,
    };
    let mut entries = git.entries(&earlier.id)?;
    // The domain is where the site is read today, whatever was true then.
    match tip.entries.get("CNAME") {
        Some(domain) => _ = entries.insert("CNAME".to_owned(), domain.clone()),
        None => _ = entries.remove("CNAME"),
    }
    let difference = publish::diff(Some(&tip.entries), &entries);
    let base = destination.address(root, args, Some(&tip)).ok().map(|address| address.base);
    let work = Workspace::new(root, std::process::id())?;
    let what = format!("the state of {} ({}, {})", publish::day(&earlier.date), earlier.id.short(), earlier.subject());
    let note = Note {
        text: args.message.clone().unwrap_or_else(|| format!("Go back to {what}")),
        source: publish::source_of(&earlier).map(str::to_owned),
        uncommitted: 0,
        rollback: Some(earlier.id),
    };
    let delivery = Delivery {
        destination: &destination,
        tip: Some(tip),
        work: &work,
        note,
        source: None,
        base: base.as_ref(),
        entries,
        difference,
    };
    delivery.deliver(args, &what, terminal)
}

/// Builds into a folder that another program publishes.
fn into_folder(root: &Path, args: &PublishArgs, folder: &Path, terminal: &Terminal) -> publish::Result<Outcome> {
    if let Some(problem) = unusable(root, folder) {
        terminal.problem(&problem, Some("name a folder that holds nothing else, such as `--output public`"));
        return Ok(Outcome::WrongUsage);
    }
    let given = given_address(root, args)?;
    if let Some(base) = &given {
        publish::address(&Known { given: Some(base), ..Known::default() })?;
    }
    let overrides = Overrides { base_url: given, origin: None, drafts: false };
    let mut session = Session::new(root.to_owned(), overrides, present()?).with_cache();
    let mut output = Output::disk(folder.to_owned(), root);
    let looked = look_while_building(&mut session, &mut output)?;
    let is_written = looked.0.written.is_some();
    let Some((built, tree)) = judge(looked, folder, args, terminal)? else {
        terminal.trouble(&if is_written {
            format!("this must not be published as it is; {} is not for readers\n", folder.display())
        } else {
            "nothing was written\n".to_owned()
        });
        return Ok(Outcome::SiteHasErrors);
    };
    terminal.say(&format!(
        "{}: {} files, {}, ready to publish in {}",
        built.report.contents(),
        tree.files.len(),
        publish::size(tree.size()),
        folder.display()
    ));
    super::next::say(root, &built.report, terminal);
    Ok(Outcome::Done)
}

fn refuse_uncommitted(differing: &[String], has_commit: bool) -> publish::Result<()> {
    if !has_commit {
        return Err(Halt::stop(
            "nothing is committed yet, and what is published is what is committed",
            "commit the site first: `git add -A`, `git commit -m \"First commit\"`; or publish it as it is: `--allow-dirty`",
        ));
    }
    if differing.is_empty() {
        return Ok(());
    }
    let mut message = match differing.len() {
        1 => "1 file of the site is not as in the last commit:".to_owned(),
        count => format!("{count} files of the site are not as in the last commit:"),
    };
    for path in differing.iter().take(NAMED) {
        message.push_str("\n  ");
        message.push_str(path);
    }
    if differing.len() > NAMED {
        message.push_str(&format!("\n  and {} more", differing.len() - NAMED));
    }
    Err(Halt::stop(
        message,
        "commit what differs (`git add`, `git commit`), or set it aside (`git stash`); or publish it as it is: \
         `--allow-dirty`",
    ))
}

fn overrides(base: &BaseUrl) -> Overrides {
    Overrides { base_url: Some(base.clone()), origin: None, drafts: false }
}

/// The present, which must not lie ahead of the clock: what waits for its time would be published before it.
fn present() -> publish::Result<Now> {
    let present = now(None)?;
    if present.timestamp > jiff::Timestamp::now() {
        return Err(Halt::stop(
            "SOURCE_DATE_EPOCH lies in the future: what waits for its time would be published now",
            "unset it",
        ));
    }
    Ok(present)
}

/// Shows what is going on, at a terminal, for as long as it does.
fn during<T>(what: &str, terminal: &Terminal, step: impl FnOnce() -> T) -> T {
    let bar = if terminal.quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    if let Ok(style) = ProgressStyle::with_template("{msg} …") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    // Drawn once and not again: Git may ask for a password below it.
    bar.tick();
    let result = step();
    bar.finish_and_clear();
    result
}

/// Ctrl-C and a request to end clear the working folder away; a second one ends the run at once.
fn on_interrupt() -> Interrupt {
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    // Without a handler the run ends at once, and the next one clears up.
    let _ = ctrlc::set_handler(move || {
        if raised.is_raised() {
            std::process::exit(130);
        }
        raised.raise();
    });
    interrupt
}
