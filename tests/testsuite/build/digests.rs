//! The four rules of digests, and every condition of a query.

use crate::site_test::{SETTINGS, Site};

/// Seven articles that differ in everything a query can ask for.
fn site() -> Site {
    Site::new()
        .topic("war", "")
        .topic("talks", "broader = [\"war\"]")
        .topic("weather", "")
        .named("publishers", "quay", "name = \"Daily Quay\"")
        .named("publishers", "reuters", "name = \"Reuters\"")
        .named("publishers", "afp", "name = \"AFP\"")
        .named("people", "lavrov", "name = \"Sergei Lavrov\"\nalternate_names = [\"Sergey Lavrov\"]")
        .named("people", "blinken", "")
        .named("places", "geneva", "")
        .named("places", "kyiv", "")
        .named("organizations", "nato", "")
        .article("2022-01-03", "a", "topics = [\"war\"]\ntags = [\"Arms\"]\nurgency = 5\npublisher = \"quay\"")
        .article("2022-01-05", "b", "topics = [\"talks\"]\nagency = \"reuters\"\npublisher = \"quay\"\nurgency = 2")
        .article(
            "2022-01-09",
            "c",
            "topics = [\"talks\"]\nagency = \"afp\"\npeople = [\"Sergey Lavrov\"]\ngenre = \"opinion\"",
        )
        .article("2022-01-31", "d", "topics = [\"war\", \"weather\"]\nplaces = [\"geneva\"]\nlang = \"pt-BR\"")
        .article(
            "2022-02-01",
            "e",
            "topics = [\"war\"]\nlocated = \"geneva\"\norganizations = [\"nato\"]\ntags = [\"arms\", \"x\"]",
        )
        .article("2022-02-10", "f", "topics = [\"weather\"]\ngenre = \"analysis\"\npeople = [\"blinken\"]\nurgency = 2")
        .article("2022-02-20", "g", "lang = \"pt\"")
}

/// The articles of a digest with these keys, in the order of the page.
#[track_caller]
fn shown(keys: &str) -> String {
    let site = site().digest("d", keys);
    site.run("build").succeeds();
    headlines(&site, "/d/")
}

fn headlines(site: &Site, address: &str) -> String {
    site.page(address).headlines().iter().map(|title| title.replace("About ", "")).collect::<Vec<_>>().join(" ")
}

#[test]
fn rule_1_a_list_a_query_or_both() {
    assert_eq!(shown("[[items]]\narticle = \"c\"\n[[items]]\narticle = \"a\""), "c a");
    assert_eq!(shown("order = \"date-asc\"\n[query]\ntopic = \"weather\""), "f d", "the lead is the lowest urgency");
    assert_eq!(shown("order = \"date-asc\"\n[query]\ntopic = \"talks\"\n[[items]]\narticle = \"g\""), "g b c");
}

#[test]
fn rule_1_a_query_with_no_dates_takes_the_coverage_and_with_no_topic_the_digests() {
    let keys = "topic = \"war\"\ntemporal_coverage = \"2022-01-05/2022-01-31\"\norder = \"date-asc\"";
    assert_eq!(shown(&format!("{keys}\n[query]")), "b c d");
    assert_eq!(shown(keys), "b c d", "a topic and a period are a query");
    assert_eq!(shown(&format!("{keys}\n[query]\ntopic = \"weather\"")), "d");
    assert_eq!(shown(&format!("{keys}\n[query]\ntemporal_coverage = \"2022-02\"")), "e");
}

#[test]
fn rule_2_listed_items_come_first_and_nothing_appears_twice() {
    let keys = "topic = \"war\"\norder = \"date-asc\"\n[query]\n[[items]]\narticle = \"e\"\n[[items]]\narticle = \"b\"";
    assert_eq!(shown(keys), "e b a c d");
    let site = site().digest("d", "[[items]]\narticle = \"a\"\n[[items]]\narticle = \"b\"\n[[items]]\narticle = \"a\"");
    site.run("build").succeeds().stderr_has("`a` is listed twice; it is shown once");
    assert_eq!(headlines(&site, "/d/"), "a b");
}

