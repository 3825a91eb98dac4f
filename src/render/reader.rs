//! What a page may know: the model, the settings, the plan, through one door that keeps a log.
//!
//! Every read of the model is a [`Fact`]. A page whose facts are all as they were when it was made is as it was, and is not
//! made again. So nothing may reach a page but through its [`Reader`].

use std::{
    borrow::Cow,
    cell::{Cell, OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Index,
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
};

use hashbrown::{HashTable, hash_table::Entry};
use jiff::civil;

use super::{
    Theme,
    links::TextLinks,
    listed,
    needs::{EVERYTHING, Needs},
    theme::Shared,
    view::{self, Link},
    words::{Argument, Words},
};
use crate::{
    config::Config,
    date::{Period, When},
    diagnostic::{Diagnostic, SitePath, Span},
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer, short},
    load::Snapshot,
    locale::{Locale, direction},
    model::{
        Article, ArticleId, Change, Digest, DigestId, Entity, EntityId, EventRow, Fact, FactKind, Model, Page, PageId,
        Publisher, PublisherId, Tag, TagId, Topic, TopicId,
    },
    parse::{
        Choice as _, Located,
        markdown::{self, Html, Style},
        matter::{Display, EntityKind},
    },
    plan::{CardOf, FeedFormat, Output, OutputKind, PageKind, Pager, Plan, Route, Scope, TimelineOf, Urls},
    search,
    social::Fonts,
};

/// The whole site, as the pages are made from it.
pub struct Site<'a> {
    pub(super) model: &'a Model,
    pub(super) config: &'a Config,
    pub(super) plan: &'a Plan,
    /// The templates that its outputs are made with.
    templates: &'a BTreeSet<&'static str>,
    pub(super) urls: &'a Urls,
    pub(super) snapshot: &'a Snapshot,
    pub(super) theme: &'a Theme,
    /// The search index, where the site has one.
    pub(super) search: Option<&'a search::Index>,
    /// What social cards are drawn with, where the site has them.
    pub(super) fonts: Option<&'a Fonts>,
    settings: Fingerprint,
    shell: OnceLock<(Shared<view::Site>, Fingerprint)>,
    summaries: Vec<OnceLock<(view::Summary, view::Timeline)>>,
    lists: [OnceLock<Vec<view::ListEntry>>; ListKind::ALL.len()],
    names: OnceLock<Vec<view::Name>>,
    /// Days, as pages show them: of all articles, few have a day of their own.
    days: RwLock<hashbrown::HashMap<civil::Date, Arc<Day>>>,
    /// Articles in lists, as all pages show them, by their numbers; none of a large site.
    cards: OnceLock<Box<[OnceLock<KnownCard>]>>,
    /// What the templates of the site's pages need of what these know.
    needs: OnceLock<TemplateNeeds>,
    /// Fingerprints of facts that many pages read and that take long to work out.
    shared: Mutex<HashMap<Fact, Option<Fingerprint>>>,
}

impl<'a> Site<'a> {
    /// The site of a model and a plan, whose outputs are made with some [`templates`](super::templates), in a theme.
    pub fn new(
        model: &'a Model,
        config: &'a Config,
        plan: &'a Plan,
        templates: &'a BTreeSet<&'static str>,
        urls: &'a Urls,
        snapshot: &'a Snapshot,
        theme: &'a Theme,
    ) -> Self {
        let mut settings = Mixer::new();
        settings.maybe(snapshot.get("site.toml").map(|file| file.fingerprint.to_string()).as_deref());
        settings.text(&config.base_url.to_string()).number(u64::from(config.drafts));
        Site {
            model,
            config,
            plan,
            templates,
            urls,
            snapshot,
            theme,
            search: None,
            fonts: None,
            settings: settings.finish(),
            shell: OnceLock::new(),
            summaries: model.topics().map(|_| OnceLock::new()).collect(),
            lists: Default::default(),
            names: OnceLock::new(),
            days: RwLock::default(),
            cards: OnceLock::new(),
            needs: OnceLock::new(),
            shared: Mutex::default(),
        }
    }

    /// The same site with its search index.
    pub fn with_search(mut self, index: Option<&'a search::Index>) -> Self {
        self.search = index;
        self
    }

    /// The same site with what its social cards are drawn with.
    pub fn with_fonts(mut self, fonts: Option<&'a Fonts>) -> Self {
        self.fonts = fonts;
        self
    }

    /// Its outputs.
    pub fn plan(&self) -> &Plan {
        self.plan
    }

    /// Its files.
    pub fn snapshot(&self) -> &Snapshot {
        self.snapshot
    }

    /// What it looks like.
    pub fn theme(&self) -> &Theme {
        self.theme
    }

    /// What a fact is now; `None` when there is no such thing.
    pub fn fingerprint(&self, kind: FactKind, name: &str) -> Option<Fingerprint> {
        if !kind.is_of_many() {
            return self.work_out(kind, name);
        }
        let fact = kind.of(name);
        let shared = || self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shared().get(&fact) {
            return *known;
        }
        let fingerprint = self.work_out(kind, name);
        shared().insert(fact, fingerprint);
        fingerprint
    }

