//! Web archives (WARC, ISO 28500) → pages. Read as a stream, record by record, so that an archive may be of any size.

use std::io::{BufRead, Read};

use url::Url;

use super::{Headers, MAX_BYTES, Piece, Source, moment};
use crate::unpack::decode_body;

/// The pages of an archive.
pub(super) struct Warc<R> {
    reader: R,
    is_done: bool,
    today: jiff::civil::Date,
}

/// What the header of a record may be, at most.
const MAX_HEADER: u64 = 64 * 1024;

impl<R: BufRead> Warc<R> {
    pub fn new(reader: R, today: jiff::civil::Date) -> Self {
        Warc { reader, is_done: false, today }
    }

    /// The next header's lines as names in small letters and values. `None` at the end.
    fn header(&mut self) -> Result<Option<Headers>, String> {
        let mut lines = Lines { reader: &mut self.reader, left: MAX_HEADER };
        let version = loop {
            match lines.next()? {
                None => return Ok(None),
                Some(line) if line.trim().is_empty() => {}
                Some(line) => break line,
            }
        };
        if !version.starts_with("WARC/") {
            return Err("is damaged: a record does not begin where it should".to_owned());
        }
        let mut headers = Headers::new();
        loop {
            let Some(line) = lines.next()? else { return Err(CUT.to_owned()) };
            if line.trim().is_empty() {
                return Ok(Some(headers));
            }
            if line.starts_with([' ', '\t'])
                && let Some((_, value)) = headers.last_mut()
            {
                value.push(' ');
                value.push_str(line.trim());
            } else if let Some((name, value)) = line.split_once(':') {
                headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }

    fn page(&mut self) -> Result<Option<Piece>, String> {
        while let Some(headers) = self.header()? {
            let of = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            let length: u64 = of("content-length")
                .and_then(|text| text.parse().ok())
                .ok_or("is damaged: a record does not tell its length")?;
            let kind = of("warc-type").unwrap_or_default();
            let uri = of("warc-target-uri").map(|uri| uri.trim_matches(['<', '>']).to_owned());
            let url = uri
                .as_deref()
                .and_then(|uri| Url::parse(uri).ok())
                .filter(|url| matches!(url.scheme(), "http" | "https"));
            let is_wanted = matches!(kind, "response" | "resource") && url.is_some();
            let mut record = (&mut self.reader).take(length);
            if !is_wanted || length > MAX_BYTES {
                let skipped = std::io::copy(&mut record, &mut std::io::sink()).map_err(cut)?;
                if skipped < length {
                    return Err(CUT.to_owned());
                }
                continue;
            }
            let mut bytes = Vec::new();
            record.read_to_end(&mut bytes).map_err(cut)?;
            if (bytes.len() as u64) < length {
                return Err(CUT.to_owned());
            }
            let date = of("warc-date").and_then(|text| moment::day_of(text, self.today));
            let (http, body) = if kind == "response" {
                match answer(&bytes) {
                    Some(answer) => answer,
                    None => continue,
                }
            } else {
                (vec![("content-type".to_owned(), of("content-type").unwrap_or_default().to_owned())], bytes)
            };
            if !is_page(&http, &body) {
                continue;
            }
            let url = url.as_ref().map(super::address::of_page);
            let source = Source { url, headers: http, retrieved: date, is_one_of_many: true };
            return Ok(Some(Piece { place: uri.unwrap_or_default(), bytes: body, source }));
        }
        Ok(None)
    }
}

const CUT: &str = "is cut short: the last record is not whole";

fn cut(error: std::io::Error) -> String {
    format!("is damaged: {error}")
}

impl<R: BufRead> Iterator for Warc<R> {
    type Item = Result<Piece, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let page = self.page().transpose();
        // After damage there is no telling where the next record begins.
        self.is_done = !matches!(page, Some(Ok(_)));
        page
    }
}

struct Lines<'r, R> {
    reader: &'r mut R,
    left: u64,
}

impl<R: BufRead> Lines<'_, R> {
    fn next(&mut self) -> Result<Option<String>, String> {
        let mut line = Vec::new();
        let read = self.reader.take(self.left).read_until(b'\n', &mut line).map_err(cut)?;
        self.left = self.left.saturating_sub(read as u64);
        if read == 0 {
            return if self.left == 0 {
                Err("is damaged: a record's header does not end".to_owned())
            } else {
                Ok(None)
            };
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// The headers and the unpacked body of a good HTTP answer.
fn answer(bytes: &[u8]) -> Option<(Headers, Vec<u8>)> {
    let (head, body) = split_head(bytes)?;
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next()?.split_whitespace().nth(1)?;
    if !status.starts_with('2') {
        return None;
    }
    let headers: Headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let of = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let is_chunked = of("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let body = if is_chunked { unchunked(body).unwrap_or_else(|| body.to_vec()) } else { body.to_vec() };
    let body = decode_body(body, of("content-encoding"), MAX_BYTES).ok()?.bytes;
    Some((headers, body))
}

fn split_head(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let window = &bytes[..bytes.len().min(256 * 1024)];
    let crlf = window.windows(4).position(|four| four == b"\r\n\r\n").map(|at| (at, at + 4));
    let lf = window.windows(2).position(|two| two == b"\n\n").map(|at| (at, at + 2));
    let (end, start) = crlf.into_iter().chain(lf).min()?;
    Some((&bytes[..end], &bytes[start..]))
}

/// The body of an answer that was sent in chunks; `None` where it was not, whatever its header says.
fn unchunked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let line_end = rest.iter().take(64).position(|b| *b == b'\n')?;
        let size = std::str::from_utf8(&rest[..line_end]).ok()?.trim().split(';').next()?;
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[line_end + 1..];
        if size == 0 {
            return Some(out);
        }
        if size >= rest.len() {
            // Cut short: what is there is kept.
            out.extend_from_slice(rest);
            return Some(out);
        }
        out.extend_from_slice(&rest[..size]);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

fn is_page(headers: &[(String, String)], body: &[u8]) -> bool {
    let kind = headers
        .iter()
        .find(|(name, _)| name == "content-type")
        .map(|(_, value)| value.to_ascii_lowercase())
        .unwrap_or_default();
    let may_be = kind.is_empty() || kind.contains("html") || kind.contains("text/plain");
    may_be && super::recognise(body) == super::Format::Html
}
