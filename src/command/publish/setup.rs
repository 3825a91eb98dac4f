//! `dateline publish --setup actions`: the workflow that publishes the site.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use toml_edit::Document;

use super::{
    Outcome, Terminal,
    destination::{given_address, open_git},
    on_interrupt, overrides, present,
};
use crate::{
    cli::PublishArgs,
    config::{BaseUrl, Overrides},
    diagnostic::Diagnostic,
    error::Error,
    publish::{self, GitHub, Halt, Install, Standing, WORKFLOW, Workflow, cron},
    session::{Inspected, Session},
    write::Output,
};

/// Moments that the schedule knows: the next ones. GitHub runs a workflow for each.
const SCHEDULED: usize = 24;

pub fn actions(root: &Path, args: &PublishArgs, terminal: &Terminal) -> publish::Result<Outcome> {
    let given = given_address(root, args)?;
    let git = open_git(root, &on_interrupt())?;
    let top = git.top()?;
    let remote = publish::remote(&git, args.remote.as_deref()).ok();
    let name = remote.as_ref().map_or("origin", |remote| remote.name.as_str());
    let branch = match git.first_branch(name)? {
        Some(branch) => branch,
        None => git.branch()?.unwrap_or_else(|| "main".to_owned()),
    };
    let github = remote.as_ref().and_then(|remote| GitHub::parse(&remote.url));
    let address = github.as_ref().map(GitHub::pages).filter(|_| given.is_none());
    let folder = git.prefix()?;
    let schedule = schedule(root, given.as_ref().or(address.as_deref().and_then(BaseUrl::parse).as_ref()))?;
    let install = if is_our_own(&top) { Install::Checkout } else { Install::Registry };
    let workflow = Workflow {
        branch: &branch,
        folder: &folder,
        version: env!("CARGO_PKG_VERSION"),
        install,
        address: address.as_deref(),
        schedule: &schedule,
    };
    let text = workflow.text();
    let path = top.join(WORKFLOW);
    let there = match fs::read(&path) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(cause) => return Err(Error::io("read", path, cause).into()),
    };
    let shown = shown(&top, WORKFLOW).display().to_string();
    let did = match publish::standing(there.as_deref(), &text) {
        Standing::Same => {
            terminal.say(&format!("{shown} is as it should be"));
            return Ok(Outcome::Done);
        }
        Standing::Edited(difference) => {
            terminal.print(difference.trim_end());
            return Err(Halt::stop(
                format!("{shown} was written or changed by hand, so it stays as it is"),
                "take what you want from the difference above; or move the file away and run this again",
            ));
        }
        Standing::Missing => "wrote",
        Standing::Outdated => "brought up to date:",
    };
    if args.dry_run {
        terminal.print(text.trim_end());
        return Ok(Outcome::Done);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| Error::io("make the folder", folder, cause))?;
    }
    fs::write(&path, &text).map_err(|cause| Error::io("write", &path, cause))?;
    terminal.say(&format!("{did} {shown}"));
    match schedule.len() {
        0 => {}
        1 => terminal.say("it also runs when an article waits for its time: 1 moment"),
        count => terminal.say(&format!("it also runs when articles wait for their time: {count} moments")),
    }
    terminal
        .say(&format!("commit it and push it to `{branch}`; GitHub then builds and publishes the site at every push"));
    let settings = github.map(|github| github.settings());
    let settings = settings.unwrap_or_else(|| "the repository's settings".to_owned());
    terminal.say(&format!("before that, choose \"GitHub Actions\" as the source of Pages: {settings}"));
    Ok(Outcome::Done)
}

/// The next moments at which the site changes by itself, as `cron` has them, in their order.
fn schedule(root: &Path, base: Option<&BaseUrl>) -> publish::Result<Vec<String>> {
    let overrides = match base {
        Some(base) => overrides(base),
        None => Overrides::default(),
    };
    let dues = Mutex::new(Vec::new());
    let mut session = Session::new(root.to_owned(), overrides, present()?);
    // What is wrong with the site is for the workflow to say; when it changes can be known all the same.
    session.build(
        &mut Output::Discard,
        Some(&|site: &Inspected<'_>, _: &mut Vec<Diagnostic>| {
            let found = site.model.dues().iter().map(|due| due.at);
            dues.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }),
    )?;
    let mut schedule: Vec<String> = Vec::new();
    for at in dues.into_inner().unwrap_or_else(PoisonError::into_inner) {
        let line = cron(at);
        if !schedule.contains(&line) {
            schedule.push(line);
        }
    }
    schedule.truncate(SCHEDULED);
    Ok(schedule)
}

/// Whether the repository is that of Dateline itself, which is then built from it.
fn is_our_own(top: &Path) -> bool {
    let manifest = fs::read_to_string(top.join("Cargo.toml")).unwrap_or_default();
    let manifest = manifest.parse::<Document<String>>().ok();
    manifest.as_ref().and_then(|manifest| manifest.get("package")?.get("name")?.as_str())
        == Some(env!("CARGO_PKG_NAME"))
}

/// The path of the workflow from where the program runs.
fn shown(top: &Path, path: &str) -> PathBuf {
    let path = top.join(path);
    match std::env::current_dir().ok().and_then(|here| here.canonicalize().ok()) {
        Some(here) => path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path),
        None => path,
    }
}
