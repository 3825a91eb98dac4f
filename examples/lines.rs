//! Reads labelled lines of text (a JSON object a line, with `id` and `lines`) and writes which lines an import keeps, in the
//! same form with `keep`: `cargo run --release --example lines -- CORPUS.jsonl OUT.jsonl`.
//!
//! With `--features` a third argument writes for each text its blocks, and into `OUT.jsonl.rows` the numbers of those that
//! the trees are asked about the first time, as floats of 32 bits, little endian. `--odds FILE` gives the answers instead of the trees, a line for each text: `first`, for which it writes the
//! numbers of the second time, or `first` and `second`, for which it writes what is kept by them. That is what the trees are
//! grown from and judged by, see `benches/pages/train_lines.py`.

use std::{error::Error, fs, io::Write as _};

use dateline::import::{
    Context,
    text::{self, Pass},
};
use serde_json::{Value, json};

fn odds(value: &Value) -> Vec<f32> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).map(|odds| odds as f32).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(corpus), Some(out)) = (args.next(), args.next()) else {
        return Err("usage: lines CORPUS.jsonl OUT.jsonl [--features | --odds FILE]".into());
    };
    let learning = args.next().is_some();
    let given: Vec<Value> = match args.next() {
        Some(file) => fs::read_to_string(file)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let ctx = Context::on(jiff::civil::date(2026, 1, 1));
    let mut numbers: Vec<u8> = Vec::new();
    let mut file = std::io::BufWriter::new(fs::File::create(&out)?);
    for (i, line) in fs::read_to_string(corpus)?.lines().enumerate() {
        let page: Value = serde_json::from_str(line)?;
        let lines: Vec<&str> = page["lines"].as_array().into_iter().flatten().filter_map(|l| l.as_str()).collect();
        let text = lines.join("\n");
        if !learning {
            let keep: Vec<u8> = text::kept_lines(&text, &ctx).into_iter().map(u8::from).collect();
            writeln!(file, "{}", json!({ "id": page["id"], "keep": keep }))?;
            continue;
        }
        let given = given.get(i).unwrap_or(&Value::Null);
        let (first, second) = (odds(&given["first"]), odds(&given["second"]));
        let mut rows: Vec<u8> = Vec::new();
        let (keep, blocks) = text::kept_by(&text, &ctx, &mut |pass, asked| {
            let (odds, wanted) = match pass {
                Pass::First => (&first, first.is_empty()),
                Pass::Second => (&second, !first.is_empty() && second.is_empty()),
            };
            if wanted {
                rows = asked.iter().flat_map(|row| row.iter()).flat_map(|number| number.to_le_bytes()).collect();
            }
            if odds.len() == asked.len() { odds.clone() } else { vec![0.0; asked.len()] }
        });
        let keep: Vec<u8> = keep.into_iter().map(u8::from).collect();
        let blocks: Vec<_> = blocks.iter().map(|b| json!([b.line, b.lines, b.open])).collect();
        writeln!(file, "{}", json!({ "id": page["id"], "keep": keep, "blocks": blocks }))?;
        numbers.extend(rows);
    }
    if learning {
        fs::write(format!("{out}.rows"), numbers)?;
    }
    Ok(())
}
