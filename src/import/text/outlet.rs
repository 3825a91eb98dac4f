//! Who may have published the story: names that its surroundings repeat. Candidates for the curator, no more.

use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{agency, names, re};
use crate::import::story::{Candidate, Context, Kind, Removed};

static NAME: LazyLock<Regex> =
    LazyLock::new(|| re(r"\p{Lu}[\p{L}\d'’&]*(?:[ -](?:(?:of|the|and|du|de|la|der|di)\s)?\p{Lu}[\p{L}\d'’&]*){0,4}"));
static STATED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?:(?:©|\([cC]\)|[Cc]opyright|COPYRIGHT)\s*(?:©\s*|\([cC]\)\s*|[Cc]opyright\s*)?(?:\d{4}(?:\s?[-–]\s?\d{4})?,?\s*)?(?:by\s+)?|(?:originally|first) (?:published|appeared) (?:on|in|at|by) |[Rr]ead the (?:original|full) (?:article|story) (?:on|at) |[Ll]ies den Originalartikel (?:auf|bei) )(?P<name>(?:The )?\p{Lu}[\p{L}\d'’&.-]*(?: (?:(?:of|the|and) )?\p{Lu}[\p{L}\d'’&-]*){0,5})",
    )
});
static DOMAIN: LazyLock<Regex> =
    LazyLock::new(|| re(r"(?i)(?:https?://|www\.)(?:www\.|m\.|amp\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})"));

/// Words beside which an outlet names itself: `Support Example`, `Example newsletter`, `keep Example free`.
const BEFORE: &[&str] = &[
    "support",
    "keep",
    "from",
    "to",
    "join",
    "on",
    "with",
    "of",
    "by",
    "follow",
    "subscribe",
    "choose",
    "your",
    "more",
    "make",
    "at",
    "at the",
    "the",
    "für",
    "von",
    "bei",
];
const AFTER: &[&str] = &[
    "newsletter",
    "newsletters",
    "insider",
    "app",
    "readers",
    "subscribers",
    "members",
    "membership",
    "free",
    "subscription",
    "journalism",
    "staff",
    "team",
    "podcast",
    "on",
    "is",
    "today",
    "journalists",
    "reporters",
    "news",
    "account",
    "website",
    "premium",
    "plus",
    "live",
    "daily",
];
/// Words that make a name an outlet's.
const OUTLET: &[&str] = &[
    "news",
    "times",
    "post",
    "herald",
    "daily",
    "guardian",
    "telegraph",
    "tribune",
    "journal",
    "gazette",
    "chronicle",
    "mail",
    "mirror",
    "press",
    "observer",
    "independent",
    "star",
    "sun",
    "standard",
    "courier",
    "record",
    "review",
    "magazine",
    "weekly",
    "today",
    "radio",
    "tv",
    "media",
    "broadcasting",
    "zeitung",
    "tagblatt",
    "rundschau",
    "nachrichten",
    "spiegel",
    "kurier",
    "anzeiger",
    "monde",
    "figaro",
    "gazeta",
    "pravda",
    "diario",
    "país",
    "mundo",
    "correo",
    "online",
    "wire",
    "report",
    "examiner",
    "inquirer",
    "dispatch",
    "sentinel",
    "bulletin",
    "ledger",
    "world",
    "globe",
    "monitor",
    "voice",
];

/// The outlets that the removed text names: `removed` is furniture, `story` is the text it must not be taken from.
#[must_use]
pub fn candidates(removed: &[Removed], story: &str, ctx: &Context) -> Vec<Candidate> {
    let mut found: BTreeMap<String, (u32, u32, String)> = BTreeMap::new();
    // Related stories and comments talk of everything; the rest of the furniture talks of its outlet.
    let own = || {
        removed.iter().filter(|r| {
            !matches!(r.kind, Kind::Credit | Kind::Caption | Kind::Title | Kind::Standfirst | Kind::Biography)
                && r.words <= 120
        })
    };
    for block in own() {
        if block.text.len() > 4000 {
            continue;
        }
        for stated in STATED.captures_iter(&block.text) {
            let name = trim_name(&stated["name"]);
            // `Picture: (c) Jane Doe` is a photograph's.
            let before = &block.text[..stated.get(0).map_or(0, |m| m.start())];
            if before.trim_end().ends_with(':') && names::is_person(name) {
                continue;
            }
            if agency::by_mark(name).is_none() && !is_picture_desk(name) && name.len() > 2 {
                let entry = found.entry(name.to_owned()).or_insert((0, 0, String::new()));
                entry.0 += 1;
                entry.1 += 4;
                entry.2 = format!("the text says \"{}\"", first_words(&stated[0]));
            }
        }
        if block.kind != Kind::Comments && block.kind != Kind::Related || block.words < 8 {
            for name in NAME.find_iter(&block.text) {
                weigh(&mut found, &block.text, name.start(), name.as_str());
            }
        }
        for domain in DOMAIN.captures_iter(&block.text) {
            let host = domain[1].to_lowercase();
            if !SOCIAL.iter().any(|s| host.ends_with(s)) {
                let entry = found.entry(host).or_insert((0, 0, "an address in the text".into()));
                entry.0 += 1;
                entry.1 += 2;
            }
        }
    }
    for (slug, name) in &ctx.outlets {
        let times = own().filter(|b| b.text.contains(name.as_str())).count();
        if times > 0 {
            let entry = found.entry(name.clone()).or_insert((
                0,
                0,
                format!("the site knows it as `{slug}`, and the text around the story names it"),
            ));
            entry.0 += u32::try_from(times).unwrap_or(u32::MAX);
            entry.1 += 4;
        }
    }
    rank(found, story, ctx)
}

