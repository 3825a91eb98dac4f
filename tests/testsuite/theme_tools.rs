//! `dateline theme new` and `theme check`.

use std::fs;

use crate::site_test::Site;

#[test]
fn a_new_theme_is_whole_and_can_be_used_at_once() {
    let site = Site::fixture("rich");
    site.run("theme new gazette").succeeds().stdout_has("gazette");
    let outcome = site.run("theme check gazette").succeeds();
    outcome.stdout_has("all well: the theme gazette");
    // One template, one style sheet, and which Dateline it needs.
    let files: Vec<String> = site.files("themes/gazette").into_keys().collect();
    assert_eq!(files, ["static/gazette.css", "templates/base.html", "theme.toml"]);
    assert!(site.read("themes/gazette/theme.toml").contains("dateline = \">=0.1.0, <0.2.0\""));
    let site = site.settings("theme = \"gazette\"");
    site.build();
    site.page("/").has("gazette.css").has("broadsheet.css").says("Harbour strike");
    assert!(site.has("gazette.css"));
    // Nothing is written over.
    site.run("theme new gazette").status(2).stderr_has("is there already");
    for name in ["broadsheet", "bulletin", "../x", "Big Name"] {
        site.run(&format!("theme new '{name}'")).status(2);
    }
}

#[test]
fn the_built_in_themes_are_well() {
    let site = Site::new();
    site.run("theme check").succeeds().stdout_has("all well: the theme broadsheet");
    // The trial leaves nothing behind, and builds nothing.
    assert!(!site.has("index.html") && !site.path("public").exists());
    assert!(fs::read_dir(site.path(".dateline")).map_or(0, Iterator::count) == 0);
    // Both as they are in the binary, and as files of a site.
    for theme in dateline::render::built_in_themes() {
        site.run(&format!("theme check {theme}")).succeeds().stdout_has(&format!("all well: the theme {theme}"));
        let own = Site::own();
        own.run(&format!("theme check {theme}"))
            .succeeds()
            .stdout_has(&format!("all well: the theme {theme}"))
            .stderr_is("");
    }
    site.run("theme check nowhere").status(2).stderr_has("there is no theme `nowhere`");
}

#[test]
fn a_theme_is_tried_on_every_kind_of_page() {
    let site = Site::new();
    site.run("theme new mine").succeeds();
    // No site of ours has a place; the trial has.
    site.write("themes/mine/templates/place.html", "{{ entity.nme }}\n");
    let outcome = site.run("theme check mine").has_errors();
    outcome.stderr_has("field `nme` is not defined").stderr_has("themes/mine/templates/place.html:1:11");
    site.write("themes/mine/templates/place.html", "{{ words(key=\"fresh\") }} {{ entity.name }}\n");
    site.run("theme check mine").has_errors().stderr_has("the theme has no word `fresh`");
    site.write("themes/mine/words/en.toml", "fresh = \"Fresh\"\n");
    site.run("theme check mine").succeeds().stdout_has("all well");
}

#[test]
fn what_nobody_asks_for_is_told() {
    let site = Site::new();
    site.run("theme new mine").succeeds();
    site.write("themes/mine/templates/persn.html", "{{ words(key=\"fresh\") }}\n");
    site.write("themes/mine/templates/part.html", "Part\n");
    site.write("themes/mine/templates/tag.html", "{% include \"part.html\" %}\n");
    site.write("themes/mine/words/en.toml", "fresh = \"Fresh\"\ntimelin = \"Line\"\n[list]\ntags = \"Words\"\n");
    site.write("themes/mine/words/pl.toml", "timeline = \"Kalendarium\"\n");
    let outcome = site.run("theme check mine").succeeds();
    outcome
        .stderr_has("the template `persn.html` is not used")
        .stderr_has("did you mean `person.html`?")
        .stderr_has("the word `timelin` is not used")
        .stderr_has("did you mean `timeline`?")
        .stderr_has("words of the theme are missing in `pl`: fresh, timelin")
        .stderr_has("3 warnings");
}

#[test]
fn a_theme_says_which_dateline_it_needs() {
    let site = Site::new();
    site.run("theme new mine").succeeds();
    let range = "dateline = \">=0.1.0, <0.2.0\"";
    site.edit("themes/mine/theme.toml", range, "dateline = \">=0.0.1, <0.1.0\"");
    let outcome = site.run("theme check mine").has_errors();
    outcome.stderr_has("the theme needs Dateline >=0.0.1, <0.1.0, and this is 0.1.0");
    site.edit("themes/mine/theme.toml", "dateline = \">=0.0.1, <0.1.0\"", "dateline = \"new\"");
    site.run("theme check mine").has_errors().stderr_has("`dateline` is no range of versions");
    site.edit("themes/mine/theme.toml", "dateline = \"new\"\n", "");
    site.run("theme check mine").succeeds().stderr_has("does not say which Dateline it needs");
}
