//! Which outlet a page is of.
//!
//! Most pages name theirs in their data. Where one does not, its name stands at the end of the title, in the feeds that it offers, on the
//! icon for a home screen, beside the logo. None of these says that it is the outlet's name, so one is believed only where the
//! page's address says the same, or another of them.

use deunicode::deunicode;
use serde_json::{Map, Value};
use url::Url;

use super::{
    dom::{Dom, Tag},
    features::squash,
    linked::{Linked, clean, types},
    meta::{Meta, SEPARATORS, object_names},
};

/// The outlet's name.
#[must_use]
pub fn name(
    dom: &Dom,
    meta: &Meta,
    linked: &Linked,
    article: Option<&Map<String, Value>>,
    address: Option<&Url>,
) -> Option<String> {
    let of_object =
        |object: &Map<String, Value>| object_names(object.get("name")).into_iter().find(|name| is_name(name));
    let publisher = || {
        let publisher = article?.get("publisher")?;
        // A name, or where in the data it stands.
        object_names(Some(publisher)).into_iter().find(|name| is_name(name)).or_else(|| {
            let id = publisher.get("@id").and_then(Value::as_str)?;
            let it =
                linked.objects().into_iter().filter(|object| object.get("@id").and_then(Value::as_str) == Some(id));
            it.filter_map(of_object).next()
        })
    };
    let site = || linked.objects().into_iter().filter(|o| types(o).any(|t| t == "WebSite")).find_map(of_object);
    let stated = |keys: &[&str]| meta.first(keys).filter(|name| is_name(name)).map(str::to_owned);
    stated(&["og:site_name"])
        .or_else(publisher)
        .or_else(|| stated(&["application-name", "dc.publisher", "publisher"]))
        .or_else(site)
        .map(|name| name.trim_start_matches('@').to_owned())
        .or_else(|| believed(&shown(dom, meta), address.and_then(Url::host_str)))
}

/// Whether a text may be a name.
fn is_name(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    (2..=60).contains(&letters) && !text.contains("://")
}

/// Where a name is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Icon,
    Feed,
    Logo,
}

/// What stands where a page shows its outlet's name.
fn shown(dom: &Dom, meta: &Meta) -> Vec<(Place, String)> {
    let mut out = Vec::new();
    let mut add = |place: Place, name: &str| {
        let name = name.trim();
        if is_name(name) && name.split_whitespace().count() <= 6 && !is_common(name) {
            out.push((place, name.to_owned()));
        }
    };
    for title in
        [Some(meta.title.as_str()), meta.first(&["og:title"]), meta.first(&["twitter:title"])].into_iter().flatten()
    {
        let parts = || SEPARATORS.iter().filter_map(|mark| Some((title.rfind(mark)?, *mark)));
        if let Some((at, mark)) = parts().max_by_key(|(at, mark)| at + mark.len()) {
            add(Place::Title, &title[at + mark.len()..]);
        }
    }
    meta.first(&["apple-mobile-web-app-title"]).into_iter().for_each(|name| add(Place::Icon, name));
    for id in 1..dom.nodes.len() as u32 {
        let attr = |name: &str| dom.attr(id, name).map(|value| clean(&value)).unwrap_or_default();
        match dom.node(id).tag {
            Tag::Link if attr("type").ends_with("rss+xml") || attr("type").ends_with("atom+xml") => {
                // `Example Times » Feed`, `Example Times RSS`
                let title = attr("title");
                let title =
                    SEPARATORS.iter().filter_map(|mark| title.find(mark)).min().map_or(&*title, |at| &title[..at]);
                add(Place::Feed, without(title, &["RSS-Feed", "RSS", "Atom", "Feed"]));
            }
            Tag::Img => {
                let alt = attr("alt");
                let is_logo = ["alt", "src", "class", "id"]
                    .iter()
                    .any(|key| dom.raw_attr(id, key).is_some_and(|value| value.to_ascii_lowercase().contains("logo")));
                if is_logo {
                    add(Place::Logo, without(&alt, &["logo"]));
                }
            }
            Tag::A if matches!(dom.raw_attr(id, "href"), Some("/")) => {
                add(Place::Logo, &attr("aria-label"));
                add(Place::Logo, &attr("title"));
            }
            _ => {}
        }
    }
    out
}

/// A text without words at its end.
fn without<'t>(text: &'t str, words: &[&str]) -> &'t str {
    let mut text = text.trim();
    while let Some((rest, last)) = text.rsplit_once(' ')
        && words.iter().any(|word| last.eq_ignore_ascii_case(word))
    {
        text = rest.trim_end_matches([' ', '-', ':', '|']);
    }
    text
}

/// What stands in such places on pages of many outlets, and names none of them.
fn is_common(name: &str) -> bool {
    const COMMON: &[&str] = &[
        "home",
        "homepage",
        "news",
        "blog",
        "blogs",
        "rss",
        "feed",
        "logo",
        "comments",
        "articles",
        "article",
        "resources",
        "insights",
        "stories",
        "archive",
        "menu",
        "search",
        "online",
        "sport",
        "sports",
        "opinion",
        "politics",
        "business",
        "world",
        "magazine",
        "startseite",
        "inicio",
        "accueil",
        "nachrichten",
        "press",
        "media",
        "daily",
        "weekly",
    ];
    let key = squash(name);
    COMMON.contains(&key.as_str())
}

