//! `dateline theme`: starts a theme, and tries one on a site that has everything.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Outcome, Terminal, init::create, now};
use crate::{
    cli::{ThemeArgs, ThemeCheckArgs, ThemeCommand, ThemeNewArgs},
    config::{self, DEFAULT_THEME, Overrides},
    diagnostic::{Diagnostic, Severity, SitePath},
    error::{Error, Result},
    load,
    render::{built_in_text, built_in_themes, inspect_theme, version_range},
    session::{Inspected, Session},
    write::Output,
};

mod fixture;

pub fn run(root: &Path, args: &ThemeArgs, terminal: &Terminal) -> Result<Outcome> {
    match &args.command {
        ThemeCommand::New(args) => new(root, args, terminal),
        ThemeCommand::Check(args) => check(root, args, terminal),
    }
}

/// A theme of one template and one style sheet: the built-in one with colours of its own.
fn new(root: &Path, args: &ThemeNewArgs, terminal: &Terminal) -> Result<Outcome> {
    let name = args.name.as_str();
    if !is_name(name) || built_in_themes().any(|built_in| built_in == name) {
        terminal.problem(
            &format!("`{name}` cannot be the name of a new theme"),
            Some("a name has small letters, digits and hyphens, and is not that of a built-in theme"),
        );
        return Ok(Outcome::WrongUsage);
    }
    if !root.join("site.toml").is_file() {
        terminal.problem(
            &format!("there is no `site.toml` in `{}`", root.display()),
            Some("run this in a site's folder, or make a new site: `dateline init DIR`"),
        );
        return Ok(Outcome::WrongUsage);
    }
    let folder = root.join("themes").join(name);
    if folder.symlink_metadata().is_ok() {
        terminal.problem(
            &format!("`{}` is there already, and stays as it is", folder.display()),
            Some("choose another name"),
        );
        return Ok(Outcome::WrongUsage);
    }
    let base = built_in_text("themes/broadsheet/templates/base.html").unwrap_or_default();
    let link = "<link rel=\"stylesheet\" href=\"{{ url(path=\"/broadsheet.css\") }}\">\n";
    let own = format!("{link}<link rel=\"stylesheet\" href=\"{{{{ url(path=\"/{name}.css\") }}}}\">\n");
    let manifest = format!(
        "name = \"{name}\"\nversion = \"0.1.0\"\nlicense = \"\"\ndescription = \"\"\n# The oldest Dateline that it works with, and the first that may be too new.\ndateline = \"{}\"\n",
        version_range()
    );
    create(&folder.join("theme.toml"), &manifest)?;
    create(&folder.join("templates/base.html"), &base.replacen(link, &own, 1))?;
    create(&folder.join(format!("static/{name}.css")), STYLE)?;
    terminal.print(&folder.display().to_string());
    terminal.say(&format!("use it: theme = \"{name}\" in site.toml; try it: dateline theme check {name}"));
    Ok(Outcome::Done)
}

const STYLE: &str = "\
/* What stands here comes after broadsheet.css. themes/README.md lists the properties. */
:root {
  --paper: #fff;
  --tint: #f1f4f6;
  --accent: #0b5c7a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181b;
    --tint: #1e2428;
    --accent: #7cc7e6;
  }
}
";

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A build of a site that has everything, in the theme, which writes nothing.
fn check(root: &Path, args: &ThemeCheckArgs, terminal: &Terminal) -> Result<Outcome> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => {
            let (snapshot, _) = load::read(root)?;
            let config = config::read(&snapshot, &Overrides::default(), &mut Vec::new());
            config.map_or_else(|| DEFAULT_THEME.to_owned(), |config| config.theme)
        }
    };
    let from = root.join("themes").join(&name);
    if !is_name(&name) || !built_in_themes().any(|built_in| built_in == name) && !from.is_dir() {
        terminal.problem(
            &format!("there is no theme `{name}` in `{}`", root.join("themes").display()),
            Some(&format!(
                "a theme is a folder of themes/, or one of {}; start one: `dateline theme new NAME`",
                built_in_themes().collect::<Vec<_>>().join(", ")
            )),
        );
        return Ok(Outcome::WrongUsage);
    }
    let folder = Trial(root.join(".dateline").join(format!("theme-check-{}", std::process::id())));
    let mut texts = BTreeMap::new();
    fixture::write(&folder.0, &name)?;
    if from.is_dir() {
        copy(&from, &folder.0.join("themes").join(&name), &format!("themes/{name}/"), &mut texts)?;
    }
    let look = |_: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>| {
        inspect_theme(&format!("themes/{name}/"), &texts, diagnostics);
    };
    let mut session = Session::new(folder.0.clone(), Overrides::default(), now(None)?);
    let report = session.build(&mut Output::Discard, Some(&look))?;
    terminal.report(&report, args.format);
    if let Some(written) = &report.written
        && args.format == crate::diagnostic::Format::Human
    {
        let verdict = if report.trouble().is_none() { "all well" } else { "no errors" };
        terminal.say(&format!("{verdict}: the theme {name} makes {} files", written.files));
    }
    Ok(if report.count(Severity::Error) > 0 { Outcome::SiteHasErrors } else { Outcome::Done })
}

/// The folder that the trial site lies in, for as long as it is needed.
struct Trial(PathBuf);

impl Drop for Trial {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies a folder, and keeps its texts by their paths in the site.
fn copy(from: &Path, to: &Path, path: &str, texts: &mut BTreeMap<SitePath, String>) -> Result<()> {
    fs::create_dir_all(to).map_err(|cause| Error::io("make the folder", to, cause))?;
    let entries = fs::read_dir(from).map_err(|cause| Error::io("read", from, cause))?;
    for entry in entries {
        let entry = entry.map_err(|cause| Error::io("read", from, cause))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (source, target) = (entry.path(), to.join(&name));
        if source.is_dir() {
            copy(&source, &target, &format!("{path}{name}/"), texts)?;
        } else {
            let bytes = fs::read(&source).map_err(|cause| Error::io("read", &source, cause))?;
            fs::write(&target, &bytes).map_err(|cause| Error::io("write", &target, cause))?;
            if let Ok(text) = String::from_utf8(bytes) {
                texts.insert(SitePath::from(format!("{path}{name}")), text);
            }
        }
    }
    Ok(())
}
