//! The pages in a real browser: at three widths, light and dark, with scripts off.
//!
//! Chromium is driven through chromedriver, which speaks plain JSON over HTTP. `DATELINE_CHROMIUM` and
//! `DATELINE_CHROMEDRIVER` name the programs where they are not in their usual places, `DATELINE_AXE` the file
//! `axe.min.js` of the npm package axe-core.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use dateline::render::built_in_themes;
use serde_json::{Value, json};

use crate::site_test::{Page, Site, has_tool};

/// Where the sites lie on their servers.
pub const BASE: &str = "/some/where/";
const WIDTHS: [u32; 3] = [320, 768, 1280];

/// A program that a variable names, else the first of some places that has it.
pub fn program(variable: &str, places: &[&str]) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from);
    named.into_iter().chain(places.iter().map(PathBuf::from)).find(|path| path.is_file())
}

/// A server of static files on loopback, for one folder under a path.
pub struct Server {
    pub origin: String,
    /// Requests that found nothing.
    missed: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(make: impl FnOnce(&str) -> PathBuf) -> Self {
        Server::start_at(BASE, make)
    }

    /// Serves the folder that `make` gives for the server's origin.
    pub fn start_at(base: &'static str, make: impl FnOnce(&str) -> PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let folder = make(&origin);
        let missed = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&missed);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, log) = (folder.clone(), Arc::clone(&log));
                thread::spawn(move || serve(stream, base, &folder, &log));
            }
        });
        Server { origin, missed }
    }
}

fn serve(stream: TcpStream, base: &str, folder: &Path, missed: &Mutex<Vec<String>>) {
    let Ok(mut out) = stream.try_clone() else { return };
    let mut lines = BufReader::new(stream);
    loop {
        let mut request = String::new();
        if lines.read_line(&mut request).unwrap_or(0) == 0 {
            return;
        }
        let mut line = String::new();
        while lines.read_line(&mut line).unwrap_or(0) > 2 {
            line.clear();
        }
        let target = request.split(' ').nth(1).unwrap_or("/").split(['?', '#']).next().unwrap_or("/").to_owned();
        let below = target.strip_prefix(base).map(|below| {
            let decoded = percent_encoding::percent_decode_str(below).decode_utf8_lossy().into_owned();
            if decoded.is_empty() || decoded.ends_with('/') { format!("{decoded}index.html") } else { decoded }
        });
        let body = below.as_ref().and_then(|below| fs::read(folder.join(below)).ok());
        let kind = match below.as_deref().and_then(|below| below.rsplit('.').next()) {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            _ => "application/octet-stream",
        };
        let (status, body) = match body {
            Some(body) => ("200 OK", body),
            None => {
                missed.lock().expect("a log").push(target);
                ("404 Not Found", b"nothing".to_vec())
            }
        };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
        if out.write_all(head.as_bytes()).and_then(|()| out.write_all(&body)).is_err() {
            return;
        }
    }
}

/// A browser, and a session in it.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: tempfile::TempDir,
}

