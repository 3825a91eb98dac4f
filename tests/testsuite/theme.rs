//! The theme: its contract is written down, one file of it can be replaced, and it asks nothing of a reader.

use std::{collections::BTreeSet, fs, path::Path};

use crate::site_test::{Page, Site};

fn repository(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The public fields of the views, as `Type.field`.
fn fields() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut name = String::new();
    for line in repository("src/render/view.rs").lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("pub struct ") {
            name = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        } else if let Some(rest) = line.strip_prefix("pub ")
            && let Some((field, _)) = rest.split_once(": ")
        {
            found.insert((name.clone(), field.to_owned()));
        }
    }
    assert!(found.len() > 100, "the views have fields");
    found
}

#[test]
fn every_field_that_a_template_gets_is_in_the_themes_readme() {
    let readme = repository("themes/README.md");
    let mut missing = Vec::new();
    for (name, field) in fields() {
        // Flattened into the views that hold them.
        let is_flattened = ["card", "summary_of_articles"].contains(&field.as_str());
        let is_there = readme.match_indices(&field).any(|(at, _)| {
            let around = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            around(readme[..at].chars().next_back()) && around(readme[at + field.len()..].chars().next())
        });
        if !is_there && !is_flattened {
            missing.push(format!("{name}.{field}"));
        }
    }
    assert!(missing.is_empty(), "themes/README.md says nothing of {}", missing.join(", "));
}

#[test]
fn every_template_is_in_the_themes_readme() {
    let readme = repository("themes/README.md");
    for name in dateline::render::page_templates() {
        assert!(readme.contains(name), "themes/README.md says nothing of {name}");
    }
}

#[test]
fn one_file_can_be_replaced() {
    let site = Site::fixture("rich")
        .file(
            "themes/broadsheet/templates/tag.html",
            "{% extends \"base.html\" %}\n{% block main %}<h1>My {{ tag.name }}</h1>{% endblock main %}\n",
        )
        .file("themes/broadsheet/static/broadsheet.css", "body { color: black }\n")
        .file("themes/broadsheet/static/more.css", "p {}\n");
    site.build();
    site.page("/tags/labour/").says("My labour").says("Harbour Papers");
    site.page("/harbour-strike/").says("Timeline");
    assert_eq!(site.read("public/broadsheet.css"), "body { color: black }\n");
    assert_eq!(site.read("public/more.css"), "p {}\n");
}

#[test]
fn a_theme_of_another_name_takes_the_rest_from_the_built_in_one() {
    let site = Site::fixture("rich").settings("theme = \"mine\"").file(
        "themes/mine/templates/page.html",
        "<!doctype html><title>{{ page.title }}</title>{{ content | safe }}\n",
    );
    site.build();
    site.page("/about/").says("Made by the desk").never_says("Harbour Papers");
    site.page("/harbour-strike/").says("Timeline");
}

#[test]
fn a_built_in_theme_stands_on_the_other_and_under_the_sites_own_files() {
    let site = Site::fixture("rich").in_theme("bulletin");
    site.build();
    // Its own, and from under it: a style sheet of each, and the words.
    site.page("/").has("bulletin.css").has("broadsheet.css").has("class=\"rail\"");
    site.page("/harbour-strike/").has("class=\"rail\"").says("Timeline");
    assert!(site.has("bulletin.css") && site.has("broadsheet.css"));
    assert_ne!(site.read("public/favicon.svg"), repository("themes/broadsheet/static/favicon.svg"));
    site.write(
        "themes/bulletin/templates/home.html",
        "{% extends \"base.html\" %}{% block main %}Own{% endblock main %}",
    );
    site.write("themes/bulletin/words/en.toml", "home = \"Start\"\n");
    site.build();
    site.page("/").has("class=\"rail\"").says("Own").says("Start");
    // What is in a built-in file is shown from it.
    site.write("themes/bulletin/templates/components.html", "");
    site.run("build").has_errors().stderr_has("themes/broadsheet/templates/topic.html:").stderr_has("{{ <pager");
}

