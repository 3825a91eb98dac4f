//! Who wrote the story: structured data, `<meta>` conventions, and the byline that is there to see.

use serde_json::{Map, Value};

use super::{
    dom::{Dom, Tag},
    features::squash,
    linked::{Linked, texts, types},
    meta::{Meta, object_names},
};
use crate::import::text::{agency, credits, names};

/// A name on a byline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// As printed, without `By` and duties.
    pub name: String,
    /// Whether it is a person, rather than an agency, a desk or the outlet.
    pub is_person: bool,
}

/// The names of the byline, people and bodies, in order, and whether structured data state them.
#[must_use]
pub fn byline(
    dom: &Dom,
    meta: &Meta,
    linked: &Linked,
    article: Option<&Map<String, Value>>,
    sites: &[String],
    head: std::ops::Range<u32>,
) -> Vec<Named> {
    // A page that is no article may have an author all the same.
    let object = article.or_else(|| linked.objects().into_iter().find(|object| object.contains_key("author")));
    let stated = object.map(|object| of_object(linked, object, sites)).unwrap_or_default();
    let stated = authors_alone(dom, stated, head.clone());
    let by_meta: Vec<Vec<Named>> = [
        "author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "article:author",
        "article:author_name",
        "byl",
        "author_name",
        "cxenseparse:author",
        "citation_author",
        "og:article:author",
        "creator",
        "twitter:misc:written by",
    ]
    .iter()
    .map(|key| meta.all(key).flat_map(|text| split(text, false, sites)).collect::<Vec<_>>())
    .chain([labelled(meta).flat_map(|text| split(text, false, sites)).collect()])
    .filter(|names| !names.is_empty())
    .collect();
    let has_person = |names: &[Named]| names.iter().any(|n| n.is_person);
    let body = by_meta.first().cloned().unwrap_or_default();
    let by_meta = by_meta.into_iter().find(|names| has_person(names)).unwrap_or_default();
    let seen = authors_alone(dom, shown(dom, head.clone(), sites), head);
    if has_person(&stated) {
        // The byline that is shown may name more of them.
        let covers =
            stated.iter().filter(|n| n.is_person).all(|n| seen.iter().any(|s| squash(&s.name) == squash(&n.name)));
        return unique(if covers && seen.len() > stated.len() { seen } else { stated });
    }
    if has_person(&by_meta) {
        return unique(by_meta);
    }
    if has_person(&seen) {
        return unique(seen);
    }
    unique([stated, seen, body].into_iter().find(|names| !names.is_empty()).unwrap_or_default())
}

/// What the page gives as `Written by` in the two lines that a preview of it may show.
fn labelled(meta: &Meta) -> impl Iterator<Item = &str> {
    const WRITTEN_BY: &[&str] = &[
        "written by",
        "author",
        "verfasst von",
        "geschrieben von",
        "autor",
        "écrit par",
        "auteur",
        "escrito por",
        "scritto da",
        "autore",
        "geschreven door",
        "napisane przez",
        "skriven av",
        "skrevet av",
        "skrevet af",
        "yazan",
        "автор",
        "написано автором",
    ];
    [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")].into_iter().filter_map(
        |(label, data)| {
            let label = meta.first(&[label])?.to_lowercase();
            if WRITTEN_BY.contains(&label.as_str()) { meta.first(&[data]) } else { None }
        },
    )
}

