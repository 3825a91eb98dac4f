//! Blocks on the disk: what is large of them is read when it is needed, a piece at a time.

use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::block::{Records, hash};
use crate::{
    engine::cache::{Packed, program_seal, seal, unseal},
    error::{Error, Result},
    fingerprint::Fingerprint,
    replace,
};

/// The records of a block, wherever they are.
#[derive(Debug)]
pub struct Stored {
    /// As [`Records`] has them.
    ends: Vec<u32>,
    hashes: Vec<u64>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    /// From a byte of a file on.
    File(PathBuf, u64),
}

/// A block in its file. The records come last, so that their place is known.
#[derive(Serialize, Deserialize)]
struct Saved {
    ends: Packed<u32>,
    bytes: Bytes,
}

/// Bytes that are read and written as one.
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Ok(Bytes(<&[u8]>::deserialize(deserializer)?.to_owned()))
    }
}

fn file(folder: &Path, key: u32, basis: Fingerprint) -> PathBuf {
    folder.join(format!("{key}-{basis}"))
}

impl Stored {
    /// The block that an earlier process left, made from the same things; `None` where there is none that can be trusted.
    pub fn load(folder: &Path, key: u32, basis: Fingerprint, shards: usize) -> Option<Self> {
        let path = file(folder, key, basis);
        let bytes = fs::read(&path).ok()?;
        let Saved { ends, bytes: Bytes(records) } = unseal(&program_seal(), &bytes)?;
        let is_sound =
            ends.0.len() == shards && ends.0.is_sorted() && ends.0.last() == Some(&u32::try_from(records.len()).ok()?);
        let records = is_sound.then_some(Records { bytes: records, ends: ends.0 })?;
        let from = (bytes.len() - records.bytes.len()) as u64;
        Some(Stored { hashes: records.hashes(), place: Place::File(path, from), ends: records.ends })
    }

    /// Puts a block into a folder, or keeps it in memory where there is none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(folder: Option<&Path>, key: u32, basis: Fingerprint, records: Records) -> Result<Self> {
        let hashes = records.hashes();
        let Records { bytes, ends } = records;
        let Some(folder) = folder else { return Ok(Stored { ends, hashes, place: Place::Memory(bytes) }) };
        let path = file(folder, key, basis);
        let length = bytes.len();
        let saved = Saved { ends: Packed(ends), bytes: Bytes(bytes) };
        let sealed = seal(&program_seal(), &saved);
        replace::file(&path, &sealed, "write the cache")?;
        let from = (sealed.len() - length) as u64;
        Ok(Stored { ends: saved.ends.0, hashes, place: Place::File(path, from) })
    }

    /// A short hash of the records of each shard.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    fn start(&self, shard: usize) -> usize {
        shard.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }

    /// The records of some shards that follow one another, and where each of them ends.
    ///
    /// # Errors
    /// When they cannot be read. Where another process took the file away, a build that begins anew makes it again
    /// ([`Error::is_outdated`]).
    pub fn read(&self, shards: std::ops::Range<usize>) -> Result<(Vec<u8>, Vec<usize>)> {
        let (from, to) = (self.start(shards.start), self.ends[shards.end - 1] as usize);
        let bytes = match &self.place {
            Place::Memory(bytes) => bytes[from..to].to_vec(),
            Place::File(path, first) => {
                let mut bytes = vec![0; to - from];
                let read = || -> std::io::Result<()> {
                    let mut file = File::open(path)?;
                    file.seek(SeekFrom::Start(first + from as u64))?;
                    file.read_exact(&mut bytes)
                };
                ({ read })().map_err(|_| Error::outdated(path))?;
                bytes
            }
        };
        let ends: Vec<usize> = shards.clone().map(|shard| self.ends[shard] as usize - from).collect();
        let mut start = 0;
        for (shard, end) in shards.zip(&ends) {
            if let Place::File(path, _) = &self.place
                && hash(&bytes[start..*end]) != self.hashes[shard]
            {
                return Err(Error::outdated(path));
            }
            start = *end;
        }
        Ok((bytes, ends))
    }
}

/// Makes the folder.
///
/// # Errors
/// When it cannot be made.
pub fn prepare(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|cause| Error::io("write the cache", folder, cause))
}

/// Removes the blocks that are not among these, when there are many: another build, with drafts or without, may want some.
pub fn tidy(folder: &Path, blocks: &[(u32, Fingerprint)]) {
    let files: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    if files.len() <= 2 * blocks.len() + 16 {
        return;
    }
    let wanted: std::collections::BTreeSet<PathBuf> =
        blocks.iter().map(|(key, basis)| file(folder, *key, *basis)).collect();
    for path in files.iter().filter(|path| !wanted.contains(*path)) {
        // What stays is looked at again by the next build.
        let _ = fs::remove_file(path);
    }
}
