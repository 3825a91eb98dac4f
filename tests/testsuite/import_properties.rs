//! What must hold for every text.

use std::fmt::Write;

use dateline::import::story::Story;
use dateline::import::{Context, markdown, read, text};
use proptest::prelude::*;

use crate::{import::ctx, import_layouts::wrapped, site_test::cases};

fn story(input: &str) -> Option<Story> {
    let ctx: Context = ctx();
    text::read(input, &ctx).into_iter().next()
}

fn words(text: &str) -> Vec<String> {
    let clean: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}') && (!c.is_control() || c.is_whitespace()))
        .collect();
    clean.split_whitespace().map(str::to_owned).collect()
}

/// Whether the needle's words occur in the haystack in their order.
fn is_subsequence(needle: &[String], haystack: &[String]) -> bool {
    let mut rest = haystack.iter();
    needle.iter().all(|n| rest.any(|h| h == n))
}

/// A sentence that tells something, from invented words.
fn sentence() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "bridge",
        "council",
        "river",
        "engineers",
        "ministry",
        "talks",
        "harvest",
        "port",
        "teachers",
        "museum",
        "ferry",
        "winter",
        "market",
        "glass",
        "orchard",
        "union",
        "valley",
        "railway",
        "keeper",
        "lamp",
        "against",
        "before",
        "which",
        "under",
        "between",
        "slowly",
        "seven",
        "old",
        "new",
        "three",
    ]);
    (
        prop::sample::select(vec!["The", "Nobody in the", "A", "Officials at the", "In spring the"]),
        prop::collection::vec(word, 11..30),
        prop::bool::ANY,
    )
        .prop_map(|(start, words, said)| {
            let mut out = format!("{start} {}", words.join(" "));
            if said {
                out.push_str(", officials said");
            }
            out.push('.');
            out
        })
}

fn paragraphs() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::collection::vec(sentence(), 1..4).prop_map(|s| s.join(" ")), 4..12)
}

const FURNITURE: &[&str] = &[
    "Sign up for our newsletter and get the day in your inbox.",
    "Read more: The last typewriter doctor",
    "Share on Facebook",
    "Comments",
    "© 2022 Example Courier. All rights reserved.",
    "Support our journalism from just $5 a month.",
    "Most read",
    "ADVERTISEMENT",
    "We use cookies to improve your experience.",
    "Tags: bridges, rivers",
];

fn article(paragraphs: &[String], join: &str) -> String {
    let mut out = format!("Bridge and river quarrel over the winter market{join}HARLOW, Jan 21 (Reuters) - ");
    out.push_str(&paragraphs.join(join));
    let _ = write!(out, "{join}(Reporting by Ann Lee; Editing by Bo Sand){join}");
    out
}

