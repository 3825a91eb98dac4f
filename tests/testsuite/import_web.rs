//! Importing from the web: a server on this machine, and everything a site can do to its reader.

use std::time::{Duration, Instant};

use crate::{
    site_test::Site,
    web::{Reply, Web},
};

/// Four paragraphs of a story that is nobody's.
pub const PARAGRAPHS: [&str; 4] = [
    "The harbour council voted late on Friday to keep the old ferry running until the new pier is finished, its chair said.",
    "Repairs to the pier began in March and were meant to take four months, but storms kept the divers out of the water for weeks.",
    "Residents of the two islands have asked for a night service since the hospital on the mainland closed its branch there.",
    "The company that owns the ferry said it would need two more crews to run after dark and could not say when they would be hired.",
];

/// A page with a story, and the furniture that pages have.
pub fn page(title: &str, head: &str, paragraphs: &[&str]) -> String {
    let paragraphs: String = paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | Harbour Post</title>\
         <meta property=\"og:title\" content=\"{title}\"><meta property=\"og:type\" content=\"article\">\
         <meta property=\"article:published_time\" content=\"2022-01-21T10:00:00+01:00\">{head}</head>\n\
         <body><nav><a href=\"/\">Home</a> <a href=\"/news\">News</a></nav>\n\
         <article><h1>{title}</h1>\n{paragraphs}</article>\n<footer>All rights reserved.</footer></body></html>"
    )
}

/// The Markdown files below `content/` that an import made, each with its text.
pub fn articles(site: &Site) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for area in ["articles", "inbox"] {
        for (path, bytes) in site.files(&format!("content/{area}")) {
            out.push((format!("content/{area}/{path}"), String::from_utf8(bytes).expect("UTF-8")));
        }
    }
    out
}

