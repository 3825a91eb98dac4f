//! Stage 5: every output as bytes, on all cores.
//!
//! Views are made by the [`Reader`], which is all that a page knows of the site.

mod cards;
mod feed;
mod links;
mod page;
mod reader;
mod sitemap;
mod theme;
pub mod view;
mod words;

use std::fs;

use rayon::prelude::*;

pub use reader::{Log, Reader, Site};
pub use theme::{Theme, built_in_text, page_templates};

use crate::{
    diagnostic::Diagnostic,
    error::{Error, Result},
    fingerprint::Fingerprint,
    model::Fact,
    plan::{Output, OutputKind, Route},
};

/// One output: its bytes, or word that they are as they were.
#[derive(Debug)]
pub struct Rendered {
    /// Its path from the output's root.
    pub path: String,
    /// Of its bytes.
    pub fingerprint: Fingerprint,
    /// How many bytes.
    pub size: u64,
    /// What to write; `None` where the output was kept.
    pub bytes: Option<Vec<u8>>,
    /// What it was made from; empty where the output was kept.
    pub reads: Vec<Fact>,
    /// Whether something was wrong with it.
    pub has_diagnostics: bool,
}

/// Renders every output of the plan, in the order of their paths, but those that `keep` knows: for them it gives the
/// fingerprint and size of what is there.
///
/// # Errors
/// When a static file cannot be read.
pub fn render(
    site: &Site<'_>,
    keep: impl Fn(&str) -> Option<(Fingerprint, u64)> + Sync,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Rendered>> {
    let outputs: Vec<(&String, &Output)> = site.plan.outputs().collect();
    let results: Vec<Result<(Rendered, Vec<Diagnostic>)>> = outputs
        .into_par_iter()
        .map(|(path, output)| match keep(path) {
            Some((fingerprint, size)) => {
                let path = path.clone();
                let kept = Rendered { path, fingerprint, size, bytes: None, reads: Vec::new(), has_diagnostics: false };
                Ok((kept, Vec::new()))
            }
            None => render_one(site, path, output),
        })
        .collect();
    let mut rendered = Vec::with_capacity(results.len());
    for result in results {
        let (output, mut found) = result?;
        rendered.push(output);
        diagnostics.append(&mut found);
    }
    Ok(rendered)
}

fn render_one(site: &Site<'_>, path: &str, output: &Output) -> Result<(Rendered, Vec<Diagnostic>)> {
    let mut diagnostics = Vec::new();
    let log = Log::default();
    log.add(Fact::Output(path.to_owned()));
    let reader = Reader::new(site, &log);
    let route = &output.route;
    // Pages and feeds are made with the settings and the templates; what is copied is not.
    let made = || {
        log.add(Fact::Settings);
        &reader
    };
    let bytes = match &output.kind {
        OutputKind::Page(kind) => text(page::render(made(), site.theme, route, *kind, &mut diagnostics)),
        OutputKind::Redirect(target) => text(page::redirect(made(), site.theme, route, target, &mut diagnostics)),
        OutputKind::Feed(format, scope) => text(feed::render(made(), route, *format, *scope, &mut diagnostics)),
        OutputKind::Sitemap => text(sitemap::render(made())),
        OutputKind::SitemapPart(part) => text(sitemap::part(made(), *part)),
        OutputKind::Robots => text(robots(made())),
        OutputKind::NoJekyll => Vec::new(),
        OutputKind::Static(source) => {
            log.add(Fact::File(source.clone()));
            let file = site.snapshot.get(source).map(|file| &file.disk);
            let disk = file.ok_or_else(|| Error::new(format!("find `{source}`")))?;
            fs::read(disk).map_err(|cause| Error::io("read", disk, cause))?
        }
        OutputKind::ThemeStatic(name) => {
            log.add(Fact::ThemeFile(name.clone()));
            site.theme.static_file(name)?
        }
    };
    let rendered = Rendered {
        path: path.to_owned(),
        fingerprint: Fingerprint::of(&bytes),
        size: bytes.len() as u64,
        bytes: Some(bytes),
        reads: log.into_reads(),
        has_diagnostics: !diagnostics.is_empty(),
    };
    Ok((rendered, diagnostics))
}

/// Text without the control characters that neither HTML nor XML may hold.
fn text(text: String) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    let is_forbidden = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\t' | b'\r');
    if bytes.iter().any(is_forbidden) {
        bytes.retain(|byte| !is_forbidden(byte));
    }
    bytes
}

/// All may read all of it; the sitemap says what there is (RFC 9309).
fn robots(reader: &Reader<'_>) -> String {
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    if reader.config.outputs.sitemap {
        let sitemap = reader.urls.absolute(&Route::file("sitemap.xml"));
        text.push_str(&format!("\nSitemap: {sitemap}\n"));
    }
    text
}
