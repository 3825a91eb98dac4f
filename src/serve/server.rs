//! The HTTP server: the built folder on this machine alone, as the real host would serve it.

use std::{
    convert::Infallible,
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
    serve::ListenerExt as _,
};
use futures_util::stream;
use tower_http::services::ServeFile;

use super::{
    files::{self, Found},
    reload::{Reload, Tab},
};
use crate::{
    error::{Error, Result},
    fingerprint::Fingerprint,
};

/// The script that listens in a page.
const CLIENT: &str = include_str!("client.js");
/// Where the server's own addresses lie; no site has such a folder.
const OWN: &str = "/__dateline/";
/// How many ports after the one asked for are tried.
const PORTS: u16 = 50;

/// A server that has its port.
#[derive(Debug)]
pub struct Server {
    listeners: Vec<TcpListener>,
    origin: String,
    hosts: Hosts,
}

/// The names that this server answers to. Any other name was made to lead here by somebody else (DNS rebinding).
#[derive(Debug)]
struct Hosts {
    names: Vec<String>,
    /// Serving all of the machine's addresses, by whatever number they are reached: a number cannot be rebound.
    any_address: bool,
}

/// What is served.
#[derive(Debug)]
struct Site {
    folder: PathBuf,
    reload: Arc<Reload>,
    hosts: Hosts,
}

impl Server {
    /// Takes a port: the one asked for, or, unless `is_strict`, the next that is free. Without a `host` only this
    /// machine can reach it.
    ///
    /// # Errors
    /// When there is none to be had, or the host is not this machine.
    pub fn bind(host: Option<&str>, port: u16, is_strict: bool) -> Result<Self> {
        let host = host.unwrap_or("localhost");
        let addresses = addresses(host)?;
        let ports = if is_strict || port == 0 { port..=port } else { port..=port.saturating_add(PORTS) };
        let mut first_failure = None;
        for port in ports {
            match listen(&addresses, port) {
                Ok(listeners) => {
                    let port = listeners[0].local_addr().map_or(port, |address| address.port());
                    let name = match host.parse::<IpAddr>() {
                        Ok(address) if address.is_unspecified() => "localhost".to_owned(),
                        Ok(IpAddr::V6(address)) => format!("[{address}]"),
                        _ => host.to_lowercase(),
                    };
                    let own = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
                    let hosts = Hosts {
                        names: own.into_iter().chain([name.clone()]).collect(),
                        any_address: addresses.iter().any(IpAddr::is_unspecified),
                    };
                    return Ok(Server { listeners, origin: format!("http://{name}:{port}"), hosts });
                }
                Err(cause) => {
                    let is_taken = cause.kind() == ErrorKind::AddrInUse;
                    first_failure.get_or_insert(cause);
                    if !is_taken {
                        break;
                    }
                }
            }
        }
        let cause = first_failure.unwrap_or_else(|| ErrorKind::AddrInUse.into());
        let hint = match cause.kind() {
            ErrorKind::AddrInUse => "stop the program that has the port, or choose another one with `--port`",
            ErrorKind::PermissionDenied => "choose a port above 1023, such as `--port 8000`",
            _ => "name an address of this machine with `--host`, or leave it out",
        };
        Err(Error::io("listen on", format!("{host}:{port}"), cause).with_hint(hint))
    }

    /// Scheme, host and port: `http://localhost:8000`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Serves `folder` from a thread of its own, until the program ends.
    ///
    /// # Errors
    /// When the machine has no thread left.
    pub fn start(self, folder: PathBuf, reload: Arc<Reload>) -> Result<()> {
        let failed = |cause| Error::io("start the server", &folder, cause);
        // One thread is enough for one reader; files are read on others.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let site = Arc::new(Site { folder: folder.clone(), reload, hosts: self.hosts });
        let mut listeners = Vec::new();
        for listener in self.listeners {
            listener.set_nonblocking(true).map_err(failed)?;
            let _inside = runtime.enter();
            listeners.push(tokio::net::TcpListener::from_std(listener).map_err(failed)?);
        }
        let serve = move || {
            runtime.block_on(async {
                let tasks: Vec<_> = listeners
                    .into_iter()
                    .map(|listener| {
                        let router = Router::new().fallback(answer).with_state(site.clone());
                        // Messages to tabs are short: nothing is gained by waiting for more of them.
                        let listener = listener.tap_io(|stream| {
                            let _ = stream.set_nodelay(true);
                        });
                        tokio::spawn(async move { axum::serve(listener, router).await })
                    })
                    .collect();
                for task in tasks {
                    let _ = task.await;
                }
            });
        };
        std::thread::Builder::new().name("server".to_owned()).spawn(serve).map_err(failed)?;
        Ok(())
    }
}

