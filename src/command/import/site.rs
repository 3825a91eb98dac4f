//! What the site knows that an import can use.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::tz::TimeZone;

use crate::{
    config::{Config, Now},
    error::Result,
    import::{Story, merge::Existing, repeats::Sighting, text::agency},
    load::{self, Area, Before, Listing, Loaded, Reader, Snapshot, SourceFile, Taken},
    model,
    parse::{Parsed, ParsedFile, Parser, Value, split},
};

/// A publisher or agency of the site.
struct Publisher {
    slug: String,
    name: String,
    names: Vec<String>,
    host: Option<String>,
}

/// The site's names, taken out of it.
pub struct Site {
    /// The slugs of its topics.
    pub topics: Vec<String>,
    publishers: Vec<Publisher>,
    /// Which publisher has a name, in small letters.
    by_name: BTreeMap<String, usize>,
    /// Which publisher has a home page on a host.
    by_host: BTreeMap<String, usize>,
    /// Files of publishers that are there.
    slugs: BTreeSet<String>,
}

impl Site {
    /// Reads the site's names.
    pub fn new(snapshot: &Snapshot, parsed: &Parsed, config: &Config, now: &Now) -> Self {
        // What is wrong with the site is for `check` to say; an import needs only the names.
        let mut ignored = Vec::new();
        let model = model::build(parsed.documents(), config, now, &mut ignored);
        let publishers: Vec<Publisher> = model
            .publishers()
            .map(|(_, publisher)| {
                let matter = &publisher.matter;
                let names = std::iter::once(&matter.name).chain(&matter.alternate_names);
                Publisher {
                    slug: publisher.slug.clone(),
                    name: matter.name.value.clone(),
                    names: names.map(|name| name.value.clone()).collect(),
                    host: matter.url.as_deref().map(|url| host_of(url).to_owned()),
                }
            })
            .collect();
        let files = snapshot.area(Area::Content).filter_map(|file| file.path.strip_prefix("content/publishers/"));
        let mut site = Site {
            topics: model.topics().map(|(_, topic)| topic.slug.clone()).collect(),
            publishers: Vec::new(),
            by_name: BTreeMap::new(),
            by_host: BTreeMap::new(),
            slugs: files.map(|name| name.trim_end_matches(".md").to_owned()).collect(),
        };
        for publisher in publishers {
            site.add(publisher);
        }
        site
    }

    fn add(&mut self, publisher: Publisher) {
        let at = self.publishers.len();
        for name in &publisher.names {
            self.by_name.entry(name.to_lowercase()).or_insert(at);
        }
        if let Some(host) = publisher.host.clone().filter(|host| !host.is_empty()) {
            self.by_host.entry(host).or_insert(at);
        }
        self.publishers.push(publisher);
    }

    /// Slugs and names of the outlets.
    pub fn outlets(&self) -> Vec<(String, String)> {
        self.publishers.iter().map(|publisher| (publisher.slug.clone(), publisher.name.clone())).collect()
    }

    /// Gives the story the slugs that this site has for its agency and its outlet, whatever their names there. An outlet that the input
    /// does not name is known by its address.
    pub fn settle(&self, story: &mut Story) {
        if let Some(found) = story.agency.as_deref().and_then(agency::by_slug) {
            let is_it = |publisher: &&Publisher| {
                publisher.slug == found.slug || publisher.names.iter().any(|name| found.is_called(name))
            };
            if let Some(publisher) = self.publishers.iter().find(is_it) {
                story.agency = Some(publisher.slug.clone());
            }
        }
        if let Some(outlet) = &mut story.publisher {
            let by_slug = || self.publishers.iter().position(|publisher| publisher.slug == outlet.slug);
            let by_host = || self.by_host.get(host_of(outlet.url.as_deref()?)).copied();
            if let Some(at) =
                by_slug().or_else(|| self.by_name.get(&outlet.name.to_lowercase()).copied()).or_else(by_host)
            {
                outlet.slug.clone_from(&self.publishers[at].slug);
            }
        } else if let Some(url) = &story.url
            && let Some(at) = self.by_host.get(host_of(url))
        {
            let publisher = &self.publishers[*at];
            story.publisher = Some(crate::import::story::Outlet {
                name: publisher.name.clone(),
                slug: publisher.slug.clone(),
                url: None,
            });
            story.publishers.clear();
            story.check.retain(|check| check.field != "publisher");
        }
    }

