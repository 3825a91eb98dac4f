//! The one maker of addresses.

use std::fmt;

use jiff::civil;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::outputs::{EditionFile, FeedFormat, Scope, SearchFile, TimelineFormat, TimelineOf};
use crate::{
    config::BaseUrl,
    date::push_two,
    model::{Article, Digest, Entity, Model, Page, Publisher, Tag, Topic},
    parse::matter::EntityKind,
    social,
};

/// An address within the site: starts with `/`, and ends with `/` where it is a page's folder. Not percent-encoded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route(String);

impl Route {
    /// `/`.
    pub fn home() -> Self {
        Route("/".to_owned())
    }

    /// `/404.html`, which hosts show for whatever is not there.
    pub fn not_found() -> Self {
        Route("/404.html".to_owned())
    }

    /// `/2022/01/21/<slug>/`.
    pub fn article(article: &Article) -> Self {
        let mut text = day_folder(article.date.date(), article.slug.len() + 1);
        text.push_str(&article.slug);
        text.push('/');
        Route(text)
    }

    /// `/<topic>/`.
    pub fn topic(topic: &Topic) -> Self {
        Route(format!("/{}/", topic.slug))
    }

    /// `/<topic>/2022-01/`.
    pub fn digest(digest: &Digest) -> Self {
        Route(format!("/{}/", digest.slug))
    }

    /// `/publishers/<slug>/`.
    pub fn publisher(publisher: &Publisher) -> Self {
        Route(format!("/publishers/{}/", publisher.slug))
    }

    /// `/people/<slug>/`, `/places/<slug>/` or `/organizations/<slug>/`.
    pub fn entity(entity: &Entity) -> Self {
        Route(format!("{}{}/", Route::entities(entity.matter.kind), entity.slug))
    }

    /// `/tags/<slug>/`.
    pub fn tag(tag: &Tag) -> Self {
        Route(format!("/tags/{}/", tag.slug))
    }

    /// `/<slug>/`.
    pub fn page(page: &Page) -> Self {
        Route(format!("/{}/", page.slug))
    }

    /// `/topics/`.
    pub fn topics() -> Self {
        Route("/topics/".to_owned())
    }

    /// `/digests/`.
    pub fn digests() -> Self {
        Route("/digests/".to_owned())
    }

    /// `/publishers/`.
    pub fn publishers() -> Self {
        Route("/publishers/".to_owned())
    }

    /// `/people/`, `/places/` or `/organizations/`.
    pub fn entities(kind: EntityKind) -> Self {
        let folder = match kind {
            EntityKind::Person => "people",
            EntityKind::Place => "places",
            EntityKind::Organization => "organizations",
        };
        Route(format!("/{folder}/"))
    }

    /// `/tags/`.
    pub fn tags() -> Self {
        Route("/tags/".to_owned())
    }

    /// `/a-z/`.
    pub fn a_to_z() -> Self {
        Route("/a-z/".to_owned())
    }

    /// `/corrections/`.
    pub fn corrections() -> Self {
        Route("/corrections/".to_owned())
    }

    /// `/search/`.
    pub fn search() -> Self {
        Route("/search/".to_owned())
    }

    /// A file below `/search/`. Those of one shard follow one another in the order of their paths.
    pub fn search_file(file: SearchFile) -> Self {
        let name = match file {
            SearchFile::Script => "search.js".to_owned(),
            SearchFile::Overview => "overview.json".to_owned(),
            SearchFile::Days => "days.json".to_owned(),
            SearchFile::Topics => "topics.json".to_owned(),
            SearchFile::Publishers => "publishers.json".to_owned(),
            SearchFile::People => "people.json".to_owned(),
            SearchFile::Cards(block, part) => format!("cards/{block}-{part}.json"),
            SearchFile::Words(shard) => format!("words/{shard:04}.bin"),
            SearchFile::Lists(shard, part) => format!("words/{shard:04}-{part}.bin"),
        };
        Route(format!("/search/{name}"))
    }

    /// `/archive/`.
    pub fn archive() -> Self {
        Route("/archive/".to_owned())
    }

    /// `/2022/`.
    pub fn year(year: i16) -> Self {
        Route(format!("/{year:04}/"))
    }

    /// `/2022/01/`.
    pub fn month(year: i16, month: i8) -> Self {
        Route(format!("/{year:04}/{month:02}/"))
    }

    /// `/2022/01/21/`.
    pub fn day(date: civil::Date) -> Self {
        Route(day_folder(date, 0))
    }

    /// A later page of a list: `/tags/war/page/2/`; page 1 is the list itself.
    pub fn numbered(&self, number: usize) -> Self {
        if number == 1 { self.clone() } else { Route(format!("{self}page/{number}/")) }
    }

    /// `/feed.atom`, `/<topic>/feed.atom` or `/corrections/feed.atom`, and the same for the other formats.
    pub fn feed(format: FeedFormat, scope: Scope, model: &Model) -> Self {
        let folder = match scope {
            Scope::Site => Route::home(),
            Scope::Topic(id) => Route::topic(&model[id]),
            Scope::Corrections => Route::corrections(),
        };
        Route(format!("{folder}feed.{}", format.extension()))
    }

