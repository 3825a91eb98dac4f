//! After every history of edits, a warm build gives the files and the messages of a clean build in an empty folder.
//!
//! Histories are random, made from a seed that a failure prints. One that failed once is kept in [`KEPT`].

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use dateline::{
    config::{Now, Overrides},
    diagnostic::{Diagnostic, Format},
    session::{Inspect, Inspected, Session},
    write::Output,
};
use proptest::prelude::*;

use crate::site_test::cases;

/// One edit of a site. Numbers pick among what there is.
#[derive(Clone, Debug)]
enum Edit {
    Body(u8, u8),
    Title(u8, u8),
    Date(u8, u8),
    Topic(u8, u8),
    Tag(u8, u8),
    Person(u8, u8),
    Publisher(u8, u8),
    Draft(u8),
    Lang(u8, u8),
    Link(u8, u8),
    /// It carries an agency's text, more or less of it.
    Wire(u8, u8),
    CopyOf(u8, u8),
    Figure(u8, u8),
    Create(u8),
    Delete(u8),
    Rename(u8, u8),
    RenameTopic(u8),
    TopicTitle(u8, u8),
    TopicBroader(u8, u8),
    PersonName(u8, u8),
    PublisherRights(u8, u8),
    DigestItems(u8, u8, u8),
    DigestTitle(u8, u8),
    DeleteDigest(u8),
    /// A digest has an edition, of some of the articles.
    Freeze(u8, u8),
    DeleteEdition(u8),
    Template(u8),
    RemoveTemplates,
    BreakTemplate,
    Style(u8),
    Words(u8),
    Static(u8, u8),
    DeleteStatic(u8),
    Setting(u8),
    BreakSettings,
    Page(u8),
    Event(u8, u8, u8),
    Said(u8, u8),
    Correct(u8, u8, u8),
    Role(u8, u8),
    Place(u8),
    TopicEvent(u8, u8),
    DigestEvent(u8, u8),
    /// The process ends; the next one starts from the cache.
    Restart,
    /// The cache is damaged: cut off, or a bit flipped.
    DamageCache(u8),
    /// Somebody deletes an output.
    DeleteOutput(u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    let n = any::<u8>;
    prop_oneof![
        (n(), n()).prop_map(|(a, b)| Edit::Body(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Title(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Date(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Topic(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Tag(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Person(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Publisher(a, b)),
        n().prop_map(Edit::Draft),
        (n(), n()).prop_map(|(a, b)| Edit::Lang(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Link(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Wire(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::CopyOf(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::Figure(a, b)),
        n().prop_map(Edit::Create),
        n().prop_map(Edit::Delete),
        (n(), n()).prop_map(|(a, b)| Edit::Rename(a, b)),
        n().prop_map(Edit::RenameTopic),
        (n(), n()).prop_map(|(a, b)| Edit::TopicTitle(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::TopicBroader(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::PersonName(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::PublisherRights(a, b)),
        (n(), n(), n()).prop_map(|(a, b, c)| Edit::DigestItems(a, b, c)),
        (n(), n()).prop_map(|(a, b)| Edit::DigestTitle(a, b)),
        n().prop_map(Edit::DeleteDigest),
        (n(), n()).prop_map(|(a, b)| Edit::Freeze(a, b)),
        n().prop_map(Edit::DeleteEdition),
        n().prop_map(Edit::Template),
        Just(Edit::RemoveTemplates),
        Just(Edit::BreakTemplate),
        n().prop_map(Edit::Style),
        n().prop_map(Edit::Words),
        (n(), n()).prop_map(|(a, b)| Edit::Static(a, b)),
        n().prop_map(Edit::DeleteStatic),
        n().prop_map(Edit::Setting),
        Just(Edit::BreakSettings),
        n().prop_map(Edit::Page),
        (n(), n(), n()).prop_map(|(a, b, c)| Edit::Event(a, b, c)),
        (n(), n()).prop_map(|(a, b)| Edit::Said(a, b)),
        (n(), n(), n()).prop_map(|(a, b, c)| Edit::Correct(a, b, c)),
        (n(), n()).prop_map(|(a, b)| Edit::Role(a, b)),
        n().prop_map(Edit::Place),
        (n(), n()).prop_map(|(a, b)| Edit::TopicEvent(a, b)),
        (n(), n()).prop_map(|(a, b)| Edit::DigestEvent(a, b)),
        Just(Edit::Restart),
        n().prop_map(Edit::DamageCache),
        n().prop_map(Edit::DeleteOutput),
    ]
}

/// An article as data, so that edits compose.
#[derive(Clone)]
struct Article {
    title: String,
    date: String,
    topics: Vec<String>,
    tags: Vec<String>,
    people: Vec<String>,
    publisher: String,
    draft: bool,
    lang: Option<&'static str>,
    agency: Option<&'static str>,
    /// As it stands in the file.
    copy_of: Option<String>,
    figure: u8,
    /// Rows of front matter below the rest.
    rows: BTreeMap<&'static str, String>,
    body: String,
}

struct Site {
    root: PathBuf,
    articles: BTreeMap<String, Article>,
    topics: BTreeMap<String, (String, Option<String>)>,
    people: BTreeMap<String, String>,
    publishers: BTreeMap<String, &'static str>,
    digests: BTreeMap<String, (String, Vec<usize>)>,
    /// Rows of front matter of topics, people and digests, by the path of their file.
    rows: BTreeMap<String, String>,
}

fn pick<K: Clone, V>(map: &BTreeMap<K, V>, at: u8) -> Option<K> {
    let count = map.len().max(1);
    map.keys().nth(usize::from(at) % count).cloned()
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

impl Site {
    fn new(root: &Path) -> Self {
        let mut site = Site {
            root: root.to_owned(),
            articles: BTreeMap::new(),
            topics: BTreeMap::new(),
            people: BTreeMap::new(),
            publishers: BTreeMap::new(),
            digests: BTreeMap::new(),
            rows: BTreeMap::new(),
        };
        site.put("site.toml", "title = \"S\"\nbase_url = \"https://example.org/s/\"\npage_size = 3\nhome_items = 3\n");
        for at in 0..3 {
            site.topics.insert(format!("t{at}"), (format!("Topic {at}"), None));
            site.people.insert(format!("p{at}"), format!("Person {at}"));
            site.publishers.insert(format!("o{at}"), "full");
            site.digests.insert(format!("t{at}/2022-01"), (format!("Digest {at}"), vec![at]));
        }
        for at in 0..8 {
            site.create(at);
        }
        site.put("content/pages/about.md", "+++\ntitle = \"About\"\n+++\nHello.\n");
        site.write_all();
        site
    }

    fn create(&mut self, seed: u8) {
        let name = format!("a{seed}");
        let article = Article {
            title: format!("Title {seed}"),
            date: format!("2022-{:02}-{:02}", 1 + seed % 3, 1 + seed % 28),
            topics: vec![format!("t{}", seed % 3)],
            tags: vec![format!("tag {}", seed % 4)],
            people: vec![format!("p{}", seed % 3)],
            publisher: format!("o{}", seed % 3),
            draft: false,
            lang: None,
            agency: None,
            copy_of: None,
            figure: seed,
            rows: BTreeMap::new(),
            body: format!("Body of {seed}.\n\n## Part\n\nMore words here."),
        };
        self.articles.entry(name).or_insert(article);
    }

    fn put(&self, path: &str, text: &str) {
        put(&self.root, path, text);
    }

    fn remove(&self, path: &str) {
        let _ = fs::remove_file(self.root.join(path));
    }

    fn write_article(&self, name: &str) {
        let a = &self.articles[name];
        let lang = a.lang.map_or_else(String::new, |lang| format!("lang = \"{lang}\"\n"));
        let agency = a.agency.map_or_else(String::new, |agency| format!("agency = {agency:?}\n"));
        let copy_of = a.copy_of.as_ref().map_or_else(String::new, |copy_of| format!("copy_of = {copy_of}\n"));
        let figure = format!("[[figures]]\nlabel = \"Boats\"\nvalue = {}\nsource = \"o{}\"\n", a.figure, a.figure % 4);
        let lang = lang + &agency + &copy_of;
        let rows: String = a.rows.values().map(|rows| self.cite(rows)).collect();
        let text = format!(
            "+++\nid = \"{name}\"\ntitle = {:?}\ndate = {}\ntopics = {:?}\ntags = {:?}\npeople = {:?}\npublisher = {:?}\ndraft = {}\n{lang}\n[[events]]\ndate = {:?}\nheadline = {:?}\n{rows}{figure}+++\n\n{}\n",
            a.title, a.date, a.topics, a.tags, a.people, a.publisher, a.draft, a.date, a.title, a.body
        );
        self.put(&format!("content/articles/{name}.md"), &text);
    }

    fn write_all(&self) {
        for name in self.articles.keys() {
            self.write_article(name);
        }
        for (slug, (title, broader)) in &self.topics {
            let broader = broader.as_ref().map_or_else(String::new, |slug| format!("broader = {slug:?}\n"));
            let period = if slug == "t1" { "period = \"monthly\"\n" } else { "" };
            let path = format!("content/topics/{slug}.md");
            self.put(&path, &format!("+++\ntitle = {title:?}\n{broader}{period}{}+++\nText.\n", self.rows_of(&path)));
        }
        for (slug, name) in &self.people {
            let path = format!("content/people/{slug}.md");
            self.put(&path, &format!("+++\nname = {name:?}\n{}+++\n", self.rows_of(&path)));
        }
        for (slug, display) in &self.publishers {
            let country = if *display == "full" { "DE" } else { "FR" };
            let feed = if *display == "excerpt" { "feeds = [\"https://outlet.example/feed\"]\n" } else { "" };
            let text = format!(
                "+++\nname = \"Outlet {slug}\"\ncountry = \"{country}\"\n{feed}[rights]\ndisplay = {display:?}\nmax_words = 2\n+++\n"
            );
            self.put(&format!("content/publishers/{slug}.md"), &text);
        }
        for (slug, (title, items)) in &self.digests {
            let names: Vec<&String> = self.articles.keys().collect();
            let mut items: Vec<usize> = items.iter().map(|at| at % names.len().max(1)).collect();
            items.dedup();
            let rows: String = items
                .iter()
                .filter_map(|at| names.get(*at))
                .map(|name| format!("[[items]]\narticle = {name:?}\ncommentary = \"On {name}\"\n"))
                .collect();
            let topic = slug.split('/').next().unwrap();
            let path = format!("content/digests/{slug}.md");
            let text = format!(
                "+++\ntitle = {title:?}\ntopic = {topic:?}\ntemporal_coverage = \"2022-01\"\n[query]\n{rows}{}+++\n",
                self.rows_of(&path)
            );
            self.put(&path, &text);
        }
    }

    fn rows_of(&self, path: &str) -> String {
        self.rows.get(path).map(|rows| self.cite(rows)).unwrap_or_default()
    }

    /// Rows whose citations are articles that there are when the file is written; these may be drafts.
    fn cite(&self, rows: &str) -> String {
        let mut parts = rows.split("@cited ");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (number, rest) = part.split_once('\n').unwrap();
            let cited = pick(&self.articles, number.parse().unwrap()).unwrap_or_default();
            text.push_str(&format!("citation = [{cited:?}]\n{rest}"));
        }
        text
    }

    fn event(n: u8) -> String {
        let date = ["2022-01", "2021-12-30/2022-01-03?", "2022-01-05~", "2021"][usize::from(n % 4)];
        let disputed = if n.is_multiple_of(3) { "disputed = \"They say not\"\n" } else { "" };
        format!(
            "[[events]]\ndate = {date:?}\nheadline = \"Event {}\"\nimportance = {}\n{disputed}@cited {}\n",
            n % 2,
            1 + n % 3,
            n / 4
        )
    }

    fn apply(&mut self, edit: &Edit) {
        match *edit {
            Edit::Body(at, n) => self.edit(at, |a| a.body = format!("Text {n}.\n\nSecond [one](#part).\n\n## Part")),
            Edit::Title(at, n) => self.edit(at, |a| a.title = format!("New title {}", n % 4)),
            Edit::Date(at, n) => self.edit(at, |a| a.date = format!("202{}-0{}-1{}", 1 + n % 2, 1 + n % 3, n % 5)),
            Edit::Topic(at, n) => self.edit(at, |a| a.topics = vec![format!("t{}", n % 4)]),
            Edit::Tag(at, n) => self.edit(at, |a| a.tags = vec![format!("tag {}", n % 6), "Tag 1".to_owned()]),
            Edit::Person(at, n) => self.edit(at, |a| a.people = vec![format!("Person {}", n % 4)]),
            Edit::Publisher(at, n) => self.edit(at, |a| a.publisher = format!("o{}", n % 4)),
            Edit::Draft(at) => self.edit(at, |a| a.draft = !a.draft),
            Edit::Lang(at, n) => self.edit(at, |a| a.lang = [None, Some("ar"), Some("de")][usize::from(n % 3)]),
            Edit::Link(at, n) => {
                let target =
                    ["/t0/", "/nowhere/", "../topics/t1.md", "a3.md", "/s.txt", "/about/#x"][usize::from(n % 6)];
                self.edit(at, |a| a.body = format!("See [it]({target}).\n"));
            }
            Edit::Wire(at, n) => self.edit(at, |a| {
                (a.agency, a.publisher) = (Some("o0"), format!("o{}", n % 3));
                a.date = format!("2022-01-1{}", n % 3);
                let words = [100, 90, 70, 30][usize::from(n / 3 % 4)];
                a.body = (0..words).map(|word| format!("word{word}")).collect::<Vec<_>>().join(" ");
            }),
            Edit::CopyOf(at, n) => self.edit(at, |a| {
                a.copy_of =
                    [None, Some("false".to_owned()), Some(format!("\"a{}\"", n % 8))][usize::from(n / 8 % 3)].clone();
            }),
            Edit::Figure(at, n) => self.edit(at, |a| a.figure = n % 6),
            Edit::Create(seed) => self.create(seed),
            Edit::Delete(at) => {
                if let Some(name) = pick(&self.articles, at) {
                    self.articles.remove(&name);
                    self.remove(&format!("content/articles/{name}.md"));
                }
            }
            Edit::Rename(at, n) => {
                if let Some(name) = pick(&self.articles, at) {
                    let article = self.articles.remove(&name).unwrap();
                    let _ = fs::create_dir_all(self.root.join("content/articles/sub"));
                    self.remove(&format!("content/articles/{name}.md"));
                    self.articles.insert(format!("sub/r{n}").replace("sub/", ""), article);
                }
            }
            Edit::RenameTopic(at) => {
                if let Some(slug) = pick(&self.topics, at) {
                    let topic = self.topics.remove(&slug).unwrap();
                    self.remove(&format!("content/topics/{slug}.md"));
                    self.topics.insert(format!("t{}", (at / 8) % 5), topic);
                }
            }
            Edit::TopicTitle(at, n) => {
                if let Some(slug) = pick(&self.topics, at) {
                    self.topics.get_mut(&slug).unwrap().0 = format!("Story {}", n % 3);
                }
            }
            Edit::TopicBroader(at, n) => {
                if let Some(slug) = pick(&self.topics, at) {
                    self.topics.get_mut(&slug).unwrap().1 = (n % 4 < 3).then(|| format!("t{}", n % 4));
                }
            }
            Edit::PersonName(at, n) => {
                if let Some(slug) = pick(&self.people, at) {
                    self.people.insert(slug, format!("Person {}", n % 5));
                }
            }
            Edit::PublisherRights(at, n) => {
                if let Some(slug) = pick(&self.publishers, at) {
                    self.publishers.insert(slug, ["full", "excerpt", "headline"][usize::from(n % 3)]);
                }
            }
            Edit::DigestItems(at, a, b) => {
                if let Some(slug) = pick(&self.digests, at) {
                    self.digests.get_mut(&slug).unwrap().1 = vec![usize::from(a), usize::from(b)];
                }
            }
            Edit::DigestTitle(at, n) => {
                if let Some(slug) = pick(&self.digests, at) {
                    self.digests.get_mut(&slug).unwrap().0 = format!("Review {}", n % 3);
                }
            }
            Edit::DeleteDigest(at) => {
                if let Some(slug) = pick(&self.digests, at) {
                    self.digests.remove(&slug);
                    self.remove(&format!("content/digests/{slug}.md"));
                }
            }
            Edit::Freeze(at, n) => {
                let names = self.articles.keys().skip(usize::from(n % 3)).step_by(1 + usize::from(n / 3 % 3));
                let items: String = names
                    .map(|name| {
                        format!(
                            "[[items]]\narticle = {name:?}\ntitle = \"Was {name}\"\nsection = \"S{}\"\ncorrections = {}\nshown = \"{n}\"\ncommentary = \"[a](../../pages/about.md)\"\n",
                            n % 2,
                            n % 2,
                        )
                    })
                    .collect();
                let (slug, number) = (format!("t{}/2022-01", at % 3), 1 + at / 3 % 2);
                self.put(
                    &format!("content/editions/{slug}/{number}.toml"),
                    &format!(
                        "digest = {:?}\nnumber = {number}\ndate = 2022-02-0{number}\ntitle = \"E{n}\"\n{items}",
                        slug.replace('/', "-")
                    ),
                );
            }
            Edit::DeleteEdition(at) => {
                self.remove(&format!("content/editions/t{}/2022-01/{}.toml", at % 3, 1 + at / 3 % 2))
            }
            Edit::Template(n) => self.put(
                "themes/broadsheet/templates/tag.html",
                &format!("{n} {{{{ tag.name }}}} {{% for a in tag.articles %}}{{{{ a.title }}}} {{% endfor %}}"),
            ),
            Edit::RemoveTemplates => drop(fs::remove_dir_all(self.root.join("themes"))),
            Edit::BreakTemplate => self.put("themes/broadsheet/templates/page.html", "{{ nothing.here }} {% if %}"),
            Edit::Style(n) => self.put("themes/broadsheet/static/broadsheet.css", &format!("a{{order:{n}}}")),
            Edit::Words(n) => {
                // Words of a language that the theme has and of one that it has not; now and then none at all.
                let file = ["en", "uk", "pl"][usize::from(n % 3)];
                let text = match n / 3 % 4 {
                    0 => "home = 1\n".to_owned(),
                    1 => String::new(),
                    n => format!("home = \"H{n}\"\n[list]\narchive = \"A{n}\"\n[articles]\nother = \"{{count}}\"\n"),
                };
                self.put(&format!("themes/broadsheet/words/{file}.toml"), &text);
            }
            Edit::Static(at, n) => {
                self.put(["static/s.txt", "static/d/e.txt", "static/robots.txt"][usize::from(at % 3)], &format!("{n}"))
            }
            Edit::DeleteStatic(at) => {
                self.remove(["static/s.txt", "static/d/e.txt", "static/robots.txt"][usize::from(at % 3)])
            }
            Edit::Setting(n) => {
                let base =
                    ["https://example.org/s/", "https://example.org/", "https://other.example/x/"][usize::from(n % 3)];
                let more = [
                    "",
                    "smart_punctuation = true\n",
                    "language = \"uk\"\n",
                    "language = \"pl\"\n",
                    "[outputs]\narchive = false\n",
                    "[search]\nenabled = false\n",
                    "[outputs]\njson = true\nllms = true\n",
                    "[outputs]\nstructured_data = false\nopml = false\n",
                    "[outputs]\nsocial_cards = true\n",
                    "language = \"ar\"\n[outputs]\nsocial_cards = true\n",
                ][usize::from(n / 3 % 10)];
                self.put(
                    "site.toml",
                    &format!("title = \"S\"\nbase_url = {base:?}\npage_size = {}\nhome_items = 3\n{more}", 2 + n % 3),
                );
            }
            Edit::BreakSettings => self.put("site.toml", "title = S\n"),
            Edit::Page(n) => {
                self.put("content/pages/about.md", &format!("+++\ntitle = \"About {}\"\n+++\nHello {n}.\n", n % 3))
            }
            Edit::Event(at, n, m) => {
                let row = Self::event(n);
                self.edit(at, |a| {
                    a.rows.insert(["a", "b"][usize::from(m % 2)], row);
                    if m % 3 == 0 {
                        a.rows.insert("e", format!("[claim]\ntext = \"Claim {}\"\nrating = \"No\"\n", n % 3));
                    }
                });
            }
            Edit::Correct(at, n, m) => {
                let kind = ["correction", "update", "retraction"][usize::from(n % 3)];
                let date = ["2022-02-01", "2022-01-05"][usize::from(m % 2)];
                let row = format!("[[corrections]]\ndate = {date}\nkind = \"{kind}\"\ntext = \"Point {}\"\n", m % 5);
                let row = if m % 7 == 0 { String::new() } else { row };
                self.edit(at, |a| drop(a.rows.insert(["c", "d"][usize::from(m / 2 % 2)], row)));
            }
            Edit::Said(at, n) => {
                let date = ["", "date = 2022-01-02\n", "date = 2021-06-01\n"][usize::from(n % 3)];
                let row = format!("[[quotes]]\ntext = \"Words {n}\"\nspeaker = \"p{}\"\n{date}", n % 4);
                self.edit(at, |a| drop(a.rows.insert("q", row)));
            }
            Edit::Role(at, n) => {
                if let Some(slug) = pick(&self.people, at) {
                    let body = ["harbour", "Harbour office", "nobody"][usize::from(n % 3)];
                    let row = format!(
                        "[[roles]]\ntitle = \"Clerk {}\"\norganization = {body:?}\nfrom = \"202{}\"\nto = \"2022-01-1{}\"\n",
                        n % 5,
                        n % 3,
                        n % 10
                    );
                    self.rows.insert(format!("content/people/{slug}.md"), row);
                }
            }
            Edit::Place(n) => {
                let name = ["Harbour office", "Port office"][usize::from(n % 2)];
                self.put("content/organizations/harbour.md", &format!("+++\nname = {name:?}\n+++\n"));
                self.put("content/places/quay.md", &format!("+++\nname = \"Quay\"\ngeo = [{n}.5e-1, {n}]\n+++\n"));
            }
            Edit::TopicEvent(at, n) => {
                if let Some(slug) = pick(&self.topics, at) {
                    self.rows.insert(format!("content/topics/{slug}.md"), Self::event(n));
                }
            }
            Edit::DigestEvent(at, n) => {
                if let Some(slug) = pick(&self.digests, at) {
                    self.rows.insert(format!("content/digests/{slug}.md"), Self::event(n));
                }
            }
            Edit::Restart | Edit::DamageCache(_) | Edit::DeleteOutput(_) => return,
        }
        self.write_all();
    }

    fn edit(&mut self, at: u8, change: impl FnOnce(&mut Article)) {
        if let Some(name) = pick(&self.articles, at) {
            change(self.articles.get_mut(&name).unwrap());
        }
    }
}

fn now() -> Now {
    Now::new(Some("2022-06-01T00:00:00Z".parse().unwrap()), None)
}

fn session(root: &Path) -> Session {
    Session::new(root.to_owned(), Overrides::default(), now())
}

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        let Ok(entries) = fs::read_dir(&at) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// The files of a site that builds read.
fn sources(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let is_source =
        |path: &str| path.starts_with("content/") || path.starts_with("static/") || path.starts_with("themes/");
    tree(root).into_iter().filter(|(path, _)| path == "site.toml" || is_source(path)).collect()
}

/// Damages a file of the cache: cuts it off, flips a bit of it, makes it one of another version, or removes it. What
/// Dateline wrote is no cache: the list of that stays.
fn damage(folder: &Path, n: u8) {
    let is_cache = |name: &String| !name.ends_with("manifest") && !name.ends_with("lock");
    let names: Vec<String> = tree(folder).into_keys().filter(is_cache).collect();
    assert!(names.iter().any(|name| name.starts_with("cache/")) && names.iter().any(|name| name.contains("/traces")));
    let path = folder.join(&names[usize::from(n / 4) % names.len()]);
    let mut bytes = fs::read(&path).unwrap();
    let at = usize::from(n) * bytes.len() / 256;
    match n % 4 {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 4,
        2 => bytes.splice(..14, *b"dateline older").for_each(drop),
        _ => return fs::remove_file(&path).unwrap(),
    }
    fs::write(&path, bytes).unwrap();
}

/// Runs a history; the message of the first difference, if there is any.
fn run(edits: &[Edit]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    fs::create_dir_all(&root).unwrap();
    let mut site = Site::new(&root);
    let public = root.join("public");
    let mut output = Output::disk(public.clone(), &root);
    let mut warm = session(&root).with_cache();
    let mut last_good: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (step, edit) in std::iter::once(&Edit::Restart).chain(edits).enumerate() {
        let before = sources(&root);
        site.apply(edit);
        // Every other build is told which files changed, as a watch is by the system, and looks at these alone.
        if step % 2 == 1 {
            let after = sources(&root);
            let paths = before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path));
            warm.touched(paths.cloned().collect());
        }
        match *edit {
            Edit::Restart => {
                warm.remember(&mut output).unwrap();
                warm = session(&root).with_cache();
                output = Output::disk(public.clone(), &root);
            }
            Edit::DamageCache(n) => {
                warm.remember(&mut output).unwrap();
                damage(&root.join(".dateline"), n);
                warm = session(&root).with_cache();
                output = Output::disk(public.clone(), &root);
            }
            Edit::DeleteOutput(n) => {
                // A process that runs knows what it wrote; the next one looks.
                let names: Vec<String> = tree(&public).into_keys().collect();
                if let Some(name) = names.get(usize::from(n) % names.len().max(1)) {
                    fs::remove_file(public.join(name)).unwrap();
                }
                warm.remember(&mut output).unwrap();
                warm = session(&root).with_cache();
                output = Output::disk(public.clone(), &root);
            }
            _ => {}
        }
        let report = warm.build(&mut output, None).map_err(|error| format!("step {step}: {error}"))?;

        let clean_folder = folder.path().join(format!("clean-{step}"));
        let mut clean_output = Output::disk(clean_folder.clone(), &folder.path().join(format!("state-{step}")));
        let clean = session(&root).build(&mut clean_output, None).map_err(|error| format!("clean {step}: {error}"))?;

        let (warm_text, clean_text) = (report.render(Format::Human, false), clean.render(Format::Human, false));
        if warm_text != clean_text {
            return Err(format!("step {step}, {edit:?}: messages\n--- warm\n{warm_text}--- clean\n{clean_text}"));
        }
        if clean.written.is_some() {
            last_good = tree(&clean_folder);
        } else if matches!(edit, Edit::DeleteOutput(_)) {
            last_good = tree(&public);
        }
        let there = tree(&public);
        if there != last_good {
            let names: Vec<&String> =
                there.keys().chain(last_good.keys()).filter(|name| there.get(*name) != last_good.get(*name)).collect();
            return Err(format!("step {step}, {edit:?}: files differ: {names:?}"));
        }
        let _ = fs::remove_dir_all(&clean_folder);
    }
    Ok(())
}

/// Edits every article the first time that it sees an output of the kind it waits for.
struct EditWhile<'a> {
    root: &'a Path,
    waits_for: &'a str,
    is_done: AtomicBool,
}

impl Inspect for EditWhile<'_> {
    fn see(&self, path: &str, _: &[u8]) {
        if path.ends_with(self.waits_for) && !self.is_done.swap(true, Ordering::SeqCst) {
            for path in sources(self.root).keys().filter(|path| path.starts_with("content/articles/")) {
                let text = fs::read_to_string(self.root.join(path)).unwrap();
                fs::write(self.root.join(path), format!("{text}\nWritten in the middle of a build.\n")).unwrap();
            }
        }
    }

    fn inspect(&self, _: &Inspected<'_>, _: &mut Vec<Diagnostic>) {}
}

#[test]
fn an_edit_in_the_middle_of_a_build_makes_no_mixed_site() {
    for waits_for in ["404.html", "a0/index.html", "feed.atom", "sitemap.xml"] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("site");
        fs::create_dir_all(&root).unwrap();
        Site::new(&root);
        let clean = |name: &str| {
            let mut output = Output::disk(folder.path().join(name), &folder.path().join(format!("state-{name}")));
            session(&root).build(&mut output, None).unwrap();
            tree(&folder.path().join(name))
        };
        let old = clean("old");
        let public = root.join("public");
        let mut output = Output::disk(public.clone(), &root);
        let mut warm = session(&root);
        let edit = EditWhile { root: &root, waits_for, is_done: AtomicBool::new(false) };
        warm.build(&mut output, Some(&edit)).unwrap();
        let new = clean("new");
        assert!(old != new && edit.is_done.into_inner());
        let there = tree(&public);
        assert!(there == old || there == new, "{waits_for}: neither the old site nor the new one");
        warm.build(&mut output, None).unwrap();
        assert!(tree(&public) == new, "{waits_for}: the next build is of the new site");
    }
}

/// Histories that failed once.
const KEPT: &[&[Edit]] = &[
    &[Edit::Link(0, 1), Edit::Body(1, 1), Edit::Create(9)],
    &[Edit::RenameTopic(0), Edit::Topic(0, 3), Edit::Setting(4), Edit::Restart],
    &[Edit::Wire(0, 0), Edit::Wire(1, 1), Edit::Wire(1, 4), Edit::Wire(1, 10), Edit::Restart, Edit::Wire(1, 1)],
    &[Edit::Wire(0, 0), Edit::CopyOf(3, 16), Edit::PublisherRights(0, 2), Edit::CopyOf(0, 19), Edit::CopyOf(3, 0)],
];

#[test]
fn kept_histories() {
    for edits in KEPT {
        if let Err(difference) = run(edits) {
            panic!("{edits:?}\n{difference}");
        }
    }
}

#[test]
fn a_warm_build_equals_a_clean_one() {
    let config = ProptestConfig { max_shrink_iters: 200, ..cases(24) };
    proptest!(config, |(edits in prop::collection::vec(edit(), 1..14))| {
        if let Err(difference) = run(&edits) {
            prop_assert!(false, "{}", difference);
        }
    });
}

/// Builds warm at each moment, and clean; the messages of both are the same.
#[test]
fn what_an_article_waits_for_is_said_as_a_clean_build_says_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    let put = |path: &str, text: &str| put(&root, path, text);
    put("site.toml", "title = \"S\"\nbase_url = \"https://example.org/\"\n");
    put("content/articles/a.md", "+++\ntitle = \"A\"\ndate = 2022-07-01\nembargoed_until = 2022-09-01\n+++\nText.\n");
    put("content/articles/b.md", "+++\ntitle = \"B\"\ndate = 2022-08-01\nexpires = 2022-07-01\n+++\nText.\n");
    put("content/digests/d.md", "+++\ntitle = \"D\"\n[[items]]\narticle = \"a\"\n[[items]]\narticle = \"b\"\n+++\n");
    let at = |day: &str| Now::new(Some(Now::parse(day).unwrap()), None);
    let mut warm = session(&root);
    let mut output = Output::disk(root.join("public"), &root);
    for day in ["2022-06-01", "2022-07-15", "2022-08-15", "2022-09-15"] {
        warm.set_now(at(day));
        let report = warm.build(&mut output, None).unwrap();
        warm.remember(&mut output).unwrap();
        let clean =
            Session::new(root.clone(), Overrides::default(), at(day)).build(&mut Output::Discard, None).unwrap();
        assert_eq!(report.render(Format::Human, false), clean.render(Format::Human, false), "{day}");
    }
}

/// What was built before is made anew only when what lists and counts follow from changed: of a text, its sketch, and that only
/// where an agency reported it.
#[test]
fn an_edit_of_a_text_leaves_the_site_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    let put = |path: &str, text: &str| put(&root, path, text);
    let words = (0..90).map(|word| format!("word{word}")).collect::<Vec<_>>().join(" ");
    put("site.toml", "title = \"S\"\nbase_url = \"https://example.org/\"\n");
    put("content/publishers/wire.md", "+++\nname = \"Wire\"\n+++\n");
    let mut warm = session(&root);
    let mut output = Output::disk(root.join("public"), &root);
    let mut is_made_anew = |own: &str, reported: &str| {
        put("content/articles/own.md", &format!("+++\ntitle = \"A\"\ndate = 2022-01-01\n+++\n{own}\n"));
        let front = "title = \"B\"\ndate = 2022-01-01\nagency = \"wire\"";
        put("content/articles/reported.md", &format!("+++\n{front}\n+++\n{reported}\n"));
        let report = warm.build(&mut output, None).unwrap();
        warm.remember(&mut output).unwrap();
        assert!(fs::read_to_string(root.join("public/2022/01/01/own/index.html")).unwrap().contains(own));
        assert!(fs::read_to_string(root.join("public/2022/01/01/reported/index.html")).unwrap().contains("word1"));
        report.timings.stages.iter().any(|stage| stage.name == "model")
    };
    assert!(is_made_anew("Text.", &words));
    assert!(!is_made_anew("Another text, and longer than before.", &words));
    assert!(!is_made_anew("Another text.", &words.replace("word7 ", "*word7*,  ")), "the same words");
    assert!(is_made_anew("Another text.", &words.replace("word7 ", "word7 word7 ")));
}

/// A theme's file and one of the site can have one name from where they are looked for.
#[test]
fn a_file_moves_from_the_theme_to_the_site() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    let put = |path: &str, text: &str| put(&root, path, text);
    put("site.toml", "title = \"S\"\nbase_url = \"https://example.org/\"\n");
    put("themes/broadsheet/static/static/z.txt", "z");
    let mut warm = session(&root);
    let public = root.join("public");
    let mut output = Output::disk(public.clone(), &root);
    for edit in 0..2 {
        if edit == 1 {
            fs::remove_dir_all(root.join("themes")).unwrap();
            put("static/z.txt", "z");
        }
        warm.build(&mut output, None).unwrap();
        warm.remember(&mut output).unwrap();
        let clean_folder = folder.path().join(format!("clean-{edit}"));
        let mut clean_output = Output::disk(clean_folder.clone(), &folder.path().join(format!("state-{edit}")));
        session(&root).build(&mut clean_output, None).unwrap();
        assert_eq!(tree(&public), tree(&clean_folder), "edit {edit}");
    }
}

/// While a process runs it trusts its outputs; a folder that somebody put in the place of one is still theirs.
#[test]
fn a_folder_in_an_outputs_place_is_not_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    fs::create_dir_all(&root).unwrap();
    let mut site = Site::new(&root);
    let public = root.join("public");
    let mut output = Output::disk(public.clone(), &root);
    let mut warm = session(&root);
    warm.build(&mut output, None).unwrap();
    warm.remember(&mut output).unwrap();
    let page = public.join("about/index.html");
    fs::remove_file(&page).unwrap();
    fs::create_dir_all(&page).unwrap();
    fs::write(page.join("mine.txt"), "mine").unwrap();
    site.apply(&Edit::Page(1));
    let result = warm.build(&mut output, None);
    let _ = warm.remember(&mut output);
    assert!(page.join("mine.txt").is_file(), "{result:?}");
    // Nor does the next process.
    let mut output = Output::disk(public.clone(), &root);
    let _ = session(&root).build(&mut output, None);
    assert!(page.join("mine.txt").is_file());
    fs::remove_dir_all(&page).unwrap();
    let mut output = Output::disk(public, &root);
    session(&root).build(&mut output, None).unwrap();
    assert!(page.is_file());
}

/// Tools that make builds reproducible give every file the same time.
#[test]
fn a_file_that_changes_under_the_same_size_and_time() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    fs::create_dir_all(root.join("static")).unwrap();
    fs::write(root.join("site.toml"), "title = \"S\"\nbase_url = \"https://example.org/\"\n").unwrap();
    let public = root.join("public");
    for version in ["1.0", "1.1", "1.2"] {
        let path = root.join("static/version.txt");
        fs::write(&path, version).unwrap();
        let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000);
        fs::File::options().write(true).open(&path).unwrap().set_modified(past).unwrap();
        let mut output = Output::disk(public.clone(), &root);
        let mut session = session(&root).with_cache();
        session.build(&mut output, None).unwrap();
        session.remember(&mut output).unwrap();
        assert_eq!(fs::read_to_string(public.join("version.txt")).unwrap(), version);
    }
}
