//! `robots.txt`, as RFC 9309 has it.

use url::Url;

use super::PRODUCT;

/// What is read of a file; the RFC asks for 500 KiB at least.
pub(super) const MAX_BYTES: u64 = 512 * 1024;

/// The rules of one site for this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// Why the rules could not be had: then nothing may be read.
    trouble: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allows: bool,
    pattern: Vec<u8>,
}

impl Robots {
    /// A site that allows all.
    #[must_use]
    pub fn open() -> Self {
        Robots { rules: Vec::new(), trouble: None }
    }

    /// A site whose rules cannot be had, and why: it allows nothing.
    #[must_use]
    pub fn closed(trouble: impl Into<String>) -> Self {
        Robots { rules: Vec::new(), trouble: Some(trouble.into()) }
    }

    /// Why the rules could not be had.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Reads the file: the groups that name this program, else those for all. Lines that are no rules are passed over.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (mut own, mut all): (Option<Vec<Rule>>, Vec<Rule>) = (None, Vec::new());
        // Which of the two the group at hand belongs to, and whether its user agents are still being named.
        let (mut is_own, mut is_all, mut in_names) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if !in_names {
                        (is_own, is_all, in_names) = (false, false, true);
                    }
                    let token: String =
                        value.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')).collect();
                    if value.starts_with('*') {
                        is_all = true;
                    } else if token.eq_ignore_ascii_case(PRODUCT) {
                        is_own = true;
                        own.get_or_insert_default();
                    }
                }
                key @ ("allow" | "disallow") => {
                    in_names = false;
                    // An empty pattern matches nothing.
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule { allows: key == "allow", pattern: normal(value) };
                    if is_all {
                        all.push(rule.clone());
                    }
                    if is_own {
                        own.get_or_insert_default().push(rule);
                    }
                }
                _ => {}
            }
        }
        Robots { rules: own.unwrap_or(all), trouble: None }
    }

    /// Whether an address may be read: the longest rule that matches decides, and of two as long the one that allows.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        let mut path = url.path().to_owned();
        if path == "/robots.txt" {
            return true;
        }
        if self.trouble.is_some() {
            return false;
        }
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        let path = normal(&path);
        let matching = self.rules.iter().filter(|rule| matches(&rule.pattern, &path));
        matching.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }
}

/// Percent-encoded as far as it must be, so that two spellings of one path are equal.
fn normal(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let decoded = hex.filter(|_| bytes[at] == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match decoded {
            Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') => out.push(byte),
            Some(byte) => out.extend(format!("%{byte:02X}").bytes()),
            None if bytes[at].is_ascii_graphic() => out.push(bytes[at]),
            None => out.extend(format!("%{:02X}", bytes[at]).bytes()),
        }
        at += if decoded.is_some() { 3 } else { 1 };
    }
    out
}

/// Whether a pattern with `*` for anything and `$` for the end matches the start of a path. Linear but for the stars,
/// of which only the last is ever tried again.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let (mut p, mut s) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if p == pattern.len() && (!to_end || s == path.len()) {
            return true;
        }
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p + 1, s));
            p += 1;
        } else if p < pattern.len() && s < path.len() && pattern[p] == path[s] {
            p += 1;
            s += 1;
        } else if let Some((after, tried)) = star.filter(|(_, tried)| *tried < path.len()) {
            star = Some((after, tried + 1));
            p = after;
            s = tried + 1;
        } else {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str, path: &str) -> bool {
        Robots::parse(text.as_bytes()).allows(&Url::parse("https://example.org/").unwrap().join(path).unwrap())
    }

    #[test]
    fn the_group_that_names_us_goes_before_the_one_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: Dateline/2.0\nDisallow: /private\n";
        assert!(allows(text, "/news"));
        assert!(!allows(text, "/private/x"));
        assert!(!allows("user-agent: *\ndisallow: /\n", "/news"));
        assert!(allows("user-agent: datelinebot\ndisallow: /\n", "/news"));
        // Several names share one group, and groups of one name are one.
        let text = "User-agent: other\nUser-agent: dateline\nDisallow: /a\n\nUser-agent: dateline\nDisallow: /b\n";
        assert!(!allows(text, "/a") && !allows(text, "/b") && allows(text, "/c"));
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        let text = "User-agent: *\nDisallow: /news\nAllow: /news/free\nDisallow: /news/free/not\n";
        assert!(!allows(text, "/news/x"));
        assert!(allows(text, "/news/free/x"));
        assert!(!allows(text, "/news/free/not/x"));
        assert!(allows("User-agent: *\nDisallow: /x\nAllow: /x\n", "/x"));
        assert!(allows("User-agent: *\nDisallow:\n", "/x"));
        assert!(allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
    }

    #[test]
    fn stars_ends_and_spellings() {
        let text = "User-agent: *\r\nDisallow: /*.pdf$  # no papers\r\nDisallow: /a*b*c\r\nDisallow: /caf%C3%A9\r\nDisallow: /*?print=\r\n";
        assert!(!allows(text, "/x/y.pdf"));
        assert!(allows(text, "/x/y.pdf?z"));
        assert!(!allows(text, "/a1b2c3"));
        assert!(allows(text, "/a1c2b"));
        assert!(!allows(text, "/café"));
        assert!(!allows(text, "/n?print=1"));
        let stars = format!("User-agent: *\nDisallow: /{}x$\n", "*a".repeat(2000));
        assert!(allows(&stars, &format!("/{}", "a".repeat(4000))));
        assert!(!Robots::closed("answers 503").allows(&Url::parse("https://example.org/").unwrap()));
    }
}
