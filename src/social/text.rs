//! Text into glyphs and lines: direction (UAX 9), typefaces, shaping, and where lines break (UAX 14). The only room that
//! knows `harfrust`, `unicode_bidi` and `unicode_linebreak`.

use std::{ops::Range, str::FromStr as _, sync::Arc};

use harfrust::{Direction, Language, ShapeOptions, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};
use unicode_linebreak::linebreaks;
use unicode_normalization::char::is_combining_mark;

use super::fonts::{Font, Fonts, is_picture, is_unseen};

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub fonts: &'a Fonts,
    /// Its lines run from right to left.
    pub is_rtl: bool,
    /// Its language, BCP 47: some letters look different in some languages.
    pub language: &'a str,
    pub is_bold: bool,
}

/// A glyph in its place on a line; all lengths in ems.
pub(super) struct Glyph {
    pub font: Arc<Font>,
    pub id: u32,
    pub x: f32,
    pub y: f32,
}

/// One line, shaped. Its glyphs stand in the order that they are seen in.
#[derive(Default)]
pub(super) struct Line {
    pub glyphs: Vec<Glyph>,
    /// In ems.
    pub width: f32,
}

/// A text as it is drawn: on one line, without pictures that no typeface has.
pub(super) fn plain(text: &str, fonts: &Fonts) -> String {
    let is_drawn = |letter: char| !is_picture(letter) || fonts.find(letter, true).is_some();
    let mut plain = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        let word: String = word.chars().filter(|letter| is_drawn(*letter)).collect();
        if word.chars().all(is_unseen) {
            continue;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(&word);
    }
    plain
}

