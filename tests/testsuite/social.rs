//! Social cards: which pages have one, and what a page says of it.

use std::collections::BTreeSet;

use crate::site_test::Site;

/// A letter that no typeface has: it means nothing to anybody but those who agreed on it.
const NOBODYS: char = '\u{10fffd}';

fn site() -> Site {
    Site::new()
        .settings("outputs.social_cards = true")
        .file("content/topics/harbour.md", "+++\ntitle = \"Harbour strike\"\n+++\n")
        .digest("harbour/2022-01", "topic = \"harbour\"\ntemporal_coverage = \"2022-01\"\n[query]")
        .file("static/crane.png", b"picture")
        .article("2022-01-21", "cranes", "title = \"Cranes stand still\"\ntopics = [\"harbour\"]")
        .article("2022-01-22", "pickets", "title = \"إضراب في الميناء\"\nlang = \"ar\"\ntopics = [\"harbour\"]")
        .article("2022-01-23", "seen", "title = \"Seen\"\n[[images]]\nsrc = \"/crane.png\"\nalt = \"A crane\"")
}

fn cards(site: &Site) -> BTreeSet<String> {
    site.public_paths().into_iter().filter(|path| path.ends_with("card.png")).collect()
}

#[test]
fn a_page_that_is_shared_has_a_card() {
    let site = site();
    site.build().succeeds();
    let expected = [
        "2022/01/21/cranes/card.png",
        "2022/01/22/pickets/card.png",
        "card.png",
        "harbour/2022-01/card.png",
        "harbour/card.png",
    ];
    assert_eq!(cards(&site), expected.map(str::to_owned).into());
    let public = site.public();
    let drawn: BTreeSet<&Vec<u8>> = expected.iter().map(|path| &public[*path]).collect();
    assert_eq!(drawn.len(), expected.len(), "each says something else");
    for bytes in drawn {
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert_eq!(bytes[16..24], [0, 0, 4, 176, 0, 0, 2, 118], "1200 by 630");
    }
    let page = site.page("/2022/01/21/cranes/");
    let url = page.meta("og:image").expect("a card").to_owned();
    assert!(url.ends_with("/2022/01/21/cranes/card.png") && url.starts_with("https://"), "{url}");
    assert_eq!(page.meta("og:image:width"), Some("1200"));
    assert_eq!(page.meta("og:image:height"), Some("630"));
    assert_eq!(page.meta("og:image:alt"), Some("Cranes stand still"));
    assert_eq!(page.meta("twitter:card"), Some("summary_large_image"));
    page.has(&format!(r#""image":{{"@type":"ImageObject","contentUrl":"{url}""#));
    site.page("/harbour/").has(r#""primaryImageOfPage":{"@type":"ImageObject""#);
    // Its own picture goes before a drawn one.
    let seen = site.page("/2022/01/23/seen/");
    assert!(seen.meta("og:image").is_some_and(|url| url.ends_with("/crane.png")));
    assert_eq!(seen.meta("og:image:width"), None);
}

#[test]
fn no_card_is_drawn_unless_the_site_wants_them() {
    let site = site();
    site.edit("site.toml", "social_cards = true", "social_cards = false");
    site.build().succeeds();
    assert!(cards(&site).is_empty());
    let page = site.page("/2022/01/21/cranes/");
    assert_eq!(page.meta("og:image"), None);
    assert_eq!(page.meta("twitter:card"), Some("summary"));
}

#[test]
fn pages_whose_letters_no_typeface_has_are_named_once() {
    let site = site().article("2022-01-24", "odd", &format!("title = \"Odd {NOBODYS} one\"")).article(
        "2022-01-25",
        "odder",
        &format!("title = \"Odder {NOBODYS} one\"\ntopics = [\"harbour\"]"),
    );
    site.run("build")
        .succeeds()
        .stderr_has("warning: pages get no social card: no typeface here has `\u{10fffd}` (U+10FFFD): /2022/01/24/odd/, /2022/01/25/odder/")
        .stderr_has("themes/broadsheet/fonts/");
    assert!(!site.has("2022/01/24/odd/card.png"));
    assert_eq!(site.page("/2022/01/24/odd/").meta("og:image"), None);
    assert_eq!(site.page("/2022/01/24/odd/").meta("twitter:card"), Some("summary"));
    assert!(site.has("2022/01/21/cranes/card.png"));
    // What is no letter is left out, and the card says the rest.
    site.edit("content/articles/2022/01/odd.md", &NOBODYS.to_string(), "\u{1f680}");
    site.run("build").succeeds();
    assert!(site.has("2022/01/24/odd/card.png"));
}

#[test]
fn a_theme_brings_its_typeface_and_colours() {
    let site = site();
    site.build().succeeds();
    let before = site.public()["card.png"].clone();
    site.write(
        "themes/broadsheet/theme.toml",
        "[card]\npaper = \"#000000\"\nink = \"#ffffff\"\naccent = \"#ff8800\"\n",
    );
    site.build().succeeds();
    let coloured = site.public()["card.png"].clone();
    assert_ne!(before, coloured);
    // The light weight in the place of the bold one.
    let typeface = concat!(env!("CARGO_MANIFEST_DIR"), "/src/social/fonts/sans.ttf");
    site.write("themes/broadsheet/fonts/own.ttf", std::fs::read(typeface).expect("a typeface"));
    site.build().succeeds();
    let light = site.public()["card.png"].clone();
    assert_ne!(coloured, light);
    assert!(!site.has("fonts/own.ttf"), "it is drawn with, not published");
    site.remove("themes/broadsheet/fonts/own.ttf");
    site.build().succeeds();
    assert_eq!(site.public()["card.png"], coloured);

    site.write("themes/broadsheet/theme.toml", "[card]\npaper = \"black\"\nacent = \"#ff8800\"\n");
    site.run("build")
        .has_errors()
        .stderr_has("`paper` is no colour")
        .stderr_has("themes/broadsheet/theme.toml:2:9")
        .stderr_has("did you mean `accent`?");
}

#[test]
fn a_card_follows_what_it_says_and_nothing_else() {
    let site = site();
    site.build().succeeds();
    let before = site.public();
    site.edit("content/topics/harbour.md", "Harbour strike", "Dock strike");
    site.build().succeeds();
    let after = site.public();
    let changed: Vec<String> = cards(&site).into_iter().filter(|path| before[path] != after[path]).collect();
    assert_eq!(
        changed,
        ["2022/01/21/cranes/card.png", "2022/01/22/pickets/card.png"]
            .into_iter()
            .chain(["harbour/card.png"])
            .collect::<Vec<_>>()
    );
    // Neither the text of an article nor a template is on a card.
    site.edit("content/articles/2022/01/cranes.md", "The text", "The new text");
    site.write("themes/broadsheet/templates/tag.html", "{{ tag.name }}");
    let explained = site.run("build --explain").succeeds().stdout;
    assert!(explained.contains("2022/01/21/cranes/") && !explained.contains("card.png"), "{explained}");
    let warm = site.public();
    site.run("build --no-cache --output clean").succeeds();
    assert_eq!(site.files("clean"), warm);
}
