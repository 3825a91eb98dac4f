//! `check --rights`: no twelve words of a text beyond what may be shown, in any file of the site.

use crate::site_test::Site;

/// A text whose first five words may be shown.
const TEXT: &str = "The harbour master spoke briefly. Nobody on the *night* shift had seen the grey barge leave its berth, and \
    the café’s [only witness](https://other.example/) had gone home before the tide turned that evening.\n";
/// Twelve words of what may not be.
const RUN: &str = "on the night shift had seen the grey barge leave its berth";

fn site() -> Site {
    Site::new().topic("talks", "").named("people", "ann", "").article_with(
        "2022-01-21",
        "barge",
        "id = \"barge\"\ntopics = [\"talks\"]\n[rights]\ndisplay = \"excerpt\"\nmax_words = 5",
        TEXT,
    )
}

fn page(body: &str) -> String {
    format!("+++\ntitle = \"Notes\"\n+++\n{body}\n")
}

#[test]
fn a_site_that_shows_what_it_may_is_proven() {
    site().run("check --rights").succeeds();
}

#[test]
fn twelve_words_in_a_page_are_found_and_eleven_are_none() {
    let site = site().file("content/pages/notes.md", page(&format!("They said that nobody {RUN} at all.")));
    site.run("check").succeeds();
    site.run("check --rights")
        .has_errors()
        .stderr_has("notes/index.html")
        .stderr_has("words of content/articles/2022/01/barge.md that must not be shown");
    let eleven = RUN.trim_start_matches("on ");
    site.write("content/pages/notes.md", page(&format!("They said: {eleven} at all.")));
    site.run("check --rights").succeeds();
}

#[test]
fn neither_case_nor_markup_nor_typography_hides_a_run() {
    for disguised in [
        "ON THE NIGHT SHIFT HAD SEEN THE GREY BARGE LEAVE ITS BERTH",
        "on the **night** shift <span>had</span> seen the *gr*ey barge — leave its berth",
        "on the night shift\n\nhad seen the grey\n\n- barge leave\n- its berth",
        "on the night shift had seen the gr&shy;ey barge leave its b&#101;rth",
        "its berth, and the cafe\u{301}'s only witness had gone home before the tide",
        "![on the night shift had seen the grey barge leave its berth](/x.png)",
        "[x](https://other.example/?q=on%20the%20night%20shift%20had%20seen%20the%20grey%20barge%20leave%20its%20berth)",
    ] {
        let site = site().file("static/x.png", "").file("content/pages/notes.md", page(disguised));
        site.run("check --rights").has_errors().stderr_has("notes/index.html");
    }
}

#[test]
fn every_kind_of_output_is_searched() {
    let json = RUN.replace("night", "ni\\u0067ht");
    let folded = RUN.replace("grey", "gr\r\n ey");
    for (path, text, seen) in [
        ("static/a.txt", RUN.to_owned(), "a.txt"),
        ("static/a.json", format!("{{\"text\": \"<p>{json}</p>\"}}"), "a.json"),
        ("static/a.xml", format!("<a><![CDATA[<p>{RUN}</p>]]></a>"), "a.xml"),
        ("static/a.svg", format!("<svg><title>{RUN}</title></svg>"), "a.svg"),
        ("static/a.ics", format!("BEGIN:VCALENDAR\r\nSUMMARY:{folded}\r\n"), "a.ics"),
        ("static/a.js", format!("let a = '{RUN}';"), "a.js"),
        ("static/a.css", format!("a::after {{ content: '{RUN}' }}"), "a.css"),
        ("static/a.bin", format!("\0\u{1}{RUN}\0"), "a.bin"),
        ("themes/broadsheet/templates/404.html", format!("<meta name=description content=\"{RUN}\">"), "404.html"),
        (
            "themes/broadsheet/templates/search.html",
            format!("<script>let a = \"{json}\"</script>"),
            "search/index.html",
        ),
        ("themes/broadsheet/templates/home.html", format!("<!-- {RUN} -->"), "index.html"),
    ] {
        let site = site().file(path, text);
        site.run("check --rights").has_errors().stderr_has(seen);
    }
}

