//! Social cards: the picture that other sites show with a link to a page, drawn when the site is built.
//!
//! A card says what the page's headline says, from whom, and when, in letters of any script: [`Fonts`] are the theme's own
//! typefaces, those in the binary, and the system's for what is in neither. Which letters can be drawn is known before anything
//! is, so a page whose title has one that no typeface has gets no card: there is never a box in a letter's place.
//!
//! A card is a picture of two inks on paper, so it is kept as one of 16 colours: some ten kilobytes.

mod fonts;
mod text;

use png::{BitDepth, ColorType, Compression, Encoder};
use skrifa::{
    MetadataProvider as _,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};
use tiny_skia::{FillRule, Mask, PathBuilder, Rect, Transform};

pub use self::fonts::Fonts;
use self::text::{Line, Setting, plain};

/// Pixels from side to side.
pub const WIDTH: u32 = 1200;

/// Pixels from top to bottom.
pub const HEIGHT: u32 = 630;

/// The end of a card's name.
pub const FILE: &str = "card.png";

/// A colour: red, green, blue.
pub type Colour = [u8; 3];

/// What a card looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colours {
    /// What everything stands on.
    pub paper: Colour,
    /// The title, and what stands at the foot.
    pub ink: Colour,
    /// The bar at the top, and what the page is about.
    pub accent: Colour,
}

impl Default for Colours {
    fn default() -> Self {
        Colours { paper: [0xfb, 0xfa, 0xf6], ink: [0x1d, 0x1b, 0x18], accent: [0x8c, 0x1c, 0x13] }
    }
}

/// Reads a colour as style sheets write it: `#8c1c13`.
pub fn colour(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// What a card says.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// The page's title.
    pub title: String,
    /// BCP 47 tag of the title's language.
    pub language: String,
    /// The title runs from right to left, and so the card does.
    pub is_rtl: bool,
    /// BCP 47 tag of the language of what else it says.
    pub site_language: String,
    /// That language runs from right to left.
    pub is_site_rtl: bool,
    /// What the page is about, or what it is.
    pub kicker: String,
    /// When.
    pub date: String,
    /// The site's name.
    pub site: String,
}

/// Pixels left free at each side.
const MARGIN: f32 = 80.0;

/// The sizes that a title is tried in, with the lines that there is room for.
const SIZES: [(f32, usize); 5] = [(82.0, 3), (70.0, 4), (60.0, 4), (52.0, 5), (46.0, 6)];

/// From the top of the first line of the title to the foot.
const TITLE: (f32, f32) = (150.0, 500.0);

/// Draws a card, as a PNG file. The same card, typefaces and colours give the same bytes.
pub fn draw(card: &Card, fonts: &Fonts, colours: Colours) -> Vec<u8> {
    let Some((mut ink, mut accent)) = Mask::new(WIDTH, HEIGHT).zip(Mask::new(WIDTH, HEIGHT)) else {
        return Vec::new();
    };
    let bold = Setting { fonts, is_rtl: card.is_rtl, language: &card.language, is_bold: true };
    // What the site says runs as its language does, wherever on the card it stands.
    let own = Setting { is_rtl: card.is_site_rtl, language: &card.site_language, ..bold };
    let light = Setting { is_bold: false, ..own };
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let (width, room) = (WIDTH as f32, WIDTH as f32 - 2.0 * MARGIN);
    block(&mut accent, 0.0, 0.0, width, 20.0);
    let from_start = |line: &Line, size: f32| if card.is_rtl { width - MARGIN - line.width * size } else { MARGIN };
    let from_end = |line: &Line, size: f32| if card.is_rtl { MARGIN } else { width - MARGIN - line.width * size };

    let kicker = short(own, &card.kicker, room, 34.0);
    draw_line(&mut accent, &kicker, (from_start(&kicker, 34.0), 108.0), 34.0);

    let title = plain(&card.title, fonts);
    let leading = if title.chars().all(is_low) { 1.18 } else { 1.38 };
    let mut chosen = (0.0, Vec::new());
    for (size, most) in SIZES {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of lines")]
        let most = most.min(((TITLE.1 - TITLE.0) / (size * leading)) as usize).max(1);
        let (lines, is_whole) = bold.wrap(&title, room / size, most);
        chosen = (size, lines);
        if is_whole {
            break;
        }
    }
    let (size, lines) = chosen;
    let mut baseline = TITLE.0 + size * (leading * 0.5 + 0.36);
    for text in &lines {
        let line = bold.shape(text);
        draw_line(&mut ink, &line, (from_start(&line, size), baseline), size);
        baseline += size * leading;
    }

    // Two weights in one line look like a mistake.
    let light = if fonts.is_light(&card.date) { light } else { own };
    let date = short(light, &card.date, room / 2.0, 30.0);
    draw_line(&mut ink, &date, (from_end(&date, 30.0), 580.0), 30.0);
    let site = short(own, &card.site, room - date.width * 30.0 - 60.0, 32.0);
    draw_line(&mut ink, &site, (from_start(&site, 32.0), 580.0), 32.0);
    encode(&ink, &accent, colours)
}

