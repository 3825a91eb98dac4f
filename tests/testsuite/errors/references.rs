//! Names that lead nowhere, to two things, or in a circle.

use snapbox::str;

use super::{reports, warns};
use crate::site_test::Site;

#[test]
fn unknown_names_of_every_kind() {
    let site = Site::new()
        .topic("ukraine-crisis", "broader = [\"europa\"]\nrelated = [\"asia\"]")
        .topic("europe", "")
        .named("publishers", "reuters", "name = \"Reuters\"")
        .named("people", "sergei-lavrov", "name = \"Sergei Lavrov\"")
        .named("places", "geneva", "name = \"Geneva\"")
        .named("organizations", "nato", "name = \"NATO\"")
        .article(
            "2022-01-21",
            "a",
            "topics = [\"ukraine-crises\"]\npublisher = \"Reuter\"\nagency = \"bbc\"\npeople = [\"Lavrow\", \"lavrov\", \"Sergej Lavrov\"]\nplaces = [\"genf\"]\nlocated = \"Genewa\"\norganizations = [\"nata\"]\n[[events]]\ndate = \"2022\"\nheadline = \"x\"\ncitation = \"b\"",
        )
        .digest("d", "topic = \"ukraine\"\n[query]\ntag = \"x\"\npublisher = \"reters\"\nexclude = [\"2022-01-21-b\"]");
    reports(
        site,
        str![[r#"
error: unknown topic `ukraine-crises` in `topics`
 --> content/articles/2022/01/a.md:4:11
  |
4 | topics = ["ukraine-crises"]
  |           ^^^^^^^^^^^^^^^^
  |
  = hint: did you mean `ukraine-crisis`? topics are files in content/topics/

error: unknown publisher `Reuter` in `publisher`
 --> content/articles/2022/01/a.md:5:13
  |
5 | publisher = "Reuter"
  |             ^^^^^^^^
  |
  = hint: did you mean `reuters`? publishers are files in content/publishers/

error: unknown publisher `bbc` in `agency`
 --> content/articles/2022/01/a.md:6:10
  |
6 | agency = "bbc"
  |          ^^^^^
  |
  = hint: publishers are files in content/publishers/; add one, or remove the name here

error: unknown person `Lavrow` in `people`
 --> content/articles/2022/01/a.md:7:11
  |
7 | people = ["Lavrow", "lavrov", "Sergej Lavrov"]
  |           ^^^^^^^^
  |
  = hint: people are files in content/people/; add one, or remove the name here

error: unknown person `lavrov` in `people`
 --> content/articles/2022/01/a.md:7:21
  |
7 | people = ["Lavrow", "lavrov", "Sergej Lavrov"]
  |                     ^^^^^^^^
  |
  = hint: people are files in content/people/; add one, or remove the name here

error: unknown person `Sergej Lavrov` in `people`
 --> content/articles/2022/01/a.md:7:31
  |
7 | people = ["Lavrow", "lavrov", "Sergej Lavrov"]
  |                               ^^^^^^^^^^^^^^^
  |
  = hint: did you mean `sergei-lavrov`? people are files in content/people/

error: unknown place `genf` in `places`
 --> content/articles/2022/01/a.md:8:11
  |
8 | places = ["genf"]
  |           ^^^^^^
  |
  = hint: did you mean `geneva`? places are files in content/places/

error: unknown place `Genewa` in `located`
 --> content/articles/2022/01/a.md:9:11
  |
9 | located = "Genewa"
  |           ^^^^^^^^
  |
  = hint: did you mean `geneva`? places are files in content/places/

error: unknown organization `nata` in `organizations`
  --> content/articles/2022/01/a.md:10:18
   |
10 | organizations = ["nata"]
   |                  ^^^^^^
   |
   = hint: did you mean `nato`? organizations are files in content/organizations/

error: unknown article `b` in `citation`
  --> content/articles/2022/01/a.md:14:12
   |
14 | citation = "b"
   |            ^^^
   |
   = hint: articles are files in content/articles/; add one, or remove the name here

warning: the digest is empty
 --> content/digests/d.md:2:1
  |
2 | title = "Digest d"
  | ^^^^^^^^^^^^^^^^^^
  |
  = hint: list articles under `[[items]]`, or widen `[query]` or `temporal_coverage`

error: unknown topic `ukraine` in `topic`
 --> content/digests/d.md:3:9
  |
3 | topic = "ukraine"
  |         ^^^^^^^^^
  |
  = hint: did you mean `ukraine-crisis`? topics are files in content/topics/

warning: unknown tag `x` in `tag`
 --> content/digests/d.md:5:7
  |
5 | tag = "x"
  |       ^^^
  |
  = hint: tags come from the articles' `tags`; add one, or remove the name here

error: unknown publisher `reters` in `publisher`
 --> content/digests/d.md:6:13
  |
6 | publisher = "reters"
  |             ^^^^^^^^
  |
  = hint: did you mean `reuters`? publishers are files in content/publishers/

error: unknown article `2022-01-21-b` in `exclude`
 --> content/digests/d.md:7:12
  |
7 | exclude = ["2022-01-21-b"]
  |            ^^^^^^^^^^^^^^
  |
  = hint: did you mean `2022-01-21-a`? articles are files in content/articles/

error: unknown topic `europa` in `broader`
 --> content/topics/ukraine-crisis.md:3:12
  |
3 | broader = ["europa"]
  |            ^^^^^^^^
  |
  = hint: did you mean `europe`? topics are files in content/topics/

error: unknown topic `asia` in `related`
 --> content/topics/ukraine-crisis.md:4:12
  |
4 | related = ["asia"]
  |            ^^^^^^
  |
  = hint: topics are files in content/topics/; add one, or remove the name here

15 errors and 2 warnings
nothing was written

"#]],
    );
}

#[test]
fn a_digest_that_names_no_article() {
    reports(
        Site::new()
            .article("2022-01-21", "us-russia-no-breakthrough", "")
            .digest("d", "[[items]]\narticle = \"2022-01-21-us-rusia-no-breakthrough\""),
        str![[r#"
error: unknown article `2022-01-21-us-rusia-no-breakthrough` in `article`
 --> content/digests/d.md:4:11
  |
4 | article = "2022-01-21-us-rusia-no-breakthrough"
  |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: did you mean `2022-01-21-us-russia-no-breakthrough`? articles are files in content/articles/

1 error
nothing was written

"#]],
    );
}

#[test]
fn an_empty_digest() {
    warns(
        Site::new().article("2022-01-21", "a", "").digest("d", "temporal_coverage = \"2021\"\n[query]"),
        str![[r#"
warning: the digest is empty
 --> content/digests/d.md:2:1
  |
2 | title = "Digest d"
  | ^^^^^^^^^^^^^^^^^^
  |
  = hint: list articles under `[[items]]`, or widen `[query]` or `temporal_coverage`

1 warning

"#]],
    );
}

#[test]
fn a_spelling_of_two_people() {
    let site = Site::new()
        .named("people", "sergei-lavrov", "name = \"Sergei Lavrov\"\nalternate_names = [\"Lavrov\"]")
        .named("people", "ekaterina-lavrova", "name = \"Ekaterina Lavrova\"\nalternate_names = [\"lavrov\"]")
        .article("2022-01-21", "a", "people = [\"LAVROV\"]");
    reports(
        site,
        str![[r#"
error: `LAVROV` in `people` is the name of more than one person
 --> content/articles/2022/01/a.md:4:11
  |
4 | people = ["LAVROV"]
  |           ^^^^^^^^
  |
  = hint: write the slug instead: its file's name without `.md`

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_circle_of_broader() {
    reports(
        Site::new().topic("a", "broader = [\"b\"]").topic("b", "broader = [\"c\"]").topic("c", "broader = [\"a\"]"),
        str![[r#"
error: `broader` goes in a circle: `c` → `a` → `b` → `c`
 --> content/topics/c.md:3:12
  |
3 | broader = ["a"]
  |            ^^^
  |
  = hint: remove one of these: a topic cannot be part of itself

1 error
nothing was written

"#]],
    );
    reports(
        Site::new().topic("a", "broader = [\"a\"]"),
        str![[r#"
error: `broader` goes in a circle: `a` → `a`
 --> content/topics/a.md:3:12
  |
3 | broader = ["a"]
  |            ^^^
  |
  = hint: remove one of these: a topic cannot be part of itself

1 error
nothing was written

"#]],
    );
}

#[test]
fn two_ways_up_are_no_circle() {
    let site = Site::new()
        .topic("top", "")
        .topic("left", "broader = [\"top\"]")
        .topic("right", "broader = [\"top\"]")
        .topic("low", "broader = [\"left\", \"right\"]")
        .article("2022-01-21", "a", "topics = [\"low\"]");
    site.build();
    assert_eq!(site.page("/top/").headlines(), ["About a"], "once, though two ways lead there");
}

#[test]
fn two_articles_with_one_address() {
    reports(
        Site::new()
            .file(
                "content/articles/one.md",
                "+++\ntitle = \"A\"\ndate = 2022-01-21\nslug = \"talks\"\nid = \"x\"\n+++\n",
            )
            .file(
                "content/articles/two/talks.md",
                "+++\ntitle = \"B\"\ndate = 2022-01-21T12:00:00Z\nid = \"y\"\n+++\n",
            ),
        str![[r#"
error: two pages want the address `/2022/01/21/talks/`
 --> content/articles/two/talks.md:2:1
  |
2 | title = "B"
  | ^^^^^^^^^^^
  |
 ::: content/articles/one.md:2:1
  |
2 | title = "A"
  | ----------- the other one
  |
  = hint: change the `slug`, the date or the file's name of one of them

1 error
nothing was written

"#]],
    );
}

#[test]
fn two_articles_with_one_id() {
    reports(
        Site::new().article("2022-01-21", "a", "id = \"same\"").article("2022-01-22", "b", "id = \"same\""),
        str![[r#"
error: two articles have the id `same`
 --> content/articles/2022/01/b.md:4:6
  |
4 | id = "same"
  |      ^^^^^^
  |
 ::: content/articles/2022/01/a.md:4:6
  |
4 | id = "same"
  |      ------ the other one
  |
  = hint: give one of them an id of its own; an id that was published must stay as it is

1 error
nothing was written

"#]],
    );
}

#[test]
fn pages_that_want_an_address_that_is_taken() {
    reports(
        Site::new()
            .topic("talks", "")
            .topic("archive", "")
            .topic("people", "")
            .named("people", "x", "")
            .file("content/pages/talks.md", "+++\ntitle = \"Talks\"\n+++\n")
            .file("static/index.html", "x")
            .file("static/sitemap.xml", "x")
            .article("2022-01-21", "a", "aliases = [\"/talks/\", \"/feed.atom\"]"),
        str![[r#"
error: the alias `/talks/` is the address of another page
 --> content/articles/2022/01/a.md:4:12
  |
4 | aliases = ["/talks/", "/feed.atom"]
  |            ^^^^^^^^^
  |
 ::: content/topics/talks.md:2:1
  |
2 | title = "Topic talks"
  | --------------------- the other one
  |
  = hint: remove it, or choose another

error: the alias `/feed.atom` is the address of another page
 --> content/articles/2022/01/a.md:4:23
  |
4 | aliases = ["/talks/", "/feed.atom"]
  |                       ^^^^^^^^^^^^
  |
  = hint: remove it, or choose another

error: two pages want the address `/talks/`
 --> content/pages/talks.md:2:1
  |
2 | title = "Talks"
  | ^^^^^^^^^^^^^^^
  |
 ::: content/topics/talks.md:2:1
  |
2 | title = "Topic talks"
  | --------------------- the other one
  |
  = hint: change the `slug`, the date or the file's name of one of them

error: two pages want the address `/archive/`
 --> content/topics/archive.md:2:1
  |
2 | title = "Topic archive"
  | ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: this address is taken by a page that every site has; rename the file

error: two pages want the address `/people/`
 --> content/topics/people.md:2:1
  |
2 | title = "Topic people"
  | ^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: this address is taken by a page that every site has; rename the file

error: a file in static/ and a page want the address `/index.html`
--> static/index.html
 = hint: this address is taken by a page that every site has; rename the file

error: a file in static/ and a page want the address `/sitemap.xml`
--> static/sitemap.xml
 = hint: this address is taken by a page that every site has; rename the file

7 errors
nothing was written

"#]],
    );
}

#[test]
fn two_topics_with_one_name_in_two_folders() {
    reports(
        Site::new()
            .file("content/topics/talks.md", "+++\ntitle = \"A\"\n+++\n")
            .file("content/topics/more/talks.md", "+++\ntitle = \"B\"\n+++\n"),
        str![[r#"
error: there are two files for the topic `talks`
 --> content/topics/talks.md:2:1
  |
2 | title = "A"
  | ^^^^^^^^^^^
  |
 ::: content/topics/more/talks.md:2:1
  |
2 | title = "B"
  | ----------- the other one
  |
  = hint: keep one of them, or rename one

1 error
nothing was written

"#]],
    );
}

#[test]
fn slugs_and_aliases_never_leave_the_site() {
    let site = Site::new()
        .article("2022-01-21", "a", "slug = \"../../../etc/passwd\"")
        .article("2022-01-22", "b", "slug = \"..\"")
        .article("2022-01-23", "c", "slug = \"a/b\"")
        .article(
            "2022-01-24",
            "d",
            "aliases = [\"/../outside/\", \"https://evil.example.net/\", \"old\", \"/\", \"/a/./b/\", \"/a\\\\b/\", \"//evil.example.net/\"]",
        );
    reports(
        site,
        str![[r#"
error: `../../../etc/passwd` cannot be part of an address
 --> content/articles/2022/01/a.md:4:8
  |
4 | slug = "../../../etc/passwd"
  |        ^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: write one part without slashes, spaces or dots at its ends, such as `slug = "etc-passwd"`

error: `..` cannot be part of an address
 --> content/articles/2022/01/b.md:4:8
  |
4 | slug = ".."
  |        ^^^^
  |
  = hint: write one part without slashes, spaces or dots at its ends, such as `slug = "talks-in-geneva"`

error: `a/b` cannot be part of an address
 --> content/articles/2022/01/c.md:4:8
  |
4 | slug = "a/b"
  |        ^^^^^
  |
  = hint: write one part without slashes, spaces or dots at its ends, such as `slug = "a-b"`

error: `/../outside/` in `aliases` is no address of this site
 --> content/articles/2022/01/d.md:4:12
  |
4 | aliases = ["/../outside/", "https://evil.example.net/", "old", "/", "/a/./b/", "/a\\b/", "//evil.example.net/"]
  |            ^^^^^^^^^^^^^^
  |
  = hint: write a path from the site's root, such as `/old/story/`

error: `https://evil.example.net/` in `aliases` is no address of this site
 --> content/articles/2022/01/d.md:4:28
  |
4 | aliases = ["/../outside/", "https://evil.example.net/", "old", "/", "/a/./b/", "/a\\b/", "//evil.example.net/"]
  |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: write a path from the site's root, such as `/old/story/`

error: `old` in `aliases` is no address of this site
 --> content/articles/2022/01/d.md:4:57
  |
4 | aliases = ["/../outside/", "https://evil.example.net/", "old", "/", "/a/./b/", "/a\\b/", "//evil.example.net/"]
  |                                                         ^^^^^
  |
  = hint: write a path from the site's root, such as `/old/story/`

error: `/` in `aliases` is no address of this site
 --> content/articles/2022/01/d.md:4:64
  |
4 | aliases = ["/../outside/", "https://evil.example.net/", "old", "/", "/a/./b/", "/a\\b/", "//evil.example.net/"]
  |                                                                ^^^
  |
  = hint: write a path from the site's root, such as `/old/story/`

error: `/a/./b/` in `aliases` is no address of this site
 --> content/articles/2022/01/d.md:4:69
  |
4 | aliases = ["/../outside/", "https://evil.example.net/", "old", "/", "/a/./b/", "/a\\b/", "//evil.example.net/"]
  |                                                                     ^^^^^^^^^
  |
  = hint: write a path from the site's root, such as `/old/story/`

error: `/a\b/` in `aliases` is no address of this site
 --> content/articles/2022/01/d.md:4:80
  |
4 | aliases = ["/../outside/", "https://evil.example.net/", "old", "/", "/a/./b/", "/a\\b/", "//evil.example.net/"]
  |                                                                                ^^^^^^^^
  |
  = hint: write a path from the site's root, such as `/old/story/`

error: `//evil.example.net/` in `aliases` is no address of this site
 --> content/articles/2022/01/d.md:4:90
  |
4 | aliases = ["/../outside/", "https://evil.example.net/", "old", "/", "/a/./b/", "/a\\b/", "//evil.example.net/"]
  |                                                                                          ^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: write a path from the site's root, such as `/old/story/`

10 errors
nothing was written

"#]],
    );
}

#[test]
fn a_file_where_a_folder_must_be() {
    reports(
        Site::new().topic("talks", "").file("static/talks", "x").article(
            "2022-01-21",
            "a",
            "aliases = [\"/x.html\", \"/x.html/y/\"]",
        ),
        str![[r#"
error: the file `/x.html` stands where the folder of `/x.html/y/` must be
 --> content/articles/2022/01/a.md:2:1
  |
2 | title = "About a"
  | ^^^^^^^^^^^^^^^^^
  |
  = hint: rename the file

error: the file `/talks` stands where the folder of `/talks/feed.atom` must be
--> static/talks
 = hint: rename the file

2 errors
nothing was written

"#]],
    );
}
