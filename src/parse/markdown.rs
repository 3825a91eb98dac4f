//! Markdown → HTML: CommonMark with tables, footnotes, strikethrough and alerts, its links resolved, its raw HTML
//! sanitised. The only room that knows `pulldown_cmark` and `ammonia`.
//!
//! Body text never passes through the template engine.

use std::{borrow::Cow, collections::BTreeSet, sync::LazyLock};

use ammonia::Builder;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::{diagnostic::Span, slug::slugify};

/// What an address in a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkUse {
    /// A reader may follow it.
    Hyperlink,
    /// The page shows it.
    Image,
}

/// What becomes of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// The address to write.
    To(String),
    /// A picture that the page may not load by itself: a link to it stands in its place.
    LinkInstead(String),
    /// None: the words stay, the link goes.
    Nowhere,
}

/// Who is asked about every address, and told about raw HTML that is not let through. Spans are bytes of the text.
pub trait Links {
    /// What `destination` leads to.
    fn resolve(&mut self, destination: &str, usage: LinkUse, span: Span) -> Resolved;

    /// An HTML element was dropped.
    fn dropped(&mut self, element: &str, span: Span);
}

/// How to write a text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Straight quotes and double hyphens become typographic ones.
    pub smart_punctuation: bool,
    /// Stop after so many words, at the end of a word.
    pub max_words: Option<usize>,
    /// No anchors: several such texts stand on one page.
    pub is_brief: bool,
}

/// A text as HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html {
    /// Safe to put into a page.
    pub html: String,
    /// Words of the whole text, counted between white space, whether they are in `html` or not.
    pub words: usize,
    /// Whether there is less in `html` than in the text.
    pub is_cut: bool,
}

/// Writes `text` as HTML.
pub fn render(text: &str, style: Style, links: &mut dyn Links) -> Html {
    let mut options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    options |= Options::ENABLE_GFM;
    if style.smart_punctuation {
        options |= Options::ENABLE_SMART_PUNCTUATION;
    }
    let mut walk = Walk {
        links,
        events: Vec::new(),
        open: Vec::new(),
        words: 0,
        in_word: false,
        max_words: style.max_words,
        notes: Notes::default(),
        has_raw_html: false,
        is_cut: false,
    };
    let mut is_over = false;
    for (event, span) in Parser::new_ext(text, options).into_offset_iter() {
        if is_over {
            walk.pass_over(event, span);
        } else if !walk.accept(event, span) {
            is_over = true;
            walk.close();
        }
    }
    let Walk { mut events, words, has_raw_html, is_cut, notes, .. } = walk;
    number_headings(&mut events, !style.is_brief);
    notes.write(&mut events, !style.is_brief);
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    html::push_html(&mut out, events.into_iter());
    if has_raw_html {
        out = without_empty_pictures(&SANITIZER.clean(&out).to_string());
    }
    Html { html: out, words, is_cut }
}

/// Appends the words of `text` that [`render`] shows, as plain text: at most `max_words`, counted in the same way. What stands
/// in raw HTML is left out.
pub fn shown_words(text: &str, max_words: Option<usize>, out: &mut String) {
    if max_words == Some(0) {
        return;
    }
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let (mut words, mut in_word) = (0, false);
    for event in Parser::new_ext(text, options) {
        let is_inline = match event {
            Event::Text(text) | Event::Code(text) => {
                let Some(max) = max_words else {
                    out.push_str(&text);
                    continue;
                };
                for (at, c) in text.char_indices() {
                    if !c.is_whitespace() && !in_word {
                        if words == max {
                            out.push_str(&text[..at]);
                            return;
                        }
                        words += 1;
                    }
                    in_word = !c.is_whitespace();
                }
                out.push_str(&text);
                continue;
            }
            Event::Start(Tag::Link { .. } | Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Image { .. })
            | Event::End(TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Image)
            | Event::FootnoteReference(_) => true,
            _ => false,
        };
        if !is_inline {
            in_word = false;
            out.push('\n');
        }
    }
}

