//! Importing what holds stories: feeds, mail, archives, bookmarks and lists.

use std::io::Write as _;

use crate::{
    import_web::{PARAGRAPHS, articles, one, page},
    site_test::Site,
};

/// The story's paragraphs as HTML.
fn paragraphs() -> String {
    PARAGRAPHS.iter().map(|text| format!("<p>{text}</p>")).collect()
}

/// The text of the article whose path ends so.
#[track_caller]
fn text(site: &Site, end: &str) -> String {
    let found = articles(site);
    let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    match found.iter().find(|(path, _)| path.ends_with(end)) {
        Some((_, text)) => text.clone(),
        None => panic!("no {end}; there is {paths:#?}"),
    }
}

#[track_caller]
fn has(text: &str, expected: &[&str]) {
    for expected in expected {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
}

#[test]
fn rss_with_full_texts_and_teasers() {
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>Valley Radio</title>\
         <link>https://valley.example/</link><language>en-gb</language><copyright>CC BY-SA 4.0</copyright>\
         <item><title>Bridge opens &amp;amp; closes</title><link>https://valley.example/bridge?utm_source=rss</link>\
         <pubDate>Fri, 21 Jan 2022 14:05:00 +0200</pubDate><dc:creator>Bo Sand and Cy Dunn</dc:creator>\
         <description>The bridge is open, for now.</description>\
         <content:encoded><![CDATA[{}<p>The post Bridge opens appeared first on Valley Radio.</p>]]></content:encoded>\
         <media:content url=\"https://valley.example/b.jpg\" medium=\"image\"><media:credit>Di Ames</media:credit></media:content></item>\
         <item><title>Only a teaser</title><guid>https://valley.example/teaser</guid>\
         <pubDate>Blursday, 99 Foo 2022</pubDate>\
         <description>&lt;p&gt;The mayor spoke for an hour. [&amp;#8230;]&lt;/p&gt;</description></item>\
         </channel></rss>",
        paragraphs()
    );
    let site = Site::new().file("download", feed);
    site.run("import download").succeeds().stdout_has("2 imported, 1 of them to the inbox");
    let full = text(&site, "articles/2022/01/bridge-opens-closes.md");
    has(
        &full,
        &[
            "title = \"Bridge opens & closes\"",
            "date = 2022-01-21T14:05:00+02:00",
            "url = \"https://valley.example/bridge\"",
            "summary = \"The bridge is open, for now.\"",
            "lang = \"en",
            "name = \"Bo Sand\"",
            "name = \"Cy Dunn\"",
            "license = \"CC-BY-SA-4.0\"",
            "src = \"https://valley.example/b.jpg\"",
            PARAGRAPHS[0],
            PARAGRAPHS[3],
        ],
    );
    assert!(!full.contains("appeared first"), "{full}");
    // A date that cannot be is none.
    let teaser = text(&site, "inbox/only-teaser.md");
    has(
        &teaser,
        &["url = \"https://valley.example/teaser\"", "summary = \"The mayor spoke for an hour.", "\"date\", \"body\""],
    );
    assert!(!teaser.split("[import]").next().unwrap_or_default().contains("date ="), "{teaser}");
    // A picture elsewhere is a warning.
    site.run("build").succeeds();
    // Read again, it is all there.
    site.run("import download").succeeds().stdout_has("0 imported; 2 in the site already");
}