/// A text on one line, cut where it is too long.
fn short(setting: Setting<'_>, text: &str, room: f32, size: f32) -> Line {
    let text = plain(text, setting.fonts);
    let line = setting.shape(&text);
    if line.width * size <= room {
        return line;
    }
    let (lines, _) = setting.wrap(&text, room / size, 1);
    lines.first().map(|text| setting.shape(text)).unwrap_or_default()
}

/// Letters of Latin, Greek and Cyrillic, and punctuation: lines of them stand closer than those of taller scripts.
fn is_low(letter: char) -> bool {
    letter < '\u{530}' || matches!(letter, '\u{1e00}'..='\u{206f}')
}

fn block(mask: &mut Mask, x: f32, y: f32, width: f32, height: f32) {
    if let Some(rect) = Rect::from_xywh(x, y, width, height) {
        mask.fill_path(&PathBuilder::from_rect(rect), FillRule::Winding, false, Transform::identity());
    }
}

fn draw_line(mask: &mut Mask, line: &Line, (x, y): (f32, f32), size: f32) {
    for glyph in &line.glyphs {
        let Some(face) = glyph.font.face() else { continue };
        let Some(outline) = face.outline_glyphs().get(glyph.id.into()) else { continue };
        let mut pen = Pen { path: PathBuilder::new(), x: x + glyph.x * size, y: y - glyph.y * size };
        let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
        if outline.draw(settings, &mut pen).is_err() {
            continue;
        }
        if let Some(path) = pen.path.finish() {
            mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
        }
    }
}

/// Takes an outline, whose `y` goes up, to its place on a card.
struct Pen {
    path: PathBuilder,
    x: f32,
    y: f32,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + a, self.y - b, self.x + x, self.y - y);
    }

    fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + a, self.y - b, self.x + c, self.y - d, self.x + x, self.y - y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

/// Pixels of a run that may be all paper: all pixels of a card are in runs of this many.
const RUN: usize = 48;

/// Steps from paper to ink, both ends counted, and from paper to the accent.
const STEPS: (usize, usize) = (9, 8);

