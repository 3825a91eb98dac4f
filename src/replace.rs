//! A file in the place of another, whole or not at all.

use std::{
    ffi::OsString,
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::error::{Error, Result};

/// Writes a file so that it is there whole or as it was, also when others write it at the same time. Until then the new bytes
/// stand beside it under a name with a dot in front, which no walk over a site's texts takes for one of them.
///
/// # Errors
/// When it cannot be written; `action` says what for, and nothing is left beside it.
pub fn file(path: &Path, bytes: &[u8], action: &str) -> Result<()> {
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-{}.partial", std::process::id(), WRITES.fetch_add(1, Ordering::Relaxed)));
    let partial = path.with_file_name(name);
    fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path)).map_err(|cause| {
        let _ = fs::remove_file(&partial);
        Error::io(action, path, cause)
    })
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    #[test]
    fn several_may_write_one_file_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let write = |at: u8| (0..200).try_for_each(|_| file(&path, &vec![at; 5000], "write"));
        (0..8u8).into_par_iter().map(write).collect::<Result<()>>().unwrap();
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.len() == 5000 && bytes.iter().all(|byte| *byte == bytes[0]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        // A folder that holds something cannot be replaced by a file.
        let path = folder.path().join("taken");
        fs::create_dir_all(path.join("full")).unwrap();
        let error = file(&path, b"text", "write").unwrap_err();
        assert!(error.to_string().starts_with(&format!("cannot write `{}`: ", path.display())), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