#[test]
fn older_and_newer_kinds_of_feeds() {
    let atom = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Hill Notes</title><link href=\"https://hill.example/\"/>\
         <entry xml:lang=\"de\"><title type=\"html\">On &lt;em&gt;rain&lt;/em&gt;</title>\
         <link rel=\"alternate\" href=\"https://hill.example/rain\"/><link rel=\"license\" href=\"https://creativecommons.org/licenses/by/4.0/\"/>\
         <id>tag:hill.example,2022:rain</id><published>2022-02-01T08:00:00Z</published><updated>2022-02-03T09:30:00+01:00</updated>\
         <author><name>Cy Dunn</name></author><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div></content></entry></feed>",
        paragraphs()
    );
    let rdf = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
               xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
               <channel rdf:about=\"https://old.example/\"><title>Old</title><link>https://old.example/</link></channel>\
               <item rdf:about=\"https://old.example/cafe\"><title>Caf\u{e9} r\u{e9}ouvre ce soir</title><link>https://old.example/cafe</link>\
               <dc:date>2004-05-06T07:08:09+02:00</dc:date><description>Le caf\u{e9} du port.</description></item></rdf:RDF>";
    let latin: Vec<u8> = rdf.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let ancient = "<?xml version=\"1.0\"?><!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">\
                   <rss version=\"0.91\"><channel><title>A</title><link>https://ancient.example/</link>\
                   <item><title>A bell is cast anew</title><link>https://ancient.example/bell</link></item></channel></rss>";
    let json = serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1", "title": "Dunes", "language": "nl", "authors": [{"name": "Flo Gray"}],
        "items": [
            {"id": "1", "url": "https://dunes.example/1", "title": "Sand moves north", "content_text": PARAGRAPHS.join("\n\n").replace("ferry", "dune"),
             "date_published": "2022-03-01T10:00:00Z", "image": "https://dunes.example/i.png"},
            {"id": 2, "external_url": "https://dunes.example/2", "title": "Second thing", "summary": "Less & less."}
        ]
    });
    let site = Site::new().file("in/a", atom).file("in/b", latin).file("in/c", ancient).file("in/d", json.to_string());
    site.run("import in").succeeds().stdout_has("5 imported, 2 of them to the inbox");
    has(
        &text(&site, "2022/02/rain.md"),
        &[
            "title = \"On rain\"",
            "date = 2022-02-01T08:00:00Z",
            "updated = 2022-02-03T09:30:00+01:00",
            "name = \"Cy Dunn\"",
            "license = \"CC-BY-4.0\"",
            PARAGRAPHS[2],
        ],
    );
    has(
        &text(&site, "2004/05/cafe-reouvre-ce-soir.md"),
        &["title = \"Café réouvre ce soir\"", "summary = \"Le café du port.\""],
    );
    has(&text(&site, "inbox/bell-cast-anew.md"), &["url = \"https://ancient.example/bell\""]);
    has(
        &text(&site, "2022/03/sand-moves-north.md"),
        &["name = \"Flo Gray\"", PARAGRAPHS[1], "https://dunes.example/i.png"],
    );
    has(&text(&site, "inbox/second-thing.md"), &["summary = \"Less & less.\"", "https://dunes.example/2"]);
    site.run("build").succeeds();
}

#[test]
fn a_feed_that_is_cut_or_expands() {
    let cut = "<rss version=\"2.0\"><channel><title>V</title>\
               <item><title>Whole entry here</title><link>https://v.example/1</link></item><item><title>Half an en";
    let mut bomb = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">".to_owned();
    for level in 1..=9 {
        let inner = if level == 1 { "&lol;".to_owned() } else { format!("&lol{};", level - 1) };
        bomb.push_str(&format!("<!ENTITY lol{level} \"{}\">", inner.repeat(10)));
    }
    bomb.push_str("]><rss version=\"2.0\"><channel><title>L</title><item><title>Rain &lol9; tonight</title><link>https://l.example/1</link></item></channel></rss>");
    let deep = format!(
        "<rss version=\"2.0\"><channel><item><title>Deep &amp; wide</title><link>https://d.example/1</link>{}{}</item></channel></rss>",
        "<x>".repeat(20_000),
        "</x>".repeat(20_000)
    );
    let site = Site::new()
        .file("in/a.xml", cut)
        .file("in/b.xml", bomb)
        .file("in/c.xml", deep)
        .file("in/d.xml", "<rss version=\"2.0\"><channel></channel></rss>");
    site.run("import in")
        .has_errors()
        .stderr_has("in/a.xml is damaged: it ends in the middle; the entries before that were read")
        .stdout_has("in/b.xml declares entities of its own, which are not expanded")
        .stderr_has("in/d.xml is a feed without entries")
        .stdout_has("3 imported");
    has(&text(&site, "whole-entry-here.md"), &["https://v.example/1"]);
    assert!(articles(&site).iter().all(|(_, text)| text.len() < 2000));
}

fn mail(subject: &str, kind: &str, body: &str) -> String {
    format!(
        "Return-Path: <hello@digest.example>\nFrom: The Daily Digest <hello@digest.example>\nTo: me@example.org\nSubject: {subject}\n\
         Date: Fri, 21 Jan 2022 07:00:00 +0000\nMessage-ID: <1@digest.example>\nMIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{body}\n"
    )
}

