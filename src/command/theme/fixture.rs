//! A site that has everything that a template can get, and nothing of what it may get. The people, places and outlets in it
//! are made up.

use std::path::Path;

use super::super::init::create;
use crate::error::Result;

const FILES: [(&str, &str); 14] = [
    ("content/topics/harbour.md", include_str!("fixture/topic.md")),
    ("content/topics/labour.md", "+++\ntitle = \"Labour\"\nstatus = \"ended\"\n+++\n"),
    ("content/digests/harbour/2022-01.md", include_str!("fixture/digest.md")),
    (
        "content/digests/harbour/2022-02.md",
        "+++\ntitle = \"Bare\"\ntopic = \"harbour\"\ntemporal_coverage = \"2022-02\"\n+++\n",
    ),
    ("content/articles/2022/01/full.md", include_str!("fixture/full.md")),
    ("content/articles/2022/01/retracted.md", include_str!("fixture/retracted.md")),
    ("content/articles/2022/02/excerpt.md", include_str!("fixture/excerpt.md")),
    ("content/articles/2022/02/headline.md", include_str!("fixture/headline.md")),
    ("content/publishers/quay.md", include_str!("fixture/publisher.md")),
    ("content/publishers/wire.md", "+++\nname = \"Wire\"\nkind = \"agency\"\n+++\n"),
    ("content/people/olena.md", include_str!("fixture/person.md")),
    ("content/places/oldport.md", include_str!("fixture/place.md")),
    ("content/organizations/union.md", "+++\nname = \"Union of Dockers\"\ncountry = \"UA\"\n+++\n"),
    ("content/pages/about.md", "+++\ntitle = \"About\"\naliases = [\"/old/\"]\n+++\nWords.\n"),
];

/// Writes the site into a folder, in a theme.
pub fn write(folder: &Path, theme: &str) -> Result<()> {
    let settings = format!(
        "title = \"The Trial\"\ndescription = \"One of everything.\"\nbase_url = \"https://example.org/trial/\"\nauthor = \"The desk\"\ntheme = \"{theme}\"\npage_size = 2\n[rights]\nlicense = \"CC-BY-4.0\"\n"
    );
    create(&folder.join("site.toml"), &settings)?;
    for (path, text) in FILES {
        create(&folder.join(path), text)?;
    }
    Ok(())
}
