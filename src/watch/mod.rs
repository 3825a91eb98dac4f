//! Waits until something happens to a site's files.
//!
//! An event says where to look first, and no more: what a build saw is compared with a look at everything afterwards, and where
//! they differ, a build that looks at everything follows. So an atomic save, a branch switch, a lost event and an overflown
//! queue are one case.

mod watcher;

pub use watcher::{Wake, Watcher};
