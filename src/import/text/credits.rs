//! Who made the story: the credit lines at its end; its bylines are read next door.

use super::agency::{self, Agency};
use super::names;
use super::re;
use regex::Regex;
use std::sync::LazyLock;

use crate::import::story::{Credit, Role};

pub use super::byline::{agency_alone, byline, name_and_duty};

/// What a credit line or byline said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credits {
    /// People, in the order printed.
    pub people: Vec<Credit>,
    /// An agency named as the source or the employer: `By Jane Doe, Reuters`, `mit dpa`.
    pub agency: Option<Agency>,
    /// Where a person whose last name is given reported from: `Peoples reported from New York`.
    pub places: Vec<(String, String)>,
    /// Whether the agency is named as who reported, not as a source among others: `Reporting by the Associated Press`.
    pub reported: bool,
}

/// A duty in a credit line and the role it stands for.
static DUTY: LazyLock<Regex> = LazyLock::new(|| {
    re(concat!(
        r"(?i)\b(?P<duty>(?:(?:with|and)\s+)?(?:additional|further|extra)\s+(?:reporting|research|writing|editing)(?:\s+and\s+(?:writing|editing|research))?(?:\s+contributed)?",
        r"|with\s+reporting|reporting\s+and\s+writing|reporting,?\s+writing\s+and\s+editing|writing\s+and\s+reporting|reporting|writing|written|compiled|rewritten",
        r"|editing\s+and\s+writing|writing\s+and\s+editing|editing|edited|graphics?|production|produced|translation|translated|photographs|photos|photography|pictures|videos?|research|fact[- ]check(?:ing|ed)|data(?:\s+analysis)?)",
        r"\s+(?:by|from)\b:?\s*",
    ))
});

fn role(duty: &str) -> Role {
    let duty = duty.to_lowercase();
    let has = |word: &str| duty.contains(word);
    if has("additional") || has("further") || has("extra") || has("with report") {
        Role::Contributor
    } else if has("report") {
        Role::Author
    } else if has("writ") || has("compiled") {
        Role::Writer
    } else if has("edit") {
        Role::Editor
    } else if has("photo") || has("picture") {
        Role::Photographer
    } else {
        Role::Contributor
    }
}

/// Whether the block is a credit line of the kind that ends an agency's story: it must be one from its first word to
/// its last, not a sentence that quotes one.
#[must_use]
pub fn line(text: &str) -> Option<Credits> {
    duties(text).or_else(|| contributed(text)).or_else(|| sourced(text)).or_else(|| initials(text))
}

/// `(Reporting by A and B; Additional reporting by C in D; Editing by E)`, with or without brackets and separators.
fn duties(text: &str) -> Option<Credits> {
    // `Reporting by Ann LeeEditing by Bo Sand`: a copy lost what stood between.
    static GLUED: LazyLock<Regex> = LazyLock::new(|| {
        re(
            r"([\p{L}.)])((?:Additional [Rr]eporting|Reporting|Writing|Editing|Edited|Written|Compiled|Graphics?|Production|Translation) by )",
        )
    });
    let text = if text.len() <= 3000 { GLUED.replace_all(text, "$1; $2") } else { text.into() };
    let trimmed = text.trim().trim_start_matches(['(', '[', '-', '—', '–', '*', ' ', '_']).trim();
    // Most lines are told apart by their first letters, without the pattern.
    const FIRST: &[&str] =
        &["re", "wr", "ed", "ad", "fu", "ex", "co", "gr", "pr", "tr", "ph", "pi", "vi", "fa", "da", "wi", "an"];
    let head: String = trimmed.chars().take(2).collect::<String>().to_lowercase();
    if trimmed.len() > 3000 || !FIRST.contains(&head.as_str()) {
        return None;
    }
    let found: Vec<(usize, usize, Role)> = DUTY
        .captures_iter(trimmed)
        .filter_map(|c| {
            let whole = c.get(0)?;
            Some((whole.start(), whole.end(), role(&c["duty"])))
        })
        .collect();
    if found.first()?.0 != 0 {
        return None;
    }
    let mut out = Credits::default();
    for (i, &(_, end, role)) in found.iter().enumerate() {
        let stop = found.get(i + 1).map_or(trimmed.len(), |next| next.0);
        let part = trimmed[end..stop].trim_end_matches([' ', ';', ',', '.', ')', ']', '_', '*', '(', '[']);
        let part = part.strip_suffix(" and").or_else(|| part.strip_suffix(" with")).unwrap_or(part);
        let people = people(part, role);
        if people.people.is_empty() && people.agency.is_none() {
            // `Reporting by the Moscow bureau` names no person; a long sentence is no credit line at all.
            if part.split(' ').count() > 8 {
                return None;
            }
        }
        // A name list has hardly a word in small letters: this tells `Writing by hand has been shown to …`.
        let small = part.split(' ').filter(|w| w.starts_with(char::is_lowercase)).count();
        if small * 2 > part.split(' ').count() + 2 {
            return None;
        }
        out.reported |= role == Role::Author && people.people.is_empty() && people.agency.is_some();
        out.agency = out.agency.or(people.agency);
        out.people.extend(people.people);
    }
    Some(out)
}

