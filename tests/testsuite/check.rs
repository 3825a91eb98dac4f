//! `dateline check`: everything a build reports and more, and not one byte written.

use snapbox::str;

use crate::site_test::Site;

#[test]
fn writes_nothing() {
    let site = Site::fixture("rich");
    let before = site.files(".");
    site.run("check").succeeds();
    assert_eq!(site.files("."), before);
    site.build();
    let built = site.files(".");
    site.edit("content/topics/labour.md", "Labour", "Work");
    let before = site.files(".");
    site.run("check").succeeds();
    assert_eq!(site.files("."), before);
    assert_ne!(before, built);
}

#[test]
fn a_good_site_is_said_to_be_well() {
    let site = Site::new().topic("talks", "").article("2022-01-21", "a", "id = \"2022-01-21-a\"\ntopics = [\"talks\"]");
    site.run("check").succeeds().stderr_is("").stdout_has("all well: 1 article and 0 digests");
}

#[test]
fn reports_what_a_build_reports() {
    let site = Site::new().topic("a", "broader = [\"b\"]").article("2022-01-21", "x", "topics = [\"c\"]");
    let built = site.run("build --format json").has_errors().stdout;
    let checked = site.run("check --format json").has_errors().stdout;
    for line in built.lines() {
        assert!(checked.contains(line), "{line}");
    }
}

#[test]
fn takes_the_same_flags_as_build() {
    let site = Site::new().article("2022-01-21", "a", "draft = true\ntopics = [\"nope\"]");
    site.run("check").succeeds().stdout_has("left out: 1 draft");
    site.run("check --drafts").has_errors();
    let site = Site::new().article("2022-01-21", "a", "");
    site.run("check --now 2021-01-01").succeeds().stdout_has("1 scheduled for later");
    site.run("check --base-url https://user.github.io/repo/").succeeds();
}

#[test]
fn dates_that_contradict_each_other_are_named() {
    let said = |keys: &str| {
        let article = format!("id = \"a\"\ntopics = [\"t\"]\n{keys}");
        Site::new().topic("t", "").article("2022-01-21", "a", &article).run("check").succeeds().stderr
    };
    for (keys, what) in [
        ("updated = 2022-01-20", "`updated` is dated 2022-01-20, before the article itself, 2022-01-21"),
        ("retrieved = 2021-01-22", "`retrieved` is dated 2021-01-22"),
        ("[[corrections]]\ndate = 2021-02-03\ntext = \"x\"", "a row of `[[corrections]]` is dated 2021-02-03"),
    ] {
        let said = said(keys);
        assert!(said.contains(what) && said.contains("one of the two dates is wrong"), "{said}");
        assert!(said.contains("content/articles/2022/01/a.md:"), "{said}");
    }
    // The evening before in another zone is no contradiction.
    for keys in ["updated = 2022-01-21", "retrieved = 2022-01-20T22:00:00-05:00", "updated = 2023-05-06T01:02:03Z"] {
        assert_eq!(said(keys), "", "{keys}");
    }
}

