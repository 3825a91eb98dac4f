//! Search: what a reader finds in a real browser, in many languages and scripts, and what never gets into the index.

use serde_json::{Value, json};

use crate::{
    browser::{Browser, Server},
    site_test::Site,
};

const BASE: &str = "/some/where/";

/// Articles on made-up news in many languages, with people, publishers and topics.
fn site() -> Site {
    let site = Site::empty()
        .file("site.toml", "title = \"The Test\"\nbase_url = \"https://user.example/\"\nlanguage = \"en\"\n")
        .file(
            "content/topics/river-crisis.md",
            "+++\ntitle = \"River crisis\"\nsummary = \"The river Orm rises.\"\n+++\n",
        )
        .file("content/topics/orm-dam.md", "+++\ntitle = \"The Orm dam\"\nbroader = [\"river-crisis\"]\n+++\n")
        .file("content/topics/elections.md", "+++\ntitle = \"Elections\"\n+++\n")
        .named("publishers", "north-post", "name = \"The North Post\"")
        .named("publishers", "wire", "name = \"Wire\"\nkind = \"agency\"")
        .named("people", "olena-hrai", "name = \"Olena Hrai\"\nalternate_names = [\"Олена Грай\", \"Helena Hray\"]")
        .named("people", "tom-ash", "name = \"Tom Ash\"");
    let article = |site: Site, day: &str, slug: &str, title: &str, keys: &str, body: &str| {
        site.file(
            &format!("content/articles/{}/{slug}.md", day.replace('-', "/")),
            format!("+++\ntitle = \"{title}\"\ndate = {day}\n{keys}\n+++\n\n{body}\n"),
        )
    };
    let site = article(
        site,
        "2022-01-05",
        "dam-breaks",
        "Dam breaks above Lindal",
        "topics = [\"orm-dam\"]\npublisher = \"north-post\"\npeople = [\"olena-hrai\"]\ntags = [\"Dobrovsky bridge\"]",
        "Water poured over the wall at night. Engineers had warned the ministers for years.",
    );
    let site = article(
        site,
        "2022-01-09",
        "minister-resigns",
        "Minister resigns over floods",
        "topics = [\"river-crisis\"]\npublisher = \"north-post\"\nagency = \"wire\"\npeople = [\"tom-ash\"]",
        "Tom Ash said the dam breaking was foreseeable. The U.S. ambassador was negotiating help.",
    );
    let site = article(
        site,
        "2022-02-01",
        "votes-counted",
        "Votes are counted",
        "topics = [\"elections\"]\npublisher = \"wire\"",
        "A long evening at the town hall, with a word on the dam and on the floods in passing. They spoke of hope and of the weather, of roads and schools, of much else that a town talks of when it has nothing better to do than wait.",
    );
    let site = article(
        site,
        "2022-02-02",
        "votes-counted-again",
        "Votes are counted",
        "topics = [\"elections\"]\npublisher = \"wire\"",
        "A long evening at the town hall, with a word on the dam and on the floods in passing. They spoke of hope and of the weather, of roads and schools, of much else that a town talks of when it has nothing better to do than wait.",
    );
    let site = article(
        site,
        "2022-03-01",
        "wahl",
        "Verhandlungen über die Staudämme",
        "lang = \"de\"",
        "Die Straßenbahnen fuhren nicht.",
    );
    let site = article(
        site,
        "2022-03-02",
        "election",
        "Les élections régionales",
        "lang = \"fr\"",
        "Les négociations ont échoué à Genève.",
    );
    let site = article(
        site,
        "2022-03-03",
        "eleccion",
        "Elecciones en otoño",
        "lang = \"es\"",
        "Los negociadores españoles hablaron de las inundaciones.",
    );
    let site = article(
        site,
        "2022-03-04",
        "povin",
        "Повінь на річці Орм",
        "lang = \"uk\"",
        "Мешканці об’єднаної громади чекали на воду в школі.",
    );
    let site = article(
        site,
        "2022-03-05",
        "navodnenie",
        "Наводнение в долине",
        "lang = \"ru\"",
        "Министры говорили о плотинах и дорогах.",
    );
    let site =
        article(site, "2022-03-06", "fayadan", "الفيضانات تغمر القرى", "lang = \"ar\"", "قال الوزير إن السدّ كان قديماً");
    let site = article(site, "2022-03-07", "baadh", "बाढ़ से गाँवों में तबाही", "lang = \"hi\"", "मंत्रियों ने चुनावों की बात की।");
    let site = article(site, "2022-03-08", "hongshui", "洪水淹没河谷", "lang = \"zh\"", "工程师多年来一直警告部长。");
    let site = article(site, "2022-03-09", "kozui", "ダムが決壊した", "lang = \"ja\"", "住民は学校に避難している。");
    let site = article(site, "2022-03-10", "namthuam", "น้ำท่วมหุบเขา", "lang = \"th\"", "วิศวกรเตือนรัฐมนตรีมาหลายปีแล้ว");
    article(site, "2022-03-11", "hongsu", "댐이 무너졌다", "lang = \"ko\"", "주민들은 학교에서 기다렸다.")
}

