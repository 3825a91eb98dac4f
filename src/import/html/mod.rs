//! Saved web pages → [`Story`].
//!
//! ```text
//! html ─ dom ─▶ tree ─ blocks ─▶ paragraphs ─ features, forest ─▶ those of the story ─ body ─▶ Markdown
//!          └─ linked, meta, people, when, rights ─▶ what the page says of the story ─────────▶ front matter
//! ```
//!
//! What structured data say is taken first, then the conventions of `<meta>`, then what is there to see. The text is always
//! that of the page: structured data that hold it help to find it there. Every step looks at each node a bounded number of
//! times and none recurs, so time is linear in the length of the page however deep it nests.

pub mod blocks;
mod body;
mod charset;
pub mod dom;
pub mod features;
mod forest;
pub mod hints;
mod language;
pub mod linked;
mod links;
mod meta;
mod outlet;
mod people;
pub(crate) mod phrases;
mod reading;
mod rights;
mod stamp;
mod story;
mod when;

use url::Url;

pub use charset::decode;
pub use links::clean as clean_address;
pub use people::Named;
pub(crate) use phrases::wants;
pub use reading::Reading;

use super::{Context, Story};

/// Reads a page as one story. Total and pure: it never fails, and a page without a story gives a story without a body.
/// `base` is the address that the page was read at, where that is known.
#[must_use]
pub fn read(html: &str, base: Option<&Url>, ctx: &Context) -> Story {
    let dom = dom::Dom::parse(html);
    let reading = Reading::after(&dom, base, ctx.today, &ctx.repeats);
    story::story(&dom, &reading, ctx)
}
