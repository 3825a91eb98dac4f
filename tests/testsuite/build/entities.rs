//! Who and where: what somebody was at the time, what they said, and where a place lies.

use crate::site_test::Site;

/// A person who changed posts twice, in articles of three times.
fn site() -> Site {
    Site::new()
        .named("organizations", "port", "name = \"Port of Odesa\"")
        .named(
            "people",
            "moroz",
            "name = \"Olena Moroz\"\nalternate_names = [\"Elena Moroz\", \"Олена Мороз\"]\n\
             [[roles]]\ntitle = \"Crane driver\"\norganization = \"Port of Odesa\"\nfrom = \"2010\"\nto = \"2021\"\n\
             [[roles]]\ntitle = \"Chair\"\norganization = \"Dockers' Union\"\nfrom = \"2021-06-15\"\nto = \"2022-03\"\n\
             [[roles]]\ntitle = \"Minister of Ports\"\nfrom = \"2022-03-20\"",
        )
        .topic("strike", "")
        .article("2020-05-05", "early", "topics = [\"strike\"]\npeople = [\"moroz\"]")
        .article(
            "2022-01-05",
            "middle",
            "topics = [\"strike\"]\npeople = [\"Elena Moroz\"]\n[[quotes]]\ntext = \"We wait.\"\nspeaker = \"moroz\"\n\
             [[quotes]]\ntext = \"I lift.\"\nspeaker = \"Олена Мороз\"\ndate = 2019-01-01",
        )
        .article("2022-05-05", "late", "people = [\"moroz\"]\n[[quotes]]\ntext = \"We decide.\"\nspeaker = \"moroz\"")
        .digest("strike/all", "topic = \"strike\"\ntemporal_coverage = \"2020/2022-02\"")
        .digest("january", "temporal_coverage = \"2022-01\"")
}

#[test]
fn an_article_shows_what_somebody_was_on_its_day() {
    let site = site();
    site.run("build").succeeds();
    let side = |address: &str| site.page(address).main();
    side("/2020/05/05/early/").says("Olena Moroz Crane driver, Port of Odesa").never_says("Chair");
    side("/2022/01/05/middle/").says("Olena Moroz Chair, Dockers' Union").never_says("Minister");
    side("/2022/05/05/late/").says("Olena Moroz Minister of Ports").never_says("Chair");
}

#[test]
fn a_digest_shows_all_that_somebody_was_in_its_time() {
    let site = site();
    site.run("build").succeeds();
    site.page("/strike/all/")
        .main()
        .says("Who’s who People Olena Moroz 2 Crane driver, Port of Odesa; Chair, Dockers' Union");
    site.page("/january/").main().says("Olena Moroz 1 Chair, Dockers' Union").never_says("Crane");
}

#[test]
fn dates_that_leave_it_open_yield_to_those_that_do_not() {
    // Both roles may have been held in March 2022; on the 25th, one surely was.
    let site = site().article("2022-03-25", "after", "people = [\"moroz\"]").article(
        "2022-03-10",
        "before",
        "people = [\"moroz\"]",
    );
    site.run("build").succeeds();
    site.page("/2022/03/25/after/").main().says("Minister of Ports").never_says("Chair");
    site.page("/2022/03/10/before/").main().says("Chair, Dockers' Union").never_says("Minister");
}

#[test]
fn quotes_stand_newest_first_with_the_role_of_their_day_and_their_article() {
    let site = site();
    site.run("build").succeeds();
    let page = site.page("/people/moroz/").main();
    page.says("We decide. As Minister of Ports 5 May 2022 About late")
        .says("We wait. As Chair, Dockers' Union 5 January 2022 About middle I lift. As Crane driver, Port of Odesa 1 January 2019")
        .links_to("About late", "/2022/05/05/late/");
    let at = |words: &str| page.text.find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(at("We decide.") < at("We wait.") && at("We wait.") < at("I lift."));
    site.page("/2022/01/05/middle/").main().says("We wait. Olena Moroz , Chair, Dockers' Union");
}

#[test]
fn all_spellings_lead_to_one_page_and_are_on_the_list() {
    let site = site();
    site.run("build").succeeds();
    site.page("/people/moroz/").says("Also Elena Moroz , Олена Мороз").says("3 articles");
    site.page("/people/").says("Olena Moroz Also Elena Moroz , Олена Мороз");
}

#[test]
fn an_organization_shows_who_was_there() {
    let site = site();
    site.run("build").succeeds();
    let page = site.page("/organizations/port/");
    page.says("Its people Olena Moroz Crane driver 2010 to 2021").links_to("Olena Moroz", "/people/moroz/");
    page.main().never_says("Minister");
}

#[test]
fn a_place_has_a_map_with_a_text_alternative() {
    let site = Site::new()
        .named("places", "geneva", "name = \"Geneva\"\ngeo = [46.2044, 6.1432]")
        .named("places", "nukualofa", "name = \"Nukuʻalofa\"\ngeo = [-21.1393, -175.2049]")
        .named("places", "pole", "name = \"South Pole\"\ngeo = [-90, 0]")
        .named("places", "nowhere", "");
    site.run("build").succeeds();
    for (address, words, min_land) in [
        ("/places/geneva/", "Geneva: 46.2° N, 6.14° E. The map shows the coasts around it.", 1000),
        ("/places/nukualofa/", "Nukuʻalofa: 21.14° S, 175.2° W.", 100),
        ("/places/pole/", "South Pole: 90° S, 0° E.", 20),
    ] {
        let page = site.page(address);
        page.says(words).has("role=\"img\"");
        let land = page.elements("path").filter_map(|path| path.attributes.get("d")).map(String::len).max();
        assert!(land.is_some_and(|length| (min_land..12_000).contains(&length)), "{address}: {land:?}");
    }
    assert!(!site.page("/places/nowhere/").html.contains("<svg"));
}

#[test]
fn a_changed_role_changes_the_pages_that_show_it_and_no_others() {
    let site = site();
    site.run("build").succeeds();
    let before = site.public();
    site.edit("content/people/moroz.md", "title = \"Minister of Ports\"", "title = \"Minister of the Sea\"");
    site.run("build").succeeds();
    site.page("/2022/05/05/late/").says("Minister of the Sea");
    let after = site.public();
    let changed: Vec<&String> =
        after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| path).collect();
    assert_eq!(changed, ["2022/05/05/late/index.html", "people/moroz/index.html"]);
}
