//! The blocks of the story as Markdown: headings, quotations, lists, tables, emphasis, links, pictures, embeds.
//!
//! A block is read as runs of text that share their marks. The runs' text is the block's text, so that a dateline in front
//! or a credit behind can be cut by its place, whatever marks stand in it. What is written is what CommonMark reads back:
//! text that could be markup is escaped, and emphasis that its neighbours would undo is left out rather than shown as
//! stars.

use url::Url;

use super::{
    blocks::Block,
    dom::{Dom, Tag, decode, push_text},
    links,
};
use crate::import::markdown;

/// Text with the marks that it carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Run {
    text: String,
    strong: bool,
    emphasis: bool,
    struck: bool,
    code: bool,
    link: Option<String>,
}

/// A block's text in runs.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    list: Vec<Run>,
}

impl Runs {
    /// Reads a block.
    #[must_use]
    pub fn read(dom: &Dom, block: &Block, base: Option<&Url>) -> Runs {
        let mut list: Vec<Run> = Vec::new();
        let mut text = String::new();
        let mut brs = 0;
        for id in block.first..=block.last {
            let node = dom.node(id);
            if node.tag == Tag::Br {
                brs += 1;
            }
            if node.tag != Tag::Text || is_hidden(dom, id, block.element) {
                continue;
            }
            if brs > 0 && !text.is_empty() {
                text.truncate(text.trim_end_matches(' ').len());
                if let Some(last) = list.last_mut() {
                    last.text.truncate(last.text.trim_end_matches(' ').len());
                    last.text.push('\n');
                }
                text.push('\n');
            }
            if !node.text.trim_ascii().is_empty() {
                brs = 0;
            }
            let from = text.len();
            let decoded = decode(node.text);
            if text.is_empty() || text.ends_with('\n') {
                let trimmed = decoded.trim_start();
                let mut fresh = String::new();
                push_text(&mut fresh, trimmed);
                text.push_str(&fresh);
            } else {
                push_text(&mut text, &decoded);
            }
            if text.len() == from {
                continue;
            }
            let mut run = Run { text: text[from..].to_owned(), ..Run::default() };
            marks(dom, id, block.element, base, &mut run);
            match list.last_mut() {
                Some(last)
                    if last.link == run.link
                        && (last.strong, last.emphasis, last.struck, last.code)
                            == (run.strong, run.emphasis, run.struck, run.code) =>
                {
                    last.text.push_str(&run.text);
                }
                _ => list.push(run),
            }
        }
        while let Some(last) = list.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            list.pop();
        }
        Runs { list }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.list.iter().map(|run| run.text.as_str()).collect()
    }

    /// Cuts away the first bytes and the blanks after them.
    pub fn cut_front(&mut self, mut bytes: usize) {
        while let Some(first) = self.list.first_mut() {
            if bytes >= first.text.len() {
                bytes -= first.text.len();
                self.list.remove(0);
                continue;
            }
            first.text = first.text[bytes..].trim_start().to_owned();
            bytes = 0;
            if !first.text.is_empty() {
                return;
            }
            self.list.remove(0);
        }
    }

    /// Keeps the first bytes alone, without the blanks at their end.
    pub fn cut_back(&mut self, bytes: usize) {
        let mut left = bytes;
        self.list.retain_mut(|run| {
            let keep = run.text.len().min(left);
            left -= keep;
            run.text.truncate(keep);
            keep > 0
        });
        while let Some(last) = self.list.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                return;
            }
            self.list.pop();
        }
    }

    /// As Markdown on one line, or with hard line breaks where `breaks` says so.
    #[must_use]
    pub fn markdown(&self, breaks: bool) -> String {
        let mut out = String::new();
        let all_strong = self.list.iter().all(|run| run.strong || run.text.trim().is_empty());
        for (i, run) in self.list.iter().enumerate() {
            let before = out.chars().next_back();
            let after = self.list[i + 1..].iter().flat_map(|r| r.text.chars()).next();
            let lead = run.text.len() - run.text.trim_start().len();
            let inner = run.text.trim();
            if inner.is_empty() {
                out.push_str(&blanks(&run.text, breaks));
                continue;
            }
            let tail = lead + inner.len();
            out.push_str(&blanks(&run.text[..lead], breaks));
            let before = if lead > 0 { Some(' ') } else { before };
            let after = if tail < run.text.len() { Some(' ') } else { after };
            // Right behind another code span the two fences would be read as one.
            let is_code = run.code && !inner.contains('\n') && !out.ends_with('`');
            let mut text = if is_code { code(inner) } else { escaped(inner, breaks, out.is_empty()) };
            let can_mark = {
                // What stands beside the outermost marks: of code its fence, and of what is struck and more its tildes.
                let edge = match (is_code, run.struck && (run.emphasis || run.strong)) {
                    (_, true) => Some('-'),
                    (true, _) => Some('`'),
                    _ => None,
                };
                let first = edge.or(inner.chars().next()).unwrap_or(' ');
                let last = edge.or(inner.chars().next_back()).unwrap_or(' ');
                let held = is_code || !(inner.starts_with(['*', '~']) || inner.ends_with(['*', '~']));
                let free = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || is_surely_a_mark(c));
                (!is_mark(first) || free(before)) && (!is_mark(last) || free(after)) && !inner.contains('\n')
                    // Two runs of stars beside each other would be read as one.
                    && before != Some('*')
                    && before != Some('~')
                    && before != Some('\\')
                    && held
            };
            // Next to another marked run nothing parts the stars.
            let beside = self.list.get(i + 1).is_some_and(|next| {
                (next.strong || next.emphasis || next.struck)
                    && tail == run.text.len()
                    && !next.text.starts_with(char::is_whitespace)
            });
            if let Some(link) = &run.link {
                text = format!("[{text}]({link})");
            } else if can_mark && !beside {
                if run.struck {
                    text = format!("~~{text}~~");
                }
                if run.emphasis {
                    text = format!("*{text}*");
                }
                if run.strong && !(all_strong && self.list.len() == 1 && inner.len() > 200) {
                    text = format!("**{text}**");
                }
            }
            out.push_str(&text);
            out.push_str(&blanks(&run.text[tail..], breaks));
        }
        out
    }
}

