//! The story of a text stays as it is, however the text is laid out, whatever kind of quotes it has, and whatever follows it.

use dateline::import::{story::Story, text};

use crate::import::ctx;

/// Stories in several languages, a paragraph a line below the headline. Quotes are straight.
const STORIES: &[&str] = &[
    r#"Ferrymen of Oster want their bell back
By Maeve O'Rourke
OSTER, March 3, 2024 - The ferrymen of Oster asked the port on Sunday to return the bell that had called them to work for ninety years.
"It isn't the bronze, it's the sound," said Ann Lee of the ferrymen's union. "Nobody oversleeps a bell."
The port's harbour master said the bell had been lent, not given, and that a museum in the capital now wanted it for a show of the sea.
Where it hung
Its tower was pulled down in the spring, and the rope, which four generations had mended, was cut into pieces and sold at the regatta.
A committee will meet in May. Until then the ferries leave when the first passenger knocks, which the timetable calls "about seven"."#,
    r#"Der Uhrmacher von Lindau hört auf
Von Jürgen Übel
Lindau. Der letzte Uhrmacher der Altstadt schließt im Herbst seinen Laden, weil niemand mehr Uhren bringt, die man reparieren kann.
"Die Leute kommen noch, aber mit Telefonen", sagte Karl Maurer am Dienstag. "Die öffne ich nicht, die haben keine Feder."
Vierzig Jahre lang hat er die Uhr am Rathaus gestellt, immer am ersten Montag des Monats, und nie hat ihm jemand dafür eine Rechnung bezahlt.
Was aus der Uhr wird
Die Stadt sucht nun jemanden, der die Treppe steigt. Gemeldet haben sich zwei Schüler und ein Glockengießer aus dem Nachbarort.
Maurer will ihnen den Schlüssel geben. "Gehen muss sie", sagte er, "wie, das ist mir gleich.""#,
    r#"Le dernier phare à pétrole s'éteint
Par Claire d'Aubigny
La lampe du phare des Trois-Roches a été éteinte dimanche soir, après cent douze ans d'un service que personne n'avait jamais interrompu.
"C'était une lampe honnête", a déclaré le gardien, qui l'avait nettoyée chaque matin pendant trente ans et qui part vivre chez sa fille.
Les pêcheurs du port voisin disent qu'ils ne s'y habitueront pas : la nouvelle lumière, plus blanche, leur paraît venir de plus loin.
La commune veut ouvrir l'escalier aux visiteurs dès l'été prochain, à condition qu'un ingénieur vérifie d'abord les cent quarante marches."#,
    r#"У Лимані знову ходить паром
Паром через лиман у середу вперше за шість років перевіз пасажирів, і на пристані їх зустрічав оркестр місцевої школи.
"Ми вже забули, як це, коли не треба об'їжджати", сказала вчителька Олена Коваль, яка чекала на березі від світанку.
Судно збудували ще за часів її діда, і механік каже, що жодна деталь у ньому не схожа на ту, що була в ньому спершу.
Квиток коштує стільки, скільки коштує хліб у крамниці біля пристані, і так, за словами капітана, має лишитися до зими."#,
    "港の時計台が百年ぶりに動く
北浜の港にある時計台が、月曜日の朝、およそ百年ぶりに動き始め、集まった住民たちから大きな拍手が起こった。
時計を直したのは町の自転車店の主人で、壊れた歯車のかわりに古い自転車の部品を使ったと話している。
町は来年の春までに塔の中を公開する予定で、子どもたちが自分の手で鐘を鳴らせるようにするという。
主人は「正しい時刻より、動いていることのほうが大事だ」と語り、毎週日曜日に油をさしに来るつもりだという。",
];

/// What pages put under a story.
const FURNITURE: &[&str] = &[
    "Sign up for our newsletter and get the day in your inbox.",
    "Most read",
    "Support our journalism from just $5 a month.",
    "Share on Facebook",
    "© 2024 Example Courier. All rights reserved.",
    "Comments",
    "We use cookies to improve your experience.",
    "Advertisement",
];

fn read(text: &str) -> Story {
    text::read(text, &ctx()).pop().expect("a story")
}

/// Quotes as a typesetter sets them.
fn curly(text: &str) -> String {
    let mut before = ' ';
    let set = |c: char| {
        let opens = matches!(before, ' ' | '\n' | '(');
        before = c;
        match c {
            '"' if opens => '“',
            '"' => '”',
            '\'' => '’',
            _ => c,
        }
    };
    text.chars().map(set).collect()
}

