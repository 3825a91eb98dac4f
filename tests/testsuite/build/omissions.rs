//! Nothing is left out in silence, and what is left out is nowhere.

use crate::site_test::Site;

fn site() -> Site {
    Site::new()
        .topic("talks", "period = \"monthly\"")
        .article("2022-01-10", "shown", "topics = [\"talks\"]")
        .article("2022-01-11", "drafted", "draft = true\ntopics = [\"talks\"]\ntags = [\"secret-tag\"]")
        .article("2022-05-01", "scheduled", "topics = [\"talks\"]")
        .article("2022-01-12", "embargoed", "embargoed_until = 2022-03-01\ntopics = [\"talks\"]")
        .article("2022-01-13", "expired", "expires = 2022-02-01\ntopics = [\"talks\"]")
        .file("content/inbox/waiting.md", "About waiting")
        .digest("sketch", "draft = true")
        .file("content/pages/plan.md", "+++\ntitle = \"Plan\"\ndraft = true\n+++\n")
}

#[track_caller]
fn shows(site: &Site, expected: &[&str]) {
    let all = ["shown", "drafted", "scheduled", "embargoed", "expired", "waiting"];
    for name in all {
        let is_shown = site.public().iter().any(|(path, bytes)| {
            path.contains(name) || String::from_utf8_lossy(bytes).contains(&format!("About {name}"))
        });
        assert_eq!(is_shown, expected.contains(&name), "{name}");
    }
}

#[test]
fn what_is_left_out_is_counted_and_in_no_file() {
    let site = site();
    site.run("build --now 2022-02-15")
        .succeeds()
        .stderr_is("")
        .stdout_has("left out: 3 drafts, 1 scheduled for later, 1 under embargo, 1 expired, 1 in the inbox")
        .stdout_has("1 article");
    shows(&site, &["shown"]);
    assert!(!site.has("sketch/index.html"));
    assert!(!site.has("plan/index.html"));
    assert!(!site.has("tags/index.html"), "a draft's tag is no page");
    assert!(!site.has("talks/2022-05/index.html"), "a scheduled article makes no digest");
}

#[test]
fn drafts_shows_drafts_and_what_is_dated_later_but_no_embargo() {
    let site = site();
    site.run("build --now 2022-02-15 --drafts")
        .succeeds()
        .stdout_has("left out: 1 under embargo, 1 expired, 1 in the inbox");
    shows(&site, &["shown", "drafted", "scheduled"]);
    assert!(site.has("sketch/index.html"));
    assert!(site.has("plan/index.html"));
}

#[test]
fn now_decides_what_is_out() {
    let site = site();
    site.run("build --now 2022-01-12T12:00:00Z").succeeds();
    shows(&site, &["shown"]);
    site.run("build --now 2022-01-20").succeeds();
    shows(&site, &["shown", "expired"]);
    site.run("build --now 2022-03-01T00:00:00Z").succeeds();
    shows(&site, &["shown", "embargoed"]);
    site.run("build --now 2022-05-01").succeeds();
    shows(&site, &["shown", "embargoed", "scheduled"]);
    site.run("build --now tomorrow").status(2).stderr_has("write a day, `2022-01-31`");
}

#[test]
fn the_clock_can_be_set_from_the_environment_and_the_flag_wins() {
    let site = site();
    // 2022-05-02T00:00:00Z
    site.command("build").env("SOURCE_DATE_EPOCH", "1651449600").run().succeeds();
    shows(&site, &["shown", "embargoed", "scheduled"]);
    site.command("build --now 2022-02-15").env("SOURCE_DATE_EPOCH", "1651449600").run().succeeds();
    shows(&site, &["shown"]);
}

#[test]
fn a_day_begins_in_the_sites_zone() {
    let site = Site::new().settings("timezone = \"Pacific/Auckland\"").article("2022-01-21", "dawn", "");
    // Midnight of the 21st in Auckland is 11:00 of the 20th in UTC.
    site.run("build --now 2022-01-20T10:59:59Z").succeeds().stdout_has("1 scheduled for later");
    site.run("build --now 2022-01-20T11:00:00Z").succeeds().stdout_has("1 article");
}

#[test]
fn references_to_what_is_left_out_are_warnings() {
    let site = site().digest("list", "[[items]]\narticle = \"drafted\"\n[[items]]\narticle = \"shown\"").article_with(
        "2022-01-14",
        "linking",
        "",
        "See [the draft](drafted.md).\n",
    );
    site.run("build --now 2022-02-15").succeeds().stderr_is(snapbox::str![[r#"
warning: `content/articles/2022/01/drafted.md` is left out (draft), so the link is too
 --> content/articles/2022/01/linking.md:6:5
  |
6 | See [the draft](drafted.md).
  |     ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: it comes in by itself when its time comes, or with `--drafts`

warning: `drafted` is listed but left out: draft
 --> content/digests/list.md:4:11
  |
4 | article = "drafted"
  |           ^^^^^^^^^
  |
 ::: content/articles/2022/01/drafted.md:2:1
  |
2 | title = "About drafted"
  | ----------------------- the article
  |
  = hint: it comes in by itself when its time comes, or with `--drafts`

2 warnings

"#]]);
    site.page("/2022/01/14/linking/").says("See the draft.");
    assert_eq!(site.page("/list/").headlines(), ["About shown"]);
}

#[test]
fn a_file_that_is_no_markdown_is_warned_of() {
    let site = Site::new().file("content/articles/notes.txt", "x");
    site.run("build").succeeds().stderr_is(snapbox::str![[r#"
warning: this is no Markdown file, so it is not published
--> content/articles/notes.txt
 = hint: pictures and other files to publish go to static/; Markdown files end in `.md`

1 warning

"#]]);
}
