//! Wire copies: one text of an agency at several outlets is one item and one origin; what is not sure is never folded.
//!
//! The cases below are made up. They are what the bounds in `src/model/copies.rs` were measured on: what must fold lies well
//! above them, what must not lies below, or is held back by what differs in it.

use crate::site_test::Site;

/// A report of an agency, as it left the desk.
const STORY: &str = "\
Ferry crews in the strait walked off their boats on Tuesday after talks on night shifts broke down, and left 14,000 \
travellers waiting on both shores.

The harbour office in Vesthavn said 23 of 31 crossings were cancelled by noon. Two freight boats sailed under guard, \
carrying medicine and milk for the outer islands.

\"We have asked for one quiet night in three, and the answer was a form to fill in,\" said Marta Lind, who speaks for the \
crews. \"Nobody on these boats has slept properly since the bridge closed.\"

The company, Sundlinjen, said that it had offered extra pay worth 4.5 percent and would not bargain in public. Its head, \
Oskar Brekke, flew home from a shipping fair in Rotterdam to join the talks.

The bridge across the strait has been shut since a barge struck a pier in March, and the boats carry three times as many \
people as before. Engineers expect to open one lane in October at the earliest.

On the quay in Vesthavn, a fish dealer gave away mackerel that would not last until evening. Schools on the islands \
sent pupils home at lunch, and the hospital moved eleven patients by helicopter.

Arbitrators from the labour court meet both sides on Thursday. Under the law, a strike that threatens supplies can be \
halted for twenty days, but the crews say that they would rather pay the fine.

A similar dispute four years ago ended after nine days, when the ministry paid for an extra boat. The ministry said \
on Tuesday that no money was set aside for another.
";

/// Another report of the same event, by someone who was there as well.
const OTHER_STORY: &str = "\
No boats left Vesthavn before noon on Tuesday. The crews of the strait's ferries have stopped work in a quarrel over \
nights on duty, and thousands of passengers slept in cars or turned back.

Sundlinjen, the operator, told reporters that three quarters of the day's departures would not take place. A handful of \
cargo trips went ahead so that chemists and shops on the islands would not run out.

Marta Lind of the crews' union accused managers of answering every request with paperwork. Her members, she added, had \
been exhausted ever since the bridge was lost to traffic in spring.

Oskar Brekke, chief executive, cut short a journey to the Netherlands. The union has turned down a rise that he called \
generous; a court will hear both parties later this week, and could order a pause in the walkout.
";

/// The first paragraphs.
fn cut(text: &str, paragraphs: usize) -> String {
    text.split("\n\n").take(paragraphs).collect::<Vec<_>>().join("\n\n") + "\n"
}