/// Appends the words of `text` that an excerpt of so many words leaves out, as plain text. What stands in raw HTML, of which an
/// excerpt shows nothing, is among them without its tags.
pub fn words_beyond(text: &str, shown: usize, out: &mut String) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let (mut words, mut in_word) = (0, false);
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Text(text) | Event::Code(text) => {
                let mut from = (words > shown).then_some(0);
                for (at, c) in text.char_indices() {
                    if !c.is_whitespace() && !in_word {
                        words += 1;
                        if words > shown {
                            from.get_or_insert(at);
                        }
                    }
                    in_word = !c.is_whitespace();
                }
                out.push_str(from.map_or("", |from| &text[from..]));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                in_word = false;
                for piece in html.split('<') {
                    out.push(' ');
                    out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
                }
            }
            Event::Start(Tag::Link { .. } | Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Image { .. })
            | Event::End(TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Image)
            | Event::FootnoteReference(_) => {}
            _ => {
                in_word = false;
                out.push('\n');
            }
        }
    }
}

/// The sanitizer takes a remote picture's address and leaves its tag, which then shows nothing and is invalid.
fn without_empty_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<img") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let is_shown = rest[at..end].contains(" src=");
        out.push_str(&rest[..if is_shown { end } else { at }]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The events of a text on their way to HTML.
struct Walk<'a, 'l> {
    links: &'l mut dyn Links,
    events: Vec<Event<'a>>,
    /// What is open, outermost first: how to close it, or `None` where nothing was written for it.
    open: Vec<Option<TagEnd>>,
    words: usize,
    in_word: bool,
    max_words: Option<usize>,
    notes: Notes,
    has_raw_html: bool,
    is_cut: bool,
}

impl<'a> Walk<'a, '_> {
    /// Takes one event; `false` when the text must stop before its end.
    fn accept(&mut self, event: Event<'a>, span: Span) -> bool {
        match event {
            Event::Start(tag) => {
                if let Tag::FootnoteDefinition(label) = &tag {
                    self.notes.define(label, self.events.len());
                }
                let tag = self.start(tag, span);
                self.open.push(tag.as_ref().map(Tag::to_end));
                let is_table = matches!(tag, Some(Tag::Table(_)));
                let is_inline = matches!(
                    tag,
                    None | Some(
                        Tag::Link { .. } | Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Image { .. }
                    )
                );
                self.in_word &= is_inline;
                if is_table {
                    // A wide table scrolls by itself, so that the page does not.
                    self.events.push(Event::Html("<div class=\"table\" tabindex=\"0\">".into()));
                }
                self.events.extend(tag.map(Event::Start));
            }
            Event::End(_) => {
                if let Some(end) = self.open.pop().flatten() {
                    let is_table = end == TagEnd::Table;
                    let is_inline = matches!(
                        end,
                        TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Image
                    );
                    self.in_word &= is_inline;
                    self.events.push(Event::End(end));
                    if is_table {
                        self.events.push(Event::Html("</div>\n".into()));
                    }
                }
            }
            Event::Text(text) => return self.text(text),
            Event::Code(text) => {
                if self.count(&text).is_some() {
                    return false;
                }
                self.events.push(Event::Code(text));
            }
            Event::Html(html) => self.raw_html(Event::Html(html.clone()), &html, span),
            Event::InlineHtml(html) => self.raw_html(Event::InlineHtml(html.clone()), &html, span),
            Event::FootnoteReference(label) => {
                self.notes.refer(&label, self.events.len());
                self.events.push(Event::FootnoteReference(label));
            }
            event => {
                self.in_word = false;
                self.events.push(event);
            }
        }
        true
    }

    /// Takes an event after the end of an excerpt: nothing is written, but words are counted and links checked.
    fn pass_over(&mut self, event: Event<'a>, span: Span) {
        match event {
            Event::Start(tag) => {
                self.in_word = false;
                self.start(tag, span);
            }
            Event::Text(text) | Event::Code(text) => {
                self.count(&text);
            }
            Event::Html(html) | Event::InlineHtml(html) => self.report_dropped(&html, span),
            _ => self.in_word = false,
        }
    }

    fn start(&mut self, tag: Tag<'a>, span: Span) -> Option<Tag<'a>> {
        // In an excerpt every word counts, and these are not shown as words.
        let is_excerpt = self.max_words.is_some();
        let title_of = |title: CowStr<'a>| if is_excerpt { CowStr::Borrowed("") } else { title };
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) if is_excerpt => {
                Some(Tag::CodeBlock(CodeBlockKind::Fenced("".into())))
            }
            Tag::Link { link_type, dest_url, title, id } => {
                let title = title_of(title);
                match self.links.resolve(&dest_url, LinkUse::Hyperlink, span) {
                    Resolved::To(url) | Resolved::LinkInstead(url) => {
                        Some(Tag::Link { link_type, dest_url: url.into(), title, id })
                    }
                    Resolved::Nowhere => None,
                }
            }
            Tag::Image { link_type, dest_url, title, id } => {
                let title = title_of(title);
                match self.links.resolve(&dest_url, LinkUse::Image, span) {
                    Resolved::To(url) => Some(Tag::Image { link_type, dest_url: url.into(), title, id }),
                    // A link cannot stand in a link: there the picture's words remain.
                    Resolved::LinkInstead(url) if !self.open.contains(&Some(TagEnd::Link)) => {
                        Some(Tag::Link { link_type, dest_url: url.into(), title, id })
                    }
                    Resolved::LinkInstead(_) | Resolved::Nowhere => None,
                }
            }
            tag => Some(tag),
        }
    }

    fn text(&mut self, text: CowStr<'a>) -> bool {
        match self.count(&text) {
            None => {
                self.events.push(Event::Text(text));
                true
            }
            Some(end) => {
                self.events.push(Event::Text(text[..end].to_owned().into()));
                false
            }
        }
    }

    /// Counts the words of `text`; where the limit is passed, the byte at which the last one let in ends.
    fn count(&mut self, text: &str) -> Option<usize> {
        if self.max_words.is_none() && text.is_ascii() {
            self.count_ascii(text.as_bytes());
            return None;
        }
        let mut end = 0;
        let mut cut = None;
        for (at, c) in text.char_indices() {
            if c.is_whitespace() {
                self.in_word = false;
                continue;
            }
            if !self.in_word {
                if self.max_words == Some(self.words) {
                    cut = Some(end);
                    self.is_cut = true;
                }
                self.in_word = true;
                self.words += 1;
            }
            end = at + c.len_utf8();
        }
        cut
    }

    /// The same for most of the texts that are shown whole, where it is to take no time.
    fn count_ascii(&mut self, text: &[u8]) {
        let is_space = |byte: u8| byte == b' ' || byte.wrapping_sub(b'\t') < 5;
        let (Some(first), Some(last)) = (text.first(), text.last()) else { return };
        self.words += usize::from(!self.in_word && !is_space(*first));
        // Sums that fit in a byte: so the compiler counts as many bytes at once as the machine has lanes.
        for (before, after) in text.chunks(255).zip(text[1..].chunks(255)) {
            let starts = before.iter().zip(after).map(|(a, b)| u8::from(is_space(*a) & !is_space(*b)));
            self.words += usize::from(starts.fold(0, u8::wrapping_add));
        }
        self.in_word = !is_space(*last);
    }

    /// Raw HTML is kept for the sanitizer, but not in an excerpt: its words cannot be counted.
    fn raw_html(&mut self, event: Event<'a>, html: &str, span: Span) {
        self.in_word = false;
        self.report_dropped(html, span);
        if self.max_words.is_some() {
            self.is_cut |= matches!(event, Event::Html(_));
            return;
        }
        self.has_raw_html = true;
        self.events.push(event);
    }

    /// What the sanitizer will not let through is reported here, where its place is known.
    fn report_dropped(&mut self, html: &str, span: Span) {
        for (at, _) in html.match_indices('<') {
            let name: String = html[at + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
            let name = name.to_ascii_lowercase();
            // A picture that the page may not load is dropped whole; `![…](…)` makes a link of it.
            let is_remote = name == "img" && !html[at..].split('>').next().unwrap_or_default().contains("src=\"/");
            if !name.is_empty() && (is_remote || !ALLOWED.contains(name.as_str())) {
                self.links.dropped(&name, span.start + at..(span.start + at + 1 + name.len()).min(span.end));
            }
        }
    }

    /// Ends everything that is open.
    fn close(&mut self) {
        self.events.push(Event::Text(" …".into()));
        while let Some(end) = self.open.pop() {
            self.events.extend(end.map(Event::End));
        }
    }
}

