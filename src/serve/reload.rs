//! What happened to the site while tabs were open, by revisions.
//!
//! The revision grows with every build that changed something a tab can see. A page carries the one it was served at, and
//! each tab says the last one it knows: so a tab that slept, missed an event or was away learns all it missed at once.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Mutex,
};

use percent_encoding::percent_decode_str;
use serde::Serialize;
use tokio::sync::watch;

use crate::{config::BaseUrl, write::Written};

/// Builds that are remembered; a tab that was away for longer reloads.
const BUILDS: usize = 100;
/// Paths that are remembered in all of them.
const PATHS: usize = 200_000;
/// More changed style sheets and pictures than this are not worth naming.
const FILES: usize = 500;

/// What the server knows of the site.
#[derive(Debug)]
pub struct Reload {
    state: Mutex<State>,
    bell: watch::Sender<u64>,
}

#[derive(Debug)]
struct State {
    revision: u64,
    builds: u64,
    /// The path that the site lies under; `None` before the first good build.
    base: Option<String>,
    error: Option<String>,
    log: VecDeque<Change>,
}

#[derive(Debug)]
struct Change {
    revision: u64,
    /// Outputs that are new, differ, or are gone.
    paths: BTreeSet<String>,
}

/// A tab, as it describes itself.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    /// The path in its address bar, percent-encoded.
    pub path: String,
    /// The site's path when its page was served; empty in the page that stands in until the first good build.
    pub base: String,
    /// Whether it shows the page for what is not there.
    pub is_missing: bool,
}

/// What a tab is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The revision that this brings the tab to.
    pub revision: u64,
    /// Show this over the page; nothing: take away what is shown.
    pub error: Option<String>,
    /// The page changed.
    pub reload: bool,
    /// The site lies under another path now: the tab's page is there.
    pub go: Option<String>,
    /// Changed files that are no pages, by their paths in the address bar: the tab may use some of them.
    pub files: Vec<String>,
}

/// How things stand, for programs.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The revision.
    pub revision: u64,
    /// How many builds there were.
    pub builds: u64,
    /// Whether a good build is being served.
    pub ready: bool,
    /// Whether the last build failed.
    pub failed: bool,
}

impl Reload {
    /// Starts at a revision. One that is higher than any that an earlier run can have reached (such as the time) makes
    /// the tabs of that run reload.
    pub fn new(revision: u64) -> Self {
        let state = State { revision, builds: 0, base: None, error: None, log: VecDeque::new() };
        Reload { state: Mutex::new(state), bell: watch::Sender::new(revision) }
    }

    /// Takes in a build: what it wrote and under which address, or the page to lay over the last good one.
    pub fn built(&self, written: Option<(&Written, &BaseUrl)>, error: Option<String>) {
        let mut state = self.state();
        state.builds += 1;
        let mut has_news = state.error != error;
        state.error = error;
        let mut paths = BTreeSet::new();
        if let Some((written, base)) = written {
            paths.extend(written.changed.iter().chain(&written.removed).map(|path| path.to_string()));
            if state.base.as_deref() != Some(base.path()) {
                state.base = Some(base.path().to_owned());
                has_news = true;
            }
        }
        if !has_news && paths.is_empty() {
            return;
        }
        state.revision += 1;
        let revision = state.revision;
        state.log.push_back(Change { revision, paths });
        while state.log.len() > BUILDS || state.log.iter().map(|change| change.paths.len()).sum::<usize>() > PATHS {
            state.log.pop_front();
        }
        drop(state);
        self.bell.send_replace(revision);
    }

    /// Rings with every revision.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// The revision, and the path that the site lies under, once there is a good build.
    pub fn now(&self) -> (u64, Option<String>) {
        let state = self.state();
        (state.revision, state.base.clone())
    }

    /// What is wrong now.
    pub fn error(&self) -> Option<String> {
        self.state().error.clone()
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        let state = self.state();
        Status {
            revision: state.revision,
            builds: state.builds,
            ready: state.base.is_some(),
            failed: state.error.is_some(),
        }
    }

