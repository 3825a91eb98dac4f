//! What the disk alone costs: programs that read and write, or look at, the files of a site and do nothing else, with as
//! many threads as there are cores.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

/// As many as there are cores.
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Sees every file below the folders, folder by folder.
pub fn walk(folders: &[PathBuf], see: &(impl Fn(&fs::DirEntry) + Sync)) {
    struct Queue {
        folders: Vec<PathBuf>,
        busy: usize,
    }
    let queue = Mutex::new(Queue { folders: folders.to_vec(), busy: 0 });
    let take = || {
        loop {
            let mut queue = queue.lock().expect("no thread failed");
            if let Some(folder) = queue.folders.pop() {
                queue.busy += 1;
                return Some(folder);
            }
            if queue.busy == 0 {
                return None;
            }
            drop(queue);
            thread::yield_now();
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(|| {
                while let Some(folder) = take() {
                    let mut below = Vec::new();
                    for entry in fs::read_dir(&folder).expect("a folder") {
                        let entry = entry.expect("an entry");
                        if entry.file_type().expect("its type").is_dir() {
                            below.push(entry.path());
                        } else {
                            see(&entry);
                        }
                    }
                    let mut queue = queue.lock().expect("no thread failed");
                    queue.folders.append(&mut below);
                    queue.busy -= 1;
                }
            });
        }
    });
}

/// Asks for the size and time of every file.
pub fn look(folders: &[PathBuf]) -> usize {
    let count = AtomicUsize::new(0);
    walk(folders, &|entry| {
        assert!(entry.metadata().expect("its size and time").modified().is_ok());
        count.fetch_add(1, Relaxed);
    });
    count.into_inner()
}

/// The files of a folder with their sizes, by the folders that they lie in.
type Tree = Vec<(PathBuf, Vec<(OsString, usize)>)>;

/// Reads every source, then makes a tree of files of the same names and sizes as those in `like`. Says how long these two
/// took. The bytes are always the same ones: those that a generator writes have just been made, and are at hand like these.
pub fn copy(sources: &[PathBuf], plan: &Path, to: &Path) -> Duration {
    let tree = read_plan(plan);
    let largest = tree.iter().flat_map(|(_, files)| files).map(|(_, size)| *size).max().unwrap_or(0);
    let bytes = vec![b'x'; largest];
    let started = Instant::now();
    walk(sources, &|entry| {
        fs::read(entry.path()).expect("a source");
    });
    let next = AtomicUsize::new(0);
    let write = || {
        while let Some(folders) = tree.chunks(16).nth(next.fetch_add(1, Relaxed)) {
            for (folder, files) in folders {
                let folder = to.join(folder);
                // Folders that only hold folders are not in the tree.
                if fs::create_dir(&folder).is_err() {
                    fs::create_dir_all(&folder).expect("a folder");
                }
                for (name, size) in files {
                    fs::write(folder.join(name), &bytes[..*size]).expect("a file");
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(write);
        }
    });
    started.elapsed()
}

/// Notes the names and sizes of the files below a folder, for [`copy`].
pub fn write_plan(of: &Path, plan: &Path) {
    let files = Mutex::new(Vec::new());
    walk(&[of.to_owned()], &|entry| {
        let path = entry.path();
        let size = entry.metadata().expect("its size").len();
        let below = path.strip_prefix(of).expect("below").to_str().expect("a name of ours").to_owned();
        files.lock().expect("no thread failed").push(format!("{below}\t{size}"));
    });
    let mut files = files.into_inner().expect("no thread failed");
    files.sort();
    fs::write(plan, files.join("\n")).expect("the plan");
}

fn read_plan(plan: &Path) -> Tree {
    let text = fs::read_to_string(plan).expect("the plan");
    let mut tree = Tree::new();
    for line in text.lines() {
        let (path, size) = line.split_once('\t').expect("path and size");
        let path = Path::new(path);
        let folder = path.parent().expect("a folder");
        let file = (path.file_name().expect("a name").to_owned(), size.parse().expect("a size"));
        match tree.last_mut().filter(|(last, _)| last == folder) {
            Some((_, files)) => files.push(file),
            None => tree.push((folder.to_owned(), vec![file])),
        }
    }
    tree
}
