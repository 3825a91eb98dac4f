//! From a page's bytes to its text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::import::recognise::mostly_utf8;

/// How far into a page its own statement of the encoding is looked for; the HTML standard asks for 1024 bytes, and pages
/// put scripts first.
const LOOK: usize = 16 * 1024;

/// Decodes a page: by its byte order mark, else as UTF-8 if it is that throughout, else as stated by `http_charset`, else as
/// stated in the page (`<meta charset>`), else as detected from the bytes. Returns the name of the encoding.
///
/// Valid UTF-8 comes before any statement: saved pages keep the statement of the encoding that they were served in, and
/// text in another encoding is hardly ever valid UTF-8 by chance.
#[must_use]
pub fn decode(bytes: &[u8], http_charset: Option<&str>) -> (String, &'static str) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_with_bom_removal(bytes);
        return (text.into_owned(), encoding.name());
    }
    if let Some(encoding) = utf16(bytes) {
        return (encoding.decode_without_bom_handling(bytes).0.into_owned(), encoding.name());
    }
    let escapes = bytes.contains(&0x1b);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) if !escapes => return (text.to_owned(), UTF_8.name()),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    let stated = http_charset.and_then(|label| Encoding::for_label(label.trim().as_bytes())).or_else(|| stated(bytes));
    // Damaged, or cut in the middle of a character: a few bad bytes do not make it another encoding.
    let is_utf8 = stated.is_none_or(|encoding| encoding == UTF_8)
        && error.is_none_or(|error| error.error_len().is_none() || mostly_utf8(bytes));
    if is_utf8 && !escapes {
        let name =
            if error.is_none_or(|e| e.error_len().is_none()) { UTF_8.name() } else { "UTF-8 with damaged characters" };
        return (String::from_utf8_lossy(bytes).into_owned(), name);
    }
    let encoding = match stated {
        // What calls itself UTF-8 and is not.
        Some(encoding) if encoding != UTF_8 => encoding,
        _ => detected(bytes),
    };
    if encoding == WINDOWS_1252 && error.is_some() && mostly_utf8(bytes) {
        return (String::from_utf8_lossy(bytes).into_owned(), "UTF-8 with damaged characters");
    }
    (encoding.decode_without_bom_handling(bytes).0.into_owned(), encoding.name())
}

/// UTF-16 without a byte order mark, by the zero bytes of its first markup.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(64)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 5 > head.len() * 2;
    match (head.len() >= 8, zeros(0), zeros(1)) {
        (true, true, false) => Some(UTF_16BE),
        (true, false, true) => Some(UTF_16LE),
        _ => None,
    }
}

fn detected(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(1 << 20)], true);
    detector.guess(None, Utf8Detection::Allow)
}

/// `charset=` in a `<meta>` or an XML declaration near the start.
fn stated(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(LOOK)];
    let lower = head.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'<', &lower[from..]).map(|at| at + from) {
        let tag = &lower[at..];
        let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
        let tag = &tag[..end];
        let key: &[u8] = match () {
            () if tag.starts_with(b"<meta") => b"charset",
            () if tag.starts_with(b"<?xml") => b"encoding",
            () if tag.starts_with(b"<body") => return None,
            () => b"",
        };
        if !key.is_empty()
            && let Some(found) = memchr::memmem::find(tag, key)
        {
            let label = tag[found + key.len()..].trim_ascii_start();
            if let Some(label) = label.strip_prefix(b"=") {
                let label = label.trim_ascii_start();
                let label = label.strip_prefix(b"\"").or_else(|| label.strip_prefix(b"'")).unwrap_or(label);
                let end =
                    label.iter().position(|b| matches!(b, b'"' | b'\'' | b';' | b'/' | b' ')).unwrap_or(label.len());
                // A page that can be read for this statement is not in UTF-16.
                match Encoding::for_label(&label[..end]) {
                    Some(e) if e == UTF_16LE || e == UTF_16BE => return Some(UTF_8),
                    Some(e) => return Some(e),
                    None => {}
                }
            }
        }
        from = at + 1;
    }
    None
}
