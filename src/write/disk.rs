//! A folder as output.
//!
//! Changed files are staged in a folder beside the output while they are made, and take their places when all are. A journal
//! that is written before the first does lets the next run finish what this one could not. What Dateline wrote it knows from
//! a manifest; no other file is ever overwritten or removed.
//!
//! Nothing here forces the disk to write at once. After a power cut a file may be other than the manifest says; the next
//! build sees that by its size and time, and makes it again.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, ErrorKind, Write as _},
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{
    Written,
    manifest::{Entry, Manifest, stays_below},
};
use crate::{
    engine::{
        Cache,
        cache::{seal, unseal},
    },
    error::{Error, Result},
    fingerprint::Fingerprint,
    replace,
};

/// An output folder and the manifest of what was written into it.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    /// Where what must be remembered of it lies.
    memory: PathBuf,
    staging: PathBuf,
    /// The manifest, once it was read.
    manifest: Option<Manifest>,
    /// Whether an earlier write of this process left the folder as the manifest says: then it need not be looked at.
    is_settled: bool,
    /// Whether the manifest on the disk is older than ours.
    is_unsaved: bool,
    /// Whether there is no folder yet.
    is_first: bool,
    taken_in: Mutex<Vec<TakenIn>>,
    /// Keeps other processes out of the folder while a build is at work on it.
    lock: Option<File>,
}

/// An output that was made.
#[derive(Debug)]
struct TakenIn {
    path: Arc<str>,
    entry: Entry,
    /// Whether it is staged; else it was there already, and only the manifest did not say so.
    is_staged: bool,
}

/// What is left to do once everything is staged.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    place: Vec<(Arc<str>, Entry)>,
    remove: Vec<Arc<str>>,
}

const JOURNAL: &str = "journal 1";

impl Disk {
    /// Writes into `folder`; keeps what it must remember below the site's `root`.
    pub fn new(folder: PathBuf, root: &Path) -> Self {
        // Several outputs of one site (a preview, a publication) each have a memory. That of one inside the site is named
        // by its place there, so that it is the same one after the site was moved, and from whatever folder it is built.
        let whole = resolved(&folder);
        let place = whole.strip_prefix(resolved(root)).unwrap_or(&whole);
        let name = Fingerprint::of(place.as_os_str().as_encoded_bytes());
        let parent = folder.parent().unwrap_or(Path::new("")).to_owned();
        let own = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Disk {
            memory: root.join(".dateline/outputs").join(name.to_string()),
            staging: parent.join(format!(".{own}.staging")),
            folder,
            manifest: None,
            is_settled: false,
            is_unsaved: false,
            is_first: false,
            taken_in: Mutex::default(),
            lock: None,
        }
    }

    /// Where to remember what the files were made from.
    pub fn cache(&self) -> Cache {
        Cache::new(self.memory.clone())
    }

    /// Finishes what an interrupted run began. To be called before a build asks what is there.
    pub fn prepare(&mut self) -> Result<()> {
        self.wait_for_others();
        if self.is_unsaved {
            self.settle()?;
        } else if self.staging.exists() {
            self.recover()?;
        }
        self.is_first = !self.folder.exists();
        if !self.is_first && !self.folder.is_dir() {
            // A file in its place: the system says so in its own words.
            fs::create_dir(&self.folder).map_err(|cause| write_error(&self.folder, cause))?;
        }
        if self.is_first {
            // What is remembered of a folder that was cleared away is no longer true.
            self.is_settled = false;
        }
        self.read_manifest();
        Ok(())
    }

    /// Two builds at once would clear away what the other staged, and forget what it wrote. Where nothing can be locked, a
    /// build goes on without.
    fn wait_for_others(&mut self) {
        if self.lock.is_some() {
            return;
        }
        let path = self.memory.join("lock");
        let open = || {
            fs::create_dir_all(&self.memory)?;
            File::create(&path)?;
            // To hold it open for writing would keep the disk from being made read-only.
            let lock = File::open(&path)?;
            lock.lock().map(|()| lock)
        };
        self.lock = open().ok();
    }

