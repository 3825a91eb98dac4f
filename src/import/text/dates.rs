//! Dates as they are printed, in the languages a curator is likely to clip.
//!
//! Reading is strict: a date is a day and a month with or without a year, or digits in an order that can mean one
//! thing. `2 hours ago` is no date, and `03/04/2022` is two.

use jiff::civil::{Date, Weekday};

use super::calendar::weekday_any;
pub use super::calendar::{month, weekday, weekday_unspaced};

/// A date found in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The year, where one is printed with it.
    pub year: Option<i16>,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
    /// The other reading of `03/04/2022`, as (month, day).
    pub or: Option<(i8, i8)>,
    /// The weekday printed before it.
    pub weekday: Option<Weekday>,
    /// Byte offset in the text where it starts.
    pub start: usize,
    /// Byte offset where it ends.
    pub end: usize,
    /// A time of day with a zone that means one offset everywhere (GMT, UTC, Z, +02:00): hour, minute, offset in minutes.
    pub time: Option<(i8, i8, i16)>,
}

impl Found {
    /// The calendar date, where the year is known and only one reading is possible.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        if self.or.is_some() {
            return None;
        }
        let date = Date::new(self.year?, self.month, self.day).ok()?;
        // A weekday that does not fit shows that something was misread.
        self.weekday.is_none_or(|w| date.weekday() == w).then_some(date)
    }
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    /// The value, where the token is digits.
    number: Option<u32>,
    /// What stands between this token and the next.
    gap: &'a str,
}

/// Splits into runs of letters and runs of digits.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((mut start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        let digit = c.is_ascii_digit();
        let mut end = start + c.len_utf8();
        while let Some(&(i, d)) = chars.peek() {
            let inner = !digit && matches!(d, '\'' | '’');
            if (d.is_alphanumeric() && d.is_ascii_digit() == digit)
                || (inner && text[i + d.len_utf8()..].starts_with(char::is_alphabetic))
            {
                end = i + d.len_utf8();
                chars.next();
            } else {
                break;
            }
        }
        if let Some(last) = out.last_mut() {
            last.gap = &text[last.end..start];
        }
        // `March 12, 20249:41 AM`: a year that ran into a time when the page was copied
        if digit
            && matches!(end - start, 5 | 6)
            && text[start..].starts_with("20")
            && text[end..].starts_with(':')
            && text[..start].ends_with(", ")
        {
            let cut = start + 4;
            if let Some(last) = out.last_mut() {
                last.gap = &text[last.end..start];
            }
            out.push(Token {
                text: &text[start..cut],
                start,
                end: cut,
                number: text[start..cut].parse().ok(),
                gap: "",
            });
            start = cut;
        }
        let piece = &text[start..end];
        let number = if digit && piece.len() <= 8 { piece.parse().ok() } else { None };
        out.push(Token { text: piece, start, end, number, gap: "" });
    }
    if let Some(last) = out.last_mut() {
        last.gap = &text[last.end..];
    }
    out
}

/// Every date in the text, in order. Linear in its length.
#[must_use]
pub fn find(text: &str) -> Vec<Found> {
    let tokens = tokens(text);
    let mut out = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if let Some((mut found, used)) = at(&tokens[i..]) {
            found.weekday = before(&tokens, i);
            found.time = time(text, &tokens, i + used);
            out.push(found);
            i += used;
        } else {
            i += 1;
        }
    }
    out
}

