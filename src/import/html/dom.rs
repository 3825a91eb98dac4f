//! A page as a tree in one vector, in the order of the text.
//!
//! Reading articles wants every node looked at a few times, from first to last or back. So a node's number is its place in
//! the document, a subtree is a range of numbers, and no walk needs a stack or recursion. Nodes are only ever appended:
//! where the HTML standard moves nodes about (misnested emphasis, text in tables), the tree keeps the order of the source.
//! Optional tags are implied as the standard says. Text and attributes stay as written; they are decoded when asked for.

use std::borrow::Cow;

use memchr::{memchr, memmem};

macro_rules! tags {
    ($($name:ident = $word:literal,)+) => {
        /// An element's name, where it means something here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Tag {
            /// The document itself.
            Root,
            /// A run of text.
            Text,
            /// An element of any other name.
            Other,
            $(#[doc = $word] $name,)+
            /// How many there are; none has it.
            Count,
        }

        impl Tag {
            fn of(name: &str) -> Tag {
                let mut buffer = [0u8; 12];
                let Some(lower) = buffer.get_mut(..name.len()) else { return Tag::Other };
                lower.copy_from_slice(name.as_bytes());
                lower.make_ascii_lowercase();
                match std::str::from_utf8(lower).unwrap_or_default() {
                    $($word => Tag::$name,)+
                    _ => Tag::Other,
                }
            }
        }
    };
}

tags! {
    A = "a", Abbr = "abbr", Address = "address", Amp = "amp-img", Article = "article", Aside = "aside", Audio = "audio",
    B = "b", Base = "base", Big = "big", Blockquote = "blockquote", Body = "body", Br = "br", Button = "button",
    Canvas = "canvas", Caption = "caption", Center = "center", Cite = "cite", Code = "code", Col = "col",
    Colgroup = "colgroup", Dd = "dd", Del = "del", Details = "details", Dialog = "dialog", Dir = "dir", Div = "div",
    Dl = "dl", Dt = "dt", Em = "em", Embed = "embed", Fieldset = "fieldset", Figcaption = "figcaption",
    Figure = "figure", Font = "font", Footer = "footer", Form = "form", H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4",
    H5 = "h5", H6 = "h6", Head = "head", Header = "header", Hgroup = "hgroup", Hr = "hr", Html = "html", I = "i",
    Iframe = "iframe", Img = "img", Input = "input", Ins = "ins", Kbd = "kbd", Label = "label", Legend = "legend",
    Li = "li", Link = "link", Main = "main", Mark = "mark", Math = "math", Menu = "menu", Meta = "meta", Nav = "nav",
    Nobr = "nobr", Noembed = "noembed", Noframes = "noframes", Noscript = "noscript", Object = "object", Ol = "ol",
    Optgroup = "optgroup", Option = "option", P = "p", Param = "param", Picture = "picture", Plaintext = "plaintext",
    Pre = "pre", Q = "q", S = "s", Samp = "samp", Script = "script", Search = "search", Section = "section",
    Select = "select", Small = "small", Source = "source", Span = "span", Strike = "strike", Strong = "strong",
    Style = "style", Sub = "sub", Summary = "summary", Sup = "sup", Svg = "svg", Table = "table", Tbody = "tbody",
    Td = "td", Template = "template", Textarea = "textarea", Tfoot = "tfoot", Th = "th", Thead = "thead",
    Time = "time", Title = "title", Tr = "tr", Track = "track", Tt = "tt", U = "u", Ul = "ul", Var = "var",
    Video = "video", Wbr = "wbr", Xmp = "xmp",
}

impl Tag {
    /// Elements without content.
    fn is_void(self) -> bool {
        matches!(
            self,
            Tag::Base
                | Tag::Br
                | Tag::Col
                | Tag::Embed
                | Tag::Hr
                | Tag::Img
                | Tag::Input
                | Tag::Link
                | Tag::Meta
                | Tag::Param
                | Tag::Source
                | Tag::Track
                | Tag::Wbr
        )
    }

    /// Block elements whose start ends a paragraph.
    fn ends_paragraph(self) -> bool {
        matches!(
            self,
            Tag::Address
                | Tag::Article
                | Tag::Aside
                | Tag::Blockquote
                | Tag::Center
                | Tag::Details
                | Tag::Dialog
                | Tag::Dir
                | Tag::Div
                | Tag::Dl
                | Tag::Dt
                | Tag::Dd
                | Tag::Fieldset
                | Tag::Figcaption
                | Tag::Figure
                | Tag::Footer
                | Tag::Form
                | Tag::Header
                | Tag::Hgroup
                | Tag::Hr
                | Tag::Li
                | Tag::Main
                | Tag::Menu
                | Tag::Nav
                | Tag::Ol
                | Tag::P
                | Tag::Plaintext
                | Tag::Pre
                | Tag::Search
                | Tag::Section
                | Tag::Summary
                | Tag::Table
                | Tag::Ul
                | Tag::Xmp
        ) || self.is_heading()
    }

