//! Where a site goes, and under which address it is then read.

use super::{
    Halt, Result,
    git::{Git, Remote},
};
use crate::config::BaseUrl;

/// A repository on GitHub, as an address names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitHub {
    owner: String,
    repository: String,
}

impl GitHub {
    /// Reads `https://github.com/owner/repo.git`, `git@github.com:owner/repo.git` and their like; `None` for any other host.
    pub fn parse(url: &str) -> Option<Self> {
        let (host, path) = match url.split_once("://") {
            Some((_, rest)) => rest.split_once('/')?,
            // A colon before the first slash: the short form of SSH.
            None => url.split_once(':').filter(|(host, _)| !host.contains('/'))?,
        };
        let host = host.rsplit('@').next()?.split(':').next()?;
        if !matches!(host.to_ascii_lowercase().as_str(), "github.com" | "www.github.com" | "ssh.github.com") {
            return None;
        }
        let (owner, repository) = path.trim_matches('/').split_once('/')?;
        let repository = repository.strip_suffix(".git").unwrap_or(repository);
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        (is_name(owner) && is_name(repository))
            .then(|| GitHub { owner: owner.to_owned(), repository: repository.to_owned() })
    }

    /// `owner.github.io`.
    fn host(&self) -> String {
        format!("{}.github.io", self.owner.to_ascii_lowercase())
    }

    /// The path that GitHub Pages serves the repository under where no domain is set: `/repo/`, or `/` for the repository
    /// `owner.github.io`.
    fn path(&self) -> String {
        if self.repository.eq_ignore_ascii_case(&self.host()) {
            "/".to_owned()
        } else {
            format!("/{}/", self.repository)
        }
    }

    /// The address that GitHub Pages serves the repository under where no domain is set.
    pub fn pages(&self) -> String {
        format!("https://{}{}", self.host(), self.path())
    }

    /// Where the branch or workflow of Pages is chosen.
    pub fn settings(&self) -> String {
        format!("https://github.com/{}/{}/settings/pages", self.owner, self.repository)
    }
}

/// The address of a site to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The base URL.
    pub base: BaseUrl,
    /// The text of its `CNAME`, where it has a domain for itself.
    pub cname: Option<String>,
}

/// What is known of an address before the site is built.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// `base_url`, from `site.toml` or the command line.
    pub given: Option<&'a BaseUrl>,
    /// The repository, where the remote is on GitHub.
    pub github: Option<&'a GitHub>,
    /// The text of `static/CNAME`.
    pub own_domain: Option<&'a str>,
    /// The text of the published `CNAME`. GitHub writes it where somebody set the domain in the repository's settings.
    pub published_domain: Option<&'a str>,
}

/// Works out the address: what `site.toml` says, else the domain of a `CNAME`, else what follows from the remote. Where two
/// of them do not go together, the site would be read where its links do not lead, so that stops the publication.
///
/// # Errors
/// [`Halt::Stop`] for a mismatch, or where nothing says what the address is.
pub fn address(known: &Known<'_>) -> Result<Address> {
    let (base, domain) = base_and_domain(known)?;
    let is_published = |domain: &str| known.published_domain.filter(|text| text.trim().eq_ignore_ascii_case(domain));
    // What GitHub wrote stays as it is, byte for byte.
    let cname = domain.map(|domain| is_published(&domain).map_or_else(|| format!("{domain}\n"), str::to_owned));
    Ok(Address { base, cname })
}

