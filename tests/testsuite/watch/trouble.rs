//! Sites and machines in trouble: watching goes on.

use std::fs;

use super::{FIRST, FIRST_FILE, SECOND, SECOND_FILE, article, harness::Watch, site};
use crate::site_test::{Site, read_all};

#[test]
fn an_error_at_the_start_still_starts_the_server() {
    let site = site().file("content/articles/bad.md", "+++\ntitel = \"x\"\n+++\n");
    let watch = Watch::unready(&site, "");
    watch.has_failed(true);
    let page = watch.get(FIRST);
    assert_eq!(page.status, 503);
    assert!(page.text().contains("titel"), "{}", page.text());
    let tab = watch.tab(FIRST);
    assert!(tab.last()["error"].as_str().is_some_and(|error| error.contains("titel")));
    site.remove("content/articles/bad.md");
    tab.reloads();
    watch.shows(FIRST, "The text of first");
}

#[test]
fn a_folder_without_a_site_becomes_one() {
    let site = Site::empty();
    let watch = Watch::unready(&site, "");
    watch.says("there is no `site.toml` here");
    site.write("content/articles/first.md", article(21, "About first", "Words").replace("[\"talks\"]", "[]"));
    site.write("site.toml", "title = \"New\"\nbase_url = \"https://new.example/\"\n");
    watch.shows("/2022/01/21/first/", "Words");
}

#[test]
fn a_template_with_an_error_and_the_fix() {
    let site = site().file("themes/broadsheet/templates/404.html", "<body>one</body>");
    let watch = Watch::start(&site);
    let tab = watch.tab("/repo/none/");
    site.write("themes/broadsheet/templates/404.html", "<body>{{ page.titel }}</body>");
    watch.has_failed(true);
    super::harness::eventually("the error", || tab.last()["error"].is_string());
    assert!(tab.last()["error"].as_str().is_some_and(|error| error.contains("404.html:1:")), "{:?}", tab.last());
    assert!(watch.get("/repo/none/").text().contains("one"), "the last good page stays");
    site.write("themes/broadsheet/templates/404.html", "<body>two</body>");
    watch.has_failed(false);
    tab.reloads();
    assert!(watch.get("/repo/none/").text().contains("two"));
}

#[test]
fn settings_changed_broken_removed_and_back() {
    let site = site();
    let watch = Watch::start(&site);
    let settings = site.read("site.toml");
    site.edit("site.toml", "The Test", "Another Name");
    watch.shows(FIRST, "Another Name");
    site.write("site.toml", "title = \"The");
    watch.has_failed(true);
    assert!(watch.get(FIRST).text().contains("Another Name"));
    site.remove("site.toml");
    watch.says("there is no `site.toml` here");
    assert!(watch.get(FIRST).text().contains("Another Name"));
    site.write("site.toml", &settings);
    watch.shows(FIRST, "The Test");
    watch.has_failed(false);
}

#[test]
fn the_theme_is_switched() {
    let site = site()
        .file("themes/plain/theme.toml", "name = \"plain\"\n")
        .file("themes/plain/templates/404.html", "<body>Plain and missing</body>");
    let watch = Watch::start(&site);
    let settings = site.read("site.toml");
    site.write("site.toml", format!("theme = \"plain\"\n{settings}"));
    watch.shows("/repo/404.html", "Plain and missing");
    site.write("themes/plain/templates/404.html", "<body>Plain and changed</body>");
    watch.shows("/repo/404.html", "Plain and changed");
    site.write("site.toml", format!("theme = \"none\"\n{settings}"));
    watch.has_failed(true);
    site.write("site.toml", &settings);
    watch.hides("/repo/404.html", "Plain");
}

#[test]
fn a_machine_that_fails_is_shown_and_watching_goes_on() {
    let site = site();
    let watch = Watch::start(&site);
    let tab = watch.tab(FIRST);
    // A file that Dateline did not write stands where a page has to go.
    site.write(".dateline/preview/2022/01/23/third/index.html", "mine");
    site.write("content/articles/third.md", article(23, "Third", "There now"));
    watch.has_failed(true);
    super::harness::eventually("the failure", || tab.last()["error"].is_string());
    assert!(tab.last()["error"].as_str().is_some_and(|error| error.contains("did not write")));
    watch.says("which Dateline did not write");
    site.remove(".dateline/preview/2022/01/23/third/index.html");
    site.write("content/articles/third.md", article(23, "Third", "There at last"));
    watch.shows("/repo/2022/01/23/third/", "There at last");
    watch.has_failed(false);
    super::harness::eventually("no failure", || tab.last()["error"].is_null());
}