/// The first name that the address says as well, else the first that stands in two kinds of places.
fn believed(shown: &[(Place, String)], host: Option<&str>) -> Option<String> {
    let by_host = || shown.iter().find(|(_, name)| host.is_some_and(|host| is_of_host(name, host)));
    let twice = || {
        shown.iter().find(|(place, name)| {
            let key = squash(name);
            key.len() >= 3 && shown.iter().any(|(other, said)| other != place && squash(said) == key)
        })
    };
    by_host().or_else(twice).map(|(_, name)| name.clone())
}

/// Whether a name is much the same as what a host is called.
fn is_of_host(name: &str, host: &str) -> bool {
    let host = host.strip_prefix("www.").unwrap_or(host);
    let label = squash(label(host));
    let bare = squash(host);
    let mut keys = vec![squash(name), squash(&deunicode(name)), squash(&deunicode(&spelt(name)))];
    const ARTICLES: &[&str] = &["The", "Die", "Der", "Das", "Le", "La", "Les", "El", "Il", "De", "Het"];
    if let Some((first, rest)) = name.split_once(' ')
        && ARTICLES.contains(&first)
    {
        keys.extend([squash(&deunicode(rest)), squash(&deunicode(&spelt(rest)))]);
    }
    keys.iter().any(|key| {
        *key == label
            || *key == bare
            || key.len() >= 4 && label.contains(key.as_str()) && key.len() * 3 >= label.len() * 2
    })
}

/// A text with its umlauts as hosts spell them.
fn spelt(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ä' | 'Ä' => out.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'å' | 'Å' => out.push_str("aa"),
            c => out.push(c),
        }
    }
    out
}

/// The part of a host that its owner chose: `example` of `news.example.co.uk`.
fn label(host: &str) -> &str {
    let mut parts = host.rsplit('.');
    let top = parts.next().unwrap_or_default();
    let second = parts.next();
    let is_shared = |part: &str| {
        top.len() == 2 && matches!(part, "co" | "com" | "org" | "net" | "gov" | "ac" | "edu" | "or" | "ne" | "go")
    };
    match second {
        Some(part) if is_shared(part) => parts.next().unwrap_or(part),
        Some(part) => part,
        None => top,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(html: &str, address: &str) -> Option<String> {
        let dom = Dom::parse(html);
        let (meta, linked) = (Meta::read(&dom), Linked::read(&dom));
        let article = linked.articles().first().copied();
        name(&dom, &meta, &linked, article, Url::parse(address).ok().as_ref())
    }

    #[test]
    fn what_the_page_states_is_its_name() {
        let site = "<meta property='og:site_name' content='Harbour Times'><title>Rain - Other</title>";
        assert_eq!(named(site, "https://example.org/rain").as_deref(), Some("Harbour Times"));
        let reference = r##"<script type="application/ld+json">{"@graph": [
            {"@type": "NewsArticle", "headline": "Rain", "publisher": {"@id": "#it"}},
            {"@type": "NewsMediaOrganization", "@id": "#it", "name": "Harbour Times"}]}</script>"##;
        assert_eq!(named(reference, "https://example.org/rain").as_deref(), Some("Harbour Times"));
        let website = r#"<script type="application/ld+json">{"@type": "WebSite", "name": "Harbour Times"}</script>"#;
        assert_eq!(named(website, "https://example.org/rain").as_deref(), Some("Harbour Times"));
    }

    #[test]
    fn what_the_page_shows_is_believed_where_its_address_says_it_too() {
        for (title, address, name) in [
            ("Rain on the harbour | Harbour Times", "https://www.harbourtimes.example/rain", "Harbour Times"),
            ("Rain on the harbour - harbour.example", "https://harbour.example/rain", "harbour.example"),
            ("Regen im Hafen – Die Küstenpost", "https://kuestenpost.example/regen", "Die Küstenpost"),
            ("Rain - Politics - The Harbour Times", "https://news.harbourtimes.co.uk/rain", "The Harbour Times"),
        ] {
            assert_eq!(named(&format!("<title>{title}</title>"), address).as_deref(), Some(name), "{title}");
        }
    }

    #[test]
    fn what_stands_in_two_places_is_believed() {
        let page = "<title>Rain on the harbour</title>
            <link rel=alternate type='application/rss+xml' title='Liman Ajansı &raquo; RSS' href=/rss>
            <img class=foot src=/a.png alt='Liman Ajansı logo'>";
        assert_eq!(named(page, "https://la.example/rain").as_deref(), Some("Liman Ajansı"));
    }

    #[test]
    fn nothing_is_made_up() {
        for (html, address) in [
            ("<title>Rain on the harbour - what to know</title>", "https://harbourtimes.example/rain"),
            ("<title>Rain | News</title><a href=/ title=News>", "https://newsday.example/rain"),
            ("<title>Rain</title><img src=/partner-logo.png alt='Some Bank'>", "https://harbourtimes.example/rain"),
            ("<title>Rain | Weather</title>", "https://harbourtimes.example/rain"),
        ] {
            assert_eq!(named(html, address), None, "{html}");
        }
    }
}
