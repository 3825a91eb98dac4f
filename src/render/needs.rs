//! Which parts of what a page knows its templates ask for. What none asks for need not be made: a list of ten thousand
//! articles that shows headlines costs headlines.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use hashbrown::HashSet;

/// The names that some templates, and whatever they extend, include and call, can ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Every name in them; nothing where they may ask for a part whose name they do not write.
    names: Option<HashSet<String>>,
}

/// What has every part: for whatever is made without a template.
pub static EVERYTHING: Needs = Needs { names: None };

impl Needs {
    /// Whether a part of this name may be asked for.
    pub fn has(&self, name: &str) -> bool {
        // What a thing is called and where it is tells it from others, also where two are compared as a whole.
        self.names.as_ref().is_none_or(|names| matches!(name, "id" | "url") || names.contains(name))
    }
}

/// A template without its components, or a component.
#[derive(Debug)]
struct Unit {
    /// Every name in it; nothing where it may ask for a part whose name it does not write.
    names: Option<HashSet<String>>,
    /// The units that it leads to.
    leads_to: Vec<usize>,
}

/// What each template of a theme asks for.
#[derive(Debug)]
pub struct Catalogue {
    units: Vec<Unit>,
    templates: BTreeMap<String, usize>,
    /// What was asked before, by the names of the templates.
    known: Mutex<BTreeMap<BTreeSet<&'static str>, Arc<Needs>>>,
}

impl Catalogue {
    /// Reads templates, by their names. Where it cannot tell, it takes a name for one that is asked for.
    pub fn new<'a>(templates: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut units: Vec<Vec<&str>> = Vec::new();
        let mut by_name = BTreeMap::new();
        let mut components: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (name, text) in templates {
            let own = units.len();
            by_name.insert(name.to_owned(), own);
            units.push(Vec::new());
            let mut at = own;
            for tag in tags(text) {
                let mut words = words(tag);
                match words.next() {
                    Some("component") => {
                        at = units.len();
                        units.push(Vec::new());
                        components.entry(words.next().unwrap_or_default()).or_default().push(at);
                    }
                    Some("endcomponent") => at = own,
                    _ => {}
                }
                units[at].push(tag);
            }
        }
        let unit = |tags: &Vec<&str>| {
            let called =
                tags.iter().flat_map(|tag| calls(tag)).filter_map(|name| components.get(name)).flatten().copied();
            let leading = tags.iter().filter(|tag| matches!(words(tag).next(), Some("include" | "extends")));
            let included = leading.flat_map(|tag| by_name.iter().filter(|(name, _)| tag.contains(name.as_str())));
            let leads_to = called.chain(included.map(|(_, at)| *at)).collect();
            let is_named = !tags.iter().any(|tag| asks_without_names(tag));
            let names = is_named.then(|| tags.iter().flat_map(|tag| words(tag)).map(str::to_owned).collect());
            Unit { names, leads_to }
        };
        let units = units.iter().map(unit).collect();
        Catalogue { units, templates: by_name, known: Mutex::default() }
    }

    /// What these templates ask for.
    pub fn needs(&self, templates: BTreeSet<&'static str>) -> Arc<Needs> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(needs) = known.get(&templates) {
            return Arc::clone(needs);
        }
        let needs = Arc::new(self.gather(&templates));
        known.insert(templates, Arc::clone(&needs));
        needs
    }

    fn gather(&self, templates: &BTreeSet<&'static str>) -> Needs {
        let mut waiting: Vec<usize> = templates.iter().filter_map(|name| self.templates.get(*name).copied()).collect();
        let mut is_seen = vec![false; self.units.len()];
        let mut names: HashSet<String> = HashSet::new();
        while let Some(at) = waiting.pop() {
            if std::mem::replace(&mut is_seen[at], true) {
                continue;
            }
            let unit = &self.units[at];
            let Some(of_unit) = &unit.names else { return Needs::default() };
            names.extend(of_unit.iter().cloned());
            waiting.extend(&unit.leads_to);
        }
        Needs { names: Some(names) }
    }
}

/// The tags of a template, each with what is between its braces. What is not template in it (`raw`) may be among them.
fn tags(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{').filter(|at| at + 1 < rest.len()) {
        let (close, is_comment) = match rest.as_bytes()[at + 1] {
            b'{' => (b'}', false),
            b'%' => (b'%', false),
            b'#' => (b'#', true),
            _ => {
                rest = &rest[at + 1..];
                continue;
            }
        };
        let inside = &rest[at + 2..];
        let end = if is_comment { inside.find("#}") } else { end_of_tag(inside.as_bytes(), close) };
        let (tag, after) = match end {
            Some(end) => (&inside[..end], &inside[end + 2..]),
            None => (inside, ""),
        };
        rest = after;
        if is_comment {
            continue;
        }
        found.push(tag);
        if words(tag).eq(["raw"]) {
            // Quotes in it are no strings.
            rest = rest.find("endraw").map_or("", |end| &rest[end..]);
        }
    }
    found
}

