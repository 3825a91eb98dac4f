//! Structured data in scripts: JSON-LD, as schema.org describes it and as pages write it.

use serde_json::{Map, Value};

use super::dom::{Dom, Tag, decode};

/// How many bytes of structured data are read; more is no description of a page.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The objects of a page's JSON-LD.
#[derive(Debug, Default)]
pub struct Linked {
    roots: Vec<Value>,
}

impl Linked {
    /// Reads all scripts of the page that hold JSON-LD. What cannot be read even after mending is left out.
    #[must_use]
    pub fn read(dom: &Dom) -> Linked {
        let mut roots = Vec::new();
        let mut bytes = 0;
        for id in 0..dom.nodes.len() as u32 {
            if dom.node(id).tag != Tag::Script {
                continue;
            }
            let is_it = dom.raw_attr(id, "type").is_some_and(|kind| {
                kind.trim().get(..19).is_some_and(|k| k.eq_ignore_ascii_case("application/ld+json"))
            });
            if !is_it || dom.node(id).end <= id + 1 {
                continue;
            }
            let text = dom.node(id + 1).text;
            bytes += text.len();
            if bytes > MAX_BYTES {
                break;
            }
            parse(text, &mut roots);
        }
        Linked { roots }
    }

    /// Every object, the outer before the inner, in the order of the page.
    #[must_use]
    pub fn objects(&self) -> Vec<&Map<String, Value>> {
        let mut out = Vec::new();
        let mut rest: Vec<&Value> = self.roots.iter().rev().collect();
        while let Some(value) = rest.pop() {
            match value {
                Value::Array(items) => rest.extend(items.iter().rev()),
                Value::Object(object) => {
                    out.push(object);
                    let inner = ["@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "about"];
                    rest.extend(inner[..4].iter().rev().filter_map(|key| object.get(*key)));
                }
                _ => {}
            }
            if out.len() >= 1000 {
                break;
            }
        }
        out
    }

    /// The objects that stand for articles, those of news first.
    #[must_use]
    pub fn articles(&self) -> Vec<&Map<String, Value>> {
        let mut found: Vec<(u8, &Map<String, Value>)> =
            self.objects().into_iter().filter_map(|object| Some((article_rank(object)?, object))).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, object)| object).collect()
    }
}

/// The types of an object, without the vocabulary's address.
pub fn types(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let values = match object.get("@type") {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    values.iter().filter_map(Value::as_str).map(|name| name.rsplit(['/', '#', ':']).next().unwrap_or(name))
}

/// How surely an object is the story: 0 for news, none for what is no article.
fn article_rank(object: &Map<String, Value>) -> Option<u8> {
    types(object)
        .filter_map(|name| match name {
            _ if name.ends_with("NewsArticle") => Some(0),
            "Article"
            | "BlogPosting"
            | "LiveBlogPosting"
            | "Report"
            | "TechArticle"
            | "ScholarlyArticle"
            | "SatiricalArticle"
            | "MedicalScholarlyArticle"
            | "AdvertiserContentArticle" => Some(1),
            "Review"
            | "ClaimReview"
            | "SocialMediaPosting"
            | "DiscussionForumPosting"
            | "Recipe"
            | "HowTo"
            | "CreativeWork"
            | "CriticReview" => Some(2),
            _ => None,
        })
        .min()
}

/// The texts that a value holds: itself, or each of a list.
pub fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![clean(text)],
        Some(Value::Array(items)) => items.iter().flat_map(|item| texts(Some(item))).collect(),
        Some(Value::Object(object)) => texts(object.get("@value")),
        _ => Vec::new(),
    }
}

/// A text as pages put it into JSON: character references resolved, white space collapsed.
pub fn clean(text: &str) -> String {
    let decoded = decode(text);
    // Written twice encoded by some systems.
    let decoded = if decoded.contains("&#") || decoded.contains("&amp;") || decoded.contains("&quot;") {
        decode(&decoded).into_owned()
    } else {
        decoded.into_owned()
    };
    let mut out = String::with_capacity(decoded.len());
    super::dom::push_text(&mut out, &decoded);
    out.truncate(out.trim_end().len());
    out
}

fn parse(text: &str, out: &mut Vec<Value>) {
    let text = bare(text);
    if text.is_empty() {
        return;
    }
    if stream(text, out) {
        return;
    }
    let mended = mend(text);
    if stream(&mended, out) {
        return;
    }
    // Encoded as if it stood in an attribute.
    if mended.contains("&quot;") {
        stream(&mend(&decode(text)), out);
    }
}

/// Reads values up to the end; whether all could be read. Of what breaks off later, the first values are kept.
fn stream(text: &str, out: &mut Vec<Value>) -> bool {
    let before = out.len();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match value {
            Ok(value) => out.push(value),
            Err(_) => return out.len() > before,
        }
    }
    true
}

/// Without what is put around JSON to hide it from old programs.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    for (start, end) in [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"), ("/*<![CDATA[*/", "/*]]>*/")]
    {
        if let Some(rest) = text.strip_prefix(start) {
            text = rest.strip_suffix(end).unwrap_or(rest).trim();
        }
    }
    text.trim_end_matches(';').trim()
}

/// Mends what is most often wrong: raw line ends in texts, commas before a closing bracket, escapes that JSON does not
/// know, comments.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut in_text = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if in_text {
            match c {
                '"' => {
                    // A quotation mark ends a text where the next mark is one of the structure.
                    let mut ahead = chars.clone();
                    let next = ahead.find(|c| !c.is_whitespace());
                    if matches!(next, Some(',' | '}' | ']' | ':') | None) {
                        in_text = false;
                        out.push('"');
                    } else {
                        out.push_str("\\\"");
                    }
                }
                '\\' => match chars.next() {
                    Some(e @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                        out.push('\\');
                        out.push(e);
                    }
                    Some('u') => {
                        let hex: String = chars.clone().take(4).collect();
                        if hex.len() == 4 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                            out.push_str("\\u");
                        } else {
                            out.push('u');
                        }
                    }
                    Some(other) => out.push(other),
                    None => {}
                },
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if c.is_control() => out.push(' '),
                c => out.push(c),
            }
            continue;
        }
        match c {
            '"' => {
                in_text = true;
                out.push('"');
            }
            '}' | ']' => {
                let kept = out.trim_end().trim_end_matches(',').len();
                if out.trim_end().ends_with(',') {
                    out.truncate(kept);
                }
                out.push(c);
            }
            '/' if chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            c => out.push(c),
        }
    }
    out
}
