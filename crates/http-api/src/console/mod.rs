//! Pages for browsers: the console, and signing in to it.
//!
//! A page is made of what the API answers: a handler asks it in process (`api`) with the browser's
//! session as the credential, and writes HTML. So nothing here decides who may do what, and nothing
//! can be done here that cannot be done by the API.
//!
//! In reading order: `visitor` (who is signed in), `form` (what was posted, and that our own page
//! sent it), `page` (the frame of every page), `login`, then one file or folder a page.

mod account;
mod api;
mod assets;
mod audit;
mod cookie;
mod edit;
mod failed;
mod form;
mod home;
mod keys;
mod login;
mod member;
mod page;
mod policy_test;
mod resources;
mod sandbox;
mod sessions;
mod show;
#[cfg(test)]
mod tests;
mod visitor;

pub(crate) use failed::{failed, lost};

use actix_web::{Resource, web};

use crate::error::Failure;
use crate::routes::Doors;

/// Mounts every page.
pub(crate) fn mount(app: &mut web::ServiceConfig, doors: Doors) {
    app.app_data(api::InProcess::new(doors));
    app.service(
        at("/auth/login", "GET, HEAD, POST")
            .get(login::show)
            .post(login::sign_in),
    );
    app.service(at("/console", "GET, HEAD").get(home::show));
    app.service(at("/console/sign-out", "POST").post(login::sign_out));
    app.service(at("/console/assets/{build}/{name}", "GET, HEAD").get(assets::file));
    app.service(at("/console/account", "GET, HEAD").get(account::show));
    app.service(at("/console/account/password", "POST").post(account::change_password));
    let (tab, step) = (
        "/console/sandbox/{grant}",
        "/console/sandbox/{grant}/{step}",
    );
    app.service(at(tab, "GET, HEAD").get(sandbox::begin));
    app.service(at("/console/sandbox/{grant}/clean-up", "POST").post(sandbox::clean_up));
    app.service(
        at(step, "GET, HEAD, POST")
            .get(sandbox::show)
            .post(sandbox::act),
    );
    app.service(at("/console/sessions", "GET, HEAD").get(sessions::search));
    app.service(at("/console/sessions/{id}", "GET, HEAD").get(sessions::one));
    app.service(at("/console/sessions/{id}/close", "POST").post(sessions::close));
    app.service(at("/console/audit", "GET, HEAD").get(audit::search));
    app.service(at("/console/keys", "GET, HEAD").get(keys::show));
    app.service(at("/console/keys/rotate", "POST").post(keys::rotate));
    app.service(at("/console/keys/rotate-now", "POST").post(keys::rotate_now));
    app.service(at("/console/keys/{kid}/retire", "POST").post(keys::retire));
    app.service(at("/console/{type}/{id}/close-sessions", "POST").post(sessions::close_all));
    let resources = format!("/console/{}", resources::TYPE);
    let below = |path: &str, allow| at(&format!("{resources}{path}"), allow);
    app.service(below("", "GET, HEAD").get(resources::list));
    app.service(
        at("/console/policies/test", "GET, HEAD, POST")
            .get(policy_test::show)
            .post(policy_test::test),
    );
    app.service(
        below("/new", "GET, HEAD, POST")
            .get(resources::new)
            .post(resources::create),
    );
    app.service(
        below("/{id}", "GET, HEAD, POST")
            .get(resources::one)
            .post(resources::change),
    );
    app.service(below("/{id}/history", "GET, HEAD").get(resources::history));
    app.service(below("/{id}/delete", "POST").post(resources::remove));
    app.service(below("/{id}/disable", "POST").post(resources::disable));
    app.service(below("/{id}/enable", "POST").post(resources::enable));
    app.service(at("/console/clients/{id}/rotate-secret", "POST").post(resources::rotate));
    app.service(at("/console/users/{id}/force-reset", "POST").post(resources::force_reset));
}

/// What is at a path. `allow` names its methods for whoever tries another (RFC 9110 §15.5.6).
fn at(path: &str, allow: &'static str) -> Resource {
    web::resource(path).default_service(web::to(async move || {
        Err::<&str, _>(Failure::MethodNotAllowed(allow.to_owned()))
    }))
}
