//! `rust-trafilatura` on the pages that Dateline and the other extractors read, see `benches/peers`.

use std::error::Error;

use url::Url;

#[path = "../../src/run.rs"]
mod run;

use run::{Found, Page};

fn rust_trafilatura_crate(page: &Page, focus: rust_trafilatura::ExtractionFocus) -> Found {
    let url = page.url.as_ref().map(Url::as_str).unwrap_or_default();
    let options = rust_trafilatura::Options {
        original_url: rust_trafilatura::Url::request(url),
        enable_fallback: true,
        exclude_comments: true,
        focus,
        ..rust_trafilatura::Options::default()
    };
    let Ok(found) = rust_trafilatura::extract(page.html.as_bytes(), &options) else { return Found::default() };
    let meta = found.metadata;
    let date: String = meta.date.to_string().chars().take(10).collect();
    (
        Some(meta.title),
        meta.author.split(';').map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect(),
        // It has no date where the year is the first.
        Some(date).filter(|date| !date.starts_with("0001")),
        found.content_text,
    )
}

fn rust_trafilatura(page: &Page) -> Found {
    rust_trafilatura_crate(page, rust_trafilatura::ExtractionFocus::Balanced)
}

fn rust_trafilatura_precision(page: &Page) -> Found {
    rust_trafilatura_crate(page, rust_trafilatura::ExtractionFocus::FavorPrecision)
}

fn main() -> Result<(), Box<dyn Error>> {
    run::run(&[("rust-trafilatura", rust_trafilatura), ("rust-trafilatura-precision", rust_trafilatura_precision)])
}
