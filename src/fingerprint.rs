//! Content hashes that tell whether bytes changed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64, xxh3_128};

/// A 128-bit XXH3 hash. It notices change; it does not withstand an attacker, and nothing here needs that.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// Stands for a thing that is not there.
    pub const NONE: Fingerprint = Fingerprint(0);

    /// One half of it, where there are very many.
    pub fn half(self) -> u64 {
        self.0 as u64
    }

    /// Its sixteen bytes.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// The fingerprint of sixteen bytes that were one.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Fingerprint(u128::from_le_bytes(bytes))
    }

    /// The fingerprint of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Fingerprint(xxh3_128(bytes))
    }
}

/// A short hash of a text, for tables: two texts may share it, so whoever looks up compares the texts as well.
pub fn short(text: &str) -> u64 {
    short_of(text.as_bytes())
}

/// The same of any bytes.
pub fn short_of(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// A fingerprint of several things in order. Each is told apart from the next: `ab` and `c` differ from `a` and `bc`.
#[derive(Default)]
pub struct Mixer {
    /// What was added and not hashed yet. Mostly that is all there ever is, in many small pieces, and to hash it as one takes a
    /// fraction of the time.
    bytes: Vec<u8>,
    /// What was hashed, once it was [`HELD`].
    hashed: Option<Box<Xxh3Default>>,
}

/// So many bytes are held before they are hashed.
const HELD: usize = 4096;

impl Mixer {
    /// An empty one.
    pub fn new() -> Self {
        Mixer::default()
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64).bytes(text.as_bytes())
    }

    /// Adds text that may be absent.
    pub fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        self.number(u64::from(text.is_some())).text(text.unwrap_or_default())
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Adds another fingerprint.
    pub fn fingerprint(&mut self, fingerprint: Fingerprint) -> &mut Self {
        self.bytes(&fingerprint.0.to_le_bytes())
    }

    /// Adds any data, by its serialized form.
    pub fn data<T: Serialize + ?Sized>(&mut self, data: &T) -> &mut Self {
        // Plain data always has one in JSON, whatever its types.
        let bytes = serde_json::to_vec(data).unwrap_or_default();
        self.number(bytes.len() as u64).bytes(&bytes)
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        if self.bytes.len() + bytes.len() > HELD {
            let hashed = self.hashed.get_or_insert_default();
            hashed.update(&self.bytes);
            hashed.update(bytes);
            self.bytes.clear();
        } else {
            self.bytes.extend_from_slice(bytes);
        }
        self
    }

    /// The fingerprint of all that was added.
    pub fn finish(&mut self) -> Fingerprint {
        let Some(hashed) = &mut self.hashed else { return Fingerprint::of(&self.bytes) };
        hashed.update(&self.bytes);
        self.bytes.clear();
        Fingerprint(hashed.digest128())
    }
}

/// Hexadecimal where people may read it, sixteen bytes elsewhere.
impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return u128::deserialize(deserializer).map(Fingerprint);
        }
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Fingerprint).map_err(D::Error::custom)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_one_fingerprint_however_much_there_is() {
        for count in [0, 1, 100, 341, 342, 343, 1000, 5000] {
            let mut mixer = Mixer::new();
            let mut whole = Vec::new();
            for number in 0..count {
                mixer.number(number).fingerprint(Fingerprint::NONE);
                whole.extend_from_slice(&number.to_le_bytes());
                whole.extend_from_slice(&[0; 16]);
            }
            assert_eq!(mixer.finish(), Fingerprint::of(&whole), "{count}");
            assert_eq!(mixer.finish(), Fingerprint::of(&whole), "{count}");
        }
        assert_ne!(Mixer::new().text("ab").text("c").finish(), Mixer::new().text("a").text("bc").finish());
    }
}