#[test]
fn rule_2_the_lead() {
    let lead = |keys: &str| {
        let site = site().digest("d", keys);
        site.run("build").succeeds();
        headlines(&site, "/d/").split(' ').next().unwrap_or_default().to_owned()
    };
    assert_eq!(lead("[[items]]\narticle = \"a\"\n[[items]]\narticle = \"b\"\nrole = \"lead\""), "b", "role = lead");
    assert_eq!(lead("[query]\ntopic = \"war\"\n[[items]]\narticle = \"a\""), "a", "else the first listed");
    assert_eq!(lead("order = \"date-asc\"\n[query]\ntopic = \"war\""), "b", "else the lowest urgency");
    assert_eq!(
        lead("order = \"date-asc\"\n[query]\ntopic = \"war\"\nexclude = [\"a\", \"b\"]"),
        "e",
        "else the newest"
    );
    assert_eq!(
        lead("[[items]]\narticle = \"a\"\nrole = \"see-also\"\n[[items]]\narticle = \"c\""),
        "c",
        "a pointer does not lead"
    );
}

#[test]
fn rule_2_a_draft_in_the_list_does_not_make_the_query_lead() {
    let site = site()
        .article("2022-01-02", "draft", "draft = true")
        .digest("d", "order = \"date-asc\"\n[query]\ntopic = \"war\"\n[[items]]\narticle = \"draft\"");
    site.run("build").succeeds().stderr_has("`draft` is listed but left out: draft");
    assert_eq!(headlines(&site, "/d/"), "b a c d e", "the lowest urgency leads");
}

#[test]
fn rule_2_two_leads_are_warned_of() {
    let site =
        site().digest("d", "[[items]]\narticle = \"a\"\nrole = \"lead\"\n[[items]]\narticle = \"b\"\nrole = \"lead\"");
    site.run("build").succeeds().stderr_has("more than one item has `role = \"lead\"`; the first one leads");
    assert_eq!(headlines(&site, "/d/"), "a b");
}

#[test]
fn rule_3_a_missing_article_is_an_error_and_an_empty_digest_a_warning() {
    let site = site().digest("d", "[[items]]\narticle = \"2022-01-03-b\"");
    site.run("build").has_errors().stderr_has("unknown article `2022-01-03-b` in `article`");
    let site = site.digest("d", "[query]\ntag = \"x\"\ngenre = \"live\"");
    site.run("build").succeeds().stderr_has("warning: the digest is empty");
    site.write("content/digests/empty.md", "+++\ntitle = \"Nothing\"\n+++\n");
    site.run("build").succeeds().stderr_has("2 warnings");
    site.remove("content/digests/empty.md");
    site.page("/d/").says("Digest d").says("0 articles");
}

