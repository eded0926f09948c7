//! The address of a client. A proxy that is configured names it in `X-Forwarded-For`; from anybody else the header is ignored.

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// An address, or the network with these first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// Parses an address (`10.0.0.1`) or a network (`10.0.0.0/8`).
///
/// # Errors
/// What one looks like, where the text is none.
pub fn network(text: &str) -> Result<Network, String> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address = address.parse::<IpAddr>().map(|address| address.to_canonical());
    let parsed = address.ok().and_then(|address| {
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(all), |bits| bits.parse().ok());
        bits.filter(|bits| *bits <= all).map(|bits| Network { address, bits })
    });
    parsed.ok_or_else(|| "a proxy is an address or a network, such as 10.0.0.1 or 10.0.0.0/8".to_owned())
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        let first_bits = |address: u128, all: u32| address.checked_shr(all - self.bits).unwrap_or(0);
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                first_bits(own.to_bits().into(), 32) == first_bits(other.to_bits().into(), 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => first_bits(own.to_bits(), 128) == first_bits(other.to_bits(), 128),
            _ => false,
        }
    }
}

/// Whether an address is that of a proxy.
pub(super) fn is_proxy(proxies: &[Network], address: IpAddr) -> bool {
    proxies.iter().any(|proxy| proxy.contains(address.to_canonical()))
}

/// The address of the client that sent a request: the last one that no proxy of ours has.
pub(super) fn address(extensions: &Extensions, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let mut client = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip().to_canonical());
    let forwarded = headers.get_all("x-forwarded-for").iter().rev();
    let mut hops = forwarded.flat_map(|header| header.to_str().unwrap_or_default().rsplit(','));
    while is_proxy(proxies, client) {
        let hop = hops.next().and_then(|hop| hop.trim().parse::<IpAddr>().ok());
        let Some(hop) = hop else { break };
        client = hop.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let (mut extensions, mut headers) = (Extensions::new(), HeaderMap::new());
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        let proxies: Vec<_> = proxies.iter().map(|proxy| network(proxy).unwrap()).collect();
        address(&extensions, &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_configured_proxy_names_the_client() {
        assert_eq!(client("203.0.113.5", &["198.51.100.1"], &[]), "203.0.113.5");
        assert_eq!(client("203.0.113.5", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.5");
        assert_eq!(client("10.1.2.3", &["198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(client("::ffff:10.1.2.3", &["198.51.100.1"], &["10.1.2.3"]), "198.51.100.1");
    }

    #[test]
    fn what_the_client_itself_writes_into_the_header_is_ignored() {
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &["10.0.0.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["nonsense"], &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[], &["10.0.0.1"]), "10.0.0.1");
    }

    #[test]
    fn a_network_is_an_address_with_a_number_of_bits() {
        for bad in ["", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::1/129"] {
            assert!(network(bad).is_err(), "{bad}");
        }
        let contains = |network_: &str, address: &str| network(network_).unwrap().contains(address.parse().unwrap());
        assert!(contains("0.0.0.0/0", "192.0.2.1") && !contains("0.0.0.0/0", "2001:db8::1"));
        assert!(contains("2001:db8::/32", "2001:db8:ffff::1") && !contains("2001:db8::/32", "2001:db9::1"));
    }
}