/// Whether Markdown may take a character for punctuation (CommonMark: the categories P and S). To say so once too often
/// costs an emphasis, to say so too seldom would show its stars.
fn is_mark(c: char) -> bool {
    !c.is_alphabetic() && !c.is_ascii_digit() && !c.is_whitespace()
}

/// Whether Markdown surely takes a character for punctuation: a combining sign is none.
fn is_surely_a_mark(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '«' | '»' | '–' | '—' | '‘'..='‟' | '…' | '‹' | '›' | '、' | '。' | '「'..='』' | '（' | '）')
}

fn blanks(text: &str, breaks: bool) -> String {
    match (text.is_empty(), text.contains('\n')) {
        (true, _) => String::new(),
        (_, true) if breaks => "\\\n".to_owned(),
        _ => " ".to_owned(),
    }
}

fn escaped(text: &str, breaks: bool, is_start: bool) -> String {
    let mut out = String::new();
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            out.push_str(if breaks { "\\\n" } else { " " });
        }
        if i == 0 && !is_start {
            out.push_str(&markdown::escape_within(line));
        } else {
            out.push_str(&markdown::escape(line.trim()));
        }
    }
    out
}

/// A code span, fenced by one backtick more than it holds.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    if longest > 0 || text.contains('|') || text.contains('\\') {
        return markdown::escape_within(text);
    }
    format!("`{text}`")
}

fn is_hidden(dom: &Dom, id: u32, element: u32) -> bool {
    dom.ancestors(id).take_while(|a| *a != element).any(|a| dom.node(a).tag.is_hidden())
}

