//! Dates as newspapers use them: a day, sometimes with a time, always in the site's zone; and periods of days.

use std::cmp::Ordering;

use jiff::{
    Timestamp, ZonedDateTime, civil,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Serialize};

/// A day, or a moment, in the site's zone. A bare day stays a day: no midnight is ever shown for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    #[serde(with = "as_numbers::timestamp")]
    timestamp: Timestamp,
    /// What the zone adds to UTC at that moment, in seconds.
    offset: i32,
    has_time: bool,
}

/// Appends the last two digits of a number: dates and addresses of days are made of such pairs, and there are very many.
pub fn push_two(text: &mut String, number: i32) {
    const DIGITS: [char; 10] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    text.extend([number / 10, number].map(|number| DIGITS[number.unsigned_abs() as usize % 10]));
}

impl When {
    /// The day itself, in the site's zone.
    ///
    /// `None` when the zone has no such day (Samoa skipped 30 December 2011) or it lies outside the years -9999 to 9999.
    pub fn day(date: civil::Date, zone: &TimeZone) -> Option<Self> {
        let zoned = date.to_zoned_datetime(zone.clone()).ok()?;
        Some(When::of(&zoned, false))
    }

    /// A moment, given as a local time in the site's zone.
    pub fn local(datetime: civil::DateTime, zone: &TimeZone) -> Option<Self> {
        let zoned = datetime.to_zoned_datetime(zone.clone()).ok()?;
        Some(When::of(&zoned, true))
    }

    /// A moment, carried over into the site's zone.
    pub fn moment(timestamp: Timestamp, zone: &TimeZone) -> Self {
        When::of(&timestamp.to_zoned_datetime(zone.clone()), true)
    }

    fn of(zoned: &ZonedDateTime, has_time: bool) -> Self {
        When { timestamp: zoned.timestamp(), offset: zoned.offset().seconds(), has_time }
    }

    /// The moment with its distance from UTC.
    fn zoned(&self) -> ZonedDateTime {
        let offset = Offset::from_seconds(self.offset).unwrap_or(Offset::UTC);
        self.timestamp.to_zoned_datetime(TimeZone::fixed(offset))
    }

    /// The day in the site's zone.
    pub fn date(&self) -> civil::Date {
        self.clock().date()
    }

    /// Day and time of day in the site's zone.
    fn clock(&self) -> civil::DateTime {
        Offset::from_seconds(self.offset).unwrap_or(Offset::UTC).to_datetime(self.timestamp)
    }

    /// The moment; for a bare day its first.
    pub fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// Whether a time was given.
    pub fn has_time(&self) -> bool {
        self.has_time
    }

    /// `2022-01-21`, or `2022-01-21T14:05:00+02:00`: valid in HTML's `datetime` and in schema.org.
    pub fn iso(&self) -> String {
        if self.has_time { self.rfc3339() } else { self.date().to_string() }
    }

    /// RFC 3339 with a time in any case, as feeds demand: a bare day is its first moment.
    pub fn rfc3339(&self) -> String {
        let local = self.clock();
        // Before clocks followed zones, they were some seconds off as well.
        if !(0..=9999).contains(&local.year()) || self.offset % 60 != 0 {
            return self.zoned().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        }
        // Of every article there are several: written digit by digit, without a pattern to be read first.
        let minutes = self.offset.abs() / 60;
        let parts: [(&str, i32); 8] = [
            ("", i32::from(local.year()) / 100),
            ("", i32::from(local.year())),
            ("-", i32::from(local.month())),
            ("-", i32::from(local.day())),
            ("T", i32::from(local.hour())),
            (":", i32::from(local.minute())),
            (":", i32::from(local.second())),
            (if self.offset < 0 { "-" } else { "+" }, minutes / 60),
        ];
        let mut text = String::with_capacity(25);
        for (before, number) in parts {
            text.push_str(before);
            push_two(&mut text, number);
        }
        text.push(':');
        push_two(&mut text, minutes % 60);
        text
    }

    /// RFC 2822, as RSS demands.
    pub fn rfc2822(&self) -> String {
        self.zoned().strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
    }

    /// The time of day where it happened, when there is one.
    pub fn time(&self) -> Option<civil::Time> {
        self.has_time.then(|| self.clock().time())
    }
}

