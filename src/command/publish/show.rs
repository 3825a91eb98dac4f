//! What a publication changes, for people.

use crate::{
    command::Terminal,
    config::BaseUrl,
    publish::{Change, Difference, size},
};

/// "3 files added, 12 changed, 1 removed".
pub fn counts(difference: &Difference) -> String {
    let counts = [
        (difference.added.len(), "added"),
        (difference.changed.len(), "changed"),
        (difference.removed.len(), "removed"),
    ];
    let mut parts = Vec::new();
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        let files = match (parts.is_empty(), count) {
            (false, _) => "",
            (true, 1) => " file",
            (true, _) => " files",
        };
        parts.push(format!("{count}{files} {what}"));
    }
    parts.join(", ")
}

/// A line for each address that is added, changed or removed, with its sizes.
pub fn changes(difference: &Difference, base: Option<&BaseUrl>, terminal: &Terminal) {
    for (word, changes) in
        [("added", &difference.added), ("changed", &difference.changed), ("removed", &difference.removed)]
    {
        for change in changes {
            let sizes = match (change.before, change.after) {
                (Some(before), Some(after)) => format!("{}, was {}", size(after), size(before)),
                (before, after) => size(before.or(after).unwrap_or_default()),
            };
            terminal.print(&format!("{word:<8} {} ({sizes})", address(&change.path, base)));
        }
    }
}

/// The addresses that readers may have noted and that lead nowhere now. A redirect would be a page at the same address.
pub fn lost(difference: &Difference, base: Option<&BaseUrl>, named: usize, terminal: &Terminal) {
    let is_page = |change: &&Change| !matches!(change.path.as_str(), "CNAME" | ".nojekyll");
    let lost: Vec<&Change> = difference.removed.iter().filter(is_page).collect();
    let Some(first) = lost.first() else { return };
    terminal.say(&match lost.len() {
        1 => "1 address goes without a redirect:".to_owned(),
        count => format!("{count} addresses go without a redirect:"),
    });
    for change in lost.iter().take(named) {
        terminal.say(&format!("  {}", address(&change.path, base)));
    }
    if lost.len() > named {
        terminal.say(&format!("  and {} more: --dry-run shows them all", lost.len() - named));
    }
    let example = lost.iter().find(|change| change.path.ends_with("/index.html")).unwrap_or(first);
    terminal.say(&format!(
        "  to lead readers on, write into what took its place: aliases = [\"/{}\"]",
        below(&example.path)
    ));
}

/// What answers at a path: a folder's page is read at the folder.
fn below(path: &str) -> &str {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    }
}

fn address(path: &str, base: Option<&BaseUrl>) -> String {
    match base {
        Some(base) => format!("{base}{}", below(path)),
        None => format!("/{}", below(path)),
    }
}
