//! What is written is what its standard says: HTML by the Nu checker, feeds and sitemap by their own rules.
//!
//! `DATELINE_VNU_JAR` names the checker: `vnu.jar` of the npm package vnu-jar; `DATELINE_JAVA` a Java to run it.

use std::{collections::BTreeSet, env, path::PathBuf, process::Command};

use quick_xml::{Reader, events::Event};
use serde_json::Value;

use crate::site_test::{Site, has_tool};

/// Every finding of the Nu checker, warnings too.
fn findings(folders: &[PathBuf], more: &[&str]) -> Option<Vec<String>> {
    let jar = env::var_os("DATELINE_VNU_JAR").map(PathBuf::from).filter(|path| path.is_file());
    let java = env::var_os("DATELINE_JAVA").unwrap_or_else(|| "java".into());
    let has_java = Command::new(&java).arg("-version").output().is_ok_and(|output| output.status.success());
    if !has_tool("Java and the Nu HTML checker (DATELINE_VNU_JAR)", jar.is_some() && has_java) {
        return None;
    }
    let output = Command::new(&java)
        .args(["-Xss4m", "-jar"])
        .arg(jar?)
        .args(["--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html"])
        .args(more)
        .args(folders)
        .output()
        .expect("the checker runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(text.trim()).unwrap_or_else(|error| {
        panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr));
    });
    let messages = report["messages"].as_array().cloned().unwrap_or_default();
    let mut found: Vec<String> = messages
        .iter()
        // What is no error or warning only tells where the other place is; the guess at a language needs more text.
        .filter(|message| message["type"] != "info" || message["subType"] == "warning")
        .filter(|message| !message["message"].as_str().is_some_and(|text| text.contains("appears to be written in")))
        .map(|message| {
            format!(
                "{}:{}: {}: {} [{}]",
                message["url"].as_str().unwrap_or_default().rsplit("/public/").next().unwrap_or_default(),
                message["lastLine"],
                message["type"].as_str().unwrap_or_default(),
                message["message"].as_str().unwrap_or_default(),
                message["extract"].as_str().unwrap_or_default().replace('\n', " ")
            )
        })
        .collect();
    found.sort();
    Some(found)
}

#[track_caller]
fn is_valid(sites: &[&Site]) {
    for site in sites {
        site.run("build --drafts").succeeds();
    }
    let folders: Vec<PathBuf> = sites.iter().map(|site| site.path("public")).collect();
    let Some(found) = findings(&folders, &["--also-check-svg"]) else { return };
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found[..found.len().min(40)].join("\n"));
}

