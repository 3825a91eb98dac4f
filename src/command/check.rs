//! `dateline check`: a build that writes nothing, and a crawl of what it would have written.

mod advice;
mod crawl;
mod external;
mod ids;
mod quotes;
mod withdrawn;

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use self::crawl::Pages;
use super::{Outcome, Terminal, now, proof::Proof};
use crate::{
    cli::CheckArgs,
    config::Overrides,
    diagnostic::{Diagnostic, Format, Severity},
    error::{Error, Result},
    session::{Inspect, Inspected, Session},
    write::Output,
};

/// All that is looked at.
struct Everything {
    pages: Pages,
    external: bool,
    /// What must not be shown, where that is looked for.
    rights: Option<Proof>,
    /// What could not be read.
    failure: Mutex<Option<Error>>,
}

impl Inspect for Everything {
    fn begin(&self, site: &Inspected<'_>) {
        if let Some(proof) = &self.rights {
            proof.begin(site);
        }
    }

    fn see(&self, path: &str, bytes: &[u8]) {
        if let Some(proof) = &self.rights {
            proof.see(path, bytes);
        }
        self.pages.see(path, bytes);
    }

    fn inspect(&self, site: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>) {
        let mut pages = self.pages.take();
        // A build that began anew may have made others before.
        pages.retain(|path, _| site.plan.get(path).is_some());
        crawl::inspect(site, &pages, diagnostics);
        ids::inspect(site, &pages, diagnostics);
        advice::inspect(site, diagnostics);
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) =
            quotes::inspect(site, diagnostics).and_then(|()| withdrawn::inspect(site, diagnostics)).err();
        if let Some(proof) = &self.rights {
            proof.inspect(site, diagnostics);
        }
        if self.external {
            external::inspect(site, &pages, diagnostics);
        }
    }
}

pub fn run(root: &Path, args: &CheckArgs, terminal: &Terminal) -> Result<Outcome> {
    let overrides = Overrides { base_url: args.site.base_url.clone(), origin: None, drafts: args.site.drafts };
    let mut session = Session::new(root.to_owned(), overrides, now(args.site.now)?);
    let everything = Everything {
        pages: Pages::default(),
        external: args.external,
        rights: args.rights.then(Proof::default),
        failure: Mutex::default(),
    };
    let report = session.build(&mut Output::Discard, Some(&everything))?;
    if let Some(error) = everything.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    if let Some(error) = everything.rights.and_then(Proof::into_failure) {
        return Err(error);
    }
    terminal.report(&report, args.site.format);
    if args.site.format == Format::Human {
        if let Some(left_out) = report.left_out() {
            terminal.say(&left_out);
        }
        if let Some(written) = &report.written {
            let verdict = if report.trouble().is_none() { "all well" } else { "no errors" };
            terminal.say(&format!("{verdict}: {}, {} files", report.contents(), written.files));
        }
    }
    Ok(if report.count(Severity::Error) > 0 { Outcome::SiteHasErrors } else { Outcome::Done })
}
