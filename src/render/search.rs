//! The files that a search loads, in the forms that `search.js` reads.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Reader;
use crate::{
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
    model::{DigestOrigin, FactKind, Model},
    parse::Choice as _,
    plan::{Route, SearchFile},
    search::{self, CARDS, Entry, Index},
};

/// Letters of a summary that are shown where an article is found.
const SUMMARY: usize = 240;

/// How an entry is shown: its kind, title, address below the base, day, source, summary and language; the last ones left out
/// where they are empty.
type Card = [String; 7];

/// One file.
///
/// # Errors
/// When the index cannot be read.
pub fn render(reader: &Reader<'_>, file: SearchFile) -> Result<Vec<u8>> {
    let index = reader.whole.search.ok_or_else(|| Error::new("find the search index"))?;
    let model = reader.whole.model;
    Ok(match file {
        SearchFile::Script => search::SCRIPT.as_bytes().to_vec(),
        SearchFile::Overview => {
            reader.log.add(FactKind::SearchLayout, "");
            let layout = index.layout();
            json(&[layout.count, layout.shards])
        }
        SearchFile::Days => {
            reader.log.add(FactKind::SearchLayout, "");
            json(&days(model, index))
        }
        SearchFile::Topics => {
            reader.log.add(FactKind::List, "topics");
            choices(reader, model.topics().map(|(_, topic)| (&topic.slug, &topic.matter.title, topic.articles.len())))
        }
        SearchFile::Publishers => {
            reader.log.add(FactKind::List, "publishers");
            choices(
                reader,
                model
                    .publishers()
                    .map(|(_, publisher)| (&publisher.slug, &publisher.matter.name.value, publisher.articles.len())),
            )
        }
        SearchFile::People => {
            reader.log.add(FactKind::List, "people");
            let people = model.entities().filter(|(_, entity)| entity.matter.kind.word() == "person");
            choices(reader, people.map(|(_, person)| (&person.slug, &person.matter.name.value, person.articles.len())))
        }
        SearchFile::Cards(block, part) => {
            reader.log.add(FactKind::SearchCards, &name(block, part));
            let cards: Vec<Card> = entries(index, block, part).iter().map(|entry| card(model, *entry)).collect();
            let short = |card: &Card| {
                let length = card.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
                card[..length].to_vec()
            };
            json(&cards.iter().map(short).collect::<Vec<_>>())
        }
        SearchFile::Words(shard) => {
            reader.log.add(FactKind::SearchWords, &shard.to_string());
            index.shard(shard)?.words.clone()
        }
        SearchFile::Lists(shard, part) => {
            reader.log.add(FactKind::SearchWords, &shard.to_string());
            index.shard(shard)?.lists[part].clone()
        }
    })
}

/// What the script says, and the languages to say it in.
#[derive(Serialize)]
struct Words<'a> {
    searching: String,
    none: String,
    some: String,
    failed: String,
    /// How many pages were found, by plural form.
    found: BTreeMap<&'a str, String>,
    /// The language of these forms.
    plurals: &'a str,
    /// The language of dates and numbers.
    numbers: &'a str,
    /// What stands before the title of an article that was withdrawn.
    retracted: String,
    kinds: BTreeMap<&'static str, String>,
}

/// What the script says, as JSON.
pub fn words(reader: &Reader<'_>) -> String {
    let kinds = ["topic", "digest", "person", "place", "organization", "publisher", "page"];
    let (plurals, found) = reader.forms_of_word("found").unwrap_or_default();
    let words = Words {
        searching: reader.word("searching"),
        none: reader.word("nothing_found"),
        some: reader.word("some_words_found"),
        failed: reader.word("search_failed"),
        found,
        plurals,
        numbers: reader.locale.script_tag(),
        retracted: reader.word("retracted"),
        kinds: kinds.into_iter().map(|kind| (kind, reader.word_of("kind", kind))).collect(),
    };
    serde_json::to_string(&words).unwrap_or_default()
}

/// What the facts of the search are now.
pub fn fingerprint(model: &Model, index: &Index, kind: FactKind, name: &str) -> Option<Fingerprint> {
    match kind {
        FactKind::SearchLayout => {
            let mut mixer = Mixer::new();
            mixer.number(index.layout().count as u64).number(index.layout().shards as u64);
            Some(mixer.data(&days(model, index)).finish())
        }
        FactKind::SearchWords => index.fingerprint(name.parse().ok()?),
        FactKind::SearchCards => {
            let (block, part) = name.split_once('-')?;
            let (block, part) = (block.parse().ok()?, part.parse().ok()?);
            index.layout().block(block)?;
            let mut mixer = Mixer::new();
            for entry in entries(index, block, part) {
                mix(model, *entry, &mut mixer);
            }
            Some(mixer.finish())
        }
        _ => None,
    }
}

