//! The `git` program, asked one thing at a time.
//!
//! Nothing of the repository that a person can see is changed: no branch, no tag, no configuration, not the index, not the
//! work tree, not `FETCH_HEAD`. What Git needs on the way are objects that nothing names, which it clears away itself
//! (`git gc`), and an index in a folder of the caller's. Answers are read from the forms that Git keeps stable for programs
//! (`--porcelain`, `-z`).

mod run;

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use self::run::{Answer, Call, Program};
pub use self::run::{Interrupt, Prompts};

use super::{Halt, Result};
use crate::error::Error;

/// The oldest Git that knows all that is asked of it: `rev-parse --end-of-options` came with 2.30.
const OLDEST: (u32, u32) = (2, 30);

/// An object's name: 40 hexadecimal digits, or 64 in a SHA-256 repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(String);

impl Id {
    fn parse(text: &str) -> Option<Self> {
        let is_id = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then(|| Id(text.to_owned()))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first digits, for people.
    pub fn short(&self) -> &str {
        &self.0[..10]
    }
}

/// A file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `100644` for a plain file.
    pub mode: String,
    /// Its content.
    pub id: Id,
    /// Its bytes.
    pub size: u64,
}

/// The files of a tree by their paths.
pub type Entries = BTreeMap<String, Entry>;

/// A commit, as far as a publication looks at it.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Its name.
    pub id: Id,
    /// Who made it.
    pub author: String,
    /// When, as RFC 3339.
    pub date: String,
    /// All that was written on it.
    pub message: String,
}

impl Commit {
    /// The first line of the message.
    pub fn subject(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }
}

/// What differs between the work tree and the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A file that Git knows is not as the commit has it.
    Changed,
    /// Git does not know the file, or is told to ignore it.
    Untracked,
}

/// How a push ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The branch is at the new commit.
    Done,
    /// The branch is not where it was when it was looked at.
    Moved,
    /// The remote does not want it; these are its words.
    Refused(String),
}

/// Git in one folder.
#[derive(Debug)]
pub struct Git {
    program: Program,
}

impl Git {
    /// Git in the folder of a site.
    ///
    /// # Errors
    /// When there is no Git, an old one, or the folder is in no repository with a work tree.
    pub fn open(root: &Path, prompts: Prompts, interrupt: Interrupt) -> Result<Self> {
        let mut git = Git { program: Program { root: root.to_owned(), prompts, interrupt, ssh: None } };
        let version = git.program.run(Call::new(&["--version"]))?.text();
        let (major, minor) = OLDEST;
        match parse_version(&version) {
            Some(found) if found >= OLDEST => {}
            Some(_) => {
                let error = Error::new(format!("publish with an old Git ({version})"));
                return Err(error.with_hint(format!("install Git {major}.{minor} or newer")).into());
            }
            None => {
                let error = Error::new(format!("tell which Git this is: `git --version` says {version:?}"));
                return Err(error.with_hint(format!("install Git {major}.{minor} or newer")).into());
            }
        }
        let inside = git.program.run(Call::new(&["rev-parse", "--is-inside-work-tree"]))?;
        if !inside.is_good() {
            if inside.stderr.contains("dubious ownership") {
                return Err(Halt::stop(
                    format!("Git does not trust this repository:\n  {}", inside.words()),
                    "run this as the user that the folder belongs to, or add it to Git's `safe.directory`",
                ));
            }
            return Err(Halt::stop(
                "the site is in no Git repository",
                "make it one: `git init`, `git add -A`, `git commit -m \"First commit\"`, \
                 `git remote add origin https://github.com/USER/REPO.git`",
            ));
        }
        if inside.text() != "true" {
            return Err(Halt::stop("the repository has no work tree here", "run this in a clone of it: `git clone`"));
        }
        if !prompts.may_ask && !prompts.ssh_is_chosen && git.config("core.sshCommand")?.is_none() {
            git.program.ssh = Some("ssh -o BatchMode=yes".into());
        }
        Ok(git)
    }