    /// The files that a story's agency and outlet need and the site has not: path, text, and why. Each is given once.
    pub fn missing(&mut self, story: &Story) -> Vec<(String, String, String)> {
        let quoted = |text: &str| toml_edit::Value::from(text).to_string().trim().to_owned();
        let mut out = Vec::new();
        let agency = story.agency.as_deref().and_then(agency::by_slug).filter(|found| !self.slugs.contains(found.slug));
        if let Some(found) = agency.filter(|found| story.agency.as_deref() == Some(found.slug)) {
            out.push((
                format!("content/publishers/{}.md", found.slug),
                format!("+++\nname = {}\nkind = \"agency\"\n+++\n", quoted(found.name)),
                format!("a file for the agency {}, which the site did not know", found.name),
            ));
            self.slugs.insert(found.slug.to_owned());
        }
        if let Some(outlet) = story.publisher.as_ref().filter(|outlet| !self.slugs.contains(&outlet.slug)) {
            let url = outlet.url.as_ref().map(|url| format!("url = {}\n", quoted(url))).unwrap_or_default();
            out.push((
                format!("content/publishers/{}.md", outlet.slug),
                format!("+++\nname = {}\n{url}+++\n", quoted(&outlet.name)),
                format!("a file for the outlet {}, which the site did not know", outlet.name),
            ));
            self.slugs.insert(outlet.slug.clone());
            self.add(Publisher {
                slug: outlet.slug.clone(),
                name: outlet.name.clone(),
                names: vec![outlet.name.clone()],
                host: outlet.url.as_deref().map(|url| host_of(url).to_owned()),
            });
        }
        out
    }
}

/// The host of an address, without `www.`.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// What an import needs to know of an article, and what it says.
type Article = (Existing, Sighting);

/// Reads a site as [`crate::parse::read`] does, and of every article, the inbox included, what an import asks for: each text is
/// looked at once.
///
/// # Errors
/// When a file cannot be read.
pub fn read(listing: Listing, zone: &TimeZone) -> Result<(Snapshot, Arc<Parsed>, Vec<Article>)> {
    let before = Before { snapshot: None, reader: Articles(Parser::new(zone, None)) };
    let Loaded { snapshot, taken } = load::load(listing, &before)?;
    let mut articles = Vec::new();
    let taken = taken.map(|files| {
        let parsed = files.into_iter().map(|file| match file {
            Taken::Fresh { was, made: (parsed, article) } => {
                articles.extend(article);
                Taken::Fresh { was, made: parsed }
            }
            Taken::Kept(place) => Taken::Kept(place),
            Taken::Nothing => Taken::Nothing,
        });
        parsed.collect()
    });
    let (snapshot, parsed) = before.reader.0.finish(Loaded { snapshot, taken });
    Ok((snapshot, parsed, articles))
}

/// Parses texts, and reads off those of articles what an import asks for.
struct Articles<'a>(Parser<'a>);

impl Reader for Articles<'_> {
    type Taken = (ParsedFile, Option<Article>);

    fn goes_on(&self) -> bool {
        self.0.goes_on()
    }

    fn knows(&self, place: usize) -> bool {
        self.0.knows(place)
    }

    fn read(&self, file: &SourceFile, text: &str) -> Self::Taken {
        let is_article = file.path.starts_with("content/articles/") || file.path.starts_with("content/inbox/");
        let article = is_article.then(|| parts(&file.path, text)).flatten();
        let article = article.map(|(existing, title, url, body)| {
            (existing, Sighting::of_article(&title.unwrap_or_default(), url.as_deref(), body))
        });
        (self.0.read(file, text), article)
    }
}

/// What an import needs to know of an article's file.
pub fn existing(path: &str, text: &str) -> Option<Existing> {
    parts(path, text).map(|(existing, ..)| existing)
}

/// An article's file: what an import needs to know of it, its title, its address and its body.
fn parts<'t>(path: &str, text: &'t str) -> Option<(Existing, Option<String>, Option<String>, &'t str)> {
    let split = split(text, &path.into(), &mut Vec::new())?;
    let fields: BTreeMap<&str, &Value> =
        split.entries.iter().map(|entry| (entry.key.as_str(), &entry.node.value)).collect();
    let text_of = |key: &str| match fields.get(key) {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let sha256 = match fields.get("import") {
        Some(Value::Table(entries)) => {
            entries.iter().find(|entry| entry.key == "sha256").and_then(|entry| match &entry.node.value {
                Value::String(text) => Some(text.as_str()),
                _ => None,
            })
        }
        _ => None,
    };
    let body = &text[split.body.clone()];
    let found = Existing::new(path, text_of("id"), sha256, text_of("url"), body);
    let found = text_of("canonical_url").into_iter().fold(found, Existing::also_at);
    Some((found, text_of("title").map(str::to_owned), text_of("url").map(str::to_owned), body))
}
