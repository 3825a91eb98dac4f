//! What makes a build incremental: traces of what each output was made from, kept from build to build.
//!
//! *Verifying traces* (Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte", 2018): while an output is made, every
//! fact that it reads is noted with its fingerprint. The next build compares; where all are equal the output is kept, and
//! the first that differs is the reason why it is made again. The reason that is shown is the one that decided.
//!
//! This room knows facts only as keys that can be compared: no type of the site.

pub mod cache;
mod names;
mod trace;

pub use cache::Cache;
pub use trace::{Key, Reason, Traces, Verdict};
