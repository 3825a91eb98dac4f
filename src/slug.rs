//! The parts of addresses: what can stand between two slashes, and how it is made from any text.

use deunicode::deunicode;

/// A part of an address made from any text: lower-case ASCII letters and digits with single hyphens between.
///
/// Empty when the text has neither letter nor digit.
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    // An apostrophe joins: "Kyiv's" is one word.
    let joined = text.replace(['\'', '’', 'ʼ'], "");
    for c in deunicode(&joined).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Whether `text` can stand between two slashes of an address and be a file's name on every system.
pub fn is_segment(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && !text.starts_with('.')
        && !text.ends_with('.')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || r#"/\:*?"<>|#%&"#.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_in_every_script() {
        assert_eq!(slugify("U.S. and Russia: no breakthrough"), "u-s-and-russia-no-breakthrough");
        assert_eq!(slugify("Kyiv’s answer – “no”"), "kyivs-answer-no");
        assert_eq!(slugify("Переговори в Женеві"), "peregovori-v-zhenevi");
        assert_eq!(slugify("…"), "");
    }

    #[test]
    fn segments_never_leave_their_folder() {
        for bad in ["", ".", "..", "../x", "a/b", "a\\b", "a b", "a?b", "a#b", "CON:", "a%2Fb"] {
            assert!(!is_segment(bad), "{bad}");
        }
        assert!(is_segment("2022-01"));
        assert!(is_segment("переговори"));
    }
}
