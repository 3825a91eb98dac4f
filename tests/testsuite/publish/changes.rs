//! What a publication would change, going back, and when the site changes by itself.

use super::repository::{BRANCH, Repository, site};
use crate::site_test::Site;

#[test]
fn a_dry_run_shows_every_address_and_pushes_nothing() {
    let repository = Repository::new(site());
    repository
        .run("publish --dry-run")
        .succeeds()
        .stdout_has("added    https://example.org/ (")
        .stdout_has("added    https://example.org/2022/01/21/first/ (")
        .stdout_has("would publish 2 articles and 0 digests: ")
        .stdout_has("nothing was pushed to `gh-pages` of `origin`");
    assert_eq!(repository.tip(), None);
    repository.publish();
    let tip = repository.tip();
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.git("mv content/articles/2022/01/second.md content/articles/2022/01/zweiter.md");
    repository.commit("Edit and rename");
    let before = repository.state();
    let said = repository.run("publish -n").succeeds().stderr_is("").stdout;
    let lines: Vec<&str> = said.lines().collect();
    let has = |start: &str| lines.iter().any(|line| line.starts_with(start));
    assert!(has("changed  https://example.org/2022/01/21/first/ ("), "{said}");
    assert!(lines.iter().any(|line| line.starts_with("changed") && line.contains(" kB, was ")), "{said}");
    assert!(has("added    https://example.org/2022/01/22/zweiter/ ("), "{said}");
    assert!(has("removed  https://example.org/2022/01/22/second/ ("), "{said}");
    assert!(
        said.contains(
            "1 address goes without a redirect:\n  https://example.org/2022/01/22/second/\n  to lead readers on, write \
             into what took its place: aliases = [\"/2022/01/22/second/\"]\n"
        ),
        "{said}"
    );
    assert!(said.contains("would publish 2 articles and 0 digests: 1 file added, "), "{said}");
    assert_eq!(repository.tip(), tip);
    assert_eq!(repository.state(), before);
    // With the redirect, the address stays.
    repository.site.edit(
        "content/articles/2022/01/zweiter.md",
        "topics =",
        "aliases = [\"/2022/01/22/second/\"]\ntopics =",
    );
    repository.commit("Lead on");
    let said = repository.run("publish --dry-run").succeeds().stdout;
    assert!(said.contains("changed  https://example.org/2022/01/22/second/ ("), "{said}");
    assert!(!said.contains("removed") && !said.contains("redirect"), "{said}");
}

#[test]
fn a_dry_run_is_stopped_by_what_stops_a_publication() {
    let repository = Repository::new(site());
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.run("publish --dry-run").status(1).stderr_has("not as in the last commit");
}

#[test]
fn to_remove_more_than_a_quarter_wants_a_word() {
    let mut large = site();
    for number in 10..28 {
        large = large.article(&format!("2022-02-{number}"), &format!("item-{number}"), "");
    }
    let repository = Repository::new(large);
    repository.publish();
    let tip = repository.tip();
    repository.git("rm -q -r content/articles/2022/02");
    repository.commit("Away with them");
    repository
        .run("publish --dry-run")
        .status(1)
        .stdout_has("removed  https://example.org/2022/02/10/item-10/")
        .stderr_has("more than a quarter")
        .stderr_has("publish with `--confirm-removals`");
    repository
        .run("publish")
        .status(1)
        .stdout_has("addresses go without a redirect")
        .stdout_has("more: --dry-run shows them all")
        .stderr_has("see what goes with `--dry-run`; if that is right, add `--confirm-removals`");
    assert_eq!(repository.tip(), tip);
    repository.run("publish --confirm-removals").succeeds();
    assert!(!repository.published().contains_key("2022/02/10/item-10/index.html"));
    // A branch with something else on it is not swept away by a first publication.
    let repository = Repository::new(site());
    let mut other = Site::empty().file("site.toml", "title = \"Other\"\nbase_url = \"https://example.org/\"\n");
    for day in 10..28 {
        other = other.article(&format!("2021-05-{day}"), &format!("item-{day}"), "");
    }
    let other = Repository::new(other);
    other.run(&format!("publish --remote \"{}\"", repository.remote().display())).succeeds();
    repository.run("publish").status(1).stderr_has("more than a quarter");
}

/// The text of an article as it is published.
fn text(repository: &Repository) -> String {
    let page = repository.at_remote(&format!("show {BRANCH}:2022/01/21/first/index.html"));
    page.split("Version ").nth(1).and_then(|rest| rest.split('.').next()).expect("a version").to_owned()
}

fn publish_version(repository: &Repository, version: u32) -> String {
    repository.site.write(
        "content/articles/2022/01/first.md",
        format!("+++\ntitle = \"About first\"\ndate = 2022-01-21\n+++\nVersion {version}.\n"),
    );
    repository.commit(&format!("Version {version}"));
    repository.publish();
    repository.tip().expect("a tip")
}