    /// `/<topic>/timeline.ics` or `/<topic>/2022-01/timeline.ics`, and the same for the other format.
    pub fn timeline(format: TimelineFormat, of: TimelineOf, model: &Model) -> Self {
        let folder = match of {
            TimelineOf::Topic(id) => Route::topic(&model[id]),
            TimelineOf::Digest(id) => Route::digest(&model[id]),
        };
        Route(format!("{folder}timeline.{}", format.extension()))
    }

    /// `/publishers.opml`.
    pub fn opml() -> Self {
        Route("/publishers.opml".to_owned())
    }

    /// `/sitemap-news.xml`.
    pub fn news_sitemap() -> Self {
        Route("/sitemap-news.xml".to_owned())
    }

    /// `index.json` beside a page.
    pub fn json(page: &Route) -> Self {
        Route(format!("{page}index.json"))
    }

    /// `card.png` beside a page.
    pub fn card(page: &Route) -> Self {
        Route(format!("{page}{}", social::FILE))
    }

    /// `/<topic>/2022-01/edition-1/email.html`, and the same for the other forms.
    pub fn edition(file: EditionFile, digest: &Digest, number: u32) -> Self {
        Route(format!("{}edition-{number}/{}", Route::digest(digest), file.name()))
    }

    /// A file at the root, or below it: `sitemap.xml`.
    pub fn file(path: &str) -> Self {
        Route(format!("/{path}"))
    }

    /// Where an old address lies: `/old/story/` or `/old/story.html`. A last part without a dot is a folder.
    ///
    /// `None` when the text is no path from the root, or would leave it.
    pub fn alias(text: &str) -> Option<Self> {
        let below = text.strip_prefix('/')?;
        let trimmed = below.trim_end_matches('/');
        if trimmed.is_empty() || !trimmed.split('/').all(crate::slug::is_segment) {
            return None;
        }
        let is_file = !below.ends_with('/') && trimmed.rsplit('/').next().is_some_and(|name| name.contains('.'));
        Some(Route(if is_file { format!("/{trimmed}") } else { format!("/{trimmed}/") }))
    }

    /// The file that answers it, from the output's root.
    pub fn output_path(&self) -> String {
        let below = &self.0[1..];
        if self.0.ends_with('/') { format!("{below}index.html") } else { below.to_owned() }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `/2022/01/21/`, with room for what is to follow.
fn day_folder(date: civil::Date, room: usize) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if !(0..=9999).contains(&year) {
        return format!("/{year:04}/{month:02}/{day:02}/");
    }
    let mut text = String::with_capacity("/2022/01/21/".len() + room);
    text.push('/');
    push_two(&mut text, i32::from(year) / 100);
    for part in [year, month.into(), day.into()] {
        push_two(&mut text, part.into());
        text.push('/');
    }
    text
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an address in a page must not hold as it is (RFC 3986), apart from the slashes between its parts.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Turns routes into addresses for pages and feeds: nothing else knows the base URL.
#[derive(Clone, Debug)]
pub struct Urls {
    base: BaseUrl,
}

impl Urls {
    /// Addresses below `base`.
    pub fn new(base: BaseUrl) -> Self {
        Urls { base }
    }

    /// From the host's root: `/repo/2022/01/21/talks/`.
    pub fn path(&self, route: &Route) -> String {
        let (base, below) = (self.base.path(), &route.0[1..]);
        // Hardly any address has a letter that must be encoded.
        let is_plain =
            below.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_'));
        if is_plain { [base, below].concat() } else { format!("{base}{}", utf8_percent_encode(below, PATH)) }
    }

    /// With scheme and host.
    pub fn absolute(&self, route: &Route) -> String {
        self.with_host(&self.path(route))
    }

    /// An address of [`Urls::path`] with scheme and host.
    pub fn with_host(&self, path: &str) -> String {
        [self.base.origin(), path].concat()
    }

    /// The base URL itself.
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lie_below_the_base() {
        let urls = Urls::new(BaseUrl::parse("https://user.github.io/repo").unwrap());
        let route = Route("/теми/".to_owned());
        assert_eq!(urls.path(&route), "/repo/%D1%82%D0%B5%D0%BC%D0%B8/");
        assert_eq!(urls.absolute(&Route::home()), "https://user.github.io/repo/");
        assert_eq!(route.output_path(), "теми/index.html");
        assert_eq!(Route::day(civil::date(2022, 1, 21)).as_str(), "/2022/01/21/");
        assert_eq!(Route::day(civil::date(7, 12, 3)).as_str(), "/0007/12/03/");
    }

    #[test]
    fn aliases_stay_in_the_site() {
        assert_eq!(Route::alias("/old/story").unwrap().output_path(), "old/story/index.html");
        assert_eq!(Route::alias("/old/story.html").unwrap().output_path(), "old/story.html");
        for bad in ["old", "/", "/../etc", "/a//b", "https://example.org/", "/a b/"] {
            assert!(Route::alias(bad).is_none(), "{bad}");
        }
    }
}
