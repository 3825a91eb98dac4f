//! What happened when: events from articles, topics and digests, in the order of their dates, and a picture of them.

use std::collections::BTreeMap;

use jiff::civil;

use super::{
    Reader,
    view::{self, Link},
};
use crate::{
    date::{Period, Precision},
    locale::direction,
    model::{ArticleId, EventRow, event_rows},
    plan::Route,
};

/// Events on a page, at most.
const EVENTS: usize = 400;
/// Articles that a timeline lists, at most: with more of them, it says only what happened.
const ARTICLES: usize = 500;
/// Entries from which on a timeline of several years has links to each.
const JUMPS_FROM: usize = 40;
/// Where a bar of articles stands, and how high it can be, in percent of the picture's height.
const BASE: f64 = 62.0;
const ARTICLES_HEIGHT: f64 = 46.0;
/// How high a bar of events can be.
const EVENTS_HEIGHT: f64 = 18.0;
/// How wide a letter of a label is, and how far apart labels are at least, in percent of the picture's width: of the narrowest one
/// with labels between its ends, some 430 pixels. On telephones themes leave these out.
const LETTER: f64 = 2.0;
const LABEL_GAP: f64 = 3.0;

/// Something that happened, from all rows that say so.
pub struct Happening<'a> {
    date: Period,
    headline: &'a str,
    is_approximate: bool,
    is_uncertain: bool,
    disputed: Option<&'a str>,
    importance: u8,
    citations: Vec<ArticleId>,
}

