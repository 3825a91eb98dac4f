//! The words of a built file, whatever its format: what a reader, a program or a search engine can take out of it.

use std::borrow::Cow;

use html5gum::{Token, Tokenizer};
use mail_parser::{MessageParser, MimeHeaders as _, PartType};
use percent_encoding::percent_decode_str;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::{
    diagnostic::Span,
    fingerprint::short,
    parse::words::{is_unseen, stands_alone},
    unpack,
};

/// Markup in text in markup: an Atom feed in HTML has two; more are nobody's.
const DEPTH: usize = 3;
/// Bytes that a packed file may have when it is unpacked.
const UNPACKED: u64 = 1 << 30;

/// A word as comparisons see it: of its hash, 31 bits; the lowest bit says that it is one letter of a script without spaces.
pub type Word = u32;

/// What a word counts in half words: a letter of a script without spaces stands for about half of one.
pub fn weight(word: Word) -> usize {
    if word & 1 == 1 { 1 } else { 2 }
}

/// The words of plain text, without case, accents' encoding, punctuation and typography, and where each stands.
pub fn read_words(text: &str, words: &mut Vec<Word>, mut place: impl FnMut(Span)) {
    let mut folded = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        folded.clear();
        folded.extend(c.to_lowercase());
        let mut end = start + c.len_utf8();
        let is_alone = stands_alone(c);
        while let Some((at, c)) = chars.next_if(|(_, c)| !is_alone && c.is_alphanumeric() && !stands_alone(*c)) {
            folded.extend(c.to_lowercase());
            end = at + c.len_utf8();
        }
        words.push((short(&folded) as u32) << 1 | u32::from(is_alone));
        place(start..end);
    }
}

/// Text in one form, whichever way its letters are encoded, without what stands within words and is not seen.
pub fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes && !text.contains(is_unseen) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !is_unseen(*c)).nfkc().collect())
}

/// Shows every run of text of a file, with where it stands in it. Nothing is passed over: what is not known is read as text.
pub fn read(path: &str, bytes: &[u8], see: &mut dyn FnMut(&str, &str)) {
    let extension = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if matches!(extension.as_str(), "gz" | "svgz") {
        if let Ok(unpacked) = unpack::gunzip(bytes, UNPACKED) {
            let inner = path.rsplit_once('.').map_or(path, |(inner, _)| inner);
            let inner = if extension == "svgz" { "image.svg" } else { inner };
            read(inner, &unpacked.bytes, see);
        }
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    match extension.as_str() {
        "html" | "htm" | "xhtml" => read_markup(&text, "text", DEPTH, see),
        "xml" | "atom" | "rss" | "svg" | "opml" => read_markup(&without_cdata(&text), "text", DEPTH, see),
        "json" | "js" | "mjs" | "webmanifest" => read_plain(&unescaped(&text), "a string", DEPTH, see),
        "eml" => {
            read_plain(&text, "text", DEPTH, see);
            read_mail(bytes, see);
        }
        "ics" | "vcf" => {
            // A long line goes on after a line break and a space; RFC 5545 escapes commas and line breaks.
            let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "").replace("\n ", "");
            read_plain(&unfolded.replace("\\n", " ").replace("\\N", " ").replace('\\', ""), "a property", DEPTH, see);
        }
        _ => read_plain(&text, "text", DEPTH, see),
    }
}

/// A mail: its headers and every part of it, as whoever reads it gets them.
fn read_mail(bytes: &[u8], see: &mut dyn FnMut(&str, &str)) {
    let Some(mail) = MessageParser::default().parse(bytes) else { return };
    for header in mail.headers() {
        if let Some(text) = header.value.as_text() {
            read_plain(text, "a header", DEPTH, see);
        }
    }
    for part in &mail.parts {
        match &part.body {
            PartType::Text(text) => read_plain(text, "the mail's text", DEPTH, see),
            PartType::Html(html) => read_markup(html, "the mail's page", DEPTH, see),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                let name = part.attachment_name().unwrap_or_default();
                // A mail in a mail is read as deep as mails go.
                read(name, bytes, see);
            }
            PartType::Message(inner) => read_mail(inner.raw_message(), see),
            PartType::Multipart(_) => {}
        }
    }
}

/// Plain text, which may be markup that somebody will read as such.
fn read_plain(text: &str, place: &str, depth: usize, see: &mut dyn FnMut(&str, &str)) {
    see(place, text);
    if depth > 0 && text.contains(['<', '&']) {
        read_markup(text, place, depth - 1, see);
    }
}