    /// Reads the manifest, unless that was done.
    pub fn read_manifest(&mut self) {
        if self.manifest.is_none() {
            self.manifest = Some(Manifest::read(&self.memory.join("manifest")));
        }
    }

    /// Whether an earlier commit of this process left the folder as the manifest says.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }

    fn entry(&self, path: &str) -> Option<&Entry> {
        self.manifest.as_ref()?.files.get(path)
    }

    /// Whether a file is there as Dateline wrote it, with these bytes.
    pub fn holds(&self, path: &str, fingerprint: Fingerprint) -> bool {
        self.entry(path).is_some_and(|entry| entry.fingerprint == fingerprint && self.is_as_written(path, entry))
    }

    fn is_as_written(&self, path: &str, entry: &Entry) -> bool {
        if self.is_settled {
            return true;
        }
        let path = self.folder.join(path);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if entry.looks_like(&metadata) => true,
            // Copied or checked out since, perhaps with the same bytes.
            Ok(metadata) if metadata.is_file() && metadata.len() == entry.size => {
                fs::read(&path).is_ok_and(|bytes| Fingerprint::of(&bytes) == entry.fingerprint)
            }
            _ => false,
        }
    }

    /// Takes in an output that was made.
    pub fn put(&self, path: &Arc<str>, fingerprint: Fingerprint, bytes: &[u8]) -> Result<()> {
        let known = self.entry(path);
        if known.is_some_and(|entry| entry.fingerprint == fingerprint && self.is_as_written(path, entry)) {
            return Ok(());
        }
        if !self.is_first
            && let Some(entry) = self.in_the_way(path, known, fingerprint, bytes)?
        {
            self.take_in(TakenIn { path: Arc::clone(path), entry, is_staged: false });
            return Ok(());
        }
        let entry = self.stage(path, fingerprint, bytes)?;
        self.take_in(TakenIn { path: Arc::clone(path), entry, is_staged: true });
        Ok(())
    }

    fn take_in(&self, taken_in: TakenIn) {
        self.taken_in.lock().unwrap_or_else(PoisonError::into_inner).push(taken_in);
    }

    /// What stands where an output is to go: nothing that matters, or a file of the same bytes. Any other that Dateline
    /// did not write stops the build.
    fn in_the_way(
        &self,
        path: &str,
        known: Option<&Entry>,
        fingerprint: Fingerprint,
        bytes: &[u8],
    ) -> Result<Option<Entry>> {
        // What this process wrote is not read again.
        if known.is_none() || !self.is_settled {
            let there = self.folder.join(path);
            if let Ok(metadata) = fs::symlink_metadata(&there)
                && metadata.is_file()
                && metadata.len() == bytes.len() as u64
                && fs::read(&there).is_ok_and(|there| there == bytes)
            {
                return Ok(Some(Entry::of(fingerprint, &metadata)));
            }
        }
        let Some(foreign) = self.foreign(path)? else { return Ok(None) };
        Err(Error::new(format!("overwrite `{}`, which Dateline did not write", foreign.display())).with_hint(format!(
            "if `{}` holds nothing but an earlier build, delete that folder and build again; else move the file away \
             (to publish a file of your own, put it in static/), or build elsewhere with `--output`",
            self.folder.display()
        )))
    }

    /// What stands in an output's place, or where a folder for it must be, and is not Dateline's. A file of ours that was
    /// changed by hand or by a deployment tool is still ours, and is made right again.
    fn foreign(&self, path: &str) -> Result<Option<PathBuf>> {
        let place = self.folder.join(path);
        match fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.is_file() && self.entry(path).is_some() => Ok(None),
            // No two outputs stand in each other's way: those in a folder of ours are gone from the site, and go first.
            Ok(metadata) if metadata.is_dir() && self.is_all_ours(&place)? => Ok(None),
            Ok(_) => Ok(Some(place)),
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                let mut above: Vec<&Path> = Path::new(path).ancestors().skip(1).collect();
                above.reverse();
                let is_file = |folder: &&Path| self.folder.join(folder).exists() && !self.folder.join(folder).is_dir();
                let Some(file) = above.into_iter().find(is_file) else { return Ok(None) };
                let is_ours = file.to_str().is_some_and(|file| self.is_ours(&file.replace('\\', "/")).unwrap_or(false));
                Ok((!is_ours).then(|| self.folder.join(file)))
            }
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(Error::io("look at", place, error)),
        }
    }

    /// Whether a folder holds files as Dateline left them, and nothing else: no folder is left when these are removed.
    fn is_all_ours(&self, folder: &Path) -> Result<bool> {
        let unreadable = |cause| Error::io("look at", folder, cause);
        let mut is_empty = true;
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            is_empty = false;
            let entry = entry.map_err(unreadable)?;
            let path = entry.path();
            let is_ours = if entry.file_type().map_err(unreadable)?.is_dir() {
                self.is_all_ours(&path)?
            } else {
                let below = path.strip_prefix(&self.folder).ok().and_then(Path::to_str);
                below.map_or(Ok(false), |below| self.is_ours(&below.replace('\\', "/")))?
            };
            if !is_ours {
                return Ok(false);
            }
        }
        Ok(!is_empty)
    }

    fn stage(&self, path: &str, fingerprint: Fingerprint, bytes: &[u8]) -> Result<Entry> {
        // Most outputs have a folder of their own, which is still to be made: to try the file first would fail for nothing.
        let is_likely_alone = path.ends_with("/index.html");
        let path = self.staged(path);
        let folder = path.parent().unwrap_or(&self.staging);
        let write = || -> io::Result<Entry> {
            let mut file = File::create(&path)?;
            file.write_all(bytes)?;
            Ok(Entry::of(fingerprint, &file.metadata()?))
        };
        if is_likely_alone && fs::create_dir(folder).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            create_dir(folder)?;
        }
        let written = match write() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                create_dir(folder)?;
                write()
            }
            result => result,
        };
        written.map_err(|cause| write_error(&path, cause))
    }

    fn staged(&self, path: &str) -> PathBuf {
        self.staging.join("site").join(path)
    }

    fn journal(&self) -> PathBuf {
        self.staging.join("journal")
    }

    /// Puts everything into its place. What was kept stays as it is.
    pub fn commit(&mut self, is_wanted: Option<&dyn Fn(&str) -> bool>) -> Result<Written> {
        let mut taken_in = std::mem::take(&mut *self.taken_in.lock().unwrap_or_else(PoisonError::into_inner));
        taken_in.sort_by(|a, b| a.path.cmp(&b.path));
        let mut gone: Vec<Arc<str>> = match is_wanted {
            Some(is_wanted) => self.files().keys().filter(|path| !is_wanted(path)).cloned().collect(),
            None => Vec::new(),
        };
        gone.sort_unstable();
        let mut remove = Vec::new();
        for path in &gone {
            if self.is_ours(path)? {
                remove.push(Arc::clone(path));
            }
        }
        let there: Vec<TakenIn> = taken_in.extract_if(.., |output| !output.is_staged).collect();
        let journal =
            Journal { place: taken_in.into_iter().map(|output| (output.path, output.entry)).collect(), remove };
        let is_first = self.is_first && !journal.place.is_empty();
        if !journal.place.is_empty() || !journal.remove.is_empty() {
            if !is_first {
                let promise = create_dir(&self.staging)
                    .and_then(|()| replace::file(&self.journal(), &seal(JOURNAL, &journal), "write"));
                if let Err(error) = promise {
                    let _ = fs::remove_dir_all(&self.staging);
                    return Err(error);
                }
            }
            self.is_unsaved = true;
        }
        let is_news = !gone.is_empty() || !there.is_empty();
        let files = self.files();
        for path in &gone {
            files.remove(path);
        }
        files.reserve(journal.place.len());
        files.extend(there.into_iter().map(|output| (output.path, output.entry)));
        files.extend(journal.place.iter().cloned());
        self.is_unsaved |= is_news;
        let placed = if is_first { self.move_in() } else { self.apply(&journal) };
        if let Err(error) = placed {
            // The journal tells the next run; what the folder holds now, only a look can.
            self.forget();
            return Err(error);
        }
        self.is_settled = true;
        self.is_first = false;
        let changed = journal.place.into_iter().map(|(path, _)| path).collect();
        Ok(Written { files: 0, changed, removed: journal.remove })
    }

    /// The first build: the whole folder takes its place at once.
    fn move_in(&mut self) -> Result<()> {
        if let Some(parent) = self.folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            create_dir(parent)?;
        }
        // The manifest first: one without its folder knows of files that are not there, which is harmless.
        self.write_manifest()?;
        fs::rename(self.staging.join("site"), &self.folder).map_err(|cause| write_error(&self.folder, cause))?;
        self.is_unsaved = false;
        Ok(())
    }

    fn apply(&self, journal: &Journal) -> Result<()> {
        for path in &journal.remove {
            self.remove(path)?;
        }
        for (path, _) in &journal.place {
            let (from, to) = (self.staged(path), self.folder.join(&**path));
            match exchange(&from, &to) {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    create_dir(to.parent().unwrap_or(&self.folder))?;
                    fs::rename(&from, &to).map_err(|cause| write_error(&to, cause))?;
                }
                Err(error) => return Err(write_error(&to, error)),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// Lets go of what was taken in.
    pub fn abandon(&mut self) {
        let taken_in = std::mem::take(&mut *self.taken_in.lock().unwrap_or_else(PoisonError::into_inner));
        if taken_in.iter().any(|output| output.is_staged) || self.staging.exists() {
            // Nothing was promised; the half-staged files are of no use.
            let _ = fs::remove_dir_all(&self.staging);
        }
    }

    /// Notes on the disk what the last commit did, and clears away.
    pub fn settle(&mut self) -> Result<()> {
        if self.is_unsaved {
            self.write_manifest()?;
            self.is_unsaved = false;
        }
        remove_dir(&self.staging)
    }

    /// Lets other processes build into the folder.
    pub fn release(&mut self) {
        self.lock = None;
    }

    /// Whether a file that the site no longer has is as Dateline left it.
    fn is_ours(&self, path: &str) -> Result<bool> {
        let Some(entry) = self.entry(path) else { return Ok(false) };
        let path = self.folder.join(path);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if entry.looks_like(&metadata) => Ok(true),
            Ok(metadata) if !metadata.is_file() => Ok(false),
            Ok(_) => match fs::read(&path) {
                Ok(bytes) => Ok(Fingerprint::of(&bytes) == entry.fingerprint),
                Err(error) => Err(Error::io("read", path, error)),
            },
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(Error::io("look at", path, error)),
        }
    }

    fn remove(&self, path: &str) -> Result<()> {
        let path = self.folder.join(path);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(Error::io("remove", path, error)),
        }
        // Folders that are empty now go too, up to the output's own.
        let mut folder = path.parent();
        while let Some(parent) = folder.filter(|parent| *parent != self.folder && parent.starts_with(&self.folder)) {
            if fs::remove_dir(parent).is_err() {
                break;
            }
            folder = parent.parent();
        }
        Ok(())
    }

    /// Finishes what an interrupted run began, or clears away what it had not yet promised.
    fn recover(&mut self) -> Result<()> {
        self.forget();
        let journal = fs::read(self.journal()).ok().and_then(|bytes| unseal::<Journal>(JOURNAL, &bytes));
        // A staging folder that came with a stranger's repository may promise anything.
        let is_safe = |journal: &Journal| {
            journal.place.iter().map(|(path, _)| path).chain(&journal.remove).all(|path| stays_below(path))
        };
        if let Some(journal) = journal.filter(is_safe) {
            self.read_manifest();
            for path in &journal.remove {
                if self.is_ours(path)? {
                    self.remove(path)?;
                }
                self.files().remove(path);
            }
            for (path, entry) in journal.place {
                if self.finish_placing(&path, entry)? {
                    self.files().insert(path, entry);
                }
            }
            self.write_manifest()?;
        }
        remove_dir(&self.staging)
    }

    /// Puts a staged file into its place, unless that was done. Whether it is there now.
    fn finish_placing(&self, path: &str, entry: Entry) -> Result<bool> {
        let (from, to) = (self.staged(path), self.folder.join(path));
        let holds = |path: &Path| fs::read(path).is_ok_and(|bytes| Fingerprint::of(&bytes) == entry.fingerprint);
        if holds(&to) {
            return Ok(true);
        }
        // What somebody put there since is theirs.
        if !holds(&from) || self.foreign(path)?.is_some() {
            return Ok(false);
        }
        create_dir(to.parent().unwrap_or(&self.folder))?;
        fs::rename(&from, &to).map_err(|cause| write_error(&to, cause))?;
        Ok(true)
    }

    fn files(&mut self) -> &mut HashMap<Arc<str>, Entry> {
        &mut self.manifest.get_or_insert_default().files
    }

    fn write_manifest(&mut self) -> Result<()> {
        create_dir(&self.memory)?;
        self.manifest.get_or_insert_default().write(&self.memory.join("manifest"))
    }

    /// From now on, the disk says what is there.
    fn forget(&mut self) {
        self.manifest = None;
        self.is_settled = false;
        self.is_unsaved = false;
    }
}

