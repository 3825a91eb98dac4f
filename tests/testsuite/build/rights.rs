//! No more of a text leaves the site than may be shown.

use crate::site_test::{SETTINGS, Site};

/// A body of numbered words: `quux1 quux2 …`, over several paragraphs.
fn words(count: usize) -> String {
    (1..=count).map(|n| if n % 40 == 0 { format!("quux{n}\n\n") } else { format!("quux{n} ") }).collect::<String>()
        + "\n"
}

/// How many of the numbered words each output file holds, the largest of all.
fn most(site: &Site) -> (usize, String) {
    let mut most = (0, String::new());
    for (path, bytes) in site.public() {
        let text = String::from_utf8_lossy(&bytes);
        let found = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter_map(|word| word.strip_prefix("quux"))
            .filter(|rest| rest.parse::<usize>().is_ok())
            .collect::<std::collections::BTreeSet<_>>()
            .len();
        if found > most.0 {
            most = (found, path);
        }
    }
    most
}

fn site(article: &str, agency: &str, publisher: &str, settings: &str) -> Site {
    let rights = |keys: &str| if keys.is_empty() { String::new() } else { format!("[rights]\n{keys}") };
    Site::empty()
        .file("site.toml", format!("{SETTINGS}{}", rights(settings)))
        .topic("talks", "period = \"monthly\"")
        .named("publishers", "agency", &rights(agency))
        .named("publishers", "paper", &rights(publisher))
        .article_with(
            "2022-01-21",
            "long",
            &format!("topics = [\"talks\"]\nagency = \"agency\"\npublisher = \"paper\"\nurl = \"https://paper.example.net/long\"\n{}", rights(article)),
            &words(300),
        )
        .digest("d", "[[items]]\narticle = \"long\"")
}

#[test]
fn full_excerpt_and_headline() {
    let full = site("display = \"full\"", "", "", "");
    full.build();
    assert_eq!(most(&full).0, 300);
    full.page("/2022/01/21/long/").says("quux300").says("min read");

    let excerpt = site("display = \"excerpt\"\nmax_words = 25", "", "", "");
    excerpt.build();
    assert_eq!(most(&excerpt).0, 25);
    let page = excerpt.page("/2022/01/21/long/");
    page.says("quux24 quux25 …").never_says("quux26").links_to("Read at The paper", "https://paper.example.net/long");
    page.says("This is an excerpt.");

    let headline = site("display = \"headline\"", "", "", "");
    headline.build();
    assert_eq!(most(&headline), (0, String::new()));
    headline.page("/2022/01/21/long/").says("About long");
}

#[test]
fn the_article_decides_then_the_agency_then_the_publisher_then_the_site() {
    for (article, agency, publisher, settings, expected) in [
        ("", "", "", "", 300),
        ("", "", "", "display = \"excerpt\"\nmax_words = 10", 10),
        ("", "", "display = \"excerpt\"\nmax_words = 20", "display = \"full\"", 20),
        ("", "display = \"excerpt\"\nmax_words = 30", "display = \"headline\"", "display = \"full\"", 30),
        ("display = \"excerpt\"\nmax_words = 40", "display = \"headline\"", "display = \"headline\"", "", 40),
        ("display = \"full\"", "display = \"headline\"", "display = \"headline\"", "display = \"headline\"", 300),
        ("", "display = \"headline\"", "display = \"full\"", "display = \"full\"", 0),
        ("", "", "", "display = \"excerpt\"", 60),
    ] {
        let site = site(article, agency, publisher, settings);
        site.build();
        let (found, path) = most(&site);
        assert_eq!(
            found, expected,
            "article {article:?}, agency {agency:?}, publisher {publisher:?}, site {settings:?}: {path}"
        );
    }
}

/// Whatever a body is made of, an excerpt is no longer than it may be.
#[test]
fn no_markup_carries_words_past_the_limit() {
    let w = words(200);
    let line = w.replace('\n', " ");
    let bodies = [
        ("html block", format!("<div>\n{line}\n</div>\n")),
        ("html paragraphs", format!("<p>{line}</p>\n<section><p>{line}</p></section>\n")),
        ("inline html", format!("Start <b>{line}</b> and <i>{line}</i>\n")),
        ("html comment", format!("Start\n\n<!-- {line} -->\n\nEnd\n")),
        ("html attribute", format!("Start <b title=\"{line}\">bold</b>\n")),
        ("link title", format!("[x](https://x.example.net/ \"{line}\")\n")),
        ("picture", format!("![{line}](/p.svg \"{line}\")\n")),
        ("table", format!("| {} |\n|---|\n| {line} |\n", "h")),
        ("code block", format!("```\n{w}```\n")),
        ("code block language", format!("```{}\nx\n```\n", line.replace(' ', "-"))),
        ("inline code", format!("`{line}`\n")),
        ("footnote", format!("Start[^1]\n\n[^1]: {line}\n")),
        ("footnote label", format!("Start[^{0}]\n\n[^{0}]: x\n", line.trim().replace(' ', "-"))),
        ("heading", format!("# {line}\n\n## {line}\n")),
        ("list", w.split_whitespace().map(|word| format!("- {word}\n")).collect()),
        ("quotation", format!("> {line}\n")),
        ("hyphenated", line.trim().replace(' ', "\u{2060} ")),
        ("details", format!("<details><summary>{line}</summary>{line}</details>\n")),
        ("entities", line.replace(' ', "&#32;")),
        ("line breaks", line.trim().replace(' ', "<br>")),
        ("non-breaking spaces", line.trim().replace(' ', "\u{a0}")),
        ("reference definition", format!("[x]\n\n[x]: https://x.example.net/ \"{line}\"\n")),
    ];
    let mut leaks = Vec::new();
    for (what, body) in bodies {
        let site = Site::empty()
            .file("site.toml", format!("{SETTINGS}[rights]\ndisplay = \"excerpt\"\nmax_words = 20\n"))
            .file("static/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
            .article_with("2022-01-21", "long", "", &body);
        site.run("build").succeeds();
        let (found, path) = most(&site);
        if found > 20 {
            leaks.push(format!("{what}: {found} words in {path}"));
        }
        site.write("site.toml", format!("{SETTINGS}[rights]\ndisplay = \"headline\"\n"));
        site.run("build").succeeds();
        let (found, path) = most(&site);
        if found > 0 {
            leaks.push(format!("{what}, headline only: {found} words in {path}"));
        }
    }
    assert!(leaks.is_empty(), "an excerpt of 20 words has more:\n{}", leaks.join("\n"));
}

#[test]
fn the_excerpt_leaves_no_trace_when_rights_get_narrower() {
    let site = site("display = \"full\"", "", "", "");
    site.build();
    site.edit("content/articles/2022/01/long.md", "display = \"full\"", "display = \"headline\"");
    site.build();
    assert_eq!(most(&site).0, 0);
}
