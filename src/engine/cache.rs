//! Data on the disk for the next process, in files that can be lost at any time.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::SystemTime,
};

use rayon::prelude::*;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error as _},
};

use crate::{
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer, short},
    replace,
};

/// A folder of files that hold what a build wants to know of the one before. One that is not there, is damaged, or was
/// written by another program is an empty one.
///
/// Much is kept in shards, each with the records of some of the site's paths, so that a small change writes little, and
/// all cores read.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// Records in one shard, roughly.
const RECORDS: usize = 2048;
/// Shards at most.
const SHARDS: usize = 1024;

impl Cache {
    /// The cache in `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Cache { folder }
    }

    /// Reads every shard of a name; one that cannot be trusted is an empty one. Nothing where there is none at all.
    pub fn load<T: DeserializeOwned + Default + Send>(&self, name: &str) -> Option<Vec<T>> {
        let count = self.counts(name).max()?;
        let shards = (0..count).into_par_iter().map(|at| {
            let bytes = fs::read(self.shard(name, at, count)).ok();
            bytes.and_then(|bytes| unseal(&program_seal(), &bytes)).unwrap_or_default()
        });
        Some(shards.collect())
    }

    /// Writes some of the `count` shards of a name, and removes those of any other count.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save<T: Serialize + Send>(
        &self,
        name: &str,
        count: usize,
        shards: impl IndexedParallelIterator<Item = (usize, T)>,
    ) -> Result<()> {
        if shards.len() == 0 {
            return Ok(());
        }
        fs::create_dir_all(&self.folder).map_err(|cause| Error::io("write the cache", &self.folder, cause))?;
        shards.try_for_each(|(at, shard)| {
            replace::file(&self.shard(name, at, count), &seal(&program_seal(), &shard), "write the cache")
        })?;
        for other in self.counts(name).filter(|other| *other != count).collect::<Vec<_>>() {
            for at in 0..other {
                let _ = fs::remove_file(self.shard(name, at, other));
            }
        }
        Ok(())
    }

    fn shard(&self, name: &str, at: usize, count: usize) -> PathBuf {
        self.folder.join(format!("{name}.{at}-of-{count}"))
    }

    /// Every count of shards that a file of the name speaks of.
    fn counts(&self, name: &str) -> impl Iterator<Item = usize> {
        let prefix = format!("{name}.");
        fs::read_dir(&self.folder).into_iter().flatten().filter_map(move |entry| {
            let file = entry.ok()?.file_name();
            let (_, count) = file.to_str()?.strip_prefix(&prefix)?.split_once("-of-")?;
            count.parse().ok().filter(|count| (1..=SHARDS).contains(count))
        })
    }
}

/// How many shards so many records want, where they are in `now` shards: that stays until it is far from right.
pub fn shards_for(records: usize, now: usize) -> usize {
    let wanted = records.div_ceil(RECORDS).next_power_of_two().clamp(1, SHARDS);
    if now > 0 && wanted <= 4 * now && now <= 4 * wanted { now } else { wanted }
}

/// The shard that has the records of a path.
pub fn shard_of(path: &str, count: usize) -> usize {
    // The remainder is below `count`.
    (short(path) % count.max(1) as u64) as usize
}

/// Data as bytes that tell when they are damaged, or were sealed as something else.
pub fn seal<T: Serialize>(name: &str, value: &T) -> Vec<u8> {
    seal_with_room(name, value, 0)
}

/// The same of data that takes about so many bytes: while a vector grows, it is there twice.
pub fn seal_with_room<T: Serialize>(name: &str, value: &T, room: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(room);
    // As long as the true one.
    bytes.extend(header(name, b""));
    let length = bytes.len();
    // Plain data always has a serialized form; an empty payload would be read back as nothing.
    let mut bytes = postcard::to_extend(value, bytes).unwrap_or_default();
    if let Some((start, payload)) = bytes.split_at_mut_checked(length) {
        start.copy_from_slice(&header(name, payload));
    }
    bytes
}

/// What was sealed under this name, if it can be trusted.
pub fn unseal<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Option<T> {
    let length = header(name, b"").len();
    let payload = bytes.get(length..)?;
    (bytes[..length] == header(name, payload)).then(|| postcard::from_bytes(payload).ok()).flatten()
}

fn header(name: &str, payload: &[u8]) -> Vec<u8> {
    format!("dateline {name} {}\n", Fingerprint::of(payload)).into_bytes()
}

