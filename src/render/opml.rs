//! `publishers.opml`: the feeds of the publishers, for feed readers (OPML 2.0).

use quick_xml::events::BytesText;

use super::{Reader, sitemap::xml};
use crate::model::{FactKind, Publisher};

/// One outline for each feed, by the publishers' names.
pub fn render(reader: &Reader<'_>) -> String {
    reader.log.add(FactKind::Outlets, "");
    let mut publishers: Vec<&Publisher> = reader.whole.model.with_feeds().collect();
    publishers.sort_by_key(|publisher| (publisher.matter.name.value.to_lowercase(), publisher.slug.as_str()));
    xml(|writer| {
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
    })
}
