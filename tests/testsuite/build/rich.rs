//! One site that uses every key: each is where a reader looks for it.

use crate::site_test::{Page, Site};

fn built() -> Site {
    let site = Site::fixture("rich");
    site.build();
    site
}

#[test]
fn every_key_of_an_article() {
    let site = built();
    let page = site.page("/2022/01/21/cranes-stand-still/");
    let main = page.main();
    assert_eq!(main.elements("h1").next().unwrap().text, "Cranes stand still in the old harbour");
    assert_eq!(page.meta("description"), Some("Four hundred dockers stay at home on the first morning."));
    assert_eq!(page.elements("html").next().unwrap().attributes["lang"], "en-GB");
    for text in [
        "Four hundred dockers stay at home on the first morning.",
        "Analysis",
        "By Iryna Author (Odesa)",
        "The Wire via Daily Quay",
        "21 January 2022, 14:05",
        "Updated 22 January 2022",
        "ODESA, Jan 21 (Wire)",
        "Watch the tugs : they decide how long this lasts.",
        "A tenth of the grain leaves by this quay .",
        "The largest crane of the harbour, idle. Quay Pictures/P. Photographer",
        "A picture that only the publisher may show. Agency X",
        "Correction , 22 January 2022 : An earlier version counted three hundred dockers.",
        "21 January 2022 The strike begins",
        "December 2021 Talks on pay fail",
        "10–13 January 2022 The union votes",
        "We shall load nothing Olena Moroz , Crane driver, Port of Odesa; Chair, Dockers' Union 20 January 2022",
        "The quay is ours A man at the gate",
        "Carl Contributor (Kyiv)",
        "Wanda Writer",
        "Edgar Editor",
        "Pia Photographer",
        "Wire Holdings",
        "Names must stay.",
        "Retrieved 23 January 2022",
        "Filed from Odesa",
    ] {
        main.says(text);
    }
    main.links_to("Harbour strike", "/papers/harbour-strike/")
        .links_to("Daily Quay", "/papers/publishers/daily-quay/")
        .links_to("The Wire", "/papers/publishers/wire/")
        .links_to("Odesa", "/papers/places/odesa/")
        .links_to("Olena Moroz", "/papers/people/olena-moroz/")
        .links_to("Dockers' Union", "/papers/organizations/dockers-union/")
        .links_to("Ports", "/papers/tags/ports/")
        .links_to("labour", "/papers/tags/labour/")
        .links_to("The union votes", "/papers/2022/01/12/union-votes/")
        .links_to("Read at Daily Quay", "https://quay.example.com/cranes")
        .links_to("Archived copy", "https://archive.example.com/cranes-copy")
        .links_to("The publisher’s own address", "https://wire.example.com/cranes-original")
        .links_to("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/")
        .links_to("Harbour strike, the first month", "/papers/harbour-strike/2022-01/")
        .links_to("Older Union votes: four of five for a strike", "/papers/2022/01/12/union-votes/");
    let img = main.elements("img").next().unwrap();
    assert_eq!(img.attributes["src"], "/papers/images/crane.svg");
    assert_eq!(img.attributes["alt"], "A crane with its arm down");
}

#[test]
fn the_body_has_tables_footnotes_alerts_and_strikethrough() {
    let site = built();
    let main = site.page("/2022/01/21/cranes-stand-still/").main();
    assert_eq!(main.elements("table").count(), 1);
    assert_eq!(main.elements("del").next().unwrap().text, "Rumours");
    assert_eq!(main.elements("blockquote").next().unwrap().text, "The tide was low.");
    main.says("Seen at six.").says("{{ closed }} and another {% if open %} nothing.");
    main.links_to("the vote", "/papers/2022/01/12/union-votes/")
        .links_to("the topic", "/papers/harbour-strike/")
        .links_to("the wire", "https://wire.example.com/");
    assert_eq!(main.elements("h2").find(|h2| h2.attributes.contains_key("id")).unwrap().text, "What happened");
}

#[test]
fn what_is_for_the_desk_alone_is_nowhere() {
    let site = built();
    for (path, bytes) in site.public() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["Ring the union", "6f1ed002ab55", "own key", "A note without front matter"] {
            assert!(!text.contains(secret), "{path} holds {secret:?}");
        }
    }
}

#[test]
fn yaml_front_matter_and_other_spellings() {
    let site = built();
    let page = site.page("/2022/01/12/union-votes/").main();
    page.says("Union votes: four of five for a strike")
        .says("Ballots were counted twice.")
        .links_to("Daily Quay", "/papers/publishers/daily-quay/")
        .links_to("The Wire", "/papers/publishers/wire/")
        .links_to("Olena Moroz", "/papers/people/olena-moroz/");
}

