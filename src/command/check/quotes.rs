//! Whether quotes and figures stand in the texts that they cite.
//!
//! What is checked: each row of `[[quotes]]` and `[[figures]]` of an article, digest or topic that cites an article of this
//! site; and in a curator's own lines (`commentary`, `why_it_matters`, the text of a digest) what stands between quotation
//! marks and is long enough to be a quote, and block quotes: against the article that the line is on, or that the paragraph
//! links to. An article whose file has no text is no witness.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Diagnostic, Place, SitePath, Span},
    error::Result,
    model::{Article, ArticleId, Digest, DigestOrigin, Figure, Target},
    parse::{
        matter,
        words::{fold, words},
    },
    plan::{OutputKind, PageKind, Route},
    session::Inspected,
};

/// Words between quotation marks that make a quote in a curator's lines; fewer are a term or a title.
const QUOTE_WORDS: usize = 6;
/// Words that a text must have to be a witness.
const WITNESS_WORDS: usize = 20;
/// Numbers up to here are often written as words.
const SPELT_OUT: u64 = 100;

/// Adds a warning for each quote and figure that its article does not have.
///
/// # Errors
/// When a text cannot be read.
pub fn inspect(site: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<()> {
    for (id, article) in site.model.articles() {
        let mut texts = Texts { site, read: BTreeMap::new() };
        let path = &article.path;
        for (row, cited) in article.matter.quotes.iter().zip(&article.quote_citations) {
            let Some(cited) = cited else { continue };
            let place = Place::new(path, row.text.span.clone());
            // From an article in another language it is translated.
            if !texts.is_foreign(*cited, article.matter.lang.as_deref()) {
                texts.check(&row.text.value, &[*cited], place, diagnostics)?;
            }
        }
        texts.check_figures(path, &article.matter.figures, &article.figures, diagnostics)?;
        for line in [&article.matter.commentary, &article.matter.why_it_matters].into_iter().flatten() {
            for quote in quoted(&line.value) {
                texts.check_line(&line.value[quote], &[id], Place::new(path, line.span.clone()), diagnostics)?;
            }
        }
    }
    for (_, topic) in site.model.topics() {
        let mut texts = Texts { site, read: BTreeMap::new() };
        texts.check_figures(&topic.path, &topic.matter.figures, &topic.figures, diagnostics)?;
    }
    for (_, digest) in site.model.digests() {
        of_digest(site, digest, diagnostics)?;
    }
    Ok(())
}

fn of_digest(site: &Inspected<'_>, digest: &Digest, diagnostics: &mut Vec<Diagnostic>) -> Result<()> {
    let DigestOrigin::Written { path, body, matter, .. } = &digest.origin else { return Ok(()) };
    let mut texts = Texts { site, read: BTreeMap::new() };
    texts.check_figures(path, &matter.figures, &digest.figures, diagnostics)?;
    for item in digest.items() {
        let (Target::Article(id), Some((line, span))) = (&item.target, item.commentary.as_deref()) else { continue };
        for quote in quoted(line) {
            texts.check_line(&line[quote], &[*id], Place::new(path, span.clone()), diagnostics)?;
        }
    }
    let text = site.snapshot.text(path)?.unwrap_or_default();
    let text = text.get(*body..).unwrap_or_default();
    for paragraph in paragraphs(text) {
        let cited: Vec<ArticleId> =
            linked(site, path, &text[paragraph.clone()]).into_iter().map(|(id, _)| id).collect();
        if cited.is_empty() {
            continue;
        }
        let at = |span: Span| body + paragraph.start + span.start..body + paragraph.start + span.end;
        let words_of_it = &text[paragraph.clone()];
        if words_of_it.trim_start().starts_with("> [!") {
            continue; // An alert.
        }
        if words_of_it.trim_start().starts_with('>') {
            // Who said it, and the link, stand in a line of their own, or after a dash.
            let end = words_of_it.find("](").and_then(|link| words_of_it[..link].rfind(['\n', '—', '–', '[']));
            let quote = words_of_it.get(..end.unwrap_or(words_of_it.len())).unwrap_or_default();
            texts.check_line(quote, &cited, Place::new(path, at(0..quote.len())), diagnostics)?;
            continue;
        }
        for quote in quoted(words_of_it) {
            texts.check_line(&words_of_it[quote.clone()], &cited, Place::new(path, at(quote)), diagnostics)?;
        }
    }
    Ok(())
}

/// A text and its words.
struct Text {
    text: String,
    words: Vec<(String, Span)>,
}

/// The texts of articles, each read once.
struct Texts<'a> {
    site: &'a Inspected<'a>,
    read: BTreeMap<ArticleId, Text>,
}