/// The search page of a built site, in a browser.
struct Searching {
    browser: Browser,
    server: Server,
    _site: Site,
}

impl Searching {
    fn start(site: Site) -> Option<Self> {
        let browser = Browser::start()?;
        let server = Server::start_at(BASE, |origin| {
            site.run(&format!("build --base-url {origin}{BASE}")).succeeds();
            site.path("public")
        });
        Some(Searching { browser, server, _site: site })
    }

    /// Opens the search page with what stands after the `?`, and waits for what it says.
    fn open(&self, query: &str) -> String {
        self.browser.go(&format!("{}{BASE}search/?{query}", self.server.origin));
        self.said()
    }

    fn said(&self) -> String {
        let said = self.browser.evaluate(
            "new Promise(done => { const look = () => {
                const text = document.getElementById('search-status').textContent;
                text && text !== 'Searching …' ? done(text) : setTimeout(look, 20); }; look(); })",
        );
        said.as_str().expect("a text").to_owned()
    }

    /// The headlines that are found with some words, the first one first.
    fn find(&self, words: &str) -> Vec<String> {
        self.ask(&format!("q={}", percent_encoding::utf8_percent_encode(words, percent_encoding::NON_ALPHANUMERIC)))
    }

    fn ask(&self, query: &str) -> Vec<String> {
        self.open(query);
        let found = self.browser.evaluate("[...document.querySelectorAll('#search-found h2')].map(e => e.textContent)");
        found.as_array().expect("a list").iter().map(|title| title.as_str().expect("a text").to_owned()).collect()
    }

    #[track_caller]
    fn finds_first(&self, words: &str, title: &str) {
        let found = self.find(words);
        assert_eq!(found.first().map(String::as_str), Some(title), "{words}: {found:?}");
    }
}

