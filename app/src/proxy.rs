//! Behind a proxy: which proxies we believe, and what we believe of what they say.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::HeaderName;
use http::header::HOST;
use kyodo_web::Client;

/// An address, or all addresses that begin alike: `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether an address belongs to it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        // A server that listens on both families sees 127.0.0.1 as ::ffff:127.0.0.1.
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(other)) => {
                alike(u128::from(first.to_bits()), u128::from(other.to_bits()), 32 - self.prefix)
            }
            (IpAddr::V6(first), IpAddr::V6(other)) => alike(first.to_bits(), other.to_bits(), 128 - self.prefix),
            _ => false,
        }
    }
}

fn alike(one: u128, other: u128, but_last: u32) -> bool {
    one.checked_shr(but_last) == other.checked_shr(but_last)
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || "10.0.0.1 か 10.0.0.0/8 のように、IPアドレスで書いてください。".to_owned();
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, n)| (address, Some(n)));
        let first = IpAddr::from_str(address).map_err(|_| refusal())?.to_canonical();
        let most = if first.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(most), |n| n.parse().ok()).filter(|n| *n <= most).ok_or_else(refusal)?;
        Ok(Self { first, prefix })
    }
}

/// Lets the proxies that are trusted say which host was asked for, in `X-Forwarded-Host`, and by whom, in
/// `X-Forwarded-For`.
pub fn believing(router: Router, proxies: &[Network]) -> Router {
    if proxies.is_empty() {
        return router;
    }
    let proxies: Arc<[Network]> = proxies.into();
    router.layer(from_fn(move |request, next| believe(Arc::clone(&proxies), request, next)))
}

async fn believe(proxies: Arc<[Network]>, mut request: Request, next: Next) -> Response {
    const HOST_ASKED: HeaderName = HeaderName::from_static("x-forwarded-host");
    const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    if peer.is_some_and(|peer| proxies.iter().any(|proxy| proxy.contains(peer))) {
        // Proxies in a row append; the last name is the one our own proxy heard.
        let last = |name: HeaderName| -> Option<String> {
            let line = request.headers().get_all(name).iter().next_back()?.to_str().ok()?;
            line.rsplit(',').next().map(|last| last.trim().to_owned())
        };
        let (host, client) = (last(HOST_ASKED), last(FOR).and_then(|client| client.parse().ok()));
        if let Some(client) = client {
            request.extensions_mut().insert(Client(client));
        }
        if let Some(host) = host.and_then(|host| host.parse().ok()) {
            request.headers_mut().insert(HOST, host);
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_holds_the_addresses_that_begin_alike() {
        assert!(network("10.0.0.0/8").contains(ip("10.200.3.4")));
        assert!(!network("10.0.0.0/8").contains(ip("11.0.0.1")));
        assert!(network("127.0.0.1").contains(ip("::ffff:127.0.0.1")));
        assert!(!network("127.0.0.1").contains(ip("127.0.0.2")));
        assert!(network("fd00::/8").contains(ip("fd12::1")));
        assert!(network("::/0").contains(ip("2001:db8::1")));
        assert!(network("0.0.0.0/0").contains(ip("203.0.113.9")));
        assert!(!network("::/0").contains(ip("203.0.113.9")));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["10.0.0.0/33", "proxy.example", "", "10.0.0.0/", "::1/129"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
