//! From what was read of a page to the [`Story`]: fields, body, what was left out, and what to check.

use std::collections::HashSet;

use url::Url;

use super::{
    blocks::Block,
    body::{self, Part, Runs, Shape},
    dom::{Dom, Tag},
    features::{squash, squashes_to},
    hints::{self, Hint},
    language, links,
    people::Named,
    phrases,
    reading::Reading,
};
use crate::import::{
    markdown,
    story::{Candidate, Check, Context, Credit, Image, Kind, Outlet, Removed, Role, Story, slug},
    text::{agency, agency::Agency, caption, credits, dateline, furniture, lines::words, names},
};

/// Odds between which a block may as well be the other thing.
const DOUBT: f32 = 0.7;

pub(super) fn story(dom: &Dom, reading: &Reading, ctx: &Context) -> Story {
    let mut out = Story::empty(ctx);
    let mut built = Build { people: Vec::new(), agency: None, source: None };
    out.title.clone_from(&reading.title);
    out.published.clone_from(&reading.published);
    out.updated.clone_from(&reading.updated);
    out.genre = reading.genre;
    out.rights = reading.rights.clone();
    out.summary.clone_from(&reading.summary);
    addresses(&mut out, reading);
    for named in &reading.byline {
        built.name(named);
    }
    if reading.only_data {
        out.body.clone_from(&reading.text);
        out.check.push(check("body", "the page shows no text of its own; this is what its data hold"));
    } else {
        text(dom, reading, &mut out, &mut built);
    }
    pictures(dom, reading, &mut out);
    removed(dom, reading, &mut out, &mut built);
    out.credits = built.people;
    if let Some(found) = built.agency {
        out.agency = Some(found.slug.to_owned());
    } else if let Some(found) = built.source {
        out.check.push(check(
            "agency",
            &format!("a line names `{}` as a source; whether the story is the agency's own is not said", found.slug),
        ));
    }
    out.sighting.clone_from(&reading.sighting);
    let (lang, doubt) = language::of(reading.lang.as_deref(), &out.body);
    out.lang = lang;
    out.check.extend(doubt.map(|doubt| check("lang", &doubt)));
    outlet(reading, ctx, &mut out);
    checks(reading, &mut out);
    out
}

fn check(field: &'static str, reason: &str) -> Check {
    Check { field, reason: reason.to_owned() }
}

/// People and agencies, as they turn up.
struct Build {
    people: Vec<Credit>,
    agency: Option<Agency>,
    source: Option<Agency>,
}

impl Build {
    fn name(&mut self, named: &Named) {
        if named.is_person {
            self.person(Credit { name: names::normal_case(&named.name), role: Role::Author, place: None });
        } else if let Some(found) = agency::by_mark(&named.name) {
            self.agency = self.agency.or(Some(found));
        }
    }

    /// One row per person; what a later line adds is taken over.
    fn person(&mut self, credit: Credit) {
        let known = self.people.iter().position(|c| squash(&c.name) == squash(&credit.name));
        if let Some(at) = known {
            let place = &mut self.people[at].place;
            *place = place.take().or(credit.place);
        } else if self.people.len() < 100 {
            self.people.push(credit);
        }
    }

    fn credits(&mut self, found: credits::Credits) {
        for (name, place) in &found.places {
            if let Some(known) =
                self.people.iter_mut().find(|c| c.name == *name || c.name.ends_with(&format!(" {name}")))
            {
                known.place.get_or_insert_with(|| place.clone());
            }
        }
        if found.reported {
            self.agency = self.agency.or(found.agency);
        } else {
            self.source = self.source.or(found.agency);
        }
        for credit in found.people {
            self.person(credit);
        }
    }
}

fn addresses(out: &mut Story, reading: &Reading) {
    let canonical = reading.canonical.as_ref();
    let url = reading.address.as_ref().and_then(|url| links::clean(url.as_str(), None)).or_else(|| canonical.cloned());
    out.canonical_url = canonical.filter(|c| url.as_ref().is_none_or(|u| !is_same(u, c))).map(Url::to_string);
    out.url = url.map(|url| url.to_string());
}

