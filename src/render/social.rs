//! Social cards: what each says, taken from the site.

use super::{Reader, Theme, view::Preview};
use crate::{
    error::{Error, Result},
    fingerprint::{Fingerprint, Mixer},
    locale::direction,
    model::FactKind,
    plan::{CardOf, Route},
    social::{self, Card, HEIGHT, WIDTH},
};

/// Words of the theme that cards say.
const WORDS: [&str; 3] = ["topic", "digest", "retracted"];

/// Of what a theme adds to cards.
pub fn style(theme: &Theme) -> Fingerprint {
    let colours = theme.card_colours();
    let mut mixer = Mixer::new();
    mixer.data(&[colours.paper, colours.ink, colours.accent]);
    for word in WORDS {
        mixer.text(&theme.words().text(word, None, &[]));
    }
    mixer.finish()
}

/// Draws a card.
///
/// # Errors
/// When the site has no typefaces, which a site with cards has.
pub fn render(reader: &Reader<'_>, of: CardOf) -> Result<Vec<u8>> {
    let fonts = reader.whole.fonts.ok_or_else(|| Error::new("find the typefaces of social cards"))?;
    let theme = reader.whole.theme;
    reader.log.add(FactKind::CardStyle, "");
    reader.log.add(FactKind::Typefaces, "");
    let mut card = card(reader, of);
    // Digits are in every typeface that has letters.
    let (said, day) = card.date;
    let date = if fonts.lacking(&said).is_empty() { said } else { day };
    for text in [&mut card.card.kicker, &mut card.card.site] {
        if !fonts.lacking(text).is_empty() {
            text.clear();
        }
    }
    card.card.date = date;
    let Card { title, kicker, date, site, .. } = &card.card;
    if [title, kicker, date, site].into_iter().any(|text| fonts.needs_system(text)) {
        reader.log.add(FactKind::Typefaces, "system");
    }
    Ok(social::draw(&card.card, fonts, theme.card_colours()))
}

/// A card, and its date as the site's language says it and in digits.
struct Said {
    card: Card,
    date: (String, String),
}

fn card(reader: &Reader<'_>, of: CardOf) -> Said {
    let config = reader.config;
    // Not through the log: what the words are is part of the style.
    let word = |key: &str| reader.whole.theme.words().text(key, None, &[]);
    let mut date = Default::default();
    let mut language = None;
    let (title, kicker) = match of {
        CardOf::Site => (config.title.clone(), String::new()),
        CardOf::Article(id) => {
            let article = &reader.model[id];
            let day = article.date.date();
            date = (reader.locale.day(day), day.to_string());
            language = article.matter.lang.clone();
            let kicker = match (article.matter.retraction(), article.topics.first()) {
                (Some(_), _) => word("retracted"),
                (None, Some(topic)) => reader.topic_link(*topic).title,
                (None, None) => String::new(),
            };
            (article.matter.title.clone(), kicker)
        }
        CardOf::Topic(id) => {
            let topic = &reader.model[id];
            language = topic.matter.lang.clone();
            (topic.matter.title.clone(), word("topic"))
        }
        CardOf::Digest(id) => {
            let digest = &reader.model[id];
            if let Some(period) = digest.coverage {
                date = (reader.locale.period(period), period.iso());
            }
            language = digest.matter().and_then(|matter| matter.lang.clone());
            (digest.title.clone(), word("digest"))
        }
    };
    let language = language.unwrap_or_else(|| config.language.clone());
    let site = match of {
        CardOf::Site => config.description.clone().unwrap_or_default(),
        _ => config.title.clone(),
    };
    let is_rtl = direction(&language) == "rtl";
    let site_language = config.language.clone();
    let is_site_rtl = direction(&site_language) == "rtl";
    Said { card: Card { title, language, is_rtl, site_language, is_site_rtl, kicker, date: String::new(), site }, date }
}

impl Reader<'_> {
    /// A page's social card, where the site has one.
    pub fn social_card(&self, page: &Route, title: &str) -> Option<Preview> {
        let route = Route::card(page);
        self.has(&route).then(|| Preview {
            url: self.urls.absolute(&route),
            alt: title.to_owned(),
            width: Some(WIDTH),
            height: Some(HEIGHT),
        })
    }
}
