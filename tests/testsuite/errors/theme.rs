//! Themes that do not work.

use snapbox::str;

use super::reports;
use crate::site_test::Site;

fn site(template: &str, text: &str) -> Site {
    Site::new()
        .article("2022-01-21", "a", "")
        .article("2022-01-22", "b", "")
        .file(&format!("themes/broadsheet/templates/{template}"), text)
}

#[test]
fn a_broken_template() {
    reports(
        site("page.html", "{% extends \"base.html\" %}\n{% block main %}\n<p>{{ page.title </p>\n{% endblock %}\n"),
        str![[r#"
error: the template is broken: found `</` but expected }}.
 --> themes/broadsheet/templates/page.html:3:18
  |
3 | <p>{{ page.title </p>
  |                  ^^
  |
  = hint: themes/README.md describes templates; remove the file to use the built-in one

1 error
nothing was written

"#]],
    );
}

#[test]
fn two_broken_templates_in_one_run() {
    reports(
        site("page.html", "{% if %}\n").file("themes/broadsheet/templates/tag.html", "<p>{{ tag.name | }}</p>\n"),
        str![[r#"
error: the template is broken: found `%}` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`
 --> themes/broadsheet/templates/page.html:1:7
  |
1 | {% if %}
  |       ^^
  |
  = hint: themes/README.md describes templates; remove the file to use the built-in one

error: the template is broken: found `}}` but expected identifier.
 --> themes/broadsheet/templates/tag.html:1:18
  |
1 | <p>{{ tag.name | }}</p>
  |                  ^^
  |
  = hint: themes/README.md describes templates; remove the file to use the built-in one

2 errors
nothing was written

"#]],
    );
}

#[test]
fn a_template_that_fails_on_a_page() {
    reports(
        site("home.html", "<p>{{ page.titel }}</p>\n"),
        str![[r#"
error: the template failed: field `titel` is not defined. Available fields: breadcrumbs, description, direction, feeds, image, json_url, kind, language, permalink, structured_data, title, url
 --> themes/broadsheet/templates/home.html:1:12
  |
1 | <p>{{ page.titel }}</p>
  |            ^^^^^
  |
  = hint: this happened on `/`; themes/README.md lists what each template gets

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_template_that_fails_on_every_article() {
    let site = site(
        "article.html",
        "{% extends \"base.html\" %}\n{% block main %}{{ article.title | nofilter }}{% endblock main %}\n",
    );
    reports(
        site,
        str![[r#"
error: the template is broken: unknown filter `nofilter`
 --> themes/broadsheet/templates/article.html:2:36
  |
2 | {% block main %}{{ article.title | nofilter }}{% endblock main %}
  |                                    ^^^^^^^^
  |
  = hint: themes/README.md describes templates; remove the file to use the built-in one

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_template_that_extends_or_includes_what_is_not_there() {
    reports(
        site("page.html", "{% extends \"bases.html\" %}\n"),
        str![[r#"
error: the theme is broken: template `page.html` is inheriting from `bases.html`, which does not exist or is not loaded.
 --> themes/broadsheet/templates/page.html:1:1
  |
1 | {% extends "bases.html" %}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: themes/README.md describes templates; remove the file to use the built-in one

1 error
nothing was written

"#]],
    );
    reports(
        site("page.html", "{% include \"parts/menu.html\" %}\n"),
        str![[r#"
error: the template is broken: unknown template `parts/menu.html`
 --> themes/broadsheet/templates/page.html:1:12
  |
1 | {% include "parts/menu.html" %}
  |            ^^^^^^^^^^^^^^^
  |
  = hint: themes/README.md describes templates; remove the file to use the built-in one

1 error
nothing was written

"#]],
    );
}

#[test]
fn templates_in_a_circle() {
    reports(
        site("page.html", "{% extends \"list.html\" %}\n")
            .file("themes/broadsheet/templates/list.html", "{% extends \"page.html\" %}\n"),
        str![[r#"
error: the theme is broken: circular extend detected for template `list.html`. Inheritance chain: `["page.html", "list.html"]`
 --> themes/broadsheet/templates/list.html:1:1
  |
1 | {% extends "page.html" %}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: themes/README.md describes templates; remove the file to use the built-in one

1 error
nothing was written

"#]],
    );
    site("home.html", "{% include \"home.html\" %}\n").run("build").has_errors();
}

#[test]
fn a_template_that_is_no_text() {
    let site = Site::new().file("themes/broadsheet/templates/home.html", [0, 1, 2, 255]);
    reports(
        site,
        str![[r#"
error: the file is not text
 --> themes/broadsheet/templates/home.html:1:1
  |
1 | {% extends "base.html" %}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: save it as UTF-8; in most editors: "Save with encoding"

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_function_used_wrongly() {
    reports(
        site("home.html", "<a href=\"{{ url() }}\">{{ url(path=3) }}</a>\n"),
        str![[r#"
error: the template failed: missing keyword argument `path`
 --> themes/broadsheet/templates/home.html:1:13
  |
1 | <a href="{{ url() }}">{{ url(path=3) }}</a>
  |             ^^^^^
  |
  = hint: this happened on `/`; themes/README.md lists what each template gets

1 error
nothing was written

"#]],
    );
    reports(
        site("home.html", "{{ now() }}\n"),
        str![[r#"
error: the template is broken: unknown function `now`
 --> themes/broadsheet/templates/home.html:1:4
  |
1 | {{ now() }}
  |    ^^^
  |
  = hint: themes/README.md describes templates; remove the file to use the built-in one

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_word_that_the_theme_does_not_have() {
    reports(
        site("page.html", "<p>{{ words(key=\"timelin\") }} {{ words(key=\"genre\", of=\"essay\") }}</p>\n"),
        str![[r#"
error: the theme has no word `timelin`
 --> themes/broadsheet/templates/page.html:1:18
  |
1 | <p>{{ words(key="timelin") }} {{ words(key="genre", of="essay") }}</p>
  |                  ^^^^^^^
  |
  = hint: did you mean `timeline`?

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_word_of_a_table_and_a_word_without_its_number() {
    reports(
        site("home.html", "{{ words(key=\"genre\", of=\"opinon\") }}\n"),
        str![[r#"
error: the template failed: the theme has no word `genre.opinon`; did you mean `genre.opinion`?
 --> themes/broadsheet/templates/home.html:1:4
  |
1 | {{ words(key="genre", of="opinon") }}
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: this happened on `/`; themes/README.md lists what each template gets

1 error
nothing was written

"#]],
    );
    reports(
        site("home.html", "{{ words(key=\"articles\") }}\n"),
        str![[r#"
error: the template failed: the word `articles` has plural forms and needs a `count`
 --> themes/broadsheet/templates/home.html:1:4
  |
1 | {{ words(key="articles") }}
  |    ^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: this happened on `/`; themes/README.md lists what each template gets

1 error
nothing was written

"#]],
    );
}

#[test]
fn a_file_of_words_that_is_not_one() {
    reports(
        Site::new().file("themes/broadsheet/words/en.toml", "home = 1\n[articles]\none = \"{count} article\"\n"),
        str![[r#"
error: the word `home` is no text
 --> themes/broadsheet/words/en.toml:1:8
  |
1 | home = 1
  |        ^
  |
  = hint: a word is a text, or a table of texts; themes/README.md says how

error: `articles` has no form `other`
 --> themes/broadsheet/words/en.toml:2:2
  |
2 | [articles]
  |  ^^^^^^^^
  |
  = hint: `other` is for every number that has no form of its own

2 errors
nothing was written

"#]],
    );
}
