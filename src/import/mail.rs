//! Mail → stories. A letter that is one long text becomes a story; a newsletter that points to stories gives each of them as
//! an item. Also MHTML, which is a mail that holds a page.

use std::collections::{HashMap, HashSet};

use html5gum::{Token, Tokenizer};
use mail_parser::{
    Address, Encoding, MessageParser, MessagePart, MimeHeaders as _, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};
use url::Url;

use super::{
    Context, Found, Source, address,
    listed::{Listed, fold},
    moment, recognise, rights,
    story::{Candidate, Check, Published},
    text::sha256,
};

/// Reads one mail.
///
/// # Errors
/// When it cannot be read, or holds neither a text nor a link to a story.
pub(super) fn read(bytes: &[u8], ctx: &Context) -> Result<Found, String> {
    let message = MessageParser::default().parse(bytes).ok_or("is a damaged mail: it has no headers")?;
    let subject = message.subject().map(fold).filter(|subject| !subject.is_empty());
    let sender = sender(message.from());
    let sent = message.header_raw("Date").and_then(|text| moment::read(text, "the mail was sent then", ctx.today));
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.as_ref()),
        _ => None,
    });
    let text = message.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.as_ref()),
        _ => None,
    });
    let rows = match html {
        Some(html) => links(html),
        None => plain_links(text.unwrap_or_default()),
    };
    let prose = match html {
        Some(html) => prose_words(super::plain::text(html).lines()),
        None => prose_words(text.unwrap_or_default().lines()),
    };
    let mut found = Found::default();
    // What has much to say itself is a letter, unless that is spread over the stories that it points to.
    if rows.len() >= 2 && prose < LETTER + rows.len() * SAID_OF_EACH {
        for row in rows.iter().cloned() {
            let listed = Listed {
                url: row.url,
                title: Some(row.title),
                summary: row.context,
                saved: sent.as_ref().map(|sent| sent.date),
                ..Listed::default()
            };
            if let Some(mut story) = listed.story("newsletter", ctx) {
                if row.is_opaque {
                    let reason = "it leads through the sender of the newsletter: open it and write the story's own";
                    story.check.insert(0, Check { field: "url", reason: reason.into() });
                }
                found.stories.push(story);
            }
        }
        if !found.stories.is_empty() {
            return Ok(found);
        }
    }
    // One text.
    let mut story = match (html, text) {
        (Some(html), _) => super::html::read(html, None, ctx),
        (None, Some(text)) => super::text::read(text, ctx).into_iter().next().ok_or("is a mail without a text")?,
        (None, None) => return Err("is a mail without a text".to_owned()),
    };
    if story.body.is_empty() && story.markdown.is_empty() {
        return Err("is a mail without a story: neither a text nor links to stories were found".to_owned());
    }
    story.sha256 = sha256(bytes);
    story.check.retain(|check| !matches!(check.field, "title" | "date" | "publisher"));
    story.title = subject.map(|subject| unforwarded(&subject)).or(story.title);
    settle_date(&mut story.published, sent, &mut story.check);
    // Letters link to themselves on the web.
    let own =
        rows.iter().find(|row| story.title.as_deref().is_some_and(|title| title.eq_ignore_ascii_case(&row.title)));
    story.url = own.filter(|row| !row.is_opaque).map(|row| row.url.clone());
    if story.url.is_some() {
        story.warnings.retain(|warning| !warning.contains("no `url`"));
    }
    story.publisher = None;
    if let Some(name) = sender {
        story.check.push(Check { field: "publisher", reason: format!("perhaps {name}, who sent the mail") });
        story.publishers.insert(0, Candidate { name, slug: None, reason: "who sent the mail".into() });
    }
    found.stories.push(story);
    Ok(found)
}

/// The mail's own date is that of a letter; of an article in it, it is only the latest that can be.
fn settle_date(published: &mut Option<Published>, sent: Option<Published>, check: &mut Vec<Check>) {
    match (&published, sent) {
        (Some(stated), Some(sent)) if stated.date <= sent.date => {}
        (_, Some(sent)) => *published = Some(sent),
        (Some(_), None) => {}
        (None, None) => check.push(Check { field: "date", reason: "the mail has none".into() }),
    }
}

fn sender(from: Option<&Address<'_>>) -> Option<String> {
    let first = from?.first()?;
    first.name.as_deref().map(fold).filter(|name| !name.is_empty() && !name.contains('@'))
}