#[test]
fn back_to_an_earlier_state() {
    let repository = Repository::new(site());
    let commits: Vec<String> = (1..=4).map(|version| publish_version(&repository, version)).collect();
    let before = repository.state();
    // What is not committed is no matter here: nothing is built.
    repository.run("publish --rollback --dry-run").succeeds().stdout_has("would publish the state of ");
    assert_eq!(text(&repository), "4");
    repository.run("publish --rollback").succeeds().stdout_has("published the state of ");
    assert_eq!(text(&repository), "3");
    let message = repository.at_remote(&format!("log -1 --format=%B {BRANCH}"));
    assert!(message.starts_with("Go back to the state of "), "{message}");
    assert!(message.contains(&format!("Rollback-To: {}", commits[2])), "{message}");
    assert_eq!(repository.at_remote(&format!("rev-parse {BRANCH}^")), commits[3]);
    // Again goes back further.
    repository.run("publish --rollback").succeeds();
    assert_eq!(text(&repository), "2");
    repository.run(&format!("publish --rollback {}", &commits[3][..10])).succeeds();
    assert_eq!(text(&repository), "4");
    repository.run(&format!("publish --rollback {}", commits[3])).succeeds().stdout_has("nothing to publish");
    // By the commit of the sources.
    repository.run("publish --rollback HEAD~3").succeeds();
    assert_eq!(text(&repository), "1");
    assert_eq!(repository.state(), before);
    repository.run("publish --rollback").status(1).stderr_has("there is nothing older on the branch `gh-pages`");
    repository
        .run("publish --rollback nowhere")
        .status(1)
        .stderr_has("`nowhere` was never published")
        .stderr_has("Ada Curator: Go back to the state");
    // A plain publication goes on from there.
    repository.publish().stdout_has("published 2 articles");
    assert_eq!(text(&repository), "4");
}

#[test]
fn back_where_nothing_was_published() {
    let repository = Repository::new(site());
    repository.run("publish --rollback").status(1).stderr_has("has no branch `gh-pages` to go back on");
    repository.publish();
    repository.run("publish --rollback").status(1).stderr_has("there is nothing older");
}

#[test]
fn going_back_keeps_the_domain_of_today() {
    let repository = Repository::new(site());
    publish_version(&repository, 1);
    repository.site.write("site.toml", "title = \"The Test\"\nbase_url = \"https://new.example/\"\n");
    repository.commit("Move");
    repository.run("publish").status(1).stderr_has("CNAME");
    // The domain is changed where it is kept, then in the site.
    let tree = repository.beside.path().join("pages");
    let home = repository.home();
    super::repository::git(
        repository.beside.path(),
        &home,
        &format!("clone -q -b gh-pages '{}' '{}'", repository.remote().display(), tree.display()),
    );
    std::fs::write(tree.join("CNAME"), "new.example").unwrap();
    super::repository::git(&tree, &home, "-c user.name=GitHub -c user.email=g@example.org commit -q -a -m Domain");
    super::repository::git(&tree, &home, "push -q origin gh-pages");
    repository.publish();
    repository.run("publish --rollback HEAD~1").succeeds();
    assert_eq!(repository.at_remote(&format!("show {BRANCH}:CNAME")), "new.example");
    assert_eq!(text(&repository), "1");
}

#[test]
fn the_next_change_is_told() {
    let waiting = || {
        site()
            .article("2022-01-25", "held", "embargoed_until = 2998-03-04T05:06:07Z")
            .article("2999-01-01", "later", "")
            .article("2022-01-26", "leaves", "expires = 2997-12-31")
    };
    let said = "next change: 2997-12-31 00:00 UTC, content/articles/2022/01/leaves.md expires\n  the site must be published \
                again then; for cron, in UTC: 0 0 31 12 * dateline publish\n";
    waiting().run("build").succeeds().stdout_has(said);
    let repository = Repository::new(waiting());
    repository.publish().stdout_has(said);
    // Also when there is nothing to publish.
    repository.publish().stdout_has("nothing to publish").stdout_has(said);
    repository.git("rm -q content/articles/2022/01/leaves.md");
    repository.commit("Away");
    repository
        .publish()
        .stdout_has("next change: 2998-03-04 05:07 UTC, content/articles/2022/01/held.md is no longer under embargo")
        .stdout_has("7 5 4 3 * dateline publish");
    repository.git("rm -q content/articles/2022/01/held.md");
    repository.commit("Away");
    repository.publish().stdout_has("next change: 2999-01-01 00:00 UTC, content/articles/2999/01/later.md appears");
    repository.git("rm -q content/articles/2999/01/later.md");
    repository.commit("Away");
    let said = repository.publish().stdout;
    assert!(!said.contains("next change"), "{said}");
}

#[test]
fn what_waits_for_two_things_waits_for_the_later_one() {
    let both = |keys: &str| site().article("2998-01-01", "later", keys).run("build").succeeds().stdout;
    assert!(
        both("embargoed_until = 2999-02-02")
            .contains("2999-02-02 00:00 UTC, content/articles/2998/01/later.md is no longer")
    );
    assert!(
        both("embargoed_until = 2997-02-02")
            .contains("2998-01-01 00:00 UTC, content/articles/2998/01/later.md appears")
    );
    // It expires before it appears: nothing ever changes.
    assert!(!both("expires = 2997-02-02").contains("next change"));
    let drafts = site().article("2998-01-01", "later", "draft = true").run("build").succeeds().stdout;
    assert!(!drafts.contains("next change"));
}

#[test]
fn what_is_said_of_diagnostics_can_be_read_by_programs() {
    let repository = Repository::new(site().article("2022-01-23", "third", "tags = [\"C\", \"C++\"]"));
    repository
        .run("publish --format github --dry-run")
        .succeeds()
        .stdout_has("::warning file=content/articles/2022/01/third.md");
    // Each line is a record, and nothing else is there.
    let said = repository.run("publish --format json").succeeds().stderr_is("").stdout;
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("{\"severity\":\"warning\""), "{said}");
    assert!(repository.tip().is_some());
}