static CONTRIBUTED: LazyLock<Regex> = LazyLock::new(|| {
    re(concat!(
        r"^(?P<who>[^.!?“”]*?(?:\b[A-Z]\.[^.!?“”]*?)*)\s+(?:also\s+)?(?:contributed|contributing)(?:\s+(?:to|additional|reporting|research)\b[^“”]{0,80}?)?",
        r"(?:\s+from\s+(?P<place>[^.]+))?\.?\)?$"
    ))
});
static REPORTED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?P<who>\p{Lu}[\p{L}'’\-]+(?:\s+\p{Lu}[\p{L}.'’\-]+){0,3}(?:\s+and\s+\p{Lu}[\p{L}'’\-]+(?:\s+\p{Lu}[\p{L}.'’\-]+){0,3})?)\s+reported\s+from\s+(?P<place>\p{Lu}[^.;]*?)(?:[.;]|,?\s+and\s+|$)",
    )
});
static WRITERS: LazyLock<Regex> = LazyLock::new(|| {
    re(concat!(
        r"(?i)\b(?:the\s+)?(?:associated\s+press|ap|reuters|afp|cnn(?:['’]s)?|bloomberg|abc\s+news['’]?|nbc\s+news['’]?|cbs\s+news['’]?|pa)\s+",
        r"(?:(?:diplomatic|white\s+house|congressional|business|sports?|science|medical|health|religion|national|political|staff|special|video|economics?|technology|climate|military|freelance|data)\s+)*",
        r"(?:writers?|journalists?|reporters?|correspondents?|photographers?|researchers?|producers?|editors?)\s+",
    ))
});

/// `ESPN's `, `The Example Times' staff writer `: the outlet before its reporter's name.
static OUTLETS: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"^(?:The\s+)?(?:\p{Lu}[\p{L}\d&.]*\s+){0,3}\p{Lu}[\p{L}\d&.]*(?:['’]s|s['’])\s+(?:(?:staff|senior)\s+)?(?:(?:writers?|reporters?)\s+)?",
    )
});