/// Without those whom the byline that is shown names as helpers: `By A, contributions from B`, `Reviewed by C`.
fn authors_alone(dom: &Dom, stated: Vec<Named>, head: std::ops::Range<u32>) -> Vec<Named> {
    if stated.iter().filter(|n| n.is_person).count() < 2 {
        return stated;
    }
    const HELPED: &[&str] = &[
        "contributions from",
        "contributed by",
        "edited by",
        "reviewed by",
        "fact checked by",
        "fact-checked by",
        "updated by",
        "additional reporting by",
        "photography by",
        "photos by",
        "illustration by",
    ];
    let mut text = String::new();
    for id in head.start.max(1)..head.end.min(dom.nodes.len() as u32) {
        let node = dom.node(id);
        if node.tag == Tag::Text && text.len() < 8000 {
            text.push_str(&super::dom::decode(node.text));
            text.push(' ');
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let helps = |name: &str| {
        let Some(at) = text.find(&name.to_lowercase()) else { return false };
        let helped = HELPED.iter().filter_map(|mark| text[..at].rfind(mark).map(|found| found + mark.len())).max();
        helped.is_some_and(|mark| at - mark < 120 && !text[mark..at].contains(" by "))
    };
    let kept: Vec<Named> = stated.iter().filter(|n| !n.is_person || !helps(&n.name)).cloned().collect();
    if kept.iter().any(|n| n.is_person) { kept } else { stated }
}

fn unique(names: Vec<Named>) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    for named in names {
        if out.len() < 30 && !out.iter().any(|n| squash(&n.name) == squash(&named.name)) {
            out.push(named);
        }
    }
    out
}

fn of_object(linked: &Linked, article: &Map<String, Value>, sites: &[String]) -> Vec<Named> {
    let authors = of_value(linked, article.get("author"), sites);
    let creators = of_value(linked, article.get("creator"), sites);
    let is_in = |n: &Named, names: &[Named]| names.iter().any(|other| squash(&other.name) == squash(&n.name));
    // Some list all who had a hand in it as authors; who wrote it is then the creator.
    let narrower = creators.len() < authors.len()
        && creators.iter().any(|n| n.is_person)
        && creators.iter().all(|n| is_in(n, &authors));
    let mut out = if authors.is_empty() || narrower { creators } else { authors };
    if out.is_empty() {
        out.extend(texts(article.get("byline")).iter().flat_map(|text| split(text, false, sites)));
    }
    out
}

fn of_value(linked: &Linked, value: Option<&Value>, sites: &[String]) -> Vec<Named> {
    let mut out = Vec::new();
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let objects = linked.objects();
    for item in items.iter().take(30) {
        let mut object = item.as_object();
        // A reference to an object elsewhere in the graph.
        if let Some(reference) = object
            && reference.get("name").is_none()
            && let Some(id) = reference.get("@id").and_then(Value::as_str)
        {
            object = objects
                .iter()
                .find(|o| o.get("@id").and_then(Value::as_str) == Some(id) && o.get("name").is_some())
                .copied()
                .or(object);
        }
        let is_person = object.is_some_and(|o| types(o).any(|t| t == "Person"));
        let is_body = object.is_some_and(|o| types(o).any(|t| t.ends_with("Organization")));
        let names = object.map_or_else(|| object_names(Some(item)), |o| object_names(Some(&Value::Object(o.clone()))));
        for name in names {
            for mut named in split(&name, is_person, sites) {
                named.is_person &= !is_body || names::is_person(&named.name);
                out.push(named);
            }
        }
    }
    out
}

/// Words that make a name that of a desk, a body or a function.
const NO_PERSON: &[&str] = &[
    "staff",
    "team",
    "editor",
    "editors",
    "editorial",
    "redaktion",
    "newsroom",
    "desk",
    "admin",
    "administrator",
    "contributor",
    "reporter",
    "correspondent",
    "agency",
    "agencies",
    "press",
    "news",
    "magazine",
    "media",
    "network",
    "associated",
    "institute",
    "university",
    "school",
    "board",
    "rédaction",
    "redacción",
    "redazione",
    "redakcja",
    "redakce",
    "online",
    "digital",
    "web",
    "guest",
    "author",
    "writer",
    "writers",
    "service",
    "wire",
    "agentur",
    "agence",
    "agencia",
    "ajansı",
    "center",
    "centre",
    "today",
    "daily",
    "times",
    "post",
    "report",
    "group",
    "company",
    "club",
    "foundation",
    "council",
    "department",
    "office",
    "committee",
    "association",
    "society",
    "photography",
    "content",
    "analyst",
    "expert",
    "lead",
    "checked",
    "official",
    "sponsored",
    "undefined",
    "corporation",
    "clinic",
    "reviewer",
    "producer",
    "director",
    "manager",
    "specialist",
    "consultant",
    "founder",
    "president",
    "professor",
    "photographer",
    "host",
    "anchor",
    "publisher",
    "developer",
    "studio",
    "studios",
    "radio",
    "tv",
    "gazette",
    "herald",
    "tribune",
    "journal",
];

/// How words end that name a duty in languages that write it as one word.
const DUTY_ENDS: &[&str] = &[
    "redakteur",
    "redakteurin",
    "redaktion",
    "reporterin",
    "journalist",
    "journalistin",
    "korrespondent",
    "korrespondentin",
    "redacteur",
    "redaktør",
    "redaktör",
];

/// Functions that nobody signs with: no name at all.
const FUNCTIONS: &[&str] = &["staff", "team", "admin", "administrator", "redazione", "developer", "webmaster", "guest"];

/// The people and bodies of a byline's text. `is_stated` is whether the page says that they are people.
fn split(text: &str, is_stated: bool, sites: &[String]) -> Vec<Named> {
    let text = text.trim();
    if text.is_empty() || text.len() > 300 || text.contains("://") || text.starts_with("www.") {
        return Vec::new();
    }
    let text = bare(text);
    let mut out = Vec::new();
    let pieces = parts(text);
    // `The Tribune & Herald` is one.
    let is_one = pieces.len() > 1
        && !text.contains([',', ';'])
        && pieces.iter().all(|p| !names::is_person(p.trim()) && !is_unspaced_name(p.trim()))
        && text.contains(" & ");
    let count = pieces.len();
    for part in if is_one { vec![text] } else { pieces } {
        let part = bare(part.trim());
        let name = part.split(['|', '(', '@', '•', '·', '[', '<']).next().unwrap_or_default();
        let name = name.split(" - ").next().unwrap_or_default();
        let name = ["Special to", " for The ", " in ", " at ", " aus ", " för "]
            .iter()
            .fold(name, |name, cut| name.split(cut).next().unwrap_or_default());
        let name = name.trim().trim_matches(|c: char| {
            matches!(c, '.' | ',' | ';' | ':' | '-' | '–' | '—' | '/' | '*' | '"' | '\u{a0}') || c.is_whitespace()
        });
        let name = without_duty(name);
        let name = if part.ends_with("Jr.") || part.ends_with("Sr.") { part.trim() } else { name };
        if name.chars().filter(|c| c.is_alphabetic()).count() < 2 || name.len() > 80 {
            continue;
        }
        let key = squash(name);
        let lower = name.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        // A desk or an edition may follow on the site's own initials.
        let begins_as_site = || {
            let first = name.split_whitespace().next().unwrap_or_default();
            words.len() > 1 && names::is_caps(first) && sites.contains(&squash(first))
        };
        let is_site = sites.contains(&key) || begins_as_site();
        let is_function = words.iter().any(|w| NO_PERSON.contains(w) || DUTY_ENDS.iter().any(|end| w.ends_with(end)));
        let is_agency = agency::by_name(name).is_some()
            || agency::by_mark(name).is_some_and(|_| words.len() > 1 || names::is_caps(name));
        let looks = names::is_person(name) || is_unspaced_name(name);
        let is_person = !is_site
            && !is_agency
            && !is_function
            && !name.contains(|c: char| c.is_ascii_digit())
            && (looks
                || is_stated
                    && count == 1
                    && words.len() <= 5
                    && name.starts_with(char::is_alphabetic)
                    && words[0] != "the");
        if words.iter().all(|w| FUNCTIONS.contains(w)) {
            continue;
        }
        // What follows a name is often a duty: `Jane Doe, senior reporter`.
        if !is_person && !is_site && !is_agency && !out.is_empty() {
            continue;
        }
        out.push(Named { name: name.to_owned(), is_person });
    }
    out
}

/// A name without the duty that some pages print after it.
fn without_duty(name: &str) -> &str {
    const DUTIES: &[&str] = &[
        "editor",
        "reporter",
        "writer",
        "correspondent",
        "contributor",
        "journalist",
        "columnist",
        "redakteur",
        "redakteurin",
        "staff",
        "기자",
        "記者",
        "记者",
        "특파원",
        "publisher",
        "author",
        "freelance",
        "senior",
        "managing",
        "executive",
        "chief",
    ];
    let mut name = name;
    while let Some((rest, last)) = name.rsplit_once(' ')
        && DUTIES.contains(&last.to_lowercase().as_str())
        && (rest.contains(' ') || rest.chars().all(|c| c > '\u{3000}'))
    {
        name = rest.trim_end();
    }
    name
}

/// A name in a script without spaces or with short ones: two to five characters.
fn is_unspaced_name(name: &str) -> bool {
    let n = name.chars().filter(|c| !c.is_whitespace()).count();
    (2..=5).contains(&n)
        && name
            .chars()
            .all(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | ' '))
}

