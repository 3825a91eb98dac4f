//! Which pages there are, where they lie, and what surrounds them.

use std::collections::BTreeSet;

use crate::site_test::{SETTINGS, Site};

fn two_articles() -> Site {
    Site::new()
        .topic("talks", "")
        .article("2022-01-21", "geneva", "topics = [\"talks\"]\ntags = [\"Arms control\"]")
        .article("2022-02-03", "vienna", "topics = [\"talks\"]")
}

#[test]
fn a_small_site_has_these_files_and_no_others() {
    let site = two_articles();
    site.build().stdout_has("2 articles").stdout_has("0 digests");
    let expected: BTreeSet<String> = "
        .nojekyll
        2022/01/21/geneva/index.html
        2022/01/21/index.html
        2022/01/index.html
        2022/02/03/index.html
        2022/02/03/vienna/index.html
        2022/02/index.html
        2022/index.html
        404.html
        a-z/index.html
        archive/index.html
        broadsheet.css
        favicon.svg
        feed.atom
        feed.json
        feed.rss
        index.html
        robots.txt
        search/index.html
        sitemap-news.xml
        sitemap.xml
        tags/arms-control/index.html
        tags/index.html
        talks/feed.atom
        talks/feed.json
        talks/feed.rss
        talks/index.html
        topics/index.html"
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    // What a search loads has tests of its own.
    let is_of_index = |path: &String| path.starts_with("search/") && !path.ends_with(".html");
    let found: BTreeSet<String> = site.public_paths().into_iter().filter(|path| !is_of_index(path)).collect();
    assert_eq!(found, expected);
}

#[test]
fn addresses_are_short_and_made_from_kind_and_name() {
    let site = two_articles()
        .named("publishers", "reuters", "")
        .named("people", "sergei-lavrov", "")
        .named("places", "geneva", "")
        .named("organizations", "nato", "")
        .digest("talks/2022-01", "topic = \"talks\"\ntemporal_coverage = \"2022-01\"")
        .digest("the-best", "[[items]]\narticle = \"geneva\"")
        .file("content/pages/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n")
        .file("content/pages/team/editors.md", "+++\ntitle = \"Editors\"\n+++\nThem.\n");
    site.build();
    for address in [
        "/",
        "/talks/",
        "/talks/2022-01/",
        "/the-best/",
        "/2022/01/21/geneva/",
        "/2022/01/21/",
        "/2022/01/",
        "/2022/",
        "/archive/",
        "/publishers/",
        "/publishers/reuters/",
        "/people/",
        "/people/sergei-lavrov/",
        "/places/",
        "/places/geneva/",
        "/organizations/",
        "/organizations/nato/",
        "/tags/",
        "/tags/arms-control/",
        "/topics/",
        "/digests/",
        "/about/",
        "/team/editors/",
        "/404.html",
    ] {
        let page = site.page(address);
        assert_eq!(page.elements("h1").count(), 1, "{address} has one first heading");
        assert_eq!(page.elements("html").next().unwrap().attributes["lang"], "en", "{address}");
        assert!(!page.elements("title").next().unwrap().text.is_empty(), "{address} has a title");
    }
}

#[test]
fn every_page_but_the_404_names_its_canonical_address() {
    let site = Site::fixture("rich");
    site.build();
    for (path, _) in site.public() {
        let Some(folder) = path.strip_suffix("index.html") else { continue };
        let page = site.page(&format!("/{folder}"));
        let canonical = page.link("canonical").unwrap_or_else(|| panic!("{path} has no canonical link"));
        let is_redirect = page.html.contains("http-equiv=\"refresh\"");
        if !is_redirect {
            assert_eq!(canonical, format!("https://example.org/papers/{folder}"));
        }
    }
    assert_eq!(site.page("/404.html").link("canonical"), None);
    assert_eq!(site.page("/404.html").meta("robots"), Some("noindex"));
}

