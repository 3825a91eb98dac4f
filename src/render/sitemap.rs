//! `sitemap.xml`, as sitemaps.org 0.9 has it: absolute addresses, split at 50,000; and `sitemap-news.xml`, with Google's
//! extension for news.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::Reader;
use crate::{
    model::{FactKind, Model},
    plan::{PageKind, Route},
};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The sitemap, or the index over its parts.
pub fn render(reader: &Reader<'_>) -> String {
    reader.log.add(FactKind::Sitemap, "");
    match reader.whole.plan.sitemap_parts() {
        0 => urls(reader, reader.whole.plan.indexable()),
        parts => {
            let locations =
                (1..=parts).map(|part| (reader.urls.absolute(&Route::file(&format!("sitemap-{part}.xml"))), None));
            document("sitemapindex", "sitemap", locations)
        }
    }
}

const NEWS_NAMESPACE: &str = "http://www.google.com/schemas/sitemap-news/0.9";

/// The articles of the last two days. Without any it has no entry, which search engines for news allow.
pub fn news(reader: &Reader<'_>) -> String {
    reader.log.add(FactKind::News, "");
    let model = reader.whole.model;
    xml(|writer| {
        let namespaces = [("xmlns", NAMESPACE), ("xmlns:news", NEWS_NAMESPACE)];
        writer.create_element("urlset").with_attributes(namespaces).write_inner_content(|writer| {
            for article in model.news().iter().map(|id| &model[*id]) {
                let language = article.matter.lang.as_deref().unwrap_or(&reader.config.language);
                let entry = |writer: &mut Writer<Vec<u8>>, name: &str, text: &str| {
                    writer.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
                };
                writer.create_element("url").write_inner_content(|writer| {
                    entry(writer, "loc", &reader.urls.absolute(&Route::article(article)))?;
                    writer.create_element("news:news").write_inner_content(|writer| {
                        writer.create_element("news:publication").write_inner_content(|writer| {
                            entry(writer, "news:name", &reader.config.title)?;
                            entry(writer, "news:language", &news_language(language))
                        })?;
                        entry(writer, "news:publication_date", &article.date.iso())?;
                        entry(writer, "news:title", &article.matter.title)
                    })?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

/// A language as the extension has it: the code of ISO 639 alone, but for the two ways to write Chinese.
fn news_language(tag: &str) -> String {
    let lower = tag.to_ascii_lowercase();
    let mut parts = lower.split('-');
    let language = parts.next().unwrap_or_default();
    let is_traditional = lower.split('-').any(|part| matches!(part, "hant" | "tw" | "hk" | "mo"));
    match language {
        "zh" if is_traditional => "zh-tw".to_owned(),
        "zh" => "zh-cn".to_owned(),
        other => other.to_owned(),
    }
}

/// A part of the sitemap, from 1.
pub fn part(reader: &Reader<'_>, part: usize) -> String {
    reader.log.add(FactKind::Sitemap, "");
    let limit = crate::plan::SITEMAP_LIMIT;
    urls(reader, reader.whole.plan.indexable().skip((part - 1) * limit).take(limit))
}

fn urls<'a>(reader: &Reader<'a>, routes: impl Iterator<Item = (&'a Route, PageKind)> + 'a) -> String {
    let routes = preferred(reader.whole.model, routes);
    let locations = routes.map(|(route, kind)| (reader.urls.absolute(route), modified(reader.whole.model, kind)));
    document("urlset", "url", locations)
}

/// Pages without those of copies whose text has its preferred address elsewhere.
pub fn preferred<'a>(
    model: &'a Model,
    routes: impl Iterator<Item = (&'a Route, PageKind)> + 'a,
) -> impl Iterator<Item = (&'a Route, PageKind)> + 'a {
    routes.filter(|(_, kind)| !matches!(kind, PageKind::Article(id) if model.preferred(*id).is_some()))
}

/// When an article's page last said something new: W3C date-time, a bare day where no time is known.
pub fn modified(model: &Model, kind: PageKind) -> Option<String> {
    let PageKind::Article(id) = kind else { return None };
    Some(model[id].last_changed().iso())
}

fn document(root: &str, entry: &str, locations: impl Iterator<Item = (String, Option<String>)>) -> String {
    xml(|writer| {
        writer.create_element(root).with_attribute(("xmlns", NAMESPACE)).write_inner_content(|writer| {
            for (location, modified) in locations {
                writer.create_element(entry).write_inner_content(|writer| {
                    writer.create_element("loc").write_text_content(BytesText::new(&location))?;
                    if let Some(modified) = &modified {
                        writer.create_element("lastmod").write_text_content(BytesText::new(modified))?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

/// An XML document that `write` writes after its declaration.
pub(super) fn xml(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
    let written = writer.write_event(declaration).and_then(|()| write(&mut writer));
    debug_assert!(written.is_ok(), "memory takes every byte");
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    text
}
