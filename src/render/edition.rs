//! Editions of a digest: what all their forms show, and the e-mail. The list is that of the edition's file; what stands in it
//! are the articles as they are now, with their corrections, and as much of them as may be shown now.

use std::fmt::Write as _;

use html5gum::{Token, Tokenizer};
use mail_builder::{
    MessageBuilder,
    headers::{address::Address, content_type::ContentType, raw::Raw},
    mime::MimePart,
};

use super::{
    Reader, Theme, epub, escaped,
    links::TextLinks,
    page,
    view::{self, MaybeLink},
    words::Argument,
};
use crate::{
    diagnostic::{Diagnostic, Place, Severity, SitePath, Span},
    error::{Error, Result},
    fingerprint::Fingerprint,
    locale::direction,
    model::{Change, DigestId, Edition, Standing},
    parse::{
        Choice as _,
        edition::{EditionItem, EditionTarget},
        markdown::{self, Style},
        matter::ItemRole,
    },
    plan::{EditionFile, Route},
};

/// Gmail cuts off what is longer, and hides the end of the mail.
const MAIL_LIMIT: usize = 102_000;

/// The heaviest items that are named when a mail is too long.
const HEAVIEST: usize = 5;

/// Writes an edition in one of its forms: that of a digest, by its place among the digest's editions.
///
/// # Errors
/// When the memory for a mail or book cannot be written to.
pub fn render(
    reader: &Reader<'_>,
    theme: &Theme,
    route: &Route,
    (file, digest, at): (EditionFile, DigestId, usize),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<u8>> {
    let reader = reader.with_absolute_links();
    let Some(edition) = reader.model[digest].editions.get(at) else { return Ok(Vec::new()) };
    // The page of the mail says what is wrong; the other forms would only say it again, and of an edition that another one
    // followed nothing is left to do.
    let is_latest = at + 1 == reader.model[digest].editions.len();
    let mut unsaid = Vec::new();
    let said = if file == EditionFile::Html && is_latest { &mut *diagnostics } else { &mut unsaid };
    let issue = reader.issue(digest, at, edition, said);
    let html = |diagnostics: &mut Vec<Diagnostic>| {
        let html = page::email(&reader, theme, route, &issue, diagnostics);
        String::from_utf8(super::text(html)).unwrap_or_default()
    };
    match file {
        EditionFile::Html => {
            let html = html(diagnostics);
            diagnostics.extend(too_long(&html, &issue, edition).filter(|_| is_latest));
            Ok(html.into_bytes())
        }
        EditionFile::Text => Ok(super::text(plain(&reader, &issue))),
        EditionFile::Mail => mail(&reader, edition, &issue, html(&mut unsaid)),
        EditionFile::Epub => epub::render(&reader, edition, &issue),
    }
}

impl Reader<'_> {
    /// An edition in the list of a digest's editions.
    pub fn edition(&self, digest: DigestId, at: usize) -> view::Edition {
        let of = &self.model[digest];
        let edition = &of.editions[at];
        let url = |file| self.page_url(&Route::edition(file, of, edition.number()));
        let is_missing = |standing: &&Standing| matches!(standing, Standing::LeftOut(_) | Standing::Gone);
        view::Edition {
            number: edition.number(),
            date: self.date(
                &edition
                    .matter
                    .date
                    .unwrap_or(crate::date::When::moment(jiff::Timestamp::UNIX_EPOCH, &self.config.zone)),
            ),
            count: edition.matter.items.len(),
            missing: edition.now.iter().filter(is_missing).count(),
            email_url: url(EditionFile::Html),
            mail_url: url(EditionFile::Mail),
            epub_url: url(EditionFile::Epub),
            changes: self
                .changes_to_edition(digest, at)
                .unwrap_or_default()
                .iter()
                .map(|change| self.change(change))
                .collect(),
        }
    }

    /// What became of an item.
    pub fn change(&self, change: &Change) -> view::Change {
        let url = match &change.standing {
            Standing::Shown(id) => Some(self.article_link(*id).url),
            Standing::Link => Some(change.id.clone()),
            Standing::LeftOut(_) | Standing::Gone => None,
        };
        view::Change { kind: change.kind.word(), title: change.title.clone(), url }
    }

    /// All that an edition says.
    fn issue(&self, digest: DigestId, at: usize, edition: &Edition, diagnostics: &mut Vec<Diagnostic>) -> view::Issue {
        let of = &self.model[digest];
        let matter = &edition.matter;
        let source = of.path().unwrap_or(&edition.path);
        let language = of.matter().and_then(|matter| matter.lang.as_ref()).unwrap_or(&self.config.language);
        let mut sections: Vec<view::Section> = Vec::new();
        let see_also = self.word("see_also");
        let mut last = None;
        for (item, standing) in edition.items() {
            let Some(shown) = self.frozen(edition, source, item, standing, diagnostics) else { continue };
            let part = match item.role {
                ItemRole::Lead => (item.role, None),
                ItemRole::SeeAlso => (item.role, Some(see_also.as_str())),
                ItemRole::Pinned | ItemRole::Item => (ItemRole::Item, item.section.as_deref()),
            };
            if last != Some(part) {
                last = Some(part);
                let title = part.1.map(str::to_owned);
                sections.push(view::Section { id: None, title, items: Vec::new() });
            }
            if let Some(section) = sections.last_mut() {
                section.items.push(shown);
            }
        }
        let content = matter
            .introduction
            .as_ref()
            .map(|text| self.as_it_was(edition, source, &text.value, text.span.clone(), self.style(), diagnostics));
        view::Issue {
            edition: self.edition(digest, at),
            title: matter.title.clone(),
            summary: matter.summary.clone(),
            content,
            url: self.url(&Route::digest(of)),
            sections,
            id: self.tag_uri(&format!("{}/edition-{}", of.id, edition.number())),
            language: language.clone(),
            direction: direction(language),
        }
    }

    /// An item of an edition; nothing where its article is no longer shown.
    fn frozen(
        &self,
        edition: &Edition,
        source: &SitePath,
        item: &EditionItem,
        standing: &Standing,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<view::Item> {
        let own = item.commentary.as_ref().map(|text| {
            let style = Style { is_brief: true, ..self.style() };
            self.as_it_was(edition, source, &text.value, text.span.clone(), style, diagnostics)
        });
        let role = item.role.word();
        match (&item.target, standing) {
            (_, Standing::Shown(id)) => {
                let card = self.card(*id, diagnostics);
                Some(view::Item {
                    id: self.tag_uri(&card.id),
                    is_since_edition: false,
                    title: card.title.clone(),
                    url: card.url.clone(),
                    source: None,
                    role,
                    commentary_html: own.or_else(|| card.commentary_html.clone()),
                    article: Some(card),
                })
            }
            (EditionTarget::Link { url, source }, _) => Some(view::Item {
                id: url.clone(),
                is_since_edition: false,
                article: None,
                title: item.title.clone(),
                url: url.clone(),
                source: source.as_ref().map(|name| MaybeLink { title: name.clone(), url: None }),
                role,
                commentary_html: own,
            }),
            (EditionTarget::Article(_), _) => None,
        }
    }

    /// Markdown of an edition's file as HTML. Its links were right when it was written: one that leads nowhere by now is no
    /// error, and its words stay.
    fn as_it_was(
        &self,
        edition: &Edition,
        source: &SitePath,
        text: &str,
        span: Span,
        style: Style,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> String {
        let mut found = Vec::new();
        let html = markdown::render(text, style, &mut TextLinks::value(self, source, span.clone(), &mut found)).html;
        let place = Place::new(&edition.path, span);
        diagnostics.extend(found.into_iter().map(|diagnostic| Diagnostic {
            severity: Severity::Warning,
            place: Some(place.clone()),
            ..diagnostic
        }));
        html
    }
}

/// Says that a mail is too long, and what makes it so.
fn too_long(html: &str, issue: &view::Issue, edition: &Edition) -> Option<Diagnostic> {
    if html.len() <= MAIL_LIMIT {
        return None;
    }
    let items = issue.sections.iter().flat_map(|section| &section.items);
    // Each item goes on to the next one, whatever the template makes of it.
    let mut starts: Vec<(usize, &str)> = items
        .filter_map(|item| Some((html.find(&format!("data-id=\"{}\"", escaped(&item.id)))?, item.title.as_str())))
        .collect();
    starts.sort_unstable();
    let ends: Vec<usize> = starts.iter().skip(1).map(|(at, _)| *at).chain([html.len()]).collect();
    let mut weights: Vec<(usize, &str)> =
        starts.iter().zip(ends).map(|((start, title), end)| (end - start, *title)).collect();
    weights.sort_by_key(|(weight, title)| (std::cmp::Reverse(*weight), *title));
    let heaviest: Vec<String> = weights
        .iter()
        .take(HEAVIEST)
        .map(|(weight, title)| format!("\"{title}\" ({:.1} kB)", *weight as f64 / 1000.0))
        .collect();
    let message = format!(
        "the e-mail of edition {} has {:.1} kB of HTML; Gmail cuts off what is over 102 kB",
        issue.edition.number,
        html.len() as f64 / 1000.0
    );
    let hint = format!(
        "shorten summaries or the curator's lines, or freeze a shorter digest; the heaviest items: {}",
        heaviest.join(", ")
    );
    Some(Diagnostic::error(message, Place::file(&edition.path)).hint(hint))
}

/// The mail as a whole: the same bytes for the same edition. Who sends it, and to whom, the mail program says.
fn mail(reader: &Reader<'_>, edition: &Edition, issue: &view::Issue, html: String) -> Result<Vec<u8>> {
    let text = String::from_utf8(super::text(plain(reader, issue))).unwrap_or_default();
    let authority = &reader.config.tag_authority;
    // RFC 4151 allows an address of e-mail for an authority.
    let address = if authority.contains('@') { authority.clone() } else { format!("noreply@{authority}") };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let name = reader.config.author.as_deref().unwrap_or(&reader.config.title);
    let key = Fingerprint::of(format!("{}\n{html}\n{text}", issue.id).as_bytes());
    let boundary = format!("edition_{key}");
    let id = format!("{}@{host}", Fingerprint::of(issue.id.as_bytes()));
    let parts = vec![
        MimePart::new(ContentType::new("text/plain").attribute("charset", "utf-8"), text),
        MimePart::new(ContentType::new("text/html").attribute("charset", "utf-8"), html),
    ];
    let date = edition.matter.date.map_or(0, |date| date.timestamp().as_second());
    MessageBuilder::new()
        .from(Address::new_address(Some(name), address.as_str()))
        .subject(match edition.number() {
            1 => issue.title.clone(),
            number => {
                let number = Argument::Number(i64::from(number));
                reader.word_with("title_of_edition", &[("title", Argument::Text(&issue.title)), ("number", number)])
            }
        })
        .date(date)
        .message_id(id)
        // Mail programs open it as a draft.
        .header("X-Unsent", Raw::new("1"))
        .header("Content-Language", Raw::new(issue.language.as_str()))
        .body(MimePart::new(ContentType::new("multipart/alternative").attribute("boundary", boundary), parts))
        .write_to_vec()
        .map_err(|cause| Error::new(format!("write the e-mail of `{}`: {cause}", edition.path)))
}

/// Columns of a text, as RFC 3676 advises.
const COLUMNS: usize = 72;

fn plain(reader: &Reader<'_>, issue: &view::Issue) -> String {
    let mut out = String::new();
    wrap(&mut out, &issue.title, "");
    let edition = &issue.edition;
    wrap(&mut out, &format!("{} · {} · {}", reader.config.title, reader.edition_name(edition), edition.date.text), "");
    let _ = writeln!(out, "{}", issue.url);
    for text in issue.summary.iter().cloned().chain(issue.content.as_deref().map(words_of)) {
        for paragraph in text.split("\n\n") {
            out.push('\n');
            wrap(&mut out, paragraph, "");
        }
    }
    if !edition.changes.is_empty() {
        let _ = write!(out, "\n{}\n\n", reader.word("since_edition_before").to_uppercase());
        for change in &edition.changes {
            wrap(&mut out, &reader.change_line(change), "");
        }
    }
    for section in &issue.sections {
        out.push('\n');
        if let Some(title) = &section.title {
            wrap(&mut out, &title.to_uppercase(), "");
            out.push('\n');
        }
        for (at, item) in section.items.iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            let card = item.article.as_ref();
            if card.is_some_and(|card| card.is_retracted) {
                wrap(&mut out, &format!("* {} {}", reader.word("retracted_before"), item.title), "  ");
            } else {
                wrap(&mut out, &format!("* {}", item.title), "  ");
            }
            let origin = reader.origin(item);
            if !origin.is_empty() {
                wrap(&mut out, &format!("  {origin}"), "  ");
            }
            if let Some(summary) = card.and_then(|card| card.summary.as_deref()) {
                wrap(&mut out, &format!("  {summary}"), "  ");
            }
            if let Some(commentary) = &item.commentary_html {
                let comment = reader.labelled(&reader.word("our_comment"), &words_of(commentary));
                wrap(&mut out, &format!("  {comment}"), "  ");
            }
            let _ = writeln!(out, "  {}", item.url);
        }
    }
    if edition.missing > 0 {
        out.push('\n');
        wrap(&mut out, &reader.missing(edition.missing), "");
    }
    out
}

impl Reader<'_> {
    /// What an edition is called: by its number.
    pub(super) fn edition_name(&self, edition: &view::Edition) -> String {
        self.word_with("edition", &[("number", Argument::Number(i64::from(edition.number)))])
    }

    /// What became of an item, in one line of text.
    pub(super) fn change_line(&self, change: &view::Change) -> String {
        let title = change.title.clone().unwrap_or_else(|| self.word("no_longer_here"));
        self.labelled(&self.word_of("change", change.kind), &title)
    }

    fn labelled(&self, label: &str, text: &str) -> String {
        self.word_with("labelled", &[("label", Argument::Text(label)), ("text", Argument::Text(text))])
    }

    /// Who published an item and when, in one line.
    pub(super) fn origin(&self, item: &view::Item) -> String {
        let Some(card) = &item.article else {
            return item.source.as_ref().map(|source| source.title.clone()).unwrap_or_default();
        };
        let outlets = [&card.agency, &card.publisher].into_iter().flatten().map(|link| link.title.clone());
        let corrected = (card.is_corrected && !card.is_retracted).then(|| self.word("is_corrected"));
        let others = self.carried_by(&card.also_carried_by);
        outlets.chain(others).chain([card.date.text.to_string()]).chain(corrected).collect::<Vec<_>>().join(" · ")
    }

    /// Who else carried a text.
    fn carried_by(&self, links: &[view::Link]) -> Option<String> {
        let names: Vec<&str> = links.iter().map(|link| link.title.as_str()).collect();
        let outlets = names.join(&self.word("comma"));
        let outlets = ("outlets", Argument::Text(&outlets));
        match links.len() {
            0 => None,
            1 => Some(self.word_with("carried_by", &[outlets])),
            count => {
                let count = Argument::Number(i64::try_from(count).unwrap_or(i64::MAX));
                Some(self.word_with("carried_by_many", &[("count", count), outlets]))
            }
        }
    }

    /// Says that items are no longer in the site.
    pub(super) fn missing(&self, count: usize) -> String {
        self.word_with("gone", &[("count", Argument::Number(i64::try_from(count).unwrap_or(i64::MAX)))])
    }
}

