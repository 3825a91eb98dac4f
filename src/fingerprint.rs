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
pub struct Mixer(Xxh3Default);

impl Mixer {
    /// An empty one.
    pub fn new() -> Self {
        Mixer::default()
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
        self
    }

    /// Adds text that may be absent.
    pub fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        self.number(u64::from(text.is_some())).text(text.unwrap_or_default())
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    /// Adds another fingerprint.
    pub fn fingerprint(&mut self, fingerprint: Fingerprint) -> &mut Self {
        self.0.update(&fingerprint.0.to_le_bytes());
        self
    }

    /// Adds any data, by its serialized form.
    pub fn data<T: Serialize + ?Sized>(&mut self, data: &T) -> &mut Self {
        // Plain data always has one in JSON, whatever its types.
        let bytes = serde_json::to_vec(data).unwrap_or_default();
        self.number(bytes.len() as u64);
        self.0.update(&bytes);
        self
    }

    /// The fingerprint of all that was added.
    pub fn finish(&self) -> Fingerprint {
        Fingerprint(self.0.digest128())
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
