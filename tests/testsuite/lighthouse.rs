//! What Lighthouse says of the pages, read as on a slow phone.
//!
//! `DATELINE_LIGHTHOUSE` names the folder of the npm package lighthouse, beside the packages that it needs.

use std::{collections::BTreeSet, env, path::PathBuf, process::Command};

use serde_json::Value;

use crate::{
    browser::{BASE, own_site, program},
    site_test::has_tool,
};

/// Performance is a measure of time, taken on a machine that does other things meanwhile: much less than this is a fault of the
/// page.
const PERFORMANCE: f64 = 0.9;

/// Audits each address; prints its scores, and what takes something from them, as a line of JSON.
const AUDIT: &str = r#"
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
const [folder, chromium, ...urls] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(folder, file)));
const { default: lighthouse } = await load('core/index.js');
const { launch } = await load('../chrome-launcher/dist/index.js');
const chrome = await launch({ chromePath: chromium, chromeFlags: ['--headless', '--no-sandbox', '--disable-gpu'] });
const onlyCategories = ['accessibility', 'best-practices', 'seo', 'performance'];
for (const url of urls) {
  let report;
  // A page that had to wait for the machine gets another try.
  for (let tries = 0; tries < 3; tries++) {
    const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: 'silent', onlyCategories });
    report = { url, scores: {}, lost: [], error: lhr.runtimeError?.message ?? null };
    for (const [id, category] of Object.entries(lhr.categories)) {
      report.scores[id] = category.score;
      for (const { id: audit, weight } of category.auditRefs) {
        const { score, title } = lhr.audits[audit];
        if (weight > 0 && score !== null && score < 1) report.lost.push(`${id}/${audit} (${score}): ${title}`);
      }
    }
    if (report.error === null && report.scores.performance >= 0.9) break;
  }
  console.log(JSON.stringify(report));
}
await chrome.kill();
"#;

fn audit(theme: &str, kinds: &[&str]) {
    let lighthouse = env::var_os("DATELINE_LIGHTHOUSE").map(PathBuf::from).filter(|path| path.is_dir());
    let chromium = program("DATELINE_CHROMIUM", &["/usr/bin/chromium", "/usr/bin/chromium-browser"]);
    let is_there = lighthouse.is_some() && chromium.is_some();
    if !has_tool("lighthouse and chromium (DATELINE_LIGHTHOUSE, DATELINE_CHROMIUM)", is_there) {
        return;
    }
    let (site, server, pages) = own_site(theme);
    let mut wanted: BTreeSet<String> = kinds.iter().map(|kind| format!("kind-{kind}")).collect();
    let mut urls = Vec::new();
    for address in &pages {
        let page = site.page(&format!("/{address}"));
        let class = page.elements("body").next().and_then(|body| body.attributes.get("class").cloned());
        if class.is_some_and(|class| wanted.remove(&class)) {
            urls.push(format!("{}{BASE}{address}", server.origin));
        }
    }
    assert!(wanted.is_empty(), "there is no page of {wanted:?}");
    let script = site.path("audit.mjs");
    site.write("audit.mjs", AUDIT);
    let output = Command::new("node")
        .arg(&script)
        .args([lighthouse.expect("a path"), chromium.expect("a path")])
        .args(&urls)
        .output()
        .expect("node");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reports: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(reports.len(), urls.len(), "{text}");
    for report in reports {
        for column in ["accessibility", "best-practices", "seo"] {
            assert_eq!(report["scores"][column], 1.0, "{theme}: {report:#}");
        }
        assert!(
            report["scores"]["performance"].as_f64().is_some_and(|score| score >= PERFORMANCE),
            "{theme}: {report:#}"
        );
    }
}

#[test]
fn the_broadsheet_has_full_marks() {
    audit("broadsheet", &["home", "article", "topic", "digest", "publisher", "search"]);
}

#[test]
fn the_bulletin_has_full_marks() {
    audit("bulletin", &["home", "article", "topic"]);
}
