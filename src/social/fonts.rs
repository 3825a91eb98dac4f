//! Typefaces: the theme's own, those in the binary, and the system's, in this order. The only room that knows `skrifa` and
//! `fontdb`.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use fontdb::{Database, FaceInfo, ID, Source, Style, Weight};
use harfrust::ShaperData;
use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    instance::{LocationRef, Size},
    outline::{DrawSettings, pen::NullPen},
};

use crate::{
    error::Result,
    fingerprint::{Fingerprint, Mixer},
    load::{Area, Snapshot, SourceFile},
};

/// Faces in the binary, each with whether it is bold: Noto under the SIL Open Font License, cut to what is drawn with it.
///
/// Latin, Greek and Cyrillic have two weights. Chinese is what GB 2312 and the first level of Big5 have, with the first level
/// of JIS X 0208 and the syllables of KS X 1001.
static BUILT_IN: [(&[u8], bool); 21] = [
    (include_bytes!("fonts/sans-bold.ttf"), true),
    (include_bytes!("fonts/sans.ttf"), false),
    (include_bytes!("fonts/arabic.ttf"), true),
    (include_bytes!("fonts/armenian.ttf"), true),
    (include_bytes!("fonts/bengali.ttf"), true),
    (include_bytes!("fonts/devanagari.ttf"), true),
    (include_bytes!("fonts/ethiopic.ttf"), true),
    (include_bytes!("fonts/georgian.ttf"), true),
    (include_bytes!("fonts/gujarati.ttf"), true),
    (include_bytes!("fonts/gurmukhi.ttf"), true),
    (include_bytes!("fonts/hebrew.ttf"), true),
    (include_bytes!("fonts/kannada.ttf"), true),
    (include_bytes!("fonts/khmer.ttf"), true),
    (include_bytes!("fonts/lao.ttf"), true),
    (include_bytes!("fonts/malayalam.ttf"), true),
    (include_bytes!("fonts/myanmar.ttf"), true),
    (include_bytes!("fonts/sinhala.ttf"), true),
    (include_bytes!("fonts/tamil.ttf"), true),
    (include_bytes!("fonts/telugu.ttf"), true),
    (include_bytes!("fonts/thai.ttf"), true),
    (include_bytes!("fonts/cjk.otf"), true),
];

/// From this weight on a face is bold.
const BOLD: u16 = 600;

/// A face, ready to shape and draw with.
pub(super) struct Font {
    bytes: Bytes,
    index: u32,
    is_bold: bool,
    /// What shaping needs of it, worked out once.
    pub shaper: ShaperData,
    /// Units of its design in an em.
    pub units: f32,
}

enum Bytes {
    BuiltIn(&'static [u8]),
    Read(Vec<u8>),
}

impl Font {
    fn new(bytes: Bytes, index: u32, is_bold: Option<bool>) -> Option<Self> {
        let data = match &bytes {
            Bytes::BuiltIn(data) => data,
            Bytes::Read(data) => data.as_slice(),
        };
        let face = FontRef::from_index(data, index).ok()?;
        let units = f32::from(face.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        let is_bold = is_bold.unwrap_or_else(|| face.attributes().weight.value() >= f32::from(BOLD));
        let shaper = ShaperData::new(&face);
        Some(Font { shaper, units, is_bold, index, bytes })
    }

    /// The face itself. It was read before, so that reading it again cannot fail.
    pub fn face(&self) -> Option<FontRef<'_>> {
        let data = match &self.bytes {
            Bytes::BuiltIn(data) => data,
            Bytes::Read(data) => data.as_slice(),
        };
        FontRef::from_index(data, self.index).ok()
    }

