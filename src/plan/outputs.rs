//! The list of outputs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hashbrown::{HashTable, hash_table::Entry};
use jiff::civil;
use rayon::prelude::*;

use super::{Pager, Route, paginate};
use crate::{
    config::Config,
    diagnostic::{Diagnostic, Place, SitePath},
    fingerprint::short,
    load::{Area, Snapshot},
    model::{
        Article, ArticleId, DigestId, DigestOrigin, EntityId, Model, PageId, PublisherId, TagId, TopicId, event_rows,
    },
    parse::{Located, matter::EntityKind},
    search::{Layout, PARTS},
    social::Fonts,
};

/// What a feed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole site.
    Site,
    /// A topic and its narrower ones.
    Topic(TopicId),
    /// What was put right.
    Corrections,
}

/// How a feed is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedFormat {
    /// RFC 4287.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl FeedFormat {
    /// The end of its file's name.
    pub fn extension(self) -> &'static str {
        match self {
            FeedFormat::Atom => "atom",
            FeedFormat::Rss => "rss",
            FeedFormat::Json => "json",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            FeedFormat::Atom => "application/atom+xml",
            FeedFormat::Rss => "application/rss+xml",
            FeedFormat::Json => "application/feed+json",
        }
    }

    /// What readers call it.
    pub fn name(self) -> &'static str {
        match self {
            FeedFormat::Atom => "Atom",
            FeedFormat::Rss => "RSS",
            FeedFormat::Json => "JSON",
        }
    }

    /// The formats that a site gives.
    pub fn enabled(config: &Config) -> Vec<Self> {
        let all = [
            (FeedFormat::Atom, config.outputs.atom),
            (FeedFormat::Rss, config.outputs.rss),
            (FeedFormat::Json, config.outputs.json_feed),
        ];
        all.into_iter().filter(|(_, on)| *on).map(|(format, _)| format).collect()
    }
}

/// Whose events a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineOf {
    /// A topic and its narrower ones.
    Topic(TopicId),
    /// A digest.
    Digest(DigestId),
}

/// How events are written for other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineFormat {
    /// iCalendar, RFC 5545.
    Calendar,
    /// The JSON of TimelineJS 3.
    TimelineJs,
}

impl TimelineFormat {
    /// All of them.
    pub const ALL: [TimelineFormat; 2] = [TimelineFormat::Calendar, TimelineFormat::TimelineJs];

    /// The end of its file's name.
    pub fn extension(self) -> &'static str {
        match self {
            TimelineFormat::Calendar => "ics",
            TimelineFormat::TimelineJs => "json",
        }
    }
}

/// A form that an edition of a digest goes out in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditionFile {
    /// The e-mail as a page.
    Html,
    /// The e-mail without any form.
    Text,
    /// The whole e-mail, RFC 5322.
    Mail,
    /// An EPUB 3 publication.
    Epub,
}

impl EditionFile {
    /// All of them.
    pub const ALL: [EditionFile; 4] = [EditionFile::Html, EditionFile::Text, EditionFile::Mail, EditionFile::Epub];

    /// The name of its file.
    pub fn name(self) -> &'static str {
        match self {
            EditionFile::Html => "email.html",
            EditionFile::Text => "email.txt",
            EditionFile::Mail => "edition.eml",
            EditionFile::Epub => "edition.epub",
        }
    }
}

/// A page and what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// The first page.
    Home,
    /// An article.
    Article(ArticleId),
    /// A topic; its articles over several pages.
    Topic(TopicId, Pager),
    /// A digest.
    Digest(DigestId),
    /// A publisher; its articles over several pages.
    Publisher(PublisherId, Pager),
    /// A person, place or organization; its articles over several pages.
    Entity(EntityId, Pager),
    /// A tag; its articles over several pages.
    Tag(TagId, Pager),
    /// All years.
    Archive,
    /// A year's months.
    Year(i16),
    /// A month's articles over several pages.
    Month(i16, i8, Pager),
    /// A day's articles over several pages.
    Day(civil::Date, Pager),
    /// A plain page.
    Page(PageId),
    /// All topics.
    Topics,
    /// All digests over several pages.
    Digests(Pager),
    /// All publishers.
    Publishers,
    /// All people, places or organizations.
    Entities(EntityKind),
    /// All tags.
    Tags,
    /// What topics, people, places, organizations, publishers and tags there are, by their letters, over several pages.
    AToZ(Pager),
    /// What was put right, over several pages.
    Corrections(Pager),
    /// The form to search with, and the place for what is found.
    Search,
    /// What hosts show for whatever is not there.
    NotFound,
}

