//! The same report for people, for programs and for GitHub Actions.

use serde_json::Value;
use snapbox::str;

use crate::site_test::Site;

fn site() -> Site {
    Site::new()
        .topic("ukraine-crisis", "")
        .file(
            "content/articles/2022/01/talks, part 1.md",
            "+++\ntitle = \"Żółć 😀\"\ndate = 2022-01-21\ntopics = [\"ukrane\"]\n+++\n100 % <script>\n",
        )
        .file("content/articles/empty.md", "")
}

#[test]
fn human() {
    site().run("build").has_errors().stdout_is("").stderr_is(str![[r#"
error: the file's name `talks, part 1` cannot be part of an address
 --> content/articles/2022/01/talks, part 1.md:2:1
  |
2 | title = "Żółć 😀"
  | ^^^^^^^^^^^^^^^^^
  |
  = hint: rename it, for example to `talks-part-1.md`

error: unknown topic `ukrane` in `topics`
 --> content/articles/2022/01/talks, part 1.md:4:11
  |
4 | topics = ["ukrane"]
  |           ^^^^^^^^
  |
  = hint: did you mean `ukraine-crisis`? topics are files in content/topics/

warning: `<script>` is not let through
 --> content/articles/2022/01/talks, part 1.md:6:7
  |
6 | 100 % <script>
  |       ^^^^^^^
  |
  = hint: only HTML that formats text is; to show the tag itself, write `&lt;` for `<`

error: the file is empty
--> content/articles/empty.md
 = hint: `dateline new article "Title"` makes one with its front matter; remove this one if it is not needed

3 errors and 1 warning
nothing was written

"#]]);
}

#[test]
fn json() {
    let site = site();
    let run = site.run("build --format json").has_errors().stderr_is("").stdout_is(str![[r#"
{"severity":"error","message":"the file's name `talks, part 1` cannot be part of an address","file":"content/articles/2022/01/talks, part 1.md","line":2,"column":1,"snippet":"title = \"Żółć 😀\"","hint":"rename it, for example to `talks-part-1.md`","related":[]}
{"severity":"error","message":"unknown topic `ukrane` in `topics`","file":"content/articles/2022/01/talks, part 1.md","line":4,"column":11,"snippet":"topics = [\"ukrane\"]","hint":"did you mean `ukraine-crisis`? topics are files in content/topics/","related":[]}
{"severity":"warning","message":"`<script>` is not let through","file":"content/articles/2022/01/talks, part 1.md","line":6,"column":7,"snippet":"100 % <script>","hint":"only HTML that formats text is; to show the tag itself, write `&lt;` for `<`","related":[]}
{"severity":"error","message":"the file is empty","file":"content/articles/empty.md","line":1,"column":1,"snippet":"","hint":"`dateline new article \"Title\"` makes one with its front matter; remove this one if it is not needed","related":[]}

"#]]);
    for line in run.stdout.lines() {
        let record: Value = serde_json::from_str(line).expect("one object a line");
        assert!(record["message"].is_string() && record["severity"].is_string() && record["file"].is_string());
    }
}

#[test]
fn github() {
    site().run("build --format github").has_errors().stderr_is("").stdout_is(str![[r#"
::error file=content/articles/2022/01/talks%2C part 1.md,line=2,col=1::the file's name `talks, part 1` cannot be part of an address%0Ahint: rename it, for example to `talks-part-1.md`
::error file=content/articles/2022/01/talks%2C part 1.md,line=4,col=11::unknown topic `ukrane` in `topics`%0Ahint: did you mean `ukraine-crisis`? topics are files in content/topics/
::warning file=content/articles/2022/01/talks%2C part 1.md,line=6,col=7::`<script>` is not let through%0Ahint: only HTML that formats text is; to show the tag itself, write `&lt;` for `<`
::error file=content/articles/empty.md,line=1,col=1::the file is empty%0Ahint: `dateline new article "Title"` makes one with its front matter; remove this one if it is not needed

"#]]);
}

#[test]
fn check_reports_in_the_same_formats() {
    let site = Site::new().topic("talks", "broader = [\"tlaks\"]");
    let built = site.run("build --format json").has_errors().stdout;
    let checked = site.run("check --format json").has_errors().stdout;
    assert!(checked.contains(built.trim()), "{built}\n{checked}");
    site.run("check --format github")
        .has_errors()
        .stdout_has("::error file=content/topics/talks.md,line=3,col=12::unknown topic `tlaks` in `broader`");
}

#[test]
fn a_clean_site_says_nothing_to_programs() {
    let site = Site::new();
    site.run("build --format json").succeeds().stdout_is("").stderr_is("");
    site.run("build --format github").succeeds().stdout_is("").stderr_is("");
}

#[test]
fn quiet_says_nothing_but_errors() {
    let site = Site::new().article_with("2022-01-21", "a", "", "<script>\n");
    site.run("build --quiet").succeeds().stdout_is("");
    Site::new().run("build --quiet").succeeds().stdout_is("").stderr_is("");
    Site::new().topic("a", "broader = [\"b\"]").run("build -q").has_errors().stderr_has("unknown topic `b`");
}

#[test]
fn color_on_request_alone() {
    let site = site();
    let plain = site.run("build").stderr;
    assert!(!plain.contains('\u{1b}'), "a pipe gets no color");
    let colored = site.run("build --color always").stderr;
    assert!(colored.contains("\u{1b}["));
    let never = site.command("build --color never").env("CLICOLOR_FORCE", "1").run().stderr;
    assert_eq!(never, plain);
    assert!(!site.run("build --color always --format json").stdout.contains('\u{1b}'));
}
