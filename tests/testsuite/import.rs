//! Importing plain text: whole stories against what they should become, and the real sample.
//!
//! Each `tests/fixtures/import/<name>.txt` is invented and has a `<name>.expected` beside it. After a change that is
//! meant, `UPDATE_EXPECTED=1 cargo test import` writes them anew: read the difference before it is committed.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use dateline::import::merge::{Decision, Existing, decide};
use dateline::import::recognise::decode;
use dateline::import::story::Role;
use dateline::import::{Context, Format, Report, Story, markdown, read, recognise};
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
    let published = story
        .published
        .as_ref()
        .map(|p| format!("{} {}", p.date, p.how));
    row("date", published.as_deref().unwrap_or("-"));
    row("url", story.url.as_deref().unwrap_or("-"));
    for image in &story.images {
        row(
            "image",
            &format!(
                "{} | {}",
                image.caption.as_deref().unwrap_or("-"),
                image.credit.as_deref().unwrap_or("-")
            ),
        );
    }
    for credit in &story.credits {
        row(
            "credit",
            &format!(
                "{}, {}, {}",
                credit.name,
                credit.role.name(),
                credit.place.as_deref().unwrap_or("-")
            ),
        );
    }
    for candidate in &story.publishers {
        row("perhaps", &candidate.name);
    }
    for check in &story.check {
        row("check", &format!("{}: {}", check.field, check.reason));
    }
    for removed in &story.removed {
        row(
            "removed",
            &format!(
                "{}, {}",
                removed.kind.name(),
                removed.text.chars().take(60).collect::<String>()
            ),
        );
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
            wrong.push(format!(
                "{}\n--- expected\n{expected}\n--- found\n{found}",
                path.display()
            ));
        }
    }
    assert!(fixtures().len() >= 25);
    assert!(
        wrong.is_empty(),
        "{} stories differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
