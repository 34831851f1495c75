//! The TLS side of the listener, and the certificate it shows, which can be replaced while it does.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::config::{TlsFiles, secret_file};
use crate::failure::Failure;

/// The certificate of the server and its key. Each handshake takes what is shown when it begins.
#[derive(Debug)]
pub struct Certificate(RwLock<Arc<CertifiedKey>>);

impl Certificate {
    /// Reads both from their files.
    ///
    /// # Errors
    /// [`Failure`] when a file cannot be read, the key is not private, or the two do not belong
    /// together.
    pub fn read(files: &TlsFiles) -> Result<Arc<Self>, Failure> {
        Ok(Arc::new(Self(RwLock::new(Arc::new(pair(files)?)))))
    }

    /// Reads both anew and shows them from the next handshake on.
    ///
    /// # Errors
    /// [`Failure`], as in [`Certificate::read`]; what is shown stays then.
    pub fn replace(&self, files: &TlsFiles) -> Result<(), Failure> {
        let new = Arc::new(pair(files)?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&shown))
    }
}

fn pair(files: &TlsFiles) -> Result<CertifiedKey, Failure> {
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(&files.certificate).and_then(Iterator::collect);
    let chain = chain.map_err(|error| Failure::new("cannot read the TLS certificate", error))?;
    let text = secret_file::read(&files.key)
        .map_err(|error| Failure::new("cannot read the TLS key", error))?;
    let key = PrivateKeyDer::from_pem_slice(text.as_bytes())
        .map_err(|error| Failure::new("cannot read the TLS key", error))?;
    CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider())
        .map_err(|error| Failure::new("the TLS certificate and key are not usable", error))
}

/// TLS 1.2 and 1.3, HTTP/1.1, with this certificate.
#[must_use]
pub fn server_config(certificate: Arc<Certificate>) -> ServerConfig {
    ServerConfig::builder()
        .with_no_client_auth()
        .with_cert_resolver(certificate)
}

/// Chooses aws-lc-rs for all of TLS. A second call changes nothing.
pub fn install_provider() {
    let _already_installed = aws_lc_rs::default_provider().install_default();
}