/// A subject without what mailers put before it.
fn unforwarded(subject: &str) -> String {
    let mut rest = subject;
    while let Some((mark, after)) = rest.split_once(':') {
        if !["fwd", "fw", "re", "aw", "wg", "tr", "rv"].contains(&mark.trim().to_lowercase().as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    if rest.is_empty() { subject.to_owned() } else { rest.to_owned() }
}

/// The words in whole sentences that a list of stories may have besides those on each story.
const LETTER: usize = 150;
/// The words that a newsletter says of one story, at most.
const SAID_OF_EACH: usize = 100;

/// How many words stand in whole sentences: what a letter has and a list of links has not.
fn prose_words<'a>(lines: impl Iterator<Item = &'a str>) -> usize {
    lines.map(|line| line.split_whitespace().count()).filter(|words| *words >= 25).sum()
}

/// A link to a story in a newsletter.
#[derive(Debug, Clone)]
struct Link {
    url: String,
    title: String,
    /// The text that stands after the link, up to the next one.
    context: Option<String>,
    /// Whether the address is the sender's own that leads on.
    is_opaque: bool,
}

/// What the text of a link says when it is none of a story.
const NOT_STORIES: &[&str] = &[
    "unsubscribe",
    "subscribe",
    "view in browser",
    "view this email",
    "view online",
    "view it in your browser",
    "manage your",
    "manage preferences",
    "update your preferences",
    "email preferences",
    "privacy",
    "terms of",
    "forward to a friend",
    "share this",
    "advertise",
    "sponsor",
    "contact us",
    "follow us",
    "download the app",
    "sign up",
    "log in",
    "become a member",
    "donate",
    "support us",
    "read more",
    "continue reading",
    "learn more",
    "click here",
    "see more",
    "full story",
    "im browser",
    "abmelden",
    "abbestellen",
    "impressum",
    "datenschutz",
    "weiterlesen",
    "mehr lesen",
    "se désabonner",
    "désinscription",
    "lire la suite",
    "voir en ligne",
    "darse de baja",
    "cancelar suscripción",
    "ver en el navegador",
    "leer más",
    "отписаться",
    "открыть в браузере",
    "читать далее",
    "cancella iscrizione",
    "退订",
];

/// Hosts on which no story stands.
const NOT_HOSTS: &[&str] = &[
    "facebook.com",
    "twitter.com",
    "x.com",
    "instagram.com",
    "linkedin.com",
    "youtube.com",
    "t.me",
    "wa.me",
    "pinterest.com",
    "apps.apple.com",
    "play.google.com",
    "itunes.apple.com",
    "maps.google.com",
    "list-manage.com",
    "w3.org",
];

/// The links of a newsletter that look like headlines, each page once, in order.
fn links(html: &str) -> Vec<Link> {
    let mut out: Vec<Link> = Vec::new();
    let mut keys: HashMap<String, usize> = HashMap::new();
    let mut open: Option<(String, String)> = None;
    let mut context = String::new();
    let mut last: Option<usize> = None;
    let mut hidden = false;
    // What stands before a link in its block: a headline stands alone, or after a name and a colon.
    let mut before = String::new();
    for Ok(token) in Tokenizer::new(html) {
        match &token {
            Token::StartTag(tag) if is_block(&tag.name) => before.clear(),
            Token::EndTag(tag) if is_block(&tag.name) => before.clear(),
            Token::String(string) if !hidden && open.is_none() && before.len() < 1000 => {
                before.push_str(&String::from_utf8_lossy(string));
            }
            _ => {}
        }
        match token {
            Token::StartTag(tag) => match &tag.name[..] {
                b"a" => {
                    let href = tag.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"href"));
                    open = href.map(|(_, value)| (String::from_utf8_lossy(value).trim().to_owned(), String::new()));
                }
                b"style" | b"script" | b"head" => hidden = true,
                _ => {
                    let text = open.as_mut().map_or(&mut context, |(_, text)| text);
                    text.push(' ');
                }
            },
            Token::EndTag(tag) => match &tag.name[..] {
                b"a" => {
                    let Some((href, text)) = open.take() else { continue };
                    let text = fold(&text);
                    let link = story_link(&href, &text).filter(|_| !is_inside_a_sentence(&before));
                    before.push_str(&text);
                    match link {
                        Some(link) => {
                            let key = address::key(&link.url).unwrap_or_default();
                            match keys.get(&key).copied() {
                                // A picture, a headline and "Read more" often lead to one page: the longest is the headline.
                                Some(at) => {
                                    if out[at].title.chars().count() < link.title.chars().count()
                                        && out[at].context.is_none()
                                    {
                                        out[at].title = link.title;
                                    }
                                }
                                None => {
                                    give(&mut out, last, &context);
                                    out.push(link);
                                    keys.insert(key, out.len() - 1);
                                    last = Some(out.len() - 1);
                                    context.clear();
                                }
                            }
                        }
                        // A link inside a sentence is part of it.
                        None if !is_boilerplate(&text) => {
                            context.push_str(&text);
                            context.push(' ');
                        }
                        None => {
                            give(&mut out, last.take(), &context);
                            context.clear();
                        }
                    }
                }
                b"style" | b"script" | b"head" => hidden = false,
                b"p" | b"td" | b"div" | b"tr" | b"h1" | b"h2" | b"h3" | b"li" if open.is_none() => {
                    // The first paragraph after the headline is what the newsletter says of it.
                    if fold(&context).chars().count() >= 30 {
                        give(&mut out, last.take(), &context);
                    }
                    context.push(' ');
                }
                _ => {}
            },
            Token::String(string) if !hidden => {
                let text = String::from_utf8_lossy(&string);
                match &mut open {
                    Some((_, inside)) => inside.push_str(&text),
                    None if last.is_some() => context.push_str(&text),
                    None => {}
                }
            }
            _ => {}
        }
    }
    give(&mut out, last, &context);
    out
}

