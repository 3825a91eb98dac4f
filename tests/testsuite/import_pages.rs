//! Importing saved pages: what a story must look like whatever stands around it, and what no page may do.
//!
//! The pages are invented, and as untidy as the real thing: unclosed tags, menus and appeals, data that contradict the
//! page, scripts of several kinds.

use std::{io::Read as _, path::Path};

use dateline::import::{
    Context, Story, html,
    html::{Reading, dom::Dom},
    markdown, page, read,
    story::{Display, Genre, Role},
};
use jiff::civil::date;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, TagEnd};
use url::Url;

use crate::{
    import::ctx,
    site_test::{Site, cases},
};

fn from_page(source: &str) -> Story {
    html::read(source, None, &ctx())
}

fn at(source: &str, address: &str) -> Story {
    html::read(source, Some(&Url::parse(address).expect("an address")), &ctx())
}

/// The text that Markdown shows, its white space collapsed.
fn shown(text: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let mut out = String::new();
    let mut in_picture = 0;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(pulldown_cmark::Tag::Image { .. }) => in_picture += 1,
            Event::End(TagEnd::Image) => in_picture -= 1,
            Event::Text(text) | Event::Code(text) if in_picture == 0 => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::CodeBlock
                | TagEnd::BlockQuote(_),
            ) => out.push(' '),
            Event::Html(html) | Event::InlineHtml(html) => out.push_str(&format!("<<RAW {html}>>")),
            _ => {}
        }
    }
    letters(&out)
}

/// A text without its white space: what must be the same on both sides.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The Markdown of the body without the lines that stand for pictures and embeds, which have no text in the page.
fn without_references(story: &Story) -> String {
    let kept: Vec<&str> = story
        .markdown
        .iter()
        .map(String::as_str)
        .filter(|b| !(b.starts_with("![") || b.starts_with("<http") && !b.contains(' ')))
        .collect();
    kept.join("\n\n")
}

fn checks(story: &Story) -> Vec<&str> {
    story.check.iter().map(|c| c.field).collect()
}

/// A newspaper's page as a publishing system makes it.
const PAPER: &str = r##"<!DOCTYPE html>
<html lang="en_GB"><head><meta charset="utf-8">
<title>Ferry crews walk out over winter timetable | The Example Courier</title>
<link rel="canonical" href="https://www.courier.example/news/2024/02/ferry-crews?utm_source=rss">
<meta property="og:title" content="Ferry crews walk out over winter timetable">
<meta property="og:site_name" content="The Example Courier">
<meta name="description" content="Crews say the new sailings leave no time to rest.">
<meta name="robots" content="index, noarchive, max-snippet:160">
<meta name="tdm-reservation" content="1">
<script type="application/ld+json">
{"@context":"https://schema.org","@type":"OpinionNewsArticle","headline":"Ferry crews walk out over winter timetable",
 "author":[{"@type":"Person","name":"By Maud Okafor"},{"@type":"Organization","name":"The Example Courier"}],
 "datePublished":"2024-02-11T23:40:00-05:00","dateModified":"2024-02-12T08:05:00-05:00",
 "publisher":{"@type":"NewsMediaOrganization","name":"The Example Courier"},
 "license":"https://creativecommons.org/licenses/by-nc/4.0/",
}
</script></head><body>
<header class="site-header"><nav><ul><li><a href="/">Home</a><li><a href="/sport">Sport</a><li><a href="/weather">Weather</a></ul></nav></header>
<div class="cookie-banner">We use cookies to improve your experience. <button>Accept all</button></div>
<main><article class="story">
<h1 class="headline">Ferry crews walk out over winter timetable</h1>
<p class="standfirst">Crews say the new sailings leave no time to rest.</p>
<div class="byline">By <a rel="author" href="/by/maud-okafor">Maud Okafor</a></div>
<figure class="lead"><img src="/img/harbour.jpg?w=1200" alt="A ferry at its berth"><figcaption>A ferry lies idle at its berth on Sunday. <span class="credit">Photograph: Ravi Lund/Harbour Pictures</span></figcaption></figure>
<div class="article-body">
<p>KIRKWALL (Reuters) - Crews on the northern ferries walked out on Sunday, leaving some 4,000 islanders without a crossing, their union said.</p>
<p>The dispute is about a timetable that came in with the new year. It adds two sailings a day, and <a href="/news/2024/01/timetable?utm_source=story&amp;fbclid=xyz#top">cuts the time in harbour</a> to <em>twenty minutes</em>.</p>
<div class="ad-slot">Advertisement</div>
<h2>What the union wants</h2>
<ul><li>forty minutes between sailings,</li><li>a second mate on every boat, and</li><li>talks before Easter.</li></ul>
<blockquote><p>“Nobody sails well who has not slept,” said the union's secretary, Ines Halvorsen.</p></blockquote>
<aside class="related-links"><h3>Read more</h3><ul><li><a href="/a">Storm closes two piers in the north</a></li><li><a href="/b">Harbour gets a new crane after long wait</a></li></ul></aside>
<figure><img data-src="https://img.courier.example/chart.png" src="data:image/gif;base64,AAAA" alt="Chart of sailings"><figcaption>Sailings a day, by season. Source: the operator</figcaption></figure>
<table><tr><th>Route</th><th>Before</th><th>Now</th></tr><tr><td>Kirkwall to Stronsay</td><td>3 sailings</td><td>5 sailings</td></tr><tr><td>Kirkwall to Sanday</td><td>4 sailings</td><td>6 sailings</td></tr></table>
<p>The operator said it would "look again" at the timetable, but not before the summer. Costs had risen by 3*4 per cent, it said, and [some] boats run at a loss.</p>
<iframe src="https://www.youtube.com/embed/abc123" title="video"></iframe>
<p>Schools on three islands stay closed on Monday, since their teachers come by boat, and the hospital has moved its patients' visits to Wednesday.</p>
<p>(Reporting by Maud Okafor; Additional reporting by Piet Sand in Lerwick; Editing by Ann Lee)</p>
</div>
<section class="newsletter-signup"><h3>Get the day in your inbox</h3><p>Sign up for our newsletter and never miss a story. It is free, and you can leave at any time.</p><form><input name=email><button>Sign up</button></form></section>
</article></main>
<section class="comments"><h2>Comments</h2><p>Islander77: They should all be ashamed of themselves, I say, it has been like this for years and nobody cares.</p></section>
<footer><p>© 2024 The Example Courier. All rights reserved. No part of this site may be reproduced.</p></footer>
</body></html>"##;