/// Footnotes: numbered by their first mention, with anchors there and back.
#[derive(Default)]
struct Notes {
    /// Names in the order of their first mention.
    names: Vec<String>,
    /// Events that mention a note: where, and which.
    mentions: Vec<(usize, usize)>,
    /// Events that start a note.
    definitions: Vec<(usize, usize)>,
}

impl Notes {
    fn number(&mut self, name: &str) -> usize {
        match self.names.iter().position(|known| known == name) {
            Some(at) => at,
            None => {
                self.names.push(name.to_owned());
                self.names.len() - 1
            }
        }
    }

    fn refer(&mut self, name: &str, at: usize) {
        let number = self.number(name);
        self.mentions.push((at, number));
    }

    fn define(&mut self, name: &str, at: usize) {
        let number = self.number(name);
        self.definitions.push((at, number));
    }

    /// Writes mentions and notes. A mention of a note that is not there, as at the end of an excerpt, is dropped.
    fn write(self, events: &mut Vec<Event<'_>>, wants_anchors: bool) {
        let is_there = |number: usize| self.definitions.iter().any(|(_, known)| *known == number);
        let mut mentioned = vec![false; self.names.len()];
        for (at, number) in &self.mentions {
            let note = number + 1;
            let id = if mentioned[*number] { String::new() } else { format!(" id=\"fn-{note}-mention\"") };
            mentioned[*number] = true;
            events[*at] = if is_there(*number) && !wants_anchors {
                Event::InlineHtml(format!("<sup class=\"footnote-reference\">{note}</sup>").into())
            } else if is_there(*number) {
                Event::InlineHtml(
                    format!("<sup class=\"footnote-reference\"{id}><a href=\"#fn-{note}\">{note}</a></sup>").into(),
                )
            } else {
                Event::Text("".into())
            };
        }
        // From the last to the first: what is put in moves only what comes after it.
        for (at, number) in self.definitions.iter().rev() {
            let note = number + 1;
            let Some(length) =
                events[*at..].iter().position(|event| matches!(event, Event::End(TagEnd::FootnoteDefinition)))
            else {
                continue;
            };
            let mut end = at + length;
            if mentioned[*number] && wants_anchors {
                let back = format!(" <a href=\"#fn-{note}-mention\" class=\"footnote-back\">↩</a>");
                // Within the last paragraph, where there is one.
                let inside = matches!(events[end - 1], Event::End(TagEnd::Paragraph));
                events.insert(end - usize::from(inside), Event::InlineHtml(back.into()));
                end += 1;
            }
            events[end] = Event::Html("</div>\n".into());
            let id = if wants_anchors { format!(" id=\"fn-{note}\"") } else { String::new() };
            events[*at] = Event::Html(
                format!(
                    "<div class=\"footnote-definition\"{id}>\
                     <sup class=\"footnote-definition-label\">{note}</sup>\n"
                )
                .into(),
            );
        }
    }
}