/// The words of HTML, with an empty line between its blocks; links to elsewhere have their address behind them.
fn words_of(html: &str) -> String {
    let mut text = String::new();
    let mut address = None;
    // A string has no input errors, so every token is there.
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::String(string) => text.push_str(&String::from_utf8_lossy(&string)),
            Token::StartTag(tag) if *tag.name == *b"a" => {
                let href = tag.attributes.get(&b"href"[..]).map(|href| String::from_utf8_lossy(href).into_owned());
                address = href.filter(|href| href.starts_with("http://") || href.starts_with("https://"));
            }
            Token::EndTag(tag) if *tag.name == *b"a" => {
                if let Some(address) = address.take().filter(|address| !text.ends_with(address.as_str())) {
                    text.push_str(&format!(" <{address}>"));
                }
            }
            Token::EndTag(tag)
                if matches!(
                    tag.name.as_slice(),
                    b"p" | b"li" | b"h1" | b"h2" | b"h3" | b"h4" | b"blockquote" | b"tr" | b"pre"
                ) =>
            {
                text.push_str("\n\n");
            }
            _ => {}
        }
    }
    let blocks = text.split("\n\n").map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "));
    blocks.filter(|block| !block.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Adds a paragraph; what does not fit in a line goes on in the next one behind `indent`.
fn wrap(out: &mut String, text: &str, indent: &str) {
    let start = text.len() - text.trim_start().len();
    let mut column = text[..start].chars().count();
    out.push_str(&text[..start]);
    let mut is_first = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !is_first && column + 1 + length > COLUMNS {
            out.push('\n');
            out.push_str(indent);
            column = indent.len();
        } else if !is_first {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
        is_first = false;
    }
    out.push('\n');
}