    fn work_out(&self, kind: FactKind, name: &str) -> Option<Fingerprint> {
        match kind {
            FactKind::Settings => Some(self.settings),
            FactKind::Theme => Some(self.theme.fingerprint()),
            FactKind::ThemeFile => self.theme.file_fingerprint(name),
            FactKind::Output => self.plan.get(name).map(|output| self.describe(output)),
            FactKind::Shell => Some(self.shell().1),
            FactKind::Text | FactKind::File => self.snapshot.get(name).map(|file| file.fingerprint),
            FactKind::TopicSummary => {
                let (id, _) = self.model.topics().find(|(_, topic)| *topic.path == *name)?;
                Some(Mixer::new().data(self.summary(id)).finish())
            }
            FactKind::List => {
                let kind = ListKind::ALL.into_iter().find(|kind| kind.word() == name)?;
                Some(Mixer::new().data(self.list(kind)).finish())
            }
            FactKind::Names => Some(Mixer::new().data(self.names()).finish()),
            FactKind::SearchLayout | FactKind::SearchCards | FactKind::SearchWords => {
                super::search::fingerprint(self.model, self.search?, kind, name)
            }
            FactKind::Typefaces if name.is_empty() => Some(self.fonts?.fingerprint()),
            FactKind::Typefaces => Some(self.fonts?.system_fingerprint()),
            FactKind::CardStyle => Some(super::social::style(self.theme)),
            FactKind::Listed => listed::fingerprint(self.model, self.plan, name),
            FactKind::Route => self.plan.get(name).map(|_| Fingerprint::of(name.as_bytes())),
            FactKind::Target => self.target(name).map(|route| Fingerprint::of(route.as_str().as_bytes())),
            FactKind::Sitemap => {
                let mut mixer = Mixer::new();
                for (route, kind) in super::sitemap::preferred(self.model, self.plan.indexable()) {
                    mixer.text(route.as_str()).maybe(super::sitemap::modified(self.model, kind).as_deref());
                }
                Some(mixer.number(self.plan.sitemap_parts() as u64).finish())
            }
            _ => self.model.fingerprint(kind, name),
        }
    }

    /// What is the same on every page, ready for the templates.
    pub(super) fn shell(&self) -> &(Shared<view::Site>, Fingerprint) {
        self.shell.get_or_init(|| {
            let log = Log::off();
            let site = Reader::new(self, &log).site();
            let fingerprint = Mixer::new().data(&site).finish();
            (Shared::new(site, Arc::clone(&self.needs().of_site)), fingerprint)
        })
    }

    /// What templates need: each by itself, and all together.
    fn needs(&self) -> &TemplateNeeds {
        self.needs.get_or_init(|| {
            let each = self.templates.iter().map(|name| (*name, self.theme.needs(BTreeSet::from([*name]))));
            TemplateNeeds { by_template: each.collect(), of_site: self.theme.needs(self.templates.clone()) }
        })
    }

    /// Whether the site has so few articles that their cards are held.
    fn holds_cards(&self) -> bool {
        self.model.articles().len() <= CARDS
    }

    /// An output, told from others that might stand at its path.
    fn describe(&self, output: &Output) -> Fingerprint {
        let mut mixer = Mixer::new();
        mixer.text(output.route.as_str()).maybe(output.source.as_deref());
        match &output.kind {
            OutputKind::Page(kind) => describe_page(&mut mixer, *kind),
            OutputKind::Json(kind, page) => {
                mixer.text("json").text(page.as_str());
                describe_page(&mut mixer, *kind);
            }
            OutputKind::Card(kind) => {
                mixer.text("card").text(match kind {
                    CardOf::Site => "site",
                    CardOf::Article(_) => "article",
                    CardOf::Topic(_) => "topic",
                    CardOf::Digest(_) => "digest",
                });
            }
            OutputKind::Feed(format, scope) => {
                mixer.text(format.extension()).maybe(match scope {
                    Scope::Site => None,
                    Scope::Topic(id) => Some(self.model[*id].path.as_ref()),
                    Scope::Corrections => Some("corrections"),
                });
            }
            OutputKind::Timeline(format, of) => {
                mixer.text("timeline").text(format.extension()).text(match of {
                    TimelineOf::Topic(id) => &self.model[*id].path,
                    TimelineOf::Digest(id) => &self.model[*id].slug,
                });
            }
            OutputKind::Edition(file, id, at) => {
                mixer.text("edition").text(file.name()).text(&self.model[*id].slug).number(*at as u64);
            }
            OutputKind::Redirect(target) => drop(mixer.text("redirect").text(target.as_str())),
            OutputKind::Sitemap => drop(mixer.text("sitemap")),
            OutputKind::SitemapPart(part) => drop(mixer.text("sitemap").number(*part as u64)),
            OutputKind::NewsSitemap => drop(mixer.text("news sitemap")),
            OutputKind::Opml => drop(mixer.text("opml")),
            OutputKind::Llms => drop(mixer.text("llms")),
            OutputKind::Robots => drop(mixer.text("robots")),
            OutputKind::Search(_) => drop(mixer.text("search file")),
            OutputKind::NoJekyll => drop(mixer.text("nojekyll")),
            OutputKind::Static(path) => drop(mixer.text("static").text(path)),
            OutputKind::ThemeStatic(name) => drop(mixer.text("theme").text(name)),
        }
        mixer.finish()
    }

