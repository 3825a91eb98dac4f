//! Reads a folder of pages (`html/<id>.html.gz` and `truth.jsonl`, for the addresses) and writes what the import finds in
//! them, a line of JSON for each page: `cargo run --release --example extract -- DIR OUT.jsonl`.
//!
//! `text` is the story as the page has it: dateline and credit lines, which an import puts into front matter, are left in
//! place. `author` holds the people of the byline, or the bodies where it names no person. With `--features` a third
//! argument writes for each block of each page its text and its numbers, which is what the trees are grown from.

use std::{
    error::Error,
    fs,
    io::{Read as _, Write as _},
    time::Instant,
};

use dateline::import::html::{Reading, dom::Dom};
use flate2::read::GzDecoder;
use serde_json::json;
use url::Url;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(dir), Some(out)) = (args.next(), args.next()) else {
        return Err("usage: extract DIR OUT.jsonl [--features]".into());
    };
    let features = args.next().is_some();
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let today = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(i64::try_from(seconds)?)?).date();
    let mut file = std::io::BufWriter::new(fs::File::create(out)?);
    for line in fs::read_to_string(format!("{dir}/truth.jsonl"))?.lines() {
        let truth: serde_json::Value = serde_json::from_str(line)?;
        let id = truth["id"].as_str().ok_or("a page without an id")?;
        let base = truth["url"].as_str().and_then(|url| Url::parse(url).ok());
        let mut html = String::new();
        GzDecoder::new(fs::File::open(format!("{dir}/html/{id}.html.gz"))?).read_to_string(&mut html)?;
        let start = Instant::now();
        let dom = Dom::parse(&html);
        let reading = Reading::of(&dom, base.as_ref(), today);
        let sec = start.elapsed().as_secs_f64();
        if features {
            let blocks = reading.rows(&dom);
            writeln!(file, "{}", json!({ "id": id, "blocks": blocks }))?;
            continue;
        }
        let people: Vec<&str> = reading.byline.iter().filter(|n| n.is_person).map(|n| n.name.as_str()).collect();
        let bodies = || reading.byline.iter().map(|n| n.name.as_str()).collect();
        let author: Vec<&str> = if people.is_empty() { bodies() } else { people };
        let line = json!({
            "id": id,
            "title": reading.title,
            "author": author,
            "authors": author,
            "date": reading.published.as_ref().map(|p| p.date.to_string()),
            "date_doubt": reading.date_doubt,
            "text": reading.text.join("\n"),
            "sec": sec,
        });
        writeln!(file, "{line}")?;
    }
    Ok(())
}
