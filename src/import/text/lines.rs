//! From a decoded text to its blocks: one block is one paragraph, heading or line of furniture.
//!
//! Clipped text comes in three shapes: a blank line between paragraphs, one paragraph a line with none between, and
//! hard-wrapped at a column. Only the last needs care, since joining lines that were never one paragraph glues
//! furniture to the story: lines are joined only where the text as a whole shows that it was wrapped, and there only
//! where the next word would not have fitted. With blank lines between its paragraphs that undoes the wrapping. Without them
//! a paragraph may end with a full line as well, and a sentence inside one, too: where paragraphs are short a block ends there, and
//! the next one only [`may_go_on`](Block::may_go_on) with its paragraph, which is joined when both turn out to be of the story.

/// A paragraph, heading or other run of text that stands on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The text as it goes into the body: control characters gone, runs of blanks made one.
    pub text: String,
    /// The text as rules look at it: character for character as [`text`](Self::text), every kind of space a plain one, and every
    /// kind of quote as a typesetter sets it: `“` and `‘` before a word, `”` and `’` after one.
    pub norm: String,
    /// The first line of the input it came from, counted from 1.
    pub line: usize,
    /// How many lines of the input it took.
    pub lines: usize,
    /// Whether a blank line (or the start of the text) stood before it.
    pub apart: bool,
    /// Whether it may as well be more of the paragraph that the block before is of: wrapped lines do not tell.
    pub may_go_on: bool,
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

    /// A part of [`norm`](Self::norm) with the quotes that stand in [`text`](Self::text).
    #[must_use]
    pub fn as_written(&self, part: &str) -> String {
        if !part.contains(['“', '”', '‘', '’']) {
            return part.to_owned();
        }
        match self.norm.find(part) {
            Some(at) => {
                let written = self.text_from(at).chars().zip(part.chars());
                written.map(|(c, plain)| if c.is_whitespace() { plain } else { c }).collect()
            }
            // In another case: an apostrophe of a name.
            None if self.text.contains('\'') => part.replace('’', "'"),
            None => part.to_owned(),
        }
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
    /// Length in characters as it stood in the text, without blanks at its end: what a program that wraps lines went by.
    width: usize,
    /// Length in characters of the first word.
    first: usize,
    number: usize,
    apart: bool,
}

impl Line {
    /// Whether it is no longer than the column lets it: a single word may be.
    fn fits(&self, width: usize) -> bool {
        self.width <= width || self.is_word()
    }

    /// Whether it is one word.
    fn is_word(&self) -> bool {
        !self.text.contains(' ')
    }
}

/// How a line of a wrapped text goes with the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// It goes on with its paragraph.
    GoesOn,
    /// Perhaps it does.
    Perhaps,
    /// It is the first of another.
    Begins,
}

/// Splits a text into blocks. Takes LF, CRLF, CR and the Unicode line ends alike.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    let lines = lines(text);
    let width = wrap_width(&lines);
    let form = width.map(|width| Form::of(&lines, width)).unwrap_or_default();
    let mut out: Vec<Block> = Vec::new();
    let mut open: Vec<&Line> = Vec::new();
    let mut may_go_on = false;
    for (at, line) in lines.iter().enumerate() {
        let joint = match (width, open.last()) {
            (Some(width), Some(last)) if !line.apart => {
                let rest = &lines[at..];
                let alone = open.len() == 1 && form.is_tight && is_furniture_above(last, rest, width);
                if alone { Joint::Begins } else { joint(last, rest, width, form) }
            }
            _ => Joint::Begins,
        };
        if joint != Joint::GoesOn {
            if !open.is_empty() {
                out.push(block(&open, may_go_on));
                open.clear();
            }
            may_go_on = joint == Joint::Perhaps;
        }
        open.push(line);
    }
    if !open.is_empty() {
        out.push(block(&open, may_go_on));
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
        let first = raw.split_ascii_whitespace().next().map_or(0, |word| word.chars().count());
        out.push(Line { width: raw.trim_end().chars().count(), first, text, number: i + 1, apart });
        apart = false;
    }
    out
}

/// Whether it is a letter or a sign of a script that needs no spaces between words: Chinese, Japanese.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ff65}')
}

