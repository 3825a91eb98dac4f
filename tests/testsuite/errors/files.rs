//! Files and folders that should not be as they are.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt as _, fs::symlink},
};

use snapbox::str;

use super::{reports, warns};
use crate::site_test::Site;

#[test]
fn a_folder_that_is_no_site() {
    let site = Site::empty();
    reports(
        site,
        str![[r#"
error: there is no `site.toml` here
--> site.toml
 = hint: run this in a site's folder, name it with `--root DIR`, or make a new site: `dateline init DIR`

1 error
nothing was written

"#]],
    );
    Site::empty().run("build --root nowhere").has_errors().stderr_is(str![[r#"
error: there is no `site.toml` here
--> site.toml
 = hint: run this in a site's folder, name it with `--root DIR`, or make a new site: `dateline init DIR`

1 error
nothing was written

"#]]);
    Site::empty().run("check").has_errors();
}

#[test]
fn content_in_a_folder_that_has_no_kind() {
    reports(
        Site::new()
            .file("content/artikels/a.md", "+++\ntitle = \"A\"\n+++\n")
            .file("content/zebra/a.md", "+++\ntitle = \"A\"\n+++\n")
            .file("content/loose.md", "+++\ntitle = \"A\"\n+++\n"),
        str![[r#"
error: unknown folder `content/artikels/`
 --> content/artikels/a.md:2:1
  |
2 | title = "A"
  | ^^^^^^^^^^^
  |
  = hint: did you mean `content/articles/`?

error: a file directly in `content/` has no kind
 --> content/loose.md:2:1
  |
2 | title = "A"
  | ^^^^^^^^^^^
  |
  = hint: content lies in articles/, topics/, digests/, publishers/, people/, places/, organizations/, pages/, inbox/, editions/

error: unknown folder `content/zebra/`
 --> content/zebra/a.md:2:1
  |
2 | title = "A"
  | ^^^^^^^^^^^
  |
  = hint: content lies in articles/, topics/, digests/, publishers/, people/, places/, organizations/, pages/, inbox/, editions/

3 errors
nothing was written

"#]],
    );
}

#[test]
fn a_name_that_cannot_be_part_of_an_address() {
    reports(
        Site::new()
            .file("content/topics/two words.md", "+++\ntitle = \"A\"\n+++\n")
            .file("content/articles/what?.md", "+++\ntitle = \"A\"\ndate = 2022-01-21\n+++\n")
            .file("content/pages/100%.md", "+++\ntitle = \"A\"\n+++\n")
            .file("content/digests/a b/c.md", "+++\ntitle = \"A\"\n+++\n"),
        str![[r#"
error: the file's name `what?` cannot be part of an address
 --> content/articles/what?.md:2:1
  |
2 | title = "A"
  | ^^^^^^^^^^^
  |
  = hint: rename it, for example to `what.md`

error: the file's name `a b` cannot be part of an address
 --> content/digests/a b/c.md:2:1
  |
2 | title = "A"
  | ^^^^^^^^^^^
  |
  = hint: rename it, for example to `a-b.md`

error: the file's name `100%` cannot be part of an address
 --> content/pages/100%.md:2:1
  |
2 | title = "A"
  | ^^^^^^^^^^^
  |
  = hint: rename it, for example to `100.md`

error: the file's name `two words` cannot be part of an address
 --> content/topics/two words.md:2:1
  |
2 | title = "A"
  | ^^^^^^^^^^^
  |
  = hint: rename it, for example to `two-words.md`

4 errors
nothing was written

"#]],
    );
}

#[test]
fn symbolic_links() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "+++\ntitle = \"Secret\"\n+++\n").unwrap();
    let site = Site::new().topic("talks", "").file("static/a.txt", "a");
    symlink(outside.path().join("secret.md"), site.path("content/topics/secret.md")).unwrap();
    symlink(outside.path(), site.path("static/outside")).unwrap();
    symlink(site.path("content"), site.path("content/topics/loop")).unwrap();
    symlink("nowhere.md", site.path("content/topics/dangling.md")).unwrap();
    reports(
        site,
        str![[r#"
error: symbolic link leads nowhere
--> content/topics/dangling.md
 = hint: remove the link, or put back the file that it names

error: symbolic link leads back to a folder above it
--> content/topics/loop
 = hint: remove the link: a site cannot contain itself

error: symbolic link leads out of the site
--> content/topics/secret.md
 = hint: copy the file into the site: what is published must lie in it

error: symbolic link leads out of the site
--> static/outside
 = hint: copy the file into the site: what is published must lie in it

4 errors
nothing was written

"#]],
    );
}

#[test]
fn a_link_within_the_site_is_followed() {
    let site = Site::new().file("shared/a.txt", "hello").file("static/b.txt", "b");
    symlink("../shared/a.txt", site.path("static/a.txt")).unwrap();
    site.build();
    assert_eq!(site.read("public/a.txt"), "hello");
}

#[test]
fn a_name_that_is_not_utf_8() {
    let site = Site::new();
    fs::create_dir_all(site.path("content/articles")).unwrap();
    let name = OsStr::from_bytes(b"caf\xe9.md");
    if fs::write(site.path("content/articles").join(name), "+++\ntitle = \"A\"\n+++\n").is_err() {
        eprintln!("SKIPPED: this disk takes no such name");
        return;
    }
    reports(
        site,
        str![[r#"
error: the file's name is not UTF-8
--> content/articles/caf�.md
 = hint: rename the file: its name becomes part of an address

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_folder_named_like_a_file() {
    let site = Site::new().file("content/topics/talks.md/inner.md", "+++\ntitle = \"Inner\"\n+++\n");
    site.run("build").succeeds();
    let site = Site::empty().file("site.toml/x", "");
    reports(
        site,
        str![[r#"
error: there is no `site.toml` here
--> site.toml
 = hint: run this in a site's folder, name it with `--root DIR`, or make a new site: `dateline init DIR`

1 error
nothing was written

"#]],
    );
}

#[test]
fn what_editors_leave_behind_is_no_content() {
    warns(
        Site::new()
            .topic("talks", "")
            .file("content/topics/talks.md~", "x")
            .file("content/topics/.talks.md.swp", "x")
            .file("content/topics/.#talks.md", "x")
            .file("content/topics/#talks.md#", "x")
            .file("content/.DS_Store", "x"),
        str![],
    );
}

#[test]
fn a_fifo_does_not_hold_the_build() {
    let site = Site::new().topic("talks", "");
    let status = std::process::Command::new("mkfifo").arg(site.path("content/topics/pipe.md")).status();
    if !status.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: no mkfifo");
        return;
    }
    site.run("build").succeeds();
}
