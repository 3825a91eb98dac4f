//! The published tree as a host serves it, under the path of its repository, followed link by link in a real browser.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::repository::{Repository, git};
use crate::{
    browser::{Browser, Server},
    site_test::Site,
};

const BASE: &str = "/repo/";

#[test]
fn every_link_image_feed_and_style_sheet_answers() {
    let Some(browser) = Browser::start() else { return };
    let repository = Repository::new(
        Site::own()
            .file("static/pictures/one.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>")
            .article_with(
                "2022-01-23",
                "pictured",
                "",
                "![A dot](/pictures/one.svg)\n\nSee [the topic](/ukraine-crisis/).\n",
            ),
    );
    let served = repository.beside.path().join("served");
    let server = Server::start_at(BASE, |_| served.clone());
    // As GitHub Pages has it; the server stands in for that host.
    repository.git("remote set-url origin https://github.com/owner/repo.git");
    repository
        .git(&format!("config url.'{}'.insteadOf https://github.com/owner/repo.git", repository.remote().display()));
    repository.run("publish --base-url https://owner.github.io/repo/").succeeds();
    let line = format!("clone -q -b gh-pages '{}' '{}'", repository.remote().display(), served.display());
    git(repository.beside.path(), &repository.home(), &line);

    let host = "https://owner.github.io";
    browser.go(&format!("{}{BASE}", server.origin));
    // Every page in the browser, and from each page every address that it names.
    let mut waiting: Vec<String> = vec![format!("{}{BASE}", server.origin), format!("{}{BASE}404.html", server.origin)];
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    while let Some(url) = waiting.pop() {
        // The page's own parser reads it: what the browser takes for a link is one.
        let found = browser.evaluate(&format!(
            "(async () => {{
                const answer = await fetch({url});
                const kind = answer.headers.get('content-type') || '';
                if (!answer.ok) return {{ status: answer.status, kind, links: [] }};
                const text = await answer.text();
                if (/xml|json|css|atom|rss|plain/.test(kind) || /\\.(atom|rss|json|xml|css|txt)$/.test({url})) {{
                    const links = [...text.matchAll(/https:\\/\\/owner\\.github\\.io\\/[^\\s\"'<>\\\\)&]*/g)].map(m => m[0]);
                    return {{ status: answer.status, kind, links }};
                }}
                if (!kind.includes('html')) return {{ status: answer.status, kind, links: [] }};
                const page = new DOMParser().parseFromString(text, 'text/html');
                const base = page.createElement('base');
                base.href = {url};
                page.head.prepend(base);
                const links = [];
                for (const e of page.querySelectorAll('[href]:not(base), [src], form[action]')) {{
                    links.push(e.href && e.href.baseVal === undefined ? e.href : e.src || e.action);
                }}
                for (const e of page.querySelectorAll('meta[content^=\"https://owner\"]')) links.push(e.content);
                for (const e of page.querySelectorAll('[srcset]')) {{
                    for (const part of e.srcset.split(',')) links.push(new URL(part.trim().split(/\\s/)[0], {url}).href);
                }}
                return {{ status: answer.status, kind, links }};
            }})()",
            url = json!(url)
        ));
        if found["status"] != 200 {
            wrong.push(format!("{url}: {}", found["status"]));
            continue;
        }
        let kind = url.split('?').next().unwrap_or(&url).rsplit('/').next().unwrap_or_default();
        *kinds.entry(kind.rsplit_once('.').map_or("page", |(_, kind)| kind).to_owned()).or_default() += 1;
        for link in found["links"].as_array().expect("a list").iter().filter_map(|link| link.as_str()) {
            let link = link.split('#').next().unwrap_or_default();
            let here = match link.strip_prefix(host) {
                Some(path) => format!("{}{path}", server.origin),
                None => link.to_owned(),
            };
            let Some(path) = here.strip_prefix(&server.origin) else { continue };
            if !path.starts_with(BASE) {
                wrong.push(format!("{url} leads out of the site: {link}"));
            } else if seen.insert(here.clone()) {
                waiting.push(here);
            }
        }
    }
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
    for kind in ["page", "css", "svg", "atom", "rss", "json", "html"] {
        assert!(kinds.contains_key(kind), "no {kind} was reached: {kinds:?}");
    }
    let published = repository.published();
    let pages = published.keys().filter(|path| path.ends_with("/index.html")).count();
    assert!(kinds["page"] * 10 >= pages * 9, "of {pages} pages {} were reached", kinds["page"]);
    // The front page as a reader has it: its style is applied, its pictures are there, nothing failed.
    browser.go(&format!("{}{BASE}", server.origin));
    let shown = browser.evaluate(
        "({ sheets: [...document.styleSheets].map(s => s.cssRules.length), broken: [...document.images].filter(i => i.complete && !i.naturalWidth).length })",
    );
    assert!(
        shown["sheets"].as_array().is_some_and(|sheets| !sheets.is_empty() && sheets.iter().all(|rules| rules != 0)),
        "{shown}"
    );
    assert_eq!(shown["broken"], 0);
}