    /// The top folder of the work tree.
    pub fn top(&self) -> Result<PathBuf> {
        self.good("rev-parse", Call::new(&["rev-parse", "--show-toplevel"])).map(|answer| answer.text().into())
    }

    /// The site's folder below the top folder, with `/` at its end; empty where it is the top folder.
    pub fn prefix(&self) -> Result<String> {
        self.good("rev-parse", Call::new(&["rev-parse", "--show-prefix"])).map(|answer| answer.text())
    }

    /// The commit that is checked out; `None` before the first.
    pub fn head(&self) -> Result<Option<Id>> {
        self.commit("HEAD")
    }

    /// The commit that a name stands for.
    pub fn commit(&self, name: &str) -> Result<Option<Id>> {
        let name = format!("{name}^{{commit}}");
        let answer = self.program.run(Call::new(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name]))?;
        Ok(Id::parse(&answer.text()).filter(|_| answer.is_good()))
    }

    /// The branch that is checked out; `None` where none is.
    pub fn branch(&self) -> Result<Option<String>> {
        let answer = self.program.run(Call::new(&["symbolic-ref", "--quiet", "--short", "HEAD"]))?;
        Ok(Some(answer.text()).filter(|_| answer.is_good()))
    }

    /// The branch that a remote takes for its own first one, as the clone noted it.
    pub fn first_branch(&self, remote: &str) -> Result<Option<String>> {
        let name = format!("refs/remotes/{remote}/HEAD");
        let answer = self.program.run(Call::new(&["symbolic-ref", "--quiet", "--short", &name]))?;
        let text = answer.text();
        Ok(text.strip_prefix(&format!("{remote}/")).map(str::to_owned).filter(|_| answer.is_good()))
    }

    /// A setting of the user's, the last one where there are several.
    pub fn config(&self, key: &str) -> Result<Option<String>> {
        let answer = self.program.run(Call::new(&["config", "-z", "--get", key]))?;
        Ok(Some(answer.text().trim_end_matches('\0').to_owned()).filter(|_| answer.is_good()))
    }

    /// A setting that is true or false.
    pub fn flag(&self, key: &str) -> Result<bool> {
        let answer = self.program.run(Call::new(&["config", "--type=bool", "--get", key]))?;
        Ok(answer.is_good() && answer.text() == "true")
    }

    /// The names of the remotes.
    pub fn remotes(&self) -> Result<Vec<String>> {
        let answer = self.good("remote", Call::new(&["remote"]))?;
        Ok(answer.text().lines().map(str::to_owned).collect())
    }

    /// Whether a name can be a branch's.
    pub fn is_branch_name(&self, name: &str) -> Result<bool> {
        let name = format!("refs/heads/{name}");
        self.program.run(Call::new(&["check-ref-format", &name])).map(|answer| answer.is_good())
    }

    /// What differs from the commit among these files and folders of the site, by paths from the top folder.
    ///
    /// A file that Git was told to take as it is (`--skip-worktree`, `--assume-unchanged`) counts as changed: nobody knows.
    pub fn differences(&self, paths: &[&str]) -> Result<Vec<(String, Difference)>> {
        let mut call = Call::new(&["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"]);
        call.arguments.extend([OsStr::new("--ignored=traditional"), OsStr::new("--")]);
        call.arguments.extend(paths.iter().map(OsStr::new));
        let status = self.good("status", call)?;
        let mut found = Vec::new();
        for record in records(&status.stdout) {
            let Some((state, path)) = record.split_at_checked(3) else { continue };
            let difference =
                if matches!(&state[..2], "??" | "!!") { Difference::Untracked } else { Difference::Changed };
            found.push((path.to_owned(), difference));
        }
        let mut call = Call::new(&["ls-files", "-v", "-z", "--full-name", "--"]);
        call.arguments.extend(paths.iter().map(OsStr::new));
        let listed = self.good("ls-files", call)?;
        for record in records(&listed.stdout) {
            let Some((tag, path)) = record.split_once(' ') else { continue };
            if tag == "S" || tag.chars().any(char::is_lowercase) {
                found.push((path.to_owned(), Difference::Changed));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.dedup_by(|a, b| a.0 == b.0);
        Ok(found)
    }

    /// Files of these folders of the site that were removed, by their paths from the site's folder, each with its last
    /// content: those that are gone and not committed yet, then what each commit removed, the newest first.
    pub fn removed(&self, folders: &[&str]) -> Result<Vec<(String, Id)>> {
        let mut found = Vec::new();
        for verb in [&["diff", "HEAD"][..], &["log", "--format="]] {
            let mut call = Call::new(verb);
            let options = ["--no-renames", "--diff-filter=D", "--raw", "-z", "--no-abbrev", "--relative", "--"];
            call.arguments.extend(options.iter().chain(folders).map(OsStr::new));
            let answer = self.good(verb[0], call)?;
            // `:100644 000000 <blob> 000… D`, then the path
            let mut records = records(&answer.stdout);
            while let (Some(raw), Some(path)) = (records.next(), records.next()) {
                let id = raw.trim_start().split(' ').nth(2).and_then(Id::parse);
                found.push((path.to_owned(), id.ok_or_else(|| strange(verb[0], &answer))?));
            }
        }
        Ok(found)
    }

    /// The texts of files, in order; none of one that is not there.
    pub fn texts(&self, ids: &[&Id]) -> Result<Vec<Option<String>>> {
        let asked: String = ids.iter().map(|id| format!("{}\n", id.as_str())).collect();
        let call = Call { stdin: Some(asked.into_bytes()), ..Call::new(&["cat-file", "--batch"]) };
        let answer = self.good("cat-file", call)?;
        let mut rest = answer.stdout.as_slice();
        let mut texts = Vec::with_capacity(ids.len());
        for _ in ids {
            // `<id> blob <size>`, the content and a line's end; or `<id> missing`
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(|| strange("cat-file", &answer))?;
            let (header, content) = (String::from_utf8_lossy(&rest[..end]).into_owned(), &rest[end + 1..]);
            let size = header.split(' ').nth(2).and_then(|size| size.parse::<usize>().ok());
            let text = size.and_then(|size| content.get(..size));
            texts.push(text.map(|text| String::from_utf8_lossy(text).into_owned()));
            rest = size.map_or(content, |size| content.get(size + 1..).unwrap_or_default());
        }
        Ok(texts)
    }

    /// Where a branch of a remote is; `None` where there is no such branch.
    pub fn remote_tip(&self, remote: &Remote, branch: &str) -> Result<Option<Id>> {
        let name = format!("refs/heads/{branch}");
        let answer = self.program.run(Call::new(&["ls-remote", "--heads", "--end-of-options", &remote.url, &name]))?;
        if !answer.is_good() {
            return Err(unreachable(remote, &answer));
        }
        let lines = answer.text();
        let tip = lines.lines().filter_map(|line| line.split_once('\t')).find(|(_, found)| *found == name);
        Ok(tip.and_then(|(id, _)| Id::parse(id)))
    }

    /// Brings a commit of a remote's branch here, under no name.
    pub fn fetch(&self, remote: &Remote, branch: &str) -> Result<()> {
        let name = format!("refs/heads/{branch}");
        let answer = self.program.run(Call::new(&[
            "fetch",
            "--quiet",
            "--no-write-fetch-head",
            "--no-tags",
            "--no-auto-gc",
            "--end-of-options",
            &remote.url,
            &name,
        ]))?;
        if answer.is_good() { Ok(()) } else { Err(unreachable(remote, &answer)) }
    }

    /// The files of a commit.
    pub fn entries(&self, commit: &Id) -> Result<Entries> {
        let call = Call::new(&["ls-tree", "-r", "-l", "-z", "--full-tree", commit.as_str()]);
        let answer = self.good("ls-tree", call)?;
        let mut entries = Entries::new();
        for record in records(&answer.stdout) {
            let Some((head, path)) = record.split_once('\t') else { continue };
            let mut head = head.split_whitespace();
            let (Some(mode), Some(_), Some(id), Some(size)) = (head.next(), head.next(), head.next(), head.next())
            else {
                continue;
            };
            let Some(id) = Id::parse(id) else { continue };
            let size = size.parse().unwrap_or(0);
            entries.insert(path.to_owned(), Entry { mode: mode.to_owned(), id, size });
        }
        Ok(entries)
    }

    /// The tree of a commit.
    pub fn tree_of(&self, commit: &Id) -> Result<Id> {
        let name = format!("{}^{{tree}}", commit.as_str());
        let answer = self.good("rev-parse", Call::new(&["rev-parse", "--verify", &name]))?;
        Id::parse(&answer.text()).ok_or_else(|| strange("rev-parse", &answer))
    }

    /// The text of a file.
    pub fn text(&self, id: &Id) -> Result<String> {
        let answer = self.good("cat-file", Call::new(&["cat-file", "blob", id.as_str()]))?;
        Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
    }

    /// Commits from the newest on: those of `tip` that `base` does not have, at most `limit`.
    pub fn commits(&self, tip: &Id, base: Option<&Id>, limit: usize) -> Result<Vec<Commit>> {
        let range = match base {
            Some(base) => format!("{}..{}", base.as_str(), tip.as_str()),
            None => tip.as_str().to_owned(),
        };
        let limit = format!("--max-count={limit}");
        let call =
            Call::new(&["log", "-z", "--no-color", "--first-parent", "--format=%H%n%an%n%aI%n%B", &limit, &range]);
        let answer = self.good("log", call)?;
        let mut commits = Vec::new();
        for record in records(&answer.stdout) {
            let mut parts = record.splitn(4, '\n');
            let (Some(id), Some(author), Some(date)) = (parts.next().and_then(Id::parse), parts.next(), parts.next())
            else {
                continue;
            };
            let message = parts.next().unwrap_or_default().trim_end().to_owned();
            commits.push(Commit { id, author: author.to_owned(), date: date.to_owned(), message });
        }
        Ok(commits)
    }

    /// Whether a commit is among those that led to another, or is the same one.
    pub fn is_ancestor(&self, earlier: &Id, later: &Id) -> Result<bool> {
        let call = Call::new(&["merge-base", "--is-ancestor", earlier.as_str(), later.as_str()]);
        self.program.run(call).map(|answer| answer.is_good())
    }

    /// The names that files have as objects, whatever filters the user has for files of the work tree. With `write`, the
    /// objects are kept.
    pub fn hash(&self, files: &[PathBuf], write: bool) -> Result<Vec<Id>> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let mut call = Call::new(&["hash-object", "--no-filters", "--stdin-paths"]);
        if write {
            call.arguments.push(OsStr::new("-w"));
        }
        let mut paths = Vec::new();
        for file in files {
            paths.extend(quoted(file));
            paths.push(b'\n');
        }
        call.stdin = Some(paths);
        let answer = self.good("hash-object", call)?;
        let ids: Vec<Id> = answer.text().lines().filter_map(Id::parse).collect();
        if ids.len() == files.len() { Ok(ids) } else { Err(strange("hash-object", &answer)) }
    }

    /// Makes a tree of files whose objects are there, in an index at `index`.
    pub fn write_tree(&self, entries: &Entries, index: &Path) -> Result<Id> {
        let mut lines = Vec::new();
        for (path, entry) in entries {
            lines.extend(format!("{} {} 0\t{path}\0", entry.mode, entry.id.as_str()).into_bytes());
        }
        let mut call = Call::new(&["update-index", "-z", "--index-info"]);
        call.stdin = Some(lines);
        call.index = Some(index);
        self.good("update-index", call)?;
        let mut call = Call::new(&["write-tree"]);
        call.index = Some(index);
        let answer = self.good("write-tree", call)?;
        Id::parse(&answer.text()).ok_or_else(|| strange("write-tree", &answer))
    }

    /// Makes a commit that no branch has yet. It is signed where the user signs commits (`commit.gpgsign`).
    pub fn write_commit(&self, tree: &Id, parent: Option<&Id>, message: &str, sign: bool) -> Result<Id> {
        let sign = sign && self.flag("commit.gpgsign")?;
        let mut call = Call::new(&["commit-tree", tree.as_str(), "-F", "-"]);
        if let Some(parent) = parent {
            call.arguments.extend([OsStr::new("-p"), OsStr::new(parent.as_str())]);
        }
        if sign {
            call.arguments.push(OsStr::new("-S"));
        }
        call.stdin = Some(message.as_bytes().to_vec());
        let answer = self.program.run(call)?;
        if !answer.is_good() {
            let error = Error::new(format!("make the commit: git says\n  {}", answer.words()));
            let hint = if sign {
                "your Git is set to sign commits (`commit.gpgsign`): name a key that this machine has with \
                 `git config user.signingkey KEY`, or publish without a signature: `--no-gpg-sign`"
            } else {
                "tell Git who you are: `git config user.name \"…\"` and `git config user.email \"…\"`"
            };
            return Err(error.with_hint(hint).into());
        }
        Id::parse(&answer.text()).ok_or_else(|| strange("commit-tree", &answer))
    }

    /// Sets a remote's branch to a commit, where that is a child of what the branch is at: nothing is ever forced.
    pub fn push(&self, remote: &Remote, branch: &str, commit: &Id) -> Result<Pushed> {
        let refspec = format!("{}:refs/heads/{branch}", commit.as_str());
        let mut call = Call::new(&["push", "--porcelain", "--end-of-options", &remote.url, &refspec]);
        call.hooks = true;
        let answer = self.program.run(call).map_err(|halt| match halt {
            Halt::Interrupted { .. } => Halt::Interrupted { while_pushing: true },
            halt => halt,
        })?;
        if answer.is_good() {
            return Ok(Pushed::Done);
        }
        match rejection(&answer.text()) {
            Some(Rejection::Moved) => Ok(Pushed::Moved),
            Some(Rejection::ByRemote(reason)) => Ok(Pushed::Refused(refusal(&answer.stderr, &reason))),
            // A hook of the user's own (`pre-push`) ends Git in the ordinary way, a lost connection does not.
            None if answer.status == Some(1) => Ok(Pushed::Refused(answer.words())),
            None => Err(unreachable(remote, &answer)),
        }
    }

    fn good(&self, what: &str, call: Call<'_>) -> Result<Answer> {
        let answer = self.program.run(call)?;
        if answer.is_good() {
            return Ok(answer);
        }
        Err(Error::new(format!("go on: `git {what}` says\n  {}", answer.words())).into())
    }
}