fn replaced(pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(STORY.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// The first paragraphs told anew, with the state of the evening.
fn updated() -> String {
    let rest = STORY.split("\n\n").skip(3).collect::<Vec<_>>().join("\n\n");
    format!(
        "Ferry crews in the strait will sail again from midnight, both sides said on Tuesday, after the company took back \
         its new rota for the nights.\n\nAll 31 crossings are planned for Wednesday, the harbour office in Vesthavn said. \
         Some 9,000 travellers were still waiting in the evening.\n\nMarta Lind, who speaks for the crews, called the \
         agreement a truce and no more.\n\n{rest}"
    )
}

/// A report in the outlet's own words, with some paragraphs of the agency's.
fn rewritten(paragraphs: usize) -> String {
    let own = "Anyone who wanted to reach the islands on Tuesday needed patience. Crews have gone on strike, and nearly \
               all crossings fell out. Passengers told us of nights in their cars, and of children who thought that it was \
               an adventure. The union wants fewer nights; the company points at its offer.";
    format!("{own}\n\n{}", STORY.split("\n\n").skip(4).take(paragraphs).collect::<Vec<_>>().join("\n\n"))
}

/// A site with the story as the agency's customer `quay` carried it, and another article to hold against it.
fn site(day: &str, keys: &str, body: &str) -> Site {
    let agency = |slug: &str, name: &str, country: &str| {
        format!("content/publishers/{slug}.md\0name = \"{name}\"\nkind = \"agency\"\ncountry = \"{country}\"")
    };
    let mut site = Site::new().topic("strike", "");
    for row in [agency("northwire", "Northwire", "NO"), agency("eastwire", "Eastwire", "EE")] {
        let (path, keys) = row.split_once('\0').unwrap();
        site = site.file(path, format!("+++\n{keys}\n+++\n"));
    }
    for (slug, name, country) in [("quay", "Daily Quay", "IE"), ("mole", "The Mole", "MT"), ("pier", "Pier News", "GB")]
    {
        site = site.named("publishers", slug, &format!("name = \"{name}\"\ncountry = \"{country}\""));
    }
    let first = "id = \"first\"\ntitle = \"Crews walk off\"\nagency = \"northwire\"\npublisher = \"quay\"\nurl = \"https://q.test/\"\ntopics = [\"strike\"]";
    let second = format!(
        "id = \"second\"\ntitle = \"Strike stops ferries\"\nurl = \"https://m.test/\"\ntopics = [\"strike\"]\n{keys}"
    );
    site.article_with("2022-05-10", "first", first, STORY).article_with(day, "second", &second, body)
}

const MOLE: &str = "agency = \"northwire\"\npublisher = \"mole\"";

/// What becomes of the second article: `fold`, or what `check` says of it.
fn verdict(day: &str, keys: &str, body: &str) -> String {
    let site = site(day, keys, body);
    let said = site.run("check").succeeds().stderr;
    site.build();
    let topic = site.page("/strike/");
    let is_folded = topic.html.contains("also carried by");
    assert_eq!(is_folded, !topic.html.contains("Strike stops ferries"), "shown once or twice, not both");
    let doubt = said.lines().find(|line| line.contains("may be the same")).map(str::to_owned);
    match (is_folded, doubt) {
        (true, None) => "fold".to_owned(),
        (false, Some(doubt)) => doubt,
        (false, None) => "apart".to_owned(),
        (true, Some(doubt)) => panic!("folded and doubted: {doubt}"),
    }
}

/// What the bounds were chosen by: the share of the shorter text in the longer one. Figures and names hold back what lies
/// above the bound and is another text all the same.
#[test]
fn copies_and_others_lie_well_apart() {
    let share = |other: &str| {
        let sketch = |text: &str| dateline::parse::sketch::Sketch::of(text).unwrap();
        let (a, b) = (sketch(STORY), sketch(other));
        let (shorter, longer) = if a.words <= b.words { (&a, &b) } else { (&b, &a) };
        shorter.in_other(longer).share
    };
    for (what, text) in copies() {
        println!("copy, {what}: {:.2}", share(&text));
        assert!(share(&text) >= 0.95, "{what}: {}", share(&text));
    }
    for (what, text) in
        [("update", updated()), ("half", rewritten(2)), ("less", rewritten(1)), ("other", OTHER_STORY.to_owned())]
    {
        println!("not a copy, {what}: {:.2}", share(&text));
        assert!(share(&text) <= 0.8, "{what}: {}", share(&text));
    }
}

/// Texts that an outlet makes of the story without changing what it says.
fn copies() -> Vec<(&'static str, String)> {
    let house_style =
        replaced(&[("percent", "per cent"), ("harbour office", "port office"), ("said that it had", "said it had")]);
    let with_dateline =
        format!("VESTHAVN, May 10 (Northwire) - {STORY}\n(Reporting by Jo Falk; Editing by Ines Marr)\n");
    let with_more = format!(
        "{STORY}\nReaders of The Mole who are stuck can ring the town hall, which keeps a list of free rooms. The swimming \
         hall stays open overnight, and volunteers serve soup from six.\n"
    );
    let linked =
        replaced(&[("Sundlinjen,", "[Sundlinjen](https://s.test/a-b),"), ("the crews say", "the crews *say*")])
            .replace(['"'], "”")
            .replace("\n\n", "\n\n\n");
    vec![
        ("the same", STORY.to_owned()),
        ("cut from the end", cut(STORY, 5)),
        ("cut to a half", cut(STORY, 4)),
        ("house style", house_style),
        ("dateline and credits", with_dateline),
        ("a paragraph of its own", with_more),
        ("other marks", linked),
    ]
}

#[test]
fn what_is_surely_a_copy_folds() {
    for (at, (what, body)) in copies().into_iter().enumerate() {
        assert_eq!(verdict(["2022-05-10", "2022-05-11", "2022-05-12"][at % 3], MOLE, &body), "fold", "{what}");
    }
}

#[test]
fn what_is_not_sure_is_suggested_with_reasons() {
    for (what, keys, body, reasons) in [
        ("an update", MOLE, updated(), "% of the text shared"),
        ("half of it", MOLE, rewritten(2), "the shorter is cut to"),
        ("a count", MOLE, replaced(&[("23 of 31", "27 of 31")]), "figures differ"),
        ("a count in words", MOLE, replaced(&[("eleven patients", "twelve patients")]), "figures differ"),
        ("a name", MOLE, replaced(&[("Marta Lind", "Berit Moe"), ("Oskar Brekke", "Nils Aune")]), "names differ"),
        ("cut to a few lines", MOLE, cut(STORY, 2), "the shorter is cut to"),
        ("the same outlet", "agency = \"northwire\"\npublisher = \"quay\"", STORY.to_owned(), "no two outlets"),
        ("no outlet", "agency = \"northwire\"", STORY.to_owned(), "no two outlets"),
        ("a few lines", MOLE, cut(STORY, 2), "a text of few words"),
    ] {
        let said = verdict("2022-05-11", keys, &body);
        let start = "warning: this may be the same text from Northwire as `content/articles/2022/05/first.md`: same agency, 1 day apart, ";
        assert!(said.starts_with(start) && said.contains(reasons), "{what}: {said}");
    }
}

#[test]
fn a_suggestion_names_the_article_that_stands_for_its_copies() {
    let keys = "id = \"third\"\nurl = \"https://p.test/\"\ntopics = [\"strike\"]\nagency = \"northwire\"\npublisher = \"pier\"";
    // The agency's own page comes later, and stands for what the third article is like.
    let site = site("2022-05-11", "agency = \"northwire\"\npublisher = \"northwire\"", STORY).article_with(
        "2022-05-12",
        "third",
        keys,
        &updated(),
    );
    let said = site.run("check").succeeds().stderr;
    let start =
        "this may be the same text from Northwire as `content/articles/2022/05/second.md`: same agency, 2 days apart, ";
    assert!(said.contains(start), "{said}");
    assert!(said.contains("compared with its copy `content/articles/2022/05/first.md`"), "{said}");
    assert!(said.contains("write `copy_of = \"second\"`"), "{said}");
    site.edit("content/articles/2022/05/third.md", "id = \"third\"", "id = \"third\"\ncopy_of = \"second\"");
    site.run("check").succeeds().stderr_is("");
}

#[test]
fn what_is_another_text_stands_apart() {
    let spanish = "Las tripulaciones de los transbordadores del estrecho dejaron sus barcos el martes, después de que \
                   fracasaran las conversaciones sobre los turnos de noche, y unas 14.000 personas quedaron a la espera en \
                   ambas orillas. La oficina del puerto de Vesthavn dijo que 23 de las 31 travesías se habían cancelado \
                   antes del mediodía. Dos barcos de carga zarparon con medicinas y leche para las islas exteriores.";
    let same_day = "Northwire's other report of the day is on the weather. Gales of 80 km an hour are expected along the \
                    coast on Wednesday, the meteorological office said, and small boats should stay in harbour. Snow may \
                    fall above 600 metres. Arbitrators from the labour court meet both sides on Thursday, as reported. \
                    Farmers in the valleys were told to bring sheep down before nightfall, since the pass may close.";
    let eastwire = "agency = \"eastwire\"\npublisher = \"mole\"";
    for (what, day, keys, body) in [
        ("another agency's report", "2022-05-10", eastwire, OTHER_STORY),
        ("another report of the agency", "2022-05-10", MOLE, OTHER_STORY),
        ("another story of the day", "2022-05-10", MOLE, same_day),
        ("a translation", "2022-05-10", "lang = \"es\"\nagency = \"northwire\"\npublisher = \"mole\"", spanish),
        ("the outlet's own words", "2022-05-10", MOLE, &rewritten(1)),
        ("the text under another agency's name", "2022-05-10", eastwire, STORY),
        ("the outlet's own report", "2022-05-10", "publisher = \"mole\"", STORY),
        ("long after", "2022-05-16", MOLE, STORY),
        (
            "a flash",
            "2022-05-10",
            MOLE,
            "Ferry crews in the strait walked off their boats on Tuesday after talks broke down.\n",
        ),
        ("the curator's word", "2022-05-10", "copy_of = false\nagency = \"northwire\"\npublisher = \"mole\"", STORY),
    ] {
        let said = verdict(day, keys, body);
        assert!(said == "apart", "{what}: {said}");
    }
}

#[test]
fn texts_in_other_scripts() {
    let ukrainian = "Екіпажі поромів у протоці у вівторок залишили свої судна, бо переговори про нічні зміни зірвалися, і \
                     14 000 пасажирів чекали на обох берегах. Портове управління повідомило, що до полудня скасовано 23 \
                     рейси з 31. Два вантажні судна вийшли під охороною з ліками та молоком для далеких островів. Компанія \
                     заявила, що пропонувала доплату і не торгуватиметься привселюдно. Міст через протоку закритий з \
                     березня, відколи баржа вдарила в опору, і пороми возять утричі більше людей. Інженери сподіваються \
                     відкрити одну смугу в жовтні. Школи на островах відпустили дітей додому в обід, а лікарня перевезла \
                     хворих гелікоптером. Суд вислухає обидві сторони у четвер, і закон дозволяє зупинити страйк на \
                     двадцять днів, та екіпажі кажуть, що радше сплатять штраф.";
    let chinese = "周二，海峡渡轮的船员因夜班谈判破裂而离船罢工，约一万四千名旅客滞留在两岸。港务局表示，到中午为止，三十一班\
                   航次中有二十三班取消。两艘货船在护送下启航，为外岛运送药品和牛奶。公司称已提出加薪，不会公开讨价还价。自三月\
                   驳船撞上桥墩以来，海峡大桥一直关闭，渡轮的载客量是以前的三倍。工程师预计最早十月开放一条车道。岛上的学校中午\
                   让学生回家，医院用直升机转移了病人。劳工法院将于周四听取双方意见。";
    for (lang, text) in [("uk", ukrainian), ("zh", chinese)] {
        let keys = format!("lang = \"{lang}\"\nagency = \"northwire\"");
        let site = Site::new()
            .topic("strike", "")
            .named("publishers", "northwire", "name = \"Northwire\"")
            .named("publishers", "quay", "name = \"Daily Quay\"")
            .named("publishers", "mole", "name = \"The Mole\"")
            .article_with("2022-05-10", "a", &format!("publisher = \"quay\"\ntopics = [\"strike\"]\n{keys}"), text)
            .article_with("2022-05-10", "b", &format!("publisher = \"mole\"\ntopics = [\"strike\"]\n{keys}"), text);
        site.build();
        site.page("/strike/").says("also carried by The Mole").says("1 article");
    }
}

#[test]
fn a_fold_is_one_item_and_one_origin_everywhere() {
    let site = site("2022-05-11", &format!("{MOLE}\ntags = [\"ships\"]"), &cut(STORY, 6))
        .article_with(
            "2022-05-12",
            "third",
            "publisher = \"pier\"\ntopics = [\"strike\"]\nid = \"third\"",
            "Our own.\n",
        )
        .digest("week", "topic = \"strike\"\ntemporal_coverage = \"2022-05-09/2022-05-15\"");
    site.build();
    site.page("/strike/").says("2 articles").says("2 origins").says("2 countries").says("also carried by The Mole");
    let digest = site.page("/week/");
    digest.says("2 articles").says("2 origins").says("2 countries");
    assert_eq!(digest.html.matches("Strike stops ferries").count(), 0, "{}", digest.html);
    // What the copy alone names counts for the story.
    site.page("/tags/ships/").says("Crews walk off");
    // The copy keeps its page, which says what it is and where the text is to be preferred; archive and outlet list it.
    let copy = site.page("/2022/05/11/second/");
    copy.says("The same text from Northwire as Crews walk off");
    assert!(
        copy.html.contains("<link rel=\"canonical\" href=\"https://example.org/2022/05/10/first/\">"),
        "{}",
        copy.html
    );
    site.page("/2022/05/10/first/").says("Also carried by The Mole");
    assert!(
        !site.read("public/sitemap.xml").contains("/second/") && site.read("public/sitemap.xml").contains("/first/")
    );
    site.page("/publishers/northwire/").says("1 article").never_says("Strike stops ferries");
    site.page("/publishers/mole/").says("Strike stops ferries");
    site.page("/2022/05/11/").says("Strike stops ferries");
    for feed in ["public/feed.atom", "public/feed.rss", "public/feed.json"] {
        let text = site.read(feed);
        assert!(!text.contains("Strike stops ferries") && text.contains("/2022/05/11/second/"), "{feed}: {text}");
    }
    site.run("why second --in week")
        .succeeds()
        .stdout_has("it is the same text as content/articles/2022/05/first.md, which is shown for both");
}

#[test]
fn a_page_that_shows_more_than_the_original_has_an_address_of_its_own() {
    let full = |keys: &str, body: &str| {
        let site = site("2022-05-11", &format!("{MOLE}\n{keys}"), body);
        site.build();
        site.page("/2022/05/11/second/").html.contains("\"canonical\" href=\"https://example.org/2022/05/11/second/\"")
    };
    // The longer text is not all there at the original.
    assert!(full("", &format!("{STORY}\n{}", OTHER_STORY)));
    // Nor does one by the curator's word alone repeat it.
    assert!(full("copy_of = \"first\"", "A short note on it, in our own words.\n"));
}

#[test]
fn a_curator_names_the_original() {
    let site =
        site("2022-05-11", "agency = \"northwire\"\npublisher = \"mole\"\ncopy_of = \"first\"", "Not alike at all.\n");
    site.run("check").succeeds().stderr_is("");
    site.build();
    site.page("/strike/").says("1 article").says("also carried by The Mole");
    // The agency's own page would lead, and by name anything can.
    site.edit("content/articles/2022/05/second.md", "copy_of = \"first\"\n", "");
    site.edit("content/articles/2022/05/first.md", "id = \"first\"", "id = \"first\"\ncopy_of = \"second\"");
    site.build();
    site.page("/strike/").says("Strike stops ferries").says("also carried by Daily Quay");
}

#[test]
fn the_agencys_own_page_leads() {
    let site = site("2022-05-11", "agency = \"northwire\"\npublisher = \"northwire\"", STORY);
    site.build();
    site.page("/strike/").says("Strike stops ferries").says("also carried by Daily Quay");
}

#[test]
fn a_listed_copy_is_shown_as_its_original_once() {
    let listing = "[[items]]\narticle = \"second\"\ncommentary = \"Ours.\"\n[[items]]\narticle = \"first\"";
    let site = site("2022-05-11", MOLE, STORY).digest("list", listing);
    let said = site.run("build").succeeds().stderr;
    assert!(said.contains("`first` is the same text as another listed article; it is shown once"), "{said}");
    let page = site.page("/list/");
    page.says("Ours.").says("Crews walk off").says("1 article");
}

#[test]
fn what_cannot_be_a_copy_is_an_error() {
    let keys = |copy_of: &str| format!("{MOLE}\ncopy_of = {copy_of}");
    for (copy_of, message) in [
        ("\"nowhere\"", "unknown article `nowhere` in `copy_of`"),
        ("\"second\"", "an article is no copy of itself"),
        ("true", "`copy_of` must be text or `false`, found"),
        ("\"\"", "`copy_of` is empty"),
    ] {
        let said = site("2022-05-11", &keys(copy_of), STORY).run("build").has_errors().stderr;
        assert!(said.contains(message), "{said}");
    }
    let circle = site("2022-05-11", &keys("\"first\""), STORY);
    circle.edit("content/articles/2022/05/first.md", "id = \"first\"", "id = \"first\"\ncopy_of = \"second\"");
    let said = circle.run("build").has_errors().stderr;
    assert!(said.contains("`copy_of` goes in a circle: `first` → `second` → `first`"), "{said}");
    let draft = site("2022-05-11", &keys("\"first\""), STORY);
    draft.edit("content/articles/2022/05/first.md", "id = \"first\"", "id = \"first\"\ndraft = true");
    let said = draft.run("build").succeeds().stderr;
    assert!(said.contains("`first` is left out (draft), so its copy stands by itself"), "{said}");
}
