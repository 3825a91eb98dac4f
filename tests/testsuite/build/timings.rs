//! What a build says of its own time.

use crate::site_test::Site;

/// Name and cells of each line of a table that starts with a line of these words, up to an empty line or the end.
fn table<'a>(said: &'a str, heading: &str) -> Vec<(&'a str, Vec<&'a str>)> {
    let rows = said.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    rows.take_while(|line| !line.is_empty())
        .map(|line| {
            let (name, cells) = line.split_at_checked(24).unwrap_or((line, ""));
            (name.trim(), cells.split_whitespace().collect())
        })
        .collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no number"))
}

#[test]
fn timings_say_what_each_stage_template_and_page_took() {
    let site = Site::new()
        .article("2022-01-21", "talks", "tags = [\"peace\"]")
        .article("2022-01-22", "answer", "")
        .file("static/own.css", "p { color: red }");
    let outcome = site.run("build --timings --now 2023-01-01").succeeds();
    let said = &outcome.stdout;

    let stages = table(said, "stage ");
    for name in ["list", "load, parse, theme", "model", "plan", "render and write", "put into place", "total"] {
        let (_, cells) =
            stages.iter().find(|(stage, _)| *stage == name).unwrap_or_else(|| panic!("no {name}:\n{said}"));
        let is_unit = |at: usize, unit: &str| cells[at] == unit && number(cells[at - 1]) >= 0.0;
        // CPU time is left out where the system does not say it.
        let with_cpu = cells.len() == 6 && is_unit(1, "ms") && is_unit(3, "ms") && is_unit(5, "%");
        let without = cfg!(not(unix)) && cells.len() == 4 && is_unit(1, "ms") && is_unit(3, "%");
        assert!(with_cpu || without, "{name}: {cells:?}");
    }
    let (total, parts): (Vec<_>, Vec<_>) = stages.iter().partition(|(stage, _)| *stage == "total");
    let wall: f64 = parts.iter().map(|(_, cells)| number(cells[0])).sum();
    let all = number(total[0].1[0]);
    assert!((wall - all).abs() <= 0.1 * stages.len() as f64, "the stages make {wall} ms of {all} ms");

    let templates = table(said, "template ");
    let pages = |template: &str| templates.iter().find(|(name, _)| *name == template).map(|(_, cells)| cells[4]);
    assert_eq!(pages("article.html"), Some("2"), "{said}");
    assert_eq!((pages("home.html"), pages("tag.html")), (Some("1"), Some("1")), "{said}");
    assert!(pages("(none)").is_some(), "feeds and copied files have no template:\n{said}");

    let slowest = table(said, "slowest pages");
    assert_eq!(slowest.len(), 10, "{said}");
    let times: Vec<f64> = said
        .lines()
        .skip_while(|line| !line.starts_with("slowest pages"))
        .skip(1)
        .take(10)
        .map(|line| number(line.split_whitespace().next().unwrap_or_default()))
        .collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "the slowest come first: {times:?}");
}

#[test]
fn timings_count_what_was_made_and_not_what_was_kept() {
    let site = Site::new().article("2022-01-21", "talks", "").article("2022-01-22", "answer", "");
    site.run("build --now 2023-01-01").succeeds();
    site.edit("content/articles/2022/01/talks.md", "The text of talks.", "Another text.");
    let outcome = site.run("build --timings --now 2023-01-01").succeeds();
    let templates = table(&outcome.stdout, "template ");
    let article = templates.iter().find(|(name, _)| *name == "article.html").expect("the edited one");
    assert_eq!(article.1[4], "1", "{}", outcome.stdout);

    let outcome = site.run("build --timings --now 2023-01-01").succeeds();
    assert!(table(&outcome.stdout, "template ").is_empty(), "{}", outcome.stdout);
    let outcome = site.run("build --now 2023-01-01").succeeds();
    assert!(!outcome.stdout.contains("template") && !outcome.stdout.contains("share"), "{}", outcome.stdout);
}
