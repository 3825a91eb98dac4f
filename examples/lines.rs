//! Reads labelled lines of text (a JSON object a line, with `id` and `lines`) and writes which lines an import keeps, in the
//! same form with `keep`: `cargo run --release --example lines -- CORPUS.jsonl OUT.jsonl`.
//!
//! With `--features` a third argument writes for each text its blocks with their numbers, which is what the trees are grown
//! from.

use std::{error::Error, fs, io::Write as _};

use dateline::import::{Context, text};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(corpus), Some(out)) = (args.next(), args.next()) else {
        return Err("usage: lines CORPUS.jsonl OUT.jsonl [--features]".into());
    };
    let features = args.next().is_some();
    let ctx = Context::on(jiff::civil::date(2026, 1, 1));
    let mut file = std::io::BufWriter::new(fs::File::create(out)?);
    for line in fs::read_to_string(corpus)?.lines() {
        let page: serde_json::Value = serde_json::from_str(line)?;
        let lines: Vec<&str> = page["lines"].as_array().into_iter().flatten().filter_map(|l| l.as_str()).collect();
        let text = lines.join("\n");
        let keep: Vec<u8> = text::kept_lines(&text, &ctx).into_iter().map(u8::from).collect();
        let mut found = json!({ "id": page["id"], "keep": keep });
        if features {
            let blocks = text::rows(&text).into_iter();
            let blocks: Vec<_> =
                blocks.map(|(line, n, open, rules, row)| json!([line, n, open, rules, row.to_vec()])).collect();
            found["blocks"] = blocks.into();
        }
        writeln!(file, "{found}")?;
    }
    Ok(())
}