    /// The route that a path from the site's root, or the path of a file of `content/`, leads to.
    pub(super) fn target(&self, target: &str) -> Option<&Route> {
        match target.strip_prefix('/') {
            Some(below) => {
                let folder = if below.is_empty() { String::new() } else { format!("{}/", below.trim_end_matches('/')) };
                let found = self.plan.get(below).or_else(|| self.plan.get(&format!("{folder}index.html")));
                found.map(|output| &output.route)
            }
            None => self.plan.route_of(target),
        }
    }

    /// Who, where and what is in a topic's articles, and when, worked out once.
    pub(super) fn summary(&self, id: TopicId) -> &(view::Summary, view::Timeline) {
        let at = self.model.topics().position(|(other, _)| other == id).unwrap_or_default();
        self.summaries[at].get_or_init(|| {
            let log = Log::off();
            Reader::new(self, &log).summarize(id)
        })
    }

    /// A day, worked out once.
    fn day(&self, date: civil::Date) -> Arc<Day> {
        let known = self.days.read().unwrap_or_else(PoisonError::into_inner).get(&date).cloned();
        known.unwrap_or_else(|| {
            let locale = self.theme.words().locale();
            let route = Route::day(date);
            let output = SitePath::from(route.output_path());
            let day = Arc::new(Day {
                text: locale.day(date).into(),
                short: locale.short(date).into(),
                url: self.plan.get(&output).map(|_| self.urls.path(&route).into()),
                output,
            });
            self.days.write().unwrap_or_else(PoisonError::into_inner).insert(date, Arc::clone(&day));
            day
        })
    }

    /// Everything of one kind, worked out once.
    pub(super) fn list(&self, kind: ListKind) -> &[view::ListEntry] {
        self.lists[kind as usize].get_or_init(|| {
            let log = Log::off();
            Reader::new(self, &log).entries(kind)
        })
    }
}

/// Articles of a site whose cards are held for the pages to come, at most. Each is some five thousand bytes, and of many of
/// them, to find one in memory takes as long as to make it.
const CARDS: usize = 2_500;

/// An article in lists, and what it was made from.
struct KnownCard {
    card: Shared<view::Card>,
    reads: Vec<Fact>,
}

/// What templates need of what pages know.
struct TemplateNeeds {
    by_template: BTreeMap<&'static str, Arc<Needs>>,
    of_site: Arc<Needs>,
}

/// A day in the site's words.
struct Day {
    text: Arc<str>,
    short: Arc<str>,
    /// Where its page in the archive is, or would be.
    output: SitePath,
    /// That page's address from the host's root, where the site has it.
    url: Option<Arc<str>>,
}

/// A page, told from others that might stand at its address.
fn describe_page(mixer: &mut Mixer, kind: PageKind) {
    let mut pager = |name: &str, pager: Pager| {
        mixer.text(name).number(pager.number as u64).number(pager.count as u64).number(pager.total as u64);
    };
    match kind {
        PageKind::Topic(_, page) => pager("topic", page),
        PageKind::Publisher(_, page) => pager("publisher", page),
        PageKind::Entity(_, page) => pager("entity", page),
        PageKind::Tag(_, page) => pager("tag", page),
        PageKind::Month(_, _, page) => pager("month", page),
        PageKind::Day(_, page) => pager("day", page),
        PageKind::Digests(page) => pager("digests", page),
        PageKind::Article(_) => drop(mixer.text("article")),
        PageKind::Digest(_) => drop(mixer.text("digest")),
        PageKind::Page(_) => drop(mixer.text("page")),
        PageKind::Entities(kind) => drop(mixer.text(kind.word())),
        PageKind::Home => drop(mixer.text("home")),
        PageKind::Archive => drop(mixer.text("archive")),
        PageKind::Year(_) => drop(mixer.text("year")),
        PageKind::Topics => drop(mixer.text("topics")),
        PageKind::Publishers => drop(mixer.text("publishers")),
        PageKind::Tags => drop(mixer.text("tags")),
        PageKind::AToZ(page) => pager("a to z", page),
        PageKind::Corrections(page) => pager("corrections", page),
        PageKind::Search => drop(mixer.text("search")),
        PageKind::NotFound => drop(mixer.text("not found")),
    }
}

impl Site<'_> {
    /// The names of the A to Z, worked out once.
    pub(super) fn names(&self) -> &[view::Name] {
        self.names.get_or_init(|| {
            let log = Log::off();
            Reader::new(self, &log).all_names()
        })
    }
}

/// What `list.html` can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// All topics.
    Topics,
    /// All digests.
    Digests,
    /// All publishers.
    Publishers,
    /// All people.
    People,
    /// All places.
    Places,
    /// All organizations.
    Organizations,
    /// All tags.
    Tags,
}

impl ListKind {
    const ALL: [ListKind; 7] = [
        ListKind::Topics,
        ListKind::Digests,
        ListKind::Publishers,
        ListKind::People,
        ListKind::Places,
        ListKind::Organizations,
        ListKind::Tags,
    ];

