//! Unpacking, never beyond a limit: a few kilobytes can stand for gigabytes.

use std::io::{BufReader, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// What was unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// The bytes, at most as many as the limit.
    pub bytes: Vec<u8>,
    /// Whether that is all there is.
    pub is_whole: bool,
}

/// Unpacks gzip, one member after another, up to `limit` bytes.
///
/// # Errors
/// When nothing at all can be unpacked. What stands before damage is given.
pub fn gunzip(packed: &[u8], limit: u64) -> Result<Unpacked, String> {
    read(MultiGzDecoder::new(packed), limit)
}

/// Unpacks gzip as it is read; how much is for the reader to limit.
pub fn stream(packed: impl Read) -> impl Read {
    MultiGzDecoder::new(BufReader::new(packed))
}

/// Unpacks the body of an HTTP answer by its `Content-Encoding`.
///
/// # Errors
/// For an encoding that is not known here, with a clause that goes after the address.
pub fn decode_body(bytes: Vec<u8>, coding: Option<&str>, limit: u64) -> Result<Unpacked, String> {
    match coding.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Unpacked { bytes, is_whole: true }),
        // Archives often keep the header of an answer that they have unpacked.
        "gzip" | "x-gzip" | "deflate" if looks_like_text(&bytes) => Ok(Unpacked { bytes, is_whole: true }),
        "gzip" | "x-gzip" => gunzip(&bytes, limit),
        // What is called deflate is zlib by the standard, and raw deflate in the wild.
        "deflate" => {
            read(ZlibDecoder::new(&bytes[..]), limit).or_else(|_| read(DeflateDecoder::new(&bytes[..]), limit))
        }
        _ if looks_like_text(&bytes) => Ok(Unpacked { bytes, is_whole: true }),
        other => Err(format!("is packed with `{other}`, which is not read")),
    }
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(512)];
    std::str::from_utf8(head).is_ok_and(|text| !text.contains(|c: char| c.is_control() && !c.is_whitespace()))
}

fn read(decoder: impl Read, limit: u64) -> Result<Unpacked, String> {
    let mut bytes = Vec::new();
    let result = decoder.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if bytes.is_empty()
        && let Err(error) = result
    {
        return Err(format!("cannot be unpacked: {error}"));
    }
    let is_whole = bytes.len() as u64 <= limit;
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Unpacked { bytes, is_whole })
}
