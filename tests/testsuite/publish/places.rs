//! Repositories of every shape.

use std::fs;

use super::repository::{BRANCH, Repository, git, site};
use crate::site_test::{Site, copy};

#[test]
fn a_detached_head() {
    let repository = Repository::new(site());
    repository.git("checkout -q --detach");
    let before = repository.state();
    repository.publish();
    assert_eq!(repository.state(), before);
}

#[test]
fn a_worktree() {
    let repository = Repository::new(site());
    let tree = repository.beside.path().join("a tree");
    repository.git(&format!("worktree add -q '{}' -b other", tree.display()));
    let before = repository.state();
    repository.command("publish").current_dir(&tree).run().succeeds();
    assert_eq!(repository.state(), before);
    assert!(!tree.join(".dateline").exists());
    assert!(repository.tip().is_some());
}

#[test]
fn a_folder_of_a_bigger_repository() {
    let outer = Site::empty().file("README.md", "The whole.").file("docs/über uns/x.txt", "x");
    copy(site().root(), &outer.path("docs/über uns/my site"));
    let repository = Repository::new(outer);
    let folder = repository.site.path("docs/über uns/my site");
    // What is not committed elsewhere in the repository is no matter of the site's.
    repository.site.write("README.md", "Changed.");
    repository.site.write("new.txt", "New.");
    let before = repository.state();
    repository.command("publish").current_dir(&folder).run().succeeds().stderr_is("");
    assert_eq!(repository.state(), before);
    assert!(repository.published().contains_key("2022/01/21/first/index.html"));
    // And from the outside.
    let tip = repository.tip();
    repository.run("--root \"docs/über uns/my site\" publish").succeeds().stdout_has("nothing to publish");
    assert_eq!(repository.tip(), tip);
    repository.site.edit("docs/über uns/my site/content/articles/2022/01/first.md", "The text", "A text");
    repository
        .run("--root \"docs/über uns/my site\" publish")
        .status(1)
        .stderr_has("docs/über uns/my site/content/articles/2022/01/first.md");
}

#[test]
fn a_repository_with_sha_256() {
    let repository = Repository::with(site(), "--object-format=sha256");
    let before = repository.state();
    repository.publish();
    assert_eq!(repository.state(), before);
    assert_eq!(repository.tip().map(|tip| tip.len()), Some(64));
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Edit");
    repository.publish().stdout_has("8 files changed");
    repository.run("publish --rollback").succeeds();
}

#[test]
fn a_shallow_clone() {
    let repository = Repository::new(site());
    repository.commit("Second commit");
    repository.publish();
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Third commit");
    repository.publish();
    repository.git("push -q origin main");
    let shallow = repository.beside.path().join("shallow");
    let home = repository.home();
    let line = format!("clone -q --depth 1 -b main 'file://{}' '{}'", repository.remote().display(), shallow.display());
    git(repository.beside.path(), &home, &line);
    git(&shallow, &home, "config user.name Bo");
    git(&shallow, &home, "config user.email bo@example.org");
    let article = shallow.join("content/articles/2022/01/second.md");
    fs::write(&article, fs::read_to_string(&article).unwrap().replace("The text", "A text")).unwrap();
    git(&shallow, &home, "commit -q -a -m Edit");
    let boundary = fs::read(shallow.join(".git/shallow")).unwrap();
    repository.command("publish").current_dir(&shallow).run().succeeds().stdout_has("8 files changed");
    assert_eq!(fs::read(shallow.join(".git/shallow")).unwrap(), boundary);
    assert_eq!(repository.at_remote(&format!("rev-list --count {BRANCH}")), "3");
}

#[test]
fn names_that_are_hard_to_pass_on() {
    let repository = Repository::new(
        site()
            .article("2022-01-23", "später", "title = \"Später\"")
            .file("static/mit leer zeichen/ü \"q\".txt", "x")
            .file("static/new\nline.txt", "y")
            .file("static/-dash", "z"),
    );
    repository.publish();
    let published = repository.published();
    for path in ["2022/01/23/später/index.html", "mit leer zeichen/ü \"q\".txt", "new\nline.txt", "-dash"] {
        assert!(published.contains_key(path), "{path:?} is not among {:?}", published.keys());
    }
}

#[test]
fn a_run_inside_a_hook() {
    let repository = Repository::new(site());
    let binary = env!("CARGO_BIN_EXE_dateline");
    Repository::hook(&repository.site.path(".git"), "post-commit", &format!("exec '{binary}' publish >&2"));
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.git("commit -q -a -m Edit");
    let page = String::from_utf8(repository.published()["2022/01/21/first/index.html"].clone()).unwrap();
    assert!(page.contains("A text of first."));
    assert_eq!(repository.git("status --porcelain"), "");
}

#[test]
fn the_users_hooks_run_where_they_are_meant_to() {
    let repository = Repository::new(site());
    let log = repository.beside.path().join("hooks.log");
    for hook in ["pre-push", "post-index-change", "reference-transaction", "pre-commit", "commit-msg", "post-checkout"]
    {
        let script = format!("echo {hook} >> '{}'", log.display());
        Repository::hook(&repository.site.path(".git"), hook, &script);
    }
    repository.publish();
    assert_eq!(fs::read_to_string(&log).unwrap(), "pre-push\n");
    Repository::hook(&repository.site.path(".git"), "pre-push", "echo 'not on a Friday' >&2; exit 1");
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.git("commit -q -a -m Edit --no-verify");
    let tip = repository.tip();
    repository.run("publish").status(1).stderr_has("was not updated: not on a Friday");
    assert_eq!(repository.tip(), tip);
}

#[test]
fn a_lock_on_the_index_is_no_matter_of_ours() {
    let repository = Repository::new(site());
    repository.site.write(".git/index.lock", "");
    let before = repository.state();
    repository.publish();
    assert_eq!(repository.state(), before);
}