    /// Its word in the contract with themes.
    pub fn word(self) -> &'static str {
        match self {
            ListKind::Topics => "topics",
            ListKind::Digests => "digests",
            ListKind::Publishers => "publishers",
            ListKind::People => "people",
            ListKind::Places => "places",
            ListKind::Organizations => "organizations",
            ListKind::Tags => "tags",
        }
    }
}

/// Reads in their order, and their places in it by kind and name.
#[derive(Debug, Default)]
struct Reads {
    order: Vec<Fact>,
    places: HashTable<u32>,
}

/// What one page read, in order, each thing once.
#[derive(Debug, Default)]
pub struct Log {
    reads: RefCell<Reads>,
    /// The articles, in order, that were read as the list that they are.
    listed: OnceCell<Box<[ArticleId]>>,
    is_off: bool,
    /// What could not be read.
    failure: RefCell<Option<Error>>,
    template: Cell<Option<&'static str>>,
}

impl Log {
    /// A log of nothing: for what is worked out once, and compared as a whole.
    pub fn off() -> Self {
        Log { is_off: true, ..Log::default() }
    }

    /// Adds a read.
    pub fn add(&self, kind: FactKind, name: &str) {
        self.add_with(kind, name, || name.into());
    }

    /// Adds a read of what is named by a path that is held anyway.
    pub fn add_path(&self, kind: FactKind, path: &SitePath) {
        self.add_with(kind, path, || SitePath::clone(path));
    }

    fn add_with(&self, kind: FactKind, name: &str, held: impl FnOnce() -> SitePath) {
        if self.is_off {
            return;
        }
        let Reads { order, places } = &mut *self.reads.borrow_mut();
        let hash = |kind: FactKind, name: &str| short(name) ^ (kind as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let is_it = |place: &u32| {
            let known = &order[*place as usize];
            known.kind == kind && *known.name == *name
        };
        let hash_of = |place: &u32| {
            let Fact { kind, name } = &order[*place as usize];
            hash(*kind, name)
        };
        if let Entry::Vacant(place) = places.entry(hash(kind, name), is_it, hash_of) {
            // A page that read more would not fit in memory.
            place.insert(u32::try_from(order.len()).unwrap_or(u32::MAX));
            order.push(Fact { kind, name: held() });
        }
    }

    /// Adds a read of all articles that the output at a path lists: to read one of them then is nothing new.
    pub fn list(&self, path: &str, ids: Cow<'_, [ArticleId]>) {
        if self.is_off || ids.is_empty() {
            return;
        }
        self.add(FactKind::Listed, path);
        let mut ids = ids.into_owned();
        ids.sort_unstable();
        let _ = self.listed.set(ids.into());
    }

    /// Adds a read of an article.
    fn add_article(&self, id: ArticleId, path: &SitePath) {
        if self.listed.get().is_none_or(|listed| listed.binary_search(&id).is_err()) {
            self.add_path(FactKind::Article, path);
        }
    }

    /// The page is made with the template of this name.
    pub fn made_with(&self, template: &'static str) {
        self.template.set(Some(template));
    }

    /// The template that the page was made with, when one was.
    pub fn template(&self) -> Option<&'static str> {
        self.template.get()
    }

    fn fail(&self, error: Error) {
        self.failure.borrow_mut().get_or_insert(error);
    }

    /// All reads.
    ///
    /// # Errors
    /// When one of them failed.
    pub fn into_reads(self) -> Result<Vec<Fact>> {
        match self.into_parts() {
            (reads, None) => Ok(reads),
            (_, Some(error)) => Err(error),
        }
    }

    fn into_parts(self) -> (Vec<Fact>, Option<Error>) {
        (self.reads.into_inner().order, self.failure.into_inner())
    }
}

/// The model, read through a log.
#[derive(Clone, Copy)]
pub struct Tracked<'a> {
    model: &'a Model,
    log: &'a Log,
}

macro_rules! tracked {
    ($($id:ty => $type:ty, $kind:expr, $add:ident $name:ident;)+) => {
        $(
            impl Index<$id> for Tracked<'_> {
                type Output = $type;

                fn index(&self, id: $id) -> &$type {
                    let value = &self.model[id];
                    self.log.$add($kind, &value.$name);
                    value
                }
            }
        )+
    };
}

tracked! {
    TopicId => Topic, FactKind::Topic, add_path path;
    DigestId => Digest, FactKind::Digest, add slug;
    PublisherId => Publisher, FactKind::Publisher, add_path path;
    EntityId => Entity, FactKind::Entity, add_path path;
    TagId => Tag, FactKind::Tag, add slug;
    PageId => Page, FactKind::Page, add_path path;
}

impl Index<ArticleId> for Tracked<'_> {
    type Output = Article;

    fn index(&self, id: ArticleId) -> &Article {
        let article = &self.model[id];
        self.log.add_article(id, &article.path);
        article
    }
}

