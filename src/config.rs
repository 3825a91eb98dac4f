//! `site.toml`: the settings of a site, read and checked once.

use jiff::{Timestamp, ZonedDateTime, civil, tz::TimeZone};
use url::Url;

use crate::{
    diagnostic::{Diagnostic, Place, SitePath, Span, did_you_mean},
    load::Snapshot,
    parse::{Fields, Value, matter::Rights, parse_toml},
};

/// The address a site is published under, always with a `/` at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    path: String,
    host: String,
}

impl BaseUrl {
    /// Reads `https://user.github.io/repo`, with or without the last slash.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        if url.query().is_some() || url.fragment().is_some() {
            return None;
        }
        let mut path = url.path().to_owned();
        if !path.ends_with('/') {
            path.push('/');
        }
        Some(BaseUrl { origin: url.origin().ascii_serialization(), path, host: url.host_str()?.to_owned() })
    }

    /// The path below the origin, from `/` to `/`: `/repo/`, or `/` alone.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same path at another scheme and host, as a preview has it. The host stays what it was: ids are made of it.
    pub fn at(self, origin: &str) -> Self {
        BaseUrl { origin: origin.to_owned(), ..self }
    }

    /// Scheme and host: `https://user.github.io`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl std::fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

/// Which files a site gives besides its pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outputs {
    /// `feed.atom` for the site and each topic.
    pub atom: bool,
    /// `feed.rss` for the site and each topic.
    pub rss: bool,
    /// `feed.json` (JSON Feed 1.1) for the site and each topic.
    pub json_feed: bool,
    /// `sitemap.xml`.
    pub sitemap: bool,
    /// `robots.txt`.
    pub robots: bool,
    /// The archive by year, month and day.
    pub archive: bool,
    /// `timeline.ics` and `timeline.json` for each topic and digest with events.
    pub timeline: bool,
    /// JSON-LD in each page.
    pub structured_data: bool,
    /// `sitemap-news.xml`: the articles of the last two days.
    pub news_sitemap: bool,
    /// `publishers.opml`: the publishers' feeds.
    pub opml: bool,
    /// `index.json` beside each page.
    pub json: bool,
    /// `llms.txt`.
    pub llms: bool,
    /// For each edition of a digest an e-mail and an EPUB.
    pub editions: bool,
    /// `card.png` beside the home page, each article without a picture of its own, each topic and digest.
    pub social_cards: bool,
}

impl Default for Outputs {
    fn default() -> Self {
        Outputs {
            atom: true,
            rss: true,
            json_feed: true,
            sitemap: true,
            robots: true,
            archive: true,
            timeline: true,
            structured_data: true,
            news_sitemap: true,
            opml: true,
            json: false,
            llms: false,
            editions: true,
            social_cards: false,
        }
    }
}

/// What the command line says over `site.toml`.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--base-url`, as typed.
    pub base_url: Option<BaseUrl>,
    /// Scheme, host and port that take the place of those in `base_url`, whose path stays: a preview's.
    pub origin: Option<String>,
    /// `--drafts`.
    pub drafts: bool,
}

/// The settings of a site.
#[derive(Clone, Debug)]
pub struct Config {
    /// The site's name.
    pub title: String,
    /// One sentence on what the site is.
    pub description: Option<String>,
    /// Where it is published.
    pub base_url: BaseUrl,
    /// BCP 47 tag of the site's language.
    pub language: String,
    /// The zone that every date is in.
    pub zone: TimeZone,
    /// The theme's name: a folder of `themes/`, or a built-in theme.
    pub theme: String,
    /// Where `theme` stands in `site.toml`.
    pub theme_span: Option<Span>,
    /// Who makes the site.
    pub author: Option<String>,
    /// The authority of `tag:` ids (RFC 4151); the host of `base_url` unless set, so that ids outlive a move.
    pub tag_authority: String,
    /// Straight quotes and double hyphens become typographic ones.
    pub smart_punctuation: bool,
    /// Articles on one page of a list; 0 for all of them.
    pub page_size: usize,
    /// Articles on the home page.
    pub home_items: usize,
    /// Entries of a feed.
    pub feed_items: usize,
    /// What may be shown where no article, agency or publisher says otherwise.
    pub rights: Rights,
    /// Which files the site gives.
    pub outputs: Outputs,
    /// Readers can search the site.
    pub search: bool,
    /// Drafts are built too.
    pub drafts: bool,
    /// The author's own keys, for the theme.
    pub extra: Option<Value>,
}

