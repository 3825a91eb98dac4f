//! A site in other languages than English: its own words, dates and numbers, and the direction of each text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::site_test::{Page, Site};

const LANGUAGES: [&str; 9] = ["ar", "de", "en", "es", "fr", "hi", "ru", "uk", "zh"];

fn theme(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("themes").join(name)
}

fn files(folder: &str, extension: &str) -> BTreeMap<String, String> {
    files_of("broadsheet", folder, extension)
}

fn files_of(name: &str, folder: &str, extension: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(theme(name).join(folder)).expect("a folder of the theme");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let of_kind = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    let texts = of_kind.map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("UTF-8"))
    });
    texts.collect()
}

/// Every text of a file of words, as `key`, `key.form` or `key.name`.
fn words(text: &str) -> BTreeMap<String, String> {
    let table: toml_edit::DocumentMut = text.parse().expect("TOML");
    let mut found = BTreeMap::new();
    for (key, item) in table.iter() {
        match item.as_table() {
            Some(inner) => {
                for (name, item) in inner.iter() {
                    found.insert(format!("{key}.{name}"), item.as_str().expect("text").to_owned());
                }
            }
            None => drop(found.insert(key.to_owned(), item.as_str().expect("text").to_owned())),
        }
    }
    found
}

fn slots(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

#[test]
fn every_language_of_the_theme_has_every_word() {
    let languages = files("words", "toml");
    assert_eq!(languages.keys().map(String::as_str).collect::<Vec<_>>(), LANGUAGES);
    let english = words(&languages["en"]);
    let is_plural = |key: &str| key.rsplit('.').next().is_some_and(|form| FORMS.contains(&form));
    let mut wrong = Vec::new();
    for (language, text) in &languages {
        let known = words(text);
        let own_forms = dateline::locale::Locale::of(language).plurals();
        for (key, text) in &english {
            if is_plural(key) {
                continue;
            }
            match known.get(key) {
                None => wrong.push(format!("{language}: `{key}` is missing")),
                Some(found) if slots(found) != slots(text) => {
                    wrong.push(format!("{language}: `{key}` has other places: {found}"));
                }
                Some(_) => {}
            }
        }
        for key in english.keys().filter_map(|key| key.strip_suffix(".other")) {
            let forms: BTreeSet<&str> =
                FORMS.into_iter().filter(|form| known.contains_key(&format!("{key}.{form}"))).collect();
            if forms != own_forms.iter().copied().collect() {
                wrong.push(format!("{language}: `{key}` has the forms {forms:?}, the language {own_forms:?}"));
            }
            let count = known.get(&format!("{key}.other")).is_some_and(|text| text.contains("{count}"));
            if !count {
                wrong.push(format!("{language}: `{key}` says no number"));
            }
        }
        for key in known.keys().filter(|key| !is_plural(key) && !english.contains_key(*key)) {
            wrong.push(format!("{language}: `{key}` is no word of the theme"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a template says by itself: text between tags, attributes that are read out, and texts in the template's own language.
fn own_words(template: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut literals = Vec::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        plain.push_str(&rest[..start]);
        let (end, is_code) = match &rest[start..] {
            code if code.starts_with("{#") => ("#}", false),
            code if code.starts_with("{%") => ("%}", true),
            code if code.starts_with("{{") => ("}}", true),
            _ => {
                plain.push('{');
                rest = &rest[start + 1..];
                continue;
            }
        };
        let length = rest[start..].find(end).map_or(rest.len() - start, |at| at + 2);
        let code = &rest[start..start + length];
        let is_class = plain.rsplit_once(" class=\"").is_some_and(|(_, value)| !value.contains('"'));
        if is_code && !is_class {
            literals.extend(code.split('"').skip(1).step_by(2).map(str::to_owned));
        }
        plain.push('\u{1}');
        rest = &rest[start + length..];
    }
    plain.push_str(rest);
    let mut found = Vec::new();
    // A literal that is no key, class, address or format: it begins with a capital, or has words in it.
    let names = ["Atom", "RSS", "JSON", "Note", "TimelineJS"];
    let is_text = |text: &str| {
        let begins = text.chars().next().is_some_and(char::is_uppercase);
        !names.contains(&text) && (begins || text.trim().contains(' ')) && text.chars().any(char::is_alphabetic)
    };
    found.extend(literals.into_iter().filter(|text| is_text(text)));
    let mut text = String::new();
    let mut rest = plain.as_str();
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let length = rest[start..].find('>').map_or(rest.len() - start, |at| at + 1);
        let tag = &rest[start..start + length];
        for name in ["aria-label", "alt", "title", "placeholder", "aria-description", "summary"] {
            if let Some((_, value)) = tag.split_once(&format!(" {name}=\""))
                && value.split('"').next().is_some_and(|value| value.chars().any(char::is_alphabetic))
            {
                found.push(tag.to_owned());
            }
        }
        if tag.starts_with("<style") {
            rest = rest[start..].split_once("</style>").map_or("", |(_, after)| after);
            text.push('\n');
            continue;
        }
        text.push('\n');
        rest = &rest[start + length..];
    }
    text.push_str(rest);
    let lines = text.split(['\n', '\u{1}']).map(str::trim);
    found.extend(lines.filter(|line| line.chars().filter(|c| c.is_alphabetic()).count() > 1).map(str::to_owned));
    found
}

#[test]
fn no_template_of_the_theme_has_words_of_its_own() {
    let mut wrong = Vec::new();
    for theme in dateline::render::built_in_themes() {
        for (name, text) in files_of(theme, "templates", "html") {
            wrong.extend(own_words(&text).into_iter().map(|words| format!("{theme}: {name}.html: {words}")));
        }
    }
    assert!(wrong.is_empty(), "put these into words/*.toml (themes/README.md says how):\n{}", wrong.join("\n"));
}

#[test]
fn words_of_a_template_are_found() {
    let found = own_words(
        "{# No words #}<p class=\"a b\">{{ words(key=\"a\") }} Read on</p><img alt=\"A crane\"><i aria-label=\"{{ x }}\"></i>\
         {{ \"More digests\" if lead else words(key=\"b\") }}<style>p { color: red }</style>{% if page.kind == \"home\" %}404{% endif %}",
    );
    assert_eq!(found, ["More digests", "<img alt=\"A crane\">", "Read on"]);
}

#[test]
fn each_word_of_the_theme_is_used() {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for text in files("templates", "html").into_values() {
        for call in text.split("words(").skip(1) {
            used.extend(call.split("key=\"").nth(1).and_then(|key| key.split('"').next()).map(str::to_owned));
        }
    }
    for (path, bytes) in crate::site_test::read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render")) {
        let code = String::from_utf8_lossy(&bytes);
        let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for (key, _) in words(&files("words", "toml")["en"]) {
            let key = key.split('.').next().unwrap_or_default();
            if path.ends_with(".rs")
                && ["word(", "word_of(", "word_with("].iter().any(|call| code.contains(&format!("{call}\"{key}\"")))
            {
                used.insert(key.to_owned());
            }
        }
    }
    let known = words(&files("words", "toml")["en"]);
    let unused: BTreeSet<&str> =
        known.keys().map(|key| key.split('.').next().unwrap_or(key)).filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "nothing asks for {unused:?}");
}

/// The fixture's site in a language.
fn site(language: &str) -> Site {
    let site = Site::fixture("rich");
    site.edit("site.toml", "language = \"en\"", &format!("language = \"{language}\""));
    site
}

#[test]
fn a_whole_site_in_each_language() {
    // A list's name, so many articles, a day, a month with its year, a section of the topic's page.
    let said = [
        ("ar", "المواضيع", "مقالان", "21 يناير 2022", "يناير 2022", "التسلسل الزمني"),
        ("de", "Themen", "2 Artikel", "21. Januar 2022", "Januar 2022", "Chronik"),
        ("en", "Topics", "2 articles", "21 January 2022", "January 2022", "Timeline"),
        ("es", "Temas", "2 artículos", "21 de enero de 2022", "enero de 2022", "Cronología"),
        ("fr", "Sujets", "2 articles", "21 janvier 2022", "janvier 2022", "Chronologie"),
        ("hi", "विषय", "2 लेख", "21 जनवरी, 2022", "जनवरी 2022", "घटनाक्रम"),
        ("ru", "Темы", "2 статьи", "21 января 2022 г.", "январь 2022 г.", "Хронология"),
        ("uk", "Теми", "2 статті", "21 січня 2022 р.", "січень 2022 р.", "Хронологія"),
        ("zh", "专题", "2 篇文章", "2022年1月21日", "2022年1月", "时间线"),
    ];
    let english: BTreeSet<String> = words(&files("words", "toml")["en"]).into_values().collect();
    for (language, topics, articles, day, month, timeline) in said {
        let site = site(language);
        site.build();
        let home = site.page("/");
        home.says(topics).says(articles);
        let topic = site.page("/harbour-strike/");
        topic.says(articles).says(month).says(timeline);
        site.page("/2022/01/21/").says(day);
        site.page("/2022/01/").says(month).says(articles);
        let html = home.elements("html").next().expect("html");
        assert_eq!(html.attributes["lang"], language);
        assert_eq!(html.attributes["dir"], if language == "ar" { "rtl" } else { "ltr" });
        if language == "en" {
            continue;
        }
        // Nothing that the theme says is left in English, but words that are the same in both.
        let own: BTreeSet<String> = words(&files("words", "toml")[language]).into_values().collect();
        for (path, bytes) in site.public().into_iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = Page::parse(&path, String::from_utf8(bytes).expect("UTF-8"));
            // The types of JSON-LD are names of schema.org, the same in every language.
            let (before, data) =
                page.html.split_once("<script type=\"application/ld+json\">").unwrap_or((&page.html, ""));
            let after = data.split_once("</script>").map_or("", |(_, after)| after);
            let shown = [before, after].into_iter().flat_map(|html| html.split(['<', '>', '"'])).map(str::trim);
            let left: Vec<&str> =
                shown.filter(|text| english.contains(*text) && !own.contains(*text) && text.len() > 4).collect();
            assert!(left.is_empty(), "{language} {path}: {left:?}");
        }
    }
}

#[test]
fn countries_have_their_names() {
    let site = site("de").named("publishers", "mole", "name = \"Mole\"\ncountry = \"ZA\"").named(
        "places",
        "kai",
        "name = \"Kai\"\ncountry = \"CI\"",
    );
    site.run("build").succeeds();
    site.page("/publishers/mole/").says("Südafrika");
    site.page("/places/kai/").says("Côte d’Ivoire");
}

#[test]
fn a_region_has_its_own_forms() {
    let american = site("en-US");
    american.build();
    american.page("/2022/01/21/").says("January 21, 2022").says("Home");
    american.page("/2022/01/21/cranes-stand-still/").says("2:05");
    let egyptian = site("ar-EG");
    egyptian.build();
    egyptian.page("/2022/01/21/").says("٢١ يناير ٢٠٢٢").says("الرئيسية");
}

#[test]
fn a_language_that_the_theme_does_not_know_is_told_and_has_its_dates() {
    let site = site("pl");
    let outcome = site.run("build").succeeds();
    outcome.stderr_has("the theme has no words in `pl`").stderr_has("words/pl.toml");
    site.page("/2022/01/21/").says("21 stycznia 2022").says("Home");
    // And a warm build says it again.
    site.run("build").succeeds().stderr_has("the theme has no words in `pl`");
    site.write(
        "themes/broadsheet/words/pl.toml",
        "home = \"Strona główna\"\n[articles]\none = \"{count} artykuł\"\nfew = \"{count} artykuły\"\nmany = \"{count} artykułów\"\nother = \"{count} artykułu\"\n",
    );
    site.build();
    site.page("/harbour-strike/").says("Strona główna").says("2 artykuły").says("Timeline");
}

#[test]
fn a_site_can_say_one_word_otherwise() {
    let site = site("en")
        .file("themes/broadsheet/words/en.toml", "timeline = \"As it went\"\n[genre]\nanalysis = \"Think piece\"\n");
    site.build();
    site.page("/harbour-strike/").says("As it went").says("Articles");
    site.page("/2022/01/21/cranes-stand-still/").says("Think piece");
    // A change of a word is a change of every page that says it.
    site.write("themes/broadsheet/words/en.toml", "timeline = \"Day by day\"\n");
    site.build();
    site.page("/harbour-strike/").says("Day by day").never_says("As it went");
    site.page("/2022/01/21/cranes-stand-still/").says("Analysis");
}

#[test]
fn a_text_of_another_direction_stands_by_itself() {
    let keys = "title = \"إضراب في الميناء\"\nsummary = \"بقي العمال في بيوتهم.\"\nlang = \"ar\"\ntopics = [\"harbour-strike\"]\npublisher = \"daily-quay\"\n\
        [[quotes]]\ntext = \"لن نعود\"\nspeaker = \"Ann, of the crane drivers\"\n";
    let site = site("en").article("2022-01-20", "strike-in-arabic", keys);
    site.build();
    let page = site.page("/2022/01/20/strike-in-arabic/");
    let html = page.elements("html").next().expect("html");
    assert_eq!((html.attributes["lang"].as_str(), html.attributes["dir"].as_str()), ("ar", "rtl"));
    // What the site says there is in the site's language and direction.
    for name in ["header", "footer"] {
        let around = page.elements(name).find(|element| {
            element
                .attributes
                .get("class")
                .is_some_and(|class| class.starts_with("masthead") || class.starts_with("colophon"))
        });
        let around = around.expect(name);
        assert_eq!((around.attributes["lang"].as_str(), around.attributes["dir"].as_str()), ("en", "ltr"));
    }
    page.says("20 January 2022");
    page.has("<figcaption class=\"meta\" dir=\"ltr\"><span>Ann, of the crane drivers");
    let topic = site.page("/harbour-strike/");
    let card = topic.elements("li").find(|element| element.attributes.get("dir").is_some_and(|dir| dir == "rtl"));
    assert!(card.is_some(), "the card has its own direction");
    let title = topic.elements("h4").find(|element| element.attributes.get("lang").is_some_and(|lang| lang == "ar"));
    assert!(title.is_some(), "its title has its own language");
    let meta = topic.elements("p").find(|element| {
        element.attributes.get("class").is_some_and(|class| class == "meta")
            && element.attributes.get("dir").is_some_and(|dir| dir == "ltr")
    });
    assert!(meta.is_some(), "who reported it stands in the site's direction");
}

#[test]
fn a_digest_in_another_language_keeps_its_labels_in_the_sites() {
    let site = site("en");
    site.edit("content/digests/harbour-strike/2022-01.md", "lang = \"en\"", "lang = \"ar\"");
    site.run("build").succeeds();
    let page = site.page("/harbour-strike/2022-01/");
    assert_eq!(page.elements("html").next().expect("html").attributes["lang"], "ar");
    let main = page.elements("main").next().expect("main");
    assert_eq!((main.attributes["lang"].as_str(), main.attributes["dir"].as_str()), ("en", "ltr"));
    let title = page.elements("h1").next().expect("h1");
    assert_eq!((title.attributes["lang"].as_str(), title.attributes["dir"].as_str()), ("ar", "rtl"));
}

#[test]
fn names_stand_in_the_order_of_the_language() {
    let site = Site::new()
        .settings("language = \"uk\"")
        .named("people", "a", "name = \"Яна Мороз\"\n")
        .named("people", "b", "name = \"Єва Бойко\"\n")
        .named("people", "c", "name = \"Андрій Гук\"\n")
        .named("people", "d", "name = \"Їжакевич\"\n")
        .article("2022-01-21", "all", "people = [\"a\", \"b\", \"c\", \"d\"]\n");
    site.run("build").succeeds();
    let html = site.page("/people/").html;
    let at = |name: &str| html.find(name).unwrap_or_else(|| panic!("{name} is in the list"));
    assert!(at("Андрій") < at("Єва") && at("Єва") < at("Їжакевич") && at("Їжакевич") < at("Яна"), "{html}");
}
