//! Which addresses an endpoint may have.
//!
//! The operator names the endpoint, so loopback and private networks are fine: most models that people run themselves are
//! there. What no endpoint has is refused, whatever name or notation leads to it, at the moment of connecting: what a
//! name resolved to earlier is not asked again, so it cannot change in between.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower::Service;

/// Where the machines of a cloud ask for their own credentials, on IPv6.
const CLOUD_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Whether no server that answers questions can be there: the unspecified address, link-local ones (among them the
/// metadata services of clouds), multicast and broadcast.
pub(super) fn is_forbidden(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_unspecified() || v4.is_link_local() || v4.is_multicast() || v4.is_broadcast(),
        IpAddr::V6(v6) => {
            v6.is_unspecified() || v6.is_unicast_link_local() || v6.is_multicast() || v6 == CLOUD_METADATA
        }
    }
}

/// The system's resolver, without what [`is_forbidden`].
#[derive(Debug, Clone)]
pub(super) struct Resolver(GaiResolver);

impl Resolver {
    pub(super) fn new() -> Self {
        Self(GaiResolver::new())
    }
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, io::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolved = self.0.call(name);
        Box::pin(async move {
            let allowed: Vec<SocketAddr> =
                resolved.await?.filter(|address| !is_forbidden(address.ip())).collect();
            if allowed.is_empty() {
                return Err(io::Error::other("no address that may be connected to"));
            }
            Ok(allowed.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr as _;

    #[tokio::test]
    async fn names_and_odd_notations_lead_to_no_forbidden_address() {
        let resolve = async |name: &str| Resolver::new().call(Name::from_str(name).unwrap()).await;
        // The system's resolver reads numbers as addresses, in any base.
        for forbidden in
            ["169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0.0.0.0", "0"]
        {
            assert!(resolve(forbidden).await.is_err(), "{forbidden}");
        }
        let local: Vec<_> = resolve("localhost").await.unwrap().collect();
        assert!(!local.is_empty() && local.iter().all(|address| address.ip().is_loopback()), "{local:?}");
    }
}
