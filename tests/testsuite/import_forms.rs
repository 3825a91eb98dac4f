//! The gold table of forms: datelines, credits, captions and dates as they are printed. All names are invented.

use ::dateline::import::story::Role;
use ::dateline::import::text::{agency, caption, credits, dateline, dates};

/// A dateline's verbatim text, place, agency and date as `month-day[-year]`; the rest of the line.
fn datelined(text: &str) -> String {
    match dateline::read(text) {
        None => "-".to_owned(),
        Some(d) => {
            let date =
                d.date.map(|f| format!("{}-{}{}", f.month, f.day, f.year.map(|y| format!("-{y}")).unwrap_or_default()));
            let rest: String = text[d.rest..].chars().take(9).collect();
            format!(
                "{} | {} | {} | {} | {rest}",
                d.verbatim,
                d.place.as_deref().unwrap_or("-"),
                d.agency.map_or("-", |a| a.slug),
                date.as_deref().unwrap_or("-"),
            )
        }
    }
}

#[test]
fn datelines() {
    let table = [
        (
            "GENEVA, Jan 21 (Reuters) - The top envoys met on Friday.",
            "GENEVA, Jan 21 (Reuters) | Geneva | reuters | 1-21 | The top e",
        ),
        (
            "HAYWARD, Calif. (AP) — The top envoys met on Friday.",
            "HAYWARD, Calif. (AP) | Hayward, Calif. | ap | - | The top e",
        ),
        (
            "RAFAH, Gaza Strip (AP) — The top envoys met on Friday.",
            "RAFAH, Gaza Strip (AP) | Rafah, Gaza Strip | ap | - | The top e",
        ),
        ("Kyiv (AFP) – The top envoys met on Friday.", "Kyiv (AFP) | Kyiv | afp | - | The top e"),
        (
            "Paris, Jan 21, 2022 (AFP) - The top envoys met on Friday.",
            "Paris, Jan 21, 2022 (AFP) | Paris | afp | 1-21-2022 | The top e",
        ),
        ("Berlin (dpa) - Die Minister trafen sich am Freitag.", "Berlin (dpa) | Berlin | dpa | - | Die Minis"),
        (
            "Frankfurt/Main (dpa) - Die Minister trafen sich am Freitag.",
            "Frankfurt/Main (dpa) | Frankfurt/Main | dpa | - | Die Minis",
        ),
        (
            "BERLIN (dpa-AFX) - Die Minister trafen sich am Freitag.",
            "BERLIN (dpa-AFX) | Berlin | dpa-afx | - | Die Minis",
        ),
        ("Berlin (dpa/tmn) - Die Minister trafen sich am Freitag.", "Berlin (dpa/tmn) | Berlin | dpa | - | Die Minis"),
        ("Jan 21 (Reuters) - The top envoys met on Friday.", "Jan 21 (Reuters) | - | reuters | 1-21 | The top e"),
        ("(Reuters) - The top envoys met on Friday.", "(Reuters) | - | reuters | - | The top e"),
        (
            "MOSCOW/KYIV, Jan. 21 (Reuters) -- The top envoys met.",
            "MOSCOW/KYIV, Jan. 21 (Reuters) | Moscow/Kyiv | reuters | 1-21 | The top e",
        ),
        (
            "SAO PAULO, Jan 21 (Reuters) - The top envoys met.",
            "SAO PAULO, Jan 21 (Reuters) | Sao Paulo | reuters | 1-21 | The top e",
        ),
        (
            "O'FALLON, Mo. (AP) — The top envoys met on Friday.",
            "O'FALLON, Mo. (AP) | O'Fallon, Mo. | ap | - | The top e",
        ),
        (
            "Madrid, 21 ene (EFE).- Los ministros se reunieron.",
            "Madrid, 21 ene (EFE) | Madrid | efe | 1-21 | Los minis",
        ),
        (
            "MADRID, 21 Ene. (EUROPA PRESS) - Los ministros se reunieron.",
            "MADRID, 21 Ene. (EUROPA PRESS) | Madrid | europa-press | 1-21 | Los minis",
        ),
        (
            "(ANSA) - ROMA, 21 GEN - I ministri si sono riuniti.",
            "(ANSA) - ROMA, 21 GEN | Roma | ansa | 1-21 | I ministr",
        ),
        (
            "МОСКВА, 21 января. /ТАСС/. Министры встретились в пятницу.",
            "МОСКВА, 21 января. /ТАСС/ | Москва | tass | 1-21 | Министры ",
        ),
        (
            "MOSCOW, January 21. /TASS/. The top envoys met on Friday.",
            "MOSCOW, January 21. /TASS/ | Moscow | tass | 1-21 | The top e",
        ),
        (
            "МОСКВА, 21 янв - РИА Новости. Министры встретились.",
            "МОСКВА, 21 янв - РИА Новости | Москва | ria-novosti | 1-21 | Министры ",
        ),
        (
            "MOSCOW. Jan 21 (Interfax) - The top envoys met.",
            "MOSCOW. Jan 21 (Interfax) | Moscow | interfax | 1-21 | The top e",
        ),
        (
            "BEIJING, Jan. 21 (Xinhua) -- The top envoys met on Friday.",
            "BEIJING, Jan. 21 (Xinhua) | Beijing | xinhua | 1-21 | The top e",
        ),
        (
            "TOKYO, Jan. 21 (Kyodo) - The top envoys met on Friday.",
            "TOKYO, Jan. 21 (Kyodo) | Tokyo | kyodo | 1-21 | The top e",
        ),
        (
            "New Delhi, Jan 21 (PTI) The top envoys met on Friday.",
            "New Delhi, Jan 21 (PTI) | New Delhi | pti | 1-21 | The top e",
        ),
        ("NEW DELHI: The top envoys met on Friday.", "NEW DELHI | New Delhi | - | - | The top e"),
        (
            "Kyiv, Ukraine (CNN) — The top envoys met on Friday.",
            "Kyiv, Ukraine (CNN) | Kyiv, Ukraine | cnn | - | The top e",
        ),
        ("ROME (Gazette) — The top envoys met on Friday.", "ROME (Gazette) | Rome | - | - | The top e"),
        ("BERLIN -- The top envoys met on Friday.", "BERLIN | Berlin | - | - | The top e"),
        (
            "SIOUX FALLS, S.D. – The top envoys met on Friday.",
            "SIOUX FALLS, S.D. | Sioux Falls, S.D. | - | - | The top e",
        ),
        ("WASHINGTON—The top envoys met on Friday.", "WASHINGTON | Washington | - | - | The top e"),
        (
            "KYIV, Ukraine, Jan. 21 — The top envoys met on Friday.",
            "KYIV, Ukraine, Jan. 21 | Kyiv, Ukraine | - | 1-21 | The top e",
        ),
        (
            "By Jane Doe WASHINGTON, Jan 21 (Reuters) - The top envoys met.",
            "WASHINGTON, Jan 21 (Reuters) | Washington | reuters | 1-21 | The top e",
        ),
        ("Hamburg. Der Senat hat am Dienstag die Fähre gekauft.", "Hamburg | Hamburg | - | - | Der Senat"),
        ("ST. LOUIS — The top envoys met on Friday.", "ST. LOUIS | St. Louis | - | - | The top e"),
        // False friends
        ("Paris. Nobody had seen it since the war ended.", "-"),
        ("FILE - The lighthouse stands at the head of the bay.", "-"),
        ("AI-driven arms fold the towels of the town.", "-"),
        ("TEHRAN-based engineer Shirin Kaveh said it would.", "-"),
        ("NATO — the alliance of the north — met on Friday.", "-"),
        ("WATCH — The top envoys met on Friday.", "-"),
        ("She left. MOSCOW — the cat — stayed where it was.", "-"),
        ("Moscow — which denies it — said nothing on Friday.", "-"),
        ("The minister (who was late) - so it is said - came.", "-"),
        ("WHO - The top envoys met on Friday.", "-"),
        ("BREAKING: The top envoys met on Friday.", "-"),
    ];
    for (text, expected) in table {
        assert_eq!(datelined(text), expected, "{text}");
    }
}

