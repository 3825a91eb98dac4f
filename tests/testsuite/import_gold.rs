//! The gold set: datelines, credit lines, bylines and captions of the trade, each read as part of a whole story.
//!
//! `tests/fixtures/import-forms/forms.toml` has the forms and says what its keys mean; `stories.toml` has the stories
//! around them. Every field is compared, and the body paragraph by paragraph.

use std::collections::BTreeMap;
use std::fmt::Write;

use dateline::import::text;
use dateline::parse::Choice as _;
use serde::Deserialize;

use crate::import::ctx;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    form: Vec<Form>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum At {
    Start,
    Byline,
    Caption,
    Paragraph,
    End,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    at: At,
    text: String,
    body: Option<String>,
    #[serde(default = "english")]
    language: String,
    /// A byline that stands under the headline besides.
    byline: Option<String>,
    agency: Option<String>,
    place: Option<String>,
    day: Option<String>,
    dateline: Option<String>,
    #[serde(default)]
    credits: Vec<String>,
    #[serde(default)]
    images: Vec<String>,
}

#[derive(Deserialize)]
struct Around {
    title: String,
    paragraphs: Vec<String>,
}

fn english() -> String {
    "en".to_owned()
}

/// The whole text of the story with the form in its place, and the body that it should have.
fn whole(form: &Form, around: &Around) -> (String, Vec<String>) {
    let mut lines = vec![around.title.clone()];
    let mut body = Vec::new();
    lines.extend(form.byline.clone());
    if form.at == At::Byline {
        lines.push(form.text.clone());
    }
    if form.at == At::Start {
        lines.push(form.text.clone());
        body.extend(form.body.clone());
    }
    for (i, paragraph) in around.paragraphs.iter().enumerate() {
        lines.push(paragraph.clone());
        body.push(paragraph.clone());
        let here = i == 0 && form.at == At::Caption
            || i == 1 && form.at == At::Paragraph
            || i + 1 == around.paragraphs.len() && form.at == At::End;
        if here {
            lines.push(form.text.trim().to_owned());
            body.extend(form.body.clone());
        }
    }
    lines.push("© 2022 Example Courier. All rights reserved.".to_owned());
    (lines.join("\n\n"), body)
}

#[test]
fn every_form_is_read() {
    let forms: Forms = toml::from_str(include_str!("../fixtures/import-forms/forms.toml")).expect("the forms");
    let stories: BTreeMap<String, Around> =
        toml::from_str(include_str!("../fixtures/import-forms/stories.toml")).expect("the stories");
    assert!(forms.form.len() >= 60);
    let mut wrong = String::new();
    for form in &forms.form {
        let (input, body) = whole(form, &stories[&form.language]);
        let story = text::read(&input, &ctx()).remove(0);
        let mut differs = |field: &str, found: String, expected: String| {
            if found != expected {
                let _ = writeln!(wrong, "{}\n  {field} {found:?}\n  for {expected:?}", form.name);
            }
        };
        let or = |value: &Option<String>| value.clone().unwrap_or_default();
        differs("title", or(&story.title), stories[&form.language].title.clone());
        differs("agency", or(&story.agency), or(&form.agency));
        differs("place", or(&story.place), or(&form.place));
        differs("dateline", or(&story.dateline), or(&form.dateline));
        let day = story.published.as_ref().map(|p| p.date.strftime("%m-%d").to_string());
        differs("day", day.unwrap_or_default(), or(&form.day));
        let credits: Vec<String> = story
            .credits
            .iter()
            .map(|c| {
                let place = c.place.as_ref().map(|p| format!(" @ {p}")).unwrap_or_default();
                format!("{}: {}{place}", c.role.word(), c.name)
            })
            .collect();
        differs("credits", credits.join("; "), form.credits.join("; "));
        let images: Vec<String> = story
            .images
            .iter()
            .map(|i| format!("{} | {}", i.caption.as_deref().unwrap_or("-"), i.credit.as_deref().unwrap_or("-")))
            .collect();
        differs("images", images.join("; "), form.images.join("; "));
        differs("body", story.body.join("\n"), body.join("\n"));
    }
    assert!(wrong.is_empty(), "{wrong}");
}
