//! Dateline's page import and other extractors on the same pages, in the same run: what each finds, and how fast.
//!
//! `cargo run --release -- DIR OUT [ROUNDS]` reads `DIR/truth.jsonl` and `DIR/html/<id>.html.gz`, writes
//! `OUT/<set>-<extractor>.jsonl` for the scorer, and prints pages a second of CPU time: the best of some rounds, each over all
//! pages, one thread. `html5ever + scraper` parses alone.
//!
//! `rust-trafilatura` cannot stand in one program with Dateline, as each asks for one version of the same crate, and another. Its own,
//! `rust-trafilatura/`, is built first (`cargo build --release --ignore-rust-version`, as it asks for a newer compiler than it needs)
//! and started by this one, with the same pages.

use std::{error::Error, path::Path, process::Command};

use dateline::import::html::{Reading, dom::Dom};
use jiff::civil::date;
use url::Url;

mod run;

use run::{Found, Page};

fn dateline(page: &Page) -> Found {
    let dom = Dom::parse(&page.html);
    let reading = Reading::of(&dom, page.url.as_ref(), date(2026, 12, 31));
    let people: Vec<String> = reading.byline.iter().filter(|n| n.is_person).map(|n| n.name.clone()).collect();
    let all = || reading.byline.iter().map(|n| n.name.clone()).collect();
    let authors = if people.is_empty() { all() } else { people };
    (reading.title, authors, reading.published.map(|p| p.date.to_string()), reading.text.join("\n"))
}

/// The same with all that an import makes of it: Markdown, credits, what was left out.
fn dateline_story(page: &Page) -> Found {
    let context = dateline::import::Context::on(date(2026, 12, 31));
    let story = dateline::import::html::read(&page.html, page.url.as_ref(), &context);
    let people = story.credits.iter().map(|c| c.name.clone()).collect();
    (story.title, people, story.published.map(|p| p.date.to_string()), story.body.join("\n"))
}

fn dom_smoothie(page: &Page) -> Found {
    let url = page.url.as_ref().map(Url::as_str);
    let Ok(mut reader) = dom_smoothie::Readability::new(page.html.as_str(), url, None) else { return Found::default() };
    let Ok(article) = reader.parse() else { return Found::default() };
    (
        Some(article.title),
        article.byline.into_iter().collect(),
        article.published_time.map(|time| time.chars().take(10).collect()),
        article.text_content.to_string(),
    )
}

fn trafilatura_crate(page: &Page) -> Found {
    let mut options = trafilatura::Options::default();
    options.original_url.clone_from(&page.url);
    let Ok(found) = trafilatura::extract(&page.html, &options) else { return Found::default() };
    let meta = found.metadata;
    (
        Some(meta.title),
        meta.author.split(';').map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect(),
        meta.date.map(|d| d.to_string().chars().take(10).collect()),
        found.content_text,
    )
}

fn main() -> Result<(), Box<dyn Error>> {
    run::run(&[
        ("dateline", dateline),
        ("dateline-story", dateline_story),
        ("dom_smoothie", dom_smoothie),
        ("trafilatura", trafilatura_crate),
    ])?;
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("rust-trafilatura/target/release/rust-trafilatura-peer");
    if !built.is_file() {
        println!("  rust-trafilatura is left out: build it in benches/peers/rust-trafilatura");
        return Ok(());
    }
    let status = Command::new(built).args(std::env::args_os().skip(1)).status()?;
    if status.success() { Ok(()) } else { Err("rust-trafilatura ended in an error".into()) }
}
