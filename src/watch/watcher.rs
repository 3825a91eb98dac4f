//! The watcher: `notify` rings, or a look every second does where it cannot.
//!
//! `notify` alone misses a file that is written into a folder made a moment ago, and all that happens between a folder's
//! making and its watch. So what a build saw of the files is compared with a look right after it and one a moment later;
//! when they differ, that is a wake-up too.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::{AccessKind, AccessMode, ModifyKind},
};

use crate::load::{self, Look, SOURCES, identity};

/// An editor that saves makes several events in a row; a build between them would be for nothing.
const QUIET: Duration = Duration::from_millis(10);
/// After an event that ends a write there is less to wait for: the next file of the same save.
const QUIET_WHEN_DONE: Duration = Duration::from_millis(3);
/// A stream of events that never ends must not keep the author waiting.
const AT_MOST: Duration = Duration::from_millis(100);
/// Git holds its lock while it checks files out; until then a build would see half of a branch.
const LOCK_AT_MOST: Duration = Duration::from_secs(5);
/// How long after a build the second look is taken.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// However well the system tells, it may lose an event without a word: a look at everything is taken this often, and where
/// that takes long, so seldom that it takes little of the time.
const PATROL: Duration = Duration::from_secs(5);
/// The time between such looks, in times that one took.
const PATROL_SHARE: u32 = 200;
/// How often the watched folders are looked at, in case they were replaced as a whole.
const PULSE: Duration = Duration::from_secs(1);

/// Why a wait ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Something happened to the files: to these alone, by their paths from the site's root, or to nobody knows which.
    Changed(Option<BTreeSet<String>>),
    /// Nothing did, for as long as was asked for.
    TimedOut,
}

/// Watches the sources of a site.
pub struct Watcher {
    root: PathBuf,
    /// The repository's lock files, which exist while Git works.
    locks: Vec<PathBuf>,
    mode: Mode,
    /// What the last build saw of the files.
    before: Look,
    /// What they were like right after it, until that was compared.
    after: Option<Look>,
    /// When the second look after the last build is due.
    look_again: Option<Instant>,
    /// When the next look is due though nothing was told.
    patrol: Instant,
    notice: Option<String>,
}

enum Mode {
    /// The system tells, for as long as the watcher lives.
    Events { _watcher: RecommendedWatcher, rings: Receiver<Ring>, watched: Watched },
    /// We look ourselves.
    Poll(Duration),
}

/// Something that the system told.
enum Ring {
    /// An event among the sources: which paths it names, from the site's root, where it says so, and whether the file is
    /// whole again by it.
    Event { paths: Option<Vec<String>>, is_done: bool },
    /// Events were lost, or the system is in trouble.
    Lost,
}

/// What the watches were set on: when it is another one, they have to be set anew.
#[derive(Debug, Default, PartialEq, Eq)]
struct Watched {
    roots: Vec<Option<u128>>,
    folders: u128,
    linked: Vec<PathBuf>,
}

impl Watcher {
    /// Starts to watch the site in `root`: with the system's events, or by a look every `poll`.
    pub fn new(root: &Path, poll: Option<Duration>) -> Self {
        // Events name paths without links; so do we.
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let locks = root.ancestors().map(|folder| folder.join(".git/index.lock")).collect();
        let mut watcher = Watcher {
            locks,
            mode: Mode::Poll(poll.unwrap_or(PULSE)),
            before: Look::default(),
            after: None,
            look_again: None,
            patrol: Instant::now() + PATROL,
            notice: None,
            root,
        };
        if poll.is_none() {
            watcher.watch();
        }
        watcher.before = load::look(&watcher.root);
        watcher
    }

    /// What the author should know of the watching itself, once.
    pub fn notice(&mut self) -> Option<String> {
        self.notice.take()
    }

    /// Sets every watch anew, and falls back to looking where that cannot be done.
    fn watch(&mut self) {
        let (bell, rings) = mpsc::channel();
        let look = load::look(&self.root);
        match set_watches(&self.root, &look, bell) {
            // The new watches stand before the old ones fall, so that no event gets lost between them.
            Ok(watcher) => {
                let watched = watched(&self.root, &look);
                self.mode = Mode::Events { _watcher: watcher, rings, watched };
            }
            Err(error) => self.fall_back(&error),
        }
    }

    fn fall_back(&mut self, error: &notify::Error) {
        self.mode = Mode::Poll(PULSE);
        self.notice = Some(reason_to_poll(error));
    }

