//! A text by its letters alone, to be compared whatever its case, its punctuation and its blanks.

/// Adds the letters of a text as small ones, and its digits where `DIGITS` says so; says how many they were.
pub fn fold<const DIGITS: bool>(out: &mut Vec<u8>, text: &str) -> usize {
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
            let small = byte.to_ascii_lowercase();
            out[end] = small;
            end += usize::from(small.wrapping_sub(b'a') < 26 || DIGITS && small.wrapping_sub(b'0') < 10);
        }
        out.truncate(end);
        count += end - from;
        at = run;
        for c in text[run..].chars().take_while(|c| !c.is_ascii()) {
            at += c.len_utf8();
            let is_kept = if DIGITS { c.is_alphanumeric() } else { c.is_alphabetic() };
            if is_kept {
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
        for text in ["", "A", "…", "Straße, ÀÉ 12!", "“Quoted” – İstanbul’da 3 kişi", "дом 東京タワー X", "É"]
        {
            let folded = |is_kept: fn(char) -> bool, fold: fn(&mut Vec<u8>, &str) -> usize| {
                let mut out = b"before".to_vec();
                let count = fold(&mut out, text);
                let kept: Vec<char> = text.chars().filter(|c| is_kept(*c)).collect();
                let small: String = kept.iter().flat_map(|c| c.to_lowercase()).collect();
                assert_eq!((String::from_utf8(out).unwrap(), count), (format!("before{small}"), kept.len()));
            };
            folded(char::is_alphabetic, fold::<false>);
            folded(char::is_alphanumeric, fold::<true>);
        }
    }
}
