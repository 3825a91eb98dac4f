//! A site in a folder of its own, the real program run in it, and what came of it.
//!
//! ```ignore
//! let site = Site::new()
//!     .file("content/topics/talks.md", "+++\ntitle = \"Talks\"\n+++\n");
//! site.run("build --base-url https://example.org/sub/")
//!     .succeeds()
//!     .stdout_has("0 articles");
//! site.page("/talks/").says("Talks");
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use html5gum::{Token, Tokenizer};
use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use snapbox::{Assert, IntoData};
use tempfile::TempDir;

/// The settings of [`Site::new`].
pub const SETTINGS: &str = "\
title = \"The Test\"
base_url = \"https://example.org/\"
";

/// A site in a temporary folder, which goes when this does.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// An empty folder.
    pub fn empty() -> Self {
        Site { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A site with settings and nothing else.
    pub fn new() -> Self {
        Site::empty().file("site.toml", SETTINGS)
    }

    /// A copy of `tests/fixtures/<name>/`.
    pub fn fixture(name: &str) -> Self {
        let site = Site::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
        copy(&from, site.root());
        site
    }

    /// A copy of the repository's own site.
    pub fn own() -> Self {
        let site = Site::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in ["site.toml", "content", "static", "themes"] {
            if from.join(part).exists() {
                copy(&from.join(part), &site.path(part));
            }
        }
        site
    }

    /// Adds a file, or takes the place of one.
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    /// Adds more lines at the start of `site.toml`.
    pub fn settings(self, lines: &str) -> Self {
        let text = format!("{lines}\n{}", self.read("site.toml"));
        self.file("site.toml", text)
    }

    /// Puts the site into a theme.
    pub fn in_theme(self, theme: &str) -> Self {
        let text = self.read("site.toml");
        let others: Vec<&str> = text.lines().filter(|line| !line.starts_with("theme = ")).collect();
        self.write("site.toml", format!("theme = \"{theme}\"\n{}\n", others.join("\n")));
        self
    }

    /// Adds an article of a day: the front matter gets `date`, a `title` made from the slug unless there is one, and
    /// `keys`; the body is one sentence.
    pub fn article(self, day: &str, slug: &str, keys: &str) -> Self {
        self.article_with(day, slug, keys, &format!("The text of {slug}.\n"))
    }

    /// The same with a body.
    pub fn article_with(self, day: &str, slug: &str, keys: &str, body: &str) -> Self {
        let title = if keys.starts_with("title") || keys.contains("\ntitle") {
            String::new()
        } else {
            format!("title = \"About {slug}\"\n")
        };
        let path = format!("content/articles/{}/{}/{slug}.md", &day[..4], &day[5..7]);
        self.file(&path, format!("+++\n{title}date = {day}\n{}\n+++\n{body}", keys.trim_end()))
    }

    /// Adds a topic.
    pub fn topic(self, slug: &str, keys: &str) -> Self {
        let path = format!("content/topics/{slug}.md");
        self.file(&path, format!("+++\ntitle = \"Topic {slug}\"\n{}\n+++\n", keys.trim_end()))
    }

    /// Adds a digest.
    pub fn digest(self, name: &str, keys: &str) -> Self {
        let path = format!("content/digests/{name}.md");
        self.file(&path, format!("+++\ntitle = \"Digest {name}\"\n{}\n+++\n", keys.trim_end()))
    }

    /// Adds something with a name: `kind` is `publishers`, `people`, `places` or `organizations`.
    pub fn named(self, kind: &str, slug: &str, keys: &str) -> Self {
        let name = if keys.contains("name = ") && !keys.starts_with("alternate") {
            String::new()
        } else {
            format!("name = \"The {slug}\"\n")
        };
        self.file(&format!("content/{kind}/{slug}.md"), format!("+++\n{name}{}\n+++\n", keys.trim_end()))
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file while the test runs.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("make a folder");
        fs::write(&path, content).expect("write a file");
    }

    /// Replaces text in a file; the text must be there.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}:\n{text}");
        self.write(path, text.replace(from, to));
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("remove a file");
    }

    /// A file's text.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every file below a folder with its bytes; empty when the folder is not there.
    pub fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        read_all(&self.path(folder))
    }

    /// Every file of the built site.
    pub fn public(&self) -> BTreeMap<String, Vec<u8>> {
        self.files("public")
    }

    /// The paths of the built site.
    pub fn public_paths(&self) -> BTreeSet<String> {
        self.public().into_keys().collect()
    }

    /// Whether the built site has a file.
    pub fn has(&self, path: &str) -> bool {
        self.path("public").join(path).is_file()
    }

    /// The built page at an address below the base.
    pub fn page(&self, address: &str) -> Page {
        Page::read(&self.path("public"), address)
    }

    /// The program with the words of a line as arguments, to be run in the site's folder.
    pub fn command(&self, line: &str) -> Run<'_> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command.args(words(line)).current_dir(self.root());
        for variable in ["SOURCE_DATE_EPOCH", "RAYON_NUM_THREADS", "TZ", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        Run { site: self, command }
    }

    /// Runs the program with the words of a line as arguments. Quotes hold words together.
    pub fn run(&self, line: &str) -> Outcome<'_> {
        self.command(line).run()
    }

    /// `dateline build`, which must succeed and say nothing on standard error.
    pub fn build(&self) -> Outcome<'_> {
        self.run("build").succeeds().stderr_is("")
    }
}

