//! The page cut into blocks: paragraphs, headings, list items, cells, and whatever else stands on lines of its own.

use super::dom::{Dom, Tag, decode, push_text, push_text_after};

/// A run of text that a browser shows as one paragraph.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The block element that it stands in.
    pub element: u32,
    /// Its first text node.
    pub first: u32,
    /// Its last text node.
    pub last: u32,
    /// Where its text stands in [`Blocks::text`].
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Letters and digits.
    pub letters: u32,
    /// Letters and digits in links.
    pub link_letters: u32,
    /// Words: runs of letters and digits; in a script without spaces, two characters count as one.
    pub words: u32,
    /// Capital letters that begin a word.
    pub capitals: u32,
    /// Digits.
    pub digits: u32,
    /// Commas and their like.
    pub commas: u32,
    /// Full stops, question and exclamation marks and their like, before a blank or at the end.
    pub stops: u32,
    /// Whether it ends as a sentence does.
    pub ends: bool,
}

/// All of a page's blocks.
#[derive(Debug, Default)]
pub struct Blocks {
    /// In the order of the page.
    pub list: Vec<Block>,
    /// Their texts, one after the other.
    pub text: String,
}

impl Blocks {
    /// The text of a block.
    #[must_use]
    pub fn text(&self, block: &Block) -> &str {
        &self.text[block.from as usize..block.to as usize]
    }
}

/// Cuts a page into blocks. What is no text to read (scripts, forms' choices) is left out.
#[must_use]
pub fn cut(dom: &Dom) -> Blocks {
    let mut out = Blocks::default();
    let mut current: Option<Block> = None;
    // The block element of each open inline element: the nearest ancestor that is none.
    let mut context: Vec<u32> = vec![0; dom.nodes.len()];
    let mut brs = 0;
    let mut id = 0u32;
    while (id as usize) < dom.nodes.len() {
        let node = dom.node(id);
        if node.tag.is_hidden() {
            id = node.end;
            continue;
        }
        let parent = context[node.parent as usize];
        context[id as usize] = if node.tag.is_inline() || node.tag == Tag::Br { parent } else { id };
        match node.tag {
            Tag::Text => {
                if let Some(block) = &mut current {
                    if block.element != parent || brs > 1 {
                        flush(&mut current, &mut out);
                    } else if brs == 1 {
                        out.text.truncate(out.text.trim_end_matches(' ').len().max(block.from as usize));
                        out.text.push('\n');
                    }
                }
                if brs > 0 && !node.text.trim_ascii().is_empty() {
                    brs = 0;
                }
                if current.is_none() {
                    if node.text.trim_ascii().is_empty() {
                        id += 1;
                        continue;
                    }
                    let from = out.text.len() as u32;
                    current = Some(Block { element: parent, first: id, from, ..Block::default() });
                }
                if let Some(block) = &mut current {
                    let from = out.text.len();
                    if from == block.from as usize {
                        push_text_after(&mut out.text, &decode(node.text), true);
                    } else {
                        append(&mut out.text, &decode(node.text));
                    }
                    block.last = id;
                    if node.in_link {
                        block.link_letters += out.text[from..].chars().filter(|c| c.is_alphanumeric()).count() as u32;
                    }
                }
            }
            Tag::Br => brs += 1,
            Tag::Hr => flush(&mut current, &mut out),
            _ if !node.tag.is_inline() => {
                brs = 0;
                flush(&mut current, &mut out);
            }
            _ => {}
        }
        id += 1;
    }
    flush(&mut current, &mut out);
    out
}

fn append(out: &mut String, text: &str) {
    if out.ends_with('\n') {
        push_text(out, text.trim_start());
    } else {
        push_text(out, text);
    }
}

fn flush(current: &mut Option<Block>, out: &mut Blocks) {
    let Some(mut block) = current.take() else { return };
    let from = block.from as usize;
    out.text.truncate(out.text.trim_end().len().max(from));
    block.to = out.text.len() as u32;
    measure(&mut block, &out.text[from..]);
    if block.letters > 0 {
        out.list.push(block);
    } else {
        out.text.truncate(from);
    }
}

/// Characters of scripts that are written without spaces.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn measure(block: &mut Block, text: &str) {
    let mut in_word = false;
    let mut unspaced = 0u32;
    let mut after_stop = false;
    for c in text.chars() {
        // Most is small letters within a word.
        if c.is_ascii_lowercase() && in_word {
            block.letters += 1;
            continue;
        }
        if c.is_alphanumeric() {
            block.letters += 1;
            after_stop = false;
            if c.is_ascii_digit() {
                block.digits += 1;
            }
            if c > '\u{0e00}' && is_unspaced(c) {
                unspaced += 1;
                in_word = false;
            } else if !in_word {
                in_word = true;
                block.words += 1;
                block.capitals += u32::from(c.is_uppercase());
            }
            continue;
        }
        match c {
            ',' | ';' | '，' | '、' | '；' | '،' => block.commas += 1,
            '.' | '!' | '?' | '…' => after_stop = true,
            '。' | '！' | '？' | '।' | '؟' | '۔' => {
                block.stops += 1;
            }
            '\'' | '’' if in_word => continue,
            _ => {}
        }
        if c.is_whitespace() && after_stop {
            block.stops += 1;
            after_stop = false;
        }
        in_word = false;
    }
    block.stops += u32::from(after_stop);
    block.words += unspaced.div_ceil(2);
    block.ends = text
        .trim_end_matches(['"', '”', '“', '’', '\'', '»', '«', ')', ']', '」', '』', ' '])
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔', ':', '：']);
}
