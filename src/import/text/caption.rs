//! Captions and the credits of photographs.

use regex::Regex;
use std::sync::LazyLock;

use super::{agency, lines, names, re};
use crate::import::story::Image;

/// A caption, a credit, or both, that a block holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Caption and credit, in the form they are kept.
    pub image: Image,
    /// The photographer's name, where the credit names a person.
    pub photographer: Option<String>,
}

/// `REUTERS/Name`, `EPA-EFE/NAME`, `AP Photo/Name`, `Name/Getty Images`: agency and name around a slash.
const SLASHED: &str = concat!(
    r"(?:(?:REUTERS|EPA(?:-EFE)?|EFE|AFP|AP\s+Photo|AP|TASS|ANSA|Xinhua|Kyodo|dpa|picture[\s-]alliance|IMAGO|imago(?:\s+images)?|Getty(?:\s+Images)?|Shutterstock|Bloomberg|NurPhoto|SOPA(?:\s+Images)?|Keystone|KEYSTONE|ZUMA(?:\s+Press)?|UPI|PA|Pool|POOL|Anadolu(?:\s+Agency)?|Sputnik|Ukrinform|Contour)",
    r"\s?/\s?[^\s/.;()][^/;()]{1,60}(?:/[^/;()]{1,40}){0,3})"
);
const NAMED: &str = concat!(
    r"(?:[^\s.,;:()/|][^.,;:()/|]{1,50}\s?(?:/|\||\bvia\b)\s?(?:AFP|AP|REUTERS|Reuters|Getty(?:\s+Images)?|EPA(?:-EFE)?|dpa|picture[\s-]alliance|IMAGO|imago(?:\s+images)?|Shutterstock|Alamy(?:\s+Stock\s+Photo)?|Bloomberg|PA(?:\s+(?:Wire|Media|Images))?|NurPhoto|Anadolu(?:\s+Agency)?|The\s+Guardian|SOPA|Sipa(?:\s+USA)?|Rex(?:\s+Features)?|Unsplash|Pexels|Keystone|TASS|EFE|ANSA|Zuma(?:\s+Press)?|(?:The\s+)?Canadian\s+Press|(?:The\s+)?Associated\s+Press|Ritzau(?:\s+Scanpix)?|NTB|Belga|ANP|APA|LUSA|CTK|PAP|Yonhap|Handout|Pool|Kyodo(?:\s+News)?|Xinhua)",
    r"(?:\s?/\s?[^/;()]{1,40}){0,3}(?:\s+via\s+(?:Getty\s+Images|AP|REUTERS|Reuters|AFP))?)"
);
const LABEL: &str = concat!(
    r"(?:(?:Photo(?:graph|s)?|Image|Picture|Foto(?:graf[ií]a)?|Bild(?:rechte|quelle|nachweis)?|Symbolbild|Imagen|Quelle|Crédit(?:\s+photo)?s?|Credit|Fotocredit|Фото|Illustration|Cr[eé]dito|Graphic|Video|Screenshot|Archivbild)",
    r"(?:[\s/]+(?:credit|credits|by|courtesy(?:\s+of)?|d'illustration|illustration|source))?)"
);

static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    re(&format!(
        r"^(?s)(?P<caption>.*?)\s*[(\[](?P<credit>(?:{LABEL}\s*(?::|\bby\b)\s*|©\s?|{LABEL}\s+by\s+)[^()\[\]]{{2,110}}|{SLASHED}|{NAMED}|AP|AFP|Reuters|REUTERS|EPA|dpa|Getty(?: Images)?|Shutterstock|Supplied|Handout|File(?: photo)?|AP Photo[^()]{{0,80}}|[^()\[\]]{{2,60}}\bvia (?:Getty|AP|REUTERS|Reuters|AFP)[^()]{{0,30}})[)\]]\.?$"
    ))
});
static TRAILING: LazyLock<Regex> = LazyLock::new(|| {
    re(&format!(
        r"^(?P<caption>|.*?[.!?…”»)’]\s?|.*?\d\s|.*?\s[|–—-]\s|.*?[.!?]\s/\s)(?P<credit>{SLASHED}|(?:©|\(c\)|\(C\))\s?[^.;]{{2,70}}|{LABEL}\s*(?::|©|\bby\b)\s*[^;]{{2,90}}|{NAMED}|Image\s+credit\s*:?\s*.{{2,60}}|(?:Getty\s+Images|Shutterstock|Alamy(?:\s+Stock\s+Photo)?|Unsplash|iStock(?:photo)?)(?:\s*[|/]\s*[^.;]{{2,50}})?)\.?$"
    ))
});
/// A copyright sign sets the credit apart where no full stop ends the caption.
static SIGNED: LazyLock<Regex> =
    LazyLock::new(|| re(r"^(?P<caption>\S[^©]{10,400}?)\s+(?P<credit>©\s?[^.;:©]{2,70})$"));