/// Words between spaces; `"…"` and `'…'` hold spaces.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// A run to be.
pub struct Run<'s> {
    site: &'s Site,
    command: Command,
}

impl<'s> Run<'s> {
    /// Sets a variable of the environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs in another folder.
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Adds an argument as it is.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// The command, to be changed further.
    pub fn inner(&mut self) -> &mut Command {
        &mut self.command
    }

    /// The command itself, for tests that must hold the process.
    pub fn into_command(self) -> Command {
        self.command
    }

    /// Runs to the end.
    pub fn run(mut self) -> Outcome<'s> {
        let output = self.command.output().expect("the program starts");
        let outcome = Outcome {
            site: self.site,
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        };
        assert!(!outcome.stderr.contains("panicked"), "the program panicked:\n{}", outcome.stderr);
        assert!(outcome.status.is_some(), "the program was ended by a signal:\n{}", outcome.stderr);
        outcome
    }
}

/// What a run did.
pub struct Outcome<'s> {
    site: &'s Site,
    /// The exit status.
    pub status: Option<i32>,
    /// What it said.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
}

impl Outcome<'_> {
    fn described(&self) -> String {
        format!("exit status {:?}\n--- stdout\n{}\n--- stderr\n{}", self.status, clip(&self.stdout), clip(&self.stderr))
    }

    /// The exit status is as given.
    #[track_caller]
    pub fn status(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{}", self.described());
        self
    }

    /// Exit status 0: all well.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        self.status(0)
    }

    /// Exit status 1: the site has errors.
    #[track_caller]
    pub fn has_errors(self) -> Self {
        self.status(1)
    }

    /// Standard output holds a text.
    #[track_caller]
    pub fn stdout_has(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "stdout has no {text:?}\n{}", self.described());
        self
    }

    /// Standard error holds a text.
    #[track_caller]
    pub fn stderr_has(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "stderr has no {text:?}\n{}", self.described());
        self
    }

    /// Standard output matches a snapshot, in which `[..]` stands for anything on a line and `...` for any lines.
    #[track_caller]
    pub fn stdout_is(self, expected: impl IntoData) -> Self {
        self.matches(&self.stdout, expected);
        self
    }

    /// Standard error matches a snapshot.
    #[track_caller]
    pub fn stderr_is(self, expected: impl IntoData) -> Self {
        self.matches(&self.stderr, expected);
        self
    }

    #[track_caller]
    fn matches(&self, actual: &str, expected: impl IntoData) {
        let mut redactions = snapbox::Redactions::new();
        redactions.insert("[ROOT]", self.site.root().to_owned()).expect("a valid name");
        // Backslashes are text here, not parts of paths.
        let settings = Assert::new().action_env("SNAPSHOTS").redact_with(redactions).normalize_paths(false);
        settings.eq(actual.to_owned(), expected);
    }
}

