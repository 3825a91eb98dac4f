//! The dateline: where a reporter was, when, and for which agency, before the first sentence of the story.
//!
//! `GENEVA, Jan 21 (Reuters) - `, `HAYWARD, Calif. (AP) — `, `Paris, Jan 21, 2022 (AFP) - `, `Madrid, 21 ene (EFE).- `,
//! `МОСКВА, 21 января. /ТАСС/. `, `MOSCOW. Jan 21 (Interfax) - `, `(ANSA) - ROMA, 21 GEN - `, `BERLIN -- `.
//! It says where the reporter was, not where the event was.

use super::agency::{self, Agency};
use super::dates::{self, Found};
use super::eastern;
use super::names;
use super::places::{is_city, is_false_friend};

/// A dateline at the start of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// As printed, without the dash that ends it: `GENEVA, Jan 21 (Reuters)`.
    pub verbatim: String,
    /// The place in normal case: `Geneva`, `Hayward, Calif.`
    pub place: Option<String>,
    /// The agency in its brackets, where it is one that is known.
    pub agency: Option<Agency>,
    /// The date in it, most often without a year.
    pub date: Option<Found>,
    /// Where the story goes on: byte offset in the text read.
    pub rest: usize,
    /// Where the dateline begins; a byline may stand before it on the same line.
    pub start: usize,
    /// Reporters that it names itself, as Chinese and Korean ones do.
    pub reporters: Vec<String>,
}

/// How far into a paragraph a dateline may reach, in bytes.
const REACH: usize = 160;

/// The dateline that the paragraph begins with.
#[must_use]
pub fn read(text: &str) -> Option<Dateline> {
    at(text).or_else(|| after_byline(text))
}

fn at(text: &str) -> Option<Dateline> {
    bracketed(text)
        .or_else(|| slashed(text))
        .or_else(|| dashed(text))
        .or_else(|| colon(text))
        .or_else(|| stopped(text))
        .or_else(|| eastern::read(text))
}

/// `By Jane Doe WASHINGTON (Reuters) - `: the byline ran into the dateline.
fn after_byline(text: &str) -> Option<Dateline> {
    if !text.starts_with("By ") && !text.starts_with("Von ") && !text.starts_with("Par ") {
        return None;
    }
    let window = prefix(text, REACH);
    let mut offset = 0;
    for (i, word) in window.split(' ').enumerate() {
        let caps = word.chars().filter(|c| c.is_alphabetic()).count() > 3 && names::is_caps(word);
        if i >= 3
            && caps
            && let Some(mut found) = at(&text[offset..])
            && found.agency.is_some()
        {
            found.rest += offset;
            found.start = offset;
            return Some(found);
        }
        offset += word.len() + 1;
    }
    None
}