/// The theme of a site that names none: the one that the binary holds.
pub const DEFAULT_THEME: &str = "broadsheet";

const PATH: &str = "site.toml";

/// Reads the settings. `None`, with a diagnostic, when there is no `site.toml` at all.
pub fn read(snapshot: &Snapshot, overrides: &Overrides, diagnostics: &mut Vec<Diagnostic>) -> Option<Config> {
    let path = SitePath::from(PATH);
    let Some(file) = snapshot.get(PATH) else {
        diagnostics.push(
            Diagnostic::error("there is no `site.toml` here", Place::file(&path)).hint(
                "run this in a site's folder, name it with `--root DIR`, or make a new site: `dateline init DIR`",
            ),
        );
        return None;
    };
    let before = diagnostics.len();
    let entries = parse_toml(file.held_text().map_or("", |text| text), 0, &path, diagnostics);
    let is_incomplete = diagnostics.len() > before || file.held_text().is_none();
    // The zone first: dates in the settings are read in it.
    let utc = TimeZone::UTC;
    let mut fields = Fields::new(&entries, "`site.toml`", 0..0, &path, &utc, diagnostics).incomplete(is_incomplete);

    let title = fields.required_text("title", "the site's name: `title = \"The Week in …\"`");
    let description = fields.text("description").map(|text| text.value);
    let mut base_url = base_url(&mut fields, overrides);
    if let Some(origin) = &overrides.origin {
        base_url = base_url.at(origin);
    }
    let language = fields.language("language");
    let zone = fields.text("timezone").and_then(|text| match TimeZone::get(&text.value) {
        Ok(zone) => Some(zone),
        Err(_) => {
            let hint = match did_you_mean(&text.value, ZONES.iter().copied()) {
                Some(zone) => format!("did you mean `{zone}`? zones have names such as `Europe/Kyiv` or `UTC`"),
                None => "zones have names such as `Europe/Kyiv`, `America/New_York` or `UTC`".to_owned(),
            };
            fields.report(format!("unknown time zone `{}`", text.value), text.span, hint);
            None
        }
    });
    let mut theme = fields.text("theme");
    if let Some(name) = theme.take_if(|name| name.value.contains(['/', '\\']) || name.value.starts_with('.')) {
        let message = format!("`{}` cannot be the name of a theme", name.value);
        fields.report(message, name.span, "a theme is a folder in themes/, named without a path");
    }
    let author = fields.text("author").map(|text| text.value);
    let tag_authority = fields.text("tag_authority").map(|text| text.value);
    let smart_punctuation = fields.flag("smart_punctuation").unwrap_or(false);
    let page_size = fields.number("page_size", 0..=100_000).unwrap_or(50);
    let home_items = fields.number("home_items", 1..=1000).unwrap_or(12);
    let feed_items = fields.number("feed_items", 1..=1000).unwrap_or(30);
    let rights = fields.table("rights", "`[rights]`", Rights::read).unwrap_or_default();
    let outputs = fields.table("outputs", "`[outputs]`", |fields| Outputs {
        atom: fields.flag("atom").unwrap_or(true),
        rss: fields.flag("rss").unwrap_or(true),
        json_feed: fields.flag("json_feed").unwrap_or(true),
        sitemap: fields.flag("sitemap").unwrap_or(true),
        robots: fields.flag("robots").unwrap_or(true),
        archive: fields.flag("archive").unwrap_or(true),
        timeline: fields.flag("timeline").unwrap_or(true),
        structured_data: fields.flag("structured_data").unwrap_or(true),
        news_sitemap: fields.flag("news_sitemap").unwrap_or(true),
        opml: fields.flag("opml").unwrap_or(true),
        json: fields.flag("json").unwrap_or(false),
        llms: fields.flag("llms").unwrap_or(false),
        editions: fields.flag("editions").unwrap_or(true),
        social_cards: fields.flag("social_cards").unwrap_or(false),
    });
    let search = fields.table("search", "`[search]`", |fields| fields.flag("enabled").unwrap_or(true));
    let extra = fields.any("extra");
    fields.finish();

    // A number in range fits: the ranges above are far below `usize`.
    let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    Some(Config {
        title: title.map_or_else(String::new, |text| text.value),
        description,
        tag_authority: tag_authority.unwrap_or_else(|| base_url.host().to_owned()),
        base_url,
        language: language.unwrap_or_else(|| "en".to_owned()),
        zone: zone.unwrap_or(TimeZone::UTC),
        theme_span: theme.as_ref().map(|name| name.span.clone()),
        theme: theme.map_or_else(|| DEFAULT_THEME.to_owned(), |name| name.value),
        author,
        smart_punctuation,
        page_size: count(page_size),
        home_items: count(home_items),
        feed_items: count(feed_items),
        rights,
        outputs: outputs.unwrap_or_default(),
        search: search.unwrap_or(true),
        drafts: overrides.drafts,
        extra,
    })
}

