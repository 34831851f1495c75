//! Listing, rotating and retiring signing keys.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::resources::ResourceKind;
use crate::server::AuthorizationServer;

use super::{ListedKey, Retirement, Rotation};

/// Longest id of a key that is written down when somebody may not end it: ours have 43 characters.
const LONGEST_KID: usize = 64;

impl AuthorizationServer {
    /// Every signing key, in the order in which they sign.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the keys cannot be read.
    pub fn list_signing_keys(&self, caller: &Caller) -> Result<Vec<ListedKey>, Error> {
        self.permit(caller, Interaction::Search, ResourceKind::SigningKey, None)?;
        self.listed_keys()
    }

    /// Makes a key that signs after those there are, and answers with every key.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when it is not known whether
    /// it was done.
    pub fn rotate_signing_keys(
        &self,
        caller: &Caller,
        rotation: Rotation,
    ) -> Result<Vec<ListedKey>, Error> {
        self.permit(caller, Interaction::Create, ResourceKind::SigningKey, None)?;
        self.ports.keys.rotate(rotation, caller)?;
        self.listed_keys()
    }

    /// Ends a signing key now: what it signed no longer verifies. Answers with every key, when there is
    /// one of this id that can be spared.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when it is not known whether
    /// it was done.
    pub fn retire_signing_key(
        &self,
        caller: &Caller,
        kid: &str,
    ) -> Result<(Retirement, Vec<ListedKey>), Error> {
        let named = Some(kid).filter(|kid| kid.len() <= LONGEST_KID);
        self.permit(caller, Interaction::Delete, ResourceKind::SigningKey, named)?;
        let retirement = self.ports.keys.retire(kid, caller)?;
        Ok((retirement, self.listed_keys()?))
    }

    fn listed_keys(&self) -> Result<Vec<ListedKey>, Error> {
        let lives = self.ports.keys.lives()?;
        Ok(ListedKey::all(&lives, self.ports.clock.now()))
    }
}