impl Reader<'_> {
    /// The events of articles and of what holds them, oldest first, each once: what several rows say
    /// of one day in the same words is one event with all their citations.
    pub fn happenings<'a>(
        &'a self,
        own: impl Iterator<Item = EventRow<'a>>,
        ids: impl IntoIterator<Item = ArticleId>,
    ) -> Vec<Happening<'a>> {
        let mut found: BTreeMap<(Period, &'a str), Happening<'a>> = BTreeMap::new();
        let of_articles = ids.into_iter().flat_map(|id| {
            let article = &self.model[id];
            event_rows(&article.matter.events, &article.citations)
        });
        for (event, cited) in of_articles.chain(own).filter(|(_, cited)| !cited.is_empty()) {
            let headline = event.headline.as_str();
            let known = found.entry((event.date, headline)).or_insert_with(|| Happening {
                date: event.date,
                headline,
                is_approximate: event.is_approximate,
                is_uncertain: event.is_uncertain,
                disputed: None,
                importance: event.importance,
                citations: Vec::new(),
            });
            // Who is sure of the date outweighs who is not; the most important row tells how important it is.
            known.is_approximate &= event.is_approximate;
            known.is_uncertain &= event.is_uncertain;
            known.disputed = known.disputed.or(event.disputed.as_deref());
            known.importance = known.importance.min(event.importance);
            for id in cited {
                if !known.citations.contains(id) {
                    known.citations.push(*id);
                }
            }
        }
        found.into_values().collect()
    }

    /// Events for templates.
    pub fn events(&self, happenings: &[Happening<'_>]) -> Vec<view::Event> {
        happenings.iter().map(|happening| self.event(happening)).collect()
    }

    fn event(&self, happening: &Happening<'_>) -> view::Event {
        let citations: Vec<Link> = happening.citations.iter().map(|id| self.known_article(*id)).collect();
        let updated = happening.citations.iter().map(|id| *self.model[*id].last_changed()).max();
        view::Event {
            date: self.period(happening.date),
            short: match happening.date.precision() {
                Precision::Day => self.locale.short(happening.date.first),
                _ => self.locale.period(happening.date),
            },
            is_approximate: happening.is_approximate,
            is_uncertain: happening.is_uncertain,
            disputed: happening.disputed.map(str::to_owned),
            importance: happening.importance,
            headline: happening.headline.to_owned(),
            citation: citations.first().cloned(),
            citations,
            updated: updated.map(|when| when.rfc3339()).unwrap_or_default(),
        }
    }

    /// An article of which the page reads more than its headline.
    fn known_article(&self, id: ArticleId) -> Link {
        let article = &self.model[id];
        Link { title: article.matter.title.clone(), url: self.url(&Route::article(article)) }
    }

    /// The timeline of a topic or digest in a language. `coverage` is the period that it is said to cover.
    pub fn timeline(
        &self,
        happenings: &[Happening<'_>],
        articles: &[ArticleId],
        coverage: Option<Period>,
        language: &str,
    ) -> view::Timeline {
        let days: Vec<civil::Date> = articles.iter().map(|id| self.model[*id].date.date()).collect();
        let mut shown: Vec<&Happening<'_>> = happenings.iter().collect();
        shown.sort_by_key(|happening| (happening.importance, std::cmp::Reverse(happening.date)));
        shown.truncate(EVENTS);
        let mut entries: Vec<(Month, (Period, bool), view::TimelineEntry)> = Vec::new();
        for happening in &shown {
            let entry = view::TimelineEntry { event: Some(self.event(happening)), article: None, day: None };
            entries.push((Month::of(happening.date), (happening.date, false), entry));
        }
        let has_articles = articles.len() <= ARTICLES;
        for (id, day) in articles.iter().zip(&days).filter(|_| has_articles) {
            let period = Period { first: *day, last: *day };
            let entry = view::TimelineEntry {
                event: None,
                article: Some(self.known_article(*id)),
                day: Some(self.date(&self.model[*id].date)),
            };
            entries.push((Month::of(period), (period, true), entry));
        }
        // Of one day, events come before articles; of one kind, the order is the headlines'.
        let headline = |entry: &view::TimelineEntry| match (&entry.event, &entry.article) {
            (Some(event), _) => event.headline.clone(),
            (None, article) => article.as_ref().map(|link| link.title.clone()).unwrap_or_default(),
        };
        entries.sort_by_cached_key(|(month, order, entry)| (*month, *order, headline(entry)));
        let (mut years, mut event_years): (Vec<Link>, Vec<Link>) = (Vec::new(), Vec::new());
        let count = entries.len();
        let event_count = entries.iter().filter(|(_, _, entry)| entry.event.is_some()).count();
        let mut months: Vec<view::TimelineMonth> = Vec::new();
        for (month, _, entry) in entries {
            let iso = month.iso();
            if months.last().is_none_or(|last| last.iso != iso) {
                let anchor = format!("t.{iso}");
                let year = self.locale.year(month.year);
                jump(&mut years, &year, &anchor);
                let first = civil::Date::new(month.year, month.month.max(1), 1).unwrap_or_default();
                let title = if month.month == 0 { year } else { self.locale.month(first) };
                months.push(view::TimelineMonth { title, iso, anchor, importance: 4, entries: Vec::new() });
            }
            let year = month.year;
            if let Some(month) = months.last_mut() {
                if entry.event.is_some() {
                    jump(&mut event_years, &self.locale.year(year), &month.anchor);
                }
                month.importance = month.importance.min(entry.event.as_ref().map_or(4, |event| event.importance));
                month.entries.push(entry);
            }
        }
        for (years, count) in [(&mut years, count), (&mut event_years, event_count)] {
            if years.len() < 2 || count < JUMPS_FROM {
                years.clear();
            }
        }
        let up_to = |importance: u8| happenings.iter().filter(|one| one.importance <= importance).count();
        view::Timeline {
            overview: self.overview(happenings, &days, coverage, direction(language) == "rtl"),
            years,
            event_years,
            months,
            turning_point_count: up_to(1),
            main_event_count: up_to(2),
            event_count: happenings.len(),
            left_out: happenings.len() - shown.len(),
            article_count: if has_articles { articles.len() } else { 0 },
            calendar_url: None,
            timelinejs_url: None,
        }
    }

    /// A picture of when most happened; `None` where there is too little to see.
    fn overview(
        &self,
        happenings: &[Happening<'_>],
        days: &[civil::Date],
        coverage: Option<Period>,
        is_mirrored: bool,
    ) -> Option<view::Overview> {
        let frame = frame(happenings, days, coverage)?;
        let bins = Bins::new(frame)?;
        let mut counts = vec![(0_usize, 0_usize); bins.starts.len()];
        let mut drawn = 0;
        for at in days.iter().filter_map(|day| bins.place(*day)) {
            counts[at].0 += 1;
            drawn += 1;
        }
        let mut marks = Vec::new();
        let (mut earlier, mut later, mut event_count) = (0, 0, 0);
        for happening in happenings {
            let Some(at) = bins.place(day_of(happening)) else {
                *(if happening.date.first < frame.first { &mut earlier } else { &mut later }) += 1;
                continue;
            };
            event_count += 1;
            counts[at].1 += 1;
            if happening.importance == 1 {
                let x = bins.x(at, is_mirrored) + bins.width() / 2.0;
                marks.push(view::OverviewMark { title: happening.headline.to_owned(), x: hundredths(x) });
            }
        }
        let most = |count: fn(&(usize, usize)) -> usize| counts.iter().map(count).max().unwrap_or_default().max(1);
        let (most_articles, most_events) = (most(|(articles, _)| *articles), most(|(_, events)| *events));
        let bars: Vec<view::OverviewBar> = counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count != (0, 0))
            .map(|(at, (articles, events))| {
                let height = ARTICLES_HEIGHT * *articles as f64 / most_articles as f64;
                // Room between the bars, but not so much that a bar of many is a hair.
                let gap = bins.width() * 0.2;
                view::OverviewBar {
                    title: self.bin_title(&bins, at),
                    x: hundredths(bins.x(at, is_mirrored) + gap / 2.0),
                    width: hundredths(bins.width() - gap),
                    articles: *articles,
                    articles_y: hundredths(BASE - height),
                    articles_height: hundredths(height),
                    events: *events,
                    events_height: hundredths(EVENTS_HEIGHT * *events as f64 / most_events as f64),
                }
            })
            .collect();
        if bars.len() < 2 {
            return None;
        }
        let mut at_most = bars.iter().filter(|bar| bar.articles == most_articles);
        let busiest = at_most.next().filter(|_| most_articles > 1 && at_most.next().is_none()).cloned();
        Some(view::Overview {
            unit: bins.unit.word(),
            busiest,
            bars,
            marks,
            labels: self.labels(&bins, is_mirrored),
            coverage: self.period(frame),
            article_count: drawn,
            event_count,
            earlier,
            later,
        })
    }

    fn bin_title(&self, bins: &Bins, at: usize) -> String {
        let first = bins.starts[at];
        match bins.unit {
            Unit::Day | Unit::Week => self.locale.day(first),
            Unit::Month => self.locale.month(first),
            Unit::Years(1) => self.locale.year(first.year()),
            Unit::Years(step) => {
                let last = first.year().saturating_add(step - 1);
                format!("{}–{}", self.locale.year(first.year()), self.locale.year(last))
            }
        }
    }

    /// The first and the last date, and between them years or months where there is room.
    fn labels(&self, bins: &Bins, is_mirrored: bool) -> Vec<view::OverviewLabel> {
        let last = bins.starts.len() - 1;
        let name = |at: usize| match bins.unit {
            Unit::Day | Unit::Week => self.locale.short(if at == last { bins.last } else { bins.starts[at] }),
            _ => self.bin_title(bins, at),
        };
        let mut labels = vec![(0.0, name(0), "start"), (100.0, name(last), "end")];
        // From where to where a label reaches. An ideograph is as wide as two letters.
        let reach = |x: f64, text: &str, anchor: &str| {
            let letters: usize = text.chars().map(|c| if c < '\u{2e80}' { 1 } else { 2 }).sum();
            let width = LETTER * letters as f64;
            match anchor {
                "start" => (x, x + width),
                "end" => (x - width, x),
                _ => (x - width / 2.0, x + width / 2.0),
            }
        };
        let mut add = |at: usize, text: String| {
            let x = at as f64 * bins.width();
            let (from, to) = reach(x, &text, "middle");
            let is_clear = |(x, text, anchor): &(f64, String, &str)| {
                let (other_from, other_to) = reach(*x, text, anchor);
                to + LABEL_GAP <= other_from || other_to + LABEL_GAP <= from
            };
            if labels.iter().all(is_clear) {
                labels.push((x, text, "middle"));
            }
        };
        let is_first_of =
            |at: usize, what: fn(civil::Date) -> i16| at > 0 && what(bins.starts[at]) != what(bins.starts[at - 1]);
        for at in (1..last).filter(|at| is_first_of(*at, civil::Date::year)) {
            add(at, self.locale.year(bins.starts[at].year()));
        }
        if matches!(bins.unit, Unit::Day | Unit::Week) {
            for at in (1..last).filter(|at| is_first_of(*at, |day| i16::from(day.month()))) {
                add(at, name(at));
            }
            add(last.div_ceil(2), name(last.div_ceil(2)));
        }
        let turned = |anchor| match anchor {
            "start" => "end",
            "end" => "start",
            other => other,
        };
        labels
            .into_iter()
            .map(|(x, text, anchor)| view::OverviewLabel {
                text,
                x: hundredths(if is_mirrored { 100.0 - x } else { x }),
                anchor: if is_mirrored { turned(anchor) } else { anchor },
            })
            .collect()
    }
}

/// A month of a timeline; month 0 for a year of which no more is known, which comes before its months.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Month {
    year: i16,
    month: i8,
}