fn prefix(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// How many bytes of white space, dash and white space the text begins with; none where there is no dash.
fn dash(text: &str) -> Option<usize> {
    let trimmed = text.trim_start_matches([' ', '.']);
    let rest = trimmed.trim_start_matches(['-', '–', '—', '―', '‒', '−']);
    if rest.len() == trimmed.len() {
        return None;
    }
    // `(EFE).-` and `(Reuters) -` have a space after the dash or before it; `(AP)—The` has neither but is a long dash.
    let after = rest.trim_start();
    Some(text.len() - after.len())
}

fn bracketed(text: &str) -> Option<Dateline> {
    let window = prefix(text, REACH);
    let mut open = window.find('(')?;
    let mut close = open + window[open..].find(')')?;
    // `PATNA (Bihar) [India], January 21 (ANI): `: the place has brackets of its own.
    if agency::by_mark(&window[open + 1..close]).is_none()
        && let Some(next) = window[close..].find('(').map(|at| close + at)
        && let Some(end) = window[next..].find(')').map(|at| next + at)
        && agency::by_mark(&window[next + 1..end]).is_some()
    {
        (open, close) = (next, end);
    }
    let mark = window[open + 1..close].trim();
    let before = window[..open].trim().replace([')', ']'], "").replace(" (", ", ").replace(" [", ", ");
    let after = &text[close + 1..];
    let agency = agency::by_mark(mark);
    let (place, date) = place_and_date(&before)?;
    let rest = match dash(after) {
        Some(used) => close + 1 + used,
        // `New Delhi, Jan 21 (PTI) The court`, `(CNN)The`: no dash at all
        None => {
            let trimmed = after.trim_start_matches([' ', ':', '.']);
            let signed = agency.is_some_and(|_| date.is_some() || (mark == "CNN" && place.is_none()))
                || (agency.is_some() && after.starts_with(':'));
            if !signed || !opens_sentence(trimmed) {
                return None;
            }
            text.len() - trimmed.len()
        }
    };
    let sure = match agency {
        Some(_) => true,
        // `ROME (Gazette) — ` of a paper that is no agency
        None => {
            place.as_deref().is_some_and(is_datelined_place)
                && mark.split(' ').count() <= 4
                && mark.starts_with(char::is_uppercase)
                && opens_sentence(&text[rest..])
        }
    };
    if !sure || (place.is_none() && date.is_none() && agency.is_none_or(|a| !plain_mark(mark, a))) {
        return None;
    }
    let mut found = Dateline {
        verbatim: text[..=close].to_owned(),
        place: place.map(|p| names::place_case(&p)),
        agency,
        date,
        rest,
        start: 0,
        reporters: Vec::new(),
    };
    if found.place.is_none() && found.date.is_none() {
        agency_first(text, &mut found);
    }
    Some(found)
}

/// Whether a mark alone, as in `(Reuters) - `, is enough.
fn plain_mark(mark: &str, agency: Agency) -> bool {
    agency::by_name(mark) == Some(agency) || (names::is_caps(mark) && mark.len() <= 6)
}

/// `(ANSA) - ROMA, 21 GEN - Il governo …`: the agency comes first.
fn agency_first(text: &str, found: &mut Dateline) {
    let tail = &text[found.rest..];
    let window = prefix(tail, 80);
    let Some((head, used)) = split_at_dash(window) else {
        return;
    };
    if let Some((Some(place), date)) = place_and_date(head)
        && names::is_caps(place.split(',').next().unwrap_or_default())
        && !is_false_friend(&place)
    {
        found.place = Some(names::place_case(&place));
        found.date = date;
        found.verbatim = text[..found.rest + head.len()].trim_end().to_owned();
        found.rest += used;
    }
}

/// `МОСКВА, 21 января. /ТАСС/. `
fn slashed(text: &str) -> Option<Dateline> {
    let window = prefix(text, REACH);
    let open = window.find(" /")? + 1;
    let close = open + 1 + window[open + 1..].find('/')?;
    let agency = agency::by_mark(&window[open + 1..close])?;
    let (place, date) = place_and_date(window[..open].trim())?;
    if place.is_none() && date.is_none() {
        return None;
    }
    let after = &text[close + 1..];
    let trimmed = after.trim_start_matches(['.', ' ', '-', '–', '—', ':']);
    Some(Dateline {
        verbatim: text[..=close].to_owned(),
        place: place.map(|p| names::place_case(&p)),
        agency: Some(agency),
        date,
        rest: text.len() - trimmed.len(),
        start: 0,
        reporters: Vec::new(),
    })
}

/// What stands before the first dash that can end a dateline, and how many bytes the two take.
fn split_at_dash(window: &str) -> Option<(&str, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for mark in [" - ", " – ", " — ", " -- ", " --- ", "—", "–- ", ".- ", ".— ", " ―", "- ", "– "] {
        if let Some(i) = window.find(mark)
            && best.is_none_or(|(b, len)| i < b || (i == b && mark.len() > len))
        {
            best = Some((i, mark.len()));
        }
    }
    // A dash at the very end: the dateline has a line to itself.
    if best.is_none() {
        let cut = window.trim_end_matches([' ', '-', '–', '—']);
        let bare = window.trim_end();
        if cut.len() < bare.len() && bare[cut.len()..].starts_with([' ', '—']) {
            best = Some((cut.len(), window.len() - cut.len()));
        }
    }
    let (at, len) = best?;
    let used = at + len;
    let more = window[used..].len() - window[used..].trim_start_matches([' ', '-', '–', '—']).len();
    Some((&window[..at], used + more))
}

/// `BERLIN -- `, `SIOUX FALLS, S.D. – `, `KYIV, Ukraine, Jan. 21 — `, `МОСКВА, 21 янв - РИА Новости. `
fn dashed(text: &str) -> Option<Dateline> {
    let (head, used) = split_at_dash(prefix(text, 100))?;
    if let Some(found) = signed(text, head, used) {
        return Some(found);
    }
    let (place, date) = place_and_date(head)?;
    let place = place?;
    let tail = &text[used..];
    let mut found = Dateline {
        verbatim: head.trim().to_owned(),
        place: Some(names::place_case(&place)),
        agency: None,
        date,
        rest: used,
        start: 0,
        reporters: Vec::new(),
    };
    // The agency after the dash, ended by a full stop
    if let Some(stop) = prefix(tail, 40).find(['.', '-', '–', '—'])
        && let Some(agency) = agency::by_mark(&tail[..stop])
    {
        let after = tail[stop..].trim_start_matches(['.', ' ', '-', '–', '—']);
        found.rest = text.len() - after.len();
        found.verbatim = text[..used + stop].trim_end().to_owned();
        found.agency = Some(agency);
        return Some(found);
    }
    let ok = is_datelined_place(&place) || (found.date.is_some() && names::is_proper(&place));
    (ok && !is_false_friend(&place) && (tail.trim().is_empty() || opens_sentence(tail))).then_some(found)
}

/// `Москва. 21 января. INTERFAX.RU - `: place, day and agency, with no brackets.
fn signed(text: &str, head: &str, used: usize) -> Option<Dateline> {
    let (before, mark) = [". ", ", "].iter().filter_map(|part| head.rsplit_once(part)).min_by_key(|(_, m)| m.len())?;
    let agency = agency::by_name(mark).filter(|_| names::is_caps(mark))?;
    let (place, date) = place_and_date(before)?;
    (place.is_some() && date.is_some())
        .then(|| Dateline {
            verbatim: head.trim().to_owned(),
            place: place.map(|p| names::place_case(&p)),
            agency: Some(agency),
            date,
            rest: used,
            start: 0,
            reporters: Vec::new(),
        })
        .filter(|_| opens_sentence(&text[used..]))
}

/// `NEW DELHI: The …`, only for places in capitals that are known, or with a date.
fn colon(text: &str) -> Option<Dateline> {
    let window = prefix(text, 60);
    let at = window.find(": ")?;
    let (place, date) = place_and_date(&window[..at])?;
    let place = place?;
    let first = place.split([',', '/']).next().unwrap_or_default();
    let ok = names::is_caps(first) && (date.is_some() || is_city(first));
    (ok && opens_sentence(&text[at + 2..])).then(|| Dateline {
        verbatim: window[..at].to_owned(),
        place: Some(names::place_case(&place)),
        agency: None,
        date,
        rest: at + 2,
        start: 0,
        reporters: Vec::new(),
    })
}

/// `Hamburg. Der Senat …`: how German papers print it; only for cities that are known.
fn stopped(text: &str) -> Option<Dateline> {
    let window = prefix(text, 40);
    let at = window.find('.')?;
    let place = &window[..at];
    let rest = text[at + 1..].trim_start();
    let german = || {
        prefix(rest, 400).split(' ').any(|w| {
            matches!(w, "der" | "die" | "das" | "und" | "den" | "ist" | "sich" | "mit" | "eine" | "Der" | "Die" | "Das")
        })
    };
    let alone = rest.is_empty();
    (is_city(place) && (alone || (text[at + 1..].starts_with(' ') && opens_sentence(rest) && german()))).then(|| {
        Dateline {
            verbatim: place.to_owned(),
            place: Some(names::place_case(place)),
            agency: None,
            date: None,
            rest: text.len() - rest.len(),
            start: 0,
            reporters: Vec::new(),
        }
    })
}

/// Whether a sentence of some length begins here: a capital, a quote or a figure, then more words.
fn opens_sentence(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| {
        matches!(c, ' ' | '"' | '“' | '„' | '«' | '\'' | '‘' | '(' | '[' | '¿' | '¡' | '…')
    });
    text.chars().next().is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase())
        && text.split(' ').take(4).count() == 4
}

