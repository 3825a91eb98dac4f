//! Serves a built folder on this machine, as the real host would, and tells the browser what changed.
//!
//! Nothing here knows how a site is built: [`Reload`] is told what a build wrote or what went wrong, and the open tabs
//! learn from it what concerns them. The script that listens in the tabs is put into a page when it is served; no file
//! ever holds it.

mod files;
mod overlay;
mod reload;
mod server;

pub use overlay::{Editor, diagnostics, failure};
pub use reload::{Reload, Tab, Told};
pub use server::Server;
