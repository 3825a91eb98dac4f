//! Bookmarks → stories without a text: the Netscape form that every browser exports, and the lists of links that reading services
//! export as a page.

use html5gum::{Token, Tokenizer};

use super::{
    Context, Found,
    listed::{Listed, fold},
    moment,
};

/// Folders that every browser has; they say nothing of what is in them.
const PLAIN_FOLDERS: &[&str] = &[
    "bookmarks",
    "bookmarks bar",
    "bookmarks toolbar",
    "bookmarks menu",
    "other bookmarks",
    "mobile bookmarks",
    "favorites",
    "favourites",
    "favorites bar",
    "favourites bar",
    "unread",
    "read archive",
    "reading list",
    "imported",
    "unsorted",
    "lesezeichen",
    "lesezeichenleiste",
    "favoris",
    "barre de favoris",
    "marcadores",
    "segnalibri",
    "закладки",
    "панель закладок",
];

/// Reads the links of an export.
///
/// # Errors
/// When it holds no link.
pub(super) fn read(html: &str, ctx: &Context) -> Result<Found, String> {
    let mut found = Found::default();
    let mut skipped = 0usize;
    let mut folders: Vec<String> = Vec::new();
    let mut heading: Option<String> = None;
    let mut link: Option<Listed> = None;
    let mut in_link = false;
    let mut in_note = false;
    let mut finish = |link: &mut Option<Listed>, found: &mut Found| {
        if let Some(listed) = link.take() {
            match listed.story("bookmark", ctx) {
                Some(story) => found.stories.push(story),
                None => skipped += 1,
            }
        }
    };
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => {
                let name: &[u8] = &tag.name;
                let attribute = |wanted: &str| {
                    tag.attributes
                        .iter()
                        .find(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()))
                        .map(|(_, value)| String::from_utf8_lossy(value).trim().to_owned())
                };
                match name {
                    b"a" => {
                        finish(&mut link, &mut found);
                        in_note = false;
                        let Some(url) = attribute("href") else { continue };
                        let saved = attribute("add_date").or_else(|| attribute("time_added"));
                        let mut tags: Vec<String> =
                            attribute("tags").unwrap_or_default().split(',').map(str::to_owned).collect();
                        tags.extend(folders.last().filter(|folder| !is_plain(folder)).cloned());
                        link = Some(Listed {
                            url,
                            saved: saved.and_then(|text| moment::day_of(&text, ctx.today)),
                            tags,
                            title: Some(String::new()),
                            ..Listed::default()
                        });
                        in_link = true;
                    }
                    b"h3" => {
                        finish(&mut link, &mut found);
                        heading = Some(String::new());
                        in_note = false;
                    }
                    b"dl" => {
                        folders.push(heading.take().map(|text| fold(&text)).unwrap_or_default());
                        in_note = false;
                    }
                    b"dd" => {
                        in_note = link.is_some();
                        if let Some(link) = &mut link {
                            link.note.get_or_insert_default();
                        }
                    }
                    b"dt" => in_note = false,
                    b"br" if in_note => {
                        if let Some(note) = link.as_mut().and_then(|link| link.note.as_mut()) {
                            note.push('\n');
                        }
                    }
                    _ => {}
                }
            }
            Token::EndTag(tag) => match &tag.name[..] {
                b"a" => in_link = false,
                b"dl" => {
                    finish(&mut link, &mut found);
                    folders.pop();
                }
                _ => {}
            },
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text);
                if let Some(link) = &mut link {
                    if in_link {
                        link.title.get_or_insert_default().push_str(&text);
                    } else if in_note {
                        link.note.get_or_insert_default().push_str(&text);
                    }
                } else if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    finish(&mut link, &mut found);
    if skipped > 0 {
        let (plural, verb) = if skipped == 1 { ("", "leads") } else { ("s", "lead") };
        found.notes.push(format!("has {skipped} bookmark{plural} that {verb} to no page of the web, left out"));
    }
    if found.stories.is_empty() {
        return Err("is a file of bookmarks that holds none of a web page".to_owned());
    }
    Ok(found)
}

fn is_plain(folder: &str) -> bool {
    folder.is_empty() || PLAIN_FOLDERS.contains(&folder.to_lowercase().as_str())
}