/// The zones that a misspelt one is compared with: one for each large population, and the newest names.
const ZONES: [&str; 30] = [
    "UTC",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Istanbul",
    "Europe/Kyiv",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Moscow",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Warsaw",
    "Europe/Zurich",
];

fn base_url(fields: &mut Fields<'_>, overrides: &Overrides) -> BaseUrl {
    let fallback =
        || BaseUrl { origin: "https://example.org".to_owned(), path: "/".to_owned(), host: "example.org".to_owned() };
    let is_there = fields.has("base_url");
    let text = fields.text("base_url");
    if let Some(base_url) = &overrides.base_url {
        return base_url.clone();
    }
    if !is_there {
        fields.missing("base_url", "where the site is published: `base_url = \"https://user.github.io/repo/\"`");
    }
    let Some(text) = text else { return fallback() };
    BaseUrl::parse(&text.value).unwrap_or_else(|| {
        fields.report(
            format!("`{}` is no address for a site", text.value),
            text.span,
            "write the whole address, without `?` or `#`: `base_url = \"https://user.github.io/repo/\"`",
        );
        fallback()
    })
}

/// The moment that a build takes for the present: drafts aside, nothing dated later is published.
#[derive(Clone, Debug)]
pub struct Now {
    /// The moment.
    pub timestamp: Timestamp,
}

impl Now {
    /// `--now`, else `SOURCE_DATE_EPOCH`, else the clock.
    pub fn new(flag: Option<Timestamp>, source_date_epoch: Option<&str>) -> Self {
        let epoch = || {
            let seconds = source_date_epoch?.trim().parse().ok()?;
            Timestamp::from_second(seconds).ok()
        };
        Now { timestamp: flag.or_else(epoch).unwrap_or_else(Timestamp::now) }
    }

    /// Today in the site's zone.
    pub fn today(&self, zone: &TimeZone) -> civil::Date {
        self.timestamp.to_zoned_datetime(zone.clone()).date()
    }

    /// Reads what `--now` takes: a day (its first moment in UTC) or an RFC 3339 moment.
    pub fn parse(text: &str) -> Result<Timestamp, String> {
        if let Ok(timestamp) = text.parse() {
            return Ok(timestamp);
        }
        let day: Result<civil::Date, _> = text.parse();
        day.ok()
            .and_then(|day| day.to_zoned_datetime(TimeZone::UTC).ok())
            .map(|zoned: ZonedDateTime| zoned.timestamp())
            .ok_or_else(|| "write a day, `2022-01-31`, or a moment, `2022-01-31T12:00:00Z`".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_ends_with_a_slash_and_knows_its_parts() {
        let base = BaseUrl::parse("https://user.github.io/repo").unwrap();
        assert_eq!(base.to_string(), "https://user.github.io/repo/");
        assert_eq!((base.origin(), base.path(), base.host()), ("https://user.github.io", "/repo/", "user.github.io"));
        assert!(BaseUrl::parse("ftp://example.org").is_none());
        assert!(BaseUrl::parse("/repo/").is_none());
        assert!(BaseUrl::parse("https://example.org/?a").is_none());
    }
}
