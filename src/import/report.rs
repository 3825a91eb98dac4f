//! What an import found, took out and wants checked, as text.

use std::collections::BTreeMap;
use std::fmt;

use crate::parse::Choice as _;

use super::story::{Kind, Story};
use super::text::start_of;

/// A report on one story; its `Display` is what the command prints.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    story: &'a Story,
    /// Whether every removed stretch is listed, not only the longest of each kind.
    full: bool,
}

impl<'a> Report<'a> {
    /// The report with the removed text summed up by kind.
    #[must_use]
    pub fn new(story: &'a Story) -> Self {
        Report { story, full: false }
    }

    /// The report with every stretch that was removed.
    #[must_use]
    pub fn full(story: &'a Story) -> Self {
        Report { story, full: true }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.story;
        row(f, "title", s.title.as_deref().unwrap_or("(none found)"))?;
        if let Some(dateline) = &s.dateline {
            row(f, "dateline", dateline)?;
        }
        if let Some(agency) = &s.agency {
            row(f, "agency", agency)?;
        }
        if let Some(p) = &s.published {
            row(f, "date", &format!("{} ({})", p.date, p.how))?;
        }
        if let Some(p) = &s.updated {
            row(f, "updated", &format!("{} ({})", p.date, p.how))?;
        }
        if let Some(outlet) = &s.publisher {
            row(f, "publisher", &format!("{} ({})", outlet.name, outlet.slug))?;
        }
        if let Some(url) = &s.url {
            row(f, "url", url)?;
        }
        if let Some(lang) = &s.lang {
            row(f, "language", lang)?;
        }
        if let Some(usage) = &s.rights.usage {
            row(f, "rights", usage)?;
        }
        for image in &s.images {
            let caption = image.caption.as_deref().map(start_of).unwrap_or_default();
            let said = format!("{caption}  {}", image.credit.as_deref().unwrap_or_default());
            // A picture that nothing is said of is known by where it lies.
            let src = image.src.as_deref().unwrap_or_default();
            row(f, "image", if said.trim().is_empty() { src } else { said.trim() })?;
        }
        for credit in &s.credits {
            let place = credit.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
            row(f, credit.role.word(), &format!("{}{place}", credit.name))?;
        }
        row(f, "body", &format!("{}, {}", count(s.body.len(), "paragraph"), count(s.words(), "word")))?;
        self.removed(f)?;
        if let Some(standfirst) = &s.standfirst {
            row(f, "standfirst", &format!("not taken over, as it is the outlet's: \"{standfirst}\""))?;
        }
        for check in &s.check {
            row(f, "check", &format!("{}: {}", check.field, check.reason))?;
        }
        for other in s.publishers.iter().skip(usize::from(s.publisher.is_none())) {
            row(f, "perhaps", &format!("{}: {}", other.name, other.reason))?;
        }
        for warning in &s.warnings {
            row(f, "note", warning)?;
        }
        Ok(())
    }
}

impl Report<'_> {
    fn removed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.story;
        if s.removed.is_empty() {
            return row(f, "taken out", "nothing");
        }
        row(
            f,
            "taken out",
            &format!(
                "{}, of which {} are kept in no field",
                count(s.removed.iter().map(|r| r.words).sum(), "word"),
                s.words_removed
            ),
        )?;
        if self.full {
            for r in &s.removed {
                writeln!(
                    f,
                    "    line {}, {}, {}: \"{}\"",
                    r.line,
                    r.kind.name(),
                    count(r.words, "word"),
                    start_of(&r.text)
                )?;
            }
            return Ok(());
        }
        let mut kinds: BTreeMap<Kind, (usize, usize, &str)> = BTreeMap::new();
        for r in &s.removed {
            let entry = kinds.entry(r.kind).or_insert((0, 0, &r.text));
            entry.0 += 1;
            entry.1 += r.words;
        }
        for (kind, (stretches, words, first)) in kinds {
            writeln!(
                f,
                "    {}: {} in {}, first \"{}\"",
                kind.name(),
                count(words, "word"),
                count(stretches, "line"),
                start_of(first)
            )?;
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    writeln!(f, "{name:>11}  {text}")
}

fn count(n: usize, unit: &str) -> String {
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}
