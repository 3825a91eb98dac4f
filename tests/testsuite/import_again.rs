//! Importing the same again, and what changed at the source: once only, and never over a curator's edit.

use crate::{
    import_web::{PARAGRAPHS, articles, one, page},
    site_test::{Site, has_tool},
};

const ADDRESS: &str = "<link rel=\"canonical\" href=\"https://harbour.example/2022/ferry\">";

fn site_with(title: &str, paragraphs: &[&str]) -> Site {
    let site = Site::new().file("ferry.html", page(title, ADDRESS, paragraphs));
    site.run("import ferry.html").succeeds().stdout_has("1 imported");
    site
}

const TITLE: &str = "Council keeps the old ferry";

/// The story with its last paragraph changed, as its outlet might.
fn changed() -> [&'static str; 4] {
    [
        PARAGRAPHS[0],
        PARAGRAPHS[1],
        PARAGRAPHS[2],
        "The company that owns the ferry said it would need three more crews to run after dark and hoped to hire them by May.",
    ]
}

#[test]
fn the_same_page_is_imported_once_whatever_its_form() {
    let site = site_with(TITLE, &PARAGRAPHS);
    site.run("import ferry.html").succeeds().stdout_has("0 imported; 1 in the site already");
    let forms = [
        "http://www.harbour.example/2022/ferry/",
        "https://m.harbour.example/2022/ferry?utm_source=x&fbclid=1#comments",
        "https://harbour.example/2022/ferry/amp",
        "https://www.google.com/amp/s/harbour.example/2022/ferry",
    ];
    for form in forms {
        let head = format!("<link rel=\"canonical\" href=\"{form}\">");
        let html = page(TITLE, &head, &PARAGRAPHS).replace("All rights reserved.", form);
        site.write("again.html", html);
        site.run("import again.html").succeeds().stdout_has("0 imported; 1 in the site already");
    }
    // And as a line in somebody's list.
    site.write("list.csv", "url,title\nhttps://harbour.example/2022/ferry?gclid=2,The ferry thing\n");
    site.run("import list.csv").succeeds().stdout_has("0 imported; 1 in the site already");
    // The text alone, with no address.
    site.write("ferry.txt", format!("{TITLE}\n\nJan 21, 2022\n\n{}\n", PARAGRAPHS.join("\n\n")));
    site.run("import ferry.txt").succeeds().stdout_has("0 imported; 1 in the site already");
    site.write(
        "ferry.txt",
        format!("The old ferry\n\nJan 22, 2022\n\n{}\n\nThe ferry was built in 1961.\n", PARAGRAPHS.join("\n\n")),
    );
    site.run("import ferry.txt")
        .succeeds()
        .stdout_has("much the same text is in the site, as content/articles/2022/01/");
    assert_eq!(articles(&site).len(), 1);
    // Moved and renamed by the curator, it is still known.
    let (path, text) = one(&site);
    site.remove(&path);
    site.write("content/articles/2022/elsewhere.md", text);
    site.run("import ferry.html again.html").succeeds().stdout_has("0 imported; 2 in the site already");
}

#[test]
fn copies_in_one_run_are_one() {
    let site = Site::new();
    for copy in ["a", "b", "c"] {
        site.write(
            &format!("in/{copy}.html"),
            page(TITLE, ADDRESS, &PARAGRAPHS).replace("<footer>", &format!("<footer>{copy} ")),
        );
    }
    site.run("import in").succeeds().stdout_has("1 imported; 2 in the site already");
}

#[test]
fn what_changed_at_the_source_is_shown_and_taken_only_when_asked() {
    let site = site_with(TITLE, &PARAGRAPHS);
    let (path, before) = one(&site);
    site.write("ferry.html", page("Council keeps its old ferry", ADDRESS, &changed()));
    site.run("import ferry.html")
        .succeeds()
        .stdout_has("ferry.html: changed at the source since it became content/articles/2022/01/council-keeps-old-ferry.md; nothing is changed (`--update` takes it over)")
        .stdout_has("title: Council keeps [-the-] {+its+} old ferry")
        .stdout_has("[-two-] {+three+} more crews")
        .stdout_has("0 imported; 1 changed at the source and left as they are");
    assert_eq!(site.read(&path), before);
    site.run("import ferry.html --update --dry-run").succeeds().stdout_has("1 would be updated");
    assert_eq!(site.read(&path), before);
    site.run("import ferry.html --update").succeeds().stdout_has("0 imported; 1 updated");
    let after = site.read(&path);
    assert!(after.contains("title = \"Council keeps its old ferry\"") && after.contains("three more crews"), "{after}");
    assert!(
        !after.contains("two more crews") && after.contains("id = \"2022-01-21-council-keeps-old-ferry\""),
        "{after}"
    );
    site.run("import ferry.html").succeeds().stdout_has("0 imported; 1 in the site already");
    site.build();
}