/// A driver that listens, and its port; `None` for one that ended before it did.
fn started(program: &Path) -> Option<(Child, u16)> {
    let mut driver = Command::new(program)
        .args(["--port=0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts");
    let mut lines = BufReader::new(driver.stdout.take().expect("its output")).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok());
    let Some(port) = port else {
        let _ = driver.wait();
        return None;
    };
    thread::spawn(move || lines.count());
    Some((driver, port))
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.exchange("DELETE", "", &Value::Null);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// `None`, with a word on standard error, where there is no browser.
    pub fn start() -> Option<Self> {
        let chromium = program("DATELINE_CHROMIUM", &["/usr/bin/chromium", "/usr/bin/chromium-browser"]);
        let driver = program("DATELINE_CHROMEDRIVER", &["/usr/bin/chromedriver"]);
        let is_there = chromium.is_some() && driver.is_some();
        if !has_tool("chromium and chromedriver (DATELINE_CHROMIUM, DATELINE_CHROMEDRIVER)", is_there) {
            return None;
        }
        let program = driver?;
        // It asks the system for a free port, and ends where another program takes that one before it does.
        let (driver, port) = (0..5).find_map(|_| started(&program)).expect("chromedriver names its port");
        let profile = tempfile::tempdir().expect("a folder");
        let mut browser = Browser { driver, port, session: String::new(), _profile: profile };
        let answer = browser.ask(
            "POST",
            "",
            &json!({"capabilities": {"alwaysMatch": {
                "browserName": "chrome",
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
                "goog:chromeOptions": {
                    "binary": chromium?,
                    "args": [
                        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                        "--no-first-run", "--disable-background-networking", "--disable-component-update",
                        format!("--user-data-dir={}", browser._profile.path().display()),
                    ],
                },
            }}}),
        );
        browser.session = answer["sessionId"].as_str().expect("a session").to_owned();
        Some(browser)
    }

    /// Asks the driver for something; `path` is below the session.
    pub fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.exchange(method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let value: Value = serde_json::from_slice(&answer).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        if let Some(error) = value["value"]["error"].as_str() {
            panic!("{method} {path}: {error}: {}", value["value"]["message"]);
        }
        value["value"].clone()
    }

    fn exchange(&self, method: &str, path: &str, body: &Value) -> std::io::Result<Vec<u8>> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let address = if self.session.is_empty() { String::new() } else { format!("/{}", self.session) };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let request = format!(
            "{method} /session{address}{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = BufReader::new(stream);
        let mut length = 0;
        let mut line = String::new();
        while answer.read_line(&mut line)? > 2 {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        let mut body = vec![0; length];
        answer.read_exact(&mut body)?;
        Ok(body)
    }

    /// A command of the browser's own protocol.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.ask("POST", "/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Opens an address.
    pub fn go(&self, url: &str) {
        self.ask("POST", "/url", &json!({"url": url}));
        // On a busy machine the driver answers before the document is there.
        let is_there = "document.readyState == 'complete' && !!document.body";
        for _ in 0..300 {
            if self.evaluate(is_there) == Value::Bool(true) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{url} was not loaded in 30 s");
    }

    /// What an expression is in the page.
    pub fn evaluate(&self, expression: &str) -> Value {
        let answer = self.devtools(
            "Runtime.evaluate",
            json!({"expression": expression, "returnByValue": true, "awaitPromise": true}),
        );
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        let answer = self.ask("POST", "/se/log", &json!({"type": kind}));
        answer.as_array().cloned().unwrap_or_default()
    }

    fn resize(&self, width: u32) {
        let is_phone = width < 600;
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": is_phone}),
        );
    }

    fn scheme(&self, scheme: &str) {
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({"media": "screen", "features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
    }
}

/// A page of every kind, the longest of each, and every page that is written from right to left.
pub fn page_of_every_kind(public: &Path) -> Vec<String> {
    let mut longest: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut others = BTreeSet::new();
    for (path, bytes) in crate::site_test::read_all(public) {
        if !path.ends_with(".html") {
            continue;
        }
        let html = String::from_utf8(bytes).expect("UTF-8");
        let size = html.len();
        let address = path.strip_suffix("index.html").unwrap_or(&path).to_owned();
        let page = Page::parse(&path, html);
        let body = page.elements("body").next().expect("a body");
        let class = body.attributes.get("class").map_or("redirect", String::as_str);
        let mut kind = class.trim_start_matches("kind-").to_owned();
        if kind == "archive" || kind == "list" {
            // Each list has a page of its own; archives differ by their depth.
            let depth = address.matches('/').count();
            kind = if kind == "list" {
                format!("list {address}")
            } else {
                format!("archive {depth} {}", address == "archive/")
            };
        }
        if page.elements("html").next().is_some_and(|html| html.attributes.get("dir").is_some_and(|dir| dir == "rtl")) {
            others.insert(address.clone());
        }
        let entry = longest.entry(kind).or_default();
        if size > entry.0 {
            *entry = (size, address);
        }
    }
    assert!(longest.len() >= 15, "the site has pages of many kinds: {:?}", longest.keys());
    let mut pages: BTreeSet<String> = longest.into_values().map(|(_, address)| address).collect();
    pages.append(&mut others);
    pages.into_iter().collect()
}

/// The repository's own site in a theme, on a server, and the pages to look at.
pub fn own_site(theme: &str) -> (Site, Server, Vec<String>) {
    on_server(Site::own().in_theme(theme))
}

/// A site on a server, and the pages to look at.
fn on_server(site: Site) -> (Site, Server, Vec<String>) {
    let server = Server::start(|origin| {
        site.run(&format!("build --base-url {origin}{BASE}")).succeeds();
        site.path("public")
    });
    let pages = page_of_every_kind(&site.path("public"));
    (site, server, pages)
}

fn is_redirect(site: &Site, address: &str) -> bool {
    site.page(&format!("/{address}")).html.contains("http-equiv=\"refresh\"")
}

/// An old address leads on by itself, to a page of the site.
fn lands_elsewhere(browser: &Browser, url: &str) {
    browser.go(url);
    for _ in 0..100 {
        let now = browser.ask("GET", "/url", &Value::Null);
        if now.as_str().is_some_and(|now| now != url && now.contains(BASE)) {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{url} leads nowhere");
}

#[test]
fn every_page_fits_every_width_and_asks_nobody_else() {
    pages_fit_and_ask_nobody("broadsheet");
}

#[test]
fn every_page_of_the_bulletin_fits_every_width_and_asks_nobody_else() {
    pages_fit_and_ask_nobody("bulletin");
}

fn pages_fit_and_ask_nobody(theme: &str) {
    let Some(browser) = Browser::start() else { return };
    let (site, server, pages) = own_site(theme);
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    browser.log("browser");
    browser.log("performance");
    let mut wrong = Vec::new();
    let mut backgrounds: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for address in &pages {
        let url = format!("{}{BASE}{address}", server.origin);
        if is_redirect(&site, address) {
            lands_elsewhere(&browser, &url);
            continue;
        }
        for scheme in ["light", "dark"] {
            browser.scheme(scheme);
            browser.resize(WIDTHS[0]);
            browser.go(&url);
            for width in WIDTHS {
                browser.resize(width);
                let found = browser.evaluate(
                    "(() => { const root = document.documentElement;
                        const wide = [...document.querySelectorAll('body *')]
                            .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 || e.getBoundingClientRect().left < -1)
                            .filter(e => !e.closest('.skip') && !e.closest('.table') && !e.closest('pre'))
                            .slice(0, 5).map(e => e.outerHTML.slice(0, 120));
                        return { url: location.href, over: root.scrollWidth - root.clientWidth, wide, inner: root.clientWidth,
                            background: getComputedStyle(document.body).backgroundColor + getComputedStyle(root).backgroundColor,
                            text: document.body.innerText.trim().length,
                            broken: [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src) }; })()",
                );
                let place = format!("/{address} at {width} px, {scheme}");
                if found["over"].as_i64() != Some(0) {
                    wrong.push(format!("{place}: {} px too wide: {}", found["over"], found["wide"]));
                }
                if found["inner"].as_u64() != Some(u64::from(width)) {
                    wrong.push(format!("{place}: the viewport is {} px", found["inner"]));
                }
                if found["text"].as_u64() < Some(20) {
                    wrong.push(format!("{place}: shows nothing"));
                }
                if found["broken"].as_array().is_some_and(|broken| !broken.is_empty()) {
                    wrong.push(format!("{place}: pictures that do not load: {}", found["broken"]));
                }
                if found["url"] != url.as_str() {
                    wrong.push(format!("{place}: went to {}", found["url"]));
                }
                backgrounds.entry(scheme).or_default().insert(found["background"].to_string());
            }
        }
    }
    assert_ne!(backgrounds["light"], backgrounds["dark"], "dark mode looks as light mode does");
    for entry in browser.log("browser") {
        wrong.push(format!("console: {}", entry["message"]));
    }
    let mut requests = 0;
    for entry in browser.log("performance") {
        let message: Value = serde_json::from_str(entry["message"].as_str().unwrap_or_default()).unwrap_or_default();
        let event = &message["message"];
        let parameters = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                requests += 1;
                let is_own = url.starts_with(&format!("{}{BASE}", server.origin)) || url.starts_with("data:");
                if !is_own && !url.starts_with("chrome") && url != "about:blank" {
                    wrong.push(format!("a request to {url}"));
                }
            }
            "Network.loadingFailed" if parameters["canceled"] != true => {
                wrong.push(format!("a request failed: {}", parameters["errorText"]));
            }
            _ => {}
        }
    }
    // Browsers ask for this one on their own where a page names no icon, as a page that only leads on does not.
    let missed = server.missed.lock().expect("a log").clone();
    for missed in missed.iter().filter(|missed| *missed != "/favicon.ico") {
        wrong.push(format!("nothing is at {missed}"));
    }
    assert!(requests > pages.len(), "the log of requests is empty");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_page_can_be_enlarged_to_twice_its_size() {
    let Some(browser) = Browser::start() else { return };
    for theme in built_in_themes() {
        pages_can_be_enlarged(&browser, theme);
    }
}

/// WCAG 2.2, 1.4.4 and 1.4.10: at 200 % nothing is cut off, lies over something else or makes a page scroll sideways; whether the
/// browser enlarges all of a page, as it usually does, or its letters alone.
fn pages_can_be_enlarged(browser: &Browser, theme: &str) {
    let (site, server, pages) = own_site(theme);
    browser.scheme("light");
    let mut wrong = Vec::new();
    for address in pages.iter().filter(|address| !is_redirect(&site, address)) {
        browser.resize(1280);
        browser.go(&format!("{}{BASE}{address}", server.origin));
        for (what, width, height, scale, letters) in
            [("all at 200 %", 640, 450, 2, "100%"), ("letters at 200 %", 1280, 900, 1, "200%")]
        {
            let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": false});
            browser.devtools("Emulation.setDeviceMetricsOverride", metrics);
            browser.evaluate(&format!("document.documentElement.style.fontSize = '{letters}'"));
            let found = browser.evaluate(
                "(() => {
                    const root = document.documentElement, name = e => e.outerHTML.slice(0, 120);
                    const shown = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.skip, svg, option'));
                    const wide = shown.filter(e => !e.closest('.table, pre'))
                        .filter(e => { const box = e.getBoundingClientRect(); return box.right > root.clientWidth + 1 || box.left < -1; });
                    // What is a pixel large is for screen readers.
                    const cut = shown.filter(e => e.clientWidth > 2 && e.innerText?.trim() && (style =>
                        /hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1
                        || /hidden|clip/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1)(getComputedStyle(e)));
                    const over = shown.filter(e => getComputedStyle(e).position == 'fixed'
                        || getComputedStyle(e).position == 'sticky' && getComputedStyle(e).top != 'auto' && e.offsetWidth > root.clientWidth / 2)
                        .filter(e => e.offsetHeight > innerHeight / 3);
                    // Lines of text that lie one over the other.
                    const boxes = [];
                    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                    while (walk.nextNode()) {
                        const parent = walk.currentNode.parentElement;
                        if (!walk.currentNode.data.trim() || !shown.includes(parent)) continue;
                        const range = document.createRange();
                        range.selectNodeContents(walk.currentNode);
                        for (const box of range.getClientRects()) if (box.width > 2 && box.height > 2) boxes.push([box, parent]);
                    }
                    boxes.sort((a, b) => a[0].top - b[0].top);
                    const clash = [];
                    boxes.forEach(([a, one], at) => {
                        for (let n = at + 1; n < boxes.length && boxes[n][0].top < a.bottom - a.height * .4; n++) {
                            const [b, other] = boxes[n];
                            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left), down = Math.min(a.bottom, b.bottom) - b.top;
                            if (across > 3 && down > .4 * Math.min(a.height, b.height)) clash.push(name(one) + ' and ' + name(other));
                        }
                    });
                    return { sideways: root.scrollWidth - root.clientWidth, wide: wide.slice(0, 3).map(name), cut: cut.slice(0, 3).map(name),
                        over: over.slice(0, 3).map(name), clash: clash.slice(0, 3), text: document.body.innerText.trim().length };
                })()",
            );
            let place = format!("{theme}: /{address}, {what}");
            if found["sideways"].as_i64() != Some(0) || found["text"].as_u64() < Some(20) {
                wrong.push(format!("{place}: {} px too wide, {} letters", found["sideways"], found["text"]));
            }
            for (kind, says) in [
                ("wide", "reaches out of the page"),
                ("cut", "is cut off"),
                ("over", "covers the page"),
                ("clash", "lie over each other"),
            ] {
                let these = found[kind].as_array().expect("a list").iter().filter_map(Value::as_str);
                wrong.extend(these.map(|element| format!("{place}: {says}: {element}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What axe finds on the pages of a site, narrow and light, wide and dark.
fn findings(browser: &Browser, axe: &str, site: &Site, server: &Server, pages: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    for address in pages {
        if is_redirect(site, address) {
            continue;
        }
        for (scheme, width) in [("light", 320), ("dark", 1280)] {
            browser.scheme(scheme);
            browser.resize(width);
            browser.go(&format!("{}{BASE}{address}", server.origin));
            browser.evaluate(&format!("{axe}; true"));
            let found = browser.evaluate(
                "axe.run({resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.help + ': '
                    + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.failureSummary || '').split('\\n').slice(1).join(' ')).join(' | ')))",
            );
            for violation in found.as_array().expect("a list") {
                wrong.push(format!("/{address} at {width} px, {scheme}: {violation}"));
            }
        }
    }
    wrong
}

/// The text of `axe.min.js`, where there is one.
fn axe() -> Option<String> {
    let axe = env::var_os("DATELINE_AXE").map(PathBuf::from).filter(|path| path.is_file());
    has_tool("axe-core (DATELINE_AXE names its axe.min.js)", axe.is_some())
        .then(|| fs::read_to_string(axe.expect("a path")).expect("axe.min.js"))
}

#[test]
fn every_page_is_accessible_as_far_as_axe_can_tell() {
    pages_are_accessible("broadsheet");
}

#[test]
fn every_page_of_the_bulletin_is_accessible_as_far_as_axe_can_tell() {
    pages_are_accessible("bulletin");
}

fn pages_are_accessible(theme: &str) {
    let Some(axe) = axe() else { return };
    let Some(browser) = Browser::start() else { return };
    let (site, server, pages) = own_site(theme);
    let wrong = findings(&browser, &axe, &site, &server, &pages);
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_site_that_is_read_from_right_to_left() {
    pages_run_from_right_to_left("broadsheet");
}

#[test]
fn a_bulletin_that_is_read_from_right_to_left() {
    pages_run_from_right_to_left("bulletin");
}

fn pages_run_from_right_to_left(theme: &str) {
    let Some(axe) = axe() else { return };
    let Some(browser) = Browser::start() else { return };
    let site = Site::own().in_theme(theme);
    site.edit("site.toml", "language = \"en\"", "language = \"ar\"");
    let (site, server, mut pages) = on_server(site);
    // Every kind of page once: all of this site runs from right to left.
    let mut kinds = BTreeSet::new();
    pages.retain(|address| {
        let page = site.page(&format!("/{address}"));
        page.elements("body").next().is_some_and(|body| kinds.insert(body.attributes.get("class").cloned()))
    });
    assert!(kinds.len() >= 12, "{kinds:?}");
    let mut wrong = findings(&browser, &axe, &site, &server, &pages);
    for address in &pages {
        if is_redirect(&site, address) {
            continue;
        }
        browser.resize(320);
        browser.go(&format!("{}{BASE}{address}", server.origin));
        let over = browser.evaluate(
            "(() => { const root = document.documentElement; return root.scrollWidth - root.clientWidth; })()",
        );
        if over.as_i64() != Some(0) {
            wrong.push(format!("/{address} is {over} px too wide"));
        }
        // The page is turned round: its texts begin at the right edge, and its columns go from right to left.
        browser.resize(1280);
        let turned = browser.evaluate(
            "(() => { const h = document.querySelector('main h1, main h2'); if (!h) return true;
                const range = document.createRange(); range.selectNodeContents(h);
                const box = h.getBoundingClientRect(), text = range.getBoundingClientRect();
                return getComputedStyle(document.body).direction == 'rtl' && box.right - text.right <= text.left - box.left + 1; })()",
        );
        if turned != Value::Bool(true) {
            wrong.push(format!("/{address} does not begin at the right"));
        }
    }
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn print_and_keyboard() {
    let Some(browser) = Browser::start() else { return };
    for theme in built_in_themes() {
        paper_and_keys(&browser, theme);
    }
}

fn paper_and_keys(browser: &Browser, theme: &str) {
    let (_site, server, pages) = own_site(theme);
    let article =
        pages.iter().find(|page| page.starts_with("20") && page.matches('/').count() == 4).expect("an article");
    browser.scheme("light");
    browser.resize(1280);
    browser.go(&format!("{}{BASE}{article}", server.origin));
    // The first stop of the tab key leads past the masthead.
    let first = browser.evaluate("document.querySelector('a[href], button, input, [tabindex]').getAttribute('href')");
    assert_eq!(first, "#main");
    browser.devtools("Emulation.setEmulatedMedia", json!({"media": "print"}));
    let shown = browser.evaluate(
        "[...document.querySelectorAll('nav, footer nav')].filter(e => e.offsetParent !== null && e.getClientRects().length).length",
    );
    assert_eq!(shown, 0, "on paper no menu is of use");
    let text = browser.evaluate("document.querySelector('h1').innerText");
    assert!(!text.as_str().unwrap_or_default().is_empty());
}

#[test]
fn a_timeline_is_narrowed_by_keys_alone_and_printed_whole() {
    let Some(browser) = Browser::start() else { return };
    for theme in built_in_themes() {
        a_timeline_is_narrowed(&browser, theme);
    }
}

fn a_timeline_is_narrowed(browser: &Browser, theme: &str) {
    let (_site, server, _) = own_site(theme);
    browser.scheme("light");
    browser.resize(1280);
    browser.go(&format!("{}{BASE}ukraine-crisis/2022-01/", server.origin));
    let seen = |wanted: &str| -> u64 {
        let expression = format!(
            "[...document.querySelectorAll('.months .spine > li{wanted}')].filter(e => e.getClientRects().length).length"
        );
        browser.evaluate(&expression).as_u64().unwrap_or_default()
    };
    let press = |key: &str, code: u32| {
        for kind in ["rawKeyDown", "keyUp"] {
            let press = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            browser.devtools("Input.dispatchKeyEvent", press);
        }
    };
    let (events, articles) = (seen(":not(.i4)"), seen(".i4"));
    assert!(events > 8 && articles == 0, "{events} events and {articles} articles");
    browser.evaluate("document.querySelector('.filter input:checked').focus()");
    press("ArrowLeft", 37);
    assert_eq!(browser.evaluate("document.activeElement.value"), "2");
    assert!(seen(".i1") > 0 && seen(".i2") > 0 && seen(".i3") == 0);
    press("ArrowLeft", 37);
    assert!(seen(".i1") > 0 && seen(":not(.i1)") == 0, "turning points alone");
    for _ in 0..3 {
        press("ArrowRight", 39);
    }
    let all = seen("");
    assert!(seen(".i4") > 0 && all > events);
    press("ArrowRight", 39);
    assert_eq!(seen(":not(.i1)"), 0, "the choice goes round");
    browser.devtools("Emulation.setEmulatedMedia", json!({"media": "print"}));
    assert_eq!(seen(""), all, "paper has everything, whatever was chosen");
}