fn base_and_domain(known: &Known<'_>) -> Result<(BaseUrl, Option<String>)> {
    let domain = |text: Option<&str>| text.map(|text| text.trim().to_ascii_lowercase()).filter(|text| !text.is_empty());
    let (own, published) = (domain(known.own_domain), domain(known.published_domain));
    if let (Some(own), Some(published)) = (&own, &published)
        && own != published
    {
        return Err(Halt::stop(
            format!("the site is published under the domain {published}, and static/CNAME says {own}"),
            "write one domain into static/CNAME, site.toml and the repository's settings",
        ));
    }
    let (cname, whose) = match (own, published) {
        (Some(own), _) => (Some(own), "static/CNAME"),
        (None, published) => (published, "the published CNAME"),
    };
    let Some(base) = known.given.cloned() else {
        let url = match (&cname, known.github) {
            (Some(domain), _) => format!("https://{domain}/"),
            (None, Some(github)) => github.pages(),
            (None, None) => {
                return Err(Halt::stop(
                    "nothing says under which address the site will be read",
                    "put it into site.toml: `base_url = \"https://…/\"`",
                ));
            }
        };
        let base = BaseUrl::parse(&url).ok_or_else(|| {
            Halt::stop(
                format!("{whose} holds no domain: {url}"),
                "put the address into site.toml: `base_url = \"https://…/\"`",
            )
        })?;
        return Ok((base, cname));
    };
    let host = base.host().to_ascii_lowercase();
    let has_port = !base.origin().to_ascii_lowercase().ends_with(&format!("//{host}"));
    let is_local = host == "localhost" || host.ends_with(".localhost") || host.parse::<std::net::IpAddr>().is_ok()
        // The brackets of an IPv6 address are part of the host in an address.
        || host.starts_with('[');
    if is_local {
        return Err(Halt::stop(
            format!("the base URL is {base}, which leads every reader to their own machine or network"),
            "put the address that readers use into site.toml: `base_url = \"https://…/\"`",
        ));
    }
    if let Some(cname) = cname {
        if host != cname || base.path() != "/" {
            return Err(Halt::stop(
                format!("the base URL is {base}, and {whose} says that the site is read at https://{cname}/"),
                format!(
                    "put `base_url = \"https://{cname}/\"` into site.toml, or take the domain away (in static/CNAME, and in \
                     the repository's settings under Pages)"
                ),
            ));
        }
        return Ok((base, Some(cname)));
    }
    let Some(github) = known.github else {
        let domain = (base.path() == "/" && !has_port && !host.ends_with(".github.io")).then_some(host);
        return Ok((base, domain));
    };
    if host.ends_with(".github.io") {
        if base.to_string().eq_ignore_ascii_case(&github.pages()) {
            return Ok((base, None));
        }
    } else if !has_port && !is_placeholder(&host) {
        if base.path() == "/" {
            return Ok((base, Some(host)));
        }
        // A domain of the owner's own site holds the other repositories' sites too, each under its name.
        if base.path().eq_ignore_ascii_case(&github.path()) {
            return Ok((base, None));
        }
    }
    Err(Halt::stop(
        format!("the base URL is {base}, but this repository's site is read at {}", github.pages()),
        format!(
            "put `base_url = \"{}\"` into site.toml; for a domain of its own, `base_url = \"https://DOMAIN/\"`",
            github.pages()
        ),
    ))
}

/// Domains that stand for an address in examples (RFC 2606), as in a new site's settings.
fn is_placeholder(host: &str) -> bool {
    matches!(host.strip_prefix("www.").unwrap_or(host), "example.org" | "example.com" | "example.net")
}