/// A newsletter with three stories and what newsletters have around them.
fn newsletter(host: &str) -> String {
    format!(
        "<html><body><a href=\"https://digest.example/view?x=1\">View this email in your browser</a>\
         <a href=\"https://click.digest.example/?url=https%3A%2F%2Fone.{host}%2Fnews%2Fstorm%3Futm_source%3Dd\"><img src=\"x\"></a>\
         <h2><a href=\"https://click.digest.example/?url=https%3A%2F%2Fone.{host}%2Fnews%2Fstorm%3Futm_source%3Dd\">Storm closes the northern road</a></h2>\
         <p>Snow fell for three days and the ploughs could not keep up with it.</p>\
         <h2><a href=\"https://two.{host}/p/school\">Schools to open a week late</a></h2>\
         <p>The ministry gave no date for the exams.</p><a href=\"https://two.{host}/p/school\">Read more</a>\
         <h2><a href=\"https://links.digest.example/a/b9f3c7d20a1e4b58aa73c1f0d5e6978812345abcdefff\">Fishers find a wreck off the cape</a></h2>\
         <a href=\"https://digest.example/unsubscribe\">Unsubscribe from this list</a>\
         <a href=\"https://twitter.com/digest\">Follow our account there</a></body></html>"
    )
}

#[test]
fn a_newsletter_gives_each_linked_story() {
    let site = Site::new()
        .file("friday.eml", mail("=?utf-8?q?Friday=E2=80=99s_three?=", "text/html", &newsletter("a.example")));
    site.run("import friday.eml").succeeds().stdout_has("3 imported, to the inbox");
    has(
        &text(&site, "storm-closes-northern-road.md"),
        &[
            "url = \"https://one.a.example/news/storm\"",
            "summary = \"Snow fell for three days and the ploughs could not keep up with it.\"",
            "retrieved = 2022-01-21",
        ],
    );
    has(&text(&site, "schools-open-week-late.md"), &["summary = \"The ministry gave no date for the exams.\""]);
    // What leads through the sender is marked.
    has(&text(&site, "fishers-find-wreck-off-cape.md"), &["check = [\"url\", \"date\", \"body\"]"]);
    site.build();
}

#[test]
fn a_letter_is_a_story() {
    let letter = format!(
        "<html><body>{}{}<p><a href=\"https://l.example/unsubscribe\">Unsubscribe</a></p></body></html>",
        paragraphs(),
        paragraphs().replace("ferry", "boat").replace("harbour", "port")
    );
    let site = Site::new().file("a.eml", mail("Fwd: What the council did", "text/html", &letter));
    site.run("import a.eml").succeeds();
    let (path, text) = one(&site);
    assert_eq!(path, "content/articles/2022/01/what-council-did.md");
    has(
        &text,
        &["title = \"What the council did\"", "date = 2022-01-21T07:00:00Z", PARAGRAPHS[1], "check = [", "publisher"],
    );
}

#[test]
fn a_mailbox_is_read_mail_by_mail() {
    let quoted = mail("Three more", "text/html", &newsletter("b.example"))
        .replace("Message-ID", ">From the archive\nMessage-ID");
    let _ = quoted;
    let mut mbox = String::new();
    for host in ["a.example", "b.example"] {
        mbox.push_str("From hello@digest.example Fri Jan 21 07:00:00 2022\n");
        mbox.push_str(&mail("Friday", "text/html", &newsletter(host).replace("b9f3c7d2", host)));
        mbox.push('\n');
    }
    mbox.push_str("From hello@digest.example Fri Jan 21 07:00:00 2022\n");
    mbox.push_str(&mail("Hello there", "text/plain", "Thank you, see you soon!"));
    let site = Site::new().file("box", mbox);
    let run = site.run("import box");
    assert!(run.stdout.contains("6 imported") || run.stdout.contains("7 imported"), "{}", run.stdout);
    has(&text(&site, "storm-closes-northern-road-2.md"), &["https://one.b.example/news/storm"]);
}

