//! Whatever the bytes: a build ends with a report, and never with a panic. In-process, so that it is quick.

use std::{fs, path::Path, sync::LazyLock};

use dateline::{
    config::{Now, Overrides},
    diagnostic::Format,
    session::Session,
    write::Output,
};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::site_test::{SETTINGS, Site, cases, read_all};

/// Builds the site in `root`, and writes the report in every format.
fn build(root: &Path) {
    let now = Now { timestamp: "2022-06-01T00:00:00Z".parse().expect("a moment") };
    for drafts in [false, true] {
        let overrides = Overrides { drafts, ..Overrides::default() };
        let report = Session::new(root.to_owned(), overrides, now.clone())
            .build(&mut Output::Discard, None)
            .unwrap_or_else(|error| panic!("the machine is said to have failed: {error}"));
        for format in [Format::Human, Format::Json, Format::Github] {
            let text = report.render(format, true);
            assert_eq!(text.is_empty(), report.diagnostics.is_empty());
        }
    }
}

/// The files of the rich site whose text is read.
static GOOD: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rich");
    read_all(&folder).into_iter().filter(|(path, _)| path.ends_with(".md") || path.ends_with(".toml")).collect()
});

/// Pieces that mean something to one of the parsers.
const PIECES: [&str; 40] = [
    "+++",
    "---",
    "\n",
    "\r\n",
    "\"",
    "'",
    "'''",
    "\"\"\"",
    "=",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ":",
    "- ",
    "#",
    "&x ",
    "*x",
    "!!str ",
    "\u{feff}",
    "\0",
    "\u{202e}",
    "<script>",
    "<!--",
    "-->",
    "<a href=",
    "](",
    "![",
    "```",
    "[^1]",
    "[^1]: ",
    "> ",
    "| a |\n|---|\n",
    "2022-01-21",
    "99999999999999999999",
    "\\u0000",
    "😀",
    "..",
];

#[derive(Clone, Debug)]
enum Edit {
    Insert(Index, Index),
    Delete(Index, usize),
    Flip(Index, u8),
    Repeat(Index, usize),
    Truncate(Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => (any::<Index>(), any::<Index>()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        3 => (any::<Index>(), 1..30usize).prop_map(|(at, count)| Edit::Delete(at, count)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Flip(at, byte)),
        1 => (any::<Index>(), 1..200usize).prop_map(|(at, count)| Edit::Repeat(at, count)),
        1 => any::<Index>().prop_map(Edit::Truncate),
    ]
}

fn apply(bytes: &mut Vec<u8>, edit: &Edit) {
    if bytes.is_empty() {
        return;
    }
    match edit {
        Edit::Insert(at, piece) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, piece.get(&PIECES).bytes());
        }
        Edit::Delete(at, count) => {
            let at = at.index(bytes.len());
            bytes.drain(at..(at + count).min(bytes.len()));
        }
        Edit::Flip(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Edit::Repeat(at, count) => {
            let at = at.index(bytes.len());
            let piece: Vec<u8> = bytes[at..(at + count).min(bytes.len())].to_vec();
            bytes.splice(at..at, piece);
        }
        Edit::Truncate(at) => bytes.truncate(at.index(bytes.len())),
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn good_files_with_something_wrong_in_them(file in any::<Index>(), edits in vec(edit(), 1..6)) {
        let site = Site::fixture("rich");
        let (path, good) = file.get(&GOOD);
        let mut bytes = good.clone();
        for edit in &edits {
            apply(&mut bytes, edit);
        }
        site.write(path, &bytes);
        build(site.root());
    }

    #[test]
    fn any_bytes(kind in 0..9usize, bytes in vec(any::<u8>(), 0..300)) {
        let site = Site::new();
        let path = [
            "content/articles/a.md", "content/topics/a.md", "content/digests/a.md", "content/publishers/a.md",
            "content/people/a.md", "content/pages/a.md", "site.toml", "themes/broadsheet/templates/home.html",
            "themes/broadsheet/theme.toml",
        ][kind];
        site.write(path, &bytes);
        build(site.root());
    }

    #[test]
    fn any_text_between_fences(
        fence in prop_oneof![Just("+++"), Just("---")],
        pieces in vec(prop_oneof![any::<Index>().prop_map(|piece| (*piece.get(&PIECES)).to_owned()), "[a-z]{1,8}", any::<String>()], 0..20),
        body in vec(prop_oneof![any::<Index>().prop_map(|piece| (*piece.get(&PIECES)).to_owned()), any::<String>()], 0..20),
    ) {
        let site = Site::new();
        let date = if fence == "+++" { "title = \"A\"\ndate = 2022-01-21\n" } else { "title: A\ndate: 2022-01-21\n" };
        site.write("content/articles/a.md", format!("{fence}\n{date}{}\n{fence}\n{}", pieces.concat(), body.concat()));
        site.write("content/articles/b.md", format!("+++\n{}rights = {{ display = \"excerpt\", max_words = 2 }}\n+++\n{}", "title = \"B\"\ndate = 2022-01-22\n", body.concat()));
        build(site.root());
    }

    #[test]
    fn any_words_as_values(values in vec(any::<String>(), 12)) {
        let text = |at: usize| serde_json::to_string(&values[at].chars().filter(|c| !c.is_control()).collect::<String>()).unwrap();
        let site = Site::empty().file("site.toml", format!("{SETTINGS}description = {}\n", text(0)));
        site.write(
            "content/articles/a.md",
            format!(
                "+++\ntitle = {}\ndate = 2022-01-21\nslug = {}\nid = {}\ntags = [{}]\naliases = [{}]\ntopics = [{}]\nsummary = {}\ncommentary = {}\nurl = {}\nlang = {}\ndateline = {}\n+++\n",
                text(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8), text(9), text(10), text(11),
            ),
        );
        build(site.root());
    }
}

#[test]
fn the_rich_site_itself_is_good() {
    let site = Site::fixture("rich");
    build(site.root());
    fs::remove_dir_all(site.path("content")).unwrap();
    build(site.root());
}
