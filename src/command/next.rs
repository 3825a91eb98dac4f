//! When a site changes although nobody edits it.

use std::{fs, path::Path};

use super::Terminal;
use crate::{
    model::DueChange,
    publish::{WORKFLOW, cron, moment},
    report::Report,
    write::resolved,
};

/// Says when the next article appears or expires, and the line for `cron` that publishes the site then.
pub fn say(root: &Path, report: &Report, terminal: &Terminal) {
    let Some(due) = &report.next_due else { return };
    let change = match due.change {
        DueChange::Appears => "appears",
        DueChange::EmbargoEnds => "is no longer under embargo",
        DueChange::Expires => "expires",
    };
    let cron = cron(due.at);
    terminal.say(&format!("next change: {}, {} {change}", moment(due.at), due.path));
    terminal.say(&format!("  the site must be published again then; for cron, in UTC: {cron} dateline publish"));
    // A workflow that publishes the site should know of it.
    let root = resolved(root);
    let Some(top) = root.ancestors().find(|folder| folder.join(".git").exists()) else { return };
    if fs::read_to_string(top.join(WORKFLOW)).is_ok_and(|workflow| !workflow.contains(&cron)) {
        terminal.say(&format!("  {WORKFLOW} does not know of it: dateline publish --setup actions"));
    }
}
