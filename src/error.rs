//! The machine failed: a disk that is full, a folder that may not be read.
//!
//! What is wrong with a site's own content is a [`Diagnostic`](crate::diagnostic::Diagnostic), never an [`Error`].

use std::{fmt, io, path::PathBuf};

/// A failure that stops the run. Names what was attempted, on which path, and where known a way out.
#[derive(Debug)]
pub struct Error {
    action: String,
    path: Option<PathBuf>,
    cause: Option<io::Error>,
    hint: Option<String>,
    is_outdated: bool,
}

/// The result of anything that touches the machine.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with no path: `action` says what could not be done, in the infinitive ("start the worker threads").
    pub fn new(action: impl Into<String>) -> Self {
        Error { action: action.into(), path: None, cause: None, hint: None, is_outdated: false }
    }

    /// An input or output failure on `path`.
    pub fn io(action: impl Into<String>, path: impl Into<PathBuf>, cause: io::Error) -> Self {
        Error { path: Some(path.into()), cause: Some(cause), ..Error::new(action) }
    }

    /// A file is no longer what it was when the build began.
    pub fn outdated(path: impl Into<PathBuf>) -> Self {
        let error = Error::new("build while the files change all the time: the last one was");
        let hint = "wait until the program that writes them has ended, and build again";
        Error { path: Some(path.into()), is_outdated: true, ..error }.with_hint(hint)
    }

    /// Whether a build that began anew would not fail in this way: a file changed while it was at work.
    pub fn is_outdated(&self) -> bool {
        self.is_outdated
    }

    /// Adds the way out that is printed under the message.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The way out, where there is one.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}", self.action)?;
        if let Some(path) = &self.path {
            write!(f, " `{}`", path.display())?;
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
