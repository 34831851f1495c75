//! `application/x-www-form-urlencoded`, read strictly: what cannot be decoded is refused, not replaced.

use serde_json::Value;

use crate::error::Failure;

use super::Members;

/// Parameters that may be sent several times (RFC 8707 §2); every other repetition is an error
/// (RFC 6749 §3.2).
const REPEATABLE: [&str; 1] = ["resource"];

/// Decodes one name or value: `+` is a space, `%HH` a byte, the whole UTF-8 without NUL.
pub(crate) fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(*rest.next()?)? << 4 | hex(*rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// The names and values of a form or a query, in order. `None` when something cannot be decoded.
pub(crate) fn pairs(text: &[u8]) -> Option<Vec<(String, String)>> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            Some((name, value))
        })
        .collect()
}

/// A form as members: strings, and lists of strings where a name may repeat.
pub(super) fn members(bytes: &[u8]) -> Result<Members, Failure> {
    let pairs =
        pairs(bytes).ok_or_else(|| Failure::unreadable("The form is not percent-encoded UTF-8"))?;
    let mut members = Members::new();
    for (name, value) in pairs {
        let repeatable = REPEATABLE.contains(&name.as_str());
        match members.get_mut(&name) {
            None if repeatable => {
                members.insert(name, Value::Array(vec![Value::String(value)]));
            }
            None => {
                members.insert(name, Value::String(value));
            }
            Some(Value::Array(values)) if repeatable => values.push(Value::String(value)),
            Some(_) => return Err(Failure::unreadable("A parameter is sent twice")),
        }
    }
    Ok(members)
}