impl Month {
    fn of(period: Period) -> Self {
        let month = if period.precision() == Precision::Year { 0 } else { period.first.month() };
        Month { year: period.first.year(), month }
    }

    fn iso(self) -> String {
        if self.month == 0 { format!("{:04}", self.year) } else { format!("{:04}-{:02}", self.year, self.month) }
    }
}

/// Adds a link to a year's first month, once.
fn jump(years: &mut Vec<Link>, year: &str, anchor: &str) {
    if years.last().is_none_or(|last| last.title != year) {
        years.push(Link { title: year.to_owned(), url: format!("#{anchor}") });
    }
}

/// The day that stands for an event in a picture: its first, or the middle of a month or year of which no more is known.
fn day_of(happening: &Happening<'_>) -> civil::Date {
    let Period { first, last } = happening.date;
    match happening.date.precision() {
        Precision::Day | Precision::Range => first,
        Precision::Month | Precision::Year => {
            let half = first.until(last).map_or(0, |span| span.get_days() / 2);
            first.checked_add(jiff::Span::new().days(half)).unwrap_or(first)
        }
    }
}

/// What a picture covers: the articles and the given period, and those events that do not stretch it to more than three
/// times as much. One event of long ago must not crowd all others into a corner.
fn frame(happenings: &[Happening<'_>], days: &[civil::Date], coverage: Option<Period>) -> Option<Period> {
    let articles = days.iter().min().zip(days.iter().max()).map(|(first, last)| Period { first: *first, last: *last });
    let known = articles.into_iter().chain(coverage);
    let base = known.reduce(|a, b| Period { first: a.first.min(b.first), last: a.last.max(b.last) });
    let Some(base) = base else {
        let days = || happenings.iter().map(day_of);
        return days().min().zip(days().max()).map(|(first, last)| Period { first, last });
    };
    let length = base.first.until(base.last).map_or(0, |span| span.get_days()).max(30);
    let reach = jiff::Span::new().days(length);
    let first = base.first.checked_sub(reach).unwrap_or(civil::Date::MIN);
    let last = base.last.checked_add(reach).unwrap_or(civil::Date::MAX);
    let near = happenings.iter().map(day_of).filter(|day| first <= *day && *day <= last);
    Some(near.fold(base, |frame, day| Period { first: frame.first.min(day), last: frame.last.max(day) }))
}

/// What a bar of a picture stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    /// So many years.
    Years(i16),
}