impl Setting<'_> {
    /// Shapes a text as one line.
    pub fn shape(&self, text: &str) -> Line {
        let level = if self.is_rtl { Level::rtl() } else { Level::ltr() };
        let bidi = BidiInfo::new(text, Some(level));
        let mut line = Line::default();
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
                let mut parts = self.by_font(text, run);
                if is_rtl {
                    parts.reverse();
                }
                for (range, font) in parts {
                    self.add(&mut line, &text[range], &font, is_rtl);
                }
            }
        }
        line
    }

    /// A run in parts that one typeface each can draw. Marks and spaces stay with what they follow.
    fn by_font(&self, text: &str, run: Range<usize>) -> Vec<(Range<usize>, Arc<Font>)> {
        let mut parts: Vec<(Range<usize>, Arc<Font>)> = Vec::new();
        for (at, letter) in text[run.clone()].char_indices() {
            let range = run.start + at..run.start + at + letter.len_utf8();
            let is_of = |font: &Font| is_unseen(letter) || !letter.is_alphanumeric() && font.has(letter);
            if let Some((part, _)) = parts.last_mut().filter(|(_, font)| is_of(font)) {
                part.end = range.end;
                continue;
            }
            // A text that begins with what is not drawn takes the typeface of Latin.
            let Some(font) = self.fonts.find(letter, self.is_bold).or_else(|| self.fonts.find(' ', self.is_bold))
            else {
                continue;
            };
            match parts.last_mut() {
                Some((part, before)) if Arc::ptr_eq(before, &font) => part.end = range.end,
                _ => parts.push((range, font)),
            }
        }
        parts
    }

    fn add(&self, line: &mut Line, text: &str, font: &Arc<Font>, is_rtl: bool) {
        let Some(face) = font.face() else { return };
        let shaper = font.shaper.shaper(&face).build();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        if let Ok(language) = Language::from_str(self.language) {
            buffer.set_language(language);
        }
        buffer.guess_segment_properties();
        let shaped = shaper.shape(buffer, ShapeOptions::new());
        #[expect(clippy::cast_precision_loss, reason = "units of a typeface's design are small numbers")]
        let ems = |units: i32| units as f32 / font.units;
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            // Nothing is drawn for a letter that is not there.
            if info.glyph_id != 0 {
                line.glyphs.push(Glyph {
                    font: Arc::clone(font),
                    id: info.glyph_id,
                    x: line.width + ems(position.x_offset),
                    y: ems(position.y_offset),
                });
            }
            line.width += ems(position.x_advance);
        }
    }

    /// A text in lines of at most `width` ems, as few and as even as they go, and no more than `most`: what is over ends in
    /// `…`. The last value says whether all of it is there.
    pub fn wrap(&self, text: &str, width: f32, most: usize) -> (Vec<String>, bool) {
        let pieces = self.pieces(text, width);
        let lines = fill(&pieces, width);
        if lines.len() <= most {
            // The narrowest column with as many lines: none of them stands with a word alone.
            let (mut low, mut high) = (width * 0.4, width);
            for _ in 0..8 {
                let middle = f32::midpoint(low, high);
                if fill(&pieces, middle).len() <= lines.len() && pieces.iter().all(|piece| piece.bare <= middle) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            let lines = fill(&pieces, high).into_iter().map(|range| joined(&pieces[range])).collect();
            return (lines, true);
        }
        let mut cut: Vec<String> = lines[..most].iter().map(|range| joined(&pieces[range.clone()])).collect();
        let ellipsis = self.shape("…").width;
        let last = lines[most - 1].clone();
        let mut kept = last.clone();
        while kept.len() > 1 && of_line(&pieces[kept.clone()]) + ellipsis > width {
            kept.end -= 1;
        }
        let text = joined(&pieces[kept]);
        let text = text.trim_end_matches([',', ';', ':', '.', '،', '、', '，', '。', '-', '–', '—', ' ']);
        cut[most - 1] = format!("{text}…");
        (cut, false)
    }

    /// What stands between two places where a line may break. A piece that is longer than a line is broken between letters.
    fn pieces<'t>(&self, text: &'t str, width: f32) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let mut from = 0;
        for (to, _) in linebreaks(text) {
            let piece = self.piece(&text[from..to]);
            if piece.bare <= width {
                pieces.push(piece);
            } else {
                pieces.extend(self.letters(&text[from..to]));
            }
            from = to;
        }
        pieces
    }

    fn piece<'t>(&self, text: &'t str) -> Piece<'t> {
        let bare = text.trim_end();
        let width = self.shape(bare).width;
        let whole = if bare.len() == text.len() { width } else { width + self.shape(" ").width };
        Piece { text, bare: width, whole }
    }

    fn letters<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        let starts = text.char_indices().filter(|(_, letter)| !is_combining_mark(*letter) && !is_unseen(*letter));
        let mut starts: Vec<usize> = starts.map(|(at, _)| at).chain([text.len()]).collect();
        if let Some(first) = starts.first_mut() {
            *first = 0;
        }
        starts.windows(2).map(|pair| self.piece(&text[pair[0]..pair[1]])).collect()
    }
}

/// A part of a text that is not broken; lengths in ems.
struct Piece<'t> {
    text: &'t str,
    /// Without the space at its end.
    bare: f32,
    whole: f32,
}

/// The pieces of each line, as many on each as go.
fn fill(pieces: &[Piece<'_>], width: f32) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut used = 0.0;
    for (at, piece) in pieces.iter().enumerate() {
        match lines.last_mut() {
            Some(line) if used + piece.bare <= width => line.end = at + 1,
            _ => {
                lines.push(at..at + 1);
                used = 0.0;
            }
        }
        used += piece.whole;
    }
    lines
}

fn of_line(pieces: &[Piece<'_>]) -> f32 {
    let Some((last, before)) = pieces.split_last() else { return 0.0 };
    before.iter().map(|piece| piece.whole).sum::<f32>() + last.bare
}

fn joined(pieces: &[Piece<'_>]) -> String {
    pieces.iter().map(|piece| piece.text).collect::<String>().trim_end().to_owned()
}