fn people(found: Option<credits::Credits>) -> String {
    let Some(found) = found else {
        return "-".to_owned();
    };
    let mut rows: Vec<String> = found
        .people
        .iter()
        .map(|c| {
            let role = match c.role {
                Role::Author => "a",
                Role::Contributor => "c",
                Role::Writer => "w",
                Role::Editor => "e",
                Role::Photographer => "p",
            };
            format!("{role} {}{}", c.name, c.place.as_ref().map(|p| format!(" @ {p}")).unwrap_or_default())
        })
        .collect();
    rows.extend(found.places.iter().map(|(name, place)| format!("{name} > {place}")));
    rows.extend(found.agency.map(|a| format!("= {}", a.slug)));
    rows.join("; ")
}

#[test]
fn credit_lines() {
    let table = [
        ("(Reporting by Ann Lee; Editing by Bo Sand)", "a Ann Lee; e Bo Sand"),
        ("Reporting by Ann Lee; Editing by Bo Sand", "a Ann Lee; e Bo Sand"),
        ("Reporting by Ann Lee Editing by Bo Sand", "a Ann Lee; e Bo Sand"),
        ("Reporting by Ann Lee, Editing by Bo Sand", "a Ann Lee; e Bo Sand"),
        (
            "(Reporting by Ann Lee in Oslo and Cy Dunn in Rome; Editing by Bo Sand and Di Ames)",
            "a Ann Lee @ Oslo; a Cy Dunn @ Rome; e Bo Sand; e Di Ames",
        ),
        (
            "Additional reporting by Bo Sand in San Francisco and Cy Dunn in Washington Editing by Di Ames and Ed Hale",
            "c Bo Sand @ San Francisco; c Cy Dunn @ Washington; e Di Ames; e Ed Hale",
        ),
        (
            "(Reporting by Ann Lee; Additional reporting by Bo Sand, Cy Dunn and by Di Ames and Ed Hale in Riga; Writing by Flo Gray)",
            "a Ann Lee; c Bo Sand @ Riga; c Cy Dunn @ Riga; c Di Ames @ Riga; c Ed Hale @ Riga; w Flo Gray",
        ),
        ("(Reporting and writing by Ann Lee, editing by Bo Sand)", "a Ann Lee; e Bo Sand"),
        ("(Reporting by ANN LEE and CY O'DUNN; Editing by BO MCSAND)", "a Ann Lee; a Cy O'Dunn; e Bo McSand"),
        ("(Compiled by Ann Lee; Edited by Bo Sand)", "w Ann Lee; e Bo Sand"),
        ("(Reporting by Moscow bureau; Writing by Ann Lee)", "w Ann Lee"),
        (
            "(Writing by Jean-Luc van der Berg; Editing by Maria de la Cruz)",
            "w Jean-Luc van der Berg; e Maria de la Cruz",
        ),
        (
            "Associated Press writers Ann Lee in O'Fallon, Missouri, and Bo Sand contributed to this report.",
            "c Ann Lee @ O'Fallon, Missouri; c Bo Sand",
        ),
        ("Associated Press writer Ann Lee contributed to this report.", "c Ann Lee"),
        ("AP Diplomatic Writer Ann Lee in Washington contributed to this report.", "c Ann Lee @ Washington"),
        ("Ann Lee contributed reporting from Lviv.", "c Ann Lee @ Lviv"),
        ("Ann Lee and Bo Sand contributed to this story.", "c Ann Lee; c Bo Sand"),
        ("Sand reported from New York.", "Sand > New York"),
        (
            "Sand reported from New York. Associated Press writer Ann Lee in Oslo contributed to this report.",
            "c Ann Lee @ Oslo; Sand > New York",
        ),
        ("Additional reporting from PA", "= pa"),
        ("mit dpa", "= dpa"),
        ("(mit Material von dpa)", "= dpa"),
        ("(avec AFP)", "= afp"),
        ("Source: AFP", "= afp"),
        ("(With inputs from PTI)", "= pti"),
        ("— Reuters", "= reuters"),
        ("bur-abc/xyz", ""),
        ("abc/xyz/jj", ""),
        // Not credit lines
        ("Reporting by hand has been shown to help people remember what they heard in a long meeting.", "-"),
        ("A note said “(Reporting by the machine; Editing by nobody)”, and it stayed there.", "-"),
        ("Rising prices contributed to this year's fall in sales, the ministry said.", "-"),
        ("Writing by candlelight was common.", "-"),
        ("He reported from the front for years, and nobody thanked him.", "-"),
    ];
    for (text, expected) in table {
        let mut found = credits::line(text);
        // The agency of `Associated Press writers` is no news beside the names.
        if let Some(found) = &mut found
            && !found.people.is_empty()
        {
            found.agency = None;
        }
        assert_eq!(people(found), expected, "{text}");
    }
}

