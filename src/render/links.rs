//! Where the links in a text lead.

use percent_encoding::percent_decode_str;

use super::Reader;
use crate::{
    diagnostic::{Diagnostic, Place, SitePath, Span, did_you_mean},
    model::FactKind,
    parse::markdown::{LinkUse, Links, Resolved},
    plan::Route,
};

/// Resolves the links of one text, and collects what is wrong with them.
pub struct TextLinks<'a, 'd> {
    reader: &'a Reader<'a>,
    /// The file that the text stands in.
    source: &'a SitePath,
    /// Where in the file the text starts; `None` where the text is a value of front matter, whose escapes make its
    /// offsets differ from the file's: then the whole value is the place.
    offset: Option<usize>,
    whole: Span,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a, 'd> TextLinks<'a, 'd> {
    /// For the Markdown body that starts at `body` of `source`.
    pub fn body(
        reader: &'a Reader<'a>,
        source: &'a SitePath,
        body: usize,
        diagnostics: &'d mut Vec<Diagnostic>,
    ) -> Self {
        TextLinks { reader, source, offset: Some(body), whole: body..body, diagnostics }
    }

    /// For a value at `span` of the front matter of `source`.
    pub fn value(
        reader: &'a Reader<'a>,
        source: &'a SitePath,
        span: Span,
        diagnostics: &'d mut Vec<Diagnostic>,
    ) -> Self {
        TextLinks { reader, source, offset: None, whole: span, diagnostics }
    }

    /// Where a path from the root, or that of a file of `content/`, leads.
    fn target(&self, target: &str) -> Option<&'a Route> {
        self.reader.log.add(FactKind::Target, target);
        self.reader.whole.target(target)
    }

    fn place(&self, span: Span) -> Place {
        match self.offset {
            Some(offset) => Place::new(self.source, span.start + offset..span.end + offset),
            None => Place::new(self.source, self.whole.clone()),
        }
    }

    fn error(&mut self, message: String, span: Span, hint: impl Into<String>) -> Resolved {
        let place = self.place(span);
        self.diagnostics.push(Diagnostic::error(message, place).hint(hint));
        Resolved::Nowhere
    }

    fn outside(&mut self, url: &str, usage: LinkUse, span: Span) -> Resolved {
        if usage == LinkUse::Hyperlink {
            return Resolved::To(url.to_owned());
        }
        let place = self.place(span);
        self.diagnostics.push(
            Diagnostic::warning(format!("the picture `{url}` lies elsewhere; the page links to it"), place)
                .hint("a page loads nothing from other sites; put the file in static/images/ and write `/images/…`"),
        );
        Resolved::LinkInstead(url.to_owned())
    }

    /// A path from the site's root.
    fn page_at(&mut self, path: &str, suffix: &str, span: Span) -> Resolved {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let below = decoded.trim_start_matches('/');
        let wanted = format!("/{below}");
        if let Some(route) = self.target(&wanted) {
            return Resolved::To(format!("{}{suffix}", self.reader.url(route)));
        }
        let hint = match did_you_mean(&wanted, self.reader.whole.plan.indexable().map(|(route, _)| route.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a link to a file of content/ can name the file itself: `[…](../topics/name.md)`".to_owned(),
        };
        self.error(format!("no page or file of this site is at `{wanted}`"), span, hint)
    }

    /// A Markdown file, relative to the file that links to it or from `content/`.
    fn page_of(&mut self, path: &str, suffix: &str, span: Span) -> Resolved {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let start = if decoded.starts_with("content/") {
            Vec::new()
        } else {
            let mut parts: Vec<&str> = self.source.split('/').collect();
            parts.pop();
            parts
        };
        let mut parts = start;
        for part in decoded.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    if parts.pop().is_none() {
                        return self.error(
                            format!("the link `{path}` leads out of the site"),
                            span,
                            "name a file of content/, relative to this one",
                        );
                    }
                }
                part => parts.push(part),
            }
        }
        let target = parts.join("/");
        if let Some(route) = self.target(&target) {
            return Resolved::To(format!("{}{suffix}", self.reader.url(route)));
        }
        if let Some(omission) =
            self.reader.whole.model.omissions().iter().find(|omission| omission.path.as_ref() == target)
        {
            let place = self.place(span);
            let message = format!("`{target}` is left out ({}), so the link is too", omission.reason.noun(1));
            self.diagnostics.push(
                Diagnostic::warning(message, place)
                    .hint("it comes in by itself when its time comes, or with `--drafts`"),
            );
            return Resolved::Nowhere;
        }
        let hint = match did_you_mean(&target, self.reader.whole.plan.sources()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the path is relative to this file, or starts with `content/`".to_owned(),
        };
        self.error(format!("there is no file `{target}`"), span, hint)
    }
}

impl Links for TextLinks<'_, '_> {
    fn resolve(&mut self, destination: &str, usage: LinkUse, span: Span) -> Resolved {
        let destination = destination.trim();
        if destination.is_empty() {
            return self.error(
                "the link has no address".to_owned(),
                span,
                "write it between the brackets: `[…](/topic/)`",
            );
        }
        if destination.starts_with('#') {
            return Resolved::To(destination.to_owned());
        }
        if let Some(rest) = destination.strip_prefix("//") {
            return self.outside(&format!("https://{rest}"), usage, span);
        }
        if let Some(scheme) = scheme(destination) {
            return match scheme.to_ascii_lowercase().as_str() {
                "http" | "https" => self.outside(destination, usage, span),
                "mailto" | "tel" if usage == LinkUse::Hyperlink => Resolved::To(destination.to_owned()),
                other => {
                    let place = self.place(span);
                    self.diagnostics.push(
                        Diagnostic::warning(format!("`{other}:` addresses are not let through"), place).hint(
                            "links may be `https:`, `http:`, `mailto:` or `tel:`; the words stay, without the link",
                        ),
                    );
                    Resolved::Nowhere
                }
            };
        }
        let cut = destination.find(['?', '#']).unwrap_or(destination.len());
        let (path, suffix) = destination.split_at(cut);
        if path.ends_with(".md") {
            return self.page_of(path.trim_start_matches('/'), suffix, span);
        }
        if path.starts_with('/') {
            return self.page_at(path, suffix, span);
        }
        self.error(
            format!("`{destination}` is neither a file of content/ nor a path from the site's root"),
            span,
            "write `/images/photo.jpg` for static/images/photo.jpg, `/topic/` for a page, `https://…` for other sites",
        )
    }

    fn dropped(&mut self, element: &str, span: Span) {
        let place = self.place(span);
        self.diagnostics.push(
            Diagnostic::warning(format!("`<{element}>` is not let through"), place)
                .hint("only HTML that formats text is; to show the tag itself, write `&lt;` for `<`"),
        );
    }
}

/// The scheme of an address (RFC 3986), if it has one.
fn scheme(destination: &str) -> Option<&str> {
    let (scheme, _) = destination.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'));
    is_scheme.then_some(scheme)
}

impl Reader<'_> {
    /// A picture of `[[images]]`: a file of `static/`, an address elsewhere, or nowhere with a diagnostic.
    pub fn image(&self, source: &SitePath, src: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Resolved {
        TextLinks::value(self, source, span.clone(), diagnostics).resolve(src, LinkUse::Image, span)
    }
}