    /// To be called after a build, with what it saw of the files, if it could look: what happened since must not be missed.
    pub fn built(&mut self, saw: Option<&Look>) {
        let mut look = load::look(&self.root);
        // Folders that came, went or were replaced may lack a watch, whatever the system made of it.
        if let Mode::Events { watched: set_on, .. } = &self.mode
            && *set_on != watched(&self.root, &look)
        {
            self.watch();
            look = load::look(&self.root);
        }
        // Where the build could not look, nothing is known to be other than what it would have seen.
        self.before = saw.unwrap_or(&look).clone();
        self.after = Some(look);
        self.look_again = Some(Instant::now() + LOOK_AGAIN);
    }

    /// Whether the files are no longer as the last build saw them.
    fn differs(&mut self) -> bool {
        let started = Instant::now();
        let look = load::look(&self.root);
        self.patrol = Instant::now() + PATROL.max(started.elapsed() * PATROL_SHARE);
        look != self.before
    }

    /// Waits for the next change, at most for `timeout`. Returns when the files have come to rest.
    pub fn wait(&mut self, timeout: Option<Duration>) -> Wake {
        let end = timeout.map(|timeout| Instant::now() + timeout);
        // The first look: what happened during the build.
        if self.after.take().is_some_and(|after| after != self.before) {
            return self.settle();
        }
        loop {
            let now = Instant::now();
            if end.is_some_and(|end| now >= end) {
                return Wake::TimedOut;
            }
            let is_due = self.look_again.is_some_and(|at| now >= at);
            if is_due || now >= self.patrol {
                self.look_again = None;
                if self.differs() {
                    return self.settle();
                }
            }
            let pulse = match &self.mode {
                Mode::Events { .. } => PULSE,
                Mode::Poll(every) => *every,
            };
            let until = [end, self.look_again].into_iter().flatten().min();
            let pause = until.map_or(pulse, |until| until.saturating_duration_since(now).min(pulse));
            match &self.mode {
                Mode::Events { rings, watched: set_on, .. } => match rings.recv_timeout(pause) {
                    Ok(Ring::Event { paths, is_done }) => return self.settle_after(paths, is_done),
                    // Lost events are no change yet; a look tells.
                    Ok(Ring::Lost) => {
                        if self.differs() {
                            return self.settle();
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => {
                        if set_on.roots != identities(&self.root) {
                            self.watch();
                            if self.differs() {
                                return self.settle();
                            }
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => self.watch(),
                },
                Mode::Poll(_) => {
                    std::thread::sleep(pause);
                    if self.differs() {
                        return self.settle();
                    }
                }
            }
        }
    }

    /// Waits until the files are at rest.
    fn settle(&mut self) -> Wake {
        self.settle_after(None, false)
    }

    fn settle_after(&mut self, paths: Option<Vec<String>>, mut is_done: bool) -> Wake {
        let started = Instant::now();
        let mut seen = None;
        let mut touched: Option<BTreeSet<String>> = paths.map(BTreeSet::from_iter);
        loop {
            let pause = if is_done { QUIET_WHEN_DONE } else { QUIET };
            let is_quiet = match &self.mode {
                Mode::Events { rings, .. } => {
                    let mut next = rings.recv_timeout(pause).ok();
                    let is_quiet = next.is_none();
                    while let Some(ring) = next {
                        (is_done, touched) = match ring {
                            Ring::Event { paths, is_done } => (
                                is_done,
                                touched.zip(paths).map(|(mut touched, paths)| {
                                    touched.extend(paths);
                                    touched
                                }),
                            ),
                            Ring::Lost => (false, None),
                        };
                        next = rings.try_recv().ok();
                    }
                    is_quiet
                }
                Mode::Poll(_) => {
                    std::thread::sleep(pause);
                    let look = Some(load::look(&self.root));
                    std::mem::replace(&mut seen, look.clone()) == look
                }
            };
            let is_locked = self.is_locked() && started.elapsed() < LOCK_AT_MOST;
            if !is_locked && (is_quiet || started.elapsed() >= AT_MOST) {
                break;
            }
        }
        Wake::Changed(touched)
    }

    /// Whether Git is at work. A lock that was left behind long ago says nothing.
    fn is_locked(&self) -> bool {
        self.locks.iter().any(|lock| {
            let age = lock.metadata().and_then(|metadata| metadata.modified()).ok().map(|time| time.elapsed());
            age.is_some_and(|age| age.is_ok_and(|age| age < LOCK_AT_MOST))
        })
    }
}

/// The folders at the top of the site, each told from another that took its place.
fn identities(root: &Path) -> Vec<Option<u128>> {
    let sources = SOURCES.iter().filter(|source| !source.ends_with(".toml")).map(|source| root.join(source));
    std::iter::once(root.to_owned())
        .chain(sources)
        .map(|path| path.metadata().ok().map(|metadata| identity(&metadata)))
        .collect()
}

fn watched(root: &Path, look: &Look) -> Watched {
    Watched { roots: identities(root), folders: look.folders, linked: look.linked.clone() }
}

/// Watches the root by itself, for `site.toml` and for folders that appear later, and the folders with all below them.
/// The rest of the root (`public/`, `.dateline/`, `.git/`, `target/`) costs no watch.
fn set_watches(root: &Path, look: &Look, bell: Sender<Ring>) -> notify::Result<RecommendedWatcher> {
    let at = root.to_owned();
    let outside = linked(root, look);
    let by_link = outside.clone();
    // A link could lead over the whole disk; what the site's own links lead to is watched by name.
    let config = notify::Config::default().with_follow_symlinks(false);
    let on_event = move |event: notify::Result<Event>| {
        if let Some(ring) = ring(&at, &by_link, &event) {
            // Nobody listens when the watches are being replaced; the new ones ring for themselves.
            let _ = bell.send(ring);
        }
    };
    let mut watcher = RecommendedWatcher::new(on_event, config)?;
    let folders = SOURCES.iter().map(|source| root.join(source)).filter(|path| path.is_dir());
    let mut paths: Vec<(PathBuf, RecursiveMode)> = vec![(root.to_owned(), RecursiveMode::NonRecursive)];
    paths.extend(folders.map(|path| (path, RecursiveMode::Recursive)));
    for path in outside {
        match path.parent() {
            // A file's folder: a file that is saved by a rename takes a watch of its own away with it.
            Some(parent) if !path.is_dir() => paths.push((parent.to_owned(), RecursiveMode::NonRecursive)),
            _ => paths.push((path, RecursiveMode::Recursive)),
        }
    }
    for (path, mode) in paths {
        match watcher.watch(&path, mode) {
            // It went while we came: the next pulse sees to it.
            Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
            Err(error) if is_absent(&error) => {}
            result => result?,
        }
    }
    Ok(watcher)
}

/// What links lead to that lies beside the sources.
fn linked(root: &Path, look: &Look) -> Vec<PathBuf> {
    look.linked.iter().filter(|path| !is_source(root, path)).cloned().collect()
}

/// Whether a path lies among the sources, by itself.
fn is_source(root: &Path, path: &Path) -> bool {
    let first = path.strip_prefix(root).ok().and_then(|below| below.components().next());
    first.is_some_and(|first| SOURCES.iter().any(|source| first.as_os_str() == *source))
}

fn is_absent(error: &notify::Error) -> bool {
    matches!(&error.kind, notify::ErrorKind::Io(cause) if cause.kind() == std::io::ErrorKind::NotFound)
}

/// Whether an event is about the sources. Reading them is none: every build does that. Nor is what happens beside them:
/// builds write there.
fn ring(root: &Path, linked: &[PathBuf], event: &notify::Result<Event>) -> Option<Ring> {
    let Ok(event) = event else { return Some(Ring::Lost) };
    if event.need_rescan() {
        return Some(Ring::Lost);
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
        EventKind::Access(_) => return None,
        _ => {}
    }
    let is_ours = |path: &PathBuf| is_source(root, path) || linked.iter().any(|linked| path.starts_with(linked));
    // A rename puts a whole file in its place, and to close one ends its writing.
    let is_done = matches!(event.kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Name(_)));
    let below = |path: &PathBuf| path.strip_prefix(root).ok()?.to_str().map(|path| path.replace('\\', "/"));
    let paths = event.paths.iter().filter(|path| is_ours(path)).map(below).collect();
    event.paths.iter().any(is_ours).then_some(Ring::Event { paths, is_done })
}

fn reason_to_poll(error: &notify::Error) -> String {
    // 24 is EMFILE on every Unix: no more watching programs for this user.
    let too_many = match &error.kind {
        notify::ErrorKind::MaxFilesWatch => Some("fs.inotify.max_user_watches=524288"),
        notify::ErrorKind::Io(cause) if cause.raw_os_error() == Some(24) => Some("fs.inotify.max_user_instances=1024"),
        _ => None,
    };
    match too_many {
        Some(setting) => format!(
            "the system's limit of watched folders is reached, so the files are looked at once a second; to raise it: \
             `sudo sysctl {setting}`"
        ),
        None => format!(
            "the system cannot watch these files ({error}), so they are looked at once a second; `--poll` does so \
             without this message"
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use notify::event::{CreateKind, Flag};

    use super::*;

    fn rings(path: &str, kind: EventKind) -> bool {
        let linked = [PathBuf::from("/site/shared")];
        ring(Path::new("/site"), &linked, &Ok(Event::new(kind).add_path(PathBuf::from(path)))).is_some()
    }

    #[test]
    fn only_the_sources_ring() {
        let created = EventKind::Create(CreateKind::Any);
        assert!(rings("/site/site.toml", created));
        assert!(rings("/site/content", created));
        assert!(rings("/site/themes/mine/theme.toml", EventKind::Modify(ModifyKind::Any)));
        assert!(!rings("/site/public", created));
        assert!(!rings("/site/.dateline", created));
        assert!(!rings("/site", EventKind::Modify(ModifyKind::Any)));
        assert!(rings("/site/shared/a.md", created));
        assert!(!rings("/site/elsewhere/a.md", created));
    }

    #[test]
    fn to_read_a_file_is_no_event() {
        assert!(!rings("/site/site.toml", EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(rings("/site/site.toml", EventKind::Access(AccessKind::Close(AccessMode::Write))));
    }

    #[test]
    fn lost_events_ask_for_a_look() {
        let overflow = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(matches!(ring(Path::new("/site"), &[], &Ok(overflow)), Some(Ring::Lost)));
        let failed = Err(notify::Error::generic("queue"));
        assert!(matches!(ring(Path::new("/site"), &[], &failed), Some(Ring::Lost)));
    }

    #[test]
    fn events_that_were_lost_wake_when_files_differ() {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("content")).unwrap();
        let mut watcher = Watcher::new(site.path(), None);
        // Deaf to the system from here on.
        let (bell, deaf) = mpsc::channel();
        if let Mode::Events { rings, .. } = &mut watcher.mode {
            *rings = deaf;
        }
        bell.send(Ring::Lost).unwrap();
        assert_eq!(watcher.wait(Some(Duration::from_millis(30))), Wake::TimedOut);
        fs::write(site.path().join("content/a.md"), "").unwrap();
        bell.send(Ring::Lost).unwrap();
        assert_eq!(watcher.wait(Some(Duration::from_secs(20))), Wake::Changed(None));
    }

    #[test]
    fn what_happened_during_a_build_wakes_without_an_event() {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("content")).unwrap();
        let mut watcher = Watcher::new(site.path(), None);
        let (_bell, deaf) = mpsc::channel();
        if let Mode::Events { rings, .. } = &mut watcher.mode {
            *rings = deaf;
        }
        let look = || load::look(site.path());
        let saw = look();
        fs::write(site.path().join("content/a.md"), "").unwrap();
        watcher.built(Some(&saw));
        assert_eq!(watcher.wait(Some(Duration::from_secs(20))), Wake::Changed(None));
        watcher.built(Some(&look()));
        fs::write(site.path().join("content/b.md"), "").unwrap();
        assert_eq!(watcher.wait(Some(Duration::from_secs(20))), Wake::Changed(None));
        watcher.built(Some(&look()));
        assert_eq!(watcher.wait(Some(Duration::from_millis(30))), Wake::TimedOut);
    }

    #[test]
    fn the_limits_of_the_system_have_a_way_out() {
        let text = reason_to_poll(&notify::Error::new(notify::ErrorKind::MaxFilesWatch));
        assert!(text.contains("sysctl fs.inotify.max_user_watches"), "{text}");
        let text = reason_to_poll(&notify::Error::io(std::io::Error::from_raw_os_error(24)));
        assert!(text.contains("sysctl fs.inotify.max_user_instances"), "{text}");
    }

    #[test]
    fn when_the_limit_is_reached_a_look_takes_the_place_of_events() {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("content")).unwrap();
        let mut watcher = Watcher::new(site.path(), None);
        watcher.fall_back(&notify::Error::new(notify::ErrorKind::MaxFilesWatch));
        assert!(watcher.notice().is_some_and(|notice| notice.contains("limit")));
        assert_eq!(watcher.notice(), None);
        fs::write(site.path().join("content/a.md"), "").unwrap();
        assert_eq!(watcher.wait(Some(Duration::from_secs(20))), Wake::Changed(None));
    }
}