/// A remote, by the name and the address that people gave it.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Its name, or its address where it has no name.
    pub name: String,
    /// Where it is pushed to, as written.
    pub url: String,
}

impl Remote {
    /// Name and address for people, without the password that an address may hold.
    pub fn shown(&self) -> String {
        let url = without_password(&self.url);
        if self.name == self.url { format!("`{url}`") } else { format!("`{}` ({url})", self.name) }
    }
}

fn without_password(url: &str) -> String {
    match url.split_once("://").map(|(scheme, rest)| (scheme, rest.split('/').next().unwrap_or_default(), rest)) {
        Some((scheme, authority, rest)) if authority.contains('@') => {
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{}", &rest[authority.len()..])
        }
        _ => url.to_owned(),
    }
}

fn unreachable(remote: &Remote, answer: &Answer) -> Halt {
    let words = answer.words().replace(&remote.url, &without_password(&remote.url));
    Error::new(format!("reach the remote {}: git says\n  {words}", remote.shown()))
        .with_hint(
            "look whether the address is right (`git remote -v`), the network is there, and Git may log in \
             (`git ls-remote`); the remote is as it was",
        )
        .into()
}

fn strange(what: &str, answer: &Answer) -> Halt {
    Error::new(format!("understand what `git {what}` answers: {:?}", answer.text())).into()
}

