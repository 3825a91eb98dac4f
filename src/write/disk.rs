//! A folder as output.
//!
//! Changed files are staged in a folder beside the output and renamed into it. A journal that is written before the
//! first rename lets the next run finish what this one could not. What Dateline wrote it knows from a manifest; no
//! other file is ever overwritten or removed.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, ErrorKind, Write as _},
    path::{Component, Path, PathBuf},
    sync::OnceLock,
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Written;
use crate::{
    error::{Error, Result},
    fingerprint::Fingerprint,
    render::Rendered,
};

/// An output folder and the manifest of what was written into it.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    manifest: PathBuf,
    staging: PathBuf,
    /// The manifest, once it was read.
    known: OnceLock<Manifest>,
    /// Whether an earlier write of this process left the folder as the manifest says: then it need not be looked at.
    is_settled: bool,
}

/// Every file that Dateline wrote, with its fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    files: BTreeMap<String, Fingerprint>,
}

/// A file of the site and its bytes.
type Bytes<'a> = (&'a str, &'a [u8]);

/// What is left to do once everything is staged.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    rename: Vec<String>,
    remove: Vec<String>,
    manifest: Manifest,
}

impl Disk {
    /// Writes into `folder`; keeps what it must remember below the site's `root`.
    pub fn new(folder: PathBuf, root: &Path) -> Self {
        // Several outputs of one site (a preview, a publication) each have a manifest. One inside the site is named by
        // its place there, so that it is the same one after the site was moved, and from whatever folder it is built.
        let whole = resolved(&folder);
        let place = whole.strip_prefix(resolved(root)).unwrap_or(&whole);
        let name = Fingerprint::of(place.as_os_str().as_encoded_bytes());
        let parent = folder.parent().unwrap_or(Path::new("")).to_owned();
        let own = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Disk {
            manifest: root.join(".dateline/outputs").join(format!("{name}.json")),
            staging: parent.join(format!(".{own}.staging")),
            folder,
            known: OnceLock::new(),
            is_settled: false,
        }
    }

    /// Finishes what an interrupted run began. To be called before a build asks what is there.
    pub fn prepare(&mut self) -> Result<()> {
        if self.staging.exists() {
            self.recover()?;
            self.known = OnceLock::new();
            self.is_settled = false;
        }
        Ok(())
    }

    /// Whether a file is there as Dateline wrote it, with these bytes.
    pub fn holds(&self, path: &str, fingerprint: Fingerprint, size: u64) -> bool {
        if self.manifest().files.get(path) != Some(&fingerprint) {
            return false;
        }
        self.is_settled
            || fs::symlink_metadata(self.folder.join(path)).is_ok_and(|file| file.is_file() && file.len() == size)
    }

    fn manifest(&self) -> &Manifest {
        self.known.get_or_init(|| self.read_manifest())
    }

    fn journal(&self) -> PathBuf {
        self.staging.join("journal.json")
    }

    fn staged(&self) -> PathBuf {
        self.staging.join("site")
    }

    /// Writes the site. What was kept stays as it is.
    pub fn write(&mut self, rendered: &[Rendered]) -> Result<Written> {
        self.prepare()?;
        let result = self.stage_and_apply(rendered);
        match &result {
            Ok(_) => self.is_settled = true,
            Err(_) => {
                self.known = OnceLock::new();
                self.is_settled = false;
                if !self.journal().exists() {
                    // Nothing was promised yet; the half-staged files are of no use.
                    let _ = fs::remove_dir_all(&self.staging);
                }
            }
        }
        result
    }

    fn stage_and_apply(&mut self, rendered: &[Rendered]) -> Result<Written> {
        let old = self.manifest().clone();
        let compared: Vec<Result<Option<Bytes<'_>>>> = rendered
            .par_iter()
            .map(|output| {
                let Some(bytes) = &output.bytes else { return Ok(None) };
                let is_same = self.compare(output, bytes, &old)?;
                Ok((!is_same).then_some((output.path.as_str(), bytes.as_slice())))
            })
            .collect();
        let mut changed: Vec<Bytes<'_>> = Vec::new();
        for result in compared {
            changed.extend(result?);
        }
        let files = rendered.iter().map(|output| (output.path.clone(), output.fingerprint)).collect();
        let manifest = Manifest { files };
        let mut remove = Vec::new();
        for (path, fingerprint) in &old.files {
            if !manifest.files.contains_key(path) && self.is_ours(path, *fingerprint)? {
                remove.push(path.clone());
            }
        }
        let written = Written {
            files: rendered.len(),
            bytes: rendered.iter().map(|output| output.size).sum(),
            changed: changed.iter().map(|(path, _)| (*path).to_owned()).collect(),
            removed: remove.clone(),
        };
        if changed.is_empty() && remove.is_empty() {
            if old != manifest || !self.manifest.exists() {
                self.write_manifest(&manifest)?;
            }
        } else {
            self.stage(&changed)?;
            if self.folder.exists() {
                let journal = Journal { rename: written.changed.clone(), remove, manifest: manifest.clone() };
                self.promise(&journal)?;
                self.apply(&journal)?;
            } else {
                // The first build: the whole folder takes its place at once.
                self.promise_nothing_and_move(&manifest)?;
            }
        }
        self.known = OnceLock::from(manifest);
        Ok(written)
    }

