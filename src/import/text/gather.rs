//! From marked blocks to the [`Story`]: fields, credits, what was removed, and what to check.

use sha2::{Digest, Sha256};
use std::collections::HashSet;

use super::credits::Credits;
use super::head::Head;
use super::lines::Block;
use super::mark::Mark;
use super::taken::{removed, words_removed};
use super::when::{self, Evidence};
use super::{agency, dates, names, outlet, score};
use crate::import::story::{Check, Context, Credit, Image, Role, Story};

/// How far after the last paragraph a byline or date line still belongs to the story, in blocks.
const NEAR: usize = 3;

pub(super) fn story(
    text: &str,
    blocks: &[Block],
    marks: &[Mark],
    head: &Head,
    keep: &[bool],
    end: Option<usize>,
    ctx: &Context,
) -> Story {
    let last = keep.iter().rposition(|k| *k).unwrap_or(0);
    let first = above(blocks, keep, head);
    let title = head.title.map(|t| match head.title_goes_on {
        Some(more) => format!("{} {}", blocks[t].text, blocks[more].text),
        None => blocks[t].text.clone(),
    });
    let mut found = Gathered::default();
    for (i, mark) in marks.iter().enumerate() {
        // A date that the story itself has on a line is not the date of the story.
        if keep[i] && matches!(mark, Mark::Date(_)) {
            continue;
        }
        let at =
            Place { above: i <= first, inside: i < last, near: i <= last + NEAR || end.is_some_and(|e| i < e + NEAR) };
        let mark = as_written(&blocks[i], mark);
        found.take(&blocks[i], &mark, at, end.is_some_and(|e| i >= e), head.title.map(|t| i < t));
    }
    let mut check: Vec<Check> = Vec::new();
    for &i in &head.names {
        let name = blocks[i].as_written(&blocks[i].norm);
        found.people.push(Credit { name: names::normal_case(&name), role: Role::Author, place: None });
        check.push(Check {
            field: "credits",
            reason: format!("\"{name}\" stands beside the date with no word that it is the author"),
        });
    }

    let body = body(blocks, marks, keep);
    let dateline = marks.iter().zip(blocks).find_map(|(mark, block)| match mark {
        Mark::Dateline(_) => Some(as_written(block, mark)),
        _ => None,
    });
    let dateline = dateline.as_ref().and_then(|mark| if let Mark::Dateline(d) = mark { Some(d) } else { None });
    let url = found.address(blocks.len());
    let (published, date_check) =
        when::decide(&evidence(dateline.and_then(|d| d.date.as_ref()), &found, blocks, keep, url.as_deref()));

    if title.is_none() {
        check.push(Check { field: "title", reason: "no headline was found above the story".into() });
    }
    check.extend(date_check);
    let slug = agency_of(dateline.and_then(|d| d.agency), &found, &blocks[first..], &marks[first..], &mut check);
    let removed = removed(blocks, marks, keep, head, end);
    let all_story =
        blocks.iter().zip(keep).filter(|(_, k)| **k).map(|(b, _)| b.text.as_str()).collect::<Vec<_>>().join("\n");
    let publishers = outlet::candidates(&removed, &all_story, ctx);
    check.push(publisher_check(&publishers));
    let mut warnings = Vec::new();
    if url.is_none() {
        warnings.push("the text states no address of its own, so there is no `url`".to_owned());
    }
    doubts(blocks, marks, keep, &mut warnings, &mut check);
    let credits = found.credits();
    let images = found.images;
    let mut out = Story {
        title,
        dateline: dateline.map(|d| d.verbatim.clone()),
        place: dateline.and_then(|d| d.place.clone()),
        agency: slug,
        published,
        standfirst: head.standfirst.map(|i| blocks[i].text.clone()),
        images,
        credits,
        url,
        publishers,
        body,
        check,
        removed,
        sha256: sha256(text.as_bytes()),
        warnings,
        ..Story::empty(ctx)
    };
    out.words_removed = words_removed(&out);
    out
}

/// A mark with the quotes that the text has, where its words become fields.
fn as_written(block: &Block, mark: &Mark) -> Mark {
    let mut mark = mark.clone();
    let write = |text: &mut String| *text = block.as_written(text);
    match &mut mark {
        Mark::Byline(credits, _) | Mark::Credit(credits) => write_people(block, credits),
        Mark::Caption(found) => {
            let Image { caption, credit, .. } = &mut found.image;
            [caption, credit, &mut found.photographer].into_iter().flatten().for_each(write);
        }
        Mark::Dateline(found) => {
            write(&mut found.verbatim);
            found.place.iter_mut().chain(&mut found.reporters).for_each(write);
        }
        _ => {}
    }
    mark
}

fn write_people(block: &Block, credits: &mut Credits) {
    let people = credits.people.iter_mut().flat_map(|credit| [Some(&mut credit.name), credit.place.as_mut()]);
    let places = credits.places.iter_mut().flat_map(|(name, place)| [Some(name), Some(place)]);
    people.chain(places).flatten().for_each(|text| *text = block.as_written(text));
}

