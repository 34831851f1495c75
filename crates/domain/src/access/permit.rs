//! Asking the policies whether a caller may do something with a resource of ours.

use crate::caller::{Caller, Subject};
use crate::document::Document;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::reason::Reason;
use crate::resources::ResourceKind;
use crate::revision::Condition;
use crate::server::AuthorizationServer;

use std::sync::Arc;

use crate::ports::Judge;

use super::{AccessRequest, Principal, Target};

/// What can be done with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interaction {
    /// Making one.
    Create,
    /// Reading one.
    Read,
    /// Replacing or patching one, or making it by its id.
    Update,
    /// Removing one; closing a session.
    Delete,
    /// Searching them.
    Search,
    /// Reading the versions they had.
    History,
    /// Ending every session of a client or user.
    CloseSessions,
    /// Making a user choose another password.
    ResetPassword,
    /// Asking about every token there is.
    Introspect,
    /// Asking the policies about anybody.
    Evaluate,
}

impl Interaction {
    /// What writing a resource is on this condition: to make one, when there must be none yet.
    #[must_use]
    pub const fn of_put(condition: Condition) -> Self {
        match condition {
            Condition::Absent => Self::Create,
            Condition::Any | Condition::Present | Condition::Version(_) => Self::Update,
        }
    }

    /// Its name; with `:` and a type of resource it is the action that policies are asked about
    /// (`read:Client`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Search => "search",
            Self::History => "history",
            Self::CloseSessions => "close-sessions",
            Self::ResetPassword => "reset-password",
            Self::Introspect => "introspect",
            Self::Evaluate => "evaluate",
        }
    }

    /// The action that policies are asked about.
    #[must_use]
    pub fn action(self, kind: ResourceKind) -> String {
        format!("{}:{}", self.as_str(), kind.as_str())
    }
}

/// A caller before the policies: everything they are asked about it, read once a request.
pub(crate) enum Gate<'a> {
    /// Of the operator, whom policies do not concern.
    Open,
    /// Before there is any policy.
    Closed,
    /// What the policies say counts.
    Judged {
        /// The policies of this moment.
        judge: Arc<dyn Judge>,
        /// Who calls, as they know it.
        principal: Box<Principal>,
        /// Who calls.
        caller: &'a Caller,
    },
}

impl Gate<'_> {
    /// Whether a caller may do this.
    pub(crate) fn permits(
        &self,
        interaction: Interaction,
        kind: ResourceKind,
        id: Option<&str>,
    ) -> bool {
        self.permits_so(interaction, kind, id, None)
    }

    /// Whether a caller may do this, by another call than the one it makes.
    fn permits_so(
        &self,
        interaction: Interaction,
        kind: ResourceKind,
        id: Option<&str>,
        facts: Option<&Document>,
    ) -> bool {
        match self {
            Self::Open => true,
            Self::Closed => false,
            Self::Judged {
                judge,
                principal,
                caller,
            } => judge.permits(&AccessRequest {
                principal: Principal::clone(principal),
                action: interaction.action(kind),
                target: Target {
                    kind: kind.as_str().to_owned(),
                    id: id.map(str::to_owned),
                    ..Target::default()
                },
                context: facts.unwrap_or(&caller.call().facts).clone(),
            }),
        }
    }
}

/// Something a caller might want to do, and by which call.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// What.
    pub interaction: Interaction,
    /// With which type of resource.
    pub kind: ResourceKind,
    /// What policies would know about the call. See [`crate::caller::Call::facts`].
    pub facts: Document,
}

impl AuthorizationServer {
    /// Brings a caller before the policies.
    pub(crate) fn gate<'a>(&self, caller: &'a Caller) -> Result<Gate<'a>, Error> {
        let (user, client) = match caller.subject() {
            Subject::Operator => return Ok(Gate::Open),
            Subject::User(user) => (Some(user), caller.client()),
            Subject::Client(client) => (None, Some(client)),
        };
        let Some(judge) = self.judge()? else {
            return Ok(Gate::Closed);
        };
        Ok(Gate::Judged {
            judge,
            principal: Box::new(self.principal(user, client)?),
            caller,
        })
    }

    /// Passes callers that a policy permits this. A refusal is remembered.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`]; [`Error::Fault`] when the store is away.
    pub fn permit(
        &self,
        caller: &Caller,
        interaction: Interaction,
        kind: ResourceKind,
        id: Option<&str>,
    ) -> Result<(), Error> {
        if self.may(caller, interaction, kind, id)? {
            Ok(())
        } else {
            Err(self.denied(caller, kind, id))
        }
    }

    /// Whether a policy permits a caller this.
    pub(crate) fn may(
        &self,
        caller: &Caller,
        interaction: Interaction,
        kind: ResourceKind,
        id: Option<&str>,
    ) -> Result<bool, Error> {
        Ok(self.gate(caller)?.permits(interaction, kind, id))
    }

    /// Which of several wishes the policies permit a caller, for whoever shows it only those. No
    /// refusal is remembered, and none of this lets it do anything.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn permitted<const N: usize>(
        &self,
        caller: &Caller,
        wishes: &[Wish; N],
    ) -> Result<[bool; N], Error> {
        let gate = self.gate(caller)?;
        Ok(wishes
            .each_ref()
            .map(|wish| gate.permits_so(wish.interaction, wish.kind, None, Some(&wish.facts))))
    }

    /// Remembers a refusal, and is it.
    pub(crate) fn denied(&self, caller: &Caller, kind: ResourceKind, id: Option<&str>) -> Error {
        match self.remember_denial(caller, kind, id) {
            Ok(()) => Reason::NotAllowed.into(),
            Err(fault) => fault.into(),
        }
    }

    /// Remembers that no policy permits a caller what it wanted.
    pub(crate) fn remember_denial(
        &self,
        caller: &Caller,
        kind: ResourceKind,
        id: Option<&str>,
    ) -> Result<(), Fault> {
        let mut event = Event::new(EventKind::AuthorizationDenied, self.ports.clock.now())
            .because(Reason::NotAllowed)
            .by(caller);
        if let Some(id) = id {
            event = event.about(kind, id);
        }
        self.ports.events.append(&[event])
    }
}
