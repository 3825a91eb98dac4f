//! What was taken out of the text, and how many of its words are kept nowhere.

use std::collections::HashSet;

use super::head::Head;
use super::kind_of_rest;
use super::lines::{Block, words, words_of};
use super::mark::{Mark, is_prose};
use crate::import::story::{Kind, Removed, Story};

/// Every stretch that is not in the body, in the order of the text.
pub(super) fn removed(
    blocks: &[Block],
    marks: &[Mark],
    keep: &[bool],
    head: &Head,
    end: Option<usize>,
) -> Vec<Removed> {
    let mut out: Vec<Removed> = Vec::new();
    for (i, block) in blocks.iter().enumerate() {
        if keep[i]
            && let Some(at) = super::credits::tail(&block.text)
        {
            let text = block.text[at..].trim().to_owned();
            out.push(Removed { kind: Kind::Credit, line: block.line, lines: block.lines, words: words(&text), text });
        }
        if keep[i] || matches!(marks[i], Mark::Title) {
            continue;
        }
        let kind = match &marks[i] {
            Mark::Byline(..) | Mark::Credit(_) => Kind::Credit,
            Mark::Caption(_) => Kind::Caption,
            Mark::Date(_) => Kind::Date,
            Mark::Address(_) | Mark::Rule => Kind::Navigation,
            Mark::Not(kind) => *kind,
            _ if head.standfirst == Some(i) => Kind::Standfirst,
            _ if end.is_some_and(|e| i >= e) && is_prose(block) => Kind::Appeal,
            _ => kind_of_rest(&block.norm),
        };
        out.push(Removed {
            kind,
            line: block.line,
            lines: block.lines,
            words: words(&block.text),
            text: block.text.clone(),
        });
    }
    out
}

/// Words of the removed text that no field kept. What became a caption, a credit or a date counts as kept as far as
/// its words stand in a field.
pub(super) fn words_removed(story: &Story) -> usize {
    let mut kept: HashSet<String> = HashSet::new();
    let mut add = |text: &str| kept.extend(words_of(text).map(bare));
    for image in &story.images {
        image.caption.iter().chain(&image.credit).for_each(|t| add(t));
    }
    for credit in &story.credits {
        add(&credit.name);
        credit.place.iter().for_each(|p| add(p));
    }
    story
        .removed
        .iter()
        .map(|r| match r.kind {
            // The words of duty (`Reporting by`, `and`) are kept as the role.
            Kind::Credit | Kind::Title => words_of(&r.text)
                .filter(|w| w.chars().any(char::is_uppercase) && !kept.contains(&bare(w)) && !is_duty_word(w))
                .count(),
            Kind::Caption
                if story.images.iter().any(|i| {
                    i.caption.as_deref().is_some_and(|c| r.text.starts_with(c))
                        || i.credit.is_some() && i.caption.is_none()
                }) =>
            {
                0
            }
            Kind::Date => 0,
            _ => words(&r.text),
        })
        .sum()
}

fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_duty_word(word: &str) -> bool {
    matches!(
        bare(word).as_str(),
        "by" | "reporting"
            | "additional"
            | "writing"
            | "editing"
            | "edited"
            | "written"
            | "compiled"
            | "von"
            | "par"
            | "por"
            | "di"
    )
}
