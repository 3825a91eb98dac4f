//! One call of the `git` program.

use std::{
    ffi::{OsStr, OsString},
    io::{self, ErrorKind, Read, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{
    error::Error,
    publish::{Halt, Result},
};

/// Variables that name a repository, an index or objects of their own, as a hook that runs Dateline has them. The site's
/// folder alone says which repository is meant.
const LOCAL_VARIABLES: [&str; 13] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INDEX_VERSION",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_QUARANTINE_PATH",
];

/// Settings that would make Git write beside what it is asked for, or read what it need not.
const SETTINGS: [&str; 9] = [
    "gc.auto=0",
    "maintenance.auto=false",
    "core.fsmonitor=false",
    "fetch.writeCommitGraph=false",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
    "push.followTags=false",
    "log.showSignature=false",
    "color.ui=false",
];

/// Whether the run is to end: set from outside, looked at between and during the calls of Git.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Asks the run to end.
    pub fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the run was asked to end.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Ends the run where it was asked to end.
    ///
    /// # Errors
    /// [`Halt::Interrupted`], then.
    pub fn check(&self) -> Result<()> {
        if self.is_raised() { Err(Halt::Interrupted { while_pushing: false }) } else { Ok(()) }
    }
}

/// Whether Git, and the programs that it runs, may ask a person for a password.
#[derive(Clone, Copy, Debug)]
pub struct Prompts {
    /// There is a terminal to ask at.
    pub may_ask: bool,
    /// The environment names the program for SSH, which is then taken as it is.
    pub ssh_is_chosen: bool,
}

/// What Git answered.
pub(super) struct Answer {
    pub status: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Answer {
    pub fn is_good(&self) -> bool {
        self.status == Some(0)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim_end_matches(['\n', '\r']).to_owned()
    }

    /// What Git complained about, without its hints.
    pub fn words(&self) -> String {
        let lines: Vec<&str> =
            self.stderr.lines().filter(|line| !line.starts_with("hint:") && !line.is_empty()).collect();
        if lines.is_empty() { "git says nothing".to_owned() } else { lines.join("\n  ") }
    }
}

/// What to run, and how.
#[derive(Default)]
pub(super) struct Call<'a> {
    pub arguments: Vec<&'a OsStr>,
    pub stdin: Option<Vec<u8>>,
    pub index: Option<&'a Path>,
    /// The user's hooks run; they are kept from steps that are none of theirs.
    pub hooks: bool,
}

impl<'a> Call<'a> {
    pub fn new(arguments: &[&'a (impl AsRef<OsStr> + ?Sized)]) -> Self {
        Call { arguments: arguments.iter().map(|argument| (*argument).as_ref()).collect(), ..Call::default() }
    }
}

/// The program, in one folder.
#[derive(Debug)]
pub(super) struct Program {
    pub root: PathBuf,
    pub prompts: Prompts,
    pub interrupt: Interrupt,
    /// What Git is to run for SSH, where that is not what it would run by itself.
    pub ssh: Option<OsString>,
}

impl Program {
    pub fn run(&self, call: Call<'_>) -> Result<Answer> {
        self.interrupt.check()?;
        let mut command = Command::new("git");
        for variable in LOCAL_VARIABLES {
            command.env_remove(variable);
        }
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_LITERAL_PATHSPECS", "1");
        if !self.prompts.may_ask {
            command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ASKPASS", "").env("SSH_ASKPASS", "");
            command.env("GCM_INTERACTIVE", "never");
        }
        if let Some(ssh) = &self.ssh {
            command.env("GIT_SSH_COMMAND", ssh);
        }
        command.arg("-C").arg(&self.root);
        if let Some(index) = call.index {
            command.env("GIT_INDEX_FILE", index);
            // Parts of a split index would lie in the repository.
            command.args(["-c", "core.splitIndex=false", "-c", "core.sparseCheckout=false"]);
        }
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        if !call.hooks {
            command.args(["-c", "core.hooksPath=/dev/null"]);
        }
        command.args(&call.arguments);
        command.stdin(if call.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|cause| {
            let is_missing = cause.kind() == ErrorKind::NotFound;
            let error = Error::new(format!("run the program `git`: {cause}"));
            if is_missing { error.with_hint("install Git: https://git-scm.com/downloads") } else { error }
        })?;
        // Git may write before it has read all, so each pipe has its own thread.
        let writer = child.stdin.take().zip(call.stdin).map(|(mut pipe, bytes)| {
            thread::spawn(move || {
                // A Git that stops reading says why by itself.
                let _ = pipe.write_all(&bytes);
            })
        });
        let stdout = child.stdout.take().map(|pipe| thread::spawn(move || drain(pipe)));
        let stderr = child.stderr.take().map(|pipe| thread::spawn(move || drain(pipe)));
        let mut pause = Duration::from_micros(500);
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => {}
                Err(cause) => return Err(Error::new(format!("wait for `git`: {cause}")).into()),
            }
            if self.interrupt.is_raised() {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Halt::Interrupted { while_pushing: false });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        };
        let joined = |thread: Option<thread::JoinHandle<io::Result<Vec<u8>>>>| -> Result<Vec<u8>> {
            let read = thread.and_then(|thread| thread.join().ok()).unwrap_or_else(|| Ok(Vec::new()));
            read.map_err(|cause| Error::new(format!("read what `git` says: {cause}")).into())
        };
        let answer = Answer {
            status: status.code(),
            stdout: joined(stdout)?,
            stderr: String::from_utf8_lossy(&joined(stderr)?).into_owned(),
        };
        if let Some(writer) = writer {
            let _ = writer.join();
        }
        self.interrupt.check()?;
        Ok(answer)
    }
}

/// What Git wrote in a pipe.
fn drain(mut pipe: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.read_to_end(&mut bytes)?;
    Ok(bytes)
}
