//! What was named on the command line, opened one after another.

use std::{
    collections::VecDeque,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use url::Url;
use walkdir::WalkDir;

use crate::import::{self, Format, Piece, recognise};

/// One thing that was named, or found in a folder.
enum Input {
    File {
        path: PathBuf,
        is_named: bool,
    },
    /// Standard input.
    Standard,
    Address(Url),
    Failed(String, String, Option<&'static str>),
}

/// What comes next.
pub enum Next {
    /// An input was opened.
    Opened,
    /// Something to read, and the name of the input.
    Piece(String, Piece),
    /// Something to ask for.
    Address(Url),
    /// An input that cannot be read: its name, a clause, a way out.
    Failed(String, String, Option<&'static str>),
    /// A file of a folder that is no text, such as a picture.
    LeftOut(String),
    /// An input of many things is at its end.
    Closed(String),
}

/// An input that is being read.
struct Open {
    name: String,
    is_named: bool,
    /// Whether it holds many things, of which some are stories.
    is_many: bool,
    /// Whether anything at all was in it.
    is_read: bool,
    pieces: import::Pieces<'static>,
}

/// The inputs, in order.
pub struct Inputs {
    queue: VecDeque<Input>,
    open: Option<Open>,
    opened: usize,
    total: usize,
    today: Date,
}

impl Inputs {
    /// Folders stand for the files in them, in order; hidden files are left out.
    pub fn new(given: &[PathBuf], today: Date) -> Self {
        let mut queue = VecDeque::new();
        for path in given {
            let text = path.to_string_lossy();
            if path == Path::new("-") {
                queue.push_back(Input::Standard);
            } else if text.starts_with("http://") || text.starts_with("https://") {
                queue.push_back(match Url::parse(&text) {
                    Ok(url) => Input::Address(url),
                    Err(_) => {
                        Input::Failed(format!("`{text}`"), "is no address that can be asked for".to_owned(), None)
                    }
                });
            } else if path.is_dir() {
                let before = queue.len();
                walk(path, &mut queue);
                if queue.len() == before {
                    queue.push_back(Input::Failed(format!("`{text}`"), "holds no file to import".to_owned(), None));
                }
            } else if path.exists() {
                queue.push_back(Input::File { path: path.clone(), is_named: true });
            } else {
                let (message, hint) = if text.contains("://") {
                    ("is no address of the web", "addresses start with `https://` or `http://`")
                } else {
                    ("is not there", "look at its name and folder")
                };
                queue.push_back(Input::Failed(format!("`{text}`"), message.to_owned(), Some(hint)));
            }
        }
        let total = queue.len();
        Inputs { queue, open: None, opened: 0, total, today }
    }

    /// How many inputs there are, as far as is known.
    pub fn len(&self) -> usize {
        self.total
    }

    /// How many were opened.
    pub fn opened(&self) -> usize {
        self.opened
    }

    /// Whether nothing is left.
    pub fn is_over(&self) -> bool {
        self.queue.is_empty() && self.open.is_none()
    }

    /// Adds addresses that an input named.
    pub fn add(&mut self, addresses: Vec<Url>) {
        self.total += addresses.len();
        self.queue.extend(addresses.into_iter().map(Input::Address));
    }

    /// The next thing; `None` when all are done, or none is there for now.
    pub fn next(&mut self) -> Option<Next> {
        if let Some(open) = &mut self.open {
            match open.pieces.next() {
                Some(Ok(piece)) => {
                    open.is_many |= piece.source.is_one_of_many;
                    open.is_read = true;
                    let kind = recognise(&piece.bytes);
                    if !open.is_named && matches!(kind, Format::Binary(kind) if is_no_clipping(kind)) {
                        return Some(Next::LeftOut(open.name.clone()));
                    }
                    return Some(Next::Piece(open.name.clone(), piece));
                }
                Some(Err(trouble)) => {
                    open.is_read = true;
                    return Some(Next::Failed(open.name.clone(), trouble, None));
                }
                None => {
                    let open = self.open.take()?;
                    if open.is_many || !open.is_read {
                        return Some(Next::Closed(open.name));
                    }
                }
            }
        }
        let input = self.queue.pop_front()?;
        self.opened += 1;
        let (name, is_named, pieces) = match input {
            Input::Address(url) => return Some(Next::Address(url)),
            Input::Failed(name, message, hint) => return Some(Next::Failed(name, message, hint)),
            Input::Standard => ("standard input".to_owned(), true, import::pieces(io::stdin(), self.today)),
            Input::File { path, is_named } => {
                let pieces = fs::File::open(&path).and_then(|file| import::pieces(file, self.today));
                (path.display().to_string(), is_named, pieces)
            }
        };
        Some(match pieces {
            Ok(pieces) => {
                self.open = Some(Open { name, is_named, is_many: false, is_read: false, pieces });
                Next::Opened
            }
            Err(error) => Next::Failed(name, format!("cannot be read: {error}"), None),
        })
    }
}

/// Kinds of files that lie beside clippings and are none themselves.
fn is_no_clipping(kind: &str) -> bool {
    ["picture", "media file", "audio", "program", "database"].iter().any(|part| kind.contains(part))
}

fn walk(folder: &Path, queue: &mut VecDeque<Input>) {
    let wanted = |entry: &walkdir::DirEntry| {
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        entry.depth() == 0 || !(is_hidden || entry.file_type().is_dir() && is_part_of_a_page(entry.path()))
    };
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(wanted) {
        match entry {
            Ok(entry) if entry.path().is_file() => {
                queue.push_back(Input::File { path: entry.into_path(), is_named: false });
            }
            Ok(_) => {}
            Err(error) => {
                let at = error.path().unwrap_or(folder).display().to_string();
                let cause = error.io_error().map_or_else(|| "it leads back to itself".to_owned(), ToString::to_string);
                queue.push_back(Input::Failed(at, format!("cannot be read: {cause}"), None));
            }
        }
    }
}

/// Whether a folder holds the pictures and scripts of a page that a browser saved beside it: `Talks_files` beside `Talks.html`.
fn is_part_of_a_page(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    ["_files", "-Dateien", "_fichiers", "_archivos", "_file", "_bestanden", ".files"].iter().any(|end| {
        name.strip_suffix(end).is_some_and(|page| {
            ["html", "htm", "xhtml"].iter().any(|ext| folder.with_file_name(format!("{page}.{ext}")).is_file())
        })
    })
}