#[test]
fn a_curators_edit_stays() {
    let site = site_with(TITLE, &PARAGRAPHS);
    let (path, _) = one(&site);
    // The curator writes a better title, a line of their own, and mends a paragraph.
    site.edit(
        &path,
        "title = \"Council keeps the old ferry\"",
        "title = \"The ferry stays\"\ncommentary = \"At last.\"",
    );
    site.edit(&path, "Residents of the two islands", "People on both islands");
    site.edit(&path, "Repairs to the pier", "(My own paragraph.)\n\nRepairs to the pier");
    let edited = site.read(&path);
    // Nothing changed at the source: nothing is said of the edits.
    site.run("import ferry.html --update").succeeds().stdout_has("1 in the site already");
    site.write("copy.html", page(TITLE, ADDRESS, &PARAGRAPHS).replace("Home", "Start"));
    site.run("import copy.html --update").succeeds().stdout_has("1 in the site already");
    assert_eq!(site.read(&path), edited);

    // The source changes its title, a paragraph that the curator changed too, and one that they did not.
    let mut paragraphs = changed();
    paragraphs[2] = "Residents of the two islands have asked for a night service for years, since the hospital closed its branch there.";
    site.write("ferry.html", page("Old ferry to run on", ADDRESS, &paragraphs));
    site.run("import ferry.html --update")
        .succeeds()
        .stdout_has("taken over:")
        .stdout_has("{+three+} more crews")
        .stdout_has("changed by you as well, and left as you have it:")
        .stdout_has("title: ");
    let merged = site.read(&path);
    for kept in [
        "title = \"The ferry stays\"",
        "commentary = \"At last.\"",
        "People on both islands",
        "(My own paragraph.)\n\nRepairs",
    ] {
        assert!(merged.contains(kept), "no {kept:?} in\n{merged}");
    }
    assert!(merged.contains("three more crews") && !merged.contains("for years, since"), "{merged}");
    // Told once, it is not told again.
    site.run("import ferry.html --update").succeeds().stdout_has("1 in the site already");
    site.write("copy.html", page("Old ferry to run on", ADDRESS, &paragraphs).replace("Home", "Start"));
    site.run("import copy.html").succeeds().stdout_has("1 in the site already");
    assert_eq!(site.read(&path), merged);
    site.build();
}

#[test]
fn an_article_that_tells_nothing_of_its_import_is_left_alone() {
    let site = site_with(TITLE, &PARAGRAPHS);
    let (path, text) = one(&site);
    let start = text.find("[import]").expect("a record");
    let end = start + text[start..].find("+++").expect("the end of the front matter");
    site.write(&path, format!("{}{}", &text[..start], &text[end..]));
    let own = site.read(&path);
    site.write("ferry.html", page(TITLE, ADDRESS, &changed()));
    site.run("import ferry.html --update")
        .succeeds()
        .stdout_has("may be your own words")
        .stdout_has("1 changed at the source and left as they are");
    assert_eq!(site.read(&path), own);
    // Nor is one with YAML, which is not written.
    site.write(&path, "---\ntitle: Mine\ndate: 2022-01-21\nurl: https://harbour.example/2022/ferry\n---\n\nMine.\n");
    site.run("import ferry.html --update")
        .succeeds()
        .stdout_has("which has no TOML front matter that can be read; nothing is changed");
}

#[test]
fn a_bookmark_is_filled_when_its_page_comes() {
    let site = Site::new()
        .file("list.csv", "url,title,note,tags\nhttps://harbour.example/2022/ferry,The ferry thing,Use this!,sea\n");
    site.run("import list.csv").succeeds();
    site.write("ferry.html", page(TITLE, ADDRESS, &PARAGRAPHS));
    site.run("import ferry.html --update").succeeds().stdout_has("1 updated");
    let (path, text) = one(&site);
    assert!(path.starts_with("content/inbox/") && !text.contains("check ="), "{path}\n{text}");
    for expected in [
        "commentary = \"Use this!\"",
        "tags = [\"sea\"]",
        "title = \"Council keeps the old ferry\"",
        "date = 2022-01-21",
        PARAGRAPHS[0],
    ] {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
}

fn git(site: &Site, line: &str) {
    let done = std::process::Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(line.split(' '))
        .current_dir(site.root())
        .output()
        .expect("git starts");
    assert!(done.status.success(), "git {line}: {}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn what_was_thrown_away_stays_away() {
    let has_git = std::process::Command::new("git").arg("--version").output().is_ok();
    if !has_tool("git", has_git) {
        return;
    }
    let site = site_with(TITLE, &PARAGRAPHS);
    let (path, _) = one(&site);
    git(&site, "init -q");
    git(&site, "add content site.toml");
    git(&site, "commit -q -m one");
    site.remove(&path);
    // Not committed yet, and committed.
    for _ in 0..2 {
        site.run("import ferry.html")
            .succeeds()
            .stdout_has("was in the site, as content/articles/2022/01/council-keeps-old-ferry.md, and was removed")
            .stdout_has("0 imported; 1 removed from the site earlier and not brought back");
        git(&site, "add -A content");
        git(&site, "commit -q --allow-empty -m two");
    }
    site.run("import ferry.html --again").succeeds().stdout_has("1 imported");
    assert_eq!(one(&site).0, path);
}
