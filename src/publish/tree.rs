//! The files of a built folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use crate::error::{Error, Result};

/// A file to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the site's root, with `/` between its parts.
    pub path: String,
    /// Where it is on this machine.
    pub disk: PathBuf,
    /// Its bytes.
    pub size: u64,
}

/// Everything to be published, in the order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The files.
    pub files: Vec<File>,
}

impl Tree {
    /// Looks at a built folder.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(folder).to_owned();
                Error::io("read", path, error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into()))
            })?;
            if entry.file_type().is_dir() {
                continue;
            }
            let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let path = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            let metadata = fs::metadata(entry.path()).map_err(|cause| Error::io("look at", entry.path(), cause))?;
            files.push(File { path, disk: entry.into_path(), size: metadata.len() });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Tree { files })
    }

    /// All bytes.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }
}

/// A number of bytes for people, as hosts count them: `1.2 MB` is 1,200,000.
pub fn size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    for (unit, factor) in units {
        // From 999.95 on, one place after the point would show 1000.0 of the smaller unit.
        if bytes + factor / 20_000 >= factor {
            let tenths = (bytes * 10 + factor / 2) / factor;
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let shown: Vec<String> =
            [0, 999, 1000, 1249, 1250, 999_949, 999_950, 100_000_000, 1_500_000_000].into_iter().map(size).collect();
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "1.2 kB", "1.3 kB", "999.9 kB", "1.0 MB", "100.0 MB", "1.5 GB"]);
    }
}
