//! `dateline publish`: a fresh build onto GitHub Pages.

mod setup;
mod show;

use std::{
    cell::RefCell,
    fs,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressStyle};
use toml_edit::Document;

use super::{Outcome, Terminal, build::unusable, now};
use crate::{
    cli::{PublishArgs, Setup},
    config::{BaseUrl, Now, Overrides},
    diagnostic::{self, Format, Severity},
    error::{Error, Result},
    publish::{
        self, Address, Difference, Entries, Git, GitHub, Halt, Id, Interrupt, Known, Note, Prompts, Publication,
        Remote, Secrets, Sent, Sources, Tip, Tree, Workspace, inspect_leaks, inspect_limits, inspect_rights,
    },
    report::Report,
    session::{Inspected, Session},
    write::Output,
};

/// Files that a message names.
const NAMED: usize = 10;

pub fn run(root: &Path, args: &PublishArgs, terminal: &Terminal) -> Result<Outcome> {
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
    let place = Place::find(root, args, &interrupt)?;
    let tip = place.tip(terminal)?;
    let address = place.address(root, args, tip.as_ref())?;
    let work = Workspace::new(root, std::process::id())?;
    let mut output = Output::disk(work.site(), work.folder());
    let session = Session::new(root.to_owned(), overrides(&address.base), present()?);
    let Some((built, tree)) = build(session, &mut output, &work.site(), &address, args, terminal)? else {
        terminal.trouble("nothing was published\n");
        return Ok(Outcome::SiteHasErrors);
    };
    interrupt.check()?;
    let git = &place.git;
    let source = git.head()?;
    let differing = publish::differing(git, &built.sources)?;
    if !args.allow_dirty {
        refuse_uncommitted(&differing, source.is_some())?;
    }
    let entries = during("comparing", terminal, || publish::entries(git, &tree, tip.as_ref(), !args.dry_run))?;
    let difference = publish::diff(tip.as_ref().map(|tip| &tip.entries), &entries);
    let note = Note {
        text: args.message.clone().unwrap_or_else(|| format!("Publish {}", built.report.contents())),
        source: source.as_ref().map(|source| source.as_str().to_owned()),
        uncommitted: differing.len(),
        rollback: None,
    };
    let step = Step { place: &place, tip, work: &work, note, source, base: Some(&address.base), entries, difference };
    let outcome = step.take(args, &built.report.contents(), terminal)?;
    if args.format == Format::Human {
        super::next::say(root, &built.report, terminal);
    }
    Ok(outcome)
}

