//! `publishers.opml`: the feeds of the publishers, for feed readers (OPML 2.0).

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::Reader;
use crate::model::{FactKind, Publisher};

/// One outline for each feed, by the publishers' names.
pub fn render(reader: &Reader<'_>) -> String {
    reader.log.add(FactKind::Outlets.of(""));
    let mut publishers: Vec<&Publisher> = reader.whole.model.with_feeds().collect();
    publishers.sort_by_key(|publisher| (publisher.matter.name.value.to_lowercase(), publisher.slug.as_str()));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let written: std::io::Result<()> = (|| {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        writer.create_element("opml").with_attribute(("version", "2.0")).write_inner_content(|writer| {
            writer.create_element("head").write_inner_content(|writer| {
                writer.create_element("title").write_text_content(BytesText::new(&reader.config.title))?;
                if let Some(author) = &reader.config.author {
                    writer.create_element("ownerName").write_text_content(BytesText::new(author))?;
                }
                Ok(())
            })?;
            writer.create_element("body").write_inner_content(|writer| {
                for publisher in publishers {
                    let matter = &publisher.matter;
                    for feed in &matter.feeds {
                        // `rss` stands for feeds of any format.
                        let name = matter.name.value.as_str();
                        let outline = writer
                            .create_element("outline")
                            .with_attributes([("type", "rss"), ("text", name), ("title", name)])
                            .with_attribute(("xmlUrl", feed.value.as_str()));
                        match &matter.url {
                            Some(url) => outline.with_attribute(("htmlUrl", url.as_str())).write_empty()?,
                            None => outline.write_empty()?,
                        };
                    }
                }
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })();
    debug_assert!(written.is_ok(), "memory takes every byte");
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    text
}
