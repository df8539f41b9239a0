//! Addresses and ports: bound, with or without TLS, answered with a router until the server is told to stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::failure::{OrTell, Result};
use crate::settings::Config;

/// A bound address. Connections wait in it until it is answered.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    /// The address, with the port that the system gave where 0 was asked for.
    pub address: SocketAddr,
}

/// Takes an address and port.
pub fn bind(address: SocketAddr) -> Result<Bound> {
    let bound = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(Bound { address: listener.local_addr()?, listener })
    });
    bound.or_tell(|| {
        format!("{address} で待ち受けられません。ほかのプログラムが使っていないか確かめるか、--listen で別のポート番号を指定してください。")
    })
}

/// The certificate of the settings, if there is one.
pub fn tls(config: &Config) -> Result<Option<RustlsConfig>> {
    let (Some(certificate), Some(key)) = (&config.tls_certificate, &config.tls_key) else {
        return Ok(None);
    };
    let unreadable =
        |file: &Path| format!("{} を PEM として読めません。場所と権限を確かめてください。", file.display());
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect).or_tell(|| unreadable(certificate))?;
    let secret = PrivateKeyDer::from_pem_file(key).or_tell(|| unreadable(key))?;
    let mut server = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .or_tell(|| format!("証明書 {} と秘密鍵 {} が組になっていません。", certificate.display(), key.display()))?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(RustlsConfig::from_config(Arc::new(server))))
}

/// Answers until the handle says stop.
pub async fn answer(
    bound: Bound,
    router: Router,
    tls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    // Small answers leave at once instead of waiting for the browser's acknowledgement.
    let server = patient(axum_server::from_tcp(bound.listener)?.handle(handle)).acceptor(NoDelayAcceptor);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        None => server.serve(service).await,
        Some(tls) => server.map(|plain| RustlsAcceptor::new(tls).acceptor(plain)).serve(service).await,
    }
}

/// Patient, but not for ever: without a timer a silent connection would be held open until the process ends.
fn patient<A>(mut server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    const HEADERS: Duration = Duration::from_secs(30);
    let http = server.http_builder();
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    http.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS);
    server
}
