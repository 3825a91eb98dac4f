//! Which room of the source knows which, read from the `use` lines and paths of the code itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::site_test::read_all;

/// The rooms below the stages: each knows what stands before it in this list, and nothing else.
///
/// `engine` stands among them: it compares keys, and knows no type of the site.
const GROUND: [&str; 10] =
    ["error", "fingerprint", "replace", "memory", "engine", "slug", "date", "locale", "unpack", "diagnostic"];

/// The stages, in order, each with the rooms that it may know besides the ground and the earlier stages.
///
/// `config` reads `site.toml` with the parser's fields, so it stands after `parse`, and `parse` does not know it.
const STAGES: [&str; 9] = ["load", "parse", "config", "model", "search", "social", "plan", "render", "write"];

/// What stands on the stages.
const ABOVE: &[(&str, &[&str])] = &[
    // Asks the web; knows nothing of what is done with the answers.
    ("fetch", &[]),
    // Reads texts into articles; knows nothing of the site but what it is told, and the words that front matter has
    // for roles and genres.
    ("import", &["parse"]),
    ("report", &["load", "config", "model", "render", "write"]),
    ("session", &["load", "parse", "config", "model", "search", "social", "plan", "render", "write", "report"]),
    // Looks at the files as `load` does, and reads none.
    ("watch", &["load"]),
    // Is told what a build wrote, and what was wrong.
    ("serve", &["config", "write", "report"]),
    // Looks at what was read and at what was built, then asks Git; builds nothing itself.
    ("publish", &["load", "parse", "config", "model"]),
    // What can be typed names the types that it is read into.
    ("cli", &["config", "serve"]),
    (
        "command",
        &[
            "load", "parse", "config", "model", "plan", "render", "write", "report", "session", "cli", "import",
            "fetch", "watch", "serve", "publish",
        ],
    ),
];

/// External crates that do one stage's work, and the one place that may name each.
const HOMES: &[(&str, &[&str])] = &[
    ("aho_corasick", &["src/publish/leaks.rs", "src/import/html/"]),
    ("ammonia", &["src/parse/markdown.rs"]),
    ("annotate_snippets", &["src/diagnostic.rs"]),
    ("anstream", &["src/command/"]),
    ("atom_syndication", &["src/render/feed.rs"]),
    ("axum", &["src/serve/server.rs"]),
    ("chardetng", &["src/import/html/charset.rs"]),
    // `Format` and `Editor` are values of options and have their words there.
    ("clap", &["src/cli.rs", "src/main.rs", "src/diagnostic.rs", "src/serve/overlay.rs"]),
    ("ctrlc", &["src/command/publish.rs"]),
    ("csv", &["src/import/list.rs"]),
    // Beside slugs, the comparison of names in what was clipped.
    ("deunicode", &["src/slug.rs", "src/import/story.rs", "src/import/html/outlet.rs"]),
    ("encoding_rs", &["src/import/"]),
    ("flate2", &["src/unpack.rs"]),
    ("fontdb", &["src/social/fonts.rs"]),
    ("futures_util", &["src/serve/server.rs"]),
    ("harfrust", &["src/social/"]),
    // Tables of numbers into vectors: nothing goes through them in their order.
    (
        "hashbrown",
        &["src/engine/", "src/import/html/", "src/model/", "src/plan/outputs.rs", "src/render/", "src/search/"],
    ),
    (
        "html5gum",
        &[
            "src/command/check/",
            "src/import/",
            "src/publish/leaks.rs",
            "src/publish/reading.rs",
            "src/render/edition.rs",
            "src/render/epub.rs",
        ],
    ),
    ("htmlize", &["src/import/html/dom.rs"]),
    ("icu_calendar", &["src/locale.rs"]),
    ("icu_collator", &["src/locale.rs"]),
    ("icu_datetime", &["src/locale.rs"]),
    ("icu_decimal", &["src/locale.rs"]),
    ("icu_locale_core", &["src/locale.rs"]),
    ("icu_plurals", &["src/locale.rs"]),
    // Named in Cargo.toml alone: it makes the others ready for many cores.
    ("icu_provider", &["src/locale.rs"]),
    ("include_dir", &["src/render/theme.rs"]),
    ("indicatif", &["src/command/"]),
    ("libmimalloc_sys", &["src/memory.rs"]),
    ("mail_builder", &["src/render/edition.rs"]),
    // Mails are imported, and those that go out are looked through.
    ("mail_parser", &["src/import/mail.rs", "src/publish/reading.rs"]),
    ("memchr", &["src/import/html/", "src/load/read.rs"]),
    ("mimalloc", &["src/main.rs"]),
    ("notify", &["src/watch/watcher.rs"]),
    ("open", &["src/command/watch.rs"]),
    ("png", &["src/social/mod.rs"]),
    ("postcard", &["src/engine/cache.rs"]),
    ("pulldown_cmark", &["src/parse/markdown.rs"]),
    ("quick_xml", &["src/render/opml.rs", "src/render/sitemap.rs", "src/import/feed.rs"]),
    ("regex", &["src/import/", "src/publish/leaks.rs"]),
    ("rss", &["src/render/feed.rs"]),
    ("rustix", &["src/report.rs", "src/write/disk.rs"]),
    ("saphyr_parser", &["src/parse/value.rs"]),
    ("semver", &["src/render/lint.rs"]),
    ("sha2", &["src/import/"]),
    ("skrifa", &["src/social/"]),
    ("similar", &["src/import/update.rs", "src/publish/workflow.rs"]),
    ("strsim", &["src/diagnostic.rs"]),
    // `page` fills the context that `theme` renders.
    ("tera", &["src/render/theme.rs", "src/render/page.rs"]),
    ("tiny_skia", &["src/social/mod.rs"]),
    ("tokio", &["src/serve/"]),
    ("toml", &["src/parse/"]),
    // Writes and edits TOML: new files and imported ones.
    ("toml_edit", &["src/command/", "src/import/"]),
    ("tower_http", &["src/serve/server.rs"]),
    ("unicode_bidi", &["src/social/text.rs"]),
    ("unicode_linebreak", &["src/social/text.rs"]),
    ("unicode_normalization", &["src/search/words.rs", "src/social/text.rs", "src/publish/reading.rs"]),
    ("ureq", &["src/command/check/external.rs", "src/fetch/"]),
    ("waken_snowball", &["src/search/words.rs"]),
    // The site is walked in `load`; `import` walks folders that are no part of the site, and `publish` what was built.
    ("walkdir", &["src/load/", "src/command/import/inputs.rs", "src/publish/tree.rs"]),
    ("whatlang", &["src/import/html/language.rs"]),
    // Books are written in `render` and read by `check`.
    ("zip", &["src/render/epub.rs", "src/command/check/"]),
];

