//! `grantor openapi`.

use crate::failure::Failure;

pub(super) fn run() -> Result<(), Failure> {
    super::print(&grantor_http_api::openapi_document())
}