/// A line that does not fit into the columns broken before the word that passes them, as `fold -s` and mail programs do; between
/// letters where words have no spaces.
pub fn wrapped(line: &str, columns: usize) -> String {
    let (mut out, mut width) = (String::new(), 0);
    let is_spaced = line.contains(' ') || !line.contains(|c| c >= '\u{3000}');
    let pieces = line.split_inclusive(|c| !is_spaced || c == ' ').map(|piece| piece.strip_suffix(' ').unwrap_or(piece));
    for piece in pieces {
        let length = piece.chars().count();
        let gap = usize::from(is_spaced && width > 0);
        if width > 0 && width + gap + length > columns {
            out.push('\n');
            width = 0;
        } else if gap > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(piece);
        width += length;
    }
    out
}

#[test]
fn blanks_and_line_ends_change_nothing() {
    for story in STORIES {
        let before = read(story);
        assert!(before.body.len() >= 4 && before.title.is_some(), "{:#?}", before.body);
        for (end, indent) in [
            ("\r\n", ""),
            ("\r", ""),
            ("  \t\n", ""),
            ("\n\n", ""),
            ("\r\n \r\n", ""),
            ("\n", "\t"),
            ("\n", "\u{a0}\u{a0}"),
        ] {
            let lines: Vec<String> = story.lines().map(|line| format!("{indent}{line}")).collect();
            let after = read(&lines.join(end));
            assert_eq!(after.body, before.body, "{end:?} {indent:?}");
            assert_eq!(
                (&after.title, &after.published, &after.credits),
                (&before.title, &before.published, &before.credits)
            );
        }
    }
}

#[test]
fn quotes_of_either_kind_give_the_same_story_each_with_its_own() {
    for story in STORIES {
        let (straight, set) = (read(story), read(&curly(story)));
        let as_set: Vec<String> = straight.body.iter().map(|paragraph| curly(paragraph)).collect();
        assert_eq!(set.body, as_set);
        assert_eq!(set.title, straight.title.as_deref().map(curly));
        let names = |story: &Story| story.credits.iter().map(|credit| credit.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&set), names(&straight).iter().map(|name| curly(name)).collect::<Vec<_>>());
    }
    let caption = "The bell on its last day. 'It sang,' they said at O'Hara's. Photo: Seán O'Brien";
    for caption in [caption.to_owned(), curly(caption)] {
        let text = STORIES[0].replacen("\nWhere it hung", &format!("\n{caption}\nWhere it hung"), 1);
        let story = read(&text);
        let image = story.images.first().expect("a caption is read");
        let written = [&image.caption, &image.credit].into_iter().flatten();
        written.for_each(|part| assert!(caption.contains(part.trim_start_matches("Photo: ")), "{part} {caption}"));
        assert_eq!(story.body, read(STORIES[0]).body);
    }
}

#[test]
fn wrapped_text_with_blank_lines_is_as_it_was() {
    for story in STORIES {
        let before = read(story);
        for columns in 50..=90 {
            // Where hardly a line is broken nothing shows that the text was wrapped.
            if story.lines().filter(|line| line.chars().count() > columns).count() < 3 {
                continue;
            }
            let lines: Vec<String> = story.lines().map(|line| wrapped(line, columns)).collect();
            let after = read(&lines.join("\n\n"));
            assert_eq!(after.body, before.body, "{columns}");
            assert_eq!(after.title, before.title, "{columns}");
        }
    }
}

#[test]
fn a_word_wider_than_the_column_is_joined_as_well() {
    let address =
        "https://example.org/archives/2024/03/03/the-bell-that-called-the-ferrymen-of-oster-to-work-for-ninety-years";
    let story =
        STORIES[0].replacen("A committee", &format!("The papers are at {address} for all to read. A committee"), 1);
    let lines: Vec<String> = story.lines().map(|line| wrapped(line, 72)).collect();
    let before = read(&story).body;
    assert!(before.iter().any(|paragraph| paragraph.contains(address)), "{before:#?}");
    assert_eq!(read(&lines.join("\n\n")).body, before);
}

#[test]
fn no_paragraph_is_lost_in_wrapped_text_without_blank_lines() {
    for story in STORIES.iter().filter(|story| story.contains(' ')) {
        let words = |body: &[String]| body.join(" ");
        let before = words(&read(story).body);
        let mut same = 0;
        for columns in 60..=80 {
            let lines: Vec<String> = story.lines().map(|line| wrapped(line, columns)).collect();
            same += usize::from(words(&read(&lines.join("\n")).body) == before);
        }
        // A headline or a heading that ends just at the column may be taken for the first line of what follows.
        assert!(same >= 18, "{same} of 21: {before}");
    }
}

#[test]
fn furniture_in_any_order_changes_nothing() {
    for story in STORIES {
        let before = read(story).body;
        for first in 0..FURNITURE.len() {
            for step in [1, 3, 5, 7] {
                for count in [1, 4, FURNITURE.len()] {
                    let order = (0..count).map(|i| FURNITURE[(first + i * step) % FURNITURE.len()]);
                    let text = format!("{story}\n{}\n", order.collect::<Vec<_>>().join("\n"));
                    assert_eq!(read(&text).body, before, "{text}");
                }
            }
        }
    }
}