/// What a social card is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardOf {
    /// The site.
    Site,
    /// An article.
    Article(ArticleId),
    /// A topic.
    Topic(TopicId),
    /// A digest.
    Digest(DigestId),
}

/// A file that a search loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchFile {
    /// The program.
    Script,
    /// How much there is, and in how many shards.
    Overview,
    /// Which day each article is of.
    Days,
    /// The topics that articles can be filtered by.
    Topics,
    /// The publishers and agencies.
    Publishers,
    /// The people.
    People,
    /// How entries of a block are shown: some of them, by the block's key and the number of the part.
    Cards(u32, u32),
    /// The words of a shard.
    Words(usize),
    /// A shard's long lists: a part of them.
    Lists(usize, usize),
}

/// What a file of the site holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// A page from a template.
    Page(PageKind),
    /// A feed.
    Feed(FeedFormat, Scope),
    /// Events for other programs.
    Timeline(TimelineFormat, TimelineOf),
    /// An edition of a digest, by its place among the digest's editions.
    Edition(EditionFile, DigestId, usize),
    /// A page that leads from an old address to the present one.
    Redirect(Route),
    /// `sitemap.xml`; with more than 50,000 addresses an index over parts.
    Sitemap,
    /// A part of the sitemap, from 1.
    SitemapPart(usize),
    /// `sitemap-news.xml`: the articles of the last two days.
    NewsSitemap,
    /// `publishers.opml`: the publishers' feeds.
    Opml,
    /// `llms.txt`.
    Llms,
    /// A page's data as JSON, and the page's address.
    Json(PageKind, Route),
    /// The social card of a page.
    Card(CardOf),
    /// `robots.txt`.
    Robots,
    /// A file that a search loads.
    Search(SearchFile),
    /// `.nojekyll`: tells GitHub Pages to serve the files as they are.
    NoJekyll,
    /// A file of `static/`.
    Static(SitePath),
    /// A static file of the theme, by its path in the theme's `static/`.
    ThemeStatic(String),
}

impl OutputKind {
    /// The page that it is, or whose data it is.
    pub fn page(&self) -> Option<PageKind> {
        match self {
            OutputKind::Page(kind) | OutputKind::Json(kind, _) => Some(*kind),
            _ => None,
        }
    }

    /// How many things it shows, as far as the plan knows: by that, what takes long can be made first.
    pub fn weight(&self) -> usize {
        let of_page = |kind: &PageKind| match kind {
            PageKind::Topic(_, pager)
            | PageKind::Publisher(_, pager)
            | PageKind::Entity(_, pager)
            | PageKind::Tag(_, pager)
            | PageKind::Month(_, _, pager)
            | PageKind::Day(_, pager)
            | PageKind::Digests(pager)
            | PageKind::AToZ(pager)
            | PageKind::Corrections(pager) => pager.range().len(),
            PageKind::Home | PageKind::Digest(_) | PageKind::Year(_) => 50,
            PageKind::Article(_) | PageKind::Page(_) | PageKind::Search | PageKind::NotFound => 1,
            PageKind::Archive | PageKind::Topics | PageKind::Publishers | PageKind::Entities(_) | PageKind::Tags => {
                usize::MAX
            }
        };
        match self {
            OutputKind::Page(kind) | OutputKind::Json(kind, _) => of_page(kind),
            // Long, but made in no time, and large while it is: behind the lists, which are as large.
            OutputKind::SitemapPart(_) => 2,
            OutputKind::Redirect(_)
            | OutputKind::Robots
            | OutputKind::NoJekyll
            | OutputKind::Static(_)
            | OutputKind::ThemeStatic(_) => 0,
            _ => usize::MAX,
        }
    }
}

