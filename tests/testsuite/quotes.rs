//! `dateline check` holds quotes and figures against the articles that they cite; pages say who gives which number.

use crate::site_test::{SETTINGS, Site};

const BODY: &str = "\
The council sat until two in the morning. “We will not sell the old customs house, not this year and not next,” said Ada \
Roth, who leads it.

Repairs cost 1.2 million crowns by the council's count. A surveyor who was there spoke of 3,400 broken tiles and went home.
";

/// A site with one article of that text, and keys for it.
fn site(keys: &str) -> Site {
    let keys = format!("id = \"a\"\ntopics = [\"town\"]\n{keys}");
    Site::new().topic("town", "").article_with("2022-05-10", "a", &keys, BODY)
}

fn said(site: &Site) -> String {
    site.run("check").succeeds().stderr
}

#[test]
fn a_quote_that_stands_in_its_article_is_well() {
    for quote in [
        "We will not sell the old customs house, not this year and not next",
        "we will not sell … not this year",
        "[Roth's council] will not sell the old customs house",
        "[w]e will not sell the \\\"old customs house\\\"",
    ] {
        let site = site(&format!("[[quotes]]\ntext = \"{quote}\"\nspeaker = \"Ada Roth\""));
        assert_eq!(said(&site), "", "{quote}");
    }
}

#[test]
fn a_quote_from_an_article_in_another_language_is_a_translation() {
    let row = "[[quotes]]\ntext = \"Wir verkaufen das alte Zollhaus nicht\"\ncitation = \"a\"";
    let quoting = |lang: &str| {
        let keys = format!("id = \"b\"\ntopics = [\"town\"]\n{lang}{row}");
        said(&site("").article_with("2022-05-11", "b", &keys, "Der Rat tagte lange.\n"))
    };
    assert_eq!(quoting("lang = \"de\"\n"), "");
    for same in ["", "lang = \"en-GB\"\n"] {
        assert!(quoting(same).contains("the quote does not stand in `content/articles/2022/05/a.md`"), "{same}");
    }
    // Its own text is in its own language.
    let keys = "lang = \"de\"\n[[quotes]]\ntext = \"Wir verkaufen das alte Zollhaus nicht\"";
    assert!(said(&site(keys)).contains("the quote does not stand in"));
}

#[test]
fn one_that_does_not_is_shown_with_the_nearest_words() {
    let near = said(&site("[[quotes]]\ntext = \"We will never sell the old custom house this year\""));
    assert!(near.contains("warning: the quote does not stand in `content/articles/2022/05/a.md`"), "{near}");
    assert!(
        near.contains("the nearest words there: “We will not sell the old customs house, not this year”"),
        "{near}"
    );
    assert!(near.contains("a.md:7:8"), "{near}");
    let far = said(&site("[[quotes]]\ntext = \"Nobody ever asked the harbour master what ships cost\""));
    assert!(far.contains("nothing like it is there"), "{far}");
}

#[test]
fn a_quote_cites_another_article_or_an_address() {
    let row = |citation: &str| {
        format!(
            "id = \"b\"\ntopics = [\"town\"]\n[[quotes]]\ntext = \"not this year and not next\"\ncitation = \"{citation}\""
        )
    };
    let with =
        |citation: &str| site("").article_with("2022-05-11", "b", &row(citation), &BODY.replace("not next", "never"));
    assert_eq!(said(&with("a")), "");
    assert_eq!(said(&with("https://example.com/minutes")), "");
    assert!(said(&with("b")).contains("does not stand in `content/articles/2022/05/b.md`"));
    with("nowhere").run("check").has_errors();
    let site = with("a");
    site.build();
    assert!(site.page("/2022/05/11/b/").html.contains("<a href=\"/2022/05/10/a/\"><bdi>About a</bdi></a>"));
}

#[test]
fn an_article_without_text_is_no_witness() {
    let keys = "id = \"b\"\ntopics = [\"town\"]\n[[quotes]]\ntext = \"a long sentence that stands nowhere at all\"";
    assert_eq!(said(&site("").article_with("2022-05-11", "b", keys, "")), "");
}