impl PartialOrd for When {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for When {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.timestamp, self.has_time, self.offset).cmp(&(other.timestamp, other.has_time, other.offset))
    }
}

/// Days from the first to the last, both in: an ISO 8601 interval of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    #[serde(with = "as_numbers::date")]
    pub first: civil::Date,
    /// The last day, which belongs to the period.
    #[serde(with = "as_numbers::date")]
    pub last: civil::Date,
}

/// How sure a date is: the qualifiers of ISO 8601-2, level 1 (EDTF).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Qualifier {
    /// `~`: about then.
    pub is_approximate: bool,
    /// `?`: then or at another time.
    pub is_uncertain: bool,
}

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The day.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
    /// A first and a last day.
    Range,
}

impl Period {
    /// Reads `2022-01-21`, `2022-01`, `2022` or two of them with `/` between, as ISO 8601 writes them.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            None => Period::single(text.trim()),
            Some((first, last)) => {
                let period =
                    Period { first: Period::single(first.trim())?.first, last: Period::single(last.trim())?.last };
                (period.first <= period.last).then_some(period)
            }
        }
    }

    /// Reads the same with a qualifier after each date: `2022-01~`, `2022-01-10?/2022-01-13`. One on either side of a `/` is
    /// said of the whole.
    pub fn parse_qualified(text: &str) -> Option<(Self, Qualifier)> {
        let mut qualifier = Qualifier::default();
        let mut plain = |date: &str| -> String {
            let date = date.trim();
            let bare = date.strip_suffix(['~', '?', '%']);
            if let Some(bare) = bare {
                qualifier.is_approximate |= !date.ends_with('?');
                qualifier.is_uncertain |= !date.ends_with('~');
                return bare.to_owned();
            }
            date.to_owned()
        };
        let bare = match text.split_once('/') {
            Some((first, last)) => format!("{}/{}", plain(first), plain(last)),
            None => plain(text),
        };
        Period::parse(&bare).map(|period| (period, qualifier))
    }

    /// How much of the date is known.
    pub fn precision(&self) -> Precision {
        let Period { first, last } = *self;
        if first == last {
            Precision::Day
        } else if first.day() == 1 && last == first.last_of_month() {
            Precision::Month
        } else if first.day_of_year() == 1 && last == first.last_of_year() {
            Precision::Year
        } else {
            Precision::Range
        }
    }

    fn single(text: &str) -> Option<Self> {
        let number = |part: &str| -> Option<i16> {
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
        };
        let mut parts = text.split('-');
        let year = parts.next().filter(|year| year.len() == 4).and_then(number)?;
        let mut two = || parts.next().map(|part| (part.len() == 2).then(|| number(part)).flatten());
        match (two(), two()) {
            (None, _) => {
                Some(Period { first: civil::Date::new(year, 1, 1).ok()?, last: civil::Date::new(year, 12, 31).ok()? })
            }
            (Some(month), None) => Period::month(year, i8::try_from(month?).ok()?),
            (Some(month), Some(day)) => {
                let day = civil::Date::new(year, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?).ok()?;
                parts.next().is_none().then_some(Period { first: day, last: day })
            }
        }
    }

    /// A whole month; `month` runs from 1 to 12.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let first = civil::Date::new(year, month, 1).ok()?;
        Some(Period { first, last: first.last_of_month() })
    }

    /// The ISO 8601 week, Monday to Sunday, that `date` lies in.
    pub fn week_of(date: civil::Date) -> Option<Self> {
        let back = i64::from(date.weekday().to_monday_zero_offset());
        let first = date.checked_sub(jiff::Span::new().days(back)).ok()?;
        let last = first.checked_add(jiff::Span::new().days(6)).ok()?;
        Some(Period { first, last })
    }

    /// Whether the day lies in the period.
    pub fn contains(&self, day: civil::Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether what happened at a date belongs to the period: a day, month or year that lies in it, or a range of days that does
    /// in part. Of a month or year it is not known when in it.
    pub fn covers(&self, date: Period) -> bool {
        match date.precision() {
            Precision::Range => date.first <= self.last && self.first <= date.last,
            _ => self.contains(date.first) && self.contains(date.last),
        }
    }

    /// `2022-01-01/2022-01-31`; one day is written once.
    pub fn iso(&self) -> String {
        if self.first == self.last { self.first.to_string() } else { format!("{}/{}", self.first, self.last) }
    }
}

