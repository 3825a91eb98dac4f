//! What must not be in a published file: the preview's script, addresses of this machine, material that is not for readers
//! yet; and links that a host's page for what is not there cannot have.

use std::{borrow::Cow, collections::BTreeSet, fs};

use aho_corasick::AhoCorasick;
use html5gum::{Token, Tokenizer};
use rayon::prelude::*;
use regex::Regex;

use super::tree::{File, Tree};
use crate::{
    diagnostic::{Diagnostic, Severity, SitePath, Sources},
    error::{Error, Result},
    load::{Area, Snapshot},
    model::{Omission, OmissionReason},
};

/// A run of words this long says by itself where it comes from.
const LONG: usize = 40;
/// Shorter ones count where all of a file's are found together.
const SHORT: usize = 16;
/// Runs of words that are looked for, of one file: its longest.
const RUNS: usize = 40;
/// Findings that are reported of one kind.
const REPORTED: usize = 20;

/// What is left out of the site, by runs of its words that stand nowhere in what is published on purpose.
#[derive(Debug, Default)]
pub struct Secrets {
    files: Vec<(SitePath, &'static str, Vec<String>)>,
}

impl Secrets {
    /// Reads what was left out. Runs of words that a text, a setting or a template has too are no secret.
    pub fn of(snapshot: &Snapshot, omissions: &[Omission]) -> Self {
        let left_out: BTreeSet<&str> = omissions.iter().map(|omission| omission.path.as_ref()).collect();
        let mut files: Vec<(SitePath, &'static str, Vec<String>)> = omissions
            .iter()
            // What expired was published once; it is no secret.
            .filter(|omission| omission.reason != OmissionReason::Expired)
            .filter_map(|omission| {
                let text = Sources::text(snapshot, &omission.path)?;
                Some((omission.path.clone(), omission.reason.noun(1), runs(&text)))
            })
            .collect();
        let all: Vec<&String> = files.iter().flat_map(|(_, _, runs)| runs).collect();
        let Ok(finder) = AhoCorasick::new(&all) else { return Secrets::default() };
        let is_published = |path: &str| !left_out.contains(path);
        let known: BTreeSet<String> = snapshot
            .files()
            .par_bridge()
            .filter(|file| file.area != Area::Static && is_published(&file.path))
            .filter_map(|file| Sources::text(snapshot, &file.path))
            .flat_map_iter(|text| {
                let hits = finder.find_overlapping_iter(&*text);
                hits.map(|hit| all[hit.pattern().as_usize()].clone()).collect::<BTreeSet<String>>()
            })
            .collect();
        for (_, _, runs) in &mut files {
            runs.retain(|run| !known.contains(run));
        }
        files.retain(|(_, _, runs)| !runs.is_empty());
        Secrets { files }
    }
}

/// Runs of words without anything that markup or typography could change, the longest first.
fn runs(text: &str) -> Vec<String> {
    let mut runs: Vec<String> = text
        .lines()
        .flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && !matches!(c, ' ' | ',')))
        .map(|run| run.trim_matches([' ', ',']))
        .filter(|run| run.chars().count() >= SHORT && run.split_whitespace().count() >= 3)
        .map(str::to_owned)
        .collect();
    runs.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    runs.dedup();
    runs.truncate(RUNS);
    runs
}