/// Puts `from` at `to`, at once: whoever reads `to` finds the old file or the new one. What was at `to` may be at `from`
/// then.
fn exchange(from: &Path, to: &Path) -> io::Result<()> {
    // A rename over a file makes ext4 write the new one to the disk at once, and Btrfs and XFS do likewise; to exchange the
    // two does not, which for a changed template is the difference between a second and a tenth of it.
    #[cfg(target_os = "linux")]
    match rustix::fs::renameat_with(rustix::fs::CWD, from, rustix::fs::CWD, to, rustix::fs::RenameFlags::EXCHANGE) {
        Ok(()) => return Ok(()),
        Err(rustix::io::Errno::NOENT) => return Err(ErrorKind::NotFound.into()),
        // Not every file system can.
        Err(_) => {}
    }
    fs::rename(from, to)
}

/// The path without links and dots; of a folder that is not there yet, that of its nearest parent that is, and the rest.
pub fn resolved(path: &Path) -> PathBuf {
    let Ok(absolute) = std::path::absolute(path) else { return path.to_owned() };
    let mut resolved = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                resolved.pop();
            }
            part => {
                resolved.push(part);
                // What is not there yet has no links in it.
                resolved = resolved.canonicalize().unwrap_or(resolved);
            }
        }
    }
    resolved
}

/// Not there, or a part of its path is a file.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn create_dir(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|cause| write_error(path, cause))
}

fn remove_dir(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(error) if is_absent(&error) => Ok(()),
        Err(error) => Err(Error::io("remove", path, error)),
    }
}

fn write_error(path: &Path, cause: io::Error) -> Error {
    let hint = match cause.kind() {
        ErrorKind::PermissionDenied => Some("check who may write there, or build elsewhere with `--output DIR`"),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            Some("a file stands where a folder must be; move it away, or build elsewhere with `--output DIR`")
        }
        ErrorKind::ReadOnlyFilesystem => Some("build elsewhere with `--output DIR`"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Some("free some space and build again; the site that was there is as it was")
        }
        _ => None,
    };
    let error = Error::io("write", path, cause);
    match hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}
