//! Links between pages: a signed position, so that the thousandth page is as quick as the first and
//! nobody can make up a place to begin at.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_domain::window::{Position, Start, Window};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::error::Failure;

use super::query::MOST_SKIPPED;
use super::{Criteria, Query, bad};

/// Bytes of the signature: half of HMAC-SHA256, as RFC 2104 §5 permits.
const SIGNATURE: usize = 16;
/// Longest cursor that is looked at, in characters.
const LONGEST: usize = 1024;

/// Signs the links between pages. Every replica has the same.
#[derive(Clone)]
pub(crate) struct PageKey([u8; 32]);

impl fmt::Debug for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageKey([redacted])")
    }
}

/// The pages of one search.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    key: PageKey,
    /// Where the search is, below the mount.
    pub(super) path: String,
    pub(super) elements: Option<Vec<String>>,
    pub(super) sent: Vec<(String, String)>,
    pub(super) has_positions: bool,
    pub(super) page: Option<String>,
    window: Window,
}

impl PageKey {
    /// With this key.
    pub(crate) const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The pages of a search at `path`.
    ///
    /// # Errors
    /// 400 for a `_page` that is no number and no cursor of this very search.
    pub(crate) fn of<C: Criteria>(&self, path: &str, query: &Query<C>) -> Result<Pages, Failure> {
        let mut pages = Pages {
            key: self.clone(),
            path: path.to_owned(),
            elements: query.elements.clone(),
            sent: query.sent.clone(),
            has_positions: query.criteria.has_positions(),
            page: query.page.clone(),
            window: Window {
                count: query.count,
                start: Start::First,
                total: query.total,
            },
        };
        if let Some(page) = &query.page {
            pages.window.start = pages.start(page)?;
        }
        Ok(pages)
    }
}

impl Pages {
    /// The page that was asked for.
    pub(crate) fn window(&self) -> Window {
        self.window.clone()
    }

    /// Where it begins.
    pub(super) const fn begins(&self) -> &Start {
        &self.window.start
    }

    pub(super) const fn count(&self) -> u32 {
        self.window.count
    }

    /// Whether it is the first page.
    pub(crate) fn is_first(&self) -> bool {
        self.window.start == Start::First
    }

    /// `_page` for a page.
    pub(super) fn cursor(&self, start: &Start) -> Option<String> {
        let (kind, position) = match start {
            Start::First => return None,
            Start::Skip(skipped) => {
                return Some((skipped / self.window.count.max(1) + 1).to_string());
            }
            Start::After(position) => (b'a', Some(position)),
            Start::Before(position) => (b'b', Some(position)),
            Start::Last => (b'l', None),
        };
        let mut bytes = vec![kind];
        if let Some(position) = position {
            bytes.push(u8::try_from(position.keys.len()).ok()?);
            for key in &position.keys {
                bytes.extend_from_slice(&key.to_be_bytes());
            }
            bytes.extend_from_slice(position.id.as_bytes());
        }
        let signature = self.sign(&bytes);
        bytes.extend_from_slice(&signature);
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn start(&self, page: &str) -> Result<Start, Failure> {
        let refused = || {
            bad(
                "_page",
                "must be a number from 1, or taken from a link of this search",
            )
        };
        if page.len() <= 10 && page.bytes().all(|b| b.is_ascii_digit()) {
            let number: u64 = page.parse().map_err(|_| refused())?;
            let skipped = number.checked_sub(1).ok_or_else(refused)? * u64::from(self.window.count);
            return match u32::try_from(skipped) {
                Ok(0) => Ok(Start::First),
                Ok(skipped) if u64::from(skipped) <= MOST_SKIPPED => Ok(Start::Skip(skipped)),
                _ => Err(bad("_page", "is too far on: follow the links instead")),
            };
        }
        let decoded = URL_SAFE_NO_PAD.decode(page).ok();
        let bytes = decoded
            .filter(|_| page.len() <= LONGEST)
            .ok_or_else(refused)?;
        let at = bytes.len().checked_sub(SIGNATURE).ok_or_else(refused)?;
        let (signed, signature) = bytes.split_at(at);
        let mut mac = self.mac();
        mac.update(signed);
        mac.verify_truncated_left(signature)
            .map_err(|_| refused())?;
        position(signed).ok_or_else(refused)
    }

    /// A cursor holds for one search: where it is, and all it was asked.
    fn mac(&self) -> Hmac<Sha256> {
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(self.key.0) {
            *to = from;
        }
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(self.path.as_bytes());
        for (name, value) in self.sent.iter().filter(|(name, _)| name != "_count") {
            for part in [name, value] {
                mac.update(&(part.len() as u64).to_be_bytes());
                mac.update(part.as_bytes());
            }
        }
        mac.update(&[0]);
        mac
    }

    fn sign(&self, bytes: &[u8]) -> [u8; SIGNATURE] {
        let mut mac = self.mac();
        mac.update(bytes);
        let full = mac.finalize().into_bytes();
        let mut signature = [0; SIGNATURE];
        for (to, from) in signature.iter_mut().zip(full) {
            *to = from;
        }
        signature
    }
}

#[cfg(any(test, feature = "fuzzing"))]
impl Pages {
    /// Where a page begins whose link holds these bytes, as if we had signed them.
    ///
    /// # Errors
    /// 400 when they say nothing.
    pub(crate) fn begins_at(&self, bytes: &[u8]) -> Result<Start, Failure> {
        let mut link = bytes.to_vec();
        link.extend_from_slice(&self.sign(bytes));
        self.start(&URL_SAFE_NO_PAD.encode(link))
    }

    /// Where a page begins when its own link is followed.
    pub(crate) fn followed(&self, start: &Start) -> Option<Start> {
        self.start(&self.cursor(start)?).ok()
    }
}

fn position(bytes: &[u8]) -> Option<Start> {
    let (kind, rest) = bytes.split_first()?;
    if *kind == b'l' {
        return rest.is_empty().then_some(Start::Last);
    }
    let (count, mut rest) = rest.split_first()?;
    let mut keys = Vec::new();
    for _ in 0..*count {
        let (key, after) = rest.split_first_chunk::<8>()?;
        keys.push(i64::from_be_bytes(*key));
        rest = after;
    }
    let id = String::from_utf8(rest.to_vec()).ok()?;
    let position = Position { keys, id };
    match kind {
        b'a' => Some(Start::After(position)),
        b'b' => Some(Start::Before(position)),
        _ => None,
    }
}