const SOCIAL: &[&str] = &[
    "facebook.com",
    "twitter.com",
    "x.com",
    "instagram.com",
    "t.me",
    "youtube.com",
    "youtu.be",
    "whatsapp.com",
    "linkedin.com",
    "tiktok.com",
    "bit.ly",
    "google.com",
    "apple.com",
    "t.co",
    "pic.twitter.com",
];

/// Whose name stands after a copyright sign under photographs.
fn is_picture_desk(name: &str) -> bool {
    let lower = name.to_lowercase();
    [
        "imago",
        "getty",
        "shutterstock",
        "handout",
        "alamy",
        "picture alliance",
        "istock",
        "epa",
        "ap photo",
        "reuters",
        "dpa",
        "afp",
        "unsplash",
        "wikimedia",
    ]
    .iter()
    .any(|desk| lower.split(' ').next() == desk.split(' ').next() && lower.starts_with(desk))
}

fn first_words(text: &str) -> String {
    text.split_whitespace().take(8).collect::<Vec<_>>().join(" ")
}

fn trim_name(name: &str) -> &str {
    let mut name = name.trim().trim_end_matches(['.', ',', '-']);
    for tail in [" All", " Inc", " Ltd", " LLC", " Limited", " GmbH", " AG", " All Rights"] {
        name = name.strip_suffix(tail).unwrap_or(name).trim_end_matches([',', '.']);
    }
    name
}

/// Counts a capitalised name, with a point for each sign that it is the outlet speaking of itself.
fn weigh(found: &mut BTreeMap<String, (u32, u32, String)>, text: &str, start: usize, name: &str) {
    let before = text[..start].split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let after: String = text[start + name.len()..]
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphabetic())
        .collect::<String>()
        .to_lowercase();
    let sentence_start = before.is_empty() || before.ends_with(['.', '!', '?', ':']);
    let mut words: Vec<&str> = name.split([' ', '-']).collect();
    let mut signs = 0;
    // `Support Daily Example`, `Subscribe to …`: the verb at the sentence's start is none of the name
    if sentence_start
        && words.len() > 1
        && (BEFORE.contains(&words[0].to_lowercase().as_str()) || words[0].eq_ignore_ascii_case("about"))
    {
        signs += u32::from(!words[0].eq_ignore_ascii_case("the"));
        words.remove(0);
    } else if BEFORE.contains(&before.as_str()) {
        signs += 1;
    }
    if words.len() > 2
        && words
            .last()
            .is_some_and(|w| AFTER.contains(&w.to_lowercase().as_str()) && !OUTLET.contains(&w.to_lowercase().as_str()))
    {
        signs += 1;
        words.pop();
    }
    if AFTER.contains(&after.as_str()) {
        signs += 1;
    }
    let outlet = words.iter().any(|w| OUTLET.contains(&w.to_lowercase().as_str()));
    // A section's name, not an outlet's
    let section = words.len() == 1
        && [
            "news",
            "online",
            "report",
            "today",
            "world",
            "live",
            "sport",
            "press",
            "media",
            "review",
            "magazine",
            "radio",
            "tv",
            "nachrichten",
            "star",
            "record",
        ]
        .contains(&words[0].to_lowercase().as_str());
    if section || words.is_empty() || words.len() > 5 || (words.len() == 1 && !outlet) {
        return;
    }
    let name = words.join(" ");
    if agency::by_name(&name).is_some() || name.chars().filter(|c| c.is_alphabetic()).count() < 4 {
        return;
    }
    let entry = found.entry(name).or_insert((0, 0, String::new()));
    entry.0 += 1;
    entry.1 += signs + u32::from(outlet);
}

fn rank(found: BTreeMap<String, (u32, u32, String)>, story: &str, ctx: &Context) -> Vec<Candidate> {
    let mut out: Vec<(u32, Candidate)> = Vec::new();
    for (name, (times, signs, why)) in found {
        let stated = !why.is_empty();
        // A name that the story itself speaks of is a subject rather than an outlet, unless something says otherwise.
        let subject = !stated && story.contains(name.as_str());
        if subject || (!stated && (times < 2 || signs < 3)) {
            continue;
        }
        let reason = if stated { why } else { format!("the text around the story names it {times} times") };
        let slug =
            ctx.outlets.iter().find(|(_, known)| known.eq_ignore_ascii_case(&name)).map(|(slug, _)| slug.clone());
        out.push((signs + times + if slug.is_some() { 10 } else { 0 }, Candidate { name, slug, reason }));
    }
    out.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    out.truncate(3);
    out.into_iter().map(|(_, c)| c).collect()
}
