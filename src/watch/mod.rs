//! Waits until something happens to a site's files.
//!
//! An event says *that* something happened, never *what*: the next build looks for itself. So nothing here knows which
//! file changed, and an atomic save, a branch switch, a lost event and an overflown queue are one case.

mod watcher;

pub use watcher::{Wake, Watcher};
