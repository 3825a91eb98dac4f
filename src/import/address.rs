//! Addresses as the importer compares and keeps them.

use percent_encoding::percent_decode_str;
use url::Url;

/// Parameters that say where a reader came from and nothing about the page.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "vero_id",
    "vero_conv",
    "oly_enc_id",
    "oly_anon_id",
    "_openstat",
    "ref_src",
    "ref_url",
    "ns_mchannel",
    "ns_source",
    "ns_campaign",
    "ns_linkname",
    "ns_fee",
    "xtor",
    "wt_mc",
    "wt.mc_id",
    "wt_zmc",
    "cmpid",
    "cmp",
    "icid",
    "ito",
    "smid",
    "smtyp",
    "ftag",
    "traffic_source",
    "__twitter_impression",
    "__source",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "spm",
    "scid",
    "s_cid",
    "s_kwcid",
    "ocid",
    "cvid",
    "sc_campaign",
    "sc_channel",
    "sc_content",
    "sc_medium",
    "sc_outcome",
    "sc_geo",
    "sc_country",
    "mbid",
    "trk",
    "trkcampaign",
    "_ga",
    "_gl",
    "ncid",
    "rdt_cid",
    "epik",
    "campaign_id",
    "instance_id",
    "segment_id",
    "regi_id",
    "amp_js_v",
    "amp_gsa",
    "usqp",
    "hsctatracking",
    "wickedid",
    "at_medium",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "at_link_id",
    "at_link_type",
    "srsltid",
    "rss_id",
    "feature_source",
];

/// The beginnings of such parameters.
const TRACKING_STARTS: &[&str] =
    &["utm_", "at_campaign", "at_medium", "at_custom", "at_ptr", "at_link", "pk_", "mtm_", "hsa_", "stm_"];

/// Parameters that choose the page for slow connections.
const AMP: &[(&str, &[&str])] = &[("amp", &["", "1", "true"]), ("outputtype", &["amp"]), ("__amp_source_origin", &[])];

/// Whether a parameter only says where a reader came from.
#[must_use]
pub fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING.contains(&name.as_str()) || TRACKING_STARTS.iter().any(|start| name.starts_with(start))
}

/// An address without the parameters that track its reader. Everything else stays as it was written.
#[must_use]
pub fn clean(url: &Url) -> Url {
    let mut out = url.clone();
    let Some(query) = url.query() else { return out };
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !is_tracking(pair.split('=').next().unwrap_or_default())).collect();
    if kept.len() < query.split('&').count() {
        out.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    out
}

/// The address of a page as it is kept: [`clean`], and without the place in it.
#[must_use]
pub fn of_page(url: &Url) -> Url {
    let mut out = clean(url);
    // Some sites keep the page's name there.
    if !out.fragment().is_some_and(|fragment| fragment.starts_with(['!', '/'])) {
        out.set_fragment(None);
    }
    out
}

/// Reads the address of a page, and takes off what tracks its reader and what hides it: mailers lead through addresses of their
/// own that carry the true one.
#[must_use]
pub fn parse(text: &str, base: Option<&Url>) -> Option<Url> {
    let text = text.trim();
    // The parser would leave line ends out, and make one address of two.
    if text.contains(['\n', '\r', '\t']) {
        return None;
    }
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => base?.join(text).ok()?,
        Err(_) => return None,
    };
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    is_web.then(|| of_page(&direct(&url)))
}

/// Where an address that only leads on leads to, where it says so itself.
fn direct(url: &Url) -> Url {
    const CARRIERS: &[&str] = &[
        "url",
        "u",
        "target",
        "redirect",
        "redirect_url",
        "redirect_uri",
        "dest",
        "destination",
        "link",
        "to",
        "q",
        "goto",
    ];
    let host = url.host_str().unwrap_or_default();
    let path = url.path().to_ascii_lowercase();
    let leads_on = [
        "click",
        "track",
        "link.",
        "links.",
        "email.",
        "news.google.",
        "l.facebook.",
        "lm.facebook.",
        "safelinks.",
        "go.",
        "t.",
        "redirect",
    ]
    .iter()
    .any(|start| host.starts_with(start) || host.contains("safelinks"))
        || ["/url", "/redirect", "/click", "/track", "/l.php", "/out", "/goto", "/ls/click", "/ct"]
            .iter()
            .any(|start| path.starts_with(start));
    if !leads_on {
        return url.clone();
    }
    url.query_pairs()
        .filter(|(name, _)| CARRIERS.contains(&name.to_ascii_lowercase().as_str()))
        .find_map(|(_, value)| Url::parse(&value).ok().filter(|to| matches!(to.scheme(), "http" | "https")))
        .unwrap_or_else(|| url.clone())
}