#[test]
fn bylines() {
    let table = [
        ("By Ann Lee", "a Ann Lee"),
        ("By Ann Lee.", "a Ann Lee"),
        ("By Ann Lee and Bo Sand", "a Ann Lee; a Bo Sand"),
        ("By ANN LEE, CY DUNN and BO SAND", "a Ann Lee; a Cy Dunn; a Bo Sand"),
        ("By Ann Lee in Kyiv", "a Ann Lee @ Kyiv"),
        ("By Ann Lee, Political correspondent", "a Ann Lee"),
        ("By Ann Lee | Reuters", "a Ann Lee; = reuters"),
        ("By Ann Lee, Associated Press", "a Ann Lee; = ap"),
        ("By Ann Lee | 4:30 PM on December 21, 2021", "a Ann Lee"),
        ("By Ann Lee December 21, 2021", "a Ann Lee"),
        ("Von Erika Muster, dpa", "a Erika Muster; = dpa"),
        ("Von Erika Muster und Hans Beispiel", "a Erika Muster; a Hans Beispiel"),
        ("Par Claire Fontenoy et Luc Duval", "a Claire Fontenoy; a Luc Duval"),
        ("Por Elena Robledo", "a Elena Robledo"),
        ("Автор: Ольга Гречко", "a Ольга Гречко"),
        ("By The Associated Press", "= ap"),
        ("By Friday the river had reached the second step of the mill.", "-"),
        ("By the time they came it was over", "-"),
        // As copied from pages
        ("ByANN LEE Associated Press", "a Ann Lee; = ap"),
        ("ByThe Associated Press", "= ap"),
        ("Von Erika MusterKorrespondentin", "a Erika Muster"),
        ("Von: Erika Muster", "a Erika Muster"),
        ("By Ann Lee Ann Lee", "a Ann Lee"),
        ("By PA Reporter", "= pa"),
        ("By Ann Lee, PA Political Correspondent", "a Ann Lee; = pa"),
        ("Par La Gazette et AFP", "= afp"),
        ("Von Mensch zu Mensch", "-"),
        ("Byron Lee walked home", "-"),
        ("Von der Brücke blieb nichts übrig", "-"),
    ];
    for (text, expected) in table {
        assert_eq!(people(credits::byline(text)), expected, "{text}");
    }
    let duty = credits::name_and_duty("Jane Doe, Political correspondent").map(|c| c.name);
    assert_eq!(duty.as_deref(), Some("Jane Doe"));
    assert!(credits::name_and_duty("Jane Doe, who is 44, said so").is_none());
}

