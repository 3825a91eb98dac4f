//! The wire services, by the marks they leave in text.

use regex::Regex;
use std::sync::LazyLock;

use super::re;

/// A wire service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agency {
    /// The slug that goes into front matter: `reuters`.
    pub slug: &'static str,
    /// How it calls itself.
    pub name: &'static str,
    /// How it signs itself, lower case: in a dateline's brackets, in bylines and copyright lines.
    marks: &'static [&'static str],
    /// Whether the marks are unlikely to mean anything else outside a dateline (`Reuters`, not `PA`).
    plain: bool,
}

const fn agency(slug: &'static str, name: &'static str, marks: &'static [&'static str], plain: bool) -> Agency {
    Agency { slug, name, marks, plain }
}

/// One row per agency. A mark is compared whole, without case.
const AGENCIES: &[Agency] = &[
    agency("reuters", "Reuters", &["reuters", "thomson reuters", "рейтер", "рейтерс", "ロイター"], true),
    agency(
        "thomson-reuters-foundation",
        "Thomson Reuters Foundation",
        &["thomson reuters foundation", "context"],
        false,
    ),
    agency("ap", "Associated Press", &["ap", "associated press", "the associated press"], true),
    agency("afp", "Agence France-Presse", &["afp", "agence france-presse", "agence france presse", "аfp", "афп"], true),
    agency("dpa-afx", "dpa-AFX", &["dpa-afx", "dpa-afx-analyser"], true),
    agency("dpa", "dpa", &["dpa", "deutsche presse-agentur", "dpa/tmn", "dpa-infocom"], true),
    agency("epd", "epd", &["epd"], false),
    agency("kna", "KNA", &["kna"], false),
    agency("sid", "SID", &["sid"], false),
    agency("apa", "APA", &["apa"], false),
    agency("keystone-sda", "Keystone-SDA", &["sda", "keystone-sda", "ats", "keystone-ats"], false),
    agency("pa", "PA Media", &["pa", "pa media", "press association", "pa news agency"], false),
    agency("ansa", "ANSA", &["ansa"], true),
    agency("agi", "AGI", &["agi"], false),
    agency("adnkronos", "Adnkronos", &["adnkronos"], true),
    agency("efe", "EFE", &["efe", "agencia efe"], true),
    agency("europa-press", "Europa Press", &["europa press"], true),
    agency("telam", "Télam", &["télam", "telam"], true),
    agency("notimex", "Notimex", &["notimex"], true),
    agency("prensa-latina", "Prensa Latina", &["prensa latina"], true),
    agency("lusa", "Lusa", &["lusa"], false),
    agency("belga", "Belga", &["belga"], true),
    agency("anp", "ANP", &["anp"], false),
    agency("ritzau", "Ritzau", &["ritzau"], true),
    agency("ntb", "NTB", &["ntb"], false),
    agency("tt", "TT", &["tt", "tt nyhetsbyrån"], false),
    agency("stt", "STT", &["stt"], false),
    agency("pap", "PAP", &["pap"], false),
    agency("ctk", "ČTK", &["ctk", "čtk"], false),
    agency("tasr", "TASR", &["tasr"], false),
    agency("mti", "MTI", &["mti"], false),
    agency("agerpres", "Agerpres", &["agerpres"], true),
    agency("bta", "BTA", &["bta"], false),
    agency("hina", "Hina", &["hina"], false),
    agency("tanjug", "Tanjug", &["tanjug"], true),
    agency("tass", "TASS", &["tass", "itar-tass", "тасс", "итар-тасс"], true),
    agency("ria-novosti", "RIA Novosti", &["ria novosti", "ria", "sputnik", "риа новости", "риа"], false),
    agency(
        "interfax-ukraine",
        "Interfax-Ukraine",
        &["interfax-ukraine", "интерфакс-украина", "інтерфакс-україна"],
        true,
    ),
    agency("interfax", "Interfax", &["interfax", "интерфакс", "interfax.ru"], true),
    agency("ukrinform", "Ukrinform", &["ukrinform", "укринформ", "укрінформ"], true),
    agency("unian", "UNIAN", &["unian", "униан", "уніан"], true),
    agency("belta", "BelTA", &["belta", "белта"], true),
    agency("kazinform", "Kazinform", &["kazinform"], true),
    agency("azertac", "AZERTAC", &["azertac"], true),
    agency("armenpress", "Armenpress", &["armenpress"], true),
    agency("trend", "Trend", &["trend"], false),
    agency("anadolu", "Anadolu", &["anadolu", "anadolu agency", "aa", "anadolu ajansı"], false),
    agency("irna", "IRNA", &["irna"], true),
    agency("isna", "ISNA", &["isna"], false),
    agency("wam", "WAM", &["wam"], false),
    agency("spa", "SPA", &["spa"], false),
    agency("mena", "MENA", &["mena"], false),
    agency("petra", "Petra", &["petra"], false),
    agency("sana", "SANA", &["sana"], false),
    agency("xinhua", "Xinhua", &["xinhua", "新华社", "新華社"], true),
    agency("cna", "CNA", &["cna"], false),
    agency("kyodo", "Kyodo News", &["kyodo", "kyodo news", "共同"], true),
    agency("jiji", "Jiji Press", &["jiji", "jiji press", "時事"], true),
    agency("yonhap", "Yonhap", &["yonhap", "yonhap news", "연합뉴스"], true),
    agency("pti", "Press Trust of India", &["pti", "press trust of india"], true),
    agency("ani", "ANI", &["ani"], false),
    agency("ians", "IANS", &["ians"], true),
    agency("app", "APP", &["app"], false),
    agency("unb", "UNB", &["unb"], false),
    agency("antara", "Antara", &["antara"], false),
    agency("bernama", "Bernama", &["bernama"], true),
    agency("vna", "VNA", &["vna"], false),
    agency("aap", "AAP", &["aap", "australian associated press"], false),
    agency("canadian-press", "The Canadian Press", &["the canadian press", "canadian press", "cp"], false),
    agency("upi", "UPI", &["upi"], true),
    agency("bloomberg", "Bloomberg", &["bloomberg", "bloomberg news"], true),
    agency("cnn", "CNN", &["cnn", "cnn business"], true),
    agency("rfe-rl", "RFE/RL", &["rfe/rl", "rferl"], true),
    agency("ips", "IPS", &["ips"], false),
    agency("nan", "NAN", &["nan"], false),
    agency("gna", "GNA", &["gna"], false),
    agency("aps", "APS", &["aps"], false),
    agency("map", "MAP", &["map"], false),
    agency("tap", "TAP", &["tap"], false),
];

