//! What was put right: a box on the article, a line in the digests, the log with its feeds; and articles that were withdrawn.

use crate::site_test::{SETTINGS, Site};

fn site() -> Site {
    Site::new()
        .topic("talks", "")
        .digest("talks/2022-01", "topic = \"talks\"\ntemporal_coverage = \"2022-01\"\n[query]")
        .article(
            "2022-01-21",
            "bridge",
            "id = \"bridge\"\ntopics = [\"talks\"]\n[[corrections]]\ndate = 2022-01-23\ntext = \"The bridge has four lanes, not six & a half.\"",
        )
        .article("2022-01-22", "quay", "topics = [\"talks\"]")
}

#[test]
fn a_row_shows_on_the_article_in_its_digest_in_the_log_and_in_every_feed() {
    let site = site();
    site.run("build").succeeds();
    let words = "The bridge has four lanes, not six & a half.";
    for path in ["/2022/01/21/bridge/", "/talks/2022-01/", "/corrections/"] {
        site.page(path).says(words).says("23 January 2022");
    }
    site.page("/talks/2022-01/").links_to("About bridge", "/2022/01/21/bridge/#correction-2022-01-23");
    site.page("/").links_to("Corrections", "/corrections/");
    for feed in ["feed", "talks/feed"] {
        let atom = site.read(&format!("public/{feed}.atom"));
        let entry = atom.split("<entry>").find(|entry| entry.contains("About bridge")).expect("an entry");
        assert!(entry.contains("<id>tag:example.org,2022:bridge</id>"), "{entry}");
        assert!(entry.contains("<updated>2022-01-23T00:00:00"), "{entry}");
        assert!(entry.contains("four lanes"), "{entry}");
        let rss = site.read(&format!("public/{feed}.rss"));
        let item = rss.split("<item>").find(|item| item.contains("About bridge")).expect("an item");
        assert!(item.contains("<atom:updated>2022-01-23T00:00:00"), "{item}");
        let json = site.read(&format!("public/{feed}.json"));
        assert!(json.contains("\"date_modified\": \"2022-01-23T00:00:00"), "{json}");
    }
    for format in ["atom", "rss", "json"] {
        let feed = site.read(&format!("public/corrections/feed.{format}"));
        assert!(feed.contains("tag:example.org,2022:bridge/correction/2022-01-23"), "{feed}");
        assert!(feed.contains("https://example.org/2022/01/21/bridge/#correction-2022-01-23"), "{feed}");
        assert!(feed.contains("four lanes") && !feed.contains("About quay"), "{feed}");
    }
    site.run("check").succeeds();
}

#[test]
fn the_log_is_paginated_and_its_feeds_follow_the_settings() {
    let row = |day: u8| format!("[[corrections]]\ndate = 2022-02-{day:02}\ntext = \"Point {day}.\"\n");
    let rows: String = (1..=5).map(row).collect();
    let site = Site::empty().file("site.toml", format!("page_size = 2\n{SETTINGS}[outputs]\nrss = false\n")).article(
        "2022-01-21",
        "bridge",
        &rows,
    );
    site.run("build").succeeds();
    site.page("/corrections/").says("Point 5.").says("Point 4.").never_says("Point 3.");
    site.page("/corrections/page/3/").says("Point 1.");
    assert!(site.path("public/corrections/feed.atom").exists());
    assert!(!site.path("public/corrections/feed.rss").exists());
    let ids = site.read("public/corrections/feed.atom");
    let before: Vec<&str> = ids.split("<id>").skip(1).filter_map(|rest| rest.split("</id>").next()).collect();
    assert_eq!(before.len(), 6);
    let rows_again: String = (1..=6).rev().map(row).collect();
    let again = Site::new().article("2022-01-21", "bridge", &rows_again);
    again.run("build").succeeds();
    let after = again.read("public/corrections/feed.atom");
    for id in before {
        assert!(after.contains(id), "{id} is gone from {after}");
    }
}