    /// Whether it has a letter.
    pub fn has(&self, letter: char) -> bool {
        self.face().and_then(|face| face.charmap().map(letter)).is_some()
    }
}

/// All typefaces that a site's cards are drawn with.
pub struct Fonts {
    /// The theme's own, then those in the binary.
    fonts: Vec<Arc<Font>>,
    /// How many of them are the theme's.
    own: usize,
    /// Which letters these have: a bit for each.
    letters: Vec<u64>,
    fingerprint: Fingerprint,
    system: OnceLock<System>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// The faces of this machine, looked for when a letter is in no other.
struct System {
    database: Database,
    /// In the order that they are asked in, with whether they are bold.
    faces: Vec<(ID, bool)>,
    fingerprint: Fingerprint,
    /// What was asked for.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    fonts: BTreeMap<usize, Arc<Font>>,
    letters: BTreeMap<char, Option<usize>>,
}

/// Whether a file of a theme is a typeface that cards are drawn with: `themes/NAME/fonts/` with `.ttf`, `.otf` or `.ttc`.
fn is_own(file: &SourceFile, folder: &str) -> bool {
    let name = file.path.strip_prefix(folder).unwrap_or_default().to_ascii_lowercase();
    [".ttf", ".otf", ".ttc"].iter().any(|end| name.ends_with(end))
}

impl Fonts {
    /// Those of a site with a theme: the ones of `before`, where they are the same.
    ///
    /// # Errors
    /// When a typeface of the theme cannot be read.
    pub fn load(snapshot: &Snapshot, theme: &str, before: Option<Arc<Fonts>>) -> Result<Arc<Fonts>> {
        let folder = format!("themes/{theme}/fonts/");
        let files = || snapshot.area(Area::Theme).filter(|file| is_own(file, &folder));
        let mut mixer = Mixer::new();
        for file in files() {
            mixer.text(&file.path).fingerprint(file.fingerprint);
        }
        let fingerprint = mixer.finish();
        if let Some(before) = before.filter(|before| before.fingerprint == fingerprint) {
            return Ok(before);
        }
        let mut fonts = Vec::new();
        for file in files() {
            let bytes = snapshot.bytes(file)?;
            fonts.extend(Font::new(Bytes::Read(bytes), 0, None).map(Arc::new));
        }
        let own = fonts.len();
        fonts.extend(
            BUILT_IN.iter().filter_map(|(bytes, bold)| Font::new(Bytes::BuiltIn(bytes), 0, Some(*bold))).map(Arc::new),
        );
        let mut letters = vec![0_u64; (char::MAX as usize + 1) / 64];
        for font in &fonts {
            for (letter, _) in font.face().iter().flat_map(|face| face.charmap().mappings().collect::<Vec<_>>()) {
                if let Some(bits) = letters.get_mut(letter as usize / 64) {
                    *bits |= 1 << (letter % 64);
                }
            }
        }
        Ok(Arc::new(Fonts { fonts, own, letters, fingerprint, system: OnceLock::new() }))
    }

    /// Of the theme's own typefaces, and of those in the binary.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Of the system's typefaces, where anybody has asked for them; [`Fingerprint::NONE`] else.
    pub fn system_fingerprint(&self) -> Fingerprint {
        self.system.get().map_or(Fingerprint::NONE, |system| system.fingerprint)
    }

    /// Whether a text has a letter that only the system's typefaces can have.
    pub fn needs_system(&self, text: &str) -> bool {
        text.chars().any(|letter| !self.is_known(letter))
    }

    /// The letters of a text that no typeface has, each once.
    pub fn lacking(&self, text: &str) -> Vec<char> {
        let mut lacking: Vec<char> = Vec::new();
        for letter in text.chars().filter(|letter| !self.is_known(*letter)) {
            if !lacking.contains(&letter) && self.system().find(letter).is_none() {
                lacking.push(letter);
            }
        }
        lacking
    }

    /// Whether no typeface of the machine is needed for a letter: it is in one of the others, or is not drawn at all.
    fn is_known(&self, letter: char) -> bool {
        let at = letter as usize;
        self.letters.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
            || is_unseen(letter)
            || is_picture(letter)
    }

