//! The traces on the disk, for the next process.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
};

/// A file that holds what a build wants to know of the one before. It can be lost at any time: one that is not there, is
/// damaged, or was written by another program is an empty one.
#[derive(Debug)]
pub struct CacheFile {
    path: PathBuf,
}

/// What is kept from build to build.
pub trait Cache: Serialize + DeserializeOwned + Default {}

impl<T: Serialize + DeserializeOwned + Default> Cache for T {}

impl CacheFile {
    /// The cache at `path`.
    pub fn new(path: PathBuf) -> Self {
        CacheFile { path }
    }

    /// What was saved, if it can be trusted.
    pub fn load<T: Cache>(&self) -> T {
        fs::read(&self.path).ok().and_then(|bytes| decode(&bytes)).unwrap_or_default()
    }

    /// Saves `value` for the next process.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save<T: Cache>(&self, value: &T) -> Result<()> {
        let failed = |cause| Error::io("write the cache", &self.path, cause);
        if let Some(parent) = self.path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let partial = self.path.with_extension("partial");
        fs::write(&partial, encode(value)).and_then(|()| fs::rename(&partial, &self.path)).map_err(failed)
    }
}

/// The program's fingerprint, the payload's, the payload.
fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Plain data always has a serialized form; an empty payload would be read back as no cache.
    let payload = postcard::to_stdvec(value).unwrap_or_default();
    let mut bytes = header(&payload);
    bytes.extend_from_slice(&payload);
    bytes
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let length = header(b"").len();
    let payload = bytes.get(length..)?;
    (bytes[..length] == header(payload)).then(|| postcard::from_bytes(payload).ok()).flatten()
}

fn header(payload: &[u8]) -> Vec<u8> {
    format!("dateline cache {} {}\n", program(), Fingerprint::of(payload)).into_bytes()
}

/// Tells one build of the program from another: the same facts may be turned into other bytes by a newer one.
fn program() -> Fingerprint {
    let mut mixer = Mixer::new();
    mixer.text(env!("CARGO_PKG_VERSION"));
    let metadata = std::env::current_exe().and_then(|path: PathBuf| fs::metadata(Path::new(&path)));
    if let Ok(metadata) = metadata {
        mixer.number(metadata.len());
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        mixer.text(&format!("{modified:?}"));
    }
    mixer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_cache_is_an_empty_one() {
        let value = vec!["one".to_owned(), "two".to_owned()];
        let bytes = encode(&value);
        assert_eq!(decode::<Vec<String>>(&bytes), Some(value));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x10;
            assert_eq!(decode::<Vec<String>>(&flipped), None, "a flipped bit in byte {at}");
            assert_eq!(decode::<Vec<String>>(&bytes[..at]), None, "cut off at {at}");
        }
    }
}
