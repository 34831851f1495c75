//! The reference of errors, generated from the one table of reasons.

use std::fmt::Write as _;

use grantor_domain::Reason;

use crate::error::{Family, reason_status};

const HEAD: &str = "# Errors

Every refusal has a reason. The log and the events name it; the wire shows only the error code, the
status and the description. Reasons that must look alike outside share all three. Statuses are those
of the OAuth endpoints; resources answer an `OperationOutcome` with 403 for `unauthorized_client`.

| reason | error | status | section | description |
|---|---|---|---|---|
";

/// `docs/reference/errors.md`.
#[must_use]
pub fn errors_reference() -> String {
    let mut page = HEAD.to_owned();
    for reason in Reason::ALL {
        let (code, section) = reason.protocol();
        let status = reason_status(reason, Family::OAuth).as_u16();
        let (name, code, says) = (reason.name(), code.as_str(), reason.description());
        let _writing_to_a_string_succeeds = writeln!(
            page,
            "| `{name}` | `{code}` | {status} | {section} | {says} |"
        );
    }
    page
}
