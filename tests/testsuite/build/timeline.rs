//! Timelines: what happened when, on topics and digests, in calendars and for TimelineJS.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::site_test::{Page, Site};

/// A strike of two months, told by three articles, a topic and a digest.
fn site() -> Site {
    Site::new()
        .topic(
            "strike",
            "summary = \"Pay, cranes; and grain.\"\n[[events]]\ndate = \"2021~\"\nheadline = \"Pay falls behind prices\"\n\
             importance = 3\ncitation = [\"vote\", \"gates\"]",
        )
        .article(
            "2022-01-12",
            "vote",
            "topics = [\"strike\"]\n[[events]]\ndate = \"2022-01-10/2022-01-13\"\nheadline = \"The union votes\"\n\
             [[events]]\ndate = \"2022-01\"\napproximate = true\nheadline = \"Grain piles up\"\nimportance = 3",
        )
        .article(
            "2022-01-21",
            "gates",
            "topics = [\"strike\"]\n[[events]]\ndate = \"2022-01-21\"\nheadline = \"The strike begins\"\nimportance = 1\n\
             disputed = \"The port says that it was <locked>, not struck.\"",
        )
        .article(
            "2022-02-03",
            "end",
            "title = \"All back, at last\"\nupdated = 2022-02-04T10:00:00+02:00\ntopics = [\"strike\"]\n\
             [[events]]\ndate = \"2022-01-21\"\nheadline = \"The strike begins\"\nimportance = 2\n\
             [[events]]\ndate = \"2022-02-02?\"\nheadline = \"Both sides sign\"\nimportance = 1",
        )
        .digest(
            "strike/2022-01",
            "topic = \"strike\"\ntemporal_coverage = \"2022-01\"\n[[events]]\ndate = \"2022-01-30\"\n\
             headline = \"A mediator comes\"\ncitation = \"end\"",
        )
}

/// The text of one entry of a timeline after the other.
fn entries(page: &Page) -> Vec<String> {
    let html = &page.html;
    let start = html.find("<ol class=\"months\">").expect("a timeline");
    let end = start + html[start..].find("</ol>\n</li>\n</ol>").or(html[start..].find("</ol></li></ol>")).unwrap_or(0);
    let end = if end == start { html.len() } else { end };
    html[start..end]
        .split("<li class=\"i")
        .skip(1)
        .map(|part| Page::parse("/", format!("<p class=\"i{part}")).text)
        .collect()
}

#[test]
fn a_topics_timeline_has_its_events_by_month_oldest_first() {
    let site = site();
    site.run("build").succeeds();
    let page = site.page("/strike/").main();
    page.says(
        "2021 about 2021 Pay falls behind prices Also in About gates \
         January 2022 about January 2022 Grain piles up",
    )
    .says("10–13 January 2022 The union votes 21 Jan The strike begins")
    .says("The strike begins Disputed: The port says that it was <locked>, not struck. Also in About gates")
    .says("February 2022 2 Feb (uncertain) Both sides sign")
    .links_to("Pay falls behind prices", "/2022/01/12/vote/")
    .links_to("About gates", "/2022/01/21/gates/");
    // One event that two articles tell of in the same words is one event, as important as the one of them says that
    // thinks more of it.
    assert_eq!(
        page.html.matches("The strike begins").count() - page.html.matches("<title>The strike begins").count(),
        1
    );
    let important = page.html.split("<li class=\"i1\">").nth(1).expect("a turning point");
    assert!(important.contains("The strike begins"), "{important}");
}

#[test]
fn a_digests_timeline_has_its_own_events_and_its_articles_by_day() {
    let site = site();
    site.run("build").succeeds();
    let page = site.page("/strike/2022-01/").main();
    page.says("12 Jan About vote 21 Jan The strike begins")
        .says("21 Jan About gates 30 Jan A mediator comes")
        .never_says("Both sides sign")
        .never_says("Pay falls behind prices")
        .links_to("A mediator comes", "/2022/02/03/end/");
    assert_eq!(entries(&page).len(), 1 + 6, "one month, four events, two articles");
}

