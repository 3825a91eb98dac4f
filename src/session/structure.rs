//! Model and plan as one whole, with what they were made from.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::{
    config::{Config, Now},
    diagnostic::Diagnostic,
    fingerprint::{Fingerprint, Mixer},
    load::{Area, Snapshot},
    model::{Model, news_until},
    parse::{Document, Matter, Parsed},
    plan::Plan,
    render,
    social::Fonts,
};

/// Model and plan, and what they were made from: while that stays, so do they.
#[derive(Debug)]
pub struct Structure {
    setting: Setting,
    parsed: Arc<Parsed>,
    /// When the same files make another site, or the same one for other reasons.
    until: Option<Timestamp>,
    /// Of all that model and plan follow from.
    pub fingerprint: Fingerprint,
    /// The site's data.
    pub model: Model,
    /// Its outputs.
    pub plan: Plan,
    /// The templates that the outputs are made with.
    pub templates: BTreeSet<&'static str>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// What model and plan follow from besides the documents.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Of the settings, the options over them, and the names of the files that are copied.
    fingerprint: Fingerprint,
    now: Timestamp,
}

impl Setting {
    /// The setting of a build.
    pub fn new(snapshot: &Snapshot, config: &Config, theme_files: &[String], fonts: Option<&Fonts>, now: &Now) -> Self {
        let statics = snapshot.area(Area::Static).map(|file| &*file.path);
        let mut mixer = Mixer::new();
        mixer.fingerprint(snapshot.get("site.toml").map_or(Fingerprint::NONE, |file| file.fingerprint));
        mixer.text(&config.base_url.to_string()).number(u64::from(config.drafts));
        // One file of a theme and one of the site can go by the same name.
        mixer.number(theme_files.len() as u64);
        for name in theme_files.iter().map(String::as_str).chain(statics) {
            mixer.text(name);
        }
        mixer.fingerprint(fonts.map_or(Fingerprint::NONE, Fonts::fingerprint));
        Setting { fingerprint: mixer.finish(), now: now.timestamp }
    }
}

/// Documents that one core takes at a time.
const CHUNK: usize = 2048;

impl Structure {
    /// What was made of documents in a setting. One that is not `is_lasting` is so at this moment only.
    pub fn new(
        setting: Setting,
        parsed: &Arc<Parsed>,
        is_lasting: bool,
        fonts: Option<&Fonts>,
        model: Model,
        plan: Plan,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let mut mixer = Mixer::new();
        mixer.fingerprint(setting.fingerprint);
        if !is_lasting {
            mixer.text(&setting.now.to_string());
        }
        let documents: Vec<_> = parsed.documents().collect();
        let of_chunk = |documents: &[&Arc<Document>]| {
            let mut mixer = Mixer::new();
            for document in documents {
                let sketch = document.sketch.as_ref().map_or(Fingerprint::NONE, |sketch| sketch.fingerprint());
                mixer.text(&document.path).fingerprint(document.front).fingerprint(sketch);
            }
            mixer.finish()
        };
        for fingerprint in documents.par_chunks(CHUNK).map(of_chunk).collect::<Vec<_>>() {
            mixer.fingerprint(fingerprint);
        }
        // Asked for by the plan, where it had to ask.
        mixer.fingerprint(fonts.map_or(Fingerprint::NONE, Fonts::system_fingerprint));
        for id in model.news() {
            mixer.text(&model[*id].path);
        }
        for omission in model.omissions() {
            mixer.text(&omission.path).text(omission.reason.noun(1));
        }
        Structure {
            setting,
            parsed: Arc::clone(parsed),
            until: next_moment(&documents, setting.now),
            fingerprint: mixer.finish(),
            templates: render::templates(&model, &plan).collect(),
            model,
            plan,
            diagnostics,
        }
    }

    /// Whether another was made with the same settings.
    pub fn is_set_as(&self, other: &Structure) -> bool {
        self.setting.fingerprint == other.setting.fingerprint
    }

    /// Whether the same would be made of these documents in this setting.
    pub fn holds(&self, setting: &Setting, parsed: &Arc<Parsed>) -> bool {
        let is_same = |parsed: &Arc<Parsed>| {
            Arc::ptr_eq(parsed, &self.parsed)
                || parsed.documents().map(Arc::as_ptr).eq(self.parsed.documents().map(Arc::as_ptr))
        };
        self.setting.fingerprint == setting.fingerprint
            && self.setting.now <= setting.now
            && self.until.is_none_or(|until| setting.now < until)
            && is_same(parsed)
    }
}

/// The next moment that an article names. What is left out may then be left out for another reason, which is said, though
/// no page changes; and what is news now is none after two days.
fn next_moment(documents: &[&Arc<Document>], now: Timestamp) -> Option<Timestamp> {
    let moments = |document: &&Arc<Document>| match &document.matter {
        Matter::Article(matter) => {
            let date = matter.date.as_ref().map(|date| date.value);
            let [embargo, expiry] = [&matter.embargoed_until, &matter.expires].map(|when| when.as_deref().copied());
            let [date, embargo, expiry] = [date, embargo, expiry].map(|when| when.map(|when| when.timestamp()));
            [date, embargo, expiry, date.map(news_until)]
        }
        _ => [None; 4],
    };
    let moments = documents.par_iter().with_min_len(CHUNK).flat_map_iter(moments);
    moments.flatten_iter().filter(|moment| *moment > now).min()
}
