//! `dateline init`: a new site that builds and checks clean at once; and the examples in every verb's help.

use std::{env, process::Command};

use snapbox::str;

use crate::{
    import_web::{PARAGRAPHS, page},
    site_test::Site,
    web::{Reply, Web},
};

#[test]
fn a_new_site_builds_and_checks_clean() {
    let site = Site::empty();
    site.run("init my-digest").succeeds().stderr_is("").stdout_is(str![[r#"
a new site is in my-digest
look at it: cd my-digest && dateline watch --open
publish it: put its address into site.toml (base_url), commit it, then dateline publish

"#]]);
    for line in ["build", "check", "check --drafts", "build --base-url https://user.github.io/my/digest/"] {
        let outcome = site.command(line).current_dir(site.path("my-digest")).run().succeeds().stderr_is("");
        assert!(!outcome.stdout.contains("left out"), "{}", outcome.stdout);
    }
    let home = crate::site_test::Page::read(&site.path("my-digest/public"), "/");
    home.says("My digest").says("Ozone layer, from the hole to the treaty");
    let files: Vec<String> = site.files("my-digest/content").into_keys().collect();
    assert!(files.iter().any(|path| path.starts_with("topics/")));
    assert!(files.iter().any(|path| path.starts_with("digests/")));
    assert!(files.iter().any(|path| path.starts_with("articles/")));
}

#[test]
fn in_the_folder_itself() {
    let site = Site::empty();
    site.run("init").succeeds();
    site.build();
    site.run("check").succeeds().stderr_is("");
}

#[test]
fn git_leaves_what_is_made_alone() {
    let site = Site::empty();
    site.run("init").succeeds();
    site.build();
    let ignored = site.read(".gitignore");
    assert!(ignored.contains("/public/") && ignored.contains("/.dateline/"), "{ignored}");
}

#[test]
fn a_site_is_never_overwritten() {
    let site = Site::empty().file("my-digest/site.toml", "mine\n");
    site.run("init my-digest").status(2).stderr_is(str![[r#"
error: there is a site in `my-digest` already: site.toml
  hint: name a new folder: `dateline init my-digest`

"#]]);
    assert_eq!(site.files("my-digest").len(), 1);
    assert_eq!(site.read("my-digest/site.toml"), "mine\n");
    // One of its files is enough.
    let site = Site::empty().file("content/pages/about.md", "mine\n");
    site.run("init").status(2);
    assert_eq!(site.files(".").len(), 1);
}

#[test]
fn an_empty_repository_becomes_a_site() {
    let site = Site::empty().file(".gitignore", "mine\n").file("README.md", "mine\n").file(".git/HEAD", "x");
    site.run("init").succeeds();
    assert_eq!(site.read(".gitignore"), "mine\n");
    assert_eq!(site.read("README.md"), "mine\n");
    site.build();
}

#[test]
fn a_place_where_no_folder_can_be() {
    Site::empty().file("file", "x").run("init file/site").status(3).stderr_has("cannot");
}

/// The example lines of a help text.
fn examples(help: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_in = false;
    for line in help.lines() {
        if line.starts_with("Example") {
            is_in = true;
        } else if is_in && line.starts_with("  ") && !line.starts_with("   ") {
            // What stands after several spaces says what the line does.
            found.push(line.trim().split("   ").next().unwrap_or_default().trim().to_owned());
        } else if is_in && !line.starts_with(' ') && !line.is_empty() {
            is_in = false;
        }
    }
    found
}

const STORY: &str = "Harbour talks end without a deal

By Iryna Author
ODESA, Jan 21, 2022 (Reuters) - Dockers and owners left the table on Friday without a deal, and the cranes of the old
harbour stood still for a fifth day.

\"We shall load nothing\", said Olena Moroz, who speaks for the union.

The owners said that they would wait.

(Reporting by Iryna Author; Editing by Edgar Editor)
";

#[test]
fn every_verbs_help_has_examples_that_run() {
    let probe = Site::empty();
    let top = probe.run("--help").succeeds().stdout;
    let verbs: Vec<&str> = top
        .split("Commands:")
        .nth(1)
        .expect("commands")
        .lines()
        .skip(1)
        .map_while(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help")
        .collect();
    assert!(verbs.len() >= 5, "{verbs:?}");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_dateline"));
    let web = Web::serve(|path| match path {
        "/robots.txt" => Reply::status("404 Not Found"),
        "/feed.xml" => Reply::typed(
            "application/rss+xml",
            "<rss version=\"2.0\"><channel><item><title>A bell is cast</title><link>https://a.example/bell</link></item></channel></rss>",
        ),
        path => {
            Reply::page(page(&format!("What is at {path}"), "", &[&format!("At {path} stands this."), PARAGRAPHS[0]]))
        }
    });
    for verb in std::iter::once("").chain(verbs) {
        let help = probe.run(&format!("{verb} --help")).succeeds().stdout;
        // What the examples ask of the web is asked of a server here.
        let here = |line: String| match line.contains("https://example.org/") || line.contains("--fetch") {
            true => format!("{} --allow-private", line.replace("https://example.org", web.url("").as_str())),
            false => line,
        };
        let lines: Vec<String> =
            examples(&help).into_iter().map(|line| if verb == "import" { here(line) } else { line }).collect();
        assert!(!lines.is_empty(), "`dateline {verb} --help` has no example:\n{help}");
        let verb_line = format!("dateline {verb}");
        assert!(lines.iter().any(|line| line.contains(verb_line.trim())), "{verb}: {lines:?}");
        // Each help starts from a site with a topic of its own and what a curator has lying about.
        let site = Site::empty();
        site.run("init").succeeds();
        let site = site
            .topic("ukraine-crisis", "")
            .article("2022-01-21", "talks", "topics = [\"ukraine-crisis\"]")
            .article("2022-02-01", "answer", "topics = [\"ukraine-crisis\"]")
            .file("story.txt", STORY)
            .file("clippings/one.txt", STORY.replace("Harbour", "Railway"))
            .file("bin/pbpaste", format!("#!/bin/sh\ncat <<'END'\n{STORY}\nEND\n"))
            .file("bin/jq", "#!/bin/sh\ncat\n");
        Command::new("chmod").args(["+x", "bin/pbpaste", "bin/jq"]).current_dir(site.root()).status().unwrap();
        if verb == "import" {
            let link = web.url("/saved");
            site.write(
                "bookmarks.html",
                format!("<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF=\"{link}\">Saved</A></DL>"),
            );
            site.write("pocket.csv", format!("title,url\nKept,{}\n", web.url("/kept")));
        }
        if verb == "why" || verb == "edition" {
            site.write(
                "content/digests/ukraine-crisis/2022-01.md",
                "+++\ntitle = \"D\"\ntopic = \"ukraine-crisis\"\ntemporal_coverage = \"2022-01\"\n+++\n",
            );
        }
        if lines.iter().any(|line| line.starts_with("dateline new topic")) {
            site.remove("content/topics/ukraine-crisis.md");
        }
        let path = format!(
            "{}:{}:{}",
            binary.parent().unwrap().display(),
            site.path("bin").display(),
            env::var("PATH").unwrap_or_default()
        );
        if verb == "publish" {
            // Published twice before, to a repository beside the site.
            for line in [
                "git init -q -b main",
                "git init -q --bare remote.git && printf '/remote.git/\\n/bin/\\n' > .git/info/exclude",
                "git config user.name A && git config user.email a@example.org && git remote add origin remote.git",
                "git add -A && git commit -q -m One && dateline publish",
                "sed -i 's/Replace this/Replace the/' content/articles/*/*/*.md",
                "git commit -q -a -m Two && dateline publish",
            ] {
                let ready = Command::new("sh").args(["-c", line]).current_dir(site.root()).env("PATH", &path).output();
                assert!(ready.is_ok_and(|output| output.status.success()), "{line}");
            }
        }
        let runs = |line: &&String| {
            // What wants a network, ends with Ctrl-C, or wants a repository.
            !line.contains("--external") && !line.contains("watch") && (verb == "publish" || !line.contains("publish"))
        };
        for line in lines.iter().filter(runs) {
            let output =
                Command::new("sh").args(["-c", line]).current_dir(site.root()).env("PATH", &path).output().unwrap();
            assert!(
                output.status.success(),
                "`{line}` in the help of `dateline {verb}` fails:\n{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}

#[test]
fn version_and_help() {
    let site = Site::empty();
    site.run("--version").succeeds().stdout_is(concat!("dateline ", env!("CARGO_PKG_VERSION"), "\n"));
    site.run("-h").succeeds().stdout_has("Usage: dateline");
    site.run("help build").succeeds().stdout_has("--base-url");
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let site = Site::empty();
    let line = format!("{} --help | head -n 1", env!("CARGO_BIN_EXE_dateline"));
    let output = Command::new("sh").args(["-c", &line]).current_dir(site.root()).output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}