/// A file of the site to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its address.
    pub route: Route,
    /// What it holds.
    pub kind: OutputKind,
    /// The file that it is made for, when there is one.
    pub source: Option<SitePath>,
}

/// Every output, by its path.
#[derive(Debug, Default)]
pub struct Plan {
    /// In the order of the paths, once all are there.
    outputs: Vec<(Arc<str>, Output)>,
    /// Places among the outputs, by path.
    places: HashTable<u32>,
    /// Places of pages among the outputs, by the file of `content/` that they are made for; the first page of each.
    sources: HashTable<u32>,
    sitemap_parts: usize,
}

/// Addresses in one sitemap, as the protocol limits them.
pub const SITEMAP_LIMIT: usize = 50_000;

impl Plan {
    /// The outputs with their paths from the output's root, in order.
    pub fn outputs(&self) -> &[(Arc<str>, Output)] {
        &self.outputs
    }

    /// The output at a path from the output's root.
    pub fn get(&self, path: &str) -> Option<&Output> {
        let is_it = |place: &u32| *self.outputs[*place as usize].0 == *path;
        let place = self.places.find(short(path), is_it)?;
        Some(&self.outputs[*place as usize].1)
    }

    /// The page made for a file of `content/`.
    pub fn route_of(&self, source: &str) -> Option<&Route> {
        let is_it = |place: &u32| self.outputs[*place as usize].1.source.as_deref() == Some(source);
        let place = self.sources.find(short(source), is_it)?;
        Some(&self.outputs[*place as usize].1.route)
    }

    /// The files of `content/` that have a page, in no order.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().filter_map(|place| self.outputs[*place as usize].1.source.as_deref())
    }

    /// Pages that belong in the sitemap, in the order of their paths.
    pub fn indexable(&self) -> impl Iterator<Item = (&Route, PageKind)> {
        self.outputs.iter().filter_map(|(_, output)| match output.kind {
            OutputKind::Page(PageKind::NotFound) => None,
            OutputKind::Page(kind) => Some((&output.route, kind)),
            _ => None,
        })
    }

    /// Parts of the sitemap; 0 when it is one file.
    pub fn sitemap_parts(&self) -> usize {
        self.sitemap_parts
    }

    /// Whether two plans have the same outputs at the same paths.
    pub fn is_same(&self, other: &Plan) -> bool {
        self.outputs.len() == other.outputs.len() && self.outputs.par_iter().eq(&other.outputs)
    }

    fn add(&mut self, route: Route, kind: OutputKind, source: Option<&SitePath>, diagnostics: &mut Vec<Diagnostic>) {
        let path = route.output_path();
        self.add_at(path.into(), route, kind, source, diagnostics);
    }

    fn add_at(
        &mut self,
        path: Arc<str>,
        route: Route,
        kind: OutputKind,
        source: Option<&SitePath>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Plan { outputs, places, sources, .. } = self;
        // More outputs than numbers would not fit in memory.
        let place = u32::try_from(outputs.len()).unwrap_or(u32::MAX);
        let is_it = |place: &u32| outputs[*place as usize].0 == path;
        let free = match places.entry(short(&path), is_it, |place| short(&outputs[*place as usize].0)) {
            Entry::Occupied(taken) => {
                let first = &outputs[*taken.get() as usize].1;
                diagnostics.push(collision(&route, &kind, source, first));
                return;
            }
            Entry::Vacant(free) => free,
        };
        free.insert(place);
        if let (OutputKind::Page(_), Some(source)) = (&kind, source) {
            let of = |place: &u32| outputs[*place as usize].1.source.as_deref().unwrap_or_default();
            sources.entry(short(source), |place| of(place) == &**source, |place| short(of(place))).or_insert(place);
        }
        outputs.push((path, Output { route, kind, source: source.cloned() }));
    }

    /// Makes room for the pages of so many articles.
    fn reserve(&mut self, articles: usize) {
        let Plan { outputs, places, sources, .. } = self;
        outputs.reserve(articles);
        places.reserve(articles, |place| short(&outputs[*place as usize].0));
        sources.reserve(articles, |place| short(outputs[*place as usize].1.source.as_deref().unwrap_or_default()));
    }

    /// Puts the outputs in order.
    fn sort(&mut self) {
        let Plan { outputs, places, sources, .. } = self;
        // The texts beside each other: to look into an output for each comparison takes longer.
        let mut order: Vec<(&str, u32)> = outputs.iter().map(|(path, _)| &**path).zip(0..).collect();
        order.par_sort_unstable();
        let order: Vec<u32> = order.into_iter().map(|(_, from)| from).collect();
        let mut moved = vec![0; outputs.len()];
        for (to, from) in (0..).zip(&order) {
            moved[*from as usize] = to;
        }
        for place in places.iter_mut().chain(sources.iter_mut()) {
            *place = moved[*place as usize];
        }
        let mut unsorted: Vec<Option<(Arc<str>, Output)>> = std::mem::take(outputs).into_iter().map(Some).collect();
        *outputs = order.into_iter().filter_map(|from| unsorted[from as usize].take()).collect();
    }
}

