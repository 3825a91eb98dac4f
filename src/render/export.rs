//! Events for other programs: a calendar (RFC 5545) and the JSON that TimelineJS reads.
//!
//! The calendar is written here: of the crates for it one draws in a second library for dates and asks clock and chance
//! where it is not told, and the other folds its lines one byte too late.

use std::fmt::Write as _;

use jiff::{Timestamp, civil};
use serde::Serialize;

use super::{
    Reader, escaped,
    view::{self, Link},
    words::Argument,
};
use crate::{
    date::{Period, Precision},
    fingerprint::Mixer,
    plan::{Route, TimelineFormat, TimelineOf},
};

impl Reader<'_> {
    /// Where the events of a topic or digest are in a format, if the site gives them.
    pub fn timeline_url(&self, format: TimelineFormat, of: TimelineOf) -> Option<String> {
        self.page_url(&Route::timeline(format, of, self.whole.model))
    }
}

/// What is exported: the events of a topic or digest.
struct Story {
    title: String,
    summary: Option<String>,
    /// The topic's or digest's page.
    page: String,
    events: Vec<view::Event>,
}

/// The events of a topic or digest, in a format.
pub fn render(reader: &Reader<'_>, format: TimelineFormat, of: TimelineOf) -> String {
    let story = story(reader, of);
    match format {
        TimelineFormat::Calendar => calendar(reader, &story),
        TimelineFormat::TimelineJs => timelinejs(reader, &story),
    }
}

fn story(reader: &Reader<'_>, of: TimelineOf) -> Story {
    match of {
        TimelineOf::Topic(id) => {
            let topic = &reader.model[id];
            let mut events = reader.summary(id).0.events.clone();
            for link in events.iter_mut().flat_map(|event| event.citations.iter_mut()) {
                link.url = reader.urls.with_host(&link.url);
            }
            Story {
                title: topic.matter.title.clone(),
                summary: topic.matter.summary.clone(),
                page: reader.urls.absolute(&Route::topic(topic)),
                events,
            }
        }
        TimelineOf::Digest(id) => {
            let reader = reader.with_absolute_links();
            let digest = &reader.model[id];
            let happenings = reader.happenings(reader.rows_of_digest(id), digest.articles());
            Story {
                title: digest.title.clone(),
                summary: digest.matter().and_then(|matter| matter.summary.clone()),
                page: reader.urls.absolute(&Route::digest(digest)),
                events: reader.events(&happenings),
            }
        }
    }
}

/// Tells an event from all others, the same in every file that has it, whatever its place there.
fn identity(event: &view::Event) -> String {
    let hash = Mixer::new().text(&event.date.iso).text(&event.headline).finish();
    hash.to_string()[..16].to_owned()
}

/// How sure the date is, in words; nothing when it is.
fn doubt(reader: &Reader<'_>, event: &view::Event) -> Vec<String> {
    let mut doubts = Vec::new();
    if event.is_approximate {
        doubts.push(reader.word("date_approximate"));
    }
    if event.is_uncertain {
        doubts.push(reader.word("date_uncertain"));
    }
    doubts
}

/// RFC 5545: one `VEVENT` of whole days for each event. What it says is the same for the same site: a stamp is the moment
/// at which a cited article last said something new.
fn calendar(reader: &Reader<'_>, story: &Story) -> String {
    let mut out = Calendar(String::new());
    out.raw("BEGIN", "VCALENDAR");
    out.raw("VERSION", "2.0");
    out.text("PRODID", concat!("-//Dateline//Dateline ", env!("CARGO_PKG_VERSION"), "//EN"));
    out.raw("CALSCALE", "GREGORIAN");
    out.text("NAME", &story.title);
    // What most programs read, RFC 7986 or not.
    out.text("X-WR-CALNAME", &story.title);
    if let Some(summary) = &story.summary {
        out.text("DESCRIPTION", summary);
    }
    out.raw("URL", &story.page);
    for event in &story.events {
        let Some(period) = Period::parse(&event.date.iso) else { continue };
        out.raw("BEGIN", "VEVENT");
        out.raw("UID", &format!("{}@{}", identity(event), reader.config.tag_authority));
        let stamp = event.updated.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        out.raw("DTSTAMP", &stamp.strftime("%Y%m%dT%H%M%SZ").to_string());
        let day = |day: civil::Date| day.strftime("%Y%m%d").to_string();
        out.raw("DTSTART;VALUE=DATE", &day(period.first));
        // The end is the day after the last one.
        if let Ok(end) = period.last.tomorrow() {
            out.raw("DTEND;VALUE=DATE", &day(end));
        }
        out.text("SUMMARY", &event.headline);
        let mut lines: Vec<String> = Vec::new();
        lines.extend(doubt(reader, event));
        lines.extend(event.disputed.as_ref().map(|disputed| format!("{} {disputed}", reader.word("disputed"))));
        lines.extend(event.citations.iter().map(|link| format!("{}: {}", link.title, link.url)));
        out.text("DESCRIPTION", &lines.join("\n"));
        if let Some(link) = event.citations.first() {
            out.raw("URL", &link.url);
        }
        out.text("CATEGORIES", &story.title);
        out.raw("PRIORITY", ["1", "5", "9"][usize::from(event.importance.clamp(1, 3)) - 1]);
        out.raw("STATUS", if event.is_uncertain { "TENTATIVE" } else { "CONFIRMED" });
        // It takes nobody's time.
        out.raw("TRANSP", "TRANSPARENT");
        out.raw("END", "VEVENT");
    }
    out.raw("END", "VCALENDAR");
    out.0
}