fn addresses(host: &str) -> Result<Vec<IpAddr>> {
    if host == "localhost" {
        return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<IpAddr> = (name, 0)
        .to_socket_addrs()
        .map_err(|cause| {
            Error::io("find the host", host, cause).with_hint("name an address of this machine, such as `0.0.0.0`")
        })?
        .map(|address| address.ip())
        .collect();
    Ok(found)
}

/// Listens on the same port of every address. `localhost` is two of them to a browser, and a port that another program
/// has on one would show that program's pages.
fn listen(addresses: &[IpAddr], port: u16) -> std::io::Result<Vec<TcpListener>> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    let mut wanted = port;
    for address in addresses {
        match TcpListener::bind(SocketAddr::new(*address, wanted)) {
            Ok(listener) => {
                wanted = listener.local_addr()?.port();
                listeners.push(listener);
            }
            Err(error) if listeners.is_empty() || (error.kind() == ErrorKind::AddrInUse && port != 0) => {
                return Err(error);
            }
            // The machine has no such address: IPv6 is often off.
            Err(_) => {}
        }
    }
    if listeners.is_empty() { Err(ErrorKind::AddrNotAvailable.into()) } else { Ok(listeners) }
}

impl Hosts {
    /// Whether a request came under one of our names.
    fn allow(&self, headers: &HeaderMap) -> bool {
        let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
        let name = match host.rsplit_once(':') {
            // `[::1]:8000`, but not the last part of `[::1]`.
            Some((name, port)) if !port.contains(']') => name,
            _ => host,
        }
        .trim_end_matches('.')
        .to_lowercase();
        let address = name.trim_start_matches('[').trim_end_matches(']');
        self.names.contains(&name) || (self.any_address && address.parse::<IpAddr>().is_ok())
    }
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let mut response = if !site.hosts.allow(request.headers()) {
        let text =
            "This preview answers to `localhost` alone. To reach it under another name, start it with `--host NAME`.\n";
        (StatusCode::FORBIDDEN, text).into_response()
    } else if !matches!(*request.method(), Method::GET | Method::HEAD) {
        (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")], "GET and HEAD are all there is.\n")
            .into_response()
    } else if let Some(own) = request.uri().path().strip_prefix(OWN) {
        own_address(&site, own, &request)
    } else {
        file(&site, request).await
    };
    let headers = response.headers_mut();
    // What is edited must be seen: times of files have too coarse a grain to ask by.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The server's own addresses.
fn own_address(site: &Arc<Site>, own: &str, request: &Request) -> Response {
    match own {
        "client.js" => ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], CLIENT).into_response(),
        "events" => events(site, request),
        "status" => {
            let text = serde_json::to_string(&site.reload.status()).unwrap_or_default();
            ([(header::CONTENT_TYPE, "application/json")], text + "\n").into_response()
        }
        _ => (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response(),
    }
}

/// The stream of what a tab has to know.
fn events(site: &Arc<Site>, request: &Request) -> Response {
    let mut tab = Tab::default();
    let mut since = None;
    for (key, value) in url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
        match &*key {
            "since" => since = value.parse().ok(),
            "path" => tab.path = value.into_owned(),
            "base" => tab.base = value.into_owned(),
            "missing" => tab.is_missing = value == "1",
            _ => {}
        }
    }
    // A browser that connects again by itself says in this header what it heard last.
    let heard = request.headers().get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let since: u64 = heard.or(since).unwrap_or(0);
    let site = site.clone();
    let bell = site.reload.listen();
    let stream = stream::unfold((bell, since, true), move |(mut bell, since, is_first)| {
        let site = site.clone();
        let tab = tab.clone();
        async move {
            if !is_first {
                bell.changed().await.ok()?;
            }
            bell.mark_unchanged();
            let told = site.reload.tell(since, &tab);
            let text = serde_json::to_string(&told).unwrap_or_default();
            let event = Event::default().id(told.revision.to_string()).retry(Duration::from_millis(500)).data(text);
            Some((Ok::<_, Infallible>(event), (bell, told.revision, false)))
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default()).into_response()
}

/// A file of the site.
async fn file(site: &Site, request: Request) -> Response {
    // The revision first: a page that is newer than it says reloads once too often, one that is older never.
    let (revision, base) = site.reload.now();
    let Some(base) = base else {
        let error = site.reload.error();
        return standing_in(revision, error.as_deref());
    };
    let path = request.uri().path().to_owned();
    let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
    if path == "/" && base != "/" || format!("{path}/") == base {
        return redirect(&format!("{base}{query}"));
    }
    match files::find(&site.folder, &base, &path) {
        Found::Page(file) => page(&file, StatusCode::OK, revision, &base, request.headers()),
        Found::Folder => redirect(&format!("{path}/{query}")),
        Found::File(file) => {
            let content_type = files::content_type(&file);
            let mut response = match ServeFile::new(&file).try_call(request).await {
                Ok(response) => response.map(Body::new),
                Err(error) => return unreadable(&error),
            };
            if let Some(content_type) = content_type.filter(|_| response.status().is_success()) {
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            }
            response
        }
        Found::Missing => {
            let file = site.folder.join("404.html");
            page(&file, StatusCode::NOT_FOUND, revision, &base, request.headers())
        }
    }
}

/// A page, with the client in it.
fn page(file: &Path, status: StatusCode, revision: u64, base: &str, headers: &HeaderMap) -> Response {
    let is_missing = status == StatusCode::NOT_FOUND;
    let html = match std::fs::read(file) {
        Ok(html) => html,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // Between two builds, or a site whose theme has no such page.
            b"<!doctype html><title>Not found</title><body><p>There is no such page.</p></body>".to_vec()
        }
        Err(error) => return unreadable(&error),
    };
    let body = with_client(&html, revision, base, is_missing);
    let etag = format!("W/\"{}\"", Fingerprint::of(&body));
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok())
        .is_some_and(|known| known.split(',').any(|known| known.trim() == etag));
    if is_known && !is_missing {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (header::ETAG, etag)];
    (status, headers, body).into_response()
}

