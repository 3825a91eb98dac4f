//! From a decoded text to its blocks: one block is one paragraph, heading or line of furniture.
//!
//! Clipped text comes in three shapes: a blank line between paragraphs, one paragraph a line with none between, and
//! hard-wrapped at a column. Only the last needs care, since joining lines that were never one paragraph glues
//! furniture to the story: lines are joined only where the text as a whole shows that it was wrapped, and there only
//! where the next word would not have fitted.

/// A paragraph, heading or other run of text that stands on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The text as it goes into the body: control characters gone, runs of blanks made one.
    pub text: String,
    /// The text as rules look at it: as [`text`](Self::text), every kind of space a plain one.
    pub norm: String,
    /// The first line of the input it came from, counted from 1.
    pub line: usize,
    /// How many lines of the input it took.
    pub lines: usize,
    /// Whether a blank line (or the start of the text) stood before it.
    pub apart: bool,
    /// How many words it holds that carry a letter or a digit, see [`words_of`]: what rules go by.
    pub words: usize,
}

/// The number of words in a text as reports count them: runs without white space, as `wc -w` does.
#[must_use]
pub fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

impl Block {
    /// The end of [`text`](Self::text) that stands for `norm[from..]`.
    #[must_use]
    pub fn text_from(&self, from: usize) -> &str {
        let before = self.norm.get(..from).map_or(0, |s| s.chars().count());
        self.text.char_indices().nth(before).map_or("", |(i, _)| &self.text[i..])
    }
}

/// The words of a text that hold a letter or a digit.
pub fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric))
}

/// The widest column at which text is taken to be hard-wrapped.
const WIDEST: usize = 100;
/// The narrowest.
const NARROWEST: usize = 40;

struct Line {
    text: String,
    /// Length in characters.
    width: usize,
    /// Length in characters of the first word.
    first: usize,
    number: usize,
    apart: bool,
}

/// Splits a text into blocks. Takes LF, CRLF, CR and the Unicode line ends alike.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    let lines = lines(text);
    let width = wrap_width(&lines);
    let form = Form {
        is_short: width.is_some_and(|width| has_short_paragraphs(&lines, width)),
        is_tight: lines.iter().filter(|line| line.apart).count() * 10 < lines.len(),
    };
    let mut out: Vec<Block> = Vec::new();
    let mut open: Vec<&Line> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let joins = match (width, open.last()) {
            (Some(width), Some(last)) => {
                let rest = &lines[at..];
                let alone = open.len() == 1 && form.is_tight && is_furniture_above(last, rest, width);
                !line.apart && !alone && continues(last, rest, width, form)
            }
            _ => false,
        };
        if !joins && !open.is_empty() {
            out.push(block(&open));
            open.clear();
        }
        open.push(line);
    }
    if !open.is_empty() {
        out.push(block(&open));
    }
    out
}

fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut apart = true;
    let unified = text.replace("\r\n", "\n");
    let is_end = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    for (i, raw) in unified.split(is_end).enumerate() {
        let text = tidy(raw);
        if text.is_empty() {
            apart = true;
            continue;
        }
        out.push(Line {
            width: text.chars().count(),
            first: text.split(' ').next().map_or(0, |w| w.chars().count()),
            text,
            number: i + 1,
            apart,
        });
        apart = false;
    }
    out
}

/// Takes out what is never text (control characters, zero-width spaces) and makes each run of blanks one.
/// A no-break space that stands alone stays: French typography means it.
fn tidy(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut gap: Option<char> = None;
    for c in raw.chars() {
        if matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}') || (c.is_control() && c != '\t') {
            continue;
        }
        if c.is_whitespace() {
            gap = Some(if gap.is_none() && c != '\t' { c } else { ' ' });
            continue;
        }
        if let Some(space) = gap.take()
            && !out.is_empty()
        {
            out.push(if matches!(space, '\u{a0}' | '\u{202f}') { space } else { ' ' });
        }
        out.push(c);
    }
    out
}

/// Every space a plain one, character for character: what rules look at.
fn normal(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

fn block(lines: &[&Line]) -> Block {
    let mut text = String::new();
    for line in lines {
        if !text.is_empty() && !broken_at_hyphen(&text, &line.text) {
            text.push(' ');
        }
        text.push_str(&line.text);
    }
    let first = lines[0];
    Block {
        norm: normal(&text),
        words: words_of(&text).count(),
        text,
        line: first.number,
        lines: lines.last().map_or(1, |l| l.number + 1 - first.number),
        apart: first.apart,
    }
}

/// Whether a line was broken inside a word with a hyphen (`pro-` / `Russian`), as many wrapping programs do; not in
/// `pre- and post-war`, where the hyphen ends its word.
fn broken_at_hyphen(before: &str, next: &str) -> bool {
    let mut tail = before.chars().rev();
    tail.next() == Some('-')
        && tail.next().is_some_and(char::is_alphanumeric)
        && next.chars().next().is_some_and(char::is_alphanumeric)
        && !matches!(
            next.split(' ').next().unwrap_or_default(),
            "and" | "or" | "to" | "und" | "oder" | "bis" | "et" | "ou" | "y" | "o" | "e" | "и" | "или" | "та" | "і"
        )
}

/// Whether the line ends a sentence (a closing quote or bracket may follow the mark).
#[must_use]
pub fn ends_sentence(text: &str) -> bool {
    let text = super::credits::tail(text).map_or(text, |end| &text[..end]);
    let trimmed = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '”' | '’' | '\'' | '»' | '“' | '‘' | ')' | ']' | '›' | '」' | '』')
    });
    trimmed
        .chars()
        .next_back()
        .is_some_and(|c| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।' | '۔'))
}

