//! A text as words, to compare it with another: case, punctuation, spaces, the form of quotation marks and Markdown's own
//! signs are no part of them.

use crate::diagnostic::Span;

/// The words of a text, each with its bytes in it.
///
/// A word is a run of letters and digits; in scripts that put no spaces between words, each letter is one. A number is one
/// word whatever separates its digits. Addresses of links and tags of HTML are passed over.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

/// The words of a text.
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// A word as comparisons see it: small letters and digits alone.
pub fn fold(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a letter belongs to a script that is written without spaces, so that it is taken for a word by itself.
pub fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}'        // Thai, Lao
        | '\u{1000}'..='\u{109F}'      // Myanmar
        | '\u{1780}'..='\u{17FF}'      // Khmer
        | '\u{3040}'..='\u{30FF}'      // Hiragana, Katakana
        | '\u{3400}'..='\u{9FFF}'      // Han
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a character stands within words and is not seen: soft hyphens, joiners, marks of direction.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

impl Words<'_> {
    fn peek(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The end of what stands at a place and is not read: the address of a link, a tag of HTML.
    fn unread(&self, at: usize, c: char) -> Option<usize> {
        let rest = &self.text[at..];
        if let Some(address) = rest.strip_prefix("](") {
            let line = address.split('\n').next().unwrap_or_default();
            return line.find(')').map(|end| at + 2 + end + 1);
        }
        let is_tag = c == '<' && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        if is_tag { rest.find('>').map(|end| at + end + 1) } else { None }
    }
}

impl Iterator for Words<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        while let Some(c) = self.peek(self.at) {
            if c.is_alphanumeric() {
                break;
            }
            self.at = self.unread(self.at, c).unwrap_or(self.at + c.len_utf8());
        }
        let start = self.at;
        let first = self.peek(start)?;
        self.at += first.len_utf8();
        if stands_alone(first) {
            return Some(start..self.at);
        }
        let mut last = first;
        while let Some(c) = self.peek(self.at) {
            if c.is_alphanumeric() && !stands_alone(c) {
                last = c;
                self.at += c.len_utf8();
                continue;
            }
            // `190,000`, `1.5`, `190 000` with a space that does not break.
            let is_separator = matches!(c, ',' | '.' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\'' | '’');
            let next = self.peek(self.at + c.len_utf8());
            if is_separator && last.is_numeric() && next.is_some_and(char::is_numeric) {
                self.at += c.len_utf8();
                continue;
            }
            break;
        }
        Some(start..self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).map(|span| fold(&text[span])).collect()
    }

    #[test]
    fn what_is_no_word_is_passed_over() {
        assert_eq!(folded("The *quiet*  [port](https://x.test/a-b), <b>again</b>."), ["the", "quiet", "port", "again"]);
        assert_eq!(folded("“Don’t,” she said"), folded("\"Don't\", she said"));
        assert_eq!(folded("a < b and c](open"), ["a", "b", "and", "c", "open"]);
    }

    #[test]
    fn a_number_is_one_word() {
        assert_eq!(
            folded("190,000 or 190\u{202F}000, in 2022, 3.5 m"),
            ["190000", "or", "190000", "in", "2022", "35", "m"]
        );
    }

    #[test]
    fn scripts_without_spaces() {
        assert_eq!(folded("港口 open"), ["港", "口", "open"]);
        assert_eq!(folded("Порт закрито"), ["порт", "закрито"]);
    }
}
