//! What keeps a site from being published, each with its way out.

use std::fs;

use snapbox::str;

use super::repository::{Repository, site};
use crate::site_test::Site;

/// The publication stops with this, and nothing has happened.
#[track_caller]
fn stops(repository: &Repository, line: &str, said: &[&str]) {
    let (before, tip) = (repository.state(), repository.tip());
    let mut outcome = repository.run(line).status(1);
    for text in said {
        outcome = outcome.stderr_has(text);
    }
    assert_eq!(repository.state(), before);
    assert_eq!(repository.tip(), tip);
}

#[test]
fn an_error_of_the_build() {
    let repository = Repository::new(site().article("2022-01-23", "third", "topics = [\"talk\"]"));
    stops(&repository, "publish", &["did you mean `talks`?", "1 error\nnothing was published"]);
    // A warning is said, and stops nothing.
    let repository = Repository::new(site().article("2022-01-23", "third", "tags = [\"C\", \"C++\"]"));
    repository.run("publish").succeeds().stderr_has("1 warning").stdout_has("published 3 articles");
}

#[test]
fn a_work_tree_that_differs_from_the_commit() {
    let first = "content/articles/2022/01/first.md";
    type Edit = fn(&Repository);
    let edits: [(&str, Edit); 7] = [
        ("content/articles/2022/01/first.md", |r| {
            r.site.edit("content/articles/2022/01/first.md", "The text", "A text")
        }),
        ("content/articles/2022/01/first.md", |r| {
            r.site.edit("content/articles/2022/01/first.md", "The text", "A text");
            r.git("add -A");
        }),
        ("content/articles/2022/01/second.md", |r| r.site.remove("content/articles/2022/01/second.md")),
        ("content/pages/über.md", |r| r.site.write("content/pages/über.md", "+++\ntitle = \"New\"\n+++\n")),
        ("static/ü.txt", |r| r.site.write("static/ü.txt", "x")),
        ("site.toml", |r| r.site.edit("site.toml", "The Test", "The Other")),
        ("content/pages/ignored.md", |r| r.site.write("content/pages/ignored.md", "+++\ntitle = \"Ignored\"\n+++\n")),
    ];
    let repository = Repository::new(site().file("static/x.txt", "x"));
    repository.site.write(".git/info/exclude", "ignored.md\n*~\n");
    for (path, edit) in edits {
        edit(&repository);
        stops(
            &repository,
            "publish",
            &[&format!("1 file of the site is not as in the last commit:\n  {path}\n"), "git commit", "--allow-dirty"],
        );
        repository.git("reset -q --hard");
        repository.git("clean -q -f -d -x");
    }
    // Git was told not to look.
    repository.site.edit(first, "The text", "A text");
    repository.git(&format!("update-index --assume-unchanged {first}"));
    stops(&repository, "publish", &[first]);
    repository.git(&format!("update-index --no-assume-unchanged {first}"));
    repository.git("reset -q --hard");
    // What is no part of the published site may differ.
    repository.site.write("README.md", "Read me.");
    repository.site.write("content/inbox/waiting.md", "Waiting.");
    repository.site.write("content/articles/2022/01/first.md~", "A backup.");
    repository.publish();
}

/// What the build reads although Git does not see it as a file of the site.
#[test]
fn a_work_tree_that_differs_where_git_does_not_look() {
    // Behind a link.
    let linked = site().file("shared/page.md", "+++\ntitle = \"Shared\"\n+++\nOne.\n").file("shared/other.txt", "x");
    std::os::unix::fs::symlink("../shared", linked.path("content/pages")).unwrap();
    linked.remove("shared/other.txt");
    let repository = Repository::new(linked);
    repository.publish();
    repository.site.edit("shared/page.md", "One", "Two");
    stops(&repository, "publish", &["1 file of the site is not as in the last commit:\n  shared/page.md\n"]);
    repository.git("reset -q --hard");
    // In a repository of its own.
    repository.site.write("content/organizations/un.md", "+++\nname = \"UN\"\n+++\n");
    crate::publish::repository::git(&repository.site.path("content/organizations"), &repository.home(), "init -q");
    stops(&repository, "publish", &["content/organizations/"]);
}

#[test]
fn what_is_not_committed_can_be_published_all_the_same_and_the_commit_says_so() {
    let repository = Repository::new(site());
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.site.write("static/x.txt", "x");
    repository.run("publish --allow-dirty").succeeds();
    let message = repository.at_remote("log -1 --format=%B refs/heads/gh-pages");
    let head = repository.git("rev-parse HEAD");
    assert!(
        message.contains(&format!("Source-Commit: {head}\nSource-Changes: 2 files differ from that commit\n")),
        "{message}"
    );
    let page = String::from_utf8(repository.published()["2022/01/21/first/index.html"].clone()).unwrap();
    assert!(page.contains("A text of first."));
}