impl Texts<'_> {
    /// The text of an article with its headline and summary.
    fn of(&mut self, id: ArticleId) -> Result<&Text> {
        if !self.read.contains_key(&id) {
            let article: &Article = &self.site.model[id];
            let whole = self.site.snapshot.text(&article.path)?.unwrap_or_default();
            let mut text = whole.get(article.body..).unwrap_or_default().to_owned();
            let has_words = words(&text).nth(WITNESS_WORDS - 1).is_some();
            if has_words {
                for more in [Some(&article.matter.title), article.matter.summary.as_ref()].into_iter().flatten() {
                    text.push_str("\n\n");
                    text.push_str(more);
                }
            } else {
                text.clear();
            }
            let words = words(&text).map(|span| (fold(&text[span.clone()]), span)).collect();
            self.read.insert(id, Text { text, words });
        }
        Ok(&self.read[&id])
    }

    /// The articles among some, and their copies, that have a text.
    fn witnesses(&mut self, ids: &[ArticleId]) -> Result<Vec<ArticleId>> {
        let mut witnesses = Vec::new();
        for id in ids.iter().flat_map(|id| self.site.model.group(*id)) {
            if !self.of(id)?.words.is_empty() {
                witnesses.push(id);
            }
        }
        Ok(witnesses)
    }

    /// The same for a quote in a curator's line. Of an article in another language it would be a translation.
    fn check_line(
        &mut self,
        quote: &str,
        cited: &[ArticleId],
        place: Place,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<()> {
        let is_foreign = cited.iter().any(|id| self.is_foreign(*id, None));
        if is_foreign { Ok(()) } else { self.check(quote, cited, place, diagnostics) }
    }

    /// Whether an article is in another language than what quotes it; that is in the site's unless it says so.
    fn is_foreign(&self, id: ArticleId, own: Option<&str>) -> bool {
        let main = |tag: Option<&str>| {
            let tag = tag.unwrap_or(&self.site.config.language);
            tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
        };
        main(self.site.model[id].matter.lang.as_deref()) != main(own)
    }

    /// Warns when a quote stands in none of some articles.
    fn check(
        &mut self,
        quote: &str,
        cited: &[ArticleId],
        place: Place,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<()> {
        let pieces = pieces(quote);
        let witnesses = self.witnesses(cited)?;
        if pieces.is_empty() || witnesses.is_empty() {
            return Ok(());
        }
        let mut nearest: Option<(usize, ArticleId, Span)> = None;
        let whole: Vec<&str> = pieces.iter().flatten().map(String::as_str).collect();
        for id in &witnesses {
            let text = self.of(*id)?;
            if stand_in(&pieces, &text.words) {
                return Ok(());
            }
            let (distance, span) = nearest_words(&whole, &text.words);
            if nearest.as_ref().is_none_or(|(least, ..)| distance < *least) {
                nearest = Some((distance, *id, span));
            }
        }
        let names: Vec<String> = cited.iter().map(|id| format!("`{}`", self.site.model[*id].path)).collect();
        let hint = match nearest {
            Some((distance, id, span)) if distance * 2 <= whole.len() => {
                let text = self.of(id)?.text.get(span).unwrap_or_default();
                let near = text.split_whitespace().collect::<Vec<_>>().join(" ");
                format!("the nearest words there: “{near}”; mark what was left out with … and your own words with [ ]")
            }
            _ => "nothing like it is there: cite the article that has it, or its address (`citation`)".to_owned(),
        };
        diagnostics
            .push(Diagnostic::warning(format!("the quote does not stand in {}", names.join(" or ")), place).hint(hint));
        Ok(())
    }

    /// Warns when a number stands in its article neither as it is nor rounded off.
    fn check_figures(
        &mut self,
        path: &SitePath,
        rows: &[matter::Figure],
        figures: &[Figure],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<()> {
        for (row, figure) in rows.iter().zip(figures) {
            let Some(cited) = figure.citation else { continue };
            let numbers = words(&row.value).map(|span| fold(&row.value[span]));
            let numbers: Vec<String> =
                numbers.filter(|number| number.parse().is_ok_and(|n: u64| n > SPELT_OUT)).collect();
            let witnesses = self.witnesses(&[cited])?;
            if numbers.is_empty() || witnesses.is_empty() {
                continue;
            }
            // `3 500 000` and `3.5 million` have the same digits before their zeros.
            let digits = |number: &str| number.trim_end_matches('0').to_owned();
            let mut is_there = false;
            for id in witnesses {
                let text = self.of(id)?;
                let has = |number: &String| text.words.iter().any(|(word, _)| digits(word) == digits(number));
                is_there |= numbers.iter().all(has);
            }
            if !is_there {
                let message = format!("the figure `{}` does not stand in `{}`", row.value, self.site.model[cited].path);
                diagnostics.push(
                    Diagnostic::warning(message, Place::new(path, row.value_span.clone()))
                        .hint("cite the article that has it, or its address: `citation = \"https://…\"`"),
                );
            }
        }
        Ok(())
    }
}

/// The words of a quote, in pieces: between them something was left out, or stands in brackets.
fn pieces(quote: &str) -> Vec<Vec<String>> {
    const BREAK: char = '\u{0}';
    let mut clean = String::with_capacity(quote.len());
    let mut rest = quote;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = ["…", "...", ". . ."].iter().find_map(|dots| rest.strip_prefix(dots)) {
            clean.push(BREAK);
            rest = after;
            continue;
        }
        if c == '['
            && let Some(end) = rest.find(']')
            && !rest[end..].starts_with("](")
        {
            let (inside, after) = (&rest[1..end], &rest[end + 1..]);
            let is_in_word = clean.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
            if is_in_word {
                clean.push_str(inside);
            } else {
                clean.push(BREAK);
            }
            rest = after;
            continue;
        }
        clean.push(c);
        rest = &rest[c.len_utf8()..];
    }
    clean
        .split(BREAK)
        .map(|piece| words(piece).map(|span| fold(&piece[span])).collect::<Vec<_>>())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// Whether the pieces stand in a text, one after the other.
fn stand_in(pieces: &[Vec<String>], text: &[(String, Span)]) -> bool {
    let mut from = 0;
    pieces.iter().all(|piece| {
        let found = text[from..]
            .windows(piece.len())
            .position(|window| window.iter().zip(piece).all(|((word, _), wanted)| word == wanted));
        from += found.map_or(0, |at| at + piece.len());
        found.is_some()
    })
}

/// Where in a text the words stand that differ least from a quote's, and in how many words: the edit distance, beginning and
/// end of the text free.
fn nearest_words(quote: &[&str], text: &[(String, Span)]) -> (usize, Span) {
    // For each number of words of the quote: the distance, and where in the text it began.
    let mut row: Vec<(usize, usize)> = (0..=quote.len()).map(|at| (at, 0)).collect();
    let mut best = (quote.len(), 0, 0);
    for (at, (word, _)) in text.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (0, at + 1);
        for (n, wanted) in quote.iter().enumerate() {
            let above = row[n + 1];
            let same = (diagonal.0 + usize::from(word != wanted), diagonal.1);
            let one_more = (above.0 + 1, above.1);
            let one_less = (row[n].0 + 1, row[n].1);
            row[n + 1] = [same, one_more, one_less].into_iter().min_by_key(|(distance, _)| *distance).unwrap_or(same);
            diagonal = above;
        }
        let (distance, start) = row[quote.len()];
        // Of equals the first, up to the last word that is the quote's.
        if distance < best.0 || distance == best.0 && start == best.1 && best.2 > 0 {
            best = (distance, start, at + 1);
        }
    }
    let (distance, start, end) = best;
    let span = match text.get(start..end) {
        Some([first, .., last]) => first.1.start..last.1.end,
        Some([only]) => only.1.clone(),
        _ => 0..0,
    };
    (distance, span)
}

/// What stands between quotation marks, long enough to be a quote: its bytes without the marks.
fn quoted(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &[char])> = None;
    for (at, c) in text.char_indices() {
        if let Some((start, closing)) = open {
            if closing.contains(&c) {
                if words(&text[start..at]).nth(QUOTE_WORDS - 1).is_some() {
                    found.push(start..at);
                }
                open = None;
            }
            continue;
        }
        let closing: &[char] = match c {
            '"' => &['"'],
            '“' => &['”'],
            '„' => &['“', '”'],
            '«' => &['»'],
            '»' => &['«'],
            '「' => &['」'],
            _ => continue,
        };
        open = Some((at + c.len_utf8(), closing));
    }
    found
}

