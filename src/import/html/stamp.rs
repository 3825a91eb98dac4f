//! Dates as machines write them, and as pages write them for machines.

use jiff::civil::Date;

use crate::import::{story::Published, text::dates};

/// A day with, where it is stated, a time of day and its zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The day as stated.
    pub date: Date,
    /// Hour, minute, and minutes from UTC; only where the zone is stated.
    pub time: Option<(i8, i8, i16)>,
}

impl Stamp {
    /// With what it was read from.
    #[must_use]
    pub fn published(&self, how: &str) -> Published {
        Published { date: self.date, time: self.time, how: how.to_owned() }
    }

    /// Minutes since the year 0 in UTC, as far as they are known.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        let days = i64::from(self.date.since(Date::ZERO).map_or(0, |span| span.get_days()));
        let (hour, minute, offset) = self.time.unwrap_or((12, 0, 0));
        days * 1440 + i64::from(hour) * 60 + i64::from(minute) - i64::from(offset)
    }
}

/// Reads a date: ISO 8601 and what comes near it, seconds or milliseconds since 1970, or one in words. What could be two
/// days (`03/04/2024`) is none.
#[must_use]
pub fn read(text: &str) -> Option<Stamp> {
    let text = text.trim().trim_matches('"');
    if text.len() < 8 || text.len() > 200 {
        return None;
    }
    let stamp = iso(text).or_else(|| epoch(text)).or_else(|| words(text)).or_else(|| dotted(text))?;
    (1990..=2100).contains(&stamp.date.year()).then_some(stamp)
}

struct Reader<'t> {
    rest: &'t [u8],
}

impl Reader<'_> {
    /// A number of at least and at most so many digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i32> {
        let n = self.rest.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if n < least {
            return None;
        }
        let value = self.rest[..n].iter().fold(0i32, |value, digit| value * 10 + i32::from(digit - b'0'));
        self.rest = &self.rest[n..];
        Some(value)
    }

    fn skip(&mut self, marks: &[u8]) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if marks.contains(first) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }
}

fn iso(text: &str) -> Option<Stamp> {
    let mut r = Reader { rest: text.as_bytes() };
    let year = r.number(4, 4)?;
    let dashed = r.skip(b"-/.");
    let month = r.number(if dashed { 1 } else { 2 }, 2)?;
    if dashed && !r.skip(b"-/.") {
        return None;
    }
    let day = r.number(if dashed { 1 } else { 2 }, 2)?;
    if r.rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Stamp { date, time: clock(r) })
}

fn clock(mut r: Reader) -> Option<(i8, i8, i16)> {
    while r.skip(b" Tt") {}
    let hour = r.number(1, 2)?;
    r.skip(b":");
    let minute = r.number(2, 2)?;
    if r.skip(b":") || r.rest.first().is_some_and(u8::is_ascii_digit) {
        r.number(2, 2)?;
        if r.skip(b".,") {
            r.number(1, 9)?;
        }
    }
    while r.skip(b" ") {}
    let offset = match r.rest {
        [b'Z' | b'z'] => 0,
        rest if rest.eq_ignore_ascii_case(b"GMT") || rest.eq_ignore_ascii_case(b"UTC") => 0,
        [sign @ (b'+' | b'-'), ..] => {
            let sign = if *sign == b'-' { -1 } else { 1 };
            r.skip(b"+-");
            let hours = r.number(1, 2)?;
            r.skip(b":");
            let minutes = r.number(2, 2).unwrap_or(0);
            if hours > 15 {
                return None;
            }
            sign * (hours * 60 + minutes)
        }
        _ => return None,
    };
    let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?);
    (hour < 24 && minute < 60).then_some((hour, minute, i16::try_from(offset).ok()?))
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Stamp> {
    if !matches!(text.len(), 10 | 13) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let seconds: i64 = text[..10].parse().ok()?;
    let moment = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?);
    Some(Stamp { date: moment.date(), time: Some((moment.hour(), moment.minute(), 0)) })
}

fn words(text: &str) -> Option<Stamp> {
    let found = dates::find(text).into_iter().find(|found| found.year.is_some())?;
    let is_sure = found.or.is_none_or(|(month, day)| (month, day) == (found.month, found.day));
    Some(Stamp { date: found.date().filter(|_| is_sure)?, time: found.time })
}

/// `25.04.24`: with dots the day comes first.
fn dotted(text: &str) -> Option<Stamp> {
    let bytes = text.as_bytes();
    let at = (0..bytes.len()).find(|&at| {
        let mut r = Reader { rest: &bytes[at..] };
        let starts = at == 0 || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] != b'.';
        starts
            && r.number(1, 2).is_some()
            && r.skip(b".")
            && r.number(1, 2).is_some()
            && r.skip(b".")
            && r.number(2, 2).is_some()
            && r.rest.first().is_none_or(|b| !b.is_ascii_digit() && *b != b'.')
    })?;
    let mut r = Reader { rest: &bytes[at..] };
    let day = r.number(1, 2)?;
    r.skip(b".");
    let month = r.number(1, 2)?;
    r.skip(b".");
    let year = 2000 + r.number(2, 2)?;
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Stamp { date, time: None })
}

/// The day that an address names: `/2024/01/31/`, `/2024-01-31-`, `20240131`.
#[must_use]
pub fn of_address(path: &str) -> Option<Date> {
    let bytes = path.as_bytes();
    for at in 0..bytes.len().saturating_sub(7) {
        let is_start = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if !is_start || !bytes[at..].starts_with(b"20") && !bytes[at..].starts_with(b"199") {
            continue;
        }
        let mut r = Reader { rest: &bytes[at..] };
        let Some(year) = r.number(4, 4) else { continue };
        let mark = r.rest.first().copied().filter(|b| matches!(b, b'/' | b'-' | b'_' | b'.'));
        if let Some(mark) = mark {
            r.skip(&[mark]);
        }
        let Some(month) = r.number(if mark.is_some() { 1 } else { 2 }, 2) else { continue };
        if let Some(mark) = mark
            && !r.skip(&[mark])
        {
            continue;
        }
        let Some(day) = r.number(if mark.is_some() { 1 } else { 2 }, 2) else { continue };
        if r.rest.first().is_some_and(u8::is_ascii_digit) {
            continue;
        }
        if let (Ok(year), Ok(month), Ok(day)) = (i16::try_from(year), i8::try_from(month), i8::try_from(day))
            && let Ok(date) = Date::new(year, month, day)
        {
            return Some(date);
        }
    }
    None
}
