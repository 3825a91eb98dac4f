//! `dateline watch` on a real file system: what it serves, what wakes it, what it tells a tab.

mod edits;
pub mod harness;
mod reload;
mod serve;
mod trouble;

use crate::site_test::Site;

/// A site under a path, with two articles of one topic.
fn site() -> Site {
    Site::empty()
        .file("site.toml", "title = \"The Test\"\nbase_url = \"https://user.example/repo/\"\n")
        .topic("talks", "")
        .article("2022-01-21", "first", "topics = [\"talks\"]")
        .article("2022-01-22", "second", "topics = [\"talks\"]")
}

const FIRST: &str = "/repo/2022/01/21/first/";
const SECOND: &str = "/repo/2022/01/22/second/";
const FIRST_FILE: &str = "content/articles/2022/01/first.md";
const SECOND_FILE: &str = "content/articles/2022/01/second.md";

/// An article of a day with a body.
fn article(day: u32, title: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2022-01-{day:02}\ntopics = [\"talks\"]\n+++\n{body}\n")
}
