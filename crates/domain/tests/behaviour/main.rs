//! The workflows over the in-memory adapters: what a caller is answered, and what is left behind.

#[cfg(test)]
mod access;
#[cfg(test)]
mod ask;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod browser_notes;
#[cfg(test)]
mod bundles;
#[cfg(test)]
mod caller_rights;
#[cfg(test)]
mod client_addresses;
#[cfg(test)]
mod client_authentication;
#[cfg(test)]
mod client_credentials;
#[cfg(test)]
mod client_secrets;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod epochs;
#[cfg(test)]
mod evaluation;
#[cfg(test)]
mod events;
#[cfg(test)]
mod introspection;
#[cfg(test)]
mod needed_rights;
#[cfg(test)]
mod own_passwords;
#[cfg(test)]
mod password_attributes;
#[cfg(test)]
mod password_grant;
#[cfg(test)]
mod races;
#[cfg(test)]
mod reasons;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod refresh_model;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod revocation;
#[cfg(test)]
mod roles_claim;
#[cfg(test)]
mod scope;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod throttle;
#[cfg(test)]
mod users;
#[cfg(test)]
mod web_origins;
