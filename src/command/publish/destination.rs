//! Where a publication goes.

use std::{
    fs,
    io::{self, IsTerminal as _},
    path::Path,
};

use toml_edit::Document;

use super::{Terminal, during};
use crate::{
    cli::PublishArgs,
    config::BaseUrl,
    error::Error,
    publish::{self, Address, Git, GitHub, Halt, Interrupt, Known, Prompts, Remote, Tip},
};

/// The repository, the remote and the branch of a publication.
pub struct Destination<'a> {
    pub git: Git,
    pub remote: Remote,
    pub github: Option<GitHub>,
    pub branch: &'a str,
}

impl<'a> Destination<'a> {
    pub fn find(root: &Path, args: &'a PublishArgs, interrupt: &Interrupt) -> publish::Result<Self> {
        let git = open_git(root, interrupt)?;
        let remote = publish::remote(&git, args.remote.as_deref())?;
        let branch = args.branch.as_str();
        if !git.is_branch_name(branch)? {
            return Err(Halt::stop(format!("`{branch}` cannot be the name of a branch"), "the usual one is gh-pages"));
        }
        if git.branch()?.as_deref() == Some(branch) {
            return Err(Halt::stop(
                format!("the branch `{branch}` is checked out here: it holds the sources"),
                "publish to a branch of its own, such as `--branch gh-pages`",
            ));
        }
        let github = GitHub::parse(&remote.url);
        Ok(Destination { git, remote, github, branch })
    }

    pub fn tip(&self, terminal: &Terminal) -> publish::Result<Option<Tip>> {
        let look = || publish::tip(&self.git, &self.remote, self.branch);
        let tip = during(&format!("looking at {}", self.remote.shown()), terminal, look)?;
        let settings = format!("{}site.toml", self.git.prefix()?);
        if tip.as_ref().is_some_and(|tip| tip.entries.contains_key(&settings)) {
            return Err(Halt::stop(
                format!("the branch `{}` of {} holds sources: there is a {settings}", self.branch, self.remote.shown()),
                "publish to a branch of its own, such as `--branch gh-pages`",
            ));
        }
        Ok(tip)
    }

    pub fn address(&self, root: &Path, args: &PublishArgs, tip: Option<&Tip>) -> publish::Result<Address> {
        let given = given_address(root, args)?;
        let own_domain = fs::read_to_string(root.join("static/CNAME")).ok();
        let published_domain = match tip.and_then(|tip| tip.entries.get("CNAME")) {
            Some(entry) => Some(self.git.text(&entry.id)?),
            None => None,
        };
        publish::address(&Known {
            given: given.as_ref(),
            github: self.github.as_ref(),
            own_domain: own_domain.as_deref(),
            published_domain: published_domain.as_deref(),
        })
    }
}

/// The address on the command line, else the one in `site.toml`; `None` where that has none.
pub fn given_address(root: &Path, args: &PublishArgs) -> publish::Result<Option<BaseUrl>> {
    if let Some(base) = &args.base_url {
        return Ok(Some(base.clone()));
    }
    let path = root.join("site.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Halt::stop(
                "there is no `site.toml` here",
                "run this in a site's folder, name it with `--root DIR`, or make a new site: `dateline init DIR`",
            ));
        }
        Err(cause) => return Err(Error::io("read", path, cause).into()),
    };
    // What else is wrong with the settings, the build reports with its place.
    let Ok(settings) = text.parse::<Document<String>>() else { return Ok(None) };
    let Some(value) = settings.get("base_url") else { return Ok(None) };
    match value.as_str().and_then(BaseUrl::parse) {
        Some(base) => Ok(Some(base)),
        None => Err(Halt::stop(
            "the `base_url` in site.toml is no address for a site",
            "write the whole address: `base_url = \"https://user.github.io/repo/\"`, or leave it out, and it follows from the \
             remote",
        )),
    }
}

pub fn open_git(root: &Path, interrupt: &Interrupt) -> publish::Result<Git> {
    let has = |variable: &str| std::env::var_os(variable).is_some();
    let prompts = Prompts {
        may_ask: io::stdin().is_terminal() && io::stderr().is_terminal(),
        ssh_is_chosen: has("GIT_SSH") || has("GIT_SSH_COMMAND"),
    };
    Git::open(root, prompts, interrupt.clone())
}