/// Both inks on paper, in 16 colours.
fn encode(ink: &Mask, accent: &Mask, colours: Colours) -> Vec<u8> {
    let mix = |to: Colour, step: usize, steps: usize| {
        let part = |at: usize| {
            let (from, to) = (usize::from(colours.paper[at]), usize::from(to[at]));
            // A mean of two bytes is one.
            u8::try_from((from * (steps - step) + to * step) / steps).unwrap_or(u8::MAX)
        };
        [part(0), part(1), part(2)]
    };
    let mut palette = Vec::with_capacity(48);
    for step in 0..STEPS.0 {
        palette.extend(mix(colours.ink, step, STEPS.0 - 1));
    }
    for step in 1..STEPS.1 {
        palette.extend(mix(colours.accent, step, STEPS.1 - 1));
    }
    let nearest = |covered: u8, steps: usize| (usize::from(covered) * (steps - 1) + 127) / 255;
    let of_ink: Vec<u8> = (0..=255).map(|covered| nearest(covered, STEPS.0) as u8).collect();
    let of_accent: Vec<u8> = (0..=255)
        .map(|covered| match nearest(covered, STEPS.1) {
            0 => 0,
            step => (STEPS.0 - 1 + step) as u8,
        })
        .collect();
    let pixel = |accent: u8, ink: u8| match of_accent[usize::from(accent)] {
        0 => of_ink[usize::from(ink)],
        accent => accent,
    };
    // Most of a card is paper, and need not be looked at pixel by pixel.
    let mut pixels = vec![0; ink.data().len() / 2];
    let runs = ink.data().chunks(RUN).zip(accent.data().chunks(RUN)).zip(pixels.chunks_mut(RUN / 2));
    for ((ink, accent), pixels) in runs {
        if ink.iter().all(|covered| *covered == 0) && accent.iter().all(|covered| *covered == 0) {
            continue;
        }
        for ((ink, accent), pair) in ink.chunks_exact(2).zip(accent.chunks_exact(2)).zip(pixels) {
            *pair = pixel(accent[0], ink[0]) << 4 | pixel(accent[1], ink[1]);
        }
    }
    let mut bytes = Vec::with_capacity(16 << 10);
    let mut encoder = Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Four);
    encoder.set_palette(palette);
    encoder.set_compression(Compression::Fast);
    // Nothing is written but to memory, and the sizes above fit each other.
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    if written.is_err() {
        bytes.clear();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Snapshot;

    const TITLES: [(&str, &str); 11] = [
        ("en", "Talks in Geneva end without a breakthrough, and both sides agree to meet again"),
        ("es", "Las conversaciones de Ginebra acaban sin acuerdo; «seguiremos hablando», dice España"),
        ("de", "Außenminister reisen nach Genf: Rückversicherungsgesellschaftsabkommensverhandlungen"),
        ("el", "Χωρίς αποτέλεσμα οι συνομιλίες στη Γενεύη"),
        ("uk", "Зустріч у Женеві завершилася без прориву: її продовжать у лютому 🎉"),
        ("ar", "وزيرا الخارجية الأمريكي والروسي يلتقيان في جنيف (Geneva) يوم 21 يناير"),
        ("he", "שיחות ז׳נבה הסתיימו ללא פריצת דרך"),
        ("hi", "जिनेवा में विदेश मंत्रियों की बैठक बिना किसी समझौते के समाप्त हुई"),
        ("zh", "美俄外长在日内瓦举行会谈，未取得突破，双方同意继续外交接触"),
        ("ja", "ジュネーブ会談、打開策なく終了"),
        ("ko", "제네바 회담, 돌파구 없이 끝나"),
    ];

    fn fonts() -> std::sync::Arc<Fonts> {
        Fonts::load(&Snapshot::default(), "broadsheet", None).unwrap()
    }

    #[test]
    fn letters_of_many_scripts_are_there_and_stay_within_their_lines() {
        let fonts = fonts();
        for (language, title) in TITLES {
            assert!(fonts.lacking(title).is_empty(), "{language}");
            assert!(!fonts.needs_system(title), "{language}: another machine would draw it with another typeface");
            let is_rtl = crate::locale::direction(language) == "rtl";
            let setting = Setting { fonts: &fonts, is_rtl, language, is_bold: true };
            let title = plain(title, &fonts);
            for width in [20.0, 12.0, 6.0] {
                let (lines, is_whole) = setting.wrap(&title, width, 40);
                assert!(is_whole, "{language}");
                let letters = |text: &str| text.chars().filter(|letter| *letter != ' ').collect::<String>();
                assert_eq!(letters(&lines.concat()), letters(&title), "{language}");
                for text in &lines {
                    let line = setting.shape(text);
                    assert!(line.width <= width + 0.1, "{language}: {text}");
                    // As many marks as letters are no box, but some glyph stands there for every line.
                    assert!(!line.glyphs.is_empty(), "{language}: {text}");
                }
            }
        }
    }

    #[test]
    fn what_is_too_long_ends_in_dots() {
        let fonts = fonts();
        let setting = Setting { fonts: &fonts, is_rtl: false, language: "en", is_bold: true };
        let (lines, is_whole) = setting.wrap(&"a long, long title ".repeat(30), 14.0, 3);
        assert!(!is_whole);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with("…") && !lines[2].ends_with(",…"), "{lines:?}");
        assert!(setting.shape(&lines[2]).width <= 14.0);
    }

    #[test]
    fn letters_join_and_run_to_the_left() {
        let fonts = fonts();
        let setting = Setting { fonts: &fonts, is_rtl: true, language: "ar", is_bold: true };
        // Lam and alef are one glyph where they meet; alone they are two.
        assert_eq!(setting.shape("لا").glyphs.len(), 1);
        // The word that is read first stands on the right.
        let line = setting.shape("سلام 2022");
        let mut from_left: Vec<f32> = line.glyphs.iter().map(|glyph| glyph.x).collect();
        assert!(from_left.is_sorted(), "{from_left:?}");
        let digits = setting.shape("2022");
        from_left.truncate(4);
        let first: Vec<u32> = line.glyphs.iter().take(4).map(|glyph| glyph.id).collect();
        assert_eq!(first, digits.glyphs.iter().map(|glyph| glyph.id).collect::<Vec<_>>());
    }

    #[test]
    fn a_card_is_a_picture_of_its_size_and_the_same_each_time() {
        let fonts = fonts();
        for (language, title) in TITLES {
            let card = Card { title: title.to_owned(), language: language.to_owned(), ..Card::default() };
            let bytes = draw(&card, &fonts, Colours::default());
            let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
            assert_eq!((reader.info().width, reader.info().height), (WIDTH, HEIGHT));
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut pixels).unwrap();
            // Ink, and not only at the edge of letters.
            assert!(pixels.iter().filter(|pair| **pair == 0x88).count() > 1000, "{language}");
            assert_eq!(bytes, draw(&card, &fonts, Colours::default()), "{language}");
        }
    }

    #[test]
    fn a_date_runs_as_the_language_of_the_site_does() {
        let fonts = fonts();
        let pixels = |is_site_rtl: bool, date: &str| {
            let card =
                Card { language: "ar".to_owned(), is_rtl: true, is_site_rtl, date: date.to_owned(), ..Card::default() };
            let bytes = draw(&card, &fonts, Colours::default());
            let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut pixels).unwrap();
            pixels
        };
        // In a line from right to left the day of an English date comes last.
        assert_eq!(pixels(true, "17 July 2023"), pixels(false, "July 2023 17"));
        assert_ne!(pixels(false, "17 July 2023"), pixels(true, "17 July 2023"));
    }

    #[test]
    fn colours_are_read_as_style_sheets_write_them() {
        assert_eq!(colour("#8c1c13"), Some([0x8c, 0x1c, 0x13]));
        assert_eq!(colour("8c1c13"), None);
        assert_eq!(colour("#8c1"), None);
        assert_eq!(colour("#8c1c1é"), None);
    }
}