/// Whether two addresses differ in nothing but scheme, `www.`, a slash at the end and the fragment.
fn is_same(a: &Url, b: &Url) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        let host = host.strip_prefix("www.").unwrap_or(host).to_owned();
        (host, url.path().trim_end_matches('/').to_owned(), url.query().map(str::to_owned))
    };
    bare(a) == bare(b)
}

/// The body: the blocks of the story, without what goes into fields.
fn text(dom: &Dom, reading: &Reading, out: &mut Story, built: &mut Build) {
    let list = &reading.blocks.list;
    let tables = body::data_tables(dom, list);
    let base = reading.address.as_ref();
    let kept: Vec<usize> = (0..list.len()).filter(|i| reading.keep[*i]).collect();
    let Some((first, last)) = kept.first().copied().zip(kept.last().copied()) else { return };
    let title = reading.title.as_deref().map(squash).unwrap_or_default();
    // Pictures above the first paragraph proper are the story's, not the text's.
    let lead = lead(list, &kept).unwrap_or(first);
    let mut embeds = Embeds::new(dom, list[lead].first, list[last].last);
    embeds.people = reading.byline.iter().map(|named| squash(&named.name)).filter(|name| name.len() > 6).collect();
    let mut parts: Vec<Part> = Vec::new();
    let mut done_pre: HashSet<u32> = HashSet::new();
    let tail = kept.len().saturating_sub(6);
    for (n, &i) in kept.iter().enumerate() {
        let block = &list[i];
        parts.extend(embeds.until(dom, base, block.first, &out.body));
        let whole = reading.blocks.text(block);
        if squashes_to(whole, &title) {
            out.removed.push(cut(Kind::Title, i, whole));
            continue;
        }
        // A name alone at the beginning or the end is that of who wrote it.
        if (n < 3 || n + 2 >= kept.len()) && is_name_alone(whole) {
            let is_named = reading.byline.iter().any(|named| squash(&named.name) == squash(whole));
            if is_named || n + 1 == kept.len() && reading.byline.is_empty() {
                if !is_named {
                    let reason = format!("\"{whole}\" stands at the end with no word that it is the author");
                    out.check.push(check("credits", &reason));
                    built.person(Credit { name: names::normal_case(whole), role: Role::Author, place: None });
                }
                out.removed.push(cut(Kind::Credit, i, whole));
                continue;
            }
        }
        // Who wrote it stands above the text, who else had a part below it.
        if n < 4
            && out.body.len() < 3
            && let Some(found) = credits::byline(whole)
        {
            built.credits(credits::Credits { reported: found.people.is_empty(), ..found });
            out.removed.push(cut(Kind::Credit, i, whole));
            continue;
        }
        if (n >= tail || block.words <= 60 && names_a_duty(whole))
            && n > 0
            && let Some(found) = credits::line(whole)
            && (!found.people.is_empty() || found.agency.is_some() || n >= tail)
        {
            built.credits(found);
            out.removed.push(cut(Kind::Credit, i, whole));
            continue;
        }
        if n >= tail && furniture::is_end_rule(whole) {
            out.removed.push(cut(Kind::Other, i, whole));
            continue;
        }
        let placed = body::place(dom, block, &tables);
        if placed.shape == Shape::Preformatted {
            let pre = dom.ancestors(block.element).find(|id| dom.node(*id).tag == Tag::Pre).unwrap_or(block.element);
            if done_pre.insert(pre) {
                let text = body::preformatted(dom, pre);
                out.body.extend(
                    text.split("\n\n")
                        .map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "))
                        .filter(|p| !p.is_empty()),
                );
                parts.push(Part::Code(text));
            }
            continue;
        }
        let mut runs = Runs::read(dom, block, base);
        let mut plain = runs.text();
        if out.dateline.is_none()
            && out.body.len() < 4
            && placed.shape == Shape::Paragraph
            && let Some(found) = dateline::read(&plain)
        {
            out.dateline = Some(found.verbatim);
            out.place = found.place;
            built.agency = found.agency.or(built.agency);
            if found.start > 0
                && let Some(by) = credits::byline(plain[..found.start].trim())
            {
                built.credits(by);
            }
            runs.cut_front(found.rest);
            plain = runs.text();
        }
        if n + 3 >= kept.len()
            && let Some(at) = credits::tail(&plain)
        {
            out.removed.push(cut(Kind::Credit, i, &plain[at..]));
            runs.cut_back(at);
            plain = runs.text();
        }
        let plain = on_one_line(plain);
        if plain.is_empty() {
            continue;
        }
        out.body.push(plain);
        parts.push(Part::Text(placed, runs));
    }
    out.markdown = body::write(&parts, dom);
}

