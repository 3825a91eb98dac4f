//! Bylines at the head of a story, as printed and as a copy of the page leaves them.

use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

use super::agency::{self, Agency};
use super::credits::{Credits, people};
use super::{names, re};
use crate::import::story::{Credit, Role};

static BY: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"^(?:(?:Written |Reported |Story |Words |Article |Analysis |Opinion |Report )?(?:By|BY|by):?|(?:Ein[e]? \w+ )?(?:Von|VON|von):?|(?:Par|PAR|Por|POR|Di|DI|di):?|Autor(?:in|es|a|zy)?:|Author(?:s|\(s\))?:|Auteur:|Автор:|Текст:|Writer:|Reporter:)\s+(?P<who>\S.*)$",
    )
});

/// A byline: `By Jane Doe in Kyiv`, `By MATTHEW LEE and LYNN BERRY`, `Von Erika Muster, dpa`, `By Jane Doe | Reuters`.
///
/// `None` where the line is longer or other than a byline.
#[must_use]
pub fn byline(text: &str) -> Option<Credits> {
    let text = text.trim();
    if text.len() > 220 {
        return None;
    }
    let text = unglued(text);
    let found = BY.captures(&text)?;
    let who = cut_tail(&found["who"]);
    let mut out = people(who, Role::Author);
    if out.people.is_empty() {
        let bare = who.trim_matches([' ', '.', ',', '-', '–']);
        let agency = agency::by_name(bare).or_else(|| agency::by_mark(bare).filter(|_| names::is_caps(bare)));
        out.agency = out.agency.or(agency);
    }
    let named = out.people.iter().map(|c| c.name.split(' ').count()).sum::<usize>();
    let total = who.split(' ').count();
    // `By Friday Mr Smith had left` is a sentence: too much of it is no name.
    let ok = (!out.people.is_empty() && (named * 2 >= total || total <= named + 8) && !looks_like_sentence(who))
        || (out.agency.is_some() && total <= 5);
    ok.then_some(out)
}

/// `ByJANE DOE`, `Von Erika MusterKorrespondentin`: pages set such parts apart by their look, and a copy loses it.
fn unglued(text: &str) -> Cow<'_, str> {
    static DUTIES: LazyLock<Regex> = LazyLock::new(|| {
        re(
            r"(\p{Ll})((?:Chef)?[Kk]orrespondent(?:in)?|Redakteur(?:in)?|Reporter(?:in)?|Correspondent|Journalist(?:in)?|(?:City )?Columnist|Contributor|Editor|Staff|Senior|Published|Updated|Veröffentlicht|Stand)\b",
        )
    });
    static FRONT: LazyLock<Regex> = LazyLock::new(|| re(r"^(By|Von|Par)(\p{Lu})"));
    let text = FRONT.replace(text, "$1 $2");
    match DUTIES.replace(&text, "$1, $2") {
        Cow::Borrowed(_) => text,
        Cow::Owned(cut) => Cow::Owned(cut),
    }
}

fn looks_like_sentence(text: &str) -> bool {
    let small = text.split(' ').filter(|w| w.starts_with(char::is_lowercase) && w.len() > 3).count();
    small > 3
}

/// Cuts what follows the names on a byline: a date, a duty, reading time, an address.
fn cut_tail(who: &str) -> &str {
    static TAIL: LazyLock<Regex> = LazyLock::new(|| {
        re(
            r"(?i)\s*(?:[|•·–—@]|\s-\s|\s[a-z0-9._-]+@|\bpublished\b|\bupdated\b|\bposted\b|\blast\s+updated\b|\bon\s+(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d|\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?:\.|uary|ruary|ch|il|e|y|ust|ember|tember|ober)?\s+\d|\bmin(?:ute)?s?\s+read)",
        )
    });
    // The agency after a bar is worth keeping: `By Jane Doe | Reuters`
    if let Some((name, outlet)) = who.split_once(['|', '•', '·'])
        && agency::by_name(outlet.trim()).is_some()
        && !name.trim().is_empty()
    {
        return who;
    }
    TAIL.find(who).map_or(who, |m| &who[..m.start()]).trim()
}

/// Duties that follow a name on a line of its own: `Jane Doe, Political correspondent`.
#[must_use]
pub fn name_and_duty(text: &str) -> Option<Credit> {
    static TITLE: LazyLock<Regex> = LazyLock::new(|| {
        re(
            r"(?i)\b(?:correspondent|reporter|editor|writer|journalist|columnist|bureau chief|analyst|staff|korrespondent(?:in)?|redakteur(?:in)?|reporterin|journaliste|corresponsal|periodista|корреспондент|кореспондент|журналист(?:ка)?)\b",
        )
    });
    let text = text.trim();
    if text.len() > 110 || text.ends_with('.') {
        return None;
    }
    let (name, duty) =
        text.split_once([',', '|', '•']).or_else(|| text.split_once(" - ")).or_else(|| text.split_once(" – "))?;
    let duty = duty.trim();
    let (duty, place) = match duty.split_once(" in ") {
        Some((duty, place)) if names::is_proper(place) => (duty, Some(place.trim().to_owned())),
        _ => (duty, None),
    };
    (names::is_person(name) && duty.split(' ').count() <= 7 && TITLE.is_match(duty)).then(|| Credit {
        name: names::normal_case(name.trim()),
        role: Role::Author,
        place,
    })
}

/// A line that is nothing but an agency's name, as a byline: `PA Media`, `Reuters`, `Associated Press`.
#[must_use]
pub fn agency_alone(text: &str) -> Option<Agency> {
    let text = text.trim();
    // `sak/Reuters`, `Jane Doe / AP`: staff with an agency, or the credit of a photograph
    (text.len() <= 30 && !text.contains('/'))
        .then(|| {
            agency::by_name(text).or_else(|| {
                agency::by_mark(text).filter(|_| text.contains(' ') && text.starts_with(char::is_uppercase))
            })
        })
        .flatten()
}
