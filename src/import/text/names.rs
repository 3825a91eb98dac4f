//! Names of people and places as they are printed: `SIMON LEWIS`, `Lewis`, `van der Bellen`, `O'FALLON`.

/// Words that stand inside a name in small letters.
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "van", "von", "der", "den", "ter",
    "ten", "zu", "zum", "zur", "bin", "bint", "ibn", "al", "el", "ul", "ur", "y", "e", "af", "av", "st", "dit", "dal",
    "san",
];

/// Words that begin with a capital in print and are no part of a person's name.
const NOT_NAMES: &[&str] = &[
    "the",
    "and",
    "for",
    "with",
    "from",
    "this",
    "that",
    "our",
    "your",
    "his",
    "her",
    "its",
    "their",
    "read",
    "more",
    "news",
    "staff",
    "editor",
    "editors",
    "editorial",
    "board",
    "reporter",
    "reporters",
    "correspondent",
    "writer",
    "writers",
    "team",
    "desk",
    "newsroom",
    "bureau",
    "agency",
    "agencies",
    "agences",
    "agenturen",
    "press",
    "media",
    "share",
    "comments",
    "comment",
    "updated",
    "published",
    "posted",
    "photo",
    "photos",
    "image",
    "images",
    "video",
    "follow",
    "subscribe",
    "sign",
    "log",
    "menu",
    "home",
    "search",
    "world",
    "politics",
    "business",
    "sport",
    "sports",
    "opinion",
    "culture",
    "europe",
    "asia",
    "africa",
    "america",
    "international",
    "national",
    "top",
    "stories",
    "story",
    "latest",
    "live",
    "breaking",
    "here",
    "there",
    "when",
    "what",
    "why",
    "how",
    "who",
    "where",
    "is",
    "are",
    "was",
    "will",
    "can",
    "us",
    "uk",
    "eu",
    "un",
    "by",
    "in",
    "on",
    "at",
    "of",
    "to",
    "redaktion",
    "rédaction",
    "redacción",
    "online",
    "newsletter",
    "service",
    "services",
    "file",
    "getty",
    "reuters",
    "afp",
    "dpa",
    "ap",
    "epa",
    "efe",
    "tass",
    "xinhua",
    "ansa",
    "street",
    "road",
    "university",
    "minister",
    "president",
    "secretary",
    "government",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "associated",
    "contributor",
    "advertisement",
    "guest",
    "author",
    "authors",
    "additional",
    "reporting",
    "writing",
    "editing",
    "compiled",
    "par",
    "next",
    "full",
    "bio",
    "chief",
    "officer",
    "magazine",
    "times",
    "post",
    "daily",
    "weekly",
    "journal",
    "gazette",
    "tribune",
    "herald",
    "guardian",
    "telegraph",
    "today",
    "tv",
];

/// Whether the text could be the name of one person: two to five words, each with a capital or a particle.
#[must_use]
pub fn is_person(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 60 {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if !(2..=5).contains(&words.len()) {
        return false;
    }
    let mut capitals = 0;
    for (i, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| matches!(c, '.' | '"' | '“' | '”' | '\'' | '’'));
        if bare.is_empty()
            || word.chars().any(|c| {
                !(c.is_alphabetic() || is_mark(c) || matches!(c, '.' | '\'' | '’' | 'ʼ' | '-' | '‑' | '"' | '“' | '”'))
            })
        {
            return false;
        }
        let lower = bare.to_lowercase();
        if NOT_NAMES.contains(&lower.as_str()) || word.ends_with("'s") || word.ends_with("’s") {
            return false;
        }
        // `Le Figaro`, `Die Zeit`: two words of which the first is an article are an outlet.
        if i == 0
            && words.len() == 2
            && matches!(bare, "Le" | "La" | "Les" | "Die" | "Der" | "Das" | "El" | "Il" | "Los")
        {
            return false;
        }
        if ["blatt", "zeitung", "nachrichten", "anzeiger", "kurier", "rundschau"].iter().any(|end| lower.ends_with(end))
        {
            return false;
        }
        let first = bare.chars().next().unwrap_or(' ');
        if first.is_uppercase() || (!first.is_lowercase() && first.is_alphabetic()) {
            capitals += 1;
        } else if !(PARTICLES.contains(&bare) && (i > 0 || words.len() > 2)) && !inner_capital(bare) {
            return false;
        }
    }
    // `Von Mensch zu Mensch` is a saying.
    let saying = words.len() == 3 && words[0] == words[2];
    !saying && capitals >= 1 && (capitals >= 2 || words.len() <= 3)
}

