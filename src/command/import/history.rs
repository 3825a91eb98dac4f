//! Articles that the site had once: what a curator threw away is not brought back by the next import.
//!
//! They are looked up in the site's Git history, with the `git` program. Where there is no Git, nothing is known of them.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use super::site::existing;
use crate::import::merge::Index;

/// How many removed articles are looked at.
const MOST: usize = 50_000;

/// Every article that was removed from the site, as it was last.
pub fn removed(root: &Path) -> Index {
    let mut blobs: BTreeMap<String, String> = BTreeMap::new();
    // What was removed and is not committed yet, and what every commit removed; the newest first.
    let outputs = [&["diff", "HEAD"][..], &["log", "--format="][..]].map(|verb| git(root, verb));
    for output in outputs.into_iter().flatten() {
        // `:100644 000000 <blob> 000… D`, then the path
        let mut fields = output.split('\0');
        while let (Some(raw), Some(path)) = (fields.next(), fields.next()) {
            let Some(blob) = raw.trim_start().split(' ').nth(2) else { break };
            let is_here = root.join(path).is_file();
            if path.ends_with(".md") && !is_here && blobs.len() < MOST {
                blobs.entry(path.to_owned()).or_insert_with(|| blob.to_owned());
            }
        }
    }
    texts(root, &blobs).unwrap_or_default()
}

fn git(root: &Path, verb: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(verb)
        .args(["--no-renames", "--diff-filter=D", "--raw", "-z", "--no-abbrev", "--relative", "--"])
        .args(["content/articles", "content/inbox"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn texts(root: &Path, blobs: &BTreeMap<String, String>) -> Option<Index> {
    if blobs.is_empty() {
        return None;
    }
    let mut child = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let mut output = BufReader::new(child.stdout.take()?);
    let mut index = Index::default();
    // One question, one answer: neither pipe can fill up.
    for (path, blob) in blobs {
        writeln!(input, "{blob}").ok()?;
        input.flush().ok()?;
        let mut header = String::new();
        output.read_line(&mut header).ok()?;
        let Some(length) = header.trim_end().split(' ').nth(2).and_then(|length| length.parse::<usize>().ok()) else {
            continue;
        };
        let mut text = vec![0; length + 1];
        output.read_exact(&mut text).ok()?;
        text.pop();
        if let Some(article) = existing(path, &String::from_utf8_lossy(&text)) {
            index.add(article);
        }
    }
    drop(input);
    let _ = child.wait();
    Some(index)
}