fn is_block(name: &[u8]) -> bool {
    let heading = matches!(name, [b'h', b'1'..=b'6']);
    heading
        || matches!(
            name,
            b"p" | b"td" | b"th" | b"tr" | b"table" | b"div" | b"li" | b"ul" | b"ol" | b"br" | b"hr" | b"blockquote"
        )
}

/// Whether what stands before a link makes it a part of a sentence.
fn is_inside_a_sentence(before: &str) -> bool {
    let before = before.trim_end();
    let is_label = before.ends_with([':', '：', '—', '–', '-', '|', '·', '•']);
    let dense = before.chars().filter(|c| ('\u{2e80}'..'\u{a000}').contains(c)).count();
    !is_label && (before.split_whitespace().count() >= 3 || dense >= 6)
}

fn give(out: &mut [Link], at: Option<usize>, context: &str) {
    let text = fold(context);
    let text = text.trim_start_matches(['—', '–', '-', ':', '·', '|', ' ']);
    if let Some(link) = at.and_then(|at| out.get_mut(at))
        && link.context.is_none()
        && (20..1200).contains(&text.chars().count())
    {
        link.context = Some(text.to_owned());
    }
}

fn is_boilerplate(text: &str) -> bool {
    let lower = text.to_lowercase();
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    lower.is_empty() || NOT_STORIES.iter().any(|mark| lower.starts_with(mark))
}

/// The link, where its text is long enough for a headline and its address is that of a page and no front page.
fn story_link(href: &str, text: &str) -> Option<Link> {
    let raw = Url::parse(href).ok()?;
    let url = address::parse(href, None)?;
    let host = url.host_str()?.trim_start_matches("www.").to_owned();
    let is_elsewhere = NOT_HOSTS.iter().any(|not| host == *not || host.ends_with(&format!(".{not}")));
    let path = url.path().trim_matches('/');
    let lower = path.to_ascii_lowercase();
    let is_service =
        ["unsubscribe", "preferences", "optout", "opt-out", "privacy", "subscribe", "account", "login", "profile"]
            .iter()
            .any(|part| lower.split('/').any(|segment| segment == *part));
    let words = text.split_whitespace().count();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let dense =
        text.chars().filter(|c| ('\u{2e80}'..'\u{a000}').contains(c) || ('\u{ac00}'..'\u{d7b0}').contains(c)).count();
    let is_headline = (words >= 3 && letters >= 15 || dense >= 8) && text.chars().count() <= 300;
    if is_elsewhere || is_service || path.is_empty() && url.query().is_none() || !is_headline || is_boilerplate(text) {
        return None;
    }
    // Written as they lead through a mailer, addresses are one long code.
    let was_carried = raw.host_str() != url.host_str();
    let longest = path.split('/').map(str::len).max().unwrap_or(0);
    let is_code = path
        .split('/')
        .any(|part| part.len() >= 40 && !part.contains(['-', '_', '.']) && part.bytes().any(|b| b.is_ascii_digit()));
    let is_opaque = !was_carried
        && (is_code
            || longest >= 60
                && ["click.", "link.", "links.", "email.", "track", "t."].iter().any(|start| host.starts_with(start)));
    Some(Link { url: url.into(), title: text.to_owned(), context: None, is_opaque })
}

