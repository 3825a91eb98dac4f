//! The wire services, by the marks they leave in text.

/// A wire service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agency {
    /// The slug that goes into front matter: `reuters`.
    pub slug: &'static str,
    /// How it signs itself, lower case: in a dateline's brackets, in bylines and copyright lines.
    marks: &'static [&'static str],
    /// Whether the marks are unlikely to mean anything else outside a dateline (`Reuters`, not `PA`).
    plain: bool,
}

const fn agency(slug: &'static str, marks: &'static [&'static str], plain: bool) -> Agency {
    Agency { slug, marks, plain }
}

/// One row per agency. A mark is compared whole, without case.
const AGENCIES: &[Agency] = &[
    agency(
        "reuters",
        &["reuters", "thomson reuters", "рейтер", "рейтерс"],
        true,
    ),
    agency(
        "thomson-reuters-foundation",
        &["thomson reuters foundation", "context"],
        false,
    ),
    agency(
        "ap",
        &["ap", "associated press", "the associated press"],
        true,
    ),
    agency(
        "afp",
        &[
            "afp",
            "agence france-presse",
            "agence france presse",
            "аfp",
            "афп",
        ],
        true,
    ),
    agency("dpa-afx", &["dpa-afx", "dpa-afx-analyser"], true),
    agency(
        "dpa",
        &["dpa", "deutsche presse-agentur", "dpa/tmn", "dpa-infocom"],
        true,
    ),
    agency("epd", &["epd"], false),
    agency("kna", &["kna"], false),
    agency("sid", &["sid"], false),
    agency("apa", &["apa"], false),
    agency(
        "keystone-sda",
        &["sda", "keystone-sda", "ats", "keystone-ats"],
        false,
    ),
    agency(
        "pa",
        &["pa", "pa media", "press association", "pa news agency"],
        false,
    ),
    agency("ansa", &["ansa"], true),
    agency("agi", &["agi"], false),
    agency("adnkronos", &["adnkronos"], true),
    agency("efe", &["efe", "agencia efe"], true),
    agency("europa-press", &["europa press"], true),
    agency("telam", &["télam", "telam"], true),
    agency("notimex", &["notimex"], true),
    agency("prensa-latina", &["prensa latina"], true),
    agency("lusa", &["lusa"], false),
    agency("belga", &["belga"], true),
    agency("anp", &["anp"], false),
    agency("ritzau", &["ritzau"], true),
    agency("ntb", &["ntb"], false),
    agency("tt", &["tt", "tt nyhetsbyrån"], false),
    agency("stt", &["stt"], false),
    agency("pap", &["pap"], false),
    agency("ctk", &["ctk", "čtk"], false),
    agency("tasr", &["tasr"], false),
    agency("mti", &["mti"], false),
    agency("agerpres", &["agerpres"], true),
    agency("bta", &["bta"], false),
    agency("hina", &["hina"], false),
    agency("tanjug", &["tanjug"], true),
    agency("tass", &["tass", "itar-tass", "тасс", "итар-тасс"], true),
    agency(
        "ria-novosti",
        &["ria novosti", "ria", "sputnik", "риа новости", "риа"],
        false,
    ),
    agency(
        "interfax-ukraine",
        &["interfax-ukraine", "интерфакс-украина", "інтерфакс-україна"],
        true,
    ),
    agency("interfax", &["interfax", "интерфакс"], true),
    agency("ukrinform", &["ukrinform", "укринформ", "укрінформ"], true),
    agency("unian", &["unian", "униан", "уніан"], true),
    agency("belta", &["belta", "белта"], true),
    agency("kazinform", &["kazinform"], true),
    agency("azertac", &["azertac"], true),
    agency("armenpress", &["armenpress"], true),
    agency("trend", &["trend"], false),
    agency(
        "anadolu",
        &["anadolu", "anadolu agency", "aa", "anadolu ajansı"],
        false,
    ),
    agency("irna", &["irna"], true),
    agency("isna", &["isna"], false),
    agency("wam", &["wam"], false),
    agency("spa", &["spa"], false),
    agency("mena", &["mena"], false),
    agency("petra", &["petra"], false),
    agency("sana", &["sana"], false),
    agency("xinhua", &["xinhua", "新华社", "新華社"], true),
    agency("cna", &["cna"], false),
    agency("kyodo", &["kyodo", "kyodo news", "共同"], true),
    agency("jiji", &["jiji", "jiji press", "時事"], true),
    agency("yonhap", &["yonhap", "yonhap news", "연합뉴스"], true),
    agency("pti", &["pti", "press trust of india"], true),
    agency("ani", &["ani"], false),
    agency("ians", &["ians"], true),
    agency("app", &["app"], false),
    agency("unb", &["unb"], false),
    agency("antara", &["antara"], false),
    agency("bernama", &["bernama"], true),
    agency("vna", &["vna"], false),
    agency("aap", &["aap", "australian associated press"], false),
    agency(
        "canadian-press",
        &["the canadian press", "canadian press", "cp"],
        false,
    ),
    agency("upi", &["upi"], true),
    agency("bloomberg", &["bloomberg", "bloomberg news"], true),
    agency("cnn", &["cnn", "cnn business"], true),
    agency("rfe-rl", &["rfe/rl", "rferl"], true),
    agency("ips", &["ips"], false),
    agency("nan", &["nan"], false),
    agency("gna", &["gna"], false),
    agency("aps", &["aps"], false),
    agency("map", &["map"], false),
    agency("tap", &["tap"], false),
];

/// The agency that signs with this mark inside a dateline: `Reuters`, `dpa/tmn`, `Reuters/AP` gives the first.
#[must_use]
pub fn by_mark(mark: &str) -> Option<Agency> {
    let mark = mark.trim().trim_end_matches('.').to_lowercase();
    find(&mark).or_else(|| {
        mark.split(['/', ',', '|'])
            .find_map(|part| find(part.trim()))
    })
}

/// The agency whose name this is where no dateline surrounds it, as in `Jane Doe, Reuters`.
#[must_use]
pub fn by_name(name: &str) -> Option<Agency> {
    by_mark(name).filter(|a| a.plain)
}

fn find(mark: &str) -> Option<Agency> {
    AGENCIES.iter().find(|a| a.marks.contains(&mark)).copied()
}