/// The first paragraph proper: what stands above it may be a standfirst.
fn lead(list: &[Block], kept: &[usize]) -> Option<usize> {
    kept.iter().copied().take(4).find(|i| list[*i].words > 20).or(kept.first().copied())
}

fn is_name_alone(text: &str) -> bool {
    (2..=4).contains(&text.split_whitespace().count()) && text.len() <= 60 && names::is_person(text)
}

/// The text of runs, which holds single blanks and line breaks, without the latter.
fn on_one_line(text: String) -> String {
    let is_plain = !text.contains('\n') && !text.starts_with(' ') && !text.ends_with(' ');
    if is_plain { text } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// Whether a line may be one of credits, looked at more closely only then.
fn names_a_duty(text: &str) -> bool {
    ["eporting by", "diting by", "riting by", "ontribut", "eported from"].iter().any(|words| text.contains(words))
}

fn cut(kind: Kind, line: usize, text: &str) -> Removed {
    Removed { kind, line: line + 1, lines: 1, words: words(text), text: text.to_owned() }
}

/// Pictures and embedded things between the paragraphs.
struct Embeds {
    at: u32,
    end: u32,
    known: HashSet<String>,
    /// Who wrote the story.
    people: Vec<String>,
}

impl Embeds {
    fn new(dom: &Dom, from: u32, end: u32) -> Self {
        Embeds { at: from, end: end.min(dom.nodes.len() as u32), known: HashSet::new(), people: Vec::new() }
    }

    /// What stands before a node.
    fn until(&mut self, dom: &Dom, base: Option<&Url>, to: u32, _body: &[String]) -> Vec<Part> {
        let mut out = Vec::new();
        while self.at < to.min(self.end) {
            let node = dom.node(self.at);
            let id = self.at;
            match node.tag {
                Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form | Tag::Script | Tag::Style | Tag::Template | Tag::Svg | Tag::Noscript
                    // Only where it ends before the next paragraph.
                    if node.end <= to =>
                {
                    self.at = node.end;
                    continue;
                }
                Tag::Figure if node.end <= to => {
                    if let Some(line) = figure(dom, id, base).and_then(|image| self.picture(&image)) {
                        out.push(Part::Line(line));
                    }
                    self.at = node.end;
                    continue;
                }
                Tag::Img => {
                    if is_of_story(dom, id)
                        && let Some(line) = image(dom, id, base).and_then(|image| self.picture(&image))
                    {
                        out.push(Part::Line(line));
                    }
                }
                Tag::Iframe | Tag::Embed => {
                    if let Some(url) = embedded(dom, id, base)
                        && self.known.insert(url.to_string())
                    {
                        out.push(Part::Line(format!("<{}>", links::destination(&url).replace("&amp;", "&"))));
                    }
                }
                Tag::Blockquote if node.end <= to && hints::of(dom, id) & (1 << Hint::Embed as u32) != 0 => {
                    // The post itself is its author's; the last link in it leads there.
                    let last = dom.within(id).rfind(|a| dom.node(*a).tag == Tag::A);
                    if let Some(url) = last.and_then(|a| dom.attr(a, "href")).and_then(|href| links::clean(&href, base))
                        && self.known.insert(url.to_string())
                    {
                        out.push(Part::Line(format!("<{}>", links::destination(&url).replace("&amp;", "&"))));
                    }
                    self.at = node.end;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.max(to);
        out
    }

    fn picture(&mut self, image: &Image) -> Option<String> {
        let src = image.src.as_deref()?;
        if is_portrait(image, &self.people) || !self.known.insert(src.to_owned()) {
            return None;
        }
        let url = Url::parse(src).ok()?;
        let alt = markdown::escape_within(image.alt.as_deref().unwrap_or_default());
        let under = match (&image.caption, &image.credit) {
            (Some(caption), Some(credit)) => format!("{caption} ({credit})"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => String::new(),
        };
        let under = under.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ");
        let under = under.replace('&', "&amp;").replace('<', "&lt;");
        let under = if under.is_empty() { String::new() } else { format!(" \"{under}\"") };
        Some(format!("![{alt}]({}{under})", links::destination(&url)))
    }
}

/// Whether a picture is more than an icon, and belongs to the text around it.
fn is_of_story(dom: &Dom, id: u32) -> bool {
    let size = |name: &str| dom.raw_attr(id, name).and_then(|v| v.trim_end_matches("px").parse::<u32>().ok());
    if size("width").is_some_and(|w| w < 120) || size("height").is_some_and(|h| h < 80) {
        return false;
    }
    let unwanted = [
        Hint::Related,
        Hint::Share,
        Hint::Advertisement,
        Hint::Appeal,
        Hint::Sidebar,
        Hint::Navigation,
        Hint::Biography,
        Hint::Comments,
    ];
    let bits = unwanted.iter().fold(0, |bits, hint| bits | 1u32 << *hint as u32);
    dom.ancestors(id)
        .take(8)
        .take_while(|up| !matches!(dom.node(*up).tag, Tag::Article | Tag::Main | Tag::Body))
        .all(|up| hints::of(dom, up) & bits == 0)
}

/// The source of a picture: pages that load it late keep the true one in an attribute of their own.
fn source(dom: &Dom, id: u32, base: Option<&Url>) -> Option<Url> {
    let candidate = |value: &str| {
        let value = value.trim();
        if value.starts_with("data:") || value.is_empty() {
            return None;
        }
        links::clean(value, base).filter(|url| matches!(url.scheme(), "http" | "https") && !stands_in(url))
    };
    ["src", "data-src", "data-original", "data-lazy-src", "data-url", "data-hi-res-src"]
        .iter()
        .find_map(|key| dom.attr(id, key).and_then(|v| candidate(&v)))
        .or_else(|| {
            ["srcset", "data-srcset"].iter().find_map(|key| {
                let set = dom.attr(id, key)?;
                let first = set.split(", ").last()?.split_whitespace().next()?.to_owned();
                candidate(&first)
            })
        })
}

/// Whether an address is that of what a page shows before or beside its pictures: a spacer, an arrow, a preview a few pixels wide.
fn stands_in(url: &Url) -> bool {
    const NAMES: &[&str] = &[
        "placeholder",
        "transparent",
        "spacer",
        "blank",
        "pixel",
        "1x1",
        "sprite",
        "icon",
        "logo",
        "avatar",
        "loading",
    ];
    let path = url.path().to_ascii_lowercase();
    let file = path.rsplit('/').next().unwrap_or_default();
    let is_named = |name: &&str| {
        file.match_indices(*name).any(|(at, _)| {
            let letter = |c: Option<&u8>| c.is_some_and(u8::is_ascii_alphabetic);
            let bytes = file.as_bytes();
            !(letter(bytes.get(at + name.len())) || at > 0 && letter(bytes.get(at - 1)))
        })
    };
    let is_spacer = file.ends_with(".gif") && NAMES.iter().any(|name| file.contains(name));
    let narrow = |(key, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        matches!(&*key, "w" | "width") && value.parse().is_ok_and(|width: u32| width < NARROW)
    };
    let mut parts = path.split('/');
    let resized = parts.any(|part| part == "resize")
        && parts.next().is_some_and(|width| width.parse().is_ok_and(|width: u32| width < NARROW));
    is_spacer || NAMES.iter().any(is_named) || url.query_pairs().any(narrow) || resized
}

/// So many pixels wide a picture shows nothing but who wrote the story, or is there until the true one comes.
const NARROW: u32 = 120;

/// Whether a picture is the portrait of one of those who wrote the story, by the name of its file.
fn is_portrait(image: &Image, people: &[String]) -> bool {
    let Some(src) = &image.src else { return false };
    let file = src.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let file = squash(&file.replace("%20", " "));
    image.caption.is_none() && people.iter().any(|name| file.contains(name.as_str()))
}

fn image(dom: &Dom, id: u32, base: Option<&Url>) -> Option<Image> {
    let src = source(dom, id, base)?;
    let alt = dom
        .attr(id, "alt")
        .map(|alt| alt.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|alt| !alt.is_empty());
    Some(Image { src: Some(src.to_string()), alt, ..Image::default() })
}

/// A figure: its picture, caption and credit.
fn figure(dom: &Dom, id: u32, base: Option<&Url>) -> Option<Image> {
    let mut out = dom
        .within(id)
        .filter(|n| matches!(dom.node(*n).tag, Tag::Img | Tag::Amp | Tag::Source))
        .find_map(|n| image(dom, n, base));
    let alt = dom.within(id).filter(|n| dom.node(*n).tag == Tag::Img).find_map(|n| dom.attr(n, "alt"));
    let mut image = out.take().unwrap_or_default();
    if image.alt.is_none() {
        image.alt = alt.map(|alt| alt.trim().to_owned()).filter(|alt| !alt.is_empty());
    }
    let caption = dom.within(id).find(|n| {
        dom.node(*n).tag == Tag::Figcaption
            || dom.node(*n).tag != Tag::Text
                && dom.raw_attr(*n, "class").is_some_and(|class| {
                    let class = class.to_ascii_lowercase();
                    class.contains("caption") && !class.contains("img") && !class.contains("image-wrap")
                })
    });
    if let Some(caption) = caption {
        let (text, credit) = parted(dom, caption);
        let read = caption::read(&text).unwrap_or_else(|| caption::bare(&text));
        image.caption = read.image.caption;
        image.credit =
            credit.map(|c| caption::read(&c).and_then(|c| c.image.credit).unwrap_or(c)).or(read.image.credit);
    }
    (image.src.is_some() || image.caption.is_some()).then_some(image)
}

/// A caption's text, and its credit where an element of its own holds it.
fn parted(dom: &Dom, caption: u32) -> (String, Option<String>) {
    let credit = dom.within(caption).find(|n| {
        let node = dom.node(*n);
        node.tag != Tag::Text
            && (node.tag == Tag::Cite
                || dom.attrs(*n).iter().any(|(key, value)| {
                    let is_name = key.eq_ignore_ascii_case("class")
                        || key.eq_ignore_ascii_case("itemprop")
                        || key.eq_ignore_ascii_case("data-testid");
                    let value = value.to_ascii_lowercase();
                    is_name
                        && ["credit", "copyright", "source", "author", "photographer", "byline", "rights", "quelle"]
                            .iter()
                            .any(|word| value.contains(word))
                }))
    });
    let all = dom.text(caption);
    let Some(credit) = credit else { return (all, None) };
    let text = dom.text(credit);
    if text.is_empty() || text.len() > 200 {
        return (all, None);
    }
    let rest = all.replacen(&text, " ", 1);
    let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = |text: &str| {
        let text = text.trim().trim_matches(['|', '(', ')', '-', '–', ' ']).trim_start_matches(['©']).trim();
        let label = [
            "Credit:",
            "Photo:",
            "Image:",
            "Source:",
            "Foto:",
            "Bild:",
            "Quelle:",
            "Photograph:",
            "Credits:",
            "Image credit:",
            "Photo credit:",
            "Fotó:",
            "Picture:",
            "copyright:",
        ];
        let found = label.iter().find(|l| text.get(..l.len()).is_some_and(|head| head.eq_ignore_ascii_case(l)));
        found.map_or(text, |l| text[l.len()..].trim()).to_owned()
    };
    (rest, Some(bare(&text)).filter(|c| !c.is_empty()))
}

/// The address of an embedded video, post or chart, as people would open it.
fn embedded(dom: &Dom, id: u32, base: Option<&Url>) -> Option<Url> {
    let src = ["src", "data-src", "data-lazy-src"]
        .iter()
        .find_map(|key| dom.attr(id, key).filter(|v| !v.trim().is_empty() && !v.starts_with("about:")))?;
    let url = links::clean(&src, base)?;
    let host = url.host_str()?.trim_start_matches("www.").to_owned();
    let is_trade = [
        "doubleclick",
        "googlesyndication",
        "googletagmanager",
        "adservice",
        "amazon-adsystem",
        "taboola",
        "outbrain",
        "facebook.com/plugins/like",
        "recaptcha",
        "disqus",
        "newsletter",
        "piano.io",
        "consent",
    ]
    .iter()
    .any(|word| url.as_str().contains(word));
    if is_trade || base.and_then(Url::host_str).is_some_and(|h| h.trim_start_matches("www.") == host) {
        return None;
    }
    if matches!(host.as_str(), "youtube.com" | "youtube-nocookie.com")
        && let Some(video) = url.path().strip_prefix("/embed/").filter(|v| !v.is_empty())
    {
        return Url::parse(&format!("https://www.youtube.com/watch?v={video}")).ok();
    }
    if host == "player.vimeo.com"
        && let Some(video) = url.path().strip_prefix("/video/")
    {
        return Url::parse(&format!("https://vimeo.com/{video}")).ok();
    }
    Some(url)
}

/// The pictures above the text, and the one that the page gives for itself.
fn pictures(dom: &Dom, reading: &Reading, out: &mut Story) {
    let base = reading.address.as_ref();
    let list = &reading.blocks.list;
    let kept: Vec<usize> = (0..list.len()).filter(|i| reading.keep[*i]).collect();
    let first = lead(list, &kept);
    let mut found: Vec<Image> = Vec::new();
    if let Some(first) = first {
        let to = list[first].first;
        let from = reading
            .headline
            .map_or_else(|| list[first.saturating_sub(12)].first, |h| list[h.min(first).saturating_sub(4)].first);
        let mut id = from;
        while id < to {
            let node = dom.node(id);
            if matches!(node.tag, Tag::Nav | Tag::Aside | Tag::Footer) && node.end <= to {
                id = node.end;
                continue;
            }
            if node.tag == Tag::Figure && node.end <= to + 40 && is_of_story(dom, node.parent) {
                found.extend(figure(dom, id, base).filter(|image| image.src.is_some()));
                id = node.end;
                continue;
            }
            id += 1;
        }
    }
    if found.is_empty()
        && let Some(src) = &reading.picture
        && !is_logo(src, reading)
    {
        found.push(Image { src: Some(src.to_string()), ..Image::default() });
    }
    let mut known = HashSet::new();
    for image in found.into_iter().take(12) {
        if known.insert(image.src.clone()) {
            if let Some(name) = image
                .credit
                .as_deref()
                .and_then(|credit| caption::read(&format!("({credit})")))
                .and_then(|c| c.photographer)
                && !out.credits.iter().any(|c| c.name == name)
            {
                out.credits.push(Credit { name, role: Role::Photographer, place: None });
            }
            out.images.push(image);
        }
    }
}

fn is_logo(src: &Url, _reading: &Reading) -> bool {
    let path = src.path().to_ascii_lowercase();
    ["logo", "default", "placeholder", "favicon", "fallback", "social-share", "og-image"]
        .iter()
        .any(|word| path.contains(word))
}

/// What was left out, and what it still says: credit lines, agencies.
fn removed(dom: &Dom, reading: &Reading, out: &mut Story, built: &mut Build) {
    let list = &reading.blocks.list;
    let last = (0..list.len()).rev().find(|i| reading.keep[*i]).unwrap_or(0);
    let title = reading.title.as_deref().map(squash).unwrap_or_default();
    let mut kept: HashSet<String> = HashSet::new();
    for image in &out.images {
        kept.extend(image.caption.iter().chain(&image.credit).map(|t| squash(t)));
    }
    let pictures = out.credits.len();
    for (i, block) in list.iter().enumerate() {
        if reading.keep[i] {
            continue;
        }
        let text = reading.blocks.text(block);
        let near = i > last && i <= last + 6;
        let mut kind = kind_of(dom, reading, block, text, out.removed.len() < WORDED);
        if !title.is_empty() && squashes_to(text, &title) {
            kind = Kind::Title;
        } else if near
            && block.words <= 60
            && let Some(found) = credits::line(text)
            && (!found.people.is_empty() || found.agency.is_some())
        {
            built.credits(found);
            kind = Kind::Credit;
        } else if i > last
            && block.words <= 40
            && let Some(found) = agency::holder(text)
        {
            built.agency = built.agency.or(Some(found));
        } else if !kept.is_empty() && kept.contains(&squash(text)) {
            kind = Kind::Caption;
        }
        if kind == Kind::Other && reading.repeated.get(i) == Some(&true) {
            kind = Kind::Repeated;
        }
        out.removed.push(cut(kind, i, text));
    }
    for credit in out.credits.drain(..pictures) {
        built.person(credit);
    }
    out.removed.sort_by_key(|r| r.line);
    out.words_removed = out
        .removed
        .iter()
        .filter(|r| !matches!(r.kind, Kind::Title | Kind::Credit | Kind::Date | Kind::Caption))
        .map(|r| r.words)
        .sum();
}

/// How many blocks of a page are looked at for what their wording makes them: enough for any page, and a bound for the
/// time that a monstrous one takes.
const WORDED: usize = 3000;

/// What a block that is no story is, by its wording, else by what the page calls it.
fn kind_of(dom: &Dom, reading: &Reading, block: &Block, text: &str, by_wording: bool) -> Kind {
    let mut bits = 0;
    for id in dom.ancestors(block.element).take(6) {
        if matches!(dom.node(id).tag, Tag::Article | Tag::Main | Tag::Body) {
            break;
        }
        bits |= reading.hints[id as usize];
    }
    const KINDS: &[(Hint, Kind)] = &[
        (Hint::Comments, Kind::Comments),
        (Hint::Navigation, Kind::Navigation),
        (Hint::Advertisement, Kind::Advertisement),
        (Hint::Appeal, Kind::Appeal),
        (Hint::Biography, Kind::Biography),
        (Hint::Related, Kind::Related),
        (Hint::Share, Kind::Navigation),
        (Hint::Tags, Kind::Tags),
        (Hint::Picture, Kind::Caption),
        (Hint::Sidebar, Kind::Related),
        (Hint::Meta, Kind::Date),
        (Hint::Hidden, Kind::Legal),
    ];
    let named = KINDS.iter().find(|(hint, _)| bits & (1 << *hint as u32) != 0).map(|(_, kind)| *kind);
    named.or_else(|| if by_wording && block.words <= 60 { worded(text) } else { None }).unwrap_or(Kind::Other)
}

/// What a line is by its wording.
fn worded(text: &str) -> Option<Kind> {
    const KINDS: [Kind; 7] = [
        Kind::Legal,
        Kind::Appeal,
        Kind::Related,
        Kind::Navigation,
        Kind::Advertisement,
        Kind::Biography,
        Kind::Navigation,
    ];
    let counts = phrases::count(text);
    KINDS.into_iter().zip(counts).find(|(_, count)| *count > 0).map(|(kind, _)| kind)
}

fn outlet(reading: &Reading, ctx: &Context, out: &mut Story) {
    let Some(name) = reading.publisher.clone() else {
        if let Some(host) = reading.address.as_ref().and_then(Url::host_str) {
            let name = host.strip_prefix("www.").unwrap_or(host).to_owned();
            out.publishers.push(Candidate { name, slug: None, reason: "it is where the page was read".to_owned() });
        }
        out.check.push(check("publisher", "the page does not name its outlet"));
        return;
    };
    let known = ctx.outlets.iter().find(|(_, known)| squash(known) == squash(&name));
    let slug = known.map_or_else(|| slug_of(&name, reading.publisher_url.as_deref()), |(slug, _)| slug.clone());
    out.publisher = Some(Outlet { name, slug, url: reading.publisher_url.clone() });
}

/// An outlet's slug: of its name, where the full stop of a domain parts it and letters that few can type are the host's; else of
/// its host.
fn slug_of(name: &str, home: Option<&str>) -> String {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let latin = name.chars().filter(|c| c.is_alphabetic() && (*c as u32) < 0x250).count();
    let host = home.and_then(|url| Url::parse(url).ok()).and_then(|url| Some(url.host_str()?.to_owned()));
    if let Some(host) = host.filter(|_| latin * 2 < letters) {
        let host = host.strip_prefix("www.").unwrap_or(&host);
        return slug(host.rsplit_once('.').map_or(host, |(rest, _)| rest).replace('.', "-").as_str());
    }
    let mut parted = String::new();
    for (i, part) in name.split('.').enumerate() {
        // `U.S.` is one word, `example.org` is two.
        if i > 0 {
            parted.push(if part.chars().nth(1).is_some_and(char::is_alphabetic) { '-' } else { '.' });
        }
        parted.push_str(part);
    }
    slug(&parted)
}

/// A story of fewer words wants a look.
const SHORT: usize = 60;

fn checks(reading: &Reading, out: &mut Story) {
    match (&out.title, reading.title_from) {
        (None, _) => out.check.push(check("title", "the page has no headline")),
        (Some(_), from @ "the page's <title>") => {
            out.check.push(check("title", &format!("it is read from {from} alone")))
        }
        _ => {}
    }
    if out.published.is_none() {
        out.check.push(check("date", "the page states no date of publication"));
    } else if let Some(doubt) = &reading.date_doubt {
        out.check.push(check("date", doubt));
    }
    if out.url.is_none() {
        out.warnings.push("the page states no address of its own, so there is no `url`".to_owned());
    }
    if reading.is_cut {
        out.check.push(check("body", "the page is too long to be read whole"));
    }
    if out.body.is_empty() {
        out.check.push(check("body", "no story was found in the page"));
        return;
    }
    let list = &reading.blocks.list;
    let doubtful: Vec<usize> =
        (0..list.len()).filter(|i| list[*i].words >= 12 && reading.odds[*i].abs() < DOUBT).collect();
    let (kept, left): (Vec<usize>, Vec<usize>) = doubtful.into_iter().partition(|i| reading.keep[*i]);
    let start = |i: &usize| crate::import::text::start_of(reading.blocks.text(&list[*i]));
    let repeated = (0..list.len()).filter(|i| reading.repeated.get(*i) == Some(&true));
    for i in repeated.filter(|i| list[*i].words as usize >= crate::import::text::TOLD).take(3) {
        out.warnings.push(crate::import::text::left_out(reading.blocks.text(&list[i])));
    }
    for i in kept.iter().take(3) {
        out.warnings.push(format!("kept, but may be no part of the story: \"{}\"", start(i)));
    }
    for i in left.iter().take(3) {
        out.warnings.push(format!("left out, but may be part of the story: \"{}\"", start(i)));
    }
    let count = kept.len() + left.len();
    if count > 0 {
        let verb = if count == 1 { "paragraph is" } else { "paragraphs are" };
        out.check
            .push(check("body", &format!("{count} {verb} in doubt, {} kept and {} left out", kept.len(), left.len())));
    }
    let words = out.body.iter().flat_map(|paragraph| paragraph.split_whitespace()).take(SHORT).count();
    if words < SHORT {
        out.check.push(check("body", &format!("the text has but {words} words")));
    }
}
