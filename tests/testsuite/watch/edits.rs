//! What wakes a build: each way in which programs change files.

use std::{fs, thread, time::Duration};

use super::{
    FIRST, FIRST_FILE, SECOND, SECOND_FILE, article,
    harness::{Watch, eventually},
    site,
};
use crate::site_test::Site;

#[test]
fn a_file_saved_by_a_rename() {
    let site = site();
    let watch = Watch::start(&site);
    for text in ["One text", "Another text", "Yet another text"] {
        site.write("content/articles/2022/01/.first.md.tmp", article(21, "About first", text));
        fs::rename(site.path("content/articles/2022/01/.first.md.tmp"), site.path(FIRST_FILE)).expect("a rename");
        watch.shows(FIRST, text);
    }
}

#[test]
fn a_file_saved_as_vim_does() {
    let site = site();
    let watch = Watch::start(&site);
    // The old file becomes the backup, a new one is written, the backup goes.
    site.write("content/articles/2022/01/.first.md.swp", [0_u8, 255]);
    fs::rename(site.path(FIRST_FILE), site.path("content/articles/2022/01/first.md~")).expect("a rename");
    site.write(FIRST_FILE, article(21, "About first", "Written by vim"));
    site.remove("content/articles/2022/01/first.md~");
    watch.shows(FIRST, "Written by vim");
    assert!(!watch.said().contains("error"), "{}", watch.said());
}

#[test]
fn a_file_deleted_and_made_again() {
    let site = site();
    let watch = Watch::start(&site);
    site.remove(FIRST_FILE);
    site.write(FIRST_FILE, article(21, "About first", "Made again"));
    watch.shows(FIRST, "Made again");
}

#[test]
fn a_file_written_in_two_halves() {
    use std::io::Write as _;
    let site = site();
    let watch = Watch::start(&site);
    let text = article(21, "About first", "The whole of it");
    let (start, end) = text.split_at(20);
    let mut file = fs::File::create(site.path(FIRST_FILE)).expect("a file");
    file.write_all(start.as_bytes()).expect("the first half");
    watch.has_failed(true);
    assert!(watch.get(FIRST).text().contains("The text of first"), "the last good page stays");
    file.write_all(end.as_bytes()).expect("the second half");
    drop(file);
    watch.shows(FIRST, "The whole of it");
    watch.has_failed(false);
}

#[test]
fn backups_swap_files_and_what_is_no_source_change_nothing() {
    let site = site();
    let watch = Watch::start(&site);
    let before = watch.revision();
    for name in ["first.md~", ".first.md.swp", ".#first.md", "#first.md#", ".DS_Store", "4913~"] {
        site.write(&format!("content/articles/2022/01/{name}"), "not an article");
    }
    site.write("notes.txt", "mine");
    site.write("target/x", "mine");
    site.write(SECOND_FILE, article(22, "About second", "The end"));
    watch.shows(SECOND, "The end");
    eventually("a revision", || watch.revision() > before);
    assert_eq!(watch.revision(), before + 1, "the first change that a reader can see");
}

#[test]
fn a_touch_and_the_same_bytes_reload_nothing() {
    let site = site();
    let watch = Watch::start(&site);
    let tab = watch.tab(FIRST);
    let revision = watch.revision();
    let builds = watch.builds();
    let text = site.read(FIRST_FILE);
    site.write(FIRST_FILE, &text);
    watch.builds_after(builds);
    let builds = watch.builds();
    fs::File::open(site.path(FIRST_FILE))
        .and_then(|file| file.set_modified(std::time::SystemTime::now() + Duration::from_secs(5)))
        .expect("a touch");
    watch.builds_after(builds);
    assert_eq!(watch.revision(), revision);
    assert_eq!(tab.count(), 1, "only the greeting");
}

#[test]
fn a_file_deleted() {
    let site = site();
    let watch = Watch::start(&site);
    let tab = watch.tab(FIRST);
    site.remove(FIRST_FILE);
    watch.lacks(FIRST);
    tab.reloads();
    for list in ["/repo/", "/repo/talks/", "/repo/feed.atom", "/repo/sitemap.xml", "/repo/2022/01/"] {
        watch.hides(list, "/first/");
    }
}

#[test]
fn a_file_renamed() {
    let site = site();
    let watch = Watch::start(&site);
    fs::rename(site.path(FIRST_FILE), site.path("content/articles/2022/01/other.md")).expect("a rename");
    watch.shows("/repo/2022/01/21/other/", "About first");
    watch.lacks(FIRST);
    for list in ["/repo/", "/repo/talks/", "/repo/feed.atom", "/repo/sitemap.xml"] {
        watch.shows(list, "/other/");
        watch.hides(list, "/21/first/");
    }
}

