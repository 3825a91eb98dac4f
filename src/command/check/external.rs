//! `check --external`: asks other sites whether what the site links to is there.

use std::{collections::BTreeMap, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use ureq::{Agent, http::StatusCode};
use url::Url;

use super::crawl::Page;
use crate::{
    diagnostic::{Diagnostic, Place, SitePath},
    session::Inspected,
};

/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Adds a warning for each address elsewhere that does not answer well. A host is asked one thing at a time.
pub fn inspect(site: &Inspected<'_>, pages: &BTreeMap<String, Page>, diagnostics: &mut Vec<Diagnostic>) {
    let own = site.urls.base().origin();
    let mut hosts: BTreeMap<String, BTreeMap<String, &str>> = BTreeMap::new();
    for (path, page) in pages.iter().filter(|(path, _)| path.ends_with(".html")) {
        for link in &page.links {
            let Ok(mut url) = Url::parse(link) else { continue };
            if !matches!(url.scheme(), "http" | "https") || url.origin().ascii_serialization() == own {
                continue;
            }
            url.set_fragment(None);
            let host = url.host_str().unwrap_or_default().to_owned();
            hosts.entry(host).or_default().entry(url.into()).or_insert(path);
        }
    }
    let bar = ProgressBar::new(hosts.values().map(|urls| urls.len() as u64).sum());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} links {msg}") {
        bar.set_style(style);
    }
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("Dateline/", env!("CARGO_PKG_VERSION"), " (link check)"))
        .http_status_as_error(false)
        .build()
        .into();
    // Waiting takes no processor: more hosts at once than there are cores.
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(16).build() else { return };
    let found: Vec<Vec<Diagnostic>> = pool.install(|| {
        hosts
            .into_par_iter()
            .map(|(_, urls)| {
                let mut found = Vec::new();
                for (url, page) in urls {
                    if let Some(trouble) = ask(&agent, &url) {
                        let message = format!("`{url}` {trouble}");
                        found.push(
                            Diagnostic::warning(message, place(site, &url, page))
                                .hint("look in a browser: if it is gone, link to an archived copy (`archived_url`)"),
                        );
                    }
                    bar.inc(1);
                }
                found
            })
            .collect()
    });
    bar.finish_and_clear();
    diagnostics.extend(found.into_iter().flatten());
}

/// What is wrong with an address; nothing when it answers, or when its host does not want to be asked by programs.
fn ask(agent: &Agent, url: &str) -> Option<String> {
    let status = match agent.head(url).call() {
        Ok(answer) if answer.status().is_success() => return None,
        // Many hosts answer only what a browser would ask.
        _ => match agent.get(url).call() {
            Ok(answer) => answer.status(),
            Err(error) => return Some(format!("cannot be reached: {error}")),
        },
    };
    let is_shy = matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::METHOD_NOT_ALLOWED
    );
    (!status.is_success() && !is_shy).then(|| format!("answers {status}"))
}

/// Where the author wrote it: in the page's own file, else anywhere in the site.
fn place(site: &Inspected<'_>, url: &str, page: &str) -> Place {
    let source = site.plan.get(page).and_then(|output| output.source.clone());
    let files = source.iter().filter_map(|path| site.snapshot.get(path));
    for file in files.chain(site.snapshot.area(crate::load::Area::Content)) {
        let text = site.snapshot.text(&file.path).ok().flatten();
        if let Some(at) = text.and_then(|text| text.find(url.trim_end_matches('/'))) {
            return Place::new(&file.path, at..at + url.trim_end_matches('/').len());
        }
    }
    Place::file(&source.unwrap_or_else(|| SitePath::from("site.toml")))
}