    /// `h1` to `h6`.
    #[must_use]
    pub fn is_heading(self) -> bool {
        matches!(self, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6)
    }

    /// The elements at which the search for an open one of the same name ends.
    fn is_special(self) -> bool {
        self.ends_paragraph()
            || self.is_scope()
            || matches!(
                self,
                Tag::Body
                    | Tag::Button
                    | Tag::Head
                    | Tag::Iframe
                    | Tag::Noscript
                    | Tag::Select
                    | Tag::Tbody
                    | Tag::Tfoot
                    | Tag::Thead
                    | Tag::Tr
                    | Tag::Textarea
            )
    }

    /// The elements that bound every scope.
    fn is_scope(self) -> bool {
        matches!(
            self,
            Tag::Root
                | Tag::Html
                | Tag::Table
                | Tag::Td
                | Tag::Th
                | Tag::Caption
                | Tag::Template
                | Tag::Object
                | Tag::Svg
                | Tag::Math
        )
    }

    /// Elements of running text: what does not begin a paragraph of its own.
    #[must_use]
    pub fn is_inline(self) -> bool {
        matches!(
            self,
            Tag::Text
                | Tag::A
                | Tag::Abbr
                | Tag::B
                | Tag::Big
                | Tag::Cite
                | Tag::Code
                | Tag::Del
                | Tag::Em
                | Tag::Font
                | Tag::I
                | Tag::Img
                | Tag::Ins
                | Tag::Kbd
                | Tag::Label
                | Tag::Mark
                | Tag::Nobr
                | Tag::Picture
                | Tag::Q
                | Tag::S
                | Tag::Samp
                | Tag::Small
                | Tag::Source
                | Tag::Span
                | Tag::Strike
                | Tag::Strong
                | Tag::Sub
                | Tag::Sup
                | Tag::Time
                | Tag::Tt
                | Tag::U
                | Tag::Var
                | Tag::Wbr
        )
    }

    /// What of the text is no text to read: its content is left out altogether.
    #[must_use]
    pub fn is_hidden(self) -> bool {
        matches!(
            self,
            Tag::Script
                | Tag::Style
                | Tag::Template
                | Tag::Head
                | Tag::Title
                | Tag::Svg
                | Tag::Math
                | Tag::Textarea
                | Tag::Select
                | Tag::Option
                | Tag::Iframe
                | Tag::Noembed
                | Tag::Noframes
                | Tag::Canvas
                | Tag::Object
                | Tag::Audio
                | Tag::Video
        )
    }
}

/// A node: an element or a run of text.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The node that it stands in; the root stands in itself.
    pub parent: u32,
    /// The first node after it and all that it holds.
    pub end: u32,
    /// What it is.
    pub tag: Tag,
    /// Whether a text stands in a link that is open.
    pub in_link: bool,
    /// The text as written, or the element's name.
    pub text: &'a str,
    attrs: u32,
    attr_count: u16,
}

/// A page.
#[derive(Debug)]
pub struct Dom<'a> {
    /// Every node in the order of the source; the first is the root.
    pub nodes: Vec<Node<'a>>,
    attrs: Vec<(&'a str, &'a str)>,
    /// Whether the page holds more nodes than are read.
    pub is_cut: bool,
}

/// How deep elements nest before deeper ones count as their siblings; browsers do the same.
const MAX_DEPTH: usize = 512;
/// How many nodes are read. A long article has a few thousand.
const MAX_NODES: usize = 1_000_000;

