//! The one list of routes. The app mounts it, and the `OpenAPI` document is collected from it.
//!
//! A handler without a `#[utoipa::path]` does not compile into it. Resources are documented at `/`
//! and mounted a second time at `/fhir`, where what is collected is dropped, so that every
//! operation has one id.

use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::web;
use utoipa::openapi::{OpenApi, PathItem};
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::Failure;
use crate::oauth::{introspect, jwks, metadata, revoke, setup, token, userinfo};
use crate::resources::{client, session, session_search, user};
use crate::{docs, openapi};

/// A list of routes.
type Routes = fn(&mut ServiceConfig<'_>);

/// Mounted once.
fn oauth(routes: &mut ServiceConfig<'_>) {
    routes
        .service(token::request_token)
        .service(introspect::introspect_token)
        .service(revoke::revoke_token)
        .service(userinfo::read_userinfo)
        .service(userinfo::request_userinfo)
        .service(setup::set_up)
        .service(metadata::read_metadata)
        .service(jwks::read_key_set);
}

/// Mounted at `/` and at `/fhir`.
fn resources(routes: &mut ServiceConfig<'_>) {
    routes
        .service(client::create_client)
        .service(client::read_client)
        .service(client::put_client)
        .service(client::delete_client)
        .service(client::close_client_sessions)
        .service(user::create_user)
        .service(user::read_user)
        .service(user::put_user)
        .service(user::delete_user)
        .service(user::close_user_sessions)
        .service(session_search::search_sessions)
        .service(session::close_own_session)
        .service(session::read_session)
        .service(session::close_session)
        .service(session::patch_session);
}

/// The description of every route, each operation once.
pub(crate) fn document(base: OpenApi) -> OpenApi {
    describe(base, &[oauth, resources])
}

/// Everything the public listener answers.
pub(crate) fn mount(app: &mut web::ServiceConfig, token_alias: bool) {
    if token_alias {
        app.service(token::request_token_alias);
        app.service(refuse_other_methods("/token", "POST".to_owned()));
    }
    docs::mount(app);
    app.service(web::scope("/fhir").configure(|scope| register(scope, &RESOURCES)));
    register(app, &ALL);
    app.default_service(web::to(async || Err::<&str, _>(Failure::NotFound)));
}

fn describe(base: OpenApi, lists: &[Routes]) -> OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(base);
    let app = lists.iter().fold(app, |app, list| app.configure(list));
    app.split_for_parts().1
}

/// Lists to be mounted in one place, with the methods that each of their paths knows.
struct Mount {
    lists: &'static [Routes],
    methods: Vec<(String, String)>,
}

static RESOURCES: LazyLock<Mount> = LazyLock::new(|| Mount::of(&[resources]));
static ALL: LazyLock<Mount> = LazyLock::new(|| Mount::of(&[oauth, resources]));

impl Mount {
    fn of(lists: &'static [Routes]) -> Self {
        let paths = describe(openapi::base(), lists).paths.paths;
        let methods = paths
            .iter()
            .map(|(path, item)| (path.clone(), methods(item)));
        Self {
            lists,
            methods: methods.collect(),
        }
    }
}

/// The handlers of a mount, and after them a refusal of every other method on their paths.
fn register(app: &mut web::ServiceConfig, mount: &Mount) {
    for list in mount.lists {
        list(&mut ServiceConfig::new(app));
    }
    for (path, allow) in &mount.methods {
        app.service(refuse_other_methods(path, allow.clone()));
    }
}

/// A known path with an unknown method is 405 with `Allow` (RFC 9110 §15.5.6). Each handler is a
/// route with a guard of its own, so actix alone would say 404.
pub(crate) fn refuse_other_methods(path: &str, allow: String) -> actix_web::Resource {
    web::resource(path.to_owned()).to(move || {
        let allow = allow.clone();
        async move { Err::<&str, _>(Failure::MethodNotAllowed(allow)) }
    })
}

fn methods(item: &PathItem) -> String {
    let known = [
        (Method::GET, item.get.is_some()),
        (Method::HEAD, item.get.is_some()),
        (Method::POST, item.post.is_some()),
        (Method::PUT, item.put.is_some()),
        (Method::PATCH, item.patch.is_some()),
        (Method::DELETE, item.delete.is_some()),
    ];
    let names = known.iter().filter(|(_, known)| *known);
    let names: Vec<&str> = names.map(|(method, _)| method.as_str()).collect();
    names.join(", ")
}
