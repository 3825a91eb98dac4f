//! Instructions that Dateline executes for an article, held within a band: times on a machine that others use say little, and
//! counts are the same within a thousandth from run to run.
//!
//! `cargo bench --bench generators -- --instructions`, with `valgrind` on the `PATH`. When a change is meant to cost more, or
//! has made something cheaper by more than the band, write what this prints into [`HELD`].

use std::{path::Path, process::Command, thread, time::Duration};

use super::{
    layout::{self, Layout},
    remove, thousands,
};

/// Instructions of a whole run on [`ARTICLES`] articles, divided by their number. A release build, one thread.
const HELD: [(Task, u64); 3] = [(Task::Bare, 758_000), (Task::Same, 136_000), (Task::Whole, 4_376_000)];

/// How far a count may be off.
const BAND: f64 = 0.10;

const ARTICLES: usize = 200;

#[derive(Clone, Copy)]
enum Task {
    /// The bare theme, from nothing.
    Bare,
    /// The same again, with nothing changed.
    Same,
    /// Everything that the built-in theme makes, from nothing.
    Whole,
}

impl Task {
    fn name(self) -> &'static str {
        match self {
            Task::Bare => "bare theme, from nothing",
            Task::Same => "bare theme, nothing changed",
            Task::Whole => "built-in theme, from nothing",
        }
    }
}

/// Counts, prints what was counted, and compares it with what is held.
///
/// # Errors
/// When something cannot be run, or a count is outside its band.
pub fn hold(dateline: &Path, folder: &Path) -> Result<(), String> {
    layout::write(folder, &[Layout::Dateline, Layout::Whole], ARTICLES);
    println!("{:<32} {:>14} {:>14} {:>12}", "instructions an article", "counted", "held", "difference");
    let mut wrong = Vec::new();
    for (task, held) in HELD {
        let layout = if matches!(task, Task::Whole) { Layout::Whole } else { Layout::Dateline };
        let site = folder.join(layout.name());
        if matches!(task, Task::Same) {
            // Files as young as two seconds are read again: they could have changed within the same tick of the disk's clock.
            thread::sleep(Duration::from_millis(2100));
            let built = build(dateline, &site).output().map_err(|error| format!("{}: {error}", dateline.display()))?;
            if !built.status.success() {
                return Err(String::from_utf8_lossy(&built.stderr).into_owned());
            }
        } else {
            layout.leavings().iter().for_each(|name| remove(&site.join(name)));
        }
        let counted = count(dateline, &site)? / ARTICLES as u64;
        if matches!(task, Task::Bare) {
            compare_pages(&site)?;
        }
        let difference = counted as f64 / held as f64 - 1.0;
        let show = |count: u64| thousands(usize::try_from(count).unwrap_or(usize::MAX));
        println!("{:<32} {:>14} {:>14} {:>+10.1} %", task.name(), show(counted), show(held), 100.0 * difference);
        if difference.abs() > BAND {
            wrong.push(format!("{}: {} instructions an article, not {}", task.name(), show(counted), show(held)));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\nThat is more than {:.0} % off. If it is meant, write the numbers counted into HELD in {}, and say why in the commit.",
        wrong.join("\n"),
        100.0 * BAND,
        file!()
    ))
}

/// The bare site has the pages that the other generators make, one for what is not there, and the list of all names.
fn compare_pages(site: &Path) -> Result<(), String> {
    let built = layout::inspect(Layout::Dateline, &site.join("public"), ARTICLES);
    match (built.missing, built.besides.0) {
        (0, 2) => Ok(()),
        (0, besides) => Err(format!(
            "the bare site has {besides} pages that other generators do not make ({}): leave them out in \
             benches/generators/sites/dateline/site.toml",
            built.besides.1.join(", ")
        )),
        (missing, _) => Err(format!("{missing} pages of the bare site are missing")),
    }
}

fn build(dateline: &Path, site: &Path) -> Command {
    let mut command = Command::new(dateline);
    command.args(["build", "--quiet", "--now", "2026-01-01", "--root"]).arg(site).env("RAYON_NUM_THREADS", "1");
    command
}

fn count(dateline: &Path, site: &Path) -> Result<u64, String> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(dateline);
    let build = build(dateline, site);
    let output = valgrind
        .args(build.get_args())
        .envs(build.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .output()
        .map_err(|error| format!("valgrind, which counts instructions, cannot be run: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let counted = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    match counted.filter(|_| output.status.success()) {
        Some(counted) => Ok(counted),
        None => Err(format!("valgrind counted nothing:\n{said}")),
    }
}