    /// The typeface for a letter; `None` when none has it.
    pub(super) fn find(&self, letter: char, is_bold: bool) -> Option<Arc<Font>> {
        let has = |font: &&Arc<Font>| font.has(letter);
        if self.is_known(letter) {
            let (own, built_in) = self.fonts.split_at(self.own);
            let among = |fonts: &[Arc<Font>]| {
                let weighted = fonts.iter().filter(|font| font.is_bold == is_bold).find(has);
                weighted.or_else(|| fonts.iter().find(has)).cloned()
            };
            return among(own).or_else(|| among(built_in));
        }
        self.system().find(letter)
    }

    /// Whether every letter of a text has a light typeface.
    pub(super) fn is_light(&self, text: &str) -> bool {
        let is_light = |letter| self.find(letter, false).is_some_and(|font| !font.is_bold);
        text.chars().filter(|letter| !is_unseen(*letter)).all(is_light)
    }

    fn system(&self) -> &System {
        self.system.get_or_init(System::look)
    }
}

impl System {
    fn look() -> Self {
        let mut database = Database::new();
        database.load_system_fonts();
        let path = |face: &FaceInfo| match &face.source {
            Source::File(path) | Source::SharedFile(path, _) => path.clone(),
            Source::Binary(_) => PathBuf::new(),
        };
        let mut faces: Vec<_> = database
            .faces()
            .map(|face| {
                let is_odd = face.style != Style::Normal || face.monospaced;
                let heavy = face.weight.0 >= BOLD;
                (is_odd, face.weight.0.abs_diff(Weight::BOLD.0), path(face), face.index, heavy, face.id)
            })
            .collect();
        faces.sort_by(|a, b| (a.0, a.1, &a.2, a.3).cmp(&(b.0, b.1, &b.2, b.3)));
        let mut mixer = Mixer::new();
        for (_, _, path, index, _, id) in &faces {
            mixer.text(&path.to_string_lossy()).number(u64::from(*index));
            let size = database.with_face_data(*id, |bytes, _| bytes.len());
            mixer.number(size.unwrap_or_default() as u64);
        }
        let faces = faces.into_iter().map(|(_, _, _, _, is_bold, id)| (id, is_bold)).collect();
        System { database, faces, fingerprint: mixer.finish(), known: Mutex::default() }
    }

    fn find(&self, letter: char) -> Option<Arc<Font>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let at = match known.letters.get(&letter) {
            Some(at) => *at,
            None => {
                let at = (0..self.faces.len()).find(|at| self.draws(*at, letter));
                known.letters.insert(letter, at);
                at
            }
        }?;
        if let Some(font) = known.fonts.get(&at) {
            return Some(Arc::clone(font));
        }
        let (id, is_bold) = self.faces[at];
        let font = self.database.with_face_data(id, |bytes, index| {
            Font::new(Bytes::Read(bytes.to_vec()), index, Some(is_bold)).map(Arc::new)
        })??;
        known.fonts.insert(at, Arc::clone(&font));
        Some(font)
    }

    /// Whether a face can draw a letter: some have pictures for what they have no outline of.
    fn draws(&self, at: usize, letter: char) -> bool {
        let drawn = self.database.with_face_data(self.faces[at].0, |bytes, index| {
            let face = FontRef::from_index(bytes, index).ok()?;
            let glyph = face.charmap().map(letter).filter(|glyph| *glyph != GlyphId::NOTDEF)?;
            let outline = face.outline_glyphs().get(glyph)?;
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            outline.draw(settings, &mut NullPen).ok()
        });
        drawn.flatten().is_some()
    }
}

/// What shapes text and is not drawn: joiners, marks of direction, selectors of variants, soft hyphens, spaces.
pub(super) fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Emoji and other pictures: a card says the same without them, and few typefaces have an outline of them.
pub(super) fn is_picture(letter: char) -> bool {
    matches!(letter, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{20e3}')
}
