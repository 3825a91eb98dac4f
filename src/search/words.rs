//! Words as the index has them: told apart in any script, folded, stemmed.
//!
//! `search.js` folds and divides a query in the same way; it knows no stemmer, because the index says which stem a word has.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfkc_quick};
use waken_snowball::Algorithm;

use crate::parse::words::is_unseen;

/// In scripts that put no spaces between words, the letters of one term: two where a letter is a syllable or more, three in
/// alphabets. 0 for all other characters.
pub fn gram(c: char) -> usize {
    match c {
        '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}' => 2,
        '\u{e01}'..='\u{e3a}'
        | '\u{e40}'..='\u{e4e}'
        | '\u{e81}'..='\u{ece}'
        | '\u{1000}'..='\u{103f}'
        | '\u{1780}'..='\u{17d3}' => 3,
        _ => 0,
    }
}

/// Marks that are written or left out at will: accents, and the vowels of Arabic and Hebrew. Those of Indic scripts are
/// letters.
fn is_optional_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{487}'
        | '\u{591}'..='\u{5bd}'
        | '\u{5bf}'
        | '\u{5c1}'
        | '\u{5c2}'
        | '\u{5c4}'
        | '\u{5c5}'
        | '\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}'
        | '\u{6e7}'
        | '\u{6e8}'
        | '\u{6ea}'..='\u{6ed}')
}

/// A lower-case word without what people leave out when they search: accents, Arabic vowels, and letters that keyboards lack.
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.nfkd() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            'ى' => folded.push('ي'),
            'ة' => folded.push('ه'),
            c if is_optional_mark(c) => {}
            c => folded.push(c),
        }
    }
    Cow::Owned(folded.nfc().collect())
}

/// A part of a text that is searched for by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A word in lower case.
    Word(&'a str),
    /// Letters of a script without spaces, as many as make one term, or what is left at the end of a run.
    Gram(&'a str),
}

/// Divides a text, and shows each part in its order. `buffer` is room for one word.
pub fn divide(text: &str, buffer: &mut String, mut see: impl FnMut(Token<'_>)) {
    if text.is_ascii() {
        divide_ascii(text, buffer, see);
        return;
    }
    let normal = match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfkc().collect::<String>()),
    };
    let mut rest = normal.as_ref();
    while let Some(c) = rest.chars().next() {
        let size = gram(c);
        if size > 0 {
            let end = rest.find(|c| gram(c) != size).unwrap_or(rest.len());
            let run = &rest[..end];
            for (at, _) in run.char_indices() {
                let end = run[at..].char_indices().nth(size).map_or(run.len(), |(end, _)| at + end);
                see(Token::Gram(&run[at..end]));
            }
            rest = &rest[end..];
        } else if c.is_alphanumeric() {
            buffer.clear();
            let mut end = rest.len();
            for (at, c) in rest.char_indices() {
                if is_unseen(c) || joins(rest, at) || is_hard_sign(rest, at, c) {
                    continue;
                }
                if gram(c) > 0 || !(c.is_alphanumeric() || is_combining_mark(c)) {
                    end = at;
                    break;
                }
                buffer.extend(c.to_lowercase());
            }
            see_word(buffer, &mut see);
            rest = &rest[end..];
        } else {
            rest = &rest[c.len_utf8()..];
        }
    }
}

/// The same of a text whose letters take a byte each.
fn divide_ascii(text: &str, buffer: &mut String, mut see: impl FnMut(Token<'_>)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        buffer.clear();
        let from = at;
        while at < bytes.len() {
            if bytes[at].is_ascii_alphanumeric() {
                buffer.push(char::from(bytes[at].to_ascii_lowercase()));
            } else if !joins(&text[from..], at - from) {
                break;
            }
            at += 1;
        }
        see_word(buffer, &mut see);
    }
}

/// A letter alone says nothing; a digit may.
fn see_word(word: &str, see: &mut impl FnMut(Token<'_>)) {
    let mut letters = word.chars();
    let is_one_letter = letters.next().is_some_and(|c| !c.is_numeric()) && letters.next().is_none();
    if !word.is_empty() && !is_one_letter {
        see(Token::Word(word));
    }
}

/// Whether the full stop at `at` stands within an abbreviation such as "U.S.": between single letters.
fn joins(word: &str, at: usize) -> bool {
    if word.as_bytes()[at] != b'.' {
        return false;
    }
    let mut before = word[..at].chars().rev();
    let mut after = word[at + 1..].chars();
    let is_single = |first: Option<char>, second: Option<char>| {
        first.is_some_and(char::is_alphabetic) && !second.is_some_and(|c| c.is_alphanumeric() || is_combining_mark(c))
    };
    is_single(before.next(), before.next()) && is_single(after.next(), after.next())
}

/// Whether the apostrophe at `at` stands within a Cyrillic word, as in Ukrainian.
fn is_hard_sign(word: &str, at: usize, c: char) -> bool {
    let is_cyrillic = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{400}'..='\u{52f}'));
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}')
        && is_cyrillic(word[..at].chars().next_back())
        && is_cyrillic(word[at + c.len_utf8()..].chars().next())
}

/// How words of a language are brought to their stems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stemmer {
    /// By an algorithm of the Snowball project.
    Snowball(Algorithm),
    /// Ukrainian, for which that project has none.
    Ukrainian,
    /// Not at all.
    None,
}