fn collision(route: &Route, kind: &OutputKind, source: Option<&SitePath>, first: &Output) -> Diagnostic {
    let what = match kind {
        OutputKind::Static(_) => "a file in static/ and a page",
        _ => "two pages",
    };
    let site = SitePath::from("site.toml");
    let place = Place::file(source.or(first.source.as_ref()).unwrap_or(&site));
    let mut diagnostic = Diagnostic::error(format!("{what} want the address `{route}`"), place);
    diagnostic = match (source, &first.source) {
        (Some(own), Some(other)) if own != other => diagnostic.related(Place::file(other), "the other one"),
        (_, _) if first.source.is_none() || source.is_none() => {
            return diagnostic.hint("this address is taken by a page that every site has; rename the file");
        }
        _ => diagnostic,
    };
    diagnostic.hint("change the `slug`, the date or the file's name of one of them")
}

/// Plans the site. `theme_files` are the theme's static files, by their paths in its `static/`; `fonts` are there where the
/// site has social cards.
pub fn plan(
    model: &Model,
    config: &Config,
    snapshot: &Snapshot,
    theme_files: &[String],
    fonts: Option<&Fonts>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Plan {
    let mut plan = Plan::default();
    pages(&mut plan, model, config, diagnostics);
    if config.outputs.archive {
        archive(&mut plan, model, config, diagnostics);
    }
    names(&mut plan, model, config, diagnostics);
    if config.search {
        search(&mut plan, model, diagnostics);
    }
    corrections(&mut plan, model, config, diagnostics);
    let scopes = std::iter::once(Scope::Site).chain(model.topics().map(|(id, _)| Scope::Topic(id)));
    let scopes = scopes.chain((!model.corrections().is_empty()).then_some(Scope::Corrections));
    let formats = FeedFormat::enabled(config);
    for scope in scopes {
        for format in &formats {
            let route = Route::feed(*format, scope, model);
            plan.add(route, OutputKind::Feed(*format, scope), None, diagnostics);
        }
    }
    if config.outputs.timeline {
        timelines(&mut plan, model, diagnostics);
    }
    if config.outputs.editions {
        editions(&mut plan, model, diagnostics);
    }
    if config.outputs.sitemap {
        plan.add(Route::file("sitemap.xml"), OutputKind::Sitemap, None, diagnostics);
        let count = plan.indexable().count();
        if count > SITEMAP_LIMIT {
            plan.sitemap_parts = count.div_ceil(SITEMAP_LIMIT);
            for part in 1..=plan.sitemap_parts {
                let route = Route::file(&format!("sitemap-{part}.xml"));
                plan.add(route, OutputKind::SitemapPart(part), None, diagnostics);
            }
        }
    }
    if config.outputs.json {
        json(&mut plan, diagnostics);
    }
    if let Some(fonts) = fonts {
        cards(&mut plan, model, config, fonts, diagnostics);
    }
    files(&mut plan, config, model, snapshot, theme_files, diagnostics);
    aliases(&mut plan, model, diagnostics);
    plan.sort();
    folders(&plan, diagnostics);
    plan
}

fn pages(plan: &mut Plan, model: &Model, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    let articles: Vec<_> = model.articles().collect();
    let addresses = articles.par_iter().with_min_len(256).map(|(_, article)| {
        let route = Route::article(article);
        (Arc::from(route.output_path()), route)
    });
    let addresses: Vec<(Arc<str>, Route)> = addresses.collect();
    let mut page = |route: Route, kind: PageKind, source: Option<&SitePath>| {
        plan.add(route, OutputKind::Page(kind), source, diagnostics);
    };
    page(Route::home(), PageKind::Home, None);
    page(Route::not_found(), PageKind::NotFound, None);
    plan.reserve(addresses.len());
    for ((path, route), (id, article)) in addresses.into_iter().zip(articles) {
        let kind = OutputKind::Page(PageKind::Article(id));
        plan.add_at(path, route, kind, Some(&article.path), diagnostics);
    }
    let mut page = |route: Route, kind: PageKind, source: Option<&SitePath>| {
        plan.add(route, OutputKind::Page(kind), source, diagnostics);
    };
    for (id, topic) in model.topics() {
        for pager in paginate(topic.articles.len(), config.page_size) {
            let route = Route::topic(topic).numbered(pager.number);
            page(route, PageKind::Topic(id, pager), Some(&topic.path));
        }
    }
    for (id, digest) in model.digests() {
        let source = match &digest.origin {
            DigestOrigin::Written { path, .. } => Some(path),
            DigestOrigin::Made => None,
        };
        page(Route::digest(digest), PageKind::Digest(id), source);
    }
    for (id, publisher) in model.publishers() {
        for pager in paginate(publisher.articles.len(), config.page_size) {
            let route = Route::publisher(publisher).numbered(pager.number);
            page(route, PageKind::Publisher(id, pager), Some(&publisher.path));
        }
    }
    for (id, entity) in model.entities() {
        for pager in paginate(entity.articles.len(), config.page_size) {
            let route = Route::entity(entity).numbered(pager.number);
            page(route, PageKind::Entity(id, pager), Some(&entity.path));
        }
    }
    for (id, tag) in model.tags() {
        for pager in paginate(tag.articles.len(), config.page_size) {
            page(Route::tag(tag).numbered(pager.number), PageKind::Tag(id, pager), None);
        }
    }
    for (id, plain) in model.pages() {
        page(Route::page(plain), PageKind::Page(id), Some(&plain.path));
    }
    // A list of nothing is no page.
    if model.topics().next().is_some() {
        page(Route::topics(), PageKind::Topics, None);
    }
    if model.digests().next().is_some() {
        for pager in paginate(model.digests().count(), config.page_size) {
            page(Route::digests().numbered(pager.number), PageKind::Digests(pager), None);
        }
    }
    if model.publishers().next().is_some() {
        page(Route::publishers(), PageKind::Publishers, None);
    }
    for kind in [EntityKind::Person, EntityKind::Place, EntityKind::Organization] {
        if model.entities().any(|(_, entity)| entity.matter.kind == kind) {
            page(Route::entities(kind), PageKind::Entities(kind), None);
        }
    }
    if model.tags().next().is_some() {
        page(Route::tags(), PageKind::Tags, None);
    }
}

/// The data of each page that says something.
fn json(plan: &mut Plan, diagnostics: &mut Vec<Diagnostic>) {
    let pages = plan.outputs.iter().filter_map(|(_, output)| match output.kind {
        OutputKind::Page(PageKind::NotFound | PageKind::Search) => None,
        OutputKind::Page(kind) => Some((output.route.clone(), kind, output.source.clone())),
        _ => None,
    });
    for (page, kind, source) in pages.collect::<Vec<_>>() {
        plan.add(Route::json(&page), OutputKind::Json(kind, page), source.as_ref(), diagnostics);
    }
}

/// Where nothing is said to have happened there is nothing to export.
fn timelines(plan: &mut Plan, model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut add = |of: TimelineOf| {
        for format in TimelineFormat::ALL {
            let route = Route::timeline(format, of, model);
            plan.add(route, OutputKind::Timeline(format, of), None, diagnostics);
        }
    };
    for (id, topic) in model.topics() {
        if model.has_events(event_rows(&topic.matter.events, &topic.citations), topic.articles.iter().copied()) {
            add(TimelineOf::Topic(id));
        }
    }
    for (id, digest) in model.digests() {
        if model.has_events(model.rows_of_digest(digest), digest.articles()) {
            add(TimelineOf::Digest(id));
        }
    }
}

fn editions(plan: &mut Plan, model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for (id, digest) in model.digests() {
        for (at, edition) in digest.editions.iter().enumerate() {
            for file in EditionFile::ALL {
                let route = Route::edition(file, digest, edition.number());
                plan.add(route, OutputKind::Edition(file, id, at), Some(&edition.path), diagnostics);
            }
        }
    }
}

/// Pages that a message names, before it counts the rest.
const NAMED: usize = 5;

/// A card for each page that is shared and has no picture of its own. One whose words cannot be drawn is left out: all of
/// them are reported at once, since one typeface is what they want.
fn cards(plan: &mut Plan, model: &Model, config: &Config, fonts: &Fonts, diagnostics: &mut Vec<Diagnostic>) {
    let topic = |id: &TopicId| model[*id].matter.title.as_str();
    let mut wanted = vec![(Route::home(), CardOf::Site, "", "")];
    wanted.extend(model.articles().filter(|(_, article)| !has_picture(article)).map(|(id, article)| {
        let about = article.topics.first().map(topic);
        (Route::article(article), CardOf::Article(id), article.matter.title.as_str(), about.unwrap_or_default())
    }));
    wanted.extend(
        model.topics().map(|(id, topic)| (Route::topic(topic), CardOf::Topic(id), topic.matter.title.as_str(), "")),
    );
    wanted.extend(
        model.digests().map(|(id, digest)| (Route::digest(digest), CardOf::Digest(id), digest.title.as_str(), "")),
    );
    let of_site = fonts.lacking(&config.title);
    let mut without: Vec<Route> = Vec::new();
    let mut lacking: BTreeSet<char> = BTreeSet::new();
    for (page, kind, title, about) in wanted {
        let letters = [fonts.lacking(title), fonts.lacking(about)].concat();
        if letters.is_empty() && of_site.is_empty() {
            let route = Route::card(&page);
            if !matches!(plan.get(&route.output_path()), Some(Output { kind: OutputKind::Static(_), .. })) {
                plan.add(route, OutputKind::Card(kind), None, diagnostics);
            }
        } else {
            lacking.extend(letters.iter().chain(&of_site));
            without.push(page);
        }
    }
    if without.is_empty() {
        return;
    }
    let letters: Vec<String> =
        lacking.iter().take(10).map(|letter| format!("`{letter}` (U+{:04X})", u32::from(*letter))).collect();
    let mut named: Vec<String> = without.iter().take(NAMED).map(Route::to_string).collect();
    if without.len() > NAMED {
        named.push(format!("{} more", without.len() - NAMED));
    }
    let pages = if without.len() == 1 { "a page gets" } else { "pages get" };
    let message = format!("{pages} no social card: no typeface here has {}: {}", letters.join(", "), named.join(", "));
    diagnostics.push(
        Diagnostic::warning(message, Place::file(&SitePath::from("site.toml")))
            .hint(format!("put one that has them into themes/{}/fonts/, as .ttf, .otf or .ttc", config.theme)),
    );
}

/// Whether an article shows a picture from the site itself.
fn has_picture(article: &Article) -> bool {
    let is_own = |src: &str| !src.starts_with("//") && !src.contains("://");
    article.matter.images.iter().filter_map(|image| image.src.as_ref()).any(|src| is_own(&src.value))
}

fn archive(plan: &mut Plan, model: &Model, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    let mut page = |route: Route, kind: PageKind| plan.add(route, OutputKind::Page(kind), None, diagnostics);
    page(Route::archive(), PageKind::Archive);
    let mut months: BTreeMap<(i16, i8), usize> = BTreeMap::new();
    for (day, articles) in model.by_day() {
        *months.entry((day.year(), day.month())).or_default() += articles.len();
        for pager in paginate(articles.len(), config.page_size) {
            page(Route::day(*day).numbered(pager.number), PageKind::Day(*day, pager));
        }
    }
    let mut year = None;
    for ((of_year, month), count) in months {
        if year != Some(of_year) {
            year = Some(of_year);
            page(Route::year(of_year), PageKind::Year(of_year));
        }
        for pager in paginate(count, config.page_size) {
            page(Route::month(of_year, month).numbered(pager.number), PageKind::Month(of_year, month, pager));
        }
    }
}

/// Names on one page of the A to Z, for each article on one of a list: they take a line.
const NAMES: usize = 4;

/// The A to Z, where there are any names.
fn names(plan: &mut Plan, model: &Model, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    let count = model.topics().len() + model.publishers().len() + model.entities().len() + model.tags().len();
    if count > 0 {
        for pager in paginate(count, config.page_size * NAMES) {
            let route = Route::a_to_z().numbered(pager.number);
            plan.add(route, OutputKind::Page(PageKind::AToZ(pager)), None, diagnostics);
        }
    }
}

/// The log of corrections, where there are any.
fn corrections(plan: &mut Plan, model: &Model, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    if model.corrections().is_empty() {
        return;
    }
    for pager in paginate(model.corrections().len(), config.page_size) {
        let route = Route::corrections().numbered(pager.number);
        plan.add(route, OutputKind::Page(PageKind::Corrections(pager)), None, diagnostics);
    }
}

/// The search page, and what a search loads.
fn search(plan: &mut Plan, model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    plan.add(Route::search(), OutputKind::Page(PageKind::Search), None, diagnostics);
    let layout = Layout::new(model);
    let of_site = [
        SearchFile::Script,
        SearchFile::Overview,
        SearchFile::Days,
        SearchFile::Topics,
        SearchFile::Publishers,
        SearchFile::People,
    ];
    let cards = layout.cards().map(|(block, part)| SearchFile::Cards(block, part));
    let of_shard = |shard| {
        let lists = (0..PARTS).map(move |part| SearchFile::Lists(shard, part));
        std::iter::once(SearchFile::Words(shard)).chain(lists)
    };
    for file in of_site.into_iter().chain(cards).chain((0..layout.shards).flat_map(of_shard)) {
        plan.add(Route::search_file(file), OutputKind::Search(file), None, diagnostics);
    }
}

/// The site's own files take the place of the theme's, and of those that Dateline makes.
fn files(
    plan: &mut Plan,
    config: &Config,
    model: &Model,
    snapshot: &Snapshot,
    theme_files: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for file in snapshot.area(Area::Static) {
        let below = file.path.strip_prefix("static/").unwrap_or(&file.path);
        plan.add(Route::file(below), OutputKind::Static(file.path.clone()), Some(&file.path), diagnostics);
    }
    for file in theme_files {
        let route = Route::file(file);
        if !matches!(plan.get(&route.output_path()), Some(Output { kind: OutputKind::Static(_), .. })) {
            plan.add(route, OutputKind::ThemeStatic(file.clone()), None, diagnostics);
        }
    }
    let outputs = &config.outputs;
    let made = [
        (outputs.robots, Route::file("robots.txt"), OutputKind::Robots),
        (outputs.news_sitemap, Route::news_sitemap(), OutputKind::NewsSitemap),
        (outputs.opml && model.with_feeds().next().is_some(), Route::opml(), OutputKind::Opml),
        (outputs.llms, Route::file("llms.txt"), OutputKind::Llms),
        (true, Route::file(".nojekyll"), OutputKind::NoJekyll),
    ];
    for (is_on, route, kind) in made {
        if is_on && plan.get(&route.output_path()).is_none() {
            plan.add(route, kind, None, diagnostics);
        }
    }
}

fn aliases(plan: &mut Plan, model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut all: Vec<(&SitePath, &[Located<String>], Route)> = Vec::new();
    let articles: Vec<&Article> = model.articles().map(|(_, article)| article).collect();
    let articles = articles.into_par_iter().with_min_len(1024).filter(|article| !article.matter.aliases.is_empty());
    let articles: Vec<&Article> = articles.collect();
    all.extend(articles.into_iter().map(|a| (&a.path, a.matter.aliases.as_slice(), Route::article(a))));
    all.extend(model.topics().map(|(_, t)| (&t.path, t.matter.aliases.as_slice(), Route::topic(t))));
    all.extend(model.digests().filter_map(|(_, digest)| {
        let aliases = digest.matter()?.aliases.as_slice();
        Some((digest.path()?, aliases, Route::digest(digest)))
    }));
    all.extend(model.publishers().map(|(_, p)| (&p.path, p.matter.aliases.as_slice(), Route::publisher(p))));
    all.extend(model.entities().map(|(_, e)| (&e.path, e.matter.aliases.as_slice(), Route::entity(e))));
    all.extend(model.pages().map(|(_, p)| (&p.path, p.matter.aliases.as_slice(), Route::page(p))));
    for (source, aliases, target) in all {
        for alias in aliases {
            match Route::alias(&alias.value) {
                Some(route) if route == target => {}
                Some(route) if plan.get(&route.output_path()).is_some() => {
                    let place = Place::new(source, alias.span.clone());
                    let message = format!("the alias `{}` is the address of another page", alias.value);
                    let mut diagnostic = Diagnostic::error(message, place).hint("remove it, or choose another");
                    let other = plan.get(&route.output_path()).and_then(|output| output.source.as_ref());
                    if let Some(other) = other.filter(|other| *other != source) {
                        diagnostic = diagnostic.related(Place::file(other), "the other one");
                    }
                    diagnostics.push(diagnostic);
                }
                Some(route) => plan.add(route, OutputKind::Redirect(target.clone()), Some(source), diagnostics),
                None => diagnostics.push(
                    Diagnostic::error(
                        format!("`{}` in `aliases` is no address of this site", alias.value),
                        Place::new(source, alias.span.clone()),
                    )
                    .hint("write a path from the site's root, such as `/old/story/`"),
                ),
            }
        }
    }
}

/// A file cannot lie in a file: `/a.html` and `/a.html/b/` do not go together on any disk.
fn folders(plan: &Plan, diagnostics: &mut Vec<Diagnostic>) {
    let mut reported: BTreeSet<&Route> = BTreeSet::new();
    let mut before = "";
    for (path, output) in &plan.outputs {
        // In this order, a folder that was seen before is one of the last output.
        let seen = path.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        before = path;
        for (at, _) in path.match_indices('/').filter(|(at, _)| *at >= seen) {
            if let Some(file) = plan.get(&path[..at])
                && reported.insert(&file.route)
            {
                let site = SitePath::from("site.toml");
                let source = file.source.as_ref().or(output.source.as_ref()).unwrap_or(&site);
                diagnostics.push(
                    Diagnostic::error(
                        format!("the file `{}` stands where the folder of `{}` must be", file.route, output.route),
                        Place::file(source),
                    )
                    .hint("rename the file"),
                );
            }
        }
    }
}
