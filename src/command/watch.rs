//! `dateline watch`: build, serve, wait until something happens, build again.
//!
//! There is one path: whatever happened, the same build looks for itself. Ctrl-C ends the program at once, also in the
//! middle of a write; the next run finishes what the journal of the output promised.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::{Outcome, Terminal, now};
use crate::{
    cli::WatchArgs,
    config::Overrides,
    diagnostic::{Format, Severity},
    error::Result,
    report::Report,
    serve::{self, Editor, Reload, Server},
    session::Session,
    watch::{Wake, Watcher},
    write::{Output, Written},
};

/// How often the clock is looked at while an article waits for its time: a machine that slept wakes up late.
const GLANCE: Duration = Duration::from_secs(10);
/// Outputs that a line about a build names.
const NAMED: usize = 3;

pub fn run(root: &Path, args: &WatchArgs, terminal: &Terminal) -> Result<Outcome> {
    let server = Server::bind(args.host.as_deref(), args.port, args.strict_port)?;
    let origin = server.origin().to_owned();
    // Higher than any revision of an earlier run: the tabs of that one are to load their pages anew.
    let first_revision = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    let reload = Arc::new(Reload::new(first_revision));
    let (folder, _lock) = preview(root, &origin);
    server.start(folder.clone(), Arc::clone(&reload))?;
    terminal.print(&format!("serving {origin}/ (Ctrl-C ends)"));
    let overrides = Overrides { base_url: None, origin: Some(origin.clone()), drafts: args.drafts };
    let mut watch = Watch {
        root,
        editor: args.editor.unwrap_or_else(editor),
        output: Output::disk(folder.clone(), root),
        session: Session::new(root.to_owned(), overrides, now(args.now)?).with_cache(),
        origin,
        folder,
        reload,
        terminal,
        timings: args.timings,
        last: Last::default(),
    };
    // Before the first build, so that no edit falls between the two.
    let mut watcher = Watcher::new(root, args.poll);
    let is_fixed = args.now.is_some() || std::env::var_os("SOURCE_DATE_EPOCH").is_some();
    let mut is_first = true;
    loop {
        watch.session.set_now(now(args.now)?);
        let due = watch.build();
        if std::mem::take(&mut is_first) && args.open {
            watch.open();
        }
        watcher.built(watch.session.look());
        if let Some(notice) = watcher.notice() {
            terminal.trouble(&format!("{notice}\n"));
        }
        watch.wait(&mut watcher, due.filter(|_| !is_fixed));
    }
}

/// A site that is built again and again.
struct Watch<'a> {
    root: &'a Path,
    editor: Editor,
    output: Output,
    session: Session,
    origin: String,
    folder: PathBuf,
    reload: Arc<Reload>,
    terminal: &'a Terminal,
    timings: bool,
    last: Last,
}

/// What was said of the build before, so that nothing is said twice.
#[derive(Default)]
struct Last {
    builds: usize,
    report: String,
    has_failed: bool,
    path: Option<String>,
}

