//! A site in a Git repository, and a bare repository as its remote.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::site_test::{Outcome, Run, Site, read_all, words};

/// The variables that keep the settings of whoever runs the tests out of them.
pub fn isolated(command: &mut Command, home: &Path) {
    for (name, _) in std::env::vars_os() {
        let is_gits = name.to_str().is_some_and(|name| name.starts_with("GIT_") || name == "SSH_ASKPASS");
        if is_gits || name == "SOURCE_DATE_EPOCH" {
            command.env_remove(name);
        }
    }
    command.env("HOME", home).env("XDG_CONFIG_HOME", home.join("config")).env("GIT_CONFIG_NOSYSTEM", "1");
}

/// Runs Git, which must succeed, and gives what it prints.
#[track_caller]
pub fn git(folder: &Path, home: &Path, line: &str) -> String {
    let mut command = Command::new("git");
    isolated(&mut command, home);
    let output = command.args(words(line)).current_dir(folder).output().expect("git runs");
    assert!(
        output.status.success(),
        "git {line}:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// A site whose files are committed, with an empty bare repository as its remote `origin`.
pub struct Repository {
    pub site: Site,
    /// Holds the remote, a home folder, and whatever else lies beside the site.
    pub beside: TempDir,
}

pub const BRANCH: &str = "refs/heads/gh-pages";

impl Repository {
    /// Commits all files of a site.
    pub fn new(site: Site) -> Self {
        Repository::with(site, "")
    }

    /// The same with options for `git init`.
    pub fn with(site: Site, options: &str) -> Self {
        let repository = Repository { site, beside: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(repository.home()).expect("a home");
        repository.git(&format!("init -q -b main {options}"));
        repository.identify();
        let remote = repository.remote();
        git(repository.beside.path(), &repository.home(), &format!("init -q --bare {options} '{}'", remote.display()));
        repository.git(&format!("remote add origin '{}'", remote.display()));
        repository.commit("First commit");
        repository
    }

    pub fn identify(&self) {
        self.git("config user.name 'Ada Curator'");
        self.git("config user.email ada@example.org");
    }

    pub fn home(&self) -> PathBuf {
        self.beside.path().join("home")
    }

    pub fn remote(&self) -> PathBuf {
        self.beside.path().join("remote.git")
    }

    /// Git in the site's folder.
    #[track_caller]
    pub fn git(&self, line: &str) -> String {
        git(self.site.root(), &self.home(), line)
    }

    /// Git in the remote.
    #[track_caller]
    pub fn at_remote(&self, line: &str) -> String {
        git(&self.remote(), &self.home(), line)
    }

    /// Commits everything.
    #[track_caller]
    pub fn commit(&self, message: &str) {
        self.git("add -A");
        self.git(&format!("commit -q --allow-empty --no-gpg-sign -m '{message}'"));
    }

    /// A run of the program, to be made ready.
    pub fn command(&self, line: &str) -> Run<'_> {
        let mut run = self.site.command(line);
        isolated(run.inner(), &self.home());
        run
    }

    /// Runs the program.
    pub fn run(&self, line: &str) -> Outcome<'_> {
        self.command(line).run()
    }

    /// Runs `dateline publish`, which must succeed.
    #[track_caller]
    pub fn publish(&self) -> Outcome<'_> {
        self.run("publish").succeeds().stderr_is("")
    }

    /// Where the remote's branch is; `None` where there is no such branch.
    pub fn tip(&self) -> Option<String> {
        let refs = self.at_remote("for-each-ref --format=%(refname)%20%(objectname)");
        refs.lines().find_map(|line| Some(line.strip_prefix(BRANCH)?.trim().to_owned()))
    }

    /// The files of the remote's branch, byte for byte.
    pub fn published(&self) -> BTreeMap<String, Vec<u8>> {
        let folder = tempfile::tempdir().expect("a folder");
        let clone = folder.path().join("clone");
        let line =
            format!("clone -q -c core.autocrlf=false -b gh-pages '{}' '{}'", self.remote().display(), clone.display());
        git(folder.path(), &self.home(), &line);
        let mut files = read_all(&clone);
        files.retain(|path, _| !path.starts_with(".git/"));
        files
    }

    /// The paths that the last commit of the remote's branch changed.
    pub fn last_changes(&self) -> Vec<String> {
        let changes = self.at_remote(&format!("diff-tree -r --root --no-commit-id --name-only {BRANCH}"));
        changes.lines().map(str::to_owned).collect()
    }

    /// Everything of the user's: work tree, index, branches, stash, settings, logs. Objects are Git's own affair.
    pub fn state(&self) -> BTreeMap<String, Vec<u8>> {
        let mut state = read_all(self.site.root());
        state.retain(|path, _| !path.starts_with(".git/objects/"));
        state
    }

    /// A program `git` that runs this shell script first; `$real` is the real one, `$n` the number of the call, `$verb` what
    /// Git is asked to do. Gives the `PATH` to run with.
    pub fn wrapper(&self, script: &str) -> String {
        let real = real_git();
        let bin = self.beside.path().join("bin");
        let calls = self.beside.path().join("calls");
        fs::create_dir_all(&bin).expect("a folder");
        let _ = fs::remove_file(&calls);
        let text = format!(
            "#!/bin/sh\nreal='{}'\ncalls='{}'\n\
             skip=; verb=\nfor word in \"$@\"; do\n  if [ -n \"$skip\" ]; then skip=; continue; fi\n  case $word in\n    -C|-c) skip=1 ;;\n    *) verb=$word; break ;;\n  esac\ndone\n\
             echo \"$verb\" >> \"$calls\"\nn=$(wc -l < \"$calls\" | tr -d ' ')\n{script}\nexec \"$real\" \"$@\"\n",
            real.display(),
            calls.display()
        );
        let path = bin.join("git");
        fs::write(&path, text).expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
        format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default())
    }

    /// What Git was asked to do, call by call, through the wrapper.
    pub fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.beside.path().join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    /// Puts a hook into a repository.
    pub fn hook(repository: &Path, name: &str, script: &str) {
        let path = repository.join("hooks").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a hook");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    }
}

pub fn real_git() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join("git")).find(|git| git.is_file()).expect("git")
}

/// A site with two articles of our own words and a topic.
pub fn site() -> Site {
    Site::new()
        .topic("talks", "")
        .article("2022-01-21", "first", "topics = [\"talks\"]")
        .article("2022-01-22", "second", "topics = [\"talks\"]")
        .file(".gitignore", "/public/\n/.dateline/\n")
}
