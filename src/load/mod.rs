//! Stage 1: the site's files as they are now, and nothing else of the disk.
//!
//! Two steps. [`list`] walks the folders and asks for each file's size and times; [`load`] reads what looks other than it
//! did, shows each text once to the next stage, and lets it go. A text that is needed again, when its page is made, is
//! read again and must be the same: a site of any size fits into memory. Only those of a small site stay.

mod read;
mod snapshot;
mod walk;

pub use read::{Before, Loaded, Reader, Taken, load, read, settings};
pub use snapshot::{Area, Record, Snapshot, SourceFile};
pub use walk::{Listing, Look, SOURCES, identity, list, list_touched, look};