/// `al-Assad`, `d'Estaing`: small at the front, a capital after the joint.
fn inner_capital(word: &str) -> bool {
    word.split(['-', '\'', '’']).skip(1).any(|part| part.chars().next().is_some_and(char::is_uppercase))
}

/// Combining marks and the vowel signs of scripts that are no letters to Rust.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{dff}')
}

/// A name in normal case: `MARTIAL TREZZINI` → `Martial Trezzini`; anything not wholly in capitals stays as it is.
///
/// Works word by word on names of two words or more, so that `EPA` and `J.D.` keep their capitals.
#[must_use]
pub fn normal_case(name: &str) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    // A page that names its author as text and as a link is copied with the name twice.
    if words.len() >= 4 && words.len().is_multiple_of(2) && words[..words.len() / 2] == words[words.len() / 2..] {
        words.truncate(words.len() / 2);
    }
    let name = words.join(" ");
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    if letters().any(char::is_lowercase) || letters().count() < 4 || !name.contains(' ') {
        return name;
    }
    name.split(' ')
        .enumerate()
        .map(|(i, word)| {
            let lower = word.to_lowercase();
            if i > 0 && PARTICLES.contains(&lower.as_str()) && lower != "st" && lower != "san" {
                return lower;
            }
            title_word(word)
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// A place in normal case: `GENEVA` → `Geneva`, `SIOUX FALLS, S.D.` → `Sioux Falls, S.D.`
#[must_use]
pub fn place_case(place: &str) -> String {
    place
        .split(' ')
        .map(|word| {
            let letters = word.chars().filter(|c| c.is_alphabetic());
            if word == "ST." {
                return "St.".to_owned();
            }
            if word.contains('.') || letters.clone().any(char::is_lowercase) || letters.count() < 3 {
                word.to_owned()
            } else {
                title_word(word)
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// One word with a capital at the front and after each joint: `JEAN-LUC`, `O'FALLON`, `McCool`, `J.D.`.
fn title_word(word: &str) -> String {
    if word.contains('.') && word.chars().filter(|c| c.is_alphabetic()).count() <= 3 {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut start = true;
    let mut since = 0;
    for c in word.chars() {
        if c.is_alphabetic() {
            if start {
                out.push(c);
            } else {
                out.extend(c.to_lowercase());
            }
            start = false;
            since += 1;
        } else {
            // `O'FALLON` and `D’ARCY`, but not `UKRAINE'S`
            start = matches!(c, '-' | '/' | '‑') || (matches!(c, '\'' | '’') && since <= 2);
            since = 0;
            out.push(c);
        }
    }
    if let Some(rest) = out.strip_prefix("Mc")
        && let Some(first) = rest.chars().next()
        && rest.chars().count() > 2
    {
        return format!("Mc{}{}", first.to_uppercase(), &rest[first.len_utf8()..]);
    }
    out
}

/// Whether most letters are capitals.
#[must_use]
pub fn is_caps(text: &str) -> bool {
    let mut letters = 0;
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        if c.is_lowercase() {
            return false;
        }
        letters += 1;
    }
    letters >= 2
}

/// Whether each word begins with a capital, but for particles and short joining words: a title or a proper name.
#[must_use]
pub fn is_proper(text: &str) -> bool {
    let mut any = false;
    for word in text.split_whitespace() {
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else {
            continue;
        };
        if first.is_lowercase()
            && !PARTICLES.contains(&word)
            && !matches!(
                word,
                "am" | "an" | "of" | "the" | "sur" | "sous" | "on" | "upon" | "ob" | "bei" | "im" | "and"
            )
        {
            return false;
        }
        any = true;
    }
    any
}