#[test]
fn a_page_becomes_a_story_with_its_fields() {
    let story = from_page(PAPER);
    assert_eq!(story.title.as_deref(), Some("Ferry crews walk out over winter timetable"));
    let published = story.published.as_ref().expect("a date");
    assert_eq!((published.date, published.time), (date(2024, 2, 11), Some((23, 40, -300))));
    assert_eq!(story.updated.as_ref().map(|u| u.date), Some(date(2024, 2, 12)));
    assert_eq!(story.url.as_deref(), Some("https://www.courier.example/news/2024/02/ferry-crews"));
    assert_eq!(story.lang.as_deref(), Some("en-GB"));
    assert_eq!(story.agency.as_deref(), Some("reuters"));
    assert_eq!(story.dateline.as_deref(), Some("KIRKWALL (Reuters)"));
    assert_eq!(story.genre, Some(Genre::Opinion));
    assert_eq!(story.summary.as_deref(), Some("Crews say the new sailings leave no time to rest."));
    let outlet = story.publisher.as_ref().expect("an outlet");
    assert_eq!((outlet.name.as_str(), outlet.slug.as_str()), ("The Example Courier", "example-courier"));
    let people: Vec<_> = story.credits.iter().map(|c| (c.name.as_str(), c.role, c.place.as_deref())).collect();
    assert!(people.contains(&("Maud Okafor", Role::Author, None)), "{people:?}");
    assert!(people.contains(&("Piet Sand", Role::Contributor, Some("Lerwick"))), "{people:?}");
    assert!(people.contains(&("Ann Lee", Role::Editor, None)), "{people:?}");
    assert_eq!(people.iter().filter(|p| p.0 == "Maud Okafor").count(), 1);
    let image = story.images.first().expect("the picture above the text");
    assert_eq!(image.src.as_deref(), Some("https://www.courier.example/img/harbour.jpg?w=1200"));
    assert_eq!(image.alt.as_deref(), Some("A ferry at its berth"));
    assert_eq!(image.caption.as_deref(), Some("A ferry lies idle at its berth on Sunday."));
    assert_eq!(image.credit.as_deref(), Some("Ravi Lund/Harbour Pictures"));
}

#[test]
fn the_body_keeps_its_structure_and_loses_the_furniture() {
    let story = from_page(PAPER);
    let body = story.markdown.join("\n\n");
    for kept in [
        "\n## What the union wants\n",
        "- forty minutes between sailings,\n- a second mate on every boat, and\n- talks before Easter.",
        "> “Nobody sails well who has not slept,”",
        "[cuts the time in harbour](https://www.courier.example/news/2024/01/timetable#top)",
        "*twenty minutes*",
        "| Route | Before | Now |\n| --- | --- | --- |\n| Kirkwall to Stronsay | 3 sailings | 5 sailings |",
        "3\\*4 per cent",
        "\\[some\\] boats",
        "![Chart of sailings](https://img.courier.example/chart.png \"Sailings a day, by season.",
        "<https://www.youtube.com/watch?v=abc123>",
    ] {
        assert!(body.contains(kept), "`{kept}` is missing in:\n{body}");
    }
    for gone in [
        "Advertisement",
        "Storm closes",
        "cookies",
        "newsletter",
        "ashamed",
        "All rights",
        "Reporting by",
        "KIRKWALL",
        "Home",
    ] {
        assert!(!body.contains(gone), "`{gone}` is left in:\n{body}");
    }
    assert_eq!(shown(&without_references(&story)), letters(&story.body.join(" ")));
    assert!(story.words_removed > 20, "{}", story.words_removed);
}

#[test]
fn what_a_page_says_of_its_use_is_kept() {
    let rights = from_page(PAPER).rights;
    assert_eq!(rights.license.as_deref(), Some("CC-BY-NC-4.0"));
    assert_eq!(rights.usage.as_deref(), Some("noarchive; max-snippet: 160; tdm-reservation: 1"));
    assert_eq!((rights.display, rights.max_words), (Some(Display::Excerpt), Some(20)));
    let silent = from_page("<html><body><h1>A plain headline of words</h1><p>Nothing is said of use here.</p>").rights;
    assert_eq!(silent, dateline::import::story::Rights::default());
}

#[test]
fn the_file_is_one_that_a_site_reads() {
    let story = from_page(PAPER);
    let file = markdown::file(&story);
    for line in [
        "title = \"Ferry crews walk out over winter timetable\"",
        "date = 2024-02-11T23:40:00-05:00",
        "updated = 2024-02-12T08:05:00-05:00",
        "publisher = \"example-courier\"",
        "lang = \"en-GB\"",
        "genre = \"opinion\"",
        "[rights]",
        "display = \"excerpt\"",
        "src = \"https://www.courier.example/img/harbour.jpg?w=1200\"",
    ] {
        assert!(file.lines().any(|l| l == line), "`{line}` is missing in:\n{file}");
    }
}

