//! The one list of routes. The app mounts it, and the `OpenAPI` document is collected from it.
//!
//! A handler without a `#[utoipa::path]` does not compile into it. Resources are documented at `/`
//! and mounted a second time at `/fhir`, where what is collected is dropped, so that every
//! operation has one id.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::dev::{HttpServiceFactory, ResourceDef};
use actix_web::http::Method;
use actix_web::web;
use utoipa::openapi::{OpenApi, PathItem};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt as _, OpenApiFactory};

use crate::access::{configuration, evaluation, evaluations, test_policy};
use crate::account::{change_password, force_reset, reset_password};
use crate::console;
use crate::docs;
use crate::error::Failure;
use crate::keys;
use crate::oauth::{introspect, jwks, metadata, revoke, setup, token, userinfo};
use crate::resources::{
    audit_event, batch, client, policy, role, session, session_count, session_search, user,
};

/// What a list is given to: an app, one that collects the document too, or what only wants to know
/// the paths. An event loop that collected the document would keep megabytes that nobody reads.
trait Registry {
    /// Takes a handler. One without a description does not compile.
    fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static;
}

impl Registry for web::ServiceConfig {
    fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        Self::service(self, handler)
    }
}

impl Registry for ServiceConfig<'_> {
    fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        Self::service(self, handler)
    }
}

/// A list of routes.
#[derive(Clone, Copy)]
enum Routes {
    OAuth,
    Resources,
}

impl Routes {
    fn register(self, app: &mut impl Registry) {
        match self {
            Self::OAuth => oauth(app),
            Self::Resources => resources(app),
        }
    }

    fn allowed(self) -> &'static [Allowed] {
        match self {
            Self::OAuth => &OAUTH,
            Self::Resources => &RESOURCES,
        }
    }
}

/// Mounted once.
fn oauth(routes: &mut impl Registry) {
    routes
        .service(token::request_token)
        .service(introspect::introspect_token)
        .service(revoke::revoke_token)
        .service(userinfo::read_userinfo)
        .service(userinfo::request_userinfo)
        .service(setup::set_up)
        .service(change_password::change_password)
        .service(force_reset::force_reset_password)
        .service(reset_password::reset_password)
        .service(keys::list_signing_keys)
        .service(keys::rotate_signing_keys)
        .service(keys::retire_signing_key)
        .service(test_policy::test_policy)
        .service(evaluation::evaluate_access)
        .service(evaluations::evaluate_accesses)
        .service(metadata::read_metadata)
        .service(configuration::read_authzen_configuration)
        .service(jwks::read_key_set);
}

/// Mounted at `/` and at `/fhir`.
fn resources(routes: &mut impl Registry) {
    routes
        .service(batch::apply_bundle)
        .service(client::search_clients_by_form)
        .service(client::read_history_of_clients)
        .service(client::create_client)
        .service(client::read_client)
        .service(client::put_client)
        .service(client::patch_client)
        .service(client::delete_client)
        .service(client::search_clients)
        .service(client::read_client_history)
        .service(client::read_client_version)
        .service(client::close_client_sessions)
        .service(user::search_users_by_form)
        .service(user::read_history_of_users)
        .service(user::create_user)
        .service(user::read_user)
        .service(user::put_user)
        .service(user::patch_user)
        .service(user::delete_user)
        .service(user::search_users)
        .service(user::read_user_history)
        .service(user::read_user_version)
        .service(user::close_user_sessions)
        .service(role::search_roles_by_form)
        .service(role::read_history_of_roles)
        .service(role::create_role)
        .service(role::read_role)
        .service(role::put_role)
        .service(role::patch_role)
        .service(role::delete_role)
        .service(role::search_roles)
        .service(role::read_role_history)
        .service(role::read_role_version)
        .service(policy::search_policies_by_form)
        .service(policy::read_history_of_policies)
        .service(policy::create_policy)
        .service(policy::read_policy)
        .service(policy::put_policy)
        .service(policy::patch_policy)
        .service(policy::delete_policy)
        .service(policy::search_policies)
        .service(policy::read_policy_history)
        .service(policy::read_policy_version)
        .service(session_search::search_sessions)
        .service(session_search::search_sessions_by_form)
        .service(session_count::count_sessions)
        .service(audit_event::search_audit_events)
        .service(audit_event::search_audit_events_by_form)
        .service(audit_event::count_audit_events)
        .service(audit_event::read_audit_event)
        .service(session::close_own_session)
        .service(session::read_session)
        .service(session::close_session)
        .service(session::patch_session);
}

