//! What is served is what the real host would serve.

use std::process::Command;

use super::{FIRST, FIRST_FILE, harness::Watch, site};
use crate::site_test::{Site, read_all};

#[test]
fn a_site_is_served_under_its_own_path() {
    let site = site();
    let watch = Watch::start(&site);
    let root = watch.get("/");
    assert_eq!((root.status, root.header("location")), (302, "/repo/"));
    assert_eq!(watch.get("/repo").header("location"), "/repo/");
    let home = watch.get("/repo/");
    assert_eq!((home.status, home.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(home.text().contains("About first"));
    let link = format!("http://localhost:{}/repo/", watch.port);
    assert!(home.text().contains(&link), "{}", home.text());
    assert!(!home.text().contains("user.example"));
    assert_eq!(watch.get("/repo/talks?x=1").header("location"), "/repo/talks/?x=1");
    watch.says(&format!("the site is at http://localhost:{}/repo/", watch.port));
}

#[test]
fn what_is_not_there_gets_the_page_for_it() {
    let site = site();
    let watch = Watch::start(&site);
    for path in ["/repo/none/", "/repo/none.css", "/elsewhere/", "/repo/%ff", "/repo/index.html/x"] {
        let page = watch.get(path);
        assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"), "{path}");
        assert!(page.text().contains("/repo/broadsheet.css"), "{path}:\n{}", page.text());
    }
}

#[test]
fn each_kind_of_file_has_its_type() {
    let site = site()
        .file("static/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("static/a.woff2", "x")
        .file("static/a.json", "{}")
        .file("static/a.png", "x")
        .file("static/größe 1.txt", "groß")
        .file("static/.well-known/security.txt", "Contact: x");
    let watch = Watch::start(&site);
    for (path, kind) in [
        ("feed.atom", "application/atom+xml; charset=utf-8"),
        ("feed.rss", "application/rss+xml; charset=utf-8"),
        ("feed.json", "application/json; charset=utf-8"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("broadsheet.css", "text/css; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.json", "application/json; charset=utf-8"),
        ("a.png", "image/png"),
        ("gr%C3%B6%C3%9Fe%201.txt", "text/plain; charset=utf-8"),
        (".well-known/security.txt", "text/plain; charset=utf-8"),
    ] {
        let file = watch.get(&format!("/repo/{path}"));
        assert_eq!((file.status, file.header("content-type")), (200, kind), "{path}");
        assert_eq!(file.header("cache-control"), "no-store");
        assert!(!file.text().contains("__dateline"), "{path}");
    }
}

#[test]
fn parts_heads_and_conditions_are_answered() {
    let site = site().file("static/numbers.txt", "0123456789");
    let watch = Watch::start(&site);
    let part = watch.request("GET", "/repo/numbers.txt", &[("Range", "bytes=2-4")]);
    assert_eq!((part.status, part.text().as_str()), (206, "234"));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    assert_eq!(watch.request("GET", "/repo/numbers.txt", &[("Range", "bytes=-3")]).text(), "789");
    assert_eq!(watch.request("GET", "/repo/numbers.txt", &[("Range", "bytes=20-")]).status, 416);
    let head = watch.request("HEAD", "/repo/numbers.txt", &[]);
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "10", 0));
    let head = watch.request("HEAD", "/repo/", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    let whole = watch.get("/repo/numbers.txt");
    let since = whole.header("last-modified");
    assert_eq!(watch.request("GET", "/repo/numbers.txt", &[("If-Modified-Since", since)]).status, 304);
    let page = watch.get("/repo/");
    assert_eq!(watch.request("GET", "/repo/", &[("If-None-Match", page.header("etag"))]).status, 304);
    let refused = watch.request("POST", "/repo/", &[]);
    assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD"));
}

#[test]
fn no_path_leads_out_of_the_folder() {
    let site = site().file("secret.txt", "secret words");
    let watch = Watch::start(&site);
    #[cfg(unix)]
    std::os::unix::fs::symlink(site.path("secret.txt"), site.path(".dateline/preview/link.txt")).expect("a link");
    for path in [
        "/repo/../secret.txt",
        "/repo/../../secret.txt",
        "/repo/%2e%2e/%2e%2e/secret.txt",
        "/repo/..%2f..%2fsecret.txt",
        "/repo/..\\..\\secret.txt",
        "/repo/link.txt",
        "/repo//etc/passwd",
        "/../../../../etc/passwd",
        "/repo/%00",
    ] {
        let answer = watch.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("secret words") && !answer.text().contains("root:"), "{path}");
    }
}

#[test]
fn other_names_are_not_answered() {
    let site = site();
    let watch = Watch::start(&site);
    for host in ["evil.example", "localhost.evil.example", "10.0.0.1:8000"] {
        assert_eq!(watch.request("GET", "/repo/", &[("Host", host)]).status, 403, "{host}");
        assert_eq!(watch.request("GET", "/__dateline/status", &[("Host", host)]).status, 403, "{host}");
    }
    for host in ["127.0.0.1:1", "[::1]", "localhost"] {
        assert_eq!(watch.request("GET", "/repo/", &[("Host", host)]).status, 200, "{host}");
    }
}

#[test]
fn the_client_is_in_what_is_served_and_in_no_file() {
    let site = site();
    site.build();
    let public = site.public();
    let watch = Watch::start(&site);
    for path in ["/repo/", FIRST, "/repo/none/"] {
        let page = watch.get(path).text();
        assert_eq!(page.matches("/__dateline/client.js").count(), 1, "{path}");
        assert!(page.find("/__dateline/client.js") < page.find("</body>"), "{path}");
    }
    assert!(watch.get("/__dateline/client.js").body.len() < 3000);
    for (path, bytes) in read_all(&site.path(".dateline/preview")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("__dateline"), "{path}");
    }
    assert_eq!(site.public(), public);
}

#[test]
fn a_taken_port_makes_way_unless_it_must_be_that_one() {
    let site = site();
    let watch = Watch::start(&site);
    let other = self::site();
    let next = Watch::run(&other, &format!("watch --port {}", watch.port));
    assert_ne!(next.port, watch.port);
    other
        .run(&format!("watch --strict-port --port {}", watch.port))
        .status(3)
        .stderr_has(&format!("cannot listen on `localhost:{}`", watch.port))
        .stderr_has("choose another one with `--port`");
}

#[test]
fn two_watches_of_one_site_do_not_fight() {
    let site = site();
    let one = Watch::start(&site);
    let two = Watch::start(&site);
    site.edit(FIRST_FILE, "The text of first", "Another text");
    for watch in [&one, &two] {
        watch.shows(FIRST, "Another text");
        assert!(watch.get(FIRST).text().contains(&format!("http://localhost:{}/repo/", watch.port)));
    }
}

#[test]
fn drafts_and_the_alias() {
    let site = site().article("2022-01-23", "draft", "draft = true");
    let watch = Watch::run(&site, "serve --port 0 --drafts");
    watch.shows("/repo/2022/01/23/draft/", "About draft");
    drop(watch);
    let watch = Watch::start(&site);
    assert_eq!(watch.get("/repo/2022/01/23/draft/").status, 404);
}

#[test]
fn ids_in_feeds_are_those_of_the_published_site() {
    let site = site();
    let watch = Watch::start(&site);
    assert!(watch.get("/repo/feed.atom").text().contains("tag:user.example,"));
}

#[test]
fn help_has_examples() {
    Site::empty().run("watch --help").succeeds().stdout_has("dateline watch --open").stdout_has("--poll");
    let refused = Command::new(env!("CARGO_BIN_EXE_dateline")).args(["watch", "--poll", "never"]).output();
    assert_eq!(refused.expect("it runs").status.code(), Some(2));
}
