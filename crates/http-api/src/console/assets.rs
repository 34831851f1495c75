//! What pages load: a style sheet, a script and an icon, from this server and kept for good.

use std::io::{self, Write as _};
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::error::Failure;
use crate::negotiate::takes_gzip;

/// Files by name, with their type.
const FILES: [(&str, &str, &[u8]); 3] = [
    (
        "console.css",
        "text/css; charset=UTF-8",
        include_bytes!("../../assets/console.css"),
    ),
    (
        "console.js",
        "text/javascript; charset=UTF-8",
        include_bytes!("../../assets/console.js"),
    ),
    (
        "icon.svg",
        "image/svg+xml",
        include_bytes!("../../assets/icon.svg"),
    ),
];

/// Names this build's files, so that a browser never mixes them with another's.
static BUILD: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for (_, _, bytes) in FILES {
        all.update(bytes);
    }
    let digest: [u8; 32] = all.finalize().into();
    let [a, b, c, d, ..] = digest;
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
});

/// The path, below the issuer's, of the folder the files are in.
pub(super) fn folder() -> String {
    format!("/console/assets/{}", *BUILD)
}

/// The files as gzip writes them, once.
static COMPRESSED: LazyLock<[io::Result<Vec<u8>>; 3]> =
    LazyLock::new(|| FILES.map(|(_, _, bytes)| compressed(bytes)));

fn compressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// `GET /console/assets/{build}/{name}`.
pub(super) async fn file(
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (build, name) = path.into_inner();
    let files = FILES.iter().zip(COMPRESSED.iter());
    let file = files.into_iter().find(|((known, ..), _)| *known == name);
    let ((_, kind, bytes), compressed) =
        file.filter(|_| build == *BUILD).ok_or(Failure::NotFound)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"))
        .content_type(*kind);
    Ok(match compressed {
        Ok(compressed) if takes_gzip(&request) => response
            .insert_header(header::ContentEncoding::Gzip)
            .body(compressed.as_slice()),
        _ => response.body(*bytes),
    })
}