/// Splits `GENEVA, Jan 21` into place and date. None where it is neither.
fn place_and_date(head: &str) -> Option<(Option<String>, Option<Found>)> {
    let head = head.trim().trim_start_matches('*').trim();
    if head.is_empty() {
        return Some((None, None));
    }
    let mut dates = dates::find(head);
    let date = if dates.len() == 1 { dates.pop() } else { None };
    let place = match &date {
        Some(found) => {
            let after = head[found.end..].trim_matches([' ', '.', ',', '/']);
            if !after.is_empty() {
                return None;
            }
            let mut place = head[..found.start].trim_end_matches([' ', ',', '.', '(', ';']);
            // `KYIV, Friday, Jan. 21`, `Geneva, den 21. Januar`, `Madrid, a 21 de enero`
            if let Some((left, right)) = place.rsplit_once([',', ' '])
                && (dates::weekday(right.trim()).is_some() || matches!(right.trim(), "den" | "le" | "a" | "am"))
            {
                place = left.trim_end_matches([' ', ',']);
            }
            // The full stop of `S.D.` or `Calif.` is part of it
            if head[place.len()..].starts_with('.') && place.contains(',') {
                place = &head[..=place.len()];
            }
            place
        }
        None => head,
    };
    if place.is_empty() {
        return Some((None, date));
    }
    is_place(place).then(|| (Some(place.to_owned()), date))
}

/// Whether the text has the form of a place: few words, each with a capital, no digits, no quotation.
fn is_place(text: &str) -> bool {
    text.len() <= 70
        && text.split(' ').count() <= 7
        && names::is_proper(text)
        && !text.starts_with(|c: char| c.is_lowercase())
        && !text.starts_with("By ")
        && text.chars().all(|c| {
            c.is_alphabetic() || matches!(c, ' ' | ',' | '.' | '-' | '/' | '\'' | '’' | '&' | '\u{300}'..='\u{36f}')
        })
        && !text.contains(". ") | text.contains(',') | text.starts_with("St. ") | text.starts_with("ST. ")
}

/// Whether a place with no agency beside it is a dateline all the same: capitals, or a city that news comes from.
fn is_datelined_place(place: &str) -> bool {
    let first = place.split([',', '/']).next().unwrap_or_default().trim();
    if is_false_friend(place) {
        return false;
    }
    let letters = first.chars().filter(|c| c.is_alphabetic()).count();
    (names::is_caps(first) && letters >= 4 && first.split(' ').count() <= 4) || is_city(first)
}
