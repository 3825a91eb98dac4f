//! A text by its letters alone, to be compared whatever its case, its punctuation and its blanks.

/// Adds the characters of a text that are kept, in small letters; says how many they were. `is_kept` is asked of letters and of
/// what is none.
pub fn fold(out: &mut Vec<u8>, text: &str, is_kept: impl Fn(char) -> bool) -> usize {
    let bytes = text.as_bytes();
    let mut count = 0;
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().position(|b| !b.is_ascii()).map_or(bytes.len(), |n| at + n);
        // Every byte is written and only what is kept counts: what comes next cannot be guessed, so a branch would cost more.
        let from = out.len();
        let mut end = from;
        out.resize(from + run - at, 0);
        for byte in &bytes[at..run] {
            out[end] = byte.to_ascii_lowercase();
            end += usize::from(is_kept(char::from(*byte)));
        }
        out.truncate(end);
        count += end - from;
        at = run;
        for c in text[run..].chars().take_while(|c| !c.is_ascii()) {
            at += c.len_utf8();
            if is_kept(c) {
                count += 1;
                for small in c.to_lowercase() {
                    out.extend_from_slice(small.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_in_small_letters() {
        for text in ["", "A", "…", "Straße, ÀÉ 12!", "“Quoted” – İstanbul’da 3 kişi", "дом 東京タワー X", "É"] {
            for is_kept in [char::is_alphabetic as fn(char) -> bool, char::is_alphanumeric] {
                let mut out = b"before".to_vec();
                let count = fold(&mut out, text, is_kept);
                let kept: String = text.chars().filter(|c| is_kept(*c)).collect();
                let small: String = kept.chars().flat_map(char::to_lowercase).collect();
                assert_eq!((String::from_utf8(out).unwrap(), count), (format!("before{small}"), kept.chars().count()));
            }
        }
    }
}
