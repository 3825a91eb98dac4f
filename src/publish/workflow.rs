//! The workflow that publishes a site with GitHub Actions.

use std::fmt::Write as _;

use similar::TextDiff;

use crate::fingerprint::Fingerprint;

/// The file, from the top folder of the repository.
pub const PATH: &str = ".github/workflows/dateline.yml";

/// How the workflow gets Dateline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Install {
    /// From the registry, at the version that wrote the workflow.
    Registry,
    /// From the repository itself: it is Dateline's own.
    Checkout,
}

/// What the workflow depends on.
#[derive(Clone, Debug)]
pub struct Workflow<'a> {
    /// The branch with the sources.
    pub branch: &'a str,
    /// The site's folder below the top folder, with `/` at its end; empty where it is the top folder.
    pub folder: &'a str,
    /// Dateline's version.
    pub version: &'a str,
    /// How the workflow gets Dateline.
    pub install: Install,
    /// The address for `check` where the settings have none.
    pub address: Option<&'a str>,
    /// When the site changes by itself: fields of `cron` in UTC, in order.
    pub schedule: &'a [String],
}

impl Workflow<'_> {
    /// The file's text. Its first line tells whether the rest was edited since.
    pub fn text(&self) -> String {
        let body = self.body();
        format!("{MARK}{}\n{body}", Fingerprint::of(body.as_bytes()))
    }

    fn body(&self) -> String {
        let branch = quoted(self.branch);
        let reference = format!("refs/heads/{}", self.branch).replace('\'', "''");
        let folder = self.folder.trim_end_matches('/');
        let here = if folder.is_empty() { ".".to_owned() } else { quoted(folder) };
        let public = quoted(&format!("{}public", self.folder));
        let cached = format!("            {0}.dateline\n            {0}public", self.folder);
        let mut schedule = String::new();
        if !self.schedule.is_empty() {
            schedule.push_str("  # When articles that wait now appear or expire, in UTC.\n  schedule:\n");
            for line in self.schedule {
                let _ = writeln!(schedule, "    - cron: \"{line}\"");
            }
        }
        let version = self.version;
        let check = self.address.map_or_else(String::new, |address| format!(" --base-url '{address}'"));
        let environment = match self.install {
            Install::Registry => format!("env:\n  DATELINE_VERSION: \"{version}\"\n\n"),
            Install::Checkout => String::new(),
        };
        let (key, command) = match self.install {
            Install::Registry => (
                "${{ env.DATELINE_VERSION }}",
                "cargo +stable install dateline --locked --version \"=$DATELINE_VERSION\"",
            ),
            Install::Checkout => (
                "${{ hashFiles('Cargo.lock', 'src/**', 'themes/**') }}",
                "cargo +stable install --locked --path \"$GITHUB_WORKSPACE\"",
            ),
        };
        let install = format!(
            "      - uses: actions/checkout@v7
        with:
          persist-credentials: false
      - name: Look for Dateline of an earlier run
        id: dateline
        uses: actions/cache@v6
        with:
          path: ~/.cargo/bin/dateline
          key: dateline-${{{{ runner.os }}}}-${{{{ runner.arch }}}}-{key}
      - name: Install Dateline
        if: steps.dateline.outputs.cache-hit != 'true'
        run: |
          rustup toolchain install stable --profile minimal --no-self-update
          {command}
"
        );
        format!(
            "# Written by `dateline publish --setup actions`. As long as nobody edits this file, the same command brings it up to
# date: run it after an update of Dateline, and after you schedule articles.
name: Dateline

on:
  push:
    branches: [{branch}]
  pull_request:
  workflow_dispatch:
{schedule}
permissions:
  contents: read

# One publication after the other: one that has begun is never cut short.
concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: false

{environment}defaults:
  run:
    working-directory: {here}

jobs:
  check:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
{install}      - name: Check the site
        run: dateline check --format github{check}

  build:
    if: github.event_name != 'pull_request' && github.ref == '{reference}'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read
      # To learn the site's address.
      pages: read
    steps:
{install}      - name: Look for the cache of an earlier run
        uses: actions/cache@v6
        with:
          path: |
{cached}
          key: site-{key}-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}
          restore-keys: site-{key}-
      - name: Learn the site's address
        id: pages
        uses: actions/configure-pages@v6
      - name: Build the site
        env:
          BASE_URL: ${{{{ steps.pages.outputs.base_url }}}}
        run: dateline publish --output public --base-url \"$BASE_URL\" --format github
      - name: Upload the site
        uses: actions/upload-pages-artifact@v5
        with:
          path: {public}
          # Else .nojekyll and .well-known/ would be left out.
          include-hidden-files: true

  deploy:
    needs: build
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{{{ steps.deployment.outputs.page_url }}}}
    # Nothing is checked out here, so there is no folder of the site to be in.
    defaults:
      run:
        working-directory: .
    steps:
      - name: Publish the site
        id: deployment
        uses: actions/deploy-pages@v5
"
        )
    }
}

const MARK: &str = "# dateline:workflow ";

/// How the file that is there stands to the one that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not there.
    Missing,
    /// It is the one that is wanted.
    Same,
    /// It is as Dateline wrote it, with another version or schedule.
    Outdated,
    /// A person wrote or changed it: what the wanted one would change in it, as a unified diff.
    Edited(String),
}

/// Compares the file that is there with the text that is wanted.
pub fn standing(there: Option<&str>, wanted: &str) -> Standing {
    let Some(there) = there else { return Standing::Missing };
    // Git may have given the file other line ends.
    let there = there.replace("\r\n", "\n");
    if there == wanted {
        return Standing::Same;
    }
    let is_as_written = there.split_once('\n').is_some_and(|(first, body)| {
        first.strip_prefix(MARK).is_some_and(|mark| mark == Fingerprint::of(body.as_bytes()).to_string())
    });
    if is_as_written {
        return Standing::Outdated;
    }
    let diff = TextDiff::from_lines(there.as_str(), wanted);
    Standing::Edited(diff.unified_diff().header("there", "Dateline's").to_string())
}

/// A YAML scalar between double quotes, whose escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workflow(schedule: &[String]) -> String {
        Workflow { branch: "main", folder: "", version: "1.2.3", install: Install::Registry, address: None, schedule }
            .text()
    }

    #[test]
    fn what_nobody_edited_is_brought_up_to_date() {
        let old = workflow(&[]);
        let new = workflow(&["0 9 1 12 *".to_owned()]);
        assert_eq!(standing(None, &new), Standing::Missing);
        assert_eq!(standing(Some(&new), &new), Standing::Same);
        assert_eq!(standing(Some(&new.replace('\n', "\r\n")), &new), Standing::Same);
        assert_eq!(standing(Some(&old), &new), Standing::Outdated);
        let edited = old.replace("timeout-minutes: 15", "timeout-minutes: 5");
        let Standing::Edited(difference) = standing(Some(&edited), &new) else { panic!("it was edited") };
        assert!(difference.contains("-    timeout-minutes: 5\n+    timeout-minutes: 15\n"), "{difference}");
        assert!(matches!(standing(Some("name: mine\n"), &new), Standing::Edited(_)));
    }
}