/// The last block that still belongs to the head: bylines and date lines may stand under a standfirst of two sentences,
/// but one after the third paragraph is not the story's.
fn above(blocks: &[Block], keep: &[bool], head: &Head) -> usize {
    let first = keep.iter().position(|k| *k).unwrap_or(blocks.len());
    let third = (first..blocks.len()).filter(|&i| keep[i]).nth(2).unwrap_or(first);
    first.max(head.first.unwrap_or(0)).max(third.min(first + 6))
}

/// The SHA-256 of some bytes, hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

fn body(blocks: &[Block], marks: &[Mark], keep: &[bool]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    // Whether the block before is of the story.
    let mut follows = false;
    for ((block, mark), keep) in blocks.iter().zip(marks).zip(keep) {
        let goes_on = std::mem::replace(&mut follows, *keep) && block.may_go_on;
        if !keep {
            continue;
        }
        let text = match mark {
            Mark::Dateline(d) => block.text_from(d.rest).trim_start(),
            _ => block.text.as_str(),
        };
        let text = super::credits::tail(text).map_or(text, |end| &text[..end]);
        match out.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if goes_on => super::lines::join(last, text),
            _ => out.push(text.to_owned()),
        }
    }
    out
}

/// Where a block stands in relation to the story.
#[derive(Clone, Copy)]
struct Place {
    above: bool,
    inside: bool,
    near: bool,
}

/// What the marks hold, in the order of the text.
#[derive(Default)]
struct Gathered {
    people: Vec<Credit>,
    photographers: Vec<String>,
    images: Vec<Image>,
    lines: Vec<when::DateLine>,
    captions: Vec<dates::Found>,
    copyright: Vec<i16>,
    addresses: Vec<(usize, String)>,
    byline_agency: Option<agency::Agency>,
    credit_agency: Option<agency::Agency>,
    source: Option<agency::Agency>,
    places: Vec<(String, String)>,
}

impl Gathered {
    /// `above_title` is none where there is no headline.
    fn take(&mut self, block: &Block, mark: &Mark, at: Place, after_end: bool, above_title: Option<bool>) {
        if block.words <= 120
            && let Some(year) = when::copyright_year(&block.norm)
        {
            self.copyright.push(year);
        }
        match mark {
            Mark::Dateline(d) if !d.reporters.is_empty() => {
                let author = |name: &String| Credit { name: name.clone(), role: Role::Author, place: None };
                self.people.extend(d.reporters.iter().map(author));
            }
            Mark::Dateline(d) if d.start > 0 => {
                if let Some(mut by) = super::credits::byline(block.norm[..d.start].trim()) {
                    write_people(block, &mut by);
                    self.people.extend(by.people);
                }
            }
            Mark::Byline(by, line) if at.above || (at.near && !at.inside) => {
                self.people.extend(by.people.iter().cloned());
                // An agency's name alone, with no headline above it, may as well be the credit of a photograph.
                if by.people.is_empty() && at.above && above_title != Some(false) {
                    self.source = self.source.or(by.agency);
                } else {
                    self.byline_agency = self.byline_agency.or(by.agency);
                }
                if let Some(line) = line
                    && at.above
                {
                    self.lines.push(line.clone());
                }
            }
            Mark::Credit(credits) if at.near => self.credit(credits, at),
            Mark::Caption(c) if at.above || at.inside || (at.near && !after_end && c.image.caption.is_some()) => {
                self.caption(c)
            }
            Mark::Date(line) if at.above || (at.near && line.label != when::Label::Bare) => {
                let label = if above_title == Some(true) && line.label == when::Label::Bare {
                    when::Label::Above
                } else {
                    line.label
                };
                self.lines.push(when::DateLine { found: line.found.clone(), label });
            }
            Mark::Address(url) => self.addresses.push((block.line, url.clone())),
            _ => {}
        }
    }

    fn credit(&mut self, credits: &Credits, at: Place) {
        self.people.extend(credits.people.iter().cloned());
        self.places.extend(credits.places.iter().cloned());
        if credits.reported {
            self.byline_agency = self.byline_agency.or(credits.agency);
        } else if credits.people.is_empty() {
            self.source = self.source.or(credits.agency);
        } else if !at.above {
            self.credit_agency = self.credit_agency.or(credits.agency);
        }
    }

    fn caption(&mut self, found: &super::caption::Caption) {
        if let Some(text) = &found.image.caption {
            self.captions.extend(dates::find(text));
        }
        // A credit on a line of its own belongs to the caption above it.
        let known = self.images.contains(&found.image);
        match self.images.last_mut() {
            Some(last) if found.image.caption.is_none() && last.credit.is_none() => {
                last.credit.clone_from(&found.image.credit)
            }
            _ if known => {}
            _ => self.images.push(found.image.clone()),
        }
        self.photographers.extend(found.photographer.clone());
    }

