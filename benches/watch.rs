//! How long an edit takes to be served: `cargo bench --bench watch`, or with numbers of articles,
//! `cargo bench --bench watch -- 1000 10000 100000`.
//!
//! Starts `dateline watch` on a generated site, saves a file as editors do (a rename), and waits until the server tells
//! the tab and has given the new page. Prints the median and the best of several edits of each kind with the stages of the
//! build, and the process's memory, beside floors of the same run: programs that only look at, only read, or only write
//! the same files.

mod floor;
mod site;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

const ROUNDS: usize = 9;
const ARTICLE: &str = "content/articles/2020/01/article-0.md";
const PAGE: &str = "/bench/2020/01/01/article-0/";

fn main() {
    let counts: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1000] } else { counts };
    for count in counts {
        measure(count);
    }
}

/// A running watch; it ends with this.
struct Watch {
    child: Child,
    port: u16,
    lines: Receiver<String>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn measure(count: usize) {
    let folder = tempfile::Builder::new().prefix("dateline-bench-").tempdir().expect("a folder");
    let root = &folder.path().join("site");
    site::generate(root, count);
    save(root, "static/own.css", "p { color: red }");
    let started = Instant::now();
    let watch = start(root);
    while !get(watch.port, "/__dateline/status").contains("\"ready\":true") {
        std::thread::sleep(Duration::from_millis(5));
    }
    println!("{count} articles, first build served after {:.0} ms", ms(started.elapsed()));
    println!("{:<28}{:>10}{:>10}   the stages of the median", "", "median", "best");

    let article = fs::read_to_string(root.join(ARTICLE)).expect("an article");
    row(
        "an article's text",
        (0..ROUNDS).map(|round| {
            let mark = format!("Words of round {round}.");
            edit(&watch, root, ARTICLE, &format!("{article}\n{mark}\n"), PAGE, &mark)
        }),
    );
    row(
        "an article's title",
        (0..ROUNDS).map(|round| {
            let mark = format!("Title of round {round}");
            let at = article.find("title = ").expect("a title");
            let end = at + article[at..].find('\n').expect("an end");
            let text = format!("{}title = \"{mark}\"{}", &article[..at], &article[end..]);
            edit(&watch, root, ARTICLE, &text, PAGE, &mark)
        }),
    );
    row(
        "a style sheet",
        (0..ROUNDS).map(|round| {
            let mark = format!("color: rgb({round}, 0, 0)");
            edit(&watch, root, "static/own.css", &format!("p {{ {mark} }}"), "/bench/own.css", &mark)
        }),
    );
    let base = include_str!("../themes/broadsheet/templates/base.html");
    let rounds = if count > 10_000 { 1 } else { 3 };
    row(
        "the base template",
        (0..rounds).map(|round| {
            let mark = format!("<!-- round {round} -->");
            let text = base.replace("</body>", &format!("{mark}</body>"));
            edit(&watch, root, "themes/broadsheet/templates/base.html", &text, PAGE, &mark)
        }),
    );
    let memory = memory(&watch);
    drop(watch);
    row("a clean build", (0..rounds).map(|_| (clean_build(root), String::new())));
    let sources = floor::files(root);
    let outputs = floor::files(&root.join("public"));
    let scratch = folder.path().join("scratch");
    row("floor: look at every source", (0..ROUNDS).map(|_| (floor::look(&root.join("content")), String::new())));
    row("floor: read every source", (0..3).map(|_| (floor::read(&sources), String::new())));
    row(
        "floor: write every output",
        (0..3).map(|_| {
            let _ = fs::remove_dir_all(&scratch);
            (floor::write(&outputs, root, &scratch), String::new())
        }),
    );
    println!("{:<28}{:>10}", "pause for the editor", "3 ms");
    if let Some(memory) = memory {
        println!("{:<28}{memory:>10}", "memory while watching");
    }
    println!();
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn row(what: &str, times: impl Iterator<Item = (Duration, String)>) {
    let mut times: Vec<(Duration, String)> = times.collect();
    times.sort();
    let show = |time: Duration| format!("{:.1} ms", ms(time));
    let (median, stages) = &times[times.len() / 2];
    println!("{what:<28}{:>10}{:>10}   {stages}", show(*median), show(times[0].0));
}

fn clean_build(root: &Path) -> Duration {
    let _ = fs::remove_dir_all(root.join("public"));
    let started = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["build", "--quiet", "--no-cache", "--now", "2030-01-01", "--root"])
        .arg(root)
        .status()
        .expect("the program starts");
    assert!(status.success(), "the build failed");
    started.elapsed()
}

fn start(root: &Path) -> Watch {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["watch", "--port", "0", "--now", "2030-01-01", "--timings", "--root"])
        .arg(root)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut output = BufReader::new(child.stdout.take().expect("its output")).lines();
    let first = output.next().expect("a line").expect("text");
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || output.map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let port = first.split("localhost:").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok()).expect("a port");
    Watch { child, port, lines }
}

/// As editors save: the new file takes the place of the old one.
fn save(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("make a folder");
    let partial = path.with_extension("partial~");
    fs::write(&partial, text).expect("write");
    fs::rename(&partial, &path).expect("rename");
}

/// From the save until the page that holds `mark` was received, and what the stages of the build took.
fn edit(watch: &Watch, root: &Path, path: &str, text: &str, page: &str, mark: &str) -> (Duration, String) {
    // The looks after the last build are not to be measured with this one.
    std::thread::sleep(Duration::from_millis(1000));
    while watch.lines.try_recv().is_ok() {}
    let revision = get(watch.port, "/__dateline/status");
    let revision = revision.split("\"revision\":").nth(1).and_then(|rest| rest.split(',').next()).expect("a revision");
    let stream = ask(watch.port, &format!("/__dateline/events?since={revision}&base=/bench/&path={page}"));
    let mut events = BufReader::new(stream).lines().map_while(Result::ok).filter(|line| line.starts_with("data:"));
    events.next().expect("a greeting");
    let started = Instant::now();
    save(root, path, text);
    loop {
        events.next().expect("a message");
        if get(watch.port, page).contains(mark) {
            break;
        }
    }
    let took = started.elapsed();
    std::thread::sleep(Duration::from_millis(50));
    let stages: Vec<String> = watch
        .lines
        .try_iter()
        .filter_map(|line| {
            let (stage, time) = line.split_once(" ms")?.0.rsplit_once(' ')?;
            Some(format!("{} {time}", stage.trim()))
        })
        .collect();
    (took, stages.join(", "))
}

fn ask(port: u16, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    stream
}

fn get(port: u16, path: &str) -> String {
    let mut bytes = Vec::new();
    ask(port, path).read_to_end(&mut bytes).expect("an answer");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What the process holds, where the system says so.
fn memory(watch: &Watch) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{}/status", watch.child.id())).ok()?;
    let field = |name: &str| {
        let kb: f64 = status.lines().find(|line| line.starts_with(name))?.split_whitespace().nth(1)?.parse().ok()?;
        Some(format!("{:.0} MB", kb / 1024.0))
    };
    Some(format!("{} (at most {})", field("VmRSS:")?, field("VmHWM:")?))
}
