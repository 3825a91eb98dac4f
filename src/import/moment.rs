//! Dates as machines write them: in feeds, mails, lists of bookmarks and archives.

use jiff::{
    Timestamp, ZonedDateTime,
    civil::{Date, DateTime},
    fmt::rfc2822,
    tz::{Offset, TimeZone},
};

use super::{story::Published, text::dates};

/// Reads a date in any form that feeds and lists use: RFC 2822 with its common mistakes, RFC 3339 and ISO 8601, seconds or
/// milliseconds since 1970, or words. A time of day is kept only where its zone is stated. `None` for what is no date, and for one
/// that cannot be meant: before 1980, or later than the day after `today`. `how` says where it was read.
#[must_use]
pub fn read(text: &str, how: &str, today: Date) -> Option<Published> {
    let text = text.trim().trim_matches('"');
    let published = |date: Date, time| Published { date, time, how: how.to_owned() };
    let found = zoned(text)
        .map(|zoned| published(zoned.date(), minutes(&zoned)))
        .or_else(|| day(text).map(|date| published(date, None)))?;
    let earliest = Date::constant(1980, 1, 1);
    let latest = today.tomorrow().unwrap_or(today);
    (earliest..=latest).contains(&found.date).then_some(found)
}

/// The day alone.
#[must_use]
pub fn day_of(text: &str, today: Date) -> Option<Date> {
    read(text, "", today).map(|found| found.date)
}

fn minutes(zoned: &ZonedDateTime) -> Option<(i8, i8, i16)> {
    let offset = i16::try_from(zoned.offset().seconds() / 60).ok()?;
    Some((zoned.hour(), zoned.minute(), offset))
}

/// A moment with its offset.
fn zoned(text: &str) -> Option<ZonedDateTime> {
    if let Some(epoch) = epoch(text) {
        return Some(epoch.to_zoned_datetime(TimeZone::UTC));
    }
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && let Some(found) = iso(text)
    {
        return Some(found);
    }
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser.parse_zoned_datetime(text).ok().or_else(|| {
        // Weekdays and months are written out, or are those of another day or language; zones are named.
        let text = text.split_once(',').map_or(text, |(_, rest)| rest.trim());
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if let Some(month) = words.get_mut(1).filter(|month| month.is_ascii() && month.len() > 3) {
            month.truncate(3);
        }
        if let Some(zone) = words.last_mut()
            && let Some((_, offset)) = ZONES.iter().find(|(name, _)| *name == zone.to_ascii_uppercase())
        {
            *zone = (*offset).to_owned();
        }
        parser.parse_zoned_datetime(words.join(" ")).ok()
    })
}

/// Zones that feeds name besides those of RFC 2822. Names that mean several zones are left out: then the day is kept.
const ZONES: &[(&str, &str)] = &[
    ("Z", "+0000"),
    ("UTC", "+0000"),
    ("WET", "+0000"),
    ("CET", "+0100"),
    ("CEST", "+0200"),
    ("EET", "+0200"),
    ("EEST", "+0300"),
    ("MSK", "+0300"),
    ("SAST", "+0200"),
    ("JST", "+0900"),
    ("KST", "+0900"),
    ("AEST", "+1000"),
    ("AEDT", "+1100"),
    ("NZST", "+1200"),
];

/// Seconds since 1970, or milliseconds.
fn epoch(text: &str) -> Option<Timestamp> {
    let whole = text.split('.').next().unwrap_or_default();
    if !whole.bytes().all(|b| b.is_ascii_digit()) || !(9..=16).contains(&whole.len()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let seconds = match whole.len() {
        9..=10 => number,
        11..=13 => number / 1000,
        _ => number / 1_000_000,
    };
    Timestamp::from_second(seconds).ok()
}

/// ISO 8601 with an offset; also with a blank for the `T`, or without a colon in the offset.
fn iso(text: &str) -> Option<ZonedDateTime> {
    let bare = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT"));
    let mut compact = bare.unwrap_or(text).replacen(' ', "T", 1).replace(' ', "");
    if bare.is_some() {
        compact.push('Z');
    }
    let timestamp: Timestamp = compact.parse().ok()?;
    Some(timestamp.to_zoned_datetime(TimeZone::fixed(offset(&compact).unwrap_or(Offset::UTC))))
}

/// `+02:00` or `+0200` at the end.
fn offset(text: &str) -> Option<Offset> {
    let at = text.rfind(['+', '-']).filter(|at| *at >= "2022-01-21T".len())?;
    let digits: String = text[at + 1..].chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).map_or(Some(0), |text| text.parse().ok())?;
    let seconds = hours * 3600 + minutes * 60;
    Offset::from_seconds(if text[at..].starts_with('-') { -seconds } else { seconds }).ok()
}

/// A day, with or without a time that has no zone.
fn day(text: &str) -> Option<Date> {
    let first = text.split(['T', ' ']).next().unwrap_or_default();
    if let Ok(date) = first.parse::<Date>() {
        return Some(date);
    }
    if let Ok(datetime) = text.parse::<DateTime>() {
        return Some(datetime.date());
    }
    let found = dates::find(text);
    let [one] = found.as_slice() else { return None };
    if one.or.is_some() {
        return None;
    }
    Date::new(one.year?, one.month, one.day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_feeds_write() {
        let today = Date::constant(2026, 1, 2);
        let shown = |text: &str| {
            read(text, "", today).map_or("-".to_owned(), |found| match found.time {
                Some((hour, minute, offset)) => format!("{} {hour:02}:{minute:02} {offset:+}", found.date),
                None => found.date.to_string(),
            })
        };
        let table = [
            ("Fri, 21 Jan 2022 14:05:00 +0200", "2022-01-21 14:05 +120"),
            ("Fri, 21 Jan 2022 14:05:00 GMT", "2022-01-21 14:05 +0"),
            ("Fri, 21 Jan 2022 14:05 EST", "2022-01-21 14:05 -300"),
            ("Mon, 21 Jan 2022 14:05:00 +0000", "2022-01-21 14:05 +0"),
            ("Friday, 21 January 2022 14:05:00 CET", "2022-01-21 14:05 +60"),
            ("21 Jan 22 14:05:00 GMT", "2022-01-21 14:05 +0"),
            ("2022-01-21T14:05:00+02:00", "2022-01-21 14:05 +120"),
            ("2022-01-21T14:05:00Z", "2022-01-21 14:05 +0"),
            ("2022-01-21T14:05:00.123-0500", "2022-01-21 14:05 -300"),
            ("2022-01-21 14:05:00 UTC", "2022-01-21 14:05 +0"),
            ("2022-01-21 14:05:00", "2022-01-21"),
            ("2022-01-21", "2022-01-21"),
            ("1642773900", "2022-01-21 14:05 +0"),
            ("1642773900000", "2022-01-21 14:05 +0"),
            ("January 21, 2022", "2022-01-21"),
            ("0000-00-00 00:00:00", "-"),
            ("Thu, 01 Jan 1970 00:00:00 +0000", "-"),
            ("2099-01-01", "-"),
            ("03/04/2022", "-"),
            ("soon", "-"),
            ("", "-"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
