//! What an outlet repeats: known within one import, from earlier imports, and from the articles of the site.

use dateline::import::repeats::{Line, Repeats, Sighting};
use proptest::prelude::*;

use crate::{import_web::articles, site_test::Site};

/// No word of it sells anything: alone, it reads like the end of a story.
const HOUSE: &str = "The Harbour Post has reported from the coast since 1911 out of the old customs house on the quay, where the \
    printing press of its founders still runs on Thursday nights before the market.";
/// A paragraph of background that a running story has in each part.
const BACKGROUND: &str = "The two provinces fought over the fishing grounds in 1998, in a conflict that cost eleven lives and ended in a \
    truce which observers of the lake commission have watched over ever since.";

/// A day of the story: headline, what stands above the background, what stands below it.
const DAYS: [(&str, [&str; 2], [&str; 2]); 4] = [
    (
        "Fishing boats stay in port as talks on the lake begin",
        [
            "More than forty boats stayed in port on Monday as envoys of both provinces sat down in the school of Greyhaven, the \
             first meeting since the nets were cut in autumn.",
            "“Nobody wants to go out there tonight,” said Mara Ilves, who owns two of the boats and has not sold a fish in nine days.",
        ],
        [
            "The envoys will look at a map first, the mayor said, because neither side has ever seen the line that the other one means.",
            "Diesel on the quay cost a third more than a week ago, and the ice house has sent half of its people home.",
        ],
    ),
    (
        "Envoys agree on a map, and on little else",
        [
            "The line in the middle of the lake now stands on one sheet of paper, signed by both delegations late on Tuesday, though \
             what may be caught on either side of it was left for another day.",
            "An aide to the eastern delegation called the evening long and the coffee poor.",
        ],
        [
            "Observers counted nineteen boats near the line at noon, fewer than on any day this month.",
            "Prices at the market rose again, with perch at twice what it cost in spring, according to the cooperative.",
        ],
    ),
    (
        "Net cutters named as the lake commission publishes its report",
        [
            "Three men from the western shore cut the nets in October, the commission wrote on Wednesday in a report of ninety \
             pages that both provinces had asked for and neither had wanted to read.",
            "Their lawyer said they would answer in court and nowhere else.",
        ],
        [
            "The report puts the damage at 212,000 crowns, most of it for nets that had been bought on credit.",
            "A hearing was set for the second week of March in the district court of Aldmouth.",
        ],
    ),
    (
        "First boats go out under the new rules",
        [
            "At a quarter past four on Friday the first of the boats left Greyhaven, with a blue flag at the stern that shows the \
             other side how many nets are on board.",
            "The harbour master wrote down each of them by hand, as the new machine had not come.",
        ],
        [
            "By noon two boats had been sent back because their nets were finer than the rules allow.",
            "In the village church the bell was rung for an hour, which had last happened when the road was built.",
        ],
    ),
];

fn page(day: usize) -> String {
    let (title, above, below) = DAYS[day];
    let paragraphs: Vec<&str> = above.into_iter().chain([BACKGROUND]).chain(below).chain([HOUSE]).collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><title>{title} - The Harbour Post</title><meta property=\"og:site_name\" content=\"The \
         Harbour Post\"><link rel=\"canonical\" href=\"https://post.example/lake/{day}\"><meta property=\"og:type\" content=\"article\">\
         <meta property=\"article:published_time\" content=\"2023-02-0{}T08:00:00+01:00\"></head><body><div class=\"top\"><a \
         href=\"/\">Home</a> <a href=\"/lake\">The lake</a></div><div class=\"text\"><h1>{title}</h1><p>{}</p></div><p>Printed in \
         Greyhaven</p></body></html>",
        day + 1,
        paragraphs.join("</p><p>"),
    )
}

fn text(day: usize) -> String {
    let (title, above, below) = DAYS[day];
    let paragraphs: Vec<&str> = above.into_iter().chain([BACKGROUND]).chain(below).chain([HOUSE]).collect();
    format!(
        "{title}\n\nFeb {}, 2023\n\n{}\n\nThe lake, its people and its weather\nPrinted in Greyhaven by the quay\n",
        day + 1,
        paragraphs.join("\n\n")
    )
}

