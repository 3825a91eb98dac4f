//! Front matter that cannot be read or says something wrong.

use snapbox::str;

use super::{reports, warns};
use crate::site_test::Site;

const ARTICLE: &str = "content/articles/a.md";

fn article(text: impl AsRef<[u8]>) -> Site {
    Site::new().file(ARTICLE, text)
}

#[test]
fn an_empty_file() {
    reports(
        article(""),
        str![[r#"
error: the file is empty
--> content/articles/a.md
 = hint: `dateline new article "Title"` makes one with its front matter; remove this one if it is not needed

1 error
nothing was written

"#]],
    );
    reports(
        article(" \n\n"),
        str![[r#"
error: the file is empty
 --> content/articles/a.md:1:1
  |
1 |
  | ^
  |
  = hint: `dateline new article "Title"` makes one with its front matter; remove this one if it is not needed

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_file_without_front_matter() {
    reports(
        article("# A title\n\nText.\n"),
        str![[r#"
error: the file has no front matter
 --> content/articles/a.md:1:1
  |
1 | # A title
  | ^^^^^^^^^
  |
  = hint: start it with a line `+++`, then `title = "…"` and the other keys, then a line `+++`

1 error
nothing was written

"#]],
    );
}

#[test]
fn front_matter_that_never_closes() {
    reports(
        article("+++\ntitle = \"A\"\n\nText.\n"),
        str![[r#"
error: the front matter never ends: no second `+++`
 --> content/articles/a.md:1:1
  |
1 | +++
  | ^^^
  |
  = hint: put a line `+++` after the last key

1 error
nothing was written

"#]],
    );
    reports(
        article("---\ntitle: A\n+++\n\nText.\n"),
        str![[r#"
error: the front matter never ends: no second `---`
 --> content/articles/a.md:1:1
  |
1 | ---
  | ^^^
  |
  = hint: put a line `---` after the last key

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_binary_file_and_one_that_is_not_utf_8() {
    reports(
        article([0x89, b'P', b'N', b'G', 0, 0, 0, 13]),
        str![[r#"
error: the file is not text
--> content/articles/a.md
 = hint: only Markdown belongs here; put other files in static/

1 error
nothing was written

"#]],
    );
    reports(
        article(b"+++\ntitle = \"Caf\xe9\"\ndate = 2022-01-21\n+++\n"),
        str![[r#"
error: the file is not UTF-8 (line 2)
--> content/articles/a.md
 = hint: save it as UTF-8; in most editors: "Save with encoding"

1 error
nothing was written

"#]],
    );
    reports(
        article("+++\ntitle = \"A\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
        str![[r#"
error: the file is not text
--> content/articles/a.md
 = hint: only Markdown belongs here; put other files in static/

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_trouble() {
    let site = article("\u{feff}+++\r\ntitle = \"A\"\r\ndate = 2022-01-21\r\n+++\r\nFirst.\r\n\r\nSecond.\r\n");
    site.build();
    site.page("/2022/01/21/a/").says("First. Second.");
    let site = article("\u{feff}---\r\ntitle: A\r\ndate: 2022-01-21\r\n---\r\nFirst.\r\n");
    site.build();
    site.page("/2022/01/21/a/").says("First.");
}

#[test]
fn places_are_right_after_a_byte_order_mark_and_with_windows_line_ends() {
    reports(
        article("\u{feff}+++\r\ntitle = \"A\"\r\ndate = 2022-01-21\r\ntopics = [\"nope\"]\r\n+++\r\nText.\r\n"),
        str![[r#"
error: unknown topic `nope` in `topics`
 --> content/articles/a.md:4:11
  |
4 | topics = ["nope"]
  |           ^^^^^^
  |
  = hint: topics are files in content/topics/; add one, or remove the name here

1 error
nothing was written

"#]],
    );
}

#[test]
fn broken_toml_in_several_places_at_once() {
    reports(
        article(
            "+++\ntitle = A title\ndate = 2022-01-21\nsummary = \"never closed\nurgency = 12\ntags = [\"a\", \"b\"\n+++\nText.\n",
        ),
        str![[r#"
error: invalid TOML: string values must be quoted, expected literal string
 --> content/articles/a.md:2:9
  |
2 | title = A title
  |         ^^^^^^^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

error: invalid TOML: invalid basic string, expected `"`
 --> content/articles/a.md:4:24
  |
4 | summary = "never closed
  |                        ^
  |
  = hint: close the quote on the same line; a quote inside text is written `\"`, or wrap the text in '…'

error: `urgency` must be from 1 to 9, found 12
 --> content/articles/a.md:5:11
  |
5 | urgency = 12
  |           ^^
  |
  = hint: write `urgency = 1`, for example

error: invalid TOML: unclosed array, expected `]`
 --> content/articles/a.md:6:17
  |
6 | tags = ["a", "b"
  |                 ^
  |
  = hint: close the bracket: `key = ["one", "two"]`, or `[name]` on a line of its own

4 errors
nothing was written

"#]],
    );
}

#[test]
fn broken_toml_of_many_kinds() {
    for (keys, expected) in [
        (
            "title = \"A\"\ntitle = \"B\"",
            str![[r#"
error: invalid TOML: duplicate key
 --> content/articles/a.md:3:1
  |
3 | title = "B"
  | ^^^^^
  |
  = hint: a key stands once; a list is written `["one", "two"]`

1 error
nothing was written

"#]],
        ),
        (
            "title: A",
            str![[r#"
error: invalid TOML: invalid unquoted key, expected letters, numbers, `-`, `_`
 --> content/articles/a.md:2:6
  |
2 | title: A
  |      ^
  |
  = hint: TOML writes `key = value`; for YAML, put `---` around it

error: invalid TOML: key with no value, expected `=`
 --> content/articles/a.md:2:8
  |
2 | title: A
  |        ^
  |
  = hint: TOML writes `key = value`; for YAML, put `---` around it

2 errors
nothing was written

"#]],
        ),
        (
            "title = 'A\"",
            str![[r#"
error: invalid TOML: invalid literal string, expected `'`
 --> content/articles/a.md:2:12
  |
2 | title = 'A"
  |            ^
  |
  = hint: close the quote on the same line; a text with `'` in it stands in `"…"`

1 error
nothing was written

"#]],
        ),
        (
            "[rights\ndisplay = \"full\"",
            str![[r#"
error: invalid TOML: unclosed table, expected `]`
 --> content/articles/a.md:2:8
  |
2 | [rights
  |        ^
  |
  = hint: close the bracket: `key = ["one", "two"]`, or `[name]` on a line of its own

error: unknown key `display` in the article
 --> content/articles/a.md:3:1
  |
3 | display = "full"
  | ^^^^^^^
  |
  = hint: keys of your own go under `[extra]`

2 errors
nothing was written

"#]],
        ),
        (
            "date = 2022-13-45",
            str![[r#"
error: invalid TOML: invalid date, expected month between 01 and 12
 --> content/articles/a.md:2:8
  |
2 | date = 2022-13-45
  |        ^^^^^^^^^^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

1 error
nothing was written

"#]],
        ),
        (
            "= 3",
            str![[r#"
error: invalid TOML: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
 --> content/articles/a.md:2:1
  |
2 | = 3
  | ^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

error: unknown key `` in the article
 --> content/articles/a.md:2:1
  |
2 | = 3
  | ^
  |
  = hint: keys of your own go under `[extra]`

2 errors
nothing was written

"#]],
        ),
    ] {
        article(format!("+++\n{keys}\n+++\nText.\n")).run("build").has_errors().stderr_is(expected);
    }
}

#[test]
fn broken_yaml() {
    reports(
        article("---\ntitle: Talks: day one\ndate: 2022-01-21\n---\nText.\n"),
        str![[r#"
error: invalid YAML: mapping values are not allowed in this context
 --> content/articles/a.md:2:13
  |
2 | title: Talks: day one
  |             ^
  |
  = hint: text with a colon, a quote or a `#` in it wants quotes around it: `title: "Talks: day one"`

1 error
nothing was written

"#]],
    );
    reports(
        article("---\ntitle: \"A\ndate: 2022-01-21\n---\nText.\n"),
        str![[r#"
error: invalid YAML: invalid indentation in quoted scalar
 --> content/articles/a.md:2:8
  |
2 | title: "A
  |        ^
  |
  = hint: text with a colon, a quote or a `#` in it wants quotes around it: `title: "Talks: day one"`

1 error
nothing was written

"#]],
    );
    reports(
        article("---\n- a\n- b\n---\nText.\n"),
        str![[r#"
error: front matter must be keys and values, found a list
 --> content/articles/a.md:2:1
  |
2 | - a
  | ^^^

1 error
nothing was written

"#]],
    );
    reports(
        article("---\ntitle: A\ndate: 2022-01-21\nextra: &x {a: 1}\nurgency: *x\n---\nText.\n"),
        str![[r#"
error: YAML aliases are not read
 --> content/articles/a.md:5:10
  |
5 | urgency: *x
  |          ^^
  |
  = hint: each key stands once, and each value is written out; there is TOML between `+++` lines too

1 error
nothing was written

"#]],
    );
    reports(
        article("---\ntitle: A\ntitle: B\ndate: 2022-01-21\n---\nText.\n"),
        str![[r#"
error: duplicate key `title`
 --> content/articles/a.md:3:1
  |
3 | title: B
  | ^^^^^
  |
  = hint: each key stands once, and each value is written out; there is TOML between `+++` lines too

1 error
nothing was written

"#]],
    );
}

#[test]
fn an_article_with_three_mistakes_in_it() {
    let site = Site::new().topic("ukraine-crisis", "").named("publishers", "reuters", "name = \"Reuters\"").file(
        "content/articles/2022/01/talks.md",
        "+++\ntitle = \"Talks in Geneva\"\ndate = 2022-01-21\ntopics = [\"ukrane\"]\nagancy = \"reuters\"\nurgency = \"high\"\n+++\nText.\n",
    );
    reports(
        site,
        str![[r#"
error: unknown topic `ukrane` in `topics`
 --> content/articles/2022/01/talks.md:4:11
  |
4 | topics = ["ukrane"]
  |           ^^^^^^^^
  |
  = hint: did you mean `ukraine-crisis`? topics are files in content/topics/

error: unknown key `agancy` in the article
 --> content/articles/2022/01/talks.md:5:1
  |
5 | agancy = "reuters"
  | ^^^^^^
  |
  = hint: did you mean `agency`?

error: `urgency` must be a whole number, found text
 --> content/articles/2022/01/talks.md:6:11
  |
6 | urgency = "high"
  |           ^^^^^^
  |
  = hint: write `urgency = 1`, without quotes

3 errors
nothing was written

"#]],
    );
}

#[test]
fn unknown_keys_with_did_you_mean() {
    reports(
        article(
            "+++\ntitel = \"A\"\ndate = 2022-01-21\nsumary = \"x\"\nzebra = 1\n[rights]\ndisply = \"full\"\n[[credits]]\nname = \"A\"\nrole = \"auther\"\n[[images]]\nsource = \"/x.svg\"\n+++\nText.\n",
        ),
        str![[r#"
error: the article has no `title`
 --> content/articles/a.md:1:1
  |
1 | +++
  | ^^^
  |
  = hint: add a line `title = "…"`

error: unknown key `titel` in the article
 --> content/articles/a.md:2:1
  |
2 | titel = "A"
  | ^^^^^
  |
  = hint: did you mean `title`?

error: unknown key `sumary` in the article
 --> content/articles/a.md:4:1
  |
4 | sumary = "x"
  | ^^^^^^
  |
  = hint: did you mean `summary`?

error: unknown key `zebra` in the article
 --> content/articles/a.md:5:1
  |
5 | zebra = 1
  | ^^^^^
  |
  = hint: keys of your own go under `[extra]`

error: unknown key `disply` in `[rights]`
 --> content/articles/a.md:7:1
  |
7 | disply = "full"
  | ^^^^^^
  |
  = hint: did you mean `display`?

error: unknown `role`: `auther`
  --> content/articles/a.md:10:8
   |
10 | role = "auther"
   |        ^^^^^^^^
   |
   = hint: did you mean `author`? it can be `author`, `contributor`, `writer`, `editor` or `photographer`

error: unknown key `source` in `[[images]]`
  --> content/articles/a.md:12:1
   |
12 | source = "/x.svg"
   | ^^^^^^
   |
   = hint: did you mean `src`?

7 errors
nothing was written

"#]],
    );
}

#[test]
fn a_key_of_another_kind() {
    reports(
        article(
            "+++\ntitle = 12\ndate = \"yesterday\"\nsummary = \"\"\ndraft = \"no\"\ntags = [\"a\", 2]\nurl = \"www.example.org\"\nlang = \"english\"\nurgency = 10\nexpires = true\nrights = \"full\"\ncredits = [\"A\"]\n+++\nText.\n",
        ),
        str![[r#"
error: `title` must be text, found a number
 --> content/articles/a.md:2:9
  |
2 | title = 12
  |         ^^
  |
  = hint: write `title = "…"`

error: `yesterday` in `date` is no date
 --> content/articles/a.md:3:8
  |
3 | date = "yesterday"
  |        ^^^^^^^^^^^
  |
  = hint: write `date = 2022-01-21`, or `date = 2022-01-21T14:05:00+02:00`

error: `summary` is empty
 --> content/articles/a.md:4:11
  |
4 | summary = ""
  |           ^^
  |
  = hint: write something between the quotes, or remove the line

error: `draft` must be true or false, found text
 --> content/articles/a.md:5:9
  |
5 | draft = "no"
  |         ^^^^
  |
  = hint: write `draft = true`, without quotes

error: `tags` must be a list of text, found a number
 --> content/articles/a.md:6:14
  |
6 | tags = ["a", 2]
  |              ^
  |
  = hint: write `tags = ["one", "two"]`

error: `www.example.org` in `url` is no web address
 --> content/articles/a.md:7:7
  |
7 | url = "www.example.org"
  |       ^^^^^^^^^^^^^^^^^
  |
  = hint: an address starts with `https://` or `http://`

error: `english` in `lang` is no language tag
 --> content/articles/a.md:8:8
  |
8 | lang = "english"
  |        ^^^^^^^^^
  |
  = hint: write a BCP 47 tag such as `en`, `uk`, `pt-BR` or `zh-Hant`

error: `urgency` must be from 1 to 9, found 10
 --> content/articles/a.md:9:11
  |
9 | urgency = 10
  |           ^^
  |
  = hint: write `urgency = 1`, for example

error: `expires` must be a date, found true or false
  --> content/articles/a.md:10:11
   |
10 | expires = true
   |           ^^^^
   |
   = hint: write `expires = 2022-01-21`, or `expires = 2022-01-21T14:05:00+02:00`

error: `rights` must be a table, found text
  --> content/articles/a.md:11:10
   |
11 | rights = "full"
   |          ^^^^^^
   |
   = hint: write `[rights]` on a line of its own, its keys below

error: `credits` must be a list of tables, found text
  --> content/articles/a.md:12:12
   |
12 | credits = ["A"]
   |            ^^^
   |
   = hint: write `[[credits]]` on a line of its own, its keys below, once for each

11 errors
nothing was written

"#]],
    );
}

#[test]
fn what_must_be_there() {
    reports(
        article(
            "+++\n[[credits]]\nplace = \"x\"\n[[corrections]]\nkind = \"update\"\n[[events]]\ncitation = \"a\"\n[[quotes]]\nspeaker = \"x\"\n+++\nText.\n",
        ),
        str![[r#"
error: the article has no `date`
 --> content/articles/a.md:1:1
  |
1 | +++
  | ^^^
  |
  = hint: the day it was published: `date = 2022-01-21`; without one it belongs in content/inbox/

error: the article has no `title`
 --> content/articles/a.md:1:1
  |
1 | +++
  | ^^^
  |
  = hint: add a line `title = "…"`

error: `[[credits]]` has no `name`
 --> content/articles/a.md:2:1
  |
2 | [[credits]]
  | ^^^^^^^^^^^
  |
  = hint: add a line `name = "…"`

error: `[[credits]]` has no `role`
 --> content/articles/a.md:2:1
  |
2 | [[credits]]
  | ^^^^^^^^^^^
  |
  = hint: add a line `role = "author"`, or contributor, writer, editor, photographer

error: `[[corrections]]` has no `date`
 --> content/articles/a.md:4:1
  |
4 | [[corrections]]
  | ^^^^^^^^^^^^^^^
  |
  = hint: the day of the correction: `date = 2022-01-22`

error: `[[corrections]]` has no `text`
 --> content/articles/a.md:4:1
  |
4 | [[corrections]]
  | ^^^^^^^^^^^^^^^
  |
  = hint: say what was wrong and what is right: `text = "…"`

error: `[[events]]` has no `date`
 --> content/articles/a.md:6:1
  |
6 | [[events]]
  | ^^^^^^^^^^
  |
  = hint: when it happened: `date = "2022-01-21"`, a month or `first/last`

error: `[[events]]` has no `headline`
 --> content/articles/a.md:6:1
  |
6 | [[events]]
  | ^^^^^^^^^^
  |
  = hint: say what happened: `headline = "…"`

error: `[[quotes]]` has no `text`
 --> content/articles/a.md:8:1
  |
8 | [[quotes]]
  | ^^^^^^^^^^
  |
  = hint: the words, without quotation marks around them: `text = "…"`

9 errors
nothing was written

"#]],
    );
}

#[test]
fn a_rating_without_its_rater() {
    let site = Site::new().named(
        "publishers",
        "quay",
        "country = \"Ukraine\"\nkind = \"paper\"\n[[ratings]]\nvalue = \"good\"\n[[ratings]]\nby = \"Council\"",
    );
    reports(
        site,
        str![[r#"
error: `Ukraine` is no country code
 --> content/publishers/quay.md:3:11
  |
3 | country = "Ukraine"
  |           ^^^^^^^^^
  |
  = hint: write the two capital letters of ISO 3166, such as `UA` or `ZA`

error: unknown `kind`: `paper`
 --> content/publishers/quay.md:4:8
  |
4 | kind = "paper"
  |        ^^^^^^^
  |
  = hint: it can be `newspaper`, `broadcaster`, `agency`, `magazine`, `website`, `official`, `ngo` or `blog`

error: `[[ratings]]` has no `by`
 --> content/publishers/quay.md:5:1
  |
5 | [[ratings]]
  | ^^^^^^^^^^^
  |
  = hint: a rating without its rater says nothing: `by = "…"`

error: `[[ratings]]` has no `value`
 --> content/publishers/quay.md:7:1
  |
7 | [[ratings]]
  | ^^^^^^^^^^^
  |
  = hint: what the rater says: `value = "…"`

4 errors
nothing was written

"#]],
    );
}

#[test]
fn an_entity_and_a_digest_with_wrong_values() {
    let site = Site::new()
        .named("places", "moon", "geo = [91.0, 0]\ncountry = \"Moon\"")
        .named("places", "sea", "geo = \"46, 30\"")
        .named("people", "x", "geo = [1.0, 2.0]\n[[roles]]\norganization = \"y\"\nfrom = \"2022-31\"")
        .digest(
            "d",
            "temporal_coverage = \"2022-02-01/2022-01-01\"\norder = \"newest\"\n[query]\ntopics = \"x\"\ngenre = \"news\"\n\
             [[sections]]\ntitle = \"A\"\n[[items]]\nrole = \"leader\"\n[[items]]\nurl = \"https://example.net/\"\n\
             [[items]]\narticle = \"x\"\nurl = \"https://example.net/\"",
        );
    reports(
        site,
        str![[r#"
warning: the digest is empty
 --> content/digests/d.md:2:1
  |
2 | title = "Digest d"
  | ^^^^^^^^^^^^^^^^^^
  |
  = hint: list articles under `[[items]]`, or widen `[query]` or `temporal_coverage`

error: `2022-02-01/2022-01-01` in `temporal_coverage` is no date or period
 --> content/digests/d.md:3:21
  |
3 | temporal_coverage = "2022-02-01/2022-01-01"
  |                     ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: write a day `2022-01-21`, a month `2022-01`, a year, or `first/last`, the earlier one first

error: unknown `order`: `newest`
 --> content/digests/d.md:4:9
  |
4 | order = "newest"
  |         ^^^^^^^^
  |
  = hint: it can be `date-asc`, `date-desc`, `urgency` or `manual`

error: unknown key `topics` in `[query]`
 --> content/digests/d.md:6:1
  |
6 | topics = "x"
  | ^^^^^^
  |
  = hint: did you mean `topic`?

error: unknown `genre`: `news`
 --> content/digests/d.md:7:9
  |
7 | genre = "news"
  |         ^^^^^^
  |
  = hint: it can be report, analysis, opinion, background, fact-check, live

error: `[[sections]]` has no `id`
 --> content/digests/d.md:8:1
  |
8 | [[sections]]
  | ^^^^^^^^^^^^
  |
  = hint: what items name the section by: `id = "diplomacy"`

error: `[[items]]` has no `article`
  --> content/digests/d.md:10:1
   |
10 | [[items]]
   | ^^^^^^^^^
   |
   = hint: name an article by its id, slug or path, or give `url` and `title`

error: unknown `role`: `leader`
  --> content/digests/d.md:11:8
   |
11 | role = "leader"
   |        ^^^^^^^^
   |
   = hint: did you mean `lead`? it can be `lead`, `pinned`, `item` or `see-also`

error: `[[items]]` has no `title`
  --> content/digests/d.md:12:1
   |
12 | [[items]]
   | ^^^^^^^^^
   |
   = hint: a link needs its headline: `title = "…"`

error: an item names an article or an address, not both
  --> content/digests/d.md:16:7
   |
16 | url = "https://example.net/"
   |       ^^^^^^^^^^^^^^^^^^^^^^
   |
   = hint: remove `url`: the article has its own

error: unknown key `geo` in the person
 --> content/people/x.md:3:1
  |
3 | geo = [1.0, 2.0]
  | ^^^
  |
  = hint: keys of your own go under `[extra]`

error: `[[roles]]` has no `title`
 --> content/people/x.md:4:1
  |
4 | [[roles]]
  | ^^^^^^^^^
  |
  = hint: what they are called: `title = "Foreign minister"`

error: `2022-31` in `from` is no date or period
 --> content/people/x.md:6:8
  |
6 | from = "2022-31"
  |        ^^^^^^^^^
  |
  = hint: write a day `2022-01-21`, a month `2022-01`, a year, or `first/last`, the earlier one first

error: `geo` lies outside the globe
 --> content/places/moon.md:3:7
  |
3 | geo = [91.0, 0]
  |       ^^^^^^^^^
  |
  = hint: write `geo = [46.2044, 6.1432]`: latitude from -90 to 90, then longitude from -180 to 180

error: `Moon` is no country code
 --> content/places/moon.md:4:11
  |
4 | country = "Moon"
  |           ^^^^^^
  |
  = hint: write the two capital letters of ISO 3166, such as `UA` or `ZA`

error: `geo` must be a latitude and a longitude, found text
 --> content/places/sea.md:3:7
  |
3 | geo = "46, 30"
  |       ^^^^^^^^
  |
  = hint: write `geo = [46.2044, 6.1432]`: latitude from -90 to 90, then longitude from -180 to 180

15 errors and 1 warning
nothing was written

"#]],
    );
}

#[test]
fn dates_out_of_range() {
    for (date, expected) in [
        (
            "0000-00-00",
            str![[r#"
error: invalid TOML: invalid date, expected month between 01 and 12
 --> content/articles/a.md:3:8
  |
3 | date = 0000-00-00
  |        ^^^^^^^^^^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

1 error
nothing was written

"#]],
        ),
        (
            "2022-02-30",
            str![[r#"
error: invalid TOML: invalid date, expected day between 01 and 28
 --> content/articles/a.md:3:8
  |
3 | date = 2022-02-30
  |        ^^^^^^^^^^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

1 error
nothing was written

"#]],
        ),
        (
            "\"2022-02-30\"",
            str![[r#"
error: `2022-02-30` in `date` is no date
 --> content/articles/a.md:3:8
  |
3 | date = "2022-02-30"
  |        ^^^^^^^^^^^^
  |
  = hint: write `date = 2022-01-21`, or `date = 2022-01-21T14:05:00+02:00`

1 error
nothing was written

"#]],
        ),
        (
            "99999-01-01",
            str![[r#"
error: invalid TOML: invalid date, expected a four-digit year (YYYY)
 --> content/articles/a.md:3:8
  |
3 | date = 99999-01-01
  |        ^^^^^^^^^^^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

1 error
nothing was written

"#]],
        ),
        (
            "2022-01-21T25:00:00",
            str![[r#"
error: invalid TOML: invalid time, expected hour between 00 and 23
 --> content/articles/a.md:3:8
  |
3 | date = 2022-01-21T25:00:00
  |        ^^^^^^^^^^^^^^^^^^^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

1 error
nothing was written

"#]],
        ),
        (
            "14:05:00",
            str![[r#"
error: `14:05:00` in `date` is no date
 --> content/articles/a.md:3:8
  |
3 | date = 14:05:00
  |        ^^^^^^^^
  |
  = hint: write `date = 2022-01-21`, or `date = 2022-01-21T14:05:00+02:00`

1 error
nothing was written

"#]],
        ),
        (
            "2022-01-21T14:05:00+99:00",
            str![[r#"
error: invalid TOML: invalid offset, expected hours between 00 and 23
 --> content/articles/a.md:3:8
  |
3 | date = 2022-01-21T14:05:00+99:00
  |        ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: text wants quotes: `key = "text"`; a date is written `2022-01-21`

1 error
nothing was written

"#]],
        ),
        (
            "1e99",
            str![[r#"
error: `date` must be a date, found a number with a fraction
 --> content/articles/a.md:3:8
  |
3 | date = 1e99
  |        ^^^^
  |
  = hint: write `date = 2022-01-21`, or `date = 2022-01-21T14:05:00+02:00`

1 error
nothing was written

"#]],
        ),
        (
            "\"21 January 2022\"",
            str![[r#"
error: `21 January 2022` in `date` is no date
 --> content/articles/a.md:3:8
  |
3 | date = "21 January 2022"
  |        ^^^^^^^^^^^^^^^^^
  |
  = hint: write `date = 2022-01-21`, or `date = 2022-01-21T14:05:00+02:00`

1 error
nothing was written

"#]],
        ),
    ] {
        article(format!("+++\ntitle = \"A\"\ndate = {date}\n+++\nText.\n"))
            .run("build")
            .has_errors()
            .stderr_is(expected);
    }
}

#[test]
fn the_first_and_the_last_years_that_can_be_written() {
    let site = Site::new().article("0001-01-01", "first", "").article("9999-12-01", "last", "");
    site.run("build --drafts").succeeds();
    site.page("/0001/01/01/first/").says("About first");
    site.page("/9999/12/01/last/").says("About last");
    site.run("check --drafts").succeeds();
}

#[test]
fn a_day_that_the_zone_skipped() {
    let site = article("+++\ntitle = \"A\"\ndate = 2011-12-30\n+++\nText.\n").settings("timezone = \"Pacific/Apia\"");
    site.run("build").succeeds();
}

#[test]
fn numbers_too_large() {
    reports(
        article(
            "+++\ntitle = \"A\"\ndate = 2022-01-21\nurgency = 99999999999999999999999999\n[rights]\nmax_words = -1\n[import]\nwords_removed = 1e400\n+++\nText.\n",
        ),
        str![[r#"
error: `urgency` must be a whole number, found text
 --> content/articles/a.md:4:11
  |
4 | urgency = 99999999999999999999999999
  |           ^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: write `urgency = 1`, without quotes

error: `max_words` must be from 0 to 1000000, found -1
 --> content/articles/a.md:6:13
  |
6 | max_words = -1
  |             ^^
  |
  = hint: write `max_words = 0`, for example

error: `words_removed` must be a whole number, found a number with a fraction
 --> content/articles/a.md:8:17
  |
8 | words_removed = 1e400
  |                 ^^^^^
  |
  = hint: write `words_removed = 0`, without quotes

3 errors
nothing was written

"#]],
    );
}

#[test]
fn links_to_nowhere() {
    let site = Site::new().topic("talks", "").article_with(
        "2022-01-21",
        "a",
        "commentary = \"See [this](/tlaks/).\"",
        "One [x](/talk/) two [y](b.md) three [z](../../../../../../etc/passwd.md) four [w](file.txt) five []() six ![p](/p.png)\n\nSeven [v](ftp://example.org/) and [u](/talks/#x).\n",
    );
    reports(
        site,
        str![[r#"
error: no page or file of this site is at `/tlaks/`
 --> content/articles/2022/01/a.md:4:14
  |
4 | commentary = "See [this](/tlaks/)."
  |              ^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: did you mean `/talks/`?

error: no page or file of this site is at `/talk/`
 --> content/articles/2022/01/a.md:6:5
  |
6 | One [x](/talk/) two [y](b.md) three [z](../../../../../../etc/passwd.md) four [w](file.txt) five []() six ![p](/p.png)
  |     ^^^^^^^^^^^
  |
  = hint: did you mean `/talks/`?

error: there is no file `content/articles/2022/01/b.md`
 --> content/articles/2022/01/a.md:6:21
  |
6 | One [x](/talk/) two [y](b.md) three [z](../../../../../../etc/passwd.md) four [w](file.txt) five []() six ![p](/p.png)
  |                     ^^^^^^^^^
  |
  = hint: did you mean `content/articles/2022/01/a.md`?

error: the link `../../../../../../etc/passwd.md` leads out of the site
 --> content/articles/2022/01/a.md:6:37
  |
6 | One [x](/talk/) two [y](b.md) three [z](../../../../../../etc/passwd.md) four [w](file.txt) five []() six ![p](/p.png)
  |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: name a file of content/, relative to this one

error: `file.txt` is neither a file of content/ nor a path from the site's root
 --> content/articles/2022/01/a.md:6:79
  |
6 | One [x](/talk/) two [y](b.md) three [z](../../../../../../etc/passwd.md) four [w](file.txt) five []() six ![p](/p.png)
  |                                                                               ^^^^^^^^^^^^^
  |
  = hint: write `/images/photo.jpg` for static/images/photo.jpg, `/topic/` for a page, `https://…` for other sites

error: the link has no address
 --> content/articles/2022/01/a.md:6:98
  |
6 | One [x](/talk/) two [y](b.md) three [z](../../../../../../etc/passwd.md) four [w](file.txt) five []() six ![p](/p.png)
  |                                                                                                  ^^^^
  |
  = hint: write it between the brackets: `[…](/topic/)`

error: no page or file of this site is at `/p.png`
 --> content/articles/2022/01/a.md:6:107
  |
6 | One [x](/talk/) two [y](b.md) three [z](../../../../../../etc/passwd.md) four [w](file.txt) five []() six ![p](/p.png)
  |                                                                                                           ^^^^^^^^^^^^
  |
  = hint: a link to a file of content/ can name the file itself: `[…](../topics/name.md)`

warning: `ftp:` addresses are not let through
 --> content/articles/2022/01/a.md:8:7
  |
8 | Seven [v](ftp://example.org/) and [u](/talks/#x).
  |       ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: links may be `https:`, `http:`, `mailto:` or `tel:`; the words stay, without the link

7 errors and 1 warning
nothing was written

"#]],
    );
}

#[test]
fn html_that_is_not_let_through() {
    warns(
        Site::new().article_with(
            "2022-01-21",
            "a",
            "",
            "Text with <script>alert(1)</script> and <iframe src=\"https://x.example.net/\"></iframe>.\n\n<style>p { color: red }</style>\n\n<form><input></form>\n",
        ),
        str![[r#"
warning: `<script>` is not let through
 --> content/articles/2022/01/a.md:6:11
  |
6 | Text with <script>alert(1)</script> and <iframe src="https://x.example.net/"></iframe>.
  |           ^^^^^^^
  |
  = hint: only HTML that formats text is; to show the tag itself, write `&lt;` for `<`

warning: `<iframe>` is not let through
 --> content/articles/2022/01/a.md:6:41
  |
6 | Text with <script>alert(1)</script> and <iframe src="https://x.example.net/"></iframe>.
  |                                         ^^^^^^^
  |
  = hint: only HTML that formats text is; to show the tag itself, write `&lt;` for `<`

warning: `<style>` is not let through
 --> content/articles/2022/01/a.md:8:1
  |
8 | <style>p { color: red }</style>
  | ^^^^^^
  |
  = hint: only HTML that formats text is; to show the tag itself, write `&lt;` for `<`

warning: `<form>` is not let through
  --> content/articles/2022/01/a.md:10:1
   |
10 | <form><input></form>
   | ^^^^^
   |
   = hint: only HTML that formats text is; to show the tag itself, write `&lt;` for `<`

warning: `<input>` is not let through
  --> content/articles/2022/01/a.md:10:7
   |
10 | <form><input></form>
   |       ^^^^^^
   |
   = hint: only HTML that formats text is; to show the tag itself, write `&lt;` for `<`

5 warnings

"#]],
    );
}

#[test]
fn many_files_with_errors_are_reported_in_one_run_in_the_order_of_their_paths() {
    let mut site = Site::new();
    for name in ["d", "b", "a", "c"] {
        site = site.file(&format!("content/articles/{name}.md"), format!("+++\ntitle = \"{name}\"\n+++\n"));
    }
    reports(
        site,
        str![[r#"
error: the article has no `date`
 --> content/articles/a.md:1:1
  |
1 | +++
  | ^^^
  |
  = hint: the day it was published: `date = 2022-01-21`; without one it belongs in content/inbox/

error: the article has no `date`
 --> content/articles/b.md:1:1
  |
1 | +++
  | ^^^
  |
  = hint: the day it was published: `date = 2022-01-21`; without one it belongs in content/inbox/

error: the article has no `date`
 --> content/articles/c.md:1:1
  |
1 | +++
  | ^^^
  |
  = hint: the day it was published: `date = 2022-01-21`; without one it belongs in content/inbox/

error: the article has no `date`
 --> content/articles/d.md:1:1
  |
1 | +++
  | ^^^
  |
  = hint: the day it was published: `date = 2022-01-21`; without one it belongs in content/inbox/

4 errors
nothing was written

"#]],
    );
}

#[test]
fn a_claim_without_its_verdict_or_its_scale() {
    reports(
        article("+++\ntitle = \"A\"\ndate = 2022-01-21\n[claim]\ntext = \"It is so\"\n+++\n"),
        str![[r#"
error: `[claim]` has no `rating`
 --> content/articles/a.md:4:1
  |
4 | [claim]
  | ^^^^^^^
  |
  = hint: what the check finds: `rating = "False"`

1 error
nothing was written

"#]],
    );
    reports(
        article(
            "+++\ntitle = \"A\"\ndate = 2022-01-21\n[claim]\ntext = \"It is so\"\nrating = \"No\"\nrating_value = 3\nbest = 5\n+++\n",
        ),
        str![[r#"
error: `[claim]` has no `best_rating` and `worst_rating`
 --> content/articles/a.md:4:1
  |
4 | [claim]
  | ^^^^^^^
  |
  = hint: a number says nothing without its scale: give `rating_value`, `best_rating` and `worst_rating`, or none

error: unknown key `best` in `[claim]`
 --> content/articles/a.md:8:1
  |
8 | best = 5
  | ^^^^
  |
  = hint: did you mean `best_rating`?

2 errors
nothing was written

"#]],
    );
    reports(
        article(
            "+++\ntitle = \"A\"\ndate = 2022-01-21\n[claim]\ntext = \"It is so\"\nrating = \"No\"\nrating_value = 9\nbest_rating = 5\nworst_rating = 1\n+++\n",
        ),
        str![[r#"
error: `rating_value` 9 is not on a scale from 1 to 5
 --> content/articles/a.md:4:1
  |
4 | [claim]
  | ^^^^^^^
  |
  = hint: it lies between `worst_rating` and `best_rating`, which differ

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_role_that_ends_before_it_begins() {
    let site = Site::new().named("people", "ann", "[[roles]]\ntitle = \"Mayor\"\nfrom = \"2024-05\"\nto = \"2020\"");
    site.run("check").has_errors().stderr_has("the role ends before it begins").stderr_has("ann.md:6:6");
    let site = Site::new().named("people", "ann", "[[roles]]\ntitle = \"Mayor\"\nfrom = \"2024-05\"\nto = \"2024\"");
    site.run("check").succeeds();
}