/// Puts the client at the end of a page's body.
fn with_client(html: &[u8], revision: u64, base: &str, is_missing: bool) -> Vec<u8> {
    let missing = if is_missing { "1" } else { "" };
    let base = super::overlay::escaped(base);
    let script = format!(
        "<script src=\"{OWN}client.js\" data-revision=\"{revision}\" data-base=\"{base}\" data-missing=\"{missing}\" \
         defer></script>"
    );
    let end = b"</body>";
    let at = html.windows(end.len()).rposition(|window| window.eq_ignore_ascii_case(end)).unwrap_or(html.len());
    [&html[..at], script.as_bytes(), &html[at..]].concat()
}

/// What is shown until the first good build.
fn standing_in(revision: u64, error: Option<&str>) -> Response {
    // The client lays the error over this page, and loads the site in its place when there is one.
    let text = if error.is_some() { "The site has errors; nothing was built yet." } else { "Building …" };
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Dateline</title><body><p>{text}</p>\
         <noscript>{}</noscript></body></html>",
        error.unwrap_or_default()
    );
    let body = with_client(html.as_bytes(), revision, "", false);
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// Elsewhere, for now: a lasting redirect would be remembered by the browser after the site has moved on.
fn redirect(to: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

fn unreadable(error: &std::io::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("The file cannot be read: {error}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_small() {
        assert!(CLIENT.len() < 3000, "{} bytes", CLIENT.len());
    }

    #[test]
    fn the_client_stands_at_the_end_of_the_body() {
        let page = with_client(b"<p>&lt;/body></p></BODY></html>", 7, "/repo/", false);
        assert_eq!(
            String::from_utf8(page).unwrap(),
            "<p>&lt;/body></p><script src=\"/__dateline/client.js\" data-revision=\"7\" data-base=\"/repo/\" \
             data-missing=\"\" defer></script></BODY></html>"
        );
        assert!(with_client(b"<p>", 7, "/", true).ends_with(b"</script>"));
    }

    #[test]
    fn only_our_own_names_are_answered() {
        let allows = |hosts: &Hosts, name: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(name).unwrap());
            hosts.allow(&headers)
        };
        let hosts = Server::bind(None, 0, false).unwrap().hosts;
        for name in ["localhost:8000", "127.0.0.1", "[::1]:8000", "[::1]", "LOCALHOST"] {
            assert!(allows(&hosts, name), "{name}");
        }
        for name in ["evil.example", "localhost.evil.example:8000", "192.168.1.5:8000", ""] {
            assert!(!allows(&hosts, name), "{name}");
        }
        let hosts = Server::bind(Some("0.0.0.0"), 0, false).unwrap().hosts;
        assert!(allows(&hosts, "192.168.1.5:8000"));
        assert!(!allows(&hosts, "evil.example:8000"));
    }

    #[test]
    fn a_port_that_is_taken_makes_way_for_the_next_unless_it_must_be_that_one() {
        let first = Server::bind(None, 0, false).unwrap();
        let port: u16 = first.origin().rsplit(':').next().unwrap().parse().unwrap();
        let error = Server::bind(None, port, true).unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.contains("--port")), "{error}");
        let next = Server::bind(None, port, false).unwrap();
        assert_ne!(first.origin(), next.origin());
    }
}
