//! What can be typed. Arguments become typed commands; nothing is decided here.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::{
    config::{BaseUrl, Now},
    diagnostic::Format,
    serve::Editor,
};

/// Turns clipped news articles into a digest site.
#[derive(Debug, Parser)]
#[command(
    name = "dateline",
    version,
    propagate_version = true,
    after_help = "Examples:
  dateline init my-digest              a new site, ready to build
  dateline import story.txt --topic ukraine-crisis
                                       a clipped story becomes an article
  dateline watch --open                every edit at once in the browser
  dateline build                       the site into public/
  dateline publish --dry-run           what would go to GitHub Pages

Exit status: 0 all well, 1 the site has errors, 2 wrong usage, 3 the machine failed."
)]
pub struct Cli {
    /// The site's folder.
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,

    /// When to use color.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// Say nothing unless there is an error.
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// When to use color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// At a terminal that has not said no (`NO_COLOR`).
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new site that builds at once.
    #[command(after_help = "Examples:
  dateline init my-digest
  cd my-digest && dateline build")]
    Init(InitArgs),

    /// Turn clipped stories into articles.
    #[command(after_help = "Examples:
  dateline import story.txt
  dateline import clippings/ --topic ukraine-crisis
  pbpaste | dateline import - --to inbox
  dateline import story.txt --dry-run    only show what would be written
  dateline import https://example.org/2022/talks --images
  dateline import https://example.org/feed.xml
  dateline import bookmarks.html pocket.csv --fetch
                                         also the pages that they name
  dateline import clippings/ --update    take over what changed at the source

Saved pages (HTML, MHTML, web archives as .warc or .warc.gz), plain text, feeds (RSS, Atom, JSON
Feed) and lists of them (OPML), mail and mailboxes, bookmarks, and lists from reading services (CSV,
JSON) are read. What a file is shows in what it holds, not in its name.

A story that is in the site already is not imported again, and one that you removed is not brought
back. What you have edited is never changed, not with --update either.")]
    Import(ImportArgs),

    /// Start an article, digest or topic.
    #[command(after_help = "Examples:
  dateline new topic \"Ukraine crisis\"
  dateline new article \"Talks in Geneva end\" --topic ukraine-crisis --date 2022-01-21
  dateline new digest \"Ukraine crisis, Jan 2022\" --topic ukraine-crisis --period 2022-01")]
    New(NewArgs),

    /// Freeze a digest: what it has now becomes an edition, with an e-mail and a book.
    #[command(after_help = "Examples:
  dateline edition ukraine-crisis/2022-01
  dateline edition ukraine-crisis/2022-01 --dry-run
                                         what changed since the last edition
  dateline edition ukraine-crisis/2022-01 --now 2022-02-01

The list goes to content/editions/; what comes to the digest later is shown there as new since then.
Each build makes of each edition, beside the digest's page, an e-mail (email.html, email.txt, and
edition.eml for a mail program) and a book (edition.epub). Where nothing changed since the last
edition, none is made.")]
    Edition(EditionArgs),

    /// Build the site into public/.
    #[command(after_help = "Examples:
  dateline build
  dateline build --base-url https://user.github.io/repo/
  dateline build --drafts --output preview
  dateline build --explain                why each file was made anew
  dateline build --format github          annotations in GitHub Actions

With an error in the site, public/ stays as it was.")]
    Build(BuildArgs),

    /// Say why a page would be made or kept, or why something is in the site or not.
    #[command(after_help = "Examples:
  dateline why /2022/01/21/talks/                       why a build would make the page, or keep it
  dateline why content/articles/2022/02/answer.md       where it is, or why it is left out
  dateline why content/articles/2022/02/answer.md --in ukraine-crisis/2022-01")]
    Why(WhyArgs),

    /// Build, serve on this machine, and follow every edit in the browser.
    #[command(
        visible_alias = "serve",
        after_help = "Examples:
  dateline watch --open
  dateline watch --drafts --port 3000
  dateline watch --poll                  on network folders and in containers
  dateline watch --host 0.0.0.0          also for the phone in the same network

The preview is built into .dateline/preview/; public/ is not touched. Ctrl-C ends it."
    )]
    Watch(WatchArgs),

    /// Build the site afresh and put it on GitHub Pages.
    #[command(after_help = "Examples:
  dateline publish --dry-run              what would be added, changed and removed
  dateline publish                        a commit on the branch gh-pages of the remote
  dateline publish --message \"The week in talks\"
  dateline publish --rollback             back to the publication before this one
  dateline publish --rollback HEAD~1      back to what was made of that commit
  dateline publish --setup actions        let GitHub build and publish at every push

