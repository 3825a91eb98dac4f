//! The same files give the same bytes and the same messages, whatever the machine does.

use std::{collections::BTreeMap, path::Path};

use crate::site_test::{Outcome, Site, copy, read_all};

/// What a run said, without what may differ: the time it took and where the site lies.
fn said(outcome: &Outcome<'_>, folder: &Path) -> (String, String) {
    let clean = |text: &str| {
        text.replace(&folder.display().to_string(), "SITE")
            .lines()
            .map(|line| {
                line.rsplit_once(" in ").filter(|(_, end)| end.ends_with(" s")).map_or(line, |(start, _)| start)
            })
            .collect::<Vec<_>>()
            .join("\n")
    };
    (clean(&outcome.stdout), clean(&outcome.stderr))
}

#[track_caller]
fn same(first: &BTreeMap<String, Vec<u8>>, second: &BTreeMap<String, Vec<u8>>, what: &str) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(first), names(second), "{what}: other files");
    for (path, bytes) in first {
        assert!(*bytes == second[path], "{what}: {path} differs");
    }
}

/// Builds a site in many ways, each from nothing.
fn in_every_way(make: impl Fn() -> Site) {
    let reference = make();
    let outcome = reference.run("build --output out --now 2026-01-01");
    let files = reference.files("out");
    let messages = said(&outcome, reference.root());
    for (variable, value) in [
        ("RAYON_NUM_THREADS", "1"),
        ("RAYON_NUM_THREADS", "2"),
        ("RAYON_NUM_THREADS", "7"),
        ("TZ", "America/Los_Angeles"),
        ("TZ", "Asia/Kathmandu"),
        ("TZ", "Pacific/Kiritimati"),
        ("LC_ALL", "uk_UA.UTF-8"),
    ] {
        let site = make();
        let outcome = site.command("build --output out --now 2026-01-01").env(variable, value).run();
        let what = format!("{variable}={value}");
        same(&files, &site.files("out"), &what);
        assert_eq!(said(&outcome, site.root()), messages, "{what}");
    }
    // From another folder, by an absolute and by a relative path.
    let site = make();
    let elsewhere = tempfile::tempdir().unwrap();
    let output = site.path("out");
    let command = site.command("build --now 2026-01-01").current_dir(elsewhere.path());
    let outcome = command.arg("--root").arg(site.root()).arg("--output").arg(&output).run();
    same(&files, &site.files("out"), "another folder");
    assert_eq!(said(&outcome, site.root()).1, messages.1, "another folder");
    std::fs::remove_dir_all(&output).ok();
    let name = site.root().file_name().unwrap().to_owned();
    let command = site.command("build --now 2026-01-01").current_dir(site.root().parent().unwrap());
    let outcome = command.arg("--root").arg(&name).arg("--output").arg(&output).run();
    same(&files, &site.files("out"), "a relative root");
    assert_eq!(said(&outcome, site.root()).1, messages.1, "a relative root");
}

#[test]
fn a_rich_site() {
    in_every_way(|| Site::fixture("rich"));
}

#[test]
fn a_site_with_many_errors() {
    in_every_way(|| {
        let mut site = Site::fixture("rich");
        for number in 0..40 {
            site = site.article(
                "2022-01-05",
                &format!("bad-{number}"),
                "topics = [\"harbour-strik\", \"labor\"]\ntags = [\"a\"]\nid = \"same\"\nzebra = 1",
            );
        }
        site.file("themes/broadsheet/templates/tag.html", "{{ tag.nothing }}")
    });
}

#[test]
fn articles_of_one_day_keep_their_order() {
    in_every_way(|| {
        let mut site = Site::new().topic("t", "period = \"monthly\"");
        for number in (0..60).rev() {
            site =
                site.article("2022-01-05", &format!("n{number:02}"), "topics = [\"t\"]\ntags = [\"a\", \"B\", \"b\"]");
        }
        site
    });
}

#[test]
fn the_repositorys_own_site() {
    let one = Site::own();
    one.command("build --now 2026-01-01").env("RAYON_NUM_THREADS", "1").run().succeeds();
    let two = Site::own();
    two.command("build --now 2026-01-01").env("RAYON_NUM_THREADS", "2").env("TZ", "Asia/Kathmandu").run().succeeds();
    same(&one.public(), &two.public(), "own site");
}

#[test]
fn a_second_build_changes_nothing() {
    let site = Site::fixture("rich");
    site.build();
    let first = site.public();
    let times = |site: &Site| -> Vec<_> {
        read_all(&site.path("public"))
            .keys()
            .map(|path| site.path("public").join(path).metadata().unwrap().modified().unwrap())
            .collect()
    };
    let before = times(&site);
    site.build().stdout_has("(0 changed, 0 removed)");
    same(&first, &site.public(), "again");
    assert_eq!(times(&site), before, "equal files are not written");
}

#[test]
fn a_build_over_an_older_one_equals_a_clean_one() {
    let site = Site::fixture("rich");
    site.build();
    site.remove("content/articles/2022/01/union-votes.md");
    site.edit("content/articles/2022/01/cranes-stand-still.md", "citation = \"2022-01-12-union-votes\"\n", "");
    site.edit("content/articles/2022/01/cranes-stand-still.md", "See [the vote](union-votes.md), ", "See ");
    site.edit("content/topics/harbour-strike.md", "Harbour strike", "Strike in the harbour");
    site.write("content/topics/new.md", "+++\ntitle = \"New\"\nbroader = [\"labour\"]\n+++\n");
    site.build();
    let clean = Site::empty();
    for part in ["site.toml", "content", "static"] {
        copy(&site.path(part), &clean.path(part));
    }
    clean.build();
    same(&clean.public(), &site.public(), "warm and clean");
}

#[test]
fn no_output_names_this_machine() {
    let site = Site::fixture("rich");
    site.build();
    let root = site.root().display().to_string();
    for (path, bytes) in site.files(".") {
        if path.starts_with("public/") || path.starts_with(".dateline/") {
            assert!(!String::from_utf8_lossy(&bytes).contains(&root), "{path} names {root}");
        }
    }
}