/// What two addresses of one page share: scheme, `www.`, letter case of the host, trailing slash, fragment, tracking parameters, the
/// order of the others, and the forms for telephones and slow connections aside. `None` for what is no web address.
#[must_use]
pub fn key(text: &str) -> Option<String> {
    let url = unamped(&parse(text, None)?);
    let mut host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    for start in ["www.", "m.", "mobile.", "amp."] {
        // Not the whole name: `m.org` is a site.
        if let Some(rest) = host.strip_prefix(start)
            && rest.contains('.')
        {
            host = rest.to_owned();
        }
    }
    if let Some(port) = url.port() {
        host.push_str(&format!(":{port}"));
    }
    let decoded = percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
    let mut parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && matches!(parts.first(), Some(&"amp")) {
        parts.remove(0);
    }
    if parts.len() > 1 && matches!(parts.last(), Some(&("amp" | "amp.html" | "index.html" | "index.htm" | "index.php")))
    {
        parts.pop();
    } else if parts.len() == 1 && matches!(parts[0], "index.html" | "index.htm" | "index.php") {
        parts.clear();
    }
    let mut path = parts.join("/");
    for (end, plain) in [(".amp.html", ".html"), (".amp", ""), ("-amp.html", ".html")] {
        if let Some(rest) = path.strip_suffix(end) {
            path = format!("{rest}{plain}");
            break;
        }
    }
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, value)| {
            let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
            !AMP.iter().any(|(amp, values)| *amp == name && (values.is_empty() || values.contains(&value.as_str())))
        })
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    pairs.sort();
    let mut out = format!("{host}/{path}");
    for (at, (name, value)) in pairs.iter().enumerate() {
        out.push_str(if at == 0 { "?" } else { "&" });
        out.push_str(&format!("{name}={value}"));
    }
    // Some sites keep the page's name in the fragment.
    if let Some(page) = url.fragment().filter(|fragment| fragment.starts_with('!')) {
        out.push_str(&format!("#{page}"));
    }
    Some(out)
}

/// The publisher's address in that of a copy that an AMP cache holds.
fn unamped(url: &Url) -> Url {
    let host = url.host_str().unwrap_or_default();
    let path = url.path().trim_start_matches('/');
    let is_google = host.split('.').any(|part| part == "google") && path.starts_with("amp/");
    let rest = if is_google {
        &path["amp/".len()..]
    } else if host.ends_with(".cdn.ampproject.org") {
        path.split_once('/').map_or("", |(_, rest)| rest)
    } else {
        return url.clone();
    };
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    Url::parse(&format!("https://{rest}{}", url.query().map(|query| format!("?{query}")).unwrap_or_default()))
        .ok()
        .filter(|url| url.host_str().is_some_and(|host| host.contains('.')))
        .map_or_else(|| url.clone(), |url| clean(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_has_one_key() {
        let forms = [
            "https://example.org/2022/talks",
            "http://www.example.org/2022/talks/",
            "https://EXAMPLE.org/2022/talks#comments",
            "https://m.example.org/2022/talks?utm_source=x&fbclid=y",
            "https://example.org:443/2022/talks/amp/",
            "https://amp.example.org/2022/talks",
            "https://example.org/amp/2022/talks",
            "https://example.org/2022/talks?amp=1",
            "https://example.org/2022/talks?outputType=amp",
            "https://www.google.com/amp/s/example.org/2022/talks",
            "https://example-org.cdn.ampproject.org/c/s/example.org/2022/talks",
            "https://example.org/2022/%74alks/index.html",
        ];
        for form in forms {
            assert_eq!(key(form).as_deref(), Some("example.org/2022/talks"), "{form}");
        }
        assert_eq!(key("https://example.org/n.amp.html"), key("https://example.org/n.html"));
        assert_eq!(key("https://example.org/?b=2&a=1"), key("http://example.org?a=1&b=2"));
        for (one, other) in [
            ("https://example.org/a", "https://example.org/b"),
            ("https://example.org/?id=1", "https://example.org/?id=2"),
            ("https://en.example.org/a", "https://de.example.org/a"),
            ("https://example.org/a", "https://example.org:8080/a"),
            ("https://m.org/a", "https://org/a"),
        ] {
            assert_ne!(key(one), key(other));
        }
        assert_eq!(key("mailto:a@example.org"), None);
        assert_eq!(key("nonsense"), None);
    }

    #[test]
    fn what_tracks_and_hides_goes() {
        let parsed = |text: &str| parse(text, None).map(String::from);
        assert_eq!(
            parsed("https://example.org/a?utm_medium=m&id=7&gclid=1").as_deref(),
            Some("https://example.org/a?id=7")
        );
        assert_eq!(
            parsed("https://click.mailer.example/?u=https%3A%2F%2Fexample.org%2Fa%3Futm_source%3Dm&c=9").as_deref(),
            Some("https://example.org/a")
        );
        // An address that only mentions another one stays.
        assert_eq!(
            parsed("https://example.org/share?url=https://example.net/").as_deref(),
            Some("https://example.org/share?url=https://example.net/")
        );
    }
}