impl<'a> Dom<'a> {
    /// Reads a page. Never fails; time and memory are linear in its length.
    #[must_use]
    pub fn parse(html: &'a str) -> Dom<'a> {
        let guess = html.len() / 60 + 16;
        let mut builder = Builder {
            dom: Dom {
                nodes: Vec::with_capacity(guess.min(MAX_NODES)),
                attrs: Vec::with_capacity(guess.min(MAX_NODES)),
                is_cut: false,
            },
            open: vec![0],
            count: [0; Tag::Count as usize],
            link: 0,
            too_deep: 0,
            foreign: 0,
        };
        builder.dom.nodes.push(Node {
            parent: 0,
            end: 0,
            tag: Tag::Root,
            in_link: false,
            text: "",
            attrs: 0,
            attr_count: 0,
        });
        builder.read(html);
        builder.finish()
    }

    /// The node of a number.
    #[must_use]
    pub fn node(&self, id: u32) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    /// An attribute as written; the name in small letters.
    #[must_use]
    pub fn raw_attr(&self, id: u32, name: &str) -> Option<&'a str> {
        self.attrs(id).iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// An attribute, decoded.
    #[must_use]
    pub fn attr(&self, id: u32, name: &str) -> Option<Cow<'a, str>> {
        self.raw_attr(id, name).map(decode_attr)
    }

    /// All attributes as written.
    #[must_use]
    pub fn attrs(&self, id: u32) -> &[(&'a str, &'a str)] {
        let node = self.node(id);
        let from = node.attrs as usize;
        &self.attrs[from..from + node.attr_count as usize]
    }

    /// The numbers of a node's descendants.
    #[must_use]
    pub fn within(&self, id: u32) -> std::ops::Range<u32> {
        id + 1..self.node(id).end
    }

    /// The children of a node.
    pub fn children(&self, id: u32) -> impl Iterator<Item = u32> + '_ {
        let end = self.node(id).end;
        let mut next = id + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let this = next;
                next = self.node(this).end;
                this
            })
        })
    }

    /// The node and what it stands in, outwards, without the root.
    pub fn ancestors(&self, id: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = id;
        std::iter::from_fn(move || {
            (next != 0).then(|| {
                let this = next;
                next = self.node(this).parent;
                this
            })
        })
    }

    /// The text that a node holds, decoded, runs of white space made one blank. What is hidden is left out.
    #[must_use]
    pub fn text(&self, id: u32) -> String {
        let mut out = String::new();
        let mut at = id;
        let end = self.node(id).end;
        while at < end {
            let node = self.node(at);
            if node.tag == Tag::Text {
                push_text(&mut out, &decode(node.text));
            } else if node.tag.is_hidden() && at != id {
                at = node.end;
                continue;
            } else if !node.tag.is_inline() {
                push_text(&mut out, " ");
            }
            at += 1;
        }
        out.truncate(out.trim_end().len());
        out
    }
}

/// A text with its character references resolved.
#[must_use]
pub fn decode(raw: &str) -> Cow<'_, str> {
    if memchr(b'&', raw.as_bytes()).is_none() { Cow::Borrowed(raw) } else { htmlize::unescape(raw) }
}

/// An attribute's value with its character references resolved.
#[must_use]
pub fn decode_attr(raw: &str) -> Cow<'_, str> {
    if memchr(b'&', raw.as_bytes()).is_none() { Cow::Borrowed(raw) } else { htmlize::unescape_attribute(raw) }
}

/// Characters that show nothing and only get in the way of comparison: soft hyphens, zero-width marks, controls.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !c.is_whitespace())
}

/// Adds text with its white space collapsed, as a browser shows it. Spaces that hold their place become plain ones.
pub fn push_text(out: &mut String, text: &str) {
    let after_blank = out.is_empty() || out.ends_with(' ');
    push_text_after(out, text, after_blank);
}

/// The same, where it is known whether a blank at the start of the text would be one too many.
pub(super) fn push_text_after(out: &mut String, text: &str, after_blank: bool) {
    let bytes = text.as_bytes();
    let mut blank = after_blank;
    let mut run = 0;
    let mut at = 0;
    while at < bytes.len() {
        // Most is letters of ASCII with single spaces between.
        match bytes[at] {
            b'!'..=b'~' => {
                blank = false;
                at += 1;
                continue;
            }
            b' ' if !blank => {
                blank = true;
                at += 1;
                continue;
            }
            _ => {}
        }
        let Some(c) = text[at..].chars().next() else { break };
        let end = at + c.len_utf8();
        let is_blank = c.is_whitespace();
        if is_blank || is_invisible(c) {
            out.push_str(&text[run..at]);
            run = end;
            if is_blank && !blank {
                out.push(' ');
                blank = true;
            }
        } else {
            blank = false;
        }
        at = end;
    }
    out.push_str(&text[run..]);
}