/// The records of an answer with `-z`.
fn records(bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes.split(|byte| *byte == 0).filter(|record| !record.is_empty()).map(|record| {
        // Names that are not UTF-8 are only shown and compared, and no file of a site has one.
        String::from_utf8_lossy(record).into_owned()
    })
}

/// A path for `--stdin-paths`: one with a line break, or that starts with a quote, is quoted as in C.
fn quoted(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes();
    if !bytes.starts_with(b"\"") && !bytes.contains(&b'\n') {
        return bytes.to_vec();
    }
    let mut quoted = vec![b'"'];
    for byte in bytes {
        match byte {
            b'"' | b'\\' => quoted.extend([b'\\', *byte]),
            b'\n' => quoted.extend(b"\\n"),
            byte => quoted.push(*byte),
        }
    }
    quoted.push(b'"');
    quoted
}

/// `git version 2.47.3 (Apple Git-154)` → `(2, 47)`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix("git version ")?.split(['.', ' ', '-']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[derive(Debug, PartialEq, Eq)]
enum Rejection {
    Moved,
    ByRemote(String),
}

/// What `push --porcelain` says of a branch that was not set: `!⇥from:to⇥[rejected] (fetch first)`.
fn rejection(porcelain: &str) -> Option<Rejection> {
    let line = porcelain.lines().find(|line| line.starts_with("!\t"))?;
    let summary = line.rsplit('\t').next().unwrap_or_default();
    let reason = summary.split_once('(').map_or(summary, |(_, reason)| reason.trim_end_matches(')'));
    if summary.starts_with("[rejected]") {
        return Some(Rejection::Moved);
    }
    // Between the look at the branch and the push, somebody else was faster by a moment.
    let is_race =
        ["failed to update ref", "cannot lock ref", "fetch first", "incorrect old value", "reference already exists"]
            .iter()
            .any(|race| reason.contains(race));
    Some(if is_race { Rejection::Moved } else { Rejection::ByRemote(reason.to_owned()) })
}

