//! What the disk alone costs: programs that only look at, only read, or only write the files of a site.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use walkdir::WalkDir;

/// Walks the folders and asks for every file's size and time, by one thread.
pub fn look(folder: &Path) -> Duration {
    let started = Instant::now();
    let walk = WalkDir::new(folder).into_iter();
    let looked = walk.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.metadata().is_ok())).count();
    assert!(looked > 0);
    started.elapsed()
}

/// Reads every file, by one thread.
pub fn read(files: &[PathBuf]) -> Duration {
    let started = Instant::now();
    let bytes: usize = files.iter().map(|path| fs::read(path).expect("read").len()).sum();
    assert!(bytes > 0);
    started.elapsed()
}

/// Writes files with the same bytes at other places, by one thread.
pub fn write(files: &[PathBuf], below: &Path, to: &Path) -> Duration {
    let mut took = Duration::ZERO;
    // So much at a time that a large site fits into memory.
    for files in files.chunks(5000) {
        let contents: Vec<(PathBuf, Vec<u8>)> = files
            .iter()
            .map(|path| (to.join(path.strip_prefix(below).expect("below")), fs::read(path).expect("read")))
            .collect();
        let started = Instant::now();
        for (path, content) in &contents {
            fs::create_dir_all(path.parent().expect("a folder")).expect("make a folder");
            fs::write(path, content).expect("write");
        }
        took += started.elapsed();
    }
    took
}

/// The files below a folder, in order, without the program's own notes.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".dateline" && entry.file_name() != "public")
        .map(|entry| entry.expect("readable"))
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}
