//! Who may call what: access policies, the question they are asked, and what they answer.
//!
//! Nobody may do anything unless a policy permits it, and none forbids it. What is always true
//! besides (a user reads itself) is said by the workflow it concerns, not by a policy.

mod evaluate;
mod judged;
mod kept;
mod permit;
mod policy;
mod question;

#[cfg(test)]
mod tests;

pub use evaluate::{Evaluation, Evaluator, Trial};
pub(crate) use judged::JudgedPolicies;
pub(crate) use permit::Gate;
pub use permit::{Interaction, Wish};
pub use policy::{AccessPolicy, Link, PolicySettings, Rule};
pub use question::{
    AccessRequest, Effect, Party, Principal, RoleMembership, Spoken, Target, Verdict,
};