#[test]
fn a_page_in_one_file() {
    let html = page("Lighthouse turns 200", "", &PARAGRAPHS).replace("The harbour", "Le café: the harbour");
    let encoded: String = html
        .bytes()
        .map(|b| if b == b'=' || b > 126 { format!("={b:02X}") } else { char::from(b).to_string() })
        .collect();
    let mhtml = format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://harbour.example/2022/lighthouse?utm_campaign=x\r\nSubject: Lighthouse\r\n\
         Date: Sat, 22 Jan 2022 09:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--B--\"\r\n\r\n\
         \r\n----B--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://harbour.example/2022/lighthouse?utm_campaign=x\r\n\r\n\
         {encoded}\r\n----B--\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://harbour.example/a.png\r\n\r\niVBORw0KGgo=\r\n\r\n----B----\r\n"
    );
    let site = Site::new().file("saved.txt", mhtml.clone());
    site.run("import saved.txt").succeeds();
    let (path, text) = one(&site);
    assert_eq!(path, "content/articles/2022/01/lighthouse-turns-200.md");
    has(
        &text,
        &[
            "Le café: the harbour council",
            "url = \"https://harbour.example/2022/lighthouse\"",
            "retrieved = 2022-01-22",
            PARAGRAPHS[3],
        ],
    );
    // Its pictures came with it: they are brought home without asking anybody.
    let with = mhtml.replace(
        "Content-Location: https://harbour.example/a.png",
        "Content-Location: https://harbour.example/pictures/a.png",
    );
    let picture = "<figure><img src=3D\"/pictures/a.png\" width=3D\"800\" height=3D\"500\" alt=3D\"The lighthouse\"><figcaption>The lighthouse at dusk.</figcaption></figure><p>Residents";
    let site = Site::new().file("pictured.mht", with.replace("<p>Residents", picture));
    site.run("import pictured.mht --images").succeeds();
    has(&one(&site).1, &["/images/2022/lighthouse-turns-200-1.png"]);
    assert_eq!(site.files("static").into_values().collect::<Vec<_>>(), [b"\x89PNG\r\n\x1a\n".to_vec()]);
    // Cut short, it says so or gives what there is; never nothing without a word.
    let site = Site::new().file("cut.mht", &mhtml[..380]);
    site.run("import cut.mht").has_errors().stderr_has("cut.mht is a");
}

fn record(kind: &str, uri: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2022-01-22T10:00:00Z\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    out.extend_from_slice(body);
    out.extend_from_slice(b"\r\n\r\n");
    out
}

fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n").into_bytes();
    out.extend_from_slice(body);
    out
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn archive() -> Vec<Vec<u8>> {
    let second = packed(page("Second archived story", "", &[PARAGRAPHS[2], PARAGRAPHS[0], PARAGRAPHS[3]]).as_bytes());
    let mut chunked = format!("{:x}\r\n", second.len()).into_bytes();
    chunked.extend_from_slice(&second);
    chunked.extend_from_slice(b"\r\n0\r\n\r\n");
    vec![
        record("warcinfo", "urn:x", b"software: test\r\n"),
        record(
            "response",
            "https://arch.example/a",
            &http(
                "X-Robots-Tag: nosnippet\r\nTDM-Reservation: 1\r\nTDM-Policy: https://arch.example/policy\r\n",
                page("First archived story", "", &PARAGRAPHS).as_bytes(),
            ),
        ),
        record("response", "https://arch.example/ad", &http("", b"<html><body><p>An advertisement</p></body></html>")),
        record(
            "response",
            "https://arch.example/s.js",
            b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n\r\nvar a = 1;",
        ),
        record(
            "response",
            "https://arch.example/gone",
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html><p>Gone</p></html>",
        ),
        record(
            "response",
            "https://arch.example/b",
            &http("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", &chunked),
        ),
    ]
}

#[test]
fn an_archive_gives_its_pages() {
    let site = Site::new().file("site.warc", archive().concat());
    site.run("import site.warc")
        .succeeds()
        .stdout_has("2 imported")
        .stdout_has("site.warc: one more page in it holds no story, and was left out");
    has(
        &text(&site, "first-archived-story.md"),
        &[
            "url = \"https://arch.example/a\"",
            "retrieved = 2022-01-22",
            "display = \"headline\"",
            "usage = \"nosnippet; tdm-reservation: 1; tdm-policy: https://arch.example/policy\"",
            PARAGRAPHS[1],
        ],
    );
    has(&text(&site, "second-archived-story.md"), &[PARAGRAPHS[3]]);
    // Packed, as archives mostly are: each record a member of its own.
    let members: Vec<u8> = archive().iter().flat_map(|record| packed(record)).collect();
    let site = Site::new().file("a.bin", &members);
    site.run("import a.bin").succeeds().stdout_has("2 imported");
    // And damaged.
    let site = Site::new().file("cut.warc.gz", &members[..members.len() - 300]);
    site.run("import cut.warc.gz").has_errors().stdout_has("1 imported; 1 not read").stderr_has("cut.warc.gz is ");
    let site = Site::new().file("none.warc", record("warcinfo", "urn:x", b"nothing"));
    site.run("import none.warc").has_errors().stderr_has("none.warc holds no story");
}

