//! Mailboxes → mails, as a stream. A mail begins at a line `From …` after an empty one; in the mails themselves such lines
//! have a `>` before them (the variant that RFC 4155 calls the default is read, and its relatives).

use std::io::{BufRead, Read as _};

use super::{MAX_BYTES, Piece, Source};

/// The mails of a mailbox.
pub(super) struct Mbox<R> {
    reader: R,
    /// Whether the `From ` line of the next mail was read.
    is_open: bool,
    number: usize,
}

impl<R: BufRead> Mbox<R> {
    pub fn new(reader: R) -> Self {
        Mbox { reader, is_open: false, number: 0 }
    }
}

impl<R: BufRead> Iterator for Mbox<R> {
    type Item = Result<Piece, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut mail: Vec<u8> = Vec::new();
        let mut is_too_large = false;
        let mut was_blank = true;
        loop {
            let mut line = Vec::new();
            // A line without an end must not fill the memory.
            match (&mut self.reader).take(MAX_BYTES).read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    self.is_open = false;
                    return Some(Err(format!("is damaged: {error}")));
                }
            }
            if was_blank && line.starts_with(b"From ") {
                let had_mail = self.is_open && !mail.is_empty();
                self.is_open = true;
                if had_mail {
                    break;
                }
                continue;
            }
            was_blank = line.iter().all(u8::is_ascii_whitespace);
            let quoted = line.iter().take_while(|b| **b == b'>').count();
            let line = if quoted > 0 && line[quoted..].starts_with(b"From ") { &line[1..] } else { &line[..] };
            if mail.len() as u64 + line.len() as u64 > MAX_BYTES {
                is_too_large = true;
            } else {
                mail.extend_from_slice(line);
            }
        }
        if mail.is_empty() {
            return None;
        }
        self.number += 1;
        let place = format!("mail {}", self.number);
        if is_too_large {
            return Some(Err(format!("{place} is larger than 64 MB")));
        }
        Some(Ok(Piece { place, bytes: mail, source: Source { is_one_of_many: true, ..Source::default() } }))
    }
}