/// Gives every heading an anchor where they are wanted, and keeps the first level for the page's own title.
fn number_headings(events: &mut [Event<'_>], wants_anchors: bool) {
    let starts: Vec<usize> =
        (0..events.len()).filter(|at| matches!(events[*at], Event::Start(Tag::Heading { .. }))).collect();
    let shift =
        starts.iter().any(|at| matches!(events[*at], Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })));
    let mut taken: BTreeSet<String> = PAGE_ANCHORS.iter().map(|anchor| (*anchor).to_owned()).collect();
    for at in starts {
        let words: String = events[at + 1..]
            .iter()
            .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                Event::SoftBreak | Event::HardBreak => Some(" "),
                _ => None,
            })
            .collect();
        let end = events[at..].iter().position(|event| matches!(event, Event::End(TagEnd::Heading(_))));
        let anchor = free_anchor(&slugify(&words), &mut taken);
        if let Event::Start(Tag::Heading { level, id, .. }) = &mut events[at] {
            *id = wants_anchors.then(|| anchor.into());
            if shift {
                *level = lower(*level);
            }
        }
        if let Some(end) = end
            && shift
            && let Event::End(TagEnd::Heading(level)) = &mut events[at + end]
        {
            *level = lower(*level);
        }
    }
}

/// Anchors that the built-in theme's pages have of their own.
pub const PAGE_ANCHORS: [&str; 3] = ["corrections", "main", "sections"];