/// Whether each article of the site has the paragraphs of its day, and how many have the outlet's own.
fn bodies(site: &Site) -> (usize, usize) {
    let all = articles(site);
    let mut own = 0;
    for (path, text) in &all {
        let (_, above, below) = DAYS.iter().find(|(title, ..)| text.contains(title)).expect("a day of the story");
        for paragraph in above.iter().chain(below).chain([&BACKGROUND]) {
            let start: String = paragraph.chars().take(30).collect();
            assert!(text.contains(&start), "{path} has lost: {paragraph}\n{text}");
        }
        own += usize::from(text.contains("customs house"));
    }
    (all.len(), own)
}

#[test]
fn what_an_outlet_repeats_is_found_in_one_run() {
    for (make, end) in [(page as fn(usize) -> String, "html"), (text, "txt")] {
        // Of one story alone nothing can be known.
        let site = Site::new().file(&format!("in/0.{end}"), make(0));
        site.run("import in").succeeds();
        assert_eq!(bodies(&site), (1, 1), "{end}: else this tries nothing");
        let site = Site::new();
        for day in 0..4 {
            site.write(&format!("in/{day}.{end}"), make(day));
        }
        site.run("import in")
            .succeeds()
            .stdout_has("4 imported")
            .stdout_has("repeated by the outlet")
            .stdout_has("left out, as the outlet prints it under other titles, too: \"The Harbour Post has");
        assert_eq!(bodies(&site), (4, 0), "{end}");
    }
}

#[test]
fn what_an_outlet_repeats_is_known_from_earlier_imports() {
    let site = Site::new();
    for day in 0..4 {
        site.write(&format!("{day}.html"), page(day));
        site.run(&format!("import {day}.html")).succeeds();
    }
    // Under three titles it is the outlet's own.
    assert_eq!(bodies(&site), (4, 2));
    let known = site.read(".dateline/outlets");
    assert!(!known.to_lowercase().contains("harbour") && !known.contains("custom"), "no text is kept: {known}");
    // Imported again, it says the same, and what is known stays as it is.
    let before = articles(&site);
    let known = site.read(".dateline/outlets");
    site.run("import 0.html 1.html 2.html 3.html").succeeds().stdout_has("0 imported; 4 in the site already");
    assert_eq!(articles(&site), before);
    assert_eq!(site.read(".dateline/outlets"), known);
    // The same input with the same knowledge gives the same.
    let last = before.last().expect("an article").0.clone();
    let text = site.read(&last);
    site.remove(&last);
    site.run("import 2.html").succeeds();
    assert_eq!(site.read(&last), text);
    assert_eq!(site.read(".dateline/outlets"), known);
}

#[test]
fn a_lost_or_damaged_memory_fails_no_import() {
    let site = Site::new();
    for day in 0..4 {
        site.write(&format!("{day}.html"), page(day));
    }
    site.run("import 0.html").succeeds();
    site.run("import 1.html").succeeds();
    // The articles still say what stood in their bodies.
    site.remove(".dateline/outlets");
    site.run("import 2.html").succeeds().stdout_has("1 imported");
    assert_eq!(bodies(&site), (3, 2));
    for damage in
        ["", "dateline outlets 9\nx", "dateline outlets 1\npost.example\tzz\t1\t2\n\t\t\t\n\u{fffd}", "\u{0}\u{0}"]
    {
        site.write(".dateline/outlets", damage);
        site.remove("content/articles/2023/02/net-cutters-named-lake-commission-publishes-report.md");
        site.run("import 2.html --again").succeeds().stdout_has("1 imported");
        assert_eq!(bodies(&site), (3, 2));
    }
    // A folder in its place cannot be written over; it is said, and nothing else happens.
    site.remove(".dateline/outlets");
    site.write(".dateline/outlets/x", "");
    site.run("import 3.html").succeeds().stdout_has("could not be remembered").stdout_has("1 imported");
    assert_eq!(bodies(&site), (4, 2));
}

