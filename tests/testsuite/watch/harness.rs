//! A running `dateline watch`, what it serves, and what it tells a tab.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::site_test::Site;

/// No test waits for a time; each waits for something to come true, and gives up after this long.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// Waits until something is true.
#[track_caller]
pub fn eventually(what: &str, mut is_true: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_true() {
        assert!(started.elapsed() < DEADLINE, "never came true: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A running watch; it ends when this is dropped.
pub struct Watch {
    pub child: Child,
    pub port: u16,
    output: Arc<Mutex<String>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watch {
    /// Starts to watch a site on a port of its own, and waits for the first good build.
    pub fn start(site: &Site) -> Self {
        Watch::with(site, "")
    }

    /// The same with more arguments.
    pub fn with(site: &Site, arguments: &str) -> Self {
        let watch = Watch::unready(site, arguments);
        eventually("the first good build", || watch.status()["ready"] == true);
        watch
    }

    /// Waits for the address only.
    pub fn unready(site: &Site, arguments: &str) -> Self {
        Watch::run(site, &format!("watch --port 0 {arguments}"))
    }

    /// Runs a line, and waits for the address that it prints.
    pub fn run(site: &Site, line: &str) -> Self {
        Watch::spawn(site.command(line.trim_end()).env("VISUAL", "code").into_command())
    }

    /// Runs a command that runs the program, and waits for the address that it prints.
    pub fn spawn(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::piped()).spawn().expect("it starts");
        let output = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take().expect("its output"), Arc::clone(&output));
        collect(child.stderr.take().expect("its messages"), Arc::clone(&output));
        let mut watch = Watch { child, port: 0, output };
        eventually("an address is printed", || {
            let said = watch.said();
            let port = said.split("serving http://localhost:").nth(1).and_then(|rest| rest.split('/').next());
            assert!(watch.child.try_wait().is_ok_and(|status| status.is_none()), "it ended:\n{said}");
            watch.port = port.and_then(|port| port.parse().ok()).unwrap_or(0);
            watch.port != 0
        });
        watch
    }

    /// All that it said until now.
    pub fn said(&self) -> String {
        self.output.lock().expect("the output").clone()
    }

    /// Waits until it says something.
    #[track_caller]
    pub fn says(&self, text: &str) {
        eventually(&format!("it says {text:?}; it said:\n{}", self.said()), || self.said().contains(text));
    }

    /// How things stand.
    pub fn status(&self) -> Value {
        serde_json::from_str(&self.get("/__dateline/status").text()).expect("JSON")
    }

    pub fn builds(&self) -> u64 {
        self.status()["builds"].as_u64().expect("a number")
    }

    pub fn revision(&self) -> u64 {
        self.status()["revision"].as_u64().expect("a number")
    }

    pub fn get(&self, path: &str) -> Response {
        self.request("GET", path, &[])
    }

    /// One request, as it is written.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut stream = self.connect(method, path, headers);
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        Response::parse(&bytes)
    }

    fn connect(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(DEADLINE)).expect("a timeout");
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            let _ = write!(request, "Host: localhost:{}\r\n", self.port);
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        stream.write_all(format!("{request}\r\n").as_bytes()).expect("a request");
        stream
    }

    /// Waits until a page holds a text.
    #[track_caller]
    pub fn shows(&self, path: &str, text: &str) {
        eventually(&format!("{path} shows {text:?}; it said:\n{}", self.said()), || {
            let page = self.get(path);
            page.status == 200 && page.text().contains(text)
        });
    }

    /// Waits until a page does not hold a text.
    #[track_caller]
    pub fn hides(&self, path: &str, text: &str) {
        eventually(&format!("{path} no longer shows {text:?}"), || {
            let page = self.get(path);
            page.status == 200 && !page.text().contains(text)
        });
    }

    /// Waits until an address leads nowhere.
    #[track_caller]
    pub fn lacks(&self, path: &str) {
        eventually(&format!("{path} is gone"), || self.get(path).status == 404);
    }

    /// Waits for a build after `builds`.
    #[track_caller]
    pub fn builds_after(&self, builds: u64) {
        eventually("another build", || self.builds() > builds);
    }

    /// Waits until the last build failed, or did not.
    #[track_caller]
    pub fn has_failed(&self, failed: bool) {
        eventually(&format!("failed: {failed}; it said:\n{}", self.said()), || self.status()["failed"] == failed);
    }

    /// A tab that shows a page from now on.
    pub fn tab(&self, path: &str) -> Tab {
        let page = self.get(path);
        let data = |name: &str| {
            let text = page.text();
            let value = text.split(&format!("data-{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            value.unwrap_or_else(|| panic!("no client in {path}:\n{text}")).to_owned()
        };
        self.listen(path, &data("revision"), &data("base"), &data("missing"))
    }

    /// A tab that says all of itself.
    pub fn listen(&self, path: &str, since: &str, base: &str, missing: &str) -> Tab {
        let query = format!("since={since}&path={path}&base={base}&missing={missing}");
        let stream = self.connect("GET", &format!("/__dateline/events?{query}"), &[]);
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                // Chunk sizes and names of fields lie between; only the data counts.
                if let Some(data) = line.strip_prefix("data: ") {
                    heard.lock().expect("messages").push(serde_json::from_str(data).expect("JSON"));
                }
            }
        });
        let tab = Tab { told };
        eventually("a tab is greeted", || tab.count() >= 1);
        tab
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status();
        assert!(status.is_ok_and(|status| status.success()));
    }
}

fn collect(stream: impl std::io::Read + Send + 'static, into: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut output = into.lock().expect("the output");
            output.push_str(&line);
            output.push('\n');
        }
    });
}

/// What a tab was told. The first message is the greeting.
pub struct Tab {
    told: Arc<Mutex<Vec<Value>>>,
}

impl Tab {
    pub fn told(&self) -> Vec<Value> {
        self.told.lock().expect("messages").clone()
    }

    pub fn count(&self) -> usize {
        self.told().len()
    }

    pub fn last(&self) -> Value {
        self.told().pop().expect("a greeting")
    }

    /// Waits until it is told to load its page again.
    #[track_caller]
    pub fn reloads(&self) {
        eventually(&format!("a reload; told: {:?}", self.told()), || self.is_to_reload());
    }

    pub fn is_to_reload(&self) -> bool {
        self.told().iter().any(|told| told["reload"] == true || told["go"].is_string())
    }

    /// Waits until it is told of a revision.
    #[track_caller]
    pub fn reaches(&self, revision: u64) {
        eventually("a revision", || self.last()["revision"].as_u64() >= Some(revision));
    }
}

/// An answer.
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an end of the head");
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut body = bytes[end + 4..].to_vec();
        if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
            body = unchunked(&body);
        }
        Response { status, headers, body }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).expect("a size"), 16).expect("a size");
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    body
}