#[test]
fn warns_of_what_a_curator_wants_to_know() {
    let site = Site::new()
        .topic("empty", "")
        .named("publishers", "quay", "name = \"Daily Quay\"\nkind = \"newspaper\"")
        .file("static/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .article(
            "2022-01-21",
            "a",
            "publisher = \"quay\"\nagency = \"quay\"\n[[images]]\nsrc = \"/p.svg\"\n[import]\ncheck = [\"publisher\"]",
        );
    site.run("build").succeeds().stderr_is("");
    site.run("check").succeeds().stderr_is(str![[r#"
warning: the article has no `id`: if its file is renamed, feed readers take it for a new one
 --> content/articles/2022/01/a.md:2:1
  |
2 | title = "About a"
  | ^^^^^^^^^^^^^^^^^
  |
  = hint: add `id = "2022-01-21-a"`, and never change it

warning: the article has no `url`: readers cannot see where it was reported
 --> content/articles/2022/01/a.md:2:1
  |
2 | title = "About a"
  | ^^^^^^^^^^^^^^^^^
  |
  = hint: add `url = "https://…"`

warning: the article is in no topic and no digest: only the archive leads to it
 --> content/articles/2022/01/a.md:2:1
  |
2 | title = "About a"
  | ^^^^^^^^^^^^^^^^^
  |
  = hint: add `topics = ["…"]`, or list it in a digest

warning: the picture has no `alt`: who cannot see it learns nothing of it
 --> content/articles/2022/01/a.md:7:7
  |
7 | src = "/p.svg"
  |       ^^^^^^^^
  |
  = hint: say in a few words what it shows; `alt = ""` is for mere decoration

warning: `publisher` was not sure when the article was imported
 --> content/articles/2022/01/a.md:9:10
  |
9 | check = ["publisher"]
  |          ^^^^^^^^^^^
  |
  = hint: compare it with the source, put it right, then remove it from this list

warning: the topic has no articles
 --> content/topics/empty.md:2:1
  |
2 | title = "Topic empty"
  | ^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: an article joins it with `topics = ["empty"]`

6 warnings

"#]]);
}

mod crawl {
    use super::*;

    fn site(template: &str) -> Site {
        Site::new()
            .file("site.toml", "title = \"T\"\nbase_url = \"https://example.org/sub/\"\n")
            .topic("talks", "")
            .article("2022-01-21", "a", "id = \"a\"\ntopics = [\"talks\"]")
            .file("themes/broadsheet/templates/home.html", format!("<!doctype html><title>x</title>\n{template}\n"))
    }

    #[test]
    fn finds_a_link_that_a_template_breaks() {
        site("<a href=\"/sub/taks/\">x</a> <a href=\"{{ url(path='/nothing.css') }}\">y</a> <img src=\"a.png\" srcset=\"b.png 1x, c.png 2x\" alt=\"\">")
            .run("check")
            .has_errors()
            .stderr_is(str![[r#"
error: the page `/` links to `/a.png`, which is not there
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: remove the link, or make what it leads to

error: the page `/` links to `/b.png`, which is not there
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: remove the link, or make what it leads to

error: the page `/` links to `/c.png`, which is not there
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: remove the link, or make what it leads to

error: the page `/` links to `/nothing.css`, which is not there
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: remove the link, or make what it leads to

error: the page `/` links to `/taks/`, which is not there
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: did you mean `/talks/`?

5 errors

"#]]);
    }

    #[test]
    fn finds_a_missing_anchor() {
        site("<a href=\"#here\">x</a> <p id=\"there\"> <a href=\"talks/#main\">y</a> <a href=\"talks/#mian\">z</a>")
            .run("check")
            .has_errors()
            .stderr_is(str![[r#"
error: the page `/` links to `#here`, where no `#here` is
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: did you mean `#there`?

error: the page `/` links to `talks/#mian`, where no `#mian` is
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: did you mean `#main`?

2 errors

"#]]);
    }

    #[test]
    fn finds_a_link_that_escapes_the_base_path() {
        site("<a href=\"/talks/\">x</a> <a href=\"../talks/\">y</a> <a href=\"https://example.org/talks/\">z</a>")
            .run("check")
            .has_errors()
            .stderr_is(str![[r#"
error: the page `/` links to `../talks/`, which lies outside `/sub/`
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: in templates, write `{{ url(path="…") }}`; in text, a path from the site's root

error: the page `/` links to `/talks/`, which lies outside `/sub/`
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: in templates, write `{{ url(path="…") }}`; in text, a path from the site's root

error: the page `/` links to `https://example.org/talks/`, which lies outside `/sub/`
 --> site.toml:1:1
  |
1 | title = "T"
  | ^^^^^^^^^^^
  |
  = hint: in templates, write `{{ url(path="…") }}`; in text, a path from the site's root

3 errors

"#]]);
    }

    #[test]
    fn lets_good_links_be() {
        site(
            "<a href=\"/sub/talks/\">a</a> <a href=\"talks/\">b</a> <a href=\"./\">c</a> <a href=\"\">d</a> <a href=\"#\">e</a>
             <a href=\"https://elsewhere.example.net/x\">f</a> <a href=\"mailto:a@example.org\">g</a> <a href=\"talks/?q=1#main\">h</a>
             <a href=\"{{ url(path='/talks/') }}\">i</a> <a href=\"/sub/2022/01/21/a/\">j</a> <a href=\"tel:+41\">k</a>",
        )
        .run("check")
        .succeeds()
        .stderr_is("");
    }

    #[test]
    fn a_build_does_not_crawl() {
        site("<a href=\"/sub/taks/\">x</a>").run("build").succeeds();
    }
}

#[test]
fn the_repositorys_own_site_is_clean() {
    let site = Site::own();
    site.run("check").succeeds().stderr_is("").stdout_has("all well");
    site.run("check --base-url https://user.github.io/some/where/").succeeds().stderr_is("");
    site.run("check --base-url https://example.com/").succeeds().stderr_is("");
}

#[test]
fn a_long_topic_without_events_links_to_nothing_that_is_not_there() {
    let mut site = Site::new().topic("lake", "");
    for n in 0..48 {
        let day = format!("20{}-0{}-1{}", 21 + n / 24, 1 + n % 8, n % 9);
        site = site.article(
            &day,
            &format!("part-{n}"),
            &format!("title = \"Part {n}\"\nid = \"part-{n}\"\ntopics = [\"lake\"]"),
        );
    }
    site.run("check").succeeds();
}

#[test]
fn what_stands_on_a_withdrawn_article_is_named() {
    let cites = "[[events]]\ndate = 2022-01-20\nheadline = \"The wall falls\"\ncitation = \"wall\"\n[[events]]\ndate = 2022-01-19\n\
                 headline = \"The wall leans\"\ncitation = [\"wall\", \"stands\"]\n";
    let figures = "[[figures]]\nlabel = \"Stones\"\nvalue = 12\ncitation = \"wall\"\n";
    let site = Site::new()
        .topic("town", cites)
        .digest("town/2022-01", &format!("topic = \"town\"\n{figures}[[items]]\narticle = \"wall\"\n[query]"))
        .article("2022-01-20", "wall", "id = \"wall\"\ntopics = [\"town\"]\n[[corrections]]\ndate = 2022-01-25\nkind = \"retraction\"\ntext = \"It stands.\"")
        .article_with("2022-01-21", "stands", "id = \"stands\"\ntopics = [\"town\"]", "As [reported](wall.md).\n")
        .article("2022-01-22", "again", "id = \"again\"\ntopics = [\"town\"]\ncopy_of = \"wall\"");
    site.run("build").succeeds().stderr_is("");
    let said = site.run("check").succeeds().stderr;
    for expected in [
        "the event cites `wall`, which was withdrawn\n --> content/topics/town.md:6:12",
        "the figure cites `wall`, which was withdrawn\n --> content/digests/town/2022-01.md",
        "the digest lists `wall`, which was withdrawn\n --> content/digests/town/2022-01.md",
        "the text is that of `wall`, which was withdrawn\n --> content/articles/2022/01/again.md",
        "the text links to an article that was withdrawn\n --> content/articles/2022/01/stands.md",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    // An event that another article tells of as well has a source.
    assert_eq!(said.matches("was withdrawn\n").count(), 5, "{said}");
}
