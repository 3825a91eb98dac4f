//! What outlets repeat: known from earlier imports, and from a first look at all that is imported now.
//!
//! It lies beside the cache, in `.dateline/outlets`, as fingerprints. It can be lost at any time: the site's articles still say which lines are
//! story, and the next import shows the rest anew.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use rayon::prelude::*;

use super::inputs::{Inputs, Next};
use super::{BATCH, BATCH_BYTES};
use crate::{
    error::{Error, Result},
    import::{self, Context, Format, recognise, repeats::Repeats},
    replace,
};

/// So many pages and texts are looked at before the first is imported; what comes after them teaches the next ones as it comes.
const LOOKED_AT: usize = 1000;
/// What is larger teaches little for the time that it takes.
const LARGEST: usize = 2 * 1024 * 1024;

fn file(root: &Path) -> PathBuf {
    root.join(".dateline/outlets")
}

/// What earlier imports showed. What cannot be read is as if it were not there.
pub fn load(root: &Path) -> Repeats {
    fs::read_to_string(file(root)).map(|text| Repeats::from_text(&text)).unwrap_or_default()
}

/// Keeps it for the next import.
///
/// # Errors
/// When it cannot be written. No import need fail for that.
pub fn save(root: &Path, repeats: &Repeats) -> Result<()> {
    let at = file(root);
    let text = repeats.to_text();
    if repeats.is_empty() || fs::read_to_string(&at).is_ok_and(|was| was == text) {
        return Ok(());
    }
    let folder = root.join(".dateline");
    fs::create_dir_all(&folder).map_err(|cause| Error::io("write", folder, cause))?;
    replace::file(&at, text.as_bytes(), "write")
}

/// A first look over the files that are imported: of pages and texts of one outlet each is read with what the others show.
pub fn look(given: &[PathBuf], context: &mut Context, mut tick: impl FnMut()) {
    let is_file = |path: &&PathBuf| !path.as_os_str().is_empty() && *path != Path::new("-") && path.exists();
    let files: Vec<PathBuf> = given.iter().filter(is_file).cloned().collect();
    let mut inputs = Inputs::new(&files, context.today);
    let (mut seen, mut is_over) = (0, false);
    while !is_over && seen < LOOKED_AT {
        let (mut pieces, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH_BYTES && pieces.len() < BATCH.min(LOOKED_AT - seen) {
            match inputs.next() {
                None => {
                    is_over = true;
                    break;
                }
                Some(Next::Piece(_, piece)) => {
                    seen += 1;
                    bytes += piece.bytes.len();
                    if piece.bytes.len() <= LARGEST {
                        pieces.push(piece);
                    }
                    if seen >= LOOKED_AT {
                        break;
                    }
                }
                Some(_) => tick(),
            }
        }
        let read = |piece: &import::Piece| {
            let is_page = matches!(recognise(&piece.bytes), Format::Html | Format::Mhtml | Format::Text);
            let found = is_page.then(|| import::read_from(&piece.bytes, &piece.source, context).ok()).flatten();
            found.into_iter().flat_map(|found| found.stories).filter_map(|story| story.sighting).collect::<Vec<_>>()
        };
        let sightings: Vec<_> = pieces.par_iter().flat_map_iter(read).collect();
        let repeats = Arc::make_mut(&mut context.repeats);
        sightings.into_iter().for_each(|sighting| repeats.remember(sighting));
    }
}
