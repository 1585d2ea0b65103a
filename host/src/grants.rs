//! What a component may touch. Whatever is not granted is refused.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::str::FromStr;

/// The domain of service chaining.
pub const CHAINING_SUFFIX: &str = ".spin.internal";

/// A component's grants.
#[derive(Debug, Default)]
pub struct Grants {
    /// Labels of key-value stores.
    pub key_value_stores: BTreeSet<String>,
    /// Those of them that are only read.
    pub key_value_read_only: BTreeSet<String>,
    /// Labels of databases.
    pub sqlite_databases: BTreeSet<String>,
    /// Hosts that may be called.
    pub hosts: Vec<HostPattern>,
}

/// One entry of `allowed_outbound_hosts`.
#[derive(Debug, Eq, PartialEq)]
pub struct HostPattern {
    scheme: Option<String>,
    host: Host,
    ports: Ports,
}

#[derive(Debug, Eq, PartialEq)]
enum Host {
    Any,
    Itself,
    Below(String),
    Named(String),
    Network(IpAddr, u8),
}

#[derive(Debug, Eq, PartialEq)]
enum Ports {
    Any,
    Default,
    From(u16, u16),
}

impl Grants {
    /// Whether a host may be called.
    pub fn allow_host(&self, scheme: &str, host: &str, port: Option<u16>) -> bool {
        self.hosts
            .iter()
            .any(|pattern| pattern.matches(scheme, host, port))
    }

    /// Whether the application's own public routes may be called.
    pub fn allow_self(&self, scheme: &str) -> bool {
        self.hosts.iter().any(|pattern| {
            pattern.allows_scheme(scheme) && matches!(pattern.host, Host::Any | Host::Itself)
        })
    }
}

impl HostPattern {
    fn allows_scheme(&self, scheme: &str) -> bool {
        self.scheme.as_deref().is_none_or(|own| own == scheme)
    }

    fn matches(&self, scheme: &str, host: &str, port: Option<u16>) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let host = host.to_ascii_lowercase();
        let host_matches = match &self.host {
            Host::Any => true,
            Host::Itself => false,
            Host::Below(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
            Host::Named(name) => *name == host,
            Host::Network(network, bits) => host
                .parse()
                .is_ok_and(|address| is_within(address, *network, *bits)),
        };
        let port_matches = match self.ports {
            Ports::Any => true,
            Ports::Default => port.is_none() || port == default_port(scheme),
            Ports::From(first, last) => port
                .or_else(|| default_port(scheme))
                .is_some_and(|port| (first..=last).contains(&port)),
        };
        self.allows_scheme(scheme) && host_matches && port_matches
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

fn is_within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let shared = |one: u128, other: u128, width: u32| {
        let hidden = width - u32::from(bits).min(width);
        hidden == 128 || (one ^ other) >> hidden == 0
    };
    match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            shared(u32::from(one).into(), u32::from(other).into(), 32)
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => shared(one.into(), other.into(), 128),
        _ => false,
    }
}

impl FromStr for HostPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fail = |what: &str| {
            format!("{text:?} {what}; write scheme://host[:port], with * for any of them")
        };
        let (scheme, rest) = text
            .trim()
            .split_once("://")
            .ok_or_else(|| fail("has no scheme"))?;
        let scheme = match scheme {
            "*" => None,
            name if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic()) => {
                Some(name.to_owned())
            }
            _ => return Err(fail("has a malformed scheme")),
        };
        if let Some((address, bits)) = rest.split_once('/')
            && let (Ok(address), Ok(bits)) = (address.parse(), bits.parse())
        {
            return Ok(Self {
                scheme,
                host: Host::Network(address, bits),
                ports: Ports::Default,
            });
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('/') {
            return Err(fail("has a path"));
        }
        let (host, port) = split_port(rest);
        let ports = match port {
            None if scheme.is_some() && scheme.as_deref().and_then(default_port).is_none() => {
                return Err(fail("needs a port"));
            }
            None => Ports::Default,
            Some("*") => Ports::Any,
            Some(port) => parse_ports(port).ok_or_else(|| fail("has a malformed port"))?,
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let host = match host.to_ascii_lowercase().as_str() {
            "*" => Host::Any,
            "self" | "self.alt" => Host::Itself,
            "" => return Err(fail("has no host")),
            name => match name.strip_prefix('*') {
                Some(suffix) if suffix.starts_with('.') && !suffix.contains('*') => {
                    Host::Below(suffix.to_owned())
                }
                None if !name.contains(['*', '{', ' ']) => Host::Named(name.to_owned()),
                _ => return Err(fail("has a wildcard elsewhere than in front of a domain")),
            },
        };
        Ok(Self {
            scheme,
            host,
            ports,
        })
    }
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// `8080`, or `8000..8100` without its end.
fn parse_ports(text: &str) -> Option<Ports> {
    let (first, last) = match text.split_once("..") {
        Some((first, end)) => (
            first.parse().ok()?,
            end.parse::<u16>().ok()?.checked_sub(1)?,
        ),
        None => {
            let port = text.parse().ok()?;
            (port, port)
        }
    };
    (first <= last).then_some(Ports::From(first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(pattern: &str, scheme: &str, host: &str, port: Option<u16>) -> bool {
        let grants = Grants {
            hosts: vec![pattern.parse().unwrap()],
            ..Grants::default()
        };
        grants.allow_host(scheme, host, port)
    }

    #[test]
    fn a_pattern_grants_what_it_names() {
        for (pattern, scheme, host, port) in [
            ("https://api.example.org", "https", "api.example.org", None),
            (
                "https://api.example.org",
                "https",
                "API.example.org",
                Some(443),
            ),
            ("https://api.example.org/", "https", "api.example.org", None),
            ("http://127.0.0.1:8080", "http", "127.0.0.1", Some(8080)),
            (
                "http://localhost:8000..8100",
                "http",
                "localhost",
                Some(8099),
            ),
            ("*://*:*", "http", "anything.example", Some(1)),
            ("https://*.example.org", "https", "a.b.example.org", None),
            (
                "http://*.spin.internal",
                "http",
                "engine.spin.internal",
                None,
            ),
            ("http://10.0.0.0/8", "http", "10.1.2.3", None),
            ("http://[::1]:80", "http", "[::1]", None),
        ] {
            assert!(allows(pattern, scheme, host, port), "{pattern} {host}");
        }
    }

    #[test]
    fn a_pattern_grants_nothing_else() {
        for (pattern, scheme, host, port) in [
            ("https://api.example.org", "http", "api.example.org", None),
            (
                "https://api.example.org",
                "https",
                "api.example.org",
                Some(8443),
            ),
            (
                "https://api.example.org",
                "https",
                "evil-api.example.org",
                None,
            ),
            ("https://*.example.org", "https", "example.org", None),
            ("https://*.example.org", "https", "evilexample.org", None),
            (
                "http://localhost:8000..8100",
                "http",
                "localhost",
                Some(8100),
            ),
            ("http://self", "http", "self", None),
            ("http://10.0.0.0/8", "http", "11.1.2.3", None),
        ] {
            assert!(!allows(pattern, scheme, host, port), "{pattern} {host}");
        }
    }

    #[test]
    fn malformed_patterns_say_what_to_write() {
        for pattern in [
            "*",
            "example.org",
            "https://example.org/path",
            "https://a.*.org",
            "redis://host",
            "http://h:x",
        ] {
            let problem = pattern.parse::<HostPattern>().unwrap_err();
            assert!(problem.contains("scheme://host"), "{problem}");
        }
    }
}
