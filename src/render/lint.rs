//! What is odd about a theme's own files: nobody asks for them, or they want another Dateline.

use std::collections::{BTreeMap, BTreeSet};

use semver::{Version, VersionReq};

use super::{
    theme::{BuiltIn, PAGE_TEMPLATES, built_in_files},
    words::{self, ENGINE_WORDS},
};
use crate::{
    diagnostic::{Diagnostic, Place, SitePath, did_you_mean},
    parse::{Entry, Value, parse_toml},
};

/// Says what is odd about the files of a theme. `files` are its texts by their paths in the site; those of the built-in
/// themes stand below them.
pub fn inspect(folder: &str, files: &BTreeMap<SitePath, String>, diagnostics: &mut Vec<Diagnostic>) {
    let below = |path: &SitePath| path.strip_prefix(folder).unwrap_or_default().to_owned();
    manifest(folder, files, diagnostics);
    let mut templates: BTreeMap<String, &str> = BTreeMap::new();
    let built_in = built_in_files(theme_of(folder));
    for BuiltIn { path, bytes, .. } in &built_in {
        if let (Some(name), Ok(text)) = (path.strip_prefix("templates/"), std::str::from_utf8(bytes)) {
            templates.insert(name.to_owned(), text);
        }
    }
    let known: BTreeSet<String> = templates.keys().cloned().collect();
    for (path, text) in files {
        if let Some(name) = below(path).strip_prefix("templates/") {
            templates.insert(name.to_owned(), text);
        }
    }
    for path in files.keys() {
        let below = below(path);
        let Some(name) = below.strip_prefix("templates/") else { continue };
        let is_asked_for = PAGE_TEMPLATES.contains(&name)
            || templates[name].contains("{% component ")
            || templates.iter().any(|(other, text)| other != name && text.contains(&format!("\"{name}\"")));
        if !is_asked_for {
            let hint = match did_you_mean(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "no page is made with it, and no template extends or includes it; themes/README.md lists them"
                    .to_owned(),
            };
            diagnostics
                .push(Diagnostic::warning(format!("the template `{name}` is not used"), Place::file(path)).hint(hint));
        }
    }
    let mut used: BTreeSet<&str> = ENGINE_WORDS.into_iter().collect();
    used.extend(templates.values().flat_map(|text| words::uses(text)).map(|word| word.key));
    words_of(folder, files, &used, diagnostics);
}

/// The name of the theme in a folder of `themes/`.
fn theme_of(folder: &str) -> &str {
    folder.trim_start_matches("themes/").trim_end_matches('/')
}

/// Words that nothing asks for, and words that one language of the theme has and another has not.
fn words_of(
    folder: &str,
    files: &BTreeMap<SitePath, String>,
    used: &BTreeSet<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let languages: BTreeMap<String, (&SitePath, Vec<Entry>)> = files
        .iter()
        .filter_map(|(path, text)| {
            let tag = path.strip_prefix(folder)?.strip_prefix("words/")?.strip_suffix(".toml")?;
            // The build of the fixture reports what is wrong in the file itself.
            Some((tag.to_owned(), (path, parse_toml(text, 0, path, &mut Vec::new()))))
        })
        .collect();
    let known: Vec<Entry> = built_in_files(theme_of(folder))
        .iter()
        .filter(|file| file.path == "words/en.toml")
        .filter_map(|file| std::str::from_utf8(file.bytes).ok())
        .flat_map(|text| parse_toml(text, 0, &SitePath::from(""), &mut Vec::new()))
        .collect();
    let is_built_in = |key: &str| known.iter().any(|entry| entry.key == key);
    for (path, entries) in languages.values() {
        for entry in entries.iter().filter(|entry| !used.contains(entry.key.as_str())) {
            let hint = match did_you_mean(&entry.key, used.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "no template asks for it".to_owned(),
            };
            let place = Place::new(path, entry.key_span.clone());
            diagnostics.push(Diagnostic::warning(format!("the word `{}` is not used", entry.key), place).hint(hint));
        }
    }
    let Some((_, english)) = languages.get("en") else { return };
    for (tag, (path, entries)) in languages.iter().filter(|(tag, _)| *tag != "en") {
        let missing: Vec<&str> = english
            .iter()
            .map(|entry| entry.key.as_str())
            .filter(|key| !is_built_in(key) && !entries.iter().any(|entry| entry.key == *key))
            .collect();
        if !missing.is_empty() {
            let message = format!("words of the theme are missing in `{tag}`: {}", missing.join(", "));
            diagnostics.push(
                Diagnostic::warning(message, Place::file(path)).hint("pages in this language say them in English"),
            );
        }
    }
}

/// Whether the theme wants a Dateline such as this one.
fn manifest(folder: &str, files: &BTreeMap<SitePath, String>, diagnostics: &mut Vec<Diagnostic>) {
    let path = SitePath::from(format!("{folder}theme.toml"));
    let Some(text) = files.get(&path) else { return };
    let entries = parse_toml(text, 0, &path, diagnostics);
    let Some(entry) = entries.iter().find(|entry| entry.key == "dateline") else {
        diagnostics.push(
            Diagnostic::warning("the theme does not say which Dateline it needs", Place::file(&path))
                .hint(format!("write the oldest and the first too new: `dateline = \"{}\"`", version_range())),
        );
        return;
    };
    let place = Place::new(&path, entry.node.span.clone());
    let wanted = match &entry.node.value {
        Value::String(text) => VersionReq::parse(text).ok().map(|wanted| (wanted, text)),
        _ => None,
    };
    match (wanted, Version::parse(env!("CARGO_PKG_VERSION"))) {
        (None, _) => diagnostics.push(
            Diagnostic::error("`dateline` is no range of versions", place)
                .hint(format!("write it as `dateline = \"{}\"`", version_range())),
        ),
        (Some((wanted, text)), Ok(version)) if !wanted.matches(&version) => diagnostics.push(
            Diagnostic::error(format!("the theme needs Dateline {text}, and this is {version}"), place)
                .hint("take another version of the theme or of Dateline"),
        ),
        _ => {}
    }
}

/// From this version of Dateline to the next that may change what templates get: ">=0.1.0, <0.2.0".
pub fn version_range() -> String {
    let Ok(version) = Version::parse(env!("CARGO_PKG_VERSION")) else { return "*".to_owned() };
    let next =
        if version.major == 0 { Version::new(0, version.minor + 1, 0) } else { Version::new(version.major + 1, 0, 0) };
    format!(">={version}, <{next}")
}
