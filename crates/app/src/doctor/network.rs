//! Who reaches the server, under which name, and by which way.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use url::{Host, Url};

use crate::config::{Config, ServerConfig};
use crate::tls::Certificate;

use super::Report;

pub(super) fn examine(config: &Config, report: &mut Report) {
    let server = &config.server;
    issuer(server, report);
    listener(server, report);
    proxies(server, report);
    operations(server.ops_bind, report);
    if config.throttle.is_none() {
        report.warning(
            "throttle",
            "failed logins are not limited",
            "set throttle.enabled = true, unless something before this server does the same",
        );
    }
}

fn issuer(server: &ServerConfig, report: &mut Report) {
    const CHECK: &str = "issuer";
    let Some(issuer) = &server.issuer else {
        if server.bind.ip().is_loopback() {
            report.ok(CHECK, "the address served on, which is loopback");
        } else {
            let remedy = "set server.issuer to the URL clients reach this server under";
            report.error(CHECK, "server.issuer is not set", remedy);
        }
        return;
    };
    if issuer.starts_with("https://") {
        report.ok(CHECK, format!("{issuer} is https"));
    } else if is_loopback(issuer) {
        report.ok(CHECK, format!("{issuer} is loopback"));
    } else {
        report.error(
            CHECK,
            format!("{issuer} is plain HTTP: tokens and passwords can be read on their way"),
            "end TLS in a proxy or set server.tls, and let server.issuer begin with https://",
        );
    }
}

/// Whether a URL leads to this machine (RFC 8252 §7.3, §8.3).
fn is_loopback(url: &str) -> bool {
    let url = Url::parse(url).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn listener(server: &ServerConfig, report: &mut Report) {
    const CHECK: &str = "listener";
    let bind = server.bind;
    if let Some(files) = &server.tls {
        match Certificate::read(files) {
            Ok(_) => report.ok(CHECK, format!("{bind} speaks TLS")),
            Err(failure) => {
                let remedy =
                    "let server.tls name a certificate chain in PEM and the key that fits it";
                report.error(CHECK, failure.to_string(), remedy);
            }
        }
    } else if bind.ip().is_loopback() {
        report.ok(CHECK, format!("{bind} is loopback"));
    } else if server.trusted_proxies.is_empty() {
        report.warning(
            CHECK,
            format!("{bind} speaks plain HTTP, and no proxy is listed"),
            "set server.tls, or list the proxy that ends TLS in server.trusted_proxies",
        );
    } else {
        report.ok(CHECK, format!("{bind} speaks plain HTTP, behind a proxy"));
    }
}

fn proxies(server: &ServerConfig, report: &mut Report) {
    const CHECK: &str = "proxies";
    let listed = &server.trusted_proxies;
    let wide: Vec<String> = listed
        .iter()
        .filter(|network| is_wide(network))
        .map(ToString::to_string)
        .collect();
    if !wide.is_empty() {
        report.error(
            CHECK,
            format!("{}: anybody there can claim any address", wide.join(", ")),
            "list in server.trusted_proxies the addresses of your proxies and nothing else",
        );
    } else if listed.is_empty() {
        let behind_one = server.tls.is_none()
            && server
                .issuer
                .as_ref()
                .is_some_and(|issuer| issuer.starts_with("https://"));
        if behind_one {
            report.warning(
                CHECK,
                "something before this server ends TLS and is not listed: everybody shares its budget of \
                 failed logins",
                "list its address in server.trusted_proxies",
            );
        } else {
            report.ok(CHECK, "no forwarded address is believed");
        }
    } else {
        report.ok(CHECK, format!("{} listed", listed.len()));
    }
}

/// Whether a network has more in it than somebody's own machines.
fn is_wide(network: &IpNet) -> bool {
    match network {
        IpNet::V4(network) => {
            network.prefix_len() < 8 || (network.prefix_len() < 16 && !network.addr().is_private())
        }
        IpNet::V6(network) => network.prefix_len() < 32 && !is_private(IpAddr::V6(network.addr())),
    }
}

fn operations(bind: Option<SocketAddr>, report: &mut Report) {
    const CHECK: &str = "operations";
    match bind {
        None => report.ok(CHECK, "health and metrics are not served"),
        Some(bind) if is_private(bind.ip()) => report.ok(CHECK, format!("{bind} is private")),
        Some(bind) if bind.ip().is_unspecified() => report.warning(
            CHECK,
            format!("{bind} answers health and metrics on every address"),
            "let nobody but your monitoring reach it, or give server.ops_bind a private address",
        ),
        Some(bind) => report.error(
            CHECK,
            format!("{bind} answers health and metrics to everybody"),
            "give server.ops_bind a private address",
        ),
    }
}

/// Loopback, and the networks that are not routed (RFC 1918, RFC 4193, RFC 6598, link-local).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || is_shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_of_everybody_are_told_from_ones_own() {
        for wide in ["0.0.0.0/0", "203.0.0.0/8", "::/0", "2000::/3"] {
            assert!(is_wide(&wide.parse().unwrap()), "{wide}");
        }
        for own in [
            "10.0.0.0/8",
            "192.0.2.7/32",
            "203.0.112.0/20",
            "fd00::/8",
            "2001:db8::/32",
        ] {
            assert!(!is_wide(&own.parse().unwrap()), "{own}");
        }
    }

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "169.254.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "100.128.0.1", "2001:db8::1", "0.0.0.0"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }
}