/// `… on Monday.AFP`: a credit set apart by its look alone. No sentence of a story goes on like that.
static GLUED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"^(?P<caption>.{15,400}?[\p{Ll}\d][.!?”»)])(?P<credit>(?:AFP|EFE|REUTERS|EPA(?:-EFE)?|AP|ANSA|Getty(?:\s+Images)?)(?:\s?/\s?[\p{L} .]{2,40})?)$",
    )
});
/// A label and a short name at the end, where no full stop ends the caption and where a copy has lost the gap before it.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"^(?P<caption>.{2,600}?(?:[\s.,)”»]|\p{Ll}))(?P<credit>(?:Photos?|Fotos?|Images?|Pictures?|Bild(?:quelle)?|Quelle|Credit|Crédit|Fotoğraf|Fotografía|Imagen|Фото|Zdjęcie|Fot\.|Fotó|Kuva|Ảnh|Ljósmynd|Nuotr\.|Φωτο(?:γραφία)?|Valokuva|Fotografie)\s?:\s?(?:©\s?)?(?P<who>[\p{Lu}@][^;:?!]{1,60}))$",
    )
});
/// `Jane Doe/Example Times via Getty Images` after a full stop, alone, or in brackets at the end.
static PARTED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"^(?P<caption>|.*?[.!?…”»)’]\s?|.{12,}?\s\()(?P<credit>(?P<who>\p{Lu}[^\s/().,:;!?]*(?:\s(?:\p{Lu}[^\s/(),:;!?]*|de|da|van|von|der|den|bin|al|la)){0,4})(?:\s?/\s?|\svia\s)(?P<for>[\p{Lu}\d@][^().,:;!?]{1,70}?))\)?\.?$",
    )
});
/// `… at the plant. Courtesy of the Harbour Authority.`
static COURTESY: LazyLock<Regex> =
    LazyLock::new(|| re(r"^(?P<caption>.*?[.!?”»)]\s?)(?P<credit>Courtesy(?:\sof)?[\s:]\s?\p{L}[^.;:?!]{1,60})\.?$"));
/// What picture desks and pages put around a caption: its number among several, and an offer of the picture.
static AROUND: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?i)^\[\d{1,3}/\d{1,3}\]\s*|\s*(?:purchase\s+licensing\s+rights|acquire\s+licensing\s+rights|opens\s+(?:in\s+(?:a\s+)?)?new\s+(?:tab|window)|buy\s+this\s+photo|view\s+image\s+in\s+fullscreen)[\s,.]*$",
    )
});
static SHOWS: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?i)^(?:file\s*(?:photo)?\s*[-–—:]|archiv(?:bild|foto)?\s*[-:]|\(?file\)?\s*photo|in this (?:[\w\s,.-]{0,40})(?:photo|image|picture|file|frame|video|handout)|photo d'archives|foto de archivo|archivo\s*[-:]|topshot|handout)|\((?:L|R|C|left|right|centre|center)\)|\bis (?:seen|pictured|shown) (?:in|at|on|during|here)\b|\bpictured (?:in|at|on|here)\b|\bposes? for (?:a|an|the|official)\b.*\bphoto",
    )
});

