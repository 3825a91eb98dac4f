//! `dateline new`: a file with its front matter, ready to write in.

use snapbox::str;

use crate::site_test::Site;

#[test]
fn an_article() {
    let site = Site::new().topic("ukraine-crisis", "");
    site.run("new article \"Talks in Geneva end\" --topic ukraine-crisis --date 2022-01-21")
        .succeeds()
        .stderr_is("")
        .stdout_has("content/articles/2022/01/talks-in-geneva-end.md");
    snapbox::assert_data_eq!(
        site.read("content/articles/2022/01/talks-in-geneva-end.md"),
        str![[r#"
+++
id = "2022-01-21-talks-in-geneva-end"
title = "Talks in Geneva end"
date = 2022-01-21
topics = ["ukraine-crisis"]
draft = true
# publisher = "…"        where it was read: a file in content/publishers/
# agency = "…"           who reported it, when that is another
# url = "https://…"      where it was read
# summary = "…"
# commentary = "…"       your line on it
+++

"#]]
    );
    site.build().stdout_has("left out: 1 draft");
    site.run("build --drafts").succeeds().stderr_is("");
    site.page("/2022/01/21/talks-in-geneva-end/").says("Talks in Geneva end");
    site.page("/ukraine-crisis/").says("Talks in Geneva end");
}

#[test]
fn an_article_of_today() {
    let site = Site::new().settings("timezone = \"Pacific/Auckland\"");
    // 2022-01-20T11:30:00Z is the 21st in Auckland.
    site.command("new article Title").env("SOURCE_DATE_EPOCH", "1642678200").run().succeeds();
    assert!(site.read("content/articles/2022/01/title.md").contains("date = 2022-01-21"));
}

#[test]
fn a_topic() {
    let site = Site::new();
    site.run("new topic \"Ukraine crisis\"").succeeds().stdout_has("content/topics/ukraine-crisis.md");
    snapbox::assert_data_eq!(
        site.read("content/topics/ukraine-crisis.md"),
        str![[r#"
+++
title = "Ukraine crisis"
status = "ongoing"
# summary = "…"
# period = "monthly"     makes a digest for each month with articles
+++

"#]]
    );
    site.build();
    site.page("/ukraine-crisis/").says("Ukraine crisis");
}

#[test]
fn a_digest_of_a_month() {
    let site = Site::new().topic("ukraine-crisis", "").article("2022-01-21", "a", "topics = [\"ukraine-crisis\"]");
    site.run("new digest \"Ukraine crisis, Jan 2022\" --topic ukraine-crisis --period 2022-01")
        .succeeds()
        .stdout_has("content/digests/ukraine-crisis/2022-01.md");
    snapbox::assert_data_eq!(
        site.read("content/digests/ukraine-crisis/2022-01.md"),
        str![[r#"
+++
title = "Ukraine crisis, Jan 2022"
topic = "ukraine-crisis"
temporal_coverage = "2022-01-01/2022-01-31"
order = "date-asc"
draft = true
# summary = "…"

[query]                  # all that falls under the topic and the period; narrow it with tag, publisher, person, …

# [[items]]              # what must come first, in this order
# article = "…"
# role = "lead"
# commentary = "…"
+++

"#]]
    );
    site.run("build --drafts").succeeds().stderr_is("");
    site.page("/ukraine-crisis/2022-01/").says("Ukraine crisis, Jan 2022").says("About a");
}

#[test]
fn a_digest_of_some_days_or_without_a_topic() {
    let site = Site::new().topic("talks", "").article("2022-01-05", "a", "topics = [\"talks\"]");
    site.run("new digest \"The first week\" --topic talks --period 2022-01-03/2022-01-09").succeeds();
    assert!(site.read("content/digests/talks/the-first-week.md").contains("2022-01-03/2022-01-09"));
    site.command("new digest \"The month\"").env("SOURCE_DATE_EPOCH", "1642678200").run().succeeds();
    assert!(site.read("content/digests/the-month.md").contains("2022-01-01/2022-01-31"));
    site.run("build --drafts").succeeds().stderr_is("");
}

#[test]
fn nothing_is_overwritten() {
    let site = Site::new();
    site.run("new topic Talks").succeeds();
    site.write("content/topics/talks.md", "mine\n");
    site.run("new topic Talks").status(2).stderr_is(str![[r#"
error: `./content/topics/talks.md` is there already, and stays as it is
  hint: choose another title

"#]]);
    site.run("new topic \"talks!\"").status(2);
    assert_eq!(site.read("content/topics/talks.md"), "mine\n");
}

#[test]
fn titles_of_every_kind_become_files_that_build() {
    let site = Site::new();
    for title in [
        r#"A "quoted" title"#,
        r"Back\slash and 'quote'",
        "Переговори в Женеві",
        "会談",
        "../../outside",
        "Line\nbreak",
        "+++",
        "#1: 100 %",
    ] {
        let outcome = site.command("new article --date 2022-01-21").arg(title).run();
        if title == "+++" {
            outcome.status(2).stderr_has("neither letter nor digit");
        } else {
            outcome.succeeds();
        }
    }
    site.run("build --drafts").succeeds().stderr_is("");
    for path in site.files(".").keys() {
        assert!(
            path == "site.toml"
                || path.starts_with("content/articles/2022/01/")
                || path.starts_with("public/")
                || path.starts_with(".dateline/"),
            "{path}"
        );
    }
}

#[test]
fn wrong_usage() {
    let site = Site::new().topic("ukraine-crisis", "");
    site.run("new article Title --topic ukraine-crises").status(2).stderr_is(str![[r#"
error: unknown topic `ukraine-crises`
  hint: did you mean `ukraine-crisis`?

"#]]);
    site.run("new article Title --topic zebra").status(2).stderr_is(str![[r#"
error: unknown topic `zebra`
  hint: make it first: `dateline new topic "zebra"`

"#]]);
    site.run("new article Title --date 2022-13-01").status(2).stderr_has("2022-13-01");
    site.run("new digest Title --period soon").status(2).stderr_is(str![[r#"
error: `soon` is no period
  hint: write a month, `2022-01`, or a first and a last day, `2022-01-01/2022-01-15`

"#]]);
    site.run("new article \"…\"").status(2).stderr_is(str![[r#"
error: the title has neither letter nor digit
  hint: give a title with words in it

"#]]);
    Site::empty().run("new article Title").status(2).stderr_has("dateline init");
    assert_eq!(site.files("content").len(), 1);
}
