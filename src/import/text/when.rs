//! When the story was published: from date lines, the dateline, and what vouches for the dateline's year.
//!
//! A day without a year takes its year only from something printed beside it, and the weekdays that the story names
//! must agree. Where nothing vouches for a year there is no date: a wrong one is worse than none.

use jiff::civil::{Date, Weekday};
use regex::Regex;
use std::sync::LazyLock;

use super::dates::{self, Found};
use super::lines::{Block, ends_sentence, words_of};
use super::re;
use crate::import::story::{Check, Published};

/// What a date line says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// `Published: …`, `Stand: …`
    Published,
    /// A date with nothing beside it, under the headline.
    Bare,
    /// `Updated: …`
    Updated,
    /// A date above the headline, which may be the day of the visit.
    Above,
}

/// A line that is a date, with the story's text around it left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateLine {
    /// The date on it.
    pub found: Found,
    /// What it is said to be.
    pub label: Label,
}

static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?i)\b(?:(?:first\s+)?publish(?:ed)?(?:\s+(?:on|at|date))?|posted(?:\s+on)?|issued|released|created|date|stand|veröffentlicht(?:\s+am)?|erschienen(?:\s+am)?|erstellt|publi[ée]e?(?:\s+le)?|mis en ligne|publicad[oa](?:\s+(?:el|em))?|pubblicato(?:\s+il)?|opublikowano|gepubliceerd|опубликовано|опубліковано|дата)\b",
    )
});
static UPDATED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?i)\b(?:(?:last\s+)?(?:updated?|modified|revised|edited)|aktualisiert|mis(?:e)? à jour|modifi[ée]e?|actualizad[oa]|atualizad[oa]|aggiornato|обновлено|оновлено)\b",
    )
});

/// Reads a block as a date line: a date, and little else but a label, a time, a place for the reader's eye.
#[must_use]
pub fn line(block: &Block) -> Option<DateLine> {
    if block.words > 24 {
        return None;
    }
    let text = block.norm.as_str();
    let all = dates::find(text);
    // A label stands right before its date: `stand` and `released` are words of stories, too.
    let labels = |pattern: &Regex| {
        pattern
            .find_iter(text)
            .find(|m| all.iter().any(|d| d.start >= m.end() && words_of(&text[m.end()..d.start]).count() <= 3))
    };
    let (published, updated) = (labels(&PUBLISHED), labels(&UPDATED));
    let first_label = published.iter().chain(&updated).map(|m| m.start()).min();
    if ends_sentence(text) && first_label.is_some_and(|at| words_of(&text[..at]).count() > 4) {
        return None;
    }
    let pick = match (published, updated) {
        // `Published Jan 20 | Updated Jan 21`: the date after the right word
        (Some(p), _) => all.iter().find(|d| d.start >= p.start()).or_else(|| all.first()),
        (None, Some(u)) if all.len() > 1 => all.iter().find(|d| d.start < u.start()).or_else(|| all.first()),
        _ => all.first(),
    }?
    .clone();
    let label = match (published, updated) {
        (Some(_), _) => Label::Published,
        (None, Some(u)) if pick.start > u.start() => Label::Updated,
        _ => Label::Bare,
    };
    if published.is_none() && updated.is_none() {
        // Without a label nearly all of the line must be the date.
        let mut rest = text.to_owned();
        for d in all.iter().rev() {
            rest.replace_range(d.start..d.end, " ");
        }
        let others = rest
            .split_whitespace()
            .filter(|w| {
                w.chars().filter(|c| c.is_alphabetic()).count() > 2
                    && dates::weekday(w.trim_matches(|c: char| !c.is_alphanumeric())).is_none()
            })
            .filter(|w| {
                !matches!(
                    w.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()),
                    "gmt"
                        | "utc"
                        | "est"
                        | "edt"
                        | "pst"
                        | "cet"
                        | "cest"
                        | "bst"
                        | "uhr"
                        | "min"
                        | "read"
                        | "minute"
                        | "minutes"
                        | "a.m"
                        | "p.m"
                        | "ist"
                )
            })
            .count();
        if others > 3 || words_of(&rest).count() > 9 || ends_sentence(text) && others > 1 {
            return None;
        }
    }
    Some(DateLine { found: pick, label })
}