#[test]
fn a_folder_moved_in_within_and_out() {
    let site = site();
    let watch = Watch::start(&site);
    for number in 0..5 {
        site.write(&format!("clipped/deep/a{number}.md"), article(10, &format!("Moved {number}"), "In"));
    }
    fs::rename(site.path("clipped"), site.path("content/articles/moved")).expect("in");
    watch.shows("/repo/2022/01/10/a4/", "Moved 4");
    fs::rename(site.path("content/articles/moved"), site.path("content/articles/kept")).expect("within");
    site.write("content/articles/kept/deep/a1.md", article(11, "Moved 1", "Within"));
    watch.shows("/repo/2022/01/11/a1/", "Within");
    watch.lacks("/repo/2022/01/10/a1/");
    watch.shows("/repo/talks/", "Moved 3");
    fs::rename(site.path("content/articles/kept"), site.path("clipped")).expect("out");
    watch.lacks("/repo/2022/01/10/a4/");
    watch.hides("/repo/sitemap.xml", "/a3/");
    watch.hides("/repo/feed.atom", "Moved 3");
    // What happens to a folder that was moved out is no longer of interest; what is left of the site still is.
    site.write("clipped/deep/a2.md", "nothing");
    site.edit(FIRST_FILE, "The text of first", "Still watched");
    watch.shows(FIRST, "Still watched");
    watch.has_failed(false);
}

#[test]
fn new_files_in_new_nested_folders_and_edits_of_them() {
    let site = site();
    let watch = Watch::start(&site);
    for number in 0..10 {
        let path = format!("content/articles/2023/{number}/a/b/c/new{number}.md");
        site.write(&path, article(1, "New", "At first"));
        let address = format!("/repo/2022/01/01/new{number}/");
        watch.shows(&address, "At first");
        site.write(&path, article(1, "New", "And then"));
        watch.shows(&address, "And then");
    }
}

#[test]
fn folders_that_appear_later_go_and_come_back() {
    let site = site();
    let watch = Watch::start(&site);
    site.write("static/css/own.css", "p { color: red }");
    watch.shows("/repo/css/own.css", "red");
    site.write("static/css/own.css", "p { color: blue }");
    watch.shows("/repo/css/own.css", "blue");
    site.write("themes/broadsheet/templates/404.html", "<p>Nothing of the kind</p>");
    watch.shows("/repo/404.html", "Nothing of the kind");
    fs::rename(site.path("content"), site.path("away")).expect("away");
    watch.lacks(FIRST);
    fs::rename(site.path("away"), site.path("content")).expect("back");
    watch.shows(FIRST, "The text of first");
    site.edit(FIRST_FILE, "The text of first", "Watched again");
    watch.shows(FIRST, "Watched again");
    fs::remove_dir_all(site.path("static")).expect("removed");
    watch.lacks("/repo/css/own.css");
    site.write("static/css/own.css", "p { color: green }");
    watch.shows("/repo/css/own.css", "green");
}

#[test]
fn an_edit_during_a_build_makes_one_more() {
    let site = many(300);
    let watch = Watch::start(&site);
    let builds = watch.builds();
    let settings = site.read("site.toml");
    for round in 0..3_u64 {
        // Every page shows the site's name, so that this build takes long; the second edit falls into it.
        site.write("site.toml", settings.replace("The Test", &format!("Round {round}")));
        thread::sleep(Duration::from_millis(60));
        site.write("content/articles/many/a7.md", article(7, "Many 7", &format!("Edit {round}")));
        watch.shows("/repo/2022/01/07/a7/", &format!("Edit {round}"));
        watch.shows("/repo/2022/01/07/a7/", &format!("Round {round}"));
        let done = watch.builds() - builds;
        assert!(done <= 2 * (round + 1), "{done} builds");
    }
}

fn many(count: u32) -> Site {
    let site = site();
    for number in 0..count {
        let day = number % 28 + 1;
        site.write(
            &format!("content/articles/many/a{number}.md"),
            article(day, &format!("Many {number}"), &format!("Text {number}")),
        );
    }
    site
}

