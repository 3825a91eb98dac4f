//! A folder of pages as a curator has it: six languages, three scripts, many outlets; imported, grouped and built.

use crate::{import_web::articles, site_test::Site};

/// An outlet's page: language, outlet, host, title, date, paragraphs.
type Story = (&'static str, &'static str, &'static str, &'static str, &'static str, [&'static str; 3]);

/// Five stories, each told by outlets of one language.
const STORIES: [Story; 6] = [
    (
        "en",
        "The Quay Courier",
        "quay.example",
        "Ferry workers end their strike after nine days",
        "2022-01-21T10:00:00Z",
        [
            "Ferry workers went back to their posts on Friday after nine days, when the owners agreed to pay for the hours that storms had cost them.",
            "The first boat left the quay at six in the morning with forty passengers, most of them nurses on their way to the night's end.",
            "Neither side would say how much the agreement costs, but the union called it the best in a generation.",
        ],
    ),
    (
        "de",
        "Hafenblatt",
        "hafen.example",
        "Fährleute beenden ihren Streik nach neun Tagen",
        "2022-01-21T11:00:00+01:00",
        [
            "Die Fährleute haben am Freitag nach neun Tagen ihre Arbeit wieder aufgenommen, nachdem die Reeder die Sturmstunden bezahlen wollen.",
            "Das erste Schiff legte um sechs Uhr morgens mit vierzig Fahrgästen ab, die meisten von ihnen Pflegekräfte auf dem Weg zum Dienst.",
            "Wie teuer die Einigung wird, wollte keine Seite sagen, doch die Gewerkschaft nannte sie die beste seit Jahrzehnten.",
        ],
    ),
    (
        "fr",
        "Le Courrier du Quai",
        "courrier.example",
        "Les marins du bac mettent fin à neuf jours de grève",
        "2022-01-21T12:00:00+01:00",
        [
            "Les marins du bac ont repris le travail vendredi après neuf jours de grève, une fois que les armateurs ont accepté de payer les heures de tempête.",
            "Le premier bateau a quitté le quai à six heures du matin avec quarante passagers, pour la plupart des infirmières qui allaient prendre leur service.",
            "Aucune des deux parties n’a voulu dire combien coûte cet accord, mais le syndicat le dit le meilleur depuis une génération.",
        ],
    ),
    (
        "es",
        "Diario del Muelle",
        "muelle.example",
        "Los marineros del transbordador terminan nueve días de huelga",
        "2022-01-21T09:00:00-03:00",
        [
            "Los marineros del transbordador volvieron el viernes al trabajo tras nueve días de huelga, cuando los armadores aceptaron pagar las horas de temporal.",
            "El primer barco salió del muelle a las seis de la mañana con cuarenta pasajeros, casi todas enfermeras que iban a empezar su turno.",
            "Ninguna de las partes quiso decir cuánto cuesta el acuerdo, pero el sindicato lo llamó el mejor de una generación.",
        ],
    ),
    (
        "ru",
        "Портовая газета",
        "port.example",
        "Паромщики закончили забастовку через девять дней",
        "2022-01-21T13:00:00+03:00",
        [
            "Паромщики вернулись в пятницу на работу после девяти дней забастовки, когда владельцы согласились оплатить часы, потерянные из-за штормов.",
            "Первое судно отошло от причала в шесть часов утра с сорока пассажирами, большинство из которых были медсёстры, спешившие на смену.",
            "Ни одна из сторон не сказала, сколько стоит соглашение, но профсоюз назвал его лучшим за целое поколение.",
        ],
    ),
    (
        "zh",
        "码头日报",
        "matou.example",
        "渡轮工人结束九天罢工",
        "2022-01-21T18:00:00+08:00",
        [
            "渡轮工人在罢工九天之后于星期五恢复工作，此前船东同意支付因风暴而损失的工时，双方在凌晨签署了一份为期三年的协议。",
            "第一班渡轮于早上六点离开码头，船上有四十名乘客，其中大多数是前往医院上早班的护士，她们已经有一个多星期没有准时上班了。",
            "双方都没有说明这份协议的费用，但工会称这是一代人以来最好的协议，并感谢居民在寒冷的日子里给工人送来的热茶。",
        ],
    ),
];