fn marks(dom: &Dom, id: u32, element: u32, base: Option<&Url>, run: &mut Run) {
    for up in dom.ancestors(id).skip(1) {
        match dom.node(up).tag {
            Tag::B | Tag::Strong => run.strong = true,
            Tag::I | Tag::Em | Tag::Cite => run.emphasis = true,
            Tag::S | Tag::Strike | Tag::Del => run.struck = true,
            Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => run.code = true,
            Tag::A if run.link.is_none() && dom.node(id).in_link => {
                run.link =
                    dom.attr(up, "href").and_then(|href| links::clean(&href, base)).map(|url| links::destination(&url));
            }
            _ => {}
        }
        if up == element {
            break;
        }
    }
    // A link around blocks.
    if dom.node(id).in_link && run.link.is_none() {
        run.link = dom
            .ancestors(element)
            .take(12)
            .find(|a| dom.node(*a).tag == Tag::A)
            .and_then(|a| dom.attr(a, "href"))
            .and_then(|href| links::clean(&href, base))
            .map(|url| links::destination(&url));
    }
}

/// What a block is among blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A paragraph.
    Paragraph,
    /// A heading, of a level from 2 to 6.
    Heading(u8),
    /// Text whose line breaks and blanks count.
    Preformatted,
    /// An item of a list: the list's and the item's elements, how deep it nests, its number where the list is numbered,
    /// whether it begins the item.
    Item {
        /// The list.
        list: u32,
        /// The item.
        item: u32,
        /// How many lists it stands in, less one.
        depth: usize,
        /// Its number.
        number: Option<usize>,
    },
    /// A cell of a table of data.
    Cell {
        /// The table.
        table: u32,
        /// Its row.
        row: u32,
        /// The cell.
        cell: u32,
    },
}

/// A block with its place among others.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What it is.
    pub shape: Shape,
    /// The quotation that it stands in, 0 for none.
    pub quote: u32,
}

/// What a block is, by the elements around it.
#[must_use]
pub fn place(dom: &Dom, block: &Block, tables: &[u32]) -> Placed {
    let mut shape = Shape::Paragraph;
    let mut quote = 0;
    let (mut row, mut cell) = (0, 0);
    let mut item: Option<u32> = None;
    let mut depth = 0usize;
    let mut list_of_item = 0;
    for id in dom.ancestors(block.element) {
        match dom.node(id).tag {
            tag if tag.is_heading() && shape == Shape::Paragraph && item.is_none() => {
                let level = match tag {
                    Tag::H1 | Tag::H2 => 2,
                    Tag::H3 => 3,
                    Tag::H4 => 4,
                    Tag::H5 => 5,
                    _ => 6,
                };
                shape = Shape::Heading(level);
            }
            Tag::Pre if shape == Shape::Paragraph => shape = Shape::Preformatted,
            Tag::Blockquote => quote = id,
            Tag::Li if item.is_none() => item = Some(id),
            Tag::Ul | Tag::Ol if item.is_some() => {
                if list_of_item == 0 {
                    list_of_item = id;
                } else {
                    depth += 1;
                }
            }
            Tag::Td | Tag::Th if cell == 0 => cell = id,
            Tag::Tr if row == 0 => row = id,
            Tag::Table if cell != 0 && tables.contains(&id) => {
                return Placed { shape: Shape::Cell { table: id, row, cell }, quote: 0 };
            }
            Tag::Article | Tag::Main | Tag::Body => break,
            _ => {}
        }
    }
    if let Some(item) = item
        && list_of_item != 0
        && matches!(shape, Shape::Paragraph | Shape::Heading(_))
    {
        let number = (dom.node(list_of_item).tag == Tag::Ol).then(|| {
            let start = dom.raw_attr(list_of_item, "start").and_then(|s| s.trim().parse::<usize>().ok()).unwrap_or(1);
            let before = dom
                .children(list_of_item)
                .take_while(|c| *c != item)
                .filter(|c| dom.node(*c).tag == Tag::Li)
                .take(9999)
                .count();
            (start.min(99_999)) + before
        });
        shape = Shape::Item { list: list_of_item, item, depth: depth.min(5), number };
    }
    Placed { shape, quote }
}

