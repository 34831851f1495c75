//! `server`: addresses, issuer, TLS, proxies.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::reader::Reader;
use super::threads;

/// Where and as whom the program serves.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Address of the OAuth endpoints and resources.
    pub bind: SocketAddr,
    /// Address of health and metrics.
    pub ops_bind: Option<SocketAddr>,
    /// The issuer identifier, without a trailing slash; `None`: made from the address served on.
    pub issuer: Option<String>,
    /// Threads that read and write HTTP.
    pub workers: usize,
    /// Threads of the fast lane.
    pub threads: usize,
    /// Whether `POST /token` is served.
    pub token_alias: bool,
    /// How long requests in flight may take to end.
    pub shutdown_timeout: Duration,
    /// Proxies whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Connections held open at once.
    pub connections: usize,
    /// Certificate and key.
    pub tls: Option<TlsFiles>,
}

/// PEM files of the TLS certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// An address is a network of one.
struct Network(IpNet);

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let network = text
            .parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Self).map_err(|_| ())
    }
}

pub(super) fn read(reader: &Reader) -> ServerConfig {
    const ADDRESS: &str = "an address and port, such as 127.0.0.1:8080";
    let bind = reader.parsed("server.bind", ADDRESS).unwrap_or_else(|| {
        if reader.optional_text("server.bind").is_none() {
            reader.mistake("server.bind", format!("must be {ADDRESS}"));
        }
        SocketAddr::from(([127, 0, 0, 1], 0))
    });
    let proxies = reader.list::<Network>("server.trusted_proxies", "an address or a network");
    ServerConfig {
        bind,
        ops_bind: reader.parsed("server.ops_bind", ADDRESS),
        issuer: issuer(reader),
        workers: threads(reader, "server.workers", |cores| cores),
        threads: threads(reader, "server.threads", |cores| cores * 4),
        token_alias: reader.flag("server.token_alias"),
        shutdown_timeout: Duration::from_secs(
            reader.number("server.shutdown_timeout", 0..=3600).into(),
        ),
        connections: reader.number("server.connections", 1..=1_000_000) as usize,
        trusted_proxies: proxies.into_iter().map(|network| network.0).collect(),
        tls: tls(reader),
    }
}

/// RFC 8414 §2: a URL without query and fragment. Plain HTTP is taken for loopback and for servers
/// behind a proxy, which say so by writing it.
fn issuer(reader: &Reader) -> Option<String> {
    let text = reader.optional_text("server.issuer")?;
    let valid = Url::parse(&text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    if valid.is_none() || text.ends_with('/') {
        let rule = "must be an http or https URL without user, query, fragment and trailing slash";
        reader.mistake("server.issuer", rule);
    }
    Some(text)
}

fn tls(reader: &Reader) -> Option<TlsFiles> {
    const CERTIFICATE: &str = "server.tls.certificate_file";
    const KEY: &str = "server.tls.key_file";
    match (reader.path(CERTIFICATE), reader.path(KEY)) {
        (Some(certificate), Some(_)) => reader
            .secret_path(KEY)
            .map(|key| TlsFiles { certificate, key }),
        (None, None) => None,
        (Some(_), None) => {
            reader.mistake(KEY, format!("is needed with {CERTIFICATE}"));
            None
        }
        (None, Some(_)) => {
            reader.mistake(CERTIFICATE, format!("is needed with {KEY}"));
            None
        }
    }
}
