//! The TLS side of the listener.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsFiles;
use crate::failure::Failure;

/// Reads certificate and key. TLS 1.2 and 1.3, HTTP/1.1.
///
/// # Errors
/// [`Failure`] when a file cannot be read or the two do not belong together.
pub fn server_config(files: &TlsFiles) -> Result<ServerConfig, Failure> {
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(&files.certificate).and_then(Iterator::collect);
    let chain = chain.map_err(|error| Failure::new("cannot read the TLS certificate", error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| Failure::new("cannot read the TLS key", error))?;
    ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| Failure::new("the TLS certificate and key are not usable", error))
}

/// Chooses aws-lc-rs for all of TLS. A second call changes nothing.
pub fn install_provider() {
    let _already_installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
}