#[test]
fn the_preview_is_cleared_away_or_cannot_be_written() {
    let site = site();
    // The notes that a build makes for the next one may be just being written.
    let clear_away = || {
        super::harness::eventually("it is cleared away", || {
            let _ = fs::remove_dir_all(site.path(".dateline"));
            !site.path(".dateline").exists()
        });
    };
    let watch = Watch::start(&site);
    clear_away();
    site.edit(FIRST_FILE, "The text of first", "Written anew");
    watch.shows(FIRST, "Written anew");
    watch.shows(SECOND, "The text of second");
    // A file where a folder must be: as good as a disk that cannot be written, also for an administrator.
    clear_away();
    site.write(".dateline", "in the way");
    site.edit(FIRST_FILE, "Written anew", "Not to be written");
    watch.has_failed(true);
    site.remove(".dateline");
    site.edit(FIRST_FILE, "Not to be written", "To be written");
    watch.shows(FIRST, "To be written");
    watch.has_failed(false);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_at_once_also_in_the_middle_of_a_write() {
    let site = site();
    for number in 0..200 {
        site.write(&format!("content/articles/many/a{number}.md"), article(7, &format!("Many {number}"), "Text"));
    }
    let settings = site.read("site.toml");
    // A port of its own: with another one every page would differ.
    let mut watch = Watch::start(&site);
    let port = watch.port;
    for (round, pause) in [0, 20, 60, 120, 200, 350].into_iter().enumerate() {
        site.write("site.toml", settings.replace("The Test", &format!("Round {round}")));
        std::thread::sleep(std::time::Duration::from_millis(pause));
        watch.signal("INT");
        super::harness::eventually("the end", || watch.child.try_wait().expect("a status").is_some());
        drop(watch);
        watch = Watch::run(&site, &format!("watch --port {port} --strict-port"));
        watch.shows(FIRST, &format!("Round {round}"));
        watch.shows("/repo/2022/01/07/a199/", &format!("Round {round}"));
        watch.has_failed(false);
    }
    super::harness::eventually("all is put away", || !site.path(".dateline/.preview.staging").exists());
    drop(watch);
    // What was interrupted so often is the same as what never was.
    let fresh = site_like(&site);
    let watch = Watch::run(&fresh, &format!("watch --port {port} --strict-port"));
    watch.shows(SECOND, "Round 5");
    let strip = |site: &Site| read_all(&site.path(".dateline/preview"));
    assert!(strip(&site) == strip(&fresh), "the interrupted preview differs from a fresh one");
    assert!(site.path(SECOND_FILE).exists());
}

#[cfg(unix)]
fn site_like(site: &Site) -> Site {
    let fresh = Site::empty();
    for part in ["site.toml", "content"] {
        crate::site_test::copy(&site.path(part), &fresh.path(part));
    }
    fresh
}

/// Runs the program in namespaces of its own, where a test may set limits and mount disks: `before` is run there first,
/// and each line of standard input after. `None`, with a word on standard error, where the system does not allow it.
#[cfg(target_os = "linux")]
fn in_its_own_world(site: &Site, before: &str) -> Option<Watch> {
    use std::process::Command;
    let program = env!("CARGO_BIN_EXE_dateline");
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script]);
        command.current_dir(site.root());
        command
    };
    fs::create_dir_all(site.path(".dateline")).expect("a folder");
    if !unshare(before).output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: this test needs namespaces of its own, which this system does not allow");
        return None;
    }
    let script = format!("{before}; {program} watch --port 0 & while read line; do eval \"$line\"; done");
    Some(Watch::spawn(unshare(&script)))
}

#[cfg(target_os = "linux")]
#[test]
fn where_the_system_has_no_watch_left_the_files_are_looked_at() {
    for (limit, least) in [("max_inotify_instances", 0), ("max_inotify_watches", 3)] {
        let site = site();
        let Some(watch) = in_its_own_world(&site, &format!("echo {least} > /proc/sys/user/{limit}")) else { return };
        watch.says("looked at once a second");
        watch.says("sudo sysctl fs.inotify.max_user_");
        site.edit(FIRST_FILE, "The text of first", "Seen all the same");
        watch.shows(FIRST, "Seen all the same");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_a_read_only_one() {
    use std::io::Write as _;
    let site = site();
    let disk = site.path(".dateline").display().to_string();
    let Some(mut watch) = in_its_own_world(&site, &format!("mount -t tmpfs -o size=2m none {disk}")) else { return };
    watch.shows(FIRST, "The text of first");
    let tab = watch.tab(FIRST);
    site.write("static/large.bin", vec![7; 4 << 20]);
    watch.has_failed(true);
    watch.says("No space left on device");
    super::harness::eventually("the failure", || tab.last()["error"].is_string());
    assert!(watch.get(FIRST).text().contains("The text of first"), "the last good page stays");
    site.remove("static/large.bin");
    site.edit(FIRST_FILE, "The text of first", "There is room again");
    watch.shows(FIRST, "There is room again");
    watch.has_failed(false);

    let mut input = watch.child.stdin.take().expect("its input");
    let mut run = |line: &str| writeln!(input, "{line}; touch done").expect("a shell that listens");
    run(&format!("mount -o remount,ro {disk}"));
    super::harness::eventually("it is read-only", || site.path("done").exists());
    site.remove("done");
    site.edit(FIRST_FILE, "There is room again", "Nowhere to write");
    watch.has_failed(true);
    watch.says("Read-only file system");
    run(&format!("mount -o remount,rw {disk}"));
    super::harness::eventually("it can be written", || site.path("done").exists());
    site.edit(FIRST_FILE, "Nowhere to write", "Written at last");
    watch.shows(FIRST, "Written at last");
    watch.has_failed(false);
}

#[cfg(target_os = "linux")]
#[test]
fn a_queue_that_overflows_loses_no_edit() {
    let most = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").expect("a number");
    let most: usize = most.trim().parse().expect("a number");
    let site = site();
    let watch = Watch::start(&site);
    site.write("content/articles/2022/01/first.md~", "backup");
    watch.signal("STOP");
    // While nobody takes them, events pile up until there is no room for the one that counts.
    for number in 0..=most {
        let (from, to) = (format!("first.md{}~", number % 2), format!("first.md{}~", (number + 1) % 2));
        if number == 0 {
            site.write(&format!("content/articles/2022/01/{from}"), "backup");
        }
        let at = |name: &str| site.path("content/articles/2022/01").join(name);
        fs::rename(at(&from), at(&to)).expect("a rename");
    }
    site.write(SECOND_FILE, article(22, "About second", "Told by no event"));
    watch.signal("CONT");
    watch.shows(SECOND, "Told by no event");
    site.edit(FIRST_FILE, "The text of first", "Still watched");
    watch.shows(FIRST, "Still watched");
}