#[test]
fn a_digests_timeline_takes_in_its_topics_events_of_its_period() {
    let rows = [
        ("2022-01-16", "Banks close"),
        ("2022-01-31/2022-02-01", "A long night"),
        ("2022-02-01", "Banks open"),
        ("2022", "A hard year"),
        ("2022-01-30", "A mediator comes"),
    ];
    let rows = rows.map(|(date, headline)| {
        format!("[[events]]\ndate = \"{date}\"\nheadline = \"{headline}\"\ncitation = \"end\"\n")
    });
    let site = site();
    site.edit("content/topics/strike.md", "[[events]]", &format!("{}[[events]]", rows.concat()));
    site.write(
        "content/digests/wages.md",
        "+++\ntitle = \"Wages\"\ntopic = \"strike\"\n[[items]]\narticle = \"vote\"\n+++\n",
    );
    site.run("build").succeeds();
    let page = site.page("/strike/2022-01/").main();
    page.says("16 Jan Banks close").says("A long night").never_says("Banks open").never_says("A hard year");
    // What the digest says as well is one event.
    assert_eq!(entries(&page).len(), 1 + 8, "one month, six events, two articles");
    for file in ["timeline.ics", "timeline.json"] {
        assert!(site.read(&format!("public/strike/2022-01/{file}")).contains("Banks close"), "{file}");
    }
    // Without a period nothing says which of them belong to it.
    site.page("/wages/").never_says("Banks close");
    // A digest with no event but those of its topic has them, and files of them; none of them, none.
    site.write(
        "content/digests/strike/2022-02.md",
        "+++\ntitle = \"Feb\"\ntopic = \"strike\"\ntemporal_coverage = \"2022-02-01/2022-02-01\"\n[[items]]\narticle = \"vote\"\n+++\n",
    );
    site.edit("content/articles/2022/01/vote.md", "[[events]]", "[[extra.events]]");
    site.run("build").succeeds();
    site.page("/strike/2022-02/").says("Banks open").says("A long night");
    assert!(site.has("strike/2022-02/timeline.ics"));
    site.edit("content/topics/strike.md", "date = \"2022-02-01\"", "date = \"2022-02-11\"");
    site.edit("content/topics/strike.md", "date = \"2022-01-31/2022-02-01\"", "date = \"2022-02-12\"");
    site.run("build").succeeds();
    site.page("/strike/2022-02/").never_says("Banks open");
    assert!(!site.has("strike/2022-02/timeline.ics"));
}

#[test]
fn labels_of_the_picture_keep_clear_of_each_other() {
    let labels = |first: &str, last: &str| -> Vec<String> {
        let site = Site::new().topic("strike", "").article(first, "a", "topics = [\"strike\"]").article(
            last,
            "b",
            &format!("topics = [\"strike\"]\n[[events]]\ndate = \"{last}\"\nheadline = \"It ends\""),
        );
        site.build();
        let page = site.page("/strike/");
        let labels = page.html.split("<text ").skip(1).filter_map(|part| part.split(['>', '<']).nth(1));
        labels.map(str::to_owned).collect()
    };
    // A long label at an end leaves no room for a year beside it, a short one does.
    assert_eq!(labels("1985-05-16", "1987-09-16"), ["May 1985", "September 1987", "1986"]);
    assert_eq!(labels("1985-05-16", "1988-05-16"), ["May 1985", "May 1988", "1987"]);
}

#[test]
fn what_is_shown_is_chosen_without_a_script_and_counted() {
    let site = site();
    site.run("build").succeeds();
    let page = site.page("/strike/");
    let radios: Vec<_> =
        page.elements("input").map(|input| input.attributes.clone()).filter(|input| input["type"] == "radio").collect();
    let values: Vec<&str> = radios.iter().map(|radio| radio["value"].as_str()).collect();
    assert_eq!(values, ["1", "2", "3"], "the articles of one page stand below the timeline");
    assert!(radios.iter().all(|radio| radio["name"] == "importance"));
    assert_eq!(radios.iter().filter(|radio| radio.contains_key("checked")).count(), 1);
    page.says("Turning points 2 Main events 3 All events 5");
    site.page("/strike/2022-01/").says("Events and articles 6");
    // A style sheet that hides on paper would print half a story.
    let css = site.read("public/broadsheet.css");
    let at = css.find(":checked) .i4").expect("the rule");
    assert!(css[..at].rfind("@media screen").is_some_and(|screen| !css[screen..at].contains("\n}")), "screens only");
}

