//! The exported events, read by programs that others made.
//!
//! `DATELINE_ICALENDAR` names a Python that has the PyPI package icalendar, `DATELINE_TIMELINEJS` the file
//! `dist/js/timeline.js` of the npm package @knight-lab/timelinejs.

use std::{env, fs, path::PathBuf, process::Command};

use serde_json::Value;

use crate::{
    browser::{Browser, Server},
    site_test::{Site, copy, has_tool},
};

fn tool(variable: &str, what: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    has_tool(&format!("{what} (in {variable})"), path.is_some()).then_some(path?)
}

/// The paths of the site's files that end so, from its root.
fn files(site: &Site, end: &str) -> Vec<String> {
    let paths: Vec<String> = site.public_paths().into_iter().filter(|path| path.ends_with(end)).collect();
    assert!(paths.len() > 5, "{paths:?}");
    paths
}

/// Reads each calendar; says what is wrong with it, then how many events it has.
const READ: &str = "
import sys, icalendar
for path in sys.argv[1:]:
    calendar = icalendar.Calendar.from_ical(open(path, 'rb').read())
    events = calendar.walk('VEVENT')
    wrong = [str(error) for part in [calendar, *events] for error in part.errors]
    if len({event['UID'] for event in events}) != len(events):
        wrong.append('two events of one UID')
    for event in [] if wrong else events:
        if not event['DTSTART'].dt < event['DTEND'].dt:
            wrong.append('an event that ends before it begins')
    print(len(events), *wrong)
";

#[test]
fn calendars_are_read_by_another_library() {
    let Some(python) = tool("DATELINE_ICALENDAR", "a Python with icalendar") else { return };
    let site = Site::own();
    site.run("build").succeeds();
    let read = |paths: &[PathBuf]| {
        let output = Command::new(&python).args(["-c", READ]).args(paths).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let paths: Vec<PathBuf> = files(&site, "timeline.ics").iter().map(|path| site.path("public").join(path)).collect();
    let said = read(&paths);
    assert_eq!(said.lines().count(), paths.len());
    for (line, path) in said.lines().zip(&paths) {
        let events = fs::read_to_string(path).expect("a calendar").matches("BEGIN:VEVENT").count();
        assert_eq!(line, events.to_string(), "{}", path.display());
    }
    // And it would have said so.
    let broken = fs::read_to_string(&paths[0]).expect("a calendar").replace("VALUE=DATE:2", "VALUE=DATE:x");
    fs::write(&paths[0], broken).expect("write");
    assert!(read(&paths[..1]).trim().parse::<usize>().is_err(), "the reader finds nothing at all");
}

#[test]
fn timelinejs_shows_every_event() {
    let Some(script) = tool("DATELINE_TIMELINEJS", "TimelineJS") else { return };
    let Some(browser) = Browser::start() else { return };
    let site = Site::own();
    let server = Server::start_at("/tl/", |origin| {
        site.run(&format!("build --base-url {origin}/tl/")).succeeds();
        let dist = script.ancestors().nth(2).expect("a folder");
        copy(dist, &site.path("public/reader"));
        site.write(
            "public/reader.html",
            "<!doctype html><link rel=stylesheet href=reader/css/timeline.css><script src=reader/js/timeline.js></script>\
             <div id=t style='width:900px;height:600px'></div>",
        );
        site.path("public")
    });
    browser.go(&format!("{}/tl/reader.html", server.origin));
    for path in files(&site, "timeline.json") {
        let text = site.read(&format!("public/{path}"));
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let count = json["events"].as_array().expect("events").len();
        let expression = format!(
            "new Promise(done => {{
                const timeline = new TL.Timeline('t', {text}, {{font: null}});
                const wait = () => timeline.config && timeline.ready !== false && document.querySelectorAll('.tl-slide').length
                    ? done(JSON.stringify([timeline.config.getErrors(), timeline.config.events.length]))
                    : setTimeout(wait, 50);
                wait();
            }})"
        );
        let said = browser.evaluate(&expression);
        assert_eq!(said, format!("[[],{count}]"), "{path}");
    }
}