#[test]
fn nothing_is_committed_yet() {
    let repository = Repository::new(site());
    repository.git("checkout -q --orphan fresh");
    stops(&repository, "publish", &["nothing is committed yet", "git commit"]);
}

#[test]
fn no_repository_and_no_remote() {
    let site = site();
    site.run("publish").status(1).stderr_has("the site is in no Git repository").stderr_has("git init");
    let repository = Repository::new(site);
    stops(&repository, "publish --remote there", &["there is no remote `there`", "the repository has: origin"]);
    repository.git("remote remove origin");
    stops(&repository, "publish", &["no remote to publish to", "git remote add origin"]);
    let empty = Site::empty();
    fs::create_dir(empty.path("x")).unwrap();
    Repository::new(empty).run("publish").status(1).stderr_has("there is no `site.toml` here");
}

#[test]
fn a_branch_that_holds_sources() {
    let repository = Repository::new(site());
    stops(&repository, "publish --branch main", &["is checked out here", "--branch gh-pages"]);
    repository.git("push -q origin main:sources");
    stops(&repository, "publish --branch sources", &["holds sources: there is a site.toml", "--branch gh-pages"]);
    stops(&repository, "publish --branch \"a..b\"", &["`a..b` cannot be the name of a branch"]);
}

#[test]
fn addresses_of_this_machine() {
    let repository = Repository::new(
        site().article_with("2022-01-23", "third", "", "See [the page](http://localhost:8000/x/).\n").article_with(
            "2022-01-24",
            "fourth",
            "",
            "Open `http://localhost:8000/`, or http://127.0.0.1 there.\n",
        ),
    );
    stops(
        &repository,
        "publish",
        &["error: 2022/01/23/third/index.html leads readers to their own machine: http://localhost:8000/x/"],
    );
    repository.site.edit(
        "content/articles/2022/01/third.md",
        "[the page](http://localhost:8000/x/)",
        "`http://localhost/`",
    );
    repository.commit("Words only");
    repository.publish();
    let repository = Repository::new(
        Site::empty().file("site.toml", "title = \"The Test\"\nbase_url = \"http://localhost:8000/\"\n"),
    );
    stops(&repository, "publish", &["the base URL is http://localhost:8000/", "base_url = \"https://…/\""]);
}

#[test]
fn code_of_the_preview() {
    let page =
        "<!doctype html><title>x</title><script src=\"/__dateline/client.js\" data-revision=\"1\" defer></script>";
    let repository = Repository::new(site().file("static/copied.html", page));
    stops(&repository, "publish", &["copied.html holds the script of the preview", "dateline watch"]);
    repository.site.remove("static/copied.html");
    repository.commit("Away");
    repository.publish();
}

#[test]
fn material_that_is_not_for_readers_yet() {
    let waiting =
        |keys: &str, words: &str| format!("+++\ntitle = \"What they keep\"\ndate = 2022-01-25\n{keys}\n+++\n{words}\n");
    let secret = "The ministers agreed in a side room to close the second harbour before winter, and told nobody.";
    let repository = Repository::new(
        site()
            .file("content/articles/2022/01/draft.md", waiting("draft = true", secret))
            .file(
                "content/articles/2022/01/held.md",
                waiting("embargoed_until = 2999-01-01", "The union will vote twice on the same evening, members say."),
            )
            .file("content/inbox/raw.md", "A reader wrote in that the cranes had stood still since Tuesday.\n")
            .file("static/notes/page.html", format!("<p>{secret}</p>"))
            .file("static/held.txt", "The union will vote twice on the same evening, members say.")
            .file("static/copy.md", "A reader wrote in that the cranes had stood still since Tuesday.\n"),
    );
    stops(
        &repository,
        "publish",
        &[
            "notes/page.html holds words of content/articles/2022/01/draft.md (draft): \"The ministers agreed",
            "held.txt holds words of content/articles/2022/01/held.md (under embargo): \"The union will vote",
            "copy.md holds words of content/inbox/raw.md (in the inbox): \"A reader wrote in",
            "take them out of what is published",
            "3 errors",
        ],
    );
    // A story in the inbox that was published already is no secret.
    for path in ["static/notes/page.html", "static/held.txt", "static/copy.md"] {
        repository.site.remove(path);
    }
    repository.site.write("content/inbox/again.md", "The text of first.\nThe text of first.\n");
    repository.commit("Away");
    repository.publish().stdout_has("left out: 1 draft, 1 under embargo, 2 in the inbox");
    let published = repository.published();
    assert!(published.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("side room")));
}

