//! The client credentials grant (RFC 6749 §4.4): confidential clients, acting for nobody else.

use crate::error::Error;
use crate::reason::Reason;

use super::{Asked, Proved};

pub(super) fn prove_client(asked: &Asked<'_>) -> Result<Proved, Error> {
    if asked.proven {
        Ok(Proved::Open { user: None })
    } else {
        Err(Reason::ConfidentialClientRequired.into())
    }
}
