//! Who is signed in, and what they may see.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use grantor_domain::access::{Interaction, Wish};
use grantor_domain::caller::Caller;
use grantor_domain::resources::ResourceKind;
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::CallerCredentials;
use grantor_domain::{AuthorizationServer, Error, Reason};
use serde_json::Map;

use crate::error::Failure;
use crate::extract::caller::{call, facts};
use crate::state::State;

use super::api::Api;
use super::cookie::Jar;
use super::form::{Form, form_token};
use super::page::{Frame, NavLink, Section};

/// What a visitor may look for, so that its navigation leads nowhere it may not go. What it may do
/// is judged when it does it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each shows or hides a link of its own"
)]
pub(crate) struct Rights {
    pub(crate) sessions: bool,
    pub(crate) clients: bool,
    pub(crate) users: bool,
    pub(crate) roles: bool,
    pub(crate) policies: bool,
    pub(crate) audit: bool,
    /// Seeing the signing keys.
    pub(crate) keys: bool,
    /// Making clients and users, which the sandbox does.
    pub(crate) sandbox: bool,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Visitor {
    /// The API, with the visitor's credential.
    pub(crate) api: Api,
    /// The user's id.
    pub(crate) user: String,
    /// The session the browser holds.
    pub(crate) session: String,
    pub(crate) rights: Rights,
    state: web::Data<State>,
    csrf: String,
    done: &'static str,
}

impl Visitor {
    /// The frame of a page of a section.
    pub(crate) fn frame(&self, section: Section) -> Frame {
        let mut frame = Frame::outside(&self.state, self.csrf.clone());
        frame.user = Some(self.user.clone());
        frame.flash = Some(self.done).filter(|done| !done.is_empty());
        frame.navigation = navigation(self.rights, section);
        frame
    }

    /// Passes visitors whose navigation leads to a section. What they send from there is judged when
    /// the API is asked.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`].
    pub(crate) fn must_be_shown(&self, section: Section) -> Result<(), Failure> {
        let groups = navigation(self.rights, section);
        if groups.iter().flatten().any(|link| link.is_current) {
            Ok(())
        } else {
            Err(Reason::NotAllowed.into())
        }
    }

    /// A path of the console, below the issuer's.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.state.root())
    }
}

fn navigation(rights: Rights, section: Section) -> Vec<Vec<NavLink>> {
    let link = |is_shown: bool, path, title, of| {
        let is_current = of == section;
        is_shown.then_some(NavLink {
            path,
            title,
            is_current,
        })
    };
    let administers = rights != Rights::default();
    let groups = [
        vec![
            link(administers, "/console", "Home", Section::Home),
            link(
                rights.sandbox,
                "/console/sandbox/password",
                "Sandbox",
                Section::Sandbox,
            ),
        ],
        vec![
            link(
                rights.sessions,
                "/console/sessions",
                "Sessions",
                Section::Sessions,
            ),
            link(
                rights.clients,
                "/console/clients",
                "Clients",
                Section::Clients,
            ),
            link(rights.users, "/console/users", "Users", Section::Users),
            link(rights.roles, "/console/roles", "Roles", Section::Roles),
            link(
                rights.policies,
                "/console/policies",
                "Policies",
                Section::Policies,
            ),
        ],
        vec![
            link(rights.audit, "/console/audit", "Audit", Section::Audit),
            link(rights.keys, "/console/keys", "Keys", Section::Keys),
        ],
        vec![link(true, "/console/account", "Account", Section::Account)],
    ];
    let shown = groups.map(|group| group.into_iter().flatten().collect::<Vec<_>>());
    shown
        .into_iter()
        .filter(|group| !group.is_empty())
        .collect()
}

impl FromRequest for Visitor {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { visitor(&request).await })
    }
}

async fn visitor(request: &HttpRequest) -> Result<Visitor, Failure> {
    let state = request.app_data::<web::Data<State>>();
    let state = state.ok_or(Failure::NotFound)?.clone();
    let held = Jar::Session.read(request, &state);
    let held = held.ok_or(Reason::MissingCredentials)?;
    let csrf = form_token(&held);
    let token = TokenValue::new(held);
    let api = Api::of(request, token.clone()).ok_or(Failure::NotFound)?;
    let call = call(request);
    let work = move |server: &AuthorizationServer| -> Result<_, Error> {
        let shown = CallerCredentials::Browser(token);
        let caller = server.identify(Some(&shown), &call)?;
        let rights = rights(server, &caller)?;
        Ok((caller, rights))
    };
    let (caller, rights) = state.run(work).await?;
    let (Some(user), Some(session)) = (caller.user(), caller.session()) else {
        return Err(Reason::InvalidBearerToken.into());
    };
    Ok(Visitor {
        api,
        user: user.to_string(),
        session: session.to_string(),
        rights,
        csrf,
        done: done(request),
        state,
    })
}

/// Asks the policies as the API would: about requests to it, not about those for pages.
fn rights(server: &AuthorizationServer, caller: &Caller) -> Result<Rights, Error> {
    let wish = |interaction, kind: ResourceKind, method: &str| Wish {
        interaction,
        kind,
        facts: facts(
            method,
            &format!("/{}", kind.as_str()),
            Map::new(),
            &caller.call().origin,
        ),
    };
    let search = |kind| wish(Interaction::Search, kind, "get");
    let make = |kind| wish(Interaction::Create, kind, "post");
    let wishes = [
        search(ResourceKind::Session),
        search(ResourceKind::Client),
        search(ResourceKind::User),
        search(ResourceKind::Role),
        search(ResourceKind::AccessPolicy),
        search(ResourceKind::AuditEvent),
        Wish {
            facts: facts("get", "/auth/keys", Map::new(), &caller.call().origin),
            ..search(ResourceKind::SigningKey)
        },
        make(ResourceKind::Client),
        make(ResourceKind::User),
    ];
    let [
        sessions,
        clients,
        users,
        roles,
        policies,
        audit,
        keys,
        make_client,
        make_user,
    ] = server.permitted(caller, &wishes)?;
    Ok(Rights {
        sessions,
        clients,
        users,
        roles,
        policies,
        audit,
        keys,
        sandbox: make_client && make_user,
    })
}

/// What the page before this one did: a word in the query, of a closed list.
fn done(request: &HttpRequest) -> &'static str {
    let query = Form::of_query(request).unwrap_or_default();
    match query.get("done") {
        "saved" => "Saved.",
        "created" => "Created.",
        "deleted" => "Deleted.",
        "disabled" => "Disabled. Its sessions have ended.",
        "enabled" => "Enabled.",
        "closed" => "The session is closed. Its tokens are dead.",
        "all-closed" => "All of these sessions are closed. Their tokens are dead.",
        "password" => "Your password is changed. Your other sessions are closed.",
        "cleared" => "What the sandbox made is removed.",
        "rotated" => "A new key is published. It signs once every server knows it.",
        "rotated-now" => "A new key signs from now on.",
        "retired" => "The key has ended. What it signed is refused from now on.",
        _ => "",
    }
}

/// What a signed-in browser has posted with one of our forms.
pub(crate) struct Posted {
    pub(crate) visitor: Visitor,
    pub(crate) form: Form,
}

impl FromRequest for Posted {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        debug_assert_eq!(request.method(), Method::POST);
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visitor = visitor(&request).await?;
            let form = Form::read(&request, payload, &visitor.state).await?;
            let held = Jar::Session.read(&request, &visitor.state);
            form.must_be_ours(&held.unwrap_or_default())?;
            Ok(Self { visitor, form })
        })
    }
}
