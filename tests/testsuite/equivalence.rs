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
use proptest::{prelude::*, test_runner::Config};

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
    Template(u8),
    RemoveTemplates,
    BreakTemplate,
    Style(u8),
    Static(u8, u8),
    DeleteStatic(u8),
    Setting(u8),
    BreakSettings,
    Page(u8),
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
        n().prop_map(Edit::Template),
        Just(Edit::RemoveTemplates),
        Just(Edit::BreakTemplate),
        n().prop_map(Edit::Style),
        (n(), n()).prop_map(|(a, b)| Edit::Static(a, b)),
        n().prop_map(Edit::DeleteStatic),
        n().prop_map(Edit::Setting),
        Just(Edit::BreakSettings),
        n().prop_map(Edit::Page),
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
    body: String,
}

struct Site {
    root: PathBuf,
    articles: BTreeMap<String, Article>,
    topics: BTreeMap<String, (String, Option<String>)>,
    people: BTreeMap<String, String>,
    publishers: BTreeMap<String, &'static str>,
    digests: BTreeMap<String, (String, Vec<usize>)>,
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
        let text = format!(
            "+++\nid = \"{name}\"\ntitle = {:?}\ndate = {}\ntopics = {:?}\ntags = {:?}\npeople = {:?}\npublisher = {:?}\ndraft = {}\n{lang}\n[[events]]\ndate = {:?}\nheadline = {:?}\n+++\n\n{}\n",
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
            self.put(
                &format!("content/topics/{slug}.md"),
                &format!("+++\ntitle = {title:?}\n{broader}{period}+++\nText.\n"),
            );
        }
        for (slug, name) in &self.people {
            self.put(&format!("content/people/{slug}.md"), &format!("+++\nname = {name:?}\n+++\n"));
        }
        for (slug, display) in &self.publishers {
            let text = format!("+++\nname = \"Outlet {slug}\"\n[rights]\ndisplay = {display:?}\nmax_words = 2\n+++\n");
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
            let text = format!(
                "+++\ntitle = {title:?}\ntopic = {topic:?}\ntemporal_coverage = \"2022-01\"\n[query]\n{rows}+++\n"
            );
            self.put(&format!("content/digests/{slug}.md"), &text);
        }
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
            Edit::Template(n) => self.put(
                "themes/broadsheet/templates/tag.html",
                &format!("{n} {{{{ tag.name }}}} {{% for a in tag.articles %}}{{{{ a.title }}}} {{% endfor %}}"),
            ),
            Edit::RemoveTemplates => drop(fs::remove_dir_all(self.root.join("themes"))),
            Edit::BreakTemplate => self.put("themes/broadsheet/templates/page.html", "{{ nothing.here }} {% if %}"),
            Edit::Style(n) => self.put("themes/broadsheet/static/broadsheet.css", &format!("a{{order:{n}}}")),
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
                    "[outputs]\narchive = false\n",
                    "[search]\nenabled = false\n",
                ][usize::from(n / 3 % 5)];
                self.put(
                    "site.toml",
                    &format!("title = \"S\"\nbase_url = {base:?}\npage_size = {}\nhome_items = 3\n{more}", 2 + n % 3),
                );
            }
            Edit::BreakSettings => self.put("site.toml", "title = S\n"),
            Edit::Page(n) => {
                self.put("content/pages/about.md", &format!("+++\ntitle = \"About {}\"\n+++\nHello {n}.\n", n % 3))
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
    let cases = std::env::var("DATELINE_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(24);
    let config = Config { cases, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
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
