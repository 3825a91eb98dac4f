//! A web server on this machine, for tests of what is asked of the web.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

/// What the server does with a request.
pub enum Reply {
    /// Answers in full.
    Answer {
        /// The status line's end: `200 OK`.
        status: &'static str,
        /// Headers, each with its value.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// Answers one byte every tenth of a second, for as long as anybody listens.
    Slow,
    /// Answers without end.
    Endless,
}

impl Reply {
    /// A page.
    pub fn page(body: impl Into<Vec<u8>>) -> Self {
        Reply::typed("text/html; charset=utf-8", body)
    }

    /// A body of a kind.
    pub fn typed(kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Reply::Answer { status: "200 OK", headers: vec![("Content-Type", kind.to_owned())], body: body.into() }
    }

    /// The same with one more header.
    pub fn with(self, name: &'static str, value: &str) -> Self {
        match self {
            Reply::Answer { status, mut headers, body } => {
                headers.push((name, value.to_owned()));
                Reply::Answer { status, headers, body }
            }
            other => other,
        }
    }

    /// A redirect.
    pub fn moved(to: impl Into<String>) -> Self {
        Reply::Answer { status: "302 Found", headers: vec![("Location", to.into())], body: Vec::new() }
    }

    /// A status alone.
    pub fn status(status: &'static str) -> Self {
        Reply::Answer { status, headers: Vec::new(), body: Vec::new() }
    }
}

/// The server; it runs until the tests end.
pub struct Web {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Web {
    /// Serves what `routes` gives for a path with its query.
    pub fn serve(routes: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (routes, log) = (Arc::new(routes), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (routes, log) = (Arc::clone(&routes), Arc::clone(&log));
                std::thread::spawn(move || {
                    // A client that goes away is what some tests are about.
                    let _ = answer(stream, &*routes, &log);
                });
            }
        });
        Web { port, asked }
    }

    /// An address of this server.
    pub fn url(&self, path: &str) -> String {
        self.at("127.0.0.1", path)
    }

    /// An address of this server by another name.
    pub fn at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    /// The paths that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panicked").clone()
    }
}

fn answer(mut stream: TcpStream, routes: &dyn Fn(&str) -> Reply, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
    }
    let path = first.split_whitespace().nth(1).unwrap_or_default().to_owned();
    log.lock().expect("no test panicked").push(path.clone());
    match routes(&path) {
        Reply::Answer { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            stream.write_all(head.as_bytes())?;
            stream.write_all(b"\r\n")?;
            stream.write_all(&body)
        }
        Reply::Slow => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<html>")?;
            for _ in 0..600 {
                std::thread::sleep(Duration::from_millis(100));
                stream.write_all(b" ")?;
                stream.flush()?;
            }
            Ok(())
        }
        Reply::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>")?;
            let block = b"<p>and so on and on it goes".repeat(4000);
            for _ in 0..10_000 {
                stream.write_all(&block)?;
            }
            Ok(())
        }
    }
}