/// A page of a small system: no data at all, tables for layout, tags left open, an old encoding.
const OLD: &str = "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\">\
<title>Мост через Вагу закрыли до весны - Речной вестник</title></head><body>\
<table width=100%><tr><td width=150><a href=/>Главная</a><br><a href=/news>Новости</a><br><a href=/about>О газете</a><td>\
<h1>Мост через Вагу закрыли до весны</h1><p>12 марта 2023<p>Автор: Анна Лесникова\
<p>Мост через Вагу закрыли до весны: инженеры нашли трещины в двух опорах, сообщили в администрации района во вторник.\
<p>Объезд займёт сорок минут. Автобусы, которые возили детей в школу, пойдут через соседнюю деревню, и расписание изменится.\
<p>«Мы знали, что мост стар, но не ждали, что он устал так рано», — сказал глава района, который приехал на место утром.\
<p>Ремонт обойдётся в двенадцать миллионов, и деньги на него уже выделены, говорится в сообщении, но работы начнутся только после паводка.\
</table><hr><p>© Речной вестник, 2023</body></html>";

#[test]
fn a_page_without_data_in_an_old_encoding() {
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(OLD);
    let mut stories = read(&bytes, &ctx()).expect("a page");
    let story = stories.remove(0);
    assert_eq!(story.title.as_deref(), Some("Мост через Вагу закрыли до весны"));
    assert_eq!(story.published.as_ref().map(|p| p.date), Some(date(2023, 3, 12)));
    assert!(checks(&story).contains(&"date"), "a date that only stands beside the story is for the curator to check");
    assert_eq!(story.lang.as_deref(), Some("ru"));
    assert!(story.body.iter().any(|p| p.starts_with("Объезд займёт")), "{:?}", story.body);
    assert!(!story.body.iter().any(|p| p.contains("Главная") || p.contains('©')), "{:?}", story.body);
    assert!(story.warnings.iter().any(|w| w == "read as windows-1251"), "{:?}", story.warnings);
}

const JAPANESE: &str = r#"<!doctype html><html lang="ja"><head><title>港の新しい橋、来春に開通へ - 海辺新聞</title>
<meta property="og:title" content="港の新しい橋、来春に開通へ - 海辺新聞"><meta property="og:site_name" content="海辺新聞">
<meta property="article:published_time" content="2024-11-05T09:30:00+09:00"><meta name="author" content="山田花子"></head><body>
<nav><a href="/">トップ</a><a href="/s">社会</a></nav><article><h1>港の新しい橋、来春に開通へ</h1>
<p>港と島を結ぶ新しい橋が来年四月に開通することになった。県が五日、発表した。全長は一・二キロで、歩道も設けられる。</p>
<p>島には約三千人が暮らしており、これまでは一日六便の船だけが頼りだった。荒れた日には病院にも行けなかったという。</p>
<p>「祖父の代からの願いがかなう」と、島で食堂を営む女性は話した。一方で、船の便が減ることを心配する声もある。</p>
<p>県は開通に合わせて島の駐車場を広げる計画で、来年度の予算案に三億円を盛り込む方針だ。</p></article>
<footer>無断転載を禁じます</footer></body></html>"#;

const ARABIC: &str = r#"<html dir=rtl lang=ar><head><title>ميناء المدينة يغلق أبوابه ثلاثة أيام | صحيفة الميناء</title>
<meta property="og:site_name" content="صحيفة الميناء"><meta itemprop="datePublished" content="2023-06-01"></head><body>
<div class=menu><a href=/>الرئيسية</a> <a href=/x>أخبار</a></div><div class=content><h1>ميناء المدينة يغلق أبوابه ثلاثة أيام</h1>
<p>أعلنت إدارة الميناء، يوم الخميس، إغلاق أبوابه ثلاثة أيام بسبب العاصفة التي تقترب من الساحل، وقالت إن السفن ستبقى في عرض البحر.</p>
<p>وقال مدير الميناء إن القرار جاء بعد تحذير من هيئة الأرصاد، مضيفا أن العمال سيحصلون على أجورهم كاملة خلال هذه الأيام.</p>
<p>ويعبر الميناء نحو أربعين سفينة في الأسبوع، ومعظمها يحمل القمح والزيت إلى المدن الداخلية، بحسب الإدارة.</p></div></body></html>"#;

#[test]
fn pages_in_other_scripts() {
    let story = from_page(JAPANESE);
    assert_eq!(story.title.as_deref(), Some("港の新しい橋、来春に開通へ"));
    assert_eq!(story.credits.first().map(|c| c.name.as_str()), Some("山田花子"));
    assert_eq!(story.published.as_ref().and_then(|p| p.time), Some((9, 30, 540)));
    assert_eq!(story.body.len(), 4, "{:?}", story.body);
    assert_eq!(story.lang.as_deref(), Some("ja"));
    let story = from_page(ARABIC);
    assert_eq!(story.title.as_deref(), Some("ميناء المدينة يغلق أبوابه ثلاثة أيام"));
    assert_eq!(story.published.as_ref().map(|p| (p.date, p.time)), Some((date(2023, 6, 1), None)));
    assert_eq!(story.body.len(), 3, "{:?}", story.body);
    assert_eq!(story.lang.as_deref(), Some("ar"));
}