impl Stemmer {
    /// The one for a BCP 47 tag.
    pub fn of(tag: &str) -> Self {
        let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Stemmer::Snowball(match language.as_str() {
            "ar" => Algorithm::Arabic,
            "ca" => Algorithm::Catalan,
            "da" => Algorithm::Danish,
            "de" => Algorithm::German,
            "el" => Algorithm::Greek,
            "en" => Algorithm::English,
            "eo" => Algorithm::Esperanto,
            "es" => Algorithm::Spanish,
            "et" => Algorithm::Estonian,
            "eu" => Algorithm::Basque,
            "fi" => Algorithm::Finnish,
            "fr" => Algorithm::French,
            "ga" => Algorithm::Irish,
            "hi" => Algorithm::Hindi,
            "hu" => Algorithm::Hungarian,
            "hy" => Algorithm::Armenian,
            "id" => Algorithm::Indonesian,
            "it" => Algorithm::Italian,
            "lt" => Algorithm::Lithuanian,
            "nb" | "nn" | "no" => Algorithm::Norwegian,
            "ne" => Algorithm::Nepali,
            "nl" => Algorithm::Dutch,
            "pt" => Algorithm::Portuguese,
            "ro" => Algorithm::Romanian,
            "ru" => Algorithm::Russian,
            "sr" => Algorithm::Serbian,
            "sv" => Algorithm::Swedish,
            "ta" => Algorithm::Tamil,
            "tr" => Algorithm::Turkish,
            "yi" => Algorithm::Yiddish,
            "uk" => return Stemmer::Ukrainian,
            _ => return Stemmer::None,
        })
    }

    /// The stem of a lower-case word.
    pub fn stem(self, word: &str) -> Cow<'_, str> {
        match self {
            // A number is its own stem.
            _ if word.bytes().any(|byte| byte.is_ascii_digit()) => Cow::Borrowed(word),
            // The algorithm takes other endings off a word that has the article: so every word has it.
            Stemmer::Snowball(Algorithm::Arabic) if !word.starts_with("ال") => {
                Cow::Owned(waken_snowball::stem(Algorithm::Arabic, &format!("ال{word}")).into_owned())
            }
            Stemmer::Snowball(algorithm) => waken_snowball::stem(algorithm, word),
            Stemmer::Ukrainian => ukrainian(word),
            Stemmer::None => Cow::Borrowed(word),
        }
    }
}

/// Endings of Ukrainian nouns and adjectives, longer ones first.
const UKRAINIAN: [&str; 33] = [
    "ові", "еві", "єві", "ами", "ями", "ого", "ому", "ими", "іми", "ією", "ів", "їв", "ий", "ій", "їй", "их", "им",
    "ах", "ях", "ам", "ям", "ом", "ем", "єм", "ою", "ею", "єю", "ія", "ії", "ію", "а", "у", "и",
];
/// Single letters that end a word and say no more than its case.
const UKRAINIAN_ENDS: [&str; 9] = ["і", "я", "ю", "е", "є", "о", "ї", "й", "ь"];

/// A light stem: the case ending goes, where a word remains; and `ц` is `к`, as it is in some cases of a word that has it.
fn ukrainian(word: &str) -> Cow<'_, str> {
    let long_enough = |stem: &&str| stem.chars().count() >= 3;
    let endings = UKRAINIAN.iter().chain(&UKRAINIAN_ENDS);
    let mut endings = endings.filter_map(|end| word.strip_suffix(end).filter(long_enough));
    let stem = endings.next().unwrap_or(word);
    match stem.strip_suffix('ц') {
        Some(rest) => Cow::Owned(format!("{rest}к")),
        None => Cow::Borrowed(stem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        divide(text, &mut String::new(), |token| match token {
            Token::Word(word) => found.push(fold(word).into_owned()),
            Token::Gram(gram) => found.push(fold(gram).into_owned()),
        });
        found
    }

    #[test]
    fn words_of_many_scripts() {
        assert_eq!(tokens("The U.S., e.g. in Genève."), ["the", "us", "eg", "in", "geneve"]);
        assert_eq!(tokens("U.S. and Russia's 5 talks"), ["us", "and", "russia", "5", "talks"]);
        assert_eq!(tokens("Ministère de l’Économie"), ["ministere", "de", "economie"]);
        assert_eq!(tokens("Straße ЖІНКИ Йти об’єкт"), ["strasse", "жінки", "ити", "обєкт"]);
        assert_eq!(tokens("الحُكُومة"), ["الحكومه"]);
        assert_eq!(tokens("हिन्दी में"), ["हिन्दी", "में"]);
        assert_eq!(tokens("ｆｕｌｌ ﬁne"), ["full", "fine"]);
        assert_eq!(tokens("e\u{301}te\u{301}"), ["ete"]);
    }

    #[test]
    fn scripts_without_spaces_go_by_their_letters() {
        assert_eq!(tokens("日本の首相"), ["日本", "本の", "の首", "首相", "相"]);
        assert_eq!(tokens("2022年1月"), ["2022", "年", "1", "月"]);
        assert_eq!(tokens("ไทย"), ["ไทย", "ทย", "ย"]);
        assert_eq!(tokens("한국어"), ["한국", "국어", "어"]);
    }

    #[test]
    fn words_that_mean_the_same_have_one_stem() {
        let same = |tag: &str, words: &[&str]| {
            let stems: Vec<String> = words.iter().map(|word| Stemmer::of(tag).stem(word).into_owned()).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{tag}: {stems:?}");
        };
        same("en-GB", &["talk", "talks", "talked", "talking"]);
        same("de", &["verhandlung", "verhandlungen"]);
        same("fr", &["négociation", "négociations"]);
        same("es", &["elección", "elecciones"]);
        same("ru", &["война", "войны", "войну", "войне"]);
        same("uk", &["війна", "війни", "війну", "війною"]);
        same("uk", &["річка", "річки", "річці", "річкою"]);
        same("hi", &["चुनाव", "चुनावों"]);
        same("ar", &["الانتخابات", "انتخابات"]);
    }
}
