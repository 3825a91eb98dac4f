//! `dateline edition`: freezes a digest, and says what changed since it was last frozen.

use std::{fmt::Write as _, path::Path};

use jiff::tz::TimeZone;

use super::{Outcome, Terminal, init::create, now};
use crate::{
    cli::EditionArgs,
    config::{self, Now, Overrides},
    date::When,
    diagnostic::{Diagnostic, Severity, did_you_mean},
    error::Result,
    load::{self, Snapshot},
    model::{self, Change, ChangeKind, DigestId, Item, Model, Target},
    parse::{self, Choice as _, matter::ItemRole},
    report::{Report, Texts},
};

pub fn run(root: &Path, args: &EditionArgs, terminal: &Terminal) -> Result<Outcome> {
    let listing = load::list(root)?;
    let mut diagnostics = listing.diagnostics.clone();
    let settings = load::settings(&listing, None)?;
    let Some(config) = config::read(&settings, &Overrides::default(), &mut diagnostics) else {
        return failed(diagnostics, &settings, terminal);
    };
    let (snapshot, parsed) = parse::read(listing, &config.zone)?;
    diagnostics.extend(snapshot.diagnostics().chain(parsed.diagnostics()).cloned());
    let now = now(args.now)?;
    let model = model::build(parsed.documents(), &config, &now, &mut diagnostics);
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    if !diagnostics.is_empty() {
        return failed(diagnostics, &snapshot, terminal);
    }
    let Some(id) = find(&model, &args.digest) else {
        let names = model.digests().map(|(_, digest)| digest.slug.as_str());
        let hint = match did_you_mean(&args.digest, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a digest by its address, file or id, such as `ukraine-crisis/2022-01`".to_owned(),
        };
        terminal.problem(&format!("the site has no digest `{}`", args.digest), Some(&hint));
        return Ok(Outcome::WrongUsage);
    };
    let digest = &model[id];
    let introduction = introduction(&snapshot, &model, id)?;
    let number = digest.editions.last().map_or(1, |latest| latest.number() + 1);
    let changes = model.changes_since_edition(id).unwrap_or_default();
    if let Some(latest) = digest.editions.last() {
        let said = (&latest.matter.title, &latest.matter.summary, latest.matter.introduction.as_ref());
        let says = (&digest.title, &digest.matter().and_then(|matter| matter.summary.clone()));
        let is_same_text =
            (said.0, said.1) == says && said.2.map(|text| text.value.as_str()) == introduction.as_deref();
        if changes.is_empty() && is_same_text {
            terminal.say(&format!("nothing changed since edition {}, so no edition is made", latest.number()));
            return Ok(Outcome::Done);
        }
    }
    let path = format!("{}{}/{number}.toml", parse::edition::EDITIONS, digest.slug);
    if args.dry_run {
        terminal.say(&format!("would write {path}"));
    } else {
        let text = lock(&model, id, number, introduction.as_deref(), &now, &config.zone);
        create(&root.join(&path), &text)?;
        terminal.print(&root.join(&path).display().to_string());
    }
    let count = digest.items().count();
    let items = if count == 1 { "item" } else { "items" };
    let mut line = format!("edition {number} of \"{}\": {count} {items}", digest.title);
    if let Some(latest) = digest.editions.last() {
        let _ = write!(line, "; since edition {}: {}", latest.number(), counts(&changes));
    }
    terminal.say(&line);
    for change in &changes {
        let title = change.title.as_deref().unwrap_or(&change.id);
        terminal.say(&format!("  {:<9}  {title}", change.kind.word()));
    }
    Ok(Outcome::Done)
}

fn failed(diagnostics: Vec<Diagnostic>, snapshot: &Snapshot, terminal: &Terminal) -> Result<Outcome> {
    let texts = Texts::of(&diagnostics, snapshot)?;
    terminal.report(&Report::failed(diagnostics, texts), crate::diagnostic::Format::Human);
    Ok(Outcome::SiteHasErrors)
}

/// A digest by its address, its file or its id.
fn find(model: &Model, text: &str) -> Option<DigestId> {
    let wanted = text.trim_start_matches("./").trim_matches('/');
    let is_it = |id: &DigestId| {
        let digest = &model[*id];
        digest.slug == wanted || digest.id == text || digest.path().is_some_and(|path| **path == *wanted)
    };
    model.newest_digests().iter().copied().find(is_it)
}

/// The digest's introduction, where it has one.
fn introduction(snapshot: &Snapshot, model: &Model, id: DigestId) -> Result<Option<String>> {
    let model::DigestOrigin::Written { path, body, .. } = &model[id].origin else { return Ok(None) };
    let text = snapshot.text(path)?;
    let text = text.as_deref().and_then(|text| text.get(*body..)).unwrap_or_default().trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// "2 added, 1 corrected".
fn counts(changes: &[Change]) -> String {
    let kinds =
        [ChangeKind::Added, ChangeKind::Removed, ChangeKind::Retracted, ChangeKind::Corrected, ChangeKind::Updated];
    let parts = kinds.into_iter().filter_map(|kind| {
        let count = changes.iter().filter(|change| change.kind == kind).count();
        (count > 0).then(|| format!("{count} {}", kind.word()))
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "the words around the items".to_owned() } else { parts.join(", ") }
}

/// Text as a TOML value.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}

/// The file of an edition.
fn lock(model: &Model, id: DigestId, number: u32, introduction: Option<&str>, now: &Now, zone: &TimeZone) -> String {
    let digest = &model[id];
    let mut text = format!(
        "# Edition {number} of a digest, as `dateline edition` froze it. It stays as it is: for a later state make another one.
digest = {}
number = {number}
date = {}
title = {}
",
        quoted(&digest.id),
        When::moment(now.timestamp, zone).rfc3339(),
        quoted(&digest.title),
    );
    let summary = digest.matter().and_then(|matter| matter.summary.as_deref());
    for (key, value) in [("summary", summary), ("introduction", introduction)] {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
    }
    // The lead stands above all sections.
    let lead = digest.lead.iter().map(|item| (item, ItemRole::Lead, None));
    let inner = digest.sections.iter().flat_map(|section| {
        let role = |item: &Item| if item.role == ItemRole::Pinned { ItemRole::Pinned } else { ItemRole::Item };
        section.items.iter().map(move |item| (item, role(item), section.title.as_deref()))
    });
    let pointers = digest.see_also.iter().map(|item| (item, ItemRole::SeeAlso, None));
    for ((item, role, section), row) in lead.chain(inner).chain(pointers).zip(model.rows(id)) {
        text.push_str("\n[[items]]\n");
        match &item.target {
            Target::Article(_) => {
                let _ = writeln!(text, "article = {}", quoted(&row.id));
            }
            Target::Link(link) => {
                let _ = writeln!(text, "url = {}", quoted(&link.url));
                if let Some(source) = &link.source {
                    let _ = writeln!(text, "source = {}", quoted(source));
                }
            }
        }
        let _ = writeln!(text, "title = {}", quoted(&row.title));
        if role != ItemRole::Item {
            let _ = writeln!(text, "role = {}", quoted(role.word()));
        }
        if let Some(section) = section {
            let _ = writeln!(text, "section = {}", quoted(section));
        }
        if let Some((commentary, _)) = item.commentary.as_deref() {
            let _ = writeln!(text, "commentary = {}", quoted(commentary));
        }
        if row.corrections > 0 {
            let _ = writeln!(text, "corrections = {}", row.corrections);
        }
        if row.is_retracted {
            text.push_str("retracted = true\n");
        }
        let _ = writeln!(text, "shown = {}", quoted(&row.shown));
    }
    text
}
