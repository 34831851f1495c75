//! What the conditions of a Cedar statement ask for at least, as far as it is easily seen.
//!
//! A statement applies only if every part that is joined by `&&` is true, so the parts that are understood
//! here may be looked at alone. Only the context is: what is an attribute of `principal` and `resource`
//! depends on who they are. What is not understood is taken to hold.

use cedar_policy::pst::{BinaryOp, Clause, Expr, Literal, Var};

use crate::logic::{Logic, Test};
use crate::path::{Path, Paths, Step};
use crate::scalar::Scalar;

/// What holds whenever all of these clauses are true.
pub(crate) fn of(clauses: &[Clause], paths: &mut Paths) -> Logic {
    let conditions = clauses.iter().map(|clause| match clause {
        Clause::When(condition) => needs(condition, paths),
        Clause::Unless(_) => anything(),
    });
    Logic::All(conditions.collect())
}

const fn anything() -> Logic {
    Logic::All(Vec::new())
}

fn needs(condition: &Expr, paths: &mut Paths) -> Logic {
    let known = match condition {
        Expr::BinaryOp { op, left, right } => match op {
            BinaryOp::And => Some(Logic::All(vec![needs(left, paths), needs(right, paths)])),
            BinaryOp::Or => {
                let either = vec![needs(left, paths), needs(right, paths)];
                Some(Logic::Any(paths.id(&Path::default()), either))
            }
            BinaryOp::Eq => equality(left, right, paths),
            BinaryOp::NotEq => {
                let same = equality(left, right, paths);
                same.and_then(|same| Some(Logic::Not(same.place()?, Box::new(same))))
            }
            BinaryOp::Contains => comparison(left, right, paths, |value| Test::HasAny(vec![value]))
                .or_else(|| among(left, right, paths)),
            _ => None,
        },
        Expr::Like { expr, pattern } => {
            place(expr).map(|place| Logic::Is(paths.id(&place), Test::Like(pattern.clone())))
        }
        Expr::HasAttr { expr, attrs } => place(expr).map(|place| {
            let member = attrs.iter().fold(place, |place, name| {
                place.then(Step::Member(name.to_string()))
            });
            Logic::Is(paths.id(&member), Test::Present)
        }),
        _ => None,
    };
    known.unwrap_or_else(anything)
}

/// A place and a value.
fn comparison(
    left: &Expr,
    right: &Expr,
    paths: &mut Paths,
    test: impl FnOnce(Scalar<'static>) -> Test,
) -> Option<Logic> {
    Some(Logic::Is(paths.id(&place(left)?), test(value(right)?)))
}

/// A place and a value, on whichever side.
fn equality(left: &Expr, right: &Expr, paths: &mut Paths) -> Option<Logic> {
    comparison(left, right, paths, Test::Equals)
        .or_else(|| comparison(right, left, paths, Test::Equals))
}

/// A list of values and a place.
fn among(left: &Expr, right: &Expr, paths: &mut Paths) -> Option<Logic> {
    let Expr::Set(values) = left else { return None };
    let values = values.iter().map(|one| value(one)).collect::<Option<_>>()?;
    Some(Logic::Is(paths.id(&place(right)?), Test::Among(values)))
}

/// The place of an expression like `context.user.id`.
fn place(expression: &Expr) -> Option<Path> {
    match expression {
        Expr::Var(Var::Context) => Some(Path::default()),
        Expr::GetAttr { expr, attr } => Some(place(expr)?.then(Step::Member(attr.to_string()))),
        _ => None,
    }
}

fn value(expression: &Expr) -> Option<Scalar<'static>> {
    match expression {
        Expr::Literal(Literal::Bool(truth)) => Some(Scalar::Bool(*truth)),
        Expr::Literal(Literal::Long(whole)) => Some(Scalar::Long(*whole)),
        Expr::Literal(Literal::String(text)) => Some(Scalar::Text(text.to_string().into())),
        _ => None,
    }
}