/// An anchor that is not taken yet, and is from now on: `slug`, else with a number after it.
fn free_anchor(slug: &str, taken: &mut BTreeSet<String>) -> String {
    let slug = if slug.is_empty() { "section" } else { slug };
    let mut anchor = slug.to_owned();
    let mut number = 1;
    while !taken.insert(anchor.clone()) {
        number += 1;
        anchor = format!("{slug}-{number}");
    }
    anchor
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from(level as usize + 1).unwrap_or(HeadingLevel::H6)
}

/// HTML that may stand in a text: what formats, nothing that runs, loads or submits.
static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["mark", "small", "figure", "figcaption", "section"])
        // The classes that Markdown itself writes.
        .add_allowed_classes("div", ["table", "footnote-definition"])
        .add_allowed_classes("sup", ["footnote-reference", "footnote-definition-label"])
        .add_allowed_classes(
            "blockquote",
            [
                "markdown-alert-note",
                "markdown-alert-tip",
                "markdown-alert-important",
                "markdown-alert-warning",
                "markdown-alert-caution",
            ],
        )
        .add_generic_attributes(["id", "dir", "lang"])
        .add_allowed_classes("a", ["footnote-back"])
        .add_tag_attributes("div", ["tabindex"])
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(None)
        // A page makes no request to anyone else.
        .attribute_filter(|element, attribute, value| {
            let loads = attribute == "src" && matches!(element, "img");
            let is_own = value.starts_with('/') && !value.starts_with("//");
            (!loads || is_own).then_some(Cow::Borrowed(value))
        });
    builder
});

