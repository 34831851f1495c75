//! A client library that others wrote speaks with Grantor.

use oauth2::basic::{BasicClient, BasicErrorResponseType};
use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IntrospectionUrl, RefreshToken, RequestTokenError, ResourceOwnerPassword,
    ResourceOwnerUsername, RevocationUrl, Scope, StandardRevocableToken,
    TokenIntrospectionResponse as _, TokenResponse as _, TokenUrl,
};
use serde_json::json;

use crate::support::World;

type Library = BasicClient<EndpointNotSet, EndpointNotSet, EndpointSet, EndpointSet, EndpointSet>;

/// The library, as a client that authenticates in this way.
fn library(world: &World, id: &str, secret: &str, auth_type: AuthType) -> Library {
    let url = |path: &str| format!("{}{path}", world.http.base);
    BasicClient::new(ClientId::new(id.to_owned()))
        .set_client_secret(ClientSecret::new(secret.to_owned()))
        .set_auth_type(auth_type)
        .set_token_uri(TokenUrl::new(url("/auth/token")).unwrap())
        .set_introspection_url(IntrospectionUrl::new(url("/auth/introspect")).unwrap())
        // The library insists on TLS here and nowhere else; the request is sent where it belongs.
        .set_revocation_url(
            RevocationUrl::new("https://tls.invalid/auth/revoke".to_owned()).unwrap(),
        )
}

/// The library's way to the server.
fn transport(world: &World) -> impl Fn(HttpRequest) -> Result<HttpResponse, ureq::Error> {
    |mut request| {
        if request.uri().host() == Some("tls.invalid") {
            let path = format!("{}{}", world.http.base, request.uri().path());
            *request.uri_mut() = path.parse().unwrap();
        }
        let answer = world.http.run(request)?;
        let mut response = ureq::http::Response::builder().status(answer.status);
        for (name, value) in &answer.headers {
            response = response.header(name, value);
        }
        Ok(response.body(answer.body)?)
    }
}

fn owner() -> (ResourceOwnerUsername, ResourceOwnerPassword) {
    let password = ResourceOwnerPassword::new("password".to_owned());
    (ResourceOwnerUsername::new("user".to_owned()), password)
}

on_every_store!(it_gets_a_token_for_a_password_and_refreshes_it, |world| {
    world.register(
        "lib",
        &json!({
            "secret": "a secret: with + % & signs",
            "grant_types": ["password"],
            "scope": ["read", "write"],
            "auth": { "password": { "refresh_token": true } }
        }),
    );
    for auth_type in [AuthType::BasicAuth, AuthType::RequestBody] {
        let library = library(world, "lib", "a secret: with + % & signs", auth_type);
        let http = transport(world);
        let (username, password) = owner();
        let request = library.exchange_password(&username, &password);
        let token = request
            .add_scope(Scope::new("read".to_owned()))
            .request(&http)
            .unwrap();
        assert_eq!(token.expires_in().unwrap().as_secs(), 3600);
        assert_eq!(token.scopes(), Some(&vec![Scope::new("read".to_owned())]));
        let refreshed = library
            .exchange_refresh_token(token.refresh_token().unwrap())
            .request(&http)
            .unwrap();
        assert_ne!(
            refreshed.access_token().secret(),
            token.access_token().secret()
        );
        assert_eq!(refreshed.scopes(), token.scopes());
    }
});

on_every_store!(it_gets_a_token_for_client_credentials, |world| {
    world.register("machine", &json!({
        "secret": "s", "grant_types": ["client_credentials"], "scope": ["read"], "default_scope": ["read"]
    }));
    let library = library(world, "machine", "s", AuthType::BasicAuth);
    let token = library
        .exchange_client_credentials()
        .request(&transport(world))
        .unwrap();
    assert!(token.refresh_token().is_none());
    assert_eq!(token.scopes(), Some(&vec![Scope::new("read".to_owned())]));
});

on_every_store!(it_introspects_and_revokes, |world| {
    let library = library(world, "myapp", "verysecret", AuthType::BasicAuth);
    let http = transport(world);
    let (username, password) = owner();
    let token = library
        .exchange_password(&username, &password)
        .request(&http)
        .unwrap();
    let seen = library
        .introspect(token.access_token())
        .request(&http)
        .unwrap();
    assert!(seen.active());
    assert_eq!(seen.sub(), Some("user"));
    assert_eq!(seen.client_id().map(|id| id.as_str()), Some("myapp"));
    assert!(seen.exp().unwrap() > seen.iat().unwrap());
    let refresh = StandardRevocableToken::from(token.refresh_token().unwrap());
    library
        .revoke_token(refresh)
        .unwrap()
        .request(&http)
        .unwrap();
    assert!(
        !library
            .introspect(token.access_token())
            .request(&http)
            .unwrap()
            .active()
    );
});

on_every_store!(it_understands_refusals, |world| {
    let library = library(world, "myapp", "verysecret", AuthType::BasicAuth);
    let token = RefreshToken::new("nonsense".to_owned());
    let refused = library
        .exchange_refresh_token(&token)
        .request(&transport(world))
        .unwrap_err();
    let RequestTokenError::ServerResponse(response) = refused else {
        panic!("not a refusal: {refused:?}");
    };
    assert_eq!(response.error(), &BasicErrorResponseType::InvalidGrant);
});
