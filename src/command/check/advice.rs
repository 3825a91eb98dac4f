//! What a curator wants to know of a site that builds: warnings that `check` alone gives.

use crate::{
    date::When,
    diagnostic::{Diagnostic, Place},
    model::{Article, Doubt, Model},
    session::Inspected,
};

/// Adds the warnings.
pub fn inspect(site: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (id, article) in site.model.articles() {
        of_article(article, site.model.digests_of(id).is_empty(), diagnostics);
    }
    for doubt in site.model.doubts() {
        diagnostics.push(of_doubt(site.model, doubt));
    }
    for (_, topic) in site.model.topics() {
        if topic.articles.is_empty() {
            diagnostics.push(
                Diagnostic::warning("the topic has no articles", Place::file(&topic.path))
                    .hint(format!("an article joins it with `topics = [\"{}\"]`", topic.slug)),
            );
        }
    }
}

/// Two articles that may carry one text: what speaks for it and what against it. Where the other one is itself a copy, the
/// article that stands for it is the one to name.
fn of_doubt(model: &Model, doubt: &Doubt) -> Diagnostic {
    let (article, other, likeness) = (&model[doubt.article], &model[doubt.other], &doubt.likeness);
    let origin = other.copy_of.map_or(other, |id| &model[id]);
    let percent = |share: f64| (share * 100.0).round();
    let mut reasons = vec!["same agency".to_owned()];
    reasons.push(match likeness.days {
        0 => "same day".to_owned(),
        1 => "1 day apart".to_owned(),
        days => format!("{days} days apart"),
    });
    reasons.push(format!("{} % of the text shared", percent(likeness.share)));
    let mut but = Vec::new();
    if likeness.length < 0.95 {
        but.push(format!("the shorter is cut to {} %", percent(likeness.length)));
    }
    let differences = [
        (likeness.other_figures, "figures differ"),
        (likeness.other_names, "names differ"),
        (likeness.same_outlet, "no two outlets"),
        (likeness.is_short, "a text of few words"),
    ];
    but.extend(differences.into_iter().filter(|(is, _)| *is).map(|(_, words)| words.to_owned()));
    let agency = article.agency.map_or("agency", |id| &model[id].matter.name.value);
    if origin.path != other.path {
        but.push(format!("compared with its copy `{}`", other.path));
    }
    let reasons = [vec![reasons.join(", ")], but].concat().join("; ");
    let span = article.matter.agency.as_ref().map_or(0..0, |agency| agency.span.clone());
    let message = format!("this may be the same text from {agency} as `{}`: {reasons}", origin.path);
    Diagnostic::warning(message, Place::new(&article.path, span))
        .related(Place::file(&origin.path), "the other one")
        .hint(format!("if it is, write `copy_of = \"{}\"`; if it is a text of its own, `copy_of = false`", origin.id))
}

/// Whether one date is surely before another. A bare day beside a moment may be that of another zone.
fn is_before(when: &When, other: &When) -> bool {
    match (when.has_time(), other.has_time()) {
        (true, true) => when.timestamp() < other.timestamp(),
        (false, false) => when.date() < other.date(),
        _ => other.date().duration_since(when.date()).as_hours() > 24,
    }
}

fn of_article(article: &Article, is_in_no_digest: bool, diagnostics: &mut Vec<Diagnostic>) {
    let matter = &article.matter;
    let mut warn = |message: &str, place: Place, hint: String| {
        diagnostics.push(Diagnostic::warning(message, place).hint(hint));
    };
    let file = || Place::file(&article.path);
    let is_from_elsewhere = article.publisher.is_some() || article.agency.is_some() || matter.import.is_some();
    if is_from_elsewhere && matter.url.is_none() && matter.canonical_url.is_none() {
        warn(
            "the article has no `url`: readers cannot see where it was reported",
            file(),
            "add `url = \"https://…\"`".to_owned(),
        );
    }
    if matter.id.is_none() {
        warn(
            "the article has no `id`: if its file is renamed, feed readers take it for a new one",
            file(),
            format!("add `id = \"{}\"`, and never change it", article.id),
        );
    }
    if article.topics.is_empty() && is_in_no_digest && article.copy_of.is_none() {
        warn(
            "the article is in no topic and no digest: only the archive leads to it",
            file(),
            "add `topics = [\"…\"]`, or list it in a digest".to_owned(),
        );
    }
    let published = matter.date.as_ref();
    let mut too_early = |what: &str, when: &When| {
        if let Some(date) = published.filter(|date| is_before(when, &date.value)) {
            warn(
                &format!("{what} is dated {}, before the article itself, {}", when.iso(), date.value.iso()),
                Place::new(&article.path, date.span.clone()),
                "one of the two dates is wrong".to_owned(),
            );
        }
    };
    for (what, when) in [("`updated`", &matter.updated), ("`retrieved`", &matter.retrieved)] {
        when.iter().for_each(|when| too_early(what, when));
    }
    for row in &matter.corrections {
        too_early("a row of `[[corrections]]`", &row.date);
    }
    for key in matter.import.iter().flat_map(|import| &import.check) {
        warn(
            &format!("`{}` was not sure when the article was imported", key.value),
            Place::new(&article.path, key.span.clone()),
            "compare it with the source, put it right, then remove it from this list".to_owned(),
        );
    }
    for src in matter.images.iter().filter(|image| image.alt.is_none()).filter_map(|image| image.src.as_ref()) {
        warn(
            "the picture has no `alt`: who cannot see it learns nothing of it",
            Place::new(&article.path, src.span.clone()),
            "say in a few words what it shows; `alt = \"\"` is for mere decoration".to_owned(),
        );
    }
}
