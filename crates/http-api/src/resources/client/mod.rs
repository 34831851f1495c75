//! `Client`: applications registered with the server.

mod wire;

pub(crate) use wire::ClientBody;

use grantor_domain::clients::Client;

use crate::error::Failure;
use crate::reply::Reply;

use super::close_sessions::{Closed, close};
use super::handlers::endpoints;

endpoints!(
    Client, ClientBody, tag = "Client", hashes = false, id = "`Client.id`, percent-encoded",
    search = (
        ("name" = Option<String>, Query, description = "What it is called"),
        ("active" = Option<bool>, Query, description = "Whether it is switched on"),
        ("grant_types" = Option<String>, Query, description = "What it may ask for"),
        ("first_party" = Option<bool>, Query, description = "Whether it is ours"),
        ("allowed_origins" = Option<String>, Query, description = "An origin its pages have"),
    ),
    create_client "/Client" "create_client",
    read_client put_client patch_client delete_client "/Client/{id}" "read_client" "put_client" "patch_client" "delete_client",
    search_clients "search_clients",
    search_clients_by_form "/Client/_search" "search_clients_by_form",
    read_client_history "/Client/{id}/_history" "read_client_history",
    read_history_of_clients "/Client/_history" "read_history_of_clients",
    read_client_version "/Client/{id}/_history/{version}" "read_client_version",
);

/// Ends every session of a client.
#[utoipa::path(
    tag = "Client",
    operation_id = "close_client_sessions",
    params(("id" = String, Path, description = "`Client.id`, percent-encoded")),
    responses((status = 200, description = "How many were closed", content((Closed = "application/json"), (Closed = "text/yaml"))), ResourceErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/Client/{id}/$close-sessions")]
pub(crate) async fn close_client_sessions(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
) -> Result<Reply<Closed>, Failure> {
    close::<Client>(server, shown, id.into_inner()).await
}
