//! Articles that the site had once: what a curator threw away is not brought back by the next import.
//!
//! They are looked up in the site's Git history. Where there is no Git, or no repository, nothing is known of them.

use std::{collections::BTreeMap, path::Path};

use super::site::existing;
use crate::{
    import::merge::Index,
    publish::{Git, Id, Interrupt, Prompts, Result},
};

/// How many removed articles are looked at.
const MOST: usize = 50_000;
/// How many are read at once.
const BATCH: usize = 500;

/// Every article that was removed from the site, as it was last.
pub fn removed(root: &Path) -> Index {
    read(root).unwrap_or_default()
}

fn read(root: &Path) -> Result<Index> {
    let prompts = Prompts { may_ask: false, ssh_is_chosen: true };
    let git = Git::open(root, prompts, Interrupt::default())?;
    let mut index = Index::default();
    if git.head()?.is_none() {
        return Ok(index);
    }
    let mut last: BTreeMap<String, Id> = BTreeMap::new();
    for (path, id) in git.removed(&["content/articles", "content/inbox"])? {
        if path.ends_with(".md") && last.len() < MOST && !root.join(&path).is_file() {
            last.entry(path).or_insert(id);
        }
    }
    let last: Vec<(String, Id)> = last.into_iter().collect();
    for batch in last.chunks(BATCH) {
        let ids: Vec<&Id> = batch.iter().map(|(_, id)| id).collect();
        for ((path, _), text) in batch.iter().zip(git.texts(&ids)?) {
            if let Some(article) = text.and_then(|text| existing(path, &text)) {
                index.add(article);
            }
        }
    }
    Ok(index)
}