    /// Whether the file is there with the same bytes. A file that Dateline did not write stops the build.
    fn compare(&self, output: &Rendered, bytes: &[u8], old: &Manifest) -> Result<bool> {
        let path = self.folder.join(&output.path);
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if is_absent(&error) => return Ok(false),
            Err(error) => return Err(Error::io("look at", path, error)),
        };
        let foreign = |path: PathBuf| {
            Error::new(format!("overwrite `{}`, which Dateline did not write", path.display())).with_hint(format!(
                "if `{}` holds nothing but an earlier build, delete that folder and build again; else move the file \
                     away (to publish a file of your own, put it in static/), or build elsewhere with `--output`",
                self.folder.display()
            ))
        };
        if !metadata.is_file() {
            return Err(foreign(path));
        }
        let is_known = old.files.get(&output.path);
        let same_size = metadata.len() == output.size;
        if let Some(known) = is_known {
            if !same_size {
                return Ok(false);
            }
            if self.is_settled {
                return Ok(*known == output.fingerprint);
            }
        }
        let there = fs::read(&path).map_err(|cause| Error::io("read", &path, cause))?;
        if there == bytes {
            return Ok(true);
        }
        match is_known {
            // Changed by hand or by a deployment tool since: it is ours, and is made right again.
            Some(_) => Ok(false),
            None => Err(foreign(path)),
        }
    }

    /// Whether a file that the site no longer has is as Dateline left it.
    fn is_ours(&self, path: &str, fingerprint: Fingerprint) -> Result<bool> {
        let path = self.folder.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Fingerprint::of(&bytes) == fingerprint),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(Error::io("read", path, error)),
        }
    }

    fn stage(&self, changed: &[Bytes<'_>]) -> Result<()> {
        let root = self.staged();
        create_dir(&root)?;
        let mut folders: Vec<PathBuf> =
            changed.iter().filter_map(|(path, _)| root.join(path).parent().map(Path::to_owned)).collect();
        folders.sort();
        folders.dedup();
        for folder in folders {
            create_dir(&folder)?;
        }
        changed.par_iter().try_for_each(|(path, bytes)| {
            let path = root.join(path);
            fs::write(&path, bytes).map_err(|cause| write_error(&path, cause))
        })
    }

    fn promise_nothing_and_move(&self, manifest: &Manifest) -> Result<()> {
        if let Some(parent) = self.folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            create_dir(parent)?;
        }
        // The manifest first: a manifest without its folder knows of files that are not there, which is harmless.
        self.write_manifest(manifest)?;
        fs::rename(self.staged(), &self.folder).map_err(|cause| write_error(&self.folder, cause))?;
        remove_dir(&self.staging)
    }

    fn promise(&self, journal: &Journal) -> Result<()> {
        let path = self.journal();
        let text = serde_json::to_vec(journal).unwrap_or_default();
        let partial = path.with_extension("partial");
        let written = (|| {
            let mut file = File::create(&partial)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&partial, &path)
        })();
        written.map_err(|cause| write_error(&path, cause))
    }

    /// Carries a journal out; every step may already have been done.
    fn apply(&self, journal: &Journal) -> Result<()> {
        for path in &journal.remove {
            self.remove(path)?;
        }
        for path in &journal.rename {
            let from = self.staged().join(path);
            let to = self.folder.join(path);
            if let Some(parent) = to.parent() {
                create_dir(parent)?;
            }
            match fs::rename(&from, &to) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound && to.exists() => {}
                Err(error) => return Err(write_error(&to, error)),
            }
        }
        self.write_manifest(&journal.manifest)?;
        remove_dir(&self.staging)
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
    pub fn recover(&self) -> Result<()> {
        if !self.staging.exists() {
            return Ok(());
        }
        let journal = fs::read(self.journal()).ok().and_then(|bytes| serde_json::from_slice::<Journal>(&bytes).ok());
        // A staging folder that came with a stranger's repository may promise anything.
        match journal.filter(|journal| journal.rename.iter().chain(&journal.remove).all(|path| stays_below(path))) {
            Some(journal) => self.apply(&journal),
            None => remove_dir(&self.staging),
        }
    }

    /// An unreadable manifest is an empty one: then Dateline takes nothing for its own.
    fn read_manifest(&self) -> Manifest {
        let bytes = fs::read(&self.manifest).unwrap_or_default();
        let mut manifest: Manifest = serde_json::from_slice(&bytes).unwrap_or_default();
        manifest.files.retain(|path, _| stays_below(path));
        manifest
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<()> {
        if let Some(parent) = self.manifest.parent() {
            create_dir(parent)?;
        }
        let text = serde_json::to_vec(manifest).unwrap_or_default();
        let partial = self.manifest.with_extension("partial");
        fs::write(&partial, text)
            .and_then(|()| fs::rename(&partial, &self.manifest))
            .map_err(|cause| write_error(&self.manifest, cause))
    }
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

/// Whether a path leads to something below the folder that it is joined to.
fn stays_below(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
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
