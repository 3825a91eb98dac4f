//! Reads labelled lines of text (a JSON object a line, with `id` and `lines`) and writes which lines an import keeps, in the
//! same form with `keep`: `cargo run --release --example lines -- CORPUS.jsonl OUT.jsonl`.
//!
//! With `--features` a third argument writes for each text its blocks, and into `OUT.jsonl.rows` the numbers of those that
//! the trees are asked about the first time, as floats of 32 bits, little endian. `--odds FILE` gives the answers instead of the trees, a line for each text: `first`, for which it writes the
//! numbers of the second time, or `first` and `second`, for which it writes what is kept by them. That is what the trees are
//! grown from and judged by, see `benches/pages/train_lines.py`. `--repeats` at the end reads all texts twice, and the second time
//! with what the first showed of the other texts' lines, as an import of the whole folder does.

use std::{error::Error, fs, io::Write as _, sync::Arc};

use dateline::import::{
    Context,
    repeats::{Repeats, Sighting},
    text::{self, Pass},
};
use serde_json::{Value, json};

fn odds(value: &Value) -> Vec<f32> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).map(|odds| odds as f32).collect()
}

/// A text, and the answers that are given for it.
struct Page {
    id: Value,
    text: String,
    first: Vec<f32>,
    second: Vec<f32>,
}

/// Which lines are kept, the blocks, what is remembered of the text, and the numbers asked about.
type Read = (Vec<bool>, Vec<text::Asked>, Option<Sighting>, Vec<u8>);

impl Page {
    fn of(line: &str, given: Option<&Value>) -> Result<Page, Box<dyn Error>> {
        let page: Value = serde_json::from_str(line)?;
        let lines: Vec<&str> = page["lines"].as_array().into_iter().flatten().filter_map(|l| l.as_str()).collect();
        let given = given.unwrap_or(&Value::Null);
        Ok(Page {
            text: lines.join("\n"),
            first: odds(&given["first"]),
            second: odds(&given["second"]),
            id: page["id"].clone(),
        })
    }

    fn read(&self, ctx: &Context, learning: bool) -> Read {
        let Page { first, second, .. } = self;
        if !learning {
            let sighting = text::read(&self.text, ctx).pop().and_then(|story| story.sighting);
            return (text::kept_lines(&self.text, ctx), Vec::new(), sighting, Vec::new());
        }
        let mut rows: Vec<u8> = Vec::new();
        let (keep, blocks, sighting) = text::kept_by(&self.text, ctx, &mut |pass, asked| {
            let (odds, wanted) = match pass {
                Pass::First => (first, first.is_empty()),
                Pass::Second => (second, !first.is_empty() && second.is_empty()),
            };
            if wanted {
                rows = asked.iter().flat_map(|row| row.iter()).flat_map(|number| number.to_le_bytes()).collect();
            }
            if odds.len() == asked.len() { odds.clone() } else { vec![0.0; asked.len()] }
        });
        (keep, blocks, sighting, rows)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut given: Vec<String> = std::env::args().skip(1).collect();
    let twice = given.pop_if(|last| last == "--repeats").is_some();
    let mut args = given.into_iter();
    let (Some(corpus), Some(out)) = (args.next(), args.next()) else {
        return Err("usage: lines CORPUS.jsonl OUT.jsonl [--features | --odds FILE] [--repeats]".into());
    };
    let learning = args.next().is_some();
    let given: Vec<Value> = match args.next() {
        Some(file) => fs::read_to_string(file)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let mut ctx = Context::on(jiff::civil::date(2026, 1, 1));
    let corpus = fs::read_to_string(corpus)?;
    let mut repeats = Repeats::default();
    if twice {
        for (i, line) in corpus.lines().enumerate() {
            let page = Page::of(line, given.get(i))?;
            if let Some(sighting) = page.read(&ctx, learning).2 {
                repeats.remember(sighting);
            }
        }
    }
    ctx.repeats = Arc::new(repeats);
    let mut numbers: Vec<u8> = Vec::new();
    let mut file = std::io::BufWriter::new(fs::File::create(&out)?);
    for (i, line) in corpus.lines().enumerate() {
        let page = Page::of(line, given.get(i))?;
        let (keep, blocks, _, rows) = page.read(&ctx, learning);
        let keep: Vec<u8> = keep.into_iter().map(u8::from).collect();
        let mut found = json!({ "id": page.id, "keep": keep });
        if learning {
            found["blocks"] = blocks.iter().map(|b| json!([b.line, b.lines, b.open])).collect();
        }
        writeln!(file, "{found}")?;
        numbers.extend(rows);
    }
    if learning {
        fs::write(format!("{out}.rows"), numbers)?;
    }
    Ok(())
}