/// Reads a block as a caption. A story's sentence that happens to name an agency is none: the credit must close it.
#[must_use]
pub fn read(text: &str) -> Option<Caption> {
    // No caption is that long, and the patterns need not see a novel.
    if text.len() > 1200 {
        return None;
    }
    let mut trimmed = text.trim();
    // A page's own notice: it may name a photographer at its end, but is no caption.
    let rights = trimmed.to_lowercase();
    if rights.starts_with(['©', 'c']) && rights.starts_with("copyright") && rights.contains("rights reserved") {
        return None;
    }
    for _ in 0..3 {
        let Some(found) = AROUND.find(trimmed) else { break };
        trimmed = if found.start() == 0 {
            &trimmed[found.end()..]
        } else {
            trimmed[..found.start()].trim_end_matches([' ', ','])
        };
    }
    if let Some(found) = GLUED.captures(trimmed) {
        return Some(caption(&found["caption"], &found["credit"]));
    }
    if !has_sign(trimmed) {
        return None;
    }
    if let Some(found) = BRACKETED.captures(trimmed) {
        let credit = &found["credit"];
        let bare_file = credit.eq_ignore_ascii_case("file") && found["caption"].len() < 20;
        if !bare_file && !is_explained(&found["caption"], credit, trimmed) {
            return Some(caption(&found["caption"], credit));
        }
    }
    if let Some(found) = TRAILING.captures(trimmed) {
        let (before, credit) = (&found["caption"], &found["credit"]);
        // A copyright sign with nothing before it may well be the page's.
        let page = before.is_empty() && credit.starts_with(['©', '(']);
        let plausible = !page
            && lines::words_of(credit).count() <= 14
            && (before.is_empty() || lines::words_of(before).count() >= 3);
        // `Name/AFP` alone is a credit; a byline `Jane Doe | Reuters` looks the same and comes first elsewhere.
        if plausible && !credit.contains("http") {
            return Some(caption(before, credit));
        }
    }
    if let Some(found) = SIGNED.captures(trimmed).filter(|found| lines::words_of(&found["caption"]).count() >= 3) {
        return Some(caption(&found["caption"], &found["credit"]));
    }
    by_its_end(trimmed)
}

/// A credit that a label or the names in it give away, though no agency is among them.
fn by_its_end(text: &str) -> Option<Caption> {
    if let Some(found) = LABELLED.captures(text) {
        let (before, who) = (&found["caption"], &found["who"]);
        // `More at the bottom. Image: the plan is to …`: a credit has no more than names in it.
        let small = who.split(' ').filter(|w| w.starts_with(char::is_lowercase) && w.len() > 4).count();
        if lines::words_of(before).count() >= 2 && lines::words_of(who).count() <= 7 && small <= 1 {
            return Some(caption(before, &found["credit"]));
        }
    }
    if let Some(found) = PARTED.captures(text) {
        let (before, who, whom) = (&found["caption"], &found["who"], &found["for"]);
        let small = whom.split(' ').filter(|w| w.starts_with(char::is_lowercase) && w.len() > 3).count();
        let desk = |name: &str| {
            let name = name.trim();
            agency::by_mark(name).is_some()
                || agency::by_name(name).is_some()
                || PLACES.iter().any(|p| name.ends_with(p))
        };
        let last = whom.rsplit(['/', '|']).next().unwrap_or(whom);
        // Alone on a line it may be anything of that form, and `Mr Smith/Ms Jones` is no credit.
        let sure = desk(last) || desk(whom) || !before.is_empty() && names::is_person(who) && !names::is_person(whom);
        if sure && small == 0 && lines::words_of(whom).count() <= 9 && (before.is_empty() || before.len() > 12) {
            return Some(caption(before.trim_end_matches([' ', '(']), &found["credit"]));
        }
    }
    if let Some(found) = AFTER.captures(text) {
        return Some(caption(&found["caption"], &found["credit"]));
    }
    let found = COURTESY.captures(text)?;
    (lines::words_of(&found["caption"]).count() >= 3).then(|| caption(&found["caption"], &found["credit"]))
}

/// `… / A. Petraitis / Example nuotr.`: the word for a photograph after who took it.
static AFTER: LazyLock<Regex> =
    LazyLock::new(|| re(r"^(?P<caption>.{2,400}?)\s/\s(?P<credit>[^/]{3,60}(?:/[^/]{2,40})?)\snuotr\.$"));

/// Where pictures are taken from.
const PLACES: &[&str] = &[
    "Getty Images",
    "Getty",
    "Instagram",
    "Facebook",
    "Twitter",
    "TikTok",
    "YouTube",
    "Shutterstock",
    "Alamy",
    "iStock",
];

/// `… told the news agency Example (AFP).`: a story's sentence that gives an agency's short form. A credit stands after
/// the caption's full stop, not before it.
fn is_explained(before: &str, credit: &str, text: &str) -> bool {
    let Some(agency) = agency::by_mark(credit) else { return false };
    let before = before.trim_end();
    let name = before.rsplit(' ').take(2).collect::<Vec<_>>();
    let name = name.into_iter().rev().collect::<Vec<_>>().join(" ");
    let last = name.rsplit([' ', '’', '\'']).next().unwrap_or_default();
    text.ends_with(").") && !lines::ends_sentence(before)
        || agency.is_called(&name)
        || agency.is_called(last)
        || name.to_lowercase().ends_with(&agency.name.to_lowercase())
}

