//! What an input says of its use, beyond its page: HTTP headers, and the sentences of feeds.

use super::story::{Display, Rights, Story};

/// Adds to a story's rights what came with it in HTTP headers: `X-Robots-Tag`, `TDM-Reservation` and `TDM-Policy` (the W3C
/// community's TDM Reservation Protocol), and `Link: …; rel=license`.
pub fn from_headers(headers: &[(String, String)], story: &mut Story) {
    let rights = &mut story.rights;
    for (name, value) in headers {
        match name.to_ascii_lowercase().as_str() {
            "x-robots-tag" => robots(value, rights),
            "tdm-reservation" if value.trim() == "1" => say(&mut rights.usage, "tdm-reservation: 1"),
            "tdm-policy" if !value.trim().is_empty() => {
                say(&mut rights.usage, &format!("tdm-policy: {}", value.trim()))
            }
            "link" => {
                if let Some(license) = license_link(value) {
                    rights.license.get_or_insert(spdx(&license));
                }
            }
            _ => {}
        }
    }
}

/// Reads the directives for robots that limit what may be shown. Those for one robot by name are not for us.
fn robots(value: &str, rights: &mut Rights) {
    const KNOWN: [&str; 5] = ["max-snippet", "max-image-preview", "max-video-preview", "unavailable_after", "noai"];
    let value = match value.split_once(':') {
        // `googlebot: noarchive`
        Some((name, _)) if !name.contains(',') && !KNOWN.contains(&name.trim().to_ascii_lowercase().as_str()) => return,
        _ => value,
    };
    for directive in value.split(',') {
        let directive = directive.trim().to_ascii_lowercase();
        match directive.as_str() {
            "noarchive" | "nocache" => limit(rights, Display::Excerpt),
            "nosnippet" | "none" => limit(rights, Display::Headline),
            "noai" | "noimageai" => {}
            _ => {
                let Some(length) = directive.strip_prefix("max-snippet:").and_then(|n| n.trim().parse::<i64>().ok())
                else {
                    continue;
                };
                match length {
                    0 => limit(rights, Display::Headline),
                    1.. => {
                        limit(rights, Display::Excerpt);
                        // The limit counts characters: eight for a word and its blank keep below it.
                        let words = usize::try_from(length / 8).unwrap_or(usize::MAX).max(1);
                        rights.max_words = Some(rights.max_words.map_or(words, |known| known.min(words)));
                    }
                    _ => continue,
                }
            }
        }
        let (name, amount) = directive.split_once(':').unwrap_or((directive.as_str(), ""));
        let clause = if amount.is_empty() { name.to_owned() } else { format!("{}: {}", name.trim(), amount.trim()) };
        say(&mut rights.usage, &clause);
    }
}

/// Takes the stricter of what is known and what is said now.
fn limit(rights: &mut Rights, display: Display) {
    let strictness = |display: Display| match display {
        Display::Full => 0,
        Display::Excerpt => 1,
        Display::Headline => 2,
    };
    if rights.display.is_none_or(|known| strictness(known) < strictness(display)) {
        rights.display = Some(display);
    }
}

/// Adds a clause to the words on use, once.
pub(super) fn say(usage: &mut Option<String>, clause: &str) {
    match usage {
        Some(known) if known.split("; ").any(|part| part == clause) => {}
        Some(known) => {
            known.push_str("; ");
            known.push_str(clause);
        }
        None => *usage = Some(clause.to_owned()),
    }
}

/// The address of the licence in a `Link` header (RFC 8288).
fn license_link(value: &str) -> Option<String> {
    value.split(",").find_map(|link| {
        let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_license = parameters.split(';').any(|parameter| {
            let Some((key, rels)) = parameter.split_once('=') else { return false };
            key.trim().eq_ignore_ascii_case("rel")
                && rels.trim().trim_matches('"').split_whitespace().any(|rel| rel.eq_ignore_ascii_case("license"))
        });
        is_license.then(|| address.to_owned())
    })
}

/// The SPDX identifier of a Creative Commons licence, by its address; any other licence as it is.
pub(super) fn spdx(license: &str) -> String {
    let lower = license.to_ascii_lowercase();
    let parts = lower.split_once("creativecommons.org/").map(|(_, path)| path.split('/').collect::<Vec<_>>());
    match parts.as_deref() {
        Some(["licenses", kind, version, ..])
            if !kind.is_empty() && version.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            format!("CC-{}-{version}", kind.to_ascii_uppercase())
        }
        Some(["publicdomain", "zero", ..]) => "CC0-1.0".to_owned(),
        _ => license.trim().to_owned(),
    }
}

/// The Creative Commons licence that a sentence names, by its address or its code.
pub(super) fn license_in(text: &str) -> Option<String> {
    if let Some(at) = text.find("creativecommons.org/") {
        let rest: String =
            text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "./-_".contains(*c)).collect();
        return Some(spdx(&format!("https://{}", rest.trim_end_matches('.'))));
    }
    let upper = text.to_ascii_uppercase();
    let words: Vec<&str> = upper
        .split(|c: char| c.is_whitespace() || c == ',' || c == '(' || c == ')')
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let code = if *word == "CC" { format!("CC-{}", words.get(at + 1)?) } else { (*word).to_owned() };
        let is_code = ["CC-BY", "CC0"].iter().any(|start| code.starts_with(start))
            && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
        if !is_code {
            return None;
        }
        let version =
            words[at + 1..].iter().take(2).find(|word| matches!(**word, "4.0" | "3.0" | "2.5" | "2.0" | "1.0"));
        Some(match version {
            Some(version) if !code.ends_with(version) => format!("{code}-{version}"),
            _ => code,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&str, &str)]) -> Rights {
        let mut story = Story::empty(&super::super::Context::on(jiff::civil::Date::constant(2026, 1, 2)));
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        from_headers(&headers, &mut story);
        story.rights
    }

    #[test]
    fn headers_limit_what_is_shown() {
        let found = of(&[("x-robots-tag", "noarchive, max-snippet:120"), ("tdm-reservation", "1")]);
        assert_eq!(found.display, Some(Display::Excerpt));
        assert_eq!(found.max_words, Some(15));
        assert_eq!(found.usage.as_deref(), Some("noarchive; max-snippet: 120; tdm-reservation: 1"));
        assert_eq!(
            of(&[("x-robots-tag", "nosnippet"), ("x-robots-tag", "noarchive")]).display,
            Some(Display::Headline)
        );
        assert_eq!(of(&[("x-robots-tag", "otherbot: noarchive"), ("tdm-reservation", "0")]), Rights::default());
        assert_eq!(of(&[("x-robots-tag", "max-snippet:-1, max-image-preview:large")]), Rights::default());
        let link =
            r#"<https://example.org/next>; rel="next", <https://creativecommons.org/licenses/by/4.0/>; rel="license""#;
        assert_eq!(of(&[("link", link)]).license.as_deref(), Some("CC-BY-4.0"));
    }

    #[test]
    fn licences_in_sentences() {
        let found = |text: &str| license_in(text);
        assert_eq!(found("Licensed under CC BY-SA 4.0.").as_deref(), Some("CC-BY-SA-4.0"));
        assert_eq!(found("See http://creativecommons.org/licenses/by/3.0/ for more.").as_deref(), Some("CC-BY-3.0"));
        assert_eq!(found("© 2022 The Gazette. All rights reserved."), None);
    }
}