/// Whether the next line could only have been started because its first word did not fit on this one.
fn full(line: &Line, next: &Line, width: usize) -> bool {
    line.width + 1 + next.first > width
}

/// How a text is set as a whole.
#[derive(Clone, Copy)]
struct Form {
    /// Whether its sentences mostly end their paragraph.
    is_short: bool,
    /// Whether no blank lines stand between its paragraphs, or hardly any.
    is_tight: bool,
}

/// Whether a short line says by its own wording that it is none of the story's: then it would have been started though its
/// first word had fitted.
fn stands_alone(next: &Line, width: usize) -> bool {
    !next.text.starts_with(char::is_lowercase)
        && next.width * 4 < width * 3
        && super::furniture::kind(&normal(&next.text), words_of(&next.text).count()).is_some()
}

/// How many lines a heading takes at most.
const HEADING: usize = 3;

/// Whether the lines begin with some that come to an end without ending a sentence, as a heading does and no paragraph.
fn heads(lines: &[Line], width: usize) -> bool {
    if lines[0].text.starts_with(char::is_lowercase) {
        return false;
    }
    last(lines, width).is_some_and(|last| !ends_sentence(&lines[last].text) && lines[last].width <= width)
}

/// Whether a line that is furniture by its own wording stands before lines that make a paragraph: no such line goes on for as many.
fn is_furniture_above(line: &Line, lines: &[Line], width: usize) -> bool {
    !lines[0].text.starts_with(char::is_lowercase)
        && super::furniture::kind(&normal(&line.text), words_of(&line.text).count()).is_some()
        && last(lines, width).is_none_or(|last| last + 1 >= HEADING)
}

/// Where the paragraph ends that the lines begin with, if it has no more lines than a heading.
fn last(lines: &[Line], width: usize) -> Option<usize> {
    let goes_on = |at: usize| lines.get(at + 1).is_some_and(|next| !next.apart && full(&lines[at], next, width));
    (0..lines.len().min(HEADING)).find(|at| !goes_on(*at))
}

/// Whether a sentence of a wrapped text more often ends its paragraph than it ends inside one, and no blank line says where. Then
/// one that ends with a full line ends its paragraph, too, as far as anybody can tell: furniture glued to it would be worse.
fn has_short_paragraphs(lines: &[Line], width: usize) -> bool {
    let (mut inside, mut ends) = (0usize, 0usize);
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.width <= width) {
        let mut chars = line.text.chars().peekable();
        let mut last = ' ';
        while let Some(c) = chars.next() {
            let is_stop = matches!(c, '.' | '!' | '?' | '…') && last.is_lowercase()
                || matches!(c, '”' | '"' | '»') && matches!(last, '.' | '!' | '?' | '…');
            last = c;
            if is_stop && chars.peek() == Some(&' ') {
                inside += 1;
            }
        }
        let next = lines.get(at + 1);
        ends +=
            usize::from(next.is_some_and(|next| !next.apart && !full(line, next, width)) && ends_sentence(&line.text));
    }
    ends >= 4 && ends >= inside
}

/// Whether the first of some lines goes on with what the line before them says.
fn continues(line: &Line, lines: &[Line], width: usize, form: Form) -> bool {
    let next = &lines[0];
    if line.width > width || next.width > width {
        return false;
    }
    if full(line, next, width) {
        let is_stop = ends_sentence(&line.text);
        let ends = form.is_short && is_stop && !next.text.starts_with(char::is_lowercase);
        let alone = (is_stop || form.is_tight) && stands_alone(next, width);
        return !(ends || alone || form.is_tight && is_stop && heads(lines, width));
    }
    // Programs that fill evenly leave lines a little short; a small letter after an open sentence shows one.
    line.width * 4 > width * 3 && !ends_sentence(&line.text) && next.text.chars().next().is_some_and(char::is_lowercase)
}

/// The column at which the text is hard-wrapped, if it is.
///
/// Wrapped text has hardly a line over the width, and most of its neighbouring lines are full; what proves it is
/// sentences that go on with a small letter (in scripts without case: lines that end no sentence), and hardly any that does
/// after a line with much room left; a short line tells nothing, as menus have such.
fn wrap_width(lines: &[Line]) -> Option<usize> {
    let long = lines.iter().filter(|l| l.width > WIDEST && l.first < l.width).count();
    if long * 20 > lines.len() {
        return None;
    }
    let width = lines.iter().filter(|l| l.width <= WIDEST && l.first < l.width).map(|l| l.width).max()?;
    if width < NARROWEST {
        return None;
    }
    let (mut full_joints, mut proof, mut against) = (0usize, 0usize, 0usize);
    for pair in lines.windows(2) {
        let (line, next) = (&pair[0], &pair[1]);
        if next.apart || line.width > width {
            continue;
        }
        let open = !ends_sentence(&line.text);
        let start = next.text.chars().find(|c| c.is_alphanumeric());
        let goes_on = open && start.is_some_and(|c| c.is_lowercase() || (!c.is_uppercase() && c.is_alphabetic()));
        if full(line, next, width) {
            full_joints += 1;
            proof += usize::from(goes_on);
        } else if goes_on && line.width * 2 > width {
            against += 1;
        }
    }
    (proof >= 1 && proof * 4 >= full_joints && against * 2 <= proof).then_some(width)
}
