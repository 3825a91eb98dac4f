//! Asking the web for what an import names: pages, feeds and pictures.
//!
//! A [`Client`] is careful on behalf of its user: it asks `robots.txt` first (RFC 9309), waits a bounded time, takes a bounded
//! number of bytes, and speaks only to addresses of the public internet unless it is allowed more. A name is checked by
//! the addresses that it resolves to, and the connection goes to just those, so that no second look-up can lead elsewhere.
//! Every redirect is a new address and is checked like the first.

mod guard;
mod robots;

use std::{
    collections::BTreeMap,
    fmt,
    io::Read as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ureq::{Agent, http::header, unversioned::transport::DefaultConnector};
use url::Url;

use crate::unpack::{Unpacked, decode_body};

pub use guard::{Private, is_public};
pub use robots::Robots;

/// What robots.txt files know this program as.
pub const PRODUCT: &str = "dateline";

/// Redirects that are followed from one address.
const MAX_REDIRECTS: usize = 10;

/// How far a client goes.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long one answer may take, from the look-up of the name to its last byte.
    pub timeout: Duration,
    /// The bytes of one answer, packed and unpacked.
    pub bytes: u64,
    /// Which machines of this network may be asked.
    pub private: Private,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Where it came from in the end.
    pub url: Url,
    /// The headers, with lower-case names, in their order.
    pub headers: Vec<(String, String)>,
    /// The body, unpacked.
    pub bytes: Vec<u8>,
}

/// Why there is no answer: a clause that goes after the address, such as "answers 404 Not Found".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub hint: Option<&'static str>,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Refusal { message: message.into(), hint: None }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

const SAVE_IT: &str = "open it in a browser, save the page, and import the file";

/// Asks the web. Shared by threads; remembers each site's `robots.txt`.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    limits: Limits,
    robots: Mutex<BTreeMap<String, Arc<Robots>>>,
    turns: Mutex<BTreeMap<String, Arc<Mutex<()>>>>,
}

