//! `grants`: which grant types exist on this server.

use std::str::FromStr;

use grantor_domain::grants::GrantType;

use super::reader::Reader;

struct Named(GrantType);

impl FromStr for Named {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        GrantType::parse(text)
            .filter(|grant| *grant != GrantType::Basic)
            .map(Self)
            .ok_or(())
    }
}

pub(super) fn read(reader: &Reader) -> Vec<GrantType> {
    const WHAT: &str = "password, refresh_token or client_credentials";
    reader
        .list::<Named>("grants.enabled", WHAT)
        .into_iter()
        .map(|named| named.0)
        .collect()
}