#[test]
fn the_picture_has_a_text_alternative_and_leaves_out_what_is_far_away() {
    let site = Site::new()
        .topic("strike", "")
        .article(
            "2022-01-05",
            "a",
            "topics = [\"strike\"]\n[[events]]\ndate = \"1887-10\"\nheadline = \"The harbour opens\"\nimportance = 1",
        )
        .article("2022-01-25", "b", "topics = [\"strike\"]")
        .article(
            "2022-01-25",
            "c",
            "topics = [\"strike\"]\n[[events]]\ndate = \"2022-01-20\"\nheadline = \"The gates close\"\nimportance = 1",
        );
    site.run("build").succeeds();
    let page = site.page("/strike/").main();
    let svg = page.elements("svg").next().expect("a picture");
    assert_eq!(svg.attributes.get("role").map(String::as_str), Some("img"));
    let named = &svg.attributes["aria-labelledby"];
    for id in named.split(' ') {
        page.has(&format!("id=\"{id}\""));
    }
    page.says("When it happened: 5–25 January 2022")
        .says("A bar chart by day: 3 articles, 1 event, 1 turning point. Most articles: 25 January 2022 (2). The list that follows has them all.")
        .says("1 much earlier event is not drawn")
        .says("October 1887 October 1887 The harbour opens");
    // Bars and dots lie inside the picture.
    let share = |value: &str| value.trim_end_matches('%').parse::<f64>().expect("a percentage");
    for bar in page.elements("rect") {
        let right = share(&bar.attributes["x"]) + share(&bar.attributes["width"]);
        let bottom = share(&bar.attributes["y"]) + share(&bar.attributes["height"]);
        assert!(right <= 100.01 && bottom <= 100.0 && share(&bar.attributes["y"]) >= 0.0, "{:?}", bar.attributes);
    }
    assert_eq!(page.elements("circle").count(), 1);
}

#[test]
fn a_story_of_one_day_needs_no_picture_and_one_without_events_no_files() {
    let site = Site::new()
        .topic("strike", "")
        .article("2022-01-05", "a", "topics = [\"strike\"]")
        .article("2022-01-05", "b", "topics = [\"strike\"]")
        .digest("d", "[[items]]\narticle = \"a\"");
    site.run("build").succeeds();
    assert!(!site.page("/strike/").html.contains("<svg"));
    assert!(!site.has("strike/timeline.ics") && !site.has("d/timeline.json"));
    site.page("/strike/").never_says("Calendar");
    // A digest lists its articles by day all the same.
    site.page("/d/").says("Timeline January 2022 5 Jan About a");
}

