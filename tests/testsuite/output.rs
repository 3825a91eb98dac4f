//! The output is whole or untouched, and what Dateline did not write is nobody's but the user's.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use snapbox::str;

use crate::site_test::Site;

fn site() -> Site {
    Site::new().topic("talks", "").article("2022-01-21", "geneva", "topics = [\"talks\"]")
}

#[test]
fn an_error_leaves_the_last_good_site_byte_for_byte() {
    let site = site();
    site.build();
    let before = site.public();
    site.write(
        "content/articles/2022/02/new.md",
        "+++\ntitle = \"New\"\ndate = 2022-02-01\ntopics = [\"tlaks\"]\n+++\n",
    );
    site.edit("content/articles/2022/01/geneva.md", "About geneva", "Changed");
    site.run("build").has_errors().stderr_has("nothing was written; public is as it was");
    assert_eq!(site.public(), before);
    site.write("themes/broadsheet/templates/tag.html", "{{");
    site.run("build").has_errors();
    assert_eq!(site.public(), before);
    assert!(!site.path(".public.staging").exists());
}

#[test]
fn an_error_in_a_first_build_makes_no_folder() {
    let site = site().topic("bad", "broader = [\"nope\"]");
    site.run("build").has_errors();
    assert!(!site.path("public").exists());
    assert!(!site.path(".public.staging").exists());
}

#[test]
fn foreign_files_stay() {
    let site = site();
    site.build();
    site.write("public/CNAME", "example.org\n");
    site.write("public/talks/notes.txt", "mine\n");
    site.write("public/.git/HEAD", "ref: refs/heads/main\n");
    site.remove("content/topics/talks.md");
    site.edit("content/articles/2022/01/geneva.md", "topics = [\"talks\"]\n", "");
    site.build();
    assert_eq!(site.read("public/CNAME"), "example.org\n");
    assert_eq!(site.read("public/talks/notes.txt"), "mine\n");
    assert!(!site.has("talks/index.html"));
    assert!(site.has(".git/HEAD"));
}