/// Adds an error for each file that holds what it must not.
///
/// # Errors
/// When a file cannot be read.
pub fn inspect(tree: &Tree, secrets: &Secrets, diagnostics: &mut Vec<Diagnostic>) -> Result<()> {
    let all: Vec<(usize, &String)> =
        secrets.files.iter().enumerate().flat_map(|(at, (_, _, runs))| runs.iter().map(move |run| (at, run))).collect();
    let finder = AhoCorasick::new(all.iter().map(|(_, run)| run))
        .map_err(|error| Error::new(format!("look for what is left out of the site: {error}")))?;
    let addresses = Addresses::new();
    let found: Vec<Result<Vec<Finding>>> = tree
        .files
        .par_iter()
        .map(|file| {
            let bytes = fs::read(&file.disk).map_err(|cause| Error::io("read", &file.disk, cause))?;
            let mut found = local(file, &bytes, &addresses);
            let mut hits: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); secrets.files.len()];
            for hit in finder.find_overlapping_iter(&bytes) {
                let (at, run) = all[hit.pattern().as_usize()];
                hits[at].insert(run);
            }
            for ((path, what, runs), hits) in secrets.files.iter().zip(hits) {
                let long = hits.iter().find(|run| run.chars().count() >= LONG);
                if let Some(run) = long.or(hits.first().filter(|_| hits.len() == runs.len())) {
                    found.push(Finding {
                        kind: Kind::LeftOut,
                        message: format!("{} holds words of {path} ({what}): \"{run}\"", file.path),
                        hint: "take them out of what is published (a copy in static/?), or publish that file"
                            .to_owned(),
                    });
                }
            }
            Ok(found)
        })
        .collect();
    let mut findings = Vec::new();
    for found in found {
        findings.extend(found?);
    }
    for kind in [Kind::Preview, Kind::Local, Kind::LeftOut, Kind::Relative] {
        let of_kind: Vec<&Finding> = findings.iter().filter(|finding| finding.kind == kind).collect();
        for (at, finding) in of_kind.iter().take(REPORTED).enumerate() {
            let more = of_kind.len() - REPORTED.min(of_kind.len());
            let message = match more {
                more if more > 0 && at + 1 == REPORTED => format!("{}; and {more} more like this", finding.message),
                _ => finding.message.clone(),
            };
            diagnostics.push(Diagnostic {
                severity: if kind == Kind::Relative { Severity::Warning } else { Severity::Error },
                message,
                place: None,
                related: Vec::new(),
                hint: Some(finding.hint.clone()),
            });
        }
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Preview,
    Local,
    LeftOut,
    Relative,
}

#[derive(Debug)]
struct Finding {
    kind: Kind,
    message: String,
    hint: String,
}

/// Patterns for addresses of this machine.
struct Addresses {
    /// The whole of an attribute.
    attribute: Regex,
    /// An address in a feed, a sitemap, a style sheet or JSON, where the format has addresses. Words about one are none.
    value: regex::bytes::Regex,
}

const HOST: &str = r"(?:localhost|[a-z0-9.-]+\.localhost|127(?:\.[0-9]{1,3}){3}|0\.0\.0\.0|\[::1?\])";

impl Addresses {
    #[expect(clippy::unwrap_used, reason = "the patterns are constants, and a test compiles them")]
    fn new() -> Self {
        let attribute =
            format!(r"(?i)^\s*(?:[0-9.]+\s*;\s*url\s*=\s*['\x22]?)?(?:https?:|wss?:)?//{HOST}(?:[:/?#'\x22]|\s*$)");
        let url = format!("(?P<url>(?:https?:|wss?:)?//{HOST}(?:[:/?#][^\\s\\x22'<>)]*)?)(?:[\\s\\x22'<>)]|$)");
        let value = [
            r"<(?:link|id|guid|loc|uri|url|icon|logo|docs|comments|image:loc)\b[^<>]*>\s*",
            r"\b(?:href|src|url|xmlUrl|htmlUrl|xml:base)\s*=\s*['\x22]\s*",
            r"\x22(?:id|url|external_url|home_page_url|feed_url|next_url|start_url|scope|src|image|icon|favicon|banner_image|avatar)\x22\s*:\s*\x22\s*",
            r"\burl\(\s*['\x22]?\s*",
            r"@import\s*['\x22]\s*",
        ]
        .join("|");
        let value = format!("(?i)(?:{value}){url}");
        Addresses { attribute: Regex::new(&attribute).unwrap(), value: regex::bytes::Regex::new(&value).unwrap() }
    }
}