/// `Associated Press writers A in B, and C contributed to this report.`, `Doe reported from Kyiv.`
fn contributed(text: &str) -> Option<Credits> {
    let text = text.trim().trim_matches(['(', ')', '_', '—', '*', ' ']);
    let told = text.contains("ontribut") || text.contains("reported from");
    if !told || text.len() > 1200 || text.starts_with(['“', '"']) {
        return None;
    }
    let mut out = Credits::default();
    let mut any = false;
    for sentence in sentences(text) {
        let sentence = sentence.trim();
        if let Some(found) = CONTRIBUTED.captures(sentence)
            && is_contribution(sentence)
        {
            let who = OUTLETS.replace(&found["who"], "");
            let mut part = people(who.trim(), Role::Contributor);
            if let Some(place) = found.name("place") {
                for credit in part.people.iter_mut().filter(|c| c.place.is_none()) {
                    credit.place = Some(place.as_str().trim().to_owned());
                }
            }
            if WRITERS.is_match(&found["who"]) {
                part.agency = agency::by_name(
                    found["who"].trim_start_matches("The ").split(" writer").next().unwrap_or_default(),
                )
                .or(part.agency);
            }
            if part.people.is_empty() && part.agency.is_none() && !sentence.contains("Associated Press") {
                return None;
            }
            out.people.extend(part.people);
            out.agency = out.agency.or(part.agency);
            any = true;
        } else if REPORTED.find(sentence).is_some_and(|m| m.start() == 0) {
            for found in REPORTED.captures_iter(sentence) {
                for name in found["who"].split(" and ") {
                    out.places.push((name.trim().to_owned(), found["place"].trim().to_owned()));
                }
            }
            any = true;
        } else {
            return None;
        }
    }
    any.then_some(out)
}

fn is_contribution(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let bare = lower.trim_end_matches(['.', ')', ' ']);
    if bare.ends_with(" contributed") {
        return true;
    }
    [
        "to this report",
        "to this story",
        "to this article",
        "to the report",
        "contributed reporting",
        "contributed research",
        "contributed from",
        "contributing",
    ]
    .iter()
    .any(|tail| lower.contains(tail))
}

/// Short forms of places and titles that a full stop ends without ending the sentence.
const SHORT: &[&str] = &[
    "Ala", "Ariz", "Ark", "Calif", "Colo", "Conn", "Del", "Fla", "Ill", "Ind", "Kan", "Mass", "Mich", "Minn", "Miss",
    "Mont", "Neb", "Nev", "Okla", "Ore", "Penn", "Tenn", "Tex", "Wash", "Wis", "Wyo", "Ont", "Que", "Gov", "Sen",
    "Rep", "Gen", "Col", "Prof",
];

/// Sentences, where a full stop after an initial or a short form (`J.`, `Mo.`, `Conn.`) ends none.
fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (i, _) in text.match_indices(". ") {
        let word = text[start..i].rsplit(' ').next().unwrap_or_default();
        let short = word.chars().count() <= 2 || word.contains('.') || SHORT.contains(&word);
        if !short && text[i + 2..].starts_with(char::is_uppercase) {
            out.push(&text[start..=i]);
            start = i + 2;
        }
    }
    out.push(&text[start..]);
    out
}

static SOURCED: LazyLock<Regex> = LazyLock::new(|| {
    re(concat!(
        r"(?i)^[(\[*—–-]*\s*(?:with(?:\s+(?:additional\s+)?(?:files|reporting|inputs?|material|information)\s+(?:from|by))?|mit(?:\s+(?:material|informationen|agenturen))?(?:\s+(?:von|der))?|avec|con(?:\s+informaci[oó]n)?(?:\s+de)?|additional\s+(?:reporting|material)\s+(?:from|by)|source|quelle|fuente|fonte|источник|джерело|via|l[ae]s?\s+[\w\s'’-]{2,30}?\s+avec)",
        r"\s*:?\s+(?P<who>[\p{L}/ ,&+-]{2,40}?)\s*[.)\]]*$"
    ))
});

