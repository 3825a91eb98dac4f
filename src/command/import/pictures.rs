//! `import --images`: the pictures of a story are brought into `static/`.

use std::{collections::BTreeMap, fs, path::Path};

use url::Url;

use crate::{
    error::{Error, Result},
    fetch::Client,
    import::Story,
};

/// What one picture may have.
const MAX_BYTES: u64 = 10 * 1024 * 1024;
/// How many pictures of one story are fetched.
const MAX_PICTURES: usize = 30;

/// Brings pictures home.
pub struct Pictures<'a> {
    pub root: &'a Path,
    pub client: &'a Client,
    /// Those that came with the page, by their addresses.
    pub carried: &'a BTreeMap<String, Vec<u8>>,
    pub is_dry: bool,
    /// Which could not be had, and why: clauses that go after the address.
    pub troubles: Vec<(String, String)>,
}

impl Pictures<'_> {
    /// The article's text with its pictures' addresses led to files of the site, which are written.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn bring_home(&mut self, story: &Story, slug: &str, text: String) -> Result<String> {
        let mut text = text;
        let year = story.published.as_ref().map_or(story.imported, |published| published.date).year();
        let mut urls: Vec<String> = story.images.iter().filter_map(|image| image.src.clone()).collect();
        urls.extend(story.blocks().flat_map(in_markdown));
        let mut done: Vec<String> = Vec::new();
        for url in urls {
            let is_there = text.contains(&url);
            if done.contains(&url) || !is_there || !url.starts_with("http") {
                continue;
            }
            done.push(url.clone());
            if done.len() > MAX_PICTURES {
                self.troubles.push((url, format!("is one of more than {MAX_PICTURES}, and was not fetched")));
                continue;
            }
            let bytes = match self.bytes(&url) {
                Ok(bytes) => bytes,
                Err(trouble) => {
                    self.troubles.push((url, trouble));
                    continue;
                }
            };
            let Some(extension) = kind(&bytes) else {
                self.troubles.push((url, "is no JPEG, PNG, GIF, WebP or AVIF picture".to_owned()));
                continue;
            };
            let home = self.keep(&format!("images/{year}/{slug}"), extension, &bytes)?;
            text = text.replace(&format!("src = \"{url}\""), &format!("src = \"{home}\""));
            for (open, close) in [("](", ")"), ("](", " "), ("](<", ">")] {
                text = text.replace(&format!("{open}{url}{close}"), &format!("{open}{home}{close}"));
            }
        }
        Ok(text)
    }

    fn bytes(&self, url: &str) -> std::result::Result<Vec<u8>, String> {
        if let Some(bytes) = self.carried.get(url) {
            return Ok(bytes.clone());
        }
        let url = Url::parse(url).map_err(|_| "is no address".to_owned())?;
        let answer = self.client.get_up_to(&url, MAX_BYTES).map_err(|refusal| refusal.message)?;
        Ok(answer.bytes)
    }

    /// Writes a picture under the first free number, or finds it there; gives the path that pages use.
    fn keep(&self, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
        for number in 1u32.. {
            let name = format!("{stem}-{number}.{extension}");
            let path = self.root.join("static").join(&name);
            match fs::read(&path) {
                Ok(known) if known == bytes => return Ok(format!("/{name}")),
                Ok(_) => continue,
                Err(_) if self.is_dry => return Ok(format!("/{name}")),
                Err(_) => {}
            }
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(|cause| Error::io("make the folder", parent, cause))?;
            }
            fs::write(&path, bytes).map_err(|cause| Error::io("write", &path, cause))?;
            return Ok(format!("/{name}"));
        }
        Ok(String::new())
    }
}

/// The addresses of the pictures in a block of Markdown.
fn in_markdown(block: &str) -> impl Iterator<Item = String> {
    block.match_indices("![").filter_map(|(at, _)| {
        let rest = &block[at..];
        let target = rest.split_once("](").map(|(_, target)| target.trim_start_matches('<'))?;
        Some(target.split([')', ' ', '>']).next().unwrap_or_default().to_owned())
    })
}

/// The kind of a picture by its first bytes, as the end of a file's name. What may hold a script (SVG) is none.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [b'G', b'I', b'F', b'8', ..] => Some("gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Some("avif"),
        _ => None,
    }
}