/// The remote to publish to: the one named, else the one that the branch is pushed to, else `origin`, else the only one.
///
/// # Errors
/// [`Halt::Stop`] where none is named and there are none or several.
pub fn remote(git: &Git, named: Option<&str>) -> Result<Remote> {
    let all = git.remotes()?;
    let name = match named {
        Some(name) if all.iter().any(|known| known == name) => name.to_owned(),
        Some(url) if url.contains(['/', ':', '\\']) => return Ok(Remote { name: url.to_owned(), url: url.to_owned() }),
        Some(name) => {
            let hint = if all.is_empty() {
                "the repository has no remotes: `git remote add origin https://github.com/USER/REPO.git`".to_owned()
            } else {
                format!("the repository has: {}", all.join(", "))
            };
            return Err(Halt::stop(format!("there is no remote `{name}`"), hint));
        }
        None => {
            let branch = git.branch()?;
            let mut keys = Vec::new();
            keys.extend(branch.iter().map(|branch| format!("branch.{branch}.pushRemote")));
            keys.push("remote.pushDefault".to_owned());
            keys.extend(branch.iter().map(|branch| format!("branch.{branch}.remote")));
            let mut chosen = None;
            for key in keys {
                chosen = chosen.or(git.config(&key)?.filter(|name| all.contains(name)));
            }
            let fallback =
                || all.iter().find(|name| *name == "origin").or(all.first().filter(|_| all.len() == 1)).cloned();
            match chosen.or_else(fallback) {
                Some(name) => name,
                None if all.is_empty() => {
                    return Err(Halt::stop(
                        "the repository has no remote to publish to",
                        "make an empty repository on GitHub, then `git remote add origin https://github.com/USER/REPO.git`",
                    ));
                }
                None => {
                    return Err(Halt::stop(
                        format!("the repository has several remotes: {}", all.join(", ")),
                        "say which one: `--remote NAME`",
                    ));
                }
            }
        }
    };
    let url = match git.config(&format!("remote.{name}.pushurl"))? {
        Some(url) => Some(url),
        None => git.config(&format!("remote.{name}.url"))?,
    };
    match url {
        Some(url) => Ok(Remote { name, url }),
        None => Err(Halt::stop(
            format!("the remote `{name}` has no address"),
            format!("give it one: `git remote set-url {name} https://github.com/USER/REPO.git`"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn github(url: &str) -> Option<String> {
        GitHub::parse(url).map(|github| github.pages())
    }

    #[test]
    fn addresses_of_github() {
        for url in [
            "https://github.com/Owner/Repo.git",
            "https://github.com/Owner/Repo",
            "https://github.com/Owner/Repo/",
            "https://me:token@github.com/Owner/Repo.git",
            "git@github.com:Owner/Repo.git",
            "github.com:Owner/Repo",
            "ssh://git@github.com/Owner/Repo.git",
            "ssh://git@ssh.github.com:443/Owner/Repo.git",
            "git://github.com/Owner/Repo.git",
        ] {
            assert_eq!(github(url).as_deref(), Some("https://owner.github.io/Repo/"), "{url}");
        }
        assert_eq!(github("git@github.com:Owner/owner.github.io.git").as_deref(), Some("https://owner.github.io/"));
        for url in [
            "/srv/git/github.com/owner/repo.git",
            "https://gitlab.com/owner/repo.git",
            "https://github.com.example.org/owner/repo.git",
            "https://github.com/owner",
            "../repo.git",
            "C:\\git\\repo",
            "",
        ] {
            assert_eq!(github(url), None, "{url}");
        }
    }

    fn known(
        given: &str,
        remote: &str,
        own: &str,
        published: &str,
    ) -> std::result::Result<(String, Option<String>), String> {
        let given = BaseUrl::parse(given);
        let github = GitHub::parse(remote);
        let text = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        let known = Known {
            given: given.as_ref(),
            github: github.as_ref(),
            own_domain: text(Box::leak(own.to_owned().into_boxed_str())),
            published_domain: text(Box::leak(published.to_owned().into_boxed_str())),
        };
        match address(&known) {
            Ok(address) => Ok((address.base.to_string(), address.cname.map(|text| text.trim().to_owned()))),
            Err(Halt::Stop { message, .. }) => Err(message),
            Err(halt) => panic!("{halt:?}"),
        }
    }

    #[test]
    fn the_address_follows_from_what_is_known() {
        let remote = "git@github.com:owner/repo.git";
        let at = |url: &str, domain: Option<&str>| Ok((url.to_owned(), domain.map(str::to_owned)));
        assert_eq!(known("", remote, "", ""), at("https://owner.github.io/repo/", None));
        assert_eq!(known("https://owner.github.io/repo", remote, "", ""), at("https://owner.github.io/repo/", None));
        assert_eq!(known("", "git@github.com:owner/owner.github.io", "", ""), at("https://owner.github.io/", None));
        // A domain: written where site.toml names one, kept where it is there.
        assert_eq!(known("https://News.Example/", remote, "", ""), at("https://news.example/", Some("news.example")));
        assert_eq!(
            known("https://news.example/", remote, "", "news.example\n"),
            at("https://news.example/", Some("news.example"))
        );
        assert_eq!(known("", remote, "", "news.example\n"), at("https://news.example/", Some("news.example")));
        assert_eq!(known("", remote, "news.example", ""), at("https://news.example/", Some("news.example")));
        assert_eq!(known("", "/srv/repo.git", "news.example", ""), at("https://news.example/", Some("news.example")));
        // The domain of the owner's site holds this one under its name.
        assert_eq!(known("https://news.example/repo/", remote, "", ""), at("https://news.example/repo/", None));
        // A remote that is not on GitHub says nothing.
        assert_eq!(known("https://a.example/b/", "/srv/repo.git", "", ""), at("https://a.example/b/", None));
        assert_eq!(known("https://a.example/", "/srv/repo.git", "", ""), at("https://a.example/", Some("a.example")));
        assert_eq!(known("https://a.example:8443/", "/srv/repo.git", "", ""), at("https://a.example:8443/", None));
    }

    #[test]
    fn what_does_not_go_together_stops() {
        let remote = "git@github.com:owner/repo.git";
        for (given, of, own, published) in [
            ("https://owner.github.io/", remote, "", ""),
            ("https://owner.github.io/other/", remote, "", ""),
            ("https://someone.github.io/repo/", remote, "", ""),
            ("https://owner.github.io/repo/", remote, "", "news.example"),
            ("https://owner.github.io/repo/", remote, "news.example", ""),
            ("https://example.org/", remote, "", ""),
            ("https://news.example/sub/", remote, "", ""),
            ("https://news.example:8080/", remote, "", ""),
            ("https://other.example/", remote, "", "news.example"),
            ("", remote, "a.example", "b.example"),
            ("", "/srv/repo.git", "", ""),
            ("http://localhost:8000/", "/srv/repo.git", "", ""),
            ("http://127.0.0.1/", "/srv/repo.git", "", ""),
            ("http://[::1]/", "/srv/repo.git", "", ""),
        ] {
            assert!(known(given, of, own, published).is_err(), "{given} {of} {own} {published}");
        }
    }
}