struct Builder<'a> {
    dom: Dom<'a>,
    /// The open elements.
    open: Vec<u32>,
    /// How many of each are open: an end tag without a start costs nothing.
    count: [u32; Tag::Count as usize],
    /// The open link, 0 where there is none.
    link: u32,
    /// Elements that were open when the tree was too deep for them.
    too_deep: usize,
    /// Open `svg` and `math` elements, in which `/>` closes.
    foreign: usize,
}

impl<'a> Builder<'a> {
    fn read(&mut self, html: &'a str) {
        let bytes = html.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if self.dom.nodes.len() >= MAX_NODES {
                self.dom.is_cut = true;
                return;
            }
            // A `<` that begins no markup is text.
            let mut look = at;
            let mark = loop {
                match memchr(b'<', &bytes[look..]) {
                    None => break bytes.len(),
                    Some(found) => {
                        let mark = look + found;
                        let after = bytes.get(mark + 1).copied().unwrap_or(b' ');
                        if after.is_ascii_alphabetic() || matches!(after, b'/' | b'!' | b'?') {
                            break mark;
                        }
                        look = mark + 1;
                    }
                }
            };
            if mark > at {
                self.text(&html[at..mark]);
            }
            if mark >= bytes.len() {
                return;
            }
            at = match bytes[mark + 1] {
                b'!' => comment(bytes, mark),
                b'?' => after(bytes, mark, b'>'),
                b'/' if bytes.get(mark + 2).is_some_and(u8::is_ascii_alphabetic) => {
                    let name = name_end(bytes, mark + 2);
                    let tag = Tag::of(&html[mark + 2..name]);
                    let end = tag_end(bytes, name);
                    self.end(tag, &html[mark + 2..name]);
                    end
                }
                b'/' => after(bytes, mark, b'>'),
                _ => self.start(html, mark),
            };
        }
    }

    fn text(&mut self, text: &'a str) {
        let parent = *self.open.last().unwrap_or(&0);
        if text.trim_ascii().is_empty() && !self.dom.node(parent).tag.is_inline() {
            // White space between blocks; between inline elements it parts words.
            let before = self.dom.nodes.last().map_or(Tag::Root, |n| n.tag);
            if !before.is_inline() {
                return;
            }
        }
        let id = self.add(Tag::Text, text);
        self.dom.nodes[id as usize].in_link = self.link != 0;
    }

    fn add(&mut self, tag: Tag, text: &'a str) -> u32 {
        // MAX_NODES keeps the number within u32.
        let id = self.dom.nodes.len() as u32;
        let parent = *self.open.last().unwrap_or(&0);
        self.dom.nodes.push(Node {
            parent,
            end: id + 1,
            tag,
            in_link: false,
            text,
            attrs: self.dom.attrs.len() as u32,
            attr_count: 0,
        });
        id
    }

    /// Reads a start tag; returns where the text goes on.
    fn start(&mut self, html: &'a str, mark: usize) -> usize {
        let bytes = html.as_bytes();
        let name_to = name_end(bytes, mark + 1);
        let name = &html[mark + 1..name_to];
        let tag = Tag::of(name);
        let from = self.dom.attrs.len();
        let (end, is_closed) = attributes(html, name_to, &mut self.dom.attrs);
        let count = (self.dom.attrs.len() - from).min(usize::from(u16::MAX)) as u16;
        match tag {
            // Once is enough; a second one only brings attributes.
            Tag::Html | Tag::Body | Tag::Head if self.count[tag as usize] > 0 => return end,
            _ => self.imply(tag),
        }
        let id = self.add(tag, name);
        let node = &mut self.dom.nodes[id as usize];
        node.attrs = from as u32;
        node.attr_count = count;
        if tag.is_void() || is_closed && (self.foreign > 0 || tag == Tag::Svg) {
            return end;
        }
        match tag {
            Tag::Script
            | Tag::Style
            | Tag::Xmp
            | Tag::Iframe
            | Tag::Noembed
            | Tag::Noframes
            | Tag::Title
            | Tag::Textarea
                if self.foreign == 0 =>
            {
                let (to, next) = raw_text(bytes, end, name.as_bytes());
                if to > end {
                    let text = self.add(Tag::Text, &html[end..to]);
                    self.dom.nodes[text as usize].parent = id;
                    self.dom.nodes[id as usize].end = text + 1;
                }
                next
            }
            Tag::Plaintext => bytes.len(),
            _ => {
                self.push(id, tag);
                end
            }
        }
    }

    fn push(&mut self, id: u32, tag: Tag) {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep += 1;
            return;
        }
        self.open.push(id);
        self.count[tag as usize] += 1;
        match tag {
            Tag::A => self.link = id,
            Tag::Svg | Tag::Math => self.foreign += 1,
            _ => {}
        }
    }

    /// Closes the innermost element.
    fn pop(&mut self) {
        if self.open.len() <= 1 {
            return;
        }
        let Some(id) = self.open.pop() else { return };
        let end = self.dom.nodes.len() as u32;
        let node = &mut self.dom.nodes[id as usize];
        node.end = end;
        let tag = node.tag;
        self.count[tag as usize] -= 1;
        match tag {
            Tag::A if self.link == id => self.link = 0,
            Tag::Svg | Tag::Math => self.foreign -= 1,
            _ => {}
        }
    }

    fn pop_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            self.pop();
        }
    }

    /// Where the innermost open element of a kind stands, unless one that `bounds` comes first.
    fn find(&self, is_it: impl Fn(Tag) -> bool, bounds: impl Fn(Tag) -> bool) -> Option<usize> {
        for (depth, id) in self.open.iter().enumerate().skip(1).rev() {
            let tag = self.dom.node(*id).tag;
            if is_it(tag) {
                return Some(depth);
            }
            if bounds(tag) {
                return None;
            }
        }
        None
    }

    /// Closes what the start of an element closes.
    fn imply(&mut self, tag: Tag) {
        if self.foreign > 0 || self.too_deep > 0 {
            return;
        }
        let is_open = |this: &Self, tag: Tag| this.count[tag as usize] > 0;
        if is_open(self, Tag::Head)
            && !belongs_in_head(tag)
            && let Some(depth) = self.find(|t| t == Tag::Head, |_| false)
        {
            self.pop_to(depth);
        }
        match tag {
            Tag::Li if is_open(self, Tag::Li) => {
                self.close_item(|t| t == Tag::Li);
            }
            Tag::Dd | Tag::Dt if is_open(self, Tag::Dd) || is_open(self, Tag::Dt) => {
                self.close_item(|t| matches!(t, Tag::Dd | Tag::Dt));
            }
            Tag::Option | Tag::Optgroup if self.top() == Tag::Option => self.pop(),
            Tag::Tr => self.close_in_table(|t| matches!(t, Tag::Tr)),
            Tag::Td | Tag::Th => self.close_in_table(|t| matches!(t, Tag::Td | Tag::Th)),
            Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                self.close_in_table(|t| matches!(t, Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Caption));
            }
            Tag::A if self.link != 0 => self.end(Tag::A, "a"),
            Tag::Button if is_open(self, Tag::Button) => {
                if let Some(depth) = self.find(|t| t == Tag::Button, Tag::is_scope) {
                    self.pop_to(depth);
                }
            }
            _ => {}
        }
        if tag.ends_paragraph()
            && is_open(self, Tag::P)
            && let Some(depth) = self.find(|t| t == Tag::P, |t| t.is_scope() || t == Tag::Button)
        {
            self.pop_to(depth);
        }
        if tag.is_heading() && self.top().is_heading() {
            self.pop();
        }
    }

    fn close_item(&mut self, is_it: impl Fn(Tag) -> bool) {
        let bounds = |t: Tag| t.is_special() && !matches!(t, Tag::Address | Tag::Div | Tag::P);
        if let Some(depth) = self.find(is_it, bounds) {
            self.pop_to(depth);
        }
    }

    fn close_in_table(&mut self, is_it: impl Fn(Tag) -> bool) {
        if self.count[Tag::Table as usize] > 0
            && let Some(depth) = self.find(is_it, |t| matches!(t, Tag::Table | Tag::Template))
        {
            self.pop_to(depth);
        }
    }

    fn top(&self) -> Tag {
        self.open.last().map_or(Tag::Root, |id| self.dom.node(*id).tag)
    }

    /// Reads an end tag.
    fn end(&mut self, tag: Tag, name: &str) {
        if tag == Tag::Br {
            self.add(Tag::Br, "br");
            return;
        }
        if self.too_deep > 0 && !tag.is_void() {
            self.too_deep -= 1;
            return;
        }
        if matches!(tag, Tag::Html | Tag::Body) || self.count[tag as usize] == 0 {
            return;
        }
        let depth = match tag {
            // What is open inside a link belongs to what is around it; the link itself is over.
            Tag::A => {
                self.link = 0;
                self.find(|t| t == Tag::A, Tag::is_special)
            }
            Tag::Other => {
                let mut found = None;
                for (depth, id) in self.open.iter().enumerate().skip(1).rev() {
                    let node = self.dom.node(*id);
                    if node.tag == Tag::Other && node.text.eq_ignore_ascii_case(name) {
                        found = Some(depth);
                        break;
                    }
                    if node.tag.is_special() {
                        break;
                    }
                }
                found
            }
            Tag::Table | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Tr => {
                self.find(|t| t == tag, |t| t == Tag::Table || t == Tag::Template)
            }
            Tag::Td | Tag::Th | Tag::Caption => self.find(|t| t == tag, |t| t == Tag::Table),
            Tag::Svg | Tag::Math | Tag::Object | Tag::Template | Tag::Head => self.find(|t| t == tag, |_| false),
            _ if tag.is_heading() => self.find(Tag::is_heading, Tag::is_scope),
            Tag::P => self.find(|t| t == tag, |t| t.is_scope() || t == Tag::Button),
            _ if tag.is_special() => self.find(|t| t == tag, Tag::is_scope),
            _ => self.find(|t| t == tag, Tag::is_special),
        };
        if let Some(depth) = depth {
            self.pop_to(depth);
        }
    }

    fn finish(mut self) -> Dom<'a> {
        self.pop_to(1);
        let end = self.dom.nodes.len() as u32;
        self.dom.nodes[0].end = end;
        self.dom
    }
}