#[test]
fn what_is_made_of_front_matter_is_searched() {
    let event = format!("[[events]]\ndate = 2022-01-21\nheadline = \"{RUN}\"");
    let site = site().article("2022-01-22", "quay", &format!("topics = [\"talks\"]\n{event}"));
    site.run("check --rights")
        .has_errors()
        .stderr_has("2022/01/22/quay/index.html, talks/index.html, talks/timeline.ics, talks/timeline.json: words of")
        .stderr_has("--> content/articles/2022/01/quay.md");
}

#[test]
fn what_may_be_shown_anyway_is_no_find() {
    // The article's own summary, and a quote, there or in an article that cites it.
    let quote =
        "[[quotes]]\ntext = \"Nobody on the night shift had seen the grey barge leave its berth\"\nspeaker = \"ann\"";
    let cited = format!("{quote}\ncitation = \"barge\"");
    site().article("2022-01-22", "quay", &cited).run("check --rights").succeeds();
    let own = site();
    own.edit("content/articles/2022/01/barge.md", "topics =", &format!("summary = \"Nobody {RUN}.\"\ntopics ="));
    own.run("check --rights").succeeds();
    // The same words in an article that may be shown in full.
    site()
        .article_with("2022-01-22", "quay", "", &format!("We saw it. Nobody {RUN}.\n"))
        .run("check --rights")
        .succeeds();
    // But not what stands beside them.
    let more = "and the café's only witness had gone home before the tide turned that evening";
    let site = site().article_with("2022-01-22", "quay", "", &format!("Nobody {RUN}.\n"));
    let site = site.file("content/pages/notes.md", page(&format!("{RUN}, {more}")));
    site.run("check --rights").has_errors().stderr_has("notes/index.html");
}

#[test]
fn the_agency_goes_before_the_publisher_and_the_site_comes_last() {
    let publisher = |name: &str, display: &str| {
        (format!("content/publishers/{name}.md"), format!("+++\nname = \"{name}\"\n[rights]\n{display}\n+++\n"))
    };
    let notes = page(RUN);
    let site = |outlet: &str, wire: &str, keys: &str| {
        let (outlet, wire) = (publisher("outlet", outlet), publisher("wire", wire));
        Site::new().file(&outlet.0, outlet.1).file(&wire.0, wire.1).file("content/pages/notes.md", &notes).article_with(
            "2022-01-21",
            "barge",
            keys,
            TEXT,
        )
    };
    let (full, none) = ("display = \"full\"", "display = \"headline\"");
    let both = "publisher = \"outlet\"\nagency = \"wire\"";
    site(none, full, both).run("check --rights").succeeds();
    site(full, none, both).run("check --rights").has_errors().stderr_has("may be shown as a headline");
    site(none, full, &format!("{both}\n[rights]\ndisplay = \"excerpt\"\nmax_words = 6"))
        .run("check --rights")
        .has_errors()
        .stderr_has("may be shown as an excerpt of 6 words");
}

#[test]
fn the_index_of_the_search_has_no_word_beyond_what_may_be_shown() {
    let body = format!("{TEXT}\nZwybrqplex.\n");
    let site = site().article_with("2022-01-22", "quay", "[rights]\ndisplay = \"excerpt\"\nmax_words = 5", &body);
    site.run("build").succeeds();
    let has = |word: &str| {
        let files = site.public().into_iter().filter(|(path, _)| path.starts_with("search/"));
        files.into_iter().any(|(_, bytes)| String::from_utf8_lossy(&bytes).contains(word))
    };
    assert!(!has("zwyb"), "a hidden word is in the index");
    let text = site.read("content/articles/2022/01/quay.md");
    site.write("content/articles/2022/01/quay.md", text.replace("display = \"excerpt\"", "display = \"full\""));
    site.run("build").succeeds();
    assert!(has("zwyb"), "a shown word is not in the index, so this proves nothing");
}

#[test]
fn scripts_without_spaces_are_counted_by_letters() {
    let text = "港口昨夜停止作业因为强风和巨浪船员们在甲板上等待了整整六个小时直到清晨才获准离开泊位";
    let keys = "lang = \"zh\"\n[rights]\ndisplay = \"headline\"";
    let with = |letters: usize| {
        let part: String = text.chars().take(letters).collect();
        Site::new().article_with("2022-01-21", "port", keys, text).file("content/pages/notes.md", page(&part))
    };
    with(23).run("check --rights").succeeds();
    with(24).run("check --rights").has_errors().stderr_has("notes/index.html");
}