static ALLOWED: LazyLock<std::collections::HashSet<&'static str>> = LazyLock::new(|| SANITIZER.clone_tags());

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets every address through but `nowhere`; remote pictures become links.
    #[derive(Default)]
    struct Log(Vec<String>);

    impl Links for Log {
        fn resolve(&mut self, destination: &str, usage: LinkUse, _: Span) -> Resolved {
            match (destination, usage) {
                ("nowhere", _) => Resolved::Nowhere,
                (url, LinkUse::Image) if url.starts_with("https:") => Resolved::LinkInstead(url.to_owned()),
                (url, _) => Resolved::To(url.to_owned()),
            }
        }

        fn dropped(&mut self, element: &str, span: Span) {
            self.0.push(format!("{element}@{}", span.start));
        }
    }

    fn html(text: &str) -> String {
        render(text, Style::default(), &mut Log::default()).html
    }

    #[test]
    fn text_is_text() {
        assert_eq!(html("{{ x }} {% y %}"), "<p>{{ x }} {% y %}</p>\n");
    }

    #[test]
    fn nothing_that_runs_gets_through() {
        let mut log = Log::default();
        let text = "A <b onclick=\"x()\">b</b>\n\n<script>alert(1)</script>\n\n<img src=\"https://x.test/p.gif\">";
        let html = render(text, Style::default(), &mut log).html;
        assert!(html.contains("<b>b</b>"), "{html}");
        for bad in ["script", "alert", "onclick", "x.test"] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
        assert_eq!(log.0, ["script@26", "img@53"]);
        assert!(!html.contains("<img"), "{html}");
    }

    #[test]
    fn links_without_an_address_leave_their_words() {
        assert_eq!(html("a [b *c*](nowhere) d"), "<p>a b <em>c</em> d</p>\n");
        assert_eq!(html("![a](https://x.test/p.png)"), "<p><a href=\"https://x.test/p.png\">a</a></p>\n");
        assert_eq!(html("[![a](https://x.test/p.png)](https://y.test)"), "<p><a href=\"https://y.test\">a</a></p>\n");
    }

    #[test]
    fn headings_leave_the_first_level_to_the_page() {
        assert_eq!(html("# One\n\n## Two"), "<h2 id=\"one\">One</h2>\n<h3 id=\"two\">Two</h3>\n");
        assert_eq!(html("## A\n\n## A"), "<h2 id=\"a\">A</h2>\n<h2 id=\"a-2\">A</h2>\n");
    }

    #[test]
    fn anchors_stand_once() {
        let text = html("## A\n\n## A 2\n\n## A\n\n## Main\n\n## …\n");
        for id in ["\"a\"", "\"a-2\"", "\"a-3\"", "\"main-2\"", "\"section\""] {
            assert_eq!(text.matches(&format!("id={id}")).count(), 1, "{id} in {text}");
        }
        assert!(html("x[^Main]\n\n[^Main]: y\n").contains("id=\"fn-1\""));
    }

    #[test]
    fn footnotes_lead_there_and_back() {
        let html = html("a[^x] b[^y] c[^x]\n\n[^y]: Two.\n\n[^x]: One.\n");
        assert!(
            html.contains("a<sup class=\"footnote-reference\" id=\"fn-1-mention\"><a href=\"#fn-1\">1</a></sup>"),
            "{html}"
        );
        assert!(html.contains("c<sup class=\"footnote-reference\"><a href=\"#fn-1\">1</a></sup>"), "{html}");
        assert!(html.contains("One. <a href=\"#fn-1-mention\" class=\"footnote-back\">↩</a></p>"), "{html}");
        let style = Style { max_words: Some(1), ..Style::default() };
        let cut = render("a[^x] b c\n\n[^x]: One.\n", style, &mut Log::default());
        assert_eq!(cut.html, "<p>a …</p>\n");
    }

    #[test]
    fn the_words_that_are_shown_are_those_of_the_page() {
        let text = "# One\n\ntwo thr*ee* [four](https://x.test/secret)<br>five `six`\n\n<p>raw</p>\n\n- seven[^n]\n\n[^n]: eight\n";
        let words = |max: Option<usize>| {
            let mut out = String::new();
            shown_words(text, max, &mut out);
            out.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(words(None), ["One", "two", "three", "four", "five", "six", "seven", "eight"]);
        for max in 0..9 {
            let style = Style { max_words: Some(max), ..Style::default() };
            let html = render(text, style, &mut Log::default()).html;
            let shown = words(Some(max));
            assert_eq!(shown.len(), max.min(8));
            for word in ["One", "two", "three", "four", "five", "six", "seven", "eight"] {
                let is_in_page = html.replace("<em>", "").replace("</em>", "").contains(word);
                assert_eq!(shown.iter().any(|shown| shown == word), is_in_page, "{word} of {max}: {html}");
            }
        }
    }

    #[test]
    fn an_excerpt_ends_after_a_word_with_everything_closed() {
        let style = Style { max_words: Some(4), ..Style::default() };
        let cut = render("one **two thr*ee* four five** six", style, &mut Log::default());
        assert_eq!(cut.html, "<p>one <strong>two thr<em>ee</em> four …</strong></p>\n");
        assert!(cut.is_cut);
        assert_eq!(cut.words, 6);
        let whole = render("one two three four", style, &mut Log::default());
        assert!(!whole.is_cut);
        assert_eq!(whole.words, 4);
    }
}
