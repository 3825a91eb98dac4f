//! Saved web pages → [`Story`].

mod charset;

use url::Url;

pub use charset::decode;

use super::{Context, Story};

/// Reads a page as one story. Total and pure: it never fails, and a page without a story gives a story without a body.
/// `base` is the address that the page was read at, where that is known.
#[must_use]
pub fn read(html: &str, base: Option<&Url>, ctx: &Context) -> Story {
    let mut story = Story::empty(ctx);
    story.url = base.map(Url::to_string);
    story.body = html
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text.trim())
        .filter(|t| t.len() > 80)
        .map(str::to_owned)
        .collect();
    story
}
