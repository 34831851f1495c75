//! How deep the expressions of a Cedar policy nest.
//!
//! Cedar evaluates by descending, and gives up with an error when the stack runs out. A statement that
//! forbids would then be skipped, so what could come near that is refused when it is written.

use std::sync::Arc;

use cedar_policy::pst::{Clause, Expr};

/// The levels of the deepest condition.
pub(crate) fn of(clauses: &[Clause]) -> usize {
    let depths = clauses.iter().map(|clause| match clause {
        Clause::When(condition) | Clause::Unless(condition) => depth(condition),
    });
    // Several clauses are joined, each one level below the one before it.
    depths
        .rev()
        .fold(0, |deepest, depth| deepest.max(depth) + 1)
}

/// Called for trees that the bounds on a policy's text keep from being much deeper than what is allowed.
fn depth(expression: &Expr) -> usize {
    let deepest = children(expression).into_iter().map(|child| depth(child));
    deepest.max().unwrap_or(0) + 1
}

fn children(expression: &Expr) -> Vec<&Arc<Expr>> {
    match expression {
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => vec![expr],
        Expr::BinaryOp { left, right, .. } => vec![left, right],
        Expr::Is { expr, in_expr, .. } => std::iter::once(expr).chain(in_expr).collect(),
        Expr::IfThenElse {
            cond,
            then_expr,
            else_expr,
        } => vec![cond, then_expr, else_expr],
        Expr::Set(items) => items.iter().collect(),
        Expr::Record(members) => members.values().collect(),
        _ => Vec::new(),
    }
}
