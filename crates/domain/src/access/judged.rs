//! The policies as they can be asked, compiled once for each version of their set.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;
use crate::id::{ClientId, UserId};
use crate::ports::Judge;
use crate::revision::Version;
use crate::server::AuthorizationServer;

use super::{Party, Principal, RoleMembership};

/// The latest compiled policies. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct JudgedPolicies(Arc<Mutex<Option<Judged>>>);

struct Judged {
    version: Version,
    judge: Arc<dyn Judge>,
}

impl JudgedPolicies {
    fn at(&self, version: Version) -> Option<Arc<dyn Judge>> {
        let judged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        judged
            .as_ref()
            .filter(|judged| judged.version == version)
            .map(|judged| Arc::clone(&judged.judge))
    }

    fn keep(&self, version: Version, judge: Arc<dyn Judge>) {
        let mut judged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *judged = Some(Judged { version, judge });
    }
}

impl AuthorizationServer {
    /// The policies of this moment. Their version is read at every question, so what one replica
    /// changed the next question on another knows. `None` when there was never a policy.
    pub(crate) fn judge(&self) -> Result<Option<Arc<dyn Judge>>, Error> {
        let Some(version) = self.ports.policies.set_version()? else {
            return Ok(None);
        };
        if let Some(judge) = self.judged.at(version) {
            return Ok(Some(judge));
        }
        let (version, policies) = self.ports.policies.all()?;
        let judge = self.ports.policy_engine.compile(&policies)?;
        self.judged.keep(version, Arc::clone(&judge));
        Ok(Some(judge))
    }

    /// What policies may know of a user through a client.
    pub(crate) fn principal(
        &self,
        user: Option<&UserId>,
        client: Option<&ClientId>,
    ) -> Result<Principal, Error> {
        let user = match user {
            Some(id) => self.ports.users.find(id)?,
            None => None,
        };
        let client = match client {
            Some(id) => self.ports.clients.find(id)?,
            None => None,
        };
        let roles = match &user {
            Some(user) => self.memberships(user)?,
            None => Vec::new(),
        };
        let portraits = &self.ports.portraits;
        Ok(Principal {
            user: user.map(|user| Party {
                attributes: portraits.of_user(&user),
                id: user.id,
            }),
            client: client.map(|client| Party {
                attributes: portraits.of_client(&client),
                id: client.id,
            }),
            roles,
        })
    }

    /// The roles of a user: those given by Role resources, and those of the user's own list.
    pub(crate) fn memberships(
        &self,
        user: &crate::users::User,
    ) -> Result<Vec<RoleMembership>, Error> {
        let given = self.ports.roles.of_user(&user.id)?;
        let mut memberships: Vec<RoleMembership> = given
            .into_iter()
            .map(|role| RoleMembership {
                id: Some(role.id),
                name: role.settings.name,
            })
            .collect();
        for name in &user.settings.roles {
            if memberships.iter().all(|known| known.name != *name) {
                memberships.push(RoleMembership {
                    id: None,
                    name: name.clone(),
                });
            }
        }
        Ok(memberships)
    }
}