#[test]
fn a_checkout_of_a_thousand_files_makes_at_most_two_builds() {
    let site = many(1000);
    let git = |arguments: &[&str]| {
        let status = std::process::Command::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(site.root())
            .output()
            .expect("git runs");
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    };
    site.write(".gitignore", "/public/\n/.dateline/\n");
    git(&["init", "-q", "-b", "one"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "one"]);
    git(&["checkout", "-qb", "two"]);
    for number in 0..1000 {
        let path = format!("content/articles/many/a{number}.md");
        site.edit(&path, "Text", "Other words");
    }
    git(&["commit", "-qam", "two"]);
    let watch = Watch::start(&site);
    for (branch, text) in [("one", "Text 999"), ("two", "Other words 999"), ("one", "Text 999")] {
        // A build in between would be of neither branch.
        let builds = watch.builds();
        let started = watch.said().len();
        git(&["checkout", "-q", branch]);
        watch.shows("/repo/2022/01/20/a999/", text);
        watch.builds_after(builds);
        let builds_after = watch.builds();
        assert!(builds_after - builds <= 2, "{} builds", builds_after - builds);
        for number in [0, 500, 998] {
            let path = format!("/repo/2022/01/{:02}/a{number}/", number % 28 + 1);
            watch.shows(&path, &text.replace("999", &number.to_string()));
        }
        assert!(!watch.said()[started..].contains("error"), "{}", watch.said());
    }
}

#[cfg(unix)]
#[test]
fn links_within_the_site_are_followed_and_loops_end() {
    use std::os::unix::fs::symlink;
    let site = site().file("shared/linked.md", article(5, "Linked", "By a link"));
    let watch = Watch::start(&site);
    symlink(site.path("shared"), site.path("content/articles/shared")).expect("a link");
    watch.shows("/repo/2022/01/05/linked/", "By a link");
    site.write("shared/linked.md", article(5, "Linked", "Edited where it lies"));
    watch.shows("/repo/2022/01/05/linked/", "Edited where it lies");
    symlink(site.path("content"), site.path("content/articles/loop")).expect("a loop");
    watch.has_failed(true);
    watch.says("symbolic link leads back");
    site.remove("content/articles/loop");
    watch.has_failed(false);
    symlink("/", site.path("content/articles/out")).expect("a link out");
    watch.has_failed(true);
    watch.says("symbolic link leads out of the site");
    site.remove("content/articles/out");
    watch.has_failed(false);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_reported_and_the_rest_goes_on() {
    use std::os::unix::ffi::OsStrExt as _;
    let site = site();
    let watch = Watch::start(&site);
    let odd = site.path("content/articles").join(std::ffi::OsStr::from_bytes(b"n\xff.md"));
    fs::write(&odd, article(3, "Odd", "Odd")).expect("a file");
    watch.has_failed(true);
    watch.says("not UTF-8");
    assert_eq!(watch.get(FIRST).status, 200);
    fs::remove_file(&odd).expect("removed");
    watch.has_failed(false);
}

#[test]
fn polling_sees_two_edits_of_one_second() {
    let site = site();
    let watch = Watch::with(&site, "--poll 0.2");
    for text in ["Text no. 1", "Text no. 2", "Text no. 3"] {
        site.edit(FIRST_FILE, &site.read(FIRST_FILE), &article(21, "About first", text));
        watch.shows(FIRST, text);
    }
    site.remove(SECOND_FILE);
    watch.lacks(SECOND);
    site.write("content/articles/a/b/c.md", article(9, "Deep", "Deep down"));
    watch.shows("/repo/2022/01/09/c/", "Deep down");
}

#[test]
fn an_article_whose_time_comes_appears_and_one_that_expires_goes() {
    let moment = |seconds: i64| {
        let at = jiff::Timestamp::now().as_second() + seconds;
        jiff::Timestamp::from_second(at).expect("a moment").to_string()
    };
    let site = site();
    let watch = Watch::start(&site);
    site.write("content/articles/later.md", article(21, "Later", "Now").replace("2022-01-21", &moment(4)));
    site.write(
        "content/articles/held.md",
        article(21, "Held", "Now").replace("topics", &format!("embargoed_until = {}\ntopics", moment(4))),
    );
    site.write(
        "content/articles/brief.md",
        article(21, "Brief", "Now").replace("topics", &format!("expires = {}\ntopics", moment(7))),
    );
    watch.shows("/repo/2022/01/21/brief/", "Brief");
    watch.shows("/repo/2022/01/21/held/", "Held");
    watch.shows("/repo/", "Later");
    watch.lacks("/repo/2022/01/21/brief/");
}
