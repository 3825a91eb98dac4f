//! From an address to a file of the built site.

use std::path::{Path, PathBuf};

use super::reload::outputs;

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A page.
    Page(PathBuf),
    /// Any other file.
    File(PathBuf),
    /// A page's folder, without the `/` at its end.
    Folder,
    /// Nothing that is in the site.
    Missing,
}

/// Looks up a percent-encoded path in `folder`, which is served under `base`.
pub fn find(folder: &Path, base: &str, path: &str) -> Found {
    let Ok(folder) = folder.canonicalize() else { return Found::Missing };
    for (at, output) in outputs(base, path).iter().enumerate() {
        let Some(file) = inside(&folder, output) else { continue };
        if at == 2 {
            return Found::Folder;
        }
        let extension = file.extension().unwrap_or_default();
        return if extension == "html" || extension == "htm" { Found::Page(file) } else { Found::File(file) };
    }
    Found::Missing
}

/// The file at a path from `folder`, when it is one and lies in it, also after all links were followed.
fn inside(folder: &Path, output: &str) -> Option<PathBuf> {
    // On Windows `\` parts a path and `:` names a drive or a stream; no output has either in its name.
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    if !output.split('/').all(is_plain) {
        return None;
    }
    let file = folder.join(output).canonicalize().ok()?;
    (file.starts_with(folder) && file.is_file()).then_some(file)
}

/// The content type of a file, by its name; `None` leaves it to the table of everything.
pub fn content_type(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    Some(match extension.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "epub" => "application/epub+zip",
        "eml" => "message/rfc822",
        "atom" => "application/atom+xml; charset=utf-8",
        "rss" => "application/rss+xml; charset=utf-8",
        "opml" => "text/x-opml; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "avif" => "image/avif",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn site() -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("public/a")).unwrap();
        for file in ["secret.txt", "public/index.html", "public/a/index.html", "public/about.html", "public/x.css"] {
            fs::write(site.path().join(file), "").unwrap();
        }
        site
    }

    fn look(path: &str) -> Found {
        let site = site();
        let folder = site.path().join("public");
        match find(&folder, "/repo/", path) {
            Found::Page(file) | Found::File(file) => {
                Found::File(file.strip_prefix(folder.canonicalize().unwrap()).unwrap().to_owned())
            }
            other => other,
        }
    }

    #[test]
    fn addresses_lead_to_files_as_on_the_real_host() {
        let file = |path: &str| Found::File(PathBuf::from(path));
        assert_eq!(look("/repo/"), file("index.html"));
        assert_eq!(look("/repo/a/"), file("a/index.html"));
        assert_eq!(look("/repo/a"), Found::Folder);
        assert_eq!(look("/repo/about"), file("about.html"));
        assert_eq!(look("/repo/x.css"), file("x.css"));
        assert_eq!(look("/repo/%78.css"), file("x.css"));
        assert_eq!(look("/x.css"), Found::Missing);
    }

    #[test]
    fn no_address_leads_out() {
        for path in ["../secret.txt", "%2e%2e/secret.txt", "a/../../secret.txt", "..%2fsecret.txt", "//etc/passwd"] {
            assert_eq!(look(&format!("/repo/{path}")), Found::Missing, "{path}");
        }
        assert_eq!(look("/repo/%00"), Found::Missing);
        assert_eq!(look("/repo/%ff"), Found::Missing);
        assert_eq!(look("/repo/..\\secret.txt"), Found::Missing);
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_folder_are_not_followed() {
        let site = site();
        let folder = site.path().join("public");
        std::os::unix::fs::symlink(site.path().join("secret.txt"), folder.join("link.txt")).unwrap();
        std::os::unix::fs::symlink(site.path(), folder.join("up")).unwrap();
        assert_eq!(find(&folder, "/", "/link.txt"), Found::Missing);
        assert_eq!(find(&folder, "/", "/up/secret.txt"), Found::Missing);
    }
}