#[test]
fn the_story_looked_for_comes_first() {
    let Some(searching) = Searching::start(site()) else { return };
    // A story by its name, then a headline over a mention in passing.
    searching.finds_first("river crisis", "River crisis");
    searching.finds_first("dam breaks", "Dam breaks above Lindal");
    searching.finds_first("minister floods", "Minister resigns over floods");
    // Any form of a word, in small letters or capitals, with or without accents.
    searching.finds_first("RESIGNED flooding", "Minister resigns over floods");
    searching.finds_first("the US ambassador negotiates", "Minister resigns over floods");
    // The beginning of a word, and a form that stands nowhere.
    searching.finds_first("ambassad", "Minister resigns over floods");
    searching.finds_first("ambassadorial", "Minister resigns over floods");
    // A slip of the fingers: letters in each other's place, one that is missing, one too many, a wrong one.
    for slip in ["minitser floods", "ambasador", "engieners", "engiineers", "foreceable"] {
        let title = if slip.starts_with("eng") { "Dam breaks above Lindal" } else { "Minister resigns over floods" };
        searching.finds_first(slip, title);
    }
    // And one at the beginning of a word, which the index divides words by.
    for (slip, title) in [
        ("mniister", "Minister resigns over floods"),
        ("inister", "Minister resigns over floods"),
        ("mminister", "Minister resigns over floods"),
        ("nimister floods", "Minister resigns over floods"),
        ("Breeaks dam", "Dam breaks above Lindal"),
        ("Linadl", "Dam breaks above Lindal"),
        ("Lidnal", "Dam breaks above Lindal"),
        ("Ohlena", "Olena Hrai"),
        ("rHai", "Olena Hrai"),
        // Two, and another way to write the end of a name.
        ("Tobrovskyj", "Dam breaks above Lindal"),
        ("Dborovskiy", "Dam breaks above Lindal"),
    ] {
        searching.finds_first(slip, title);
    }
    // All words before most of them; of equals the newest.
    assert_eq!(searching.find("dam floods hope").len(), 2);
    let address = searching.browser.evaluate("document.querySelector('#search-found a').getAttribute('href')");
    assert!(address.as_str().is_some_and(|address| address.ends_with("/2022/02/02/votes-counted-again/")), "{address}");
    // A person under every spelling.
    for name in ["Olena Hrai", "Олена Грай", "hray helena"] {
        let found = searching.find(name);
        assert_eq!(found, ["Olena Hrai", "Dam breaks above Lindal"], "{name}");
    }
    assert!(searching.open("q=zzyzx").contains("Nothing was found"));
    assert!(searching.open("q=dam+zzyzx").starts_with("No page has all"));
}

#[test]
fn every_language_is_found() {
    let Some(searching) = Searching::start(site()) else { return };
    for (words, title) in [
        ("verhandlung", "Verhandlungen über die Staudämme"),
        ("strassenbahn", "Verhandlungen über die Staudämme"),
        ("élection régional", "Les élections régionales"),
        ("negociation geneve", "Les élections régionales"),
        ("inundación", "Elecciones en otoño"),
        ("espanol", "Elecciones en otoño"),
        ("річка", "Повінь на річці Орм"),
        ("об'єднана громада", "Повінь на річці Орм"),
        ("министр плотина", "Наводнение в долине"),
        ("нвоаднение", "Наводнение в долине"),
        ("Vehrandlungen", "Verhandlungen über die Staudämme"),
        ("Tsaudämme", "Verhandlungen über die Staudämme"),
        ("فيضان", "الفيضانات تغمر القرى"),
        ("السد قديم", "الفيضانات تغمر القرى"),
        ("चुनाव", "बाढ़ से गाँवों में तबाही"),
        ("河谷", "洪水淹没河谷"),
        ("工程师警告", "洪水淹没河谷"),
        ("洪", "洪水淹没河谷"),
        ("決壊", "ダムが決壊した"),
        ("ﾀﾞﾑ", "ダムが決壊した"),
        ("หุบเขา", "น้ำท่วมหุบเขา"),
        ("รัฐมนตรี", "น้ำท่วมหุบเขา"),
        ("학교", "댐이 무너졌다"),
    ] {
        searching.finds_first(words, title);
    }
    let direction = "q=%D9%81%D9%8A%D8%B6%D8%A7%D9%86";
    searching.open(direction);
    assert_eq!(searching.browser.evaluate("document.querySelector('#search-found h2').lang"), "ar");
}