#[test]
fn every_key_of_a_topic() {
    let site = built();
    let page = site.page("/harbour-strike/").main();
    page.says("Harbour strike")
        .says("Pay, cranes and grain.")
        .says("Ongoing")
        .says("12–21 January 2022")
        .says("The harbour employs four hundred people.")
        .says("Timeline When it happened: 16 December 2021 – 21 January 2022")
        .says("Articles January 2022")
        .says("People Olena Moroz 2")
        .says("December 2021 December 2021 Talks on pay fail January 2022 10–13 January 2022 The union votes")
        .links_to("Labour", "/papers/labour/")
        .links_to("Grain", "/papers/grain/")
        .links_to("wikidata.org", "https://www.wikidata.org/wiki/Q42")
        .links_to("Harbour strike, the first month", "/papers/harbour-strike/2022-01/");
    site.page("/grain/").main().says("Ended");
    site.page("/labour/").main().links_to("Harbour strike", "/papers/harbour-strike/");
    site.page("/strike/").has("url=https://example.org/papers/harbour-strike/");
}

#[test]
fn every_key_of_a_digest() {
    let site = built();
    let page = site.page("/harbour-strike/2022-01/");
    assert_eq!(page.meta("description"), Some("From the vote to the gates."));
    let main = page.main();
    main.says("Harbour strike, the first month")
        .says("From the vote to the gates.")
        .says("January 2022")
        .says("2 articles")
        .says("1 origin")
        .says("1 link elsewhere")
        .says("January began with a vote.")
        .says("The picture of the month.")
        .says("On the quay What the grain traders say A view from the other side. Grain Letter")
        .links_to("labour", "/papers/tags/labour/")
        .links_to("What the grain traders say", "https://elsewhere.example.net/grain");
    assert_eq!(
        page.headlines(),
        [
            "Cranes stand still in the old harbour",
            "What the grain traders say",
            "Union votes: four of five for a strike"
        ]
    );
    site.page("/digest-january/").has("url=https://example.org/papers/harbour-strike/2022-01/");
}

#[test]
fn every_key_of_a_publisher() {
    let site = built();
    let main = site.page("/publishers/daily-quay/").main();
    main.says("Newspaper Ukraine 2 articles")
        .says("Also The Quay")
        .says("A paper of the docks.")
        .says("Owner Quay Media")
        .says("Quay Media Rights")
        .says("All rights reserved")
        .says("Ask first.")
        .says("Shown here Excerpts")
        .says("Press Council Reliable 1 May 2021")
        .links_to("Daily Quay", "https://quay.example.com/")
        .links_to("Its corrections", "https://quay.example.com/corrections")
        .links_to("quay.example.com/feed.xml", "https://quay.example.com/feed.xml")
        .links_to("Reliable", "https://council.example.org/quay");
    site.page("/publishers/wire/").main().says("News agency");
}

#[test]
fn every_key_of_a_person_a_place_and_an_organization() {
    let site = built();
    let person: Page = site.page("/people/olena-moroz/").main();
    person
        .says("Also Moroz , Олена Мороз")
        .says("Speaks for the dockers.")
        .says("She began as a crane driver.")
        .says("Chair, Dockers' Union 2019 to March 2022")
        .says("Crane driver, Port of Odesa since January 2005")
        .says("We shall load nothing")
        .links_to("Dockers' Union", "/papers/organizations/dockers-union/")
        .links_to("wikidata.org", "https://www.wikidata.org/wiki/Q4242");
    site.page("/places/odesa/")
        .main()
        .says("Place Ukraine")
        .says("Also Odessa")
        .says("A port on the Black Sea.")
        .says("46.48° N")
        .says("30.73° E")
        .links_to("Cranes stand still in the old harbour", "/papers/2022/01/21/cranes-stand-still/");
    site.page("/organizations/dockers-union/")
        .main()
        .says("Organization Ukraine")
        .says("Also DU")
        .says("Four hundred members.");
}

#[test]
fn the_sites_own_keys() {
    let site = built();
    let home = site.page("/");
    home.says("Harbour Papers")
        .says("One strike, followed from the first morning.")
        .says("The Harbour Desk")
        .says("CC-BY-4.0");
    assert_eq!(home.meta("description"), Some("One strike, followed from the first morning."));
    home.links_to("About these papers", "/papers/about/");
    let about = site.page("/about/");
    assert_eq!(about.meta("description"), Some("Who makes them."));
    about.links_to("the desk", "mailto:desk@example.org");
}