/// The lines of a calendar, unfolded; folding is checked on the way.
fn lines(calendar: &str) -> Vec<String> {
    assert!(calendar.ends_with("\r\n") && !calendar.replace("\r\n", "").contains(['\r', '\n']));
    for line in calendar.split("\r\n") {
        assert!(line.len() <= 75, "{} bytes: {line}", line.len());
    }
    calendar.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn the_calendar_is_that_of_rfc_5545() {
    let site = site();
    site.run("build").succeeds();
    site.page("/strike/").links_to("Calendar", "/strike/timeline.ics");
    let lines = lines(&site.read("public/strike/timeline.ics"));
    let has = |line: &str| assert!(lines.iter().any(|found| found == line), "no {line} in {lines:#?}");
    for line in [
        "VERSION:2.0",
        "X-WR-CALNAME:Topic strike",
        "DESCRIPTION:Pay\\, cranes\\; and grain.",
        "DTSTART;VALUE=DATE:20220110",
        "DTEND;VALUE=DATE:20220114",
        "DTSTART;VALUE=DATE:20210101",
        "DTEND;VALUE=DATE:20220101",
        // When the newer of the two articles that tell of it last changed.
        "DTSTAMP:20220204T080000Z",
        "DESCRIPTION:The date is approximate.\\nAbout vote: https://example.org/2022/01/12/vote/\\nAbout gates: \
         https://example.org/2022/01/21/gates/",
        "DESCRIPTION:Disputed: The port says that it was <locked>\\, not struck.\\nAll back\\, at last: \
         https://example.org/2022/02/03/end/\\nAbout gates: https://example.org/2022/01/21/gates/",
        "STATUS:TENTATIVE",
        "PRIORITY:1",
    ] {
        has(line);
    }
    let uids = |path: &str| -> BTreeSet<String> {
        let lines = self::lines(&site.read(path));
        lines.into_iter().filter(|line| line.starts_with("UID:")).collect()
    };
    let topic = uids("public/strike/timeline.ics");
    assert_eq!(topic.len(), 5);
    let shared = uids("public/strike/2022-01/timeline.ics");
    assert_eq!(shared.intersection(&topic).count(), 3, "the same event has the same id wherever it is");
    // What else happens does not change who an event is.
    site.edit("content/articles/2022/02/end.md", "Both sides sign", "All sides sign");
    site.run("build").succeeds();
    assert_eq!(uids("public/strike/timeline.ics").intersection(&topic).count(), 4);
}

#[test]
fn long_words_of_any_script_are_folded_between_letters() {
    let headline = "Страйк у порту починається, і ніхто не знає, коли він скінчиться: 船は動かない。".repeat(3);
    let site = Site::new().article(
        "2022-01-05",
        "a",
        &format!("[[events]]\ndate = \"2022-01-05\"\nheadline = \"{headline}\""),
    );
    site.write("content/digests/d.md", "+++\ntitle = \"D\"\n[[items]]\narticle = \"a\"\n+++\n");
    site.run("build").succeeds();
    let lines = lines(&site.read("public/d/timeline.ics"));
    let expected = format!("SUMMARY:{}", headline.replace(',', "\\,"));
    assert!(lines.contains(&expected), "{lines:#?}");
}

#[test]
fn timelinejs_gets_as_much_of_each_date_as_is_known() {
    let site = site();
    site.run("build").succeeds();
    let json: Value = serde_json::from_str(&site.read("public/strike/timeline.json")).expect("JSON");
    assert_eq!(json["title"]["text"]["headline"], "<a href=\"https://example.org/strike/\">Topic strike</a>");
    let events = json["events"].as_array().expect("events");
    let find = |headline: &str| {
        events.iter().find(|event| event["text"]["headline"] == headline).unwrap_or_else(|| panic!("{headline}"))
    };
    assert_eq!(find("Pay falls behind prices")["start_date"], serde_json::json!({ "year": 2021 }));
    assert_eq!(find("Pay falls behind prices")["display_date"], "about 2021");
    assert_eq!(find("Grain piles up")["start_date"], serde_json::json!({ "year": 2022, "month": 1 }));
    assert_eq!(find("The union votes")["end_date"], serde_json::json!({ "year": 2022, "month": 1, "day": 13 }));
    assert!(find("The strike begins").get("end_date").is_none());
    let text = find("The strike begins")["text"]["text"].as_str().expect("text");
    assert!(text.contains("&lt;locked&gt;") && text.contains("https://example.org/2022/01/21/gates/"), "{text}");
    let ids: BTreeSet<&str> = events.iter().filter_map(|event| event["unique_id"].as_str()).collect();
    assert_eq!(ids.len(), events.len());
}

#[test]
fn exports_can_be_switched_off_and_lie_below_the_sites_path() {
    let site = site();
    site.write("site.toml", "title = \"T\"\nbase_url = \"https://example.org/some/where/\"\n");
    site.run("build").succeeds();
    site.page("/strike/").links_to("TimelineJS", "/some/where/strike/timeline.json");
    assert!(site.read("public/strike/timeline.json").contains("https://example.org/some/where/2022/01/21/gates/"));
    site.write("site.toml", "title = \"T\"\nbase_url = \"https://example.org/\"\n[outputs]\ntimeline = false\n");
    site.run("build").succeeds();
    assert!(!site.has("strike/timeline.ics") && !site.has("strike/timeline.json"));
    site.page("/strike/").says("The strike begins").never_says("TimelineJS");
}

#[test]
fn an_event_waits_for_the_article_that_it_rests_on() {
    let site = Site::new()
        .topic("strike", "[[events]]\ndate = \"2022-01-05\"\nheadline = \"Secret talks\"\ncitation = \"talks\"")
        .article("2022-01-06", "talks", "draft = true\ntopics = [\"strike\"]")
        .article("2022-01-07", "other", "topics = [\"strike\"]");
    site.run("build").succeeds().stderr_has("`talks` is left out, and with it the event that cites it");
    assert!(site.public().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("Secret talks")));
    site.run("build --drafts").succeeds();
    site.page("/strike/").says("Secret talks");
    assert!(site.has("strike/timeline.ics"));
}

