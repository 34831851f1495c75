//! Which trace a request belongs to (W3C Trace Context).

use std::fmt;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use grantor_domain::ports::Randomness;
use grantor_domain::secret::{from_hexadecimal, hexadecimal};

/// Where a caller says which trace its request belongs to (§3.2).
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Where the caller is told which span its request became.
const TRACERESPONSE: HeaderName = HeaderName::from_static("traceresponse");
/// The length of a `traceparent` of version 00.
const LENGTH: usize = 55;
/// The flag of a trace that somebody records.
const SAMPLED: u8 = 1;

/// The place of a request in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The trace.
    pub id: [u8; 16],
    /// The request itself.
    pub span: [u8; 8],
    /// What it was made for; `None` where the trace begins here.
    pub parent: Option<[u8; 8]>,
    /// Whether the trace is recorded.
    pub sampled: bool,
}

/// What a caller says of its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parent {
    trace: [u8; 16],
    span: [u8; 8],
    flags: u8,
}

impl Trace {
    /// The trace a caller names. One that is malformed is as if none were named (§3.2.2.3).
    pub(crate) fn continued(headers: &HeaderMap, randomness: &dyn Randomness) -> Option<Self> {
        let mut values = headers.get_all(&TRACEPARENT);
        let parent = parse(values.next()?.to_str().ok()?)?;
        if values.next().is_some() {
            return None;
        }
        Some(Self {
            id: parent.trace,
            span: random(randomness)?,
            parent: Some(parent.span),
            sampled: parent.flags & SAMPLED != 0,
        })
    }

    /// A trace that begins here.
    pub(crate) fn begun(randomness: &dyn Randomness) -> Option<Self> {
        Some(Self {
            id: random(randomness)?,
            span: random(randomness)?,
            parent: None,
            sampled: true,
        })
    }

    /// The trace's id in hexadecimal.
    pub(crate) fn id_text(&self) -> String {
        hexadecimal(&self.id)
    }

    /// The span's id in hexadecimal.
    pub(crate) fn span_text(&self) -> String {
        hexadecimal(&self.span)
    }

    /// Tells the caller which span its request became.
    pub(crate) fn answer(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.to_string()) {
            headers.insert(TRACERESPONSE, value);
        }
    }
}

/// As in `traceresponse`, and as `traceparent` for what is asked on a request's behalf.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = u8::from(self.sampled);
        write!(f, "00-{}-{}-{flags:02x}", self.id_text(), self.span_text())
    }
}

fn random<const N: usize>(randomness: &dyn Randomness) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    randomness.fill(&mut bytes).ok()?;
    Some(bytes)
}

/// §3.2.2: `version "-" trace-id "-" parent-id "-" trace-flags`, in lower case, neither id zero. A later
/// version may go on after another dash.
fn parse(text: &str) -> Option<Parent> {
    let known = text.get(..LENGTH)?;
    let mut parts = known.split('-');
    let version: [u8; 1] = bytes(parts.next()?)?;
    let parent = Parent {
        trace: bytes(parts.next()?)?,
        span: bytes(parts.next()?)?,
        flags: bytes::<1>(parts.next()?)?.first().copied()?,
    };
    let more = text.get(LENGTH..)?;
    let well_formed = match version {
        [0xff] => false,
        [0] => more.is_empty(),
        _ => more.is_empty() || more.starts_with('-'),
    };
    let named = parent.trace != [0; 16] && parent.span != [0; 8];
    (parts.next().is_none() && well_formed && named).then_some(parent)
}

/// Exactly as many bytes, in lower-case hexadecimal.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    from_hexadecimal(text).filter(|_| is_lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_parent_is_read_as_it_is_written() {
        let parent = parse(GOOD).unwrap();
        assert_eq!(
            hexadecimal(&parent.trace),
            "4bf92f3577b34da6a3ce929d0e0e4736"
        );
        assert_eq!(hexadecimal(&parent.span), "00f067aa0ba902b7");
        assert_eq!(parent.flags, 1);
        let trace = Trace {
            id: parent.trace,
            span: parent.span,
            parent: None,
            sampled: true,
        };
        assert_eq!(trace.to_string(), GOOD);
    }

    #[test]
    fn a_later_version_may_go_on() {
        assert!(parse(&GOOD.replacen("00", "cc", 1)).is_some());
        let more = format!("{}-what-the-future-holds", GOOD.replacen("00", "cc", 1));
        assert!(parse(&more).is_some());
    }

    #[test]
    fn what_is_malformed_names_no_trace() {
        let zero_trace = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        let zero_span = "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01";
        let wrong = [
            String::new(),
            "00".to_owned(),
            zero_trace.to_owned(),
            zero_span.to_owned(),
            GOOD.to_uppercase(),
            GOOD.replacen("00", "ff", 1),
            GOOD.replace('-', "_"),
            GOOD.replacen('4', "g", 1),
            format!("{GOOD}-more"),
            format!("{}x", GOOD.replacen("00", "cc", 1)),
            format!(" {GOOD}"),
            GOOD.replacen("4bf9", "4b-9", 1),
            GOOD.replacen("4bf9", "4bé", 1),
            "-".repeat(55),
        ];
        for text in wrong {
            assert_eq!(parse(&text), None, "{text:?}");
        }
    }
}