impl<'a> Tracked<'a> {
    /// So many of the newest articles.
    pub fn newest(&self, count: usize) -> &'a [ArticleId] {
        self.log.add(FactKind::Newest, &count.to_string());
        let all = self.model.newest_first();
        &all[..all.len().min(count)]
    }

    /// All digests, the latest period first.
    pub fn newest_digests(&self) -> &'a [DigestId] {
        self.log.add(FactKind::NewestDigests, "");
        self.model.newest_digests()
    }

    /// All topics, the one with the newest article first.
    pub fn topics_by_news(&self) -> Vec<TopicId> {
        self.log.add(FactKind::TopicsByNews, "");
        self.model.topics_by_news()
    }

    /// The articles beside an article, for their headlines and addresses alone.
    pub fn neighbours(&self, id: ArticleId) -> (Option<&'a Article>, Option<&'a Article>) {
        self.log.add_path(FactKind::Neighbours, &self.model[id].path);
        let (newer, older) = self.model.neighbours(id);
        (newer.map(|id| &self.model[id]), older.map(|id| &self.model[id]))
    }

    /// The digests that hold an article.
    pub fn digests_of(&self, id: ArticleId) -> &'a [DigestId] {
        self.log.add_path(FactKind::DigestsOf, &self.model[id].path);
        self.model.digests_of(id)
    }

    /// The article whose page is the preferred one for a copy's text.
    pub fn preferred(&self, id: ArticleId) -> Option<ArticleId> {
        for article in std::iter::once(id).chain(self.model[id].copy_of) {
            self.log.add_article(article, &self.model[article].path);
        }
        self.model.preferred(id)
    }

    /// Every row of `[[corrections]]`, as its article and its place there, the latest first.
    pub fn corrections(&self) -> &'a [(ArticleId, usize)] {
        self.log.add(FactKind::Corrections, "");
        self.model.corrections()
    }

    /// An article of the log of corrections, for what the log says of it.
    pub fn corrected(&self, id: ArticleId) -> &'a Article {
        self.log.add(FactKind::Corrections, "");
        &self.model[id]
    }

    /// A topic's digests that cover a period.
    pub fn series(&self, id: TopicId) -> Vec<DigestId> {
        self.log.add_path(FactKind::Series, &self.model[id].path);
        self.model.series(id)
    }

    /// All days, for what only counts their articles.
    pub fn days(&self) -> &'a BTreeMap<civil::Date, Vec<ArticleId>> {
        self.log.add(FactKind::Years, "");
        self.model.by_day()
    }

    /// All days, for a page on one month.
    pub fn days_of_month(&self, year: i16, month: i8) -> &'a BTreeMap<civil::Date, Vec<ArticleId>> {
        self.log.add(FactKind::Month, &format!("{year:04}-{month:02}"));
        self.model.by_day()
    }

    /// All days, for a page on one of them.
    pub fn days_of(&self, day: civil::Date) -> &'a BTreeMap<civil::Date, Vec<ArticleId>> {
        self.log.add(FactKind::Day, &day.to_string());
        self.model.by_day()
    }
}

/// Reads the site for one page: all that the page knows of the site, and a log of what it read.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The site's things.
    pub model: Tracked<'a>,
    /// Its settings.
    pub config: &'a Config,
    /// Its addresses.
    pub urls: &'a Urls,
    pub(super) whole: &'a Site<'a>,
    pub(super) log: &'a Log,
    /// What the site's language is like: its dates and numbers.
    pub(super) locale: &'a Locale,
    /// Links carry scheme and host: what leaves the site has no place of its own.
    absolute_links: bool,
    /// The parts of views that somebody asks for.
    pub(super) needs: &'a Needs,
}

impl<'a> Reader<'a> {
    /// A reader that logs what it reads.
    pub fn new(site: &'a Site<'a>, log: &'a Log) -> Self {
        Reader {
            model: Tracked { model: site.model, log },
            config: site.config,
            urls: site.urls,
            whole: site,
            log,
            locale: site.theme.words().locale(),
            absolute_links: false,
            needs: &EVERYTHING,
        }
    }

    /// The same site, for a page that shows no more of it than a template asks for.
    pub(super) fn for_template(&self, template: &'static str) -> Self {
        let known = self.whole.needs();
        // Cards that pages with several templates show are the same on all of them.
        let own = known.by_template.get(template).filter(|_| !self.whole.holds_cards());
        Reader { needs: own.unwrap_or(&known.of_site), ..*self }
    }

    /// Whether pages say to machines what they are about.
    pub(super) fn describes(&self) -> bool {
        self.config.outputs.structured_data && self.needs.has("structured_data")
    }

    /// Whether a part of a view that takes time is asked for.
    pub(super) fn is_shown(&self, part: &str) -> bool {
        self.needs.has(part) || self.describes()
    }

    /// The same site, for texts that are read elsewhere: links carry scheme and host.
    pub fn with_absolute_links(&self) -> Self {
        Reader { absolute_links: true, ..*self }
    }

