//! Whose words are shown, and whether anything says that they may be.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Diagnostic, Place, Sources},
    model::{Article, Model},
    parse::matter::Display,
};

/// Articles that are named in one message.
const NAMED: usize = 3;

/// Adds an error for each third party whose texts are shown in full with no licence on record.
///
/// A text is a third party's where an agency reported it, an outlet published it, or it was imported. What such a party's
/// file says holds for all its texts, so that one line there is the way out.
pub fn inspect(model: &Model, sources: &dyn Sources, diagnostics: &mut Vec<Diagnostic>) {
    let mut by_party: BTreeMap<(&str, &str), Vec<&Article>> = BTreeMap::new();
    for (_, article) in model.articles() {
        if !shows_unlicensed(article, sources) {
            continue;
        }
        let party = article.agency.or(article.publisher).map(|id| &model[id]);
        match party {
            // The article's own word goes before its agency's and its publisher's.
            Some(party) if article.matter.rights().display.is_none() => {
                by_party.entry((&party.path, &party.matter.name.value)).or_default().push(article);
            }
            _ => diagnostics.push(
                Diagnostic::error(
                    "the article shows a third party's full text, and no licence for it is on record",
                    Place::file(&article.path),
                )
                .hint(
                    "show less of it: `display = \"excerpt\"` under `[rights]`; or say there what allows it: \
                     `license = \"…\"`",
                ),
            ),
        }
    }
    for ((path, name), articles) in by_party {
        let message = match articles.len() {
            1 => format!("1 article shows a full text of {name}, and no licence for it is on record"),
            count => format!("{count} articles show full texts of {name}, and no licence for them is on record"),
        };
        let mut diagnostic = Diagnostic::error(message, Place::file(&path.into())).hint(
            "show less of them: `display = \"excerpt\"` under `[rights]` in this file; or say there what allows it: \
             `license = \"…\"`",
        );
        for (at, article) in articles.iter().take(NAMED).enumerate() {
            let label = match articles.len() - NAMED.min(articles.len()) {
                more if more > 0 && at + 1 == NAMED => format!("and {more} more"),
                _ => "in full".to_owned(),
            };
            diagnostic = diagnostic.related(Place::file(&article.path), label);
        }
        diagnostics.push(diagnostic);
    }
}

fn shows_unlicensed(article: &Article, sources: &dyn Sources) -> bool {
    let is_third_party = article.agency.is_some() || article.publisher.is_some() || article.matter.import.is_some();
    let is_licensed = article.license.as_ref().is_some_and(|license| !license.trim().is_empty());
    if !is_third_party || is_licensed || article.display != Display::Full {
        return false;
    }
    // A headline with the curator's line and no text shows nothing of theirs.
    let text = sources.text(&article.path);
    text.as_deref().and_then(|text| text.get(article.body..)).is_none_or(|body| !body.trim().is_empty())
}