impl Unit {
    fn word(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Years(1) => "year",
            Unit::Years(_) => "years",
        }
    }
}

/// The bars of a picture.
struct Bins {
    unit: Unit,
    /// The first day of each.
    starts: Vec<civil::Date>,
    /// The last day of the last.
    last: civil::Date,
}

impl Bins {
    /// Bars for a period, not more than about 120. `None` at the ends of the calendar.
    fn new(frame: Period) -> Option<Self> {
        let days = frame.first.until(frame.last).ok()?.get_days() + 1;
        let unit = match days {
            ..=62 => Unit::Day,
            63..=400 => Unit::Week,
            401..=3700 => Unit::Month,
            _ => Unit::Years((frame.last.year() - frame.first.year()) / 100 + 1),
        };
        let (mut at, step) = match unit {
            Unit::Day => (frame.first, jiff::Span::new().days(1)),
            Unit::Week => (Period::week_of(frame.first)?.first, jiff::Span::new().days(7)),
            Unit::Month => (frame.first.first_of_month(), jiff::Span::new().months(1)),
            Unit::Years(step) => {
                let year = frame.first.year().div_euclid(step) * step;
                (civil::Date::new(year, 1, 1).ok()?, jiff::Span::new().years(step))
            }
        };
        let mut starts = Vec::new();
        while at <= frame.last {
            starts.push(at);
            at = at.checked_add(step).ok()?;
        }
        Some(Bins { unit, starts, last: frame.last })
    }

    /// The bar that a day belongs to, if it is in the picture.
    fn place(&self, day: civil::Date) -> Option<usize> {
        if day > self.last {
            return None;
        }
        self.starts.partition_point(|start| *start <= day).checked_sub(1)
    }

    /// How wide a bar is with the room around it.
    fn width(&self) -> f64 {
        100.0 / self.starts.len() as f64
    }

    /// The left edge of a bar; time runs from right to left in a mirrored picture.
    fn x(&self, at: usize, is_mirrored: bool) -> f64 {
        let at = if is_mirrored { self.starts.len() - 1 - at } else { at };
        at as f64 * self.width()
    }
}

/// Rounded to two digits after the point: what nobody sees need not be written.
fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