/// The same story on another outlet's page: its own furniture, its own way to tell the date.
fn render(story: &Story, outlet: usize) -> (String, String) {
    let (lang, name, host, title, date, paragraphs) = story;
    let host = format!("n{outlet}.{host}");
    let name = format!("{name} {outlet}");
    let title = format!("{title} ({outlet})");
    let url = format!("https://{host}/2022/{outlet}");
    let mut text: Vec<String> = paragraphs.iter().map(|text| (*text).to_owned()).collect();
    text.rotate_left(outlet % 3);
    text.push(format!("{} {name}.", paragraphs[outlet % 3]));
    let body: String = text.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    let head = match outlet % 3 {
        0 => format!(
            "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\"headline\":\"{title}\",\"datePublished\":\"{date}\",\"inLanguage\":\"{lang}\",\"publisher\":{{\"@type\":\"Organization\",\"name\":\"{name}\",\"url\":\"https://{host}/\"}},\"mainEntityOfPage\":\"{url}\"}}</script>"
        ),
        1 => format!(
            "<meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{title}\"><meta property=\"og:site_name\" content=\"{name}\"><meta property=\"article:published_time\" content=\"{date}\"><link rel=\"canonical\" href=\"{url}\">"
        ),
        _ => format!(
            "<meta name=\"date\" content=\"{date}\"><meta name=\"DC.title\" content=\"{title}\"><link rel=\"canonical\" href=\"{url}\">"
        ),
    };
    let shell = match outlet % 2 {
        0 => format!(
            "<header><a href=\"/\">{name}</a><nav><ul><li><a href=\"/a\">A</a></li><li><a href=\"/b\">B</a></li></ul></nav></header><main><article><h1>{title}</h1><time datetime=\"{date}\">{date}</time>{body}</article></main><aside><h2>+</h2><a href=\"/c\">C</a></aside>"
        ),
        _ => format!(
            "<div id=\"wrap\"><div class=\"menu\"><a href=\"/a\">A</a> | <a href=\"/b\">B</a></div><div class=\"content\"><h1>{title}</h1><div class=\"story-body\">{body}</div></div><div class=\"footer\">© {name}</div></div>"
        ),
    };
    (
        url,
        format!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title} | {name}</title>{head}</head><body>{shell}</body></html>"
        ),
    )
}

#[test]
fn pages_of_many_outlets_become_a_digest() {
    let site = Site::new()
        .topic("ferries", "")
        .digest("ferries/2022-01", "topic = \"ferries\"\ntemporal_coverage = \"2022-01\"");
    for story in &STORIES {
        for outlet in 0..6 {
            site.write(&format!("clips/{}/{outlet}.html", story.0), render(story, outlet).1);
        }
    }
    site.run("import clips --topic ferries").succeeds().stdout_has("36 imported");
    let found = articles(&site);
    assert_eq!(found.len(), 36);
    let placed = found.iter().filter(|(path, _)| path.starts_with("content/articles/2022/01/")).count();
    assert!(placed >= 34, "{placed} of 36 have a title and a date: {found:#?}");
    for story in &STORIES {
        let lang = story.0;
        let of: Vec<&String> = found.iter().map(|(_, text)| text).filter(|text| text.contains(story.5[1])).collect();
        assert_eq!(of.len(), 6, "{lang}");
        for text in of {
            assert!(text.contains(story.5[0]) && text.contains(story.5[2]), "{lang}: a paragraph is missing\n{text}");
            assert!(text.contains(&format!("title = \"{}", story.3)), "{lang}\n{text}");
            assert!(text.contains(&format!("lang = \"{lang}\"")), "{lang}\n{text}");
        }
    }
    let outlets = found.iter().filter(|(_, text)| text.contains("\npublisher = ")).count();
    assert!(outlets >= 24, "{outlets} of 36 name their outlet");
    site.build();
    let digest = site.page("/ferries/2022-01/");
    for story in &STORIES {
        digest.says(story.3);
    }
    site.run("import clips --topic ferries").succeeds().stdout_has("0 imported; 36 in the site already");
    site.run("check").succeeds();
}