fn local(file: &File, bytes: &[u8], addresses: &Addresses) -> Vec<Finding> {
    let mut found = Vec::new();
    let preview = |what: &str| Finding {
        kind: Kind::Preview,
        message: format!("{} holds {what} of the preview", file.path),
        hint: "it was copied from a page that `dateline watch` served; take it out of static/ or themes/".to_owned(),
    };
    let local = |address: &str| Finding {
        kind: Kind::Local,
        message: format!("{} leads readers to their own machine: {address}", file.path),
        hint: "in a text, take the link out or write the address as code; in a template, write `{{ url(path=\"…\") }}`"
            .to_owned(),
    };
    if file.path.starts_with("__dateline/") {
        found.push(preview("a file"));
    }
    let extension = file.path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" | "xhtml" => {
            let mut is_script = false;
            for Ok(token) in Tokenizer::new(bytes) {
                match token {
                    Token::StartTag(tag) => {
                        is_script = tag.name.as_slice() == b"script";
                        if tag.name.as_slice() == b"dateline-errors" {
                            found.push(preview("the error list"));
                        }
                        for (name, value) in &tag.attributes {
                            let value = String::from_utf8_lossy(value);
                            if is_script && name.as_slice() == b"src" && value.contains("/__dateline/") {
                                found.push(preview("the script"));
                            }
                            found.extend(local_address(name, &value, addresses).map(|address| local(&address)));
                            if file.path == "404.html" && is_relative(name, &value) {
                                found.push(Finding {
                                    kind: Kind::Relative,
                                    message: format!(
                                        "404.html links to `{value}`, which leads nowhere from an address further down"
                                    ),
                                    hint:
                                        "a host shows this page at every address that is not there; in the template, \
                                           write `{{ url(path=\"…\") }}`"
                                            .to_owned(),
                                });
                            }
                        }
                    }
                    Token::EndTag(_) => is_script = false,
                    Token::String(text) if is_script && String::from_utf8_lossy(&text).contains("/__dateline/") => {
                        found.push(preview("the script"));
                    }
                    _ => {}
                }
            }
        }
        "xml" | "atom" | "rss" | "json" | "webmanifest" | "css" | "opml" | "svg" => {
            let hit = addresses.value.captures(bytes).and_then(|hit| hit.name("url"));
            found.extend(hit.map(|url| local(&String::from_utf8_lossy(url.as_bytes()))));
        }
        "txt" => {
            let text = String::from_utf8_lossy(bytes);
            let sitemap = text.lines().find_map(|line| {
                let (_, value) = line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case("sitemap"))?;
                addresses.attribute.is_match(value).then(|| value.trim().to_owned())
            });
            found.extend(sitemap.map(|address| local(&address)));
        }
        _ => {}
    }
    found
}

/// Whether a link means another thing on each page that it stands on.
fn is_relative(name: &[u8], value: &str) -> bool {
    let is_whole = value.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    matches!(name, b"href" | b"src" | b"action") && !value.starts_with(['/', '#']) && !is_whole
}

