//! The words of a piece of HTML that is no page: a title or a note, with or without markup.

use html5gum::{Token, Tokenizer};

/// Its text: entities resolved, markup gone, blocks told apart by a line end.
pub(super) fn text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    let mut out = String::with_capacity(html.len());
    let mut hidden: Option<Vec<u8>> = None;
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => {
                let name: &[u8] = &tag.name;
                if matches!(name, b"script" | b"style") && !tag.self_closing {
                    hidden = hidden.or_else(|| Some(name.to_vec()));
                }
                if is_block(name) {
                    out.push('\n');
                }
            }
            Token::EndTag(tag) => {
                let name: &[u8] = &tag.name;
                if hidden.as_deref() == Some(name) {
                    hidden = None;
                }
                if is_block(name) {
                    out.push('\n');
                }
            }
            Token::String(string) if hidden.is_none() => out.push_str(&String::from_utf8_lossy(&string)),
            _ => {}
        }
    }
    let lines: Vec<String> = out.lines().map(super::listed::fold).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"br"
            | b"div"
            | b"li"
            | b"ul"
            | b"ol"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"tr"
            | b"table"
            | b"blockquote"
            | b"figure"
            | b"figcaption"
            | b"section"
            | b"article"
            | b"hr"
            | b"td"
            | b"dt"
            | b"dd"
    )
}