#[test]
fn a_change_of_the_theme_reaches_every_file() {
    let site = Site::fixture("rich");
    site.build();
    for theme in dateline::render::built_in_themes().chain(["bulletin", "broadsheet"]) {
        let changed = Site::fixture("rich").in_theme(theme);
        site.write("site.toml", changed.read("site.toml"));
        site.build();
        changed.build();
        assert_eq!(site.public(), changed.public(), "{theme}");
    }
}

#[test]
fn a_component_of_the_theme_can_be_replaced_too() {
    let site = Site::fixture("rich");
    let components = repository("themes/broadsheet/templates/components.html");
    site.write(
        "themes/broadsheet/templates/components.html",
        components.replace("words(key=\"key_events\")", "\"What happened here\""),
    );
    site.build();
    site.page("/").says("What happened here");
}

#[test]
fn extra_keys_reach_the_templates() {
    let site = Site::fixture("rich")
        .file(
            "themes/broadsheet/templates/article.html",
            "{% if article.extra %}{{ article.extra.desk }}{% endif %} {{ site.extra.motto }}\n",
        )
        .file(
            "themes/broadsheet/templates/home.html",
            "{% for article in home.latest %}{% if article.extra %}{{ article.title }}: {{ article.extra.desk }}{% endif %}{% endfor %}\n",
        )
        .file("site.toml", "title = \"T\"\nbase_url = \"https://example.org/\"\n[extra]\nmotto = \"Slow news\"\n");
    site.build();
    assert_eq!(site.read("public/2022/01/21/cranes-stand-still/index.html").trim(), "own key Slow news");
    assert!(site.read("public/index.html").contains(": own key"), "{}", site.read("public/index.html"));
}

#[test]
fn the_style_sheet_is_small_and_loads_nothing() {
    for (theme, most) in [("broadsheet", 20_000), ("bulletin", 34_000)] {
        style_sheets(theme, most);
    }
}

fn style_sheets(theme: &str, most: usize) {
    let site = Site::own().in_theme(theme);
    site.build();
    let mut total = 0;
    for (path, bytes) in site.public().into_iter().filter(|(path, _)| path.ends_with(".css")) {
        total += bytes.len();
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(!text.contains("@import") && !text.contains("http:") && !text.contains("https:"), "{path}");
    }
    assert!(total > 1000 && total <= most, "{theme}: {total} bytes of CSS");
}

#[test]
fn no_script_and_no_request_to_anyone_else() {
    for site in [Site::own(), Site::fixture("rich"), Site::own().in_theme("bulletin")] {
        site.run("build").succeeds();
        for (path, bytes) in site.public().into_iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = Page::parse(&path, String::from_utf8(bytes).expect("UTF-8"));
            // Whoever searches needs a script, and it is the site's own.
            let is_search = path == "search/index.html";
            // What a page says to machines is data, which nothing runs.
            let scripts = page.html.replace("<script type=\"application/ld+json\">", "");
            assert!(is_search || !scripts.contains("<script"), "{path} has a script");
            for element in page.all() {
                let loads: &[&str] = match element.name.as_str() {
                    "a" | "form" => &[],
                    "link" => {
                        let rel = element.attributes.get("rel").map_or("", String::as_str);
                        let is_loaded =
                            ["stylesheet", "icon", "preload", "manifest"].iter().any(|one| rel.contains(one));
                        if is_loaded { &["href"] } else { &[] }
                    }
                    _ => &["src", "srcset", "data", "poster", "background"],
                };
                for attribute in loads {
                    let value = element.attributes.get(*attribute).map_or("", String::as_str);
                    assert!(!value.contains("//"), "{path}: <{}> loads {value}", element.name);
                }
                let style = element.attributes.get("style").map_or("", String::as_str);
                assert!(!style.contains("url("), "{path}: {style}");
            }
        }
    }
}
