//! `dateline check`: a build that writes nothing, and a crawl of what it would have written.

mod advice;
mod crawl;
mod external;

use std::path::Path;

use super::{Outcome, Terminal, now};
use crate::{
    cli::CheckArgs,
    config::Overrides,
    diagnostic::{Format, Severity},
    error::Result,
    session::Session,
    write::Output,
};

pub fn run(root: &Path, args: &CheckArgs, terminal: &Terminal) -> Result<Outcome> {
    let overrides = Overrides { base_url: args.site.base_url.clone(), origin: None, drafts: args.site.drafts };
    let mut session = Session::new(root.to_owned(), overrides, now(args.site.now)?);
    let report = session.build(
        &mut Output::Discard,
        Some(&|site, diagnostics| {
            crawl::inspect(site, diagnostics);
            advice::inspect(site, diagnostics);
            if args.external {
                external::inspect(site, diagnostics);
            }
        }),
    )?;
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