/// The description of every route, each operation once.
pub(crate) fn document(base: OpenApi) -> OpenApi {
    describe(base, &ALL)
}

/// What an operator may leave out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doors {
    /// `POST /token`.
    pub(crate) token_alias: bool,
    /// The console.
    pub(crate) console: bool,
}

/// Everything the public listener answers. Routes are tried in their order: what is asked most comes
/// first, and pages for people last.
pub(crate) fn mount(app: &mut web::ServiceConfig, doors: Doors) {
    mount_api(app, doors);
    docs::mount(app);
    if doors.console {
        console::mount(app, doors);
    }
}

/// What the `OpenAPI` document describes.
pub(crate) fn mount_api(app: &mut web::ServiceConfig, doors: Doors) {
    if doors.token_alias {
        app.service(token::request_token_alias);
        app.service(refuse_other_methods("/token", "POST".to_owned()));
    }
    register(app, &ALL);
    app.service(web::scope("/fhir").configure(|scope| register(scope, &[Routes::Resources])));
    app.default_service(web::to(async || Err::<&str, _>(Failure::NotFound)));
}

fn describe(base: OpenApi, lists: &[Routes]) -> OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(base);
    let app = lists.iter().fold(app, |app, list| {
        app.configure(|config| list.register(config))
    });
    app.split_for_parts().1
}

const ALL: [Routes; 2] = [Routes::OAuth, Routes::Resources];

/// The paths of a list, each with the methods its handlers describe. The descriptions themselves take
/// megabytes that the allocator would not give back, so that there is only one of them at a time.
#[derive(Default)]
struct Known(BTreeMap<String, Vec<Method>>);

impl Registry for Known {
    fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        for (path, item) in handler.paths().paths {
            let described = METHODS
                .into_iter()
                .filter(|method| describes(&item, method));
            self.0.entry(path).or_default().extend(described);
        }
        self
    }
}

/// A path, and the methods it has as `Allow` names them.
type Allowed = (String, String);

/// Found once, for every event loop mounts the paths.
static OAUTH: LazyLock<Vec<Allowed>> = LazyLock::new(|| allowed(Routes::OAuth));
static RESOURCES: LazyLock<Vec<Allowed>> = LazyLock::new(|| allowed(Routes::Resources));

fn allowed(list: Routes) -> Vec<Allowed> {
    let mut known = Known::default();
    list.register(&mut known);
    let paths = known.0.into_iter();
    paths
        .map(|(path, methods)| (path, allow(&methods)))
        .collect()
}

/// What tells which pattern a path has, where no router has said it.
static PATTERNS: LazyLock<Vec<ResourceDef>> = LazyLock::new(|| {
    let paths = OAUTH.iter().chain(RESOURCES.iter());
    paths
        .map(|(path, _)| ResourceDef::new(path.as_str()))
        .collect()
});

/// The pattern of a path of the API.
pub(crate) fn pattern_of(path: &str) -> Option<String> {
    let (prefix, path) = match path.strip_prefix("/fhir") {
        Some(rest) if rest.starts_with('/') => ("/fhir", rest),
        _ => ("", path),
    };
    let pattern = PATTERNS.iter().find(|pattern| pattern.is_match(path))?;
    Some(format!("{prefix}{}", pattern.pattern()?))
}

/// The handlers of lists, and after them a refusal of every other method on their paths.
fn register(app: &mut web::ServiceConfig, lists: &[Routes]) {
    for list in lists {
        list.register(app);
    }
    for (path, allow) in lists.iter().flat_map(|list| list.allowed()) {
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

/// In the order they are named in `Allow`.
const METHODS: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

fn describes(item: &PathItem, method: &Method) -> bool {
    let operation = match *method {
        Method::GET | Method::HEAD => &item.get,
        Method::POST => &item.post,
        Method::PUT => &item.put,
        Method::PATCH => &item.patch,
        Method::DELETE => &item.delete,
        _ => &None,
    };
    operation.is_some()
}

/// `Allow` (RFC 9110 §10.2.1).
fn allow(methods: &[Method]) -> String {
    let is_known = |method: &&Method| methods.contains(method);
    let known: Vec<&str> = METHODS
        .iter()
        .filter(is_known)
        .map(Method::as_str)
        .collect();
    known.join(", ")
}