fn belongs_in_head(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Base
            | Tag::Link
            | Tag::Meta
            | Tag::Noscript
            | Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Title
            | Tag::Head
            | Tag::Html
            | Tag::Other
    )
}

fn after(bytes: &[u8], from: usize, mark: u8) -> usize {
    memchr(mark, &bytes[from..]).map_or(bytes.len(), |at| from + at + 1)
}

/// The end of a comment, doctype or CDATA section.
fn comment(bytes: &[u8], mark: usize) -> usize {
    let rest = &bytes[mark..];
    if rest.starts_with(b"<!-->") || rest.starts_with(b"<!--->") {
        return after(bytes, mark, b'>');
    }
    if rest.starts_with(b"<!--") {
        return memmem::find(&rest[4..], b"-->").map_or(bytes.len(), |at| mark + 4 + at + 3);
    }
    if rest.starts_with(b"<![CDATA[") {
        return memmem::find(rest, b"]]>").map_or(bytes.len(), |at| mark + at + 3);
    }
    after(bytes, mark, b'>')
}

fn name_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..]
        .iter()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        .map_or(bytes.len(), |at| from + at)
}

/// The end of an end tag, its attributes skipped.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    after(bytes, from, b'>')
}

/// Reads attributes up to the end of the tag. The first of a name counts, as the search finds it first.
fn attributes<'a>(html: &'a str, from: usize, out: &mut Vec<(&'a str, &'a str)>) -> (usize, bool) {
    let bytes = html.as_bytes();
    let mut at = from;
    let mut slash = false;
    loop {
        while at < bytes.len() && (bytes[at].is_ascii_whitespace() || bytes[at] == b'/') {
            slash = bytes[at] == b'/';
            at += 1;
        }
        let Some(first) = bytes.get(at) else { return (at, slash) };
        if *first == b'>' {
            return (at + 1, slash);
        }
        slash = false;
        let name_from = at;
        at += 1;
        while at < bytes.len() && !matches!(bytes[at], b'=' | b'>' | b'/') && !bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let name = &html[name_from..at];
        while at < bytes.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        if bytes.get(at) != Some(&b'=') {
            out.push((name, ""));
            continue;
        }
        at += 1;
        while at < bytes.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let value = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let end = memchr(*quote, &bytes[at + 1..]).map_or(bytes.len(), |found| at + 1 + found);
                let value = &html[at + 1..end];
                at = (end + 1).min(bytes.len());
                value
            }
            Some(b'>') | None => "",
            Some(_) => {
                let value_from = at;
                while at < bytes.len() && bytes[at] != b'>' && !bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
                &html[value_from..at]
            }
        };
        out.push((name, value));
    }
}

/// The end of raw text and where the page goes on after its end tag.
fn raw_text(bytes: &[u8], from: usize, name: &[u8]) -> (usize, usize) {
    let mut at = from;
    while let Some(found) = memmem::find(&bytes[at..], b"</") {
        let mark = at + found;
        let to = mark + 2 + name.len();
        if bytes.get(mark + 2..to).is_some_and(|n| n.eq_ignore_ascii_case(name))
            && bytes.get(to).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        {
            return (mark, after(bytes, to, b'>'));
        }
        at = mark + 2;
    }
    (bytes.len(), bytes.len())
}