#[test]
fn a_foreign_file_in_the_way_is_never_overwritten() {
    let site = site().file("public/talks/index.html", "mine\n").file("public/other.txt", "mine too\n");
    let before = site.public();
    site.run("build").status(3).stderr_is(str![[r#"
error: cannot overwrite `public/talks/index.html`, which Dateline did not write
  hint: if `public` holds nothing but an earlier build, delete that folder and build again; else move the file away (to publish a file of your own, put it in static/), or build elsewhere with `--output`

"#]]);
    assert_eq!(site.public(), before, "not one file was written");
    assert!(!site.path(".public.staging").exists());
    site.remove("public/talks/index.html");
    site.build();
    assert_eq!(site.read("public/other.txt"), "mine too\n");
    // With the same bytes it is no trouble.
    let site = Site::new().file("static/a.txt", "a").file("public/a.txt", "a");
    site.build();
}

#[test]
fn a_folder_or_a_link_in_the_way_of_a_file() {
    let site = site();
    fs::create_dir_all(site.path("public/feed.atom/x")).unwrap();
    site.run("build").status(3).stderr_has("feed.atom");
    fs::remove_dir_all(site.path("public")).unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("target"), "outside\n").unwrap();
    fs::create_dir_all(site.path("public")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("target"), site.path("public/index.html")).unwrap();
    site.run("build").status(3);
    assert_eq!(fs::read_to_string(outside.path().join("target")).unwrap(), "outside\n");
}

#[test]
fn a_lost_manifest_makes_files_foreign_until_they_are_the_same() {
    let site = site();
    site.build();
    let memory = site.files(".dateline/outputs").into_keys().find(|path| path.ends_with("manifest")).unwrap();
    fs::remove_dir_all(site.path(".dateline")).unwrap();
    site.build();
    fs::remove_dir_all(site.path(".dateline")).unwrap();
    site.edit("content/articles/2022/01/geneva.md", "About geneva", "Changed");
    site.run("build").status(3).stderr_has("which Dateline did not write");
    site.write(&format!(".dateline/outputs/{memory}"), "{");
    site.run("build").status(3);
}

#[test]
fn own_files_that_vanish_go_with_their_empty_folders() {
    let site = site();
    site.build();
    assert!(site.has("2022/01/21/geneva/index.html"));
    site.remove("content/articles/2022/01/geneva.md");
    site.build().stdout_has("removed");
    assert!(!site.path("public/2022").exists());
    assert!(site.has("talks/index.html"));
}

#[test]
fn an_own_file_that_was_changed_by_hand() {
    let site = site();
    site.build();
    let good = site.public();
    site.write("public/talks/index.html", "changed by hand");
    site.remove("public/index.html");
    site.build();
    assert_eq!(site.public(), good, "it is made right again");
    site.write("public/2022/01/21/geneva/index.html", "changed by hand, and then not wanted any more");
    site.remove("content/articles/2022/01/geneva.md");
    site.build();
    assert!(site.has("2022/01/21/geneva/index.html"), "what was changed by hand is not deleted");
}

#[test]
fn a_file_in_the_folders_place() {
    let site = site().file("public", "I am a file\n");
    site.run("build").status(3).stderr_is(str![[r#"
error: cannot write `public`: File exists (os error 17)
  hint: a file stands where a folder must be; move it away, or build elsewhere with `--output DIR`

"#]]);
    assert_eq!(site.read("public"), "I am a file\n");
    site.run("build").status(3);
    site.remove("public");
    site.build();
    assert!(site.has("index.html"));
    assert!(!site.path(".public.staging").exists());
}

#[test]
fn a_folder_that_may_not_be_written() {
    let site = site();
    site.build();
    let before = site.public();
    site.edit("content/articles/2022/01/geneva.md", "About geneva", "Changed");
    let set = |mode| {
        for folder in ["public/2022/01/21/geneva", "public", "."] {
            fs::set_permissions(site.path(folder), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o555);
    // Permissions do not bind the superuser.
    let binds = fs::write(site.path("probe"), "x").is_err();
    let outcome = binds.then(|| site.run("build"));
    let after = site.public();
    set(0o755);
    let Some(outcome) = outcome else {
        eprintln!("SKIPPED: permissions do not bind this user");
        return;
    };
    outcome.status(3).stderr_has("Permission denied").stderr_has("--output");
    assert_eq!(after, before);
}

#[test]
fn a_place_that_cannot_be_written_at_all() {
    // Nothing can be made there, not even by the superuser.
    let site = site();
    site.run("build --output /proc/dateline/public").status(3).stderr_has("cannot write");
    site.run("build --output /dev/null/public").status(3).stderr_has("cannot write");
}

#[test]
fn several_outputs_of_one_site() {
    let site = site();
    site.build();
    site.run("build --output preview --drafts --base-url https://example.org/preview/").succeeds();
    site.run("build --output elsewhere/deep/site").succeeds();
    assert_eq!(site.files("elsewhere/deep/site"), site.public());
    site.remove("content/articles/2022/01/geneva.md");
    site.run("build --output preview").succeeds();
    assert!(site.has("2022/01/21/geneva/index.html"), "each output has its own manifest");
    assert!(!site.path("preview/2022").exists());
}

#[test]
fn an_output_outside_the_site() {
    let elsewhere = tempfile::tempdir().unwrap();
    let site = site();
    let output = elsewhere.path().join("www");
    site.command("build --output").arg(&output).run().succeeds();
    assert!(output.join("index.html").is_file());
    assert!(!site.path("public").exists());
}

#[test]
fn the_site_can_be_moved_with_its_output() {
    let from = site();
    from.build();
    let to = Site::empty();
    crate::site_test::copy(from.root(), to.root());
    to.edit("content/articles/2022/01/geneva.md", "About geneva", "Changed");
    to.build().stdout_has("0 removed");
    to.page("/2022/01/21/geneva/").says("Changed");
}

mod interrupted {
    use std::collections::BTreeMap;

    use dateline::{
        engine::cache::{seal, unseal},
        fingerprint::Fingerprint,
    };

    use super::*;

    /// A file as a manifest has it: its fingerprint, size and time.
    type Entry = (Fingerprint, u64, i64);

    /// What a build promises before it puts files into their places and removes others.
    fn journal(place: &[(&str, &[u8])], remove: &[&str]) -> Vec<u8> {
        let entry = |bytes: &[u8]| -> Entry { (Fingerprint::of(bytes), bytes.len() as u64, 0) };
        let place: Vec<(&str, Entry)> = place.iter().map(|(path, bytes)| (*path, entry(bytes))).collect();
        seal("journal 1", &(place, remove))
    }

    /// A build that died while it staged: no journal, so nothing was promised.
    #[test]
    fn staging_without_a_journal_is_cleared() {
        let site = site();
        site.build();
        let before = site.public();
        site.write(".public.staging/site/index.html", "half");
        site.write(".public.staging/journal.partial", "dateline jour");
        site.build().stdout_has("(0 changed");
        assert_eq!(site.public(), before);
        assert!(!site.path(".public.staging").exists());
    }

    #[test]
    fn a_journal_that_cannot_be_read_is_none() {
        let site = site();
        site.build();
        let before = site.public();
        let cut_off = journal(&[("index.html", b"half")], &[]);
        for journal in [b"".as_slice(), b"null", &cut_off[..cut_off.len() - 1], &cut_off[1..]] {
            site.write(".public.staging/site/index.html", "half");
            site.write(".public.staging/journal", journal);
            site.build();
            assert_eq!(site.public(), before);
            assert!(!site.path(".public.staging").exists());
        }
    }

    /// Puts a site back to where a build would have died after its journal, with `done` of its renames carried out.
    fn half_done(done: usize) -> (Site, Site) {
        let site = super::site();
        site.build();
        site.edit("content/articles/2022/01/geneva.md", "About geneva", "Changed");
        let new = Site::empty();
        crate::site_test::copy(site.root(), new.root());
        new.build();
        let changed: Vec<String> = new
            .public()
            .into_iter()
            .filter(|(path, bytes)| site.public().get(path) != Some(bytes))
            .map(|(path, _)| path)
            .collect();
        assert!(changed.len() > done);
        let place: Vec<(&str, Vec<u8>)> =
            changed.iter().map(|path| (path.as_str(), fs::read(new.path("public").join(path)).unwrap())).collect();
        for (at, (path, bytes)) in place.iter().enumerate() {
            let folder = if at < done { "public" } else { ".public.staging/site" };
            site.write(&format!("{folder}/{path}"), bytes);
        }
        let place: Vec<(&str, &[u8])> = place.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
        site.write(".public.staging/journal", journal(&place, &[]));
        (site, new)
    }

    #[test]
    fn a_complete_journal_is_carried_out() {
        for done in [0, 1, 3] {
            let (site, new) = half_done(done);
            site.build();
            assert_eq!(site.public(), new.public());
            assert!(!site.path(".public.staging").exists());
        }
    }

    #[test]
    fn a_complete_journal_is_carried_out_though_the_site_has_errors_now() {
        let (site, new) = half_done(1);
        site.write("content/topics/bad.md", "+++\ntitle = \"Bad\"\nbroader = [\"nope\"]\n+++\n");
        site.run("build").has_errors();
        assert_eq!(site.public(), new.public(), "the last good site is whole");
    }

    #[test]
    fn check_carries_nothing_out() {
        let (site, _) = half_done(1);
        let before = site.files(".");
        site.run("check").succeeds();
        assert_eq!(site.files("."), before);
    }

    /// A repository from a stranger can hold such files: they must not reach out of the output.
    #[test]
    fn a_journal_and_a_manifest_never_leave_the_output() {
        let site = site().file("precious.txt", "precious").file("content/pages/p.md", "+++\ntitle = \"P\"\n+++\n");
        site.build();
        let before = site.read("site.toml");
        site.write(".public.staging/site/../evil.txt", "evil");
        let evil: &[(&str, &[u8])] = &[("../evil.txt", b"evil")];
        for (place, remove) in [(&[][..], "../precious.txt"), (evil, ""), (&[][..], "/tmp/dateline-no-such-file")] {
            let remove: Vec<&str> = [remove].into_iter().filter(|path| !path.is_empty()).collect();
            site.write(".public.staging/evil.txt", "evil");
            site.write(".public.staging/journal", journal(place, &remove));
            site.run("build");
            assert!(site.path("precious.txt").exists(), "{remove:?}");
            assert!(!site.path("evil.txt").exists(), "{place:?}");
        }
        assert_eq!(site.read("site.toml"), before);

        // The fingerprint of the static file is that of the file outside.
        let site = site.file("static/precious.txt", "precious");
        site.build();
        let name = site.files(".dateline/outputs").into_keys().find(|path| path.ends_with("manifest")).unwrap();
        let path = format!(".dateline/outputs/{name}");
        let bytes = fs::read(site.path(&path)).unwrap();
        let mut files: BTreeMap<String, Entry> = unseal("outputs 1", &bytes).unwrap();
        let entry = files["precious.txt"];
        files.insert("../precious.txt".to_owned(), entry);
        site.write(&path, seal("outputs 1", &files));
        site.run("build");
        assert!(site.path("precious.txt").exists(), "a manifest names a file outside");
    }
}

/// A site of many articles; `version` is in every page.
fn large(version: &str) -> Site {
    let mut site = Site::new().settings(&format!("description = \"{version}\"")).topic("t", "period = \"monthly\"");
    for number in 0..300 {
        site = site.article_with(
            &format!("2022-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
            &format!("n{number}"),
            "topics = [\"t\"]\ntags = [\"x\"]",
            &format!("Version {version} of number {number}.\n"),
        );
    }
    site
}

fn kill_when(site: &Site, is_time: impl Fn(Duration, &Path) -> bool) -> bool {
    let mut command = site.command("build").into_command();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let started = Instant::now();
    loop {
        if child.try_wait().expect("a child").is_some() {
            return false;
        }
        if is_time(started.elapsed(), site.root()) {
            child.kill().expect("kill");
            child.wait().expect("a child");
            return true;
        }
        std::hint::spin_loop();
    }
}

#[test]
fn a_killed_build_never_leaves_a_mixed_site_after_the_next_one() {
    let expected = |version: &str| {
        let site = large(version);
        let started = Instant::now();
        site.build();
        (site.public(), started.elapsed())
    };
    let (one, took) = expected("one");
    let (two, _) = expected("two");
    let site = large("one");
    site.build();
    let mut killed = 0;
    let mut is_one = true;
    let staging = Path::new(".public.staging");
    for attempt in 0..6u32 {
        is_one = !is_one;
        let version = if is_one { "one" } else { "two" };
        let next = large(version);
        fs::remove_dir_all(site.path("content")).unwrap();
        fs::copy(next.path("site.toml"), site.path("site.toml")).unwrap();
        crate::site_test::copy(&next.path("content"), &site.path("content"));
        // At moments spread over the build, as it stages, and once it has promised.
        killed += u32::from(kill_when(&site, |elapsed, root| match attempt % 3 {
            0 => elapsed > took * (attempt + 2) / 8,
            1 => root.join(staging).exists() && elapsed.subsec_micros() % 7 == attempt % 7,
            _ => root.join(staging).join("journal").exists(),
        }));
        site.build();
        let want = if is_one { &one } else { &two };
        let now = site.public();
        assert_eq!(now.len(), want.len(), "attempt {attempt}");
        for (path, bytes) in want {
            assert!(now.get(path) == Some(bytes), "attempt {attempt}: {path} is not of version {version}");
        }
        assert!(!site.path(".public.staging").exists());
    }
    assert!(killed >= 2, "only {killed} builds were killed in time");
}

#[test]
fn a_folder_of_own_files_gives_way_to_a_file_and_back() {
    let site = Site::new().file("static/a/b/c.txt", "below\n").file("static/x", "file\n");
    site.build();
    fs::remove_dir_all(site.path("static/a")).unwrap();
    site.remove("static/x");
    site.write("static/a", "file\n");
    site.write("static/x/y.txt", "below\n");
    site.build();
    assert_eq!(site.read("public/a"), "file\n");
    assert_eq!(site.read("public/x/y.txt"), "below\n");
    assert!(!site.path(".public.staging").exists());
    site.remove("static/a");
    site.write("static/a/b/c.txt", "below\n");
    site.write("public/mine/own.txt", "mine\n");
    site.build();
    assert_eq!(site.read("public/a/b/c.txt"), "below\n");
    // Where something else lies in the folder, it stays, and so does all of the site.
    site.write("public/x/mine.txt", "mine\n");
    fs::remove_dir_all(site.path("static/x")).unwrap();
    site.write("static/x", "file\n");
    let before = site.public();
    site.run("build").status(3).stderr_has("public/x");
    assert_eq!(site.public(), before);
}

#[test]
fn a_file_of_the_users_where_a_folder_must_be() {
    let site = site();
    site.build();
    site.write("public/new", "mine\n");
    site.write("static/new/a.txt", "a\n");
    site.edit("content/articles/2022/01/geneva.md", "About geneva", "Changed");
    let before = site.public();
    site.run("build").status(3).stderr_has("public/new");
    assert_eq!(site.public(), before, "not one file was written");
    site.remove("static/new/a.txt");
    site.build();
    assert_eq!(site.read("public/new"), "mine\n");
}

#[test]
fn an_interrupted_run_is_not_finished_over_a_file_of_the_users() {
    use dateline::{engine::cache::seal, fingerprint::Fingerprint};
    let site = site();
    site.build();
    let place = [("own.txt", (Fingerprint::of(b"staged\n"), 7u64, 0i64))];
    for own in ["file", "folder"] {
        site.write(".public.staging/site/own.txt", "staged\n");
        site.write(".public.staging/journal", seal("journal 1", &(&place[..], &[""; 0][..])));
        match own {
            "file" => site.write("public/own.txt", "mine\n"),
            _ => {
                site.remove("public/own.txt");
                site.write("public/own.txt/mine.txt", "mine\n");
            }
        }
        let before = site.public();
        site.build();
        assert!(site.public() == before, "{own}");
        assert!(!site.path(".public.staging").exists());
    }
}

#[test]
fn two_builds_at_once_wait_for_each_other() {
    let site = large("one");
    site.build();
    let next = large("two");
    for attempt in 0..3 {
        let start = || site.command("build").into_command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let first = start().unwrap();
        std::thread::sleep(Duration::from_millis(40 * attempt));
        // The second one sees another site than the first.
        let extra = format!("content/articles/extra-{attempt}.md");
        site.write(&extra, "+++\ntitle = \"Extra\"\ndate = 2022-03-03\ntopics = [\"t\"]\n+++\nText.\n");
        fs::copy(next.path("site.toml"), site.path("site.toml")).unwrap();
        let second = start().unwrap();
        for build in [first, second] {
            let output = build.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        site.edit(&extra, "Text", "Another text");
        site.write("site.toml", site.read("site.toml").replace("two", "three"));
        site.build();
    }
}
