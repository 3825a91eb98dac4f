//! The branch: the first publication, the next ones, and what others do in between.

use std::fs;

use snapbox::str;

use super::repository::{BRANCH, Repository, git, site};
use crate::site_test::{Site, read_all};

/// The files that a plain build makes, with the domain of the address.
fn built(repository: &Repository) -> std::collections::BTreeMap<String, Vec<u8>> {
    let folder = repository.beside.path().join("built");
    let _ = fs::remove_dir_all(&folder);
    let line = format!("build --no-cache --output \"{}\"", folder.display());
    repository.run(&line).succeeds();
    let mut files = read_all(&folder);
    files.insert("CNAME".to_owned(), b"example.org\n".to_vec());
    let _ = fs::remove_dir_all(repository.site.path(".dateline"));
    files
}

#[test]
fn the_first_publication_is_a_clean_build_and_touches_nothing_else() {
    // What lies in public/ is of no interest.
    let repository = Repository::new(site().file("public/old.html", "old"));
    repository.site.write("stashed.txt", "1");
    repository.git("add stashed.txt");
    repository.git("stash push -q");
    let expected = built(&repository);
    let before = repository.state();
    repository.publish().stdout_is(str![[r#"
published 2 articles and 0 digests: [..] files added ([..] files, [..] kB)
commit [..] on `gh-pages` of `origin` ([..]/remote.git)
https://example.org/

"#]]);
    assert_eq!(repository.published(), expected);
    assert_eq!(repository.state(), before);
    assert_eq!(repository.at_remote(&format!("rev-list --count {BRANCH}")), "1");
    let message = repository.at_remote(&format!("log -1 --format=%an%n%B {BRANCH}"));
    let head = repository.git("rev-parse HEAD");
    assert_eq!(
        message,
        format!(
            "Ada Curator\nPublish 2 articles and 0 digests\n\nSource-Commit: {head}\nDateline-Version: {}",
            env!("CARGO_PKG_VERSION")
        )
    );
    // The sources went nowhere.
    assert_eq!(repository.at_remote("for-each-ref --format=%(refname)"), BRANCH);
}

#[test]
fn one_article_changes_its_page_and_what_lists_it() {
    let repository = Repository::new(site());
    repository.publish();
    let first = repository.tip();
    repository.site.edit("content/articles/2022/01/first.md", "The text of first.", "Another text of the first.");
    repository.commit("Say it better");
    let before = repository.state();
    repository.publish().stdout_has("published 2 articles and 0 digests: 8 files changed");
    assert_eq!(
        repository.last_changes(),
        [
            "2022/01/21/first/index.html",
            "feed.atom",
            "feed.json",
            "feed.rss",
            "search/words/0000.bin",
            "talks/feed.atom",
            "talks/feed.json",
            "talks/feed.rss",
        ]
    );
    assert_eq!(repository.published(), built(&repository));
    assert_eq!(repository.state(), before);
    assert_eq!(Some(repository.at_remote(&format!("rev-parse {BRANCH}^"))), first);
}

#[test]
fn nothing_changed_is_no_commit() {
    let repository = Repository::new(site());
    repository.publish();
    let tip = repository.tip();
    repository.publish().stdout_is(str![[r#"
nothing to publish: `gh-pages` of `origin` ([..]/remote.git) has 2 articles and 0 digests already ([..])

"#]]);
    // Another commit of the sources that makes the same site.
    repository.site.write("README.md", "Read me.");
    repository.commit("A word on the site");
    repository.publish().stdout_has("nothing to publish");
    assert_eq!(repository.tip(), tip);
    repository.run("--quiet publish").succeeds().stdout_is("").stderr_is("");
}

#[test]
fn somebody_elses_commit_is_built_upon_and_its_files_go() {
    let repository = Repository::new(site());
    repository.publish();
    let clone = repository.beside.path().join("other");
    let home = repository.home();
    git(
        repository.beside.path(),
        &home,
        &format!("clone -q -b gh-pages '{}' '{}'", repository.remote().display(), clone.display()),
    );
    fs::write(clone.join("by-hand.html"), "x").unwrap();
    git(&clone, &home, "add -A");
    git(&clone, &home, "-c user.name=Bo -c user.email=bo@example.org commit -q -m 'A page by hand'");
    git(&clone, &home, "push -q origin gh-pages");
    let theirs = repository.tip();
    repository
        .publish()
        .stdout_has("1 file removed")
        .stdout_has("1 address goes without a redirect:\n  https://example.org/by-hand.html\n");
    assert_eq!(Some(repository.at_remote(&format!("rev-parse {BRANCH}^"))), theirs);
    assert!(!repository.published().contains_key("by-hand.html"));
}

/// A script that, at the first push, does something else to the remote first.
fn before_the_push(repository: &Repository, what: &str) -> String {
    let once = repository.beside.path().join("once");
    let script =
        format!("if [ \"$verb\" = push ] && [ ! -e '{once}' ]; then touch '{once}'\n{what}\nfi", once = once.display());
    repository.wrapper(&script)
}

#[test]
fn a_commit_by_somebody_else_in_between_is_named_and_kept() {
    let repository = Repository::new(site());
    repository.publish();
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Edit");
    // Somebody adds a commit with the same files, straight in the remote.
    let path = before_the_push(
        &repository,
        &format!(
            "c=$(\"$real\" -C '{0}' -c user.name=Bo -c user.email=bo@example.org commit-tree {BRANCH}^{{tree}} -p {BRANCH} -m 'A fix by hand')\n\
             \"$real\" -C '{0}' update-ref {BRANCH} $c",
            repository.remote().display()
        ),
    );
    let before = repository.state();
    repository.command("publish").env("PATH", &path).run().status(1).stdout_is("").stderr_is(str![[r#"
error: nothing was published: somebody else changed the branch `gh-pages` of `origin` ([..]/remote.git) in between:
  [..] [..], Bo: A fix by hand
  hint: what they changed would be undone; if that is right, run this again, and else put it into the site first

"#]]);
    assert_eq!(repository.at_remote(&format!("log -1 --format=%s {BRANCH}")), "A fix by hand");
    assert_eq!(repository.state(), before);
    repository.publish().stdout_has("8 files changed");
}

#[test]
fn a_publication_of_ours_in_between_is_built_upon() {
    let repository = Repository::new(site());
    repository.publish();
    // A second clone with another article.
    let other = repository.beside.path().join("other site");
    let home = repository.home();
    git(
        repository.beside.path(),
        &home,
        &format!("clone -q '{}' '{}'", repository.site.root().display(), other.display()),
    );
    git(&other, &home, "config user.name Bo");
    git(&other, &home, "config user.email bo@example.org");
    git(&other, &home, &format!("remote set-url origin '{}'", repository.remote().display()));
    let article = other.join("content/articles/2022/01/third.md");
    fs::write(&article, "+++\ntitle = \"About third\"\ndate = 2022-01-23\ntopics = [\"talks\"]\n+++\nThird.\n")
        .unwrap();
    git(&other, &home, "add -A");
    git(&other, &home, "commit -q -m Third");
    let path = before_the_push(
        &repository,
        &format!(
            "(cd '{}' && PATH=\"${{PATH#*:}}\" '{}' publish >&2) || exit 9",
            other.display(),
            env!("CARGO_BIN_EXE_dateline")
        ),
    );
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Edit");
    repository
        .command("publish")
        .env("PATH", &path)
        .run()
        .succeeds()
        .stdout_has("in between came ")
        .stdout_has("Publish 3 articles and 0 digests")
        .stdout_has("published 2 articles and 0 digests");
    assert_eq!(repository.at_remote(&format!("rev-list --count {BRANCH}")), "3");
    assert_eq!(repository.published(), built(&repository));
}

#[test]
fn a_newer_publication_in_between_is_not_undone() {
    let repository = Repository::new(site());
    repository.publish();
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Edit");
    let old = repository.git("rev-parse HEAD");
    repository.site.edit("content/articles/2022/01/first.md", "A text", "The newest text");
    repository.commit("Edit again");
    let newer = repository.beside.path().join("newer");
    repository.git(&format!("worktree add -q --detach '{}' HEAD", newer.display()));
    repository.git(&format!("reset -q --hard {old}"));
    let path = before_the_push(
        &repository,
        &format!(
            "(cd '{}' && PATH=\"${{PATH#*:}}\" '{}' publish >&2) || exit 9",
            newer.display(),
            env!("CARGO_BIN_EXE_dateline")
        ),
    );
    repository
        .command("publish")
        .env("PATH", &path)
        .run()
        .status(1)
        .stderr_has("nothing was published: a newer commit of the sources (")
        .stderr_has("--rollback");
    let published = String::from_utf8(repository.published()["2022/01/21/first/index.html"].clone()).unwrap();
    assert!(published.contains("The newest text"));
}

#[test]
fn an_older_commit_can_be_published_and_a_word_is_said_of_it() {
    let repository = Repository::new(site());
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Edit");
    let said = repository.publish().stdout;
    assert!(!said.contains("what is published"), "{said}");
    let newer = repository.git("rev-parse --short=10 HEAD");
    repository.git("checkout -q HEAD~1");
    repository
        .run("publish --dry-run")
        .succeeds()
        .stdout_has(&format!("what is published was made from {newer}, which is newer than this commit\n"));
    repository.publish().stdout_has("8 files changed");
    // From another clone, whose commits nobody has here.
    let other = Repository::new(site().article("2022-01-23", "third", ""));
    other.run(&format!("publish --remote \"{}\"", repository.remote().display())).succeeds();
    repository.git("checkout -q main");
    repository.publish().stdout_has("which is not here: is there something to pull?");
}

#[test]
fn two_first_publications_at_once() {
    let repository = Repository::new(site());
    let path = before_the_push(
        &repository,
        &format!(
            "c=$(\"$real\" -C '{0}' -c user.name=Bo -c user.email=bo@example.org commit-tree $(\"$real\" -C '{0}' mktree < /dev/null) -m 'Mine')\n\
             \"$real\" -C '{0}' update-ref {BRANCH} $c",
            repository.remote().display()
        ),
    );
    repository.command("publish").env("PATH", &path).run().status(1).stderr_has("Bo: Mine");
    assert_eq!(repository.at_remote(&format!("log -1 --format=%s {BRANCH}")), "Mine");
}

#[test]
fn the_bytes_are_those_of_the_build_whatever_filters_git_has() {
    let repository = Repository::new(
        site()
            .file("static/windows.txt", "one\r\ntwo\r\n")
            .file("static/.well-known/security.txt", "Contact: mailto:a@example.org\n")
            .file("static/.gitattributes", "* text eol=crlf\n")
            .file("static/run.sh", "#!/bin/sh\n"),
    );
    for line in [
        "config core.autocrlf true",
        "config core.safecrlf false",
        "config filter.loud.clean 'tr a-z A-Z'",
        "config core.splitIndex true",
        "config core.untrackedCache true",
    ] {
        repository.git(line);
    }
    repository.site.write(".gitattributes", "*.html filter=loud\n");
    repository.commit("Filters");
    let expected = built(&repository);
    let before = repository.state();
    repository.publish();
    assert_eq!(repository.state(), before);
    for (path, bytes) in &expected {
        let object = repository.at_remote(&format!("rev-parse {BRANCH}:{path}"));
        let file = repository.beside.path().join("file");
        fs::write(&file, bytes).unwrap();
        let own = repository.at_remote(&format!("hash-object --no-filters '{}'", file.display()));
        assert_eq!(object, own, "{path}");
    }
    let modes = repository.at_remote(&format!("ls-tree -r --format=%(objectmode) {BRANCH}"));
    assert!(modes.lines().all(|mode| mode == "100644"), "{modes}");
}

#[test]
fn the_commit_says_what_a_person_wants_it_to_say() {
    let repository = Repository::new(site());
    repository.run("publish --message \"The week in talks\"").succeeds();
    let message = repository.at_remote(&format!("log -1 --format=%B {BRANCH}"));
    assert!(message.starts_with("The week in talks\n\nSource-Commit: "), "{message}");
    assert!(message.contains("\nDateline-Version: "), "{message}");
}

#[test]
fn other_branches_and_remotes() {
    let repository = Repository::new(site());
    let second = repository.beside.path().join("second.git");
    git(repository.beside.path(), &repository.home(), &format!("init -q --bare '{}'", second.display()));
    repository.git(&format!("remote add mirror '{}'", second.display()));
    repository.run("publish --remote mirror --branch pages").succeeds().stdout_has("`pages` of `mirror`");
    let refs = git(&second, &repository.home(), "for-each-ref --format=%(refname)");
    assert_eq!(refs, "refs/heads/pages");
    assert_eq!(repository.tip(), None);
    // By its address, and none of the remote-tracking branches move.
    let before = repository.state();
    repository.run(&format!("publish --remote \"{}\"", second.display())).succeeds();
    assert_eq!(repository.state(), before);
    // Two remotes, one of which the branch is pushed to.
    repository.git("remote rename origin upstream");
    repository.run("publish").status(1).stderr_has("several remotes: mirror, upstream").stderr_has("--remote NAME");
    repository.git("config branch.main.remote upstream");
    repository.run("publish").succeeds().stdout_has("`gh-pages` of `upstream`");
}

#[test]
fn a_site_that_is_the_demonstration_can_be_published() {
    let repository = Repository::new(Site::own());
    repository.publish().stdout_has("https://example.org/dateline/");
    assert!(!repository.published().contains_key("CNAME"));
}
