//! Events that say too little, or too much.

use snapbox::str;

use super::reports;
use crate::site_test::Site;

#[test]
fn an_event_of_a_topic_or_digest_must_cite_an_article() {
    reports(
        Site::new()
            .article("2022-01-05", "a", "[[events]]\ndate = \"2022-01-05\"\nheadline = \"x\"\ncitation = \"b\"")
            .topic("t", "[[events]]\ndate = \"2022-01\"\nheadline = \"x\"")
            .digest("d", "[[items]]\narticle = \"a\"\n[[events]]\ndate = \"2022-01\"\nheadline = \"x\"\ncitation = []"),
        str![[r#"
error: unknown article `b` in `citation`
 --> content/articles/2022/01/a.md:7:12
  |
7 | citation = "b"
  |            ^^^
  |
  = hint: articles are files in content/articles/; add one, or remove the name here

error: the event cites nothing
 --> content/digests/d.md:5:1
  |
5 | [[events]]
  | ^^^^^^^^^^
  |
  = hint: name the article that says so: `citation = "2022-01-21-talks"`

error: `[[events]]` has no `citation`
 --> content/topics/t.md:3:1
  |
3 | [[events]]
  | ^^^^^^^^^^
  |
  = hint: name the article that says so: `citation = "2022-01-21-talks"`

3 errors
nothing was written

"#]],
    );
}

#[test]
fn dates_and_importance_are_checked() {
    reports(
        Site::new().article(
            "2022-01-05",
            "a",
            "[[events]]\ndate = \"~2022\"\nheadline = \"x\"\n[[events]]\ndate = 2022-01-05\nheadline = \"x\"\n\
             importance = 4\napproximate = \"yes\"\ndisputd = \"x\"",
        ),
        str![[r#"
error: `~2022` in `date` is no date or period
 --> content/articles/2022/01/a.md:5:8
  |
5 | date = "~2022"
  |        ^^^^^^^
  |
  = hint: write a day `2022-01-21`, a month `2022-01`, a year, or `first/last`, the earlier one first

error: `importance` must be from 1 to 3, found 4
  --> content/articles/2022/01/a.md:10:14
   |
10 | importance = 4
   |              ^
   |
   = hint: write `importance = 1`, for example

error: `approximate` must be true or false, found text
  --> content/articles/2022/01/a.md:11:15
   |
11 | approximate = "yes"
   |               ^^^^^
   |
   = hint: write `approximate = true`, without quotes

error: unknown key `disputd` in `[[events]]`
  --> content/articles/2022/01/a.md:12:1
   |
12 | disputd = "x"
   | ^^^^^^^
   |
   = hint: did you mean `disputed`?

4 errors
nothing was written

"#]],
    );
}