/// The source files, without comments, texts and tests.
fn sources() -> BTreeMap<String, String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    read_all(&root)
        .into_iter()
        .filter(|(path, _)| path.ends_with(".rs"))
        .map(|(path, bytes)| {
            let text = String::from_utf8(bytes).expect("UTF-8");
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            (format!("src/{path}"), code_only(text))
        })
        .collect()
}

/// Code without comments and without what stands in quotes.
fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            raw.find("\"#").map_or(rest.len(), |at| at + 5)
        } else if rest.starts_with("'\"'") {
            3
        } else if c == '"' {
            let mut end = 1;
            let bytes = rest.as_bytes();
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            (end + 1).min(rest.len())
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

/// The room that a file belongs to: the first part of its path below `src/`.
fn room(path: &str) -> &str {
    let below = path.trim_start_matches("src/");
    below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
}

/// The rooms that code names: `crate::room…`, and each of `crate::{room…, room…}`.
fn named_rooms(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            rooms.insert(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => {
                    rooms.insert(word(&group[start..at]));
                    break;
                }
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    rooms.insert(word(&group[start..at]));
                    start = at + 1;
                }
                _ => {}
            }
        }
    }
    rooms.remove("");
    rooms
}

/// What a room may know.
fn allowed(of: &str) -> Option<BTreeSet<&'static str>> {
    if let Some(at) = GROUND.iter().position(|room| *room == of) {
        return Some(GROUND[..at].iter().copied().collect());
    }
    let ground = GROUND.iter().copied();
    if let Some(at) = STAGES.iter().position(|room| *room == of) {
        return Some(ground.chain(STAGES[..at].iter().copied()).collect());
    }
    let (_, more) = ABOVE.iter().find(|(room, _)| *room == of)?;
    Some(ground.chain(more.iter().copied()).collect())
}

#[test]
fn the_reader_of_use_lines_reads_them() {
    let code = code_only(
        "use crate::{\n    a::{b, c::{d}},\n    e, // crate::comment\n    f::g as h,\n};\nlet x = crate::i::j(\"crate::text\");\n",
    );
    let rooms: Vec<String> = named_rooms(&code).into_iter().collect();
    assert_eq!(rooms, ["a", "e", "f", "i"]);
    assert_eq!((room("src/parse/value.rs"), room("src/config.rs")), ("parse", "config"));
}