/// The only article of the site.
#[track_caller]
pub fn one(site: &Site) -> (String, String) {
    let mut found = articles(site);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[test]
fn a_page_is_fetched_with_its_rights() {
    let web = Web::serve(|path| match path.split('?').next().unwrap_or_default() {
        "/2022/ferry" | "/2022/ferry/" => Reply::page(page("Council keeps the old ferry", "", &PARAGRAPHS))
            .with("X-Robots-Tag", "noarchive, max-snippet:150")
            .with("TDM-Reservation", "1")
            .with("Link", "<https://creativecommons.org/licenses/by/4.0/>; rel=\"license\""),
        _ => Reply::status("404 Not Found"),
    });
    let site = Site::new();
    let url = web.url("/2022/ferry?utm_source=mail#top");
    site.run(&format!("import --allow-private {url}")).succeeds().stdout_has("1 imported");
    let (path, text) = one(&site);
    assert_eq!(path, "content/articles/2022/01/council-keeps-old-ferry.md");
    for expected in [
        "title = \"Council keeps the old ferry\"",
        &format!("url = \"{}\"", web.url("/2022/ferry")),
        "license = \"CC-BY-4.0\"",
        "usage = \"noarchive; max-snippet: 150; tdm-reservation: 1\"",
        "display = \"excerpt\"",
        "max_words = 18",
        PARAGRAPHS[0],
        PARAGRAPHS[3],
    ] {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
    assert!(text.contains("retrieved = 2"), "{text}");
    assert_eq!(web.asked()[0], "/robots.txt");
    // The address in all its forms is one page.
    let again = web.url("/2022/ferry/?fbclid=x&amp=1");
    site.run(&format!("import --allow-private {again}")).stdout_has("1 in the site already");
    assert_eq!(articles(&site).len(), 1);
    site.build();
}

#[test]
fn robots_txt_is_respected() {
    let web = Web::serve(|path| match path {
        "/robots.txt" => Reply::typed(
            "text/plain",
            "User-agent: *\nDisallow: /\n\nUser-agent: dateline\nDisallow: /private/\nAllow: /private/free\n",
        ),
        "/moved" => Reply::moved("/private/a"),
        _ => Reply::page(page("Council keeps the old ferry", "", &PARAGRAPHS)),
    });
    let site = Site::new();
    for path in ["/private/a", "/moved"] {
        site.run(&format!("import --allow-private {}", web.url(path)))
            .has_errors()
            .stderr_has("may not be read by programs: 127.0.0.1 says so in its robots.txt")
            .stderr_has("save the page, and import the file");
    }
    assert!(!web.asked().iter().any(|path| path.starts_with("/private")), "{:?}", web.asked());
    site.run(&format!("import --allow-private {}", web.url("/private/free"))).succeeds();
    assert_eq!(articles(&site).len(), 1);
}

#[test]
fn a_site_whose_rules_cannot_be_had_is_not_read() {
    let web = Web::serve(|path| match path {
        "/robots.txt" => Reply::status("503 Service Unavailable"),
        _ => Reply::page(page("Council keeps the old ferry", "", &PARAGRAPHS)),
    });
    let site = Site::new();
    site.run(&format!("import --allow-private {}", web.url("/a")))
        .has_errors()
        .stderr_has("its robots.txt answers 503 Service Unavailable");
    assert_eq!(web.asked(), ["/robots.txt"]);
}

#[test]
fn machines_of_this_network_are_not_asked() {
    let web = Web::serve(|_| Reply::page(page("Council keeps the old ferry", "", &PARAGRAPHS)));
    let site = Site::new();
    site.run(&format!("import {}", web.url("/a")))
        .has_errors()
        .stderr_has("127.0.0.1 is no address of the public internet")
        .stderr_has("`--allow-private`");
    // A name is judged by what it resolves to; numbers are read as resolvers read them.
    site.run(&format!("import {}", web.at("localhost", "/a"))).has_errors().stderr_has("`localhost` is ");
    for host in ["2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0", "[::1]"] {
        site.run(&format!("import {}", web.at(host, "/a")))
            .has_errors()
            .stderr_has("no address of the public internet");
    }
    site.run("import http://169.254.169.254/latest/meta-data/ http://10.0.0.1/ http://[fe80::1]/")
        .has_errors()
        .stderr_has("169.254.169.254 is no address")
        .stdout_has("3 not read");
    assert_eq!(web.asked(), [""; 0]);
}

#[test]
fn a_redirect_is_checked_like_the_first_address() {
    let target = Web::serve(|_| Reply::page(page("A secret of this machine", "", &PARAGRAPHS)));
    let to = target.at("127.0.0.2", "/secret");
    let web = Web::serve(move |path| match path {
        "/out" => Reply::moved(to.clone()),
        "/file" => Reply::moved("file:///etc/passwd"),
        "/round" => Reply::moved("/round"),
        _ => Reply::status("404 Not Found"),
    });
    let site = Site::new();
    let run = |path: &str| site.run(&format!("import --allow-private=127.0.0.1 {}", web.url(path)));
    run("/out").has_errors().stderr_has("127.0.0.2 is no address of the public internet");
    run("/file").has_errors().stderr_has("leads to a `file:` address, which is not followed");
    run("/round").has_errors().stderr_has("more than 10 times");
    run("/gone").has_errors().stderr_has("answers 404 Not Found");
    assert_eq!(target.asked(), [""; 0]);
    assert!(articles(&site).is_empty());
}

#[test]
fn slow_and_endless_answers_end() {
    let web = Web::serve(|path| match path {
        "/slow" => Reply::Slow,
        "/endless" => Reply::Endless,
        "/good" => Reply::page(page("Council keeps the old ferry", "", &PARAGRAPHS)),
        _ => Reply::status("404 Not Found"),
    });
    let site = Site::new();
    let start = Instant::now();
    site.run(&format!("import --allow-private --timeout 2 {} {}", web.url("/slow"), web.url("/good")))
        .has_errors()
        .stderr_has("did not answer in full within 2 seconds")
        .stdout_has("1 imported; 1 not read");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    site.run(&format!("import --allow-private --timeout 60 {}", web.url("/endless")))
        .has_errors()
        .stderr_has("answers more than 64 MB");
}

#[test]
fn lists_of_feeds_lead_to_stories() {
    let web = Web::serve(|path| match path {
        "/feed.xml" => Reply::typed("application/rss+xml", feed()),
        "/bridge" => Reply::page(page("Bridge opens after two years", "", &PARAGRAPHS)),
        _ => Reply::status("404 Not Found"),
    });
    fn feed() -> String {
        "<rss version=\"2.0\"><channel><title>Valley Radio</title><link>https://valley.example/</link>\
         <item><title>Bridge opens after two years</title><link>/bridge</link>\
         <pubDate>Fri, 21 Jan 2022 14:05:00 +0200</pubDate><description>The bridge is open.</description></item>\
         </channel></rss>"
            .to_owned()
    }
    let list = format!(
        "<opml version=\"2.0\"><body><outline text=\"News\"><outline type=\"rss\" text=\"V\" xmlUrl=\"{0}\"/></outline>\
         <outline xmlUrl=\"{0}\"/><outline xmlUrl=\"{1}\"/></body></opml>",
        web.url("/feed.xml"),
        web.url("/gone.xml")
    );
    let site = Site::new().file("feeds.opml", list);
    site.run("import --allow-private feeds.opml")
        .has_errors()
        .stdout_has("feeds.opml: a list of 2 feeds, each of which is read")
        .stderr_has("/gone.xml` answers 404")
        .stdout_has("1 imported; 1 not read");
    let (path, text) = one(&site);
    assert_eq!(path, "content/articles/2022/01/bridge-opens-two-years.md");
    assert!(text.contains("summary = \"The bridge is open.\"") && !text.contains(PARAGRAPHS[1]), "{text}");
    assert!(text.contains("date = 2022-01-21T14:05:00+02:00"), "{text}");

    // With --fetch, the page behind the summary too.
    let site = Site::new();
    site.run(&format!("import --allow-private --fetch {}", web.url("/feed.xml"))).succeeds();
    let (_, text) = one(&site);
    assert!(text.contains(PARAGRAPHS[1]), "{text}");
}

/// A picture of one dot.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

#[test]
fn pictures_are_brought_home() {
    let web = Web::serve(|path| {
        match path {
        "/a" => Reply::page(
            page("Council keeps the old ferry", "", &PARAGRAPHS).replace(
                "<p>Residents",
                "<figure><img src=\"/ferry.png\" alt=\"The ferry at dusk\" width=\"800\" height=\"500\"><figcaption>The ferry on Friday.</figcaption></figure>\
                 <figure><img src=\"/script.svg\" alt=\"A drawing\" width=\"800\" height=\"500\"><figcaption>A drawing of the pier.</figcaption></figure><p>Residents",
            ),
        ),
        "/ferry.png" => Reply::typed("image/png", DOT),
        "/script.svg" => Reply::typed("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>"),
        _ => Reply::status("404 Not Found"),
    }
    });
    let site = Site::new();
    site.run(&format!("import --allow-private --images {}", web.url("/a")))
        .has_errors()
        .stderr_has("/script.svg` is no JPEG, PNG, GIF, WebP or AVIF picture; its address stays")
        .stdout_has("1 imported");
    let (_, text) = one(&site);
    assert!(text.contains("/images/2022/council-keeps-old-ferry-1.png"), "{text}");
    assert!(!text.contains(&web.url("/ferry.png")), "{text}");
    assert_eq!(std::fs::read(site.path("static/images/2022/council-keeps-old-ferry-1.png")).expect("written"), DOT);
    // What stands at the source is as it was, wherever its pictures are kept.
    site.run(&format!("import --allow-private {}", web.url("/a"))).succeeds().stdout_has("1 in the site already");
    let without = Site::new();
    without.run(&format!("import --allow-private {}", web.url("/a"))).succeeds();
    let asked = web.asked();
    assert_eq!(asked.iter().filter(|path| *path == "/ferry.png").count(), 1, "{asked:?}");
    assert!(one(&without).1.contains(&web.url("/ferry.png")));
    // They can be asked for later.
    without
        .run(&format!("import --allow-private --images {}", web.url("/a")))
        .has_errors()
        .stdout_has("its pictures are in static/ now");
    assert!(one(&without).1.contains("/images/2022/council-keeps-old-ferry-1.png"), "{}", one(&without).1);
}

#[test]
fn what_is_packed_is_unpacked_within_bounds() {
    let web = Web::serve(|path| match path {
        "/page" => Reply::page(packed(page("Council keeps the old ferry", "", &PARAGRAPHS).as_bytes()))
            .with("Content-Encoding", "gzip"),
        "/bomb" => Reply::page(packed(&vec![b' '; 200 << 20])).with("Content-Encoding", "gzip"),
        "/odd" => Reply::page(vec![0xff, 0xfe, 0, 1, 2]).with("Content-Encoding", "zstd"),
        _ => Reply::status("404 Not Found"),
    });
    fn packed(bytes: &[u8]) -> Vec<u8> {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory")
    }
    let site = Site::new();
    site.run(&format!("import --allow-private {} {} {}", web.url("/bomb"), web.url("/odd"), web.url("/page")))
        .has_errors()
        .stderr_has("/bomb` answers more than 64 MB when unpacked")
        .stderr_has("/odd` is packed with `zstd`, which is not read")
        .stdout_has("1 imported; 2 not read");
}

#[test]
fn what_a_list_names_is_fetched_when_asked() {
    let web = Web::serve(|path| match path {
        "/robots.txt" => Reply::typed("text/plain", "User-agent: *\nDisallow: /closed\n"),
        "/ferry" => Reply::page(page("Council keeps the old ferry", "", &PARAGRAPHS)),
        "/short" => Reply::moved("/ferry-two"),
        "/ferry-two" => {
            Reply::page(page("A second ferry is bought", "", &[PARAGRAPHS[2], PARAGRAPHS[3], PARAGRAPHS[1]]))
        }
        _ => Reply::status("410 Gone"),
    });
    let list = format!(
        "url,title,note,tags\n{},My name for it,Use this!,sea\n{},Gone by now,,\n{},Behind a door,,\n{},,,\n",
        web.url("/ferry"),
        web.url("/gone"),
        web.url("/closed"),
        web.url("/short")
    );
    let site = Site::new().file("list.csv", list);
    site.run("import --allow-private --fetch list.csv")
        .has_errors()
        .stderr_has("/gone` answers 410 Gone; its address alone is kept")
        .stderr_has("/closed` may not be read by programs")
        .stdout_has("4 imported, 2 of them to the inbox; 2 not read");
    let found = articles(&site);
    let of = |title: &str| {
        let found = found.iter().find(|(_, text)| text.contains(&format!("title = \"{title}\"")));
        found.unwrap_or_else(|| panic!("no {title}")).1.clone()
    };
    let ferry = of("Council keeps the old ferry");
    assert!(ferry.contains("commentary = \"Use this!\"") && ferry.contains("tags = [\"sea\"]"), "{ferry}");
    assert!(ferry.contains(PARAGRAPHS[2]) && !ferry.contains("My name for it"), "{ferry}");
    assert!(of("Gone by now").contains("check = [\"date\", \"body\"]"));
    assert_eq!(web.asked().iter().filter(|path| *path == "/robots.txt").count(), 1, "{:?}", web.asked());
    // Where the address leads in the end is what is kept.
    assert!(of("A second ferry is bought").contains(&format!("url = \"{}\"", web.url("/ferry-two"))));
    // What is there is not asked for again.
    let before = web.asked().len();
    site.run("import --allow-private --fetch list.csv")
        .has_errors()
        .stdout_has("0 imported; 4 in the site already; 2 not read");
    let again = web.asked()[before..].to_vec();
    assert!(!again.iter().any(|path| path == "/ferry"), "{again:?}");
    // What was imported without its page gets it later.
    let site =
        Site::new().file("list.csv", format!("url,title,note\n{},My name for it,Use this!\n", web.url("/ferry")));
    site.run("import list.csv").succeeds().stdout_has("1 imported");
    site.run("import --allow-private --fetch list.csv").succeeds().stdout_has("0 imported; 1 updated");
    let (_, text) = one(&site);
    assert!(text.contains(PARAGRAPHS[0]) && text.contains("commentary = \"Use this!\""), "{text}");
}

#[test]
fn the_charset_of_the_answer_counts() {
    let (latin, _, _) = encoding_rs::WINDOWS_1251.encode("Паром остаётся в гавани до весны");
    let title = latin.into_owned();
    let web = Web::serve(move |path| match path {
        "/a" => {
            let html = page("TITLE", "", &PARAGRAPHS).replace("<meta charset=\"utf-8\">", "").into_bytes();
            let mut bytes = Vec::new();
            let mut rest = &html[..];
            while let Some(at) = rest.windows(5).position(|five| five == b"TITLE") {
                bytes.extend_from_slice(&rest[..at]);
                bytes.extend_from_slice(&title);
                rest = &rest[at + 5..];
            }
            bytes.extend_from_slice(rest);
            Reply::typed("text/html; charset=windows-1251", bytes)
        }
        _ => Reply::status("404 Not Found"),
    });
    let site = Site::new();
    site.run(&format!("import --allow-private {}", web.url("/a"))).succeeds();
    assert!(one(&site).1.contains("title = \"Паром остаётся в гавани до весны\""), "{}", one(&site).1);
}
