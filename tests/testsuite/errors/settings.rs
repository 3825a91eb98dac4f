//! `site.toml`, and wrong usage of the command line.

use snapbox::str;

use super::reports;
use crate::site_test::{SETTINGS, Site};

#[test]
fn settings_that_miss_what_must_be_there() {
    reports(
        Site::empty().file("site.toml", ""),
        str![[r#"
error: `site.toml` has no `base_url`
--> site.toml
 = hint: where the site is published: `base_url = "https://user.github.io/repo/"`

error: `site.toml` has no `title`
--> site.toml
 = hint: the site's name: `title = "The Week in …"`

2 errors
nothing was written

"#]],
    );
    reports(
        Site::empty().file("site.toml", "title = \"\"\nbase_url = \"\"\n"),
        str![[r#"
error: `title` is empty
 --> site.toml:1:9
  |
1 | title = ""
  |         ^^
  |
  = hint: write something between the quotes, or remove the line

error: `base_url` is empty
 --> site.toml:2:12
  |
2 | base_url = ""
  |            ^^
  |
  = hint: write something between the quotes, or remove the line

2 errors
nothing was written

"#]],
    );
}

#[test]
fn settings_with_wrong_values() {
    reports(
        Site::empty().file(
            "site.toml",
            "title = \"A\"\nbase_url = \"example.org\"\nlanguage = \"English\"\ntimezone = \"Europe/Kiyv\"\ntheme = \"../theme\"\npage_size = -1\nfeed_items = 0\nsmart_punctuation = 1\nbaseurl = \"x\"\n[rights]\ndisplay = \"all\"\n[outputs]\nfeed = true\n",
        ),
        str![[r#"
error: `example.org` is no address for a site
 --> site.toml:2:12
  |
2 | base_url = "example.org"
  |            ^^^^^^^^^^^^^
  |
  = hint: write the whole address, without `?` or `#`: `base_url = "https://user.github.io/repo/"`

error: `English` in `language` is no language tag
 --> site.toml:3:12
  |
3 | language = "English"
  |            ^^^^^^^^^
  |
  = hint: write a BCP 47 tag such as `en`, `uk`, `pt-BR` or `zh-Hant`

error: unknown time zone `Europe/Kiyv`
 --> site.toml:4:12
  |
4 | timezone = "Europe/Kiyv"
  |            ^^^^^^^^^^^^^
  |
  = hint: did you mean `Europe/Kyiv`? zones have names such as `Europe/Kyiv` or `UTC`

error: `../theme` cannot be the name of a theme
 --> site.toml:5:9
  |
5 | theme = "../theme"
  |         ^^^^^^^^^^
  |
  = hint: a theme is a folder in themes/, named without a path

error: `page_size` must be from 0 to 100000, found -1
 --> site.toml:6:13
  |
6 | page_size = -1
  |             ^^
  |
  = hint: write `page_size = 0`, for example

error: `feed_items` must be from 1 to 1000, found 0
 --> site.toml:7:14
  |
7 | feed_items = 0
  |              ^
  |
  = hint: write `feed_items = 1`, for example

error: `smart_punctuation` must be true or false, found a number
 --> site.toml:8:21
  |
8 | smart_punctuation = 1
  |                     ^
  |
  = hint: write `smart_punctuation = true`, without quotes

error: unknown key `baseurl` in `site.toml`
 --> site.toml:9:1
  |
9 | baseurl = "x"
  | ^^^^^^^
  |
  = hint: did you mean `base_url`?

error: unknown `display`: `all`
  --> site.toml:11:11
   |
11 | display = "all"
   |           ^^^^^
   |
   = hint: it can be `full`, `excerpt` or `headline`

error: unknown key `feed` in `[outputs]`
  --> site.toml:13:1
   |
13 | feed = true
   | ^^^^
   |
   = hint: it can be `atom`, `rss`, `json_feed`, `sitemap`, `robots`, `archive`, `timeline`, `structured_data`, `news_sitemap`, `opml`, `json`, `llms`, `editions` or `social_cards`

10 errors
nothing was written

"#]],
    );
    reports(
        Site::empty().file("site.toml", "title = \"A\"\nbase_url = \"https://example.org/?a=1\"\n"),
        str![[r#"
error: `https://example.org/?a=1` is no address for a site
 --> site.toml:2:12
  |
2 | base_url = "https://example.org/?a=1"
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: write the whole address, without `?` or `#`: `base_url = "https://user.github.io/repo/"`

1 error
nothing was written

"#]],
    );
}

#[test]
fn settings_that_are_no_toml() {
    reports(
        Site::empty().file("site.toml", "title = A\nbase_url: x\n"),
        str![[r#"
error: invalid TOML: string values must be quoted, expected literal string
 --> site.toml:1:9
  |
1 | title = A
  |         ^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

error: invalid TOML: invalid unquoted key, expected letters, numbers, `-`, `_`
 --> site.toml:2:9
  |
2 | base_url: x
  |         ^
  |
  = hint: TOML writes `key = value`; for YAML, put `---` around it

error: invalid TOML: key with no value, expected `=`
 --> site.toml:2:11
  |
2 | base_url: x
  |           ^
  |
  = hint: TOML writes `key = value`; for YAML, put `---` around it

3 errors
nothing was written

"#]],
    );
    reports(
        Site::empty().file("site.toml", [0xff, 0xfe, 0x00]),
        str![[r#"
error: the file is not text
--> site.toml
 = hint: save it as UTF-8; in most editors: "Save with encoding"

1 error
nothing was written

"#]],
    );
}

#[test]
fn settings_and_content_are_reported_together() {
    reports(
        Site::new().settings("langauge = \"en\"").article("2022-01-21", "a", "topics = [\"x\"]"),
        str![[r#"
error: unknown topic `x` in `topics`
 --> content/articles/2022/01/a.md:4:11
  |
4 | topics = ["x"]
  |           ^^^
  |
  = hint: topics are files in content/topics/; add one, or remove the name here

error: unknown key `langauge` in `site.toml`
 --> site.toml:1:1
  |
1 | langauge = "en"
  | ^^^^^^^^
  |
  = hint: did you mean `language`?

2 errors
nothing was written

"#]],
    );
}

#[test]
fn an_unknown_theme() {
    reports(
        Site::new().settings("theme = \"broadsheat\""),
        str![[r#"
error: unknown theme `broadsheat`
 --> site.toml:1:9
  |
1 | theme = "broadsheat"
  |         ^^^^^^^^^^^^
  |
  = hint: did you mean `broadsheet`? a theme is a folder in themes/, or built in

1 error
nothing was written

"#]],
    );
    reports(
        Site::new().settings("theme = \"zen\"").file("themes/mine/templates/x.html", ""),
        str![[r#"
error: unknown theme `zen`
 --> site.toml:1:9
  |
1 | theme = "zen"
  |         ^^^^^
  |
  = hint: a theme is a folder in themes/, or built in; there are broadsheet, bulletin, mine

1 error
nothing was written

"#]],
    );
}

#[test]
fn wrong_usage() {
    for (line, expected) in [
        (
            "",
            str![[r#"
Turns clipped news articles into a digest site

Usage: dateline [OPTIONS] <COMMAND>

Commands:
  init     Make a new site that builds at once
  import   Turn clipped stories into articles
  new      Start an article, digest or topic
  edition  Freeze a digest: what it has now becomes an edition, with an e-mail and a book
  build    Build the site into public/
  why      Say why a page would be made or kept, or why something is in the site or not
  watch    Build, serve on this machine, and follow every edit in the browser [alias: serve]
  publish  Build the site afresh and put it on GitHub Pages
  check    Report everything that is wrong, and write nothing
  theme    Start a theme, or try one
  help     Print this message or the help of the given subcommand(s)

Options:
      --root <DIR>    The site's folder [default: .]
      --color <WHEN>  When to use color [default: auto] [possible values: auto, always, never]
  -q, --quiet         Say nothing unless there is an error
  -h, --help          Print help (see more with '--help')
  -V, --version       Print version

Examples:
  dateline init my-digest              a new site, ready to build
  dateline import story.txt --topic ukraine-crisis
                                       a clipped story becomes an article
  dateline watch --open                every edit at once in the browser
  dateline build                       the site into public/
  dateline publish --dry-run           what would go to GitHub Pages

Exit status: 0 all well, 1 the site has errors, 2 wrong usage, 3 the machine failed.

"#]],
        ),
        (
            "bild",
            str![[r#"
error: unrecognized subcommand 'bild'

  tip: a similar subcommand exists: 'build'

Usage: dateline [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]],
        ),
        (
            "build --outptu x",
            str![[r#"
error: unexpected argument '--outptu' found

  tip: a similar argument exists: '--output'

Usage: dateline build --output <DIR>

For more information, try '--help'.

"#]],
        ),
        (
            "build --format xml",
            str![[r#"
error: invalid value 'xml' for '--format <FORMAT>'
  [possible values: human, json, github]

For more information, try '--help'.

"#]],
        ),
        (
            "build --base-url example.org",
            str![[r#"
error: invalid value 'example.org' for '--base-url <URL>': write a whole address, such as https://user.github.io/repo/

For more information, try '--help'.

"#]],
        ),
        (
            "new",
            str![[r#"
error: the following required arguments were not provided:
  <KIND>
  <TITLE>

Usage: dateline new <KIND> <TITLE>

For more information, try '--help'.

"#]],
        ),
        (
            "new poem \"A title\"",
            str![[r#"
error: invalid value 'poem' for '<KIND>'
  [possible values: article, digest, topic]

For more information, try '--help'.

"#]],
        ),
    ] {
        Site::new().run(line).status(2).stderr_is(expected);
    }
}

#[test]
fn an_output_that_would_swallow_the_site() {
    let site = Site::new().file("site.toml", SETTINGS).topic("talks", "");
    for (output, expected) in [
        (
            ".",
            str![[r#"
error: the output `[ROOT]` holds the site itself
  hint: name a folder that holds nothing else, such as `--output public`

"#]],
        ),
        (
            "..",
            str![[r#"
error: the output `[..]` holds the site itself
  hint: name a folder that holds nothing else, such as `--output public`

"#]],
        ),
        (
            "content",
            str![[r#"
error: the output `[ROOT]/content` lies among the site's own files
  hint: name a folder that holds nothing else, such as `--output public`

"#]],
        ),
        (
            "content/built",
            str![[r#"
error: the output `[ROOT]/content/built` lies among the site's own files
  hint: name a folder that holds nothing else, such as `--output public`

"#]],
        ),
        (
            "static/../themes",
            str![[r#"
error: the output `[ROOT]/themes` lies among the site's own files
  hint: name a folder that holds nothing else, such as `--output public`

"#]],
        ),
        (
            ".git",
            str![[r#"
error: the output `[ROOT]/.git` lies among the site's own files
  hint: name a folder that holds nothing else, such as `--output public`

"#]],
        ),
    ] {
        site.run(&format!("build --output {output}")).status(2).stderr_is(expected);
    }
    assert_eq!(site.files(".").len(), 2, "nothing was written");
}
