//! What goes wrong on the way: the remote, the machine, and a run that ends in the middle.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use snapbox::str;

use super::repository::{BRANCH, Repository, git, site};

#[test]
fn a_hook_that_rejects() {
    let repository = Repository::new(site());
    Repository::hook(&repository.remote(), "pre-receive", "echo 'Pages are frozen until Monday.' >&2; exit 1");
    let before = repository.state();
    repository.run("publish").status(1).stderr_is(str![[r#"
error: the branch `gh-pages` of `origin` ([..]/remote.git) was not updated: pre-receive hook declined
  Pages are frozen until Monday.
  hint: the remote is as it was; see what the message asks for (rights to push, branch protection, a hook), then run this again

"#]]);
    assert_eq!(repository.tip(), None);
    assert_eq!(repository.state(), before);
}

#[test]
fn a_remote_that_cannot_be_reached() {
    let repository = Repository::new(site());
    let gone = repository.beside.path().join("gone.git");
    repository.git(&format!("remote set-url origin '{}'", gone.display()));
    let before = repository.state();
    repository
        .run("publish")
        .status(3)
        .stderr_has("cannot reach the remote `origin` (")
        .stderr_has("does not appear to be a git repository")
        .stderr_has("the remote is as it was");
    // Nothing listens there, and no password is shown.
    repository.git("remote set-url origin 'http://ada:secret@127.0.0.1:9/x.git'");
    let outcome = repository.run("publish").status(3).stderr_has("127.0.0.1:9/x.git");
    assert!(!outcome.stderr.contains("secret"), "{}", outcome.stderr);
    repository.git(&format!("remote set-url origin '{}'", gone.display()));
    assert_eq!(repository.state(), before);
}

#[test]
fn nobody_is_asked_where_there_is_no_terminal() {
    let repository = Repository::new(site());
    let seen = repository.beside.path().join("seen");
    let path = repository.wrapper(&format!(
        "echo \"$verb prompt=$GIT_TERMINAL_PROMPT askpass=[$GIT_ASKPASS] ssh=$GIT_SSH_COMMAND in=$(readlink /proc/self/fd/0)\" >> '{}'",
        seen.display()
    ));
    repository.command("publish").env("PATH", &path).env("GIT_ASKPASS", "ask-me").run().succeeds();
    let seen = fs::read_to_string(seen).unwrap();
    let push = seen.lines().find(|line| line.starts_with("push ")).expect("a push");
    assert!(push.contains("prompt=0 askpass=[] ssh=ssh -o BatchMode=yes"), "{push}");
    let fetch = seen.lines().find(|line| line.starts_with("ls-remote ")).expect("a look at the remote");
    assert!(fetch.contains("prompt=0 askpass=[]") && fetch.contains("in=/dev/null"), "{fetch}");
}

#[test]
fn commits_are_signed_where_the_user_signs_them() {
    let repository = Repository::new(site());
    repository.git("config commit.gpgsign true");
    repository.git("config user.signingkey 0123456789ABCDEF");
    repository.git("config gpg.program false");
    let before = repository.state();
    repository
        .run("publish")
        .status(3)
        .stderr_has("cannot make the commit: git says")
        .stderr_has("gpg failed to sign the data")
        .stderr_has("git config user.signingkey KEY")
        .stderr_has("--no-gpg-sign");
    assert_eq!(repository.tip(), None);
    assert_eq!(repository.state(), before);
    repository.run("publish --no-gpg-sign").succeeds();
    // With a key, here of SSH, the commit carries a signature.
    let key = repository.beside.path().join("key");
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
    if !crate::site_test::has_tool("ssh-keygen", made.is_ok_and(|status| status.success())) {
        return;
    }
    repository.git("config --unset gpg.program");
    repository.git("config gpg.format ssh");
    repository.git(&format!("config user.signingkey '{}'", key.display()));
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Edit");
    repository.publish();
    assert!(repository.at_remote(&format!("cat-file commit {BRANCH}")).contains("-----BEGIN SSH SIGNATURE-----"));
}

#[test]
fn nobody_knows_who_commits() {
    let repository = Repository::new(site());
    repository.git("config --unset user.name");
    repository.git("config --unset user.email");
    repository.git("config user.useConfigOnly true");
    repository.run("publish").status(3).stderr_has("git config user.name");
    assert_eq!(repository.tip(), None);
}

#[test]
fn git_is_missing_or_too_old() {
    let repository = Repository::new(site());
    repository
        .command("publish")
        .env("PATH", repository.beside.path())
        .run()
        .status(3)
        .stderr_has("cannot run the program `git`")
        .stderr_has("install Git");
    let path = repository.wrapper("if [ \"$verb\" = --version ]; then echo 'git version 2.17.1'; exit; fi");
    repository
        .command("publish")
        .env("PATH", path)
        .run()
        .status(3)
        .stderr_has("cannot publish with an old Git (git version 2.17.1)")
        .stderr_has("Git 2.30 or newer");
}

/// Kills the program at one call of Git after the other. Whatever was reached, the remote and all that is the user's are
/// as they were, and the next run clears up what this one could not.
#[test]
fn killed_at_each_step() {
    let repository = Repository::new(site());
    repository.publish();
    let tip = repository.tip();
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Edit");
    let before = repository.state();
    let mut killed = 0;
    for call in 1.. {
        assert!(call < 100, "it never comes to an end");
        let path = repository.wrapper(&format!("if [ $n -eq {call} ]; then kill -9 $PPID; exit 1; fi"));
        let mut command = repository.command("publish").env("PATH", &path).into_command();
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it starts");
        if status.success() {
            break;
        }
        assert_eq!(status.code(), None, "it was killed");
        killed += 1;
        assert_eq!(repository.tip(), tip, "at {:?}", repository.calls().last());
        let mut after = repository.state();
        after.retain(|path, _| !path.starts_with(".dateline/publish-"));
        assert_eq!(after, before, "at {:?}", repository.calls().last());
    }
    assert!(killed >= 10, "it was killed {killed} times");
    let calls = repository.calls();
    for verb in ["ls-remote", "fetch", "hash-object", "update-index", "write-tree", "commit-tree", "push"] {
        assert!(calls.iter().any(|call| call == verb), "{verb} is not among {calls:?}");
    }
    // The last run published, and nothing of the killed ones is left.
    assert_ne!(repository.tip(), tip);
    assert_eq!(repository.state(), before);
}

/// The same from the other side: the push is under way.
#[test]
fn interrupted_while_it_pushes() {
    let repository = Repository::new(site());
    let before = repository.state();
    let path = repository.wrapper("if [ \"$verb\" = push ]; then exec sleep 60; fi");
    let mut command = repository.command("publish").env("PATH", &path).into_command();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let started = Instant::now();
    while !repository.calls().iter().any(|call| call == "push") {
        assert!(started.elapsed() < Duration::from_secs(60), "it never pushes");
        thread::sleep(Duration::from_millis(10));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    let output = child.wait_with_output().expect("it ends");
    assert!(started.elapsed() < Duration::from_secs(50), "it waited for the push");
    assert_eq!(output.status.code(), Some(130));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("interrupted in the middle of the push") && said.contains("--dry-run"), "{said}");
    assert_eq!(repository.tip(), None);
    assert_eq!(repository.state(), before);
}

#[test]
fn two_runs_at_once_do_not_clear_each_others_folders() {
    let repository = Repository::new(site());
    // The first waits before its push until the second is done.
    let second = format!(
        "if [ \"$verb\" = commit-tree ] && [ -z \"$INNER\" ]; then INNER=1 PATH=\"${{PATH#*:}}\" '{}' publish --branch other >&2 || exit 9; fi",
        env!("CARGO_BIN_EXE_dateline")
    );
    let path = repository.wrapper(&second);
    repository.command("publish").env("PATH", &path).run().succeeds();
    let refs = repository.at_remote("for-each-ref --format=%(refname)");
    assert_eq!(refs, "refs/heads/gh-pages\nrefs/heads/other");
    assert!(!repository.site.path(".dateline").exists());
}

#[test]
fn a_person_who_has_no_rights_here() {
    let repository = Repository::new(site());
    // The remote says no before anything is sent.
    git(&repository.remote(), &repository.home(), "config receive.denyNonFastForwards true");
    Repository::hook(&repository.remote(), "update", "echo 'GH006: Protected branch' >&2; exit 1");
    repository.run("publish").status(1).stderr_has("GH006: Protected branch").stderr_has("branch protection");
}
