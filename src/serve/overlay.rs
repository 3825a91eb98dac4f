//! What is wrong with the site, as a piece of HTML that the client lays over the page.

use std::{fmt::Write as _, path::Path};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{
    diagnostic::{self, Diagnostic, Format, Severity},
    error::Error,
    report::Report,
};

/// Errors that are shown; the terminal has them all.
const SHOWN: usize = 20;

/// What a path may not hold in an address.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'?').add(b'#').add(b'%').add(b'&').add(b'`');

/// The program that a click on a place opens it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Editor {
    /// Visual Studio Code.
    Vscode,
    /// VSCodium.
    Vscodium,
    /// Cursor.
    Cursor,
    /// Zed.
    Zed,
    /// Sublime Text (with the package `subl protocol`).
    Sublime,
    /// The editors of JetBrains.
    Idea,
    /// Places are text.
    None,
}

impl Editor {
    /// The editor that `$VISUAL` or `$EDITOR` names; one that runs in a terminal cannot be opened by a link, and where
    /// nothing is named, the most common one is likely.
    pub fn guess(variable: Option<&str>) -> Self {
        let Some(command) = variable.and_then(|text| text.split_whitespace().next()) else { return Editor::Vscode };
        let name = Path::new(command).file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        match name.as_str() {
            "code" | "code-insiders" => Editor::Vscode,
            "codium" | "vscodium" => Editor::Vscodium,
            "cursor" => Editor::Cursor,
            "zed" | "zeditor" => Editor::Zed,
            "subl" | "sublime_text" => Editor::Sublime,
            "idea" | "pycharm" | "webstorm" | "rustrover" => Editor::Idea,
            _ => Editor::None,
        }
    }

    /// The address that opens a file at a line and column.
    fn link(self, file: &str, line: &str, column: &str) -> Option<String> {
        let slash = if file.starts_with('/') { "" } else { "/" };
        let path = format!("{slash}{}", utf8_percent_encode(file, PATH));
        let scheme = match self {
            Editor::Vscode => "vscode",
            Editor::Vscodium => "vscodium",
            Editor::Cursor => "cursor",
            Editor::Zed => "zed",
            Editor::Sublime => return Some(format!("subl://open?url=file://{path}&line={line}&column={column}")),
            Editor::Idea => return Some(format!("idea://open?file={path}&line={line}&column={column}")),
            Editor::None => return None,
        };
        Some(format!("{scheme}://file{path}:{line}:{column}"))
    }
}

/// The errors of a report, or nothing when it has none. `root` is where the files are.
pub fn diagnostics(report: &Report, root: &Path, editor: Editor) -> Option<String> {
    let errors: Vec<&Diagnostic> =
        report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    if errors.is_empty() {
        return None;
    }
    let mut body = String::new();
    for error in errors.iter().take(SHOWN) {
        let text = diagnostic::render(std::slice::from_ref(*error), &report.texts, Format::Human, false);
        let _ = write!(body, "<pre>{}</pre>", linked(text.trim_end(), root, editor));
    }
    if errors.len() > SHOWN {
        let _ = write!(body, "<p>{} more are in the terminal.</p>", errors.len() - SHOWN);
    }
    let count = if errors.len() == 1 { "1 error".to_owned() } else { format!("{} errors", errors.len()) };
    Some(frame(&count, &body))
}

/// A failure of the machine.
pub fn failure(error: &Error) -> String {
    let mut text = format!("error: {error}");
    if let Some(hint) = error.hint() {
        let _ = write!(text, "\n  hint: {hint}");
    }
    frame("The machine failed", &format!("<pre>{}</pre>", escaped(&text)))
}

fn frame(title: &str, body: &str) -> String {
    format!(
        "<style>{STYLE}</style><div role=\"alertdialog\" aria-label=\"{title}\"><header><strong>{title}</strong> \
         <span>It goes away when this is put right.</span><button>Hide</button></header>{body}</div>"
    )
}

const STYLE: &str = "\
:host{all:initial}\
div{position:fixed;inset:0;z-index:2147483647;overflow:auto;padding:2rem;background:#191816f2;color:#f4f1ea;\
font:15px/1.5 system-ui,sans-serif}\
header{display:flex;gap:1rem;align-items:baseline;margin-bottom:1rem}strong{color:#ff8f7a;font-size:1.3rem}\
button{margin-left:auto;font:inherit;padding:.2rem .8rem}\
pre{margin:0 0 1rem;padding:1rem;border-left:4px solid #ff8f7a;background:#0008;white-space:pre-wrap;\
overflow-wrap:anywhere;font:14px/1.45 ui-monospace,monospace}\
a{color:#9ecbff}";

/// Escapes a message, and makes a link of each place in it (`--> content/a.md:3:1`).
fn linked(text: &str, root: &Path, editor: Editor) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let arrow = ["--> ", "::: "].iter().find_map(|arrow| {
                let at = line.find(arrow).filter(|at| line[..*at].trim().is_empty())?;
                Some(at + arrow.len())
            });
            let link = arrow.and_then(|at| Some((at, place(&line[at..], root, editor)?)));
            match link {
                Some((at, href)) => {
                    format!("{}<a href=\"{}\">{}</a>", escaped(&line[..at]), escaped(&href), escaped(&line[at..]))
                }
                None => escaped(line),
            }
        })
        .collect();
    lines.join("\n")
}

/// The link for `path:line:column` or `path`; none for a file of the built-in theme, which is on no disk.
fn place(text: &str, root: &Path, editor: Editor) -> Option<String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.rsplitn(3, ':');
    let (path, line, column) = match (parts.next(), parts.next(), parts.next()) {
        (Some(column), Some(line), Some(path)) if is_number(column) && is_number(line) => (path, line, column),
        _ => (text, "1", "1"),
    };
    let file = root.join(path);
    file.is_file().then(|| editor.link(&file.to_string_lossy().replace('\\', "/"), line, column))?
}

/// Text as HTML text or the value of an attribute.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_place_opens_the_editor() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("content")).unwrap();
        fs::write(root.path().join("content/a b.md"), "").unwrap();
        let html = linked("error: no <b>\n --> content/a b.md:3:7\n  |\n3 | <x> & y", root.path(), Editor::Vscode);
        let at = root.path().display();
        assert_eq!(
            html,
            format!(
                "error: no &lt;b&gt;\n --&gt; <a href=\"vscode://file{at}/content/a%20b.md:3:7\">content/a b.md:3:7</a>\n  \
                 |\n3 | &lt;x&gt; &amp; y"
            )
        );
    }

    #[test]
    fn what_is_on_no_disk_has_no_link() {
        let root = tempfile::tempdir().unwrap();
        let text = " --> themes/broadsheet/templates/base.html:1:1";
        assert!(!linked(text, root.path(), Editor::Vscode).contains("<a"));
        assert!(!linked(" --> /etc/none:1:1", root.path(), Editor::Zed).contains("<a"));
    }

    #[test]
    fn the_editor_is_the_one_that_is_used() {
        assert_eq!(Editor::guess(None), Editor::Vscode);
        assert_eq!(Editor::guess(Some("/usr/bin/code --wait")), Editor::Vscode);
        assert_eq!(Editor::guess(Some("zed")), Editor::Zed);
        assert_eq!(Editor::guess(Some("vim")), Editor::None);
    }
}
