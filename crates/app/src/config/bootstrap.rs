//! `bootstrap`: the first administrators and resources.

use std::path::PathBuf;

use grantor_domain::secret::{ClientSecret, Password};

use super::reader::Reader;

/// What is made at the start when it is not there.
#[derive(Clone, Debug, Default)]
pub struct BootstrapConfig {
    /// A Bundle of resources.
    pub bundle: Option<PathBuf>,
    /// Secret of client `root`.
    pub admin_client_secret: Option<ClientSecret>,
    /// Password of user `admin`.
    pub admin_password: Option<Password>,
}

pub(super) fn read(reader: &Reader) -> BootstrapConfig {
    let secret = reader.secret_file("bootstrap.admin_client_secret_file");
    let password = reader.secret_file("bootstrap.admin_password_file");
    BootstrapConfig {
        bundle: reader.path("bootstrap.bundle"),
        admin_client_secret: secret.map(|secret| ClientSecret::new(secret.to_string())),
        admin_password: password.map(|password| Password::new(password.to_string())),
    }
}
