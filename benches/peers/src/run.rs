//! The pages and the clock that all extractors share.

use std::{error::Error, fs, io::Read as _, path::Path};

use serde_json::{Value, json};
use url::Url;

/// A page of a set.
pub struct Page {
    /// Its name in the set.
    pub id: String,
    /// Where it was read.
    pub url: Option<Url>,
    /// The page.
    pub html: String,
}

/// What an extractor finds: title, authors, date, text.
pub type Found = (Option<String>, Vec<String>, Option<String>, String);

/// An extractor and its name.
pub type Extractor = (&'static str, fn(&Page) -> Found);

/// Seconds that this thread has worked: what other programs do meanwhile does not count.
fn worked() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a local of the right type.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Runs extractors over the set that the command line names: `DIR OUT [ROUNDS]`.
pub fn run(extractors: &[Extractor]) -> Result<(), Box<dyn Error>> {
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
    for &(name, extract) in extractors {
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
