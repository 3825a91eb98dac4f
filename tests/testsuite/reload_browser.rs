//! What a reader of the preview sees, in a real browser: pages that load again where they were, styles that change in
//! place, errors that come and go, in one tab and in several.

use serde_json::json;

use crate::{
    browser::Browser,
    site_test::Site,
    watch::harness::{Watch, eventually},
};

const FIRST_FILE: &str = "content/articles/2022/01/first.md";
const FIRST: &str = "/repo/2022/01/21/first/";
const SECOND: &str = "/repo/2022/01/22/second/";

/// Two long articles and a style sheet of the site's own.
fn site() -> Site {
    let long = "A paragraph among many.\n\n".repeat(200);
    let base = include_str!("../../themes/broadsheet/templates/base.html");
    let head = "</head>";
    let own = "<link rel=\"stylesheet\" href=\"{{ url(path=\"/own.css\") }}\">\n</head>";
    Site::empty()
        .file("site.toml", "title = \"The Test\"\nbase_url = \"https://user.example/repo/\"\n")
        .file("themes/broadsheet/templates/base.html", base.replace(head, own))
        .file("static/own.css", "body { outline-color: rgb(1, 2, 3) }")
        .article_with("2022-01-21", "first", "", &long)
        .article_with("2022-01-22", "second", "", &long)
}

fn open(browser: &Browser, watch: &Watch, path: &str) {
    browser.go(&format!("http://localhost:{}{path}", watch.port));
    mark(browser);
}

/// A mark that is gone when the page is loaded again.
fn mark(browser: &Browser) {
    browser.evaluate("window.mark = true");
}

fn is_marked(browser: &Browser) -> bool {
    browser.evaluate("window.mark === true") == true
}

#[track_caller]
fn becomes(browser: &Browser, expression: &str) {
    eventually(expression, || browser.evaluate(expression) == true);
}

fn new_tab(browser: &Browser) -> String {
    let handle = browser.ask("POST", "/window/new", &json!({"type": "tab"}))["handle"].clone();
    let handle = handle.as_str().expect("a tab").to_owned();
    show(browser, &handle);
    handle
}

fn show(browser: &Browser, handle: &str) {
    browser.ask("POST", "/window", &json!({"handle": handle}));
    browser.devtools("Page.bringToFront", json!({}));
}

fn current(browser: &Browser) -> String {
    browser.ask("GET", "/window", &serde_json::Value::Null).as_str().expect("a tab").to_owned()
}

const OVERLAY: &str = "document.querySelector('dateline-errors')?.shadowRoot.textContent ?? ''";

#[test]
fn a_changed_page_loads_again_where_it_was() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let watch = Watch::start(&site);
    open(&browser, &watch, FIRST);
    browser.evaluate("scrollTo(0, 777)");
    site.write(FIRST_FILE, edited(&site, "Edited words"));
    becomes(&browser, "document.body.innerText.includes('Edited words')");
    assert!(!is_marked(&browser));
    becomes(&browser, "Math.abs(scrollY - 777) < 2");
    // And once more, from the page that was loaded again.
    browser.evaluate("scrollTo(0, 333)");
    site.write(FIRST_FILE, edited(&site, "More words"));
    becomes(&browser, "document.body.innerText.includes('More words') && Math.abs(scrollY - 333) < 2");
}

#[test]
fn styles_change_in_place() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let watch = Watch::start(&site);
    open(&browser, &watch, FIRST);
    let color = "getComputedStyle(document.body).outlineColor";
    assert_eq!(browser.evaluate(color), "rgb(1, 2, 3)");
    browser.evaluate("scrollTo(0, 555)");
    for (red, green) in [(4, 5), (6, 7)] {
        site.write("static/own.css", format!("body {{ outline-color: rgb({red}, {green}, 0) }}"));
        becomes(&browser, &format!("{color} === 'rgb({red}, {green}, 0)'"));
    }
    assert!(is_marked(&browser), "the page was loaded again");
    assert_eq!(browser.evaluate("scrollY"), 555);
    becomes(&browser, "document.querySelectorAll('link[href*=\"own.css\"]').length === 1");
    // The theme's own sheet, on top of the built-in one.
    let text = include_str!("../../themes/broadsheet/static/broadsheet.css");
    site.write("themes/broadsheet/static/broadsheet.css", format!("{text}\nbody {{ outline-width: 9px }}"));
    becomes(&browser, "getComputedStyle(document.body).outlineWidth === '9px'");
    assert!(is_marked(&browser), "the page was loaded again");
}

