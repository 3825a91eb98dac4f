//! What a tab is told.

use super::{FIRST, FIRST_FILE, SECOND, SECOND_FILE, harness::Watch, site};

#[test]
fn only_the_tabs_that_show_a_changed_page_reload() {
    let site = site();
    let watch = Watch::start(&site);
    let (first, second, list) = (watch.tab(FIRST), watch.tab(SECOND), watch.tab("/repo/talks/"));
    site.edit(FIRST_FILE, "The text of first", "Another text");
    first.reloads();
    let revision = first.last()["revision"].as_u64().expect("a revision");
    second.reaches(revision);
    assert!(!second.is_to_reload(), "{:?}", second.told());
    // The title stands in the list too.
    let first = watch.tab(FIRST);
    site.edit(FIRST_FILE, "About first", "A better title");
    first.reloads();
    list.reloads();
}

#[test]
fn a_changed_style_sheet_is_named_and_reloads_nothing() {
    let site = site().file("static/own.css", "p { color: red }").file("static/own.svg", "<svg/>");
    let watch = Watch::start(&site);
    let tab = watch.tab(FIRST);
    site.write("static/own.css", "p { color: blue }");
    let revision = watch.revision();
    watch.shows("/repo/own.css", "blue");
    tab.reaches(revision + 1);
    assert_eq!(tab.last()["files"], serde_json::json!(["/repo/own.css"]));
    assert!(!tab.is_to_reload());
}

#[test]
fn a_tab_that_slept_catches_up_at_once() {
    let site = site();
    let watch = Watch::start(&site);
    let slept = watch.revision().to_string();
    site.edit(FIRST_FILE, "The text of first", "Another text");
    watch.shows(FIRST, "Another text");
    site.edit(SECOND_FILE, "The text of second", "A second text");
    watch.shows(SECOND, "A second text");
    assert!(watch.listen(FIRST, &slept, "/repo/", "").is_to_reload());
    assert!(!watch.listen("/repo/none/", &slept, "/repo/", "1").is_to_reload());
    // What a tab of an earlier run knows is of another world.
    assert!(watch.listen(SECOND, "17", "/repo/", "").is_to_reload());
}

#[test]
fn a_page_that_was_missing_reloads_when_it_is_there() {
    let site = site();
    let watch = Watch::start(&site);
    let tab = watch.tab("/repo/2022/01/23/third/");
    site.write("content/articles/third.md", super::article(23, "Third", "There now"));
    tab.reloads();
    watch.shows("/repo/2022/01/23/third/", "There now");
}

#[test]
fn the_site_moves_to_another_path_and_its_tabs_follow() {
    let site = site();
    let watch = Watch::start(&site);
    let tab = watch.tab(FIRST);
    site.edit("site.toml", "/repo/", "/other/");
    tab.reloads();
    assert_eq!(tab.last()["go"], "/other/2022/01/21/first/");
    watch.shows("/other/2022/01/21/first/", "The text of first");
    assert_eq!(watch.get("/").header("location"), "/other/");
    watch.lacks(FIRST);
    watch.says(&format!("the site is at http://localhost:{}/other/", watch.port));
    site.edit("site.toml", "/other/", "/");
    watch.shows("/2022/01/21/first/", "The text of first");
}

#[test]
fn an_error_is_laid_over_every_tab_and_goes_away() {
    let site = site();
    let watch = Watch::start(&site);
    let tabs = [watch.tab(FIRST), watch.tab(SECOND), watch.tab("/repo/none/")];
    site.edit(FIRST_FILE, "\"talks\"", "\"<b>talk\"");
    for tab in &tabs {
        super::harness::eventually("an error", || tab.last()["error"].is_string());
        let error = tab.last()["error"].as_str().unwrap_or_default().to_owned();
        assert!(error.contains("&lt;b&gt;talk"), "{error}");
        assert!(!error.contains("<b>talk"), "{error}");
        let place = format!("vscode://file{}/{FIRST_FILE}:4:11", site.root().canonicalize().unwrap().display());
        assert!(error.contains(&place), "{error}");
        assert!(error.contains("hint"), "{error}");
        assert_eq!(tab.last()["reload"], false);
    }
    watch.says("unknown topic `<b>talk`");
    assert!(watch.get(FIRST).text().contains("The text of first"));
    // A tab that comes later learns of it too.
    assert!(watch.tab(SECOND).last()["error"].is_string());
    site.edit(FIRST_FILE, "\"<b>talk\"", "\"talks\"");
    for tab in &tabs {
        super::harness::eventually("no error", || tab.last()["error"].is_null());
        assert_eq!(tab.last()["reload"], false);
    }
    watch.says("all well again");
}
