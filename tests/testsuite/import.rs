//! Importing plain text: whole stories against what they should become, and the real sample.
//!
//! Each `tests/fixtures/import/<name>.txt` is invented and has a `<name>.expected` beside it. After a change that is
//! meant, `UPDATE_EXPECTED=1 cargo test import` writes them anew: read the difference before it is committed.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use dateline::import::merge::{Decision, Existing, decide};
use dateline::import::recognise::decode;
use dateline::import::update::compare;
use dateline::import::{Context, Format, Report, Story, markdown, read, recognise};
use dateline::{import::story::Role, parse::Choice as _};
use jiff::civil::date;

pub fn ctx() -> Context {
    Context::on(date(2026, 1, 2))
}

fn one(bytes: &[u8]) -> Story {
    let mut stories = read(bytes, &ctx()).expect("it is text");
    assert_eq!(stories.len(), 1);
    stories.remove(0)
}

fn fixtures() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("the fixtures are there")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    found.sort();
    found
}

/// What a reader of the expected file wants to see: the fields, what was removed by kind, the body.
fn show(story: &Story) -> String {
    let mut out = String::new();
    let mut row = |key: &str, value: &str| {
        let _ = writeln!(out, "{key}: {value}");
    };
    row("path", &story.path());
    row("title", story.title.as_deref().unwrap_or("-"));
    row("dateline", story.dateline.as_deref().unwrap_or("-"));
    row("place", story.place.as_deref().unwrap_or("-"));
    row("agency", story.agency.as_deref().unwrap_or("-"));
    let published = story.published.as_ref().map(|p| format!("{} {}", p.date, p.how));
    row("date", published.as_deref().unwrap_or("-"));
    row("url", story.url.as_deref().unwrap_or("-"));
    for image in &story.images {
        row(
            "image",
            &format!("{} | {}", image.caption.as_deref().unwrap_or("-"), image.credit.as_deref().unwrap_or("-")),
        );
    }
    for credit in &story.credits {
        row("credit", &format!("{}, {}, {}", credit.name, credit.role.word(), credit.place.as_deref().unwrap_or("-")));
    }
    for candidate in &story.publishers {
        row("perhaps", &candidate.name);
    }
    for check in &story.check {
        row("check", &format!("{}: {}", check.field, check.reason));
    }
    for removed in &story.removed {
        row("removed", &format!("{}, {}", removed.kind.name(), removed.text.chars().take(60).collect::<String>()));
    }
    row("words removed", &story.words_removed.to_string());
    out.push('\n');
    out.push_str(&markdown::body(&story.body));
    out
}

#[test]
fn stories_become_what_they_should() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut wrong = Vec::new();
    for path in fixtures() {
        let story = one(&std::fs::read(&path).expect("readable"));
        let found = show(&story);
        let beside = path.with_extension("expected");
        if update {
            std::fs::write(&beside, &found).expect("writable");
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\n--- expected\n{expected}\n--- found\n{found}", path.display()));
        }
    }
    assert!(fixtures().len() >= 25);
    assert!(wrong.is_empty(), "{} stories differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The real sample lies beside the repository, not in it.
fn sample() -> Option<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let mut found: Vec<PathBuf> = std::fs::read_dir(&dir)
        .ok()?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    found.sort();
    std::fs::read(found.first()?).ok()
}

#[test]
fn the_real_sample() {
    let Some(bytes) = sample() else {
        eprintln!("NOT TESTED: ../shared/seeds/ is not there, so the real sample was not read");
        return;
    };
    let story = one(&bytes);
    assert_eq!(story.title.as_deref(), Some("U.S. and Russia expect no breakthrough as Ukraine talks start"));
    assert_eq!(story.dateline.as_deref(), Some("GENEVA, Jan 21 (Reuters)"));
    assert_eq!(story.place.as_deref(), Some("Geneva"));
    assert_eq!(story.agency.as_deref(), Some("reuters"));
    let published = story.published.as_ref().expect("a date");
    assert_eq!(published.date, date(2022, 1, 21));
    assert!(published.how.contains("caption") && published.how.contains("Friday"), "{}", published.how);
    assert_eq!(story.images.len(), 1);
    let caption = story.images[0].caption.as_deref().expect("a caption");
    assert!(caption.starts_with("US Secretary of State") && caption.ends_with("21 January 2022."), "{caption}");
    assert_eq!(story.images[0].credit.as_deref(), Some("EPA-EFE/Martial Trezzini"));
    let credits: Vec<(&str, Role, Option<&str>)> =
        story.credits.iter().map(|c| (c.name.as_str(), c.role, c.place.as_deref())).collect();
    assert_eq!(
        credits,
        [
            ("Simon Lewis", Role::Author, None),
            ("Alexander Ermochenko", Role::Contributor, Some("Donetsk")),
            ("Mark Trevelyan", Role::Contributor, Some("London")),
            ("Vladimir Soldatkin", Role::Contributor, Some("Moscow")),
            ("Tom Balmforth", Role::Contributor, Some("Moscow")),
            ("Paul Carrel", Role::Writer, None),
            ("Michael Shields", Role::Editor, None),
            ("Mary Milliken", Role::Editor, None),
            ("Grant McCool", Role::Editor, None),
            ("Timothy Heritage", Role::Editor, None),
            ("Martial Trezzini", Role::Photographer, None),
        ]
    );
    // Nothing asserted about the publisher; the name that the surroundings repeat is offered.
    assert_eq!(story.publishers.first().map(|c| c.name.as_str()), Some("Daily Maverick"));
    let check: Vec<&str> = story.check.iter().map(|c| c.field).collect();
    assert_eq!(check, ["publisher"]);
    assert_eq!(story.words_removed, 184);
    assert_eq!(story.path(), "content/articles/2022/01/us-russia-expect-no-breakthrough-ukraine-talks-start.md");

    // The body is every paragraph between the dateline and the byline, and nothing else.
    let (text, _) = decode(&bytes);
    let from = text.find("The top Russian").expect("the first sentence");
    let to = text.find("By Simon Lewis.").expect("the byline");
    let paragraphs: Vec<&str> = text[from..to].split("\n").map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(story.body, paragraphs);

    let file = markdown::file(&story);
    assert!(!file.contains("publisher =") && !file.contains("Insider") && !file.contains("MavericKids"));
    let report = Report::full(&story).to_string();
    assert!(report.contains("Daily Maverick") && report.contains("check"), "{report}");
}