/// Four hundred articles over three years, as a long story has them: in waves, with an event to every third.
fn long_story() -> Site {
    let mut site = Site::new().topic("strike", "");
    for number in 0..400_usize {
        // Waves: most days of the year have nothing.
        let day = (number * number / 7 + number * 13) % 1090;
        let (year, month, day) = (2021 + day / 365, 1 + day % 365 / 31, 1 + day % 28);
        let date = format!("{year}-{month:02}-{day:02}");
        let event = match number % 3 {
            0 => format!(
                "[[events]]\ndate = \"{}\"\nheadline = \"Step {number} is taken\"\nimportance = {}",
                if number % 30 == 0 { &date[..7] } else { &date },
                1 + (number % 7).min(2)
            ),
            _ => String::new(),
        };
        site = site.article(&date, &format!("a{number}"), &format!("topics = [\"strike\"]\n{event}"));
    }
    site
}

#[test]
fn a_story_of_400_articles_over_three_years_reads_well() {
    let site = long_story();
    site.run("build").succeeds();
    let page = site.page("/strike/");
    page.says("A bar chart by month: 400 articles, 134 events").says("2021 2022 2023");
    // One bar a month, with its letters at their own size on any screen.
    let svg = page.elements("svg").next().expect("a picture");
    assert!(!svg.attributes.contains_key("viewbox") && svg.attributes["width"] == "100%");
    let bars = page.elements("rect").count();
    assert!((40..=72).contains(&bars), "{bars} bars");
    // It begins with what matters; nothing is lost to those who want it all, or print it.
    let checked = page.elements("input").find(|input| input.attributes.contains_key("checked")).expect("a choice");
    assert_eq!(checked.attributes["value"], "2");
    for number in (0..400).step_by(3) {
        page.says(&format!("Step {number} is taken"));
    }
    // Links to the years lead to the first month of each.
    for year in ["2021", "2022", "2023"] {
        let link =
            page.elements("a").find(|a| a.text == year && a.attributes["href"].starts_with("#t.")).expect("a link");
        page.has(&format!("id=\"{}\"", &link.attributes["href"][1..]));
    }
    assert!(page.html.len() < 250_000, "{} bytes", page.html.len());
    // The pages that follow have their articles, and not the timeline again.
    site.page("/strike/page/2/").never_says("Step 3 is taken").says("Articles");
    assert!(!site.page("/strike/page/2/").html.contains("<svg"));
}

#[test]
fn too_many_events_are_cut_to_the_most_important_and_said_so() {
    let mut site = Site::new().topic("strike", "");
    for number in 0..450_usize {
        let keys = format!(
            "topics = [\"strike\"]\n[[events]]\ndate = \"2022-01-{:02}\"\nheadline = \"Step {number}.\"\nimportance = {}",
            1 + number % 28,
            if number == 7 { 1 } else { 3 }
        );
        site = site.article("2022-02-01", &format!("a{number}"), &keys);
    }
    site.run("build").succeeds();
    let page = site.page("/strike/");
    page.says("Step 7.")
        .says("50 lesser events are not listed here. The files below have them.")
        .says("All events 450");
    assert_eq!(site.read("public/strike/timeline.ics").matches("BEGIN:VEVENT").count(), 450);
}
