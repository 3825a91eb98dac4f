//! Runs the stages in order. `build` and `check` differ only in where the output goes.

use std::path::PathBuf;

use crate::{
    config::{self, Now, Overrides},
    diagnostic::{self, Diagnostic, Severity},
    error::Result,
    load::{self, Snapshot},
    model::{self, Model},
    parse,
    plan::{self, Urls},
    render::{self, Reader, Rendered, Theme},
    report::{Report, Texts},
    write::Output,
};

/// A site that can be built again and again.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    overrides: Overrides,
    now: Now,
}

/// Looks at a rendered site before it is written, and adds what it finds.
pub type Inspect<'a> = &'a dyn Fn(&Inspected<'_>, &mut Vec<Diagnostic>);

/// What an inspection sees.
pub struct Inspected<'a> {
    /// The site's data.
    pub model: &'a Model,
    /// Its files.
    pub snapshot: &'a Snapshot,
    /// Its addresses.
    pub urls: &'a Urls,
    /// Its outputs.
    pub plan: &'a plan::Plan,
    /// Their bytes.
    pub rendered: &'a [Rendered],
}

impl Session {
    /// A session for the site in `root`.
    pub fn new(root: PathBuf, overrides: Overrides, now: Now) -> Self {
        Session { root, overrides, now }
    }

    /// Builds the site as its files are now into `output`; with an error in it, `output` stays as it was.
    ///
    /// # Errors
    /// When the machine fails. What is wrong with the site is in the report.
    pub fn build(&mut self, output: &Output, inspect: Option<Inspect<'_>>) -> Result<Report> {
        output.recover()?;
        let (snapshot, mut diagnostics) = load::load(&self.root)?;
        let Some(config) = config::read(&snapshot, &self.overrides, &mut diagnostics) else {
            return Ok(Report::failed(diagnostics, Texts::new(snapshot)));
        };
        let documents = parse::parse(&snapshot, &config.zone, &mut diagnostics);
        let model = model::build(documents, &config, &self.now, &mut diagnostics);
        let urls = Urls::new(config.base_url.clone());
        let theme = Theme::load(&snapshot, &config, &urls, &mut diagnostics);
        let theme_files = theme.as_ref().map(Theme::static_files).unwrap_or_default();
        let plan = plan::plan(&model, &config, &snapshot, &theme_files, &mut diagnostics);
        let reader = Reader::new(&model, &config, &plan, &urls, &snapshot);
        let mut rendered = Vec::new();
        if let Some(mut theme) = theme {
            theme.share("site", &reader.site());
            rendered = render::render(&reader, &theme, &mut diagnostics)?;
        }
        if let Some(inspect) = inspect {
            let inspected =
                Inspected { model: &model, snapshot: &snapshot, urls: &urls, plan: &plan, rendered: &rendered };
            inspect(&inspected, &mut diagnostics);
        }
        diagnostic::sort(&mut diagnostics);
        let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        let written = if has_errors { None } else { Some(output.write(&rendered)?) };
        Ok(Report {
            diagnostics,
            articles: model.articles().count(),
            digests: model.digests().count(),
            omissions: model.omissions().to_vec(),
            written,
            texts: Texts::new(snapshot),
        })
    }
}
