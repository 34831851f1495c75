//! Single values, as patterns write them and requests hold them.

use std::borrow::Cow;

use cedar_policy::RestrictedExpression;
use cedar_policy::pst::{Expr, Literal};
use serde_json::{Number, Value};

/// A text, truth value or whole number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    /// A text, or a number that is no whole 64-bit number, as its text.
    Text(Cow<'a, str>),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Long(i64),
}

impl<'a> Scalar<'a> {
    /// The single value of a request's JSON. Cedar has no fractions: `1.5` is seen as the text `1.5`.
    pub(crate) fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(Cow::Borrowed(text))),
            Value::Bool(truth) => Some(Self::Bool(*truth)),
            Value::Number(number) => Some(Self::of_number(number)),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn of_number(number: &Number) -> Self {
        match number.as_i64() {
            Some(whole) => Self::Long(whole),
            None => Self::Text(Cow::Owned(number.to_string())),
        }
    }

    /// The value in a Cedar context or entity.
    pub(crate) fn in_request(self) -> RestrictedExpression {
        match self {
            Self::Text(text) => RestrictedExpression::new_string(text.into_owned()),
            Self::Bool(truth) => RestrictedExpression::new_bool(truth),
            Self::Long(whole) => RestrictedExpression::new_long(whole),
        }
    }

    /// The value in a Cedar policy.
    pub(crate) fn in_policy(&self) -> Expr {
        Expr::Literal(match self {
            Self::Text(text) => Literal::String(text.as_ref().into()),
            Self::Bool(truth) => Literal::Bool(*truth),
            Self::Long(whole) => Literal::Long(*whole),
        })
    }
}

impl Scalar<'static> {
    /// The single value of a pattern, which owns it.
    ///
    /// # Errors
    /// What to write instead of a value that has no exact form.
    pub(crate) fn of_pattern(value: &Value) -> Result<Self, &'static str> {
        match value {
            Value::String(text) if text.is_empty() => {
                Err("empty values are taken out of a request; write `nil?`")
            }
            Value::String(text) => Ok(Self::Text(Cow::Owned(text.clone()))),
            Value::Bool(truth) => Ok(Self::Bool(*truth)),
            Value::Number(number) => number.as_i64().map(Self::Long).ok_or(
                "only whole numbers of 64 bits can be compared; others are seen as their text, write \"1.5\"",
            ),
            Value::Null => Err("empty values are taken out of a request; write `nil?`"),
            Value::Array(_) | Value::Object(_) => Err("only a text, a number, `true` or `false` can stand here"),
        }
    }
}