#[test]
fn everything_lies_below_the_base_path() {
    let site = Site::fixture("rich");
    site.build();
    let mut seen = 0;
    for (path, _) in site.public().iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = site.page(&format!("/{path}"));
        for element in page.all() {
            for attribute in ["href", "src"] {
                let Some(address) = element.attributes.get(attribute) else { continue };
                if address.starts_with('/') {
                    assert!(address.starts_with("/papers/"), "{path}: {address}");
                    let below = &address["/papers/".len()..];
                    let below = below.split('#').next().unwrap_or_default();
                    let file = if below.is_empty() || below.ends_with('/') {
                        format!("{below}index.html")
                    } else {
                        below.to_owned()
                    };
                    assert!(site.has(&file), "{path} links to {address}, which is not there");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 500, "only {seen} links");
}

#[test]
fn the_address_on_the_command_line_wins() {
    let site = two_articles();
    site.run("build --base-url https://user.github.io/repo").succeeds();
    let page = site.page("/2022/01/21/geneva/");
    assert_eq!(page.link("canonical"), Some("https://user.github.io/repo/2022/01/21/geneva/"));
    page.links_to("Topic talks", "/repo/talks/");
    site.run("build --base-url user.github.io/repo").status(2).stderr_has("https://user.github.io/repo/");
    site.run("build --base-url ftp://x.test/").status(2);
}

#[test]
fn aliases_lead_to_the_page() {
    let site = two_articles().article("2022-03-01", "moved", "aliases = [\"/old/story/\", \"/old.html\", \"/plain\"]");
    site.build();
    for old in ["/old/story/", "/old.html", "/plain/"] {
        let page = site.page(old);
        page.has("<meta http-equiv=\"refresh\" content=\"0; url=https://example.org/2022/03/01/moved/\">");
        assert_eq!(page.link("canonical"), Some("https://example.org/2022/03/01/moved/"), "{old}");
    }
    let sitemap = site.read("public/sitemap.xml");
    assert!(!sitemap.contains("/old"), "{sitemap}");
}

#[test]
fn a_slug_takes_the_place_of_the_files_name() {
    let site = Site::new().article("2022-01-21", "geneva", "slug = \"talks-end\"");
    site.build();
    site.page("/2022/01/21/talks-end/").says("About geneva");
    assert!(!site.has("2022/01/21/geneva/index.html"));
}

#[test]
fn names_in_any_script_become_addresses_that_browsers_can_follow() {
    let site = Site::new().topic("переговори", "").article(
        "2022-01-21",
        "женева",
        "topics = [\"переговори\"]\ntags = [\"Зброя\"]",
    );
    site.build();
    site.page("/2022/01/21/женева/")
        .links_to("Topic переговори", "/%D0%BF%D0%B5%D1%80%D0%B5%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%D0%B8/");
    site.page("/tags/zbroia/").says("Зброя");
    site.run("check").succeeds();
}

#[test]
fn a_list_goes_over_several_pages_and_holds_each_article_once() {
    let mut site = Site::new().settings("page_size = 3").topic("talks", "");
    for day in 1..=8 {
        site =
            site.article(&format!("2022-01-{day:02}"), &format!("day-{day}"), "topics = [\"talks\"]\ntags = [\"x\"]");
    }
    site.build();
    for list in ["/talks/", "/tags/x/", "/2022/01/"] {
        let mut headlines = Vec::new();
        for (number, address) in
            [list.to_owned(), format!("{list}page/2/"), format!("{list}page/3/")].iter().enumerate()
        {
            let page = site.page(address);
            page.says(&format!("Page {} of 3", number + 1));
            headlines.extend(page.headlines().into_iter().filter(|line| line.starts_with("About day")));
        }
        let expected: Vec<String> = (1..=8).rev().map(|day| format!("About day-{day}")).collect();
        assert_eq!(headlines, expected, "{list}");
        let first = site.page(list);
        first.links_to("Next page", &format!("{list}page/2/"));
        assert_eq!(first.link("next"), Some(format!("{list}page/2/").as_str()));
        let second = site.page(&format!("{list}page/2/"));
        second.links_to("Previous page", list);
        assert_eq!(second.link("canonical"), Some(format!("https://example.org{list}page/2/").as_str()));
        assert!(second.elements("title").next().unwrap().text.contains('2'), "the title says which page it is");
        assert!(!site.has(&format!("{}page/4/index.html", &list[1..])));
    }
}

#[test]
fn titles_do_not_repeat_the_page_number() {
    let mut site = Site::new().settings("page_size = 2");
    for day in 1..=3 {
        site = site.article(&format!("2022-01-{day:02}"), &format!("day-{day}"), "tags = [\"x\"]");
    }
    site.build();
    let title = site.page("/tags/x/page/2/").elements("title").next().unwrap().text.clone();
    assert_eq!(title.matches("page 2").count(), 1, "{title}");
}

#[test]
fn the_archive_counts_and_steps_from_period_to_period() {
    let site = Site::new()
        .article("2021-12-31", "last", "")
        .article("2022-01-01", "first", "")
        .article("2022-01-20", "second", "")
        .article("2022-03-05", "third", "");
    site.build();
    let archive = site.page("/archive/");
    archive.says("4 articles").says("2022 3").says("2021 1").says("January 2022 2").says("March 2022 1");
    let january = site.page("/2022/01/");
    assert_eq!(january.headlines(), ["About second", "About first"]);
    january.links_to("Older December 2021", "/2021/12/").links_to("Newer March 2022", "/2022/03/");
    site.page("/2022/").links_to("Older 2021", "/2021/");
    let day = site.page("/2022/01/20/");
    assert_eq!(day.headlines(), ["About second"]);
    day.links_to("Older 1 January 2022", "/2022/01/01/").links_to("Newer 5 March 2022", "/2022/03/05/");
}

#[test]
fn outputs_can_be_switched_off() {
    let site = two_articles().file(
        "site.toml",
        format!("{SETTINGS}\n[outputs]\natom = false\nrss = false\njson_feed = false\nsitemap = false\nrobots = false\narchive = false\n"),
    );
    site.build();
    let paths = site.public_paths();
    for gone in
        ["feed.atom", "feed.rss", "feed.json", "talks/feed.atom", "sitemap.xml", "robots.txt", "archive/index.html"]
    {
        assert!(!paths.contains(gone), "{gone}");
    }
    assert!(!site.page("/").html.contains("feed."), "no link to a feed");
    site.run("check").succeeds();
}

#[test]
fn static_files_are_copied_byte_for_byte_and_win_over_what_dateline_makes() {
    let bytes: Vec<u8> = (0..=255).collect();
    let site = Site::new()
        .file("static/data.bin", &bytes)
        .file("static/robots.txt", "User-agent: *\nDisallow: /\n")
        .file("static/favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("static/.well-known/security.txt", "Contact: mailto:a@example.org\n")
        .file("static/.DS_Store", "x");
    site.build();
    let public = site.public();
    assert_eq!(public["data.bin"], bytes);
    assert_eq!(public["robots.txt"], b"User-agent: *\nDisallow: /\n");
    assert_eq!(public["favicon.svg"], b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    assert!(public.contains_key(".well-known/security.txt"));
    assert!(!public.contains_key(".DS_Store"));
}

#[test]
fn robots_and_sitemap_name_the_site() {
    let site = Site::fixture("rich");
    site.build();
    assert_eq!(
        site.read("public/robots.txt"),
        "User-agent: *\nAllow: /\n\nSitemap: https://example.org/papers/sitemap.xml\n\
         Sitemap: https://example.org/papers/sitemap-news.xml\n"
    );
    assert_eq!(site.public()[".nojekyll"], b"");
    let sitemap = site.read("public/sitemap.xml");
    let mut listed: Vec<&str> = Vec::new();
    for part in sitemap.split("<loc>").skip(1) {
        listed.push(part.split("</loc>").next().unwrap());
    }
    let pages: BTreeSet<String> = site
        .public_paths()
        .iter()
        .filter_map(|path| path.strip_suffix("index.html"))
        .filter(|folder| !site.page(&format!("/{folder}")).html.contains("http-equiv=\"refresh\""))
        .filter(|folder| !site.page(&format!("/{folder}")).html.contains("content=\"noindex\""))
        .map(|folder| format!("https://example.org/papers/{folder}"))
        .collect();
    assert_eq!(listed.iter().map(|url| (*url).to_owned()).collect::<BTreeSet<_>>(), pages);
    assert!(sitemap.contains("<lastmod>2022-01-22</lastmod>"), "a correction changes an article's page");
}

#[test]
fn braces_in_content_are_braces() {
    let text = "Use {{ page.title }} and {% for x in y %} and {# no comment #}, ${x} and &amp;.\n";
    let site = Site::new()
        .topic("talks", "summary = \"{{ s }}\"")
        .article_with(
            "2022-01-21",
            "braces",
            "title = \"{{ title }} {% raw %}\"\ncommentary = \"{{ c }}\"\ntags = [\"{{ t }}\"]",
            text,
        )
        .file("content/pages/about.md", format!("+++\ntitle = \"{{% p %}}\"\n+++\n{text}"));
    site.build();
    let page = site.page("/2022/01/21/braces/");
    page.says("{{ title }} {% raw %}").says("{{ c }}").says("{{ t }}");
    for address in ["/2022/01/21/braces/", "/about/"] {
        site.page(address).says("Use {{ page.title }} and {% for x in y %} and {# no comment #}, ${x} and &");
    }
    site.page("/about/").says("{% p %}");
    site.page("/talks/").says("{{ s }}");
}

#[test]
fn markup_in_text_fields_is_shown_and_never_run() {
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    let keys = format!(
        "title = '{evil}'\nsummary = '{evil}'\ndateline = '{evil}'\ned_note = '{evil}'\ntags = ['{evil}x']\n\
         commentary = '''{evil}'''\nwhy_it_matters = '''{evil}'''\nid = '{evil}'\n\
         [rights]\nholder = '{evil}'\nlicense = '{evil}'\nusage = '{evil}'\n\
         [[credits]]\nname = '{evil}'\nrole = 'author'\nplace = '{evil}'\n\
         [[images]]\ncaption = '{evil}'\ncredit = '{evil}'\nalt = '{evil}'\n\
         [[corrections]]\ndate = 2022-01-22\ntext = '{evil}'\n\
         [[events]]\ndate = '2022-01-21'\nheadline = '{evil}'\n\
         [[quotes]]\ntext = '{evil}'\nspeaker = '{evil}'"
    );
    let site = Site::new()
        .file("site.toml", format!("title = '{evil}'\ndescription = '{evil}'\nauthor = '{evil}'\nbase_url = \"https://example.org/\"\n"))
        .topic("talks", &format!("summary = '{evil}'"))
        .article_with("2022-01-21", "evil", &keys, &format!("Before {evil} after.\n\n{evil}\n\n[x](javascript:alert(3)) <a href=\"javascript:alert(4)\" onclick=\"x()\">y</a>\n"));
    site.run("build")
        .succeeds()
        .stderr_has("`<script>` is not let through")
        .stderr_has("`javascript:` addresses are not let through");
    for (path, bytes) in site.public() {
        if !path.ends_with(".html") {
            continue;
        }
        let page = crate::site_test::Page::parse(&path, String::from_utf8(bytes).unwrap());
        let is_own =
            |src: Option<&String>| src.is_some_and(|src| path == "search/index.html" && src == "/search/search.js");
        for script in page.elements("script") {
            let is_data = script.attributes.get("type").is_some_and(|kind| kind == "application/ld+json");
            assert!(is_data || is_own(script.attributes.get("src")), "{path}");
        }
        for element in page.all() {
            for (name, value) in &element.attributes {
                assert!(!name.starts_with("on"), "{path}: {name}");
                assert!(!value.trim().to_lowercase().starts_with("javascript:"), "{path}: {value}");
            }
        }
    }
}

#[test]
fn smart_quotes_are_a_setting() {
    let site = Site::new().article_with("2022-01-21", "quotes", "", "\"No,\" he said -- twice...\n");
    site.build();
    site.page("/2022/01/21/quotes/").says("\"No,\" he said -- twice...");
    let site = site.settings("smart_punctuation = true");
    site.build();
    site.page("/2022/01/21/quotes/").says("“No,” he said – twice…");
}

#[test]
fn markdown_links_may_name_files_or_addresses() {
    let body = "[a](geneva.md) [b](../../../topics/talks.md#part) [c](/talks/) [d](content/topics/talks.md) [e](#top) ![p](/p.svg \"t\")\n";
    let site = two_articles()
        .settings("")
        .file("site.toml", SETTINGS.replace("https://example.org/", "https://example.org/sub/"))
        .file("static/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .article_with("2022-01-22", "links", "", body);
    site.build();
    let page = site.page("/2022/01/22/links/");
    page.links_to("a", "/sub/2022/01/21/geneva/")
        .links_to("b", "/sub/talks/#part")
        .links_to("c", "/sub/talks/")
        .links_to("d", "/sub/talks/")
        .links_to("e", "#top")
        .has("src=\"/sub/p.svg\"");
}

#[test]
fn pictures_from_elsewhere_become_links() {
    let site = Site::new().article_with(
        "2022-01-21",
        "remote",
        "[[images]]\nsrc = \"https://x.example.net/a.jpg\"\ncaption = \"A caption\"",
        "![The map](https://x.example.net/map.png)\n\n<img src=\"https://x.example.net/pixel.gif\" alt=\"p\">\n",
    );
    site.run("build").succeeds().stderr_has("the picture `https://x.example.net/map.png` lies elsewhere");
    let page = site.page("/2022/01/21/remote/");
    page.links_to("The map", "https://x.example.net/map.png").says("A caption");
    for img in page.elements("img") {
        assert!(!img.attributes.get("src").is_some_and(|src| src.contains("example.net")));
    }
}

#[test]
fn the_sites_zone_decides_the_day() {
    let site = Site::new()
        .settings("timezone = \"Europe/Kyiv\"")
        .file("content/articles/late.md", "+++\ntitle = \"Late\"\ndate = 2022-01-31T22:30:00Z\n+++\nText.\n")
        .file("content/articles/bare.md", "+++\ntitle = \"Bare\"\ndate = 2022-01-31\n+++\nText.\n");
    site.build();
    let late = site.page("/2022/02/01/late/");
    late.says("1 February 2022, 00:30").has("datetime=\"2022-02-01T00:30:00+02:00\"");
    let bare = site.page("/2022/01/31/bare/");
    bare.says("31 January 2022").has("datetime=\"2022-01-31\"");
    assert!(!bare.text.contains("00:00"), "a bare date stays a date");
}

#[test]
fn an_article_in_another_language_says_so() {
    let site = Site::new().topic("talks", "").article_with(
        "2022-01-21",
        "arabic",
        "title = \"محادثات\"\nlang = \"ar\"\ntopics = [\"talks\"]",
        "نص.\n",
    );
    site.build();
    let page = site.page("/2022/01/21/arabic/");
    let html = page.elements("html").next().unwrap();
    assert_eq!((html.attributes["lang"].as_str(), html.attributes["dir"].as_str()), ("ar", "rtl"));
    site.page("/talks/").has("lang=\"ar\"").has("dir=\"rtl\"");
}

#[test]
fn a_site_in_another_language_has_its_direction_and_dates() {
    let site = Site::new().settings("language = \"he\"").article("2022-01-21", "a", "");
    // The theme has no Hebrew, and says so.
    site.run("build").succeeds().stderr_has("words in `he`");
    let page = site.page("/2022/01/21/a/");
    let html = page.elements("html").next().unwrap();
    assert_eq!((html.attributes["lang"].as_str(), html.attributes["dir"].as_str()), ("he", "rtl"));
    page.says("21 בינואר 2022");
}

#[test]
fn an_empty_site_is_a_site() {
    let site = Site::new();
    site.build().stdout_has("0 articles");
    site.page("/").says("The Test");
    site.run("check").succeeds();
}

#[test]
fn anchors_of_headings_are_unique_on_the_page() {
    let body = "## Main\n\na\n\n## Corrections\n\nb\n\n## Sections\n\nc\n\n## Main\n\nd[^1]\n\n## Two *words* `here`\n\n[^1]: e\n";
    let site = Site::new().article_with(
        "2022-01-21",
        "anchors",
        "[[corrections]]\ndate = 2022-01-22\ntext = \"Wrong.\"",
        body,
    );
    site.build();
    let page = site.page("/2022/01/21/anchors/");
    let mut ids: Vec<&str> = page.all().iter().filter_map(|e| e.attributes.get("id")).map(String::as_str).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice: {ids:?}");
    assert!(ids.contains(&"two-words-here"), "{ids:?}");
}

#[test]
fn a_digests_anchors_do_not_meet_those_of_its_text() {
    let site = two_articles().digest(
        "d",
        "[query]\n[[sections]]\nid = \"main\"\ntitle = \"Main\"\n[[sections]]\nid = \"intro\"\ntitle = \"Intro\"\n\
         [[items]]\narticle = \"vienna\"\nrole = \"lead\"\n[[items]]\narticle = \"geneva\"\nsection = \"main\"\n\
         [[items]]\nurl = \"https://x.example.net/\"\ntitle = \"X\"\nsection = \"intro\"",
    );
    site.edit("content/digests/d.md", "+++\n", "+++\n");
    let text = format!("{}\n## Intro\n\nText.\n", site.read("content/digests/d.md"));
    site.write("content/digests/d.md", text);
    site.run("build").succeeds();
    let page = site.page("/d/");
    let mut ids: Vec<&str> = page.all().iter().filter_map(|e| e.attributes.get("id")).map(String::as_str).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice: {ids:?}");
}
