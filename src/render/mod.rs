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

use std::{borrow::Cow, fs};

use rayon::prelude::*;

pub use reader::Reader;
pub use theme::{Theme, built_in_text, page_templates};

use crate::{
    diagnostic::Diagnostic,
    error::{Error, Result},
    plan::{Output, OutputKind, Route},
};

/// The bytes of one output.
#[derive(Debug)]
pub struct Rendered {
    /// Its path from the output's root.
    pub path: String,
    /// What to write.
    pub bytes: Vec<u8>,
}

/// Renders every output of the plan, in the order of their paths.
///
/// # Errors
/// When a static file cannot be read.
pub fn render(reader: &Reader<'_>, theme: &Theme, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<Rendered>> {
    let outputs: Vec<(&String, &Output)> = reader.plan.outputs().collect();
    let results: Vec<Result<(Rendered, Vec<Diagnostic>)>> =
        outputs.into_par_iter().map(|(path, output)| render_one(reader, theme, path, output)).collect();
    let mut rendered = Vec::with_capacity(results.len());
    for result in results {
        let (output, mut found) = result?;
        rendered.push(output);
        diagnostics.append(&mut found);
    }
    Ok(rendered)
}

fn render_one(reader: &Reader<'_>, theme: &Theme, path: &str, output: &Output) -> Result<(Rendered, Vec<Diagnostic>)> {
    let mut diagnostics = Vec::new();
    let bytes: Cow<'_, [u8]> = match &output.kind {
        OutputKind::Page(kind) => text(page::render(reader, theme, &output.route, *kind, &mut diagnostics)),
        OutputKind::Redirect(target) => text(page::redirect(reader, theme, &output.route, target, &mut diagnostics)),
        OutputKind::Feed(format, scope) => text(feed::render(reader, &output.route, *format, *scope, &mut diagnostics)),
        OutputKind::Sitemap => text(sitemap::render(reader)),
        OutputKind::SitemapPart(part) => text(sitemap::part(reader, *part)),
        OutputKind::Robots => text(robots(reader)),
        OutputKind::NoJekyll => Cow::Borrowed(b""),
        OutputKind::Static(source) => {
            let file = reader.snapshot.get(source).map(|file| &file.disk);
            let disk = file.ok_or_else(|| Error::new(format!("find `{source}`")))?;
            fs::read(disk).map_err(|cause| Error::io("read", disk, cause))?.into()
        }
        OutputKind::ThemeStatic(name) => theme.static_file(name)?.into(),
    };
    Ok((Rendered { path: path.to_owned(), bytes: bytes.into_owned() }, diagnostics))
}

/// Text without the control characters that neither HTML nor XML may hold.
fn text(text: String) -> Cow<'static, [u8]> {
    let mut bytes = text.into_bytes();
    let is_forbidden = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\t' | b'\r');
    if bytes.iter().any(is_forbidden) {
        bytes.retain(|byte| !is_forbidden(byte));
    }
    Cow::Owned(bytes)
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