fn before(tokens: &[Token<'_>], i: usize) -> Option<Weekday> {
    let last = tokens.get(i.checked_sub(1)?)?;
    let near = last.gap.trim().trim_matches(['.', ',']).is_empty();
    near.then(|| weekday_any(last.text)).flatten()
}

/// A date that starts at the first token, and how many tokens it takes.
fn at(t: &[Token<'_>]) -> Option<(Found, usize)> {
    digits(t).or_else(|| east_asian(t)).or_else(|| day_first(t)).or_else(|| month_first(t))
}

fn found(t: &[Token<'_>], used: usize, year: Option<i16>, month: i8, day: i8) -> Option<(Found, usize)> {
    // A leap year stands in where there is none, so that 29 February can be read.
    Date::new(year.unwrap_or(2024), month, day).ok()?;
    let (start, end) = (t[0].start, t[used - 1].end);
    Some((Found { year, month, day, or: None, weekday: None, start, end, time: None }, used))
}

fn year(t: Option<&Token<'_>>) -> Option<i16> {
    let n = t?.number?;
    (t?.text.len() == 4 && (1800..=2100).contains(&n)).then(|| i16::try_from(n).ok()).flatten()
}

fn small(t: Option<&Token<'_>>) -> Option<i8> {
    let t = t?;
    (t.text.len() <= 2).then_some(())?;
    i8::try_from(t.number?).ok().filter(|n| (1..=31).contains(n))
}

/// `2022-01-21`, `2022/01/21`, `21.01.2022`, `21/01/2022`, `21-01-2022`.
fn digits(t: &[Token<'_>]) -> Option<(Found, usize)> {
    let gap = t.first()?.gap;
    if t.len() < 3 || t[1].gap.trim() != gap.trim() && !(gap.starts_with('.') && t[1].gap.starts_with('.')) {
        return None;
    }
    if let Some(y) = year(t.first())
        && matches!(gap, "-" | "/" | ".")
    {
        return found(t, 3, Some(y), small(t.get(1))?, small(t.get(2))?);
    }
    let (a, b, y) = (small(t.first())?, small(t.get(1))?, year(t.get(2))?);
    match gap {
        // Full stops mean day first wherever they are used.
        "." | ". " => found(t, 3, Some(y), b, a),
        "/" | "-" => match (a > 12, b > 12) {
            (true, false) => found(t, 3, Some(y), b, a),
            (false, true) => found(t, 3, Some(y), a, b),
            (false, false) => {
                let (mut both, used) = found(t, 3, Some(y), b, a)?;
                both.or = (a != b).then_some((a, b));
                Some((both, used))
            }
            (true, true) => None,
        },
        _ => None,
    }
}

/// `2022年1月21日`, `2022년 1월 21일`.
fn east_asian(t: &[Token<'_>]) -> Option<(Found, usize)> {
    let y = year(t.first())?;
    let mark = |i: usize, marks: [char; 2]| t.get(i).is_some_and(|t: &Token<'_>| t.text.starts_with(marks));
    if mark(1, ['年', '년']) && mark(3, ['月', '월']) && mark(5, ['日', '일']) {
        return found(t, 6, Some(y), small(t.get(2))?, small(t.get(4))?);
    }
    None
}

fn joint(gap: &str) -> bool {
    matches!(gap.trim(), "" | "." | ",")
}

/// `21 January 2022`, `21. Januar 2022`, `1er février 2022`, `21 de enero de 2022`, `21st of January`, `21 Jan`.
fn day_first(t: &[Token<'_>]) -> Option<(Found, usize)> {
    let day = small(t.first())?;
    let mut i = 0;
    // `21st` is two tokens with nothing between
    if t[0].gap.is_empty()
        && t.get(1).is_some_and(|t| matches!(t.text, "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "го"))
    {
        i += 1;
    }
    if !matches!(t[i].gap.trim(), "" | "." | "º" | "-") || t[i].gap.is_empty() {
        return None;
    }
    if t.get(i + 1).is_some_and(|t| matches!(t.text, "de" | "of" | "di")) {
        i += 1;
    }
    let name = t.get(i + 1)?;
    let month = month(name.text)?;
    i += 1;
    let mut used = i + 1;
    let mut y = None;
    let ok = joint(name.gap) || name.gap == "-";
    if ok && year(t.get(i + 1)).is_some() {
        y = year(t.get(i + 1));
        used = i + 2;
    } else if joint(name.gap)
        && t.get(i + 1).is_some_and(|t| matches!(t.text, "de" | "del" | "di"))
        && year(t.get(i + 2)).is_some()
    {
        y = year(t.get(i + 2));
        used = i + 3;
    }
    // "in 2 may" is no date: an English month needs its capital where nothing else says that it is one.
    if name.text == "may" && y.is_none() {
        return None;
    }
    found(t, used, y, month, day)
}

/// `January 21, 2022`, `Jan. 21`, `Jan 21st 2022`.
fn month_first(t: &[Token<'_>]) -> Option<(Found, usize)> {
    let name = t.first()?;
    let month = month(name.text)?;
    if !name.text.starts_with(char::is_uppercase) || !matches!(name.gap, " " | ". " | ".") {
        return None;
    }
    let day = small(t.get(1))?;
    let mut i = 1;
    if t[1].gap.is_empty() && t.get(2).is_some_and(|t| matches!(t.text, "st" | "nd" | "rd" | "th")) {
        i = 2;
    }
    if t[i].gap.trim() == ":" || t[i].gap == "%" {
        return None;
    }
    if joint(t[i].gap) && year(t.get(i + 1)).is_some() {
        return found(t, i + 2, year(t.get(i + 1)), month, day);
    }
    found(t, i + 1, None, month, day)
}

/// A time with a zone, in the few tokens after a date: `14:05 GMT`, `T14:05:00Z`, `2.05 p.m. UTC`.
fn time(text: &str, tokens: &[Token<'_>], from: usize) -> Option<(i8, i8, i16)> {
    let mut i = from;
    let limit = tokens.len().min(from + 3);
    while i < limit && tokens[i].number.is_none() {
        if tokens[i].text.len() > 2 {
            return None;
        }
        i += 1;
    }
    let (h, m) = (tokens.get(i)?, tokens.get(i + 1)?);
    if h.gap != ":" && h.gap != "." || m.text.len() != 2 || h.text.len() > 2 {
        return None;
    }
    let mut hour = i8::try_from(h.number?).ok().filter(|n| *n < 24)?;
    let minute = i8::try_from(m.number?).ok().filter(|n| *n < 60)?;
    let mut tail = m.end;
    if m.gap == ":"
        && let Some(seconds) = tokens.get(i + 2).filter(|t| t.text.len() == 2 && t.number.is_some())
    {
        tail = seconds.end;
        if let Some(fraction) = tokens.get(i + 3).filter(|t| seconds.gap == "." && t.number.is_some()) {
            tail = fraction.end;
        }
    }
    let rest = text.get(tail..)?.trim_start();
    let half: String = rest.chars().take(4).filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    let rest = if half.starts_with("pm") || half.starts_with("am") {
        if half.starts_with("pm") && hour < 12 {
            hour += 12;
        } else if half.starts_with("am") && hour == 12 {
            hour = 0;
        }
        rest.trim_start_matches(['a', 'A', 'p', 'P', 'm', 'M', '.', ' '])
    } else {
        rest
    };
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
    match word.as_str() {
        "GMT" | "UTC" | "Z" if !rest[word.len()..].trim_start().starts_with(['+', '-']) => Some((hour, minute, 0)),
        "" => {
            let sign = if rest.starts_with('+') {
                1
            } else if rest.starts_with('-') {
                -1
            } else {
                return None;
            };
            let digits: String = rest[1..].chars().take(5).filter(char::is_ascii_digit).collect();
            let n: i16 = (digits.len() == 4).then(|| digits.parse().ok()).flatten()?;
            Some((hour, minute, sign * (n / 100 * 60 + n % 100)))
        }
        _ => None,
    }
}
