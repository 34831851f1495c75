//! The parameters of a search, as sent and as understood.

use actix_web::HttpRequest;
use grantor_domain::window::Total;

use crate::body::pairs;
use crate::error::Failure;
use crate::extract::caller::is_credential;

const LARGEST_PAGE: u32 = 1000;
const DEFAULT_PAGE: u32 = 100;
/// Most parameters: each is a condition that the database plans for.
const MOST_PARAMETERS: usize = 32;
/// Most values of all parameters together.
const MOST_VALUES: usize = 100;
/// Longest value, in bytes. SQLite takes no pattern above 50,000.
const LONGEST_VALUE: usize = 8 * 1024;

/// The parameters of a request, decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) pairs: Vec<(String, String)>,
    /// `Prefer: handling=lenient`: unknown parameters are ignored.
    pub(crate) is_lenient: bool,
}

impl Sent {
    /// Decodes a query.
    ///
    /// # Errors
    /// 400 when it cannot be decoded, carries credentials or has too many parameters.
    pub(crate) fn parse(query: &str) -> Result<Self, Failure> {
        let pairs = pairs(query.as_bytes())
            .ok_or_else(|| Failure::unreadable("The query is not percent-encoded UTF-8"))?;
        if pairs.iter().any(|(name, _)| is_credential(name)) {
            return Err(Failure::unreadable(
                "Credentials and tokens are not taken from the query",
            ));
        }
        if pairs.len() > MOST_PARAMETERS {
            return Err(Failure::unreadable("The search has too many parameters"));
        }
        Ok(Self {
            pairs,
            is_lenient: false,
        })
    }

    /// The query of a request, followed by the parameters of its form.
    ///
    /// # Errors
    /// Those of [`Sent::parse`].
    pub(crate) fn of(request: &HttpRequest, form: &str) -> Result<Self, Failure> {
        let query = request.query_string();
        let joined = if form.is_empty() {
            query.to_owned()
        } else {
            format!("{query}&{form}")
        };
        Ok(Self {
            is_lenient: is_lenient(request),
            ..Self::parse(&joined)?
        })
    }
}

fn is_lenient(request: &HttpRequest) -> bool {
    let preferences = request.headers().get_all("prefer");
    preferences
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .any(|preference| preference.trim().eq_ignore_ascii_case("handling=lenient"))
}

/// What is a search's own, beside what all have.
pub(crate) trait Criteria: Default {
    /// The one name of a parameter, its modifier aside; `None` when there is none of that name.
    fn known(name: &str) -> Option<&'static str>;

    /// Whether a parameter may be given several times: all must hold.
    fn may_repeat(name: &str) -> bool;