#[test]
fn a_page_that_names_a_wrong_language_is_read_for_its_own() {
    let page = PAPER.replace("<html lang=\"en_GB\">", "<html lang=\"fr\">");
    let story = from_page(&page);
    assert_eq!(story.lang.as_deref(), Some("en"));
    assert!(checks(&story).contains(&"lang"));
}

#[test]
fn dates_are_never_guessed() {
    let page = |head: &str| {
        format!(
            "<html><head>{head}</head><body><h1>Bridge closes for repairs this winter</h1>\
        <p>The old bridge over the river closes for repairs, the council said, and buses will take the long way round until spring.</p>\
        <p>Engineers found cracks in two of its piers in the autumn. The work will cost about two million, most of it for steel.</p></body></html>"
        )
    };
    // Two days at once, a day that does not exist, a year ahead of the import, nothing.
    for head in [
        "<meta name=date content='03/04/2024'>",
        "<meta name=date content='2024-02-30'>",
        "<meta property='article:published_time' content='2031-01-01T00:00:00Z'>",
        "<meta name=date content='yesterday'>",
        "",
    ] {
        let story = from_page(&page(head));
        assert_eq!(story.published, None, "{head}");
        assert!(checks(&story).contains(&"date"), "{head}");
    }
    // A time without a zone is a day.
    let story = from_page(&page("<meta property='article:published_time' content='2024-05-06T23:30:00'>"));
    assert_eq!(story.published.as_ref().map(|p| (p.date, p.time)), Some((date(2024, 5, 6), None)));
    // Two statements: the address bears out the second.
    let both =
        "<meta property='article:published_time' content='2024-05-20T10:00:00Z'><meta name=date content='2024-05-06'>";
    let story = at(&page(both), "https://paper.example/2024/05/06/bridge");
    assert_eq!(story.published.as_ref().map(|p| p.date), Some(date(2024, 5, 6)));
    // Nothing bears out either.
    let story = from_page(&page(both));
    assert_eq!(story.published.as_ref().map(|p| p.date), Some(date(2024, 5, 20)));
    assert!(checks(&story).contains(&"date"));
    // The address alone.
    let story = at(&page(""), "https://paper.example/2024/05/06/bridge");
    assert_eq!(story.published.as_ref().map(|p| p.date), Some(date(2024, 5, 6)));
    assert!(checks(&story).contains(&"date"));
}

#[test]
fn authors_are_found_where_publishing_systems_put_them() {
    let names = |head: &str, byline: &str| {
        let text = "The bridge over the Ostra stays closed until Friday, the harbour office said on Monday, because \
                    two of its bearings have to be replaced. "
            .repeat(3);
        let page = format!(
            "<title>Bridge closes for repairs</title>{head}<body><article><h1>Bridge closes for repairs</h1>{byline}\
             <p>{text}</p><p>Lorries, it added, {text}</p></article>"
        );
        from_page(&page).credits.into_iter().map(|credit| credit.name).collect::<Vec<_>>()
    };
    let data = |json: &str| format!("<script type=application/ld+json>{json}</script>");
    // All who had a hand in it, and who wrote it.
    let both = r#"{"@type":"NewsArticle","headline":"Bridge closes for repairs","creator":{"@type":"Person","name":"Ada Brandt"},
        "author":[{"@type":"Person","name":"Ada Brandt"},{"@type":"Person","name":"Piet Moreau"}]}"#;
    assert_eq!(names(&data(both), ""), ["Ada Brandt"]);
    // A page of another type, whose author stands elsewhere in the graph.
    let graph = r##"{"@graph":[{"@type":"WebPage","name":"Bridge","author":{"@id":"#p1"}},
        {"@type":"Person","@id":"#p1","name":"Noor van Dijk"}]}"##;
    assert_eq!(names(&data(graph), ""), ["Noor van Dijk"]);
    let preview = r#"<meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Jana Okafor">
        <meta name="twitter:label2" content="Lesezeit"><meta name="twitter:data2" content="3 Minuten">"#;
    assert_eq!(names(preview, ""), ["Jana Okafor"]);
    let link =
        r#"<p class=x1><a href="/author/l-haddad/">Layla Haddad</a> · <a href="/topics/Jo Harbour">Jo Harbour</a></p>"#;
    assert_eq!(names("", link), ["Layla Haddad"]);
    // A duty, a desk of the outlet and a function are no people.
    let others = r#"{"@type":"NewsArticle","headline":"Bridge closes for repairs","publisher":{"name":"RPO"},"author":
        [{"@type":"Person","name":"Ilse Novak, Leitende Wirtschaftsredakteurin"},{"@type":"Person","name":"RPO Norden"}]}"#;
    assert_eq!(names(&data(others), ""), ["Ilse Novak"]);
}

