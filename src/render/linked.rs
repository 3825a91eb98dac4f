//! What a page says to machines: schema.org as JSON-LD 1.1, one graph for each page.
//!
//! It is made of the page's own view, so that it says what the page shows and no more: of an article its headline and
//! summary, never its text.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{
    Reader,
    theme::Listed,
    view::{self, Link, MaybeLink},
};
use crate::{
    date::{Period, Precision},
    plan::Route,
};

/// Events that a page tells machines of, at most: those of importance 1 and 2, in the page's order.
const EVENTS: usize = 50;

/// A value of a property.
#[derive(Debug)]
enum Value<'a> {
    Text(Cow<'a, str>),
    Number(usize),
    Whole(i64),
    Decimal(f64),
    Flag(bool),
    List(Vec<Value<'a>>),
    Node(Node<'a>),
}

/// A thing with its properties, in the order in which they were given.
#[derive(Debug)]
pub struct Node<'a>(Vec<(&'static str, Value<'a>)>);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Number(number) => serializer.serialize_u64(*number as u64),
            Value::Whole(number) => serializer.serialize_i64(*number),
            Value::Decimal(number) => serializer.serialize_f64(*number),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::List(values) => serializer.collect_seq(values),
            Value::Node(node) => node.serialize(serializer),
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Value::Number(number)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Value::Decimal(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

impl<'a> From<Node<'a>> for Value<'a> {
    fn from(node: Node<'a>) -> Self {
        Value::Node(node)
    }
}

impl<'a> Node<'a> {
    /// A thing of a type of schema.org.
    fn of(kind: &'static str) -> Self {
        Node::default().with("@type", kind)
    }

    fn with(mut self, name: &'static str, value: impl Into<Value<'a>>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    fn maybe(self, name: &'static str, value: Option<impl Into<Value<'a>>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// One value by itself, several as a list, none not at all.
    fn all<T: Into<Value<'a>>>(mut self, name: &'static str, values: impl IntoIterator<Item = T>) -> Self {
        let mut values: Vec<Value<'a>> = values.into_iter().map(Into::into).collect();
        let value = if values.len() > 1 { Some(Value::List(values)) } else { values.pop() };
        self.0.extend(value.map(|value| (name, value)));
        self
    }
}

impl Default for Node<'_> {
    fn default() -> Self {
        Node(Vec::with_capacity(4))
    }
}

/// Articles in a list, by headline and address.
pub fn names(cards: &[Listed<view::Card>]) -> impl Iterator<Item = (&str, &str)> {
    cards.iter().filter_map(Listed::whole).map(|card| (card.title.as_str(), card.url.as_str()))
}

/// The page's graph as JSON that can stand in a `script` element: nothing in it ends the element or opens a comment.
pub fn script(nodes: Vec<Node<'_>>) -> String {
    let graph = Node::default()
        .with("@context", "https://schema.org")
        .with("@graph", Value::List(nodes.into_iter().map(Value::Node).collect()));
    // Text, numbers and lists always have a JSON form.
    let json = serde_json::to_string(&graph).unwrap_or_default();
    if json.contains('<') { json.replace('<', "\\u003c") } else { json }
}

/// Makes the nodes of a page.
#[derive(Clone, Copy)]
pub struct Graph<'a> {
    reader: &'a Reader<'a>,
    page: &'a view::Page,
}

impl<'a> Graph<'a> {
    /// Of a page that is otherwise finished.
    pub fn new(reader: &'a Reader<'a>, page: &'a view::Page) -> Self {
        Graph { reader, page }
    }

    /// An address of the site with scheme and host; others as they are.
    fn absolute(self, url: &'a str) -> Cow<'a, str> {
        if url.starts_with('/') { self.reader.urls.with_host(url).into() } else { url.into() }
    }

    fn own(self) -> String {
        self.reader.urls.with_host(&self.page.url)
    }

    fn anchor(self, name: &str) -> String {
        format!("{}#{name}", self.own())
    }

    fn site(self) -> Node<'a> {
        let home = self.reader.urls.absolute(&Route::home());
        Node::of("WebSite").with("@id", format!("{home}#site")).with("name", &self.reader.config.title)
    }

    /// A thing that has a page on this site: the same one wherever it is named.
    fn named(self, kind: &'static str, title: &'a str, url: &'a str) -> Node<'a> {
        let url = self.absolute(url);
        let id = format!("{url}#{}", fragment(kind));
        Node::of(kind).with("@id", id).with("name", title).with("url", Value::Text(url))
    }

    fn maybe_named(self, kind: &'static str, link: &'a MaybeLink) -> Node<'a> {
        match &link.url {
            Some(url) => self.named(kind, &link.title, url),
            None => Node::of(kind).with("name", &link.title),
        }
    }

    fn organization(self, link: &'a Link) -> Node<'a> {
        self.named("Organization", &link.title, &link.url)
    }

    /// The page itself, as a type of page.
    fn web_page(self, kind: &'static str) -> Node<'a> {
        let page = self.page;
        let mut node = Node::of(kind)
            .with("@id", self.own())
            .with("url", self.own())
            .with("name", &page.title)
            .maybe("description", page.description.as_ref())
            .with("inLanguage", &page.language)
            .with("isPartOf", self.site());
        if page.kind != "article" {
            node = node.maybe("primaryImageOfPage", self.card());
        }
        if !page.breadcrumbs.is_empty() {
            node = node.with("breadcrumb", Node::default().with("@id", self.anchor("breadcrumb")));
        }
        node
    }

    /// The page's social card.
    fn card(self) -> Option<Node<'a>> {
        let image = self.page.image.as_ref()?;
        // A picture whose size is known was drawn for the page; an article's own stands in the article.
        image.width.is_some().then(|| Node::of("ImageObject").with("contentUrl", &image.url))
    }

    /// The way to the page, which ends with the page; nothing for the home page.
    fn breadcrumbs(self) -> Option<Node<'a>> {
        let crumbs = &self.page.breadcrumbs;
        let step = |(at, (name, url)): (usize, (&'a str, &'a str))| {
            Node::of("ListItem")
                .with("position", at + 1)
                .with("name", name)
                .with("item", Node::default().with("@id", Value::Text(self.absolute(url))))
        };
        let own = (self.page.title.as_str(), self.page.url.as_str());
        let steps = crumbs.iter().map(|link| (link.title.as_str(), link.url.as_str())).chain([own]);
        (!crumbs.is_empty()).then(|| {
            Node::of("BreadcrumbList")
                .with("@id", self.anchor("breadcrumb"))
                .with("itemListElement", Value::List(steps.enumerate().map(|step_of| step(step_of).into()).collect()))
        })
    }

    /// What a page lists, from a place on.
    fn item_list(self, first: usize, items: impl Iterator<Item = (&'a str, &'a str)>) -> Node<'a> {
        let items: Vec<Value<'a>> = items
            .enumerate()
            .map(|(at, (title, url))| {
                let item = Node::of("ListItem").with("position", first + at + 1).with("name", title);
                item.with("url", Value::Text(self.absolute(url))).into()
            })
            .collect();
        Node::of("ItemList")
            .with("@id", self.anchor("list"))
            .with("numberOfItems", items.len())
            .with("itemListElement", Value::List(items))
    }

    fn listed(self) -> Node<'a> {
        Node::default().with("@id", self.anchor("list"))
    }

    fn event(self, event: &'a view::Event) -> Node<'a> {
        let (start, end) = match Period::parse(&event.date.iso) {
            // A date that is about right, or may be another, is not said to be the date.
            Some(period) if !event.is_approximate && !event.is_uncertain => days(period),
            _ => (None, None),
        };
        let articles = event.citations.iter().map(|link| Node::default().with("@id", self.article_id(&link.url)));
        Node::of("Event")
            .with("name", &event.headline)
            .maybe("startDate", start)
            .maybe("endDate", end)
            .all("subjectOf", articles)
    }

    fn events(self, events: &'a [view::Event]) -> impl Iterator<Item = Node<'a>> {
        events.iter().filter(|event| event.importance < 3).take(EVENTS).map(move |event| self.event(event))
    }

    fn article_id(self, url: &'a str) -> String {
        format!("{}#article", self.absolute(url))
    }

    /// `home.html`.
    pub fn home(self, home: &'a view::Home) -> Vec<Node<'a>> {
        let config = self.reader.config;
        let maker = config.author.as_ref().map(|author| Node::default().with("name", author));
        let license = config.rights.license.as_deref().map(license);
        let site = self
            .site()
            .with("url", self.own())
            .maybe("description", config.description.as_ref())
            .with("inLanguage", &config.language)
            .maybe("publisher", maker)
            .maybe("license", license);
        let site = if config.search {
            let target = format!("{}?q={{search_term_string}}", self.reader.urls.absolute(&Route::search()));
            let target = Node::of("EntryPoint").with("urlTemplate", target);
            let action = Node::of("SearchAction").with("target", target);
            // The name of the field, as search engines read it.
            site.with("potentialAction", action.with("query-input", "required name=search_term_string"))
        } else {
            site
        };
        let page = self.web_page("CollectionPage").with("mainEntity", self.listed());
        let items = names(&home.latest);
        vec![site, page, self.item_list(0, items)]
    }

    /// `article.html`. `modified` is when the article last said something new.
    pub fn article(self, article: &'a view::Article, modified: String) -> Vec<Node<'a>> {
        let card = &article.card;
        let people = |roles: &'static [&'static str]| {
            let groups = article.credits.iter().filter(|group| roles.contains(&group.role));
            groups.flat_map(|group| &group.people).map(|credit| Node::of("Person").with("name", &credit.name))
        };
        let mut authors: Vec<Node<'a>> = people(&["author", "writer"]).collect();
        if authors.is_empty() {
            authors.extend(card.agency.as_ref().or(card.publisher.as_ref()).map(|link| self.organization(link)));
        }
        // A holder is a person or an organization; which, is known where the name is that of an outlet.
        let holder = article.rights.holder.as_ref().map(|holder| {
            let outlet = [&card.agency, &card.publisher].into_iter().flatten().find(|link| link.title == *holder);
            outlet.map_or_else(|| Node::default().with("name", holder), |link| self.organization(link))
        });
        let images = article.images.iter().filter_map(|image| {
            let url = self.absolute(image.url.as_deref()?);
            let node = Node::of("ImageObject").with("contentUrl", Value::Text(url));
            Some(node.maybe("caption", image.caption.as_ref()).maybe("creditText", image.credit.as_ref()))
        });
        let corrections = article
            .corrections
            .iter()
            .map(|row| Node::of("CorrectionComment").with("datePublished", &row.date.iso).with("text", &row.text));
        let mentions = article
            .people
            .iter()
            .map(|who| self.named("Person", &who.title, &who.url))
            .chain(article.places.iter().map(|link| self.named("Place", &link.title, &link.url)))
            .chain(article.organizations.iter().map(|link| self.organization(link)));
        let mut based_on: Vec<&str> = Vec::new();
        for url in card.source_url.iter().chain(&article.canonical_url) {
            if !based_on.contains(&url.as_str()) {
                based_on.push(url);
            }
        }
        let id = self.article_id(&card.url);
        let whole = article.content.is_some() && !article.is_excerpt;
        let node = Node::default()
            .all("@type", article_types(card.genre).iter().copied())
            .with("@id", id.clone())
            .with("mainEntityOfPage", Node::default().with("@id", self.own()))
            .with("url", &self.page.permalink)
            .with("identifier", self.reader.tag_uri(&card.id))
            .with("headline", &card.title)
            .maybe("abstract", card.summary.as_ref())
            .with("inLanguage", &self.page.language)
            .with("datePublished", &card.date.iso)
            .with("dateModified", modified)
            .maybe("dateline", article.dateline.as_ref())
            .maybe("locationCreated", article.located.as_ref().map(|at| self.named("Place", &at.title, &at.url)))
            .all("author", authors)
            .all("contributor", people(&["contributor"]))
            .all("editor", people(&["editor"]))
            .maybe("publisher", card.publisher.as_ref().map(|link| self.organization(link)))
            .maybe("sourceOrganization", card.agency.as_ref().map(|link| self.organization(link)))
            .all("isBasedOn", based_on)
            .maybe("archivedAt", article.archived_url.as_ref())
            .maybe("copyrightHolder", holder)
            .maybe("license", article.rights.license.as_deref().map(license))
            .maybe(
                "usageInfo",
                article.rights.usage.as_ref().map(|usage| Node::of("CreativeWork").with("description", usage)),
            )
            .with("isAccessibleForFree", true)
            .maybe("wordCount", whole.then_some(article.words))
            .maybe("genre", card.genre)
            .all("about", card.topics.iter().map(|link| self.named("Thing", &link.title, &link.url)))
            .all("mentions", mentions)
            .all("keywords", article.tags.iter().map(|tag| &tag.title))
            .all("image", images.chain(self.card()))
            .all("correction", corrections);
        let page = self.web_page("WebPage").with("mainEntity", Node::default().with("@id", id));
        let mut nodes = vec![page, node];
        nodes.extend(article.claim.as_ref().map(|claim| self.claim_review(article, claim)));
        nodes.extend(self.events(&article.events));
        nodes.extend(self.breadcrumbs());
        nodes
    }

    /// What a fact-check finds, as search engines ask for it. Who checked is who reported the article: a check of our own has no
    /// outlet, and is the site's.
    fn claim_review(self, article: &'a view::Article, claim: &'a view::Claim) -> Node<'a> {
        let checker = article.card.agency.as_ref().or(article.card.publisher.as_ref());
        let author = match (checker, &self.reader.config.author) {
            (Some(link), _) => self.organization(link),
            (None, Some(author)) => Node::of("Organization").with("name", author),
            (None, None) => Node::of("Organization").with("name", &self.reader.config.title),
        };
        let rating = Node::of("Rating")
            .with("alternateName", &claim.rating)
            .maybe("ratingValue", claim.rating_value.map(Value::Whole))
            .maybe("bestRating", claim.best_rating.map(Value::Whole))
            .maybe("worstRating", claim.worst_rating.map(Value::Whole));
        let claimant = claim.by.as_ref().map(|by| {
            let is_person = article.people.iter().any(|who| who.title == by.title);
            let is_body = article.organizations.iter().any(|link| link.title == by.title);
            match (is_person, is_body) {
                (true, _) => self.maybe_named("Person", by),
                (_, true) => self.maybe_named("Organization", by),
                // Which of the two, nobody said.
                _ => Node::default().with("name", &by.title),
            }
        });
        let appearances = claim.appearances.iter().map(|link| Node::of("CreativeWork").with("url", &link.url));
        let item = Node::of("Claim")
            .maybe("author", claimant)
            .maybe("datePublished", claim.date.as_ref().map(|date| &date.iso))
            .all("appearance", appearances);
        Node::of("ClaimReview")
            .with("@id", self.anchor("claim"))
            .with("url", &self.page.permalink)
            .with("claimReviewed", &claim.text)
            .with("datePublished", &article.card.date.iso)
            .with("inLanguage", &self.page.language)
            .with("author", author)
            .with("reviewRating", rating)
            .with("itemReviewed", item)
    }

    /// `topic.html`, of which `first` articles stand on earlier pages.
    pub fn topic(self, topic: &'a view::Topic, first: usize) -> Vec<Node<'a>> {
        let about = self
            .named("Thing", &topic.title, &self.page.url)
            .maybe("description", topic.summary.as_ref())
            .all("sameAs", topic.same_as.iter().map(|link| &link.url));
        let coverage = topic.summary_of_articles.coverage.as_ref().map(|period| &period.iso);
        let page = self
            .web_page("CollectionPage")
            .with("about", about)
            .maybe("temporalCoverage", coverage)
            .with("mainEntity", self.listed());
        let list = self.item_list(first, topic.months.iter().flat_map(|month| names(&month.articles)));
        let mut nodes = vec![page, list];
        nodes.extend(self.events(&topic.summary_of_articles.events));
        nodes.extend(self.breadcrumbs());
        nodes
    }

    /// `digest.html`.
    pub fn digest(self, digest: &'a view::Digest) -> Vec<Node<'a>> {
        let page = self
            .web_page("CollectionPage")
            .maybe("about", digest.card.topic.as_ref().map(|link| self.named("Thing", &link.title, &link.url)))
            .maybe("temporalCoverage", digest.card.coverage.as_ref().map(|period| &period.iso))
            .all("keywords", digest.tags.iter().map(|tag| &tag.title))
            .with("mainEntity", self.listed());
        let sections = digest.sections.iter().flat_map(|section| &section.items);
        let items = digest.lead_item.iter().chain(sections).chain(&digest.see_also);
        let list = self.item_list(0, items.map(|item| (item.title.as_str(), item.url.as_str())));
        let mut nodes = vec![page, list];
        nodes.extend(self.events(&digest.events));
        nodes.extend(self.breadcrumbs());
        nodes
    }

    /// `publisher.html`, of which `first` articles stand on earlier pages.
    pub fn publisher(self, publisher: &'a view::Publisher, first: usize) -> Vec<Node<'a>> {
        let kind = match publisher.kind {
            Some("newspaper" | "broadcaster" | "agency" | "magazine" | "website") => "NewsMediaOrganization",
            Some("ngo") => "NGO",
            _ => "Organization",
        };
        let about = Node::of(kind)
            .with("@id", self.thing_id("Organization"))
            .with("name", &publisher.name)
            .all("alternateName", &publisher.alternate_names)
            .maybe("url", publisher.home_url.as_ref())
            .maybe("address", publisher.country.as_deref().map(address))
            .maybe(
                "parentOrganization",
                publisher.owner.as_ref().map(|owner| Node::of("Organization").with("name", owner)),
            )
            // A property of news organizations alone.
            .maybe("correctionsPolicy", publisher.corrections_url.as_ref().filter(|_| kind == "NewsMediaOrganization"));
        self.profile(about, &publisher.articles, first)
    }

    /// `person.html`, `place.html` and `organization.html`, of which `first` articles stand on earlier pages.
    pub fn entity(self, entity: &'a view::Entity, first: usize) -> Vec<Node<'a>> {
        let kind = match self.page.kind {
            "person" => "Person",
            "place" => "Place",
            _ => "Organization",
        };
        let mut about = Node::of(kind)
            .with("@id", self.thing_id(kind))
            .with("name", &entity.name)
            .all("alternateName", &entity.alternate_names)
            .maybe("description", entity.summary.as_ref())
            .all("sameAs", entity.same_as.iter().map(|link| &link.url));
        if kind == "Person" {
            let present = || entity.roles.iter().filter(|role| role.to.is_none());
            let bodies = present().filter_map(|role| role.organization.as_ref());
            about = about
                .all("jobTitle", present().map(|role| &role.title))
                .all("worksFor", bodies.map(|body| self.maybe_named("Organization", body)));
        } else {
            about = about.maybe("address", entity.country.as_deref().map(address));
        }
        let about = about.maybe(
            "geo",
            entity
                .geo
                .as_ref()
                .map(|geo| Node::of("GeoCoordinates").with("latitude", geo.latitude).with("longitude", geo.longitude)),
        );
        self.profile(about, &entity.articles, first)
    }

    /// The id of what a page with several parts is about: that of its first page.
    fn thing_id(self, kind: &str) -> String {
        let own = self.own();
        let first = own.split("/page/").next().unwrap_or(&own);
        format!("{}/#{}", first.trim_end_matches('/'), fragment(kind))
    }

    fn profile(self, about: Node<'a>, cards: &'a [Listed<view::Card>], first: usize) -> Vec<Node<'a>> {
        // A profile is of a person or an organization.
        let kind = if self.page.kind == "place" { "WebPage" } else { "ProfilePage" };
        let page = self.web_page(kind).with("mainEntity", about);
        let mut nodes = vec![page];
        if !cards.is_empty() {
            nodes.push(self.item_list(first, names(cards)));
        }
        nodes.extend(self.breadcrumbs());
        nodes
    }

    /// Pages that list things by name and address.
    pub fn collection(self, first: usize, items: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Node<'a>> {
        let page = self.web_page("CollectionPage").with("mainEntity", self.listed());
        let mut nodes = vec![page, self.item_list(first, items)];
        nodes.extend(self.breadcrumbs());
        nodes
    }

    /// Pages of text.
    pub fn plain(self) -> Vec<Node<'a>> {
        std::iter::once(self.web_page("WebPage")).chain(self.breadcrumbs()).collect()
    }
}

/// The part of a thing's id after its page's address.
fn fragment(kind: &str) -> &'static str {
    match kind {
        "Person" => "person",
        "Place" => "place",
        "Organization" => "organization",
        _ => "topic",
    }
}

/// `NewsArticle`, and what more is known of it.
fn article_types(genre: Option<&str>) -> &'static [&'static str] {
    match genre {
        Some("report") => &["NewsArticle", "ReportageNewsArticle"],
        Some("analysis") => &["NewsArticle", "AnalysisNewsArticle"],
        Some("opinion") => &["NewsArticle", "OpinionNewsArticle"],
        Some("background") => &["NewsArticle", "BackgroundNewsArticle"],
        _ => &["NewsArticle"],
    }
}

fn license(license: &str) -> Value<'_> {
    match super::cards::license_url(license) {
        Some(url) => url.into(),
        None => Node::of("CreativeWork").with("name", license).into(),
    }
}

fn address(country: &str) -> Node<'_> {
    Node::of("PostalAddress").with("addressCountry", country)
}

/// The first and last day of something that happened, as precise as they are known; no last one where it is the first.
fn days(period: Period) -> (Option<String>, Option<String>) {
    let day = |day: jiff::civil::Date| Some(day.to_string());
    match period.precision() {
        Precision::Year => (Some(period.first.strftime("%Y").to_string()), None),
        Precision::Month => (Some(period.first.strftime("%Y-%m").to_string()), None),
        Precision::Day => (day(period.first), None),
        Precision::Range => (day(period.first), day(period.last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_graph_ends_the_script_that_it_stands_in() {
        let json = script(vec![Node::of("Thing").with("name", "</script><!-- \"quoted\" \u{7}")]);
        assert!(!json.contains('<'));
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["@graph"][0]["name"], "</script><!-- \"quoted\" \u{7}");
    }

    #[test]
    fn one_value_stands_by_itself() {
        let node = Node::default().all("a", ["x"]).all("b", ["x", "y"]).all("c", Vec::<String>::new());
        assert_eq!(serde_json::to_string(&node).unwrap(), r#"{"a":"x","b":["x","y"]}"#);
    }
}