    /// One row per person: the first role named stays, but a place that a later line adds is taken over.
    fn credits(&self) -> Vec<Credit> {
        let mut out: Vec<Credit> = Vec::new();
        let photographers =
            self.photographers.iter().map(|name| Credit { name: name.clone(), role: Role::Photographer, place: None });
        for credit in self.people.iter().cloned().chain(photographers) {
            match out.iter_mut().find(|c| c.name.eq_ignore_ascii_case(&credit.name)) {
                Some(known) => known.place = known.place.take().or(credit.place),
                None => out.push(credit),
            }
            if out.len() >= 100 {
                break;
            }
        }
        for (name, place) in &self.places {
            if let Some(known) = out.iter_mut().find(|c| c.name == *name || c.name.ends_with(&format!(" {name}"))) {
                known.place.get_or_insert_with(|| place.clone());
            }
        }
        out
    }

    /// The story's own address: the only one that has a line to itself.
    fn address(&self, _blocks: usize) -> Option<String> {
        let distinct: HashSet<&str> = self.addresses.iter().map(|(_, u)| u.as_str()).collect();
        if distinct.len() != 1 {
            return None;
        }
        let url = &self.addresses.first()?.1;
        // The front page of an outlet is no story's address.
        let path = url.split("://").nth(1)?.split_once('/').map_or("", |(_, p)| p);
        (path.trim_matches('/').len() > 3).then(|| url.clone())
    }
}

fn evidence<'a>(
    dateline: Option<&'a dates::Found>,
    found: &Gathered,
    blocks: &[Block],
    keep: &[bool],
    url: Option<&str>,
) -> Evidence<'a> {
    let mut weekdays = Vec::new();
    let mut full = Vec::new();
    for (n, block) in blocks.iter().zip(keep).filter(|(_, k)| **k).map(|(b, _)| b).enumerate() {
        if n < 8 {
            weekdays.extend(
                block.norm.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’').filter_map(dates::weekday),
            );
            weekdays.extend(dates::weekday_unspaced(&block.norm));
        }
        if n < 40 {
            full.extend(dates::find(&block.norm).into_iter().filter(|d| d.year.is_some()));
        }
    }
    Evidence {
        dateline,
        lines: found.lines.clone(),
        captions: found.captions.iter().filter(|d| d.year.is_some()).cloned().collect(),
        body: full,
        copyright: found.copyright.clone(),
        url: url.map(dates::find).unwrap_or_default().into_iter().filter(|d| d.year.is_some()).collect(),
        weekdays,
    }
}

fn agency_of(
    dateline: Option<agency::Agency>,
    found: &Gathered,
    blocks: &[Block],
    marks: &[Mark],
    check: &mut Vec<Check>,
) -> Option<String> {
    if let Some(agency) = dateline.or(found.byline_agency) {
        return Some(agency.slug.to_owned());
    }
    // A copyright line of an agency under the story, or the line that names its standards
    let holder =
        blocks.iter().zip(marks).filter(|(b, m)| b.words <= 90 && !matches!(m, Mark::Caption(_))).find_map(|(b, _)| {
            if b.norm.to_lowercase().contains("thomson reuters trust principles") {
                return agency::by_mark("reuters");
            }
            agency::holder(&b.norm)
        });
    if let Some(agency) = holder {
        return Some(agency.slug.to_owned());
    }
    if let Some(agency) = found.source.or(found.credit_agency) {
        check.push(Check {
            field: "agency",
            reason: format!(
                "a line names `{}` as a source; whether the story is the agency's own is not said",
                agency.slug
            ),
        });
    }
    None
}

fn publisher_check(publishers: &[crate::import::story::Candidate]) -> Check {
    let reason = match publishers.first() {
        Some(first) => format!("it is not stated; perhaps {}: {}", first.name, first.reason),
        None => "the text does not say where it was read".to_owned(),
    };
    Check { field: "publisher", reason }
}

/// Says what was kept in doubt.
fn doubts(blocks: &[Block], marks: &[Mark], keep: &[bool], warnings: &mut Vec<String>, check: &mut Vec<Check>) {
    let mut doubtful = 0;
    for (i, block) in blocks.iter().enumerate() {
        if keep[i] && matches!(marks[i], Mark::Open) && score::doubtful(block) {
            doubtful += 1;
            if doubtful <= 3 {
                warnings.push(format!(
                    "line {} was kept, but may be no part of the story: \"{}\"",
                    block.line,
                    start_of(&block.norm)
                ));
            }
        }
    }
    if !keep.iter().any(|k| *k) {
        check.push(Check { field: "body", reason: "no story was found in the text".into() });
    } else if doubtful > 0 {
        check.push(Check {
            field: "body",
            reason: format!("{doubtful} paragraph{} kept in doubt", if doubtful == 1 { " was" } else { "s were" }),
        });
    }
}

/// The first words of a text, for a report.
pub(crate) fn start_of(text: &str) -> String {
    let mut words = text.split_whitespace();
    let head = words.by_ref().take(8).collect::<Vec<_>>().join(" ");
    let cut: String = head.chars().take(70).collect();
    if words.next().is_some() || cut.len() < head.len() { format!("{cut} …") } else { cut }
}
