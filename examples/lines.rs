//! Reads labelled lines of text (a JSON object a line, with `id` and `lines`, or with `text` as a whole) and writes which lines an
//! import keeps, in the same form with `keep`, and the `title` and the paragraphs (`body`) of the story:
//! `cargo run --release --example lines -- CORPUS.jsonl OUT.jsonl`. With `--trees FIRST SECOND` other trees are asked than the ones
//! that an import asks.
//!
//! `--features` writes for each text its blocks, and into `OUT.jsonl.rows` the numbers of those that the trees are asked about
//! the first time, as floats of 32 bits, little endian. `--odds FILE` gives the answers instead of the trees, a line for each
//! text: `first`, for which it writes the numbers of the second time. That is what the trees are grown from, see
//! `benches/pages/train_lines.py`. `--repeats` reads all texts twice,
//! and the second time with what the first showed of the other texts' lines, as an import of the whole folder does.

use std::{error::Error, fs, io::Write as _, sync::Arc};

use dateline::import::{
    Context, Story,
    forest::Forest,
    repeats::Repeats,
    text::{self, Pass},
};
use serde_json::{Value, json};

fn odds(value: &Value) -> Vec<f32> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).map(|odds| odds as f32).collect()
}

/// Who is asked about blocks.
enum Asked {
    /// The trees that an import asks.
    Own,
    /// Trees of the first and of the second time.
    Trees(Forest, Forest),
    /// The answers that a file gives; the numbers are written down.
    Given,
}

/// A text, and the answers that are given for it.
struct Page {
    id: Value,
    text: String,
    first: Vec<f32>,
    second: Vec<f32>,
}

/// What is read of a text: which lines are kept, the blocks, the story, and the numbers asked about.
struct Read {
    keep: Vec<bool>,
    blocks: Vec<text::Asked>,
    story: Option<Story>,
    numbers: Vec<u8>,
}

impl Page {
    fn of(line: &str, given: Option<&Value>) -> Result<Page, Box<dyn Error>> {
        let page: Value = serde_json::from_str(line)?;
        let lines: Vec<&str> = page["lines"].as_array().into_iter().flatten().filter_map(|l| l.as_str()).collect();
        let given = given.unwrap_or(&Value::Null);
        Ok(Page {
            text: page["text"].as_str().map_or_else(|| lines.join("\n"), str::to_owned),
            first: odds(&given["first"]),
            second: odds(&given["second"]),
            id: page["id"].clone(),
        })
    }

    fn read(&self, ctx: &Context, asked: &Asked) -> Read {
        let Page { first, second, .. } = self;
        // Of the text as a whole: where its story ends, it is read again.
        let mut numbers: Option<Vec<u8>> = None;
        let (keep, blocks, story) = match asked {
            Asked::Own => (text::kept_lines(&self.text, ctx), Vec::new(), text::read(&self.text, ctx).pop()),
            Asked::Trees(first, second) => text::kept_by(&self.text, ctx, &mut |pass, rows| match pass {
                Pass::First => first.odds(rows),
                Pass::Second => second.odds(rows),
            }),
            Asked::Given => text::kept_by(&self.text, ctx, &mut |pass, rows| {
                let (odds, wanted) = match pass {
                    Pass::First => (first, first.is_empty()),
                    Pass::Second => (second, !first.is_empty() && second.is_empty()),
                };
                if wanted && numbers.is_none() {
                    let all = rows.iter().flat_map(|row| row.iter());
                    numbers = Some(all.flat_map(|number| number.to_le_bytes()).collect());
                }
                if odds.len() == rows.len() { odds.clone() } else { vec![0.0; rows.len()] }
            }),
        };
        Read { keep, blocks, story, numbers: numbers.unwrap_or_default() }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let usage = "usage: lines CORPUS.jsonl OUT.jsonl [--features | --odds FILE | --trees FIRST SECOND] [--repeats]";
    let mut args = std::env::args().skip(1);
    let (Some(corpus), Some(out)) = (args.next(), args.next()) else { return Err(usage.into()) };
    let mut asked = Asked::Own;
    let (mut given, mut twice): (Vec<Value>, bool) = (Vec::new(), false);
    while let Some(option) = args.next() {
        match option.as_str() {
            "--features" => asked = Asked::Given,
            "--odds" => {
                asked = Asked::Given;
                let answers = fs::read_to_string(args.next().ok_or(usage)?)?;
                given = answers.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
            }
            "--trees" => {
                let mut trees = || Ok::<_, Box<dyn Error>>(Forest::read(&fs::read(args.next().ok_or(usage)?)?));
                asked = Asked::Trees(trees()?, trees()?);
            }
            "--repeats" => twice = true,
            _ => return Err(usage.into()),
        }
    }
    let mut ctx = Context::on(jiff::civil::date(2026, 1, 1));
    let corpus = fs::read_to_string(corpus)?;
    let mut repeats = Repeats::default();
    if twice {
        for (i, line) in corpus.lines().enumerate() {
            let page = Page::of(line, given.get(i))?;
            if let Some(sighting) = page.read(&ctx, &asked).story.and_then(|story| story.sighting) {
                repeats.remember(sighting);
            }
        }
    }
    ctx.repeats = Arc::new(repeats);
    let mut numbers: Vec<u8> = Vec::new();
    let mut file = std::io::BufWriter::new(fs::File::create(&out)?);
    for (i, line) in corpus.lines().enumerate() {
        let page = Page::of(line, given.get(i))?;
        let read = page.read(&ctx, &asked);
        let keep: Vec<u8> = read.keep.into_iter().map(u8::from).collect();
        let mut found = json!({ "id": page.id, "keep": keep });
        match asked {
            Asked::Given => found["blocks"] = read.blocks.iter().map(|b| json!([b.line, b.lines, b.open])).collect(),
            _ => {
                let (title, body) = read.story.map(|story| (story.title, story.body)).unwrap_or_default();
                (found["title"], found["body"]) = (title.into(), body.into());
            }
        }
        writeln!(file, "{found}")?;
        numbers.extend(read.numbers);
    }
    if matches!(asked, Asked::Given) {
        fs::write(format!("{out}.rows"), numbers)?;
    }
    Ok(())
}
