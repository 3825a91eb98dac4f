//! `dateline new`: a file with its front matter, ready to write in.

use std::path::{Path, PathBuf};

use jiff::{civil::Date, tz::TimeZone};

use super::{Outcome, Terminal, init::create, now};
use crate::{
    cli::{NewArgs, NewKind},
    config::{self, Overrides},
    date::Period,
    error::Result,
    load,
    slug::slugify,
};

pub fn run(root: &Path, args: &NewArgs, terminal: &Terminal) -> Result<Outcome> {
    if !root.join("site.toml").is_file() {
        terminal.problem(
            &format!("there is no `site.toml` in `{}`", root.display()),
            Some("run this in a site's folder, or make a new site: `dateline init DIR`"),
        );
        return Ok(Outcome::WrongUsage);
    }
    let slug = short(slugify(&args.title));
    if slug.is_empty() {
        terminal.problem("the title has neither letter nor digit", Some("give a title with words in it"));
        return Ok(Outcome::WrongUsage);
    }
    let (snapshot, mut diagnostics) = load::read(root)?;
    let zone =
        config::read(&snapshot, &Overrides::default(), &mut diagnostics).map_or(TimeZone::UTC, |config| config.zone);
    if let Some(topic) = &args.topic {
        let path = format!("content/topics/{topic}.md");
        if snapshot.get(&path).is_none() {
            let known = snapshot
                .area(load::Area::Content)
                .filter_map(|file| file.path.strip_prefix("content/topics/")?.strip_suffix(".md"));
            terminal.unknown_topic(topic, known);
            return Ok(Outcome::WrongUsage);
        }
    }
    let today = now(None)?.today(&zone);
    let (path, text) = match args.kind {
        NewKind::Article => article(args, &slug, args.date.unwrap_or(today)),
        NewKind::Topic => topic(args, &slug),
        NewKind::Digest => {
            let period = match &args.period {
                Some(text) => match Period::parse(text) {
                    Some(period) => period,
                    None => {
                        terminal.problem(
                            &format!("`{text}` is no period"),
                            Some("write a month, `2022-01`, or a first and a last day, `2022-01-01/2022-01-15`"),
                        );
                        return Ok(Outcome::WrongUsage);
                    }
                },
                None => Period { first: today.first_of_month(), last: today.last_of_month() },
            };
            digest(args, &slug, period)
        }
    };
    let file = root.join(&path);
    if file.exists() {
        terminal.problem(
            &format!("`{}` is there already, and stays as it is", file.display()),
            Some("choose another title"),
        );
        return Ok(Outcome::WrongUsage);
    }
    create(&file, &text)?;
    terminal.print(&file.display().to_string());
    Ok(Outcome::Done)
}

/// A file's name of at most 80 characters, cut between words.
fn short(slug: String) -> String {
    match slug.get(..80) {
        Some(start) => start.rsplit_once('-').map_or(start, |(words, _)| words).to_owned(),
        None => slug,
    }
}

/// Text as a TOML value.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}

fn article(args: &NewArgs, slug: &str, date: Date) -> (PathBuf, String) {
    let path = PathBuf::from(format!("content/articles/{:04}/{:02}/{slug}.md", date.year(), date.month()));
    let topics = args.topic.as_ref().map_or_else(String::new, |topic| quoted(topic));
    let text = format!(
        "+++
id = {id}
title = {title}
date = {date}
topics = [{topics}]
draft = true
# publisher = \"…\"        where it was read: a file in content/publishers/
# agency = \"…\"           who reported it, when that is another
# url = \"https://…\"      where it was read
# summary = \"…\"
# commentary = \"…\"       your line on it
+++
",
        id = quoted(&format!("{date}-{slug}")),
        title = quoted(&args.title),
    );
    (path, text)
}

fn topic(args: &NewArgs, slug: &str) -> (PathBuf, String) {
    let path = PathBuf::from(format!("content/topics/{slug}.md"));
    let text = format!(
        "+++
title = {title}
status = \"ongoing\"
# summary = \"…\"
# period = \"monthly\"     makes a digest for each month with articles
+++
",
        title = quoted(&args.title),
    );
    (path, text)
}

fn digest(args: &NewArgs, slug: &str, period: Period) -> (PathBuf, String) {
    let is_month = Period::month(period.first.year(), period.first.month()) == Some(period);
    let name =
        if is_month && args.topic.is_some() { period.first.strftime("%Y-%m").to_string() } else { slug.to_owned() };
    let (folder, topic) = match &args.topic {
        Some(topic) => (format!("{topic}/"), format!("topic = {}\n", quoted(topic))),
        None => (String::new(), String::new()),
    };
    let path = PathBuf::from(format!("content/digests/{folder}{name}.md"));
    let text = format!(
        "+++
title = {title}
{topic}temporal_coverage = \"{coverage}\"
order = \"date-asc\"
draft = true
# summary = \"…\"

[query]                  # all that falls under the topic and the period; narrow it with tag, publisher, person, …

# [[items]]              # what must come first, in this order
# article = \"…\"
# role = \"lead\"
# commentary = \"…\"
+++
",
        title = quoted(&args.title),
        coverage = period.iso(),
    );
    (path, text)
}
