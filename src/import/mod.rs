//! Reading what a curator clipped: bytes in, stories out.
//!
//! ```text
//! bytes ─ recognise ─▶ Format ─ decode ─▶ text ─ text::read ─▶ [Story] ─ merge::decide ─▶ Decision
//!                              └─ html::decode ─ html::read ─────┘ └─ markdown::file ─▶ the article's file
//! ```
//!
//! Everything here is a pure function: nothing touches the disk, nothing prints. The command reads the files, asks
//! [`merge::decide`] and writes.
//!
//! **Never invent.** A field that the text does not state is left out; one that is not sure is taken with an entry in
//! [`Story::check`] that says why. A wrong date is worse than none.
//!
//! **Never lose.** What is left out of the body stands in [`Story::removed`] with its kind, and what is doubtful is kept
//! and reported.

pub mod html;
pub mod markdown;
pub mod merge;
pub mod recognise;
pub mod report;
pub mod story;
pub mod text;

pub use recognise::{Format, recognise};
pub use report::Report;
pub use story::{Context, Story};

/// Why an input gave no stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead {
    /// What it is.
    pub format: Format,
    /// A sentence for the curator, without the file's name and without a full stop.
    pub message: String,
}

impl std::fmt::Display for NotRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// Reads one input, whatever it is. The fingerprint of each story is that of the bytes as given.
///
/// # Errors
/// For inputs that hold nothing to read, or are of a kind that is not read yet: the message says what they are.
pub fn read(bytes: &[u8], ctx: &Context) -> Result<Vec<Story>, NotRead> {
    let format = recognise(bytes);
    if format == Format::Html {
        return Ok(vec![page(bytes, None, None, ctx)]);
    }
    if format != Format::Text {
        return Err(NotRead { format, message: refusal(format) });
    }
    let (decoded, encoding) = recognise::decode(bytes);
    let mut stories = text::read(&decoded, ctx);
    if stories.is_empty() {
        return Err(NotRead { format: Format::Empty, message: refusal(Format::Empty) });
    }
    let fingerprint = text::sha256(bytes);
    for story in &mut stories {
        story.sha256.clone_from(&fingerprint);
        if encoding != "UTF-8" {
            story.warnings.push(format!("read as {encoding}"));
        }
    }
    Ok(stories)
}

/// Reads the bytes of one web page. `charset` is what came with it from outside (an HTTP header), `base` the address that
/// it was read at; a page mostly states both itself.
#[must_use]
pub fn page(bytes: &[u8], charset: Option<&str>, base: Option<&url::Url>, ctx: &Context) -> Story {
    let (decoded, encoding) = html::decode(bytes, charset);
    let mut story = html::read(&decoded, base, ctx);
    story.sha256 = text::sha256(bytes);
    if encoding != "UTF-8" {
        story.warnings.push(format!("read as {encoding}"));
    }
    story
}

fn refusal(format: Format) -> String {
    match format {
        Format::Empty => "is empty, there is nothing to import".to_owned(),
        Format::Article => "has front matter already: put it into `content/` as it is".to_owned(),
        Format::Binary(kind) => {
            format!("is {kind}, which holds no text that can be read: save the story as text")
        }
        other => format!("is {}, which is not read yet: save the story's text as a `.txt` file", other.name()),
    }
}
