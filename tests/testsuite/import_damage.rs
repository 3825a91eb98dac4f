//! Importing what is damaged, hostile or large: bounded time and memory, and the rest of the batch unharmed.

use std::time::{Duration, Instant};

use crate::{
    import_web::{PARAGRAPHS, articles, page},
    site_test::Site,
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
        .stderr_has("there is no file `missing.txt`")
        .stdout_has("left out, as they are no text: in/photo.jpg")
        .stdout_has("7 not read");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    let found = articles(&site);
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
    let run =
        site.run("import in").has_errors().stdout_has("300 imported; 1 not read").stdout_has("not read: in/150x.html");
    assert!(run.stdout.lines().count() < 320, "one line a story");
    assert!(run.stderr.lines().count() < 3, "no progress bar where nobody watches:\n{}", run.stderr);
    assert_eq!(articles(&site).len(), 300);
    site.run("import in").has_errors().stdout_has("0 imported; 300 in the site already; 1 not read");
}
