//! `build --explain` and `why`: the reason that decided, and why an article is in a digest or is not.

use crate::site_test::Site;

fn site() -> Site {
    Site::new()
        .settings("timezone = \"Europe/Kyiv\"")
        .topic("talks", "")
        .topic("weather", "")
        .article("2022-01-03", "first", "topics = [\"talks\"]")
        .article("2022-01-31T23:30:00Z", "late", "topics = [\"talks\"]")
        .article("2022-01-05", "rain", "topics = [\"weather\"]\ntags = [\"wet\"]")
        .article("2022-01-06", "draft", "topics = [\"talks\"]\ndraft = true")
        .digest("talks/2022-01", "topic = \"talks\"\ntemporal_coverage = \"2022-01\"\n[query]\nexclude = [\"gone\"]")
        .article("2022-01-07", "gone", "topics = [\"talks\"]")
        .digest("list", "[[items]]\narticle = \"first\"")
}

const FIRST: &str = "content/articles/2022/01/first.md";

#[test]
fn an_edit_of_a_text_makes_its_page_and_the_feeds() {
    let site = site();
    site.run("build").succeeds();
    assert!(!site.run("build --explain").succeeds().stdout.contains("made "));
    let text = site.read(FIRST);
    site.write(FIRST, format!("{text}More.\n"));
    let outcome = site.run("build --explain").succeeds();
    let made: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with("made ")).collect();
    // What a new word changes of the search index is told by its own tests.
    let made: Vec<&str> = made.into_iter().filter(|line| !line.starts_with("made search/words/")).collect();
    let paths: Vec<&str> = made.iter().filter_map(|line| line.split([' ', ':']).nth(1)).collect();
    assert_eq!(
        paths,
        [
            "2022/01/03/first/index.html",
            "feed.atom",
            "feed.json",
            "feed.rss",
            "talks/feed.atom",
            "talks/feed.json",
            "talks/feed.rss"
        ]
    );
    assert!(made.iter().all(|line| line.ends_with(": changed: content/articles/2022/01/first.md")), "{made:?}");
}

#[test]
fn without_the_cache_everything_is_made_and_nothing_differs() {
    let site = site();
    site.run("build").succeeds();
    site.run("build --no-cache --explain")
        .succeeds()
        .stdout_has("(0 changed, 0 removed)")
        .stdout_has("made index.html");
}

#[test]
fn why_a_page_would_be_made_or_kept() {
    let site = site();
    site.run("why /2022/01/03/first/").succeeds().stdout_has("would be made: nothing is known of an earlier one");
    site.run("build").succeeds();
    for target in ["/2022/01/03/first/", FIRST, "https://example.org/2022/01/03/first/"] {
        site.command("why").arg(target).run().succeeds().stdout_has("2022/01/03/first/index.html would be kept");
    }
    site.write(FIRST, site.read(FIRST).replace("About first", "Another headline"));
    site.run("why /2022/01/03/first/").succeeds().stdout_has(&format!("changed: the front matter of {FIRST}"));
    // Asking changes nothing.
    site.run("why /2022/01/03/first/").succeeds().stdout_has("would be made");
    site.run("why /nowhere/").status(2).stderr_has("nothing in the site goes by `/nowhere/`");
}

#[test]
fn why_something_is_left_out() {
    let site = site();
    site.run("why content/articles/2022/01/draft.md").succeeds().stdout_has("left out of the site: draft");
}

#[test]
fn why_an_article_is_in_a_digest_or_not() {
    let site = site();
    let why = |article: &str, digest: &str| site.run(&format!("why {article} --in {digest}")).succeeds().stdout.clone();
    assert!(why("first", "talks/2022-01").starts_with("in: it meets every condition"));
    assert!(why("first", "list").starts_with("in: it is listed under `[[items]]`"));
    assert!(why("rain", "list").starts_with("out: \"Digest list\" is a list without a query"));
    assert!(why("rain", "/talks/2022-01/").starts_with("out: in none of the digest's topics"));
    assert_eq!(
        why("late", "talks/2022-01").trim(),
        "out: dated 2022-02-01 in Europe/Kyiv: outside 2022-01-01/2022-01-31"
    );
    assert_eq!(why("gone", "content/digests/talks/2022-01.md").trim(), "out: named under `exclude`");
    assert!(why("content/articles/2022/01/draft.md", "list").contains("left out of the site: draft"));
}
