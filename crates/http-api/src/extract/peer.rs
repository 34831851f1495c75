//! Where a request comes from, behind proxies that are believed.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use grantor_domain::origin::Origin;
use ipnet::IpNet;

use crate::frame::named_in;

/// Most characters kept of a `User-Agent`.
const USER_AGENT_LIMIT: usize = 256;

/// The origin of a request.
pub(crate) fn origin(request: &HttpRequest, trusted: &[IpNet]) -> Origin {
    let peer = request.peer_addr().map(|address| address.ip());
    Origin {
        address: peer.map(|peer| behind_proxies(peer, request.headers(), trusted)),
        user_agent: user_agent(request.headers()),
        request_id: named_in(request),
    }
}

/// Walks `X-Forwarded-For` from its right end for as long as the one who wrote it is trusted.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| {
        let address = address.to_canonical();
        trusted.iter().any(|network| network.contains(&address))
    };
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut address = peer;
    for hop in hops.iter().rev() {
        if !is_trusted(address) {
            break;
        }
        let Ok(next) = hop.trim().parse() else {
            break;
        };
        address = next;
    }
    address.to_canonical()
}

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let printable = text.chars().filter(|c| !c.is_control());
    Some(printable.take(USER_AGENT_LIMIT).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn address(peer: &str, forwarded: &[&str]) -> String {
        let mut request = TestRequest::default().peer_addr(format!("{peer}:1").parse().unwrap());
        for value in forwarded {
            request = request.append_header(("x-forwarded-for", *value));
        }
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let origin = origin(&request.to_http_request(), &trusted);
        origin.address.unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(address("192.0.2.1", &["198.51.100.9"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["198.51.100.9"]), "198.51.100.9");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_rightmost_hop_that_is_not_ours_counts() {
        assert_eq!(
            address("10.0.0.1", &["203.0.113.5, 198.51.100.9", "10.0.0.2"]),
            "198.51.100.9"
        );
        assert_eq!(address("10.0.0.1", &["evil, unknown"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(address("10.0.0.1", &["198.51.100.9:443"]), "10.0.0.1");
    }

    #[test]
    fn a_user_agent_is_cut() {
        let request = TestRequest::default().insert_header(("user-agent", "x".repeat(300)));
        let origin = origin(&request.to_http_request(), &[]);
        assert_eq!(origin.user_agent.map(|agent| agent.len()), Some(256));
    }
}