#[test]
fn bookmarks_of_a_browser() {
    let export = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n<TITLE>Bookmarks</TITLE>\n\
                  <H1>Bookmarks</H1>\n<DL><p>\n<DT><H3 PERSONAL_TOOLBAR_FOLDER=\"true\">Bookmarks bar</H3>\n<DL><p>\n\
                  <DT><A HREF=\"https://mk.example/top\" ADD_DATE=\"1642773900\">On the bar &amp; elsewhere</A>\n\
                  <DT><H3>Ferries</H3>\n<DL><p>\n<DT><A HREF=\"https://mk.example/a?utm_source=x\" ADD_DATE=\"1642773900\" TAGS=\"sea,boats\">Boats at night</A>\n\
                  <DD>To read for the digest\n<DT><A HREF=\"javascript:void(0)\">Marklet</A>\n</DL><p>\n</DL><p>\n</DL><p>\n";
    let site = Site::new().file("b.htm", export);
    site.run("import b.htm")
        .succeeds()
        .stdout_has("2 imported, to the inbox")
        .stdout_has("1 bookmark that leads to no page of the web");
    let boats = text(&site, "boats-night.md");
    has(
        &boats,
        &[
            "tags = [\"sea\", \"boats\", \"Ferries\"]",
            "commentary = \"To read for the digest\"",
            "url = \"https://mk.example/a\"",
            "retrieved = 2022-01-21",
            "check = [\"date\", \"body\"]",
        ],
    );
    let bar = text(&site, "bar-elsewhere.md");
    has(&bar, &["title = \"On the bar & elsewhere\""]);
    assert!(!bar.contains("tags"), "{bar}");
    let pocket = "<!DOCTYPE html><html><head><title>Pocket Export</title></head><body><h1>Unread</h1><ul>\
                  <li><a href=\"https://pk.example/a\" time_added=\"1642773900\" tags=\"one,two words\">Kept for later</a></li></ul></body></html>";
    let site = Site::new().file("ril_export.html", pocket);
    site.run("import ril_export.html").succeeds();
    has(&one(&site).1, &["title = \"Kept for later\"", "tags = [\"one\", \"two words\"]"]);
}