/// All that a card is made from, without making it: a hundred thousand of them are compared when a headline changes.
fn mix(model: &Model, entry: Entry, mixer: &mut Mixer) {
    match entry {
        Entry::Article(id) => {
            let article = &model[id];
            let whole = model.fingerprint(FactKind::Article, &article.path).unwrap_or_default();
            mixer.fingerprint(whole);
            for id in article.publisher.iter().chain(&article.agency) {
                mixer.text(&model[*id].matter.name.value);
            }
        }
        Entry::Topic(id) => drop(mixer.text("topic").fingerprint(model[id].front).text(&model[id].slug)),
        Entry::Digest(id) => {
            let digest = &model[id];
            mixer.text("digest").text(&digest.slug).text(&digest.title);
            if let DigestOrigin::Written { front, .. } = &digest.origin {
                mixer.fingerprint(*front);
            }
        }
        Entry::Entity(id) => {
            let entity = &model[id];
            mixer.text(entity.matter.kind.word()).fingerprint(entity.front).text(&entity.slug);
        }
        Entry::Publisher(id) => {
            let publisher = &model[id];
            mixer.text("publisher").fingerprint(publisher.front).text(&publisher.slug);
            mixer.text(&publisher.matter.name.value);
        }
        Entry::Page(id) => drop(mixer.text("page").fingerprint(model[id].front).text(&model[id].slug)),
    }
}

fn name(block: u32, part: u32) -> String {
    format!("{block}-{part}")
}

fn entries(index: &Index, block: u32, part: u32) -> &[Entry] {
    let entries = index.layout().block(block).map_or(&[][..], |block| &block.entries);
    entries.chunks(CARDS).nth(part as usize).unwrap_or_default()
}

fn card(model: &Model, entry: Entry) -> Card {
    let text = |text: &str| text.to_owned();
    let maybe = |text: Option<&String>| brief(text.map_or("", String::as_str));
    let card = |kind: &str, title: &str, route: Route, summary: String, language: Option<&String>| {
        let address = route.as_str().trim_start_matches('/').to_owned();
        let language = language.cloned().unwrap_or_default();
        [text(kind), text(title), address, String::new(), String::new(), summary, language]
    };
    match entry {
        Entry::Article(id) => {
            let article = &model[id];
            let matter = &article.matter;
            let summary = maybe(matter.summary.as_ref());
            let kind = if matter.retraction().is_some() { "retracted" } else { "article" };
            let mut card = card(kind, &matter.title, Route::article(article), summary, matter.lang.as_ref());
            card[3] = article.date.date().to_string();
            // Who reported it, then where it was read.
            let mut sources: Vec<&str> = Vec::new();
            for id in article.agency.iter().chain(&article.publisher) {
                let name = model[*id].matter.name.value.as_str();
                if !sources.contains(&name) {
                    sources.push(name);
                }
            }
            card[4] = sources.join(" · ");
            card
        }
        Entry::Topic(id) => {
            let topic = &model[id];
            let summary = maybe(topic.matter.summary.as_ref());
            card("topic", &topic.matter.title, Route::topic(topic), summary, topic.matter.lang.as_ref())
        }
        Entry::Digest(id) => {
            let digest = &model[id];
            let matter = digest.matter();
            let summary = maybe(matter.and_then(|matter| matter.summary.as_ref()));
            let language = matter.and_then(|matter| matter.lang.as_ref());
            card("digest", &digest.title, Route::digest(digest), summary, language)
        }
        Entry::Entity(id) => {
            let entity = &model[id];
            let summary = maybe(entity.matter.summary.as_ref());
            card(entity.matter.kind.word(), &entity.matter.name.value, Route::entity(entity), summary, None)
        }
        Entry::Publisher(id) => {
            let publisher = &model[id];
            card("publisher", &publisher.matter.name.value, Route::publisher(publisher), String::new(), None)
        }
        Entry::Page(id) => {
            let page = &model[id];
            let summary = maybe(page.matter.summary.as_ref());
            card("page", &page.matter.title, Route::page(page), summary, page.matter.lang.as_ref())
        }
    }
}

/// A text that is cut after a word, where it is long.
fn brief(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(SUMMARY) else { return text.to_owned() };
    let end = text[..end].rfind(char::is_whitespace).unwrap_or(end);
    format!("{} …", text[..end].trim_end())
}

/// For each block of articles: its key less that of the one before, its year × 100 + month, then the days with how many
/// articles each has, in the order of their places.
fn days(model: &Model, index: &Index) -> Vec<Vec<u32>> {
    let mut key = 0;
    let mut rows = Vec::new();
    for block in &index.layout().blocks {
        let mut row: Vec<u32> = Vec::new();
        for entry in &block.entries {
            let Entry::Article(id) = entry else { continue };
            let date = model[*id].date.date();
            if row.is_empty() {
                let month = u32::try_from(date.year()).unwrap_or(0) * 100 + u32::from(date.month().unsigned_abs());
                row.extend([block.key - key, month]);
                key = block.key;
            }
            let day = u32::from(date.day().unsigned_abs());
            match row.len() {
                length if length > 2 && row[length - 2] == day => row[length - 1] += 1,
                _ => row.extend([day, 1]),
            }
        }
        if !row.is_empty() {
            rows.push(row);
        }
    }
    rows
}

/// What can be chosen of a kind: slug, name and number of articles, in the language's order of names; nothing that no article has.
fn choices<'a>(reader: &Reader<'_>, all: impl Iterator<Item = (&'a String, &'a String, usize)>) -> Vec<u8> {
    let mut choices: Vec<_> = all.filter(|(_, _, count)| *count > 0).collect();
    choices.sort_by(|(slug, name, _), (other, its_name, _)| {
        reader.locale.compare(name, its_name).then_with(|| slug.cmp(other))
    });
    json(&choices)
}

fn json<T: Serialize + ?Sized>(data: &T) -> Vec<u8> {
    // Texts, numbers and lists of them always have a form.
    serde_json::to_vec(data).unwrap_or_default()
}
