//! Real pages of many outlets, languages and scripts: imported, grouped, built and checked, as a curator would.
//!
//! The pages are their publishers' and no part of the repository. They are read from `../shared/data/extract/fundus`, where that is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::Path,
};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::{
    import_web::articles,
    site_test::{Page, Site},
};

/// The writing system of a headline.
fn script(text: &str) -> &'static str {
    let of = |c: char| match c as u32 {
        0x400..=0x52f => "Cyrillic",
        0x600..=0x6ff => "Arabic",
        0x1100..=0x11ff | 0xac00..=0xd7af => "Hangul",
        0x3040..=0x30ff | 0x3400..=0x9fff => "Han and Kana",
        _ => "Latin",
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        *counts.entry(of(c)).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map_or("none", |(script, _)| script)
}

/// One page of one outlet of each country, and of two where there are: what is known of it, and the page.
fn pages() -> Option<Vec<(Value, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/extract/fundus");
    let Ok(truth) = fs::read_to_string(folder.join("truth.jsonl")) else {
        eprintln!("SKIPPED: this test needs the pages of {}, which are not here", folder.display());
        return None;
    };
    let mut countries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut out = Vec::new();
    for line in truth.lines() {
        let known: Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |key: &str| known[key].as_str().unwrap_or_default().to_owned();
        let outlets = countries.entry(text("country")).or_default();
        if outlets.len() >= 2 || !outlets.insert(text("publisher")) {
            continue;
        }
        let file = fs::File::open(folder.join(format!("html/{}.html.gz", text("id")))).expect("the page");
        let mut page = Vec::new();
        GzDecoder::new(file).read_to_end(&mut page).expect("a page");
        out.push((known, page));
    }
    Some(out)
}

#[test]
fn real_pages_of_many_outlets_become_a_site() {
    let Some(pages) = pages() else { return };
    let site = Site::empty();
    site.run("init").succeeds();
    let before = articles(&site);
    for (known, page) in &pages {
        site.write(&format!("in/{}.html", known["id"].as_str().expect("an id")), page);
    }
    site.run("new topic World").succeeds();
    let run = site.run("import in --topic world").succeeds();
    let mut found = articles(&site);
    found.retain(|article| !before.contains(article));
    assert_eq!(found.len(), pages.len(), "{}", run.stdout);

    let (mut outlets, mut languages, mut scripts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut right, mut troubles) = (0, Vec::new());
    for (known, _) in &pages {
        let (id, url) = (known["id"].as_str().expect("an id"), known["url"].as_str().expect("an address"));
        assert!(run.stdout.contains(&format!("in/{id}.html → content/")), "nothing is said of {id}\n{}", run.stdout);
        let line = run.stdout.lines().find(|line| line.starts_with(&format!("in/{id}.html"))).expect("its line");
        let path = line.split(" → ").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("its path");
        let text = site.read(path);
        let (matter, body) = text.trim_start_matches("+++\n").split_once("\n+++\n").expect("front matter");
        let matter: toml_edit::DocumentMut = matter.parse().expect("TOML");
        let field = |key: &str| matter.get(key).map(|item| item.to_string().trim().trim_matches('"').to_owned());
        let is_marked = |key: &str| {
            let check = matter.get("import").and_then(|import| import.get("check")).and_then(|list| list.as_array());
            check.is_some_and(|list| list.iter().any(|value| value.as_str() == Some(key)))
        };
        let title = matter["title"].as_str().expect("a title").to_owned();
        right += usize::from(known["title"].as_str() == Some(title.as_str()));
        scripts.insert(script(&title));
        if let Some(language) = field("lang") {
            languages.insert(language.split('-').next().unwrap_or_default().to_owned());
        }
        match field("publisher") {
            Some(slug) => {
                assert!(site.path(&format!("content/publishers/{slug}.md")).is_file(), "{id}: no file for {slug}");
                outlets.insert(slug);
            }
            None if is_marked("publisher") => {}
            None => troubles.push(format!("{id}: no publisher, and no mark")),
        }
        // A wrong date is worse than none.
        let date = field("date").map(|date| date.chars().take(10).collect::<String>());
        if date.as_deref() != known["date"].as_str() && !is_marked("date") {
            troubles.push(format!("{id}: the date {date:?} is not {} and not marked", known["date"]));
        }
        if body.split_whitespace().count() < 60 && script(&title) == "Latin" || body.chars().count() < 150 {
            troubles.push(format!("{id}: hardly a text in it: {body}"));
        }
        if field("url").is_none() {
            troubles.push(format!("{id}: no address, and it is at {url}"));
        }
        // A picture that shows nothing, and a link that says nothing.
        for nothing in ["](data:", "transparent", "spacer", "icon_", "[]()"] {
            if body.contains(nothing) {
                troubles.push(format!("{id}: `{nothing}` stands in its text"));
            }
        }
    }
    assert!(troubles.is_empty(), "{}", troubles.join("\n"));
    assert!(outlets.len() >= 30, "{} outlets: {outlets:?}", outlets.len());
    assert!(languages.len() >= 6, "{languages:?}");
    assert!(scripts.len() >= 3, "{scripts:?}");
    assert!(right * 10 >= pages.len() * 7, "{right} of {} headlines are the outlet's own, word for word", pages.len());

    // Twice the same is once.
    site.run("import in").succeeds().stdout_has(&format!("0 imported; {} in the site already", pages.len()));

    site.write(
        "content/digests/world/all.md",
        "+++\ntitle = \"All of it\"\ntopic = \"world\"\n\n[query]\ntopic = \"world\"\n+++\n\nWhat was read.\n",
    );
    for line in ["build", "check"] {
        let run = site.run(line);
        let errors: Vec<&str> = run.stderr.split("\n\n").filter(|message| message.starts_with("error")).collect();
        assert!(errors.is_empty() && run.status == Some(0), "{line}: {}", errors.join("\n\n"));
    }
    let topic = site.page("/world/");
    topic.says("All of it");
    let digest = site.page("/world/all/");
    for (path, text) in found {
        let title = text.lines().find_map(|line| line.strip_prefix("title = ")).expect("a title");
        let title: toml_edit::Value = title.parse().unwrap_or_else(|_| panic!("{path}: {title}"));
        let title = title.as_str().expect("text").to_owned();
        let slug = path.rsplit('/').next().expect("a name").trim_end_matches(".md").to_owned();
        let links =
            |page: &Page| page.elements("a").any(|a| a.attributes.get("href").is_some_and(|href| href.contains(&slug)));
        assert!(links(&digest), "the digest has no link to {title}");
        let address = site.public_paths().into_iter().find(|path| path.ends_with(&format!("{slug}/index.html")));
        assert!(address.is_some(), "no page for {title}");
    }
}
