//! What GitHub Pages takes.

use super::tree::{Tree, size};
use crate::diagnostic::{Diagnostic, Severity};

/// Bytes of a published site, as GitHub Pages limits them.
const SITE: u64 = 1_000_000_000;
/// Bytes of one file in a repository on GitHub.
const FILE: u64 = 100_000_000;

/// Adds an error for what is over a limit, and a warning for what has come near to it (80 %).
pub fn inspect(tree: &Tree, diagnostics: &mut Vec<Diagnostic>) {
    let mut measure = |bytes: u64, limit: u64, message: String, hint: &str| {
        let severity = match bytes {
            over if over > limit => Severity::Error,
            near if near >= limit / 5 * 4 => Severity::Warning,
            _ => return,
        };
        diagnostics.push(Diagnostic {
            severity,
            message,
            place: None,
            related: Vec::new(),
            hint: Some(hint.to_owned()),
        });
    };
    let all = tree.size();
    measure(
        all,
        SITE,
        format!("the site has {}; GitHub Pages takes {}", size(all), size(SITE)),
        "move large files of static/ to another host, make pictures smaller, or show less of old articles",
    );
    for file in &tree.files {
        measure(
            file.size,
            FILE,
            format!("the file {} has {}; GitHub takes {} a file", file.path, size(file.size), size(FILE)),
            "move it to another host, or make it smaller",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::File;

    fn severities(sizes: &[u64]) -> Vec<Severity> {
        let file = |(number, size): (usize, &u64)| File { path: format!("{number}"), disk: "".into(), size: *size };
        let tree = Tree { files: sizes.iter().enumerate().map(file).collect() };
        let mut diagnostics = Vec::new();
        inspect(&tree, &mut diagnostics);
        diagnostics.iter().map(|diagnostic| diagnostic.severity).collect()
    }

    #[test]
    fn limits_and_what_is_near_to_them() {
        const MB: u64 = 1_000_000;
        assert_eq!(severities(&[79 * MB]), []);
        assert_eq!(severities(&[80 * MB]), [Severity::Warning]);
        assert_eq!(severities(&[100 * MB]), [Severity::Warning]);
        assert_eq!(severities(&[100 * MB + 1]), [Severity::Error]);
        assert_eq!(severities(&[70 * MB; 11]), []);
        assert_eq!(severities(&[70 * MB; 12]), [Severity::Warning]);
        assert_eq!(severities(&[70 * MB; 15]), [Severity::Error]);
    }
}