/// Whether the end of a line holds any of the signs that every credit has: most lines need not meet the patterns.
fn has_sign(text: &str) -> bool {
    let mut from = text.len().saturating_sub(240);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let end = &text[from..];
    const NAMES: &[&str] = &[
        "Getty",
        "Shutterstock",
        "Alamy",
        "Unsplash",
        "iStock",
        " via ",
        " by ",
        "credit",
        "(AP",
        "(dpa",
        "EPA",
        "Courtesy",
    ];
    end.contains(['/', '|', ':', '©'])
        || end.ends_with([')', ']'])
        || end.ends_with(").")
        || NAMES.iter().any(|n| end.contains(n))
}

/// Whether a block describes a photograph though it carries no credit: `FILE - `, `(L)`, `is seen in this picture`.
#[must_use]
pub fn describes(text: &str) -> bool {
    text.len() <= 700 && SHOWS.is_match(text)
}

/// Whether a block says at its front that it is a photograph from the files: so marked, it is a caption wherever it
/// stands.
#[must_use]
pub fn is_file(text: &str) -> bool {
    text.len() <= 700
        && [
            "PHOTO: ",
            "PHOTOS: ",
            "FOTO: ",
            "IMAGE: ",
            "FILE - ",
            "FILE – ",
            "FILE — ",
            "FILE PHOTO",
            "FILE-",
            "(FILES)",
            "ARCHIV - ",
            "ARCHIVBILD",
            "ARCHIVO - ",
        ]
        .iter()
        .any(|mark| text.starts_with(mark))
}

/// The caption as kept where there is no credit.
#[must_use]
pub fn bare(text: &str) -> Caption {
    caption(text, "")
}

fn caption(text: &str, credit: &str) -> Caption {
    let text = text.trim().trim_end_matches(['|', '–', '—', '-', '/', ' ']).trim();
    let credit = normal_credit(credit);
    Caption {
        photographer: photographer(&credit),
        image: Image {
            caption: (!text.is_empty()).then(|| text.to_owned()),
            credit: (!credit.is_empty()).then_some(credit),
            ..Image::default()
        },
    }
}

/// A credit without its label and in normal case: `Photo: JANE DOE/AFP` → `Jane Doe/AFP`.
fn normal_credit(credit: &str) -> String {
    static LABELLED: LazyLock<Regex> =
        LazyLock::new(|| re(&format!(r"^(?i:{LABEL}|image\s+credit)\s*(?::|©|\bby\b)\s*(?:©\s*)?")));
    let credit = credit.trim().trim_end_matches(['.', ' ']);
    let credit = LABELLED.replace(credit, "");
    let credit = credit.trim().trim_start_matches(['©', ' ']);
    credit
        .split('/')
        .map(|part| {
            let part = part.trim();
            // Agencies keep their capitals
            if agency::by_mark(part).is_some() || part.starts_with("EPA") {
                part.to_owned()
            } else {
                names::normal_case(part)
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn photographer(credit: &str) -> Option<String> {
    // Nobody of the picture's source took it.
    if credit.to_lowercase().starts_with("handout") {
        return None;
    }
    let mut parts = credit.split(['/', '|', ',']).flat_map(|p| p.split(" via ")).flat_map(|p| p.split(" for "));
    parts
        .find(|part| {
            let part = part.trim();
            let lower = part.to_lowercase();
            names::is_person(part)
                && agency::by_mark(part).is_none()
                && ![
                    "image",
                    "photo",
                    "press",
                    "alliance",
                    "stock",
                    "pool",
                    "handout",
                    "wire",
                    "news",
                    "shutterstock",
                    "media",
                    "agency",
                    "ministry",
                    "authority",
                    "courtesy",
                    "archive",
                    "via",
                    "museum",
                    "university",
                    "collection",
                    "publishers",
                    "agentur",
                    "department",
                    "police",
                    "office",
                    "service",
                ]
                .iter()
                .any(|w| lower.contains(w))
        })
        .map(|name| name.trim().to_owned())
}