/// `mit dpa`, `Source: AFP`, `(With inputs from PTI)`, `— Reuters`: an agency with no person.
fn sourced(text: &str) -> Option<Credits> {
    let text = text.trim();
    if text.len() > 70 {
        return None;
    }
    let who = match SOURCED.captures(text) {
        Some(found) => found["who"].to_owned(),
        None => {
            let bare = text.trim_matches(['(', ')', '[', ']', '—', '–', '-', '.', ' ', '/', '|']);
            (bare.len() < text.len() || bare.contains('/')).then_some(())?;
            bare.to_owned()
        }
    };
    // `(Jane Doe/PA)` credits a photograph.
    let shot = |part: &str| {
        let part = part.trim();
        part.starts_with(char::is_uppercase)
            && agency::by_mark(part).is_none()
            && (part.contains(' ') || !part.contains('.'))
            && !names::is_caps(part)
    };
    if who.contains('/') && who.split('/').any(shot) {
        return None;
    }
    let agency = who
        .split(['/', ',', '&', '+'])
        .flat_map(|part| part.split(" and ").flat_map(|p| p.split(" und ")))
        .find_map(|part| {
            agency::by_name(part.trim()).or_else(|| agency::by_mark(part.trim()).filter(|_| names::is_caps(part)))
        })?;
    Some(Credits { agency: Some(agency), ..Credits::default() })
}

static INITIALS: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"^[(\[]?(?:bur[a-z]*(?:[-/][a-z]{2,6}){0,6}|[a-z]{2,6}(?:-[a-z]{2,6})*/[a-z]{2,6}(?:[-/][a-z]{2,6})*|[a-z]{2,4}(?:/[a-z]{2,4}){1,4}|dpa-?\w* [a-z]{2}(?: [a-z]{2,3})+(?: n\d)?|[a-z]{2,3} [a-z]{2,3} [a-z]{2,3}(?: n1)?)[)\]]?$",
    )
});

/// The initials that close an AFP or dpa story: `bur-abc/xyz`, `dpa xx yyzz n1`. They name nobody.
fn initials(text: &str) -> Option<Credits> {
    let text = text.trim();
    (text.len() <= 40 && INITIALS.is_match(text)).then(Credits::default)
}

/// Reads a list of people with places: `A in B, C in D, and by E and F in G`.
///
/// A place belongs to every name since the last place, which is how agencies write it.
#[must_use]
pub fn people(list: &str, role: Role) -> Credits {
    let mut out = Credits::default();
    let mut open = 0; // names since the last place
    // `A in B Associated Press writer C`: what names the employer parts the names
    let list = WRITERS.replace_all(list, ", ");
    for part in split_list(&list) {
        let part = part.trim().trim_start_matches("by ").trim_start_matches("By ").trim_start_matches("and ").trim();
        if is_short_region(part) {
            // `Nick Perry Gilford, N.H.`: a city ran into the name, and nothing says where the name ends.
            if out.people.len() > open {
                out.people.pop();
            }
            continue;
        }
        let part = part.trim_matches([' ', '.', ',', ';', '(', ')']);
        if part.is_empty() {
            continue;
        }
        let (name, place) =
            match part.split_once(" in ").or_else(|| part.split_once(" at ")).or_else(|| part.split_once(" from ")) {
                Some((name, place)) => (name.trim(), Some(place.trim().trim_start_matches("the ").to_owned())),
                None => (part, None),
            };
        if names::is_person(name) {
            out.people.push(Credit { name: names::normal_case(name), role, place: None });
            if let Some(place) = place {
                for credit in &mut out.people[open..] {
                    credit.place = Some(place.clone());
                }
                open = out.people.len();
            }
        } else if place.is_none()
            && open == out.people.len()
            && out.people.last().is_some_and(|c| c.place.is_some())
            && is_region(part)
        {
            // `in O'Fallon, Missouri`: the second half of the place, for all names that share the first
            let old = out.people.last().and_then(|c| c.place.clone()).unwrap_or_default();
            let full = format!("{old}, {part}");
            for credit in out.people.iter_mut().rev().take_while(|c| c.place.as_deref() == Some(old.as_str())) {
                credit.place = Some(full.clone());
            }
        } else if let Some(found) =
            agency::by_name(name).or_else(|| agency::by_mark(name).filter(|_| names::is_caps(name)))
        {
            out.agency = out.agency.or(Some(found));
        } else if let Some(found) = employer(name) {
            out.agency = out.agency.or(Some(found));
        } else if let Some((person, found)) = with_agency(name) {
            out.people.push(Credit { name: names::normal_case(person), role, place: None });
            out.agency = out.agency.or(Some(found));
        }
    }
    out
}

