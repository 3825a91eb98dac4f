//! What language a story is in.

use whatlang::Lang;

/// How many letters a text needs for its language to be told.
const LETTERS: usize = 200;
/// How many bytes of a text are looked at.
const BYTES: usize = 2000;
/// In a text of their language, at least one word of so many is one of its [common words](COMMON).
const EVERY: usize = 8;

/// Words that make up a fifth of what is written in their language, and that others hardly have. Where a page says that it is in a
/// language and its text is full of them, nobody need look closer.
const COMMON: &[(&str, &[&str])] = &[
    ("en", &["the", "of", "and", "to", "that", "for", "with", "is", "was", "are", "this", "from", "have", "they"]),
    (
        "de",
        &[
            "der", "die", "das", "und", "den", "dem", "des", "ist", "nicht", "mit", "auf", "für", "von", "sich", "ein",
            "eine",
        ],
    ),
    ("fr", &["les", "des", "et", "est", "une", "dans", "pour", "du", "qui", "sur", "pas", "aux", "ce", "avec", "le"]),
    ("es", &["el", "los", "las", "por", "una", "del", "que", "con", "para", "y", "en", "su", "se"]),
    ("it", &["che", "di", "il", "per", "non", "della", "sono", "gli", "nel", "alla", "dei", "è", "più", "una"]),
    ("pt", &["que", "não", "uma", "os", "do", "da", "dos", "das", "em", "para", "com", "ao", "é", "no", "na"]),
    ("nl", &["het", "een", "van", "dat", "niet", "zijn", "voor", "met", "ook", "aan", "naar", "wordt", "de", "en"]),
];

/// The language of a story, as a BCP 47 tag, by what the page states and by its paragraphs; and what is in doubt about it.
#[must_use]
pub fn of(stated: Option<&str>, body: &[String]) -> (Option<String>, Option<String>) {
    let stated = stated.and_then(tag);
    let text = beginning(body);
    let plainly = stated.as_deref().is_some_and(|tag| is_full_of(&text, primary(tag)));
    let told = if plainly || text.chars().filter(|c| c.is_alphabetic()).take(LETTERS).count() < LETTERS {
        None
    } else {
        whatlang::detect(&text)
            .filter(|info| info.is_reliable() && info.confidence() > 0.9)
            .and_then(|info| code(info.lang()))
    };
    match (stated, told) {
        (Some(stated), Some(told)) if !is_language(&stated, told) => {
            let doubt = format!("the page says `{stated}`, but its text reads as `{told}`");
            (Some(told.to_owned()), Some(doubt))
        }
        (Some(stated), _) => (Some(stated), None),
        (None, told) => (told.map(str::to_owned), None),
    }
}

/// The first paragraphs, with blanks between.
fn beginning(body: &[String]) -> String {
    let mut text = String::with_capacity(BYTES);
    for (i, paragraph) in body.iter().enumerate() {
        if i > 0 {
            text.push(' ');
        }
        let mut cut = paragraph.len().min(BYTES.saturating_sub(text.len()));
        while !paragraph.is_char_boundary(cut) {
            cut -= 1;
        }
        text.push_str(&paragraph[..cut]);
        if cut < paragraph.len() || text.len() >= BYTES {
            break;
        }
    }
    text
}

/// Whether a text is plainly in a language: full of its common words.
fn is_full_of(text: &str, language: &str) -> bool {
    let Some((_, common)) = COMMON.iter().find(|(code, _)| *code == language) else { return false };
    let (mut all, mut found) = (0, 0);
    for word in text.split_ascii_whitespace() {
        all += 1;
        found += usize::from(common.contains(&word));
    }
    found > 0 && found * EVERY >= all
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// Whether a tag names a language, or one that is told apart from it only by its writers.
fn is_language(tag: &str, code: &str) -> bool {
    let primary = primary(tag);
    const ALIKE: &[&[&str]] = &[
        &["no", "nb", "nn", "da"],
        &["hr", "sr", "bs", "sh", "me", "mk"],
        &["id", "ms", "jv"],
        &["cs", "sk"],
        &["es", "ca", "gl", "pt"],
        &["ru", "uk", "be", "bg"],
        &["nl", "af", "fy"],
        &["hi", "mr", "ne"],
        &["fa", "ur", "ar"],
        &["de", "lb", "gsw", "yi"],
        &["iw", "he"],
        &["fil", "tl"],
        &["az", "tr", "tk"],
    ];
    primary == code || ALIKE.iter().any(|group| group.contains(&primary) && group.contains(&code))
}

/// A language tag as BCP 47 writes it: `en_us` → `en-US`.
fn tag(stated: &str) -> Option<String> {
    let stated = stated.split([',', ';', ' ', '.']).next()?.trim();
    let mut parts = stated.split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_lowercase()) || primary == "xx" {
        return None;
    }
    let mut out = primary;
    for part in parts.take(2) {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            break;
        }
        out.push('-');
        match part.len() {
            2 => out.push_str(&part.to_ascii_uppercase()),
            4 => {
                out.push_str(&part[..1].to_ascii_uppercase());
                out.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => out.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(out)
}

/// The two-letter code of a language.
fn code(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        _ => return None,
    })
}