/// Without the words that begin a byline.
fn bare(text: &str) -> &str {
    const BY: &[&str] = &[
        "written by",
        "posted by",
        "published by",
        "story by",
        "words by",
        "reported by",
        "article by",
        "opinion by",
        "analysis by",
        "review by",
        "by:",
        "by",
        "von",
        "par",
        "por",
        "di",
        "door",
        "av",
        "af",
        "od",
        "autor:",
        "autorin:",
        "author:",
        "authors:",
        "text:",
        "автор:",
        "przez",
        "foto:",
        "e",
        "y",
        "and",
        "und",
        "et",
    ];
    let text = text.trim();
    for word in BY {
        if let Some(head) = text.get(..word.len())
            && head.eq_ignore_ascii_case(word)
        {
            let rest = &text[word.len()..];
            let is_glued = head == "By" && rest.starts_with(char::is_uppercase);
            if word.ends_with(':') || is_glued || rest.starts_with([' ', '\u{a0}', ':']) {
                return rest.trim_start_matches([' ', '\u{a0}', ':']);
            }
        }
    }
    text
}

fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for mark in [
        ", ", "; ", ";", " and ", " And ", " AND ", " & ", " und ", " et ", " y ", " og ", " och ", " en ", " ve ",
        " e ", " и ", " та ", " / ", "/", " with ", " • ", " · ", "、", "・", "，", "\n", ",",
    ] {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    parts.retain(|p| !p.trim().is_empty());
    parts
}