impl Client {
    /// A client with these limits.
    pub fn new(limits: Limits) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(limits.timeout))
            .user_agent(concat!("Dateline/", env!("CARGO_PKG_VERSION"), " (import)"))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy would look names up by itself, out of sight of the check below.
            .proxy(None)
            .build();
        let resolver = guard::Guarded::new(limits.private.clone());
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Client { agent, limits, robots: Mutex::default(), turns: Mutex::default() }
    }

    /// Asks for an address.
    ///
    /// # Errors
    /// When the site does not want to be asked by programs, does not answer, answers too much, or is not on the
    /// public internet.
    pub fn get(&self, url: &Url) -> Result<Answer, Refusal> {
        self.get_up_to(url, self.limits.bytes)
    }

    /// The same for answers of so many bytes.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn get_up_to(&self, url: &Url, bytes: u64) -> Result<Answer, Refusal> {
        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            if !matches!(url.scheme(), "http" | "https") {
                return Err(Refusal::new(format!("leads to a `{}:` address, which is not followed", url.scheme())));
            }
            let turn = self.turn(&url);
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            let robots = self.robots(&url);
            if !robots.allows(&url) {
                let why = match robots.trouble() {
                    Some(trouble) => format!("its robots.txt {trouble}, and what cannot be asked is not allowed"),
                    None => format!("{} says so in its robots.txt", host(&url)),
                };
                return Err(Refusal { message: format!("may not be read by programs: {why}"), hint: Some(SAVE_IT) });
            }
            match self.ask(&url, bytes, Beyond::Refuse)? {
                Asked::Answer(answer) => return Ok(answer),
                Asked::Moved(to) => url = to,
                Asked::Status(status) => {
                    let hint = matches!(status.as_u16(), 401 | 402 | 403 | 429 | 451).then_some(SAVE_IT);
                    return Err(Refusal { message: format!("answers {status}"), hint });
                }
            }
        }
        Err(Refusal::new(format!("leads from one address to the next more than {MAX_REDIRECTS} times")))
    }

    /// Held by whoever asks a site: each is asked one thing at a time.
    fn turn(&self, url: &Url) -> Arc<Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(host(url).to_owned()).or_default())
    }

    /// The rules of an address's site. A site that has none allows all; one whose rules cannot be had allows nothing
    /// (RFC 9309, 2.3.1).
    fn robots(&self, url: &Url) -> Arc<Robots> {
        let origin = url.origin().ascii_serialization();
        if let Some(known) = self.robots.lock().unwrap_or_else(PoisonError::into_inner).get(&origin) {
            return Arc::clone(known);
        }
        let found = Arc::new(self.fetch_robots(url));
        self.robots.lock().unwrap_or_else(PoisonError::into_inner).insert(origin, Arc::clone(&found));
        found
    }

    fn fetch_robots(&self, url: &Url) -> Robots {
        let Ok(mut at) = url.join("/robots.txt") else { return Robots::open() };
        for _ in 0..=5 {
            match self.ask(&at, robots::MAX_BYTES, Beyond::Cut) {
                Ok(Asked::Answer(answer)) => return Robots::parse(&answer.bytes),
                Ok(Asked::Moved(to)) if matches!(to.scheme(), "http" | "https") => at = to,
                Ok(Asked::Status(status)) if status.is_client_error() => return Robots::open(),
                Ok(Asked::Status(status)) => return Robots::closed(format!("answers {status}")),
                Ok(Asked::Moved(to)) => return Robots::closed(format!("leads to a `{}:` address", to.scheme())),
                // The same trouble will be met, and told in full, when the page itself is asked for.
                Err(_) => return Robots::open(),
            }
        }
        Robots::open()
    }

    fn ask(&self, url: &Url, limit: u64, beyond: Beyond) -> Result<Asked, Refusal> {
        let mut answer = self
            .agent
            .get(url.as_str())
            .header(header::ACCEPT_ENCODING, "gzip")
            .call()
            .map_err(|error| self.refusal(error))?;
        let status = answer.status();
        if status.is_redirection()
            && let Some(to) = answer.headers().get(header::LOCATION)
        {
            let to = String::from_utf8_lossy(to.as_bytes()).into_owned();
            return match url.join(&to) {
                Ok(to) => Ok(Asked::Moved(to)),
                Err(_) => Err(Refusal::new(format!("leads to `{to}`, which is no address"))),
            };
        }
        if !status.is_success() {
            return Ok(Asked::Status(status));
        }
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut packed = Vec::new();
        answer
            .body_mut()
            .with_config()
            .limit(limit.saturating_add(1))
            .reader()
            .take(limit.saturating_add(1))
            .read_to_end(&mut packed)
            .map_err(|error| self.refusal(ureq::Error::from(error)))?;
        if packed.len() as u64 > limit {
            if beyond == Beyond::Refuse {
                return Err(Refusal::new(format!("answers more than {}", megabytes(limit))));
            }
            packed.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        let coding = headers.iter().find(|(name, _)| name == "content-encoding").map(|(_, value)| value.as_str());
        let bytes = match decode_body(packed, coding, limit) {
            Ok(Unpacked { bytes, is_whole: true }) => bytes,
            Ok(Unpacked { bytes, .. }) if beyond == Beyond::Cut => bytes,
            Ok(_) => return Err(Refusal::new(format!("answers more than {} when unpacked", megabytes(limit)))),
            Err(message) => return Err(Refusal::new(message)),
        };
        Ok(Asked::Answer(Answer { url: url.clone(), headers, bytes }))
    }

    fn refusal(&self, error: ureq::Error) -> Refusal {
        match error {
            ureq::Error::Timeout(_) => {
                Refusal::new(format!("did not answer in full within {} seconds", self.limits.timeout.as_secs_f64()))
            }
            ureq::Error::HostNotFound => Refusal::new("cannot be found: no such name"),
            ureq::Error::Other(cause) => match cause.downcast_ref::<guard::NotPublic>() {
                Some(private) => Refusal {
                    message: private.to_string(),
                    hint: Some("`--allow-private` allows machines of this network to be asked"),
                },
                None => Refusal::new(format!("cannot be read: {cause}")),
            },
            ureq::Error::Io(cause) if cause.kind() == std::io::ErrorKind::TimedOut => {
                Refusal::new(format!("did not answer in full within {} seconds", self.limits.timeout.as_secs_f64()))
            }
            ureq::Error::Io(cause) if cause.to_string().contains("lookup address") => {
                Refusal::new("cannot be found: there is no such name, or no way to the network")
            }
            ureq::Error::Io(cause) => Refusal::new(format!("cannot be reached: {cause}")),
            other => Refusal::new(format!("cannot be read: {other}")),
        }
    }
}

/// What becomes of an answer that is longer than its limit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    /// It is refused.
    Refuse,
    /// Its beginning is taken.
    Cut,
}

enum Asked {
    Answer(Answer),
    Moved(Url),
    Status(ureq::http::StatusCode),
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// "64 MB", for messages.
pub fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{} MB", bytes / (1024 * 1024)),
    }
}