/// Puts an earlier state on the branch again.
fn roll_back(root: &Path, args: &PublishArgs, commit: Option<&str>, terminal: &Terminal) -> publish::Result<Outcome> {
    let place = Place::find(root, args, &on_interrupt())?;
    let git = &place.git;
    let Some(tip) = place.tip(terminal)? else {
        return Err(Halt::stop(
            format!("{} has no branch `{}` to go back on", place.remote.shown(), args.branch),
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
    let base = place.address(root, args, Some(&tip)).ok().map(|address| address.base);
    let work = Workspace::new(root, std::process::id())?;
    let what = format!("the state of {} ({}, {})", publish::day(&earlier.date), earlier.id.short(), earlier.subject());
    let note = Note {
        text: args.message.clone().unwrap_or_else(|| format!("Go back to {what}")),
        source: publish::source_of(&earlier).map(str::to_owned),
        uncommitted: 0,
        rollback: Some(earlier.id),
    };
    let step = Step {
        place: &place,
        tip: Some(tip),
        work: &work,
        note,
        source: None,
        base: base.as_ref(),
        entries,
        difference,
    };
    step.take(args, &what, terminal)
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
    session.save()?;
    let Some((built, tree)) = judge(looked, folder, args, terminal)? else {
        terminal.trouble(&format!("this must not be published as it is; {} is not for readers\n", folder.display()));
        return Ok(Outcome::SiteHasErrors);
    };
    if args.format == Format::Human {
        terminal.say(&format!(
            "{}: {} files, {}, ready to publish in {}",
            built.report.contents(),
            tree.files.len(),
            publish::size(tree.size()),
            folder.display()
        ));
        super::next::say(root, &built.report, terminal);
    }
    Ok(Outcome::Done)
}

/// The repository, the remote and the branch of a publication.
struct Place<'a> {
    git: Git,
    remote: Remote,
    github: Option<GitHub>,
    branch: &'a str,
}

impl<'a> Place<'a> {
    fn find(root: &Path, args: &'a PublishArgs, interrupt: &Interrupt) -> publish::Result<Self> {
        let git = open_git(root, interrupt)?;
        let remote = publish::remote(&git, args.remote.as_deref())?;
        let branch = args.branch.as_str();
        if !git.is_branch_name(branch)? {
            return Err(Halt::stop(format!("`{branch}` cannot be the name of a branch"), "the usual one is gh-pages"));
        }
        if git.branch()?.as_deref() == Some(branch) {
            return Err(Halt::stop(
                format!("the branch `{branch}` is checked out here: it holds the sources"),
                "publish to a branch of its own, such as `--branch gh-pages`",
            ));
        }
        let github = GitHub::parse(&remote.url);
        Ok(Place { git, remote, github, branch })
    }

    fn tip(&self, terminal: &Terminal) -> publish::Result<Option<Tip>> {
        let look = || publish::tip(&self.git, &self.remote, self.branch);
        let tip = during(&format!("looking at {}", self.remote.shown()), terminal, look)?;
        let settings = format!("{}site.toml", self.git.prefix()?);
        if tip.as_ref().is_some_and(|tip| tip.entries.contains_key(&settings)) {
            return Err(Halt::stop(
                format!("the branch `{}` of {} holds sources: there is a {settings}", self.branch, self.remote.shown()),
                "publish to a branch of its own, such as `--branch gh-pages`",
            ));
        }
        Ok(tip)
    }

    fn address(&self, root: &Path, args: &PublishArgs, tip: Option<&Tip>) -> publish::Result<Address> {
        let given = given_address(root, args)?;
        let own_domain = fs::read_to_string(root.join("static/CNAME")).ok();
        let published_domain = match tip.and_then(|tip| tip.entries.get("CNAME")) {
            Some(entry) => Some(self.git.text(&entry.id)?),
            None => None,
        };
        publish::address(&Known {
            given: given.as_ref(),
            github: self.github.as_ref(),
            own_domain: own_domain.as_deref(),
            published_domain: published_domain.as_deref(),
        })
    }
}

/// A tree that is to be published, and everything that is said about it.
struct Step<'a> {
    place: &'a Place<'a>,
    tip: Option<Tip>,
    work: &'a Workspace,
    note: Note,
    source: Option<Id>,
    base: Option<&'a BaseUrl>,
    entries: Entries,
    difference: Difference,
}

impl Step<'_> {
    fn take(self, args: &PublishArgs, what: &str, terminal: &Terminal) -> publish::Result<Outcome> {
        let Place { git, remote, github, branch } = self.place;
        let (files, bytes) = (self.entries.len(), self.entries.values().map(|entry| entry.size).sum());
        let whole = format!("{files} file{}, {}", if files == 1 { "" } else { "s" }, publish::size(bytes));
        let where_to = format!("`{branch}` of {}", remote.shown());
        if self.tip.is_some() && self.difference.is_empty() {
            terminal.say(&format!("nothing to publish: {where_to} has {what} already ({whole})"));
            return Ok(Outcome::Done);
        }
        if args.dry_run {
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
            terminal.print(&format!("would publish {what}: {counts} ({whole})"));
            terminal.print(&format!("nothing was pushed to {where_to}"));
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

/// What a build gave, beside its files.
struct Built {
    report: Report,
    sources: Sources,
}

/// What was seen of the site while it was built.
#[derive(Default)]
struct Seen {
    sources: Sources,
    secrets: Secrets,
}

fn look_while_building(session: &mut Session, output: &mut Output) -> Result<(Report, Seen)> {
    let seen = RefCell::new(Seen::default());
    let look = |site: &Inspected<'_>, diagnostics: &mut Vec<diagnostic::Diagnostic>| {
        inspect_rights(site.model, site.snapshot, diagnostics);
        *seen.borrow_mut() =
            Seen { sources: Sources::of(site.snapshot), secrets: Secrets::of(site.snapshot, site.model.omissions()) };
    };
    let report = session.build(output, Some(&look))?;
    Ok((report, seen.into_inner()))
}

/// Builds a site that is to be published at an address. `None` where it must not be; then the report has said why.
fn build(
    mut session: Session,
    output: &mut Output,
    folder: &Path,
    address: &Address,
    args: &PublishArgs,
    terminal: &Terminal,
) -> Result<Option<(Built, Tree)>> {
    let looked = during("building", terminal, || look_while_building(&mut session, output))?;
    if looked.0.written.is_some() {
        add(folder, "CNAME", address.cname.as_deref())?;
        add(folder, ".nojekyll", Some(""))?;
    }
    judge(looked, folder, args, terminal)
}

/// Adds a file that the site does not have.
fn add(folder: &Path, name: &str, text: Option<&str>) -> Result<()> {
    let path = folder.join(name);
    match text {
        Some(text) if !path.exists() => fs::write(&path, text).map_err(|cause| Error::io("write", path, cause)),
        _ => Ok(()),
    }
}

/// Looks at what was built, and reports everything that is wrong.
fn judge(
    (mut report, seen): (Report, Seen),
    folder: &Path,
    args: &PublishArgs,
    terminal: &Terminal,
) -> Result<Option<(Built, Tree)>> {
    let mut tree = Tree::default();
    if report.written.is_some() {
        tree = Tree::read(folder)?;
        inspect_limits(&tree, &mut report.diagnostics);
        inspect_leaks(&tree, &seen.secrets, &mut report.diagnostics)?;
        diagnostic::sort(&mut report.diagnostics);
    }
    terminal.report(&report, args.format);
    if args.format == Format::Human
        && let Some(left_out) = report.left_out()
    {
        terminal.say(&left_out);
    }
    if report.count(Severity::Error) > 0 {
        return Ok(None);
    }
    Ok(Some((Built { report, sources: seen.sources }, tree)))
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
        "commit them (`git add`, `git commit`), or set them aside (`git stash`); or publish them as they are: \
         `--allow-dirty`",
    ))
}