/// `PA Local Government Correspondent`, `AFP reporter`, `Reuters Staff`: an agency and a duty.
fn employer(text: &str) -> Option<Agency> {
    let (first, duty) = text.split_once([' ', '-'])?;
    let found = agency::by_mark(first).filter(|a| names::is_caps(first) || agency::by_name(a.name).is_some())?;
    let last = duty.rsplit([' ', '-']).next()?.to_lowercase();
    (duty.split(' ').count() <= 5
        && [
            "correspondent",
            "reporter",
            "reporters",
            "staff",
            "editor",
            "writer",
            "writers",
            "journalist",
            "journalists",
            "correspondents",
            "korrespondent",
            "korrespondentin",
            "sport",
            "media",
        ]
        .contains(&last.as_str()))
    .then_some(found)
}

/// `JANE DOE Associated Press`: a name and the agency with nothing between.
fn with_agency(text: &str) -> Option<(&str, Agency)> {
    text.match_indices(' ').find_map(|(at, _)| {
        let (person, rest) = (&text[..at], text[at..].trim());
        names::is_person(person).then(|| agency::by_name(rest)).flatten().map(|found| (person, found))
    })
}

/// The short form of a state with its full stops: `N.H.`, `Calif.`
fn is_short_region(text: &str) -> bool {
    let text = text.trim();
    let bare = text.trim_end_matches('.');
    text.ends_with('.')
        && (SHORT.contains(&bare) && !matches!(bare, "Gov" | "Sen" | "Rep" | "Gen" | "Col" | "Prof")
            || matches!(
                text,
                "N.H."
                    | "N.J."
                    | "N.Y."
                    | "N.C."
                    | "S.C."
                    | "N.D."
                    | "S.D."
                    | "N.M."
                    | "R.I."
                    | "W.Va."
                    | "D.C."
                    | "Md."
                    | "Va."
                    | "Vt."
                    | "Pa."
                    | "La."
                    | "Ky."
                    | "Ga."
                    | "Mo."
                    | "B.C."
            ))
}

fn is_region(text: &str) -> bool {
    text.split(' ').count() <= 3 && names::is_proper(text)
}

/// Splits at commas, semicolons, ampersands and "and" of the common languages.
fn split_list(list: &str) -> Vec<&str> {
    static SPLIT: LazyLock<Regex> = LazyLock::new(|| {
        re(r"\s*(?:[;,|•·]\s*(?:and\s+)?(?:by\s+)?|\s(?:and|und|et|y|e|и|та|і|och|en|&|with)\s+(?:by\s+)?)")
    });
    SPLIT.split(list).collect()
}

/// What closes an agency's last paragraph on its own line: initials (`…Prozent./abc/stw`), `Enditem`, `ENDS`.
///
/// Returns where the text ends and the tail begins, in bytes.
#[must_use]
pub fn tail(text: &str) -> Option<usize> {
    static TAIL: LazyLock<Regex> = LazyLock::new(|| {
        re(
            r"(?:\s?/[A-Za-z]{2,4}(?:/[A-Za-z]{2,5}){0,4}(?:/DP/\w+)?|\s?\([a-z]{2,4}(?:/[a-z]{2,5}){0,3}\)|\s+(?:Enditem|\(?ENDS\)?|-30-|\(?#{2,3}\)?))$",
        )
    });
    // Only the end is looked at, so that a long paragraph costs no more than a short one.
    let mut from = text.len().saturating_sub(40);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let found = TAIL.find(&text[from..])?;
    let at = from + found.start();
    // In brackets stands now and then a word.
    if matches!(found.as_str().trim(), "(sic)" | "(see)" | "(cont)" | "(est)") {
        return None;
    }
    text[..at].ends_with(['.', '!', '?', '"', '”', '»', '“', '’', '…']).then_some(at)
}
