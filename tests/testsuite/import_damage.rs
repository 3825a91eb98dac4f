//! Importing what is damaged, hostile or large: bounded time and memory, and the rest of the batch unharmed.

use std::time::{Duration, Instant};

use dateline::import::{self, Context};
use proptest::prelude::*;

use crate::{
    import_web::{PARAGRAPHS, articles, page},
    site_test::{Site, cases},
};

fn packed(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

#[test]
fn one_bad_file_never_stops_a_batch() {
    let good = page("A good page among bad ones", "", &PARAGRAPHS);
    let inline = format!("<p><img src=\"data:image/png;base64,{}\"></p>", "iVBORw0KGgo".repeat(200_000));
    let site = Site::new()
        .file("in/a.pdf", b"%PDF-1.7\nx")
        .file("in/b.txt", "")
        .file("in/bomb.html.gz", packed(&[b"<html><body><p>".as_slice(), &vec![b'a'; 300 << 20]].concat()))
        .file("in/c.zip", b"PK\x03\x04rest")
        .file("in/cut.html", &good[..good.len() - 250])
        .file("in/deep.html", format!("<html><body>{}deep{}", "<div>".repeat(10_000), "</div>".repeat(10_000)))
        .file(
            "in/good.html.gz",
            packed(page("A packed page", "", &[PARAGRAPHS[3], PARAGRAPHS[2], PARAGRAPHS[0]]).as_bytes()),
        )
        .file(
            "in/inline.html",
            page("A page with its pictures inside", "", &[PARAGRAPHS[1], PARAGRAPHS[3], PARAGRAPHS[2]])
                .replace("</article>", &format!("{inline}</article>")),
        )
        .file("in/noise.bin", [0u8, 1, 2, 3, 0, 255].repeat(100))
        .file("in/photo.jpg", b"\xff\xd8\xff\xe0")
        .file("in/wrong.gz", b"\x1f\x8b\x08nonsense")
        .file("in/Talks_files/style.css", "body { color: red }")
        .file("in/Talks.html", page("A page saved with its parts", "", &[PARAGRAPHS[2], PARAGRAPHS[1], PARAGRAPHS[0]]))
        .file("in/.DS_Store", "x");
    let start = Instant::now();
    site.run("import in missing.txt")
        .has_errors()
        .stderr_has("in/a.pdf is a PDF, which holds no text that can be read")
        .stderr_has("in/b.txt is empty")
        .stderr_has("in/bomb.html.gz unpacks to more than 64 MB")
        .stderr_has("in/c.zip is a ZIP archive or office document: unpack it, and import the folder")
        .stderr_has("in/noise.bin is a binary file")
        .stderr_has("in/wrong.gz is a damaged gzip archive")
        .stderr_has("`missing.txt` is not there")
        .stdout_has("left out, as they are no text: in/photo.jpg")
        .stdout_has("7 not read");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    let found = articles(&site);
    let cut =
        found.iter().find(|(_, text)| text.contains("title = \"A good page among bad ones\"")).expect("it has a story");
    assert!(cut.1.contains("check = [") && cut.1.contains("\"body\""), "{}", cut.1);
    for title in ["A packed page", "A page with its pictures inside", "A page saved with its parts"] {
        assert!(found.iter().any(|(_, text)| text.contains(&format!("title = \"{title}\""))), "{title}: {found:#?}");
    }
    assert!(
        found.iter().all(|(_, text)| text.len() < 10_000 && !text.contains("data:image")),
        "a picture is in the text"
    );
    assert!(!found.iter().any(|(path, _)| path.contains("color") || path.contains("style")));
}

#[test]
fn a_page_of_fifty_megabytes() {
    let mut html = page("A very long page", "", &PARAGRAPHS);
    let filler = "<div class=\"x\"><span>1</span><a href=\"/y\">z</a></div>\n".repeat(1000);
    let at = html.find("<footer>").expect("a footer");
    let mut rest = html.split_off(at);
    while html.len() < 50 << 20 {
        html.push_str(&filler);
    }
    rest.insert_str(0, &html);
    let site = Site::new().file("long.html", rest);
    let start = Instant::now();
    site.run("import long.html").succeeds();
    assert!(start.elapsed() < Duration::from_secs(240), "{:?}", start.elapsed());
    let found = articles(&site);
    assert!(found[0].1.contains(PARAGRAPHS[0]), "{}", &found[0].1[..found[0].1.len().min(3000)]);
}

#[test]
fn wrong_and_missing_charsets() {
    let html = page("Café réouvre à Orléans", "", &PARAGRAPHS).replace("<meta charset=\"utf-8\">", "");
    let site = Site::new()
        .file("a.html", html.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect::<Vec<_>>());
    site.run("import a.html").succeeds();
    assert!(articles(&site)[0].1.contains("title = \"Café réouvre à Orléans\""), "{}", articles(&site)[0].1);
}

#[test]
fn a_large_batch_is_summed_up() {
    let site = Site::new();
    for number in 0..300 {
        let own = format!(
            "Report number {number} of the harbour master counts {} boats and {} gulls on the quay that day.",
            number * 7,
            number * 3
        );
        site.write(
            &format!("in/{number:03}.html"),
            page(
                &format!("Harbour report {number}"),
                "",
                &[&own, PARAGRAPHS[number % 4], PARAGRAPHS[(number + 1) % 4]],
            ),
        );
    }
    site.write("in/150x.html", "");
    let run = site
        .run("import in")
        .has_errors()
        .stdout_has("300 imported; 1 not read")
        .stdout_has("not read, or not in full: in/150x.html");
    assert!(run.stdout.lines().count() < 320, "one line a story");
    assert!(run.stderr.lines().count() < 3, "no progress bar where nobody watches:\n{}", run.stderr);
    assert_eq!(articles(&site).len(), 300);
    site.run("import in").has_errors().stdout_has("0 imported; 300 in the site already; 1 not read");
}

/// A small input of each kind.
fn samples() -> Vec<Vec<u8>> {
    let html = page("A story of the harbour", "", &PARAGRAPHS);
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{html}\r\n0\r\n\r\n",
        html.len()
    );
    let warc = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/b\r\nWARC-Date: 2022-01-22T10:00:00Z\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
        answer.len()
    );
    let mail = "From: A B <a@example.org>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\nDate: Fri, 21 Jan 2022 07:00:00 +0000\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSome words\r\nhttps://a.example/one-long-headline\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<a href=3D\"https://a.example/x\">A headline of some words</a> <p>and what it says</p><a href=3D\"https://b.example/y\">Another headline of words</a>\r\n--b--\r\n";
    let mhtml = format!(
        "From: <Saved>\r\nSnapshot-Content-Location: https://a.example/\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    );
    let rss = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><!DOCTYPE rss [<!ENTITY a \"&b;\">]><rss version=\"2.0\"><channel><title>T &amp; U</title><item><title><![CDATA[A & b]]></title><link>https://a.example/1</link><description>&lt;p&gt;x &#8230; &a;&lt;/p&gt;</description><pubDate>Fri, 21 Jan 2022 14:05:00 +0200</pubDate><media:content url='x.jpg' medium='image'/></item></channel></rss>";
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'><div>On <b>rain</b></div></title><link href='https://a.example/r'/><updated>2022-02-01T08:00:00Z</updated><content type='xhtml'><div><p>Words</p></div></content></entry></feed>";
    let json = r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"https://a.example/1","title":"T","content_html":"<p>x</p>","date_published":"2022-03-01T10:00:00Z"}]}"#;
    let list = r#"[{"href":"https://a.example/a","description":"A story","extended":"n","tags":"a b","time":"2022-01-03T10:00:00Z"}]"#;
    let marks = "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><H3>F</H3><DL><p><DT><A HREF='https://a.example/a' ADD_DATE='1642773900' TAGS='a,b'>T</A><DD>note<br>more</DL></DL>";
    let texts = format!(
        "Ferry halts\n\nOSLO, Nov 9, 2021 (Reuters) - {}\n\n=====\n\nRinks close\n\nBERLIN, Jan 21, 2022 (Reuters) - {}\n",
        PARAGRAPHS[0], PARAGRAPHS[1]
    );
    let mut out: Vec<Vec<u8>> = [
        html.as_str(),
        &warc,
        mail,
        &format!("From a@b Fri Jan 21 07:00:00 2022\n{mail}\nFrom c@d Fri Jan 21 07:00:00 2022\n{mail}"),
        &mhtml,
        rss,
        atom,
        json,
        list,
        marks,
        &texts,
        "url;title;tags;time_added\nhttps://a.example/1;\"T; u\";a|b;1642773900\n",
        "<opml><body><outline xmlUrl='https://a.example/f'/></body></opml>",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    out.push(packed(warc.as_bytes()));
    out
}