impl Watch<'_> {
    /// Builds once, tells the tabs and the terminal. Gives the moment when the same files make another site.
    fn build(&mut self) -> Option<Timestamp> {
        let started = Instant::now();
        let result = self.session.build(&mut self.output, None);
        let took = started.elapsed();
        self.last.builds += 1;
        match result {
            Ok(report) => {
                let root = self.root.canonicalize().unwrap_or_else(|_| self.root.to_owned());
                let overlay = serve::diagnostics(&report, &root, self.editor);
                // The tabs first: the terminal and the notes for later can wait.
                self.reload.built(report.written.as_ref().zip(report.base_url.as_ref()), overlay);
                if self.timings {
                    report.timings.lines().iter().for_each(|line| self.terminal.print(line));
                }
                self.say(&report, took);
                self.remember();
                report.next_due.map(|due| due.at)
            }
            Err(error) => {
                // A full disk is no reason to stop watching: it may be the next thing that is put right.
                self.reload.built(None, Some(serve::failure(&error)));
                let text = format!("{error}{:?}", error.hint());
                if text != self.last.report {
                    self.terminal.failure(&error);
                    self.last.report = text;
                }
                self.last.has_failed = true;
                None
            }
        }
    }

    /// Notes what the next build and the next process go on from. What cannot be written, the next build finds out.
    fn remember(&mut self) {
        if let Err(error) = self.session.remember(&mut self.output)
            && self.last.report != error.to_string()
        {
            self.terminal.failure(&error);
            self.last.report = error.to_string();
        }
    }

    /// A line for each build that changed something, and what is wrong when that is not what it was.
    fn say(&mut self, report: &Report, took: Duration) {
        let text = report.render(Format::Human, false);
        if text != self.last.report {
            self.terminal.report(report, Format::Human);
            self.last.report = text;
        }
        let took = format!("{:.0} ms", took.as_secs_f64() * 1000.0);
        let had_failed = std::mem::replace(&mut self.last.has_failed, report.count(Severity::Error) > 0);
        let Some(written) = &report.written else {
            let shown = if self.last.path.is_some() { "the last good site stays" } else { "nothing to show yet" };
            self.terminal.trouble(&format!("{shown} ({took})\n"));
            return;
        };
        let path = report.base_url.as_ref().map(|base| base.path().to_owned());
        if self.last.path.is_none() {
            if let Some(left_out) = report.left_out() {
                self.terminal.say(&left_out);
            }
            self.terminal.say(&format!("{}, {} files ({took})", report.contents(), written.files));
        } else if let Some(changes) = changes(written) {
            self.terminal.say(&format!("{changes} ({took})"));
        } else if had_failed {
            self.terminal.say(&format!("all well again ({took})"));
        }
        if path != self.last.path {
            if let Some(path) = path.as_deref().filter(|path| self.last.path.is_some() || *path != "/") {
                self.terminal.print(&format!("the site is at {}{path}", self.origin));
            }
            self.last.path = path;
        }
    }

    /// Waits until the site has to be built again.
    fn wait(&mut self, watcher: &mut Watcher, due: Option<Timestamp>) {
        let was_there = self.folder.exists();
        loop {
            let until_due = due.map(|due| {
                let left = due.duration_since(Timestamp::now());
                Duration::try_from(left).unwrap_or_default().min(GLANCE)
            });
            let timeout = until_due.unwrap_or(GLANCE);
            match watcher.wait(Some(timeout)) {
                Wake::Changed(Some(touched)) => return self.session.touched(touched),
                Wake::Changed(None) => return,
                Wake::TimedOut if due.is_some_and(|due| Timestamp::now() >= due) => return,
                Wake::TimedOut => {}
            }
            // Somebody cleared the preview away.
            if was_there && !self.folder.exists() {
                return;
            }
        }
    }

    fn open(&self) {
        let path = self.last.path.as_deref().unwrap_or("/");
        let address = format!("{}{path}", self.origin);
        if let Err(error) = open::that_detached(&address) {
            self.terminal.trouble(&format!("no browser could be opened ({error}); open {address} yourself\n"));
        }
    }
}

/// "12 files changed, 1 removed: index.html, …", or nothing.
fn changes(written: &Written) -> Option<String> {
    let (changed, removed) = (written.changed.len(), written.removed.len());
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let counts = match (changed, removed) {
        (0, 0) => return None,
        (changed, 0) => format!("{changed} file{} changed", plural(changed)),
        (0, removed) => format!("{removed} file{} removed", plural(removed)),
        (changed, removed) => format!("{changed} file{} changed, {removed} removed", plural(changed)),
    };
    let mut names: Vec<&str> = written.changed.iter().chain(&written.removed).map(AsRef::as_ref).collect();
    let more = if names.len() > NAMED { ", …" } else { "" };
    // Pages say more than the feeds and lists that follow them.
    names.sort_by_key(|name| !name.ends_with(".html"));
    names.truncate(NAMED);
    Some(format!("{counts}: {}{more}", names.join(", ")))
}

/// The preview's folder, and the lock that keeps a second watch of the same site out of it: each builds with its own
/// port in its addresses, and would undo the other's work.
fn preview(root: &Path, origin: &str) -> (PathBuf, Option<File>) {
    let own = if root == Path::new(".") { PathBuf::from(".dateline") } else { root.join(".dateline") };
    // What cannot be written here, the first build says.
    let lock = || {
        fs::create_dir_all(&own)?;
        File::create(own.join("preview.lock"))?;
        // To hold it open for writing would keep the disk from being made read-only.
        File::open(own.join("preview.lock"))
    };
    let lock = lock().ok();
    let is_taken = lock.as_ref().is_some_and(|lock| matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock)));
    if is_taken {
        let port = origin.rsplit(':').next().unwrap_or_default();
        return (own.join(format!("preview-{port}")), None);
    }
    (own.join("preview"), lock)
}

fn editor() -> Editor {
    let variable = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).ok();
    Editor::guess(variable.as_deref())
}