#[test]
fn rule_3_items_of_an_unknown_section_fall_to_more() {
    let site = site().digest(
        "d",
        "[[sections]]\nid = \"diplomacy\"\ntitle = \"Diplomacy\"\n\
         [[items]]\narticle = \"a\"\nrole = \"lead\"\n\
         [[items]]\narticle = \"b\"\nsection = \"diplomacy\"\n\
         [[items]]\narticle = \"c\"\nsection = \"diplomcy\"",
    );
    site.run("build").succeeds().stderr_is(snapbox::str![[r#"
warning: unknown section `diplomcy`; the item falls to "More"
  --> content/digests/d.md:14:11
   |
14 | section = "diplomcy"
   |           ^^^^^^^^^^
   |
   = hint: did you mean `diplomacy`?

1 warning

"#]]);
    let page = site.page("/d/").main();
    let sections: Vec<&str> =
        page.elements("section").filter_map(|section| section.attributes.get("id")).map(String::as_str).collect();
    assert_eq!(sections, ["diplomacy", "more"]);
    page.says("Diplomacy About b").says("More About c");
    assert_eq!(headlines(&site, "/d/"), "a b c");
}

#[test]
fn rule_4_a_broader_topic_shows_what_its_narrower_ones_hold() {
    let site = site();
    site.build();
    assert_eq!(headlines(&site, "/war/"), "e d c b a");
    assert_eq!(headlines(&site, "/talks/"), "c b");
    site.page("/talks/").links_to("Topic war", "/war/");
    site.page("/war/").links_to("Topic talks", "/talks/");
    assert_eq!(
        shown("[query]\ntopic = \"war\"\norder = \"date-desc\"".replace("\norder = \"date-desc\"", "").as_str()),
        "b e d c a"
    );
}

#[test]
fn rule_4_a_topic_makes_its_months_and_a_written_one_takes_its_place() {
    let months = |site: Site| {
        let site = site.topic("war", "period = \"monthly\"");
        site.build();
        site
    };
    let site = months(site());
    site.page("/war/2022-01/").says("Topic war, Jan 2022").says("January 2022").says("4 articles");
    site.page("/war/2022-02/").says("Topic war, Feb 2022");
    assert!(!site.has("war/2022-03/index.html"));
    assert_eq!(headlines(&site, "/war/2022-02/"), "e");
    site.page("/war/").links_to("Topic war, Jan 2022", "/war/2022-01/");
    site.page("/war/2022-01/").links_to("Newer Topic war, Feb 2022", "/war/2022-02/");

    let site = site.file(
        "content/digests/war/2022-01.md",
        "+++\ntitle = \"The first month\"\ntopic = \"war\"\ntemporal_coverage = \"2022-01\"\n[[items]]\narticle = \"a\"\n+++\nBy hand.\n",
    );
    site.build();
    let page = site.page("/war/2022-01/");
    page.says("The first month").says("By hand.").never_says("Jan 2022");
    assert_eq!(headlines(&site, "/war/2022-01/"), "a");
    site.page("/war/2022-02/").says("Topic war, Feb 2022");
}

#[test]
fn a_topic_makes_weeks_and_respects_min_items() {
    let site = site().topic("war", "period = \"weekly\"\nmin_items = 2");
    site.build();
    let made: Vec<String> =
        site.public_paths().into_iter().filter(|path| path.starts_with("war/") && path.ends_with(".html")).collect();
    // 3 and 5 January 2022 lie in the ISO week 1 with 9 January, its Sunday; 31 January and 1 February in week 5.
    assert_eq!(made, ["war/2022-w01/index.html", "war/2022-w05/index.html", "war/index.html"]);
    site.page("/war/2022-w01/").says("3–9 January 2022").says("Topic war, week 1 of 2022");
}

#[test]
fn every_condition_of_a_query() {
    let query = |conditions: &str| {
        shown(&format!(
            "order = \"date-asc\"\n[[items]]\nurl = \"https://x.example.net/\"\ntitle = \"-\"\nrole = \"lead\"\n[query]\n{conditions}"
        ))
    };
    for (conditions, expected) in [
        ("", "- a b c d e f g"),
        ("topic = \"war\"", "- a b c d e"),
        ("topic = [\"talks\", \"weather\"]", "- b c d f"),
        ("tag = \"Arms\"", "- a e"),
        ("tag = [\"arms\", \"x\"]", "- a e"),
        ("publisher = \"quay\"", "- a b"),
        ("publisher = \"Daily Quay\"", "- a b"),
        ("agency = \"reuters\"", "- b"),
        ("agency = [\"reuters\", \"afp\"]", "- b c"),
        ("person = \"lavrov\"", "- c"),
        ("person = [\"Sergei  lavrov\", \"blinken\"]", "- c f"),
        ("place = \"geneva\"", "- d e"),
        ("organization = \"nato\"", "- e"),
        ("genre = \"opinion\"", "- c"),
        ("genre = [\"opinion\", \"analysis\"]", "- c f"),
        ("lang = \"pt\"", "- d g"),
        ("lang = \"pt-BR\"", "- d"),
        ("lang = [\"en\", \"pt-br\"]", "- a b c d e f"),
        ("urgency = 2", "- b f"),
        ("urgency = 5", "- a b f"),
        ("temporal_coverage = \"2022-01-31/2022-02-01\"", "- d e"),
        ("temporal_coverage = 2022-02-01", "- e"),
        ("exclude = [\"a\", \"2022-01-05-b\", \"articles/2022/01/c.md\"]", "- d e f g"),
        ("topic = \"war\"\ntag = \"arms\"\nplace = \"geneva\"", "- e"),
    ] {
        assert_eq!(query(conditions), expected, "{conditions}");
    }
}

#[test]
fn orders() {
    let order = |order: &str| {
        shown(&format!(
            "order = \"{order}\"\n[query]\n[[items]]\nurl = \"https://x.example.net/\"\ntitle = \"-\"\nrole = \"lead\""
        ))
    };
    assert_eq!(order("date-asc"), "- a b c d e f g");
    assert_eq!(order("date-desc"), "- g f e d c b a");
    assert_eq!(order("urgency"), "- f b a g e d c");
    assert_eq!(
        shown("order = \"manual\"\n[[items]]\narticle = \"c\"\n[[items]]\narticle = \"a\"\n[[items]]\narticle = \"f\""),
        "c a f"
    );
}

#[test]
fn the_coverage_has_both_ends_in_it_and_lies_in_the_sites_zone() {
    let site = Site::new()
        .file("site.toml", format!("timezone = \"Europe/Kyiv\"\n{SETTINGS}"))
        .article("2022-01-31T23:30:00+02:00", "in", "")
        .article("2022-01-31T22:30:00Z", "out", "")
        .digest("d", "temporal_coverage = \"2022-01-01/2022-01-31\"\n[query]");
    site.build();
    assert_eq!(headlines(&site, "/d/"), "in");
}

#[test]
fn roles_of_items() {
    let keys = "order = \"date-asc\"\n[query]\ntopic = \"war\"\n\
        [[items]]\narticle = \"g\"\nrole = \"see-also\"\n\
        [[items]]\narticle = \"d\"\nrole = \"lead\"\n\
        [[items]]\narticle = \"f\"\n\
        [[items]]\narticle = \"e\"\nrole = \"pinned\"";
    assert_eq!(shown(keys), "d e f a b c g");
}

#[test]
fn an_article_is_named_by_id_slug_or_path() {
    for name in ["2022-01-03-a", "a", "articles/2022/01/a.md", "content/articles/2022/01/a.md"] {
        assert_eq!(shown(&format!("[[items]]\narticle = \"{name}\"")), "a", "{name}");
    }
    let site = Site::new().article("2022-01-03", "a", "id = \"first\"").digest("d", "[[items]]\narticle = \"first\"");
    site.build();
    assert_eq!(headlines(&site, "/d/"), "a");
}

#[test]
fn a_slug_of_two_articles_is_no_name() {
    let site = Site::new()
        .article("2022-01-03", "brief", "")
        .article("2022-02-04", "brief", "")
        .digest("d", "[[items]]\narticle = \"brief\"");
    site.run("build").has_errors().stderr_is(snapbox::str![[r#"
error: `brief` in `article` is the name of more than one article
 --> content/digests/d.md:4:11
  |
4 | article = "brief"
  |           ^^^^^^^
  |
  = hint: write its `id` instead, or its path: `articles/2022/01/talks.md`

1 error
nothing was written

"#]]);
}

#[test]
fn a_link_stands_beside_articles() {
    let site = site().digest(
        "d",
        "[[items]]\narticle = \"a\"\n\
         [[items]]\nurl = \"https://other.example.net/x?a=1&b=2\"\ntitle = \"Elsewhere & more\"\nsource = \"Reuters\"\ncommentary = \"*Read* it.\"",
    );
    site.build();
    let page = site.page("/d/");
    page.links_to("Elsewhere & more", "https://other.example.net/x?a=1&b=2")
        .links_to("Reuters", "/publishers/reuters/")
        .says("Read it.");
}

#[test]
fn commentary_of_the_digest_wins_over_the_articles() {
    let site = Site::new()
        .article("2022-01-03", "a", "commentary = \"The article's line.\"")
        .article("2022-01-04", "b", "commentary = \"The other line.\"")
        .digest("d", "[[items]]\narticle = \"a\"\ncommentary = \"The digest's line.\"\n[[items]]\narticle = \"b\"");
    site.build();
    site.page("/d/").says("The digest's line.").says("The other line.").never_says("The article's line.");
}

#[test]
fn the_home_page_leads_with_the_latest_digest() {
    let site = site()
        .digest("old", "topic = \"war\"\ntemporal_coverage = \"2022-01\"")
        .digest("new", "topic = \"war\"\ntemporal_coverage = \"2022-02\"");
    site.build();
    let home = site.page("/");
    let first = home.main().elements("h2").next().unwrap().text.clone();
    assert_eq!(first, "Digest new");
    home.links_to("Digest old", "/old/");
    assert_eq!(site.page("/digests/").headlines(), ["Digest new", "Digest old"]);
}
