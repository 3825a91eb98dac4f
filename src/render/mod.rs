//! Stage 5: every output as bytes, on all cores.
//!
//! Views are made by the [`Reader`], which is all that a page knows of the site.

mod cards;
mod edition;
mod epub;
mod export;
mod feed;
mod linked;
mod links;
mod lint;
mod listed;
mod llms;
mod map;
mod needs;
mod opml;
mod page;
mod parts;
mod reader;
mod search;
mod sitemap;
mod social;
mod theme;
mod timeline;
pub mod view;
mod words;

pub use lint::{inspect as inspect_theme, version_range};
pub use listed::{fingerprint as fingerprint_of_listed, listed_at};
pub use reader::{Log, Reader, Site};
pub use theme::{Shared, Theme, built_in_text, built_in_themes, page_templates};

use crate::{
    diagnostic::Diagnostic,
    error::{Error, Result},
    fingerprint::Fingerprint,
    model::{Fact, FactKind, Model},
    plan::{Output, OutputKind, Plan, Route},
};

/// One output.
#[derive(Debug)]
pub struct Rendered {
    /// Of its bytes.
    pub fingerprint: Fingerprint,
    /// What to write.
    pub bytes: Vec<u8>,
    /// What it was made from.
    pub reads: Vec<Fact>,
    /// What was wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// The template that it was made with, when it is a page.
    pub template: Option<&'static str>,
}

/// Renders the output at a path.
///
/// # Errors
/// When a file of the site that it is made from cannot be read, or is no longer what it was when the build began.
pub fn render(site: &Site<'_>, path: &str, output: &Output) -> Result<Rendered> {
    let mut diagnostics = Vec::new();
    let log = Log::default();
    log.add(FactKind::Output, path);
    if let Some(kind) = output.kind.page() {
        log.list(path, listed::listed(site.model, kind));
    }
    let reader = Reader::new(site, &log);
    let route = &output.route;
    // Pages and feeds are made with the settings and the templates; what is copied is not.
    let made = || {
        log.add(FactKind::Settings, "");
        &reader
    };
    let bytes = match &output.kind {
        OutputKind::Page(kind) => text(page::render(made(), site.theme, route, *kind, &mut diagnostics)),
        OutputKind::Redirect(target) => text(page::redirect(made(), site.theme, route, target, &mut diagnostics)),
        OutputKind::Feed(format, scope) => text(feed::render(made(), route, *format, *scope, &mut diagnostics)),
        OutputKind::Timeline(format, of) => text(export::render(made(), *format, *of)),
        OutputKind::Edition(file, id, at) => {
            edition::render(made(), site.theme, route, (*file, *id, *at), &mut diagnostics)?
        }
        OutputKind::Sitemap => text(sitemap::render(made())),
        OutputKind::SitemapPart(part) => text(sitemap::part(made(), *part)),
        OutputKind::NewsSitemap => text(sitemap::news(made())),
        OutputKind::Opml => text(opml::render(made())),
        OutputKind::Llms => text(llms::render(made())),
        OutputKind::Json(kind, page) => text(page::json(made(), site.theme, page, *kind, &mut diagnostics)),
        OutputKind::Card(kind) => social::render(made(), *kind)?,
        OutputKind::Robots => text(robots(made())),
        OutputKind::Search(file) => search::render(&reader, *file)?,
        OutputKind::NoJekyll => Vec::new(),
        OutputKind::Static(source) => {
            log.add_path(FactKind::File, source);
            let file = site.snapshot.get(source).ok_or_else(|| Error::new(format!("find `{source}`")))?;
            site.snapshot.bytes(file)?
        }
        OutputKind::ThemeStatic(name) => {
            log.add(FactKind::ThemeFile, name.as_str());
            site.theme.static_file(name)?
        }
    };
    let template = log.template();
    let reads = log.into_reads()?;
    Ok(Rendered { fingerprint: Fingerprint::of(&bytes), bytes, reads, diagnostics, template })
}

/// The templates that a site's outputs are made with.
pub fn templates(model: &Model, plan: &Plan) -> impl Iterator<Item = &'static str> {
    // What stands beside pages, an old address or an edition, is seldom and small.
    let of_outputs = plan.outputs().iter().filter_map(|(_, output)| match output.kind {
        OutputKind::Page(kind) => Some(page::template_of(model, kind)),
        _ => None,
    });
    of_outputs.chain(["redirect.html", "email.html"])
}

/// Text without the control characters that neither HTML nor XML may hold.
fn text(text: String) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    let is_forbidden = |byte: u8| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\t' | b'\r');
    // Hardly any text has one: it is looked through as fast as it can be, without stopping at the first.
    let has_any = |bytes: &[u8]| bytes.iter().fold(false, |any, byte| any | is_forbidden(*byte));
    if bytes.chunks(4096).any(has_any) {
        bytes.retain(|byte| !is_forbidden(*byte));
    }
    bytes
}

/// All may read all of it; the sitemap says what there is (RFC 9309).
fn robots(reader: &Reader<'_>) -> String {
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    let outputs = &reader.config.outputs;
    let sitemaps = [(outputs.sitemap, Route::file("sitemap.xml")), (outputs.news_sitemap, Route::news_sitemap())];
    let mut before = "\n";
    for (_, sitemap) in sitemaps.iter().filter(|(is_on, _)| *is_on) {
        text.push_str(&format!("{before}Sitemap: {}\n", reader.urls.absolute(sitemap)));
        before = "";
    }
    text
}

/// Text as it stands in HTML and XML, in and between tags, where no template writes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