/// The paragraphs of a Markdown text: its bytes between empty lines.
fn paragraphs(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            found.push(start..at);
            start = at + line.len();
        }
        at += line.len();
    }
    found.push(start..at);
    found.retain(|span| !text[span.clone()].trim().is_empty());
    found
}

/// The articles that a text links to, each once, and where it does so first.
pub fn linked(site: &Inspected<'_>, path: &SitePath, text: &str) -> Vec<(ArticleId, Span)> {
    let mut found: Vec<(ArticleId, Span)> = Vec::new();
    for (at, _) in text.match_indices("](") {
        let target = text[at + 2..].split([')', ' ', '#', '?']).next().unwrap_or_default();
        let output = if target.ends_with(".md") {
            site.plan.route_of(&beside(path, target)).map(Route::output_path)
        } else {
            let decoded = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
            decoded.strip_prefix('/').map(|below| format!("{}/index.html", below.trim_end_matches('/')))
        };
        let output = output.and_then(|output| site.plan.get(&output));
        if let Some(OutputKind::Page(PageKind::Article(id))) = output.map(|output| &output.kind)
            && !found.iter().any(|(other, _)| other == id)
        {
            found.push((*id, at + 2..at + 2 + target.len()));
        }
    }
    found
}

/// A path relative to a file, or from `content/`.
fn beside(file: &str, target: &str) -> String {
    if target.trim_start_matches('/').starts_with("content/") {
        return target.trim_start_matches('/').to_owned();
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<(String, Span)> {
        words(text).map(|span| (fold(&text[span.clone()]), span)).collect()
    }

    #[test]
    fn a_quote_is_forgiven_its_form() {
        let hay =
            text("“We shall not, he said, close the *harbour* before winter – and the ferries don’t stop either.”");
        for quote in [
            "we shall not, he said, close the harbour",
            "We shall not … close the harbour before winter",
            "[w]e shall not, he said, close the harbour",
            "shall not [...] close the [old] harbour before winter and the ferries don't stop",
        ] {
            assert!(stand_in(&pieces(quote), &hay), "{quote}");
        }
        for quote in ["we shall close the harbour", "before winter … close the harbour", "the ferries do stop"] {
            assert!(!stand_in(&pieces(quote), &hay), "{quote}");
        }
    }

    #[test]
    fn the_nearest_words_are_found() {
        let whole =
            "Nothing moved. The mayor said that the harbour stays open all winter, whatever it costs. Rain fell.";
        let hay = text(whole);
        let quote = ["the", "harbor", "stays", "open", "winter"];
        let (distance, span) = nearest_words(&quote, &hay);
        assert_eq!((distance, &whole[span]), (2, "the harbour stays open all winter"));
    }

    #[test]
    fn only_long_runs_are_quotes() {
        let line = "A \"minor incursion\" and “a promise that nobody in the room believed” and «дуже довга цитата з шести слів тут»";
        let found: Vec<&str> = quoted(line).into_iter().map(|span| &line[span]).collect();
        assert_eq!(found, ["a promise that nobody in the room believed", "дуже довга цитата з шести слів тут"]);
    }
}