/// The agency that signs with this mark inside a dateline: `Reuters`, `dpa/tmn`, `Reuters/AP` gives the first.
#[must_use]
pub fn by_mark(mark: &str) -> Option<Agency> {
    let mark = mark.trim().trim_end_matches('.').to_lowercase();
    find(&mark).or_else(|| mark.split(['/', ',', '|']).find_map(|part| find(part.trim())))
}

/// The agency whose name this is where no dateline surrounds it, as in `Jane Doe, Reuters`.
#[must_use]
pub fn by_name(name: &str) -> Option<Agency> {
    by_mark(name).filter(|a| a.plain)
}

/// The agency that a copyright line names as the holder: `Copyright 2024 The Associated Press`, `© PA Media Ltd`.
///
/// A line with neither a year nor a word on rights may be the credit of a photograph, and counts for nothing.
#[must_use]
pub fn holder(line: &str) -> Option<Agency> {
    static HOLDER: LazyLock<Regex> = LazyLock::new(|| {
        re(
            r"(?i)^\W*(?:copyright\s*)?(?:©|\(c\)|copyright)?\s*(?:by\s+)?(?P<before>\d{4}(?:\s?[-–]\s?\d{4})?)?,?\s*(?:by\s+)?(?P<name>\p{L}[\p{L}\s-]{1,40}?)(?:\s+(?:ltd|inc|gmbh|limited|s\.?a\.?))?\s*(?P<after>[.,]?\s*\d{4}(?:\s?[-–]\s?\d{4})?)?(?:[.,:;|(]|\s+all\s+rights|$)",
        )
    });
    let lower = line.to_lowercase();
    if !lower.starts_with(['©', '(', 'c', '*'])
        || !(lower.contains('©') || lower.contains("(c)") || lower.contains("copyright"))
    {
        return None;
    }
    let found = HOLDER.captures(line)?;
    let dated = found.name("before").is_some() || found.name("after").is_some();
    let sure =
        dated || ["rights", "rechte", "droits", "derechos", "prohibi", "права"].iter().any(|w| lower.contains(w));
    by_mark(&found["name"]).filter(|_| sure)
}

/// The agency that goes by this slug in front matter.
#[must_use]
pub fn by_slug(slug: &str) -> Option<Agency> {
    AGENCIES.iter().find(|a| a.slug == slug).copied()
}

impl Agency {
    /// Whether this is one of its names or marks, in whatever case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        name == self.name || self.marks.contains(&name.trim().to_lowercase().as_str())
    }
}

fn find(mark: &str) -> Option<Agency> {
    AGENCIES.iter().find(|a| a.marks.contains(&mark)).copied()
}
