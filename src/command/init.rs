//! `dateline init`: a new site.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{Outcome, Terminal};
use crate::{
    cli::InitArgs,
    error::{Error, Result},
};

/// The files of a new site. The texts were written for it; the facts in them are true.
const FILES: [(&str, &str); 9] = [
    ("site.toml", include_str!("init/site.toml")),
    (".gitignore", "/public/\n/.dateline/\n"),
    ("content/topics/ozone-layer.md", include_str!("init/topic.md")),
    ("content/digests/ozone-layer/from-hole-to-treaty.md", include_str!("init/digest.md")),
    ("content/articles/1985/05/hole-over-antarctica.md", include_str!("init/hole.md")),
    ("content/articles/1987/09/montreal-protocol-signed.md", include_str!("init/protocol.md")),
    ("content/publishers/nature.md", include_str!("init/nature.md")),
    ("content/publishers/unep.md", include_str!("init/unep.md")),
    ("content/pages/about.md", include_str!("init/about.md")),
];

pub fn run(args: &InitArgs, terminal: &Terminal) -> Result<Outcome> {
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    let taken: Vec<&str> =
        FILES.iter().map(|(path, _)| *path).filter(|path| dir.join(path).symlink_metadata().is_ok()).collect();
    // A `.gitignore` alone is what an empty repository has; it is left as it is.
    if taken.iter().any(|path| *path != ".gitignore") {
        terminal.problem(
            &format!("there is a site in `{}` already: {}", dir.display(), taken.join(", ")),
            Some("name a new folder: `dateline init my-digest`"),
        );
        return Ok(Outcome::WrongUsage);
    }
    for (path, text) in FILES.iter().filter(|(path, _)| !taken.contains(path)) {
        create(&dir.join(path), text)?;
    }
    terminal.say(&format!("a new site is in {}", dir.display()));
    let folder = if args.dir.is_some() { format!("cd {} && ", dir.display()) } else { String::new() };
    terminal.say(&format!("look at it: {folder}dateline watch --open"));
    terminal.say("publish it: put its address into site.toml (base_url), commit it, then dateline publish");
    Ok(Outcome::Done)
}

/// Makes a file that is not there yet, and its folders.
pub fn create(path: &Path, text: &str) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|cause| Error::io("make the folder", parent, cause))?;
    }
    let written = fs::OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| {
        use std::io::Write as _;
        file.write_all(text.as_bytes())
    });
    written.map_err(|cause| {
        let is_taken = cause.kind() == ErrorKind::AlreadyExists;
        let error = Error::io("write", path, cause);
        if is_taken {
            return error.with_hint("the file is there already and stays as it is; choose another title");
        }
        error
    })
}
