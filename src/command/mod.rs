//! The verbs, one file each. They alone print.

mod build;
mod check;
mod edition;
mod import;
mod init;
mod new;
mod next;
mod proof;
mod publish;
mod theme;
mod watch;
mod why;

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use anstream::{AutoStream, ColorChoice};

use crate::{
    cli::{Cli, Color, Command},
    diagnostic::{Severity, did_you_mean},
    error::{Error, Result},
    report::Report,
};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All well.
    Done,
    /// The site, or what was to be imported, has errors; or something keeps it from being published.
    SiteHasErrors,
    /// What was asked for makes no sense here.
    WrongUsage,
    /// The run was asked to end (Ctrl-C).
    Interrupted,
}

/// Runs what was typed, and gives the exit status.
pub fn run(cli: Cli) -> ExitCode {
    let terminal = Terminal::new(&cli);
    let result = match &cli.command {
        Command::Init(args) => init::run(args, &terminal),
        Command::Import(args) => import::run(&cli.root, args, &terminal),
        Command::New(args) => new::run(&cli.root, args, &terminal),
        Command::Edition(args) => edition::run(&cli.root, args, &terminal),
        Command::Build(args) => build::run(&cli.root, args, &terminal),
        Command::Watch(args) => watch::run(&cli.root, args, &terminal),
        Command::Publish(args) => publish::run(&cli.root, args, &terminal),
        Command::Check(args) => check::run(&cli.root, args, &terminal),
        Command::Theme(args) => theme::run(&cli.root, args, &terminal),
        Command::Why(args) => why::run(&cli.root, args, &terminal),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SiteHasErrors) => ExitCode::from(1),
        Ok(Outcome::WrongUsage) => ExitCode::from(2),
        // As a shell has it for a program that SIGINT ended.
        Ok(Outcome::Interrupted) => ExitCode::from(130),
        Err(error) => {
            terminal.failure(&error);
            ExitCode::from(3)
        }
    }
}

/// Where messages go: results to standard output, troubles to standard error.
pub struct Terminal {
    color: ColorChoice,
    quiet: bool,
}

impl Terminal {
    fn new(cli: &Cli) -> Self {
        let color = match cli.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Terminal { color, quiet: cli.quiet }
    }

    /// Whether standard error takes color.
    pub fn color(&self) -> bool {
        match self.color {
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => io::stderr().is_terminal() && AutoStream::choice(&io::stderr()) != ColorChoice::Never,
        }
    }

    /// Whether nothing but trouble is to be said.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A line on what was done; not with `--quiet`.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            self.print(line);
        }
    }

    /// A line that was asked for.
    pub fn print(&self, line: &str) {
        use io::Write as _;
        // A reader that went away (`| head`) is no trouble of ours.
        let _ = writeln!(io::stdout(), "{line}");
    }

    /// Text on what is wrong, as it is.
    pub fn trouble(&self, text: &str) {
        use io::Write as _;
        let _ = write!(io::stderr(), "{text}");
    }

    /// A problem that is not in a file of the site.
    pub fn problem(&self, message: &str, hint: Option<&str>) {
        let (bold_red, bold_cyan, reset) =
            if self.color() { ("\u{1b}[1m\u{1b}[31m", "\u{1b}[1m\u{1b}[36m", "\u{1b}[0m") } else { ("", "", "") };
        self.trouble(&format!("{bold_red}error{reset}: {message}\n"));
        if let Some(hint) = hint {
            self.trouble(&format!("  {bold_cyan}hint{reset}: {hint}\n"));
        }
    }

    /// A topic was named that the site does not have.
    pub fn unknown_topic<'a>(&self, topic: &str, known: impl IntoIterator<Item = &'a str>) {
        let hint = match did_you_mean(topic, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("make it first: `dateline new topic \"{topic}\"`"),
        };
        self.problem(&format!("unknown topic `{topic}`"), Some(&hint));
    }

    /// The machine failed.
    pub fn failure(&self, error: &Error) {
        self.problem(&error.to_string(), error.hint());
    }

    /// The diagnostics of a build, in the format asked for, and their number.
    pub fn report(&self, report: &Report, format: crate::diagnostic::Format) {
        let text = report.render(format, self.color());
        match format {
            crate::diagnostic::Format::Human if self.quiet && report.count(Severity::Error) == 0 => {}
            crate::diagnostic::Format::Human => {
                self.trouble(&text);
                if let Some(trouble) = report.trouble() {
                    self.trouble(&format!("{trouble}\n"));
                }
            }
            // For programs, the report is the result.
            crate::diagnostic::Format::Json | crate::diagnostic::Format::Github => {
                use io::Write as _;
                let _ = write!(io::stdout(), "{text}");
            }
        }
    }
}

/// The present: `--now`, else `SOURCE_DATE_EPOCH`, else the clock.
fn now(flag: Option<jiff::Timestamp>) -> Result<crate::config::Now> {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
    Ok(crate::config::Now::new(flag, epoch.as_deref()))
}
