//! What exists before the first request: administrators and the operator's bundle.

use std::path::Path;

use grantor_domain::AuthorizationServer;
use grantor_domain::bundle::{BundleMode, BundleOutcome, EntryRefusal};
use grantor_domain::caller::Caller;
use grantor_domain::secret::TokenValue;
use grantor_http_api::bundle::{self, Format};

use crate::config::BootstrapConfig;
use crate::failure::Failure;

/// Applies the operator's bundle, then makes the administrators whose secrets were configured: a
/// bundle may take nobody's place. Answers whether there is an administrator.
///
/// # Errors
/// [`Failure`] when the bundle cannot be read or breaks rules, or the administrators cannot be made.
pub fn prepare(server: &AuthorizationServer, config: &BootstrapConfig) -> Result<bool, Failure> {
    if let Some(bundle) = &config.bundle {
        apply_bundle(server, bundle)?;
    }
    administrators(server, config)
}

fn administrators(server: &AuthorizationServer, config: &BootstrapConfig) -> Result<bool, Failure> {
    let (secret, password) = (
        config.admin_client_secret.clone(),
        config.admin_password.clone(),
    );
    if secret.is_some() || password.is_some() {
        let outcome = server
            .bootstrap(secret, password)
            .map_err(|error| Failure::new("cannot make the administrators", error))?;
        must_be_applied(&outcome, "the administrators")?;
    }
    server
        .has_administrator()
        .map_err(|error| Failure::new("cannot look for an administrator", error))
}

fn apply_bundle(server: &AuthorizationServer, path: &Path) -> Result<(), Failure> {
    let attempt = format!("cannot apply bootstrap.bundle {}", path.display());
    let bytes = std::fs::read(path).map_err(|error| Failure::new(&attempt, error))?;
    let is_json = path
        .extension()
        .is_some_and(|extension| extension == "json");
    let format = if is_json { Format::Json } else { Format::Yaml };
    let entries = bundle::parse(&bytes, format).map_err(|error| Failure::new(&attempt, error))?;
    let outcome = server
        .apply_bundle(&Caller::operator(), &entries, BundleMode::State)
        .map_err(|error| Failure::new(&attempt, error))?;
    must_be_applied(&outcome, "bootstrap.bundle")
}

/// A server without an administrator is given a setup token; the token is returned to be shown once.
///
/// # Errors
/// [`Failure`] when there is no randomness.
pub fn offer_setup(
    server: AuthorizationServer,
) -> Result<(AuthorizationServer, TokenValue), Failure> {
    let (value, token) = server
        .make_setup_token()
        .map_err(|error| Failure::new("cannot make a setup token", error))?;
    Ok((server.with_setup_token(token), value))
}

fn must_be_applied(outcome: &BundleOutcome, what: &str) -> Result<(), Failure> {
    let (place, refusal) = match outcome {
        BundleOutcome::Applied(_) => {
            let changed = outcome.written();
            if changed > 0 {
                tracing::info!(changed, "{what}: written");
            }
            return Ok(());
        }
        BundleOutcome::Refused(place, refusal) => (place + 1, refusal),
    };
    let problem = match refusal {
        EntryRefusal::NameTaken => "has a userName, email or id that another user has".to_owned(),
        EntryRefusal::ConditionFailed => "is not in the state it must be in".to_owned(),
        EntryRefusal::NotAllowed => "may not be written".to_owned(),
        EntryRefusal::Invalid(violations) => {
            let problems = violations
                .iter()
                .map(|violation| format!("{} {}", violation.path, violation.problem));
            problems.collect::<Vec<_>>().join("; ")
        }
    };
    Err(Failure::say(format!("{what}: entry {place}: {problem}")))
}