/// A site whose content tries to break its pages.
fn awkward() -> Site {
    let long = "word ".repeat(400);
    let body = format!(
        "# First\n\n## Main\n\n## Main\n\n{long}\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n- [ ] one\n- [x] two\n\n1. a\n   - b\n\n     > c\n\n\
         ```rust\nlet x = \"<b>\";\n```\n\n<div align=\"center\" onclick=\"x()\"><p>a<div>b</p></div>\n\n<b>open <i>wrong</b> order</i>\n\n\
         <table><td>x\n\n<h1>html</h1>\n\n> [!WARNING]\n> Careful.\n\n![p](/p.svg \"A title\") x[^1] y[^two] z[^1]\n\n[^1]: One.\n[^two]: Two.\n\n***\n\n\
         A&nbsp;b &copy; &#x1F600; &lt; &notanentity; < > & \"q\" 'q'\n"
    );
    let mut site = Site::new()
        .settings("page_size = 3\nlanguage = \"en\"\nsmart_punctuation = true")
        .file("static/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>")
        .topic("t", "period = \"weekly\"\nsummary = \"<i> & \\\"q\\\"\"")
        .named("publishers", "p", "name = \"A & B <C> \\\"D\\\"\"\nalternate_names = [\"<x>\"]\nurl = \"https://example.net/?a=1&b=<2>\"")
        .article_with(
            "2022-01-21",
            "awkward",
            "title = \"<b>A & B</b> \\\"q\\\" \u{202e}rtl\"\ntopics = [\"t\"]\npublisher = \"p\"\ntags = [\"a & b\", \"C++\"]\nurl = \"https://example.net/x?a=1&b=2\"\n\
             commentary = \"## Head\\n\\n> quote\\n\\n- list\\n\\n| t |\\n|---|\\n| x |\\n\\n[^1]\\n\\n[^1]: note\"\nwhy_it_matters = \"1. a\\n2. b\"\nlang = \"uk\"\n\
             [[images]]\nsrc = \"/p.svg\"\n[[images]]\nsrc = \"/p.svg\"\nalt = \"\\\"q\\\" <b>\"\ncaption = \"<i>\"",
            &body,
        )
        .article_with("2022-01-22", "arabic", "title = \"محادثات\"\nlang = \"ar\"\ntopics = [\"t\"]", "نص **عربي**.\n")
        .article_with("2022-01-23", "cut", "topics = [\"t\"]\n[rights]\ndisplay = \"excerpt\"\nmax_words = 12", &body)
        .article_with("2022-01-24", "headline", "topics = [\"t\"]\n[rights]\ndisplay = \"headline\"", &body)
        .article_with(
            "2022-01-25",
            "retracted",
            "topics = [\"t\"]\n[[corrections]]\ndate = 2022-01-26\nkind = \"retraction\"\ntext = \"<b>\"",
            "## Corrections\n\nText.\n",
        )
        .file("content/digests/d.md", format!("+++\ntitle = \"D\"\n[query]\n[[sections]]\nid = \"main\"\ntitle = \"Main & more\"\n[[items]]\narticle = \"arabic\"\nrole = \"lead\"\n[[items]]\narticle = \"awkward\"\nsection = \"main\"\n+++\n{body}"))
        .file("content/digests/nothing.md", "+++\ntitle = \"Empty\"\n+++\n")
        .file("content/pages/p.md", format!("+++\ntitle = \"P\"\nlang = \"ar\"\n+++\n{body}"))
        .named("people", "nobody", "")
        .topic("empty", "lang = \"he\"");
    for day in 1..=9 {
        site = site.article(&format!("2022-02-{day:02}"), &format!("n{day}"), "topics = [\"t\"]\ntags = [\"C++\"]");
    }
    site
}

#[test]
fn every_page_of_every_kind_is_valid() {
    let new = Site::empty();
    new.run("init").succeeds();
    is_valid(&[&Site::own(), &Site::fixture("rich"), &new, &Site::new()]);
}

#[test]
fn every_page_of_the_bulletin_is_valid() {
    let site = |site: Site| site.in_theme("bulletin");
    is_valid(&[&site(Site::own()), &site(Site::fixture("rich")), &site(awkward()), &site(Site::new())]);
}

#[test]
fn awkward_content_makes_valid_pages() {
    is_valid(&[&awkward()]);
}

/// Reads XML to its end; an error in it fails.
fn well_formed(path: &str, text: &str) -> BTreeSet<String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut names = BTreeSet::new();
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{path}: {error} at {}", reader.buffer_position())) {
            Event::Start(tag) => {
                depth += 1;
                for attribute in tag.attributes() {
                    attribute.unwrap_or_else(|error| panic!("{path}: {error}"));
                }
                names.insert(tag.name().as_ref().to_owned());
            }
            Event::Empty(tag) => {
                names.insert(tag.name().as_ref().to_owned());
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{path}: not everything is closed");
    let is_char = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(is_char), "{path}: a character that XML does not have");
    names
}

