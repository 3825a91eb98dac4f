//! `dateline why`: why a page would be made or kept, why something is in the site or a digest, or is not.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::{Outcome, Terminal, build::folder, now};
use crate::{
    cli::WhyArgs,
    config::{Config, Overrides},
    diagnostic::{Diagnostic, did_you_mean},
    error::Result,
    model::{ArticleId, DigestId, Membership, Model, Refusal},
    session::{Inspected, Session},
    write::Output,
};

/// What was asked about.
enum Answer {
    /// A line that answers.
    Line(String),
    /// The output at this path: whether it would be made is for the build to say.
    Output(String),
    /// Nothing of the site goes by that name; what to do.
    Unknown(String),
}

pub fn run(root: &Path, args: &WhyArgs, terminal: &Terminal) -> Result<Outcome> {
    let overrides = Overrides { base_url: args.site.base_url.clone(), origin: None, drafts: args.site.drafts };
    let mut session = Session::new(root.to_owned(), overrides, now(args.site.now)?).with_cache();
    let mut output = Output::look(folder(root, args.output.as_deref()), root);
    let answer = Mutex::new(None);
    let report = session.build(
        &mut output,
        Some(&|site: &Inspected<'_>, _: &mut Vec<Diagnostic>| {
            let found = match &args.digest {
                Some(digest) => membership(site, &args.target, digest),
                None => place(site, &args.target),
            };
            *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        }),
    )?;
    match answer.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(Answer::Line(line)) => terminal.print(&line),
        Some(Answer::Output(path)) => {
            let kept = || format!("{path} would be kept: everything that it was made from is as it was");
            terminal.print(&report.explanation(&path).unwrap_or_else(kept));
        }
        Some(Answer::Unknown(hint)) => {
            terminal.problem(&format!("nothing in the site goes by `{}`", args.target), Some(&hint));
            return Ok(Outcome::WrongUsage);
        }
        None => {
            terminal.report(&report, args.site.format);
            return Ok(Outcome::SiteHasErrors);
        }
    }
    Ok(Outcome::Done)
}

/// A page by its address, or a file by its path.
fn place(site: &Inspected<'_>, target: &str) -> Answer {
    let path = below_root(site, target);
    if let Some(omission) = site.model.omissions().iter().find(|omission| *omission.path == *path) {
        return Answer::Line(format!("{path} is left out of the site: {}", omission.reason.noun(1)));
    }
    if let Some(route) = site.plan.route_of(&path) {
        return Answer::Output(route.output_path());
    }
    let folder = if path.is_empty() { String::new() } else { format!("{}/", path.trim_end_matches('/')) };
    for candidate in [path.clone(), format!("{folder}index.html")] {
        if site.plan.get(&candidate).is_some() {
            return Answer::Output(candidate);
        }
    }
    let known = site.plan.sources().chain(site.plan.indexable().map(|(route, _)| route.as_str()));
    Answer::Unknown(match did_you_mean(target, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a page by its address, or a file of content/ by its path".to_owned(),
    })
}

/// The path below the site's root, of an address or of a file.
fn below_root(site: &Inspected<'_>, target: &str) -> String {
    let base = site.urls.base();
    let path = target.strip_prefix(base.origin()).unwrap_or(target);
    let path = path.strip_prefix("./").unwrap_or(path);
    let below = path.strip_prefix(base.path()).unwrap_or(path);
    let decoded = percent_encoding::percent_decode_str(below).decode_utf8_lossy();
    decoded.trim_start_matches('/').to_owned()
}

fn membership(site: &Inspected<'_>, target: &str, digest: &str) -> Answer {
    let model = site.model;
    let path = below_root(site, target);
    if let Some(omission) = model.omissions().iter().find(|omission| *omission.path == *path) {
        let reason = omission.reason.noun(1);
        return Answer::Line(format!("out: {path} is left out of the site: {reason}"));
    }
    let is_article = |id: &ArticleId| {
        let article = &model[*id];
        let is_address = |route: &str| route.trim_matches('/') == path.trim_matches('/');
        *article.path == *path
            || article.id == target
            || article.slug == target
            || site.plan.route_of(&article.path).is_some_and(|route| is_address(route.as_str()))
    };
    let Some(article) = model.articles().map(|(id, _)| id).find(is_article) else {
        return Answer::Unknown(
            match did_you_mean(&path, model.articles().map(|(_, article)| article.path.as_ref())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name an article by its file, address, id or slug".to_owned(),
            },
        );
    };
    let wanted = below_root(site, digest);
    let is_digest = |id: &DigestId| {
        let digest = &model[*id];
        digest.slug == wanted.trim_matches('/') || digest.path().is_some_and(|path| **path == *wanted)
    };
    let Some(digest) = model.newest_digests().iter().copied().find(is_digest) else {
        return Answer::Unknown(match did_you_mean(&wanted, model.digests().map(|(_, digest)| digest.slug.as_str())) {
            Some(near) => format!("there is no digest `{wanted}`; did you mean `{near}`?"),
            None => format!("there is no digest `{wanted}`; name one by its file or address"),
        });
    };
    Answer::Line(explain(model, article, digest, site.config))
}

/// One sentence, from the comparison that decided.
fn explain(model: &Model, id: ArticleId, digest_id: DigestId, config: &Config) -> String {
    let Some(original) = model[id].copy_of else { return of_original(model, id, digest_id, config) };
    let reason = of_original(model, original, digest_id, config);
    format!("{reason}; it is the same text as {}, which is shown for both", model[original].path)
}

fn of_original(model: &Model, id: ArticleId, digest_id: DigestId, config: &Config) -> String {
    let (article, digest) = (&model[id], &model[digest_id]);
    let refusal = match model.membership(id, digest_id, &config.language) {
        Membership::Listed => return format!("in: it is listed under `[[items]]` of \"{}\"", digest.title),
        Membership::Found => return format!("in: it meets every condition of \"{}\"", digest.title),
        Membership::NotListed => {
            return format!("out: \"{}\" is a list without a query, and does not list it", digest.title);
        }
        Membership::Refused(refusal) => refusal,
    };
    let reason = match refusal {
        Refusal::Topic => "in none of the digest's topics, nor in one that is narrower".to_owned(),
        Refusal::Excluded => "named under `exclude`".to_owned(),
        Refusal::Period => format!(
            "dated {} in {}: outside {}",
            article.date.date(),
            config.zone.iana_name().unwrap_or("UTC"),
            digest.coverage.map(|period| period.iso()).unwrap_or_default()
        ),
        Refusal::Tag => "it has none of the tags that the query names".to_owned(),
        Refusal::Publisher => "it was read at none of the publishers that the query names".to_owned(),
        Refusal::Agency => "it comes from none of the agencies that the query names".to_owned(),
        Refusal::Person => "none of the people that the query names is in it".to_owned(),
        Refusal::Place => "none of the places that the query names is in it".to_owned(),
        Refusal::Organization => "none of the organizations that the query names is in it".to_owned(),
        Refusal::Genre => "it is of another genre than the query names".to_owned(),
        Refusal::Language => "it is in another language than the query names".to_owned(),
        Refusal::Urgency => "it is less urgent than the query asks, or says nothing of its urgency".to_owned(),
    };
    format!("out: {reason}")
}