#[test]
fn a_page_of_which_nothing_changed_stays() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let watch = Watch::start(&site);
    let first = current(&browser);
    open(&browser, &watch, FIRST);
    let second = new_tab(&browser);
    open(&browser, &watch, SECOND);
    site.write(FIRST_FILE, edited(&site, "Edited words"));
    show(&browser, &first);
    becomes(&browser, "window.mark !== true && document.body.innerText.includes('Edited words')");
    show(&browser, &second);
    // A change that this tab does show comes after the one that it does not: it has heard of both.
    site.write("static/own.css", "body { outline-color: rgb(8, 8, 8) }");
    becomes(&browser, "getComputedStyle(document.body).outlineColor === 'rgb(8, 8, 8)'");
    assert!(is_marked(&browser), "the other page was loaded again");
}

#[test]
fn errors_come_and_go_in_every_tab() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let watch = Watch::start(&site);
    let first = current(&browser);
    open(&browser, &watch, FIRST);
    let second = new_tab(&browser);
    open(&browser, &watch, SECOND);
    site.edit(FIRST_FILE, "title =", "titel =");
    for tab in [&first, &second] {
        show(&browser, tab);
        becomes(&browser, &format!("({OVERLAY}).includes('did you mean `title`')"));
        let link = browser.evaluate("document.querySelector('dateline-errors').shadowRoot.querySelector('a').href");
        assert!(link.as_str().is_some_and(|link| link.starts_with("vscode://file/") && link.contains("first.md:")));
        assert!(is_marked(&browser), "the last good page stays");
        assert_eq!(browser.evaluate("document.body.innerText.includes('A paragraph among many')"), true);
    }
    // A tab that is opened now shows it too; hiding it is for the tab alone.
    let third = new_tab(&browser);
    open(&browser, &watch, "/repo/");
    becomes(&browser, &format!("({OVERLAY}).includes('titel')"));
    browser.evaluate("document.querySelector('dateline-errors').shadowRoot.querySelector('button').click()");
    assert_eq!(browser.evaluate(OVERLAY), "");
    site.edit(FIRST_FILE, "titel =", "title =");
    for tab in [&first, &second, &third] {
        show(&browser, tab);
        becomes(&browser, &format!("({OVERLAY}) === ''"));
        assert!(is_marked(&browser), "nothing changed");
    }
}

#[test]
fn an_error_at_the_start_gives_way_to_the_site() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    site.edit(FIRST_FILE, "title =", "titel =");
    let watch = Watch::unready(&site, "");
    open(&browser, &watch, FIRST);
    becomes(&browser, &format!("({OVERLAY}).includes('titel')"));
    site.edit(FIRST_FILE, "titel =", "title =");
    becomes(&browser, "document.body.innerText.includes('A paragraph among many')");
}

#[test]
fn a_tab_that_slept_and_one_whose_server_was_away_catch_up() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let watch = Watch::start(&site);
    let slept = current(&browser);
    open(&browser, &watch, FIRST);
    // Another tab is before it, and the browser puts it to sleep.
    browser.devtools("Page.setWebLifecycleState", json!({"state": "frozen"}));
    let other = new_tab(&browser);
    site.write(FIRST_FILE, edited(&site, "Edited while it slept"));
    watch.shows(FIRST, "Edited while it slept");
    browser.ask("POST", "/window", &json!({"handle": slept}));
    browser.devtools("Page.setWebLifecycleState", json!({"state": "active"}));
    show(&browser, &other);
    show(&browser, &slept);
    becomes(&browser, "document.body.innerText.includes('Edited while it slept')");
    mark(&browser);
    let port = watch.port;
    drop(watch);
    site.write(FIRST_FILE, edited(&site, "Edited while the server was away"));
    let _watch = Watch::run(&site, &format!("watch --port {port} --strict-port"));
    becomes(&browser, "document.body.innerText.includes('Edited while the server was away')");
}

#[test]
fn many_tabs_do_not_use_up_the_connections() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let watch = Watch::start(&site);
    let mut tabs = vec![current(&browser)];
    open(&browser, &watch, FIRST);
    for _ in 0..9 {
        tabs.push(new_tab(&browser));
        open(&browser, &watch, FIRST);
    }
    site.write(FIRST_FILE, edited(&site, "Seen in ten tabs"));
    for tab in &tabs {
        show(&browser, tab);
        becomes(&browser, "document.body.innerText.includes('Seen in ten tabs')");
    }
}

#[test]
fn tabs_follow_the_site_to_another_path() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let watch = Watch::start(&site);
    open(&browser, &watch, FIRST);
    site.edit("site.toml", "/repo/", "/other/");
    becomes(&browser, "location.pathname === '/other/2022/01/21/first/'");
    becomes(&browser, "document.body.innerText.includes('A paragraph among many')");
}

/// The first article with another first paragraph.
fn edited(site: &Site, words: &str) -> String {
    let text = site.read(FIRST_FILE);
    let at = text.rfind("+++\n").expect("front matter") + 4;
    format!("{}{words}\n\n{}", &text[..at], &text[at..])
}