#[test]
fn filters_narrow_a_search_down() {
    let Some(searching) = Searching::start(site()) else { return };
    let articles = |found: Vec<String>| {
        let pages = ["River crisis", "The Orm dam", "Wire", "The North Post", "Tom Ash", "Olena Hrai"];
        found.into_iter().filter(|title| !pages.contains(&title.as_str())).collect::<Vec<_>>()
    };
    // A topic takes in its narrower ones.
    let of_topic = articles(searching.ask("q=dam&topic=river-crisis"));
    assert_eq!(of_topic, ["Dam breaks above Lindal", "Minister resigns over floods"]);
    assert_eq!(articles(searching.ask("topic=orm-dam")), ["Dam breaks above Lindal"]);
    assert_eq!(articles(searching.ask("q=dam&publisher=north-post&person=tom-ash")), ["Minister resigns over floods"]);
    assert_eq!(articles(searching.ask("q=dam&publisher=wire")).len(), 3);
    assert_eq!(searching.ask("q=dam&from=2022-01-06&until=2022-02-01").len(), 2);
    assert_eq!(searching.ask("from=2022-01-05&until=2022-01-05"), ["Dam breaks above Lindal"]);
    assert_eq!(searching.ask("until=2022-01-09"), ["Minister resigns over floods", "Dam breaks above Lindal"]);
    // What was chosen is shown as chosen, and can be chosen by hand.
    searching.open("q=dam&topic=elections");
    let chosen = "document.querySelector('select[name=topic]').selectedOptions[0].textContent";
    assert_eq!(searching.browser.evaluate(chosen), "Elections (2)");
    let address = searching.browser.evaluate(
        "(() => { const list = document.querySelector('select[name=topic]'); list.value = 'orm-dam';
            list.dispatchEvent(new Event('change', { bubbles: true })); return location.search; })()",
    );
    assert_eq!(address, "?q=dam&topic=orm-dam");
}

#[test]
fn a_search_goes_by_keyboard_and_says_what_it_found() {
    let many =
        (1..=28).fold(Site::new(), |site, day| site.article(&format!("2022-03-{day:02}"), &format!("bell-{day}"), ""));
    let Some(searching) = Searching::start(many) else { return };
    let browser = &searching.browser;
    browser.go(&format!("{}{BASE}", searching.server.origin));
    let form = "document.querySelector('form.find')";
    browser.evaluate(&format!("{form}.q.value = 'bell'; {form}.requestSubmit()"));
    let said = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        let is_there =
            browser.evaluate("location.pathname.endsWith('/search/') && !!document.getElementById('search-status')");
        (is_there == true).then(|| searching.said())
    });
    assert_eq!(said.as_deref(), Some("28 pages found."));
    assert_eq!(browser.evaluate("document.getElementById('search-status').getAttribute('role')"), "status");
    assert_eq!(browser.evaluate("document.querySelectorAll('#search-found li').length"), 10);
    // More of them: the focus goes to the first new one.
    let shown = browser.evaluate(
        "new Promise(done => { document.querySelector('#search-more button').click(); const look = () => {
            const items = document.querySelectorAll('#search-found li');
            items.length === 20 && document.activeElement.matches('#search-found a')
                ? done([...document.querySelectorAll('#search-found a')].indexOf(document.activeElement)) : setTimeout(look, 20); }; look(); })",
    );
    assert_eq!(shown, 10);
}

#[test]
fn without_a_script_the_page_leads_to_archive_and_a_to_z() {
    let site = site();
    site.build().succeeds();
    let page = site.page("/search/");
    page.says("The search needs a script").links_to("All articles, by year and month", "/archive/");
    page.links_to("All topics, people, places, organizations, publishers and tags, from A to Z", "/a-z/");
    let names = site.page("/a-z/");
    names
        .links_to("O", "/a-z/#letter-o")
        .links_to("Olena Hrai", "/people/olena-hrai/")
        .links_to("Wire", "/publishers/wire/");
    // Every page has the form; no page but this one has a script.
    site.page("/").has("action=\"/search/\"").has("name=\"q\"");
    for (path, bytes) in site.public() {
        if path.ends_with(".html") && path != "search/index.html" {
            assert!(!String::from_utf8_lossy(&bytes).contains("<script src"), "{path} loads a script");
            assert!(!String::from_utf8_lossy(&bytes).contains("search.js"), "{path} loads the search");
        }
    }
}

#[test]
fn a_site_can_do_without() {
    let site = site();
    site.write("site.toml", format!("{}\n[search]\nenabled = false\n", site.read("site.toml")));
    site.build().succeeds();
    assert!(!site.public_paths().iter().any(|path| path.starts_with("search/")));
    assert!(!site.page("/").html.contains("type=\"search\""));
}

/// All bytes of the index.
fn index(site: &Site) -> Vec<u8> {
    site.public().into_iter().filter(|(path, _)| path.starts_with("search/")).flat_map(|(_, bytes)| bytes).collect()
}