#[test]
fn quotes_in_a_curators_lines() {
    let wrong = "she said \\\"We will sell the old customs house next year\\\" and left";
    let right = "she said \\\"we will not sell the old customs house\\\", of a \\\"customs palace\\\"";
    let doubt = "the quote does not stand in `content/articles/2022/05/a.md`";
    for (line, is_well) in [(right, true), (wrong, false)] {
        for key in ["commentary", "why_it_matters"] {
            assert_eq!(said(&site(&format!("{key} = \"{line}\""))).is_empty(), is_well, "{key}: {line}");
        }
        let digest = site("").digest("d", &format!("[[items]]\narticle = \"a\"\ncommentary = \"{line}\""));
        assert_eq!(said(&digest).is_empty(), is_well, "{line}");
        let head = "+++\ntitle = \"D\"\n[[items]]\narticle = \"a\"\n+++\n";
        let line = line.replace('\\', "");
        for text in [
            format!("At [the meeting](/2022/05/10/a/) {line}.\n"),
            format!("At [it](../articles/2022/05/a.md) {line}.\n"),
        ] {
            let digest = site("").file("content/digests/d.md", format!("{head}{text}"));
            let said = said(&digest);
            assert_eq!(said.contains(doubt), !is_well, "{said}");
        }
        let apart =
            site("").file("content/digests/d.md", format!("{head}[It](/2022/05/10/a/).\n\nElsewhere {line}.\n"));
        assert_eq!(said(&apart), "", "a paragraph that cites nothing is not checked");
    }
    let block = |quote: &str| {
        let text =
            format!("+++\ntitle = \"D\"\n[[items]]\narticle = \"a\"\n+++\n> {quote}\n> — [Ada Roth](/2022/05/10/a/)\n");
        said(&site("").file("content/digests/d.md", text))
    };
    assert_eq!(block("We will not sell the old customs house"), "");
    assert!(block("We will sell the new customs house").contains(doubt));
}

#[test]
fn figures_make_a_table_of_who_says_what() {
    let figures = "\
[[figures]]
label = \"Cost of the repairs\"
value = 1_200_000
unit = \"crowns\"
as_of = \"2022-05-10\"
source = \"Town council\"
[[figures]]
label = \"Broken tiles\"
value = \"3,400\"
[[figures]]
label = \"cost of the  repairs\"
value = \"about 2 million\"
unit = \"crowns\"
as_of = \"2022-04\"
source = \"roof\"
citation = \"https://example.com/offer\"";
    let site = site(&format!("publisher = \"quay\"\nurl = \"https://q.test/\"\n{figures}"))
        .named("publishers", "quay", "name = \"Daily Quay\"")
        .named("organizations", "roof", "name = \"Roofers' Guild\"")
        .digest("d", "topic = \"town\"\n[[figures]]\nlabel = \"Voters\"\nvalue = 12_345\ncitation = \"https://example.com/roll\"");
    assert_eq!(said(&site), "");
    site.build();
    for address in ["/d/", "/town/"] {
        let page = site.page(address);
        page.says("Who gives which number").says("1,200,000 crowns").says("Town council, in About a");
        page.says("Daily Quay , in About a").says("Roofers' Guild , in example.com");
        let html = &page.html;
        assert_eq!(html.matches("rowgroup").count(), if html.contains("Voters") { 3 } else { 2 });
        assert!(html.find("about 2 million").unwrap() < html.find("000</b> crowns").unwrap(), "by date");
    }
    site.page("/d/").says("12,345");
    site.page("/2022/05/10/a/").says("The numbers");
}

#[test]
fn a_number_is_written_as_the_language_writes_it_and_text_as_it_stands() {
    for (language, count, share) in [("en", "1,200,000", "3.5"), ("de", "1.200.000", "3,5"), ("hi", "12,00,000", "3.5")]
    {
        let rows = "topics = [\"town\"]\n[[figures]]\nlabel = \"Cost\"\nvalue = 1_200_000\n\
            [[figures]]\nlabel = \"Share\"\nvalue = 3.5\n[[figures]]\nlabel = \"Tiles\"\nvalue = \"some 4000.5\"";
        let site = Site::empty()
            .file("site.toml", format!("language = \"{language}\"\n{SETTINGS}"))
            .topic("town", "")
            .article("2022-05-10", "a", rows);
        site.build().succeeds();
        let page = site.page("/town/");
        for value in [count, share, "some 4000.5"] {
            page.has(&format!("<b>{value}</b>"));
        }
    }
}

#[test]
fn a_figure_must_stand_in_its_article() {
    let figure = |value: &str| said(&site(&format!("[[figures]]\nlabel = \"Tiles\"\nvalue = {value}")));
    for well in ["3400", "\"some 3,400\"", "12", "1_200_000"] {
        assert_eq!(figure(well), "", "{well}");
    }
    let said = figure("4300");
    assert!(said.contains("the figure `4300` does not stand in `content/articles/2022/05/a.md`"), "{said}");
}

#[test]
fn a_figure_that_says_nothing_is_an_error() {
    for (row, message) in [
        ("value = 1", "`[[figures]]` has no `label`"),
        ("label = \"Tiles\"", "`[[figures]]` has no `value`"),
        ("label = \"Tiles\"\nvalue = []", "`value` must be"),
        ("label = \"Tiles\"\nvalue = 1\nas_off = \"2022\"", "did you mean `as_of`?"),
        ("label = \"Tiles\"\nvalue = 1\ncitation = \"x\"", "unknown article `x` in `citation`"),
    ] {
        let said = site(&format!("[[figures]]\n{row}")).run("build").has_errors().stderr;
        assert!(said.contains(message), "{said}");
    }
}
