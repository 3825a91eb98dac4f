//! Dateline's page import and other extractors on the same pages, in the same run: what each finds, and how fast.
//!
//! `cargo run --release -- DIR OUT [ROUNDS]` reads `DIR/truth.jsonl` and `DIR/html/<id>.html.gz`, writes
//! `OUT/<set>-<extractor>.jsonl` for the scorer, and prints pages a second of CPU time: the best of some rounds, each over all
//! pages, one thread. `html5ever + scraper` parses alone.
//!
//! `rust-trafilatura` asks for a newer compiler than it needs: build with `--ignore-rust-version` where yours is older.

use std::{error::Error, fs, io::Read as _, path::Path};

use dateline::import::html::{Reading, dom::Dom};
use jiff::civil::date;
use serde_json::{Value, json};
use url::Url;

struct Page {
    id: String,
    url: Option<Url>,
    html: String,
}

/// What an extractor finds: title, authors, date, text.
type Found = (Option<String>, Vec<String>, Option<String>, String);

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

/// Seconds that this thread has worked: what other programs do meanwhile does not count.
fn worked() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a local of the right type.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(dir), Some(out)) = (args.next(), args.next()) else { return Err("usage: DIR OUT [ROUNDS]".into()) };
    let rounds: usize = args.next().map_or(Ok(3), |n| n.parse())?;
    let set = Path::new(&dir).file_name().and_then(|n| n.to_str()).unwrap_or("set").to_owned();
    fs::create_dir_all(&out)?;
    let mut pages = Vec::new();
    for line in fs::read_to_string(format!("{dir}/truth.jsonl"))?.lines() {
        let truth: Value = serde_json::from_str(line)?;
        let id = truth["id"].as_str().ok_or("a page without an id")?.to_owned();
        let mut html = String::new();
        flate2::read::GzDecoder::new(fs::File::open(format!("{dir}/html/{id}.html.gz"))?).read_to_string(&mut html)?;
        pages.push(Page { id, url: truth["url"].as_str().and_then(|u| Url::parse(u).ok()), html });
    }
    let bytes: usize = pages.iter().map(|p| p.html.len()).sum();
    let mut parse = f64::MAX;
    for _ in 0..rounds {
        let start = worked();
        let nodes: usize = pages.iter().map(|p| scraper::Html::parse_document(&p.html).tree.nodes().count()).sum();
        parse = parse.min(worked() - start);
        assert!(nodes > 0);
    }
    let rate = |seconds: f64| pages.len() as f64 / seconds;
    println!("{set}: {} pages, {:.1} MB", pages.len(), bytes as f64 / 1e6);
    println!("  html5ever + scraper, parsing alone  {:7.1} pages/s", rate(parse));
    let extractors: [(&str, fn(&Page) -> Found); 6] = [
        ("dateline", dateline),
        ("dateline-story", dateline_story),
        ("dom_smoothie", dom_smoothie),
        ("trafilatura", trafilatura_crate),
        ("rust-trafilatura", rust_trafilatura),
        ("rust-trafilatura-precision", rust_trafilatura_precision),
    ];
    for (name, extract) in extractors {
        let mut best = f64::MAX;
        let mut slowest = (0.0, String::new());
        for round in 0..rounds {
            let mut found = Vec::with_capacity(pages.len());
            let mut times: Vec<(f64, &Page)> = Vec::with_capacity(pages.len());
            let start = worked();
            for page in &pages {
                let one = worked();
                found.push(extract(page));
                times.push(((worked() - one) / page.html.len().max(1) as f64, page));
            }
            best = best.min(worked() - start);
            if round == 0 {
                let lines: Vec<String> = pages
                    .iter()
                    .zip(found)
                    .map(|(page, (title, authors, date, text))| {
                        json!({ "id": page.id, "title": title, "author": authors, "date": date, "text": text })
                            .to_string()
                    })
                    .collect();
                fs::write(format!("{out}/{set}-{name}.jsonl"), lines.join("\n"))?;
                times.sort_by(|a, b| a.0.total_cmp(&b.0));
                let median = times[times.len() / 2].0;
                if let Some((worst, page)) = times.iter().rev().find(|(_, page)| page.html.len() > 1_000_000) {
                    slowest = (worst / median, page.id.clone());
                }
            }
        }
        println!(
            "  {name:<34}  {:7.1} pages/s, {:5.0} % of parsing alone; slowest page over 1 MB: {:.1} times the median time per byte ({})",
            rate(best),
            parse / best * 100.0,
            slowest.0,
            slowest.1
        );
    }
    Ok(())
}