    /// What is the same on every page, ready for the templates.
    pub(super) fn shell(&self) -> &'a Shared<view::Site> {
        self.log.add(FactKind::Shell, "");
        &self.whole.shell().0
    }

    /// What the theme says by itself.
    fn words(&self) -> &'a Words {
        self.log.add(FactKind::Theme, "");
        self.whole.theme.words()
    }

    /// A word of the theme, as text.
    pub(super) fn word(&self, key: &str) -> String {
        self.words().text(key, None, &[])
    }

    /// A word of a table of the theme's, as text.
    pub(super) fn word_of(&self, key: &str, name: &str) -> String {
        self.words().text(key, Some(name), &[])
    }

    /// A word of the theme with values in it, as text.
    pub(super) fn word_with(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        self.words().text(key, None, arguments)
    }

    /// The forms of a word of the theme, and the language that it is in.
    pub(super) fn forms_of_word(&self, key: &str) -> Option<(&'a str, BTreeMap<&'a str, String>)> {
        self.words().forms(key)
    }

    /// Whether the site has a page at a route.
    pub fn has(&self, route: &Route) -> bool {
        let path = route.output_path();
        let is_there = self.whole.plan.get(&path).is_some();
        self.log.add(FactKind::Route, &path);
        is_there
    }

    /// Who, where and what is in a topic's articles, and when.
    pub fn summary(&self, id: TopicId) -> &'a (view::Summary, view::Timeline) {
        self.log.add_path(FactKind::TopicSummary, &self.whole.model[id].path);
        self.whole.summary(id)
    }

    /// Everything of one kind.
    pub fn list(&self, kind: ListKind) -> &'a [view::ListEntry] {
        self.log.add(FactKind::List, kind.word());
        self.whole.list(kind)
    }

    /// The names of the A to Z.
    pub fn names(&self) -> &'a [view::Name] {
        self.log.add(FactKind::Names, "");
        self.whole.names()
    }

    /// The address of a route.
    pub fn url(&self, route: &Route) -> String {
        if self.absolute_links { self.urls.absolute(route) } else { self.urls.path(route) }
    }

    /// What is the same on every page.
    pub fn site(&self) -> view::Site {
        let config = self.config;
        let mut topics: Vec<Link> = self
            .whole
            .model
            .topics()
            .filter(|(_, topic)| topic.broader.is_empty())
            .map(|(id, _)| self.topic_link(id))
            .collect();
        topics.sort_by(|a, b| self.locale.compare(&a.title, &b.title));
        let mut pages: Vec<Link> = self
            .whole
            .model
            .pages()
            .map(|(_, page)| Link { title: page.matter.title.clone(), url: self.url(&Route::page(page)) })
            .collect();
        pages.sort_by(|a, b| self.locale.compare(&a.title, &b.title));
        let lists = [
            ("topics", Route::topics()),
            ("digests", Route::digests()),
            ("archive", Route::archive()),
            ("a_to_z", Route::a_to_z()),
            ("publishers", Route::publishers()),
            ("people", Route::entities(EntityKind::Person)),
            ("places", Route::entities(EntityKind::Place)),
            ("organizations", Route::entities(EntityKind::Organization)),
            ("tags", Route::tags()),
            ("corrections", Route::corrections()),
        ];
        let lists = lists
            .into_iter()
            .filter(|(_, route)| self.has(route))
            .map(|(name, route)| Link { title: self.word_of("list", name), url: self.url(&route) })
            .collect();
        view::Site {
            title: config.title.clone(),
            description: config.description.clone(),
            author: config.author.clone(),
            language: config.language.clone(),
            direction: direction(&config.language),
            url: self.url(&Route::home()),
            permalink: self.urls.absolute(&Route::home()),
            topics,
            pages,
            lists,
            feeds: self.feeds(Scope::Site),
            search: config.search.then(|| self.url(&Route::search())),
            license: config.rights.license.clone(),
            extra: config.extra.clone(),
            generator: concat!("Dateline ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// The feeds of the site or a topic.
    pub fn feeds(&self, scope: Scope) -> Vec<view::FeedLink> {
        let title = match scope {
            Scope::Site => self.config.title.clone(),
            Scope::Topic(id) => format!("{}: {}", self.config.title, self.topic_link(id).title),
            Scope::Corrections => format!("{}: Corrections", self.config.title),
        };
        FeedFormat::enabled(self.config)
            .into_iter()
            .map(|format| view::FeedLink {
                title: title.clone(),
                url: self.url(&Route::feed(format, scope, self.whole.model)),
                media_type: format.media_type(),
                format: format.name(),
            })
            .collect()
    }

    /// A topic's name and page.
    pub fn topic_link(&self, id: TopicId) -> Link {
        let topic = &self.whole.model[id];
        self.log.add_path(FactKind::TopicName, &topic.path);
        Link { title: topic.matter.title.clone(), url: self.url(&Route::topic(topic)) }
    }

    /// A publisher's name and page.
    pub fn publisher_link(&self, id: PublisherId) -> Link {
        let publisher = &self.whole.model[id];
        self.log.add_path(FactKind::PublisherName, &publisher.path);
        Link { title: publisher.matter.name.value.clone(), url: self.url(&Route::publisher(publisher)) }
    }

    /// A publisher's country, as ISO 3166-1 alpha-2 has it.
    pub fn country(&self, id: PublisherId) -> Option<&'a str> {
        let publisher = &self.whole.model[id];
        self.log.add_path(FactKind::PublisherName, &publisher.path);
        publisher.matter.country.as_deref()
    }

    /// What the site's language calls a country.
    pub fn country_name(&self, code: Option<&str>) -> Option<String> {
        code.map(|code| self.locale.country(code).to_owned())
    }

    /// An entity's name and page.
    pub fn entity_link(&self, id: EntityId) -> Link {
        let entity = &self.whole.model[id];
        self.log.add_path(FactKind::EntityName, &entity.path);
        Link { title: entity.matter.name.value.clone(), url: self.url(&Route::entity(entity)) }
    }

    /// What a person was on some day of a period, the earliest first.
    pub fn roles_in(&self, id: EntityId, period: Period) -> Vec<view::Role> {
        let entity = &self.whole.model[id];
        self.log.add_path(FactKind::EntityRoles, &entity.path);
        entity.roles_in(period).into_iter().filter_map(|row| self.role(entity, row)).collect()
    }

    /// What a person was in an organization, the earliest first.
    pub fn roles_at(&self, id: EntityId, organization: EntityId) -> Vec<view::Role> {
        let entity = &self.whole.model[id];
        self.log.add_path(FactKind::EntityRoles, &entity.path);
        let mut rows: Vec<usize> = (0..entity.matter.roles.len())
            .filter(|row| entity.role_organizations.get(*row) == Some(&Some(organization)))
            .collect();
        rows.sort_by_key(|row| entity.matter.roles[*row].from.map(|date| date.first));
        rows.into_iter().filter_map(|row| self.role(entity, row)).collect()
    }

    /// A row of `[[roles]]`.
    pub fn role(&self, entity: &Entity, row: usize) -> Option<view::Role> {
        let role = entity.matter.roles.get(row)?;
        let page = entity.role_organizations.get(row).copied().flatten();
        Some(view::Role {
            title: role.title.clone(),
            organization: role.organization.as_ref().map(|name| match page {
                Some(id) => {
                    let Link { title, url } = self.entity_link(id);
                    view::MaybeLink { title, url: Some(url) }
                }
                None => view::MaybeLink { title: name.value.clone(), url: None },
            }),
            from: role.from.map(|date| self.locale.period(date)),
            to: role.to.map(|date| self.locale.period(date)),
        })
    }

    /// A tag's name and page.
    pub fn tag_link(&self, id: TagId) -> Link {
        let tag = &self.whole.model[id];
        self.log.add(FactKind::TagName, tag.slug.as_str());
        Link { title: tag.name.clone(), url: self.url(&Route::tag(tag)) }
    }

    /// An article's headline and page.
    pub fn article_link(&self, id: ArticleId) -> Link {
        let article = &self.whole.model[id];
        self.log.add_path(FactKind::ArticleName, &article.path);
        self.link_to(article)
    }

    /// The same of an article whose headline and address are part of what was read already.
    pub(super) fn link_to(&self, article: &Article) -> Link {
        Link { title: article.matter.title.clone(), url: self.url(&Route::article(article)) }
    }

    /// What changed in a digest since its latest edition; `None` when it has none.
    pub fn changes_since_edition(&self, id: DigestId) -> Option<Vec<Change>> {
        self.log.add(FactKind::Digest, self.whole.model[id].slug.as_str());
        self.whole.model.changes_since_edition(id)
    }

    /// What changed from the edition before to the one at a place; `None` for the first one.
    pub fn changes_to_edition(&self, id: DigestId, at: usize) -> Option<Vec<Change>> {
        let digest = &self.whole.model[id];
        self.log.add(FactKind::Digest, digest.slug.as_str());
        self.whole.model.changes_to_edition(digest, at)
    }

    /// What happened besides what a digest's articles say.
    pub fn rows_of_digest(&self, id: DigestId) -> impl Iterator<Item = EventRow<'_>> {
        let digest = &self.whole.model[id];
        self.log.add(FactKind::Digest, digest.slug.as_str());
        self.whole.model.rows_of_digest(digest)
    }

    /// A digest's title and page.
    pub fn digest_link(&self, id: DigestId) -> Link {
        let digest = &self.whole.model[id];
        self.log.add(FactKind::DigestName, digest.slug.as_str());
        Link { title: digest.title.clone(), url: self.url(&Route::digest(digest)) }
    }

    /// An address as something to show: its host, without `www.`.
    pub fn host_link(&self, address: &str) -> Link {
        let host = url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
        let title = host.map_or_else(|| address.to_owned(), |host| host.trim_start_matches("www.").to_owned());
        Link { title, url: address.to_owned() }
    }

    /// A day or moment in the site's words.
    pub fn date(&self, when: &When) -> view::Date {
        let day = self.whole.day(when.date());
        self.log.add_path(FactKind::Route, &day.output);
        self.date_on(when, &day)
    }

    /// When an article was published, in the site's words. Its day has a page because of it, or none has: that follows from
    /// what was read of the article, and from the settings.
    pub fn published(&self, article: &Article) -> view::Date {
        self.date_on(&article.date, &self.whole.day(article.date.date()))
    }

    fn date_on(&self, when: &When, day: &Day) -> view::Date {
        let url = day.url.as_ref();
        view::Date {
            iso: when.iso(),
            text: day.text.clone(),
            short: day.short.clone(),
            time: when.time().map(|time| self.locale.time(time)),
            url: url.map(|url| if self.absolute_links { self.urls.with_host(url).into() } else { url.clone() }),
        }
    }

    /// Whether somebody needs more of the articles in a list than a template does, or they are held anyway.
    pub(super) fn shows_whole_cards(&self) -> bool {
        self.absolute_links || self.describes() || self.whole.holds_cards()
    }

    /// An article in a list.
    pub fn card(&self, id: ArticleId, diagnostics: &mut Vec<Diagnostic>) -> Shared<view::Card> {
        let places = self.whole.cards.get_or_init(|| {
            let count = if self.whole.holds_cards() { self.whole.model.articles().len() } else { 0 };
            (0..count).map(|_| OnceLock::new()).collect()
        });
        let Some(place) = places.get(id.index()).filter(|_| !self.absolute_links) else {
            return Shared::single(self.new_card(id, diagnostics));
        };
        let article = &self.whole.model[id].path;
        let add = |reads: &[Fact]| {
            for Fact { kind, name } in reads {
                match kind {
                    FactKind::Article if name == article => self.log.add_article(id, article),
                    kind => self.log.add_path(*kind, name),
                }
            }
        };
        if let Some(KnownCard { card, reads }) = place.get() {
            add(reads);
            return card.clone();
        }
        let log = Log::default();
        // Whoever asks first, it is the same one.
        let needs = &self.whole.needs().of_site;
        let reader = Reader { model: Tracked { log: &log, ..self.model }, log: &log, needs, ..*self };
        let said = diagnostics.len();
        let card = Shared::new(reader.new_card(id, diagnostics), Arc::clone(needs));
        let (reads, failure) = log.into_parts();
        add(&reads);
        let is_quiet = diagnostics.len() == said && failure.is_none();
        if let Some(failure) = failure {
            self.log.fail(failure);
        }
        if is_quiet {
            // Another page may have been faster.
            let _ = place.set(KnownCard { card: card.clone(), reads });
        }
        card
    }

    /// A period in the site's words.
    pub fn period(&self, period: Period) -> view::Period {
        view::Period {
            iso: period.iso(),
            text: self.locale.period(period),
            first: period.first.to_string(),
            last: period.last.to_string(),
        }
    }

    /// Where a page stands among the pages of its list.
    pub fn pager(&self, list: &Route, pager: Pager) -> view::Pager {
        let at = |number: usize| self.url(&list.numbered(number));
        view::Pager {
            number: pager.number,
            count: pager.count,
            total: pager.total,
            previous: (pager.number > 1).then(|| at(pager.number - 1)),
            next: (pager.number < pager.count).then(|| at(pager.number + 1)),
            first: at(1),
        }
    }

    /// The text of a file from a place on; nothing, and a failure in the log, when it cannot be read.
    fn text(&self, source: &SitePath, from: usize) -> Cow<'a, str> {
        self.log.add_path(FactKind::Text, source);
        let text = self.whole.snapshot.text(source).unwrap_or_else(|error| {
            self.log.fail(error);
            None
        });
        match text {
            Some(Cow::Borrowed(text)) => text.get(from..).unwrap_or_default().into(),
            Some(Cow::Owned(mut text)) if text.is_char_boundary(from) => {
                text.drain(..from);
                text.into()
            }
            Some(Cow::Owned(_)) => Cow::Borrowed(""),
            None => Cow::Borrowed(""),
        }
    }

    pub(super) fn style(&self) -> Style {
        Style { smart_punctuation: self.config.smart_punctuation, ..Style::default() }
    }

    /// The Markdown of `source`, which starts at `body`, as HTML.
    pub fn body(&self, source: &SitePath, body: usize, diagnostics: &mut Vec<Diagnostic>) -> Html {
        let text = self.text(source, body);
        let mut links = TextLinks::body(self, source, body, diagnostics);
        markdown::render(&text, self.style(), &mut links)
    }

    /// An article's text, as much of it as may be shown.
    pub fn article_body(&self, article: &Article, diagnostics: &mut Vec<Diagnostic>) -> Html {
        let text = self.text(&article.path, article.body);
        let max_words = match article.display {
            Display::Full => None,
            Display::Excerpt => Some(article.max_words),
            Display::Headline => Some(0),
        };
        let style = Style { max_words, ..self.style() };
        let mut links = TextLinks::body(self, &article.path, article.body, diagnostics);
        markdown::render(&text, style, &mut links)
    }

    /// A value of front matter as HTML.
    pub fn inline(&self, source: &SitePath, text: &str, span: &Span, diagnostics: &mut Vec<Diagnostic>) -> String {
        let mut links = TextLinks::value(self, source, span.clone(), diagnostics);
        let style = Style { is_brief: true, ..self.style() };
        markdown::render(text, style, &mut links).html
    }

    /// A value of front matter as HTML, where there is one.
    pub fn maybe_inline(
        &self,
        source: &SitePath,
        text: Option<&Located<String>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        text.map(|text| self.inline(source, &text.value, &text.span, diagnostics))
    }

    /// The `tag:` id of an article or digest (RFC 4151), which never changes: an article's own date is no part of it,
    /// because that may be put right.
    pub fn tag_uri(&self, id: &str) -> String {
        // RFC 4151 allows what a path of RFC 3986 may hold.
        let id: String = percent_encoding::utf8_percent_encode(id, percent_encoding::CONTROLS).to_string();
        format!("tag:{},2022:{}", self.config.tag_authority, id.replace(' ', "%20"))
    }
}