#[test]
fn what_the_curator_took_out_is_a_hint_and_what_they_put_back_is_one() {
    let site = Site::new();
    for day in 0..3 {
        site.write(&format!("{day}.html"), page(day));
    }
    site.run("import 0.html").succeeds();
    let (path, text) = articles(&site).into_iter().next().expect("an article");
    let at = text.find("The Harbour Post has").expect("the outlet's own");
    site.write(&path, &text[..at]);
    // Taken out once by hand, it is not brought in by the next page.
    site.run("import 1.html").succeeds().stdout_has("repeated by the outlet");
    assert_eq!(bodies(&site), (2, 0));
    // Put into both by hand, it is a part of the story, unless more titles speak against it.
    for (path, text) in articles(&site) {
        site.write(&path, format!("{}\n\n{HOUSE}\n", text.trim_end()));
    }
    let site_before = bodies(&site);
    assert_eq!(site_before, (2, 2));
    site.write(
        "2.html",
        page(2).replace(
            HOUSE,
            &format!("{HOUSE}</p><p>A judge from the capital will come for the day, and go home with the last bus."),
        ),
    );
    site.run("import 2.html").succeeds();
    assert_eq!(bodies(&site), (3, 3));
}

#[test]
fn a_dry_run_remembers_nothing() {
    let site = Site::new().file("0.html", page(0));
    site.run("import 0.html --dry-run").succeeds();
    assert!(!site.path(".dateline/outlets").exists());
}

#[test]
fn a_storys_background_stays_where_it_ends_some_of_an_outlets_stories() {
    let site = Site::new();
    // Two stories of another day, without the background.
    for day in 0..4 {
        let mut html = page(day).replace(&format!("<p>{BACKGROUND}</p>"), "").replace(&format!("<p>{HOUSE}</p>"), "");
        if day < 2 {
            html = html.replace("</div><p>Printed", &format!("<p>{BACKGROUND}</p></div><p>Printed"));
        }
        site.write(&format!("in/{day}.html"), html);
    }
    let last = page(3).replace("First boats go out", "Last boats come in").replace("lake/3", "lake/9");
    let last = last.replace(&format!("<p>{BACKGROUND}</p>"), "").replace(HOUSE, BACKGROUND);
    let last = last
        .replace("At a quarter past four", "At half past nine")
        .replace("The harbour master", "A clerk of the harbour");
    let last =
        last.replace("By noon two", "By midnight four").replace("In the village church", "In the tower of the church");
    site.write("in/9.html", last);
    site.run("import in").succeeds().stdout_has("5 imported");
    let with = articles(&site).iter().filter(|(_, text)| text.contains("fought over the fishing grounds")).count();
    assert_eq!(with, 3);
}

proptest! {
    /// What is remembered comes back as it was, and nothing that stands in its file breaks an import.
    #[test]
    fn what_is_remembered_is_read_again(
        stories in prop::collection::vec((prop::sample::select(vec!["", "a.example", "b.example"]), "[a-e]{1,3}", prop::collection::vec(("[a-z ]{0,9}|\\PC{0,9}", any::<bool>()), 0..12)), 0..20),
        noise in "\\PC{0,40}|(dateline outlets 1\n)?([0-9a-f\t\n]|\\PC){0,80}",
    ) {
        let mut repeats = Repeats::default();
        for (outlet, title, lines) in &stories {
            repeats.remember(Sighting::of(outlet, Some(title), lines.iter().map(|(text, kept)| (text.as_str(), *kept))));
        }
        let text = repeats.to_text();
        prop_assert_eq!(&Repeats::from_text(&text), &repeats);
        let damaged = Repeats::from_text(&format!("{text}{noise}"));
        for (outlet, title, lines) in &stories {
            let lines: Vec<Line> = lines.iter().map(|(text, kept)| Line { text, words: 14, odds: Some(if *kept { 3.0 } else { -3.0 }), is_sentence: true }).collect();
            for known in [&repeats, &damaged, &Repeats::from_text(&noise)] {
                let against = known.against(outlet, Some(title), &lines);
                prop_assert_eq!(against.len(), lines.len());
                prop_assert!(against.iter().all(|n| *n <= 0.0));
            }
        }
    }
}
