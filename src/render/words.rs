//! Dates and periods in words, and the direction that words run in.

use jiff::civil;

use crate::date::Period;

/// How dates are written for people. English has its words; other languages get ISO 8601, which is right in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// "21 January 2022".
    English,
    /// "2022-01-21".
    Iso,
}

impl DateStyle {
    /// The style for a BCP 47 tag.
    pub fn of(language: &str) -> Self {
        if language.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case("en")) {
            DateStyle::English
        } else {
            DateStyle::Iso
        }
    }

    /// "21 January 2022".
    pub fn day(self, date: civil::Date) -> String {
        match self {
            DateStyle::English => date.strftime("%-d %B %Y").to_string(),
            DateStyle::Iso => date.to_string(),
        }
    }

    /// "21 Jan".
    pub fn short(self, date: civil::Date) -> String {
        match self {
            DateStyle::English => date.strftime("%-d %b").to_string(),
            DateStyle::Iso => date.strftime("%m-%d").to_string(),
        }
    }

    /// "January 2022".
    pub fn month(self, first: civil::Date) -> String {
        match self {
            DateStyle::English => first.strftime("%B %Y").to_string(),
            DateStyle::Iso => first.strftime("%Y-%m").to_string(),
        }
    }

    /// "January 2022", "10–13 January 2022", "30 January – 2 February 2022", "2022".
    pub fn period(self, period: Period) -> String {
        let Period { first, last } = period;
        if first == last {
            return self.day(first);
        }
        if Period::month(first.year(), first.month()) == Some(period) {
            return self.month(first);
        }
        if Period::parse(&format!("{:04}", first.year())) == Some(period) {
            return format!("{:04}", first.year());
        }
        if self == DateStyle::Iso {
            return format!("{first} – {last}");
        }
        let start = match (first.year() == last.year(), first.month() == last.month()) {
            (true, true) => return format!("{}–{}", first.day(), self.day(last)),
            (true, false) => first.strftime("%-d %B").to_string(),
            (false, _) => self.day(first),
        };
        format!("{start} – {}", self.day(last))
    }
}

/// The writing direction of a language, for `dir`: `ltr` or `rtl`.
pub fn direction(language: &str) -> &'static str {
    if is_right_to_left(language) { "rtl" } else { "ltr" }
}

/// Whether a language is written from right to left, by the script that its tag names or that it is usually written in.
fn is_right_to_left(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    let script = parts.find(|part| part.len() == 4);
    match script.map(str::to_ascii_lowercase).as_deref() {
        Some(script) => matches!(script, "arab" | "hebr" | "thaa" | "syrc" | "nkoo" | "adlm" | "rohg" | "mand"),
        None => matches!(
            language.as_str(),
            "ar" | "arz" | "ary" | "ckb" | "dv" | "fa" | "he" | "iw" | "ks" | "ps" | "sd" | "syr" | "ug" | "ur" | "yi"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_say_no_more_than_they_need() {
        let text = |iso| DateStyle::English.period(Period::parse(iso).unwrap());
        assert_eq!(text("2022-01-21"), "21 January 2022");
        assert_eq!(text("2022-01"), "January 2022");
        assert_eq!(text("2022"), "2022");
        assert_eq!(text("2022-01-10/2022-01-13"), "10–13 January 2022");
        assert_eq!(text("2022-01-30/2022-02-02"), "30 January – 2 February 2022");
        assert_eq!(text("2021-12-30/2022-01-02"), "30 December 2021 – 2 January 2022");
        assert_eq!(DateStyle::of("uk").period(Period::parse("2022-01").unwrap()), "2022-01");
    }

    #[test]
    fn scripts_decide_the_direction() {
        assert!(is_right_to_left("ar"));
        assert!(is_right_to_left("az-Arab"));
        assert!(!is_right_to_left("az"));
        assert!(!is_right_to_left("ur-Latn"));
    }
}
