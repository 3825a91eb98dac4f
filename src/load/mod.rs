//! Stage 1: the site's files as they are now, and nothing else of the disk.

mod snapshot;
mod walk;

pub use snapshot::{Area, Content, Snapshot, SourceFile};
pub use walk::load;