/// Where a tag ends: not within a string.
fn end_of_tag(inside: &[u8], close: u8) -> Option<usize> {
    let mut quote = None;
    let mut at = 0;
    while at < inside.len() {
        match (quote, inside[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, byte @ (b'"' | b'\'' | b'`')) => quote = Some(byte),
            (None, byte) if byte == close && inside.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The components that a tag calls. Of a name with dots the first part will do.
fn calls(tag: &str) -> impl Iterator<Item = &str> {
    tag.split('<').skip(1).filter_map(|rest| words(rest).next())
}

/// Whether a tag may ask for a part without its name: the whole context, a part by the value of a variable, all parts in
/// turn; or by a name that is written in another way.
fn asks_without_names(tag: &str) -> bool {
    let is_by_value =
        |rest: &str| rest.trim_start().starts_with(|char: char| is_of_word(char) && !char.is_numeric() || char == '(');
    let is_filter = |rest: &str| matches!(words(rest).next(), Some("get" | "keys" | "values" | "pairs"));
    let is_loop = |(at, _): (usize, &str)| {
        let names = &tag[at..];
        let end = names.find(" in").or_else(|| names.find("\nin")).or_else(|| names.find("\tin"));
        names[..end.unwrap_or(names.len())].contains(',')
    };
    tag.contains('\\')
        || tag.contains("__tera_context")
        || tag.split('[').skip(1).any(is_by_value)
        || tag.split('|').skip(1).any(is_filter)
        || tag.match_indices("for").any(is_loop)
}

/// Everything that could be a name.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char| !is_of_word(char)).filter(|name| !name.is_empty())
}

fn is_of_word(char: char) -> bool {
    char == '_' || char.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATES: [(&str, &str); 6] = [
        ("base.html", r#"<title>{{ page.title }}</title>{% block main %}{% endblock %}{% include "foot.html" %}"#),
        ("foot.html", r#"{# article.secret #}{{ "}}" ~ site.license }}<p>nothing</p>"#),
        (
            "parts.html",
            "{% component row(article: map) %}{{ article.summary }}{{ <day of={article.date} /> }}{% endcomponent row %}
             {% component day(of) %}{{ of.iso }}{% endcomponent day %}
             {% component other(of) %}{{ of.agency }}{% endcomponent other %}",
        ),
        ("tag.html", r#"{% extends "base.html" %}{% block main %}{{ <row article={tag.first} /> }}{% endblock %}"#),
        ("all.html", "{% for name, value in article %}{{ name }}{% endfor %}"),
        ("raw.html", r#"{% raw %} it's {{ nothing }} {% endraw %}{{ article.genre }}"#),
    ];

    fn needs(of: &'static str) -> Arc<Needs> {
        Catalogue::new(TEMPLATES.into_iter()).needs([of].into())
    }

    #[test]
    fn a_template_needs_what_it_and_all_that_it_leads_to_names() {
        let tag = needs("tag.html");
        for name in ["title", "license", "summary", "date", "iso", "first", "id", "url"] {
            assert!(tag.has(name), "{name}");
        }
        for name in ["agency", "secret", "nothing", "genre"] {
            assert!(!tag.has(name), "{name}");
        }
        let raw = needs("raw.html");
        assert!(raw.has("genre") && !raw.has("summary"));
    }

    #[test]
    fn what_may_ask_for_a_part_without_its_name_needs_every_part() {
        assert_eq!(*needs("all.html"), EVERYTHING);
        for text in [
            "{{ article[key] }}",
            "{{ article | get(key=key) }}",
            "{{ article | pairs }}",
            "{{ [name for name, value in article] }}",
            "{% for name ,\n value\nin article %}{% endfor %}",
            "{{ __tera_context }}",
            r#"{{ article["\u0064ate"] }}"#,
        ] {
            let catalogue = Catalogue::new([("a.html", text)].into_iter());
            assert_eq!(*catalogue.needs(["a.html"].into()), EVERYTHING, "{text}");
        }
        let catalogue = Catalogue::new([("a.html", r#"{{ article["date"] }}{{ list[0].title }}"#)].into_iter());
        let needs = catalogue.needs(["a.html"].into());
        assert!(needs.has("date") && needs.has("title") && !needs.has("summary"));
    }

    #[test]
    fn several_templates_need_what_each_does() {
        let both = Catalogue::new(TEMPLATES.into_iter()).needs(["raw.html", "base.html"].into());
        assert!(both.has("genre") && both.has("license") && !both.has("summary"));
    }
}
