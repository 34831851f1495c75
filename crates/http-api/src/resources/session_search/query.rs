//! The parameters of a search, as sent and as understood.

use actix_web::HttpRequest;
use grantor_domain::id::{ClientId, SessionId, UserId};
use grantor_domain::sessions::{
    DateField, SearchRequest, SessionSort, SessionType, SortKey, TimeRange, Total,
};

use crate::body::pairs;
use crate::error::{Failure, Problem};
use crate::resources::instant;

const LARGEST_PAGE: u32 = 1000;
const DEFAULT_PAGE: u32 = 100;
/// Most values of one parameter, and most ranges of dates.
const MOST_VALUES: usize = 100;

/// A search, and what its links repeat.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) search: SearchRequest,
    /// Which page, from 1.
    pub(super) page: u64,
    /// `_elements`.
    pub(super) elements: Option<Vec<String>>,
    /// The parameters as sent, but for `_page`.
    pub(super) sent: Vec<(String, String)>,
}

/// The parameters there are, under their one name.
fn known(name: &str) -> Option<&'static str> {
    Some(match name {
        "_id" | ".id" => "_id",
        "user" | ".user.id" => "user",
        "client" | ".client.id" => "client",
        "type" | ".type" => "type",
        "active" | ".active" => "active",
        "start" | ".start" => "start",
        "exp" | ".exp" => "exp",
        "_lastUpdated" | ".meta.lastUpdated" => "_lastUpdated",
        "_count" => "_count",
        "_page" => "_page",
        "_sort" => "_sort",
        "_elements" => "_elements",
        "_total" => "_total",
        "_format" => "_format",
        "_pretty" => "_pretty",
        _ => return None,
    })
}

/// Dates may be given several times: all must hold.
fn may_repeat(name: &str) -> bool {
    matches!(name, "start" | "exp" | "_lastUpdated")
}

impl Query {
    /// Reads the query of a request.
    ///
    /// # Errors
    /// 400 naming the parameter.
    pub(super) fn read(request: &HttpRequest) -> Result<Self, Failure> {
        let pairs = pairs(request.query_string().as_bytes())
            .ok_or_else(|| Failure::unreadable("The query is not percent-encoded UTF-8"))?;
        let mut query = Self {
            search: SearchRequest {
                count: DEFAULT_PAGE,
                ..SearchRequest::default()
            },
            page: 1,
            elements: None,
            sent: Vec::new(),
        };
        let mut seen = Vec::new();
        for (sent, value) in pairs {
            let Some(name) = known(&sent) else {
                if is_lenient(request) {
                    continue;
                }
                return Err(unknown(&sent));
            };
            if value.is_empty() {
                continue;
            }
            if seen.contains(&name) && !may_repeat(name) {
                return Err(bad(name, "is sent twice"));
            }
            seen.push(name);
            query.take(name, &value)?;
            if name != "_page" {
                query.sent.push((sent, value));
            }
        }
        let offset = (query.page - 1).checked_mul(u64::from(query.search.count));
        query.search.offset = offset
            .filter(|offset| i64::try_from(*offset).is_ok())
            .ok_or_else(|| bad("_page", "is too large"))?;
        Ok(query)
    }

    fn take(&mut self, name: &'static str, value: &str) -> Result<(), Failure> {
        let search = &mut self.search;
        match name {
            "_id" => search.ids = list(name, value, |text| SessionId::parse(text).ok())?,
            "user" => {
                search.users = list(name, value, |text| UserId::parse(local(text, "User/")).ok())?;
            }
            "client" => {
                search.clients = list(name, value, |text| {
                    ClientId::parse(local(text, "Client/")).ok()
                })?;
            }
            "type" => search.kinds = list(name, value, SessionType::parse)?,
            "active" => search.active = Some(boolean(name, value)?),
            "start" => search.ranges.push(range(name, DateField::Start, value)?),
            "exp" => search.ranges.push(range(name, DateField::Exp, value)?),
            "_lastUpdated" => search
                .ranges
                .push(range(name, DateField::LastUpdated, value)?),
            "_count" => search.count = count(name, value)?,
            "_page" => self.page = page(name, value)?,
            "_sort" => search.sort = list(name, value, sort)?,
            "_total" => search.total = total(name, value)?,
            "_elements" => {
                self.elements = Some(list(name, value, |text| Some(text.to_owned()))?);
            }
            _ => {}
        }
        if self.search.ranges.len() > MOST_VALUES {
            return Err(bad(name, "is sent too often"));
        }
        Ok(())
    }
}

fn bad(name: &str, says: &'static str) -> Failure {
    Failure::Unreadable(Problem::at(name, says))
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

fn is_lenient(request: &HttpRequest) -> bool {
    let preferences = request.headers().get_all("prefer");
    preferences
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .any(|preference| preference.trim().eq_ignore_ascii_case("handling=lenient"))
}

fn local<'a>(text: &'a str, prefix: &str) -> &'a str {
    text.strip_prefix(prefix).unwrap_or(text)
}

/// Any of several values, separated by commas.
fn list<T>(
    name: &'static str,
    value: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let values: Option<Vec<T>> = value.split(',').map(read).collect();
    values
        .filter(|values| values.len() <= MOST_VALUES)
        .ok_or_else(|| bad(name, "has a value that cannot be read"))
}

fn boolean(name: &'static str, value: &str) -> Result<bool, Failure> {
    value
        .parse()
        .map_err(|_| bad(name, "must be true or false"))
}

fn count(name: &'static str, value: &str) -> Result<u32, Failure> {
    let count = value.parse().ok().filter(|count| *count <= LARGEST_PAGE);
    count.ok_or_else(|| bad(name, "must be a number from 0 to 1000"))
}

fn page(name: &'static str, value: &str) -> Result<u64, Failure> {
    let page = value.parse().ok().filter(|page| *page >= 1);
    page.ok_or_else(|| bad(name, "must be a number from 1"))
}

fn total(name: &'static str, value: &str) -> Result<Total, Failure> {
    match value {
        "accurate" | "estimate" => Ok(Total::Accurate),
        "none" => Ok(Total::None),
        _ => Err(bad(name, "must be accurate or none")),
    }
}

fn sort(text: &str) -> Option<SessionSort> {
    let name = text.strip_prefix('-').unwrap_or(text);
    let key = match known(name)? {
        "_id" => SortKey::Id,
        "start" => SortKey::Date(DateField::Start),
        "exp" => SortKey::Date(DateField::Exp),
        "_lastUpdated" => SortKey::Date(DateField::LastUpdated),
        _ => return None,
    };
    Some(SessionSort {
        key,
        descending: name.len() < text.len(),
    })
}

/// A date with its prefix (FHIR R4 search, §3.1.1.4.6), as a range of instants.
fn range(name: &'static str, field: DateField, value: &str) -> Result<TimeRange, Failure> {
    let (prefix, date) = match value.get(..2) {
        Some(prefix @ ("eq" | "gt" | "lt" | "ge" | "le")) => {
            (prefix, value.get(2..).unwrap_or_default())
        }
        _ => ("eq", value),
    };
    let (first, past) = instant::range(date)
        .ok_or_else(|| bad(name, "must be a date, with eq, gt, lt, ge or le before it"))?;
    let (from, until) = match prefix {
        "gt" => (Some(past), None),
        "ge" => (Some(first), None),
        "lt" => (None, Some(first)),
        "le" => (None, Some(past)),
        _ => (Some(first), Some(past)),
    };
    Ok(TimeRange { field, from, until })
}