#[test]
fn the_sample_in_other_clothes() {
    let Some(bytes) = sample() else { return };
    let whole = one(&bytes);
    let (text, _) = decode(&bytes);
    let straight = text.replace(['“', '”'], "\"").replace('’', "'");
    assert_eq!(one(text.replace('\n', "\r\n").as_bytes()).body, whole.body);
    assert_eq!(one(straight.as_bytes()).body_fingerprint(), whole.body_fingerprint());
    assert_eq!(one(text.replace("\n\n", "\n").as_bytes()).body, whole.body);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(one(&utf16).body, whole.body);
}

/// A story wrapped at 72 columns with no blank line between paragraphs, `between` two of them, and `after` it.
fn wrapped_story(between: &str, after: &str) -> Vec<String> {
    let text = format!(
        "Aston opens a bridge over its mill stream
The council of Aston has opened a new bridge over the mill stream, and
the first carts went over it before the paint of its rails was dry on
Friday.
The old one had stood since the flood, and nobody had asked whether it
would bear more than a cart with two horses and the man who led them.
{between}
Its timber goes to the school, which wants to build benches from what is
sound, and the rest will be burned on the green at midsummer.
{after}"
    );
    one(text.as_bytes()).body
}

#[test]
fn a_line_of_furniture_is_not_joined_to_the_wrapped_paragraph_above() {
    let body = wrapped_story("Advertisement", "");
    assert_eq!(body.len(), 3, "{body:#?}");
    assert!(body[1].ends_with("the man who led them.") && body[2].starts_with("Its timber"), "{body:#?}");
}

#[test]
fn a_heading_is_not_joined_to_the_wrapped_paragraph_above() {
    let after = "Read more: The long summer of the ferryman who had no river left to cross
The mill itself stands empty, and the miller said on Friday that he would
rather see it fall than turn it into a house for people from the city who
come for the quiet and complain of the bells.
";
    let body = wrapped_story("What becomes of the timber", after);
    let begins: Vec<&str> = body.iter().map(|block| &block[..10]).collect();
    assert_eq!(begins, ["The counci", "The old on", "What becom", "Its timber", "The mill i"], "{body:#?}");
}

/// What the command keeps of a file it wrote, read back.
fn existing(path: &str, story: &Story, body: &str) -> Existing {
    Existing::new(path, Some(&story.id()), Some(&story.sha256), story.url.as_deref(), body)
}

#[test]
fn importing_again_changes_nothing() {
    for path in fixtures() {
        let story = one(&std::fs::read(&path).expect("readable"));
        let body = markdown::body(&story.body);
        let Decision::New { path: to, slug } = decide(&[], &story) else { panic!("{}", path.display()) };
        assert_eq!((to.clone(), slug), (story.path(), story.slug()));
        let have = [existing(&to, &story, &body)];
        assert_eq!(decide(&have, &story), Decision::Same { path: to.clone() }, "{}", path.display());
        // The curator rewrote the body and even the id: the input's fingerprint still tells.
        let edited = Existing::new(&to, Some("another"), Some(&story.sha256), None, "My own words.");
        assert_eq!(decide(&[edited], &story), Decision::Same { path: to.clone() });
        // The same text under other furniture; where both tell their address, the fields may still differ.
        let other = Existing { sha256: Some("0".repeat(64)), ..have[0].clone() };
        let expected = if story.url.is_some() { Decision::Version { path: to } } else { Decision::Same { path: to } };
        assert_eq!(decide(&[other], &story), expected);
    }
}