#[test]
fn lists_of_reading_services() {
    let site = Site::new()
        .file("in/pocket.csv", "title,url,time_added,tags,status\n\"Saved, one\",https://sv.example/one?utm_campaign=q,1642773900,ferry|harbour,unread\nNo address,,1,,\n")
        .file("in/semicolon.csv", "\u{feff}URL;Titel;Notiz;Datum\r\nhttps://de.example/a;Fähre bleibt im Hafen;Für die Woche;2022-01-21\r\n")
        .file("in/insta.csv", "URL,Title,Selection,Folder,Timestamp\nhttps://ip.example/x,Held at the border,,Unread,1642773900\n")
        .file("in/pinboard.json", r#"[{"href":"https://pin.example/a","description":"A pinned story","extended":"My note","tags":"alpha","time":"2022-01-03T10:00:00Z"}]"#)
        .file("in/pocket.json", r#"{"status":1,"list":{"7":{"given_url":"https://pj.example/a","resolved_title":"From an interface","excerpt":"In short.","tags":{"t1":{}},"time_added":"1642773900"}}}"#)
        .file("in/lines.jsonl", "{\"url\":\"https://jl.example/1\",\"title\":\"Line by line one\"}\n{\"url\":\"https://jl.example/2\",\"title\":\"Line by line two\"}\n")
        .file(
            "in/wallabag.json",
            serde_json::json!([{"url": "https://wb.example/a", "title": "Kept with its text", "content": paragraphs(), "published_at": "2022-01-20T08:00:00+00:00", "tags": ["k"]}]).to_string(),
        );
    site.run("import in")
        .has_errors()
        .stderr_has("in/pocket.csv line 3 has no address")
        .stdout_has("8 imported, 7 of them to the inbox; 1 not read");
    has(
        &text(&site, "saved-one.md"),
        &[
            "title = \"Saved, one\"",
            "tags = [\"ferry\", \"harbour\"]",
            "url = \"https://sv.example/one\"",
            "retrieved = 2022-01-21",
        ],
    );
    has(&text(&site, "fahre-bleibt-hafen.md"), &["commentary = \"Für die Woche\"", "retrieved = 2022-01-21"]);
    has(&text(&site, "held-border.md"), &["retrieved = 2022-01-21"]);
    has(
        &text(&site, "pinned-story.md"),
        &["title = \"A pinned story\"", "commentary = \"My note\"", "tags = [\"alpha\"]"],
    );
    has(&text(&site, "interface.md"), &["summary = \"In short.\"", "tags = [\"t1\"]"]);
    has(&text(&site, "line-line-two.md"), &["https://jl.example/2"]);
    has(&text(&site, "2022/01/kept-text.md"), &[PARAGRAPHS[0], "date = 2022-01-20T08:00:00Z"]);
    site.build();
}

#[test]
fn damaged_lists_say_where() {
    let site = Site::new()
        .file("in/a.json", "[{\"url\": \"https://x.example/a\", \"title\": ")
        .file("in/b.json", "{\"settings\": {\"theme\": 1}}")
        .file("in/c.csv", "url,title\n\"https://x.example/1,unclosed\nhttps://x.example/2,two\n")
        .file("in/d.csv", "url,title\n")
        .file("in/good.csv", "url,title\nhttps://x.example/9,A good row here\n");
    site.run("import in")
        .has_errors()
        .stderr_has("in/a.json is damaged JSON: EOF while parsing a value at line 1 column")
        .stderr_has("in/b.json is JSON without a list of stories")
        .stderr_has("in/d.csv is a table of links without a row")
        .stdout_has("4 not read");
    has(&text(&site, "good-row-here.md"), &["https://x.example/9"]);
}

#[test]
fn several_stories_in_one_text_are_told_apart_only_where_that_is_sure() {
    let ferry = "Ferry halts\n\nOSLO, Nov 9, 2021 (Reuters) - The ferry stopped on Tuesday because of the ice that has covered the fjord for a week now, its owner said.\n\nNobody was hurt, the company said in a statement, and buses would run until the thaw allowed it to sail again.\n";
    let rinks = "Rinks stay closed\n\nBERLIN, Jan 21, 2022 (Reuters) - The rinks stay closed because nobody can reach them on foot, the city said on Friday after a night of sleet.\n\nIt will salt the paths over the weekend and hopes to open them on Monday, a spokesman told reporters there.\n";
    for (name, text) in [
        ("ruled", format!("{ferry}\n==========\n\n{rinks}")),
        ("numbered", format!("1 of 2 DOCUMENTS\n\n{ferry}\n2 of 2 DOCUMENTS\n\n{rinks}")),
        ("headed", format!("{ferry}\n{rinks}")),
        ("paged", format!("{ferry}\u{c}\n{rinks}")),
    ] {
        let site = Site::new().file("two.txt", &text);
        site.run("import two.txt")
            .succeeds()
            .stdout_has("2 imported")
            .stdout_has("one of several stories in the file: from line 1");
        let found = articles(&site);
        assert!(found[0].1.contains("ferry stopped") && !found[0].1.contains("rinks"), "{name}: {found:#?}");
        assert!(found[1].1.contains("rinks stay") && !found[1].1.contains("ferry"), "{name}: {found:#?}");
        site.run("import two.txt").succeeds().stdout_has("0 imported; 2 in the site already");
    }
    // A rule inside one story parts nothing.
    let one_story = format!(
        "{ferry}\n* * *\n\nThe fjord last froze over in the winter of 1987, when the islanders walked to school across it, said a man who did.\n"
    );
    let site = Site::new().file("one.txt", one_story);
    site.run("import one.txt").succeeds().stdout_has("1 imported");
    has(&one(&site).1, &["walked to school"]);
}
