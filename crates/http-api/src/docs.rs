//! `GET /openapi.json` and `GET /docs`: the API for machines and for people. The page and all it
//! loads come from this server.

use std::io::Read as _;
use std::sync::{Arc, LazyLock};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::read::GzDecoder;
use utoipa_swagger_ui::Config;

use crate::error::Failure;
use crate::negotiate::takes_gzip;
use crate::openapi::openapi_document;
use crate::routes::refuse_other_methods;

/// Nothing from elsewhere, nothing inline but the styles Swagger UI sets on its elements.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CACHE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=300");

static DOCUMENT: LazyLock<String> = LazyLock::new(openapi_document);

/// Relative to the page, so that it works behind any prefix. `none` keeps Swagger UI from asking
/// a validator elsewhere.
static CONFIG: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::from("../openapi.json").validator_url("none")));

/// Mounts both.
pub(crate) fn mount(app: &mut web::ServiceConfig) {
    app.route("/openapi.json", web::get().to(document));
    app.route("/docs", web::get().to(redirect));
    app.route("/docs/{file:.*}", web::get().to(page));
    for path in ["/openapi.json", "/docs", "/docs/{file:.*}"] {
        app.service(refuse_other_methods(path, "GET, HEAD".to_owned()));
    }
}

async fn document() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CACHE)
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .content_type("application/json; charset=UTF-8")
        .body(DOCUMENT.as_str())
}

async fn redirect() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header(CACHE)
        .insert_header((header::LOCATION, "docs/"))
        .finish()
}

async fn page(file: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let file = utoipa_swagger_ui::serve(&file, Arc::clone(&CONFIG))
        .map_err(|_| Failure::Panicked)?
        .ok_or(Failure::NotFound)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header(CACHE)
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::VARY, "Accept-Encoding"))
        .content_type(file.content_type);
    Ok(match (file.gzpipped, takes_gzip(&request)) {
        (false, _) => response.body(file.bytes.into_owned()),
        (true, true) => response
            .insert_header(header::ContentEncoding::Gzip)
            .body(file.bytes.into_owned()),
        (true, false) => response.body(unpacked(&file.bytes)?),
    })
}

/// For the few that take nothing packed.
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut unpacked = Vec::new();
    let read = GzDecoder::new(bytes).read_to_end(&mut unpacked);
    read.map_err(|_| Failure::Panicked)?;
    Ok(unpacked)
}