    /// Takes a value.
    ///
    /// # Errors
    /// 400 naming the parameter.
    fn take(
        &mut self,
        name: &'static str,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<(), Failure>;

    /// Takes `_sort`.
    ///
    /// # Errors
    /// 400.
    fn sort(&mut self, value: &str) -> Result<(), Failure>;

    /// Whether a page of it has a position that the next can begin after.
    fn has_positions(&self) -> bool {
        true
    }
}

/// A search, and what its links repeat.
#[derive(Clone, Debug)]
pub(crate) struct Query<C> {
    pub(crate) criteria: C,
    pub(super) count: u32,
    pub(super) total: Total,
    /// `_page`, a number or a cursor.
    pub(super) page: Option<String>,
    /// `_elements`.
    pub(super) elements: Option<Vec<String>>,
    /// The parameters as sent, but for `_page`.
    pub(super) sent: Vec<(String, String)>,
}

/// Parameters that every search has.
const COMMON: [&str; 7] = [
    "_count",
    "_page",
    "_sort",
    "_elements",
    "_total",
    "_format",
    "_pretty",
];

impl<C: Criteria> Query<C> {
    /// Reads the parameters of a search.
    ///
    /// # Errors
    /// 400 naming the parameter.
    pub(crate) fn read(sent: &Sent, is_lenient: bool) -> Result<Self, Failure> {
        let mut query = Self {
            criteria: C::default(),
            count: DEFAULT_PAGE,
            total: Total::default(),
            page: None,
            elements: None,
            sent: Vec::new(),
        };
        let mut seen = Vec::new();
        let mut values = 0;
        for (name, value) in &sent.pairs {
            let (plain, modifier) = match name.split_once(':') {
                Some((plain, modifier)) => (plain, Some(modifier)),
                None => (name.as_str(), None),
            };
            let common = COMMON.into_iter().find(|common| *common == plain);
            let common = common.filter(|_| modifier.is_none());
            let Some(known) = common.or_else(|| C::known(plain)) else {
                if is_lenient {
                    continue;
                }
                return Err(unknown(name));
            };
            if value.is_empty() {
                continue;
            }
            values += separated(value).len();
            if value.len() > LONGEST_VALUE || values > MOST_VALUES {
                return Err(bad(known, "makes the search too large"));
            }
            let repeats = common.is_none() && C::may_repeat(known);
            if seen.contains(&(known, modifier)) && !repeats {
                return Err(bad(known, "is sent twice"));
            }
            seen.push((known, modifier));
            match common {
                Some(name) => query.take(name, value)?,
                None => query.criteria.take(known, modifier, value)?,
            }
            if known != "_page" {
                query.sent.push((name.clone(), value.clone()));
            }
        }
        Ok(query)
    }

    fn take(&mut self, name: &'static str, value: &str) -> Result<(), Failure> {
        match name {
            "_count" => self.count = count(value)?,
            "_page" => self.page = Some(value.to_owned()),
            "_sort" => self.criteria.sort(value)?,
            "_total" => self.total = total(value)?,
            "_elements" => {
                self.elements = Some(list(name, value, |text| Some(text.to_owned()))?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// A parameter that cannot be read.
pub(crate) fn bad(name: &str, says: &'static str) -> Failure {
    Failure::unreadable_at(name, says)
}

/// Names a parameter only when its name is of the kind parameters have.
fn unknown(name: &str) -> Failure {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-:".contains(&b);
    let says = "is not a parameter of this search";
    if (1..=64).contains(&name.len()) && name.bytes().all(plain) {
        bad(name, says)
    } else {
        Failure::unreadable("The search has an unknown parameter")
    }
}

/// A reference without the type it begins with.
pub(crate) fn local<'a>(text: &'a str, prefix: &str) -> &'a str {
    text.strip_prefix(prefix).unwrap_or(text)
}

/// Any of several values, separated by commas; `\\,` is a comma within one (FHIR R4 §3.1.1.4.1).
///
/// # Errors
/// 400 naming the parameter.
pub(crate) fn list<T>(
    name: &str,
    value: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let values: Option<Vec<T>> = separated(value).iter().map(|one| read(one)).collect();
    values.ok_or_else(|| bad(name, "has a value that cannot be read"))
}

fn separated(value: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        let next = match letter {
            '\\' => letters.next().unwrap_or('\\'),
            ',' => {
                values.push(String::new());
                continue;
            }
            other => other,
        };
        if let Some(last) = values.last_mut() {
            last.push(next);
        }
    }
    values
}

fn count(value: &str) -> Result<u32, Failure> {
    let count = value.parse().ok().filter(|count| *count <= LARGEST_PAGE);
    count.ok_or_else(|| bad("_count", "must be a number from 0 to 1000"))
}

fn total(value: &str) -> Result<Total, Failure> {
    match value {
        "accurate" => Ok(Total::Accurate),
        "estimate" => Ok(Total::IfFew),
        "none" => Ok(Total::None),
        _ => Err(bad("_total", "must be accurate, estimate or none")),
    }
}

/// Most matches that are skipped to reach a page by its number; beyond, links lead on.
pub(super) const MOST_SKIPPED: u64 = 10_000;