/// The address on the command line, else the one in `site.toml`; `None` where that has none.
fn given_address(root: &Path, args: &PublishArgs) -> publish::Result<Option<BaseUrl>> {
    if let Some(base) = &args.base_url {
        return Ok(Some(base.clone()));
    }
    let path = root.join("site.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Halt::stop(
                "there is no `site.toml` here",
                "run this in a site's folder, name it with `--root DIR`, or make a new site: `dateline init DIR`",
            ));
        }
        Err(cause) => return Err(Error::io("read", path, cause).into()),
    };
    // What else is wrong with the settings, the build reports with its place.
    let Ok(settings) = text.parse::<Document<String>>() else { return Ok(None) };
    let Some(value) = settings.get("base_url") else { return Ok(None) };
    match value.as_str().and_then(BaseUrl::parse) {
        Some(base) => Ok(Some(base)),
        None => Err(Halt::stop(
            "the `base_url` in site.toml is no address for a site",
            "write the whole address: `base_url = \"https://user.github.io/repo/\"`, or leave it out, and it follows from the \
             remote",
        )),
    }
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

fn open_git(root: &Path, interrupt: &Interrupt) -> publish::Result<Git> {
    let has = |variable: &str| std::env::var_os(variable).is_some();
    let prompts = Prompts {
        may_ask: io::stdin().is_terminal() && io::stderr().is_terminal(),
        ssh_is_chosen: has("GIT_SSH") || has("GIT_SSH_COMMAND"),
    };
    Git::open(root, prompts, interrupt.clone())
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

/// The path of the workflow from where the program runs.
fn shown(top: &Path, path: &str) -> PathBuf {
    let path = top.join(path);
    match std::env::current_dir().ok().and_then(|here| here.canonicalize().ok()) {
        Some(here) => path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path),
        None => path,
    }
}