fn has(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[test]
fn what_may_not_be_shown_is_not_in_the_index() {
    let body = "Openly said quixotry. Then the zyzzyvas came.";
    let build = |rights: &str| {
        let site =
            Site::new().article_with("2022-01-21", "a", &format!("summary = \"Wolframite\"\n[rights]\n{rights}"), body);
        site.build().succeeds();
        index(&site)
    };
    let whole = build("display = \"full\"");
    assert!(has(&whole, "quixotri") && has(&whole, "zyzzyva"));
    let excerpt = build("display = \"excerpt\"\nmax_words = 3");
    assert!(has(&excerpt, "quixotri") && !has(&excerpt, "zyzzyva"));
    let headline = build("display = \"headline\"");
    assert!(!has(&headline, "quixotri") && !has(&headline, "zyzzyva") && has(&headline, "wolframit"));
    let draft = Site::new().article_with("2022-01-21", "a", "draft = true", body);
    draft.build().succeeds();
    assert!(!has(&index(&draft), "quixotri"));
}

#[test]
fn an_edit_changes_few_files_and_forgets_what_was_said() {
    let mut site = Site::new();
    for at in 0..400 {
        let body = format!("Number {at} tells of place{} and of day{at}.", at % 7);
        site = site.article_with(&format!("2022-{:02}-{:02}", 1 + at % 12, 1 + at % 28), &format!("a{at}"), "", &body);
    }
    site.build().succeeds();
    let before = site.public();
    let path = site.files("content/articles").into_keys().find(|path| path.ends_with("a7.md")).expect("a file");
    site.edit(&format!("content/articles/{path}"), "tells of", "xylophone of");
    site.build().succeeds();
    let after = site.public();
    assert_eq!(before.len(), after.len());
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, bytes)| path.starts_with("search/") && before[*path] != **bytes)
        .map(|(path, _)| path)
        .collect();
    assert!((1..=4).contains(&changed.len()), "{changed:?}");
    site.edit(&format!("content/articles/{path}"), "xylophone of", "tells of");
    site.build().succeeds();
    assert!(site.public() == before, "the index is what it was");
}

#[test]
fn a_first_search_is_small() {
    let Some(searching) = Searching::start(site()) else { return };
    searching.browser.devtools("Network.enable", json!({}));
    searching.open("q=dam+breaks");
    let loaded = searching.browser.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.includes('/search/')).reduce((sum, e) => sum + e.encodedBodySize, 0)",
    );
    assert!(
        matches!(&loaded, Value::Number(bytes) if bytes.as_u64().is_some_and(|bytes| (1..100_000).contains(&bytes))),
        "{loaded}"
    );
}

#[test]
fn names_stand_under_the_letters_of_the_language() {
    let names = |language: &str| {
        let mut site = Site::new().settings(&format!("language = \"{language}\"")).article("2022-01-21", "a", "");
        for (slug, name) in
            [("a", "Åland"), ("b", "Zagreb"), ("c", "aachen"), ("d", "Čakovec"), ("e", "Cadiz"), ("f", "«Zürich»")]
        {
            site = site.named("places", slug, &format!("name = \"{name}\""));
        }
        site.run("build").succeeds();
        let page = site.page("/a-z/");
        let letters: Vec<String> =
            page.elements("h2").filter(|h2| h2.attributes.contains_key("id")).map(|h2| h2.text.clone()).collect();
        let main = page.main();
        let order: Vec<usize> =
            ["aachen", "Åland", "Cadiz", "Čakovec", "Zagreb"].map(|name| main.html.find(name).expect("a name")).into();
        (letters, order.is_sorted())
    };
    let letters = |all: &[&str]| all.iter().map(|letter| (*letter).to_owned()).collect::<Vec<_>>();
    assert_eq!(names("en"), (letters(&["A", "C", "Z"]), true));
    // In Swedish Å is a letter after Z, in Croatian Č one after C.
    assert_eq!(names("sv"), (letters(&["A", "C", "Z", "Å"]), false));
    assert_eq!(names("hr"), (letters(&["A", "C", "Č", "Z"]), true));
}