/// Tells one build of the program from another: the same facts may be turned into other bytes by a newer one.
pub fn program_seal() -> String {
    static PROGRAM: OnceLock<Fingerprint> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        let mut mixer = Mixer::new();
        mixer.text(env!("CARGO_PKG_VERSION"));
        let metadata = std::env::current_exe().and_then(|path: PathBuf| fs::metadata(Path::new(&path)));
        if let Ok(metadata) = metadata {
            mixer.number(metadata.len());
            let modified = metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
            mixer.text(&format!("{modified:?}"));
        }
        mixer.finish()
    });
    format!("cache {program}")
}

/// Numbers of one width as bytes in a row: they are read as fast as they are copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed<T>(pub Vec<T>);

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Packed(Vec::new())
    }
}

/// A number that can be packed.
pub trait Pack<const WIDTH: usize>: Sized {
    /// Its bytes.
    fn pack(&self) -> [u8; WIDTH];

    /// The number of these bytes.
    fn unpack(bytes: [u8; WIDTH]) -> Self;
}

impl Pack<4> for u32 {
    fn pack(&self) -> [u8; 4] {
        self.to_le_bytes()
    }

    fn unpack(bytes: [u8; 4]) -> Self {
        u32::from_le_bytes(bytes)
    }
}

impl Pack<8> for u64 {
    fn pack(&self) -> [u8; 8] {
        self.to_le_bytes()
    }

    fn unpack(bytes: [u8; 8]) -> Self {
        u64::from_le_bytes(bytes)
    }
}

impl Pack<16> for Fingerprint {
    fn pack(&self) -> [u8; 16] {
        self.to_bytes()
    }

    fn unpack(bytes: [u8; 16]) -> Self {
        Fingerprint::from_bytes(bytes)
    }
}

macro_rules! packed {
    ($type:ty, $width:literal) => {
        impl Serialize for Packed<$type> {
            fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                let bytes: Vec<u8> = self.0.iter().flat_map(Pack::<$width>::pack).collect();
                serializer.serialize_bytes(&bytes)
            }
        }

        impl<'de> Deserialize<'de> for Packed<$type> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let bytes = <&[u8]>::deserialize(deserializer)?;
                let (numbers, rest) = bytes.as_chunks::<$width>();
                if !rest.is_empty() {
                    return Err(D::Error::custom("a number is cut off"));
                }
                Ok(Packed(numbers.iter().map(|bytes| Pack::<$width>::unpack(*bytes)).collect()))
            }
        }
    };
}

packed!(u32, 4);
packed!(u64, 8);
packed!(Fingerprint, 16);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_or_of_another_kind_is_nothing() {
        let value = vec!["one".to_owned(), "two".to_owned()];
        let bytes = seal("words", &value);
        assert_eq!(unseal::<Vec<String>>("words", &bytes), Some(value));
        assert_eq!(unseal::<Vec<String>>("others", &bytes), None);
        for at in 0..bytes.len() {
            assert_eq!(unseal::<Vec<String>>("words", &bytes[..at]), None, "cut at {at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            assert_eq!(unseal::<Vec<String>>("words", &flipped), None, "flipped at {at}");
        }
    }

    #[test]
    fn a_lost_shard_takes_no_other_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"));
        assert_eq!(cache.load::<Vec<u8>>("numbers"), None);
        let save = |count, shards: Vec<(usize, Vec<u8>)>| cache.save("numbers", count, shards.into_par_iter()).unwrap();
        save(3, vec![(0, vec![0]), (1, vec![1]), (2, vec![2])]);
        save(3, vec![(1, vec![9])]);
        fs::write(cache.shard("numbers", 2, 3), "damaged").unwrap();
        assert_eq!(cache.load::<Vec<u8>>("numbers"), Some(vec![vec![0], vec![9], vec![]]));
        save(1, vec![(0, vec![7])]);
        assert_eq!(cache.load::<Vec<u8>>("numbers"), Some(vec![vec![7]]));
        assert_eq!(fs::read_dir(folder.path().join("cache")).unwrap().count(), 1);
    }

    #[test]
    fn the_number_of_shards_follows_from_afar() {
        assert_eq!(shards_for(0, 0), 1);
        assert_eq!(shards_for(10_000, 0), 8);
        assert_eq!(shards_for(20_000, 8), 8);
        assert_eq!(shards_for(100_000, 8), 64);
    }
}