/// What the remote itself said of a push that it refused: its lines are marked by Git.
fn refusal(stderr: &str, reason: &str) -> String {
    let words: Vec<&str> = stderr
        .lines()
        .filter_map(|line| line.strip_prefix("remote:"))
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if words.is_empty() { reason.to_owned() } else { format!("{reason}\n  {}", words.join("\n  ")) }
}

/// A name for tests: one digit, forty times.
#[cfg(test)]
pub(super) fn tests_id(digit: char) -> Id {
    Id(digit.to_string().repeat(40))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        assert_eq!(parse_version("git version 2.47.3"), Some((2, 47)));
        assert_eq!(parse_version("git version 2.39.5 (Apple Git-154)"), Some((2, 39)));
        assert_eq!(parse_version("git version 2.50.0.windows.1"), Some((2, 50)));
        assert_eq!(parse_version("git version 3.0-rc1"), Some((3, 0)));
        assert_eq!(parse_version("busybox"), None);
    }

    #[test]
    fn rejections() {
        let line = |summary: &str| format!("To /somewhere\n!\tabc:refs/heads/gh-pages\t{summary}\nDone\n");
        assert_eq!(rejection(&line("[rejected] (fetch first)")), Some(Rejection::Moved));
        assert_eq!(rejection(&line("[rejected] (non-fast-forward)")), Some(Rejection::Moved));
        assert_eq!(rejection(&line("[remote rejected] (failed to update ref)")), Some(Rejection::Moved));
        assert_eq!(
            rejection(&line("[remote rejected] (pre-receive hook declined)")),
            Some(Rejection::ByRemote("pre-receive hook declined".to_owned()))
        );
        assert_eq!(rejection("fatal: unable to access"), None);
    }

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(without_password("https://me:secret@github.com/o/r.git"), "https://github.com/o/r.git");
        assert_eq!(without_password("git@github.com:o/r.git"), "git@github.com:o/r.git");
        assert_eq!(without_password("/a/b@c/d"), "/a/b@c/d");
    }

    #[test]
    fn names_with_line_breaks_are_quoted() {
        assert_eq!(quoted(Path::new("/a b/ü")), "/a b/ü".as_bytes());
        assert_eq!(quoted(Path::new("/a\nb\\\"")), b"\"/a\\nb\\\\\\\"\"");
    }
}
