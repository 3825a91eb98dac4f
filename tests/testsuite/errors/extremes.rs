//! Input that is too much: long, deep, wide.

use crate::site_test::Site;

/// Whatever the program says of it, it ends well and does not panic.
#[track_caller]
fn survives(site: &Site) -> i32 {
    let status = site.run("build").status.unwrap();
    assert!([0, 1].contains(&status), "exit status {status}");
    status
}

#[test]
fn a_title_of_a_hundred_thousand_letters() {
    let title = "Long ".repeat(20_000);
    let site = Site::new().article("2022-01-21", "a", &format!("title = \"{title}\""));
    assert_eq!(survives(&site), 0);
    let site = Site::new().article("2022-01-21", "a", &format!("title = \"{title}\"\ntopics = [\"x\"]"));
    let stderr = site.run("build").has_errors().stderr;
    assert!(stderr.len() < 2000, "the message is short all the same: {} bytes", stderr.len());
    let site = Site::new().article("2022-01-21", "a", &format!("{} = 1", "key".repeat(30_000)));
    let stderr = site.run("build").has_errors().stderr;
    assert!(stderr.len() < 100_000 + 2000, "{} bytes", stderr.len());
}

#[test]
fn a_slug_and_a_name_that_no_disk_takes() {
    let site = Site::new().article("2022-01-21", "a", &format!("slug = \"{}\"", "x".repeat(300)));
    assert_eq!(survives(&site), 1);
    let site = Site::new().article("2022-01-21", "a", &format!("slug = \"{}\"", "я".repeat(150)));
    assert_eq!(survives(&site), 1);
    let site = Site::new().article("2022-01-21", "a", &format!("tags = [\"{}\"]", "tag ".repeat(200)));
    assert_eq!(survives(&site), 1, "a tag becomes a folder");
}

#[test]
fn nesting_without_end_in_front_matter() {
    let deep = 10_000;
    for keys in [
        format!("extra = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("extra = {}1{}", "{a=".repeat(deep), "}".repeat(deep)),
        format!("[extra{}]\nx = 1", ".a".repeat(deep)),
        format!("extra{} = 1", ".a".repeat(deep)),
    ] {
        survives(&Site::new().article("2022-01-21", "a", &keys));
    }
    for yaml in [
        format!("extra: {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("extra: {}1{}", "{a: ".repeat(deep), "}".repeat(deep)),
        (0..deep.min(2000)).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        format!("extra: {}", "- ".repeat(deep)),
    ] {
        let text = format!("---\ntitle: A\ndate: 2022-01-21\n{yaml}\n---\nText.\n");
        survives(&Site::new().file("content/articles/a.md", text));
    }
}

#[test]
fn nesting_without_end_in_settings() {
    let site = Site::new().settings(&format!("extra = {}{}", "[".repeat(10_000), "]".repeat(10_000)));
    survives(&site);
}

#[test]
fn nesting_without_end_in_markdown() {
    let deep = 10_000;
    for body in [
        ">".repeat(deep),
        "> ".repeat(deep) + "x",
        "- ".repeat(deep),
        "[".repeat(deep),
        "![".repeat(deep),
        "[x](".repeat(deep),
        "*".repeat(deep),
        "*a _b ".repeat(deep),
        "`".repeat(deep),
        "<".repeat(deep),
        "<div>".repeat(deep / 4),
        format!("{}x{}", "<b>".repeat(deep / 4), "</b>".repeat(deep / 4)),
        format!("{}x", "<div>\n\n".repeat(deep / 4)),
        "[^a]: ".repeat(deep),
        "| a ".repeat(deep) + "|\n" + &"|---".repeat(deep) + "|\n" + &"| b ".repeat(deep) + "|",
        "&#".repeat(deep),
        "\\".repeat(deep),
        (1..200).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect(),
    ] {
        let site = Site::new().article_with("2022-01-21", "a", "", &body);
        survives(&site);
        let site = Site::new().article_with("2022-01-21", "a", "[rights]\ndisplay = \"excerpt\"\nmax_words = 3", &body);
        survives(&site);
    }
}

#[test]
fn a_chain_of_topics() {
    let mut site = Site::new().topic("t0", "");
    for depth in 1..300 {
        site = site.topic(&format!("t{depth}"), &format!("broader = [\"t{}\"]", depth - 1));
    }
    let site = site.article("2022-01-21", "a", "topics = [\"t299\"]");
    assert_eq!(survives(&site), 0);
    site.page("/t0/").says("About a");
}

#[test]
fn a_thousand_errors_are_all_reported() {
    let mut site = Site::new();
    for number in 0..1000 {
        site = site.file(&format!("content/articles/a{number}.md"), "+++\ntitle = \"A\"\ndate = 1\nx = 1\n+++\n");
    }
    site.run("build").has_errors().stderr_has("2000 errors");
}