/// A calendar in the making.
struct Calendar(String);

impl Calendar {
    /// A property whose value needs no escapes.
    fn raw(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// A property whose value is text (RFC 5545, 3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.raw(name, &escaped);
    }

    /// A content line: not longer than 75 octets, and folded between characters (RFC 5545, 3.1).
    fn fold(&mut self, line: &str) {
        let mut room = 75;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = 74;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }
}

/// The JSON of TimelineJS 3: <https://timeline.knightlab.com/docs/json-format.html>.
#[derive(Serialize)]
struct TimelineJs {
    title: Slide,
    events: Vec<Slide>,
}

#[derive(Serialize)]
struct Slide {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<SlideDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<SlideDate>,
    /// In place of both, where they alone would say too much.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_date: Option<String>,
    text: SlideText,
    unique_id: String,
}

/// A date of which as much is given as is known.
#[derive(Serialize)]
struct SlideDate {
    year: i16,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<i8>,
}

#[derive(Serialize)]
struct SlideText {
    headline: String,
    text: String,
}

fn timelinejs(reader: &Reader<'_>, story: &Story) -> String {
    let summary = story.summary.as_ref().map(|summary| format!("<p>{}</p>", escaped(summary))).unwrap_or_default();
    let title = Slide {
        start_date: None,
        end_date: None,
        display_date: None,
        text: SlideText {
            headline: format!("<a href=\"{}\">{}</a>", escaped(&story.page), escaped(&story.title)),
            text: summary,
        },
        unique_id: "title".to_owned(),
    };
    let document = TimelineJs { title, events: story.events.iter().filter_map(|event| slide(reader, event)).collect() };
    let mut json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.push('\n');
    json
}

fn slide(reader: &Reader<'_>, event: &view::Event) -> Option<Slide> {
    let period = Period::parse(&event.date.iso)?;
    let precision = period.precision();
    let date = |day: civil::Date| SlideDate {
        year: day.year(),
        month: (precision != Precision::Year).then(|| day.month()),
        day: matches!(precision, Precision::Day | Precision::Range).then(|| day.day()),
    };
    let mut text = String::new();
    if let Some(disputed) = &event.disputed {
        let _ = write!(text, "<p><b>{}</b> {}</p>", escaped(&reader.word("disputed")), escaped(disputed));
    }
    let links = event.citations.iter().map(|Link { title, url }| {
        let (title, url) = (escaped(title), escaped(url));
        format!("<li><a href=\"{url}\">{title}</a></li>")
    });
    let _ = write!(text, "<ul>{}</ul>", links.collect::<String>());
    let mut shown = None;
    if event.is_approximate {
        shown = Some(reader.word_with("approximate", &[("date", Argument::Text(&event.date.text))]));
    }
    if event.is_uncertain {
        let date = shown.as_ref().unwrap_or(&event.date.text);
        shown = Some(reader.word_with("uncertain", &[("date", Argument::Text(date))]));
    }
    Some(Slide {
        start_date: Some(date(period.first)),
        end_date: (precision == Precision::Range).then(|| date(period.last)),
        display_date: shown,
        text: SlideText { headline: escaped(&event.headline), text },
        unique_id: format!("event-{}", identity(event)),
    })
}