/// HTML or XML: its text as one run whatever stands between the words, and each attribute, script and comment by itself.
fn read_markup(text: &str, place: &str, depth: usize, see: &mut dyn FnMut(&str, &str)) {
    let mut main = String::with_capacity(text.len() / 2);
    // Marks of notes stand at words and are none.
    let mut raised = String::new();
    let mut script = String::new();
    let (mut in_script, mut in_raised) = (false, false);
    // A string has no input errors, so every token is there.
    for Ok(token) in Tokenizer::new(text) {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                in_script = name == "script" && !tag.self_closing;
                in_raised |= name == "sup" && !tag.self_closing;
                for (attribute, value) in &tag.attributes {
                    let value = String::from_utf8_lossy(value);
                    let attribute = String::from_utf8_lossy(attribute);
                    let place = format!("the attribute `{attribute}` of <{name}>");
                    let value =
                        if value.contains('%') { percent_decode_str(&value).decode_utf8_lossy() } else { value };
                    read_plain(&value, &place, depth, see);
                }
                if !is_within_words(&name) {
                    main.push(' ');
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name);
                if name == "script" {
                    in_script = false;
                }
                if name == "sup" {
                    in_raised = false;
                    raised.push(' ');
                }
                if !is_within_words(&name) {
                    main.push(' ');
                }
            }
            Token::String(string) => {
                let target = if in_script {
                    &mut script
                } else if in_raised {
                    &mut raised
                } else {
                    &mut main
                };
                target.push_str(&String::from_utf8_lossy(&string));
            }
            Token::Comment(comment) => read_plain(&String::from_utf8_lossy(&comment), "a comment", depth, see),
            _ => {}
        }
    }
    if !script.is_empty() {
        read_plain(&unescaped(&script), "a script", depth, see);
    }
    if !raised.is_empty() {
        see(place, &raised);
    }
    // What holds no markup after all was seen already.
    if main != text {
        read_plain(&main, place, depth, see);
    }
}

/// Whether an element can stand in the middle of a word.
fn is_within_words(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "cite"
            | "code"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "u"
            | "var"
            | "wbr"
    )
}

/// XML whose `CDATA` sections are written as other text is.
fn without_cdata(text: &str) -> Cow<'_, str> {
    if !text.contains("<![CDATA[") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, section)) = rest.split_once("<![CDATA[") {
        let (inner, after) = section.split_once("]]>").unwrap_or((section, ""));
        out.push_str(before);
        out.push_str(&inner.replace('&', "&amp;").replace('<', "&lt;"));
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Text of JSON or a script with what its escapes mean.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut buffer = [0; 2];
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut buffer));
            continue;
        }
        let Some(escape) = rest.chars().next() else { break };
        rest = &rest[escape.len_utf8()..];
        let digits = match escape {
            'u' => 4,
            'x' => 2,
            _ => 0,
        };
        let unit = rest.get(..digits).filter(|_| digits > 0).and_then(|hex| u16::from_str_radix(hex, 16).ok());
        match (unit, escape) {
            (Some(unit), _) => {
                units.push(unit);
                rest = &rest[digits..];
            }
            (None, 'n' | 't' | 'r' | 'b' | 'f') => units.push(u16::from(b' ')),
            (None, other) => units.extend_from_slice(other.encode_utf16(&mut buffer)),
        }
    }
    Cow::Owned(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(path: &str, text: &str) -> Vec<String> {
        let mut seen = Vec::new();
        read(path, text.as_bytes(), &mut |_, text| {
            let normal = normal(text);
            let (mut words, mut spelt) = (Vec::new(), Vec::new());
            read_words(&normal, &mut words, |span| spelt.push(normal[span].to_lowercase()));
            seen.push(spelt.join(" "));
        });
        seen
    }

    #[test]
    fn words_come_out_of_every_format_the_same() {
        let words = "the café s quay was shut";
        for (path, text) in [
            ("a.html", "<p>The c<b>af</b>&eacute;’s</p><p>quay<sup>1</sup> was shut"),
            ("a.html", "<meta content='The cafe\u{301}&#39;s quay was shut'>"),
            ("a.html", "<a href='mailto:x?body=The%20caf%C3%A9%27s%20quay%20was%20shut'>"),
            ("a.html", "<script type=\"application/ld+json\">{\"a\":\"The caf\\u00e9's quay\\nwas shut\"}</script>"),
            ("a.html", "<!-- The CAFÉ's quay was shut -->"),
            ("a.atom", "<summary>&lt;p&gt;The caf&amp;eacute;'s &lt;i&gt;quay&lt;/i&gt; was shut&lt;/p&gt;</summary>"),
            ("a.rss", "<d><![CDATA[<p>The caf&eacute;'s <i>quay</i> was shut</p>]]></d>"),
            ("a.json", "{\"h\":\"<p title=\\\"The caf&eacute;'s quay was shut\\\">\"}"),
            ("a.ics", "SUMMARY:The café's q\r\n uay\\, was\\nshut"),
            ("a.svg", "<svg><text>The café's <tspan>quay</tspan> was shut</text></svg>"),
            (
                "a.eml",
                "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
                 Content-Transfer-Encoding: quoted-printable\r\n\r\nThe caf=C3=A9's qu=\r\nay was shut\r\n",
            ),
            (
                "a.eml",
                "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\nPHA+VGhlIGNhZsOpJiN4Mjc7cyBx\r\ndWF5IHdhcyBzaHV0PC9wPg==\r\n",
            ),
            ("a.eml", "Subject: =?utf-8?Q?The_caf=C3=A9=27s_quay_was_shut?=\r\n\r\nx\r\n"),
            ("a.txt", "The caf\u{e9}\u{ad}'s qu\u{200b}ay — was *shut*"),
        ] {
            assert!(all(path, text).iter().any(|seen| seen.contains(words)), "{path}: {:?}", all(path, text));
        }
    }

    #[test]
    fn letters_of_scripts_without_spaces_count_half() {
        let mut words = Vec::new();
        read_words("港口 open", &mut words, |_| {});
        assert_eq!(words.iter().copied().map(weight).collect::<Vec<_>>(), [1, 1, 2]);
    }
}