/// Dates on record as numbers: a cache of a hundred thousand of them is read at every start.
mod as_numbers {
    pub mod timestamp {
        use jiff::Timestamp;
        use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

        pub fn serialize<S: Serializer>(timestamp: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
            (timestamp.as_second(), timestamp.subsec_nanosecond()).serialize(serializer)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
            let (second, nanosecond) = <(i64, i32)>::deserialize(deserializer)?;
            Timestamp::new(second, nanosecond).map_err(D::Error::custom)
        }
    }

    pub mod date {
        use jiff::civil::Date;
        use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

        pub fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
            (date.year(), date.month(), date.day()).serialize(serializer)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
            let (year, month, day) = <(i16, i8, i8)>::deserialize(deserializer)?;
            Date::new(year, month, day).map_err(D::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_iso_8601_writes_them() {
        let iso = |text| Period::parse(text).map(|period| period.iso());
        assert_eq!(iso("2022-01-21").as_deref(), Some("2022-01-21"));
        assert_eq!(iso("2022-02").as_deref(), Some("2022-02-01/2022-02-28"));
        assert_eq!(iso("2022").as_deref(), Some("2022-01-01/2022-12-31"));
        assert_eq!(iso("2022-01-01/2022-01-31").as_deref(), Some("2022-01-01/2022-01-31"));
        for wrong in ["", "22", "2022-1", "2022-13", "2022-01-32", "2022-02-01/2022-01-01", "2022-01-01-01", "+2022"] {
            assert_eq!(iso(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_say_how_sure_they_are() {
        let read =
            |text| Period::parse_qualified(text).map(|(period, q)| (period.iso(), q.is_approximate, q.is_uncertain));
        assert_eq!(read("2022-01-21"), Some(("2022-01-21".to_owned(), false, false)));
        assert_eq!(read("2021~"), Some(("2021-01-01/2021-12-31".to_owned(), true, false)));
        assert_eq!(read("2022-01-10/2022-01-13?"), Some(("2022-01-10/2022-01-13".to_owned(), false, true)));
        assert_eq!(read("2022-01-10% / 2022-01-13"), Some(("2022-01-10/2022-01-13".to_owned(), true, true)));
        for wrong in ["~2022", "2022-~01", "2022~~", "~", "2022-01/~"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(Period::parse("2022").map(|period| period.precision()), Some(Precision::Year));
        assert_eq!(Period::parse("2022-01/2022-02").map(|period| period.precision()), Some(Precision::Range));
    }

    #[test]
    fn a_moment_is_dated_in_the_sites_zone() {
        let kyiv = TimeZone::get("Europe/Kyiv").unwrap();
        let when = When::moment("2022-01-31T22:30:00Z".parse().unwrap(), &kyiv);
        assert_eq!(when.date().to_string(), "2022-02-01");
        assert_eq!(when.iso(), "2022-02-01T00:30:00+02:00");
        let day = When::day("2022-01-31".parse().unwrap(), &kyiv).unwrap();
        assert_eq!(day.iso(), "2022-01-31");
        assert_eq!(day.rfc3339(), "2022-01-31T00:00:00+02:00");
        let moments =
            ["2022-01-31T22:30:09Z", "1880-06-01T10:00:00Z", "0001-02-03T04:05:06Z", "-000044-03-15T12:00:00Z"];
        for zone in
            [kyiv, TimeZone::UTC, TimeZone::get("America/St_Johns").unwrap(), TimeZone::get("Asia/Kolkata").unwrap()]
        {
            for moment in moments {
                let when = When::moment(moment.parse().unwrap(), &zone);
                assert_eq!(when.rfc3339(), when.zoned().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
            }
        }
    }

    #[test]
    fn weeks_start_on_monday() {
        let week = Period::week_of("2022-01-21".parse().unwrap()).unwrap();
        assert_eq!(week.iso(), "2022-01-17/2022-01-23");
    }
}