/// The address of this machine that an attribute leads to.
fn local_address(name: &[u8], value: &str, addresses: &Addresses) -> Option<String> {
    let values: Vec<Cow<'_, str>> = match name {
        b"href" | b"src" | b"action" | b"formaction" | b"poster" | b"content" | b"data" | b"cite" | b"xlink:href" => {
            vec![Cow::Borrowed(value)]
        }
        b"srcset" | b"imagesrcset" => value.split(',').map(Cow::Borrowed).collect(),
        _ => return None,
    };
    values.into_iter().find(|value| addresses.attribute.is_match(value)).map(|value| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<Kind> {
        let file = File { path: path.to_owned(), disk: "".into(), size: 0 };
        local(&file, text.as_bytes(), &Addresses::new()).into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn addresses_of_this_machine_are_found_where_they_lead_somewhere() {
        for text in [
            "<a href=\"http://localhost:8000/x\">",
            "<a href='//localhost'>",
            "<img src=http://127.0.0.1/x.png>",
            "<img srcset=\"/a.png 1x, http://[::1]:80/b.png 2x\">",
            "<meta http-equiv=refresh content=\"0; url=http://localhost/\">",
            "<link rel=canonical href=\"HTTP://LOCALHOST:1/\">",
            "<form action=\"https://my.localhost/\">",
            "<a href=\"http://0.0.0.0:8000\">",
        ] {
            assert_eq!(found("a.html", text), [Kind::Local], "{text}");
        }
        assert_eq!(found("feed.atom", "<id>http://localhost:8000/feed.atom</id>"), [Kind::Local]);
        assert_eq!(found("feed.atom", "<link href=\"http://localhost:8000/\"/>"), [Kind::Local]);
        assert_eq!(found("feed.json", "{\"home_page_url\":\"http://127.0.0.1:8000/\"}"), [Kind::Local]);
        assert_eq!(found("sitemap.xml", "<url><loc>http://localhost:8000/x/</loc></url>"), [Kind::Local]);
        assert_eq!(found("a.css", "body { background: url(http://localhost/x.png) }"), [Kind::Local]);
        assert_eq!(found("robots.txt", "User-agent: *\nSitemap: http://localhost/sitemap.xml\n"), [Kind::Local]);
    }

    #[test]
    fn words_about_this_machine_are_no_addresses() {
        for (path, text) in [
            ("a.html", "<p>Open http://localhost:8000/ in the browser; <code>curl http://127.0.0.1</code></p>"),
            ("a.html", "<a href=\"https://localhost.example.org/\">"),
            ("a.html", "<a href=\"https://example.org/?next=http://localhost/\">"),
            ("a.html", "<img alt=\"http://localhost:8000/\" src=\"/x.png\">"),
            ("a.html", "<p>The page loads /__dateline/client.js while it is served.</p>"),
            ("feed.atom", "<summary>It asked ldap://127.0.0.1 and http://localhost:8000/ for more</summary>"),
            ("feed.json", "{\"summary\":\"look at http://localhost:8000/ first\"}"),
            ("feed.rss", "<content:encoded><![CDATA[<p><code>http://localhost:8000/</code></p>]]></content:encoded>"),
            ("feed.json", "{\"content_html\":\"<p><code>http://localhost:8000/</code></p>\"}"),
            ("feed.atom", "<link href=\"https://localhost.example.org/\"/>"),
            ("notes.md", "http://localhost/"),
        ] {
            assert_eq!(found(path, text), [], "{text}");
        }
    }

    #[test]
    fn the_page_for_what_is_not_there_links_from_the_root() {
        assert_eq!(found("404.html", "<link rel=stylesheet href=\"broadsheet.css\">"), [Kind::Relative]);
        assert_eq!(found("404.html", "<a href=\"../\">"), [Kind::Relative]);
        assert_eq!(
            found(
                "404.html",
                "<a href=\"/x/\"><a href=\"#main\"><a href=\"https://x.example/\"><a href=\"mailto:a@b\">"
            ),
            []
        );
        assert_eq!(found("a.html", "<a href=\"../\">"), []);
    }

    #[test]
    fn code_of_the_preview_is_found() {
        assert_eq!(found("a.html", "<script src=\"/__dateline/client.js\" defer></script>"), [Kind::Preview]);
        assert_eq!(found("a.html", "<script>fetch('/__dateline/events')</script>"), [Kind::Preview]);
        assert_eq!(found("__dateline/client.js", ""), [Kind::Preview]);
    }

    #[test]
    fn runs_of_words_hold_nothing_that_changes_on_the_way() {
        let text = "title = \"Grain deal, day three\"\nThey \"left the table\" -- and said nothing at all, as *agreed before* it.\n";
        assert_eq!(runs(text), ["and said nothing at all, as", "Grain deal, day three"]);
    }
}