What is published is what is committed, built in a folder of its own. Your branches, your index and your files stay as
they are; the remote's branch gets a commit on top, never by force. Where anything is in the way, nothing is published,
and a message says what to do.")]
    Publish(PublishArgs),

    /// Report everything that is wrong, and write nothing.
    #[command(after_help = "Examples:
  dateline check
  dateline check --external              asks other sites too
  dateline check --rights                proves that no text is shown beyond its rights
  dateline check --format json | jq .message")]
    Check(CheckArgs),

    /// Start a theme, or try one.
    #[command(after_help = "Examples:
  dateline theme new gazette             a theme of your own, to begin with
  dateline theme check                   every kind of page in the site's theme")]
    Theme(ThemeArgs),
}

/// Arguments of `theme`.
#[derive(Debug, Args)]
pub struct ThemeArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ThemeCommand,
}

/// What `theme` can do.
#[derive(Debug, Subcommand)]
pub enum ThemeCommand {
    /// Make a theme in themes/: one template, one style sheet, and everything else from broadsheet.
    #[command(after_help = "Examples:
  dateline theme new gazette")]
    New(ThemeNewArgs),

    /// Make every kind of page in a theme, report what is wrong and what nobody uses, and write nothing.
    #[command(after_help = "Examples:
  dateline theme check                   the site's theme
  dateline theme check gazette")]
    Check(ThemeCheckArgs),
}

/// Arguments of `theme new`.
#[derive(Debug, Args)]
pub struct ThemeNewArgs {
    /// The theme's name: small letters, digits and hyphens.
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Arguments of `theme check`.
#[derive(Debug, Args)]
pub struct ThemeCheckArgs {
    /// The theme; the site's unless named.
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// How to report what is wrong.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder to make the site in; made if it is not there.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files, folders of them, or `http` addresses; `-` for standard input.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,

    /// The topic that the articles belong to; may be given more than once.
    #[arg(long = "topic", value_name = "TOPIC")]
    pub topics: Vec<String>,

    /// Where the articles go. Without it: to articles, and what has no sure date to the inbox.
    #[arg(long, value_name = "WHERE")]
    pub to: Option<ImportTarget>,

    /// Take over what changed at the source since the import, where you have not changed it yourself.
    #[arg(long)]
    pub update: bool,

    /// Import also what was in the site once and was removed.
    #[arg(long)]
    pub again: bool,

    /// Bring the pictures into static/, and lead the articles to them.
    #[arg(long)]
    pub images: bool,

    /// Fetch the pages of stories that feeds, mails and lists only name.
    #[arg(long)]
    pub fetch: bool,

    /// Allow machines of this network to be asked; with `=HOST` that one alone.
    #[arg(long, value_name = "HOST", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub allow_private: Vec<String>,

    /// How long one answer from the web may take.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub timeout: Duration,

    /// Show what would be written, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Where imported articles go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportTarget {
    /// content/inbox/, which is never published.
    Inbox,
    /// content/articles/.
    Articles,
}

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// What to start.
    #[arg(value_name = "KIND")]
    pub kind: NewKind,

    /// Its title.
    #[arg(value_name = "TITLE")]
    pub title: String,

    /// The topic that an article or digest belongs to.
    #[arg(long, value_name = "TOPIC")]
    pub topic: Option<String>,

    /// The day of an article; today unless set.
    #[arg(long, value_name = "DATE")]
    pub date: Option<jiff::civil::Date>,

    /// The period of a digest: a month such as 2022-01, or first/last day; this month unless set.
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
}

/// What `new` can start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NewKind {
    /// content/articles/
    Article,
    /// content/digests/
    Digest,
    /// content/topics/
    Topic,
}

/// Arguments of `edition`.
#[derive(Debug, Args)]
pub struct EditionArgs {
    /// The digest: its address, file or id.
    #[arg(value_name = "DIGEST")]
    pub digest: String,

    /// Say what changed, and write nothing.
    #[arg(long, short = 'n')]
    pub dry_run: bool,

    /// Take this for the present: a day, or a moment such as 2022-01-31T12:00:00Z.
    #[arg(long, value_name = "DATE", value_parser = Now::parse)]
    pub now: Option<Timestamp>,
}

/// What `build` and `check` have in common.
#[derive(Debug, Args)]
pub struct SiteArgs {
    /// The address that the site is published under, instead of the one in site.toml.
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<BaseUrl>,

    /// Include drafts and articles dated later.
    #[arg(long)]
    pub drafts: bool,

    /// Take this for the present: a day, or a moment such as 2022-01-31T12:00:00Z.
    #[arg(long, value_name = "DATE", value_parser = Now::parse)]
    pub now: Option<Timestamp>,