#[test]
fn every_sample_is_read() {
    for sample in samples() {
        let found = import::read_from(
            &sample,
            &import::Source::default(),
            &Context::on(jiff::civil::Date::constant(2026, 1, 2)),
        );
        let found = found.unwrap_or_else(|refusal| panic!("{refusal}: {}", String::from_utf8_lossy(&sample)));
        assert!(!found.stories.is_empty() || !found.feeds.is_empty(), "{}", String::from_utf8_lossy(&sample));
    }
}

proptest! {
    #![proptest_config(cases(600))]

    /// Bytes changed, cut out and put twice: whatever comes of it is read or refused, and what is read can be written.
    #[test]
    fn damage_is_told_and_never_a_panic(which in 0usize..14, edits in prop::collection::vec((any::<u16>(), any::<u8>(), 0u8..5), 1..12)) {
        let mut bytes = samples().swap_remove(which);
        for (at, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = usize::from(at) % bytes.len();
            let end = (at + usize::from(byte)).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => { bytes.drain(at..end); }
                3 => { let part = bytes[at..end].to_vec(); bytes.splice(at..at, part); }
                _ => bytes.insert(at, byte),
            }
        }
        let ctx = Context::on(jiff::civil::Date::constant(2026, 1, 2));
        if let Ok(found) = import::read_from(&bytes, &import::Source::default(), &ctx) {
            for story in found.stories {
                let text = import::markdown::file(&story);
                let compared = import::update::compare(&text, &text).expect("what is written can be read");
                prop_assert!(compared.is_same());
                prop_assert_eq!(compared.text, text);
            }
        }
    }
}
