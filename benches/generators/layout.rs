//! The same news in each generator's own layout: where a file lies, how its front matter is written, and where its page
//! will be. Settings and templates, which do not depend on the size, are in `sites/`.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use include_dir::{Dir, include_dir};

use super::{
    corpus::{DIGEST, Digest, Head, World},
    floor,
};

static SITES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/benches/generators/sites");

/// How a site is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Dateline, with a theme that shows what the peers' templates show.
    Dateline,
    /// Dateline, with its own theme and all that this makes.
    Whole,
    Hugo,
    Zola,
}

impl Layout {
    pub const ALL: [Layout; 4] = [Layout::Dateline, Layout::Whole, Layout::Hugo, Layout::Zola];

    /// Its folder.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Dateline => "dateline",
            Layout::Whole => "whole",
            Layout::Hugo => "hugo",
            Layout::Zola => "zola",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Layout::ALL.into_iter().find(|layout| layout.name() == name)
    }

    /// What its generator reads.
    pub fn sources(self, site: &Path) -> Vec<PathBuf> {
        let folders: &[&str] = match self {
            Layout::Dateline => &["content", "themes"],
            Layout::Whole => &["content"],
            Layout::Hugo => &["content", "layouts", "static"],
            Layout::Zola => &["content", "templates", "static"],
        };
        folders.iter().map(|folder| site.join(folder)).collect()
    }

    /// What its generator leaves behind, besides the built site in `public/`.
    pub fn leavings(self) -> &'static [&'static str] {
        match self {
            Layout::Dateline | Layout::Whole => &["public", ".dateline"],
            Layout::Hugo => &["public", "resources", ".hugo_build.lock"],
            Layout::Zola => &["public"],
        }
    }

    /// Where the file of an article lies.
    pub fn article_path(self, digest: &Digest, head: &Head) -> String {
        match self {
            Layout::Dateline | Layout::Whole => {
                format!("content/articles/{}/{}.md", head.date.strftime("%Y/%m"), head.slug)
            }
            Layout::Hugo | Layout::Zola => format!("content/digests/{}/{}.md", digest.slug, head.slug),
        }
    }

    /// Where the page of an article will be in `public/`.
    pub fn article_page(self, digest: &Digest, head: &Head) -> String {
        match self {
            Layout::Dateline | Layout::Whole => format!("{}/{}/index.html", head.date.strftime("%Y/%m/%d"), head.slug),
            Layout::Hugo | Layout::Zola => format!("digests/{}/{}/index.html", digest.slug, head.slug),
        }
    }

    fn digest_page(self, digest: &Digest) -> String {
        match self {
            Layout::Dateline | Layout::Whole => format!("{}/index.html", digest.slug),
            Layout::Hugo | Layout::Zola => format!("digests/{}/index.html", digest.slug),
        }
    }

    fn front_matter(self, world: &World, digest: &Digest, head: &Head) -> String {
        let Head { slug, title, summary, date, place, byline, source, source_url, .. } = head;
        let date = date.strftime("%Y-%m-%dT%H:%M:%SZ");
        let tags = head.tags.iter().map(|tag| format!("\"{tag}\"")).collect::<Vec<_>>().join(", ");
        let common = format!("title = \"{title}\"\ndate = {date}\nslug = \"{slug}\"\n");
        let of_dateline = format!(
            "id = \"{slug}\"\n{common}summary = \"{summary}\"\ntags = [{tags}]\nurl = \"{source_url}\"\n\
             dateline = \"{place}\"\n"
        );
        let credits = format!("\n[[credits]]\nname = \"{byline}\"\nrole = \"author\"\n");
        let extra = format!(
            "source = \"{source}\"\nsource_url = \"{source_url}\"\nbyline = \"{byline}\"\nplace = \"{place}\"\n\
             digest = \"{}\"\ndigest_title = \"{}\"\n",
            digest.slug, digest.title
        );
        match self {
            Layout::Dateline => format!("{of_dateline}{credits}\n[extra]\nsource = \"{source}\"\n"),
            Layout::Whole => {
                let outlet = slug_of(source);
                let storyline = world.storylines()[digest.storyline].to_lowercase();
                let event = match head.number % 10 {
                    0 => format!("\n[[events]]\ndate = {}\nheadline = \"{title}\"\n", head.date.date()),
                    _ => String::new(),
                };
                format!("{of_dateline}publisher = \"{outlet}\"\ntopics = [\"{storyline}\"]\n{credits}{event}")
            }
            Layout::Hugo => format!("{common}description = \"{summary}\"\ntags = [{tags}]\n\n[params]\n{extra}"),
            Layout::Zola => {
                format!("{common}description = \"{summary}\"\n\n[taxonomies]\ntags = [{tags}]\n\n[extra]\n{extra}")
            }
        }
    }

    /// The file of a digest, and where it lies.
    fn digest(self, world: &World, digest: &Digest, heads: &[Head]) -> (String, String) {
        let Digest { slug, title, summary, .. } = digest;
        match self {
            Layout::Dateline | Layout::Whole => {
                let topic = match self {
                    Layout::Whole => format!("topic = \"{}\"\n", world.storylines()[digest.storyline].to_lowercase()),
                    _ => String::new(),
                };
                let items: String =
                    heads.iter().map(|head| format!("\n[[items]]\narticle = \"{}\"\n", head.slug)).collect();
                let text = format!("+++\ntitle = \"{title}\"\nsummary = \"{summary}\"\n{topic}{items}+++\n");
                (format!("content/digests/{slug}.md"), text)
            }
            Layout::Hugo => {
                let text = format!("+++\ntitle = \"{title}\"\ndescription = \"{summary}\"\nlayout = \"digest\"\n+++\n");
                (format!("content/digests/{slug}/_index.md"), text)
            }
            Layout::Zola => {
                let text = format!(
                    "+++\ntitle = \"{title}\"\ndescription = \"{summary}\"\ntemplate = \"digest.html\"\n\
                     page_template = \"article.html\"\nsort_by = \"date\"\ntransparent = true\n+++\n"
                );
                (format!("content/digests/{slug}/_index.md"), text)
            }
        }
    }
}

