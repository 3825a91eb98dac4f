//! Under which address a site is published, and the files that a host wants.

use super::repository::{Repository, git, site};
use crate::site_test::{Page, Site};

const GITHUB: &str = "https://github.com/Owner/repo.git";

/// A site whose remote has an address on GitHub, behind which Git finds the bare repository.
fn on_github(site: Site, url: &str) -> Repository {
    let repository = Repository::new(site);
    repository.git(&format!("remote set-url origin {url}"));
    repository.git(&format!("config url.'{}'.insteadOf {url}", repository.remote().display()));
    repository
}

fn without_address(site: Site) -> Site {
    site.file("site.toml", "title = \"The Test\"\n")
}

fn published_page(repository: &Repository, path: &str) -> Page {
    let bytes = repository.published().remove(path).unwrap_or_else(|| panic!("{path} was not published"));
    Page::parse(path, String::from_utf8(bytes).expect("UTF-8"))
}

#[test]
fn the_address_follows_from_the_remote() {
    let repository = on_github(without_address(site()), GITHUB);
    repository
        .publish()
        .stdout_has("\nhttps://owner.github.io/repo/\n")
        .stdout_has("https://github.com/Owner/repo/settings/pages choose \"Deploy from a branch\", gh-pages");
    let home = published_page(&repository, "index.html");
    assert_eq!(home.link("canonical"), Some("https://owner.github.io/repo/"));
    home.links_to("About first", "/repo/2022/01/21/first/");
    assert!(!repository.published().contains_key("CNAME"));
    assert_eq!(repository.published()[".nojekyll"], b"");
    // The second time nothing has to be chosen.
    repository.site.edit("content/articles/2022/01/first.md", "The text", "A text");
    repository.commit("Edit");
    let said = repository.publish().stdout;
    assert!(!said.contains("settings/pages"), "{said}");
}

#[test]
fn the_owners_own_site_lies_at_the_root() {
    let repository = on_github(without_address(site()), "git@github.com:Owner/owner.github.io.git");
    repository.publish().stdout_has("\nhttps://owner.github.io/\n");
    published_page(&repository, "index.html").links_to("About first", "/2022/01/21/first/");
}

#[test]
fn a_mismatch_stops_it() {
    let repository =
        on_github(site().file("site.toml", "title = \"T\"\nbase_url = \"https://owner.github.io/\"\n"), GITHUB);
    repository
        .run("publish")
        .status(1)
        .stderr_has("the base URL is https://owner.github.io/, but this repository's site is read at https://owner.github.io/repo/")
        .stderr_has("put `base_url = \"https://owner.github.io/repo/\"` into site.toml");
    assert_eq!(repository.tip(), None);
    repository.run("publish --base-url https://owner.github.io/repo").succeeds();
}

/// The address in a new site's settings is nobody's: it must not become the domain of the repository.
#[test]
fn the_address_of_a_new_site_is_no_address_yet() {
    let new = Site::empty();
    new.run("init").succeeds();
    let repository = on_github(new, GITHUB);
    repository.run("publish").status(1).stderr_has(
        "the base URL is https://example.org/, but this repository's site is read at https://owner.github.io/repo/",
    );
    repository.site.edit("site.toml", "https://example.org/", "https://owner.github.io/repo/");
    repository.commit("Address");
    repository.publish().stdout_has("published 2 articles and 1 digest");
}

#[test]
fn a_domain_is_written_and_kept() {
    let repository =
        on_github(site().file("site.toml", "title = \"T\"\nbase_url = \"https://news.example/\"\n"), GITHUB);
    repository.publish();
    assert_eq!(repository.published()["CNAME"], b"news.example\n");
    // A domain that was set in the repository's settings, where GitHub writes it without a line end.
    let repository = on_github(without_address(site()), GITHUB);
    let clone = repository.beside.path().join("pages");
    let home = repository.home();
    git(repository.beside.path(), &home, &format!("init -q -b gh-pages '{}'", clone.display()));
    std::fs::write(clone.join("CNAME"), "news.example").unwrap();
    git(&clone, &home, "add CNAME");
    git(&clone, &home, "-c user.name=GitHub -c user.email=noreply@github.com commit -q -m 'Create CNAME'");
    git(&clone, &home, &format!("push -q '{}' gh-pages", repository.remote().display()));
    repository.publish().stdout_has("\nhttps://news.example/\n");
    assert_eq!(repository.published()["CNAME"], b"news.example");
    assert_eq!(published_page(&repository, "index.html").link("canonical"), Some("https://news.example/"));
    // And now site.toml says something else.
    repository.site.write("site.toml", "title = \"T\"\nbase_url = \"https://owner.github.io/repo/\"\n");
    repository.commit("Move");
    repository
        .run("publish")
        .status(1)
        .stderr_has("the published CNAME says that the site is read at https://news.example/")
        .stderr_has("in the repository's settings");
}

#[test]
fn a_domain_of_the_sites_own() {
    let repository = on_github(without_address(site()).file("static/CNAME", "news.example"), GITHUB);
    repository.publish().stdout_has("\nhttps://news.example/\n");
    assert_eq!(repository.published()["CNAME"], b"news.example");
    repository.run("publish --base-url https://other.example/").status(1).stderr_has("static/CNAME says");
}

#[test]
fn nobody_knows_the_address() {
    let repository = Repository::new(without_address(site()));
    repository.run("publish").status(1).stderr_has("nothing says under which address").stderr_has("base_url = ");
    let repository = Repository::new(site().file("site.toml", "title = \"T\"\nbase_url = \"owner.github.io\"\n"));
    repository.run("publish").status(1).stderr_has("`base_url` in site.toml is no address");
}

/// A host shows this page for whatever is not there, at any depth.
#[test]
fn the_page_for_what_is_not_there_works_at_any_depth() {
    let repository = on_github(without_address(site()), GITHUB);
    repository.publish();
    let page = published_page(&repository, "404.html");
    let mut links = 0;
    for element in page.all() {
        for (name, value) in &element.attributes {
            if matches!(name.as_str(), "href" | "src") && !value.starts_with('#') {
                assert!(
                    value.starts_with("/repo/") || value.starts_with("https://"),
                    "{} {name}={value}",
                    element.name
                );
                links += 1;
            }
        }
    }
    assert!(links > 5, "it has links");
}

#[test]
fn a_page_for_what_is_not_there_with_relative_links_is_warned_of() {
    let repository = on_github(
        without_address(site())
            .file("themes/broadsheet/templates/404.html", "<!doctype html><title>x</title><a href=\"home\">x</a>"),
        GITHUB,
    );
    repository.run("publish").succeeds().stderr_has("warning: 404.html links to `home`");
}