#[test]
fn every_room_knows_only_what_stands_before_it() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let own = room(&path);
        if matches!(own, "main" | "lib") {
            continue;
        }
        let Some(allowed) = allowed(own) else {
            wrong.push(format!("{path}: the room `{own}` has no place yet; give it one in this test"));
            continue;
        };
        for known in named_rooms(&code) {
            if known != own && !allowed.contains(known.as_str()) {
                wrong.push(format!("{path}: `{own}` must not know `{known}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_external_crate_one_home() {
    let mut wrong = Vec::new();
    let sources = sources();
    for (name, homes) in HOMES {
        for (path, code) in &sources {
            let is_named = code.match_indices(name).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let after = &code[at + name.len()..];
                let is_word = !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '.');
                let is_use = code[..at].trim_end().ends_with("use");
                is_word && (after.starts_with("::") || after.starts_with('!') && *name == "include_dir")
                    || is_use && (after.starts_with(';') || after.starts_with(" as "))
            });
            if is_named && !homes.iter().any(|home| path.starts_with(home)) {
                wrong.push(format!("{path} names `{name}`, whose home is {}", homes.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_has_a_home_or_is_for_all() {
    // Data types and small tools that many rooms share.
    let shared = ["jiff", "percent-encoding", "rayon", "serde", "serde_json", "thin-vec", "url", "xxhash-rust"]
        .map(|name| name.replace('-', "_"));
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("Cargo.toml");
    let section =
        manifest.split("[dependencies]").nth(1).expect("dependencies").split("\n[").next().unwrap_or_default();
    let mut homeless = Vec::new();
    for line in section.lines().filter(|line| line.contains('=')) {
        let name = line.split(['=', '.']).next().unwrap_or_default().trim().replace('-', "_");
        if !shared.contains(&name) && !HOMES.iter().any(|(home, _)| *home == name) {
            homeless.push(name);
        }
    }
    assert!(homeless.is_empty(), "give these crates a home in this test: {}", homeless.join(", "));
}

#[test]
fn one_door_to_other_programs() {
    for (path, code) in sources() {
        let runs = code.contains("process::Command") || code.contains("Command::new(");
        let names = code.contains("process::{") && code.contains("Stdio");
        assert!(path == "src/publish/git/run.rs" || !(runs || names), "{path} runs another program");
    }
}

#[test]
fn nothing_below_command_prints() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        if matches!(room(&path), "command" | "main") {
            continue;
        }
        for call in ["println!", "eprintln!", "print!", "eprint!", "dbg!", "stdout()", "stderr()"] {
            if code.contains(call) {
                wrong.push(format!("{path}: {call}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_below_command_asks_the_clock_or_the_environment() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        if matches!(room(&path), "command" | "main") {
            continue;
        }
        for call in ["Timestamp::now", "Zoned::now", "SystemTime::now", "Instant::now", "env::var", "TimeZone::system"]
        {
            // The one door: `Now` asks the clock when neither flag nor environment gives the moment.
            // And how old a file is decides only whether it is read again, never what is made of it; how long to wait
            // for the next event reaches no output.
            let is_door = path == "src/config.rs" && call == "Timestamp::now"
                || path == "src/load/walk.rs" && call == "SystemTime::now"
                || path == "src/watch/watcher.rs" && call == "Instant::now"
                // How long each stage and page took is told to who asks, and reaches no output.
                || matches!(path.as_str(), "src/report.rs" | "src/session/mod.rs") && call == "Instant::now";
            if code.contains(call) && !is_door {
                wrong.push(format!("{path}: {call}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_map_without_an_order() {
    for (path, code) in sources() {
        // Membership alone is asked of the sanitizer's set of allowed elements, of the names in templates, and of the importer's
        // tables of words.
        // The others look things up, and keep their order in vectors beside; whatever goes through such a map sorts first.
        let looks_up = [
            "src/parse/markdown.rs",
            "src/engine/trace.rs",
            "src/model/build.rs",
            "src/model/copies.rs",
            "src/model/delta.rs",
            "src/model/intake.rs",
            "src/model/names.rs",
            "src/render/needs.rs",
            "src/render/reader.rs",
            "src/session/documents.rs",
            "src/session/mod.rs",
            "src/write/disk.rs",
            "src/write/manifest.rs",
        ];
        if looks_up.contains(&path.as_str()) || path.starts_with("src/import/") {
            continue;
        }
        assert!(!code.contains("HashMap") && !code.contains("HashSet"), "{path} has a map without an order");
    }
}

#[test]
fn only_the_two_ends_touch_the_disk() {
    for (path, code) in sources() {
        // `render` copies the files of static/ and of a theme, which are not held in memory.
        let may = matches!(room(&path), "load" | "write" | "command" | "import" | "main")
            // `serve` reads what was built, `watch` looks at times and sizes.
            || matches!(room(&path), "serve" | "watch")
            // `publish` reads what was built and has a folder to work in.
            || path.starts_with("src/publish/")
            // And the cache is a file.
            || ["src/render/mod.rs", "src/render/theme.rs", "src/engine/cache.rs", "src/replace.rs", "src/search/store.rs"].contains(&path.as_str());
        let touches = ["fs::", "File::open", "File::create"].iter().any(|call| code.contains(call));
        assert!(may || !touches, "{path} touches the disk");
    }
}