fn slug_of(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// What was written.
pub struct Written {
    /// Different tags of its articles.
    pub tags: usize,
    /// Words of its texts, front matter left out.
    pub words: usize,
}

/// Writes `count` articles in each of the layouts, below `folder`, on all cores; no more than a digest at a time is held.
pub fn write(folder: &Path, layouts: &[Layout], count: usize) -> Written {
    let world = &World::new();
    for layout in layouts {
        let site = folder.join(layout.name());
        fs::create_dir_all(&site).expect("a folder");
        if let Some(files) = SITES.get_dir(layout.name()) {
            write_dir(files, layout.name(), &site);
        }
        let style = SITES.get_file("style.css").expect("the style sheet").contents();
        match layout {
            Layout::Dateline => put(&site.join("themes/bare/static/style.css"), style),
            Layout::Hugo | Layout::Zola => put(&site.join("static/style.css"), style),
            Layout::Whole => {
                for name in world.outlets() {
                    let text = format!("+++\nname = \"{name}\"\nkind = \"newspaper\"\n+++\n");
                    put(&site.join(format!("content/publishers/{}.md", slug_of(name))), text.as_bytes());
                }
                for name in world.storylines() {
                    let text = format!("+++\ntitle = \"{name}\"\n+++\n");
                    put(&site.join(format!("content/topics/{}.md", name.to_lowercase())), text.as_bytes());
                }
            }
        }
    }
    let (next, words, tags) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(BTreeSet::new()));
    let digests = count.div_ceil(DIGEST);
    let work = || {
        let mut own_tags = BTreeSet::new();
        loop {
            let number = next.fetch_add(1, Relaxed);
            if number >= digests {
                break;
            }
            let digest = world.digest(number);
            let numbers = number * DIGEST..count.min((number + 1) * DIGEST);
            let heads: Vec<Head> = numbers.map(|number| world.head(&digest, number)).collect();
            for head in &heads {
                let body = world.body(head.number);
                words.fetch_add(body.split_whitespace().count(), Relaxed);
                own_tags.extend(head.tags.iter().cloned());
                for layout in layouts {
                    let text = format!("+++\n{}+++\n\n{body}", layout.front_matter(world, &digest, head));
                    let path = folder.join(layout.name()).join(layout.article_path(&digest, head));
                    put(&path, text.as_bytes());
                }
            }
            for layout in layouts {
                let (path, text) = layout.digest(world, &digest, &heads);
                put(&folder.join(layout.name()).join(path), text.as_bytes());
            }
        }
        tags.lock().expect("no thread failed").append(&mut own_tags);
    };
    thread::scope(|scope| {
        for _ in 0..floor::threads() {
            scope.spawn(work);
        }
    });
    Written { tags: tags.into_inner().expect("no thread failed").len(), words: words.into_inner() }
}

fn write_dir(files: &Dir<'static>, below: &str, to: &Path) {
    for file in files.files() {
        put(&to.join(file.path().strip_prefix(below).expect("below it")), file.contents());
    }
    for folder in files.dirs() {
        write_dir(folder, below, to);
    }
}

fn put(path: &Path, bytes: &[u8]) {
    if fs::write(path, bytes).is_err() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

/// A built site beside what it should be.
pub struct Built {
    pub files: usize,
    pub html: usize,
    pub bytes: u64,
    /// Pages that should be there and are not.
    pub missing: usize,
    /// Pages besides those that every generator makes: how many, and some of their paths.
    pub besides: (usize, Vec<String>),
}

/// Compares the pages in `public/` with those that every generator should make: one for each article, digest and tag, the
/// lists of digests and of tags, and the home page.
pub fn inspect(layout: Layout, public: &Path, count: usize) -> Built {
    let world = World::new();
    let mut wanted: HashSet<String> = ["index.html", "digests/index.html", "tags/index.html"].map(str::to_owned).into();
    for number in 0..count.div_ceil(DIGEST) {
        let digest = world.digest(number);
        for number in number * DIGEST..count.min((number + 1) * DIGEST) {
            let head = world.head(&digest, number);
            wanted.insert(layout.article_page(&digest, &head));
            for tag in &head.tags {
                let page = format!("tags/{tag}/index.html");
                if !wanted.contains(&page) {
                    wanted.insert(page);
                }
            }
        }
        wanted.insert(layout.digest_page(&digest));
    }
    let (files, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let pages = Mutex::new((wanted, 0, Vec::new()));
    floor::walk(&[public.to_owned()], &|entry| {
        files.fetch_add(1, Relaxed);
        bytes.fetch_add(usize::try_from(entry.metadata().expect("its size").len()).expect("a size"), Relaxed);
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "html") {
            let below = path.strip_prefix(public).expect("below").to_string_lossy().into_owned();
            let (wanted, html, besides) = &mut *pages.lock().expect("no thread failed");
            *html += 1;
            if !wanted.remove(&below) {
                besides.push(below);
            }
        }
    });
    let (wanted, html, mut besides) = pages.into_inner().expect("no thread failed");
    besides.sort();
    let some = besides.iter().take(3).cloned().collect();
    Built {
        files: files.into_inner(),
        html,
        bytes: bytes.into_inner() as u64,
        missing: wanted.len(),
        besides: (besides.len(), some),
    }
}