/// The byline that is there to see, in the nodes between headline and text.
fn shown(dom: &Dom, head: std::ops::Range<u32>, sites: &[String]) -> Vec<Named> {
    let mut best: Vec<Named> = Vec::new();
    let mut at = head.start.max(1);
    let mut end = head.end.min(dom.nodes.len() as u32);
    while at < end {
        let node = dom.node(at);
        if node.tag.is_hidden()
            || matches!(node.tag, Tag::Nav | Tag::Aside | Tag::Footer | Tag::Figure | Tag::Figcaption)
        {
            at = node.end;
            continue;
        }
        if node.tag == Tag::Text {
            at += 1;
            continue;
        }
        let is_author = is_author(dom, at);
        // The names stand in elements of their own, away from what else the line says.
        if is_author && node.end - at < 400 && dom.within(at).any(|inner| self::is_author(dom, inner)) {
            at += 1;
            continue;
        }
        if is_author && node.end - at < 400 {
            let text = dom.text(at);
            let mut found = split(&text, false, sites);
            if !found.iter().any(|n| n.is_person)
                && let Some(by) = credits::byline(&text)
            {
                found = by.people.into_iter().map(|c| Named { name: c.name, is_person: true }).collect();
            }
            if found.iter().any(|n| n.is_person) {
                found.retain(|n| n.is_person);
                best.extend(found);
                at = node.end;
                // The others stand beside the first.
                let around = dom.node(node.parent).parent;
                if dom.node(around).tag != Tag::Body {
                    end = end.min(dom.node(around).end);
                }
                continue;
            }
        }
        at += 1;
    }
    if best.is_empty() {
        // A name that leads to its author's page.
        let end = head.end.min(dom.nodes.len() as u32);
        for id in (head.start.max(1)..end).filter(|id| dom.node(*id).tag == Tag::A && leads_to_author(dom, *id)) {
            let named = split(&dom.text(id), false, sites);
            best.extend(named.into_iter().filter(|n| n.is_person && names::is_person(&n.name)));
        }
    }
    if best.is_empty() {
        // A line that says `By Jane Doe`, whatever it is called.
        for id in head.start.max(1)..head.end.min(dom.nodes.len() as u32) {
            let node = dom.node(id);
            if matches!(node.tag, Tag::P | Tag::Div | Tag::Span) && node.end - id < 30 {
                let text = dom.text(id);
                if text.len() < 120
                    && let Some(by) = credits::byline(&text)
                    && !by.people.is_empty()
                {
                    return by.people.into_iter().map(|c| Named { name: c.name, is_person: true }).collect();
                }
            }
        }
    }
    best
}

/// Whether a link goes to what publishing systems call the page of an author.
fn leads_to_author(dom: &Dom, id: u32) -> bool {
    const PLACES: &[&str] =
        &["author", "authors", "autor", "autoren", "autores", "auteur", "auteurs", "autori", "autore"];
    let Some(href) = dom.raw_attr(id, "href") else { return false };
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.trim_end_matches('/').rsplit('/');
    // The last part is the author's own.
    parts.next().is_some_and(|own| !own.is_empty()) && parts.next().is_some_and(|place| PLACES.contains(&place))
}

/// Whether an element says of itself that it names the author.
fn is_author(dom: &Dom, id: u32) -> bool {
    dom.node(id).tag != Tag::Text
        && dom.attrs(id).iter().any(|(key, value)| match key.len() {
            3 => key.eq_ignore_ascii_case("rel") && value.eq_ignore_ascii_case("author"),
            8 => key.eq_ignore_ascii_case("itemprop") && value.eq_ignore_ascii_case("author"),
            5 => key.eq_ignore_ascii_case("class") && is_author_class(value),
            11 => key.eq_ignore_ascii_case("data-testid") && is_author_class(value),
            _ => false,
        })
}

fn is_author_class(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    ["byline", "author", "autor", "writer", "contributor"].iter().any(|word| class.contains(word))
        && !["image", "avatar", "bio", "photo", "date", "time", "related", "comment"]
            .iter()
            .any(|word| class.contains(word))
}