#[test]
fn each_row_of_an_article_has_a_place_of_its_own() {
    let row = |day: u8, text: &str| format!("[[corrections]]\ndate = 2022-01-{day}\ntext = \"{text}\"\n");
    let rows = row(23, "It has four lanes.") + &row(25, "It is of steel.") + &row(25, "It is in Basel.");
    let site = Site::new().topic("talks", "").article("2022-01-21", "bridge", &format!("topics = [\"talks\"]\n{rows}"));
    site.run("build").succeeds();
    let page = site.read("public/2022/01/21/bridge/index.html");
    let log = site.page("/corrections/");
    for key in ["2022-01-23", "2022-01-25", "2022-01-25-2"] {
        assert_eq!(page.matches(&format!("id=\"correction-{key}\"")).count(), 1, "{page}");
        log.links_to("About bridge", &format!("/2022/01/21/bridge/#correction-{key}"));
        for format in ["atom", "rss", "json"] {
            let feed = site.read(&format!("public/corrections/feed.{format}"));
            let address = format!("https://example.org/2022/01/21/bridge/#correction-{key}");
            let mut rest = feed.split(&address).skip(1);
            assert!(rest.any(|rest| rest.starts_with(['"', '<'])), "{feed}");
        }
    }
    site.run("check").succeeds();
}

#[test]
fn a_site_without_corrections_has_no_log() {
    let site = Site::new().article("2022-01-22", "quay", "");
    site.run("build").succeeds();
    assert!(!site.path("public/corrections").exists());
    assert!(!site.read("public/index.html").contains("/corrections/"));
}

#[test]
fn what_is_withdrawn_stays_as_a_page_that_says_when_and_why_and_shows_nothing_of_what_it_said() {
    let secret = "The dredger sank because nobody had closed the aft hatch that night";
    let keys = "id = \"dredger\"\ntopics = [\"talks\"]\nsummary = \"A summary of wrecks.\"\npeople = [\"ann\"]\nurgency = 1\n\
        commentary = \"A comment on wrecks.\"\n[[quotes]]\ntext = \"A quote on wrecks\"\nspeaker = \"ann\"\n\
        [[events]]\ndate = 2022-01-20\nheadline = \"An event of wrecks\"\n\
        [[figures]]\nlabel = \"A count of wrecks\"\nvalue = 3\n\
        [[corrections]]\ndate = 2022-01-24\nkind = \"retraction\"\ntext = \"The report was made up.\"";
    let site = site().settings("outputs.llms = true").named("people", "ann", "").article_with(
        "2022-01-22",
        "dredger",
        keys,
        &format!("{secret}.\n"),
    );
    site.run("build").succeeds();
    site.page("/2022/01/22/dredger/").says("Retracted").says("24 January 2022").says("The report was made up.");
    // Whoever looks for it finds that it was withdrawn.
    site.page("/talks/").says("Retracted About dredger");
    assert!(site.read("public/llms.txt").contains("[Retracted: About dredger]"));
    let cards = site.files("public/search/cards");
    assert!(cards.iter().any(|(_, card)| String::from_utf8_lossy(card).contains("[\"retracted\",\"About dredger\"")));
    site.page("/2022/01/22/dredger/").has("id=\"correction-2022-01-24\"").has("id=\"corrections\"");
    assert!(!site.read("public/2022/01/22/dredger/index.html").contains("noindex"));
    assert!(site.read("public/sitemap.xml").contains("/2022/01/22/dredger/"));
    let atom = site.read("public/feed.atom");
    assert!(atom.contains("Retracted: About dredger") && atom.contains("tag:example.org,2022:dredger"), "{atom}");
    assert!(atom.contains("The report was made up."));
    for (path, bytes) in site.files("public") {
        let text = String::from_utf8_lossy(&bytes);
        for gone in ["aft hatch", "of wrecks", "on wrecks"] {
            assert!(!text.contains(gone), "{path} has `{gone}`");
        }
    }
    // It does not lead, whatever its urgency.
    let digest = site.page("/talks/2022-01/");
    assert_eq!(digest.headlines().first().map(String::as_str), Some("About quay"));
}