/// Breaks the lines of a text before they pass the column.
fn wrap(text: &str, column: usize) -> String {
    text.split('\n').map(|line| wrapped(line, column) + "\n").collect()
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn any_text_is_read(input in "\\PC{0,400}|(\\s|[a-zA-Z0-9.,:;()/—–“”\"©|#*_<>&-]|[А-Яа-я]|[一-龥]){0,600}") {
        if let Some(story) = story(&input) {
            let body: Vec<String> = story.body.iter().flat_map(|p| words(p)).collect();
            // A dateline or initials cut off leave part of a word
            let glued: String = body.concat();
            let source: String = words(&input).concat();
            let mut rest = source.chars();
            prop_assert!(glued.chars().all(|c| rest.any(|d| d == c)));
            prop_assert!(markdown::file(&story).starts_with("+++\n"));
        }
    }

    #[test]
    fn any_bytes_are_read(input in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&input, &ctx());
    }

    #[test]
    fn lines_of_news_shapes_are_read(lines in prop::collection::vec(prop::sample::select(vec![
        "GENEVA, Jan 21 (Reuters) - ", "(AP) —", "By ", "By A B", "___", "(Reporting by ", "Published: 31/31/2022", "©", "FILE -", "REUTERS/", "dpa", "# dpa-Notizblock",
        "The talks went on, and nobody in the hall could say for how long they would.", "1.", "Comments", "", "\u{a0}", "Photo: /", "https://", "21 Jan 2022 25:99 GMT",
    ]), 0..30)) {
        let text = lines.join("\n");
        if let Some(story) = story(&text) {
            prop_assert_eq!(markdown::file(&story), markdown::file(&story.clone()));
        }
    }

    #[test]
    fn the_body_is_the_paragraphs(paragraphs in paragraphs()) {
        let found = story(&article(&paragraphs, "\n\n")).expect("a story");
        prop_assert_eq!(&found.body, &paragraphs);
        prop_assert!(is_subsequence(&found.body.iter().flat_map(|p| words(p)).collect::<Vec<_>>(), &words(&article(&paragraphs, "\n\n"))));
    }

    #[test]
    fn line_ends_do_not_matter(paragraphs in paragraphs()) {
        let unix = article(&paragraphs, "\n\n");
        let dos = unix.replace('\n', "\r\n");
        prop_assert_eq!(story(&unix).map(|s| s.body), story(&dos).map(|s| s.body));
    }

    #[test]
    fn blank_lines_do_not_matter(paragraphs in paragraphs()) {
        prop_assert_eq!(story(&article(&paragraphs, "\n")).map(|s| s.body), Some(paragraphs));
    }

    #[test]
    fn wrapping_does_not_matter(paragraphs in paragraphs(), column in 60usize..80) {
        let wrapped = wrap(&article(&paragraphs, "\n\n"), column);
        prop_assert_eq!(story(&wrapped).map(|s| s.body), Some(paragraphs));
    }

    #[test]
    fn furniture_after_the_story_does_not_matter(paragraphs in paragraphs(), order in Just(FURNITURE.to_vec()).prop_shuffle(), take in 0usize..10, credit in prop::bool::ANY) {
        let mut text = article(&paragraphs, "\n\n");
        if !credit {
            text = text.replace("(Reporting by Ann Lee; Editing by Bo Sand)\n\n", "");
        }
        for line in order.iter().take(take) {
            let _ = write!(text, "{line}\n\n");
        }
        prop_assert_eq!(story(&text).map(|s| s.body), Some(paragraphs));
    }

    #[test]
    fn quotes_do_not_matter(paragraphs in paragraphs(), at in 0usize..4) {
        let said = |open: &str, close: &str, apostrophe: &str| {
            let mut all = paragraphs.clone();
            all[at] = format!("{open}It isn{apostrophe}t the river{apostrophe}s fault,{close} said Ann Lee of the harbour board.");
            all
        };
        let (straight, curly) = (said("\"", "\"", "'"), said("“", "”", "’"));
        prop_assert_eq!(story(&article(&straight, "\n\n")).map(|s| s.body), Some(straight));
        prop_assert_eq!(story(&article(&curly, "\n\n")).map(|s| s.body), Some(curly));
    }

    #[test]
    fn furniture_wrapped_and_with_other_line_ends_changes_nothing(
        paragraphs in paragraphs(),
        order in Just(FURNITURE.to_vec()).prop_shuffle(),
        take in 0usize..FURNITURE.len(),
    ) {
        let mut text = article(&paragraphs, "\n\n");
        for line in order.iter().take(take) {
            let _ = write!(text, "{line}\n\n");
        }
        let text = wrap(&text, 72).replace('\n', "\r\n");
        prop_assert_eq!(story(&text).map(|s| s.body), Some(paragraphs));
    }

    #[test]
    fn reading_what_was_read_changes_nothing(paragraphs in paragraphs()) {
        let first = story(&article(&paragraphs, "\n\n")).expect("a story");
        let again = format!("{}\n\n{} - {}", first.title.clone().unwrap_or_default(), first.dateline.clone().unwrap_or_default(), first.body.join("\n\n"));
        let second = story(&again).expect("a story");
        prop_assert_eq!(&first.body, &second.body);
        prop_assert_eq!(first.title, second.title);
        prop_assert_eq!(first.dateline, second.dateline);
    }

    #[test]
    fn what_is_rendered_is_the_text(text in "\\PC{0,80}|[#*_`<>&;~|+=:.)(a-z0-9\\[\\]!\\\\ -]{0,60}") {
        // Paragraphs come from the reader without white space around them and with single spaces inside.
        let paragraph = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let paragraph: String = paragraph.chars().filter(|c| !c.is_control()).collect();
        prop_assert_eq!(rendered(&markdown::body(&[paragraph.clone(), "end".to_owned()])), format!("{paragraph}\nend").trim_start().to_owned());
    }

    #[test]
    fn escaping_loses_no_character(text in "\\PC{0,120}") {
        let escaped = markdown::escape(&text);
        let mut plain = String::new();
        let mut chars = escaped.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation) {
                plain.extend(chars.next());
            } else {
                plain.push(c);
            }
        }
        prop_assert_eq!(plain, text);
    }
}

/// The text that a Markdown renderer shows, a line per block; anything but a paragraph shows as its tag.
fn rendered(markdown: &str) -> String {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST;
    let mut out = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) => out.push_str(&text),
            Event::Start(Tag::Paragraph) => {}
            Event::End(TagEnd::Paragraph) => out.push('\n'),
            other => out.push_str(&format!("<{other:?}>")),
        }
    }
    out.trim_end().to_owned()
}
