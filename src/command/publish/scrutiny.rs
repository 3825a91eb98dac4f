//! The build of a publication, and a look at everything that came of it.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::super::proof::Proof;
use super::{Terminal, during};
use crate::{
    cli::PublishArgs,
    diagnostic::{self, Diagnostic, Severity},
    error::{Error, Result},
    publish::{Address, Secrets, Sources, Tree, inspect_leaks, inspect_limits, inspect_rights},
    report::Report,
    session::{Inspect, Inspected, Session},
    write::Output,
};

/// What a build gave, beside its files.
pub struct Built {
    pub report: Report,
    pub sources: Sources,
}

/// What was seen of the site while it was built.
#[derive(Default)]
pub struct Seen {
    pub sources: Sources,
    pub secrets: Secrets,
}

/// Looks at a site while it is built.
#[derive(Default)]
struct Look {
    seen: Mutex<Seen>,
    proof: Proof,
}

impl Inspect for Look {
    fn begin(&self, site: &Inspected<'_>) {
        self.proof.begin(site);
    }

    fn see(&self, path: &str, bytes: &[u8]) {
        self.proof.see(path, bytes);
    }

    fn inspect(&self, site: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>) {
        inspect_rights(site.model, site.snapshot, diagnostics);
        self.proof.inspect(site, diagnostics);
        let found =
            Seen { sources: Sources::of(site.snapshot), secrets: Secrets::of(site.snapshot, site.model.omissions()) };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = found;
    }
}

pub fn look_while_building(session: &mut Session, output: &mut Output) -> Result<(Report, Seen)> {
    let look = Look::default();
    let report = session.build(output, Some(&look))?;
    if let Some(error) = look.proof.into_failure() {
        return Err(error);
    }
    session.remember(output)?;
    Ok((report, look.seen.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// Builds a site that is to be published at an address. `None` where it must not be; then the report has said why.
pub fn build(
    mut session: Session,
    output: &mut Output,
    folder: &Path,
    address: &Address,
    args: &PublishArgs,
    terminal: &Terminal,
) -> Result<Option<(Built, Tree)>> {
    let looked = during("building", terminal, || look_while_building(&mut session, output))?;
    if looked.0.written.is_some() {
        add(folder, "CNAME", address.cname.as_deref())?;
        add(folder, ".nojekyll", Some(""))?;
    }
    judge(looked, folder, args, terminal)
}

/// Adds a file that the site does not have.
fn add(folder: &Path, name: &str, text: Option<&str>) -> Result<()> {
    let path = folder.join(name);
    match text {
        Some(text) if !path.exists() => fs::write(&path, text).map_err(|cause| Error::io("write", path, cause)),
        _ => Ok(()),
    }
}

/// Looks at what was built, and reports everything that is wrong.
pub fn judge(
    (mut report, seen): (Report, Seen),
    folder: &Path,
    args: &PublishArgs,
    terminal: &Terminal,
) -> Result<Option<(Built, Tree)>> {
    let mut tree = Tree::default();
    if report.written.is_some() {
        tree = Tree::read(folder)?;
        inspect_limits(&tree, &mut report.diagnostics);
        inspect_leaks(&tree, &seen.secrets, &mut report.diagnostics)?;
        diagnostic::sort(&mut report.diagnostics);
    }
    terminal.report(&report, args.format);
    if let Some(left_out) = report.left_out() {
        terminal.say(&left_out);
    }
    if report.count(Severity::Error) > 0 {
        return Ok(None);
    }
    Ok(Some((Built { report, sources: seen.sources }, tree)))
}
