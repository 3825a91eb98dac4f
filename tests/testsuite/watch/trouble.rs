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
    let watch = Watch::start(&site);
    fs::remove_dir_all(site.path(".dateline")).expect("removed");
    site.edit(FIRST_FILE, "The text of first", "Written anew");
    watch.shows(FIRST, "Written anew");
    watch.shows(SECOND, "The text of second");
    // A file where a folder must be: as good as a disk that cannot be written, also for an administrator.
    fs::remove_dir_all(site.path(".dateline")).expect("removed");
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
    drop(watch);
    // What was interrupted so often is the same as what never was.
    let fresh = site_like(&site);
    let watch = Watch::run(&fresh, &format!("watch --port {port} --strict-port"));
    watch.shows(SECOND, "Round 5");
    let strip = |site: &Site| read_all(&site.path(".dateline/preview"));
    assert!(strip(&site) == strip(&fresh), "the interrupted preview differs from a fresh one");
    assert!(!site.path(".dateline/.preview.staging").exists());
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

#[cfg(target_os = "linux")]
#[test]
fn where_the_system_has_no_watch_left_the_files_are_looked_at() {
    let site = site();
    // A program that may open no more files than it must cannot have a watcher.
    let limit = "/proc/sys/user/max_inotify_instances";
    let Some(mut child) = without_watches(&site) else {
        crate::site_test::has_tool(&format!("a namespace of its own, to set {limit} in"), false);
        return;
    };
    let mut output = String::new();
    use std::io::{BufRead as _, BufReader};
    for line in BufReader::new(child.stderr.take().expect("its messages")).lines().map_while(Result::ok) {
        output.push_str(&line);
        if output.contains("sysctl") {
            break;
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    assert!(output.contains("looked at once a second"), "{output}");
}

/// Runs the program in a user namespace where no watcher may be made; `None` where namespaces are not allowed.
#[cfg(target_os = "linux")]
fn without_watches(site: &Site) -> Option<std::process::Child> {
    use std::process::{Command, Stdio};
    let program = env!("CARGO_BIN_EXE_dateline");
    let script = format!("echo 0 > /proc/sys/user/max_inotify_instances && exec {program} watch --port 0");
    let is_allowed = Command::new("unshare")
        .args(["--user", "--map-root-user", "sh", "-c", "echo 0 > /proc/sys/user/max_inotify_instances"])
        .output()
        .is_ok_and(|output| output.status.success());
    is_allowed.then(|| {
        Command::new("unshare")
            .args(["--user", "--map-root-user", "sh", "-c", &script])
            .current_dir(site.root())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    })
}
