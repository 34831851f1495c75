//! The endpoints of a type of resource: thin, alike, and written once.

use actix_web::HttpRequest;

use crate::body::Members;
use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::reply::Reply;
use crate::state::Server;

use super::answer::Answer;
use super::interaction::Ask;

pub(crate) type ResourceReply = Result<Reply<Members>, Failure>;

/// Runs an interaction off the event loop and answers it. `hashes`: it may hash a password.
pub(crate) async fn answer(
    server: Server,
    shown: Shown,
    request: &HttpRequest,
    hashes: bool,
    interaction: impl FnOnce(Ask<'_>) -> Result<Answer, Failure> + Send + 'static,
) -> ResourceReply {
    let place = server.place(request.path());
    let (pages, at) = (server.pages.clone(), place.clone());
    let work = move |server: &grantor_domain::AuthorizationServer| -> Result<Answer, Failure> {
        let caller = shown.identify(server)?;
        interaction(Ask {
            server,
            caller: &caller,
            place: &at,
            pages: &pages,
        })
    };
    let answer = if hashes {
        server.run_login(work).await?
    } else {
        server.run(work).await?
    };
    Ok(answer.reply(&place))
}

/// Makes the endpoints of a type: `create`, `read`, `put`, `patch`, `delete`, `search` (twice),
/// `history` (of one and of all) and `read_version`.
macro_rules! endpoints {
    (
        $Resource:ty, $Body:ident, tag = $tag:tt, hashes = $hashes:tt, id = $id:tt,
        search = ($($parameter:tt)*),
        $create:ident $create_path:tt $create_id:tt,
        $read:ident $put:ident $patch:ident $delete:ident $one_path:tt $read_id:tt $put_id:tt $patch_id:tt $delete_id:tt,
        $search:ident $search_id:tt,
        $search_form:ident $form_path:tt $form_id:tt,
        $history:ident $history_path:tt $history_id:tt,
        $type_history:ident $type_history_path:tt $type_history_id:tt,
        $version:ident $version_path:tt $version_id:tt $(,)?
    ) => {
        use actix_web::{HttpRequest, delete, get, patch, post, put, web};

        use crate::extract::caller::Shown;
        use crate::openapi::{ResourceErrors, WriteErrors};
        use crate::resources::body::{PatchBody, ResourceBody, SearchForm};
        use crate::resources::conditions::Conditions;
        use crate::resources::handlers::{ResourceReply, answer};
        use crate::resources::search::{Bundle, Sent};
        use crate::state::Server;

        /// Makes one. An id in the body is honoured.
        #[utoipa::path(
            tag = $tag,
            operation_id = $create_id,
            params(("If-None-Exist" = Option<String>, Header, description = "A search; what it finds is answered instead of making another")),
            request_body(content(($Body = "application/json"), ($Body = "text/yaml"))),
            responses(
                (status = 200, description = "What `If-None-Exist` found", content(($Body = "application/json"), ($Body = "text/yaml"))),
                (status = 201, description = "The resource as created", content(($Body = "application/json"), ($Body = "text/yaml"))),
                WriteErrors,
            ),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[post($create_path)]
        pub(crate) async fn $create(
            server: Server,
            shown: Shown,
            body: ResourceBody,
            request: HttpRequest,
        ) -> ResourceReply {
            let conditions = Conditions::of(&request);
            answer(server, shown, &request, $hashes, move |ask| {
                ask.create::<$Resource>(body.members(), &conditions)
            })
            .await
        }

        /// Reads one. What is secret of it is never shown.
        #[utoipa::path(
            tag = $tag,
            operation_id = $read_id,
            params(("id" = String, Path, description = $id)),
            responses(
                (status = 200, description = "The resource", content(($Body = "application/json"), ($Body = "text/yaml"))),
                (status = 304, description = "The caller has this version"),
                ResourceErrors,
            ),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[get($one_path)]
        pub(crate) async fn $read(
            server: Server,
            shown: Shown,
            id: web::Path<String>,
            request: HttpRequest,
        ) -> ResourceReply {
            let conditions = Conditions::of(&request);
            answer(server, shown, &request, false, move |ask| {
                ask.read::<$Resource>(&id, &conditions)
            })
            .await
        }

        /// Creates or replaces one. What is secret of it stays when it is not mentioned; `null` removes it.
        #[utoipa::path(
            tag = $tag,
            operation_id = $put_id,
            params(
                ("id" = String, Path, description = $id),
                ("If-Match" = Option<String>, Header, description = "The `ETag` it must be at, or `*`"),
                ("If-None-Match" = Option<String>, Header, description = "`*`: create only"),
            ),
            request_body(content(($Body = "application/json"), ($Body = "text/yaml"))),
            responses(
                (status = 200, description = "The resource as replaced", content(($Body = "application/json"), ($Body = "text/yaml"))),
                (status = 201, description = "The resource as created", content(($Body = "application/json"), ($Body = "text/yaml"))),
                WriteErrors,
            ),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[put($one_path)]
        pub(crate) async fn $put(
            server: Server,
            shown: Shown,
            id: web::Path<String>,
            body: ResourceBody,
            request: HttpRequest,
        ) -> ResourceReply {
            let conditions = Conditions::of(&request);
            answer(server, shown, &request, $hashes, move |ask| {
                ask.update::<$Resource>(&id, body.members(), &conditions)
            })
            .await
        }

        /// Changes one, by JSON Merge Patch (RFC 7396) or JSON Patch (RFC 6902).
        #[utoipa::path(
            tag = $tag,
            operation_id = $patch_id,
            params(
                ("id" = String, Path, description = $id),
                ("If-Match" = Option<String>, Header, description = "The `ETag` it must be at, or `*`"),
            ),
            request_body(content(
                (Object = "application/merge-patch+json"),
                (Object = "application/json"),
                (Vec<Object> = "application/json-patch+json"),
                (Object = "text/yaml"),
            )),
            responses(
                (status = 200, description = "The resource as changed", content(($Body = "application/json"), ($Body = "text/yaml"))),
                WriteErrors,
            ),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[patch($one_path)]
        pub(crate) async fn $patch(
            server: Server,
            shown: Shown,
            id: web::Path<String>,
            body: PatchBody,
            request: HttpRequest,
        ) -> ResourceReply {
            let conditions = Conditions::of(&request);
            answer(server, shown, &request, $hashes, move |ask| {
                ask.patch::<$Resource>(&id, body.0, &conditions)
            })
            .await
        }

        /// Removes one. The sessions of a client or user end with it.
        #[utoipa::path(
            tag = $tag,
            operation_id = $delete_id,
            params(
                ("id" = String, Path, description = $id),
                ("If-Match" = Option<String>, Header, description = "The `ETag` it must be at, or `*`"),
            ),
            responses(
                (status = 200, description = "The resource as it was", content(($Body = "application/json"), ($Body = "text/yaml"))),
                (status = 204, description = "There was none"),
                WriteErrors,
            ),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[delete($one_path)]
        pub(crate) async fn $delete(
            server: Server,
            shown: Shown,
            id: web::Path<String>,
            request: HttpRequest,
        ) -> ResourceReply {
            let conditions = Conditions::of(&request);
            answer(server, shown, &request, false, move |ask| {
                ask.delete::<$Resource>(&id, &conditions)
            })
            .await
        }

        /// Searches. Texts are found by their beginning in any case, or with `:exact` and
        /// `:contains`; every parameter takes `:not` and `:missing`.
        #[utoipa::path(
            tag = $tag,
            operation_id = $search_id,
            params(
                ("_id" = Option<String>, Query, description = "Ids, separated by commas"),
                $($parameter)*
                ("_lastUpdated" = Option<String>, Query, description = "When it was last changed: a date or an instant, with `eq`, `gt`, `lt`, `ge` or `le` before it"),
                ("_count" = Option<u32>, Query, description = "Resources per page, at most 1000. Default 100"),
                ("_page" = Option<String>, Query, description = "Which page, from 1; further pages by the links"),
                ("_sort" = Option<String>, Query, description = "`_id` (default), `_lastUpdated` or `_created`; `-` before it reverses it"),
                ("_elements" = Option<String>, Query, description = "Members to show, separated by commas; with `-` before each, members to leave out"),
                ("_total" = Option<String>, Query, description = "`accurate`, `none`, or `estimate` (default): counted when there are few"),
                ("Prefer" = Option<String>, Header, description = "`handling=lenient` ignores unknown parameters"),
            ),
            responses((status = 200, description = "A searchset", content((Bundle = "application/json"), (Bundle = "text/yaml"))), ResourceErrors),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[get($create_path)]
        pub(crate) async fn $search(
            server: Server,
            shown: Shown,
            request: HttpRequest,
        ) -> ResourceReply {
            let sent = Sent::of(&request, "");
            answer(server, shown, &request, false, move |ask| {
                ask.search::<$Resource>(sent)
            })
            .await
        }

        /// Searches, with the parameters in a form.
        #[utoipa::path(
            tag = $tag,
            operation_id = $form_id,
            request_body(content((Object = "application/x-www-form-urlencoded"))),
            responses((status = 200, description = "A searchset", content((Bundle = "application/json"), (Bundle = "text/yaml"))), WriteErrors),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[post($form_path)]
        pub(crate) async fn $search_form(
            server: Server,
            shown: Shown,
            form: SearchForm,
            request: HttpRequest,
        ) -> ResourceReply {
            answer(server, shown, &request, false, move |ask| {
                ask.search::<$Resource>(form.0)
            })
            .await
        }

        /// The versions one had, the latest first.
        #[utoipa::path(
            tag = $tag,
            operation_id = $history_id,
            params(
                ("id" = String, Path, description = $id),
                ("_since" = Option<String>, Query, description = "Versions from this instant on"),
                ("_count" = Option<u32>, Query, description = "Versions per page, at most 1000. Default 100"),
                ("_page" = Option<String>, Query, description = "Which page, from 1; further pages by the links"),
            ),
            responses((status = 200, description = "A history", content((Bundle = "application/json"), (Bundle = "text/yaml"))), ResourceErrors),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[get($history_path)]
        pub(crate) async fn $history(
            server: Server,
            shown: Shown,
            id: web::Path<String>,
            request: HttpRequest,
        ) -> ResourceReply {
            let sent = Sent::of(&request, "");
            answer(server, shown, &request, false, move |ask| {
                ask.history::<$Resource>(Some(&id), sent)
            })
            .await
        }

        /// The versions all of them had, the latest first.
        #[utoipa::path(
            tag = $tag,
            operation_id = $type_history_id,
            params(
                ("_since" = Option<String>, Query, description = "Versions from this instant on"),
                ("_count" = Option<u32>, Query, description = "Versions per page, at most 1000. Default 100"),
                ("_page" = Option<String>, Query, description = "Which page, from 1; further pages by the links"),
            ),
            responses((status = 200, description = "A history", content((Bundle = "application/json"), (Bundle = "text/yaml"))), ResourceErrors),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[get($type_history_path)]
        pub(crate) async fn $type_history(
            server: Server,
            shown: Shown,
            request: HttpRequest,
        ) -> ResourceReply {
            let sent = Sent::of(&request, "");
            answer(server, shown, &request, false, move |ask| {
                ask.history::<$Resource>(None, sent)
            })
            .await
        }

        /// Reads one as it was at a version.
        #[utoipa::path(
            tag = $tag,
            operation_id = $version_id,
            params(
                ("id" = String, Path, description = $id),
                ("version" = String, Path, description = "`meta.versionId`"),
            ),
            responses((status = 200, description = "The resource then", content(($Body = "application/json"), ($Body = "text/yaml"))), ResourceErrors),
            security(("bearer" = []), ("basic" = [])),
        )]
        #[get($version_path)]
        pub(crate) async fn $version(
            server: Server,
            shown: Shown,
            path: web::Path<(String, String)>,
            request: HttpRequest,
        ) -> ResourceReply {
            answer(server, shown, &request, false, move |ask| {
                ask.read_version::<$Resource>(&path.0, &path.1)
            })
            .await
        }
    };
}

pub(crate) use endpoints;