#[test]
fn what_waits_for_its_time_is_not_published_by_a_clock_that_runs_ahead() {
    let repository = Repository::new(site().article("2998-01-01", "later", ""));
    let (before, tip) = (repository.state(), repository.tip());
    repository
        .command("publish")
        .env("SOURCE_DATE_EPOCH", "32503680000")
        .run()
        .status(1)
        .stderr_has("SOURCE_DATE_EPOCH lies in the future");
    assert_eq!((repository.state(), repository.tip()), (before, tip));
}

fn foreign() -> Site {
    site()
        .named("publishers", "daily", "name = \"The Daily\"")
        .named("publishers", "wire", "name = \"The Wire\"\nkind = \"agency\"")
        .article("2022-01-23", "a", "publisher = \"daily\"\nagency = \"wire\"")
        .article("2022-01-24", "b", "publisher = \"wire\"")
        .article("2022-01-25", "c", "publisher = \"wire\"")
        .article("2022-01-26", "d", "publisher = \"wire\"")
        .article("2022-01-27", "own", "")
        // A headline with the curator's line shows nothing of theirs.
        .article_with("2022-01-28", "link", "publisher = \"daily\"\ncommentary = \"Read it there.\"", "")
}

#[test]
fn a_third_partys_full_text_with_no_licence() {
    let repository = Repository::new(foreign());
    let before = repository.state();
    repository.run("publish").status(1).stdout_is("").stderr_is(str![[r#"
error: 4 articles show full texts of The Wire, and no licence for them is on record
 --> content/publishers/wire.md:2:1
  |
2 | name = "The Wire"
  | ^^^^^^^^^^^^^^^^^
  |
 ::: content/articles/2022/01/a.md:2:1
  |
2 | title = "About a"
  | ----------------- in full
  |
 ::: content/articles/2022/01/b.md:2:1
  |
2 | title = "About b"
  | ----------------- in full
  |
 ::: content/articles/2022/01/c.md:2:1
  |
2 | title = "About c"
  | ----------------- and 1 more
  |
  = hint: show less of them: `display = "excerpt"` under `[rights]` in this file; or say there what allows it: `license = "…"`

1 error
nothing was published

"#]]);
    assert_eq!(repository.state(), before);
    // Each of the two ways out opens the way.
    for line in ["display = \"excerpt\"", "license = \"CC-BY-4.0\"", "display = \"headline\""] {
        let repository = Repository::new(foreign());
        repository.site.edit(
            "content/publishers/wire.md",
            "kind = \"agency\"",
            &format!("kind = \"agency\"\n[rights]\n{line}"),
        );
        repository.commit("Rights");
        repository.publish();
    }
}

#[test]
fn an_article_that_shows_everything_by_its_own_word() {
    let repository = Repository::new(
        site()
            .named("publishers", "daily", "[rights]\ndisplay = \"excerpt\"")
            .article("2022-01-23", "a", "publisher = \"daily\"")
            .article("2022-01-24", "b", "publisher = \"daily\"\n[rights]\ndisplay = \"full\""),
    );
    stops(
        &repository,
        "publish",
        &[
            "the article shows a third party's full text",
            "--> content/articles/2022/01/b.md",
            "license = \"…\"",
            "1 error",
        ],
    );
    // Imported, and nobody knows from where.
    let record = format!("[import]\nsha256 = \"{}\"\ndate = 2022-02-01", "0".repeat(64));
    let repository = Repository::new(site().article("2022-01-23", "a", &record));
    stops(&repository, "publish", &["the article shows a third party's full text", "articles/2022/01/a.md"]);
}

#[test]
fn over_the_limits_of_the_host() {
    let repository = Repository::new(site());
    fs::create_dir_all(repository.site.path("static")).unwrap();
    let large = fs::File::create(repository.site.path("static/film.mp4")).unwrap();
    large.set_len(100_000_001).unwrap();
    repository.site.write(".git/info/exclude", "film.mp4\n");
    repository
        .run("publish --allow-dirty")
        .status(1)
        .stderr_has("the file film.mp4 has 100.0 MB; GitHub takes 100.0 MB a file")
        .stderr_has("make it smaller");
    assert_eq!(repository.tip(), None);
    large.set_len(80_000_000).unwrap();
    repository.run("publish --dry-run --allow-dirty").succeeds().stderr_has("warning: the file film.mp4 has 80.0 MB");
}

#[test]
fn wrong_usage() {
    let repository = Repository::new(site());
    for line in
        ["publish --setup jenkins", "publish --rollback --setup actions", "publish --format xml", "publish there"]
    {
        repository.run(line).status(2);
    }
    // The site's own folders are no place for a build.
    repository.run("publish --output content").status(2).stderr_has("among the site's own files");
}