/// Everything in the text that bears on the date.
#[derive(Debug, Default)]
pub struct Evidence<'a> {
    /// The dateline's date.
    pub dateline: Option<&'a Found>,
    /// Date lines, in the order of the text.
    pub lines: Vec<DateLine>,
    /// Dates in captions.
    pub captions: Vec<Found>,
    /// Full dates in the story.
    pub body: Vec<Found>,
    /// Years in copyright lines.
    pub copyright: Vec<i16>,
    /// Dates in the story's own address.
    pub url: Vec<Found>,
    /// Weekdays named in the first paragraphs.
    pub weekdays: Vec<Weekday>,
}

/// The date of publication, or why there is none. What is not sure comes with a check.
#[must_use]
pub fn decide(evidence: &Evidence<'_>) -> (Option<Published>, Option<Check>) {
    let line = best_line(evidence);
    match (evidence.dateline, line) {
        (Some(dateline), line) => from_dateline(evidence, dateline, line),
        (None, Some(line)) if line.label == Label::Above => (
            None,
            line.found
                .date()
                .and_then(|d| check(format!("{d} stands above the headline and may be the day of the visit"))),
        ),
        (None, Some(line)) => from_line(evidence, line),
        (None, None) => match evidence.url.iter().find_map(Found::date) {
            Some(date) => (
                Some(Published { date, time: None, how: "from the story's address".into() }),
                check("only the story's address states it"),
            ),
            None => (None, check("no date of publication is stated in the text")),
        },
    }
}

fn check(reason: impl Into<String>) -> Option<Check> {
    Some(Check { field: "date", reason: reason.into() })
}

fn best_line<'a>(evidence: &'a Evidence<'_>) -> Option<&'a DateLine> {
    // The least label wins, the first of its kind; a line with a year before one without.
    evidence.lines.iter().filter(|l| l.found.year.is_some()).min_by_key(|l| l.label)
}

fn from_line(evidence: &Evidence<'_>, line: &DateLine) -> (Option<Published>, Option<Check>) {
    let name = match line.label {
        Label::Published => "the line that says when it was published",
        Label::Updated => "the line that says when it was updated",
        Label::Bare => "the date under the headline",
        Label::Above => "the date above the headline",
    };
    let found = &line.found;
    let Some(date) = found.date() else {
        return two_readings(evidence, found, name);
    };
    let doubt = match line.label {
        Label::Updated => check("only the day of an update is stated"),
        Label::Published | Label::Bare | Label::Above => None,
    };
    (Some(Published { date, time: found.time, how: format!("from {name}") }), doubt)
}

/// `03/04/2022`: taken only where another date in the text tells which it is.
fn two_readings(evidence: &Evidence<'_>, found: &Found, name: &str) -> (Option<Published>, Option<Check>) {
    let (Some(year), Some((month, day))) = (found.year, found.or) else {
        return (None, check(format!("{name} does not fit its weekday")));
    };
    let readings = [Date::new(year, found.month, found.day), Date::new(year, month, day)];
    let readings: Vec<Date> = readings.into_iter().flatten().collect();
    let others = evidence
        .captions
        .iter()
        .chain(&evidence.body)
        .chain(&evidence.url)
        .chain(evidence.lines.iter().map(|l| &l.found));
    let near: Vec<Date> = others.filter_map(Found::date).collect();
    let vouched: Vec<Date> =
        readings.iter().copied().filter(|r| near.iter().any(|n| days(*n, *r).abs() <= 2)).collect();
    match vouched.as_slice() {
        [date] => (
            Some(Published {
                date: *date,
                time: None,
                how: format!("from {name}, day and month told apart by another date in the text"),
            }),
            None,
        ),
        _ => {
            let text: Vec<String> = readings.iter().map(ToString::to_string).collect();
            (None, check(format!("{name} can be read as {}", text.join(" or "))))
        }
    }
}

fn days(a: Date, b: Date) -> i32 {
    a.since(b).map_or(i32::MAX, |span| span.get_days())
}