#[test]
fn a_changed_story_is_told_and_never_written() {
    let first = one(b"Ferry halts\n\nOSLO, Nov 9, 2021 (Reuters) - The ferry stopped on Tuesday because of the ice.\n\nNobody was hurt, the company said in a statement.\n");
    let second = one(b"Ferry halts\n\nOSLO, Nov 9, 2021 (Reuters) - The ferry stopped on Tuesday because of the ice.\n\nTwo people were hurt, the company said in a statement.\n");
    let path = first.path();
    let have = [existing(&path, &first, &markdown::body(&first.body))];
    assert_eq!(decide(&have, &second), Decision::Version { path });
    let found = compare(&markdown::file(&first), &markdown::file(&second)).expect("it has front matter");
    assert!(found.kept.is_empty() && found.has_base);
    let changed: Vec<&str> = found.changes.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(changed, ["body"]);
    assert_eq!(found.text, markdown::file(&second));
}

#[test]
fn another_story_of_the_same_name_gets_a_number() {
    let first = one(b"Ferry halts\n\nOSLO, Nov 9, 2021 (Reuters) - The ferry stopped on Tuesday because of the ice.\n");
    let other =
        one(b"Ferry halts\n\nROME, Nov 9, 2021 (Reuters) - A strike kept every boat in the harbour until noon.\n");
    let path = first.path();
    let have = [existing(&path, &first, &markdown::body(&first.body))];
    let Decision::New { path, slug } = decide(&have, &other) else { panic!("it is new") };
    assert_eq!((path.as_str(), slug.as_str()), ("content/articles/2021/11/ferry-halts-2.md", "ferry-halts-2"));
    assert!(markdown::file_with(&other, &slug).contains("id = \"2021-11-09-ferry-halts-2\""));
}

#[test]
fn other_formats_are_named() {
    let table: &[(&[u8], Format)] = &[
        (b"", Format::Empty),
        (b" \r\n\t ", Format::Empty),
        (b"\xef\xbb\xbf\n", Format::Empty),
        (b"Just text", Format::Text),
        (b"\xff\xfeh\0i\0", Format::Text),
        (b"caf\xe9", Format::Text),
        (b"<!doctype html><p>x", Format::Html),
        (b"  <html lang=en>", Format::Html),
        (b"<?xml version=\"1.0\"?><rss version=\"2.0\">", Format::Feed),
        (b"<feed xmlns=\"http://www.w3.org/2005/Atom\">", Format::Feed),
        (b"<opml version=\"2.0\">", Format::Opml),
        (b"{\"version\": \"https://jsonfeed.org/version/1.1\"}", Format::JsonFeed),
        (b"{\"a\": 1}", Format::Json),
        (b"<!DOCTYPE NETSCAPE-Bookmark-file-1>", Format::Bookmarks),
        (b"WARC/1.0\r\n", Format::Warc),
        (b"Received: from a\r\nSubject: News\r\nFrom: a@example.org\r\n\r\nText", Format::Mail),
        (b"From a@example.org Fri Jan 21 14:05:00 2022\nSubject: News\n\nText", Format::Mbox),
        (b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", Format::Mhtml),
        (b"+++\ntitle = \"x\"\n+++\n", Format::Article),
        (b"\x1f\x8b\x08", Format::Gzip),
        (b"<?xml version=\"1.0\"?><svg xmlns=\"x\">", Format::Binary("a picture (SVG)")),
        (b"<?xml version=\"1.0\"?><urlset>", Format::Xml),
        (b"<?xml version=\"1.0\"?><!DOCTYPE html><html>", Format::Html),
        (b"url,title,tags\nhttps://example.org/,x,y\n", Format::Csv),
        (b"name,age\nAnn,3\n", Format::Text),
        (b"%PDF-1.7", Format::Binary("a PDF")),
        (b"a\0b\0", Format::Binary("a binary file")),
        (b"From the hills came news.\n\nIt was good.", Format::Text),
        (b"Subject matter: nothing", Format::Text),
        (b"<3 is what she wrote", Format::Text),
    ];
    for (bytes, format) in table {
        assert_eq!(recognise(bytes), *format, "{}", String::from_utf8_lossy(bytes));
        // None of them holds a story, and what is read says so without a fuss.
        let is_read = matches!(format, Format::Text | Format::Html | Format::Mail | Format::Mbox | Format::Csv);
        if !is_read && let Err(told) = read(bytes, &ctx()) {
            assert!(told.message.starts_with("is ") || told.message.starts_with("ha"), "{}", told.message);
        }
        assert_eq!(read(bytes, &ctx()).is_ok(), is_read, "{format:?}");
    }
}

#[test]
fn a_file_without_a_title_goes_to_the_inbox() {
    let story = one(b"BERLIN, Jan 21, 2022 (Reuters) - The rinks stay closed because nobody can reach them on foot.\n");
    assert_eq!(story.title, None);
    assert!(story.path().starts_with("content/inbox/"));
    assert!(story.check.iter().any(|c| c.field == "title"));
    assert!(!markdown::file(&story).contains("title ="));
}
