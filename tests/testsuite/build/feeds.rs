//! Feeds, read by parsers of their own.

use std::collections::BTreeMap;

use atom_syndication::Feed;
use rss::Channel;
use serde_json::Value;

use crate::site_test::Site;

fn atom(site: &Site, path: &str) -> Feed {
    site.read(&format!("public/{path}")).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rss(site: &Site, path: &str) -> Channel {
    site.read(&format!("public/{path}")).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(site: &Site, path: &str) -> Value {
    serde_json::from_str(&site.read(&format!("public/{path}"))).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_three_formats_say_the_same() {
    let site = Site::fixture("rich");
    site.build();
    let base = "https://example.org/papers/";
    let address = format!("{base}2022/01/21/cranes-stand-still/");
    let id = "tag:example.org,2022:2022-01-21-cranes-stand-still";
    for (folder, title) in [
        ("", "Harbour Papers"),
        ("harbour-strike/", "Harbour Papers: Harbour strike"),
        ("labour/", "Harbour Papers: Labour"),
    ] {
        let feed = atom(&site, &format!("{folder}feed.atom"));
        assert_eq!(feed.title.as_str(), title);
        assert_eq!(feed.entries.len(), 2);
        let entry = &feed.entries[0];
        assert_eq!(entry.id, id);
        assert_eq!(entry.links[0].href, address);
        assert_eq!(entry.title.as_str(), "Cranes stand still in the old harbour");
        assert_eq!(entry.authors[0].name, "Iryna Author");
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2022-01-21T14:05:00+02:00");
        assert_eq!(entry.updated.to_rfc3339(), "2022-01-22T00:00:00+02:00");
        assert_eq!(feed.updated.to_rfc3339(), "2022-01-22T00:00:00+02:00");
        let own = feed.links.iter().find(|link| link.rel == "self").unwrap();
        assert_eq!(own.href, format!("{base}{folder}feed.atom"));
        let via = entry.links.iter().find(|link| link.rel == "via").unwrap();
        assert_eq!(via.href, "https://quay.example.com/cranes");

        let channel = rss(&site, &format!("{folder}feed.rss"));
        assert_eq!(channel.title, title);
        assert_eq!(channel.link, format!("{base}{folder}"));
        let item = &channel.items[0];
        assert_eq!(item.guid.as_ref().unwrap().value, id);
        assert!(!item.guid.as_ref().unwrap().permalink);
        assert_eq!(item.link.as_deref(), Some(address.as_str()));
        assert_eq!(item.pub_date.as_deref(), Some("Fri, 21 Jan 2022 14:05:00 +0200"));
        assert!(item.content.as_deref().unwrap().contains("{{ closed }}"));

        let document = json(&site, &format!("{folder}feed.json"));
        assert_eq!(document["version"], "https://jsonfeed.org/version/1.1");
        assert_eq!(document["title"], title);
        assert_eq!(document["feed_url"], format!("{base}{folder}feed.json"));
        assert_eq!(document["items"][0]["id"], id);
        assert_eq!(document["items"][0]["url"], address);
        assert_eq!(document["items"][0]["external_url"], "https://quay.example.com/cranes");
        assert_eq!(document["items"][0]["language"], "en-GB");
    }
    assert!(atom(&site, "grain/feed.atom").entries.is_empty());
    assert!(rss(&site, "grain/feed.rss").items.is_empty());
}

#[test]
fn what_is_in_another_language_says_so() {
    let keys = "lang = \"ar\"\nsummary = \"ملخص\"\n[[corrections]]\ndate = 2022-01-22\ntext = \"A name was wrong.\"";
    let site = Site::new()
        .settings("language = \"en\"")
        .article_with("2022-01-21", "far", keys, "توقفت الرافعات في الميناء.")
        .article_with("2022-01-20", "near", "summary = \"Short.\"", "Cranes stand still.");
    site.run("build").succeeds();
    let wrapped =
        "<div lang=\"ar\" dir=\"rtl\">\n<p>توقفت الرافعات في الميناء.</p>\n</div>\n<p lang=\"en\" dir=\"ltr\">";

    let feed = atom(&site, "feed.atom");
    assert_eq!(feed.lang.as_deref(), Some("en"));
    let [far, near] = &feed.entries[..] else { panic!("{:?}", feed.entries) };
    let content = far.content().expect("a text");
    assert_eq!(far.title.lang.as_deref(), Some("ar"));
    assert_eq!(far.summary.as_ref().and_then(|summary| summary.lang.as_deref()), Some("ar"));
    assert_eq!(content.lang(), Some("ar"));
    assert!(content.value().is_some_and(|html| html.starts_with(wrapped)), "{content:?}");
    assert_eq!((near.title.lang.as_deref(), near.content().expect("a text").lang()), (None, None));

    let channel = rss(&site, "feed.rss");
    let languages = |item: &rss::Item| item.dublin_core_ext().map(|dublin_core| dublin_core.languages.clone());
    assert_eq!(languages(&channel.items[0]), Some(vec!["ar".to_owned()]));
    assert_eq!(languages(&channel.items[1]).unwrap_or_default(), Vec::<String>::new());
    assert!(channel.items[0].content().is_some_and(|html| html.starts_with(wrapped)));

    let document = json(&site, "feed.json");
    assert_eq!(document["items"][0]["language"], "ar");
    assert_eq!(document["items"][1].get("language"), None);
    assert!(document["items"][0]["content_html"].as_str().is_some_and(|html| html.starts_with(wrapped)));
}

#[test]
fn every_link_in_a_feed_is_whole() {
    let site = Site::fixture("rich");
    site.build();
    let feed = atom(&site, "feed.atom");
    let content = feed.entries[0].content().unwrap().value().unwrap();
    for part in content.split("href=\"").skip(1).chain(content.split("src=\"").skip(1)) {
        let address = part.split('"').next().unwrap();
        assert!(address.starts_with("https://") || address.starts_with('#'), "{address}");
    }
    assert!(content.contains("https://example.org/papers/2022/01/12/union-votes/"));
}

#[test]
fn ids_never_change() {
    let ids = |site: &Site| -> BTreeMap<String, Vec<String>> {
        site.run("build").succeeds();
        let mut all = BTreeMap::new();
        let feed = atom(site, "feed.atom");
        all.insert("atom".to_owned(), feed.entries.iter().map(|entry| entry.id.clone()).collect());
        all.insert("atom feed".to_owned(), vec![feed.id]);
        let channel = rss(site, "feed.rss");
        all.insert("rss".to_owned(), channel.items.iter().map(|item| item.guid.clone().unwrap().value).collect());
        let document = json(site, "feed.json");
        let items = document["items"].as_array().unwrap();
        all.insert("json".to_owned(), items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect());
        all
    };
    let site = Site::fixture("rich");
    let before = ids(&site);
    let article = "content/articles/2022/01/cranes-stand-still.md";
    site.edit(article, "Cranes stand still in the old harbour", "Another headline");
    site.edit(article, "slug = \"cranes-stand-still\"", "slug = \"another-slug\"");
    site.edit(article, "The gates stayed shut.", "The gates stayed open.");
    site.edit("site.toml", "example.org/papers/", "example.org/moved/elsewhere/");
    site.edit("site.toml", "Harbour Papers", "Harbour Notes");
    assert_eq!(ids(&site), before);
    assert!(site.has("2022/01/21/another-slug/index.html"));

    // A move to another host keeps the ids where the settings name who gave them.
    let text = site.read("site.toml").replace("https://example.org/", "https://other.example.net/");
    site.write("site.toml", format!("tag_authority = \"example.org\"\n{text}"));
    assert_eq!(ids(&site), before);
}

#[test]
fn an_id_outlives_a_correction_of_the_date() {
    let site = Site::fixture("rich");
    site.build();
    let before = atom(&site, "feed.atom").entries[0].id.clone();
    site.edit(
        "content/articles/2022/01/cranes-stand-still.md",
        "date = 2022-01-21T14:05:00+02:00",
        "date = 2022-01-20T23:55:00+02:00",
    );
    site.run("build").succeeds();
    assert_eq!(atom(&site, "feed.atom").entries[0].id, before);
}

#[test]
fn feeds_hold_the_newest_up_to_a_limit() {
    let mut site = Site::new().settings("feed_items = 3");
    for day in 1..=6 {
        site = site.article(&format!("2022-01-{day:02}"), &format!("day-{day}"), "");
    }
    site.build();
    let titles: Vec<String> =
        atom(&site, "feed.atom").entries.iter().map(|entry| entry.title.as_str().to_owned()).collect();
    assert_eq!(titles, ["About day-6", "About day-5", "About day-4"]);
    assert_eq!(rss(&site, "feed.rss").items.len(), 3);
    assert_eq!(json(&site, "feed.json")["items"].as_array().unwrap().len(), 3);
}

#[test]
fn difficult_characters_survive_every_format() {
    let title = "A & B < C > \"D\" 'E' ]]> 😀 \u{202e}x";
    let body = "1 < 2 && 3 > 2 ]]> <b>bold</b> \u{7} bell\n";
    let site = Site::new().article_with(
        "2022-01-21",
        "chars",
        &format!("title = '''{title}'''\nsummary = '''{title}'''"),
        body,
    );
    site.run("build").succeeds();
    assert_eq!(atom(&site, "feed.atom").entries[0].title.as_str(), title);
    let item = &rss(&site, "feed.rss").items[0];
    assert_eq!(item.title.as_deref(), Some(title));
    assert!(item.content.as_deref().unwrap().contains("3 &gt; 2 ]]&gt; <b>bold</b>"), "{:?}", item.content);
    assert_eq!(json(&site, "feed.json")["items"][0]["title"], title);
    for feed in ["public/feed.atom", "public/feed.rss"] {
        assert!(!site.read(feed).contains('\u{7}'), "{feed}: XML has no such character");
    }
}