fn from_dateline(
    evidence: &Evidence<'_>,
    dateline: &Found,
    line: Option<&DateLine>,
) -> (Option<Published>, Option<Check>) {
    let day = |year: i16| Date::new(year, dateline.month, dateline.day).ok();
    if let Some(date) = dateline.date() {
        let doubt = line
            .filter(|l| l.label == Label::Published)
            .and_then(|l| l.found.date())
            .filter(|d| days(*d, date).abs() > 3)
            .and_then(|d| check(format!("the dateline says {date}, the line that says when it was published {d}")));
        return (Some(Published { date, time: dateline.time, how: "from the dateline".into() }), doubt);
    }
    if dateline.year.is_some() {
        return (None, check("the dateline's date does not fit its weekday"));
    }
    // A date line near it: the day of publication is the line's.
    if let Some(line) = line {
        if let Some(published) = line.found.date()
            && line.label != Label::Above
        {
            let near =
                (-1..=1).filter_map(|d| day(published.year() + d)).map(|d| days(published, d)).min_by_key(|d| d.abs());
            let (found, doubt) = from_line(evidence, line);
            return match near {
                Some(d) if (-1..=3).contains(&d) => (found, doubt),
                Some(d) => (found, doubt.or_else(|| check(format!("it is {} days from the dateline's day", d.abs())))),
                None => (found, doubt),
            };
        }
        if line.found.or.is_some()
            && let Some(year) = line.found.year
            && let Some(date) = day(year)
            && [(line.found.month, line.found.day), line.found.or.unwrap_or_default()]
                .iter()
                .any(|&(m, d)| Date::new(year, m, d).is_ok_and(|x| (0..=2).contains(&days(x, date))))
        {
            return (
                Some(Published {
                    date,
                    time: None,
                    how: "day from the dateline, year from a date line in digits".into(),
                }),
                None,
            );
        }
    }
    vouched(evidence, dateline, line)
}

/// A dateline's day with a year that something else in the text vouches for.
fn vouched(evidence: &Evidence<'_>, dateline: &Found, line: Option<&DateLine>) -> (Option<Published>, Option<Check>) {
    let day = |year: i16| Date::new(year, dateline.month, dateline.day).ok();
    let weekday_says = |date: Date| -> Option<bool> {
        (!evidence.weekdays.is_empty()).then(|| evidence.weekdays.contains(&date.weekday()))
    };
    let sources = [
        (&evidence.captions, "the photograph's caption", 31),
        (&evidence.url, "the story's address", 3),
        (&evidence.body, "a full date in the text", 2),
    ];
    for (dates, name, reach) in sources {
        for full in dates.iter().filter_map(Found::date) {
            let near = (-1..=1).filter_map(|d| day(full.year() + d)).find(|d| (-1..=reach).contains(&days(*d, full)));
            let Some(date) = near else { continue };
            let same = date == full;
            let agrees = weekday_says(date);
            let words = match agrees {
                Some(true) => format!("; it was a {}, which the story names", weekday_name(date)),
                _ => String::new(),
            };
            let published =
                Published { date, time: None, how: format!("day from the dateline, year from {name}{words}") };
            match (same, agrees) {
                (true, Some(true) | None) | (false, Some(true)) => return (Some(published), None),
                (true, Some(false)) => {
                    return (
                        Some(published),
                        check(format!("{date} was a {}, a day the first paragraphs do not name", weekday_name(date))),
                    );
                }
                (false, None) => {
                    return (Some(published), check(format!("the year is that of {name}, whose day is {full}")));
                }
                (false, Some(false)) => {}
            }
        }
    }
    if let Some(line) = line
        && line.label == Label::Above
        && let Some(full) = line.found.date()
        && let Some(date) = day(full.year()).filter(|d| (-1..=3).contains(&days(full, *d)))
    {
        return (
            Some(Published {
                date,
                time: None,
                how: "day from the dateline, year from the date above the headline".into(),
            }),
            None,
        );
    }
    for year in &evidence.copyright {
        if let Some(date) = day(*year)
            && weekday_says(date) == Some(true)
        {
            return (
                Some(Published {
                    date,
                    time: None,
                    how: format!(
                        "day from the dateline, year from the copyright line; it was a {}, which the story names",
                        weekday_name(date)
                    ),
                }),
                check("the year is that of the copyright line"),
            );
        }
    }
    let why = match evidence.copyright.first().and_then(|y| day(*y)) {
        Some(date) if !evidence.weekdays.is_empty() => {
            format!(", for in the copyright line's year it was a {}, which the story does not name", weekday_name(date))
        }
        Some(date) => format!(", for the copyright line's year ({}) alone is too little", date.year()),
        None => String::new(),
    };
    let day = format!("day {} of month {}", dateline.day, dateline.month);
    (None, check(format!("the dateline gives {day}, and nothing in the text vouches for a year{why}")))
}

fn weekday_name(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Years in a copyright line: `© 2022 Example`, `Copyright 2019-2022`: the last of each.
#[must_use]
pub fn copyright_year(text: &str) -> Option<i16> {
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| re(r"(?i)(?:©|\(c\)|copyright)\D{0,24}(?:\d{4}\s?[-–]\s?)?(\d{4})\b"));
    let head: String = text.chars().take(300).collect();
    YEAR.captures(&head)?.get(1)?.as_str().parse().ok().filter(|y| (1990..=2100).contains(y))
}
