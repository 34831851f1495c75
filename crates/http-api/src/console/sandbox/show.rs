//! The pages of the steps.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use grantor_domain::secret::TokenValue;

use crate::console::api::{Api, Ask, Credential};
use crate::console::page::{Frame, Section, page, see_other};
use crate::console::visitor::Visitor;
use crate::error::Failure;
use crate::state::Server;

use super::cards::{Card, cards};
use super::fields::{ClientFields, TokenFields, UserFields, Way};
use super::grant::{Grant, Step};
use super::jwt::{Jwt, is_signature_valid};
use super::notes::{Notes, Walk};
use super::remaining::Until;
use super::requests::Request;
use super::stepper::{Stepper, current};
use super::tokens::Tokens;

#[derive(Template)]
#[template(path = "console/sandbox/client.html")]
struct ClientPage<'a> {
    frame: Frame,
    stepper: Stepper,
    fields: &'a ClientFields,
    /// What `auth` calls the grant's settings.
    settings: String,
    is_password: bool,
    cards: Vec<Card>,
    /// Whether somebody else's client would be replaced.
    is_strange: bool,
}

#[derive(Template)]
#[template(path = "console/sandbox/user.html")]
struct UserPage<'a> {
    frame: Frame,
    stepper: Stepper,
    fields: &'a UserFields,
    cards: Vec<Card>,
    /// Whether somebody else's user would be replaced.
    is_strange: bool,
}

#[derive(Template)]
#[template(path = "console/sandbox/token.html")]
struct TokenPage<'a> {
    frame: Frame,
    stepper: Stepper,
    fields: &'a TokenFields,
    ways: [Way; 4],
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "console/sandbox/answer.html")]
struct AnswerPage<'a> {
    frame: Frame,
    stepper: Stepper,
    tokens: Option<&'a Tokens>,
    ends: Option<Until>,
    jwt: Option<Jwt>,
    /// Whether its signature is that of a published key.
    is_published: bool,
    is_valid: bool,
}

#[derive(Template)]
#[template(path = "console/sandbox/requests.html")]
struct RequestsPage {
    frame: Frame,
    stepper: Stepper,
    help: &'static str,
    cards: Vec<Card>,
}

/// `GET /console/sandbox/{grant}`: goes on where it was left.
pub(in crate::console) async fn begin(
    visitor: Visitor,
    server: Server,
    request: HttpRequest,
    grant: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    visitor.must_be_shown(Section::Sandbox)?;
    let grant = Grant::parse(&grant).ok_or(Failure::NotFound)?;
    let mut notes = Notes::read(&server, &request).await?;
    let step = current(notes.walk(grant), grant);
    Ok(see_other(&visitor.link(&grant.page(step))))
}

/// `GET /console/sandbox/{grant}/{step}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    server: Server,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    visitor.must_be_shown(Section::Sandbox)?;
    let (grant, number) = path.into_inner();
    let grant = Grant::parse(&grant).ok_or(Failure::NotFound)?;
    let step = grant.step(&number).ok_or(Failure::NotFound)?;
    let mut notes = Notes::read(&server, &request).await?;
    let walk = notes.walk(grant);
    let frame = visitor.frame(Section::Sandbox);
    let stepper = Stepper::of(walk, grant, step);
    let cards = cards(walk, grant, step, server.issuer());
    let is_asked = |request: Request| {
        let target = request.sent(walk, grant).map(|sent| sent.target);
        target.is_some() && walk.asked == target
    };
    match step {
        Step::Client => page(&ClientPage {
            is_strange: is_asked(Request::Client),
            fields: &walk.fields.client,
            settings: format!("auth.{}", grant.grant_type()),
            is_password: grant == Grant::Password,
            frame,
            stepper,
            cards,
        }),
        Step::User => page(&UserPage {
            is_strange: is_asked(Request::User),
            fields: &walk.fields.user,
            frame,
            stepper,
            cards,
        }),
        Step::Token if grant == Grant::Password => page(&TokenPage {
            fields: &walk.fields.token,
            ways: Way::ALL,
            frame,
            stepper,
            cards,
        }),
        Step::Answer => answer(frame, stepper, walk, &server, &visitor.api).await,
        step => page(&RequestsPage {
            help: help(step),
            frame,
            stepper,
            cards,
        }),
    }
}

async fn answer(
    frame: Frame,
    stepper: Stepper,
    walk: &Walk,
    server: &Server,
    api: &Api,
) -> Result<HttpResponse, Failure> {
    let tokens = walk.tokens.as_ref();
    let (now, ends) = (server.now(), tokens.map(|tokens| tokens.ends));
    let jwt = tokens.and_then(|tokens| Jwt::read(&tokens.access, now));
    let (mut is_published, mut is_valid) = (false, false);
    if let (Some(jwt), Some(tokens)) = (&jwt, tokens) {
        let keys = Ask {
            credential: Credential::InHeaders,
            ..Ask::new(Method::GET, "/.well-known/jwks.json")
        };
        let keys = api.ask(keys).await?.accepted()?.value();
        is_published = jwt.is_signed_by_one_of(&keys);
        let (token, ends) = (TokenValue::new(tokens.access.clone()), tokens.ends);
        let verify = server.run(move |server| is_signature_valid(server, &token, ends));
        is_valid = is_published && verify.await?;
    }
    page(&AnswerPage {
        ends: ends.map(|ends| Until::of(ends, now)),
        frame,
        stepper,
        tokens,
        jwt,
        is_published,
        is_valid,
    })
}

const fn help(step: Step) -> &'static str {
    match step {
        Step::Token => "The client asks for itself: no user, no refresh token.",
        Step::Use => {
            "Whoever has the token shows it in the Authorization header, to this server and to your own API."
        }
        Step::Refresh => {
            "Tokens that live long are traded in often, so that a stolen one gives itself away."
        }
        Step::Close => {
            "A session is closed by whoever holds its access token, by its user, or by an operator."
        }
        Step::Proof => {
            "A closed session leaves nothing: its tokens are refused everywhere, at once."
        }
        _ => "",
    }
}
