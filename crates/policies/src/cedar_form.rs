//! Writing a condition as a Cedar policy.
//!
//! The policy is built as a syntax tree, never as text, so nothing in a pattern can be read as syntax.

use std::sync::Arc;

use cedar_policy::PolicySet;
use cedar_policy::pst::{
    ActionConstraint, BinaryOp, Clause, Effect, Expr, Literal, NonEmpty, Policy, PolicyID,
    PrincipalConstraint, ResourceConstraint, StaticPolicy, Template, UnaryOp, Var,
};

use crate::logic::{Aspect, Logic, Slot, Test};
use crate::path::{PathId, Paths};
use crate::scalar::Scalar;

/// A policy set of one policy that permits what the condition holds for.
///
/// # Errors
/// Cedar's words, when it does not take the policy.
pub(crate) fn permit(logic: &Logic, paths: &Paths) -> Result<PolicySet, String> {
    let template = Template::new(
        PolicyID("pattern".into()),
        Effect::Permit,
        PrincipalConstraint::Any,
        ActionConstraint::Any,
        ResourceConstraint::Any,
    );
    let when = Clause::When(condition(logic, paths));
    let template = template.try_with_clauses([when]).map_err(words)?;
    let policy = StaticPolicy::try_from(template).map_err(words)?;
    let policy = cedar_policy::Policy::from_pst(Policy::Static(policy)).map_err(words)?;
    PolicySet::from_policies([policy]).map_err(words)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` wants"
)]
fn words(error: impl ToString) -> String {
    error.to_string()
}

fn condition(logic: &Logic, paths: &Paths) -> Arc<Expr> {
    let all = |parts: &[Logic]| parts.iter().map(|part| condition(part, paths)).collect();
    match logic {
        Logic::Is(path, test) => is(*path, test, paths),
        Logic::Nil(path) => not(has(path.slot(Aspect::Present), paths)),
        Logic::Not(path, inner) => binary(
            BinaryOp::And,
            has(path.slot(Aspect::Present), paths),
            not(condition(inner, paths)),
        ),
        Logic::All(parts) => join(BinaryOp::And, all(parts), true),
        Logic::Any(_, parts) => join(BinaryOp::Or, all(parts), false),
    }
}

fn is(path: PathId, test: &Test, paths: &Paths) -> Arc<Expr> {
    let slot = path.slot(test.aspect());
    let there = has(slot, paths);
    let value = || get(slot, paths);
    let other = |path: &PathId| {
        let slot = path.slot(Aspect::Value);
        (has(slot, paths), get(slot, paths))
    };
    let passes = match test {
        Test::Present | Test::SomeText => return there,
        Test::Equals(wanted) => binary(BinaryOp::Eq, value(), Arc::new(wanted.in_policy())),
        Test::Among(values) => binary(BinaryOp::Contains, set(values), value()),
        Test::Like(pattern) => Arc::new(Expr::Like {
            expr: value(),
            pattern: pattern.clone(),
        }),
        Test::HasAll(values) => binary(BinaryOp::ContainsAll, value(), set(values)),
        Test::HasAny(values) => binary(BinaryOp::ContainsAny, value(), set(values)),
        Test::Only(values) => binary(BinaryOp::ContainsAll, set(values), value()),
        Test::Length(length) => {
            let length = Expr::Literal(Literal::Long(*length));
            binary(BinaryOp::Eq, value(), Arc::new(length))
        }
        Test::SameAs(path) => {
            let (there, same) = other(path);
            binary(BinaryOp::And, there, binary(BinaryOp::Eq, value(), same))
        }
        Test::HasSameAs(path) => {
            let (there, same) = other(path);
            binary(
                BinaryOp::And,
                there,
                binary(BinaryOp::Contains, value(), same),
            )
        }
    };
    binary(BinaryOp::And, there, passes)
}

fn has(slot: Slot, paths: &Paths) -> Arc<Expr> {
    Arc::new(Expr::HasAttr {
        expr: Arc::new(Expr::Var(Var::Context)),
        attrs: NonEmpty::new(slot.key(paths).into()),
    })
}

fn get(slot: Slot, paths: &Paths) -> Arc<Expr> {
    Arc::new(Expr::GetAttr {
        expr: Arc::new(Expr::Var(Var::Context)),
        attr: slot.key(paths).into(),
    })
}

fn set(values: &[Scalar<'static>]) -> Arc<Expr> {
    let values = values.iter().map(|value| Arc::new(value.in_policy()));
    Arc::new(Expr::Set(values.collect()))
}

fn not(expr: Arc<Expr>) -> Arc<Expr> {
    Arc::new(Expr::UnaryOp {
        op: UnaryOp::Not,
        expr,
    })
}

fn binary(op: BinaryOp, left: Arc<Expr>, right: Arc<Expr>) -> Arc<Expr> {
    Arc::new(Expr::BinaryOp { op, left, right })
}

/// Joins by halves, so that a long list nests no deeper than its logarithm.
fn join(op: BinaryOp, mut parts: Vec<Arc<Expr>>, empty: bool) -> Arc<Expr> {
    if parts.len() > 1 {
        let rest = parts.split_off(parts.len() / 2);
        return binary(op, join(op, parts, empty), join(op, rest, empty));
    }
    parts
        .pop()
        .unwrap_or_else(|| Arc::new(Expr::Literal(Literal::Bool(empty))))
}