/// The links of a newsletter in plain text: an address on a line of its own or at the end of one, its headline before it.
fn plain_links(text: &str) -> Vec<Link> {
    let mut out: Vec<Link> = Vec::new();
    let mut keys = HashSet::new();
    let mut before: Option<String> = None;
    for line in text.lines() {
        let line = line.trim();
        let Some(at) = line.find("http://").or_else(|| line.find("https://")) else {
            if !line.is_empty() {
                before = Some(fold(line.trim_start_matches(['*', '-', '•', '#', '·', '>', ' '])));
            }
            continue;
        };
        let href =
            line[at..].split([' ', '>', ')', ']', '\t']).next().unwrap_or_default().trim_end_matches(['.', ',', ';']);
        let own = fold(
            line[..at]
                .trim_end_matches(['<', '(', '[', ':', '-', ' '])
                .trim_start_matches(['*', '-', '•', '#', '·', ' ']),
        );
        let title = if own.chars().count() >= 15 { Some(own) } else { before.take() };
        if let Some(link) = title.and_then(|title| story_link(href, &title))
            && address::key(&link.url).is_some_and(|key| keys.insert(key))
        {
            out.push(link);
        }
        before = None;
    }
    out
}

/// Reads a page that was saved with its parts in one file.
///
/// # Errors
/// When it holds no page.
pub(super) fn mhtml(bytes: &[u8], source: &Source, ctx: &Context) -> Result<Found, String> {
    let message = MessageParser::default().parse(bytes).ok_or("is a damaged web archive (MHTML): it has no headers")?;
    let start = message.header_raw("Snapshot-Content-Location").map(|text| text.split_whitespace().collect::<String>());
    let location =
        |part: &MessagePart<'_>| part.content_location().map(|text| text.split_whitespace().collect::<String>());
    let is_page = |part: &&MessagePart<'_>| matches!(part.body, PartType::Html(_));
    let pages = || message.parts.iter().filter(is_page);
    let page = pages()
        .find(|part| start.is_some() && location(part) == start)
        .or_else(|| pages().next())
        .ok_or("is a web archive (MHTML) without a page: it is cut short, or was saved from something else")?;
    let body = raw(page, bytes);
    let charset = page.content_type().and_then(|kind| kind.attribute("charset"));
    let url = start
        .or_else(|| location(page))
        .and_then(|text| Url::parse(&text).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .map(|url| address::of_page(&url));
    let mut story = super::page(&body, charset, url.as_ref().or(source.url.as_ref()), ctx);
    story.sha256 = sha256(bytes);
    if story.retrieved.is_none() {
        story.retrieved = message.header_raw("Date").and_then(|text| moment::day_of(text, ctx.today));
    }
    rights::from_headers(&source.headers, &mut story);
    let mut found = Found::default();
    for part in &message.parts {
        let kind = part.content_type().filter(|kind| kind.c_type == "image");
        if let (Some(_), Some(at), PartType::Binary(data) | PartType::InlineBinary(data)) =
            (kind, location(part), &part.body)
        {
            found.pictures.insert(at, data.to_vec());
        }
    }
    found.stories.push(story);
    Ok(found)
}

/// A part's bytes as they were before they were packed for mail, in the page's own encoding.
fn raw(part: &MessagePart<'_>, bytes: &[u8]) -> Vec<u8> {
    let range = part.offset_body as usize..(part.offset_end as usize).min(bytes.len());
    let packed = bytes.get(range).unwrap_or_default();
    let unpacked = match part.encoding {
        Encoding::None => Some(packed.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(packed),
        Encoding::Base64 => base64_decode(packed),
    };
    unpacked.unwrap_or_else(|| match &part.body {
        PartType::Html(text) | PartType::Text(text) => text.as_bytes().to_vec(),
        _ => recognise::decode(packed).0.into_bytes(),
    })
}
