//! Addresses: made absolute, without what only counts readers.

use url::Url;

use crate::import::address::is_tracking;

/// An address as it should be kept: absolute, of the web or of mail, without tracking parameters. None for scripts, data, places
/// on the page itself, and what is no address.
#[must_use]
pub fn clean(href: &str, base: Option<&Url>) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') || href.len() > 4000 {
        return None;
    }
    let mut url = match Url::parse(href) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => base?.join(href).ok()?,
        Err(_) => return None,
    };
    match url.scheme() {
        "http" | "https" => {
            url.host_str().filter(|host| !host.is_empty())?;
        }
        "mailto" | "tel" => return Some(url),
        _ => return None,
    }
    if let Some(base) = base
        && url.fragment().is_some()
        && {
            let (mut a, mut b) = (url.clone(), base.clone());
            a.set_fragment(None);
            b.set_fragment(None);
            a == b
        }
    {
        return None;
    }
    if url
        .query()
        .is_some_and(|query| query.split('&').any(|pair| is_tracking(pair.split('=').next().unwrap_or_default())))
    {
        let kept: Vec<&str> = url
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !is_tracking(pair.split('=').next().unwrap_or_default()))
            .collect();
        let kept = kept.join("&");
        url.set_query(if kept.is_empty() { None } else { Some(&kept) });
    }
    Some(url)
}

/// An address as the destination of a Markdown link.
#[must_use]
pub fn destination(url: &Url) -> String {
    let mut out = String::with_capacity(url.as_str().len());
    for c in url.as_str().chars() {
        match c {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '*' => out.push_str("%2A"),
            ' ' => out.push_str("%20"),
            '|' => out.push_str("%7C"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}