#[test]
fn captions() {
    let table = [
        (
            "Envoys pose in Geneva, 21 January 2022. EPA-EFE/MARTA TREVINI",
            "Envoys pose in Geneva, 21 January 2022. | EPA-EFE/Marta Trevini | Marta Trevini",
        ),
        ("Envoys pose in Geneva. REUTERS/Gleb Marin", "Envoys pose in Geneva. | REUTERS/Gleb Marin | Gleb Marin"),
        (
            "Envoys pose, May 3, 2021. REUTERS/Gleb Marin/File Photo",
            "Envoys pose, May 3, 2021. | REUTERS/Gleb Marin/File Photo | Gleb Marin",
        ),
        (
            "Envoys pose in Geneva. (AP Photo/J. Scott Marin)",
            "Envoys pose in Geneva. | AP Photo/J. Scott Marin | J. Scott Marin",
        ),
        (
            "Envoys pose in Geneva. (AP Photo/Ann Lee, File)",
            "Envoys pose in Geneva. | AP Photo/Ann Lee, File | Ann Lee",
        ),
        ("Envoys pose in Geneva. (Photo by Ann Lee / AFP)", "Envoys pose in Geneva. | Ann Lee/AFP | Ann Lee"),
        (
            "Envoys pose in Geneva. Photograph: Ann Lee/AFP/Getty Images",
            "Envoys pose in Geneva. | Ann Lee/AFP/Getty Images | Ann Lee",
        ),
        ("Envoys pose in Geneva. Photo: Ann Lee", "Envoys pose in Geneva. | Ann Lee | Ann Lee"),
        ("Diplomaten in Genf. Foto: Erika Muster/dpa", "Diplomaten in Genf. | Erika Muster/dpa | Erika Muster"),
        ("Diplomaten in Genf. Bildrechte: ABC/Erika Muster", "Diplomaten in Genf. | ABC/Erika Muster | Erika Muster"),
        ("Envoys pose in Geneva (Image: Getty Images)", "Envoys pose in Geneva | Getty Images | -"),
        ("Envoys pose in Geneva. © Ann Lee/AFP", "Envoys pose in Geneva. | Ann Lee/AFP | Ann Lee"),
        ("AP Photo/Ann Lee", "- | AP Photo/Ann Lee | Ann Lee"),
        ("Getty Images", "- | Getty Images | -"),
        ("Ann Lee/Getty Images", "- | Ann Lee/Getty Images | Ann Lee"),
        ("Credit: Ann Lee", "- | Ann Lee | Ann Lee"),
        ("Image credit: Ann Lee", "- | Ann Lee | Ann Lee"),
        (
            "[2/3] Envoys pose in Geneva. REUTERS/Gleb Marin Purchase Licensing Rights, opens new tab",
            "Envoys pose in Geneva. | REUTERS/Gleb Marin | Gleb Marin",
        ),
        ("Envoys pose in Geneva © Handout / Red Square / AFP", "Envoys pose in Geneva | Handout/Red Square/AFP | -"),
        ("Envoys pose in Geneva. / Credit: ANN LEE/AFP", "Envoys pose in Geneva. | Ann Lee/AFP | Ann Lee"),
        ("Envoys pose on the stairs in Geneva.AFP", "Envoys pose on the stairs in Geneva. | AFP | -"),
        (
            "Diplomaten in Genf (Archiv)Quelle: Erika P. Muster/dpa",
            "Diplomaten in Genf (Archiv) | Erika P. Muster/dpa | Erika P. Muster",
        ),
        ("« Rien », a-t-il dit à l’Agence France-Presse (AFP).", "-"),
        ("Copyright (c) PA Media Ltd. 2024, All Rights Reserved. Picture: (c) Ann Lee / PA Wire", "-"),
        ("The ministry said on Friday that the talks would go on.", "-"),
        ("He told Reuters on Friday that the talks would go on.", "-"),
    ];
    for (text, expected) in table {
        let found = caption::read(text).map_or_else(
            || "-".to_owned(),
            |c| {
                let or = |t: Option<&str>| t.unwrap_or("-").to_owned();
                format!(
                    "{} | {} | {}",
                    or(c.image.caption.as_deref()),
                    or(c.image.credit.as_deref()),
                    or(c.photographer.as_deref())
                )
            },
        );
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn date_forms() {
    let table = [
        ("Published: 21 January 2022 14:05 GMT", "2022-01-21 14:05+0"),
        ("January 21, 2022", "2022-01-21"),
        ("Jan. 21st, 2022", "2022-01-21"),
        ("Fri 21 Jan 2022 18.04 GMT", "2022-01-21 18:04+0"),
        ("2022-01-21T14:05:00Z", "2022-01-21 14:05+0"),
        ("2022-01-21T14:05:00+02:00", "2022-01-21 14:05+120"),
        ("2022/01/21", "2022-01-21"),
        ("21.01.2022", "2022-01-21"),
        ("21/01/2022", "2022-01-21"),
        ("01/21/2022", "2022-01-21"),
        ("03/04/2022", "two"),
        ("04/04/2022", "2022-04-04"),
        ("21. Januar 2022, 14:20 Uhr", "2022-01-21"),
        ("1er février 2022", "2022-02-01"),
        ("le 21 janvier 2022 à 18h30", "2022-01-21"),
        ("21 de enero de 2022", "2022-01-21"),
        ("21 января 2022 года", "2022-01-21"),
        ("21 січня 2022, 10:30", "2022-01-21"),
        ("21 gennaio 2022", "2022-01-21"),
        ("2022年1月21日", "2022-01-21"),
        ("Jan 21", "01-21"),
        ("21 січня", "01-21"),
        ("2 hours ago", "-"),
        ("May the best 21 win", "-"),
        ("31 February 2022", "-"),
        ("Thursday, January 21, 2022", "wrong weekday"),
        ("January 21, 2022 at 9:15 p.m. UTC", "2022-01-21 21:15+0"),
        ("99/99/2022", "-"),
        ("1,2,3 and 4.5.6", "-"),
    ];
    for (text, expected) in table {
        let found = dates::find(text);
        let shown = match found.first() {
            None => "-".to_owned(),
            Some(d) if d.or.is_some() => "two".to_owned(),
            Some(d) if d.year.is_none() => format!("{:02}-{:02}", d.month, d.day),
            Some(d) => match (d.date(), d.time) {
                (None, _) => "wrong weekday".to_owned(),
                (Some(date), None) => date.to_string(),
                (Some(date), Some((h, m, offset))) => format!("{date} {h:02}:{m:02}+{offset}"),
            },
        };
        assert_eq!(shown, expected, "{text}");
    }
}

#[test]
fn holders() {
    let table = [
        ("Copyright 2022 The Associated Press. All rights reserved.", Some("ap")),
        ("Copyright (c) PA Media Ltd. 2024, All Rights Reserved.", Some("pa")),
        ("© 2024 AFP", Some("afp")),
        ("Copyright © AFP 2017-2026. Jede Nutzung verlangt ein Abonnement.", Some("afp")),
        ("© EFE 2023. Está prohibida la redistribución.", Some("efe")),
        // The credit of a photograph, and other holders
        ("© AFP", None),
        ("© 2024 Example Media", None),
        ("© 2024 Ann Lee / AFP", None),
        ("AFP 2024", None),
    ];
    for (line, expected) in table {
        assert_eq!(agency::holder(line).map(|a| a.slug), expected, "{line}");
    }
}