/// A part of the body, ready to be written.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text.
    Text(Placed, Runs),
    /// Text whose blanks count, as it stands in the page.
    Code(String),
    /// A line of Markdown made elsewhere: a picture, an embed.
    Line(String),
}

/// The parts as blocks of Markdown.
#[must_use]
pub fn write(parts: &[Part], dom: &Dom) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut i = 0;
    while i < parts.len() {
        match &parts[i] {
            Part::Line(line) => {
                out.push(line.clone());
                i += 1;
            }
            Part::Code(text) => {
                out.push(fenced(text));
                i += 1;
            }
            Part::Text(placed, _) => {
                let key = |part: &Part| match part {
                    Part::Text(Placed { shape: Shape::Cell { table, .. }, .. }, _) => Some((0u8, *table)),
                    Part::Text(Placed { shape: Shape::Item { .. }, quote }, _) => Some((1, *quote)),
                    _ => None,
                };
                let mine = key(&parts[i]);
                let end = match mine {
                    None => i + 1,
                    Some(_) => i + parts[i..].iter().take_while(|p| key(p) == mine).count(),
                };
                let block = match &placed.shape {
                    Shape::Cell { .. } => table(&parts[i..end], dom),
                    Shape::Item { .. } => list(&parts[i..end]),
                    _ => single(&parts[i]),
                };
                let quote = placed.quote;
                let block = if quote != 0 { quoted(&block) } else { block };
                if !block.trim().is_empty() {
                    // Paragraphs of one quotation are one quotation.
                    let goes_on = quote != 0
                        && i > 0
                        && matches!(&parts[i - 1], Part::Text(before, _) if before.quote == quote && !matches!(before.shape, Shape::Cell { .. }));
                    match out.last_mut() {
                        Some(last) if goes_on => {
                            last.push_str("\n>\n");
                            last.push_str(&block);
                        }
                        _ => out.push(block),
                    }
                }
                i = end;
            }
        }
    }
    out
}

fn quoted(block: &str) -> String {
    block
        .lines()
        .map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") })
        .collect::<Vec<_>>()
        .join("\n")
}

fn single(part: &Part) -> String {
    let Part::Text(placed, runs) = part else { return String::new() };
    match placed.shape {
        Shape::Heading(level) => {
            let mut plain = runs.clone();
            // A heading is strong already.
            plain.list.iter_mut().for_each(|run| run.strong = false);
            let text = plain.markdown(false);
            // Marks at the end would be taken for the closing of the heading.
            let closed = text.trim_end_matches('#').len();
            let text = if closed < text.len() { format!("{}\\{}", &text[..closed], &text[closed..]) } else { text };
            format!("{} {text}", "#".repeat(usize::from(level)))
        }
        _ => runs.markdown(true),
    }
}

fn list(parts: &[Part]) -> String {
    let mut out = String::new();
    let mut last_item = 0;
    let mut last_list = 0;
    let mut before = 0;
    let mut indents: Vec<usize> = Vec::new();
    let mut marks = ['-', '*'].into_iter().cycle();
    let mut mark = marks.next().unwrap_or('-');
    for part in parts {
        let Part::Text(Placed { shape: Shape::Item { list, item, depth, number }, .. }, runs) = part else { continue };
        let text = runs.markdown(true);
        if text.is_empty() {
            continue;
        }
        let depth = (*depth).min(indents.len());
        let goes_on = *item == last_item;
        if !goes_on {
            indents.truncate(depth);
            if *list != last_list && depth == 0 && last_list != 0 {
                // Another list: another mark keeps them apart.
                mark = marks.next().unwrap_or('-');
            }
        }
        let outer: usize = indents.iter().sum();
        if goes_on {
            out.push_str("\n\n");
            out.push_str(&indented(&text, outer));
            continue;
        }
        let bullet = match number {
            Some(number) if mark == '-' => format!("{number}. "),
            Some(number) => format!("{number}) "),
            None => format!("{mark} "),
        };
        if !out.is_empty() {
            // Only a list that starts at 1 may follow on a line of text without a blank line between.
            out.push_str(if *list != before && number.is_some() { "\n\n" } else { "\n" });
        }
        before = *list;
        out.push_str(&" ".repeat(outer));
        out.push_str(&bullet);
        indents.push(bullet.len());
        out.push_str(indented(&text, outer + bullet.len()).trim_start());
        last_item = *item;
        last_list = if depth == 0 { *list } else { last_list };
    }
    out
}

