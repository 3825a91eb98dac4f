//! The published tree as a host serves it, under the path of its repository, followed link by link in a real browser.

use serde_json::{Value, json};

use super::repository::{Repository, git};
use crate::{
    browser::{Browser, Server},
    site_test::Site,
};

const BASE: &str = "/repo/";

/// Asks for every address that can be reached from the front page and the page for what is not there: what the browser's
/// own parser takes for a link is one. Addresses of the host, as feeds and metadata have them, stand for the server's.
const CRAWL: &str = r#"(async () => {
    const base = BASE, origin = new URL(base).origin, host = 'https://owner.github.io';
    const waiting = [base, base + '404.html', base + 'sitemap.xml', base + 'robots.txt'];
    const seen = new Set(waiting), wrong = [], kinds = {};
    const linksOf = (text, url, type) => {
        // Lines of calendars are folded, and those of mail are broken.
        if (url.endsWith('.ics')) text = text.replace(/\r?\n[ \t]/g, '');
        if (url.endsWith('.eml')) text = text.replace(/=\r?\n/g, '').replace(/=3D/g, '=');
        if (!type.includes('html')) return [...text.matchAll(/https:\/\/owner\.github\.io\/[^\s"'<>\\)&]*/g)].map(m => m[0]);
        const page = new DOMParser().parseFromString(text, 'text/html');
        const links = [];
        const add = link => { if (link) links.push(new URL(link, url).href); };
        for (const e of page.querySelectorAll('[href]')) add(e.getAttribute('href'));
        for (const e of page.querySelectorAll('[src]')) add(e.getAttribute('src'));
        for (const e of page.querySelectorAll('form[action]')) add(e.getAttribute('action'));
        for (const e of page.querySelectorAll('meta[content^="https://owner"]')) add(e.content);
        for (const e of page.querySelectorAll('[srcset]')) {
            for (const part of e.srcset.split(',')) add(part.trim().split(/\s/)[0]);
        }
        return links;
    };
    const visit = async url => {
        const answer = await fetch(url);
        const text = await answer.text();
        if (!answer.ok) { wrong.push(`${url}: ${answer.status}`); return; }
        const name = new URL(url).pathname.split('/').pop();
        const kind = name.includes('.') ? name.split('.').pop() : 'page';
        kinds[kind] = (kinds[kind] || 0) + 1;
        for (let link of linksOf(text, url, answer.headers.get('content-type') || '')) {
            link = link.split('#')[0];
            if (link.startsWith(host)) link = origin + link.slice(host.length);
            if (!link.startsWith(origin)) continue;
            if (!link.startsWith(base)) wrong.push(`${url} leads out of the site: ${link}`);
            else if (!seen.has(link)) { seen.add(link); waiting.push(link); }
        }
    };
    while (waiting.length) await Promise.all(waiting.splice(0, 50).map(visit));
    return { wrong, kinds };
})()"#;

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

    browser.go(&format!("{}{BASE}", server.origin));
    let found = browser.evaluate(&CRAWL.replace("BASE", &json!(format!("{}{BASE}", server.origin)).to_string()));
    let wrong: Vec<&str> = found["wrong"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
    let kinds = &found["kinds"];
    for kind in ["page", "css", "svg", "atom", "rss", "json", "html"] {
        assert!(kinds[kind].as_u64() > Some(0), "no {kind} was reached: {kinds}");
    }
    let published = repository.published();
    let pages = published.keys().filter(|path| path.ends_with("/index.html")).count();
    let reached = usize::try_from(kinds["page"].as_u64().unwrap_or(0)).expect("a number");
    assert!(reached * 10 >= pages * 9, "of {pages} pages {reached} were reached");
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
