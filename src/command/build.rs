//! `dateline build`: the site into its folder.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use super::{Outcome, Terminal, now};
use crate::{
    cli::BuildArgs,
    config::Overrides,
    diagnostic::{Format, Severity},
    error::Result,
    report::Clock,
    session::Session,
    write::{Output, resolved},
};

pub fn run(root: &Path, args: &BuildArgs, terminal: &Terminal) -> Result<Outcome> {
    let started = Instant::now();
    let overrides = Overrides { base_url: args.site.base_url.clone(), origin: None, drafts: args.site.drafts };
    let folder = folder(root, args.output.as_deref());
    if let Some(problem) = unusable(root, &folder) {
        terminal.problem(&problem, Some("name a folder that holds nothing else, such as `--output public`"));
        return Ok(Outcome::WrongUsage);
    }
    let mut output = Output::disk(folder.clone(), root);
    let mut session = Session::new(root.to_owned(), overrides, now(args.site.now)?);
    if !args.no_cache {
        session = session.with_cache();
    }
    if args.timings {
        session = session.with_page_timings();
    }
    let mut report = session.build(&mut output, None)?;
    let mut clock = Clock::new();
    session.remember(&mut output)?;
    if args.timings {
        clock.lap("notes for the next build");
        report.timings.stages.append(&mut clock.laps.stages);
        report.timings.close(started.elapsed());
        report.timings.lines().iter().for_each(|line| terminal.print(line));
    }
    if args.explain {
        report.explanations().for_each(|line| terminal.print(&line));
    }
    terminal.report(&report, args.site.format);
    if args.site.format == Format::Human {
        if let Some(left_out) = report.left_out() {
            terminal.say(&left_out);
        }
        if let Some(written) = &report.written {
            terminal.say(&format!(
                "{}: {} files in {} ({} changed, {} removed) in {:.2} s",
                report.contents(),
                written.files,
                folder.display(),
                written.changed.len(),
                written.removed.len(),
                started.elapsed().as_secs_f64()
            ));
            super::next::say(root, &report, terminal);
        } else if folder.exists() {
            terminal.trouble(&format!("nothing was written; {} is as it was\n", folder.display()));
        } else {
            terminal.trouble("nothing was written\n");
        }
    }
    // The process ends: the system takes the memory back faster than piece by piece.
    std::mem::forget(session);
    Ok(if report.count(Severity::Error) > 0 { Outcome::SiteHasErrors } else { Outcome::Done })
}

/// The folder that a site is built into.
pub fn folder(root: &Path, given: Option<&Path>) -> PathBuf {
    match given {
        Some(folder) => folder.to_owned(),
        None if root == Path::new(".") => PathBuf::from("public"),
        None => root.join("public"),
    }
}

/// An output that would swallow the site, or be read back as a part of it.
pub fn unusable(root: &Path, folder: &Path) -> Option<String> {
    let (root, folder) = (resolved(root), resolved(folder));
    if root.starts_with(&folder) {
        return Some(format!("the output `{}` holds the site itself", folder.display()));
    }
    let inside = folder.strip_prefix(&root).ok()?;
    let first = inside.components().next()?.as_os_str();
    let is_source = ["content", "static", "themes", ".dateline", ".git"].iter().any(|name| first == *name);
    is_source.then(|| format!("the output `{}` lies among the site's own files", folder.display()))
}