    /// All that a tab missed since the revision that it knows.
    pub fn tell(&self, since: u64, tab: &Tab) -> Told {
        let state = self.state();
        let mut told = Told { revision: state.revision, error: state.error.clone(), ..Told::default() };
        // Before the first good build a tab keeps what it has: a page of an earlier run, or that which stands in.
        let Some(base) = state.base.clone() else { return told };
        if tab.base.is_empty() {
            told.reload = tab.path.starts_with(&base);
            told.go = if told.reload { None } else { Some(base) };
            return told;
        }
        if tab.base != base {
            let below = tab.path.strip_prefix(&tab.base).unwrap_or_default();
            // `//host` at the start of an address would be another host.
            told.go = Some(format!("{base}{}", below.trim_start_matches('/')));
            return told;
        }
        if since == state.revision {
            return told;
        }
        let oldest = state.log.front().map_or(state.revision + 1, |change| change.revision);
        if since > state.revision || since + 1 < oldest {
            told.reload = true;
            return told;
        }
        let missed = || state.log.iter().filter(|change| change.revision > since);
        let mut shown = outputs(&base, &tab.path);
        if tab.is_missing {
            shown.push("404.html".to_owned());
        }
        told.reload = missed().any(|change| shown.iter().any(|output| change.paths.contains(output)));
        let files: BTreeSet<&String> =
            missed().flat_map(|change| &change.paths).filter(|path| is_part_of_pages(path)).collect();
        if files.len() > FILES {
            told.reload = true;
        } else if !told.reload {
            told.files = files.into_iter().map(|path| format!("{base}{}", encoded(path))).collect();
        }
        told
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic while it was held left nothing half done: every change is of one field.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The outputs that an address may show, in the order in which the server tries them.
pub fn outputs(base: &str, path: &str) -> Vec<String> {
    let Some(below) = path.strip_prefix(base) else { return Vec::new() };
    let Ok(below) = percent_decode_str(below).decode_utf8() else { return Vec::new() };
    if below.is_empty() || below.ends_with('/') {
        return vec![format!("{below}index.html")];
    }
    // GitHub Pages shows `about.html` at `/about` too.
    vec![below.clone().into_owned(), format!("{below}.html"), format!("{below}/index.html")]
}

/// Whether a page may load it: all but pages, feeds and lists for robots.
fn is_part_of_pages(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    !matches!(extension, "html" | "htm" | "xml" | "atom" | "rss" | "txt")
}

/// A path as `location.pathname` would show it.
fn encoded(path: &str) -> String {
    url::Url::parse("http://localhost/")
        .map(|mut url| {
            url.set_path(path);
            url.path().trim_start_matches('/').to_owned()
        })
        .unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn written(changed: &[&str], removed: &[&str]) -> Written {
        let own = |paths: &[&str]| paths.iter().map(|path| Arc::from(*path)).collect();
        Written { changed: own(changed), removed: own(removed), ..Written::default() }
    }

    fn base(path: &str) -> BaseUrl {
        BaseUrl::parse(&format!("http://localhost:8000{path}")).unwrap()
    }

    fn tab(path: &str) -> Tab {
        Tab { path: path.to_owned(), base: "/repo/".to_owned(), is_missing: false }
    }

    fn site() -> Reload {
        let reload = Reload::new(10);
        reload.built(Some((&written(&["index.html"], &[]), &base("/repo/"))), None);
        reload
    }

    fn build(reload: &Reload, changed: &[&str], removed: &[&str]) {
        reload.built(Some((&written(changed, removed), &base("/repo/"))), None);
    }

    #[test]
    fn nothing_changed_is_no_revision() {
        let site = site();
        let before = site.now();
        build(&site, &[], &[]);
        assert_eq!(site.now(), before);
        assert_eq!(site.status().builds, 2);
    }

    #[test]
    fn only_the_tab_that_shows_a_changed_page_reloads() {
        let site = site();
        let since = site.now().0;
        build(&site, &["a/index.html"], &["gone/index.html"]);
        assert!(site.tell(since, &tab("/repo/a/")).reload);
        assert!(site.tell(since, &tab("/repo/gone/")).reload);
        assert!(site.tell(since, &tab("/repo/a/index.html")).reload);
        assert!(!site.tell(since, &tab("/repo/b/")).reload);
        assert!(!site.tell(since + 1, &tab("/repo/a/")).reload);
    }

    #[test]
    fn a_tab_that_slept_learns_all_it_missed() {
        let site = site();
        let since = site.now().0;
        build(&site, &["a/index.html"], &[]);
        build(&site, &["style.css", "feed.atom"], &[]);
        build(&site, &["b/index.html"], &[]);
        let told = site.tell(since, &tab("/repo/a/"));
        assert!(told.reload);
        let told = site.tell(since, &tab("/repo/c/"));
        assert_eq!((told.reload, told.files, told.revision), (false, vec!["/repo/style.css".to_owned()], since + 3));
    }

    #[test]
    fn a_tab_of_an_earlier_run_or_one_that_was_away_for_long_reloads() {
        let site = site();
        assert!(site.tell(5, &tab("/repo/")).reload);
        assert!(site.tell(99, &tab("/repo/")).reload);
        let since = site.now().0;
        for _ in 0..=BUILDS {
            build(&site, &["a/index.html"], &[]);
        }
        assert!(site.tell(since, &tab("/repo/b/")).reload);
    }

    #[test]
    fn a_page_that_was_missing_follows_its_own_path_and_the_page_for_missing_ones() {
        let site = site();
        let since = site.now().0;
        let missing = Tab { is_missing: true, ..tab("/repo/new/") };
        build(&site, &["404.html"], &[]);
        assert!(site.tell(since, &missing).reload);
        assert!(!site.tell(since, &tab("/repo/new/")).reload);
        build(&site, &["new/index.html"], &[]);
        assert!(site.tell(since + 1, &missing).reload);
    }

    #[test]
    fn an_error_comes_and_goes_without_a_reload() {
        let site = site();
        let since = site.now().0;
        site.built(None, Some("<pre>".to_owned()));
        let told = site.tell(since, &tab("/repo/"));
        assert_eq!((told.reload, told.error.as_deref()), (false, Some("<pre>")));
        build(&site, &[], &[]);
        let told = site.tell(told.revision, &tab("/repo/"));
        assert_eq!((told.reload, told.error), (false, None));
    }

    #[test]
    fn a_tab_follows_the_site_to_another_path() {
        let site = site();
        let since = site.now().0;
        site.built(Some((&written(&["index.html"], &[]), &base("/other/"))), None);
        assert_eq!(site.tell(since, &tab("/repo/a/b/")).go.as_deref(), Some("/other/a/b/"));
        let odd = Tab { base: "/".to_owned(), ..tab("///evil.example/") };
        assert_eq!(site.tell(since, &odd).go.as_deref(), Some("/other/evil.example/"));
    }

    #[test]
    fn the_page_that_stands_in_waits_for_the_first_good_build() {
        let site = Reload::new(10);
        site.built(None, Some("broken".to_owned()));
        let standing_in = Tab { path: "/repo/a/".to_owned(), ..Tab::default() };
        let told = site.tell(10, &standing_in);
        assert_eq!((told.reload, told.go, told.error.as_deref()), (false, None, Some("broken")));
        assert_eq!(site.tell(3, &tab("/repo/a/")).go, None);
        build(&site, &["index.html"], &[]);
        assert!(site.tell(told.revision, &standing_in).reload);
        let at_root = Tab { path: "/".to_owned(), ..Tab::default() };
        assert_eq!(site.tell(told.revision, &at_root).go.as_deref(), Some("/repo/"));
    }

    #[test]
    fn names_are_as_the_address_bar_shows_them() {
        let site = site();
        let since = site.now().0;
        build(&site, &["bilder/größe 1.svg", "żółw/index.html"], &[]);
        let told = site.tell(since, &tab("/repo/"));
        assert_eq!(told.files, ["/repo/bilder/gr%C3%B6%C3%9Fe%201.svg"]);
        assert!(site.tell(since, &tab("/repo/%C5%BC%C3%B3%C5%82w/")).reload);
    }
}
