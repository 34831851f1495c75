//! What a try at a password is debited, and from where it counts as the owner's.

use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::policy::{Budget, BudgetScope, Budgets};
use crate::ports::{Debit, Debited, Place};
use crate::reason::Reason;
use crate::secret::base64url;
use crate::server::AuthorizationServer;
use crate::time::{Lifetime, Timestamp};

use super::in_flight::Try;
use super::verify_password::Login;
use super::{LoginName, User};

/// Networks remembered for an account.
const MOST_FAMILIAR: u32 = 16;

/// A success is not written down again before this.
const FRESH: Lifetime = Lifetime::from_days(1);

/// One try: its debits, and where it is made. Without budgets it is nothing.
pub(crate) struct Guess {
    debits: Vec<Debit>,
    place: Option<Place>,
    last_success: Option<Timestamp>,
}

impl AuthorizationServer {
    /// What a try costs. It is the same work for a name that exists and for one that does not.
    pub(crate) fn guess(&self, login: &Login<'_>, user: Option<&User>) -> Result<Guess, Fault> {
        let Some(budgets) = &self.policy.throttle else {
            return Ok(Guess {
                debits: Vec::new(),
                place: None,
                last_success: None,
            });
        };
        let name = LoginName::parse(login.username);
        let name = name.as_ref().map_or(login.username, LoginName::as_str);
        let account = match user {
            Some(user) => ["user", user.id.as_str()],
            None => ["name", name],
        };
        let network = login.origin.network().map(|network| network.to_string());
        let network = network.as_deref().unwrap_or_default();
        let place = Place {
            account: self.pseudonyms.of(&account),
            network: self.pseudonyms.of(&[account[0], account[1], network]),
        };
        let last_success = self.ports.familiar.last_success(&place)?;
        let is_familiar = last_success.is_some_and(|at| login.now < at.plus(budgets.familiar_for));
        let here = base64url(&self.pseudonyms.of(&["here", name, network]));
        let mut debits = vec![
            debit(BudgetScope::Account, "account", &here, budgets.account),
            debit(
                BudgetScope::Account,
                "account-day",
                &here,
                budgets.account_day,
            ),
        ];
        debits.extend(places(login, network, budgets));
        if !is_familiar {
            let total = base64url(&place.account);
            let everything = budgets.account_total;
            debits.push(debit(
                BudgetScope::Account,
                "account-total",
                &total,
                everything,
            ));
            debits.push(debit(BudgetScope::Global, "global", "", budgets.global));
        }
        if !is_familiar || login.at_its_client {
            let client = login.client.as_str();
            debits.push(debit(BudgetScope::Client, "client", client, budgets.client));
        }
        Ok(Guess {
            debits,
            place: Some(place),
            last_success,
        })
    }

    /// Takes the try from every budget, or refuses it. What it answers is dropped when the try has ended.
    pub(crate) fn debit(&self, guess: &Guess, login: &Login<'_>) -> Result<Option<Try>, Error> {
        if guess.debits.is_empty() {
            return Ok(None);
        }
        let mut refusal = None;
        let admitted = self.in_flight.admit(&guess.debits, || {
            Ok::<_, Fault>(match self.ports.throttle.debit(&guess.debits, login.now)? {
                Debited::Granted => true,
                Debited::Refused { retry_after, scope } => {
                    refusal = Some((retry_after, scope));
                    false
                }
            })
        })?;
        match (admitted, refusal) {
            (Some(held), _) => Ok(Some(held)),
            (None, Some((retry_after, scope))) => self.refuse(retry_after, scope, login),
            (None, None) => Err(Fault::Contended.into()),
        }
    }

    fn refuse<T>(
        &self,
        retry_after: Lifetime,
        scope: BudgetScope,
        login: &Login<'_>,
    ) -> Result<T, Error> {
        let reason = Reason::Throttled { retry_after, scope };
        let event = Event::new(EventKind::LoginThrottled, login.now)
            .because(reason)
            .client(login.client)
            .from(login.origin)
            .detail(scope.name());
        self.ports.events.append(&[event])?;
        Err(reason.into())
    }

    /// The password was right: nothing was guessed.
    pub(crate) fn give_back(&self, guess: &Guess, now: Timestamp) -> Result<(), Fault> {
        if guess.debits.is_empty() {
            return Ok(());
        }
        self.ports.throttle.refund(&guess.debits, now)
    }

    /// The owner was here.
    pub(crate) fn remember(&self, guess: &Guess, now: Timestamp) {
        let is_fresh = guess.last_success.is_some_and(|at| now < at.plus(FRESH));
        if let (Some(place), false) = (&guess.place, is_fresh) {
            let _the_next_success_is_remembered =
                self.ports.familiar.remember(place, now, MOST_FAMILIAR);
        }
    }
}

/// What the network is debited. The address a client is registered with is no user's: many users are
/// behind it, and the budget of the client is there for them.
fn places(login: &Login<'_>, network: &str, budgets: &Budgets) -> Vec<Debit> {
    if login.at_its_client {
        return Vec::new();
    }
    let network = debit(BudgetScope::Network, "network", network, budgets.network);
    let site = login.origin.site().map(|site| {
        let site = site.to_string();
        debit(BudgetScope::Network, "site", &site, budgets.site)
    });
    std::iter::once(network).chain(site).collect()
}

fn debit(scope: BudgetScope, what: &str, whose: &str, budget: Budget) -> Debit {
    Debit {
        key: format!("{what}:{whose}"),
        scope,
        budget,
    }
}