fn absolute(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[test]
fn feeds_and_sitemaps_keep_their_rules() {
    let new = Site::empty();
    new.run("init").succeeds();
    for site in [Site::own(), Site::fixture("rich"), awkward(), new, Site::new()] {
        site.run("build").succeeds();
        for (path, bytes) in site.public() {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            match path.rsplit('.').next() {
                Some("atom") => {
                    well_formed(&path, &text);
                    atom(&path, &text);
                }
                Some("rss") => {
                    well_formed(&path, &text);
                    rss(&path, &text);
                }
                Some("xml") => {
                    let names = well_formed(&path, &text);
                    // There may be no news.
                    let is_full = names.contains("loc") || path == "sitemap-news.xml";
                    assert!(names.contains("urlset") && is_full, "{path}: {names:?}");
                    for part in text.split("<loc>").skip(1) {
                        assert!(absolute(part.split("</loc>").next().unwrap_or_default()), "{path}");
                    }
                }
                Some("json") if path.ends_with("feed.json") => json_feed(&path, &text),
                Some("svg") => {
                    well_formed(&path, &text);
                }
                _ => {}
            }
        }
    }
}

/// RFC 4287, sections 4.1.1 and 4.1.2.
fn atom(path: &str, text: &str) {
    let feed: atom_syndication::Feed = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(!feed.id.is_empty() && !feed.title.as_str().is_empty(), "{path}");
    assert_eq!(feed.links.iter().filter(|link| link.rel == "self").count(), 1, "{path}");
    assert!(feed.links.iter().all(|link| absolute(&link.href)), "{path}");
    let mut ids = BTreeSet::new();
    for entry in &feed.entries {
        assert!(ids.insert(entry.id.clone()), "{path}: {} stands twice", entry.id);
        assert!(url::Url::parse(&entry.id).is_ok(), "{path}: an id is an IRI: {}", entry.id);
        assert!(!entry.title.as_str().is_empty(), "{path}");
        assert!(!entry.authors.is_empty() || !feed.authors.is_empty(), "{path}: {} has no author", entry.id);
        assert_eq!(entry.links.iter().filter(|link| link.rel == "alternate").count(), 1, "{path}");
        assert!(entry.links.iter().all(|link| absolute(&link.href)), "{path}");
        assert!(feed.updated >= entry.updated, "{path}: the feed is older than its entry");
        assert!(entry.published.is_none_or(|published| published <= entry.updated), "{path}: {}", entry.id);
        assert!(entry.content.is_some() || entry.summary.is_some() || !entry.links.is_empty(), "{path}");
    }
}

/// RSS 2.0.
fn rss(path: &str, text: &str) {
    let channel: rss::Channel = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(!channel.title.is_empty() && absolute(&channel.link), "{path}");
    assert!(text.contains("<description>"), "{path}: a channel has a description");
    let mut ids = BTreeSet::new();
    for item in &channel.items {
        assert!(item.title.is_some() || item.description.is_some(), "{path}");
        assert!(item.link.as_deref().is_some_and(absolute), "{path}");
        let guid = item.guid.as_ref().expect("a guid");
        assert!(ids.insert(guid.value.clone()), "{path}: {} stands twice", guid.value);
        let date = item.pub_date.as_deref().expect("a date");
        assert!(jiff::fmt::rfc2822::parse(date).is_ok(), "{path}: {date}");
    }
}

/// JSON Feed 1.1.
fn json_feed(path: &str, text: &str) {
    let feed: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1", "{path}");
    assert!(feed["title"].is_string(), "{path}");
    let whole = |value: &Value| value.as_str().is_some_and(absolute);
    assert!(whole(&feed["home_page_url"]) && whole(&feed["feed_url"]), "{path}");
    let mut ids = BTreeSet::new();
    for item in feed["items"].as_array().expect("items") {
        let id = item["id"].as_str().expect("an id");
        assert!(ids.insert(id), "{path}: {id} stands twice");
        assert!(item["content_html"].is_string() || item["content_text"].is_string(), "{path}: {id}");
        assert!(whole(&item["url"]), "{path}: {id}");
        for date in ["date_published", "date_modified"] {
            let text = item[date].as_str().expect("a date");
            assert!(text.parse::<jiff::Timestamp>().is_ok(), "{path}: {text}");
        }
    }
}