fn clip(text: &str) -> &str {
    let mut end = text.len().min(6000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A built page.
pub struct Page {
    /// Its address.
    pub address: String,
    /// Its source.
    pub html: String,
    /// What a reader sees of it: text without markup, white space folded.
    pub text: String,
    elements: Vec<Element>,
}

/// A start tag and the text up to its end tag.
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
    /// The text in it, white space folded.
    pub text: String,
}

impl Page {
    /// Reads the page of a built site.
    pub fn read(public: &Path, address: &str) -> Self {
        let below = address.trim_start_matches('/');
        let path = if below.is_empty() || below.ends_with('/') { format!("{below}index.html") } else { below.into() };
        let html = fs::read_to_string(public.join(&path)).unwrap_or_else(|error| {
            let there: Vec<String> = read_all(public).into_keys().collect();
            panic!("no page {address} ({error}); there is:\n{}", there.join("\n"))
        });
        Page::parse(address, html)
    }

    /// Parses HTML.
    pub fn parse(address: &str, html: String) -> Self {
        let mut elements: Vec<Element> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut text = String::new();
        for Ok(token) in Tokenizer::new(&html) {
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    let attributes = tag
                        .attributes
                        .iter()
                        .map(|(name, value)| {
                            (String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(value).into_owned())
                        })
                        .collect();
                    let is_void =
                        ["meta", "link", "img", "br", "hr", "input", "wbr", "source"].contains(&name.as_str());
                    elements.push(Element { name, attributes, text: String::new() });
                    if !is_void {
                        open.push(elements.len() - 1);
                    }
                }
                Token::EndTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name);
                    if let Some(at) = open.iter().rposition(|at| elements[*at].name == name) {
                        open.truncate(at);
                    }
                    // Blocks end words.
                    text.push(' ');
                    for at in &open {
                        elements[*at].text.push(' ');
                    }
                }
                Token::String(string) => {
                    let string = String::from_utf8_lossy(&string);
                    let in_head = open.iter().any(|at| elements[*at].name == "head");
                    if !in_head {
                        text.push_str(&string);
                    }
                    for at in &open {
                        elements[*at].text.push_str(&string);
                    }
                }
                _ => {}
            }
        }
        for element in &mut elements {
            element.text = fold(&element.text);
        }
        Page { address: address.to_owned(), text: fold(&text), html, elements }
    }

    /// The elements of a name.
    pub fn elements<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// Every element.
    pub fn all(&self) -> &[Element] {
        &self.elements
    }

    /// `main` holds a text.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.text.contains(text), "{} does not say {text:?}:\n{}", self.address, self.text);
        self
    }

    /// The page does not hold a text, neither shown nor hidden.
    #[track_caller]
    pub fn never_says(&self, text: &str) -> &Self {
        assert!(!self.html.contains(text), "{} says {text:?}:\n{}", self.address, self.html);
        assert!(!self.text.contains(text), "{} says {text:?}:\n{}", self.address, self.text);
        self
    }

    /// The source holds a text.
    #[track_caller]
    pub fn has(&self, html: &str) -> &Self {
        assert!(self.html.contains(html), "{} has no {html:?}:\n{}", self.address, self.html);
        self
    }

    /// A link with these words leads there.
    #[track_caller]
    pub fn links_to(&self, words: &str, href: &str) -> &Self {
        let found: Vec<&str> = self
            .elements("a")
            .filter(|a| a.text == words)
            .filter_map(|a| a.attributes.get("href"))
            .map(String::as_str)
            .collect();
        assert!(found.contains(&href), "{}: links {words:?} lead to {found:?}, not {href}", self.address);
        self
    }

    /// The part of the source that belongs to the page alone: `main`, without masthead and footer.
    pub fn main(&self) -> Page {
        let start = self.html.find("<main").unwrap_or_else(|| panic!("{} has no main", self.address));
        let end = self.html.find("</main>").unwrap_or_else(|| panic!("{} has no end of main", self.address));
        Page::parse(&self.address, self.html[start..end].to_owned())
    }

    /// Headlines of the cards in the page's main part, in their order: the texts of headings with a link in them.
    pub fn headlines(&self) -> Vec<String> {
        let main = self.main();
        let mut found = Vec::new();
        for (at, element) in main.elements.iter().enumerate() {
            let is_heading = matches!(element.name.as_str(), "h2" | "h3" | "h4" | "h5");
            let next = main.elements[at + 1..].iter().find(|next| next.name != "span");
            if is_heading && next.is_some_and(|next| next.name == "a") {
                found.push(element.text.clone());
            }
        }
        found
    }

    /// The content of a `meta`, by its name or property.
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.elements("meta")
            .find(|meta| {
                meta.attributes.get("name").or(meta.attributes.get("property")).is_some_and(|found| found == name)
            })
            .and_then(|meta| meta.attributes.get("content"))
            .map(String::as_str)
    }

    /// The address of a `link`, by its `rel`.
    pub fn link(&self, rel: &str) -> Option<&str> {
        self.elements("link")
            .find(|link| link.attributes.get("rel").is_some_and(|found| found == rel))
            .and_then(|link| link.attributes.get("href"))
            .map(String::as_str)
    }
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every file below a folder with its bytes.
pub fn read_all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    if !folder.is_dir() {
        return BTreeMap::new();
    }
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("below the folder");
            (path.to_string_lossy().replace('\\', "/"), fs::read(entry.path()).unwrap_or_default())
        })
        .collect()
}

/// Copies a file or a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).expect("copy a file");
        return;
    }
    fs::create_dir_all(to).expect("make a folder");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("an entry");
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

/// How a property is tried on so many cases. They are the same in each run, so that what passed once is not in the way of a
/// change that has nothing to do with it; `PROPTEST_RNG_SEED=7 PROPTEST_CASES=5000 cargo test` looks further. A failing case
/// prints its input, which then becomes a test of its own.
pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() }
}

/// Whether a tool that a test needs is there; says so on standard error when it is not. Fails where tools are required.
pub fn has_tool(what: &str, is_there: bool) -> bool {
    if is_there {
        return true;
    }
    let message = format!("SKIPPED: this test needs {what}, which is not here");
    assert!(std::env::var_os("DATELINE_REQUIRE_TOOLS").is_none_or(|value| value != "1"), "{message}");
    eprintln!("{message}");
    false
}