#[test]
fn authors_are_people() {
    let with = |author: &str| {
        let head = format!(
            "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"Bridge closes for repairs\",\"author\":{author}}}</script><meta property=og:site_name content='River Post'>"
        );
        let story = from_page(&format!(
            "<html><head>{head}</head><body><h1>Bridge closes for repairs</h1><p>The old bridge over the river closes for repairs, the council said on Monday, and buses take the long way.</p></body></html>"
        ));
        (story.credits.iter().map(|c| c.name.clone()).collect::<Vec<_>>(), story.agency)
    };
    let people = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert_eq!(with(r#"{"name":"By JANE DOE and Ola Lie"}"#).0, people(&["Jane Doe", "Ola Lie"]));
    assert_eq!(with(r#"[{"@type":"Person","name":"Jane Doe, senior reporter"}]"#).0, people(&["Jane Doe"]));
    assert_eq!(with(r#""Von Erika Muster""#).0, people(&["Erika Muster"]));
    assert_eq!(with(r#"{"@type":"Organization","name":"River Post"}"#).0, people(&[]));
    assert_eq!(with(r#"{"@type":"Person","name":"River Post"}"#).0, people(&[]));
    assert_eq!(with(r#"{"@type":"Person","name":"Newsroom Staff"}"#).0, people(&[]));
    assert_eq!(with(r#"{"@type":"Person","name":"https://example.org/jane"}"#).0, people(&[]));
    let (names, agency) = with(r#"[{"@type":"Person","name":"Jane Doe"},{"@type":"Organization","name":"Reuters"}]"#);
    assert_eq!((names, agency.as_deref()), (people(&["Jane Doe"]), Some("reuters")));
}

#[test]
fn data_in_a_script_are_read_though_they_are_broken() {
    let with = |json: &str| {
        from_page(&format!(
            "<html><head><script type=\"application/ld+json\">{json}</script></head><body><p>x</body></html>"
        ))
        .title
    };
    let expected = Some("Rain at last");
    for json in [
        "{\"@type\":\"NewsArticle\",\"headline\":\"Rain at last\",}",
        "<!-- {\"@type\":\"NewsArticle\",\"headline\":\"Rain at last\"} -->",
        "//<![CDATA[\n{\"@type\":[\"NewsArticle\"],\"headline\":\"Rain at last\"};\n//]]>",
        "{\"@graph\":[{\"@type\":\"WebSite\"},{\"@type\":\"http://schema.org/NewsArticle\",\"headline\":\"Rain at last\"}]}",
        "{\"@type\":\"NewsArticle\",\"description\":\"one\ntwo \\x three\",\"headline\":\"Rain at last\"}",
        "{\"@type\":\"NewsArticle\",\"description\":\"they call it \"rain\" here\",\"headline\":\"Rain at last\"}",
        "{\"@type\":\"WebSite\"}{\"@type\":\"NewsArticle\",\"headline\":\"Rain at last\"}",
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Rain at last&quot;}",
    ] {
        assert_eq!(with(json).as_deref(), expected, "{json}");
    }
}

#[test]
fn titles_lose_the_name_of_the_site_and_keep_the_rest() {
    let title = |title: &str, site: &str, heading: &str| {
        from_page(&format!("<html><head><title>{title}</title><meta property=og:title content='{title}'><meta property=og:site_name content='{site}'></head><body>{heading}<p>x</body></html>")).title
    };
    assert_eq!(title("Rain - at last | River Post", "River Post", "").as_deref(), Some("Rain - at last"));
    assert_eq!(title("River Post: Rain", "Other", "<h1>River Post: Rain</h1>").as_deref(), Some("River Post: Rain"));
    assert_eq!(title("River Post » Rain at last", "River Post", "").as_deref(), Some("Rain at last"));
    assert_eq!(
        title("Rain at last | River Post", "River Post", "<h1 class=logo>River Post</h1><h1>Rain at last</h1>")
            .as_deref(),
        Some("Rain at last")
    );
    assert_eq!(
        title("Rain at last | River Post", "River Post", "<h1><span>Weather</span> <span>Rain at last</span></h1>")
            .as_deref(),
        Some("Rain at last")
    );
}

#[test]
fn a_page_that_only_holds_data_is_read_from_them_and_says_so() {
    let body = "The old bridge over the river closes for repairs, the council said. ".repeat(12);
    let page = format!(
        "<html><head><title>Bridge closes</title><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Bridge closes\",\"articleBody\":\"{body}\"}}</script></head><body><div id=root></div></body></html>"
    );
    let story = from_page(&page);
    assert!(story.body.join(" ").starts_with("The old bridge"), "{:?}", story.body);
    assert!(checks(&story).contains(&"body"));
}

#[test]
fn what_comes_from_outside_is_text() {
    let page = r#"<html><body><h1>Sums and marks in the market today</h1><article>
<p>&lt;script&gt;alert(1)&lt;/script&gt; is what the sign at the market said, and nobody knew why, the keeper told us on Tuesday.</p>
<p>1. January is no list, and # is no heading; nor is *this* or _that_ or `those`, as the keeper of the market explained at length.</p>
<p><a href="javascript:alert(1)">A link that runs a script</a> has its words kept, as the keeper of the market told everybody who asked.</p>
<p>A line | with bars, a [bracket](not a link), &amp;amp; an ampersand, {{ braces }} and a backslash \ stood on the second sign there.</p>
<p onclick="alert(1)"><b>Bold</b>,<i>slanted</i>and<b>glued: </b>words stay words, whatever their look, and so does <b> spaced </b>text.</p></article></body></html>"#;
    let story = from_page(page);
    assert_eq!(story.body.len(), 5, "{:?}", story.body);
    let markdown = without_references(&story);
    assert_eq!(shown(&markdown), letters(&story.body.join(" ")), "{markdown}");
    assert!(!markdown.contains("javascript:"), "{markdown}");
}

#[test]
fn code_right_behind_code_keeps_its_fences_apart() {
    let words = "The council said on Monday that the old bridge would close, and that buses would take the long way. ";
    for bits in [
        "<code>a</code><b><code>b</code></b>",
        "<code>a<i>b</i>c</code>",
        "`<code>a</code>`",
        "<code>a</code><a href=/x><code>b</code></a><code>c</code>",
    ] {
        let story = from_page(&format!(
            "<html><body><h1>Bridge closes for repairs</h1><article><p>{words}</p><p>{words}{words}</p><p>It said {bits} again.</p><p>{words}</p></article></body></html>"
        ));
        assert_eq!(shown(&without_references(&story)), letters(&story.body.join(" ")), "{:?}", story.markdown);
    }
}

#[test]
fn charsets() {
    let decoded = |bytes: &[u8], http: Option<&str>| html::decode(bytes, http);
    let (koi, _, _) = encoding_rs::KOI8_R.encode("<p>Мост через реку закрыли до весны, сообщили в районе");
    assert_eq!(decoded(&koi, Some("koi8-r")).1, "KOI8-R");
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode("<meta charset=iso-8859-1><p>Überfällig");
    assert_eq!(decoded(&latin, None), ("<meta charset=iso-8859-1><p>Überfällig".to_owned(), "windows-1252"));
    // What says it is Latin and is UTF-8 is UTF-8.
    assert_eq!(decoded("<meta charset=iso-8859-1><p>Überfällig".as_bytes(), Some("latin1")).1, "UTF-8");
    let (shift, _, _) =
        encoding_rs::SHIFT_JIS.encode("<p>港と島を結ぶ新しい橋が来年四月に開通することになった。県が五日、発表した。");
    assert_eq!(decoded(&shift, None).1, "Shift_JIS");
    assert_eq!(decoded(b"\xff\xfe<\0p\0>\0", None), ("<p>".to_owned(), "UTF-16LE"));
    assert_eq!(decoded(b"<\0p\0>\0x\0y\0z\0", None).1, "UTF-16LE");
    // One bad byte is damage, not another encoding.
    let mut damaged =
        "<p>Überfällig ist die Brücke über den Fluss, für die das Geld längst da wäre.".as_bytes().to_vec();
    damaged.push(0xff);
    damaged.extend_from_slice("<p>Später".as_bytes());
    assert_eq!(decoded(&damaged, None).1, "UTF-8 with damaged characters");
}

#[test]
fn nesting_costs_no_stack_and_no_more_than_its_length() {
    for tag in ["div", "b", "blockquote", "ul><li", "table><tr><td", "a href=x", "font", "svg", "x-y"] {
        let deep =
            format!("<html><body>{}<p>{}</p>", format!("<{tag}>").repeat(10_000), "Words of a story. ".repeat(30));
        let dom = Dom::parse(&deep);
        let depth = (0..dom.nodes.len() as u32).map(|id| dom.ancestors(id).count()).max().unwrap_or(0);
        assert!(depth <= 520, "{tag}: {depth}");
        let _ = from_page(&deep);
    }
    // Work is counted in nodes: twice the page, twice the nodes.
    let size = |n: usize| Dom::parse(&"<p><b>bold<i>both</b>slanted</i></p></div></section>".repeat(n)).nodes.len();
    assert!(size(2000) <= 2 * size(1000) + 2, "{} {}", size(1000), size(2000));
}

#[test]
fn a_page_of_many_megabytes_is_bounded() {
    let huge = "<p>A word".repeat(3_000_000);
    let dom = Dom::parse(&huge);
    assert!(dom.is_cut && dom.nodes.len() <= 1_000_001);
}

/// Bits of pages, good and bad.
fn bits() -> impl Strategy<Value = Vec<String>> {
    let bit = prop_oneof![
        prop::sample::select(vec![
            "<p>", "</p>", "<div>", "</div>", "<ul><li>", "</li>", "</ul>", "<b>", "</b>", "<em>", "</em>", "<a href='/x?utm_a=1&b=(2)'>", "</a>", "<br>", "<blockquote>", "</blockquote>", "<table><tr><td>", "</td><td>", "</table>",
            "<h2>", "</h2>", "<ol start=7><li>", "</ol>", "<pre>", "</pre>", "<code>", "</code>", "<!--", "-->", "<script>", "</script>", "<", "&", "&amp;", "&#x41;", "&lt;b&gt;", "\u{a0}", "\u{ad}", "<figure>", "</figure>", "<img src=a.jpg alt='*x*'>",
            "<del>", "</del>", "<i>", "</i>", "*", "_", "`", "[", "]", "(", ")", "\\", "|", "#", "1. ", "- ", "~", "\n", " ", "<span class=\"", "=", "'", ">", "<svg>", "</svg>", "<title>", "<textarea>", "<noscript>", "<article>", "<section>",
            "The council said on Monday that the old bridge would close, and that buses would take the long way round. ",
            "“Nobody asked us,” the keeper said. ", "橋は来年の春に開通する。", "мост ",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ];
    prop::collection::vec(bit, 0..60)
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = page(&bytes, None, None, &ctx());
        let mut marked = b"<html><p>".to_vec();
        marked.extend_from_slice(&bytes);
        let _ = page(&marked, Some("utf-8"), None, &ctx());
    }

    #[test]
    fn what_is_written_is_what_was_read(bits in bits()) {
        let long = "The council said on Monday that the old bridge would close for repairs, and that buses would take the long way round until spring. ";
        let source = format!("<html><body><h1>Bridge closes for repairs</h1><article><p>{long}</p><p>{long}{long}</p>{}<p>It added that {long}</p></article></body></html>", bits.concat());
        let story = html::read(&source, Url::parse("https://paper.example/a").ok().as_ref(), &ctx());
        let markdown = without_references(&story);
        prop_assert_eq!(shown(&markdown), letters(&story.body.join(" ")), "{}", markdown);
        // Twice the same.
        prop_assert_eq!(html::read(&source, Url::parse("https://paper.example/a").ok().as_ref(), &ctx()), story);
    }

    #[test]
    fn the_tree_is_one(bits in bits()) {
        let source = bits.concat();
        let dom = Dom::parse(&source);
        for id in 1..dom.nodes.len() as u32 {
            let node = dom.node(id);
            let parent = dom.node(node.parent);
            prop_assert!(node.parent < id && id < node.end && node.end <= parent.end);
        }
    }
}

/// Real pages, where they are at hand: every one is read, and what is written is what was read.
#[test]
fn real_pages_survive_the_round_trip() {
    let sets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/extract");
    let mut pages = 0;
    for set in ["n4k", "fundus"] {
        let Ok(files) = std::fs::read_dir(sets.join(set).join("html")) else { continue };
        let mut files: Vec<_> = files.map(|f| f.expect("an entry").path()).collect();
        files.sort();
        // Unoptimised, all of them take too long.
        for file in files.into_iter().step_by(4) {
            let mut source = String::new();
            flate2::read::GzDecoder::new(std::fs::File::open(&file).expect("a page"))
                .read_to_string(&mut source)
                .expect("text");
            let base = Url::parse("https://paper.example/news/story").expect("an address");
            let story = html::read(&source, Some(&base), &Context::on(date(2026, 12, 1)));
            if !story.markdown.is_empty() {
                let markdown = without_references(&story);
                let (got, want) = (shown(&markdown), letters(&story.body.join(" ")));
                let differs = got
                    .chars()
                    .zip(want.chars())
                    .position(|(a, b)| a != b)
                    .unwrap_or(got.chars().count().min(want.chars().count()));
                let near = |text: &str| text.chars().skip(differs.saturating_sub(60)).take(120).collect::<String>();
                assert!(
                    got == want,
                    "{}: at {differs}\n  written {}\n  read    {}",
                    file.display(),
                    near(&got),
                    near(&want)
                );
            }
            pages += 1;
        }
    }
    if pages == 0 {
        eprintln!("NOT TESTED: ../shared/data/extract/ is not there, so no real page was read");
    }
}

#[test]
fn a_reading_says_where_the_text_is() {
    let dom = Dom::parse(PAPER);
    let reading = Reading::of(&dom, None, date(2026, 1, 2));
    let text = reading.text.join("\n");
    assert!(text.contains("KIRKWALL (Reuters) - Crews"), "{text}");
    assert!(text.contains("(Reporting by Maud Okafor"), "{text}");
}

/// From a saved page to a page of the site: the file is one that the build takes, and its outlet has one too.
#[test]
fn an_imported_page_is_built() {
    let site = Site::new().file("clips/ferries.html", PAPER).file("clips/port.html", ARABIC);
    site.run("import clips").succeeds().stdout_has("2 imported");
    assert!(site.path("content/articles/2024/02/ferry-crews-walk-out-winter-timetable.md").is_file());
    assert!(site.read("content/publishers/example-courier.md").contains("name = \"The Example Courier\""));
    site.run("import clips").succeeds().stdout_has("2 in the site already");
    // Remote pictures are a warning, and the evening of the 11th in New York is the 12th in the site's zone.
    site.run("build").status(0);
    site.page("/2024/02/12/ferry-crews-walk-out-winter-timetable/")
        .says("Ferry crews walk out over winter timetable")
        .never_says("Sign up for our newsletter");
}

/// Paragraphs of a story about a place, long enough to be one.
fn told(place: &str) -> String {
    let sentences = [
        "The council of PLACE met on Tuesday evening to decide what becomes of the old swimming hall, which has been closed since a beam \
         came down in the storm of last November.",
        "Two plans lay on the table: one keeps the roof of 1934 and costs four million, the other tears everything down and builds a pool \
         with three lanes next to the school.",
        "“We have swum there as children, all of us,” said the mayor of PLACE, “and that is exactly why nobody here can look at the figures \
         with a cool head.”",
        "An engineer from the regional office told the meeting that the beams on the northern side would have to be replaced in either case, \
         as water had stood in the walls for most of the winter.",
        "The vote was put off until the second week of May, when the owner of the neighbouring sawmill wants to say whether he will give up \
         the strip of land behind the changing rooms.",
        "Until then the swimming club of PLACE goes on training in the quarry lake, with wetsuits that the fire brigade has lent it.",
    ];
    sentences.map(|sentence| format!("<p>{}</p>", sentence.replace("PLACE", place))).concat()
}

#[test]
fn the_next_stories_of_an_endless_page_are_not_this_one() {
    let story = |place: &str| {
        format!(
            "<article class=\"post\"><h1>{place} puts off the vote on its hall</h1><p class=\"by\">By Ida Rasmus</p>{}</article>",
            told(place)
        )
    };
    for wrapped in [("", ""), ("<article class=\"all\">", "</article>")] {
        let source = format!(
            "<html><head><title>Aldmouth puts off the vote on its hall</title></head><body><main>{}{}{}{}{}</main></body></html>",
            wrapped.0,
            story("Aldmouth"),
            story("Norderhafen"),
            story("Breitbach"),
            wrapped.1
        );
        let story = at(&source, "https://paper.example/aldmouth");
        assert_eq!(story.title.as_deref(), Some("Aldmouth puts off the vote on its hall"));
        let body = story.body.join("\n");
        assert!(body.contains("council of Aldmouth") && body.contains("club of Aldmouth"), "{body}");
        assert!(!body.contains("Norderhafen") && !body.contains("Breitbach"), "{body}");
    }
    // The entries of a running report are parts of it, whatever their headings.
    let entries: String = [("14:02", "The doors of the hall are open, and the first of the visitors ask for the mayor, who is late."),
        ("14:30", "The engineer shows the broken beam, which lies on two trestles before the stage, and nobody says a word for a while.")]
        .map(|(time, text)| format!("<article class=\"entry\"><h1>{time}</h1><p>{text}</p></article>"))
        .concat();
    let source = format!(
        "<html><head><title>The vote on the hall as it happened</title></head><body><main><article><h1>The vote on the hall as it \
         happened</h1>{}{entries}</article></main></body></html>",
        told("Aldmouth")
    );
    let body = at(&source, "https://paper.example/live").body.join("\n");
    assert!(body.contains("first of the visitors") && body.contains("two trestles"), "{body}");
}

#[test]
fn what_a_page_asks_and_what_its_scripts_leave_is_no_story() {
    let consent = "When you visit our website, we store cookies on your browser to collect information. The information collected might \
        relate to you, your preferences or your device, and is mostly used to make the site work as you expect it to.";
    let data = r#"\n\n","providerName":"Example","providerUrl":"https://social.example","thumbnail":null,"type":"rich","width":550}"#;
    for names in ["class=\"privacy-pref-box show\"", "id=\"onetrust-consent-sdk\"", "class=\"x cookie-banner__inner\""]
    {
        let source = format!(
            "<html class=\"has-cookie-banner\"><head><title>The hall</title></head><body class=\"cookie-notice-off\"><article><h1>The \
             hall</h1>{}<p>{data}</p></article><div {names}><h2>Your choices</h2><p>{consent}</p><p>{consent} Twice.</p></div></body></html>",
            told("Aldmouth")
        );
        let story = at(&source, "https://paper.example/hall");
        let body = story.body.join("\n");
        assert!(body.contains("council of Aldmouth") && body.contains("quarry lake"), "{names}: {body}");
        assert!(!body.contains("cookies on your browser") && !body.contains("providerName"), "{names}: {body}");
    }
}

#[test]
fn spacers_icons_and_portraits_are_no_pictures_of_the_story() {
    let source = format!(
        "<html><head><title>The hall</title></head><body><article><h1>The hall</h1><p class=\"byline\">By <a rel=\"author\" \
         href=\"/ida\">Ida Rasmus</a></p>{}<img src=\"/i/index-transparent_4x3.gif\" data-src=\"/p/beam.jpg\" alt=\"A beam on trestles\" \
         width=\"800\" height=\"600\"><p>The beam is to be shown in the town hall, said the engineer, who has put it on trestles for a week.</p>\
         <img src=\"/s/icon_arrow_blue.svg\"><img src=\"/authors/ida-rasmus-140.jpg\"><img src=\"/p/roof.jpg?w=40\" \
         srcset=\"/p/roof.jpg?w=320 320w, /p/roof.jpg?w=1200 1200w\"><p>The roof will be looked at in April, she said, when the ladders are \
         back from the church.</p></article></body></html>",
        told("Aldmouth")
    );
    let markdown = at(&source, "https://paper.example/hall").markdown.join("\n\n");
    assert!(markdown.contains("![A beam on trestles](https://paper.example/p/beam.jpg)"), "{markdown}");
    assert!(markdown.contains("https://paper.example/p/roof.jpg?w=1200"), "{markdown}");
    for nothing in ["transparent", "icon_arrow", "ida-rasmus"] {
        assert!(!markdown.contains(nothing), "{markdown}");
    }
}

#[test]
fn outlets_of_every_script_get_a_name_that_can_be_typed() {
    for (name, address, slug) in [
        ("Küsten.blatt.de", "https://www.kuestenblatt.example/a", "kusten-blatt"),
        ("港の新聞", "https://www.minato-news.example/a", "minato-news"),
        ("The U.S. Harbour Post", "https://post.example/a", "us-harbour-post"),
    ] {
        let source = format!(
            "<html><head><title>The hall</title><meta property=\"og:site_name\" content=\"{name}\"></head><body><article><h1>The \
             hall</h1>{}</article></body></html>",
            told("Aldmouth")
        );
        let story = at(&source, address);
        assert_eq!(story.publisher.map(|outlet| outlet.slug).as_deref(), Some(slug), "{name}");
    }
}

#[test]
fn a_story_of_hundreds_of_paragraphs_is_whole() {
    const WHO: [&str; 5] = ["The mayor", "A ferry captain", "The engineer", "Her neighbour", "The union's secretary"];
    const WHAT: [&str; 7] = [
        "said that the lower quay had been under water for most of the week, and that nobody had been asked to leave",
        "remembered a winter in which the ice lay so thick that carts went over the river, loaded with hay",
        "wrote to the ministry in March, again in May, and never had an answer to either letter",
        "does not believe that the lock can be mended before the autumn, when the barges bring the grain",
        "keeps a list of every ship that has called here since the war, in four notebooks with green covers",
        "found the drawings in a cupboard behind the stove, rolled up and dry, with the names of the masons on them",
        "would rather see the money spent on the school, whose roof has leaked for longer than anyone can say",
    ];
    const WHERE: [&str; 3] = ["on the north bank", "in the old customs house", "at the end of the mole"];
    let paragraphs: Vec<String> = (0..630)
        .map(|n| {
            let again = WHAT[(n / 5 + 3) % 7];
            format!(
                "{} {}. It was {}, {n} steps from the bridge. Another {again}.",
                WHO[n % 5],
                WHAT[n % 7],
                WHERE[n % 3]
            )
        })
        .collect();
    let body: String = paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    let story = at(
        &format!(
            "<html lang=\"en\"><head><title>A year on the river</title></head><body><nav><a href=\"/\">Home</a> <a href=\"/news\">News</a>\
             </nav><main><article><h1>A year on the river</h1>{body}</article></main><footer><p>All rights reserved.</p></footer></body></html>"
        ),
        "https://paper.example/river",
    );
    assert_eq!(story.body.len(), paragraphs.len());
    assert!(story.body.iter().eq(&paragraphs));
}