/// Whether no space belongs between two texts, and a line may break anywhere.
fn is_between_wide(before: &str, next: &str) -> bool {
    before.chars().next_back().is_some_and(is_wide) && next.chars().next().is_some_and(is_wide)
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

/// Every space a plain one and every quote as a typesetter sets it, character for character: what rules look at.
fn normal(text: &str) -> String {
    let mut before = ' ';
    text.chars()
        .map(|c| {
            let opens = matches!(before, ' ' | '(' | '[' | '{' | '–' | '—' | '/' | '“' | '‘');
            before = match c {
                '"' | '“' | '”' | '„' | '‟' => {
                    if opens {
                        '“'
                    } else {
                        '”'
                    }
                }
                '\'' | '‘' | '’' | '‚' | '‛' => {
                    if opens {
                        '‘'
                    } else {
                        '’'
                    }
                }
                _ if c.is_whitespace() => ' ',
                _ => c,
            };
            before
        })
        .collect()
}

fn block(lines: &[&Line], may_go_on: bool) -> Block {
    let mut text = String::new();
    for line in lines {
        join(&mut text, &line.text);
    }
    let first = lines[0];
    Block {
        norm: normal(&text),
        words: words_of(&text).count(),
        text,
        line: first.number,
        lines: lines.last().map_or(1, |l| l.number + 1 - first.number),
        apart: first.apart,
        may_go_on,
    }
}

/// Puts the next line of a paragraph after those before it.
pub(super) fn join(text: &mut String, next: &str) {
    if !text.is_empty() && !is_between_wide(text, next) && !broken_at_hyphen(text, next) {
        text.push(' ');
    }
    text.push_str(next);
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
    let first = if is_between_wide(&line.text, &next.text) { 1 } else { next.first };
    line.width + 1 + first > width
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

/// How a wrapped text is set as a whole.
#[derive(Debug, Clone, Copy, Default)]
struct Form {
    /// Whether its paragraphs follow each other with no blank line between: most of those that end before the end of a line do.
    is_tight: bool,
    /// Whether a sentence more often ends its paragraph than it ends inside one.
    is_short: bool,
}

impl Form {
    fn of(lines: &[Line], width: usize) -> Form {
        let (mut apart, mut tight, mut inside) = (0usize, 0usize, 0usize);
        for pair in lines.windows(2).filter(|pair| pair[0].fits(width)) {
            inside += stops_inside(&pair[0].text);
            if ends_sentence(&pair[0].text) {
                apart += usize::from(pair[1].apart);
                tight += usize::from(!pair[1].apart && !full(&pair[0], &pair[1], width));
            }
        }
        Form { is_tight: tight >= apart, is_short: tight >= inside }
    }
}

/// How many sentences end before the end of a line.
fn stops_inside(line: &str) -> usize {
    let mut chars = line.chars().peekable();
    let (mut last, mut stops) = (' ', 0);
    while let Some(c) = chars.next() {
        let is_stop = matches!(c, '.' | '!' | '?' | '…') && last.is_lowercase()
            || matches!(c, '”' | '“' | '"' | '»') && matches!(last, '.' | '!' | '?' | '…');
        last = c;
        stops += usize::from(is_stop && chars.peek() == Some(&' '));
    }
    stops
}

/// How the first of some lines goes with the line before them.
fn joint(line: &Line, lines: &[Line], width: usize, form: Form) -> Joint {
    let next = &lines[0];
    if !line.fits(width) || !next.fits(width) {
        return Joint::Begins;
    }
    let is_stop = ends_sentence(&line.text);
    let is_small = next.text.starts_with(char::is_lowercase);
    if full(line, next, width) {
        if !form.is_tight || is_small {
            return Joint::GoesOn;
        }
        if stands_alone(next, width) {
            return Joint::Begins;
        }
        if !is_stop {
            return Joint::GoesOn;
        }
        return match last(lines, width) {
            // What comes to an end without ending a sentence is a heading and no paragraph.
            Some(last) if !ends_sentence(&lines[last].text) => Joint::Begins,
            _ if form.is_short => Joint::Perhaps,
            _ => Joint::GoesOn,
        };
    }
    // Programs that fill evenly leave lines a little short; a small letter after an open sentence shows one.
    if line.width * 4 > width * 3 && !is_stop && is_small { Joint::GoesOn } else { Joint::Begins }
}

/// The column at which the text is hard-wrapped, if it is.
///
/// Wrapped text has hardly a line over the width, and most of its neighbouring lines are full; what proves it is
/// sentences that go on with a small letter (in scripts without case: lines that end no sentence) after a good part of the full
/// lines, unless hardly a line is not full, and hardly any that does after a line with much room left; a short line tells nothing,
/// as menus have such.
fn wrap_width(lines: &[Line]) -> Option<usize> {
    let has_room = |line: &&Line| !line.is_word() || line.text.starts_with(is_wide);
    let long = lines.iter().filter(has_room).filter(|l| l.width > WIDEST).count();
    if long * 20 > lines.len() {
        return None;
    }
    let width = lines.iter().filter(has_room).filter(|l| l.width <= WIDEST).map(|l| l.width).max()?;
    if width < NARROWEST {
        return None;
    }
    let (mut joints, mut full_joints, mut proof, mut against) = (0usize, 0usize, 0usize, 0usize);
    for pair in lines.windows(2) {
        let (line, next) = (&pair[0], &pair[1]);
        if next.apart || line.width > width {
            continue;
        }
        joints += 1;
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
    let is_even = proof * 4 >= full_joints || full_joints * 10 >= joints * 9;
    (proof >= 1 && is_even && against * 2 <= proof).then_some(width)
}
