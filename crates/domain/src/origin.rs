//! Where a request came from, as far as it is known.

use std::net::{IpAddr, Ipv6Addr};

/// The end user's or client's address and program, for the Session and for throttling.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address, already taken from behind trusted proxies.
    pub address: Option<IpAddr>,
    /// The `User-Agent`, cut to a sane length by the adapter.
    pub user_agent: Option<String>,
    /// The request's id in the log.
    pub request_id: Option<String>,
}

impl Origin {
    /// The network the address belongs to: the whole IPv4 address, or the /64 of an IPv6 one,
    /// which is what one subscriber holds.
    #[must_use]
    pub fn network(&self) -> Option<IpAddr> {
        self.address.map(|address| match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX))),
            v4 @ IpAddr::V4(_) => v4,
        })
    }

    /// The /48 of an IPv6 address: what one site holds, with 65,536 networks in it. An IPv4 address
    /// has none.
    #[must_use]
    pub fn site(&self) -> Option<IpAddr> {
        match self.address?.to_canonical() {
            IpAddr::V6(v6) => Some(IpAddr::V6(Ipv6Addr::from(
                u128::from(v6) & (u128::MAX << 80),
            ))),
            IpAddr::V4(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Option<String> {
        let address = text.parse().ok();
        Origin {
            address,
            ..Origin::default()
        }
        .network()
        .map(|n| n.to_string())
    }

    #[test]
    fn an_ipv6_subscriber_is_one_network() {
        assert_eq!(
            network("2001:db8:1:2:3:4:5:6"),
            Some("2001:db8:1:2::".into())
        );
        assert_eq!(network("192.0.2.7"), Some("192.0.2.7".into()));
        assert_eq!(network("::ffff:192.0.2.7"), Some("192.0.2.7".into()));
    }

    #[test]
    fn an_ipv6_site_is_many_networks_and_ipv4_has_none() {
        let site = |text: &str| {
            let address = text.parse().ok();
            Origin {
                address,
                ..Origin::default()
            }
            .site()
            .map(|site| site.to_string())
        };
        assert_eq!(site("2001:db8:1:2:3:4:5:6"), Some("2001:db8:1::".into()));
        assert_eq!(site("2001:db8:1:ffff::1"), Some("2001:db8:1::".into()));
        assert_eq!(site("192.0.2.7"), None);
        assert_eq!(site("::ffff:192.0.2.7"), None);
    }
}