    /// How to report what is wrong.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// What `check` has too.
    #[command(flatten)]
    pub site: SiteArgs,

    /// Neither use nor write the cache: make everything anew.
    #[arg(long)]
    pub no_cache: bool,

    /// Say of each file that was made why it was not kept.
    #[arg(long)]
    pub explain: bool,

    /// Say what each stage of the build took, in wall time, CPU time of all cores and share; what the pages of each template
    /// took; and which ten pages were the slowest.
    #[arg(long)]
    pub timings: bool,

    /// The folder to build into; public/ in the site unless set.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Arguments of `why`.
#[derive(Debug, Args)]
pub struct WhyArgs {
    /// A page's address, or a file of the site.
    #[arg(value_name = "PATH|URL")]
    pub target: String,

    /// Why the article is in this digest, or is not: the digest's address, slug or file.
    #[arg(long = "in", value_name = "DIGEST")]
    pub digest: Option<String>,

    /// What `build` has too.
    #[command(flatten)]
    pub site: SiteArgs,

    /// The folder that the site is built into; public/ in the site unless set.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Arguments of `watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// The port to serve on; the next free one when it is taken.
    #[arg(long, short, value_name = "PORT", default_value_t = 8000)]
    pub port: u16,

    /// Stop when the port is taken.
    #[arg(long)]
    pub strict_port: bool,

    /// Serve on this address, and answer to this name; without it, this machine alone is served.
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,

    /// Open the browser.
    #[arg(long)]
    pub open: bool,

    /// Look at the files every second, or every so many seconds, instead of waiting for the system to tell.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "1", value_parser = seconds)]
    pub poll: Option<Duration>,

    /// Include drafts and articles dated later.
    #[arg(long)]
    pub drafts: bool,

    /// Say what each stage of every build took, in wall time, CPU time of all cores and share.
    #[arg(long)]
    pub timings: bool,

    /// Take this for the present: a day, or a moment such as 2022-01-31T12:00:00Z.
    #[arg(long, value_name = "DATE", value_parser = Now::parse)]
    pub now: Option<Timestamp>,

    /// The program that a click on an error opens the file in; without it, the one that $VISUAL or $EDITOR names.
    #[arg(long, value_name = "EDITOR")]
    pub editor: Option<Editor>,
}

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Do everything but the push, and show each address that would be added, changed or removed.
    #[arg(long, short = 'n')]
    pub dry_run: bool,

    /// The remote, by its name or address; the one that the branch is pushed to unless set.
    #[arg(long, value_name = "REMOTE")]
    pub remote: Option<String>,

    /// The branch that GitHub Pages serves.
    #[arg(long, value_name = "BRANCH", default_value = "gh-pages")]
    pub branch: String,

    /// What the commit says, instead of the number of articles and digests.
    #[arg(long, short, value_name = "TEXT")]
    pub message: Option<String>,

    /// Publish files as they are now, though they differ from the last commit.
    #[arg(long)]
    pub allow_dirty: bool,

    /// Let more than a quarter of the published files go.
    #[arg(long)]
    pub confirm_removals: bool,

    /// Do not sign the commit, whatever Git is set to do.
    #[arg(long)]
    pub no_gpg_sign: bool,

    /// Publish an earlier state again: the one before, or the one of this commit (of the branch, or of the sources).
    #[arg(long, value_name = "COMMIT", num_args = 0..=1, conflicts_with_all = ["allow_dirty", "output"])]
    pub rollback: Option<Option<String>>,

    /// Write a workflow that builds and publishes at every push, to .github/workflows/dateline.yml.
    #[arg(long, value_name = "HOW", conflicts_with_all = ["rollback", "output"])]
    pub setup: Option<Setup>,

    /// Build into this folder, with all that `publish` looks at, and leave it to another program to publish it.
    #[arg(long, short, value_name = "DIR", conflicts_with = "dry_run")]
    pub output: Option<PathBuf>,

    /// The address that the site is published under, instead of the one in site.toml.
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<BaseUrl>,

    /// How to report what is wrong with the site.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

/// What `publish` can set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Setup {
    /// GitHub Actions.
    Actions,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// What `build` has too.
    #[command(flatten)]
    pub site: SiteArgs,

    /// Also ask other sites whether what the site links to is there.
    #[arg(long)]
    pub external: bool,

    /// Also prove that nothing shows more of an article than its rights allow: no 12 words in a row, in any file.
    #[arg(long)]
    pub rights: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds: &f64| (0.05..=3600.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "write a number of seconds, such as 2 or 0.5".to_owned())
}

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text).ok_or_else(|| "write a whole address, such as https://user.github.io/repo/".to_owned())
}
