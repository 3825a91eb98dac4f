//! Which addresses may be spoken to.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ureq::{
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

/// Looks names up, and lets only public addresses through.
#[derive(Debug, Default)]
pub(super) struct Guarded {
    allowed: Private,
    lookup: DefaultResolver,
}

impl Guarded {
    pub fn new(allowed: Private) -> Self {
        Guarded { allowed, lookup: DefaultResolver::default() }
    }
}

/// Which machines that are not on the public internet may be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Private {
    /// None.
    #[default]
    None,
    /// Those of these names or addresses.
    Hosts(Vec<String>),
    /// All of them.
    All,
}

impl Private {
    fn allows(&self, host: &str) -> bool {
        let bare = |host: &str| host.trim_matches(['[', ']']).to_ascii_lowercase();
        match self {
            Private::None => false,
            Private::Hosts(hosts) => hosts.iter().any(|known| bare(known) == bare(host)),
            Private::All => true,
        }
    }
}

/// A name leads to a machine that is not on the public internet.
#[derive(Debug)]
pub(super) struct NotPublic {
    host: String,
    address: IpAddr,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = self.host.trim_matches(['[', ']']);
        if bare == self.address.to_string() {
            write!(f, "is not asked: {} is no address of the public internet", self.address)
        } else {
            write!(f, "is not asked: `{}` is {}, no address of the public internet", self.host, self.address)
        }
    }
}

impl std::error::Error for NotPublic {}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.lookup.resolve(uri, config, timeout)?;
        if self.allowed.allows(uri.host().unwrap_or_default()) {
            return Ok(found);
        }
        // One private address among public ones is enough: which of them is tried is not ours to say.
        match found.iter().find(|address| !is_public(address.ip())) {
            Some(private) => Err(ureq::Error::Other(Box::new(NotPublic {
                host: uri.host().unwrap_or_default().to_owned(),
                address: private.ip(),
            }))),
            None => Ok(found),
        }
    }
}

/// Whether an address is of the public internet: global unicast by the IANA registries of special-purpose addresses,
/// without those that carry another address within (which is looked at instead) and without test networks.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(matches!(a, 0 | 10 | 127)
        || a == 100 && (64..128).contains(&b)
        || a == 169 && b == 254
        || a == 172 && (16..32).contains(&b)
        || a == 192 && b == 0 && (c == 0 || c == 2)
        || a == 192 && b == 88 && c == 99
        || a == 192 && b == 168
        || a == 198 && (b == 18 || b == 19)
        || a == 198 && b == 51 && c == 100
        || a == 203 && b == 0 && c == 113
        || a >= 224)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match segments {
        // NAT64
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        // 6to4
        [0x2002, high, low, ..] => embedded(high, low),
        // Protocol assignments, Teredo and benchmarks among them
        [0x2001, 0..0x200, ..] => false,
        // Documentation
        [0x2001, 0xdb8, ..] => false,
        [0x3fff, 0..0x1000, ..] => false,
        // Everything else that is global stands in 2000::/3.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet() {
        let public = [
            "1.1.1.1",
            "93.184.216.34",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "192.167.1.1",
            "223.255.1.1",
            "2606:4700::1111",
            "2a00:1450:4001::200e",
            "64:ff9b::5db8:d822",
            "2002:5db8:d822::1",
            "::ffff:93.184.216.34",
        ];
        let private = [
            "0.0.0.0",
            "10.1.2.3",
            "127.0.0.1",
            "127.9.9.9",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
            "100::1",
            "fec0::1",
        ];
        for address in public {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in private {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }
}