fn indented(text: &str, by: usize) -> String {
    let pad = " ".repeat(by);
    text.lines().map(|line| format!("{pad}{line}")).collect::<Vec<_>>().join("\n")
}

/// A table with a header row, which Markdown asks for: the first row.
fn table(parts: &[Part], _dom: &Dom) -> String {
    let mut rows: Vec<(u32, Vec<(u32, String)>)> = Vec::new();
    for part in parts {
        let Part::Text(Placed { shape: Shape::Cell { row, cell, .. }, .. }, runs) = part else { continue };
        let text = runs.markdown(false);
        match rows.last_mut() {
            Some((last, cells)) if last == row => match cells.last_mut() {
                Some((last, content)) if last == cell => {
                    content.push(' ');
                    content.push_str(&text);
                }
                _ => cells.push((*cell, text)),
            },
            _ => rows.push((*row, vec![(*cell, text)])),
        }
    }
    let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (i, (_, cells)) in rows.iter().enumerate() {
        out.push('|');
        for column in 0..width {
            out.push(' ');
            out.push_str(cells.get(column).map_or("", |(_, text)| text.as_str()));
            out.push_str(" |");
        }
        if i == 0 {
            out.push_str("\n|");
            out.push_str(&" --- |".repeat(width));
        }
        if i + 1 < rows.len() {
            out.push('\n');
        }
    }
    out
}

/// The tables of the page that hold data: rows of cells, none of which holds paragraphs of running text.
#[must_use]
pub fn data_tables(dom: &Dom, blocks: &[Block]) -> Vec<u32> {
    let mut sums: std::collections::BTreeMap<u32, (u32, u32, u32)> = std::collections::BTreeMap::new();
    for block in blocks {
        let mut cell = 0;
        for id in dom.ancestors(block.element) {
            match dom.node(id).tag {
                Tag::Td | Tag::Th if cell == 0 => cell = id,
                Tag::Table if cell != 0 => {
                    let sum = sums.entry(id).or_default();
                    sum.0 += 1;
                    sum.1 += u32::from(block.words > 60);
                    sum.2 += block.words;
                    break;
                }
                _ => {}
            }
        }
    }
    sums.into_iter()
        .filter(|(id, (count, long, _))| {
            let mut rows = 0;
            let mut cells = 0;
            let mut nested = false;
            for inner in dom.within(*id) {
                match dom.node(inner).tag {
                    Tag::Tr => rows += 1,
                    Tag::Td | Tag::Th => cells += 1,
                    Tag::Table => nested = true,
                    _ => {}
                }
            }
            *count >= 4 && *long * 8 <= *count && rows >= 2 && cells > rows && !nested
        })
        .map(|(id, _)| id)
        .collect()
}

/// Text as it stands, between fences.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}", text.trim_matches('\n'))
}

/// The text of a `pre` element with its lines.
#[must_use]
pub fn preformatted(dom: &Dom, element: u32) -> String {
    let mut out = String::new();
    for id in dom.within(element) {
        match dom.node(id).tag {
            Tag::Text => out.push_str(&decode(dom.node(id).text).replace('\r', "")),
            Tag::Br => out.push('\n'),
            _ => {}
        }
    }
    out.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n")
}
