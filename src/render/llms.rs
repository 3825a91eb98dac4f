//! `llms.txt`: a table of contents in Markdown for programs that read with language models (llmstxt.org). Names and
//! summaries alone, as lists show them.

use std::fmt::Write as _;

use super::{
    Reader,
    view::{FeedLink, Link},
};
use crate::model::FactKind;

/// Digests in it, the latest ones.
const DIGESTS: usize = 50;

/// The site in one file.
pub fn render(reader: &Reader<'_>) -> String {
    let reader = &reader.with_absolute_links();
    reader.log.add(FactKind::Shell, "");
    let site = reader.site();
    let mut text = format!("# {}\n", line(&site.title));
    if let Some(description) = &site.description {
        let _ = write!(text, "\n> {}\n", line(description));
    }
    if let Some(license) = &site.license {
        let _ =
            write!(text, "\nThe site's own words: {}. Each article names its source and its rights.\n", line(license));
    }
    if reader.config.outputs.json {
        text.push_str("\nEach page has its data beside it as `index.json`.\n");
    }
    let topics = reader.model.topics_by_news().into_iter().map(|id| {
        let topic = &reader.model[id];
        (reader.topic_link(id), topic.matter.summary.as_deref())
    });
    section(&mut text, "Topics", topics);
    let digests = reader.model.newest_digests().iter().take(DIGESTS).map(|id| {
        let digest = &reader.model[*id];
        (reader.digest_link(*id), digest.matter().and_then(|matter| matter.summary.as_deref()))
    });
    section(&mut text, "Digests", digests);
    let articles = reader.model.newest(reader.config.home_items).iter().map(|id| {
        let article = &reader.model[*id];
        let mut link = reader.article_link(*id);
        if article.matter.retraction().is_some() {
            link.title = format!("{} {}", reader.word("retracted_before"), link.title);
        }
        (link, article.matter.summary.as_deref())
    });
    section(&mut text, "Newest articles", articles);
    section(&mut text, "Lists", site.lists.into_iter().map(|link| (link, None)));
    let feeds = site
        .feeds
        .into_iter()
        .map(|FeedLink { title, url, media_type, .. }| (Link { title: format!("{title} ({media_type})"), url }, None));
    section(&mut text, "Feeds", feeds);
    section(&mut text, "Optional", site.pages.into_iter().map(|link| (link, None)));
    text
}

fn section<'a>(text: &mut String, title: &str, entries: impl Iterator<Item = (Link, Option<&'a str>)>) {
    let before = text.len();
    for (link, summary) in entries {
        let _ = write!(text, "- [{}]({})", label(&link.title), link.url);
        match summary {
            Some(summary) => drop(writeln!(text, ": {}", line(summary))),
            None => text.push('\n'),
        }
    }
    if text.len() > before {
        text.insert_str(before, &format!("\n## {title}\n\n"));
    }
}

/// Text on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of a link, whose brackets are no brackets of Markdown.
fn label(text: &str) -> String {
    line(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
